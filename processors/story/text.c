#include "text.h"

#include "byte_marks.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ICU's macros mix signs and widths freely. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define ASCII_MASK UINT64_C(0x8080808080808080)

static size_t ascii_prefix(struct wd_slice text, size_t from)
{
    size_t i = from;
#ifdef __SSE2__
    while (i + 16 <= text.len) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.data + i));
        unsigned high = (unsigned)_mm_movemask_epi8(bytes);
        if (high)
            return i + (size_t)__builtin_ctz(high);
        i += 16;
    }
#endif
    while (i + 8 <= text.len) {
        uint64_t word;
        memcpy(&word, text.data + i, sizeof(word));
        if (word & ASCII_MASK)
            break;
        i += 8;
    }
    while (i < text.len && (unsigned char)text.data[i] < 0x80)
        i++;
    return i;
}

/* Bytes of a character of two to four bytes that is surely right, 0 for all else. Four bytes are there. The masks are
 * RFC 3629's table: lead and trail bits, no overlong form, no surrogate, at most U+10FFFF. */
static size_t sure_character(const char *bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t word;
    memcpy(&word, bytes, sizeof(word));
    if ((word & 0xC0C0F0) == 0x8080E0) {
        uint32_t lead = word & 0x200F;
        return lead != 0 && lead != 0x200D ? 3 : 0;
    }
    if ((word & 0xC0E0) == 0x80C0)
        return word & 0x1E ? 2 : 0;
    if ((word & 0xC0C0C0F8) == 0x808080F0) {
        uint32_t lead = word & 0x3007;
        return lead != 0 && ((lead & 4) == 0 || (lead & 0x3003) == 0) ? 4 : 0;
    }
#else
    (void)bytes;
#endif
    return 0;
}

/* The code point at *position, which moves past it; negative for a fault. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static int32_t next_point(struct wd_slice text, size_t *position)
{
    int32_t i = 0;
    int32_t point = 0;
    size_t rest = text.len - *position;
    int32_t len = rest > 4 ? 4 : (int32_t)rest; /* four bytes are all that a code point takes */
    const char *bytes = text.data + *position;
    U8_NEXT(bytes, i, len, point);
    *position += (size_t)i;
    return point;
}

#ifdef __SSE2__
enum { UTF8_BLOCK_BYTES = 32 };

/* Passes whole blocks of right characters, and what of the last of them reaches into the next; stops in front of a
 * block with a character that is not sure, and where fewer bytes are left than a character may take from it. */
static size_t pass_valid_blocks(struct wd_slice text)
{
    size_t i = 0;
    while (i + UTF8_BLOCK_BYTES + 3 <= text.len) {
        const __m128i *block = (const __m128i *)(const void *)(text.data + i);
        uint32_t high = (uint32_t)_mm_movemask_epi8(_mm_loadu_si128(block)) |
                        (uint32_t)_mm_movemask_epi8(_mm_loadu_si128(block + 1)) << 16;
        size_t end = UTF8_BLOCK_BYTES;
        while (high) {
            size_t at = (size_t)__builtin_ctz(high);
            size_t len = sure_character(text.data + i + at);
            if (len == 0)
                return i;
            end = at + len;
            high &= end < UTF8_BLOCK_BYTES ? UINT32_MAX << end : 0;
        }
        i += end > UTF8_BLOCK_BYTES ? end : UTF8_BLOCK_BYTES;
    }
    return i;
}
#endif

bool wd_utf8_valid(struct wd_slice text, size_t *bad_offset)
{
    size_t i = 0;
#ifdef __SSE2__
    i = pass_valid_blocks(text);
#endif
    i = ascii_prefix(text, i);
    while (i < text.len) {
        size_t begin = i;
        i += i + 4 <= text.len ? sure_character(text.data + i) : 0;
        if (i == begin && next_point(text, &i) < 0) {
            if (bad_offset)
                *bad_offset = begin;
            return false;
        }
        if (i < text.len && (unsigned char)text.data[i] < 0x80)
            i = ascii_prefix(text, i);
    }
    return true;
}

