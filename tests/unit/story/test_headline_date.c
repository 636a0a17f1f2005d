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
    const struct CMUnitTest tests[] = {cmocka_unit_test(days), cmocka_unit_test(no_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
