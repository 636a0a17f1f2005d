/* learner.h - finds the weights: a linear-chain conditional random field, trained sentence by sentence.
 *
 * Why:    its probabilities are what a reader filters on; missing labels can be left open.
 * Owns:   weights and examples.
 * Thread: one; the same seed gives the same weights, bit for bit.
 * Source: Lafferty, McCallum and Pereira 2001; step sizes by AdaGrad (Duchi, Hazan and Singer 2011);
 *         labels left open as in Bellare and McCallum 2007. O's own scores are fixed at 0. */
#ifndef WD_LEARNER_H
#define WD_LEARNER_H

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

/* What is to be learnt from a unit. */
struct wd_lesson {
    const uint8_t *labels; /* of the unit's tokens, as they should be */
    float weight;
    uint32_t open;      /* as in struct wd_example */
    uint32_t groups;    /* of enum wd_feature_group */
    uint32_t story_bag; /* the learner's own */
};

/* A run of candidate tokens with the rows that speak about them. */
struct wd_example {
    uint32_t begin; /* tokens */
    uint32_t count;
    float weight;
    uint32_t open; /* labels that a token labelled O may have all the same: bits; 0: none */
};

struct wd_example_token {
    uint64_t rows; /* index of its first row; before training of its first cell */
    uint32_t row_count;
    uint32_t identity_count; /* the first of them name the word itself */
    uint64_t story_rows;     /* and what the story says */
    uint32_t story_count;
    uint32_t words[WD_MODEL_WINDOW]; /* inputs of the network */
    uint32_t bags[WD_MODEL_BAGS];
    uint8_t label;
};

/* A row while it is being trained. */
struct wd_learner_row {
    float weights[WD_MODEL_LANES];
    float squares[WD_MODEL_LANES];
};

struct wd_learner {
    uint32_t cell_bits;
    uint32_t *cells; /* out: those that have a row, in order */
    float *weights;  /* out: of their rows, LANES each */
    uint32_t cell_count;
    struct wd_learner_row *table; /* by row, while training */
    float transitions[WD_MODEL_LABELS * WD_MODEL_LABELS];
    float transition_squares[WD_MODEL_LABELS * WD_MODEL_LABELS];
    struct wd_example *examples;
    size_t example_count, example_capacity;
    struct wd_example_token *tokens;
    size_t token_count, token_capacity;
    uint32_t *rows;
    size_t row_count, row_capacity;
    bool has_network;
    struct wd_network network;
    int16_t *inputs; /* of INPUTS each: of words, each spelling once; of bags the first VECTOR */
    size_t input_count, input_capacity;
    uint64_t *input_keys; /* hash table of spellings */
    uint32_t *input_slots;
};

enum wd_status wd_learner_init(struct wd_learner *learner, uint32_t cell_bits,
                               bool has_network) WD_MUST_CHECK;
void wd_learner_finish(struct wd_learner *learner);
/* Takes every run of candidates of a unit that was read. Where the tokens' own labels in the unit are
 * filled and counted, the story's evidence is taken. */
void wd_learner_add_unit(struct wd_learner *learner, const struct wd_unit *unit,
                         const struct wd_lesson *lesson);
/* Forgets everything. */
void wd_learner_reset(struct wd_learner *learner, uint32_t seed);
/* Trains, once; says one line an epoch to `log` (may be NULL). */
void wd_learner_train(struct wd_learner *learner, const struct wd_learner_options *options,
                      FILE *log);

#endif
