/* Joining: which mentions of one story are of one, and which are not; checked by hand. */
#include "entities_marked.h"

#include <stdio.h>

/* The fullest form of the entity of the n-th mention of these words. */
static void means(const struct marked *marked, const char *text, size_t n, const char *name)
{
    const struct wd_group *group = &marked->reading.groups[group_of(marked, text, n)];
    const struct wd_found *found = &marked->reading.found[group->fullest];
    assert_slice_equal(wd_found_text(&marked->reading, found), name);
}

static void people(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("[PER KURODA] SPEAKS",
                       "[PER Haruhiko Kuroda] met [PER Ana Silva] and [PER Jo Silva].",
                       "[PER Kuroda] left [PER Silva] with [PER George W. Bush]; [PER George Bush] "
                       "and [PER Bush] met [PER Martin Luther King Jr.] and [PER King].",
                       "[PER Osama bin Laden] was [PER bin Laden] to [PER Jo]."));
    means(&marked, "KURODA", 0, "Haruhiko Kuroda");
    means(&marked, "Kuroda", 0, "Haruhiko Kuroda");
    means(&marked, "Silva", 0, "Silva"); /* two have this name */
    means(&marked, "George Bush", 0, "George W. Bush");
    means(&marked, "Bush", 0, "George W. Bush");
    means(&marked, "King", 0, "Martin Luther King Jr.");
    means(&marked, "bin Laden", 0, "Osama bin Laden");
    means(&marked, "Jo", 0, "Jo Silva");
    /* Kuroda, two Silvas, an unknown one, Bush, King, bin Laden */
    assert_int_equal(entity_count(&marked), 7);
    marked_end(&marked);
}

static void types_are_kept_apart(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked, LINES("", "[PER Denzel Washington] in [LOC Washington] met "
                                    "[ORG Washington Mutual]; [PER Washington] left."));
    assert_int_equal(entity_count(&marked), 3);
    means(&marked, "Washington", 0, "Washington");
    means(&marked, "Washington", 1, "Denzel Washington");
    marked_end(&marked);
}

static void bodies(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("[ORG ECB] ACTS",
                       "The [ORG European Central Bank] met [ORG Zenith Widgets Inc.] and the "
                       "[ORG Nordic Grain Council] ([ORG NGC]).",
                       "[ORG Zenith] and [ORG Zenith Widgets] met the [ORG NGC], [ORG Norges Tang] "
                       "and the [ORG Bank of Tuvalu]; the [ORG BOT] was late.",
                       "[ORG Chicago Sun] met [ORG Chicago] and the [ORG National Weevil Board], "
                       "not the [ORG National]."));
    means(&marked, "ECB", 0, "European Central Bank");
    means(&marked, "Zenith", 0, "Zenith Widgets Inc.");
    means(&marked, "Zenith Widgets", 0, "Zenith Widgets Inc.");
    means(&marked, "NGC", 0, "Nordic Grain Council");
    means(&marked, "NGC", 1, "Nordic Grain Council");
    means(&marked, "BOT", 0, "Bank of Tuvalu");
    means(&marked, "Chicago", 0, "Chicago");
    means(&marked, "National", 0, "National");
    marked_end(&marked);
}

/* Letters that are not the words' own are no short form. */
static void foreign_parentheses(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked, LINES("", "The [ORG Nordic Grain Council] ([ORG FIFA]) met "
                                    "[PER Ana Silva] ([MISC AS])."));
    means(&marked, "FIFA", 0, "FIFA");
    assert_int_equal(entity_count(&marked), 3);
    marked_end(&marked);
}

static void the_fed(void **state)
{
    (void)state;
    struct marked marked;
    marked_begin(&marked,
                 LINES("[ORG Fed] HOLDS", "The [ORG Federal Reserve] held. The [ORG Fed] said."));
    means(&marked, "Fed", 0, "Federal Reserve");
    assert_int_equal(entity_count(&marked), 1);
    marked_end(&marked);
    marked_begin(&marked, LINES("[ORG Fed] HOLDS", "The [ORG Fed] said."));
    marked_ids(&marked, "Fed", 0, ""); /* the story does not say what it is */
    marked_end(&marked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people),  cmocka_unit_test(types_are_kept_apart), cmocka_unit_test(bodies),
        cmocka_unit_test(the_fed), cmocka_unit_test(foreign_parentheses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
