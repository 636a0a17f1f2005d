#include "metrics_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOUNDS_MAX = 64 };

/* name{labels} value; the labels may be missing. Values of labels hold no line end, but may hold
 * anything else: the last brace of the line ends them. */
static bool read_sample(struct wd_slice line, struct wd_sample *sample)
{
    char number[64];
    const char *blank = line.len > 0 ? memrchr(line.data, ' ', line.len) : NULL;
    if (!blank || line.data[0] == '#')
        return false;
    struct wd_slice rest = wd_slice_from_offset(line, (size_t)(blank - line.data) + 1);
    struct wd_slice series = {line.data, (size_t)(blank - line.data)};
    const char *brace = memchr(series.data, '{', series.len);
    sample->name =
        (struct wd_slice){series.data, brace ? (size_t)(brace - series.data) : series.len};
    sample->labels = WD_SLICE_NONE;
    if (brace && series.data[series.len - 1] == '}')
        sample->labels =
            (struct wd_slice){brace + 1, series.len - (size_t)(brace - series.data) - 2};
    (void)snprintf(number, sizeof(number), "%.*s", WD_SLICE_ARG(rest));
    char *end = NULL;
    sample->value = strtod(number, &end);
    return end != number && *end == '\0';
}

bool wd_metrics_page_read(struct wd_metrics_page *page, struct wd_buffer *text)
{
    size_t capacity = 0;
    *page = (struct wd_metrics_page){.text = *text};
    wd_buffer_init(text);
    struct wd_slice rest = wd_buffer_slice(&page->text);
    while (rest.len > 0) {
        const char *end = memchr(rest.data, '\n', rest.len);
        struct wd_slice line = {rest.data, end ? (size_t)(end - rest.data) : rest.len};
        rest = wd_slice_from_offset(rest, line.len + 1);
        if (page->count == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            struct wd_sample *grown = realloc(page->samples, capacity * sizeof(*grown));
            if (!grown)
                return false;
            page->samples = grown;
        }
        if (read_sample(line, &page->samples[page->count]))
            page->count++;
    }
    return true;
}

void wd_metrics_page_finish(struct wd_metrics_page *page)
{
    wd_buffer_finish(&page->text);
    free(page->samples);
    page->samples = NULL;
    page->count = 0;
}

/* Takes one name="value" off the front. */
static bool next_label(struct wd_slice *labels, struct wd_slice *name, struct wd_slice *value)
{
    const char *equals = labels->len > 0 ? memchr(labels->data, '=', labels->len) : NULL;
    if (!equals)
        return false;
    *name = (struct wd_slice){labels->data, (size_t)(equals - labels->data)};
    size_t begin = name->len + 2;
    size_t end = begin;
    while (end < labels->len && labels->data[end] != '"')
        end += labels->data[end] == '\\' ? 2 : 1;
    if (end >= labels->len)
        return false;
    *value = (struct wd_slice){labels->data + begin, end - begin};
    *labels = wd_slice_from_offset(*labels, end + 2); /* quote and comma */
    return true;
}

struct wd_slice wd_sample_label(const struct wd_sample *sample, const char *wanted)
{
    struct wd_slice labels = sample->labels;
    struct wd_slice name = WD_SLICE_NONE;
    struct wd_slice value = WD_SLICE_NONE;
    while (next_label(&labels, &name, &value)) {
        if (wd_slice_is(name, wanted))
            return value;
    }
    return WD_SLICE_NONE;
}

bool wd_sample_has(const struct wd_sample *sample, struct wd_slice labels)
{
    struct wd_slice name = WD_SLICE_NONE;
    struct wd_slice value = WD_SLICE_NONE;
    while (next_label(&labels, &name, &value)) {
        char text[64];
        (void)snprintf(text, sizeof(text), "%.*s", WD_SLICE_ARG(name));
        if (!wd_slice_equal(wd_sample_label(sample, text), value))
            return false;
    }
    return true;
}

double wd_metrics_page_sum(const struct wd_metrics_page *page, const char *name,
                           struct wd_slice labels)
{
    double sum = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct wd_sample *sample = &page->samples[i];
        if (wd_slice_is(sample->name, name) && wd_sample_has(sample, labels))
            sum += sample->value;
    }
    return sum;
}

double wd_metrics_page_max(const struct wd_metrics_page *page, const char *name,
                           struct wd_slice labels)
{
    double max = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct wd_sample *sample = &page->samples[i];
        if (wd_slice_is(sample->name, name) && wd_sample_has(sample, labels) && sample->value > max)
            max = sample->value;
    }
    return max;
}

/* Counts by upper bound, summed over all series, in order of bounds. */
struct bounds {
    double bound[BOUNDS_MAX], count[BOUNDS_MAX];
    size_t used;
};

static void add_bucket(struct bounds *bounds, double bound, double count)
{
    size_t i = 0;
    while (i < bounds->used && bounds->bound[i] < bound)
        i++;
    if (i < bounds->used && bounds->bound[i] == bound) {
        bounds->count[i] += count;
        return;
    }
    if (bounds->used == BOUNDS_MAX)
        return;
    memmove(&bounds->bound[i + 1], &bounds->bound[i], (bounds->used - i) * sizeof(double));
    memmove(&bounds->count[i + 1], &bounds->count[i], (bounds->used - i) * sizeof(double));
    bounds->bound[i] = bound;
    bounds->count[i] = count;
    bounds->used++;
}

/* What is looked for in a page. */
struct wanted {
    const char *name; /* with _bucket */
    struct wd_slice labels;
    double sign;
};

static void add_page(struct bounds *bounds, const struct wd_metrics_page *page,
                     const struct wanted *wanted)
{
    for (size_t i = 0; page && i < page->count; i++) {
        const struct wd_sample *sample = &page->samples[i];
        if (!wd_slice_is(sample->name, wanted->name) || !wd_sample_has(sample, wanted->labels))
            continue;
        char bound[64];
        (void)snprintf(bound, sizeof(bound), "%.*s", WD_SLICE_ARG(wd_sample_label(sample, "le")));
        add_bucket(bounds, strtod(bound, NULL), wanted->sign * sample->value);
    }
}

double wd_metrics_page_quantile(const struct wd_metrics_page *before,
                                const struct wd_metrics_page *now, const char *name,
                                struct wd_slice labels, double share)
{
    char bucket[128];
    struct bounds bounds = {.used = 0};
    (void)snprintf(bucket, sizeof(bucket), "%s_bucket", name);
    struct wanted wanted = {bucket, labels, 1};
    add_page(&bounds, now, &wanted);
    wanted.sign = -1;
    add_page(&bounds, before, &wanted);
    double total = bounds.used > 0 ? bounds.count[bounds.used - 1] : 0;
    if (total <= 0)
        return -1;
    size_t i = 0;
    while (i + 1 < bounds.used && bounds.count[i] < share * total)
        i++;
    return bounds.bound[i];
}
