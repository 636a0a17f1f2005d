#include "learner.h"

#include "clones.h"
#include "tagger_hidden.h"
#include "wd_assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LANES ((size_t)WD_MODEL_LANES)
#define LABELS ((size_t)WD_MODEL_LABELS)
#define INPUTS ((size_t)WD_MODEL_INPUTS)

enum { INPUT_SLOTS = 1 << 20 };

enum wd_status wd_learner_init(struct wd_learner *learner, uint32_t cell_bits, bool has_network)
{
    memset(learner, 0, sizeof(*learner));
    learner->cell_bits = cell_bits;
    learner->has_network = has_network;
    learner->input_keys = calloc(INPUT_SLOTS, sizeof(*learner->input_keys));
    learner->input_slots = calloc(INPUT_SLOTS, sizeof(*learner->input_slots));
    if (!learner->input_keys || !learner->input_slots ||
        wd_network_init(&learner->network) != WD_OK) {
        wd_learner_finish(learner);
        return WD_NO_MEMORY;
    }
    wd_learner_reset(learner, 0);
    return WD_OK;
}

static void forget_rows(struct wd_learner *learner)
{
    free(learner->cells);
    free(learner->weights);
    free(learner->table);
    learner->cells = NULL;
    learner->weights = NULL;
    learner->table = NULL;
    learner->cell_count = 0;
}

void wd_learner_finish(struct wd_learner *learner)
{
    forget_rows(learner);
    free(learner->examples);
    free(learner->tokens);
    free(learner->rows);
    free(learner->inputs);
    free(learner->input_keys);
    free(learner->input_slots);
    wd_network_finish(&learner->network);
    memset(learner, 0, sizeof(*learner));
}

