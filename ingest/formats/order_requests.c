#include "order_requests.h"

#include "notice.h"
#include "request_words.h"
#include "spared_story.h"
#include "telex.h"
#include "time_words.h"

enum {
    WORDS_MAX = 48,
    ADDRESS_WORDS_MAX = 10, /* "Nos abonnés sont priés de bien vouloir | annuler" */
    REACH = 6,              /* words from the verb to what it is said of */
    STATE_REACH = 4,        /* "est | à | supprimer", "è | da considerare | annullata" */
    SUBJECT_WORDS_MAX = 6,  /* "The Example Press | is retracting" */
    OWN_REACH = 4,          /* "its | March 1 | story" */
    TOLD_WORDS = 3,         /* "Achtung: Our | report" */
    TIME_REACH = 3,         /* "antes | de las 18" */
    NAME_BYTES_MIN = 4,     /* of a provider: "herald" of "herald online" */
    COLON_BLANKS_MAX = 3,   /* "Note to all editors: " */
};

struct sentence {
    struct wd_slice word[WORDS_MAX];
    unsigned kind[WORDS_MAX];
    size_t count;
};

static void add_word(struct sentence *sentence, struct wd_slice word, unsigned kind)
{
    if (sentence->count == WORDS_MAX)
        return;
    sentence->word[sentence->count] = word;
    sentence->kind[sentence->count++] = kind;
}

/* The length of the sentence that `text` begins with. "EDS: Please ...": whom it is said to is a sentence of its own. */
static size_t sentence_len(struct wd_slice text)
{
    size_t blanks = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool blank = i + 1 == text.len || text.data[i + 1] == ' ';
        if (c == '\n' || (blank && strchr(".;!", c)) ||
            (blank && c == ':' && blanks <= COLON_BLANKS_MAX))
            return i + 1;
        size_t quoted = wd_notice_quoted_len(wd_slice_from_offset(text, i));
        i += quoted > 0 ? quoted - 1 : 0;
        blanks += c == ' ';
    }
    return text.len;
}

static void add_words(struct sentence *sentence, struct wd_slice plain)
{
    struct wd_token token;
    size_t position = 0;
    while (sentence->count < WORDS_MAX && wd_text_next_token(plain, &position, &token)) {
        struct wd_slice word = {plain.data + token.begin, token.end - token.begin};
        add_word(sentence, word, wd_request_word_kind(word));
    }
}

static void read_words(struct wd_slice text, struct sentence *sentence)
{
    size_t at = 0;
    sentence->count = 0;
    for (size_t i = 0; i < text.len; i++) {
        size_t quoted = wd_notice_quoted_len(wd_slice_from_offset(text, i));
        if (quoted == 0)
            continue;
        add_words(sentence, wd_slice_make(text.data + at, i - at));
        add_word(sentence, wd_slice_make(text.data + i, quoted), WD_REQUEST_QUOTE);
        at = i + quoted;
        i = at - 1;
    }
    add_words(sentence, wd_slice_make(text.data + at, text.len - at));
}

/* Where the first verb is from `i` on by which something sent goes; the count when there is none. */
static size_t find_verb(const struct sentence *sentence, size_t i, size_t reach)
{
    bool denied = (i > 1 && (sentence->kind[i - 2] & WD_REQUEST_DENIES)) ||
                  (i > 0 && (sentence->kind[i - 1] & WD_REQUEST_DENIES));
    /* "non deve | essere utilizzata", "cannot | be used" */
    size_t end = i + reach < sentence->count ? i + reach : sentence->count;
    for (; i < end; i++) {
        unsigned kind = sentence->kind[i];
        if (denied ? kind & WD_REQUEST_USES : kind & WD_REQUEST_KILLS)
            return i;
        denied |= (kind & WD_REQUEST_DENIES) != 0;
    }
    return sentence->count;
}

/* A comma stands behind the word. */
static bool ends_part(struct wd_slice word)
{
    return word.data[word.len] == ',';
}

