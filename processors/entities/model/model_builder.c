#include "model_builder.h"

#include "tagger_hidden.h"
#include "tagger_words.h"
#include "text.h"
#include "tokens.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_OF_CORPUS_MIN = 2 }; /* a word that the lexicon lacks enters when seen so often */

/* A hash table while it grows: key, and a value of ours. */
struct entry {
    uint64_t key;
    struct wd_model_word word;
    uint16_t bits;
    uint32_t small; /* times written without a capital, and with one inside of a sentence */
    uint32_t upper;
    uint32_t line; /* of the lexicon, from 1 */
};

struct table {
    struct entry *entries;
    size_t count;
    uint32_t capacity_bits;
    int8_t *vectors;
    uint32_t vector_count;
};

static struct entry *table_get(struct table *table, uint64_t key)
{
    size_t mask = ((size_t)1 << table->capacity_bits) - 1;
    size_t slot = (size_t)key & mask;
    while (table->entries[slot].key != 0 && table->entries[slot].key != key)
        slot = (slot + 1) & mask;
    if (table->entries[slot].key == 0) {
        if (table->count * 2 > mask)
            abort(); /* sized for the inputs that README names */
        table->count++;
        table->entries[slot] = (struct entry){
            .key = key, .word = {.cluster = WD_MODEL_NO_CLUSTER, .vector = 0, .rank = 31}};
    }
    return &table->entries[slot];
}

static enum wd_status table_init(struct table *table)
{
    *table = (struct table){.capacity_bits = 21};
    table->entries = calloc((size_t)1 << table->capacity_bits, sizeof(*table->entries));
    return table->entries ? WD_OK : WD_NO_MEMORY;
}

static uint64_t hash_of(struct wd_slice word)
{
    char lower[WD_WORD_BYTES_MAX];
    return wd_word_hash(lower, wd_word_lower(word, lower));
}

static uint8_t log2_of(uint32_t n)
{
    uint8_t bits = 0;
    while (n >>= 1)
        bits++;
    return bits;
}

static void read_vector(struct table *table, struct entry *entry, char *numbers)
{
    int8_t *vector = table->vectors + (size_t)table->vector_count * WD_MODEL_VECTOR;
    for (int k = 0; k < WD_MODEL_VECTOR; k++)
        vector[k] = (int8_t)strtol(numbers, &numbers, 10);
    entry->word.vector = (uint16_t)++table->vector_count;
}

/* Lines of "word TAB path TAB numbers". */
static void read_lexicon(struct table *table, struct wd_slice bytes,
                         const struct wd_model_sizes *sizes)
{
    struct wd_slice line;
    for (uint32_t n = 1; n <= sizes->lexicon_max && wd_text_next_line(&bytes, &line); n++) {
        const char *tab = memchr(line.data, '\t', line.len);
        if (!tab || tab == line.data)
            continue;
        struct entry *entry =
            table_get(table, hash_of(wd_slice_make(line.data, (size_t)(tab - line.data))));
        if (entry->line != 0)
            continue; /* the same without accents: the more frequent one counts */
        entry->line = n;
        char *numbers = NULL;
        entry->word.cluster = (uint16_t)strtoul(tab + 1, &numbers, 10);
        if (n <= sizes->vectors && *numbers == '\t' && table->vector_count < sizes->vectors)
            read_vector(table, entry, numbers);
        entry->word.rank = log2_of(n);
    }
}

static void count_case(struct table *table, const struct wd_corpus *corpus)
{
    for (size_t s = 0; s < corpus->story_count; s++) {
        const struct wd_corpus_story *story = &corpus->stories[s];
        bool first = true;
        for (uint32_t i = story->begin; i < story->end; i++) {
            const struct wd_corpus_token *token = &corpus->tokens[i];
            uint32_t flags = wd_word_flags(token->text);
            bool skip = first || !(flags & WD_WORD_LETTER) || (flags & WD_WORD_CAPITALS) ||
                        corpus->files[story->file].held;
            first = token->ends_sentence;
            if (skip)
                continue;
            struct entry *entry = table_get(table, hash_of(token->text));
            entry->small += !(flags & WD_WORD_UPPER_FIRST);
            entry->upper += (flags & WD_WORD_UPPER_FIRST) != 0;
        }
    }
}

