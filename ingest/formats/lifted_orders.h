/* lifted_orders.h - a desk takes an order back: "Disregard the kill of XX--Ferry Fire", "The withhold is lifted".
 *
 * Why:    it has the very words of the order. Taken for one it kills a story that stands; not read at all it leaves a story
 *         killed that may be used. Taken for what it is where it is none, it lets through what was killed: so it is read only
 *         where the order itself is what is lifted, now and for certain.
 * Thread: any; no state.
 * Limits: WD_LIFTED_CLAUSES_MAX clauses of a text.
 * Source: advisories of North American wires, and the words of European ones. */
#ifndef WD_LIFTED_ORDERS_H
#define WD_LIFTED_ORDERS_H

#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { WD_LIFTED_CLAUSES_MAX = 8 };

/* What a text takes back, and where it says so: the words of orders that stand there order nothing. */
struct wd_lifted_orders {
    uint32_t set; /* WD_WIRE_STANDS: a kill, WD_WIRE_RELEASE: a hold or an embargo */
    size_t count;
    struct {
        size_t begin, end;
    } clauses[WD_LIFTED_CLAUSES_MAX];
};

void wd_lifted_orders_find(struct wd_slice text, struct wd_lifted_orders *lifted);
bool wd_lifted_orders_cover(const struct wd_lifted_orders *lifted, size_t at);

#endif
