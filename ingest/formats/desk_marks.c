#include "desk_marks.h"

enum {
    ENDING_BYTES_MAX = 40,  /* a mark at the end of a headline */
    NOTICE_BYTES_MAX = 900, /* copy that is nothing but an order about another story */
    NOTICE_PARAGRAPHS_MAX = 4,
    TAIL_PARAGRAPHS = 4, /* where corrections stand at the end of the copy */
    OPENING_BYTES_MAX = 200,
};

/* Where a mark counts. */
enum {
    CAPITALS = 1, /* in capitals only: in small letters it is a word of the copy */
    LOOSE = 2,    /* nothing need separate it from the headline */
    ENDS = 4,     /* also behind a dash at the end */
    COMPOUND = 8, /* with a hyphen it makes other words: "kill-switch" */
};

struct mark {
    const char *text;
    uint32_t set; /* enum wd_wire_word; 0: stands among marks and says nothing */
    unsigned how;
};

static const struct mark marks[] = {
    /* English */
    {"CORRECTION", WD_WIRE_CORRECTION, ENDS},
    {"CORRECTIONS", WD_WIRE_CORRECTION, ENDS},
    {"CORRECTED VERSION", WD_WIRE_CORRECTION, ENDS},
    {"CORRECTED REPEAT", WD_WIRE_CORRECTION, 0},
    {"CORRECTED", WD_WIRE_CORRECTION, ENDS},
    {"CORRECTS", WD_WIRE_CORRECTION, 0},
    {"CORRECTING", WD_WIRE_CORRECTION, 0},
    {"CORRECTIVE", WD_WIRE_CORRECTION, ENDS},
    {"CORR", WD_WIRE_CORRECTION, ENDS},
    {"OFFICIAL CORRECTION", WD_WIRE_CORRECTION, 0},
    {"CLARIFICATION", WD_WIRE_CORRECTION, ENDS},
    {"CLARIFIED", WD_WIRE_CORRECTION, 0},
    {"CLARIFIES", WD_WIRE_CORRECTION, 0},
    {"ERRATUM", WD_WIRE_CORRECTION, 0},
    {"UPDATE", WD_WIRE_LEAD, ENDS},
    {"UPDATED", WD_WIRE_LEAD, ENDS},
    {"UPDATES", WD_WIRE_LEAD, 0},
    {"UPDATING", WD_WIRE_LEAD, 0},
    {"RECASTS", WD_WIRE_LEAD, 0},
    {"WRAPUP", WD_WIRE_LEAD, 0},
    {"KILL", WD_WIRE_KILL, COMPOUND},
    {"KILL NOTICE", WD_WIRE_KILL, LOOSE},
    {"KILL ADVISORY", WD_WIRE_KILL, LOOSE},
    {"BULLETIN KILL", WD_WIRE_KILL, LOOSE},
    {"MANDATORY KILL", WD_WIRE_KILL, LOOSE},
    {"MANDATORY STORY KILL", WD_WIRE_KILL, LOOSE},
    {"ADVISORY KILL", WD_WIRE_KILL, LOOSE},
    {"URGENT KILL", WD_WIRE_KILL, LOOSE},
    {"STORY KILL", WD_WIRE_KILL, LOOSE},
    {"STORY KILLED", WD_WIRE_KILL, LOOSE},
    {"STORY REMOVED", WD_WIRE_KILL, 0},
    {"STORY WITHDRAWN", WD_WIRE_KILL, 0},
    {"STORY RETRACTED", WD_WIRE_KILL, 0},
    {"ARTICLE REMOVED", WD_WIRE_KILL, 0},
    {"ARTICLE WITHDRAWN", WD_WIRE_KILL, 0},
    {"ARTICLE RETRACTED", WD_WIRE_KILL, 0},
    {"ELIMINATION", WD_WIRE_KILL, CAPITALS},
    {"BULLETIN ELIMINATION", WD_WIRE_KILL, LOOSE},
    {"MANDATORY ELIMINATION", WD_WIRE_KILL, LOOSE},
    {"ELIMINATE", WD_WIRE_KILL, CAPITALS},
    {"DISREGARD", WD_WIRE_KILL, CAPITALS},
    {"WITHDRAWN", WD_WIRE_KILL, 0},
    {"WITHDRAWAL", WD_WIRE_KILL, CAPITALS},
    {"RETRACTED", WD_WIRE_KILL, CAPITALS},
    {"RETRACTION", WD_WIRE_KILL, 0},
    {"REFILE", WD_WIRE_REFILE, 0},
    {"REFILED", WD_WIRE_REFILE, 0},
    {"REFILES", WD_WIRE_REFILE, 0},
    {"RESENDING", WD_WIRE_REPEAT, 0},
    {"REPEAT", WD_WIRE_REPEAT, COMPOUND},
    {"REPEATS", WD_WIRE_REPEAT, 0},
    {"REPEATING", WD_WIRE_REPEAT, 0},
    {"RPT", WD_WIRE_REPEAT, 0},
    {"HOLD", WD_WIRE_WITHHOLD, COMPOUND},
    {"MANDATORY HOLD", WD_WIRE_WITHHOLD, LOOSE},
    {"STORY HOLD", WD_WIRE_WITHHOLD, 0},
    {"STORY WITHHELD", WD_WIRE_WITHHOLD, 0},
    {"WITHHOLD", WD_WIRE_WITHHOLD, CAPITALS | COMPOUND},
    {"HOLD FOR RELEASE", WD_WIRE_ADVANCE, LOOSE},
    {"EMBARGOED", WD_WIRE_ADVANCE, CAPITALS},
    {"UNDER EMBARGO", WD_WIRE_ADVANCE, CAPITALS},
    {"EMBARGOED UNTIL", WD_WIRE_ADVANCE, CAPITALS | LOOSE},
    {"EMBARGO UNTIL", WD_WIRE_ADVANCE, CAPITALS | LOOSE},
    {"NOT FOR RELEASE BEFORE", WD_WIRE_ADVANCE, CAPITALS | LOOSE},
    {"NOT FOR PUBLICATION", WD_WIRE_ADVISORY, CAPITALS | LOOSE},
    {"ADVISORY", WD_WIRE_ADVISORY, 0},
    {"MEDIA ADVISORY", WD_WIRE_ADVISORY, 0},
    {"NOTE TO EDITORS", WD_WIRE_ADVISORY, 0},
    /* German */
    {"BERICHTIGUNG", WD_WIRE_CORRECTION, ENDS},
    {"BERICHTIGT", WD_WIRE_CORRECTION, ENDS},
    {"KORREKTUR", WD_WIRE_CORRECTION, ENDS},
    {"KORRIGIERT", WD_WIRE_CORRECTION, ENDS},
    {"KORRIGIERTE FASSUNG", WD_WIRE_CORRECTION, ENDS},
    {"BERICHTIGTE FASSUNG", WD_WIRE_CORRECTION, ENDS},
    {"RICHTIGSTELLUNG", WD_WIRE_CORRECTION, 0},
    {"AKTUALISIERT", WD_WIRE_LEAD, ENDS},
    {"AKTUALISIERUNG", WD_WIRE_LEAD, 0},
    {"NEUFASSUNG", WD_WIRE_LEAD, ENDS},
    {"ZUSAMMENFASSUNG", WD_WIRE_LEAD, ENDS},
    {"WIEDERHOLUNG", WD_WIRE_REPEAT, ENDS},
    {"STORNO", WD_WIRE_KILL, CAPITALS},
    {"STORNIERUNG", WD_WIRE_KILL, CAPITALS},
    {"ZUR\u00DCCKGEZOGEN", WD_WIRE_KILL, CAPITALS},
    {"ZURUECKGEZOGEN", WD_WIRE_KILL, CAPITALS},
    {"MELDUNG ZUR\u00FCCKGEZOGEN", WD_WIRE_KILL, LOOSE},
    {"MELDUNG ZURUECKGEZOGEN", WD_WIRE_KILL, LOOSE},
    {"ACHTUNG SPERRFRIST", WD_WIRE_ADVANCE, LOOSE},
    {"SPERRFRIST", WD_WIRE_ADVANCE, 0},
    /* French */
    {"RECTIFICATIF", WD_WIRE_CORRECTION, ENDS},
    {"RECTIFICATION", WD_WIRE_CORRECTION, ENDS},
    {"CORRECTIF", WD_WIRE_CORRECTION, ENDS},
    {"CORRIGE", WD_WIRE_CORRECTION, CAPITALS},
    {"CORRIG\u00C9", WD_WIRE_CORRECTION, CAPITALS | ENDS},
    {"ANNULE ET REMPLACE", WD_WIRE_CORRECTION, LOOSE},
    {"ANNULATION", WD_WIRE_KILL, CAPITALS},
    {"ANNULE", WD_WIRE_KILL, CAPITALS},
    {"ACTUALISATION", WD_WIRE_LEAD, 0},
    {"SOUS EMBARGO", WD_WIRE_ADVANCE, CAPITALS},
    /* Spanish and Portuguese */
    {"CORRECCI\u00D3N", WD_WIRE_CORRECTION, ENDS},
    {"Correcci\u00F3n", WD_WIRE_CORRECTION, ENDS},
    {"CORRECCION", WD_WIRE_CORRECTION, ENDS},
    {"RECTIFICACI\u00D3N", WD_WIRE_CORRECTION, ENDS},
    {"Rectificaci\u00F3n", WD_WIRE_CORRECTION, ENDS},
    {"RECTIFICACION", WD_WIRE_CORRECTION, ENDS},
    {"FE DE ERRATAS", WD_WIRE_CORRECTION, 0},
    {"ANULA Y SUSTITUYE", WD_WIRE_CORRECTION, LOOSE},
    {"ANULA Y REEMPLAZA", WD_WIRE_CORRECTION, LOOSE},
    {"ANULA", WD_WIRE_KILL, CAPITALS},
    {"ANULACI\u00D3N", WD_WIRE_KILL, CAPITALS},
    {"ANULACION", WD_WIRE_KILL, CAPITALS},
    {"ANULAR", WD_WIRE_KILL, CAPITALS},
    {"ACTUALIZA", WD_WIRE_LEAD, CAPITALS},
    {"ACTUALIZADO", WD_WIRE_LEAD, ENDS},
    {"ACTUALIZACI\u00D3N", WD_WIRE_LEAD, 0},
    {"REPETICI\u00D3N", WD_WIRE_REPEAT, CAPITALS},
    {"REPITE", WD_WIRE_REPEAT, CAPITALS},
    {"BAJO EMBARGO", WD_WIRE_ADVANCE, CAPITALS},
    {"CORRE\u00C7\u00C3O", WD_WIRE_CORRECTION, ENDS},
    {"Corre\u00E7\u00E3o", WD_WIRE_CORRECTION, ENDS},
    {"CORRIGIDO", WD_WIRE_CORRECTION, ENDS},
    {"CORRIGIDA", WD_WIRE_CORRECTION, ENDS},
    {"ANULA E SUBSTITUI", WD_WIRE_CORRECTION, LOOSE},
    /* Italian and Dutch */
    {"CORREZIONE", WD_WIRE_CORRECTION, ENDS},
    {"RETTIFICA", WD_WIRE_CORRECTION, ENDS},
    {"ERRATA CORRIGE", WD_WIRE_CORRECTION, 0},
    {"ANNULLA E SOSTITUISCE", WD_WIRE_CORRECTION, LOOSE},
    {"ANNULLA", WD_WIRE_KILL, CAPITALS},
    {"ANNULLAMENTO", WD_WIRE_KILL, CAPITALS},
    {"RECTIFICATIE", WD_WIRE_CORRECTION, ENDS},
    {"CORRECTIE", WD_WIRE_CORRECTION, ENDS},
    {"ANNULERING", WD_WIRE_KILL, CAPITALS},
    /* Marks that say nothing about the version; what follows may. */
    {"OFFICIAL", 0, 0},
    {"URGENT", 0, 0},
    {"BREAKING", 0, 0},
    {"BREAKING NEWS", 0, 0},
    {"EXCLUSIVE", 0, 0},
    {"ALERT", 0, 0},
    {"BULLETIN", 0, 0},
    {"FLASH", 0, 0},
    {"TOP NEWS", 0, 0},
    {"ATTENTION", 0, 0},
    {"ATTENTION EDITORS", 0, 0},
    {"EDITORS", 0, 0},
    {"ACHTUNG", 0, 0},
    {"EILMELDUNG", 0, 0},
    {"EIL", 0, 0},
};
enum { MARK_COUNT = sizeof(marks) / sizeof(marks[0]) };

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return is_small(c) || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool has_small_letters(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_small(text.data[i]))
            return true;
    }
    return false;
}

