#include "command.h"
#include "exit_code.h"
#include "metrics_page.h"

#include <curl/curl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

enum {
    URL_SIZE = 512,
    LABELS_SIZE = 1200,
    PAGE_BYTES_MAX = 64 * 1024 * 1024,
    TIMEOUT_MS = 5000,
    TOPICS_MAX = 64,
};

struct top {
    const char *url;
    long interval_ms;
    bool once, screen;
    CURL *client;
    struct wd_metrics_page before, now;
    uint64_t before_ns, now_ns;
    struct wd_buffer lanes; /* what /readyz says */
    long ready;
    char fault[CURL_ERROR_SIZE];
    struct wd_buffer out;
};

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct wd_buffer *text = context;
    if (text->len + size * count > PAGE_BYTES_MAX)
        return 0;
    wd_buffer_append(text, bytes, size * count);
    return wd_buffer_ok(text) ? size * count : 0;
}

/* The HTTP status, or 0 with the reason in `fault`. */
static long fetch(struct top *top, const char *path, struct wd_buffer *text)
{
    char url[URL_SIZE];
    long status = 0;
    wd_buffer_clear(text);
    (void)snprintf(url, sizeof(url), "%s%s", top->url, path);
    (void)curl_easy_setopt(top->client, CURLOPT_URL, url);
    (void)curl_easy_setopt(top->client, CURLOPT_WRITEDATA, text);
    if (curl_easy_perform(top->client) != CURLE_OK)
        return 0;
    (void)curl_easy_getinfo(top->client, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static bool look(struct top *top)
{
    struct wd_buffer text;
    wd_buffer_init(&text);
    long status = fetch(top, "/metrics", &text);
    if (status != 200) {
        if (status != 0)
            (void)snprintf(top->fault, sizeof(top->fault), "/metrics answers with status %ld",
                           status);
        wd_buffer_finish(&text);
        return false;
    }
    wd_metrics_page_finish(&top->before);
    top->before = top->now;
    top->before_ns = top->now_ns;
    top->now_ns = uv_hrtime();
    bool good = wd_metrics_page_read(&top->now, &text);
    top->ready = fetch(top, "/readyz", &top->lanes);
    return good && top->ready != 0;
}

/* Growth a second between the two pages; 0 when the daemon began anew in between. */
static double rate(const struct top *top, const char *name, struct wd_slice labels)
{
    double seconds = (double)(top->now_ns - top->before_ns) / 1e9;
    double grown = wd_metrics_page_sum(&top->now, name, labels) -
                   wd_metrics_page_sum(&top->before, name, labels);
    return top->before.count > 0 && grown > 0 && seconds > 0 ? grown / seconds : 0;
}

static void write_seconds(struct wd_buffer *out, double seconds)
{
    if (seconds < 0)
        wd_buffer_printf(out, " %8s", "-");
    else if (isinf(seconds))
        wd_buffer_printf(out, " %8s", "long");
    else if (seconds < 1)
        wd_buffer_printf(out, " %6.1fms", seconds * 1000);
    else
        wd_buffer_printf(out, " %7.1fs", seconds);
}

static double quantile(const struct top *top, const char *name, struct wd_slice labels,
                       double share)
{
    const struct wd_metrics_page *before = top->before.count > 0 ? &top->before : NULL;
    double found = wd_metrics_page_quantile(before, &top->now, name, labels, share);
    return found >= 0 ? found : wd_metrics_page_quantile(NULL, &top->now, name, labels, share);
}

static void write_topic(struct top *top, const struct wd_sample *sample)
{
    char text[LABELS_SIZE];
    struct wd_slice pipeline = wd_sample_label(sample, "pipeline");
    struct wd_slice topic = wd_sample_label(sample, "topic");
    (void)snprintf(text, sizeof(text), "pipeline=\"%.*s\",topic=\"%.*s\"", WD_SLICE_ARG(pipeline),
                   WD_SLICE_ARG(topic));
    struct wd_slice labels = wd_slice_from(text);
    const struct wd_metrics_page *now = &top->now;
    wd_buffer_printf(&top->out, "%-12.*s %-24.*s %9.0f %9.0f %8.0f %9.0f", WD_SLICE_ARG(pipeline),
                     WD_SLICE_ARG(topic), rate(top, "wiredesk_records_in_total", labels),
                     rate(top, "wiredesk_records_out_total", labels),
                     wd_metrics_page_sum(now, "wiredesk_records_dead_total", labels),
                     wd_metrics_page_sum(now, "wiredesk_lag_records", labels));
    write_seconds(&top->out, wd_metrics_page_max(now, "wiredesk_lag_seconds", labels));
    write_seconds(&top->out, quantile(top, "wiredesk_latency_seconds", labels, 0.5));
    write_seconds(&top->out, quantile(top, "wiredesk_latency_seconds", labels, 0.99));
    wd_buffer_printf(&top->out, " %10.0f %7.1f\n",
                     wd_metrics_page_sum(now, "wiredesk_state_entries", labels),
                     wd_metrics_page_sum(now, "wiredesk_state_bytes", labels) / (1 << 20));
}

static void write_topics(struct top *top)
{
    size_t count = 0;
    wd_buffer_printf(&top->out, "\n%-12s %-24s %9s %9s %8s %9s %8s %8s %8s %10s %7s\n", "PIPELINE",
                     "TOPIC", "IN/s", "OUT/s", "DEAD", "LAG", "LAG", "P50", "P99", "STATE", "MiB");
    for (size_t i = 0; i < top->now.count && count < TOPICS_MAX; i++) {
        if (!wd_slice_is(top->now.samples[i].name, "wiredesk_records_in_total"))
            continue;
        write_topic(top, &top->now.samples[i]);
        count++;
    }
    if (count == 0)
        wd_buffer_printf(&top->out, "no partitions are assigned to this daemon\n");
}

/* All values of one label of a family, each with its sum: "new 12,041  update 310". */
static void write_verdicts(struct top *top, const char *title, const char *name, const char *label)
{
    struct wd_slice done[TOPICS_MAX];
    size_t count = 0;
    wd_buffer_printf(&top->out, "%-10s", title);
    for (size_t i = 0; i < top->now.count; i++) {
        const struct wd_sample *sample = &top->now.samples[i];
        struct wd_slice value = wd_sample_label(sample, label);
        size_t j = 0;
        if (!wd_slice_is(sample->name, name))
            continue;
        while (j < count && !wd_slice_equal(done[j], value))
            j++;
        if (j < count || count == TOPICS_MAX)
            continue;
        done[count++] = value;
        char text[128];
        (void)snprintf(text, sizeof(text), "%s=\"%.*s\"", label, WD_SLICE_ARG(value));
        double sum = wd_metrics_page_sum(&top->now, name, wd_slice_from(text));
        if (sum > 0)
            wd_buffer_printf(&top->out, " %.*s %.0f ", WD_SLICE_ARG(value), sum);
    }
    wd_buffer_append_byte(&top->out, '\n');
}

static void write_lanes(struct top *top)
{
    struct wd_slice all = WD_SLICE_NONE;
    double left = wd_metrics_page_sum(&top->now, "wiredesk_restore_offsets_total", all) -
                  wd_metrics_page_sum(&top->now, "wiredesk_restore_offsets_done", all);
    wd_buffer_printf(
        &top->out, "\ncommits    %.1f/s, aborted %.0f, undetermined %.0f; time p50",
        rate(top, "wiredesk_transactions_committed_total", all),
        wd_metrics_page_sum(&top->now, "wiredesk_transactions_aborted_total", all),
        wd_metrics_page_sum(&top->now, "wiredesk_transactions_undetermined_total", all));
    write_seconds(&top->out, quantile(top, "wiredesk_commit_seconds", all, 0.5));
    wd_buffer_printf(&top->out, " p99");
    write_seconds(&top->out, quantile(top, "wiredesk_commit_seconds", all, 0.99));
    if (left > 0)
        wd_buffer_printf(&top->out, "\nrestore    %.0f changelog offsets to go", left);
    wd_buffer_append_byte(&top->out, '\n');
}

static void write_page(struct top *top)
{
    char clock[32];
    time_t now = time(NULL);
    struct tm local;
    (void)strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &local));
    wd_buffer_clear(&top->out);
    if (top->screen)
        wd_buffer_printf(&top->out, "\033[H\033[2J");
    wd_buffer_printf(&top->out, "wiredesk top  %s  %s  %s\n", top->url, clock,
                     top->ready == 200 ? "ready" : "NOT READY");
    wd_buffer_append_slice(&top->out, wd_buffer_slice(&top->lanes));
    write_topics(top);
    write_lanes(top);
    write_verdicts(top, "copy", "wiredesk_dedup_verdicts_total", "relation");
    write_verdicts(top, "versions", "wiredesk_update_verdicts_total", "kind");
    if (top->screen)
        wd_buffer_printf(&top->out, "\nq and Enter: end\n");
    (void)fwrite(top->out.data, 1, top->out.len, stdout);
    (void)fflush(stdout);
}

