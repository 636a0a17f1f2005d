/* network.h - the hidden layer while it is being trained, in floating point.
 *
 * Why:    see tagger_hidden.h, which runs it in whole numbers.
 * Owns:   its weights, and the batch that it looks at.
 * Thread: one.
 * Source: backpropagation through one layer of rectified units; AdaGrad steps once a batch. */
#ifndef WD_NETWORK_H
#define WD_NETWORK_H

#include "status.h"
#include "tagger_model.h"

enum {
    WD_NETWORK_INPUTS = WD_MODEL_WINDOW * WD_MODEL_INPUTS + WD_MODEL_BAGS * WD_MODEL_VECTOR,
    WD_NETWORK_UNITS = WD_MODEL_HIDDEN * WD_NETWORK_INPUTS,
    WD_NETWORK_OUTPUT = WD_MODEL_HIDDEN * WD_MODEL_LANES,
    WD_NETWORK_BATCH = 16 /* examples between two steps */
};

/* What the network sees of a token: whole numbers as tagger_hidden.h makes them. */
struct wd_network_view {
    const int16_t *words[WD_MODEL_WINDOW];
    const int16_t *bags[WD_MODEL_BAGS];
};

/* One token of a batch. */
struct wd_network_token {
    float inputs[WD_NETWORK_INPUTS]; /* words in order, then bags */
    float on[WD_MODEL_HIDDEN];       /* the units' values */
    float scores[WD_MODEL_LANES];    /* that the network gives */
    float gradient[WD_MODEL_LANES];  /* by the caller, before wd_network_learn */
};

/* `weights`, `gradients` and `squares` are alike: units x inputs, output, bias. */
struct wd_network {
    float *weights;
    float *gradients;
    float *squares;
    size_t count;
    float *units, *output, *bias; /* in weights */
    struct wd_network_token *tokens;
    size_t token_count, token_capacity;
};

enum wd_status wd_network_init(struct wd_network *network) WD_MUST_CHECK;
void wd_network_finish(struct wd_network *network);
/* Small numbers from a fixed seed; squares forgotten. */
void wd_network_reset(struct wd_network *network, uint32_t seed);

/* Adds a token to the batch. */
void wd_network_add(struct wd_network *network, const struct wd_network_view *view);
/* Fills the scores of all tokens of the batch. */
void wd_network_score(struct wd_network *network);
/* One step by the tokens' gradients; empties the batch. */
void wd_network_learn(struct wd_network *network, float rate);

#endif
