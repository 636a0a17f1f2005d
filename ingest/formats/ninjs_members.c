/* Whether the members of ninjs objects are known and have their types, at every depth: see
 * format_ninjs.h; what is known is in ninjs_shapes.c. */
#include "format_ninjs.h"

enum { ITEM_DEPTH_MAX = 8 }; /* associations of associations; what is deeper is not looked at */

static unsigned type_of(yyjson_val *value)
{
    static const unsigned char types[YYJSON_TYPE_MASK + 1] = {[YYJSON_TYPE_STR] = WD_NINJS_TEXT,
                                                              [YYJSON_TYPE_NUM] = WD_NINJS_NUMBER,
                                                              [YYJSON_TYPE_ARR] = WD_NINJS_LIST,
                                                              [YYJSON_TYPE_OBJ] = WD_NINJS_OBJECT};
    return types[yyjson_get_type(value)];
}

static struct wd_slice name_of(yyjson_val *key)
{
    return wd_slice_make(unsafe_yyjson_get_str(key), unsafe_yyjson_get_len(key));
}

static bool is_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
    }
    return len > 0;
}

/* "2024" and "2024-02": dates that ninjs 3 lets be cut short. */
static bool is_short_date(struct wd_slice text)
{
    if (text.len == 4)
        return is_digits(text.data, 4);
    return text.len == 7 && text.data[4] == '-' && is_digits(text.data, 4) &&
           is_digits(text.data + 5, 2);
}

/* The story's own times and status are read, and judged, by format_ninjs.c. */
static uint32_t check_text(const struct wd_ninjs_member *member, yyjson_val *value)
{
    struct wd_slice text = wd_slice_make(yyjson_get_str(value), yyjson_get_len(value));
    enum wd_story_status status = WD_STORY_USABLE;
    if ((member->types & WD_NINJS_TIME) == WD_NINJS_TIME && !is_short_date(text))
        return wd_time_parse(text, NULL).flags & WD_TIME_INVALID ? WD_FLAG_TIME_INVALID : 0;
    if ((member->types & WD_NINJS_STATUS) == WD_NINJS_STATUS &&
        !wd_story_status_from_name(text, &status))
        return WD_FLAG_WRONG_TYPES;
    return 0;
}

static uint32_t check_object(const struct wd_ninjs_shape *shape, yyjson_val *object, int depth);

/* The objects of a list, or those that an object holds under the provider's own names. */
static uint32_t check_inner(const struct wd_ninjs_member *member, yyjson_val *value, int depth)
{
    uint32_t flags = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *one = NULL;
    if (yyjson_is_obj(value) && !member->map)
        return member->types & WD_NINJS_LIST ? 0 : check_object(member->inner, value, depth);
    yyjson_arr_foreach(value, index, max, one)
    {
        flags |= check_object(member->inner, one, depth);
        if (member->inner->required[1] && !yyjson_obj_get(one, member->inner->required[1]))
            flags |= WD_FLAG_WRONG_TYPES;
    }
    yyjson_obj_foreach(value, index, max, key, one) flags |=
        check_object(member->inner, one, depth);
    return flags;
}

static uint32_t check_value(const struct wd_ninjs_member *member, yyjson_val *value, int depth)
{
    if (yyjson_is_null(value))
        return 0;
    if (!(member->types & type_of(value)))
        return WD_FLAG_WRONG_TYPES;
    if (yyjson_is_str(value) && depth > 0)
        return check_text(member, value);
    return member->inner && yyjson_is_ctn(value) && depth < ITEM_DEPTH_MAX
               ? check_inner(member, value, depth + 1)
               : 0;
}

/* What must be there, and what must not be there together. */
static uint32_t check_presence(const struct wd_ninjs_shape *shape, yyjson_val *object)
{
    if (shape->required[0] && !yyjson_obj_get(object, shape->required[0]))
        return WD_FLAG_WRONG_TYPES;
    for (size_t i = 0; i < 4 && shape->either[i]; i += 2) {
        if (yyjson_obj_get(object, shape->either[i]) &&
            yyjson_obj_get(object, shape->either[i + 1]))
            return WD_FLAG_WRONG_TYPES;
    }
    return 0;
}

static uint32_t check_object(const struct wd_ninjs_shape *shape, yyjson_val *object, int depth)
{
    if (!yyjson_is_obj(object))
        return WD_FLAG_WRONG_TYPES;
    uint32_t flags = check_presence(shape, object);
    size_t next = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(object, index, max, key, value)
    {
        const struct wd_ninjs_member *member = wd_ninjs_find(shape, name_of(key), &next);
        flags |= member ? check_value(member, value, depth) : (uint32_t)WD_FLAG_UNKNOWN_KEYS;
    }
    return flags;
}

