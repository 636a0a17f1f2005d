/* Copy that does not say its language: found where it can be told, left to the option where it cannot. */
#include "entities_run.h"

#include "language.h"

#include <stdlib.h>

static const char english[] = "The ferry company said on Tuesday that it would cut two of its five "
                              "daily crossings to the island "
                              "because too few passengers had booked for the winter.\n";
static const char spanish[] = "La naviera dijo el martes que suprimirá dos de sus cinco travesías "
                              "diarias entre Noruega y la isla "
                              "porque muy pocos pasajeros han reservado para el invierno, según el "
                              "ministro Aurelio Pampín.\n";
static const char russian[] =
    "Паромная компания сообщила во вторник, что отменит два из пяти ежедневных рейсов на остров, "
    "потому что зимой слишком мало пассажиров.\n";
static const char japanese[] =
    "フェリー会社は火曜日、冬の予約が少なすぎるため、島への1日5便のうち2便を取りやめると発表した。"
    "EUの補助金は来年終わる見通しだ。\n";
static const char results[] =
    "Beşiktaş 3 (Tolgahan Uysal 3, Kleberinho 45) Trabzonspor 3 (Yattabaré Sow 9, 81)\n"
    "Konyaspor 2 (Zafer Demirkıran 11, Mokake 50) Rizespor 2 (Kürşat Altıparmak 64)\n";

static struct wd_slice found(const char *copy)
{
    static struct wd_buffer scratch;
    static char language[WD_LANGUAGE_CODE_BYTES];
    struct wd_tagger_text text = {WD_FIELD_BODY, 0, wd_slice_from(copy)};
    wd_buffer_init(&scratch);
    struct wd_slice code = wd_language_find(&text, 1, &scratch, language);
    wd_buffer_finish(&scratch);
    return code;
}

static void told_by_the_copy(void **state)
{
    (void)state;
    assert_slice_equal(found(english), "en");
    assert_slice_equal(found(spanish), "es");
    assert_slice_equal(found(russian), "ru");
    assert_slice_equal(found(japanese), "ja");
    assert_slice_equal(found("החברה אמרה ביום שלישי שהיא תבטל שתיים מחמש ההפלגות היומיות אל האי."),
                       "he");
}

static void not_told(void **state)
{
    (void)state;
    assert_slice_equal(found(""), "");
    assert_slice_equal(found("el martes dijo"), ""); /* too short */
    assert_slice_equal(found(results), "");          /* names only */
    assert_slice_equal(
        found("LA NAVIERA DIJO EL MARTES QUE CANCELARÁ DOS TRAVESÍAS DIARIAS A LA ISLA"), "");
    assert_slice_equal(
        found("1,200 3.5 17-3-48-1 100.0 +0.3% 19:00 2-1 4:12.7 88.2 1,004 9.9 8.1 7"), "");
}

/* The names of a report are of another language than its words. */
static void names_do_not_count(void **state)
{
    (void)state;
    char copy[1024];
    (void)snprintf(
        copy, sizeof(copy), "%s%s", results,
        "The champions drew again and have now gone four games without a win, their coach said.");
    assert_slice_equal(found(copy), "en");
}

/* Long copy: a megabyte without a blank, one of names, and characters cut at the limit. */
static void long_copy(void **state)
{
    (void)state;
    enum { BYTES = 1 << 20 };
    char *copy = malloc(BYTES + 1);
    assert_non_null(copy);
    memset(copy, 'x', BYTES);
    copy[BYTES] = '\0';
    (void)found(copy);
    for (size_t i = 0; i < BYTES; i += 4)
        memcpy(copy + i, "Ab, ", 4);
    assert_slice_equal(found(copy), "");
    for (size_t shift = 0; shift < 4; shift++) {
        memset(copy, ' ', shift);
        for (size_t i = 0; i + shift + 3 < 9000; i += 3)
            memcpy(copy + shift + i, "の", 3);
        copy[9000 - shift] = '\0';
        while (!wd_utf8_valid(wd_slice_from(copy), NULL))
            copy[strlen(copy) - 1] = '\0';
        assert_slice_equal(found(copy), "ja");
    }
    free(copy);
}

static void untagged_stories(void **state)
{
    (void)state;
    static const struct {
        const char *copy, *language;
    } cases[] = {{spanish, "es"}, {russian, "ru"}, {japanese, "ja"}};
    struct run run = run_begin(
        "\"lists\": [{\"name\": \"l\", \"entries\": [{\"name\": \"Aurelio Pampín\", \"id\": "
        "\"x:1\","
        " \"type\": \"person\"}, {\"name\": \"EU\", \"id\": \"x:2\"}, {\"name\": \"Паромная\"}]}]");
    for (size_t i = 0; i < 3; i++) {
        wd_story_reset(run.story);
        run_story(&run, "", cases[i].copy);
        const struct wd_tagging *tagging = &run.story->tagging;
        assert_slice_equal(tagging->language, cases[i].language);
        assert_true(tagging->detected);
        assert_int_equal(tagging->model.len, 0);
        assert_non_null(memmem(tagging->note.data, tagging->note.len, "gazetteer only", 14));
        for (size_t k = 0; k < run.story->entity_count; k++)
            assert_false(wd_slice_is(run.story->entities[k].source, "model"));
        if (i ==
            0) { /* a list's person, the gazetteer's country in its Spanish name or not at all */
            ids_are(named_by(&run, "Aurelio Pampín", 0), "x:1");
        } else {
            assert_int_equal(run.story->entity_count, 1);
        }
    }
    wd_story_reset(run.story);
    run_story(&run, "", english);
    assert_slice_equal(run.story->tagging.language, "en");
    assert_slice_equal(run.story->tagging.model, "built-in");
    wd_story_reset(run.story);
    run.story->language = WD_SLICE("en-GB"); /* the provider goes before the copy */
    run_story(&run, "", spanish);
    assert_slice_equal(run.story->tagging.language, "en");
    assert_false(run.story->tagging.detected);
    wd_story_reset(run.story);
    run.story->language = WD_SLICE("ENG"); /* however it is spelled */
    run_story(&run, "", english);
    assert_slice_equal(run.story->tagging.language, "en");
    assert_slice_equal(run.story->tagging.model, "built-in");
    wd_story_reset(run.story);
    run.story->language = WD_SLICE("mul"); /* says none */
    run_story(&run, "", spanish);
    assert_slice_equal(run.story->tagging.language, "es");
    assert_true(run.story->tagging.detected);
    run_end(&run);
}

static void the_option_decides(void **state)
{
    (void)state;
    struct run run = run_begin("\"language_detect\": false");
    run_story(&run, "", spanish);
    assert_slice_equal(run.story->tagging.language, "en");
    assert_false(run.story->tagging.detected);
    run_end(&run);
    run = run_begin("\"language\": \"fr\"");
    run_story(&run, "", results);
    assert_slice_equal(run.story->tagging.language, "fr");
    run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_by_the_copy),   cmocka_unit_test(not_told),
        cmocka_unit_test(names_do_not_count), cmocka_unit_test(long_copy),
        cmocka_unit_test(untagged_stories),   cmocka_unit_test(the_option_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
