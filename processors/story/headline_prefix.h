/* headline_prefix.h - what desks write in front of a headline: "CORRECTED-UPDATE 2-", "FACTBOX-", "KILL: ".
 *
 * Why:    a hyphen makes it a part of the headline's first name, "2-Norvik Bank"; and without it a kill has the
 *         headline of the story that it kills.
 * Thread: any; no state.
 * Source: the habits of financial wires. */
#ifndef WD_HEADLINE_PREFIX_H
#define WD_HEADLINE_PREFIX_H

#include "slice.h"

/* Bytes of the prefixes with what parts them from the headline; 0 when there are none. Only words that desks use count: "US-China trade"
 * has no prefix. */
size_t wd_headline_prefix_len(struct wd_slice headline);
/* The same, in whatever language, of a story that is known to correct, kill or follow another: "ANULACION: ",
 * "[Korr] ". */
size_t wd_headline_mark_len(struct wd_slice headline);
/* Bytes of what such a story has in brackets and capitals behind its headline, or a desk behind the headline that it corrects:
 * "(RPT CORRETTO)", "Correction to Bridge shut Article"; 0 without. */
size_t wd_headline_tail_len(struct wd_slice headline);
/* A piece of its own beside the news, however much of the news it repeats: "FACTBOX-", "Timeline: ". */
bool wd_headline_names_piece(struct wd_slice headline);

#endif
