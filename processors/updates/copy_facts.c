#include "copy_facts.h"

#include "clones.h"
#include "time_words.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum {
    GRAM_BYTES = 2,
    HEAD_BITS = 9,
    PLACES_MAX = 16384,
    STEP = 16,
    BLOCK = 64,           /* bytes that AVX-512 looks at */
    FIRST_OF_MORE = 0xC0, /* first byte of characters that are not ASCII, from here on */
};

static void add(struct wd_facts *facts, enum wd_change_fact kind, const char *begin,
                const char *end)
{
    if (facts->count < WD_FACTS_MAX && end > begin) {
        facts->items[facts->count++] =
            (struct wd_fact){kind, wd_slice_make(begin, (size_t)(end - begin))};
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool joins_digits(char c)
{
    return c == ',' || c == '.' || c == ':' || c == '/' || c == '-';
}

/* From a digit on: the end of the number, also over "1,200" and "10:30". */
static size_t number_end(struct wd_slice text, size_t end)
{
    while (end + 1 < text.len && joins_digits(text.data[end]) && is_digit(text.data[end + 1])) {
        end += 2;
        while (end < text.len && is_digit(text.data[end])) {
            end++;
        }
    }
    return end;
}

static bool begins_with_capital(struct wd_slice text, struct wd_token token)
{
    UChar units[2];
    int32_t len = 0;
    UErrorCode code = U_ZERO_ERROR;
    char first = text.data[token.begin];
    if ((unsigned char)first < 0x80) {
        return first >= 'A' && first <= 'Z';
    }
    size_t end = token.begin + 1;
    while (end < token.end && ((unsigned char)text.data[end] & 0xC0) == 0x80) {
        end++;
    }
    u_strFromUTF8(units, 2, &len, text.data + token.begin, (int32_t)(end - token.begin), &code);
    if (U_FAILURE(code) || len < 1) {
        return false;
    }
    bool pair = len == 2 && U16_IS_LEAD(units[0]);
    UChar32 point = pair ? U16_GET_SUPPLEMENTARY(units[0], units[1]) : units[0];
    return u_isupper(point) || u_istitle(point);
}

/* A run of capitalised words that is being read. */
struct name_run {
    size_t begin, end;
    unsigned words;
    bool at_front; /* it began the sentence */
};

static void end_run(struct wd_facts *facts, struct wd_slice text, struct name_run *run)
{
    struct wd_slice words = wd_slice_make(text.data + run->begin, run->end - run->begin);
    if (run->words == 1 && wd_time_word_is_day(words)) {
        add(facts, WD_FACT_TIME, words.data, words.data + words.len);
    } else if (run->words > (run->at_front ? 1 : 0)) {
        add(facts, WD_FACT_NAME, words.data, words.data + words.len);
    }
    run->words = 0;
}

static bool only_blank(struct wd_slice text, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (text.data[i] != ' ') {
            return false;
        }
    }
    return true;
}

/* One more word with a capital: it goes on with the run when only blanks are between. */
static void go_on(struct wd_facts *facts, struct wd_slice text, struct name_run *run,
                  struct wd_token token, bool first)
{
    if (run->words > 0 && !only_blank(text, run->end, token.begin)) {
        end_run(facts, text, run);
    }
    if (run->words == 0) {
        *run = (struct name_run){token.begin, token.end, 0, first};
    }
    run->end = token.end;
    run->words++;
}

/* Past words of small ASCII letters between blanks: they are no facts. */
static size_t skip_small_words_plain(struct wd_slice text, size_t position)
{
    size_t end = position;
    while (end < text.len) {
        while (end < text.len && text.data[end] == ' ') {
            end++;
        }
        position = end;
        while (end < text.len && text.data[end] >= 'a' && text.data[end] <= 'z') {
            end++;
        }
        if (end == position || (end < text.len && text.data[end] != ' ')) {
            return position;
        }
    }
    return end;
}

#ifdef WD_WIDE

/* Where the word begins that the first other byte belongs to. */
WD_WIDE static size_t skip_small_words_wide(struct wd_slice text, size_t position)
{
    for (size_t at = position; at < text.len; at += BLOCK) {
        size_t rest = text.len - at;
        __mmask64 there = rest < BLOCK ? _bzhi_u64(~UINT64_C(0), (unsigned)rest) : ~UINT64_C(0);
        __m512i in = _mm512_maskz_loadu_epi8(there, text.data + at);
        __mmask64 small = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(in, _mm512_set1_epi8('a')),
                                                 _mm512_set1_epi8(26));
        __mmask64 blanks = _mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8(' '));
        __mmask64 others = there & ~(small | blanks);
        __mmask64 before = others != 0 ? blanks & ((others & -others) - 1) : blanks;
        position = before != 0 ? at + BLOCK - (size_t)__builtin_clzll(before) : position;
        if (others != 0)
            return position;
    }
    return text.len;
}

