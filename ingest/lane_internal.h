/* lane_internal.h - what the files of a lane share: lane.c (thread, loop, life), lane_shards.c
 * (partitions come and go), lane_restore.c (their state comes back), lane_topics.c (topics that are
 * deleted and made anew), lane_take.c (messages in), lane_transaction.c (transactions out).
 * Nobody else includes this. */
#ifndef WD_LANE_INTERNAL_H
#define WD_LANE_INTERNAL_H

#include "lane.h"
#include "refusal.h"
#include "sender.h"
#include "shard.h"

#include <pthread.h>

enum {
    WD_LANE_SLICE_MS = 1000,  /* one blocking wait; the lane shows progress between two */
    WD_LANE_HEADERS_MAX = 64, /* headers of an input message that are passed on */
    WD_LANE_INBOX_MAX = 512,  /* messages taken from the consumer at once */
};

/* Messages that the consumer handed over and the lane has not yet looked at. It is empty whenever
 * partitions come or go: only a refill lets librdkafka call back. */
struct wd_lane_inbox {
    rd_kafka_message_t *messages[WD_LANE_INBOX_MAX];
    size_t next, count;
    int64_t future_ms; /* timestamps from here on are wrong */
};

/* When a message of the open transaction entered Kafka, for the end-to-end latency. */
struct wd_lane_arrival {
    struct wd_histogram *latency;
    int64_t timestamp_ms;
};

struct wd_lane {
    /* shared with the control thread */
    _Atomic int phase;
    _Atomic unsigned partitions;
    _Atomic uint64_t progress;
    _Atomic bool stop;
    pthread_mutex_t lock; /* guards next_config */
    struct wd_config *next_config;
    uv_async_t wake;
    pthread_t thread;

    /* the lane's own */
    struct wd_lane_setup setup;
    struct wd_config *config;
    char name[32]; /* "lane-0" */
    char cluster[128];
    enum wd_status status; /* why it failed */
    struct wd_error error;
    bool closing;
    uint64_t forbidden_since_ms, forbidden_at_ms; /* first and last refusal in a row; 0: none */
    uint64_t asked_at_ms;                         /* whether it is allowed now */
    struct wd_error forbidden;                    /* what is not */

    uv_loop_t loop;
    uv_poll_t poll;
    uv_idle_t idle;
    uv_timer_t tick, commit_timer;
    int wake_file; /* eventfd that librdkafka's queues write to */

    struct wd_sender *sender;
    rd_kafka_t *consumer;
    rd_kafka_queue_t *consumer_queue;
    rd_kafka_t *restorer; /* reads changelogs; member of no group */
    rd_kafka_queue_t *restorer_queue;

    struct wd_shard **shards;
    size_t shard_count;
    struct wd_shard *last_shard; /* of the last message; NULL after any change of shards */
    uint32_t shard_id_last;
    struct wd_lane_inbox inbox;
    bool joined;
    unsigned ticks_as_member;
    char member[128]; /* its id in the group when partitions were assigned last */
    bool cooperative; /* the group's protocol, as far as librdkafka said it */
    bool replaced;    /* no longer that member; until partitions are assigned again */

    /* the open transaction */
    bool txn_open;
    bool commit_due;
    uint32_t txn_messages;
    uint64_t txn_bytes;
    uint64_t txn_bytes_timed; /* of them when the clock was looked at last */
    uint64_t txn_begun_ns;
    uint64_t commit_ms;               /* what commits took of late */
    struct wd_lane_arrival *arrivals; /* config->transaction_records of them */
    struct wd_refusal refusal;
    unsigned aborts_in_row;
    uint64_t not_before_ms; /* after aborts: take no messages before */

    uint64_t topics_at_ms; /* when they were looked at last */
    struct wd_counter *commits, *aborts, *recoveries, *anew, *lost;
    struct wd_histogram *commit_seconds;
};

/* lane.c */
void wd_lane_fail(struct wd_lane *lane, enum wd_status status, const struct wd_error *error);
/* Kafka does not allow something; it will be tried again. A permission that was just granted takes a moment to
 * reach every broker: the lane fails only when it is missing for `permission_timeout_ms`. Says so once. */
void wd_lane_forbidden(struct wd_lane *lane, const struct wd_error *error);
void wd_lane_show_progress(struct wd_lane *lane);
/* Leaves what is assigned, without a commit, and joins the group anew. */
void wd_lane_rejoin(struct wd_lane *lane);
uint64_t wd_lane_now_ms(void); /* monotonic */
int64_t wd_lane_wall_ms(void); /* since 1970 */
int wd_lane_on_statistics(rd_kafka_t *client, char *json, size_t json_len, void *opaque);

