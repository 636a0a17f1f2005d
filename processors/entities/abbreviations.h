/* abbreviations.h - words that keep their full stop, and words that begin sentences.
 *
 * Why:    "Sen. Smith" is one sentence, "in the U.S. The" are two.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_ABBREVIATIONS_H
#define WD_ABBREVIATIONS_H

#include "slice.h"

enum wd_abbreviation {
    WD_ABBREVIATION_NONE,
    WD_ABBREVIATION_TITLE,  /* before a name: never ends a sentence */
    WD_ABBREVIATION_WORD,   /* may end one */
    WD_ABBREVIATION_NUMBER, /* only before a number: "No. 3" */
};

/* `word` without its full stop, as it stands. */
enum wd_abbreviation wd_abbreviation_of(struct wd_slice word);
/* Whether a token that keeps its full stop ("U.S.", "Inc.", "p.m.") may be the last of a sentence. */
bool wd_abbreviation_may_end(struct wd_slice token);
/* Capitalised words that mostly begin sentences ("The", "But"). */
bool wd_abbreviation_starter(struct wd_slice word);

#endif
