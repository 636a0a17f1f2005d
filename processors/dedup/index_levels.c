#include "index_levels.h"

#include <string.h>

enum { GROWTH_SHARE = 4, HASHES = 1 << WD_INDEX_ROW_BITS };

/* Gives each of the new rows its share of the hashes, one by one from the row that has most then. */
static void share_out(uint8_t *row_of, uint32_t before, uint32_t rows)
{
    uint32_t counts[WD_INDEX_ROWS_MAX] = {0};
    for (uint32_t i = 0; i < HASHES; i++)
        counts[row_of[i]]++;
    for (uint32_t row = before; row < rows; row++) {
        while (counts[row] < HASHES / rows) {
            uint32_t most = 0;
            uint32_t i = 0;
            for (uint32_t other = 1; other < before; other++)
                most = counts[other] > counts[most] ? other : most;
            while (row_of[i] != most)
                i++;
            row_of[i] = (uint8_t)row;
            counts[most]--;
            counts[row]++;
        }
    }
}

void wd_index_levels_init(struct wd_index_levels *levels)
{
    uint32_t rows = 1;
    memset(levels, 0, sizeof(*levels));
    levels->rows[levels->count++] = 1;
    while (rows < WD_INDEX_ROWS_MAX && levels->count < WD_INDEX_LEVELS_MAX) {
        uint8_t *row_of = levels->row_of[levels->count];
        uint32_t before = rows;
        rows += rows < GROWTH_SHARE ? 1 : rows / GROWTH_SHARE;
        rows = rows < WD_INDEX_ROWS_MAX ? rows : WD_INDEX_ROWS_MAX;
        memcpy(row_of, levels->row_of[levels->count - 1], HASHES);
        share_out(row_of, before, rows);
        levels->rows[levels->count++] = (uint8_t)rows;
    }
}
