/* clones.h - functions compiled a second time for processors with AVX2, chosen when the program starts.
 *
 * Why:    the tagger's inner loops are sums of 16 numbers; twice as many fit an AVX2 register.
 * Limits: integers, and floating point without contraction or reordering: both give the same bits.
 *         Not under sanitizers, which do not bear the choice so early. */
#ifndef WD_CLONES_H
#define WD_CLONES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) &&    \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WD_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define WD_CLONES
#endif

#endif
