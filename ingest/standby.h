/* standby.h - keeps the state of partitions warm that other daemons own, for a fast take-over.
 *
 * Why:    whoever takes a partition over must have its state. Reading it back takes seconds for each
 *         million records; a standby has read it already and lacks only the changelog's tail.
 * Owns:   one thread, one consumer (member of no group), and a state for each partition of the
 *         configured changelogs that no lane of this process has. A lane takes that state over whole.
 * Thread: start and stop on the control thread; take and release on lanes. One mutex guards the list.
 * Limits: memory: the tables' limits times the partitions, owned or not (`state.standby`). */
#ifndef WD_STANDBY_H
#define WD_STANDBY_H

#include "config.h"
#include "metrics.h"

struct wd_standby;

enum wd_status wd_standby_start(struct wd_config *config, struct wd_metrics *metrics,
                                struct wd_standby **standby, struct wd_error *error) WD_MUST_CHECK;
void wd_standby_stop(struct wd_standby *standby); /* takes NULL; lanes have ended before */

struct wd_standby_of {
    const char *changelog;
    const char *changelog_id; /* of the topic that is there now */
    int32_t partition;
};
/* A partition that a lane is about to restore: the standby leaves it alone from now on. True when it
 * had the state of that very topic: then `*state` goes over to the caller, complete up to
 * `*changelog_offset` and without uncommitted changes. */
bool wd_standby_take(struct wd_standby *standby, const struct wd_standby_of *of,
                     struct wd_state **state, int64_t *changelog_offset);
/* The lane has it no more: it is kept warm again. */
void wd_standby_release(struct wd_standby *standby, const char *changelog, int32_t partition);

#endif
