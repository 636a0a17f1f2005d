/* near_verdict.h - the verdict on a story in words, and in the numbers that stand behind them.
 *
 * Why:    a desk editor reads why, not only what.
 * Owns:   nothing; texts are copied into the story's arena, since the table moves on. Where there is no memory
 *         for one its data is NULL.
 * Thread: its lane. */
#ifndef WD_NEAR_VERDICT_H
#define WD_NEAR_VERDICT_H

#include "roundup.h"

#define WD_WHOLE_SHARE 0.8 /* nearly all of it */

/* The digest in hexadecimal. */
struct wd_slice wd_near_hex(struct wd_story *story, const struct wd_digest *digest);

/* `joins`: not furniture alone. */
void wd_near_tell_exact(struct wd_story *story, const struct wd_finding *first, bool joins);
void wd_near_tell_joined(struct wd_story *story, const struct wd_finding *best);
/* One is a part of the other. */
void wd_near_tell_part(struct wd_story *story, const struct wd_finding *part);
/* Its parts in the order of their size; the first is the match. False when memory is exhausted. */
bool wd_near_tell_roundup(struct wd_story *story, const struct wd_roundup *roundup);
/* A picture's caption is not compared. */
void wd_near_tell_by_id(struct wd_story *story);
/* `best`: the nearest; NULL when nothing was found. */
void wd_near_tell_none(struct wd_story *story, const struct wd_finding *best);
/* The same message again, or a page without an id that has not changed. */
void wd_near_tell_again(struct wd_story *story, const struct wd_finding *first);

#endif
