/* json.h - reading and writing JSON on the hot path, over yyjson; the only place that knows it.
 *
 * Why:    Jansson costs five times the rest of the work of a story (tests/bench). Configuration,
 *         watch lists and tests still use Jansson.
 * Owns:   a document lives in the arena that was given and goes with it; slices point into it.
 * Thread: any.
 * Limits: WD_JSON_DEPTH_MAX; the size is the caller's to check. */
#ifndef WD_JSON_H
#define WD_JSON_H

#include "arena.h"
#include "buffer.h"
#include "status.h"

#include <stdbool.h>
#include <yyjson.h>

/* Reads one JSON text (RFC 8259). WD_SYNTAX, WD_TOO_DEEP, WD_NOT_UTF8, WD_DUPLICATE_KEY,
 * WD_NUL_BYTE (also an escaped one) with the byte offset, or the path for a duplicate key. `*root`
 * is valid as long as the arena. */
enum wd_status wd_json_read(struct wd_slice text, struct wd_arena *arena, yyjson_val **root,
                            struct wd_error *error) WD_MUST_CHECK;

/* The member as text; empty when absent or not a string. `*wrong` (may be NULL) is set to true when
 * it is there with another type (null counts as absent). */
struct wd_slice wd_json_text(yyjson_val *object, const char *key, bool *wrong);

/* An object and a mask of its keys. Most of the names that a member may have are absent: the mask says
 * so without a search. */
struct wd_json_object {
    yyjson_val *value; /* NULL: none */
    uint64_t keys;
};

/* Where a key stands in the mask. */
static inline uint64_t wd_json_key_bit(const char *key, size_t len)
{
    size_t first = len > 0 ? (unsigned char)key[0] : 0;
    size_t last = len > 0 ? (unsigned char)key[len - 1] : 0;
    return UINT64_C(1) << ((len * 11 + first * 5 + last) & 63);
}

/* Empty when `value` is no object. */
struct wd_json_object wd_json_object(yyjson_val *value);

/* NULL when absent. */
WD_INLINE yyjson_val *wd_json_member(const struct wd_json_object *object, const char *key)
{
    size_t len = strlen(key);
    if (!(object->keys & wd_json_key_bit(key, len)))
        return NULL;
    return yyjson_obj_getn(object->value, key, len);
}

/* A member as text, see wd_json_text. */
struct wd_slice wd_json_member_text(yyjson_val *member, bool *wrong);

/* Appends `text` as a JSON string with quotes, escaping only what RFC 8259 requires. */
void wd_json_write_string(struct wd_buffer *out, struct wd_slice text);
/* The same without the quotes: for a string that is put together from parts. */
void wd_json_write_escaped(struct wd_buffer *out, struct wd_slice text);
/* Appends `,"key":"text"` (the comma only unless the last byte is '{' or '['); nothing when `text`
 * is empty. `key` needs no escapes. */
WD_INLINE void wd_json_write_member(struct wd_buffer *out, const char *key, struct wd_slice text);
/* Appends the comma that is due before a further member or element, and `"key":` when key is given.
 */
WD_INLINE void wd_json_write_key(struct wd_buffer *out, const char *key);
/* The same where the length is known: keys are mostly literals. */
void wd_json_write_key_text(struct wd_buffer *out, struct wd_slice key);
/* Appends any value as it was read, compact. */
void wd_json_write_value(struct wd_buffer *out, yyjson_val *value);
/* Shortest form that reads back the same; at most `decimals` places. */
void wd_json_write_number(struct wd_buffer *out, double number, int decimals);

WD_INLINE void wd_json_write_key(struct wd_buffer *out, const char *key)
{
    wd_json_write_key_text(out, wd_slice_from(key));
}

WD_INLINE void wd_json_write_member(struct wd_buffer *out, const char *key, struct wd_slice text)
{
    if (text.len == 0)
        return;
    wd_json_write_key(out, key);
    wd_json_write_string(out, text);
}

#endif
