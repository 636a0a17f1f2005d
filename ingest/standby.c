#include "standby.h"

#include "changelog.h"
#include "kafka_client.h"
#include "log.h"
#include "snapshot.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

enum {
    BATCH = 1024,
    WAIT_MS = 200,
    LOOK_EVERY_MS = 2000, /* for changelogs and partitions that are new */
    ASK_MS = 2000,
    PAUSE_MS = 30000, /* after a record that cannot be read: its writer may be mended */
};

static const char part[] = "standby";

/* One partition of a changelog. */
struct followed {
    char changelog[256];
    char id[WD_TOPIC_ID_SIZE]; /* of the topic that the state is of */
    size_t pipeline;
    int32_t partition;
    struct wd_state *state; /* NULL: not being followed */
    int64_t next;           /* the next record to apply */
    int64_t current_ms;     /* wall clock when it last was at the end; 0: never */
    uint64_t not_before_ms; /* after a fault */
    unsigned owners; /* lanes of this process: two for a moment when it was lost to the other */
    bool assigned;
};

struct wd_standby {
    struct wd_config *config;
    pthread_t thread;
    _Atomic bool stop;
    rd_kafka_t *consumer;
    rd_kafka_queue_t *queue;
    char cluster[128];
    uint64_t looked_ms;
    struct wd_gauge *partitions, *entries, *bytes;

    pthread_mutex_t lock; /* guards all below */
    struct followed **list;
    size_t count;
};

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000;
}

static int64_t wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct followed *find(struct wd_standby *standby, const char *changelog, int32_t partition)
{
    for (size_t i = 0; i < standby->count; i++) {
        struct followed *one = standby->list[i];
        if (one->partition == partition && strcmp(one->changelog, changelog) == 0)
            return one;
    }
    return NULL;
}

/* Finds or makes an entry; NULL without memory. */
static struct followed *need(struct wd_standby *standby, const char *changelog, int32_t partition)
{
    struct followed *one = find(standby, changelog, partition);
    if (one)
        return one;
    struct followed **grown =
        realloc(standby->list, (standby->count + 1) * sizeof(struct followed *));
    if (!grown)
        return NULL;
    standby->list = grown;
    one = calloc(1, sizeof(*one));
    if (!one)
        return NULL;
    (void)snprintf(one->changelog, sizeof(one->changelog), "%s", changelog);
    one->partition = partition;
    one->pipeline = SIZE_MAX;
    standby->list[standby->count++] = one;
    return one;
}

static void forget_state(struct followed *one)
{
    wd_state_destroy(one->state);
    one->state = NULL;
    one->current_ms = 0;
}

/* A fault: what was read is thrown away, and read anew after a while. A lane that takes the partition
 * over restores it in its own way, and says what is wrong. */
static void give_up(struct followed *one, const char *why)
{
    wd_log(WD_LEVEL_WARN, part, "%s [%" PRId32 "]: %s; beginning again", one->changelog,
           one->partition, why);
    forget_state(one);
    one->not_before_ms = now_ms() + PAUSE_MS;
}

/* Another topic of that name: where it has grown past the old one, librdkafka goes on in it as if it were the
 * same. */
static void note_id(struct followed *one, const char id[WD_TOPIC_ID_SIZE])
{
    if (strcmp(one->id, id) == 0)
        return;
    if (one->state)
        give_up(one, "the topic was deleted and made anew");
    memcpy(one->id, id, WD_TOPIC_ID_SIZE);
}

/* The changelog of one input topic, where it exists. */
static void look_for(struct wd_standby *standby, size_t pipeline, const char *topic)
{
    struct wd_error error;
    wd_error_init(&error);
    char name[256];
    const char *pipeline_name = standby->config->pipelines[pipeline].name;
    if (wd_changelog_name(standby->config, pipeline_name, topic, name, &error) != WD_OK)
        return; /* a lane says so when it gets the topic */
    int partitions = wd_kafka_partition_count(standby->consumer, name, ASK_MS);
    char id[WD_TOPIC_ID_SIZE] = "";
    if (partitions <= 0)
        return;
    rd_kafka_resp_err_t code = wd_kafka_topic_id(standby->consumer, name, ASK_MS, id);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)
        return; /* at the next look */
    (void)pthread_mutex_lock(&standby->lock);
    for (int32_t i = 0; i < partitions; i++) {
        struct followed *one = need(standby, name, i);
        if (!one)
            continue;
        one->pipeline = pipeline;
        note_id(one, id);
    }
    (void)pthread_mutex_unlock(&standby->lock);
}

