#include "crash_point.h"

#ifdef WD_CRASH_POINTS
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void wd_crash_point(const char *name)
{
    static atomic_long passes;
    const char *wanted = getenv("WD_CRASH_AT");
    if (!wanted)
        return;
    size_t len = strlen(name);
    if (strncmp(wanted, name, len) != 0 || (wanted[len] != '\0' && wanted[len] != ':'))
        return;
    long at = wanted[len] == ':' ? strtol(wanted + len + 1, NULL, 10) : 1;
    if (atomic_fetch_add(&passes, 1) + 1 == at)
        (void)raise(SIGKILL);
}
#else
typedef int wd_crash_point_is_compiled_out; /* ISO C wants a declaration in every file */
#endif
