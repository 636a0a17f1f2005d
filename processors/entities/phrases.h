/* phrases.h - names found by their words: what the gazetteer, watch lists and linking share.
 *
 * Why:    a gazetteer has 100,000 names, a watch list a million; a story has hundreds of words. Each
 *         word is folded and hashed once; one look into a table says whether a name ends here and
 *         whether a longer one goes on. Linear in the text (times WD_PHRASE_WORDS_MAX at worst).
 * Owns:   wd_words its arrays; a table its slots. Tables that lie in a mapped file are only looked at.
 * Thread: a table is read-only once built and shared; wd_words belong to one thread.
 * Limits: WD_PHRASE_WORDS_MAX words a name. A name is known by 64 bits of hash: among ten million names
 *         a text of a million words meets a false one with a chance of one in a million.
 * Source: folding is ICU's NFKC_Casefold, canonical decomposition without U+0300..U+036F (accents)
 *         and U+064B..U+0652 (Arabic vowel signs); letters with strokes, which Unicode does not
 *         decompose, by a table. */
#ifndef WD_PHRASES_H
#define WD_PHRASES_H

#include "status.h"
#include "text.h"

#include <stdbool.h>

enum { WD_PHRASE_WORDS_MAX = 8 };

enum wd_word_flags {
    WD_WORD_FIRST = 1u << 0,      /* begins its token: a name may begin here */
    WD_WORD_LAST = 1u << 1,       /* ends its token: a name may end here */
    WD_WORD_CAPITAL = 1u << 2,    /* the token begins neither with a small letter nor a digit */
    WD_WORD_UPPER = 1u << 3,      /* the token has a Latin capital and no small letter */
    WD_WORD_JOINED = 1u << 4,     /* a name may run on from the word before to this one */
    WD_WORD_ADJACENT = 1u << 5,   /* nothing but blanks between the token before and this one */
    WD_WORD_POSSESSIVE = 1u << 6, /* "'s" follows, which `end` leaves out */
};

/* One folded word. "Al-Qaida's" is one token of two words. */
struct wd_word {
    uint64_t hash;
    uint32_t begin; /* bytes of its token in the text */
    uint32_t end;
    uint32_t text; /* number of the text */
    uint32_t flags;
};

struct wd_words {
    struct wd_word *items;
    size_t count;
    size_t capacity;
    struct wd_buffer folded; /* for the word at hand */
};

void wd_words_init(struct wd_words *words);
void wd_words_finish(struct wd_words *words);
void wd_words_clear(struct wd_words *words);
/* Appends the words of a text (valid UTF-8). False: no memory. */
bool wd_words_add(struct wd_words *words, uint32_t number, struct wd_slice text);
/* Hash of all words of a text as one name, without a final possessive; 0 when it has none or more
 * than WD_PHRASE_WORDS_MAX. `words` is scratch and holds them afterwards. */
uint64_t wd_words_hash(struct wd_words *words, struct wd_slice text);

enum wd_fold { WD_FOLD_CASE = 1u << 0, WD_FOLD_ACCENTS = 1u << 1 };
/* Hash of a text's words, folded only as far as `fold` says: to compare names where case or accents
 * count. `scratch` is cleared. */
uint64_t wd_text_hash(struct wd_buffer *scratch, struct wd_slice text, unsigned fold);
/* Appends the words of a text, folded as `fold` says, with blanks between. */
void wd_text_append_folded(struct wd_buffer *out, struct wd_slice text, unsigned fold);

/* The hash of a run of words: begin with the first word's hash and add the others'. Never 0. */
static inline uint64_t wd_phrase_hash_add(uint64_t run, uint64_t word)
{
    run = ((run << 23) | (run >> 41)) * UINT64_C(0x9E3779B185EBCA87);
    run ^= word;
    return run ? run : 1;
}

/* A run of words: a name, the beginning of longer ones, or both. */
struct wd_phrase_slot {
    uint64_t hash;  /* 0: empty */
    uint32_t value; /* the owner's; WD_PHRASE_NONE: only a beginning */
    uint32_t longer;
};

#define WD_PHRASE_NONE UINT32_MAX

struct wd_phrase_table {
    struct wd_phrase_slot *slots;
    uint32_t slot_count;
    uint32_t used;
};

/* False: no memory. `expected` names, for a first size. */
bool wd_phrase_table_init(struct wd_phrase_table *table, uint32_t expected);
void wd_phrase_table_finish(struct wd_phrase_table *table);
/* The slot of a run, made when there is none (value WD_PHRASE_NONE); valid until the next call. NULL:
 * no memory. */
struct wd_phrase_slot *wd_phrase_table_need(struct wd_phrase_table *table, uint64_t hash);
/* WD_EMPTY without words, WD_TOO_LARGE for more than a name may have. */
enum wd_status wd_phrase_words_fit(const struct wd_words *words) WD_MUST_CHECK;
/* Gives a name's words their slots, its beginnings marked as going on. WD_EMPTY without words,
 * WD_TOO_LARGE for too many. */
enum wd_status wd_phrase_table_add(struct wd_phrase_table *table, const struct wd_words *words,
                                   struct wd_phrase_slot **slot) WD_MUST_CHECK;
/* Into as few slots as a quick search allows. False: no memory; the table is as it was. */
bool wd_phrase_table_shrink(struct wd_phrase_table *table);
/* NULL when there is none. */
const struct wd_phrase_slot *wd_phrase_find(const struct wd_phrase_table *table, uint64_t hash);

#endif
