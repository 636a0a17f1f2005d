#include "table.h"

#include "wd_assert.h"
#include "wd_limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    NONE = WD_TABLE_NO_RECORD,
    FIRST_SLOTS = 64,
    BLOCK_OVERHEAD = 16,
    EVENT_BYTES = 8,
    CACHE_LINE = 64,
    PREFETCH_BYTES = 512, /* the begin of a record; the processor goes on by itself */
};

static const char event_time_key[] = "event_time";

/* A record. Key and value stand one after the other in `block`. */
struct entry {
    char *block;
    int64_t event_ms;
    uint64_t hash;
    uint32_t key_len, value_len;
    int32_t older, younger; /* neighbours in the order of puts */
};

/* Where an entry is found. The hash stands here too, so that the entries of others in the way, each of
 * which would miss the cache, are not looked at. */
struct slot {
    int32_t index; /* NONE: empty */
    uint32_t hash; /* the low half */
};

struct wd_table {
    struct wd_state *state;
    struct wd_table_spec spec;
    struct entry *entries;
    uint32_t entry_count, entry_capacity; /* of the array, free ones included */
    struct slot *slots;                   /* open addressing, linear probing */
    uint32_t slot_count;                  /* a power of two */
    int32_t *free_list;
    uint32_t free_count, free_capacity;
    int32_t oldest, youngest;
    uint64_t count, block_bytes;
    uint64_t evicted, expired;
    uint64_t evicted_committed, expired_committed;
    wd_table_observer *observer;
    void *observer_context;
};

enum change_kind { CHANGE_INSERT, CHANGE_REPLACE, CHANGE_REMOVE };

/* What a change needs to be undone. The log is undone from its end, so that the list of puts is, at
 * every step, what it was right after the change. */
struct change {
    enum change_kind kind;
    struct wd_table *table;
    int32_t entry;
    struct entry old; /* REPLACE, REMOVE: as it was, with its block and neighbours */
    bool last;        /* the last change of its key; set by seal */
};

struct wd_state {
    struct wd_table **tables;
    size_t table_count;
    struct change *changes;
    size_t change_count, change_capacity;
    int64_t event_ms, event_ms_committed;
    uint64_t foreign_records;
    bool logging; /* false while records come from outside */
};

static struct wd_slice key_of(const struct entry *entry)
{
    return wd_slice_make(entry->block, entry->key_len);
}

static struct wd_slice value_of(const struct entry *entry)
{
    return wd_slice_make(entry->block + entry->key_len, entry->value_len);
}

/* malloc rounds up and keeps a header. */
static uint64_t block_cost(const struct entry *entry)
{
    return (((uint64_t)entry->key_len + entry->value_len + 8 + 15) & ~UINT64_C(15)) +
           BLOCK_OVERHEAD - 8;
}

struct wd_state *wd_state_create(void)
{
    struct wd_state *state = calloc(1, sizeof(*state));
    if (state)
        state->logging = true;
    return state;
}

static void free_table(struct wd_table *table)
{
    for (int32_t i = table->oldest; i != NONE; i = table->entries[i].younger)
        free(table->entries[i].block);
    free(table->entries);
    free(table->slots);
    free(table->free_list);
    free(table);
}

static void free_old_blocks(struct wd_state *state)
{
    for (size_t i = 0; i < state->change_count; i++) {
        if (state->changes[i].kind != CHANGE_INSERT)
            free(state->changes[i].old.block);
    }
}

