#include "tagger_hidden.h"

#include "clones.h"

#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define HIDDEN ((size_t)WD_MODEL_HIDDEN)
#define INPUTS ((size_t)WD_MODEL_INPUTS)
#define VECTOR ((size_t)WD_MODEL_VECTOR)
#define LANES ((size_t)WD_MODEL_LANES)
#define WINDOW ((size_t)WD_MODEL_WINDOW)

/* Adds to each of `sums` what a row of inputs gives it. The weights lie as the AVX2 instruction wants
 * them: for each pair of inputs, two for every sum. Into the units pairs of zeros are passed over: words
 * without a vector have little else. Into the lanes they are not: there nobody can foresee them. */
typedef void multiply(const int16_t *weights, const int16_t *inputs, size_t pairs, int32_t *sums);

_Static_assert(WD_MODEL_INPUTS % 2 == 0 && WD_MODEL_VECTOR % 2 == 0 && WD_MODEL_HIDDEN % 8 == 0 &&
                   WD_MODEL_LANES % 8 == 0,
               "inputs go in pairs, sums in registers");
_Static_assert(WD_MODEL_LANES != WD_MODEL_HIDDEN, "they are told apart by their number");

struct wd_hidden {
    const struct wd_tagger_model *model;
    bool on;
    int32_t output_divisor; /* from products of unit and output to scores */
    int32_t bias[WD_MODEL_HIDDEN];
    multiply *into_units;
    multiply *into_lanes;
    int16_t output[WD_MODEL_HIDDEN / 2][WD_MODEL_LANES][2];
    int16_t words[WD_MODEL_WINDOW][WD_MODEL_INPUTS / 2][WD_MODEL_HIDDEN][2];
    int16_t bags[WD_MODEL_BAGS][WD_MODEL_VECTOR / 2][WD_MODEL_HIDDEN][2];
};

static inline void multiply_plain(const int16_t *weights, const int16_t *inputs, size_t pairs,
                                  size_t count, int32_t *sums)
{
    for (size_t pair = 0; pair < pairs; pair++) {
        int32_t a = inputs[2 * pair];
        int32_t b = inputs[2 * pair + 1];
        if (a == 0 && b == 0 && count == HIDDEN)
            continue;
        const int16_t *row = weights + pair * count * 2;
        for (size_t k = 0; k < count; k++)
            sums[k] += row[2 * k] * a + row[2 * k + 1] * b;
    }
}

static void units_plain(const int16_t *weights, const int16_t *inputs, size_t pairs, int32_t *sums)
{
    multiply_plain(weights, inputs, pairs, HIDDEN, sums);
}

static void lanes_plain(const int16_t *weights, const int16_t *inputs, size_t pairs, int32_t *sums)
{
    multiply_plain(weights, inputs, pairs, LANES, sums);
}

#if defined(__x86_64__)
/* The compiler makes no use of vpmaddwd here by itself. */
__attribute__((target("avx2"), always_inline)) static inline void
multiply_avx2(const int16_t *weights, const int16_t *inputs, size_t pairs, size_t count,
              int32_t *sums)
{
    __m256i total[HIDDEN / 8];
    for (size_t k = 0; k < count / 8; k++)
        total[k] = _mm256_loadu_si256((const __m256i *)(const void *)(sums + 8 * k));
    for (size_t pair = 0; pair < pairs; pair++) {
        int32_t both = 0;
        memcpy(&both, inputs + 2 * pair, sizeof(both));
        if (both == 0 && count == HIDDEN)
            continue;
        const int16_t *row = weights + pair * count * 2;
        __m256i in = _mm256_set1_epi32(both);
        for (size_t k = 0; k < count / 8; k++) {
            __m256i weight = _mm256_loadu_si256((const __m256i *)(const void *)(row + 16 * k));
            total[k] = _mm256_add_epi32(total[k], _mm256_madd_epi16(weight, in));
        }
    }
    for (size_t k = 0; k < count / 8; k++)
        _mm256_storeu_si256((__m256i *)(void *)(sums + 8 * k), total[k]);
}

__attribute__((target("avx2"))) static void
units_avx2(const int16_t *weights, const int16_t *inputs, size_t pairs, int32_t *sums)
{
    multiply_avx2(weights, inputs, pairs, HIDDEN, sums);
}

