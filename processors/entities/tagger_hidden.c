#include "tagger_hidden.h"

#include "clones.h"

#include <stdlib.h>

#define HIDDEN ((size_t)WD_MODEL_HIDDEN)
#define INPUTS ((size_t)WD_MODEL_INPUTS)
#define VECTOR ((size_t)WD_MODEL_VECTOR)
#define LANES ((size_t)WD_MODEL_LANES)
#define WINDOW ((size_t)WD_MODEL_WINDOW)

struct wd_hidden {
    const struct wd_tagger_model *model;
    bool on;
    int32_t output_divisor; /* from products of unit and output to scores */
    int32_t bias[WD_MODEL_HIDDEN];
    int16_t output[WD_MODEL_LANES][WD_MODEL_HIDDEN]; /* a lane's weights lie together */
    int16_t words[WD_MODEL_WINDOW][WD_MODEL_HIDDEN][WD_MODEL_INPUTS];
    int16_t bags[WD_MODEL_BAGS][WD_MODEL_HIDDEN][WD_MODEL_VECTOR];
};

static void widen(int16_t *out, const int8_t *in, size_t count)
{
    for (size_t k = 0; k < count; k++)
        out[k] = (int16_t)in[k]; /* NOLINT(bugprone-signed-char-misuse): numbers, not text */
}

struct wd_hidden *wd_hidden_create(const struct wd_tagger_model *model)
{
    struct wd_hidden *hidden = calloc(1, sizeof(*hidden));
    if (!hidden)
        return NULL;
    hidden->model = model;
    hidden->on = model->head->vector_count > 0;
    if (!hidden->on)
        return hidden;
    hidden->output_divisor = (int32_t)(WD_HIDDEN_ONE * WD_HIDDEN_OUTPUT_ONE / model->head->scale);
    memcpy(hidden->bias, model->hidden_bias, sizeof(hidden->bias));
    for (size_t k = 0; k < HIDDEN * LANES; k++)
        hidden->output[k % LANES][k / LANES] =
            (int16_t)model->output[k]; /* NOLINT(bugprone-signed-char-misuse) */
    widen(&hidden->words[0][0][0], model->hidden, WINDOW * HIDDEN * INPUTS);
    widen(&hidden->bags[0][0][0], model->bags, WD_MODEL_BAGS * HIDDEN * VECTOR);
    return hidden;
}

void wd_hidden_destroy(struct wd_hidden *hidden)
{
    free(hidden);
}

bool wd_hidden_is_on(const struct wd_hidden *hidden)
{
    return hidden->on;
}

void wd_hidden_inputs(const struct wd_tagger_model *model, const struct wd_unit_word *word,
                      int16_t inputs[WD_MODEL_INPUTS])
{
    memset(inputs, 0, INPUTS * sizeof(*inputs));
    if (word->vector > 0)
        widen(inputs, model->vectors + (word->vector - 1) * VECTOR, VECTOR);
    bool upper = (word->word.flags & WD_WORD_UPPER) != 0;
    int16_t *flags = inputs + VECTOR;
    flags[0] = upper && !word->capitals ? WD_HIDDEN_INPUT_ONE : 0;
    flags[1] = word->capitals ? WD_HIDDEN_INPUT_ONE : 0;
    flags[2] = word->word.flags & WD_WORD_DIGIT ? WD_HIDDEN_INPUT_ONE : 0;
    flags[3] = word->vector > 0 ? WD_HIDDEN_INPUT_ONE : 0;
    for (size_t kind = 0; kind < WD_LIST_KINDS; kind++)
        flags[4 + kind] = word->kinds >> kind & 1u ? WD_HIDDEN_INPUT_ONE : 0;
}

static inline void add_vector(int32_t sums[WD_MODEL_VECTOR], const int8_t *vector)
{
    for (size_t k = 0; k < VECTOR; k++)
        sums[k] += vector[k];
}

