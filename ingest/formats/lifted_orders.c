#include "lifted_orders.h"

#include "notice.h"
#include "phrase_index.h"
#include "text.h"
#include "wire_words.h"

#include <pthread.h>

enum { WORDS_MAX = 60, CLAUSE_BYTES_MAX = 400 };

static const char *const kills[] = {"kill",       "kills",      "elimination",
                                    "retraction", "withdrawal", NULL};
static const char *const holds[] = {"hold", "withhold", "withholding", "embargo", NULL};
/* What stands before an order that is a noun: "the mandatory | kill". */
static const char *const before_noun[] = {
    "the",   "this",      "that",     "our",    "its",      "a",
    "an",    "mandatory", "bulletin", "urgent", "advisory", "earlier",
    "prior", "erroneous", "mistaken", "story",  "previous", NULL};
/* And behind one that begins the clause: "Kill the story" is no noun. */
static const char *const behind_noun[] = {"of",       "is",   "was",   "has",   "on",     "notice",
                                          "advisory", "sent", "moved", "order", "issued", NULL};
static const char *const lift[] = {
    "disregard", "ignore",   "cancel",    "cancels",     "canceling", "cancelling", "rescind",
    "rescinds",  "lift",     "lifts",     "rescinding",  "lifting",   "revoke",     "revokes",
    "revoking",  "withdraw", "withdraws", "withdrawing", "void",      "voids",      NULL};
/* What kills a kill: only at the head of the clause, and "the kill of". */
static const char *const kill_it[] = {"kill", "kills", "eliminate", NULL};
static const char *const polite[] = {"please", "and", NULL};
static const char *const taken_back[] = {
    "lifted", "rescinded", "withdrawn", "canceled",    "cancelled", "revoked", "void",
    "voided", "released",  "reversed",  "disregarded", "over",      NULL};
static const char *const is_lifted[] = {"is",     "was", "are",    "were", "has", "have",  "been",
                                        "hereby", "now", "should", "must", "be",  "being", NULL};
static const char *const sent[] = {"sent", "issued", "moved", "transmitted", "made", "filed", NULL};
static const char *const reinstate[] = {"reinstate", "reinstated", "reinstates", "reinstating",
                                        NULL};
/* Not now, or not for certain, or said of why. */
static const char *const unsure[] = {
    "not", "never", "until", "till",  "before", "unless", "if",      "once",  "will",   "would",
    "may", "might", "can",   "could", "when",   "no",     "because", "since", "cannot", NULL};
static const char *const relative[] = {"which", "that", "who", "it", NULL};

struct words {
    struct wd_slice word[WORDS_MAX];
    size_t count;
};

static bool has_any(const struct words *words, size_t from, size_t to, const char *const *list)
{
    for (size_t i = from; i < to && i < words->count; i++) {
        if (wd_text_equal_any(words->word[i], list))
            return true;
    }
    return false;
}

static void read_words(struct wd_slice clause, struct words *words)
{
    struct wd_token token;
    size_t position = 0;
    words->count = 0;
    while (words->count < WORDS_MAX && wd_text_next_token(clause, &position, &token))
        words->word[words->count++] =
            wd_slice_make(clause.data + token.begin, token.end - token.begin);
}

/* The word before it that is no number of a telex: "Disregard W0190, KILL"; what it is before when there is none. */
static size_t before(const struct words *words, size_t i)
{
    while (i > 1 && wd_text_is_digit(words->word[i - 1].data[words->word[i - 1].len - 1]))
        i--;
    return i - 1;
}

static bool is_noun(const struct words *words, size_t i)
{
    if (i > 0)
        return wd_text_equal_any(words->word[i - 1], before_noun) ||
               wd_text_equal_any(words->word[before(words, i)], lift);
    return words->count > 1 && (wd_text_equal_any(words->word[1], behind_noun) ||
                                wd_text_equal_any(words->word[1], taken_back));
}

/* "Disregard | the mandatory | kill", "We are lifting the hold", "Kill W0190, | the | kill of XX--Ferry Fire". */
static bool is_object(const struct words *words, size_t noun)
{
    size_t i = noun;
    while (i > 0 && wd_text_equal_any(words->word[i - 1], before_noun))
        i--;
    size_t verb = i > 0 ? before(words, i) : 0;
    bool of =
        noun + 1 < words->count && wd_text_equal_ascii_case(words->word[noun + 1], WD_SLICE("of"));
    bool first = verb == 0 || (verb == 1 && wd_text_equal_any(words->word[0], polite));
    return i > 0 && !has_any(words, 0, verb, unsure) &&
           (wd_text_equal_any(words->word[verb], lift) ||
            (of && first && i < noun && wd_text_equal_any(words->word[verb], kill_it)));
}

