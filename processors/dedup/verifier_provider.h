/* verifier_provider.h - what tells two items of one provider apart, or makes them one, though their words do not: forms,
 * furniture, notices, flashes.
 *
 * Why:    a provider fills one form in again and again, and prints the same lines around every story.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_VERIFIER_PROVIDER_H
#define WD_VERIFIER_PROVIDER_H

#include "verifier.h"

/* Fills those of out->features; the others, and the shares, are there. `hours`: how far apart the two were made. */
void wd_verifier_look_at_provider(const struct wd_compared *story,
                                  const struct wd_copy_record *other,
                                  const struct wd_overlap *overlap, double hours,
                                  struct wd_comparison *out);

#endif
