/* removal.h - what a page says where a story was: that it was removed, or is not to be had for now.
 *
 * Why:    papers take a story back under its own address, in a sentence: "This article has been removed because ...". Who
 *         takes that for a new version of the story prints it over the story, and goes on selling the copy.
 * Thread: any; no state.
 * Limits: sentences that begin with what the page calls itself and say of it at once what was done: "This article tells how
 *         statues were removed" is copy. The caller gives short copy only.
 * Source: pages of newspapers, in the words that they use; tests/pipeline/scenarios/removals.json. */
#ifndef WD_REMOVAL_H
#define WD_REMOVAL_H

#include "wire_words.h"

/* WD_WIRE_KILL: the story was removed, deleted, taken down. WD_WIRE_WITHHOLD: for the time being, or nobody says why it is
 * not there. */
uint32_t wd_removal_of_text(struct wd_slice text);

#endif
