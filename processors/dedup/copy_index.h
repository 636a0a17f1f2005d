/* copy_index.h - which remembered stories have this piece of copy: an inverted index.
 *
 * Why:    of a million stories perhaps three share a phrase with the new one; a look at the phrase
 *         must find them in one cache miss.
 * Owns:   its lines, and the tags of stories. It is derived: whoever keeps the records adds and removes the same
 *         postings for the same records, and then it answers the same, in whatever order that was done (but
 *         for the order of postings within one answer).
 * Thread: its lane.
 * Limits: `postings_max` postings; address space for them is reserved at once and used as they come: groups begin with two
 *         lines each (4 MB for a million stories) and grow one by one, so that growing never halts the line. Full, it
 *         drops further postings and counts them.
 * How:    keys are spread over a fixed number of groups. A group is a small hash table of rows of eight cache lines, of ten
 *         postings each; a line that is full lets postings pass to the others of its row, then to the next row, and
 *         keeps a bit of each, so that a look-up goes on only where it may find something. When a group gets
 *         more lines, only what belongs to those moves.
 * Source: open addressing with buckets (Knuth, volume 3, 6.4); Larson, "Dynamic hash tables" (1988) for growth in small
 *         steps. */
#ifndef WD_COPY_INDEX_H
#define WD_COPY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WD_INDEX_ANSWER_MAX = 8, /* postings of one key that are looked at */
    WD_INDEX_KEYS_MAX = 96,  /* that are looked up at once */
};

struct wd_copy_index;

struct wd_posting {
    int32_t number; /* of the story */
    uint8_t group;  /* 6 bits of the group's and the provider's hash: to count how many different */
    uint8_t provider;
    bool follows; /* the story is a flash, or says that it follows another */
};

/* Where a key's postings stand, or would: the line that is its own, behind it those to which postings passed. Holds until
 * something is added; adding itself looks again where that is so. */
struct wd_index_place {
    struct wd_index_line *home;
    uint32_t group, print;
    uint32_t pass;  /* the bit of a line that the key's postings passed, of its state */
    uint16_t line;  /* of the group's */
    uint16_t level; /* of the group: how many lines it has */
};

/* What was found for several keys. */
struct wd_copy_answers {
    uint64_t found[(WD_INDEX_KEYS_MAX + 63) / 64]; /* bit n: the count of key n is not 0 */
    uint8_t counts[WD_INDEX_KEYS_MAX];
    struct wd_posting postings[WD_INDEX_KEYS_MAX][WD_INDEX_ANSWER_MAX];
};

struct wd_copy_index_usage {
    uint64_t postings, dropped;
    uint64_t bytes;     /* in use */
    uint64_t bytes_max; /* reserved */
};

/* `stories_max`: held at once; their numbers may be three times as high, and postings of higher ones are dropped.
 * NULL when memory is exhausted. */
struct wd_copy_index *wd_copy_index_create(uint64_t postings_max, uint64_t stories_max);
/* Takes NULL. */
void wd_copy_index_destroy(struct wd_copy_index *index);

/* Keys are hashes of at least 40 good bits, the low ones. Says where their postings stand, and asks the processor for
 * what looking up, adding or removing will read. */
void wd_copy_index_prefetch(const struct wd_copy_index *index, const uint64_t *keys, size_t count,
                            struct wd_index_place *places);
/* The second step before keys are looked up, and the one before a posting is added: their own lines are there by now. */
void wd_copy_index_prefetch_passed(const struct wd_copy_index *index,
                                   const struct wd_index_place *places, size_t count);
void wd_copy_index_prefetch_behind(const struct wd_copy_index *index,
                                   const struct wd_index_place *place);
/* Up to WD_INDEX_ANSWER_MAX postings of a key; returns their number. Of a million stories' answers one look-up in ten
 * thousand has a posting of another key (38 bits are compared). */
size_t wd_copy_index_find(const struct wd_copy_index *index, const struct wd_index_place *place,
                          struct wd_posting answer[WD_INDEX_ANSWER_MAX]);
/* The same for several keys, WD_INDEX_KEYS_MAX at most. */
void wd_copy_index_find_all(const struct wd_copy_index *index, const struct wd_index_place *places,
                            size_t count, struct wd_copy_answers *answers);
/* Adds the posting under each of the keys. All postings of a number have the same group, provider and `follows`: the
 * last ones count. */
void wd_copy_index_add(struct wd_copy_index *index, struct wd_index_place *places, size_t count,
                       struct wd_posting posting);
/* Takes the story's postings out; nothing happens where there is none. */
void wd_copy_index_remove(struct wd_copy_index *index, struct wd_index_place *places, size_t count,
                          int32_t number);
struct wd_copy_index_usage wd_copy_index_usage(const struct wd_copy_index *index);

#endif
