/* A producer's life, and its transactions. */
#include "crash_point.h"
#include "kafka_client.h"
#include "log.h"
#include "sender_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    SLICE_MS = 1000,              /* one wait; between two the lane shows that it is alive */
    TRIES_EXTRA_MS = 30000,       /* past the transaction's time-out a commit is undetermined */
    OFFSETS_LIMIT_MS = 10000,     /* sending offsets takes milliseconds; later, the call hangs */
    FORBIDDEN_PAUSE_MS = 500,     /* until it is asked again for a permission */
    RETRY_WAIT_MS = 10,           /* before a call that failed at once is made again */
    RECORD_BYTES_MAX = 100000000, /* message.max.bytes: dead letters carry their original */
};

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000;
}

void wd_sender_show_progress(struct wd_sender *sender)
{
    atomic_fetch_add_explicit(sender->setup.progress, 1, memory_order_relaxed);
}

static bool must_stop(const struct wd_sender *sender)
{
    return atomic_load_explicit(sender->setup.stop, memory_order_relaxed);
}

/* Successes are reported too, though nobody asks for them: they end a flush at once. Without them
 * librdkafka looks every 10 ms whether there is something left. */
static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct wd_sender *sender = opaque;
    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR ||
        message->err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
        message->err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
        return; /* an abort of ours */
    if (sender->failures++ == 0)
        sender->first_failure = message->err;
    if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        sender->setup.refused(sender->setup.context, (uintptr_t)message->_private);
}

static int on_statistics(rd_kafka_t *client, char *json, size_t json_len, void *opaque)
{
    struct wd_sender *sender = opaque;
    return sender->setup.statistics(client, json, json_len, sender->setup.context);
}

static rd_kafka_conf_t *make_conf(struct wd_sender *sender, struct wd_error *error)
{
    const struct wd_config *config = sender->setup.config;
    char name[128];
    (void)snprintf(name, sizeof(name), "%s-producer", sender->setup.name);
    rd_kafka_conf_t *conf = wd_kafka_conf(config, name, sender, error);
    if (!conf)
        return NULL;
    char text[512];
    wd_kafka_conf_set(conf, "enable.idempotence", "true");
    wd_kafka_conf_set(conf, "delivery.report.only.error", "false"); /* see on_delivery */
    if (sender->transactional) {
        /* The coordinator refuses a new transaction while it still ends the last one, for some
         * milliseconds; librdkafka asks again after this long. Its default is 100. */
        wd_kafka_conf_prefer(config, conf, "retry.backoff.ms", "10");
        (void)snprintf(text, sizeof(text), "%s-%s-%s", config->group, config->instance,
                       sender->setup.name);
        wd_kafka_conf_set(conf, "transactional.id", text);
        (void)snprintf(text, sizeof(text), "%u", config->transaction_timeout_ms);
        wd_kafka_conf_set(conf, "transaction.timeout.ms", text);
        /* librdkafka wants the delivery time-out no longer than the transaction's. */
        wd_kafka_conf_set(conf, "message.timeout.ms", text);
    }
    (void)snprintf(text, sizeof(text), "%d", RECORD_BYTES_MAX);
    wd_kafka_conf_prefer(config, conf, "message.max.bytes", text);
    wd_kafka_conf_prefer(config, conf, "partitioner", "murmur2_random");
    /* A commit flushes: waiting longer costs no latency then, and saves wake-ups. */
    wd_kafka_conf_prefer(config, conf, "linger.ms", sender->transactional ? "50" : "5");
    wd_kafka_conf_prefer(config, conf, "queue.buffering.max.kbytes", "262144");
    wd_kafka_conf_prefer(config, conf, "statistics.interval.ms", "5000");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_stats_cb(conf, on_statistics);
    return conf;
}

rd_kafka_error_t *wd_sender_find_cause(struct wd_sender *sender, rd_kafka_error_t *refusal)
{
    if (!sender->transactional || rd_kafka_error_code(refusal) != RD_KAFKA_RESP_ERR__STATE)
        return refusal;
    rd_kafka_error_t *cause = rd_kafka_begin_transaction(sender->client);
    bool better = cause && rd_kafka_error_txn_requires_abort(cause);
    if (better)
        rd_kafka_error_destroy(refusal);
    else if (cause)
        rd_kafka_error_destroy(cause);
    return better ? cause : refusal;
}

/* The coordinator bumps the epoch also when it aborts a transaction that took too long (we were paused, or a broker was
 * away). That looks like fencing but nobody took over. */
