/* RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, with Dublin Core, content:encoded and Media RSS: every item is a
 * story.
 *
 * Source: RSS 2.0 (cyber.law.harvard.edu), RDF Site Summary 1.0, RFC 4287 (Atom 1.0), Atom 0.3 draft, DCMI
 *         terms, Media RSS 1.5.1. */
#include "charset.h"
#include "decoder.h"
#include "feed_item.h"
#include "wd_assert.h"

static bool is_item(const struct wd_xml_node *node)
{
    return wd_feed_has_name(node, "item") || wd_feed_has_name(node, "entry") ||
           wd_feed_has_name(node, "deleted-entry");
}

/* "2.0" of <rss version="2.0">, "0.9x" and so on. */
static const char *rss_format(const struct wd_xml_node *root)
{
    struct wd_slice version = wd_xml_attribute(root, "version");
    if (wd_feed_has_name(root, "RDF"))
        return "rss/1.0";
    if (wd_slice_starts(version, WD_SLICE("0.9")))
        return "rss/0.9x";
    return "rss/2.0";
}

static enum wd_status read_feed(struct wd_feed *feed, const struct wd_xml_node *root,
                                struct wd_arena *arena, struct wd_error *error)
{
    WD_ASSERT(root);
    feed->atom = wd_feed_has_name(root, "feed") || wd_feed_has_name(root, "entry");
    if (!feed->atom && !wd_feed_has_name(root, "rss") && !wd_feed_has_name(root, "RDF") &&
        !wd_feed_has_name(root, "channel"))
        return wd_xml_fault(feed->document, root, error, WD_UNKNOWN_FORMAT,
                            "XML, but neither RSS nor Atom: its root is <%s>", root->name);
    const struct wd_xml_node *channel = feed->atom ? root : wd_xml_child(root, NULL, "channel");
    feed->channel = channel ? channel : root;
    feed->format = rss_format(root);
    if (feed->atom)
        feed->format =
            strcmp(root->space, "http://www.w3.org/2005/Atom") == 0 ? "atom/1.0" : "atom/0.3";
    feed->title = wd_xml_text(wd_feed_child(feed->channel, NULL, "title"), arena);
    feed->language = wd_xml_text(wd_feed_child(feed->channel, NULL, "language"), arena);
    if (feed->language.len == 0)
        feed->language = wd_xml_text(wd_feed_child(feed->channel, WD_DC_SPACE, "language"), arena);
    const struct wd_xml_node *link = wd_feed_child(feed->channel, NULL, "link");
    feed->base = wd_xml_text(link, arena);
    feed->input.provider = wd_decode_provider(&feed->input, feed->title);
    return WD_OK;
}

static enum wd_status take_item(struct wd_feed *feed, const struct wd_xml_node *item,
                                struct wd_story_batch *batch, struct wd_error *error)
{
    bool deletion = wd_feed_has_name(item, "deleted-entry");
    if (!deletion && !wd_feed_element_from(item->first))
        return WD_OK; /* <item/>: nothing is in it */
    struct wd_story *story = wd_decode_begin_story(&feed->input, batch, feed->format, error);
    if (!story)
        return error->status;
    struct wd_feed_item reading = {feed, item, story, error};
    story->flags |= feed->document->flags;
    if (feed->document->recovered)
        story->flags |= WD_FLAG_NOT_WELL_FORMED;
    enum wd_status status =
        deletion ? wd_feed_read_deletion(&reading) : wd_feed_read_item(&reading);
    if (status != WD_OK)
        return error->status != WD_OK
                   ? status
                   : wd_xml_fault(feed->document, item, error, status,
                                  "the item cannot be kept: %s", wd_status_sentence(status));
    wd_decode_end_story(&feed->input, story);
    return WD_OK;
}

