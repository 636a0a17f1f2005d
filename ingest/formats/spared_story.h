/* spared_story.h - an order about what goes with a story, which says that the story stands.
 *
 * Why:    "Kill the box score that moved with BC-Ferry Fire. The story stands" has the story's slug and all words of a kill of it. A
 *         story killed by mistake is lost; a kill that is overlooked is printed: so both must be said, what is to go and that
 *         the story stays, and nothing else be ordered.
 * Thread: any; no state.
 * Limits: short copy (notice.h) and notes.
 * Source: advisories of wires in English, German, French, Spanish, Italian, Portuguese, Dutch;
 *         tests/pipeline/scenarios/spared.json. */
#ifndef WD_SPARED_STORY_H
#define WD_SPARED_STORY_H

#include "story.h"

/* Whether what the story orders is about pictures, boxes, tables or paragraphs alone, in every sentence that orders something,
 * and a sentence says that the story stands. `*numbered`: it tells the number of an alert, which can be stopped by itself. */
bool wd_spared_story(const struct wd_story *story, bool *numbered);
/* The same of a note to editors: above copy nothing but the note is of it. */
bool wd_spared_by_note(struct wd_slice note);
/* Whether the word is what a picture, a box, a table or a part of a story is called. */
bool wd_spared_is_piece(struct wd_slice word);
/* Whether the sentence says that the story stands: what it speaks of first is the story, and no picture of it. */
bool wd_spared_says_stands(struct wd_slice sentence);

#endif