/* "W0101", "exa | 0201": the number of a telex, and no year. */
static bool is_number(const struct sentence *sentence, size_t i)
{
    struct wd_slice word = i < sentence->count ? sentence->word[i] : WD_SLICE_NONE;
    bool agency = wd_telex_is_agency(word) && i + 1 < sentence->count &&
                  wd_telex_are_digits(sentence->word[i + 1]);
    return agency || (word.len > 0 && !wd_text_is_digit(word.data[0]) && wd_telex_is_number(word));
}

/* "our | report", "la | informaci\u00F3n | titulada", "the story | "Bridge shut"": whose it is, or which. */
static bool is_told(const struct sentence *sentence, size_t i)
{
    static const char *const named[] = {"headlined",     "slugged",  "titled",
                                        "intitul\u00E9", "titulad",  "intitulad",
                                        "intitolat",     "getiteld", "\u043F\u043E\u0434",
                                        "betitelt",      NULL};
    bool own = i > 0 && wd_notice_is_own(sentence->word[i - 1]);
    bool name = i + 1 < sentence->count && ((sentence->kind[i + 1] & WD_REQUEST_QUOTE) ||
                                            wd_text_starts_any(sentence->word[i + 1], named));
    return own || name || is_number(sentence, i + 1);
}

/* How sure it must be that what is called so was sent. */
enum certainty { ANY_COPY, SENT_COPY, TOLD_COPY }; /* much else may be called a report */

static bool is_certain(const struct sentence *sentence, size_t i, enum certainty certainty)
{
    return certainty == ANY_COPY || is_told(sentence, i) ||
           (certainty == SENT_COPY && wd_notice_is_sent(sentence->word[i]));
}

/* "the photo | and | the story". */
static bool is_joined(const struct sentence *sentence, size_t i)
{
    static const char *const joins[] = {"and", "und", "et", "y", "e", NULL};
    return i < sentence->count && wd_text_equal_any(sentence->word[i], joins);
}

/* Whether what was sent is what the words from `i` on begin with: "the following | story", "the alert | "Bridge shut"". */
static bool is_object(const struct sentence *sentence, size_t i, size_t end, unsigned breaks,
                      enum certainty certainty)
{
    size_t first = i;
    end = end < sentence->count ? end : sentence->count;
    for (; i < end && !(sentence->kind[i] & breaks); i++) {
        bool copy = (sentence->kind[i] & WD_REQUEST_COPY) != 0;
        bool piece = wd_spared_is_piece(sentence->word[i]) && !(copy && is_told(sentence, i)) &&
                     !is_joined(sentence, i + 1);
        if (piece || (i > first && ends_part(sentence->word[i - 1])))
            return false;
        if (((sentence->kind[i] & WD_REQUEST_RELEASE) && certainty != TOLD_COPY) ||
            (copy && is_certain(sentence, i, certainty)))
            return true;
    }
    return false;
}

/* Whether the verb is the head of an order: "Kill", "Annullare", "Streichen Sie", "Anulen", "Se anula"; "Retira" may be news. */
static bool is_imperative(const struct sentence *sentence, size_t verb)
{
    static const char *const verbs[] = {"kill",   "disregard", "withdraw", "retract",
                                        "spike",  "discard",   "delete",   "remove",
                                        "cancel", "ignore",    NULL};
    static const char *const ends[] = {"ar", "er", "ir", "re", "en", "ez", "em", NULL};
    static const struct wd_slice se = WD_SLICE("se");
    static const struct wd_slice english = WD_SLICE("kill"); /* "Killer" */
    struct wd_slice word = sentence->word[verb];
    bool imperative = wd_text_equal_any(word, verbs);
    if (imperative || !(sentence->kind[verb] & WD_REQUEST_KILLS) ||
        wd_text_starts_ascii_case(word, english))
        return imperative;
    return wd_text_equal_any(wd_slice_from_offset(word, word.len - 2), ends) ||
           (verb > 0 && wd_text_equal_ascii_case(sentence->word[verb - 1], se));
}

