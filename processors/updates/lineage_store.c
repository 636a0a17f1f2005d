#include "lineage_store.h"

#include "address.h"
#include "lineage_keys.h"
#include "record_bytes.h"
#include "standing_notes.h"
#include "wd_assert.h"

enum {
    HOPS_MAX = 16,
    MERGED_BYTES = 1, /* behind the handles of a merged lineage's id */
};

bool wd_lineage_key(struct wd_lineage_store *store, char kind, struct wd_slice provider,
                    struct wd_slice name, struct wd_digest *key)
{
    struct wd_buffer *out = &store->scratch;
    wd_buffer_clear(out);
    wd_buffer_append_byte(out, kind);
    wd_record_put(out, provider.len, 4);
    wd_buffer_append_slice(out, provider);
    if (kind == 'u') {
        wd_address_append_page(out, name);
    } else {
        wd_buffer_append_slice(out, name);
    }
    if (!wd_buffer_ok(out)) {
        return false;
    }
    *key = wd_digest_of(out->data, out->len);
    return true;
}

static bool is_alive(struct wd_lineage_store *store, const struct wd_handle *id)
{
    struct wd_slice value = WD_SLICE_NONE;
    return wd_table_get(store->lineages, wd_handle_slice(id), &value, NULL) == WD_OK;
}

void wd_handle_take(struct wd_record_reader *reader, struct wd_handle *handle)
{
    struct wd_slice bytes = wd_record_take_bytes(reader, sizeof(handle->bytes));
    memset(handle->bytes, 0, sizeof(handle->bytes));
    if (bytes.len == sizeof(handle->bytes)) {
        memcpy(handle->bytes, bytes.data, bytes.len);
    }
}

void wd_lineage_prefetch(const struct wd_lineage_store *store, const struct wd_lineage_name *name)
{
    wd_table_prefetch_key(store->keys, wd_handle_slice(&name->key));
    if (name->may_be_id) {
        wd_table_prefetch_key(store->lineages, wd_handle_slice(&name->key));
    }
}

/* What stands under a name, as it was written. */
static void read_key(struct wd_lineage_store *store, struct wd_lineage_name *name)
{
    struct wd_slice value = WD_SLICE_NONE;
    name->count = 0;
    name->written = name->merged = false;
    if (wd_table_get(store->keys, wd_handle_slice(&name->key), &value, NULL) != WD_OK) {
        return;
    }
    struct wd_record_reader reader = {value, false};
    name->written = true;
    name->merged = value.len % WD_HANDLE_BYTES == MERGED_BYTES;
    if (name->merged) {
        wd_handle_take(&reader, &name->into);
    }
    while (name->count < WD_KEY_LINEAGES_MAX && reader.rest.len >= WD_HANDLE_BYTES) {
        wd_handle_take(&reader, &name->ids[name->count++]);
    }
}

static enum wd_status write_key(struct wd_lineage_store *store, const struct wd_lineage_name *name)
{
    static const char merged_bytes[MERGED_BYTES] = {1};
    struct wd_buffer *out = &store->scratch;
    wd_buffer_clear(out);
    if (name->merged) {
        wd_buffer_append(out, name->into.bytes, sizeof(name->into.bytes));
    }
    wd_buffer_append(out, name->ids, name->count * sizeof(name->ids[0]));
    wd_buffer_append(out, merged_bytes, name->merged ? MERGED_BYTES : 0);
    return wd_buffer_ok(out)
               ? wd_table_put(store->keys, wd_handle_slice(&name->key), wd_buffer_slice(out))
               : WD_NO_MEMORY;
}

bool wd_lineage_alive(struct wd_lineage_store *store, struct wd_handle *id)
{
    for (int hops = 0; hops < HOPS_MAX; hops++) {
        if (is_alive(store, id)) {
            return true;
        }
        struct wd_lineage_name name = {.key = *id};
        read_key(store, &name);
        if (!name.merged) {
            return false;
        }
        *id = name.into;
    }
    return false;
}

static bool leads_to(const struct wd_lineage_name *name, const struct wd_handle *id)
{
    for (size_t i = 0; i < name->count; i++) {
        if (wd_handle_equal(&name->ids[i], id)) {
            return true;
        }
    }
    return false;
}

void wd_lineage_read_name(struct wd_lineage_store *store, struct wd_lineage_name *name)
{
    read_key(store, name);
    if (name->count == 0 && name->may_be_id) {
        name->ids[name->count++] = name->key;
    }
}

