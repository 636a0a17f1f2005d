#include "headline_date.h"

#include "text.h"
#include "time_words.h"

#include <string.h>

enum { DAY_MAX = 31 };

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

struct wd_slice wd_headline_find_day(struct wd_slice headline)
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
