/* What can be known to be wrong before anything starts, and which topic is missing later. */
#include "kafka_client.h"
#include "lane_internal.h"
#include "log.h"
#include "open_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
    TRIES = 10, /* of TRY_MS each: so long brokers may take to answer */
    TRY_MS = 1000,
    TRIES_REFUSED = 3, /* no longer when they refuse the credentials: one may not know them yet */
    TOPIC_TIMEOUT_MS = 5000,
    TOPIC_TRIES = 5, /* a topic that was just made takes a moment to be known to every broker */
    TOPIC_TRIES_SILENT = 2,
    TOPIC_PAUSE_MS = 500,
};

/* What librdkafka said while it was trying to connect: the reason behind a time-out. */
struct trouble {
    rd_kafka_resp_err_t code;
    char text[256];
};

static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    struct trouble *trouble = opaque;
    (void)client;
    /* Says more than what follows from it. */
    if (trouble->code == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
        (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && trouble->text[0] != '\0'))
        return;
    trouble->code = (rd_kafka_resp_err_t)code;
    (void)snprintf(trouble->text, sizeof(trouble->text), "%s", reason);
}

/* Whom to ask whether to give up. */
struct patience {
    wd_lane_stopped *stopped;
    void *context;
};

/* `brokers` gets how many there are. */
static enum wd_status reach_broker(rd_kafka_t *client, struct trouble *trouble,
                                   const struct patience *patience, int *brokers,
                                   struct wd_error *error)
{
    for (int i = 0; i < TRIES; i++) {
        const struct rd_kafka_metadata *metadata = NULL;
        rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, NULL, &metadata, TRY_MS);
        (void)rd_kafka_poll(client, 0);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            *brokers = metadata->broker_cnt;
            rd_kafka_metadata_destroy(metadata);
            return WD_OK;
        }
        if (patience->stopped(patience->context))
            return wd_error_set(error, WD_STOPPED, "asked to stop before a broker answered");
        if (trouble->code == RD_KAFKA_RESP_ERR__AUTHENTICATION && i + 1 >= TRIES_REFUSED)
            break;
    }
    wd_error_at_path(error, "kafka.bootstrap.servers");
    if (trouble->code == RD_KAFKA_RESP_ERR__AUTHENTICATION)
        return wd_error_set(error, WD_KAFKA_AUTH, "Kafka refuses the credentials: %s",
                            trouble->text);
    return wd_error_set(error, WD_TIMEOUT,
                        "no broker answered in %d s%s%s; look at kafka.bootstrap.servers, the "
                        "network, and whether the broker runs",
                        TRIES * TRY_MS / 1000, trouble->text[0] ? ": " : "", trouble->text);
}

/* `partitions` gets how many it has. */
static rd_kafka_resp_err_t ask_for_topic(rd_kafka_t *client, rd_kafka_topic_t *topic,
                                         int *partitions)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, topic, &metadata, TOPIC_TIMEOUT_MS);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1) {
        code = metadata->topics[0].err;
        *partitions = metadata->topics[0].partition_cnt;
    }
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    return code;
}