void wd_state_destroy(struct wd_state *state)
{
    if (!state)
        return;
    free_old_blocks(state);
    for (size_t i = 0; i < state->table_count; i++)
        free_table(state->tables[i]);
    free(state->tables);
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
    struct wd_table *made = calloc(1, sizeof(*made));
    struct slot *slots = malloc(FIRST_SLOTS * sizeof(*slots));
    if (!grown || !made || !slots) {
        free(made);
        free(slots);
        return wd_error_set(error, WD_NO_MEMORY, "no memory for table \"%s\"", spec->name);
    }
    memset(slots, 0xFF, FIRST_SLOTS * sizeof(*slots));
    made->state = state;
    made->spec = *spec;
    made->slots = slots;
    made->slot_count = FIRST_SLOTS;
    made->oldest = made->youngest = NONE;
    state->tables[state->table_count++] = made;
    *table = made;
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

void wd_table_observe(struct wd_table *table, wd_table_observer *observer, void *context)
{
    table->observer = observer;
    table->observer_context = context;
}

static void tell(struct wd_table *table, const struct entry *entry, bool present)
{
    if (table->observer)
        table->observer(table->observer_context, table, key_of(entry),
                        present ? value_of(entry) : WD_SLICE_NONE, entry->event_ms);
}

void wd_table_replay_to_observer(struct wd_table *table)
{
    for (int32_t i = table->oldest; i != NONE; i = table->entries[i].younger)
        tell(table, &table->entries[i], true);
}

/* The slot that holds the key, or the empty one where it belongs. */
static struct slot *find_slot(const struct wd_table *table, struct wd_slice key, uint64_t hash)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t place = (uint32_t)hash & mask;
    for (;; place = (place + 1) & mask) {
        struct slot *slot = &table->slots[place];
        if (slot->index == NONE)
            return slot;
        if (slot->hash != (uint32_t)hash)
            continue; /* nearly always, where it is another's */
        const struct entry *entry = &table->entries[slot->index];
        if (entry->hash == hash && wd_slice_equal(key_of(entry), key))
            return slot;
    }
}

static void fill_empty(struct slot *slots, uint32_t mask, struct slot made)
{
    uint32_t place = made.hash & mask;
    while (slots[place].index != NONE)
        place = (place + 1) & mask;
    slots[place] = made;
}

static bool grow_slots(struct wd_table *table)
{
    uint32_t count = table->slot_count * 2;
    struct slot *slots = malloc(count * sizeof(*slots));
    if (!slots)
        return false;
    memset(slots, 0xFF, count * sizeof(*slots));
    for (uint32_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].index != NONE)
            fill_empty(slots, count - 1, table->slots[i]);
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    return true;
}

/* Takes the entry out of the slots, moving followers back (no tombstones that pile up for months). */
static void clear_slot(struct wd_table *table, int32_t index)
{
    struct slot *slots = table->slots;
    uint32_t mask = table->slot_count - 1;
    uint32_t hole = (uint32_t)table->entries[index].hash & mask;
    while (slots[hole].index != index)
        hole = (hole + 1) & mask;
    for (uint32_t next = (hole + 1) & mask; slots[next].index != NONE; next = (next + 1) & mask) {
        uint32_t home = slots[next].hash & mask;
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            slots[hole] = slots[next];
            hole = next;
        }
    }
    slots[hole].index = NONE;
}

static void unlink_entry(struct wd_table *table, int32_t index)
{
    struct entry *entry = &table->entries[index];
    if (entry->older == NONE)
        table->oldest = entry->younger;
    else
        table->entries[entry->older].younger = entry->younger;
    if (entry->younger == NONE)
        table->youngest = entry->older;
    else
        table->entries[entry->younger].older = entry->older;
}

/* Puts the entry right behind `older` (NONE: first). */
static void link_after(struct wd_table *table, int32_t index, int32_t older)
{
    struct entry *entry = &table->entries[index];
    entry->older = older;
    entry->younger = older == NONE ? table->oldest : table->entries[older].younger;
    if (older == NONE)
        table->oldest = index;
    else
        table->entries[older].younger = index;
    if (entry->younger == NONE)
        table->youngest = index;
    else
        table->entries[entry->younger].older = index;
}

/* An index for a new entry, or NONE without memory. */
static int32_t take_index(struct wd_table *table)
{
    if (table->free_count > 0)
        return table->free_list[--table->free_count];
    if (table->entry_count == table->entry_capacity) {
        uint32_t capacity = table->entry_capacity ? table->entry_capacity * 2 : 64;
        struct entry *entries = realloc(table->entries, capacity * sizeof(*entries));
        if (!entries)
            return NONE;
        table->entries = entries;
        /* Room for all indices: giving one back never allocates. */
        int32_t *free_list = realloc(table->free_list, capacity * sizeof(*free_list));
        if (!free_list)
            return NONE;
        table->free_list = free_list;
        table->entry_capacity = capacity;
    }
    return (int32_t)table->entry_count++;
}

static void give_index(struct wd_table *table, int32_t index)
{
    table->entries[index].block = NULL;
    table->free_list[table->free_count++] = index;
}

