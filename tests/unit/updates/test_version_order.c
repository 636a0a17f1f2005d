/* Which of two versions is the newer one, by what their format promises. */
#include "test.h"

#include "version_order.h"

static struct wd_version_mark mark(const char *label, enum wd_version_order order, int64_t time_ms)
{
    return (struct wd_version_mark){wd_slice_from(label), order, time_ms >= 0,
                                    time_ms >= 0 ? time_ms : 0};
}

static int compare(struct wd_version_mark a, struct wd_version_mark b, enum wd_version_basis wanted)
{
    enum wd_version_basis basis = WD_BASIS_NONE;
    int order = wd_version_compare(a, b, &basis);
    assert_int_equal(basis, wanted);
    assert_int_equal(wd_version_compare(b, a, &basis), -order);
    return order;
}

static void labels(void **state)
{
    (void)state;
    assert_true(wd_version_compare_labels(WD_SLICE("9"), WD_SLICE("10")) < 0);
    assert_true(wd_version_compare_labels(WD_SLICE("2.10"), WD_SLICE("2.9")) > 0);
    assert_int_equal(wd_version_compare_labels(WD_SLICE("007"), WD_SLICE("7")), 0);
    assert_true(wd_version_compare_labels(WD_SLICE("2"), WD_SLICE("2.1")) < 0);
    assert_true(wd_version_compare_labels(WD_SLICE("99999999999999999999998"),
                                          WD_SLICE("99999999999999999999999")) < 0);
}

static void numbers_go_before_times(void **state)
{
    (void)state;
    enum wd_version_order number = WD_VERSION_ORDER_NUMBER;
    assert_true(compare(mark("2", number, 50), mark("1", number, 90), WD_BASIS_VERSION) > 0);
    assert_true(compare(mark("2", number, 50), mark("2", number, 90), WD_BASIS_TIME) < 0);
    assert_true(compare(mark("", number, 50), mark("2", number, 40), WD_BASIS_TIME) > 0);
    assert_int_equal(compare(mark("2", number, -1), mark("2", number, 40), WD_BASIS_VERSION), 0);
}

static void hints_go_behind_times(void **state)
{
    (void)state;
    enum wd_version_order hint = WD_VERSION_ORDER_HINT;
    assert_true(compare(mark("2", hint, 50), mark("1", hint, 90), WD_BASIS_TIME) < 0);
    assert_true(compare(mark("2", hint, 50), mark("1", hint, 50), WD_BASIS_VERSION) > 0);
    assert_true(compare(mark("2", hint, -1), mark("1", hint, 50), WD_BASIS_VERSION) > 0);
    assert_true(compare(mark("2", WD_VERSION_ORDER_NUMBER, 50), mark("1", hint, 90),
                        WD_BASIS_TIME) < 0); /* the weaker promise counts */
}

static void names_order_nothing(void **state)
{
    (void)state;
    enum wd_version_order none = WD_VERSION_ORDER_NONE;
    assert_int_equal(compare(mark("2", none, -1), mark("1", none, 50), WD_BASIS_NONE), 0);
    assert_true(compare(mark("1", none, 60), mark("2", none, 50), WD_BASIS_TIME) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels),
        cmocka_unit_test(numbers_go_before_times),
        cmocka_unit_test(hints_go_behind_times),
        cmocka_unit_test(names_order_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
