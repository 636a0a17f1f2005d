/* A form that is filled in again is no version of the one before. Copy is invented. */
#include "copy_desk.h"

#define HOURS(n) ((int64_t)(n)*3600 * 1000)

/* 2026-10-28T09:05:17Z, and the midnight before it. */
static const int64_t morning = INT64_C(1793178317000);
static const int64_t midnight = INT64_C(1793145600000);

/* Numbers in words: the day's form has none that differ in figures. */
static const char *const forms[] = {
    "There were six grain ships loading and eight ships were waiting to load at Seatown, "
    "according to the Seatown Merchants Exchange.",
    "There were five grain ships loading and three ships were waiting to load at Seatown, "
    "according to the Seatown Merchants Exchange.",
};

/* Whether the second form joins the first, so much later. */
static bool joins(int64_t first_ms, int64_t later_ms)
{
    static const char headline[] = "Grain ships loading at Seatown";
    const struct desk_copy first = {headline, forms[0], first_ms};
    const struct desk_copy second = {headline, forms[1], first_ms + later_ms};
    return desk_joins(&first, &second);
}

static void the_same_form_at_the_same_time_of_another_day(void **unused)
{
    (void)unused;
    assert_false(joins(morning, HOURS(24) + 90 * 1000));
    assert_false(joins(morning, HOURS(72) - HOURS(1) / 2));
    assert_false(joins(morning, -HOURS(48) + 1000)); /* that of two days before comes late */
}

/* What is planned comes at full hours: stars, the weather, a column. */
static void the_same_column_at_the_same_full_hour(void **unused)
{
    (void)unused;
    static const char *const stars[] = {
        "Madame Vero looks at the day ahead. Aries: Finish the shed. Taurus: A cousin has plans "
        "for you. Gemini: Two invitations, one chair. Leo: Nobody minded. Virgo: Count again. Ask "
        "Madame Vero a question at our desk in Rope Street, between ten and noon.",
        "Madame Vero looks at the day ahead. Aries: Leave the shed. Taurus: Say no to the cousin. "
        "Gemini: Sit on the stairs. Leo: One person minded. Virgo: It was right before. Ask "
        "Madame Vero a question at our desk in Rope Street, between ten and noon.",
    };
    const int64_t five = midnight + HOURS(5);
    const struct desk_copy first = {"Your stars, by Madame Vero", stars[0], five};
    const struct desk_copy second = {"Your stars, by Madame Vero", stars[1], five + HOURS(24)};
    const struct desk_copy again = {"Your stars, by Madame Vero", stars[0], five + HOURS(24)};
    assert_false(desk_joins(&first, &second));
    assert_true(desk_joins(&first, &again));
}

static void an_edited_version(void **unused)
{
    (void)unused;
    assert_true(joins(morning, HOURS(1)));
    assert_true(joins(morning, HOURS(24) + HOURS(4))); /* not that time of day */
}

/* All that has a date only came at midnight. */
static void dates_tell_no_time_of_day(void **unused)
{
    (void)unused;
    assert_true(joins(midnight, HOURS(24)));
}

/* The second day's figures are made of the first day's digits: only as decimals are they others. */
static void decimals_are_numbers(void **unused)
{
    (void)unused;
    static const char headline[] = "Freedonia tracking poll";
    const struct desk_copy first = {
        headline,
        "The Seatown Daily tracking poll of likely voters put the Harbour Party at 31.5 percent, "
        "the "
        "Meadow Party at 29.0 percent and the Union of Millers at 8.2 percent. The margin of error "
        "of the poll is given as 2.4 points.",
        morning};
    const struct desk_copy second = {
        headline,
        "The Seatown Daily tracking poll of likely voters put the Harbour Party at 31.2 percent, "
        "the "
        "Meadow Party at 29.5 percent and the Union of Millers at 8.0 percent. The margin of error "
        "of the poll is given as 2.4 points.",
        morning + HOURS(20)};
    const struct desk_copy again = {headline, first.body, morning + HOURS(20)};
    assert_false(desk_joins(&first, &second));
    assert_true(desk_joins(&first, &again));
}

/* Whether a provider's second report joins its first, an hour later: the same but for two facts. */
static bool reports_join(const char *first_headline, const char *second_headline)
{
    const struct desk_copy first = {
        first_headline,
        "Here is the Harbour Radio forecast for Seatown. Sleet in the south will clear late, with "
        "winds strong and easterly. There is a risk of ice on untreated roads and pavements. "
        "Sunrise and sunset times are on our website. The next forecast is after the news at one.",
        morning};
    const struct desk_copy second = {
        second_headline,
        "Here is the Harbour Radio forecast for Seatown. Fog at first will turn dull and dry, with "
        "winds light and northerly. There is a risk of ice on untreated roads and pavements. "
        "Sunrise and sunset times are on our website. The next forecast is after the news at one.",
        morning + HOURS(1)};
    return desk_joins(&first, &second);
}

/* What comes every day has its day in the headline; a version of it keeps that. */
static void another_day_in_the_headline(void **unused)
{
    (void)unused;
    assert_true(reports_join("Weather for 14 February", "Weather for 14 February"));
    assert_true(reports_join("Weather for 14 February", "Weather update for 14 February"));
    assert_false(reports_join("Weather for 14 February", "Weather for 15 February"));
    assert_false(reports_join("Weather for 15 February", "Weather for 14 February"));
    assert_true(
        reports_join("Ferry accident: toll rises to 14", "Ferry accident: toll rises to 15"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_form_at_the_same_time_of_another_day),
        cmocka_unit_test(the_same_column_at_the_same_full_hour),
        cmocka_unit_test(an_edited_version),
        cmocka_unit_test(dates_tell_no_time_of_day),
        cmocka_unit_test(decimals_are_numbers),
        cmocka_unit_test(another_day_in_the_headline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
