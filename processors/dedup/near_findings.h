/* near_findings.h - what a story was compared with, and what of it matters.
 *
 * Why:    a story joins the one version that matches it best; whether it belongs to a second group, is a part of another
 *         or puts several together shows in all that it was compared with.
 * Owns:   nothing; the records are views into the table, valid until it changes.
 * Thread: its lane.
 * Limits: WD_CANDIDATES_MAX stories. */
#ifndef WD_NEAR_FINDINGS_H
#define WD_NEAR_FINDINGS_H

#include "candidates.h"
#include "roundup.h"

/* A verdict is reached on these. README.md says what they were measured on. */
#define WD_JOIN_PROBABILITY 0.5
#define WD_CERTAIN_PROBABILITY 0.97
#define WD_ALSO_PROBABILITY 0.9 /* of belonging to each of two groups */

/* NULL where there is none. */
struct wd_near_findings {
    const struct wd_finding *best;   /* of all */
    const struct wd_finding *second; /* the best of another group */
    const struct wd_finding *before; /* the best of those that were not made later */
    const struct wd_finding *part;   /* the most contained */
    const struct wd_finding *certain[WD_CANDIDATES_MAX];
    size_t certain_count, count;
    uint32_t words; /* of the story */
    bool digest;    /* its headline names a digest */
    struct wd_roundup roundup;
    struct wd_finding all[WD_CANDIDATES_MAX];
};

/* Nothing was compared yet with a story of so many words; `digest`: its headline names one. */
void wd_near_findings_begin(struct wd_near_findings *findings, uint32_t words, bool digest);
/* Takes all[count], which the caller has filled, into account. */
void wd_near_findings_add(struct wd_near_findings *findings);
/* Further groups that the story belongs to, besides that of the best: the best of another group where it is as surely the
 * same story, and what would be with the story had it come in time: the best of those made before it, and those made after
 * it which found nothing to join. Returns how many; the surest first. */
size_t wd_near_findings_also(const struct wd_near_findings *findings,
                             const struct wd_digest *groups[WD_ALSO_GROUPS_MAX]);
/* Of those of the best one's group that are as certain the version that is most like the story; of equals
 * the first: a print that was cut is no better a match than the original. */
const struct wd_finding *wd_near_findings_closest(const struct wd_near_findings *findings);

#endif
