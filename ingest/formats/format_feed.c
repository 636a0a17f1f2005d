/* RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, with Dublin Core, content:encoded and Media RSS: every item is a
 * story.
 *
 * Source: RSS 2.0 (cyber.law.harvard.edu), RDF Site Summary 1.0, RFC 4287 (Atom 1.0), Atom 0.3 draft, DCMI
 *         terms, Media RSS 1.5.1. */
#include "charset.h"
#include "dateline.h"
#include "decoder.h"
#include "feed_media.h"
#include "json.h"
#include "xml_document.h"

#include <libxml/uri.h>
#include <strings.h>

enum { URI_BYTES_MAX = 4096 };

static const char dc_space[] = "http://purl.org/dc/elements/1.1/";
static const char terms_space[] = "http://purl.org/dc/terms/";
static const char content_space[] = "http://purl.org/rss/1.0/modules/content/";
static const char xml_space[] = "http://www.w3.org/XML/1998/namespace";
static const char rdf_space[] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
static const char xhtml_space[] = "http://www.w3.org/1999/xhtml";

/* What all items have in common. */
struct feed {
    struct wd_decode_input input;
    struct wd_xml_document *document;
    const struct wd_xml_node *channel; /* element that describes the feed */
    const char *format;                /* "rss/2.0" ... */
    bool atom;
    struct wd_slice title, language, base;
    struct wd_slice authors; /* of the feed; read when the first item has none */
    bool authors_read;
};

struct reading {
    struct feed *feed;
    const struct wd_xml_node *item;
    struct wd_story *story;
    struct wd_error *error;
};

static bool has_name(const struct wd_xml_node *node, const char *name)
{
    return node->name && strcasecmp(node->name, name) == 0;
}

/* The next child element from `node` on (itself included). */
static const struct wd_xml_node *element_from(const struct wd_xml_node *node)
{
    while (node && !node->name)
        node = node->next;
    return node;
}

/* The last child of this name: where a feed says something twice readers take the last word. `space` NULL:
 * the parent's own, that is what the format itself defines. */
static const struct wd_xml_node *child_of(const struct wd_xml_node *parent, const char *space,
                                          const char *name)
{
    const struct wd_xml_node *found = NULL;
    if (!space)
        space = parent->space;
    for (const struct wd_xml_node *node = element_from(parent->first); node;
         node = element_from(node->next)) {
        if (has_name(node, name) && strcmp(node->space, space) == 0)
            found = node;
    }
    return found;
}

static struct wd_slice line_of(const struct reading *reading, const struct wd_xml_node *node)
{
    return node ? wd_xml_text(node, reading->story->arena) : WD_SLICE_NONE;
}

/* ---- addresses ---- */

/* `uri` made absolute: by the xml:base of the elements around it, then by the feed's own address. */
static struct wd_slice absolute(const struct reading *reading, const struct wd_xml_node *node,
                                struct wd_slice uri)
{
    struct wd_arena *arena = reading->story->arena;
    uri = wd_text_trim(uri);
    if (uri.len == 0 || uri.len > URI_BYTES_MAX)
        return uri;
    for (bool outermost = false; !outermost; node = node->parent) {
        outermost = !node;
        const struct wd_xml_attribute *attribute =
            node ? wd_xml_attribute_in(node, xml_space, "base") : NULL;
        struct wd_slice base = attribute ? attribute->value : WD_SLICE_NONE;
        if (outermost)
            base = reading->feed->base;
        if (base.len > 0 && base.len <= URI_BYTES_MAX) {
            struct wd_slice relative = wd_arena_copy(arena, uri);
            struct wd_slice against = wd_arena_copy(arena, wd_text_trim(base));
            xmlChar *built = relative.data && against.data
                                 ? xmlBuildURI(BAD_CAST relative.data, BAD_CAST against.data)
                                 : NULL;
            if (built)
                uri = wd_arena_copy(arena, wd_slice_from((const char *)built));
            xmlFree(built);
        }
        if (outermost)
            break;
    }
    return uri;
}

/* Whether this is the link to the story itself. */
static bool is_alternate(const struct wd_xml_node *link)
{
    struct wd_slice relation = wd_xml_attribute(link, "rel");
    return wd_xml_attribute(link, "href").len > 0 &&
           (relation.len == 0 || wd_slice_is(relation, "alternate"));
}

