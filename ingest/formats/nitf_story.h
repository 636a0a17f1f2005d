/* nitf_story.h - an <nitf> element as a story: a message of its own, or the copy inside NewsML.
 *
 * Owns:   nothing.
 * Thread: any.
 * Source: IPTC NITF 3.6 (XSD; DTDs since 3.0); names are matched in any namespace, because most feeds give
 *         none. */
#ifndef WD_NITF_STORY_H
#define WD_NITF_STORY_H

#include "xml_story.h"

/* Head and body of a document of its own: identity, times, status, subjects, copy. */
enum wd_status wd_nitf_document(struct wd_xml_story *reading,
                                const struct wd_xml_node *nitf) WD_MUST_CHECK;
/* The copy inside another envelope: paragraphs, media, names in the text; headline, byline, dateline, summary
 * where the envelope gave none. */
enum wd_status wd_nitf_copy(struct wd_xml_story *reading,
                            const struct wd_xml_node *nitf) WD_MUST_CHECK;
/* People, organisations, places, events and objects that the provider tagged in this element: <person>,
 * <org idsrc="ISIN" value="US...">, <location><city>. */
void wd_nitf_names(struct wd_xml_story *reading, const struct wd_xml_node *top);
/* The medium of a <media> element. */
void wd_nitf_medium(struct wd_xml_story *reading, const struct wd_xml_node *element);

#endif