static bool reserve_change(struct wd_state *state)
{
    if (!state->logging || state->change_count < state->change_capacity)
        return true;
    size_t capacity = state->change_capacity ? state->change_capacity * 2 : 256;
    struct change *grown = realloc(state->changes, capacity * sizeof(*grown));
    if (!grown)
        return false;
    state->changes = grown;
    state->change_capacity = capacity;
    return true;
}

static void log_change(struct wd_table *table, enum change_kind kind, int32_t entry,
                       const struct entry *old)
{
    struct change *change = &table->state->changes[table->state->change_count++];
    *change = (struct change){.kind = kind, .table = table, .entry = entry};
    if (old)
        change->old = *old;
}

/* Takes a live entry out; its block goes into the log, or is freed. */
static void remove_entry(struct wd_table *table, int32_t index)
{
    struct entry *entry = &table->entries[index];
    clear_slot(table, index);
    unlink_entry(table, index);
    table->count--;
    table->block_bytes -= block_cost(entry);
    if (table->state->logging) {
        log_change(table, CHANGE_REMOVE, index, entry);
        return; /* the index stays taken until the commit: an undo puts it back */
    }
    free(entry->block);
    give_index(table, index);
}

static bool is_expired(const struct wd_table *table, const struct entry *entry)
{
    return table->spec.ttl_ms > 0 && entry->event_ms < table->state->event_ms - table->spec.ttl_ms;
}

enum wd_status wd_table_get(struct wd_table *table, struct wd_slice key, struct wd_slice *value,
                            int64_t *event_ms)
{
    *value = WD_SLICE_NONE;
    int32_t index = find_slot(table, key, XXH3_64bits(key.data, key.len))->index;
    if (index == NONE || is_expired(table, &table->entries[index]))
        return WD_NOT_FOUND;
    *value = value_of(&table->entries[index]);
    if (event_ms)
        *event_ms = table->entries[index].event_ms;
    return WD_OK;
}

static bool over_limit(const struct wd_table *table)
{
    return table->count > table->spec.entries_max ||
           (table->spec.bytes_max > 0 && wd_table_bytes(table) > table->spec.bytes_max);
}

/* The oldest leave until the limits hold; never the one just put. */
static enum wd_status evict(struct wd_table *table)
{
    while (over_limit(table) && table->count > 1) {
        if (!reserve_change(table->state))
            return WD_NO_MEMORY;
        int32_t index = table->oldest;
        tell(table, &table->entries[index], false);
        remove_entry(table, index);
        table->evicted++;
    }
    return WD_OK;
}

static void replace(struct wd_table *table, int32_t index, const struct entry *made)
{
    struct entry *entry = &table->entries[index];
    struct entry old = *entry;
    table->block_bytes += block_cost(made) - block_cost(&old);
    if (table->state->logging)
        log_change(table, CHANGE_REPLACE, index, &old);
    else
        free(old.block);
    entry->block = made->block;
    entry->event_ms = made->event_ms;
    entry->value_len = made->value_len;
    unlink_entry(table, index);
    link_after(table, index, table->youngest);
}

static bool insert(struct wd_table *table, struct slot *slot, const struct entry *made)
{
    int32_t index = take_index(table);
    if (index == NONE)
        return false;
    table->entries[index] = *made;
    link_after(table, index, table->youngest);
    *slot = (struct slot){index, (uint32_t)made->hash};
    table->count++;
    table->block_bytes += block_cost(made);
    if (table->state->logging)
        log_change(table, CHANGE_INSERT, index, NULL);
    return true;
}

static enum wd_status put(struct wd_table *table, struct wd_slice key, struct wd_slice value,
                          int64_t event_ms)
{
    if (key.len > table->spec.key_len_max || value.len > table->spec.value_len_max)
        return WD_TOO_LARGE;
    if (!reserve_change(table->state))
        return WD_NO_MEMORY;
    if (table->count * 4 >= (uint64_t)table->slot_count * 3 && !grow_slots(table))
        return WD_NO_MEMORY;
    struct entry made = {.event_ms = event_ms,
                         .hash = XXH3_64bits(key.data, key.len),
                         .key_len = (uint32_t)key.len,
                         .value_len = (uint32_t)value.len};
    made.block = malloc(key.len + value.len + 1);
    if (!made.block)
        return WD_NO_MEMORY;
    if (key.len > 0)
        memcpy(made.block, key.data, key.len);
    if (value.len > 0)
        memcpy(made.block + key.len, value.data, value.len);
    struct slot *slot = find_slot(table, key, made.hash);
    if (slot->index != NONE) {
        replace(table, slot->index, &made);
    } else if (!insert(table, slot, &made)) {
        free(made.block);
        return WD_NO_MEMORY;
    }
    /* Records from outside come one for each key of a transaction: in between there may be more than
     * ever were at once, and evicting then would lose what stays. The event time ends them. */
    return table->state->logging ? evict(table) : WD_OK;
}

