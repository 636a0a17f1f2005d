/* lineage_record.h - what `updates` remembers of one story through all its versions and reprints.
 *
 * Why:    the record is read back by a later process: its form is fixed here and nowhere else.
 * Owns:   nothing; slices of a decoded record point into the bytes that it came from.
 * Thread: its lane.
 * Limits: the enum below. What does not fit is counted (`forgotten`), never lost silently.
 * Form:   numbers of 7 bits a byte (varint) but where a width is said, little-endian; a text as u8 length
 *         and bytes; a time as varint of 1 (seconds) or 0 (milliseconds) in the lowest bit and the signed
 *         distance to the record's event time.
 *         record: u8 version (3), u8 enum shape, 8 bytes of the lineage's id (the table's key is the first
 *         8), [number], [time first published, [signed offset, flags]], [forgotten], [u8 pages], u8
 *         fingerprints, u48 each, [u8 followed, u64 each], [u8 orders, order each], [u8 notes, note each], u8 members,
 *         member each (the first ones; the others stand on pages)
 *         note: u48 hash, u48 key >> 16, u8 mark (as in member), [time], text label
 *         order: u8 kind (bit 7 replaced, bit 6 mends, bit 5 lent, bit 4 noted, bit 3 release, bit 2 chosen), u64 key, digest, u8 mark (as in member), [time],
 *         text label, text provider, text id, of what is chosen u8 twice and text numbers
 *         member: u8 (bits 0 to 3 enum wd_member_flag, 4 time known, 5 and 6 version order), u8 enum
 *         again, [u48 key >> 16], [digest], [time published], [time first], [time of the mark], [text
 *         label], text provider or u8 which member's, [u8 beginning shared with the id before], text id
 *         page: u8 version (3), u8 members, member each
 *         What stands in brackets is left out where the shape says so, or nothing is known. */
#ifndef WD_LINEAGE_RECORD_H
#define WD_LINEAGE_RECORD_H

#include "buffer.h"
#include "story.h"
#include "version_order.h"

enum {
    WD_LINEAGE_RECORD_VERSION = 3,
    WD_LINEAGE_FINGERPRINTS_MAX = 16, /* versions that a repeat is recognised among */
    WD_LINEAGE_FOLLOWED_MAX = 8,      /* ids that other versions say they follow */
    WD_LINEAGE_ORDERS_MAX = 8,        /* one for an id and kind */
    WD_LINEAGE_NOTES_MAX = 16,        /* notes of correction that stand in the copy */
    WD_LINEAGE_INLINE_MAX = 8,        /* members in the record itself */
    WD_LINEAGE_PAGE_MEMBERS = 32,
    WD_LINEAGE_MEMBERS_MAX = 2048,
    WD_LINEAGE_TEXT_BYTES_MAX = 255, /* longer ids and labels are remembered by their beginning */
    WD_LINEAGE_RECORD_BYTES_MAX = 32768,
};

enum wd_member_flag {
    WD_MEMBER_EMBARGOED = 1u << 0,       /* its newest version is */
    WD_MEMBER_PUBLISHED_KNOWN = 1u << 1, /* published_ms is meaningful */
    WD_MEMBER_FIRST_KNOWN = 1u << 2,     /* first_ms is */
    WD_MEMBER_PARTIAL = 1u << 3,         /* nothing but parts was seen of it */
};

/* A story (an id of a provider) in the lineage: its own versions, or a reprint. */
struct wd_lineage_member {
    uint64_t key;                /* of provider and id: wd_lineage_short_key */
    struct wd_digest digest;     /* of the newest version's body */
    int64_t published_ms;        /* the earliest that was said */
    int64_t first_ms;            /* the earliest version that was seen: updated, else published */
    uint8_t flags;               /* enum wd_member_flag */
    struct wd_version_mark mark; /* of the newest whole version that is usable or embargoed */
    struct wd_slice provider;
    struct wd_slice id;
};

