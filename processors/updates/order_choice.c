#include "order_choice.h"

#include "text.h"

enum {
    SERVICE_LETTERS_MAX = 2, /* "W0130" */
    AGENCY_LETTERS_MIN = 2,  /* "exa 0230" */
    AGENCY_LETTERS_MAX = 4,
    DIGITS_MIN = 3,
    DIGITS_MAX = 5,
    NUMBER_SIZE = AGENCY_LETTERS_MAX + DIGITS_MAX + 1,
};

/* In front of the number of what stands. */
static const char *const leads_to[] = {"duplicates", "duplicate",   "duplicated", "duplicating",
                                       "use",        "stattdessen", "doublon",    "duplica",
                                       "utiliser",   "utilisez",    "utilicen",   "usar",
                                       "utilizar",   "usare",       NULL};
/* Behind it. */
static const char *const says_stands[] = {
    "stands",    "stand",     "remains",    "remain",      "effect",  "valid",   "gilt",
    "gelten",    "bleibt",    "bleiben",    "reste",       "restent", "demeure", "valable",
    "sigue",     "siguen",    "vigente",    "v\u00E1lida", "resta",   "restano", "rimane",
    "rimangono", "permanece", "permanecem", "vale",        NULL};
/* What stands no more, or must not be used. */
static const char *const denies[] = {"not",   "no",       "never", "longer", "cannot",
                                     "nicht", "nichts",   "plus",  "pas",    "non",
                                     "ya",    "n\u00E3o", "mai",   NULL};
static const char *const joins[] = {"and", "or", "und", "et", "y", "e", NULL};
static const char *const sent_twice[] = {"duplicat",  "twice",    "doppelt", "dublette", "doublon",
                                         "en double", "duplicad", "repetid", "doppi",    NULL};

struct number {
    char text[NUMBER_SIZE];
    size_t begin, end; /* in its sentence */
};