enum wd_status wd_table_put(struct wd_table *table, struct wd_slice key, struct wd_slice value)
{
    return put(table, key, value, table->state->event_ms);
}

enum wd_status wd_table_delete(struct wd_table *table, struct wd_slice key)
{
    int32_t index = find_slot(table, key, XXH3_64bits(key.data, key.len))->index;
    if (index == NONE)
        return WD_NOT_FOUND;
    if (!reserve_change(table->state))
        return WD_NO_MEMORY;
    remove_entry(table, index);
    return WD_OK;
}

int32_t wd_table_find(const struct wd_table *table, struct wd_slice key)
{
    return find_slot(table, key, XXH3_64bits(key.data, key.len))->index;
}

int32_t wd_table_youngest(const struct wd_table *table)
{
    return table->youngest;
}

struct wd_table_record wd_table_at(const struct wd_table *table, int32_t number)
{
    WD_ASSERT(number >= 0 && (uint32_t)number < table->entry_count);
    const struct entry *entry = &table->entries[number];
    WD_ASSERT(entry->block != NULL);
    return (struct wd_table_record){key_of(entry), value_of(entry), entry->event_ms};
}

void wd_table_prefetch(const struct wd_table *table, int32_t number, int step)
{
    const struct entry *entry = &table->entries[number];
    if (step == 0) {
        __builtin_prefetch(entry);
        return;
    }
    for (size_t line = 0; line < PREFETCH_BYTES; line += CACHE_LINE)
        __builtin_prefetch(entry->block + line);
}

void wd_table_prefetch_key(const struct wd_table *table, struct wd_slice key)
{
    uint32_t hash = (uint32_t)XXH3_64bits(key.data, key.len);
    __builtin_prefetch(&table->slots[hash & (table->slot_count - 1)]);
}

struct wd_state *wd_table_state(const struct wd_table *table)
{
    return table->state;
}

const char *wd_table_name(const struct wd_table *table)
{
    return table->spec.name;
}

uint64_t wd_table_count(const struct wd_table *table)
{
    return table->count;
}

uint64_t wd_table_bytes(const struct wd_table *table)
{
    return table->block_bytes + (uint64_t)table->slot_count * sizeof(*table->slots) +
           (uint64_t)table->entry_capacity * (sizeof(struct entry) + sizeof(*table->free_list));
}

uint64_t wd_table_evicted(const struct wd_table *table)
{
    return table->evicted;
}

uint64_t wd_table_expired(const struct wd_table *table)
{
    return table->expired;
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

/* Puts come in the order of event time, so the oldest entries are those that expire first. Records
 * from a changelog may stand out of order; they are invisible to get all the same. */
static void expire(struct wd_table *table)
{
    while (table->oldest != NONE && is_expired(table, &table->entries[table->oldest])) {
        if (!reserve_change(table->state))
            return; /* invisible already; leaves with the next advance */
        int32_t index = table->oldest;
        tell(table, &table->entries[index], false);
        remove_entry(table, index);
        table->expired++;
    }
}

void wd_state_advance(struct wd_state *state, int64_t event_ms)
{
    if (event_ms <= state->event_ms)
        return;
    state->event_ms = event_ms;
    for (size_t i = 0; i < state->table_count; i++)
        expire(state->tables[i]);
}

int64_t wd_state_event_ms(const struct wd_state *state)
{
    return state->event_ms;
}

bool wd_state_changed(const struct wd_state *state)
{
    return state->change_count > 0 || state->event_ms != state->event_ms_committed;
}

/* The key that a change is about. */
static const struct entry *changed_entry(const struct change *change)
{
    return change->kind == CHANGE_INSERT ? &change->table->entries[change->entry] : &change->old;
}

/* An inserted entry may be replaced or removed later in the same transaction: its block has then
 * moved to a later change's `old`. Its key's hash stays. */
static bool same_key(const struct change *a, const struct change *b)
{
    const struct entry *x = changed_entry(a);
    const struct entry *y = changed_entry(b);
    return a->table == b->table && x->hash == y->hash && wd_slice_equal(key_of(x), key_of(y));
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
        struct change *change = &state->changes[i];
        size_t slot = changed_entry(change)->hash & (slot_count - 1);
        while (slots[slot] != 0 && !same_key(&state->changes[slots[slot] - 1], change))
            slot = (slot + 1) & (slot_count - 1);
        change->last = slots[slot] == 0;
        if (change->last)
            slots[slot] = i + 1;
    }
    free(slots);
    return true;
}

