/* copy_digest.h - when two stories have the same copy.
 *
 * Why:    dedup and updates must mean the same by "the same words".
 * Owns:   nothing; `scratch` is the caller's, reused from story to story.
 * Thread: its lane. */
#ifndef WD_COPY_DIGEST_H
#define WD_COPY_DIGEST_H

#include "story.h"

/* Puts the digest of the body in wd_text_append_normalized's form, paragraphs joined by one blank,
 * into story->body_digest (zero when there are no words) and the number of words into `words` (may
 * be NULL). False when memory is exhausted. */
bool wd_copy_digest_body(struct wd_story *story, struct wd_buffer *scratch, size_t *words);

/* Digest over normalised headline and body_digest, which must be there. False when memory is
 * exhausted. */
bool wd_copy_digest_all(const struct wd_story *story, struct wd_buffer *scratch,
                        struct wd_digest *digest);

#endif
