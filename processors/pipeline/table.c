#include "table_internal.h"
#include "wd_assert.h"
#include "wd_limits.h"

#include <string.h>
#define XXH_INLINE_ALL /* keys are short: a call costs more than their hash */
#include <xxhash.h>

enum {
    CACHE_LINE = 64,
    PREFETCH_BYTES = 512, /* the begin of a record; the processor goes on by itself */
    FIRST_ENTRIES = 64,
    DOUBLED_MAX = 1 << 16,
};

/* What a block takes, rounding included. */
static uint64_t block_cost(const struct wd_entry *entry)
{
    return wd_table_block_size((size_t)entry->key_len + WD_ENTRY_HEAD_BYTES + entry->value_len);
}

uint32_t wd_table_hash(struct wd_slice key)
{
    return (uint32_t)XXH3_64bits(key.data, key.len);
}

uint32_t wd_entry_hash(const struct wd_table *table, const struct wd_entry *entry)
{
    return wd_table_hash(wd_entry_key(table, entry));
}

bool wd_table_make(struct wd_state *state, const struct wd_table_spec *spec,
                   struct wd_table **table)
{
    struct wd_table *made = calloc(1, sizeof(*made));
    *table = NULL;
    if (!made || !wd_table_slots_init(&made->slots)) {
        free(made);
        return false;
    }
    made->state = state;
    made->spec = *spec;
    made->oldest = made->youngest = made->free_first = WD_TABLE_NONE;
    *table = made;
    return true;
}

void wd_table_free(struct wd_table *table)
{
    wd_table_blocks_finish(&table->blocks);
    wd_table_slots_finish(&table->slots);
    free(table->entries);
    free(table);
}

void wd_table_observe(struct wd_table *table, wd_table_observer *observer, void *context)
{
    table->observer = observer;
    table->observer_context = context;
}

void wd_table_tell(struct wd_table *table, const struct wd_entry *entry, bool present)
{
    if (table->observer)
        table->observer(table->observer_context, table, wd_entry_key(table, entry),
                        present ? wd_entry_value(table, entry) : WD_SLICE_NONE,
                        wd_entry_event_ms(table, entry));
}

void wd_table_replay_to_observer(struct wd_table *table)
{
    for (int32_t i = table->oldest; i != WD_TABLE_NONE; i = table->entries[i].younger)
        wd_table_tell(table, &table->entries[i], true);
}

/* A key that is looked for. */
struct wanted {
    const struct wd_table *table;
    struct wd_slice key;
};

static bool has_key(const void *context, int32_t number)
{
    const struct wanted *wanted = context;
    return wd_slice_equal(wd_entry_key(wanted->table, &wanted->table->entries[number]),
                          wanted->key);
}

static int32_t find(const struct wd_table *table, struct wd_slice key, uint32_t hash)
{
    const struct wanted wanted = {table, key};
    return wd_table_slots_find(&table->slots, hash, has_key, &wanted);
}

static void unlink_entry(struct wd_table *table, int32_t index)
{
    struct wd_entry *entry = &table->entries[index];
    if (entry->older == WD_TABLE_NONE)
        table->oldest = entry->younger;
    else
        table->entries[entry->older].younger = entry->younger;
    if (entry->younger == WD_TABLE_NONE)
        table->youngest = entry->older;
    else
        table->entries[entry->younger].older = entry->older;
}

/* Puts the entry right behind `older` (WD_TABLE_NONE: first). */
static void link_after(struct wd_table *table, int32_t index, int32_t older)
{
    struct wd_entry *entry = &table->entries[index];
    entry->older = older;
    entry->younger = older == WD_TABLE_NONE ? table->oldest : table->entries[older].younger;
    if (older == WD_TABLE_NONE)
        table->oldest = index;
    else
        table->entries[older].younger = index;
    if (entry->younger == WD_TABLE_NONE)
        table->youngest = index;
    else
        table->entries[entry->younger].older = index;
}