void wd_learner_reset(struct wd_learner *learner, uint32_t seed)
{
    learner->example_count = learner->token_count = learner->row_count = learner->input_count = 0;
    memset(learner->input_keys, 0, INPUT_SLOTS * sizeof(*learner->input_keys));
    wd_network_reset(&learner->network, seed);
    forget_rows(learner);
    memset(learner->transitions, 0, sizeof(learner->transitions));
    memset(learner->transition_squares, 0, sizeof(learner->transition_squares));
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

/* ---- examples ---- */

static void add_ids(struct wd_learner *learner, const uint64_t *ids, size_t count)
{
    learner->rows = more(learner->rows, learner->row_count + count, &learner->row_capacity,
                         sizeof(*learner->rows));
    for (size_t k = 0; k < count; k++)
        learner->rows[learner->row_count++] = (uint32_t)(ids[k] >> (64 - learner->cell_bits));
}

static int16_t *new_input(struct wd_learner *learner)
{
    learner->inputs = more(learner->inputs, (learner->input_count + 1) * INPUTS,
                           &learner->input_capacity, sizeof(*learner->inputs));
    return learner->inputs + learner->input_count++ * INPUTS;
}

static uint32_t input_of_word(struct wd_learner *learner, const struct wd_unit *unit,
                              const struct wd_unit_word *word)
{
    uint64_t key = word->key + 3 + (uint64_t)(word - unit->words < WD_UNIT_FIRST_WORD);
    size_t slot = (size_t)key % INPUT_SLOTS;
    while (learner->input_keys[slot] != 0 && learner->input_keys[slot] != key)
        slot = (slot + 1) % INPUT_SLOTS;
    if (learner->input_keys[slot] == 0) {
        WD_ASSERT(learner->input_count < INPUT_SLOTS / 2);
        learner->input_keys[slot] = key;
        learner->input_slots[slot] = (uint32_t)learner->input_count;
        wd_hidden_inputs(unit->model, word, new_input(learner));
    }
    return learner->input_slots[slot];
}

static uint32_t input_of_bag(struct wd_learner *learner, const struct wd_unit *unit, uint32_t begin,
                             uint32_t end)
{
    uint32_t index = (uint32_t)learner->input_count;
    wd_hidden_mean(unit, begin, end, new_input(learner));
    return index;
}

static void add_token(struct wd_learner *learner, const struct wd_unit *unit, uint32_t i,
                      uint32_t groups)
{
    uint64_t ids[WD_FEATURES_MAX];
    struct wd_example_token token = {.rows = learner->row_count};
    static const int distances[] = {0, -1, 1, -2, 2};
    for (int k = 0; k < 5; k++) {
        const struct wd_unit_word *word = wd_unit_word_at(unit, i, distances[k]);
        size_t count = wd_features_of_word(word, distances[k], groups, ids);
        add_ids(learner, ids, count);
        if (k == 0)
            token.identity_count = (groups & WD_FEATURES_WORDS) ? (word->capitals ? 1 : 2) : 0;
    }
    add_ids(learner, ids, wd_features_of_place(unit, i, groups, ids));
    token.row_count = (uint32_t)(learner->row_count - token.rows);
    token.story_rows = learner->row_count;
    add_ids(learner, ids, wd_features_of_story(unit, i, groups, ids));
    token.story_count = (uint32_t)(learner->row_count - token.story_rows);
    learner->tokens = more(learner->tokens, learner->token_count + 1, &learner->token_capacity,
                           sizeof(*learner->tokens));
    for (int at = 0; at < WD_MODEL_WINDOW && learner->has_network; at++)
        token.words[at] =
            input_of_word(learner, unit, wd_unit_word_at(unit, i, at - WD_UNIT_REACH));
    learner->tokens[learner->token_count++] = token;
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
static uint32_t add_run(struct wd_learner *learner, const struct wd_unit *unit, uint32_t begin,
                        const struct wd_lesson *lesson)
{
    struct wd_example example = {
        .begin = (uint32_t)learner->token_count, .weight = lesson->weight, .open = lesson->open};
    uint32_t i = begin;
    for (; i < unit->count && unit->tokens[i].candidate &&
           unit->tokens[i].sentence == unit->tokens[begin].sentence;
         i++)
        add_token(learner, unit, i, lesson->groups);
    example.count = i - begin;
    const struct wd_unit_sentence *sentence = &unit->sentences[unit->tokens[begin].sentence];
    uint32_t bags[WD_MODEL_BAGS] = {0, lesson->story_bag};
    if (learner->has_network)
        bags[0] = input_of_bag(learner, unit, sentence->begin, sentence->end);
    for (uint32_t k = 0; k < example.count; k++)
        memcpy(learner->tokens[example.begin + k].bags, bags, sizeof(bags));
    copy_labels(learner->tokens + example.begin, lesson->labels + begin, example.count);
    learner->examples = more(learner->examples, learner->example_count + 1,
                             &learner->example_capacity, sizeof(*learner->examples));
    learner->examples[learner->example_count++] = example;
    return i;
}

void wd_learner_add_unit(struct wd_learner *learner, const struct wd_unit *unit,
                         const struct wd_lesson *lesson)
{
    struct wd_lesson whole = *lesson;
    if (learner->has_network)
        whole.story_bag = input_of_bag(learner, unit, 0, unit->count);
    for (uint32_t i = 0; i < unit->count;)
        i = unit->tokens[i].candidate ? add_run(learner, unit, i, &whole) : i + 1;
}

/* ---- rows ---- */

/* How many tokens each cell speaks about; no further than a byte. */
static uint8_t *count_cells(const struct wd_learner *learner)
{
    uint8_t *counts = calloc((size_t)1 << learner->cell_bits, 1);
    if (!counts)
        abort(); /* a program for the desk: nothing to save */
    for (size_t k = 0; k < learner->row_count; k++) {
        uint8_t *count = &counts[learner->rows[k]];
        if (*count < UINT8_MAX)
            ++*count;
    }
    return counts;
}

/* The cells that are seen often enough get a row each; returns cell -> row + 1. */
static uint32_t *choose_cells(struct wd_learner *learner, uint32_t row_min)
{
    size_t all = (size_t)1 << learner->cell_bits;
    uint8_t *counts = count_cells(learner);
    uint32_t *row_of = calloc(all, sizeof(*row_of));
    learner->cells = calloc(all, sizeof(*learner->cells));
    if (!row_of || !learner->cells)
        abort();
    for (size_t cell = 0; cell < all; cell++) {
        if (counts[cell] < row_min)
            continue;
        learner->cells[learner->cell_count++] = (uint32_t)cell;
        row_of[cell] = learner->cell_count;
    }
    free(counts);
    size_t rows = (size_t)learner->cell_count + 1;
    learner->table = aligned_alloc(128, rows * sizeof(*learner->table));
    learner->weights = calloc(rows * LANES, sizeof(float));
    if (!learner->table || !learner->weights)
        abort();
    memset(learner->table, 0, rows * sizeof(*learner->table));
    return row_of;
}

/* Moves `count` cells from `from` to `to` as their rows; returns how many have one. */
static uint32_t keep_rows(struct wd_learner *learner, const uint32_t *row_of, uint64_t from,
                          uint32_t count, uint64_t to)
{
    uint32_t kept = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t row = row_of[learner->rows[from + k]];
        if (row > 0)
            learner->rows[to + kept++] = row - 1;
    }
    return kept;
}

static void find_rows(struct wd_learner *learner, uint32_t row_min)
{
    uint32_t *row_of = choose_cells(learner, row_min);
    uint64_t to = 0;
    for (size_t i = 0; i < learner->token_count; i++) {
        struct wd_example_token *token = &learner->tokens[i];
        uint64_t from = token->rows;
        uint32_t names = token->identity_count;
        token->rows = to;
        token->identity_count = keep_rows(learner, row_of, from, names, to);
        to += token->identity_count;
        token->row_count = token->identity_count +
                           keep_rows(learner, row_of, from + names, token->row_count - names, to);
        to = token->rows + token->row_count;
        from = token->story_rows;
        token->story_rows = to;
        token->story_count = keep_rows(learner, row_of, from, token->story_count, to);
        to += token->story_count;
    }
    learner->row_count = to;
    free(row_of);
}

/* ---- one step ---- */

/* Rows that count this time. */
struct view {
    const uint32_t *rows;
    uint32_t count;
    const uint32_t *story;
    uint32_t story_count;
};

/* A label after another that may stand there. */
struct pair {
    uint32_t from;
    uint32_t to;
    float *odds;
};

struct step {
    struct wd_decode_cell *cells;
    float (*scores)[WD_MODEL_LANES];
    float (*gradients)[WD_MODEL_LANES];
    struct view *views;
    struct wd_decode_odds odds;
    struct pair pairs[LABELS * LABELS];
    size_t pair_count;
    float transition_gradients[LABELS * LABELS];
    size_t capacity;
    uint64_t random;
};

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * UINT64_C(0x2545F4914F6CDD1D);
}

