/* phrase_index.h - which of many phrases may stand at a place of a text: told by its first bytes, whatever their case.
 *
 * Why:    every story is held against some three hundred phrases of desks, and nearly all places of nearly all copy begin like
 *         none of them. One look says so, where a comparison with each phrase took more than reading the story.
 * Owns:   nothing; phrases stay the caller's.
 * Thread: one fills it; then any.
 * Limits: WD_PHRASES_MAX phrases, none shorter than the bytes that it is told by.
 *
 * It never says no to a place where a phrase stands in any case of ASCII letters; where it names one, the caller compares. */
#ifndef WD_PHRASE_INDEX_H
#define WD_PHRASE_INDEX_H

#include "slice.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { WD_PHRASES_MAX = 1022, WD_PHRASE_SLOT_BITS = 10 };

struct wd_phrase_index {
    uint32_t told_by;     /* the bytes that count, as a mask */
    size_t told_by_bytes; /* 3 or 4 */
    uint16_t firsts
        [1
         << WD_PHRASE_SLOT_BITS]; /* by what the bytes come to: a phrase's number and one; 0: none */
    uint16_t nexts[WD_PHRASES_MAX]; /* by number: the next one that comes to the same */
};

void wd_phrase_index_init(struct wd_phrase_index *index, size_t told_by_bytes);
/* Numbers are the caller's, each below WD_PHRASES_MAX and given once. */
void wd_phrase_index_add(struct wd_phrase_index *index, size_t number, struct wd_slice phrase);

/* Four bytes in one case: letters are as in small letters, and what else is changed is so on both sides. */
static inline uint32_t wd_phrase_slot(const struct wd_phrase_index *index, uint32_t bytes)
{
    uint32_t key = (bytes | UINT32_C(0x20202020)) & index->told_by;
    return key * UINT32_C(2654435761) >> (32 - WD_PHRASE_SLOT_BITS);
}

/* The number and one of the first phrase that `text` may begin with; 0: of none. In the order in which they were added. */
static inline unsigned wd_phrase_index_first(const struct wd_phrase_index *index,
                                             struct wd_slice text)
{
    uint32_t bytes = 0;
    if (text.len >= sizeof(bytes))
        memcpy(&bytes, text.data, sizeof(bytes));
    else if (text.len >= index->told_by_bytes)
        memcpy(&bytes, text.data, text.len);
    else
        return 0;
    return index->firsts[wd_phrase_slot(index, bytes)];
}

/* The one after `number`, likewise. */
static inline unsigned wd_phrase_index_next(const struct wd_phrase_index *index, size_t number)
{
    return index->nexts[number];
}

/* The beginnings of a text's words (runs of ASCII letters and bytes above 7F) at which some phrase may stand, one after
 * the other. */
struct wd_phrase_places {
    struct wd_slice text;
    size_t behind;   /* of the block that is looked at */
    uint32_t starts; /* those of its words that are left */
    bool inside;     /* a word goes on into the next block */
};
void wd_phrase_places_init(struct wd_phrase_places *places, struct wd_slice text);
bool wd_phrase_places_next(const struct wd_phrase_index *index, struct wd_phrase_places *places,
                           size_t *at);

#endif
