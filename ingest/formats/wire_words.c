#include "wire_words.h"

enum { NUMBER_MAX = 999, CLAUSE_BYTES_MAX = 40 };

struct word {
    const char *text;
    uint32_t set;
    bool note; /* in capitals it is an order or a remark within a note, too */
};

static const struct word words_table[] = {
    {"ld", WD_WIRE_LEAD, false},
    {"lead", WD_WIRE_LEAD, false},
    {"leads", WD_WIRE_LEAD, true},
    {"update", WD_WIRE_LEAD, false},
    {"updates", WD_WIRE_LEAD, true},
    {"recasts", WD_WIRE_LEAD, true},
    {"writethru", WD_WIRE_LEAD | WD_WIRE_WHOLE, false},
    {"writethrough", WD_WIRE_LEAD | WD_WIRE_WHOLE, false},
    {"roundup", WD_WIRE_LEAD | WD_WIRE_WHOLE, false},
    {"zusammenfassung", WD_WIRE_LEAD | WD_WIRE_WHOLE, false},
    {"neufassung", WD_WIRE_LEAD | WD_WIRE_WHOLE, false},
    {"sub", WD_WIRE_PART, false},
    {"subs", WD_WIRE_PART, true},
    {"insert", WD_WIRE_PART, false},
    {"inserts", WD_WIRE_PART, true},
    {"add", WD_WIRE_PART, false},
    {"pickup", WD_WIRE_PART, false},
    {"corrective", WD_WIRE_CORRECTION, false},
    {"correction", WD_WIRE_CORRECTION, true},
    {"corrections", WD_WIRE_CORRECTION, false},
    {"corrected", WD_WIRE_CORRECTION, false},
    {"corrects", WD_WIRE_CORRECTION, true},
    {"correct", WD_WIRE_CORRECTION, true},
    {"berichtigung", WD_WIRE_CORRECTION, false},
    {"korrektur", WD_WIRE_CORRECTION, false},
    {"kill", WD_WIRE_KILL, true},
    {"kills", WD_WIRE_KILL, false},
    {"killed", WD_WIRE_KILL, false},
    {"eliminate", WD_WIRE_KILL, true},
    {"disregard", WD_WIRE_KILL, true},
    {"withhold", WD_WIRE_WITHHOLD, true},
    {"withheld", WD_WIRE_WITHHOLD, false},
    {"hold", WD_WIRE_WITHHOLD, true},
    {"sperre", WD_WIRE_WITHHOLD, false},
    {"advance", WD_WIRE_ADVANCE, true},
    {"adv", WD_WIRE_ADVANCE, false},
    {"embargo", WD_WIRE_ADVANCE, true},
    {"embargoed", WD_WIRE_ADVANCE, true},
    {"sperrfrist", WD_WIRE_ADVANCE, false},
    {"advisory", WD_WIRE_ADVISORY, true},
    {"refile", WD_WIRE_REFILE, true},
    {"repeat", WD_WIRE_REPEAT, true},
    {"resending", WD_WIRE_REPEAT, true},
    {"wiederholung", WD_WIRE_REPEAT, false},
    /* Say nothing about the version, but stand among such words. */
    {"urgent", 0, false},
    {"bulletin", 0, false},
    {"flash", 0, false},
    {"extra", 0, false},
    {"eil", 0, false},
    {"achtung", 0, false},
    {"mandatory", 0, false},
    {"optional", 0, false},
};
enum { WORD_COUNT = sizeof(words_table) / sizeof(words_table[0]) };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const struct word *find_word(struct wd_slice text)
{
    int first = text.len > 0 ? text.data[0] | 0x20 : 0; /* letters only */
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (words_table[i].text[0] == first &&
            wd_text_equal_ascii_case(text, wd_slice_from(words_table[i].text)))
            return &words_table[i];
    }
    return NULL;
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
    struct wd_slice digits = take_run(rest, is_digit);
    unsigned number = 0;
    for (size_t i = 0; i < digits.len; i++)
        number = number > NUMBER_MAX ? number : number * 10 + (unsigned)(digits.data[i] - '0');
    skip_ordinal(rest);
    if (number <= NUMBER_MAX && words->number == 0)
        words->number = number;
}