static float random_share(uint64_t *state)
{
    return (float)(random_next(state) >> 40) / 16777216.0F;
}

static inline void add_row(const float *restrict row, float *restrict sums)
{
    for (size_t lane = 0; lane < LANES; lane++)
        sums[lane] += row[lane];
}

static struct view view_of(const struct wd_learner *learner, const struct wd_example_token *token,
                           bool story, bool identity)
{
    uint32_t skip = identity ? 0 : token->identity_count;
    return (struct view){learner->rows + token->rows + skip, token->row_count - skip,
                         learner->rows + token->story_rows, story ? token->story_count : 0};
}

static WD_CLONES void score(const struct wd_learner *learner, struct view view, float scores[LANES])
{
    memset(scores, 0, LANES * sizeof(float));
    for (uint32_t k = 0; k < view.count; k++)
        add_row(learner->table[view.rows[k]].weights, scores);
    for (uint32_t k = 0; k < view.story_count; k++)
        add_row(learner->table[view.story[k]].weights, scores);
}

/* exp of the scores, of the allowed labels. */
static void fill_local(const float scores[LANES], uint32_t allowed, struct wd_decode_cell *cell)
{
    float best = 0.0F;
    for (size_t lane = 0; lane < LANES; lane++)
        best = scores[lane] > best ? scores[lane] : best;
    cell->local[0] = allowed & 1u ? wd_exp(-best) : 0.0F;
    for (size_t lane = 0; lane < LANES; lane++)
        cell->local[1 + lane] = allowed >> (1 + lane) & 1u ? wd_exp(scores[lane] - best) : 0.0F;
}

