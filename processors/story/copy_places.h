/* copy_places.h - where the words of a whole story stand, all at once.
 *
 * Why:    most stories are some kilobytes: their words are found in one sweep over all paragraphs and
 *         hashed in another, without a look at a single one of them. What is longer, or of a script
 *         without blanks, goes word by word (copy_borders.h).
 * Owns:   nothing; what stays lies in the arena that was given, text and places of short copy in the
 *         caller's room, which is as good as always in the cache.
 * Thread: any.
 * Limits: WD_PLACES_BYTES_MAX of folded text, a gap behind each paragraph included. */
#ifndef WD_COPY_PLACES_H
#define WD_COPY_PLACES_H

#include "arena.h"
#include "slice.h"

#include <stdint.h>

enum {
    WD_PLACES_BLOCK = 64, /* bytes that are looked at, and may be read and written, at once */
    WD_PLACES_BYTES_MAX = 65472, /* a place is 16 bits */
    WD_PLACES_ROOM = 8192,       /* bytes of text that need nothing of the arena */
};

enum wd_word_kind {
    WD_WORD_NUMBER = 1,  /* begins with a digit */
    WD_WORD_NAME = 2,    /* begins with a capital, and not a sentence */
    WD_WORD_SHORT = 4,   /* in a headline: three letters at most, of one or two bytes each */
    WD_WORD_LONG = 8,    /* in the body: WD_LONG_BYTES and more */
    WD_WORD_LONGER = 16, /* WD_LONGER_BYTES and more: long where letters have two bytes */
};

/* Where a word is: bytes of the folded text. */
struct wd_place {
    uint16_t begin, end;
};

struct wd_places_room {
    unsigned char folded[WD_PLACES_ROOM];
    struct wd_place words[WD_PLACES_ROOM / 2];
};

/* Sets of words: bit n is of word n. Two blocks of 64 bits more than the words need can be read. */
struct wd_place_sets {
    uint64_t *numbers; /* begins with a digit */
    uint64_t *names;   /* begins with a capital */
    /* A stop stands before it, and no other word in between; not in lower case. */
    uint64_t *borders;
    uint64_t *is_long, *longer; /* of so many bytes; made with the hashes (copy_hash.h) */
};

struct wd_copy_places {
    unsigned char *folded; /* paragraphs one behind the other, with a gap between */
    struct wd_place *words;
    struct wd_place_sets sets;
    uint32_t bytes; /* of `folded` that are in use */
    uint32_t count; /* of words */
    bool has_pads;  /* there are some among the words' bytes (WD_FOLD_PAD) */
};

/* Room for paragraphs of so many bytes together. False when memory is exhausted, or they are too long. */
bool wd_copy_places_init(struct wd_copy_places *places, struct wd_arena *arena,
                         struct wd_places_room *room, size_t bytes, size_t paragraphs);
/* What was there before a paragraph: words, and bytes of folded text. */
struct wd_places_begin {
    uint32_t word, byte;
};

/* Folds paragraphs and appends their words; `begins` says where each one's are. Returns how many were taken: the
 * one behind, of which nothing is appended, is of a script without blanks. */
size_t wd_copy_places_add_all(struct wd_copy_places *places, const struct wd_slice *texts,
                              size_t count, struct wd_places_begin *begins);
/* The same, as processors without AVX-512 and AVX2 do it; for tests. */
size_t wd_copy_places_add_all_plain(struct wd_copy_places *places, const struct wd_slice *texts,
                                    size_t count, struct wd_places_begin *begins);
/* One paragraph. */
static inline bool wd_copy_places_add(struct wd_copy_places *places, struct wd_slice text)
{
    struct wd_places_begin begin;
    return wd_copy_places_add_all(places, &text, 1, &begin) == 1;
}

#endif
