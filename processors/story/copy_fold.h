/* copy_fold.h - text in the form in which its words are compared, byte for byte in its place.
 *
 * Why:    the folded text has the length of the text, so that a place in the one is a place in the
 *         other, and words can be cut out without looking at Unicode again.
 * Owns:   nothing.
 * Thread: any. The table of foldings is made by the first caller (call_once) and never changes.
 * Source: Unicode 15 by ICU: NFKC_Casefold, general categories. */
#ifndef WD_COPY_FOLD_H
#define WD_COPY_FOLD_H

#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WD_FOLD_PAD = 1,    /* belongs to the word, stands for nothing */
    WD_FOLD_STOP = '.', /* a sentence may end here */
    WD_FOLD_GAP = ' ',  /* neither letter, mark nor digit */
    WD_FOLD_BYTES_MORE = 64,
};

/* Writes text.len bytes to `folded`: letters, digits, WD_FOLD_PAD and UTF-8 of words, WD_FOLD_STOP and
 * WD_FOLD_GAP for all else; then WD_FOLD_BYTES_MORE gaps. `text` must be valid UTF-8. True when all of
 * it was ASCII. */
bool wd_copy_fold(struct wd_slice text, unsigned char *folded);
/* What a character is to those beside it. */
enum wd_fold_class {
    /* Of a vowel, the virama: stays as it is; with another one it may change places. */
    WD_FOLD_MARK = 0x80,
    /* Becomes several of the same length together: sharp s. */
    WD_FOLD_SEVERAL = 0x40,
    /* Would become several for which there is no room, nor is there for others with it: stays as it is, if what stands
     * before it does, and before that where it is a mark. */
    WD_FOLD_LONGER = 0x20,
    /* A mark that becomes one with a letter directly before it. */
    WD_FOLD_COMPOSES = 0x10,
    /* Such a letter, and all that are folded to it. */
    WD_FOLD_LETTER = 0x08,
    /* Leaves pads, before which a mark or what becomes several would go. */
    WD_FOLD_PADDED = 0x04,
    /* Stands for nothing: all pads within a word, all gaps elsewhere. */
    WD_FOLD_GONE = 0x02,
};

enum { WD_FOLD_PAGE = 64 };

/* What 64 characters of two or three bytes become, byte for byte in their places: bytes[n][m] is byte n of
 * the m-th. Where the first is 0 it is not so simple, or is of a script without blanks. */
struct wd_fold_page {
    _Alignas(64) uint8_t bytes[3][WD_FOLD_PAGE];
    uint8_t classes[WD_FOLD_PAGE]; /* enum wd_fold_class */
};

/* All of the basic plane, from U+0000 on. */
const struct wd_fold_page *wd_copy_fold_pages(void);
/* Whether folded text begins with a character of a script that puts no blanks between words. */
bool wd_copy_fold_stands_alone(const unsigned char *folded);

#endif
