#include "removal.h"

#include "phrase_index.h"
#include "text.h"
#include "wd_assert.h"

#include <limits.h>
#include <pthread.h>

enum {
    SENTENCE_BYTES_MAX = 300,
    NEAR_BYTES_MAX = 48, /* "has been temporarily | removed" */
    SUBJECTS_MAX = 128,
};

static const char *const english_subjects[] = {
    "this story", "this article", "this report", "this post",    "this item",
    "this page",  "this column",  "this piece",  "this content", NULL};
static const char *const english_verbs[] = {"has been", "has now been", "was",
                                            "is",       "had been",     NULL};
static const char *const english_gone[] = {"removed",       "deleted",     "taken down",
                                           "taken offline", "unpublished", "retracted",
                                           "withdrawn",     NULL};
static const char *const english_away[] = {"no longer available", "not available", "unavailable",
                                           "no longer online", NULL};
static const char *const asked_subjects[] = {"the page you", "the article you", "the story you",
                                             NULL};
static const char *const asked_verbs[] = {"are looking for", "were looking for", "requested",
                                          "have requested",  "are trying to",    NULL};
static const char *const asked_gone[] = {NULL};
static const char *const asked_away[] = {"removed",        "deleted",
                                         "not found",      "never existed",
                                         "does not exist", "doesn't exist",
                                         "no longer",      "not exist",
                                         "not available",  "cannot be found",
                                         "can't be found", "could not be found",
                                         "unavailable",    NULL};
static const char *const german_subjects[] = {
    "dieser artikel", "dieser beitrag", "dieser text", "dieser bericht", "diese meldung",
    "diese seite",    "dieser inhalt",  "der artikel", "der beitrag",    NULL};
static const char *const german_verbs[] = {"wurde", "ist", "musste", NULL};
static const char *const german_gone[] = {"gel\u00F6scht",      "entfernt",     "offline genommen",
                                          "zur\u00FCckgezogen", "depubliziert", NULL};
static const char *const german_away[] = {"nicht mehr verf\u00FCgbar", "nicht mehr abrufbar",
                                          "nicht mehr online", "nicht verf\u00FCgbar", NULL};
static const char *const french_subjects[] = {
    "cet article", "cette d\u00E9p\u00EAche", "ce contenu", "cette page", "ce texte", NULL};
static const char *const french_verbs[] = {"a \u00E9t\u00E9", "a ete", "n'est",
                                           "n\u2019est",      "est",   NULL};
static const char *const french_gone[] = {"retir\u00E9", "supprim\u00E9", "d\u00E9publi\u00E9",
                                          NULL};
static const char *const french_away[] = {"plus disponible", "plus accessible", "plus en ligne",
                                          NULL};
static const char *const spanish_subjects[] = {
    "esta noticia",   "este art\u00EDculo", "esta nota",  "esta informaci\u00F3n",
    "este contenido", "esta p\u00E1gina",   "este texto", NULL};
static const char *const spanish_verbs[] = {"ha sido", "fue", "ya no", "no est\u00E1", NULL};
static const char *const spanish_gone[] = {"retirad", "eliminad", "borrad", "despublicad", NULL};
static const char *const spanish_away[] = {"disponible", NULL};
static const char *const portuguese_subjects[] = {
    "esta not\u00EDcia",  "este artigo", "esta mat\u00E9ria", "esta reportagem",
    "este conte\u00FAdo", "este texto",  "esta p\u00E1gina",  NULL};
static const char *const portuguese_verbs[] = {"foi", "j\u00E1 n\u00E3o", "n\u00E3o est\u00E1",
                                               "n\u00E3o", NULL};
static const char *const portuguese_gone[] = {
    "removid", "retirad", "exclu\u00EDd", "apagad", "eliminad", "despublicad", NULL};
static const char *const portuguese_away[] = {"dispon\u00EDvel", NULL};
static const char *const italian_subjects[] = {
    "questo articolo", "questa notizia", "questo contenuto", "questa pagina", "questo testo", NULL};
static const char *const italian_verbs[] = {"\u00E8 stat", "non \u00E8", NULL};
static const char *const italian_gone[] = {"rimoss", "ritirat", "eliminat", "cancellat", NULL};
static const char *const italian_away[] = {"disponibil", NULL};
static const char *const dutch_subjects[] = {"dit artikel", "dit bericht", "deze pagina",
                                             "dit verhaal", NULL};