static void add_pairs(struct step *step, const struct wd_decode_cell *before,
                      const struct wd_decode_cell *cell, float sign)
{
    float ahead[LABELS];
    for (size_t to = 0; to < LABELS; to++)
        ahead[to] = sign / cell->scale * cell->local[to] * cell->backward[to];
    for (size_t k = 0; k < step->pair_count; k++) {
        const struct pair *pair = &step->pairs[k];
        step->transition_gradients[pair->from * LABELS + pair->to] +=
            before->forward[pair->from] * *pair->odds * ahead[pair->to];
    }
}

/* Adds `sign` times the expected counts. */
static void add_expected(struct step *step, size_t count, float sign)
{
    const struct wd_decode_cell *cells = step->cells;
    for (size_t i = 0; i < count; i++) {
        for (size_t lane = 0; lane < LANES; lane++)
            step->gradients[i][lane] +=
                sign * cells[i].forward[1 + lane] * cells[i].backward[1 + lane];
    }
    for (size_t i = 1; i < count; i++)
        add_pairs(step, &cells[i - 1], &cells[i], sign);
    for (uint32_t label = 0; label < LABELS; label++) {
        step->transition_gradients[label] +=
            sign * cells[0].forward[label] * cells[0].backward[label];
        step->transition_gradients[label * LABELS] +=
            sign * cells[count - 1].forward[label] * cells[count - 1].backward[label];
    }
}

static void subtract_gold(struct step *step, const struct wd_example_token *tokens, size_t count)
{
    uint8_t before = WD_LABEL_O;
    for (size_t i = 0; i < count; i++) {
        uint8_t label = tokens[i].label;
        if (label != WD_LABEL_O)
            step->gradients[i][label - 1] -= 1.0F;
        step->transition_gradients[before * LABELS + label] -= 1.0F;
        before = label;
    }
    step->transition_gradients[before * LABELS] -= 1.0F;
}

static float gold_score(const struct wd_learner *learner, const struct step *step,
                        const struct wd_example *example)
{
    const struct wd_example_token *tokens = learner->tokens + example->begin;
    float sum = 0.0F;
    uint8_t before = WD_LABEL_O;
    for (size_t i = 0; i < example->count; i++) {
        uint8_t label = tokens[i].label;
        if (label != WD_LABEL_O)
            sum += step->scores[i][label - 1];
        sum += learner->transitions[before * LABELS + label];
        before = label;
    }
    return sum + learner->transitions[before * LABELS];
}

static float sum_allowed(struct step *step, const struct wd_learner *learner,
                         const struct wd_example *example, bool all)
{
    float taken = 0.0F;
    for (size_t i = 0; i < example->count; i++) {
        uint8_t label = learner->tokens[example->begin + i].label;
        uint32_t allowed = (1u << LABELS) - 1;
        if (!all)
            allowed = 1u << label | (label == WD_LABEL_O ? example->open : 0);
        float best = 0.0F;
        for (size_t lane = 0; lane < LANES; lane++)
            best = step->scores[i][lane] > best ? step->scores[i][lane] : best;
        taken += best;
        fill_local(step->scores[i], allowed, &step->cells[i]);
    }
    return taken + wd_decode_sums(example->count, &step->odds, step->cells);
}

/* Fills the gradients of one example; returns what it costs, in nats. */
static float differentiate(struct step *step, const struct wd_learner *learner,
                           const struct wd_example *example)
{
    const struct wd_example_token *tokens = learner->tokens + example->begin;
    memset(step->gradients, 0, example->count * sizeof(*step->gradients));
    memset(step->transition_gradients, 0, sizeof(step->transition_gradients));
    float all = sum_allowed(step, learner, example, true);
    add_expected(step, example->count, 1.0F);
    if (example->open == 0) {
        subtract_gold(step, tokens, example->count);
        return all - gold_score(learner, step, example);
    }
    float right = sum_allowed(step, learner, example, false);
    add_expected(step, example->count, -1.0F);
    return all - right;
}

