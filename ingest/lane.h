/* lane.h - one thread, one loop, one consumer, one transactional producer.
 *
 * Why:    lanes share nothing that changes, so they scale by adding lanes here or on other machines:
 *         all are members of one consumer group.
 * Owns:   its Kafka clients, its shards (state, desk) of the partitions that it is assigned.
 * Thread: functions here are called by the control thread; the lane's own code runs on its thread. */
#ifndef WD_LANE_H
#define WD_LANE_H

#include "config.h"
#include "metrics.h"
#include "standby.h"

struct wd_lane;

enum wd_lane_phase {
    WD_LANE_STARTING,  /* connecting, initialising transactions, joining the group */
    WD_LANE_RESTORING, /* at least one assigned partition is still being restored */
    WD_LANE_RUNNING,   /* also with nothing assigned */
    WD_LANE_DRAINING,  /* finishing and committing after a stop */
    WD_LANE_STOPPED,   /* ended in order */
    WD_LANE_FAILED,    /* ended by an error, see wd_lane_join */
};

/* Called on the lane's thread whenever the phase changes; must only post (uv_async_send). */
typedef void wd_lane_notify(void *context);

struct wd_lane_setup {
    struct wd_config *config; /* retained by the lane */
    unsigned index;           /* 0 .. config->lanes - 1 */
    struct wd_metrics *metrics;
    struct wd_standby *standby; /* may be NULL */
    wd_lane_notify *notify;
    void *context; /* for notify */
};

/* Starts the thread. */
enum wd_status wd_lane_start(const struct wd_lane_setup *setup, struct wd_lane **lane,
                             struct wd_error *error) WD_MUST_CHECK;
enum wd_lane_phase wd_lane_phase(const struct wd_lane *lane);
/* Partitions that it is assigned. */
unsigned wd_lane_partitions(const struct wd_lane *lane);
const char *wd_lane_phase_name(enum wd_lane_phase phase);
/* Moves whenever the lane's loop has turned: the watchdog looks at it. */
uint64_t wd_lane_progress(const struct wd_lane *lane);
/* Asks the lane to finish what it has, commit, leave and end. Returns at once. */
void wd_lane_stop(struct wd_lane *lane);
/* Hands over a configuration for which wd_config_can_reload said yes. Retains it; the lane takes it
 * up at its next commit. */
void wd_lane_reload(struct wd_lane *lane, struct wd_config *config);
/* Waits for the thread to end, frees the lane. Returns WD_OK after an ordered stop, or why it
 * failed; `error` (may be NULL) says more. */
enum wd_status wd_lane_join(struct wd_lane *lane, struct wd_error *error) WD_MUST_CHECK;

/* Asked about once a second while no broker answers: whether to give up. */
typedef bool wd_lane_stopped(void *context);
/* Checks broker, topics and permissions before the daemon says that it is ready: a clear message for an
 * unreachable broker, a wrong password, a missing topic. WD_STOPPED. Before a reload `known` is the
 * configuration that works already (otherwise NULL): nobody is asked when all topics are in it. */
enum wd_status wd_lane_preflight(const struct wd_config *config, const struct wd_config *known,
                                 wd_lane_stopped *stopped, void *context,
                                 struct wd_error *error) WD_MUST_CHECK;

#endif
