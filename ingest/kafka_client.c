#include "kafka_client.h"

#include "log_limit.h"
#include "wd_assert.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <uv.h>

/* What a lane tells of itself, with what it does about it. */
static bool is_told_by_lane(const char *facility)
{
    return strcmp(facility, "TXNERR") == 0 || strcmp(facility, "ADDPARTS") == 0;
}

/* It would ask for the same answer again for ever. */
static bool is_answer_too_large(const char *text)
{
    return strstr(text, "increase receive.message.max.bytes") != NULL;
}

static int level_of(int level, const char *facility, const char *text)
{
    if (is_told_by_lane(facility))
        return WD_LEVEL_DEBUG;
    if (is_answer_too_large(text))
        return WD_LEVEL_ERROR;
    if (level <= LOG_ERR)
        return WD_LEVEL_WARN; /* librdkafka recovers by itself; what it cannot mend we report */
    return level <= LOG_NOTICE ? WD_LEVEL_INFO : WD_LEVEL_DEBUG;
}

static void log_callback(const rd_kafka_t *client, int level, const char *facility,
                         const char *text)
{
    const char *name = rd_kafka_name(client);
    int ours = level_of(level, facility, text);
    if (ours == WD_LEVEL_DEBUG) /* who wants this wants all of it */
        wd_log(ours, "kafka", "%s: %s: %s", name, facility, text);
    else if (is_answer_too_large(text))
        wd_log_limited(
            uv_hrtime() / 1000000, ours, "kafka",
            "%s: %s: a message in a topic that is read is larger than this client takes, and "
            "nothing comes from its partition: raise kafka.receive.message.max.bytes, and "
            "start again: %s",
            name, facility, text);
    else
        wd_log_limited(uv_hrtime() / 1000000, ours, "kafka", "%s: %s: %s", name, facility, text);
}

rd_kafka_conf_t *wd_kafka_conf(const struct wd_config *config, const char *client, void *opaque,
                               struct wd_error *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char text[WD_KAFKA_ERRSTR_SIZE];
    for (size_t i = 0; i < config->kafka_count; i++) {
        const struct wd_property *property = &config->kafka[i];
        if (rd_kafka_conf_set(conf, property->name, property->value, text, sizeof(text)) !=
            RD_KAFKA_CONF_OK) {
            (void)wd_error_set(error, WD_OUT_OF_RANGE, "librdkafka refuses kafka property %s: %s",
                               property->name, text);
            wd_error_at_path(error, "kafka.%s", property->name);
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    }
    char id[256];
    (void)snprintf(id, sizeof(id), "%s-%s-%s", config->name, config->instance, client);
    wd_kafka_conf_prefer(config, conf, "client.id", id);
    rd_kafka_conf_set_log_cb(conf, log_callback);
    rd_kafka_conf_set_opaque(conf, opaque);
    return conf;
}

void wd_kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char text[WD_KAFKA_ERRSTR_SIZE];
    rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, name, value, text, sizeof(text));
    WD_ASSERT(result == RD_KAFKA_CONF_OK);
}

/* Whether both name the same property: librdkafka knows some under two names. */
static bool same_property(const char *name, const char *other)
{
    static const char *const twins[][2] = {
        {"linger.ms", "queue.buffering.max.ms"},
        {"fetch.message.max.bytes", "max.partition.fetch.bytes"},
    };
    if (strcmp(name, other) == 0)
        return true;
    for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
        if ((strcmp(name, twins[i][0]) == 0 && strcmp(other, twins[i][1]) == 0) ||
            (strcmp(name, twins[i][1]) == 0 && strcmp(other, twins[i][0]) == 0))
            return true;
    }
    return false;
}

void wd_kafka_conf_prefer(const struct wd_config *config, rd_kafka_conf_t *conf, const char *name,
                          const char *value)
{
    for (size_t i = 0; i < config->kafka_count; i++) {
        if (same_property(config->kafka[i].name, name))
            return;
    }
    wd_kafka_conf_set(conf, name, value);
}

