#include "control.h"

#include "admin.h"
#include "exit_code.h"
#include "file_watch.h"
#include "lane.h"
#include "log_limit.h"
#include "reload.h"
#include "standby.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <uv.h>

enum {
    TICK_MS = 500,
    STALL_MS = 45000, /* a commit may wait for a broker; nothing waits longer in one piece */
};

static const char part[] = "control";

struct lane_watch {
    struct wd_lane *lane;
    uint64_t progress;
    uint64_t moved_ms; /* when progress last moved */
    bool told;
};

struct control {
    uv_loop_t loop;
    uv_signal_t terminate, interrupt, hangup;
    uv_timer_t tick;
    uv_async_t changed;
    struct wd_metrics *metrics;
    struct wd_admin *admin;
    struct wd_standby *standby;
    struct wd_reload *reload;
    pthread_mutex_t lock; /* guards config: the admin thread reads it */
    struct wd_config *config;
    struct lane_watch *watches;
    unsigned lanes_wanted;
    _Atomic unsigned lane_count; /* that were started; the admin thread looks at their lanes */
    uint64_t watchdog_ms;        /* 0: systemd wants none */
    uint64_t drain_from_ms;
    bool stopping, announced, drain_over;
    int exit_code;
};

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000;
}

static int exit_code_of(enum wd_status status)
{
    switch (status) {
    case WD_OK:
    case WD_STOPPED:
        return WD_EXIT_OK;
    case WD_FENCED:
        return WD_EXIT_FENCED;
    case WD_KAFKA_AUTH:
        return WD_EXIT_NO_PERMISSION;
    case WD_KAFKA:
    case WD_TIMEOUT:
    case WD_NOT_FOUND:
        return WD_EXIT_UNAVAILABLE;
    case WD_VERSION:
    case WD_SYNTAX:
    case WD_CHECKSUM:
        return WD_EXIT_DATA;
    case WD_IO:
        return WD_EXIT_IO;
    case WD_OUT_OF_RANGE:
        return WD_EXIT_CONFIG;
    default:
        return WD_EXIT_SOFTWARE;
    }
}

static void tell_start(const struct control *control, struct wd_buffer *text)
{
    if (control->lane_count == 0)
        wd_buffer_printf(text, "no lane was started yet\n");
}

static bool is_healthy(void *context, struct wd_buffer *text)
{
    struct control *control = context;
    tell_start(control, text);
    for (unsigned i = 0; i < control->lane_count; i++) {
        enum wd_lane_phase phase = wd_lane_phase(control->watches[i].lane);
        wd_buffer_printf(text, "lane %u %s\n", i, wd_lane_phase_name(phase));
        if (phase == WD_LANE_FAILED)
            return false;
    }
    return true;
}

static bool is_ready(void *context, struct wd_buffer *text)
{
    struct control *control = context;
    tell_start(control, text);
    bool ready = control->lane_count == control->lanes_wanted;
    for (unsigned i = 0; i < control->lane_count; i++) {
        enum wd_lane_phase phase = wd_lane_phase(control->watches[i].lane);
        unsigned partitions = wd_lane_partitions(control->watches[i].lane);
        wd_buffer_printf(text, "lane %u %s, %u partition%s\n", i, wd_lane_phase_name(phase),
                         partitions, partitions == 1 ? "" : "s");
        /* Also with none: it is ready to take some over. Whoever waits for more, in a rollout of more
         * lanes than there are partitions, waits for ever. */
        ready = ready && phase == WD_LANE_RUNNING;
    }
    return ready;
}

static void show_config(void *context, struct wd_buffer *text)
{
    struct control *control = context;
    (void)pthread_mutex_lock(&control->lock);
    json_t *masked = wd_config_masked(control->config);
    (void)pthread_mutex_unlock(&control->lock);
    char *json = json_dumps(masked, JSON_INDENT(2));
    if (json)
        wd_buffer_append(text, json, strlen(json));
    wd_buffer_append_byte(text, '\n');
    free(json);
    json_decref(masked);
}

static void stop_lanes(struct control *control)
{
    if (control->stopping)
        return;
    control->stopping = true;
    control->drain_from_ms = now_ms();
    (void)sd_notify(0, "STOPPING=1");
    for (unsigned i = 0; i < control->lane_count; i++)
        wd_lane_stop(control->watches[i].lane);
}

static void close_handles(struct control *control)
{
    uv_handle_t *handles[] = {(uv_handle_t *)&control->terminate,
                              (uv_handle_t *)&control->interrupt, (uv_handle_t *)&control->hangup,
                              (uv_handle_t *)&control->tick, (uv_handle_t *)&control->changed};
    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++) {
        if (!uv_is_closing(handles[i]))
            uv_close(handles[i], NULL);
    }
    wd_reload_close(control->reload);
    control->reload = NULL;
}