/* "Kill | our story", "Withdraw | the story "Bridge shut"", "Queda anulada | la noticia titulada ...". */
static bool orders_outright(const struct sentence *sentence, size_t i)
{
    size_t verb = i;
    if (sentence->kind[i] & WD_REQUEST_MUST)
        verb = find_verb(sentence, i + 1, STATE_REACH);
    else if (!is_imperative(sentence, i))
        return false;
    return verb < sentence->count && is_object(sentence, verb + 1, verb + 1 + REACH,
                                               WD_REQUEST_BREAKS | WD_REQUEST_OF, TOLD_COPY);
}

/* "Please | kill | the story", "Bitte | die Meldung | nicht verwenden". */
static bool requests(const struct sentence *sentence, bool advised)
{
    size_t i = 0;
    while (i < sentence->count && i < ADDRESS_WORDS_MAX &&
           (sentence->kind[i] & (WD_REQUEST_ADDRESS | WD_REQUEST_ARE)) &&
           !(sentence->kind[i] & WD_REQUEST_ASKS))
        i++;
    if (i == sentence->count)
        return false;
    if (orders_outright(sentence, i))
        return true;
    bool asked =
        (sentence->kind[i] & WD_REQUEST_ASKED) && i > 0 && (sentence->kind[i - 1] & WD_REQUEST_ARE);
    bool told = advised && (sentence->kind[i] & WD_REQUEST_MUST); /* "readers should disregard" */
    if (!(sentence->kind[i] & WD_REQUEST_ASKS) && !asked && !told)
        return false;
    size_t verb = find_verb(sentence, i + 1, sentence->count);
    if (verb == sentence->count)
        return false;
    return is_object(sentence, verb + 1, verb + 1 + REACH, WD_REQUEST_BREAKS | WD_REQUEST_OF,
                     SENT_COPY) ||
           (!told && is_object(sentence, i + 1, i + 1 + REACH,
                               WD_REQUEST_BREAKS | WD_REQUEST_KILLS | WD_REQUEST_USES, SENT_COPY));
}

/* Without "We are advised by ... that"; whether that stood there. */
static bool skip_advice(struct sentence *sentence)
{
    static const struct wd_slice that = WD_SLICE("that");
    bool advised = sentence->count > 3 && (sentence->kind[0] & WD_REQUEST_WE) &&
                   (sentence->kind[1] & WD_REQUEST_ARE) && (sentence->kind[2] & WD_REQUEST_ASKED);
    for (size_t i = 3; advised && i < sentence->count; i++) {
        if (!wd_text_equal_ascii_case(sentence->word[i], that))
            continue;
        sentence->count -= i + 1;
        memmove(sentence->word, sentence->word + i + 1,
                sentence->count * sizeof(sentence->word[0]));
        memmove(sentence->kind, sentence->kind + i + 1,
                sentence->count * sizeof(sentence->kind[0]));
        return true;
    }
    return false;
}

/* "The story stands, kill | the photo". */
static bool is_of_a_piece(const struct sentence *sentence, size_t i)
{
    bool piece = false;
    size_t first = 0; /* "The photo with this story should not be used" */
    while (first < i && !(sentence->kind[first] & WD_REQUEST_COPY) && !piece)
        piece = wd_spared_is_piece(sentence->word[first++]);
    for (size_t end = i + OWN_REACH; i < end && i < sentence->count && !piece; i++)
        piece = wd_spared_is_piece(sentence->word[i]);
    return piece;
}

/* "In der Meldung wird | der letzte Satz | gestrichen", "In the story, the quote | must be deleted": something in it is to go. */
static bool is_of_what_is_in_it(const struct sentence *sentence, size_t from, size_t verb)
{
    bool piece = (sentence->kind[0] & WD_REQUEST_BREAKS) != 0;
    for (size_t i = from; i < verb && !piece; i++)
        piece = wd_spared_is_piece(sentence->word[i]);
    return piece;
}

