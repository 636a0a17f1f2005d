/* request_words.h - the words of which a desk makes a request to take something back, in eight languages.
 *
 * Why:    order_requests.h reads sentences by how they are built; which words may stand where is told here.
 * Thread: any; read only, but for an index that is made once.
 * Source: see order_requests.h. */
#ifndef WD_REQUEST_WORDS_H
#define WD_REQUEST_WORDS_H

#include "phrase_index.h"

/* What a word is to an order. */
enum wd_request_word {
    WD_REQUEST_ADDRESS = 1u << 0, /* whom it is said to, and what stands around them */
    WD_REQUEST_ASKS = 1u << 1,
    WD_REQUEST_ASKED = 1u << 2, /* asks behind "are" */
    WD_REQUEST_ARE = 1u << 3,
    WD_REQUEST_KILLS = 1u << 4, /* by how the word begins */
    WD_REQUEST_USES = 1u << 5,  /* likewise, and denied */
    WD_REQUEST_DENIES = 1u << 6,
    WD_REQUEST_MUST = 1u << 7,
    WD_REQUEST_BREAKS = 1u << 8, /* what follows is said of something else */
    WD_REQUEST_WE = 1u << 9,
    WD_REQUEST_COPY = 1u << 10,  /* what was sent */
    WD_REQUEST_QUOTE = 1u << 11, /* words in quotation marks, all of them as one */
    WD_REQUEST_RELEASE = 1u << 12,
    WD_REQUEST_SAYS_SO = 1u << 13, /* "is", "has" between a provider and what it does */
    WD_REQUEST_OF = 1u << 14,
    WD_REQUEST_MAY = 1u << 15, /* where it is denied */
};

/* All that the word may be, as enum wd_request_word; in any case of ASCII letters. */
unsigned wd_request_word_kind(struct wd_slice word);
/* The verbs of a text by which something is taken back, one after the other: of "use" only where something is denied in front
 * of it. Nearly all copy has none. */
void wd_request_verbs_begin(struct wd_phrase_places *places, struct wd_slice text);
bool wd_request_verbs_next(struct wd_phrase_places *places, size_t *at);

#endif