static struct wd_slice find_link(const struct reading *reading, const struct wd_xml_node *parent)
{
    for (const struct wd_xml_node *node = element_from(parent->first); node;
         node = element_from(node->next)) {
        if (has_name(node, "link") && is_alternate(node))
            return absolute(reading, node, wd_xml_attribute(node, "href"));
    }
    const struct wd_xml_node *link = child_of(parent, NULL, "link"); /* RSS: as text */
    struct wd_slice text = line_of(reading, link);
    return link ? absolute(reading, link, text) : WD_SLICE_NONE;
}

/* An id is taken as it is, never normalised; a link stands in where there is none. */
static void read_identity(struct reading *reading)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *item = reading->item;
    story->url = find_link(reading, item);
    const struct wd_xml_node *id = child_of(item, NULL, reading->feed->atom ? "id" : "guid");
    if (!id)
        id = child_of(item, NULL, "id");
    story->guid = line_of(reading, id);
    const struct wd_xml_attribute *about = wd_xml_attribute_in(item, rdf_space, "about");
    if (story->guid.len == 0 && about)
        story->guid = wd_text_trim(about->value);
    bool permalink =
        id && has_name(id, "guid") && !wd_slice_is(wd_xml_attribute(id, "isPermaLink"), "false");
    if (story->url.len == 0 && permalink && wd_slice_starts(story->guid, WD_SLICE("http")))
        story->url = story->guid;
    if (story->guid.len > WD_GUID_BYTES_MAX)
        story->guid = WD_SLICE_NONE;
}

/* ---- times ---- */

static void read_times(struct reading *reading)
{
    /* The better a name says what is meant, the later it stands: it overwrites those before it. */
    static const struct {
        const char *space, *name;
        enum { PUBLISHED, UPDATED, EXPIRES } what;
    } names[] = {
        {NULL, "created", PUBLISHED},      {terms_space, "created", PUBLISHED},
        {dc_space, "date", PUBLISHED},     {terms_space, "issued", PUBLISHED},
        {NULL, "issued", PUBLISHED},       {NULL, "pubDate", PUBLISHED},
        {NULL, "published", PUBLISHED},    {terms_space, "modified", UPDATED},
        {NULL, "modified", UPDATED},       {NULL, "updated", UPDATED},
        {NULL, "expirationDate", EXPIRES},
    };
    struct wd_story *story = reading->story;
    struct wd_time *times[] = {&story->published, &story->updated, &story->expires};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct wd_xml_node *node = child_of(reading->item, names[i].space, names[i].name);
        struct wd_time time =
            wd_time_parse(line_of(reading, node), reading->feed->input.provider->zone);
        /* A time that cannot be read does not hide one that can. */
        if (wd_time_known(time) || (time.flags != 0 && !wd_time_known(*times[names[i].what])))
            *times[names[i].what] = time;
    }
}

/* ---- copy ---- */

enum kind { KIND_TEXT, KIND_HTML, KIND_XHTML };

/* What the text of an element is. RSS never says: there it is seen. */
static enum kind kind_of(const struct wd_xml_node *node, struct wd_slice text)
{
    struct wd_slice type = wd_xml_attribute(node, "type");
    const struct wd_xml_node *child = element_from(node->first);
    if (child)
        return KIND_XHTML;
    if (wd_slice_is(type, "html") || wd_slice_is(type, "text/html") ||
        wd_slice_is(type, "application/xhtml+xml"))
        return KIND_HTML;
    if (type.len > 0) /* "text", "text/plain" */
        return KIND_TEXT;
    return wd_decode_has_markup(text) ? KIND_HTML : KIND_TEXT;
}

/* Text in one line, without markup. */
static struct wd_slice plain_of(const struct reading *reading, const struct wd_xml_node *node)
{
    struct wd_slice text = line_of(reading, node);
    if (!node || kind_of(node, text) != KIND_HTML)
        return text;
    return wd_decode_html_line(reading->story->arena, text);
}

static enum wd_status add_markup(struct reading *reading, const struct wd_xml_node *node)
{
    struct wd_buffer markup;
    wd_buffer_init(&markup);
    wd_xml_write_markup(&markup, node);
    enum wd_status status =
        wd_buffer_ok(&markup)
            ? wd_decode_add_html(reading->story, wd_buffer_slice(&markup), reading->error)
            : WD_NO_MEMORY;
    wd_buffer_finish(&markup);
    return status;
}

