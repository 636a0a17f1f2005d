/* Which texts go on in items: under times of day, or numbered. Copy is invented. */
#include "copy_desk.h"

#include "items.h"

#define GATE "The gate of the lower lock has been lifted out, and the crane has gone to its tea.\n"
#define BARGE "A barge with onions waits at the upper lock; its master is asleep on deck.\n"
#define DUCK "Somebody has counted the ducks between the locks. There are more than yesterday.\n"
#define LONG_STORY                                                                                 \
    "The lower lock of the Harl canal will stay shut until May, the canal trust said, after its "  \
    "gate was found to be rotten below the water line. It was hung in 1911 and was due to be "     \
    "looked at in the autumn, when the money went to the swing bridge at Dunmarrow instead.\n"     \
    "Some forty barges are on the wrong side of it. The trust said that those who live on one "    \
    "may have water and coal brought to them free of charge, and that nobody would be fined.\n"

static enum wd_items items_of(const char *body)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    assert_int_equal(desk_add_lines(story, body), WD_OK);
    enum wd_items items = wd_items_find(story);
    wd_story_destroy(story);
    return items;
}

/* How different houses write the time of a post: three of each. */
static void posts_have_times(void **unused)
{
    (void)unused;
    assert_int_equal(items_of("14:05 " GATE "13.50 " BARGE "9:15 " DUCK), WD_ITEMS_MOST);
    assert_int_equal(items_of("5.30pm " GATE "2 p.m. " BARGE "11:40 AM " DUCK), WD_ITEMS_MOST);
    assert_int_equal(items_of("19 h 05. " GATE "18h " BARGE "9h30 " DUCK), WD_ITEMS_MOST);
    assert_int_equal(items_of("14u30 " GATE "14.05 Uhr: " BARGE "14:01 - " DUCK), WD_ITEMS_MOST);
    assert_int_equal(items_of("19\xE6\x99\x82" GATE "18\xE6\x97\xB6" BARGE "7\xEC\x8B\x9C" DUCK),
                     WD_ITEMS_MOST);
    assert_int_equal(items_of("\xE2\x80\xA2 14:05 " GATE "[13:50] " BARGE "- 09:15 " DUCK),
                     WD_ITEMS_MOST);
}

/* On a line of its own, with a heading or a date: what comes next is the post. */
static void times_stand_on_lines_of_their_own(void **unused)
{
    (void)unused;
    assert_int_equal(items_of("Watch live\n14:05\n" GATE "13:50 Onions\n" BARGE DUCK
                              "Nov. 3, 2021, 7:45 a.m. ET\n" DUCK),
                     WD_ITEMS_MOST);
    /* Nothing comes next: the doors of a hall. */
    assert_int_equal(items_of(GATE "Mon 14:05\nTue 14:05\nWed 14:05\n"), WD_ITEMS_NONE);
}

static void items_have_numbers(void **unused)
{
    (void)unused;
    assert_int_equal(items_of("1. " GATE "2. " BARGE "3. " DUCK), WD_ITEMS_MOST);
    assert_int_equal(items_of("Good morning.\n1) " GATE "2: " BARGE "3 - " DUCK), WD_ITEMS_MOST);
    assert_int_equal(items_of("1- " GATE "2 \xE2\x80\x93 " BARGE "3\xE3\x80\x81" DUCK),
                     WD_ITEMS_MOST);
    assert_int_equal(items_of("1. Gate\n" GATE "2. Onions\n" BARGE GATE "3. Ducks\n" DUCK),
                     WD_ITEMS_MOST);
    assert_int_equal(items_of("1. " GATE "2. " BARGE DUCK), WD_ITEMS_SOME);
    /* Not from the first one on, results in a row, a list of what the story names. */
    assert_int_equal(items_of("2. " GATE "3. " BARGE "4. " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("1.5 " GATE "2:1 " BARGE "3.0 " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of(GATE "1. Harl 14\n2. Orrin 12\n3. Dunmarrow 9\n"), WD_ITEMS_SOME);
    assert_int_equal(items_of(LONG_STORY "1. " GATE "2. " BARGE "3. " DUCK), WD_ITEMS_SOME);
}

static void some_times_make_no_live_page(void **unused)
{
    (void)unused;
    assert_int_equal(items_of(GATE BARGE DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("14:05 " GATE BARGE DUCK), WD_ITEMS_SOME);
    assert_int_equal(items_of("14:05 " GATE "13:50 " BARGE DUCK), WD_ITEMS_SOME);
    /* The day's other news stand below the story. */
    assert_int_equal(items_of(LONG_STORY "14:05 " GATE "13:50 " BARGE "9:15 " DUCK), WD_ITEMS_SOME);
    assert_int_equal(items_of(""), WD_ITEMS_NONE);
}

static void other_numbers_are_no_times(void **unused)
{
    (void)unused;
    assert_int_equal(items_of("14.11. " GATE "14.11.2019 " BARGE "2.30.10 " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("3.44% " GATE "25:05 " BARGE "14:65 " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("14:5 " GATE "140:05 " BARGE "14:055 " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("14.05,5 " GATE "14 " BARGE "4 among " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("2 hours " GATE "4U " BARGE "2. " DUCK), WD_ITEMS_NONE);
    assert_int_equal(items_of("Radio 4U\n" GATE "14 a man " BARGE "14 p" DUCK), WD_ITEMS_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_have_times), cmocka_unit_test(times_stand_on_lines_of_their_own),
        cmocka_unit_test(items_have_numbers), cmocka_unit_test(some_times_make_no_live_page),
        cmocka_unit_test(other_numbers_are_no_times)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
