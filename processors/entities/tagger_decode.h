/* tagger_decode.h - from scores of single tokens to the best row of labels and its probabilities.
 *
 * Why:    a label depends on the one before: "inside" never follows "outside".
 * Owns:   nothing.
 * Thread: any.
 * Limits: linear in the tokens. Before the first and after the last token stands O.
 * Source: Viterbi 1967; forward-backward with scaling after Rabiner 1989, section V.A. */
#ifndef WD_TAGGER_DECODE_H
#define WD_TAGGER_DECODE_H

#include "tagger_model.h"

#include <stdbool.h>
#include <string.h>

/* Parts of a name; label = 1 + part * WD_MODEL_TYPES + type: so labels of one part lie together. */
enum wd_label_part { WD_LABEL_BEGIN, WD_LABEL_INSIDE, WD_LABEL_LAST, WD_LABEL_SINGLE };
enum { WD_LABEL_O = 0 };

static inline uint8_t wd_label_make(uint32_t type, enum wd_label_part part)
{
    return (uint8_t)(1 + (uint32_t)part * WD_MODEL_TYPES + type);
}

static inline uint32_t wd_label_type(uint32_t label)
{
    return (label - 1) % WD_MODEL_TYPES;
}

static inline uint32_t wd_label_part(uint32_t label)
{
    return (label - 1) / WD_MODEL_TYPES;
}

/* Whether `to` may follow `from`. */
bool wd_label_follows(uint32_t from, uint32_t to);

/* exp(x), the same bits on every machine; relative error under 1e-6. Below -80 and above 80 as there. */
static inline float wd_exp(float x)
{
    x = x < -80.0F ? -80.0F : x;
    x = x > 80.0F ? 80.0F : x;
    /* 2^n * e^f with f between -ln(2)/2 and ln(2)/2; the polynomial is the series of e^f. */
    float scaled = x * 1.44269504F;
    int n = (int)(scaled + (scaled < 0 ? -0.5F : 0.5F));
    float f = (scaled - (float)n) * 0.693147181F;
    float high = 0.166666667F + f * (0.0416666667F + f * (0.00833333333F + f * 0.00138888889F));
    float sum = 1.0F + f * (1.0F + f * (0.5F + f * high));
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof(power));
    return sum * power;
}

enum {
    WD_DECODE_CLOSED = 9,  /* labels after which a name may begin: O, last, single */
    WD_DECODE_OPENING = 16 /* labels that may stand there: begin, single, O; and padding */
};

/* Scores of one label after another, and their exponentials, where the decoder wants them. */
struct wd_decode_steps {
    int32_t closed[WD_DECODE_CLOSED][WD_DECODE_OPENING];
    int32_t open[2][2][WD_MODEL_TYPES]; /* from begin or inside, to inside or last */
};
struct wd_decode_odds {
    float closed[WD_DECODE_CLOSED][WD_DECODE_OPENING];
    float open[2][2][WD_MODEL_TYPES];
};
/* Where the pair stands in either; NULL when `to` may not follow. */
int32_t *wd_decode_step_at(struct wd_decode_steps *steps, uint32_t from, uint32_t to);
float *wd_decode_odds_at(struct wd_decode_odds *odds, uint32_t from, uint32_t to);

/* Work space of one token. */
struct wd_decode_cell {
    int32_t from[WD_MODEL_LABELS];  /* the best label before each */
    float local[WD_MODEL_LABELS];   /* exp(score), of the best label 1 */
    float forward[WD_MODEL_LABELS]; /* of all rows so far that end here, scaled to sum 1 */
    float backward[WD_MODEL_LABELS];
    float scale; /* what `forward` was divided by */
};

/* The best row of labels for `count` tokens of 16 scores each (O scores 0). */
void wd_decode_best(const int16_t (*scores)[WD_MODEL_LANES], size_t count,
                    const struct wd_decode_steps *steps, struct wd_decode_cell *cells,
                    uint8_t *labels);

/* Fills `local` from 16 scores; `unit`: what one of their steps is in nats. The bits are wd_exp's. */
void wd_decode_local(const int16_t scores[WD_MODEL_LANES], float unit, struct wd_decode_cell *cell);

/* Fills forward and backward from `local`, which the caller has filled. Returns the logarithm of the
 * sum over all rows, less what the caller took out of `local`; -INFINITY when none is allowed. */
float wd_decode_sums(size_t count, const struct wd_decode_odds *odds, struct wd_decode_cell *cells);

/* Probability that a name of `type` is exactly tokens begin..end-1, after wd_decode_sums. */
float wd_decode_probability(const struct wd_decode_cell *cells, const struct wd_decode_odds *odds,
                            size_t begin, size_t end, uint32_t type);

#endif
