#include "feed_item.h"

#include "feed_copy.h"
#include "feed_media.h"
#include "json.h"

#include <libxml/uri.h>
#include <strings.h>

enum { URI_BYTES_MAX = 4096 };

static const char terms_space[] = "http://purl.org/dc/terms/";
static const char xml_space[] = "http://www.w3.org/XML/1998/namespace";
static const char rdf_space[] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

bool wd_feed_has_name(const struct wd_xml_node *node, const char *name)
{
    return node->name && strcasecmp(node->name, name) == 0;
}

const struct wd_xml_node *wd_feed_element_from(const struct wd_xml_node *node)
{
    while (node && !node->name)
        node = node->next;
    return node;
}

const struct wd_xml_node *wd_feed_child(const struct wd_xml_node *parent, const char *space,
                                        const char *name)
{
    const struct wd_xml_node *found = NULL;
    if (!space)
        space = parent->space;
    for (const struct wd_xml_node *node = wd_feed_element_from(parent->first); node;
         node = wd_feed_element_from(node->next)) {
        if (wd_feed_has_name(node, name) && strcmp(node->space, space) == 0)
            found = node;
    }
    return found;
}

struct wd_slice wd_feed_line(const struct wd_feed_item *reading, const struct wd_xml_node *node)
{
    return node ? wd_xml_text(node, reading->story->arena) : WD_SLICE_NONE;
}

/* ---- addresses ---- */

/* `uri` made absolute: by the xml:base of the elements around it, then by the feed's own address. */
static struct wd_slice absolute(const struct wd_feed_item *reading, const struct wd_xml_node *node,
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

static struct wd_slice find_link(const struct wd_feed_item *reading,
                                 const struct wd_xml_node *parent)
{
    for (const struct wd_xml_node *node = wd_feed_element_from(parent->first); node;
         node = wd_feed_element_from(node->next)) {
        if (wd_feed_has_name(node, "link") && is_alternate(node))
            return absolute(reading, node, wd_xml_attribute(node, "href"));
    }
    const struct wd_xml_node *link = wd_feed_child(parent, NULL, "link"); /* RSS: as text */
    struct wd_slice text = wd_feed_line(reading, link);
    return link ? absolute(reading, link, text) : WD_SLICE_NONE;
}

/* An id is taken as it is, never normalised; a link stands in where there is none. */
static void read_identity(struct wd_feed_item *reading)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *item = reading->item;
    story->url = find_link(reading, item);
    const struct wd_xml_node *id = wd_feed_child(item, NULL, reading->feed->atom ? "id" : "guid");
    if (!id)
        id = wd_feed_child(item, NULL, "id");
    story->guid = wd_feed_line(reading, id);
    const struct wd_xml_attribute *about = wd_xml_attribute_in(item, rdf_space, "about");
    if (story->guid.len == 0 && about)
        story->guid = wd_text_trim(about->value);
    bool permalink = id && wd_feed_has_name(id, "guid") &&
                     !wd_slice_is(wd_xml_attribute(id, "isPermaLink"), "false");
    if (story->url.len == 0 && permalink && wd_slice_starts(story->guid, WD_SLICE("http")))
        story->url = story->guid;
    if (story->guid.len > WD_GUID_BYTES_MAX)
        story->guid = WD_SLICE_NONE;
}

/* ---- times ---- */

static void read_times(struct wd_feed_item *reading)
{
    /* The better a name says what is meant, the later it stands: it overwrites those before it. */
    static const struct {
        const char *space, *name;
        enum { PUBLISHED, UPDATED, EXPIRES } what;
    } names[] = {
        {NULL, "created", PUBLISHED},      {terms_space, "created", PUBLISHED},
        {WD_DC_SPACE, "date", PUBLISHED},  {terms_space, "issued", PUBLISHED},
        {NULL, "issued", PUBLISHED},       {NULL, "pubDate", PUBLISHED},
        {NULL, "published", PUBLISHED},    {terms_space, "modified", UPDATED},
        {NULL, "modified", UPDATED},       {NULL, "updated", UPDATED},
        {NULL, "expirationDate", EXPIRES},
    };
    struct wd_story *story = reading->story;
    struct wd_time *times[] = {&story->published, &story->updated, &story->expires};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct wd_xml_node *node =
            wd_feed_child(reading->item, names[i].space, names[i].name);
        struct wd_time time =
            wd_time_parse(wd_feed_line(reading, node), reading->feed->input.provider->zone);
        /* A time that cannot be read does not hide one that can. */
        if (wd_time_known(time) || (time.flags != 0 && !wd_time_known(*times[names[i].what])))
            *times[names[i].what] = time;
    }
}

/* ---- names ---- */

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

static struct wd_slice read_authors(struct wd_feed_item *reading, const struct wd_xml_node *parent)
{
    struct wd_decode_names names = {.first = WD_SLICE_NONE};
    for (const struct wd_xml_node *node = wd_feed_element_from(parent->first); node;
         node = wd_feed_element_from(node->next)) {
        bool creator = wd_feed_has_name(node, "creator") && strcmp(node->space, WD_DC_SPACE) == 0;
        if (!creator &&
            !(wd_feed_has_name(node, "author") && strcmp(node->space, parent->space) == 0))
            continue;
        const struct wd_xml_node *name = wd_xml_child(node, NULL, "name");
        const struct wd_xml_node *mail = wd_xml_child(node, NULL, "email");
        if (!name && mail)
            name = mail;
        wd_decode_add_author(&names, name ? wd_feed_line(reading, name)
                                          : without_address(wd_feed_plain(reading, node)));
    }
    return wd_decode_take_names(&names, reading->story->arena);
}

