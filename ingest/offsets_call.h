/* offsets_call.h - rd_kafka_send_offsets_to_transaction with a time limit that holds.
 *
 * Why:    librdkafka does not keep to the limit that it is given while the group's coordinator is
 *         away, and may never return when that broker is decommissioned (its issues 5456 and 5511,
 *         open at 2.15.1). A lane must not hang for that: here a thread calls, one for all calls of a
 *         producer, and is left alone with its client when a call takes too long. The client is fenced
 *         by the next one with its transactional id, so whatever it still does has no effect.
 * Owns:   a caller that was left alone owns its client and destroys it, and itself, when the call
 *         returns.
 * Thread: any, one at a time. */
#ifndef WD_OFFSETS_CALL_H
#define WD_OFFSETS_CALL_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

struct wd_offsets_caller;

/* A consumer and the id in its group under which it took what is to be committed. */
struct wd_consumer {
    rd_kafka_t *client;
    const char *member;
};

/* False: the group took the consumer for gone (it was frozen, say), and knows it, if at all, as a new
 * member; its partitions may be others'. */
bool wd_consumer_is_same_member(const struct wd_consumer *consumer);
/* NULL without memory or threads. */
struct wd_offsets_caller *wd_offsets_caller_create(void);
/* Takes NULL. No call may run. */
void wd_offsets_caller_destroy(struct wd_offsets_caller *caller);
/* Starts a call, while none runs; `offsets` are copied, the consumer's group metadata are taken now.
 * False when the consumer is no member of its group, or not the same any more: the group would accept
 * the offsets of one that it has given up and taken in again, though another has gone on in its place. */
bool wd_offsets_caller_start(struct wd_offsets_caller *caller, rd_kafka_t *client,
                             const struct wd_consumer *consumer,
                             const rd_kafka_topic_partition_list_t *offsets, int timeout_ms);
/* Waits at most `wait_ms` for the call's end. True when it ended: *kafka_error (NULL for success) is
 * ours. */
bool wd_offsets_caller_wait(struct wd_offsets_caller *caller, int wait_ms,
                            rd_kafka_error_t **kafka_error);
/* Gives the caller up, and the client to it: we use neither again. */
void wd_offsets_caller_leave(struct wd_offsets_caller *caller);
/* Callers that were left and whose calls still run: while there are any, the process must end by
 * _exit. */
unsigned wd_offsets_callers_left(void);

#endif