/* "Die Eilmeldung | exa 0200 ...", "Our report | ...": among the first words. */
static bool begins_with_told(const struct sentence *sentence, size_t end)
{
    bool told = false;
    for (size_t i = 0; i < end && i < TOLD_WORDS && !told; i++)
        told = (sentence->kind[i] & WD_REQUEST_COPY) && is_told(sentence, i);
    return told;
}

/* "La d\u00E9p\u00EAche intitul\u00E9e ... | est | \u00E0 supprimer", "The story slugged X | stands | withdrawn", "Die Meldung | darf |
 * nicht verwendet werden". */
static bool is_said_to_go(const struct sentence *sentence, struct wd_slice text)
{
    const unsigned states = WD_REQUEST_MUST | WD_REQUEST_ASKS | WD_REQUEST_MAY;
    for (size_t i = 1; i < sentence->count; i++) {
        unsigned kind = sentence->kind[i];
        if (!(kind & states))
            continue;
        bool itself = (kind & WD_REQUEST_MUST) && (kind & WD_REQUEST_KILLS); /* "entf\u00E4llt" */
        size_t verb = itself ? i : find_verb(sentence, i + 1, STATE_REACH);
        bool may = !(kind & (WD_REQUEST_MUST | WD_REQUEST_ASKS)); /* nothing unless denied */
        if (verb == sentence->count || (may && !(sentence->kind[verb] & WD_REQUEST_USES)) ||
            is_of_a_piece(sentence, verb + 1) || is_of_what_is_in_it(sentence, i, verb))
            continue;
        size_t at = (size_t)(sentence->word[i].data - text.data);
        if (begins_with_told(sentence, i) || wd_notice_is_of_copy(text, at, at, WD_NOTICE_SUBJECT))
            return true;
    }
    return false;
}

/* "are | retracting | its | story", from the verb or what helps it on. */
static bool takes_back(const struct sentence *sentence, size_t i)
{
    static const struct wd_slice back[][2] = {{WD_SLICE("zieht"), WD_SLICE("zur\u00FCck")},
                                              {WD_SLICE("ziehen"), WD_SLICE("zur\u00FCck")},
                                              {WD_SLICE("trekt"), WD_SLICE("in")},
                                              {WD_SLICE("trekken"), WD_SLICE("in")}};
    static const struct wd_slice taken = WD_SLICE("taken");
    static const struct wd_slice down = WD_SLICE("down");
    while (i < sentence->count && (sentence->kind[i] & (WD_REQUEST_SAYS_SO | WD_REQUEST_ARE)))
        i++;
    bool verb = i < sentence->count && (sentence->kind[i] & WD_REQUEST_KILLS);
    if (i + 1 < sentence->count && wd_text_equal_ascii_case(sentence->word[i], taken) &&
        wd_text_equal_ascii_case(sentence->word[i + 1], down)) {
        verb = true;
        i++;
    }
    for (size_t j = 0; i < sentence->count && j < sizeof(back) / sizeof(back[0]) && !verb; j++)
        verb = wd_text_equal_ascii_case(sentence->word[i], back[j][0]) &&
               wd_text_equal_ascii_case(sentence->word[sentence->count - 1], back[j][1]);
    return verb && is_object(sentence, i + 1, i + 1 + OWN_REACH, WD_REQUEST_BREAKS | WD_REQUEST_OF,
                             ANY_COPY);
}

/* "our story", "the report "Bridge shut"": much else is withdrawn, too. */
static bool names_its_own(const struct sentence *sentence)
{
    static const char *const own[] = {"our",   "this", "unsere", "diese", "notre",
                                      "cette", "onze", "deze",   NULL};
    bool named = false;
    for (size_t i = 1; i < sentence->count && !named; i++)
        named =
            wd_text_equal_any(sentence->word[i], own) ||
            ((sentence->kind[i] & WD_REQUEST_QUOTE) && (sentence->kind[i - 1] & WD_REQUEST_COPY));
    return named;
}

