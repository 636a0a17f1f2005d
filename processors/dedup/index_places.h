/* index_places.h - a line of the index, and which line is a key's own.
 *
 * Why:    a story asks for a hundred keys; to work out where each stands, sixteen at a time, was a twentieth of all its instructions.
 * Owns:   nothing.
 * Thread: that of the index. */
#ifndef WD_INDEX_PLACES_H
#define WD_INDEX_PLACES_H

#include "clones.h"
#include "copy_index.h"
#include "index_levels.h"

enum {
    WD_INDEX_SLOTS = 10, /* of a line */
    WD_INDEX_USED_BITS = 4,
    WD_INDEX_LEVELS_MORE = 3, /* bytes that must be readable behind the groups' levels */
};

/* Ten postings, the first `used` of them. A posting is 48 bits: the print, and above it the number's high bits, in
 * `low`; the number's low bits in `high`. */
struct wd_index_line {
    _Alignas(64) uint32_t low[WD_INDEX_SLOTS];
    uint16_t high[WD_INDEX_SLOTS];
    /* How many are used; above it wd_index_pass_bit of each that should stand here or before, and stands behind, or did. */
    uint32_t state;
};

/* How keys are spread over lines. A key's two lowest bits are not used; the next say the group, and those above are the
 * print, which is compared. */
struct wd_index_shape {
    struct wd_index_line *lines;  /* of all groups the first ones, then what each level added */
    uint8_t *levels;              /* of each group */
    struct wd_index_levels sizes; /* that a group may have */
    unsigned group_bits, print_bits;
    uint32_t print_mask, group_mask;
};

/* One of 28: a look-up goes on behind a line only where a posting passed that may be the one. */
static inline uint32_t wd_index_pass_bit(uint32_t print)
{
    return UINT32_C(1) << (WD_INDEX_USED_BITS + ((print & 31) * 7 >> 3));
}

static inline struct wd_index_line *wd_index_line_at(const struct wd_index_shape *shape,
                                                     uint32_t group, uint32_t line)
{
    return &shape->lines[wd_index_line_place(&shape->sizes, shape->group_mask, group, line)];
}

/* Of a group's lines on this level the one that is the print's own. */
static inline uint32_t wd_index_home_of(const struct wd_index_shape *shape, uint32_t print,
                                        uint32_t level)
{
    uint32_t hash = print >> (shape->print_bits - WD_INDEX_ROW_BITS - WD_INDEX_LINE_BITS);
    return (uint32_t)shape->sizes.levels[level].row_of[hash >> WD_INDEX_LINE_BITS]
               << WD_INDEX_LINE_BITS |
           (hash & shape->sizes.masks[level]);
}

/* The group and the print are known; on which level the group is may have changed. */
void wd_index_locate(const struct wd_index_shape *shape, struct wd_index_place *place);
/* Of `count` keys the places. */
void wd_index_find_places(const struct wd_index_shape *shape, const uint64_t *keys, size_t count,
                          struct wd_index_place *places);
#ifdef WD_WIDE
/* The same, where wd_has_wide. */
void wd_index_find_places_wide(const struct wd_index_shape *shape, const uint64_t *keys,
                               size_t count, struct wd_index_place *places);
#endif

#endif