/* lane_shards.c */
void wd_lane_on_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t code,
                          rd_kafka_topic_partition_list_t *partitions, void *opaque);
struct wd_shard *wd_lane_find_shard(struct wd_lane *lane, const char *topic, int32_t partition);
bool wd_lane_all_ready(const struct wd_lane *lane);
/* False: the group took this consumer for gone (it was frozen, say), gave its partitions to others and
 * knows it, if at all, as a new member. librdkafka (2.15.1) does not always call them lost then; what
 * is known of them is no longer true, and a commit as the new member would be accepted. */
bool wd_lane_is_same_member(const struct wd_lane *lane);
/* Assigns partitions again whose first position librdkafka could not find out. */
void wd_lane_mend_stuck(struct wd_lane *lane);
/* Throws a shard's state away and restores it; input goes on from `offset`. */
void wd_lane_restart_shard(struct wd_lane *lane, struct wd_shard *shard, int64_t offset);
void wd_lane_take_reload(struct wd_lane *lane);
void wd_lane_snapshots(struct wd_lane *lane);
void wd_lane_measure(struct wd_lane *lane);
/* A message came that is not the one that was due. Mostly what is between them never held messages. */
void wd_lane_note_jump(struct wd_shard *shard, int64_t due, int64_t offset);
void wd_lane_drop_shards(struct wd_lane *lane);

/* lane_restore.c */
/* Takes the restore a step further; true when there is more to do at once. */
bool wd_lane_restore(struct wd_lane *lane);
/* Reads no more of the shard's changelog. */
void wd_lane_stop_restoring(struct wd_lane *lane, const struct wd_shard *shard);

/* lane_topics.c */
/* Which topic of that name it is: wd_kafka_topic_id with the lane's patience. */
rd_kafka_resp_err_t wd_lane_topic_id(struct wd_lane *lane, const char *topic,
                                     char id[WD_TOPIC_ID_SIZE]);
/* Which topics the new shards read and write to. Not worth waiting for: it is asked again. */
void wd_lane_note_topics(struct wd_lane *lane);
/* Between transactions, every `snapshot_interval_ms` and after aborts: whether the topics are still the
 * same. A changelog that was deleted gets the whole state once more, from memory. */
void wd_lane_watch_topics(struct wd_lane *lane);
/* What to do with a message before the one that is due, though nobody sought: librdkafka goes back to the
 * beginning where a partition has become shorter. True: the topic was deleted and made anew, and offset 0 is
 * due. False: it was taken before, or comes again. */
bool wd_lane_began_anew(struct wd_lane *lane, struct wd_shard *shard, int64_t offset);
/* The first message of a topic that was made anew is behind the one that is due: librdkafka (2.15.1) takes for a
 * partition's beginning what the last fetch said, and that may have been of the old topic. True: it is asked
 * once more, and the message comes again. */
bool wd_lane_begins_late(struct wd_lane *lane, struct wd_shard *shard, int64_t offset);

/* lane_preflight.c */
/* Kafka's errors do not say which topic is not there, and what librdkafka says may name another one: after
 * aborts in a row, a topic that was deleted is named in the log. */
void wd_lane_tell_missing_topic(struct wd_lane *lane);

/* lane_take.c */
/* Takes messages up to a cap, commits when a transaction is full; true when there may be more. */
bool wd_lane_take(struct wd_lane *lane);
/* Throws away what was not looked at: it is not committed either. */
void wd_lane_empty_inbox(struct wd_lane *lane);

/* lane_transaction.c */
/* Opens a transaction where none is open. False: it could not, and that is dealt with. */
bool wd_lane_begin(struct wd_lane *lane);
/* Does what the outcome of a step asks for: with WD_SENT_ABORT, say, the open transaction is aborted, the
 * state goes back, and so do the consumer's positions. `error` says why. */
void wd_lane_settle(struct wd_lane *lane, enum wd_sent sent, const struct wd_error *error);
/* Ends the open transaction, if any, whichever way it goes. */
void wd_lane_commit(struct wd_lane *lane);
void wd_lane_abort(struct wd_lane *lane);
/* Goes back to the offsets of `seeks`, which may be none. */
void wd_lane_seek_back(struct wd_lane *lane, rd_kafka_topic_partition_list_t *seeks);
/* Writes all that the shard remembers into its changelog, in a transaction of its own; none may be open.
 * False: that was not committed, and has to be tried again. */
bool wd_lane_write_whole_state(struct wd_lane *lane, struct wd_shard *shard);

#endif
