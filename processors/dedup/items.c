#include "items.h"

#include "text.h"

enum {
    ITEMS_MIN = 3,
    ITEMS_SHARE = 2, /* half of the bytes and more stand in them */
    ITEMS_MAX = 99,
    LINE_BYTES_MAX =
        40, /* of a line that may be nothing but a time: "Nov. 3, 2021, 7:45 p.m. ET" */
    HOUR_MAX = 24,
    MINUTE_MAX = 59,
    BULLET_LEAD = 0xE2, /* of dashes, bullets, squares: U+2000 to U+2FFF */
    BULLET_BYTES = 3,
    SIGN_BYTES = 3,
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static char at(struct wd_slice text, size_t i)
{
    if (i < text.len)
        return text.data[i];
    return ' ';
}

/* Of ASCII. */
static char small(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    return c;
}

/* A number of one or two digits, or UINT32_MAX; `i` goes behind it. */
static unsigned take_number(struct wd_slice text, size_t *i)
{
    size_t begin = *i;
    unsigned value = 0;
    while (wd_text_is_digit(at(text, *i)) && *i - begin < 3)
        value = value * 10 + (unsigned)(text.data[(*i)++] - '0');
    return *i > begin && *i - begin <= 2 ? value : UINT32_MAX;
}

/* ":05", ".05", but neither a date nor a part of a number. */
static bool has_minutes(struct wd_slice text, size_t i)
{
    char sign = at(text, i);
    size_t begin = ++i;
    if ((sign != ':' && sign != '.') || take_number(text, &i) > MINUTE_MAX || i - begin != 2)
        return false;
    char next = at(text, i);
    return next != '%' && !(next == sign && (sign == '.' || !wd_text_is_digit(at(text, i + 1)))) &&
           !(next == ',' && wd_text_is_digit(at(text, i + 1)));
}

/* "h", "h05", "u", "pm", "p.m.", or the sign for an hour in Chinese, Japanese or Korean. */
static bool has_hour_sign(struct wd_slice text, size_t i)
{
    static const char signs[][SIGN_BYTES + 1] = {"\xE6\x99\x82", "\xE6\x97\xB6", "\xE7\x82\xB9",
                                                 "\xE9\xBB\x9E", "\xEC\x8B\x9C"};
    for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++) {
        if (i + SIGN_BYTES <= text.len && memcmp(text.data + i, signs[k], SIGN_BYTES) == 0)
            return true;
    }
    i += at(text, i) == ' ';
    char sign = small(at(text, i));
    if (sign == 'h' || sign == 'u')
        return sign == 'h' ? !is_letter(at(text, i + 1)) : wd_text_is_digit(at(text, i + 1));
    i += at(text, i + 1) == '.' ? 2 : 1;
    return (sign == 'a' || sign == 'p') && small(at(text, i)) == 'm' && !is_letter(at(text, i + 1));
}

static bool is_clock(struct wd_slice text, size_t i)
{
    return take_number(text, &i) <= HOUR_MAX && (has_minutes(text, i) || has_hour_sign(text, i));
}

/* What stands behind the number of an item: a stop, a bracket, a colon, a dash, or the comma of a list in Chinese. */
static bool is_mark(struct wd_slice text, size_t i)
{
    char sign = at(text, i);
    bool wide =
        i + SIGN_BYTES <= text.len && (memcmp(text.data + i, "\xE2\x80", 2) == 0 ||
                                       memcmp(text.data + i, "\xE3\x80\x81", SIGN_BYTES) == 0);
    return wide || sign == '.' || sign == ')' || sign == ':' || sign == '-';
}

/* Behind bullets, dashes, brackets and blanks. */
static size_t skip_signs(struct wd_slice text)
{
    size_t i = 0;
    while (i < text.len && !wd_text_is_digit(text.data[i])) {
        if ((unsigned char)text.data[i] == BULLET_LEAD)
            i += BULLET_BYTES;
        else if (!is_letter(text.data[i]))
            i++;
        else
            break;
    }
    return i;
}

/* Most paragraphs begin with a letter, and are told by it. */
static bool begins_with_sign(struct wd_slice paragraph)
{
    char first = at(paragraph, 0);
    return !is_letter(first) || (unsigned char)first == BULLET_LEAD;
}

static bool begins_with_clock(struct wd_slice paragraph)
{
    return is_clock(paragraph, skip_signs(paragraph));
}

static bool has_clock(struct wd_slice paragraph)
{
    for (size_t i = 1; i < paragraph.len; i++) {
        if (wd_text_is_digit(paragraph.data[i]) && paragraph.data[i - 1] == ' ' &&
            is_clock(paragraph, i))
            return true;
    }
    return false;
}

/* The number of an item, or 0: "1. ", "2) ", "3: ", "4 - ", but no part of a number and no score. */
static unsigned item_number(struct wd_slice paragraph)
{
    size_t i = skip_signs(paragraph);
    unsigned number = take_number(paragraph, &i);
    i += at(paragraph, i) == ' ' && is_mark(paragraph, i + 1);
    bool good = is_mark(paragraph, i) && !wd_text_is_digit(at(paragraph, i + 1));
    return good && number <= ITEMS_MAX ? number : 0;
}

/* Items of one sort: times of day, or numbers. */
struct series {
    unsigned count;
    size_t before; /* bytes of the text before the first */
    bool open;     /* a line was the last: what comes next is the item */
};

/* A paragraph, behind `bytes` of the text, which begins an item or not. */
static void look_at(struct series *series, bool begins, bool line, size_t bytes)
{
    if (series->count == 0 && !series->open)
        series->before = bytes;
    series->count += begins ? !line : series->open;
    series->open = begins && line;
}

static bool is_most(const struct series *series, size_t bytes)
{
    return series->count >= ITEMS_MIN && series->before * ITEMS_SHARE <= bytes;
}

enum wd_items wd_items_find(const struct wd_story *story)
{
    struct series times = {.count = 0};
    struct series numbers = {.count = 0};
    size_t bytes = 0;
    unsigned next = 1;
    bool some = false;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        struct wd_slice paragraph = story->paragraphs[i];
        bool line = paragraph.len <= LINE_BYTES_MAX;
        bool sign = begins_with_sign(paragraph);
        bool timed = sign && begins_with_clock(paragraph);
        bool numbered = sign && item_number(paragraph) == next;
        next += numbered;
        some |= timed || numbered;
        look_at(&times, timed || (line && has_clock(paragraph)), line, bytes);
        look_at(&numbers, numbered, line, bytes);
        bytes += paragraph.len;
    }
    if (is_most(&times, bytes) || is_most(&numbers, bytes))
        return WD_ITEMS_MOST;
    return some ? WD_ITEMS_SOME : WD_ITEMS_NONE;
}
