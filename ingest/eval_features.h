/* eval_features.h - what the verifier sees of labelled pairs, for fitting its weights. */
#ifndef WD_EVAL_FEATURES_H
#define WD_EVAL_FEATURES_H

#include "eval_labels.h"
#include "eval_stories.h"

/* Streams the stories and writes, for each labelled pair, a line to `path`: label, ids, the features
 * by name. False, with a line on standard error, when that fails. */
bool wd_eval_features_write(struct wd_eval_stories *stories, const struct wd_eval_labels *labels,
                            const char *path);

#endif
