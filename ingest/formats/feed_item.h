/* feed_item.h - one item of a feed: what its elements say.
 *
 * Why:    which document is a feed, and where its items stand, is one room (format_feed.c); what an item says of itself
 *         another; its copy (feed_copy.h) and its media (feed_media.h) are two more.
 * Owns:   nothing; everything lies in the story's arena or in the document.
 * Thread: one at a time.
 * Source: RSS 2.0 (cyber.law.harvard.edu), RDF Site Summary 1.0, RFC 4287 (Atom 1.0), Atom 0.3 draft, DCMI terms. */
#ifndef WD_FEED_ITEM_H
#define WD_FEED_ITEM_H

#include "decoder.h"
#include "xml_document.h"

#define WD_DC_SPACE "http://purl.org/dc/elements/1.1/"

/* What all items have in common. */
struct wd_feed {
    struct wd_decode_input input;
    struct wd_xml_document *document;
    const struct wd_xml_node *channel; /* element that describes the feed */
    const char *format;                /* "rss/2.0" ... */
    bool atom;
    struct wd_slice title, language, base;
    struct wd_slice authors; /* of the feed; read when the first item has none */
    bool authors_read;
};

struct wd_feed_item {
    struct wd_feed *feed;
    const struct wd_xml_node *item;
    struct wd_story *story;
    struct wd_error *error;
};

/* Fills the story. */
enum wd_status wd_feed_read_item(struct wd_feed_item *reading) WD_MUST_CHECK;
/* RFC 6721: <at:deleted-entry ref="ID" when="TIME"><at:comment>: the entry of this id is not to be used any more. */
enum wd_status wd_feed_read_deletion(struct wd_feed_item *reading) WD_MUST_CHECK;

/* Names are compared in any case of letters: feeds are written by hand. */
bool wd_feed_has_name(const struct wd_xml_node *node, const char *name);
/* The next child element from `node` on (itself included). */
const struct wd_xml_node *wd_feed_element_from(const struct wd_xml_node *node);
/* The last child of this name: where a feed says something twice readers take the last word. `space` NULL:
 * the parent's own, that is what the format itself defines. */
const struct wd_xml_node *wd_feed_child(const struct wd_xml_node *parent, const char *space,
                                        const char *name);
/* The element's text in one line; "" for NULL. */
struct wd_slice wd_feed_line(const struct wd_feed_item *reading, const struct wd_xml_node *node);

#endif
