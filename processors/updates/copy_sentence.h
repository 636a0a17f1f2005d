/* copy_sentence.h - a sentence of a version as it stands in the copy.
 *
 * Why:    the scan tells where words begin and end; an editor reads the marks around them, too. A kept
 *         copy is one text, whose lines are its paragraphs: it is not taken apart for the few sentences
 *         that somebody asks for.
 * Owns:   nothing; slices point into the copy.
 * Thread: any; no state. */
#ifndef WD_COPY_SENTENCE_H
#define WD_COPY_SENTENCE_H

#include "copy_scan.h"

/* Where it stands: in its paragraph; of a scan without words, in the whole text. */
struct wd_sentence_place {
    struct wd_slice text;
    size_t begin, end;
};

/* The story has a scan with this sentence. */
struct wd_sentence_place wd_sentence_place(const struct wd_story *story, uint32_t index);
/* In its paragraph in any case: there are scripts whose words depend on what stands before them. */
struct wd_sentence_place wd_sentence_in_paragraph(const struct wd_story *story, uint32_t index);
/* With the quotation marks and brackets before its first word, which the scan leaves out, and without
 * those of the next sentence. */
struct wd_slice wd_sentence_whole(const struct wd_story *story, uint32_t index);

#endif
