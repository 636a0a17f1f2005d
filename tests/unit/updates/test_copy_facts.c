/* Numbers, names, times and quotations of a sentence, and whether they stand in other copy: by hand, and against
 * the plain definition, word by word, over sentences made of everything that joins and ends words. */
#include "test.h"

#include "copy_facts.h"
#include "fact_search.h"
#include "time_words.h"

#include <stdlib.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

struct facts {
    struct wd_fact items[WD_FACTS_MAX];
    size_t count;
};

static const char *const pieces[] = {
    "a",  "the",  "Anna", "B",      "U.S.",   "O'Hara", "Ann-Kathrin", "in-Law", "Monday", "sunday",
    "1",  "12",   "1,2",  "3.5",    "10:",    "/",      "-",           ".",      "'",      ",",
    " ",  " ",    " ",    " ",      "  ",     "\"",     "(",           "B2B",    "x9",     "7th",
    "\n", "é",    "É",    "Ö",      "’",      "“",      "”",           "„",      "«",      "»",
    "「", "」",   "北",   "京",     "ท",      "\u0130", "\U00010400",  "—",      "１",     "Ａ",
    "ǅ",  "Иван", "да",   "\u00a0", "\u200d", "e.g.",   "A.B",         "Q",      "Zz",     "0",
};

/* `ascii`: without those that are not. */
static size_t write_sentence(char *out, size_t count, bool ascii)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))];
        if (ascii && (unsigned char)piece[0] >= 0x80)
            continue;
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

