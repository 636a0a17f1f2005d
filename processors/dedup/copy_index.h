/* copy_index.h - which remembered stories have this piece of copy: an inverted index.
 *
 * Why:    of a million stories perhaps three share a phrase with the new one; a look at the phrase
 *         must find them in one cache miss.
 * Owns:   its buckets. It is derived: whoever keeps the records adds and removes the same postings
 *         for the same records, and then it answers the same, in whatever order that was done (but
 *         for the order of postings within one answer).
 * Thread: its lane.
 * Limits: `postings_max` postings; memory for them is reserved at once and used as they come: buckets
 *         are split one by one, so that growing never halts the line. Full, it drops further postings
 *         and counts them.
 * Source: linear hashing (Litwin 1980); a bucket is one cache line of eight postings. */
#ifndef WD_COPY_INDEX_H
#define WD_COPY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WD_INDEX_NUMBER_BITS = 26, /* of a story's number: 67 million stories */
    WD_INDEX_ANSWER_MAX = 8,   /* postings of one key that are looked at */
};

struct wd_copy_index;

struct wd_posting {
    int32_t number; /* of the story */
    uint8_t group;  /* 6 bits of the group's and the provider's hash: to count how many different */
    uint8_t provider;
};

struct wd_copy_index_usage {
    uint64_t postings, dropped;
    uint64_t bytes;     /* in use */
    uint64_t bytes_max; /* reserved */
};

/* NULL when memory is exhausted. */
struct wd_copy_index *wd_copy_index_create(uint64_t postings_max);
/* Takes NULL. */
void wd_copy_index_destroy(struct wd_copy_index *index);

/* Keys are hashes of at least 40 good bits, the low ones. */
/* Asks the processor for what a look-up will read: first step 0 for all keys, then step 1. */
void wd_copy_index_prefetch(const struct wd_copy_index *index, uint64_t key, int step);
/* And for what adding so many postings will, besides what was looked up. */
void wd_copy_index_prefetch_growth(const struct wd_copy_index *index, size_t postings);
/* Up to WD_INDEX_ANSWER_MAX postings of a key; returns their number. About one answer in a thousand
 * holds a posting of another key (38 bits are compared). */
size_t wd_copy_index_find(const struct wd_copy_index *index, uint64_t key,
                          struct wd_posting answer[WD_INDEX_ANSWER_MAX]);
void wd_copy_index_add(struct wd_copy_index *index, uint64_t key, struct wd_posting posting);
/* Nothing happens when there is no such posting. */
void wd_copy_index_remove(struct wd_copy_index *index, uint64_t key, int32_t number);
struct wd_copy_index_usage wd_copy_index_usage(const struct wd_copy_index *index);

#endif