enum wd_status wd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **client,
                            struct wd_error *error)
{
    char text[WD_KAFKA_ERRSTR_SIZE];
    *client = rd_kafka_new(type, conf, text, sizeof(text));
    if (*client)
        return WD_OK;
    rd_kafka_conf_destroy(conf);
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__INVALID_ARG)
        return wd_error_set(error, WD_KAFKA, "cannot make a Kafka client: %s", text);
    wd_error_at_path(error, "kafka");
    return wd_error_set(error, WD_OUT_OF_RANGE,
                        "librdkafka refuses what \"kafka\" in the configuration says: %s", text);
}

enum wd_status wd_kafka_status(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
        return WD_FENCED;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        return WD_KAFKA_AUTH;
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
        return WD_TIMEOUT;
    default:
        return WD_KAFKA;
    }
}

enum wd_status wd_kafka_fail(struct wd_error *error, rd_kafka_error_t *kafka_error,
                             const char *what)
{
    enum wd_status status = wd_kafka_status(rd_kafka_error_code(kafka_error));
    (void)wd_error_set(error, status, "%s: %s (%s)", what, rd_kafka_error_string(kafka_error),
                       rd_kafka_error_name(kafka_error));
    rd_kafka_error_destroy(kafka_error);
    return status;
}

enum wd_status wd_kafka_fail_code(struct wd_error *error, rd_kafka_resp_err_t code,
                                  const char *what)
{
    return wd_error_set(error, wd_kafka_status(code), "%s: %s (%s)", what, rd_kafka_err2str(code),
                        rd_kafka_err2name(code));
}

int wd_kafka_partition_count(rd_kafka_t *client, const char *topic, int timeout_ms)
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    if (!handle)
        return -1;
    const struct rd_kafka_metadata *metadata = NULL;
    int count = -1;
    if (rd_kafka_metadata(client, 0, handle, &metadata, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        count = 0;
        if (metadata->topic_cnt == 1 && metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            count = metadata->topics[0].partition_cnt;
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(handle);
    return count;
}

rd_kafka_resp_err_t wd_kafka_end(rd_kafka_t *client, const char *topic, int32_t partition,
                                 int timeout_ms, int64_t *end)
{
    int64_t low = 0;
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(client, topic, partition, &low, end, timeout_ms);
    /* A client that nobody asks about the topic again goes on believing a broker that did not know it
     * yet, or did not know yet that we may see it: for 15 minutes. */
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION &&
        wd_kafka_partition_count(client, topic, timeout_ms) > partition)
        code = rd_kafka_query_watermark_offsets(client, topic, partition, &low, end, timeout_ms);
    return code;
}

/* What the answer says of the one topic that was asked for. NULL with the reason. */
static const rd_kafka_TopicDescription_t *find_description(rd_kafka_event_t *event,
                                                           rd_kafka_resp_err_t *code)
{
    size_t count = 0;
    *code = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (*code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return NULL;
    const rd_kafka_TopicDescription_t **topics =
        rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event), &count);
    const rd_kafka_error_t *refused =
        count == 1 ? rd_kafka_TopicDescription_error(topics[0]) : NULL;
    *code = count == 1 ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR__BAD_MSG;
    if (refused)
        *code = rd_kafka_error_code(refused);
    return *code == RD_KAFKA_RESP_ERR_NO_ERROR ? topics[0] : NULL;
}

/* The answer, to be destroyed; NULL when none came in time. */
static rd_kafka_event_t *describe_topic(rd_kafka_t *client, const char *topic, int timeout_ms)
{
    char text[WD_KAFKA_ERRSTR_SIZE];
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS);
    (void)rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof(text));
    rd_kafka_error_t *refused = rd_kafka_AdminOptions_set_include_authorized_operations(options, 1);
    if (refused)
        rd_kafka_error_destroy(refused);
    rd_kafka_TopicCollection_t *topics = rd_kafka_TopicCollection_of_topic_names(&topic, 1);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DescribeTopics(client, topics, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, timeout_ms);
    rd_kafka_queue_destroy(queue);
    rd_kafka_TopicCollection_destroy(topics);
    rd_kafka_AdminOptions_destroy(options);
    return event;
}

