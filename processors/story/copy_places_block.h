/* copy_places_block.h - what the three ways of finding words share: with AVX-512, with AVX2, and without.
 *
 * Why:    they must give the same, bit for bit.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_COPY_PLACES_BLOCK_H
#define WD_COPY_PLACES_BLOCK_H

#include "clones.h"
#include "copy_fold.h"
#include "copy_places.h"

#include <string.h>

enum {
    WD_BLOCK_BITS = 64,
    /* First byte of characters of three and more: scripts without blanks are there. */
    WD_FIRST_LONG = 0xE0,
};

/* Bit n says something of byte n of a block. */
struct wd_places_block {
    uint64_t words;
    uint64_t stops;
    uint64_t names; /* of words: folding changed it, or the second byte of its character */
    uint64_t numbers;
    uint64_t lower;  /* a to z, as it is written */
    uint64_t within; /* a change there is one */
};

/* Those of the begins that have a stop before, which may have been `pending` (1) from the block before. It is
 * added to the run of bytes without words that it stands in: the sum runs over into the word behind. */
static inline uint64_t wd_begins_after_stop(const struct wd_places_block *block, uint64_t begins,
                                            uint64_t *pending)
{
    uint64_t sum = 0;
    uint64_t over = __builtin_add_overflow(~block->words, block->stops, &sum);
    over |= __builtin_add_overflow(sum, *pending, &sum);
    *pending = over;
    return sum & begins;
}

/* A paragraph's last word may go on to its very end (`open`); what is written behind another one is written
 * over. */
static inline void wd_places_end_paragraph(struct wd_copy_places *places, uint64_t open)
{
    ((uint16_t *)places->words)[(size_t)2 * places->count - open] = (uint16_t)places->bytes;
    places->folded[places->bytes++] = WD_FOLD_GAP;
}

/* A word that begins with one of these characters is of a script without blanks. */
static inline bool wd_places_without_blanks(const unsigned char *folded, uint64_t begins)
{
    for (; begins != 0; begins &= begins - 1) {
        if (wd_copy_fold_stands_alone(folded + __builtin_ctzll(begins)))
            return true;
    }
    return false;
}

/* Behind the bits of the words before, of which the set has all; what is behind is 0. */
static inline void wd_places_append(uint64_t *set, uint32_t word, uint64_t bits)
{
    set[word / WD_BLOCK_BITS] |= bits << word % WD_BLOCK_BITS;
    set[word / WD_BLOCK_BITS + 1] = bits >> 1 >> (WD_BLOCK_BITS - 1 - word % WD_BLOCK_BITS);
}

/* The text's block at `at`; a copy with zeros behind where it is not whole. */
static inline const char *wd_places_block_at(struct wd_slice text, size_t at,
                                             char copy[WD_PLACES_BLOCK + 1])
{
    if (at + WD_PLACES_BLOCK < text.len)
        return text.data + at;
    memset(copy, 0, WD_PLACES_BLOCK + 1);
    memcpy(copy, text.data + at, text.len - at);
    return copy;
}

/* Of the begins that are marked the numbers, as bits. */
static inline uint64_t wd_places_numbers_of(uint64_t marks, uint64_t begins)
{
    uint64_t numbers = 0;
    for (uint64_t left = marks & begins; left != 0; left &= left - 1) /* few */
        numbers |= UINT64_C(1) << __builtin_popcountll(begins & ((left & -left) - 1));
    return numbers;
}

/* What goes over from block to block. */
struct wd_places_carry {
    uint64_t open;    /* 1: a word goes on */
    uint64_t pending; /* 1: a stop since the last word */
};

/* Folds a block of ASCII and says what there is in it; false where it is not ASCII. */
typedef bool wd_places_fold(const char *text, unsigned char *folded, struct wd_places_block *block);
/* Looks at text that is folded already; `text` and `folded` have a byte more. */
typedef void wd_places_look(const char *text, const unsigned char *folded,
                            struct wd_places_block *block, uint64_t *pads, uint64_t *longs);
/* Writes the places of a block's bits, the first of which is `base`; returns the end. Up to eight more may be written. */
typedef uint16_t *wd_places_put(uint16_t *places, uint64_t bits, uint32_t base);