/* Items stand in the channel, beside it (RSS 1.0), or are the document (a single Atom entry). */
static enum wd_status take_items(struct wd_feed *feed, struct wd_story_batch *batch,
                                 struct wd_error *error)
{
    const struct wd_xml_node *root = feed->document->root;
    if (is_item(root))
        return take_item(feed, root, batch, error);
    enum wd_status status = WD_OK;
    for (const struct wd_xml_node *node = wd_xml_step(root, root, true); node && status == WD_OK;) {
        bool item = node->name && is_item(node);
        if (item)
            status = take_item(feed, node, batch, error);
        node = wd_xml_step(node, root, !item);
    }
    return status;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_arena *arena = wd_story_batch_arena(batch);
    struct wd_xml_options options = {.label = wd_charset_of_content_type(input->content_type),
                                     .recover = true,
                                     .format = "RSS or Atom"};
    struct wd_feed feed = {.input = *input};
    if (!arena)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for the feed");
    enum wd_status status = wd_xml_read(input->raw, &options, arena, &feed.document, error);
    if (status == WD_OK)
        status = read_feed(&feed, feed.document->root, arena, error);
    if (status == WD_OK)
        status = take_items(&feed, batch, error);
    if (status == WD_OK && batch->count == 0)
        return wd_xml_fault(feed.document, feed.channel, error, WD_EMPTY,
                            "the feed has no items, or only empty ones");
    return status;
}

/* Behind the next `mark` from `i` on; the end when there is none. */
static size_t skip_past(struct wd_slice text, size_t i, const char *mark)
{
    struct wd_slice rest = wd_slice_from_offset(text, i);
    const char *at = rest.len > 0 ? memmem(rest.data, rest.len, mark, strlen(mark)) : NULL;
    return at ? (size_t)(at - text.data) + strlen(mark) : text.len;
}

/* The name of the document's first element, without its prefix. */
static struct wd_slice root_name(struct wd_slice head)
{
    size_t i = skip_past(head, 0, "<");
    while (i < head.len && (head.data[i] == '?' || head.data[i] == '!')) {
        struct wd_slice rest = wd_slice_from_offset(head, i);
        size_t bracket = skip_past(head, i, "[");
        size_t end = skip_past(head, i, ">");
        if (wd_slice_starts(rest, WD_SLICE("!--")))
            end = skip_past(head, i, "-->");
        else if (head.data[i] == '?')
            end = skip_past(head, i, "?>");
        else if (bracket < end) /* a document type with declarations inside */
            end = skip_past(head, skip_past(head, bracket, "]"), ">");
        i = skip_past(head, end, "<");
    }
    size_t end = i;
    while (end < head.len && !strchr(" \t\r\n/>", head.data[end])) {
        if (head.data[end++] == ':')
            i = end;
    }
    return wd_slice_make(head.data + i, end - i);
}

/* Sixteen-bit character sets are read by leaving their zeros out: names are ASCII. */
static size_t without_zeros(struct wd_slice head, char out[WD_SNIFF_BYTES])
{
    size_t len = 0;
    for (size_t i = 0; i < head.len && i < WD_SNIFF_BYTES; i++) {
        out[len] = head.data[i];
        len += head.data[i] != 0;
    }
    return len;
}

static int sniff(struct wd_slice head, size_t total_len)
{
    char squeezed[WD_SNIFF_BYTES];
    (void)total_len;
    if (head.len > 1 && (head.data[0] == 0 || head.data[1] == 0 || head.data[0] == '\xFE' ||
                         head.data[0] == '\xFF'))
        head = wd_slice_make(squeezed, without_zeros(head, squeezed));
    struct wd_slice root = root_name(head);
    if (wd_text_equal_ascii_case(root, WD_SLICE("rss")) || wd_slice_is(root, "feed"))
        return 95;
    if (wd_slice_is(root, "RDF") || wd_slice_is(root, "channel") || wd_slice_is(root, "entry"))
        return 60;
    return 0;
}

const struct wd_decoder wd_decoder_feed = {
    .name = "feed",
    .label = "RSS or Atom",
    .summary = "RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0: a story for each item",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED |
               WD_CARRIES_EXPIRES | WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_NOTE |
               WD_CARRIES_SUBJECTS | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE |
               WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY | WD_CARRIES_BODY |
               WD_CARRIES_MEDIA | WD_CARRIES_URL | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
