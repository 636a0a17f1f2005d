#include "tagger_words.h"

#include "wd_assert.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* ICU's macros mix signs and widths freely. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* One spelling, code point by code point. */
struct reading {
    UChar32 points[WD_WORD_BYTES_MAX]; /* normalised, with case */
    UChar32 lower[WD_WORD_BYTES_MAX];  /* and without */
    uint32_t count;
};

/* Typographic signs as the corpora write them. */
static UChar32 plain_sign(UChar32 point)
{
    switch (point) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case '`':
        return '\'';
    case 0x201C:
    case 0x201D:
    case 0x00AB:
    case 0x00BB:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2022: /* "Washington \xE2\x80\xA2" in datelines */
    case 0x2212:
        return '-';
    default:
        return point;
    }
}

/* The letter under its accents; what has none, or is no accented letter, stays. */
static UChar32 base_letter(UChar32 point)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&code);
    UChar parts[8];
    int32_t len = U_SUCCESS(code) ? unorm2_getDecomposition(nfd, point, parts, 8, &code) : -1;
    if (U_FAILURE(code) || len < 2 || U16_IS_SURROGATE(parts[0]) || !u_isalpha(parts[0]))
        return point;
    return parts[0];
}

static UChar32 lower_point(UChar32 point)
{
    if (point >= 'A' && point <= 'Z')
        return point + ('a' - 'A');
    if (point >= '0' && point <= '9')
        return '0';
    if (point < 0x80)
        return point;
    return u_isdigit(point) ? '0' : u_tolower(base_letter(point));
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static void read_points(struct wd_slice text, struct reading *reading)
{
    struct wd_slice head = text;
    if (head.len > WD_WORD_BYTES_MAX) {
        head.len = WD_WORD_BYTES_MAX;
        while (head.len > 0 && ((unsigned char)text.data[head.len] & 0xC0) == 0x80)
            head.len--;
    }
    int32_t i = 0;
    reading->count = 0;
    while (i < (int32_t)head.len) {
        UChar32 point = 0;
        U8_NEXT(head.data, i, (int32_t)head.len, point);
        if (point < 0)
            point = 0xFFFD;
        if (point >= 0x80 || point == '`')
            point = plain_sign(point);
        reading->points[reading->count] = point;
        reading->lower[reading->count] = lower_point(point);
        reading->count++;
    }
}

static bool is_upper(UChar32 point)
{
    if (point < 0x80)
        return point >= 'A' && point <= 'Z';
    int8_t category = u_charType(point);
    return category == U_UPPERCASE_LETTER || category == U_TITLECASE_LETTER ||
           category == U_OTHER_LETTER;
}

static bool is_lower(UChar32 point)
{
    return point < 0x80 ? (point >= 'a' && point <= 'z') : u_islower(point);
}

static bool is_digit(UChar32 point)
{
    return point < 0x80 ? (point >= '0' && point <= '9') : u_isdigit(point);
}

/* X for upper case, x for lower case, d for digits, anything else as it is; of a run two at most. */
static uint32_t read_shape(const struct reading *reading, char shape[WD_WORD_SHAPE_MAX],
                           uint32_t *len)
{
    uint32_t flags = 0;
    uint32_t uppers = 0;
    *len = 0;
    for (uint32_t i = 0; i < reading->count; i++) {
        UChar32 point = reading->points[i];
        char c = '?';
        if (point < 0x80)
            c = (char)(point & 0x7F);
        if (is_upper(point)) {
            c = 'X';
            flags |= WD_WORD_UPPER | WD_WORD_LETTER | (i == 0 ? WD_WORD_UPPER_FIRST : 0);
            uppers++;
        } else if (is_lower(point)) {
            c = 'x';
            flags |= WD_WORD_LOWER | WD_WORD_LETTER;
        } else if (is_digit(point)) {
            c = 'd';
            flags |= WD_WORD_DIGIT;
        }
        bool third = *len >= 2 && shape[*len - 1] == c && shape[*len - 2] == c;
        if (!third && *len < WD_WORD_SHAPE_MAX)
            shape[(*len)++] = c;
    }
    if (uppers >= 2 && !(flags & WD_WORD_LOWER))
        flags |= WD_WORD_CAPITALS;
    return flags;
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static size_t put_points(const UChar32 *points, uint32_t count, char *out)
{
    int32_t len = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (len > WD_WORD_BYTES_MAX - U8_MAX_LENGTH)
            break;
        U8_APPEND_UNSAFE(out, len, points[i]);
    }
    return (size_t)len;
}

uint64_t wd_word_hash(const char *bytes, size_t len)
{
    return XXH3_64bits(bytes, len);
}

uint64_t wd_word_key(struct wd_slice text, uint32_t mode)
{
    return XXH3_64bits_withSeed(text.data, text.len, mode);
}

size_t wd_word_lower(struct wd_slice text, char *out)
{
    struct reading reading;
    read_points(text, &reading);
    return put_points(reading.lower, reading.count, out);
}

uint32_t wd_word_flags(struct wd_slice text)
{
    struct reading reading;
    char shape[WD_WORD_SHAPE_MAX];
    uint32_t len = 0;
    read_points(text, &reading);
    return read_shape(&reading, shape, &len);
}

void wd_word_read(struct wd_slice text, struct wd_word *word)
{
    WD_ASSERT(text.len > 0);
    struct reading reading;
    char bytes[WD_WORD_BYTES_MAX];
    char shape[WD_WORD_SHAPE_MAX];
    uint32_t shape_len = 0;
    read_points(text, &reading);
    memset(word, 0, sizeof(*word));
    word->points = reading.count;
    word->flags = read_shape(&reading, shape, &shape_len);
    word->shape = wd_word_hash(shape, shape_len);
    word->surface = wd_word_hash(bytes, put_points(reading.points, reading.count, bytes));
    word->lower = wd_word_hash(bytes, put_points(reading.lower, reading.count, bytes));
    for (uint32_t n = 1; n <= WD_WORD_AFFIX_MAX && n < reading.count; n++) {
        word->prefix[n - 1] = wd_word_hash(bytes, put_points(reading.lower, n, bytes));
        const UChar32 *tail = reading.lower + reading.count - n;
        word->suffix[n - 1] = wd_word_hash(bytes, put_points(tail, n, bytes));
    }
}
