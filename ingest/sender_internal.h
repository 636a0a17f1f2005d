/* sender_internal.h - what the files of a sender share: sender.c (its client, its transactions) and
 * sender_records.c (records in). Nobody else includes this. */
#ifndef WD_SENDER_INTERNAL_H
#define WD_SENDER_INTERNAL_H

#include "sender.h"

enum {
    WD_SENDER_TOPICS_MAX = 1024, /* topics that a lane writes to */
    WD_GATHER_RECORDS = 256,
    WD_GATHER_BYTES = 64 * 1024,
};

/* Small records of one partition that go to librdkafka together; their bytes. */
struct wd_gathered {
    rd_kafka_topic_t *topic;
    int32_t partition;
    size_t count, len;
    rd_kafka_message_t records[WD_GATHER_RECORDS];
    char bytes[WD_GATHER_BYTES];
};

struct wd_sender {
    struct wd_sender_setup setup;
    bool transactional;
    rd_kafka_t *client;
    struct wd_offsets_caller *caller; /* NULL: there was nothing to call yet */
    rd_kafka_topic_t *topics[WD_SENDER_TOPICS_MAX];
    size_t topic_count;
    struct wd_gathered gathered;
    uint64_t begun_ms;
    uint64_t failures; /* delivery reports with an error since begin */
    rd_kafka_resp_err_t first_failure;
};

void wd_sender_show_progress(struct wd_sender *sender);
/* Whether the coordinator may have ended the open transaction for its age: an old epoch means nothing else then. */
bool wd_sender_is_out_of_time(const struct wd_sender *sender);
/* Once a transaction has failed, librdkafka refuses every call as out of state. What it failed of, it
 * tells to one that begins another: that can never be, and changes nothing. Destroys `refusal` when it
 * gives something better. */
rd_kafka_error_t *wd_sender_find_cause(struct wd_sender *sender, rd_kafka_error_t *refusal);

#endif
