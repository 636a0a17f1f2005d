#include "headline_prefix.h"
#include "test.h"

#include "story.h"

static void utf8(void **state)
{
    static const struct {
        const char *bytes;
        size_t len, bad;
    } faults[] = {{"abc\xC0\x80", 5, 3},       {"\xED\xA0\x80", 3, 0}, {"x\xF4\x90\x80\x80", 5, 1},
                  {"12345678\xE2\x82", 10, 8}, {"\x80", 1, 0},         {"\xE0\x80\xAF", 3, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        size_t bad = 99;
        assert_false(wd_utf8_valid(wd_slice_make(faults[i].bytes, faults[i].len), &bad));
        assert_int_equal(bad, faults[i].bad);
    }
    assert_true(wd_utf8_valid(
        WD_SLICE("Caf\xC3\xA9 \xE2\x80\x9Cquoted\xE2\x80\x9D \xF0\x9F\x93\xB0"), NULL));
    assert_int_equal(wd_utf8_count(WD_SLICE("Caf\xC3\xA9")), 4);
    assert_slice_equal(wd_utf8_cut(WD_SLICE("Caf\xC3\xA9"), 4), "Caf");
    assert_slice_equal(wd_utf8_cut(WD_SLICE("Caf\xC3"), 9), "Caf");
}

/* The same wherever it stands in a longer text, whatever stands around it: texts are read in blocks. */
static void utf8_in_blocks(void **state)
{
    enum { AROUND_MAX = 70, TEXT_BYTES_MAX = 3 * AROUND_MAX };
    static const struct wd_slice pieces[] = {
        WD_SLICE("\xC3\xA9"),
        WD_SLICE("\xE2\x80\x9C"),
        WD_SLICE("\xF0\x9F\x93\xB0"),
        WD_SLICE("\xEF\xBF\xBD"),
        WD_SLICE("\xED\x9F\xBF"),
        WD_SLICE("\xF4\x8F\xBF\xBF"),
        WD_SLICE("\xC3("),
        WD_SLICE("\xC0\x80"),
        WD_SLICE("\x80"),
        WD_SLICE("\xE0\x80\xAF"),
        WD_SLICE("\xED\xA0\x80"),
        WD_SLICE("\xF4\x90\x80\x80"),
        WD_SLICE("\xF0\x80\x80\x80"),
        WD_SLICE("\xE2\x80"),
        WD_SLICE("\xFF"),
    };
    enum { GOOD = 6, PIECES = sizeof(pieces) / sizeof(pieces[0]) };
    static const char *const fillers[] = {"a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x93\xB0"};
    (void)state;
    for (size_t i = 0; i < (size_t)PIECES * AROUND_MAX * 4; i++) {
        struct wd_slice piece = pieces[i % PIECES];
        const char *filler = fillers[i / PIECES % 4];
        size_t around = i / PIECES / 4;
        char text[TEXT_BYTES_MAX];
        size_t before = 0;
        while (before + strlen(filler) <= around) {
            memcpy(text + before, filler, strlen(filler));
            before += strlen(filler);
        }
        memcpy(text + before, piece.data, piece.len);
        memset(text + before + piece.len, 'z', AROUND_MAX);
        for (size_t after = 0; after < AROUND_MAX; after += 7) {
            size_t bad = 0;
            struct wd_slice all = {text, before + piece.len + after};
            assert_int_equal(wd_utf8_valid(all, &bad), i % PIECES < GOOD);
            if (i % PIECES >= GOOD)
                assert_int_equal(bad, before);
        }
    }
}

static void normalized(const char *text, const char *want)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_text_append_normalized(&out, wd_slice_from(text));
    assert_true(wd_buffer_ok(&out));
    assert_slice_equal(wd_buffer_slice(&out), want);
    wd_buffer_finish(&out);
}

static void normalisation(void **state)
{
    (void)state;
    normalized("It\xE2\x80\x99s the \xE2\x80\x9C"
               "Caf\xC3\xA9\xE2\x80\x9D\xE2\x80\x94O'Brien said:",
               "its the caf\xC3\xA9 obrien said");
    normalized("Cafe\xCC\x81", "caf\xC3\xA9"); /* a combining accent */
    normalized("\xEF\xAC\x81ne", "fine");      /* a ligature */
    normalized("soft\xC2\xADhyphen", "softhyphen");
    normalized("  a--b \n c ", "a b c");
    normalized("STRASSE stra\xC3\x9F"
               "e",
               "strasse strasse");
    normalized("'quoted' words'", "quoted words");
    normalized("...", "");
}

static void put_marks(struct wd_buffer *out, const char *letter, unsigned acutes, const char *last)
{
    wd_buffer_append_slice(out, wd_slice_from(letter));
    for (unsigned i = 0; i < acutes; i++)
        wd_buffer_append_slice(out, WD_SLICE("\xCC\x81"));
    wd_buffer_append(out, last, strlen(last) + 1);
}

