/* Arenas and buffers: what everything that a story holds is made of. */
#include "test.h"

#include "arena.h"
#include "buffer.h"

static void check_integer(int64_t number, const char *want)
{
    char text[WD_INTEGER_TEXT_SIZE];
    struct wd_slice got = wd_integer_text(number, text);
    assert_slice_equal(got, want);
    assert_true(got.data >= text && got.data + got.len <= text + sizeof(text));
}

static void integers(void **state)
{
    (void)state;
    check_integer(0, "0");
    check_integer(7, "7");
    check_integer(-1, "-1");
    check_integer(10, "10");
    check_integer(99, "99");
    check_integer(-100, "-100");
    check_integer(1234567890123, "1234567890123");
    check_integer(INT64_MAX, "9223372036854775807");
    check_integer(INT64_MIN, "-9223372036854775808"); /* as many bytes as there are */
}

static void joined(void **state)
{
    (void)state;
    struct wd_arena *arena = wd_arena_create(1 << 20);
    assert_non_null(arena);
    struct wd_slice both = wd_arena_join(arena, WD_SLICE("urn:"), WD_SLICE("caf\xC3\xA9"));
    assert_slice_equal(both, "urn:caf\xC3\xA9");
    assert_int_equal(both.data[both.len], 0);
    assert_slice_equal(wd_arena_join(arena, WD_SLICE_NONE, WD_SLICE("b")), "b");
    assert_slice_equal(wd_arena_join(arena, WD_SLICE("a"), WD_SLICE_NONE), "a");
    struct wd_slice none = wd_arena_join(arena, WD_SLICE_NONE, WD_SLICE_NONE);
    assert_int_equal(none.len, 0);
    assert_non_null(none.data);                  /* empty, but not failed */
    assert_slice_equal(both, "urn:caf\xC3\xA9"); /* later ones stand elsewhere */
    wd_arena_destroy(arena);
}

static void join_without_room(void **state)
{
    (void)state;
    enum { HALF = 600 * 1024 };
    static char half[HALF];
    struct wd_arena *arena = wd_arena_create(1 << 20);
    assert_non_null(arena);
    struct wd_slice part = wd_slice_make(half, HALF);
    assert_null(wd_arena_join(arena, part, part).data); /* more than the arena may have */
    assert_non_null(wd_arena_join(arena, part, WD_SLICE_NONE).data);
    wd_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(integers), cmocka_unit_test(joined),
                                       cmocka_unit_test(join_without_room)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
