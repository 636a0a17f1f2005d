/* What is remembered of a text's numbers is counted as by hand. Copy is invented. */
#include "test.h"

#include "copy_sketch.h"

/* The text has these numbers: words by their place, ends with -1; and these of two words, by the first. */
static void has_numbers(const char *text, const int *single, const int *pairs)
{
    struct wd_story *story = wd_story_create(1 << 20);
    struct wd_copy_query query;
    uint64_t expected[WD_SKETCH_NUMBER_WORDS] = {0};
    assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(text)), WD_OK);
    const struct wd_copy_scan *scan = wd_copy_scan(story);
    assert_non_null(scan);
    for (; *single >= 0; single++) {
        uint64_t bit = scan->words[*single] % (WD_SKETCH_NUMBER_WORDS * 64);
        expected[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    for (; *pairs >= 0; pairs++) {
        uint64_t bit = wd_hash_mix(scan->words[*pairs], scan->words[*pairs + 1]) %
                       (WD_SKETCH_NUMBER_WORDS * 64);
        expected[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    wd_copy_query_init(&query, 7);
    wd_copy_query_begin(&query, scan);
    wd_copy_query_facts(&query, scan, 0);
    assert_memory_equal(query.sketch.numbers, expected, sizeof(expected));
    wd_copy_query_finish(&query);
    wd_story_destroy(story);
}

static void parts_of_a_decimal(void **unused)
{
    (void)unused;
    has_numbers("The Harbour Party has 31.5 percent, the Meadow Party 29.0 percent.",
                (const int[]){4, 5, 10, 11, -1}, (const int[]){4, 10, -1});
    has_numbers("Rovers won 2-1 on 1,234,567 votes.", (const int[]){2, 3, 5, 6, 7, -1},
                (const int[]){2, 5, 6, -1});
    has_numbers("Nobody counted the boats.", (const int[]){-1}, (const int[]){-1});
}

/* One sentence ends with a number, the next one begins with one. */
static void not_from_sentence_to_sentence(void **unused)
{
    (void)unused;
    has_numbers("The mill was closed for good in 2012. 31 people lost their work, 2 of them twice.",
                (const int[]){7, 8, 13, -1}, (const int[]){-1});
}

/* Words are looked at 64 at a time. */
static void over_the_border_of_a_block(void **unused)
{
    char text[1000] = "";
    (void)unused;
    for (int i = 0; i < 63; i++)
        strcat(text, "word ");
    strcat(text, "7.8 word ");
    for (int i = 66; i < 127; i++)
        strcat(text, "word ");
    strcat(text, "9");
    has_numbers(text, (const int[]){63, 64, 127, -1}, (const int[]){63, -1});
    strcat(text, ".5");
    has_numbers(text, (const int[]){63, 64, 127, 128, -1}, (const int[]){63, 127, -1});
}

/* Two numbers are one bit as often as chance has it, no more: "13" and "14" once were in each story's set. */
static void short_numbers_are_spread(void **unused)
{
    enum { NUMBERS = 100, BITS = WD_SKETCH_NUMBER_WORDS * 64 };
    struct wd_story *story = wd_story_create(1 << 20);
    char text[4 * NUMBERS] = "";
    unsigned of_bit[BITS] = {0};
    unsigned alike = 0;
    (void)unused;
    for (int i = 0; i < NUMBERS; i++)
        (void)sprintf(text + strlen(text), "%d ", i);
    assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(text)), WD_OK);
    const struct wd_copy_scan *scan = wd_copy_scan(story);
    assert_non_null(scan);
    assert_int_equal(scan->word_count, NUMBERS);
    for (uint32_t i = 0; i < NUMBERS; i++)
        alike += of_bit[scan->words[i] % BITS]++;
    /* Of 4,950 pairs one in 128: 39. */
    assert_in_range(alike, 20, 60);
    wd_story_destroy(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_decimal), cmocka_unit_test(not_from_sentence_to_sentence),
        cmocka_unit_test(over_the_border_of_a_block), cmocka_unit_test(short_numbers_are_spread)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
