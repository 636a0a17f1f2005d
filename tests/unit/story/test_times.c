#include "test.h"

#include "times.h"

static struct wd_zone *denver;

static int open_zone(void **state)
{
    (void)state;
    struct wd_error error;
    wd_error_init(&error);
    return wd_zone_open("America/Denver", &denver, &error) == WD_OK ? 0 : -1;
}

static int close_zone(void **state)
{
    (void)state;
    wd_zone_destroy(denver);
    return 0;
}

static const char *formatted(const char *text, uint16_t *flags)
{
    static char out[WD_TIME_TEXT_SIZE];
    struct wd_time time = wd_time_parse(wd_slice_from(text), denver);
    *flags = time.flags;
    out[0] = '\0';
    if (wd_time_known(time))
        (void)wd_time_format(time, out);
    return out;
}

static void spellings(void **state)
{
    static const struct {
        const char *text, *want;
        unsigned flags;
    } cases[] = {
        {"October 20, 2012 07:20PM", "2012-10-20T19:20:00-06:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"Oct. 20, 2012 7:20 p.m. MDT", "2012-10-20T19:20:00-06:00", WD_TIME_KNOWN},
        {"20.10.2012, 19:20 Uhr", "2012-10-20T19:20:00-06:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"20 October 2012 19:20", "2012-10-20T19:20:00-06:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2012-10-20 19:20", "2012-10-20T19:20:00-06:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"5 mars 2024 \u00E0 07h30", "2024-03-05T07:30:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"5 de marzo de 2024, 08:15", "2024-03-05T08:15:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"05/03/2024 \u00E0 07:30", "2024-03-05T07:30:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"3/14/2024 6:30 AM", "2024-03-14T06:30:00-06:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"Mon 4 Mar 2024 06.30 GMT", "2024-03-04T06:30:00Z", WD_TIME_KNOWN},
        {"2024\u5E743\u67081\u65E5 7\u664210\u5206", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2024\u5E7403\u670801\u65E5 14:05:30", "2024-03-01T14:05:30-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2024\u5E743\u67081\u65E5(\u91D1) \u5348\u5F8C2\u664205\u5206",
         "2024-03-01T14:05:00-07:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2024.03.01. \uC624\uD6C4 2:05", "2024-03-01T14:05:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2024\uB144 3\uC6D4 1\uC77C \uC624\uC804 7\uC2DC 10\uBD84", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2024/03/01 07:10", "2024-03-01T07:10:00-07:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"1. mars 2024, kl. 07.10", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"1. maaliskuuta 2024 klo 7.10", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"01.03.2024 - 07:10", "2024-03-01T07:10:00-07:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2024. m\u00E1rcius 1. 7:10", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"vendredi 1 mars 2024 \u00E0 07:10", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"sexta-feira, 1 de mar\u00E7o de 2024, 07:10", "2024-03-01T07:10:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"March 01, 2024 07:10 pm IST", "2024-03-01T19:10:00+05:30", WD_TIME_KNOWN},
        {"6:30 a.m. ET March 4, 2024", "2024-03-04T06:30:00-05:00", WD_TIME_KNOWN},
        {"6:30 a.m. ET March 10, 2024", "2024-03-10T06:30:00-04:00", WD_TIME_KNOWN},
        {"6:30 a.m. PT November 3, 2024", "2024-11-03T06:30:00-08:00", WD_TIME_KNOWN},
        {"20121020T192000-0600", "2012-10-20T19:20:00-06:00", WD_TIME_KNOWN},
        {"Sat, 20 Oct 2012 19:20:00 +0000 (UTC)", "2012-10-20T19:20:00Z", WD_TIME_KNOWN},
        {"2012-10-20T19:20:00.123Z", "2012-10-20T19:20:00.123Z", WD_TIME_KNOWN},
        {"2012-10-20", "2012-10-20T00:00:00-06:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED | WD_TIME_DATE_ONLY},
        {"February 29, 2012 12:00AM", "2012-02-29T00:00:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"03-08-24 0112GMT", "2024-03-08T01:12:00Z", WD_TIME_KNOWN},
        {"03-08-68 0112GMT", "2068-03-08T01:12:00Z", WD_TIME_KNOWN},
        {"03-08-69 0112GMT", "1969-03-08T01:12:00Z", WD_TIME_KNOWN},
        {"03-08-24 0112", "2024-03-08T01:12:00-07:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"070112 GMT Maerz 24", "2024-03-07T01:12:00Z", WD_TIME_KNOWN},
        {"070112 GMT Mrz 24", "2024-03-07T01:12:00Z", WD_TIME_KNOWN},
        {"311859 Dez 23", "2023-12-31T18:59:00-07:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"7. M\xC3\xA4rz 2024, 10:15 Uhr MEZ", "2024-03-07T10:15:00+01:00", WD_TIME_KNOWN},
        {"Donnerstag, 07.\xC2\xA0Mai 2024", "", WD_TIME_INVALID},
        {"Thu, 7 Mar 24 10:00:00 EST", "2024-03-07T10:00:00-05:00", WD_TIME_KNOWN},
        {"7 Mar 99 10:00 GMT", "1999-03-07T10:00:00Z", WD_TIME_KNOWN},
        {"Thu, 07 Mar 2024 10:00:00", "2024-03-07T10:00:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"Thu, 07 Mar 2024 10:00:00 PDT", "2024-03-07T10:00:00-07:00", WD_TIME_KNOWN},
        {"Thu Mar  7 10:00:00 2024", "2024-03-07T10:00:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"20210516T090004", "2021-05-16T09:00:04-06:00", WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
        {"2021-05-16T09:00:04+00:00", "2021-05-16T09:00:04Z", WD_TIME_KNOWN},
        {"20210516T080625Z", "2021-05-16T08:06:25Z", WD_TIME_KNOWN},
        {"2021-05-16T08:06Z", "2021-05-16T08:06:00Z", WD_TIME_KNOWN},
        {"2016-10", "", WD_TIME_INVALID},
        {"3/4/2024 6:30 AM", "", WD_TIME_INVALID}, /* of March or of April? */
        {"20.13.2012", "", WD_TIME_INVALID},
        {"1.2.3.2012", "", WD_TIME_INVALID},
        {"2016", "", WD_TIME_INVALID},
        {"0000-00-00", "", WD_TIME_INVALID},
        {"YYYYMMDD000000-HHMM", "", WD_TIME_INVALID},
        {"13-08-24 0112GMT", "", WD_TIME_INVALID},
        {"03-08-24 2512GMT", "", WD_TIME_INVALID},
        {"320112 GMT Maerz 24", "", WD_TIME_INVALID},
        {"070112 GMT Quintember 24", "", WD_TIME_INVALID},
        {"AP-WF-03-08-24 0112GMT", "", WD_TIME_INVALID},
        {"December 31, 2012 12:30PM", "2012-12-31T12:30:00-07:00",
         WD_TIME_KNOWN | WD_TIME_ZONE_ASSUMED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint16_t flags = 0;
        assert_string_equal(formatted(cases[i].text, &flags), cases[i].want);
        assert_int_equal(flags, cases[i].flags);
    }
}

static void no_times(void **state)
{
    static const char *const texts[] = {
        "0000-01-01",           "9999-12-31T00:00:00Z", "2011-02-29",           "yesterday",
        "2012-10-20T25:00:00Z", "13:00PM May 4, 2012",  "2012-13-01T00:00:00Z", "12"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(wd_time_parse(wd_slice_from(texts[i]), denver).flags, WD_TIME_INVALID);
    assert_int_equal(wd_time_parse(WD_SLICE("  "), denver).flags, 0);
}

/* In 2012 Denver's clocks went from 02:00 to 03:00 on March 11 and from 02:00 to 01:00 on November 4. */
static void clock_changes(void **state)
{
    uint16_t flags = 0;
    (void)state;
    assert_string_equal(formatted("2012-03-11T02:30", &flags), "2012-03-11T03:30:00-06:00");
    assert_true(flags & WD_TIME_GAP);
    assert_string_equal(formatted("2012-11-04T01:30", &flags), "2012-11-04T01:30:00-06:00");
    assert_true(flags & WD_TIME_FOLD);
    assert_string_equal(formatted("2012-11-04T02:30", &flags), "2012-11-04T02:30:00-07:00");
    assert_false(flags & (WD_TIME_GAP | WD_TIME_FOLD));
}

static void zones(void **state)
{
    struct wd_error error;
    struct wd_zone *zone = NULL;
    (void)state;
    wd_error_init(&error);
    assert_int_equal(wd_zone_open("America/Nowhere", &zone, &error), WD_NOT_FOUND);
    assert_int_equal(wd_zone_open("GMT+5", &zone, &error), WD_NOT_FOUND);
    assert_int_equal(wd_zone_open("", &zone, &error), WD_NOT_FOUND);
    assert_int_equal(wd_zone_offset_at(denver, 1350782400000), -360); /* 2012-10-21 */
    assert_int_equal(wd_zone_offset_at(denver, 1356998400000), -420); /* 2013-01-01 */
}

static void printed(int64_t ms, int offset_minutes, const char *want)
{
    char text[WD_TIME_TEXT_SIZE];
    struct wd_time time = wd_time_from_ms(ms);
    time.offset_minutes = (int16_t)offset_minutes;
    assert_int_equal(wd_time_format(time, text), strlen(want));
    assert_string_equal(text, want);
}

static void formatting(void **state)
{
    (void)state;
    printed(0, 0, "1970-01-01T00:00:00Z");
    printed(-1, 0, "1969-12-31T23:59:59.999Z");
    printed(1350782400000, -360, "2012-10-20T19:20:00-06:00");
    printed(1350782400007, 345, "2012-10-21T07:05:00.007+05:45");
    printed(INT64_MAX, 0, "9999-12-31T23:59:59.999Z"); /* what a producer may put on a record */
    printed(INT64_MIN, -60, "0000-01-01T00:00:00-01:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formatting), cmocka_unit_test(spellings),
                                       cmocka_unit_test(no_times), cmocka_unit_test(clock_changes),
                                       cmocka_unit_test(zones)};
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
