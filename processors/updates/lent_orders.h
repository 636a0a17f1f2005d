/* lent_orders.h - orders by slug that come on the next day, or under another form of the slug.
 *
 * Why:    twelve hours back an order is about what has its slug, and of one lineage with it. A kill of the next morning
 *         is about the story of the day before, unless its own day has a story of that slug, which may come late. A kill of
 *         "EP--Ferry Fire" is about "Ferry Fire", as another format has it, and the other way round, unless there is a story of
 *         the very slug.
 *         So the order keeps a lineage of its own, and the story that it may be about is lent it: there it counts as any
 *         order does, until a nearer story comes, which takes it back.
 * Rule:   nearest is a story under the very slug in the twelve hours before the order; then one under the slug with a region
 *         where the order has none, or the other way round; then one under the very slug in the twelve hours before those; then
 *         one of the other form. Where the slug is a subject ("Unf\u00E4lle/Verkehr/") and the order names a headline, all
 *         that is meant of stories with this headline; then come those with some of its words, then any of the same day:
 *         it must reach somebody. An order is lent to each lineage that is as near as any. What comes out does not depend on the
 *         order of arrival: whoever was told in between is told that the story stands.
 * Thread: its lane; all of it stands in the tables of lineage_store.h. */
#ifndef WD_LENT_ORDERS_H
#define WD_LENT_ORDERS_H

#include "lineage_finder.h"

/* The story, which is no such order, belongs to `lineage` now, which is not saved: what is lent to it from orders that came
 * before is put there, and members that it has already are told. What was lent to others and is about this story is taken
 * back from them. */
enum wd_status wd_lent_orders_meet(struct wd_lineage_search *search,
                                   struct wd_lineage *lineage) WD_MUST_CHECK;
/* The story is such an order, and stands in `lineage`: lends it to whom it concerns, and tells them. Then what it is about
 * was seen. */
enum wd_status wd_lent_orders_lend(struct wd_lineage_search *search,
                                   const struct wd_lineage *lineage,
                                   const struct wd_lineage_order *order) WD_MUST_CHECK;

#endif