/* Looks at all lanes: announces readiness, stops the others when one has failed, ends when all have. */
static void look_at_lanes(struct control *control)
{
    unsigned running = 0;
    unsigned ended = 0;
    for (unsigned i = 0; i < control->lane_count; i++) {
        enum wd_lane_phase phase = wd_lane_phase(control->watches[i].lane);
        running += phase == WD_LANE_RUNNING;
        ended += phase == WD_LANE_STOPPED || phase == WD_LANE_FAILED;
        if (phase == WD_LANE_FAILED)
            stop_lanes(control);
    }
    if (running == control->lane_count && !control->announced) {
        control->announced = true;
        (void)sd_notifyf(0, "READY=1\nSTATUS=%u lanes running", control->lane_count);
        wd_log(WD_LEVEL_INFO, part, "ready: all lanes are running");
    }
    if (ended == control->lane_count)
        close_handles(control);
}

static void on_changed(uv_async_t *changed)
{
    look_at_lanes(changed->data);
}

static void watch_lanes(struct control *control)
{
    bool alive = true;
    uint64_t now = now_ms();
    for (unsigned i = 0; i < control->lane_count; i++) {
        struct lane_watch *watch = &control->watches[i];
        uint64_t progress = wd_lane_progress(watch->lane);
        if (progress != watch->progress) {
            watch->progress = progress;
            watch->moved_ms = now;
            watch->told = false;
        }
        if (now - watch->moved_ms < STALL_MS)
            continue;
        alive = false;
        if (!watch->told)
            wd_log(WD_LEVEL_ERROR, part, "lane %u has made no progress for %d s", i,
                   STALL_MS / 1000);
        watch->told = true;
    }
    if (alive && control->watchdog_ms > 0)
        (void)sd_notify(0, "WATCHDOG=1");
}

static void on_tick(uv_timer_t *tick)
{
    struct control *control = tick->data;
    look_at_lanes(control);
    watch_lanes(control);
    wd_log_limit_tell(now_ms());
    if (control->stopping && !control->drain_over &&
        now_ms() - control->drain_from_ms > control->config->drain_timeout_ms) {
        control->drain_over = true;
        wd_log(WD_LEVEL_ERROR, part,
               "the lanes did not finish within drain_timeout_ms (%" PRIu32
               " ms); leaving now: open transactions will be aborted, nothing is lost",
               control->config->drain_timeout_ms);
        _Exit(WD_EXIT_SOFTWARE);
    }
}

static void on_stop_signal(uv_signal_t *signal, int number)
{
    struct control *control = signal->data;
    if (control->stopping) {
        wd_log(WD_LEVEL_WARN, part, "second signal: leaving at once");
        _Exit(128 + number);
    }
    wd_log(WD_LEVEL_INFO, part, "%s: finishing and committing",
           number == SIGTERM ? "SIGTERM" : "SIGINT");
    stop_lanes(control);
}

static void take_config(void *context, struct wd_config *next)
{
    struct control *control = context;
    for (unsigned i = 0; i < control->lane_count; i++)
        wd_lane_reload(control->watches[i].lane, next);
    wd_log_set_level(next->log_level);
    (void)pthread_mutex_lock(&control->lock);
    struct wd_config *old = control->config;
    control->config = next;
    (void)pthread_mutex_unlock(&control->lock);
    wd_config_release(old);
    wd_log(WD_LEVEL_INFO, part, "reloaded %s", next->path);
}

static void on_answered(void *context)
{
    struct control *control = context;
    if (!control->stopping)
        (void)sd_notify(0, "READY=1");
}

static void on_hangup(uv_signal_t *signal, int number)
{
    struct control *control = signal->data;
    (void)number;
    if (control->stopping || !control->reload)
        return;
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, uv_hrtime() / 1000);
    wd_reload_ask(control->reload);
}

static void on_lane_changed(void *context)
{
    struct control *control = context;
    (void)uv_async_send(&control->changed);
}

static bool start_loop(struct control *control)
{
    int failed = uv_loop_init(&control->loop);
    failed = failed ? failed : uv_async_init(&control->loop, &control->changed, on_changed);
    failed = failed ? failed : uv_timer_init(&control->loop, &control->tick);
    failed = failed ? failed : uv_signal_init(&control->loop, &control->terminate);
    failed = failed ? failed : uv_signal_init(&control->loop, &control->interrupt);
    failed = failed ? failed : uv_signal_init(&control->loop, &control->hangup);
    if (failed) {
        wd_log(WD_LEVEL_ERROR, part, "libuv: %s", uv_strerror(failed));
        return false;
    }
    control->changed.data = control->tick.data = control->terminate.data = control->interrupt.data =
        control->hangup.data = control;
    (void)uv_signal_start(&control->terminate, on_stop_signal, SIGTERM);
    (void)uv_signal_start(&control->interrupt, on_stop_signal, SIGINT);
    (void)uv_signal_start(&control->hangup, on_hangup, SIGHUP);
    return true;
}

