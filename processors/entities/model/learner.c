#include "learner.h"

#include "clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LANES ((size_t)WD_MODEL_LANES)
#define LABELS ((size_t)WD_MODEL_LABELS)
#define INPUTS ((size_t)WD_MODEL_INPUTS)

enum wd_status wd_learner_init(struct wd_learner *learner, uint32_t cell_bits, bool has_network)
{
    memset(learner, 0, sizeof(*learner));
    if (wd_examples_init(&learner->examples, cell_bits, has_network) != WD_OK ||
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
    wd_examples_finish(&learner->examples);
    wd_network_finish(&learner->network);
    memset(learner, 0, sizeof(*learner));
}

void wd_learner_reset(struct wd_learner *learner, uint32_t seed)
{
    wd_examples_clear(&learner->examples);
    wd_network_reset(&learner->network, seed);
    forget_rows(learner);
    memset(learner->transitions, 0, sizeof(learner->transitions));
    memset(learner->transition_squares, 0, sizeof(learner->transition_squares));
}

/* The cells that are seen often enough get a row each. */
static void find_rows(struct wd_learner *learner, uint32_t row_min)
{
    learner->cells = wd_examples_find_rows(&learner->examples, row_min, &learner->cell_count);
    size_t rows = (size_t)learner->cell_count + 1;
    learner->table = aligned_alloc(128, rows * sizeof(*learner->table));
    learner->weights = calloc(rows * LANES, sizeof(float));
    if (!learner->table || !learner->weights)
        abort(); /* a program for the desk: nothing to save */
    memset(learner->table, 0, rows * sizeof(*learner->table));
}

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
    return (struct view){learner->examples.rows + token->rows + skip, token->row_count - skip,
                         learner->examples.rows + token->story_rows,
                         story ? token->story_count : 0};
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
    const struct wd_example_token *tokens = learner->examples.tokens + example->begin;
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
        uint8_t label = learner->examples.tokens[example->begin + i].label;
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
    const struct wd_example_token *tokens = learner->examples.tokens + example->begin;
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
        view.words[at] = learner->examples.inputs + token->words[at] * INPUTS;
    for (int bag = 0; bag < WD_MODEL_BAGS; bag++)
        view.bags[bag] = learner->examples.inputs + token->bags[bag] * INPUTS;
    return view;
}

/* Scores of all tokens, with what is left out this time. `network`: the example's tokens there. */
static void score_example(struct wd_learner *learner, struct step *step,
                          const struct wd_example *example,
                          const struct wd_learner_options *options,
                          const struct wd_network_token *network)
{
    const struct wd_example_token *tokens = learner->examples.tokens + example->begin;
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
    const struct wd_example_token *token = learner->examples.tokens + example->begin;
    for (uint32_t i = 0; i < example->count; i++, token++) {
        uint32_t count = token->row_count + token->story_count; /* the story's lie behind */
        for (uint32_t k = 0; k < count; k++) {
            const struct wd_learner_row *row =
                &learner->table[learner->examples.rows[token->rows + k]];
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
    for (size_t k = 0; k < count && learner->examples.has_network; k++) {
        const struct wd_example *example = &learner->examples.items[order[k]];
        for (size_t i = 0; i < example->count; i++) {
            struct wd_network_view view =
                look(learner, &learner->examples.tokens[example->begin + i]);
            wd_network_add(&learner->network, &view);
        }
    }
    if (learner->examples.has_network)
        wd_network_score(&learner->network);
    struct wd_network_token *network =
        learner->examples.has_network ? learner->network.tokens : NULL;
    for (size_t k = 0; k < count; k++) {
        const struct wd_example *example = &learner->examples.items[order[k]];
        if (k + 1 < count)
            prefetch(learner, &learner->examples.items[order[k + 1]]);
        cost += (double)learn(learner, step, example, options, network);
        network = network ? network + example->count : NULL;
    }
    if (learner->examples.has_network)
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
    uint32_t *order = calloc(learner->examples.count + 1, sizeof(*order));
    if (!order)
        abort();
    for (size_t k = 0; k < learner->examples.count; k++)
        order[k] = (uint32_t)k;
    find_rows(learner, options->row_min);
    find_pairs(learner, &step);
    for (uint32_t epoch = 0; epoch < options->epochs; epoch++) {
        double cost = 0.0;
        shuffle(order, learner->examples.count, &step.random);
        for (size_t k = 0; k < learner->examples.count; k += WD_NETWORK_BATCH) {
            size_t left = learner->examples.count - k;
            size_t count = left < WD_NETWORK_BATCH ? left : WD_NETWORK_BATCH;
            cost += learn_batch(learner, &step, order + k, count, options);
        }
        if (log)
            (void)fprintf(log, "  epoch %u: %.4f nats a candidate, %.1f s of processor time\n",
                          epoch + 1, cost / (double)(learner->examples.token_count + 1),
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
