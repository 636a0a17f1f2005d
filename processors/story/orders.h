/* orders.h - what a story orders, and whether it is copy besides.
 *
 * Why:    a kill is a field of the very item that it kills, a line to editors about another one, or stands above the copy that
 *         it takes back; a correction is a note of what was wrong, or the whole copy, mended. Which of these it is decides whom it
 *         reaches: decoders, dedup and updates ask here, so that they mean the same by it.
 * Thread: any; no state.
 * Limits: WD_ORDER_WORDS_MAX. Where a decoder looks for the words of an order it has no words counted yet: notice.h there has
 *         limits of bytes. */
#ifndef WD_ORDERS_H
#define WD_ORDERS_H

#include "story.h"

enum { WD_ORDER_WORDS_MAX = 60 }; /* with as many it brings copy */

/* Something must not be used, for now or for good: a kill or a hold, by status or by signal. (An embargo is none: what is
 * embargoed will be used.) */
bool wd_story_stops(const struct wd_story *story);
/* An order of before is taken back: a kill by the signal `stands`, a hold or an embargo by `release`. What stops something takes
 * nothing back. */
bool wd_story_lifts(const struct wd_story *story);
/* Something must be stopped or mended, or need no longer be: a kill, a hold or a correction, or that one is lifted, of itself or
 * of another, with copy or without. */
bool wd_story_gives_order(const struct wd_story *story);
/* It has so many words, or is a part of a story, that there is copy in it, whatever it orders: words that are not the desk's
 * set phrases. The story must be scanned (copy_scan.h). */
bool wd_story_brings_copy(const struct wd_story *story);
/* It is no version that anybody could publish: it stops something, however much it says about it, or is a note of what is to be
 * mended or need not be stopped. A part and a whole corrected copy are versions. The story must be scanned. */
bool wd_story_is_order(const struct wd_story *story);
/* It is an order, and has nothing but a desk's set phrases: those of two stories may have all words in common. The story must
 * be scanned. */
bool wd_story_is_bare_order(const struct wd_story *story);

#endif
