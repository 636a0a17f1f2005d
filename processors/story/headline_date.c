#include "headline_date.h"

#include "text.h"
#include "time_words.h"

#include <string.h>

enum {
    DAY_MAX = 31,
    MONTH_MAX = 12,
    YEAR_DIGITS = 4,
    WIDE_BYTES = 3, /* of a digit that is as wide as a Chinese character, and of such a character */
};

/* Takes the next word, without marks at its ends; false when there is none. */
static bool next_word(struct wd_slice text, size_t *position, struct wd_slice *word)
{
    size_t at = *position;
    while (at < text.len && strchr(" ,.:;()|-", text.data[at]))
        at++;
    size_t end = at;
    while (end < text.len && !strchr(" ,.:;()|-", text.data[end]))
        end++;
    *position = end;
    *word = end > at ? wd_slice_make(text.data + at, end - at) : WD_SLICE_NONE;
    return end > at;
}

static bool is_day(struct wd_slice word)
{
    int number = 0;
    if (word.len == 0 || word.len > 2)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        if (!wd_text_is_digit(word.data[i]))
            return false;
        number = number * 10 + (word.data[i] - '0');
    }
    return number >= 1 && number <= DAY_MAX;
}

/* English months that are other words behind a number, unless a year or nothing follows. */
static bool is_verb(struct wd_slice month, struct wd_slice after)
{
    bool may_be = wd_text_equal_ascii_case(month, WD_SLICE("may")) ||
                  wd_text_equal_ascii_case(month, WD_SLICE("march"));
    return may_be && after.len > 0 && !wd_text_is_digit(after.data[0]);
}

/* Digits from `at` on; their number is in `value`. */
static size_t digits_at(struct wd_slice text, size_t at, int *value)
{
    size_t len = 0;
    *value = 0;
    while (at + len < text.len && wd_text_is_digit(text.data[at + len]) && len <= YEAR_DIGITS)
        *value = *value * 10 + (text.data[at + len++] - '0');
    return len;
}

/* Three numbers with the same mark between them, which begin at `at`: the day among them. */
static struct wd_slice day_of_numbers(struct wd_slice text, size_t at)
{
    int value[3];
    size_t begin[3];
    size_t len[3];
    size_t end = at;
    for (int i = 0; i < 3; i++) {
        begin[i] = end;
        len[i] = digits_at(text, end, &value[i]);
        end += len[i];
        bool marked = end < text.len && strchr("./-", text.data[end]) &&
                      (i == 0 || text.data[end] == text.data[begin[1] - 1]);
        if (len[i] == 0 || (i < 2 && !marked))
            return WD_SLICE_NONE;
        end += i < 2;
    }
    bool year_first = len[0] == YEAR_DIGITS && len[1] <= 2 && len[2] <= 2;
    bool year_last = len[0] <= 2 && len[1] <= 2 && (len[2] == 2 || len[2] == YEAR_DIGITS);
    int month = value[1] > MONTH_MAX && year_last ? 0 : 1; /* "11/15/19" */
    int day = year_first ? 2 : 1 - month;
    if ((!year_first && !year_last) || value[month] < 1 || value[month] > MONTH_MAX ||
        value[day] < 1 || value[day] > DAY_MAX)
        return WD_SLICE_NONE;
    return wd_slice_make(text.data + begin[day], len[day]);
}

static struct wd_slice find_day_of_numbers(struct wd_slice text)
{
    int value = 0;
    for (size_t at = 0; at < text.len; at++) {
        size_t len = digits_at(text, at, &value);
        if (len == 0)
            continue;
        struct wd_slice day = day_of_numbers(text, at);
        if (day.len > 0)
            return day;
        while (at < text.len && (wd_text_is_digit(text.data[at]) || text.data[at] == '.'))
            at++;
    }
    return WD_SLICE_NONE;
}

