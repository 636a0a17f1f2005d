#include "copy_borders.h"

#include "byte_marks.h"
#include "copy_fold.h"

#include <string.h>

/* Bit n says something of byte n of a block. */
struct block {
    uint64_t words; /* it belongs to a word */
    uint64_t stops;
};

#ifdef __SSE2__

static inline struct block look_at(const unsigned char *bytes)
{
    struct block block = {0, 0};
    for (int i = 0; i < WD_BORDERS_BLOCK; i += 16) {
        __m128i in = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        /* Gap and stop are all that is not of a word: both are from 2 to '/'. */
        block.words |= wd_bytes_marks(wd_bytes_between(in, 2, '/' - 1)) << i;
        block.stops |= wd_bytes_marks(_mm_cmpeq_epi8(in, _mm_set1_epi8(WD_FOLD_STOP))) << i;
    }
    block.words = ~block.words;
    return block;
}

#else

static struct block look_at(const unsigned char *bytes)
{
    struct block block = {0, 0};
    for (int i = 0; i < WD_BORDERS_BLOCK; i++) {
        block.words |= (uint64_t)(bytes[i] != WD_FOLD_GAP && bytes[i] != WD_FOLD_STOP) << i;
        block.stops |= (uint64_t)(bytes[i] == WD_FOLD_STOP) << i;
    }
    return block;
}

#endif

/* Appends the places of the bits; returns the new count. */
static inline uint32_t append(uint32_t *places, uint32_t count, uint64_t bits, size_t base)
{
    uint32_t *place = places + count;
    for (; bits != 0; bits &= bits - 1)
        *place++ = (uint32_t)base + (uint32_t)__builtin_ctzll(bits);
    return (uint32_t)(place - places);
}

/* What is found in a chunk goes behind what the caller left. */
struct finder {
    struct wd_copy_borders *borders;
    uint32_t count, stops;
    uint64_t open; /* 1: a word goes on */
};

static inline struct finder finder_of(struct wd_copy_borders *borders)
{
    return (struct finder){borders, borders->count, borders->stop_count, borders->count & 1};
}

static inline void take_block(struct finder *finder, const struct block *block, size_t at)
{
    struct wd_copy_borders *borders = finder->borders;
    uint64_t changes = block->words ^ (block->words << 1 | finder->open);
    finder->count = append(borders->at, finder->count, changes, at);
    if (block->stops != 0)
        finder->stops = append(borders->stops, finder->stops, block->stops, at);
    finder->open = block->words >> (WD_BORDERS_BLOCK - 1);
}

static inline void give_back(const struct finder *finder)
{
    finder->borders->count = finder->count;
    finder->borders->stop_count = finder->stops;
    finder->borders->stops[finder->stops] = UINT32_MAX;
}

static size_t end_of(size_t len, size_t begin)
{
    return begin + WD_BORDERS_CHUNK < len + 1 ? begin + WD_BORDERS_CHUNK : len + 1;
}

void wd_copy_borders_find(const unsigned char *folded, size_t len, size_t begin,
                          struct wd_copy_borders *borders)
{
    struct finder finder = finder_of(borders);
    size_t end = end_of(len, begin);
    for (size_t at = begin; at < end; at += WD_BORDERS_BLOCK) {
        struct block block = look_at(folded + at);
        take_block(&finder, &block, at);
    }
    give_back(&finder);
}
