/* digest.h - sixteen bytes that stand for a text: names of messages, copies, stories and lineages.
 *
 * Why:    what is remembered of a text is mostly whether it was this one.
 * Thread: any; no state.
 * Limits: no secret is in it: who wants to can make two texts of one digest.
 * Source: XXH3, 128 bits (xxHash), in its canonical order of bytes. */
#ifndef WD_DIGEST_H
#define WD_DIGEST_H

#include "slice.h"

#include <stdint.h>

enum { WD_DIGEST_BYTES = 16, WD_DIGEST_HEX_SIZE = 33 };
struct wd_digest {
    uint8_t bytes[WD_DIGEST_BYTES]; /* XXH3-128, canonical (big-endian) order */
};
struct wd_digest wd_digest_of(const void *bytes, size_t len);
static inline bool wd_digest_equal(const struct wd_digest *a, const struct wd_digest *b)
{
    return memcmp(a->bytes, b->bytes, WD_DIGEST_BYTES) == 0;
}
/* Lower-case hexadecimal and a NUL. */
void wd_digest_hex(struct wd_digest digest, char hex[WD_DIGEST_HEX_SIZE]);
/* Back from such text; false when it is none. */
bool wd_digest_from_hex(struct wd_slice hex, struct wd_digest *digest);

#endif
