#include "near_findings.h"

#include "near_verdict.h"

#include <math.h>

/* Shares and probabilities. README.md says what they were measured on. */
#define CONTAINED_SHARE 0.6    /* a part of a roundup */
#define CONTAINED_LENGTH 0.4   /* log2 of how much longer the roundup is, at least */
#define CONTAINED_NUMBERS 0.25 /* numbers, and names, of the part that the whole lacks, at most */
#define CONTAINED_NAMES 0.34
#define CONTAINED_SHINGLES 8.0 /* that both have, at least */
#define COMPOSITE_SURE 0.5     /* or so clearly one of several matters, with so much of it there */
#define COMPOSITE_SHARE 0.3
#define ROUNDUP_SHARE 0.25     /* of a story in the roundup which has it */
#define SAME_ROUNDUP_SHARE 0.5 /* of a story that is no more than the roundup */

/* `b`: NULL where there is none. */
static bool is_better(const struct wd_finding *a, const struct wd_finding *b)
{
    if (!b)
        return true;
    if (a->comparison.probability != b->comparison.probability)
        return a->comparison.probability > b->comparison.probability;
    return (int32_t)(a->record.sequence - b->record.sequence) < 0;
}

static bool same_group(const struct wd_finding *a, const struct wd_finding *b)
{
    return memcmp(&a->record.group, &b->record.group, sizeof(a->record.group)) == 0;
}

/* One is a part of the other, which has much else. */
static bool is_part(const struct wd_comparison *comparison, double shorter_words)
{
    const double *x = comparison->features;
    if (fmax(x[WD_FEATURE_COMPOSITE], x[WD_FEATURE_ITEMS]) >= COMPOSITE_SURE &&
        x[WD_FEATURE_MOST] >= COMPOSITE_SHARE)
        return true;
    return x[WD_FEATURE_MOST] >= CONTAINED_SHARE && x[WD_FEATURE_LENGTH] >= CONTAINED_LENGTH &&
           x[WD_FEATURE_NUMBERS] <= CONTAINED_NUMBERS && x[WD_FEATURE_NAMES] <= CONTAINED_NAMES &&
           x[WD_FEATURE_MOST] * shorter_words >= CONTAINED_SHINGLES;
}

/* The one is a digest or a roundup and the other none, unless they are the same under another title. A roundup is matched by
 * itself and by its parts, however little of them it has. */
static bool is_other_kind(const struct wd_near_findings *findings, const struct wd_finding *finding)
{
    const struct wd_comparison *comparison = &finding->comparison;
    double of_story = comparison->contained;
    double of_other = comparison->containing;
    double of_roundup = findings->digest ? of_story : of_other;
    double of_plain = findings->digest ? of_other : of_story;
    return findings->digest != finding->record.roundup &&
           (of_roundup < WD_WHOLE_SHARE || of_plain < SAME_ROUNDUP_SHARE);
}

/* What is so much in a roundup is a part of it. */
static bool is_part_of_roundup(const struct wd_near_findings *findings,
                               const struct wd_finding *finding)
{
    const struct wd_comparison *comparison = &finding->comparison;
    return findings->digest
               ? finding->record.words < findings->words && comparison->containing >= ROUNDUP_SHARE
               : findings->words < finding->record.words && comparison->contained >= ROUNDUP_SHARE;
}

void wd_near_findings_begin(struct wd_near_findings *findings, uint32_t words, bool digest)
{
    findings->words = words;
    findings->digest = digest;
    findings->best = findings->second = findings->before = findings->part = NULL;
    findings->certain_count = findings->count = findings->roundup.count = 0;
}

