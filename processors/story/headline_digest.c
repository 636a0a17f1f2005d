#include "headline_digest.h"

#include "digest_titles.h"
#include "headline_prefix.h"
#include "text.h"
#include "time_words.h"

#include <threads.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

enum {
    HEADLINE_BYTES_MAX = 120, /* the longest title and a date */
    BEGIN_BYTES = 6,          /* no title is shorter */
    BEGIN_BITS = 15,
    DATE_WORDS_MAX = 8,
    NUMBER_DIGITS_MAX = 4,
    TITLES = sizeof(digest_titles) / sizeof(digest_titles[0]),
};

/* How many titles stand before what begins with `text`, or after it too where `after`. */
static size_t count_before(struct wd_slice text, bool after)
{
    size_t low = 0;
    size_t high = TITLES;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(digest_titles[middle], text.data, text.len);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Which bytes titles begin with, spelt small, with a capital or in capitals: nearly every headline is told from all of
 * them by one look. Made by the first caller. */
static once_flag begins_made = ONCE_FLAG_INIT;
static uint64_t begins[1 << (BEGIN_BITS - 6)];

static uint32_t begin_hash(const char bytes[BEGIN_BYTES])
{
    uint64_t value = 0;
    memcpy(&value, bytes, BEGIN_BYTES);
    return (uint32_t)(value * UINT64_C(0x9E3779B97F4A7C15) >> (64 - BEGIN_BITS));
}

/* As titles are spelt whose first `capitals` characters are capitals; ASCII stays small. */
static void note_begin(const char *title, int capitals)
{
    UChar points[BEGIN_BYTES];
    int32_t count = 0;
    char spelt[4 * BEGIN_BYTES] = {0};
    char *to = spelt;
    UErrorCode code = U_ZERO_ERROR;
    /* No title has a character beyond U+FFFF. */
    (void)u_strFromUTF8(points, BEGIN_BYTES, &count, title, -1, &code);
    for (int32_t i = 0; i < BEGIN_BYTES && i < count; i++) {
        bool capital = i < capitals && points[i] >= 0x80;
        to = wd_utf8_put(to, capital ? (uint32_t)u_toupper(points[i]) : points[i]);
    }
    uint32_t hash = begin_hash(spelt);
    begins[hash / 64] |= UINT64_C(1) << hash % 64;
}

static void make_begins(void)
{
    for (size_t i = 0; i < TITLES; i++) {
        for (int capitals = 0; capitals <= BEGIN_BYTES / 2; capitals++)
            note_begin(digest_titles[i], capitals);
    }
}

/* Quotation marks, brackets and apostrophes, which titles are kept without. */
static size_t mark_len(struct wd_slice text)
{
    static const char *const marks[] = {"\u00AB", "\u2018", "\u2019", "\u201C",
                                        "\u201E", "\u3010", "\u300C"};
    switch ((unsigned char)text.data[0]) {
    case '"':
    case '\'':
    case '(':
    case '[':
        return 1;
    case 0xC2:
    case 0xE2:
    case 0xE3:
        break;
    default:
        return 0;
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (wd_slice_starts(text, wd_slice_from(marks[i])))
            return strlen(marks[i]);
    }
    return 0;
}

static bool may_name(struct wd_slice headline)
{
    char begin[BEGIN_BYTES] = {0};
    size_t count = 0;
    if (headline.len > HEADLINE_BYTES_MAX)
        return false;
    call_once(&begins_made, make_begins);
    for (size_t i = 0; i < headline.len && count < BEGIN_BYTES;) {
        size_t skip = mark_len(wd_slice_from_offset(headline, i));
        char c = headline.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (skip == 0)
            begin[count++] = c;
        i += skip > 0 ? skip : 1;
    }
    uint32_t hash = begin_hash(begin);
    return (begins[hash / 64] >> hash % 64 & 1) != 0;
}

/* Marks of dates that are written without blanks: year, month, day, week and its days. */
static size_t date_mark_len(struct wd_slice text)
{
    static const char *const marks[] = {
        "\u5E74", "\u6708", "\u65E5", "\u53F7", "\u865F", "\u661F", "\u671F", "\u5468",
        "\u66DC", "\u9031", "\u706B", "\u6C34", "\u6728", "\u91D1", "\u571F", "\u4E00",
        "\u4E8C", "\u4E09", "\u56DB", "\u4E94", "\u516D", "\uB144", "\uC6D4", "\uC77C",
    };
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (wd_slice_starts(text, wd_slice_from(marks[i])))
            return strlen(marks[i]);
    }
    return 0;
}

