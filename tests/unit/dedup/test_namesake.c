/* A provider's second story of the day under the same headline is a version of the first, though its lead and half of
 * its sentences were written anew. Copy is invented. */
#include "copy_desk.h"

#define HOUR_MS INT64_C(3600000)

#define HEADLINE "Karvik announces more tariff cuts for Norland"
#define OTHER_HEADLINE "Grain harvest beats every forecast"

static const char *const first_copy =
    "Karvik will cut import taxes on 50 items, including cranes, photographic film, cheese and "
    "pipe tobacco, to help "
    "reduce its trade surplus with Norland, the finance ministry said. The tariff cuts, of between "
    "five and 30 points, "
    "take effect on July 1. Talks between the two had broken off in March. The surplus has been a "
    "matter of dispute "
    "for years, and exporters in Halden fear duties of their own.";
static const char *const second_copy =
    "Karvik will cut import taxes on 50 goods, cheese and pipe tobacco among them, to help reduce "
    "its trade surplus "
    "with Norland, the ministry of finance told reporters on Monday. The cuts of between five and "
    "30 points take "
    "effect on July 1, and more may follow. Talks had broken off in March.";

static bool joins(const char *second_headline, int64_t later_ms)
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    const struct desk_copy first = {HEADLINE, first_copy, first_ms};
    const struct desk_copy second = {second_headline, second_copy, first_ms + later_ms};
    return desk_joins(&first, &second);
}

static void the_same_headline_on_the_same_day(void **unused)
{
    (void)unused;
    assert_true(joins(HEADLINE, 8 * HOUR_MS));
    assert_true(joins(HEADLINE, -HOUR_MS)); /* the first one comes late */
}

static void another_headline_or_day(void **unused)
{
    (void)unused;
    assert_false(joins(OTHER_HEADLINE, 8 * HOUR_MS));
    assert_false(joins(HEADLINE, 40 * HOUR_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_headline_on_the_same_day),
        cmocka_unit_test(another_headline_or_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
