/* headline_prefix.h - what desks write in front of a headline: "CORRECTED-UPDATE 2-", "FACTBOX-".
 *
 * Why:    it is joined to the headline by a hyphen, and so becomes a part of its first name: "2-Norvik Bank".
 * Thread: any; no state.
 * Source: the habits of financial wires. */
#ifndef WD_HEADLINE_PREFIX_H
#define WD_HEADLINE_PREFIX_H

#include "slice.h"

/* Bytes of the prefixes with their hyphens; 0 when there are none. Only words that desks use count: "US-China trade"
 * has no prefix. */
size_t wd_headline_prefix_len(struct wd_slice headline);

#endif