/* By the first two bytes, whatever their case; no word here is shorter. The words are many, every story is
 * held against them, and this alone says no to nearly all, without a look at their lengths. */
static bool may_start(struct wd_slice text, const char *word)
{
    return text.len > 1 && ((text.data[0] ^ word[0]) & ~0x20) == 0 &&
           ((text.data[1] ^ word[1]) & ~0x20) == 0;
}

/* The longest mark that `text` begins with and that ends there as a word; NULL when there is none. */
static const struct mark *find_mark(struct wd_slice text)
{
    const struct mark *best = NULL;
    size_t best_len = 0;
    if (text.len < 2)
        return NULL;
    for (size_t i = 0; i < MARK_COUNT; i++) {
        if (!may_start(text, marks[i].text))
            continue;
        struct wd_slice word = wd_slice_from(marks[i].text);
        if (word.len <= best_len || !wd_text_starts_ascii_case(text, word) ||
            (text.len > word.len && is_letter(text.data[word.len])))
            continue;
        if ((marks[i].how & CAPITALS) && has_small_letters(wd_slice_make(text.data, word.len)))
            continue;
        best = &marks[i];
        best_len = word.len;
    }
    return best;
}

static size_t skip_blanks(struct wd_slice text, size_t i)
{
    while (i < text.len && (text.data[i] == ' ' || text.data[i] == '\t'))
        i++;
    return i;
}

