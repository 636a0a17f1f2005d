/* state_record.c - changes as records of the changelog, and back. */
#include "table_internal.h"
#include "wd_assert.h"

#include <string.h>

enum { AHEAD = 16 }; /* changes */

static const char event_time_key[] = "event_time";

/* The key that a change is about. */
static const struct wd_entry *changed_entry(const struct wd_state_change *change)
{
    return change->kind == WD_CHANGE_INSERT ? &change->table->entries[change->entry] : &change->old;
}

/* An inserted entry may be replaced or removed later in the same transaction: its block has then
 * moved to a later change's `old`, and its key can still be read. */
static bool same_key(const struct wd_state_change *a, const struct wd_state_change *b)
{
    const struct wd_entry *x = changed_entry(a);
    const struct wd_entry *y = changed_entry(b);
    return a->hash == b->hash && a->table == b->table &&
           wd_slice_equal(wd_entry_key(a->table, x), wd_entry_key(b->table, y));
}

/* Marks the last change of each key. */
static bool mark_last(struct wd_state *state)
{
    size_t slot_count = 64;
    while (slot_count < state->change_count * 2)
        slot_count *= 2;
    size_t *slots = calloc(slot_count, sizeof(*slots)); /* index + 1 */
    if (!slots)
        return false;
    for (size_t i = state->change_count; i-- > 0;) {
        struct wd_state_change *change = &state->changes[i];
        size_t slot = change->hash & (slot_count - 1);
        while (slots[slot] != 0 && !same_key(&state->changes[slots[slot] - 1], change))
            slot = (slot + 1) & (slot_count - 1);
        change->last = slots[slot] == 0;
        if (change->last)
            slots[slot] = i + 1;
    }
    free(slots);
    return true;
}

static void write_key(struct wd_buffer *out, const char *table, struct wd_slice key)
{
    wd_buffer_clear(out);
    wd_buffer_append_byte(out, WD_STATE_RECORD_VERSION);
    wd_buffer_append_byte(out, (char)strlen(table));
    wd_buffer_append(out, table, strlen(table));
    wd_buffer_append_slice(out, key);
}

/* `value` NULL: it was deleted. */
static enum wd_status hand_over(const struct wd_buffer *key, struct wd_slice value,
                                wd_state_journal *journal, void *context)
{
    return wd_buffer_ok(key) ? journal(context, wd_buffer_slice(key), value) : WD_NO_MEMORY;
}

static enum wd_status hand_over_event_time(const struct wd_state *state, struct wd_buffer *key,
                                           wd_state_journal *journal, void *context)
{
    char value[WD_ENTRY_HEAD_BYTES] = {WD_STATE_RECORD_VERSION};
    wd_event_ms_write(value + 1, state->event_ms);
    write_key(key, "", wd_slice_from(event_time_key));
    return hand_over(key, wd_slice_make(value, sizeof(value)), journal, context);
}

/* Whose key is handed over: what is there now, or what went. */
static const struct wd_entry *handed_over_entry(const struct wd_state_change *change)
{
    return change->kind == WD_CHANGE_REMOVE ? &change->old : &change->table->entries[change->entry];
}

/* Of a change that is handed over soon: its entry first, then its key, which nobody has read for a thousand stories. */
static void prefetch_change(const struct wd_state *state, size_t index)
{
    if (index + AHEAD < state->change_count) {
        const struct wd_state_change *later = &state->changes[index + AHEAD];
        wd_prefetch(&later->table->entries[later->entry]);
    }
    if (index + AHEAD / 2 < state->change_count) {
        const struct wd_state_change *soon = &state->changes[index + AHEAD / 2];
        wd_prefetch(wd_entry_block(soon->table, handed_over_entry(soon)));
    }
}

enum wd_status wd_state_seal(struct wd_state *state, wd_state_journal *journal, void *context)
{
    if (!wd_state_changed(state))
        return WD_OK;
    if (!mark_last(state))
        return WD_NO_MEMORY;
    struct wd_buffer key;
    wd_buffer_init(&key);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < state->change_count && status == WD_OK; i++) {
        const struct wd_state_change *change = &state->changes[i];
        prefetch_change(state, i);
        if (!change->last)
            continue;
        bool gone = change->kind == WD_CHANGE_REMOVE;
        const struct wd_entry *entry = handed_over_entry(change);
        write_key(&key, change->table->spec.name, wd_entry_key(change->table, entry));
        status = hand_over(&key, gone ? WD_SLICE_NONE : wd_entry_record(change->table, entry),
                           journal, context);
    }
    if (status == WD_OK)
        status = hand_over_event_time(state, &key, journal, context);
    wd_buffer_finish(&key);
    return status;
}

