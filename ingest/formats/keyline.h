/* keyline.h - the line by which North American desks name a story and count its versions.
 *
 * Why:    "BC-XX--Harbour Bridge Closure, 1st Ld-Writethru,1140" holds cycle, slug, version and count of words; it
 *         heads telexes, and the plain text that is made of them.
 * Owns:   nothing; slices point into the line.
 * Thread: any; no state.
 * Source: ANPA-1312 as North American agencies write it. */
#ifndef WD_KEYLINE_H
#define WD_KEYLINE_H

#include "arena.h"
#include "wire_words.h"

struct wd_keyline {
    struct wd_slice slug;   /* what is neither cycle, nor version, nor count of words */
    struct wd_slice region; /* "XX" of "XX-KILL--Ferry Fire", whose slug is "Ferry Fire"; else "" */
    struct wd_wire_words words;
};

/* Whether the line begins with a cycle: "BC-", "AM-", "PM-", "AP-". */
bool wd_keyline_has_cycle(struct wd_slice line);
/* Without the cycle. */
struct wd_slice wd_keyline_without_cycle(struct wd_slice line);
/* Whether a line of plain text can only be a keyline: a cycle and words of version behind a comma, or either of them
 * beside the "--" of a slug. */
bool wd_keyline_is(struct wd_slice line);
void wd_keyline_read(struct wd_slice line, struct wd_keyline *keyline);
/* The slug with its region: "XX--Ferry Fire". Without, when memory is exhausted: such an order is lent to the slug with one. */
struct wd_slice wd_keyline_slug(const struct wd_keyline *keyline, struct wd_arena *arena);

#endif