size_t wd_utf8_count(struct wd_slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

struct wd_slice wd_utf8_cut(struct wd_slice text, size_t bytes_max)
{
    if (text.len <= bytes_max) {
        /* The end may be in the middle of a character all the same: what was cut before us. */
        if (text.len == 0 || (unsigned char)text.data[text.len - 1] < 0x80)
            return text;
        size_t begin = text.len;
        while (begin > 0 && text.len - begin < 4 &&
               ((unsigned char)text.data[begin - 1] & 0xC0) == 0x80)
            begin--;
        if (begin == 0)
            return text;
        size_t position = begin - 1;
        bool whole = next_point(text, &position) >= 0;
        return whole ? text : wd_slice_make(text.data, begin - 1);
    }
    size_t len = bytes_max;
    while (len > 0 && ((unsigned char)text.data[len] & 0xC0) == 0x80)
        len--;
    return wd_slice_make(text.data, len);
}

/* Bytes of the white space at the beginning; 0 when there is none. */
static size_t space_at(struct wd_slice text, size_t i)
{
    unsigned char c = (unsigned char)text.data[i];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (c == 0xC2 && i + 1 < text.len && (unsigned char)text.data[i + 1] == 0xA0)
        return 2; /* U+00A0 */
    if (c == 0xEF && i + 2 < text.len && (unsigned char)text.data[i + 1] == 0xBB &&
        (unsigned char)text.data[i + 2] == 0xBF)
        return 3; /* U+FEFF */
    return 0;
}

/* Neither white space nor a byte of U+00A0 or U+FEFF. */
static bool is_edge(char c)
{
    return (unsigned char)(c - 0x21) <= 0x7E - 0x21;
}

struct wd_slice wd_text_trim(struct wd_slice text)
{
    size_t len = 0;
    if (text.len > 0 && is_edge(text.data[0]) && is_edge(text.data[text.len - 1]))
        return text; /* most are */
    while (text.len > 0 && (len = space_at(text, 0)) > 0)
        text = wd_slice_from_offset(text, len);
    while (text.len > 0) {
        size_t cut = 0;
        for (size_t width = 1; width <= 3 && cut == 0; width++) {
            if (text.len >= width && space_at(text, text.len - width) == width)
                cut = width;
        }
        if (cut == 0)
            break;
        text.len -= cut;
    }
    return text;
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && !(c >= '\t' && c <= '\r')) || c == 0x7F;
}

static uint64_t controls_of_block(const char *block)
{
    return (wd_marks_between(block, 0, ' ') & ~wd_marks_between(block, '\t', '\r' - '\t' + 1)) |
           wd_marks_between(block, 0x7F, 1);
}

size_t wd_text_find_control(struct wd_slice text, size_t from)
{
    size_t i = from;
    for (; i + WD_MARKS_BLOCK <= text.len; i += WD_MARKS_BLOCK) {
        uint64_t controls = controls_of_block(text.data + i);
        if (controls)
            return i + (size_t)__builtin_ctzll(controls);
    }
    while (i < text.len && !is_control(text.data[i]))
        i++;
    return i;
}

struct wd_slice wd_text_blank_controls(struct wd_arena *arena, struct wd_slice text, bool *any)
{
    size_t i = wd_text_find_control(text, 0);
    if (i == text.len)
        return text;
    struct wd_slice copy = wd_arena_copy(arena, text);
    char *bytes = (char *)copy.data; /* our own */
    for (; bytes && i < text.len; i++) {
        if (is_control(bytes[i]))
            bytes[i] = ' ';
    }
    *any = true;
    return copy;
}

struct wd_slice wd_text_squeeze(struct wd_arena *arena, struct wd_slice text)
{
    text = wd_text_trim(text);
    char *out = wd_arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; out && i < text.len; i++) {
        bool blank = text.data[i] == ' ' || (text.data[i] >= '\t' && text.data[i] <= '\r');
        if (!blank)
            out[len++] = text.data[i];
        else if (len > 0 && out[len - 1] != ' ')
            out[len++] = ' ';
    }
    return wd_slice_make(out, len);
}

static char lower_ascii(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    return c;
}

