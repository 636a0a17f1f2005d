#include "copy_facts_words.h"
#include "wd_assert.h"

#ifdef WD_WIDE

enum {
    BLOCK = WD_MARKS_BLOCK,
    CHUNK = WD_FACTS_CHUNK,
    READ_AT_ONCE = CHUNK + 2, /* blocks, with an empty one before and behind */
};

/* What a byte may be, a bit each. */
enum {
    IS_WORD = 1, /* a letter or a digit */
    IS_CAPITAL = 2,
    IS_DIGIT = 4,
    IS_BLANK = 8,
    IS_JOINT = 16, /* joins letters and digits when it stands between */
    IS_DOT = 32,
    IS_DIGIT_JOINT = 64, /* joins digits */
    IS_QUOTE = 128,
    SMALL = IS_WORD,
    CAPITAL = IS_WORD | IS_CAPITAL,
    DIGIT = IS_WORD | IS_DIGIT,
};

static const unsigned char byte_kinds[2 * BLOCK] = {
    [' '] = IS_BLANK,
    ['"'] = IS_QUOTE,
    ['\''] = IS_JOINT,
    [','] = IS_DIGIT_JOINT,
    ['-'] = IS_JOINT | IS_DIGIT_JOINT,
    ['.'] = IS_JOINT | IS_DIGIT_JOINT | IS_DOT,
    ['/'] = IS_DIGIT_JOINT,
    [':'] = IS_DIGIT_JOINT,
    ['0'] = DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    ['A'] = CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    CAPITAL,
    ['a'] = SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
    SMALL,
};

/* What stands where in a sentence that is read at once: in block n of READ_AT_ONCE. */
struct bytes_at {
    uint64_t words[READ_AT_ONCE], capitals[READ_AT_ONCE], digits[READ_AT_ONCE];
    uint64_t blanks[READ_AT_ONCE], joints[READ_AT_ONCE], dots[READ_AT_ONCE];
    uint64_t digit_joints[READ_AT_ONCE];
    uint64_t others, quotes; /* of all blocks together */
};

WD_WIDE static inline uint64_t marks_of(__m512i kinds, int kind)
{
    return _mm512_test_epi8_mask(kinds, _mm512_set1_epi8((char)kind));
}

WD_WIDE static inline void mark_bytes(struct wd_slice text, size_t count, struct bytes_at *at)
{
    const __m512i low_kinds = _mm512_loadu_si512(byte_kinds);
    const __m512i high_kinds = _mm512_loadu_si512(byte_kinds + BLOCK);
    at->others = at->quotes = at->words[0] = 0;
    at->words[count + 1] = at->digits[count + 1] = at->blanks[count + 1] = 0;
    for (size_t i = 1; i <= count; i++) {
        size_t begin = (i - 1) * BLOCK;
        __m512i block = wd_marks_load_wide(text.data + begin, text.len - begin);
        __m512i kinds = _mm512_permutex2var_epi8(low_kinds, block, high_kinds);
        at->others |= _mm512_movepi8_mask(block);
        at->words[i] = marks_of(kinds, IS_WORD);
        at->capitals[i] = marks_of(kinds, IS_CAPITAL);
        at->digits[i] = marks_of(kinds, IS_DIGIT);
        at->blanks[i] = marks_of(kinds, IS_BLANK);
        at->joints[i] = marks_of(kinds, IS_JOINT);
        at->dots[i] = marks_of(kinds, IS_DOT);
        at->digit_joints[i] = marks_of(kinds, IS_DIGIT_JOINT);
        at->quotes |= marks_of(kinds, IS_QUOTE);
    }
}

/* Bit n: of byte n - 1, and of n + 1. */
static inline uint64_t behind(const uint64_t *bits, size_t block)
{
    return bits[block] << 1 | bits[block - 1] >> (BLOCK - 1);
}

static inline uint64_t ahead_of(const uint64_t *bits, size_t block)
{
    return bits[block] >> 1 | bits[block + 1] << (BLOCK - 1);
}

/* Words that are facts, by their first bytes and by what is behind their last. */
struct fact_words {
    uint64_t begins[READ_AT_ONCE], ends[READ_AT_ONCE];
    uint64_t goes_on[READ_AT_ONCE]; /* begins of those that stand one blank behind another name */
};

/* False where it takes a closer look: "1,200", or names that several blanks part. A sum carries a word's first
 * bit through the word to the bit behind it. */
