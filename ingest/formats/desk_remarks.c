#include "desk_remarks.h"

#include "desk_marks.h"
#include "notice.h"
#include "order_requests.h"
#include "remark_openings.h"
#include "removal.h"
#include "spared_story.h"
#include "time_words.h"

enum {
    HEAD_PARAGRAPHS = 2,
    TAIL_PARAGRAPHS = 12, /* corrections end the copy; a page may have lines of its own behind */
    OPENING_BYTES_MAX = 200,
    UPDATED_BYTES_MAX = 80,
    PIECE_BYTES_MAX = 50, /* "this Friday's front-page article" */
    TIME_BYTES_MAX = 48,  /* "11:00 a.m. March 1, 2024:" */
    CLOCK_WORDS_MAX = 2,  /* "\u00E0s 11h40:" */
};

/* Behind what is right: "The price is $41.50. An earlier version of this article incorrectly said $45.10." */
static const char *const later_sentence[] = {
    "An earlier version of this ", "A previous version of this ", "Earlier versions of this ",
    "Previous versions of this "};
/* What is said to have happened to a story. */
static const char *const happened[] = {
    " has been ", " was ",   " have been ",       " corrects ",
    " updates ",  " wurde ", " a \u00E9t\u00E9 ", " ha sido ",
    " fue ",      " foi ",   " \u00E8 stat",      "\u0432\u043D\u0435\u0441\u0435\u043D",
    NULL};
static const char *const mended[] = {"corrected",
                                     "correct",
                                     "corrects",
                                     "amended",
                                     "clarified",
                                     "korrigiert",
                                     "berichtigt",
                                     "corrig\u00E9",
                                     "corregid",
                                     "corrigid",
                                     "rectificad",
                                     "retificad",
                                     "corrett",
                                     "rettificat",
                                     "\u0438\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438",
                                     "\u0443\u0442\u043E\u0447\u043D\u0435\u043D\u0438",
                                     NULL};
/* Of what "an earlier version" was another. */
static const char *const pieces[] = {"story",
                                     "article",
                                     "report",
                                     "item",
                                     "headline",
                                     "caption",
                                     "post",
                                     "piece",
                                     "column",
                                     "dispatch",
                                     "obituary",
                                     "review",
                                     "graphic",
                                     "chart",
                                     "map",
                                     "newsletter",
                                     "d\u00E9p\u00EAche",
                                     "noticia",
                                     "nota",
                                     "art\u00EDculo",
                                     "articolo",
                                     "notizia",
                                     "texto",
                                     "reportagem",
                                     "mat\u00E9ria",
                                     "not\u00EDcia",
                                     "artikel",
                                     "bericht",
                                     "beitrag",
                                     "meldung",
                                     "informaci\u00F3n",
                                     "tekst",
                                     "artyku\u0142",
                                     "depesz",
                                     "materia\u0142",
                                     "\u043D\u043E\u0432\u043E\u0441\u0442",
                                     "\u043C\u0430\u0442\u0435\u0440\u0438\u0430\u043B",
                                     "\u0441\u0442\u0430\u0442\u044C",
                                     "\u0442\u0435\u043A\u0441\u0442",
                                     "\u0441\u043E\u043E\u0431\u0449\u0435\u043D\u0438",
                                     "\u0437\u0430\u043C\u0435\u0442\u043A",
                                     "artikkel",
                                     "artiklen",
                                     "saken",
                                     "nyheten",
                                     "nyheden",
                                     "teksten",
                                     "texten",
                                     "\u010Dl\u00E1nk",
                                     "zpr\u00E1v",
                                     "spr\u00E1v",
                                     "articol",
                                     "\u0219tir",
                                     "\u043D\u043E\u0432\u0438\u043D",
                                     "\u0441\u0442\u0430\u0442\u0442",
                                     "\u043C\u0430\u0442\u0435\u0440\u0456\u0430\u043B",
                                     "berita",
                                     "\u010Dlan",
                                     "vijest",
                                     "\u043F\u0443\u0431\u043B\u0438\u043A\u0430\u0446",
                                     NULL};
/* What was wrong because of something, and what a story was updated for. */
static const char *const of_itself[] = {"earlier version of this ",
                                        "previous version of this ",
                                        "this story originally ",
                                        "this story initially ",
                                        "this story incorrectly ",
                                        "this article originally ",
                                        "this article initially ",
                                        "this article incorrectly ",
                                        "this report originally ",
                                        "this report initially ",
                                        NULL};
