#include "lineage_record.h"

#include "record_bytes.h"

/* What has room stays as it is, also where a record that was damaged has half a character. */
static struct wd_slice cut(struct wd_slice text)
{
    return text.len > WD_LINEAGE_TEXT_BYTES_MAX ? wd_utf8_cut(text, WD_LINEAGE_TEXT_BYTES_MAX)
                                                : text;
}

static void put_text(struct wd_buffer *out, struct wd_slice text)
{
    struct wd_slice kept = cut(text);
    wd_record_put(out, kept.len, 1);
    wd_buffer_append_slice(out, kept);
}

static struct wd_slice take_text(struct wd_record_reader *reader)
{
    return wd_record_take_bytes(reader, wd_record_take(reader, 1));
}

static void take_digest(struct wd_record_reader *reader, struct wd_digest *digest)
{
    struct wd_slice bytes = wd_record_take_bytes(reader, sizeof(digest->bytes));
    if (bytes.len == sizeof(digest->bytes)) {
        memcpy(digest->bytes, bytes.data, bytes.len);
    }
}

/* What a record says only where there is something to say. */
enum shape {
    SHAPE_NUMBER_IS_COUNT = 1u << 0, /* as many versions as fingerprints */
    SHAPE_PUBLISHED = 1u << 1,
    SHAPE_PUBLISHED_MARKED = 1u << 2, /* with an offset, or flags besides WD_TIME_KNOWN */
    SHAPE_FORGOTTEN = 1u << 3,
    SHAPE_PAGES = 1u << 4,
    SHAPE_FOLLOWED = 1u << 5,
    SHAPE_ORDERS = 1u << 6,
    SHAPE_NOTES = 1u << 7,
};

/* What of a member stands somewhere else already. */
enum again {
    AGAIN_KEY = 1u << 0,      /* it is the lineage's id */
    AGAIN_DIGEST = 1u << 1,   /* of the member before, as the next two */
    AGAIN_LABEL = 1u << 2,    /* of its version */
    AGAIN_ID = 1u << 3,       /* begins as that one */
    AGAIN_PROVIDER = 1u << 4, /* of an earlier member */
    AGAIN_FIRST = 1u << 5,    /* is when it was published, or 0 as that */
    AGAIN_TIME = 1u << 6,     /* is first_ms, or 0 as that */
};

enum {
    MEMBER_FLAGS = 0xF,
    MARK_SHIFT = 4,
    MARK_FLAGS = 7,
    KEY_BYTES = 6,
    KEY_SHIFT = 16,
    HALF_ID = WD_DIGEST_BYTES / 2,
    SECOND_MS = 1000,
};

/* Reading members: those of this record or page begin at `first`. */
struct member_reader {
    struct wd_record_reader bytes;
    const struct wd_lineage_frame *frame;
    struct wd_arena *arena;
    struct wd_lineage_member *first;
    bool no_memory;
};

static uint64_t take_first_bytes(const struct wd_digest *digest)
{
    struct wd_record_reader reader = {{(const char *)digest->bytes, sizeof(digest->bytes)}, false};
    return wd_record_take(&reader, 8);
}

uint64_t wd_lineage_short_key(const struct wd_digest *key)
{
    return take_first_bytes(key) >> KEY_SHIFT << KEY_SHIFT;
}

uint64_t wd_lineage_fingerprint(const struct wd_digest *digest)
{
    return take_first_bytes(digest) << KEY_SHIFT >> KEY_SHIFT;
}

/* Most times are whole seconds, and all are near to when the record was put. */
static void put_time(struct wd_buffer *out, int64_t ms, const struct wd_lineage_frame *frame)
{
    int64_t distance = (int64_t)((uint64_t)ms - (uint64_t)frame->event_ms);
    bool seconds = distance % SECOND_MS == 0;
    uint64_t folded = wd_record_fold_sign(seconds ? distance / SECOND_MS : distance);
    uint64_t rest = folded >> 6; /* what has no room in the first byte besides the unit */
    wd_record_put(out, (folded & 0x3F) << 1 | (uint64_t)seconds | (rest > 0 ? 0x80 : 0), 1);
    if (rest > 0) {
        wd_record_put_varint(out, rest);
    }
}

