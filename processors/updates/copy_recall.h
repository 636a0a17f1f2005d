/* copy_recall.h - kept copy as a story again.
 *
 * Why:    both sides of a comparison are read by the same eyes.
 * Owns:   nothing; `before` is a story of the caller's, reset here, and points into what the memory was read from.
 * Thread: its lane. */
#ifndef WD_COPY_RECALL_H
#define WD_COPY_RECALL_H

#include "copy_memory.h"

/* Fills `before`: with the sentences that are kept, without words, or, where none are, by reading the body. */
enum wd_status wd_copy_recall(const struct wd_copy_memory *memory,
                              struct wd_story *before) WD_MUST_CHECK;
/* True when nothing shows that the two are about the same: no sentence but a line that a page always has, hardly a name and
 * hardly a word of the headline in common. False also when memory is exhausted. */
bool wd_copy_is_other(const struct wd_copy_memory *memory, struct wd_story *before,
                      struct wd_story *story);

#endif
