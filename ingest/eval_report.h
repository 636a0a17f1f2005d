/* eval_report.h - what `wiredesk eval --copies` found, counted by label and printed.
 *
 * Owns:   nothing; labels point into the table that they were read from.
 * Thread: one.
 * Limits: WD_EVAL_LABELS_MAX different labels; pairs with further ones are not counted. */
#ifndef WD_EVAL_REPORT_H
#define WD_EVAL_REPORT_H

#include "buffer.h"
#include "eval_score.h"

enum { WD_EVAL_LABELS_MAX = 64 };

/* How the pairs of a label came out. */
struct wd_eval_label_count {
    struct wd_slice label;
    uint64_t pairs, together, direct, contained;
};

struct wd_eval_count {
    bool wanted;
    struct wd_eval_label_count labels[WD_EVAL_LABELS_MAX];
    size_t label_count;
    uint64_t absent; /* pairs with a story that is not in the set */
};

struct wd_eval_report {
    const char *positive, *negative; /* labels, with commas between them */
    struct wd_eval_count streamed, by_itself;
    uint64_t stories, unread, refused;
    bool by_groups; /* labels are groups, not pairs */
    struct wd_eval_groups groups;
    size_t grouped; /* stories that have a group in the table */
    uint64_t spent_ns, state_bytes;
};

/* True when the label is one of the list. */
bool wd_eval_listed(const char *list, struct wd_slice label);
/* The label's place, a new one if need be; NULL when there is no room. */
struct wd_eval_label_count *wd_eval_count_of(struct wd_eval_count *count, struct wd_slice label);
/* Each to standard output. */
void wd_eval_report_text(const struct wd_eval_report *report);
void wd_eval_report_json(const struct wd_eval_report *report);

#endif
