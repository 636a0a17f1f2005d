/* shard.h - one input partition on a lane: its state, its desk, and where it stands.
 *
 * Why:    a partition moves from lane to lane; everything that belongs to it moves as one thing.
 * Owns:   its state and desk.
 * Thread: its lane. Snapshot files are written by libuv's worker threads from bytes of their own.
 *
 * Life: NEW (assigned, input paused) -> RESTORING (state comes back) -> READY (input flows). */
#ifndef WD_SHARD_H
#define WD_SHARD_H

#include "desk.h"
#include "kafka_client.h"
#include "metrics.h"
#include "snapshot.h"
#include "standby.h"

#include <uv.h>

enum wd_shard_phase { WD_SHARD_NEW, WD_SHARD_RESTORING, WD_SHARD_READY };

enum { WD_OFFSET_NONE = -1 };

/* Its series on the metrics page. */
struct wd_shard_metrics {
    struct wd_counter *records_in, *stories, *published, *dead, *dropped, *unrouted, *late;
    struct wd_counter *bytes_in, *bytes_out;
    struct wd_counter *outputs[WD_ROUTES_MAX]; /* by output of the desk's configuration */
    size_t output_count;
    struct wd_counter *relations[WD_RELATION_COUNT];
    struct wd_counter *updates[WD_UPDATE_KIND_COUNT];
    struct wd_gauge *lag_records, *lag_seconds, *state_entries, *state_bytes;
    struct wd_gauge *restore_done, *restore_total, *restore_time;
    struct wd_histogram *processors[WD_PROCESSORS_PER_PIPELINE_MAX];
    struct wd_histogram *latency;
};

struct wd_shard {
    uint32_t id; /* unique on the lane; never reused, so a late callback finds nobody */
    size_t pipeline;
    char *topic;
    int32_t partition;
    enum wd_shard_phase phase;
    struct wd_state *state;
    struct wd_desk *desk;
    struct wd_desk_counters reported; /* what the metrics already contain */
    struct wd_shard_metrics metrics;
    struct wd_metrics *page; /* where they are shown */

    char changelog[256];    /* "" when the pipeline keeps no state */
    int64_t changelog_next; /* next record to restore */
    int64_t changelog_end;  /* restored when the reader gets here */
    uint64_t restore_begun_ms;
    int64_t changelog_begin; /* where the restore began; for progress */

    char topic_id[WD_TOPIC_ID_SIZE];     /* of the input; "" when unknown */
    char changelog_id[WD_TOPIC_ID_SIZE]; /* "" when unknown */
    bool changelog_gone;                 /* the topic did not exist: it has to be written anew */

    /* input offsets; WD_OFFSET_NONE when unknown */
    int64_t txn_first; /* first message in the open transaction */
    int64_t txn_next;  /* the offset to commit: one past the last message taken */
    int64_t next;      /* one past the last message taken, committed or not */
    int64_t next_seen; /* `next` when the input was last seen to be the same topic */
    int64_t slipped;   /* first message that arrived while restoring and was passed over */
    int64_t committed; /* by the group, when the restore began; for the lag */
    int64_t input_end; /* of the input then */
    int64_t end_asked; /* of the input when the lane looked at its topic last */
    /* What lies between is nothing that comes: marks of transactions, messages of aborted ones. */
    int64_t empty_from, empty_to;
    int64_t unreadable; /* where a batch begins that cannot be had from Kafka */
    unsigned unreadable_tries;
    int64_t jump_from, jump_to; /* what was due and what came, when that was later */
    uint64_t jump_at_ms;        /* 0: there was none of late */
    int64_t last_timestamp_ms;
    bool sought;  /* what is in the lane's inbox was fetched before a seek: it comes again */
    bool leaving; /* being revoked: do not seek */
    const char *forbidden; /* the topic of the two that Kafka did not let us read; NULL: none */
    bool stuck;            /* librdkafka gave up asking where to begin: assign again */
    bool ahead;            /* a timestamp from the future was told of */
    bool anew;             /* the input was made anew since it was last looked at */
    bool asked_again;      /* then: whether what came first is the first of it */
    bool behind;           /* what comes was taken before, without a seek: said, and why is known */

    char snapshot_path[WD_SNAPSHOT_PATH_SIZE]; /* "" when none are written */
    char identity[WD_SNAPSHOT_IDENTITY_SIZE];  /* of the snapshot, but for the changelog's id */
    struct wd_standby *standby;                /* NULL: none is kept */
    bool standby_knows;                        /* that this lane has the partition */
    uint64_t snapshot_at_ms;                   /* monotonic; when the last one was taken */
    bool snapshot_due;                         /* the state changed since */
    bool snapshot_busy;                        /* one is being written */
};

struct wd_shard_setup {
    struct wd_config *config;
    size_t pipeline;
    const char *topic;
    int32_t partition;
    uint32_t id;
    unsigned lane;
    const char *cluster; /* cluster id; for the snapshot's identity */
    struct wd_metrics *metrics;
    struct wd_standby *standby; /* may be NULL */
};

/* A shard with empty state. */
enum wd_status wd_shard_create(const struct wd_shard_setup *setup, struct wd_shard **shard,
                               struct wd_error *error) WD_MUST_CHECK;
void wd_shard_destroy(struct wd_shard *shard); /* takes NULL */
/* The desk over the restored state, also after a reload (`config` may be a new one). */
enum wd_status wd_shard_open_desk(struct wd_shard *shard, struct wd_config *config,
                                  struct wd_error *error) WD_MUST_CHECK;

/* Takes over the standby's state, else reads the snapshot, if there is one of the topic that changelog_id
 * says; sets changelog_next (0 without). Sets changelog_gone where the changelog is empty, and the state is
 * not. */
void wd_shard_read_state(struct wd_shard *shard, int64_t changelog_end);
/* Where a changelog ends, and in which topic of that name. */
struct wd_changelog_place {
    int64_t offset;
    char id[WD_TOPIC_ID_SIZE];
};
/* Serialises the committed state as of `end` and writes it on a worker thread. */
void wd_shard_begin_snapshot(struct wd_shard *shard, uv_loop_t *loop,
                             const struct wd_changelog_place *end,
                             void (*done)(void *context, uint32_t shard), void *context);
/* The same at once: for an ordered stop. */
void wd_shard_write_snapshot(struct wd_shard *shard, const struct wd_changelog_place *end);

/* The offset that is due: of the first message that has not been taken yet, or what is known to be before
 * it. WD_OFFSET_NONE when nobody knows. */
int64_t wd_shard_due(const struct wd_shard *shard);
/* The reader has come to `end`, and no message is left before it. */
void wd_shard_reach_end(struct wd_shard *shard, int64_t end);

/* Adds what the desk counted since the last call to the metrics. */
void wd_shard_report(struct wd_shard *shard);
/* What the desk counted since then was rolled back: it is counted when it comes again. */
void wd_shard_forget_counts(struct wd_shard *shard);

#endif
