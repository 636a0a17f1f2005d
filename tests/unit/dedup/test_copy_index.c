/* The index against a list of postings. */
#include "test.h"

#include "copy_index.h"

#include <stdlib.h>

enum { STEPS = 80000, KEYS = 12000, HELD = 40000 };

struct entry {
    uint64_t key;
    int32_t number;
};

static uint64_t seed = 99;

static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed ^ seed >> 29) * 0xBF58476D1CE4E5B9u >> 3;
}

static uint64_t key_of(uint64_t i)
{
    return (i + 1) * 0x9E3779B97F4A7C15u ^ (i * 0xD1B54A32D192ED03u) >> 17;
}

static struct wd_index_place place_of(const struct wd_copy_index *index, uint64_t key)
{
    struct wd_index_place place;
    wd_copy_index_prefetch(index, &key, 1, &place);
    return place;
}

static size_t find(const struct wd_copy_index *index, uint64_t key, struct wd_posting *answer)
{
    struct wd_index_place place = place_of(index, key);
    return wd_copy_index_find(index, &place, answer);
}

static void add(struct wd_copy_index *index, uint64_t key, struct wd_posting posting)
{
    struct wd_index_place place = place_of(index, key);
    wd_copy_index_prefetch_behind(index, &place);
    wd_copy_index_add(index, &place, 1, posting);
}

static void take_away(struct wd_copy_index *index, uint64_t key, int32_t number)
{
    struct wd_index_place place = place_of(index, key);
    wd_copy_index_remove(index, &place, 1, number);
}

static size_t count_in(const struct entry *entries, size_t count, uint64_t key)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += entries[i].key == key;
    return found;
}

static bool has(const struct entry *entries, size_t count, uint64_t key, int32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].key == key && entries[i].number == number)
            return true;
    }
    return false;
}

static void check_key(struct wd_copy_index *index, const struct entry *entries, size_t count,
                      uint64_t key)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    size_t wanted = count_in(entries, count, key);
    size_t found = find(index, key, answer);
    assert_int_equal(found, wanted < WD_INDEX_ANSWER_MAX ? wanted : WD_INDEX_ANSWER_MAX);
    for (size_t i = 0; i < found; i++) {
        assert_true(has(entries, count, key, answer[i].number));
        assert_int_equal(answer[i].group, answer[i].number % 64);
        assert_int_equal(answer[i].provider, answer[i].number / 7 % 64);
        assert_int_equal(answer[i].follows, answer[i].number % 3 == 0);
    }
}

/* Many keys at once are answered as each by itself, in the same order. */
static void check_together(const struct wd_copy_index *index)
{
    static struct wd_copy_answers answers;
    uint64_t keys[WD_INDEX_KEYS_MAX];
    struct wd_index_place places[WD_INDEX_KEYS_MAX];
    for (size_t i = 0; i < WD_INDEX_KEYS_MAX; i++)
        keys[i] = key_of(next_random() % KEYS);
    wd_copy_index_prefetch(index, keys, WD_INDEX_KEYS_MAX, places);
    wd_copy_index_prefetch_passed(index, places, WD_INDEX_KEYS_MAX);
    wd_copy_index_find_all(index, places, WD_INDEX_KEYS_MAX, &answers);
    for (size_t i = 0; i < WD_INDEX_KEYS_MAX; i++) {
        struct wd_posting answer[WD_INDEX_ANSWER_MAX];
        size_t found = find(index, keys[i], answer);
        assert_int_equal(answers.counts[i], found);
        assert_int_equal(answers.found[i / 64] >> (i % 64) & 1, found > 0);
        for (size_t j = 0; j < found; j++) {
            assert_int_equal(answers.postings[i][j].number, answer[j].number);
            assert_int_equal(answers.postings[i][j].group, answer[j].group);
            assert_int_equal(answers.postings[i][j].provider, answer[j].provider);
        }
    }
}

static void like_a_list(void **unused)
{
    struct wd_copy_index *index = wd_copy_index_create(HELD, HELD);
    struct entry *entries = calloc(HELD, sizeof(*entries));
    size_t count = 0;
    (void)unused;
    assert_non_null(index);
    assert_non_null(entries);
    for (int step = 0; step < STEPS; step++) {
        bool more = next_random() % 100 < (step < STEPS / 2 ? 65u : 35u);
        if (more && count < HELD) {
            struct entry entry = {key_of(next_random() % KEYS),
                                  (int32_t)(next_random() % (3 * HELD))};
            entries[count++] = entry;
            add(index, entry.key,
                (struct wd_posting){entry.number, (uint8_t)(entry.number % 64),
                                    (uint8_t)(entry.number / 7 % 64), entry.number % 3 == 0});
        } else if (count > 0) {
            size_t at = next_random() % count;
            take_away(index, entries[at].key, entries[at].number);
            entries[at] = entries[--count];
        }
        if (step % 97 == 0)
            check_key(index, entries, count, key_of(next_random() % KEYS));
        if (step % 997 == 0)
            check_together(index);
    }
    struct wd_copy_index_usage usage = wd_copy_index_usage(index);
    assert_int_equal(usage.postings, count);
    assert_int_equal(usage.dropped, 0);
    while (count > 0) {
        count--;
        take_away(index, entries[count].key, entries[count].number);
    }
    for (uint64_t i = 0; i < KEYS; i++)
        check_key(index, entries, 0, key_of(i));
    assert_int_equal(wd_copy_index_usage(index).postings, 0);
    free(entries);
    wd_copy_index_destroy(index);
}

