#include "wire_words.h"

#include "lifted_orders.h"
#include "notice.h"
#include "order_requests.h"
#include "phrase_index.h"
#include "removal.h"
#include "spared_story.h"
#include "wire_phrases.h"
#include "wire_terms.h"

#include <pthread.h>

enum { NUMBER_MAX = 999, CLAUSE_BYTES_MAX = 60, SENTENCE_BYTES_MAX = 120, LIFTED_BYTES_MAX = 60 };

/* What is taken back is not ordered, and an order that stands elsewhere in the words is stricter. */
static const uint32_t orders_to_stop = WD_WIRE_KILL | WD_WIRE_WITHHOLD;
static const uint32_t lifts = WD_WIRE_STANDS | WD_WIRE_RELEASE;

/* Of any alphabet: "Anulaci\u00F3n" is one word. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Letters, or digits, from here on. */
static struct wd_slice take_run(struct wd_slice *rest, bool (*belongs)(char))
{
    size_t len = 0;
    while (len < rest->len && belongs(rest->data[len]))
        len++;
    struct wd_slice run = {rest->data, len};
    *rest = wd_slice_from_offset(*rest, len);
    return run;
}

/* "st", "nd", "rd", "th" right after a number; the glued forms of headers too: "3rdLd". */
static void skip_ordinal(struct wd_slice *rest)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (wd_text_starts_ascii_case(*rest, wd_slice_from(endings[i]))) {
            *rest = wd_slice_from_offset(*rest, 2);
            return;
        }
    }
}

static void take_number(struct wd_slice *rest, struct wd_wire_words *words)
{
    struct wd_slice digits = take_run(rest, wd_text_is_digit);
    unsigned number = 0;
    for (size_t i = 0; i < digits.len; i++)
        number = number > NUMBER_MAX ? number : number * 10 + (unsigned)(digits.data[i] - '0');
    skip_ordinal(rest);
    if (number <= NUMBER_MAX && words->number == 0)
        words->number = number;
}

/* "Disregard Kill", "Hold Lifted": what the words of orders come to among words that take them back. False where those take
 * nothing back. */
static bool take_back(uint32_t *set, bool disregarded)
{
    bool back = (*set & WD_WIRE_STANDS) || disregarded;
    uint32_t what = *set & (orders_to_stop | WD_WIRE_ADVANCE);
    if (!back)
        return true;
    *set &= ~(what | WD_WIRE_STANDS);
    *set |= (what & WD_WIRE_KILL) ? WD_WIRE_STANDS | WD_WIRE_ADVISORY : WD_WIRE_RELEASE;
    return what != 0;
}

bool wd_wire_words_parse(struct wd_slice text, struct wd_wire_words *words)
{
    struct wd_wire_words found = {0, 0};
    size_t known = 0;
    bool disregard = false;
    bool disregarded = false; /* an order */
    while (text.len > 0) {
        char c = text.data[0];
        if (wd_text_is_digit(c)) {
            take_number(&text, &found);
        } else if (is_letter(c)) {
            const struct wd_wire_term *word = wd_wire_term_find(take_run(&text, is_letter));
            if (!word)
                return false;
            disregarded |= disregard && (word->set & orders_to_stop);
            disregard |= strcmp(word->text, "disregard") == 0;
            found.set |= word->set;
            known += word->use != WD_TERM_AMONG_OTHERS;
        } else if (c == ' ' || c == '-' || c == '.' || c == ':' || c == '(' || c == ')') {
            text = wd_slice_from_offset(text, 1);
        } else {
            return false;
        }
    }
    if (known == 0 || !take_back(&found.set, disregarded))
        return false;
    if ((found.set & WD_WIRE_KILL) && (found.set & WD_WIRE_PART)) /* "4th Graf Kill" */
        found.set = (found.set & ~(uint32_t)WD_WIRE_KILL) | WD_WIRE_CORRECTION;
    if (!(found.set & WD_WIRE_LEAD))
        found.number = 0; /* "2nd Add", "Adv10": no version of the whole */
    else if (found.number == 0)
        found.number = 1;
    *words = found;
    return true;
}

