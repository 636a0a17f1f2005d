/* utc_zone.h - the zone UTC for a group of tests; open_utc and close_utc are the group's fixtures. */
#ifndef WD_UTC_ZONE_H
#define WD_UTC_ZONE_H

#include "test.h"

#include "times.h"

static struct wd_zone *utc;

static int open_utc(void **state)
{
    struct wd_error error;
    (void)state;
    wd_error_init(&error);
    return wd_zone_open("UTC", &utc, &error) == WD_OK ? 0 : -1;
}

static int close_utc(void **state)
{
    (void)state;
    wd_zone_destroy(utc);
    return 0;
}

#endif
