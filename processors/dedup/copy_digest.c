#include "copy_digest.h"

static size_t count_words(struct wd_slice text)
{
    size_t words = text.len > 0 ? 1 : 0;
    for (size_t i = 0; i < text.len; i++) {
        words += text.data[i] == ' ';
    }
    return words;
}

bool wd_copy_digest_body(struct wd_story *story, struct wd_buffer *scratch, size_t *words)
{
    wd_buffer_clear(scratch);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        size_t before = scratch->len;
        if (before > 0) {
            wd_buffer_append_byte(scratch, ' ');
        }
        size_t begin = scratch->len;
        wd_text_append_normalized(scratch, story->paragraphs[i]);
        if (scratch->len == begin) {
            scratch->len = before; /* a paragraph without words leaves no trace */
        }
    }
    if (!wd_buffer_ok(scratch)) {
        return false;
    }
    story->body_digest = (struct wd_digest){{0}};
    if (scratch->len > 0) {
        story->body_digest = wd_digest_of(scratch->data, scratch->len);
    }
    if (words) {
        *words = count_words(wd_buffer_slice(scratch));
    }
    return true;
}

bool wd_copy_digest_all(const struct wd_story *story, struct wd_buffer *scratch,
                        struct wd_digest *digest)
{
    wd_buffer_clear(scratch);
    wd_buffer_append(scratch, story->body_digest.bytes, sizeof(story->body_digest.bytes));
    wd_text_append_normalized(scratch, story->headline);
    if (!wd_buffer_ok(scratch)) {
        return false;
    }
    *digest = wd_digest_of(scratch->data, scratch->len);
    return true;
}
