/* slug_record.h - the last transmissions under a slug.
 *
 * Why:    wires send every version under a new id; which of them are one story, and what an order is about, shows in
 *         what else came under the slug.
 * Thread: its lane; all of it stands in the table "keys".
 * Form:   u8 version (3), then for each transmission, the oldest arrival first: i64 time, u8 ordinal, u8 what it is (bit 0
 *         about another, bit 2 order, bit 3 region, bit 4 headline, bit 5 alert; bit 1 was an order without its key), 8 bytes
 *         handle of the lineage, of an order its u64 key, of what has a region u32, of what has a headline two u64. */
#ifndef WD_SLUG_RECORD_H
#define WD_SLUG_RECORD_H

#include "headline_words.h"
#include "lineage_store.h"

enum {
    WD_SLUG_ENTRIES_MAX = 8,
    WD_SLUG_ORDINAL_MAX = 255,
    WD_SLUG_GAP_MS = 12 * 3600 * 1000,       /* a slug is used again on the next day */
    WD_SLUG_ORDER_GAP_MS = 24 * 3600 * 1000, /* a kill may come on the next morning */
};
#define WD_SLUG_NO_TIME INT64_MIN /* neither the story nor the message says one */

struct wd_slug_entry {
    int64_t time_ms;
    unsigned ordinal; /* at most WD_SLUG_ORDINAL_MAX */
    bool about_another;
    bool orders;        /* nothing but an order or a note of correction */
    uint64_t order_key; /* then what it goes by in its lineage: wd_lineage_short_key */
    uint32_t region;    /* under the slug without it; 0: it has none, or the slug has it, too */
    struct wd_headline_words headline; /* where the slug is a subject: wire_cue.h */
    bool alert;
    struct wd_handle
        id; /* the lineage as it was called then: wd_lineage_alive says what it is now */
};

/* From the one time to the other; 0 where one of them is not known: what came later is later. */
static inline int64_t wd_slug_gap(int64_t from_ms, int64_t to_ms)
{
    return from_ms != WD_SLUG_NO_TIME && to_ms != WD_SLUG_NO_TIME ? to_ms - from_ms : 0;
}

/* True unless one of them is an order, and their headlines tell that they are about two stories: that of the order has not all
 * words of the story's. */
bool wd_slug_one_headline(const struct wd_slug_entry *a, const struct wd_slug_entry *b);
/* How many words their headlines have in common, and how many that of the first has. */
struct wd_set_overlap wd_slug_headlines(const struct wd_slug_entry *a,
                                        const struct wd_slug_entry *b);
/* Fills `entries` and says how many there are. */
size_t wd_slug_read(struct wd_lineage_store *store, const struct wd_handle *slug,
                    struct wd_slug_entry entries[WD_SLUG_ENTRIES_MAX]);
/* The same transmission again changes nothing; the oldest leaves when there is no room. */
enum wd_status wd_slug_add(struct wd_lineage_store *store, const struct wd_handle *slug,
                           const struct wd_slug_entry *entry) WD_MUST_CHECK;

#endif
