/* order_names.h - the further stories that one kill, hold or correction names: "Kill the following: BC-Ferry Fire and
 * BC-Ferry Fire-Box".
 *
 * Why:    a telex has one slug, and what it orders may be about many; a kill that reaches the first of them only leaves the
 *         others in print.
 * Owns:   nothing; names are slices of the story.
 * Thread: any; no state.
 * Limits: WD_ORDER_NAMES_MAX names; copy of up to 2,000 bytes, else it is a story.
 * Source: kills and correctives of North American wires and of Reuters, as editors know them. */
#ifndef WD_ORDER_NAMES_H
#define WD_ORDER_NAMES_H

#include "story.h"

enum { WD_ORDER_NAMES_MAX = 16 };

/* The slugs, without cycle, that the order names and that are not its own; returns how many. 0 where the story orders
 * nothing. */
size_t wd_order_names(const struct wd_story *story, struct wd_slice names[WD_ORDER_NAMES_MAX]);
/* What the order puts in quotes in sentences that speak of stories: the headlines of those that it is about, unless somebody says
 * it. Returns how many; 0 where the story orders nothing. */
size_t wd_order_headlines(const struct wd_story *story,
                          struct wd_copy_place places[WD_ORDER_NAMES_MAX]);
/* Adds the order once more, as one about the item of this id: a message may name several. The story must be read to its end. */
enum wd_status wd_order_add_item(struct wd_story_batch *batch, struct wd_story *story,
                                 struct wd_slice id) WD_MUST_CHECK;
/* Sets the headline that the order names first, and adds the same order once more for each further headline and for each of those
 * slugs, with the id of the first and the name behind "#", flagged one_of_several.
 * `raw` is the message: the id where the story has none. */
enum wd_status wd_order_split(struct wd_story_batch *batch, struct wd_story *story,
                              struct wd_slice raw) WD_MUST_CHECK;

#endif
