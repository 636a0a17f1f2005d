/* Transactions: the part of a lane where exactly once is decided. */
#include "kafka_client.h"
#include "lane_internal.h"
#include "log.h"
#include "wd_assert.h"

#include <inttypes.h>

enum {
    SEEK_TIMEOUT_MS = 10000,
    BACKOFF_MS_MIN = 50,
    BACKOFF_MS_MAX = 5000,
    FORBIDDEN_PAUSE_MS = 1000, /* at most, until what Kafka does not allow is tried again */
    TOLD_EVERY = 64,           /* aborts in a row: about every six minutes */
};

/* Rolled back: the shard stands where it stood when the transaction began. */
static void roll_back_shard(struct wd_shard *shard, rd_kafka_topic_partition_list_t *seeks)
{
    wd_state_rollback(shard->state);
    wd_shard_forget_counts(shard);
    shard->next = shard->txn_first;
    shard->sought = true;
    if (!shard->leaving)
        rd_kafka_topic_partition_list_add(seeks, shard->topic, shard->partition)->offset =
            shard->txn_first;
    shard->txn_first = shard->txn_next = WD_OFFSET_NONE;
}

static void commit_shard(struct wd_shard *shard)
{
    if (wd_state_changed(shard->state))
        shard->snapshot_due = true;
    wd_state_commit(shard->state);
    shard->txn_first = shard->txn_next = WD_OFFSET_NONE;
    wd_shard_report(shard);
}

void wd_lane_seek_back(struct wd_lane *lane, rd_kafka_topic_partition_list_t *seeks)
{
    struct wd_error error;
    wd_error_init(&error);
    if (seeks->cnt == 0)
        return;
    rd_kafka_error_t *refused = rd_kafka_seek_partitions(lane->consumer, seeks, SEEK_TIMEOUT_MS);
    if (refused) {
        wd_lane_fail(lane, wd_kafka_fail(&error, refused, "cannot seek back"), &error);
        return;
    }
    for (int i = 0; i < seeks->cnt; i++) {
        if (seeks->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        enum wd_status status = wd_kafka_fail_code(&error, seeks->elems[i].err, "cannot seek back");
        wd_lane_fail(lane, status, &error);
        return;
    }
}

static void forget_transaction(struct wd_lane *lane)
{
    lane->txn_open = false;
    lane->commit_due = false;
    lane->txn_messages = 0;
    lane->txn_bytes = lane->txn_bytes_timed = 0;
    (void)uv_timer_stop(&lane->commit_timer);
}

/* Repeated aborts (an output topic that is gone, say) must not become a busy loop. */
static void back_off(struct wd_lane *lane)
{
    uint64_t wait_ms = BACKOFF_MS_MAX;
    if (lane->aborts_in_row < 7)
        wait_ms = (uint64_t)BACKOFF_MS_MIN << lane->aborts_in_row;
    if (lane->aborts_in_row > 0)
        lane->not_before_ms = wd_lane_now_ms() + wait_ms;
    lane->aborts_in_row++;
}

/* The next try after a refusal needs no wait, and a producer of its own: librdkafka (2.15.1) has given the
 * refused records sequence numbers that the broker then misses, and aborts again for them. */
static void try_another(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    lane->not_before_ms = 0;
    enum wd_status status = wd_sender_reopen(lane->sender, &error);
    if (status != WD_OK)
        wd_lane_fail(lane, status, &error);
}

static void roll_back(struct wd_lane *lane)
{
    uint32_t messages = lane->txn_messages;
    rd_kafka_topic_partition_list_t *seeks = rd_kafka_topic_partition_list_new(8);
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (lane->shards[i]->txn_first != WD_OFFSET_NONE)
            roll_back_shard(lane->shards[i], seeks);
    }
    forget_transaction(lane);
    wd_lane_seek_back(lane, seeks);
    rd_kafka_topic_partition_list_destroy(seeks);
    wd_counter_add(lane->aborts, 1);
    back_off(lane);
    if (wd_refusal_rolled_back(&lane->refusal, messages))
        try_another(lane);
}

