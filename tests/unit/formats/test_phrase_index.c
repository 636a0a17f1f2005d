/* The index that rules phrases out never rules one out that is there: held against a comparison of every phrase at every
 * place, over texts that are made of the phrases' own pieces. */
#include "test.h"

#include "phrase_index.h"
#include "text.h"

enum { TEXTS = 20000, PIECES_MAX = 12, TEXT_BYTES_MAX = 512, TOLD_BY_MOST = 4 };

static const struct wd_slice phrases[] = {
    WD_SLICE("kill is mandatory"),
    WD_SLICE("kill"),
    WD_SLICE("killed"),
    WD_SLICE("no pickup"),
    WD_SLICE("d'annuler"),
    WD_SLICE("d\u2019annuler"),
    WD_SLICE("\u00E8 annullat"),
    WD_SLICE("do not publish"),
    WD_SLICE("do not publish until"),
    WD_SLICE("Eds.:"),
    WD_SLICE("ZUR\u00DCCK"),
    WD_SLICE("item"),
};
enum { PHRASES = sizeof(phrases) / sizeof(phrases[0]) };

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* Phrases, whole or cut, in any case, with what may stand between words or nothing. */
static size_t make_text(char *text, uint64_t *seed)
{
    static const char *const between[] = {" ",      "",  "-",      "'",  ".",
                                          "\u201C", "1", "\u00E9", "\n", "@[`{"};
    size_t len = 0;
    unsigned pieces = next_random(seed) % PIECES_MAX;
    for (unsigned i = 0; i < pieces; i++) {
        struct wd_slice piece = phrases[next_random(seed) % PHRASES];
        size_t cut = next_random(seed) % 4 == 0 ? next_random(seed) % 4 : 0;
        bool upper = next_random(seed) % 3 == 0;
        for (size_t j = 0; j + cut < piece.len; j++) {
            char c = piece.data[j];
            bool small = c >= 'a' && c <= 'z';
            text[len++] = upper && small ? (char)(c - 'a' + 'A') : c;
        }
        const char *mark = between[next_random(seed) % (sizeof(between) / sizeof(between[0]))];
        size_t mark_len = strlen(mark);
        memcpy(text + len, mark, mark_len);
        len += mark_len;
    }
    assert_true(len <= TEXT_BYTES_MAX);
    return len;
}

/* The phrases that stand at the beginning, as bits: all of them looked at, or those that the index names. */
static uint32_t all_there(struct wd_slice text)
{
    uint32_t found = 0;
    for (size_t i = 0; i < PHRASES; i++)
        found |= (uint32_t)wd_text_starts_ascii_case(text, phrases[i]) << i;
    return found;
}

static uint32_t named_there(const struct wd_phrase_index *index, struct wd_slice text)
{
    uint32_t found = 0;
    size_t last = 0;
    unsigned next = wd_phrase_index_first(index, text);
    for (; next > 0; next = wd_phrase_index_next(index, next - 1)) {
        assert_true(next > last); /* in the order in which they were added */
        last = next;
        found |= (uint32_t)wd_text_starts_ascii_case(text, phrases[next - 1]) << (next - 1);
    }
    return found;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static void nothing_is_missed(void **state)
{
    char bytes[TEXT_BYTES_MAX];
    uint64_t seed = 26;
    size_t hits = 0;
    (void)state;
    for (size_t told_by = 3; told_by <= TOLD_BY_MOST; told_by++) {
        struct wd_phrase_index index;
        wd_phrase_index_init(&index, told_by);
        for (size_t i = 0; i < PHRASES; i++)
            wd_phrase_index_add(&index, i, phrases[i]);
        for (int i = 0; i < TEXTS; i++) {
            struct wd_slice text = {bytes, make_text(bytes, &seed)};
            for (size_t at = 0; at <= text.len; at++) {
                struct wd_slice rest = wd_slice_from_offset(text, at);
                uint32_t there = all_there(rest);
                hits += there != 0;
                assert_int_equal(named_there(&index, rest), there);
            }
        }
    }
    assert_true(hits > TEXTS); /* or the texts were no test */
}

static void every_word_is_looked_at(void **state)
{
    char bytes[TEXT_BYTES_MAX];
    uint64_t seed = 11;
    size_t words = 0;
    struct wd_phrase_index index;
    (void)state;
    wd_phrase_index_init(&index, TOLD_BY_MOST);
    for (size_t i = 0; i < PHRASES; i++)
        wd_phrase_index_add(&index, i, phrases[i]);
    for (int i = 0; i < TEXTS; i++) {
        struct wd_slice text = {bytes, make_text(bytes, &seed)};
        struct wd_phrase_places places;
        size_t at = 0;
        wd_phrase_places_init(&places, text);
        bool more = wd_phrase_places_next(&index, &places, &at);
        for (size_t j = 0; j < text.len; j++) {
            bool begins = is_letter(bytes[j]) && (j == 0 || !is_letter(bytes[j - 1]));
            if (!begins || !wd_phrase_index_first(&index, wd_slice_from_offset(text, j)))
                continue;
            assert_true(more);
            assert_int_equal(at, j);
            words++;
            more = wd_phrase_places_next(&index, &places, &at);
        }
        assert_false(more);
    }
    assert_true(words > TEXTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_missed),
        cmocka_unit_test(every_word_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