static const char *const dutch_verbs[] = {"is", "werd", NULL};
static const char *const dutch_gone[] = {"verwijderd", "ingetrokken", "offline gehaald", NULL};
static const char *const dutch_away[] = {"niet meer beschikbaar", "niet langer beschikbaar", NULL};
static const char *const polish_subjects[] = {"ten artyku\u0142",
                                              "ten tekst",
                                              "ta wiadomo\u015B\u0107",
                                              "ta depesza",
                                              "artyku\u0142",
                                              "tekst",
                                              NULL};
static const char *const polish_verbs[] = {"zosta\u0142", "nie jest", NULL};
static const char *const polish_gone[] = {"usuni\u0119t", "wycofan", "skasowan", NULL};
static const char *const polish_away[] = {"dost\u0119pn", NULL};
static const char *const russian_subjects[] = {
    "\u042D\u0442\u0430 \u043D\u043E\u0432\u043E\u0441\u0442\u044C",
    "\u042D\u0442\u043E\u0442 \u043C\u0430\u0442\u0435\u0440\u0438\u0430\u043B",
    "\u042D\u0442\u0430 \u0441\u0442\u0430\u0442\u044C\u044F",
    "\u0414\u0430\u043D\u043D\u044B\u0439 \u043C\u0430\u0442\u0435\u0440\u0438\u0430\u043B",
    "\u041C\u0430\u0442\u0435\u0440\u0438\u0430\u043B",
    "\u041D\u043E\u0432\u043E\u0441\u0442\u044C",
    "\u0421\u0442\u0430\u0442\u044C\u044F",
    "\u041F\u0443\u0431\u043B\u0438\u043A\u0430\u0446\u0438\u044F",
    NULL};
static const char *const russian_gone[] = {
    "\u0443\u0434\u0430\u043B\u0435\u043D",
    "\u0443\u0434\u0430\u043B\u0451\u043D",
    "\u0441\u043D\u044F\u0442 \u0441 \u043F\u0443\u0431",
    "\u0441\u043D\u044F\u0442\u0430 \u0441 \u043F\u0443\u0431",
    "\u043E\u0442\u043E\u0437\u0432\u0430\u043D",
    NULL};
static const char *const russian_away[] = {
    "\u043D\u0435\u0434\u043E\u0441\u0442\u0443\u043F",
    "\u0431\u043E\u043B\u044C\u0448\u0435 \u043D\u0435 \u0434", NULL};
static const char *const turkish_subjects[] = {"bu haber", "bu i\u00E7erik", "bu yaz\u0131", NULL};
static const char *const turkish_gone[] = {"kald\u0131r\u0131lm\u0131\u015Ft\u0131r",
                                           "kald\u0131r\u0131ld\u0131", "silinmi\u015Ftir",
                                           "silindi", NULL};
static const char *const turkish_away[] = {"art\u0131k mevcut de\u011Fil", "mevcut de\u011Fildir",
                                           NULL};
static const char *const arabic_subjects[] = {"\u062A\u0645 \u062D\u0630\u0641",
                                              "\u062A\u0645 \u0633\u062D\u0628",
                                              "\u062A\u0645\u062A \u0625\u0632\u0627\u0644\u0629",
                                              "\u062C\u0631\u0649 \u062D\u0630\u0641", NULL};
static const char *const arabic_gone[] = {
    "\u0647\u0630\u0627 \u0627\u0644\u062E\u0628\u0631",
    "\u0647\u0630\u0627 \u0627\u0644\u0645\u0642\u0627\u0644",
    "\u0647\u0630\u0627 \u0627\u0644\u062A\u0642\u0631\u064A\u0631",
    "\u0647\u0630\u0647 \u0627\u0644\u0645\u0627\u062F\u0629", NULL};
static const char *const arabic_away[] = {NULL};
static const char *const chinese_subjects[] = {
    "\u672C\u6587",       "\u8BE5\u6587\u7AE0",       "\u8A72\u6587\u7AE0",
    "\u6B64\u6587\u7AE0", "\u8BE5\u7A3F\u4EF6",       "\u6B64\u5185\u5BB9",
    "\u8BE5\u5185\u5BB9", "\u672C\u6761\u65B0\u95FB", NULL};
static const char *const chinese_gone[] = {
    "\u5DF2\u88AB\u5220\u9664", "\u5DF2\u88AB\u522A\u9664", "\u5DF2\u5220\u9664",
    "\u5DF2\u522A\u9664",       "\u5DF2\u88AB\u64A4\u56DE", "\u5DF2\u64A4\u56DE",
    "\u5DF2\u64A4\u4E0B",       "\u5DF2\u88AB\u64A4\u4E0B", NULL};