struct reading {
    struct wd_slice transmission; /* the order's own */
    char numbers[WD_CHOICE_NUMBERS_MAX * NUMBER_SIZE];
    size_t len;
    bool stands; /* another number does */
    bool twice;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The order's own number has it, too: "at 0900" is none. */
static bool is_agency(struct wd_slice transmission, struct wd_slice word)
{
    bool agency = false;
    bool fits = word.len >= AGENCY_LETTERS_MIN && word.len <= AGENCY_LETTERS_MAX;
    for (size_t i = 0; fits && i + word.len < transmission.len && !agency; i++) {
        struct wd_slice rest = wd_slice_from_offset(transmission, i + 1);
        agency = transmission.data[i] == '/' && wd_slice_starts(rest, word) &&
                 rest.len > word.len && wd_text_is_digit(rest.data[word.len]);
    }
    return agency;
}

/* "W0130", "a0413"; behind an agency "0230" of "exa 0230". */
static bool read_number(struct wd_slice word, struct wd_slice agency, char text[NUMBER_SIZE])
{
    size_t letters = 0;
    while (letters < word.len && is_letter(word.data[letters])) {
        letters++;
    }
    size_t digits = word.len - letters;
    for (size_t i = letters; i < word.len; i++) {
        if (!wd_text_is_digit(word.data[i])) {
            return false;
        }
    }
    bool alone = letters > 0 && letters <= SERVICE_LETTERS_MAX;
    bool small = letters == 0 && agency.len > 0;
    if (digits < DIGITS_MIN || digits > DIGITS_MAX || !(alone || small)) {
        return false;
    }
    size_t len = 0;
    if (small) {
        len = agency.len;
        memcpy(text, agency.data, len);
    }
    memcpy(text + len, word.data, word.len);
    text[len + word.len] = '\0';
    return true;
}

/* The next number from `*position` on. */
static bool next_number(const struct reading *reading, struct wd_slice sentence, size_t *position,
                        struct number *number)
{
    struct wd_token token;
    struct wd_slice before = WD_SLICE_NONE;
    while (wd_text_next_token(sentence, position, &token)) {
        struct wd_slice word = {sentence.data + token.begin, token.end - token.begin};
        number->begin = token.begin;
        number->end = token.end;
        bool agency = is_agency(reading->transmission, before);
        if (read_number(word, agency ? before : WD_SLICE_NONE, number->text)) {
            return true;
        }
        before = word;
    }
    return false;
}

static void add_number(struct reading *reading, const struct number *number)
{
    size_t len = strlen(number->text);
    if (reading->len + len + 1 >= sizeof(reading->numbers)) {
        return;
    }
    if (reading->len > 0) {
        reading->numbers[reading->len++] = ' ';
    }
    memcpy(reading->numbers + reading->len, number->text, len);
    reading->len += len;
}

static bool has_word(struct wd_slice text, const char *const *words)
{
    struct wd_token token;
    size_t position = 0;
    while (wd_text_next_token(text, &position, &token)) {
        if (wd_text_equal_any(wd_slice_make(text.data + token.begin, token.end - token.begin),
                              words)) {
            return true;
        }
    }
    return false;
}

/* "W0130 and W0131": nothing else is between. */
static bool is_joined(struct wd_slice between)
{
    struct wd_token token;
    size_t position = 0;
    while (wd_text_next_token(between, &position, &token)) {
        struct wd_slice word = {between.data + token.begin, token.end - token.begin};
        if (!wd_text_equal_any(word, joins)) {
            return false;
        }
    }
    return true;
}

/* Numbers that are joined have one fate: they stand by what is in front of the first or behind the last of them. */
static void read_sentence(struct reading *reading, struct wd_slice sentence)
{
    struct number numbers[WD_CHOICE_NUMBERS_MAX];
    size_t count = 0;
    size_t position = 0;
    while (count < WD_CHOICE_NUMBERS_MAX &&
           next_number(reading, sentence, &position, &numbers[count])) {
        count++;
    }
    reading->twice |= wd_text_contains_any(sentence, sent_twice);
    for (size_t first = 0, last = 0; first < count; first = last + 1) {
        last = first;
        while (last + 1 < count &&
               is_joined(wd_slice_make(sentence.data + numbers[last].end,
                                       numbers[last + 1].begin - numbers[last].end))) {
            last++;
        }
        size_t begin = first > 0 ? numbers[first - 1].end : 0;
        size_t end = last + 1 < count ? numbers[last + 1].begin : sentence.len;
        struct wd_slice before = {sentence.data + begin, numbers[first].begin - begin};
        struct wd_slice behind = {sentence.data + numbers[last].end, end - numbers[last].end};
        bool stands = (has_word(behind, says_stands) && !has_word(behind, denies)) ||
                      (has_word(before, leads_to) && !has_word(before, denies));
        reading->stands |= stands;
        for (size_t i = first; i <= last && !stands; i++) {
            add_number(reading, &numbers[i]);
        }
    }
}

static void read_text(struct reading *reading, struct wd_slice text)
{
    size_t begin = 0;
    for (size_t i = 0; text.len > 0 && i <= text.len; i++) {
        bool line = i < text.len && text.data[i] == '\n';
        bool stop = i + 1 < text.len && strchr(".;", text.data[i]) && text.data[i + 1] == ' ';
        if (i < text.len && !line && !stop) {
            continue;
        }
        read_sentence(reading, wd_slice_make(text.data + begin, i - begin));
        begin = i + 1;
    }
}

static bool is_telex(const struct wd_story *story)
{
    return wd_slice_starts(story->provenance.format, WD_SLICE("anpa")) ||
           wd_slice_starts(story->provenance.format, WD_SLICE("iptc7901"));
}

static bool names_slug(const struct wd_story *story)
{
    static const char *const slugs[] = {"--", "BC-", "slug", NULL};
    bool names = wd_text_contains_any(story->editors_note, slugs);
    for (size_t i = 0; i < story->paragraph_count && !names; i++) {
        names = wd_text_contains_any(story->paragraphs[i], slugs);
    }
    return names;
}

/* False where the story is no telex, or too long for an order. */
static bool read_story(const struct wd_story *story, struct reading *reading)
{
    *reading = (struct reading){.transmission = story->transmission};
    if (!is_telex(story) ||
        wd_story_copy_bytes(story) + story->editors_note.len > WD_CHOICE_BYTES_MAX) {
        return false;
    }
    read_text(reading, story->editors_note);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        read_text(reading, story->paragraphs[i]);
    }
    return reading->len > 0;
}

