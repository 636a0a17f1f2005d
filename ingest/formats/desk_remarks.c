#include "desk_remarks.h"

#include "notice.h"
#include "phrase_index.h"
#include "removal.h"

#include <pthread.h>

enum {
    HEAD_PARAGRAPHS = 2,
    TAIL_PARAGRAPHS = 4, /* where corrections stand at the end of the copy */
    OPENING_BYTES_MAX = 200,
    UPDATED_BYTES_MAX = 80,
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
    NOTED = 64, /* "(Corrige fecha en primer p\u00E1rrafo)": the paragraph must stand in brackets */
    BECAUSE = 128,  /* "Due to an editing error, an earlier version of this article ..." */
    RETRACTS = 512, /* above the copy, which may still stand there */
    UPDATED = 256,  /* "Updated at 11:30 a.m. to correct ...": of news it is no correction */
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
    {WD_SLICE("Correction appended"), CORRECTS},
    {WD_SLICE("Correction and clarification:"), CORRECTS},
    {WD_SLICE("Corrections and clarifications:"), CORRECTS},
    {WD_SLICE("Corrections & clarifications:"), CORRECTS},
    {WD_SLICE("Retraction:"), RETRACTS},
    {WD_SLICE("Retracted:"), RETRACTS},
    {WD_SLICE("Retraction notice:"), RETRACTS},
    {WD_SLICE("A correction has been made to "), EARLIER},
    {WD_SLICE("Correction "), DATED},
    {WD_SLICE("Clarification "), DATED},
    {WD_SLICE("A correction was made on "), CORRECTS}, /* The New York Times */
    {WD_SLICE("An earlier version of "), EARLIER},
    {WD_SLICE("A previous version of "), EARLIER},
    {WD_SLICE("Earlier versions of "), EARLIER},
    {WD_SLICE("Previous versions of "), EARLIER},
    {WD_SLICE("In an earlier version of "), EARLIER},
    {WD_SLICE("In a previous version of "), EARLIER},
    {WD_SLICE("An earlier headline "), EARLIER},
    {WD_SLICE("Due to "), BECAUSE},
    {WD_SLICE("Because of "), BECAUSE},
    {WD_SLICE("Owing to "), BECAUSE},
    {WD_SLICE("Updated at "), UPDATED},
    {WD_SLICE("Updated on "), UPDATED},
    {WD_SLICE("Updated to "), UPDATED},
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
    {WD_SLICE("Korrigiert:"), CORRECTS},
    {WD_SLICE("Korrigiert wurde "), CORRECTS},
    {WD_SLICE("In einer vorherigen Version "), EARLIER},
    {WD_SLICE("In einer vorherigen Fassung "), EARLIER},
    {WD_SLICE("In einer ersten Version "), EARLIER},
    {WD_SLICE("In einer ersten Fassung "), EARLIER},
    {WD_SLICE("Une pr\u00E9c\u00E9dente version "), EARLIER},
    {WD_SLICE("Dans une version pr\u00E9c\u00E9dente "), EARLIER},
    {WD_SLICE("Dans une pr\u00E9c\u00E9dente version "), EARLIER},
    {WD_SLICE("Dans une premi\u00E8re version "), EARLIER},
    {WD_SLICE("CORRECCI\u00D3N:"), CORRECTS},
    {WD_SLICE("RECTIFICACI\u00D3N:"), CORRECTS},
    {WD_SLICE("Una versi\u00F3n previa "), EARLIER},
    {WD_SLICE("En una versi\u00F3n anterior "), EARLIER},
    {WD_SLICE("En una versi\u00F3n previa "), EARLIER},
    {WD_SLICE("In una versione precedente "), EARLIER},
    {WD_SLICE("In una precedente versione "), EARLIER},
    {WD_SLICE("Errata:"), CORRECTS},
    {WD_SLICE("CORRE\u00C7\u00C3O:"), CORRECTS},
    {WD_SLICE("Diferentemente do que foi publicado"), CORRECTS},
    {WD_SLICE("Diferentemente do que foi informado"), CORRECTS},
    {WD_SLICE("Diferentemente do publicado"), CORRECTS},
    {WD_SLICE("Diferentemente do informado"), CORRECTS},
    {WD_SLICE("Em uma vers\u00E3o anterior "), EARLIER},
    {WD_SLICE("Em vers\u00E3o anterior "), EARLIER},
    {WD_SLICE("Sprostowanie:"), CORRECTS},
    {WD_SLICE("Sprostowanie."), CORRECTS},
    {WD_SLICE("Korekta:"), CORRECTS},
    {WD_SLICE("W poprzedniej wersji "), EARLIER},
    {WD_SLICE("W pierwotnej wersji "), EARLIER},
    {WD_SLICE("We wcze\u015Bniejszej wersji "), EARLIER},
    {WD_SLICE("D\u00FCzeltme:"), CORRECTS},
    {WD_SLICE("D\u00DCZELTME:"), CORRECTS},
    {WD_SLICE("Bu haberin \u00F6nceki "), CORRECTS},
    {WD_SLICE("Haberin \u00F6nceki "), CORRECTS},
    {WD_SLICE("Haberin ilk halinde "), CORRECTS},
    {WD_SLICE("\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u0438\u0435:"), CORRECTS},
    {WD_SLICE("\u0418\u0421\u041F\u0420\u0410\u0412\u041B\u0415\u041D\u0418\u0415:"), CORRECTS},
    {WD_SLICE("\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D\u043E:"), CORRECTS},
    {WD_SLICE("\u0418\u0421\u041F\u0420\u0410\u0412\u041B\u0415\u041D\u041E:"), CORRECTS},
    {WD_SLICE("\u0423\u0442\u043E\u0447\u043D\u0435\u043D\u0438\u0435:"), CORRECTS},
    {WD_SLICE("\u0423\u0422\u041E\u0427\u041D\u0415\u041D\u0418\u0415:"), CORRECTS},
    {WD_SLICE("\u041F\u041E\u041F\u0420\u0410\u0412\u041A\u0410:"), CORRECTS},
    {WD_SLICE("\u0412 \u043F\u0440\u0435\u0434\u044B\u0434\u0443\u0449\u0435\u0439 "
              "\u0432\u0435\u0440\u0441\u0438\u0438 "),
     EARLIER},
    {WD_SLICE("\u0412 "
              "\u043F\u0435\u0440\u0432\u043E\u043D\u0430\u0447\u0430\u043B\u044C\u043D\u043E\u0439"
              " \u0432\u0435\u0440\u0441\u0438\u0438 "),
     EARLIER},
    {WD_SLICE("\u0412 \u043F\u0435\u0440\u0432\u043E\u0439 \u0432\u0435\u0440\u0441\u0438\u0438 "),
     EARLIER},
    {WD_SLICE("\u0412 \u0431\u043E\u043B\u0435\u0435 \u0440\u0430\u043D\u043D\u0435\u0439 "
              "\u0432\u0435\u0440\u0441\u0438\u0438 "),
     EARLIER},
    {WD_SLICE("\u062A\u0635\u062D\u064A\u062D:"), CORRECTS},
    {WD_SLICE("\u062A\u0635\u062D\u064A\u062D :"), CORRECTS},
    {WD_SLICE("\u062A\u0635\u0648\u064A\u0628:"), CORRECTS},
    {WD_SLICE("\u0648\u0631\u062F \u0641\u064A \u0646\u0633\u062E\u0629 "
              "\u0633\u0627\u0628\u0642\u0629 \u0645\u0646 \u0647\u0630\u0627 "),
     CORRECTS},
    {WD_SLICE("\u66F4\u6B63\uFF1A"), CORRECTS},
    {WD_SLICE("\u66F4\u6B63:"), CORRECTS},
    {WD_SLICE("\u66F4\u6B63\u3011"), CORRECTS},
    {WD_SLICE("\u66F4\u6B63\u542F\u4E8B"), CORRECTS},
    {WD_SLICE("\u66F4\u6B63\u555F\u4E8B"), CORRECTS},
    {WD_SLICE("\u52D8\u8BEF\uFF1A"), CORRECTS},
    {WD_SLICE("\u52D8\u8AA4\uFF1A"), CORRECTS},
    {WD_SLICE("\u672C\u6587\u8F83\u65E9\u7248\u672C"), CORRECTS},
    {WD_SLICE("\u672C\u6587\u65E9\u524D\u7248\u672C"), CORRECTS},
    {WD_SLICE("\u672C\u6587\u6B64\u524D\u7248\u672C"), CORRECTS},
    {WD_SLICE("\u672C\u6587\u8F03\u65E9\u7248\u672C"), CORRECTS},
    {WD_SLICE("\u8A02\u6B63\uFF1A"), CORRECTS},
    {WD_SLICE("\u8A02\u6B63:"), CORRECTS},
    {WD_SLICE("\u8A02\u6B63\u3011"), CORRECTS},
    {WD_SLICE("\u8A02\u6B63\uFF09"), CORRECTS},
    {WD_SLICE("\u8A02\u6B63\u3015"), CORRECTS},
    {WD_SLICE("\u8A02\u6B63\uFF3D"), CORRECTS},
    {WD_SLICE("\u304A\u308F\u3073\u3057\u3066\u8A02\u6B63"), CORRECTS},
    {WD_SLICE("\u304A\u8A6B\u3073\u3057\u3066\u8A02\u6B63"), CORRECTS},
    {WD_SLICE("\uC815\uC815:"), CORRECTS},
    {WD_SLICE("\uC815\uC815]"), CORRECTS},
    {WD_SLICE("\uC815\uC815)"), CORRECTS},
    {WD_SLICE("\uBC14\uB85C\uC7A1\uC2B5\uB2C8\uB2E4"), CORRECTS},
    {WD_SLICE("\u0E41\u0E01\u0E49\u0E44\u0E02:"), CORRECTS},
    {WD_SLICE("\u092D\u0942\u0932 \u0938\u0941\u0927\u093E\u0930"), CORRECTS},
    {WD_SLICE("\u0936\u0941\u0926\u094D\u0927\u093F\u092A\u0924\u094D\u0930"), CORRECTS},
    /* What is copy without brackets. */
    {WD_SLICE("Corrects "), NOTED},
    {WD_SLICE("Corrige "), NOTED},
    {WD_SLICE("Corrig\u00E9 "), NOTED},
    {WD_SLICE("Corregge "), NOTED},
    {WD_SLICE("Berichtigt"), NOTED},
    {WD_SLICE("\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D"), NOTED},
    {WD_SLICE("\u0418\u0441\u043F\u0440\u0430\u0432\u043B\u044F\u0435\u0442"), NOTED},
    {WD_SLICE("\u062A\u0635\u062D\u064A\u062D"), NOTED},
    {WD_SLICE("\u062A\u0635\u0648\u064A\u0628"), NOTED},
    {WD_SLICE("\u0E41\u0E01\u0E49\u0E44\u0E02"), NOTED},
    {WD_SLICE("\u66F4\u6B63"), NOTED},
    {WD_SLICE("\u8A02\u6B63"), NOTED},
    {WD_SLICE("\uC815\uC815"), NOTED},
    {WD_SLICE("\uACE0\uCE68"), NOTED},
    {WD_SLICE("\u0938\u0941\u0927\u093E\u0930"), NOTED},
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
    {WD_SLICE("in der meldung "), ITSELF},
    {WD_SLICE("in diesem artikel "), ITSELF},
    {WD_SLICE("in diesem text "), ITSELF},
    {WD_SLICE("in diesem beitrag "), ITSELF},
    {WD_SLICE("cet article "), ITSELF},
    {WD_SLICE("cette d\u00E9p\u00EAche "), ITSELF},
    {WD_SLICE("esta nota "), ITSELF},
    {WD_SLICE("esta noticia "), ITSELF},
    {WD_SLICE("esta informaci\u00F3n "), ITSELF},
    {WD_SLICE("este art\u00EDculo "), ITSELF},
    {WD_SLICE("este texto "), ITSELF},
    {WD_SLICE("esta mat\u00E9ria "), ITSELF},
    {WD_SLICE("esta reportagem "), ITSELF},
    {WD_SLICE("esta not\u00EDcia "), ITSELF},
    {WD_SLICE("este artigo "), ITSELF},
    {WD_SLICE("questo articolo "), ITSELF},
    {WD_SLICE("questa notizia "), ITSELF},
    {WD_SLICE("\u0412 \u043D\u043E\u0432\u043E\u0441\u0442\u044C "), ITSELF},
    {WD_SLICE("\u0412 \u0442\u0435\u043A\u0441\u0442 "), ITSELF},
    {WD_SLICE("\u0412 \u043C\u0430\u0442\u0435\u0440\u0438\u0430\u043B "), ITSELF},
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
    {WD_SLICE("\u7F16\u8005\u6309\uFF1A"), HEAD},
    {WD_SLICE("\u7F16\u8005\u6CE8\uFF1A"), HEAD},
    {WD_SLICE("\u7DE8\u8005\u6309\uFF1A"), HEAD},
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
            if (find_opening(rest, EARLIER))
                return rest;
        }
    }
    return text;
}

