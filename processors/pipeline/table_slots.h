/* table_slots.h - from the hash of a key to the number of its entry.
 *
 * Why:    a table of millions must be found in one cache miss, and must never stand still to grow: the
 *         slots of the old array move into the new one a few at a time.
 * Owns:   its arrays. Callers keep keys and entries.
 * Thread: its lane.
 * Limits: numbers below 2^31. Three of four slots are used at most.
 * Source: open addressing, linear probing in the order of hashes from the begin of a cache line on (the line is hash *
 *         lines / 2^32, so that any count of them will do); deletion by moving followers back. */
#ifndef WD_TABLE_SLOTS_H
#define WD_TABLE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

struct wd_slot {
    uint32_t hash;
    uint32_t number; /* + 1; 0: empty */
};

struct wd_slot_array {
    struct wd_slot *slots;
    uint32_t count;
};

struct wd_table_slots {
    struct wd_slot_array now;
    struct wd_slot_array old; /* being emptied into `now`; count 0: none */
    uint32_t old_at;          /* the next of `old` to be moved, right behind an empty one */
    uint32_t old_left;        /* slots of `old` that were not looked at */
    uint32_t used;            /* in both */
};

/* True when entry `number` is the one that is looked for. */
typedef bool wd_slot_match(const void *context, int32_t number);

/* False when memory is exhausted. */
bool wd_table_slots_init(struct wd_table_slots *slots);
void wd_table_slots_finish(struct wd_table_slots *slots);
/* Forgets all; keeps the memory. */
void wd_table_slots_clear(struct wd_table_slots *slots);

void wd_table_slots_prefetch(const struct wd_table_slots *slots, uint32_t hash);
/* The number for which `match` is true among those with this hash; -1: none. */
int32_t wd_table_slots_find(const struct wd_table_slots *slots, uint32_t hash, wd_slot_match *match,
                            const void *context);
/* Room for one more; false when memory is exhausted. */
bool wd_table_slots_reserve(struct wd_table_slots *slots);
/* There must be room: reserved, or left by one that was removed since. */
void wd_table_slots_add(struct wd_table_slots *slots, uint32_t hash, int32_t number);
/* It must be there. */
void wd_table_slots_remove(struct wd_table_slots *slots, uint32_t hash, int32_t number);
uint64_t wd_table_slots_bytes(const struct wd_table_slots *slots);

#endif
