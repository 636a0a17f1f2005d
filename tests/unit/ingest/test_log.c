/* Log lines: one an event, whatever is in it. */
#include "test.h"

#include "log_limit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char text[8 * WD_LOG_LINE_MAX];

/* What `write` says on standard error. */
static const char *said(void (*write_lines)(void))
{
    char path[] = "/tmp/wd-test-log-XXXXXX";
    int file = mkstemp(path);
    int before = dup(STDERR_FILENO);
    assert_true(file >= 0 && before >= 0);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    write_lines();
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    ssize_t len = pread(file, text, sizeof(text) - 1, 0);
    assert_true(len >= 0);
    text[len] = '\0';
    (void)close(file);
    (void)close(before);
    (void)unlink(path);
    return text;
}

static void all_levels(void)
{
    wd_log(WD_LEVEL_ERROR, "control", "an error %d", 7);
    wd_log(WD_LEVEL_WARN, "lane-0", "a warning");
    wd_log(WD_LEVEL_INFO, "lane-0", "news");
    wd_log(WD_LEVEL_DEBUG, "kafka", "details");
}

static void levels(void **state)
{
    (void)state;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_WARN);
    const char *lines = said(all_levels);
    assert_non_null(strstr(lines, " error control: an error 7\n"));
    assert_non_null(strstr(lines, " warn  lane-0: a warning\n"));
    assert_null(strstr(lines, "news"));
    wd_log_set_level(WD_LEVEL_DEBUG);
    assert_non_null(strstr(said(all_levels), " debug kafka: details\n"));
    for (int i = 0; i < 4; i++)
        assert_int_equal(
            wd_log_level_from_name((const char *[]){"error", "warn", "info", "debug"}[i]), i);
    assert_int_equal(wd_log_level_from_name("loud"), -1);
}

static void line_breaks(void)
{
    wd_log(WD_LEVEL_INFO, "desk", "%s",
           "first\n2024-01-01T00:00:00Z error forged\r\x1b[31m \"quoted\"");
}

/* What somebody else wrote must not look like a line of ours, nor move a terminal's cursor. */
static void forged(void **state)
{
    (void)state;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_INFO);
    const char *lines = said(line_breaks);
    assert_ptr_equal(strchr(lines, '\n'), lines + strlen(lines) - 1);
    assert_null(strchr(lines, '\r'));
    assert_null(strchr(lines, '\x1b'));
    assert_non_null(strstr(lines, "\"quoted\""));
    wd_log_setup(WD_LOG_JSON, WD_LEVEL_INFO);
    lines = said(line_breaks);
    assert_ptr_equal(strchr(lines, '\n'), lines + strlen(lines) - 1);
    assert_non_null(strstr(lines, "\"level\":\"info\",\"part\":\"desk\",\"text\":\"first\\n2024"));
    assert_non_null(strstr(lines, "\\\"quoted\\\"\"}\n"));
}

static void long_line(void)
{
    static char word[2 * WD_LOG_LINE_MAX];
    for (size_t i = 0; i + 2 < sizeof(word); i += 2)
        memcpy(word + i, "\xC3\xA9", 2); /* e acute: two bytes */
    wd_log(WD_LEVEL_INFO, "desk", "x%s", word);
}

static void cut(void **state)
{
    (void)state;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_INFO);
    const char *line = said(long_line);
    size_t len = strlen(line);
    assert_true(len > WD_LOG_LINE_MAX - 100 && len < WD_LOG_LINE_MAX + 100);
    assert_int_equal(line[len - 1], '\n');
    assert_true(wd_utf8_valid(wd_slice_make(line, len), NULL)); /* never half a character */
}

static uint64_t clock_ms = 1000; /* of the limiter */

static void broker_down(unsigned number)
{
    char line[256];
    (void)snprintf(
        line, sizeof(line),
        "desk-lane-0-consumer#consumer-%u: FAIL: [thrd:10.0.0.%u:9092/%u]: 10.0.0.%u:9092/%u: "
        "Connect to ipv4#10.0.0.%u:9092 failed: Connection refused (after %ums in state "
        "CONNECT%s)",
        number, number, number, number, number, number, number,
        number % 2 ? ", 9 identical error(s) suppressed" : "");
    wd_log_limited(clock_ms, WD_LEVEL_WARN, "kafka", "%s", line);
}

static void an_outage(void)
{
    for (unsigned i = 0; i < 100; i++) {
        broker_down(i % 7);
        clock_ms += 10;
    }
    wd_log_limited(
        clock_ms, WD_LEVEL_WARN, "kafka",
        "desk-lane-0-consumer#consumer-1: FAIL: [thrd:10.0.0.1:9092/1]: 10.0.0.1:9092/1: SASL "
        "authentication error: Authentication failed (after 3ms in state AUTH_REQ)");
    wd_log_limited(clock_ms, WD_LEVEL_ERROR, "kafka", "desk#producer-2: FATAL: fenced");
    wd_log_limited(clock_ms, WD_LEVEL_DEBUG, "kafka", "desk#producer-2: details");
    wd_log_limit_tell(clock_ms);
}