static bool is_in_capitals(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    }
    return text.len >= 3;
}

/* "KILL 4th graf", "Please kill the photo": said of a part. */
static bool is_of_a_part(struct wd_slice after)
{
    static const char *const parts[] = {"graf",   "paragraph", "sentence", "byline",
                                        "photo",  "picture",   "caption",  "quote",
                                        "Absatz", "Foto",      NULL};
    size_t len = 0;
    while (len < after.len && len < CLAUSE_BYTES_MAX && !strchr(".;\n", after.data[len]))
        len++;
    return wd_text_contains_any(wd_slice_make(after.data, len), parts);
}

/* The words of the same sentence before `at`: "The photo | should not be used". */
static struct wd_slice clause_before(struct wd_slice text, size_t at)
{
    size_t begin = at;
    while (begin > 0 && at - begin < CLAUSE_BYTES_MAX && !strchr(".;\n", text.data[begin - 1]))
        begin--;
    return wd_slice_make(text.data + begin, at - begin);
}

/* The sentence around `at`, as far as one is looked at. */
static struct wd_slice sentence_at(struct wd_slice text, size_t at)
{
    struct wd_slice before = clause_before(text, at);
    struct wd_slice after = wd_slice_from_offset(text, at);
    size_t len = 0;
    while (len < after.len && len < SENTENCE_BYTES_MAX &&
           !(strchr(";\n", after.data[len]) ||
             (after.data[len] == '.' && (len + 1 == after.len || after.data[len + 1] == ' '))))
        len++;
    return wd_slice_make(before.data, before.len + len);
}

static struct wd_phrase_index phrase_index;
static pthread_once_t phrase_index_once = PTHREAD_ONCE_INIT;

static void make_phrase_index(void)
{
    enum { TOLD_BY_BYTES = 4 };
    wd_phrase_index_init(&phrase_index, TOLD_BY_BYTES);
    for (size_t i = 0; i < wd_wire_phrase_count; i++)
        wd_phrase_index_add(&phrase_index, i, wd_wire_phrases[i].phrase);
}

/* A reading of a note. Hostile notes are full of orders: only so many are looked at closely. */
struct scan {
    struct wd_slice note;
    uint32_t found;
    bool is_copy;
    unsigned orders_left;
    bool any; /* phrase */
    struct wd_lifted_orders lifted;
    /* What each phrase sets here; UNSEEN when it is not there. */
    uint32_t phrases[WD_WIRE_PHRASES_MAX];
};
enum { ORDERS_MAX = 256 };
#define UNSEEN UINT32_MAX

/* Whether an order is about a part: by what follows it, or stands before it in the same sentence. */
static bool order_is_of_a_part(struct scan *scan, size_t begin, size_t end)
{
    if (scan->orders_left == 0)
        return false;
    scan->orders_left--;
    return is_of_a_part(wd_slice_from_offset(scan->note, end)) ||
           is_of_a_part(clause_before(scan->note, begin));
}

/* "KILL 4th graf: Engineers xxx Sunday": what was wrong there is to be taken out; of a picture it says nothing about the copy. */
static uint32_t order_of_part(const struct scan *scan, size_t end)
{
    static const char *const grafs[] = {"graf", "paragraph", "sentence", "quote", "Absatz", NULL};
    struct wd_slice behind = wd_utf8_cut(wd_slice_from_offset(scan->note, end), CLAUSE_BYTES_MAX);
    return WD_WIRE_PART | (wd_text_contains_any(behind, grafs) ? (uint32_t)WD_WIRE_CORRECTION : 0);
}

/* Whether the sentence around names a story: what else may be withdrawn or must not be used. */
static bool is_of_a_story(struct wd_slice note, size_t at)
{
    struct wd_slice before = clause_before(note, at);
    struct wd_slice after = wd_slice_from_offset(note, at);
    size_t len = 0;
    while (len < after.len && len < SENTENCE_BYTES_MAX && !strchr(".;\n", after.data[len]))
        len++;
    return wd_notice_names_copy(wd_slice_make(before.data, before.len + len));
}

