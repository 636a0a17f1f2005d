/* eval_score.h - how good verdicts are, against labelled pairs and groups.
 *
 * Source: pairwise precision, recall and F1; adjusted Rand index (Hubert and Arabie 1985); B-cubed
 *         (Bagga and Baldwin 1998). */
#ifndef WD_EVAL_SCORE_H
#define WD_EVAL_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wd_eval_share {
    double precision, recall, f1;
};

struct wd_eval_share wd_eval_share_of(uint64_t right, uint64_t wrong, uint64_t missed);

struct wd_eval_groups {
    double ari;
    struct wd_eval_share b_cubed;
};

/* `wanted` and `found` give each item's group as a number below `count`. False when
 * memory is exhausted. */
bool wd_eval_compare_groups(const size_t *wanted, const size_t *found, size_t count,
                            struct wd_eval_groups *groups);

#endif
