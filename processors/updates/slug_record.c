#include "slug_record.h"

enum { RECORD_VERSION = 3, ENTRY_BYTES_MIN = 10 + WD_HANDLE_BYTES };

/* What an entry is, in a byte. */
enum {
    ENTRY_ABOUT_ANOTHER = 1,
    ENTRY_ORDERS = 4,
    ENTRY_REGION = 8,
    ENTRY_HEADLINE = 16,
    ENTRY_ALERT = 32,
};

static bool has_headline(const struct wd_slug_entry *entry)
{
    return entry->headline.packed[0] != 0;
}

struct wd_set_overlap wd_slug_headlines(const struct wd_slug_entry *a,
                                        const struct wd_slug_entry *b)
{
    return wd_headline_words_overlap(&a->headline, &b->headline);
}

bool wd_slug_one_headline(const struct wd_slug_entry *a, const struct wd_slug_entry *b)
{
    enum { WORDS_MIN = 2 };
    if (!(a->orders || b->orders) || !has_headline(a) || !has_headline(b) ||
        wd_headline_words_equal(&a->headline, &b->headline)) {
        return true;
    }
    const struct wd_slug_entry *order = a->orders ? a : b;
    struct wd_set_overlap words = wd_slug_headlines(order, order == a ? b : a);
    return a->orders != b->orders && words.both >= WORDS_MIN && words.both == words.of_other;
}

size_t wd_slug_read(struct wd_lineage_store *store, const struct wd_handle *slug,
                    struct wd_slug_entry entries[WD_SLUG_ENTRIES_MAX])
{
    struct wd_slice value = WD_SLICE_NONE;
    size_t count = 0;
    if (wd_table_get(store->keys, wd_handle_slice(slug), &value, NULL) != WD_OK) {
        return 0;
    }
    struct wd_record_reader reader = {value, false};
    if (wd_record_take(&reader, 1) != RECORD_VERSION) {
        return 0;
    }
    while (count < WD_SLUG_ENTRIES_MAX && reader.rest.len >= ENTRY_BYTES_MIN) {
        struct wd_slug_entry *entry = &entries[count++];
        entry->time_ms = (int64_t)wd_record_take(&reader, 8);
        entry->ordinal = (unsigned)wd_record_take(&reader, 1);
        uint64_t what = wd_record_take(&reader, 1);
        entry->about_another = (what & ENTRY_ABOUT_ANOTHER) != 0;
        entry->orders = (what & ENTRY_ORDERS) != 0;
        wd_handle_take(&reader, &entry->id);
        entry->order_key = entry->orders ? wd_record_take(&reader, 8) : 0;
        entry->region = what & ENTRY_REGION ? (uint32_t)wd_record_take(&reader, 4) : 0;
        for (size_t i = 0; i < 2; i++) {
            entry->headline.packed[i] = what & ENTRY_HEADLINE ? wd_record_take(&reader, 8) : 0;
        }
        entry->alert = (what & ENTRY_ALERT) != 0;
    }
    return count;
}

static void put_entry(struct wd_buffer *out, const struct wd_slug_entry *entry)
{
    wd_record_put(out, (uint64_t)entry->time_ms, 8);
    wd_record_put(out, entry->ordinal, 1);
    uint64_t what = (entry->about_another ? ENTRY_ABOUT_ANOTHER : 0u) |
                    (entry->orders ? ENTRY_ORDERS : 0u) | (entry->region ? ENTRY_REGION : 0u) |
                    (has_headline(entry) ? ENTRY_HEADLINE : 0u) | (entry->alert ? ENTRY_ALERT : 0u);
    wd_record_put(out, what, 1);
    wd_buffer_append(out, entry->id.bytes, sizeof(entry->id.bytes));
    if (entry->orders) {
        wd_record_put(out, entry->order_key, 8);
    }
    if (entry->region) {
        wd_record_put(out, entry->region, 4);
    }
    for (size_t i = 0; i < 2 && has_headline(entry); i++) {
        wd_record_put(out, entry->headline.packed[i], 8);
    }
}

enum wd_status wd_slug_add(struct wd_lineage_store *store, const struct wd_handle *slug,
                           const struct wd_slug_entry *entry)
{
    struct wd_slug_entry entries[WD_SLUG_ENTRIES_MAX + 1];
    size_t count = wd_slug_read(store, slug, entries);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].time_ms == entry->time_ms && entries[i].ordinal == entry->ordinal &&
            entries[i].region == entry->region && wd_handle_equal(&entries[i].id, &entry->id)) {
            return WD_OK;
        }
    }
    entries[count++] = *entry;
    struct wd_buffer *out = &store->scratch;
    wd_buffer_clear(out);
    wd_record_put(out, RECORD_VERSION, 1);
    for (size_t i = count > WD_SLUG_ENTRIES_MAX ? 1 : 0; i < count; i++) {
        put_entry(out, &entries[i]);
    }
    return wd_buffer_ok(out)
               ? wd_table_put(store->keys, wd_handle_slice(slug), wd_buffer_slice(out))
               : WD_NO_MEMORY;
}