static uint8_t cased_of(const struct entry *entry)
{
    uint32_t all = entry->small + entry->upper;
    if (all < WORD_OF_CORPUS_MIN)
        return 0;
    double share = (double)entry->small / all;
    if (share <= 0.0)
        return 1;
    return share >= 1.0 ? 7 : (uint8_t)(2 + (int)(share * 4.999));
}

static int kind_of(struct wd_slice name)
{
    static const char *const names[WD_LIST_KINDS] = {"given", "family", "place", "small", "demonym",
                                                     "body",  "person", "title", "club",  "thing"};
    for (int k = 0; k < WD_LIST_KINDS; k++) {
        if (wd_slice_is(name, names[k]))
            return k;
    }
    return -1;
}

static void add_phrase(struct table *table, struct wd_slice name, int kind)
{
    struct wd_text_splitter splitter;
    struct wd_text_token token;
    uint64_t hashes[WD_UNIT_PHRASE_MAX];
    uint64_t hash = 0;
    size_t count = 0;
    wd_text_splitter_init(&splitter, name);
    while (wd_text_splitter_next(&splitter, &token)) {
        if (count == WD_UNIT_PHRASE_MAX)
            return;
        hash = wd_hash_mix(
            hash, hash_of(wd_slice_make(name.data + token.begin, token.end - token.begin)));
        hashes[count++] = hash;
    }
    for (size_t k = 0; k < count; k++) {
        bool last = k + 1 == count;
        table_get(table, hashes[k])->bits |=
            (uint16_t)(1u << (last ? (uint32_t)kind : (uint32_t)WD_LIST_LONGER));
    }
}

static void read_lists(struct table *table, struct wd_slice bytes)
{
    struct wd_slice line;
    while (wd_text_next_line(&bytes, &line)) {
        const char *tab = memchr(line.data, '\t', line.len);
        if (!tab)
            continue;
        size_t len = (size_t)(tab - line.data);
        int kind = kind_of(wd_slice_make(line.data, len));
        if (kind >= 0)
            add_phrase(table, wd_slice_from_offset(line, len + 1), kind);
    }
}

/* ---- into the file's form ---- */

/* Slots that leave a quarter free at least. */
static uint32_t bits_for(size_t count)
{
    uint32_t bits = 4;
    while (((size_t)1 << bits) * 3 < count * 4)
        bits++;
    return bits;
}

static size_t free_slot(uint32_t *marks, uint32_t bits, uint64_t key)
{
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t probe = 0; probe < WD_MODEL_PROBES_MAX; probe++) {
        size_t slot = ((size_t)key + probe) & mask;
        uint32_t mark = (uint32_t)(key >> 32) | 1u;
        if (marks[slot] == mark)
            return SIZE_MAX; /* taken for the same word: cannot be told apart */
        if (marks[slot] == 0) {
            marks[slot] = mark;
            return slot;
        }
    }
    return SIZE_MAX;
}

static bool worth_keeping(const struct entry *entry)
{
    return entry->key != 0 && (entry->line != 0 || cased_of(entry) != 0);
}

static void place_words(struct wd_model_builder *builder, const struct table *words)
{
    const struct wd_model_head *head = (const void *)builder->bytes;
    struct wd_model_layout layout = wd_model_layout(head);
    uint32_t *marks = (void *)(builder->bytes + layout.lexicon_marks);
    struct wd_model_word *slots = (void *)(builder->bytes + layout.lexicon);
    for (size_t k = 0; k < (size_t)1 << words->capacity_bits; k++) {
        struct entry *entry = &words->entries[k];
        if (!worth_keeping(entry))
            continue;
        size_t slot = free_slot(marks, head->lexicon_bits, entry->key);
        entry->word.cased = cased_of(entry);
        if (slot != SIZE_MAX)
            slots[slot] = entry->word;
    }
}

