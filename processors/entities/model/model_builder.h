/* model_builder.h - puts a tagger's model together and writes it.
 *
 * Owns:   the model's bytes.
 * Thread: one.
 * Source: tagger_model.h is the format. */
#ifndef WD_MODEL_BUILDER_H
#define WD_MODEL_BUILDER_H

#include "corpus.h"
#include "network.h"
#include "tagger_model.h"

struct wd_model_builder {
    char *bytes;
    size_t len;
    struct wd_tagger_model model; /* reads `bytes` */
};

struct wd_model_sizes {
    uint32_t row_bits;
    uint32_t vectors;     /* words that get one; 0: no hidden layer */
    uint32_t lexicon_max; /* words taken from the lexicon's file */
};

/* Lexicon (make_lexicon.mjs) and lists (make_lists.mjs), and how the corpus writes each word; rows are
 * zero. `corpus` may lack files that are held. */
enum wd_status wd_model_builder_init(struct wd_model_builder *builder, const char *lexicon,
                                     const char *lists, const struct wd_corpus *corpus,
                                     const struct wd_model_sizes *sizes) WD_MUST_CHECK;
void wd_model_builder_finish(struct wd_model_builder *builder);

/* Takes the weights over, rounded: `rows` of LANES each, `transitions` LABELS x LABELS. */
void wd_model_builder_set_rows(struct wd_model_builder *builder, const float *rows,
                               const float *transitions);
void wd_model_builder_set_hidden(struct wd_model_builder *builder,
                                 const struct wd_network *network);
/* Measured probability at raw i/(CURVE-1). */
void wd_model_builder_set_curve(struct wd_model_builder *builder,
                                const float curve[WD_MODEL_CURVE]);
/* Seals the bytes with their checksum and writes them (aside, then renamed). */
enum wd_status wd_model_builder_write(struct wd_model_builder *builder, const char *path,
                                      struct wd_error *error) WD_MUST_CHECK;

#endif
