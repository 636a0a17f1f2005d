#include "tagger_decode.h"

#include "clones.h"
#include "wd_assert.h"

#include <math.h>

/* As sizes, not ints: they are offsets too. */
#define TYPES ((size_t)WD_MODEL_TYPES)
#define O_COLUMN (2 * (size_t)WD_MODEL_TYPES) /* of O among the labels that may stand after */

enum {
    CLOSED = WD_DECODE_CLOSED,
    OPENING = WD_DECODE_OPENING,
    BEGIN = 1, /* the first label of each part */
    INSIDE = 1 + WD_MODEL_TYPES,
    LAST = 1 + 2 * WD_MODEL_TYPES,
    SINGLE = 1 + 3 * WD_MODEL_TYPES,
    NEVER = -(1 << 24) /* a score that nothing makes good; sums of it stay far from overflow */
};

bool wd_label_follows(uint32_t from, uint32_t to)
{
    bool open = from >= BEGIN && from < LAST;
    bool goes_on = to >= INSIDE && to < SINGLE;
    if (open != goes_on)
        return false;
    return !open || wd_label_type(from) == wd_label_type(to);
}

/* Place of a label among those that may stand before: O, last, single. */
static uint32_t closed_index(uint32_t label)
{
    return label == WD_LABEL_O ? 0 : label - LAST + 1;
}

/* And among those that may stand after: begin, single, O. */
static uint32_t opening_index(uint32_t label)
{
    if (label == WD_LABEL_O)
        return 2 * WD_MODEL_TYPES;
    return label < INSIDE ? label - BEGIN : label - SINGLE + WD_MODEL_TYPES;
}

int32_t *wd_decode_step_at(struct wd_decode_steps *steps, uint32_t from, uint32_t to)
{
    if (!wd_label_follows(from, to))
        return NULL;
    if (from >= BEGIN && from < LAST)
        return &steps->open[wd_label_part(from)][to >= LAST][wd_label_type(to)];
    return &steps->closed[closed_index(from)][opening_index(to)];
}

float *wd_decode_odds_at(struct wd_decode_odds *odds, uint32_t from, uint32_t to)
{
    if (!wd_label_follows(from, to))
        return NULL;
    if (from >= BEGIN && from < LAST)
        return &odds->open[wd_label_part(from)][to >= LAST][wd_label_type(to)];
    return &odds->closed[closed_index(from)][opening_index(to)];
}

/* ---- the best row ---- */

/* The labels' scores up to a token. */
struct trellis {
    int32_t closed[CLOSED]; /* O, last, single */
    int32_t begin[TYPES];
    int32_t inside[TYPES];
};

/* A score and where it came from in one number: the larger wins, then the earlier label. */
static inline int32_t pack(int32_t score, int32_t from)
{
    return score * 16 + (15 - from);
}

static inline int32_t packed_from(int32_t packed)
{
    return 15 - (packed & 15);
}

/* Labels by closed_index. */
static const uint8_t closed_labels[16] = {0,      LAST,       LAST + 1,   LAST + 2,  LAST + 3,
                                          SINGLE, SINGLE + 1, SINGLE + 2, SINGLE + 3};

/* Half of the labels that may open: one AVX2 register. */
static inline void best_half(const struct trellis *trellis, const struct wd_decode_steps *steps,
                             size_t from, int32_t best[OPENING])
{
    int32_t row[OPENING / 2];
    for (size_t j = 0; j < OPENING / 2; j++)
        row[j] = pack(trellis->closed[0] + steps->closed[0][from + j], 0);
#pragma GCC unroll 8
    for (int k = 1; k < CLOSED; k++) {
        for (size_t j = 0; j < OPENING / 2; j++) {
            int32_t at = pack(trellis->closed[k] + steps->closed[k][from + j], k);
            row[j] = at > row[j] ? at : row[j];
        }
    }
    memcpy(best + from, row, sizeof(row));
}