bool wd_sender_is_out_of_time(const struct wd_sender *sender)
{
    uint64_t open_ms = now_ms() - sender->begun_ms;
    return open_ms >= (uint64_t)sender->setup.config->transaction_timeout_ms * 9 / 10;
}

/* What a transactional call's error asks for. Destroys `kafka_error`. */
static enum wd_sent judge(struct wd_sender *sender, rd_kafka_error_t *kafka_error, const char *what,
                          struct wd_error *error)
{
    kafka_error = wd_sender_find_cause(sender, kafka_error);
    bool fatal = rd_kafka_error_is_fatal(kafka_error) != 0;
    bool retriable = rd_kafka_error_is_retriable(kafka_error) != 0;
    enum wd_status status = wd_kafka_fail(error, kafka_error, what);
    if (!fatal)
        return retriable ? WD_SENT_UNKNOWN : WD_SENT_ABORT;
    return status == WD_FENCED && !wd_sender_is_out_of_time(sender) ? WD_SENT_FENCED
                                                                    : WD_SENT_UNKNOWN;
}

static enum wd_status init_transactions(struct wd_sender *sender, struct wd_error *error)
{
    bool told = false;
    for (;;) {
        rd_kafka_error_t *kafka_error = rd_kafka_init_transactions(sender->client, SLICE_MS);
        wd_sender_show_progress(sender);
        if (!kafka_error)
            return WD_OK;
        bool retriable = rd_kafka_error_is_retriable(kafka_error) != 0;
        enum wd_status status = wd_kafka_fail(error, kafka_error, "cannot initialise transactions");
        if (!retriable)
            return status;
        if (must_stop(sender))
            return wd_error_set(error, WD_STOPPED, "asked to stop before a broker answered");
        if (!told && status != WD_TIMEOUT) {
            wd_log(WD_LEVEL_WARN, sender->setup.name, "%s; trying on", error->text);
            told = true;
        }
    }
}

static enum wd_status make_client(struct wd_sender *sender, struct wd_error *error)
{
    rd_kafka_conf_t *conf = make_conf(sender, error);
    if (!conf)
        return WD_OUT_OF_RANGE;
    enum wd_status status = wd_kafka_new(RD_KAFKA_PRODUCER, conf, &sender->client, error);
    if (status == WD_OK && sender->transactional)
        status = init_transactions(sender, error);
    return status;
}

static void forget_topics(struct wd_sender *sender)
{
    for (size_t i = 0; i < sender->topic_count; i++)
        rd_kafka_topic_destroy(sender->topics[i]);
    sender->topic_count = 0;
    sender->gathered.count = sender->gathered.len = 0;
}

