#include "config_internal.h"
#include "log.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY_MS = 24 * 3600 * 1000 };

struct root_options {
    char *name, *group, *instance;
    int delivery;
    int64_t lanes, session_timeout_ms, drain_timeout_ms, permission_timeout_ms, message_bytes_max;
    bool create_topics;
    json_t *kafka, *transaction, *state, *admin, *log, *providers, *default_provider, *pipelines;
};

static const char *const deliveries[] = {"exactly_once", "at_least_once", NULL};

#define ROOT(member, kind, ...)                                                                    \
    {                                                                                              \
        .name = #member, .type = (kind), .offset = offsetof(struct root_options, member),          \
        __VA_ARGS__                                                                                \
    }
static const struct wd_option root_table[] = {
    ROOT(name, WD_OPTION_STRING, .fallback = "\"wiredesk\"",
         .help = "Name of this desk: in client ids and the changelog topics."),
    ROOT(group, WD_OPTION_STRING, .help = "Consumer group; default: the name."),
    ROOT(instance, WD_OPTION_STRING,
         .help = "Stable name of this process within the group; default: the host name. Static "
                 "membership and transactional ids are made from it."),
    ROOT(delivery, WD_OPTION_ENUM, .choices = deliveries, .fallback = "\"exactly_once\"",
         .help = "exactly_once, or at_least_once for those who want latency before all else."),
    ROOT(lanes, WD_OPTION_INTEGER, .fallback = "1", .min = 1, .max = WD_LANES_MAX,
         .help = "Threads; each is a member of the group."),
    ROOT(create_topics, WD_OPTION_BOOL, .fallback = "true",
         .help = "Create changelog topics where they are missing."),
    ROOT(kafka, WD_OPTION_JSON, .required = true, .schema = "{\"type\":\"object\"}",
         .help = "Properties of librdkafka, passed to every client."),
    ROOT(transaction, WD_OPTION_JSON, .help = "When transactions end."),
    ROOT(session_timeout_ms, WD_OPTION_INTEGER, .fallback = "10000", .min = 1000, .max = 3600000,
         .help = "After so long without a heartbeat the group gives the partitions to others."),
    ROOT(drain_timeout_ms, WD_OPTION_INTEGER, .fallback = "20000", .min = 0, .max = 3600000,
         .help = "At SIGTERM: time to finish and commit before the process gives up."),
    ROOT(permission_timeout_ms, WD_OPTION_INTEGER, .fallback = "10000", .min = 0, .max = 3600000,
         .help = "How long a permission in Kafka may be missing before the process gives up: one "
                 "that was just granted takes a moment to reach every broker."),
    ROOT(message_bytes_max, WD_OPTION_INTEGER, .fallback = "16777216", .min = 1,
         .max = WD_MESSAGE_BYTES_MAX, .help = "Larger messages are dead letters."),
    ROOT(state, WD_OPTION_JSON, .help = "Where state survives."),
    ROOT(admin, WD_OPTION_JSON, .help = "The admin server; null: none."),
    ROOT(log, WD_OPTION_JSON, .help = "Log lines on standard error."),
    ROOT(providers, WD_OPTION_JSON, .help = "Who sends, and what is known about them."),
    ROOT(default_provider, WD_OPTION_JSON, .help = "For messages that no provider matches."),
    ROOT(pipelines, WD_OPTION_JSON, .required = true, .help = "What is done with stories."),
    {.name = NULL},
};

struct transaction_options {
    int64_t records_max, interval_ms, timeout_ms, inflight_bytes_max;
};
#define TRANSACTION(member, ...)                                                                   \
    {                                                                                              \
        .name = #member, .type = WD_OPTION_INTEGER,                                                \
        .offset = offsetof(struct transaction_options, member), __VA_ARGS__                        \
    }
static const struct wd_option transaction_table[] = {
    TRANSACTION(records_max, .fallback = "1000", .min = 1, .max = 100000,
                .help = "Commit at the latest after so many input records."),
    TRANSACTION(
        interval_ms, .fallback = "200", .min = 1, .max = 60000,
        .help = "A commit is to be done so long after its first record: it begins earlier by what "
                "the last ones took, at most by half."),
    TRANSACTION(timeout_ms, .fallback = "60000", .min = 1000, .max = 900000,
                .help = "After so long the broker aborts a transaction by itself."),
    TRANSACTION(inflight_bytes_max, .fallback = "67108864", .min = 1048576, .max = 4294967296.0,
                .help = "Bytes consumed and produced before a commit is forced."),
    {.name = NULL},
};

