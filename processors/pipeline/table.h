/* table.h - what a processor remembers: small records under a key, that survive anything.
 *
 * Why:    exactly once needs state that goes back when a transaction aborts, comes back after
 *         `kill -9`, and stays bounded for months. A shard (struct wd_state) holds the tables of one
 *         pipeline for one input partition.
 * Owns:   all keys and values (copied in). Slices returned by get point into the table and are valid
 *         until the next put, delete, advance or rollback.
 * Thread: the shard's lane.
 * Limits: per table `entries_max` and `bytes_max`, 30 GiB at most; when either is reached the oldest entry leaves
 *         (least recently put). Entries leave when their event time is older than the time to live,
 *         measured against the shard's event time, never against the wall clock.
 * Undo:   every change since the last commit can be rolled back; that restores contents and order
 *         exactly. Memory of removed entries is reused only after the commit.
 *
 * A record in the changelog (format version 1, integers little-endian):
 *   key    u8 version, u8 table name length, table name, key bytes
 *   value  u8 version, i64 event time in ms, value bytes; an absent (null) value deletes the key
 * The reserved table name "" with key "event_time" carries the shard's event time. */
#ifndef WD_TABLE_H
#define WD_TABLE_H

#include "buffer.h"
#include "slice.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

enum { WD_STATE_RECORD_VERSION = 1 };

struct wd_table_spec {
    char name[64]; /* unique within the shard: "<processor instance>.<table>" */
    uint64_t entries_max;
    uint64_t bytes_max;     /* keys, values and overhead; 0: entries_max alone bounds */
    int64_t ttl_ms;         /* 0: for ever */
    uint32_t key_len_max;   /* at most WD_TABLE_KEY_BYTES_MAX */
    uint32_t value_len_max; /* at most WD_TABLE_VALUE_BYTES_MAX */
};

struct wd_state;
struct wd_table;

/* Gets every change that a transaction makes, as a changelog record; value.data NULL means delete.
 * Called by wd_state_seal, once per changed key with its last value, in a fixed order. */
typedef enum wd_status wd_state_journal(void *context, struct wd_slice key, struct wd_slice value);

/* Tells the owner of derived structures that a record came or went outside `process`: on restore, on
 * rollback, on expiry and eviction. `value.data` NULL: it is going, and can be read with
 * wd_table_find and wd_table_at for the last time. A record that is replaced goes before the other
 * comes. */
typedef void wd_table_observer(void *context, struct wd_table *table, struct wd_slice key,
                               struct wd_slice value, int64_t event_ms);

struct wd_state *wd_state_create(void);
void wd_state_destroy(struct wd_state *state);

/* Adds a table. WD_CONFLICT when the name is taken, WD_OUT_OF_RANGE for a bad spec. */
enum wd_status wd_state_add_table(struct wd_state *state, const struct wd_table_spec *spec,
                                  struct wd_table **table, struct wd_error *error) WD_MUST_CHECK;
/* NULL when there is none of this name. */
struct wd_table *wd_state_find_table(struct wd_state *state, struct wd_slice name);
/* At most one observer a table; NULL removes it. The same observer is called for every present
 * record by wd_table_replay_to_observer, when a reload puts a new processor before old records. */
void wd_table_observe(struct wd_table *table, wd_table_observer *observer, void *context);
void wd_table_replay_to_observer(struct wd_table *table);

/* WD_NOT_FOUND (with *value empty) when absent. An expired record is absent. */
enum wd_status wd_table_get(struct wd_table *table, struct wd_slice key, struct wd_slice *value,
                            int64_t *event_ms) WD_MUST_CHECK;
/* Puts a record with the shard's current event time. Replacing makes it the youngest. WD_TOO_LARGE
 * when key or value is longer than the spec allows. */
enum wd_status wd_table_put(struct wd_table *table, struct wd_slice key,
                            struct wd_slice value) WD_MUST_CHECK;
/* WD_NOT_FOUND when absent. */
enum wd_status wd_table_delete(struct wd_table *table, struct wd_slice key) WD_MUST_CHECK;

