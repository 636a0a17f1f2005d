/* verdict.h - what a version is to its lineage, in a word and in words.
 *
 * Thread: its lane; no state. */
#ifndef WD_VERDICT_H
#define WD_VERDICT_H

#include "lineage_view.h"
#include "wire_cue.h"

/* Everything that the verdict rests on; found before the story is taken into the lineage. */
struct wd_evidence {
    bool seen;         /* the lineage was there */
    bool seen_exactly; /* and this version in it */
    bool own_id;       /* and this id in it */
    bool own_provider; /* and a story of this provider */
    bool newer;        /* something newer of this provider is there */
    enum wd_version_basis basis;
    bool same_mark;     /* the newest version under this id has the same version and time */
    bool corrects;      /* it says what was wrong, and no version before it did: standing_notes.h */
    bool lifts_embargo; /* the provider's newest version was embargoed */
    enum wd_lineage_state state_before;
    struct wd_wire_cue cue;
};

/* Which of the two orders to stop, kill or withhold, the story gives about itself or about what it acts on; false when it gives
 * none. One that ends another and stands itself (orders.h: wd_story_stops is false) replaces it. */
bool wd_story_stop_order(const struct wd_story *story, enum wd_advisory_kind *kind);

/* Fills kind, late, unseen_original, partial; change must be there. */
void wd_verdict_decide(struct wd_story *story, const struct wd_evidence *evidence);
/* Whether the story is an order that nobody was told of: what it is about was not seen. Once it is taken in. */
bool wd_verdict_reached_nobody(const struct wd_story *story);
/* Fills reason; everything else must be there. */
enum wd_status wd_verdict_explain(struct wd_story *story,
                                  const struct wd_evidence *evidence) WD_MUST_CHECK;

#endif
