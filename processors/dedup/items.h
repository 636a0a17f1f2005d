/* items.h - does a text go on in items, paragraph by paragraph: posts of a live page under times of day, or numbered ones?
 *
 * Why:    a live page quotes the stories of its day in pieces, a digest strings them together: by what it shares it looks
 *         like a version of each. Its form tells it from one, in any language: "14:05", "5.30 p.m.", "19 h 05", "14.05 Uhr",
 *         "19時", or "1.", "2)" before each item, or on a line of its own with or without a heading.
 * Owns:   nothing.
 * Thread: any; no state.
 * Limits: digits of ASCII; a ticker of minutes of play ("90'") has no times of day. */
#ifndef WD_ITEMS_H
#define WD_ITEMS_H

#include "story.h"

enum wd_items {
    WD_ITEMS_NONE,
    WD_ITEMS_SOME, /* one at least: the first version of a live page has no more */
    WD_ITEMS_MOST, /* three, and the most of the text stands in them */
};

enum wd_items wd_items_find(const struct wd_story *story);

#endif
