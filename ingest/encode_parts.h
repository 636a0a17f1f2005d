/* encode_parts.h - what encode.c and encode_event.c share.
 *
 * Why:    the enriched record and the events write the same members in the same way.
 * Thread: any; no state. */
#ifndef WD_ENCODE_PARTS_H
#define WD_ENCODE_PARTS_H

#include "encode.h"
#include "json.h"

static inline void write_digest(struct wd_buffer *out, struct wd_digest digest)
{
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(digest, hex);
    wd_buffer_append(out, hex, sizeof(hex) - 1);
}

WD_INLINE void write_time(struct wd_buffer *out, const char *key, struct wd_time time)
{
    char text[WD_TIME_TEXT_SIZE];
    if (!wd_time_known(time))
        return;
    size_t len = wd_time_format(time, text);
    wd_json_write_word(out, key, wd_slice_make(text, len));
}

WD_INLINE void write_bool(struct wd_buffer *out, const char *key, bool value)
{
    wd_json_write_key(out, key);
    wd_buffer_append_slice(out, value ? WD_SLICE("true") : WD_SLICE("false"));
}

WD_INLINE void write_integer(struct wd_buffer *out, const char *key, int64_t value)
{
    wd_json_write_key(out, key);
    wd_buffer_append_integer(out, value);
}

/* Members that always stand together, with the comma that is due before them. */
WD_INLINE void write_members(struct wd_buffer *out, struct wd_slice json)
{
    wd_json_write_key(out, NULL);
    wd_buffer_append_slice(out, json);
}

WD_INLINE void open(struct wd_buffer *out, const char *key, char bracket)
{
    wd_json_write_key(out, key);
    wd_buffer_append_byte(out, bracket);
}

WD_INLINE void write_share(struct wd_buffer *out, const char *key, double share)
{
    wd_json_write_key(out, key);
    wd_json_write_number(out, share, 4);
}

WD_INLINE void write_bits(struct wd_buffer *out, const char *key, uint32_t bits,
                          const char *(*name)(unsigned bit))
{
    open(out, key, '[');
    for (uint32_t left = bits; left != 0; left &= left - 1) {
        wd_json_write_word(out, NULL, wd_slice_from(name((unsigned)__builtin_ctz(left))));
    }
    wd_buffer_append_byte(out, ']');
}

/* In encode.c. */
void wd_encode_uri(struct wd_buffer *out, const struct wd_story *story);
void wd_encode_provenance(struct wd_buffer *out, const struct wd_story *story);
void wd_encode_times(struct wd_buffer *out, const struct wd_story *story);

/* In encode_event.c. Members without the braces around them. */
void wd_encode_lineage(struct wd_buffer *out, const struct wd_update_verdict *update);
void wd_encode_dedup_members(struct wd_buffer *out, const struct wd_dedup_verdict *dedup);
void wd_encode_update_members(struct wd_buffer *out, const struct wd_update_verdict *update);

/* Whole events. WD_UNSUPPORTED when the story lacks the verdict. */
enum wd_status wd_encode_update_event(struct wd_buffer *out,
                                      const struct wd_story *story) WD_MUST_CHECK;
enum wd_status wd_encode_duplicate_event(struct wd_buffer *out,
                                         const struct wd_story *story) WD_MUST_CHECK;
void wd_encode_advisory_event(struct wd_buffer *out, const struct wd_story *story,
                              const struct wd_advisory *advisory);

/* encode_entities.c: "entities":[...]; when the copy was looked at also "distinct_entities" and "tagging". */
void wd_encode_entities(struct wd_buffer *out, const struct wd_story *story);

/* encode_subjects.c: "subjects":[...], as many as the story has; nothing when none has a code. */
void wd_encode_subjects(struct wd_buffer *out, const struct wd_story *story);

#endif