static size_t skip_small_words(struct wd_slice text, size_t position)
{
    return wd_has_wide() ? skip_small_words_wide(text, position)
                         : skip_small_words_plain(text, position);
}

#else

static size_t skip_small_words(struct wd_slice text, size_t position)
{
    return skip_small_words_plain(text, position);
}

#endif

static void find_words(struct wd_slice text, struct wd_facts *facts)
{
    struct name_run run = {0};
    struct wd_token token;
    size_t position = skip_small_words(text, 0);
    bool first = position == 0 || only_blank(text, 0, position);
    while (wd_text_next_token(text, &position, &token)) {
        if (is_digit(text.data[token.begin])) {
            end_run(facts, text, &run);
            position = number_end(text, token.end);
            add(facts, WD_FACT_NUMBER, text.data + token.begin, text.data + position);
        } else if (begins_with_capital(text, token)) {
            go_on(facts, text, &run, token, first);
        } else {
            end_run(facts, text, &run);
        }
        first = false;
        position = skip_small_words(text, position);
    }
    end_run(facts, text, &run);
}

static const struct {
    const char *open, *close;
} marks[] = {
    {"\xE2\x80\x9C", "\xE2\x80\x9D"}, /* “ ” */
    {"\xE2\x80\x9E", "\xE2\x80\x9C"}, /* „ “ */
    {"\xC2\xAB", "\xC2\xBB"},         /* « » */
    {"\xE3\x80\x8C", "\xE3\x80\x8D"}, /* 「 」 */
    {"\"", "\""},
};

/* False for most sentences, at one look at each byte. */
static bool may_quote(struct wd_slice text)
{
    unsigned found = 0;
    for (size_t i = 0; i < text.len; i++) {
        found |= (unsigned)(text.data[i] == '"') | (unsigned)((unsigned char)text.data[i] >= 0x80);
    }
    return found != 0;
}

/* The closing mark belongs to it when it is there; a quotation may go on in the next sentence. */
static void find_quotations(struct wd_slice text, struct wd_facts *facts)
{
    if (!may_quote(text)) {
        return;
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t open_len = strlen(marks[i].open);
        size_t close_len = strlen(marks[i].close);
        struct wd_slice rest = text;
        const char *open = NULL;
        bool found = false;
        while (rest.len > 0 && (open = memmem(rest.data, rest.len, marks[i].open, open_len))) {
            const char *begin = open + open_len;
            const char *end = text.data + text.len;
            const char *close = memmem(begin, (size_t)(end - begin), marks[i].close, close_len);
            add(facts, WD_FACT_QUOTATION, begin, close ? close : end);
            const char *next = close ? close + close_len : end;
            rest = wd_slice_make(next, (size_t)(end - next));
            found = true;
        }
        if (found) {
            return;
        }
    }
}

void wd_facts_of(struct wd_slice sentence, struct wd_facts *facts)
{
    facts->count = 0;
    find_words(sentence, facts);
    find_quotations(sentence, facts);
}

/* Where facts may begin, in lists by their first bytes, the last place first. */
struct wd_fact_places {
    bool all; /* there was room for them */
    uint32_t count;
    uint16_t heads[1 << HEAD_BITS]; /* 1 + index; 0: none */
    uint16_t *next;
    uint32_t *at;
};

static inline uint32_t head_of(const char *bytes)
{
    const unsigned char *in = (const unsigned char *)bytes;
    uint32_t gram = (uint32_t)in[0] | (uint32_t)in[1] << 8;
    return gram * UINT32_C(0x9E3779B1) >> (32 - HEAD_BITS);
}

/* Capitals, digits, and the first byte of letters that are not ASCII: names and numbers begin with one. */
static inline bool may_begin(unsigned char c)
{
    return (unsigned char)(c - 'A') <= 'Z' - 'A' || (unsigned char)(c - '0') <= 9 ||
           c >= FIRST_OF_MORE;
}

static inline void note_place(struct wd_fact_places *places, struct wd_slice text, size_t at)
{
    uint16_t *head = &places->heads[head_of(text.data + at)];
    places->at[places->count] = (uint32_t)at;
    places->next[places->count] = *head;
    *head = (uint16_t)++places->count;
}

/* Notes the places in text[at, at + STEP): the bytes of `marks` that are not 0. */
static inline void note_places(struct wd_fact_places *places, struct wd_slice text, size_t at,
                               uint64_t marks_there)
{
    for (; marks_there != 0; marks_there &= marks_there - 1) {
        note_place(places, text, at + (size_t)__builtin_ctzll(marks_there) / 8);
    }
}

