#include "learner_examples.h"

#include "tagger_decode.h"
#include "tagger_hidden.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>

#define INPUTS ((size_t)WD_MODEL_INPUTS)

enum { INPUT_SLOTS = 1 << 20 };

enum wd_status wd_examples_init(struct wd_examples *examples, uint32_t cell_bits, bool has_network)
{
    *examples = (struct wd_examples){.cell_bits = cell_bits, .has_network = has_network};
    examples->input_keys = calloc(INPUT_SLOTS, sizeof(*examples->input_keys));
    examples->input_slots = calloc(INPUT_SLOTS, sizeof(*examples->input_slots));
    return examples->input_keys && examples->input_slots ? WD_OK : WD_NO_MEMORY;
}

void wd_examples_finish(struct wd_examples *examples)
{
    free(examples->items);
    free(examples->tokens);
    free(examples->rows);
    free(examples->inputs);
    free(examples->input_keys);
    free(examples->input_slots);
    memset(examples, 0, sizeof(*examples));
}

void wd_examples_clear(struct wd_examples *examples)
{
    examples->count = examples->token_count = examples->row_count = examples->input_count = 0;
    memset(examples->input_keys, 0, INPUT_SLOTS * sizeof(*examples->input_keys));
}

static void *more(void *array, size_t needed, size_t *capacity, size_t size)
{
    if (needed <= *capacity)
        return array;
    while (*capacity < needed)
        *capacity = *capacity ? *capacity * 2 : 65536;
    void *grown = realloc(array, *capacity * size);
    if (!grown)
        abort(); /* a program for the desk: nothing to save */
    return grown;
}

static void add_ids(struct wd_examples *examples, const uint64_t *ids, size_t count)
{
    examples->rows = more(examples->rows, examples->row_count + count, &examples->row_capacity,
                          sizeof(*examples->rows));
    for (size_t k = 0; k < count; k++)
        examples->rows[examples->row_count++] = (uint32_t)(ids[k] >> (64 - examples->cell_bits));
}

static int16_t *new_input(struct wd_examples *examples)
{
    examples->inputs = more(examples->inputs, (examples->input_count + 1) * INPUTS,
                            &examples->input_capacity, sizeof(*examples->inputs));
    return examples->inputs + examples->input_count++ * INPUTS;
}

static uint32_t input_of_word(struct wd_examples *examples, const struct wd_unit *unit,
                              const struct wd_unit_word *word)
{
    uint64_t key = word->key + 3 + (uint64_t)(word - unit->words < WD_UNIT_FIRST_WORD);
    size_t slot = (size_t)key % INPUT_SLOTS;
    while (examples->input_keys[slot] != 0 && examples->input_keys[slot] != key)
        slot = (slot + 1) % INPUT_SLOTS;
    if (examples->input_keys[slot] == 0) {
        WD_ASSERT(examples->input_count < INPUT_SLOTS / 2);
        examples->input_keys[slot] = key;
        examples->input_slots[slot] = (uint32_t)examples->input_count;
        wd_hidden_inputs(unit->model, word, new_input(examples));
    }
    return examples->input_slots[slot];
}

static uint32_t input_of_bag(struct wd_examples *examples, const struct wd_unit *unit,
                             uint32_t begin, uint32_t end)
{
    uint32_t index = (uint32_t)examples->input_count;
    wd_hidden_mean(unit, begin, end, new_input(examples));
    return index;
}

static void add_token(struct wd_examples *examples, const struct wd_unit *unit, uint32_t i,
                      uint32_t groups)
{
    uint64_t ids[WD_FEATURES_MAX];
    struct wd_example_token token = {.rows = examples->row_count};
    static const int distances[] = {0, -1, 1, -2, 2};
    for (int k = 0; k < 5; k++) {
        const struct wd_unit_word *word = wd_unit_word_at(unit, i, distances[k]);
        size_t count = wd_features_of_word(word, distances[k], groups, ids);
        add_ids(examples, ids, count);
        if (k == 0)
            token.identity_count = (groups & WD_FEATURES_WORDS) ? (word->capitals ? 1 : 2) : 0;
    }
    add_ids(examples, ids, wd_features_of_place(unit, i, groups, ids));
    token.row_count = (uint32_t)(examples->row_count - token.rows);
    token.story_rows = examples->row_count;
    add_ids(examples, ids, wd_features_of_story(unit, i, groups, ids));
    token.story_count = (uint32_t)(examples->row_count - token.story_rows);
    examples->tokens = more(examples->tokens, examples->token_count + 1, &examples->token_capacity,
                            sizeof(*examples->tokens));
    for (int at = 0; at < WD_MODEL_WINDOW && examples->has_network; at++)
        token.words[at] =
            input_of_word(examples, unit, wd_unit_word_at(unit, i, at - WD_UNIT_REACH));
    examples->tokens[examples->token_count++] = token;
}