static const char *const chinese_away[] = {"\u5DF2\u4E0D\u5B58\u5728", "\u65E0\u6CD5\u663E\u793A",
                                           "\u4E0D\u518D\u63D0\u4F9B", NULL};
static const char *const japanese_subjects[] = {
    "\u3053\u306E\u8A18\u4E8B\u306F", "\u672C\u8A18\u4E8B\u306F", "\u5F53\u8A18\u4E8B\u306F", NULL};
static const char *const japanese_gone[] = {"\u524A\u9664\u3057\u307E\u3057\u305F",
                                            "\u524A\u9664\u3044\u305F\u3057\u307E\u3057\u305F",
                                            "\u524A\u9664\u3055\u308C\u307E\u3057\u305F",
                                            "\u53D6\u308A\u6D88\u3057\u307E\u3057\u305F", NULL};
static const char *const japanese_away[] = {"\u516C\u958B\u3092\u7D42\u4E86",
                                            "\u63B2\u8F09\u3092\u7D42\u4E86",
                                            "\u516C\u958B\u671F\u9593\u304C\u7D42\u4E86", NULL};
static const char *const hindi_subjects[] = {
    "\u092F\u0939 \u0916\u092C\u0930", "\u092F\u0939 \u0916\u093C\u092C\u0930",
    "\u092F\u0939 \u0932\u0947\u0916", "\u092F\u0939 \u0938\u092E\u093E\u091A\u093E\u0930", NULL};
static const char *const hindi_gone[] = {
    "\u0939\u091F\u093E \u0926\u0940 \u0917\u0908",
    "\u0939\u091F\u093E \u0926\u093F\u092F\u093E \u0917\u092F\u093E",
    "\u0935\u093E\u092A\u0938 \u0932\u0947", NULL};
static const char *const hindi_away[] = {
    "\u0909\u092A\u0932\u092C\u094D\u0927 \u0928\u0939\u0940\u0902", NULL};
static const char *const korean_subjects[] = {"\uC774 \uAE30\uC0AC\uB294",
                                              "\uD574\uB2F9 \uAE30\uC0AC\uB294",
                                              "\uBCF8 \uAE30\uC0AC\uB294", NULL};
static const char *const korean_gone[] = {"\uC0AD\uC81C\uB418\uC5C8", "\uC0AD\uC81C\uD588",
                                          "\uC0AD\uC81C\uB410", "\uCDE8\uC18C\uB418\uC5C8", NULL};
static const char *const korean_away[] = {"\uC81C\uACF5\uB418\uC9C0 \uC54A", NULL};

static const struct wording {
    const char *const *subjects; /* a sentence begins with it */
    const char *const *verbs;    /* and goes on with one of these; NULL: with whatever it likes */
    const char *const *gone;
    const char *const *away; /* nobody says that it was taken back */
    bool near; /* near the verb; else anywhere in the sentence: other languages put it last */
} wordings[] = {
    {english_subjects, english_verbs, english_gone, english_away, true},
    {asked_subjects, asked_verbs, asked_gone, asked_away, false},
    {german_subjects, german_verbs, german_gone, german_away, false},
    {french_subjects, french_verbs, french_gone, french_away, true},
    {spanish_subjects, spanish_verbs, spanish_gone, spanish_away, true},
    {portuguese_subjects, portuguese_verbs, portuguese_gone, portuguese_away, true},
    {italian_subjects, italian_verbs, italian_gone, italian_away, true},
    {dutch_subjects, dutch_verbs, dutch_gone, dutch_away, false},
    {polish_subjects, polish_verbs, polish_gone, polish_away, true},
    {russian_subjects, NULL, russian_gone, russian_away, true},
    {turkish_subjects, NULL, turkish_gone, turkish_away, false},
    {arabic_subjects, NULL, arabic_gone, arabic_away, true},
    {chinese_subjects, NULL, chinese_gone, chinese_away, false},
    {japanese_subjects, NULL, japanese_gone, japanese_away, false},
    {hindi_subjects, NULL, hindi_gone, hindi_away, false},
    {korean_subjects, NULL, korean_gone, korean_away, false},
};
enum { WORDING_COUNT = sizeof(wordings) / sizeof(wordings[0]) };

