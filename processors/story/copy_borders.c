#include "copy_borders.h"

#include "clones.h"
#include "copy_fold.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bit n says something of byte n of a block. */
struct block {
    uint64_t words; /* it belongs to a word */
    uint64_t stops;
};

static inline struct block look_at(const unsigned char *bytes)
{
    struct block block = {0, 0};
#ifdef __SSE2__
    for (int i = 0; i < WD_BORDERS_BLOCK; i += 16) {
        __m128i in = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        /* Gap and stop are all that is not of a word: both are from 2 to '/'. */
        __m128i low = _mm_sub_epi8(in, _mm_set1_epi8(2));
        __m128i gap = _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8('/' - 2)), low);
        __m128i stop = _mm_cmpeq_epi8(in, _mm_set1_epi8(WD_FOLD_STOP));
        block.words |= (uint64_t)(unsigned)_mm_movemask_epi8(gap) << i;
        block.stops |= (uint64_t)(unsigned)_mm_movemask_epi8(stop) << i;
    }
    block.words = ~block.words;
#else
    for (int i = 0; i < WD_BORDERS_BLOCK; i++) {
        block.words |= (uint64_t)(bytes[i] != WD_FOLD_GAP && bytes[i] != WD_FOLD_STOP) << i;
        block.stops |= (uint64_t)(bytes[i] == WD_FOLD_STOP) << i;
    }
#endif
    return block;
}

/* Appends the places of the bits; returns the new count. */
static inline uint32_t append(uint32_t *places, uint32_t count, uint64_t bits, size_t base)
{
    for (; bits != 0; bits &= bits - 1)
        places[count++] = (uint32_t)base + (uint32_t)__builtin_ctzll(bits);
    return count;
}

WD_CLONES void wd_copy_borders_find(const unsigned char *folded, size_t len, size_t begin,
                                    struct wd_copy_borders *borders)
{
    size_t end = begin + WD_BORDERS_CHUNK < len + 1 ? begin + WD_BORDERS_CHUNK : len + 1;
    uint32_t count = borders->count;
    uint32_t stops = borders->stop_count;
    uint64_t open = count & 1;
    for (size_t at = begin; at < end; at += WD_BORDERS_BLOCK) {
        struct block block = look_at(folded + at);
        count = append(borders->at, count, block.words ^ (block.words << 1 | open), at);
        stops = append(borders->stops, stops, block.stops, at);
        open = block.words >> (WD_BORDERS_BLOCK - 1);
    }
    borders->count = count;
    borders->stop_count = stops;
    borders->stops[stops] = UINT32_MAX;
}
