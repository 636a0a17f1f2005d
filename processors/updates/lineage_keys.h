/* lineage_keys.h - which versions a lineage has had, and which of its ids others say they follow.
 *
 * Why:    a version that comes again is a repeat, and an id that is followed is the older one, whatever came in between.
 * Owns:   nothing; the keys lie in the record.
 * Thread: its lane; no state.
 * Limits: WD_LINEAGE_FINGERPRINTS_MAX versions (the oldest leaves), WD_LINEAGE_FOLLOWED_MAX ids (further ones are not kept). */
#ifndef WD_LINEAGE_KEYS_H
#define WD_LINEAGE_KEYS_H

#include "lineage_record.h"

bool wd_lineage_record_has(const struct wd_lineage_record *record, uint64_t fingerprint);
/* The oldest leaves when there is no room. */
void wd_lineage_record_add(struct wd_lineage_record *record, uint64_t fingerprint);
bool wd_lineage_record_follows(const struct wd_lineage_record *record, uint64_t key);
/* Remembers that another version says it follows `key`. Past the limit nothing happens. */
void wd_lineage_record_follow(struct wd_lineage_record *record, uint64_t key);

#endif
