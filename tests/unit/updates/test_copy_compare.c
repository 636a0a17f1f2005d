/* What a version changed: sentences, numbers, names, quotations, class. */
#include "test.h"

#include "copy_recall.h"
#include "copy_scan.h"

#include <stdio.h>
#include <stdlib.h>

struct pair {
    struct wd_story *before, *now, *scratch;
    struct wd_buffer bytes;
    struct wd_change change;
};

static int open_pair(void **state)
{
    struct pair *pair = calloc(1, sizeof(*pair));
    pair->before = wd_story_create(1 << 26);
    pair->now = wd_story_create(1 << 26);
    pair->scratch = wd_story_create(1 << 26);
    wd_buffer_init(&pair->bytes);
    *state = pair;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *pair = *state;
    wd_story_destroy(pair->before);
    wd_story_destroy(pair->now);
    wd_story_destroy(pair->scratch);
    wd_buffer_finish(&pair->bytes);
    free(pair);
    return 0;
}

/* Paragraphs are separated by '|'. */
static void fill(struct wd_story *story, const char *headline, const char *body)
{
    wd_story_reset(story);
    story->headline = wd_slice_from(headline);
    for (const char *begin = body; *begin;) {
        const char *end = strchr(begin, '|');
        size_t len = end ? (size_t)(end - begin) : strlen(begin);
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_make(begin, len)), WD_OK);
        begin += len + (end != NULL);
    }
}

static const struct wd_change *compare_with(struct pair *pair, size_t bytes_max)
{
    struct wd_copy_memory memory;
    assert_non_null(wd_copy_scan(pair->before));
    wd_copy_memory_encode(pair->before, 1, bytes_max, &pair->bytes);
    assert_true(wd_buffer_ok(&pair->bytes));
    assert_true(wd_copy_memory_decode(wd_buffer_slice(&pair->bytes), &memory));
    assert_int_equal(wd_copy_compare(&memory, pair->scratch, pair->now, &pair->change), WD_OK);
    return &pair->change;
}

static const struct wd_change *compare(struct pair *pair, const char *before, const char *now)
{
    fill(pair->before, "Bridge shut", before);
    fill(pair->now, "Bridge shut", now);
    return compare_with(pair, 60000);
}

#define SHUT "The harbour bridge at Seatown was closed after a crane struck its pier."
#define HURT "Nobody was hurt in the crash on Thursday morning."
#define CRACK "Engineers found a crack of 40 centimetres in the concrete of the pier."
#define FERRY "The ferry at Brannock will run every twenty minutes until the end of the week."

static void identical(void **state)
{
    const struct wd_change *change = compare(*state, SHUT "|" HURT, SHUT " " HURT);
    assert_int_equal(change->class_of_change, WD_CHANGE_IDENTICAL); /* paragraphs do not count */
    assert_int_equal(change->sentences[WD_SENTENCE_KEPT], 2);
    assert_int_equal(change->sentence_count, 0);
    assert_false(change->headline_changed);
}

static void trim_and_expansion(void **state)
{
    const struct wd_change *change = compare(*state, SHUT "|" HURT "|" CRACK, SHUT "|" CRACK);
    assert_int_equal(change->class_of_change, WD_CHANGE_TRIM);
    assert_int_equal(change->sentences[WD_SENTENCE_REMOVED], 1);
    assert_int_equal(change->sentence_list[0].kind, WD_SENTENCE_REMOVED);
    assert_int_equal(change->sentence_list[0].before, 2);
    assert_int_equal(change->sentence_list[0].now, 0);
    assert_true(wd_slice_is(change->sentence_list[0].text, HURT));
    change = compare(*state, SHUT "|" CRACK, SHUT "|" HURT "|" CRACK "|" FERRY);
    assert_int_equal(change->class_of_change, WD_CHANGE_EXPANSION);
    assert_int_equal(change->sentences[WD_SENTENCE_ADDED], 2);
    assert_int_equal(change->sentence_list[1].now, 4);
}

static void moved(void **state)
{
    const struct wd_change *change =
        compare(*state, SHUT "|" HURT "|" CRACK "|" FERRY, SHUT "|" FERRY "|" HURT "|" CRACK);
    assert_int_equal(change->class_of_change, WD_CHANGE_COSMETIC);
    assert_int_equal(change->sentences[WD_SENTENCE_KEPT], 3);
    assert_int_equal(change->sentences[WD_SENTENCE_MOVED], 1);
    assert_int_equal(change->sentence_list[0].before, 4);
    assert_int_equal(change->sentence_list[0].now, 2);
}

