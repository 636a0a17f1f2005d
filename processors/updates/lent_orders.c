#include "lent_orders.h"

#include "advice.h"

/* How near a story is to an order by slug. */
enum nearness {
    OF_ITS_SLUG, /* one lineage with it */
    OTHER_FORM,
    DAY_BEFORE,
    OTHER_FORM_DAY_BEFORE,
    LIKE_HEADLINE,  /* under a subject, with words of the headline that the order names */
    OTHER_HEADLINE, /* without */
    ANOTHER,
};
enum { LIKE_WORDS_MIN = 2 };

/* The transmissions under the story's slug, with and without a region, and the story among them. */
struct day {
    struct wd_lineage_search *search;
    const struct wd_lineage *lineage; /* the story's */
    struct wd_slug_entry own;
    struct wd_slug_entry entries[WD_SLUG_ENTRIES_MAX];
    size_t count;
};

static void read_day(struct wd_lineage_search *search, const struct wd_lineage *lineage,
                     struct day *day)
{
    const struct wd_handle *slug = search->has_region ? &search->bare_slug : &search->slug;
    day->search = search;
    day->lineage = lineage;
    day->own = wd_lineage_slug_entry(search);
    day->own.region = search->cue.region;
    day->count = search->has_slug ? wd_slug_read(search->store, slug, day->entries) : 0;
}

static enum nearness nearness_of(const struct wd_slug_entry *story,
                                 const struct wd_slug_entry *order)
{
    int64_t gap = wd_slug_gap(story->time_ms, order->time_ms);
    bool same = story->region == order->region;
    bool one_form = same || story->region == 0 || order->region == 0;
    if (gap < 0 || gap > WD_SLUG_ORDER_GAP_MS || !one_form) {
        return ANOTHER;
    }
    if (!wd_slug_one_headline(story, order)) {
        bool like = wd_slug_headlines(order, story).both >= LIKE_WORDS_MIN;
        return like ? LIKE_HEADLINE : gap <= WD_SLUG_GAP_MS ? OTHER_HEADLINE : ANOTHER;
    }
    if (gap <= WD_SLUG_GAP_MS) {
        return same ? OF_ITS_SLUG : OTHER_FORM;
    }
    return same ? DAY_BEFORE : OTHER_FORM_DAY_BEFORE;
}

/* Of the stories under the slug the one that is nearest to the order. */
static enum nearness nearest(const struct day *day, const struct wd_slug_entry *order)
{
    enum nearness found = ANOTHER;
    for (size_t i = 0; i < day->count; i++) {
        enum nearness one = nearness_of(&day->entries[i], order);
        found = !day->entries[i].orders && one < found ? one : found;
    }
    return found;
}

/* Loads the lineage of an entry; WD_NOT_FOUND where it is no more, or the story's own. */
static enum wd_status load_other(const struct day *day, struct wd_slug_entry *entry,
                                 struct wd_lineage *other)
{
    struct wd_lineage_search *search = day->search;
    struct wd_handle own = wd_handle_of(&day->lineage->id);
    if (!wd_lineage_alive(search->store, &entry->id) || wd_handle_equal(&entry->id, &own)) {
        return WD_NOT_FOUND;
    }
    return wd_lineage_load(search->store, search->story->arena, &entry->id, other);
}

/* The advisories from `first` on are of this lineage, not of the story's: they say how it stands now. */
static enum wd_status name_told(const struct wd_lineage_search *search, size_t first,
                                const struct wd_lineage *lineage)
{
    struct wd_story *story = search->story;
    if (story->advisory_count == first) {
        return WD_OK;
    }
    struct wd_update_verdict *told = wd_arena_alloc(story->arena, sizeof(*told));
    if (!told) {
        return WD_NO_MEMORY;
    }
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(lineage->id, hex);
    *told = (struct wd_update_verdict){
        .lineage = wd_arena_copy(story->arena, wd_slice_from(hex)),
        .rule = search->cue.rule,
    };
    wd_lineage_describe(&lineage->record, told);
    for (size_t i = first; i < story->advisory_count; i++) {
        story->advisories[i].lineage = told;
    }
    return told->lineage.data ? WD_OK : WD_NO_MEMORY;
}

/* The order stands there as it does here, be it lent or its own. */
static bool has_order(const struct wd_lineage_record *record, const struct wd_lineage_order *order)
{
    enum wd_version_basis basis = WD_BASIS_NONE;
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *one = &record->orders[i];
        if (one->kind == order->kind && one->key == order->key &&
            wd_version_compare(one->mark, order->mark, &basis) >= 0) {
            return true;
        }
    }
    return false;
}

/* Puts a lent order where it is new, and tells the members. */
static enum wd_status lend_to(struct wd_lineage_search *search, struct wd_lineage *lineage,
                              const struct wd_lineage_order *order)
{
    struct wd_lineage_order lent = *order;
    lent.lent = true;
    if (has_order(&lineage->record, &lent)) {
        return WD_OK;
    }
    enum wd_status status = wd_advise_members(search->story, &lineage->record, &lent);
    wd_lineage_put_order(lineage, &lent);
    return status;
}

