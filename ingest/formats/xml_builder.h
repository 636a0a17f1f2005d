/* xml_builder.h - libxml2's SAX2 events to the small tree of xml_document.h; for xml_document.c only.
 *
 * Why:    what a parser may do with a document (entities, depth, names, memory) is one room; how bytes are made ready
 *         for it, and what is tried with broken ones, is another.
 * Owns:   nothing: the tree lives in the arena.
 * Thread: one at a time.
 * Limits: those of xml_document.h; `used_max` of the arena, for tree and text. */
#ifndef WD_XML_BUILDER_H
#define WD_XML_BUILDER_H

#include "xml_document.h"

/* Parses document->source (UTF-8) and sets document->root. Statuses as wd_xml_read's. */
enum wd_status wd_xml_build(struct wd_xml_document *document, const struct wd_xml_options *options,
                            struct wd_arena *arena, size_t used_max,
                            struct wd_error *error) WD_MUST_CHECK;

/* The error's path becomes the element's place: "newsMessage/itemSet/newsItem"; the deepest levels where it does not
 * fit. */
void wd_xml_set_path(struct wd_error *error, const struct wd_xml_node *element);

#endif
