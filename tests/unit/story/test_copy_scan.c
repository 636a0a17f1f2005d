/* The scan against the slow normalisation, and by hand. */
#include "test.h"

#include "copy_scan.h"
#include "story.h"

#include <stdlib.h>

static struct wd_story *story_of(const char *headline, const char *const *paragraphs)
{
    struct wd_story *story = wd_story_create((size_t)1 << 26);
    assert_non_null(story);
    story->headline = wd_slice_from(headline);
    for (size_t i = 0; paragraphs[i]; i++)
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(paragraphs[i])), WD_OK);
    return story;
}

static struct wd_story *one(const char *text)
{
    const char *paragraphs[] = {text, NULL};
    struct wd_story *story = story_of("", paragraphs);
    assert_non_null(wd_copy_scan(story));
    return story;
}

/* The same words, seen from the scan. */
static void same(const char *a, const char *b, bool wanted)
{
    struct wd_story *x = one(a);
    struct wd_story *y = one(b);
    bool equal = x->scan->words_total == y->scan->words_total &&
                 memcmp(x->scan->words, y->scan->words, x->scan->word_count * 8) == 0;
    if (equal != wanted)
        fail_msg("\"%s\" and \"%s\" are %s", a, b, equal ? "the same" : "not the same");
    assert_int_equal(equal, memcmp(&x->body_digest, &y->body_digest, sizeof(x->body_digest)) == 0);
    wd_story_destroy(x);
    wd_story_destroy(y);
}

static void what_makes_no_difference(void **unused)
{
    (void)unused;
    same("The Bridge, closed!", "the bridge closed", true);
    same("\u201cStop\u201d \u2014 he said", "Stop - he said", true);
    same("caf\u00e9 CAF\u00c9", "cafe\u0301 cafe\u0301", true);
    same("co\u00adoperate and zero\u200bwidth", "cooperate and zerowidth", true);
    same("\ufb01nal of\ufb01ce", "final office", true);
    same("\uff21\uff22 \uff11\uff12", "ab 12", true);
    same("\u041c\u041e\u0421\u041a\u0412\u0410", "\u043c\u043e\u0441\u043a\u0432\u0430", true);
    same("stra\u00dfe", "strasse", true);
    same("don\u2019t", "don't", true);
    same("a b c", "ab c", false);
    same("one two", "two one", false);
    same("1,204 tonnes", "1,205 tonnes", false);
    same("a word of nineteen letters", "a word of nineteen lettres", false);
    same("internationalisations", "internationalisationt", false);
    same("x123456789abcdef", "x023456789abcdef", false);
    same("", " ... ", true);
}

static void words_of_normalized(const char *text, struct wd_story *story)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_text_append_normalized(&out, wd_slice_from(text));
    wd_buffer_append_byte(&out, ' ');
    uint32_t count = 0;
    for (size_t begin = 0, i = 0; i < out.len; i++) {
        if (out.data[i] != ' ')
            continue;
        char word[512];
        size_t len = i - begin;
        memcpy(word, out.data + begin, len);
        word[len] = '\0';
        if (len > 0) {
            struct wd_story *alone = one(word);
            assert_int_equal(alone->scan->words_total, 1);
            assert_true(count < story->scan->word_count);
            if (alone->scan->words[0] != story->scan->words[count])
                fail_msg("word %u of \"%s\" is not \"%s\"", count, text, word);
            wd_story_destroy(alone);
            count++;
        }
        begin = i + 1;
    }
    assert_int_equal(story->scan->words_total, count);
    wd_buffer_finish(&out);
}

