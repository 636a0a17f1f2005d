#include "log.h"

#include "json.h"
#include "text.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static _Atomic int log_level = WD_LEVEL_INFO;
static enum wd_log_format log_format = WD_LOG_HUMAN;
static pthread_mutex_t out_lock = PTHREAD_MUTEX_INITIALIZER; /* guards standard error and: */
static unsigned lines_lost; /* since the last one that was written */
/* Into a pipe that poll finds room in, so much is written without waiting. */
_Static_assert(WD_LOG_LINE_MAX <= PIPE_BUF, "a line must go into a pipe at once");

void wd_log_setup(enum wd_log_format format, int level)
{
    log_format = format;
    wd_log_set_level(level);
}

void wd_log_set_level(int level)
{
    atomic_store_explicit(&log_level, level, memory_order_relaxed);
}

int wd_log_level(void)
{
    return atomic_load_explicit(&log_level, memory_order_relaxed);
}

int wd_log_level_from_name(const char *name)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(level_names[i], name) == 0)
            return i;
    }
    return -1;
}

static void format_now(char text[WD_TIME_TEXT_SIZE])
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)wd_time_format(wd_time_from_ms((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000), text);
}

/* What others wrote must not look like a line of ours, nor steer a terminal. */
static void append_plain(struct wd_buffer *line, struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if ((unsigned char)c < 0x20 || c == 0x7f)
            c = ' ';
        wd_buffer_append_byte(line, c);
    }
}

/* Nobody may have to wait for whoever reads the log: a pipe that is full for longer takes no more lines
 * until there is room again. True: it has room for a line, or is no pipe. */
static bool has_room(void)
{
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    int wait_ms = lines_lost == 0 ? WD_LOG_WAIT_MS : 0;
    return poll(&out, 1, wait_ms) != 0;
}

static void write_line(const struct wd_buffer *line)
{
    if (!has_room() || write(STDERR_FILENO, line->data, line->len) != (ssize_t)line->len)
        lines_lost++;
}

static void format_line(struct wd_buffer *line, int level, const char *part, struct wd_slice text)
{
    char now[WD_TIME_TEXT_SIZE];
    format_now(now);
    if (log_format == WD_LOG_JSON) {
        wd_buffer_append_byte(line, '{');
        wd_json_write_member(line, "time", wd_slice_from(now));
        wd_json_write_member(line, "level", wd_slice_from(level_names[level]));
        wd_json_write_member(line, "part", wd_slice_from(part));
        wd_json_write_member(line, "text", text);
        wd_buffer_append_byte(line, '}');
    } else {
        wd_buffer_printf(line, "%s %-5s %s: ", now, level_names[level], part);
        append_plain(line, text);
    }
}

/* A whole line, cut where it would be too long for one write that cannot wait. */
static void make_line(struct wd_buffer *line, int level, const char *part, struct wd_slice text)
{
    format_line(line, level, part, text);
    while (line->len >= WD_LOG_LINE_MAX && text.len > 0) {
        size_t less = (line->len - WD_LOG_LINE_MAX) / 6 + 1; /* in JSON a byte may be six */
        text = wd_utf8_cut(text, text.len > less ? text.len - less : 0);
        wd_buffer_clear(line);
        format_line(line, level, part, text);
    }
    wd_buffer_append_byte(line, '\n');
}

static void tell_lost(void)
{
    if (lines_lost == 0 || !has_room())
        return;
    char text[64];
    (void)snprintf(text, sizeof(text), "%u lines before this one could not be written", lines_lost);
    lines_lost = 0;
    struct wd_buffer line;
    wd_buffer_init(&line);
    make_line(&line, WD_LEVEL_WARN, "log", wd_slice_from(text));
    if (wd_buffer_ok(&line))
        write_line(&line);
    wd_buffer_finish(&line);
}

void wd_log(int level, const char *part, const char *format, ...)
{
    if (level > wd_log_level())
        return;
    char text[WD_LOG_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (len < 0)
        return;
    size_t used = (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1;
    struct wd_slice message = wd_utf8_cut(wd_slice_make(text, used), used);
    struct wd_buffer line;
    wd_buffer_init(&line);
    make_line(&line, level, part, message);
    if (wd_buffer_ok(&line)) {
        /* Two that see the same room would wait for each other. */
        (void)pthread_mutex_lock(&out_lock);
        tell_lost();
        write_line(&line);
        (void)pthread_mutex_unlock(&out_lock);
    }
    wd_buffer_finish(&line);
}

void wd_log_callback(void *context, int level, const char *text)
{
    wd_log(level, context ? context : "processor", "%s", text);
}
