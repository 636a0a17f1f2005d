#include "request_words.h"

#include "notice.h"
#include "text.h"

#include <pthread.h>

enum { DENIED_BYTES_MAX = 40 }; /* "not under any circumstances be | used" */

struct word_list {
    unsigned kind;
    const char *const *words;
};

static const char *const address_words[] = {"editors",
                                            "editor",
                                            "eds",
                                            "subscribers",
                                            "customers",
                                            "clients",
                                            "journalists",
                                            "readers",
                                            "media",
                                            "desks",
                                            "all",
                                            "attention",
                                            "note",
                                            "to",
                                            "and",
                                            "other",
                                            "news",
                                            "our",
                                            "the",
                                            "dear",
                                            "redaktionen",
                                            "redaktion",
                                            "kunden",
                                            "achtung",
                                            "hinweis",
                                            "an",
                                            "die",
                                            "wir",
                                            "alle",
                                            "unsere",
                                            "abonn\u00E9s",
                                            "nos",
                                            "aux",
                                            "les",
                                            "r\u00E9dactions",
                                            "avis",
                                            "abonados",
                                            "nuestros",
                                            "clientes",
                                            "se\u00F1ores",
                                            "los",
                                            "a",
                                            "se",
                                            "aviso",
                                            "atenci\u00F3n",
                                            "suscriptores",
                                            "assinantes",
                                            "os",
                                            "aos",
                                            "editores",
                                            "redazioni",
                                            "abbonati",
                                            "gli",
                                            "i",
                                            "signori",
                                            "redacties",
                                            "abonnees",
                                            "wij",
                                            "nous",
                                            "nota",
                                            "aten\u00E7\u00E3o",
                                            NULL};
static const char *const asking_words[] = {"please",
                                           "kindly",
                                           "bitte",
                                           "bitten",
                                           "veuillez",
                                           "pri\u00E8re",
                                           "merci",
                                           "rogamos",
                                           "ruega",
                                           "favor",
                                           "s\u00EDrvanse",
                                           "solicitamos",
                                           "solicita",
                                           "pedimos",
                                           "solicita-se",
                                           "pede-se",
                                           "agradecemos",
                                           "agradece-se",
                                           "prega",
                                           "preghiamo",
                                           "vogliate",
                                           "gelieve",
                                           "verzoeken",
                                           "verzoek",
                                           "\u043F\u0440\u043E\u0441\u0438\u043C",
                                           "\u041F\u0440\u043E\u0441\u0438\u043C",
                                           NULL};
static const char *const asked_words[] = {"requested",  "asked",   "advised",  "gebeten",
                                          "pri\u00E9s", "pregati", "verzocht", NULL};
static const char *const are_words[] = {"are",  "sind",   "werden", "sont",
                                        "sono", "worden", "wordt",  NULL};
static const char *const kill_words[] = {"kill",
                                         "disregard",
                                         "ignor",
                                         "delet",
                                         "remov",
                                         "spike",
                                         "discard",
                                         "withdraw",
                                         "retract",
                                         "eliminat",
                                         "cancel",
                                         "l\u00F6sch",
                                         "gel\u00F6scht",
                                         "streich",
                                         "storn",
                                         "zur\u00FCckzieh",
                                         "zur\u00FCckzuzieh",
                                         "zur\u00FCckgezogen",
                                         "annul",
                                         "supprim",
                                         "retir",
                                         "anul",
                                         "elimin",
                                         "borr",
                                         "desconsid",
                                         "descart",
                                         "ritir",
                                         "verwijder",
                                         "geannuleerd",
                                         "gestrichen",
                                         "hinf\u00E4llig",
                                         "gegenstandslos",
                                         "entf\u00E4llt",
                                         "vervalt",
                                         "unpublish",
                                         "ingetrokken",
                                         "vernietig",
                                         "negeer",
                                         "negeren",
                                         "\u0430\u043D\u043D\u0443\u043B\u0438\u0440",
                                         "\u0441\u043D\u044F\u0442\u044C",
                                         NULL};
static const char *const use_words[] = {
    "use",    "using", "utilis", "verwend", "benutz",  "utiliz",
    "utilic", "usar",  "usem",   "usen",    "gebruik", "\u0438\u0441\u043F\u043E\u043B\u044C\u0437",
    NULL};
static const char *const denying_words[] = {
    "cannot", "not", "nicht", "pas", "plus", "no", "n\u00E3o", "non", "niet", "\u043D\u0435", NULL};
static const char *const must_words[] = {
    "must",  "should", "shall",  "hereby", "stands",        "est",     "doit",
    "ist",   "muss",   "debe",   "queda",  "deve",          "va",      "fica",
    "dient", "moet",   "\u00E8", "wird",   "entf\u00E4llt", "vervalt", NULL};
