/* Partitions come, are restored, and go. */
#include "changelog.h"
#include "crash_point.h"
#include "kafka_client.h"
#include "lane_internal.h"
#include "log.h"
#include "wd_assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RESTORE_BATCH = 2048, /* changelog records a turn */
    SEEK_TIMEOUT_MS = 10000,
};

/* The first pipeline that reads a topic; false when none does. */
static bool find_pipeline(const struct wd_config *config, const char *topic, size_t *pipeline)
{
    for (*pipeline = 0; *pipeline < config->pipeline_count; ++*pipeline) {
        if (wd_config_reads_topic(&config->pipelines[*pipeline], topic))
            return true;
    }
    return false;
}

struct wd_shard *wd_lane_find_shard(struct wd_lane *lane, const char *topic, int32_t partition)
{
    struct wd_shard *last = lane->last_shard;
    if (last && last->partition == partition && strcmp(last->topic, topic) == 0)
        return last;
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->partition == partition && strcmp(shard->topic, topic) == 0) {
            lane->last_shard = shard;
            return shard;
        }
    }
    return NULL;
}

static struct wd_shard *find_by_changelog(struct wd_lane *lane, const char *changelog,
                                          int32_t partition)
{
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->partition == partition && strcmp(shard->changelog, changelog) == 0)
            return shard;
    }
    return NULL;
}

bool wd_lane_all_ready(const struct wd_lane *lane)
{
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (lane->shards[i]->phase != WD_SHARD_READY)
            return false;
    }
    return true;
}

static void add_shard(struct wd_lane *lane, const char *topic, int32_t partition)
{
    struct wd_error error;
    wd_error_init(&error);
    size_t pipeline = 0;
    if (!find_pipeline(lane->config, topic, &pipeline)) {
        wd_log(WD_LEVEL_WARN, lane->name, "topic %s belongs to no pipeline", topic);
        return;
    }
    struct wd_shard **grown =
        realloc(lane->shards, (lane->shard_count + 1) * sizeof(*lane->shards));
    if (!grown) {
        (void)wd_error_set(&error, WD_NO_MEMORY, "no memory for a shard");
        wd_lane_fail(lane, WD_NO_MEMORY, &error);
        return;
    }
    lane->shards = grown;
    struct wd_shard_setup setup = {
        lane->config,          pipeline,          topic,         partition,
        ++lane->shard_id_last, lane->setup.index, lane->cluster, lane->setup.metrics,
        lane->setup.standby};
    struct wd_shard *shard = NULL;
    enum wd_status status = wd_shard_create(&setup, &shard, &error);
    if (status != WD_OK) {
        wd_lane_fail(lane, status, &error);
        return;
    }
    lane->shards[lane->shard_count++] = shard;
    lane->last_shard = NULL;
}

static void hide_metrics(struct wd_lane *lane, const struct wd_shard *shard)
{
    char topic[600];
    char needle[700];
    wd_metrics_label(topic, sizeof(topic), shard->topic);
    (void)snprintf(needle, sizeof(needle), "topic=\"%s\",partition=\"%" PRId32 "\"", topic,
                   shard->partition);
    wd_metrics_hide(lane->setup.metrics, needle);
}

/* Where the changelog ends for this lane's last commit; negative when nobody says. */
static int64_t changelog_end(struct wd_lane *lane, const struct wd_shard *shard)
{
    int64_t low = 0;
    int64_t high = -1;
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(wd_sender_client(lane->sender), shard->changelog,
                                         shard->partition, &low, &high, WD_LANE_SLICE_MS);
    wd_lane_show_progress(lane);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? high : -1;
}

static void stop_restoring(struct wd_lane *lane, const struct wd_shard *shard)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->changelog, shard->partition);
    rd_kafka_error_t *refused = rd_kafka_incremental_unassign(lane->restorer, list);
    if (refused)
        rd_kafka_error_destroy(refused);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Ends a shard whose partition goes. `keep` says that its state is committed: worth a snapshot. */
static void remove_shard(struct wd_lane *lane, size_t index, bool keep)
{
    struct wd_shard *shard = lane->shards[index];
    if (shard->phase == WD_SHARD_RESTORING)
        stop_restoring(lane, shard);
    if (keep && shard->phase == WD_SHARD_READY && shard->snapshot_due &&
        shard->snapshot_path[0] != '\0') {
        int64_t end = changelog_end(lane, shard);
        if (end >= 0)
            wd_shard_write_snapshot(shard, end);
    }
    hide_metrics(lane, shard);
    wd_shard_destroy(shard);
    lane->shards[index] = lane->shards[--lane->shard_count];
    lane->last_shard = NULL;
}

