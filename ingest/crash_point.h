/* crash_point.h - places where tests kill the daemon, or have a call fail.
 *
 * Why:    exactly once is proven by dying at the worst moments, not only at random ones, and by errors
 *         that no broker can be made to answer. Compiled in only with -DWD_CRASH_POINTS=ON (the dev
 *         presets); in a release it is nothing.
 *         WD_CRASH_AT=name[:n] raises SIGKILL at the n-th (default first) pass of a crash point;
 *         WD_FAIL_AT=name[:n] has a fail point fail there, once. */
#ifndef WD_CRASH_POINT_H
#define WD_CRASH_POINT_H

#include <stdbool.h>

#ifdef WD_CRASH_POINTS
void wd_crash_point(const char *name);
/* True: the caller goes on as if the call that comes next had failed. */
bool wd_fail_point(const char *name);
#else
static inline void wd_crash_point(const char *name)
{
    (void)name;
}
static inline bool wd_fail_point(const char *name)
{
    (void)name;
    return false;
}
#endif

#endif