void wd_lineage_keep_alive(struct wd_lineage_store *store, struct wd_lineage_name *name)
{
    size_t named = name->count;
    name->count = 0;
    for (size_t i = 0; i < named; i++) {
        struct wd_handle id = name->ids[i];
        bool alive = name->written ? wd_lineage_alive(store, &id) : is_alive(store, &id);
        if (alive && !leads_to(name, &id)) {
            name->ids[name->count++] = id;
        }
    }
}

enum wd_status wd_lineage_give_name(struct wd_lineage_store *store, struct wd_lineage_name *name,
                                    const struct wd_handle *id)
{
    if (name->written || name->count > 0 || wd_handle_equal(&name->key, id)) {
        wd_lineage_read_name(store, name);
        wd_lineage_keep_alive(store, name);
    }
    if (leads_to(name, id)) {
        return WD_OK;
    }
    if (name->count == WD_KEY_LINEAGES_MAX) { /* the first one was used last a long time ago */
        memmove(&name->ids[0], &name->ids[1], (name->count - 1) * sizeof(name->ids[0]));
        name->count--;
    }
    name->ids[name->count++] = *id;
    return write_key(store, name);
}

static bool reserve_members(struct wd_arena *arena, struct wd_lineage_record *record,
                            size_t capacity)
{
    if (capacity <= record->member_capacity) {
        return true;
    }
    void *grown =
        wd_arena_realloc(arena, record->members, record->member_capacity * sizeof(*record->members),
                         capacity * sizeof(*record->members));
    if (grown) {
        record->members = grown;
        record->member_capacity = capacity;
    }
    return grown != NULL;
}

/* No memset of the whole record: a good half of it is room for orders. */
static void clear(struct wd_lineage *lineage)
{
    struct wd_lineage_record *record = &lineage->record;
    lineage->dirty_pages = 0;
    record->number = record->forgotten = 0;
    record->first_published = WD_TIME_NONE;
    record->page_count = record->fingerprint_count = 0;
    record->followed_count = record->order_count = record->note_count = 0;
    record->members = NULL;
    record->member_count = record->member_capacity = 0;
}

enum wd_status wd_lineage_open(struct wd_arena *arena, const struct wd_digest *id,
                               struct wd_lineage *lineage)
{
    clear(lineage);
    lineage->id = *id;
    return reserve_members(arena, &lineage->record, 1) ? WD_OK : WD_NO_MEMORY;
}

struct page_key {
    char bytes[WD_HANDLE_BYTES + 1];
};

static struct wd_slice page_slice(const struct wd_digest *id, size_t page, struct page_key *key)
{
    memcpy(key->bytes, id->bytes, WD_HANDLE_BYTES);
    key->bytes[WD_HANDLE_BYTES] = (char)page;
    return wd_slice_make(key->bytes, sizeof(key->bytes));
}

/* A page that left by age or limit, or is damaged: its members are counted as forgotten, and so are
 * those of the pages behind it. */
static enum wd_status load_pages(struct wd_lineage_store *store, struct wd_arena *arena,
                                 struct wd_lineage *lineage)
{
    struct wd_lineage_record *record = &lineage->record;
    struct wd_lineage_frame frame = {.id = lineage->id};
    for (size_t page = 0; page < record->page_count; page++) {
        struct page_key key;
        struct wd_slice value = WD_SLICE_NONE;
        bool there = wd_table_get(store->members, page_slice(&lineage->id, page, &key), &value,
                                  &frame.event_ms) == WD_OK;
        struct wd_slice copy = wd_arena_copy(arena, value);
        enum wd_status status = copy.data ? WD_NOT_FOUND : WD_NO_MEMORY;
        if (there && copy.data) {
            status = wd_lineage_page_decode(copy, &frame, arena, record);
        }
        if (status == WD_NO_MEMORY) {
            return status;
        }
        if (status != WD_OK) {
            record->forgotten += (uint32_t)(record->page_count - page) * WD_LINEAGE_PAGE_MEMBERS;
            record->page_count = (uint8_t)page;
        }
    }
    return WD_OK;
}

