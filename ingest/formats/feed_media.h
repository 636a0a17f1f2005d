/* feed_media.h - pictures, films and sound of a feed's item: enclosures and Media RSS.
 *
 * Thread: any; no state.
 * Source: RSS 2.0 <enclosure>, RFC 4287 link rel="enclosure", Media RSS 1.5.1. */
#ifndef WD_FEED_MEDIA_H
#define WD_FEED_MEDIA_H

#include "story.h"
#include "xml_document.h"

/* Adds the item's media; takes media:title and media:description where the item itself has neither
 * headline nor body. */
enum wd_status wd_feed_read_media(const struct wd_xml_node *item, struct wd_story *story,
                                  struct wd_error *error) WD_MUST_CHECK;

#endif
