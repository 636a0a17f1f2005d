#include "eval_report.h"

#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { PERCENT = 100 };

bool wd_eval_listed(const char *list, struct wd_slice label)
{
    struct wd_slice rest = wd_slice_from(list);
    while (rest.len > 0) {
        const char *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.data) : rest.len;
        if (wd_slice_equal(wd_slice_make(rest.data, len), label))
            return true;
        rest = wd_slice_from_offset(rest, len + 1);
    }
    return false;
}

struct wd_eval_label_count *wd_eval_count_of(struct wd_eval_count *count, struct wd_slice label)
{
    for (size_t i = 0; i < count->label_count; i++) {
        if (wd_slice_equal(count->labels[i].label, label))
            return &count->labels[i];
    }
    if (count->label_count == WD_EVAL_LABELS_MAX)
        return NULL;
    count->labels[count->label_count].label = label;
    return &count->labels[count->label_count++];
}

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

/* Pairs of positive labels that came together or not, and of negative ones. */
static struct wd_eval_share score_of(const struct wd_eval_report *report,
                                     const struct wd_eval_count *count, bool direct)
{
    uint64_t right = 0;
    uint64_t wrong = 0;
    uint64_t missed = 0;
    for (size_t i = 0; i < count->label_count; i++) {
        const struct wd_eval_label_count *label = &count->labels[i];
        uint64_t joined = direct ? label->direct : label->together;
        if (wd_eval_listed(report->positive, label->label)) {
            right += joined;
            missed += label->pairs - joined;
        } else if (wd_eval_listed(report->negative, label->label)) {
            wrong += joined;
        }
    }
    return wd_eval_share_of(right, wrong, missed);
}

static void print_score(const char *name, struct wd_eval_share score)
{
    (void)printf("  %-16s precision %.4f  recall %.4f  F1 %.4f\n", name, score.precision,
                 score.recall, score.f1);
}

static void print_count(const struct wd_eval_report *report, const struct wd_eval_count *count,
                        const char *title)
{
    (void)printf("\n%s\n  %-8s %7s %7s %7s %7s %7s %10s\n", title, "label", "pairs", "group", "%",
                 "matched", "%", "contained");
    for (size_t i = 0; i < count->label_count; i++) {
        const struct wd_eval_label_count *label = &count->labels[i];
        (void)printf("  %-8.*s %7" PRIu64 " %7" PRIu64 " %7.1f %7" PRIu64 " %7.1f %10" PRIu64 "\n",
                     WD_SLICE_ARG(label->label), label->pairs, label->together,
                     PERCENT * share(label->together, label->pairs), label->direct,
                     PERCENT * share(label->direct, label->pairs), label->contained);
    }
    if (count->absent > 0)
        (void)printf("  %" PRIu64 " pairs have a story that is not in the set\n", count->absent);
    print_score("same group", score_of(report, count, false));
    print_score("matched", score_of(report, count, true));
}

static long peak_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static double per_second(const struct wd_eval_report *report)
{
    return report->spent_ns > 0 ? (double)report->stories * 1e9 / (double)report->spent_ns : 0;
}

void wd_eval_report_text(const struct wd_eval_report *report)
{
    (void)printf("%" PRIu64 " stories, %" PRIu64 " messages unread, %" PRIu64 " stories refused\n",
                 report->stories, report->unread, report->refused);
    if (report->by_groups) {
        (void)printf("%zu stories with a group: adjusted Rand index %.4f\n", report->grouped,
                     report->groups.ari);
        print_score("B-cubed", report->groups.b_cubed);
    } else {
        if (report->streamed.wanted)
            print_count(report, &report->streamed, "the whole set in the order of time");
        if (report->by_itself.wanted)
            print_count(report, &report->by_itself, "each pair alone");
    }
    if (report->streamed.wanted)
        (void)printf("\n%.0f stories per second of processor time, %" PRIu64
                     " bytes of state, peak %ld KiB\n",
                     per_second(report), report->state_bytes, peak_kib());
}

static void write_share(struct wd_buffer *out, const char *name, struct wd_eval_share score)
{
    wd_json_write_key(out, name);
    wd_buffer_printf(out, "{\"precision\":%.6f,\"recall\":%.6f,\"f1\":%.6f}", score.precision,
                     score.recall, score.f1);
}

static void write_count(struct wd_buffer *out, const char *name,
                        const struct wd_eval_report *report, const struct wd_eval_count *count)
{
    wd_json_write_key(out, name);
    wd_buffer_append_slice(out, WD_SLICE("{\"labels\":{"));
    for (size_t i = 0; i < count->label_count; i++) {
        const struct wd_eval_label_count *label = &count->labels[i];
        wd_json_write_key(out, NULL);
        wd_json_write_string(out, label->label);
        wd_buffer_printf(out,
                         ":{\"pairs\":%" PRIu64 ",\"same_group\":%" PRIu64 ",\"matched\":%" PRIu64
                         ",\"contained\":%" PRIu64 ",\"joined_share\":%.6f}",
                         label->pairs, label->together, label->direct, label->contained,
                         share(label->together, label->pairs));
    }
    wd_buffer_printf(out, "},\"absent\":%" PRIu64, count->absent);
    write_share(out, "same_group", score_of(report, count, false));
    write_share(out, "matched", score_of(report, count, true));
    wd_buffer_append_byte(out, '}');
}

void wd_eval_report_json(const struct wd_eval_report *report)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_buffer_printf(&out,
                     "{\"stories\":%" PRIu64 ",\"unread\":%" PRIu64 ",\"refused\":%" PRIu64
                     ",\"stories_per_second\":%.0f,\"state_bytes\":%" PRIu64 ",\"peak_kib\":%ld",
                     report->stories, report->unread, report->refused, per_second(report),
                     report->state_bytes, peak_kib());
    if (report->by_groups) {
        wd_buffer_printf(&out, ",\"grouped\":%zu,\"ari\":%.6f", report->grouped,
                         report->groups.ari);
        write_share(&out, "b_cubed", report->groups.b_cubed);
    }
    if (!report->by_groups && report->streamed.wanted)
        write_count(&out, "stream", report, &report->streamed);
    if (!report->by_groups && report->by_itself.wanted)
        write_count(&out, "alone", report, &report->by_itself);
    wd_buffer_append_slice(&out, WD_SLICE("}\n"));
    (void)fwrite(out.data, 1, out.len, stdout);
    wd_buffer_finish(&out);
}
