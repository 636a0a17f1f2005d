/* lineage_record.h - what `updates` remembers of one story through all its versions.
 *
 * Why:    the record is read back by a later process: its form is fixed here and nowhere else.
 * Owns:   nothing; `latest_label` of a decoded record points into the bytes it came from.
 * Thread: its lane.
 * Form:   u8 version (1), u8 flags (1 killed, 2 first published known, 4 latest time known), u32
 *         number, i64 first published ms, i16 its offset, u16 its flags, i64 latest time ms, u16
 *         label length, label, u8 fingerprints, u64 each. Little-endian. */
#ifndef WD_LINEAGE_RECORD_H
#define WD_LINEAGE_RECORD_H

#include "buffer.h"
#include "version_order.h"

enum {
    WD_LINEAGE_RECORD_VERSION = 1,
    WD_LINEAGE_FINGERPRINTS_MAX = 32, /* versions that a repeat is recognised among */
    WD_LINEAGE_LABEL_BYTES_MAX = 255, /* longer version labels are compared by their beginning */
    WD_LINEAGE_RECORD_BYTES_MAX = 1024,
};

struct wd_lineage_record {
    bool killed;
    uint32_t number; /* versions seen, repeats not counted */
    struct wd_time first_published;
    struct wd_version_mark latest;
    uint8_t fingerprint_count;
    uint64_t fingerprints[WD_LINEAGE_FINGERPRINTS_MAX]; /* oldest first */
};

/* Replaces what `out` holds. */
void wd_lineage_record_encode(const struct wd_lineage_record *record, struct wd_buffer *out);
/* False when damaged or of another version. */
bool wd_lineage_record_decode(struct wd_slice bytes, struct wd_lineage_record *record);

bool wd_lineage_record_has(const struct wd_lineage_record *record, uint64_t fingerprint);
/* The oldest leaves when there is no room. */
void wd_lineage_record_add(struct wd_lineage_record *record, uint64_t fingerprint);

#endif
