/* enriched_verdicts.h - the verdicts of an enriched record, read back: format_enriched.c's other half.
 *
 * Owns:   nothing; slices point into the document, lists into the story's arena.
 * Thread: any.
 * Source: schemas/enriched.schema.json, common.schema.json; encode_event.c writes them. */
#ifndef WD_ENRICHED_VERDICTS_H
#define WD_ENRICHED_VERDICTS_H

#include "json.h"
#include "story.h"

/* A record that is being decoded. */
struct wd_enriched {
    struct wd_story *story;
    yyjson_val *found; /* the member "wiredesk" */
    struct wd_error *error;
};

/* WD_MISSING: wiredesk.<name> is not there, or not as the schema says. */
enum wd_status wd_enriched_missing(const struct wd_enriched *reading, const char *name);
/* WD_VERSION: a word that only a newer version can have written. */
enum wd_status wd_enriched_unknown(const struct wd_enriched *reading, const char *name,
                                   struct wd_slice value);
/* A whole number from 0 to `max`; false, and 0, for anything else. */
bool wd_enriched_count(yyjson_val *object, const char *name, uint64_t max, uint64_t *number);
/* A number from 0 to 1; 0 for anything else. */
double wd_enriched_share(yyjson_val *object, const char *name);

/* Each reads one member of "wiredesk" that may be absent. */
enum wd_status wd_enriched_read_dedup(const struct wd_enriched *reading) WD_MUST_CHECK;
enum wd_status wd_enriched_read_lineage(const struct wd_enriched *reading) WD_MUST_CHECK;
/* After the mentions: what they name, and how they were found (enriched_named.c). */
enum wd_status wd_enriched_read_named(const struct wd_enriched *reading) WD_MUST_CHECK;
enum wd_status wd_enriched_read_update(const struct wd_enriched *reading) WD_MUST_CHECK;

#endif
