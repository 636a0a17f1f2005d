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
    struct desk desk = {.plan = desk_plan("")};
    struct wd_story *story = wd_story_create(1 << 20);
    bool joined = false;
    assert_non_null(story);
    desk_open(&desk);
    for (int i = 0; i < 2; i++) {
        wd_story_reset(story);
        story->provider = WD_SLICE("agency");
        story->guid = wd_arena_printf(story->arena, "urn:%d", i);
        story->headline = wd_slice_from(i == 0 ? HEADLINE : second_headline);
        story->published = wd_time_from_ms(INT64_C(1793178317000) + (i == 0 ? 0 : later_ms));
        story->received = story->published;
        assert_int_equal(
            wd_story_add_paragraph(story, wd_slice_from(i == 0 ? first_copy : second_copy)), WD_OK);
        desk_take(&desk, story);
        joined = story->dedup.joins;
    }
    wd_story_destroy(story);
    desk_close(&desk);
    wd_plan_release(desk.plan);
    return joined;
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
