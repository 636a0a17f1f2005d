/* headline_words.h - which words a headline has, as 16 bytes.
 *
 * Why:    the same headline names the same story, and one word of another stands out. As bits of a set two words of
 *         unlike headlines are alike too often: with 64 bits for six words nearly always one.
 * Owns:   nothing; a value.
 * Thread: any.
 * Limits: of more than WD_HEADLINE_WORDS_KEPT different words those with the smallest fingerprints are kept: the same
 *         ones of two headlines that share them. Two different words are alike once in 1,023 times.
 * Source: bottom-k sketch (Cohen and Kaplan, "Summarizing data using bottom-k sketches", 2007). */
#ifndef WD_HEADLINE_WORDS_H
#define WD_HEADLINE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WD_HEADLINE_WORDS_KEPT = 12,
    WD_HEADLINE_WORD_BITS = 10,
};

struct wd_headline_words {
    /* Six fingerprints each, the smallest lowest, 0 where there are no more; in the high four bits a part of the sum of
     * all words. */
    uint64_t packed[2];
};

/* Members of two sets. */
struct wd_set_overlap {
    uint32_t of_story, of_other, both;
};

/* Of words by their hashes, in any order. */
struct wd_headline_words wd_headline_words_of(const uint64_t *hashes, size_t count);
/* Different ones that are kept. */
uint32_t wd_headline_words_count(const struct wd_headline_words *words);
/* Whether it is kept, or one with the same fingerprint. */
bool wd_headline_words_have(const struct wd_headline_words *words, uint64_t hash);
/* The same words, all of them. */
bool wd_headline_words_equal(const struct wd_headline_words *one,
                             const struct wd_headline_words *other);
/* Of the fingerprints that either headline would have kept. */
struct wd_set_overlap wd_headline_words_overlap(const struct wd_headline_words *story,
                                                const struct wd_headline_words *other);

#endif