static int64_t take_time(struct wd_record_reader *reader, const struct wd_lineage_frame *frame)
{
    uint64_t first = wd_record_take(reader, 1);
    uint64_t rest = first & 0x80 ? wd_record_take_varint(reader) : 0;
    int64_t distance = wd_record_unfold_sign((first >> 1 & 0x3F) | rest << 6);
    bool too_far =
        rest >> 58 != 0 || __builtin_mul_overflow(distance, first & 1 ? SECOND_MS : 1, &distance);
    reader->failed |= too_far;
    return (int64_t)((uint64_t)frame->event_ms + (uint64_t)distance);
}

static uint64_t mark_flags(const struct wd_version_mark *mark)
{
    return (uint64_t)mark->time_known | (uint64_t)mark->order << 1;
}

static struct wd_version_mark mark_of_flags(uint64_t flags)
{
    return (struct wd_version_mark){
        .time_known = (flags & 1) != 0,
        .order = (enum wd_version_order)((flags >> 1 & 3) % WD_VERSION_ORDER_COUNT),
    };
}

/* What a member knows of its times; 0 where it knows nothing. */
struct member_times {
    int64_t published, first, mark;
};

static struct member_times times_of(const struct wd_lineage_member *member)
{
    return (struct member_times){
        .published = member->flags & WD_MEMBER_PUBLISHED_KNOWN ? member->published_ms : 0,
        .first = member->flags & WD_MEMBER_FIRST_KNOWN ? member->first_ms : 0,
        .mark = member->mark.time_known ? member->mark.time_ms : 0,
    };
}

static void put_times(struct wd_buffer *out, const struct wd_lineage_member *member,
                      const struct wd_lineage_frame *frame, unsigned again)
{
    struct member_times times = times_of(member);
    if (member->flags & WD_MEMBER_PUBLISHED_KNOWN) {
        put_time(out, times.published, frame);
    }
    if ((member->flags & WD_MEMBER_FIRST_KNOWN) && !(again & AGAIN_FIRST)) {
        put_time(out, times.first, frame);
    }
    if (member->mark.time_known && !(again & AGAIN_TIME)) {
        put_time(out, times.mark, frame);
    }
}

static void take_times(struct member_reader *reader, struct wd_lineage_member *member,
                       unsigned again)
{
    if (member->flags & WD_MEMBER_PUBLISHED_KNOWN) {
        member->published_ms = take_time(&reader->bytes, reader->frame);
    }
    if (member->flags & WD_MEMBER_FIRST_KNOWN) {
        member->first_ms =
            again & AGAIN_FIRST ? member->published_ms : take_time(&reader->bytes, reader->frame);
    }
    if (member->mark.time_known) {
        member->mark.time_ms =
            again & AGAIN_TIME ? member->first_ms : take_time(&reader->bytes, reader->frame);
    }
}

static size_t shared_len(struct wd_slice a, struct wd_slice b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.data[len] == b.data[len]) {
        len++;
    }
    return len;
}

/* The number of the first member with the same provider: its own, when there is none before it. */
static size_t provider_of(const struct wd_lineage_member *first,
                          const struct wd_lineage_member *member)
{
    const struct wd_lineage_member *one = first;
    while (one != member && !wd_slice_equal(one->provider, member->provider)) {
        one++;
    }
    return (size_t)(one - first);
}

/* `first`: of this record or page. */
static void put_member(struct wd_buffer *out, const struct wd_lineage_frame *frame,
                       const struct wd_lineage_member *first,
                       const struct wd_lineage_member *member)
{
    const struct wd_lineage_member *before = member == first ? NULL : member - 1;
    struct member_times times = times_of(member);
    struct wd_slice id = cut(member->id);
    size_t provider = provider_of(first, member);
    size_t shared = before ? shared_len(cut(before->id), id) : 0;
    unsigned again = 0;
    again |= member->key == wd_lineage_short_key(&frame->id) ? AGAIN_KEY : 0;
    again |= before && wd_digest_equal(&before->digest, &member->digest) ? AGAIN_DIGEST : 0;
    again |= before && wd_slice_equal(before->mark.label, member->mark.label) ? AGAIN_LABEL : 0;
    again |= shared > 1 ? AGAIN_ID : 0;
    again |= provider < (size_t)(member - first) ? AGAIN_PROVIDER : 0;
    again |= times.first == times.published ? AGAIN_FIRST : 0;
    again |= times.mark == times.first ? AGAIN_TIME : 0;
    wd_record_put(out, member->flags | mark_flags(&member->mark) << MARK_SHIFT, 1);
    wd_record_put(out, again, 1);
    if (!(again & AGAIN_KEY)) {
        wd_record_put(out, member->key >> KEY_SHIFT, KEY_BYTES);
    }
    if (!(again & AGAIN_DIGEST)) {
        wd_buffer_append(out, member->digest.bytes, sizeof(member->digest.bytes));
    }
    put_times(out, member, frame, again);
    if (!(again & AGAIN_LABEL)) {
        put_text(out, member->mark.label);
    }
    if (again & AGAIN_PROVIDER) {
        wd_record_put(out, provider, 1);
    } else {
        put_text(out, member->provider);
    }
    if (again & AGAIN_ID) {
        wd_record_put(out, shared, 1);
        id = wd_slice_from_offset(id, shared);
    }
    put_text(out, id);
}