/* These become one with the functions that are given: each way has its own of them. */
WD_INLINE void wd_places_take(struct wd_copy_places *places, const struct wd_places_block *block,
                              struct wd_places_carry *carry, wd_places_put *put)
{
    uint64_t before = block->words << 1 | carry->open;
    uint64_t begins = block->words & ~before;
    uint64_t after_stop = wd_begins_after_stop(block, begins, &carry->pending) & ~block->lower;
    uint32_t word = places->count;
    uint16_t *place = (uint16_t *)places->words + (size_t)2 * word - carry->open;
    place = put(place, block->words ^ before, places->bytes);
    wd_places_append(places->sets.numbers, word, wd_places_numbers_of(block->numbers, begins));
    wd_places_append(places->sets.names, word, wd_places_numbers_of(block->names, begins));
    wd_places_append(places->sets.borders, word, wd_places_numbers_of(after_stop, begins));
    carry->open = block->words >> (WD_BLOCK_BITS - 1);
    places->count = (uint32_t)(place - (uint16_t *)places->words + 1) / 2;
}

/* A paragraph of ASCII; false where it is none. */
WD_INLINE bool wd_places_add_ascii(struct wd_copy_places *all, struct wd_slice text,
                                   wd_places_fold *fold, wd_places_put *put)
{
    struct wd_copy_places places = *all; /* bytes that are written could be it */
    struct wd_places_carry carry = {0, 0};
    size_t rest = text.len;
    for (size_t at = 0; rest > 0; at += WD_PLACES_BLOCK) {
        char copy[WD_PLACES_BLOCK + 1];
        struct wd_places_block block;
        uint32_t len = rest < WD_PLACES_BLOCK ? (uint32_t)rest : WD_PLACES_BLOCK;
        if (!fold(wd_places_block_at(text, at, copy), places.folded + places.bytes, &block))
            return false;
        wd_places_take(&places, &block, &carry, put);
        places.bytes += len;
        rest -= len;
    }
    wd_places_end_paragraph(&places, carry.open);
    *all = places;
    return true;
}

/* A paragraph that is folded already; false where it is of a script without blanks. */
WD_INLINE bool wd_places_add_folded(struct wd_copy_places *all, struct wd_slice text,
                                    wd_places_look *look, wd_places_put *put)
{
    struct wd_copy_places places = *all; /* bytes that are written could be it */
    struct wd_places_carry carry = {0, 0};
    size_t rest = text.len;
    for (size_t at = 0; rest > 0; at += WD_PLACES_BLOCK) {
        char copy[WD_PLACES_BLOCK + 1];
        struct wd_places_block block;
        uint64_t pads = 0;
        uint64_t longs = 0;
        const unsigned char *folded = places.folded + places.bytes;
        uint32_t len = rest < WD_PLACES_BLOCK ? (uint32_t)rest : WD_PLACES_BLOCK;
        look(wd_places_block_at(text, at, copy), folded, &block, &pads, &longs);
        longs &= block.words & ~(block.words << 1 | carry.open);
        places.has_pads |= pads != 0;
        if (wd_places_without_blanks(folded, longs))
            return false;
        wd_places_take(&places, &block, &carry, put);
        places.bytes += len;
        rest -= len;
    }
    wd_places_end_paragraph(&places, carry.open);
    *all = places;
    return true;
}

/* One of the ways of finding words, paragraph by paragraph. */
struct wd_places_way {
    bool (*add_ascii)(struct wd_copy_places *places, struct wd_slice text);
    bool (*add_folded)(struct wd_copy_places *places, struct wd_slice text);
};

/* wd_copy_places_add_all in one of these ways. */
size_t wd_places_add_by(const struct wd_places_way *way, struct wd_copy_places *places,
                        const struct wd_slice *texts, size_t count, struct wd_places_begin *begins);

#ifdef WD_AVX2
/* Where wd_has_avx2. */
extern const struct wd_places_way wd_places_avx2;
#endif

#ifdef WD_WIDE
/* wd_copy_places_add_all, but that bits of the paragraph which is not taken may have been left in the sets behind
 * the words before. */
size_t wd_places_add_wide(struct wd_copy_places *places, const struct wd_slice *texts, size_t count,
                          struct wd_places_begin *begins);
#endif

#endif
