#include "command.h"
#include "desk.h"
#include "exit_code.h"
#include "json.h"
#include "log.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

enum { PROGRESS_EVERY = 1000, FOLDER_DEPTH_MAX = 32 };

/* One pipeline of the configuration at work without Kafka. */
struct line_up {
    struct wd_state *state;
    struct wd_desk *desk;
    int64_t offset; /* number of the next message */
};

struct replay {
    struct wd_config *config;
    struct line_up pipelines[WD_PIPELINES_MAX];
    size_t first; /* the pipeline that gets the input */
    bool all, strict, progress;
    int64_t received_ms; /* negative: not given */
    struct wd_buffer line;
    uint64_t messages, dead;
    uint64_t begun_ns;
    int code;
};

static void hand_on(struct replay *replay, const struct wd_emission *emission);

static void append_header_list(struct wd_buffer *out, const struct wd_emission *emission)
{
    wd_json_write_key(out, "headers");
    wd_buffer_append_byte(out, '{');
    for (size_t i = 0; i < emission->header_count; i++) {
        wd_json_write_key(out, NULL);
        wd_json_write_string(out, emission->headers[i].name);
        wd_buffer_append_byte(out, ':');
        wd_json_write_string(out, emission->headers[i].value);
    }
    wd_buffer_append_byte(out, '}');
}

/* Bytes of a dead letter: as text where they are text, else as hexadecimal. */
static void append_original(struct wd_buffer *out, struct wd_slice bytes)
{
    if (wd_utf8_valid(bytes, NULL)) {
        wd_json_write_key(out, "text");
        wd_json_write_string(out, bytes);
        return;
    }
    wd_json_write_key(out, "hex");
    wd_buffer_append_byte(out, '"');
    for (size_t i = 0; i < bytes.len; i++)
        wd_buffer_printf(out, "%02x", (unsigned)(unsigned char)bytes.data[i]);
    wd_buffer_append_byte(out, '"');
}

static void write_all(struct replay *replay, const struct wd_emission *emission)
{
    struct wd_buffer *line = &replay->line;
    wd_buffer_append_byte(line, '{');
    wd_json_write_member(line, "topic", emission->topic);
    wd_json_write_member(line, "key", emission->key);
    append_header_list(line, emission);
    if (emission->output == SIZE_MAX) {
        append_original(line, emission->payload);
    } else {
        wd_json_write_key(line, "record");
        wd_buffer_append_slice(line, emission->payload);
    }
    wd_buffer_append_byte(line, '}');
}

static void tell_death(const struct wd_emission *emission)
{
    struct wd_slice reason = WD_SLICE_NONE;
    struct wd_slice text = WD_SLICE_NONE;
    struct wd_slice topic = WD_SLICE_NONE;
    for (size_t i = 0; i < emission->header_count; i++) {
        if (wd_slice_is(emission->headers[i].name, "wiredesk-reason"))
            reason = emission->headers[i].value;
        else if (wd_slice_is(emission->headers[i].name, "wiredesk-reason-text"))
            text = emission->headers[i].value;
        else if (wd_slice_is(emission->headers[i].name, "wiredesk-topic"))
            topic = emission->headers[i].value;
    }
    (void)fprintf(stderr, "wiredesk: dead letter: %.*s: %.*s: %.*s\n", WD_SLICE_ARG(topic),
                  WD_SLICE_ARG(reason), WD_SLICE_ARG(text));
}

static enum wd_status take_emission(void *context, const struct wd_emission *emission)
{
    struct replay *replay = context;
    wd_buffer_clear(&replay->line);
    if (emission->output == SIZE_MAX) {
        replay->dead++;
        tell_death(emission);
    }
    if (replay->all)
        write_all(replay, emission);
    else if (emission->output != SIZE_MAX)
        wd_buffer_append_slice(&replay->line, emission->payload);
    if (replay->line.len > 0) {
        wd_buffer_append_byte(&replay->line, '\n');
        if (fwrite(replay->line.data, 1, replay->line.len, stdout) != replay->line.len)
            return WD_IO;
    }
    hand_on(replay, emission);
    return WD_OK;
}

