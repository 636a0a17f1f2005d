/* index_levels.h - the sizes that a group of the index may have, and which of its rows a hash belongs to in each.
 *
 * Why:    when a group gets more rows, only what belongs to the new ones moves.
 * Owns:   nothing.
 * Thread: any; read only after init.
 * Limits: 41 rows; from 4 on a level has a quarter more than the one before. Of 2,048 hashes a row has its share, to one.
 * Source: Larson, "Dynamic hash tables" (1988): growth in small steps; the rows of a hash by table. */
#ifndef WD_INDEX_LEVELS_H
#define WD_INDEX_LEVELS_H

#include <stdint.h>

enum {
    WD_INDEX_ROWS_MAX = 41, /* a third more than are filled on average: no two groups are alike */
    WD_INDEX_LEVELS_MAX = 16,
    WD_INDEX_ROW_BITS = 11, /* of a hash, the high ones, say which row is its own */
};

struct wd_index_levels {
    uint32_t count;
    uint8_t rows[WD_INDEX_LEVELS_MAX];
    uint8_t row_of[WD_INDEX_LEVELS_MAX][1 << WD_INDEX_ROW_BITS];
};

void wd_index_levels_init(struct wd_index_levels *levels);

#endif