static inline void update_row(struct wd_learner_row *restrict row, const float *restrict gradient,
                              float rate)
{
    for (size_t lane = 0; lane < LANES; lane++) {
        float g = gradient[lane];
        row->squares[lane] += g * g;
        row->weights[lane] -= rate * g / (sqrtf(row->squares[lane]) + 1e-4F);
    }
}

static void update_transitions(struct wd_learner *learner, struct step *step, float weight,
                               float rate)
{
    for (size_t k = 0; k < step->pair_count; k++) {
        const struct pair *pair = &step->pairs[k];
        uint32_t at = pair->from * WD_MODEL_LABELS + pair->to;
        float g = step->transition_gradients[at] * weight;
        if (g == 0.0F)
            continue;
        learner->transition_squares[at] += g * g;
        learner->transitions[at] -= rate * g / (sqrtf(learner->transition_squares[at]) + 1e-4F);
        *pair->odds = wd_exp(learner->transitions[at]);
    }
}

static WD_CLONES void update_token(struct wd_learner *learner, struct view view,
                                   const float *gradient, float rate)
{
    for (uint32_t k = 0; k < view.count; k++)
        update_row(&learner->table[view.rows[k]], gradient, rate);
    for (uint32_t k = 0; k < view.story_count; k++)
        update_row(&learner->table[view.story[k]], gradient, rate);
}

static void make_room(struct step *step, size_t count)
{
    if (count <= step->capacity)
        return;
    step->capacity = count;
    step->cells = realloc(step->cells, count * sizeof(*step->cells));
    step->scores = realloc(step->scores, count * sizeof(*step->scores));
    step->gradients = realloc(step->gradients, count * sizeof(*step->gradients));
    step->views = realloc(step->views, count * sizeof(*step->views));
    if (!step->views || !step->cells || !step->scores || !step->gradients)
        abort();
}

static struct wd_network_view look(const struct wd_learner *learner,
                                   const struct wd_example_token *token)
{
    struct wd_network_view view;
    for (int at = 0; at < WD_MODEL_WINDOW; at++)
        view.words[at] = learner->inputs + token->words[at] * INPUTS;
    for (int bag = 0; bag < WD_MODEL_BAGS; bag++)
        view.bags[bag] = learner->inputs + token->bags[bag] * INPUTS;
    return view;
}

/* Scores of all tokens, with what is left out this time. `network`: the example's tokens there. */
static void score_example(struct wd_learner *learner, struct step *step,
                          const struct wd_example *example,
                          const struct wd_learner_options *options,
                          const struct wd_network_token *network)
{
    const struct wd_example_token *tokens = learner->tokens + example->begin;
    bool story = random_share(&step->random) >= options->story_dropout;
    make_room(step, example->count);
    for (size_t i = 0; i < example->count; i++) {
        bool identity = random_share(&step->random) >= options->word_dropout;
        step->views[i] = view_of(learner, &tokens[i], story, identity);
        score(learner, step->views[i], step->scores[i]);
        if (network)
            add_row(network[i].scores, step->scores[i]);
    }
}

/* One example's step; leaves the network's part of the gradient with its tokens. */
static float learn(struct wd_learner *learner, struct step *step, const struct wd_example *example,
                   const struct wd_learner_options *options, struct wd_network_token *network)
{
    score_example(learner, step, example, options, network);
    float cost = differentiate(step, learner, example);
    for (size_t i = 0; i < example->count; i++) {
        float largest = 0.0F;
        for (size_t lane = 0; lane < LANES; lane++) {
            step->gradients[i][lane] *= example->weight;
            float size = fabsf(step->gradients[i][lane]);
            largest = size > largest ? size : largest;
        }
        if (largest <= 1e-4F)
            continue;
        update_token(learner, step->views[i], step->gradients[i], options->rate);
        if (network)
            memcpy(network[i].gradient, step->gradients[i], sizeof(network[i].gradient));
    }
    update_transitions(learner, step, example->weight, options->rate);
    return cost;
}