WD_CLONES static void find_places_plain(struct wd_slice text, struct wd_fact_places *places)
{
    size_t i = 0;
    for (; i + STEP + GRAM_BYTES <= text.len && places->count + STEP <= PLACES_MAX; i += STEP) {
        uint8_t found[STEP];
        uint64_t halves[2];
        for (size_t j = 0; j < STEP; j++) {
            found[j] = may_begin((unsigned char)text.data[i + j]);
        }
        memcpy(halves, found, sizeof(halves));
        note_places(places, text, i, halves[0]);
        note_places(places, text, i + STEP / 2, halves[1]);
    }
    for (; i + GRAM_BYTES <= text.len && places->count < PLACES_MAX; i++) {
        note_places(places, text, i, may_begin((unsigned char)text.data[i]));
    }
    places->all = i + GRAM_BYTES > text.len;
}

#ifdef WD_WIDE

WD_WIDE static void find_places_wide(struct wd_slice text, struct wd_fact_places *places)
{
    size_t end = text.len < GRAM_BYTES ? 0 : text.len - GRAM_BYTES + 1;
    size_t at = 0;
    for (; at < end && places->count + BLOCK <= PLACES_MAX; at += BLOCK) {
        size_t rest = end - at;
        __mmask64 there = rest < BLOCK ? _bzhi_u64(~UINT64_C(0), (unsigned)rest) : ~UINT64_C(0);
        __m512i in = _mm512_maskz_loadu_epi8(there, text.data + at);
        __mmask64 found = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(in, _mm512_set1_epi8('A')),
                                                 _mm512_set1_epi8(26)) |
                          _mm512_cmplt_epu8_mask(_mm512_sub_epi8(in, _mm512_set1_epi8('0')),
                                                 _mm512_set1_epi8(10)) |
                          _mm512_cmpge_epu8_mask(in, _mm512_set1_epi8((char)FIRST_OF_MORE));
        for (; found != 0; found &= found - 1)
            note_place(places, text, at + (size_t)__builtin_ctzll(found));
    }
    places->all = at >= end;
}

static void find_places(struct wd_slice text, struct wd_fact_places *places)
{
    if (wd_has_wide())
        find_places_wide(text, places);
    else
        find_places_plain(text, places);
}

#else

static void find_places(struct wd_slice text, struct wd_fact_places *places)
{
    find_places_plain(text, places);
}

#endif

/* Without memory for them, or with too many, facts are searched for. */
static bool know_places(struct wd_fact_copy *copy)
{
    if (!copy->places) {
        size_t most = copy->text.len < PLACES_MAX ? copy->text.len : PLACES_MAX;
        struct wd_fact_places *places = wd_arena_calloc(copy->arena, 1, sizeof(*places));
        if (!places) {
            return false;
        }
        copy->places = places;
        places->next = wd_arena_alloc(copy->arena, (most + 1) * sizeof(*places->next));
        places->at = wd_arena_alloc(copy->arena, (most + 1) * sizeof(*places->at));
        if (places->next && places->at) {
            find_places(copy->text, places);
        }
    }
    return copy->places->all;
}

/* Whether the fact that was found here counts: a number not as a part of a longer one. */
static bool counts(const struct wd_fact *fact, struct wd_slice text, size_t begin)
{
    size_t end = begin + fact->text.len;
    bool before = begin > 0 && is_digit(text.data[begin - 1]);
    bool after = end < text.len && is_digit(text.data[end]);
    return fact->kind != WD_FACT_NUMBER || (!before && !after);
}

static bool is_at_a_place(const struct wd_fact *fact, const struct wd_fact_copy *copy)
{
    const struct wd_fact_places *places = copy->places;
    struct wd_slice text = copy->text;
    uint32_t place = places->heads[head_of(fact->text.data)];
    for (; place != 0; place = places->next[place - 1]) {
        size_t at = places->at[place - 1];
        if (fact->text.len <= text.len - at &&
            memcmp(text.data + at, fact->text.data, fact->text.len) == 0 &&
            counts(fact, text, at)) {
            return true;
        }
    }
    return false;
}

bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    const struct wd_slice text = copy->text;
    struct wd_slice rest = text;
    const char *found = NULL;
    if (fact->text.len >= GRAM_BYTES && may_begin((unsigned char)fact->text.data[0]) &&
        know_places(copy)) {
        return is_at_a_place(fact, copy);
    }
    while (rest.len > 0 && (found = memmem(rest.data, rest.len, fact->text.data, fact->text.len))) {
        if (counts(fact, text, (size_t)(found - text.data))) {
            return true;
        }
        rest = wd_slice_make(found + 1, (size_t)(text.data + text.len - found - 1));
    }
    return false;
}
