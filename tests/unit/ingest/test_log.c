/* Log lines: one an event, whatever is in it. */
#include "test.h"

#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char text[3 * WD_LOG_LINE_MAX];

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels), cmocka_unit_test(forged),
                                       cmocka_unit_test(cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
