/* standing_notes.h - whether a version's notes of correction are new in its lineage.
 *
 * Why:    a note stays on its page: the version that has it first corrects, those after it do not, and a further note is a
 *         further correction.
 * Owns:   nothing; notes lie in the record, room for them in the story's arena.
 * Thread: its lane; no state.
 * Rule:   a note belongs to the oldest version under its id that is known to have it, and to the provider whose story it is
 *         rather than to a reprint; in any order of arrival it moves there. */
#ifndef WD_STANDING_NOTES_H
#define WD_STANDING_NOTES_H

#include "lineage_view.h"

/* Whether the story corrects: its signal says so, and not only by notes that a version before it had already. */
bool wd_standing_notes_correct(const struct wd_lineage_record *record, const struct wd_story *story,
                               const struct wd_lineage_version *version);
/* Takes the story's notes into the record, and takes out corrections that only notes speak of which an older version turns out to
 * have had. WD_NO_MEMORY, else WD_OK. */
enum wd_status wd_standing_notes_take(struct wd_lineage_record *record, struct wd_story *story,
                                      const struct wd_lineage_version *version) WD_MUST_CHECK;
/* The same when two lineages are one. */
enum wd_status wd_standing_notes_merge(struct wd_lineage_record *into, struct wd_arena *arena,
                                       const struct wd_lineage_record *from) WD_MUST_CHECK;
/* Whether the story's copy has the notes of this correction: then it has the corrected copy. */
bool wd_standing_notes_carry(const struct wd_lineage_record *record, const struct wd_story *story,
                             const struct wd_lineage_order *order);

#endif
