/* The one reader and writer of stories' JSON. */
#include "test.h"

#include "json.h"

#include <stdlib.h>

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

/* What the text says, as yyjson's own reader finds it and writes it again. */
static void check_same(struct wd_slice text)
{
    struct wd_error error;
    yyjson_val *root = NULL;
    wd_error_init(&error);
    wd_arena_reset(arena);
    yyjson_doc *document = yyjson_read(text.data, text.len, 0);
    enum wd_status status = wd_json_read(text, arena, &root, &error);
    if ((status == WD_OK) != (document != NULL))
        fail_msg("%.*s: %s", WD_SLICE_ARG(text), error.text);
    if (status == WD_OK) {
        size_t lens[2] = {0, 0};
        char *ours = yyjson_val_write(root, 0, &lens[0]);
        char *theirs = yyjson_write(document, 0, &lens[1]);
        assert_int_equal(lens[0], lens[1]);
        assert_memory_equal(ours, theirs, lens[0]);
        free(ours);
        free(theirs);
    }
    yyjson_doc_free(document);
}

static void values(void **state)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "-1",
                                        "12",
                                        "123456789012345678",
                                        "1234567890123456789",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "-9223372036854775808",
                                        "-9223372036854775809",
                                        "1.5",
                                        "-2.25e3",
                                        "1E-7",
                                        "1e999",
                                        "1.",
                                        ".5",
                                        "01",
                                        "-",
                                        "+1",
                                        "1e",
                                        "1x",
                                        "0x10",
                                        "true",
                                        "false",
                                        "null",
                                        "tru",
                                        "nulll",
                                        "\"\"",
                                        "\"",
                                        "\"\\\"",
                                        "\"\\\\\"",
                                        "\"\\q\"",
                                        "\"\\u12\"",
                                        "\"\\u12g4\"",
                                        "\"\\ud83d\\udcf0\"",
                                        "\"\\ud83d\"",
                                        "\"\\ud83dx\\udcf0\"",
                                        "\"\\udcf0\\ud83d\"",
                                        "\"\\u00e9\\u201c\\u0041\\/\"",
                                        "\"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\xB0\"",
                                        "\"\xC0\x80\"",
                                        "\"\xED\xA0\x80\"",
                                        "\"\xF4\x90\x80\x80\"",
                                        "\"\xE2\x82\"",
                                        "[]",
                                        "{}",
                                        "[ ]",
                                        "{ }",
                                        "[1,]",
                                        "{\"a\":}",
                                        "{\"a\"}",
                                        "{,}",
                                        "[1 2]",
                                        "{\"a\":1 \"b\":2}",
                                        " \t\r\n[1 , 2 ]\n",
                                        "\x0C[1]",
                                        "[1]x",
                                        "",
                                        " ",
                                        "\xEF\xBB\xBF[1]",
                                        "[[[[{\"a\":[{}]}]]]]",
                                        "\"a\tb\""};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_same(wd_slice_from(texts[i]));
}

/* Every length and place of an escape, of a character and of the end relative to the blocks that are looked at. */
static void lengths(void **state)
{
    static const char *const pieces[] = {"", "\\n", "\xE2\x80\x9C", "\\u201c", "\x1F", "\xE2\x80"};
    char text[512];
    (void)state;
    for (size_t before = 0; before < 70; before++) {
        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
            for (size_t after = 0; after < 70; after += 7) {
                int len = snprintf(
                    text, sizeof(text), "[\"%.*s%s%.*s\",\"%s\"]", (int)before,
                    "0123456789012345678901234567890123456789012345678901234567890123456789",
                    pieces[i], (int)after,
                    "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij",
                    pieces[i]);
                check_same(wd_slice_make(text, (size_t)len));
            }
        }
    }
}

/* Objects of any number of keys: one that comes again is found wherever it stands. */
static void repeated_keys(void **state)
{
    static const char *const maps[] = {"renditions", NULL};
    (void)state;
    for (size_t count = 1; count < 100; count += 3) {
        struct wd_buffer out;
        struct wd_error error;
        yyjson_val *root = NULL;
        wd_error_init(&error);
        wd_buffer_init(&out);
        wd_buffer_printf(&out, "{\"renditions\":{");
        for (size_t i = 0; i < count; i++)
            wd_buffer_printf(&out, "\"k%zu\":{\"k\":%zu},", i, i);
        size_t whole = out.len;
        for (size_t i = 0; i < count; i++) {
            struct wd_json_reading allowed = {.maps = maps};
            out.len = whole;
            wd_buffer_printf(&out, "\"k%zu\":1}}", i);
            wd_arena_reset(arena);
            assert_int_equal(wd_json_read(wd_buffer_slice(&out), arena, &root, &error),
                             WD_DUPLICATE_KEY);
            assert_int_equal(
                wd_json_read_all(wd_buffer_slice(&out), arena, &allowed, &root, &error), WD_OK);
            assert_true(allowed.repeated);
            assert_int_equal(yyjson_obj_size(yyjson_obj_get(root, "renditions")), count + 1);
        }
        wd_buffer_finish(&out);
    }
    /* Elsewhere it is a fault all the same. */
    struct wd_error error;
    yyjson_val *root = NULL;
    struct wd_json_reading allowed = {.maps = maps};
    wd_error_init(&error);
    assert_int_equal(wd_json_read_all(WD_SLICE("{\"renditions\":{\"a\":{\"b\":1,\"b\":2}}}"), arena,
                                      &allowed, &root, &error),
                     WD_DUPLICATE_KEY);
    assert_int_equal(wd_json_read_all(WD_SLICE("{\"renditions\":1,\"renditions\":2}"), arena,
                                      &allowed, &root, &error),
                     WD_DUPLICATE_KEY);
}

