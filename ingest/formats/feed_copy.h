/* feed_copy.h - the copy of a feed's item: plain text, HTML in a text, or XHTML as elements. Atom says which; in RSS it is
 * seen.
 *
 * Owns:   nothing; text lies in the story's arena.
 * Thread: one at a time.
 * Source: RFC 4287 3.1 (type), RSS 1.0 content module. */
#ifndef WD_FEED_COPY_H
#define WD_FEED_COPY_H

#include "feed_item.h"

/* An element's text in one line, without markup; "" for NULL. */
struct wd_slice wd_feed_plain(const struct wd_feed_item *reading, const struct wd_xml_node *node);
/* Of the elements that may hold the copy the first that has something in it is the body, the next one the summary. */
enum wd_status wd_feed_read_body(struct wd_feed_item *reading) WD_MUST_CHECK;

#endif