/* Of many that are added together some find their group grown by the ones before: none goes astray. */
static void adds_many_at_once(void **unused)
{
    enum { MANY = 90, STORIES = 4000 };
    struct wd_copy_index *index = wd_copy_index_create(MANY * STORIES, STORIES);
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    struct wd_index_place places[MANY];
    uint64_t keys[MANY];
    (void)unused;
    for (uint64_t i = 0; i < STORIES; i++) {
        for (uint64_t j = 0; j < MANY; j++)
            keys[j] = key_of(i * MANY + j);
        wd_copy_index_prefetch(index, keys, MANY, places);
        wd_copy_index_add(index, places, MANY, (struct wd_posting){(int32_t)i, 1, 2, false});
    }
    for (uint64_t i = 0; i < (uint64_t)MANY * STORIES; i++) {
        bool there = false;
        for (size_t left = find(index, key_of(i), answer); left > 0; left--)
            there = there || answer[left - 1].number == (int32_t)(i / MANY);
        assert_true(there);
    }
    for (uint64_t i = 0; i < (uint64_t)MANY * STORIES; i++)
        take_away(index, key_of(i), (int32_t)(i / MANY));
    struct wd_copy_index_usage usage = wd_copy_index_usage(index);
    assert_int_equal(usage.dropped, 0);
    assert_int_equal(usage.postings, 0);
    wd_copy_index_destroy(index);
}

/* Groups grow one by one: nothing gets lost on the way. */
static void grows_without_loss(void **unused)
{
    enum { MANY = 300000 };
    struct wd_copy_index *index = wd_copy_index_create(MANY, MANY);
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    (void)unused;
    uint64_t small = wd_copy_index_usage(index).bytes;
    for (int32_t i = 0; i < MANY; i++)
        add(index, key_of((uint64_t)i), (struct wd_posting){i, 1, 2, false});
    for (int32_t i = 0; i < MANY; i++) {
        size_t found = find(index, key_of((uint64_t)i), answer);
        bool there = false;
        for (size_t j = 0; j < found; j++)
            there = there || answer[j].number == i;
        assert_true(there);
    }
    struct wd_copy_index_usage usage = wd_copy_index_usage(index);
    assert_int_equal(usage.dropped, 0);
    assert_true(small < usage.bytes && usage.bytes <= usage.bytes_max);
    /* 64 bytes for 6.3 postings are 10.2 for one, and 2 for each number. */
    assert_true(usage.bytes < (uint64_t)MANY * 13);
    /* Over the limit: dropped and counted, never grown. */
    add(index, key_of(MANY), (struct wd_posting){1, 1, 1, false});
    assert_int_equal(wd_copy_index_usage(index).dropped, 1);
    assert_int_equal(wd_copy_index_usage(index).bytes_max, usage.bytes_max);
    wd_copy_index_destroy(index);
}

/* For a million stories' postings it begins with 4 MiB, and a byte for each group. */
static void begins_small(void **unused)
{
    struct wd_copy_index *index = wd_copy_index_create(30000000, 1000000);
    (void)unused;
    assert_non_null(index);
    assert_true(wd_copy_index_usage(index).bytes <= (4 << 20) + (1 << 15));
    wd_copy_index_destroy(index);
}

/* A full window for long: the oldest leaves for each that comes. All that is there is found, and nothing else. */
static void turns_over(void **unused)
{
    enum { WINDOW = 20000, COMING = 20 * WINDOW };
    struct wd_copy_index *index = wd_copy_index_create(WINDOW, WINDOW);
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    (void)unused;
    for (int32_t i = 0; i < COMING; i++) {
        if (i >= WINDOW)
            take_away(index, key_of((uint64_t)(i - WINDOW)), i % WINDOW);
        add(index, key_of((uint64_t)i), (struct wd_posting){i % WINDOW, 1, 2, false});
    }
    for (int32_t i = COMING - 2 * WINDOW; i < COMING; i++) {
        size_t found = find(index, key_of((uint64_t)i), answer);
        assert_int_equal(found, i >= COMING - WINDOW ? 1 : 0);
        assert_true(found == 0 || answer[0].number == i % WINDOW);
    }
    assert_int_equal(wd_copy_index_usage(index).postings, WINDOW);
    assert_int_equal(wd_copy_index_usage(index).dropped, 0);
    wd_copy_index_destroy(index);
}

/* One key flooded: its answer stays short, the others are found. */
static void flooded_key(void **unused)
{
    enum { FLOOD = 2000 };
    struct wd_copy_index *index = wd_copy_index_create(10000, 1000);
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    (void)unused;
    for (int32_t i = 0; i < FLOOD; i++)
        add(index, 42, (struct wd_posting){i, 0, 0, false});
    add(index, key_of(7), (struct wd_posting){77, 0, 0, false});
    assert_int_equal(find(index, 42, answer), WD_INDEX_ANSWER_MAX);
    assert_int_equal(find(index, key_of(7), answer), 1);
    for (int32_t i = 0; i < FLOOD; i++)
        take_away(index, 42, i);
    assert_int_equal(find(index, 42, answer), 0);
    assert_int_equal(wd_copy_index_usage(index).postings, 1);
    wd_copy_index_destroy(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_a_list),        cmocka_unit_test(adds_many_at_once),
        cmocka_unit_test(grows_without_loss), cmocka_unit_test(begins_small),
        cmocka_unit_test(turns_over),         cmocka_unit_test(flooded_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
