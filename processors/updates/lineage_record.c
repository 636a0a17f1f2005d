#include "lineage_record.h"

#include "record_bytes.h"

static void put_text(struct wd_buffer *out, struct wd_slice text)
{
    struct wd_slice cut = wd_utf8_cut(text, WD_LINEAGE_TEXT_BYTES_MAX);
    wd_record_put(out, cut.len, 1);
    wd_buffer_append_slice(out, cut);
}

static struct wd_slice take_text(struct wd_record_reader *reader)
{
    return wd_record_take_bytes(reader, wd_record_take(reader, 1));
}

static void put_digest(struct wd_buffer *out, const struct wd_digest *digest)
{
    wd_buffer_append(out, digest->bytes, sizeof(digest->bytes));
}

static void take_digest(struct wd_record_reader *reader, struct wd_digest *digest)
{
    struct wd_slice bytes = wd_record_take_bytes(reader, sizeof(digest->bytes));
    if (bytes.len == sizeof(digest->bytes)) {
        memcpy(digest->bytes, bytes.data, bytes.len);
    }
}

static void put_mark(struct wd_buffer *out, const struct wd_version_mark *mark)
{
    wd_record_put(out, (unsigned)mark->time_known | (unsigned)mark->order << 1, 1);
    wd_record_put(out, (uint64_t)mark->time_ms, 8);
    put_text(out, mark->label);
}

static void take_mark(struct wd_record_reader *reader, struct wd_version_mark *mark)
{
    uint64_t flags = wd_record_take(reader, 1);
    mark->time_known = (flags & 1) != 0;
    mark->order = (enum wd_version_order)((flags >> 1) % WD_VERSION_ORDER_COUNT);
    mark->time_ms = (int64_t)wd_record_take(reader, 8);
    mark->label = take_text(reader);
}

static void put_member(struct wd_buffer *out, const struct wd_lineage_member *member)
{
    wd_record_put(out, member->key, 8);
    put_digest(out, &member->digest);
    wd_record_put(out, (uint64_t)member->published_ms, 8);
    wd_record_put(out, (uint64_t)member->first_ms, 8);
    wd_record_put(out, member->flags, 1);
    put_mark(out, &member->mark);
    put_text(out, member->provider);
    put_text(out, member->id);
}

static void take_member(struct wd_record_reader *reader, struct wd_lineage_member *member)
{
    *member = (struct wd_lineage_member){.key = wd_record_take(reader, 8)};
    take_digest(reader, &member->digest);
    member->published_ms = (int64_t)wd_record_take(reader, 8);
    member->first_ms = (int64_t)wd_record_take(reader, 8);
    member->flags = (uint8_t)wd_record_take(reader, 1);
    take_mark(reader, &member->mark);
    member->provider = take_text(reader);
    member->id = take_text(reader);
}

static void put_order(struct wd_buffer *out, const struct wd_lineage_order *order)
{
    wd_record_put(out, (unsigned)order->kind | (unsigned)order->replaced << 7, 1);
    wd_record_put(out, order->key, 8);
    put_digest(out, &order->digest);
    wd_record_put(out, (uint64_t)order->event_ms, 8);
    put_mark(out, &order->mark);
    put_text(out, order->provider);
    put_text(out, order->id);
}

static bool take_order(struct wd_record_reader *reader, struct wd_lineage_order *order)
{
    uint64_t flags = wd_record_take(reader, 1);
    uint64_t kind = flags & 0x7F;
    *order = (struct wd_lineage_order){.key = wd_record_take(reader, 8)};
    order->replaced = flags >> 7;
    take_digest(reader, &order->digest);
    order->event_ms = (int64_t)wd_record_take(reader, 8);
    take_mark(reader, &order->mark);
    order->provider = take_text(reader);
    order->id = take_text(reader);
    order->kind = kind < WD_ADVISORY_COUNT ? (enum wd_advisory_kind)kind : WD_ADVISORY_KILL;
    return kind < WD_ADVISORY_COUNT;
}

static void put_members(struct wd_buffer *out, const struct wd_lineage_record *record, size_t begin,
                        size_t count_max)
{
    size_t rest = record->member_count > begin ? record->member_count - begin : 0;
    size_t count = rest < count_max ? rest : count_max;
    wd_record_put(out, count, 1);
    for (size_t i = 0; i < count; i++) {
        put_member(out, &record->members[begin + i]);
    }
}

static bool take_members(struct wd_record_reader *reader, struct wd_lineage_record *record,
                         size_t count_max)
{
    uint64_t count = wd_record_take(reader, 1);
    if (count > count_max || record->member_count + count > record->member_capacity) {
        return false;
    }
    for (uint64_t i = 0; i < count && !reader->failed; i++) {
        take_member(reader, &record->members[record->member_count + i]);
    }
    if (reader->failed || reader->rest.len != 0) {
        return false;
    }
    record->member_count += count;
    return true;
}