/* Behind "is", "has been", "should be", which are the order's own: not "a story which was". */
static bool is_said_of(const struct words *words, size_t noun, size_t verb)
{
    size_t i = verb;
    while (i > noun + 1 && wd_text_equal_any(words->word[i - 1], is_lifted))
        i--;
    bool own = i == noun + 1 || !wd_text_equal_any(words->word[i - 1], relative);
    return (i < verb || verb == noun + 1) && own;
}

/* "The kill of XX--Ferry Fire | has been | rescinded", "Hold lifted", "The kill was sent in error". */
static bool is_subject(const struct words *words, size_t noun)
{
    if (has_any(words, 0, noun, unsure))
        return false;
    for (size_t i = noun + 1; i < words->count; i++) {
        if (wd_text_equal_any(words->word[i], unsure))
            return false;
        if (wd_text_equal_any(words->word[i], taken_back) && is_said_of(words, noun, i))
            return true;
        bool error = i + 1 < words->count &&
                     wd_text_equal_ascii_case(words->word[i], WD_SLICE("in")) &&
                     wd_text_equal_ascii_case(words->word[i + 1], WD_SLICE("error"));
        size_t verb = error && wd_text_equal_any(words->word[i - 1], sent) ? i - 1 : i;
        if (error && verb > noun + 1 && is_said_of(words, noun, verb) &&
            !has_any(words, noun, i, relative))
            return true;
    }
    return false;
}

static uint32_t english(struct wd_slice clause)
{
    struct words words;
    read_words(clause, &words);
    for (size_t i = 0; i < words.count; i++) {
        bool kill = wd_text_equal_any(words.word[i], kills);
        if ((kill || wd_text_equal_any(words.word[i], holds)) && is_noun(&words, i) &&
            (is_object(&words, i) || is_subject(&words, i)))
            return kill ? WD_WIRE_STANDS : WD_WIRE_RELEASE;
    }
    bool again = has_any(&words, 0, words.count, reinstate) &&
                 !has_any(&words, 0, words.count, unsure) && wd_notice_names_copy(clause);
    return again ? WD_WIRE_STANDS : 0;
}

/* What is said of an order in the same clause takes it back. Both lists end with NULL. */
struct language {
    uint32_t set;
    const char *lifts[8];
    const char *unsure
        [6]; /* also what speaks of the story: "Anulaci\u00F3n de la noticia, que queda sin efecto" */
};
static const struct language german = {WD_WIRE_STANDS,
                                       {"aufgehoben", "hinf\u00E4llig", "gegenstandslos",
                                        "widerrufen", "ignorieren", "nicht beachten",
                                        "nicht zu beachten"},
                                       {"nicht aufgehoben", "sobald", "wenn ", "bis "}};
static const struct language german_hold = {WD_WIRE_RELEASE,
                                            {"aufgehoben", "hinf\u00E4llig", "gegenstandslos"},
                                            {"nicht aufgehoben", "sobald", "wenn ", "bis "}};
static const struct language french = {WD_WIRE_STANDS,
                                       {"est lev\u00E9", "sans effet", "ne pas tenir compte de l",
                                        "sans objet", "nulle et non avenue"},
                                       {" qui ", "n'est pas", "n\u2019est pas", "jusqu"}};
static const struct language spanish = {WD_WIRE_STANDS,
                                        {"sin efecto", "caso omiso", "no tener en cuenta la",
                                         "no tengan en cuenta la", "ignorar la", "ignoren la"},
                                        {" que ", "no queda", "hasta"}};
static const struct language italian = {WD_WIRE_STANDS,
                                        {"non tener conto dell", "non tenere conto dell",
                                         "\u00E8 revocato", "\u00E8 da ignorare", "ignorare l"},
                                        {" che ", "non \u00E8", "fino"}};
static const struct language portuguese = {
    WD_WIRE_STANDS,
    {"sem efeito", "desconsiderar a", "desconsiderem a", "ignorar a", "ignorem a", "revogad"},
    {" que ", "n\u00E3o fica", "at\u00E9 "}};

