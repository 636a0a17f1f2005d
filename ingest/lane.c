#include "kafka_client.h"
#include "lane_internal.h"
#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    TICK_MS = 250,
    MEMBER_TICKS = 8,
    CLUSTER_TIMEOUT_MS = 10000,
    FORBIDDEN_ASK_MS = 1000,
    FORBIDDEN_GAP_MS = 5000, /* what is not refused again for so long is allowed now */
};

static const char *const phase_names[] = {"starting", "restoring", "running",
                                          "draining", "stopped",   "failed"};

uint64_t wd_lane_now_ms(void)
{
    return uv_hrtime() / 1000000;
}

int64_t wd_lane_wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void wd_lane_show_progress(struct wd_lane *lane)
{
    atomic_fetch_add_explicit(&lane->progress, 1, memory_order_relaxed);
}

static void set_phase(struct wd_lane *lane, enum wd_lane_phase phase)
{
    if (atomic_exchange(&lane->phase, (int)phase) == (int)phase)
        return;
    wd_log(WD_LEVEL_INFO, lane->name, "%s", wd_lane_phase_name(phase));
    if (lane->setup.notify)
        lane->setup.notify(lane->setup.context);
}

void wd_lane_fail(struct wd_lane *lane, enum wd_status status, const struct wd_error *error)
{
    if (lane->status != WD_OK)
        return; /* the first reason counts */
    lane->status = status;
    lane->error = *error;
    wd_log(status == WD_STOPPED ? WD_LEVEL_INFO : WD_LEVEL_ERROR, lane->name, "%s", error->text);
    (void)uv_async_send(&lane->wake);
}

void wd_lane_forbidden(struct wd_lane *lane, const struct wd_error *error)
{
    uint64_t now = wd_lane_now_ms();
    uint32_t timeout_ms = lane->config->permission_timeout_ms;
    if (lane->forbidden_since_ms == 0) {
        lane->forbidden_since_ms = now;
        if (timeout_ms > 0)
            wd_log(WD_LEVEL_WARN, lane->name, "%s; waiting for this permission, for %u s",
                   error->text, timeout_ms / 1000);
    }
    lane->forbidden_at_ms = now;
    lane->forbidden = *error;
    if (now - lane->forbidden_since_ms >= timeout_ms)
        wd_lane_fail(lane, WD_KAFKA_AUTH, error);
}

/* librdkafka tells only once that a topic must not be read, and goes on trying. */
static bool is_reading_forbidden(struct wd_lane *lane)
{
    const char *asked = NULL;
    bool may = false;
    bool forbidden = false;
    for (size_t i = 0; i < lane->shard_count; i++) {
        struct wd_shard *shard = lane->shards[i];
        if (!shard->forbidden)
            continue;
        if (!asked || strcmp(asked, shard->forbidden) != 0) {
            asked = shard->forbidden;
            may = wd_kafka_may_read(lane->consumer, asked, WD_LANE_SLICE_MS);
            wd_lane_show_progress(lane);
        }
        if (may)
            shard->forbidden = NULL;
        forbidden = forbidden || !may;
    }
    return forbidden;
}

/* That the group is forbidden it tells only once, too: until then nobody has joined it. */
static void look_whether_allowed(struct wd_lane *lane)
{
    uint64_t now = wd_lane_now_ms();
    if (lane->forbidden_since_ms == 0 || now - lane->asked_at_ms < FORBIDDEN_ASK_MS)
        return;
    lane->asked_at_ms = now;
    bool lasts = is_reading_forbidden(lane) || !lane->joined;
    if (lasts && now - lane->forbidden_since_ms >= lane->config->permission_timeout_ms)
        wd_lane_fail(lane, WD_KAFKA_AUTH, &lane->forbidden);
    else if (!lasts && now - lane->forbidden_at_ms >= FORBIDDEN_GAP_MS)
        lane->forbidden_since_ms = 0;
}