static void close_client(struct wd_sender *sender)
{
    forget_topics(sender);
    if (!sender->client)
        return;
    /* Whatever is still queued belongs to a transaction that is not going to be committed. */
    (void)rd_kafka_purge(sender->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(sender->client);
    sender->client = NULL;
}

/* A permission may be missing for a moment only: what needs it is tried again for `permission_timeout_ms`. */
struct waiting {
    uint64_t limit_ms;
    bool told;
};

static struct waiting begin_waiting(const struct wd_sender *sender)
{
    return (struct waiting){now_ms() + sender->setup.config->permission_timeout_ms, false};
}

/* False: it is missing for too long, or there is no time to wait. `why` says what it is. */
static bool wait_for_permission(struct wd_sender *sender, struct waiting *waiting,
                                const struct wd_error *why)
{
    if (now_ms() >= waiting->limit_ms || must_stop(sender))
        return false;
    if (!waiting->told)
        wd_log(WD_LEVEL_WARN, sender->setup.name, "%s; waiting for this permission, for %u s",
               why->text, sender->setup.config->permission_timeout_ms / 1000);
    waiting->told = true;
    uv_sleep(FORBIDDEN_PAUSE_MS);
    wd_sender_show_progress(sender);
    return true;
}

/* Each try by a new client, since librdkafka takes a refusal for final. */
static enum wd_status open_client(struct wd_sender *sender, struct wd_error *error)
{
    const struct wd_config *config = sender->setup.config;
    struct waiting waiting = begin_waiting(sender);
    for (;;) {
        enum wd_status status = make_client(sender, error);
        if (status != WD_KAFKA_AUTH)
            return status;
        struct wd_error refused = *error;
        status =
            wd_error_set(error, WD_KAFKA_AUTH, "%s; grant WRITE on transactional ids \"%s-%s-*\"",
                         refused.text, config->group, config->instance);
        if (wait_for_permission(sender, &waiting, error))
            close_client(sender);
        else if (must_stop(sender))
            return wd_error_set(error, WD_STOPPED, "asked to stop before a permission was granted");
        else
            return status;
    }
}

enum wd_status wd_sender_open(const struct wd_sender_setup *setup, struct wd_sender **sender,
                              struct wd_error *error)
{
    struct wd_sender *made = calloc(1, sizeof(*made));
    *sender = made;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a producer");
    made->setup = *setup;
    made->transactional = setup->config->exactly_once;
    enum wd_status status = open_client(made, error);
    if (status != WD_OK) {
        wd_sender_close(made);
        *sender = NULL;
    }
    return status;
}

enum wd_status wd_sender_reopen(struct wd_sender *sender, struct wd_error *error)
{
    close_client(sender);
    wd_sender_show_progress(sender);
    return open_client(sender, error);
}

void wd_sender_close(struct wd_sender *sender)
{
    if (!sender)
        return;
    close_client(sender);
    wd_offsets_caller_destroy(sender->caller);
    free(sender);
}

rd_kafka_t *wd_sender_client(struct wd_sender *sender)
{
    return sender->client;
}

void wd_sender_poll(struct wd_sender *sender)
{
    if (sender->client) /* none between a call that hangs and reopening */
        (void)rd_kafka_poll(sender->client, 0);
}

enum wd_sent wd_sender_begin(struct wd_sender *sender, struct wd_error *error)
{
    sender->failures = 0;
    sender->gathered.count = sender->gathered.len = 0;
    sender->begun_ms = now_ms();
    if (!sender->transactional)
        return WD_SENT_DONE;
    if (wd_fail_point("begin_transaction")) {
        (void)wd_error_set(error, WD_KAFKA, "cannot begin a transaction: a test wants it so");
        return WD_SENT_UNKNOWN;
    }
    rd_kafka_error_t *kafka_error = rd_kafka_begin_transaction(sender->client);
    if (!kafka_error)
        return WD_SENT_DONE;
    enum wd_sent sent = judge(sender, kafka_error, "cannot begin a transaction", error);
    return sent == WD_SENT_ABORT ? WD_SENT_UNKNOWN : sent; /* there is nothing to abort */
}

/* Repeats one transactional call as long as it asks for that and there is time. */
struct call {
    const char *what;
    rd_kafka_error_t *(*function)(rd_kafka_t *client);
};

static enum wd_sent repeat(struct wd_sender *sender, const struct call *call,
                           struct wd_error *error)
{
    uint64_t limit_ms = now_ms() + sender->setup.config->transaction_timeout_ms + TRIES_EXTRA_MS;
    for (;;) {
        rd_kafka_error_t *kafka_error = call->function(sender->client);
        wd_sender_show_progress(sender);
        if (!kafka_error)
            return WD_SENT_DONE;
        if (rd_kafka_error_is_retriable(kafka_error) && now_ms() < limit_ms) {
            /* A call that failed at once would turn this into a busy loop. */
            if (rd_kafka_error_code(kafka_error) != RD_KAFKA_RESP_ERR__TIMED_OUT)
                (void)rd_kafka_poll(sender->client, RETRY_WAIT_MS);
            rd_kafka_error_destroy(kafka_error);
            continue;
        }
        return judge(sender, kafka_error, call->what, error);
    }
}

static rd_kafka_error_t *call_commit(rd_kafka_t *client)
{
    return rd_kafka_commit_transaction(client, SLICE_MS);
}

static rd_kafka_error_t *call_abort(rd_kafka_t *client)
{
    return rd_kafka_abort_transaction(client, SLICE_MS);
}

static enum wd_sent tell_replaced(struct wd_error *error)
{
    (void)wd_error_set(error, WD_KAFKA, "the consumer is no member of its group now, or a new one");
    return WD_SENT_ABORT;
}

/* One try. WD_SENT_UNKNOWN also when the call hangs: the client is left to it then. */
static enum wd_sent send_offsets(struct wd_sender *sender, const struct wd_consumer *consumer,
                                 const rd_kafka_topic_partition_list_t *offsets,
                                 rd_kafka_error_t **kafka_error, struct wd_error *error)
{
    /* Not OFFSETS_LIMIT_MS: where librdkafka does keep to its limit, it calls a transaction lost
     * that can still be decided. */
    int timeout_ms = (int)sender->setup.config->transaction_timeout_ms + TRIES_EXTRA_MS;
    if (!sender->caller)
        sender->caller = wd_offsets_caller_create();
    if (!sender->caller) {
        (void)wd_error_set(error, WD_NO_MEMORY, "no thread to add offsets to the transaction");
        return WD_SENT_ABORT;
    }
    if (!wd_offsets_caller_start(sender->caller, sender->client, consumer, offsets, timeout_ms))
        return tell_replaced(error);
    for (int waited_ms = 0; waited_ms < OFFSETS_LIMIT_MS; waited_ms += SLICE_MS) {
        if (wd_offsets_caller_wait(sender->caller, SLICE_MS, kafka_error))
            return WD_SENT_DONE;
        wd_sender_show_progress(sender);
    }
    forget_topics(sender);
    sender->client = NULL;
    wd_offsets_caller_leave(sender->caller);
    sender->caller = NULL;
    (void)wd_error_set(error, WD_TIMEOUT,
                       "adding offsets to the transaction does not end (is a broker down?)");
    return WD_SENT_UNKNOWN;
}

static enum wd_sent add_offsets(struct wd_sender *sender, const struct wd_consumer *consumer,
                                const rd_kafka_topic_partition_list_t *offsets,
                                struct wd_error *error)
{
    uint64_t limit_ms = now_ms() + sender->setup.config->transaction_timeout_ms;
    for (;;) {
        rd_kafka_error_t *kafka_error = NULL;
        enum wd_sent sent = send_offsets(sender, consumer, offsets, &kafka_error, error);
        if (sent != WD_SENT_DONE || !kafka_error)
            return sent;
        if (!rd_kafka_error_is_retriable(kafka_error) || now_ms() >= limit_ms)
            return judge(sender, kafka_error, "cannot add offsets to the transaction", error);
        (void)rd_kafka_poll(sender->client, RETRY_WAIT_MS);
        rd_kafka_error_destroy(kafka_error);
    }
}

static enum wd_sent commit_transaction(struct wd_sender *sender, const struct wd_consumer *consumer,
                                       const rd_kafka_topic_partition_list_t *offsets,
                                       struct wd_error *error)
{
    wd_crash_point("before_send_offsets");
    enum wd_sent sent = add_offsets(sender, consumer, offsets, error);
    wd_crash_point("after_send_offsets");
    if (sent != WD_SENT_DONE)
        return sent;
    wd_crash_point("before_commit");
    struct call commit = {"cannot commit the transaction", call_commit};
    sent = repeat(sender, &commit, error);
    wd_crash_point("after_commit");
    return sent;
}

/* At least once: outputs first, offsets after them. */
static enum wd_sent commit_offsets(struct wd_sender *sender, const struct wd_consumer *consumer,
                                   rd_kafka_topic_partition_list_t *offsets, struct wd_error *error)
{
    wd_crash_point("before_send_offsets");
    while (rd_kafka_flush(sender->client, SLICE_MS) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        wd_sender_show_progress(sender);
        if (rd_kafka_fatal_error(sender->client, NULL, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            (void)wd_error_set(error, WD_KAFKA, "the producer failed for good");
            return WD_SENT_UNKNOWN;
        }
    }
    wd_sender_show_progress(sender);
    wd_crash_point("before_commit");
    if (sender->failures > 0) {
        (void)wd_kafka_fail_code(error, sender->first_failure, "records were not delivered");
        return WD_SENT_ABORT;
    }
    struct waiting waiting = begin_waiting(sender);
    for (;;) {
        /* The group would take them from a new member, back to where another has gone on from. */
        if (!wd_consumer_is_same_member(consumer))
            return tell_replaced(error);
        rd_kafka_resp_err_t code = rd_kafka_commit(consumer->client, offsets, 0);
        wd_crash_point("after_commit");
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR__NO_OFFSET)
            return WD_SENT_DONE;
        enum wd_status status = wd_kafka_fail_code(error, code, "cannot commit offsets");
        if (status == WD_FENCED)
            return WD_SENT_FENCED;
        if (status != WD_KAFKA_AUTH)
            return WD_SENT_UNKNOWN;
        if (!wait_for_permission(sender, &waiting, error))
            return WD_SENT_FAILED;
    }
}

enum wd_sent wd_sender_commit(struct wd_sender *sender, const struct wd_consumer *consumer,
                              rd_kafka_topic_partition_list_t *offsets, struct wd_error *error)
{
    wd_crash_point("after_produce");
    return sender->transactional ? commit_transaction(sender, consumer, offsets, error)
                                 : commit_offsets(sender, consumer, offsets, error);
}

enum wd_sent wd_sender_abort(struct wd_sender *sender, struct wd_error *error)
{
    if (!sender->transactional)
        return WD_SENT_ABORT;
    struct call call = {"cannot abort the transaction", call_abort};
    enum wd_sent sent = repeat(sender, &call, error);
    if (sent == WD_SENT_DONE)
        return WD_SENT_ABORT;
    return sent == WD_SENT_ABORT ? WD_SENT_UNKNOWN : sent;
}