/* The dash at `i`: its bytes, 0 when there is none. */
static size_t dash_len(struct wd_slice text, size_t i)
{
    struct wd_slice rest = wd_slice_from_offset(text, i);
    if (wd_slice_starts(rest, WD_SLICE("-")))
        return 1;
    bool long_dash = wd_slice_starts(rest, WD_SLICE("\u2013")) || /* en dash */
                     wd_slice_starts(rest, WD_SLICE("\u2014"));   /* em dash */
    return long_dash ? 3 : 0;
}

/* What separates a mark from what follows it: a number, then ":", "/", "|" or a dash, then blanks; the end of the text does,
 * too. A hyphen with neither blank nor number before it only behind capitals, in front of a headline that is not all
 * capitals: "CORRECTED-Bridge ...", not "Hold-up at bank" or "KILL-SWITCH LAW". False when the mark is but a word: nor is there
 * any telling whether "ANNULATION: CONCERT DE MINUIT" is about a story. */
static bool take_separator(struct wd_slice *rest, const struct mark *mark, struct wd_slice word)
{
    size_t i = skip_blanks(*rest, 0);
    while (i < rest->len && is_digit(rest->data[i]))
        i++;
    size_t end = skip_blanks(*rest, i);
    if (end == rest->len || (mark->how & LOOSE)) {
        *rest = wd_slice_from_offset(*rest, end);
        return true;
    }
    char c = rest->data[end];
    size_t len = c == ':' || c == '/' || c == '|' || c == ',' ? 1 : dash_len(*rest, end);
    struct wd_slice after = wd_slice_from_offset(*rest, end + len);
    bool glued = c == '-' && end == 0;
    if (len == 0 || c == ',' || (glued && has_small_letters(word)))
        return false;
    bool order = mark->set & (WD_WIRE_KILL | WD_WIRE_WITHHOLD);
    bool doubtful = (glued && (mark->how & COMPOUND)) || (order && (mark->how & CAPITALS));
    if (doubtful && !has_small_letters(after) && !find_mark(after))
        return false;
    *rest = wd_slice_from_offset(after, skip_blanks(after, 0));
    return true;
}

