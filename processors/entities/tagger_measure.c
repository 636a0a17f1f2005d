#include "tagger_measure.h"

#include "tagger_decode.h"

static const char *const names[WD_MODEL_TYPES] = {"PER", "ORG", "LOC", "MISC"};

const char *wd_measure_type_name(uint32_t type)
{
    return names[type];
}

uint32_t wd_measure_type_of(struct wd_slice name)
{
    uint32_t type = 0;
    while (type < WD_MODEL_TYPES && !wd_slice_is(name, names[type]))
        type++;
    return type;
}

/* The end of the name that begins at token i. */
static size_t name_end(const uint8_t *gold, size_t count, size_t i)
{
    uint32_t part = wd_label_part(gold[i]);
    while (part != WD_LABEL_LAST && part != WD_LABEL_SINGLE && i + 1 < count &&
           gold[i + 1] != WD_LABEL_O) {
        i++;
        part = wd_label_part(gold[i]);
    }
    return i + 1;
}

static void count_gold(struct wd_measure *measure, const uint8_t *gold, size_t count,
                       uint32_t types)
{
    for (size_t i = 0; i < count;) {
        if (gold[i] == WD_LABEL_O) {
            i++;
            continue;
        }
        uint32_t type = wd_label_type(gold[i]);
        measure->types[type].gold += types >> type & 1u;
        i = name_end(gold, count, i);
    }
}

static bool is_right(const uint8_t *gold, size_t count, const struct wd_token_mention *mention)
{
    uint8_t first = gold[mention->begin];
    if (first == WD_LABEL_O || wd_label_type(first) != mention->type)
        return false;
    uint32_t part = wd_label_part(first);
    return (part == WD_LABEL_BEGIN || part == WD_LABEL_SINGLE) &&
           name_end(gold, count, mention->begin) == mention->end;
}

void wd_measure_add(struct wd_measure *measure, const uint8_t *gold, size_t token_count,
                    struct wd_token_mentions found, uint32_t types)
{
    count_gold(measure, gold, token_count, types);
    for (size_t k = 0; k < found.count; k++) {
        const struct wd_token_mention *mention = &found.mentions[k];
        if (!(types >> mention->type & 1u))
            continue;
        measure->types[mention->type].found++;
        measure->types[mention->type].right += is_right(gold, token_count, mention);
    }
}

struct wd_measure_count wd_measure_total(const struct wd_measure *measure)
{
    struct wd_measure_count total = {0, 0, 0};
    for (uint32_t type = 0; type < WD_MODEL_TYPES; type++) {
        total.right += measure->types[type].right;
        total.found += measure->types[type].found;
        total.gold += measure->types[type].gold;
    }
    return total;
}

double wd_measure_precision(struct wd_measure_count count)
{
    return count.found > 0 ? 100.0 * (double)count.right / (double)count.found : 0.0;
}

double wd_measure_recall(struct wd_measure_count count)
{
    return count.gold > 0 ? 100.0 * (double)count.right / (double)count.gold : 0.0;
}

double wd_measure_f1(struct wd_measure_count count)
{
    uint64_t both = count.found + count.gold;
    return both > 0 ? 200.0 * (double)count.right / (double)both : 0.0;
}
