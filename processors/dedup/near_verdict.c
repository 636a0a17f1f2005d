#include "near_verdict.h"

enum { HEX_DIGITS = 2 * WD_DIGEST_BYTES };

struct wd_slice wd_near_hex(struct wd_story *story, const struct wd_digest *digest)
{
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(*digest, hex);
    return wd_arena_copy(story->arena, wd_slice_make(hex, HEX_DIGITS));
}

/* Copies what the verdict says of the matched story: the table moves on. */
static void tell_match(struct wd_story *story, enum wd_relation relation,
                       const struct wd_finding *finding)
{
    struct wd_dedup_verdict *verdict = &story->dedup;
    verdict->relation = relation;
    verdict->matched = wd_arena_copy(story->arena, finding->record.id);
    verdict->matched_provider = wd_arena_copy(story->arena, finding->record.provider);
    verdict->matched_event_ms = finding->event_ms;
    verdict->similarity = finding->comparison.similarity;
    verdict->contained = finding->comparison.contained;
    verdict->containing = finding->comparison.containing;
}

static void tell_same_words(struct wd_story *story, enum wd_relation relation,
                            const struct wd_finding *finding)
{
    tell_match(story, relation, finding);
    story->dedup.similarity = story->dedup.contained = story->dedup.containing = 1;
}

void wd_near_tell_exact(struct wd_story *story, const struct wd_finding *first, bool joins)
{
    const struct wd_dedup_verdict *verdict = &story->dedup;
    tell_same_words(story, WD_RELATION_EXACT, first);
    story->dedup.joins = joins;
    if (!joins)
        story->dedup.reason =
            WD_SLICE("the same words under another headline, but few of them, or only words that "
                     "this provider prints under many stories");
    else if (story->guid.len > 0 && wd_slice_equal(verdict->matched, story->guid))
        story->dedup.reason =
            WD_SLICE("the same words came before under this same id, with another "
                     "version, headline or status");
    else
        story->dedup.reason = wd_arena_printf(
            story->arena, "word for word the copy of %.*s from %.*s",
            WD_SLICE_ARG(verdict->matched), WD_SLICE_ARG(verdict->matched_provider));
}

static int percent(double part)
{
    return (int)(part * 100 + 0.5);
}

static enum wd_relation relation_of(const struct wd_comparison *comparison)
{
    bool contained = comparison->contained >= WD_WHOLE_SHARE;
    bool containing = comparison->containing >= WD_WHOLE_SHARE;
    if (contained == containing)
        return WD_RELATION_REPRINT;
    return contained ? WD_RELATION_CONTAINED_IN : WD_RELATION_CONTAINS;
}

void wd_near_tell_joined(struct wd_story *story, const struct wd_finding *best)
{
    const struct wd_comparison *comparison = &best->comparison;
    tell_match(story, relation_of(comparison), best);
    story->dedup.joins = true;
    if (comparison->features[WD_FEATURE_FLASH] > 0) {
        story->dedup.reason = wd_arena_printf(
            story->arena,
            "the headline of %.*s from %.*s, and one of the two is a flash or an order about it "
            "(probability %.2f)",
            WD_SLICE_ARG(story->dedup.matched), WD_SLICE_ARG(story->dedup.matched_provider),
            comparison->probability);
        return;
    }
    story->dedup.reason = wd_arena_printf(
        story->arena,
        "copy or version of %.*s from %.*s: it has %d%% of this story, this story has %d%% of it; "
        "%d%% of the numbers and %d%% of the names differ (probability %.2f)",
        WD_SLICE_ARG(story->dedup.matched), WD_SLICE_ARG(story->dedup.matched_provider),
        percent(comparison->contained), percent(comparison->containing),
        percent(comparison->features[WD_FEATURE_NUMBERS]),
        percent(comparison->features[WD_FEATURE_NAMES]), comparison->probability);
}

void wd_near_tell_part(struct wd_story *story, const struct wd_finding *part)
{
    const struct wd_comparison *comparison = &part->comparison;
    bool contained = part->record.roundup || comparison->contained >= comparison->containing;
    tell_match(story, contained ? WD_RELATION_CONTAINED_IN : WD_RELATION_CONTAINS, part);
    story->dedup.reason = wd_arena_printf(
        story->arena, "%s %.*s from %.*s (%d%% of it), with much else: not the same story",
        contained ? "a part of" : "has as a part", WD_SLICE_ARG(story->dedup.matched),
        WD_SLICE_ARG(story->dedup.matched_provider),
        percent(contained ? comparison->contained : comparison->containing));
}

/* The parts in the order of their size; the first is the match. */
bool wd_near_tell_roundup(struct wd_story *story, const struct wd_roundup *roundup)
{
    const struct wd_roundup_part *parts = roundup->parts;
    struct wd_dedup_verdict *verdict = &story->dedup;
    struct wd_slice list = WD_SLICE_NONE;
    for (size_t i = 0; i < roundup->count; i++) {
        list = wd_arena_printf(story->arena, "%.*s%s%.*s from %.*s (%d%% of it)",
                               WD_SLICE_ARG(list), i > 0 ? ", " : "", WD_SLICE_ARG(parts[i].id),
                               WD_SLICE_ARG(parts[i].provider), percent(parts[i].share));
        if (!list.data)
            return false;
    }
    verdict->relation = WD_RELATION_CONTAINS;
    verdict->matched = wd_arena_copy(story->arena, parts[0].id);
    verdict->matched_provider = wd_arena_copy(story->arena, parts[0].provider);
    verdict->reason =
        wd_arena_printf(story->arena, "a roundup: has as parts %.*s, which have nothing in common",
                        WD_SLICE_ARG(list));
    return true;
}

void wd_near_tell_by_id(struct wd_story *story)
{
    story->dedup.relation = WD_RELATION_NONE;
    story->dedup.reason = wd_arena_printf(
        story->arena,
        "%.*s goes by its id alone: many have the same caption, and each is an item of its own",
        WD_SLICE_ARG(story->item_type));
}

void wd_near_tell_none(struct wd_story *story, const struct wd_finding *best)
{
    story->dedup.relation = WD_RELATION_NONE;
    if (!best) {
        story->dedup.reason =
            WD_SLICE("nothing that was seen before has this id and version or shares its copy");
        return;
    }
    const double *x = best->comparison.features;
    story->dedup.reason = wd_arena_printf(
        story->arena,
        "no copy of what was seen; the nearest, %.*s from %.*s, has %d%% of it and differs in %d%% "
        "of the numbers and %d%% of the names (probability %.2f)",
        WD_SLICE_ARG(best->record.id), WD_SLICE_ARG(best->record.provider),
        percent(best->comparison.contained), percent(x[WD_FEATURE_NUMBERS]),
        percent(x[WD_FEATURE_NAMES]), best->comparison.probability);
}

/* The same message again, or a page without an id that has not changed. */
void wd_near_tell_again(struct wd_story *story, const struct wd_finding *first)
{
    bool named = story->guid.len > 0;
    tell_same_words(story, named ? WD_RELATION_SAME_ID : WD_RELATION_EXACT, first);
    story->dedup.joins = true;
    story->dedup.group = wd_near_hex(story, &first->record.group);
    story->dedup.reason =
        named ? wd_arena_printf(story->arena,
                                "%.*s sent this id and version before, with the same words",
                                WD_SLICE_ARG(story->provider))
              : WD_SLICE("the same words came before under this headline and address");
}
