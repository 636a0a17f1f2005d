/* language_tag.h - which language a tag names, however it is spelled.
 *
 * Why:    "en-US", "EN_us" and "eng" are one language. Copies of a story, and the order that kills it, must
 *         meet in one partition where records are keyed by language, and find the model of that language.
 * Owns:   nothing.
 * Thread: any.
 * Source: BCP 47 (RFC 5646) section 2.2.1; ISO 639-2 (three letters, of which ICU knows the terminological
 *         ones); deprecated and macrolanguage entries of IANA's Language Subtag Registry. */
#ifndef WD_LANGUAGE_TAG_H
#define WD_LANGUAGE_TAG_H

#include "story.h"

enum { WD_LANGUAGE_CODE_BYTES = 4 };

/* The primary subtag in lower case, of two letters where there is one ("en"), of three else; it lies in
 * `code`. Norwegian Bokmal is "no", Mandarin "zh", Filipino "tl", as most desks write them. Empty when the
 * tag says no language: "", "und", "mul", "zxx", "English". */
struct wd_slice wd_language_code(struct wd_slice tag, char code[WD_LANGUAGE_CODE_BYTES]);
/* Of the story: as its provider says, else as entities found it; empty when nobody knows. */
struct wd_slice wd_language_of_story(const struct wd_story *story,
                                     char code[WD_LANGUAGE_CODE_BYTES]);

#endif
