/* learner_examples.h - what is to be learnt: runs of candidate tokens with their labels and the evidence that speaks about them.
 *
 * Why:    every epoch goes over all of them: they are read out of the stories once, and cells that hardly any token has are left
 *         out of them before the training.
 * Owns:   all of it. Ends the program when memory is exhausted: there is nothing to save.
 * Thread: one. */
#ifndef WD_LEARNER_EXAMPLES_H
#define WD_LEARNER_EXAMPLES_H

#include "tagger_features.h"

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

struct wd_examples {
    uint32_t cell_bits;
    bool has_network; /* its inputs are wanted, too */
    struct wd_example *items;
    size_t count, capacity;
    struct wd_example_token *tokens;
    size_t token_count, token_capacity;
    uint32_t *rows;
    size_t row_count, row_capacity;
    int16_t *
        inputs; /* of WD_MODEL_INPUTS each: of words, each spelling once; of bags the first VECTOR */
    size_t input_count, input_capacity;
    uint64_t *input_keys; /* hash table of spellings */
    uint32_t *input_slots;
};

enum wd_status wd_examples_init(struct wd_examples *examples, uint32_t cell_bits,
                                bool has_network) WD_MUST_CHECK;
void wd_examples_finish(struct wd_examples *examples);
/* Forgets everything. */
void wd_examples_clear(struct wd_examples *examples);
/* Takes every run of candidates of a unit that was read. Where the tokens' own labels in the unit are
 * filled and counted, the story's evidence is taken. */
void wd_examples_add_unit(struct wd_examples *examples, const struct wd_unit *unit,
                          const struct wd_lesson *lesson);
/* Puts rows in the place of cells, once: those that `row_min` tokens have get one each, the others leave. Returns the cells that
 * have one, in order; the caller frees them. */
uint32_t *wd_examples_find_rows(struct wd_examples *examples, uint32_t row_min,
                                uint32_t *count) WD_MUST_CHECK;

#endif