/* Waits for the interval; true when the user wants to end. */
static bool pause_or_end(const struct top *top)
{
    struct pollfd keys = {STDIN_FILENO, POLLIN, 0};
    char key = '\0';
    if (!top->screen || poll(&keys, 1, (int)top->interval_ms) <= 0) {
        if (!top->screen)
            uv_sleep((unsigned)top->interval_ms);
        return false;
    }
    return read(STDIN_FILENO, &key, 1) <= 0 || key == 'q';
}

static int watch(struct top *top)
{
    bool told = false;
    for (;;) {
        bool first = top->now.count == 0;
        if (!look(top)) {
            (void)fprintf(stderr, "wiredesk: %s: %s\n", top->url, top->fault);
            if (first || top->once)
                return WD_EXIT_UNAVAILABLE;
        } else if (!top->once || told || top->before.count > 0) {
            write_page(top);
            told = true;
        }
        if (top->once && told)
            return WD_EXIT_OK;
        if (pause_or_end(top))
            return WD_EXIT_OK;
    }
}

/* True when the command line makes sense. */
static bool read_options(struct top *top, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *end = NULL;
        if (strcmp(argv[i], "--once") == 0) {
            top->once = true;
        } else if (strcmp(argv[i], "--interval") == 0 && i + 1 < argc) {
            double seconds = strtod(argv[++i], &end);
            if (*end != '\0' || !(seconds >= 0.1 && seconds <= 3600))
                return false;
            top->interval_ms = (long)(seconds * 1000);
        } else if (argv[i][0] != '-') {
            top->url = argv[i];
        } else {
            return false;
        }
    }
    return true;
}

