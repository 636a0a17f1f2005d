/* crash_point.h - places where the chaos tests kill the daemon.
 *
 * Why:    exactly once is proven by dying at the worst moments, not only at random ones. Compiled in
 *         only with -DWD_CRASH_POINTS=ON (the dev presets); in a release it is nothing.
 *         WD_CRASH_AT=name[:n] raises SIGKILL at the n-th (default first) pass. */
#ifndef WD_CRASH_POINT_H
#define WD_CRASH_POINT_H

#ifdef WD_CRASH_POINTS
void wd_crash_point(const char *name);
#else
static inline void wd_crash_point(const char *name)
{
    (void)name;
}
#endif

#endif