static void settle_commit(struct wd_lane *lane)
{
    int64_t now = wd_lane_wall_ms();
    for (uint32_t i = 0; i < lane->txn_messages; i++) {
        int64_t ms = now - lane->arrivals[i].timestamp_ms;
        if (lane->arrivals[i].timestamp_ms >= 0)
            wd_histogram_add(lane->arrivals[i].latency, ms > 0 ? (uint64_t)ms * 1000000 : 0);
    }
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (lane->shards[i]->txn_first != WD_OFFSET_NONE)
            commit_shard(lane->shards[i]);
    }
    wd_refusal_committed(&lane->refusal);
    wd_counter_add(lane->commits, 1);
    lane->aborts_in_row = 0;
    lane->forbidden_since_ms = 0;
    forget_transaction(lane);
}

/* One shard of an undetermined transaction, now that the group's committed offset is known. */
static void decide_shard(struct wd_lane *lane, struct wd_shard *shard, int64_t committed,
                         rd_kafka_topic_partition_list_t *seeks)
{
    if (committed == shard->txn_next) {
        commit_shard(shard);
    } else if (committed <= shard->txn_first) { /* also when there is none */
        roll_back_shard(shard, seeks);
    } else { /* somebody else had the partition in between */
        wd_log(WD_LEVEL_WARN, lane->name,
               "%s [%" PRId32 "]: committed offset %" PRId64 " is neither %" PRId64 " nor %" PRId64
               ": restoring again",
               shard->topic, shard->partition, committed, shard->txn_first, shard->txn_next);
        wd_state_rollback(shard->state);
        wd_shard_forget_counts(shard);
        shard->txn_first = shard->txn_next = WD_OFFSET_NONE;
        if (!shard->leaving)
            wd_lane_restart_shard(lane, shard, committed);
    }
}

static bool read_committed(struct wd_lane *lane, rd_kafka_topic_partition_list_t *list)
{
    struct wd_error error;
    wd_error_init(&error);
    for (;;) {
        rd_kafka_resp_err_t code = rd_kafka_committed(lane->consumer, list, WD_LANE_SLICE_MS);
        wd_lane_show_progress(lane);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        enum wd_status status =
            wd_kafka_fail_code(&error, code, "cannot read the committed offsets back");
        if (status == WD_FENCED || atomic_load(&lane->stop))
            wd_lane_fail(lane, status, &error);
        else if (status == WD_KAFKA_AUTH)
            wd_lane_forbidden(lane, &error);
        if (lane->status != WD_OK)
            return false;
        if (status == WD_KAFKA_AUTH)
            uv_sleep(FORBIDDEN_PAUSE_MS);
    }
}

