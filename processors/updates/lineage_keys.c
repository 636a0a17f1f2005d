#include "lineage_keys.h"

#include <string.h>

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