WD_WIDE static inline bool mark_facts(const struct bytes_at *at, size_t count,
                                      struct fact_words *facts)
{
    uint64_t tokens[READ_AT_ONCE];
    uint64_t dots_inside[READ_AT_ONCE];
    uint64_t names_end[READ_AT_ONCE]; /* with a blank */
    unsigned char carry = 0;
    unsigned char names_carry = 0;
    uint64_t unclear = at->others;
    tokens[0] = dots_inside[0] = names_end[0] = facts->goes_on[count + 1] = 0;
    for (size_t i = 1; i <= count; i++) {
        uint64_t inside = at->joints[i] & behind(at->words, i) & ahead_of(at->words, i);
        dots_inside[i] = inside & at->dots[i];
        uint64_t second_last = dots_inside[i] << 2 | dots_inside[i - 1] >> (BLOCK - 2);
        tokens[i] = at->words[i] | inside | (at->dots[i] & behind(at->words, i) & second_last);
        uint64_t first = tokens[i] & ~behind(tokens, i);
        uint64_t names = first & at->capitals[i];
        facts->begins[i] = names | (first & at->digits[i]);
        unsigned long long sum = 0;
        carry = _addcarry_u64(carry, tokens[i], facts->begins[i], &sum);
        facts->ends[i] = sum & ~tokens[i];
        names_carry = _addcarry_u64(names_carry, tokens[i], names, &sum);
        uint64_t ends = sum & ~tokens[i];
        names_end[i] = ends & at->blanks[i];
        facts->goes_on[i] = names & behind(names_end, i);
        unclear |= names_end[i] & ahead_of(at->blanks, i);
        unclear |= facts->ends[i] & ~ends & at->digit_joints[i] & ahead_of(at->digits, i);
    }
    return unclear == 0;
}

static const unsigned char byte_numbers[BLOCK] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* Appends the places of these bits; a block of 16-bit places more can be written. */
WD_WIDE static inline size_t put_places(uint64_t bits, size_t block, uint16_t *places)
{
    const __m512i bytes = _mm512_loadu_si512(byte_numbers);
    __m256i there = _mm512_castsi512_si256(_mm512_maskz_compress_epi8(bits, bytes));
    __m512i begin = _mm512_set1_epi16((short)(block * BLOCK));
    _mm512_storeu_si512(places, _mm512_add_epi16(_mm512_cvtepu8_epi16(there), begin));
    return (size_t)__builtin_popcountll(bits);
}

/* Of a run of words with a capital; `front`: it begins the sentence. */
static inline bool is_name(struct wd_slice words, bool front)
{
    return !front || memchr(words.data, ' ', words.len);
}

WD_WIDE bool wd_facts_read_at_once(struct wd_slice text, struct wd_facts *facts, bool *quotes)
{
    struct bytes_at at;
    struct fact_words words;
    uint16_t begins[READ_AT_ONCE * BLOCK / 2];
    uint16_t ends[READ_AT_ONCE * BLOCK / 2];
    size_t count = text.len / BLOCK + 1; /* with the byte behind the last */
    size_t begin_count = 0;
    size_t end_count = 0;
    if (count > CHUNK) {
        return false;
    }
    mark_bytes(text, count, &at);
    if (!mark_facts(&at, count, &words)) {
        return false;
    }
    size_t first = 1;
    while (first < count && at.words[first] == 0) {
        first++;
    }
    size_t front = (first - 1) * BLOCK + (size_t)__builtin_ctzll(at.words[first] | 1ull << 63);
    for (size_t i = 1; i <= count; i++) {
        begin_count += put_places(words.begins[i] & ~words.goes_on[i], i - 1, begins + begin_count);
        end_count +=
            put_places(words.ends[i] & ~ahead_of(words.goes_on, i), i - 1, ends + end_count);
    }
    WD_ASSERT(begin_count == end_count);
    facts->count = 0;
    for (size_t i = 0; i < begin_count && facts->count < WD_FACTS_MAX; i++) {
        struct wd_slice fact = wd_slice_make(text.data + begins[i], (size_t)(ends[i] - begins[i]));
        bool number = wd_text_is_digit(fact.data[0]);
        enum wd_change_fact kind = number ? WD_FACT_NUMBER : WD_FACT_NAME;
        bool kept = number || is_name(fact, begins[i] == front);
        if (wd_fact_is_day(fact)) {
            kind = WD_FACT_TIME;
            kept = true;
        }
        facts->items[facts->count] = (struct wd_fact){.kind = kind, .text = fact};
        facts->count += kept;
    }
    *quotes = at.quotes != 0;
    return true;
}

#endif
