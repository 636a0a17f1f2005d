/* table_internal.h - what table.c, state.c and state_record.c share: entries and the undo log.
 *
 * Thread: the shard's lane. */
#ifndef WD_TABLE_INTERNAL_H
#define WD_TABLE_INTERNAL_H

#include "prefetch.h"
#include "table.h"
#include "table_blocks.h"
#include "table_slots.h"

#include <stdlib.h>

enum {
    WD_TABLE_NONE = WD_TABLE_NO_RECORD,
    WD_EVENT_BYTES = 8,
    WD_ENTRY_HEAD_BYTES = 1 + WD_EVENT_BYTES,
};

/* A record. In its block stand the key and then the value as the changelog has it: u8 version, i64 event
 * time, value. So it is handed over where it lies. */
struct wd_entry {
    uint32_t block; /* WD_BLOCK_NONE: free */
    int32_t older,
        younger; /* neighbours in the order of puts; `older` of a free one: the next free */
    uint16_t value_len;
    uint8_t key_len;
};

struct wd_table {
    struct wd_state *state;
    struct wd_table_spec spec;
    struct wd_entry *entries;
    uint32_t entry_count, entry_capacity; /* of the array, free ones included */
    struct wd_table_slots slots;
    struct wd_table_blocks blocks;
    int32_t free_first;
    int32_t oldest, youngest;
    uint64_t count, block_bytes;
    uint64_t evicted, expired;
    uint64_t evicted_committed, expired_committed;
    wd_table_observer *observer;
    void *observer_context;
};

enum wd_change_kind { WD_CHANGE_INSERT, WD_CHANGE_REPLACE, WD_CHANGE_REMOVE };

/* What a change needs to be undone. The log is undone from its end, so that the list of puts is, at
 * every step, what it was right after the change. */
struct wd_state_change {
    enum wd_change_kind kind;
    bool last; /* the last change of its key; set by seal */
    int32_t entry;
    uint32_t hash; /* of the key */
    struct wd_table *table;
    struct wd_entry old; /* REPLACE, REMOVE: as it was, with its block and neighbours */
};

/* When a table's oldest record leaves: seen at every story, where the record itself lies anywhere in memory. */
struct wd_table_age {
    int32_t oldest; /* the record that it was taken from; WD_AGE_UNKNOWN: look again */
    int64_t leaves_ms;
};
enum { WD_AGE_UNKNOWN = -2 };

struct wd_state {
    struct wd_table **tables;
    struct wd_table_age *ages; /* of each; never too late while event time only grows */
    size_t table_count;
    struct wd_state_change *changes;
    size_t change_count, change_capacity;
    int64_t event_ms, event_ms_committed;
    uint64_t foreign_records;
    bool logging; /* false while records come from outside */
};

static inline char *wd_entry_block(const struct wd_table *table, const struct wd_entry *entry)
{
    return wd_table_block_at(&table->blocks, entry->block);
}

static inline struct wd_slice wd_entry_key(const struct wd_table *table,
                                           const struct wd_entry *entry)
{
    return wd_slice_make(wd_entry_block(table, entry), entry->key_len);
}

static inline struct wd_slice wd_entry_value(const struct wd_table *table,
                                             const struct wd_entry *entry)
{
    return wd_slice_make(wd_entry_block(table, entry) + entry->key_len + WD_ENTRY_HEAD_BYTES,
                         entry->value_len);
}

/* The value of the changelog's record. */
static inline struct wd_slice wd_entry_record(const struct wd_table *table,
                                              const struct wd_entry *entry)
{
    return wd_slice_make(wd_entry_block(table, entry) + entry->key_len,
                         WD_ENTRY_HEAD_BYTES + entry->value_len);
}

/* Little-endian, as everywhere in records. */
static inline int64_t wd_event_ms_read(const char *bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < WD_EVENT_BYTES; i++)
        value |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    return (int64_t)value;
}

static inline void wd_event_ms_write(char *bytes, int64_t event_ms)
{
    for (unsigned i = 0; i < WD_EVENT_BYTES; i++)
        bytes[i] = (char)((uint64_t)event_ms >> (8 * i));
}

static inline int64_t wd_entry_event_ms(const struct wd_table *table, const struct wd_entry *entry)
{
    return wd_event_ms_read(wd_entry_block(table, entry) + entry->key_len + 1);
}

uint32_t wd_table_hash(struct wd_slice key);
/* Of the entry's key. */
uint32_t wd_entry_hash(const struct wd_table *table, const struct wd_entry *entry);
/* Tells the observer, if there is one, that a record is there or goes. */
void wd_table_tell(struct wd_table *table, const struct wd_entry *entry, bool present);
bool wd_table_make(struct wd_state *state, const struct wd_table_spec *spec,
                   struct wd_table **table) WD_MUST_CHECK;
void wd_table_free(struct wd_table *table);
/* Drops all records; the observer is told. */
void wd_table_clear(struct wd_table *table);
/* Records may have become older than they were: after an undo, or from outside. */
static inline void wd_state_forget_ages(struct wd_state *state)
{
    for (size_t i = 0; i < state->table_count; i++)
        state->ages[i].oldest = WD_AGE_UNKNOWN;
}
/* As wd_table_put, with an event time; evicts only while changes are logged. */
enum wd_status wd_table_put_at(struct wd_table *table, struct wd_slice key, struct wd_slice value,
                               int64_t event_ms) WD_MUST_CHECK;
/* Takes a live entry out; its block goes into the log, or is freed. */
void wd_table_remove(struct wd_table *table, int32_t number);
/* The oldest leave until the limits hold; never the one just put. */
enum wd_status wd_table_evict(struct wd_table *table) WD_MUST_CHECK;
/* Removes what has expired. */
void wd_table_expire(struct wd_table *table);
/* Takes one change back. */
void wd_table_undo(const struct wd_state_change *change);
/* What leaves next is asked for, a step for each that left: first its entry, then its block, then its slot. */
void wd_table_prefetch_oldest(const struct wd_table *table);
/* A removed entry's number may be given to another from now on. */
void wd_table_give_number(struct wd_table *table, int32_t number);

#endif