static bool is_capital(struct wd_slice word)
{
    UChar units[256];
    int32_t len = 0;
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(units, 256, &len, word.data, (int32_t)word.len, &code);
    assert_true(U_SUCCESS(code));
    UChar32 point =
        len > 1 && U16_IS_LEAD(units[0]) ? U16_GET_SUPPLEMENTARY(units[0], units[1]) : units[0];
    return u_isupper(point) || u_istitle(point);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t number_end(struct wd_slice text, size_t end)
{
    while (end + 1 < text.len && strchr(",.:/-", text.data[end]) && text.data[end] &&
           is_digit(text.data[end + 1])) {
        end++;
        while (end < text.len && is_digit(text.data[end]))
            end++;
    }
    return end;
}

static void put(struct facts *facts, enum wd_change_fact kind, struct wd_slice text)
{
    if (facts->count < WD_FACTS_MAX)
        facts->items[facts->count++] = (struct wd_fact){.kind = kind, .text = text};
}

/* Words with nothing but blanks between, all of them with a capital. */
struct run {
    struct wd_slice text;
    unsigned words;
    bool front;
};

static void end_run(struct facts *facts, struct run *run)
{
    if (run->words == 1 && wd_time_word_is_day(run->text))
        put(facts, WD_FACT_TIME, run->text);
    else if (run->words > (run->front ? 1u : 0u))
        put(facts, WD_FACT_NAME, run->text);
    run->words = 0;
}

static bool is_blank(const char *begin, const char *end)
{
    while (begin < end && *begin == ' ')
        begin++;
    return begin == end;
}

/* The definition: every word in its turn. Quotations are not looked for. */
static void define_facts(struct wd_slice text, struct facts *facts)
{
    struct run run = {0};
    struct wd_token token;
    size_t position = 0;
    facts->count = 0;
    for (bool first = true; wd_text_next_token(text, &position, &token); first = false) {
        struct wd_slice word = wd_slice_make(text.data + token.begin, token.end - token.begin);
        if (is_digit(word.data[0])) {
            end_run(facts, &run);
            position = number_end(text, position);
            put(facts, WD_FACT_NUMBER, wd_slice_make(word.data, position - token.begin));
        } else if (!is_capital(word)) {
            end_run(facts, &run);
        } else {
            if (run.words > 0 && !is_blank(run.text.data + run.text.len, word.data))
                end_run(facts, &run);
            if (run.words == 0)
                run = (struct run){word, 0, first};
            run.text.len = (size_t)(word.data + word.len - run.text.data);
            run.words++;
        }
    }
    end_run(facts, &run);
}

static void assert_same(const struct facts *want, const struct facts *got, struct wd_slice text)
{
    size_t i = 0;
    while (i < want->count && i < got->count && want->items[i].kind == got->items[i].kind &&
           want->items[i].text.data == got->items[i].text.data &&
           want->items[i].text.len == got->items[i].text.len)
        i++;
    if (i < want->count)
        print_error("fact %zu, \"%.*s\", of \"%.*s\"\n", i, WD_SLICE_ARG(want->items[i].text),
                    WD_SLICE_ARG(text));
    assert_int_equal(i, want->count);
}

static void as_defined(void **state)
{
    enum { ROUNDS = 120000, PIECES_MAX = 160 };
    (void)state;
    srand(11);
    for (int round = 0; round < ROUNDS; round++) {
        char text[PIECES_MAX * 16];
        struct facts want;
        struct facts got;
        size_t len = write_sentence(text, (size_t)rand() % PIECES_MAX, round % 2 == 0);
        struct wd_slice sentence = wd_slice_make(text, len);
        define_facts(sentence, &want);
        got.count = wd_facts_of(sentence, got.items);
        for (size_t i = 0; i < got.count; i++) /* quotations come last */
            got.count = got.items[i].kind == WD_FACT_QUOTATION ? i : got.count;
        assert_same(&want, &got, sentence);
        assert_int_equal(want.count, got.count);
        got.count = wd_facts_of_plain(sentence, got.items);
        assert_same(&want, &got, sentence);
#ifdef WD_AVX2
        if (wd_has_avx2()) {
            got.count = wd_facts_of_avx2(sentence, got.items);
            assert_same(&want, &got, sentence);
        }
#endif
    }
}

static void of_one_sentence(void **state)
{
    static const struct {
        enum wd_change_fact kind;
        const char *text;
    } facts[] = {
        {WD_FACT_NAME, "U.S."},     {WD_FACT_NAME, "Ana O'Brook"},
        {WD_FACT_NUMBER, "1,200"},  {WD_FACT_NAME, "B"},
        {WD_FACT_TIME, "Monday"},   {WD_FACT_NUMBER, "10:30"},
        {WD_FACT_NAME, "Élan Été"}, {WD_FACT_NAME, "Halden-Vik"},
        {WD_FACT_NUMBER, "7"},      {WD_FACT_QUOTATION, "we know,"},
        {WD_FACT_QUOTATION, "all"},
    };
    struct facts got;
    (void)state;
    got.count = wd_facts_of(
        WD_SLICE("The mother-In-law of the U.S. envoy, Ana O'Brook, said 1,200B on Monday at "
                 "10:30 in Élan Été, \"we know,\" and Halden-Vik has 7 \"all"),
        got.items);
    assert_int_equal(got.count, sizeof(facts) / sizeof(facts[0]));
    for (size_t i = 0; i < got.count; i++) {
        assert_int_equal(got.items[i].kind, facts[i].kind);
        assert_true(wd_slice_is(got.items[i].text, facts[i].text));
    }
    assert_int_equal(wd_facts_of(WD_SLICE_NONE, got.items), 0);
    assert_int_equal(wd_facts_of_plain(WD_SLICE_NONE, got.items), 0);
}

static struct wd_fact fact_of(enum wd_change_fact kind, const char *text)
{
    return (struct wd_fact){.kind = kind, .text = wd_slice_from(text)};
}

static void stands_by_hand(void **state)
{
    static const struct {
        enum wd_change_fact kind;
        const char *text;
        bool there;
    } cases[] = {
        {WD_FACT_NUMBER, "12", false},       {WD_FACT_NUMBER, "120", true},
        {WD_FACT_NUMBER, "5", true},         {WD_FACT_NUMBER, "0", false},
        {WD_FACT_NUMBER, "20", false},       {WD_FACT_QUOTATION, "20 m", true},
        {WD_FACT_NAME, "Ana Brook", true},   {WD_FACT_NAME, "Brookline", false},
        {WD_FACT_NAME, "Donald", true},      {WD_FACT_NAME, "Éva", true},
        {WD_FACT_NAME, "Hald", true},        {WD_FACT_NAME, "Halden Ana", false},
        {WD_FACT_QUOTATION, "marks,", true},
    };
    const struct wd_slice copy[] = {
        WD_SLICE("McDonald and Ana Brook have 120 marks, he said to Éva"), WD_SLICE_NONE,
        WD_SLICE("5 of them in Halden"), WD_SLICE("Ana")};
    const struct wd_fact_copy in = {copy, sizeof(copy) / sizeof(copy[0])};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_fact fact = fact_of(cases[i].kind, cases[i].text);
        wd_fact_search(&fact, 1, &in);
        if (fact.there != cases[i].there)
            print_error("%s\n", cases[i].text);
        assert_true(fact.there == cases[i].there);
        wd_fact_search_plain(&fact, 1, &in);
        assert_true(fact.there == cases[i].there);
    }
}

