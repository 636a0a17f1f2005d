/* fact_search.h - whether numbers, names and quotations stand anywhere in a version's copy.
 *
 * Why:    a name that only moved is not new. Most facts are not there: one sweep over the copy answers for all
 *         of them, with a look at the first bytes of what could be one.
 * Owns:   nothing.
 * Thread: any; no state.
 * Limits: 64 facts a sweep, then another one. After a million looks at places that only begin like facts, or
 *         64 MiB of searching for quotations, which takes copy made for it, the rest is not there. */
#ifndef WD_FACT_SEARCH_H
#define WD_FACT_SEARCH_H

#include "clones.h"
#include "copy_facts.h"

/* Copy that facts are looked for in: no fact goes over from one piece to the next. */
struct wd_fact_copy {
    const struct wd_slice *pieces;
    size_t piece_count;
};

/* Says of each of the facts whether it stands somewhere in the copy: a number not as a part of a longer one. */
void wd_fact_search(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy);
/* The same, as processors without AVX-512 and AVX2 do it; for tests. */
void wd_fact_search_plain(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy);
#ifdef WD_AVX2
/* As those with AVX2 do it. */
void wd_fact_search_avx2(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy);
#endif

#endif
