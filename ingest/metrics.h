/* metrics.h - counters, gauges and histograms, and their Prometheus text.
 *
 * Why:    lanes count without locks; the admin server reads at any time.
 * Owns:   a set owns its series; they live as long as the set.
 * Thread: finding a series takes a lock (do it once, keep the pointer); adding is a relaxed atomic;
 *         rendering may run on any thread.
 * Source: Prometheus text exposition format 0.0.4. */
#ifndef WD_METRICS_H
#define WD_METRICS_H

#include "buffer.h"

#include <stdatomic.h>
#include <stdint.h>

struct wd_counter {
    _Atomic uint64_t value;
};
struct wd_gauge {
    _Atomic int64_t value; /* in units of 1/scale, see wd_metrics_gauge */
};
/* Durations: powers of two of a microsecond from 1 us to 2^(n-1) us, then +Inf. */
enum { WD_HISTOGRAM_BUCKETS = 28 };
struct wd_histogram {
    _Atomic uint64_t buckets[WD_HISTOGRAM_BUCKETS]; /* not cumulative */
    _Atomic uint64_t sum_ns;
};

struct wd_metrics;

struct wd_metrics *wd_metrics_create(void);
void wd_metrics_destroy(struct wd_metrics *metrics);

/* Finds or makes a series. `name` as Prometheus wants it ("wiredesk_records_in_total"), `help` of
 * the first caller counts, `labels` is the text between the braces (`pipeline="news",lane="0"`,
 * values escaped with wd_metrics_label) or "". Never NULL: out of memory gives a series that is not
 * shown. */
struct wd_counter *wd_metrics_counter(struct wd_metrics *metrics, const char *name,
                                      const char *help, const char *labels);
/* Shown as value / scale. */
struct wd_gauge *wd_metrics_gauge(struct wd_metrics *metrics, const char *name, const char *help,
                                  const char *labels, int64_t scale);
struct wd_histogram *wd_metrics_histogram(struct wd_metrics *metrics, const char *name,
                                          const char *help, const char *labels);
/* Takes series off the page whose labels contain `needle` (a partition that went away). The memory
 * stays: pointers remain valid, and finding it again brings it back. */
void wd_metrics_hide(struct wd_metrics *metrics, const char *needle);
/* Escapes a label value into `out` (backslash, quote, line feed), always with a NUL. */
void wd_metrics_label(char *out, size_t out_size, const char *value);

static inline void wd_counter_add(struct wd_counter *counter, uint64_t n)
{
    atomic_fetch_add_explicit(&counter->value, n, memory_order_relaxed);
}
static inline void wd_gauge_set(struct wd_gauge *gauge, int64_t value)
{
    atomic_store_explicit(&gauge->value, value, memory_order_relaxed);
}
void wd_histogram_add(struct wd_histogram *histogram, uint64_t ns);
/* Appends the whole page. */
void wd_metrics_render(struct wd_metrics *metrics, struct wd_buffer *out);

#endif
