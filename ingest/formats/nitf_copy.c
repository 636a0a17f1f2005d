/* The body of an NITF document: see nitf_story.h. */
#include "body_text.h"
#include "dateline.h"
#include "nitf_story.h"

/* Which list an element of NITF's for names belongs to; NULL when it is none. */
static struct wd_concepts *list_of(struct wd_story *story, const char *name)
{
    const struct {
        const char *name;
        struct wd_concepts *list;
    } lists[] = {{"person", &story->people},
                 {"org", &story->organisations},
                 {"location", &story->places},
                 {"event", &story->events},
                 {"object.title", &story->objects}};
    if (name[1] == '\0' || !strchr("pole", name[0]))
        return NULL; /* most are <p>, but few others begin so */
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (strcmp(name, lists[i].name) == 0)
            return lists[i].list;
    }
    return NULL;
}

void wd_nitf_names(struct wd_xml_story *reading, const struct wd_xml_node *top)
{
    const struct wd_xml_node *node = top;
    while (node) {
        struct wd_concepts *list = node->name ? list_of(reading->story, node->name) : NULL;
        struct wd_slice name = list ? wd_xml_story_words(reading, node) : WD_SLICE_NONE;
        if (name.len == 0 || wd_xml_story_has(list, name)) {
            node = wd_xml_step(node, top, true);
            continue;
        }
        struct wd_concept *concept = wd_xml_story_concept(reading, list, name);
        struct wd_slice value = wd_xml_attribute(node, "value");
        struct wd_slice source = wd_xml_attribute(node, "idsrc");
        if (concept && value.len > 0)
        concept->literal = source.len == 0
                               ? value
                               : wd_arena_printf(reading->story->arena, "%.*s:%.*s",
                                                 WD_SLICE_ARG(source), WD_SLICE_ARG(value));
        node = wd_xml_step(node, top, false); /* a location's city is no location of its own */
    }
}

void wd_nitf_medium(struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    static const struct {
        const char *theirs, *ours;
    } types[] = {{"image", "picture"},
                 {"photo", "picture"},
                 {"video", "video"},
                 {"audio", "audio"},
                 {"graphic", "graphic"}};
    struct wd_slice type = wd_xml_attribute(element, "media-type");
    struct wd_media *media = wd_story_add_media(reading->story);
    if (!media) {
        reading->story->flags |= WD_FLAG_TRUNCATED;
        return;
    }
    media->type = WD_SLICE("picture");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (wd_text_equal_ascii_case(type, wd_slice_from(types[i].theirs)))
            media->type = wd_slice_from(types[i].ours);
    }
    const struct wd_xml_node *widest = NULL;
    int32_t width = -1;
    for (const struct wd_xml_node *reference = wd_xml_child(element, NULL, "media-reference");
         reference; reference = wd_xml_sibling(reference, NULL, "media-reference")) {
        int32_t pixels = wd_xml_story_pixels(wd_xml_attribute(reference, "width"));
        if (pixels > width) {
            widest = reference;
            width = pixels;
        }
    }
    media->href = wd_xml_attribute(widest, "source");
    media->mimetype = wd_xml_attribute(widest, "mime-type");
    media->width = width > 0 ? width : 0;
    media->height = wd_xml_story_pixels(wd_xml_attribute(widest, "height"));
    media->uri = wd_xml_attribute(widest, "source");
    media->name = wd_xml_attribute(element, "id");
    media->caption = wd_xml_story_words(reading, wd_xml_child(element, NULL, "media-caption"));
    media->credit = wd_xml_story_words(reading, wd_xml_child(element, NULL, "media-producer"));
}

static void take_media(struct wd_xml_story *reading, const struct wd_xml_node *content)
{
    const struct wd_xml_node *node = content;
    while (node) {
        bool medium = wd_xml_is(node, NULL, "media");
        if (medium)
            wd_nitf_medium(reading, node);
        node = wd_xml_step(node, content, !medium);
    }
}

static void take_dateline(struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    struct wd_story *story = reading->story;
    struct wd_slice date = wd_xml_attribute(wd_xml_child(element, NULL, "story.date"), "norm");
    wd_xml_story_set(&story->located,
                     wd_xml_story_words(reading, wd_xml_child(element, NULL, "location")));
    wd_xml_story_dateline(reading, wd_xml_story_words(reading, element));
    if (date.len > 0 && !wd_time_known(story->content_created))
        story->content_created = wd_xml_story_time(reading, date);
}

static enum wd_status take_head(struct wd_xml_story *reading, const struct wd_xml_node *head)
{
    static const char *const known[] = {"hedline", "byline", "dateline",    "abstract",
                                        "note",    "rights", "distributor", NULL};
    struct wd_story *story = reading->story;
    const struct wd_xml_node *hedline = wd_xml_child(head, NULL, "hedline");
    struct wd_slice sub = wd_xml_story_words(reading, wd_xml_child(hedline, NULL, "hl2"));
    wd_xml_story_set(&story->headline,
                     wd_xml_story_words(reading, wd_xml_child(hedline, NULL, "hl1")));
    if (story->headline.len > 0)
        wd_decode_extra(&reading->input, story, WD_SLICE("hl2"), sub);
    wd_xml_story_set(&story->headline, sub);
    const struct wd_xml_node *byline = wd_xml_child(head, NULL, "byline");
    wd_xml_story_set(&story->byline, wd_xml_story_words(reading, byline));
    wd_xml_story_set(&story->credit,
                     wd_xml_story_words(reading, wd_xml_child(head, NULL, "distributor")));
    const struct wd_xml_node *dateline = wd_xml_child(head, NULL, "dateline");
    if (dateline)
        take_dateline(reading, dateline);
    wd_xml_story_set(&story->summary,
                     wd_xml_story_words(reading, wd_xml_child(head, NULL, "abstract")));
    wd_xml_story_extras(reading, head, known);
    enum wd_status status =
        wd_xml_story_member(reading, "copyrightNotice",
                            wd_xml_story_words(reading, wd_xml_child(head, NULL, "rights")));
    for (const struct wd_xml_node *note = wd_xml_child(head, NULL, "note"); note;
         note = wd_xml_sibling(note, NULL, "note"))
        wd_xml_story_note(reading, wd_xml_story_words(reading, note));
    return status;
}

enum wd_status wd_nitf_copy(struct wd_xml_story *reading, const struct wd_xml_node *nitf)
{
    const struct wd_xml_node *body = wd_xml_child(nitf, NULL, "body");
    const struct wd_xml_node *content = wd_xml_child(body, NULL, "body.content");
    const struct wd_xml_node *end = wd_xml_child(body, NULL, "body.end");
    struct wd_story *story = reading->story;
    enum wd_status status = take_head(reading, wd_xml_child(body, NULL, "body.head"));
    if (status == WD_OK && content)
        status = wd_body_text_of_xml(story, content, reading->error);
    if (status != WD_OK)
        return status;
    wd_xml_story_set(&story->language, wd_xml_inherited(body, "lang"));
    wd_xml_story_set(&story->byline,
                     wd_xml_story_words(reading, wd_xml_child(end, NULL, "tagline")));
    if (content) {
        wd_nitf_names(reading, content);
        take_media(reading, content);
    }
    if (end)
        wd_xml_story_extra(reading, end);
    if (story->dateline.len == 0 && story->paragraph_count > 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return WD_OK;
}