/* A number for a new entry, or WD_TABLE_NONE without memory. */
static int32_t take_number(struct wd_table *table)
{
    int32_t free_one = table->free_first;
    if (free_one != WD_TABLE_NONE) {
        table->free_first = table->entries[free_one].older;
        if (table->free_first != WD_TABLE_NONE)
            wd_prefetch(&table->entries[table->free_first]); /* for the next story */
        return free_one;
    }
    if (table->entry_count == table->entry_capacity) {
        uint32_t capacity = table->entry_capacity ? table->entry_capacity : FIRST_ENTRIES / 2;
        capacity += capacity < DOUBLED_MAX ? capacity : capacity / 4; /* large ones are remapped */
        struct wd_entry *entries = realloc(table->entries, capacity * sizeof(*entries));
        if (!entries)
            return WD_TABLE_NONE;
        table->entries = entries;
        table->entry_capacity = capacity;
    }
    return (int32_t)table->entry_count++;
}

void wd_table_give_number(struct wd_table *table, int32_t number)
{
    table->entries[number].block = WD_BLOCK_NONE;
    table->entries[number].older = table->free_first;
    table->free_first = number;
}

static bool reserve_change(struct wd_state *state)
{
    if (!state->logging || state->change_count < state->change_capacity)
        return true;
    size_t capacity = state->change_capacity ? state->change_capacity * 2 : 256;
    struct wd_state_change *grown = realloc(state->changes, capacity * sizeof(*grown));
    if (!grown)
        return false;
    state->changes = grown;
    state->change_capacity = capacity;
    return true;
}

/* The caller fills `old` where there is one. */
static struct wd_state_change *log_change(struct wd_table *table, enum wd_change_kind kind,
                                          int32_t entry, uint32_t hash)
{
    struct wd_state_change *change = &table->state->changes[table->state->change_count++];
    change->kind = kind;
    change->entry = entry;
    change->hash = hash;
    change->table = table;
    return change;
}

void wd_table_remove(struct wd_table *table, int32_t number)
{
    struct wd_entry *entry = &table->entries[number];
    uint32_t hash = wd_entry_hash(table, entry);
    wd_table_slots_remove(&table->slots, hash, number);
    unlink_entry(table, number);
    table->count--;
    table->block_bytes -= block_cost(entry);
    if (table->state->logging) {
        log_change(table, WD_CHANGE_REMOVE, number, hash)->old = *entry;
        return; /* the number stays taken until the commit: an undo puts it back */
    }
    wd_table_blocks_give(&table->blocks, entry->block);
    wd_table_give_number(table, number);
}

static bool is_expired(const struct wd_table *table, const struct wd_entry *entry)
{
    return table->spec.ttl_ms > 0 &&
           wd_entry_event_ms(table, entry) < table->state->event_ms - table->spec.ttl_ms;
}

enum wd_status wd_table_get(struct wd_table *table, struct wd_slice key, struct wd_slice *value,
                            int64_t *event_ms)
{
    int32_t number = find(table, key, wd_table_hash(key));
    *value = WD_SLICE_NONE;
    if (number == WD_TABLE_NONE || is_expired(table, &table->entries[number]))
        return WD_NOT_FOUND;
    *value = wd_entry_value(table, &table->entries[number]);
    if (event_ms)
        *event_ms = wd_entry_event_ms(table, &table->entries[number]);
    return WD_OK;
}

static bool over_limit(const struct wd_table *table)
{
    return table->count > table->spec.entries_max || table->block_bytes > WD_BLOCKS_BYTES_MAX ||
           (table->spec.bytes_max > 0 && wd_table_bytes(table) > table->spec.bytes_max);
}

enum wd_status wd_table_evict(struct wd_table *table)
{
    while (over_limit(table) && table->count > 1) {
        if (!reserve_change(table->state))
            return WD_NO_MEMORY;
        int32_t index = table->oldest;
        wd_table_tell(table, &table->entries[index], false);
        wd_table_remove(table, index);
        wd_table_prefetch_oldest(table);
        table->evicted++;
    }
    return WD_OK;
}

