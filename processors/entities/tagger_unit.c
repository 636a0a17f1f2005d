#include "tagger_unit.h"

#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>

enum {
    MODE_PLAIN = 0,
    MODE_CAPITALS = 1,
    TITLE_WORDS = 4 /* capitalised ones that make a line a title */
};

static void read_word(struct wd_unit *unit, struct wd_unit_word *word, struct wd_slice text)
{
    wd_word_read(text, &word->word);
    const struct wd_model_word *known = wd_tagger_model_word(unit->model, word->word.lower);
    word->cluster = known ? known->cluster : WD_MODEL_NO_CLUSTER;
    word->vector = known ? known->vector : 0;
    word->rank = known ? known->rank : 31;
    word->cased = known ? known->cased : 0;
    word->kinds = wd_tagger_model_phrase(unit->model, wd_tagger_mix(0, word->word.lower));
    word->summed = 0;
    word->hidden_ready = 0;
}

/* The words outside of a sentence: no text has such a lower-case form. */
static void read_outside(struct wd_unit *unit, uint32_t index)
{
    struct wd_unit_word *word = &unit->words[index];
    memset(word, 0, sizeof(*word));
    word->word.lower = index + 1;
    word->word.surface = index + 1;
    word->word.shape = index + 1;
    word->cluster = WD_MODEL_NO_CLUSTER;
    word->rank = 31;
}

static void forget_words(struct wd_unit *unit)
{
    memset(unit->slots, 0, WD_UNIT_SLOTS * sizeof(*unit->slots));
    unit->word_count = WD_UNIT_FIRST_WORD;
    read_outside(unit, WD_UNIT_BEGIN);
    read_outside(unit, WD_UNIT_END);
}

static uint32_t find_word(struct wd_unit *unit, struct wd_slice text, uint32_t mode)
{
    uint64_t key = wd_word_key(text, mode);
    size_t slot = (size_t)key & (WD_UNIT_SLOTS - 1);
    while (unit->slots[slot].word != 0) {
        if (unit->slots[slot].key == key)
            return unit->slots[slot].word;
        slot = (slot + 1) & (WD_UNIT_SLOTS - 1);
    }
    WD_ASSERT(unit->word_count < WD_UNIT_WORDS_MAX);
    uint32_t index = unit->word_count++;
    unit->slots[slot] = (struct wd_unit_slot){key, index};
    struct wd_unit_word *word = &unit->words[index];
    word->key = key;
    word->capitals = mode == MODE_CAPITALS;
    read_word(unit, word, text);
    return index;
}

enum wd_status wd_unit_init(struct wd_unit *unit)
{
    memset(unit, 0, sizeof(*unit));
    unit->words = calloc(WD_UNIT_WORDS_MAX, sizeof(*unit->words));
    unit->slots = calloc(WD_UNIT_SLOTS, sizeof(*unit->slots));
    unit->tokens = calloc(WD_TAGGER_UNIT_TOKENS, sizeof(*unit->tokens));
    unit->sentences = calloc(WD_TAGGER_UNIT_TOKENS, sizeof(*unit->sentences));
    unit->seen = calloc(WD_UNIT_SEEN, sizeof(*unit->seen));
    unit->seen_slots = calloc(WD_TAGGER_UNIT_TOKENS, sizeof(*unit->seen_slots));
    if (unit->words && unit->slots && unit->tokens && unit->sentences && unit->seen &&
        unit->seen_slots)
        return WD_OK;
    wd_unit_finish(unit);
    return WD_NO_MEMORY;
}

void wd_unit_finish(struct wd_unit *unit)
{
    free(unit->words);
    free(unit->slots);
    free(unit->tokens);
    free(unit->sentences);
    free(unit->seen);
    free(unit->seen_slots);
    memset(unit, 0, sizeof(*unit));
}

void wd_unit_begin(struct wd_unit *unit, const struct wd_tagger_model *model)
{
    unit->model = model;
    if (unit->checksum != model->head.checksum) {
        unit->checksum = model->head.checksum;
        forget_words(unit);
    }
    unit->count = 0;
    unit->sentence_count = 0;
    unit->topic = 0;
}

bool wd_unit_add(struct wd_unit *unit, struct wd_slice token)
{
    WD_ASSERT(token.len > 0);
    if (unit->count == WD_TAGGER_UNIT_TOKENS)
        return false;
    struct wd_unit_token *slot = &unit->tokens[unit->count++];
    memset(slot, 0, sizeof(*slot));
    slot->text = token;
    slot->sentence = unit->sentence_count;
    return true;
}