static void take(struct replay *replay, size_t pipeline, const struct wd_desk_message *message)
{
    struct wd_error error;
    wd_error_init(&error);
    struct line_up *line_up = &replay->pipelines[pipeline];
    enum wd_status status = wd_desk_take(line_up->desk, message, take_emission, replay, &error);
    wd_state_commit(line_up->state);
    if (status != WD_OK && replay->code == WD_EXIT_OK) {
        (void)fprintf(stderr, "wiredesk: %s\n",
                      error.text[0] ? error.text : wd_status_sentence(status));
        replay->code = status == WD_IO ? WD_EXIT_IO : WD_EXIT_SOFTWARE;
    }
}

/* A topic that another pipeline of the configuration reads: its message goes on there. */
static void hand_on(struct replay *replay, const struct wd_emission *emission)
{
    for (size_t i = 0; i < replay->config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &replay->config->pipelines[i];
        for (size_t j = 0; j < pipeline->topic_count; j++) {
            if (!wd_slice_is(emission->topic, pipeline->topics[j]))
                continue;
            struct wd_desk_message message = {
                .topic = emission->topic,
                .partition = -1,
                .offset = replay->pipelines[i].offset++,
                .key = emission->key,
                .value = emission->payload,
                .timestamp_ms = replay->received_ms,
            };
            take(replay, i, &message);
            return;
        }
    }
}

static void show_progress(const struct replay *replay, bool last)
{
    if (!replay->progress || (!last && replay->messages % PROGRESS_EVERY != 0))
        return;
    double seconds = (double)(uv_hrtime() - replay->begun_ns) / 1e9;
    (void)fprintf(stderr, "\r%" PRIu64 " messages, %.0f a second, %" PRIu64 " dead letters%s",
                  replay->messages, (double)replay->messages / (seconds > 0 ? seconds : 1),
                  replay->dead, last ? "\n" : "");
}

static void take_bytes(struct replay *replay, const char *name, struct wd_slice bytes)
{
    struct wd_desk_message message = {
        .topic = wd_slice_from(name),
        .partition = -1,
        .offset = replay->pipelines[replay->first].offset++,
        .value = bytes,
        .timestamp_ms = replay->received_ms,
    };
    replay->messages++;
    take(replay, replay->first, &message);
    show_progress(replay, false);
}

static bool is_lines(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcmp(dot, ".jsonl") == 0 || strcmp(dot, ".ndjson") == 0);
}

static void cannot_read(struct replay *replay, const char *name)
{
    (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", name, strerror(errno));
    replay->code = WD_EXIT_NO_INPUT;
}

static void take_lines(struct replay *replay, FILE *file, const char *name)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len = 0;
    while ((len = getline(&line, &size, file)) >= 0 && replay->code == WD_EXIT_OK) {
        if (len > 0 && line[len - 1] == '\n')
            len--;
        take_bytes(replay, name, wd_slice_make(line, (size_t)len));
    }
    free(line);
}

static void take_whole(struct replay *replay, FILE *file, const char *name)
{
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    if (!wd_buffer_append_file(&bytes, file, SIZE_MAX) || !wd_buffer_ok(&bytes))
        cannot_read(replay, name);
    else
        take_bytes(replay, name, wd_buffer_slice(&bytes));
    wd_buffer_finish(&bytes);
}

static void take_file(struct replay *replay, const char *path)
{
    if (strcmp(path, "-") == 0) {
        take_lines(replay, stdin, "standard input");
        return;
    }
    FILE *file = fopen(path, "re");
    if (!file) {
        cannot_read(replay, path);
        return;
    }
    if (is_lines(path))
        take_lines(replay, file, path);
    else
        take_whole(replay, file, path);
    (void)fclose(file);
}

static int keep_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* NOLINTNEXTLINE(misc-no-recursion): at most FOLDER_DEPTH_MAX deep */
static void take_path(struct replay *replay, const char *path, int depth)
{
    struct stat info;
    struct dirent **entries = NULL;
    if (replay->code != WD_EXIT_OK)
        return;
    if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISDIR(info.st_mode))) {
        take_file(replay, path);
        return;
    }
    int count = depth < FOLDER_DEPTH_MAX ? scandir(path, &entries, keep_visible, alphasort) : -1;
    if (count < 0)
        cannot_read(replay, path);
    for (int i = 0; i < count; i++) {
        char below[4096];
        int len = snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name);
        if (len >= 0 && (size_t)len < sizeof(below)) {
            take_path(replay, below, depth + 1);
        } else {
            errno = ENAMETOOLONG;
            cannot_read(replay, path);
        }
        free(entries[i]);
    }
    free(entries);
}