static void keep_unknown(const struct wd_decode_input *input, struct wd_story *story,
                         struct wd_slice name, yyjson_val *value)
{
    struct wd_buffer json;
    if (!input->extra)
        return;
    wd_buffer_init(&json);
    wd_json_write_value(&json, value);
    struct wd_slice copy =
        wd_buffer_ok(&json) ? wd_arena_copy(story->arena, wd_buffer_slice(&json)) : WD_SLICE_NONE;
    wd_buffer_finish(&json);
    wd_decode_extra(input, story, name, copy);
}

void wd_ninjs_open(struct wd_ninjs_object *object, yyjson_val *value)
{
    size_t next = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *member = NULL;
    *object = (struct wd_ninjs_object){.value = yyjson_is_obj(value) ? value : NULL};
    if (!object->value)
        return;
    yyjson_obj_foreach(object->value, index, max, key, member)
    {
        const struct wd_ninjs_member *found = wd_ninjs_find(&wd_ninjs_item, name_of(key), &next);
        size_t place = found ? (size_t)(found - wd_ninjs_item.members) : WD_NINJS_ITEM_MEMBERS;
        if (place < WD_NINJS_ITEM_MEMBERS) {
            object->members[place] = member;
            object->present[place / 64] |= UINT64_C(1) << place % 64;
            continue;
        }
        object->other_count++;
        if (!object->headline && wd_slice_starts(name_of(key), WD_SLICE("headline_")))
            object->headline = member;
        if (!object->body && wd_slice_starts(name_of(key), WD_SLICE("body_")))
            object->body = member;
    }
}

/* Known members that the story has no field for. */
static void keep_unread(const struct wd_decode_input *input, struct wd_story *story,
                        const struct wd_ninjs_object *object)
{
    static const enum wd_ninjs_item_member unread[] = {WD_NINJS_ITEM_ALTIDS,
                                                       WD_NINJS_ITEM_ALT_IDS,
                                                       WD_NINJS_ITEM_ADVICES,
                                                       WD_NINJS_ITEM_MIMETYPE,
                                                       WD_NINJS_ITEM_RENDITIONS,
                                                       WD_NINJS_ITEM_RIGHTSINFO,
                                                       WD_NINJS_ITEM_RIGHTS_INFO,
                                                       WD_NINJS_ITEM_EVENT_DETAILS,
                                                       WD_NINJS_ITEM_PLANNED_COVERAGE,
                                                       WD_NINJS_ITEM_TRUSTINDICATOR,
                                                       WD_NINJS_ITEM_TRUSTINDICATORS,
                                                       WD_NINJS_ITEM_TRUST_INDICATORS,
                                                       WD_NINJS_ITEM_DIGITALSOURCETYPE,
                                                       WD_NINJS_ITEM_DIGITAL_SOURCE_TYPE,
                                                       WD_NINJS_ITEM_DESCRIPTION_CAPTION};
    for (size_t i = 0; input->extra && i < sizeof(unread) / sizeof(unread[0]); i++) {
        if (object->members[unread[i]])
            keep_unknown(input, story, wd_ninjs_item.members[unread[i]].name,
                         object->members[unread[i]]);
    }
}

/* Members that have no place: of a family, or unknown. */
static void check_others(const struct wd_decode_input *input, struct wd_story *story,
                         yyjson_val *value)
{
    size_t next = 0;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *one = NULL;
    yyjson_obj_foreach(value, index, max, key, one)
    {
        const struct wd_ninjs_member *member = wd_ninjs_find(&wd_ninjs_item, name_of(key), &next);
        if (!member) {
            story->flags |= WD_FLAG_UNKNOWN_KEYS;
            keep_unknown(input, story, name_of(key), one);
        } else {
            story->flags |= check_value(member, one, 0);
            if ((size_t)(member - wd_ninjs_item.members) >= WD_NINJS_ITEM_MEMBERS)
                keep_unknown(input, story, name_of(key), one); /* of a family */
        }
    }
}

void wd_ninjs_check_members(const struct wd_decode_input *input, struct wd_story *story,
                            const struct wd_ninjs_object *object)
{
    keep_unread(input, story, object);
    if (object->other_count > 0) {
        check_others(input, story, object->value);
        return;
    }
    for (size_t word = 0; word < 2; word++) {
        for (uint64_t left = object->present[word]; left != 0; left &= left - 1) {
            size_t i = word * 64 + (size_t)__builtin_ctzll(left);
            story->flags |= check_value(&wd_ninjs_item.members[i], object->members[i], 0);
        }
    }
}