void wd_lineage_record_encode(const struct wd_lineage_record *record, struct wd_buffer *out)
{
    wd_buffer_clear(out);
    wd_record_put(out, WD_LINEAGE_RECORD_VERSION, 1);
    wd_record_put(out, record->number, 4);
    wd_record_put(out, (uint64_t)record->first_published.ms, 8);
    wd_record_put(out, (uint16_t)record->first_published.offset_minutes, 2);
    wd_record_put(out, record->first_published.flags, 2);
    wd_record_put(out, record->forgotten, 4);
    wd_record_put(out, record->page_count, 1);
    wd_record_put(out, record->fingerprint_count, 1);
    for (size_t i = 0; i < record->fingerprint_count; i++) {
        wd_record_put(out, record->fingerprints[i], 8);
    }
    wd_record_put(out, record->followed_count, 1);
    for (size_t i = 0; i < record->followed_count; i++) {
        wd_record_put(out, record->followed[i], 8);
    }
    wd_record_put(out, record->order_count, 1);
    for (size_t i = 0; i < record->order_count; i++) {
        put_order(out, &record->orders[i]);
    }
    put_members(out, record, 0, WD_LINEAGE_INLINE_MAX);
}

void wd_lineage_page_encode(const struct wd_lineage_record *record, size_t page,
                            struct wd_buffer *out)
{
    wd_buffer_clear(out);
    wd_record_put(out, WD_LINEAGE_RECORD_VERSION, 1);
    put_members(out, record, WD_LINEAGE_INLINE_MAX + page * WD_LINEAGE_PAGE_MEMBERS,
                WD_LINEAGE_PAGE_MEMBERS);
}

/* A count and that many keys; the count that was taken, or 0 with `failed` set. */
static uint8_t take_keys(struct wd_record_reader *reader, uint64_t *keys, size_t count_max)
{
    uint64_t count = wd_record_take(reader, 1);
    if (count > count_max) {
        reader->failed = true;
        return 0;
    }
    for (uint64_t i = 0; i < count; i++) {
        keys[i] = wd_record_take(reader, 8);
    }
    return (uint8_t)count;
}

bool wd_lineage_record_decode(struct wd_slice bytes, struct wd_lineage_record *record)
{
    struct wd_record_reader reader = {bytes, false};
    if (wd_record_take(&reader, 1) != WD_LINEAGE_RECORD_VERSION) {
        return false;
    }
    record->number = (uint32_t)wd_record_take(&reader, 4);
    record->first_published.ms = (int64_t)wd_record_take(&reader, 8);
    record->first_published.offset_minutes = (int16_t)wd_record_take(&reader, 2);
    record->first_published.flags = (uint16_t)wd_record_take(&reader, 2);
    record->forgotten = (uint32_t)wd_record_take(&reader, 4);
    record->page_count = (uint8_t)wd_record_take(&reader, 1);
    record->fingerprint_count =
        take_keys(&reader, record->fingerprints, WD_LINEAGE_FINGERPRINTS_MAX);
    record->followed_count = take_keys(&reader, record->followed, WD_LINEAGE_FOLLOWED_MAX);
    uint64_t orders = wd_record_take(&reader, 1);
    if (reader.failed || orders > WD_LINEAGE_ORDERS_MAX) {
        return false;
    }
    record->order_count = (uint8_t)orders;
    for (uint64_t i = 0; i < orders; i++) {
        if (!take_order(&reader, &record->orders[i])) {
            return false;
        }
    }
    return take_members(&reader, record, WD_LINEAGE_INLINE_MAX);
}

bool wd_lineage_page_decode(struct wd_slice bytes, struct wd_lineage_record *record)
{
    struct wd_record_reader reader = {bytes, false};
    return wd_record_take(&reader, 1) == WD_LINEAGE_RECORD_VERSION &&
           take_members(&reader, record, WD_LINEAGE_PAGE_MEMBERS);
}

int wd_lineage_page_of(size_t index)
{
    return index < WD_LINEAGE_INLINE_MAX
               ? -1
               : (int)((index - WD_LINEAGE_INLINE_MAX) / WD_LINEAGE_PAGE_MEMBERS);
}

static bool has_key(const uint64_t *keys, size_t count, uint64_t key)
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i] == key) {
            return true;
        }
    }
    return false;
}

bool wd_lineage_record_has(const struct wd_lineage_record *record, uint64_t fingerprint)
{
    return has_key(record->fingerprints, record->fingerprint_count, fingerprint);
}

void wd_lineage_record_add(struct wd_lineage_record *record, uint64_t fingerprint)
{
    if (record->fingerprint_count == WD_LINEAGE_FINGERPRINTS_MAX) {
        memmove(record->fingerprints, record->fingerprints + 1,
                (WD_LINEAGE_FINGERPRINTS_MAX - 1) * sizeof(record->fingerprints[0]));
        record->fingerprint_count--;
    }
    record->fingerprints[record->fingerprint_count++] = fingerprint;
}

bool wd_lineage_record_follows(const struct wd_lineage_record *record, uint64_t key)
{
    return has_key(record->followed, record->followed_count, key);
}

void wd_lineage_record_follow(struct wd_lineage_record *record, uint64_t key)
{
    if (record->followed_count < WD_LINEAGE_FOLLOWED_MAX &&
        !wd_lineage_record_follows(record, key)) {
        record->followed[record->followed_count++] = key;
    }
}
