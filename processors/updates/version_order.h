/* version_order.h - which of two versions of a story is the newer one.
 *
 * Why:    arrival order is not it: lines are slow, queues replay, papers republish.
 * Thread: any; no state. */
#ifndef WD_VERSION_ORDER_H
#define WD_VERSION_ORDER_H

#include "story.h"

/* What the order was found from. */
enum wd_version_basis {
    WD_BASIS_NONE,    /* neither versions nor times can be compared; order is 0 */
    WD_BASIS_VERSION, /* the provider's version labels */
    WD_BASIS_TIME,    /* updated, else published */
};

struct wd_version_mark {
    struct wd_slice label;       /* as the provider wrote it; "" when none */
    enum wd_version_order order; /* what the label is worth */
    bool time_known;
    int64_t time_ms; /* updated, else published */
};

/* Below 0, 0 or above 0 as `a` is older than, equal to or newer than `b`. Runs of digits count as
 * numbers of any length ("9" < "10", "2.9" < "2.10", "007" = "7"), other bytes as they are. */
int wd_version_compare_labels(struct wd_slice a, struct wd_slice b);

/* By the weaker of the two orders: NUMBER by label, and by time where labels are equal or one is
 * missing; HINT by time, and by label where times are equal or one is missing; NONE by time alone.
 * `basis` (never NULL) gets what decided. */
int wd_version_compare(struct wd_version_mark a, struct wd_version_mark b,
                       enum wd_version_basis *basis);
/* By time alone: versions under different ids. */
int wd_version_compare_times(struct wd_version_mark a, struct wd_version_mark b,
                             enum wd_version_basis *basis);

#endif