static void replace(struct wd_table *table, int32_t number, const struct wd_entry *made,
                    uint32_t hash)
{
    struct wd_entry *entry = &table->entries[number];
    struct wd_entry old = *entry;
    table->block_bytes += block_cost(made) - block_cost(&old);
    if (table->state->logging)
        log_change(table, WD_CHANGE_REPLACE, number, hash)->old = old;
    else
        wd_table_blocks_give(&table->blocks, old.block);
    entry->block = made->block;
    entry->value_len = made->value_len;
    unlink_entry(table, number);
    link_after(table, number, table->youngest);
}

static bool insert(struct wd_table *table, const struct wd_entry *made, uint32_t hash)
{
    int32_t number = wd_table_slots_reserve(&table->slots) ? take_number(table) : WD_TABLE_NONE;
    if (number == WD_TABLE_NONE)
        return false;
    table->entries[number] = *made;
    link_after(table, number, table->youngest);
    wd_table_slots_add(&table->slots, hash, number);
    table->count++;
    table->block_bytes += block_cost(made);
    if (table->state->logging)
        (void)log_change(table, WD_CHANGE_INSERT, number, hash);
    return true;
}

/* WD_BLOCK_NONE when memory is exhausted. */
static uint32_t make_block(struct wd_table *table, struct wd_slice key, struct wd_slice value,
                           int64_t event_ms)
{
    uint32_t number =
        wd_table_blocks_take(&table->blocks, key.len + WD_ENTRY_HEAD_BYTES + value.len);
    if (number == WD_BLOCK_NONE)
        return number;
    char *block = wd_table_block_at(&table->blocks, number);
    if (key.len > 0)
        memcpy(block, key.data, key.len);
    block[key.len] = WD_STATE_RECORD_VERSION;
    wd_event_ms_write(block + key.len + 1, event_ms);
    if (value.len > 0)
        memcpy(block + key.len + WD_ENTRY_HEAD_BYTES, value.data, value.len);
    return number;
}

enum wd_status wd_table_put_at(struct wd_table *table, struct wd_slice key, struct wd_slice value,
                               int64_t event_ms)
{
    if (key.len > table->spec.key_len_max || value.len > table->spec.value_len_max)
        return WD_TOO_LARGE;
    if (!reserve_change(table->state))
        return WD_NO_MEMORY;
    uint32_t hash = wd_table_hash(key);
    struct wd_entry made = {.block = make_block(table, key, value, event_ms),
                            .key_len = (uint8_t)key.len,
                            .value_len = (uint16_t)value.len};
    if (made.block == WD_BLOCK_NONE)
        return WD_NO_MEMORY;
    int32_t number = find(table, key, hash);
    if (number != WD_TABLE_NONE) {
        replace(table, number, &made, hash);
    } else if (!insert(table, &made, hash)) {
        wd_table_blocks_give(&table->blocks, made.block);
        return WD_NO_MEMORY;
    }
    /* Records from outside come one for each key of a transaction: in between there may be more than
     * ever were at once, and evicting then would lose what stays. The event time ends them. */
    return table->state->logging ? wd_table_evict(table) : WD_OK;
}

enum wd_status wd_table_put(struct wd_table *table, struct wd_slice key, struct wd_slice value)
{
    return wd_table_put_at(table, key, value, table->state->event_ms);
}

enum wd_status wd_table_delete(struct wd_table *table, struct wd_slice key)
{
    int32_t number = wd_table_find(table, key);
    if (number == WD_TABLE_NONE)
        return WD_NOT_FOUND;
    if (!reserve_change(table->state))
        return WD_NO_MEMORY;
    wd_table_remove(table, number);
    return WD_OK;
}

