#include "command.h"
#include "desk.h"
#include "exit_code.h"
#include "kafka_client.h"
#include "log.h"

#include <dirent.h>
#include <errno.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 10000, POLL_MS = 200, PATH_SIZE = 4096 };

/* Everything that the trial holds. */
struct demo {
    char folder[PATH_SIZE]; /* of the samples */
    struct wd_config *config;
    rd_kafka_t *producer, *consumer;
    rd_kafka_mock_cluster_t *cluster;
    struct wd_state *state;
    struct wd_desk *desk;
    int sent;
    struct wd_error error;
};

static bool find_samples(struct demo *demo)
{
    static const char *const folders[] = {WD_SAMPLES_INSTALLED, WD_SAMPLES_SOURCE};
    for (size_t i = 0; i < 2; i++) {
        DIR *folder = opendir(folders[i]);
        if (!folder)
            continue;
        (void)closedir(folder);
        (void)snprintf(demo->folder, sizeof(demo->folder), "%s", folders[i]);
        return true;
    }
    (void)fprintf(stderr, "wiredesk: no samples in %s: install the program\n", folders[0]);
    return false;
}

/* The mock cluster lives inside a client of its own: the others connect to it as to any Kafka. */
static rd_kafka_t *make_client(const struct demo *demo, rd_kafka_type_t type)
{
    char text[WD_KAFKA_ERRSTR_SIZE];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    wd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(demo->cluster));
    if (type == RD_KAFKA_CONSUMER) {
        wd_kafka_conf_set(conf, "group.id", "wiredesk-demo");
        wd_kafka_conf_set(conf, "auto.offset.reset", "earliest");
        wd_kafka_conf_set(conf, "enable.partition.eof", "true");
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof(text));
    if (!client)
        (void)fprintf(stderr, "wiredesk: %s\n", text);
    return client;
}

