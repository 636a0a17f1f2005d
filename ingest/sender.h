/* sender.h - the producing half of a lane: transactions, and what their errors mean.
 *
 * Why:    a transaction can end in more ways than two. Every error of librdkafka's transactional API
 *         is turned here into one of five outcomes, so that the lane has one place to decide.
 * Owns:   its producer.
 * Thread: its lane. Calls may block; while they do, `progress` keeps moving.
 * Source: KIP-98, KIP-447, and "Transactional producer" in librdkafka's INTRODUCTION.md. */
#ifndef WD_SENDER_H
#define WD_SENDER_H

#include "desk.h"

#include "offsets_call.h"

#include <librdkafka/rdkafka.h>
#include <stdatomic.h>

enum wd_sent {
    WD_SENT_DONE,
    WD_SENT_ABORT,   /* nothing is published: abort, roll back, go back */
    WD_SENT_UNKNOWN, /* neither done nor undone: reopen, then read the committed offsets back */
    WD_SENT_FENCED,  /* another instance took over: stop */
    WD_SENT_FAILED,  /* cannot go on: stop with the error */
};

struct wd_sender;

/* Tells of a record that the broker refused for its size. `tag` as given to wd_sender_produce. */
typedef void wd_sender_refused(void *context, uintptr_t tag);

struct wd_sender_setup {
    const struct wd_config *config; /* outlives the sender */
    const char *name;               /* "lane-0": for client and transactional id */
    _Atomic uint64_t *progress;
    const _Atomic bool *stop; /* when true, waiting for a broker ends with WD_STOPPED */
    wd_sender_refused *refused;
    void *context;
    int (*statistics)(rd_kafka_t *client, char *json, size_t json_len, void *opaque);
};

/* Makes the producer and, for exactly once, initialises transactions: an earlier instance with the
 * same id is fenced, its open transaction ended. Waits for a broker as long as it takes. */
enum wd_status wd_sender_open(const struct wd_sender_setup *setup, struct wd_sender **sender,
                              struct wd_error *error) WD_MUST_CHECK;
/* Destroys the producer and makes a new one: afterwards an undetermined transaction is decided, and
 * the group's committed offsets say how. */
enum wd_status wd_sender_reopen(struct wd_sender *sender, struct wd_error *error) WD_MUST_CHECK;
void wd_sender_close(struct wd_sender *sender); /* takes NULL */

/* NULL between an outcome of WD_SENT_UNKNOWN and wd_sender_reopen: a call that hangs keeps the client. */
rd_kafka_t *wd_sender_client(struct wd_sender *sender);
/* Serves delivery reports and statistics; never blocks. */
void wd_sender_poll(struct wd_sender *sender);

/* Starts a transaction (at least once: nothing but a fresh count of failures). */
enum wd_sent wd_sender_begin(struct wd_sender *sender, struct wd_error *error) WD_MUST_CHECK;
/* Copies the record into the producer's queue; waits for room in it. `partition` or
 * RD_KAFKA_PARTITION_UA. WD_TOO_LARGE when it is larger than the producer may send; WD_KAFKA when
 * the transaction is lost: commit will then say what to do. */
enum wd_status wd_sender_produce(struct wd_sender *sender, const struct wd_emission *record,
                                 int32_t partition, uintptr_t tag,
                                 struct wd_error *error) WD_MUST_CHECK;
/* The same for one of many small records without headers that go to one partition: librdkafka gets
 * them by the hundred, at the latest, and all of them, with wd_sender_send_gathered. What is not sent by
 * the next begin is forgotten. */
enum wd_status wd_sender_gather(struct wd_sender *sender, const struct wd_emission *record,
                                int32_t partition, uintptr_t tag,
                                struct wd_error *error) WD_MUST_CHECK;
enum wd_status wd_sender_send_gathered(struct wd_sender *sender,
                                       struct wd_error *error) WD_MUST_CHECK;
/* Publishes everything produced since begin together with the consumer's `offsets` (at least once:
 * before them). WD_SENT_ABORT when the group knows the consumer under another id. */
enum wd_sent wd_sender_commit(struct wd_sender *sender, const struct wd_consumer *consumer,
                              rd_kafka_topic_partition_list_t *offsets,
                              struct wd_error *error) WD_MUST_CHECK;
/* WD_SENT_ABORT when aborted. */
enum wd_sent wd_sender_abort(struct wd_sender *sender, struct wd_error *error) WD_MUST_CHECK;

#endif
