#include "command.h"
#include "exit_code.h"
#include "json.h"
#include "log.h"
#include "replay_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is printed. */
struct printing {
    bool all, strict;
    int64_t received_ms; /* negative: not given */
    struct wd_buffer line;
};

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

static void write_all(struct printing *printing, const struct wd_emission *emission)
{
    struct wd_buffer *line = &printing->line;
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
    struct printing *printing = context;
    wd_buffer_clear(&printing->line);
    if (emission->output == SIZE_MAX)
        tell_death(emission);
    if (printing->all)
        write_all(printing, emission);
    else if (emission->output != SIZE_MAX)
        wd_buffer_append_slice(&printing->line, emission->payload);
    if (printing->line.len == 0)
        return WD_OK;
    wd_buffer_append_byte(&printing->line, '\n');
    return fwrite(printing->line.data, 1, printing->line.len, stdout) == printing->line.len ? WD_OK
                                                                                            : WD_IO;
}

/* Takes the options off the front; returns the index of CONFIG, or -1. */
static int read_options(struct printing *printing, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] == '-'; i++) {
        if (strcmp(argv[i], "--all") == 0) {
            printing->all = true;
        } else if (strcmp(argv[i], "--strict") == 0) {
            printing->strict = true;
        } else if (strcmp(argv[i], "--received") == 0 && i + 1 < argc) {
            struct wd_time time = wd_time_parse(wd_slice_from(argv[++i]), NULL);
            if (!wd_time_known(time))
                return -1;
            printing->received_ms = time.ms;
        } else {
            return -1;
        }
    }
    return i < argc ? i : -1;
}

static int run(int argc, char **argv)
{
    struct printing printing = {.received_ms = -1};
    int at = read_options(&printing, argc, argv);
    if (at < 0)
        return wd_command_usage(&wd_command_replay, "unknown option, or no configuration");
    int code = WD_EXIT_OK;
    struct wd_config *config = wd_command_load(argv[at], true, &code);
    if (!config)
        return code;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_WARN);
    wd_buffer_init(&printing.line);
    struct wd_replay replay = {
        .config = config,
        .received_ms = printing.received_ms,
        .progress = isatty(STDERR_FILENO) != 0,
        .emit = take_emission,
        .context = &printing,
    };
    uint64_t dead = 0;
    code = wd_replay_run(&replay, argv + at + 1, (size_t)(argc - at - 1), &dead);
    if (fflush(stdout) != 0 && code == WD_EXIT_OK)
        code = WD_EXIT_IO;
    if (code == WD_EXIT_OK && printing.strict && dead > 0)
        code = WD_EXIT_DATA;
    wd_buffer_finish(&printing.line);
    wd_config_release(config);
    return code;
}

const struct wd_command wd_command_replay = {
    .name = "replay",
    .arguments = "[OPTION..] CONFIG [FILE..]",
    .summary = "the same pipelines over files, without Kafka",
    .help =
        "Each FILE is one message of any format (several stories in it are several records);\n"
        "a .jsonl or .ndjson file, and standard input (also \"-\"),\n"
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
