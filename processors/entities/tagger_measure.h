/* tagger_measure.h - how many names were found, exactly.
 *
 * Owns:   nothing; plain counts.
 * Thread: any.
 * Source: the CoNLL shared tasks' measure: a name counts when its type and both its bounds are right. */
#ifndef WD_TAGGER_MEASURE_H
#define WD_TAGGER_MEASURE_H

#include "tagger_tokens.h"

struct wd_measure_count {
    uint64_t right;
    uint64_t found;
    uint64_t gold;
};

struct wd_measure {
    struct wd_measure_count types[WD_MODEL_TYPES];
};

/* Counts one unit: `gold` labels (as in tagger_model.h) of its tokens against the mentions. Types
 * whose bit is not in `types` count neither way. */
void wd_measure_add(struct wd_measure *measure, const uint8_t *gold, size_t token_count,
                    struct wd_token_mentions found, uint32_t types);
struct wd_measure_count wd_measure_total(const struct wd_measure *measure);
/* Precision, recall and their harmonic mean, in percent; 0 where nothing is to be counted. */
double wd_measure_precision(struct wd_measure_count count);
double wd_measure_recall(struct wd_measure_count count);
double wd_measure_f1(struct wd_measure_count count);
/* "PER", "ORG", "LOC", "MISC", as corpora write them. */
const char *wd_measure_type_name(uint32_t type);
/* WD_MODEL_TYPES: unknown. */
uint32_t wd_measure_type_of(struct wd_slice name);

#endif
