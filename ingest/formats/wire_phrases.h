/* wire_phrases.h - what desks write to say what a story is, in many languages.
 *
 * Why:    an order to kill is a sentence more often than a field, and the same words are said of other things: each phrase
 *         says where it counts.
 * Thread: any; read only.
 * Limits: WD_WIRE_PHRASES_MAX phrases.
 * Source: guides and transmissions of agencies, and sequences invented by editors (tests/pipeline/scenarios). */
#ifndef WD_WIRE_PHRASES_H
#define WD_WIRE_PHRASES_H

#include "slice.h"

#include <stdint.h>

enum { WD_WIRE_PHRASES_MAX = 200 };

/* Where a phrase counts: "has been withdrawn" is said of drugs, too. */
enum wd_said {
    WD_SAID_BY_DESKS, /* anywhere */
    WD_SAID_IN_NOTES, /* anywhere in a note; in copy as OF_OBJECT, or where a sentence begins with it */
    WD_SAID_OF_SUBJECT, /* in a sentence of a note that names a story; in copy where that is what it says it of */
    WD_SAID_OF_OBJECT,
    WD_SAID_OF_COPY, /* as WD_SAID_OF_SUBJECT in copy, also in a note: much else is cancelled in the past tense */
    WD_SAID_OF_OBJECT_NOT, /* as WD_SAID_OF_OBJECT, and denied behind that: "Bitte verwenden Sie die Meldung nicht" */
    WD_SAID_BEGINS, /* where a sentence begins with it: "A quote in this story has been removed" is none */
    WD_SAID_NEVER_IN_COPY, /* where people are killed */
};

/* In any case of ASCII letters; later ones take away what earlier ones set. */
struct wd_wire_phrase {
    struct wd_slice phrase;
    uint32_t set;        /* enum wd_wire_word */
    uint32_t instead_of; /* of single words and phrases before */
    enum wd_said said;
};

extern const struct wd_wire_phrase wd_wire_phrases[];
extern const size_t wd_wire_phrase_count;

/* Orders to take a story back in scripts that part words otherwise than we do, or not at all: anywhere in a note or a notice that
 * has the other word, too. */
struct wd_wire_kill_unparted {
    struct wd_slice kill, beside; /* "" where there need be none */
};
extern const struct wd_wire_kill_unparted wd_wire_kills_unparted[];
extern const size_t wd_wire_kills_unparted_count;

#endif
