/* tagger_features.h - which rows of the model speak about a token.
 *
 * Why:    trainer and tagger take the same rows. What depends on one word alone is apart from what
 *         depends on its place: the first is summed once for a word and remembered.
 * Owns:   nothing.
 * Thread: any.
 * Source: the usual windows, affixes, shapes, clusters and lists (Ratinov and Roth, CoNLL 2009, and
 *         their evidence from other places of a document), each measured in model/README.md. */
#ifndef WD_TAGGER_FEATURES_H
#define WD_TAGGER_FEATURES_H

#include "tagger_unit.h"

enum { WD_FEATURES_MAX = 96 }; /* ids that one call writes at most */

/* Groups that the trainer can leave out, to see what each is worth. Bits. */
enum wd_feature_group {
    WD_FEATURES_WORDS = 1u << 0,    /* the words themselves and pairs of them */
    WD_FEATURES_SPELLING = 1u << 1, /* shapes, affixes, runs of capitals */
    WD_FEATURES_CLUSTERS = 1u << 2, /* classes of words */
    WD_FEATURES_LISTS = 1u << 3,    /* names known beforehand */
    WD_FEATURES_PLACE = 1u << 4,    /* where in the story, tables, capitals, topic */
    WD_FEATURES_STORY = 1u << 5,    /* the same word elsewhere in the story */
    WD_FEATURES_ALL = 63
};

/* Ids of what `word` says about the token `distance` (-2..2) places after... from it: the token at i
 * takes those of the words at i+distance. Returns how many. */
size_t wd_features_of_word(const struct wd_unit_word *word, int distance, uint32_t groups,
                           uint64_t ids[WD_FEATURES_MAX]);
/* Ids of what the neighbourhood says about token `i`, without labels. */
size_t wd_features_of_place(const struct wd_unit *unit, uint32_t i, uint32_t groups,
                            uint64_t ids[WD_FEATURES_MAX]);
/* Ids of what labels elsewhere in the unit say (wd_unit_count_labels first); the token's own does
 * not count. None when no other place speaks. */
size_t wd_features_of_story(const struct wd_unit *unit, uint32_t i, uint32_t groups,
                            uint64_t ids[WD_FEATURES_MAX]);

#endif
