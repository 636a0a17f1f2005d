/* Pipelines and the topics that join them. */
#include "config_internal.h"
#include "log.h"
#include "wd_assert.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { TOPIC_BYTES_MAX = 249 }; /* Kafka's limit */

void wd_config_read_kafka(struct wd_config *config, json_t *object, struct wd_faults *faults)
{
    static const struct {
        const char *name, *instead;
    } owned[] = {
        {"group.id", "\"group\""},
        {"group.instance.id", "\"instance\""},
        {"transactional.id", "\"group\" and \"instance\""},
        {"transaction.timeout.ms", "\"transaction\".\"timeout_ms\""},
        {"session.timeout.ms", "\"session_timeout_ms\""},
        {"message.timeout.ms", "\"transaction\".\"timeout_ms\""},
        {"enable.idempotence", "nothing: it is always on"},
        {"enable.auto.commit", "nothing: offsets go with the transaction"},
        {"enable.auto.offset.store", "nothing: offsets go with the transaction"},
        {"isolation.level", "nothing: it is read_committed"},
        {"delivery.report.only.error", "nothing: the daemon sets it"},
        {"enable.partition.eof", "nothing: the daemon sets it"},
    };
    const char *key = NULL;
    json_t *value = NULL;
    rd_kafka_conf_t *probe = rd_kafka_conf_new();
    config->kafka = calloc(json_object_size(object) + 1, sizeof(*config->kafka));
    json_object_foreach(object, key, value)
    {
        char path[WD_ERROR_PATH_SIZE];
        char number[64];
        char why[512];
        const char *text = json_string_value(value);
        (void)snprintf(path, sizeof(path), "kafka.%s", key);
        for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
            if (strcmp(owned[i].name, key) == 0)
                wd_faults_add(faults, path, "the daemon decides this itself; use %s",
                              owned[i].instead);
        }
        if (json_is_boolean(value)) {
            text = json_is_true(value) ? "true" : "false";
        } else if (json_is_integer(value)) {
            (void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
                           json_integer_value(value));
            text = number;
        } else if (json_is_real(value)) {
            (void)snprintf(number, sizeof(number), "%g", json_real_value(value));
            text = number;
        }
        if (!text)
            wd_faults_add(faults, path, "must be a string, a number, true or false");
        else if (rd_kafka_conf_set(probe, key, text, why, sizeof(why)) != RD_KAFKA_CONF_OK)
            wd_faults_add(faults, path, "librdkafka refuses it: %s", why);
        if (!text || !config->kafka)
            continue;
        struct wd_property *property = &config->kafka[config->kafka_count++];
        property->name = strdup(key);
        property->value = strdup(text);
    }
    rd_kafka_conf_destroy(probe);
}

void wd_config_check_topic(const char *path, const char *name, struct wd_faults *faults)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (!name)
        return;
    size_t len = strlen(name);
    bool dots = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    if (len == 0 || len > TOPIC_BYTES_MAX || dots || strspn(name, allowed) != len)
        wd_faults_add(
            faults, path,
            "\"%s\" cannot be a topic, or begin one: Kafka allows 1 to %d letters, digits, "
            "dots, underscores and hyphens",
            name, TOPIC_BYTES_MAX);
}

struct pipeline_options {
    char *name, *dead_letter;
    json_t *input, *processors, *outputs;
};
static const struct wd_option pipeline_table[] = {
    {.name = "name",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct pipeline_options, name),
     .required = true,
     .help = "Unique name; part of the changelog's name: never change it."},
    {.name = "input",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct pipeline_options, input),
     .required = true,
     .help = "Input topics and their format."},
    {.name = "processors",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct pipeline_options, processors),
     .required = true,
     .help = "Processors in order."},
    {.name = "outputs",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct pipeline_options, outputs),
     .required = true,
     .help = "Where records go."},
    {.name = "dead_letter",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct pipeline_options, dead_letter),
     .required = true,
     .help = "Topic of messages that could not be handled, with the reason in their headers."},
    {.name = NULL},
};

struct input_options {
    struct wd_option_strings topics;
    char *format;
    bool extra;
};
static const struct wd_option input_table[] = {
    {.name = "topics",
     .type = WD_OPTION_STRINGS,
     .offset = offsetof(struct input_options, topics),
     .required = true,
     .help = "Names, or patterns that begin with ^ (POSIX extended regular expressions)."},
    {.name = "format",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct input_options, format),
     .fallback = "\"auto\"",
     .help = "A decoder's name, or \"auto\": the sniffer decides for each message."},
    {.name = "extra",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct input_options, extra),
     .fallback = "false",
     .help = "Keep what the provider said and the record has no place for, under wiredesk.extra."},
    {.name = NULL},
};

