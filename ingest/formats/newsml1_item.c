/* The components of a NewsItem, sorted into stories and their media: see newsml1_item.h. */
#include "newsml1_item.h"

#include "body_text.h"
#include "dateline.h"
#include "nitf_story.h"

/* All content items of a NewsItem. */
struct contents {
    struct wd_newsml1_content *list;
    size_t count;
};

static struct wd_slice formal_name(const struct wd_xml_node *element)
{
    return wd_text_trim(wd_xml_attribute(element, "FormalName"));
}

/* The ninjs type of what is not text; NULL for text. */
static const char *media_type_of(const struct wd_xml_node *item)
{
    static const struct {
        const char *name, *type;
    } types[] = {{"Photo", "picture"},   {"Picture", "picture"}, {"Image", "picture"},
                 {"Graphic", "graphic"}, {"Video", "video"},     {"Audio", "audio"},
                 {"Animation", "video"}};
    static const struct {
        struct wd_slice begin;
        const char *type;
    } mimes[] = {{WD_SLICE("image/"), "picture"},
                 {WD_SLICE("video/"), "video"},
                 {WD_SLICE("audio/"), "audio"}};
    struct wd_slice name = formal_name(wd_xml_child(item, NULL, "MediaType"));
    struct wd_slice mime = formal_name(wd_xml_child(item, NULL, "MimeType"));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (wd_text_equal_ascii_case(name, wd_slice_from(types[i].name)))
            return types[i].type;
    }
    for (size_t i = 0; i < 3; i++) {
        if (wd_text_starts_ascii_case(mime, mimes[i].begin))
            return mimes[i].type;
    }
    return NULL;
}

static bool has_role(const struct wd_newsml1_content *content, const char *role)
{
    return wd_text_equal_ascii_case(content->role, wd_slice_from(role));
}

/* How likely a content item is the copy itself: 0 not at all (a style sheet, a caption, a summary). */
static int rank_of(const struct wd_newsml1_content *content)
{
    static const char *const best[] = {"Main", "Body", "Text", "Article", "Story"};
    static const char *const others[] = {"Caption",   "StyleSheet", "HeadLine",  "SubHeadLine",
                                         "Abstract",  "Summary",    "Thumbnail", "Logo",
                                         "Quicklook", "Teaser",     "Script",    "Contact"};
    struct wd_slice mime = formal_name(wd_xml_child(content->item, NULL, "MimeType"));
    if (content->media_type || wd_slice_is(mime, "text/css") ||
        !wd_xml_child(content->item, NULL, "DataContent"))
        return 0;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (has_role(content, others[i]))
            return 0;
    }
    for (size_t i = 0; i < sizeof(best) / sizeof(best[0]); i++) {
        if (has_role(content, best[i]))
            return 3;
    }
    return content->role.len == 0 ? 2 : 1;
}

static struct wd_newsml1_content describe(const struct wd_xml_node *item)
{
    struct wd_newsml1_content content = {.item = item, .media_type = media_type_of(item)};
    for (const struct wd_xml_node *node = item->parent; node; node = node->parent) {
        if (!wd_xml_is(node, NULL, "NewsComponent"))
            continue;
        if (!content.component)
            content.component = node;
        wd_xml_story_set(&content.role, formal_name(wd_xml_child(node, NULL, "Role")));
        if (!content.story && wd_xml_find(node, "NewsLines/HeadLine"))
            content.story = node;
    }
    content.rank = rank_of(&content);
    return content;
}

/* Whether this is the copy of its story: the highest rank, then the first. */
static bool is_best(const struct contents *contents, size_t place)
{
    const struct wd_newsml1_content *content = &contents->list[place];
    for (size_t i = 0; i < contents->count && content->rank > 0; i++) {
        const struct wd_newsml1_content *other = &contents->list[i];
        if (other->story != content->story || i == place)
            continue;
        if (other->rank > content->rank || (other->rank == content->rank && i < place))
            return false;
    }
    return content->rank > 0;
}

static enum wd_status collect(struct wd_xml_story *reading, const struct wd_xml_node *news_item,
                              struct wd_arena *arena, struct contents *contents)
{
    const struct wd_xml_node *node = news_item;
    size_t count = 0;
    size_t nodes = 0;
    size_t stories = 0;
    for (; node;
         nodes++, node = wd_xml_step(node, news_item, !wd_xml_is(node, NULL, "ContentItem")))
        count += wd_xml_is(node, NULL, "ContentItem");
    if (count > WD_NEWSML1_CONTENTS_MAX)
        return wd_xml_fault(reading->document, news_item, reading->error, WD_TOO_LARGE,
                            "NewsML 1.2: more than %d content items in one NewsItem",
                            WD_NEWSML1_CONTENTS_MAX);
    contents->list = wd_arena_calloc(arena, count + 1, sizeof(*contents->list));
    if (!contents->list)
        return wd_error_set(reading->error, WD_NO_MEMORY, "no memory for content items");
    for (node = news_item; node;
         node = wd_xml_step(node, news_item, !wd_xml_is(node, NULL, "ContentItem"))) {
        if (wd_xml_is(node, NULL, "ContentItem"))
            contents->list[contents->count++] = describe(node);
    }
    for (size_t i = 0; i < count; i++)
        contents->list[i].part = is_best(contents, i) ? ++stories : 0;
    if (stories > 1 && stories * nodes > WD_NEWSML1_WORK_MAX)
        return wd_xml_fault(reading->document, news_item, reading->error, WD_TOO_LARGE,
                            "NewsML 1.2: %zu stories in one NewsItem of %zu elements", stories,
                            nodes);
    return WD_OK;
}

