/* wd_limits.h - a limit on everything that comes from outside, checked before any allocation.
 * (Not limits.h: that name is the C library's.) */
#ifndef WD_LIMITS_H
#define WD_LIMITS_H

enum {
    WD_MESSAGE_BYTES_MAX = 16 * 1024 * 1024, /* a raw message; a larger one is a dead letter */
    WD_JSON_DEPTH_MAX = 64,                  /* nesting of a JSON story */
    WD_STORIES_PER_MESSAGE_MAX = 100000,
    WD_PARAGRAPHS_MAX = 65536,
    WD_CONCEPTS_MAX = 4096, /* subjects, people, places ... of one story, each list */
    WD_MEDIA_MAX = 1024,
    WD_EXTRAS_MAX = 256, /* names with values that have no place in the record, of one story */
    WD_EXTRA_BYTES_MAX = 65536,
    WD_ENTITIES_MAX = 16384,
    WD_ENTITY_BYTES_MAX = 512, /* what the model takes for a name and is longer is none */
    WD_NAMED_IDS_MAX = 6,      /* ids of one person, organisation, place ... */
    WD_ROUTES_MAX = 16,        /* outputs of one story */
    WD_VERDICTS_MAX = 32,
    WD_ADVISORIES_MAX = 4096,               /* that one story causes */
    WD_MERGED_MAX = 8,                      /* lineages that one story joins to its own */
    WD_ALSO_GROUPS_MAX = WD_MERGED_MAX - 1, /* groups that one story joins to its own */
    WD_STANDING_NOTES_MAX = 8,              /* notes of correction in one story's copy */
    WD_CHANGE_TEXT_BYTES_MAX = 240,
    WD_GUID_BYTES_MAX = 2048, /* a guid; a version, too */
    WD_NAME_BYTES_MAX = 64,   /* names of pipelines, processors, tables, providers */
    WD_TABLE_KEY_BYTES_MAX = 255,
    WD_TABLE_VALUE_BYTES_MAX = 65535,
    WD_TABLES_PER_PROCESSOR_MAX = 8,
    WD_PROCESSORS_PER_PIPELINE_MAX = 32,
    WD_PIPELINES_MAX = 32,
    WD_LANES_MAX = 64,
};

#endif