/* "3", "2024", "3rd", "10\u670822\u65E5". */
static bool is_number(struct wd_slice word)
{
    static const char *const ends[] = {"st", "nd", "rd", "th", "er", "\u00BA"};
    size_t digits = 0;
    size_t at = 0;
    while (at < word.len) {
        struct wd_slice rest = wd_slice_from_offset(word, at);
        size_t len = wd_text_is_digit(rest.data[0]) ? 1 : date_mark_len(rest);
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && len == 0 && digits > 0; i++)
            len = wd_slice_equal(rest, wd_slice_from(ends[i])) ? rest.len : 0;
        digits = wd_text_is_digit(rest.data[0]) ? digits + 1 : 0;
        if (len == 0 || digits > NUMBER_DIGITS_MAX)
            return false;
        at += len;
    }
    return at > 0;
}

static bool is_date_word(struct wd_slice word)
{
    /* Besides those of time_words.h; as wd_text_append_normalized has them. */
    static const char *const others[] = {
        "for",
        "of",
        "this",
        "the",
        "today",
        "heute",
        "am",
        "vom",
        "f\u00FCr",
        "den",
        "du",
        "le",
        "ce",
        "aujourdhui",
        "hoy",
        "del",
        "este",
        "hoje",
        "desta",
        "deste",
        "segunda",
        "ter\u00E7a",
        "quarta",
        "quinta",
        "sexta",
        "feira",
        "oggi",
        "di",
        "van",
        "voor",
        "f\u00F6r",
        "z",
        "dnia",
        "ze",
        "\u0437\u0430",
        "\u043D\u0430",
        "\u043E\u0442",
        "\u0432",
        "\u0433",
        "\u0433\u043E\u0434\u0430",
        "\u0440\u043E\u043A\u0443",
        "\u043F\u043E\u043D\u0435\u0434\u0435\u043B\u044C\u043D\u0438\u043A",
        "\u0432\u0442\u043E\u0440\u043D\u0438\u043A",
        "\u0441\u0440\u0435\u0434\u0430",
        "\u0441\u0440\u0435\u0434\u0443",
        "\u0447\u0435\u0442\u0432\u0435\u0440\u0433",
        "\u043F\u044F\u0442\u043D\u0438\u0446\u0430",
        "\u043F\u044F\u0442\u043D\u0438\u0446\u0443",
        "\u0441\u0443\u0431\u0431\u043E\u0442\u0430",
        "\u0441\u0443\u0431\u0431\u043E\u0442\u0443",
        "\u0432\u043E\u0441\u043A\u0440\u0435\u0441\u0435\u043D\u044C\u0435",
    };
    if (is_number(word) || wd_month_find(word) > 0 || wd_time_word_is_filler(word) ||
        wd_time_word_is_day_first(word))
        return true;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (wd_slice_is(word, others[i]))
            return true;
    }
    return false;
}

/* What stands behind a title: nothing, or words of a date. */
static bool is_date(struct wd_slice text)
{
    size_t at = 0;
    for (size_t words = 0; at < text.len; words++) {
        at += text.data[at] == ' ';
        size_t end = at;
        while (end < text.len && text.data[end] != ' ')
            end++;
        if (words == DATE_WORDS_MAX || !is_date_word(wd_slice_make(text.data + at, end - at)))
            return false;
        at = end;
    }
    return true;
}

bool wd_headline_names_digest(struct wd_slice headline, struct wd_buffer *scratch)
{
    struct wd_slice own = wd_slice_from_offset(headline, wd_headline_prefix_len(headline));
    if (!may_name(own))
        return false;
    wd_buffer_clear(scratch);
    wd_text_append_normalized(scratch, own);
    struct wd_slice text = wd_buffer_slice(scratch);
    if (!wd_buffer_ok(scratch) || text.len == 0)
        return false;
    struct wd_slice begin =
        wd_slice_make(text.data, text.len < BEGIN_BYTES ? text.len : BEGIN_BYTES);
    for (size_t i = count_before(begin, false), end = count_before(begin, true); i < end; i++) {
        struct wd_slice title = wd_slice_from(digest_titles[i]);
        if (wd_slice_starts(text, title) && is_date(wd_slice_from_offset(text, title.len)))
            return true;
    }
    return false;
}
