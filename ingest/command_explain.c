/* wiredesk explain: why a story was taken as what it was. */
#include "command.h"
#include "encode.h"
#include "exit_code.h"
#include "explain_text.h"
#include "log.h"
#include "replay_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINEAGE_SIZE = 40, FOUND_MAX = 1000, PARSE_BYTES_MAX = 256 * 1024 * 1024 };

/* A story that went by, for the history of its lineage. */
struct passed {
    char lineage[LINEAGE_SIZE];
    char *line;
};

/* A story that was asked for, as JSON text. */
struct found {
    char *record;
    char *advisories;
    char lineage[LINEAGE_SIZE];
};

struct explain {
    struct wd_slice id;
    bool json;
    bool records; /* the input is what wiredesk wrote */
    struct wd_arena *arena;
    struct wd_buffer record, advisories, line;
    struct passed *passed;
    size_t passed_count, passed_capacity;
    struct found found[FOUND_MAX];
    size_t found_count;
    bool failed; /* out of memory */
};

static void copy_lineage(char lineage[LINEAGE_SIZE], yyjson_val *record)
{
    struct wd_slice id = wd_json_text(wd_explain_lineage(record), "id", NULL);
    (void)snprintf(lineage, LINEAGE_SIZE, "%.*s", WD_SLICE_ARG(id));
}

/* Lineages that are one since this record carry its id from now on. */
static void rename_merged(struct explain *explain, yyjson_val *record)
{
    char lineage[LINEAGE_SIZE];
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    copy_lineage(lineage, record);
    yyjson_arr_foreach(yyjson_obj_get(wd_explain_lineage(record), "merged"), index, max, item)
    {
        struct wd_slice id = wd_json_member_text(item, NULL);
        if (id.len == 0)
            continue;
        for (size_t i = 0; i < explain->passed_count; i++) {
            if (wd_slice_is(id, explain->passed[i].lineage))
                memcpy(explain->passed[i].lineage, lineage, LINEAGE_SIZE);
        }
        for (size_t i = 0; i < explain->found_count; i++) {
            if (wd_slice_is(id, explain->found[i].lineage))
                memcpy(explain->found[i].lineage, lineage, LINEAGE_SIZE);
        }
    }
}

static void remember(struct explain *explain, yyjson_val *record)
{
    if (explain->passed_count == explain->passed_capacity) {
        size_t capacity = explain->passed_capacity ? explain->passed_capacity * 2 : 1024;
        struct passed *grown = realloc(explain->passed, capacity * sizeof(*grown));
        explain->failed = explain->failed || !grown;
        if (!grown)
            return;
        explain->passed = grown;
        explain->passed_capacity = capacity;
    }
    struct passed *passed = &explain->passed[explain->passed_count];
    wd_buffer_clear(&explain->line);
    wd_explain_line(&explain->line, record);
    copy_lineage(passed->lineage, record);
    passed->line = strndup(explain->line.data ? explain->line.data : "", explain->line.len);
    explain->passed_count += passed->line != NULL;
    explain->failed = explain->failed || !passed->line || explain->line.failed;
}

static void keep(struct explain *explain, yyjson_val *record, struct wd_slice text,
                 struct wd_slice advisories)
{
    if (explain->found_count == FOUND_MAX)
        return;
    struct found *found = &explain->found[explain->found_count++];
    found->record = strndup(text.data, text.len);
    found->advisories = strndup(advisories.data, advisories.len);
    copy_lineage(found->lineage, record);
    explain->failed = explain->failed || !found->record || !found->advisories;
}

/* Those that the record caused in other lineages belong to the history of these: an order of the next day has a lineage of
 * its own. */
static void remember_told(struct explain *explain, yyjson_val *record, struct wd_slice advisories)
{
    struct wd_error error;
    yyjson_val *list = NULL;
    yyjson_val *item = NULL;
    size_t index = 0;
    size_t max = 0;
    wd_error_init(&error);
    if (wd_json_read(advisories, explain->arena, &list, &error) != WD_OK)
        explain->failed = true;
    struct wd_slice own = wd_json_text(wd_explain_lineage(record), "id", NULL);
    yyjson_arr_foreach(list, index, max, item)
    {
        if (!wd_slice_equal(own, wd_json_text(wd_explain_lineage(item), "id", NULL)))
            remember(explain, item);
    }
}

