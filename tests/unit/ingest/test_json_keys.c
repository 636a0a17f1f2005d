/* Keys of large objects: what occurs twice is found, and keys that were made to collide cost no more than a sort. */
#include "test.h"

#include "json.h"
#include "json_keys.h"

#include <stdio.h>
#include <xxhash.h>

enum { KEYS = 50000, KEY_BYTES = 8, SLOTS = 131072, CROWDED = 512 };

static struct wd_arena *arena;
static yyjson_val *object;

static void read_object(const struct wd_buffer *text)
{
    struct wd_error error;
    wd_error_init(&error);
    wd_arena_reset(arena);
    assert_int_equal(wd_json_read(wd_buffer_slice(text), arena, &object, &error), WD_OK);
}

static size_t steps_of(struct wd_slice *repeated)
{
    struct wd_json_keys keys = {object + 1, unsafe_yyjson_get_len(object), arena};
    size_t steps = 0;
    assert_true(wd_json_keys_find_repeated(&keys, repeated, &steps));
    return steps;
}

/* An object of so many keys; `hostile`: their hashes begin the search in a few hundred of the slots. */
static void make(struct wd_buffer *text, bool hostile)
{
    char key[KEY_BYTES + 1];
    size_t count = 0;
    wd_buffer_append_byte(text, '{');
    for (unsigned i = 0; count < KEYS; i++) {
        (void)snprintf(key, sizeof(key), "%08x", i);
        if (hostile && (XXH3_64bits(key, KEY_BYTES) & (SLOTS - 1)) >= CROWDED)
            continue;
        wd_buffer_append_slice(text, count++ > 0 ? WD_SLICE(",\"") : WD_SLICE("\""));
        wd_buffer_append(text, key, KEY_BYTES);
        wd_buffer_append_slice(text, WD_SLICE("\":1"));
    }
    wd_buffer_append_byte(text, '}');
    assert_true(wd_buffer_ok(text));
}

static void honest(void **state)
{
    struct wd_buffer text;
    struct wd_slice repeated;
    (void)state;
    wd_buffer_init(&text);
    make(&text, false);
    read_object(&text);
    assert_int_equal(unsafe_yyjson_get_len(object), KEYS);
    assert_true(steps_of(&repeated) < (size_t)KEYS * 2);
    assert_null(repeated.data);
    wd_buffer_finish(&text);
}

static void hostile(void **state)
{
    struct wd_buffer text;
    struct wd_slice repeated;
    (void)state;
    wd_buffer_init(&text);
    make(&text, true);
    read_object(&text);
    size_t steps = steps_of(&repeated);
    assert_null(repeated.data);
    assert_true(steps > (size_t)KEYS * WD_JSON_KEY_STEPS / 2); /* they do collide */
    /* The pass that was given up, and a sort: log2(50,000) is 16. */
    assert_true(steps < (size_t)KEYS * (WD_JSON_KEY_STEPS + 1 + 16));
    wd_buffer_finish(&text);
}

/* The last key is an earlier one again: found on both ways, and named. */
static void repeated_among_them(void **state)
{
    static const bool ways[] = {false, true};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wd_buffer text;
        struct wd_error error;
        yyjson_val *root = NULL;
        wd_buffer_init(&text);
        make(&text, ways[i]);
        char first[KEY_BYTES + 1] = {0};
        memcpy(first, text.data + 2, KEY_BYTES);
        text.len--;
        wd_buffer_append_slice(&text, WD_SLICE(",\""));
        wd_buffer_append(&text, first, KEY_BYTES);
        wd_buffer_append_slice(&text, WD_SLICE("\":2}"));
        wd_error_init(&error);
        wd_arena_reset(arena);
        assert_int_equal(wd_json_read(wd_buffer_slice(&text), arena, &root, &error),
                         WD_DUPLICATE_KEY);
        assert_non_null(strstr(error.text, first));
        wd_buffer_finish(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(honest), cmocka_unit_test(hostile),
                                       cmocka_unit_test(repeated_among_them)};
    arena = wd_arena_create((size_t)1 << 30);
    int failed = arena ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    wd_arena_destroy(arena);
    return failed;
}