/* One or two digits that end at `end`, of one byte or of three each. */
static struct wd_slice day_before(struct wd_slice text, size_t end)
{
    int number = 0;
    int unit = 1;
    size_t at = end;
    for (; unit <= 10; unit *= 10) {
        const char *wide = at >= WIDE_BYTES ? text.data + at - WIDE_BYTES : "";
        if (at > 0 && wd_text_is_digit(text.data[at - 1])) {
            number += unit * (text.data[--at] - '0');
        } else if (strncmp(wide, "\uFF10", 2) == 0 && (unsigned char)wide[2] >= 0x90 &&
                   (unsigned char)wide[2] <= 0x99) {
            number += unit * ((unsigned char)wide[2] - 0x90);
            at -= WIDE_BYTES;
        } else {
            break;
        }
    }
    return number >= 1 && number <= DAY_MAX ? wd_slice_make(text.data + at, end - at)
                                            : WD_SLICE_NONE;
}

/* The month's character stands before it, with or without a blank. */
static bool month_before(struct wd_slice text, const char *day)
{
    size_t at = (size_t)(day - text.data);
    at -= at > 0 && text.data[at - 1] == ' ';
    if (at < WIDE_BYTES)
        return false;
    struct wd_slice mark = wd_slice_make(text.data + at - WIDE_BYTES, WIDE_BYTES);
    return wd_slice_is(mark, "\u6708") || wd_slice_is(mark, "\uC6D4");
}

/* What is behind it does not make it a number of days. */
static bool is_day_mark(struct wd_slice behind)
{
    static const char *const marks[] = {" ", "(", "\u3000", "\uFF08", "\u3001", "\u306E", "\u306F"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (wd_slice_starts(behind, wd_slice_from(marks[i])))
            return true;
    }
    return behind.len == 0;
}

/* Chinese, Japanese, Korean: the character for a day behind it, and that for a month before it or no more of a word. */
static struct wd_slice find_day_of_characters(struct wd_slice text)
{
    for (size_t at = 1; at + WIDE_BYTES <= text.len; at++) {
        struct wd_slice mark = wd_slice_make(text.data + at, WIDE_BYTES);
        bool day = wd_slice_is(mark, "\u65E5");
        if (!day && !wd_slice_is(mark, "\uC77C"))
            continue;
        struct wd_slice found = day_before(text, at);
        if (found.len > 0 && (month_before(text, found.data) ||
                              (day && is_day_mark(wd_slice_from_offset(text, at + WIDE_BYTES)))))
            return found;
    }
    return WD_SLICE_NONE;
}

static struct wd_slice find_day_beside_month(struct wd_slice headline)
{
    struct wd_slice before = WD_SLICE_NONE;
    struct wd_slice word = WD_SLICE_NONE;
    size_t position = 0;
    while (next_word(headline, &position, &word)) {
        if (is_day(word)) {
            struct wd_slice month = WD_SLICE_NONE;
            struct wd_slice after = WD_SLICE_NONE;
            size_t ahead = position;
            if (wd_month_find(before) > 0)
                return word;
            while (next_word(headline, &ahead, &month) && wd_time_word_is_day_first(month))
                month = WD_SLICE_NONE;
            (void)next_word(headline, &ahead, &after);
            if (wd_month_find(month) > 0 && !is_verb(month, after))
                return word;
        }
        before = word;
    }
    return WD_SLICE_NONE;
}

/* Of one byte, or of three that begin with 0xEF. Most headlines have none. */
static bool may_have_digit(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (wd_text_is_digit(text.data[i]) || (unsigned char)text.data[i] == 0xEF)
            return true;
    }
    return false;
}

struct wd_slice wd_headline_find_day(struct wd_slice headline)
{
    if (!may_have_digit(headline))
        return WD_SLICE_NONE;
    struct wd_slice day = find_day_beside_month(headline);
    if (day.len == 0)
        day = find_day_of_numbers(headline);
    return day.len > 0 ? day : find_day_of_characters(headline);
}