void wd_lane_drop_shards(struct wd_lane *lane)
{
    while (lane->shard_count > 0)
        remove_shard(lane, lane->shard_count - 1, false);
    free(lane->shards);
    lane->shards = NULL;
}

static void pause_input(struct wd_lane *lane, rd_kafka_topic_partition_list_t *list)
{
    if (list->cnt > 0)
        (void)rd_kafka_pause_partitions(lane->consumer, list);
}

static bool is_cooperative(const struct wd_lane *lane)
{
    return strcmp(rd_kafka_rebalance_protocol(lane->consumer), "COOPERATIVE") == 0;
}

static void assign_in_librdkafka(struct wd_lane *lane, rd_kafka_topic_partition_list_t *partitions)
{
    struct wd_error error;
    wd_error_init(&error);
    if (is_cooperative(lane)) {
        rd_kafka_error_t *refused = rd_kafka_incremental_assign(lane->consumer, partitions);
        if (refused)
            wd_lane_fail(lane, wd_kafka_fail(&error, refused, "cannot assign"), &error);
    } else {
        rd_kafka_resp_err_t code = rd_kafka_assign(lane->consumer, partitions);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            wd_lane_fail(lane, wd_kafka_fail_code(&error, code, "cannot assign"), &error);
    }
}

static void assign(struct wd_lane *lane, rd_kafka_topic_partition_list_t *partitions)
{
    for (int i = 0; i < partitions->cnt; i++) {
        wd_log(WD_LEVEL_INFO, lane->name, "assigned %s [%" PRId32 "]", partitions->elems[i].topic,
               partitions->elems[i].partition);
        add_shard(lane, partitions->elems[i].topic, partitions->elems[i].partition);
    }
    assign_in_librdkafka(lane, partitions);
    pause_input(lane, partitions);
    lane->joined = true;
}

static void unassign(struct wd_lane *lane, rd_kafka_topic_partition_list_t *partitions)
{
    if (is_cooperative(lane)) {
        rd_kafka_error_t *refused = rd_kafka_incremental_unassign(lane->consumer, partitions);
        if (refused)
            rd_kafka_error_destroy(refused);
    } else {
        (void)rd_kafka_assign(lane->consumer, NULL);
    }
}

static bool any_stuck(const struct wd_lane *lane)
{
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (lane->shards[i]->stuck)
            return true;
    }
    return false;
}

/* librdkafka asks for the committed offset only so often; what it gives up on gives no message and
 * no further error until it is assigned again. The eager protocol knows no parts of an assignment:
 * there all partitions begin again where they stand. */
void wd_lane_mend_stuck(struct wd_lane *lane)
{
    if (lane->status != WD_OK || !any_stuck(lane))
        return;
    rd_kafka_topic_partition_list_t *again = rd_kafka_topic_partition_list_new(4);
    rd_kafka_topic_partition_list_t *paused = rd_kafka_topic_partition_list_new(4);
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (!shard->stuck && is_cooperative(lane))
            continue;
        rd_kafka_topic_partition_t *part =
            rd_kafka_topic_partition_list_add(again, shard->topic, shard->partition);
        part->offset = shard->next == WD_OFFSET_NONE ? RD_KAFKA_OFFSET_INVALID : shard->next;
        if (shard->phase != WD_SHARD_READY)
            rd_kafka_topic_partition_list_add(paused, shard->topic, shard->partition);
        shard->stuck = false;
        shard->sought = true;
    }
    wd_log(WD_LEVEL_INFO, lane->name, "assigning %d partition(s) again", again->cnt);
    if (is_cooperative(lane))
        unassign(lane, again);
    assign_in_librdkafka(lane, again);
    pause_input(lane, paused);
    rd_kafka_topic_partition_list_destroy(paused);
    rd_kafka_topic_partition_list_destroy(again);
}

static void take_away(struct wd_lane *lane, rd_kafka_topic_partition_list_t *partitions)
{
    bool lost = rd_kafka_assignment_lost(lane->consumer) != 0;
    for (int i = 0; i < partitions->cnt; i++) {
        struct wd_shard *shard =
            wd_lane_find_shard(lane, partitions->elems[i].topic, partitions->elems[i].partition);
        wd_log(lost ? WD_LEVEL_WARN : WD_LEVEL_INFO, lane->name, "%s %s [%" PRId32 "]",
               lost ? "lost" : "revoked", partitions->elems[i].topic,
               partitions->elems[i].partition);
        if (shard)
            shard->leaving = true;
    }
    if (lane->status == WD_OK && lost)
        wd_lane_abort(lane);
    else
        wd_lane_commit(lane);
    for (size_t i = lane->shard_count; i-- > 0;) {
        if (lane->shards[i]->leaving)
            remove_shard(lane, i, lane->status == WD_OK && !lost);
    }
    unassign(lane, partitions);
}

