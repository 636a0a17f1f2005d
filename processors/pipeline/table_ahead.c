/* table_ahead.c - a look-up in steps of one cache miss each: who has something else to do in between waits for none.
 *
 * Thread: the shard's lane. Reads only. */
#include "table_internal.h"

enum {
    CACHE_LINE = 64,
    BYTES_MAX = 512
}; /* the begin of a record; the processor goes on by itself */

static bool is_any(const void *context, int32_t number)
{
    (void)context;
    (void)number;
    return true;
}

static void prefetch_block(const struct wd_table *table, const struct wd_entry *entry)
{
    const char *block = wd_entry_block(table, entry);
    size_t len = (size_t)entry->key_len + WD_ENTRY_HEAD_BYTES + entry->value_len;
    for (size_t at = 0; at < len && at < BYTES_MAX; at += CACHE_LINE)
        wd_prefetch(block + at);
}

bool wd_table_prefetch_further(const struct wd_table *table, struct wd_slice key, int step)
{
    int32_t number = wd_table_slots_find(&table->slots, wd_table_hash(key), is_any, NULL);
    if (number == WD_TABLE_NONE)
        return false;
    if (step == 0)
        wd_prefetch(&table->entries[number]);
    else
        prefetch_block(table, &table->entries[number]);
    return true;
}

void wd_table_prefetch_oldest(const struct wd_table *table)
{
    int32_t next = table->oldest;
    if (next == WD_TABLE_NONE)
        return;
    wd_table_slots_prefetch(&table->slots, wd_entry_hash(table, &table->entries[next]));
    next = table->entries[next].younger;
    if (next == WD_TABLE_NONE)
        return;
    if (table->observer)
        prefetch_block(table, &table->entries[next]);
    else /* the key is all that is read */
        wd_prefetch(wd_entry_block(table, &table->entries[next]));
    next = table->entries[next].younger;
    if (next != WD_TABLE_NONE)
        wd_prefetch(&table->entries[next]);
}

void wd_table_prefetch_room(const struct wd_table *table, size_t key_len, size_t value_len)
{
    size_t len = key_len + WD_ENTRY_HEAD_BYTES + value_len;
    const char *room = wd_table_blocks_next(&table->blocks, len);
    for (size_t at = 0; room && at < len; at += CACHE_LINE)
        wd_prefetch(room + at);
}