rd_kafka_resp_err_t wd_kafka_topic_id(rd_kafka_t *client, const char *topic, int timeout_ms,
                                      char id[WD_TOPIC_ID_SIZE])
{
    id[0] = '\0';
    /* Without a controller (librdkafka's mock cluster has none) the request would wait for one. */
    if (rd_kafka_controllerid(client, 0) < 0)
        return RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_event_t *event = describe_topic(client, topic, timeout_ms);
    const rd_kafka_TopicDescription_t *found = find_description(event, &code);
    const rd_kafka_Uuid_t *uuid = found ? rd_kafka_TopicDescription_topic_id(found) : NULL;
    const char *text = uuid ? rd_kafka_Uuid_base64str(uuid) : NULL;
    (void)snprintf(id, WD_TOPIC_ID_SIZE, "%s", text ? text : "");
    if (event)
        rd_kafka_event_destroy(event);
    return code;
}

bool wd_kafka_may_read(rd_kafka_t *client, const char *topic, int timeout_ms)
{
    size_t count = 0;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_event_t *event = describe_topic(client, topic, timeout_ms);
    const rd_kafka_TopicDescription_t *found = find_description(event, &code);
    const rd_kafka_AclOperation_t *operations =
        found ? rd_kafka_TopicDescription_authorized_operations(found, &count) : NULL;
    bool may = false;
    for (size_t i = 0; operations && i < count; i++)
        may = may || operations[i] == RD_KAFKA_ACL_OPERATION_READ;
    if (event)
        rd_kafka_event_destroy(event);
    return may;
}

void wd_kafka_take_statistics(struct wd_metrics *metrics, const char *labels, const char *json,
                              size_t json_len)
{
    static const struct {
        const char *key, *name, *help;
    } figures[] = {
        {"txmsgs", "wiredesk_kafka_sent_messages", "Messages sent to brokers"},
        {"txmsg_bytes", "wiredesk_kafka_sent_bytes", "Message bytes sent to brokers"},
        {"rxmsgs", "wiredesk_kafka_received_messages", "Messages received from brokers"},
        {"rxmsg_bytes", "wiredesk_kafka_received_bytes", "Message bytes received from brokers"},
        {"msg_cnt", "wiredesk_kafka_queued_messages", "Messages in the producer's queues"},
        {"msg_size", "wiredesk_kafka_queued_bytes", "Bytes in the producer's queues"},
        {"replyq", "wiredesk_kafka_pending_events", "Events waiting for the application"},
    };
    json_t *root = json_loadb(json, json_len, 0, NULL);
    if (!root)
        return;
    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
        json_int_t value = json_integer_value(json_object_get(root, figures[i].key));
        wd_gauge_set(wd_metrics_gauge(metrics, figures[i].name, figures[i].help, labels, 1), value);
    }
    int64_t errors = 0;
    int64_t brokers_up = 0;
    int64_t round_trip_us = 0;
    const char *key = NULL;
    json_t *broker = NULL;
    json_object_foreach(json_object_get(root, "brokers"), key, broker)
    {
        errors += json_integer_value(json_object_get(broker, "txerrs"));
        errors += json_integer_value(json_object_get(broker, "rxerrs"));
        const char *state = json_string_value(json_object_get(broker, "state"));
        brokers_up += state && strcmp(state, "UP") == 0;
        int64_t p99 = json_integer_value(json_object_get(json_object_get(broker, "rtt"), "p99"));
        if (p99 > round_trip_us)
            round_trip_us = p99;
    }
    wd_gauge_set(wd_metrics_gauge(metrics, "wiredesk_kafka_broker_errors",
                                  "Request and response errors of all brokers", labels, 1),
                 errors);
    wd_gauge_set(wd_metrics_gauge(metrics, "wiredesk_kafka_brokers_up",
                                  "Brokers that this client has a connection to", labels, 1),
                 brokers_up);
    wd_gauge_set(wd_metrics_gauge(metrics, "wiredesk_kafka_round_trip_p99_seconds",
                                  "Slowest broker's 99th percentile round trip", labels, 1000000),
                 round_trip_us);
    json_decref(root);
}
