/* html_attributes.h - start tags with more attributes than anybody writes.
 *
 * Why:    libxml2's HTML parser looks through all attributes of an element before it takes one more: 100,000 of them, a
 *         message of 1 MB, took it 15 to 30 seconds, and nobody is asked in between.
 * Owns:   nothing.
 * Thread: any.
 * Source: HTML Living Standard, 13.2.5.32 to 13.2.5.40 (attributes), as libxml2 2.9 reads them. */
#ifndef WD_HTML_ATTRIBUTES_H
#define WD_HTML_ATTRIBUTES_H

#include "arena.h"

#include <stdbool.h>

enum { WD_HTML_ATTRIBUTES_MAX = 256 /* of one element */ };

/* How far inside a start tag one may be, wherever in the text it began: in scripts and in values, too, so never too few.
 * Counts of attributes; -1: not in it. */
struct wd_html_tag {
    int name;     /* before, in and between attributes' names */
    int equals;   /* after an equal sign */
    int bare;     /* in a value without quotes */
    int quoted;   /* in "..." */
    int quoted_1; /* in '...' */
    bool apart;   /* the last byte ends a name */
};

struct wd_html_tag wd_html_tag_none(void);
/* Goes on through the next piece of HTML. How many of its bytes belong to attributes of one tag past the first
 * WD_HTML_ATTRIBUTES_MAX; `out`, a copy of the piece, gets blanks there (NULL: only to count). */
size_t wd_html_blank_attributes(struct wd_html_tag *tag, struct wd_slice html, char *out);
/* The same HTML without these attributes, in the arena when there are some. `data` is NULL: no memory. */
struct wd_slice wd_html_without_excess(struct wd_arena *arena, struct wd_slice html);

#endif
