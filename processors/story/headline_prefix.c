#include "headline_prefix.h"

#include "text.h"

static bool is_word_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The word at the front that desks use, in capitals; its length, 0 when there is none. */
static size_t word_len(struct wd_slice text)
{
    static const char *const words[] = {"UPDATE",
                                        "CORRECTED",
                                        "CORRECTION",
                                        "REFILE",
                                        "RPT",
                                        "REPEAT",
                                        "WRAPUP",
                                        "EXCLUSIVE",
                                        "FACTBOX",
                                        "ANALYSIS",
                                        "FOCUS",
                                        "INSIGHT",
                                        "BRIEF",
                                        "TIMELINE",
                                        "EXPLAINER",
                                        "INTERVIEW",
                                        "PREVIEW",
                                        "ADVISORY",
                                        "KILL",
                                        "WITHDRAWN",
                                        "POLL",
                                        "TABLE",
                                        "COLUMN",
                                        "FEATURE",
                                        "INSTANT VIEW",
                                        "SPECIAL REPORT",
                                        "SNAPSHOT",
                                        "LIVE",
                                        "OFFICIAL",
                                        "CLARIFICATION",
                                        "URGENT",
                                        "BREAKING",
                                        "BREAKINGVIEWS",
                                        "PRESS DIGEST",
                                        "NEWSMAKER",
                                        "CORRECTS",
                                        "MANDATORY KILL",
                                        "ALERT",
                                        "FLASH",
                                        "BULLETIN",
                                        "EIL"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct wd_slice word = wd_slice_from(words[i]);
        if (wd_slice_starts(text, word) &&
            (text.len == word.len || !is_word_byte(text.data[word.len])))
            return word.len;
    }
    return 0;
}

/* "URGENT Bridge shut": in capitals before a headline that is not. */
static bool is_loud(struct wd_slice text, size_t len)
{
    static const char *const words[] = {"URGENT", "BREAKING", "ALERT", "FLASH", "BULLETIN", "EIL"};
    struct wd_slice word = {text.data, len};
    if (len + 2 >= text.len || text.data[len] != ' ' || text.data[len + 2] < 'a' ||
        text.data[len + 2] > 'z')
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wd_slice_is(word, words[i]))
            return true;
    }
    return false;
}

/* A prefix with what parts it from the headline: "UPDATE 2-", "CORRECTED (OFFICIAL)-", "KILL: ". */
static size_t prefix_len(struct wd_slice text)
{
    size_t i = word_len(text);
    if (i == 0)
        return 0;
    if (is_loud(text, i))
        return i + 1;
    if (i + 1 < text.len && text.data[i] == ' ') {
        size_t end = i + 1;
        if (text.data[end] == '(') {
            while (end < text.len && text.data[end] != ')')
                end++;
            end += end < text.len;
        } else {
            while (end < text.len && text.data[end] >= '0' && text.data[end] <= '9')
                end++;
        }
        i = end > i + 1 ? end : i;
    }
    struct wd_slice rest = wd_slice_from_offset(text, i);
    if (wd_slice_starts(rest, WD_SLICE(": ")))
        return i + 2;
    return rest.len > 1 && rest.data[0] == '-' && rest.data[1] != ' ' ? i + 1 : 0;
}

size_t wd_headline_prefix_len(struct wd_slice headline)
{
    size_t len = 0;
    for (size_t next = prefix_len(headline); next > 0;
         next = prefix_len(wd_slice_from_offset(headline, len)))
        len += next;
    return len;
}
