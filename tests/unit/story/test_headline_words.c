/* headline_words.h: the words of a headline in 16 bytes. */
#include "test.h"

#include "headline_words.h"

static void test_order_and_repetition(void **unused)
{
    const uint64_t hashes[] = {900, 3, 501, 77};
    const uint64_t turned[] = {77, 501, 3, 900};
    const uint64_t other[] = {77, 501, 3, 901};
    (void)unused;
    struct wd_headline_words words = wd_headline_words_of(hashes, 4);
    struct wd_headline_words same = wd_headline_words_of(turned, 4);
    struct wd_headline_words unlike = wd_headline_words_of(other, 4);
    assert_true(wd_headline_words_equal(&words, &same));
    assert_false(wd_headline_words_equal(&words, &unlike));
    assert_int_equal(wd_headline_words_count(&words), 4);
    const uint64_t repeated[] = {77, 501, 3, 900, 501};
    struct wd_headline_words twice = wd_headline_words_of(repeated, 5);
    assert_int_equal(wd_headline_words_count(&twice), 4);
    assert_true(wd_headline_words_have(&words, 501));
    assert_false(wd_headline_words_have(&words, 502));
    struct wd_headline_words none = {{0, 0}};
    assert_int_equal(wd_headline_words_count(&none), 0);
    assert_false(wd_headline_words_have(&none, 501));
}

static void check(struct wd_set_overlap overlap, uint32_t of_story, uint32_t of_other,
                  uint32_t both)
{
    assert_int_equal(overlap.of_story, of_story);
    assert_int_equal(overlap.of_other, of_other);
    assert_int_equal(overlap.both, both);
}

static void test_overlap(void **unused)
{
    const uint64_t hashes[] = {10, 20, 30, 40, 50};
    const uint64_t others[] = {20, 40, 60};
    (void)unused;
    struct wd_headline_words words = wd_headline_words_of(hashes, 5);
    struct wd_headline_words other = wd_headline_words_of(others, 3);
    struct wd_headline_words none = {{0, 0}};
    check(wd_headline_words_overlap(&words, &other), 5, 3, 2);
    check(wd_headline_words_overlap(&other, &words), 3, 5, 2);
    check(wd_headline_words_overlap(&words, &words), 5, 5, 5);
    check(wd_headline_words_overlap(&words, &none), 5, 0, 0);
    check(wd_headline_words_overlap(&none, &none), 0, 0, 0);
}

/* Of a long headline the smallest fingerprints are kept, and compared as far as both go. */
static void test_long_headlines(void **unused)
{
    uint64_t hashes[41];
    uint64_t evens[20];
    (void)unused;
    for (uint64_t word = 40; word > 0; word--)
        hashes[40 - word] = word;
    hashes[40] = UINT64_C(1023) << 52;
    for (uint64_t i = 0; i < 20; i++)
        evens[i] = 2 + 2 * i;
    struct wd_headline_words all = wd_headline_words_of(hashes, 40);
    struct wd_headline_words even = wd_headline_words_of(evens, 20);
    assert_int_equal(wd_headline_words_count(&all), WD_HEADLINE_WORDS_KEPT);
    assert_true(wd_headline_words_have(&all, 12));
    assert_false(wd_headline_words_have(&all, 13));
    /* 1 to 12 against 2, 4, .. 24: up to 12 there are twelve and six. */
    check(wd_headline_words_overlap(&all, &even), 12, 6, 6);
    check(wd_headline_words_overlap(&even, &all), 6, 12, 6);
    /* One word more, of those that are not kept: not the same headline. */
    struct wd_headline_words more = wd_headline_words_of(hashes, 41);
    assert_false(wd_headline_words_equal(&all, &more));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_repetition),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_long_headlines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
