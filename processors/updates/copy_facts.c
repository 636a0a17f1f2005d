#include "copy_facts_words.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>

enum {
    BLOCK = WD_MARKS_BLOCK,
    CHUNK = WD_FACTS_CHUNK,
};

static void add(struct wd_facts *facts, enum wd_change_fact kind, const char *begin,
                const char *end)
{
    if (facts->count < WD_FACTS_MAX && end > begin) {
        facts->items[facts->count++] =
            (struct wd_fact){.kind = kind, .text = wd_slice_make(begin, (size_t)(end - begin))};
    }
}

static bool joins_digits(char c)
{
    return c == ',' || c == '.' || c == ':' || c == '/' || c == '-';
}

/* From a digit on: the end of the number, also over "1,200" and "10:30". */
static size_t number_end(struct wd_slice text, size_t end)
{
    while (end + 1 < text.len && joins_digits(text.data[end]) &&
           wd_text_is_digit(text.data[end + 1])) {
        end += 2;
        while (end < text.len && wd_text_is_digit(text.data[end])) {
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
    if (run->words == 1 && wd_fact_is_day(words)) {
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

/* Bit n says something of byte n of a block. */
struct marks {
    uint64_t words;  /* ASCII letters and digits */
    uint64_t facts;  /* capitals and digits */
    uint64_t others; /* not ASCII */
    uint64_t quotes; /* may begin a quotation mark */
};

WD_INLINE struct marks mark_block(const char *block, wd_marks_way *between)
{
    uint64_t facts = between(block, 'A', 26) | between(block, '0', 10);
    return (struct marks){
        .words = facts | between(block, 'a', 26),
        .facts = facts,
        .others = between(block, '\x80', (char)128),
        .quotes = between(block, '"', 1) | between(block, '\xC2', 1) | between(block, '\xE2', 2),
    };
}

typedef void mark_chunk(struct wd_slice text, size_t at, struct marks marks[CHUNK]);

/* The blocks of the text from `at` on, CHUNK at most; zeros stand for what is behind its end. */
WD_INLINE void mark_chunk_by(struct wd_slice text, size_t at, struct marks marks[CHUNK],
                             wd_marks_way *between)
{
    size_t i = 0;
    for (; i < CHUNK && at + BLOCK <= text.len; i++, at += BLOCK) {
        marks[i] = mark_block(text.data + at, between);
    }
    if (i < CHUNK && at < text.len) {
        char last[BLOCK] = {0};
        memcpy(last, text.data + at, text.len - at);
        marks[i] = mark_block(last, between);
    }
}

static void mark_chunk_plain(struct wd_slice text, size_t at, struct marks marks[CHUNK])
{
    mark_chunk_by(text, at, marks, wd_marks_between);
}

#ifdef WD_AVX2

WD_AVX2 static void mark_chunk_avx2(struct wd_slice text, size_t at, struct marks marks[CHUNK])
{
    mark_chunk_by(text, at, marks, wd_marks_between_avx2);
}

#endif

#ifdef WD_WIDE

WD_WIDE static void mark_chunk_wide(struct wd_slice text, size_t at, struct marks marks[CHUNK])
{
    for (size_t i = 0; i < CHUNK && at < text.len; i++, at += BLOCK) {
        __m512i block = wd_marks_load_wide(text.data + at, text.len - at);
        uint64_t facts =
            wd_marks_between_wide(block, 'A', 26) | wd_marks_between_wide(block, '0', 10);
        marks[i] = (struct marks){
            .words = facts | wd_marks_between_wide(block, 'a', 26),
            .facts = facts,
            .others = _mm512_movepi8_mask(block),
            .quotes = wd_marks_between_wide(block, '"', 1) |
                      wd_marks_between_wide(block, '\xC2', 1) |
                      wd_marks_between_wide(block, '\xE2', 2),
        };
    }
}

#endif

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_word_byte(char c)
{
    unsigned letter = ((unsigned char)c | 0x20u) - 'a';
    return wd_text_is_digit(c) || letter < 26;
}

/* The reading of a sentence's words. What begins with a small letter is no fact: it is passed over, and
 * only words that begin otherwise, or are not ASCII, are looked at. */
struct reading {
    struct wd_slice text;
    struct wd_facts *facts;
    struct name_run run;
    size_t position; /* behind the last token that was looked at */
    bool first;      /* no word yet */
};

static void take_token(struct reading *reading, struct wd_token token)
{
    struct wd_slice text = reading->text;
    reading->position = token.end;
    if (wd_text_is_digit(text.data[token.begin])) {
        end_run(reading->facts, text, &reading->run);
        reading->position = number_end(text, token.end);
        add(reading->facts, WD_FACT_NUMBER, text.data + token.begin, text.data + reading->position);
    } else if (begins_with_capital(text, token)) {
        go_on(reading->facts, text, &reading->run, token, reading->first);
    } else {
        end_run(reading->facts, text, &reading->run);
    }
    reading->first = false;
}

/* True when the ASCII word that ends at `end` is a token; false when it may go on. */
static bool ends_there(struct wd_slice text, size_t end)
{
    if (end == text.len) {
        return true;
    }
    char c = text.data[end];
    if (c == '\'' || c == '-' || c == '.') {
        bool at_end = end + 1 == text.len;
        return at_end ||
               (!is_word_byte(text.data[end + 1]) && (unsigned char)text.data[end + 1] < 0x80);
    }
    return (unsigned char)c < 0x80;
}

/* A word that begins with a capital or a digit. `end`: how far it is ASCII letters and digits, at least. */
static void take_fact(struct reading *reading, size_t begin, size_t end)
{
    struct wd_slice text = reading->text;
    struct wd_token token = {begin, end};
    while (token.end < text.len && is_word_byte(text.data[token.end])) {
        token.end++;
    }
    if (!ends_there(text, token.end)) {
        (void)wd_text_next_token(text, &begin, &token);
    }
    take_token(reading, token);
}

/* Right behind a number ("1,200B"): another word, although no block's marks show that it begins. */
static void take_behind_number(struct reading *reading)
{
    while (reading->position < reading->text.len &&
           is_capital(reading->text.data[reading->position])) {
        take_fact(reading, reading->position, reading->position);
    }
}

/* Words that are not ASCII alone, from the last blank before `at` to behind it. */
static void take_others(struct reading *reading, size_t at)
{
    struct wd_slice text = reading->text;
    size_t position = at;
    struct wd_token token;
    while (position > reading->position && text.data[position - 1] != ' ') {
        position--;
    }
    while (position <= at) {
        if (!wd_text_next_token(text, &position, &token)) {
            reading->position = text.len;
            return;
        }
        take_token(reading, token);
        position = reading->position;
    }
    take_behind_number(reading);
}

/* "In-Law": a capital or digit behind what joins it to a word that is no fact. */
static bool is_joined(const struct reading *reading, size_t at)
{
    const char *text = reading->text.data;
    if (at < reading->position + 2) {
        return false;
    }
    char joint = text[at - 1];
    return (joint == '\'' || joint == '-' || joint == '.') && is_word_byte(text[at - 2]);
}

/* How many bits from `at` on are set. */
static inline size_t word_len(uint64_t words, size_t at)
{
    uint64_t others = ~(words >> at);
    return others != 0 ? (size_t)__builtin_ctzll(others) : WD_MARKS_BLOCK;
}

/* Of the block at `begin`. */
static inline uint64_t unread_bits(const struct reading *reading, size_t begin)
{
    return reading->position > begin ? wd_marks_from(reading->position - begin) : ~UINT64_C(0);
}

/* The words that begin in a block at `begin`. `before`: bit 0: the byte before the block is of a word. */
static void read_block(struct reading *reading, const struct marks *marks, size_t begin,
                       uint64_t before)
{
    uint64_t starts = marks->facts & ~(marks->words << 1 | before);
    uint64_t unread = unread_bits(reading, begin);
    uint64_t left = (starts | marks->others) & unread;
    while (left != 0) {
        size_t at = (size_t)__builtin_ctzll(left);
        reading->first = reading->first && (marks->words & unread & ~wd_marks_from(at)) == 0;
        if ((marks->others >> at & 1) != 0) {
            take_others(reading, begin + at);
        } else if (!is_joined(reading, begin + at)) {
            take_fact(reading, begin + at, begin + at + word_len(marks->words, at));
            take_behind_number(reading);
        }
        unread = unread_bits(reading, begin);
        left &= (left - 1) & unread;
    }
    reading->first = reading->first && (marks->words & unread) == 0;
}

/* True when there may be quotation marks. */
static bool find_words(struct wd_slice text, struct wd_facts *facts, mark_chunk *mark)
{
    struct reading reading = {.text = text, .facts = facts, .first = true};
    uint64_t before = 0;
    uint64_t quotes = 0;
    for (size_t at = 0; at < text.len;) {
        struct marks marks[CHUNK];
        mark(text, at, marks);
        for (size_t i = 0; i < CHUNK && at < text.len; i++, at += BLOCK) {
            read_block(&reading, &marks[i], at, before);
            before = marks[i].words >> (BLOCK - 1);
            quotes |= marks[i].quotes;
        }
    }
    end_run(facts, text, &reading.run);
    return quotes != 0;
}

/* With their first bytes they are what a block's marks tell of as quotes. */
static const struct {
    const char *open, *close;
    size_t len; /* of either */
} quotation_marks[] = {
    {"\xE2\x80\x9C", "\xE2\x80\x9D", 3}, /* “ ” */
    {"\xE2\x80\x9E", "\xE2\x80\x9C", 3}, /* „ “ */
    {"\xC2\xAB", "\xC2\xBB", 2},         /* « » */
    {"\xE3\x80\x8C", "\xE3\x80\x8D", 3}, /* 「 」 */
    {"\"", "\"", 1},
};

/* The closing mark belongs to it when it is there; a quotation may go on in the next sentence. */
static void find_quotations(struct wd_slice text, struct wd_facts *facts)
{
    for (size_t i = 0; i < sizeof(quotation_marks) / sizeof(quotation_marks[0]); i++) {
        const char *const opening = quotation_marks[i].open;
        const char *const closing = quotation_marks[i].close;
        size_t len = quotation_marks[i].len;
        struct wd_slice rest = text;
        const char *open = NULL;
        bool found = false;
        while (rest.len > 0 && (open = memmem(rest.data, rest.len, opening, len))) {
            const char *begin = open + len;
            const char *end = text.data + text.len;
            const char *close = memmem(begin, (size_t)(end - begin), closing, len);
            add(facts, WD_FACT_QUOTATION, begin, close ? close : end);
            const char *next = close ? close + len : end;
            rest = wd_slice_make(next, (size_t)(end - next));
            found = true;
        }
        if (found) {
            return;
        }
    }
}

static void find_facts(struct wd_slice sentence, struct wd_facts *facts, mark_chunk *mark)
{
    if (find_words(sentence, facts, mark)) {
        find_quotations(sentence, facts);
    }
}

size_t wd_facts_of_plain(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX])
{
    struct wd_facts found = {facts, 0};
    if (sentence.len == 0) {
        return 0;
    }
    find_facts(sentence, &found, mark_chunk_plain);
    return found.count;
}

#ifdef WD_AVX2

size_t wd_facts_of_avx2(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX])
{
    struct wd_facts found = {facts, 0};
    if (sentence.len == 0) {
        return 0;
    }
    find_facts(sentence, &found, mark_chunk_avx2);
    return found.count;
}

size_t wd_facts_of(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX])
{
    struct wd_facts found = {facts, 0};
    bool quotes = false;
    if (sentence.len == 0) {
        return 0;
    }
    if (!wd_has_wide()) {
        return wd_has_avx2() ? wd_facts_of_avx2(sentence, facts)
                             : wd_facts_of_plain(sentence, facts);
    }
    if (!wd_facts_read_at_once(sentence, &found, &quotes)) {
        find_facts(sentence, &found, mark_chunk_wide);
    } else if (quotes) {
        find_quotations(sentence, &found);
    }
    return found.count;
}

#else

size_t wd_facts_of(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX])
{
    return wd_facts_of_plain(sentence, facts);
}

#endif
