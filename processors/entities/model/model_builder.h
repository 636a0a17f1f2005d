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
    struct wd_model_head head;
    void *sections[WD_MODEL_SECTIONS]; /* unpacked */
    char *bytes;                       /* the file, by wd_model_builder_pack */
    size_t len;
    struct wd_tagger_model model; /* of those */
};

struct wd_model_sizes {
    uint32_t cell_bits;
    uint32_t row_step;
    uint32_t vectors; /* words that get one; 0: no hidden layer */
    uint32_t vector_step;
    uint32_t lexicon_max; /* words taken from the lexicon's file */
};

/* How much work packing is given: the last time much, while training little. */
enum { WD_MODEL_PACK_BEST = 19, WD_MODEL_PACK_FAST = 1 };

/* Lexicon (make_lexicon.mjs) and lists (make_lists.mjs), and how the corpus writes each word; rows are
 * zero. `corpus` may lack files that are held. */
enum wd_status wd_model_builder_init(struct wd_model_builder *builder, const char *lexicon,
                                     const char *lists, const struct wd_corpus *corpus,
                                     const struct wd_model_sizes *sizes) WD_MUST_CHECK;
void wd_model_builder_finish(struct wd_model_builder *builder);

/* What the learner found. */
struct wd_model_rows {
    const uint32_t *cells; /* in order */
    const float *weights;  /* LANES for each */
    uint32_t count;
    const float *transitions; /* LABELS x LABELS */
};
/* Takes them over, rounded; what is all zero then is left out. */
void wd_model_builder_set_rows(struct wd_model_builder *builder, const struct wd_model_rows *rows);
void wd_model_builder_set_hidden(struct wd_model_builder *builder,
                                 const struct wd_network *network);
/* Measured probability at raw i/(CURVE-1). */
void wd_model_builder_set_curve(struct wd_model_builder *builder,
                                const float curve[WD_MODEL_CURVE]);
/* Packs everything into `bytes` and reads `model` from them. */
enum wd_status wd_model_builder_pack(struct wd_model_builder *builder, int level,
                                     struct wd_error *error) WD_MUST_CHECK;
/* Writes the bytes (aside, then renamed). */
enum wd_status wd_model_builder_write(const struct wd_model_builder *builder, const char *path,
                                      struct wd_error *error) WD_MUST_CHECK;

#endif