void wd_lane_on_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t code,
                          rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
    struct wd_lane *lane = opaque;
    (void)consumer;
    wd_lane_show_progress(lane);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assign(lane, partitions);
        return;
    }
    if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
        wd_log(WD_LEVEL_WARN, lane->name, "rebalance: %s", rd_kafka_err2str(code));
    take_away(lane, partitions);
}

void wd_lane_restart_shard(struct wd_lane *lane, struct wd_shard *shard, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->topic, shard->partition);
    pause_input(lane, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (shard->desk)
        wd_shard_report(shard);
    wd_desk_destroy(shard->desk);
    shard->desk = NULL;
    wd_state_clear(shard->state);
    shard->phase = WD_SHARD_NEW;
    shard->next = WD_OFFSET_NONE;
    shard->slipped = offset;
    shard->sought = true;
}

/* Restored: input flows from where it stands. */
static void open_input(struct wd_lane *lane, struct wd_shard *shard)
{
    struct wd_error error;
    wd_error_init(&error);
    enum wd_status status = wd_shard_open_desk(shard, lane->config, &error);
    if (status != WD_OK) {
        wd_lane_fail(lane, status, &error);
        return;
    }
    shard->phase = WD_SHARD_READY;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->topic, shard->partition);
    if (shard->slipped != WD_OFFSET_NONE) {
        list->elems[0].offset = shard->slipped;
        rd_kafka_error_t *refused = rd_kafka_seek_partitions(lane->consumer, list, SEEK_TIMEOUT_MS);
        if (refused || list->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            status = refused ? wd_kafka_fail(&error, refused, "cannot seek")
                             : wd_kafka_fail_code(&error, list->elems[0].err, "cannot seek");
            wd_lane_fail(lane, status, &error);
        }
        shard->slipped = WD_OFFSET_NONE;
        shard->sought = true;
    }
    (void)rd_kafka_resume_partitions(lane->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
}

static void finish_restore(struct wd_lane *lane, struct wd_shard *shard)
{
    if (shard->phase == WD_SHARD_RESTORING)
        stop_restoring(lane, shard);
    wd_log(WD_LEVEL_INFO, lane->name,
           "%s [%" PRId32 "] restored: %" PRId64 " changelog offsets passed%s", shard->topic,
           shard->partition, shard->changelog_next - shard->changelog_begin,
           wd_state_foreign_records(shard->state) > 0
               ? "; records of tables that are not configured were left out"
               : "");
    wd_gauge_set(shard->metrics.restore_done, shard->changelog_end - shard->changelog_begin);
    wd_gauge_set(shard->metrics.restore_time,
                 (int64_t)(wd_lane_now_ms() - shard->restore_begun_ms));
    open_input(lane, shard);
}

/* The group's offsets are settled: no transaction that holds offsets of ours is open any more. From
 * here on the uncommitted end of the changelog is an upper bound for all state before the committed
 * offset. False: not yet. */
static bool offsets_settled(struct wd_lane *lane, rd_kafka_topic_partition_list_t *inputs)
{
    struct wd_error error;
    wd_error_init(&error);
    rd_kafka_resp_err_t code = rd_kafka_committed(lane->consumer, inputs, WD_LANE_SLICE_MS);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    enum wd_status status = wd_kafka_fail_code(&error, code, "cannot read committed offsets");
    if (status == WD_KAFKA_AUTH || status == WD_FENCED)
        wd_lane_fail(lane, status, &error);
    return false;
}

/* How far behind the group is: for the lag while the restore keeps input waiting. */
static void note_backlog(struct wd_lane *lane, const rd_kafka_topic_partition_list_t *committed)
{
    struct wd_error error;
    wd_error_init(&error);
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_copy(committed);
    bool known =
        wd_changelog_ends(wd_sender_client(lane->sender), ends, WD_LANE_SLICE_MS, &error) == WD_OK;
    for (int i = 0; known && i < ends->cnt; i++) {
        struct wd_shard *shard =
            wd_lane_find_shard(lane, ends->elems[i].topic, ends->elems[i].partition);
        if (!shard || committed->elems[i].offset < 0)
            continue;
        shard->committed = committed->elems[i].offset;
        shard->input_end = ends->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(ends);
}

static bool ensure_changelogs(struct wd_lane *lane, struct wd_error *error)
{
    rd_kafka_t *client = wd_sender_client(lane->sender);
    const char *done = "";
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase != WD_SHARD_NEW || shard->changelog[0] == '\0' ||
            strcmp(done, shard->changelog) == 0)
            continue;
        int partitions = wd_kafka_partition_count(client, shard->topic, WD_LANE_SLICE_MS);
        wd_lane_show_progress(lane);
        if (partitions <= shard->partition)
            return false; /* nobody answers now: the next turn asks again */
        enum wd_status status =
            wd_changelog_ensure(lane->config, client, shard->changelog, partitions, error);
        wd_lane_show_progress(lane);
        if (status == WD_TIMEOUT)
            return false;
        if (status != WD_OK) {
            wd_lane_fail(lane, status, error);
            return false;
        }
        done = shard->changelog;
    }
    return true;
}