WD_CLONES void wd_hidden_mean(const struct wd_unit *unit, uint32_t begin, uint32_t end,
                              int16_t mean[WD_MODEL_VECTOR])
{
    int32_t sums[WD_MODEL_VECTOR] = {0};
    int32_t count = 0;
    for (uint32_t i = begin; i < end; i++) {
        const struct wd_unit_word *word = &unit->words[unit->tokens[i].word];
        if (word->vector == 0 || word->rank < WD_HIDDEN_RANK_MIN)
            continue;
        add_vector(sums, unit->model->vectors + (word->vector - 1) * VECTOR);
        count++;
    }
    int32_t divisor = count > 0 ? count : 1;
    for (size_t k = 0; k < VECTOR; k++) {
        int32_t at = sums[k] * WD_HIDDEN_MEAN_GAIN / divisor;
        mean[k] = (int16_t)(at > 127 ? 127 : at < -127 ? -127 : at);
    }
}

static inline int32_t dot(const int16_t *restrict a, const int16_t *restrict b, size_t count)
{
    int32_t sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += (int32_t)a[k] * b[k];
    return sum;
}

/* From products of weight and input to parts of WD_HIDDEN_ONE. No sum is too large: 112 products of
 * at most 127 times 127, divided by 127. */
static inline int32_t rescale(int32_t sum)
{
    return sum / (WD_HIDDEN_WEIGHT_ONE * WD_HIDDEN_INPUT_ONE / WD_HIDDEN_ONE);
}

WD_CLONES void wd_hidden_word(const struct wd_hidden *hidden, struct wd_unit_word *word)
{
    int16_t inputs[WD_MODEL_INPUTS];
    wd_hidden_inputs(hidden->model, word, inputs);
    for (size_t at = 0; at < WINDOW; at++) {
        for (size_t h = 0; h < HIDDEN; h++)
            word->hidden[at][h] = (int16_t)rescale(dot(hidden->words[at][h], inputs, INPUTS));
    }
    word->hidden_ready = true;
}

WD_CLONES void wd_hidden_bag(const struct wd_hidden *hidden, uint32_t which,
                             const int16_t mean[WD_MODEL_VECTOR], int32_t sums[WD_MODEL_HIDDEN])
{
    for (size_t h = 0; h < HIDDEN; h++)
        sums[h] += rescale(dot(hidden->bags[which][h], mean, VECTOR));
}

/* The units' values, of the words' parts and the bags; rectified. */
static inline void sum_units(const struct wd_hidden *hidden, struct wd_unit *unit, uint32_t i,
                             const int32_t bags[WD_MODEL_HIDDEN], int16_t on[WD_MODEL_HIDDEN])
{
    int32_t sums[WD_MODEL_HIDDEN];
    for (size_t h = 0; h < HIDDEN; h++)
        sums[h] = bags[h] + hidden->bias[h];
    for (int distance = -WD_UNIT_REACH; distance <= WD_UNIT_REACH; distance++) {
        size_t index = (size_t)(wd_unit_word_at(unit, i, distance) - unit->words);
        struct wd_unit_word *word = &unit->words[index];
        if (!word->hidden_ready)
            wd_hidden_word(hidden, word);
        const int16_t *part = word->hidden[distance + WD_UNIT_REACH];
        for (size_t h = 0; h < HIDDEN; h++)
            sums[h] += part[h];
    }
    for (size_t h = 0; h < HIDDEN; h++) {
        int32_t most = sums[h] > WD_HIDDEN_MOST ? WD_HIDDEN_MOST : sums[h];
        on[h] = (int16_t)(most < 0 ? 0 : most);
    }
}

WD_CLONES void wd_hidden_score(const struct wd_hidden *hidden, struct wd_unit *unit, uint32_t i,
                               const int32_t bags[WD_MODEL_HIDDEN], int16_t scores[WD_MODEL_LANES])
{
    int16_t on[WD_MODEL_HIDDEN];
    sum_units(hidden, unit, i, bags, on);
    for (size_t lane = 0; lane < LANES; lane++) {
        int32_t more = dot(hidden->output[lane], on, HIDDEN) / hidden->output_divisor;
        more = more > WD_HIDDEN_SCORE_MOST ? WD_HIDDEN_SCORE_MOST : more;
        more = more < -WD_HIDDEN_SCORE_MOST ? -WD_HIDDEN_SCORE_MOST : more;
        scores[lane] = (int16_t)(scores[lane] + more);
    }
}
