/* json_ld.h - schema.org's articles in JSON-LD, as pages carry them.
 *
 * Owns:   nothing; slices point into the document.
 * Thread: any; no state.
 * Source: schema.org NewsArticle and its kin; JSON-LD 1.1, in the forms that pages use (no contexts are
 *         fetched, names are taken as they stand). */
#ifndef WD_JSON_LD_H
#define WD_JSON_LD_H

#include "story.h"

#include <yyjson.h>

/* "NewsArticle", "https://schema.org/ReportageNewsArticle" ... */
bool wd_json_ld_is_article_type(struct wd_slice type);
/* The article in an object, in a list, in "@graph"; NULL when there is none. */
yyjson_val *wd_json_ld_find_article(yyjson_val *root);
/* A string's text; "" for anything else. */
struct wd_slice wd_json_ld_string(yyjson_val *value);
/* A text, or the name, id or address of an object, or that of the first of a list. */
struct wd_slice wd_json_ld_name(yyjson_val *value);

/* "correction" (a text, a CorrectionComment or a list) as editor's notes with the signal; "creativeWorkStatus" ("Retracted") as
 * what it orders. */
void wd_json_ld_take_corrections(struct wd_story *story, yyjson_val *article);
/* "about" and "mentions": people, organisations, places and events that the publisher tagged, and subjects. False when
 * a list is full. */
bool wd_json_ld_take_tags(struct wd_story *story, yyjson_val *article);

#endif