static void look_for_matches(struct wd_standby *standby, size_t pipeline)
{
    const struct rd_kafka_metadata *all = NULL;
    if (rd_kafka_metadata(standby->consumer, 1, NULL, &all, ASK_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (int i = 0; i < all->topic_cnt && !atomic_load(&standby->stop); i++) {
        if (wd_config_reads_topic(&standby->config->pipelines[pipeline], all->topics[i].topic))
            look_for(standby, pipeline, all->topics[i].topic);
    }
    rd_kafka_metadata_destroy(all);
}

static void look(struct wd_standby *standby)
{
    standby->looked_ms = now_ms();
    for (size_t i = 0; i < standby->config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &standby->config->pipelines[i];
        if (!wd_plan_has_state(pipeline->plan))
            continue;
        bool patterns = false;
        for (size_t j = 0; j < pipeline->topic_count && !atomic_load(&standby->stop); j++) {
            if (pipeline->topics[j][0] == '^')
                patterns = true;
            else
                look_for(standby, i, pipeline->topics[j]);
        }
        if (patterns)
            look_for_matches(standby, i);
    }
}

static void read_snapshot(struct wd_standby *standby, struct followed *one)
{
    char path[WD_SNAPSHOT_PATH_SIZE];
    char identity[WD_SNAPSHOT_IDENTITY_SIZE];
    struct wd_error error;
    wd_error_init(&error);
    struct wd_snapshot_of of = {standby->config, standby->cluster, one->changelog, one->partition};
    wd_snapshot_name(&of, path, identity);
    struct wd_snapshot_place place = {path, identity, one->id, wall_ms()};
    one->next = 0;
    /* What cannot be used is told when a lane reads it; the changelog alone is enough. */
    if (path[0] != '\0' && wd_snapshot_read(&place, one->state, &one->next, &error) != WD_OK)
        one->next = 0;
}

static void set_assigned(struct wd_standby *standby, struct followed *one, bool assigned)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, one->changelog, one->partition)->offset =
        one->next > 0 ? one->next : RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_error_t *refused = assigned ? rd_kafka_incremental_assign(standby->consumer, list)
                                         : rd_kafka_incremental_unassign(standby->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    one->assigned = assigned;
    if (!refused)
        return;
    wd_log(WD_LEVEL_WARN, part, "%s [%" PRId32 "]: %s", one->changelog, one->partition,
           rd_kafka_error_string(refused));
    rd_kafka_error_destroy(refused);
}

/* From the snapshot on disk, if there is one, and the changelog after it. */
static void begin(struct wd_standby *standby, struct followed *one)
{
    struct wd_error error;
    wd_error_init(&error);
    one->state = wd_state_create();
    if (!one->state || wd_plan_add_tables(standby->config->pipelines[one->pipeline].plan,
                                          one->state, &error) != WD_OK) {
        forget_state(one);
        one->not_before_ms = now_ms() + PAUSE_MS;
        return;
    }
    read_snapshot(standby, one);
    set_assigned(standby, one, true);
}

/* Lanes take partitions and give them back: assignments follow. */
static void follow(struct wd_standby *standby)
{
    uint64_t now = now_ms();
    (void)pthread_mutex_lock(&standby->lock);
    for (size_t i = 0; i < standby->count; i++) {
        struct followed *one = standby->list[i];
        if (!one->state && one->assigned)
            set_assigned(standby, one, false);
        if (one->owners == 0 && !one->state && one->pipeline != SIZE_MAX &&
            now >= one->not_before_ms)
            begin(standby, one);
    }
    (void)pthread_mutex_unlock(&standby->lock);
}

static void take_message(struct wd_standby *standby, const rd_kafka_message_t *message)
{
    struct followed *one =
        message->rkt ? find(standby, rd_kafka_topic_name(message->rkt), message->partition) : NULL;
    if (!one || !one->state)
        return;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        one->next = message->offset;
        one->current_ms = wall_ms();
        return;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        give_up(one, rd_kafka_message_errstr(message));
        return;
    }
    struct wd_error error;
    wd_error_init(&error);
    struct wd_slice key = {message->key, message->key_len};
    struct wd_slice value = {message->payload, message->len};
    if (wd_state_apply(one->state, key, value, &error) == WD_OK)
        one->next = message->offset + 1;
    else
        give_up(one, error.text);
}

static void measure(struct wd_standby *standby)
{
    int64_t partitions = 0;
    uint64_t entries = 0;
    uint64_t bytes = 0;
    (void)pthread_mutex_lock(&standby->lock);
    for (size_t i = 0; i < standby->count; i++) {
        const struct followed *one = standby->list[i];
        if (!one->state)
            continue;
        partitions += one->current_ms > 0;
        entries += wd_state_count(one->state);
        bytes += wd_state_bytes(one->state);
    }
    (void)pthread_mutex_unlock(&standby->lock);
    wd_gauge_set(standby->partitions, partitions);
    wd_gauge_set(standby->entries, (int64_t)entries);
    wd_gauge_set(standby->bytes, (int64_t)bytes);
}