static void take_provider(struct member_reader *reader, struct wd_lineage_member *member,
                          unsigned again)
{
    if (!(again & AGAIN_PROVIDER)) {
        member->provider = take_text(&reader->bytes);
        return;
    }
    uint64_t which = wd_record_take(&reader->bytes, 1);
    bool earlier = which < (uint64_t)(member - reader->first);
    member->provider = earlier ? reader->first[which].provider : WD_SLICE_NONE;
    reader->bytes.failed |= !earlier;
}

static void take_id(struct member_reader *reader, struct wd_lineage_member *member, unsigned again)
{
    if (!(again & AGAIN_ID)) {
        member->id = take_text(&reader->bytes);
        return;
    }
    struct wd_slice before = (member - 1)->id; /* `again` was looked at */
    uint64_t shared = wd_record_take(&reader->bytes, 1);
    struct wd_slice rest = take_text(&reader->bytes);
    if (shared > before.len || shared + rest.len > WD_LINEAGE_TEXT_BYTES_MAX) {
        reader->bytes.failed = true;
        return;
    }
    member->id = wd_arena_join(reader->arena, wd_slice_make(before.data, shared), rest);
    reader->no_memory |= !member->id.data;
}

static void take_member(struct member_reader *reader, struct wd_lineage_member *member)
{
    bool first = member == reader->first;
    const struct wd_lineage_member *before = first ? member : member - 1;
    uint64_t flags = wd_record_take(&reader->bytes, 1);
    unsigned again = (unsigned)wd_record_take(&reader->bytes, 1);
    *member = (struct wd_lineage_member){
        .flags = (uint8_t)(flags & MEMBER_FLAGS),
        .mark = mark_of_flags(flags >> MARK_SHIFT & MARK_FLAGS),
    };
    if (first && (again & (AGAIN_DIGEST | AGAIN_LABEL | AGAIN_ID))) {
        reader->bytes.failed = true;
        return;
    }
    member->key = again & AGAIN_KEY ? wd_lineage_short_key(&reader->frame->id)
                                    : wd_record_take(&reader->bytes, KEY_BYTES) << KEY_SHIFT;
    if (again & AGAIN_DIGEST) {
        member->digest = before->digest;
    } else {
        take_digest(&reader->bytes, &member->digest);
    }
    take_times(reader, member, again);
    member->mark.label = again & AGAIN_LABEL ? before->mark.label : take_text(&reader->bytes);
    take_provider(reader, member, again);
    take_id(reader, member, again);
}

static void put_mark(struct wd_buffer *out, const struct wd_lineage_frame *frame,
                     const struct wd_version_mark *mark)
{
    wd_record_put(out, mark_flags(mark), 1);
    if (mark->time_known) {
        put_time(out, mark->time_ms, frame);
    }
    put_text(out, mark->label);
}

static struct wd_version_mark take_mark(struct wd_record_reader *reader,
                                        const struct wd_lineage_frame *frame)
{
    struct wd_version_mark mark = mark_of_flags(wd_record_take(reader, 1));
    if (mark.time_known) {
        mark.time_ms = take_time(reader, frame);
    }
    mark.label = take_text(reader);
    return mark;
}

