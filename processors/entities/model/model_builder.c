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
#include <zstd.h>

enum { WORD_OF_CORPUS_MIN = 2 }; /* a word that the lexicon lacks enters when seen so often */

/* A hash table while it grows: key, and a value of ours. */
struct entry {
    uint64_t key;
    uint32_t mark; /* when the table is being written */
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

/* In steps of the model's; halves away from zero. */
static void read_vector(struct table *table, struct entry *entry, char *numbers, uint32_t step)
{
    int8_t *vector = table->vectors + (size_t)table->vector_count * WD_MODEL_VECTOR;
    long whole = step;
    for (int k = 0; k < WD_MODEL_VECTOR; k++) {
        long number = strtol(numbers, &numbers, 10);
        long steps = (labs(number) + whole / 2) / whole;
        steps = steps * whole > INT8_MAX ? INT8_MAX / whole : steps;
        vector[k] = (int8_t)(number < 0 ? -steps : steps);
    }
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
            read_vector(table, entry, numbers, sizes->vector_step);
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
        hash = wd_tagger_mix(
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

/* ---- into the sections' form ---- */

static bool is_wanted(const struct entry *entry, bool words)
{
    return entry->key != 0 && (!words || entry->line != 0 || cased_of(entry) != 0);
}

static int by_mark(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    if (left->mark != right->mark)
        return left->mark < right->mark ? -1 : 1;
    return left->key < right->key ? -1 : left->key > right->key;
}

/* Brings what is kept to the front of the table, by marks; of words with one mark the first is kept. */
static uint32_t sort_entries(struct table *table, bool words)
{
    size_t count = 0;
    for (size_t k = 0; k < (size_t)1 << table->capacity_bits; k++) {
        struct entry *entry = &table->entries[k];
        if (!is_wanted(entry, words))
            continue;
        entry->mark = wd_model_mark(entry->key);
        table->entries[count++] = *entry;
    }
    qsort(table->entries, count, sizeof(*table->entries), by_mark);
    uint32_t kept = 0;
    for (size_t k = 0; k < count; k++) {
        if (kept == 0 || table->entries[kept - 1].mark != table->entries[k].mark)
            table->entries[kept++] = table->entries[k];
    }
    return kept;
}

static void put_gaps(uint8_t *planes, const struct entry *entries, size_t count)
{
    uint32_t before = 0;
    for (size_t k = 0; k < count; k++) {
        for (size_t byte = 0; byte < WD_MODEL_GAP_BYTES; byte++)
            planes[byte * count + k] = (uint8_t)((entries[k].mark - before) >> (8 * byte));
        before = entries[k].mark;
    }
}

static void put_words(struct wd_model_builder *builder, const struct table *words)
{
    size_t count = builder->head.word_count;
    int8_t *vectors = builder->sections[WD_MODEL_VECTORS];
    uint8_t *gaps = builder->sections[WD_MODEL_WORDS];
    uint8_t *rest = gaps + WD_MODEL_GAP_BYTES * count;
    put_gaps(gaps, words->entries, count);
    for (size_t k = 0; k < count; k++) {
        const struct entry *entry = &words->entries[k];
        rest[k] = (uint8_t)entry->word.cluster;
        rest[count + k] = (uint8_t)(entry->word.cluster >> 8);
        rest[2 * count + k] = entry->word.rank;
        rest[3 * count + k] = cased_of(entry);
        if (entry->word.vector == 0)
            continue;
        rest[3 * count + k] |= WD_MODEL_HAS_VECTOR;
        memcpy(vectors, words->vectors + (entry->word.vector - (size_t)1) * WD_MODEL_VECTOR,
               WD_MODEL_VECTOR);
        vectors += WD_MODEL_VECTOR;
    }
}

static void put_phrases(struct wd_model_builder *builder, const struct table *phrases)
{
    size_t count = builder->head.phrase_count;
    uint8_t *gaps = builder->sections[WD_MODEL_PHRASES];
    uint8_t *bits = gaps + WD_MODEL_GAP_BYTES * count;
    put_gaps(gaps, phrases->entries, count);
    for (size_t k = 0; k < count; k++) {
        bits[k] = (uint8_t)phrases->entries[k].bits;
        bits[count + k] = (uint8_t)(phrases->entries[k].bits >> 8);
    }
}

static enum wd_status lay_out(struct wd_model_builder *builder, struct table *words,
                              struct table *phrases, const struct wd_model_sizes *sizes)
{
    struct wd_model_head *head = &builder->head;
    *head = (struct wd_model_head){
        .version = WD_MODEL_VERSION,
        .cell_bits = sizes->cell_bits,
        .row_step = sizes->row_step,
        .word_count = sort_entries(words, true),
        .phrase_count = sort_entries(phrases, false),
        .vector_step = sizes->vector_step,
        .scale = 96.0F,
    };
    memcpy(head->magic, wd_model_magic, sizeof(head->magic));
    for (uint32_t k = 0; k < head->word_count; k++)
        head->vector_count += words->entries[k].word.vector != 0;
    for (int i = 0; i < WD_MODEL_CURVE; i++)
        head->curve[i] = (float)i / (WD_MODEL_CURVE - 1);
    for (int section = 0; section < WD_MODEL_SECTIONS; section++) {
        builder->sections[section] =
            calloc(1, wd_model_section_size(head, (enum wd_model_section)section) + 1);
        if (!builder->sections[section])
            return WD_NO_MEMORY;
    }
    put_words(builder, words);
    put_phrases(builder, phrases);
    return WD_OK;
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
    if (status == WD_OK)
        status = wd_model_builder_pack(builder, WD_MODEL_PACK_FAST, NULL);
    free(words.entries);
    free(words.vectors);
    free(phrases.entries);
    free(lexicon_bytes);
    free(lists_bytes);
    return status;
}

void wd_model_builder_finish(struct wd_model_builder *builder)
{
    for (int section = 0; section < WD_MODEL_SECTIONS; section++)
        free(builder->sections[section]);
    free(builder->bytes);
    wd_tagger_model_finish(&builder->model);
    *builder = (struct wd_model_builder){0};
}

/* ---- what was learnt ---- */

static int32_t rounded(float value, float scale, int32_t most)
{
    long whole = lrintf(value * scale);
    return (int32_t)(whole > most ? most : whole < -most ? -most : whole);
}

static bool round_all(int8_t *out, const float *values, size_t count, float scale, int32_t most)
{
    bool any = false;
    for (size_t k = 0; k < count; k++) {
        out[k] = (int8_t)rounded(values[k], scale, most);
        any = any || out[k] != 0;
    }
    return any;
}

void wd_model_builder_set_rows(struct wd_model_builder *builder, const struct wd_model_rows *rows)
{
    struct wd_model_head *head = &builder->head;
    int32_t most = INT8_MAX / (int32_t)head->row_step;
    float scale = head->scale / (float)head->row_step;
    free(builder->sections[WD_MODEL_ROWS]);
    int8_t *out = malloc(((size_t)rows->count + 1) * WD_MODEL_LANES);
    if (!out)
        abort(); /* a program for the desk: nothing to save */
    builder->sections[WD_MODEL_ROWS] = out;
    uint8_t *bitmap = builder->sections[WD_MODEL_CELLS];
    memset(bitmap, 0, wd_model_section_size(head, WD_MODEL_CELLS));
    head->row_count = 0;
    for (uint32_t k = 0; k < rows->count; k++) {
        if (!round_all(out, rows->weights + (size_t)k * WD_MODEL_LANES, WD_MODEL_LANES, scale,
                       most))
            continue;
        bitmap[rows->cells[k] / 8] |= (uint8_t)(1u << rows->cells[k] % 8);
        out += WD_MODEL_LANES;
        head->row_count++;
    }
    for (size_t k = 0; k < (size_t)WD_MODEL_LABELS * WD_MODEL_LABELS; k++)
        head->transitions[k] =
            (int16_t)rounded(rows->transitions[k], head->scale, WD_MODEL_STEP_MAX);
}

void wd_model_builder_set_hidden(struct wd_model_builder *builder, const struct wd_network *network)
{
    struct wd_model_network *out = builder->sections[WD_MODEL_NETWORK];
    for (size_t h = 0; h < WD_MODEL_HIDDEN; h++) {
        const float *in = network->units + h * WD_NETWORK_INPUTS;
        for (size_t at = 0; at < WD_MODEL_WINDOW; at++, in += WD_MODEL_INPUTS)
            (void)round_all(out->words[at][h], in, WD_MODEL_INPUTS, WD_HIDDEN_WEIGHT_ONE, INT8_MAX);
        for (size_t bag = 0; bag < WD_MODEL_BAGS; bag++, in += WD_MODEL_VECTOR)
            (void)round_all(out->bags[bag][h], in, WD_MODEL_VECTOR, WD_HIDDEN_WEIGHT_ONE, INT8_MAX);
        (void)round_all(out->output[h], network->output + h * WD_MODEL_LANES, WD_MODEL_LANES,
                        WD_HIDDEN_OUTPUT_ONE, INT8_MAX);
        out->bias[h] = rounded(network->bias[h], WD_HIDDEN_ONE, 100 * WD_HIDDEN_ONE);
    }
}

void wd_model_builder_set_curve(struct wd_model_builder *builder, const float curve[WD_MODEL_CURVE])
{
    memcpy(builder->head.curve, curve, sizeof(builder->head.curve));
}

/* ---- the file ---- */

/* One section at the end of `builder->bytes`; false: Zstandard has no memory. */
static bool pack_section(struct wd_model_builder *builder, enum wd_model_section section, int level)
{
    size_t size = wd_model_section_size(&builder->head, section);
    size_t room = ZSTD_compressBound(size);
    char *grown = realloc(builder->bytes, builder->len + room);
    if (!grown)
        return false;
    builder->bytes = grown;
    size_t packed = size == 0 ? 0
                              : ZSTD_compress(grown + builder->len, room,
                                              builder->sections[section], size, level);
    if (ZSTD_isError(packed))
        return false;
    builder->head.packed[section] = (uint32_t)packed;
    builder->len += packed;
    return true;
}

enum wd_status wd_model_builder_pack(struct wd_model_builder *builder, int level,
                                     struct wd_error *error)
{
    struct wd_model_head *head = &builder->head;
    builder->len = sizeof(*head);
    for (int section = 0; section < WD_MODEL_SECTIONS; section++) {
        if (!pack_section(builder, (enum wd_model_section)section, level))
            return wd_error_set(error, WD_NO_MEMORY, "no memory to pack the model");
    }
    head->bytes = builder->len;
    memcpy(builder->bytes, head, sizeof(*head));
    struct wd_slice bytes = wd_slice_make(builder->bytes, builder->len);
    head->checksum = wd_model_checksum(bytes);
    memcpy(builder->bytes, head, sizeof(*head));
    wd_tagger_model_finish(&builder->model);
    return wd_tagger_model_read(bytes, &builder->model, error);
}

enum wd_status wd_model_builder_write(const struct wd_model_builder *builder, const char *path,
                                      struct wd_error *error)
{
    char aside[4096];
    (void)snprintf(aside, sizeof(aside), "%s.new", path);
    FILE *file = fopen(aside, "wb");
    bool ok = file && fwrite(builder->bytes, 1, builder->len, file) == builder->len;
    ok = file && fclose(file) == 0 && ok;
    if (!ok || rename(aside, path) != 0)
        return wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
    return WD_OK;
}