/* A letter's marks are sorted, but not more than thirty of them: sorting takes ICU the square of their number. */
static void marks_without_end(void **state)
{
    (void)state;
    struct wd_buffer in;
    struct wd_buffer want;
    wd_buffer_init(&in);
    wd_buffer_init(&want);
    put_marks(&in, "a", 29, "\xCC\xA3");
    put_marks(&want, "\xE1\xBA\xA1", 29, "");
    normalized(in.data, want.data);
    wd_buffer_clear(&in);
    wd_buffer_clear(&want);
    put_marks(&in, "a", 40, "\xCC\xA3");
    put_marks(&want, "\xC3\xA1", 29, "\xCC\xA3");
    want.len--;
    put_marks(&want, "", 10, "");
    normalized(in.data, want.data);
    wd_buffer_finish(&in);
    wd_buffer_finish(&want);
}

static void tokens(void **state)
{
    static const char *const want[] = {"O'Brien",      "in",           "Wilkes-Barre", "U.S.",
                                       "\xE6\x9D\xB1", "\xE4\xBA\xAC", "3.5",          "end"};
    struct wd_slice text =
        WD_SLICE("O'Brien in Wilkes-Barre, U.S. \xE6\x9D\xB1\xE4\xBA\xAC 3.5 (end.)");
    size_t position = 0;
    struct wd_token token;
    (void)state;
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        assert_true(wd_text_next_token(text, &position, &token));
        assert_slice_equal(wd_slice_make(text.data + token.begin, token.end - token.begin),
                           want[i]);
    }
    assert_false(wd_text_next_token(text, &position, &token));
}

static void lines(void **state)
{
    struct wd_slice rest = WD_SLICE("one\r\ntwo\n\nthree\rfour");
    static const char *const want[] = {"one", "two", "", "three", "four"};
    struct wd_slice line;
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        assert_true(wd_text_next_line(&rest, &line));
        assert_slice_equal(line, want[i]);
    }
    assert_false(wd_text_next_line(&rest, &line));
    assert_slice_equal(wd_text_trim(WD_SLICE("\xEF\xBB\xBF \xC2\xA0 x y\t\xC2\xA0\n")), "x y");
}

static void arena(void **state)
{
    struct wd_arena *memory = wd_arena_create(100000);
    (void)state;
    char *first = wd_arena_alloc(memory, 10);
    memcpy(first, "123456789", 10);
    char *grown = wd_arena_realloc(memory, first, 10, 5000);
    assert_ptr_equal(grown, first); /* it was the last one */
    assert_non_null(wd_arena_alloc(memory, 40000));
    char *moved = wd_arena_realloc(memory, grown, 5000, 6000);
    assert_true(moved != grown);
    assert_string_equal(moved, "123456789");
    assert_null(wd_arena_alloc(memory, 90000)); /* over the limit */
    assert_null(wd_arena_calloc(memory, SIZE_MAX / 2, 4));
    wd_arena_reset(memory);
    assert_int_equal(wd_arena_used(memory), 0);
    assert_slice_equal(wd_arena_printf(memory, "%d-%s", 7, "x"), "7-x");
    wd_arena_destroy(memory);
}

static void story(void **state)
{
    struct wd_story *one = wd_story_create(1 << 20);
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(wd_story_add_paragraph(one, WD_SLICE("p")), WD_OK);
    assert_int_equal(one->paragraph_count, 100);
    assert_true(wd_story_add_concept(one, &one->subjects)->relevance < 0);
    one->published = wd_time_from_ms(2000);
    one->updated = wd_time_from_ms(1000);
    one->received = wd_time_from_ms(1500);
    wd_story_check_times(one, 100);
    assert_int_equal(one->flags, WD_FLAG_UPDATED_BEFORE_PUBLISHED | WD_FLAG_TIME_IN_FUTURE);
    for (int i = 0; i < WD_MEDIA_MAX; i++)
        assert_non_null(wd_story_add_media(one));
    assert_null(wd_story_add_media(one));
    wd_story_reset(one);
    assert_int_equal(one->paragraph_count + one->flags + one->media_count, 0);
    wd_story_destroy(one);
    assert_string_equal(wd_status_name(WD_TOO_DEEP), "too_deep");
    enum wd_update_kind kind = WD_UPDATE_UNKNOWN;
    assert_true(wd_update_kind_from_name(WD_SLICE("kill"), &kind));
    assert_int_equal(kind, WD_UPDATE_KILL);
    assert_false(wd_update_kind_from_name(WD_SLICE("killed"), &kind));
}

