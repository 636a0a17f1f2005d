/* says_stands.h - whether a clause says that something that was sent stands, is valid, or may be used.
 *
 * Why:    an order about one thing says of another that it stands; who overlooks that kills a story that may be used, and
 *         who sees it where it is denied ("stands withdrawn", "no longer valid") lets a killed one through.
 * Thread: any; no state.
 * Source: processors/updates/order_choice.h has its own, for numbers of telexes; orders of wires in English, German, French, Spanish, Italian, Portuguese, Dutch. */
#ifndef WD_SAYS_STANDS_H
#define WD_SAYS_STANDS_H

#include "slice.h"

/* It does, and nothing in front of the word, or in the two words behind it, denies that: "is not affected", "gilt weiter",
 * "reste valable". False where several such words stand and one of them is denied. */
bool wd_says_stands(struct wd_slice clause);

#endif