/* Rows lie far apart: the next example's are fetched while this one is worked on. */
static void prefetch(const struct wd_learner *learner, const struct wd_example *example)
{
    const struct wd_example_token *token = learner->tokens + example->begin;
    for (uint32_t i = 0; i < example->count; i++, token++) {
        uint32_t count = token->row_count + token->story_count; /* the story's lie behind */
        for (uint32_t k = 0; k < count; k++) {
            const struct wd_learner_row *row = &learner->table[learner->rows[token->rows + k]];
            __builtin_prefetch(row->weights, 1);
            __builtin_prefetch(row->squares, 1);
        }
    }
}

/* Some examples, between two steps of the network. */
static double learn_batch(struct wd_learner *learner, struct step *step, const uint32_t *order,
                          size_t count, const struct wd_learner_options *options)
{
    double cost = 0.0;
    for (size_t k = 0; k < count && learner->has_network; k++) {
        const struct wd_example *example = &learner->examples[order[k]];
        for (size_t i = 0; i < example->count; i++) {
            struct wd_network_view view = look(learner, &learner->tokens[example->begin + i]);
            wd_network_add(&learner->network, &view);
        }
    }
    if (learner->has_network)
        wd_network_score(&learner->network);
    struct wd_network_token *network = learner->has_network ? learner->network.tokens : NULL;
    for (size_t k = 0; k < count; k++) {
        const struct wd_example *example = &learner->examples[order[k]];
        if (k + 1 < count)
            prefetch(learner, &learner->examples[order[k + 1]]);
        cost += (double)learn(learner, step, example, options, network);
        network = network ? network + example->count : NULL;
    }
    if (learner->has_network)
        wd_network_learn(&learner->network, options->network_rate);
    return cost;
}

static void find_pairs(const struct wd_learner *learner, struct step *step)
{
    for (uint32_t at = 0; at < WD_MODEL_LABELS * WD_MODEL_LABELS; at++) {
        struct pair pair = {at / WD_MODEL_LABELS, at % WD_MODEL_LABELS, NULL};
        pair.odds = wd_decode_odds_at(&step->odds, pair.from, pair.to);
        if (!pair.odds)
            continue;
        *pair.odds = wd_exp(learner->transitions[at]);
        step->pairs[step->pair_count++] = pair;
    }
}

static void shuffle(uint32_t *order, size_t count, uint64_t *state)
{
    for (size_t k = count; k > 1; k--) {
        size_t j = (size_t)(random_next(state) % k);
        uint32_t kept = order[k - 1];
        order[k - 1] = order[j];
        order[j] = kept;
    }
}

void wd_learner_train(struct wd_learner *learner, const struct wd_learner_options *options,
                      FILE *log)
{
    struct step step = {.random = UINT64_C(88172645463325252) + options->seed};
    uint32_t *order = malloc((learner->example_count + 1) * sizeof(*order));
    if (!order)
        abort();
    for (size_t k = 0; k < learner->example_count; k++)
        order[k] = (uint32_t)k;
    find_rows(learner, options->row_min);
    find_pairs(learner, &step);
    for (uint32_t epoch = 0; epoch < options->epochs; epoch++) {
        double cost = 0.0;
        shuffle(order, learner->example_count, &step.random);
        for (size_t k = 0; k < learner->example_count; k += WD_NETWORK_BATCH) {
            size_t left = learner->example_count - k;
            size_t count = left < WD_NETWORK_BATCH ? left : WD_NETWORK_BATCH;
            cost += learn_batch(learner, &step, order + k, count, options);
        }
        if (log)
            (void)fprintf(log, "  epoch %u: %.4f nats a candidate, %.1f s of processor time\n",
                          epoch + 1, cost / (double)(learner->token_count + 1),
                          (double)clock() / CLOCKS_PER_SEC);
    }
    for (size_t row = 0; row < learner->cell_count; row++)
        memcpy(learner->weights + row * LANES, learner->table[row].weights, LANES * sizeof(float));
    free(order);
    free(step.cells);
    free(step.scores);
    free(step.gradients);
    free(step.views);
}
