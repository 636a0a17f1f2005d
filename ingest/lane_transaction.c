/* Messages in, transactions out: the part of a lane where exactly once is decided. */
#include "kafka_client.h"
#include "lane_internal.h"
#include "log_limit.h"
#include "wd_assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SEEK_TIMEOUT_MS = 10000,
    BACKOFF_MS_MIN = 50,
    BACKOFF_MS_MAX = 5000,
    REFUSED_ABORTS_MAX = 3,  /* in a row, then a missing permission is taken for lasting */
    TOLD_EVERY = 64,         /* aborts in a row: about every six minutes */
    FUTURE_MS_MAX = 3600000, /* as Kafka's message.timestamp.after.max.ms by default, since 3.6 */
    CACHE_LINE_BYTES = 64,
    AHEAD_BYTES_MAX = 4096, /* of the next message */
};

static int64_t wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What an emission of the desk belongs to. */
struct source {
    struct wd_lane *lane;
    uintptr_t tag;
    struct wd_error *error;
};

static enum wd_status emit(void *context, const struct wd_emission *emission)
{
    struct source *source = context;
    struct wd_lane *lane = source->lane;
    lane->txn_bytes += emission->payload.len;
    return wd_sender_produce(lane->sender, emission, RD_KAFKA_PARTITION_UA, source->tag,
                             source->error);
}

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
    lane->txn_bytes = 0;
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
    int64_t now = wall_ms();
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
        bool hopeless = status == WD_FENCED || status == WD_KAFKA_AUTH;
        if (hopeless || atomic_load(&lane->stop)) {
            wd_lane_fail(lane, status, &error);
            return false;
        }
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

static void stop_refused(struct wd_lane *lane, const struct wd_error *why)
{
    struct wd_error error;
    wd_error_init(&error);
    (void)wd_error_set(&error, WD_KAFKA_AUTH,
                       "Kafka does not allow publishing: %s; an output, dead-letter or changelog "
                       "topic lacks the permission WRITE",
                       why->text);
    wd_lane_fail(lane, WD_KAFKA_AUTH, &error);
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

static void settle(struct wd_lane *lane, enum wd_sent sent, const struct wd_error *error)
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
        if (error->status == WD_KAFKA_AUTH && lane->aborts_in_row > REFUSED_ABORTS_MAX)
            stop_refused(lane, error);
        break;
    case WD_SENT_UNKNOWN:
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
        settle(lane, sent, &error);
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
        settle(lane, sent, &error);
    } else if (status == WD_FENCED || status == WD_NO_MEMORY) {
        wd_lane_fail(lane, status, &error);
    } else {
        settle(lane, WD_SENT_ABORT, &error);
    }
    rd_kafka_topic_partition_list_destroy(offsets);
}

