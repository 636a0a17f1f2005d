/* The slots against an array that says what is there, through every growth. */
#include "test.h"

#include "table_slots.h"

#include <stdlib.h>

enum { NUMBERS = 60000, STEPS = 400000, ALIKE = 500 };

struct wanted {
    const uint32_t *ids; /* of each number */
    uint32_t id;
};

static bool is_wanted(const void *context, int32_t number)
{
    const struct wanted *wanted = context;
    return wanted->ids[number] == wanted->id;
}

/* Some hashes are shared by many. */
static uint32_t hash_of(uint32_t id)
{
    return id % 16 == 0 ? 0xFFFFFFF0u + id / 16 % 4 : id * UINT32_C(2654435761);
}

static void there(const struct wd_table_slots *slots, const uint32_t *ids, uint32_t number,
                  bool present)
{
    const struct wanted wanted = {ids, ids[number]};
    int32_t found = wd_table_slots_find(slots, hash_of(ids[number]), is_wanted, &wanted);
    assert_int_equal(found, present ? (int32_t)number : -1);
}

static void like_the_array(void **unused)
{
    uint32_t *ids = calloc(NUMBERS, sizeof(*ids));
    bool *present = calloc(NUMBERS, sizeof(*present));
    struct wd_table_slots slots;
    uint32_t count = 0;
    (void)unused;
    assert_true(ids && present && wd_table_slots_init(&slots));
    srand(9);
    for (uint32_t i = 0; i < NUMBERS; i++)
        ids[i] = i < ALIKE ? i * 16 : i * 16 + 1 + i % 15;
    for (int step = 0; step < STEPS; step++) {
        uint32_t number = (uint32_t)rand() % NUMBERS;
        there(&slots, ids, number, present[number]);
        bool add = step < STEPS / 2 || rand() % 3 == 0;
        if (add && !present[number]) {
            assert_true(wd_table_slots_reserve(&slots));
            wd_table_slots_add(&slots, hash_of(ids[number]), (int32_t)number);
            present[number] = true;
            count++;
        } else if (!add && present[number]) {
            wd_table_slots_remove(&slots, hash_of(ids[number]), (int32_t)number);
            present[number] = false;
            count--;
        }
        assert_int_equal(slots.used, count);
    }
    for (uint32_t i = 0; i < NUMBERS; i++)
        there(&slots, ids, i, present[i]);
    assert_true(wd_table_slots_bytes(&slots) <= (uint64_t)NUMBERS * 8 * 4);
    wd_table_slots_clear(&slots);
    there(&slots, ids, 0, false);
    wd_table_slots_finish(&slots);
    free(ids);
    free(present);
}

/* A growth is spread over what comes after it: none of the steps moves more than a run. */
static void while_it_grows(void **unused)
{
    struct wd_table_slots slots;
    uint32_t halves = 0;
    (void)unused;
    assert_true(wd_table_slots_init(&slots));
    for (int32_t i = 0; i < 200000; i++) {
        uint32_t left = slots.old_left;
        assert_true(wd_table_slots_reserve(&slots));
        bool begun = slots.old_left > left;
        assert_true(begun || left - slots.old_left < 1000);
        halves += slots.old.count > 0;
        wd_table_slots_add(&slots, (uint32_t)i * UINT32_C(2654435761), i);
    }
    assert_true(halves > 100);
    wd_table_slots_finish(&slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(like_the_array),
                                       cmocka_unit_test(while_it_grows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
