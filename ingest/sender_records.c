/* Records on their way into the open transaction. */
#include "kafka_client.h"
#include "sender_internal.h"
#include "wd_assert.h"

#include <stdio.h>
#include <string.h>

enum {
    FULL_WAIT_MS = 10, /* wait for room in the producer's queue */
    PARTS_MAX = 96,    /* of a record; most are its headers */
};

/* A topic's handle: looked up by name once, not per record. NULL when refused. */
static rd_kafka_topic_t *find_topic(struct wd_sender *sender, struct wd_slice name)
{
    for (size_t i = 0; i < sender->topic_count; i++) {
        if (wd_slice_is(name, rd_kafka_topic_name(sender->topics[i])))
            return sender->topics[i];
    }
    char text[256]; /* Kafka allows 249 bytes */
    if (name.len >= sizeof(text) || sender->topic_count == WD_SENDER_TOPICS_MAX)
        return NULL;
    (void)snprintf(text, sizeof(text), "%.*s", WD_SLICE_ARG(name));
    rd_kafka_topic_t *topic = rd_kafka_topic_new(sender->client, text, NULL);
    if (topic)
        sender->topics[sender->topic_count++] = topic;
    return topic;
}

/* What librdkafka is told of a record; it copies what the parts point to. Headers go one by one, not as
 * a list of theirs: with our patch they are then written straight into the message. */
struct parts {
    rd_kafka_vu_t list[PARTS_MAX];
    size_t count;
};

static rd_kafka_vu_t *add_part(struct parts *parts, rd_kafka_vtype_t type)
{
    WD_ASSERT(parts->count < PARTS_MAX); /* a lane passes on WD_LANE_HEADERS_MAX headers at most */
    rd_kafka_vu_t *part = &parts->list[parts->count++];
    part->vtype = type;
    return part;
}

static void add_headers(struct parts *parts, const struct wd_emission *record)
{
    for (size_t i = 0; i < record->header_count; i++) {
        const struct wd_header *header = &record->headers[i];
        rd_kafka_vu_t *part = add_part(parts, RD_KAFKA_VTYPE_HEADER);
        part->u.header.name = header->name.data;
        part->u.header.val = header->value.data;
        part->u.header.size = (ssize_t)header->value.len;
    }
}

static void add_bytes(struct parts *parts, rd_kafka_vtype_t type, struct wd_slice bytes)
{
    rd_kafka_vu_t *part = add_part(parts, type);
    part->u.mem.ptr = (void *)(uintptr_t)bytes.data;
    part->u.mem.size = bytes.len;
}

/* A record that librdkafka does not take. Destroys `refusal`. */
static enum wd_status refuse(struct wd_sender *sender, rd_kafka_error_t *refusal, size_t len,
                             struct wd_error *error)
{
    bool too_large = rd_kafka_error_code(refusal) == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    enum wd_status status =
        wd_kafka_fail(error, wd_sender_find_cause(sender, refusal), "cannot produce");
    if (too_large)
        return wd_error_set(error, WD_TOO_LARGE,
                            "a record of %zu bytes is larger than message.max.bytes allows", len);
    return status == WD_FENCED && !wd_sender_is_out_of_time(sender) ? WD_FENCED : WD_KAFKA;
}