/* Splits a record's key; WD_VERSION and WD_SYNTAX as wd_state_apply says. */
static enum wd_status split_key(struct wd_slice *key, struct wd_slice *table,
                                struct wd_error *error)
{
    if (key->len < 2)
        return wd_error_set(error, WD_SYNTAX, "a state record's key has %zu bytes", key->len);
    if ((unsigned char)key->data[0] != WD_STATE_RECORD_VERSION)
        return wd_error_set(error, WD_VERSION, "a state record has format version %d, not %d",
                            (unsigned char)key->data[0], WD_STATE_RECORD_VERSION);
    size_t name_len = (unsigned char)key->data[1];
    if (name_len > key->len - 2)
        return wd_error_set(error, WD_SYNTAX, "a state record's key is cut short");
    *table = wd_slice_make(key->data + 2, name_len);
    *key = wd_slice_from_offset(*key, 2 + name_len);
    return WD_OK;
}

static enum wd_status split_value(struct wd_slice *value, int64_t *event_ms, struct wd_error *error)
{
    if (value->len < 1 + WD_EVENT_BYTES)
        return wd_error_set(error, WD_SYNTAX, "a state record's value has %zu bytes", value->len);
    if ((unsigned char)value->data[0] != WD_STATE_RECORD_VERSION)
        return wd_error_set(error, WD_VERSION, "a state record has format version %d, not %d",
                            (unsigned char)value->data[0], WD_STATE_RECORD_VERSION);
    *event_ms = wd_event_ms_read(value->data + 1);
    *value = wd_slice_from_offset(*value, 1 + WD_EVENT_BYTES);
    return WD_OK;
}

static enum wd_status apply_event_time(struct wd_state *state, struct wd_slice key, bool present,
                                       int64_t event_ms)
{
    if (!wd_slice_is(key, event_time_key))
        state->foreign_records++;
    else if (present && event_ms > state->event_ms)
        wd_state_advance(state, event_ms);
    state->event_ms_committed = state->event_ms;
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < state->table_count && status == WD_OK; i++)
        status = wd_table_evict(state->tables[i]); /* only when the limits were lowered */
    return status;
}

static enum wd_status apply_change(struct wd_table *table, struct wd_slice key,
                                   struct wd_slice value, int64_t event_ms)
{
    int32_t index = wd_table_find(table, key);
    if (index != WD_TABLE_NONE)
        wd_table_tell(table, &table->entries[index], false);
    if (!value.data) {
        if (index != WD_TABLE_NONE)
            wd_table_remove(table, index);
        return WD_OK;
    }
    enum wd_status status = wd_table_put_at(table, key, value, event_ms);
    int32_t made =
        status == WD_OK ? table->youngest : index; /* a failed put leaves what was there */
    if (made != WD_TABLE_NONE)
        wd_table_tell(table, &table->entries[made], true);
    return status;
}

enum wd_status wd_state_apply(struct wd_state *state, struct wd_slice key, struct wd_slice value,
                              struct wd_error *error)
{
    WD_ASSERT(state->change_count == 0);
    struct wd_slice name = WD_SLICE_NONE;
    int64_t event_ms = 0;
    bool present = value.data != NULL;
    enum wd_status status = split_key(&key, &name, error);
    if (status == WD_OK && present)
        status = split_value(&value, &event_ms, error);
    if (status != WD_OK)
        return status;
    state->logging = false;
    wd_state_forget_ages(state);
    struct wd_table *table = wd_state_find_table(state, name);
    if (name.len == 0)
        status = apply_event_time(state, key, present, event_ms);
    else if (!table)
        state->foreign_records++;
    else
        status = apply_change(table, key, value, event_ms);
    state->logging = true;
    wd_state_forget_ages(state);
    if (status == WD_TOO_LARGE)
        return wd_error_set(error, WD_SYNTAX,
                            "a record of table %s has %zu bytes under a key of %zu: more than the "
                            "table takes",
                            table->spec.name, value.len, key.len);
    if (status != WD_OK)
        return wd_error_set(error, status, "cannot take a state record: %s",
                            wd_status_sentence(status));
    for (size_t i = 0; i < state->table_count; i++) {
        state->tables[i]->evicted_committed = state->tables[i]->evicted;
        state->tables[i]->expired_committed = state->tables[i]->expired;
    }
    return WD_OK;
}

enum wd_status wd_state_each(struct wd_state *state, wd_state_journal *visit, void *context)
{
    WD_ASSERT(!wd_state_changed(state));
    struct wd_buffer key;
    wd_buffer_init(&key);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < state->table_count; i++) {
        const struct wd_table *table = state->tables[i];
        for (int32_t j = table->oldest; j != WD_TABLE_NONE && status == WD_OK;
             j = table->entries[j].younger) {
            write_key(&key, table->spec.name, wd_entry_key(table, &table->entries[j]));
            status = hand_over(&key, wd_entry_record(table, &table->entries[j]), visit, context);
        }
    }
    if (status == WD_OK)
        status = hand_over_event_time(state, &key, visit, context);
    wd_buffer_finish(&key);
    return status;
}
