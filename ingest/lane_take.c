/* Messages in: from the consumer's queue through the desk into the open transaction. */
#include "kafka_client.h"
#include "lane_internal.h"
#include "log_limit.h"

#include <inttypes.h>

enum {
    FUTURE_MS_MAX = 3600000, /* as Kafka's message.timestamp.after.max.ms by default, since 3.6 */
    CACHE_LINE_BYTES = 64,
    AHEAD_BYTES_MAX = 4096, /* of the next message */
    UNREADABLE_TRIES = 3,
    TIMED_BYTES = 65536,   /* the clock is looked at after so many, in and out */
    LARGE_BYTES = 1 << 20, /* of a message: may take seconds */
};

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

static void take_headers(const rd_kafka_message_t *message,
                         struct wd_header headers[WD_LANE_HEADERS_MAX],
                         struct wd_desk_message *input)
{
    rd_kafka_headers_t *list = NULL;
    if (rd_kafka_message_headers(message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    size_t count = 0;
    const char *name = NULL;
    const void *value = NULL;
    size_t len = 0;
    while (count < WD_LANE_HEADERS_MAX &&
           rd_kafka_header_get_all(list, count, &name, &value, &len) == RD_KAFKA_RESP_ERR_NO_ERROR)
        headers[count++] = (struct wd_header){wd_slice_from(name), wd_slice_make(value, len)};
    input->headers = headers;
    input->header_count = count;
    input->headers_omitted = rd_kafka_header_cnt(list) - count;
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

/* What became of a message. */
static void finish(struct wd_lane *lane, struct wd_shard *shard,
                   const struct wd_desk_message *message, enum wd_status status,
                   const struct wd_error *error)
{
    if (status == WD_OK) {
        count_message(lane, shard, message);
        return;
    }
    /* Part of the message may be in the transaction and in the state: neither may stay. */
    if (status == WD_TOO_LARGE)
        wd_refusal_note(&lane->refusal, wd_refusal_tag(shard->id, message->offset));
    if (status == WD_TOO_LARGE || status == WD_KAFKA)
        wd_lane_settle(lane, WD_SENT_ABORT, error);
    else
        wd_lane_fail(lane, status, error);
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
    finish(lane, shard, message, status, &error);
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
    if (wd_lane_begins_late(lane, shard, message->offset))
        return;
    shard->behind = shard->anew = false;
    int64_t due = wd_shard_due(shard);
    if (due != WD_OFFSET_NONE && message->offset > due)
        wd_lane_note_jump(shard, due, message->offset);
    if (shard->txn_first == WD_OFFSET_NONE)
        shard->txn_first = message->offset; /* from here again, also when begin fails */
    if (!wd_lane_begin(lane))
        return;
    struct wd_header headers[WD_LANE_HEADERS_MAX];
    struct wd_desk_message input = {
        .topic = wd_slice_from(shard->topic),
        .partition = message->partition,
        .offset = message->offset,
        .key = {message->key, message->key_len},
        .value = {message->payload, message->len},
        .timestamp_ms = timestamp_of(lane, shard, message),
    };
    take_headers(message, headers, &input);
    process(lane, shard, &input);
}

/* There is no message before this offset that was not handed over. */
static void take_end(struct wd_lane *lane, const rd_kafka_message_t *message)
{
    struct wd_shard *shard =
        wd_lane_find_shard(lane, rd_kafka_topic_name(message->rkt), message->partition);
    if (shard && !shard->sought && !shard->leaving && shard->phase == WD_SHARD_READY)
        wd_shard_reach_end(shard, message->offset);
}

/* librdkafka goes no further than a batch that it cannot decompress (more than receive.message.max.bytes come
 * out of it, say). Nor would we: its messages become dead letters one by one, as where it ends only shows
 * when there is no error any more. First it is tried again: the next answer may be whole. */
static void take_unreadable(struct wd_lane *lane, struct wd_shard *shard,
                            const rd_kafka_message_t *message)
{
    if (shard->sought || shard->leaving || shard->phase != WD_SHARD_READY)
        return;
    if (shard->unreadable != message->offset)
        shard->unreadable_tries = 0;
    shard->unreadable = message->offset;
    if (++shard->unreadable_tries < UNREADABLE_TRIES)
        return;
    struct wd_error error;
    wd_error_init(&error);
    int64_t due = wd_shard_due(shard);
    const struct wd_desk_message input = {
        .topic = wd_slice_from(shard->topic),
        .partition = message->partition,
        .offset = due > message->offset ? due : message->offset,
        .timestamp_ms = -1,
    };
    if (shard->txn_first == WD_OFFSET_NONE)
        shard->txn_first = input.offset;
    if (!wd_lane_begin(lane))
        return;
    (void)wd_error_set(&error, WD_KAFKA, "cannot be had from Kafka: %s",
                       rd_kafka_message_errstr(message));
    wd_log(WD_LEVEL_ERROR, lane->name,
           "%s [%" PRId32 "] offset %" PRId64
           " %s; it becomes a dead letter (kafka.receive.message.max.bytes is "
           "what may come out of a batch)",
           shard->topic, input.partition, input.offset, error.text);
    struct source source = {lane, wd_refusal_tag(shard->id, input.offset), &error};
    const struct wd_error reason = error;
    finish(lane, shard, &input, wd_desk_bury(shard->desk, &input, &reason, emit, &source), &error);
    if (shard->sought || lane->status != WD_OK)
        return; /* it was rolled back, and comes again */
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, shard->topic, shard->partition)->offset = shard->next;
    wd_lane_seek_back(lane, list);
    rd_kafka_topic_partition_list_destroy(list);
    shard->sought = true;
}

/* Errors of the consumer that do not belong to a message. */
static void take_consumer_error(struct wd_lane *lane, const rd_kafka_message_t *message)
{
    struct wd_shard *shard =
        message->rkt
            ? wd_lane_find_shard(lane, rd_kafka_topic_name(message->rkt), message->partition)
            : NULL;
    bool unreadable = message->err == RD_KAFKA_RESP_ERR__BAD_COMPRESSION ||
                      message->err == RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED;
    if (shard && unreadable && message->offset >= 0) {
        take_unreadable(lane, shard, message);
        return;
    }
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
        (void)wd_error_set(&error, status,
                           "Kafka does not allow consuming: %s; grant READ on the input topic and "
                           "on group \"%s\"",
                           what, lane->config->group);
        if (shard)
            shard->forbidden = shard->topic;
        wd_lane_forbidden(lane, &error);
        return;
    }
    wd_log_limited(wd_lane_now_ms(), WD_LEVEL_WARN, lane->name, "consumer: %s (%s)", what,
                   rd_kafka_err2name(message->err));
}

/* How long a transaction gathers messages: what it holds is to be out when the interval is over, so what
 * the commit will take, by the last ones, is taken off; never more than half. */
static uint64_t gather_ms(const struct wd_lane *lane)
{
    uint64_t interval_ms = lane->config->transaction_interval_ms;
    return interval_ms - (lane->commit_ms < interval_ms / 2 ? lane->commit_ms : interval_ms / 2);
}

/* The commit timer does not run while there are messages in the inbox: five hundred large ones would outlast the
 * transaction's time-out, and the broker takes whoever does that for one who was replaced. */
static bool is_overdue(struct wd_lane *lane)
{
    if (lane->txn_bytes < lane->txn_bytes_timed + TIMED_BYTES)
        return false;
    lane->txn_bytes_timed = lane->txn_bytes;
    return uv_hrtime() - lane->txn_begun_ns >= gather_ms(lane) * 1000000;
}

static bool transaction_full(struct wd_lane *lane)
{
    return lane->txn_open &&
           (lane->commit_due || lane->txn_messages >= lane->refusal.records_max ||
            lane->txn_bytes >= lane->config->inflight_bytes_max || is_overdue(lane));
}

/* The message at hand may take so long that what is before it should be out first. */
static bool is_slow_next(const struct wd_lane *lane)
{
    const struct wd_lane_inbox *inbox = &lane->inbox;
    return lane->txn_open && lane->txn_messages > 0 &&
           inbox->messages[inbox->next]->len >= LARGE_BYTES;
}

static void on_commit_timer(uv_timer_t *timer)
{
    struct wd_lane *lane = timer->data;
    lane->commit_due = true;
    (void)uv_async_send(&lane->wake);
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
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        take_end(lane, message);
    else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
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
    inbox->future_ms = wd_lane_wall_ms() + FUTURE_MS_MAX;
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
        bool full = transaction_full(lane);
        if (!full && inbox->next == inbox->count && !refill(lane))
            break;
        if (full || is_slow_next(lane)) {
            wd_lane_commit(lane);
            return lane->status == WD_OK;
        }
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