static enum wd_status take_payload(struct wd_xml_story *reading, const struct wd_xml_node *data)
{
    static const char *const xhtml[] = {"html", "body",  "div", "p",
                                        "pre",  "table", "ul",  "article"};
    const struct wd_xml_node *payload = wd_xml_child(data, NULL, NULL);
    if (strcmp(payload->name, "nitf") == 0)
        return wd_nitf_copy(reading, payload);
    if (strcmp(payload->name, "body.content") == 0)
        return wd_body_text_of_xml(reading->story, data, reading->error);
    for (size_t i = 0; i < sizeof(xhtml) / sizeof(xhtml[0]); i++) {
        if (strcmp(payload->name, xhtml[i]) == 0)
            return wd_body_text_of_xml(reading->story, data, reading->error);
    }
    reading->story->flags |= WD_FLAG_UNKNOWN_PAYLOAD;
    wd_xml_story_extra(reading, payload);
    return WD_OK;
}

enum wd_status wd_newsml1_body(struct wd_xml_story *reading, const struct wd_xml_node *content_item)
{
    const struct wd_xml_node *data = wd_xml_child(content_item, NULL, "DataContent");
    struct wd_slice mime = formal_name(wd_xml_child(content_item, NULL, "MimeType"));
    if (wd_xml_child(data, NULL, NULL))
        return take_payload(reading, data);
    struct wd_slice text = wd_xml_text_raw(data, reading->story->arena);
    if (wd_xml_child(content_item, NULL, "Encoding")) {
        reading->story->flags |= WD_FLAG_UNKNOWN_PAYLOAD;
        wd_xml_story_extra(reading, content_item);
        return WD_OK;
    }
    if (memmem(mime.data ? mime.data : "", mime.len, "html", 4))
        return wd_decode_add_html(reading->story, text, reading->error);
    enum wd_status status = wd_decode_add_lines(reading->story, text);
    return status == WD_OK
               ? WD_OK
               : wd_error_set(reading->error, status, "the body has more than %d paragraphs",
                              WD_PARAGRAPHS_MAX);
}

static bool is_inside(const struct wd_xml_node *node, const struct wd_xml_node *around)
{
    while (node && node != around)
        node = node->parent;
    return node != NULL;
}

/* The caption stands in a component beside the picture's: both are in the same one. */
static struct wd_slice find_caption(struct wd_xml_story *reading, const struct contents *contents,
                                    const struct wd_newsml1_content *medium)
{
    const struct wd_xml_node *around = medium->component ? medium->component->parent : NULL;
    if (!wd_xml_is(around, NULL, "NewsComponent"))
        return WD_SLICE_NONE;
    for (size_t i = 0; i < contents->count; i++) {
        const struct wd_newsml1_content *content = &contents->list[i];
        if (has_role(content, "Caption") && is_inside(content->component, around))
            return wd_xml_story_words(reading, wd_xml_child(content->item, NULL, "DataContent"));
    }
    return WD_SLICE_NONE;
}

static void take_medium(struct wd_xml_story *reading, const struct contents *contents,
                        const struct wd_newsml1_content *content)
{
    struct wd_media *media = wd_story_add_media(reading->story);
    if (!media) {
        reading->story->flags |= WD_FLAG_TRUNCATED;
        return;
    }
    media->type = wd_slice_from(content->media_type);
    media->href = wd_xml_attribute(content->item, "Href");
    media->uri = media->href;
    media->mimetype = formal_name(wd_xml_child(content->item, NULL, "MimeType"));
    media->name = wd_xml_attribute(content->component, "Duid");
    media->caption = find_caption(reading, contents, content);
    const struct wd_xml_node *lines = wd_xml_child(content->component, NULL, "NewsLines");
    media->headline = wd_xml_story_words(reading, wd_xml_child(lines, NULL, "HeadLine"));
    media->credit = wd_xml_story_words(reading, wd_xml_child(lines, NULL, "CreditLine"));
    wd_xml_story_set(&media->credit,
                     wd_xml_story_words(reading, wd_xml_child(lines, NULL, "ByLine")));
    for (const struct wd_xml_node *property =
             wd_xml_find(content->item, "Characteristics/Property");
         property; property = wd_xml_sibling(property, NULL, "Property")) {
        int32_t pixels = wd_xml_story_pixels(wd_xml_attribute(property, "Value"));
        if (wd_slice_is(formal_name(property), "Width"))
            media->width = pixels;
        else if (wd_slice_is(formal_name(property), "Height"))
            media->height = pixels;
    }
}

