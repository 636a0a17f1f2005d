/* wire_cue.h - the name that a desk gives a story, apart from the words that count its versions.
 *
 * Why:    wires send every version under a new id; what stays is the slug: "Harbour Bridge, 2nd
 *         Ld-Writethru" follows "Harbour Bridge".
 * Thread: any; no state.
 * Source: keylines of North American wires, slugs of IPTC 7901, headlines of Reuters ("UPDATE 2-");
 *         see the README of this folder. */
#ifndef WD_WIRE_CUE_H
#define WD_WIRE_CUE_H

#include "headline_words.h"
#include "story.h"

struct wd_wire_cue {
    struct wd_slice name; /* without words of version; "" when there is none */
    struct wd_slice bare; /* the name without a region, as other formats have it; "" without one */
    uint32_t region;      /* the letters before it */
    struct wd_slice rule; /* what it is: "keyline", "du-key", "slug", "headline" */
    unsigned ordinal;     /* 0 for the first version, 1 for "1st Ld", "UPDATE 1" */
    bool about_another;   /* a kill, a correction, a part: belongs to what came before it */
    bool orders; /* nothing but a kill, a hold, a note of correction: may come on the next day */
    bool
        subject; /* the slug is one that several stories of a day may have: "Unf\u00E4lle/Verkehr/" */
    bool alert; /* then: short and urgent, a story follows */
    struct wd_headline_words
        headline; /* then: of the story, or of what an order names; none: too few words to tell */
    struct wd_slice
        short_headline; /* of what has no other name: too few long words to tell stories apart elsewhere */
    bool strict;        /* the format promises one story under the name, whatever the ordinal */
};

/* The story has an id or an address: not only its slug or its headline to go by. */
bool wd_wire_has_id(const struct wd_story *story);
/* The lineage key that the decoder found, else the slug, else the headline of what has no id. */
void wd_wire_cue_of(const struct wd_story *story, struct wd_wire_cue *cue);
/* True when any of the story's words says that there was a version before. */
bool wd_wire_cue_follows(const struct wd_wire_cue *cue);

#endif
