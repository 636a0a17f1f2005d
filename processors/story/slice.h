/* slice.h - a piece of somebody else's bytes.
 *
 * Owns:   nothing; a slice is valid as long as what it points into (mostly a story's arena).
 * Thread: any; slices are values. */
#ifndef WD_SLICE_H
#define WD_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct wd_slice {
    const char *data; /* not NUL-terminated; NULL only together with len 0 */
    size_t len;       /* bytes */
};

#define WD_SLICE_NONE ((struct wd_slice){NULL, 0})
/* A string literal as a slice. */
#define WD_SLICE(literal) ((struct wd_slice){"" literal "", sizeof(literal) - 1})
/* For printf("%.*s"). */
#define WD_SLICE_ARG(slice) (int)(slice).len, (slice).data ? (slice).data : ""

/* For small functions whose text is mostly a literal: only inlined is its length known without a
 * strlen, and there are a hundred such texts in a record. */
#define WD_INLINE static inline __attribute__((always_inline))

static inline struct wd_slice wd_slice_make(const char *data, size_t len)
{
    return (struct wd_slice){data, len};
}

WD_INLINE struct wd_slice wd_slice_from(const char *string)
{
    return (struct wd_slice){string, string ? strlen(string) : 0};
}

static inline bool wd_slice_equal(struct wd_slice a, struct wd_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

WD_INLINE bool wd_slice_is(struct wd_slice a, const char *string)
{
    return wd_slice_equal(a, wd_slice_from(string));
}

static inline bool wd_slice_starts(struct wd_slice a, struct wd_slice prefix)
{
    return a.len >= prefix.len && (prefix.len == 0 || memcmp(a.data, prefix.data, prefix.len) == 0);
}

/* The part from `begin` (bytes) to the end; empty when `begin` is past it. */
static inline struct wd_slice wd_slice_from_offset(struct wd_slice a, size_t begin)
{
    return begin >= a.len ? (struct wd_slice){a.data, 0}
                          : (struct wd_slice){a.data + begin, a.len - begin};
}

#endif
