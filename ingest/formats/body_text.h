/* body_text.h - the paragraphs of a marked-up body, from whatever parser reads it.
 *
 * Why:    NITF, XHTML and HTML bodies say in the same few ways where a paragraph ends. One place decides it.
 * Owns:   a buffer between begin and finish. Paragraphs and media go into the story; text that can be borrowed
 *         (the caller says so) is.
 * Thread: one at a time.
 * Limits: WD_PARAGRAPHS_MAX, WD_MEDIA_MAX.
 *
 * What becomes what: a block element is a paragraph, white space runs are one blank. <br> ends a paragraph. A
 * table's row is a paragraph, its cells with " | " between them (a table inside a cell is a layout: its outer
 * cells are blocks). <pre> is a paragraph that keeps its lines, or several where it has blank ones. A list's entries are paragraphs. A figure with
 * a caption is a medium of the story. Left out: scripts, styles, forms' parts, navigation, what is hidden, and
 * what calls itself share buttons. Soft hyphens, quotes and no-break spaces stay; the C1 controls that
 * feeds write for windows-1252 (&#146;) become what they mean. */
#ifndef WD_BODY_TEXT_H
#define WD_BODY_TEXT_H

#include "buffer.h"
#include "story.h"
#include "xml_document.h"

/* An element's name that was looked up already. */
enum { WD_BODY_NAMES = 32 };
struct wd_body_name {
    const char *name;
    int kind;
};

struct wd_body_text {
    struct wd_story *story;
    enum wd_status status;   /* the first fault; nothing is done after it */
    struct wd_buffer text;   /* the paragraph that is being gathered */
    struct wd_slice only;    /* instead: a paragraph of one borrowed piece so far */
    bool blank_due;          /* white space was seen since */
    unsigned hidden;         /* elements open inside something that is left out, it included */
    unsigned pre;            /* <pre> elements open */
    bool in_row, in_cell;    /* of the innermost table */
    bool cell_before;        /* the row has a cell already */
    struct wd_media *figure; /* the figure that is open */
    bool in_figure;
    struct wd_slice source; /* of the figure's image */
    struct wd_body_name known[WD_BODY_NAMES];
};

/* What an element's attributes say; all may be empty. */
struct wd_body_element {
    struct wd_slice class_names, id, style, role;
    struct wd_slice source; /* of an image */
    bool hidden;            /* hidden, or aria-hidden="true" */
};

void wd_body_text_begin(struct wd_body_text *body, struct wd_story *story);
/* Events in document order, each open with its close. The same name must always come as the same pointer, and
 * another one as another. `element` may be NULL. */
void wd_body_text_open(struct wd_body_text *body, const char *name,
                       const struct wd_body_element *element);
void wd_body_text_add(struct wd_body_text *body, struct wd_slice text, bool borrow);
void wd_body_text_close(struct wd_body_text *body, const char *name);
/* Ends the last paragraph and frees the buffer. */
enum wd_status wd_body_text_finish(struct wd_body_text *body) WD_MUST_CHECK;

/* The whole contents of an XML element (NITF or XHTML) as paragraphs of the story. */
enum wd_status wd_body_text_of_xml(struct wd_story *story, const struct wd_xml_node *element,
                                   struct wd_error *error) WD_MUST_CHECK;

#endif