/* Whether a sentence begins at `at`, polite words aside: "Eds: Please kill ...", "(Corrects ...". */
static bool begins_sentence(struct wd_slice note, size_t at)
{
    static const char *const polite[] = {"please ", "bitte ", "and ", "also "};
    for (size_t i = 0; i < sizeof(polite) / sizeof(polite[0]); i++) {
        struct wd_slice word = wd_slice_from(polite[i]);
        if (at >= word.len &&
            wd_text_starts_ascii_case(wd_slice_from_offset(note, at - word.len), word))
            at -= word.len;
    }
    while (at > 0 && (note.data[at - 1] == ' ' || note.data[at - 1] == '-'))
        at--;
    return at == 0 || strchr(".:;!?([\n/", note.data[at - 1]);
}

/* "Delete the 4th graf", "In BC-Ferry Fire, delete the 4th graf"; papers "may delete" what is too long for them. */
static bool begins_order(struct wd_slice note, size_t at)
{
    struct wd_slice before = clause_before(note, at);
    const char *colon = before.len > 0 ? memrchr(before.data, ':', before.len) : NULL;
    size_t behind = colon ? (size_t)(colon - before.data) + 1 : 0;
    struct wd_slice clause = wd_text_trim(wd_slice_from_offset(before, behind));
    bool named =
        wd_text_starts_ascii_case(clause, WD_SLICE("in ")) && clause.data[clause.len - 1] == ',';
    return named || begins_sentence(note, at);
}

/* Whether `at` is within quotation marks: an order that somebody is said to have given, or a notice that is told of, is news. */
static bool is_quoted(struct wd_slice text, size_t at)
{
    static const struct wd_slice opening = WD_SLICE("\u201C");
    static const struct wd_slice low = WD_SLICE("\u201E");
    static const struct wd_slice closing = WD_SLICE("\u201D");
    bool straight = false;
    bool curly = false;
    for (size_t i = 0; i < at; i++) {
        struct wd_slice rest = wd_slice_from_offset(text, i);
        if (text.data[i] == '"')
            straight = !straight;
        else if (wd_slice_starts(rest, opening))
            curly = !curly; /* it closes what a low one opened */
        else if (wd_slice_starts(rest, low))
            curly = true;
        else if (wd_slice_starts(rest, closing))
            curly = false;
    }
    return straight || curly;
}

/* Whether the phrase counts where it stands. */
static bool counts(struct scan *scan, size_t at, const struct wd_wire_phrase *phrase)
{
    size_t end = at + phrase->phrase.len;
    if (phrase->said == WD_SAID_NEVER_IN_COPY)
        return !scan->is_copy;
    if (scan->is_copy && scan->orders_left > 0 && is_quoted(scan->note, at))
        return false;
    if (phrase->said == WD_SAID_BY_DESKS || (phrase->said == WD_SAID_IN_NOTES && !scan->is_copy))
        return true;
    if (scan->orders_left == 0)
        return false;
    scan->orders_left--;
    if (phrase->said == WD_SAID_OF_OBJECT_NOT)
        return wd_notice_denies(scan->note, end) &&
               wd_notice_is_of_copy(scan->note, at, end, WD_NOTICE_OBJECT);
    if (phrase->said == WD_SAID_BEGINS)
        return begins_sentence(scan->note, at);
    if (!scan->is_copy && phrase->said != WD_SAID_OF_COPY)
        return is_of_a_story(scan->note, at);
    if (phrase->said == WD_SAID_IN_NOTES && begins_sentence(scan->note, at))
        return true;
    bool subject = phrase->said == WD_SAID_OF_SUBJECT || phrase->said == WD_SAID_OF_COPY;
    return wd_notice_is_of_copy(scan->note, at, end,
                                subject ? WD_NOTICE_SUBJECT : WD_NOTICE_OBJECT);
}

