#include "copy_memory.h"

#include "record_bytes.h"

enum { MEMORY_VERSION = 1, FLAG_CUT = 1, LABEL_BYTES_MAX = 255 };

/* Appends paragraphs until `body_bytes_max` are there; true when some did not fit. */
static bool put_body(const struct wd_story *story, size_t body_bytes_max, struct wd_buffer *out)
{
    size_t left = body_bytes_max;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        struct wd_slice paragraph = story->paragraphs[i];
        struct wd_slice kept = wd_utf8_cut(paragraph, left > 0 ? left - 1 : 0);
        wd_buffer_append_slice(out, kept);
        if (kept.len < paragraph.len || left == 0) {
            return true;
        }
        wd_buffer_append_byte(out, '\n');
        left -= kept.len + 1;
    }
    return false;
}

void wd_copy_memory_encode(const struct wd_story *story, uint64_t key, size_t body_bytes_max,
                           struct wd_buffer *out)
{
    struct wd_slice label = wd_utf8_cut(story->version, LABEL_BYTES_MAX);
    struct wd_slice headline = wd_utf8_cut(story->headline, WD_COPY_HEADLINE_BYTES_MAX);
    wd_buffer_clear(out);
    wd_record_put(out, MEMORY_VERSION, 1);
    wd_record_put(out, 0, 1);
    wd_record_put(out, key, 8);
    wd_record_put(out, label.len, 1);
    wd_buffer_append_slice(out, label);
    wd_record_put(out, headline.len, 2);
    wd_buffer_append_slice(out, headline);
    if (put_body(story, body_bytes_max, out) && wd_buffer_ok(out)) {
        out->data[1] = FLAG_CUT;
    }
}

bool wd_copy_memory_decode(struct wd_slice bytes, struct wd_copy_memory *memory)
{
    struct wd_record_reader reader = {bytes, false};
    if (wd_record_take(&reader, 1) != MEMORY_VERSION) {
        return false;
    }
    memory->cut = (wd_record_take(&reader, 1) & FLAG_CUT) != 0;
    memory->key = wd_record_take(&reader, 8);
    memory->label = wd_record_take_bytes(&reader, wd_record_take(&reader, 1));
    memory->headline = wd_record_take_bytes(&reader, wd_record_take(&reader, 2));
    memory->body = reader.rest;
    return !reader.failed;
}
