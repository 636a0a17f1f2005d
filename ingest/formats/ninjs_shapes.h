/* ninjs_shapes.h - which members each object of ninjs may have, in all its versions together.
 *
 * Owns:   nothing; the tables are const.
 * Thread: any.
 * Source: the IPTC's JSON Schemas 1.0 to 1.6, 2.0 to 2.2, 3.0, 3.1 and the development ones. What one of
 *         them allows is allowed: providers mix generations. */
#ifndef WD_NINJS_SHAPES_H
#define WD_NINJS_SHAPES_H

#include "slice.h"

/* Types of JSON, as bits; then what says more about a text, and about the place. */
enum wd_ninjs_type {
    WD_NINJS_TEXT = 1,
    WD_NINJS_NUMBER = 2,
    WD_NINJS_LIST = 4,
    WD_NINJS_OBJECT = 8,
    WD_NINJS_TIME = 16 | WD_NINJS_TEXT,   /* a date, with a time or cut short: "2024", "2024-02" */
    WD_NINJS_STATUS = 32 | WD_NINJS_TEXT, /* a name of enum wd_story_status */
    WD_NINJS_NESTED = 64                  /* of an association only, not of the story */
};

struct wd_ninjs_shape;

struct wd_ninjs_member {
    struct wd_slice name;
    unsigned types; /* enum wd_ninjs_type */
    /* Of the object, or of each of the list's objects; NULL: anything. */
    const struct wd_ninjs_shape *inner;
    bool map; /* an object holds such objects under names of the provider's */
};

struct wd_ninjs_shape {
    const struct wd_ninjs_member *members; /* in the order in which they are mostly sent */
    size_t count;
    bool sorted; /* many: in the order of their bytes, for a binary search */
    /* Texts after which anything may follow: "body_", "geometry_". Ends with an empty one; may be NULL. */
    const struct wd_ninjs_member *families;
    bool nested;             /* an association */
    const char *required[2]; /* NULL: none; the second one only of objects in a list */
    const char *either[4];   /* two pairs of which only one may be there; NULL: none */
};

/* The story itself; an association is the same with a name and a relation. */
extern const struct wd_ninjs_shape wd_ninjs_item;

/* The member of this name, NULL when the shape has none. `*next` is where the search begins and where
 * the next one should: 0 at first. */
const struct wd_ninjs_member *wd_ninjs_find(const struct wd_ninjs_shape *shape,
                                            struct wd_slice name, size_t *next);

#endif
