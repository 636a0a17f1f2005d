/* Which sentences say what the headline says, and what that tells of a paywall. Copy is invented; sentences are counted by
 * hand. */
#include "copy_desk.h"

#include "about.h"

enum { WORDS_MIN = 5, SENTENCES_MAX = 24 };

static uint32_t about(const char *headline, uint32_t prefix, const char *body)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    story->headline = wd_slice_from(headline);
    assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(body)), WD_OK);
    assert_non_null(wd_copy_scan(story));
    uint32_t found = wd_about_find(story->scan, prefix, WORDS_MIN, SENTENCES_MAX);
    assert_int_equal(wd_about_find_plain(story->scan, prefix, WORDS_MIN, SENTENCES_MAX), found);
#ifdef WD_AVX2
    if (wd_has_avx2())
        assert_int_equal(wd_about_find_avx2(story->scan, prefix, WORDS_MIN, SENTENCES_MAX), found);
#endif
    wd_story_destroy(story);
    return found;
}

#define HARBOUR                                                                                    \
    "The old bridge was closed after a crane struck it on Thursday. Nobody was hurt. Ships for "   \
    "Seatown wait outside until 400 divers have looked at the pier. The HARBOUR board meets "      \
    "again on the day after that."

static void sentences_with_a_word_of_the_headline(void **unused)
{
    (void)unused;
    /* Three sentences have five words or more: "Nobody was hurt" has not. */
    assert_int_equal(about("Harbour of Seatown shut", 0, HARBOUR), 1u << 1 | 1u << 2);
    assert_int_equal(about("Bridge down", 0, HARBOUR), 1u << 0);
    /* Neither short words nor numbers count, nor what is before the headline. */
    assert_int_equal(about("The day: 400 for it", 0, HARBOUR), 0);
    assert_int_equal(about("Seatown: bridge down", 1, HARBOUR), 1u << 0);
    assert_int_equal(about("", 0, HARBOUR), 0);
    assert_int_equal(about("Bridge down", 0, ""), 0);
}

/* A word stands in two sets of six bits each before it is compared: others may, too. */
static void every_word_is_found(void **unused)
{
    char headline[32];
    char body[160];
    (void)unused;
    for (uint32_t i = 0; i < 500; i++) {
        (void)snprintf(headline, sizeof(headline), "word%u", i);
        (void)snprintf(body, sizeof(body),
                       "These are some words without meaning. One of them is word%u here.", i);
        assert_int_equal(about(headline, 0, body), 1u << 1);
        (void)snprintf(body, sizeof(body),
                       "These are some words without meaning. One of them is word%u here.", i + 1);
        assert_int_equal(about(headline, 0, body), 0);
    }
}

/* A sentence goes on behind the words that a scan keeps. */
static void a_text_of_too_many_words(void **unused)
{
    enum { WORDS = WD_SCAN_WORDS_MAX + 100, BYTES = 3 };
    char *body = malloc((size_t)WORDS * BYTES + 16);
    (void)unused;
    assert_non_null(body);
    for (size_t i = 0; i < WORDS; i++)
        memcpy(body + i * BYTES, "ab ", BYTES);
    memcpy(body + (size_t)WORDS * BYTES, "Seatown", sizeof("Seatown"));
    assert_int_equal(about("Seatown", 0, body), 0);
    memcpy(body, "Seatown ab ", 11);
    assert_int_equal(about("Seatown", 0, body), 1);
    free(body);
}

#define PAYWALL                                                                                    \
    "The article that you read is for our members: enter or order the paper to go on. All of the " \
    "stories and what our writers make of them every day. Prices of two thousand papers as they "  \
    "are made on the floor. The printed paper on your screen the evening before it is printed. "   \
    "Have you ordered it already? Then load the page once more and see whether you are known."

static void a_paywall_makes_no_story(void **unused)
{
    static const struct desk_copy oil = {
        "Oil giant Petrolund halves its profit",
        "Lower prices and thin margins weighed on Petrolund in the third quarter. " PAYWALL, 0};
    static const struct desk_copy cash = {
        "Vaultis sees no end of cash",
        "The head of Vaultis is not afraid of a land without cash. " PAYWALL, 0};
    (void)unused;
    assert_false(desk_joins(&oil, &cash));
    assert_false(desk_joins(&cash, &oil));
}

/* As much is in common, but it is what both headlines are about. */
static void a_story_under_another_headline_is_one(void **unused)
{
#define MEMBERS                                                                                    \
    "Petrolund closed two of its nine refineries last year and sold a third to a rival. Its "      \
    "wells off Karvik gave less oil than in any quarter since they were drilled. The giant had "   \
    "put its profit at twice as much as late as in June. Petrolund will tell in May which of the " \
    "remaining refineries it wants to keep."
    static const struct desk_copy first = {
        "Oil giant Petrolund halves its profit",
        "Lower prices and thin margins weighed on Petrolund in the third quarter. " MEMBERS, 0};
    static const struct desk_copy second = {"Petrolund may close refineries",
                                            "Half of the profit is gone and more plants may be "
                                            "shut, the company said on Friday. " MEMBERS,
                                            0};
    (void)unused;
    assert_true(desk_joins(&first, &second));
    assert_true(desk_joins(&second, &first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_with_a_word_of_the_headline),
        cmocka_unit_test(every_word_is_found),
        cmocka_unit_test(a_text_of_too_many_words),
        cmocka_unit_test(a_paywall_makes_no_story),
        cmocka_unit_test(a_story_under_another_headline_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
