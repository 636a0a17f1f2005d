/* language.h - finds the language of copy that does not say it.
 *
 * Why:    a model reads one language; let loose on another it marks nonsense. Most providers tag
 *         theirs, pages and telexes often do not.
 * Owns:   nothing but the caller's scratch.
 * Thread: any, each with its own scratch.
 * Limits: the first WD_LANGUAGE_BYTES bytes that are looked at decide; fewer than
 *         WD_LANGUAGE_BYTES_MIN decide nothing. Words with a capital are left out: names are of all
 *         languages, and a table of Turkish results in an English report is English.
 * Source: CLD2, Google's Compact Language Detector 2 (Debian: libcld2): tables of letter groups, no
 *         state, the same answer for the same bytes. README.md has the measurements. */
#ifndef WD_LANGUAGE_H
#define WD_LANGUAGE_H

#include "language_tag.h"
#include "tagger.h"
#include "text.h"

enum { WD_LANGUAGE_BYTES = 400, WD_LANGUAGE_BYTES_MIN = 50 };

/* As wd_language_code writes it ("es"), in `found`; empty when the copy is too short or the detector is not
 * sure. `scratch` is cleared. */
struct wd_slice wd_language_find(const struct wd_tagger_text *texts, size_t count,
                                 struct wd_buffer *scratch, char found[WD_LANGUAGE_CODE_BYTES]);

#endif