static bool is_open(struct wd_slice text)
{
    return text.len > 0 && (text.data[0] == '(' || text.data[0] == '[');
}

/* "(OFFICIAL)", "[CORRECTED]" at the beginning: its mark, and the text behind it. NULL when it holds anything else. */
static const struct mark *take_bracket(struct wd_slice *text)
{
    struct wd_slice rest = wd_slice_from_offset(*text, 1);
    const char *close =
        rest.len > 0 ? memchr(rest.data, text->data[0] == '(' ? ')' : ']', rest.len) : NULL;
    if (!close)
        return NULL;
    struct wd_slice inside = wd_text_trim(wd_slice_make(rest.data, (size_t)(close - rest.data)));
    while (inside.len > 0 &&
           (is_digit(inside.data[inside.len - 1]) || inside.data[inside.len - 1] == ' '))
        inside.len--; /* "(UPDATE 2)" */
    const struct mark *mark = find_mark(inside);
    size_t len = mark ? strlen(mark->text) : 0;
    bool told = mark && len < inside.len && inside.data[len] == ':'; /* "[Update: it is open]" */
    if (!mark || (len != inside.len && !told))
        return NULL;
    rest = wd_slice_from_offset(rest, (size_t)(close - rest.data) + 1);
    size_t i = skip_blanks(rest, 0);
    i += i < rest.len && rest.data[i] == ':' ? 1 : dash_len(rest, i);
    *text = wd_slice_from_offset(rest, skip_blanks(rest, i));
    return mark;
}

