/* What one provider sends in a row in one minute, of one form: siblings, no versions. Ports and ferries are invented. */
#include "copy_desk.h"

/* 2026-10-28T09:05:17Z, and noon of that day, as dates without a time of day may say. */
static const int64_t morning = INT64_C(1793178317000);
static const int64_t noon = INT64_C(1793188800000);

enum { SECOND = 1000, MINUTE = 60 * 1000 };

static const char *const quayside[] = {"06:40", "214", "07:25", "330", "09:10", "118", "64", "17"};
static const char *const marleigh[] = {"05:55", "92", "08:35", "276", "09:10", "411", "38", "17"};
static const char *const quayside_mended[] = {"06:40", "214", "07:25", "330",
                                              "09:20", "118", "64",    "17"};

static void write_board(char *out, size_t size, const char *const n[8])
{
    (void)snprintf(
        out, size,
        "This is how the ferries are expected to leave this morning, by what the harbour office "
        "knows. The boat to the Outer Skerries is to leave at %s with room for %s travellers. The "
        "boat to Tolland and Pellow is to leave at %s with room for %s travellers. The express to "
        "the mainland is to leave at %s with room for %s travellers. Cars that are booked have to "
        "stand at the ramp %s minutes before that. Whoever has no ticket can buy one on board, "
        "and gates close %s minutes before a boat leaves. The office asks travellers to look at "
        "the boards once more before they set out, since wind may change all of it.",
        n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
}

/* Whether the second board joins the first. */
static bool boards_join(const char *const first[8], int64_t first_ms, const char *const second[8],
                        int64_t second_ms)
{
    char body[2][2048];
    write_board(body[0], sizeof(body[0]), first);
    write_board(body[1], sizeof(body[1]), second);
    const struct desk_copy a = {"Quayside harbour: ferries this morning", body[0], first_ms};
    const struct desk_copy b = {second == marleigh ? "Marleigh harbour: ferries this morning"
                                                   : "Quayside harbour: ferries this morning",
                                body[1], second_ms};
    return desk_joins(&a, &b);
}

static void two_boards_of_one_minute(void **unused)
{
    (void)unused;
    assert_false(boards_join(quayside, morning, marleigh, morning));
    assert_false(boards_join(quayside, morning, marleigh, morning + 70 * SECOND));
    assert_false(boards_join(marleigh, morning, quayside, morning));
    /* In either order of arrival; one of the two has a full quarter of an hour. */
    assert_false(boards_join(quayside, noon + MINUTE, marleigh, noon));
    assert_false(boards_join(quayside, noon, marleigh, noon + MINUTE));
}

/* Sent again at once because one time was wrong. */
static void a_board_that_is_mended(void **unused)
{
    (void)unused;
    assert_true(boards_join(quayside, morning, quayside_mended, morning));
    assert_true(boards_join(quayside, morning, quayside_mended, morning + 70 * SECOND));
}

/* A day, or no time at all, does not say that the two were sent at once. */
static void dates_without_a_time_of_day(void **unused)
{
    (void)unused;
    assert_true(boards_join(quayside, noon, marleigh, noon) ==
                boards_join(quayside, morning, marleigh, morning + 30 * MINUTE));
    assert_true(boards_join(quayside, 0, marleigh, 0) ==
                boards_join(quayside, morning, marleigh, morning + 30 * MINUTE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_boards_of_one_minute),
        cmocka_unit_test(a_board_that_is_mended),
        cmocka_unit_test(dates_without_a_time_of_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
