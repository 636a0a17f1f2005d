/* copy_facts_words.h - how the words of a sentence are read for its facts: one by one (copy_facts.c), or all of them
 * at once (copy_facts_wide.c).
 *
 * Owns:   nothing.
 * Thread: any; no state. */
#ifndef WD_COPY_FACTS_WORDS_H
#define WD_COPY_FACTS_WORDS_H

#include "byte_marks.h"
#include "copy_facts.h"
#include "time_words.h"

enum { WD_FACTS_CHUNK = 8 }; /* blocks that are looked at before any of them is read */

struct wd_facts {
    struct wd_fact *items; /* WD_FACTS_MAX */
    size_t count;
};

static inline bool wd_fact_is_day(struct wd_slice words)
{
    enum { DAY_MIN = 6, DAY_MAX = 10 }; /* bytes of a day's name */
    return words.len >= DAY_MIN && words.len <= DAY_MAX && wd_time_word_is_day(words);
}

/* Sentences that are ASCII and shorter than WD_FACTS_CHUNK blocks, most of copy: their words' facts, and in `quotes`
 * whether there are quotation marks. False, and nothing is done, for others, and where it takes a closer look
 * ("1,200"). Only where wd_has_wide. */
bool wd_facts_read_at_once(struct wd_slice sentence, struct wd_facts *facts, bool *quotes);

#endif
