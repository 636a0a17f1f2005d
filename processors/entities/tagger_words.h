/* tagger_words.h - what the tagger sees of one word, without any model.
 *
 * Why:    a word occurs thousands of times; its spelling is looked at once and remembered by its key.
 * Owns:   nothing.
 * Thread: any; no state.
 * Limits: of a longer word only the first WD_WORD_BYTES_MAX bytes are looked at; its key is of all. */
#ifndef WD_TAGGER_WORDS_H
#define WD_TAGGER_WORDS_H

#include "slice.h"

#include <stdint.h>

enum { WD_WORD_BYTES_MAX = 96, WD_WORD_SHAPE_MAX = 16, WD_WORD_AFFIX_MAX = 4 };

enum wd_word_flag {
    WD_WORD_UPPER = 1u << 0,       /* holds an upper-case letter, or one of a script without case */
    WD_WORD_UPPER_FIRST = 1u << 1, /* begins with one */
    WD_WORD_LOWER = 1u << 2,       /* holds a lower-case letter */
    WD_WORD_DIGIT = 1u << 3,
    WD_WORD_LETTER = 1u << 4,
    WD_WORD_CAPITALS = 1u << 5 /* two letters or more, all upper-case */
};

struct wd_word {
    uint64_t surface;                   /* hash of the normalised spelling */
    uint64_t lower;                     /* the same in lower case, digits as 0, without accents */
    uint64_t shape;                     /* hash of the shape: "Xxx", "X.X.", "dd-dd" */
    uint64_t prefix[WD_WORD_AFFIX_MAX]; /* of 1 to 4 code points of `lower`; 0: too short */
    uint64_t suffix[WD_WORD_AFFIX_MAX];
    uint32_t flags;
    uint32_t points; /* code points looked at */
};

/* `text`: valid UTF-8, not empty. */
void wd_word_read(struct wd_slice text, struct wd_word *word);
/* Only the flags: cheap. */
uint32_t wd_word_flags(struct wd_slice text);
/* Identifies the exact spelling. `mode` keeps apart what is read differently. */
uint64_t wd_word_key(struct wd_slice text, uint32_t mode);
/* Writes the normalised lower-case form (what `lower` is the hash of) without a NUL; returns its
 * length. `out` has room for WD_WORD_BYTES_MAX bytes. */
size_t wd_word_lower(struct wd_slice text, char *out);
/* The hash that `lower` is, of a form that wd_word_lower wrote. */
uint64_t wd_word_hash(const char *bytes, size_t len);

/* Mixes two hashes into a new one. Order matters. */
static inline uint64_t wd_tagger_mix(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ (b + UINT64_C(0x9E3779B97F4A7C15) + (a << 6))) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ (h >> 29);
}

#endif
