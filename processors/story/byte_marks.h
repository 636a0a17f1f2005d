/* byte_marks.h - which bytes of a block of text lie in a range, as bits.
 *
 * Why:    most bytes of copy are neither a word's border nor a fact's beginning: 64 are passed over at once.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_BYTE_MARKS_H
#define WD_BYTE_MARKS_H

#include "clones.h"

#include <stddef.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum { WD_MARKS_BLOCK = 64 };

#ifdef __SSE2__

/* Of sixteen bytes those from `first` on, `count` of them in order, as all ones. */
static inline __m128i wd_bytes_between(__m128i in, char first, char count)
{
    __m128i low = _mm_sub_epi8(in, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8((char)(count - 1))), low);
}

static inline uint64_t wd_bytes_marks(__m128i in)
{
    return (unsigned)_mm_movemask_epi8(in);
}

#endif

/* Bit n: byte n of the block is `first` or one of the `count` - 1 bytes behind it in order. */
#ifdef __SSE2__
static inline uint64_t wd_marks_between(const char *block, char first, char count)
{
    uint64_t marks = 0;
    for (int i = 0; i < WD_MARKS_BLOCK; i += 16) {
        __m128i in = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        marks |= wd_bytes_marks(wd_bytes_between(in, first, count)) << i;
    }
    return marks;
}
#else
static inline uint64_t wd_marks_between(const char *block, char first, char count)
{
    uint64_t marks = 0;
    for (int i = 0; i < WD_MARKS_BLOCK; i++) {
        unsigned char low = (unsigned char)(block[i] - first);
        marks |= (uint64_t)(low < (unsigned char)count) << i;
    }
    return marks;
}
#endif

/* wd_marks_between, or another that gives the same. */
typedef uint64_t wd_marks_way(const char *block, char first, char count);

#ifdef WD_AVX2

/* The same of thirty-two bytes, and of a block, with AVX2. */
WD_AVX2 static inline __m256i wd_bytes_between_avx2(__m256i in, char first, char count)
{
    __m256i low = _mm256_sub_epi8(in, _mm256_set1_epi8(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(low, _mm256_set1_epi8((char)(count - 1))), low);
}

WD_AVX2 static inline uint64_t wd_bytes_marks_avx2(__m256i in)
{
    return (uint32_t)_mm256_movemask_epi8(in);
}

WD_AVX2 static inline uint64_t wd_marks_between_avx2(const char *block, char first, char count)
{
    const __m256i *halves = (const __m256i *)(const void *)block;
    __m256i low = wd_bytes_between_avx2(_mm256_loadu_si256(halves), first, count);
    __m256i high = wd_bytes_between_avx2(_mm256_loadu_si256(halves + 1), first, count);
    return wd_bytes_marks_avx2(low) | wd_bytes_marks_avx2(high) << WD_MARKS_BLOCK / 2;
}

#endif

#ifdef WD_WIDE

/* `rest` bytes from `text` on, at most a block; zeros behind. */
WD_WIDE static inline __m512i wd_marks_load_wide(const char *text, size_t rest)
{
    __mmask64 there =
        rest < WD_MARKS_BLOCK ? _bzhi_u64(~UINT64_C(0), (unsigned)rest) : ~UINT64_C(0);
    return _mm512_maskz_loadu_epi8(there, text);
}

WD_WIDE static inline uint64_t wd_marks_between_wide(__m512i block, char first, char count)
{
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(block, _mm512_set1_epi8(first)),
                                  _mm512_set1_epi8(count));
}

#endif

/* All bits from `first` on; none when that is past the block. */
static inline uint64_t wd_marks_from(size_t first)
{
    return first < WD_MARKS_BLOCK ? ~UINT64_C(0) << first : 0;
}

#endif