/* "Bridge shut (CORRECTED)", "Bridge shut - Berichtigung". */
static uint32_t marks_at_end(struct wd_slice headline)
{
    size_t from = headline.len > ENDING_BYTES_MAX ? headline.len - ENDING_BYTES_MAX : 0;
    bool closed = headline.len > 0 && strchr(")]", headline.data[headline.len - 1]);
    for (size_t i = headline.len; i > from; i--) {
        struct wd_slice rest = wd_slice_from_offset(headline, i - 1);
        if (closed && is_open(rest)) {
            const struct mark *mark = take_bracket(&rest);
            return mark && rest.len == 0 ? mark->set : 0;
        }
        size_t dash = dash_len(headline, i - 1);
        if (dash == 0 || i < 2 || headline.data[i - 2] != ' ')
            continue;
        rest = wd_text_trim(wd_slice_from_offset(rest, dash));
        const struct mark *mark = find_mark(rest);
        bool whole = mark && (mark->how & ENDS) && strlen(mark->text) == rest.len;
        /* "Stocks fall - correction" is about stocks. */
        return whole && !is_small(rest.data[0]) && has_small_letters(headline) ? mark->set : 0;
    }
    return 0;
}

uint32_t wd_desk_marks_of_headline(struct wd_slice headline)
{
    struct wd_slice rest = wd_text_trim(headline);
    uint32_t set = marks_at_end(rest);
    for (const struct mark *mark = NULL;; set |= mark->set) {
        if (is_open(rest)) {
            mark = take_bracket(&rest);
            if (!mark)
                return set;
            continue;
        }
        mark = find_mark(rest);
        if (!mark)
            return set;
        struct wd_slice word = {rest.data, strlen(mark->text)};
        rest = wd_slice_from_offset(rest, word.len);
        size_t blanks = skip_blanks(rest, 0);
        struct wd_slice bracket = wd_slice_from_offset(rest, blanks);
        if (blanks > 0 && is_open(bracket) && take_bracket(&bracket))
            rest = bracket; /* "CORRECTED (OFFICIAL)-": with what separates it */
        else if (!take_separator(&rest, mark, word))
            return set;
    }
}