/* What the order's lineage says of it. An order that turned out to be about copy under its own id is about no other. */
static enum wd_status borrow(struct day *day, struct wd_slug_entry *entry,
                             struct wd_lineage *lineage)
{
    struct wd_lineage from;
    enum wd_status status = load_other(day, entry, &from);
    if (status != WD_OK) {
        return status == WD_NOT_FOUND ? WD_OK : status;
    }
    bool has_copy = wd_lineage_find_member(&from, entry->order_key) != NULL;
    for (size_t i = 0; i < from.record.order_count && status == WD_OK; i++) {
        const struct wd_lineage_order *order = &from.record.orders[i];
        if (order->key == entry->order_key && !order->lent &&
            !(has_copy && order->kind != WD_ADVISORY_CORRECTION)) {
            status = lend_to(day->search, lineage, order);
        }
    }
    return status;
}

static enum wd_status take_back_from(struct day *day, struct wd_slug_entry *entry,
                                     uint64_t order_key)
{
    struct wd_lineage other;
    struct wd_story *story = day->search->story;
    size_t first = story->advisory_count;
    enum wd_status status = load_other(day, entry, &other);
    if (status != WD_OK) {
        return status == WD_NOT_FOUND ? WD_OK : status;
    }
    struct wd_lineage_record *record = &other.record;
    struct wd_lineage_order lifts = {.kind = WD_ADVISORY_KILL};
    size_t kept = 0;
    for (size_t i = 0; i < record->order_count && status == WD_OK; i++) {
        struct wd_lineage_order order = record->orders[i];
        if (order.lent && order.key == order_key) {
            status = wd_advise_stands(story, record, &order);
            lifts = order.kind == WD_ADVISORY_STANDS ? order : lifts;
        } else {
            record->orders[kept++] = order;
        }
    }
    if (status != WD_OK || kept == record->order_count) {
        return status;
    }
    record->order_count = (uint8_t)kept;
    status = wd_advise_again(story, record, &lifts);
    if (status != WD_OK) {
        return status;
    }
    status = name_told(day->search, first, &other);
    return status == WD_OK ? wd_lineage_save(day->search->store, &other) : status;
}

/* A version of this lineage is as near to the order. */
static bool is_as_near(const struct day *day, const struct wd_handle *id,
                       const struct wd_slug_entry *order, enum nearness near)
{
    bool found = false;
    for (size_t i = 0; i < day->count && !found; i++) {
        const struct wd_slug_entry *entry = &day->entries[i];
        found =
            !entry->orders && wd_handle_equal(&entry->id, id) && nearness_of(entry, order) <= near;
    }
    return found;
}

/* The order is about this story: not about those that are less near. */
static enum wd_status take_back(struct day *day, const struct wd_slug_entry *order,
                                enum nearness near)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < day->count; i++) { /* what they are called now */
        (void)wd_lineage_alive(day->search->store, &day->entries[i].id);
    }
    for (size_t i = 0; i < day->count && status == WD_OK; i++) {
        struct wd_slug_entry *entry = &day->entries[i];
        enum nearness one = nearness_of(entry, order);
        if (!entry->orders && one > near && one < ANOTHER &&
            !is_as_near(day, &entry->id, order, near)) {
            status = take_back_from(day, entry, order->order_key);
        }
    }
    return status;
}

enum wd_status wd_lent_orders_meet(struct wd_lineage_search *search, struct wd_lineage *lineage)
{
    struct day day;
    enum wd_status status = WD_OK;
    if (search->cue.orders) {
        return WD_OK;
    }
    read_day(search, lineage, &day);
    uint64_t key = wd_lineage_short_key(&search->member);
    for (size_t i = 0; i < day.count && status == WD_OK; i++) {
        struct wd_slug_entry *order = &day.entries[i];
        if (!order->orders) {
            continue;
        }
        bool own = order->order_key == key;
        enum nearness near = own ? OF_ITS_SLUG : nearness_of(&day.own, order);
        if (near == ANOTHER || near > nearest(&day, order)) {
            continue;
        }
        if (near != OF_ITS_SLUG) {
            status = borrow(&day, order, lineage);
        }
        status = status == WD_OK ? take_back(&day, order, near) : status;
    }
    return status;
}

enum wd_status wd_lent_orders_lend(struct wd_lineage_search *search,
                                   const struct wd_lineage *lineage,
                                   const struct wd_lineage_order *order)
{
    struct day day;
    enum wd_status status = WD_OK;
    read_day(search, lineage, &day);
    enum nearness near = nearest(&day, &day.own);
    if (!search->orders || near == OF_ITS_SLUG || near == ANOTHER) {
        return WD_OK;
    }
    for (size_t i = 0; i < day.count && status == WD_OK; i++) {
        struct wd_lineage other;
        size_t first = search->story->advisory_count;
        if (day.entries[i].orders || nearness_of(&day.entries[i], &day.own) != near) {
            continue;
        }
        status = load_other(&day, &day.entries[i], &other);
        if (status == WD_NOT_FOUND) {
            status = WD_OK;
            continue;
        }
        status = status == WD_OK ? lend_to(search, &other, order) : status;
        search->story->update.unseen_original = false;
        status = status == WD_OK ? name_told(search, first, &other) : status;
        status = status == WD_OK ? wd_lineage_save(search->store, &other) : status;
    }
    return status;
}