static void number(void **state)
{
    const struct wd_change *change =
        compare(*state, SHUT "|" CRACK,
                SHUT "|Engineers found a crack of 1,450 centimetres in the concrete of the pier.");
    assert_int_equal(change->class_of_change, WD_CHANGE_FACTUAL);
    assert_int_equal(change->sentences[WD_SENTENCE_EDITED], 1);
    assert_int_equal(change->facts[WD_FACT_NUMBER], 1);
    assert_int_equal(change->fact_count, 1);
    assert_true(wd_slice_is(change->fact_list[0].before, "40"));
    assert_true(wd_slice_is(change->fact_list[0].now, "1,450"));
}

/* A day is no name; what only begins with one is. */
static void day_of_the_week(void **state)
{
    const struct wd_change *change =
        compare(*state, SHUT "|Engineers will look at the crack in the pier on Monday with divers.",
                SHUT "|Engineers will look at the crack in the pier on Tuesday with divers.");
    assert_int_equal(change->class_of_change, WD_CHANGE_FACTUAL);
    assert_int_equal(change->facts[WD_FACT_TIME], 1);
    assert_int_equal(change->facts[WD_FACT_NAME], 0);
    assert_int_equal(change->fact_list[0].kind, WD_FACT_TIME);
    assert_true(wd_slice_is(change->fact_list[0].before, "Monday"));
    assert_true(wd_slice_is(change->fact_list[0].now, "Tuesday"));
    change =
        compare(*state, SHUT "|It was the Sunday Times that first wrote of the crack in the pier.",
                SHUT "|It was the Friday Mail that first wrote of the crack in the pier.");
    assert_int_equal(change->facts[WD_FACT_TIME], 0);
    assert_int_equal(change->facts[WD_FACT_NAME], 1);
}

static void name_and_quotation(void **state)
{
    const struct wd_change *change = compare(
        *state,
        SHUT "|\"We will look at every bolt,\" said the engineer Marta Lindqvist of the works.",
        SHUT "|\"We will look at every bolt,\" said the engineer Maria Lindquist of the works.");
    assert_int_equal(change->class_of_change, WD_CHANGE_FACTUAL);
    assert_int_equal(change->facts[WD_FACT_NAME], 1);
    assert_int_equal(change->facts[WD_FACT_QUOTATION], 0);
    assert_true(wd_slice_is(change->fact_list[0].before, "Marta Lindqvist"));
    assert_true(wd_slice_is(change->fact_list[0].now, "Maria Lindquist"));
    change = compare(
        *state,
        SHUT "|\xE2\x80\x9CWe will look at every bolt,\xE2\x80\x9D said the engineer of the works.",
        SHUT "|\xE2\x80\x9CWe will look at each bolt,\xE2\x80\x9D said the engineer of the works.");
    assert_int_equal(change->facts[WD_FACT_QUOTATION], 1);
    assert_true(wd_slice_is(change->fact_list[0].now, "We will look at each bolt,"));
}

/* Sentences as they are told: whole characters, with the marks that open them, without those of the next one. */
/* What is new is looked for in all of the version before: in what both have, and in what is gone. */
static void elsewhere_in_the_copy(void **state)
{
    const struct wd_change *change = compare(
        *state, SHUT "|" HURT, SHUT "|" HURT "|Crews at Seatown left on Thursday for Brannock.");
    assert_int_equal(change->sentences[WD_SENTENCE_ADDED], 1);
    assert_int_equal(change->facts[WD_FACT_NAME], 1);
    assert_int_equal(change->facts[WD_FACT_TIME], 0);
    assert_true(wd_slice_is(change->fact_list[0].now, "Brannock"));
    change = compare(*state, HURT "|" FERRY "|" SHUT,
                     "Crews left Brannock for Seatown and Alden at noon.|" HURT "|" SHUT);
    assert_int_equal(change->sentences[WD_SENTENCE_ADDED], 1);
    assert_int_equal(change->sentences[WD_SENTENCE_REMOVED], 1);
    assert_int_equal(change->fact_count, 1);
    assert_true(wd_slice_is(change->fact_list[0].now, "Alden"));
}