bool wd_wire_words_parse(struct wd_slice text, struct wd_wire_words *words)
{
    struct wd_wire_words found = {0, 0};
    size_t known = 0;
    while (text.len > 0) {
        char c = text.data[0];
        if (is_digit(c)) {
            take_number(&text, &found);
        } else if (is_letter(c)) {
            const struct word *word = find_word(take_run(&text, is_letter));
            if (!word)
                return false;
            found.set |= word->set;
            known++;
        } else if (c == ' ' || c == '-' || c == '.' || c == ':' || c == '(' || c == ')') {
            text = wd_slice_from_offset(text, 1);
        } else {
            return false;
        }
    }
    if (known == 0)
        return false;
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

/* "KILL 4th graf" is said of a paragraph. */
static bool is_of_a_paragraph(struct wd_slice after)
{
    size_t len = 0;
    while (len < after.len && len < CLAUSE_BYTES_MAX && !strchr(".;\n", after.data[len]))
        len++;
    return wd_text_contains_ascii_case(wd_slice_make(after.data, len), WD_SLICE("graf")) ||
           wd_text_contains_ascii_case(wd_slice_make(after.data, len), WD_SLICE("paragraph"));
}

static const struct {
    const char *phrase;
    uint32_t set;
    uint32_t instead_of; /* of single words within the phrase */
} phrases[] = {
    {"hold for release", WD_WIRE_ADVANCE, WD_WIRE_WITHHOLD},
    {"for release", WD_WIRE_ADVANCE, 0},
    {"sperrfrist", WD_WIRE_ADVANCE, 0},
    {"no pickup", WD_WIRE_NO_PICKUP, WD_WIRE_PART},
    {"not for publication", WD_WIRE_ADVISORY, 0},
    {"nicht zur ver\xC3\xB6"
     "ffentlichung",
     WD_WIRE_ADVISORY, 0},
    {"wird zur\xC3\xBC"
     "ckgezogen",
     WD_WIRE_KILL, 0},
    {"wird zurueckgezogen", WD_WIRE_KILL, 0},
    {"bitte nicht verwenden", WD_WIRE_KILL, 0},
};

void wd_wire_words_scan_note(struct wd_slice note, struct wd_wire_words *words)
{
    uint32_t found = 0;
    size_t position = 0;
    struct wd_token token;
    while (wd_text_next_token(note, &position, &token)) {
        struct wd_slice text = {note.data + token.begin, token.end - token.begin};
        if (!is_in_capitals(text))
            continue;
        const struct word *word = find_word(text);
        struct wd_slice after = wd_slice_from_offset(note, token.end);
        if (word && word->note)
            found |=
                (word->set & WD_WIRE_KILL) && is_of_a_paragraph(after) ? WD_WIRE_PART : word->set;
        else if (wd_slice_is(text, "PICKS") && wd_slice_starts(after, WD_SLICE(" UP")))
            found |= WD_WIRE_PART;
        else if (wd_slice_is(text, "ADDS") || wd_slice_is(text, "DELETES") ||
                 wd_slice_is(text, "TRIMS") || wd_slice_is(text, "EDITS"))
            found |= WD_WIRE_LEAD;
    }
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        if (wd_text_contains_ascii_case(note, wd_slice_from(phrases[i].phrase)))
            found = (found & ~phrases[i].instead_of) | phrases[i].set;
    }
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
    /* The strictest order counts. */
    if (words->set & WD_WIRE_KILL)
        story->status = WD_STORY_CANCELED;
    else if (words->set & WD_WIRE_WITHHOLD)
        story->status = WD_STORY_WITHHELD;
    else if (words->set & WD_WIRE_ADVANCE)
        story->status = WD_STORY_EMBARGOED;
    bool part = (words->set & WD_WIRE_PART) || (words->set & WD_WIRE_LEAD && words->number > 0);
    if (part && !(words->set & (WD_WIRE_WHOLE | WD_WIRE_NO_PICKUP)))
        story->flags |= WD_FLAG_PARTIAL;
}