static void take_phrase(struct scan *scan, size_t at, size_t i)
{
    struct wd_slice phrase = wd_wire_phrases[i].phrase;
    uint32_t set = wd_wire_phrases[i].set;
    if (!wd_text_starts_ascii_case(wd_slice_from_offset(scan->note, at), phrase))
        return;
    bool order = set & (orders_to_stop | WD_WIRE_ADVANCE);
    if ((order && wd_lifted_orders_cover(&scan->lifted, at)) ||
        !counts(scan, at, &wd_wire_phrases[i]))
        return;
    if ((set & WD_WIRE_KILL) && order_is_of_a_part(scan, at, at + phrase.len))
        set = WD_WIRE_PART;
    if ((set & WD_WIRE_KILL) && scan->orders_left > 0 &&
        wd_order_requests_until(sentence_at(scan->note, at)))
        set = scan->is_copy ? WD_WIRE_WITHHOLD : WD_WIRE_ADVANCE;
    if (scan->phrases[i] == UNSEEN)
        scan->phrases[i] = 0;
    scan->any = true;
    scan->phrases[i] |= set;
}

static void take_phrases(struct scan *scan, size_t at)
{
    unsigned next = wd_phrase_index_first(&phrase_index, wd_slice_from_offset(scan->note, at));
    for (; next > 0; next = wd_phrase_index_next(&phrase_index, next - 1))
        take_phrase(scan, at, next - 1);
}

static uint32_t apply_phrases(const struct scan *scan)
{
    uint32_t found = scan->found;
    for (size_t i = 0; scan->any && i < wd_wire_phrase_count; i++) {
        if (scan->phrases[i] != UNSEEN)
            found = (found & ~wd_wire_phrases[i].instead_of) | scan->phrases[i];
    }
    found |= scan->lifted.set;
    return found | (found & WD_WIRE_STANDS ? (uint32_t)WD_WIRE_ADVISORY : 0);
}

/* What one word of a note means where it stands. */
static uint32_t note_word(struct scan *scan, const struct wd_token *token)
{
    struct wd_slice text = {scan->note.data + token->begin, token->end - token->begin};
    const struct wd_wire_term *word = wd_wire_term_find(text);
    bool capitals = is_in_capitals(text);
    if (capitals && wd_slice_is(text, "PICKS") &&
        wd_slice_starts(wd_slice_from_offset(scan->note, token->end), WD_SLICE(" UP")))
        return WD_WIRE_PART;
    if (capitals && wd_slice_is(text, "RELEASE") && token->begin >= 4 &&
        memcmp(scan->note.data + token->begin - 4, "FOR ", 4) == 0)
        return WD_WIRE_ADVANCE;
    if (word && word->use == WD_TERM_OF_PART) {
        uint32_t set = begins_order(scan->note, token->begin) ? order_of_part(scan, token->end) : 0;
        return set & WD_WIRE_CORRECTION ? set : 0;
    }
    bool opening =
        word && word->use == WD_TERM_OPENING && begins_sentence(scan->note, token->begin);
    bool keyline = word && (word->use == WD_TERM_NOT_IN_NOTES || word->use == WD_TERM_AMONG_OTHERS);
    if (!word || keyline || (!capitals && !opening))
        return 0;
    bool order = word->set & orders_to_stop;
    if ((order || (word->set & WD_WIRE_ADVANCE)) &&
        wd_lifted_orders_cover(&scan->lifted, token->begin))
        return 0;
    return order && order_is_of_a_part(scan, token->begin, token->end)
               ? order_of_part(scan, token->end)
               : word->set;
}

static void begin_scan(struct scan *scan, struct wd_slice text)
{
    (void)pthread_once(&phrase_index_once, make_phrase_index);
    scan->note = text;
    scan->found = 0;
    scan->is_copy = scan->any = false;
    scan->orders_left = ORDERS_MAX;
    scan->lifted.set = 0;
    scan->lifted.count = 0;
    for (size_t i = 0; i < wd_wire_phrase_count; i++)
        scan->phrases[i] = UNSEEN;
}