static enum wd_status add_body(struct reading *reading, const struct wd_xml_node *node)
{
    struct wd_slice text = wd_xml_text_raw(node, reading->story->arena);
    switch (kind_of(node, text)) {
    case KIND_XHTML:
        return add_markup(reading, node);
    case KIND_HTML:
        return wd_decode_add_html(reading->story, text, reading->error);
    default:
        return wd_decode_add_lines(reading->story, text);
    }
}

/* The first that has something in it is the body; the next one the summary. */
static enum wd_status read_body(struct reading *reading)
{
    const struct {
        const char *space, *name;
    } places[] = {{content_space, "encoded"}, {xhtml_space, "body"}, {xhtml_space, "div"},
                  {NULL, "fullitem"},         {NULL, "content"},     {NULL, "description"},
                  {NULL, "summary"},          {NULL, "encoded"}};
    struct wd_story *story = reading->story;
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && status == WD_OK; i++) {
        const struct wd_xml_node *node = child_of(reading->item, places[i].space, places[i].name);
        if (!node)
            continue;
        if (story->paragraph_count == 0)
            status = add_body(reading, node);
        else if (story->summary.len == 0)
            story->summary = plain_of(reading, node);
    }
    if (status == WD_OK && story->paragraph_count > 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status == WD_OK || reading->error->status != WD_OK
               ? status
               : wd_error_set(reading->error, status, "an item has more than %d paragraphs",
                              WD_PARAGRAPHS_MAX);
}

/* "jane@example.com (Jane Doe)", "Jane Doe (jane@example.com)" -> "Jane Doe" */
static struct wd_slice without_address(struct wd_slice author)
{
    const char *open = author.len > 0 ? memchr(author.data, '(', author.len) : NULL;
    const char *at = author.len > 0 ? memchr(author.data, '@', author.len) : NULL;
    if (!open || !at || author.data[author.len - 1] != ')')
        return author;
    if (at > open)
        return wd_text_trim(wd_slice_make(author.data, (size_t)(open - author.data)));
    return wd_text_trim(wd_slice_make(open + 1, (size_t)(author.data + author.len - open) - 2));
}

static struct wd_slice read_authors(struct reading *reading, const struct wd_xml_node *parent)
{
    struct wd_decode_names names = {.first = WD_SLICE_NONE};
    for (const struct wd_xml_node *node = element_from(parent->first); node;
         node = element_from(node->next)) {
        bool creator = has_name(node, "creator") && strcmp(node->space, dc_space) == 0;
        if (!creator && !(has_name(node, "author") && strcmp(node->space, parent->space) == 0))
            continue;
        const struct wd_xml_node *name = wd_xml_child(node, NULL, "name");
        const struct wd_xml_node *mail = wd_xml_child(node, NULL, "email");
        if (!name && mail)
            name = mail;
        wd_decode_add_author(&names, name ? line_of(reading, name)
                                          : without_address(plain_of(reading, node)));
    }
    return wd_decode_take_names(&names, reading->story->arena);
}

/* RFC 4287 4.2.1: the feed's authors count for an entry without one. All entries' arena is the message's. */
static struct wd_slice authors_of_feed(struct reading *reading)
{
    struct feed *feed = reading->feed;
    if (!feed->authors_read)
        feed->authors = read_authors(reading, feed->channel);
    feed->authors_read = true;
    return feed->authors;
}

static enum wd_status add_subject(struct reading *reading, const struct wd_xml_node *node)
{
    struct wd_slice term = wd_xml_attribute(node, "term");
    struct wd_slice text = line_of(reading, node);
    if (term.len == 0 && text.len == 0)
        return WD_OK;
    struct wd_concept *concept = wd_story_add_concept(reading->story, &reading->story->subjects);
    if (!concept)
        return wd_xml_fault(reading->feed->document, node, reading->error, WD_TOO_LARGE,
                            "an item has more than %d subjects", WD_CONCEPTS_MAX);
    concept->scheme = wd_xml_attribute(node, reading->feed->atom ? "scheme" : "domain");
    if (concept->scheme.len == 0)
    concept->scheme = wd_xml_attribute(node, "scheme");
    concept->code = term.len > 0 ? term : text;
    concept->literal = concept->code;
    concept->name = wd_xml_attribute(node, "label");
    if (concept->name.len == 0)
    concept->name = concept->code;
    return WD_OK;
}