static bool begin(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    if (lane->txn_open)
        return true;
    enum wd_sent sent = wd_sender_begin(lane->sender, &error);
    if (sent != WD_SENT_DONE) {
        settle(lane, sent, &error);
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
    if (!begin(lane))
        return false;
    /* With the offset that stands already: the group refuses it of one that it has given up. */
    shard->txn_first = shard->txn_next =
        shard->next != WD_OFFSET_NONE ? shard->next : shard->committed;
    enum wd_status status = write_state(lane, shard, true, &error);
    if (status == WD_OK)
        wd_lane_commit(lane);
    else
        settle(lane, WD_SENT_ABORT, &error);
    return lane->status == WD_OK && lane->aborts_in_row == 0;
}

static size_t take_headers(const rd_kafka_message_t *message,
                           struct wd_header headers[WD_LANE_HEADERS_MAX])
{
    rd_kafka_headers_t *list = NULL;
    if (rd_kafka_message_headers(message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    size_t count = 0;
    const char *name = NULL;
    const void *value = NULL;
    size_t len = 0;
    while (count < WD_LANE_HEADERS_MAX &&
           rd_kafka_header_get_all(list, count, &name, &value, &len) == RD_KAFKA_RESP_ERR_NO_ERROR)
        headers[count++] = (struct wd_header){wd_slice_from(name), wd_slice_make(value, len)};
    return count;
}

/* A message went through: it belongs to the transaction now. */
static void count_message(struct wd_lane *lane, struct wd_shard *shard,
                          const struct wd_desk_message *message)
{
    shard->next = shard->txn_next = message->offset + 1;
    shard->last_timestamp_ms = message->timestamp_ms;
    lane->arrivals[lane->txn_messages++] =
        (struct wd_lane_arrival){shard->metrics.latency, message->timestamp_ms};
    lane->txn_bytes += message->value.len;
    struct wd_pipeline *pipeline = wd_desk_pipeline(shard->desk);
    size_t count = wd_plan_processor_count(lane->config->pipelines[shard->pipeline].plan);
    for (size_t i = 0; i < count; i++)
        wd_histogram_add(shard->metrics.processors[i], wd_pipeline_counters(pipeline, i)->last_ns);
}

static void process(struct wd_lane *lane, struct wd_shard *shard,
                    const struct wd_desk_message *message)
{
    struct wd_error error;
    wd_error_init(&error);
    uintptr_t tag = wd_refusal_tag(shard->id, message->offset);
    struct source source = {lane, tag, &error};
    enum wd_status status = WD_OK;
    if (wd_refusal_is_marked(&lane->refusal, tag)) {
        struct wd_error reason;
        wd_error_init(&reason);
        (void)wd_error_set(&reason, WD_TOO_LARGE,
                           "Kafka refuses what would be published for this message for its size");
        status = wd_desk_bury(shard->desk, message, &reason, emit, &source);
    } else {
        status = wd_desk_take(shard->desk, message, emit, &source, &error);
    }
    if (status == WD_OK) {
        count_message(lane, shard, message);
        return;
    }
    /* Part of the message may be in the transaction and in the state: neither may stay. */
    if (status == WD_TOO_LARGE) {
        wd_refusal_note(&lane->refusal, tag);
        settle(lane, WD_SENT_ABORT, &error);
    } else if (status == WD_KAFKA) {
        settle(lane, WD_SENT_ABORT, &error);
    } else {
        wd_lane_fail(lane, status, &error);
    }
}

/* The record's time; negative when unknown. One from the future, of a producer whose clock is wrong, would
 * move event time there, and all that is remembered would be too old at once: it counts as unknown. */
static int64_t timestamp_of(const struct wd_lane *lane, struct wd_shard *shard,
                            const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    int64_t timestamp_ms = rd_kafka_message_timestamp(message, &kind);
    if (kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
        return -1;
    if (timestamp_ms < lane->inbox.future_ms)
        return timestamp_ms;
    if (!shard->ahead)
        wd_log(WD_LEVEL_WARN, lane->name,
               "%s [%" PRId32 "] offset %" PRId64 ": its timestamp, %" PRId64
               " ms since 1970, is in the future and counts as unknown: look at its producer's "
               "clock (further ones are not told)",
               shard->topic, shard->partition, message->offset, timestamp_ms);
    shard->ahead = true;
    return -1;
}

static void take_message(struct wd_lane *lane, rd_kafka_message_t *message)
{
    struct wd_shard *shard =
        wd_lane_find_shard(lane, rd_kafka_topic_name(message->rkt), message->partition);
    if (!shard || shard->sought || shard->leaving)
        return; /* was in the queue when its partition went, or will come again */
    if (shard->phase != WD_SHARD_READY) {
        if (shard->slipped == WD_OFFSET_NONE || message->offset < shard->slipped)
            shard->slipped = message->offset;
        return;
    }
    if (message->offset < shard->next && !wd_lane_began_anew(lane, shard, message->offset))
        return;
    shard->behind = shard->anew = false;
    int64_t due = shard->next != WD_OFFSET_NONE ? shard->next : shard->committed;
    if (due != WD_OFFSET_NONE && message->offset > due)
        wd_lane_note_jump(shard, due, message->offset);
    if (shard->txn_first == WD_OFFSET_NONE)
        shard->txn_first = message->offset; /* from here again, also when begin fails */
    if (!begin(lane))
        return;
    struct wd_header headers[WD_LANE_HEADERS_MAX];
    struct wd_desk_message input = {
        .topic = wd_slice_from(shard->topic),
        .partition = message->partition,
        .offset = message->offset,
        .key = {message->key, message->key_len},
        .value = {message->payload, message->len},
        .timestamp_ms = timestamp_of(lane, shard, message),
        .headers = headers,
        .header_count = take_headers(message, headers),
    };
    process(lane, shard, &input);
}

/* Errors of the consumer that do not belong to a message. */
static void take_consumer_error(struct wd_lane *lane, const rd_kafka_message_t *message)
{
    struct wd_shard *shard =
        message->rkt
            ? wd_lane_find_shard(lane, rd_kafka_topic_name(message->rkt), message->partition)
            : NULL;
    if (shard && shard->next == WD_OFFSET_NONE)
        shard->stuck = true; /* maybe: assigning again does no harm */
    struct wd_error error;
    wd_error_init(&error);
    char text[WD_KAFKA_ERRSTR_SIZE];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(lane->consumer, text, sizeof(text));
    if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) {
        enum wd_status status = wd_kafka_status(fatal);
        (void)wd_error_set(&error, status, "the consumer cannot go on: %s (%s)", text,
                           rd_kafka_err2name(fatal));
        wd_lane_fail(lane, status, &error);
        return;
    }
    enum wd_status status = wd_kafka_status(message->err);
    const char *what = rd_kafka_message_errstr(message);
    if (status == WD_KAFKA_AUTH && message->err != RD_KAFKA_RESP_ERR__AUTHENTICATION) {
        (void)wd_error_set(&error, status, "Kafka does not allow consuming: %s", what);
        wd_lane_fail(lane, status, &error);
        return;
    }
    wd_log_limited(wd_lane_now_ms(), WD_LEVEL_WARN, lane->name, "consumer: %s (%s)", what,
                   rd_kafka_err2name(message->err));
}

static bool transaction_full(const struct wd_lane *lane)
{
    return lane->txn_open && (lane->commit_due || lane->txn_messages >= lane->refusal.records_max ||
                              lane->txn_bytes >= lane->config->inflight_bytes_max);
}

static void on_commit_timer(uv_timer_t *timer)
{
    struct wd_lane *lane = timer->data;
    lane->commit_due = true;
    (void)uv_async_send(&lane->wake);
}

/* How long a transaction gathers messages: what it holds is to be out when the interval is over, so what
 * the commit will take, by the last ones, is taken off; never more than half. */
static uint64_t gather_ms(const struct wd_lane *lane)
{
    uint64_t interval_ms = lane->config->transaction_interval_ms;
    return interval_ms - (lane->commit_ms < interval_ms / 2 ? lane->commit_ms : interval_ms / 2);
}

/* The first messages of a transaction start the clock. */
static void start_commit_timer(struct wd_lane *lane)
{
    if (lane->txn_open && !uv_is_active((uv_handle_t *)&lane->commit_timer))
        (void)uv_timer_start(&lane->commit_timer, on_commit_timer, gather_ms(lane), 0);
}

/* What librdkafka's thread has put into memory is in its processor's cache: the next message is fetched
 * from there while this one is at work. The one after it is only looked up. */
static void fetch_ahead(const struct wd_lane_inbox *inbox)
{
    if (inbox->count - inbox->next < 3)
        return;
    __builtin_prefetch(inbox->messages[inbox->next + 2]);
    const rd_kafka_message_t *next = inbox->messages[inbox->next + 1];
    const char *bytes = next->payload;
    size_t len = next->len < AHEAD_BYTES_MAX ? next->len : AHEAD_BYTES_MAX;
    for (size_t i = 0; bytes && i < len + CACHE_LINE_BYTES; i += CACHE_LINE_BYTES)
        __builtin_prefetch(bytes + i); /* headers stand behind it */
}

static void take_one(struct wd_lane *lane, rd_kafka_message_t *message)
{
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        take_consumer_error(lane, message);
    else
        take_message(lane, message);
    rd_kafka_message_destroy(message);
}

/* False: there is nothing. Partitions come and go in here. */
static bool refill(struct wd_lane *lane)
{
    struct wd_lane_inbox *inbox = &lane->inbox;
    inbox->next = inbox->count = 0;
    ssize_t count =
        rd_kafka_consume_batch_queue(lane->consumer_queue, 0, inbox->messages, WD_LANE_INBOX_MAX);
    inbox->count = count > 0 ? (size_t)count : 0;
    inbox->future_ms = wall_ms() + FUTURE_MS_MAX;
    /* What librdkafka hands over here was fetched after the last seek: it takes out what was not,
     * also where a call-back of this very call sought. */
    for (size_t i = 0; i < lane->shard_count; i++)
        lane->shards[i]->sought = false;
    return inbox->count > 0;
}

void wd_lane_empty_inbox(struct wd_lane *lane)
{
    struct wd_lane_inbox *inbox = &lane->inbox;
    while (inbox->next < inbox->count)
        rd_kafka_message_destroy(inbox->messages[inbox->next++]);
}

/* After aborts. */
static bool must_wait(struct wd_lane *lane)
{
    if (lane->not_before_ms > 0 && wd_lane_now_ms() >= lane->not_before_ms)
        lane->not_before_ms = 0;
    return lane->not_before_ms > 0;
}

bool wd_lane_take(struct wd_lane *lane)
{
    struct wd_lane_inbox *inbox = &lane->inbox;
    while (lane->status == WD_OK && !must_wait(lane)) {
        if (transaction_full(lane)) {
            wd_lane_commit(lane);
            return lane->status == WD_OK;
        }
        if (inbox->next == inbox->count && !refill(lane))
            break;
        fetch_ahead(inbox);
        take_one(lane, inbox->messages[inbox->next++]);
        if (inbox->next == inbox->count) {
            start_commit_timer(lane);
            return lane->status == WD_OK; /* others have their turn before the next lot */
        }
    }
    start_commit_timer(lane);
    return false;
}
