/* The sizes of a group of the index: what moves from one to the next, and where the lines stand. */
#include "test.h"

#include "index_levels.h"

#include <stdlib.h>

enum { GROUP_BITS = 6, GROUPS = 1 << GROUP_BITS, HASHES = 1 << WD_INDEX_ROW_BITS };

static struct wd_index_levels levels;

static void grow_to_the_limit(void **unused)
{
    (void)unused;
    wd_index_levels_init(&levels, GROUP_BITS);
    assert_int_equal(levels.count, WD_INDEX_LEVELS_MAX);
    assert_int_equal(levels.levels[0].lines, WD_INDEX_LINES_FIRST);
    assert_int_equal(levels.levels[levels.count - 1].lines, WD_INDEX_LINES_MAX);
    for (uint32_t i = 1; i < levels.count; i++)
        assert_true(levels.levels[i].lines > levels.levels[i - 1].lines);
}

/* From level to level a hash keeps its row, or goes to a new one; each row has its share. */
static void only_new_rows_get_hashes(void **unused)
{
    (void)unused;
    wd_index_levels_init(&levels, GROUP_BITS);
    for (uint32_t i = 0; i < levels.count; i++) {
        const struct wd_index_level *level = &levels.levels[i];
        uint32_t rows = level->lines < WD_INDEX_ROW_LINES ? 1 : level->lines / WD_INDEX_ROW_LINES;
        uint32_t rows_before = i == 0 ? 0 : levels.levels[i - 1].lines / WD_INDEX_ROW_LINES;
        uint32_t counts[WD_INDEX_ROWS_MAX] = {0};
        for (uint32_t hash = 0; hash < HASHES; hash++) {
            assert_true(level->row_of[hash] < rows);
            assert_true(i == 0 || level->row_of[hash] >= rows_before ||
                        level->row_of[hash] == levels.levels[i - 1].row_of[hash]);
            counts[level->row_of[hash]]++;
        }
        for (uint32_t row = 0; row < rows; row++)
            assert_in_range(counts[row], HASHES / rows, HASHES / rows + 2);
        assert_int_equal(levels.masks[i], (level->lines < 8 ? level->lines : 8) - 1);
    }
}

/* No two lines have one place, those of a level come before the next one's, and what it adds to a group is together. */
static void every_line_has_its_place(void **unused)
{
    uint8_t *seen = calloc((size_t)GROUPS * WD_INDEX_LINES_MAX, 1);
    (void)unused;
    assert_non_null(seen);
    wd_index_levels_init(&levels, GROUP_BITS);
    for (uint32_t i = 0; i < levels.count; i++) {
        uint32_t before = i == 0 ? 0 : levels.levels[i - 1].lines;
        for (uint32_t group = 0; group < GROUPS; group++) {
            size_t first = wd_index_line_place(&levels, GROUPS - 1, group, before);
            for (uint32_t line = before; line < levels.levels[i].lines; line++) {
                size_t place = wd_index_line_place(&levels, GROUPS - 1, group, line);
                assert_int_equal(place, first + line - before);
                assert_true(place < (size_t)GROUPS * levels.levels[i].lines);
                assert_int_equal(seen[place]++, 0);
            }
        }
    }
    free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(grow_to_the_limit),
                                       cmocka_unit_test(only_new_rows_get_hashes),
                                       cmocka_unit_test(every_line_has_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