/* From the maps that the enums are made from: a choice's index is its code. */
#define CHOICE_NAME(code, name) name,
static const char *const record_choices[] = {WD_RECORD_MAP(CHOICE_NAME) NULL};
static const char *const key_choices[] = {WD_RECORD_KEY_MAP(CHOICE_NAME) NULL};
#undef CHOICE_NAME
struct output_options {
    char *name, *topic;
    int record, key;
};
static const struct wd_option output_table[] = {
    {.name = "name",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct output_options, name),
     .required = true,
     .help = "What the route processor calls it."},
    {.name = "topic",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct output_options, topic),
     .required = true,
     .help = "Topic that it writes to."},
    {.name = "record",
     .type = WD_OPTION_ENUM,
     .offset = offsetof(struct output_options, record),
     .choices = record_choices,
     .fallback = "\"enriched\"",
     .help = "What is written."},
    {.name = "key",
     .type = WD_OPTION_ENUM,
     .offset = offsetof(struct output_options, key),
     .choices = key_choices,
     .fallback = "\"lineage\"",
     .help = "What records are keyed by."},
    {.name = NULL},
};

static void read_format(struct wd_pipeline_config *pipeline, const char *name, const char *path,
                        struct wd_faults *faults)
{
    char below[WD_ERROR_PATH_SIZE];
    struct wd_buffer names;
    if (!name || strcmp(name, "auto") == 0)
        return;
    pipeline->decoder = wd_decoder_find(name);
    if (pipeline->decoder)
        return;
    wd_buffer_init(&names);
    for (size_t i = 0; wd_decoders[i]; i++) {
        wd_buffer_append_slice(&names, WD_SLICE(", "));
        wd_buffer_append_slice(&names, wd_slice_from(wd_decoders[i]->name));
    }
    (void)snprintf(below, sizeof(below), "%s.format", path);
    wd_faults_add(faults, below, "there is no format \"%s\": use auto%.*s", name, (int)names.len,
                  names.data);
    wd_buffer_finish(&names);
}

static void check_input_topic(const char *topic, const char *path, struct wd_faults *faults)
{
    regex_t pattern;
    if (topic[0] != '^')
        wd_config_check_topic(path, topic, faults);
    else if (regcomp(&pattern, topic, REG_EXTENDED | REG_NOSUB) == 0)
        regfree(&pattern);
    else
        wd_faults_add(faults, path, "\"%s\" is no POSIX extended regular expression", topic);
}

static void read_input(struct wd_pipeline_config *pipeline, json_t *object, const char *path,
                       struct wd_faults *faults)
{
    struct input_options options = {0};
    struct wd_options_place place = {path, NULL, faults};
    bool good = wd_options_fill(input_table, object, &options, &place);
    read_format(pipeline, options.format, path, faults);
    pipeline->extra = options.extra;
    if (good && options.topics.count == 0)
        wd_faults_add(faults, path, "needs at least one topic");
    for (size_t i = 0; i < options.topics.count; i++)
        check_input_topic(options.topics.items[i], path, faults);
    pipeline->topics = options.topics.items;
    pipeline->topic_count = options.topics.count;
    options.topics = (struct wd_option_strings){NULL, 0};
    wd_options_finish(input_table, &options);
}

static void read_outputs(struct wd_pipeline_config *pipeline, json_t *list, const char *path,
                         struct wd_faults *faults)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > WD_ROUTES_MAX) {
        wd_faults_add(faults, path, "must be a list of at most %d outputs", WD_ROUTES_MAX);
        return;
    }
    pipeline->outputs = calloc(count + 1, sizeof(*pipeline->outputs));
    for (size_t i = 0; pipeline->outputs && i < count; i++) {
        char below[WD_ERROR_PATH_SIZE];
        char topic[WD_ERROR_PATH_SIZE + 8];
        struct output_options options = {0};
        (void)snprintf(below, sizeof(below), "%s[%zu]", path, i);
        struct wd_options_place place = {below, NULL, faults};
        (void)wd_options_fill(output_table, json_array_get(list, i), &options, &place);
        (void)snprintf(topic, sizeof(topic), "%s.topic", below);
        wd_config_check_topic(topic, options.topic, faults);
        for (size_t j = 0; j < i && options.name; j++) {
            if (pipeline->outputs[j].name && strcmp(pipeline->outputs[j].name, options.name) == 0)
                wd_faults_add(faults, below, "there is an output \"%s\" already", options.name);
        }
        pipeline->outputs[i] =
            (struct wd_output){options.name, options.topic, (enum wd_record)options.record,
                               (enum wd_record_key)options.key};
        pipeline->output_count = i + 1;
    }
}

