/* copy_align.h - which sentence of one version is which of another.
 *
 * Why:    an editor wants to see what is new, gone, reworded and moved, not a diff of lines.
 * Owns:   the result lies in the arena that was given.
 * Thread: any; no state.
 * Limits: WD_ALIGN_SENTENCES_MAX sentences of a side; WD_ALIGN_PAIRS_MAX unmatched ones of a side are
 *         tried against each other, so that the time is bounded by the product of two small numbers.
 * Source: equal sentences by hash; of those, the longest increasing run stays in place (patience
 *         sorting), the others have moved; the rest is paired by Dice's coefficient over words. */
#ifndef WD_COPY_ALIGN_H
#define WD_COPY_ALIGN_H

#include "copy_scan.h"

enum { WD_ALIGN_SENTENCES_MAX = 1024, WD_ALIGN_PAIRS_MAX = 48 };

struct wd_alignment {
    uint32_t before_count, now_count;
    /* Of each sentence its partner in the other version, or -1; and what became of it: KEPT, MOVED, EDITED,
     * and ADDED or REMOVED without a partner. */
    int32_t *before_partner, *now_partner;
    enum wd_change_sentence *before_kind, *now_kind;
};

/* Both have a scan; where it holds no words they are read from the paragraphs as needed. NULL-free
 * on WD_OK; WD_NO_MEMORY. */
enum wd_status wd_copy_align(const struct wd_story *before, const struct wd_story *now,
                             struct wd_arena *arena, struct wd_alignment *alignment) WD_MUST_CHECK;

#endif
