/* Where a text turns to another matter. Copy is invented; sentences are counted by hand. */
#include "test.h"

#include "cohesion.h"

#include <stdlib.h>

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

/* The rules once more, word by word and without haste. `item` tells in which segment a word stands. */
struct plain {
    const struct wd_copy_scan *scan;
    uint32_t item[4096];
    bool is_name[4096], is_long[4096];
    uint32_t items;
};

static void cut_plainly(struct plain *plain, uint32_t sentences_max)
{
    const struct wd_copy_scan *scan = plain->scan;
    uint32_t longer = 0;
    uint32_t in_paragraph = 0;
    uint32_t kept = 0;
    assert_in_range(scan->word_count, 0, 4096);
    for (uint32_t i = 0; i < scan->word_count; i++)
        longer += wd_copy_scan_marks(scan, i, i + 1, WD_WORD_LONGER) != 0;
    uint8_t kind = longer * 100 > scan->word_count * 45 ? WD_WORD_LONGER : WD_WORD_LONG;
    uint64_t most = UINT32_MAX / (1 + scan->word_count / 300);
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (i == 0 || sentence->paragraph != sentence[-1].paragraph)
            in_paragraph = 0;
        kept += sentence->word_count >= WORDS_MIN && kept < sentences_max;
        for (uint32_t j = 0; j < sentence->word_count; j++, in_paragraph++) {
            uint32_t at = sentence->first_word + j;
            plain->item[at] = kept > 0 ? kept - 1 : 0;
            plain->is_name[at] =
                wd_copy_scan_marks(scan, at, at + 1, WD_WORD_NAME) != 0 && in_paragraph >= 5;
            plain->is_long[at] =
                wd_copy_scan_marks(scan, at, at + 1, kind) != 0 && scan->words[at] >> 32 <= most;
        }
    }
    plain->items = kept;
}

/* How many different ones stand before `item`, from it on, and on both sides. */
static void count_plainly(const struct plain *plain, const bool *marks, uint64_t bits,
                          uint32_t item, uint32_t sides[3])
{
    sides[0] = sides[1] = sides[2] = 0;
    for (uint32_t i = 0; i < plain->scan->word_count; i++) {
        bool before = false;
        bool after = false;
        bool first = true;
        for (uint32_t j = 0; marks[i] && j < plain->scan->word_count; j++) {
            if (!marks[j] || ((plain->scan->words[i] ^ plain->scan->words[j]) & bits) != 0)
                continue;
            first = first && j >= i;
            before = before || plain->item[j] < item;
            after = after || plain->item[j] >= item;
        }
        sides[0] += first && before;
        sides[1] += first && after;
        sides[2] += first && before && after;
    }
}

static uint32_t breaks_plainly(const struct plain *plain, bool headless)
{
    uint32_t named = 0;
    uint32_t said = 0;
    for (uint32_t item = 1; item < plain->items; item++) {
        uint32_t names[3];
        uint32_t words[3];
        uint32_t before = 0;
        while (before < plain->scan->word_count && plain->item[before] < item)
            before++;
        count_plainly(plain, plain->is_name, 0xFF, item, names);
        count_plainly(plain, plain->is_long, UINT32_MAX, item, words);
        uint32_t fewer = names[0] < names[1] ? names[0] : names[1];
        uint32_t fewer_words = words[0] < words[1] ? words[0] : words[1];
        if (before >= 20 && plain->scan->word_count - before >= 20 && fewer >= 2 &&
            names[2] * 10 <= fewer)
            named |= 1u << item;
        if (words[2] * 10 <= fewer_words)
            said |= 1u << item;
    }
    return __builtin_popcount(named) >= (headless ? 1 : 2) ? named & said : 0;
}

/* Copy of several matters, each with words and names of its own and some that all have. */
static void write_matter(char *out, size_t size, int matter)
{
    size_t len = 0;
    int words = 4 + rand() % 90;
    for (int i = 0; i < words; i++) {
        int own = rand() % 9 > 0 ? matter : 0;
        const char *kind = rand() % 5 == 0 ? "N" : rand() % 3 == 0 ? "by" : "longish";
        len +=
            (size_t)snprintf(out + len, size - len, "%s%c%c%c%s", kind, 'a' + own, 'a' + rand() % 9,
                             'a' + rand() % 4, rand() % 9 == 0 ? ". The " : " ");
    }
}

static uint32_t check_by_the_rules(struct wd_story *story, struct plain *plain)
{
    struct wd_cohesion cohesion;
    struct wd_cohesion without_wide;
    plain->scan = wd_copy_scan(story);
    assert_non_null(plain->scan);
    uint32_t most = rand() % 4 == 0 ? 7 : SENTENCES_MAX;
    wd_cohesion_find(plain->scan, WORDS_MIN, most, &cohesion);
    wd_cohesion_find_plain(plain->scan, WORDS_MIN, most, &without_wide);
#ifdef WD_AVX2
    struct wd_cohesion by_avx2 = without_wide;
    if (wd_has_avx2())
        wd_cohesion_find_avx2(plain->scan, WORDS_MIN, most, &by_avx2);
    assert_int_equal(by_avx2.breaks, without_wide.breaks);
    assert_int_equal(by_avx2.headless, without_wide.headless);
#endif
    cut_plainly(plain, most);
    assert_int_equal(cohesion.breaks, without_wide.breaks);
    assert_int_equal(cohesion.breaks, breaks_plainly(plain, cohesion.headless));
    return cohesion.breaks;
}

static void as_the_rules_say(void **unused)
{
    static char texts[40][8192];
    static struct plain plain;
    uint32_t turning = 0;
    (void)unused;
    srand(3);
    for (int round = 0; round < 200; round++) {
        struct wd_story *story = wd_story_create(1 << 22);
        int count = 1 + rand() % (round % 10 == 0 ? 24 : 6);
        assert_non_null(story);
        story->headline = WD_SLICE("The day in brief");
        for (int i = 0; i < count; i++) {
            write_matter(texts[i], sizeof(texts[i]), 1 + rand() % 8);
            assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(texts[i])), WD_OK);
        }
        turning += check_by_the_rules(story, &plain) != 0;
        wd_story_destroy(story);
    }
    assert_in_range(turning, 20, 180);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roundup_turns_at_each_item),
        cmocka_unit_test(a_story_does_not_turn),
        cmocka_unit_test(a_name_holds_together_what_lies_between),
        cmocka_unit_test(one_turn_under_a_headline_that_fits_is_not_told),
        cmocka_unit_test(little_copy_does_not_turn),
        cmocka_unit_test(as_the_rules_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
