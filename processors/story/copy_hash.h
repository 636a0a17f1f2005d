/* copy_hash.h - the hashes of words and of runs of words, one by one and many at once.
 *
 * Why:    five hundred words a story: with AVX-512 eight of them are mixed in the time of two, with AVX2 four.
 * Owns:   nothing.
 * Thread: any.
 * Limits: what a record keeps depends on every bit of these: they never change without its version. */
#ifndef WD_COPY_HASH_H
#define WD_COPY_HASH_H

#include "clones.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Mixes two numbers into one, every bit of which depends on all of theirs: the 128-bit product folded,
 * as in wyhash (Wang Yi) and XXH3. The keys have bytes that no folded text has, so that no choice of words
 * makes a factor zero. */
static inline uint64_t wd_hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)(a ^ UINT64_C(0x2D358DCCAA6CFFA5)) * (b ^ UINT64_C(0x8BB84B93962EFFC9));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* A word of `len` bytes, at least one. 16 bytes before it and 8 behind its begin may be read. */
uint64_t wd_hash_word_long(const unsigned char *bytes, size_t len);
static inline uint64_t wd_hash_load(const unsigned char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof(value));
    return value;
}

/* Up to 16 bytes, without a branch: lengths are as good as chance. */
static inline uint64_t wd_hash_word(const unsigned char *bytes, size_t len)
{
    if (__builtin_expect(len > 16, 0))
        return wd_hash_word_long(bytes, len);
    uint64_t last = wd_hash_load(bytes + len - 8);
    uint64_t first = wd_hash_load(bytes);
    uint64_t two = (uint64_t)((int64_t)(8 - len) >> 63); /* all ones when more than 8 */
    uint64_t only = last >> ((64 - 8 * len) & 63);
    return wd_hash_mix((only & ~two) | (first & two), len ^ (last & two));
}

/* Takes what stands for nothing (WD_FOLD_PAD) out of a word's bytes; returns their new length. */
size_t wd_hash_take_out_pads(unsigned char *bytes, size_t len);

enum {
    WD_HASH_LANES = 8,
    WD_LONG_BYTES = 5,   /* a long word has */
    WD_LONGER_BYTES = 9, /* one that is long where letters have two bytes */
};

/* Of a sentence: the sum of its words, each times the factor of its place, is mixed in after every
 * WD_SUM_WORDS of them. A sum needs no order, so that many are taken at once; the factors are the
 * fraction of pi, made odd. */
enum { WD_SUM_WORDS = 32 };
#define WD_HASH_SENTENCE UINT64_C(0x9E3779B97F4A7C15) /* of no words */
extern const uint64_t wd_hash_factors[WD_SUM_WORDS];

struct wd_copy_sentence; /* copy_scan.h */

/* Sentences of words that are all there. */
void wd_hash_sentences(const uint64_t *words, struct wd_copy_sentence *sentences, uint32_t count);
void wd_hash_sentences_plain(const uint64_t *words, struct wd_copy_sentence *sentences,
                             uint32_t count);

struct wd_copy_places; /* copy_places.h */

/* The words of a text, without pads, which are gone from them then; `hashes` has room for WD_HASH_LANES more. Also
 * finds which are long. */
void wd_hash_words(const struct wd_copy_places *places, uint64_t *hashes);
void wd_hash_words_plain(const struct wd_copy_places *places, uint64_t *hashes);

enum { WD_SHINGLE_WORDS = 4, WD_HASH_SAMPLE_MAX = 112 };

/* Hashes of shingles, and where those stand that are kept: the first of them, if they are too many. */
struct wd_hash_sample {
    uint64_t seed;
    uint64_t *hashes; /* room for all, and for WD_HASH_LANES more */
    uint32_t hash_count;
    uint32_t keep; /* the high 32 bits of a hash that is kept are at most this */
    uint32_t count;
    uint32_t at[WD_HASH_SAMPLE_MAX + WD_HASH_LANES];
};

/* Appends a hash of WD_SHINGLE_WORDS words each that follow each other in words[0, count), of which there
 * are at least so many; 2 * WD_HASH_LANES more can be read. Mixed, not added up: a sum of hashes that everybody knows could be
 * aimed at whatever the seed is. */
void wd_hash_shingles(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample);
void wd_hash_shingles_plain(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample);

/* Words that have pads, once more and without them. */
void wd_hash_padded(const struct wd_copy_places *places, uint64_t *hashes);

#ifdef WD_AVX2
/* The same, where wd_has_avx2. */
void wd_hash_words_avx2(const struct wd_copy_places *places, uint64_t *hashes);
void wd_hash_shingles_avx2(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample);
#endif

#endif
