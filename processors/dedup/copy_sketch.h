/* copy_sketch.h - a story's copy as a few hundred bytes that can be compared with another's.
 *
 * Why:    what was trimmed, extended, given another headline or a paper's furniture is still the same
 *         copy. Containment of word 4-grams tells, at any ratio of lengths; a sample of them is enough.
 * Owns:   a query owns its arrays, reused from story to story. A sketch is a value.
 * Thread: its lane.
 * Limits: WD_SKETCH_SHINGLES_MAX shingles, WD_SKETCH_SENTENCES_MAX sentences.
 * Source: FracMinHash, "scaled" sketches (Irber et al. 2022; Hera, Pierce-Ward, Koslicki 2023): all
 *         shingles whose hash is below a threshold are kept, so that the share of kept shingles that
 *         another text has estimates the containment, which MinHash signatures do not. The threshold
 *         goes by length: short copy keeps everything. */
#ifndef WD_COPY_SKETCH_H
#define WD_COPY_SKETCH_H

#include "cohesion.h"
#include "headline_words.h"

enum {
    WD_SKETCH_SHINGLES_MAX = 80,
    WD_SKETCH_POSTED_MAX = 16, /* of these go into the index */
    WD_SKETCH_SENTENCES_MAX = 24,
    WD_SKETCH_NAME_WORDS = 4, /* 64 bits each */
    WD_SKETCH_NUMBER_WORDS = 2,
    WD_LEAD_WORDS = 25,
    WD_HEADLINE_WORDS_MIN = 3, /* different ones; fewer name no story */
    WD_SENTENCE_WORDS_MIN = 5, /* a shorter one says nothing by itself */
    WD_SHINGLE_SHORT_BITS = 22,
    WD_SENTENCE_SHORT_BITS = 24,
};

/* So much of a hash is remembered to compare it: the first bits of those that the index looks at
 * (copy_index.h). 22 bits tell 56 phrases from the 500 of another story, 24 a sentence from 24. */
static inline uint32_t wd_copy_shingle_short(uint64_t hash)
{
    return (uint32_t)(hash >> 2) & ((UINT32_C(1) << WD_SHINGLE_SHORT_BITS) - 1);
}

static inline uint32_t wd_copy_sentence_short(uint64_t hash)
{
    return (uint32_t)(hash >> 2) & ((UINT32_C(1) << WD_SENTENCE_SHORT_BITS) - 1);
}

/* Whether a sketch with `keep` has this shingle. */
static inline bool wd_copy_is_kept(uint64_t hash, uint32_t keep)
{
    return hash >> 32 <= keep;
}

/* Eight bytes of 0 or 1 as so many bits. Sets are collected as bytes: to set a bit one would have to wait
 * for the last. */
static inline unsigned char wd_copy_bits_of(const uint8_t ones[8])
{
    uint64_t bytes;
    memcpy(&bytes, ones, sizeof(bytes));
    return (unsigned char)((bytes * UINT64_C(0x0102040810204080)) >> 56);
}

/* What is remembered of a story's copy. */
struct wd_copy_sketch {
    uint32_t words;          /* of the body */
    uint32_t shingle_count;  /* kept */
    uint32_t posted_count;   /* the first so many may be posted in the index */
    uint32_t posted;         /* those that are, as bits */
    uint32_t sentence_count; /* kept, in the order of the text */
    uint32_t keep;           /* every shingle is kept whose hash's high 32 bits are at most this */
    uint64_t shingles[WD_SKETCH_SHINGLES_MAX];       /* 40 bits */
    uint64_t sentences[WD_SKETCH_SENTENCES_MAX];     /* 40 bits */
    uint8_t sentence_words[WD_SKETCH_SENTENCES_MAX]; /* at most 127 */
    uint32_t sentences_posted;                       /* bits */
    struct wd_cohesion cohesion;                     /* a bit for each of the sentences */
    uint32_t about;                                  /* bits: sentences, see about.h */
    /* Sets as bits: bit (hash mod size) is set for every member. Of numbers side by side (a decimal's parts) each two are a
     * member, too. */
    uint64_t names[WD_SKETCH_NAME_WORDS];
    uint64_t numbers[WD_SKETCH_NUMBER_WORDS];
    struct wd_headline_words headline;
};

/* A new story, with more than is remembered of it. */
struct wd_copy_query {
    struct wd_copy_sketch sketch;
    uint32_t boilerplate; /* bits: sentences that this provider prints under many stories */
    uint32_t boilerplate_words;
    uint64_t kept[WD_SKETCH_SHINGLES_MAX]; /* the sketch's shingles, whole */
    /* The word at which the sketch's shingle of the same index begins; words of boilerplate are not counted. */
    uint32_t places[WD_SKETCH_SHINGLES_MAX];
    uint32_t lead_count;                             /* in the first WD_LEAD_WORDS words */
    uint32_t first_words[WD_SKETCH_SENTENCES_MAX];   /* of the sentences, all words counted */
    uint64_t headline_names[WD_HEADLINE_WORDS_KEPT]; /* words of the headline that are names */
    uint32_t headline_name_count;
    uint64_t headline_day; /* the word that is the day in the headline's date; 0: it names none */
    uint64_t *hashes;      /* of all shingles outside boilerplate, whole */
    uint32_t hash_count, hash_capacity;
    uint64_t seed;
};

/* Whether the word is in such a set of names, or another one with the same bit. */
static inline bool wd_copy_has_name(const uint64_t names[WD_SKETCH_NAME_WORDS], uint64_t hash)
{
    return (names[hash / 64 % WD_SKETCH_NAME_WORDS] >> (hash & 63) & 1) != 0;
}

void wd_copy_query_init(struct wd_copy_query *query, uint64_t seed);
void wd_copy_query_finish(struct wd_copy_query *query);
/* First step: the sentences; then names, numbers, the headline without its first `prefix` words ("CORRECTED"); then what
 * the story is about. */
void wd_copy_query_begin(struct wd_copy_query *query, const struct wd_copy_scan *scan);
void wd_copy_query_facts(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                         uint32_t prefix);
void wd_copy_query_about(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                         uint32_t prefix);
/* How many shingles a text of so many words had, of which a sketch keeps those up to `keep`: fewer, where it left out
 * boilerplate. */
uint32_t wd_copy_shingles_of(uint32_t words, uint32_t keep);
/* Second step, when query->boilerplate is known: the shingles. False when memory is exhausted. */
bool wd_copy_query_shingles(struct wd_copy_query *query, const struct wd_copy_scan *scan);

#endif