static bool open_pipelines(struct replay *replay)
{
    struct wd_error error;
    wd_error_init(&error);
    for (size_t i = 0; i < replay->config->pipeline_count; i++) {
        struct line_up *line_up = &replay->pipelines[i];
        line_up->state = wd_state_create();
        enum wd_status status = line_up->state ? WD_OK : WD_NO_MEMORY;
        if (status == WD_OK)
            status = wd_plan_add_tables(replay->config->pipelines[i].plan, line_up->state, &error);
        if (status == WD_OK)
            status = wd_desk_create(replay->config, i, line_up->state, &line_up->desk, &error);
        if (status != WD_OK) {
            (void)fprintf(stderr, "wiredesk: %s\n", error.text);
            return false;
        }
    }
    return true;
}

static void close_pipelines(struct replay *replay)
{
    for (size_t i = 0; i < replay->config->pipeline_count; i++) {
        wd_desk_destroy(replay->pipelines[i].desk);
        wd_state_destroy(replay->pipelines[i].state);
    }
    wd_buffer_finish(&replay->line);
    wd_config_release(replay->config);
}

/* Takes the options off the front; returns the index of CONFIG, or -1. */
static int read_options(struct replay *replay, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] == '-'; i++) {
        if (strcmp(argv[i], "--all") == 0) {
            replay->all = true;
        } else if (strcmp(argv[i], "--strict") == 0) {
            replay->strict = true;
        } else if (strcmp(argv[i], "--received") == 0 && i + 1 < argc) {
            struct wd_time time = wd_time_parse(wd_slice_from(argv[++i]), NULL);
            if (!wd_time_known(time))
                return -1;
            replay->received_ms = time.ms;
        } else {
            return -1;
        }
    }
    return i < argc ? i : -1;
}

static int run(int argc, char **argv)
{
    struct replay *replay = calloc(1, sizeof(*replay));
    if (!replay)
        return WD_EXIT_SOFTWARE;
    replay->received_ms = -1;
    replay->progress = isatty(STDERR_FILENO) != 0;
    replay->begun_ns = uv_hrtime();
    int at = read_options(replay, argc, argv);
    if (at < 0) {
        free(replay);
        return wd_command_usage(&wd_command_replay, "unknown option, or no configuration");
    }
    int code = WD_EXIT_OK;
    replay->config = wd_command_load(argv[at], true, &code);
    if (!replay->config) {
        free(replay);
        return code;
    }
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_WARN);
    if (!open_pipelines(replay))
        replay->code = WD_EXIT_SOFTWARE;
    for (int i = at + 1; i < argc; i++)
        take_path(replay, argv[i], 0);
    if (at + 1 == argc)
        take_path(replay, "-", 0);
    show_progress(replay, true);
    if (fflush(stdout) != 0 && replay->code == WD_EXIT_OK)
        replay->code = WD_EXIT_IO;
    code = replay->code;
    if (code == WD_EXIT_OK && replay->strict && replay->dead > 0)
        code = WD_EXIT_DATA;
    close_pipelines(replay);
    free(replay);
    return code;
}

const struct wd_command wd_command_replay = {
    .name = "replay",
    .arguments = "[OPTION..] CONFIG [FILE..]",
    .summary = "the same pipelines over files, without Kafka",
    .help =
        "Each FILE is one message; a .jsonl or .ndjson file, and standard input (also \"-\"),\n"
        "is one message a line; a folder is walked in the order of names. Records go to\n"
        "standard output, one a line; dead letters are told on standard error. The first\n"
        "pipeline gets the input; topics join others to it. The same input gives the same\n"
        "bytes: no clock is read, messages have no time of receipt unless it is given.\n"
        "\n"
        "  --all             topic, key and headers with each record, and dead letters too\n"
        "  --received TIME   time of receipt of every message (RFC 3339)\n"
        "  --strict          exit code 65 when there was a dead letter\n"
        "\n"
        "Exit codes: 0, 65 (see --strict), 66 cannot read, 74 cannot write, 78 configuration.\n",
    .run = run,
};
