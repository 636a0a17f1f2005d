/* json.h - reading and writing JSON on the hot path, with yyjson's values; the only place that knows it.
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
 * is valid as long as the arena and the text: strings without escapes are borrowed from it. No string ends
 * with a NUL. A number of more than 1,100 characters is none. */
enum wd_status wd_json_read(struct wd_slice text, struct wd_arena *arena, yyjson_val **root,
                            struct wd_error *error) WD_MUST_CHECK;

/* What reading learns of all strings together, so that nobody need look at them again for it. */
struct wd_json_reading {
    /* In: members whose object is a list in disguise: its keys are names that the provider gave to equal things. There, and
     * nowhere else, a key may occur twice: whoever iterates such an object loses nothing. Ends with NULL; may be NULL. */
    const char *const *maps;
    bool repeated; /* a key does */
    bool c1;       /* a string may hold a C1 control (U+0080 to U+009F) */
    bool
        lines; /* the line feeds below are all line ends that strings hold: there is no carriage return */
    /* Strings that had escapes stand here one behind the other; where their line feeds are, in bytes from its
     * beginning. */
    const char *unescaped;
    const uint32_t *feeds;
    size_t feed_count;
};
enum wd_status wd_json_read_all(struct wd_slice text, struct wd_arena *arena,
                                struct wd_json_reading *reading, yyjson_val **root,
                                struct wd_error *error) WD_MUST_CHECK;

/* A string of such a reading, line by line: without a search, where `lines` is set. */
struct wd_json_lines {
    const struct wd_json_reading *reading;
    struct wd_slice rest;
    size_t feed; /* the next of the reading's */
};
struct wd_json_lines wd_json_lines_of(const struct wd_json_reading *reading, struct wd_slice text);
/* The next line, without its line feed; false at the end. */
static inline bool wd_json_next_line(struct wd_json_lines *lines, struct wd_slice *line);

/* Whether nothing in a string that was read needs an escape when it is written, but for line feeds. */
bool wd_json_is_plain(const yyjson_val *string);

/* For sniffers: which of at most 32 names stand as keys, at any depth, in the beginning of what may be JSON: bit i for
 * names[i]. One pass. */
uint32_t wd_json_head_keys(struct wd_slice head, const struct wd_slice *names, size_t count);

/* Whether a name of two bytes or more stands there in quotes (which `quoted` has), as a key or not: what asks first, because
 * it costs a third. */
bool wd_json_head_has(struct wd_slice head, struct wd_slice quoted);

/* The member as text; empty when absent or not a string. `*wrong` (may be NULL) is set to true when
 * it is there with another type (null counts as absent). */
struct wd_slice wd_json_text(yyjson_val *object, const char *key, bool *wrong);

/* A bit for a key: a mask of bits says without a search that most keys are absent. */
static inline uint64_t wd_json_key_bit(const char *key, size_t len)
{
    size_t first = len > 0 ? (unsigned char)key[0] : 0;
    size_t last = len > 0 ? (unsigned char)key[len - 1] : 0;
    return UINT64_C(1) << ((len * 11 + first * 5 + last) & 63);
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
/* The same for words and names of ours, which need no escapes. */
WD_INLINE void wd_json_write_word(struct wd_buffer *out, const char *key, struct wd_slice word);
/* Appends any value as it was read, compact. */
void wd_json_write_value(struct wd_buffer *out, yyjson_val *value);
/* Shortest form that reads back the same; at most `decimals` places. */
void wd_json_write_number(struct wd_buffer *out, double number, int decimals);

static inline bool wd_json_next_line(struct wd_json_lines *lines, struct wd_slice *line)
{
    const struct wd_json_reading *reading = lines->reading;
    if (lines->rest.len == 0)
        return false;
    const char *begin = lines->rest.data;
    const char *end = begin + lines->rest.len;
    if (lines->feed < reading->feed_count && reading->unescaped + reading->feeds[lines->feed] < end)
        end = reading->unescaped + reading->feeds[lines->feed++];
    *line = wd_slice_make(begin, (size_t)(end - begin));
    lines->rest = wd_slice_from_offset(lines->rest, line->len + 1);
    return true;
}

WD_INLINE void wd_json_write_key(struct wd_buffer *out, const char *key)
{
    struct wd_slice name = key ? wd_slice_from(key) : WD_SLICE_NONE; /* mostly of constant length */
    if (!wd_buffer_reserve(out, name.len + 4))
        return;
    char *at = out->data + out->len;
    char last = '{';
    if (out->len > 0)
        last = at[-1];
    *at = ',';
    at += (last & 0xDF) != '[' && last != ':'; /* neither bracket: they differ in that bit */
    if (name.data) {
        *at++ = '"';
        memcpy(at, name.data, name.len);
        at += name.len;
        *at++ = '"';
        *at++ = ':';
    }
    out->len = (size_t)(at - out->data);
}

WD_INLINE void wd_json_write_word(struct wd_buffer *out, const char *key, struct wd_slice word)
{
    if (word.len == 0)
        return;
    wd_json_write_key(out, key);
    if (!wd_buffer_reserve(out, word.len + 2))
        return;
    char *at = out->data + out->len;
    *at = '"';
    memcpy(at + 1, word.data, word.len);
    at[word.len + 1] = '"';
    out->len += word.len + 2;
}

WD_INLINE void wd_json_write_member(struct wd_buffer *out, const char *key, struct wd_slice text)
{
    if (text.len == 0)
        return;
    wd_json_write_key(out, key);
    wd_json_write_string(out, text);
}

#endif