static enum wd_status read_subjects(struct reading *reading)
{
    enum wd_status status = WD_OK;
    for (const struct wd_xml_node *node = element_from(reading->item->first);
         node && status == WD_OK; node = element_from(node->next)) {
        bool dublin = has_name(node, "subject") && strcmp(node->space, dc_space) == 0;
        if (dublin || has_name(node, "category"))
            status = add_subject(reading, node);
    }
    return status;
}

/* The nearest xml:lang, the item's or the feed's own statement. */
static void read_language(struct reading *reading)
{
    struct wd_story *story = reading->story;
    story->language = line_of(reading, child_of(reading->item, dc_space, "language"));
    const struct wd_xml_node *content = child_of(reading->item, NULL, "content");
    if (story->language.len == 0)
        story->language = wd_xml_inherited(content ? content : reading->item, "lang");
    if (story->language.len == 0)
        story->language = reading->feed->language;
    size_t len = story->language.len;
    const char *underscore = len > 0 ? memchr(story->language.data, '_', len) : NULL;
    if (underscore) { /* "en_US", as programs write it; BCP 47 has a hyphen */
        size_t before = (size_t)(underscore - story->language.data);
        story->language =
            wd_arena_printf(story->arena, "%.*s-%.*s", (int)before, story->language.data,
                            (int)(len - before - 1), underscore + 1);
    }
}

static enum wd_status read_source(struct reading *reading)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *source = child_of(reading->item, NULL, "source");
    const struct wd_xml_node *title = source ? wd_xml_child(source, NULL, "title") : NULL;
    struct wd_slice name = line_of(reading, title ? title : source);
    if (story->credit.len == 0)
        story->credit = name.len > 0 ? name : reading->feed->title;
    const struct wd_xml_node *rights = child_of(reading->item, NULL, "rights");
    if (!rights)
        rights = child_of(reading->item, dc_space, "rights");
    struct wd_slice text = plain_of(reading, rights);
    struct wd_buffer json;
    wd_buffer_init(&json);
    wd_json_write_string(&json, text);
    struct wd_slice copy = wd_arena_copy(story->arena, wd_buffer_slice(&json));
    wd_buffer_finish(&json);
    return text.len > 0 && copy.data ? wd_story_add_member(story, WD_SLICE("copyrightNotice"), copy)
                                     : WD_OK;
}

/* Elements of the item that nothing else reads: kept when the configuration asks for it. */
static void keep_rest(struct reading *reading)
{
    static const char *const read[] = {
        "title",     "link",           "guid",      "id",       "description", "summary",
        "content",   "encoded",        "author",    "creator",  "category",    "subject",
        "pubDate",   "date",           "published", "updated",  "issued",      "modified",
        "created",   "source",         "rights",    "language", "enclosure",   "group",
        "thumbnail", "expirationDate", "body",      "div",      "fullitem"};
    for (const struct wd_xml_node *node = element_from(reading->item->first); node;
         node = element_from(node->next)) {
        bool known = false;
        for (size_t i = 0; i < sizeof(read) / sizeof(read[0]) && !known; i++)
            known = has_name(node, read[i]);
        if (!known)
            wd_decode_extra(&reading->feed->input, reading->story, wd_slice_from(node->name),
                            line_of(reading, node));
    }
}

/* RFC 5023 13.1.1: <app:control><app:draft>yes</app:draft></app:control>: not to be seen yet. */
static bool is_draft(const struct wd_xml_node *item)
{
    static const char space[] = "http://www.w3.org/2007/app";
    const struct wd_xml_node *control = child_of(item, space, "control");
    const struct wd_xml_node *draft = control ? child_of(control, space, "draft") : NULL;
    return draft && draft->first && !draft->first->name && draft->first->text_len == 3 &&
           memcmp(draft->first->text, "yes", 3) == 0;
}

static enum wd_status read_item(struct reading *reading)
{
    struct wd_story *story = reading->story;
    read_identity(reading);
    read_times(reading);
    if (is_draft(reading->item))
        story->status = WD_STORY_WITHHELD;
    read_language(reading);
    story->headline = plain_of(reading, child_of(reading->item, NULL, "title"));
    story->byline = read_authors(reading, reading->item);
    if (story->byline.len == 0 && reading->feed->atom)
        story->byline = authors_of_feed(reading);
    enum wd_status status = read_body(reading);
    if (status == WD_OK)
        status = read_subjects(reading);
    if (status == WD_OK)
        status = read_source(reading);
    if (status == WD_OK)
        status = wd_feed_read_media(reading->item, story, reading->error);
    if (reading->feed->input.extra)
        keep_rest(reading);
    return status;
}

