/* Which stories an order names besides its own. All texts are invented. */
#include "test.h"

#include "notice.h"
#include "order_names.h"

#include <stdio.h>

static void names_of(const char *slug, const char *text, uint32_t signals, char *all)
{
    struct wd_slice names[WD_ORDER_NAMES_MAX];
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    story->slug = wd_slice_from(slug);
    story->signals = signals;
    assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(text)), WD_OK);
    size_t count = wd_order_names(story, names);
    all[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        strcat(all, i > 0 ? "|" : "");
        strncat(all, names[i].data, names[i].len);
    }
    wd_story_destroy(story);
}

static void names(void **state)
{
    static const struct {
        const char *slug, *text;
        uint32_t signals;
        const char *names;
    } cases[] = {
        {"XX--Fire", "Kill the stories slugged BC-XX--Fire and BC-XX--Fire-Box.", WD_SIGNAL_KILL,
         "XX--Fire-Box"},
        {"XX--Fire", "Kill BC-XX--Fire, 1st Ld-Writethru, W0140, and BC-XX--Fire-Box, W0141.",
         WD_SIGNAL_KILL, "XX--Fire-Box"},
        {"XX--Fire", "Kill the story slugged Fire. A kill is mandatory.", WD_SIGNAL_KILL, ""},
        {"", "Kill the story slugged Storm Warning that moved on Friday.", WD_SIGNAL_KILL,
         "Storm Warning"},
        {"", "Kill the following:\nBC-XX--Fire\nBC-XX--Fire-Box\nBC-XX--Storm, 2nd Ld",
         WD_SIGNAL_KILL, "XX--Fire|XX--Fire-Box|XX--Storm"},
        {"", "Please withdraw the stories slugged NORRCELL-WORKS/ and NORRCELL-WORKS/CEO.",
         WD_SIGNAL_KILL, "NORRCELL-WORKS/|NORRCELL-WORKS/CEO"},
        {"", "Please withhold the stories slugged \"Mine-Closure\" and \"Mine-Reaction\".",
         WD_SIGNAL_HOLD, "Mine-Closure|Mine-Reaction"},
        {"XX--Fire", "In stories slugged BC-XX--Fire and BC-XX--Fire-Box, The Example Press erred.",
         WD_SIGNAL_CORRECTION, "XX--Fire-Box"},
        /* What is not ordered. */
        {"XX--Fire", "Kill BC-XX--Fire. The story slugged BC-XX--Fire-Box stands.", WD_SIGNAL_KILL,
         ""},
        {"XX--Fire", "Kill BC-XX--Fire. A substitute will move as BC-XX--Owner.", WD_SIGNAL_KILL,
         ""},
        {"XX--Fire", "The story slugged BC-XX--Fire-Box will move at noon.", 0, ""},
        {"", "The slug is a snail without a shell; kill Slugs with beer.", WD_SIGNAL_KILL, ""},
        {"", "", WD_SIGNAL_KILL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char all[1024];
        names_of(cases[i].slug, cases[i].text, cases[i].signals, all);
        if (strcmp(all, cases[i].names) != 0)
            print_message("%s\n", cases[i].text);
        assert_string_equal(all, cases[i].names);
    }
}

/* Sixteen slugs with what stands behind them are longer than a notice, and no quotes are looked for in as much copy. */
static void long_orders(void **state)
{
    struct wd_slice found[WD_ORDER_NAMES_MAX];
    struct wd_copy_place places[WD_ORDER_NAMES_MAX];
    char text[2048] = "Kill the following, and make certain that none of them is published:";
    struct wd_story *story = wd_story_create(1 << 20);
    (void)state;
    assert_non_null(story);
    for (int i = 0; i < WD_ORDER_NAMES_MAX; i++) {
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof(text) - len,
                       "\nBC-XX--Ferry Fire-Passenger %c, 1st Ld-Writethru, W01%02d, which moved",
                       'A' + i, i);
    }
    assert_true(strlen(text) > WD_NOTICE_BYTES_MAX);
    story->signals = WD_SIGNAL_KILL;
    assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(text)), WD_OK);
    assert_int_equal(wd_order_names(story, found), WD_ORDER_NAMES_MAX);
    assert_int_equal(
        wd_story_add_paragraph(
            story, WD_SLICE("The mayor said so in a report, \"Bridges of our time\", on Friday.")),
        WD_OK);
    assert_int_equal(wd_order_headlines(story, places), 0);
    wd_story_destroy(story);
}