/* A number for each type: one register. */
typedef int32_t quad __attribute__((vector_size(4 * sizeof(int32_t))));
typedef int16_t quad16 __attribute__((vector_size(4 * sizeof(int16_t))));
_Static_assert(WD_MODEL_TYPES == 4, "a quad has one number for each type");

static inline quad load_quad(const int32_t *from)
{
    quad values;
    memcpy(&values, from, sizeof(values));
    return values;
}

static inline quad load_scores(const int16_t *from)
{
    quad16 values;
    memcpy(&values, from, sizeof(values));
    return __builtin_convertvector(values, quad);
}

static inline void store_quad(int32_t *to, quad values)
{
    memcpy(to, &values, sizeof(values));
}

/* The better way to go on with a name of each type, and the label before. */
static inline quad better(quad from_begin, quad from_inside, int32_t *from)
{
    const quad types = {0, 1, 2, 3};
    quad begins = from_begin >= from_inside;
    store_quad(from, types + ((begins & BEGIN) | (~begins & INSIDE)));
    return (begins & from_begin) | (~begins & from_inside);
}

/* In `from`: the label before; for those that may only open, its place among the closed. */
static inline void viterbi_step(struct trellis *trellis, const int16_t *scores,
                                const struct wd_decode_steps *steps, int32_t *from)
{
    int32_t best[OPENING];
    best_half(trellis, steps, 0, best);
    best_half(trellis, steps, OPENING / 2, best);
    quad begin = load_quad(trellis->begin);
    quad within = load_quad(trellis->inside);
    int32_t *goes_on = from + INSIDE;
    quad inside = better(begin + load_quad(steps->open[0][0]),
                         within + load_quad(steps->open[1][0]), goes_on);
    goes_on = from + LAST;
    quad last = better(begin + load_quad(steps->open[0][1]), within + load_quad(steps->open[1][1]),
                       goes_on);
    quad opened = load_quad(best);
    quad single = load_quad(best + TYPES);
    store_quad(trellis->inside, inside + load_scores(scores + INSIDE - 1));
    store_quad(trellis->closed + 1, last + load_scores(scores + LAST - 1));
    store_quad(trellis->begin, (opened >> 4) + load_scores(scores + BEGIN - 1));
    store_quad(trellis->closed + 1 + TYPES, (single >> 4) + load_scores(scores + SINGLE - 1));
    store_quad(from + BEGIN, 15 - (opened & 15));
    store_quad(from + SINGLE, 15 - (single & 15));
    trellis->closed[0] = best[O_COLUMN] >> 4;
    from[WD_LABEL_O] = packed_from(best[O_COLUMN]);
}

/* What stood before `label`, of what viterbi_step wrote. */
static inline uint8_t label_before(uint8_t label, const int32_t *from)
{
    bool goes_on = label >= INSIDE && label < SINGLE;
    return goes_on ? (uint8_t)from[label] : closed_labels[from[label]];
}

WD_CLONES void wd_decode_best(const int16_t (*scores)[WD_MODEL_LANES], size_t count,
                              const struct wd_decode_steps *steps, struct wd_decode_cell *cells,
                              uint8_t *labels)
{
    WD_ASSERT(count > 0);
    struct trellis trellis;
    for (int k = 0; k < CLOSED; k++)
        trellis.closed[k] = k == 0 ? 0 : NEVER;
    for (size_t t = 0; t < TYPES; t++)
        trellis.begin[t] = trellis.inside[t] = NEVER;
    for (size_t i = 0; i < count; i++)
        viterbi_step(&trellis, scores[i], steps, cells[i].from);
    int32_t best = INT32_MIN;
    for (int k = 0; k < CLOSED; k++) {
        int32_t at = pack(trellis.closed[k] + steps->closed[k][O_COLUMN], k);
        best = at > best ? at : best;
    }
    uint8_t label = closed_labels[packed_from(best)];
    for (size_t i = count; i > 0; i--) {
        labels[i - 1] = label;
        label = label_before(label, cells[i - 1].from);
    }
}

