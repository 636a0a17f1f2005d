/* headline_digest.h - headlines that name a digest and nothing else: "News in brief", "Главное за день, 12 марта".
 *
 * Why:    a digest of a few short items has most of each and reads like a version of one; that it is put together shows
 *         in its title, which stands above one every day.
 * Thread: any. How titles begin is noted by the first caller (call_once) and never changes.
 * Limits: whole titles of a list (digest_titles.h), a date or a day behind them. "News in brief: minister goes" is a story, and
 *         "The Seatown Digest" is not known. */
#ifndef WD_HEADLINE_DIGEST_H
#define WD_HEADLINE_DIGEST_H

#include "buffer.h"

#include <stdbool.h>

/* Nearly every headline is told from all titles by its first letters. `scratch` is overwritten; no memory for it means false. `headline` must be valid UTF-8. */
bool wd_headline_names_digest(struct wd_slice headline, struct wd_buffer *scratch);

#endif