int wd_lane_on_statistics(rd_kafka_t *client, char *json, size_t json_len, void *opaque)
{
    struct wd_lane *lane = opaque;
    char labels[80];
    (void)snprintf(labels, sizeof(labels), "lane=\"%u\",client=\"%s\"", lane->setup.index,
                   rd_kafka_type(client) == RD_KAFKA_PRODUCER ? "producer" : "consumer");
    wd_kafka_take_statistics(lane->setup.metrics, labels, json, json_len);
    return 0;
}

static void on_refused(void *context, uintptr_t tag)
{
    struct wd_lane *lane = context;
    wd_refusal_note(&lane->refusal, tag);
}

/* Makes librdkafka write to our eventfd when a queue gets its first event. */
static void wake_by(struct wd_lane *lane, rd_kafka_queue_t *queue)
{
    static const uint64_t one = 1;
    rd_kafka_queue_io_event_enable(queue, lane->wake_file, &one, sizeof(one));
}

static void set_session(const struct wd_lane *lane, rd_kafka_conf_t *conf)
{
    const struct wd_config *config = lane->config;
    char text[512];
    (void)snprintf(text, sizeof(text), "%s-%u", config->instance, lane->setup.index);
    wd_kafka_conf_set(conf, "group.instance.id", text);
    (void)snprintf(text, sizeof(text), "%u", config->session_timeout_ms);
    wd_kafka_conf_set(conf, "session.timeout.ms", text);
    uint32_t heartbeat_ms = config->session_timeout_ms / 3;
    (void)snprintf(text, sizeof(text), "%u", heartbeat_ms < 3000 ? heartbeat_ms : 3000);
    wd_kafka_conf_prefer(config, conf, "heartbeat.interval.ms", text);
}

static rd_kafka_conf_t *consumer_conf(struct wd_lane *lane, const char *role,
                                      struct wd_error *error)
{
    char name[64];
    (void)snprintf(name, sizeof(name), "%s-%s", lane->name, role);
    rd_kafka_conf_t *conf = wd_kafka_conf(lane->config, name, lane, error);
    if (!conf)
        return NULL;
    wd_kafka_conf_set(conf, "group.id", lane->config->group);
    wd_kafka_conf_set(conf, "enable.auto.commit", "false");
    wd_kafka_conf_set(conf, "enable.auto.offset.store", "false");
    wd_kafka_conf_set(conf, "isolation.level", "read_committed");
    wd_kafka_conf_prefer(lane->config, conf, "auto.offset.reset", "earliest");
    /* An answer holds one batch, however large it is: librdkafka's default, 100,000,000, is less than topics
     * for "100 MB" (104857600) allow, and the partition would stand still there. */
    wd_kafka_conf_prefer(lane->config, conf, "receive.message.max.bytes", "209715200");
    wd_kafka_conf_prefer(lane->config, conf, "fetch.wait.max.ms", "100");
    /* How long librdkafka fetches nothing after its queue was full. Its default of a second is longer
     * than a lane needs to empty the queue: the lane would stand still for the rest of it. */
    wd_kafka_conf_prefer(lane->config, conf, "fetch.queue.backoff.ms", "10");
    return conf;
}

static enum wd_status open_restorer(struct wd_lane *lane, struct wd_error *error)
{
    rd_kafka_conf_t *conf = consumer_conf(lane, "restorer", error);
    if (!conf)
        return WD_OUT_OF_RANGE;
    wd_kafka_conf_set(conf, "auto.offset.reset", "earliest");
    wd_kafka_conf_set(conf, "enable.partition.eof", "true");
    /* Changes are small: by number the queue would be full long before it is by bytes. */
    wd_kafka_conf_prefer(lane->config, conf, "queued.min.messages", "1000000");
    wd_kafka_conf_prefer(lane->config, conf, "queued.max.messages.kbytes", "32768");
    wd_kafka_conf_prefer(lane->config, conf, "fetch.message.max.bytes", "4194304");
    enum wd_status status = wd_kafka_new(RD_KAFKA_CONSUMER, conf, &lane->restorer, error);
    if (status != WD_OK)
        return status;
    lane->restorer_queue = rd_kafka_queue_get_consumer(lane->restorer);
    wake_by(lane, lane->restorer_queue);
    return WD_OK;
}

