/* network.h - the hidden layer while it is being trained, in floating point.
 *
 * Why:    see tagger_hidden.h, which runs it in whole numbers.
 * Owns:   its weights.
 * Thread: one.
 * Source: backpropagation through one layer of rectified units; AdaGrad steps once a batch. */
#ifndef WD_NETWORK_H
#define WD_NETWORK_H

#include "status.h"
#include "tagger_model.h"

enum {
    WD_NETWORK_WORDS = WD_MODEL_WINDOW * WD_MODEL_HIDDEN * WD_MODEL_INPUTS,
    WD_NETWORK_BAGS = WD_MODEL_BAGS * WD_MODEL_HIDDEN * WD_MODEL_VECTOR,
    WD_NETWORK_OUTPUT = WD_MODEL_HIDDEN * WD_MODEL_LANES,
    WD_NETWORK_BATCH = 16 /* examples between two steps */
};

/* Parts of one array, so that one loop steps over all. */
struct wd_network {
    float *weights;
    float *gradients;
    float *squares;
    size_t count;
    float *words, *bags, *output, *bias; /* in weights */
    uint32_t pending;                    /* examples since the last step */
};

/* What the network sees of a token: whole numbers as tagger_hidden.h makes them. */
struct wd_network_view {
    const int16_t *words[WD_MODEL_WINDOW];
    const int16_t *bags[WD_MODEL_BAGS];
    float on[WD_MODEL_HIDDEN]; /* out: the units' values */
};

enum wd_status wd_network_init(struct wd_network *network) WD_MUST_CHECK;
void wd_network_finish(struct wd_network *network);
/* Small numbers from a fixed seed; squares forgotten. */
void wd_network_reset(struct wd_network *network, uint32_t seed);
/* Adds to the scores. */
void wd_network_score(const struct wd_network *network, struct wd_network_view *view,
                      float scores[WD_MODEL_LANES]);
/* Adds one token's gradient. */
void wd_network_differentiate(struct wd_network *network, const struct wd_network_view *view,
                              const float gradient[WD_MODEL_LANES]);
/* After each example: steps when a batch is full. */
void wd_network_end_example(struct wd_network *network, float rate);

#endif
