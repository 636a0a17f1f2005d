/* metrics_page.h - a page of Prometheus text, read: what `wiredesk top` sees of a daemon.
 *
 * Owns:   a page owns its text and its list.
 * Thread: one.
 * Source: Prometheus text exposition format 0.0.4, as metrics.c writes it. */
#ifndef WD_METRICS_PAGE_H
#define WD_METRICS_PAGE_H

#include "buffer.h"
#include "slice.h"

#include <stdbool.h>

struct wd_sample {
    struct wd_slice name;
    struct wd_slice labels; /* between the braces */
    double value;
};

struct wd_metrics_page {
    struct wd_buffer text;
    struct wd_sample *samples;
    size_t count;
};

/* Takes `text` over. Lines that are no samples are passed over; false without memory. */
bool wd_metrics_page_read(struct wd_metrics_page *page, struct wd_buffer *text);
void wd_metrics_page_finish(struct wd_metrics_page *page);
/* The value of a label with its escapes, or an empty slice. */
struct wd_slice wd_sample_label(const struct wd_sample *sample, const char *name);
/* True when each label in `labels` (`a="1",b="2"`, "" for any) is one of the sample's. */
bool wd_sample_has(const struct wd_sample *sample, struct wd_slice labels);
/* Sum over all samples of this name with these labels. */
double wd_metrics_page_sum(const struct wd_metrics_page *page, const char *name,
                           struct wd_slice labels);
double wd_metrics_page_max(const struct wd_metrics_page *page, const char *name,
                           struct wd_slice labels);
/* The `share` quantile of what a histogram (name without _bucket) got between two pages (`before` may
 * be NULL: since the start): the upper bound of its bucket; negative when it got nothing. */
double wd_metrics_page_quantile(const struct wd_metrics_page *before,
                                const struct wd_metrics_page *now, const char *name,
                                struct wd_slice labels, double share);

#endif