/* One record of any kind with the advisories that it caused, a JSON list. */
static void take_record(struct explain *explain, struct wd_slice text, struct wd_slice advisories)
{
    struct wd_error error;
    yyjson_val *record = NULL;
    wd_error_init(&error);
    wd_arena_reset(explain->arena);
    if (wd_json_read(text, explain->arena, &record, &error) != WD_OK || !yyjson_is_obj(record))
        return; /* what is no record cannot be asked for */
    rename_merged(explain, record);
    remember(explain, record);
    remember_told(explain, record, advisories);
    if (wd_explain_matches(record, explain->id))
        keep(explain, record, text, advisories);
}

static void write_advisories(struct explain *explain, const struct wd_story *story)
{
    struct wd_buffer *out = &explain->advisories;
    wd_buffer_clear(out);
    wd_buffer_append_byte(out, '[');
    for (size_t i = 0; i < story->advisory_count; i++) {
        wd_json_write_key(out, NULL);
        bool written = wd_encode_record(WD_RECORD_ADVISORY_EVENT, story, i, out) == WD_OK;
        explain->failed = explain->failed || !written;
    }
    wd_buffer_append_byte(out, ']');
}

/* By the provider's own id also where that is no URI. */
static bool is_asked_for(const struct explain *explain, const struct wd_story *story)
{
    return wd_slice_equal(story->guid, explain->id);
}

static void observe(void *context, const struct wd_story *story)
{
    struct explain *explain = context;
    wd_buffer_clear(&explain->record);
    if (wd_encode_record(WD_RECORD_ENRICHED, story, 0, &explain->record) != WD_OK) {
        explain->failed = true;
        return;
    }
    write_advisories(explain, story);
    size_t before = explain->found_count;
    take_record(explain, wd_buffer_slice(&explain->record), wd_buffer_slice(&explain->advisories));
    if (explain->found_count == before && is_asked_for(explain, story)) {
        struct wd_error error;
        yyjson_val *record = NULL;
        wd_error_init(&error);
        if (wd_json_read(wd_buffer_slice(&explain->record), explain->arena, &record, &error) ==
            WD_OK)
            keep(explain, record, wd_buffer_slice(&explain->record),
                 wd_buffer_slice(&explain->advisories));
    }
}

static enum wd_status pass_over(void *context, const struct wd_emission *emission)
{
    (void)context;
    (void)emission;
    return WD_OK;
}

static void print_json(const struct explain *explain, const struct found *found)
{
    (void)printf("{\"record\":%s,\"advisories\":%s,\"lineage\":\"%s\"}\n", found->record,
                 found->advisories, found->lineage);
    (void)explain;
}

static void print_text(struct explain *explain, const struct found *found)
{
    struct wd_error error;
    yyjson_val *record = NULL;
    yyjson_val *advisories = NULL;
    wd_error_init(&error);
    wd_arena_reset(explain->arena);
    if (wd_json_read(wd_slice_from(found->record), explain->arena, &record, &error) == WD_OK &&
        wd_json_read(wd_slice_from(found->advisories), explain->arena, &advisories, &error) ==
            WD_OK)
        wd_explain_text(stdout, record, advisories);
}

/* The whole lineage, once for all of its versions that were asked for. */
static void print_history(const struct explain *explain, const char *lineage)
{
    (void)printf("lineage %s\n", lineage);
    for (size_t i = 0; i < explain->passed_count; i++) {
        if (strcmp(explain->passed[i].lineage, lineage) == 0)
            (void)printf("  %s\n", explain->passed[i].line);
    }
}

static bool was_before(const struct explain *explain, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(explain->found[i].lineage, explain->found[index].lineage) == 0)
            return true;
    }
    return false;
}

static int print_all(struct explain *explain)
{
    for (size_t i = 0; i < explain->found_count; i++) {
        if (explain->json)
            print_json(explain, &explain->found[i]);
        else
            print_text(explain, &explain->found[i]);
    }
    for (size_t i = 0; i < explain->found_count && !explain->json; i++) {
        if (explain->found[i].lineage[0] && !was_before(explain, i))
            print_history(explain, explain->found[i].lineage);
    }
    if (explain->found_count == 0) {
        (void)fprintf(stderr, "wiredesk: no story %.*s among %zu\n", WD_SLICE_ARG(explain->id),
                      explain->passed_count);
        return WD_EXIT_DATA;
    }
    if (explain->failed)
        return WD_EXIT_SOFTWARE;
    return fflush(stdout) == 0 ? WD_EXIT_OK : WD_EXIT_IO;
}

