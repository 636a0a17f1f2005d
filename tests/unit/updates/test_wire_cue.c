/* The name of a story apart from the words that count its versions. */
#include "test.h"

#include "copy_scan.h"
#include "wire_cue.h"

static void check(const char *slug, const char *name, unsigned ordinal)
{
    struct wd_story story = {.slug = wd_slice_from(slug), .guid = WD_SLICE("id")};
    struct wd_wire_cue cue;
    wd_wire_cue_of(&story, &cue);
    if (!wd_slice_is(cue.name, name) || cue.ordinal != ordinal)
        print_error("%s: \"%.*s\" and %u\n", slug, WD_SLICE_ARG(cue.name), cue.ordinal);
    assert_true(wd_slice_is(cue.name, name));
    assert_int_equal(cue.ordinal, ordinal);
    assert_true(wd_slice_is(cue.rule, "slug"));
}

static void slugs(void **state)
{
    (void)state;
    /* As the keyline of the same agency's telex. */
    check("AP-XX--Harbour Bridge, 3rd Ld-Writethru", "XX--Harbour Bridge", 3);
    check("BC-Harbour Bridge", "Harbour Bridge", 0);
    check("PM-Visit", "PM-Visit", 0);
    check("NORRCELL-FACTORY/ (UPDATE 2, PIX)", "NORRCELL-FACTORY/", 2);
    check("NORRCELL-FACTORY/ (ADVISORY)", "NORRCELL-FACTORY/", 0);
    check("NORRCELL-FACTORY/ (FACTBOX)", "NORRCELL-FACTORY/ (FACTBOX)", 0);
    check("(UPDATE)", "(UPDATE)", 0);
    check("Harbour Bridge, 1stLd", "Harbour Bridge", 1);
    check("Harbour Bridge, Ld-Writethru", "Harbour Bridge", 1);
    check("Harbour Bridge, 10th Ld", "Harbour Bridge", 10);
    check("Harbour Bridge", "Harbour Bridge", 0);
    check("Bridges, Harbours", "Bridges, Harbours", 0);
    check("Fires, Landslides", "Fires, Landslides", 0); /* "Land" is no "Ld" */
    check("UPDATE 2-NORRCELL-FACTORY", "NORRCELL-FACTORY", 2);
    check("UPDATE 1-CORRECTED-NORRCELL-FACTORY", "NORRCELL-FACTORY", 1);
    check("UPDATED-RULES", "UPDATED-RULES", 0);
    check("", "", 0);
    check(",", ",", 0);
    check("-", "-", 0);
}

static void keys_of_decoders(void **state)
{
    (void)state;
    struct wd_wire_cue cue;
    struct wd_story story = {.lineage_key = WD_SLICE("XX--Harbour Bridge"),
                             .lineage_rule = WD_SLICE("keyline"),
                             .version = WD_SLICE("2")};
    wd_wire_cue_of(&story, &cue);
    assert_true(wd_slice_is(cue.name, "XX--Harbour Bridge"));
    assert_int_equal(cue.ordinal, 2);
    assert_false(cue.strict);
    assert_true(wd_wire_cue_follows(&cue));
    story.lineage_rule = WD_SLICE("du-key");
    wd_wire_cue_of(&story, &cue);
    assert_true(cue.strict);
    assert_false(wd_wire_cue_follows(&cue)); /* its version says so, not its name */
    story = (struct wd_story){.slug = WD_SLICE("Seatown/bridge/"), .version = WD_SLICE("1")};
    wd_wire_cue_of(&story, &cue);
    assert_int_equal(cue.ordinal, 1);
}

static void headlines_of_what_has_no_id(void **state)
{
    static const struct {
        const char *headline, *name;
        unsigned ordinal;
    } cases[] = {
        {"KILL: Bridge shut for a week", "Bridge shut for a week", 0},
        {"UPDATE 2-Bridge shut for a week", "Bridge shut for a week", 2},
        {"CORRECTED-UPDATE 1-Bridge shut for a week", "Bridge shut for a week", 1},
        {"Bridge shut for a week", "Bridge shut for a week", 0},
        {"Kill notice", "", 0},
        {"", "", 0},
    };
    struct wd_wire_cue cue;
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_story story = {.headline = wd_slice_from(cases[i].headline)};
        wd_wire_cue_of(&story, &cue);
        assert_slice_equal(cue.name, cases[i].name);
        assert_int_equal(cue.ordinal, cases[i].ordinal);
    }
    struct wd_story story = {.headline = WD_SLICE("KILL: Bridge shut for a week"),
                             .guid = WD_SLICE("urn:example:1")};
    wd_wire_cue_of(&story, &cue);
    assert_int_equal(cue.name.len, 0);
}

static void orders_belong_to_what_came_before(void **state)
{
    (void)state;
    struct wd_wire_cue cue;
    const struct {
        uint32_t signals, flags, words;
        enum wd_story_status status;
        bool has_id, about_another, orders;
    } cases[] = {
        {WD_SIGNAL_UPDATE, 0, 20, WD_STORY_USABLE, false, false, false},
        {WD_SIGNAL_CORRECTION, 0, 20, WD_STORY_USABLE, false, true, true},
        {WD_SIGNAL_CORRECTION, 0, 20, WD_STORY_USABLE, true, true, true},
        /* With copy it is a version. */
        {WD_SIGNAL_CORRECTION, 0, 200, WD_STORY_USABLE, false, true, false},
        {WD_SIGNAL_CORRECTION, 0, 200, WD_STORY_USABLE, true, false, false},
        {WD_SIGNAL_CORRECTION, WD_FLAG_PARTIAL, 20, WD_STORY_USABLE, true, true, false},
        /* A kill in words, however many; a field alone is about its own item. */
        {WD_SIGNAL_KILL, 0, 200, WD_STORY_USABLE, true, true, true},
        {0, 0, 200, WD_STORY_CANCELED, false, true, true},
        {0, 0, 20, WD_STORY_CANCELED, true, false, false},
        {0, 0, 20, WD_STORY_EMBARGOED, false, false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wd_copy_scan scan = {.words_total = cases[i].words};
        const struct wd_story story = {.slug = WD_SLICE("Bridge"),
                                       .guid = wd_slice_from(cases[i].has_id ? "id" : ""),
                                       .signals = cases[i].signals,
                                       .flags = cases[i].flags,
                                       .status = cases[i].status,
                                       .scan = &scan};
        wd_wire_cue_of(&story, &cue);
        assert_int_equal(cue.about_another, cases[i].about_another);
        assert_int_equal(cue.orders, cases[i].orders);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs),
        cmocka_unit_test(keys_of_decoders),
        cmocka_unit_test(headlines_of_what_has_no_id),
        cmocka_unit_test(orders_belong_to_what_came_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
