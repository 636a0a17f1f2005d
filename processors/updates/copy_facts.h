/* copy_facts.h - the numbers, names, times and quotations in a piece of copy, as they are written.
 *
 * Why:    "12 dead" that becomes "14 dead" is what an editor has to see, whatever else was reworded.
 * Owns:   nothing; facts point into the text, a text's places lie in the arena that was given.
 * Thread: any; no state.
 * Limits: WD_FACTS_MAX facts of one text; later ones are left out. Copy with more places for facts than
 * are noted is searched for each of them.
 * Form:   a number is a token that begins with a digit, with what joins digits ("1,200", "3.5",
 *         "10:30"). A name is a run of words that begin with a capital, not at the beginning of the
 *         sentence unless more of them follow; a day of the week alone is a time. A quotation is what stands between quotation marks. */
#ifndef WD_COPY_FACTS_H
#define WD_COPY_FACTS_H

#include "story.h"

enum { WD_FACTS_MAX = 64 };

struct wd_fact {
    enum wd_change_fact kind;
    struct wd_slice text;
};

struct wd_facts {
    struct wd_fact items[WD_FACTS_MAX];
    size_t count;
};

/* Copy that facts are looked for in. Names and numbers begin with a capital or a digit: where one stands
 * in the copy is noted by its first bytes, and no search is needed. */
struct wd_fact_copy {
    struct wd_slice text;
    struct wd_arena *arena;
    struct wd_fact_places *places; /* NULL until the first fact is looked for */
};

/* The facts of one sentence, in their order. */
void wd_facts_of(struct wd_slice sentence, struct wd_facts *facts);
/* True when the fact stands somewhere in the copy: a number not as a part of a longer one. */
bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy);

#endif
