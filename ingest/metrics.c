#include "metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { COUNTER, GAUGE, HISTOGRAM };

struct series {
    struct series *next; /* of the same family, in order of labels */
    char *labels;
    _Atomic bool hidden;
    union {
        struct wd_counter counter;
        struct wd_gauge gauge;
        struct wd_histogram histogram;
    } value;
};

struct family {
    struct family *next; /* in order of names */
    char *name, *help;
    enum kind kind;
    int64_t scale;
    struct series *series;
};

struct wd_metrics {
    pthread_mutex_t lock; /* guards the lists, not the values */
    struct family *families;
};

struct wd_metrics *wd_metrics_create(void)
{
    struct wd_metrics *metrics = calloc(1, sizeof(*metrics));
    if (metrics)
        (void)pthread_mutex_init(&metrics->lock, NULL);
    return metrics;
}

void wd_metrics_destroy(struct wd_metrics *metrics)
{
    if (!metrics)
        return;
    while (metrics->families) {
        struct family *family = metrics->families;
        metrics->families = family->next;
        while (family->series) {
            struct series *series = family->series;
            family->series = series->next;
            free(series->labels);
            free(series);
        }
        free(family->name);
        free(family->help);
        free(family);
    }
    (void)pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

/* What is looked for. */
struct wanted {
    const char *name, *help, *labels;
    enum kind kind;
    int64_t scale;
};

static struct family *need_family(struct wd_metrics *metrics, const struct wanted *wanted)
{
    struct family **place = &metrics->families;
    while (*place && strcmp((*place)->name, wanted->name) < 0)
        place = &(*place)->next;
    if (*place && strcmp((*place)->name, wanted->name) == 0)
        return *place;
    struct family *family = calloc(1, sizeof(*family));
    char *name = strdup(wanted->name);
    char *help = strdup(wanted->help);
    if (!family || !name || !help) {
        free(family);
        free(name);
        free(help);
        return NULL;
    }
    *family = (struct family){*place, name, help, wanted->kind, wanted->scale, NULL};
    *place = family;
    return family;
}

static struct series *need_series(struct family *family, const char *labels)
{
    struct series **place = &family->series;
    while (*place && strcmp((*place)->labels, labels) < 0)
        place = &(*place)->next;
    if (*place && strcmp((*place)->labels, labels) == 0) {
        atomic_store(&(*place)->hidden, false);
        return *place;
    }
    struct series *series = calloc(1, sizeof(*series));
    char *copy = strdup(labels);
    if (!series || !copy) {
        free(series);
        free(copy);
        return NULL;
    }
    series->labels = copy;
    series->next = *place;
    *place = series;
    return series;
}

/* Never NULL: without memory counting goes into a series that is not shown. */
static struct series *find(struct wd_metrics *metrics, const struct wanted *wanted)
{
    static struct series spare;
    (void)pthread_mutex_lock(&metrics->lock);
    struct family *family = need_family(metrics, wanted);
    struct series *series = family ? need_series(family, wanted->labels) : NULL;
    (void)pthread_mutex_unlock(&metrics->lock);
    return series ? series : &spare;
}

struct wd_counter *wd_metrics_counter(struct wd_metrics *metrics, const char *name,
                                      const char *help, const char *labels)
{
    struct wanted wanted = {name, help, labels, COUNTER, 1};
    return &find(metrics, &wanted)->value.counter;
}

struct wd_gauge *wd_metrics_gauge(struct wd_metrics *metrics, const char *name, const char *help,
                                  const char *labels, int64_t scale)
{
    struct wanted wanted = {name, help, labels, GAUGE, scale};
    return &find(metrics, &wanted)->value.gauge;
}

struct wd_histogram *wd_metrics_histogram(struct wd_metrics *metrics, const char *name,
                                          const char *help, const char *labels)
{
    struct wanted wanted = {name, help, labels, HISTOGRAM, 1};
    return &find(metrics, &wanted)->value.histogram;
}

void wd_metrics_hide(struct wd_metrics *metrics, const char *needle)
{
    (void)pthread_mutex_lock(&metrics->lock);
    for (struct family *family = metrics->families; family; family = family->next) {
        for (struct series *series = family->series; series; series = series->next) {
            if (strstr(series->labels, needle))
                atomic_store(&series->hidden, true);
        }
    }
    (void)pthread_mutex_unlock(&metrics->lock);
}

void wd_metrics_label(char *out, size_t out_size, const char *value)
{
    size_t len = 0;
    for (; *value && len + 2 < out_size; value++) {
        if (*value == '\\' || *value == '"' || *value == '\n')
            out[len++] = '\\';
        out[len++] = (char)(*value == '\n' ? 'n' : *value);
    }
    out[len] = '\0';
}

void wd_histogram_add(struct wd_histogram *histogram, uint64_t ns)
{
    uint64_t us = (ns + 999) / 1000;
    unsigned bucket = us <= 1 ? 0 : 64 - (unsigned)__builtin_clzll(us - 1);
    if (bucket >= WD_HISTOGRAM_BUCKETS)
        bucket = WD_HISTOGRAM_BUCKETS - 1;
    atomic_fetch_add_explicit(&histogram->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum_ns, ns, memory_order_relaxed);
}

static void render_histogram(const struct family *family, const struct series *series,
                             struct wd_buffer *out)
{
    const char *comma = series->labels[0] ? "," : "";
    uint64_t count = 0;
    for (int i = 0; i < WD_HISTOGRAM_BUCKETS - 1; i++) {
        count += atomic_load_explicit(&series->value.histogram.buckets[i], memory_order_relaxed);
        wd_buffer_printf(out, "%s_bucket{%s%sle=\"%.6f\"} %" PRIu64 "\n", family->name,
                         series->labels, comma, (double)(UINT64_C(1) << i) / 1e6, count);
    }
    count += atomic_load_explicit(&series->value.histogram.buckets[WD_HISTOGRAM_BUCKETS - 1],
                                  memory_order_relaxed);
    uint64_t sum_ns = atomic_load_explicit(&series->value.histogram.sum_ns, memory_order_relaxed);
    wd_buffer_printf(out, "%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", family->name, series->labels,
                     comma, count);
    wd_buffer_printf(out, "%s_sum{%s} %.9f\n", family->name, series->labels, (double)sum_ns / 1e9);
    wd_buffer_printf(out, "%s_count{%s} %" PRIu64 "\n", family->name, series->labels, count);
}

static void render_series(const struct family *family, const struct series *series,
                          struct wd_buffer *out)
{
    if (family->kind == HISTOGRAM) {
        render_histogram(family, series, out);
        return;
    }
    wd_buffer_printf(out, "%s{%s} ", family->name, series->labels);
    if (family->kind == COUNTER) {
        wd_buffer_printf(out, "%" PRIu64 "\n",
                         atomic_load_explicit(&series->value.counter.value, memory_order_relaxed));
        return;
    }
    int64_t value = atomic_load_explicit(&series->value.gauge.value, memory_order_relaxed);
    if (family->scale == 1)
        wd_buffer_printf(out, "%" PRId64 "\n", value);
    else
        wd_buffer_printf(out, "%.6f\n", (double)value / (double)family->scale);
}

void wd_metrics_render(struct wd_metrics *metrics, struct wd_buffer *out)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    (void)pthread_mutex_lock(&metrics->lock);
    for (const struct family *family = metrics->families; family; family = family->next) {
        wd_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help,
                         family->name, kinds[family->kind]);
        for (const struct series *series = family->series; series; series = series->next) {
            if (!atomic_load(&series->hidden))
                render_series(family, series, out);
        }
    }
    (void)pthread_mutex_unlock(&metrics->lock);
}