/* A kill, a withhold or a correction; or that those of before are taken back (WD_ADVISORY_STANDS). */
struct wd_lineage_order {
    enum wd_advisory_kind kind;
    bool replaced; /* what gave the order is itself copy to be used instead */
    bool lent;     /* by a lineage of its own: lent_orders.h */
    bool mends;    /* a correction that is known to have changed sentences or taken some out */
    bool noted;    /* a correction that nothing but standing notes speaks of */
    bool release;  /* takes back holds and embargoes, else kills */
    bool twice;    /* of what is chosen: the same copy stands */
    struct wd_slice
        chosen; /* numbers of the transmissions that it is about alone: order_choice.h; "": of all */
    uint64_t key;
    struct wd_digest digest;
    struct wd_version_mark mark;
    struct wd_slice provider;
    struct wd_slice id;
};

/* A note of correction that stands in the copy, and the first version that is known to have it. */
struct wd_lineage_note {
    uint64_t hash; /* as in wd_standing_notes */
    uint64_t key;  /* of the member */
    struct wd_version_mark mark;
};

struct wd_lineage_record {
    uint32_t number; /* versions seen, repeats not counted */
    struct wd_time first_published;
    uint32_t forgotten; /* members that had no room */
    uint8_t page_count;
    uint8_t fingerprint_count;
    uint64_t fingerprints[WD_LINEAGE_FINGERPRINTS_MAX]; /* oldest first */
    uint8_t followed_count;
    uint64_t followed[WD_LINEAGE_FOLLOWED_MAX];
    uint8_t order_count;
    struct wd_lineage_order orders[WD_LINEAGE_ORDERS_MAX];
    struct wd_lineage_note
        *notes; /* room for WD_LINEAGE_NOTES_MAX once there is one; standing_notes.h */
    uint8_t note_count;
    /* Room for WD_LINEAGE_MEMBERS_MAX is never needed at once: the owner says how many there is room for. */
    struct wd_lineage_member *members;
    size_t member_count;
    size_t member_capacity;
};

/* What a record is read and written with. */
struct wd_lineage_frame {
    struct wd_digest id; /* of the lineage; its first 8 bytes are the table's key */
    int64_t event_ms;    /* of the record in its table: what its times count from */
};

/* What is compared within a lineage only: of 48 bits, so that of the 2048 ids that a lineage may have two fall together
 * once in 10^8 such lineages, and of 16 fingerprints one with another version's once in 10^13 versions. The lowest 16
 * bits of a key are 0, the highest 16 of a fingerprint. */
uint64_t wd_lineage_short_key(const struct wd_digest *key);
uint64_t wd_lineage_fingerprint(const struct wd_digest *digest);

/* Each replaces what `out` holds. The record takes the first WD_LINEAGE_INLINE_MAX members, page n those
 * from WD_LINEAGE_INLINE_MAX + n * WD_LINEAGE_PAGE_MEMBERS. */
void wd_lineage_record_encode(const struct wd_lineage_record *record,
                              const struct wd_lineage_frame *frame, struct wd_buffer *out);
void wd_lineage_page_encode(const struct wd_lineage_record *record, size_t page,
                            const struct wd_lineage_frame *frame, struct wd_buffer *out);
/* Each appends the members that it finds; `record->members` must have room for
 * WD_LINEAGE_INLINE_MAX or WD_LINEAGE_PAGE_MEMBERS more. Of the frame the first half of the id and the time
 * must be there; the record gives the rest. Ids that continue another lie in the arena. WD_SYNTAX when
 * damaged, WD_VERSION when of another version. */
enum wd_status wd_lineage_record_decode(struct wd_slice bytes, struct wd_lineage_frame *frame,
                                        struct wd_arena *arena,
                                        struct wd_lineage_record *record) WD_MUST_CHECK;
enum wd_status wd_lineage_page_decode(struct wd_slice bytes, const struct wd_lineage_frame *frame,
                                      struct wd_arena *arena,
                                      struct wd_lineage_record *record) WD_MUST_CHECK;
/* The page of member number `index`; -1: it stands in the record. */
int wd_lineage_page_of(size_t index);

#endif
