/* expectation.h - whether a JSON value is what a test case asks for.
 *
 * Why:    cases name what matters; records may grow.
 * Owns:   nothing.
 * Thread: any.
 * Rules:  of an object only the members that are named count; null means absent; lists must have the
 *         same length, unless asked for as {"$any": WANTED}: then one element must fit; anything else
 *         must be equal. */
#ifndef WD_EXPECTATION_H
#define WD_EXPECTATION_H

#include "buffer.h"

#include <jansson.h>

/* True when `got` (may be NULL: absent) fits. Otherwise `why` gets one sentence with the path. */
bool wd_expectation_met(json_t *wanted, json_t *got, const char *path, struct wd_buffer *why);

#endif
