#include "marker.h"

#include <xxhash.h>

/* What the story's copy says of a name is nearly as good where it stands in capitals; below this score it
 * says too little. */
#define CAPITALS_SCORE 0.9F
#define CAPITALS_SCORE_MIN 0.7F

/* Capitalised only because a sentence or headline begins with them, or by custom. */
static const char *const function_words[] = {
    "a",        "an",     "and",       "as",       "at",       "but",       "by",       "for",
    "from",     "in",     "into",      "near",     "of",       "off",       "on",       "or",
    "over",     "since",  "the",       "to",       "under",    "when",      "where",    "while",
    "with",     "after",  "before",    "like",     "via",      "vs",        "against",  "across",
    "around",   "both",   "if",        "that",     "outside",  "inside",    "behind",   "between",
    "leaving",  "why",    "how",       "monday",   "tuesday",  "wednesday", "thursday", "friday",
    "saturday", "sunday", "january",   "february", "march",    "april",     "may",      "june",
    "july",     "august", "september", "october",  "november", "december",  NULL};

void wd_marker_init(struct wd_marker *marker)
{
    *marker = (struct wd_marker){0};
    wd_buffer_init(&marker->scratch);
    for (const char *const *word = function_words; *word; word++)
        marker->function_words[marker->function_word_count++] = XXH3_64bits(*word, strlen(*word));
}

void wd_marker_finish(struct wd_marker *marker)
{
    wd_buffer_finish(&marker->scratch);
    wd_phrase_table_finish(&marker->names);
}

static struct wd_found *add_match(struct wd_reading *reading, const struct wd_watch *list,
                                  const struct wd_watch_match *match, const struct wd_word *first)
{
    struct wd_found *found = wd_reading_add(reading);
    if (!found)
        return NULL;
    found->type = (enum wd_entity_type)match->entry->type;
    found->text = first->text;
    found->begin = first->begin;
    found->end = match->end;
    found->score = 1;
    found->source = wd_watch_name(list);
    found->entry = match->entry;
    found->watch = list;
    found->ambiguous = match->ambiguous;
    found->rank =
        wd_watch_mode(list) == WD_WATCH_COMPLEMENT ? WD_FOUND_COMPLEMENT : WD_FOUND_OVERRIDE;
    return found;
}

static bool mark_list(struct wd_marker *marker, struct wd_reading *reading,
                      const struct wd_watch *list)
{
    bool any_case = wd_watch_any_case(list);
    const struct wd_words *words = &reading->words;
    for (size_t i = 0; i < words->count;) {
        const struct wd_word *word = &words->items[i];
        struct wd_watch_match match;
        const struct wd_watch_search search = {words, reading->texts[word->text].text,
                                               &marker->scratch};
        if ((word->flags & WD_WORD_FIRST) && (any_case || (word->flags & WD_WORD_CAPITAL)) &&
            wd_watch_find(list, &search, i, &match)) {
            if (!add_match(reading, list, &match, word))
                return reading->truncated;
            i = match.end_word;
        } else {
            i++;
        }
    }
    return true;
}

bool wd_marker_lists(struct wd_marker *marker, struct wd_reading *reading,
                     const struct wd_watch *const *lists, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!mark_list(marker, reading, lists[i]))
            return false;
    }
    return true;
}

static bool is_capitals_text(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] >= 'a' && text.data[i] <= 'z')
            return false;
    }
    return text.len > 0;
}

/* What is known of the text that was asked for last. Mentions come text by text: a text of nothing but capitals is
 * read to its end for an answer, and must not be for each of its mentions. */
struct capitals {
    uint32_t text; /* UINT32_MAX: none yet */
    bool only;
};

static bool is_capitals(struct capitals *known, const struct wd_reading *reading, uint32_t text)
{
    if (known->text != text)
        *known = (struct capitals){text, is_capitals_text(reading->texts[text].text)};
    return known->only;
}

/* A name of the story: its words from `from` on lead to the mention. Of two types: to none. */
static bool add_name(struct wd_marker *marker, const struct wd_reading *reading, uint32_t number,
                     uint32_t from)
{
    const struct wd_found *found = &reading->found[number];
    struct wd_words words = {.items = reading->words.items + found->first_word + from,
                             .count = found->word_count - from};
    struct wd_phrase_slot *slot = NULL;
    enum wd_status status = wd_phrase_table_add(&marker->names, &words, &slot);
    if (status == WD_OK)
        slot->value =
            slot->value == WD_PHRASE_NONE || reading->found[slot->value].type == found->type
                ? number
                : WD_PHRASE_NONE;
    return status != WD_NO_MEMORY;
}

