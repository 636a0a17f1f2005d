/* Where a text turns to another matter. Copy is invented; sentences are counted by hand. */
#include "test.h"

#include "cohesion.h"

enum { WORDS_MIN = 5, SENTENCES_MAX = 24 };

#define BRIDGE                                                                                     \
    "SEATOWN (Wire) - The old harbour bridge at Seatown was closed on Thursday after a crane "     \
    "struck its pier, Marta Lindqvist of the port authority said."
#define COUNCIL                                                                                    \
    "HALDEN (Wire) - In a letter to voters Ingrid Solberg wrote on Monday that she would not "     \
    "stand "                                                                                       \
    "for the council of Halden in May."
#define FACTORY                                                                                    \
    "KARVIK (Wire) - At a ceremony in Karvik the battery maker Norrcell laid the first stone of "  \
    "a "                                                                                           \
    "second factory, which Jonas Ekdahl called a beginning."
#define BRIDGE_AGAIN                                                                               \
    "Traffic had to turn back to the north, and the authority expects that repairs to the bridge " \
    "at Seatown will keep Lindqvist and her engineers busy."

static struct wd_cohesion cohesion_of(const char *headline, const char *const *paragraphs,
                                      size_t count)
{
    struct wd_story *story = wd_story_create(1 << 20);
    struct wd_cohesion cohesion;
    assert_non_null(story);
    story->headline = wd_slice_from(headline);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(paragraphs[i])), WD_OK);
    assert_non_null(wd_copy_scan(story));
    wd_cohesion_find(story->scan, WORDS_MIN, SENTENCES_MAX, &cohesion);
    wd_story_destroy(story);
    return cohesion;
}

static void a_roundup_turns_at_each_item(void **unused)
{
    const char *const paragraphs[] = {BRIDGE, COUNCIL, FACTORY};
    struct cohesion_case {
        const char *headline;
        bool headless;
    } cases[] = {{"The day in brief", true}, {"Harbour bridge closed", false}};
    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        struct wd_cohesion cohesion = cohesion_of(cases[i].headline, paragraphs, 3);
        assert_int_equal(cohesion.breaks, 1u << 1 | 1u << 2);
        assert_int_equal(cohesion.headless, cases[i].headless);
    }
}

static void a_story_does_not_turn(void **unused)
{
    const char *const paragraphs[] = {BRIDGE, BRIDGE_AGAIN};
    (void)unused;
    assert_int_equal(cohesion_of("The day in brief", paragraphs, 2).breaks, 0);
}

/* What is said between two mentions of a name belongs to them, whatever it names itself. */
static void a_name_holds_together_what_lies_between(void **unused)
{
    const char *const paragraphs[] = {BRIDGE, COUNCIL, BRIDGE_AGAIN};
    (void)unused;
    assert_int_equal(cohesion_of("The day in brief", paragraphs, 3).breaks, 0);
}

static void one_turn_under_a_headline_that_fits_is_not_told(void **unused)
{
    const char *const paragraphs[] = {BRIDGE, FACTORY};
    (void)unused;
    assert_int_equal(cohesion_of("Harbour bridge closed", paragraphs, 2).breaks, 0);
    assert_int_equal(cohesion_of("The day in brief", paragraphs, 2).breaks, 1u << 1);
}

static void little_copy_does_not_turn(void **unused)
{
    const char *const few[] = {"Ships passed by Cape Varr and Holm today.",
                               "Mayor Ingrid Solberg met Per Dahl in Halden."};
    const char *const none[] = {""};
    (void)unused;
    assert_int_equal(cohesion_of("The day in brief", few, 2).breaks, 0);
    assert_int_equal(cohesion_of("", none, 1).breaks, 0);
    assert_false(cohesion_of("", none, 1).headless);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roundup_turns_at_each_item),
        cmocka_unit_test(a_story_does_not_turn),
        cmocka_unit_test(a_name_holds_together_what_lies_between),
        cmocka_unit_test(one_turn_under_a_headline_that_fits_is_not_told),
        cmocka_unit_test(little_copy_does_not_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
