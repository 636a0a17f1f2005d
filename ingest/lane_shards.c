/* Partitions come and go. */
#include "kafka_client.h"
#include "lane_internal.h"
#include "log.h"
#include "wd_assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JUMP_MS = 15000 }; /* three times librdkafka's statistics.interval.ms, as we set it */

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

/* Where the changelog ends for this lane's last commit, and in which topic, which may be another one than when
 * it was looked at last: the state is whole, and its snapshot is of what is there now. False: nobody says. */
static bool find_changelog_end(struct wd_lane *lane, const struct wd_shard *shard,
                               struct wd_changelog_place *end)
{
    rd_kafka_resp_err_t code = wd_lane_topic_id(lane, shard->changelog, end->id);
    if (code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)
        code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = wd_kafka_end(wd_sender_client(lane->sender), shard->changelog, shard->partition,
                            WD_LANE_SLICE_MS, &end->offset);
    wd_lane_show_progress(lane);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    wd_log(WD_LEVEL_WARN, lane->name, "%s [%" PRId32 "]: no snapshot, its end is not known: %s",
           shard->changelog, shard->partition, rd_kafka_err2str(code));
    return false;
}

/* Ends a shard whose partition goes. `keep` says that its state is committed: worth a snapshot. */
static void remove_shard(struct wd_lane *lane, size_t index, bool keep)
{
    struct wd_shard *shard = lane->shards[index];
    if (shard->phase == WD_SHARD_RESTORING)
        wd_lane_stop_restoring(lane, shard);
    if (keep && shard->phase == WD_SHARD_READY && shard->snapshot_due &&
        shard->snapshot_path[0] != '\0') {
        struct wd_changelog_place end;
        if (find_changelog_end(lane, shard, &end))
            wd_shard_write_snapshot(shard, &end);
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

/* librdkafka says nothing once the consumer is closing: what it said before holds. */
static bool is_cooperative(struct wd_lane *lane)
{
    const char *protocol = rd_kafka_rebalance_protocol(lane->consumer);
    if (protocol)
        lane->cooperative = strcmp(protocol, "COOPERATIVE") == 0;
    return lane->cooperative;
}

bool wd_lane_is_same_member(const struct wd_lane *lane)
{
    const struct wd_consumer consumer = {lane->consumer, lane->member};
    return wd_consumer_is_same_member(&consumer);
}

static void note_member(struct wd_lane *lane)
{
    char *member = rd_kafka_memberid(lane->consumer);
    (void)snprintf(lane->member, sizeof(lane->member), "%s", member ? member : "");
    if (member)
        rd_kafka_mem_free(lane->consumer, member);
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
    /* With others there, the id is theirs: where it has changed since, the next commit finds it out. */
    if (lane->shard_count == 0) {
        note_member(lane);
        lane->replaced = false;
        lane->forbidden_since_ms = 0; /* the group is allowed; what else is not is told anew */
    }
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
    /* A consumer that is closing says nothing of itself: close_lane has asked. */
    bool lost = lane->replaced || rd_kafka_assignment_lost(lane->consumer) != 0 ||
                (!lane->closing && lane->shard_count > 0 && !wd_lane_is_same_member(lane));
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
    wd_desk_destroy(shard->desk);
    shard->desk = NULL;
    wd_state_clear(shard->state);
    shard->phase = WD_SHARD_NEW;
    shard->next = shard->empty_from = WD_OFFSET_NONE;
    shard->slipped = offset;
    shard->sought = true;
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
        /* Others may have written to its changelog: only the owner's state is what it holds. */
        struct wd_changelog_place end;
        if (wd_lane_is_same_member(lane) && find_changelog_end(lane, shard, &end))
            wd_shard_begin_snapshot(shard, &lane->loop, &end, snapshot_done, lane);
        else
            shard->snapshot_at_ms = now; /* asked again after an interval, not at every turn */
        return;                          /* one a turn */
    }
}

void wd_lane_note_jump(struct wd_shard *shard, int64_t due, int64_t offset)
{
    if (shard->jump_at_ms > 0 && offset - due <= shard->jump_to - shard->jump_from)
        return;
    shard->jump_from = due;
    shard->jump_to = offset;
    shard->jump_at_ms = wd_lane_now_ms();
}

/* Whether the topic begins in the middle of a jump: librdkafka says nothing when retention was faster than
 * we, it goes on from there. It learns the beginning every `statistics.interval.ms`. */
static void look_for_loss(struct wd_lane *lane, struct wd_shard *shard, int64_t low)
{
    if (shard->jump_at_ms == 0)
        return;
    bool lost = shard->jump_from < low && low <= shard->jump_to;
    if (lost) {
        wd_log(WD_LEVEL_ERROR, lane->name,
               "%s [%" PRId32 "]: offsets %" PRId64 " to %" PRId64
               " were deleted, by retention or by hand, before they were taken: what was in them "
               "does not come out; look why it was so far behind, and at the topic's retention.ms",
               shard->topic, shard->partition, shard->jump_from, low - 1);
        wd_counter_add(lane->lost, (uint64_t)(low - shard->jump_from));
    }
    if (lost || wd_lane_now_ms() - shard->jump_at_ms > JUMP_MS)
        shard->jump_at_ms = 0;
}

void wd_lane_measure(struct wd_lane *lane)
{
    int64_t now = wd_lane_wall_ms();
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        int64_t low = 0;
        int64_t high = 0;
        int64_t lag = 0;
        int64_t due = wd_shard_due(shard);
        if (rd_kafka_get_watermark_offsets(lane->consumer, shard->topic, shard->partition, &low,
                                           &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
            high < 0) /* nothing was fetched yet */
            high = shard->input_end;
        if (high < shard->end_asked) /* nothing is fetched, though there is something */
            high = shard->end_asked;
        look_for_loss(lane, shard, low);
        if (due >= 0 && high > due)
            lag = high - due;
        bool behind = lag > 0 && shard->last_timestamp_ms >= 0 && now > shard->last_timestamp_ms;
        wd_gauge_set(shard->metrics.lag_records, lag);
        wd_gauge_set(shard->metrics.lag_seconds, behind ? now - shard->last_timestamp_ms : 0);
        wd_gauge_set(shard->metrics.state_entries, (int64_t)wd_state_count(shard->state));
        wd_gauge_set(shard->metrics.state_bytes, (int64_t)wd_state_bytes(shard->state));
    }
}
