/* config.h - the configuration file, read, checked and loaded.
 *
 * Why:    one JSON file says everything; `wiredesk check` says everything that is wrong with it at
 *         once. What is here is plain data for the rest of the daemon.
 * Owns:   all of it; reference-counted, never changed after wd_config_load: lanes share it.
 * Thread: reading on one thread at a time, which need not be the same; retain and release anywhere.
 * Secrets: "${env:NAME}" and "${file:PATH}" (first line of the file; relative to the
 * configuration's folder) may stand inside any string. Values of `kafka` keys that are secrets by
 * nature (…password…, …secret…, ssl.key.pem, sasl.oauthbearer.*) and every string that came from
 * env or file are shown as "********" by wd_config_masked. */
#ifndef WD_CONFIG_H
#define WD_CONFIG_H

#include "decoder.h"
#include "encode.h"
#include "pipeline.h"

#include <regex.h>
#include <stdatomic.h>

struct wd_property {
    char *name; /* a librdkafka property */
    char *value;
};

struct wd_output {
    char *name; /* what `route` calls it */
    char *topic;
    enum wd_record record;
    enum wd_record_key key;
};

/* How to tell the provider of a message: every given part must match. */
struct wd_provider_rule {
    struct wd_provider provider;
    char *match_topic; /* exact name, or a regular expression when it begins with '^'; NULL any */
    regex_t *match_pattern;   /* compiled, when match_topic is a pattern */
    char *match_header;       /* header name; NULL any */
    char *match_header_value; /* NULL: present is enough */
    char *match_source;       /* what the story itself calls its source, or a pattern; NULL any */
    regex_t *match_source_pattern; /* compiled, when match_source begins with '^' */
};

struct wd_pipeline_config {
    char *name;
    char **topics; /* exact names, or patterns beginning with '^' */
    size_t topic_count;
    const struct wd_decoder *decoder; /* NULL: sniff */
    bool extra;                       /* keep what has no place in the record */
    struct wd_output *outputs;
    size_t output_count;
    char *dead_letter_topic; /* required */
    struct wd_plan *plan;
};

struct wd_config {
    _Atomic unsigned references;
    char *path;      /* of the file; for messages */
    char *directory; /* its folder */
    json_t *source;  /* as parsed, references to env and file not yet replaced: what /config shows,
                        masked, and what reload compares */

    char *name;     /* "name": of this desk, default "wiredesk": in client ids and the changelog */
    char *group;    /* "group": consumer group, default = name */
    char *instance; /* "instance": stable name of this process among those of the group, default the
                       host name: static membership and transactional ids are made from it */
    bool exactly_once;         /* "delivery": "exactly_once" (default) | "at_least_once" */
    struct wd_property *kafka; /* "kafka": passed to every librdkafka client */
    size_t kafka_count;
    unsigned lanes; /* "lanes": threads, 1.. */

    /* "transaction" */
    uint32_t transaction_records;     /* "records_max": commit at the latest after so many inputs */
    uint32_t transaction_interval_ms; /* "interval_ms": ... or after so long */
    uint32_t transaction_timeout_ms;  /* "timeout_ms": transaction.timeout.ms */
    uint64_t inflight_bytes_max;    /* "inflight_bytes_max": consumed and produced, not committed */
    uint32_t session_timeout_ms;    /* "session_timeout_ms" */
    uint32_t drain_timeout_ms;      /* "drain_timeout_ms": at SIGTERM; then the process exits */
    uint32_t permission_timeout_ms; /* "permission_timeout_ms": a missing one lasts */
    uint32_t message_bytes_max;     /* "message_bytes_max": larger inputs are dead letters */
    bool create_topics;             /* "create_topics": changelog topics, where missing */

    /* "state" */
    char *state_directory;  /* "directory": for snapshots; NULL: none are written */
    char *changelog_prefix; /* "changelog_prefix", default "<name>-changelog": the changelog of
                               input topic T of pipeline P is "<prefix>-P-T" */
    uint32_t snapshot_interval_ms; /* "snapshot_interval_ms" */
    int32_t changelog_replication; /* "replication_factor": -1 the broker's default */
    bool standby;                  /* "standby": keep the state of others' partitions warm */

    /* "admin" */
    char *admin_host; /* default "127.0.0.1"; NULL: no admin server */
    uint16_t admin_port;

    /* "log" */
    int log_level;
    bool log_json;

    struct wd_provider default_provider;
    struct wd_provider_rule *providers;
    size_t provider_count;
    struct wd_pipeline_config *pipelines;
    size_t pipeline_count;
};

/* Reads and checks `path`. `load` false: checks only, opens no model. On success *config has one
 * reference. Faults hold everything found, each with JSON path and line. WD_IO, WD_SYNTAX, or
 * WD_CONFLICT when there are faults. */
enum wd_status wd_config_load(const char *path, bool load, struct wd_config **config,
                              struct wd_faults *faults) WD_MUST_CHECK;
/* The same from text; `directory` is where relative paths start. */
enum wd_status wd_config_load_text(const char *text, const char *directory, bool load,
                                   struct wd_config **config,
                                   struct wd_faults *faults) WD_MUST_CHECK;
/* The same configuration once more, its file not looked at, but the files that it names read anew:
 * lists, models, secrets. Faults have no lines of the configuration. */
enum wd_status wd_config_load_again(const struct wd_config *old, struct wd_config **config,
                                    struct wd_faults *faults) WD_MUST_CHECK;
struct wd_config *wd_config_retain(struct wd_config *config);
void wd_config_release(struct wd_config *config); /* takes NULL */

/* True when a running daemon can go from `old` to `new` without a restart: processors' options,
 * providers, outputs' conditions, log level. Otherwise `error` names the first section that would
 * need one. */
bool wd_config_can_reload(const struct wd_config *old, const struct wd_config *new,
                          struct wd_error *error);
/* The configuration with secrets masked; a new reference. */
json_t *wd_config_masked(const struct wd_config *config);
/* The JSON Schema of the configuration, made from the option tables; a new reference. */
json_t *wd_config_schema(void);

/* True when the pipeline's input has this topic, by name or by pattern. */
bool wd_config_reads_topic(const struct wd_pipeline_config *pipeline, const char *topic);

/* A header of a message, as the source has it. */
struct wd_header {
    struct wd_slice name; /* a NUL stands behind it */
    struct wd_slice value;
};
/* Chooses by topic and headers; rules with a source do not match. The default provider when no rule
 * matches. Never NULL. */
const struct wd_provider *wd_config_provider(const struct wd_config *config, struct wd_slice topic,
                                             const struct wd_header *headers, size_t header_count);
/* The same once it is known what the story itself calls its source. */
const struct wd_provider *wd_config_provider_of(const struct wd_config *config,
                                                struct wd_slice topic,
                                                const struct wd_header *headers,
                                                size_t header_count, struct wd_slice source);

#endif