/* ---- the feed ---- */

static bool is_item(const struct wd_xml_node *node)
{
    return has_name(node, "item") || has_name(node, "entry") || has_name(node, "deleted-entry");
}

/* "2.0" of <rss version="2.0">, "0.9x" and so on. */
static const char *rss_format(const struct wd_xml_node *root)
{
    struct wd_slice version = wd_xml_attribute(root, "version");
    if (has_name(root, "RDF"))
        return "rss/1.0";
    if (wd_slice_starts(version, WD_SLICE("0.9")))
        return "rss/0.9x";
    return "rss/2.0";
}

static enum wd_status read_feed(struct feed *feed, const struct wd_xml_node *root,
                                struct wd_arena *arena, struct wd_error *error)
{
    feed->atom = has_name(root, "feed") || has_name(root, "entry");
    if (!feed->atom && !has_name(root, "rss") && !has_name(root, "RDF") &&
        !has_name(root, "channel"))
        return wd_xml_fault(feed->document, root, error, WD_UNKNOWN_FORMAT,
                            "XML, but neither RSS nor Atom: its root is <%s>", root->name);
    const struct wd_xml_node *channel = feed->atom ? root : wd_xml_child(root, NULL, "channel");
    feed->channel = channel ? channel : root;
    feed->format = rss_format(root);
    if (feed->atom)
        feed->format =
            strcmp(root->space, "http://www.w3.org/2005/Atom") == 0 ? "atom/1.0" : "atom/0.3";
    feed->title = wd_xml_text(child_of(feed->channel, NULL, "title"), arena);
    feed->language = wd_xml_text(child_of(feed->channel, NULL, "language"), arena);
    if (feed->language.len == 0)
        feed->language = wd_xml_text(child_of(feed->channel, dc_space, "language"), arena);
    const struct wd_xml_node *link = child_of(feed->channel, NULL, "link");
    feed->base = wd_xml_text(link, arena);
    feed->input.provider = wd_decode_provider(&feed->input, feed->title);
    return WD_OK;
}

/* RFC 6721: <at:deleted-entry ref="ID" when="TIME"><at:comment>: the entry of this id is not to be used any more. */
static enum wd_status read_deletion(struct reading *reading)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *item = reading->item;
    story->guid = wd_text_trim(wd_xml_attribute(item, "ref"));
    if (story->guid.len == 0 || story->guid.len > WD_GUID_BYTES_MAX)
        return wd_xml_fault(
            reading->feed->document, item, reading->error, WD_MISSING,
            "a deleted entry needs the id of the entry in \"ref\", of up to %d bytes",
            WD_GUID_BYTES_MAX);
    story->updated =
        wd_time_parse(wd_xml_attribute(item, "when"), reading->feed->input.provider->zone);
    story->editors_note = plain_of(reading, child_of(item, NULL, "comment"));
    story->url = find_link(reading, item);
    story->byline = line_of(reading, child_of(item, NULL, "by"));
    story->status = WD_STORY_CANCELED;
    story->signals |= WD_SIGNAL_KILL;
    read_language(reading);
    return WD_OK;
}

static enum wd_status take_item(struct feed *feed, const struct wd_xml_node *item,
                                struct wd_story_batch *batch, struct wd_error *error)
{
    bool deletion = has_name(item, "deleted-entry");
    if (!deletion && !element_from(item->first))
        return WD_OK; /* <item/>: nothing is in it */
    struct wd_story *story = wd_decode_begin_story(&feed->input, batch, feed->format, error);
    if (!story)
        return error->status;
    struct reading reading = {feed, item, story, error};
    story->flags |= feed->document->flags;
    if (feed->document->recovered)
        story->flags |= WD_FLAG_NOT_WELL_FORMED;
    enum wd_status status = deletion ? read_deletion(&reading) : read_item(&reading);
    if (status != WD_OK)
        return error->status != WD_OK
                   ? status
                   : wd_xml_fault(feed->document, item, error, status,
                                  "the item cannot be kept: %s", wd_status_sentence(status));
    wd_decode_end_story(&feed->input, story);
    return WD_OK;
}

/* Items stand in the channel, beside it (RSS 1.0), or are the document (a single Atom entry). */
static enum wd_status take_items(struct feed *feed, struct wd_story_batch *batch,
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
    struct feed feed = {.input = *input};
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
