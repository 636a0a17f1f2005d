/* copy_places.h - where the words of a whole story stand, all at once.
 *
 * Why:    most stories are some kilobytes: their words are found in one sweep over all paragraphs and
 *         hashed in another, without a look at a single one of them. What is longer, or of a script
 *         without blanks, goes word by word (copy_borders.h).
 * Owns:   nothing; everything lies in the arena that was given.
 * Thread: any.
 * Limits: WD_PLACES_BYTES_MAX of folded text, a block behind each paragraph included. */
#ifndef WD_COPY_PLACES_H
#define WD_COPY_PLACES_H

#include "arena.h"
#include "slice.h"

#include <stdint.h>

enum {
    WD_PLACES_BLOCK = 64, /* bytes that are looked at, and may be read and written, at once */
    WD_PLACES_BYTES_MAX = 65472, /* a place is 16 bits */
};

enum wd_place_kind {
    WD_PLACE_NUMBER = 1, /* begins with a digit */
    WD_PLACE_NAME = 2,   /* begins with a capital */
};

struct wd_copy_places {
    unsigned char
        *folded; /* paragraphs one behind the other, each from a block's begin, with gaps behind */
    uint32_t bytes;          /* of them that are in use */
    uint32_t count;          /* of words */
    uint16_t *begins, *ends; /* in `folded` */
    uint8_t *kinds;          /* enum wd_place_kind */
    uint64_t *borders;       /* bit n: a stop stands before word n, and no other word in between */
};

/* Room for paragraphs of so many bytes together. False when memory is exhausted, or they are too long. */
bool wd_copy_places_init(struct wd_copy_places *places, struct wd_arena *arena, size_t bytes,
                         size_t paragraphs);
/* Folds a paragraph and appends its words. False when it has words that are not to be taken byte by byte
 * (scripts without blanks, characters that fold to more or to nothing): then `places` is of no use. */
bool wd_copy_places_add(struct wd_copy_places *places, struct wd_slice text);
/* The same, as processors without AVX-512 do it; for tests. */
bool wd_copy_places_add_plain(struct wd_copy_places *places, struct wd_slice text);

#endif
