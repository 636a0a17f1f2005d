#include "headline_prefix.h"

#include "text.h"

static bool is_word_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

enum {
    PIECE = 1, /* a piece of its own beside the story: never a version of it */
    LOUD = 2,  /* a blank is enough to part it from a headline that is not in capitals */
};

static const struct word {
    const char *text;
    unsigned is;
} words[] = {
    {"UPDATE", 0},
    {"CORRECTED", 0},
    {"CORRECTION", 0},
    {"CORRECTS", 0},
    {"CLARIFICATION", 0},
    {"REFILE", 0},
    {"RPT", 0},
    {"REPEAT", 0},
    {"WRAPUP", 0},
    {"EXCLUSIVE", 0},
    {"BRIEF", 0},
    {"LIVE", 0},
    {"OFFICIAL", 0},
    {"KILL", 0},
    {"MANDATORY KILL", 0},
    {"WITHDRAWN", 0},
    {"URGENT", LOUD},
    {"BREAKING", LOUD},
    {"ALERT", LOUD},
    {"FLASH", LOUD},
    {"BULLETIN", LOUD},
    {"EIL", LOUD},
    {"FACTBOX", PIECE},
    {"ANALYSIS", PIECE},
    {"ANALYSE", PIECE},
    {"FOCUS", PIECE},
    {"INSIGHT", PIECE},
    {"TIMELINE", PIECE},
    {"EXPLAINER", PIECE},
    {"INTERVIEW", PIECE},
    {"PREVIEW", PIECE},
    {"ADVISORY", PIECE},
    {"POLL", PIECE},
    {"TABLE", PIECE},
    {"COLUMN", PIECE},
    {"FEATURE", PIECE},
    {"INSTANT VIEW", PIECE},
    {"SPECIAL REPORT", PIECE},
    {"SNAPSHOT", PIECE},
    {"BREAKINGVIEWS", PIECE},
    {"PRESS DIGEST", PIECE},
    {"NEWSMAKER", PIECE},
    {"QUOTES", PIECE},
    {"HINTERGRUND", PIECE},
    {"CHRONOLOGIE", PIECE},
    {"STICHWORT", PIECE},
    {"ZITATE", PIECE},
};
enum { WORD_COUNT = sizeof(words) / sizeof(words[0]), MARK_BYTES_MAX = 40, PIECE_BYTES_MAX = 16 };

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* The word at the front that desks use, in capitals; NULL when there is none. */
static const struct word *find_word(struct wd_slice text)
{
    if (text.len < 3 || !is_capital(text.data[0]) || !is_capital(text.data[1]))
        return NULL; /* nearly every headline */
    for (size_t i = 0; i < WORD_COUNT; i++) {
        struct wd_slice word = wd_slice_from(words[i].text);
        if (wd_slice_starts(text, word) &&
            (text.len == word.len || !is_word_byte(text.data[word.len])))
            return &words[i];
    }
    return NULL;
}

/* "URGENT Bridge shut". */
static bool is_loud(struct wd_slice text, const struct word *word)
{
    size_t len = strlen(word->text);
    return (word->is & LOUD) && len + 2 < text.len && text.data[len] == ' ' &&
           text.data[len + 2] >= 'a' && text.data[len + 2] <= 'z';
}

