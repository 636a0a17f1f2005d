/* page_document.h - a page of HTML, and what it says of itself: found in one walk, asked for by name.
 *
 * Why:    the same thing stands in JSON-LD, microdata and meta elements, and pages have some of them; where a statement
 *         was found is one room, what a story makes of it (format_page.c) and the copy itself (page_body.c) are others.
 * Owns:   libxml2's tree, until wd_page_finish; all text lies in the story's arena.
 * Thread: one at a time.
 * Limits: WD_PAGE_PAIRS_MAX names of each kind; 32,768 elements.
 * Source: schema.org NewsArticle; HTML Living Standard, microdata; Open Graph protocol, article. */
#ifndef WD_PAGE_DOCUMENT_H
#define WD_PAGE_DOCUMENT_H

#include "story.h"

#include <libxml/HTMLparser.h>
#include <yyjson.h>

enum { WD_PAGE_PAIRS_MAX = 128 };

struct wd_page_pair {
    struct wd_slice name, value;
};
struct wd_page_pairs {
    struct wd_page_pair items[WD_PAGE_PAIRS_MAX];
    size_t count;
};

/* Zeroed but for `story` before wd_page_read. */
struct wd_page {
    struct wd_story *story; /* for its arena and its flags */
    htmlDocPtr document;
    xmlNode *root, *heading, *body; /* <html>, the first <h1>, what holds the copy; NULL: none */
    size_t body_paragraphs;
    bool body_named;     /* the body said of itself that it is one */
    yyjson_val *article; /* of JSON-LD; NULL: none */
    bool typed;          /* something says that this page is an article */
    struct wd_slice canonical;
    struct wd_page_pairs metas, properties;
};

/* Parses the page (UTF-8) and gathers what it says. WD_NO_MEMORY, WD_TOO_LARGE, WD_UNKNOWN_FORMAT. */
enum wd_status wd_page_read(struct wd_page *page, struct wd_slice text,
                            struct wd_error *error) WD_MUST_CHECK;
void wd_page_finish(struct wd_page *page);

/* Whether the page says of itself that it is an article. */
bool wd_page_is_article(const struct wd_page *page);
/* Of the meta elements with these names (ends with NULL) the first that has a content; "" when none has. */
struct wd_slice wd_page_meta(const struct wd_page *page, const char *const *names);
/* What schema.org's name says: by JSON-LD, else by microdata. Markup in a text is read as HTML. */
struct wd_slice wd_page_statement(const struct wd_page *page, const char *name);

bool wd_page_is_element(const xmlNode *node, const char *name);
/* An attribute's value, in the arena; "" when absent. */
struct wd_slice wd_page_attribute(struct wd_arena *arena, xmlNode *node, const char *name);
/* The text of one element, in one line. */
struct wd_slice wd_page_content(struct wd_arena *arena, xmlNode *node);

#endif
