#include "desk_remarks.h"

#include "phrase_index.h"

#include <pthread.h>

enum {
    NOTICE_BYTES_MAX = 900, /* copy that is nothing but an order about another story */
    NOTICE_PARAGRAPHS_MAX = 4,
    TAIL_PARAGRAPHS = 4, /* where corrections stand at the end of the copy */
    OPENING_BYTES_MAX = 200,
    PIECE_BYTES_MAX = 50, /* "this Friday's front-page article" */
    TIME_BYTES_MAX = 48,  /* "11:00 a.m. March 1, 2024:" */
};

/* How a paragraph of the copy opens that is more than copy. */
enum {
    CORRECTS = 1,
    ITSELF = 2,
    HEAD = 4,
    TO_EDITORS = 8, /* as it is spelt */
    EARLIER = 16,   /* "An earlier version of": of a piece, or of a law */
    DATED = 32,     /* "Correction 1 March 2024:", "Correction, March 1:": a day must follow */
};

static const struct opening {
    struct wd_slice text;
    unsigned kind;
} openings[] = {
    /* How a paragraph opens that says what was wrong in an earlier version. */
    {WD_SLICE("Correction:"), CORRECTS},
    {WD_SLICE("Correction :"), CORRECTS},
    {WD_SLICE("Corrections:"), CORRECTS},
    {WD_SLICE("Correction ("), CORRECTS},
    {WD_SLICE("Correction, "), CORRECTS},
    {WD_SLICE("Correction -"), CORRECTS},
    {WD_SLICE("Correction \u2013"), CORRECTS},
    {WD_SLICE("Correction \u2014"), CORRECTS},
    {WD_SLICE("Clarification:"), CORRECTS},
    {WD_SLICE("Correction "), DATED},
    {WD_SLICE("Clarification "), DATED},
    {WD_SLICE("A correction was made on "), CORRECTS}, /* The New York Times */
    {WD_SLICE("An earlier version of "), EARLIER},
    {WD_SLICE("A previous version of "), EARLIER},
    {WD_SLICE("Earlier versions of "), EARLIER},
    {WD_SLICE("Previous versions of "), EARLIER},
    {WD_SLICE("Berichtigung:"), CORRECTS},
    {WD_SLICE("Korrektur:"), CORRECTS},
    {WD_SLICE("Richtigstellung:"), CORRECTS},
    {WD_SLICE("Korrekturhinweis:"), CORRECTS},
    {WD_SLICE("In einer fr\u00FCheren Version "), CORRECTS},
    {WD_SLICE("In einer fr\u00FCheren Fassung "), CORRECTS},
    {WD_SLICE("Rectificatif:"), CORRECTS},
    {WD_SLICE("Rectificatif :"), CORRECTS},
    {WD_SLICE("Erratum:"), CORRECTS},
    {WD_SLICE("Erratum :"), CORRECTS},
    {WD_SLICE("Une version pr\u00E9c\u00E9dente de "), EARLIER},
    {WD_SLICE("Une version ant\u00E9rieure "), EARLIER},
    {WD_SLICE("Correcci\u00F3n:"), CORRECTS},
    {WD_SLICE("Rectificaci\u00F3n:"), CORRECTS},
    {WD_SLICE("Fe de errata"), CORRECTS},
    {WD_SLICE("Fe de errores"), CORRECTS}, /* El Pa\u00EDs */
    {WD_SLICE("Una versi\u00F3n anterior "), EARLIER},
    {WD_SLICE("Rettifica:"), CORRECTS},
    {WD_SLICE("Errata corrige"), CORRECTS},
    {WD_SLICE("Una versione precedente di "), EARLIER},
    {WD_SLICE("Corre\u00E7\u00E3o:"), CORRECTS},
    {WD_SLICE("Erramos:"), CORRECTS}, /* Folha de S.Paulo */
    {WD_SLICE("Uma vers\u00E3o anterior "), EARLIER},
    {WD_SLICE("In een eerdere versie van "), EARLIER},
    {WD_SLICE("Rectificatie:"), CORRECTS},
    {WD_SLICE("Correctie:"), CORRECTS},
    /* What a story calls itself. */
    {WD_SLICE("this story "), ITSELF},
    {WD_SLICE("the story "), ITSELF},
    {WD_SLICE("this article "), ITSELF},
    {WD_SLICE("the article "), ITSELF},
    {WD_SLICE("this report "), ITSELF},
    {WD_SLICE("this item "), ITSELF},
    {WD_SLICE("this version "), ITSELF},
    {WD_SLICE("this dispatch "), ITSELF},
    {WD_SLICE("this headline "), ITSELF},
    {WD_SLICE("this column "), ITSELF},
    {WD_SLICE("this post "), ITSELF},
    {WD_SLICE("this piece "), ITSELF},
    {WD_SLICE("diese meldung "), ITSELF},
    {WD_SLICE("dieser artikel "), ITSELF},
    {WD_SLICE("dieser text "), ITSELF},
    /* What stands before a remark. */
    {WD_SLICE("Editor's note:"), HEAD},
    {WD_SLICE("Editor\u2019s note:"), HEAD},
    {WD_SLICE("Editors' note:"), HEAD},
    {WD_SLICE("Editors\u2019 note:"), HEAD},
    {WD_SLICE("Note:"), HEAD},
    {WD_SLICE("For the record:"), HEAD}, /* Los Angeles Times */
    {WD_SLICE("Anmerkung der Redaktion:"), HEAD},
    {WD_SLICE("Anmerkung:"), HEAD},
    {WD_SLICE("Hinweis der Redaktion:"), HEAD},
    {WD_SLICE("Note de la r\u00E9daction :"), HEAD},
    {WD_SLICE("Nota de la redacci\u00F3n:"), HEAD},
    {WD_SLICE("Nota da reda\u00E7\u00E3o:"), HEAD},
    {WD_SLICE("Nota della redazione:"), HEAD},
    {WD_SLICE("Noot van de redactie:"), HEAD},
    /* To desks, whatever stands around it. */
    {WD_SLICE("EDITORS:"), TO_EDITORS},
    {WD_SLICE("EDITORS "), TO_EDITORS},
    {WD_SLICE("Editors:"), TO_EDITORS},
    {WD_SLICE("Editors, "), TO_EDITORS},
    {WD_SLICE("Eds:"), TO_EDITORS},
    {WD_SLICE("Eds.:"), TO_EDITORS},
    {WD_SLICE("EDS:"), TO_EDITORS},
    {WD_SLICE("Attention editors"), TO_EDITORS},
    {WD_SLICE("ATTENTION EDITORS"), TO_EDITORS},
    {WD_SLICE("To editors"), TO_EDITORS},
    {WD_SLICE("TO EDITORS"), TO_EDITORS},
    {WD_SLICE("Note to editors"), TO_EDITORS},
    {WD_SLICE("NOTE TO EDITORS"), TO_EDITORS},
    {WD_SLICE("An die Redaktionen"), TO_EDITORS},
    {WD_SLICE("ATTENTION - "), TO_EDITORS},
};
enum { OPENING_COUNT = sizeof(openings) / sizeof(openings[0]) };