/* Of Chinese, Japanese, Korean, Hindi, Thai; their letters have three bytes that begin with E0 or E3 to ED. */
static uint32_t unparted_orders(struct wd_slice text)
{
    size_t i = 0;
    while (i < text.len &&
           ((unsigned char)text.data[i] < 0xE0 || (unsigned char)text.data[i] == 0xE2))
        i++;
    for (size_t j = 0; i < text.len && j < wd_wire_kills_unparted_count; j++) {
        struct wd_slice kill = wd_wire_kills_unparted[j].kill;
        struct wd_slice beside = wd_wire_kills_unparted[j].beside;
        if (memmem(text.data + i, text.len - i, kill.data, kill.len) &&
            (beside.len == 0 || memmem(text.data + i, text.len - i, beside.data, beside.len)))
            return WD_WIRE_KILL;
    }
    return 0;
}

static void scan_copy(struct scan *scan)
{
    struct wd_slice text = scan->note;
    struct wd_phrase_places places;
    size_t at = 0;
    wd_phrase_places_init(&places, text);
    while (wd_phrase_places_next(&phrase_index, &places, &at)) {
        bool inside =
            at > 0 && (wd_text_is_digit(text.data[at - 1]) || strchr("-'", text.data[at - 1]));
        if (!inside) /* of a word that has more than letters */
            take_phrases(scan, at);
    }
}

uint32_t wd_wire_words_of_notice(struct wd_slice text)
{
    struct scan scan;
    begin_scan(&scan, text);
    scan.is_copy = true;
    scan_copy(&scan);
    if (scan.any) { /* "The kill of our story ... is withdrawn" */
        struct wd_lifted_orders lifted;
        wd_lifted_orders_find(text, &lifted);
        if (lifted.count > 0) {
            begin_scan(&scan, text);
            scan.is_copy = scan.any = true;
            scan.lifted = lifted;
            scan_copy(&scan);
        }
    }
    uint32_t unparted = unparted_orders(text);
    bool wait = false;
    if (scan.lifted.count == 0 && wd_order_requests_kill(text, &wait))
        unparted |= WD_WIRE_KILL;
    if (wait)
        unparted |= WD_WIRE_WITHHOLD; /* of another story, whose embargo is told nowhere else */
    if (!scan.any || !wd_notice_names_copy(text))
        return unparted;
    return unparted | (apply_phrases(&scan) & (orders_to_stop | lifts | WD_WIRE_CORRECTION));
}

void wd_wire_words_scan_note(struct wd_slice note, struct wd_wire_words *words)
{
    struct scan scan;
    size_t position = 0;
    struct wd_token token;
    begin_scan(&scan, note);
    wd_lifted_orders_find(note, &scan.lifted);
    scan.any = scan.lifted.count > 0;
    while (wd_text_next_token(note, &position, &token)) {
        take_phrases(&scan, token.begin);
        scan.found |= note_word(&scan, &token);
    }
    bool wait = false;
    if (scan.lifted.count == 0 && wd_order_requests_kill(note, &wait))
        scan.found |= WD_WIRE_KILL;
    if (wait)
        scan.found |= WD_WIRE_ADVANCE;
    uint32_t found =
        apply_phrases(&scan) | unparted_orders(note) |
        (wd_removal_of_text(note) & WD_WIRE_KILL); /* much is "not available" to some */
    if ((found & orders_to_stop) && wd_spared_by_note(note))
        found = (found & ~orders_to_stop) | WD_WIRE_PART;
    words->set |= found;
}

uint32_t wd_wire_words_signals(const struct wd_wire_words *words)
{
    static const struct {
        uint32_t word;
        uint32_t signal;
    } signals[] = {
        {WD_WIRE_LEAD, WD_SIGNAL_UPDATE},   {WD_WIRE_PART, WD_SIGNAL_UPDATE},
        {WD_WIRE_KILL, WD_SIGNAL_KILL},     {WD_WIRE_CORRECTION, WD_SIGNAL_CORRECTION},
        {WD_WIRE_WITHHOLD, WD_SIGNAL_HOLD}, {WD_WIRE_ADVISORY, WD_SIGNAL_ADVISORY},
        {WD_WIRE_REFILE, WD_SIGNAL_REFILE}, {WD_WIRE_REPEAT, WD_SIGNAL_REPEAT},
        {WD_WIRE_STANDS, WD_SIGNAL_STANDS}, {WD_WIRE_RELEASE, WD_SIGNAL_RELEASE},
    };
    uint32_t found = 0;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        if (words->set & signals[i].word)
            found |= signals[i].signal;
    }
    return found;
}

