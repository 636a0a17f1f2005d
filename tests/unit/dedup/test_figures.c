/* Two services print a company's notices: those of two days differ in their figures, and are no versions. Invented. */
#include "copy_desk.h"

#define HOUR_MS INT64_C(3600000)

static const char *const monday[] = {"10 February 2025", "41,200",  "311.50p",
                                     "316.00p",          "314.22p", "212,880,145"};
static const char *const wednesday[] = {"12 February 2025", "44,010",  "315.00p",
                                        "321.00p",          "318.04p", "212,797,385"};

static void write_notice(char *out, size_t size, const char *const n[6])
{
    (void)snprintf(
        out, size,
        "Oddmoor Water plc. The Company announces that on %s it purchased the following number of "
        "its ordinary shares through Harker Vane Securities. Number of shares purchased: %s. "
        "Lowest price paid: %s. Highest price paid: %s. Average price: %s. Following the "
        "cancellation it will have %s ordinary shares in issue, which figure may be used by "
        "shareholders as the denominator for the calculations by which they determine whether "
        "they have to notify their interest.",
        n[0], n[1], n[2], n[3], n[4], n[5]);
}

static bool joins(const char *const first[6], const char *const second[6])
{
    const int64_t first_ms = INT64_C(1793178317000); /* 2026-10-28T09:05:17Z */
    char body[2][2048];
    write_notice(body[0], sizeof(body[0]), first);
    write_notice(body[1], sizeof(body[1]), second);
    const struct desk_copy a = {"Oddmoor Water: Transaction in Own Shares", body[0], first_ms};
    const struct desk_copy b = {"Oddmoor Water PLC - Transaction in Own Shares", body[1],
                                first_ms + 2 * HOUR_MS};
    return desk_joins_between("regfeed", &a, "boardroom", &b);
}

static void notices_of_two_days(void **unused)
{
    (void)unused;
    assert_false(joins(monday, wednesday));
    assert_false(joins(wednesday, monday));
}

static void the_same_notice(void **unused)
{
    (void)unused;
    assert_true(joins(monday, monday));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_of_two_days),
        cmocka_unit_test(the_same_notice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