struct wd_slice wd_order_number_of(const struct wd_story *story)
{
    struct wd_slice sent = story->transmission;
    const char *slash = is_telex(story) && sent.len > 0 ? memrchr(sent.data, '/', sent.len) : NULL;
    struct wd_slice last =
        slash ? wd_slice_from_offset(sent, (size_t)(slash - sent.data) + 1) : WD_SLICE_NONE;
    if (last.len > 0 && is_letter(last.data[0])) {
        return last; /* the agency's own, of 7901 */
    }
    const char *first = slash ? memchr(sent.data, '/', sent.len) : NULL;
    return first ? wd_slice_make(sent.data, (size_t)(first - sent.data)) : WD_SLICE_NONE;
}

enum wd_status wd_order_one_number(const struct wd_story *story, struct wd_slice *number)
{
    struct reading reading;
    *number = WD_SLICE_NONE;
    bool spared = (story->flags & WD_FLAG_STORY_SPARED) != 0;
    if (!read_story(story, &reading) || (reading.stands && !spared) ||
        memchr(reading.numbers, ' ', reading.len) || names_slug(story)) {
        return WD_OK;
    }
    *number = wd_arena_copy(story->arena, wd_slice_make(reading.numbers, reading.len));
    return number->data ? WD_OK : WD_NO_MEMORY;
}

enum wd_status wd_order_choice_read(const struct wd_story *story, struct wd_order_choice *choice)
{
    struct reading reading;
    *choice = (struct wd_order_choice){.numbers = WD_SLICE_NONE};
    bool spared = (story->flags & WD_FLAG_STORY_SPARED) != 0;
    if (!read_story(story, &reading) || !(reading.stands || spared)) {
        return WD_OK;
    }
    choice->numbers = wd_arena_copy(story->arena, wd_slice_make(reading.numbers, reading.len));
    choice->twice = reading.twice;
    return choice->numbers.data ? WD_OK : WD_NO_MEMORY;
}

/* The number that a transmission's id has at `at`: behind a colon or a slash, up to the next one. */
static bool is_number_at(struct wd_slice number, struct wd_slice id, size_t at)
{
    static const struct wd_slice slash = WD_SLICE("%2F");
    struct wd_slice rest = wd_slice_from_offset(id, at);
    struct wd_slice before = wd_slice_make(id.data, at);
    bool begins =
        at > 0 &&
        (id.data[at - 1] == ':' ||
         (at >= slash.len && memcmp(before.data + at - slash.len, slash.data, slash.len) == 0));
    struct wd_slice behind = wd_slice_from_offset(rest, number.len);
    return begins && wd_text_starts_ascii_case(rest, number) &&
           (behind.len == 0 || wd_slice_starts(behind, slash));
}

static bool has_number(struct wd_slice id, size_t from, struct wd_slice number)
{
    bool found = false;
    for (size_t at = from; at + number.len <= id.len && !found; at++) {
        found = is_number_at(number, id, at);
    }
    return found;
}

bool wd_order_choice_has(struct wd_slice numbers, struct wd_slice id)
{
    static const struct wd_slice transmission = WD_SLICE("urn:wiredesk:transmission:");
    struct wd_token token;
    size_t position = 0;
    bool found = false;
    while (!found && wd_slice_starts(id, transmission) &&
           wd_text_next_token(numbers, &position, &token)) {
        struct wd_slice number = {numbers.data + token.begin, token.end - token.begin};
        found = has_number(id, transmission.len, number);
    }
    return found;
}