static bool send_bytes(rd_kafka_t *producer, const char *topic, struct wd_slice key,
                       struct wd_slice payload)
{
    rd_kafka_resp_err_t code = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY((void *)(uintptr_t)key.data, key.len),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)payload.data, payload.len), RD_KAFKA_V_END);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool send_file(struct demo *demo, const char *name)
{
    char path[PATH_SIZE + 300];
    (void)snprintf(path, sizeof(path), "%s/stories/%s", demo->folder, name);
    FILE *file = fopen(path, "re");
    if (!file) {
        (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    bool good = wd_buffer_append_file(&bytes, file, SIZE_MAX) && wd_buffer_ok(&bytes);
    (void)fclose(file);
    good = good && send_bytes(demo->producer, demo->config->pipelines[0].topics[0],
                              wd_slice_from(name), wd_buffer_slice(&bytes));
    wd_buffer_finish(&bytes);
    demo->sent += good;
    return good;
}

static int keep_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool send_samples(struct demo *demo)
{
    char path[PATH_SIZE + 16];
    struct dirent **entries = NULL;
    (void)snprintf(path, sizeof(path), "%s/stories", demo->folder);
    int count = scandir(path, &entries, keep_visible, alphasort);
    bool good = count > 0;
    for (int i = 0; i < count; i++) {
        good = good && send_file(demo, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return good && rd_kafka_flush(demo->producer, TIMEOUT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static void print_text(const char *label, struct wd_slice text)
{
    if (text.len > 0)
        (void)printf("    %-10s %.*s\n", label, WD_SLICE_ARG(text));
}

static const char *text_at(json_t *object, const char *section, const char *name)
{
    return json_string_value(json_object_get(json_object_get(object, section), name));
}

/* Whether a name was mentioned earlier in the story. */
static bool is_repeated(json_t *entities, size_t index, const char *name)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(json_string_value(json_object_get(json_array_get(entities, i), "name")), name) ==
            0)
            return true;
    }
    return false;
}

static void print_entities(json_t *entities)
{
    enum { NAMES_MAX = 6 };
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(entities) && count <= NAMES_MAX; i++) {
        json_t *entity = json_array_get(entities, i);
        const char *name = json_string_value(json_object_get(entity, "name"));
        const char *id = json_string_value(json_object_get(entity, "id"));
        if (is_repeated(entities, i, name))
            continue;
        if (count == 0)
            (void)printf("    %-10s ", "names");
        if (count == NAMES_MAX)
            (void)printf(", ...");
        else
            (void)printf("%s%s%s%s%s", count ? ", " : "", name, id ? " (" : "", id ? id : "",
                         id ? ")" : "");
        count++;
    }
    if (count > 0)
        (void)printf("\n");
}

static void print_event(const struct wd_emission *emission, json_t *event)
{
    const char *headline = json_string_value(json_object_get(event, "headline"));
    if (!headline) /* an advisory is about a story that is known by its id */
        headline = text_at(event, "concerns", "id");
    const char *kind = json_string_value(json_object_get(event, "kind"));
    const char *relation = json_string_value(json_object_get(event, "relation"));
    (void)printf("\n  %.*s  <-  %s\n", WD_SLICE_ARG(emission->topic), headline ? headline : "");
    print_text("event", wd_slice_from(kind ? kind : relation));
    print_text("", wd_slice_from(json_string_value(json_object_get(event, "reason"))));
}

static void print_record(const struct wd_emission *emission)
{
    json_t *root = json_loadb(emission->payload.data, emission->payload.len, 0, NULL);
    json_t *story = json_object_get(root, "story");
    json_t *found = json_object_get(root, "wiredesk");
    if (!story) { /* an event */
        print_event(emission, root);
        json_decref(root);
        return;
    }
    json_t *headlines = json_object_get(story, "headlines");
    const char *headline =
        json_string_value(json_object_get(json_array_get(headlines, 0), "value"));
    (void)printf("\n  %.*s  <-  %s\n", WD_SLICE_ARG(emission->topic), headline ? headline : "");
    print_text("format", wd_slice_from(text_at(found, "provenance", "format")));
    print_text("published",
               wd_slice_from(json_string_value(json_object_get(story, "firstCreated"))));
    print_text("dateline", wd_slice_from(json_string_value(json_object_get(found, "dateline"))));
    print_text("copy", wd_slice_from(text_at(found, "dedup", "relation")));
    print_text("", wd_slice_from(text_at(found, "dedup", "reason")));
    print_text("lineage", wd_slice_from(text_at(found, "update", "kind")));
    print_text("", wd_slice_from(text_at(found, "update", "reason")));
    print_entities(json_object_get(found, "entities"));
    json_decref(root);
}

static void print_dead_letter(const struct wd_emission *emission)
{
    (void)printf("\n  %.*s  <-  %.*s\n", WD_SLICE_ARG(emission->topic),
                 WD_SLICE_ARG(emission->key));
    for (size_t i = 0; i < emission->header_count; i++) {
        if (wd_slice_is(emission->headers[i].name, "wiredesk-reason"))
            print_text("reason", emission->headers[i].value);
        if (wd_slice_is(emission->headers[i].name, "wiredesk-reason-text"))
            print_text("", emission->headers[i].value);
    }
}

static enum wd_status emit(void *context, const struct wd_emission *emission)
{
    struct demo *demo = context;
    char topic[256];
    (void)snprintf(topic, sizeof(topic), "%.*s", WD_SLICE_ARG(emission->topic));
    if (!send_bytes(demo->producer, topic, emission->key, emission->payload))
        return WD_KAFKA;
    if (emission->output == SIZE_MAX)
        print_dead_letter(emission);
    else
        print_record(emission);
    return WD_OK;
}

static enum wd_status take(struct demo *demo, const rd_kafka_message_t *message)
{
    struct wd_desk_message input = {
        .topic = wd_slice_from(rd_kafka_topic_name(message->rkt)),
        .partition = message->partition,
        .offset = message->offset,
        .key = {message->key, message->key_len},
        .value = {message->payload, message->len},
        .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
    };
    enum wd_status status = wd_desk_take(demo->desk, &input, emit, demo, &demo->error);
    wd_state_commit(demo->state);
    return status;
}

/* Consumes until every sample has come back. */
static enum wd_status consume(struct demo *demo)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, demo->config->pipelines[0].topics[0], 0)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_resp_err_t code = rd_kafka_assign(demo->consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return wd_kafka_fail_code(&demo->error, code, "cannot consume");
    int taken = 0;
    int waited_ms = 0;
    enum wd_status status = WD_OK;
    while (taken < demo->sent && status == WD_OK && waited_ms < TIMEOUT_MS) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(demo->consumer, POLL_MS);
        if (!message) {
            waited_ms += POLL_MS;
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            status = take(demo, message);
            taken++;
        }
        rd_kafka_message_destroy(message);
    }
    if (status == WD_OK && taken < demo->sent)
        return wd_error_set(&demo->error, WD_TIMEOUT, "only %d of %d stories came back", taken,
                            demo->sent);
    return status;
}

