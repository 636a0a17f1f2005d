/* page_body.h - the copy of a page: the paragraphs of its article, without what stands around them.
 *
 * Owns:   nothing; paragraphs lie in the story's arena.
 * Thread: one at a time. */
#ifndef WD_PAGE_BODY_H
#define WD_PAGE_BODY_H

#include "page_document.h"

/* From the article's own markup, else from what JSON-LD gives as its text; a dateline where the story has none. What a box
 * or the article's foot says was wrong becomes signals and an editor's note. */
enum wd_status wd_page_read_body(struct wd_page *page, struct wd_error *error) WD_MUST_CHECK;

#endif