enum wd_status wd_sender_produce(struct wd_sender *sender, const struct wd_emission *record,
                                 int32_t partition, uintptr_t tag, struct wd_error *error)
{
    rd_kafka_topic_t *topic = find_topic(sender, record->topic);
    if (!topic)
        return wd_error_set(error, WD_KAFKA, "cannot write to topic %.*s",
                            WD_SLICE_ARG(record->topic));
    struct parts parts;
    parts.count = 0; /* the list is not cleared: it is large */
    add_part(&parts, RD_KAFKA_VTYPE_RKT)->u.rkt = topic;
    add_part(&parts, RD_KAFKA_VTYPE_PARTITION)->u.i32 = partition;
    add_part(&parts, RD_KAFKA_VTYPE_MSGFLAGS)->u.i = RD_KAFKA_MSG_F_COPY;
    add_part(&parts, RD_KAFKA_VTYPE_OPAQUE)->u.ptr = (void *)tag;
    add_bytes(&parts, RD_KAFKA_VTYPE_VALUE, record->payload);
    add_bytes(&parts, RD_KAFKA_VTYPE_KEY, record->key);
    add_headers(&parts, record);
    for (;;) {
        rd_kafka_error_t *kafka_error = rd_kafka_produceva(sender->client, parts.list, parts.count);
        if (!kafka_error)
            return WD_OK;
        rd_kafka_resp_err_t code = rd_kafka_error_code(kafka_error);
        if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            rd_kafka_error_destroy(kafka_error);
            (void)rd_kafka_poll(sender->client, FULL_WAIT_MS);
            wd_sender_show_progress(sender);
            continue;
        }
        return refuse(sender, kafka_error, record->payload.len, error);
    }
}

/* Hands over the first `*left` of the gathered records; afterwards those for which there is no room yet
 * are the first ones. */
static enum wd_status hand_over(struct wd_sender *sender, size_t *left, struct wd_error *error)
{
    struct wd_gathered *gathered = &sender->gathered;
    rd_kafka_message_t *records = gathered->records;
    size_t count = *left;
    *left = 0;
    (void)rd_kafka_produce_batch(gathered->topic, gathered->partition, RD_KAFKA_MSG_F_COPY, records,
                                 (int)count);
    for (size_t i = 0; i < count; i++) {
        if (records[i].err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            records[(*left)++] = records[i];
        } else if (records[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            rd_kafka_error_t *refusal =
                rd_kafka_error_new(records[i].err, "%s", rd_kafka_err2str(records[i].err));
            return refuse(sender, refusal, records[i].len, error);
        }
    }
    return WD_OK;
}

enum wd_status wd_sender_send_gathered(struct wd_sender *sender, struct wd_error *error)
{
    size_t left = sender->gathered.count;
    sender->gathered.count = sender->gathered.len = 0;
    while (left > 0) {
        enum wd_status status = hand_over(sender, &left, error);
        if (status != WD_OK)
            return status;
        if (left == 0)
            break;
        (void)rd_kafka_poll(sender->client, FULL_WAIT_MS);
        wd_sender_show_progress(sender);
    }
    return WD_OK;
}

static struct wd_slice keep(struct wd_gathered *gathered, struct wd_slice bytes)
{
    if (!bytes.data)
        return WD_SLICE_NONE; /* a deletion has no value */
    char *kept = gathered->bytes + gathered->len;
    memcpy(kept, bytes.data, bytes.len);
    gathered->len += bytes.len;
    return wd_slice_make(kept, bytes.len);
}

enum wd_status wd_sender_gather(struct wd_sender *sender, const struct wd_emission *record,
                                int32_t partition, uintptr_t tag, struct wd_error *error)
{
    struct wd_gathered *gathered = &sender->gathered;
    size_t len = record->key.len + record->payload.len;
    rd_kafka_topic_t *topic = find_topic(sender, record->topic);
    bool fits = gathered->count < WD_GATHER_RECORDS && len <= WD_GATHER_BYTES - gathered->len &&
                topic == gathered->topic && partition == gathered->partition;
    enum wd_status status = WD_OK;
    if (!fits)
        status = wd_sender_send_gathered(sender, error);
    if (status != WD_OK || !topic || len > WD_GATHER_BYTES) /* alone, or refused there */
        return status == WD_OK ? wd_sender_produce(sender, record, partition, tag, error) : status;
    gathered->topic = topic;
    gathered->partition = partition;
    struct wd_slice key = keep(gathered, record->key);
    struct wd_slice payload = keep(gathered, record->payload);
    gathered->records[gathered->count++] =
        (rd_kafka_message_t){.key = (void *)(uintptr_t)key.data,
                             .key_len = key.len,
                             .payload = (void *)(uintptr_t)payload.data,
                             .len = payload.len,
                             ._private = (void *)tag};
    return WD_OK;
}