/* ---- sums over all rows ---- */

typedef float floats __attribute__((vector_size(WD_MODEL_LANES * sizeof(float))));
typedef int32_t ints __attribute__((vector_size(WD_MODEL_LANES * sizeof(int32_t))));

/* wd_exp of 16 numbers that are at most 0, the same operations in the same order. */
static inline void exp_lanes(const floats *values, floats *powers)
{
    floats x = *values;
    ints low = x < -80.0F;
    ints bits;
    memcpy(&bits, &x, sizeof(bits));
    const floats lowest = {-80.0F, -80.0F, -80.0F, -80.0F, -80.0F, -80.0F, -80.0F, -80.0F,
                           -80.0F, -80.0F, -80.0F, -80.0F, -80.0F, -80.0F, -80.0F, -80.0F};
    ints lowest_bits;
    memcpy(&lowest_bits, &lowest, sizeof(lowest_bits));
    bits = (low & lowest_bits) | (~low & bits);
    memcpy(&x, &bits, sizeof(x));
    floats scaled = x * 1.44269504F;
    ints n = __builtin_convertvector(scaled - 0.5F, ints);
    floats f = (scaled - __builtin_convertvector(n, floats)) * 0.693147181F;
    floats high = 0.166666667F + f * (0.0416666667F + f * (0.00833333333F + f * 0.00138888889F));
    floats sum = 1.0F + f * (1.0F + f * (0.5F + f * high));
    ints exponent = (n + 127) << 23;
    floats power;
    memcpy(&power, &exponent, sizeof(power));
    *powers = sum * power;
}

WD_CLONES void wd_decode_local(const int16_t scores[WD_MODEL_LANES], float unit,
                               struct wd_decode_cell *cell)
{
    int32_t best = 0;
    float steps[WD_MODEL_LANES];
    for (size_t lane = 0; lane < WD_MODEL_LANES; lane++)
        best = scores[lane] > best ? scores[lane] : best;
    for (size_t lane = 0; lane < WD_MODEL_LANES; lane++)
        steps[lane] = (float)(scores[lane] - best) * unit;
    floats values;
    floats powers;
    memcpy(&values, steps, sizeof(values));
    exp_lanes(&values, &powers);
    cell->local[0] = wd_exp((float)-best * unit);
    memcpy(cell->local + 1, &powers, sizeof(powers));
}

static inline void closed_of(const float *values, float closed[CLOSED])
{
    closed[0] = values[WD_LABEL_O];
    for (int k = 1; k < CLOSED; k++)
        closed[k] = values[LAST + k - 1];
}

static inline void forward_step(struct wd_decode_cell *cell, const float *before,
                                const struct wd_decode_odds *odds)
{
    float closed[CLOSED];
    float into[OPENING] = {0.0F};
    float *forward = cell->forward;
    closed_of(before, closed);
    for (int k = 0; k < CLOSED; k++) {
        for (int j = 0; j < OPENING; j++)
            into[j] += closed[k] * odds->closed[k][j];
    }
    forward[WD_LABEL_O] = into[O_COLUMN];
    for (size_t t = 0; t < TYPES; t++) {
        forward[BEGIN + t] = into[t];
        forward[SINGLE + t] = into[TYPES + t];
        forward[INSIDE + t] =
            before[BEGIN + t] * odds->open[0][0][t] + before[INSIDE + t] * odds->open[1][0][t];
        forward[LAST + t] =
            before[BEGIN + t] * odds->open[0][1][t] + before[INSIDE + t] * odds->open[1][1][t];
    }
    float sum = 0.0F;
    for (int label = 0; label < WD_MODEL_LABELS; label++) {
        forward[label] *= cell->local[label];
        sum += forward[label];
    }
    cell->scale = sum;
    float inverse = sum > 0.0F ? 1.0F / sum : 0.0F;
    for (int label = 0; label < WD_MODEL_LABELS; label++)
        forward[label] *= inverse;
}

