/* g2_item.h - one item of NewsML-G2 as a story.
 *
 * Owns:   nothing.
 * Thread: any.
 * Source: IPTC NewsML-G2 2.35 (XSD and guidelines). Codes come as qcode ("alias:code"), uri or literal; aliases are
 *         customary, not fixed: what matters here are the codes, and for subjects the schemes that a catalog inside the
 *         item declares. Catalogs elsewhere are never fetched. */
#ifndef WD_G2_ITEM_H
#define WD_G2_ITEM_H

#include "xml_story.h"

/* What an assert of the item says of a concept, by whichever of these it has. */
struct wd_g2_assert {
    struct wd_slice qcode, uri, literal;
    struct wd_slice name; /* never "" */
};

/* A scheme that a catalog inside the item declares. */
struct wd_g2_scheme {
    struct wd_slice alias, uri;
};

/* An item with the parts that everything asks for. */
struct wd_g2_item {
    struct wd_xml_story *reading;
    const struct wd_xml_node *item;
    const struct wd_xml_node *item_meta, *content_meta; /* content_meta may be NULL */
    /* The asserts, read when the first name is looked for in them; in the story's arena. */
    bool asserts_read;
    struct wd_g2_assert *asserts;
    size_t assert_count;
    struct wd_slice assert_language; /* of their names */
    /* The same with schemes. */
    bool schemes_read;
    struct wd_g2_scheme *schemes;
    size_t scheme_count;
};

/* The code of an element or of one of its attributes: "usable" of qcode="stat:usable" or of
 * uri="http://.../usable". `name` is the qcode's attribute; its URI stands in name + "uri" ("roleuri"), that
 * of "qcode" in "uri". */
struct wd_slice wd_g2_code(const struct wd_xml_node *element, const char *name);
/* The name of a concept: its own in the item's language, else the first, else what an assert of the item says, else
 * its literal. */
struct wd_slice wd_g2_name(struct wd_g2_item *item, const struct wd_xml_node *element);

/* contentMeta: copy about the copy, subjects, names. */
enum wd_status wd_g2_content_meta(struct wd_g2_item *item) WD_MUST_CHECK;
/* contentSet: the body, or what stands elsewhere. */
enum wd_status wd_g2_content_set(struct wd_g2_item *item) WD_MUST_CHECK;
/* The whole item. */
enum wd_status wd_g2_item(struct wd_xml_story *reading,
                          const struct wd_xml_node *item) WD_MUST_CHECK;
/* An item that cancels several others goes on once for each. */
enum wd_status wd_g2_add_canceled(struct wd_story *story, struct wd_story_batch *batch,
                                  const struct wd_xml_node *element) WD_MUST_CHECK;
/* newsItem, packageItem, conceptItem, knowledgeItem, planningItem, catalogItem. */
bool wd_g2_is_item(const struct wd_xml_node *element);

#endif
