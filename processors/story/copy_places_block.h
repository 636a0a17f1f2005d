/* copy_places_block.h - what the two ways of finding words share: with AVX-512 and without.
 *
 * Why:    they must give the same, bit for bit.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_COPY_PLACES_BLOCK_H
#define WD_COPY_PLACES_BLOCK_H

#include "clones.h"
#include "copy_fold.h"
#include "copy_places.h"

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

#ifdef WD_WIDE
/* wd_copy_places_add_all, but that bits of the paragraph which is not taken may have been left in the sets behind
 * the words before. */
size_t wd_places_add_wide(struct wd_copy_places *places, const struct wd_slice *texts, size_t count,
                          struct wd_places_begin *begins);
#endif

#endif
