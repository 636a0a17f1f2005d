/* state.c - the tables of a shard together: their event time and their undo log. */
#include "table_internal.h"
#include "wd_assert.h"
#include "wd_limits.h"

#include <string.h>

struct wd_state *wd_state_create(void)
{
    struct wd_state *state = calloc(1, sizeof(*state));
    if (state)
        state->logging = true;
    return state;
}

static void free_old_blocks(struct wd_state *state)
{
    for (size_t i = 0; i < state->change_count; i++) {
        if (state->changes[i].kind != WD_CHANGE_INSERT)
            wd_table_blocks_give(&state->changes[i].table->blocks, state->changes[i].old.block);
    }
}

void wd_state_destroy(struct wd_state *state)
{
    if (!state)
        return;
    free_old_blocks(state);
    for (size_t i = 0; i < state->table_count; i++)
        wd_table_free(state->tables[i]);
    free(state->tables);
    free(state->ages);
    free(state->changes);
    free(state);
}

enum wd_status wd_state_add_table(struct wd_state *state, const struct wd_table_spec *spec,
                                  struct wd_table **table, struct wd_error *error)
{
    *table = NULL;
    size_t name_len = strnlen(spec->name, sizeof(spec->name));
    if (name_len == 0 || name_len == sizeof(spec->name) || spec->entries_max == 0 ||
        spec->entries_max > INT32_MAX / 2 || spec->key_len_max > WD_TABLE_KEY_BYTES_MAX ||
        spec->value_len_max > WD_TABLE_VALUE_BYTES_MAX || spec->ttl_ms < 0)
        return wd_error_set(error, WD_OUT_OF_RANGE, "table \"%.63s\" has a bad specification",
                            spec->name);
    if (wd_state_find_table(state, wd_slice_from(spec->name)))
        return wd_error_set(error, WD_CONFLICT, "there are two tables \"%s\"", spec->name);
    struct wd_table **grown =
        realloc(state->tables, (state->table_count + 1) * sizeof(struct wd_table *));
    if (grown)
        state->tables = grown;
    struct wd_table_age *ages =
        realloc(state->ages, (state->table_count + 1) * sizeof(struct wd_table_age));
    if (ages)
        state->ages = ages;
    if (!grown || !ages || !wd_table_make(state, spec, table))
        return wd_error_set(error, WD_NO_MEMORY, "no memory for table \"%s\"", spec->name);
    state->ages[state->table_count] = (struct wd_table_age){.oldest = WD_AGE_UNKNOWN};
    state->tables[state->table_count++] = *table;
    return WD_OK;
}

struct wd_table *wd_state_find_table(struct wd_state *state, struct wd_slice name)
{
    for (size_t i = 0; i < state->table_count; i++) {
        if (wd_slice_is(name, state->tables[i]->spec.name))
            return state->tables[i];
    }
    return NULL;
}

uint64_t wd_state_count(const struct wd_state *state)
{
    uint64_t count = 0;
    for (size_t i = 0; i < state->table_count; i++)
        count += state->tables[i]->count;
    return count;
}

uint64_t wd_state_bytes(const struct wd_state *state)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < state->table_count; i++)
        bytes += wd_table_bytes(state->tables[i]);
    return bytes;
}

static struct wd_table_age age_of(const struct wd_table *table)
{
    struct wd_table_age age = {table->oldest, INT64_MAX};
    if (table->oldest != WD_TABLE_NONE && table->spec.ttl_ms > 0 &&
        __builtin_add_overflow(wd_entry_event_ms(table, &table->entries[table->oldest]),
                               table->spec.ttl_ms, &age.leaves_ms))
        age.leaves_ms = INT64_MAX;
    return age;
}

void wd_state_advance(struct wd_state *state, int64_t event_ms)
{
    if (event_ms <= state->event_ms)
        return;
    state->event_ms = event_ms;
    for (size_t i = 0; i < state->table_count; i++) {
        struct wd_table *table = state->tables[i];
        if (table->oldest == state->ages[i].oldest && event_ms <= state->ages[i].leaves_ms)
            continue;
        wd_table_expire(table);
        state->ages[i] = age_of(table);
    }
}

int64_t wd_state_event_ms(const struct wd_state *state)
{
    return state->event_ms;
}

bool wd_state_changed(const struct wd_state *state)
{
    return state->change_count > 0 || state->event_ms != state->event_ms_committed;
}

void wd_state_commit(struct wd_state *state)
{
    free_old_blocks(state);
    for (size_t i = 0; i < state->change_count; i++) {
        if (state->changes[i].kind == WD_CHANGE_REMOVE)
            wd_table_give_number(state->changes[i].table, state->changes[i].entry);
    }
    for (size_t i = 0; i < state->table_count; i++) {
        state->tables[i]->evicted_committed = state->tables[i]->evicted;
        state->tables[i]->expired_committed = state->tables[i]->expired;
    }
    state->change_count = 0;
    state->event_ms_committed = state->event_ms;
}

struct wd_state_mark wd_state_mark(const struct wd_state *state)
{
    return (struct wd_state_mark){state->change_count, state->event_ms};
}

void wd_state_rollback_to(struct wd_state *state, struct wd_state_mark mark)
{
    WD_ASSERT(mark.changes <= state->change_count);
    while (state->change_count > mark.changes)
        wd_table_undo(&state->changes[--state->change_count]);
    state->event_ms = mark.event_ms;
    wd_state_forget_ages(state);
}

void wd_state_rollback(struct wd_state *state)
{
    wd_state_rollback_to(state, (struct wd_state_mark){0, state->event_ms_committed});
    for (size_t i = 0; i < state->table_count; i++) {
        state->tables[i]->evicted = state->tables[i]->evicted_committed;
        state->tables[i]->expired = state->tables[i]->expired_committed;
    }
}

uint64_t wd_state_foreign_records(const struct wd_state *state)
{
    return state->foreign_records;
}

void wd_state_clear(struct wd_state *state)
{
    free_old_blocks(state);
    state->change_count = 0;
    for (size_t i = 0; i < state->table_count; i++)
        wd_table_clear(state->tables[i]);
    wd_state_forget_ages(state);
    state->event_ms = state->event_ms_committed = 0;
    state->foreign_records = 0;
}