enum wd_status wd_lineage_load(struct wd_lineage_store *store, struct wd_arena *arena,
                               const struct wd_handle *handle, struct wd_lineage *lineage)
{
    struct wd_slice value = WD_SLICE_NONE;
    struct wd_lineage_frame frame = {.id = {{0}}};
    clear(lineage);
    if (wd_table_get(store->lineages, wd_handle_slice(handle), &value, &frame.event_ms) != WD_OK) {
        return WD_NOT_FOUND;
    }
    struct wd_slice copy = wd_arena_copy(arena, value);
    if (!copy.data || !reserve_members(arena, &lineage->record, WD_LINEAGE_INLINE_MAX + 1)) {
        return WD_NO_MEMORY;
    }
    memcpy(frame.id.bytes, handle->bytes, sizeof(handle->bytes));
    enum wd_status status = wd_lineage_record_decode(copy, &frame, arena, &lineage->record);
    lineage->id = frame.id;
    if (status != WD_OK) {
        return status == WD_NO_MEMORY ? status : WD_NOT_FOUND;
    }
    size_t capacity =
        WD_LINEAGE_INLINE_MAX + 1 + (size_t)lineage->record.page_count * WD_LINEAGE_PAGE_MEMBERS;
    if (!reserve_members(arena, &lineage->record, capacity)) {
        return WD_NO_MEMORY;
    }
    return load_pages(store, arena, lineage);
}

static void mark_dirty(struct wd_lineage *lineage, size_t index)
{
    int page = wd_lineage_page_of(index);
    if (page >= 0) {
        lineage->dirty_pages |= UINT64_C(1) << page;
    }
}

enum wd_status wd_lineage_save(struct wd_lineage_store *store, struct wd_lineage *lineage)
{
    struct wd_lineage_record *record = &lineage->record;
    struct wd_handle handle = wd_handle_of(&lineage->id);
    const struct wd_lineage_frame frame = {lineage->id,
                                           wd_state_event_ms(wd_table_state(store->lineages))};
    int last_page = record->member_count == 0 ? -1 : wd_lineage_page_of(record->member_count - 1);
    record->page_count = (uint8_t)(last_page + 1);
    wd_lineage_record_encode(record, &frame, &store->scratch);
    if (!wd_buffer_ok(&store->scratch)) {
        return WD_NO_MEMORY;
    }
    enum wd_status status =
        wd_table_put(store->lineages, wd_handle_slice(&handle), wd_buffer_slice(&store->scratch));
    for (int page = 0; page <= last_page && status == WD_OK; page++) {
        struct page_key key;
        if (!(lineage->dirty_pages & (UINT64_C(1) << page))) {
            continue;
        }
        wd_lineage_page_encode(record, (size_t)page, &frame, &store->scratch);
        status = wd_buffer_ok(&store->scratch)
                     ? wd_table_put(store->members, page_slice(&lineage->id, (size_t)page, &key),
                                    wd_buffer_slice(&store->scratch))
                     : WD_NO_MEMORY;
    }
    lineage->dirty_pages = 0;
    return status;
}

struct wd_lineage_member *wd_lineage_find_member(struct wd_lineage *lineage, uint64_t key)
{
    for (size_t i = 0; i < lineage->record.member_count; i++) {
        if (lineage->record.members[i].key == key) {
            return &lineage->record.members[i];
        }
    }
    return NULL;
}

static size_t oldest_member(const struct wd_lineage_record *record)
{
    size_t oldest = 0;
    for (size_t i = 1; i < record->member_count; i++) {
        if (record->members[i].mark.time_ms < record->members[oldest].mark.time_ms) {
            oldest = i;
        }
    }
    return oldest;
}

void wd_lineage_put_member(struct wd_lineage *lineage, const struct wd_lineage_member *member,
                           size_t members_max)
{
    struct wd_lineage_record *record = &lineage->record;
    struct wd_lineage_member *place = wd_lineage_find_member(lineage, member->key);
    if (!place && record->member_count >= members_max) {
        place = &record->members[oldest_member(record)];
        record->forgotten++;
    }
    if (!place) {
        WD_ASSERT(record->members && record->member_count < record->member_capacity);
        place = &record->members[record->member_count++];
    }
    *place = *member;
    mark_dirty(lineage, (size_t)(place - record->members));
}

/* Where an order of this kind and key stands; order_count when it does not. */
static size_t find_order(const struct wd_lineage_record *record,
                         const struct wd_lineage_order *order)
{
    size_t i = 0;
    while (i < record->order_count &&
           (record->orders[i].kind != order->kind || record->orders[i].key != order->key)) {
        i++;
    }
    return i;
}

static size_t oldest_order(const struct wd_lineage_record *record)
{
    size_t oldest = 0;
    for (size_t i = 1; i < record->order_count; i++) {
        if (record->orders[i].mark.time_ms < record->orders[oldest].mark.time_ms) {
            oldest = i;
        }
    }
    return oldest;
}

