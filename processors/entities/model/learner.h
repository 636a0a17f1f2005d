/* learner.h - finds the weights: a linear-chain conditional random field, trained sentence by sentence.
 *
 * Why:    its probabilities are what a reader filters on; missing labels can be left open.
 * Owns:   weights, and the examples (learner_examples.h), which are added there.
 * Thread: one; the same seed gives the same weights, bit for bit.
 * Source: Lafferty, McCallum and Pereira 2001; step sizes by AdaGrad (Duchi, Hazan and Singer 2011);
 *         labels left open as in Bellare and McCallum 2007. O's own scores are fixed at 0. */
#ifndef WD_LEARNER_H
#define WD_LEARNER_H

#include "learner_examples.h"
#include "network.h"
#include "tagger_decode.h"
#include "tagger_features.h"

#include <stdio.h>

struct wd_learner_options {
    uint32_t epochs;
    uint32_t seed;
    uint32_t groups;     /* of enum wd_feature_group */
    uint32_t row_min;    /* tokens that a cell must speak about to get a row */
    float rate;          /* first step */
    float story_dropout; /* share of sentences that are shown without evidence from the story */
    float word_dropout;  /* share of tokens whose rows of the word itself are left out */
    float network_rate;
};

/* A row while it is being trained. */
struct wd_learner_row {
    float weights[WD_MODEL_LANES];
    float squares[WD_MODEL_LANES];
};

struct wd_learner {
    uint32_t *cells; /* out: those that have a row, in order */
    float *weights;  /* out: of their rows, LANES each */
    uint32_t cell_count;
    struct wd_learner_row *table; /* by row, while training */
    float transitions[WD_MODEL_LABELS * WD_MODEL_LABELS];
    float transition_squares[WD_MODEL_LABELS * WD_MODEL_LABELS];
    struct wd_examples examples;
    struct wd_network network;
};

enum wd_status wd_learner_init(struct wd_learner *learner, uint32_t cell_bits,
                               bool has_network) WD_MUST_CHECK;
void wd_learner_finish(struct wd_learner *learner);
/* Forgets everything. */
void wd_learner_reset(struct wd_learner *learner, uint32_t seed);
/* Trains, once; says one line an epoch to `log` (may be NULL). */
void wd_learner_train(struct wd_learner *learner, const struct wd_learner_options *options,
                      FILE *log);

#endif
