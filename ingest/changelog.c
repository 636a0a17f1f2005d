#include "changelog.h"

#include "kafka_client.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    ADMIN_TIMEOUT_MS = 10000,
    VISIBLE_TIMEOUT_MS = 15000, /* until every broker knows of a new topic */
    VISIBLE_STEP_MS = 50,
    METADATA_TIMEOUT_MS = 5000,
};

enum wd_status wd_changelog_name(const struct wd_config *config, const char *pipeline,
                                 const char *topic, char name[256], struct wd_error *error)
{
    int len = snprintf(name, 256, "%s-%s-%s", config->changelog_prefix, pipeline, topic);
    if (len < 0 || len > 249)
        return wd_error_set(error, WD_TOO_LARGE,
                            "the changelog topic of %s would have a name of over 249 bytes: "
                            "shorten state.changelog_prefix or the pipeline's name",
                            topic);
    return WD_OK;
}

/* Waits for the answer to an admin request. NULL (with error) when none came. */
static rd_kafka_event_t *wait_answer(rd_kafka_queue_t *queue, const char *what,
                                     struct wd_error *error)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ADMIN_TIMEOUT_MS + 1000);
    if (!event) {
        (void)wd_error_set(error, WD_TIMEOUT, "%s: no answer from Kafka in %d s", what,
                           ADMIN_TIMEOUT_MS / 1000);
        return NULL;
    }
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return event;
    (void)wd_kafka_fail_code(error, rd_kafka_event_error(event), what);
    rd_kafka_event_destroy(event);
    return NULL;
}

static rd_kafka_AdminOptions_t *make_options(rd_kafka_t *client, rd_kafka_admin_op_t operation)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, operation);
    char text[256];
    (void)rd_kafka_AdminOptions_set_request_timeout(options, ADMIN_TIMEOUT_MS, text, sizeof(text));
    return options;
}

static enum wd_status take_results(const rd_kafka_topic_result_t **results, size_t count,
                                   const char *what, struct wd_error *error)
{
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS ||
            code == RD_KAFKA_RESP_ERR_INVALID_PARTITIONS) /* another lane was faster */
            continue;
        const char *text = rd_kafka_topic_result_error_string(results[i]);
        return wd_error_set(error, wd_kafka_status(code), "%s %s: %s", what,
                            rd_kafka_topic_result_name(results[i]),
                            text ? text : rd_kafka_err2str(code));
    }
    return WD_OK;
}

