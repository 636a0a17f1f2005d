/* cohesion.h - where a text turns to another matter.
 *
 * Why:    a roundup that comes before its parts is matched by one of them and by nothing else: that it is
 *         of several stories must show in its own text. What a story names it names again; where nothing that
 *         was named before is named after, another story begins.
 * Owns:   nothing.
 * Thread: any; no state.
 * Limits: the first 512 different long words are compared; scripts without capitals name nothing here: no break is seen in them.
 * Source: lexical cohesion at the boundaries of sentences (Hearst 1997, TextTiling), over names,
 *         then over long words. */
#ifndef WD_COHESION_H
#define WD_COHESION_H

#include "copy_scan.h"

struct wd_cohesion {
    /* Bit k: before the k-th sentence of those with `words_min` words or more the text turns to another
     * matter. One break under a headline that fits is not told. */
    uint32_t breaks;
    bool headless; /* next to nothing of the headline stands where the text begins */
};

/* Looks at the first `sentences_max` such sentences, 32 at most. */
void wd_cohesion_find(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                      struct wd_cohesion *cohesion);
/* The same, as processors without AVX-512 and AVX2 do it; for tests. */
void wd_cohesion_find_plain(const struct wd_copy_scan *scan, uint32_t words_min,
                            uint32_t sentences_max, struct wd_cohesion *cohesion);
#ifdef WD_AVX2
/* As those with AVX2 do it. */
void wd_cohesion_find_avx2(const struct wd_copy_scan *scan, uint32_t words_min,
                           uint32_t sentences_max, struct wd_cohesion *cohesion);
#endif

#endif
