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
    const struct wd_slice parts[] = {WD_SLICE("a"), WD_SLICE_NONE, WD_SLICE("bc"), WD_SLICE("d")};
    struct wd_slice all = wd_arena_join_all(arena, parts, 4);
    assert_slice_equal(all, "abcd");
    assert_int_equal(all.data[all.len], '\0');
    assert_int_equal(wd_arena_join_all(arena, parts, 0).len, 0);
    assert_non_null(wd_arena_join_all(arena, parts, 0).data);
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
    const struct wd_slice twice[] = {part, part};
    assert_null(wd_arena_join_all(arena, twice, 2).data);
    assert_null(wd_arena_join(arena, part, part).data); /* more than the arena may have */
    assert_non_null(wd_arena_join(arena, part, WD_SLICE_NONE).data);
    wd_arena_destroy(arena);
}

static void go_back(void **state)
{
    (void)state;
    enum { LARGE = 300 * 1024 };
    struct wd_arena *arena = wd_arena_create(1 << 20);
    assert_non_null(arena);
    struct wd_arena_mark nothing = wd_arena_mark(arena);
    struct wd_slice kept = wd_arena_copy(arena, WD_SLICE("kept"));
    struct wd_arena_mark mark = wd_arena_mark(arena);
    size_t used = wd_arena_used(arena);
    size_t held = wd_arena_held(arena);
    for (int i = 0; i < 10; i++) { /* more than it may have at once */
        assert_non_null(wd_arena_alloc(arena, LARGE));
        assert_non_null(wd_arena_alloc(arena, LARGE));
        wd_arena_go_back(arena, mark);
        assert_int_equal(wd_arena_used(arena), used);
        assert_int_equal(wd_arena_held(arena), held);
    }
    assert_slice_equal(kept, "kept");
    assert_slice_equal(wd_arena_copy(arena, WD_SLICE("next")), "next");
    assert_slice_equal(kept, "kept");
    assert_false(wd_arena_is_full(arena));
    assert_null(wd_arena_alloc(arena, 4 * LARGE));
    assert_true(wd_arena_is_full(arena));
    wd_arena_go_back(arena, nothing);
    assert_int_equal(wd_arena_held(arena), 0);
    wd_arena_reset(arena);
    assert_false(wd_arena_is_full(arena));
    wd_arena_destroy(arena);
}

#define SAME(arena, ...)                                                                           \
    do {                                                                                           \
        char expected[300];                                                                        \
        (void)snprintf(expected, sizeof(expected), __VA_ARGS__);                                   \
        assert_slice_equal(wd_arena_printf(arena, __VA_ARGS__), expected);                         \
    } while (0)

/* What is formatted by ourselves reads as printf writes it, and so does all else. */
static void prints_like_printf(void **unused)
{
    static const double shares[] = {0,    1,     0.005, 0.015, 0.125, 0.994999, 0.995, 0.9951,
                                    9.99, 9.989, 9.994, 9.999, 0.375, 2.5,      10,    -0.0,
                                    -1,   1e20,  0.07,  0.29,  0.57,  1.115};
    (void)unused;
    struct wd_arena *arena = wd_arena_create(1 << 26);
    assert_non_null(arena);
    SAME(arena, "nothing");
    SAME(arena, "%s", "");
    SAME(arena, "%d%% of %.*s from %s (%u)", -7, 3, "abcdef", "x", 4000000000u);
    SAME(arena, "%.*s|%.*s|%.*s", 0, "abc", 9, "a\0b", -1, "all");
    SAME(arena, "%5d %zu %lld %x %g %s", 42, (size_t)1 << 40, -1LL, 255u, 0.1, "end");
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
        SAME(arena, "(probability %.2f)", shares[i]);
    for (int i = 0; i <= 10000; i++)
        SAME(arena, "%.2f", i / 10000.0);
    for (int i = 0; i < 5000; i++) /* over the borders of chunks */
        SAME(arena, "%s %d", "some words that are always the same ones, and a number:", i);
    wd_arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_like_printf), cmocka_unit_test(integers), cmocka_unit_test(joined),
        cmocka_unit_test(join_without_room), cmocka_unit_test(go_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