/* A prefix with what parts it from the headline: "UPDATE 2-", "CORRECTED (OFFICIAL)-", "KILL: ". */
static size_t prefix_len(struct wd_slice text)
{
    const struct word *word = find_word(text);
    if (!word)
        return 0;
    size_t i = strlen(word->text);
    if (is_loud(text, word))
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
    if (!(word->is & PIECE) && wd_slice_starts(rest, WD_SLICE(" - ")))
        return i + 3;
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

/* Behind the bracket that `text` begins with, its blanks and a colon; 0 when none is closed soon. */
static size_t bracket_len(struct wd_slice text)
{
    static const char *const pairs[][2] = {
        {"(", ")"},           {"[", "]"},           {"<", ">"},           {"\u3010", "\u3011"},
        {"\uFF08", "\uFF09"}, {"\u3014", "\u3015"}, {"\uFF3B", "\uFF3D"}, {"\u300A", "\u300B"}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        size_t most = text.len < MARK_BYTES_MAX ? text.len : MARK_BYTES_MAX;
        const char *close = wd_slice_starts(text, wd_slice_from(pairs[i][0]))
                                ? memmem(text.data, most, pairs[i][1], strlen(pairs[i][1]))
                                : NULL;
        size_t end = close ? (size_t)(close - text.data) + strlen(pairs[i][1]) : 0;
        while (end > 0 && end < text.len && strchr(" :-", text.data[end]))
            end++;
        if (end > 0)
            return end;
    }
    return 0;
}

/* "ANULACI\u00D3N: ", "Storno: ", "ANNULATION - ": one word, or capitals. */
static size_t marked_len(struct wd_slice text)
{
    bool blank = false;
    bool small = false;
    for (size_t i = 0; i + 3 < text.len && i < MARK_BYTES_MAX; i++) {
        struct wd_slice rest = wd_slice_from_offset(text, i);
        bool colon = wd_slice_starts(rest, WD_SLICE(": "));
        bool parted = colon || wd_slice_starts(rest, WD_SLICE(" - ")) ||
                      wd_slice_starts(rest, WD_SLICE("\uFF1A")); /* wide ":" */
        if (i > 0 && parted)
            return blank && small ? 0 : i + (colon ? 2 : 3);
        blank = blank || text.data[i] == ' ';
        small = small || (text.data[i] >= 'a' && text.data[i] <= 'z');
    }
    return 0;
}

/* "Correction to "Bridge shut"", "Corrections & Amplifications: Bridge shut": of what is said to be mended. */
static size_t correction_to_len(struct wd_slice text)
{
    static const char *const heads[] = {
        "Correction to ", "Corrections to ", "Corrections & Amplifications: ",
        "Correction & Amplification: ", "Corrections and Amplifications: "};
    size_t len = 0;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]) && len == 0; i++)
        len = wd_slice_starts(text, wd_slice_from(heads[i])) ? strlen(heads[i]) : 0;
    return len;
}

/* "Correction to Bridge shut | Article". */
static size_t piece_len(struct wd_slice headline)
{
    static const char *const pieces[] = {" Article", " Story", " Item", " Report"};
    size_t len = 0;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]) && len == 0; i++) {
        struct wd_slice piece = wd_slice_from(pieces[i]);
        bool ends = headline.len > piece.len &&
                    memcmp(headline.data + headline.len - piece.len, piece.data, piece.len) == 0;
        len = ends ? piece.len : 0;
    }
    return len;
}

size_t wd_headline_tail_len(struct wd_slice headline)
{
    if (correction_to_len(headline) > 0)
        return piece_len(headline);
    const char *open = headline.len > 0 && headline.data[headline.len - 1] == ')'
                           ? memrchr(headline.data, '(', headline.len)
                           : NULL;
    size_t begin = open ? (size_t)(open - headline.data) : 0;
    if (begin == 0 || headline.len - begin > MARK_BYTES_MAX)
        return 0;
    for (size_t i = begin; i < headline.len; i++) {
        if (headline.data[i] >= 'a' && headline.data[i] <= 'z')
            return 0;
    }
    return headline.len - begin;
}

size_t wd_headline_mark_len(struct wd_slice headline)
{
    size_t known = wd_headline_prefix_len(headline);
    known = known > 0 ? known : correction_to_len(headline);
    size_t len = known > 0 ? known : bracket_len(headline);
    return len > 0 ? len : marked_len(headline);
}

bool wd_headline_names_piece(struct wd_slice headline)
{
    for (size_t len = 0, next = 0;; len += next) {
        struct wd_slice rest = wd_slice_from_offset(headline, len);
        const struct word *word = find_word(rest);
        next = prefix_len(rest);
        if (next > 0 && (word->is & PIECE))
            return true;
        if (next == 0)
            break;
    }
    /* "Factbox: ", as the same stand on the web; nearly every headline has no colon there. */
    size_t most = headline.len < PIECE_BYTES_MAX ? headline.len : PIECE_BYTES_MAX;
    const char *colon = most > 0 ? memchr(headline.data, ':', most) : NULL;
    struct wd_slice first = {headline.data, colon ? (size_t)(colon - headline.data) : 0};
    bool piece = false;
    for (size_t i = 0; i < WORD_COUNT && first.len > 0 && !piece; i++)
        piece =
            (words[i].is & PIECE) && wd_text_equal_ascii_case(first, wd_slice_from(words[i].text));
    return piece && wd_slice_starts(wd_slice_from_offset(headline, first.len), WD_SLICE(": "));
}