static void words_of_sentences(void **state)
{
    static const struct {
        const char *before, *now, *told;
    } cases[] = {
        /* Japanese: nothing stands between a stop and the next sentence. */
        {"\u6a4b\u306f\u5168\u9762\u901a\u884c\u6b62\u3081\u3068\u306a\u3063\u305f\u3002"
         "\u6e2f\u6e7e\u5c40\u306b\u3088\u308b\u3068\u3001\u3051\u304c\u4eba\u306f\u3044\u306a"
         "\u3044\u3002",
         "\u6a4b\u306f\u5168\u9762\u901a\u884c\u6b62\u3081\u3068\u306a\u3063\u305f\u3002"
         "\u6e2f\u6e7e\u5c40\u306b\u3088\u308b\u3068\u3001\u3051\u304c\u4eba\u306f\u3044\u306a"
         "\u304b\u3063\u305f\u3002",
         "\u6e2f\u6e7e\u5c40\u306b\u3088\u308b\u3068\u3001\u3051\u304c\u4eba\u306f\u3044\u306a"
         "\u304b\u3063\u305f\u3002"},
        /* Two marks of three bytes each. */
        {SHUT " " HURT, SHUT " \u201c(Nobody was hurt in the crash on Friday morning.",
         "\u201c(Nobody was hurt in the crash on Friday morning."},
        {SHUT " " HURT " " FERRY,
         SHUT " Nobody was hurt in the crash on Friday morning. \"" FERRY "\"",
         "Nobody was hurt in the crash on Friday morning."},
        {SHUT " " HURT, SHUT " \u00abNobody was hurt in the crash on Friday morning.\u00bb",
         "\u00abNobody was hurt in the crash on Friday morning.\u00bb"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wd_change *change = compare(*state, cases[i].before, cases[i].now);
        assert_int_equal(change->sentences[WD_SENTENCE_EDITED], 1);
        struct wd_slice told = change->sentence_list[0].text;
        if (!wd_slice_is(told, cases[i].told))
            print_error("%zu: %.*s\n", i, WD_SLICE_ARG(told));
        assert_true(wd_slice_is(told, cases[i].told));
    }
}

static void reworded(void **state)
{
    const struct wd_change *change = compare(
        *state, SHUT "|" HURT, SHUT "|Nobody was injured in the crash early on Thursday morning.");
    assert_int_equal(change->class_of_change, WD_CHANGE_COSMETIC);
    assert_int_equal(change->sentences[WD_SENTENCE_EDITED], 1);
    assert_int_equal(change->fact_count, 0);
}

/* Half by Dice is a third of the longer one's words, when the other has no more: still the same sentence. */
static void half_of_the_words(void **state)
{
    static const char four[] = SHUT "|divers saw long cracks.";
    static const char twelve[] =
        SHUT "|divers who went down at noon saw long grey cracks below water.";
    static const char thirteen[] =
        SHUT "|divers who went down at noon saw long grey cracks below dark water.";
    const struct wd_change *change = compare(*state, twelve, four);
    assert_int_equal(change->sentences[WD_SENTENCE_EDITED], 1);
    change = compare(*state, four, twelve);
    assert_int_equal(change->sentences[WD_SENTENCE_EDITED], 1);
    change = compare(*state, thirteen, four);
    assert_int_equal(change->sentences[WD_SENTENCE_EDITED], 0);
    assert_int_equal(change->sentences[WD_SENTENCE_REMOVED], 1);
    assert_int_equal(change->sentences[WD_SENTENCE_ADDED], 1);
}

static void headline(void **state)
{
    struct pair *pair = *state;
    fill(pair->before, "Crane strikes bridge", SHUT);
    fill(pair->now, "Bridge shut after crash", SHUT);
    const struct wd_change *change = compare_with(pair, 60000);
    assert_true(change->headline_changed);
    assert_true(wd_slice_is(change->headline_before, "Crane strikes bridge"));
    assert_int_equal(change->class_of_change, WD_CHANGE_COSMETIC);
}

/* What is no longer remembered is not told as new. */
static void cut_memory(void **state)
{
    struct pair *pair = *state;
    fill(pair->before, "Bridge shut", SHUT "|" HURT "|" CRACK "|" FERRY);
    fill(pair->now, "Bridge shut", SHUT "|" HURT "|" CRACK "|" FERRY);
    const struct wd_change *change = compare_with(pair, strlen(SHUT) + strlen(HURT) + 10);
    assert_true(change->cut);
    assert_int_equal(change->sentences[WD_SENTENCE_ADDED], 0);
    assert_int_equal(change->class_of_change, WD_CHANGE_IDENTICAL);
}

/* A page of 60,000 words against another one: bounded lists, bounded work. */
static void large(void **state)
{
    struct pair *pair = *state;
    enum { BYTES = 400000 };
    static char old_text[BYTES];
    static char new_text[BYTES];
    size_t old_len = 0;
    size_t new_len = 0;
    for (unsigned i = 0; old_len < BYTES - 100; i++) {
        old_len += (size_t)snprintf(old_text + old_len, 60,
                                    "Sentence %u of the first page says this. ", i);
        new_len += (size_t)snprintf(new_text + new_len, 60,
                                    "Sentence %u of the second page is other. ", i);
    }
    fill(pair->before, "Page", old_text);
    fill(pair->now, "Page", new_text);
    const struct wd_change *change = compare_with(pair, 60000);
    assert_true(change->cut);
    assert_true(change->sentence_count <= 32);
    assert_true(change->fact_count <= 32);
}

static void write_body(char *out, size_t sentences)
{
    static const char *const pieces[] = {"The bridge was shut on Monday. ",
                                         "Nobody was hurt, Ana Brook said. ",
                                         "It costs 1,200 marks. ",
                                         "\u201cWe waited,\u201d said Ola! ",
                                         "|",
                                         "||",
                                         "Caf\u00e9s are open again at 7.15. ",
                                         "|\u5317\u4eac\u5e02\u3002\u5929\u6c14\u597d\u3002 ",
                                         "The ferry of Halden sails for 30 marks. ",
                                         "no end and no stop ",
                                         "Mr. Hale went. "};
    *out = '\0';
    for (size_t i = 0; i < sentences; i++)
        strcat(out, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
}

/* What the record says of the sentences is what reading the copy again would say. */
static void remembered_as_read(void **state)
{
    struct pair *pair = *state;
    char before[2048];
    char now[2048];
    srand(3);
    for (int round = 0; round < 2000; round++) {
        struct wd_copy_memory memory;
        write_body(before, (size_t)rand() % 20);
        write_body(now, (size_t)rand() % 20);
        fill(pair->before, "Bridge shut", before);
        fill(pair->now, round % 2 ? "Bridge open" : "Bridge shut", now);
        assert_non_null(wd_copy_scan(pair->before));
        wd_copy_memory_encode(pair->before, 1, 4096, &pair->bytes);
        assert_true(wd_copy_memory_decode(wd_buffer_slice(&pair->bytes), &memory));
        assert_true(memory.has_sentences);
        assert_int_equal(memory.words, pair->before->scan->words_total);
        struct wd_change change;
        assert_int_equal(wd_copy_compare(&memory, pair->scratch, pair->now, &change), WD_OK);
        memory.has_sentences = false;
        assert_int_equal(wd_copy_compare(&memory, pair->scratch, pair->now, &pair->change), WD_OK);
        assert_int_equal(change.class_of_change, pair->change.class_of_change);
        assert_int_equal(change.words_before, pair->change.words_before);
        assert_int_equal(change.sentences_before, pair->change.sentences_before);
        assert_memory_equal(change.sentences, pair->change.sentences, sizeof(change.sentences));
        assert_memory_equal(change.facts, pair->change.facts, sizeof(change.facts));
        assert_int_equal(change.headline_changed, pair->change.headline_changed);
        for (size_t i = 0; i < change.sentence_count; i++)
            assert_true(
                wd_slice_equal(change.sentence_list[i].text, pair->change.sentence_list[i].text));
    }
}

static void damaged(void **state)
{
    (void)state;
    struct wd_copy_memory memory;
    assert_false(wd_copy_memory_decode(WD_SLICE_NONE, &memory));
    assert_false(wd_copy_memory_decode(WD_SLICE("\x03"), &memory));
    assert_false(wd_copy_memory_decode(WD_SLICE("\x02"), &memory));
    assert_false(wd_copy_memory_decode(WD_SLICE("\x02\x00"
                                                "12345678"
                                                "\xFF"),
                                       &memory));
}

static void other_story(void **state)
{
    struct pair *pair = *state;
    struct wd_copy_memory memory;
    fill(pair->before, "Bridge shut after crash", SHUT "|" HURT "|" CRACK);
    fill(pair->now, "Mayor steps down",
         "Mayor Ingrid Solberg of Halden will not stand for a third term in May.|She told the "
         "council so on Monday.");
    assert_non_null(wd_copy_scan(pair->before));
    wd_copy_memory_encode(pair->before, 1, 60000, &pair->bytes);
    assert_true(wd_copy_memory_decode(wd_buffer_slice(&pair->bytes), &memory));
    assert_true(wd_copy_is_other(&memory, pair->scratch, pair->now));
    fill(pair->now, "No traffic before summer", "Traffic will not cross before summer.|" HURT);
    assert_false(wd_copy_is_other(&memory, pair->scratch, pair->now)); /* a sentence in common */
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAIR(identical),
        WITH_PAIR(trim_and_expansion),
        WITH_PAIR(moved),
        WITH_PAIR(number),
        WITH_PAIR(name_and_quotation),
        WITH_PAIR(day_of_the_week),
        WITH_PAIR(reworded),
        WITH_PAIR(headline),
        WITH_PAIR(cut_memory),
        WITH_PAIR(large),
        WITH_PAIR(remembered_as_read),
        cmocka_unit_test(damaged),
        WITH_PAIR(other_story),
        WITH_PAIR(words_of_sentences),
        WITH_PAIR(half_of_the_words),
        WITH_PAIR(elsewhere_in_the_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
