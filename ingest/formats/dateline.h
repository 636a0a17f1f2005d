/* dateline.h - the place (and date, and agency) at the head of copy.
 *
 * Why:    no telex format, feed or page has a field for it; it stands in the first paragraph.
 * Owns:   nothing; slices point into the paragraph, which keeps its dateline byte for byte.
 * Thread: any; no state.
 * Source: the habits of agencies: "SEATOWN (EP) _ ", "SEATOWN, March 7 (Example) - ", "Seatown (exa) - ",
 *         "SEATOWN, Ore., March 7 /Example/ -- ", "(Example) - ", "SEATOWN (EP): ", "Seatown \xE2\x80\xA2 ". */
#ifndef WD_DATELINE_H
#define WD_DATELINE_H

#include "story.h"

struct wd_dateline {
    struct wd_slice text;   /* as it stands, without agency and dash: "SEATOWN, March 7" */
    struct wd_slice place;  /* without the date: "SEATOWN" */
    struct wd_slice agency; /* what stands in brackets or slashes; "" when none */
    size_t end;             /* offset of the copy behind it */
};

/* False when the paragraph begins with copy. Rules are narrow: a dash in a first sentence is common. */
bool wd_dateline_find(struct wd_slice paragraph, struct wd_dateline *dateline);
/* Fills dateline, located and, where it is empty, credit from the first paragraph, if it has one. */
void wd_dateline_take(struct wd_story *story, struct wd_slice paragraph);

#endif
