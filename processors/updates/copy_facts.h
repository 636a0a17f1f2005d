/* copy_facts.h - the numbers, names, times and quotations in a piece of copy, as they are written.
 *
 * Why:    "12 dead" that becomes "14 dead" is what an editor has to see, whatever else was reworded.
 * Owns:   nothing; facts point into the text.
 * Thread: any; no state.
 * Limits: WD_FACTS_MAX facts of one text; later ones are left out.
 * Form:   a number is a token that begins with a digit, with what joins digits ("1,200", "3.5",
 *         "10:30"). A name is a run of words that begin with a capital, not at the beginning of the
 *         sentence unless more of them follow; a day of the week alone is a time. A quotation is what stands between quotation marks. */
#ifndef WD_COPY_FACTS_H
#define WD_COPY_FACTS_H

#include "clones.h"
#include "story.h"

enum { WD_FACTS_MAX = 64 };

struct wd_fact {
    enum wd_change_fact kind;
    bool there; /* it stands in the other version, too; set by wd_fact_search */
    struct wd_slice text;
};

/* The facts of one sentence, in their order, to `facts`; returns how many. */
size_t wd_facts_of(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX]);
/* The same, as processors without AVX-512 and AVX2 do it; for tests. */
size_t wd_facts_of_plain(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX]);
#ifdef WD_AVX2
/* As those with AVX2 do it. */
size_t wd_facts_of_avx2(struct wd_slice sentence, struct wd_fact facts[WD_FACTS_MAX]);
#endif

#endif
