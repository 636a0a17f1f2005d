/* reuse.h - takes the model's mentions over from an earlier copy of the same words.
 *
 * Why:    what was sent twice need not be read twice.
 * State:  table "tags": under the group that dedup gives, what the model found in each text of the
 *         newest copy: hash of the text, spans, types, scores. Restored like any other table.
 * Owns:   its arrays; the mentions of a story, until the next.
 * Thread: its lane.
 * Limits: options reuse_entries_max, reuse_bytes_max, reuse_window_hours; a story whose record would
 *         be over WD_REUSE_RECORD_BYTES_MAX is not remembered.
 * The same as tagging anew but for evidence from other places of the story: a text that is new is read
 * with the story's beginning before it (place in the story, topic), not with what was taken over. */
#ifndef WD_REUSE_H
#define WD_REUSE_H

#include "table.h"
#include "tagger.h"
#include "wd_limits.h"

enum { WD_REUSE_RECORD_BYTES_MAX = WD_TABLE_VALUE_BYTES_MAX, WD_REUSE_KEY_BYTES_MAX = 64 };

struct wd_reuse_story {
    const struct wd_tagger *tagger;
    struct wd_tagger_scratch *scratch;
    const struct wd_tagger_text *texts;
    size_t count;
    struct wd_slice group; /* of copies; empty: nothing is looked up or remembered */
    bool is_copy;          /* something earlier is known to be the same copy */
};

struct wd_reuse;

/* NULL: no memory. The table is the shard's. */
struct wd_reuse *wd_reuse_create(struct wd_table *table);
void wd_reuse_destroy(struct wd_reuse *reuse); /* takes NULL */
/* The story's mentions in the order of its texts, as wd_tagger_tag gives them. WD_NO_MEMORY. */
enum wd_status wd_reuse_tag(struct wd_reuse *reuse, const struct wd_reuse_story *story,
                            const struct wd_mention **mentions, size_t *count) WD_MUST_CHECK;

#endif
