/* roundup.h - does a story put together what others wrote about different things?
 *
 * Why:    a roundup shares much with each of its parts, and with none of them its story. What shows it is
 *         that the parts have nothing in common: no pair of stories alone can tell.
 * Owns:   nothing; slices point into the table and are valid until it changes.
 * Thread: its lane.
 * Limits: WD_ROUNDUP_PARTS_MAX groups are looked at, the first that are found. */
#ifndef WD_ROUNDUP_H
#define WD_ROUNDUP_H

#include "verifier.h"

enum { WD_ROUNDUP_PARTS_MAX = 8 };

/* What was found to be the same or like it. */
struct wd_finding {
    struct wd_copy_record record;
    int64_t event_ms;
    bool made_later; /* than the story, as far as both say */
    struct wd_comparison comparison;
};

/* The most that a group has in common with the story. */
struct wd_roundup_part {
    struct wd_digest group;
    struct wd_slice id, provider;
    struct wd_shingle_set matched;
    uint32_t count;               /* of `matched` */
    double share;                 /* of that copy which stands in the story */
    double contained, similarity; /* as in wd_comparison */
    int64_t event_ms;
    bool same_provider;    /* as the story's */
    bool carries_headline; /* its headline is the story's, or much like it */
};

struct wd_roundup {
    struct wd_roundup_part parts[WD_ROUNDUP_PARTS_MAX];
    size_t count;
};

/* What two stories have in common with a third is next to nothing in common with each other: less than a fourth of the smaller. */
bool wd_roundup_are_apart(const struct wd_shingle_set *a, const struct wd_shingle_set *b);
/* Takes note of a story that was compared. What was made later is no part: nobody puts together what is not there yet. */
void wd_roundup_add(struct wd_roundup *roundup, const struct wd_finding *finding);
/* True for a roundup; `roundup` then has its parts, the largest first. */
bool wd_roundup_decide(struct wd_roundup *roundup);

#endif