static void headline_prefixes(void **state)
{
    static const struct {
        const char *headline;
        size_t len;
    } cases[] = {
        {"CORRECTED-UPDATE 2-Norvik Bank cuts rates", 19},
        {"UPDATE 1-Norvik Bank cuts rates", 9},
        {"CORRECTED (OFFICIAL)-Norvik Bank cuts rates", 21},
        {"FACTBOX-Norvik Bank's rates", 8},
        {"RPT-UPDATE 3-Norvik Bank cuts rates", 13},
        {"US-China trade talks resume", 0},
        {"UPDATE: Norvik Bank cuts rates", 8},
        {"KILL: UPDATE 2-Norvik Bank cuts rates", 15},
        {"UPDATE:", 0},
        {"KILL - Norvik Bank cuts rates", 7},
        {"FOCUS - a magazine for men", 0},
        {"URGENT Norvik Bank cuts rates", 7},
        {"URGENT NORVIK BANK CUTS RATES", 0},
        {"MANDATORY KILL: Norvik Bank cuts rates", 16},
        {"Kill: Norvik Bank cuts rates", 0},
        {"LIVELY-looking market", 0},
        {"FOCUS", 0},
        {"FOCUS-", 0},
        {"CORRECTED (OFFICIAL", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(wd_headline_prefix_len(wd_slice_from(cases[i].headline)), cases[i].len);
}

static void marks_in_any_language(void **state)
{
    static const struct {
        const char *headline;
        size_t len;
    } cases[] = {
        {"ANULACI\u00D3N: Norvik Bank baja los tipos", 12},
        {"Storno: Norvik Bank senkt die Zinsen", 8},
        {"ANNULATION - Norvik Bank baisse ses taux", 13},
        {"[Korr] Norvik Bank senkt die Zinsen", 7},
        {"(CORR): Norvik Bank cuts rates", 8},
        {"CORRECTED-Norvik Bank cuts rates", 10},
        {"Norvik Bank: rates are cut", 0},
        {"Norvik Bank cuts rates", 0},
        {"(Norvik Bank cuts rates", 0},
        {": ", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(wd_headline_mark_len(wd_slice_from(cases[i].headline)), cases[i].len);
}

static void pieces_of_their_own(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "FACTBOX-Norvik Bank's rates", "RPT-FACTBOX-Norvik Bank's rates",
        "Factbox: Norvik Bank's rates", "Timeline: Norvik Bank", "HINTERGRUND: Die Norvik Bank"};
    static const char *const others[] = {"UPDATE 2-Norvik Bank cuts rates",
                                         "Norvik Bank cuts rates",
                                         "Analysis of Norvik Bank's rates",
                                         "Factbox",
                                         "FACTBOX-",
                                         "",
                                         "Poll-driven politics"};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
        assert_true(wd_headline_names_piece(wd_slice_from(pieces[i])));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(wd_headline_names_piece(wd_slice_from(others[i])));
}

static void any_of_a_list(void **state)
{
    static const char *const words[] = {"kill", "hold", NULL};
    (void)state;
    assert_true(wd_text_equal_any(WD_SLICE("Hold"), words));
    assert_false(wd_text_equal_any(WD_SLICE("holds"), words));
    assert_true(wd_text_starts_any(WD_SLICE("Holds"), words));
    assert_false(wd_text_starts_any(WD_SLICE("withhold"), words));
    assert_true(wd_text_contains_any(WD_SLICE("a withhold"), words));
    assert_false(wd_text_contains_any(WD_SLICE("hol"), words));
    assert_false(wd_text_contains_any(WD_SLICE_NONE, words));
}

/* Each byte at each place of three blocks, and no other. */
static void controls(void **state)
{
    enum { BYTES = 3 * 64 - 7 };
    char bytes[BYTES];
    (void)state;
    for (int c = 0; c < 256; c++) {
        bool control = (c < 0x20 && !(c >= 0x09 && c <= 0x0D)) || c == 0x7F;
        for (size_t at = 0; at < BYTES; at++) {
            memset(bytes, 'a', sizeof(bytes));
            bytes[at] = (char)c;
            struct wd_slice text = {bytes, BYTES};
            assert_int_equal(wd_text_find_control(text, 0), control ? at : BYTES);
            assert_int_equal(wd_text_find_control(text, at), control ? at : BYTES);
            assert_int_equal(wd_text_find_control(text, at + 1), BYTES);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_of_a_list),
                                       cmocka_unit_test(controls),
                                       cmocka_unit_test(headline_prefixes),
                                       cmocka_unit_test(pieces_of_their_own),
                                       cmocka_unit_test(marks_in_any_language),
                                       cmocka_unit_test(utf8),
                                       cmocka_unit_test(utf8_in_blocks),
                                       cmocka_unit_test(normalisation),
                                       cmocka_unit_test(marks_without_end),
                                       cmocka_unit_test(tokens),
                                       cmocka_unit_test(lines),
                                       cmocka_unit_test(arena),
                                       cmocka_unit_test(story)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
