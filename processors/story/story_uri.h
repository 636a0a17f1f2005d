/* story_uri.h - the URI that a story's record goes out under.
 *
 * Why:    ninjs wants one, and many stories come without: a telex has a number, a page nothing. An advisory must call such a
 *         story what its record calls it, or nobody finds it.
 * Thread: any; no state.
 * Limits: two pages of a provider with one headline, published in the same minute, are one story. Of a provider and a transmission of which the URI would be longer than WD_GUID_BYTES_MAX the digest is taken. */
#ifndef WD_STORY_URI_H
#define WD_STORY_URI_H

#include "buffer.h"
#include "story.h"

/* scheme ":" and only such characters. ninjs wants URIs; providers send other things. */
bool wd_uri_is(struct wd_slice text);
/* Appends the guid where it is a URI; else one made of what identifies the story best: the guid, else as below. */
void wd_story_uri(const struct wd_story *story, struct wd_buffer *out);
/* Appends what a story without a guid goes by: its transmission, else (a page without an address) provider, headline and
 * time of publication, which its versions have in common, else the digest of its message. */
void wd_story_made_uri(const struct wd_story *story, struct wd_buffer *out);
/* Appends bytes of the headline (NFKC, case-folded) and the time of publication: what the versions of a page without id and
 * address have in common. False, and nothing to go by, without one of the two. */
bool wd_story_append_heading(const struct wd_story *story, struct wd_buffer *out);

#endif
