/* html_names.h - HTML with more different names (of elements, attributes, references, instructions) than anybody writes.
 *
 * Why:    libxml2's parser keeps every name, and its table of them stops growing at some thousand places: 4 MB of "&a1 &a2 ..." took
 *         it 7 to 11 seconds, 16 MB would have taken minutes, and nobody is asked in between.
 * Owns:   nothing.
 * Thread: the parser's.
 * Limits: WD_HTML_NAME_BYTES_MAX as libxml2 takes memory for them: about 85,000 bytes of names. */
#ifndef WD_HTML_NAMES_H
#define WD_HTML_NAMES_H

#include <libxml/HTMLparser.h>
#include <stdbool.h>

enum { WD_HTML_NAME_BYTES_MAX = 256 * 1024 };

/* Before parsing. From the limit on libxml2 drops what has a new name, and may stay for ever where it does: every event, faults
 * too, has to be told to wd_html_stop_at_names. */
void wd_html_limit_names(htmlParserCtxt *parser);
/* Stops the parser when there are too many. */
void wd_html_stop_at_names(htmlParserCtxt *parser);
/* Whether there were. */
bool wd_html_names_full(const htmlParserCtxt *parser);

#endif