/* "before | 1800 GMT", "vor | Freitag", "antes | de las 18.00". */
static bool is_time(const struct sentence *sentence, size_t i)
{
    static const char *const times[] = {"noon",     "midnight", "tomorrow", "mittag", "mitternacht",
                                        "further", /* notice */
                                        "weiteres", "nouvel",   "nuevo",    "nuovo",  NULL};
    bool time = false;
    for (size_t end = i + TIME_REACH; i < end && i < sentence->count && !time; i++)
        time = wd_text_is_digit(sentence->word[i].data[0]) ||
               wd_text_equal_any(sentence->word[i], times) ||
               wd_time_word_is_day(sentence->word[i]) || wd_month_find(sentence->word[i]) > 0;
    return time;
}

/* "must not be used | before 1800 GMT", "do not use the story | until Friday", "nicht | vor 18 Uhr verwenden": the time is that of the
 * use, and not of what was sent ("the story sent before 1800"). */
static bool waits(const struct sentence *sentence)
{
    static const char *const limits[] = {"before", "until",    "till",  "vor",   "bis",
                                         "avant",  "antes",    "hasta", "prima", "voor",
                                         "tot",    "at\u00E9", NULL};
    static const char *const used[] = {"be", "werden", "worden", "gebruikt", NULL};
    const unsigned before =
        WD_REQUEST_USES | WD_REQUEST_DENIES | WD_REQUEST_COPY | WD_REQUEST_QUOTE;
    bool found = false;
    bool use = false;
    for (size_t i = 0; i < sentence->count; i++) {
        unsigned kind = sentence->kind[i];
        if (kind & WD_REQUEST_KILLS)
            return false;
        use |= (kind & WD_REQUEST_USES) != 0;
        found |=
            i > 0 && wd_text_equal_any(sentence->word[i], limits) &&
            ((sentence->kind[i - 1] & before) || wd_text_equal_any(sentence->word[i - 1], used)) &&
            is_time(sentence, i + 1);
    }
    return found && use;
}

/* For good, or for a time. */
static bool asks_to_stop(struct sentence *sentence, struct wd_slice text)
{
    bool advised = skip_advice(sentence);
    if (sentence->count < 2 || (sentence->kind[0] & WD_REQUEST_QUOTE))
        return false;
    return requests(sentence, advised) || is_said_to_go(sentence, text) ||
           ((sentence->kind[0] & WD_REQUEST_WE) && takes_back(sentence, 1) &&
            names_its_own(sentence));
}

/* The next sentence that has a verb, from `*from` on, which is put behind it; "" when there is none. */
static struct wd_slice next_sentence(struct wd_phrase_places *places, size_t *from)
{
    struct wd_slice text = places->text;
    size_t at = 0;
    while (wd_request_verbs_next(places, &at)) {
        if (at < *from)
            continue;
        while (*from < text.len) {
            size_t len = sentence_len(wd_slice_from_offset(text, *from));
            struct wd_slice sentence = {text.data + *from, len};
            *from += len;
            if (at < *from)
                return sentence;
        }
    }
    return WD_SLICE_NONE;
}

/* "Example Press" is "EP". */
static bool is_acronym(struct wd_slice acronym, const struct wd_slice *words, size_t count)
{
    bool equal = count > 1 && acronym.len == count;
    for (size_t i = 0; i < count && equal; i++)
        equal = (acronym.data[i] | 0x20) == (words[i].data[0] | 0x20);
    return equal;
}

/* Whether the words are what the provider is called. */
static bool is_name(struct wd_slice name, const struct wd_slice *words, size_t count)
{
    struct wd_slice names[SUBJECT_WORDS_MAX];
    struct wd_token token;
    size_t position = 0;
    size_t name_count = 0;
    while (name_count < SUBJECT_WORDS_MAX && wd_text_next_token(name, &position, &token))
        names[name_count++] = wd_slice_make(name.data + token.begin, token.end - token.begin);
    size_t same = 0;
    while (same < count && same < name_count && wd_text_equal_ascii_case(words[same], names[same]))
        same++;
    bool begins = same == count && (same == name_count || words[0].len >= NAME_BYTES_MIN);
    struct wd_slice tail = name_count > 0 && count == 1 && words[0].len >= NAME_BYTES_MIN &&
                                   wd_text_starts_ascii_case(names[0], words[0])
                               ? wd_slice_from_offset(names[0], words[0].len)
                               : WD_SLICE_NONE;
    begins |= tail.len > 0 && strchr("-.", tail.data[0]); /* "herald-online" */
    return count > 0 && name_count > 0 &&
           (begins || (name_count == 1 && is_acronym(names[0], words, count)) ||
            (count == 1 && is_acronym(words[0], names, name_count)));
}

