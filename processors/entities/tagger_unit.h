/* tagger_unit.h - tokens of one story (or a long story's part) as the model looks at them.
 *
 * Why:    trainer and tagger must see exactly the same of a text; both build units with these.
 * Owns:   its arrays and the words that it remembers from unit to unit.
 * Thread: one at a time.
 * Limits: WD_TAGGER_UNIT_TOKENS tokens a unit, WD_UNIT_WORDS_MAX words remembered (all are forgotten
 *         when they become too many: what is remembered never changes what is found). */
#ifndef WD_TAGGER_UNIT_H
#define WD_TAGGER_UNIT_H

#include "tagger.h"
#include "tagger_model.h"
#include "tagger_words.h"

enum {
    WD_UNIT_WORDS_MAX = 16384,
    WD_UNIT_SLOTS = 32768,  /* of the words' hash table */
    WD_UNIT_SEEN = 16384,   /* slots for words of one unit: over twice its tokens */
    WD_UNIT_REACH = 2,      /* words looked at on each side */
    WD_UNIT_GAP_MAX = 3,    /* small words inside a name: "Bank of the West" */
    WD_UNIT_PHRASE_MAX = 6, /* words of a list's entry */
    WD_UNIT_BEGIN = 0,      /* the words that stand for what is outside the sentence */
    WD_UNIT_END = 1,
    WD_UNIT_FIRST_WORD = 2
};

/* A spelling, with everything that depends on nothing else. */
struct wd_unit_word {
    uint64_t key;
    struct wd_word word;
    uint16_t cluster;
    uint16_t vector;
    uint16_t kinds; /* bits of enum wd_list_kind, for the word alone */
    uint8_t rank;
    uint8_t cased;
    bool capitals;  /* stands in a line of capitals, or in a title: case says nothing */
    uint8_t summed; /* bit n: sums[n] is there; most words are never near a name in all places */
    uint8_t hidden_ready;                          /* the same of hidden[n] */
    int16_t sums[WD_MODEL_WINDOW][WD_MODEL_LANES]; /* what it adds to a token at -2..2 from it */
    int16_t hidden[WD_MODEL_WINDOW][WD_MODEL_HIDDEN];
};

struct wd_unit_token {
    struct wd_slice text;
    uint32_t word;
    uint32_t sentence;
    uint64_t lists; /* for each kind four bits: begins, inside, last, single */
    uint32_t seen;  /* slot of its lower-case form in the unit */
    bool candidate; /* may be part of a name */
    uint8_t flags;  /* of enum wd_word_flag */
    uint8_t label;  /* what was found so far; 0: O */
    uint8_t left;   /* capitalised words right before it, at most 7 */
    uint8_t right;  /* and after */
};

struct wd_unit_sentence {
    uint32_t begin;
    uint32_t end;
    bool capitals; /* a headline or line in capitals */
    bool title;    /* A Line Like This */
    bool table;    /* more numbers than words */
};

/* How a word was labelled in the unit. */
struct wd_unit_seen {
    uint64_t lower;
    uint16_t upper; /* times with a capital where not every word has one */
    uint16_t small; /* times without */
    uint16_t labels[WD_MODEL_LABELS];
};

/* A word's place: its key is here too, for the word itself is far away. */
struct wd_unit_slot {
    uint64_t key;
    uint32_t word; /* 0: empty */
};

struct wd_unit {
    const struct wd_tagger_model *model;
    uint64_t checksum; /* of the model that the words were read by: addresses come again */
    struct wd_unit_word *words;
    uint32_t word_count;
    struct wd_unit_slot *slots;
    struct wd_unit_token *tokens;
    uint32_t count;
    struct wd_unit_sentence *sentences;
    uint32_t sentence_count;
    struct wd_unit_seen *seen;
    uint32_t *seen_slots; /* those in use, to be emptied for the next unit */
    uint32_t seen_count;
    uint64_t topic; /* hash of the word that opens the story as a heading ("SOCCER -"); else 0 */
};

/* WD_NO_MEMORY. `unit` is zeroed first. */
enum wd_status wd_unit_init(struct wd_unit *unit) WD_MUST_CHECK;
void wd_unit_finish(struct wd_unit *unit);
/* An empty unit for this model; the words are kept while it stays the same. */
void wd_unit_begin(struct wd_unit *unit, const struct wd_tagger_model *model);
/* False: full. The text (not empty) is borrowed. */
bool wd_unit_add(struct wd_unit *unit, struct wd_slice token);
/* Ends the sentence; without tokens since the last one it does nothing. */
void wd_unit_end_sentence(struct wd_unit *unit);
/* Reads everything that does not depend on labels. Ends the last sentence. */
void wd_unit_read(struct wd_unit *unit);
/* Counts the tokens' labels in `seen`, anew. */
void wd_unit_count_labels(struct wd_unit *unit);

static inline const struct wd_unit_word *wd_unit_word_at(const struct wd_unit *unit, uint32_t i,
                                                         int distance)
{
    const struct wd_unit_sentence *sentence = &unit->sentences[unit->tokens[i].sentence];
    int64_t at = (int64_t)i + distance;
    if (at < sentence->begin)
        return &unit->words[WD_UNIT_BEGIN];
    return &unit->words[at >= sentence->end ? WD_UNIT_END : unit->tokens[at].word];
}

#endif