bool wd_text_starts_ascii_case(struct wd_slice text, struct wd_slice prefix)
{
    if (text.len < prefix.len)
        return false;
    /* Most that begin alike end differently. */
    if (prefix.len > 0 && ((text.data[prefix.len - 1] ^ prefix.data[prefix.len - 1]) & ~0x20) != 0)
        return false;
    for (size_t i = 0; i < prefix.len; i++) {
        if (lower_ascii(text.data[i]) != lower_ascii(prefix.data[i]))
            return false;
    }
    return true;
}

bool wd_text_contains_ascii_case(struct wd_slice text, struct wd_slice part)
{
    int first = part.len > 0 ? part.data[0] | 0x20 : 0; /* the same for both cases of a letter */
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if ((part.len == 0 || (text.data[i] | 0x20) == first) &&
            wd_text_starts_ascii_case(wd_slice_make(text.data + i, part.len), part))
            return true;
    }
    return false;
}

bool wd_text_equal_ascii_case(struct wd_slice a, struct wd_slice b)
{
    return a.len == b.len && wd_text_starts_ascii_case(a, b);
}

static bool is_any(struct wd_slice text, const char *const *words,
                   bool (*is)(struct wd_slice, struct wd_slice))
{
    for (; *words; words++) {
        if (is(text, wd_slice_from(*words)))
            return true;
    }
    return false;
}

bool wd_text_equal_any(struct wd_slice text, const char *const *words)
{
    return is_any(text, words, wd_text_equal_ascii_case);
}

bool wd_text_starts_any(struct wd_slice text, const char *const *words)
{
    return is_any(text, words, wd_text_starts_ascii_case);
}

bool wd_text_contains_any(struct wd_slice text, const char *const *words)
{
    return is_any(text, words, wd_text_contains_ascii_case);
}

enum { LINE_STEP = 128 };

/* Bytes up to the first LF or CR. In steps that double: text with one of the two only would be searched to its end for
 * the other one from each line on. */
static size_t line_len(struct wd_slice text)
{
    size_t step = LINE_STEP;
    for (size_t from = 0; from < text.len; from += step, step *= 2) {
        size_t len = text.len - from < step ? text.len - from : step;
        const char *begin = text.data + from;
        const char *feed = memchr(begin, '\n', len);
        const char *carriage = memchr(begin, '\r', feed ? (size_t)(feed - begin) : len);
        if (carriage || feed)
            return (size_t)((carriage ? carriage : feed) - text.data);
    }
    return text.len;
}

bool wd_text_next_line(struct wd_slice *rest, struct wd_slice *line)
{
    if (rest->len == 0)
        return false;
    size_t i = line_len(*rest);
    *line = wd_slice_make(rest->data, i);
    if (i + 1 < rest->len && rest->data[i] == '\r' && rest->data[i + 1] == '\n')
        i++;
    *rest = wd_slice_from_offset(*rest, i + 1);
    return true;
}