static const char *const to_correct[] = {"to correct ", NULL};
static const char *const renewed[] = {"updated", "updates", "aktualisiert", NULL};

/* Not "No. 5", not "1.": a letter of any alphabet. */
static bool ends_word(char c)
{
    char lower = (char)(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (unsigned char)c >= 0x80;
}

/* The first sentence, and no more than what tells its kind. */
static struct wd_slice first_sentence(struct wd_slice paragraph)
{
    struct wd_slice text = wd_utf8_cut(paragraph, OPENING_BYTES_MAX);
    for (size_t i = 1; i + 1 < text.len; i++) {
        if (text.data[i] == '.' && text.data[i + 1] == ' ' && ends_word(text.data[i - 1]))
            return wd_slice_make(text.data, i);
    }
    return text;
}

/* Wide brackets, and the mark of a note in Japanese. */
static const struct wd_slice wide_frames[] = {
    WD_SLICE("\uFF08"), WD_SLICE("\u3010"), WD_SLICE("\u3014"), WD_SLICE("\uFF3B"),
    WD_SLICE("\u300A"), WD_SLICE("\u203B"), WD_SLICE("\u2022"), /* bullet */
};

/* The length of the wide frame that the text begins with; 0 without one. */
static size_t wide_frame_len(struct wd_slice text)
{
    size_t len = 0;
    bool wide = text.len > 0 && (unsigned char)text.data[0] >= 0xE2; /* none begins below */
    for (size_t i = 0; wide && i < sizeof(wide_frames) / sizeof(wide_frames[0]) && len == 0; i++)
        len = wd_slice_starts(text, wide_frames[i]) ? wide_frames[i].len : 0;
    return len;
}

static bool is_frame(char c)
{
    return c == '(' || c == '[' || c == '*' || c == '_' || c == '-' || c == '=' || c == ' ';
}

/* Behind "11:00 a.m. March 1, 2024: " or "March 1, 2024 \u2014 ": what is called an earlier version there; else the text. */
static struct wd_slice without_time(struct wd_slice text)
{
    static const struct wd_slice parts[] = {WD_SLICE(": "), WD_SLICE(" \u2014 "),
                                            WD_SLICE(" \u2013 "), WD_SLICE(" - ")};
    struct wd_slice begin = wd_utf8_cut(text, TIME_BYTES_MAX);
    bool digit = false;
    for (size_t i = 0; i < begin.len; i++) {
        digit = digit || wd_text_is_digit(text.data[i]);
        for (size_t j = 0; digit && j < sizeof(parts) / sizeof(parts[0]); j++) {
            struct wd_slice rest = wd_slice_from_offset(text, i);
            if (!wd_slice_starts(rest, parts[j]))
                continue;
            rest = wd_slice_from_offset(rest, parts[j].len);
            if (wd_remark_opening_find(rest, WD_REMARK_EARLIER))
                return rest;
        }
    }
    return text;
}

/* Behind "10:02 " or "10.02 Uhr - " of a live page's entry, where it begins with "Correction:"; else the text. */
static struct wd_slice without_clock(struct wd_slice text)
{
    size_t digits = text.len > 2 && wd_text_is_digit(text.data[1]) ? 2 : 1;
    bool clock = text.len > digits + 3 && wd_text_is_digit(text.data[0]) &&
                 strchr(":.h", text.data[digits]) && wd_text_is_digit(text.data[digits + 1]) &&
                 wd_text_is_digit(text.data[digits + 2]);
    if (!clock)
        return text;
    static const struct wd_slice between[] = {
        WD_SLICE(" "),  WD_SLICE("a.m."), WD_SLICE("p.m."), WD_SLICE("am"),
        WD_SLICE("pm"), WD_SLICE("Uhr"),  WD_SLICE("GMT"),  WD_SLICE("\u2013"),
        WD_SLICE("-"),  WD_SLICE("|"),    WD_SLICE(":"),    WD_SLICE("\u2014")};
    struct wd_slice rest = wd_slice_from_offset(text, digits + 3);
    for (size_t i = 0; i < sizeof(between) / sizeof(between[0]);) {
        bool there = wd_slice_starts(rest, between[i]);
        rest = wd_slice_from_offset(rest, there ? between[i].len : 0);
        i = there ? 0 : i + 1;
    }
    return wd_remark_opening_find(rest, WD_REMARK_CORRECTS | WD_REMARK_DATED) ? rest : text;
}

/* The length of the day or the time that the text begins with, in any language, and of the colon behind it: "1 March 2024:",
 * "le 1er mars \u00E0 11 h 40 :", "\u00E0s 11h40:". 0 without: correction officers have none. */
static size_t dated_len(struct wd_slice text)
{
    struct wd_slice begin = wd_utf8_cut(text, TIME_BYTES_MAX);
    size_t len = 0;
    size_t words = 0;
    size_t position = 0;
    bool digit = false;
    bool month = false;
    struct wd_token token;
    while (len < begin.len && !(begin.data[len] == ':' && begin.data[len + 1] == ' '))
        len++;
    if (len + 1 >= begin.len)
        return 0;
    for (begin.len = len; wd_text_next_token(begin, &position, &token); words++) {
        struct wd_slice word = {begin.data + token.begin, token.end - token.begin};
        bool number = wd_text_is_digit(word.data[0]);
        digit |= number;
        month |= !number && wd_month_find(word) > 0;
    }
    return digit && (month || words <= CLOCK_WORDS_MAX) ? len + 1 : 0;
}

/* Without what may stand around a remark: brackets, asterisks, bullets, dashes, "Editor's note:". */
static struct wd_slice without_frame(struct wd_slice text)
{
    for (size_t len = 1; len > 0; text = wd_slice_from_offset(text, len))
        len = text.len > 0 && is_frame(text.data[0]) ? 1 : wide_frame_len(text);
    const struct wd_remark_opening *head = wd_remark_opening_find(text, WD_REMARK_HEAD);
    static const struct wd_slice update = WD_SLICE("Update ");
    size_t dated = wd_text_starts_ascii_case(text, update)
                       ? dated_len(wd_slice_from_offset(text, update.len))
                       : 0;
    if (dated > 0) /* "UPDATE 1 March 2024: This story ..." */
        return wd_text_trim(wd_slice_from_offset(text, update.len + dated));
    if (!head)
        return without_clock(text);
    return without_time(wd_text_trim(wd_slice_from_offset(text, head->text.len)));
}

/* "(Corrige fecha en primer p\u00E1rrafo)", "\uFF08...\uFF09", "\u203B ...": a note, alone in its paragraph. */
static bool is_framed(struct wd_slice text)
{
    static const struct wd_slice wide_close = WD_SLICE("\uFF09");
    bool round = text.len > 2 && text.data[0] == '(' && text.data[text.len - 1] == ')' &&
                 !memchr(text.data + 1, '(', text.len - 2);
    bool wide = text.len > 2 * wide_close.len && wd_slice_starts(text, wide_frames[0]) &&
                memcmp(text.data + text.len - wide_close.len, wide_close.data, wide_close.len) == 0;
    return round || wide || wd_slice_starts(text, WD_SLICE("\u203B"));
}

/* A note in a script without blanks says at its end what was done: "... \u3092\u8A02\u6B63\u3057\u307E\u3057\u305F". */
static bool says_corrected(struct wd_slice note)
{
    static const char *const said[] = {"\u8A02\u6B63\u3057\u307E",
                                       "\u8A02\u6B63\u3044\u305F\u3057",
                                       "\u66F4\u6B63",
                                       "\uC815\uC815",
                                       "\uBC14\uB85C\uC7A1",
                                       NULL};
    return note.len <= OPENING_BYTES_MAX && wd_text_contains_any(note, said);
}

/* "This article has been retracted.", "Editor's note: The Herald has retracted this article.": whatever copy stands below.
 * What is retracted elsewhere ("The article was retracted in 2010") is news. */
static bool retracts_itself(struct wd_slice paragraph, struct wd_slice text)
{
    static const char *const selves[] = {
        "this story ", "this article ", "diese meldung ", "dieser artikel ", "cet article ",
        "esta not",    "este art",      "questo art",     "questa not",      NULL};
    static const char *const ends[] = {"has been retracted",
                                       "was retracted",
                                       "is retracted",
                                       "has been withdrawn",
                                       "wurde zur\u00FCckgezogen",
                                       "a \u00E9t\u00E9 retir\u00E9",
                                       "a \u00E9t\u00E9 r\u00E9tract\u00E9",
                                       "ha sido retirad",
                                       "ha sido retractad",
                                       "foi retirad",
                                       "foi retratad",
                                       "\u00E8 stato ritirat",
                                       "\u00E8 stata ritirat",
                                       NULL};
    static const char *const of_this[] = {
        "retracted this article",  "retracted this story",  "retracted this report",
        "retracting this article", "retracting this story", "retracting this report",
        "withdrawn this article",  "withdrawn this story",  NULL};
    const struct wd_remark_opening *itself = wd_remark_opening_find(text, WD_REMARK_ITSELF);
    if (itself && wd_text_starts_any(text, selves))
        return wd_text_starts_any(wd_slice_from_offset(text, itself->text.len), ends);
    return text.data != paragraph.data && wd_text_contains_any(first_sentence(text), of_this);
}

/* A sentence further on speaks of an earlier version of this very piece. */
static bool corrects_later(struct wd_slice paragraph)
{
    static const struct wd_slice of_this = WD_SLICE("version");
    struct wd_slice rest = paragraph;
    const char *at = NULL;
    while (rest.len > 0 && (at = memmem(rest.data, rest.len, of_this.data, of_this.len))) {
        size_t end = (size_t)(at - paragraph.data);
        for (size_t i = 0; i < sizeof(later_sentence) / sizeof(later_sentence[0]); i++) {
            struct wd_slice begin = wd_slice_from(later_sentence[i]);
            size_t before = (size_t)(strstr(begin.data, of_this.data) - begin.data);
            struct wd_slice sentence =
                wd_slice_from_offset(paragraph, end >= before ? end - before : paragraph.len);
            struct wd_slice piece = wd_slice_from_offset(sentence, begin.len);
            if (end > before + 1 && paragraph.data[end - before - 1] == ' ' &&
                wd_slice_starts(sentence, begin) && wd_text_starts_any(piece, pieces))
                return true;
        }
        rest = wd_slice_from_offset(paragraph, end + of_this.len);
    }
    return false;
}

/* Of a paragraph without white space around it. */
static uint32_t marks_of_remark(struct wd_slice paragraph)
{
    struct wd_slice text = without_frame(paragraph);
    bool framed = is_framed(paragraph);
    if (retracts_itself(paragraph, text))
        return WD_WIRE_KILL;
    const struct wd_remark_opening *opening =
        wd_remark_opening_find(text, WD_REMARK_CORRECTS | WD_REMARK_RETRACTS | WD_REMARK_EARLIER |
                                         WD_REMARK_ITSELF | WD_REMARK_DATED | WD_REMARK_BECAUSE |
                                         WD_REMARK_UPDATED | (framed ? WD_REMARK_NOTED : 0));
    if (framed && ((opening && opening->kind == WD_REMARK_NOTED) || says_corrected(paragraph)))
        return WD_WIRE_CORRECTION;
    if (!opening)
        return corrects_later(paragraph) ? WD_WIRE_CORRECTION : 0;
    if (opening->kind == WD_REMARK_DATED)
        return dated_len(wd_slice_from_offset(text, opening->text.len)) > 0 ? WD_WIRE_CORRECTION
                                                                            : 0;
    if (opening->kind == WD_REMARK_EARLIER) {
        struct wd_slice rest = wd_slice_from_offset(text, opening->text.len);
        return wd_text_contains_any(wd_utf8_cut(rest, PIECE_BYTES_MAX), pieces) ? WD_WIRE_CORRECTION
                                                                                : 0;
    }
    if (opening->kind == WD_REMARK_CORRECTS)
        return WD_WIRE_CORRECTION;
    if (opening->kind == WD_REMARK_RETRACTS)
        return WD_WIRE_KILL;
    struct wd_slice first = first_sentence(text);
    if (opening->kind == WD_REMARK_BECAUSE)
        return wd_text_contains_any(first, of_itself) ? WD_WIRE_CORRECTION : 0;
    if (opening->kind == WD_REMARK_UPDATED) /* "a.m." ends no sentence */
        return wd_text_contains_any(wd_utf8_cut(text, UPDATED_BYTES_MAX), to_correct)
                   ? WD_WIRE_CORRECTION
                   : 0;
    if (!wd_text_contains_any(first, happened))
        return 0;
    if (wd_text_contains_any(first, mended))
        return WD_WIRE_CORRECTION;
    return wd_text_contains_any(first, renewed) ? WD_WIRE_LEAD : 0;
}

/* "Correction: ...", "(This story has been corrected to show ...)", "An earlier version of this article ...". */
uint32_t wd_desk_remarks_of_paragraph(struct wd_slice paragraph)
{
    return marks_of_remark(wd_text_trim(paragraph));
}

static uint32_t marks_of_note(struct wd_slice note)
{
    struct wd_wire_words words = {0, 0};
    wd_wire_words_scan_note(note, &words);
    return words.set;
}

/* "SEATOWN: SUB 4th graf to CORRECT number of passengers:", before the paragraph that replaces another one. */
static bool names_grafs(struct wd_slice text)
{
    static const char *const parts[] = {"SUB", "INSERT", "ADD", "LEADS", NULL};
    bool graf =
        text.len <= OPENING_BYTES_MAX && wd_text_contains_ascii_case(text, WD_SLICE(" graf"));
    bool found = false;
    for (size_t i = 0; graf && parts[i] && !found; i++)
        found = memmem(text.data, text.len, parts[i], strlen(parts[i])) != NULL;
    return found;
}

/* "Correction to Harmon Bank Article", and what the article misstated: a correction as a story of its own. */
static bool corrects_another(const struct wd_story *story)
{
    static const char *const heads[] = {"Correction to ", "Corrections to ",
                                        "Corrections & Amplifications",
                                        "Corrections and Amplifications", NULL};
    static const char *const wrong[] = {
        "misstated", "incorrectly", "erroneously", "should have said",
        ", not ",    "misspelled",  NULL};
    bool found = false;
    for (size_t i = 0; heads[i] && !found; i++)
        found = wd_text_starts_ascii_case(story->headline, wd_slice_from(heads[i]));
    bool says_so = false;
    for (size_t i = 0; found && i < story->paragraph_count && !says_so; i++)
        says_so = wd_text_contains_any(story->paragraphs[i], wrong);
    return says_so;
}

/* "The Herald is retracting its story", of the house that says it. What the note or the copy says to desks is said of its own. */
static bool takes_back_its_own(const struct wd_story *story)
{
    bool advisory = (story->signals & WD_SIGNAL_ADVISORY) ||
                    (wd_desk_marks_of_headline(story->headline, true) & WD_WIRE_ADVISORY);
    bool found = story->editors_note.len <= WD_NOTICE_BYTES_MAX &&
                 wd_order_requests_own(story, story->editors_note, true) &&
                 !wd_spared_says_stands(story->editors_note);
    for (size_t i = 0; i < story->paragraph_count && !found; i++) {
        struct wd_slice text = wd_text_trim(story->paragraphs[i]);
        bool to_desks = advisory || wd_remark_opening_find(text, WD_REMARK_TO_EDITORS);
        found = wd_order_requests_own(story, text, to_desks) &&
                !(to_desks && wd_spared_says_stands(text));
    }
    return found;
}

/* Copy that is short and speaks of a story: an order that some desk sent without any other mark. */
static uint32_t marks_of_notice(const struct wd_story *story)
{
    uint32_t set = 0;
    if (story->paragraph_count > WD_NOTICE_PARAGRAPHS_MAX ||
        wd_story_copy_bytes(story) > WD_NOTICE_BYTES_MAX)
        return 0;
    if (corrects_another(story))
        set |= WD_WIRE_CORRECTION;
    if (story->headline.len <= WD_NOTICE_BYTES_MAX)
        set |= wd_wire_words_of_notice(story->headline) | wd_removal_of_text(story->headline);
    for (size_t i = 0; i < story->paragraph_count; i++)
        set |= wd_wire_words_of_notice(story->paragraphs[i]) |
               wd_removal_of_text(story->paragraphs[i]);
    return set | (takes_back_its_own(story) ? (uint32_t)WD_WIRE_KILL : 0);
}

bool wd_desk_remarks_stand_at(size_t index, size_t count)
{
    return index < HEAD_PARAGRAPHS || index + TAIL_PARAGRAPHS >= count;
}

uint32_t wd_desk_remarks_of_copy(const struct wd_story *story, uint32_t *standing)
{
    uint32_t said = marks_of_notice(story);
    size_t count = story->paragraph_count;
    *standing = 0;
    bool addressed = false; /* "Editors, news directors:" stands alone above what is said to them */
    for (size_t i = 0; i < count; i++) {
        if (!wd_desk_remarks_stand_at(i, count))
            continue;
        struct wd_slice text = wd_text_trim(story->paragraphs[i]);
        bool to_editors = wd_remark_opening_find(text, WD_REMARK_TO_EDITORS) != NULL;
        uint32_t remark = marks_of_remark(text);
        if (to_editors || addressed || (i == 0 && is_framed(text)) ||
            (i == 0 && (story->flags & WD_FLAG_PARTIAL) && names_grafs(text)))
            said |= marks_of_note(text) & ~(remark & WD_WIRE_CORRECTION);
        *standing |= remark;
        addressed = to_editors && text.data[text.len - 1] == ':';
    }
    uint32_t set = said | *standing;
    *standing &= ~said;
    return set;
}
