/* Where keys stand: sixteen at a time as one by one. */
#include "test.h"

#include "index_places.h"

#include <stdlib.h>

enum { KEYS_MAX = 40, ROUNDS = 300 };

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed ^ *seed >> 29) * 0xBF58476D1CE4E5B9u;
}

/* Groups on all levels, at random. */
static void make_shape(struct wd_index_shape *shape, unsigned group_bits, uint64_t *seed)
{
    size_t groups = (size_t)1 << group_bits;
    memset(shape, 0, sizeof(*shape));
    wd_index_levels_init(&shape->sizes, group_bits);
    shape->group_bits = group_bits;
    shape->print_bits = 38 - group_bits;
    shape->group_mask = (uint32_t)(groups - 1);
    shape->print_mask = (uint32_t)((UINT64_C(1) << shape->print_bits) - 1);
    shape->levels = calloc(groups + WD_INDEX_LEVELS_MORE, 1);
    shape->lines = aligned_alloc(64, groups * WD_INDEX_LINES_MAX * sizeof(*shape->lines));
    assert_non_null(shape->levels);
    assert_non_null(shape->lines);
    for (size_t i = 0; i < groups; i++)
        shape->levels[i] = (uint8_t)((next_random(seed) >> 40) % shape->sizes.count);
}

static void free_shape(struct wd_index_shape *shape)
{
    free(shape->levels);
    free(shape->lines);
}

/* A key's own line is one of its group's on the group's level, the same for the same key, and tells what may have passed it. */
static void a_key_has_one_place(void **unused)
{
    uint64_t seed = 5;
    struct wd_index_shape shape;
    (void)unused;
    make_shape(&shape, 7, &seed);
    for (int i = 0; i < 2000; i++) {
        uint64_t key = next_random(&seed);
        struct wd_index_place place;
        wd_index_find_places(&shape, &key, 1, &place);
        assert_int_equal(place.group, key >> 2 & 127);
        assert_int_equal(place.print, key >> 9 & 0x7FFFFFFF);
        assert_int_equal(place.level, shape.levels[place.group]);
        assert_true(place.line < shape.sizes.levels[place.level].lines);
        assert_ptr_equal(place.home, wd_index_line_at(&shape, place.group, place.line));
        assert_int_equal(__builtin_popcount(place.pass), 1);
        assert_in_range(__builtin_ctz(place.pass), WD_INDEX_USED_BITS, 31);
    }
    free_shape(&shape);
}

static void many_at_once_stand_where_one_does(void **unused)
{
    (void)unused;
#ifdef WD_WIDE
    if (!wd_has_wide())
        skip();
    uint64_t seed = 11;
    for (unsigned bits = 6; bits <= 12; bits += 3) {
        struct wd_index_shape shape;
        make_shape(&shape, bits, &seed);
        for (int round = 0; round < ROUNDS; round++) {
            uint64_t keys[KEYS_MAX];
            struct wd_index_place one[KEYS_MAX + 1];
            struct wd_index_place many[KEYS_MAX + 1];
            size_t count = (size_t)round % (KEYS_MAX + 1);
            for (size_t i = 0; i < count; i++)
                keys[i] = next_random(&seed);
            memset(one, 0xA5, sizeof(one)); /* and nothing is written behind the last one */
            memset(many, 0xA5, sizeof(many));
            wd_index_find_places(&shape, keys, count, one);
            wd_index_find_places_wide(&shape, keys, count, many);
            assert_memory_equal(one, many, sizeof(one));
        }
        free_shape(&shape);
    }
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_one_place),
        cmocka_unit_test(many_at_once_stand_where_one_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