static enum wd_status start_admin(struct control *control, struct wd_error *error)
{
    if (!control->config->admin_host)
        return WD_OK;
    struct wd_admin_setup setup = {
        .host = control->config->admin_host,
        .port = control->config->admin_port,
        .metrics = control->metrics,
        .healthy = is_healthy,
        .ready = is_ready,
        .config = show_config,
        .context = control,
    };
    return wd_admin_create(&setup, &control->admin, error);
}

static enum wd_status start_reload(struct control *control, struct wd_error *error)
{
    struct wd_reload_setup setup = {
        .loop = &control->loop,
        .config = control->config,
        .interval_ms = WD_FILE_WATCH_INTERVAL_MS,
        .check = wd_lane_preflight,
        .take = take_config,
        .answered = on_answered,
        .context = control,
    };
    if (wd_reload_create(&setup, &control->reload) != WD_OK)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for reloading");
    return WD_OK;
}

static enum wd_status start_lanes(struct control *control, struct wd_error *error)
{
    control->watches = calloc(control->lanes_wanted, sizeof(*control->watches));
    if (!control->watches)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for lanes");
    for (unsigned i = 0; i < control->lanes_wanted; i++) {
        struct wd_lane_setup setup = {
            .config = control->config,
            .index = i,
            .metrics = control->metrics,
            .standby = control->standby,
            .notify = on_lane_changed,
            .context = control,
        };
        enum wd_status status = wd_lane_start(&setup, &control->watches[i].lane, error);
        if (status != WD_OK)
            return status;
        control->watches[i].moved_ms = now_ms();
        control->lane_count = i + 1;
    }
    return WD_OK;
}

/* The snapshots' folder is made when it is missing; a failure is told, but no reason not to start. */
static void make_folder(const char *path)
{
    if (path && mkdir(path, 0750) == 0)
        wd_log(WD_LEVEL_INFO, part, "made folder %s for snapshots", path);
}

/* The loop does not run yet while the brokers are looked for: signals are taken in here. */
static bool is_stopped(void *context)
{
    struct control *control = context;
    (void)uv_run(&control->loop, UV_RUN_NOWAIT);
    return control->stopping;
}

static int run_loop(struct control *control)
{
    struct wd_error error;
    wd_error_init(&error);
    make_folder(control->config->state_directory);
    /* First: a second daemon on this machine ends here, before its lanes fence those of the first. */
    enum wd_status status = start_admin(control, &error);
    if (status == WD_OK)
        status = wd_lane_preflight(control->config, NULL, is_stopped, control, &error);
    if (status == WD_OK && control->config->standby)
        status = wd_standby_start(control->config, control->metrics, &control->standby, &error);
    if (status == WD_OK)
        status = start_lanes(control, &error);
    if (status == WD_OK)
        status = start_reload(control, &error);
    (void)uv_timer_start(&control->tick, on_tick, TICK_MS, TICK_MS);
    int code = exit_code_of(status);
    if (status != WD_OK) {
        wd_log(status == WD_STOPPED ? WD_LEVEL_INFO : WD_LEVEL_ERROR, part, "%s", error.text);
        if (status == WD_IO)
            code = WD_EXIT_UNAVAILABLE;
        stop_lanes(control);
        if (control->lane_count == 0)
            close_handles(control);
    }
    (void)uv_run(&control->loop, UV_RUN_DEFAULT);
    wd_admin_destroy(control->admin);
    for (unsigned i = 0; i < control->lane_count; i++) {
        enum wd_status ended = wd_lane_join(control->watches[i].lane, &error);
        if (ended != WD_OK && ended != WD_STOPPED && code == WD_EXIT_OK) {
            code = exit_code_of(ended);
            wd_log(WD_LEVEL_ERROR, part, "lane %u ended: %s (%s)", i, error.text,
                   wd_status_name(ended));
        }
    }
    wd_standby_stop(control->standby);
    return code;
}

int wd_control_run(struct wd_config *config)
{
    struct control control = {
        .config = config, .metrics = wd_metrics_create(), .lanes_wanted = config->lanes};
    uint64_t watchdog_us = 0;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)pthread_mutex_init(&control.lock, NULL);
    if (sd_watchdog_enabled(0, &watchdog_us) > 0)
        control.watchdog_ms = watchdog_us / 1000;
    int code = WD_EXIT_SOFTWARE;
    if (control.metrics && start_loop(&control)) {
        code = run_loop(&control);
        (void)uv_loop_close(&control.loop);
    }
    wd_log_limit_tell(UINT64_MAX);
    wd_log(WD_LEVEL_INFO, part, "stopped with exit code %d", code);
    free(control.watches);
    wd_metrics_destroy(control.metrics);
    wd_config_release(control.config);
    (void)pthread_mutex_destroy(&control.lock);
    return code;
}