/* Where a pipeline is being read. */
struct reading {
    struct wd_config *config;
    size_t index;
    bool load;
    struct wd_faults *faults;
};

static void read_plan(const struct reading *reading, json_t *processors, const char *path)
{
    struct wd_pipeline_config *pipeline = &reading->config->pipelines[reading->index];
    const char *names[WD_ROUTES_MAX + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < pipeline->output_count; i++) {
        if (pipeline->outputs[i].name)
            names[count++] = pipeline->outputs[i].name;
    }
    struct wd_environment environment = {
        .directory = reading->config->directory,
        .outputs = names,
        .log = wd_log_callback,
        .log_context = NULL,
        .ticks_ns = uv_hrtime,
        .given = pipeline->decoder ? pipeline->decoder->gives : 0,
    };
    pipeline->plan = wd_plan_create(processors, path, &environment, reading->load, reading->faults);
}

static void read_pipeline(const struct reading *reading, json_t *object)
{
    struct wd_pipeline_config *pipeline = &reading->config->pipelines[reading->index];
    struct wd_faults *faults = reading->faults;
    struct pipeline_options options = {0};
    char path[32];
    char below[WD_ERROR_PATH_SIZE];
    (void)snprintf(path, sizeof(path), "pipelines[%zu]", reading->index);
    struct wd_options_place place = {path, NULL, faults};
    (void)wd_options_fill(pipeline_table, object, &options, &place);
    pipeline->name = options.name;
    pipeline->dead_letter_topic = options.dead_letter;
    (void)snprintf(below, sizeof(below), "%s.name", path);
    wd_config_check_topic(below, options.name, faults);
    (void)snprintf(below, sizeof(below), "%s.dead_letter", path);
    wd_config_check_topic(below, options.dead_letter, faults);
    (void)snprintf(below, sizeof(below), "pipelines[%zu].input", reading->index);
    if (options.input)
        read_input(pipeline, options.input, below, faults);
    (void)snprintf(below, sizeof(below), "pipelines[%zu].outputs", reading->index);
    if (options.outputs)
        read_outputs(pipeline, options.outputs, below, faults);
    (void)snprintf(below, sizeof(below), "pipelines[%zu].processors", reading->index);
    if (options.processors)
        read_plan(reading, options.processors, below);
    options.name = options.dead_letter = NULL;
    wd_options_finish(pipeline_table, &options);
}

