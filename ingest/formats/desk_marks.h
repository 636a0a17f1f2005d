/* desk_marks.h - what a story says about itself in its headline: that it corrects, replaces, repeats or takes back an
 * earlier one.
 *
 * Why:    formats have fields for it, and desks write it in words all the same: "CORRECTED-", "UPDATE 2-", "MANDATORY KILL",
 *         "ANNULE ET REMPLACE". A kill that is missed is copy
 *         that somebody prints; a kill that is none is copy that nobody sees: so each rule needs the mark's own place and shape.
 * Thread: any; no state.
 * Source: headlines and notes of English, German, French, Spanish, Italian, Portuguese and Dutch wires; FIELDS of each
 *         format, "correction" and "status". The copy is read by desk_remarks.h, notes to editors by wire_words.h. */
#ifndef WD_DESK_MARKS_H
#define WD_DESK_MARKS_H

#include "wire_words.h"

/* The marks in front of a headline ("REFILE-CORRECTED-UPDATE 1-", "Corr:", "(Correction)"), and the one in brackets or
 * behind a dash at its end: as enum wd_wire_word. Ordinary headlines ("Kill Bill star ...", "Hold-up at bank",
 * "Update on ...") have none. `brings_copy`: more stands below than an order has: "WITHDRAWAL: Last soldiers leave" is news then. */
uint32_t wd_desk_marks_of_headline(struct wd_slice headline, bool brings_copy);
#endif