void wd_unit_end_sentence(struct wd_unit *unit)
{
    uint32_t begin = unit->sentence_count > 0 ? unit->sentences[unit->sentence_count - 1].end : 0;
    if (begin == unit->count)
        return;
    unit->sentences[unit->sentence_count++] =
        (struct wd_unit_sentence){.begin = begin, .end = unit->count};
}

/* Whether a word's capital is its line's and not its own. */
static bool capital_is_idle(const struct wd_unit_sentence *sentence,
                            const struct wd_unit_token *token)
{
    return sentence->capitals || (sentence->title && (token->flags & WD_WORD_UPPER_FIRST) &&
                                  !(token->flags & WD_WORD_CAPITALS));
}

/* A line is of capitals when over two thirds of its longer words are, and more than one; a title when
 * five of six words of four letters or more begin with one, and four of them, not much else stands
 * there and no full stop behind. */
static void read_sentence(struct wd_unit *unit, struct wd_unit_sentence *sentence)
{
    uint32_t words = 0;
    uint32_t capitals = 0;
    uint32_t numbers = 0;
    uint32_t longer = 0;
    uint32_t raised = 0;
    for (uint32_t i = sentence->begin; i < sentence->end; i++) {
        struct wd_unit_token *token = &unit->tokens[i];
        token->word = find_word(unit, token->text, MODE_PLAIN);
        token->flags = (uint8_t)unit->words[token->word].word.flags;
        bool letters = (token->flags & WD_WORD_LETTER) != 0;
        bool is_long = letters && !(token->flags & WD_WORD_CAPITALS) &&
                       unit->words[token->word].word.points > 3;
        numbers += (token->flags & WD_WORD_DIGIT) != 0 && !letters;
        words += letters && token->text.len > 1;
        capitals += (token->flags & WD_WORD_CAPITALS) != 0;
        longer += is_long;
        raised += is_long && (token->flags & WD_WORD_UPPER_FIRST) != 0;
    }
    sentence->capitals = capitals > 1 && capitals * 3 > words * 2;
    sentence->table = numbers > 1 && numbers >= words;
    bool stopped = wd_slice_is(unit->tokens[sentence->end - 1].text, ".");
    sentence->title = !sentence->capitals && !stopped && raised >= TITLE_WORDS &&
                      raised * 6 >= longer * 5 &&
                      words * 4 >= (sentence->end - sentence->begin) * 3;
    for (uint32_t i = sentence->begin; i < sentence->end; i++) {
        if (capital_is_idle(sentence, &unit->tokens[i]))
            unit->tokens[i].word = find_word(unit, unit->tokens[i].text, MODE_CAPITALS);
    }
}

/* Marks the longest entry of each kind that begins at `begin`. */
static void mark_lists(struct wd_unit *unit, uint32_t begin, uint32_t end)
{
    uint64_t hash = 0;
    uint32_t longest[WD_LIST_KINDS] = {0};
    for (uint32_t n = 1; n <= WD_UNIT_PHRASE_MAX && begin + n <= end; n++) {
        const struct wd_unit_word *word = &unit->words[unit->tokens[begin + n - 1].word];
        hash = wd_tagger_mix(hash, word->word.lower);
        uint32_t bits = n == 1 ? word->kinds : wd_tagger_model_phrase(unit->model, hash);
        for (uint32_t kind = 0; kind < WD_LIST_KINDS && bits != 0; kind++) {
            if ((uint32_t)bits >> kind & 1u)
                longest[kind] = n;
        }
        if (!((uint32_t)bits >> WD_LIST_LONGER & 1u))
            break;
    }
    for (uint32_t kind = 0; kind < WD_LIST_KINDS; kind++) {
        uint32_t len = longest[kind];
        uint32_t shift = kind * 4;
        if (len == 0 || (unit->tokens[begin].lists >> shift & 0xFu) != 0)
            continue; /* nothing, or inside of a longer one already */
        if (len == 1)
            unit->tokens[begin].lists |= UINT64_C(8) << shift;
        for (uint32_t i = 0; len > 1 && i < len; i++)
            unit->tokens[begin + i].lists |= (i == 0 ? UINT64_C(1) : i + 1 < len ? 2 : 4) << shift;
    }
}