/* A pattern like "^.*raw$" would also match our own changelogs ("...-news-wire.raw"): to the consumer
 * they, and Kafka's own topics, are as if they did not exist. */
static void hide_changelogs(const struct wd_lane *lane, rd_kafka_conf_t *conf)
{
    char pattern[1024];
    size_t len = (size_t)snprintf(pattern, sizeof(pattern), "^__,^");
    for (const char *c = lane->config->changelog_prefix; *c && len + 4 < sizeof(pattern); c++) {
        if (*c == '.')
            pattern[len++] = '\\';
        pattern[len++] = *c;
    }
    pattern[len++] = '-';
    pattern[len] = '\0';
    wd_kafka_conf_prefer(lane->config, conf, "topic.blacklist", pattern);
}

static enum wd_status subscribe(struct wd_lane *lane, struct wd_error *error)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(8);
    for (size_t i = 0; i < lane->config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &lane->config->pipelines[i];
        for (size_t j = 0; j < pipeline->topic_count; j++)
            rd_kafka_topic_partition_list_add(topics, pipeline->topics[j], RD_KAFKA_PARTITION_UA);
    }
    rd_kafka_resp_err_t code = rd_kafka_subscribe(lane->consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? WD_OK
               : wd_kafka_fail_code(error, code, "cannot subscribe to the input topics");
}

void wd_lane_rejoin(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    if (lane->replaced || lane->closing)
        return;
    wd_log(
        WD_LEVEL_WARN, lane->name,
        "the group took this consumer for gone, its partitions may be others' now: joining anew");
    lane->replaced = true;
    for (size_t i = 0; i < lane->shard_count; i++)
        lane->shards[i]->leaving = true; /* nothing more is taken for it */
    rd_kafka_resp_err_t code = rd_kafka_unsubscribe(lane->consumer);
    enum wd_status status = code == RD_KAFKA_RESP_ERR_NO_ERROR
                                ? subscribe(lane, &error)
                                : wd_kafka_fail_code(&error, code, "cannot leave the group");
    if (status != WD_OK)
        wd_lane_fail(lane, status, &error);
}

static enum wd_status open_consumer(struct wd_lane *lane, struct wd_error *error)
{
    rd_kafka_conf_t *conf = consumer_conf(lane, "consumer", error);
    if (!conf)
        return WD_OUT_OF_RANGE;
    set_session(lane, conf);
    wd_kafka_conf_set(conf, "enable.partition.eof", "true"); /* see take_end */
    hide_changelogs(lane, conf);
    /* Fewer and larger answers cost less than many of one megabyte; a queue of many megabytes costs more
     * again: until the lane reads them, they have left the processor's caches. */
    wd_kafka_conf_prefer(lane->config, conf, "queued.max.messages.kbytes", "8192");
    wd_kafka_conf_prefer(lane->config, conf, "fetch.message.max.bytes", "2097152");
    wd_kafka_conf_prefer(lane->config, conf, "partition.assignment.strategy", "cooperative-sticky");
    wd_kafka_conf_prefer(lane->config, conf, "topic.metadata.refresh.interval.ms", "30000");
    wd_kafka_conf_prefer(lane->config, conf, "statistics.interval.ms", "5000");
    rd_kafka_conf_set_rebalance_cb(conf, wd_lane_on_rebalance);
    rd_kafka_conf_set_stats_cb(conf, wd_lane_on_statistics);
    enum wd_status status = wd_kafka_new(RD_KAFKA_CONSUMER, conf, &lane->consumer, error);
    if (status != WD_OK)
        return status;
    (void)rd_kafka_poll_set_consumer(lane->consumer);
    lane->consumer_queue = rd_kafka_queue_get_consumer(lane->consumer);
    wake_by(lane, lane->consumer_queue);
    return subscribe(lane, error);
}

