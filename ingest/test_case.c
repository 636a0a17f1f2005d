#include "test_case.h"

#include "expectation.h"
#include "offline.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096, HEADERS_MAX = 64 };

struct case_options {
    char *about, *received;
    json_t *messages;
};
#define CASE(member, kind, ...)                                                                    \
    {                                                                                              \
        .name = #member, .type = (kind), .offset = offsetof(struct case_options, member),          \
        __VA_ARGS__                                                                                \
    }
static const struct wd_option case_table[] = {
    CASE(about, WD_OPTION_STRING, .help = "What the case shows; for people."),
    CASE(received, WD_OPTION_STRING,
         .help = "Time of receipt (RFC 3339) of messages that say none; default: unknown."),
    CASE(messages, WD_OPTION_JSON, .required = true, .help = "What comes in, in order."),
    {.name = NULL},
};

struct message_options {
    char *text, *file, *topic, *key, *received;
    json_t *story, *headers, *expect;
};
#define MESSAGE(member, kind, ...)                                                                 \
    {                                                                                              \
        .name = #member, .type = (kind), .offset = offsetof(struct message_options, member),       \
        __VA_ARGS__                                                                                \
    }
static const struct wd_option message_table[] = {
    MESSAGE(story, WD_OPTION_JSON, .help = "The message as JSON."),
    MESSAGE(text, WD_OPTION_STRING, .help = "The message as text."),
    MESSAGE(file, WD_OPTION_STRING, .help = "The message as it lies in a file beside the case."),
    MESSAGE(topic, WD_OPTION_STRING,
            .help = "Input topic; it chooses the pipeline. Default: the first pipeline's first."),
    MESSAGE(key, WD_OPTION_STRING, .help = "The message's key."),
    MESSAGE(headers, WD_OPTION_JSON,
            .schema = "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
            .help = "The message's headers."),
    MESSAGE(received, WD_OPTION_STRING, .help = "Time of receipt (RFC 3339)."),
    MESSAGE(expect, WD_OPTION_JSON,
            .help = "The records that it causes, in order; absent: any, []: none."),
    {.name = NULL},
};

struct record_options {
    char *topic, *key, *dead_letter, *reason;
    json_t *headers, *record;
};
#define RECORD(member, kind, ...)                                                                  \
    {                                                                                              \
        .name = #member, .type = (kind), .offset = offsetof(struct record_options, member),        \
        __VA_ARGS__                                                                                \
    }
static const struct wd_option record_table[] = {
    RECORD(topic, WD_OPTION_STRING, .help = "Output topic."),
    RECORD(key, WD_OPTION_STRING, .help = "The record's key."),
    RECORD(dead_letter, WD_OPTION_STRING,
           .help = "Reason code of a dead letter: empty, syntax, unknown_format, ..."),
    RECORD(reason, WD_OPTION_STRING, .help = "Words that a dead letter's reason must contain."),
    RECORD(headers, WD_OPTION_JSON, .schema = "{\"type\":\"object\"}",
           .help = "Headers that the record must have."),
    RECORD(record, WD_OPTION_JSON,
           .help =
               "What the record must hold: members that are not named may be anything, null means "
               "absent, lists must have the same length, {\"$any\": X}: one element is like X."),
    {.name = NULL},
};

/* A case at work. */
struct running {
    struct wd_config *config;
    struct wd_offline *offline;
    const char *folder;
    const char *received; /* of messages that say none; may be NULL */
    json_t *got;          /* what the message at hand caused */
    struct wd_buffer *why;
};

/* Gathers what a message causes, in the form in which it is compared. */
static enum wd_status take_record(void *context, const struct wd_emission *emission)
{
    struct running *running = context;
    json_t *one = json_object();
    json_t *headers = json_object();
    (void)json_object_set_new(one, "topic",
                              json_stringn(emission->topic.data, emission->topic.len));
    if (emission->key.data)
        (void)json_object_set_new(one, "key", json_stringn(emission->key.data, emission->key.len));
    for (size_t i = 0; i < emission->header_count; i++) {
        const struct wd_header *header = &emission->headers[i];
        char name[256];
        (void)snprintf(name, sizeof(name), "%.*s", WD_SLICE_ARG(header->name));
        json_t *value = json_stringn(header->value.data, header->value.len);
        if (emission->output == SIZE_MAX && strcmp(name, "wiredesk-reason") == 0)
            (void)json_object_set(one, "dead_letter", value);
        if (emission->output == SIZE_MAX && strcmp(name, "wiredesk-reason-text") == 0)
            (void)json_object_set(one, "reason", value);
        (void)json_object_set_new(headers, name, value);
    }
    (void)json_object_set_new(one, "headers", headers);
    json_t *record = json_loadb(emission->payload.data ? emission->payload.data : "",
                                emission->payload.len, JSON_DECODE_ANY, NULL);
    if (!record) /* an original may be anything */
        record = json_stringn(emission->payload.data, emission->payload.len);
    if (record)
        (void)json_object_set_new(one, "record", record);
    return json_array_append_new(running->got, one) == 0 ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status tell_faults(const struct running *running, struct wd_faults *faults,
                                  const char *path)
{
    for (size_t i = 0; i < faults->count; i++)
        wd_buffer_printf(running->why, "%s%s: %s", i ? "; " : "",
                         faults->items[i].path[0] ? faults->items[i].path : path,
                         faults->items[i].text);
    bool good = faults->count == 0;
    wd_faults_finish(faults);
    return good ? WD_OK : WD_SYNTAX;
}

static enum wd_status read_file(const struct running *running, const char *name,
                                struct wd_buffer *bytes)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s%s%s", name[0] == '/' ? "" : running->folder,
                   name[0] == '/' ? "" : "/", name);
    FILE *file = fopen(path, "re");
    bool good = file && wd_buffer_append_file(bytes, file, WD_MESSAGE_BYTES_MAX + 1);
    if (!good)
        wd_buffer_printf(running->why, "cannot read %s: %s", path, strerror(errno));
    if (file)
        (void)fclose(file);
    return good ? WD_OK : WD_IO;
}

