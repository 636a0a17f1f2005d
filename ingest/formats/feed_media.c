#include "feed_media.h"

#include "decoder.h"

#include <stdlib.h>

static const char media_space[] = "http://search.yahoo.com/mrss/";

/* Some write the namespace without its last slash. */
static bool is_media(const struct wd_xml_node *node, const char *name)
{
    return node->name && strncmp(node->space, media_space, sizeof(media_space) - 2) == 0 &&
           strcmp(node->name, name) == 0;
}

static struct wd_slice type_of(struct wd_slice mimetype, struct wd_slice medium)
{
    if (wd_slice_starts(mimetype, WD_SLICE("video/")) || wd_slice_is(medium, "video"))
        return WD_SLICE("video");
    if (wd_slice_starts(mimetype, WD_SLICE("audio/")) || wd_slice_is(medium, "audio"))
        return WD_SLICE("audio");
    if (wd_slice_starts(mimetype, WD_SLICE("image/")) || wd_slice_is(medium, "image"))
        return WD_SLICE("picture");
    return WD_SLICE_NONE;
}

static int32_t pixels_of(const struct wd_xml_node *node, const char *name)
{
    struct wd_slice text = wd_xml_attribute(node, name);
    int32_t pixels = 0;
    for (size_t i = 0; i < text.len && i < 6; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        pixels = pixels * 10 + (text.data[i] - '0');
    }
    return pixels;
}

/* A child of the element or, within a group, of the group. */
static struct wd_slice text_near(const struct wd_xml_node *node, const char *name,
                                 struct wd_arena *arena)
{
    for (int level = 0; node && level < 2; level++, node = node->parent) {
        for (const struct wd_xml_node *child = node->first; child; child = child->next) {
            if (is_media(child, name))
                return wd_xml_text(child, arena);
        }
        if (!node->parent || !is_media(node->parent, "group"))
            break;
    }
    return WD_SLICE_NONE;
}

static bool add(struct wd_story *story, const struct wd_xml_node *node, const char *address)
{
    struct wd_slice href = wd_text_trim(wd_xml_attribute(node, address));
    struct wd_slice mimetype = wd_xml_attribute(node, "type");
    struct wd_slice type = type_of(mimetype, wd_xml_attribute(node, "medium"));
    if (type.len == 0 && is_media(node, "thumbnail"))
        type = WD_SLICE("picture");
    if (href.len == 0 || type.len == 0)
        return true; /* of no kind that a story shows */
    for (size_t i = 0; i < story->media_count; i++) {
        if (wd_slice_equal(story->media[i].href, href))
            return true; /* enclosure and media:content name the same file */
    }
    struct wd_media *media = wd_story_add_media(story);
    if (!media)
        return false;
    media->type = type;
    media->href = href;
    media->uri = href;
    media->mimetype = mimetype;
    media->width = pixels_of(node, "width");
    media->height = pixels_of(node, "height");
    media->headline = text_near(node, "title", story->arena);
    media->caption = text_near(node, "description", story->arena);
    media->credit = text_near(node, "credit", story->arena);
    return true;
}

/* Where the story has nothing of its own, the medium's text is the story's. */
static enum wd_status take_text(struct wd_story *story, const struct wd_xml_node *node)
{
    if (is_media(node, "title") && story->headline.len == 0)
        story->headline = wd_xml_text(node, story->arena);
    if (is_media(node, "description") && story->paragraph_count == 0)
        return wd_decode_add_lines(story, wd_xml_text_raw(node, story->arena));
    return WD_OK;
}

enum wd_status wd_feed_read_media(const struct wd_xml_node *item, struct wd_story *story,
                                  struct wd_error *error)
{
    enum wd_status status = WD_OK;
    bool fits = true;
    for (const struct wd_xml_node *node = wd_xml_step(item, item, true);
         node && fits && status == WD_OK; node = wd_xml_step(node, item, true)) {
        if (!node->name)
            continue;
        bool enclosure = strcmp(node->name, "enclosure") == 0;
        if (enclosure || is_media(node, "content") || is_media(node, "thumbnail"))
            fits = add(story, node, "url");
        else if (strcmp(node->name, "link") == 0 &&
                 wd_slice_is(wd_xml_attribute(node, "rel"), "enclosure"))
            fits = add(story, node, "href");
        else
            status = take_text(story, node);
    }
    return fits ? status
                : wd_error_set(error, WD_TOO_LARGE, "an item has more than %d media", WD_MEDIA_MAX);
}
