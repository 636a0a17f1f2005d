/* What a ninjs story is associated with: pictures, film, sound. See format_ninjs.h. */
#include "format_ninjs.h"

yyjson_val *wd_ninjs_main_of(yyjson_val *list)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(list, index, max, item)
    {
        struct wd_slice role = wd_json_text(item, "role", NULL);
        if (role.len == 0 || wd_text_equal_ascii_case(role, WD_SLICE("main")))
            return item;
    }
    return yyjson_arr_get_first(list);
}

static int32_t pixels_of(yyjson_val *rendition, const char *name)
{
    yyjson_val *value = yyjson_obj_get(rendition, name);
    int64_t pixels = yyjson_is_int(value) ? yyjson_get_sint(value) : 0;
    return pixels > 0 && pixels < INT32_MAX ? (int32_t)pixels : 0;
}

static yyjson_val *wider(yyjson_val *one, yyjson_val *widest)
{
    return !widest || pixels_of(one, "width") > pixels_of(widest, "width") ? one : widest;
}

/* Fills the medium from its widest rendition; renditions are an object in 1.x, a list later. */
static void read_renditions(yyjson_val *item, struct wd_media *media)
{
    yyjson_val *renditions = yyjson_obj_get(item, "renditions");
    yyjson_val *widest = NULL;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *one = NULL;
    if (yyjson_is_arr(renditions)) {
        yyjson_arr_foreach(renditions, index, max, one) widest = wider(one, widest);
    } else if (yyjson_is_obj(renditions)) {
        yyjson_obj_foreach(renditions, index, max, key, one) widest = wider(one, widest);
    }
    media->href = wd_json_text(widest, "href", NULL);
    media->mimetype = wd_json_text(widest, "mimetype", NULL);
    if (media->mimetype.len == 0)
        media->mimetype = wd_json_text(widest, "contentType", NULL);
    media->width = pixels_of(widest, "width");
    media->height = pixels_of(widest, "height");
}

/* `key`: its name in ninjs 1; since 2 it is a member. */
static void read_medium(struct wd_story *story, yyjson_val *key, yyjson_val *item)
{
    struct wd_slice type = wd_json_text(item, "type", NULL);
    bool medium = wd_slice_is(type, "picture") || wd_slice_is(type, "video") ||
                  wd_slice_is(type, "audio") || wd_slice_is(type, "graphic");
    struct wd_media *media = medium ? wd_story_add_media(story) : NULL;
    if (!media)
        return;
    media->type = type;
    media->name = key ? wd_slice_make(yyjson_get_str(key), yyjson_get_len(key))
                      : wd_json_text(item, "name", NULL);
    media->uri = wd_json_text(item, "uri", NULL);
    media->headline = wd_json_text(item, "headline", NULL);
    if (media->headline.len == 0)
        media->headline =
            wd_json_text(wd_ninjs_main_of(yyjson_obj_get(item, "headlines")), "value", NULL);
    media->caption = wd_json_text(item, "description_caption", NULL);
    if (media->caption.len == 0)
        media->caption = wd_json_text(item, "description_text", NULL);
    if (media->caption.len == 0)
        media->caption =
            wd_json_text(wd_ninjs_main_of(yyjson_obj_get(item, "descriptions")), "value", NULL);
    media->credit = wd_json_text(item, "byline", NULL);
    if (media->credit.len == 0)
        media->credit = wd_json_text(item, "by", NULL);
    read_renditions(item, media);
}

void wd_ninjs_read_media(struct wd_story *story, yyjson_val *associations)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *item = NULL;
    if (yyjson_is_arr(associations)) {
        yyjson_arr_foreach(associations, index, max, item) read_medium(story, NULL, item);
    } else if (yyjson_is_obj(associations)) {
        yyjson_obj_foreach(associations, index, max, key, item) read_medium(story, key, item);
    }
}