/* The longest of the story's names that begins with word `first`: a mention of it; WD_PHRASE_NONE. */
static uint32_t find_name(const struct wd_marker *marker, const struct wd_words *words,
                          size_t first, size_t *end)
{
    uint32_t found = WD_PHRASE_NONE;
    uint64_t run = words->items[first].hash;
    for (size_t i = first;;) {
        const struct wd_phrase_slot *slot = wd_phrase_find(&marker->names, run);
        if (slot && slot->value != WD_PHRASE_NONE && (words->items[i].flags & WD_WORD_LAST)) {
            found = slot->value;
            *end = i + 1;
        }
        if (!slot || !slot->longer || ++i >= words->count ||
            words->items[i].text != words->items[first].text ||
            !(words->items[i].flags & WD_WORD_JOINED))
            return found;
        run = wd_phrase_hash_add(run, words->items[i].hash);
    }
}

static bool mark_capitals(struct wd_marker *marker, struct wd_reading *reading, uint32_t text)
{
    const struct wd_words *words = &reading->words;
    size_t end = 0;
    for (size_t i = 0; i < words->count; i = end) {
        end = i + 1;
        if (words->items[i].text != text || !(words->items[i].flags & WD_WORD_FIRST))
            continue;
        uint32_t number = find_name(marker, words, i, &end);
        if (number == WD_PHRASE_NONE)
            continue;
        struct wd_found *found = wd_reading_add(reading);
        if (!found)
            return reading->truncated;
        *found = reading->found[number];
        found->text = text;
        found->begin = words->items[i].begin;
        found->end = words->items[end - 1].end;
        found->score *= CAPITALS_SCORE;
        found->rank = WD_FOUND_STORY;
        found->source = "story";
    }
    return true;
}

/* A story of nothing but capitals says nothing of its names: as many of these texts are looked at. */
enum { CAPITALS_TEXTS_MAX = 4 };