/* Lines that wiredesk wrote: records, or what `replay --all` prints of them. */
static int read_records(struct explain *explain, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t len = 0;
    if (!file) {
        (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", path, strerror(errno));
        return WD_EXIT_NO_INPUT;
    }
    while ((len = getline(&line, &size, file)) >= 0)
        take_record(explain, wd_slice_make(line, (size_t)len), WD_SLICE("[]"));
    free(line);
    if (!standard)
        (void)fclose(file);
    return WD_EXIT_OK;
}

static int replay(struct explain *explain, const char *path, char **files, size_t file_count)
{
    int code = WD_EXIT_OK;
    struct wd_config *config = wd_command_load(path, true, &code);
    if (!config)
        return code;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_WARN);
    struct wd_replay settings = {
        .config = config,
        .received_ms = -1,
        .emit = pass_over,
        .observe = observe,
        .context = explain,
    };
    code = wd_replay_run(&settings, files, file_count, NULL);
    wd_config_release(config);
    return code;
}

static void finish(struct explain *explain)
{
    for (size_t i = 0; i < explain->passed_count; i++)
        free(explain->passed[i].line);
    for (size_t i = 0; i < explain->found_count; i++) {
        free(explain->found[i].record);
        free(explain->found[i].advisories);
    }
    free(explain->passed);
    wd_buffer_finish(&explain->record);
    wd_buffer_finish(&explain->advisories);
    wd_buffer_finish(&explain->line);
    wd_arena_destroy(explain->arena);
    free(explain);
}

/* Takes the options off the front; the index of the first argument behind them, or -1. */
static int read_options(struct explain *explain, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] == '-'; i++) {
        if (strcmp(argv[i], "--json") == 0)
            explain->json = true;
        else if (strcmp(argv[i], "--records") == 0)
            explain->records = true;
        else
            return -1;
    }
    int needed = explain->records ? 1 : 2;
    return argc - i >= needed ? i : -1;
}

static int run(int argc, char **argv)
{
    struct explain *explain = calloc(1, sizeof(*explain));
    if (!explain)
        return WD_EXIT_SOFTWARE;
    explain->arena = wd_arena_create(PARSE_BYTES_MAX);
    int at = read_options(explain, argc, argv);
    int code = WD_EXIT_SOFTWARE;
    if (at < 0) {
        code = wd_command_usage(&wd_command_explain, "unknown option, or CONFIG or ID is missing");
    } else if (explain->arena && explain->records) {
        explain->id = wd_slice_from(argv[at]);
        code = at + 1 == argc ? read_records(explain, "-") : WD_EXIT_OK;
        for (int i = at + 1; i < argc && code == WD_EXIT_OK; i++)
            code = read_records(explain, argv[i]);
    } else if (explain->arena) {
        explain->id = wd_slice_from(argv[at + 1]);
        code = replay(explain, argv[at], argv + at + 2, (size_t)(argc - at - 2));
    }
    if (at >= 0 && code == WD_EXIT_OK)
        code = print_all(explain);
    finish(explain);
    return code;
}

const struct wd_command wd_command_explain = {
    .name = "explain",
    .arguments = "[--json] CONFIG ID [FILE..]",
    .summary = "why a story was taken as what it was",
    .help =
        "Replays the files as `replay` does and says of every version of the story ID (uri,\n"
        "provider's id, address, transmission or lineage id) which story it matched and how\n"
        "well, what gave its lineage, what kind of version it is and why, what it changed and\n"
        "whom it concerned; at the end the lineage's history.\n"
        "\n"
        "  wiredesk explain --records [--json] ID [FILE..]\n"
        "\n"
        "does the same with records that a daemon wrote, one a line: what stands in its output\n"
        "topics.\n"
        "\n"
        "  --json      one object a line: the record, the advisories it caused, the lineage\n"
        "  --records   the files hold records, nothing is replayed\n"
        "\n"
        "In a list of changes: + added, - removed, ~ edited, > moved, with the numbers of the\n"
        "sentences.\n"
        "\n"
        "Exit codes: 0, 65 there is no such story, 66 cannot read, 78 configuration.\n",
    .run = run,
};
