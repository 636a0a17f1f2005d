#include "copy_memory.h"

#include "copy_scan.h"
#include "record_bytes.h"

enum {
    MEMORY_VERSION = 4, /* a version means the hashes of its sentences, too */
    FLAG_CUT = 1,
    FLAG_NO_SENTENCES = 2,
    LABEL_BYTES_MAX = 255,
    HEAD_BYTES = 19
};

/* Appends paragraphs until `body_bytes_max` are there. */
static void put_body(const struct wd_story *story, size_t body_bytes_max, struct wd_buffer *out)
{
    size_t left = body_bytes_max;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        struct wd_slice paragraph = story->paragraphs[i];
        struct wd_slice kept = wd_utf8_cut(paragraph, left > 0 ? left - 1 : 0);
        wd_buffer_append_slice(out, kept);
        if (kept.len < paragraph.len || left == 0) {
            return;
        }
        wd_buffer_append_byte(out, '\n');
        left -= kept.len + 1;
    }
}

/* Of the body as it is written; more than `most` is not counted any more. */
static size_t body_bytes(const struct wd_story *story, size_t most)
{
    size_t len = 0;
    for (size_t i = 0; i < story->paragraph_count && len <= most; i++) {
        len += story->paragraphs[i].len + 1;
    }
    return len;
}

size_t wd_copy_memory_bytes(const struct wd_story *story, size_t body_bytes_max)
{
    size_t body = body_bytes(story, body_bytes_max);
    size_t sentences = (size_t)story->scan->sentence_count * WD_COPY_SENTENCE_BYTES;
    size_t label = story->version.len < LABEL_BYTES_MAX ? story->version.len : LABEL_BYTES_MAX;
    size_t headline = story->headline.len < WD_COPY_HEADLINE_BYTES_MAX ? story->headline.len
                                                                       : WD_COPY_HEADLINE_BYTES_MAX;
    bool whole = body + sentences <= body_bytes_max;
    return HEAD_BYTES + label + headline + (whole ? body + sentences : body_bytes_max);
}

static void put_sentences(const struct wd_story *story, struct wd_buffer *out)
{
    const struct wd_copy_scan *scan = story->scan;
    size_t begin = 0; /* of the paragraph, in the body */
    size_t paragraph = 0;
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        for (; paragraph < sentence->paragraph; paragraph++) {
            begin += story->paragraphs[paragraph].len + 1;
        }
        wd_record_put(out, sentence->hash, 8);
        size_t len = sentence->end - sentence->begin;
        wd_record_put(out, (begin + sentence->begin) | len << 16, 4); /* two bytes each */
    }
}

void wd_copy_memory_encode(const struct wd_story *story, uint64_t key, size_t body_bytes_max,
                           struct wd_buffer *out)
{
    struct wd_slice label = wd_utf8_cut(story->version, LABEL_BYTES_MAX);
    struct wd_slice headline = wd_utf8_cut(story->headline, WD_COPY_HEADLINE_BYTES_MAX);
    size_t body = body_bytes(story, body_bytes_max);
    size_t sentences = (size_t)story->scan->sentence_count * WD_COPY_SENTENCE_BYTES;
    bool cut = body > body_bytes_max;
    bool without = body + sentences > body_bytes_max;
    wd_buffer_clear(out);
    wd_record_put(out, MEMORY_VERSION, 1);
    wd_record_put(out, (cut ? FLAG_CUT : 0u) | (without ? FLAG_NO_SENTENCES : 0u), 1);
    wd_record_put(out, key, 8);
    wd_record_put(out, label.len, 1);
    wd_buffer_append_slice(out, label);
    wd_record_put(out, headline.len, 2);
    wd_buffer_append_slice(out, headline);
    wd_record_put(out, story->scan->words_total, 4);
    wd_record_put(out, without ? 0 : story->scan->sentence_count, 2);
    if (!without) {
        put_sentences(story, out);
    }
    put_body(story, body_bytes_max, out);
}

struct wd_copy_memory_sentence wd_copy_memory_sentence(const struct wd_copy_memory *memory,
                                                       uint32_t index)
{
    const char *bytes = memory->sentences.data + (size_t)index * WD_COPY_SENTENCE_BYTES;
    struct wd_record_reader reader = {wd_slice_make(bytes, WD_COPY_SENTENCE_BYTES), false};
    struct wd_copy_memory_sentence sentence = {.hash = wd_record_take(&reader, 8)};
    sentence.begin = (uint32_t)wd_record_take(&reader, 2);
    sentence.len = (uint32_t)wd_record_take(&reader, 2);
    return sentence;
}

/* Sentences come one behind the other, within the body. */
static bool are_sound(const struct wd_copy_memory *memory)
{
    size_t end = 0;
    for (uint32_t i = 0; i < memory->sentence_count; i++) {
        struct wd_copy_memory_sentence sentence = wd_copy_memory_sentence(memory, i);
        if (sentence.begin < end || sentence.len == 0) {
            return false;
        }
        end = sentence.begin + sentence.len;
    }
    return end <= memory->body.len;
}

bool wd_copy_memory_decode(struct wd_slice bytes, struct wd_copy_memory *memory)
{
    struct wd_record_reader reader = {bytes, false};
    if (wd_record_take(&reader, 1) != MEMORY_VERSION) {
        return false;
    }
    unsigned flags = (unsigned)wd_record_take(&reader, 1);
    memory->cut = (flags & FLAG_CUT) != 0;
    memory->has_sentences = (flags & FLAG_NO_SENTENCES) == 0;
    memory->key = wd_record_take(&reader, 8);
    memory->label = wd_record_take_bytes(&reader, wd_record_take(&reader, 1));
    memory->headline = wd_record_take_bytes(&reader, wd_record_take(&reader, 2));
    memory->words = (uint32_t)wd_record_take(&reader, 4);
    memory->sentence_count = (uint32_t)wd_record_take(&reader, 2);
    memory->sentences =
        wd_record_take_bytes(&reader, (size_t)memory->sentence_count * WD_COPY_SENTENCE_BYTES);
    memory->body = reader.rest;
    return !reader.failed && are_sound(memory);
}
