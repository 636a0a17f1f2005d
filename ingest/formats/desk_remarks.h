/* desk_remarks.h - what a story says about itself in its copy: "(Corrects spelling ...)", "This story has been updated", or
 * nothing but that another one is taken back.
 *
 * Why:    see desk_marks.h; a remark is told from copy by where it stands and how it begins.
 * Thread: any; no state.
 * Source: pages of newspapers and notes of wires; FIELDS of each format, "correction". */
#ifndef WD_DESK_REMARKS_H
#define WD_DESK_REMARKS_H

#include "wire_words.h"

/* As enum wd_wire_word: a note in brackets that begins the copy ("(Corrects name in paragraph 2)"), paragraphs that speak to
 * editors, sentences about the story itself ("An earlier version of this story misstated ..."), and short copy that is an
 * order about another story. `standing` gets those of them that are said only by a paragraph of the kind that stays on a
 * page: the note of a correction does. */
uint32_t wd_desk_remarks_of_copy(const struct wd_story *story, uint32_t *standing);
/* Whether a paragraph stands where such remarks do: at the head or at the end of copy of `count` paragraphs. */
bool wd_desk_remarks_stand_at(size_t index, size_t count);
/* What one paragraph says of the story in which it stands: "Correction: ...", "(This story has been updated ...)". */
uint32_t wd_desk_remarks_of_paragraph(struct wd_slice paragraph);

#endif
