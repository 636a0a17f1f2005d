#include "standing_notes.h"

#include "orders.h"

/* What is no more than an order is about another story: it gives the order as often as it comes. */
static bool has_notes(const struct wd_story *story)
{
    return story->standing_notes && wd_story_brings_copy(story);
}

static size_t find(const struct wd_lineage_record *record, uint64_t hash)
{
    size_t i = 0;
    while (i < record->note_count && record->notes[i].hash != hash) {
        i++;
    }
    return i;
}

static bool is_older(const struct wd_lineage_record *record,
                     const struct wd_lineage_version *version, const struct wd_lineage_note *note)
{
    struct wd_lineage_version other = {note->key, note->mark};
    enum wd_version_basis basis = WD_BASIS_NONE;
    return wd_lineage_compare(record, version, &other, &basis) < 0;
}

static bool is_members_provider(const struct wd_lineage_record *record, uint64_t key,
                                struct wd_slice provider)
{
    for (size_t i = 0; i < record->member_count; i++) {
        if (record->members[i].key == key) {
            return wd_slice_equal(record->members[i].provider, provider);
        }
    }
    return false;
}

/* Whether the note is this version's rather than that of the one that is known to have it. Under several ids times say
 * little: papers date a reprint by what they took it from, and feeds an item by when its page was made. A note that is known is
 * new there only for the provider whose story it is, where a reprint came first. */
static bool is_first(const struct wd_lineage_record *record, struct wd_slice provider,
                     const struct wd_lineage_version *version, uint64_t hash)
{
    size_t place = find(record, hash);
    if (place == record->note_count) {
        return true;
    }
    const struct wd_lineage_note *note = &record->notes[place];
    bool owns = note->key == version->key || (wd_slice_equal(wd_lineage_origin(record), provider) &&
                                              !is_members_provider(record, note->key, provider));
    return owns && is_older(record, version, note);
}

bool wd_standing_notes_correct(const struct wd_lineage_record *record, const struct wd_story *story,
                               const struct wd_lineage_version *version)
{
    const struct wd_standing_notes *notes = story->standing_notes;
    bool correction = (story->signals & WD_SIGNAL_CORRECTION) != 0;
    if (!correction || !has_notes(story) || !notes->alone) {
        return correction;
    }
    for (size_t i = 0; i < notes->count; i++) {
        if (is_first(record, story->provider, version, notes->hashes[i])) {
            return true;
        }
    }
    return false;
}

static bool same_mark(const struct wd_version_mark *a, const struct wd_version_mark *b)
{
    return a->time_known == b->time_known && (!a->time_known || a->time_ms == b->time_ms) &&
           wd_slice_equal(a->label, b->label);
}

static bool is_note_of(const struct wd_lineage_note *note, const struct wd_lineage_order *order)
{
    return note->key == order->key && same_mark(&note->mark, &order->mark);
}

/* Corrections of which no note is left belong to an older version. */
static void drop_orders(struct wd_lineage_record *record)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        bool stands = !order->noted;
        for (size_t j = 0; j < record->note_count && !stands; j++) {
            stands = is_note_of(&record->notes[j], order);
        }
        if (stands) {
            record->orders[kept++] = *order;
        }
    }
    record->order_count = (uint8_t)kept;
}

static size_t oldest_note(const struct wd_lineage_record *record)
{
    size_t oldest = 0;
    for (size_t i = 1; i < record->note_count; i++) {
        if (record->notes[i].mark.time_ms < record->notes[oldest].mark.time_ms) {
            oldest = i;
        }
    }
    return oldest;
}

/* In place of what is known of this note; the oldest leaves at the limit. False when memory is exhausted. */
static bool put_note(struct wd_lineage_record *record, struct wd_arena *arena,
                     const struct wd_lineage_note *note)
{
    size_t place = find(record, note->hash);
    if (record->note_count == 0) {
        record->notes = wd_arena_alloc(arena, WD_LINEAGE_NOTES_MAX * sizeof(*record->notes));
        if (!record->notes) {
            return false;
        }
    }
    if (place == WD_LINEAGE_NOTES_MAX) {
        place = oldest_note(record);
    } else if (place == record->note_count) {
        record->note_count++;
    }
    record->notes[place] = *note;
    return true;
}

enum wd_status wd_standing_notes_take(struct wd_lineage_record *record, struct wd_story *story,
                                      const struct wd_lineage_version *version)
{
    if (!has_notes(story)) {
        return WD_OK;
    }
    for (size_t i = 0; i < story->standing_notes->count; i++) {
        struct wd_lineage_note note = {story->standing_notes->hashes[i], version->key,
                                       version->mark};
        if (is_first(record, story->provider, version, note.hash) &&
            !put_note(record, story->arena, &note)) {
            return WD_NO_MEMORY;
        }
    }
    drop_orders(record);
    return WD_OK;
}

enum wd_status wd_standing_notes_merge(struct wd_lineage_record *into, struct wd_arena *arena,
                                       const struct wd_lineage_record *from)
{
    for (size_t i = 0; i < from->note_count; i++) {
        const struct wd_lineage_note *note = &from->notes[i];
        struct wd_lineage_version version = {note->key, note->mark};
        size_t place = find(into, note->hash);
        bool first = place == into->note_count || is_older(into, &version, &into->notes[place]);
        if (first && !put_note(into, arena, note)) {
            return WD_NO_MEMORY;
        }
    }
    drop_orders(into);
    return WD_OK;
}

bool wd_standing_notes_carry(const struct wd_lineage_record *record, const struct wd_story *story,
                             const struct wd_lineage_order *order)
{
    size_t carried = 0;
    if (!order->noted || !has_notes(story)) {
        return false;
    }
    for (size_t i = 0; i < record->note_count; i++) {
        const struct wd_lineage_note *note = &record->notes[i];
        bool has = false;
        for (size_t j = 0; j < story->standing_notes->count && !has; j++) {
            has = story->standing_notes->hashes[j] == note->hash;
        }
        if (is_note_of(note, order) && !has) {
            return false;
        }
        carried += is_note_of(note, order) && has;
    }
    return carried > 0;
}
