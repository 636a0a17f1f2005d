/* overlap.h - what a new story and a remembered one have in common, counted.
 *
 * Why:    a story is compared with up to WD_CANDIDATES_MAX others: its side is laid out once so that the
 *         pieces of theirs, read where they lie, are found among its own.
 * Owns:   nothing. A probe borrows its query, and both borrow the rarity.
 * Thread: its lane.
 * Limits: whole numbers: the plain twin counts the same. */
#ifndef WD_OVERLAP_H
#define WD_OVERLAP_H

#include "copy_record.h"

enum {
    WD_SHINGLE_SLOTS = 512,
    WD_WORTH_WHOLE = 10, /* of a piece that no other group has */
};

/* What the index says about the query's pieces: groups (by their six bits) that have each of them. */
struct wd_rarity {
    uint64_t shingles[WD_SKETCH_SHINGLES_MAX];
    uint64_t sentences[WD_SKETCH_SENTENCES_MAX];
};

/* Of the shingles in the query's sketch, one bit each. */
struct wd_shingle_set {
    uint64_t bits[(WD_SKETCH_SHINGLES_MAX + 63) / 64];
};

/* Shingles (short), counted from 1, by their low bits: open addressing. */
struct wd_shingle_table {
    uint32_t slots[WD_SHINGLE_SLOTS]; /* see overlap.c; 0: empty */
};

/* The new story's side. */
struct wd_copy_probe {
    const struct wd_copy_query *query;
    const struct wd_rarity *rarity;
    struct wd_shingle_table table;      /* of the sketch */
    struct wd_shingle_set lead, posted; /* which of these stand in the lead, are in the index */
    uint32_t sentences[WD_SKETCH_SENTENCES_MAX]; /* short; in boilerplate one that nobody has */
    uint64_t sentence_bits;                      /* set as bits of those outside boilerplate */
    uint32_t words;                              /* in sentences outside boilerplate */
};

struct wd_overlap {
    struct wd_shingle_set matched; /* the sketch's shingles that the other has */
    uint32_t shingles;             /* the other's that the story has */
    uint32_t sampled;              /* the story's that the other's sample would have */
    /* The other's sample is much the finer, as with an alert and the long story after it: then all of the story's
     * text was looked through, not the sketch alone. */
    bool finer;
    /* Of the story's those that begin in a sentence that both have. */
    uint32_t inside_sampled, inside_matched;
    uint32_t lead;               /* matched ones in the story's lead */
    uint32_t known;              /* matched ones that the index could know about */
    uint32_t worth;              /* of these together */
    uint32_t of_story, of_other; /* sentences that both have, as bits of either */
    uint32_t words, rare_words;  /* in these; the same, each sentence at its worth */
    uint32_t words_of_other;     /* in all of its sentences */
    uint32_t common_of_other;    /* in those that both have */
    struct wd_set_overlap names, numbers, headline;
};

/* When the query's sentences and shingles are there. The rarity is read when something is compared. */
void wd_copy_probe_begin(struct wd_copy_probe *probe, const struct wd_copy_query *query,
                         const struct wd_rarity *rarity);
void wd_overlap_count(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                      struct wd_overlap *overlap);
void wd_overlap_count_plain(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                            struct wd_overlap *overlap);

#endif