static bool topic_matches(const char *wanted, const char *topic)
{
    regex_t pattern;
    if (strcmp(wanted, topic) == 0)
        return true;
    if (wanted[0] != '^' || regcomp(&pattern, wanted, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool match = regexec(&pattern, topic, 0, NULL, 0) == 0;
    regfree(&pattern);
    return match;
}

bool wd_config_reads_topic(const struct wd_pipeline_config *pipeline, const char *topic)
{
    for (size_t i = 0; i < pipeline->topic_count; i++) {
        if (topic_matches(pipeline->topics[i], topic))
            return true;
    }
    return false;
}

static void check_topic(const struct wd_config *config, size_t index, const char *topic,
                        struct wd_faults *faults)
{
    char path[WD_ERROR_PATH_SIZE];
    (void)snprintf(path, sizeof(path), "pipelines[%zu]", index);
    for (size_t i = 0; i < config->pipeline_count; i++) {
        const struct wd_pipeline_config *other = &config->pipelines[i];
        if (i <= index && topic && other->topics && wd_config_reads_topic(other, topic))
            wd_faults_add(
                faults, path,
                "writes to topic \"%s\", which pipeline \"%s\" reads: stories would go in "
                "circles (pipelines may only feed later ones)",
                topic, other->name ? other->name : "");
    }
}

static void check_pair(const struct wd_pipeline_config *one, const struct wd_pipeline_config *other,
                       const char *path, struct wd_faults *faults)
{
    if (one->name && other->name && strcmp(one->name, other->name) == 0)
        wd_faults_add(faults, path, "there is a pipeline \"%s\" already", one->name);
    for (size_t i = 0; i < one->topic_count; i++) {
        if (wd_config_reads_topic(other, one->topics[i]))
            wd_faults_add(faults, path,
                          "topic \"%s\" is read by pipeline \"%s\" already: one group reads "
                          "a message once",
                          one->topics[i], other->name ? other->name : "");
    }
}

/* A changelog's name has three parts, each of which may be as long as a topic's name. */
static void check_changelogs(const struct wd_config *config,
                             const struct wd_pipeline_config *pipeline, const char *path,
                             struct wd_faults *faults)
{
    const char *prefix = config->changelog_prefix ? config->changelog_prefix : "";
    const char *name = pipeline->name ? pipeline->name : "";
    for (size_t i = 0; i < pipeline->topic_count; i++) {
        size_t len = strlen(prefix) + strlen(name) + strlen(pipeline->topics[i]) + 2;
        if (pipeline->topics[i][0] != '^' && len > TOPIC_BYTES_MAX)
            wd_faults_add(faults, path,
                          "its changelog topic, \"%s-%s-%s\", would have a name of %zu bytes, and "
                          "Kafka allows %d",
                          prefix, name, pipeline->topics[i], len, TOPIC_BYTES_MAX);
    }
}

/* What only shows when everything has been read: names, circles, topics read twice. */
static void check_topology(const struct wd_config *config, struct wd_faults *faults)
{
    WD_ASSERT(config->pipelines || config->pipeline_count == 0);
    for (size_t i = 0; i < config->pipeline_count; i++) {
        const struct wd_pipeline_config *one = &config->pipelines[i];
        char path[WD_ERROR_PATH_SIZE];
        (void)snprintf(path, sizeof(path), "pipelines[%zu]", i);
        for (size_t j = 0; j < one->output_count; j++)
            check_topic(config, i, one->outputs[j].topic, faults);
        check_topic(config, i, one->dead_letter_topic, faults);
        check_changelogs(config, one, path, faults);
        for (size_t j = 0; j < i; j++)
            check_pair(one, &config->pipelines[j], path, faults);
    }
}

void wd_config_read_pipelines(struct wd_config *config, json_t *list, bool load,
                              struct wd_faults *faults)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count == 0 || count > WD_PIPELINES_MAX) {
        wd_faults_add(faults, "pipelines", "must be a list of 1 to %d pipelines", WD_PIPELINES_MAX);
        return;
    }
    config->pipelines = calloc(count, sizeof(*config->pipelines));
    for (size_t i = 0; config->pipelines && i < count; i++) {
        struct reading reading = {config, i, load, faults};
        config->pipeline_count = i + 1;
        read_pipeline(&reading, json_array_get(list, i));
    }
    check_topology(config, faults);
}

void wd_config_free_pipelines(struct wd_config *config)
{
    for (size_t i = 0; i < config->pipeline_count; i++) {
        struct wd_pipeline_config *pipeline = &config->pipelines[i];
        for (size_t j = 0; j < pipeline->topic_count; j++)
            free(pipeline->topics[j]);
        for (size_t j = 0; j < pipeline->output_count; j++) {
            free(pipeline->outputs[j].name);
            free(pipeline->outputs[j].topic);
        }
        free(pipeline->topics);
        free(pipeline->outputs);
        free(pipeline->name);
        free(pipeline->dead_letter_topic);
        wd_plan_release(pipeline->plan);
    }
    free(config->pipelines);
}

/* One processor of the house, as an alternative of "processors". */
static json_t *processor_schema(const struct wd_processor_impl *impl)
{
    json_t *own =
        json_pack("{s:{s:s},s:{s:s}}", "use", "const", impl->name, "name", "type", "string");
    json_t *schema = wd_options_schema(impl->options, own);
    json_decref(own);
    json_t *required = json_object_get(schema, "required");
    if (!required) {
        required = json_array();
        (void)json_object_set_new(schema, "required", required);
    }
    (void)json_array_append_new(required, json_string("use"));
    (void)json_object_set_new(schema, "description", json_string(impl->summary));
    return schema;
}

json_t *wd_config_pipeline_schema(void)
{
    json_t *alternatives = json_array();
    for (size_t i = 0; wd_processors[i]; i++)
        (void)json_array_append_new(alternatives, processor_schema(wd_processors[i]));
    (void)json_array_append_new(
        alternatives,
        json_pack("{s:s,s:s,s:[s],s:{s:{s:s,s:s}}}", "description",
                  "A processor from a shared object, with options of its own", "type", "object",
                  "required", "use", "properties", "use", "type", "string", "pattern", "/"));
    json_t *inner = json_pack(
        "{s:o,s:{s:s,s:{s:o}},s:{s:s,s:i,s:o}}", "input", wd_options_schema(input_table, NULL),
        "processors", "type", "array", "items", "anyOf", alternatives, "outputs", "type", "array",
        "maxItems", WD_ROUTES_MAX, "items", wd_options_schema(output_table, NULL));
    json_t *schema = wd_options_schema(pipeline_table, inner);
    json_decref(inner);
    return schema;
}