/* RFC 4287 4.2.1: the feed's authors count for an entry without one. All entries' arena is the message's. */
static struct wd_slice authors_of_feed(struct wd_feed_item *reading)
{
    struct wd_feed *feed = reading->feed;
    if (!feed->authors_read)
        feed->authors = read_authors(reading, feed->channel);
    feed->authors_read = true;
    return feed->authors;
}

static enum wd_status add_subject(struct wd_feed_item *reading, const struct wd_xml_node *node)
{
    struct wd_slice term = wd_xml_attribute(node, "term");
    struct wd_slice text = wd_feed_line(reading, node);
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

static enum wd_status read_subjects(struct wd_feed_item *reading)
{
    enum wd_status status = WD_OK;
    for (const struct wd_xml_node *node = wd_feed_element_from(reading->item->first);
         node && status == WD_OK; node = wd_feed_element_from(node->next)) {
        bool dublin = wd_feed_has_name(node, "subject") && strcmp(node->space, WD_DC_SPACE) == 0;
        if (dublin || wd_feed_has_name(node, "category"))
            status = add_subject(reading, node);
    }
    return status;
}

/* The nearest xml:lang, the item's or the feed's own statement. */
static void read_language(struct wd_feed_item *reading)
{
    struct wd_story *story = reading->story;
    story->language = wd_feed_line(reading, wd_feed_child(reading->item, WD_DC_SPACE, "language"));
    const struct wd_xml_node *content = wd_feed_child(reading->item, NULL, "content");
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

static enum wd_status read_source(struct wd_feed_item *reading)
{
    struct wd_story *story = reading->story;
    const struct wd_xml_node *source = wd_feed_child(reading->item, NULL, "source");
    const struct wd_xml_node *title = source ? wd_xml_child(source, NULL, "title") : NULL;
    struct wd_slice name = wd_feed_line(reading, title ? title : source);
    if (story->credit.len == 0)
        story->credit = name.len > 0 ? name : reading->feed->title;
    const struct wd_xml_node *rights = wd_feed_child(reading->item, NULL, "rights");
    if (!rights)
        rights = wd_feed_child(reading->item, WD_DC_SPACE, "rights");
    struct wd_slice text = wd_feed_plain(reading, rights);
    struct wd_buffer json;
    wd_buffer_init(&json);
    wd_json_write_string(&json, text);
    struct wd_slice copy = wd_arena_copy(story->arena, wd_buffer_slice(&json));
    wd_buffer_finish(&json);
    return text.len > 0 && copy.data ? wd_story_add_member(story, WD_SLICE("copyrightNotice"), copy)
                                     : WD_OK;
}

/* Elements of the item that nothing else reads: kept when the configuration asks for it. */
static void keep_rest(struct wd_feed_item *reading)
{
    static const char *const read[] = {
        "title",     "link",           "guid",      "id",       "description", "summary",
        "content",   "encoded",        "author",    "creator",  "category",    "subject",
        "pubDate",   "date",           "published", "updated",  "issued",      "modified",
        "created",   "source",         "rights",    "language", "enclosure",   "group",
        "thumbnail", "expirationDate", "body",      "div",      "fullitem"};
    for (const struct wd_xml_node *node = wd_feed_element_from(reading->item->first); node;
         node = wd_feed_element_from(node->next)) {
        bool known = false;
        for (size_t i = 0; i < sizeof(read) / sizeof(read[0]) && !known; i++)
            known = wd_feed_has_name(node, read[i]);
        if (!known)
            wd_decode_extra(&reading->feed->input, reading->story, wd_slice_from(node->name),
                            wd_feed_line(reading, node));
    }
}

/* RFC 5023 13.1.1: <app:control><app:draft>yes</app:draft></app:control>: not to be seen yet. */
static bool is_draft(const struct wd_xml_node *item)
{
    static const char space[] = "http://www.w3.org/2007/app";
    const struct wd_xml_node *control = wd_feed_child(item, space, "control");
    const struct wd_xml_node *draft = control ? wd_feed_child(control, space, "draft") : NULL;
    return draft && draft->first && !draft->first->name && draft->first->text_len == 3 &&
           memcmp(draft->first->text, "yes", 3) == 0;
}

enum wd_status wd_feed_read_item(struct wd_feed_item *reading)
{
    struct wd_story *story = reading->story;
    read_identity(reading);
    read_times(reading);
    if (is_draft(reading->item))
        story->status = WD_STORY_WITHHELD;
    read_language(reading);
    story->headline = wd_feed_plain(reading, wd_feed_child(reading->item, NULL, "title"));
    story->byline = read_authors(reading, reading->item);
    if (story->byline.len == 0 && reading->feed->atom)
        story->byline = authors_of_feed(reading);
    enum wd_status status = wd_feed_read_body(reading);
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

enum wd_status wd_feed_read_deletion(struct wd_feed_item *reading)
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
    story->editors_note = wd_feed_plain(reading, wd_feed_child(item, NULL, "comment"));
    story->url = find_link(reading, item);
    story->byline = wd_feed_line(reading, wd_feed_child(item, NULL, "by"));
    story->status = WD_STORY_CANCELED;
    story->signals |= WD_SIGNAL_KILL;
    read_language(reading);
    return WD_OK;
}
