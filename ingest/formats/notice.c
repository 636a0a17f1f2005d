#include "notice.h"

#include "text.h"

enum {
    FIRST_WORDS = 3,  /* "ACHTUNG - Die Meldung" */
    OBJECT_WORDS = 3, /* "do not use | the second story" */
    ADDRESS_BYTES_MAX = 30,
};

/* What desks call what they sent, and hardly anybody calls anything else. */
static const char *const sent[] = {"story",
                                   "stories",
                                   "dispatch",
                                   "dispatches",
                                   "meldung",
                                   "meldungen",
                                   "d\u00E9p\u00EAche",
                                   "d\u00E9p\u00EAches",
                                   "depeche",
                                   "depeches",
                                   "despacho",
                                   "despachos",
                                   "noticia",
                                   "noticias",
                                   "not\u00EDcia",
                                   "not\u00EDcias",
                                   "notizia",
                                   "notizie",
                                   "lancio",
                                   "lanci",
                                   "\u043D\u043E\u0432\u043E\u0441\u0442\u044C",
                                   "\u041D\u043E\u0432\u043E\u0441\u0442\u044C",
                                   "\u043D\u043E\u0432\u043E\u0441\u0442\u0438",
                                   "\u0627\u0644\u062E\u0628\u0631",
                                   "\u062E\u0628\u0631",
                                   NULL};
/* Others have these, too. */
static const char *const sent_or_not[] = {"alert",
                                          "alerts",
                                          "newsalert",
                                          "alerte",
                                          "eilmeldung",
                                          "item",
                                          "items",
                                          "report",
                                          "reports",
                                          "article",
                                          "articles",
                                          "copy",
                                          "text",
                                          "texte",
                                          "texto",
                                          "testo",
                                          "bericht",
                                          "berichte",
                                          "beitrag",
                                          "artikel",
                                          "papier",
                                          "nota",
                                          "mat\u00E9ria",
                                          "reportagem",
                                          "art\u00EDculo",
                                          "articolo",
                                          "informaci\u00F3n",
                                          "\u0441\u043E\u043E\u0431\u0449\u0435\u043D\u0438\u0435",
                                          "\u0421\u043E\u043E\u0431\u0449\u0435\u043D\u0438\u0435",
                                          NULL};
static const char *const definite[] = {
    "the", "die", "der", "das", "la", "le", "el", "il", "lo", "a" /* Portuguese */, "o", NULL};
static const char *const own[] = {"this",    "our",    "diese",   "dieser",  "diesen", "unsere",
                                  "unserer", "unser",  "unseren", "cette",   "cet",    "notre",
                                  "esta",    "este",   "nuestra", "nuestro", "nossa",  "nosso",
                                  "questa",  "questo", "nostra",  "nostro",  NULL};
static const char *const names_of_desks[] = {
    "slugged",
    "slug",
    "headlined",
    "headline",
    "\u00FCberschrift",
    "\u0437\u0430\u0433\u043E\u043B\u043E\u0432\u043A\u043E\u043C",
    "usn",
    NULL};

/* Of a sentence; not the stop in "9.30 Uhr". */
static bool is_end(struct wd_slice text, size_t at)
{
    char c = text.data[at];
    bool inside = at > 0 && at + 1 < text.len && wd_text_is_digit(text.data[at - 1]) &&
                  wd_text_is_digit(text.data[at + 1]);
    return (c == '.' && !inside) || c == ';' || c == '\n';
}

static size_t sentence_begin(struct wd_slice text, size_t at)
{
    size_t begin = at;
    while (begin > 0 && at - begin < WD_NOTICE_REACH && !is_end(text, begin - 1))
        begin--;
    /* "Achtung Redaktionen: Die Meldung ...": whom it is said to is no part of what is said. */
    for (size_t i = begin; i + 1 < at && i - begin < ADDRESS_BYTES_MAX; i++) {
        if (text.data[i] == '"' || (unsigned char)text.data[i] >= 0xC0)
            break;
        if (text.data[i] == ':' && text.data[i + 1] == ' ')
            return i + 2;
    }
    return begin;
}

static size_t sentence_end(struct wd_slice text, size_t at)
{
    size_t end = at;
    while (end < text.len && end - at < WD_NOTICE_REACH && !is_end(text, end))
        end++;
    return end;
}

