#include "offsets_call.h"

#include "wd_assert.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum phase { IDLE, CALLING, ENDED };

struct wd_offsets_caller {
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    enum phase phase;
    bool stop;
    bool left;
    rd_kafka_error_t *result;
    /* the thread's own while it calls */
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *offsets;
    rd_kafka_consumer_group_metadata_t *group;
    int timeout_ms;
};

static _Atomic unsigned callers_left;

static void free_caller(struct wd_offsets_caller *caller)
{
    (void)pthread_mutex_destroy(&caller->mutex);
    (void)pthread_cond_destroy(&caller->changed);
    free(caller);
}

static void forget_call(struct wd_offsets_caller *caller)
{
    rd_kafka_topic_partition_list_destroy(caller->offsets);
    rd_kafka_consumer_group_metadata_destroy(caller->group);
    caller->offsets = NULL;
    caller->group = NULL;
}

/* Nobody waits any more: what is left goes with the thread. */
static void end_alone(struct wd_offsets_caller *caller)
{
    if (caller->result)
        rd_kafka_error_destroy(caller->result);
    (void)rd_kafka_purge(caller->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(caller->client);
    free_caller(caller);
    atomic_fetch_sub(&callers_left, 1);
}

static void *run(void *context)
{
    struct wd_offsets_caller *caller = context;
    (void)pthread_mutex_lock(&caller->mutex);
    for (;;) {
        while (caller->phase != CALLING && !caller->stop && !caller->left)
            (void)pthread_cond_wait(&caller->changed, &caller->mutex);
        if (caller->phase != CALLING)
            break;
        (void)pthread_mutex_unlock(&caller->mutex);
        rd_kafka_error_t *result = rd_kafka_send_offsets_to_transaction(
            caller->client, caller->offsets, caller->group, caller->timeout_ms);
        forget_call(caller);
        (void)pthread_mutex_lock(&caller->mutex);
        caller->phase = ENDED;
        caller->result = result;
        (void)pthread_cond_signal(&caller->changed);
    }
    bool left = caller->left;
    (void)pthread_mutex_unlock(&caller->mutex);
    if (left)
        end_alone(caller);
    return NULL;
}

struct wd_offsets_caller *wd_offsets_caller_create(void)
{
    struct wd_offsets_caller *caller = calloc(1, sizeof(*caller));
    if (!caller)
        return NULL;
    (void)pthread_mutex_init(&caller->mutex, NULL);
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&caller->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    if (pthread_create(&caller->thread, NULL, run, caller) == 0)
        return caller;
    free_caller(caller);
    return NULL;
}

void wd_offsets_caller_destroy(struct wd_offsets_caller *caller)
{
    if (!caller)
        return;
    (void)pthread_mutex_lock(&caller->mutex);
    WD_ASSERT(caller->phase == IDLE);
    caller->stop = true;
    (void)pthread_cond_signal(&caller->changed);
    (void)pthread_mutex_unlock(&caller->mutex);
    (void)pthread_join(caller->thread, NULL);
    free_caller(caller);
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

bool wd_offsets_caller_start(struct wd_offsets_caller *caller, rd_kafka_t *client,
                             const struct wd_consumer *consumer,
                             const rd_kafka_topic_partition_list_t *offsets, int timeout_ms)
{
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer->client);
    if (!is_same_member(group, consumer->member)) {
        if (group)
            rd_kafka_consumer_group_metadata_destroy(group);
        return false;
    }
    (void)pthread_mutex_lock(&caller->mutex);
    WD_ASSERT(caller->phase == IDLE && !caller->left);
    caller->client = client;
    caller->timeout_ms = timeout_ms;
    caller->offsets = rd_kafka_topic_partition_list_copy(offsets);
    caller->group = group;
    caller->phase = CALLING;
    (void)pthread_cond_signal(&caller->changed);
    (void)pthread_mutex_unlock(&caller->mutex);
    return true;
}

bool wd_offsets_caller_wait(struct wd_offsets_caller *caller, int wait_ms,
                            rd_kafka_error_t **kafka_error)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_mutex_lock(&caller->mutex);
    int code = 0;
    while (caller->phase == CALLING && code == 0)
        code = pthread_cond_timedwait(&caller->changed, &caller->mutex, &until);
    bool ended = caller->phase == ENDED;
    if (ended) {
        *kafka_error = caller->result;
        caller->result = NULL;
        caller->phase = IDLE;
    }
    (void)pthread_mutex_unlock(&caller->mutex);
    return ended;
}

void wd_offsets_caller_leave(struct wd_offsets_caller *caller)
{
    atomic_fetch_add(&callers_left, 1);
    (void)pthread_detach(caller->thread);
    (void)pthread_mutex_lock(&caller->mutex);
    caller->left = true;
    (void)pthread_cond_signal(&caller->changed); /* the call may have ended in between */
    (void)pthread_mutex_unlock(&caller->mutex);
}

unsigned wd_offsets_callers_left(void)
{
    return atomic_load(&callers_left);
}
