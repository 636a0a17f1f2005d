/* phrases.h - names of places, people and things, found by their words.
 *
 * Why:    a gazetteer has tens of thousands of names; a story has hundreds of words. One look into a
 *         hash table for each word that may begin a name.
 * Owns:   copies of all names. Read-only after loading: lanes share it.
 * Thread: adding: one. Finding: any.
 * Limits: PHRASE_WORDS_MAX words a name; names_max names. */
#ifndef WD_PHRASES_H
#define WD_PHRASES_H

#include "status.h"
#include "story.h"

enum { WD_PHRASE_WORDS_MAX = 8 };

enum wd_phrase_flags {
    WD_PHRASE_EXACT = 1u << 0,   /* only in exactly this spelling */
    WD_PHRASE_WORD = 1u << 1,    /* also an ordinary word: needs context */
    WD_PHRASE_COUNTRY = 1u << 2, /* a name that needs no context at all */
    WD_PHRASE_ANY_CASE = 1u << 3 /* also in lower case */
};

struct wd_phrase {
    char *text; /* as it was given */
    char *id;
    char *name; /* canonical */
    char *source;
    enum wd_entity_type type;
    uint32_t flags;
    uint32_t words;
    int64_t weight; /* larger wins where two entries have one name */
};

struct wd_phrases;

struct wd_phrases *wd_phrases_create(void); /* NULL: no memory */
void wd_phrases_destroy(struct wd_phrases *phrases);
/* Copies the phrase (its `words` is computed). WD_TOO_LARGE for more than WD_PHRASE_WORDS_MAX words,
 * WD_EMPTY for a name without letters. */
enum wd_status wd_phrases_add(struct wd_phrases *phrases,
                              const struct wd_phrase *phrase) WD_MUST_CHECK;
size_t wd_phrases_count(const struct wd_phrases *phrases);

/* True when a name with WD_PHRASE_ANY_CASE was added: words in lower case matter too. */
bool wd_phrases_any_case(const struct wd_phrases *phrases);

/* Looks up normalised words joined by blanks. Returns the phrase or NULL; `*longer` says whether a
 * longer name begins with these words. */
const struct wd_phrase *wd_phrases_find(const struct wd_phrases *phrases, struct wd_slice words,
                                        bool *longer);

#endif