static void start_shard(struct wd_lane *lane, struct wd_shard *shard, int64_t end)
{
    wd_shard_read_state(shard, end);
    shard->changelog_begin = shard->changelog_next;
    shard->changelog_end = end;
    shard->restore_begun_ms = wd_lane_now_ms();
    wd_gauge_set(shard->metrics.restore_done, 0);
    wd_gauge_set(shard->metrics.restore_total, end - shard->changelog_begin);
    if (shard->changelog_next >= end) {
        finish_restore(lane, shard);
        return;
    }
    struct wd_error error;
    wd_error_init(&error);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->changelog, shard->partition)->offset =
        shard->changelog_next > 0 ? shard->changelog_next : RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_error_t *refused = rd_kafka_incremental_assign(lane->restorer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (refused)
        wd_lane_fail(lane, wd_kafka_fail(&error, refused, "cannot read the changelog"), &error);
    shard->phase = WD_SHARD_RESTORING;
}

static void start_stateful(struct wd_lane *lane, rd_kafka_topic_partition_list_t *ends)
{
    struct wd_error error;
    wd_error_init(&error);
    if (!ensure_changelogs(lane, &error))
        return;
    if (wd_changelog_ends(wd_sender_client(lane->sender), ends, WD_LANE_SLICE_MS, &error) !=
        WD_OK) {
        wd_log(WD_LEVEL_WARN, lane->name, "%s; trying again", error.text);
        return;
    }
    for (int i = 0; i < ends->cnt; i++) {
        struct wd_shard *shard =
            find_by_changelog(lane, ends->elems[i].topic, ends->elems[i].partition);
        if (shard && shard->phase == WD_SHARD_NEW)
            start_shard(lane, shard, ends->elems[i].offset);
    }
}

/* Starts the restore of every new shard. */
static void start_new(struct wd_lane *lane)
{
    rd_kafka_topic_partition_list_t *inputs = rd_kafka_topic_partition_list_new(8);
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_new(8);
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase != WD_SHARD_NEW)
            continue;
        rd_kafka_topic_partition_list_add(inputs, shard->topic, shard->partition);
        if (shard->changelog[0] != '\0')
            rd_kafka_topic_partition_list_add(ends, shard->changelog, shard->partition);
    }
    if (inputs->cnt > 0 && offsets_settled(lane, inputs)) {
        note_backlog(lane, inputs);
        for (size_t i = 0; i < lane->shard_count; i++) {
            if (lane->shards[i]->phase == WD_SHARD_NEW && lane->shards[i]->changelog[0] == '\0')
                open_input(lane, lane->shards[i]);
        }
        if (ends->cnt > 0)
            start_stateful(lane, ends);
    }
    rd_kafka_topic_partition_list_destroy(inputs);
    rd_kafka_topic_partition_list_destroy(ends);
}

static void take_change(struct wd_lane *lane, struct wd_shard *shard,
                        const rd_kafka_message_t *message)
{
    struct wd_error error;
    wd_error_init(&error);
    wd_crash_point("mid_restore");
    struct wd_slice key = {message->key, message->key_len};
    struct wd_slice value = {message->payload, message->len};
    enum wd_status status = wd_state_apply(shard->state, key, value, &error);
    shard->changelog_next = message->offset + 1;
    if (status == WD_OK)
        return;
    struct wd_error told;
    wd_error_init(&told);
    (void)wd_error_set(&told, status,
                       "changelog %s [%" PRId32 "] offset %" PRId64 ": %s; run the version that "
                       "wrote it, or start with a fresh changelog_prefix",
                       shard->changelog, shard->partition, message->offset, error.text);
    wd_lane_fail(lane, status, &told);
}