static void count_runs(struct wd_unit *unit, const struct wd_unit_sentence *sentence)
{
    uint8_t run = 0;
    for (uint32_t i = sentence->begin; i < sentence->end; i++) {
        unit->tokens[i].left = run;
        run = unit->tokens[i].flags & WD_WORD_UPPER ? (uint8_t)(run < 7 ? run + 1 : 7) : 0;
    }
    run = 0;
    for (uint32_t i = sentence->end; i > sentence->begin; i--) {
        unit->tokens[i - 1].right = run;
        run = unit->tokens[i - 1].flags & WD_WORD_UPPER ? (uint8_t)(run < 7 ? run + 1 : 7) : 0;
    }
}

/* A name has a capital; small words and signs count only between two that have, numbers after one. */
static void mark_candidates(struct wd_unit *unit, const struct wd_unit_sentence *sentence)
{
    uint32_t last = UINT32_MAX;
    for (uint32_t i = sentence->begin; i < sentence->end; i++) {
        struct wd_unit_token *token = &unit->tokens[i];
        bool number = (token->flags & WD_WORD_DIGIT) != 0 && last == i - 1 && last != UINT32_MAX;
        if (!(token->flags & WD_WORD_UPPER) && !number)
            continue;
        token->candidate = true;
        for (uint32_t j = last + 1; last != UINT32_MAX && i - last <= WD_UNIT_GAP_MAX + 1 && j < i;
             j++)
            unit->tokens[j].candidate = true;
        last = i;
    }
}

/* The slot of a word, taken if it has none yet. */
static uint32_t seen_slot(struct wd_unit *unit, uint64_t lower)
{
    size_t slot = (size_t)lower & (WD_UNIT_SEEN - 1);
    while (unit->seen[slot].lower != 0 && unit->seen[slot].lower != lower)
        slot = (slot + 1) & (WD_UNIT_SEEN - 1);
    if (unit->seen[slot].lower == 0) {
        unit->seen[slot].lower = lower;
        unit->seen_slots[unit->seen_count++] = (uint32_t)slot;
    }
    return (uint32_t)slot;
}

/* Empties slot by slot: the whole table is larger than most stories. */
static void find_seen(struct wd_unit *unit)
{
    for (uint32_t k = 0; k < unit->seen_count; k++)
        memset(&unit->seen[unit->seen_slots[k]], 0, sizeof(*unit->seen));
    unit->seen_count = 0;
    for (uint32_t i = 0; i < unit->count; i++) {
        struct wd_unit_token *token = &unit->tokens[i];
        const struct wd_unit_sentence *sentence = &unit->sentences[token->sentence];
        token->seen = seen_slot(unit, unit->words[token->word].word.lower);
        struct wd_unit_seen *seen = &unit->seen[token->seen];
        if (!(token->flags & WD_WORD_UPPER_FIRST))
            seen->small++;
        else if (i != sentence->begin && !sentence->capitals && !sentence->title)
            seen->upper++;
    }
}

static void find_topic(struct wd_unit *unit)
{
    if (unit->count < 2 || unit->sentences[0].end < 2)
        return;
    struct wd_slice next = unit->tokens[1].text;
    if (wd_slice_is(next, "-") || wd_slice_is(next, "--") || wd_slice_is(next, ":"))
        unit->topic = unit->words[unit->tokens[0].word].word.lower;
}

void wd_unit_read(struct wd_unit *unit)
{
    wd_unit_end_sentence(unit);
    if (unit->word_count + 2 * unit->count > WD_UNIT_WORDS_MAX) /* a word may be read in two ways */
        forget_words(unit);
    for (uint32_t s = 0; s < unit->sentence_count; s++) {
        struct wd_unit_sentence *sentence = &unit->sentences[s];
        read_sentence(unit, sentence);
        count_runs(unit, sentence);
        mark_candidates(unit, sentence);
        for (uint32_t i = sentence->begin; i < sentence->end; i++) {
            if (unit->tokens[i].candidate)
                mark_lists(unit, i, sentence->end);
        }
    }
    find_seen(unit);
    find_topic(unit);
}

void wd_unit_count_labels(struct wd_unit *unit)
{
    for (uint32_t i = 0; i < unit->count; i++)
        memset(unit->seen[unit->tokens[i].seen].labels, 0, sizeof(unit->seen[0].labels));
    for (uint32_t i = 0; i < unit->count; i++) {
        if (unit->tokens[i].candidate)
            unit->seen[unit->tokens[i].seen].labels[unit->tokens[i].label]++;
    }
}
