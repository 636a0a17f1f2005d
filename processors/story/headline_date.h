/* headline_date.h - the day that a headline names: "Weather for 14 February", "Gece nöbetçi eczaneler 19 Eylül".
 *
 * Why:    what comes every day has the same headline but for its date; a version of a story keeps it.
 * Thread: any; no state.
 * Source: months as in time_words.h. */
#ifndef WD_HEADLINE_DATE_H
#define WD_HEADLINE_DATE_H

#include "slice.h"

/* The number of the day, 1 to 31, beside the name of a month; a part of the headline, empty when it names none. "14 may be
 * dead" and "14 march against" name none. */
struct wd_slice wd_headline_find_day(struct wd_slice headline);

#endif
