/* The one reader and writer of stories' JSON. */
#include "test.h"

#include "json.h"

static struct wd_arena *arena;

static enum wd_status read_text(struct wd_slice text, struct wd_error *error)
{
    yyjson_val *root = NULL;
    wd_error_init(error);
    wd_arena_reset(arena);
    return wd_json_read(text, arena, &root, error);
}

static void refused(void **state)
{
    static const struct {
        const char *text;
        enum wd_status status;
        const char *part;
    } cases[] = {
        {"{\"a\":1", WD_SYNTAX, "offset 6"},
        {"{\"a\":1,}", WD_SYNTAX, "offset"},
        {"[1,2] 3", WD_SYNTAX, "offset 6"},
        {"{\"a\":1,\"b\":{\"c\":1,\"c\":2}}", WD_DUPLICATE_KEY, "\"c\""},
        {"{\"a\":\"\\u0000\"}", WD_NUL_BYTE, ""},
        {"{\"a\":\"\xC3(\"}", WD_NOT_UTF8, "offset 6"},
        {"{\"a\":\"\\ud800\"}", WD_SYNTAX, "offset"},
        {"{\"a\":01}", WD_SYNTAX, "offset"},
        {"{'a':1}", WD_SYNTAX, "offset 1"},
        {"{\"a\":NaN}", WD_SYNTAX, "offset 5"},
        {"{\"a\":1 /* no */}", WD_SYNTAX, "offset"},
    };
    (void)state;
    struct wd_error error;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum wd_status status = read_text(wd_slice_from(cases[i].text), &error);
        if (status != cases[i].status || !strstr(error.text, cases[i].part))
            fail_msg("%s: status %d, \"%s\"", cases[i].text, status, error.text);
    }
    assert_int_equal(read_text(WD_SLICE("{\"a\":{\"k\":1},\"b\":{\"k\":1},\"n\":-1.5e3}"), &error),
                     WD_OK);
}

static void depth(void **state)
{
    (void)state;
    char text[20000];
    struct wd_error error;
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    assert_int_equal(read_text(wd_slice_make(text, 128), &error), WD_OK);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_int_equal(read_text(wd_slice_make(text, 130), &error), WD_TOO_DEEP);
    memset(text, '[', sizeof(text) / 2);
    memset(text + sizeof(text) / 2, ']', sizeof(text) / 2);
    assert_int_equal(read_text(wd_slice_make(text, sizeof(text)), &error), WD_TOO_DEEP);
    /* Brackets inside strings are no depth. */
    memset(text, '[', 300);
    text[0] = text[299] = '"';
    assert_int_equal(read_text(wd_slice_make(text, 300), &error), WD_OK);
}

static void written(struct wd_slice text, const char *want)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_json_write_string(&out, text);
    assert_slice_equal(wd_buffer_slice(&out), want);
    wd_buffer_finish(&out);
}

static void strings(void **state)
{
    (void)state;
    written(WD_SLICE("plain"), "\"plain\"");
    written(WD_SLICE(""), "\"\"");
    written(WD_SLICE("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    written(WD_SLICE("\b\f\n\r\t\x01\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
    written(WD_SLICE("caf\xC3\xA9 \xF0\x9F\x93\xB0"), "\"caf\xC3\xA9 \xF0\x9F\x93\xB0\"");
    written(WD_SLICE("0123456789abcdef0123456789abcde\""),
            "\"0123456789abcdef0123456789abcde\\\"\"");
}

static void number(double value, int decimals, const char *want)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_json_write_number(&out, value, decimals);
    assert_slice_equal(wd_buffer_slice(&out), want);
    wd_buffer_finish(&out);
}

static void numbers(void **state)
{
    (void)state;
    number(0, 4, "0");
    number(1, 4, "1");
    number(0.9, 4, "0.9");
    number(0.12345, 4, "0.1235");
    number(0.00004, 4, "0");
    number(0.0101, 4, "0.0101");
    number(-0.25, 4, "-0.25");
    number(-3.5, 1, "-3.5");
    number(1e300, 4, "0"); /* nothing of ours is that large */
    number(0.0 / 0.0, 4, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refused), cmocka_unit_test(depth),
                                       cmocka_unit_test(strings), cmocka_unit_test(numbers)};
    arena = wd_arena_create(64 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    wd_arena_destroy(arena);
    return failed;
}
