/* wire_words.h - the words by which desks steer copy: leads, corrections, orders to stop.
 *
 * Why:    telex formats have no field for a kill, a correction, an embargo or a version; words in the slug, in
 *         option lines and in editors' notes say it.
 * Thread: any; no state.
 * Source: the keylines and notes of North American and German wires: FIELDS of ANPA-1312 and IPTC 7901. */
#ifndef WD_WIRE_WORDS_H
#define WD_WIRE_WORDS_H

#include "story.h"

enum wd_wire_word {
    WD_WIRE_LEAD = 1u << 0,  /* a later version: "1st Ld", "2ND LEAD", "UPDATE" */
    WD_WIRE_WHOLE = 1u << 1, /* the whole story again: "Writethru", "Roundup" */
    WD_WIRE_PART = 1u << 2,  /* only a part: "Sub", "Insert", "Add" */
    WD_WIRE_CORRECTION = 1u << 3,
    WD_WIRE_KILL = 1u << 4,     /* also "eliminate", "disregard" */
    WD_WIRE_WITHHOLD = 1u << 5, /* also "hold" */
    WD_WIRE_ADVANCE = 1u << 6,  /* not before a time that stands elsewhere */
    WD_WIRE_ADVISORY = 1u << 7, /* for editors only */
    WD_WIRE_REFILE = 1u << 8,
    WD_WIRE_REPEAT = 1u << 9,
    WD_WIRE_NO_PICKUP = 1u << 10, /* nothing of the earlier version is to be used: whole */
    WD_WIRE_STANDS = 1u << 11,    /* a kill is taken back: lifted_orders.h */
    WD_WIRE_RELEASE = 1u << 12,   /* a hold or an embargo is */
};

struct wd_wire_words {
    uint32_t set;    /* enum wd_wire_word */
    unsigned number; /* of the lead; 1 for a lead or writethru without one; 0: no lead */
};

/* Reads text that consists of such words only: "1st Ld-Writethru", "3rdLd", "2ND LEAD", "LEAD 2", "KILL",
 * "Adv10". False, with nothing set, when there is any other word. */
bool wd_wire_words_parse(struct wd_slice text, struct wd_wire_words *words);
/* What a note to editors orders: words in capitals anywhere ("UPDATES", "SUBS 3rd graf", "KILL"), words that begin a
 * sentence in any case ("Please kill ...", "Corrects name"), and phrases in any case ("hold for release", "wird
 * zur\xFCckgezogen", "Sperrfrist"). An order about a paragraph, a picture or a byline makes it a part; an embargo
 * that the note says is over is none. Adds to words->set. */
void wd_wire_words_scan_note(struct wd_slice note, struct wd_wire_words *words);
/* The same for a paragraph of copy, or a headline: only the phrases by which a story is taken back, held or replaced, and
 * only where they say it of what a desk sent (notice.h). */
uint32_t wd_wire_words_of_notice(struct wd_slice text);
/* What a headline says that is nothing but such words, or begins with them: "Mandatory Kill Lifted", "KILL RESCINDED-Bridge
 * shut"; 0 when it takes no order back. */
uint32_t wd_wire_words_lifted(struct wd_slice headline);
/* The signals (enum wd_signal) that follow. */
uint32_t wd_wire_words_signals(const struct wd_wire_words *words);
/* The status that follows from orders (enum wd_wire_word): the strictest one counts. */
void wd_wire_words_apply_orders(uint32_t set, struct wd_story *story);
/* Adds an order in capitals within a slug that is not all capitals: "BC-XX--Harbour Bridge KILL"; takes it off the slug's
 * end: the story that it is about has the slug without it. */
void wd_wire_words_take_orders(struct wd_slice *slug, struct wd_wire_words *words);
/* Status, signals and flags that follow. A part without the whole is flagged partial. */
void wd_wire_words_apply(const struct wd_wire_words *words, struct wd_story *story);

#endif