static void *run(void *context)
{
    struct wd_standby *standby = context;
    rd_kafka_message_t *messages[BATCH];
    (void)pthread_setname_np(pthread_self(), part);
    while (standby->cluster[0] == '\0' && !atomic_load(&standby->stop)) {
        char *cluster = rd_kafka_clusterid(standby->consumer, WAIT_MS);
        (void)snprintf(standby->cluster, sizeof(standby->cluster), "%s", cluster ? cluster : "");
        if (cluster)
            rd_kafka_mem_free(standby->consumer, cluster);
    }
    while (!atomic_load(&standby->stop)) {
        if (standby->looked_ms == 0 || now_ms() - standby->looked_ms > LOOK_EVERY_MS)
            look(standby);
        follow(standby);
        ssize_t count = rd_kafka_consume_batch_queue(standby->queue, WAIT_MS, messages, BATCH);
        (void)pthread_mutex_lock(&standby->lock);
        for (ssize_t i = 0; i < count; i++)
            take_message(standby, messages[i]);
        (void)pthread_mutex_unlock(&standby->lock);
        for (ssize_t i = 0; i < count; i++)
            rd_kafka_message_destroy(messages[i]);
        measure(standby);
    }
    return NULL;
}

static enum wd_status open_consumer(struct wd_standby *standby, struct wd_error *error)
{
    rd_kafka_conf_t *conf = wd_kafka_conf(standby->config, part, NULL, error);
    if (!conf)
        return WD_OUT_OF_RANGE;
    wd_kafka_conf_set(conf, "group.id", standby->config->group); /* librdkafka wants one; unused */
    wd_kafka_conf_set(conf, "enable.auto.commit", "false");
    wd_kafka_conf_set(conf, "enable.auto.offset.store", "false");
    wd_kafka_conf_set(conf, "isolation.level", "read_committed");
    wd_kafka_conf_set(conf, "enable.partition.eof", "true");
    /* An offset that is gone means another topic under the same name: begin again from nothing. */
    wd_kafka_conf_set(conf, "auto.offset.reset", "error");
    enum wd_status status = wd_kafka_new(RD_KAFKA_CONSUMER, conf, &standby->consumer, error);
    if (status != WD_OK)
        return status;
    standby->queue = rd_kafka_queue_get_consumer(standby->consumer);
    (void)rd_kafka_poll_set_consumer(standby->consumer);
    return WD_OK;
}

static void free_standby(struct wd_standby *standby)
{
    for (size_t i = 0; i < standby->count; i++) {
        wd_state_destroy(standby->list[i]->state);
        free(standby->list[i]);
    }
    free(standby->list);
    if (standby->queue)
        rd_kafka_queue_destroy(standby->queue);
    if (standby->consumer) {
        (void)rd_kafka_consumer_close(standby->consumer);
        rd_kafka_destroy(standby->consumer);
    }
    (void)pthread_mutex_destroy(&standby->lock);
    wd_config_release(standby->config);
    free(standby);
}

enum wd_status wd_standby_start(struct wd_config *config, struct wd_metrics *metrics,
                                struct wd_standby **standby, struct wd_error *error)
{
    struct wd_standby *made = calloc(1, sizeof(*made));
    *standby = NULL;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a standby");
    made->config = wd_config_retain(config);
    (void)pthread_mutex_init(&made->lock, NULL);
    made->partitions = wd_metrics_gauge(metrics, "wiredesk_standby_partitions",
                                        "Partitions of others whose state is warm", "", 1);
    made->entries = wd_metrics_gauge(metrics, "wiredesk_standby_entries",
                                     "Records in the state of others' partitions", "", 1);
    made->bytes = wd_metrics_gauge(metrics, "wiredesk_standby_bytes",
                                   "Memory of the state of others' partitions", "", 1);
    enum wd_status status = open_consumer(made, error);
    if (status == WD_OK && pthread_create(&made->thread, NULL, run, made) != 0)
        status = wd_error_set(error, WD_NO_MEMORY, "cannot start the standby's thread");
    if (status == WD_OK)
        *standby = made;
    else
        free_standby(made);
    return status;
}

void wd_standby_stop(struct wd_standby *standby)
{
    if (!standby)
        return;
    atomic_store(&standby->stop, true);
    (void)pthread_join(standby->thread, NULL);
    free_standby(standby);
}

bool wd_standby_take(struct wd_standby *standby, const struct wd_standby_of *of,
                     struct wd_state **state, int64_t *changelog_offset)
{
    bool warm = false;
    (void)pthread_mutex_lock(&standby->lock);
    struct followed *one = need(standby, of->changelog, of->partition);
    if (one) {
        /* Deletions are kept for days only: who has not been at the end since may have missed one. */
        warm = one->owners == 0 && one->state && one->current_ms > 0 &&
               strcmp(one->id, of->changelog_id) == 0 &&
               wall_ms() - one->current_ms < WD_SNAPSHOT_AGE_MAX_MS;
        one->owners++;
    }
    if (warm) {
        *state = one->state;
        *changelog_offset = one->next;
        one->state = NULL;
        one->current_ms = 0;
    } else if (one) {
        forget_state(one);
    }
    (void)pthread_mutex_unlock(&standby->lock);
    return warm;
}

void wd_standby_release(struct wd_standby *standby, const char *changelog, int32_t partition)
{
    (void)pthread_mutex_lock(&standby->lock);
    struct followed *one = find(standby, changelog, partition);
    if (one && one->owners > 0)
        one->owners--;
    (void)pthread_mutex_unlock(&standby->lock);
}