static void like_the_slow_way(void **unused)
{
    static const char *const pieces[] = {"a",
                                         "B",
                                         "7",
                                         " ",
                                         "  ",
                                         ".",
                                         "-",
                                         "word",
                                         "LONGWORDHERE",
                                         "\u00e9",
                                         "\u00c9",
                                         "e\u0301",
                                         "\u2014",
                                         "\u201c",
                                         "\u0416",
                                         "\u03a9",
                                         "\u00ad",
                                         "\u200d",
                                         "\ufb02",
                                         "\uff22",
                                         "\u1e9e",
                                         "\U0001F600",
                                         "\u20ac",
                                         "\u0627",
                                         "\u064e",
                                         "\u0915\u093f",
                                         "\U0001D400"};
    (void)unused;
    srand(5);
    for (int round = 0; round < 3000; round++) {
        char text[300] = "";
        int count = rand() % 40;
        for (int i = 0; i < count; i++)
            strncat(text, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))],
                    sizeof(text) - strlen(text) - 1);
        if (!wd_utf8_valid(wd_slice_from(text), NULL))
            continue; /* cut in the middle of a character */
        struct wd_story *story = one(text);
        words_of_normalized(text, story);
        wd_story_destroy(story);
    }
}

/* A dash that is not ASCII, behind all words, makes the scan go the way of any text. */
static void ascii_like_any_text(void **unused)
{
    static const char *const pieces[] = {"a",
                                         "B",
                                         "7",
                                         " ",
                                         "  ",
                                         ".",
                                         "-",
                                         "word",
                                         "The ",
                                         "!\" ",
                                         "? ",
                                         "said. The ",
                                         "U.S. Army",
                                         ", ",
                                         "12 ",
                                         "1,204.5",
                                         "Mr. Z",
                                         "x\t\n",
                                         "LONGWORDHEREOFTWENTYSIXLETTERS",
                                         "x123456789abcdef",
                                         "12345678 "};
    enum { BYTES = 20000 };
    char *text = malloc(BYTES + 64);
    char *other = malloc(BYTES + 64);
    (void)unused;
    srand(11);
    for (int round = 0; round < 2000; round++) {
        size_t len_max = round % 100 == 0 ? BYTES : 200; /* over many chunks, or in one */
        size_t len = 0;
        while (len < len_max && (len_max == BYTES || rand() % 40 != 0)) {
            const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        text[len] = '\0';
        memcpy(other, text, len);
        memcpy(other + len, " \u2014", 5);
        struct wd_story *x = one(text);
        struct wd_story *y = one(other);
        assert_int_equal(x->scan->words_total, y->scan->words_total);
        assert_memory_equal(x->scan->words, y->scan->words, x->scan->word_count * 8);
        assert_memory_equal(x->scan->kinds, y->scan->kinds, x->scan->word_count);
        assert_int_equal(x->scan->sentence_count, y->scan->sentence_count);
        for (uint32_t i = 0; i < x->scan->sentence_count; i++) {
            struct wd_copy_sentence a = x->scan->sentences[i];
            struct wd_copy_sentence b = y->scan->sentences[i];
            if (i + 1 == x->scan->sentence_count) /* that takes the dash along */
                b.end -= 4;
            assert_memory_equal(&a, &b, sizeof(a));
        }
        wd_story_destroy(x);
        wd_story_destroy(y);
    }
    free(text);
    free(other);
}

/* As the scan has them, from the middle of a paragraph. */
static void words_of_a_sentence(void **unused)
{
    static const char *const texts[] = {
        "The bridge is shut. Nobody was hurt, said Ana. It opens on Monday 7 May.",
        "Caf\u00e9s are shut. \u00c9l\u00e8ves are not there! Nor is the \ufb01re brigade.",
        "\u5317\u4eac\u5e02\u3002\u5929\u6c14\u597d\u3002ok then"};
    (void)unused;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct wd_story *story = one(texts[i]);
        assert_true(story->scan->sentence_count >= 2);
        for (uint32_t j = 0; j < story->scan->sentence_count; j++) {
            const struct wd_copy_sentence *sentence = &story->scan->sentences[j];
            struct wd_copy_words words;
            assert_true(wd_copy_scan_words(story->arena, story->paragraphs[0], sentence->begin,
                                           sentence->end, &words));
            assert_int_equal(words.count, sentence->word_count);
            assert_memory_equal(words.items, story->scan->words + sentence->first_word,
                                words.count * 8);
        }
        wd_story_destroy(story);
    }
}

