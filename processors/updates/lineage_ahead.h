/* lineage_ahead.h - what a story's names lead to is asked for while earlier processors have it in hand.
 *
 * Why:    a group's name is three cache misses one behind the other, its lineage and the kept copy are three more.
 *         Dedup knows the group long before the story gets here: by then they have come.
 * Owns:   nothing; tables are borrowed. No verdict depends on what was asked for.
 * Thread: its lane. */
#ifndef WD_LINEAGE_AHEAD_H
#define WD_LINEAGE_AHEAD_H

#include "lineage_store.h"

/* The way to one story's group. Zeroed but for its tables it is at its begin. */
struct wd_lineage_ahead {
    struct wd_lineage_store *store;
    struct wd_table *copies; /* handle of a lineage -> copy_memory.h */
    int step;                /* the next one */
    struct wd_handle group;  /* its name, once it is known */
    struct wd_handle id;     /* of the lineage that this leads to */
};

/* Asks the processor for what is read next, a cache miss further with every call for a story: first for its own name, and
 * when its group is known, for what this leads to. */
void wd_lineage_look_ahead(struct wd_lineage_ahead *ahead, const struct wd_story *story);
/* The same in the story's turn, when its group's name was made and asked for, whether it was known before or not. */
void wd_lineage_look_further(struct wd_lineage_ahead *ahead, const struct wd_story *story,
                             const struct wd_handle *group);
/* For all of a lineage and its copy, unless it was asked for already. */
void wd_lineage_ask_for(const struct wd_lineage_ahead *ahead, const struct wd_handle *id);
/* The story is done. */
void wd_lineage_ahead_end(struct wd_lineage_ahead *ahead);

#endif