/* Openings by their first four bytes: none is shorter. */
static struct wd_phrase_index opening_index;
static pthread_once_t opening_index_once = PTHREAD_ONCE_INIT;

static void make_opening_index(void)
{
    wd_phrase_index_init(&opening_index, 4);
    for (size_t i = 0; i < OPENING_COUNT; i++)
        wd_phrase_index_add(&opening_index, i, openings[i].text);
}

static void prepare(void)
{
    (void)pthread_once(&opening_index_once, make_opening_index);
}

/* The first of the openings of these kinds with which the text begins; NULL when there is none. */
static const struct opening *find_opening(struct wd_slice text, unsigned kinds)
{
    unsigned next = wd_phrase_index_first(&opening_index, text);
    for (; next > 0; next = wd_phrase_index_next(&opening_index, next - 1)) {
        const struct opening *one = &openings[next - 1];
        if (!(one->kind & kinds))
            continue;
        if (one->kind == TO_EDITORS ? wd_slice_starts(text, one->text)
                                    : wd_text_starts_ascii_case(text, one->text))
            return one;
    }
    return NULL;
}

/* What is said to have happened to a story. */
static const char *const happened[] = {" has been ", " was ",   " have been ", " corrects ",
                                       " updates ",  " wurde ", NULL};
static const char *const mended[] = {"corrected", "correct",    "corrects",   "amended",
                                     "clarified", "korrigiert", "berichtigt", NULL};
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
                                     NULL};
static const char *const renewed[] = {"updated", "updates", "aktualisiert", NULL};

static bool has_any(struct wd_slice text, const char *const *words)
{
    for (; *words; words++) {
        if (wd_text_contains_ascii_case(text, wd_slice_from(*words)))
            return true;
    }
    return false;
}

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

static bool is_frame(char c)
{
    return c == '(' || c == '[' || c == '*' || c == '_' || c == '-' || c == '=' || c == ' ';
}

/* Behind "11:00 a.m. March 1, 2024: ": what is called an earlier version there; else the text. */
static struct wd_slice without_time(struct wd_slice text)
{
    struct wd_slice begin = wd_utf8_cut(text, TIME_BYTES_MAX);
    for (size_t i = 0; i + 1 < begin.len && wd_text_is_digit(text.data[0]); i++) {
        struct wd_slice rest = wd_slice_from_offset(text, i + 2);
        if (text.data[i] == ':' && text.data[i + 1] == ' ' && find_opening(rest, EARLIER))
            return rest;
    }
    return text;
}

