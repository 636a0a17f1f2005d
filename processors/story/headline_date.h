/* headline_date.h - the day that a headline names: "Weather for 14 February", "Gece nöbetçi eczaneler 19 Eylül".
 *
 * Why:    what comes every day has the same headline but for its date; a version of a story keeps it.
 * Thread: any; no state.
 * Source: months as in time_words.h. */
#ifndef WD_HEADLINE_DATE_H
#define WD_HEADLINE_DATE_H

#include "slice.h"

/* The number of the day, 1 to 31, beside the name of a month, in a date of numbers ("10.03.2026", "11/15/19", "2026-03-10")
 * or of characters ("3月5日", "5日の天気", "11월 10일"); a part of the headline, empty when it names none. "14 may be
 * dead", "14 march against" and "3日間" (three days long) name none. Of 03/04/2026 it is the first number. */
struct wd_slice wd_headline_find_day(struct wd_slice headline);

#endif