/* All subjects, by their first four bytes: nearly all sentences begin like none. */
static struct subject {
    struct wd_slice text;
    const struct wording *wording;
} subjects[SUBJECTS_MAX];
static struct wd_phrase_index subject_index;
static pthread_once_t subject_index_once = PTHREAD_ONCE_INIT;

static void make_subject_index(void)
{
    size_t count = 0;
    wd_phrase_index_init(&subject_index, 4);
    for (size_t i = 0; i < WORDING_COUNT; i++) {
        for (const char *const *text = wordings[i].subjects; *text; text++, count++) {
            WD_ASSERT(count < SUBJECTS_MAX);
            subjects[count] = (struct subject){wd_slice_from(*text), &wordings[i]};
            wd_phrase_index_add(&subject_index, count, subjects[count].text);
        }
    }
}

/* For how long, and why: it may come back. */
static const char *const for_now[] = {"temporarily",
                                      "while we",
                                      "pending",
                                      "under review",
                                      "vor\u00FCbergehend",
                                      "temporairement",
                                      "provisoirement",
                                      "temporalmente",
                                      "provisionalmente",
                                      "temporariamente",
                                      "provisoriamente",
                                      "temporaneamente",
                                      "tijdelijk",
                                      "tymczasowo",
                                      "\u0432\u0440\u0435\u043C\u0435\u043D\u043D\u043E",
                                      "ge\u00E7ici",
                                      "\u0645\u0624\u0642\u062A",
                                      "\u6682\u65F6",
                                      "\u66AB\u6642",
                                      "\u4E00\u6642",
                                      "\u0905\u0938\u094D\u0925\u093E\u092F\u0940",
                                      "\uC784\uC2DC",
                                      NULL};
/* What is said before it is done to a part, or to words. */
static const char *const of_a_part[] = {"updated",
                                        "amended",
                                        "edited",
                                        "corrected",
                                        "clarified",
                                        "changed",
                                        "photo",
                                        "image",
                                        "picture",
                                        "video",
                                        "quote",
                                        "comment",
                                        "paragraph",
                                        "sentence",
                                        "caption",
                                        "aktualisiert",
                                        "korrigiert",
                                        "ge\u00E4ndert",
                                        "Foto",
                                        "Bild",
                                        "mis \u00E0 jour",
                                        "corrig\u00E9",
                                        "modifi\u00E9",
                                        "actualizad",
                                        "corregid",
                                        "atualizad",
                                        "corrigid",
                                        "aggiornat",
                                        "corrett",
                                        "aangepast",
                                        "zaktualizowan",
                                        "\u043E\u0431\u043D\u043E\u0432\u043B\u0435\u043D",
                                        "\u0438\u0441\u043F\u0440\u0430\u0432\u043B\u0435\u043D",
                                        "g\u00FCncellen",
                                        "\u66F4\u65B0",
                                        "\u66F4\u6B63",
                                        "\u4FEE\u6539",
                                        "\u56FE\u7247",
                                        "\u8A02\u6B63",
                                        "\u4FEE\u6B63",
                                        "\u4E00\u90E8",
                                        "\u5199\u771F",
                                        NULL};
/* It is there again. */
static const char *const back[] = {
    "restored",
    "republished",
    "reinstated",
    "wieder online",
    "wiederhergestellt",
    "r\u00E9tabli",
    "remis en ligne",
    "restablecid",
    "restaurad",
    "ripristinat",
    "teruggeplaatst",
    "przywr\u00F3con",
    "\u0432\u043E\u0441\u0441\u0442\u0430\u043D\u043E\u0432\u043B\u0435\u043D",
    "\u6062\u590D",
    "\u5FA9\u65E7",
    NULL};

/* Where the first of the words stands in the text; its length when there is none. */
static size_t find_any(struct wd_slice text, const char *const *words)
{
    size_t first = text.len;
    for (; *words; words++) {
        struct wd_slice word = wd_slice_from(*words);
        for (size_t i = 0; i + word.len <= text.len && i < first; i++) {
            if (wd_text_starts_ascii_case(wd_slice_from_offset(text, i), word))
                first = i;
        }
    }
    return first;
}

/* Behind the one of the words that the text begins with; with no data when it begins with none. */
static struct wd_slice behind_any(struct wd_slice text, const char *const *words)
{
    for (; *words; words++) {
        if (wd_text_starts_ascii_case(text, wd_slice_from(*words)))
            return wd_slice_from_offset(text, strlen(*words));
    }
    return WD_SLICE_NONE;
}