int32_t wd_table_find(const struct wd_table *table, struct wd_slice key)
{
    return find(table, key, wd_table_hash(key));
}

int32_t wd_table_oldest(const struct wd_table *table)
{
    return table->oldest;
}

int32_t wd_table_youngest(const struct wd_table *table)
{
    return table->youngest;
}

struct wd_table_record wd_table_at(const struct wd_table *table, int32_t number)
{
    WD_ASSERT(number >= 0 && (uint32_t)number < table->entry_count);
    const struct wd_entry *entry = &table->entries[number];
    WD_ASSERT(entry->block != WD_BLOCK_NONE);
    return (struct wd_table_record){wd_entry_key(table, entry), wd_entry_value(table, entry),
                                    wd_entry_event_ms(table, entry)};
}

void wd_table_prefetch(const struct wd_table *table, int32_t number, int step)
{
    const struct wd_entry *entry = &table->entries[number];
    if (step == 0) {
        wd_prefetch(entry);
        return;
    }
    const char *block = wd_entry_block(table, entry);
    for (size_t line = 0; line < PREFETCH_BYTES; line += CACHE_LINE)
        wd_prefetch(block + line);
}

void wd_table_prefetch_key(const struct wd_table *table, struct wd_slice key)
{
    wd_table_slots_prefetch(&table->slots, wd_table_hash(key));
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
    return table->block_bytes + wd_table_slots_bytes(&table->slots) +
           (uint64_t)table->entry_capacity * sizeof(struct wd_entry);
}

uint64_t wd_table_evicted(const struct wd_table *table)
{
    return table->evicted;
}

uint64_t wd_table_expired(const struct wd_table *table)
{
    return table->expired;
}

/* Puts come in the order of event time, so the oldest entries are those that expire first. Records
 * from a changelog may stand out of order; they are invisible to get all the same. */
void wd_table_expire(struct wd_table *table)
{
    while (table->oldest != WD_TABLE_NONE && is_expired(table, &table->entries[table->oldest])) {
        if (!reserve_change(table->state))
            return; /* invisible already; leaves with the next advance */
        int32_t index = table->oldest;
        wd_table_tell(table, &table->entries[index], false);
        wd_table_remove(table, index);
        wd_table_prefetch_oldest(table);
        table->expired++;
    }
}

void wd_table_undo(const struct wd_state_change *change)
{
    struct wd_table *table = change->table;
    struct wd_entry *entry = &table->entries[change->entry];
    if (change->kind == WD_CHANGE_INSERT) {
        wd_table_tell(table, entry, false);
        wd_table_slots_remove(&table->slots, wd_entry_hash(table, entry), change->entry);
        unlink_entry(table, change->entry);
        table->count--;
        table->block_bytes -= block_cost(entry);
        wd_table_blocks_give(&table->blocks, entry->block);
        wd_table_give_number(table, change->entry);
        return;
    }
    if (change->kind == WD_CHANGE_REPLACE) {
        wd_table_tell(table, entry, false);
        table->block_bytes -= block_cost(entry);
        unlink_entry(table, change->entry);
        wd_table_blocks_give(&table->blocks, entry->block);
    } else {
        wd_table_slots_add(&table->slots, wd_entry_hash(table, &change->old), change->entry);
        table->count++;
    }
    *entry = change->old;
    table->block_bytes += block_cost(entry);
    link_after(table, change->entry, change->old.older);
    wd_table_tell(table, entry, true);
}

void wd_table_clear(struct wd_table *table)
{
    for (int32_t i = table->oldest; i != WD_TABLE_NONE; i = table->entries[i].younger) {
        wd_table_tell(table, &table->entries[i], false);
    }
    wd_table_blocks_finish(&table->blocks);
    wd_table_slots_clear(&table->slots);
    table->oldest = table->youngest = table->free_first = WD_TABLE_NONE;
    table->entry_count = 0;
    table->count = table->block_bytes = 0;
}
