/* rhythm.h - runs of sentences that have as many words in one text as in another.
 *
 * Why:    a misread letter changes a word, not the number of words: copy that was misread shares hardly a phrase
 *         with what it was read from, and has its rhythm.
 * Thread: any; no state.
 * Limits: the sentences that sketch and record keep (copy_sketch.h); n of the one and m of the other take n * n * m steps at
 *         most. */
#ifndef WD_RHYTHM_H
#define WD_RHYTHM_H

#include "copy_record.h"

/* Words of the story in runs of five sentences or more that the other has, too, or of eight that may each be a word off and two
 * of which may have become one. Tables do not count: their rows all have as many words. */
uint32_t wd_rhythm_words(const struct wd_copy_sketch *sketch, const struct wd_copy_record *other);

#endif