/* The message's bytes, from whichever of the three it is given by. */
static enum wd_status read_bytes(const struct running *running,
                                 const struct message_options *options, struct wd_buffer *bytes)
{
    if (!options->story + !options->text + !options->file != 2) {
        wd_buffer_printf(running->why, "needs one of \"story\", \"text\" and \"file\"");
        return WD_SYNTAX;
    }
    if (options->file)
        return read_file(running, options->file, bytes);
    char *json = options->story ? json_dumps(options->story, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    wd_buffer_append_slice(bytes, wd_slice_from(json ? json : options->text));
    free(json);
    return wd_buffer_ok(bytes) ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status find_pipeline(const struct running *running, const char *topic, size_t *index)
{
    for (*index = 0; *index < running->config->pipeline_count; ++*index) {
        if (wd_config_reads_topic(&running->config->pipelines[*index], topic))
            return WD_OK;
    }
    wd_buffer_printf(running->why, "no pipeline reads topic \"%s\"", topic);
    return WD_SYNTAX;
}

static enum wd_status read_time(const struct running *running, const char *text, int64_t *ms)
{
    const char *given = text ? text : running->received;
    *ms = -1;
    if (!given)
        return WD_OK;
    struct wd_time time = wd_time_parse(wd_slice_from(given), NULL);
    *ms = time.ms;
    if (wd_time_known(time))
        return WD_OK;
    wd_buffer_printf(running->why, "\"%s\" is no time", given);
    return WD_SYNTAX;
}

static size_t read_headers(json_t *object, struct wd_header headers[HEADERS_MAX])
{
    size_t count = 0;
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object, name, value)
    {
        if (count < HEADERS_MAX && json_is_string(value))
            headers[count++] =
                (struct wd_header){wd_slice_from(name), wd_slice_from(json_string_value(value))};
    }
    return count;
}

static enum wd_status send(struct running *running, const struct message_options *options)
{
    struct wd_error error;
    struct wd_header headers[HEADERS_MAX];
    const char *first = running->config->pipelines[0].topics[0];
    struct wd_desk_message message = {
        .topic = wd_slice_from(options->topic ? options->topic : first),
        .key = wd_slice_from(options->key),
        .headers = headers,
        .header_count = read_headers(options->headers, headers),
    };
    size_t pipeline = 0;
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    wd_error_init(&error);
    enum wd_status status = read_bytes(running, options, &bytes);
    if (status == WD_OK && options->topic)
        status = find_pipeline(running, options->topic, &pipeline);
    if (status == WD_OK)
        status = read_time(running, options->received, &message.timestamp_ms);
    if (status == WD_OK) {
        message.value = wd_buffer_slice(&bytes);
        status = wd_offline_take(running->offline, pipeline, &message, &error);
        if (status != WD_OK)
            wd_buffer_printf(running->why, "%s",
                             error.text[0] ? error.text : wd_status_sentence(status));
    }
    wd_buffer_finish(&bytes);
    return status;
}

/* A record against what is wanted of it. "reason" is a part of a sentence, all else as it stands. */
static enum wd_status compare_record(struct running *running, json_t *wanted, size_t index)
{
    struct record_options options = {0};
    struct wd_faults faults;
    char path[64];
    (void)snprintf(path, sizeof(path), "expect[%zu]", index);
    wd_faults_init(&faults);
    struct wd_options_place place = {path, NULL, &faults};
    (void)wd_options_fill(record_table, wanted, &options, &place);
    enum wd_status status = tell_faults(running, &faults, path);
    json_t *got = json_array_get(running->got, index);
    const char *reason = json_string_value(json_object_get(got, "reason"));
    if (status == WD_OK && options.reason && (!reason || !strstr(reason, options.reason))) {
        wd_buffer_printf(running->why, "%s.reason is \"%s\", without \"%s\"", path,
                         reason ? reason : "", options.reason);
        status = WD_CONFLICT;
    }
    json_t *rest = json_copy(wanted);
    (void)json_object_del(rest, "reason");
    if (status == WD_OK && !wd_expectation_met(rest, got, path, running->why))
        status = WD_CONFLICT;
    json_decref(rest);
    wd_options_finish(record_table, &options);
    return status;
}

static enum wd_status compare(struct running *running, json_t *expect)
{
    size_t wanted = json_array_size(expect);
    size_t count = json_array_size(running->got);
    if (!expect)
        return WD_OK;
    if (!json_is_array(expect)) {
        wd_buffer_printf(running->why, "expect must be a list");
        return WD_SYNTAX;
    }
    if (wanted != count) {
        wd_buffer_printf(running->why, "%zu record%s, not %zu:", count, count == 1 ? "" : "s",
                         wanted);
        for (size_t i = 0; i < count; i++) {
            json_t *one = json_array_get(running->got, i);
            const char *reason = json_string_value(json_object_get(one, "reason"));
            wd_buffer_printf(running->why, " %s%s%s",
                             json_string_value(json_object_get(one, "topic")), reason ? ": " : "",
                             reason ? reason : "");
        }
        return WD_CONFLICT;
    }
    for (size_t i = 0; i < count; i++) {
        enum wd_status status = compare_record(running, json_array_get(expect, i), i);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

static enum wd_status run_message(struct running *running, json_t *object, size_t index)
{
    struct message_options options = {0};
    struct wd_faults faults;
    wd_buffer_printf(running->why, "messages[%zu]: ", index);
    wd_faults_init(&faults);
    struct wd_options_place place = {"", NULL, &faults};
    (void)wd_options_fill(message_table, object, &options, &place);
    enum wd_status status = tell_faults(running, &faults, "");
    if (status == WD_OK) {
        (void)json_array_clear(running->got);
        status = send(running, &options);
    }
    if (status == WD_OK)
        status = compare(running, options.expect);
    if (status == WD_OK)
        wd_buffer_clear(running->why);
    wd_options_finish(message_table, &options);
    return status;
}

static enum wd_status run_messages(struct running *running, json_t *messages)
{
    struct wd_error error;
    size_t index = 0;
    json_t *object = NULL;
    wd_error_init(&error);
    if (json_array_size(messages) == 0) {
        wd_buffer_printf(running->why, "\"messages\" must be a list with at least one");
        return WD_SYNTAX;
    }
    enum wd_status status =
        wd_offline_create(running->config, take_record, running, &running->offline, &error);
    if (status != WD_OK)
        wd_buffer_printf(running->why, "%s", error.text);
    json_array_foreach(messages, index, object)
    {
        if (status == WD_OK)
            status = run_message(running, object, index);
    }
    wd_offline_destroy(running->offline);
    return status;
}

enum wd_status wd_test_case_run(struct wd_config *config, const char *path, struct wd_buffer *why)
{
    struct case_options options = {0};
    struct wd_faults faults;
    json_error_t fault;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        wd_buffer_printf(why, "line %d: %s", fault.line, fault.text);
        return fault.line < 0 ? WD_IO : WD_SYNTAX;
    }
    char *copy = strdup(path);
    struct running running = {.config = config, .got = json_array(), .why = why};
    wd_faults_init(&faults);
    struct wd_options_place place = {"", NULL, &faults};
    (void)wd_options_fill(case_table, root, &options, &place);
    enum wd_status status = copy && running.got ? WD_OK : WD_NO_MEMORY;
    if (status == WD_OK) {
        running.folder = dirname(copy);
        running.received = options.received;
        status = tell_faults(&running, &faults, "");
    }
    if (status == WD_OK)
        status = run_messages(&running, options.messages);
    wd_options_finish(case_table, &options);
    json_decref(running.got);
    json_decref(root);
    free(copy);
    return status;
}

json_t *wd_test_case_schema(void)
{
    json_t *records = json_pack("{s:s,s:s,s:o}", "type", "array", "description",
                                "The records that it causes, in order; absent: any, []: none.",
                                "items", wd_options_schema(record_table, NULL));
    json_t *inner = json_pack("{s:o}", "expect", records);
    json_t *messages =
        json_pack("{s:s,s:i,s:s,s:o}", "type", "array", "minItems", 1, "description",
                  "What comes in, in order.", "items", wd_options_schema(message_table, inner));
    json_t *outer = json_pack("{s:o,s:{s:s}}", "messages", messages, "$schema", "type", "string");
    json_t *schema = wd_options_schema(case_table, outer);
    json_decref(inner);
    json_decref(outer);
    (void)json_object_del(json_object_get(schema, "properties"), "$schema");
    (void)json_object_set_new(schema, "$schema",
                              json_string("https://json-schema.org/draft/2020-12/schema"));
    (void)json_object_set_new(schema, "title", json_string("wiredesk pipeline test"));
    return schema;
}