static void append_event_ms(struct wd_buffer *out, int64_t event_ms)
{
    unsigned char bytes[EVENT_BYTES];
    for (unsigned i = 0; i < EVENT_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)event_ms >> (8 * i));
    wd_buffer_append(out, bytes, sizeof(bytes));
}

/* Reused for every record of a seal or visit. */
struct record {
    struct wd_buffer key, value;
};

static void write_key(struct record *record, const char *table, struct wd_slice key)
{
    wd_buffer_clear(&record->key);
    wd_buffer_append_byte(&record->key, WD_STATE_RECORD_VERSION);
    wd_buffer_append_byte(&record->key, (char)strlen(table));
    wd_buffer_append(&record->key, table, strlen(table));
    wd_buffer_append_slice(&record->key, key);
}

static enum wd_status hand_over(struct record *record, const struct entry *entry,
                                wd_state_journal *journal, void *context)
{
    wd_buffer_clear(&record->value);
    if (entry) {
        wd_buffer_append_byte(&record->value, WD_STATE_RECORD_VERSION);
        append_event_ms(&record->value, entry->event_ms);
        wd_buffer_append_slice(&record->value, value_of(entry));
    }
    if (!wd_buffer_ok(&record->key) || !wd_buffer_ok(&record->value))
        return WD_NO_MEMORY;
    return journal(context, wd_buffer_slice(&record->key),
                   entry ? wd_buffer_slice(&record->value) : WD_SLICE_NONE);
}

static enum wd_status hand_over_event_time(const struct wd_state *state, struct record *record,
                                           wd_state_journal *journal, void *context)
{
    struct entry entry = {.block = "", .event_ms = state->event_ms};
    write_key(record, "", wd_slice_from(event_time_key));
    return hand_over(record, &entry, journal, context);
}

static void finish_record(struct record *record)
{
    wd_buffer_finish(&record->key);
    wd_buffer_finish(&record->value);
}

enum wd_status wd_state_seal(struct wd_state *state, wd_state_journal *journal, void *context)
{
    if (!wd_state_changed(state))
        return WD_OK;
    if (!mark_last(state))
        return WD_NO_MEMORY;
    struct record record;
    wd_buffer_init(&record.key);
    wd_buffer_init(&record.value);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < state->change_count && status == WD_OK; i++) {
        const struct change *change = &state->changes[i];
        if (!change->last)
            continue;
        bool gone = change->kind == CHANGE_REMOVE;
        const struct entry *now = &change->table->entries[change->entry];
        write_key(&record, change->table->spec.name, key_of(gone ? &change->old : now));
        status = hand_over(&record, gone ? NULL : now, journal, context);
    }
    if (status == WD_OK)
        status = hand_over_event_time(state, &record, journal, context);
    finish_record(&record);
    return status;
}

void wd_state_commit(struct wd_state *state)
{
    free_old_blocks(state);
    for (size_t i = 0; i < state->change_count; i++) {
        if (state->changes[i].kind == CHANGE_REMOVE)
            give_index(state->changes[i].table, state->changes[i].entry);
    }
    for (size_t i = 0; i < state->table_count; i++) {
        state->tables[i]->evicted_committed = state->tables[i]->evicted;
        state->tables[i]->expired_committed = state->tables[i]->expired;
    }
    state->change_count = 0;
    state->event_ms_committed = state->event_ms;
}

static void undo(const struct change *change)
{
    struct wd_table *table = change->table;
    struct entry *entry = &table->entries[change->entry];
    if (change->kind == CHANGE_INSERT) {
        tell(table, entry, false);
        clear_slot(table, change->entry);
        unlink_entry(table, change->entry);
        table->count--;
        table->block_bytes -= block_cost(entry);
        free(entry->block);
        give_index(table, change->entry);
        return;
    }
    if (change->kind == CHANGE_REPLACE) {
        tell(table, entry, false);
        table->block_bytes -= block_cost(entry);
        unlink_entry(table, change->entry);
        free(entry->block);
    } else {
        const struct slot slot = {change->entry, (uint32_t)change->old.hash};
        fill_empty(table->slots, table->slot_count - 1, slot);
        table->count++;
    }
    *entry = change->old;
    table->block_bytes += block_cost(entry);
    link_after(table, change->entry, change->old.older);
    tell(table, entry, true);
}