static int run(int argc, char **argv)
{
    struct top top = {.url = "http://127.0.0.1:9464", .interval_ms = 2000};
    if (!read_options(&top, argc, argv))
        return wd_command_usage(&wd_command_top,
                                "unknown option, or an interval not of 0.1 to 3600");
    top.screen = !top.once && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
    top.client = curl_easy_init();
    if (!top.client)
        return WD_EXIT_SOFTWARE;
    (void)curl_easy_setopt(top.client, CURLOPT_WRITEFUNCTION, take_bytes);
    (void)curl_easy_setopt(top.client, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    (void)curl_easy_setopt(top.client, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(top.client, CURLOPT_ERRORBUFFER, top.fault);
    int code = watch(&top);
    curl_easy_cleanup(top.client);
    wd_metrics_page_finish(&top.before);
    wd_metrics_page_finish(&top.now);
    wd_buffer_finish(&top.lanes);
    wd_buffer_finish(&top.out);
    return code;
}

const struct wd_command wd_command_top = {
    .name = "top",
    .arguments = "[OPTION..] [URL]",
    .summary = "a running daemon at a glance",
    .help =
        "Shows what the daemon at URL (default http://127.0.0.1:9464, its admin server) does: "
        "rates,\n"
        "lag, latency from the input record's timestamp to the commit, state, commits, verdicts.\n"
        "On a terminal it goes on until q and Enter, or Ctrl-C.\n"
        "\n"
        "  --once            one page, over one interval, and ends\n"
        "  --interval SECONDS  between two looks; default 2\n"
        "\n"
        "Rates and percentiles are of the last interval; percentiles are upper bounds (each "
        "bucket\n"
        "is twice as wide as the one before). DEAD counts since the start.\n"
        "\n"
        "Exit codes: 0, 69 nobody answers there.\n",
    .run = run,
};
