/* format_ninjs.h - the reader of ninjs, for formats that carry a ninjs object inside.
 *
 * Owns:   nothing; slices point into the document, which lives in the story's arena.
 * Thread: any. */
#ifndef WD_FORMAT_NINJS_H
#define WD_FORMAT_NINJS_H

#include "decoder.h"
#include "json.h"
#include "ninjs_shapes.h"

/* An object of ninjs with its members in their places: each key is looked at once. */
struct wd_ninjs_object {
    yyjson_val *value;
    yyjson_val *members[WD_NINJS_ITEM_MEMBERS]; /* enum wd_ninjs_item_member; NULL: absent */
    uint64_t present[2];                        /* bit n: member n is there */
    size_t other_count;                         /* members that have no place */
    /* The first of the families "headline_" and "body_" whose name says nothing to us. */
    yyjson_val *headline;
    yyjson_val *body;
    const struct wd_json_reading *reading; /* what is known of its strings; NULL: nothing */
};

_Static_assert(WD_NINJS_ITEM_MEMBERS <= 128, "the members are bits of two words");

void wd_ninjs_open(struct wd_ninjs_object *object, yyjson_val *value);

/* Fills `story` from a ninjs object of any generation. The caller begins and ends the story. */
enum wd_status wd_ninjs_read_story(const struct wd_decode_input *input, struct wd_story *story,
                                   const struct wd_ninjs_object *object,
                                   struct wd_error *error) WD_MUST_CHECK;

/* 2.x and 3.x: the entry of a list of {role, contentType, value} that suits best: the main one, else
 * the first. NULL when there is none. */
yyjson_val *wd_ninjs_main_of(yyjson_val *list);

/* Adds the pictures, films, sounds and graphics of "associations". */
void wd_ninjs_read_media(struct wd_story *story, yyjson_val *associations);

/* Keeps as extra (where the input wants that) what the story has no place for: members that no version of ninjs knows, and those
 * that it knows and we do not read. Flags unknown members, and those of another type
 * than ninjs gives them, at every depth: unknown ones as unknown_keys, nested times that are none as time_invalid; other
 * types, a status that is none, members that are missing or exclude each other as wrong_types. For messages that are
 * ninjs themselves. */
void wd_ninjs_check_members(const struct wd_decode_input *input, struct wd_story *story,
                            const struct wd_ninjs_object *object);

#endif
