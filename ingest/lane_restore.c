/* A shard that came is restored: its snapshot, then its changelog, then its input opens. */
#include "changelog.h"
#include "crash_point.h"
#include "kafka_client.h"
#include "lane_internal.h"
#include "log_limit.h"

#include <inttypes.h>
#include <string.h>

enum {
    RESTORE_BATCH = 2048, /* changelog records a turn */
    SEEK_TIMEOUT_MS = 10000,
};

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

void wd_lane_stop_restoring(struct wd_lane *lane, const struct wd_shard *shard)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->changelog, shard->partition);
    rd_kafka_error_t *refused = rd_kafka_incremental_unassign(lane->restorer, list);
    if (refused)
        rd_kafka_error_destroy(refused);
    rd_kafka_topic_partition_list_destroy(list);
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
        wd_lane_stop_restoring(lane, shard);
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
    if (status == WD_FENCED)
        wd_lane_fail(lane, status, &error);
    else if (status == WD_KAFKA_AUTH)
        wd_lane_forbidden(lane, &error);
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
        if (status == WD_TIMEOUT) {
            wd_log_limited(wd_lane_now_ms(), WD_LEVEL_WARN, lane->name, "%s; trying again",
                           error->text);
            return false;
        }
        if (status == WD_KAFKA_AUTH) {
            struct wd_error told;
            wd_error_init(&told);
            (void)wd_error_set(&told, status, "%s; grant CREATE, READ and WRITE on topics \"%s-*\"",
                               error->text, lane->config->changelog_prefix);
            wd_lane_forbidden(lane, &told);
            return false;
        }
        if (status != WD_OK) {
            wd_lane_fail(lane, status, error);
            return false;
        }
        done = shard->changelog;
    }
    return true;
}

/* Which topics the new shards' changelogs are: an offset of a snapshot is of one of them only. False: nobody
 * says now. */
static bool note_changelogs(struct wd_lane *lane)
{
    const struct wd_shard *last = NULL;
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->phase != WD_SHARD_NEW || shard->changelog[0] == '\0')
            continue;
        rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
        if (last && strcmp(last->changelog, shard->changelog) == 0)
            memcpy(shard->changelog_id, last->changelog_id, sizeof(shard->changelog_id));
        else
            code = wd_lane_topic_id(lane, shard->changelog, shard->changelog_id);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE) {
            wd_log_limited(wd_lane_now_ms(), WD_LEVEL_WARN, lane->name,
                           "%s: cannot find out which topic it is: %s; trying again",
                           shard->changelog, rd_kafka_err2str(code));
            return false;
        }
        last = shard;
    }
    return true;
}

/* Records that are gone, but for what the state at hand already has of them. */
static void look_for_gap(struct wd_lane *lane, struct wd_shard *shard, int64_t begin)
{
    if (shard->changelog_next >= begin)
        return;
    wd_log(WD_LEVEL_ERROR, lane->name,
           "changelog %s [%" PRId32 "] begins at offset %" PRId64 ", not at %" PRId64
           ": its records were deleted, and stories from then are taken for new if they come "
           "again; set cleanup.policy=compact, without \"delete\", on the topic",
           shard->changelog, shard->partition, begin, shard->changelog_next);
    shard->changelog_next = begin;
}

static void start_shard(struct wd_lane *lane, struct wd_shard *shard, int64_t begin, int64_t end)
{
    wd_shard_read_state(shard, end);
    if (shard->changelog_gone) {
        shard->changelog_id[0] = '\0'; /* the state is of another one: */
        lane->topics_at_ms = 0;        /* it is written into this one at once */
    }
    look_for_gap(lane, shard, begin);
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
    if (!ensure_changelogs(lane, &error) || !note_changelogs(lane))
        return;
    rd_kafka_t *client = wd_sender_client(lane->sender);
    rd_kafka_topic_partition_list_t *begins = rd_kafka_topic_partition_list_copy(ends);
    enum wd_status status = wd_changelog_begins(client, begins, WD_LANE_SLICE_MS, &error);
    if (status == WD_OK)
        status = wd_changelog_ends(client, ends, WD_LANE_SLICE_MS, &error);
    if (status != WD_OK)
        wd_log_limited(wd_lane_now_ms(), WD_LEVEL_WARN, lane->name, "%s; trying again", error.text);
    for (int i = 0; status == WD_OK && i < ends->cnt; i++) {
        struct wd_shard *shard =
            find_by_changelog(lane, ends->elems[i].topic, ends->elems[i].partition);
        if (shard && shard->phase == WD_SHARD_NEW)
            start_shard(lane, shard, begins->elems[i].offset, ends->elems[i].offset);
    }
    rd_kafka_topic_partition_list_destroy(begins);
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
        wd_lane_note_topics(lane);
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
                           "Kafka does not allow reading changelog topic %s: %s; grant READ on it",
                           shard->changelog, rd_kafka_err2str(message->err));
        shard->forbidden = shard->changelog;
        wd_lane_forbidden(lane, &error);
    } else {
        wd_log_limited(wd_lane_now_ms(), WD_LEVEL_WARN, lane->name, "restore: %s",
                       rd_kafka_message_errstr(message));
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
