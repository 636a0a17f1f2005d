/* tagger_hidden.h - a small network over word vectors beside the table of rows.
 *
 * Why:    a name never seen in training still lies near others in the vectors' space; and whether
 *         "Boston" is a club or a city is seen from the sentence's and the story's other words.
 * Owns:   the layer's widened weights.
 * Thread: a layer is read-only after opening; any.
 * Limits: whole numbers only: the same on every machine. A word's part is computed once and kept with
 *         the word, a sentence's and a story's once each.
 * Source: Collobert et al. 2011, window approach; one hidden layer of rectified units. */
#ifndef WD_TAGGER_HIDDEN_H
#define WD_TAGGER_HIDDEN_H

#include "tagger_unit.h"

enum {
    WD_HIDDEN_ONE = 128,         /* what stands for 1 in a unit's sum */
    WD_HIDDEN_MOST = 2047,       /* where a unit is full */
    WD_HIDDEN_WEIGHT_ONE = 256,  /* what stands for 1 in a weight: at most 127, half of it */
    WD_HIDDEN_OUTPUT_ONE = 128,  /* what stands for 1 in an output's weight */
    WD_HIDDEN_SCORE_MOST = 8192, /* that it adds to a score */
    WD_HIDDEN_INPUT_ONE = 127,
    WD_HIDDEN_MEAN_GAIN = 3, /* means are small: they are taken so many times */
    WD_HIDDEN_RANK_MIN = 7   /* of the logarithm: commoner words say nothing about the topic */
};

struct wd_hidden;

/* NULL: no memory. A model without vectors gives a layer that adds nothing (not NULL). */
struct wd_hidden *wd_hidden_create(const struct wd_tagger_model *model);
/* Takes NULL. */
void wd_hidden_destroy(struct wd_hidden *hidden);
bool wd_hidden_is_on(const struct wd_hidden *hidden);

/* From now on without the processor's own instructions: other machines must give the same. */
void wd_hidden_make_plain(struct wd_hidden *hidden);

/* What the layer sees of a word. */
void wd_hidden_inputs(const struct wd_tagger_model *model, const struct wd_unit_word *word,
                      int16_t inputs[WD_MODEL_INPUTS]);
/* Sums of vectors, and how many there were. */
struct wd_hidden_sums {
    int32_t values[WD_MODEL_VECTOR];
    int32_t count;
};
/* Of the tokens begin..end-1 of a unit; of very common words none is taken. */
void wd_hidden_sum(const struct wd_unit *unit, uint32_t begin, uint32_t end,
                   struct wd_hidden_sums *sums);
void wd_hidden_mean_of(const struct wd_hidden_sums *sums, int16_t mean[WD_MODEL_VECTOR]);
/* Both in one. */
void wd_hidden_mean(const struct wd_unit *unit, uint32_t begin, uint32_t end,
                    int16_t mean[WD_MODEL_VECTOR]);

/* Adds bag `which` (0 sentence, 1 story) to the sums. */
void wd_hidden_bag(const struct wd_hidden *hidden, uint32_t which,
                   const int16_t mean[WD_MODEL_VECTOR], int32_t sums[WD_MODEL_HIDDEN]);
/* Adds what the layer says of a token to its scores. `window`: the words around it, whose parts are
 * computed and kept where they are missing. `bags`: sums of its sentence and story. */
void wd_hidden_score(const struct wd_hidden *hidden,
                     struct wd_unit_word *const window[WD_MODEL_WINDOW],
                     const int32_t bags[WD_MODEL_HIDDEN], int16_t scores[WD_MODEL_LANES]);

#endif
