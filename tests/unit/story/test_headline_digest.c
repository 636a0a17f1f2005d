/* Which headlines name a digest and nothing else. */
#include "test.h"

#include "digest_titles.h"
#include "headline_digest.h"
#include "text.h"

static void check(const char *headline, bool want)
{
    struct wd_buffer scratch;
    wd_buffer_init(&scratch);
    bool got = wd_headline_names_digest(wd_slice_from(headline), &scratch);
    wd_buffer_finish(&scratch);
    if (got != want)
        fail_msg("%s: %s", headline, want ? "no digest" : "a digest");
}

/* The list is searched by halves: in order, and in the form that a headline is brought to. */
static void titles(void **state)
{
    (void)state;
    struct wd_buffer form;
    wd_buffer_init(&form);
    for (size_t i = 0; i < sizeof(digest_titles) / sizeof(digest_titles[0]); i++) {
        if (i > 0 && strcmp(digest_titles[i - 1], digest_titles[i]) >= 0)
            fail_msg("%s is out of order", digest_titles[i]);
        wd_buffer_clear(&form);
        wd_text_append_normalized(&form, wd_slice_from(digest_titles[i]));
        assert_slice_equal(wd_buffer_slice(&form), digest_titles[i]);
        check(digest_titles[i], true);
    }
    wd_buffer_finish(&form);
}

static void digests(void **state)
{
    (void)state;
    static const char *const headlines[] = {
        "News in brief",
        "NEWS IN BRIEF",
        "News round-up",
        "News Roundup for Tuesday",
        "News in brief, Tuesday 3 March 2024",
        "News in brief \u2013 March 3rd",
        "News in brief (3/4/2024)",
        "UPDATE 2-News in brief",
        "Today\u2019s top stories",
        "Five things to know this Friday",
        "Kurz gemeldet",
        "Kurz gemeldet vom 5. M\u00E4rz",
        "Nachrichten in K\u00FCrze",
        "L'essentiel du jour",
        "L\u2019ESSENTIEL DU JOUR",
        "L'essentiel du jour, mardi 3 mars",
        "Resumen del d\u00EDa, 3 de mayo de 2024",
        "Resumo do dia: quarta-feira, 3 de abril",
        "Notizie in breve",
        "Nieuws in het kort",
        "G\u00FCn\u00FCn \u00F6ne \u00E7\u0131kan haberleri (23 A\u011Fustos)",
        "\u0413\u043B\u0430\u0432\u043D\u043E\u0435 \u0437\u0430 \u0434\u0435\u043D\u044C",
        ("\u0413\u043B\u0430\u0432\u043D\u043E\u0435 \u0437\u0430 \u0434\u0435\u043D\u044C, 12 "
         "\u043C\u0430\u0440\u0442\u0430"),
        "\u4ECA\u65E5\u8981\u95FB",
        "\u3010\u4ECA\u65E5\u8981\u95FB\u301110\u670822\u65E5 \u661F\u671F\u4E00",
        "\u4ECA\u65E5\u306E\u30CB\u30E5\u30FC\u30B9\uFF083\u67085\u65E5\uFF09",
        "\uAC04\uCD94\uB9B0 \uB274\uC2A4 3\uC6D4 5\uC77C",
    };
    for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++)
        check(headlines[i], true);
}

static void stories(void **state)
{
    (void)state;
    static const char *const headlines[] = {
        "",
        "In",
        "News",
        "12 March",
        "In brief: minister resigns",
        "News in brief: minister resigns",
        "News in brief minister resigns on Tuesday",
        "News briefs editors for Tuesday's vote",
        "News in briefs",
        "Tuesday",
        "Round-up of wild horses begins",
        "Roundup weedkiller: what the court said",
        "Breves siglos de oro",
        "Morning briefing held after crash",
        "Top stories from a long life",
        "In Brief Encounter she played the lead",
        "L'essentiel du jour est sauf",
        "Kurz gemeldet, lange vergessen",
        "Der Tag im \u00DCberblick: Minister tritt zur\u00FCck",
        "Resumo do dia em que a ponte caiu",
        "\u0413\u043B\u0430\u0432\u043D\u043E\u0435 \u0437\u0430 \u0434\u0435\u043D\u044C: "
        "\u043C\u043E\u0441\u0442 "
        "\u0437\u0430\u043A\u0440\u044B\u0442",
        "\u4ECA\u65E5\u8981\u95FB\u62A5\u9053\u6389\u843D",
    };
    for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++)
        check(headlines[i], false);
    char longer[200];
    memset(longer, ' ', sizeof(longer));
    memcpy(longer, "News in brief", strlen("News in brief"));
    longer[sizeof(longer) - 1] = '\0';
    check(longer, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles),
        cmocka_unit_test(digests),
        cmocka_unit_test(stories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
