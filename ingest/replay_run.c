#include "replay_run.h"

#include "exit_code.h"
#include "offline.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uv.h>

enum { PROGRESS_EVERY = 1000, FOLDER_DEPTH_MAX = 32 };

struct run {
    const struct wd_replay *replay;
    struct wd_offline *offline;
    uint64_t messages, dead;
    uint64_t begun_ns;
    int code;
};

static enum wd_status take_emission(void *context, const struct wd_emission *emission)
{
    struct run *run = context;
    run->dead += emission->output == SIZE_MAX;
    return run->replay->emit(run->replay->context, emission);
}

static void show_progress(const struct run *run, bool last)
{
    if (!run->replay->progress || (!last && run->messages % PROGRESS_EVERY != 0))
        return;
    double seconds = (double)(uv_hrtime() - run->begun_ns) / 1e9;
    (void)fprintf(stderr, "\r%" PRIu64 " messages, %.0f a second, %" PRIu64 " dead letters%s",
                  run->messages, (double)run->messages / (seconds > 0 ? seconds : 1), run->dead,
                  last ? "\n" : "");
}

static void take_bytes(struct run *run, const char *name, struct wd_slice bytes)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_desk_message message = {
        .topic = wd_slice_from(name),
        .value = bytes,
        .timestamp_ms = run->replay->received_ms,
    };
    run->messages++;
    enum wd_status status = wd_offline_take(run->offline, 0, &message, &error);
    if (status != WD_OK && run->code == WD_EXIT_OK) {
        (void)fprintf(stderr, "wiredesk: %s\n",
                      error.text[0] ? error.text : wd_status_sentence(status));
        run->code = status == WD_IO ? WD_EXIT_IO : WD_EXIT_SOFTWARE;
    }
    show_progress(run, false);
}

static bool is_lines(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcmp(dot, ".jsonl") == 0 || strcmp(dot, ".ndjson") == 0);
}

static void cannot_read(struct run *run, const char *name)
{
    (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", name, strerror(errno));
    run->code = WD_EXIT_NO_INPUT;
}

static void take_lines(struct run *run, FILE *file, const char *name)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len = 0;
    while ((len = getline(&line, &size, file)) >= 0 && run->code == WD_EXIT_OK) {
        if (len > 0 && line[len - 1] == '\n')
            len--;
        take_bytes(run, name, wd_slice_make(line, (size_t)len));
    }
    free(line);
}

static void take_whole(struct run *run, FILE *file, const char *name)
{
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    if (!wd_buffer_append_file(&bytes, file, SIZE_MAX) || !wd_buffer_ok(&bytes))
        cannot_read(run, name);
    else
        take_bytes(run, name, wd_buffer_slice(&bytes));
    wd_buffer_finish(&bytes);
}

static void take_file(struct run *run, const char *path)
{
    if (strcmp(path, "-") == 0) {
        take_lines(run, stdin, "standard input");
        return;
    }
    FILE *file = fopen(path, "re");
    if (!file) {
        cannot_read(run, path);
        return;
    }
    if (is_lines(path))
        take_lines(run, file, path);
    else
        take_whole(run, file, path);
    (void)fclose(file);
}

static int keep_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* NOLINTNEXTLINE(misc-no-recursion): at most FOLDER_DEPTH_MAX deep */
static void take_path(struct run *run, const char *path, int depth)
{
    struct stat info;
    struct dirent **entries = NULL;
    if (run->code != WD_EXIT_OK)
        return;
    if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISDIR(info.st_mode))) {
        take_file(run, path);
        return;
    }
    int count = depth < FOLDER_DEPTH_MAX ? scandir(path, &entries, keep_visible, alphasort) : -1;
    if (count < 0)
        cannot_read(run, path);
    for (int i = 0; i < count; i++) {
        char below[4096];
        int len = snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name);
        if (len >= 0 && (size_t)len < sizeof(below)) {
            take_path(run, below, depth + 1);
        } else {
            errno = ENAMETOOLONG;
            cannot_read(run, path);
        }
        free(entries[i]);
    }
    free(entries);
}

static bool open_pipelines(struct run *run)
{
    struct wd_error error;
    wd_error_init(&error);
    if (wd_offline_create(run->replay->config, take_emission, run, &run->offline, &error) !=
        WD_OK) {
        (void)fprintf(stderr, "wiredesk: %s\n", error.text);
        return false;
    }
    wd_offline_observe(run->offline, run->replay->observe, run->replay->context);
    return true;
}

int wd_replay_run(const struct wd_replay *replay, char *const *paths, size_t path_count,
                  uint64_t *dead)
{
    struct run *run = calloc(1, sizeof(*run));
    if (!run)
        return WD_EXIT_SOFTWARE;
    run->replay = replay;
    run->begun_ns = uv_hrtime();
    run->code = open_pipelines(run) ? WD_EXIT_OK : WD_EXIT_SOFTWARE;
    for (size_t i = 0; i < path_count; i++)
        take_path(run, paths[i], 0);
    if (path_count == 0)
        take_path(run, "-", 0);
    show_progress(run, true);
    wd_offline_destroy(run->offline);
    int code = run->code;
    if (dead)
        *dead = run->dead;
    free(run);
    return code;
}
