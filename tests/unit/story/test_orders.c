/* What a story orders, and whether it is copy besides. */
#include "test.h"

#include "copy_scan.h"
#include "orders.h"

struct answers {
    bool stops, gives_order, brings_copy, is_order, is_bare_order, lifts;
};

static void check(const struct wd_story *story, const struct answers *wanted)
{
    assert_int_equal(wd_story_stops(story), wanted->stops);
    assert_int_equal(wd_story_gives_order(story), wanted->gives_order);
    assert_int_equal(wd_story_brings_copy(story), wanted->brings_copy);
    assert_int_equal(wd_story_is_order(story), wanted->is_order);
    assert_int_equal(wd_story_is_bare_order(story), wanted->is_bare_order);
    assert_int_equal(wd_story_lifts(story), wanted->lifts);
}

static void questions(void **state)
{
    static const struct {
        enum wd_story_status status;
        uint32_t signals, flags, words;
        struct answers answers;
    } cases[] = {
        {WD_STORY_USABLE, WD_SIGNAL_UPDATE | WD_SIGNAL_ADVISORY, 0, 59, {0, 0, 0, 0, 0, 0}},
        {WD_STORY_USABLE, 0, 0, 60, {0, 0, 1, 0, 0, 0}},
        {WD_STORY_EMBARGOED, 0, 0, 20, {0, 0, 0, 0, 0, 0}},
        {WD_STORY_CANCELED, 0, 0, 20, {1, 1, 0, 1, 1, 0}},
        {WD_STORY_WITHHELD, 0, 0, 0, {1, 1, 0, 1, 1, 0}},
        {WD_STORY_USABLE, WD_SIGNAL_KILL, 0, 20, {1, 1, 0, 1, 1, 0}},
        {WD_STORY_EMBARGOED, WD_SIGNAL_HOLD, 0, 20, {1, 1, 0, 1, 1, 0}},
        /* A kill that brings the copy, or much about it, is an order all the same. */
        {WD_STORY_CANCELED, WD_SIGNAL_KILL, 0, 60, {1, 1, 1, 1, 0, 0}},
        {WD_STORY_USABLE, WD_SIGNAL_KILL, WD_FLAG_PARTIAL, 20, {1, 1, 1, 1, 0, 0}},
        /* A correction that does is a version. */
        {WD_STORY_USABLE, WD_SIGNAL_CORRECTION, 0, 59, {0, 1, 0, 1, 1, 0}},
        {WD_STORY_USABLE, WD_SIGNAL_CORRECTION, 0, 60, {0, 1, 1, 0, 0, 0}},
        {WD_STORY_USABLE, WD_SIGNAL_CORRECTION, WD_FLAG_PARTIAL, 20, {0, 1, 1, 0, 0, 0}},
        /* What takes an order back is one; with copy it is a version. What stops something takes nothing back. */
        {WD_STORY_USABLE, WD_SIGNAL_STANDS, 0, 20, {0, 1, 0, 1, 1, 1}},
        {WD_STORY_USABLE, WD_SIGNAL_RELEASE, 0, 60, {0, 1, 1, 0, 0, 1}},
        {WD_STORY_USABLE, WD_SIGNAL_STANDS | WD_SIGNAL_KILL, 0, 20, {1, 1, 0, 1, 1, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wd_copy_scan scan = {.words_total = cases[i].words};
        const struct wd_story story = {.status = cases[i].status,
                                       .signals = cases[i].signals,
                                       .flags = cases[i].flags,
                                       .scan = &scan};
        check(&story, &cases[i].answers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(questions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