static void take_restored(struct wd_lane *lane, const rd_kafka_message_t *message)
{
    struct wd_shard *shard = NULL;
    if (message->rkt)
        shard = find_by_changelog(lane, rd_kafka_topic_name(message->rkt), message->partition);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (shard && shard->phase == WD_SHARD_RESTORING)
            take_change(lane, shard, message);
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        if (shard && shard->phase == WD_SHARD_RESTORING &&
            message->offset >= shard->changelog_end) {
            shard->changelog_next = message->offset;
            finish_restore(lane, shard);
        }
    } else if (shard && wd_kafka_status(message->err) == WD_KAFKA_AUTH) {
        struct wd_error error;
        wd_error_init(&error);
        (void)wd_error_set(&error, WD_KAFKA_AUTH,
                           "Kafka does not allow reading changelog topic %s: %s", shard->changelog,
                           rd_kafka_err2str(message->err));
        wd_lane_fail(lane, WD_KAFKA_AUTH, &error);
    } else {
        wd_log(WD_LEVEL_WARN, lane->name, "restore: %s", rd_kafka_message_errstr(message));
    }
}

bool wd_lane_restore(struct wd_lane *lane)
{
    if (wd_lane_all_ready(lane))
        return false;
    rd_kafka_message_t *messages[RESTORE_BATCH];
    ssize_t count = rd_kafka_consume_batch_queue(lane->restorer_queue, 0, messages, RESTORE_BATCH);
    for (ssize_t i = 0; i < count; i++) {
        if (lane->status == WD_OK)
            take_restored(lane, messages[i]);
        rd_kafka_message_destroy(messages[i]);
    }
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase == WD_SHARD_RESTORING)
            wd_gauge_set(shard->metrics.restore_done,
                         shard->changelog_next - shard->changelog_begin);
    }
    start_new(lane);
    return count > 0;
}

void wd_lane_take_reload(struct wd_lane *lane)
{
    (void)pthread_mutex_lock(&lane->lock);
    struct wd_config *next = lane->next_config;
    lane->next_config = NULL;
    (void)pthread_mutex_unlock(&lane->lock);
    if (!next)
        return;
    wd_lane_commit(lane);
    struct wd_config *old = lane->config;
    lane->config = next;
    for (size_t i = 0; i < lane->shard_count && lane->status == WD_OK; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase != WD_SHARD_READY)
            continue; /* it opens its desk with the new configuration */
        struct wd_error error;
        wd_error_init(&error);
        enum wd_status status = wd_shard_open_desk(shard, next, &error);
        if (status != WD_OK)
            wd_lane_fail(lane, status, &error);
    }
    wd_config_release(old);
    wd_log(WD_LEVEL_INFO, lane->name, "took up the new configuration");
}

static void snapshot_done(void *context, uint32_t id)
{
    struct wd_lane *lane = context;
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (lane->shards[i]->id == id)
            lane->shards[i]->snapshot_busy = false;
    }
}

/* Called between transactions only: the state is the committed one. */
void wd_lane_snapshots(struct wd_lane *lane)
{
    WD_ASSERT(!lane->txn_open);
    uint64_t now = wd_lane_now_ms();
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase != WD_SHARD_READY || !shard->snapshot_due || shard->snapshot_busy ||
            shard->snapshot_path[0] == '\0' ||
            now - shard->snapshot_at_ms < lane->config->snapshot_interval_ms)
            continue;
        int64_t end = changelog_end(lane, shard);
        if (end >= 0)
            wd_shard_begin_snapshot(shard, &lane->loop, end, snapshot_done, lane);
        return; /* one a turn */
    }
}

void wd_lane_measure(struct wd_lane *lane)
{
    struct timespec wall;
    (void)clock_gettime(CLOCK_REALTIME, &wall);
    int64_t now = (int64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000;
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        int64_t low = 0;
        int64_t high = 0;
        int64_t lag = 0;
        int64_t next = shard->next >= 0 ? shard->next : shard->committed;
        if (rd_kafka_get_watermark_offsets(lane->consumer, shard->topic, shard->partition, &low,
                                           &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
            high < 0) /* nothing was fetched yet */
            high = shard->input_end;
        if (next >= 0 && high > next)
            lag = high - next;
        bool behind = lag > 0 && shard->last_timestamp_ms >= 0 && now > shard->last_timestamp_ms;
        wd_gauge_set(shard->metrics.lag_records, lag);
        wd_gauge_set(shard->metrics.lag_seconds, behind ? now - shard->last_timestamp_ms : 0);
        wd_gauge_set(shard->metrics.state_entries, (int64_t)wd_state_count(shard->state));
        wd_gauge_set(shard->metrics.state_bytes, (int64_t)wd_state_bytes(shard->state));
    }
}
