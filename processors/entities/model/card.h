/* card.h - writes what a model was made of and what it is worth, beside the model.
 *
 * Why:    figures and licences written by hand drift from the model; these are of the same run.
 * Owns:   nothing.
 * Thread: one.
 * Limits: Markdown; figures by type only where the run cross-validated or held files back. */
#ifndef WD_CARD_H
#define WD_CARD_H

#include "corpus.h"
#include "learner.h"
#include "model_builder.h"
#include "tagger_measure.h"

enum { WD_CARD_BINS = 10 };

/* Mentions by score: tenths. */
struct wd_card_scores {
    uint64_t right[WD_CARD_BINS];
    uint64_t all[WD_CARD_BINS];
};

struct wd_card {
    const struct wd_corpus *corpus;
    const struct wd_model_builder *builder;
    const struct wd_learner_options *options;
    const struct wd_measure *measures; /* of each file; empty ones are left out */
    const struct wd_card_scores *scores;
    const char *lexicon, *lists; /* files */
    uint32_t folds;              /* of the cross-validation; 0: files were held back */
    uint32_t share;
    int argc; /* the command */
    char *const *argv;
};

enum wd_status wd_card_write(const struct wd_card *card, const char *path,
                             struct wd_error *error) WD_MUST_CHECK;

#endif
