/* eval_features.h - what the verifier sees of labelled pairs, for fitting its weights. */
#ifndef WD_EVAL_FEATURES_H
#define WD_EVAL_FEATURES_H

#include "eval_labels.h"
#include "eval_stories.h"

/* Writes, for each labelled pair, two lines to `path`: in the stream of all stories, and alone in the
 * world ("mode"), with label, ids and the features by name. False, with a line on standard error, when that fails. */
bool wd_eval_features_write(struct wd_eval_stories *stories, const struct wd_eval_labels *labels,
                            const char *path);

#endif