/* The producer comes first: initialising its transactions ends what an earlier self left open, before
 * committed offsets and changelogs are read. */
static enum wd_status open_clients(struct wd_lane *lane, struct wd_error *error)
{
    struct wd_sender_setup setup = {
        .config = lane->config,
        .name = lane->name,
        .progress = &lane->progress,
        .stop = &lane->stop,
        .refused = on_refused,
        .context = lane,
        .statistics = wd_lane_on_statistics,
    };
    enum wd_status status = wd_sender_open(&setup, &lane->sender, error);
    if (status != WD_OK)
        return status;
    char *cluster = rd_kafka_clusterid(wd_sender_client(lane->sender), CLUSTER_TIMEOUT_MS);
    wd_lane_show_progress(lane);
    (void)snprintf(lane->cluster, sizeof(lane->cluster), "%s", cluster ? cluster : "");
    if (cluster)
        rd_kafka_mem_free(wd_sender_client(lane->sender), cluster);
    status = open_restorer(lane, error);
    return status == WD_OK ? open_consumer(lane, error) : status;
}

static void update_phase(struct wd_lane *lane)
{
    atomic_store(&lane->partitions, (unsigned)lane->shard_count);
    if (lane->closing)
        set_phase(lane, WD_LANE_DRAINING);
    else if (!lane->joined)
        set_phase(lane, WD_LANE_STARTING);
    else
        set_phase(lane, wd_lane_all_ready(lane) ? WD_LANE_RUNNING : WD_LANE_RESTORING);
}

/* A member without partitions gets no call-back under some protocols; its generation says it. The
 * call-back of one with partitions may still be on its way: a few ticks are given to it. */
static void look_whether_joined(struct wd_lane *lane)
{
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(lane->consumer);
    if (!group)
        return;
    if (rd_kafka_consumer_group_metadata_generation_id(group) > 0 &&
        ++lane->ticks_as_member >= MEMBER_TICKS)
        lane->joined = true;
    rd_kafka_consumer_group_metadata_destroy(group);
}

/* Commits what is finished, leaves the group (static members keep their partitions for a restart
 * within the session time-out), and lets the loop run out. */
static void close_lane(struct wd_lane *lane)
{
    lane->closing = true;
    update_phase(lane);
    if (lane->status == WD_OK)
        wd_lane_commit(lane);
    wd_lane_empty_inbox(lane);
    if (lane->shard_count > 0 && !wd_lane_is_same_member(lane))
        lane->replaced = true;
    if (lane->consumer)
        (void)rd_kafka_consumer_close(lane->consumer); /* revokes: snapshots are written there */
    wd_lane_drop_shards(lane);
    (void)uv_poll_stop(&lane->poll);
    uv_close((uv_handle_t *)&lane->poll, NULL);
    uv_close((uv_handle_t *)&lane->idle, NULL);
    uv_close((uv_handle_t *)&lane->tick, NULL);
    uv_close((uv_handle_t *)&lane->commit_timer, NULL);
    uv_close((uv_handle_t *)&lane->wake, NULL);
}

static void on_idle(uv_idle_t *idle);

/* One turn: whatever is there, up to a cap. librdkafka wakes us once per idle period only, so what
 * is left over is our own business: the idle handle brings us back. */
static void turn(struct wd_lane *lane)
{
    if (lane->closing)
        return;
    wd_lane_show_progress(lane);
    wd_sender_poll(lane->sender);
    bool more = wd_lane_restore(lane);
    more = wd_lane_take(lane) || more;
    if (!lane->txn_open && lane->status == WD_OK)
        wd_lane_snapshots(lane);
    if (!lane->txn_open && lane->status == WD_OK)
        wd_lane_watch_topics(lane);
    wd_lane_take_reload(lane);
    update_phase(lane);
    if (lane->status != WD_OK || atomic_load(&lane->stop)) {
        close_lane(lane);
        return;
    }
    if (more)
        (void)uv_idle_start(&lane->idle, on_idle);
    else
        (void)uv_idle_stop(&lane->idle);
}

