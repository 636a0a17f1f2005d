#include "offsets_call.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct wd_offsets_call {
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *offsets;
    rd_kafka_consumer_group_metadata_t *group;
    int timeout_ms;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    bool ended;
    bool left;
    rd_kafka_error_t *result;
};

static _Atomic unsigned calls_left;

static void destroy(struct wd_offsets_call *call)
{
    rd_kafka_topic_partition_list_destroy(call->offsets);
    if (call->group)
        rd_kafka_consumer_group_metadata_destroy(call->group);
    (void)pthread_mutex_destroy(&call->mutex);
    (void)pthread_cond_destroy(&call->changed);
    free(call);
}

static void *run(void *context)
{
    struct wd_offsets_call *call = context;
    rd_kafka_error_t *result = rd_kafka_send_offsets_to_transaction(call->client, call->offsets,
                                                                    call->group, call->timeout_ms);
    (void)pthread_mutex_lock(&call->mutex);
    call->ended = true;
    call->result = result;
    bool left = call->left;
    (void)pthread_cond_signal(&call->changed);
    (void)pthread_mutex_unlock(&call->mutex);
    if (!left)
        return NULL; /* the call is the waiting thread's */
    if (result)
        rd_kafka_error_destroy(result);
    (void)rd_kafka_purge(call->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(call->client);
    destroy(call);
    atomic_fetch_sub(&calls_left, 1);
    return NULL;
}

static struct wd_offsets_call *make(rd_kafka_t *client, const struct wd_consumer *consumer,
                                    const rd_kafka_topic_partition_list_t *offsets, int timeout_ms)
{
    struct wd_offsets_call *call = calloc(1, sizeof(*call));
    if (!call)
        return NULL;
    call->client = client;
    call->timeout_ms = timeout_ms;
    call->offsets = rd_kafka_topic_partition_list_copy(offsets);
    call->group = rd_kafka_consumer_group_metadata(consumer->client);
    (void)pthread_mutex_init(&call->mutex, NULL);
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&call->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return call;
}

static bool is_same_member(const rd_kafka_consumer_group_metadata_t *group, const char *member)
{
    const char *now = group ? rd_kafka_consumer_group_metadata_member_id(group) : NULL;
    return now && strcmp(now, member) == 0;
}

bool wd_consumer_is_same_member(const struct wd_consumer *consumer)
{
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer->client);
    bool same = is_same_member(group, consumer->member);
    if (group)
        rd_kafka_consumer_group_metadata_destroy(group);
    return same;
}

struct wd_offsets_call *wd_offsets_call_start(rd_kafka_t *client,
                                              const struct wd_consumer *consumer,
                                              const rd_kafka_topic_partition_list_t *offsets,
                                              int timeout_ms)
{
    struct wd_offsets_call *call = make(client, consumer, offsets, timeout_ms);
    if (!call)
        return NULL;
    pthread_t thread;
    if (!is_same_member(call->group, consumer->member) ||
        pthread_create(&thread, NULL, run, call) != 0) {
        destroy(call);
        return NULL;
    }
    (void)pthread_detach(thread);
    return call;
}

bool wd_offsets_call_wait(struct wd_offsets_call *call, int wait_ms, rd_kafka_error_t **kafka_error)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_mutex_lock(&call->mutex);
    int code = 0;
    while (!call->ended && code == 0)
        code = pthread_cond_timedwait(&call->changed, &call->mutex, &until);
    bool ended = call->ended;
    *kafka_error = call->result;
    (void)pthread_mutex_unlock(&call->mutex);
    if (ended)
        destroy(call);
    return ended;
}

void wd_offsets_call_leave(struct wd_offsets_call *call)
{
    (void)pthread_mutex_lock(&call->mutex);
    atomic_fetch_add(&calls_left, 1);
    call->left = true;
    bool ended = call->ended;
    rd_kafka_error_t *result = call->result;
    (void)pthread_mutex_unlock(&call->mutex);
    if (!ended)
        return;
    /* It ended in between: its thread saw nobody leave. */
    if (result)
        rd_kafka_error_destroy(result);
    rd_kafka_destroy(call->client);
    destroy(call);
    atomic_fetch_sub(&calls_left, 1);
}

unsigned wd_offsets_calls_left(void)
{
    return atomic_load(&calls_left);
}