/* Anywhere at all: the definition. */
static bool is_there(const struct wd_fact *fact, const struct wd_slice *copy, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at + fact->text.len <= copy[i].len; at++) {
            size_t end = at + fact->text.len;
            bool in_number = (at > 0 && is_digit(copy[i].data[at - 1])) ||
                             (end < copy[i].len && is_digit(copy[i].data[end]));
            if (memcmp(copy[i].data + at, fact->text.data, fact->text.len) == 0 &&
                (fact->kind != WD_FACT_NUMBER || !in_number))
                return true;
        }
    }
    return false;
}

/* Facts of some sentences, more than one sweep looks for. */
static void stands_as_defined(void **state)
{
    enum { ROUNDS = 300, PIECE_MAX = 40000, COPY_PIECES = 3, SENTENCES = 3 };
    static char text[COPY_PIECES][PIECE_MAX * 16];
    static char sentences[SENTENCES][64 * 16];
    size_t found = 0;
    size_t missed = 0;
    (void)state;
    srand(12);
    for (int round = 0; round < ROUNDS; round++) {
        struct wd_slice copy[COPY_PIECES];
        struct wd_fact facts[SENTENCES * WD_FACTS_MAX];
        struct wd_fact plain[SENTENCES * WD_FACTS_MAX];
        size_t count = 0;
        for (size_t i = 0; i < COPY_PIECES; i++) {
            size_t most = round % 100 == 99 ? PIECE_MAX : 200;
            copy[i] = wd_slice_make(text[i], write_sentence(text[i], (size_t)rand() % most, false));
        }
        for (size_t i = 0; i < SENTENCES; i++) {
            size_t len = write_sentence(sentences[i], 60, round % 2 == 0);
            count += wd_facts_of(wd_slice_make(sentences[i], len), facts + count);
        }
        const struct wd_fact_copy in = {copy, COPY_PIECES};
        memcpy(plain, facts, count * sizeof(*facts));
        wd_fact_search(facts, count, &in);
        wd_fact_search_plain(plain, count, &in);
        for (size_t i = 0; i < count; i++) {
            bool there = is_there(&facts[i], copy, COPY_PIECES);
            assert_true(facts[i].there == there);
            assert_true(plain[i].there == there);
            found += there;
            missed += !there;
        }
#ifdef WD_AVX2
        if (wd_has_avx2()) {
            wd_fact_search_avx2(plain, count, &in);
            for (size_t i = 0; i < count; i++)
                assert_true(plain[i].there == facts[i].there);
        }
#endif
    }
    assert_true(found > 100 && missed > 100);
}

/* Processor time of a search for so many facts in a text made for it, which looks like all of them at all of its
 * places; the best of three. */
static double search_hostile(size_t count)
{
    enum { BYTES = 1 << 20, FACTS = 1024, FACT_BYTES = 40, TRIES = 3 };
    static char text[BYTES];
    static char fact_texts[FACTS][FACT_BYTES + 1];
    static struct wd_fact facts[FACTS];
    double best = 1e9;
    for (size_t i = 0; i < BYTES; i++)
        text[i] = i % 2 == 0 ? 'A' : '1';
    const struct wd_slice piece = wd_slice_make(text, BYTES);
    const struct wd_fact_copy in = {&piece, 1};
    for (int try = 0; try < TRIES; try++) {
        for (size_t i = 0; i < count; i++) {
            memcpy(fact_texts[i], text, FACT_BYTES);
            (void)snprintf(fact_texts[i] + FACT_BYTES - 4, 5, "%04zu", i);
            facts[i] = fact_of(WD_FACT_NAME, fact_texts[i]);
        }
        clock_t begun = clock();
        wd_fact_search(facts, count, &in);
        double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
        best = seconds < best ? seconds : best;
        for (size_t i = 0; i < count; i++)
            assert_false(facts[i].there);
    }
    return best;
}

/* After so many false looks no more are taken: 64 times the facts take but few times as long. */
static void hostile_copy(void **state)
{
    (void)state;
    double some = search_hostile(16);
    double many = search_hostile(1024);
    assert_true(many < 8 * some);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_defined),     cmocka_unit_test(of_one_sentence),
        cmocka_unit_test(stands_by_hand), cmocka_unit_test(stands_as_defined),
        cmocka_unit_test(hostile_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