static void on_idle(uv_idle_t *idle)
{
    turn(idle->data);
}

static void on_wake_file(uv_poll_t *poll, int status, int events)
{
    struct wd_lane *lane = poll->data;
    (void)status;
    (void)events;
    uint64_t count = 0;
    ssize_t got = read(lane->wake_file, &count, sizeof(count)); /* first empty it, then drain */
    (void)got;
    turn(lane);
}

static void on_wake(uv_async_t *wake)
{
    turn(wake->data);
}

static void on_tick(uv_timer_t *timer)
{
    struct wd_lane *lane = timer->data;
    if (!lane->joined)
        look_whether_joined(lane);
    look_whether_allowed(lane);
    wd_lane_measure(lane);
    wd_lane_mend_stuck(lane);
    turn(lane);
}

static enum wd_status start_loop(struct wd_lane *lane, struct wd_error *error)
{
    lane->wake_file = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (lane->wake_file < 0)
        return wd_error_set(error, WD_IO, "eventfd: %s", strerror(errno));
    int failed = uv_poll_init(&lane->loop, &lane->poll, lane->wake_file);
    failed = failed ? failed : uv_idle_init(&lane->loop, &lane->idle);
    failed = failed ? failed : uv_timer_init(&lane->loop, &lane->tick);
    failed = failed ? failed : uv_timer_init(&lane->loop, &lane->commit_timer);
    if (failed)
        return wd_error_set(error, WD_IO, "libuv: %s", uv_strerror(failed));
    lane->poll.data = lane->idle.data = lane->tick.data = lane->commit_timer.data = lane;
    (void)uv_poll_start(&lane->poll, UV_READABLE, on_wake_file);
    (void)uv_timer_start(&lane->tick, on_tick, TICK_MS, TICK_MS);
    return WD_OK;
}

static void free_clients(struct wd_lane *lane)
{
    if (lane->consumer_queue)
        rd_kafka_queue_destroy(lane->consumer_queue);
    if (lane->restorer_queue)
        rd_kafka_queue_destroy(lane->restorer_queue);
    if (lane->consumer)
        rd_kafka_destroy(lane->consumer);
    if (lane->restorer) {
        (void)rd_kafka_consumer_close(lane->restorer);
        rd_kafka_destroy(lane->restorer);
    }
    wd_sender_close(lane->sender);
}

static void *run(void *context)
{
    struct wd_lane *lane = context;
    struct wd_error error;
    wd_error_init(&error);
    (void)pthread_setname_np(pthread_self(), lane->name);
    enum wd_status status = start_loop(lane, &error);
    if (status == WD_OK)
        status = open_clients(lane, &error);
    if (status == WD_STOPPED)
        close_lane(lane); /* asked to stop before a broker answered: an ordered stop */
    else if (status != WD_OK) {
        wd_lane_fail(lane, status, &error);
        close_lane(lane);
    }
    (void)uv_run(&lane->loop, UV_RUN_DEFAULT);
    free_clients(lane);
    (void)close(lane->wake_file);
    bool in_order = lane->status == WD_OK || lane->status == WD_STOPPED;
    set_phase(lane, in_order ? WD_LANE_STOPPED : WD_LANE_FAILED);
    return NULL;
}