static void a_minute_later(void)
{
    clock_ms += WD_LOG_KIND_MS;
    wd_log_limit_tell(clock_ms);
}

static void one_more(void)
{
    broker_down(1);
}

static unsigned count_lines(const char *lines)
{
    unsigned count = 0;
    for (; *lines; lines++)
        count += *lines == '\n';
    return count;
}

/* The first of a kind at once, the others once a minute with their number; another kind is never swallowed. */
static void limited(void **state)
{
    (void)state;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_INFO);
    const char *lines = said(an_outage);
    assert_int_equal(count_lines(lines), 3);
    assert_non_null(strstr(lines, "refused (after 0ms"));
    assert_non_null(strstr(lines, "Authentication failed"));
    assert_non_null(strstr(lines, " error kafka: desk#producer-2: FATAL: fenced\n"));
    lines = said(a_minute_later);
    assert_int_equal(count_lines(lines), 1);
    assert_non_null(strstr(lines, " (99 lines like this one since the last)\n"));
    assert_int_equal(count_lines(said(one_more)), 0);
    lines = said(a_minute_later);
    assert_int_equal(count_lines(lines), 1);
    assert_null(strstr(lines, "since the last"));
    assert_int_equal(count_lines(said(a_minute_later)), 0);
    assert_int_equal(count_lines(said(one_more)), 1); /* after a quiet minute: at once again */
}

static void many_kinds(void)
{
    for (unsigned i = 0; i < 2 * WD_LOG_KINDS_MAX; i++) {
        char line[] = "error aa";
        line[6] = (char)('a' + i / 16);
        line[7] = (char)('a' + i % 16);
        wd_log_limited(clock_ms, WD_LEVEL_ERROR, "kafka", "%s", line);
    }
}

static void more_kinds_than_room(void **state)
{
    (void)state;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_INFO);
    assert_int_equal(count_lines(said(many_kinds)), 2 * WD_LOG_KINDS_MAX);
}

/* Whoever reads the log is stuck: nobody waits for it for long, and later it says what it lacks. */
static void reader_stuck(void **state)
{
    (void)state;
    int ends[2];
    int before = dup(STDERR_FILENO);
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    while (write(ends[1], text, sizeof(text)) > 0) {
    }
    int flags = fcntl(ends[1], F_GETFL);
    assert_true(before >= 0 && fcntl(ends[1], F_SETFL, flags & ~O_NONBLOCK) == 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_INFO);
    for (int i = 0; i < 1000; i++)
        wd_log(WD_LEVEL_WARN, "lane-0", "line %d", i);
    while (read(ends[0], text, sizeof(text)) > 0) {
    }
    wd_log(WD_LEVEL_WARN, "lane-0", "heard again");
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    ssize_t len = read(ends[0], text, sizeof(text) - 1);
    assert_true(len > 0);
    text[len] = '\0';
    assert_non_null(strstr(text, " warn  log: 1000 lines before this one could not be written\n"));
    assert_non_null(strstr(text, " warn  lane-0: heard again\n"));
    (void)close(before);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void quotes(void)
{
    static char word[2 * WD_LOG_LINE_MAX];
    memset(word, '"', sizeof(word) - 1); /* two bytes each in JSON */
    wd_log(WD_LEVEL_INFO, "desk", "%s", word);
}

/* Lines longer than a pipe with one free page takes, and threads that all see that page. */
static void *many_long_lines(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++)
        quotes();
    return NULL;
}

static void one_page_left(void **state)
{
    (void)state;
    int ends[2];
    pthread_t threads[4];
    int before = dup(STDERR_FILENO);
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    ssize_t full = 0;
    for (ssize_t len = 0; (len = write(ends[1], text, 4096)) > 0;)
        full += len;
    int flags = fcntl(ends[1], F_GETFL);
    assert_true(before >= 0 && fcntl(ends[1], F_SETFL, flags & ~O_NONBLOCK) == 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    wd_log_setup(WD_LOG_JSON, WD_LEVEL_INFO);
    assert_int_equal(read(ends[0], text, 4096), 4096);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, many_long_lines, NULL), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (ssize_t left = full - 4096; left > 0; left -= 4096)
        assert_int_equal(read(ends[0], text, 4096), 4096);
    ssize_t len = read(ends[0], text, sizeof(text) - 1);
    assert_true(len > WD_LOG_LINE_MAX - 100 && len <= WD_LOG_LINE_MAX); /* one line, a whole one */
    assert_memory_equal(text + len - 3, "\"}\n", 3);
    wd_log(WD_LEVEL_WARN, "lane-0", "heard again");
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    len = read(ends[0], text, sizeof(text) - 1);
    assert_true(len > 0);
    text[len] = '\0';
    assert_non_null(strstr(text, "\"79 lines before this one could not be written\""));
    (void)close(before);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels),
                                       cmocka_unit_test(forged),
                                       cmocka_unit_test(cut),
                                       cmocka_unit_test(limited),
                                       cmocka_unit_test(more_kinds_than_room),
                                       cmocka_unit_test(reader_stuck),
                                       cmocka_unit_test(one_page_left)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
