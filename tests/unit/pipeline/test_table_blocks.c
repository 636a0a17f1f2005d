/* Blocks of every length, taken and given back at random: nobody's bytes are another's. */
#include "test.h"

#include "table_blocks.h"

#include <stdlib.h>
#include <string.h>

enum { HELD = 3000, STEPS = 60000 };

struct held {
    uint32_t block;
    size_t len;
    unsigned char mark;
};

static uint64_t seed = 5;

static uint32_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

/* Mostly short ones, some of every doubling up to the longest. */
static size_t random_len(void)
{
    size_t most = next_random() % 8 > 0 ? 700 : (size_t)1 << (3 + next_random() % 14);
    size_t len = next_random() % most;
    return next_random() % 500 == 0 ? WD_BLOCK_BYTES_MAX : len;
}

static bool is_whole(const struct wd_table_blocks *blocks, const struct held *one)
{
    const unsigned char *at = (const unsigned char *)wd_table_block_at(blocks, one->block);
    for (size_t i = 0; i < one->len; i++) {
        if (at[i] != one->mark)
            return false;
    }
    return true;
}

static void as_a_heap(void **unused)
{
    struct wd_table_blocks blocks = {.bases = NULL};
    struct held *held = calloc(HELD, sizeof(*held));
    (void)unused;
    assert_non_null(held);
    for (int step = 0; step < STEPS; step++) {
        struct held *one = &held[next_random() % HELD];
        if (one->block != WD_BLOCK_NONE) {
            assert_true(is_whole(&blocks, one));
            wd_table_blocks_give(&blocks, one->block);
            one->block = WD_BLOCK_NONE;
            continue;
        }
        one->len = random_len();
        one->mark = (unsigned char)step;
        one->block = wd_table_blocks_take(&blocks, one->len);
        assert_int_not_equal(one->block, WD_BLOCK_NONE);
        memset(wd_table_block_at(&blocks, one->block), one->mark, one->len);
    }
    for (size_t i = 0; i < HELD; i++) {
        if (held[i].block != WD_BLOCK_NONE)
            assert_true(is_whole(&blocks, &held[i]));
        wd_table_blocks_give(&blocks, held[i].block);
    }
    free(held);
    wd_table_blocks_finish(&blocks);
}

/* What blocks of one length left serves those of any other: no more is asked of the system. */
static void serves_other_lengths(void **unused)
{
    enum { BLOCKS = 20000 };
    struct wd_table_blocks blocks = {.bases = NULL};
    uint32_t *taken = calloc(BLOCKS, sizeof(*taken));
    uint32_t chunks = 0;
    (void)unused;
    assert_non_null(taken);
    for (size_t len = 100; len <= 500; len += 100) {
        size_t count = BLOCKS * 100 / len;
        for (size_t i = 0; i < count; i++) {
            taken[i] = wd_table_blocks_take(&blocks, len);
            assert_int_not_equal(taken[i], WD_BLOCK_NONE);
        }
        chunks = chunks > 0 ? chunks : blocks.chunk_count;
        assert_int_equal(blocks.chunk_count, chunks);
        for (size_t i = 0; i < count; i++)
            wd_table_blocks_give(&blocks, taken[i]);
    }
    free(taken);
    wd_table_blocks_finish(&blocks);
}

/* The next block is where it was said to be: in a chunk that was begun, and where one was given back. */
static void says_which_is_next(void **unused)
{
    struct wd_table_blocks blocks = {.bases = NULL};
    (void)unused;
    assert_null(wd_table_blocks_next(&blocks, 3000));
    assert_null(wd_table_blocks_next(&blocks, WD_BLOCK_BYTES_MAX + 1));
    uint32_t first = wd_table_blocks_take(&blocks, 3000);
    const char *next = wd_table_blocks_next(&blocks, 3000);
    uint32_t second = wd_table_blocks_take(&blocks, 3000);
    assert_non_null(next);
    assert_ptr_equal(next, wd_table_block_at(&blocks, second));
    assert_null(wd_table_blocks_next(&blocks, 100)); /* another length */
    wd_table_blocks_give(&blocks, first);
    assert_ptr_equal(wd_table_blocks_next(&blocks, 3000), wd_table_block_at(&blocks, first));
    wd_table_blocks_finish(&blocks);
}

static void sizes(void **unused)
{
    (void)unused;
    assert_int_equal(wd_table_block_size(0), 8);
    assert_int_equal(wd_table_block_size(1), 8);
    assert_int_equal(wd_table_block_size(9), 16);
    assert_int_equal(wd_table_block_size(1024), 1024);
    assert_int_equal(wd_table_block_size(1025), 1056); /* a 32nd of 1024 more */
    assert_int_equal(wd_table_block_size(2048), 2048);
    assert_int_equal(wd_table_block_size(2049), 2112);
    for (size_t len = 1; len <= WD_BLOCK_BYTES_MAX; len++) {
        size_t size = wd_table_block_size(len);
        assert_true(size >= len && (size < len + 8 || size <= len + len / 32 + 8));
    }
    struct wd_table_blocks blocks = {.bases = NULL};
    assert_int_equal(wd_table_blocks_take(&blocks, WD_BLOCK_BYTES_MAX + 1), WD_BLOCK_NONE);
    wd_table_blocks_finish(&blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_a_heap), cmocka_unit_test(serves_other_lengths),
        cmocka_unit_test(says_which_is_next), cmocka_unit_test(sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
