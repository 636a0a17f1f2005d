/* Which language a tag names. */
#include "test.h"

#include "language_tag.h"

static void check(const char *tag, const char *want)
{
    char code[WD_LANGUAGE_CODE_BYTES];
    struct wd_slice got = wd_language_code(wd_slice_from(tag), code);
    if (!wd_slice_is(got, want))
        fail_msg("%s: %.*s, not %s", tag, WD_SLICE_ARG(got), want);
}

static void one_language(void **state)
{
    (void)state;
    check("en", "en");
    check("en-US", "en");
    check("EN", "en");
    check("en_GB", "en");
    check("eng", "en");
    check("zh-Hant-TW", "zh");
    check("cmn-Hans-CN", "zh");
    check("deu", "de"); /* ISO 639-2/T, and B */
    check("ger", "de");
    check("nb-NO", "no");
    check("nob", "no");
    check("no", "no");
    check("iw", "he"); /* before 1989 */
    check("haw", "haw");
}

static void other_languages(void **state)
{
    (void)state;
    check("nn-NO", "nn"); /* desks write a story once more in it */
    check("yue", "yue");
    check("pt-BR", "pt");
}

static void no_language(void **state)
{
    (void)state;
    check("", "");
    check("und", "");
    check("mul", "");
    check("zxx", "");
    check("English", "");
    check("e", "");
    check("12", "");
    check("de, fr", "");
    check("x-private", "");
    check("a-tag-that-is-much-longer-than-any-tag-of-a-language-has-ever-been-written", "");
}

static void of_a_story(void **state)
{
    (void)state;
    char code[WD_LANGUAGE_CODE_BYTES];
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    assert_slice_equal(wd_language_of_story(story, code), "");
    story->tagging.language = WD_SLICE("es");
    assert_slice_equal(wd_language_of_story(story, code), "es");
    story->language = WD_SLICE("mul");
    assert_slice_equal(wd_language_of_story(story, code), "es");
    story->language = WD_SLICE("en-GB");
    assert_slice_equal(wd_language_of_story(story, code), "en");
    wd_story_destroy(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_language),
        cmocka_unit_test(other_languages),
        cmocka_unit_test(no_language),
        cmocka_unit_test(of_a_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
