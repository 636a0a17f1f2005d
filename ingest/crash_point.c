#include "crash_point.h"

#ifdef WD_CRASH_POINTS
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Whether this is the pass that the variable names. */
static bool is_wanted(const char *variable, const char *name, atomic_long *passes)
{
    const char *wanted = getenv(variable);
    if (!wanted)
        return false;
    size_t len = strlen(name);
    if (strncmp(wanted, name, len) != 0 || (wanted[len] != '\0' && wanted[len] != ':'))
        return false;
    long at = wanted[len] == ':' ? strtol(wanted + len + 1, NULL, 10) : 1;
    return atomic_fetch_add(passes, 1) + 1 == at;
}

void wd_crash_point(const char *name)
{
    static atomic_long passes;
    if (is_wanted("WD_CRASH_AT", name, &passes))
        (void)raise(SIGKILL);
}

bool wd_fail_point(const char *name)
{
    static atomic_long passes;
    return is_wanted("WD_FAIL_AT", name, &passes);
}
#else
typedef int wd_crash_point_is_compiled_out; /* ISO C wants a declaration in every file */
#endif