struct state_options {
    char *directory, *changelog_prefix;
    int64_t snapshot_interval_ms, replication_factor;
    bool standby;
};
static const struct wd_option state_table[] = {
    {.name = "directory",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct state_options, directory),
     .help = "Folder for snapshots; without one a restart reads the whole changelog."},
    {.name = "changelog_prefix",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct state_options, changelog_prefix),
     .help = "Changelog topics are <prefix>-<pipeline>-<input topic>; default <name>-changelog."},
    {.name = "snapshot_interval_ms",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct state_options, snapshot_interval_ms),
     .fallback = "60000",
     .min = 100,
     .max = DAY_MS,
     .help = "Time between two snapshots of a partition's state."},
    {.name = "replication_factor",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct state_options, replication_factor),
     .fallback = "-1",
     .min = -1,
     .max = 32,
     .help = "Of changelog topics that are created; -1: the broker's default."},
    {.name = "standby",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct state_options, standby),
     .fallback = "false",
     .help =
         "Follow the changelogs of partitions that other daemons own: a take-over then reads the "
         "tail only. Costs the memory of all partitions' state."},
    {.name = NULL},
};

struct admin_options {
    char *listen;
};
static const struct wd_option admin_table[] = {
    {.name = "listen",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct admin_options, listen),
     .fallback = "\"127.0.0.1:9464\"",
     .help = "Address and port of /healthz, /readyz, /metrics, /config."},
    {.name = NULL},
};

static const char *const levels[] = {"error", "warn", "info", "debug", NULL};
static const char *const formats[] = {"human", "json", NULL};
struct log_options {
    int level, format;
};
static const struct wd_option log_table[] = {
    {.name = "level",
     .type = WD_OPTION_ENUM,
     .offset = offsetof(struct log_options, level),
     .choices = levels,
     .fallback = "\"info\"",
     .help = "The least important lines that are written."},
    {.name = "format",
     .type = WD_OPTION_ENUM,
     .offset = offsetof(struct log_options, format),
     .choices = formats,
     .fallback = "\"human\"",
     .help = "For people, or one JSON object a line."},
    {.name = NULL},
};

static void read_transaction(struct wd_config *config, json_t *object, struct wd_faults *faults)
{
    struct transaction_options options = {0};
    struct wd_options_place place = {"transaction", NULL, faults};
    bool good = wd_options_fill(transaction_table, object, &options, &place);
    config->transaction_records = (uint32_t)options.records_max;
    config->transaction_interval_ms = (uint32_t)options.interval_ms;
    config->transaction_timeout_ms = (uint32_t)options.timeout_ms;
    config->inflight_bytes_max = (uint64_t)options.inflight_bytes_max;
    if (good && options.interval_ms * 2 > options.timeout_ms)
        wd_faults_add(faults, "transaction.interval_ms",
                      "must be at most half of timeout_ms, or the broker aborts transactions");
}

static void read_state(struct wd_config *config, json_t *object, struct wd_faults *faults)
{
    struct state_options options = {0};
    struct wd_options_place place = {"state", NULL, faults};
    bool good = wd_options_fill(state_table, object, &options, &place);
    config->state_directory = options.directory;
    config->changelog_prefix = options.changelog_prefix;
    config->snapshot_interval_ms = (uint32_t)options.snapshot_interval_ms;
    config->changelog_replication = (int32_t)options.replication_factor;
    config->standby = options.standby;
    if (good && options.replication_factor == 0)
        wd_faults_add(faults, "state.replication_factor", "must be -1 or at least 1");
    wd_config_check_topic("state.changelog_prefix", config->changelog_prefix, faults);
    if (config->changelog_prefix)
        return;
    wd_config_check_topic("name", config->name, faults);
    if (asprintf(&config->changelog_prefix, "%s-changelog", config->name ? config->name : "") < 0)
        config->changelog_prefix = NULL;
}

static void read_admin(struct wd_config *config, json_t *object, struct wd_faults *faults)
{
    struct admin_options options = {0};
    struct wd_options_place place = {"admin", NULL, faults};
    if (json_is_null(object))
        return;
    (void)wd_options_fill(admin_table, object, &options, &place);
    char *colon = options.listen ? strrchr(options.listen, ':') : NULL;
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : 0;
    if (options.listen &&
        (!colon || colon == options.listen || *end != '\0' || port < 1 || port > 65535))
        wd_faults_add(faults, "admin.listen", "must be ADDRESS:PORT, like 127.0.0.1:9464");
    if (colon)
        *colon = '\0';
    config->admin_host = options.listen;
    config->admin_port = (uint16_t)port;
}

static void read_log(struct wd_config *config, json_t *object, struct wd_faults *faults)
{
    struct log_options options = {WD_LEVEL_INFO, WD_LOG_HUMAN};
    struct wd_options_place place = {"log", NULL, faults};
    (void)wd_options_fill(log_table, object, &options, &place);
    config->log_level = options.level;
    config->log_json = options.format == WD_LOG_JSON;
}

