/* wire_terms.h - the single words of desks, and where each one counts.
 *
 * Why:    wire_words.h; "HOLD" orders in capitals, "Corrects" where a sentence begins with it, "lead" in a keyline only.
 * Thread: any; read only.
 * Source: see wire_words.h. */
#ifndef WD_WIRE_TERMS_H
#define WD_WIRE_TERMS_H

#include "slice.h"

#include <stdint.h>

/* Whether a word is an order or a remark within a note, too. */
enum wd_term_use {
    WD_TERM_NOT_IN_NOTES,
    WD_TERM_AMONG_OTHERS, /* the same; alone it says nothing: "4th Graf" */
    WD_TERM_IN_CAPITALS,
    WD_TERM_OF_PART, /* where a paragraph is named behind it */
    WD_TERM_OPENING  /* in capitals, or as the first word of a sentence */
};

struct wd_wire_term {
    const char *text;
    uint32_t set; /* enum wd_wire_word */
    enum wd_term_use use;
};

/* In any case of ASCII letters; NULL: it is no such word. */
const struct wd_wire_term *wd_wire_term_find(struct wd_slice text);

#endif