__attribute__((target("avx2"))) static void
lanes_avx2(const int16_t *weights, const int16_t *inputs, size_t pairs, int32_t *sums)
{
    multiply_avx2(weights, inputs, pairs, LANES, sums);
}
#endif

void wd_hidden_make_plain(struct wd_hidden *hidden)
{
    hidden->into_units = units_plain;
    hidden->into_lanes = lanes_plain;
}

static void choose_multiply(struct wd_hidden *hidden)
{
    wd_hidden_make_plain(hidden);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        hidden->into_units = units_avx2;
        hidden->into_lanes = lanes_avx2;
    }
#endif
}

static void widen(int16_t *out, const int8_t *in, size_t count)
{
    for (size_t k = 0; k < count; k++)
        out[k] = (int16_t)in[k]; /* NOLINT(bugprone-signed-char-misuse): numbers, not text */
}

/* From a row of weights for each unit to a row for each pair of inputs. */
static void pair_up(int16_t *out, const int8_t *in, size_t inputs)
{
    for (size_t h = 0; h < HIDDEN; h++) {
        for (size_t k = 0; k < inputs; k++)
            out[(k / 2 * HIDDEN + h) * 2 + k % 2] =
                (int16_t)in[h * inputs + k]; /* NOLINT(bugprone-signed-char-misuse): numbers */
    }
}