static void place_phrases(struct wd_model_builder *builder, const struct table *phrases)
{
    const struct wd_model_head *head = (const void *)builder->bytes;
    struct wd_model_layout layout = wd_model_layout(head);
    uint32_t *marks = (void *)(builder->bytes + layout.phrase_marks);
    uint16_t *slots = (void *)(builder->bytes + layout.phrases);
    for (size_t k = 0; k < (size_t)1 << phrases->capacity_bits; k++) {
        const struct entry *entry = &phrases->entries[k];
        size_t slot = entry->key != 0 ? free_slot(marks, head->phrase_bits, entry->key) : SIZE_MAX;
        if (slot != SIZE_MAX)
            slots[slot] = entry->bits;
    }
}

static enum wd_status lay_out(struct wd_model_builder *builder, const struct table *words,
                              const struct table *phrases, const struct wd_model_sizes *sizes)
{
    struct wd_model_head head = {
        .version = WD_MODEL_VERSION,
        .row_bits = sizes->row_bits,
        .phrase_bits = bits_for(phrases->count),
        .vector_count = words->vector_count,
        .scale = 96.0F,
    };
    size_t kept = 0;
    for (size_t k = 0; k < (size_t)1 << words->capacity_bits; k++)
        kept += worth_keeping(&words->entries[k]);
    memcpy(head.magic, wd_model_magic, sizeof(head.magic));
    head.lexicon_bits = bits_for(kept);
    for (int i = 0; i < WD_MODEL_CURVE; i++)
        head.curve[i] = (float)i / (WD_MODEL_CURVE - 1);
    struct wd_model_layout layout = wd_model_layout(&head);
    head.bytes = layout.bytes;
    builder->len = layout.bytes;
    size_t rounded = (builder->len + WD_MODEL_ALIGN - 1) / WD_MODEL_ALIGN * WD_MODEL_ALIGN;
    builder->bytes = aligned_alloc(WD_MODEL_ALIGN, rounded);
    if (!builder->bytes)
        return WD_NO_MEMORY;
    memset(builder->bytes, 0, rounded);
    memcpy(builder->bytes, &head, sizeof(head));
    place_words(builder, words);
    place_phrases(builder, phrases);
    if (head.vector_count > 0)
        memcpy(builder->bytes + layout.vectors, words->vectors,
               (size_t)head.vector_count * WD_MODEL_VECTOR);
    return WD_OK;
}

static void seal(struct wd_model_builder *builder)
{
    struct wd_model_head *head = (void *)builder->bytes;
    head->checksum = wd_model_checksum(wd_slice_make(builder->bytes, builder->len));
}

enum wd_status wd_model_builder_init(struct wd_model_builder *builder, const char *lexicon,
                                     const char *lists, const struct wd_corpus *corpus,
                                     const struct wd_model_sizes *sizes)
{
    struct table words = {0};
    struct table phrases = {0};
    size_t lexicon_len = 0;
    size_t lists_len = 0;
    *builder = (struct wd_model_builder){0};
    char *lexicon_bytes = wd_corpus_read_file(lexicon, &lexicon_len);
    char *lists_bytes = wd_corpus_read_file(lists, &lists_len);
    enum wd_status status = lexicon_bytes && lists_bytes ? WD_OK : WD_IO;
    if (status == WD_OK)
        status = table_init(&words);
    if (status == WD_OK)
        status = table_init(&phrases);
    words.vectors = calloc((size_t)sizes->vectors + 1, WD_MODEL_VECTOR);
    if (!words.vectors)
        status = WD_NO_MEMORY;
    if (status == WD_OK) {
        read_lexicon(&words, wd_slice_make(lexicon_bytes, lexicon_len), sizes);
        count_case(&words, corpus);
        read_lists(&phrases, wd_slice_make(lists_bytes, lists_len));
        status = lay_out(builder, &words, &phrases, sizes);
    }
    if (status == WD_OK) {
        seal(builder);
        status = wd_tagger_model_read(wd_slice_make(builder->bytes, builder->len), &builder->model,
                                      NULL);
    }
    free(words.entries);
    free(words.vectors);
    free(phrases.entries);
    free(lexicon_bytes);
    free(lists_bytes);
    return status;
}

