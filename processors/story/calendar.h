/* calendar.h - days and dates of the proleptic Gregorian calendar.
 *
 * Thread: any; no state.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
#ifndef WD_CALENDAR_H
#define WD_CALENDAR_H

#include <stdint.h>

enum { WD_YEAR_MIN = 1800, WD_YEAR_MAX = 2200 }; /* a story is of no other year */

/* Days since 1970-01-01 of a date; month and day from 1. */
int64_t wd_days_from_civil(int64_t year, int month, int day);
void wd_civil_from_days(int64_t days, int *year, int *month, int *day);
int wd_days_in_month(int year, int month);

#endif
