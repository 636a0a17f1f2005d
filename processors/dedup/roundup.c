#include "roundup.h"

#include <stdlib.h>

enum {
    SHINGLES_MIN = 6, /* that the sample has in common with a part */
    COMMON_SHARE = 4, /* parts have less than a fourth of the smaller in common */
    PARTS_OF_OTHERS = 2,
    HEADLINE_WORDS = 2, /* one may be in both by chance */
    PARTS_OF_OWN = 3,   /* a provider's furniture stands in two of its stories as well */
};

#define PART_SHARE 0.3    /* of the part, at least */
#define MAIN_SHARE 0.7    /* of all that is matched: one that has so much is the story itself */
#define HEADLINE_LIKE 0.5 /* and so is one whose headline it carries */

static uint32_t popcount(const struct wd_shingle_set *set)
{
    return (uint32_t)(__builtin_popcountll(set->bits[0]) + __builtin_popcountll(set->bits[1]));
}

bool wd_roundup_are_apart(const struct wd_shingle_set *a, const struct wd_shingle_set *b)
{
    struct wd_shingle_set both = {{a->bits[0] & b->bits[0], a->bits[1] & b->bits[1]}};
    uint32_t of_a = popcount(a);
    uint32_t of_b = popcount(b);
    return popcount(&both) * COMMON_SHARE < (of_a < of_b ? of_a : of_b);
}

static struct wd_roundup_part *find_part(struct wd_roundup *roundup, const struct wd_digest *group)
{
    for (size_t i = 0; i < roundup->count; i++) {
        if (memcmp(&roundup->parts[i].group, group, sizeof(*group)) == 0)
            return &roundup->parts[i];
    }
    if (roundup->count == WD_ROUNDUP_PARTS_MAX)
        return NULL;
    struct wd_roundup_part *added = &roundup->parts[roundup->count++];
    added->count = 0;
    added->carries_headline = false;
    return added;
}

static struct wd_roundup_part part_of(const struct wd_finding *finding, uint32_t count)
{
    const struct wd_copy_record *record = &finding->record;
    const struct wd_comparison *comparison = &finding->comparison;
    const double *x = comparison->features;
    return (struct wd_roundup_part){
        .group = record->group,
        .id = record->id,
        .provider = record->provider,
        .matched = comparison->matched,
        .count = count,
        .share = comparison->containing,
        .contained = comparison->contained,
        .similarity = comparison->similarity,
        .event_ms = finding->event_ms,
        .same_provider = x[WD_FEATURE_PROVIDER] > 0,
        .carries_headline =
            x[WD_FEATURE_HEADLINE] >= HEADLINE_LIKE && comparison->headline_words >= HEADLINE_WORDS,
    };
}

void wd_roundup_add(struct wd_roundup *roundup, const struct wd_finding *finding)
{
    /* A story that was sent in takes is printed as one. */
    if (finding->comparison.containing < PART_SHARE || finding->record.roundup ||
        finding->record.take || finding->made_later)
        return;
    uint32_t count = popcount(&finding->comparison.matched);
    struct wd_roundup_part *place =
        count < SHINGLES_MIN ? NULL : find_part(roundup, &finding->record.group);
    if (place && place->count < count) { /* 0 for one that is new */
        bool carries_headline = place->carries_headline;
        *place = part_of(finding, count);
        place->carries_headline = place->carries_headline || carries_headline;
    }
}

static int compare_parts(const void *a, const void *b)
{
    const struct wd_roundup_part *x = a;
    const struct wd_roundup_part *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return memcmp(&x->group, &y->group, sizeof(x->group));
}

/* Whether the part has next to nothing in common with those before it. */
static bool stands_apart(const struct wd_roundup_part *parts, size_t before,
                         const struct wd_roundup_part *part)
{
    for (size_t i = 0; i < before; i++) {
        if (!wd_roundup_are_apart(&parts[i].matched, &part->matched))
            return false;
    }
    return true;
}

bool wd_roundup_decide(struct wd_roundup *roundup)
{
    struct wd_roundup_part *parts = roundup->parts;
    size_t kept = 0;
    size_t of_others = 0;
    uint32_t matched = 0;
    qsort(parts, roundup->count, sizeof(*parts), compare_parts);
    for (size_t i = 0; i < roundup->count; i++) {
        if (parts[i].carries_headline)
            return false;
        if (!stands_apart(parts, kept, &parts[i]))
            continue;
        of_others += !parts[i].same_provider;
        matched += parts[i].count;
        parts[kept++] = parts[i];
    }
    roundup->count = kept;
    bool enough = of_others >= PARTS_OF_OTHERS || kept >= PARTS_OF_OWN;
    return enough && parts[0].count < MAIN_SHARE * matched;
}