static const char *const may_words[] = {"may",         "can",  "cannot", "darf",
                                        "d\u00FCrfen", "peut", "puede",  "pu\u00F2",
                                        "pode",        "mag",  "kan",    NULL};
/* With the rest of the verb at the end of the sentence. */
static const char *const parted_words[] = {"zieht", "ziehen", "trekt", "trekken", "taken", NULL};
/* Before what is not the object of the verb. */
static const char *const breaking_words[] = {
    "from", "in",  "on",  "of", "to", "with", "by",       "for", "about", "that", "which", "aus",
    "von",  "zu",  "zur", "in", "im", "mit",  "f\u00FCr", "du",  "des",   "dans", "avec",  "del",
    "en",   "con", "da",  "do", "na", "com",  "nella",    "van", "uit",   "op",   NULL};
/* An article of the Dutch as well: only behind the verb. */
static const char *const of_words[] = {"de", NULL};
static const char *const we_words[] = {"we", "wir", "nous", "wij", NULL};
static const char *const release_words[] = {"release",    "releases",        "pressemitteilung",
                                            "comunicado", "communiqu\u00E9", NULL};
static const char *const auxiliary_words[] = {"is",    "has",  "hat", "ha", "a",
                                              "heeft", "have", "are", NULL};

/* Copy to desks, and much that is taken off shelves. */
static const char *const goods[] = {"item", "items", "copy", "text", NULL};

static const struct word_list whole_words[] = {{WD_REQUEST_ADDRESS, address_words},
                                               {WD_REQUEST_ASKS, asking_words},
                                               {WD_REQUEST_ASKED, asked_words},
                                               {WD_REQUEST_ARE, are_words},
                                               {WD_REQUEST_DENIES, denying_words},
                                               {WD_REQUEST_MUST, must_words},
                                               {WD_REQUEST_MAY, may_words},
                                               {WD_REQUEST_BREAKS, breaking_words},
                                               {WD_REQUEST_WE, we_words},
                                               {WD_REQUEST_RELEASE, release_words},
                                               {WD_REQUEST_SAYS_SO, auxiliary_words},
                                               {WD_REQUEST_OF, of_words}};
static const struct word_list beginnings[] = {{WD_REQUEST_KILLS, kill_words},
                                              {WD_REQUEST_USES, use_words}};

unsigned wd_request_word_kind(struct wd_slice word)
{
    unsigned kind =
        wd_notice_names_copy(word) && !wd_text_equal_any(word, goods) ? WD_REQUEST_COPY : 0;
    for (size_t i = 0; i < sizeof(whole_words) / sizeof(whole_words[0]); i++)
        kind |= wd_text_equal_any(word, whole_words[i].words) ? whole_words[i].kind : 0;
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        kind |= wd_text_starts_any(word, beginnings[i].words) ? beginnings[i].kind : 0;
    return kind;
}

/* Verbs by their first letters: nearly all sentences have none of them. */
static struct wd_phrase_index verb_index;
static pthread_once_t verb_index_once = PTHREAD_ONCE_INIT;

static void make_verb_index(void)
{
    static const char *const *const lists[] = {kill_words, use_words, parted_words};
    size_t number = 0;
    wd_phrase_index_init(&verb_index, 3); /* "use" */
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (const char *const *word = lists[i]; *word; word++)
            wd_phrase_index_add(&verb_index, number++, wd_slice_from(*word));
    }
}

/* Whether a verb stands at the place that may be one: of "use" only where something is denied. */
static bool is_verb(struct wd_slice text, size_t at)
{
    static const char *const denied[] = {"cannot ",   "not ",          "nicht ", "pas ",
                                         "plus ",     "no ",           "non ",   "niet ",
                                         "n\u00E3o ", "\u043D\u0435 ", NULL};
    struct wd_slice rest = wd_slice_from_offset(text, at);
    size_t begin = at > DENIED_BYTES_MAX ? at - DENIED_BYTES_MAX : 0;
    return wd_text_starts_any(rest, kill_words) || wd_text_starts_any(rest, parted_words) ||
           (wd_text_starts_any(rest, use_words) &&
            wd_text_contains_any(wd_slice_make(text.data + begin, at - begin), denied));
}

void wd_request_verbs_begin(struct wd_phrase_places *places, struct wd_slice text)
{
    (void)pthread_once(&verb_index_once, make_verb_index);
    wd_phrase_places_init(places, text);
}

bool wd_request_verbs_next(struct wd_phrase_places *places, size_t *at)
{
    bool found = false;
    while (!found && wd_phrase_places_next(&verb_index, places, at))
        found = is_verb(places->text, *at);
    return found;
}
