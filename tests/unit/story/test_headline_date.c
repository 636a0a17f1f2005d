/* Which day a headline names. */
#include "test.h"

#include "headline_date.h"

static void check(const char *headline, const char *want)
{
    struct wd_slice day = wd_headline_find_day(wd_slice_from(headline));
    if (!wd_slice_is(day, want))
        fail_msg("%s: \"%.*s\", not \"%s\"", headline, WD_SLICE_ARG(day), want);
}

static void days(void **state)
{
    (void)state;
    check("Weather for 14 February", "14");
    check("Departures at a glance, Feb. 3, 2023", "3");
    check("(31 Dec) Seatown tides", "31");
    check("Wetter am 5. M\u00E4rz", "5");
    check("El tiempo del 9 de octubre", "9");
    check(
        "\u041A\u0443\u0440\u0441 \u043D\u0430 20 \u0441\u0435\u043D\u0442\u044F\u0431\u0440\u044F",
        "20");
    check("Lottery, 7 May", "7");
    check("Lottery, 7 May 2024", "7");
    check("May 8: what to know", "8");
}

static void days_of_numbers(void **state)
{
    (void)state;
    check("Kurs na 10.03.2026", "10");
    check("Menu, 16.11.2019: soup", "16");
    check("Offers of 15/11/2019", "15");
    check("Industry News Week 11/15/19", "15");
    check("Rates 2026-03-09", "09");
    check("Version 10.15.7, tides 3.4.2026", "3");
    check("3月5日の天気", "5");
    check("5日の天気　北浜", "5");
    check("１７日の天気", "１７");
    check("[오늘의 경기] 2019년 11월 9일", "9");
    check("3月31日", "31");
}

static void no_days_of_numbers(void **state)
{
    (void)state;
    check("Final 10.15.7 is out", "");
    check("32.01.2026", "");
    check("10.13.1", "");
    check("13.13.2026", "");
    check("1.200.300 dinars", "");
    check("3日間の祭り", "");
    check("45日の旅", "");
    check("日の出", "");
    check("5일간 폭우", "");
    check("10/03-2026", "");
}

static void no_days(void **state)
{
    (void)state;
    assert_int_equal(wd_headline_find_day(WD_SLICE_NONE).len, 0);
    check("", "");
    check("14", "");
    check("February", "");
    check("14 may be dead in ferry accident", "");
    check("12 march against harbour tax", "");
    check("45 February storms", "");
    check("014 February", "");
    check("A14 February closures", "");
    check("Death toll rises to 14", "");
    check("14 de", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(days), cmocka_unit_test(days_of_numbers),
                                       cmocka_unit_test(no_days_of_numbers),
                                       cmocka_unit_test(no_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
