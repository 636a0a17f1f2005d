/* verifier_parts.h - small measures that verifier.c and verifier_provider.c share.
 *
 * Why:    what the two files say must mean the same.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_VERIFIER_PARTS_H
#define WD_VERIFIER_PARTS_H

#include "verifier.h"

#include <math.h>

enum {
    WD_HEADLINE_WORDS_ALIKE = 2, /* fewer in common may well be so by chance */
    WD_ORDER_WORDS = 60,         /* of an order or a note about a story, at most */
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

#endif