static void find_metrics(struct wd_lane *lane)
{
    struct wd_metrics *metrics = lane->setup.metrics;
    char labels[32];
    (void)snprintf(labels, sizeof(labels), "lane=\"%u\"", lane->setup.index);
    lane->commits = wd_metrics_counter(metrics, "wiredesk_transactions_committed_total",
                                       "Transactions committed", labels);
    lane->aborts = wd_metrics_counter(metrics, "wiredesk_transactions_aborted_total",
                                      "Transactions aborted and rolled back", labels);
    lane->recoveries = wd_metrics_counter(metrics, "wiredesk_transactions_undetermined_total",
                                          "Transactions decided by reading offsets back", labels);
    lane->anew = wd_metrics_counter(metrics, "wiredesk_topics_made_anew_total",
                                    "Partitions whose input or changelog topic was deleted and "
                                    "made anew under the daemon",
                                    labels);
    lane->lost = wd_metrics_counter(metrics, "wiredesk_input_offsets_lost_total",
                                    "Offsets of input topics that were deleted before they were "
                                    "taken",
                                    labels);
    lane->commit_seconds =
        wd_metrics_histogram(metrics, "wiredesk_commit_seconds", "Time in a commit", labels);
}

static void free_lane(struct wd_lane *lane)
{
    (void)uv_loop_close(&lane->loop);
    (void)pthread_mutex_destroy(&lane->lock);
    wd_config_release(lane->next_config);
    wd_config_release(lane->config);
    free(lane->arrivals);
    free(lane);
}

enum wd_status wd_lane_start(const struct wd_lane_setup *setup, struct wd_lane **lane,
                             struct wd_error *error)
{
    struct wd_lane *made = calloc(1, sizeof(*made));
    *lane = NULL;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a lane");
    made->setup = *setup;
    made->config = wd_config_retain(setup->config);
    made->wake_file = -1;
    wd_error_init(&made->error);
    (void)snprintf(made->name, sizeof(made->name), "lane-%u", setup->index);
    wd_refusal_init(&made->refusal, made->config->transaction_records);
    made->arrivals = calloc(made->config->transaction_records, sizeof(*made->arrivals));
    (void)pthread_mutex_init(&made->lock, NULL);
    find_metrics(made);
    /* The async handle is made here, so that stop and reload can wake the lane from now on. */
    int failed = uv_loop_init(&made->loop);
    failed = failed ? failed : uv_async_init(&made->loop, &made->wake, on_wake);
    made->wake.data = made;
    if (!failed && made->arrivals)
        failed = -pthread_create(&made->thread, NULL, run, made);
    if (!failed && made->arrivals) {
        *lane = made;
        return WD_OK;
    }
    free_lane(made);
    return wd_error_set(error, WD_NO_MEMORY, "cannot start lane %u: %s", setup->index,
                        failed ? uv_strerror(failed) : "no memory");
}

enum wd_lane_phase wd_lane_phase(const struct wd_lane *lane)
{
    return (enum wd_lane_phase)atomic_load(&lane->phase);
}

unsigned wd_lane_partitions(const struct wd_lane *lane)
{
    return atomic_load(&lane->partitions);
}

const char *wd_lane_phase_name(enum wd_lane_phase phase)
{
    return phase_names[phase];
}

uint64_t wd_lane_progress(const struct wd_lane *lane)
{
    return atomic_load_explicit(&lane->progress, memory_order_relaxed);
}

void wd_lane_stop(struct wd_lane *lane)
{
    atomic_store(&lane->stop, true);
    enum wd_lane_phase phase = wd_lane_phase(lane);
    if (phase < WD_LANE_DRAINING)
        (void)uv_async_send(&lane->wake);
}

void wd_lane_reload(struct wd_lane *lane, struct wd_config *config)
{
    (void)pthread_mutex_lock(&lane->lock);
    wd_config_release(lane->next_config);
    lane->next_config = wd_config_retain(config);
    (void)pthread_mutex_unlock(&lane->lock);
    if (wd_lane_phase(lane) < WD_LANE_DRAINING)
        (void)uv_async_send(&lane->wake);
}

enum wd_status wd_lane_join(struct wd_lane *lane, struct wd_error *error)
{
    (void)pthread_join(lane->thread, NULL);
    enum wd_status status = lane->status;
    if (error)
        *error = lane->error;
    free_lane(lane);
    return status;
}
