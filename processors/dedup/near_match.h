/* near_match.h - finds the remembered story that a new one repeats, reprints or continues.
 *
 * Why:    index and sketches find who shares something, the verifier says what that means; here they
 *         are put together, and the story is remembered.
 * Owns:   candidates, query and scratch; borrows its table. The index is derived from the table's records:
 *         wd_near_observe keeps it so, on restore and rollback alike.
 * Thread: its lane.
 * Limits: WD_CANDIDATES_MAX (candidates.h) records are compared with a story, whatever it shares with how many;
 *         one piece of copy leads to WD_INDEX_ANSWER_MAX stories at most. */
#ifndef WD_NEAR_MATCH_H
#define WD_NEAR_MATCH_H

#include "table.h"
#include "verifier.h"

struct wd_near_options {
    uint64_t entries_max;
    uint64_t seed;
    uint32_t words_min;
    bool exact_only;
    /* Is told several times, while a story that joins an earlier one is remembered, that its group is known (struct
     * wd_environment). May be NULL. */
    void (*announce)(void *announce_context, const struct wd_story *story);
    void *announce_context;
};

struct wd_near;

/* NULL when memory is exhausted. */
struct wd_near *wd_near_create(struct wd_table *table, const struct wd_near_options *options);
/* Takes NULL. */
void wd_near_destroy(struct wd_near *near);

/* Fills story->dedup and remembers the story. */
enum wd_status wd_near_judge(struct wd_near *near, struct wd_story *story) WD_MUST_CHECK;
/* A record of the table came (or, `value.data` NULL, goes) outside wd_near_judge. */
void wd_near_observe(struct wd_near *near, struct wd_slice key, struct wd_slice value);

/* For measuring: the key under which the story that was judged last is remembered, and that story
 * compared with another one, whether the index led to it or not. False when it is not there. */
struct wd_digest wd_near_last_key(const struct wd_near *near);
bool wd_near_compare(struct wd_near *near, const struct wd_digest *key,
                     struct wd_comparison *comparison);
/* Bytes of the index in use. */
uint64_t wd_near_index_bytes(const struct wd_near *near);

#endif
