/* copy_borders.h - where words begin and end in a text.
 *
 * Why:    this looks at every byte of every story: 64 at once, and what follows goes by places.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_COPY_BORDERS_H
#define WD_COPY_BORDERS_H

#include "slice.h"

#include <stdint.h>

enum {
    WD_BORDERS_BLOCK = 64,   /* bytes of folded text that are read at once */
    WD_BORDERS_CHUNK = 2048, /* bytes that one call looks at */
};

/* Places, from the beginning of the text. */
struct wd_copy_borders {
    uint32_t count;
    uint32_t stop_count;
    uint32_t at[WD_BORDERS_CHUNK + 2];    /* a word's begin, its end, the next one's begin ... */
    uint32_t stops[WD_BORDERS_CHUNK + 2]; /* WD_FOLD_STOP, in their order; then UINT32_MAX */
};

/* Of text that was folded. From `begin`, a multiple of the block, to `begin` + WD_BORDERS_CHUNK. `folded` is what wd_copy_fold
 * made of the whole text, with at least a block of gaps behind it. What is found comes behind what the
 * caller left: the begin of a word that goes on from the chunk before (then `count` is 1, else 0), at most
 * one stop that is before the next word. */
void wd_copy_borders_find(const unsigned char *folded, size_t len, size_t begin,
                          struct wd_copy_borders *borders);

#endif