/* Labels that fit together within the run: a name that reaches out of it is none. */
static void copy_labels(struct wd_example_token *tokens, const uint8_t *labels, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++)
        tokens[k].label = labels[k];
    uint8_t before = WD_LABEL_O;
    uint32_t begin = 0;
    for (uint32_t k = 0; k <= count; k++) {
        uint8_t label = k < count ? tokens[k].label : (uint8_t)WD_LABEL_O;
        if (!wd_label_follows(before, label)) {
            for (uint32_t j = begin; j < k; j++)
                tokens[j].label = WD_LABEL_O;
            bool opens = label == WD_LABEL_O || wd_label_part(label) == WD_LABEL_BEGIN ||
                         wd_label_part(label) == WD_LABEL_SINGLE;
            if (k < count && !opens)
                tokens[k].label = label = WD_LABEL_O;
        }
        if (label == WD_LABEL_O || wd_label_part(label) == WD_LABEL_BEGIN ||
            wd_label_part(label) == WD_LABEL_SINGLE)
            begin = k;
        before = label;
    }
}

/* One run of candidates from token `begin`; returns where it ends. */
static uint32_t add_run(struct wd_examples *examples, const struct wd_unit *unit, uint32_t begin,
                        const struct wd_lesson *lesson)
{
    struct wd_example example = {
        .begin = (uint32_t)examples->token_count, .weight = lesson->weight, .open = lesson->open};
    uint32_t i = begin;
    for (; i < unit->count && unit->tokens[i].candidate &&
           unit->tokens[i].sentence == unit->tokens[begin].sentence;
         i++)
        add_token(examples, unit, i, lesson->groups);
    example.count = i - begin;
    const struct wd_unit_sentence *sentence = &unit->sentences[unit->tokens[begin].sentence];
    uint32_t bags[WD_MODEL_BAGS] = {0, lesson->story_bag};
    if (examples->has_network)
        bags[0] = input_of_bag(examples, unit, sentence->begin, sentence->end);
    for (uint32_t k = 0; k < example.count; k++)
        memcpy(examples->tokens[example.begin + k].bags, bags, sizeof(bags));
    copy_labels(examples->tokens + example.begin, lesson->labels + begin, example.count);
    examples->items =
        more(examples->items, examples->count + 1, &examples->capacity, sizeof(*examples->items));
    examples->items[examples->count++] = example;
    return i;
}

void wd_examples_add_unit(struct wd_examples *examples, const struct wd_unit *unit,
                          const struct wd_lesson *lesson)
{
    struct wd_lesson whole = *lesson;
    if (examples->has_network)
        whole.story_bag = input_of_bag(examples, unit, 0, unit->count);
    for (uint32_t i = 0; i < unit->count;)
        i = unit->tokens[i].candidate ? add_run(examples, unit, i, &whole) : i + 1;
}

/* How many tokens each cell speaks about; no further than a byte. */
static uint8_t *count_cells(const struct wd_examples *examples)
{
    uint8_t *counts = calloc((size_t)1 << examples->cell_bits, 1);
    if (!counts)
        abort(); /* a program for the desk: nothing to save */
    for (size_t k = 0; k < examples->row_count; k++) {
        uint8_t *count = &counts[examples->rows[k]];
        if (*count < UINT8_MAX)
            ++*count;
    }
    return counts;
}

/* The cells that are seen often enough, in order; `row_of` gets cell -> row + 1. */
static uint32_t *choose_cells(const struct wd_examples *examples, uint32_t row_min,
                              uint32_t *row_of, uint32_t *count)
{
    size_t all = (size_t)1 << examples->cell_bits;
    uint8_t *counts = count_cells(examples);
    uint32_t *cells = calloc(all, sizeof(*cells));
    if (!cells)
        abort();
    *count = 0;
    for (size_t cell = 0; cell < all; cell++) {
        if (counts[cell] < row_min)
            continue;
        cells[(*count)++] = (uint32_t)cell;
        row_of[cell] = *count;
    }
    free(counts);
    return cells;
}

/* Moves `count` cells from `from` to `to` as their rows; returns how many have one. */
static uint32_t keep_rows(struct wd_examples *examples, const uint32_t *row_of, uint64_t from,
                          uint32_t count, uint64_t to)
{
    uint32_t kept = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t row = row_of[examples->rows[from + k]];
        if (row > 0)
            examples->rows[to + kept++] = row - 1;
    }
    return kept;
}

uint32_t *wd_examples_find_rows(struct wd_examples *examples, uint32_t row_min, uint32_t *count)
{
    uint32_t *row_of = calloc((size_t)1 << examples->cell_bits, sizeof(*row_of));
    if (!row_of)
        abort();
    uint32_t *cells = choose_cells(examples, row_min, row_of, count);
    uint64_t to = 0;
    for (size_t i = 0; i < examples->token_count; i++) {
        struct wd_example_token *token = &examples->tokens[i];
        uint64_t from = token->rows;
        uint32_t names = token->identity_count;
        token->rows = to;
        token->identity_count = keep_rows(examples, row_of, from, names, to);
        to += token->identity_count;
        token->row_count = token->identity_count +
                           keep_rows(examples, row_of, from + names, token->row_count - names, to);
        to = token->rows + token->row_count;
        from = token->story_rows;
        token->story_rows = to;
        token->story_count = keep_rows(examples, row_of, from, token->story_count, to);
        to += token->story_count;
    }
    examples->row_count = to;
    free(row_of);
    return cells;
}