/* What orders are called; NULL: English. */
static const struct noun {
    struct wd_slice text;
    const struct language *language;
} nouns[] = {
    {WD_SLICE("kill"), NULL},
    {WD_SLICE("elimination"), NULL},
    {WD_SLICE("retraction"), NULL},
    {WD_SLICE("withdrawal"), NULL},
    {WD_SLICE("hold"), NULL},
    {WD_SLICE("withhold"), NULL},
    {WD_SLICE("embargo"), NULL},
    {WD_SLICE("reinstat"), NULL},
    {WD_SLICE("zur\u00FCckziehung"), &german},
    {WD_SLICE("zurueckziehung"), &german},
    {WD_SLICE("stornierung"), &german},
    {WD_SLICE("annullierung"), &german},
    {WD_SLICE("eliminierung"), &german},
    {WD_SLICE("sperre "), &german_hold},
    {WD_SLICE("sperrung "), &german_hold},
    {WD_SLICE("sperrvermerk"), &german_hold},
    {WD_SLICE("annulation"), &french},
    {WD_SLICE("\u00E9limination"), &french},
    {WD_SLICE("anulaci\u00F3n"), &spanish},
    {WD_SLICE("eliminaci\u00F3n"), &spanish},
    {WD_SLICE("annullamento"), &italian},
    {WD_SLICE("anula\u00E7\u00E3o"), &portuguese},
    {WD_SLICE("elimina\u00E7\u00E3o"), &portuguese},
};
enum { NOUN_COUNT = sizeof(nouns) / sizeof(nouns[0]) };

static struct wd_phrase_index noun_index;
static pthread_once_t noun_index_once = PTHREAD_ONCE_INIT;

static void make_noun_index(void)
{
    enum { TOLD_BY_BYTES = 4 };
    wd_phrase_index_init(&noun_index, TOLD_BY_BYTES);
    for (size_t i = 0; i < NOUN_COUNT; i++)
        wd_phrase_index_add(&noun_index, i, nouns[i].text);
}

/* The length of the clause that `text` begins with: up to what parts sentences, a colon or a dash. */
static size_t clause_len(struct wd_slice text)
{
    for (size_t i = 0; i < text.len && i < CLAUSE_BYTES_MAX; i++) {
        char c = text.data[i];
        bool blank = i + 1 >= text.len || text.data[i + 1] == ' ' || text.data[i + 1] == '\n';
        bool dash = c == '-' && blank && i > 0 && text.data[i - 1] == ' ';
        if (c == '\n' || dash || (strchr(".:;!", c) && blank))
            return i + 1;
    }
    return text.len < CLAUSE_BYTES_MAX ? text.len : CLAUSE_BYTES_MAX;
}

static uint32_t read_clause(struct wd_slice clause, const struct language *language)
{
    if (!language)
        return english(clause);
    bool said = wd_text_contains_any(clause, language->lifts) &&
                !wd_text_contains_any(clause, language->unsure);
    return said ? language->set : 0;
}

void wd_lifted_orders_find(struct wd_slice text, struct wd_lifted_orders *lifted)
{
    struct wd_phrase_places places;
    size_t begin = 0;
    size_t end = 0;
    size_t at = 0;
    size_t read_begin =
        SIZE_MAX; /* the clause and the language that were read last: hostile clauses are full of nouns */
    const struct language *read_language = NULL;
    (void)pthread_once(&noun_index_once, make_noun_index);
    lifted->set = 0;
    lifted->count = 0;
    wd_phrase_places_init(&places, text);
    while (lifted->count < WD_LIFTED_CLAUSES_MAX &&
           wd_phrase_places_next(&noun_index, &places, &at)) {
        unsigned next = wd_phrase_index_first(&noun_index, wd_slice_from_offset(text, at));
        for (; at >= end; end += clause_len(wd_slice_from_offset(text, end)))
            begin = end;
        for (; next > 0; next = wd_phrase_index_next(&noun_index, next - 1)) {
            const struct noun *noun = &nouns[next - 1];
            struct wd_slice clause = {text.data + begin, end - begin};
            if ((begin == read_begin && noun->language == read_language) ||
                (lifted->count > 0 && lifted->clauses[lifted->count - 1].begin == begin) ||
                !wd_text_starts_ascii_case(wd_slice_from_offset(text, at), noun->text))
                continue;
            uint32_t set = read_clause(clause, noun->language);
            read_begin = begin;
            read_language = noun->language;
            if (set == 0)
                continue;
            lifted->set |= set;
            lifted->clauses[lifted->count].begin = begin;
            lifted->clauses[lifted->count++].end = end;
            break;
        }
    }
}

bool wd_lifted_orders_cover(const struct wd_lifted_orders *lifted, size_t at)
{
    bool covered = false;
    for (size_t i = 0; i < lifted->count && !covered; i++)
        covered = at >= lifted->clauses[i].begin && at < lifted->clauses[i].end;
    return covered;
}