static void put_order(struct wd_buffer *out, const struct wd_lineage_frame *frame,
                      const struct wd_lineage_order *order)
{
    wd_record_put(out,
                  (unsigned)order->kind | (unsigned)(order->chosen.len > 0) << 2 |
                      (unsigned)order->release << 3 | (unsigned)order->noted << 4 |
                      (unsigned)order->lent << 5 | (unsigned)order->mends << 6 |
                      (unsigned)order->replaced << 7,
                  1);
    wd_record_put(out, order->key, 8);
    wd_buffer_append(out, order->digest.bytes, sizeof(order->digest.bytes));
    put_mark(out, frame, &order->mark);
    put_text(out, order->provider);
    put_text(out, order->id);
    if (order->chosen.len > 0) {
        wd_record_put(out, order->twice, 1);
        put_text(out, order->chosen);
    }
}

static bool take_order(struct wd_record_reader *reader, const struct wd_lineage_frame *frame,
                       struct wd_lineage_order *order)
{
    uint64_t flags = wd_record_take(reader, 1);
    uint64_t kind = flags & 3;
    *order = (struct wd_lineage_order){.key = wd_record_take(reader, 8)};
    order->replaced = flags >> 7;
    order->mends = (flags >> 6 & 1) != 0;
    order->lent = (flags >> 5 & 1) != 0;
    order->noted = (flags >> 4 & 1) != 0;
    order->release = (flags >> 3 & 1) != 0;
    take_digest(reader, &order->digest);
    order->mark = take_mark(reader, frame);
    order->provider = take_text(reader);
    order->id = take_text(reader);
    if (flags >> 2 & 1) {
        order->twice = wd_record_take(reader, 1) != 0;
        order->chosen = take_text(reader);
    }
    bool known = kind < WD_ADVISORY_COUNT;
    order->kind = known ? (enum wd_advisory_kind)kind : WD_ADVISORY_KILL;
    return known;
}

static void put_notes(struct wd_buffer *out, const struct wd_lineage_frame *frame,
                      const struct wd_lineage_record *record)
{
    wd_record_put(out, record->note_count, 1);
    for (size_t i = 0; i < record->note_count; i++) {
        const struct wd_lineage_note *note = &record->notes[i];
        wd_record_put(out, note->hash, KEY_BYTES);
        wd_record_put(out, note->key >> KEY_SHIFT, KEY_BYTES);
        put_mark(out, frame, &note->mark);
    }
}

static enum wd_status take_notes(struct wd_record_reader *reader,
                                 const struct wd_lineage_frame *frame, struct wd_arena *arena,
                                 struct wd_lineage_record *record)
{
    uint64_t count = wd_record_take(reader, 1);
    if (count > WD_LINEAGE_NOTES_MAX) {
        return WD_SYNTAX;
    }
    record->notes = wd_arena_alloc(arena, WD_LINEAGE_NOTES_MAX * sizeof(*record->notes));
    if (!record->notes) {
        return WD_NO_MEMORY;
    }
    record->note_count = (uint8_t)count;
    for (uint64_t i = 0; i < count; i++) {
        struct wd_lineage_note *note = &record->notes[i];
        note->hash = wd_record_take(reader, KEY_BYTES);
        note->key = wd_record_take(reader, KEY_BYTES) << KEY_SHIFT;
        note->mark = take_mark(reader, frame);
    }
    return WD_OK;
}

static void put_members(struct wd_buffer *out, const struct wd_lineage_record *record,
                        const struct wd_lineage_frame *frame, size_t begin, size_t count_max)
{
    size_t rest = record->member_count > begin ? record->member_count - begin : 0;
    size_t count = rest < count_max ? rest : count_max;
    wd_record_put(out, count, 1);
    for (size_t i = 0; i < count; i++) {
        put_member(out, frame, &record->members[begin], &record->members[begin + i]);
    }
}

static enum wd_status take_members(struct member_reader *reader, struct wd_lineage_record *record,
                                   size_t count_max)
{
    uint64_t count = wd_record_take(&reader->bytes, 1);
    if (count > count_max || record->member_count + count > record->member_capacity) {
        return WD_SYNTAX;
    }
    reader->first = &record->members[record->member_count];
    for (uint64_t i = 0; i < count && !reader->bytes.failed; i++) {
        take_member(reader, reader->first + i);
    }
    if (reader->bytes.failed || reader->bytes.rest.len != 0 || reader->no_memory) {
        return reader->no_memory ? WD_NO_MEMORY : WD_SYNTAX;
    }
    record->member_count += count;
    return WD_OK;
}

