/* fact_search.h - whether a number, a name or a quotation stands anywhere in a version's copy.
 *
 * Why:    a name that only moved is not new. Most facts are not there: one sweep over the copy notes
 *         where one could begin at all, and a look at these places' first bytes answers for each.
 * Owns:   nothing; what is noted lies in the arena that was given.
 * Thread: any; no state.
 * Limits: copy with more places than are noted is searched for each fact. */
#ifndef WD_FACT_SEARCH_H
#define WD_FACT_SEARCH_H

#include "copy_facts.h"

struct wd_fact_places;

/* Copy that facts are looked for in: no fact goes over from one piece to the next. */
struct wd_fact_copy {
    const struct wd_slice *pieces;
    size_t piece_count;
    struct wd_arena *arena;
    struct wd_fact_places *places; /* NULL until the first fact is looked for */
};

/* True when the fact stands somewhere in the copy: a number not as a part of a longer one. */
bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy);
/* The same, as processors without AVX-512 do it; for tests. */
bool wd_fact_stands_in_plain(const struct wd_fact *fact, struct wd_fact_copy *copy);

#endif