/* Of a sentence that begins as `wording` says; `rest` is what it says of its subject. */
static uint32_t said_of_subject(const struct wording *wording, struct wd_slice rest)
{
    struct wd_slice where = wording->near ? wd_utf8_cut(rest, NEAR_BYTES_MAX) : rest;
    size_t gone = find_any(where, wording->gone);
    size_t away = find_any(where, wording->away);
    size_t at = gone < away ? gone : away;
    if (at == where.len || wd_text_contains_any(wd_slice_make(rest.data, at), of_a_part) ||
        wd_text_contains_any(rest, back))
        return 0;
    return gone < where.len && !wd_text_contains_any(rest, for_now) ? WD_WIRE_KILL
                                                                    : WD_WIRE_WITHHOLD;
}

/* Behind "This Associated Press story", "This story by a wire service", whatever it is called; with no data when the
 * sentence begins otherwise. A "short story" is none of a desk: whose it is is written with capitals. */
static struct wd_slice behind_owned(struct wd_slice sentence)
{
    static const char *const nouns[] = {" story", " article", " report", " column", NULL};
    static const char *const by[] = {" by ", " from ", NULL};
    if (!wd_text_starts_ascii_case(sentence, WD_SLICE("this")))
        return WD_SLICE_NONE;
    struct wd_slice begin = wd_utf8_cut(sentence, NEAR_BYTES_MAX);
    size_t at = find_any(begin, nouns);
    if (at == begin.len)
        return WD_SLICE_NONE;
    for (size_t i = 0; i < at; i++) {
        if (begin.data[i] == ' ' && begin.data[i + 1] >= 'a' && begin.data[i + 1] <= 'z')
            return WD_SLICE_NONE;
    }
    struct wd_slice rest = behind_any(wd_slice_from_offset(sentence, at), nouns);
    struct wd_slice owner = wd_utf8_cut(rest, NEAR_BYTES_MAX);
    return behind_any(rest, by).data ? wd_slice_from_offset(rest, find_any(owner, english_verbs))
                                     : rest;
}

/* Of a sentence that goes on with `rest` behind a subject of `wording`. */
static uint32_t said_behind(const struct wording *wording, struct wd_slice rest)
{
    if (wording->verbs)
        rest = behind_any(wd_text_trim(rest), wording->verbs);
    return rest.data ? said_of_subject(wording, rest) : 0;
}

static uint32_t of_sentence(struct wd_slice sentence)
{
    struct wd_slice owned = behind_owned(sentence);
    if (owned.data)
        return said_behind(&wordings[0], owned); /* English */
    uint32_t set = 0;
    unsigned next = wd_phrase_index_first(&subject_index, sentence);
    for (; next > 0 && set == 0; next = wd_phrase_index_next(&subject_index, next - 1)) {
        const struct subject *one = &subjects[next - 1];
        if (wd_text_starts_ascii_case(sentence, one->text))
            set = said_behind(one->wording, wd_slice_from_offset(sentence, one->text.len));
    }
    return set;
}

/* What a sentence may end with; the last one begins an ideographic full stop. A colon ends "Editor's note:". */
static const bool may_end[UCHAR_MAX + 1] = {
    ['.'] = true, [':'] = true, ['!'] = true, ['?'] = true, ['\n'] = true, [0xE3] = true};

/* The length of what ends a sentence here; 0 where none ends. */
static size_t sentence_end_len(struct wd_slice text)
{
    static const struct wd_slice wide = WD_SLICE("\u3002");
    if (text.len == 0 || !may_end[(unsigned char)text.data[0]])
        return 0;
    if ((unsigned char)text.data[0] == 0xE3)
        return wd_slice_starts(text, wide) ? wide.len : 0;
    return 1;
}

uint32_t wd_removal_of_text(struct wd_slice text)
{
    (void)pthread_once(&subject_index_once, make_subject_index);
    uint32_t set = 0;
    while (text.len > 0) {
        size_t len = 0;
        while (len < text.len && sentence_end_len(wd_slice_from_offset(text, len)) == 0)
            len++;
        struct wd_slice sentence = wd_text_trim(wd_slice_make(text.data, len));
        while (sentence.len > 0 && strchr("([*_- ", sentence.data[0]))
            sentence = wd_slice_from_offset(sentence, 1);
        set |= of_sentence(wd_utf8_cut(sentence, SENTENCE_BYTES_MAX));
        text = wd_slice_from_offset(text, len);
        text = wd_slice_from_offset(text, sentence_end_len(text));
    }
    return set;
}