/* ---- the copy ---- */

/* How a paragraph opens that says what was wrong in an earlier version. */
static const char *const corrections[] = {"Correction:",
                                          "Correction :",
                                          "Corrections:",
                                          "Correction (",
                                          "Correction, ",
                                          "Correction -",
                                          "Correction \u2013",
                                          "Correction \u2014",
                                          "Clarification:",
                                          "An earlier version of ",
                                          "A previous version of ",
                                          "Earlier versions of ",
                                          "Previous versions of ",
                                          "Berichtigung:",
                                          "Korrektur:",
                                          "Richtigstellung:",
                                          "In einer fr\u00FCheren Version ",
                                          "In einer fr\u00FCheren Fassung ",
                                          "Rectificatif:",
                                          "Rectificatif :",
                                          "Une version pr\u00E9c\u00E9dente de ",
                                          "Une version ant\u00E9rieure ",
                                          "Correcci\u00F3n:",
                                          "Rectificaci\u00F3n:",
                                          "Fe de errata",
                                          "Una versi\u00F3n anterior ",
                                          "Rettifica:",
                                          "Errata corrige",
                                          "Una versione precedente di ",
                                          "Corre\u00E7\u00E3o:",
                                          "Rectificatie:",
                                          "Correctie:",
                                          NULL};

/* What a story calls itself, and what is said to have happened to it. */
static const char *const itself[] = {
    "this story ",    "the story ",      "this article ", "the article ",
    "this report ",   "this item ",      "this version ", "this dispatch ",
    "this headline ", "this column ",    "this post ",    "this piece ",
    "diese meldung ", "dieser artikel ", "dieser text ",  NULL};
static const char *const mended[] = {"corrected", "correct",    "corrects",   "amended",
                                     "clarified", "korrigiert", "berichtigt", NULL};
static const char *const renewed[] = {"updated", "updates", "aktualisiert", NULL};

static bool has_any(struct wd_slice text, const char *const *words)
{
    for (; *words; words++) {
        if (wd_text_contains_ascii_case(text, wd_slice_from(*words)))
            return true;
    }
    return false;
}

static bool starts_with_any(struct wd_slice text, const char *const *words)
{
    for (; *words; words++) {
        if (may_start(text, *words) && wd_text_starts_ascii_case(text, wd_slice_from(*words)))
            return true;
    }
    return false;
}

/* The first sentence, and no more than what tells its kind. */
static struct wd_slice opening(struct wd_slice paragraph)
{
    struct wd_slice text = wd_utf8_cut(paragraph, OPENING_BYTES_MAX);
    for (size_t i = 1; i + 1 < text.len; i++) {
        if (text.data[i] == '.' && text.data[i + 1] == ' ' && is_letter(text.data[i - 1]))
            return wd_slice_make(text.data, i);
    }
    return text;
}

/* Without what may stand around a remark: brackets, asterisks, dashes, "Editor's note:". */
static struct wd_slice without_frame(struct wd_slice text)
{
    static const char *const heads[] = {"Editor's note:",
                                        "Editor\u2019s note:",
                                        "Editors' note:",
                                        "Editors\u2019 note:",
                                        "Note:",
                                        "Anmerkung der Redaktion:",
                                        NULL};
    while (text.len > 0 && strchr("([*_-= ", text.data[0]))
        text = wd_slice_from_offset(text, 1);
    for (size_t i = 0; heads[i]; i++) {
        if (may_start(text, heads[i]) && wd_text_starts_ascii_case(text, wd_slice_from(heads[i])))
            return wd_text_trim(wd_slice_from_offset(text, strlen(heads[i])));
    }
    return text;
}