void wd_near_findings_add(struct wd_near_findings *findings)
{
    const struct wd_finding *finding = &findings->all[findings->count++];
    uint32_t shorter =
        findings->words < finding->record.words ? findings->words : finding->record.words;
    bool other_kind = is_other_kind(findings, finding);
    bool of_roundup = other_kind && is_part_of_roundup(findings, finding);
    if ((of_roundup || is_part(&finding->comparison, shorter)) &&
        (!findings->part || finding->comparison.features[WD_FEATURE_MOST] >
                                findings->part->comparison.features[WD_FEATURE_MOST]))
        findings->part = finding;
    if (findings->digest || !other_kind)
        wd_roundup_add(&findings->roundup, finding);
    if (other_kind)
        return; /* the story is not that one's */
    if (finding->comparison.probability >= WD_CERTAIN_PROBABILITY)
        findings->certain[findings->certain_count++] = finding;
    if (!finding->made_later && is_better(finding, findings->before))
        findings->before = finding;
    if (is_better(finding, findings->best)) {
        if (findings->best && !same_group(finding, findings->best))
            findings->second = findings->best;
        findings->best = finding;
    } else if (!same_group(finding, findings->best) && is_better(finding, findings->second)) {
        findings->second = finding;
    }
}

static bool is_by_headline(const struct wd_finding *finding)
{
    return finding->comparison.features[WD_FEATURE_FLASH] > 0;
}

/* Its provider says itself that the one follows the other. */
static bool is_by_cue(const struct wd_finding *finding)
{
    return finding->comparison.features[WD_FEATURE_CUE] > 0;
}

/* The best of another group is as surely the same story: both have the same parts of it, or one of them is its provider's
 * own version of it, or one was found by its copy and one by its headline, which says nothing of the other. Two halves of
 * it, each in one group, may be two stories. */
static bool is_of_both(const struct wd_near_findings *findings)
{
    const struct wd_finding *best = findings->best;
    const struct wd_finding *second = findings->second;
    if (is_by_headline(best) != is_by_headline(second))
        return true;
    return second->comparison.probability >= WD_ALSO_PROBABILITY &&
           (is_by_cue(best) || is_by_cue(second) ||
            !wd_roundup_are_apart(&best->comparison.matched, &second->comparison.matched));
}

/* It found nothing to join, and would have found the story. */
static bool waits_for_story(const struct wd_near_findings *findings,
                            const struct wd_finding *finding)
{
    return finding->made_later && finding->record.opened &&
           finding->record.roundup == findings->digest;
}

size_t wd_near_findings_also(const struct wd_near_findings *findings,
                             const struct wd_digest *groups[WD_ALSO_GROUPS_MAX])
{
    const struct wd_finding *second = findings->second;
    const struct wd_finding *found[WD_CANDIDATES_MAX];
    size_t count = 0;
    if (!second || second->comparison.probability < WD_JOIN_PROBABILITY)
        return 0;
    bool of_both = is_of_both(findings);
    for (size_t i = 0; i < findings->count; i++) {
        const struct wd_finding *one = &findings->all[i];
        if (one->comparison.probability < WD_JOIN_PROBABILITY || same_group(one, findings->best) ||
            is_other_kind(findings, one) ||
            !(one == findings->before || waits_for_story(findings, one) ||
              (of_both && one == second)))
            continue;
        size_t place = count++;
        for (; place > 0 && is_better(one, found[place - 1]); place--)
            found[place] = found[place - 1];
        found[place] = one;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count && kept < WD_ALSO_GROUPS_MAX; i++) {
        bool again = false;
        for (size_t k = 0; k < kept; k++)
            again |= wd_digest_equal(groups[k], &found[i]->record.group);
        if (!again)
            groups[kept++] = &found[i]->record.group;
    }
    return kept;
}

const struct wd_finding *wd_near_findings_closest(const struct wd_near_findings *findings)
{
    const struct wd_finding *best = findings->best;
    for (size_t i = 0; i < findings->certain_count; i++) {
        const struct wd_finding *one = findings->certain[i];
        double more = one->comparison.similarity - best->comparison.similarity;
        bool earlier = (int32_t)(one->record.sequence - best->record.sequence) < 0;
        if (same_group(one, findings->best) && (more > 0 || (more == 0 && earlier)))
            best = one;
    }
    return best;
}