static enum wd_status open_desk(struct demo *demo)
{
    demo->state = wd_state_create();
    if (!demo->state)
        return WD_NO_MEMORY;
    enum wd_status status =
        wd_plan_add_tables(demo->config->pipelines[0].plan, demo->state, &demo->error);
    return status == WD_OK ? wd_desk_create(demo->config, 0, demo->state, &demo->desk, &demo->error)
                           : status;
}

static void close_demo(struct demo *demo, rd_kafka_t *host)
{
    wd_desk_destroy(demo->desk);
    wd_state_destroy(demo->state);
    if (demo->consumer) {
        (void)rd_kafka_consumer_close(demo->consumer);
        rd_kafka_destroy(demo->consumer);
    }
    if (demo->producer)
        rd_kafka_destroy(demo->producer);
    if (demo->cluster)
        rd_kafka_mock_cluster_destroy(demo->cluster);
    if (host)
        rd_kafka_destroy(host);
    wd_config_release(demo->config);
}

/* One partition each: the stories come in the order of their names. */
static bool make_topics(struct demo *demo)
{
    const struct wd_pipeline_config *pipeline = &demo->config->pipelines[0];
    bool good = rd_kafka_mock_topic_create(demo->cluster, pipeline->topics[0], 1, 1) ==
                RD_KAFKA_RESP_ERR_NO_ERROR;
    for (size_t i = 0; i < pipeline->output_count; i++)
        good = good && rd_kafka_mock_topic_create(demo->cluster, pipeline->outputs[i].topic, 1,
                                                  1) == RD_KAFKA_RESP_ERR_NO_ERROR;
    return good && rd_kafka_mock_topic_create(demo->cluster, pipeline->dead_letter_topic, 1, 1) ==
                       RD_KAFKA_RESP_ERR_NO_ERROR;
}

static enum wd_status play(struct demo *demo)
{
    if (!make_topics(demo))
        return wd_error_set(&demo->error, WD_KAFKA, "cannot make topics in the cluster");
    demo->producer = make_client(demo, RD_KAFKA_PRODUCER);
    demo->consumer = make_client(demo, RD_KAFKA_CONSUMER);
    if (!demo->producer || !demo->consumer)
        return wd_error_set(&demo->error, WD_KAFKA, "cannot make Kafka clients");
    if (!send_samples(demo))
        return wd_error_set(&demo->error, WD_IO, "the samples could not be sent");
    (void)printf("%d stories from %s/stories are in topic %s.\n", demo->sent, demo->folder,
                 demo->config->pipelines[0].topics[0]);
    enum wd_status status = open_desk(demo);
    if (status == WD_OK)
        status = consume(demo);
    (void)rd_kafka_flush(demo->producer, TIMEOUT_MS);
    return status;
}

static int run(int argc, char **argv)
{
    struct demo demo = {0};
    int code = WD_EXIT_OK;
    char path[PATH_SIZE + 32];
    (void)argv;
    if (argc != 1)
        return wd_command_usage(&wd_command_demo, "demo takes no arguments");
    if (!find_samples(&demo))
        return WD_EXIT_NO_INPUT;
    (void)snprintf(path, sizeof(path), "%s/wiredesk.json", demo.folder);
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_WARN);
    demo.config = wd_command_load(path, true, &code);
    if (!demo.config)
        return code;
    char text[WD_KAFKA_ERRSTR_SIZE];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    wd_kafka_conf_set(conf, "bootstrap.servers", "127.0.0.1:1"); /* never used, but asked for */
    wd_kafka_conf_set(conf, "log_level", "0");
    rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    demo.cluster = host ? rd_kafka_mock_cluster_new(host, 1) : NULL;
    enum wd_status status = demo.cluster ? play(&demo) : WD_KAFKA;
    if (status != WD_OK)
        (void)fprintf(stderr, "wiredesk: demo: %s\n",
                      demo.error.text[0] ? demo.error.text : wd_status_sentence(status));
    else
        (void)printf("\nNext: the same without a cluster, as JSON:\n"
                     "  wiredesk replay %s %s/stories\n",
                     path, demo.folder);
    close_demo(&demo, host);
    return status == WD_OK ? WD_EXIT_OK : WD_EXIT_SOFTWARE;
}

const struct wd_command wd_command_demo = {
    .name = "demo",
    .arguments = "",
    .summary = "a self-contained trial on sample copy",
    .help = "Starts librdkafka's in-process cluster, puts sample stories into a topic, takes them\n"
            "through a pipeline and shows where each one went, and why. Needs nothing but the\n"
            "program; leaves nothing behind.\n",
    .run = run,
};
