#include "wd_assert.h"

#include <stdio.h>
#include <stdlib.h>

void wd_assert_failed(const char *expression, const char *file, int line)
{
    (void)fprintf(stderr, "wiredesk: bug: %s:%d: assertion failed: %s\n", file, line, expression);
    abort();
}
