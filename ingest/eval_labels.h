/* eval_labels.h - what people said about stories: pairs with a label, or groups.
 *
 * Format: a table with tabs (or commas, when the first line has no tab) and a line of names first.
 *         Pairs: "label", and two columns of ids ("id_a" and "id_b", "id_first" and "id_second", or
 *         the first two whose names begin with "id"). Groups: "id" and "group" (or "cluster").
 *         Kinds: "id", "kind" and, where versions of a story share its id, "version" (as `b`).
 *         Other columns are passed over.
 * Owns:   its bytes. */
#ifndef WD_EVAL_LABELS_H
#define WD_EVAL_LABELS_H

#include "buffer.h"

#include <stdint.h>

struct wd_eval_label {
    struct wd_slice a, b;  /* ids; `b` empty in a table of groups */
    struct wd_slice label; /* or the group */
    size_t line;
};

struct wd_eval_labels {
    struct wd_buffer bytes;
    struct wd_eval_label *items;
    size_t count, capacity;
    bool groups;
};

/* False, with a line on standard error that says what is wrong and where. */
bool wd_eval_labels_read(struct wd_eval_labels *labels, const char *path);
void wd_eval_labels_finish(struct wd_eval_labels *labels);

#endif