/* Of the provider, or of whom the story names as its source. */
static bool is_own_name(const struct wd_story *story, const struct wd_slice *words, size_t count)
{
    bool own = is_name(story->provider, words, count) || is_name(story->credit, words, count);
    for (size_t i = 0; i < story->infosources.count && !own; i++)
        own = is_name(story->infosources.items[i].name, words, count);
    return own;
}

/* "its story": whoever takes back what is his. */
static bool owns_it(const struct sentence *sentence, size_t i)
{
    static const char *const owned[] = {"its",  "their", "ihre", "ihren", "seine", "seinen",
                                        "sa",   "son",   "su",   "sua",   "seu",   "suo",
                                        "zijn", "haar",  "hun",  NULL};
    bool owns = false;
    for (; i < sentence->count && !(sentence->kind[i] & WD_REQUEST_COPY) && !owns; i++)
        owns = wd_text_equal_any(sentence->word[i], owned);
    return owns;
}

/* `to_desks`: what the desk says to desks is of its own house, by whatever name it goes there. */
static bool takes_back_its_own(const struct wd_story *story, bool to_desks,
                               const struct sentence *sentence)
{
    static const char *const articles[] = {"the", "die", "der", "das", "la",  "le", "el",
                                           "il",  "de",  "a",   "o",   "het", "l'", NULL};
    static const char *const others[] = {"another", "other", "rival", "some",
                                         "several", "an",    NULL};
    size_t first = sentence->count > 0 && wd_text_equal_any(sentence->word[0], articles);
    if (first < sentence->count && wd_text_equal_any(sentence->word[first], others))
        return false;
    for (size_t i = first + 1; i < sentence->count && i <= first + SUBJECT_WORDS_MAX; i++) {
        if (takes_back(sentence, i) && (is_own_name(story, sentence->word + first, i - first) ||
                                        (to_desks && owns_it(sentence, i))))
            return true;
    }
    return false;
}

/* The sentences of the text that have a verb of the kind, one after the other. */
struct search {
    struct wd_phrase_places places;
    size_t from;
};

static void begin_search(struct search *search, struct wd_slice text)
{
    search->from = 0;
    wd_request_verbs_begin(&search->places, text);
}

static bool next_found(struct search *search, struct sentence *sentence, struct wd_slice *text)
{
    *text = next_sentence(&search->places, &search->from);
    if (text->len > 0)
        read_words(*text, sentence);
    return text->len > 0;
}

bool wd_order_requests_kill(struct wd_slice text, bool *wait)
{
    struct sentence sentence;
    struct search search;
    struct wd_slice one;
    bool found = false;
    *wait = false;
    begin_search(&search, text);
    while (!found && next_found(&search, &sentence, &one)) {
        bool stops = asks_to_stop(&sentence, one);
        bool until = stops && waits(&sentence);
        *wait |= until;
        found = stops && !until;
    }
    return found;
}

bool wd_order_requests_own(const struct wd_story *story, struct wd_slice text, bool to_desks)
{
    struct sentence sentence;
    struct search search;
    struct wd_slice one;
    bool found = false;
    begin_search(&search, text);
    while (!found && next_found(&search, &sentence, &one))
        found = takes_back_its_own(story, to_desks, &sentence);
    return found;
}

bool wd_order_requests_until(struct wd_slice text)
{
    struct sentence sentence;
    read_words(text, &sentence);
    return waits(&sentence);
}
