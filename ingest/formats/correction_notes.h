/* correction_notes.h - which notes of correction stay in a story's copy.
 *
 * Why:    a paper's note ("Correction: An earlier version of this article misstated ...") stands on the page for good: of ten
 *         versions that have it the first one corrects. What a wire says in headline, slug or a note to editors is of the
 *         version that says it.
 * Thread: any; no state. */
#ifndef WD_CORRECTION_NOTES_H
#define WD_CORRECTION_NOTES_H

#include "story.h"

/* Whether the note to editors is one that stays: it says such a thing (desk_remarks.h), or a page has it from its own data. */
bool wd_correction_notes_has_note(const struct wd_story *story);
/* Fills the story's standing notes: such a note to editors, and paragraphs of the copy. Nothing happens unless the story has the signal of a correction. `said`:
 * something that stays in no copy says so, too. */
void wd_correction_notes_find(struct wd_story *story, bool said);

#endif