/* "Correction: ...", "(This story has been corrected to show ...)", "An earlier version of this article ...". */
uint32_t wd_desk_marks_of_remark(struct wd_slice paragraph)
{
    struct wd_slice text = without_frame(wd_text_trim(paragraph));
    if (starts_with_any(text, corrections))
        return WD_WIRE_CORRECTION;
    if (!starts_with_any(text, itself))
        return 0;
    struct wd_slice first = opening(text);
    static const char *const happened[] = {" has been ", " was ",   " have been ", " corrects ",
                                           " updates ",  " wurde ", NULL};
    if (!has_any(first, happened))
        return 0;
    if (has_any(first, mended))
        return WD_WIRE_CORRECTION;
    return has_any(first, renewed) ? WD_WIRE_LEAD : 0;
}

/* "(Corrects spelling of name in paragraph 2)", alone in its paragraph. */
static bool is_in_brackets(struct wd_slice text)
{
    return text.len > 2 && text.data[0] == '(' && text.data[text.len - 1] == ')' &&
           !memchr(text.data + 1, '(', text.len - 2);
}

/* "EDITORS: ...", "Eds: ...": to desks, whatever stands around it. */
static bool speaks_to_editors(struct wd_slice text)
{
    static const char *const openings[] = {"EDITORS:",
                                           "EDITORS ",
                                           "Editors:",
                                           "Editors, ",
                                           "Eds:",
                                           "Eds.:",
                                           "EDS:",
                                           "Attention editors",
                                           "ATTENTION EDITORS",
                                           "To editors",
                                           "TO EDITORS",
                                           "Note to editors",
                                           "NOTE TO EDITORS",
                                           "An die Redaktionen",
                                           "ATTENTION - ",
                                           NULL};
    for (size_t i = 0; openings[i]; i++) {
        if (may_start(text, openings[i]) && wd_slice_starts(text, wd_slice_from(openings[i])))
            return true;
    }
    return false;
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

/* Whether a word of the text begins like one of these: what desks call what they sent. */
static bool speaks_of_a_story(struct wd_slice text)
{
    static const char *const names[] = {"story",   "item",     "dispatch",          "report",
                                        "Meldung", "Bericht",  "d\u00E9p\u00EAche", "depeche",
                                        "noticia", "despacho", "notizia",           NULL};
    uint32_t firsts = 0; /* bit n: one begins with the n-th letter */
    for (size_t i = 0; names[i]; i++)
        firsts |= 1u << ((names[i][0] | 0x20) - 'a');
    bool inside = false; /* a word */
    for (size_t i = 0; i < text.len; i++) {
        unsigned letter = (unsigned)(text.data[i] | 0x20) - 'a';
        if (!inside && letter < 26 && (firsts >> letter & 1) &&
            starts_with_any(wd_slice_from_offset(text, i), names))
            return true;
        inside = is_letter(text.data[i]);
    }
    return false;
}

/* Copy that is short and speaks of a story: an order that some desk sent without any other mark. */
static uint32_t marks_of_notice(const struct wd_story *story)
{
    uint32_t set = 0;
    if (story->paragraph_count > NOTICE_PARAGRAPHS_MAX || copy_bytes(story) > NOTICE_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        if (speaks_of_a_story(story->paragraphs[i]))
            set |= wd_wire_words_orders_in(story->paragraphs[i]);
    }
    return set;
}

uint32_t wd_desk_marks_of_copy(const struct wd_story *story)
{
    uint32_t set = marks_of_notice(story);
    size_t count = story->paragraph_count;
    for (size_t i = 0; i < count; i++) {
        bool head = i < 2;
        bool tail = i + TAIL_PARAGRAPHS >= count;
        if (!head && !tail)
            continue;
        struct wd_slice text = wd_text_trim(story->paragraphs[i]);
        if (speaks_to_editors(text) || (i == 0 && is_in_brackets(text)))
            set |= marks_of_note(text);
        set |= wd_desk_marks_of_remark(text);
    }
    return set;
}