static void put_keys(struct wd_buffer *out, const uint64_t *keys, size_t count, unsigned width)
{
    wd_record_put(out, count, 1);
    for (size_t i = 0; i < count; i++) {
        wd_record_put(out, keys[i], width);
    }
}

/* A count and that many keys; the count that was taken, or 0 with `failed` set. */
static uint8_t take_keys(struct wd_record_reader *reader, uint64_t *keys, size_t count_max,
                         unsigned width)
{
    uint64_t count = wd_record_take(reader, 1);
    if (count > count_max) {
        reader->failed = true;
        return 0;
    }
    for (uint64_t i = 0; i < count; i++) {
        keys[i] = wd_record_take(reader, width);
    }
    return (uint8_t)count;
}

static unsigned shape_of(const struct wd_lineage_record *record)
{
    const struct wd_time *published = &record->first_published;
    bool marked = published->offset_minutes != 0 || published->flags != WD_TIME_KNOWN;
    bool none = published->ms == 0 && published->offset_minutes == 0 && published->flags == 0;
    unsigned shape = 0;
    shape |= record->number == record->fingerprint_count ? SHAPE_NUMBER_IS_COUNT : 0;
    shape |= none ? 0 : SHAPE_PUBLISHED;
    shape |= marked && !none ? SHAPE_PUBLISHED_MARKED : 0;
    shape |= record->forgotten > 0 ? SHAPE_FORGOTTEN : 0;
    shape |= record->page_count > 0 ? SHAPE_PAGES : 0;
    shape |= record->followed_count > 0 ? SHAPE_FOLLOWED : 0;
    shape |= record->order_count > 0 ? SHAPE_ORDERS : 0;
    shape |= record->note_count > 0 ? SHAPE_NOTES : 0;
    return shape;
}

static void put_published(struct wd_buffer *out, const struct wd_lineage_record *record,
                          const struct wd_lineage_frame *frame, unsigned shape)
{
    const struct wd_time *published = &record->first_published;
    if (shape & SHAPE_PUBLISHED) {
        put_time(out, published->ms, frame);
    }
    if (shape & SHAPE_PUBLISHED_MARKED) {
        wd_record_put_varint(out, wd_record_fold_sign(published->offset_minutes));
        wd_record_put_varint(out, published->flags);
    }
}

static void take_published(struct wd_record_reader *reader, const struct wd_lineage_frame *frame,
                           unsigned shape, struct wd_time *published)
{
    *published = WD_TIME_NONE;
    if (shape & SHAPE_PUBLISHED) {
        *published = wd_time_from_ms(take_time(reader, frame));
    }
    if (shape & SHAPE_PUBLISHED_MARKED) {
        published->offset_minutes =
            (int16_t)wd_record_unfold_sign(wd_record_take_varint(reader) & UINT16_MAX);
        published->flags = (uint16_t)wd_record_take_varint(reader);
    }
}

void wd_lineage_record_encode(const struct wd_lineage_record *record,
                              const struct wd_lineage_frame *frame, struct wd_buffer *out)
{
    unsigned shape = shape_of(record);
    wd_buffer_clear(out);
    wd_record_put(out, WD_LINEAGE_RECORD_VERSION, 1);
    wd_record_put(out, shape, 1);
    wd_buffer_append(out, frame->id.bytes + HALF_ID, HALF_ID);
    if (!(shape & SHAPE_NUMBER_IS_COUNT)) {
        wd_record_put_varint(out, record->number);
    }
    put_published(out, record, frame, shape);
    if (shape & SHAPE_FORGOTTEN) {
        wd_record_put_varint(out, record->forgotten);
    }
    if (shape & SHAPE_PAGES) {
        wd_record_put(out, record->page_count, 1);
    }
    put_keys(out, record->fingerprints, record->fingerprint_count, KEY_BYTES);
    if (shape & SHAPE_FOLLOWED) {
        put_keys(out, record->followed, record->followed_count, 8);
    }
    if (shape & SHAPE_ORDERS) {
        wd_record_put(out, record->order_count, 1);
        for (size_t i = 0; i < record->order_count; i++) {
            put_order(out, frame, &record->orders[i]);
        }
    }
    if (shape & SHAPE_NOTES) {
        put_notes(out, frame, record);
    }
    put_members(out, record, frame, 0, WD_LINEAGE_INLINE_MAX);
}