static bool has_one_of(struct wd_slice text, const char *const *words)
{
    size_t position = 0;
    struct wd_token token;
    while (wd_text_next_token(text, &position, &token)) {
        if (wd_text_equal_any(wd_slice_make(text.data + token.begin, token.end - token.begin),
                              words))
            return true;
    }
    return false;
}

bool wd_notice_names_copy(struct wd_slice text)
{
    return has_one_of(text, sent) || has_one_of(text, sent_or_not);
}

bool wd_notice_is_sent(struct wd_slice word)
{
    return wd_text_equal_any(word, sent);
}

bool wd_notice_is_own(struct wd_slice word)
{
    return wd_text_equal_any(word, own);
}

/* Whether what was sent is among the first `words_max` words. `leading`: it counts with "the" before it, or nothing. */
static bool names_copy(struct wd_slice text, size_t words_max, bool leading, bool weak)
{
    size_t position = 0;
    struct wd_token token;
    struct wd_slice before = WD_SLICE_NONE;
    for (size_t i = 0; i < words_max && wd_text_next_token(text, &position, &token); i++) {
        struct wd_slice word = wd_slice_make(text.data + token.begin, token.end - token.begin);
        if (wd_text_equal_any(word, names_of_desks) &&
            (wd_text_equal_any(before, sent) || wd_text_equal_any(before, sent_or_not)))
            return true; /* "The MINE story headlined ..." */
        bool strong = wd_text_equal_any(word, sent);
        if (strong || wd_text_equal_any(word, sent_or_not)) {
            bool the = before.len == 0 || wd_text_equal_any(before, definite);
            if (wd_text_equal_any(before, own) || (leading && the && (strong || weak)))
                return true;
        }
        before = word;
    }
    return false;
}

bool wd_notice_denies(struct wd_slice text, size_t end)
{
    static const char *const negations[] = {"nicht", NULL};
    return has_one_of(wd_slice_make(text.data + end, sentence_end(text, end) - end), negations);
}

bool wd_notice_is_of_copy(struct wd_slice text, size_t begin, size_t end,
                          enum wd_notice_place place)
{
    size_t first = sentence_begin(text, begin);
    size_t last = sentence_end(text, end);
    struct wd_slice subject = {text.data + first, begin - first};
    struct wd_slice object = {text.data + end, last - end};
    if (names_copy(subject, FIRST_WORDS, true, false) ||
        names_copy(subject, SIZE_MAX, false, false))
        return true;
    if (place == WD_NOTICE_OBJECT && names_copy(object, OBJECT_WORDS, true, true))
        return true;
    return has_one_of(wd_slice_make(text.data + first, last - first), names_of_desks) &&
           names_copy(subject, SIZE_MAX, true, true);
}

static const struct quote {
    struct wd_slice open, close;
} quotes[] = {{WD_SLICE("\""), WD_SLICE("\"")},
              {WD_SLICE("\u201C"), WD_SLICE("\u201D")},
              {WD_SLICE("\u201E"), WD_SLICE("\u201C")},
              {WD_SLICE("\u00AB"), WD_SLICE("\u00BB")}};

size_t wd_notice_quoted_len(struct wd_slice text)
{
    unsigned char first = text.len > 0 ? (unsigned char)text.data[0] : 0;
    if (first != '"' && first != 0xE2 && first != 0xC2) /* nearly everything */
        return 0;
    for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
        if (!wd_slice_starts(text, quotes[i].open))
            continue;
        struct wd_slice rest = wd_slice_from_offset(text, quotes[i].open.len);
        size_t most = rest.len < WD_NOTICE_REACH ? rest.len : WD_NOTICE_REACH;
        const char *close =
            most > 0 ? memmem(rest.data, most, quotes[i].close.data, quotes[i].close.len) : NULL;
        if (close)
            return (size_t)(close - text.data) + quotes[i].close.len;
    }
    return 0;
}

size_t wd_notice_quotation_end(struct wd_slice text, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        size_t len = wd_notice_quoted_len(wd_slice_from_offset(text, i));
        if (len > 0)
            from = i + len;
        i += len > 0 ? len : 1;
    }
    return from;
}
