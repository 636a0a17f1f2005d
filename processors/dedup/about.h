/* about.h - which sentences of a text say what its headline says.
 *
 * Why:    what a site prints around its stories - a paywall, a disclaimer, one block of background - is the same
 *         in two of them, and may be most of both. It has nothing of either headline; what is common to two
 *         versions of a story has.
 * Owns:   nothing.
 * Thread: any; no state.
 * Limits: words as they stand: another case or number of a noun is another word. Scripts without blanks have a
 *         word for each character: nearly every sentence has one of the headline's. */
#ifndef WD_ABOUT_H
#define WD_ABOUT_H

#include "copy_scan.h"

/* Bit k: the k-th sentence of those with `words_min` words or more has a word of the headline, of its first `prefix`
 * words, its numbers and its short words apart. Looks at the first `sentences_max` such sentences, 32 at most. */
uint32_t wd_about_find(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                       uint32_t sentences_max);
/* The same, as processors without AVX-512 and AVX2 do it; for tests. */
uint32_t wd_about_find_plain(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                             uint32_t sentences_max);
#ifdef WD_AVX2
/* As those with AVX2 do it. */
uint32_t wd_about_find_avx2(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                            uint32_t sentences_max);
#endif

#endif