/* Media that belong to this story: inside its component, or, for the first story, to no other. Renditions of the same
 * component are one medium: the first of them. */
static void take_media(struct wd_xml_story *reading, const struct contents *contents,
                       const struct wd_xml_node *story, bool first)
{
    const struct wd_xml_node *before = NULL;
    for (size_t i = 0; i < contents->count; i++) {
        const struct wd_newsml1_content *content = &contents->list[i];
        bool belongs = !story || is_inside(content->component, story) || (first && !content->story);
        if (!content->media_type || !belongs || content->component == before)
            continue;
        before = content->component;
        take_medium(reading, contents, content);
    }
}

/* Abstracts and sub-headlines beside the copy; what else there is beside it goes to the extras. */
static void take_companions(struct wd_xml_story *reading, const struct contents *contents,
                            const struct wd_xml_node *story)
{
    for (size_t i = 0; i < contents->count; i++) {
        const struct wd_newsml1_content *content = &contents->list[i];
        const struct wd_xml_node *data = wd_xml_child(content->item, NULL, "DataContent");
        if (!data || !story || !is_inside(content->component, story))
            continue;
        bool summary = has_role(content, "Abstract") || has_role(content, "Summary") ||
                       has_role(content, "SubHeadLine");
        if (summary)
            wd_xml_story_set(&reading->story->summary, wd_xml_story_words(reading, data));
        else if (content->rank == 0 && !has_role(content, "Caption"))
            wd_xml_story_extra(reading, content->item);
    }
}

/* One story: `content` is its copy, NULL when the NewsItem has none. */
static enum wd_status take_story(struct wd_xml_story *reading, const struct contents *contents,
                                 const struct wd_newsml1_content *content,
                                 const struct wd_xml_node *news_item)
{
    struct wd_story *story = reading->story;
    bool first = story->provenance.index == 0;
    enum wd_status status = wd_newsml1_management(reading, news_item);
    const struct wd_xml_node *component =
        content ? content->component : wd_xml_child(news_item, NULL, "NewsComponent");
    if (status == WD_OK)
        status = wd_newsml1_metadata(reading, component);
    wd_xml_story_set(&story->language, wd_xml_inherited(component ? component : news_item, "lang"));
    if (status == WD_OK && content)
        status = wd_newsml1_body(reading, content->item);
    if (!content && contents->count > 0 && contents->list[0].media_type)
        story->item_type = wd_slice_from(contents->list[0].media_type);
    take_companions(reading, contents, content ? content->story : NULL);
    take_media(reading, contents, content ? content->story : NULL, first);
    if (story->dateline.len == 0 && story->paragraph_count > 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status;
}

/* Further stories of a NewsItem need a name of their own. */
static enum wd_status name_part(struct wd_xml_story *reading,
                                const struct wd_newsml1_content *content)
{
    struct wd_story *story = reading->story;
    struct wd_slice part = wd_xml_attribute(content->story, "Duid");
    if (content->part == 1)
        return WD_OK;
    story->guid = part.len > 0 ? wd_arena_printf(story->arena, "%.*s#%.*s",
                                                 WD_SLICE_ARG(story->guid), WD_SLICE_ARG(part))
                               : wd_arena_printf(story->arena, "%.*s#%zu",
                                                 WD_SLICE_ARG(story->guid), content->part);
    return story->guid.data ? WD_OK
                            : wd_error_set(reading->error, WD_NO_MEMORY, "no memory for a guid");
}

static enum wd_status add_story(const struct wd_xml_story *reading, struct wd_story_batch *batch,
                                const struct contents *contents, size_t place,
                                const struct wd_xml_node *news_item)
{
    struct wd_xml_story one = *reading;
    const struct wd_newsml1_content *content = NULL;
    if (place < contents->count)
        content = &contents->list[place];
    enum wd_status status = wd_xml_story_begin(&one, batch, "newsml1");
    if (status != WD_OK)
        return status;
    wd_xml_story_source(
        &one, formal_name(wd_xml_find(wd_xml_descendant(news_item, NULL, "Provider"), "Party")));
    status = take_story(&one, contents, content, news_item);
    if (status == WD_OK && content)
        status = name_part(&one, content);
    if (status == WD_OK)
        wd_xml_story_end(&one);
    return status;
}

enum wd_status wd_newsml1_item(struct wd_xml_story *reading, struct wd_story_batch *batch,
                               const struct wd_xml_node *news_item)
{
    struct contents contents = {NULL, 0};
    struct wd_arena *arena = wd_story_batch_arena(batch);
    size_t before = batch->count;
    enum wd_status status = arena ? collect(reading, news_item, arena, &contents) : WD_NO_MEMORY;
    for (size_t i = 0; i < contents.count && status == WD_OK; i++) {
        if (contents.list[i].part > 0)
            status = add_story(reading, batch, &contents, i, news_item);
    }
    if (status == WD_OK && batch->count == before)
        status = add_story(reading, batch, &contents, contents.count, news_item);
    return status;
}