static enum wd_status create(const struct wd_config *config, rd_kafka_t *client, const char *name,
                             int partitions, struct wd_error *error)
{
    char text[256];
    rd_kafka_NewTopic_t *topic =
        rd_kafka_NewTopic_new(name, partitions, config->changelog_replication, text, sizeof(text));
    if (!topic)
        return wd_error_set(error, WD_KAFKA, "cannot ask for topic %s: %s", name, text);
    (void)rd_kafka_NewTopic_set_config(topic, "cleanup.policy", "compact");
    (void)rd_kafka_NewTopic_set_config(topic, "delete.retention.ms", "604800000");
    rd_kafka_AdminOptions_t *options = make_options(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_CreateTopics(client, &topic, 1, options, queue);
    rd_kafka_event_t *event = wait_answer(queue, "cannot create the changelog topic", error);
    enum wd_status status = event ? WD_OK : error->status;
    if (event) {
        size_t count = 0;
        const rd_kafka_topic_result_t **results =
            rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
        status = take_results(results, count, "cannot create the changelog topic", error);
        rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewTopic_destroy(topic);
    return status;
}

static enum wd_status grow(rd_kafka_t *client, const char *name, int partitions,
                           struct wd_error *error)
{
    char text[256];
    rd_kafka_NewPartitions_t *request =
        rd_kafka_NewPartitions_new(name, (size_t)partitions, text, sizeof(text));
    if (!request)
        return wd_error_set(error, WD_KAFKA, "cannot grow topic %s: %s", name, text);
    rd_kafka_AdminOptions_t *options = make_options(client, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_CreatePartitions(client, &request, 1, options, queue);
    rd_kafka_event_t *event = wait_answer(queue, "cannot grow the changelog topic", error);
    enum wd_status status = event ? WD_OK : error->status;
    if (event) {
        size_t count = 0;
        const rd_kafka_topic_result_t **results = rd_kafka_CreatePartitions_result_topics(
            rd_kafka_event_CreatePartitions_result(event), &count);
        status = take_results(results, count, "cannot grow the changelog topic", error);
        rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewPartitions_destroy(request);
    return status;
}

/* A created topic takes a moment to be known everywhere; there is no event for that. */
static enum wd_status wait_visible(rd_kafka_t *client, const char *name, int partitions,
                                   struct wd_error *error)
{
    uint64_t limit_ms = uv_hrtime() / 1000000 + VISIBLE_TIMEOUT_MS;
    while (uv_hrtime() / 1000000 < limit_ms) {
        if (wd_kafka_partition_count(client, name, METADATA_TIMEOUT_MS) >= partitions)
            return WD_OK;
        uv_sleep(VISIBLE_STEP_MS);
    }
    return wd_error_set(error, WD_TIMEOUT,
                        "topic %s was created but no broker shows it: who lacks READ and WRITE on "
                        "it does not see it either",
                        name);
}

enum wd_status wd_changelog_ensure(const struct wd_config *config, rd_kafka_t *client,
                                   const char *name, int partitions, struct wd_error *error)
{
    int present = wd_kafka_partition_count(client, name, METADATA_TIMEOUT_MS);
    if (present >= partitions)
        return WD_OK;
    if (present < 0)
        return wd_error_set(error, WD_TIMEOUT, "no broker says whether topic %s exists", name);
    if (!config->create_topics)
        return wd_error_set(error, WD_NOT_FOUND,
                            "changelog topic %s has %d partitions and needs %d: create it with "
                            "cleanup.policy=compact, or set \"create_topics\": true",
                            name, present, partitions);
    enum wd_status status = present == 0 ? create(config, client, name, partitions, error)
                                         : grow(client, name, partitions, error);
    if (status != WD_OK)
        return status;
    wd_log(WD_LEVEL_INFO, "changelog", "%s topic %s with %d partition%s",
           present == 0 ? "created" : "grew", name, partitions, partitions == 1 ? "" : "s");
    return wait_visible(client, name, partitions, error);
}

static enum wd_status take_ends(rd_kafka_event_t *event, rd_kafka_topic_partition_list_t *bounds,
                                struct wd_error *error)
{
    size_t count = 0;
    const rd_kafka_ListOffsetsResultInfo_t **results =
        rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_topic_partition_t *found =
            rd_kafka_ListOffsetsResultInfo_topic_partition(results[i]);
        if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return wd_kafka_fail_code(error, found->err,
                                      "cannot read where a changelog begins and ends");
        rd_kafka_topic_partition_t *bound =
            rd_kafka_topic_partition_list_find(bounds, found->topic, found->partition);
        if (bound)
            bound->offset = found->offset;
    }
    return WD_OK;
}

static enum wd_status list_offsets(rd_kafka_t *client, rd_kafka_topic_partition_list_t *bounds,
                                   int64_t which, int timeout_ms, struct wd_error *error)
{
    rd_kafka_topic_partition_list_t *wanted = rd_kafka_topic_partition_list_copy(bounds);
    for (int i = 0; i < wanted->cnt; i++)
        wanted->elems[i].offset = which;
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_LISTOFFSETS);
    char text[256];
    (void)rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof(text));
    rd_kafka_error_t *refused = rd_kafka_AdminOptions_set_isolation_level(
        options, RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
    if (refused)
        rd_kafka_error_destroy(refused);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_ListOffsets(client, wanted, options, queue);
    rd_kafka_event_t *event =
        wait_answer(queue, "cannot read where the changelogs begin and end", error);
    enum wd_status status = event ? take_ends(event, bounds, error) : error->status;
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_topic_partition_list_destroy(wanted);
    return status;
}

enum wd_status wd_changelog_begins(rd_kafka_t *client, rd_kafka_topic_partition_list_t *bounds,
                                   int timeout_ms, struct wd_error *error)
{
    return list_offsets(client, bounds, RD_KAFKA_OFFSET_SPEC_EARLIEST, timeout_ms, error);
}

enum wd_status wd_changelog_ends(rd_kafka_t *client, rd_kafka_topic_partition_list_t *bounds,
                                 int timeout_ms, struct wd_error *error)
{
    return list_offsets(client, bounds, RD_KAFKA_OFFSET_SPEC_LATEST, timeout_ms, error);
}