struct wd_state_mark wd_state_mark(const struct wd_state *state)
{
    return (struct wd_state_mark){state->change_count, state->event_ms};
}

void wd_state_rollback_to(struct wd_state *state, struct wd_state_mark mark)
{
    WD_ASSERT(mark.changes <= state->change_count);
    while (state->change_count > mark.changes)
        undo(&state->changes[--state->change_count]);
    state->event_ms = mark.event_ms;
}

void wd_state_rollback(struct wd_state *state)
{
    wd_state_rollback_to(state, (struct wd_state_mark){0, state->event_ms_committed});
    for (size_t i = 0; i < state->table_count; i++) {
        state->tables[i]->evicted = state->tables[i]->evicted_committed;
        state->tables[i]->expired = state->tables[i]->expired_committed;
    }
}

static int64_t read_event_ms(const char *bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < EVENT_BYTES; i++)
        value |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    return (int64_t)value;
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
    if (value->len < 1 + EVENT_BYTES)
        return wd_error_set(error, WD_SYNTAX, "a state record's value has %zu bytes", value->len);
    if ((unsigned char)value->data[0] != WD_STATE_RECORD_VERSION)
        return wd_error_set(error, WD_VERSION, "a state record has format version %d, not %d",
                            (unsigned char)value->data[0], WD_STATE_RECORD_VERSION);
    *event_ms = read_event_ms(value->data + 1);
    *value = wd_slice_from_offset(*value, 1 + EVENT_BYTES);
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
        status = evict(state->tables[i]); /* only when the limits were lowered */
    return status;
}

static enum wd_status apply_change(struct wd_table *table, struct wd_slice key,
                                   struct wd_slice value, int64_t event_ms)
{
    int32_t index = wd_table_find(table, key);
    if (index != NONE)
        tell(table, &table->entries[index], false);
    if (!value.data) {
        if (index != NONE)
            remove_entry(table, index);
        return WD_OK;
    }
    enum wd_status status = put(table, key, value, event_ms);
    int32_t made =
        status == WD_OK ? table->youngest : index; /* a failed put leaves what was there */
    if (made != NONE)
        tell(table, &table->entries[made], true);
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
    struct wd_table *table = wd_state_find_table(state, name);
    if (name.len == 0)
        status = apply_event_time(state, key, present, event_ms);
    else if (!table)
        state->foreign_records++;
    else
        status = apply_change(table, key, value, event_ms);
    state->logging = true;
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

uint64_t wd_state_foreign_records(const struct wd_state *state)
{
    return state->foreign_records;
}

enum wd_status wd_state_each(struct wd_state *state, wd_state_journal *visit, void *context)
{
    WD_ASSERT(!wd_state_changed(state));
    struct record record;
    wd_buffer_init(&record.key);
    wd_buffer_init(&record.value);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < state->table_count; i++) {
        const struct wd_table *table = state->tables[i];
        for (int32_t j = table->oldest; j != NONE && status == WD_OK;
             j = table->entries[j].younger) {
            write_key(&record, table->spec.name, key_of(&table->entries[j]));
            status = hand_over(&record, &table->entries[j], visit, context);
        }
    }
    if (status == WD_OK)
        status = hand_over_event_time(state, &record, visit, context);
    finish_record(&record);
    return status;
}

void wd_state_clear(struct wd_state *state)
{
    free_old_blocks(state);
    state->change_count = 0;
    for (size_t i = 0; i < state->table_count; i++) {
        struct wd_table *table = state->tables[i];
        for (int32_t j = table->oldest; j != NONE; j = table->entries[j].younger) {
            tell(table, &table->entries[j], false);
            free(table->entries[j].block);
        }
        memset(table->slots, 0xFF, table->slot_count * sizeof(*table->slots));
        table->oldest = table->youngest = NONE;
        table->entry_count = table->free_count = 0;
        table->count = table->block_bytes = 0;
    }
    state->event_ms = state->event_ms_committed = 0;
    state->foreign_records = 0;
}