/* The headline that an order quotes; not what somebody said. */
static void headlines(void **state)
{
    static const char *const cases[][2] = {
        {"Please kill the story \"Harbour bridge shut\", which moved at noon.",
         "Harbour bridge shut"},
        {"Die Meldung \u201EHafenbr\u00FCcke gesperrt\u201C wird zur\u00FCckgezogen.",
         "Hafenbr\u00FCcke gesperrt"},
        {"\u8BF7\u64A4\u4E0B\u300A\u5927\u6865\u5C01\u95ED\u300B\u4E00\u7A3F\u3002",
         "\u5927\u6865\u5C01\u95ED"},
        {"Please kill this story. \"Nobody said so on that day\" was the mayor's answer.", ""},
        {"Please kill the story. The mayor says of it: \"It is wrong from end to end.\"", ""},
        {"Please kill the story slugged Bridge.", ""},
        {"In the story headlined \"Harbour bridge shut,\" please read in the headline \"Harbour "
         "bridge "
         "open\".",
         "Harbour bridge shut"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_story *story = wd_story_create(1 << 20);
        assert_non_null(story);
        story->signals = WD_SIGNAL_KILL;
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(cases[i][0])), WD_OK);
        struct wd_copy_place places[WD_ORDER_NAMES_MAX];
        size_t count = wd_order_headlines(story, places);
        story->named_headline = count > 0 ? places[0] : (struct wd_copy_place){0, 0, 0};
        struct wd_slice found = wd_story_named_headline(story);
        if (!wd_slice_is(found, cases[i][1]))
            print_message("%s: %.*s\n", cases[i][0], WD_SLICE_ARG(found));
        assert_true(wd_slice_is(found, cases[i][1]));
        story->signals = 0;
        assert_int_equal(wd_order_headlines(story, places), 0);
        wd_story_destroy(story);
    }
}

/* Each has an id of its own, and no address or link of the first. */
static void split(void **state)
{
    struct wd_story_batch batch;
    (void)state;
    wd_story_batch_init(&batch, 1 << 20);
    struct wd_story *story = wd_story_batch_add(&batch);
    assert_non_null(story);
    story->guid = WD_SLICE("w:9");
    story->url = WD_SLICE("https://wire.example/9");
    story->acts_on = WD_SLICE("w:1");
    story->slug = WD_SLICE("Mine-Closure");
    story->signals = WD_SIGNAL_KILL;
    story->editors_note = WD_SLICE("Kill the stories slugged Mine-Closure and Mine-Reaction.");
    assert_int_equal(wd_order_split(&batch, story, WD_SLICE("raw")), WD_OK);
    assert_int_equal(batch.count, 2);
    const struct wd_story *other = batch.stories[1];
    assert_true(wd_slice_is(other->guid, "w:9#mine-reaction"));
    assert_true(wd_slice_is(other->slug, "Mine-Reaction"));
    assert_int_equal(other->url.len + other->acts_on.len, 0);
    assert_int_equal(other->provenance.index, 1);
    assert_true(other->flags & WD_FLAG_ONE_OF_SEVERAL);
    assert_false(story->flags & WD_FLAG_ONE_OF_SEVERAL);
    wd_story_batch_finish(&batch);
}

/* The second headline makes a second order. */
static void split_headlines(void **state)
{
    struct wd_story_batch batch;
    (void)state;
    wd_story_batch_init(&batch, 1 << 20);
    struct wd_story *story = wd_story_batch_add(&batch);
    assert_non_null(story);
    story->guid = WD_SLICE("w:9");
    story->signals = WD_SIGNAL_KILL;
    story->editors_note =
        WD_SLICE("Kill the stories \"Harbour bridge shut\" and \"Ferry runs late\".");
    assert_int_equal(wd_order_split(&batch, story, WD_SLICE("raw")), WD_OK);
    assert_int_equal(batch.count, 2);
    assert_true(wd_slice_is(wd_story_named_headline(story), "Harbour bridge shut"));
    assert_true(wd_slice_is(wd_story_named_headline(batch.stories[1]), "Ferry runs late"));
    assert_true(wd_slice_is(batch.stories[1]->guid, "w:9#ferry-runs-late"));
    wd_story_batch_finish(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names), cmocka_unit_test(long_orders),     cmocka_unit_test(headlines),
        cmocka_unit_test(split), cmocka_unit_test(split_headlines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
