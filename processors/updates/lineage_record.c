#include "lineage_record.h"

#include "record_bytes.h"

enum { FLAG_KILLED = 1, FLAG_FIRST_KNOWN = 2, FLAG_LATEST_KNOWN = 4 };

void wd_lineage_record_encode(const struct wd_lineage_record *record, struct wd_buffer *out)
{
    unsigned flags = record->killed ? FLAG_KILLED : 0;
    flags |= wd_time_known(record->first_published) ? FLAG_FIRST_KNOWN : 0;
    flags |= record->latest.time_known ? FLAG_LATEST_KNOWN : 0;
    struct wd_slice label = record->latest.label;
    wd_buffer_clear(out);
    wd_record_put(out, WD_LINEAGE_RECORD_VERSION, 1);
    wd_record_put(out, flags, 1);
    wd_record_put(out, record->number, 4);
    wd_record_put(out, (uint64_t)record->first_published.ms, 8);
    wd_record_put(out, (uint16_t)record->first_published.offset_minutes, 2);
    wd_record_put(out, record->first_published.flags, 2);
    wd_record_put(out, (uint64_t)record->latest.time_ms, 8);
    wd_record_put(out, label.len, 2);
    wd_buffer_append_slice(out, label);
    wd_record_put(out, record->fingerprint_count, 1);
    for (size_t i = 0; i < record->fingerprint_count; i++) {
        wd_record_put(out, record->fingerprints[i], 8);
    }
}

bool wd_lineage_record_decode(struct wd_slice bytes, struct wd_lineage_record *record)
{
    struct wd_record_reader reader = {bytes, false};
    *record = (struct wd_lineage_record){0};
    if (wd_record_take(&reader, 1) != WD_LINEAGE_RECORD_VERSION) {
        return false;
    }
    uint64_t flags = wd_record_take(&reader, 1);
    record->killed = (flags & FLAG_KILLED) != 0;
    record->number = (uint32_t)wd_record_take(&reader, 4);
    record->first_published.ms = (int64_t)wd_record_take(&reader, 8);
    record->first_published.offset_minutes = (int16_t)wd_record_take(&reader, 2);
    record->first_published.flags = (uint16_t)wd_record_take(&reader, 2);
    record->latest.time_known = (flags & FLAG_LATEST_KNOWN) != 0;
    record->latest.time_ms = (int64_t)wd_record_take(&reader, 8);
    record->latest.label = wd_record_take_bytes(&reader, wd_record_take(&reader, 2));
    uint64_t count = wd_record_take(&reader, 1);
    if (count > WD_LINEAGE_FINGERPRINTS_MAX) {
        return false;
    }
    record->fingerprint_count = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        record->fingerprints[i] = wd_record_take(&reader, 8);
    }
    bool known = wd_time_known(record->first_published);
    return !reader.failed && reader.rest.len == 0 && known == ((flags & FLAG_FIRST_KNOWN) != 0);
}

bool wd_lineage_record_has(const struct wd_lineage_record *record, uint64_t fingerprint)
{
    for (size_t i = 0; i < record->fingerprint_count; i++) {
        if (record->fingerprints[i] == fingerprint) {
            return true;
        }
    }
    return false;
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
