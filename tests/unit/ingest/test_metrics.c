/* The Prometheus page. */
#include "test.h"

#include "metrics.h"

static bool has(struct wd_metrics *metrics, const char *text)
{
    struct wd_buffer page;
    wd_buffer_init(&page);
    wd_metrics_render(metrics, &page);
    wd_buffer_append_byte(&page, '\0');
    bool found = strstr(page.data, text) != NULL;
    wd_buffer_finish(&page);
    return found;
}

static void page(void **state)
{
    (void)state;
    struct wd_metrics *metrics = wd_metrics_create();
    struct wd_counter *counter = wd_metrics_counter(metrics, "t_total", "Help.", "a=\"1\"");
    wd_counter_add(counter, 41);
    wd_counter_add(wd_metrics_counter(metrics, "t_total", "Other help.", "a=\"1\""), 1);
    wd_counter_add(wd_metrics_counter(metrics, "t_total", "Help.", "a=\"2\""), 7);
    wd_gauge_set(wd_metrics_gauge(metrics, "g", "Help.", "", 1000), -1500);
    struct wd_histogram *histogram = wd_metrics_histogram(metrics, "h", "Help.", "");
    wd_histogram_add(histogram, 500);        /* up to 1 us */
    wd_histogram_add(histogram, 3000);       /* up to 4 us */
    wd_histogram_add(histogram, 1ull << 62); /* +Inf */
    assert_true(has(
        metrics,
        "# HELP t_total Help.\n# TYPE t_total counter\nt_total{a=\"1\"} 42\nt_total{a=\"2\"} 7\n"));
    assert_true(has(metrics, "# TYPE g gauge\ng{} -1.500000\n"));
    assert_true(has(metrics, "h_bucket{le=\"0.000004\"} 2\n") &&
                has(metrics, "h_bucket{le=\"0.000001\"} 1\n"));
    assert_true(has(metrics, "h_bucket{le=\"+Inf\"} 3\n"));
    assert_true(has(metrics, "h_count{} 3\n"));
    wd_metrics_hide(metrics, "a=\"2\"");
    assert_false(has(metrics, "a=\"2\""));
    assert_true(has(metrics, "a=\"1\""));
    char label[32];
    wd_metrics_label(label, sizeof(label), "a\"b\\c\nd");
    assert_string_equal(label, "a\\\"b\\\\c\\nd");
    wd_metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