void wd_model_builder_finish(struct wd_model_builder *builder)
{
    free(builder->bytes);
    *builder = (struct wd_model_builder){0};
}

static int32_t rounded(float value, float scale, int32_t most)
{
    long whole = lrintf(value * scale);
    return (int32_t)(whole > most ? most : whole < -most ? -most : whole);
}

void wd_model_builder_set_rows(struct wd_model_builder *builder, const float *rows,
                               const float *transitions)
{
    struct wd_model_head *head = (void *)builder->bytes;
    struct wd_model_layout layout = wd_model_layout(head);
    int8_t *out = (void *)(builder->bytes + layout.rows);
    size_t count = ((size_t)1 << head->row_bits) * WD_MODEL_LANES;
    for (size_t k = 0; k < count; k++)
        out[k] = (int8_t)rounded(rows[k], head->scale, INT8_MAX);
    for (size_t k = 0; k < (size_t)WD_MODEL_LABELS * WD_MODEL_LABELS; k++)
        head->transitions[k] = (int16_t)rounded(transitions[k], head->scale, WD_MODEL_STEP_MAX);
    seal(builder);
}

static void round_all(int8_t *out, const float *values, size_t count, float scale)
{
    for (size_t k = 0; k < count; k++)
        out[k] = (int8_t)rounded(values[k], scale, INT8_MAX);
}

void wd_model_builder_set_hidden(struct wd_model_builder *builder, const struct wd_network *network)
{
    const struct wd_model_head *head = (const void *)builder->bytes;
    struct wd_model_layout layout = wd_model_layout(head);
    int32_t *bias = (void *)(builder->bytes + layout.hidden_bias);
    int8_t *words = (void *)(builder->bytes + layout.hidden);
    int8_t *bags = (void *)(builder->bytes + layout.bags);
    for (size_t h = 0; h < WD_MODEL_HIDDEN; h++) {
        const float *in = network->units + h * WD_NETWORK_INPUTS;
        for (size_t at = 0; at < WD_MODEL_WINDOW; at++, in += WD_MODEL_INPUTS)
            round_all(words + (at * WD_MODEL_HIDDEN + h) * WD_MODEL_INPUTS, in, WD_MODEL_INPUTS,
                      WD_HIDDEN_WEIGHT_ONE);
        for (size_t bag = 0; bag < WD_MODEL_BAGS; bag++, in += WD_MODEL_VECTOR)
            round_all(bags + (bag * WD_MODEL_HIDDEN + h) * WD_MODEL_VECTOR, in, WD_MODEL_VECTOR,
                      WD_HIDDEN_WEIGHT_ONE);
    }
    round_all((void *)(builder->bytes + layout.output), network->output, WD_NETWORK_OUTPUT,
              WD_HIDDEN_OUTPUT_ONE);
    for (int h = 0; h < WD_MODEL_HIDDEN; h++)
        bias[h] = rounded(network->bias[h], WD_HIDDEN_ONE, 100 * WD_HIDDEN_ONE);
    seal(builder);
}

void wd_model_builder_set_curve(struct wd_model_builder *builder, const float curve[WD_MODEL_CURVE])
{
    struct wd_model_head *head = (void *)builder->bytes;
    memcpy(head->curve, curve, sizeof(head->curve));
    seal(builder);
}

enum wd_status wd_model_builder_write(struct wd_model_builder *builder, const char *path,
                                      struct wd_error *error)
{
    char aside[4096];
    (void)snprintf(aside, sizeof(aside), "%s.new", path);
    seal(builder);
    FILE *file = fopen(aside, "wb");
    bool ok = file && fwrite(builder->bytes, 1, builder->len, file) == builder->len;
    ok = file && fclose(file) == 0 && ok;
    if (!ok || rename(aside, path) != 0)
        return wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
    return WD_OK;
}