bool wd_marker_capitals(struct wd_marker *marker, struct wd_reading *reading)
{
    uint32_t texts[CAPITALS_TEXTS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < reading->text_count && count < CAPITALS_TEXTS_MAX; i++) {
        if (is_capitals_text(reading->texts[i].text))
            texts[count++] = (uint32_t)i;
    }
    if (count == 0 || count == reading->text_count)
        return true;
    wd_phrase_table_finish(&marker->names);
    if (!wd_phrase_table_init(&marker->names, (uint32_t)reading->found_count * 2))
        return false;
    struct capitals known = {.text = UINT32_MAX};
    for (uint32_t i = 0; i < reading->found_count; i++) {
        const struct wd_found *found = &reading->found[i];
        bool usable = found->rank == WD_FOUND_MODEL && found->key &&
                      found->score >= CAPITALS_SCORE_MIN &&
                      !is_capitals(&known, reading, found->text);
        if (usable && !add_name(marker, reading, i, 0))
            return false;
        if (usable && found->type == WD_ENTITY_PERSON && found->word_count > 1 &&
            !add_name(marker, reading, i, found->word_count - 1))
            return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = mark_capitals(marker, reading, texts[i]);
    return good;
}

/* A scan of the copy for names of the gazetteer. */
struct scan {
    const struct wd_marker *marker;
    struct wd_reading *reading;
    const struct wd_gazetteer *gazetteer;
    uint32_t population_min;
    struct capitals capitals;
};

static bool is_function_word(const struct wd_marker *marker, const struct wd_word *word)
{
    for (uint32_t i = 0; i < marker->function_word_count; i++) {
        if (marker->function_words[i] == word->hash)
            return true;
    }
    return false;
}

static bool continues_name(const struct wd_marker *marker, const struct wd_word *word)
{
    return (word->flags & WD_WORD_CAPITAL) && !is_function_word(marker, word);
}

/* A name in a row of capitals belongs to something else: "Jordan Smith", "Washington Post". */
static bool stands_in_longer_name(const struct scan *scan, size_t first, size_t end)
{
    const struct wd_words *words = &scan->reading->words;
    const struct wd_word *begin = &words->items[first];
    if (first > 0 && (begin->flags & WD_WORD_ADJACENT) &&
        !(words->items[first - 1].flags & WD_WORD_POSSESSIVE) &&
        continues_name(scan->marker, &words->items[first - 1]))
        return true;
    return end < words->count && words->items[end].text == begin->text &&
           (words->items[end].flags & WD_WORD_ADJACENT) &&
           !(words->items[end - 1].flags & WD_WORD_POSSESSIVE) &&
           continues_name(scan->marker, &words->items[end]);
}

/* What of a name's candidates is marked without a model; the heaviest. */
static const struct wd_gazetteer_candidate *
marked_candidate(const struct scan *scan, const struct wd_gazetteer_candidate *candidate,
                 struct wd_slice text)
{
    for (; candidate; candidate = wd_gazetteer_next(candidate)) {
        const struct wd_gazetteer_entity *entity =
            wd_gazetteer_entity(scan->gazetteer, candidate->entity);
        bool marked = (entity->flags & (WD_GAZETTEER_MARKED | WD_GAZETTEER_CAPITAL)) ||
                      (entity->kind == WD_KIND_CITY && entity->weight >= scan->population_min);
        bool spelled = !(candidate->flags & WD_NAME_EXACT) ||
                       wd_slice_is(text, wd_gazetteer_string(scan->gazetteer, candidate->spelling));
        if (marked && spelled)
            return candidate;
    }
    return NULL;
}

/* A name and how far it goes. */
struct hit {
    const struct wd_gazetteer_candidate *candidate;
    size_t end; /* number of the word behind */
};

/* The names that begin with word `first`, up to `hits_max` of them, the shortest first. */
static size_t find_names(const struct scan *scan, size_t first, struct hit *hits)
{
    const struct wd_words *words = &scan->reading->words;
    struct wd_slice text = scan->reading->texts[words->items[first].text].text;
    size_t count = 0;
    uint64_t run = words->items[first].hash;
    for (size_t i = first;;) {
        bool longer = false;
        const struct wd_gazetteer_candidate *candidate =
            wd_gazetteer_find(scan->gazetteer, run, &longer);
        if (candidate && (words->items[i].flags & WD_WORD_LAST)) {
            size_t begin = words->items[first].begin;
            candidate = marked_candidate(
                scan, candidate, wd_slice_make(text.data + begin, words->items[i].end - begin));
            if (candidate)
                hits[count++] = (struct hit){candidate, i + 1};
        }
        if (!longer || ++i >= words->count || i - first >= WD_PHRASE_WORDS_MAX ||
            words->items[i].text != words->items[first].text ||
            !(words->items[i].flags & WD_WORD_JOINED))
            return count;
        run = wd_phrase_hash_add(run, words->items[i].hash);
    }
}

/* "Reading, England": a comma and a name that needs no context. */
static bool has_place_after(const struct scan *scan, size_t end)
{
    const struct wd_words *words = &scan->reading->words;
    const struct wd_word *last = &words->items[end - 1];
    if (end >= words->count || words->items[end].text != last->text ||
        !(words->items[end].flags & WD_WORD_CAPITAL))
        return false;
    struct wd_slice text = scan->reading->texts[last->text].text;
    struct hit hits[WD_PHRASE_WORDS_MAX];
    return wd_slice_is(wd_slice_make(text.data + last->end, words->items[end].begin - last->end),
                       ", ") &&
           find_names(scan, end, hits) > 0;
}

static bool fits(struct scan *scan, const struct hit *hit, size_t first)
{
    const struct wd_gazetteer_entity *entity =
        wd_gazetteer_entity(scan->gazetteer, hit->candidate->entity);
    if (hit->candidate->flags & WD_NAME_WORD)
        return has_place_after(scan, hit->end);
    if (entity->kind == WD_KIND_COUNTRY)
        return true;
    /* In a line all in capitals a neighbour's capital says nothing. */
    return is_capitals(&scan->capitals, scan->reading, scan->reading->words.items[first].text) ||
           !stands_in_longer_name(scan, first, hit->end);
}

bool wd_marker_gazetteer(struct wd_marker *marker, struct wd_reading *reading,
                         const struct wd_gazetteer *gazetteer, uint32_t population_min)
{
    struct scan scan = {marker, reading, gazetteer, population_min, {.text = UINT32_MAX}};
    const struct wd_words *words = &reading->words;
    for (size_t i = 0; i < words->count;) {
        const uint32_t needed = WD_WORD_FIRST | WD_WORD_CAPITAL;
        struct hit hits[WD_PHRASE_WORDS_MAX];
        size_t count = (words->items[i].flags & needed) == needed ? find_names(&scan, i, hits) : 0;
        while (count > 0 && !fits(&scan, &hits[count - 1], i))
            count--;
        if (count == 0) {
            i++;
            continue;
        }
        struct wd_found *found = wd_reading_add(reading);
        if (!found)
            return reading->truncated;
        const struct hit *hit = &hits[count - 1];
        uint8_t kind = wd_gazetteer_entity(gazetteer, hit->candidate->entity)->kind;
        found->type = WD_ENTITY_PLACE;
        found->text = words->items[i].text;
        found->begin = words->items[i].begin;
        found->end = words->items[hit->end - 1].end;
        found->score = kind == WD_KIND_COUNTRY ? 1.0F : 0.9F;
        found->source = "gazetteer";
        found->rank = WD_FOUND_GAZETTEER;
        i = hit->end;
    }
    return true;
}