/* The transaction is neither done nor undone: a new producer decides it, the offsets tell how. */
static void recover(struct wd_lane *lane, const struct wd_error *why)
{
    struct wd_error error;
    wd_error_init(&error);
    wd_log(WD_LEVEL_WARN, lane->name, "%s: the transaction is undetermined, asking the broker",
           why->text);
    wd_counter_add(lane->recoveries, 1);
    enum wd_status status = wd_sender_reopen(lane->sender, &error);
    if (status != WD_OK) {
        wd_lane_fail(lane, status, &error);
        return;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    for (size_t i = 0; i < lane->shard_count; i++) {
        if (lane->shards[i]->txn_first != WD_OFFSET_NONE)
            rd_kafka_topic_partition_list_add(list, lane->shards[i]->topic,
                                              lane->shards[i]->partition);
    }
    rd_kafka_topic_partition_list_t *seeks = rd_kafka_topic_partition_list_new(8);
    if (list->cnt == 0 || read_committed(lane, list)) {
        for (int i = 0; i < list->cnt; i++) {
            struct wd_shard *shard =
                wd_lane_find_shard(lane, list->elems[i].topic, list->elems[i].partition);
            decide_shard(lane, shard, list->elems[i].offset, seeks);
        }
        forget_transaction(lane);
        wd_lane_seek_back(lane, seeks);
        back_off(lane);
    }
    rd_kafka_topic_partition_list_destroy(seeks);
    rd_kafka_topic_partition_list_destroy(list);
}

static void tell_forbidden(struct wd_lane *lane, const struct wd_error *why)
{
    struct wd_error error;
    wd_error_init(&error);
    (void)wd_error_set(
        &error, WD_KAFKA_AUTH,
        "Kafka does not allow publishing: %s; grant WRITE on output, dead-letter and "
        "changelog topics and on transactional ids \"%s-%s-*\", READ on group \"%s\"",
        why->text, lane->config->group, lane->config->instance, lane->config->group);
    wd_lane_forbidden(lane, &error);
    uint64_t soon_ms = wd_lane_now_ms() + FORBIDDEN_PAUSE_MS;
    if (lane->not_before_ms > soon_ms)
        lane->not_before_ms = soon_ms;
}

/* Every abort could be told, for as long as what causes it lasts: the first is, and then ever fewer. */
static bool is_worth_telling(unsigned aborts)
{
    return aborts < TOLD_EVERY ? (aborts & (aborts - 1)) == 0 : aborts % TOLD_EVERY == 0;
}

static void tell_abort(const struct wd_lane *lane, const struct wd_error *why)
{
    unsigned aborts = lane->aborts_in_row + 1;
    if (aborts == 1)
        wd_log(WD_LEVEL_WARN, lane->name, "%s: aborting the transaction", why->text);
    else if (is_worth_telling(aborts))
        wd_log(WD_LEVEL_WARN, lane->name, "%s: aborting the transaction, number %u in a row",
               why->text, aborts);
}

void wd_lane_settle(struct wd_lane *lane, enum wd_sent sent, const struct wd_error *error)
{
    switch (sent) {
    case WD_SENT_DONE:
        settle_commit(lane);
        break;
    case WD_SENT_ABORT:
        tell_abort(lane, error);
        wd_lane_abort(lane);
        if (lane->status == WD_OK && lane->aborts_in_row > 1 &&
            is_worth_telling(lane->aborts_in_row))
            wd_lane_tell_missing_topic(lane);
        if (lane->status == WD_OK && lane->shard_count > 0 && !wd_lane_is_same_member(lane))
            wd_lane_rejoin(lane);
        if (error->status == WD_KAFKA_AUTH && lane->status == WD_OK)
            tell_forbidden(lane, error);
        break;
    case WD_SENT_UNKNOWN:
        if (error->status == WD_KAFKA_AUTH)
            tell_forbidden(lane, error);
        if (lane->status == WD_OK)
            recover(lane, error);
        break;
    case WD_SENT_FENCED:
        wd_lane_fail(lane, WD_FENCED, error);
        break;
    case WD_SENT_FAILED:
        wd_lane_fail(lane, error->status, error);
        break;
    }
}

void wd_lane_abort(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    if (!lane->txn_open)
        return;
    enum wd_sent sent = wd_sender_abort(lane->sender, &error);
    if (sent == WD_SENT_ABORT)
        roll_back(lane);
    else
        wd_lane_settle(lane, sent, &error);
}

struct journal {
    struct wd_lane *lane;
    const struct wd_shard *shard;
    struct wd_error *error;
};

static enum wd_status write_change(void *context, struct wd_slice key, struct wd_slice value)
{
    struct journal *journal = context;
    struct wd_emission record = {
        .topic = wd_slice_from(journal->shard->changelog), .key = key, .payload = value};
    uintptr_t tag = wd_refusal_tag_of_state(journal->shard->id);
    return wd_sender_gather(journal->lane->sender, &record, journal->shard->partition, tag,
                            journal->error);
}

/* What the transaction has changed in the shard's state, or all of it, goes to its changelog. */
static enum wd_status write_state(struct wd_lane *lane, struct wd_shard *shard, bool whole,
                                  struct wd_error *error)
{
    struct journal journal = {lane, shard, error};
    return whole ? wd_state_each(shard->state, write_change, &journal)
                 : wd_state_seal(shard->state, write_change, &journal);
}

/* Changelog records and offsets of everything in the transaction. */
static enum wd_status gather(struct wd_lane *lane, rd_kafka_topic_partition_list_t *offsets,
                             struct wd_error *error)
{
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (shard->txn_first == WD_OFFSET_NONE)
            continue;
        if (shard->txn_next ==
            shard->empty_from) /* who looks at the group sees it at the end, too */
            shard->txn_next = shard->empty_to;
        rd_kafka_topic_partition_list_add(offsets, shard->topic, shard->partition)->offset =
            shard->txn_next;
        if (shard->changelog[0] == '\0')
            continue;
        enum wd_status status = write_state(lane, shard, false, error);
        if (status != WD_OK)
            return status;
    }
    return wd_sender_send_gathered(lane->sender, error);
}

