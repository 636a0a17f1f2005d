/* xml_document.h - one XML message as a small tree in an arena; the only place that knows libxml2's
 * XML parser. (HTML has html_text.c.)
 *
 * Why:    decoders look at elements in any order, so they want a tree; libxml2's own is four times
 *         as large and slower than its SAX2 events, from which this one is built. Text is not copied where
 *         it stands in the message as it is.
 * Owns:   everything lies in the arena that was given and goes with it. Text borrows the message.
 * Thread: any; wd_xml_setup once before.
 * Safety: no network, no external DTD, no external entity is ever opened, whatever a document says. Entities
 *         of HTML (&nbsp; &eacute;) are known everywhere; a document's own ones when they are plain text of
 *         at most 1,024 bytes; any other reference is a fault that names the entity.
 * Limits: WD_XML_DEPTH_MAX; WD_XML_ATTRIBUTES_MAX for one element; the tree may take 16 times the
 *         message's size (+ 64 KiB): what has more markup than that is no story. A comment, processing
 *         instruction or name of more than 10 MB ends the reading (libxml2's limits).
 * Source: XML 1.0 (fifth edition), Namespaces in XML 1.0.
 *
 * How to use it:
 *
 *     struct wd_xml_options options = {.label = http_charset_or_none, .recover = true};
 *     struct wd_xml_document *document = NULL;
 *     status = wd_xml_read(input->raw, &options, wd_story_batch_arena(batch), &document, error);
 *     const struct wd_xml_node *channel = wd_xml_child(document->root, NULL, "channel");
 *     for (const struct wd_xml_node *item = wd_xml_child(channel, NULL, "item"); item;
 *          item = wd_xml_sibling(item, NULL, "item")) {
 *         struct wd_slice title = wd_xml_text(wd_xml_child(item, NULL, "title"), arena);
 *         struct wd_slice permalink = wd_xml_attribute(wd_xml_child(item, NULL, "guid"), "isPermaLink");
 *         ...
 *         return wd_xml_fault(document, item, error, WD_MISSING, "an item needs a guid or a link");
 *     }
 *
 * Functions that look for something take NULL for "no element" and then find nothing, so that steps can be
 * nested as above. A namespace is given by its URI; NULL means any, "" none. */
#ifndef WD_XML_DOCUMENT_H
#define WD_XML_DOCUMENT_H

#include "buffer.h"
#include "story.h"

enum {
    WD_XML_DEPTH_MAX = 128,
    WD_XML_ATTRIBUTES_MAX = 512,
};

struct wd_xml_attribute {
    const char *name;      /* local name */
    const char *space;     /* namespace URI; "" none */
    struct wd_slice value; /* entities resolved, white space as blanks */
};

/* An element, or a piece of text between tags (name NULL; adjacent pieces and CDATA are one). Comments and
 * processing instructions are left out. */
struct wd_xml_node {
    struct wd_xml_node *parent; /* NULL: the root */
    struct wd_xml_node *next;   /* sibling */
    const char *name;           /* local name; NULL: text */
    union {
        struct wd_xml_node *first; /* child, of an element */
        const char *text;          /* of a text */
    };
    uint32_t offset; /* bytes into document->source, just behind the start tag or text */
    union {
        uint32_t attribute_count; /* of an element */
        uint32_t text_len;        /* bytes of a text */
    };
    /* Elements only: a text ends before these. */
    const char *space; /* namespace URI; "" none */
    const struct wd_xml_attribute *attributes;
};

struct wd_xml_document {
    const struct wd_xml_node *root; /* never NULL */
    struct wd_slice source;         /* the message as UTF-8: what offsets count in */
    struct wd_slice public_id;      /* of the DOCTYPE, with `system_id`; "" when there is none */
    struct wd_slice system_id;
    uint32_t flags; /* enum wd_flag: what is odd about the bytes; for every story of the message */
    bool recovered; /* with `recover`: the document is not well-formed; see `fault` */
    struct wd_error fault; /* the first fault of a recovered document, with line and offset */
};

struct wd_xml_options {
    struct wd_slice label; /* character set from outside (HTTP); "" : the document's own */
    bool recover;          /* read broken markup as far as it goes, instead of refusing it */
    const char *format;    /* for messages: "NITF", "RSS or Atom"; NULL: "XML" */
};

/* Prepares libxml2; call it before the first thread starts; can be repeated. */
void wd_xml_setup(void);

/* Reads a whole document. WD_SYNTAX (also bytes after the end: a second document), WD_TOO_DEEP,
 * WD_TOO_LARGE, WD_UNSUPPORTED (an entity), WD_NUL_BYTE, WD_EMPTY or WD_NO_MEMORY; `error` has the element's path,
 * line and byte offset, also in words. */
enum wd_status wd_xml_read(struct wd_slice bytes, const struct wd_xml_options *options,
                           struct wd_arena *arena, struct wd_xml_document **document,
                           struct wd_error *error) WD_MUST_CHECK;

/* The first child element of this name, and the next sibling element; NULL when there is none. name NULL:
 * any element. */
const struct wd_xml_node *wd_xml_child(const struct wd_xml_node *element, const char *space,
                                       const char *name);
const struct wd_xml_node *wd_xml_sibling(const struct wd_xml_node *element, const char *space,
                                         const char *name);
/* By local names from child to child: "contentMeta/urgency". Any namespace. */
const struct wd_xml_node *wd_xml_find(const struct wd_xml_node *element, const char *path);
/* The element or the first of its descendants with this name. */
const struct wd_xml_node *wd_xml_descendant(const struct wd_xml_node *element, const char *space,
                                            const char *name);
/* The node after this one in document order below `top`; NULL at the end. `descend` false: not into it. */
const struct wd_xml_node *wd_xml_step(const struct wd_xml_node *node, const struct wd_xml_node *top,
                                      bool descend);
bool wd_xml_is(const struct wd_xml_node *node, const char *space, const char *name);

/* The attribute without namespace; "" when absent. */
struct wd_slice wd_xml_attribute(const struct wd_xml_node *element, const char *name);
/* With namespace; NULL when absent. */
const struct wd_xml_attribute *wd_xml_attribute_in(const struct wd_xml_node *element,
                                                   const char *space, const char *name);
/* xml:lang, xml:base: of the element or the nearest one around it; "" when there is none. */
struct wd_slice wd_xml_inherited(const struct wd_xml_node *element, const char *name);

/* All text inside, runs of white space as one blank, none at the ends. Borrowed where the message has it in
 * that form, else in the arena; "" without text (or without memory). */
struct wd_slice wd_xml_text(const struct wd_xml_node *element, struct wd_arena *arena);
/* All text inside, byte for byte. */
struct wd_slice wd_xml_text_raw(const struct wd_xml_node *element, struct wd_arena *arena);
/* The element's contents as markup again: for an XHTML body. Namespace prefixes are left out. */
void wd_xml_write_markup(struct wd_buffer *out, const struct wd_xml_node *element);
/* The element itself, with its contents. */
void wd_xml_write_element(struct wd_buffer *out, const struct wd_xml_node *element);

/* Fills `error` (text, path, line, offset) for a fault at this element and returns `status`. */
enum wd_status wd_xml_fault(const struct wd_xml_document *document,
                            const struct wd_xml_node *element, struct wd_error *error,
                            enum wd_status status, const char *format, ...) WD_PRINTF(5, 6);

#endif