static void set_names(struct wd_config *config, struct root_options *root, struct wd_faults *faults)
{
    char host[256] = "localhost";
    (void)gethostname(host, sizeof(host) - 1);
    config->name = root->name;
    config->group = root->group ? root->group : strdup(root->name ? root->name : "");
    config->instance = root->instance ? root->instance : strdup(host);
    root->name = root->group = root->instance = NULL; /* taken over */
    if (config->group && config->group[0] == '\0')
        wd_faults_add(faults, "group", "must not be empty; without it the group is the name");
    if (config->instance && config->instance[0] == '\0')
        wd_faults_add(faults, "instance", "must not be empty; without it it is the host's name");
}

static void read_root(struct wd_config *config, json_t *object, bool load, struct wd_faults *faults)
{
    struct root_options root = {0};
    struct wd_options_place place = {"", NULL, faults};
    (void)wd_options_fill(root_table, object, &root, &place);
    set_names(config, &root, faults);
    config->exactly_once = root.delivery == 0;
    config->lanes = (unsigned)root.lanes;
    config->create_topics = root.create_topics;
    config->session_timeout_ms = (uint32_t)root.session_timeout_ms;
    config->drain_timeout_ms = (uint32_t)root.drain_timeout_ms;
    config->permission_timeout_ms = (uint32_t)root.permission_timeout_ms;
    config->message_bytes_max = (uint32_t)root.message_bytes_max;
    if (root.kafka && !json_is_object(root.kafka))
        wd_faults_add(faults, "kafka", "must be an object of librdkafka properties");
    wd_config_read_kafka(config, root.kafka, faults);
    read_transaction(config, root.transaction, faults);
    read_state(config, root.state, faults);
    read_admin(config, root.admin, faults);
    read_log(config, root.log, faults);
    wd_config_read_providers(config, root.providers, root.default_provider, faults);
    if (root.pipelines)
        wd_config_read_pipelines(config, root.pipelines, load, faults);
    wd_options_finish(root_table, &root);
}

static void find_lines(const char *text, struct wd_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (faults->items[i].line == 0)
            faults->items[i].line = wd_config_line(text, faults->items[i].path);
    }
}

/* Takes over `root`, which may be NULL. */
static enum wd_status load_parsed(json_t *root, const char *directory, bool load,
                                  struct wd_config **config, struct wd_faults *faults)
{
    struct wd_config *made = root ? calloc(1, sizeof(*made)) : NULL;
    *config = NULL;
    if (!made) {
        json_decref(root);
        return WD_NO_MEMORY;
    }
    atomic_store(&made->references, 1);
    made->directory = strdup(directory);
    made->source = json_deep_copy(root);
    size_t before = faults->count;
    struct wd_references references = {directory, faults, {NULL, 0}};
    wd_config_resolve(root, "", &references);
    read_root(made, root, load, faults);
    json_decref(root);
    wd_config_hide(&references);
    if (faults->count == before) {
        *config = made;
        return WD_OK;
    }
    wd_config_release(made);
    return WD_CONFLICT;
}

enum wd_status wd_config_load_text(const char *text, const char *directory, bool load,
                                   struct wd_config **config, struct wd_faults *faults)
{
    json_error_t fault;
    *config = NULL;
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) {
        wd_faults_add(faults, "", "begins with a byte order mark: save it as UTF-8 without one");
        return WD_SYNTAX;
    }
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        wd_faults_add(faults, "", "not JSON: %s (column %d)", fault.text, fault.column);
        if (faults->count > 0)
            faults->items[faults->count - 1].line = fault.line;
        return WD_SYNTAX;
    }
    enum wd_status status = load_parsed(root, directory, load, config, faults);
    if (status != WD_OK)
        find_lines(text, faults);
    return status;
}

enum wd_status wd_config_load_again(const struct wd_config *old, struct wd_config **config,
                                    struct wd_faults *faults)
{
    enum wd_status status =
        load_parsed(json_deep_copy(old->source), old->directory, true, config, faults);
    if (status == WD_OK && old->path)
        (*config)->path = strdup(old->path);
    return status;
}

/* The whole file with a NUL behind it, to be freed; NULL (with a fault) when it cannot be had. */
static char *read_file(const char *path, struct wd_faults *faults)
{
    enum { CONFIG_BYTES_MAX = 16 * 1024 * 1024 };
    FILE *file = fopen(path, "re");
    if (!file) {
        wd_faults_add(faults, "", "cannot be read: %s", strerror(errno));
        return NULL;
    }
    struct wd_buffer text;
    wd_buffer_init(&text);
    bool good = false;
    if (!wd_buffer_append_file(&text, file, CONFIG_BYTES_MAX))
        wd_faults_add(faults, "", "cannot be read: %s", strerror(errno));
    else if (text.len > CONFIG_BYTES_MAX)
        wd_faults_add(faults, "", "is longer than 16 MiB: this is no configuration");
    else if (text.len > 0 && memchr(text.data, '\0', text.len))
        wd_faults_add(faults, "", "contains a NUL byte: this is no text");
    else
        good = true;
    (void)fclose(file);
    wd_buffer_append_byte(&text, '\0');
    if (!good || !wd_buffer_ok(&text))
        wd_buffer_finish(&text);
    return text.data;
}