/* At least once, a changelog record counts as soon as it is written: one of a consumer that was
 * replaced would overwrite what the new owner knows. (Exactly once, none counts before the offsets do,
 * and those are refused.) */
static enum wd_status check_owner(struct wd_lane *lane, struct wd_error *error)
{
    if (lane->config->exactly_once || wd_lane_is_same_member(lane))
        return WD_OK;
    return wd_error_set(error, WD_KAFKA, "the partitions may be another consumer's now");
}

void wd_lane_commit(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    if (!lane->txn_open || lane->status != WD_OK)
        return;
    uint64_t begun_ns = uv_hrtime();
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(8);
    enum wd_status status = check_owner(lane, &error);
    if (status == WD_OK)
        status = gather(lane, offsets, &error);
    if (status == WD_OK) {
        const struct wd_consumer consumer = {lane->consumer, lane->member};
        enum wd_sent sent = wd_sender_commit(lane->sender, &consumer, offsets, &error);
        uint64_t took_ns = uv_hrtime() - begun_ns;
        wd_histogram_add(lane->commit_seconds, took_ns);
        lane->commit_ms = (lane->commit_ms * 3 + took_ns / 1000000) / 4;
        wd_lane_settle(lane, sent, &error);
    } else if (status == WD_FENCED || status == WD_NO_MEMORY) {
        wd_lane_fail(lane, status, &error);
    } else {
        wd_lane_settle(lane, WD_SENT_ABORT, &error);
    }
    rd_kafka_topic_partition_list_destroy(offsets);
}

bool wd_lane_begin(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    if (lane->txn_open)
        return true;
    enum wd_sent sent = wd_sender_begin(lane->sender, &error);
    if (sent != WD_SENT_DONE) {
        wd_lane_settle(lane, sent, &error);
        return false;
    }
    lane->txn_open = true;
    lane->txn_begun_ns = uv_hrtime();
    return true;
}

bool wd_lane_write_whole_state(struct wd_lane *lane, struct wd_shard *shard)
{
    struct wd_error error;
    wd_error_init(&error);
    WD_ASSERT(!lane->txn_open);
    if (!wd_lane_begin(lane))
        return false;
    /* With the offset that stands already: the group refuses it of one that it has given up. */
    shard->txn_first = shard->txn_next =
        shard->next != WD_OFFSET_NONE ? shard->next : shard->committed;
    enum wd_status status = write_state(lane, shard, true, &error);
    if (status == WD_OK)
        wd_lane_commit(lane);
    else
        wd_lane_settle(lane, WD_SENT_ABORT, &error);
    return lane->status == WD_OK && lane->aborts_in_row == 0;
}