void wd_lineage_page_encode(const struct wd_lineage_record *record, size_t page,
                            const struct wd_lineage_frame *frame, struct wd_buffer *out)
{
    wd_buffer_clear(out);
    wd_record_put(out, WD_LINEAGE_RECORD_VERSION, 1);
    put_members(out, record, frame, WD_LINEAGE_INLINE_MAX + page * WD_LINEAGE_PAGE_MEMBERS,
                WD_LINEAGE_PAGE_MEMBERS);
}

static bool take_orders(struct wd_record_reader *reader, const struct wd_lineage_frame *frame,
                        struct wd_lineage_record *record)
{
    uint64_t orders = wd_record_take(reader, 1);
    if (orders > WD_LINEAGE_ORDERS_MAX) {
        return false;
    }
    record->order_count = (uint8_t)orders;
    for (uint64_t i = 0; i < orders; i++) {
        if (!take_order(reader, frame, &record->orders[i])) {
            return false;
        }
    }
    return true;
}

/* All that stands before the members. */
static enum wd_status take_head(struct wd_record_reader *reader, struct wd_lineage_frame *frame,
                                struct wd_arena *arena, struct wd_lineage_record *record)
{
    unsigned shape = (unsigned)wd_record_take(reader, 1);
    struct wd_slice half = wd_record_take_bytes(reader, HALF_ID);
    if (half.len == HALF_ID) {
        memcpy(frame->id.bytes + HALF_ID, half.data, HALF_ID);
    }
    uint64_t number = shape & SHAPE_NUMBER_IS_COUNT ? 0 : wd_record_take_varint(reader);
    take_published(reader, frame, shape, &record->first_published);
    record->forgotten = shape & SHAPE_FORGOTTEN ? (uint32_t)wd_record_take_varint(reader) : 0;
    record->page_count = shape & SHAPE_PAGES ? (uint8_t)wd_record_take(reader, 1) : 0;
    record->fingerprint_count =
        take_keys(reader, record->fingerprints, WD_LINEAGE_FINGERPRINTS_MAX, KEY_BYTES);
    record->number = shape & SHAPE_NUMBER_IS_COUNT ? record->fingerprint_count : (uint32_t)number;
    record->followed_count = 0;
    if (shape & SHAPE_FOLLOWED) {
        record->followed_count = take_keys(reader, record->followed, WD_LINEAGE_FOLLOWED_MAX, 8);
    }
    record->order_count = 0;
    record->note_count = 0;
    enum wd_status status =
        !(shape & SHAPE_ORDERS) || take_orders(reader, frame, record) ? WD_OK : WD_SYNTAX;
    if (status == WD_OK && (shape & SHAPE_NOTES)) {
        status = take_notes(reader, frame, arena, record);
    }
    return status == WD_OK && reader->failed ? WD_SYNTAX : status;
}

enum wd_status wd_lineage_record_decode(struct wd_slice bytes, struct wd_lineage_frame *frame,
                                        struct wd_arena *arena, struct wd_lineage_record *record)
{
    struct member_reader reader = {.bytes = {bytes, false}, .frame = frame, .arena = arena};
    if (wd_record_take(&reader.bytes, 1) != WD_LINEAGE_RECORD_VERSION) {
        return WD_VERSION;
    }
    enum wd_status status = take_head(&reader.bytes, frame, arena, record);
    return status == WD_OK ? take_members(&reader, record, WD_LINEAGE_INLINE_MAX) : status;
}

enum wd_status wd_lineage_page_decode(struct wd_slice bytes, const struct wd_lineage_frame *frame,
                                      struct wd_arena *arena, struct wd_lineage_record *record)
{
    struct member_reader reader = {.bytes = {bytes, false}, .frame = frame, .arena = arena};
    return wd_record_take(&reader.bytes, 1) == WD_LINEAGE_RECORD_VERSION
               ? take_members(&reader, record, WD_LINEAGE_PAGE_MEMBERS)
               : WD_VERSION;
}

int wd_lineage_page_of(size_t index)
{
    return index < WD_LINEAGE_INLINE_MAX
               ? -1
               : (int)((index - WD_LINEAGE_INLINE_MAX) / WD_LINEAGE_PAGE_MEMBERS);
}
