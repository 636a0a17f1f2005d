/* offsets_call.h - rd_kafka_send_offsets_to_transaction with a time limit that holds.
 *
 * Why:    librdkafka does not keep to the limit that it is given while the group's coordinator is
 *         away, and may never return when that broker is decommissioned (its issues 5456 and 5511,
 *         open at 2.15.1). A lane must not hang for that: here the call runs on a thread of its own,
 *         and is left alone with its client when it takes too long. The client is fenced by the next
 *         one with its transactional id, so whatever it still does has no effect.
 * Owns:   a call that was left alone owns its client and destroys it when it returns.
 * Thread: any. */
#ifndef WD_OFFSETS_CALL_H
#define WD_OFFSETS_CALL_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

struct wd_offsets_call;

/* A consumer and the id in its group under which it took what is to be committed. */
struct wd_consumer {
    rd_kafka_t *client;
    const char *member;
};

/* False: the group took the consumer for gone (it was frozen, say), and knows it, if at all, as a new
 * member; its partitions may be others'. */
bool wd_consumer_is_same_member(const struct wd_consumer *consumer);
/* Starts the call; `offsets` are copied, the consumer's group metadata are taken now. NULL when the
 * consumer is no member of its group, or not the same any more: the group would accept the offsets of
 * one that it has given up and taken in again, though another has gone on in its place. NULL also
 * without memory or threads. */
struct wd_offsets_call *wd_offsets_call_start(rd_kafka_t *client,
                                              const struct wd_consumer *consumer,
                                              const rd_kafka_topic_partition_list_t *offsets,
                                              int timeout_ms);
/* Waits at most `wait_ms` for its end. True when it ended: the call is gone, *kafka_error (NULL for
 * success) is the caller's. */
bool wd_offsets_call_wait(struct wd_offsets_call *call, int wait_ms,
                          rd_kafka_error_t **kafka_error);
/* Gives the call up, and the client to it: the caller uses neither again. */
void wd_offsets_call_leave(struct wd_offsets_call *call);
/* Calls that were left and still run: while there are any, the process must end by _exit. */
unsigned wd_offsets_calls_left(void);

#endif