void wd_wire_words_apply(const struct wd_wire_words *words, struct wd_story *story)
{
    story->signals |= wd_wire_words_signals(words);
    wd_wire_words_apply_orders(words->set, story);
    bool part = (words->set & WD_WIRE_PART) || (words->set & WD_WIRE_LEAD && words->number > 0);
    if (part && !(words->set & (WD_WIRE_WHOLE | WD_WIRE_NO_PICKUP)))
        story->flags |= WD_FLAG_PARTIAL;
}

void wd_wire_words_apply_orders(uint32_t set, struct wd_story *story)
{
    /* The strictest order counts. A time that the format gave is surer than words about an embargo. */
    if (set & WD_WIRE_KILL)
        story->status = WD_STORY_CANCELED;
    else if ((set & WD_WIRE_WITHHOLD) && story->status != WD_STORY_CANCELED)
        story->status = WD_STORY_WITHHELD;
    else if ((set & WD_WIRE_ADVANCE) && story->status == WD_STORY_USABLE &&
             !wd_time_known(story->embargoed_until))
        story->status = WD_STORY_EMBARGOED;
}

void wd_wire_words_take_orders(struct wd_slice *slug, struct wd_wire_words *words)
{
    static const struct {
        const char *text;
        uint32_t set;
    } orders[] = {{"GRAF KILL", WD_WIRE_PART}, {"KILL", WD_WIRE_KILL},
                  {"KILLED", WD_WIRE_KILL},    {"ELIMINATE", WD_WIRE_KILL},
                  {"ELIM", WD_WIRE_KILL},      {"WITHHOLD", WD_WIRE_WITHHOLD},
                  {"HOLD", WD_WIRE_WITHHOLD}};
    bool mixed = false;
    for (size_t i = 0; i < slug->len && !mixed; i++)
        mixed = slug->data[i] >= 'a' && slug->data[i] <= 'z';
    for (size_t i = 0; mixed && i < sizeof(orders) / sizeof(orders[0]); i++) {
        size_t len = strlen(orders[i].text);
        const char *at = memmem(slug->data, slug->len, orders[i].text, len);
        size_t begin = at ? (size_t)(at - slug->data) : 0;
        if (!at || (begin > 0 && is_letter(at[-1])) ||
            (begin + len < slug->len && is_letter(at[len])))
            continue;
        struct wd_wire_words lifted = {0, 0};
        bool back = wd_wire_words_parse(wd_slice_from_offset(*slug, begin), &lifted) &&
                    (lifted.set & lifts); /* "KILL RESCINDED" */
        words->set |= back ? lifted.set : orders[i].set;
        while (begin > 0 && strchr(" -,", slug->data[begin - 1]))
            begin--;
        struct wd_slice behind = wd_slice_from_offset(*slug, (size_t)(at - slug->data) + len);
        if (begin > 0 && (back || wd_text_trim(behind).len == 0))
            *slug = wd_slice_make(slug->data, begin);
        return;
    }
}

uint32_t wd_wire_words_lifted(struct wd_slice headline)
{
    struct wd_wire_words words;
    size_t len = headline.len < LIFTED_BYTES_MAX ? headline.len : LIFTED_BYTES_MAX;
    for (size_t i = 1; i <= len; i++) {
        bool end = i == headline.len || headline.data[i] == ':' || headline.data[i] == '-';
        struct wd_slice mark = {headline.data, i};
        if (end && wd_wire_words_parse(mark, &words) && (words.set & lifts))
            return words.set;
    }
    return 0;
}