static bool is_word_point(UChar32 point)
{
    return (U_GET_GC_MASK(point) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

static bool is_apostrophe(UChar32 point)
{
    return point == '\'' || point == 0x2019 || point == 0x02BC;
}

/* Letters in lower case and digits; 0 for everything else. */
static const char ascii_words[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['a'] = 'a', ['B'] = 'b', ['b'] = 'b',
    ['C'] = 'c', ['c'] = 'c', ['D'] = 'd', ['d'] = 'd', ['E'] = 'e', ['e'] = 'e', ['F'] = 'f',
    ['f'] = 'f', ['G'] = 'g', ['g'] = 'g', ['H'] = 'h', ['h'] = 'h', ['I'] = 'i', ['i'] = 'i',
    ['J'] = 'j', ['j'] = 'j', ['K'] = 'k', ['k'] = 'k', ['L'] = 'l', ['l'] = 'l', ['M'] = 'm',
    ['m'] = 'm', ['N'] = 'n', ['n'] = 'n', ['O'] = 'o', ['o'] = 'o', ['P'] = 'p', ['p'] = 'p',
    ['Q'] = 'q', ['q'] = 'q', ['R'] = 'r', ['r'] = 'r', ['S'] = 's', ['s'] = 's', ['T'] = 't',
    ['t'] = 't', ['U'] = 'u', ['u'] = 'u', ['V'] = 'v', ['v'] = 'v', ['W'] = 'w', ['w'] = 'w',
    ['X'] = 'x', ['x'] = 'x', ['Y'] = 'y', ['y'] = 'y', ['Z'] = 'z', ['z'] = 'z',
};

static bool is_ascii_word(char c)
{
    return ascii_words[(unsigned char)c] != 0;
}

/* What normalising has seen so far: whether a blank is due before the next word. */
struct normalizer {
    struct wd_buffer *out;
    size_t begin; /* of our output in the buffer */
    bool blank;
};

static void put_word_bytes(struct normalizer *n, const char *bytes, size_t len)
{
    if (n->blank && n->out->len > n->begin)
        wd_buffer_append_byte(n->out, ' ');
    n->blank = false;
    wd_buffer_append(n->out, bytes, len);
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static void put_point(struct normalizer *n, UChar32 point, bool word_follows)
{
    if (point == 0xAD || u_charType(point) == U_FORMAT_CHAR)
        return; /* soft hyphen, zero width */
    if (is_apostrophe(point) && !n->blank && n->out->len > n->begin && word_follows)
        return;
    if (!is_word_point(point)) {
        n->blank = true;
        return;
    }
    char bytes[4];
    int32_t len = 0;
    U8_APPEND_UNSAFE(bytes, len, point);
    put_word_bytes(n, bytes, (size_t)len);
}

/* UTF-16 never has more units than UTF-8 has bytes, and NFKC makes at most 18 units of one code point
 * (U+FDFA, three bytes). */
enum { PIECE_BYTES = 128, UNITS_PER_BYTE = 6, UNITS_MORE = 64, MARKS_MAX = 30 };

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static void append_units(struct normalizer *n, const UChar *units, int32_t len)
{
    for (int32_t i = 0; i < len;) {
        UChar32 point = 0;
        U16_NEXT(units, i, len, point);
        UChar32 follower = 0;
        if (i < len)
            U16_GET(units, 0, i, len, follower);
        put_point(n, point, i < len && is_word_point(follower));
    }
}

/* How many of the units ICU gets at once: up to where a letter has more marks than Unicode's stream-safe format allows
 * (UAX #15, section 13). ICU sorts a letter's marks by insertion: a megabyte of them in turn above and below took minutes. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static int32_t stream_safe_len(const UChar *units, int32_t len)
{
    int32_t marks = 0;
    if (len <= MARKS_MAX)
        return len;
    for (int32_t i = 0; i < len;) {
        int32_t begin = i;
        UChar32 point = 0;
        U16_NEXT(units, i, len, point);
        marks = u_getCombiningClass(point) != 0 ? marks + 1 : 0;
        if (marks > MARKS_MAX)
            return begin;
    }
    return len;
}

/* The general way: NFKC with case folding by ICU, then the filter. */
static void append_unicode(struct normalizer *n, struct wd_slice text)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&code);
    UChar stack[PIECE_BYTES * (1 + UNITS_PER_BYTE) + UNITS_MORE];
    size_t units = text.len * (1 + UNITS_PER_BYTE) + UNITS_MORE;
    UChar *in = text.len <= PIECE_BYTES ? stack : malloc(units * sizeof(UChar));
    if (!in || U_FAILURE(code)) {
        n->out->failed = true;
        if (in != stack)
            free(in);
        return;
    }
    UChar *out = in + text.len;
    int32_t in_len = 0;
    u_strFromUTF8(in, (int32_t)text.len, &in_len, text.data, (int32_t)text.len, &code);
    for (int32_t i = 0; i < in_len && U_SUCCESS(code);) {
        int32_t len = stream_safe_len(in + i, in_len - i);
        int32_t room = (int32_t)(units - text.len);
        int32_t out_len = unorm2_normalize(nfkc, in + i, len, out, room, &code);
        if (U_SUCCESS(code))
            append_units(n, out, out_len);
        i += len;
    }
    n->out->failed |= U_FAILURE(code) != 0;
    if (in != stack)
        free(in);
}

/* The way of most copy: one table, no branch that depends on the text but for apostrophes. Every byte
 * is written, and stays only if it belongs to a word; with the blank that is due before it output is
 * never longer than input and one. */
static void append_ascii(struct normalizer *n, struct wd_slice text)
{
    if (!wd_buffer_reserve(n->out, text.len + 2))
        return;
    const char *begin = n->out->data + n->begin;
    char *out = n->out->data + n->out->len;
    bool blank = n->blank;
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_words[(unsigned char)text.data[i]];
        if (text.data[i] == '\'' && !blank && out > begin && i + 1 < text.len &&
            ascii_words[(unsigned char)text.data[i + 1]])
            continue; /* inside a word */
        bool word = c != 0;
        *out = ' ';
        out += (int)word & (int)blank & (int)(out > begin);
        *out = c;
        out += word;
        blank = !word;
    }
    n->blank = blank;
    n->out->len = (size_t)(out - n->out->data);
}

