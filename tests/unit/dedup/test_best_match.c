/* Of several prints in one group the match is the one that the story is closest to. */
#include "copy_desk.h"

enum { SENTENCES = 12, TRIMMED = 9, TEXT_MAX = 400 };

static void take(struct desk *desk, struct wd_story *story, const char *paper, unsigned count,
                 const char *more)
{
    char text[TEXT_MAX];
    wd_story_reset(story);
    story->provider = wd_slice_from(paper);
    story->guid = wd_arena_printf(story->arena, "urn:%s", paper);
    story->headline = wd_arena_printf(story->arena, "What %s makes of it", paper);
    for (unsigned i = 0; i < count; i++) {
        struct wd_slice sentence =
            wd_arena_copy(story->arena, wd_slice_make(text, desk_sentence(text, 7000 + i)));
        assert_int_equal(wd_story_add_paragraph(story, sentence), WD_OK);
    }
    if (more)
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(more)), WD_OK);
    desk_take(desk, story);
}

static void closest_is_matched(void **unused)
{
    struct desk desk = {.plan = desk_plan("")};
    struct wd_story *story = wd_story_create(1 << 20);
    (void)unused;
    assert_non_null(story);
    desk_open(&desk);
    take(&desk, story, "agency", SENTENCES, NULL);
    take(&desk, story, "courier", TRIMMED, NULL);
    assert_true(story->dedup.joins);
    assert_true(wd_slice_is(story->dedup.matched, "urn:agency"));
    take(&desk, story, "herald", SENTENCES, "Our paper thanks you for reading this story today.");
    assert_true(story->dedup.joins);
    assert_true(wd_slice_is(story->dedup.matched, "urn:agency"));
    take(&desk, story, "mail", TRIMMED, "The Mail is printed on paper from the woods of Holm.");
    assert_true(story->dedup.joins);
    assert_true(wd_slice_is(story->dedup.matched, "urn:courier"));
    wd_story_destroy(story);
    desk_close(&desk);
    wd_plan_release(desk.plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(closest_is_matched)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
