/* verifier_parts.h - small measures that verifier.c and verifier_provider.c share.
 *
 * Why:    what the two files say must mean the same.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_VERIFIER_PARTS_H
#define WD_VERIFIER_PARTS_H

#include "verifier.h"

#include <math.h>

#define WD_BACKGROUND_HEADLINE 0.3    /* of the shorter headline is in the other, at most, */
#define WD_BACKGROUND_BEGIN 0.15      /* and of the beginning of either text as much, */
#define WD_BACKGROUND_BEGIN_NONE 0.33 /* or less and less surely more */

enum {
    WD_HEADLINE_WORDS_ALIKE = 2, /* fewer in common may well be so by chance */
    WD_ORDER_WORDS = 60,         /* of an order or a note about a story, at most */
    WD_BEGINNING = 3,            /* a text's first third of its sentences, and so many at least */
};

/* 0..1, negative for a negative part. */
static inline double wd_share(double part, double whole)
{
    return whole <= 0 ? 0 : part < whole ? part / whole : 1;
}

/* From 0 at `none` to 1 at `sure`. */
static inline double wd_ramp(double value, double none, double sure)
{
    return fmax(0, wd_share(value - none, sure - none));
}

/* How much of the shorter headline the other has. */
static inline double wd_headline_likeness(const struct wd_set_overlap *headline)
{
    uint32_t least =
        headline->of_story < headline->of_other ? headline->of_story : headline->of_other;
    return least == 0 ? 0.5 : wd_share(headline->both, least);
}

/* Another headline, 0..1: a word in common may well be so by chance. */
static inline double wd_headline_unlike(const struct wd_set_overlap *headline)
{
    return headline->both < WD_HEADLINE_WORDS_ALIKE ? 1 : 1 - wd_headline_likeness(headline);
}

/* The same headline, 0..1: one that has the other and much else is not the same. */
static inline double wd_headline_common(const struct wd_set_overlap *headline)
{
    uint32_t either = headline->of_story + headline->of_other - headline->both;
    return headline->both < WD_HEADLINE_WORDS_ALIKE ? 0 : wd_share(headline->both, either);
}

/* How much of a text's beginning is common, 0..1. */
static inline double wd_beginning_common(uint32_t common, uint32_t sentences)
{
    uint32_t first =
        sentences < WD_BEGINNING * WD_BEGINNING ? WD_BEGINNING : sentences / WD_BEGINNING;
    return (double)__builtin_popcount(common & ((1u << first) - 1)) / first;
}

/* Two stories under unlike headlines that have sentences in common, neither of which has the other's beginning, 0..1: what both
 * have stands below. A version under another headline has the beginning of the one before it somewhere. */
static inline double wd_background(const struct wd_copy_query *query,
                                   const struct wd_copy_record *other,
                                   const struct wd_overlap *overlap)
{
    if (overlap->of_story == 0)
        return 0;
    double begins = fmax(wd_beginning_common(overlap->of_story, query->sketch.sentence_count),
                         wd_beginning_common(overlap->of_other, other->sentence_count));
    begins = fmax(begins, wd_share(overlap->lead, query->lead_count));
    return (1 - wd_share(1 - wd_headline_unlike(&overlap->headline), WD_BACKGROUND_HEADLINE)) *
           (1 - wd_ramp(begins, WD_BACKGROUND_BEGIN, WD_BACKGROUND_BEGIN_NONE));
}

#endif