/* What comes after: `cell` is followed by `next`, which is complete. */
static inline void backward_step(struct wd_decode_cell *cell, const struct wd_decode_cell *next,
                                 const struct wd_decode_odds *odds)
{
    float ahead[WD_MODEL_LABELS];
    float opening[OPENING] = {0.0F};
    float inverse = 1.0F / next->scale;
    for (int label = 0; label < WD_MODEL_LABELS; label++)
        ahead[label] = next->local[label] * next->backward[label] * inverse;
    for (size_t t = 0; t < TYPES; t++) {
        opening[t] = ahead[BEGIN + t];
        opening[TYPES + t] = ahead[SINGLE + t];
        cell->backward[BEGIN + t] =
            odds->open[0][0][t] * ahead[INSIDE + t] + odds->open[0][1][t] * ahead[LAST + t];
        cell->backward[INSIDE + t] =
            odds->open[1][0][t] * ahead[INSIDE + t] + odds->open[1][1][t] * ahead[LAST + t];
    }
    opening[O_COLUMN] = ahead[WD_LABEL_O];
    for (int k = 0; k < CLOSED; k++) {
        float sum = 0.0F;
        for (size_t j = 0; j <= O_COLUMN; j++)
            sum += odds->closed[k][j] * opening[j];
        cell->backward[closed_labels[k]] = sum;
    }
}

WD_CLONES float wd_decode_sums(size_t count, const struct wd_decode_odds *odds,
                               struct wd_decode_cell *cells)
{
    WD_ASSERT(count > 0);
    float outside[WD_MODEL_LABELS] = {1.0F};
    float total = 0.0F;
    for (size_t i = 0; i < count; i++) {
        forward_step(&cells[i], i == 0 ? outside : cells[i - 1].forward, odds);
        if (!(cells[i].scale > 0.0F))
            return -INFINITY;
        total += logf(cells[i].scale);
    }
    struct wd_decode_cell *last = &cells[count - 1];
    float end = 0.0F;
    for (int k = 0; k < CLOSED; k++)
        end += last->forward[closed_labels[k]] * odds->closed[k][O_COLUMN];
    if (!(end > 0.0F))
        return -INFINITY;
    memset(last->backward, 0, sizeof(last->backward));
    for (int k = 0; k < CLOSED; k++)
        last->backward[closed_labels[k]] = odds->closed[k][O_COLUMN] / end;
    for (size_t i = count - 1; i > 0; i--)
        backward_step(&cells[i - 1], &cells[i], odds);
    return total + logf(end);
}

float wd_decode_probability(const struct wd_decode_cell *cells, const struct wd_decode_odds *odds,
                            size_t begin, size_t end, uint32_t type)
{
    WD_ASSERT(begin < end && type < TYPES);
    bool single = end - begin == 1;
    uint32_t to = opening_index(wd_label_make(type, single ? WD_LABEL_SINGLE : WD_LABEL_BEGIN));
    uint8_t label = wd_label_make(type, single ? WD_LABEL_SINGLE : WD_LABEL_BEGIN);
    float p = 0.0F;
    if (begin == 0)
        p = odds->closed[0][to];
    for (int k = 0; begin > 0 && k < CLOSED; k++)
        p += cells[begin - 1].forward[closed_labels[k]] * odds->closed[k][to];
    p *= cells[begin].local[label] / cells[begin].scale;
    for (size_t i = begin + 1; i < end; i++) {
        bool last = i + 1 == end;
        p *= odds->open[i > begin + 1][last][type];
        label = wd_label_make(type, last ? WD_LABEL_LAST : WD_LABEL_INSIDE);
        p *= cells[i].local[label] / cells[i].scale;
    }
    p *= cells[end - 1].backward[label];
    return p < 0.0F ? 0.0F : p > 1.0F ? 1.0F : p;
}