/* Records by number, for derived structures: a record keeps its number while it is there. */
struct wd_table_record {
    struct wd_slice key, value;
    int64_t event_ms;
};
enum { WD_TABLE_NO_RECORD = -1 };
/* The number of a record, expired or not; WD_TABLE_NO_RECORD when absent. */
int32_t wd_table_find(const struct wd_table *table, struct wd_slice key);
/* The number of the record that was put last; WD_TABLE_NO_RECORD when there is none. */
int32_t wd_table_youngest(const struct wd_table *table);
/* Of the one that leaves next when there is no room. */
int32_t wd_table_oldest(const struct wd_table *table);
/* Reads a record whose number is known to be in use. Valid as what wd_table_get returns. */
struct wd_table_record wd_table_at(const struct wd_table *table, int32_t number);
/* Asks the processor for what wd_table_at will read: first step 0 for all records, then step 1. */
void wd_table_prefetch(const struct wd_table *table, int32_t number, int step);

/* Asks the processor for what looking this key up will read first. */
void wd_table_prefetch_key(const struct wd_table *table, struct wd_slice key);
/* For what it reads then: step 0 when there was something else to do since, step 1 after a while again. Goes by the
 * key's hash alone. False when there is no such record. */
bool wd_table_prefetch_further(const struct wd_table *table, struct wd_slice key, int step);
/* For what putting a new record of these lengths will write. */
void wd_table_prefetch_room(const struct wd_table *table, size_t key_len, size_t value_len);

/* The shard that the table belongs to. */
struct wd_state *wd_table_state(const struct wd_table *table);
const char *wd_table_name(const struct wd_table *table);
uint64_t wd_table_count(const struct wd_table *table);
/* Bytes held from the system by this table, all overhead included. */
uint64_t wd_table_bytes(const struct wd_table *table);
uint64_t wd_table_evicted(const struct wd_table *table); /* pushed out by a limit */
uint64_t wd_table_expired(const struct wd_table *table); /* left by age */

/* Entries and bytes of all tables. */
uint64_t wd_state_count(const struct wd_state *state);
uint64_t wd_state_bytes(const struct wd_state *state);

/* Event time moves on: never back. Removes what has expired (as changes of the transaction). */
void wd_state_advance(struct wd_state *state, int64_t event_ms);
int64_t wd_state_event_ms(const struct wd_state *state);

/* Hands every change since the last commit to `journal`; stops at its first error and returns it.
 * May be called again with the same result until commit or rollback. */
enum wd_status wd_state_seal(struct wd_state *state, wd_state_journal *journal,
                             void *context) WD_MUST_CHECK;
/* True when there is something to seal. */
bool wd_state_changed(const struct wd_state *state);
void wd_state_commit(struct wd_state *state);
void wd_state_rollback(struct wd_state *state);

/* A place within a transaction to go back to: a message of which one part is refused must leave
 * nothing in the state. Valid until the next commit or rollback. */
struct wd_state_mark {
    size_t changes;
    int64_t event_ms;
};
struct wd_state_mark wd_state_mark(const struct wd_state *state);
void wd_state_rollback_to(struct wd_state *state, struct wd_state_mark mark);

/* Takes a changelog record. Records of tables that this shard does not have are counted and passed
 * over. WD_VERSION for a newer format, WD_SYNTAX for a damaged record. */
enum wd_status wd_state_apply(struct wd_state *state, struct wd_slice key, struct wd_slice value,
                              struct wd_error *error) WD_MUST_CHECK;
uint64_t wd_state_foreign_records(const struct wd_state *state);

/* Calls `visit` for the whole committed state as changelog records, oldest first within a table.
 * There must be no uncommitted changes. */
enum wd_status wd_state_each(struct wd_state *state, wd_state_journal *visit,
                             void *context) WD_MUST_CHECK;
/* Drops everything, without journal. */
void wd_state_clear(struct wd_state *state);

#endif
