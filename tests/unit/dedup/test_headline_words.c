/* headline_words.h: the words of a headline in 16 bytes. */
#include "test.h"

#include "headline_words.h"

static struct wd_headline_words of(const uint64_t *hashes, size_t count)
{
    struct wd_headline_words words = {{0, 0}};
    for (size_t i = 0; i < count; i++)
        wd_headline_words_add(&words, hashes[i]);
    return words;
}

static void test_order_and_repetition(void **unused)
{
    const uint64_t hashes[] = {900, 3, 501, 77};
    const uint64_t turned[] = {77, 501, 3, 900};
    const uint64_t other[] = {77, 501, 3, 901};
    (void)unused;
    struct wd_headline_words words = of(hashes, 4);
    struct wd_headline_words same = of(turned, 4);
    struct wd_headline_words unlike = of(other, 4);
    assert_true(wd_headline_words_equal(&words, &same));
    assert_false(wd_headline_words_equal(&words, &unlike));
    assert_int_equal(wd_headline_words_count(&words), 4);
    wd_headline_words_add(&same, 501);
    assert_int_equal(wd_headline_words_count(&same), 4);
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
    struct wd_headline_words words = of(hashes, 5);
    struct wd_headline_words other = of(others, 3);
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
    struct wd_headline_words all = {{0, 0}};
    struct wd_headline_words even = {{0, 0}};
    (void)unused;
    for (uint64_t word = 40; word > 0; word--)
        wd_headline_words_add(&all, word);
    for (uint64_t word = 2; word <= 40; word += 2)
        wd_headline_words_add(&even, word);
    assert_int_equal(wd_headline_words_count(&all), WD_HEADLINE_WORDS_KEPT);
    assert_true(wd_headline_words_have(&all, 12));
    assert_false(wd_headline_words_have(&all, 13));
    /* 1 to 12 against 2, 4, .. 24: up to 12 there are twelve and six. */
    check(wd_headline_words_overlap(&all, &even), 12, 6, 6);
    check(wd_headline_words_overlap(&even, &all), 6, 12, 6);
    /* One word more, of those that are not kept: not the same headline. */
    struct wd_headline_words more = all;
    wd_headline_words_add(&more, UINT64_C(1023) << 52);
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
