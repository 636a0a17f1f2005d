#include "test.h"

#include "text.h"
#include "tokens.h"

#include <stdio.h>
#include <stdlib.h>

/* Tokens with a blank between them, sentences with " | ". */
static void split(const char *text, const char *want)
{
    struct wd_text_splitter splitter;
    struct wd_text_token token;
    char out[1024] = "";
    size_t len = 0;
    size_t at = 0;
    wd_text_splitter_init(&splitter, wd_slice_from(text));
    while (wd_text_splitter_next(&splitter, &token)) {
        assert_true(token.begin >= at && token.end > token.begin && token.end <= strlen(text));
        at = token.end;
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%.*s", len > 0 ? " " : "",
                                (int)(token.end - token.begin), text + token.begin);
        if (token.ends_sentence)
            len += (size_t)snprintf(out + len, sizeof(out) - len, " |");
    }
    assert_string_equal(out, want);
}

static void words(void **state)
{
    (void)state;
    split("Officials in Indonesia's capital don't know.",
          "Officials in Indonesia 's capital do n't know . |");
    split("the boys' U.S.-led AT&T al-Qa'ida O'Brien",
          "the boys ' U.S.-led AT&T al-Qa'ida O'Brien |");
    split("Indonesia\xE2\x80\x99s \xE2\x80\x9Cquote\xE2\x80\x9D",
          "Indonesia \xE2\x80\x99s \xE2\x80\x9C quote \xE2\x80\x9D |");
    split("We'll they've I'd", "We 'll they 've I 'd |");
    split("(NYSE: IBM)", "( NYSE : IBM ) |");
    split("Israeli-Palestinian talks--again", "Israeli-Palestinian talks -- again |");
    split("won 2-1, 6-4 in 27:48.0 of 10,000 at $5.50 and 3%",
          "won 2-1 , 6-4 in 27:48.0 of 10,000 at $ 5.50 and 3 % |");
    split("see http://example.com/a,b. mail a.b@example.org, now",
          "see http://example.com/a,b . mail a.b@example.org , now |");
    split("wait... now", "wait ... now |");
    split("", "");
    split(" \n\t ", "");
}

static void sentences(void **state)
{
    (void)state;
    split("Sen. John Smith met Dr. Lee. He left.", "Sen. John Smith met Dr. Lee . | He left . |");
    split("It is in the U.S. The talks in St. Petersburg ended.",
          "It is in the U.S. | The talks in St. Petersburg ended . |");
    split("The U.S. Congress and J.K. Rowling of Acme Inc. met at 5 p.m. on Jan. 3.",
          "The U.S. Congress and J.K. Rowling of Acme Inc. met at 5 p.m. on Jan. 3 . |");
    split("He said: \"Stop.\" She did. (All did.) \"Why?\" he asked.",
          "He said : \" Stop . \" | She did . | ( All did . ) | \" Why ? \" he asked . |");
    split("LONDON (Reuters) - George W. Bush won.", "LONDON ( Reuters ) - George W. Bush won . |");
    split("One line\n\nAnother line", "One line | Another line |");
    split("No. 3 said no. Nobody heard.", "No. 3 said no . | Nobody heard . |");
}

/* Letters of other scripts, combining marks and emoji: a token never cuts a code point, and a mark
 * stays with its letter. */
static void other_scripts(void **state)
{
    (void)state;
    split("Cafe\xCC\x81 S\xC3\xA3o Paulo.", "Cafe\xCC\x81 S\xC3\xA3o Paulo . |");
    split("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD\xE2\x80\x8D ok",
          "\xF0\x9F\x91\x8D \xF0\x9F\x8F\xBD\xE2\x80\x8D ok |");
    split("\xD8\xA8\xD8\xBA\xD8\xAF\xD8\xA7\xD8\xAF said",
          "\xD8\xA8\xD8\xBA\xD8\xAF\xD8\xA7\xD8\xAF said |");
    split("\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x80\x82 Tokyo",
          "\xE6\x9D\xB1\xE4\xBA\xAC \xE3\x80\x82 | Tokyo |");
}

/* Whatever stands in the text, what tokens leave out is white space only. */
static void nothing_is_lost(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a", "'s", ".",   "\"",           " ", "-",    "U.S.", "(", ")",       "\xC3\xA9",
        "5", ",",  "n't", "\xE2\x80\x99", "@", "www.", "\n",   "!", "\xCC\x81"};
    uint64_t random = 7;
    for (int round = 0; round < 2000; round++) {
        char text[256] = "";
        for (int k = 0; k < 20; k++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            (void)strncat(text, pieces[(random >> 33) % (sizeof(pieces) / sizeof(pieces[0]))], 8);
        }
        struct wd_text_splitter splitter;
        struct wd_text_token token;
        size_t at = 0;
        wd_text_splitter_init(&splitter, wd_slice_from(text));
        while (wd_text_splitter_next(&splitter, &token)) {
            assert_int_equal(wd_text_trim(wd_slice_make(text + at, token.begin - at)).len, 0);
            assert_true(
                wd_utf8_valid(wd_slice_make(text + token.begin, token.end - token.begin), NULL));
            assert_true(token.end > token.begin);
            at = token.end;
        }
        assert_int_equal(wd_text_trim(wd_slice_from(text + at)).len, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(sentences),
        cmocka_unit_test(other_scripts),
        cmocka_unit_test(nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