/* Pieces without ASCII white space are normalised on their own: blanks end every composition, and
 * most pieces of most copy are ASCII. */
void wd_text_append_normalized(struct wd_buffer *out, struct wd_slice text)
{
    struct normalizer n = {out, out->len, false};
    size_t i = 0;
    while (i < text.len) {
        size_t ascii_end = ascii_prefix(text, i);
        if (ascii_end == text.len) {
            append_ascii(&n, wd_slice_from_offset(text, i));
            return;
        }
        /* Up to the last blank the copy is ASCII; the word after it may compose with what follows. */
        size_t piece = ascii_end;
        while (piece > i && text.data[piece - 1] != ' ' && text.data[piece - 1] != '\n')
            piece--;
        append_ascii(&n, wd_slice_make(text.data + i, piece - i));
        size_t end = ascii_end;
        while (end < text.len && text.data[end] != ' ' && text.data[end] != '\n')
            end++;
        append_unicode(&n, wd_slice_make(text.data + piece, end - piece));
        i = end;
    }
}

void wd_text_append_letters(struct wd_buffer *out, struct wd_slice text)
{
    size_t kept = out->len;
    size_t begin = out->len;
    wd_text_append_normalized(out, text);
    for (size_t i = begin; wd_buffer_ok(out) && i < out->len; i++) {
        if (out->data[i] != ' ')
            out->data[kept++] = out->data[i];
    }
    if (wd_buffer_ok(out))
        out->len = kept;
}

static bool stands_alone(UChar32 point)
{
    UErrorCode code = U_ZERO_ERROR;
    switch (point < 0x0E00 ? USCRIPT_LATIN : uscript_getScript(point, &code)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
        return true;
    default:
        return false;
    }
}

static bool joins_words(UChar32 point)
{
    return is_apostrophe(point) || point == '-' || point == 0x2010 || point == '.';
}

static bool word_at(struct wd_slice text, size_t i, size_t *end, UChar32 *point)
{
    if (i >= text.len)
        return false;
    if ((unsigned char)text.data[i] < 0x80) {
        *point = (unsigned char)text.data[i];
        *end = i + 1;
        return is_ascii_word(text.data[i]);
    }
    *end = i;
    *point = next_point(text, end);
    return *point >= 0 && is_word_point(*point);
}

bool wd_text_next_token(struct wd_slice text, size_t *position, struct wd_token *token)
{
    size_t i = *position;
    size_t end = 0;
    UChar32 point = 0;
    while (i < text.len && !word_at(text, i, &end, &point))
        i = end;
    if (i >= text.len) {
        *position = text.len;
        return false;
    }
    token->begin = i;
    i = end;
    while (!stands_alone(point)) {
        while (i < text.len && point < 0x80 && is_ascii_word(text.data[i]))
            i++; /* most of most words */
        if (word_at(text, i, &end, &point)) {
            if (stands_alone(point))
                break;
            i = end;
            continue;
        }
        size_t after = 0;
        UChar32 follower = 0;
        if (i >= text.len || !joins_words(point) || !word_at(text, end, &after, &follower) ||
            stands_alone(follower))
            break;
        i = after;
    }
    /* The last dot of an abbreviation with dots inside belongs to it: "U.S." */
    size_t len = i - token->begin;
    if (i < text.len && text.data[i] == '.' && len >= 3 && text.data[i - 2] == '.')
        i++;
    token->end = i;
    *position = i;
    return true;
}