static void sentences_and_kinds(void **unused)
{
    static const char *const paragraphs[] = {
        "Mr. Hale opened the bridge at 7.15 a.m. on Monday. Traffic rose by 12 percent.",
        "\u201cWe waited,\u201d said Ana Brook! Nobody else did.", "", "The end", NULL};
    struct wd_story *story = story_of("Bridge Opens", paragraphs);
    (void)unused;
    const struct wd_copy_scan *scan = wd_copy_scan(story);
    assert_non_null(scan);
    assert_int_equal(scan->headline_count, 2);
    assert_int_equal(scan->sentence_count, 5);
    static const uint32_t words[] = {12, 5, 5, 3, 2};
    static const uint32_t paragraph[] = {0, 0, 1, 1, 3};
    uint32_t first = 0;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(scan->sentences[i].word_count, words[i]);
        assert_int_equal(scan->sentences[i].paragraph, paragraph[i]);
        assert_int_equal(scan->sentences[i].first_word, first);
        first += words[i];
    }
    assert_int_equal(scan->words_total, 27);
    struct wd_slice second = wd_slice_make(paragraphs[0] + scan->sentences[1].begin,
                                           scan->sentences[1].end - scan->sentences[1].begin);
    assert_memory_equal(second.data, "Traffic rose by 12 percent.", second.len);
    assert_int_equal(scan->kinds[0], 0);              /* Mr: begins the sentence */
    assert_int_equal(scan->kinds[1], WD_WORD_NAME);   /* Hale */
    assert_int_equal(scan->kinds[2], 0);              /* opened */
    assert_int_equal(scan->kinds[6], WD_WORD_NUMBER); /* 7 */
    assert_int_equal(scan->kinds[11], WD_WORD_NAME);  /* Monday */
    assert_int_equal(scan->headline_kinds[0], 0);     /* Bridge */
    assert_int_equal(scan->headline_kinds[1], WD_WORD_NAME);
    wd_story_destroy(story);
}

static void scripts_without_blanks(void **unused)
{
    struct wd_story *han = one("\u5317\u4eac\u5e02\u3002\u5929\u6c14\u597d");
    struct wd_story *thai = one("\u0e01\u0e23\u0e38\u0e07 ok");
    (void)unused;
    assert_int_equal(han->scan->words_total, 6);
    assert_int_equal(han->scan->sentence_count, 2);
    assert_int_equal(thai->scan->words_total, 5);
    /* Each character with the two before it. */
    struct wd_story *other = one("\u5357\u4eac\u5e02\u5929\u6c14\u597d");
    assert_int_equal(other->scan->words_total, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(han->scan->words[i] == other->scan->words[i], i >= 3);
    wd_story_destroy(han);
    wd_story_destroy(thai);
    wd_story_destroy(other);
}

static void of_any_length(void **unused)
{
    enum { BYTES = 1 << 20 };
    char *text = malloc(BYTES + 1);
    (void)unused;
    assert_non_null(text);
    for (int i = 0; i < BYTES; i++)
        text[i] = i % 6 == 5 ? ' ' : "abcdefghijklmnopqrstuvwxyz"[i % 26];
    text[BYTES] = '\0';
    struct wd_story *story = one(text);
    assert_int_equal(story->scan->word_count, WD_SCAN_WORDS_MAX);
    assert_int_equal(story->scan->words_total, (BYTES + 5) / 6);
    struct wd_digest before = story->body_digest;
    wd_story_destroy(story);
    text[BYTES - 1] = 'z'; /* past the words that are kept */
    story = one(text);
    assert_memory_not_equal(before.bytes, story->body_digest.bytes, sizeof(before.bytes));
    wd_story_destroy(story);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_makes_no_difference),
                                       cmocka_unit_test(like_the_slow_way),
                                       cmocka_unit_test(ascii_like_any_text),
                                       cmocka_unit_test(words_of_a_sentence),
                                       cmocka_unit_test(sentences_and_kinds),
                                       cmocka_unit_test(scripts_without_blanks),
                                       cmocka_unit_test(of_any_length)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
