/* verifier.h - are these two the same copy, or versions of it? A handful of features and weights.
 *
 * Why:    shared phrases find candidates; forms, boilerplate, quotations and roundups share phrases
 *         too. What tells them apart is how much is shared, how rare it is, and whether the facts that
 *         differ are a few or all: features that a desk editor can follow.
 * Owns:   nothing.
 * Thread: any.
 * Source: logistic regression, the weights fitted by tests/eval/fit_dedup.py on tgnews2019; see
 *         README.md for the command and the cross-validated figures. */
#ifndef WD_VERIFIER_H
#define WD_VERIFIER_H

#include "copy_record.h"

/* X(code, name, weight): what each means is in verifier.c, where it is computed. */
#define WD_FEATURE_MAP(X)                                                                          \
    X(WD_FEATURE_BIAS, "bias", -4.35)                                                              \
    X(WD_FEATURE_MOST, "most", 3.96)                                                               \
    X(WD_FEATURE_LEAST, "least", 3.85)                                                             \
    X(WD_FEATURE_SENTENCES, "sentences", 1.76)                                                     \
    X(WD_FEATURE_LEAD, "lead", 1.05)                                                               \
    X(WD_FEATURE_NUMBERS, "numbers", -2.13)                                                        \
    X(WD_FEATURE_NAMES, "names", -2.05)                                                            \
    X(WD_FEATURE_HEADLINE, "headline", 0.99)                                                       \
    X(WD_FEATURE_PROVIDER, "provider", -0.92)                                                      \
    X(WD_FEATURE_LENGTH, "length", -0.51)                                                          \
    X(WD_FEATURE_EVIDENCE, "evidence", 0.85)                                                       \
    X(WD_FEATURE_HOURS, "hours", -0.54)                                                            \
    X(WD_FEATURE_BOILERPLATE, "boilerplate", -0.49)                                                \
    X(WD_FEATURE_FURNITURE, "furniture", -4.17)                                                    \
    X(WD_FEATURE_CUE, "cue", 3.00)                                                                 \
    X(WD_FEATURE_ALERT, "alert", 4.00)                                                             \
    X(WD_FEATURE_ROUNDUP, "roundup", -4.00)                                                        \
    X(WD_FEATURE_COMPOSITE, "composite", -6.00)                                                    \
    X(WD_FEATURE_RHYTHM, "rhythm", 6.00)                                                           \
    X(WD_FEATURE_RECURRING, "recurring", -6.00)                                                    \
    X(WD_FEATURE_FLASH, "flash", 8.00)                                                             \
    X(WD_FEATURE_PIECE, "piece", -4.00)

#define WD_FEATURE_CODE(code, name, weight) code,
enum wd_feature { WD_FEATURE_MAP(WD_FEATURE_CODE) WD_FEATURE_COUNT };
#undef WD_FEATURE_CODE

/* What the index says about the query's pieces: groups (by their six bits) that have each of them. */
struct wd_rarity {
    uint64_t shingles[WD_SKETCH_SHINGLES_MAX];
    uint64_t sentences[WD_SKETCH_SENTENCES_MAX];
    uint8_t small[256]; /* the query's shingles by their low bits: 1 + index; see wd_rarity_begin */
};

/* Of the shingles in the query's sketch, one bit each. */
struct wd_shingle_set {
    uint64_t bits[(WD_SKETCH_SHINGLES_MAX + 63) / 64];
};

struct wd_comparison {
    struct wd_shingle_set matched; /* that both have */
    double features[WD_FEATURE_COUNT];
    double contained, containing; /* estimates, 0..1; unweighted */
    double similarity;            /* estimate of the Jaccard likeness, 0..1 */
    double probability;           /* that the two are copies or versions of one story */
};

/* The new story, as far as it is compared besides its sketch. */
struct wd_compared {
    struct wd_copy_query *query;
    const struct wd_rarity *rarity;
    uint32_t provider_hash;
    bool follows; /* it says itself that it follows another story */
    bool piece;   /* of its own beside the news: a factbox, a column */
    bool flash;   /* its copy is little more than its headline */
    struct wd_copy_time time;
    int64_t event_ms;
};

const char *wd_feature_name(enum wd_feature feature);
/* Empties rarity->shingles and enters the query's shingles into `small`. */
void wd_rarity_begin(struct wd_rarity *rarity, const struct wd_copy_query *query);
/* True when the comparison will ask for the query's set (wd_copy_query_make_set). */
bool wd_verifier_needs_set(const struct wd_compared *story, const struct wd_copy_record *other);
void wd_verifier_compare(const struct wd_compared *story, const struct wd_copy_record *other,
                         int64_t other_event_ms, struct wd_comparison *comparison);

#endif