/* No text makes values for more than twelve times its size: two bytes are one value of sixteen, in steps. */
static void memory(void **state)
{
    static const char *const pieces[] = {"0,",       "[],",       "{},",  "\"\",",
                                         "\"\\n\",", "{\"\":0},", "[[]],"};
    struct wd_error error;
    yyjson_val *root = NULL;
    (void)state;
    wd_error_init(&error);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        struct wd_buffer out;
        wd_buffer_init(&out);
        wd_buffer_append_byte(&out, '[');
        while (out.len < 1 << 20)
            wd_buffer_append_slice(&out, wd_slice_from(pieces[i]));
        out.data[out.len - 1] = ']';
        wd_arena_reset(arena);
        assert_int_equal(wd_json_read(wd_buffer_slice(&out), arena, &root, &error), WD_OK);
        assert_true(wd_arena_held(arena) < 18 * out.len);
        wd_buffer_finish(&out);
    }
}

/* What reading remembers of strings: line ends, C1 controls, and which need escapes when they are written. */
static void what_strings_hold(void **state)
{
    static const struct {
        const char *string; /* as it stands between quotes */
        bool plain, c1, lines;
    } cases[] = {
        {"", true, false, true},
        {"one line", true, false, true},
        {"caf\xC3\xA9 caf\\u00e9 \xC2\xAB\\u00bb\xC2\xA0", true, false, true},
        {"a\\nb\\n\\nc\\u000Ad\\n", true, false, true},
        {"a\\/b\\nc", true, false, true},
        {"say \\\"a\\\"\\nb", false, false, true},
        {"a\\\\b", false, false, true},
        {"a\\tb", false, false, true},
        {"a\\u0022b", false, false, true},
        {"a\\u005cb", false, false, true},
        {"a\\u0001b", false, false, true},
        {"a\\r\\nb", false, false, false},
        {"a\\u000db", false, false, false},
        {"it\\u0092s", true, true, true},
        {"it\xC2\x92s", true, true, true},
        {"a\\u0080", true, true, true},
        {"\xC2\xBB \xC2\x9F", true, true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_error error;
        struct wd_buffer out;
        struct wd_json_reading known = {.maps = NULL};
        yyjson_val *root = NULL;
        wd_error_init(&error);
        wd_buffer_init(&out);
        wd_arena_reset(arena);
        wd_buffer_printf(&out, "{\"x\":\"\\n\",\"text\":\"%s\",\"y\":\"1\\n2\"}", cases[i].string);
        assert_int_equal(wd_json_read_all(wd_buffer_slice(&out), arena, &known, &root, &error),
                         WD_OK);
        yyjson_val *value = yyjson_obj_get(root, "text");
        assert_int_equal(wd_json_is_plain(value), cases[i].plain);
        assert_int_equal(known.c1, cases[i].c1);
        assert_int_equal(known.lines, cases[i].lines);
        /* The lines are those that a search finds. */
        struct wd_slice text = wd_json_member_text(value, NULL);
        struct wd_json_lines lines = wd_json_lines_of(&known, text);
        struct wd_slice line = WD_SLICE_NONE;
        size_t begin = 0;
        while (wd_json_next_line(&lines, &line)) {
            const char *feed = memchr(text.data + begin, '\n', text.len - begin);
            size_t end = feed ? (size_t)(feed - text.data) : text.len;
            assert_ptr_equal(line.data, text.data + begin);
            assert_int_equal(line.len, end - begin);
            begin = end + 1;
        }
        assert_true(begin >= text.len);
        wd_buffer_finish(&out);
    }
}

static void head_keys(void **state)
{
    static const struct wd_slice names[] = {WD_SLICE("etag"), WD_SLICE("altids")};
    (void)state;
    assert_int_equal(wd_json_head_keys(WD_SLICE("{\"altids\" :{\"etag\":\"x\"}}"), names, 2), 3);
    /* A text is no key, nor is what stands behind an escaped quote. */
    assert_int_equal(
        wd_json_head_keys(WD_SLICE("{\"a\":\"altids\",\"b\":\"\\\"etag\\\":\"}"), names, 2), 0);
    assert_int_equal(wd_json_head_keys(WD_SLICE("{\"altids"), names, 2), 0);
    assert_int_equal(wd_json_head_keys(WD_SLICE("{\"altids\""), names, 2), 0);
    assert_int_equal(wd_json_head_keys(WD_SLICE("{\"a\\"), names, 2), 0);
    assert_int_equal(wd_json_head_keys(WD_SLICE_NONE, names, 2), 0);
}

/* Wherever it stands, and cut off. */
static void head_has(void **state)
{
    char text[128];
    (void)state;
    for (size_t at = 0; at + 8 <= sizeof(text); at++) {
        memset(text, '"', sizeof(text));
        memcpy(text + at, "\"altids\"", 8);
        assert_true(wd_json_head_has(wd_slice_make(text, sizeof(text)), WD_SLICE("\"altids\"")));
        assert_true(wd_json_head_has(wd_slice_make(text, at + 8), WD_SLICE("\"altids\"")));
        assert_false(wd_json_head_has(wd_slice_make(text, at + 7), WD_SLICE("\"altids\"")));
        assert_false(wd_json_head_has(wd_slice_make(text, sizeof(text)), WD_SLICE("\"altidz\"")));
    }
    assert_false(wd_json_head_has(WD_SLICE_NONE, WD_SLICE("\"altids\"")));
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
    written(WD_SLICE_NONE, "\"\"");
    written(WD_SLICE("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    written(WD_SLICE("\b\f\n\r\t\x01\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
    written(WD_SLICE("caf\xC3\xA9 \xF0\x9F\x93\xB0"), "\"caf\xC3\xA9 \xF0\x9F\x93\xB0\"");
    written(WD_SLICE("0123456789abcdef0123456789abcde\""),
            "\"0123456789abcdef0123456789abcde\\\"\"");
}

/* A character that needs an escape at every place of texts of every length around the writer's steps. */
static void strings_of_every_length(void **state)
{
    enum { LEN_MAX = 70 };
    static const struct {
        char c;
        const char *escaped;
    } specials[] = {
        {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\x1f', "\\u001f"}, {'\0', "\\u0000"}};
    (void)state;
    for (size_t len = 1; len <= LEN_MAX; len++) {
        for (size_t i = 0; i < len * sizeof(specials) / sizeof(specials[0]); i++) {
            size_t at = i % len;
            size_t which = i / len;
            char text[LEN_MAX];
            char want[LEN_MAX + 16];
            memset(text, '\xE9', len); /* not ASCII: never mistaken for a control character */
            text[at] = specials[which].c;
            (void)snprintf(want, sizeof(want), "\"%.*s%s%.*s\"", (int)at, text,
                           specials[which].escaped, (int)(len - at - 1), text + at + 1);
            written(wd_slice_make(text, len), want);
        }
    }
    written(WD_SLICE("\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""),
            "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\"");
}

static void keys(void **state)
{
    (void)state;
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_json_write_key(&out, NULL); /* the first of all: no comma */
    wd_buffer_append_byte(&out, '{');
    wd_json_write_member(&out, "a", WD_SLICE("1"));
    wd_json_write_member(&out, "absent", WD_SLICE_NONE);
    wd_json_write_key(&out, "list");
    wd_buffer_append_byte(&out, '[');
    for (int i = 0; i < 3; i++) {
        wd_json_write_key(&out, NULL);
        wd_buffer_append_integer(&out, i);
    }
    wd_buffer_append_slice(&out, WD_SLICE("]"));
    wd_json_write_member(&out, "b", WD_SLICE("2"));
    wd_buffer_append_byte(&out, '}');
    assert_slice_equal(wd_buffer_slice(&out), "{\"a\":\"1\",\"list\":[0,1,2],\"b\":\"2\"}");
    wd_buffer_finish(&out);
}

/* The mask of an object's keys may only say "absent" of what is absent. */
static void key_bits(void **state)
{
    static const char *const names[] = {"", "a", "uri", "headline", "body_text", "caf\xC3\xA9"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        uint64_t bit = wd_json_key_bit(names[i], strlen(names[i]));
        assert_true(bit != 0 && (bit & (bit - 1)) == 0);
        char copy[16];
        memcpy(copy, names[i], strlen(names[i]));
        assert_true(bit == wd_json_key_bit(copy, strlen(names[i])));
    }
    assert_true(wd_json_key_bit("uri", 3) != wd_json_key_bit("url", 3)); /* the last byte counts */
    assert_true(wd_json_key_bit("by", 2) != wd_json_key_bit("bby", 3));  /* so does the length */
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),   cmocka_unit_test(values),
        cmocka_unit_test(lengths),   cmocka_unit_test(repeated_keys),
        cmocka_unit_test(memory),    cmocka_unit_test(what_strings_hold),
        cmocka_unit_test(head_keys), cmocka_unit_test(head_has),
        cmocka_unit_test(depth),     cmocka_unit_test(strings),
        cmocka_unit_test(numbers),   cmocka_unit_test(strings_of_every_length),
        cmocka_unit_test(keys),      cmocka_unit_test(key_bits)};
    arena = wd_arena_create(64 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    wd_arena_destroy(arena);
    return failed;
}
