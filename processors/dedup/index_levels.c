#include "index_levels.h"

#include <string.h>

enum {
    GROWTH_SHARE = 4,
    HASHES = 1 << WD_INDEX_ROW_BITS,
    /* Places that an addition is shifted, for each line before it: were all of a group's at the same place of 2^n, they
     * would fall on the same few lines of the processor's caches. */
    LINE_SHIFT = 41,
};

/* Gives each of the new rows its share of the hashes, one by one from the row that has most then: its lowest. */
static void share_out(uint8_t *row_of, uint32_t before, uint32_t rows)
{
    uint32_t counts[WD_INDEX_ROWS_MAX] = {0};
    uint16_t lowest[WD_INDEX_ROWS_MAX] = {0};
    uint16_t next_of[HASHES]; /* of the same row */
    for (uint32_t i = HASHES; i-- > 0;) {
        uint8_t row = row_of[i];
        next_of[i] = lowest[row];
        lowest[row] = (uint16_t)i;
        counts[row]++;
    }
    for (uint32_t row = before; row < rows; row++) {
        while (counts[row] < HASHES / rows) {
            uint32_t most = 0;
            for (uint32_t other = 1; other < before; other++)
                most = counts[other] > counts[most] ? other : most;
            uint16_t moved = lowest[most];
            lowest[most] = next_of[moved];
            row_of[moved] = (uint8_t)row;
            counts[most]--;
            counts[row]++;
        }
    }
}

static uint32_t more_than(uint32_t lines)
{
    uint32_t rows = lines >> WD_INDEX_LINE_BITS;
    if (rows <= 1)
        return 2 * lines;
    rows += rows < GROWTH_SHARE ? 1 : rows / GROWTH_SHARE;
    return (rows < WD_INDEX_ROWS_MAX ? rows : WD_INDEX_ROWS_MAX) << WD_INDEX_LINE_BITS;
}

/* The level after the last one. */
static void add_level(struct wd_index_levels *levels, unsigned group_bits, uint32_t before,
                      uint32_t lines)
{
    const uint32_t groups = UINT32_C(1) << group_bits;
    struct wd_index_level *level = &levels->levels[levels->count];
    uint32_t rows_before = before >> WD_INDEX_LINE_BITS;
    uint32_t rows = lines >> WD_INDEX_LINE_BITS;
    level->lines = (uint16_t)lines;
    levels->masks[levels->count] =
        (uint16_t)((lines < WD_INDEX_ROW_LINES ? lines : WD_INDEX_ROW_LINES) - 1);
    if (levels->count > 0)
        memcpy(level->row_of, levels->levels[levels->count - 1].row_of, HASHES);
    if (rows > 1)
        share_out(level->row_of, rows_before, rows);
    for (uint32_t pair = before / 2; pair < lines / 2; pair++)
        levels->additions[pair] = (struct wd_index_addition){
            before * (groups - 1), (uint16_t)(before * LINE_SHIFT), (uint16_t)(lines - before)};
    levels->count++;
}

void wd_index_levels_init(struct wd_index_levels *levels, unsigned group_bits)
{
    uint32_t before = 0;
    uint32_t lines = WD_INDEX_LINES_FIRST;
    memset(levels, 0, sizeof(*levels));
    while (before < WD_INDEX_LINES_MAX && levels->count < WD_INDEX_LEVELS_MAX) {
        add_level(levels, group_bits, before, lines);
        before = lines;
        lines = more_than(lines);
    }
}
