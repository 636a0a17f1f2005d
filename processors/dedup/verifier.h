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

#include "overlap.h"

/* X(code, name, weight): what each means is in verifier.c, where it is computed. */
#define WD_FEATURE_MAP(X)                                                                          \
    X(WD_FEATURE_BIAS, "bias", -4.10)                                                              \
    X(WD_FEATURE_MOST, "most", 4.11)                                                               \
    X(WD_FEATURE_LEAST, "least", 4.00)                                                             \
    X(WD_FEATURE_SENTENCES, "sentences", 1.97)                                                     \
    X(WD_FEATURE_LEAD, "lead", 1.01)                                                               \
    X(WD_FEATURE_NUMBERS, "numbers", -2.01)                                                        \
    X(WD_FEATURE_NAMES, "names", -1.98)                                                            \
    X(WD_FEATURE_HEADLINE, "headline", 0.94)                                                       \
    X(WD_FEATURE_PROVIDER, "provider", -0.62)                                                      \
    X(WD_FEATURE_LENGTH, "length", -0.33)                                                          \
    X(WD_FEATURE_EVIDENCE, "evidence", 0.99)                                                       \
    X(WD_FEATURE_HOURS, "hours", -0.42)                                                            \
    X(WD_FEATURE_BOILERPLATE, "boilerplate", -0.49)                                                \
    X(WD_FEATURE_FURNITURE, "furniture", -4.05)                                                    \
    X(WD_FEATURE_CUE, "cue", 3.00)                                                                 \
    X(WD_FEATURE_ALERT, "alert", 4.00)                                                             \
    X(WD_FEATURE_ROUNDUP, "roundup", -4.74)                                                        \
    X(WD_FEATURE_COMPOSITE, "composite", -5.98)                                                    \
    X(WD_FEATURE_RHYTHM, "rhythm", 6.01)                                                           \
    X(WD_FEATURE_RECURRING, "recurring", -5.98)                                                    \
    X(WD_FEATURE_FLASH, "flash", 8.00)                                                             \
    X(WD_FEATURE_PIECE, "piece", -4.00)                                                            \
    X(WD_FEATURE_BESIDE, "beside", -3.08)                                                          \
    X(WD_FEATURE_NAMESAKE, "namesake", 3.03)                                                       \
    X(WD_FEATURE_NOTICE, "notice", -6.00)                                                          \
    X(WD_FEATURE_SLOT, "slot", -4.00)                                                              \
    X(WD_FEATURE_SIBLING, "sibling", -4.00)                                                        \
    X(WD_FEATURE_WOVEN, "woven", 2.00)                                                             \
    X(WD_FEATURE_FIGURES, "figures", -2.50)                                                        \
    X(WD_FEATURE_BACKGROUND, "background", -4.00)                                                  \
    X(WD_FEATURE_ITEMS, "items", -6.00)                                                            \
    X(WD_FEATURE_VERBATIM, "verbatim", 1.30)

#define WD_FEATURE_CODE(code, name, weight) code,
enum wd_feature { WD_FEATURE_MAP(WD_FEATURE_CODE) WD_FEATURE_COUNT };
#undef WD_FEATURE_CODE

struct wd_comparison {
    struct wd_shingle_set matched; /* that both have */
    uint32_t headline_words;       /* that both have, too */
    double features[WD_FEATURE_COUNT];
    double contained, containing; /* estimates, 0..1; unweighted */
    double similarity;            /* estimate of the Jaccard likeness, 0..1 */
    double probability;           /* that the two are copies or versions of one story */
};

/* The new story, as far as it is compared besides its sketch. */
struct wd_compared {
    const struct wd_copy_probe *probe;
    uint32_t provider_hash;
    bool follows; /* it says itself that it follows another story */
    bool piece;   /* of its own beside the news: a factbox, a column */
    bool flash;   /* its copy is little more than its headline */
    enum wd_items items;
    struct wd_copy_time time;
    bool has_time_of_day; /* it is no mere date */
    bool has_minutes;     /* nor of a quarter of an hour, as a mere date is in any zone */
    int64_t event_ms;
};

const char *wd_feature_name(enum wd_feature feature);
void wd_verifier_compare(const struct wd_compared *story, const struct wd_copy_record *other,
                         int64_t other_event_ms, struct wd_comparison *comparison);

#endif
