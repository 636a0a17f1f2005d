#include "reload.h"

#include "file_watch.h"
#include "log.h"

#include <stdatomic.h>
#include <stdlib.h>

static const char part[] = "control";

struct wd_reload {
    struct wd_reload_setup setup;
    struct wd_config *config;
    struct wd_file_watch *watch;
    uv_work_t work;
    bool busy;
    bool whole;       /* what is being read: the configuration's file, or only what it names */
    bool asked_whole; /* what is to be read next */
    bool asked_files;
    _Atomic bool closing;
    /* what the worker found */
    struct wd_config *next;
    struct wd_faults faults;
    struct wd_error refusal; /* of a configuration without faults */
    enum wd_status status;
};

static void destroy(struct wd_reload *reload)
{
    wd_config_release(reload->config);
    free(reload);
}

static void watch_files(struct wd_reload *reload)
{
    wd_file_watch_clear(reload->watch);
    for (size_t i = 0; i < reload->config->pipeline_count; i++) {
        const struct wd_plan *plan = reload->config->pipelines[i].plan;
        for (size_t j = 0; j < wd_plan_file_count(plan); j++) {
            struct wd_file_stamp stamp;
            const char *path = wd_plan_file(plan, j, &stamp);
            if (wd_file_watch_add(reload->watch, path, &stamp) != WD_OK)
                wd_log(WD_LEVEL_WARN, part, "%s is not watched: send SIGHUP when it has changed",
                       path);
        }
    }
}

static bool is_closing(void *context)
{
    struct wd_reload *reload = context;
    return reload->closing;
}

static void read_config(uv_work_t *work)
{
    struct wd_reload *reload = work->data;
    reload->status =
        reload->whole ? wd_config_load(reload->config->path, true, &reload->next, &reload->faults)
                      : wd_config_load_again(reload->config, &reload->next, &reload->faults);
    if (reload->status == WD_OK &&
        !wd_config_can_reload(reload->config, reload->next, &reload->refusal))
        reload->status = WD_CONFLICT;
    if (reload->status == WD_OK && reload->setup.check)
        reload->status =
            reload->setup.check(reload->next, reload->config, is_closing, reload, &reload->refusal);
}

static void tell_faults(const struct wd_reload *reload)
{
    for (size_t i = 0; i < reload->faults.count; i++) {
        const struct wd_fault *fault = &reload->faults.items[i];
        if (fault->line > 0)
            wd_log(WD_LEVEL_ERROR, part, "reload refused: %s:%d: %s: %s", reload->config->path,
                   fault->line, fault->path, fault->text);
        else
            wd_log(WD_LEVEL_ERROR, part, "reload refused: %s: %s: %s", reload->config->path,
                   fault->path, fault->text);
    }
    if (reload->status != WD_OK && reload->refusal.text[0] != '\0')
        wd_log(WD_LEVEL_ERROR, part, "reload refused: %s; the old configuration goes on",
               reload->refusal.text);
    else if (reload->status != WD_OK)
        wd_log(WD_LEVEL_ERROR, part, "the old configuration and its lists go on");
}

static void take(struct wd_reload *reload)
{
    wd_config_release(reload->config);
    reload->config = wd_config_retain(reload->next);
    watch_files(reload);
    reload->setup.take(reload->setup.context, reload->next);
}

static void begin(struct wd_reload *reload);

static void on_read(uv_work_t *work, int canceled)
{
    struct wd_reload *reload = work->data;
    (void)canceled; /* nobody does */
    reload->busy = false;
    if (reload->closing) {
        wd_config_release(reload->next);
        wd_faults_finish(&reload->faults);
        destroy(reload);
        return;
    }
    tell_faults(reload);
    wd_faults_finish(&reload->faults);
    if (reload->status == WD_OK)
        take(reload);
    else
        wd_config_release(reload->next);
    if (reload->whole)
        reload->setup.answered(reload->setup.context);
    begin(reload);
}

/* The next thing to be read, if there is any. */
static void begin(struct wd_reload *reload)
{
    if (reload->busy || reload->closing || !(reload->asked_whole || reload->asked_files))
        return;
    reload->whole = reload->asked_whole;
    reload->asked_whole = reload->asked_files = false;
    reload->next = NULL;
    wd_faults_init(&reload->faults);
    wd_error_init(&reload->refusal);
    reload->work.data = reload;
    reload->busy = uv_queue_work(reload->setup.loop, &reload->work, read_config, on_read) == 0;
}

static void on_file_changed(void *context, const char *path)
{
    struct wd_reload *reload = context;
    wd_log(WD_LEVEL_INFO, part, "%s has changed: the lists are read again", path);
    reload->asked_files = true;
    begin(reload);
}

enum wd_status wd_reload_create(const struct wd_reload_setup *setup, struct wd_reload **reload)
{
    struct wd_reload *made = calloc(1, sizeof(*made));
    *reload = NULL;
    if (!made)
        return WD_NO_MEMORY;
    struct wd_file_watch_setup files = {setup->loop, setup->interval_ms, on_file_changed, made};
    enum wd_status status = wd_file_watch_create(&files, &made->watch);
    if (status != WD_OK) {
        free(made);
        return status;
    }
    made->setup = *setup;
    made->config = wd_config_retain(setup->config);
    watch_files(made);
    *reload = made;
    return WD_OK;
}

void wd_reload_ask(struct wd_reload *reload)
{
    reload->asked_whole = true;
    begin(reload);
}

void wd_reload_close(struct wd_reload *reload)
{
    if (!reload || reload->closing)
        return;
    reload->closing = true;
    wd_file_watch_close(reload->watch);
    if (!reload->busy)
        destroy(reload);
}