void wd_lineage_put_order(struct wd_lineage *lineage, const struct wd_lineage_order *order)
{
    struct wd_lineage_record *record = &lineage->record;
    size_t place = find_order(record, order);
    enum wd_version_basis basis = WD_BASIS_NONE;
    if (place < record->order_count &&
        wd_version_compare(order->mark, record->orders[place].mark, &basis) < 0) {
        record->orders[place].lent &= order->lent;
        return;
    }
    bool lent = order->lent && (place >= record->order_count || record->orders[place].lent);
    if (place == WD_LINEAGE_ORDERS_MAX) {
        place = oldest_order(record);
    } else if (place == record->order_count) {
        record->order_count++;
    }
    record->orders[place] = *order;
    record->orders[place].lent = lent;
}

/* The same story under the same id in both: what either of them knows. */
static struct wd_lineage_member join_members(const struct wd_lineage_member *a,
                                             const struct wd_lineage_member *b)
{
    enum wd_version_basis basis = WD_BASIS_NONE;
    struct wd_lineage_member joined = wd_version_compare(a->mark, b->mark, &basis) >= 0 ? *a : *b;
    const struct wd_lineage_member *both[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        bool published = (both[i]->flags & WD_MEMBER_PUBLISHED_KNOWN) != 0;
        bool first = (both[i]->flags & WD_MEMBER_FIRST_KNOWN) != 0;
        if (published && (!(joined.flags & WD_MEMBER_PUBLISHED_KNOWN) ||
                          both[i]->published_ms < joined.published_ms)) {
            joined.published_ms = both[i]->published_ms;
            joined.flags |= WD_MEMBER_PUBLISHED_KNOWN;
        }
        if (first &&
            (!(joined.flags & WD_MEMBER_FIRST_KNOWN) || both[i]->first_ms < joined.first_ms)) {
            joined.first_ms = both[i]->first_ms;
            joined.flags |= WD_MEMBER_FIRST_KNOWN;
        }
    }
    return joined;
}

static void merge_counts(struct wd_lineage_record *into, const struct wd_lineage_record *from)
{
    for (size_t i = 0; i < from->fingerprint_count; i++) {
        if (!wd_lineage_record_has(into, from->fingerprints[i])) {
            wd_lineage_record_add(into, from->fingerprints[i]);
        }
    }
    for (size_t i = 0; i < from->followed_count; i++) {
        wd_lineage_record_follow(into, from->followed[i]);
    }
    into->number += from->number;
    into->forgotten += from->forgotten;
    if (wd_time_known(from->first_published) &&
        (!wd_time_known(into->first_published) ||
         from->first_published.ms < into->first_published.ms)) {
        into->first_published = from->first_published;
    }
}

static enum wd_status delete_lineage(struct wd_lineage_store *store,
                                     const struct wd_lineage *lineage)
{
    struct wd_handle handle = wd_handle_of(&lineage->id);
    /* What age has taken already is gone as well. */
    enum wd_status status = wd_table_delete(store->lineages, wd_handle_slice(&handle));
    for (size_t page = 0; page < lineage->record.page_count && status != WD_NO_MEMORY; page++) {
        struct page_key key;
        status = wd_table_delete(store->members, page_slice(&lineage->id, page, &key));
    }
    return status == WD_NO_MEMORY ? WD_NO_MEMORY : WD_OK;
}

enum wd_status wd_lineage_merge(struct wd_lineage_store *store, struct wd_arena *arena,
                                struct wd_lineage *into, const struct wd_lineage *from)
{
    struct wd_lineage_name name = {.key = wd_handle_of(&from->id)};
    enum wd_status status = delete_lineage(store, from);
    if (status == WD_OK) {
        read_key(store, &name);
        name.merged = true;
        name.into = wd_handle_of(&into->id);
        status = write_key(store, &name);
    }
    if (status != WD_OK) {
        return status;
    }
    size_t capacity = into->record.member_count + from->record.member_count + 1;
    if (!reserve_members(arena, &into->record, capacity)) {
        return WD_NO_MEMORY;
    }
    for (size_t i = 0; i < from->record.member_count; i++) {
        struct wd_lineage_member member = from->record.members[i];
        const struct wd_lineage_member *same = wd_lineage_find_member(into, member.key);
        if (same) {
            member = join_members(same, &member);
        }
        wd_lineage_put_member(into, &member, store->members_max);
    }
    for (size_t i = 0; i < from->record.order_count; i++) {
        wd_lineage_put_order(into, &from->record.orders[i]);
    }
    merge_counts(&into->record, &from->record);
    return wd_standing_notes_merge(&into->record, arena, &from->record);
}