/* Without what may stand around a remark: brackets, asterisks, bullets, dashes, "Editor's note:". */
static struct wd_slice without_frame(struct wd_slice text)
{
    for (size_t len = 1; len > 0; text = wd_slice_from_offset(text, len))
        len = text.len > 0 && is_frame(text.data[0]) ? 1 : wide_frame_len(text);
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
    return note.len <= OPENING_BYTES_MAX && has_any(note, said);
}

/* Of a paragraph without white space around it. */
static uint32_t marks_of_remark(struct wd_slice paragraph)
{
    struct wd_slice text = without_frame(paragraph);
    bool framed = is_framed(paragraph);
    const struct opening *opening =
        find_opening(text, CORRECTS | RETRACTS | EARLIER | ITSELF | DATED | BECAUSE | UPDATED |
                               (framed ? NOTED : 0));
    if (framed && ((opening && opening->kind == NOTED) || says_corrected(paragraph)))
        return WD_WIRE_CORRECTION;
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
    if (opening->kind == RETRACTS)
        return WD_WIRE_KILL;
    struct wd_slice first = first_sentence(text);
    if (opening->kind == BECAUSE)
        return has_any(first, of_itself) ? WD_WIRE_CORRECTION : 0;
    if (opening->kind == UPDATED) /* "a.m." ends no sentence */
        return has_any(wd_utf8_cut(text, UPDATED_BYTES_MAX), to_correct) ? WD_WIRE_CORRECTION : 0;
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

/* Copy that is short and speaks of a story: an order that some desk sent without any other mark. */
static uint32_t marks_of_notice(const struct wd_story *story)
{
    uint32_t set = 0;
    if (story->paragraph_count > WD_NOTICE_PARAGRAPHS_MAX ||
        wd_story_copy_bytes(story) > WD_NOTICE_BYTES_MAX)
        return 0;
    if (story->headline.len <= WD_NOTICE_BYTES_MAX)
        set |= wd_wire_words_of_notice(story->headline) | wd_removal_of_text(story->headline);
    for (size_t i = 0; i < story->paragraph_count; i++)
        set |= wd_wire_words_of_notice(story->paragraphs[i]) |
               wd_removal_of_text(story->paragraphs[i]);
    return set;
}

bool wd_desk_remarks_stand_at(size_t index, size_t count)
{
    return index < HEAD_PARAGRAPHS || index + TAIL_PARAGRAPHS >= count;
}

uint32_t wd_desk_remarks_of_copy(const struct wd_story *story, uint32_t *standing)
{
    prepare();
    uint32_t said = marks_of_notice(story);
    size_t count = story->paragraph_count;
    *standing = 0;
    bool addressed = false; /* "Editors, news directors:" stands alone above what is said to them */
    for (size_t i = 0; i < count; i++) {
        if (!wd_desk_remarks_stand_at(i, count))
            continue;
        struct wd_slice text = wd_text_trim(story->paragraphs[i]);
        bool to_editors = find_opening(text, TO_EDITORS) != NULL;
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