/* One of the brokers may be gone, or too busy, at just this moment. */
static bool is_silence(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

static bool is_unknown(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
}

/* All topics of a configuration are looked at; those that are not there are told together. */
struct look {
    rd_kafka_t *client;
    char missing[256]; /* their names */
    unsigned missing_count;
};

static void note_missing(struct look *look, const char *name, const char *role)
{
    char known[WD_ERROR_PATH_SIZE * 2 + 16];
    size_t len = strlen(look->missing);
    (void)snprintf(known, sizeof(known), "\"%s\"", name);
    if (strstr(look->missing, known))
        return; /* an output of several */
    (void)snprintf(look->missing + len, sizeof(look->missing) - len, "%s%s topic %s",
                   look->missing_count > 0 ? ", " : "", role, known);
    look->missing_count++;
}

/* `partitions` gets how many it has; 0 for a pattern, and for one that is missing. */
static enum wd_status check_topic(struct look *look, const char *name, const char *role,
                                  int *partitions, struct wd_error *error)
{
    *partitions = 0;
    if (name[0] == '^')
        return WD_OK; /* a pattern may match later */
    rd_kafka_topic_t *topic = rd_kafka_topic_new(look->client, name, NULL);
    if (!topic)
        return wd_error_set(error, WD_KAFKA, "\"%s\" is no name for a topic", name);
    rd_kafka_resp_err_t code = ask_for_topic(look->client, topic, partitions);
    /* Where one is missing after all of these, the others had their time, too. */
    for (int i = 1; i < (is_silence(code) ? TOPIC_TRIES_SILENT : TOPIC_TRIES) &&
                    (is_silence(code) || (is_unknown(code) && look->missing_count == 0));
         i++) {
        uv_sleep(TOPIC_PAUSE_MS);
        code = ask_for_topic(look->client, topic, partitions);
    }
    rd_kafka_topic_destroy(topic);
    if (is_unknown(code)) {
        note_missing(look, name, role);
        return WD_OK;
    }
    if (wd_kafka_status(code) == WD_KAFKA_AUTH)
        return wd_error_set(error, WD_KAFKA_AUTH,
                            "no permission for %s topic \"%s\": %s; grant %s on it", role, name,
                            rd_kafka_err2str(code), strcmp(role, "input") == 0 ? "READ" : "WRITE");
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
        return WD_OK;
    if (is_silence(code))
        return wd_error_set(
            error, WD_TIMEOUT,
            "no broker said whether %s topic \"%s\" exists: %s; look at the network "
            "and the brokers",
            role, name, rd_kafka_err2str(code));
    return wd_kafka_fail_code(error, code, name);
}

static enum wd_status tell_missing(const struct look *look, struct wd_error *error)
{
    if (look->missing_count == 0)
        return WD_OK;
    bool one = look->missing_count == 1;
    return wd_error_set(error, WD_NOT_FOUND,
                        "%s %s not exist: create %s, or mend the configuration", look->missing,
                        one ? "does" : "do", one ? "it" : "them");
}

static bool writes_topic(const struct wd_config *config, const char *topic)
{
    for (size_t i = 0; i < config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &config->pipelines[i];
        if (strcmp(pipeline->dead_letter_topic, topic) == 0)
            return true;
        for (size_t j = 0; j < pipeline->output_count; j++) {
            if (strcmp(pipeline->outputs[j].topic, topic) == 0)
                return true;
        }
    }
    return false;
}

/* Whether everything that `config` writes to is among what `known` (may be NULL) writes to. */
static bool nothing_new(const struct wd_config *config, const struct wd_config *known)
{
    bool same = known != NULL;
    for (size_t i = 0; same && i < config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &config->pipelines[i];
        same = writes_topic(known, pipeline->dead_letter_topic);
        for (size_t j = 0; same && j < pipeline->output_count; j++)
            same = writes_topic(known, pipeline->outputs[j].topic);
    }
    return same;
}

/* `inputs` gets how many partitions its input topics have. */
static enum wd_status check_pipeline(struct look *look, const struct wd_pipeline_config *pipeline,
                                     int *inputs, struct wd_error *error)
{
    int count = 0;
    enum wd_status status =
        check_topic(look, pipeline->dead_letter_topic, "dead-letter", &count, error);
    *inputs = 0;
    for (size_t i = 0; status == WD_OK && i < pipeline->topic_count; i++) {
        status = check_topic(look, pipeline->topics[i], "input", &count, error);
        *inputs += count;
    }
    for (size_t i = 0; status == WD_OK && i < pipeline->output_count; i++)
        status = check_topic(look, pipeline->outputs[i].topic, "output", &count, error);
    return status;
}

/* `inputs` gets how many partitions each pipeline reads. */
static enum wd_status check_topics(const struct wd_config *config, rd_kafka_t *client,
                                   int inputs[WD_PIPELINES_MAX], struct wd_error *error)
{
    struct look look = {.client = client};
    enum wd_status status = WD_OK;
    for (size_t i = 0; status == WD_OK && i < config->pipeline_count; i++)
        status = check_pipeline(&look, &config->pipelines[i], &inputs[i], error);
    return status == WD_OK ? tell_missing(&look, error) : status;
}

/* It looks for what a story is to earlier ones. */
static bool compares_stories(const struct wd_plan *plan)
{
    for (size_t i = 0; i < wd_plan_processor_count(plan); i++) {
        if (wd_plan_processor_impl(plan, i)->writes & (WD_PART_DEDUP | WD_PART_UPDATE))
            return true;
    }
    return false;
}

/* What comes as enriched records was keyed by an earlier pipeline. */
static void tell_partitions(const struct wd_config *config, const int inputs[WD_PIPELINES_MAX])
{
    for (size_t i = 0; i < config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &config->pipelines[i];
        bool keyed = pipeline->decoder && strcmp(pipeline->decoder->name, "enriched") == 0;
        if (inputs[i] > 1 && !keyed && compares_stories(pipeline->plan))
            wd_log(WD_LEVEL_WARN, "preflight",
                   "pipeline \"%s\" reads %d partitions, and each remembers by itself: copies, "
                   "versions and kills are found only in the partition of their story. One "
                   "partition is enough for a desk; for more, join two pipelines as "
                   "deploy/wiredesk-joined.json does",
                   pipeline->name, inputs[i]);
    }
}

/* At a start permissions may have been granted just now: each that is missing is waited for. */
static enum wd_status wait_for_topics(const struct wd_config *config, rd_kafka_t *client,
                                      const struct patience *patience, int inputs[WD_PIPELINES_MAX],
                                      struct wd_error *error)
{
    struct wd_error told;
    uint64_t since_ms = 0;
    wd_error_init(&told);
    for (;;) {
        enum wd_status status = check_topics(config, client, inputs, error);
        uint64_t now = wd_lane_now_ms();
        bool another = strcmp(error->text, told.text) != 0;
        if (status != WD_KAFKA_AUTH ||
            (another ? 0 : now - since_ms) >= config->permission_timeout_ms)
            return status;
        if (another) {
            since_ms = now;
            told = *error;
            wd_log(WD_LEVEL_WARN, "control", "%s; waiting for this permission, for %u s",
                   error->text, config->permission_timeout_ms / 1000);
        }
        uv_sleep(TOPIC_PAUSE_MS);
        if (patience->stopped(patience->context))
            return wd_error_set(error, WD_STOPPED, "asked to stop before a permission was granted");
    }
}

enum wd_status wd_lane_preflight(const struct wd_config *config, const struct wd_config *known,
                                 wd_lane_stopped *stopped, void *context, struct wd_error *error)
{
    if (nothing_new(config, known))
        return WD_OK;
    const struct patience patience = {stopped, context};
    struct trouble trouble = {RD_KAFKA_RESP_ERR_NO_ERROR, ""};
    rd_kafka_conf_t *conf = wd_kafka_conf(config, "preflight", &trouble, error);
    if (!conf)
        return WD_OUT_OF_RANGE;
    wd_kafka_conf_set(conf, "allow.auto.create.topics", "false");
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_t *client = NULL;
    enum wd_status status = wd_kafka_new(RD_KAFKA_PRODUCER, conf, &client, error);
    if (status != WD_OK)
        return status;
    int brokers = 0;
    int inputs[WD_PIPELINES_MAX];
    status = reach_broker(client, &trouble, &patience, &brokers, error);
    if (status == WD_OK && !known)
        status = wd_open_files_allow(config, brokers, error);
    if (status == WD_OK)
        status = known ? check_topics(config, client, inputs, error)
                       : wait_for_topics(config, client, &patience, inputs, error);
    if (status == WD_OK && !known)
        tell_partitions(config, inputs);
    rd_kafka_destroy(client);
    return status;
}

void wd_lane_tell_missing_topic(struct wd_lane *lane)
{
    struct wd_error error;
    wd_error_init(&error);
    rd_kafka_t *client = wd_sender_client(lane->sender);
    int count = 0;
    int inputs[WD_PIPELINES_MAX];
    enum wd_status status = check_topics(lane->config, client, inputs, &error);
    struct look look = {.client = client};
    for (size_t i = 0; status == WD_OK && i < lane->shard_count; i++) {
        if (lane->shards[i]->changelog[0] != '\0')
            status = check_topic(&look, lane->shards[i]->changelog, "changelog", &count, &error);
    }
    if (status == WD_OK)
        status = tell_missing(&look, &error);
    wd_lane_show_progress(lane);
    if (status != WD_NOT_FOUND)
        return;
    wd_log(WD_LEVEL_ERROR, lane->name, "nothing can be committed: %s", error.text);
    lane->topics_at_ms = 0; /* a changelog is made anew there */
}