struct wd_hidden *wd_hidden_create(const struct wd_tagger_model *model)
{
    struct wd_hidden *hidden = calloc(1, sizeof(*hidden));
    if (!hidden)
        return NULL;
    const struct wd_model_network *network = model->network;
    hidden->model = model;
    hidden->on = model->head.vector_count > 0;
    if (!hidden->on)
        return hidden;
    hidden->output_divisor = (int32_t)(WD_HIDDEN_ONE * WD_HIDDEN_OUTPUT_ONE / model->head.scale);
    memcpy(hidden->bias, model->network->bias, sizeof(hidden->bias));
    choose_multiply(hidden);
    for (size_t h = 0; h < HIDDEN; h++) {
        for (size_t lane = 0; lane < LANES; lane++)
            hidden->output[h / 2][lane][h % 2] =
                (int16_t)network->output[h][lane]; /* NOLINT(bugprone-signed-char-misuse) */
    }
    for (size_t place = 0; place < WINDOW; place++)
        pair_up(&hidden->words[place][0][0][0], &network->words[place][0][0], INPUTS);
    for (size_t bag = 0; bag < WD_MODEL_BAGS; bag++)
        pair_up(&hidden->bags[bag][0][0][0], &network->bags[bag][0][0], VECTOR);
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

static inline bool is_telling(const struct wd_unit_word *word)
{
    return word->vector > 0 && word->rank >= WD_HIDDEN_RANK_MIN;
}

/* Sums of the tokens' vectors, at most 256 tokens: then 16 bits are enough. */
static inline int32_t add_vectors(const struct wd_unit *unit, uint32_t begin, uint32_t end,
                                  int32_t sums[WD_MODEL_VECTOR])
{
    int16_t part[WD_MODEL_VECTOR] = {0};
    int32_t count = 0;
    for (uint32_t i = begin; i < end; i++) {
        const struct wd_unit_word *word = &unit->words[unit->tokens[i].word];
        if (!is_telling(word))
            continue;
        const int8_t *vector = unit->model->vectors + (word->vector - 1) * VECTOR;
        for (size_t k = 0; k < VECTOR; k++)
            part[k] = (int16_t)(part[k] + vector[k]);
        count++;
    }
    for (size_t k = 0; k < VECTOR; k++)
        sums[k] += part[k];
    return count;
}

WD_CLONES void wd_hidden_sum(const struct wd_unit *unit, uint32_t begin, uint32_t end,
                             struct wd_hidden_sums *sums)
{
    memset(sums, 0, sizeof(*sums));
    for (uint32_t from = begin; from < end; from += 256)
        sums->count += add_vectors(unit, from, end - from < 256 ? end : from + 256, sums->values);
}

/* Whole numbers are divided in double precision: four at a time, where the processor has no whole-number
 * division for more than one. The quotient of two 32-bit numbers is cut to the same whole number, for it
 * is none itself or lies at least 2^-32 of itself from the next one. */
WD_CLONES void wd_hidden_mean_of(const struct wd_hidden_sums *sums, int16_t mean[WD_MODEL_VECTOR])
{
    double divisor = sums->count > 0 ? sums->count : 1;
    for (size_t k = 0; k < VECTOR; k++) {
        int32_t at = (int32_t)((double)(sums->values[k] * WD_HIDDEN_MEAN_GAIN) / divisor);
        mean[k] = (int16_t)(at > 127 ? 127 : at < -127 ? -127 : at);
    }
}

void wd_hidden_mean(const struct wd_unit *unit, uint32_t begin, uint32_t end,
                    int16_t mean[WD_MODEL_VECTOR])
{
    struct wd_hidden_sums sums;
    wd_hidden_sum(unit, begin, end, &sums);
    wd_hidden_mean_of(&sums, mean);
}

/* From products of weight and input to parts of WD_HIDDEN_ONE. No sum is too large: 112 products of
 * at most 127 times 127, divided by 127. */
static inline int32_t rescale(int32_t sum)
{
    return sum / (WD_HIDDEN_WEIGHT_ONE * WD_HIDDEN_INPUT_ONE / WD_HIDDEN_ONE);
}

/* The word's part for tokens that have it at `place` of their window. */
static void read_part(const struct wd_hidden *hidden, struct wd_unit_word *word, size_t place)
{
    int16_t inputs[WD_MODEL_INPUTS];
    int32_t sums[WD_MODEL_HIDDEN] = {0};
    wd_hidden_inputs(hidden->model, word, inputs);
    hidden->into_units(&hidden->words[place][0][0][0], inputs, INPUTS / 2, sums);
    for (size_t h = 0; h < HIDDEN; h++)
        word->hidden[place][h] = (int16_t)rescale(sums[h]);
    word->hidden_ready |= (uint8_t)(1u << place);
}

void wd_hidden_bag(const struct wd_hidden *hidden, uint32_t which,
                   const int16_t mean[WD_MODEL_VECTOR], int32_t sums[WD_MODEL_HIDDEN])
{
    int32_t products[WD_MODEL_HIDDEN] = {0};
    hidden->into_units(&hidden->bags[which][0][0][0], mean, VECTOR / 2, products);
    for (size_t h = 0; h < HIDDEN; h++)
        sums[h] += rescale(products[h]);
}

/* The units' values, of the words' parts and the bags; rectified. */
static inline void sum_units(const struct wd_hidden *hidden,
                             struct wd_unit_word *const window[WD_MODEL_WINDOW],
                             const int32_t bags[WD_MODEL_HIDDEN], int16_t on[WD_MODEL_HIDDEN])
{
    for (size_t place = 0; place < WINDOW; place++) {
        if (!(window[place]->hidden_ready & 1u << place))
            read_part(hidden, window[place], place);
    }
    for (size_t h = 0; h < HIDDEN; h++) {
        int32_t sum = bags[h] + hidden->bias[h];
        for (size_t place = 0; place < WINDOW; place++)
            sum += window[place]->hidden[place][h];
        sum = sum > WD_HIDDEN_MOST ? WD_HIDDEN_MOST : sum;
        on[h] = (int16_t)(sum < 0 ? 0 : sum);
    }
}

WD_CLONES void wd_hidden_score(const struct wd_hidden *hidden,
                               struct wd_unit_word *const window[WD_MODEL_WINDOW],
                               const int32_t bags[WD_MODEL_HIDDEN], int16_t scores[WD_MODEL_LANES])
{
    int16_t on[WD_MODEL_HIDDEN];
    sum_units(hidden, window, bags, on);
    int32_t products[WD_MODEL_LANES] = {0};
    hidden->into_lanes(&hidden->output[0][0][0], on, HIDDEN / 2, products);
    double divisor = hidden->output_divisor;
    for (size_t lane = 0; lane < LANES; lane++) {
        int32_t more = (int32_t)((double)products[lane] / divisor);
        more = more > WD_HIDDEN_SCORE_MOST ? WD_HIDDEN_SCORE_MOST : more;
        more = more < -WD_HIDDEN_SCORE_MOST ? -WD_HIDDEN_SCORE_MOST : more;
        scores[lane] = (int16_t)(scores[lane] + more);
    }
}
