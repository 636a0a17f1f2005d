/* index_levels.h - the sizes that a group of the index may have, which of its lines a hash belongs to in each, and where
 * these stand.
 *
 * Why:    when a group gets more lines, only what belongs to the new ones moves. An index begins small, and a story that
 *         makes a group grow touches new memory at one place only.
 * Owns:   nothing.
 * Thread: any; read only after init.
 * Limits: 41 rows of eight lines. A level doubles the one before up to 16 lines, then has a row more, from 8 rows on a
 *         quarter more. Of 2,048 hashes a row has its share, to two.
 * How:    what a level adds to a group stands together; the additions of all groups stand side by side.
 * Source: Larson, "Dynamic hash tables" (1988): growth in small steps; the rows of a hash by table. */
#ifndef WD_INDEX_LEVELS_H
#define WD_INDEX_LEVELS_H

#include <stddef.h>
#include <stdint.h>

enum {
    WD_INDEX_LINE_BITS = 3, /* a row has eight lines: 512 bytes */
    WD_INDEX_ROW_LINES = 1 << WD_INDEX_LINE_BITS,
    WD_INDEX_ROWS_MAX = 41, /* a third more than are filled on average: no two groups are alike */
    WD_INDEX_LINES_MAX = WD_INDEX_ROWS_MAX << WD_INDEX_LINE_BITS,
    WD_INDEX_LINES_FIRST = 2, /* of a group that is new */
    WD_INDEX_LEVELS_MAX = 18,
    WD_INDEX_ROW_BITS = 11, /* of a hash, the high ones, say which row is its own */
    WD_INDEX_PAIRS_MAX = WD_INDEX_LINES_MAX / 2,
    WD_INDEX_MASKS = 32, /* as many as one register has */
};

struct wd_index_level {
    uint16_t lines;
    uint8_t row_of[1 << WD_INDEX_ROW_BITS];
};

/* What one level added to every group. */
struct wd_index_addition {
    uint32_t before;       /* what stands before it, less what a group has before */
    uint16_t shift, lines; /* the first group's is `shift` groups from the front; lines of each */
};

struct wd_index_levels {
    uint32_t count;
    uint16_t masks
        [WD_INDEX_MASKS]; /* by level, of a line's number in its row: the only row may have fewer than eight */
    struct wd_index_level
        levels[WD_INDEX_LEVELS_MAX]; /* behind them: they are read four bytes at a time */
    struct wd_index_addition additions[WD_INDEX_PAIRS_MAX]; /* by a half of a line's number */
};

/* Where this line of this group stands among all; group_mask: how many there are, less one. */
static inline size_t wd_index_line_place(const struct wd_index_levels *levels, uint32_t group_mask,
                                         uint32_t group, uint32_t line)
{
    const struct wd_index_addition *addition = &levels->additions[line >> 1];
    return addition->before + ((group + addition->shift) & group_mask) * addition->lines + line;
}

/* For 2^`group_bits` groups. */
void wd_index_levels_init(struct wd_index_levels *levels, unsigned group_bits);

#endif