enum wd_status wd_config_load(const char *path, bool load, struct wd_config **config,
                              struct wd_faults *faults)
{
    *config = NULL;
    char *text = read_file(path, faults);
    char *copy = strdup(path);
    if (!text || !copy) {
        free(text);
        free(copy);
        return WD_IO;
    }
    enum wd_status status = wd_config_load_text(text, dirname(copy), load, config, faults);
    if (status == WD_OK)
        (*config)->path = strdup(path);
    free(text);
    free(copy);
    return status;
}

struct wd_config *wd_config_retain(struct wd_config *config)
{
    (void)atomic_fetch_add(&config->references, 1);
    return config;
}

void wd_config_release(struct wd_config *config)
{
    if (!config || atomic_fetch_sub(&config->references, 1) != 1)
        return;
    wd_config_free_pipelines(config);
    wd_config_free_providers(config);
    for (size_t i = 0; i < config->kafka_count; i++) {
        free(config->kafka[i].name);
        free(config->kafka[i].value);
    }
    free(config->kafka);
    free(config->admin_host);
    free(config->state_directory);
    free(config->changelog_prefix);
    free(config->name);
    free(config->group);
    free(config->instance);
    free(config->path);
    free(config->directory);
    json_decref(config->source);
    free(config);
}

static bool same_pipeline(const struct wd_config *old, const struct wd_config *new, size_t index,
                          struct wd_error *error)
{
    json_t *a = json_array_get(json_object_get(old->source, "pipelines"), index);
    json_t *b = json_array_get(json_object_get(new->source, "pipelines"), index);
    static const char *const fixed[] = {"name", "input"};
    for (size_t i = 0; i < 2; i++) {
        if (json_equal(json_object_get(a, fixed[i]), json_object_get(b, fixed[i])))
            continue;
        (void)wd_error_set(error, WD_CONFLICT, "pipelines[%zu].%s changed: restart to take it up",
                           index, fixed[i]);
        return false;
    }
    if (wd_plan_same_tables(old->pipelines[index].plan, new->pipelines[index].plan))
        return true;
    (void)wd_error_set(error, WD_CONFLICT,
                       "pipelines[%zu].processors changed in what they keep: restart to take it up",
                       index);
    return false;
}

bool wd_config_can_reload(const struct wd_config *old, const struct wd_config *new,
                          struct wd_error *error)
{
    static const char *const live[] = {"log", "providers", "default_provider", "pipelines", NULL};
    for (const struct wd_option *option = root_table; option->name; option++) {
        bool free_to_change = false;
        for (size_t i = 0; live[i]; i++)
            free_to_change = free_to_change || strcmp(live[i], option->name) == 0;
        json_t *a = json_object_get(old->source, option->name);
        json_t *b = json_object_get(new->source, option->name);
        if (free_to_change || a == b || (a && b && json_equal(a, b)))
            continue;
        (void)wd_error_set(error, WD_CONFLICT, "%s changed: restart to take it up", option->name);
        return false;
    }
    if (old->pipeline_count != new->pipeline_count) {
        (void)wd_error_set(error, WD_CONFLICT,
                           "pipelines were added or removed: restart to take it up");
        return false;
    }
    for (size_t i = 0; i < old->pipeline_count; i++) {
        if (!same_pipeline(old, new, i, error))
            return false;
    }
    return true;
}

json_t *wd_config_schema(void)
{
    json_t *admin = wd_options_schema(admin_table, NULL);
    (void)json_object_set_new(admin, "type", json_pack("[s,s]", "object", "null"));
    json_t *inner = json_pack("{s:o,s:o,s:o,s:o,s:{s:s,s:o},s:o,s:{s:s,s:i,s:o}}", "transaction",
                              wd_options_schema(transaction_table, NULL), "state",
                              wd_options_schema(state_table, NULL), "admin", admin, "log",
                              wd_options_schema(log_table, NULL), "providers", "type", "array",
                              "items", wd_config_provider_schema(true), "default_provider",
                              wd_config_provider_schema(false), "pipelines", "type", "array",
                              "minItems", 1, "items", wd_config_pipeline_schema());
    json_t *schema = wd_options_schema(root_table, inner);
    json_decref(inner);
    (void)json_object_set_new(schema, "$schema",
                              json_string("https://json-schema.org/draft/2020-12/schema"));
    (void)json_object_set_new(schema, "title", json_string("wiredesk configuration"));
    return schema;
}