/* Without what may stand around a remark: brackets, asterisks, bullets, dashes, "Editor's note:". */
static struct wd_slice without_frame(struct wd_slice text)
{
    static const struct wd_slice bullet = WD_SLICE("\u2022");
    while (text.len > 0 && (is_frame(text.data[0]) || wd_slice_starts(text, bullet)))
        text = wd_slice_from_offset(text, is_frame(text.data[0]) ? 1 : bullet.len);
    const struct opening *head = find_opening(text, HEAD);
    if (!head)
        return text;
    return without_time(wd_text_trim(wd_slice_from_offset(text, head->text.len)));
}

/* Whether the text begins with a day of a month: "1 March 2024:", "March 1:". Correction officers have none. */
static bool begins_with_day(struct wd_slice text)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    struct wd_slice begin = wd_utf8_cut(text, TIME_BYTES_MAX);
    const char *colon = begin.len > 0 ? memchr(begin.data, ':', begin.len) : NULL;
    size_t len = colon ? (size_t)(colon - begin.data) : 0;
    bool month = false;
    bool day = false;
    for (size_t i = 0; i < len; i++) {
        bool word = i == 0 || begin.data[i - 1] == ' ';
        day = day || wd_text_is_digit(begin.data[i]);
        for (size_t j = 0; word && j < sizeof(months) / sizeof(months[0]); j++)
            month = month || wd_text_starts_ascii_case(wd_slice_from_offset(begin, i),
                                                       wd_slice_from(months[j]));
    }
    return month && day;
}

/* Of a paragraph without white space around it. */
static uint32_t marks_of_remark(struct wd_slice paragraph)
{
    struct wd_slice text = without_frame(paragraph);
    const struct opening *opening = find_opening(text, CORRECTS | EARLIER | ITSELF | DATED);
    if (!opening)
        return 0;
    if (opening->kind == DATED)
        return begins_with_day(wd_slice_from_offset(text, opening->text.len)) ? WD_WIRE_CORRECTION
                                                                              : 0;
    if (opening->kind == EARLIER) {
        struct wd_slice rest = wd_slice_from_offset(text, opening->text.len);
        return has_any(wd_utf8_cut(rest, PIECE_BYTES_MAX), pieces) ? WD_WIRE_CORRECTION : 0;
    }
    if (opening->kind == CORRECTS)
        return WD_WIRE_CORRECTION;
    struct wd_slice first = first_sentence(text);
    if (!has_any(first, happened))
        return 0;
    if (has_any(first, mended))
        return WD_WIRE_CORRECTION;
    return has_any(first, renewed) ? WD_WIRE_LEAD : 0;
}

/* "Correction: ...", "(This story has been corrected to show ...)", "An earlier version of this article ...". */
uint32_t wd_desk_remarks_of_paragraph(struct wd_slice paragraph)
{
    prepare();
    return marks_of_remark(wd_text_trim(paragraph));
}

/* "(Corrects spelling of name in paragraph 2)", alone in its paragraph. */
static bool is_in_brackets(struct wd_slice text)
{
    return text.len > 2 && text.data[0] == '(' && text.data[text.len - 1] == ')' &&
           !memchr(text.data + 1, '(', text.len - 2);
}

static uint32_t marks_of_note(struct wd_slice note)
{
    struct wd_wire_words words = {0, 0};
    wd_wire_words_scan_note(note, &words);
    return words.set;
}

static size_t copy_bytes(const struct wd_story *story)
{
    size_t bytes = 0;
    for (size_t i = 0; i < story->paragraph_count; i++)
        bytes += story->paragraphs[i].len;
    return bytes;
}

/* Copy that is short and speaks of a story: an order that some desk sent without any other mark. */
static uint32_t marks_of_notice(const struct wd_story *story)
{
    uint32_t set = 0;
    if (story->paragraph_count > NOTICE_PARAGRAPHS_MAX || copy_bytes(story) > NOTICE_BYTES_MAX)
        return 0;
    if (story->headline.len <= NOTICE_BYTES_MAX)
        set |= wd_wire_words_of_notice(story->headline);
    for (size_t i = 0; i < story->paragraph_count; i++)
        set |= wd_wire_words_of_notice(story->paragraphs[i]);
    return set;
}

uint32_t wd_desk_remarks_of_copy(const struct wd_story *story)
{
    prepare();
    uint32_t set = marks_of_notice(story);
    size_t count = story->paragraph_count;
    for (size_t i = 0; i < count; i++) {
        bool head = i < 2;
        bool tail = i + TAIL_PARAGRAPHS >= count;
        if (!head && !tail)
            continue;
        struct wd_slice text = wd_text_trim(story->paragraphs[i]);
        if (find_opening(text, TO_EDITORS) || (i == 0 && is_in_brackets(text)))
            set |= marks_of_note(text);
        set |= marks_of_remark(text);
    }
    return set;
}
