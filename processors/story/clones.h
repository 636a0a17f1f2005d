/* clones.h - functions compiled a second time for processors with AVX2, chosen when the program starts,
 * or written a second time for those with AVX-512 or AVX2, chosen at every call.
 *
 * Why:    the tagger's inner loops are sums of 16 numbers, the copy scan looks at every byte of every
 *         story; an AVX2 register holds twice as many, and AVX-512 tells of 64 bytes at once which of
 *         them are letters, and where.
 * Limits: integers, and floating point without contraction or reordering: all give the same bits.
 *         No clones under sanitizers, which do not bear the choice so early. */
#ifndef WD_CLONES_H
#define WD_CLONES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Rows of 16 numbers: one AVX2 register, or two of the common ones. The compiler's own vectors: plain
 * loops over these were left scalar, since rows and sums might overlap. */
typedef int8_t wd_lanes8 __attribute__((vector_size(16)));
typedef int16_t wd_lanes16 __attribute__((vector_size(32)));

#define WD_LANES16_OF(row8) __builtin_convertvector(row8, wd_lanes16)

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) &&    \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WD_CLONES __attribute__((target_clones("avx2", "default")))
/* With all of a processor of that time, of which multiply-add would round otherwise: integers only. */
#define WD_INTEGER_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define WD_CLONES
#define WD_INTEGER_CLONES
#endif

/* A function for the processors that wd_has_wide is true for, or wd_has_avx2; its plain twin gives the same. */
#if defined(__x86_64__) && defined(__GNUC__)
#define WD_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
static inline bool wd_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}
#define WD_WIDE                                                                                    \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))
static inline bool wd_has_wide(void)
{
    return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}
#else
static inline bool wd_has_wide(void)
{
    return false;
}
static inline bool wd_has_avx2(void)
{
    return false;
}
#endif

#endif
