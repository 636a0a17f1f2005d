#include "verifier.h"

#include "rhythm.h"
#include "verifier_parts.h"
#include "verifier_provider.h"

#include <math.h>

#define COMPOSITE_SHARE 0.6        /* of a text of several matters, that one of them has at most */
#define MISREAD_LEAST 0.1          /* of the phrases are left of copy that was misread, at least */
#define MISREAD_SENTENCES 0.5      /* in whole sentences, at most */
#define MISREAD_NUMBERS 0.25       /* that differ, at most */
#define MISREAD_EVEN 0.2           /* of either text is in the other, where all of it was misread */
#define MISREAD_SENTENCES_EVEN 0.1 /* in whole sentences, at most */
#define MISREAD_NUMBERS_EVEN 0.15  /* that differ, at most */
#define MISREAD_NAMES_EVEN 0.33    /* the same; somebody else's words for it have more */
#define MISREAD_LENGTH 0.1         /* log2 of how much longer one is, at most */
#define COPIED_LEAST 0.1           /* of either text is in the other, more than that */
#define COPIED_LEAST_SURE 0.2
#define COPIED_NAMES 0.4 /* that differ, at most */
#define COPIED_NAMES_NONE 0.6
#define VERBATIM_WORDS 55.0 /* in rare sentences that both have, more than that */
#define VERBATIM_WORDS_SURE 95.0
#define WOVEN_WORDS 20.0 /* in rare sentences that both have, more than that */
#define WOVEN_WORDS_SURE 40.0
#define WOVEN_BETWEEN                                                                              \
    1.0 /* of the longer one's own sentences, more than that, stand between those, */
#define WOVEN_BETWEEN_SURE 3.0
#define WOVEN_MOST 0.3 /* and of a whole text in other order that much is there */
#define WOVEN_MOST_SURE 0.5
#define FIGURES_APART 0.35 /* of the numbers differ, more than that, */
#define FIGURES_APART_SURE 0.5
#define FIGURES_OWN 4.0 /* so many at least on each side, more than that, */
#define FIGURES_OWN_SURE 8.0
#define FIGURES_NAMES 8.0 /* and of the names are hardly more the same, */
#define FIGURES_NAMES_NONE 14.0
#define FIGURES_SENTENCES 0.3 /* nor much in whole sentences, */
#define FIGURES_SENTENCES_NONE 0.7
#define FIGURES_LENGTH 0.4 /* and the one is as long as the other (log2) */
#define FIGURES_LENGTH_NONE 0.8
#define ITEMS_HEADLINE 0.5 /* is the same, more than that, */
#define ITEMS_LEAST 0.6    /* or of either text is in the other, more than that */
#define ITEMS_LEAST_SURE 0.9
#define LEAD_SHARE 0.3 /* of its phrases, that are shared where the lead is */

enum {
    LEAD_SENTENCES = 2,
    SAMPLE_FEW =
        12, /* of a short text a long one's sample holds few shingles: sentences help out */
    MEMBERS_MORE = 2,
    ALERT_WORDS = 100,
    ALERT_SENTENCE_WORDS = 8,
    COMPOSITE_BREAKS = 2,
    MISREAD_NUMBERS_MIN = 3, /* in common */
    HOUR_MS = 3600 * 1000,
    HOUR_MINUTES = 60,
    MINUTE_MS = 60 * 1000,
};

#define WD_FEATURE_NAME(code, name, weight) [code] = (name),
#define WD_FEATURE_WEIGHT(code, name, weight) [code] = (weight),
static const char *const names[WD_FEATURE_COUNT] = {WD_FEATURE_MAP(WD_FEATURE_NAME)};
static const double weights[WD_FEATURE_COUNT] = {WD_FEATURE_MAP(WD_FEATURE_WEIGHT)};

const char *wd_feature_name(enum wd_feature feature)
{
    return names[feature];
}

/* What the shingles say: how many are common of how many in either sample, those allowed for that the other
 * one leaves out. */
struct shares {
    double matched, of_other, of_story;
    double rarity; /* mean worth of the matched ones that the index could know about */
};

static struct shares shares_of(const struct wd_compared *story, const struct wd_copy_record *other,
                               const struct wd_overlap *overlap)
{
    uint32_t keep = story->probe->query->sketch.keep;
    struct shares shares = {.matched = overlap->shingles,
                            .of_other = other->shingle_count,
                            .of_story = overlap->sampled};
    if (!overlap->finer && other->keep > keep)
        shares.of_other *= (double)keep / other->keep;
    shares.rarity =
        overlap->known > 0 ? overlap->worth / (double)(overlap->known * WD_WORTH_WHOLE) : 1;
    return shares;
}

/* One of the first two sentences. */
static bool has_lead(uint32_t sentences)
{
    return (sentences & ((1u << LEAD_SENTENCES) - 1)) != 0;
}

/* The first sentence of one of them stands in the other. */
static bool shares_first(const struct wd_overlap *overlap)
{
    return ((overlap->of_story | overlap->of_other) & 1) != 0;
}

/* As words, each sentence at its worth. */
static double rare_words(const struct wd_overlap *overlap)
{
    return overlap->rare_words / (double)WD_WORTH_WHOLE;
}

/* Some sentences first, the whole story later: they share one rare sentence that stands first in one
 * of them, and little else. What the headline says decides. */
static bool is_alert(const struct wd_overlap *overlap, double shorter, double longer)
{
    return shorter <= ALERT_WORDS && longer >= 2 * shorter && shares_first(overlap) &&
           rare_words(overlap) >= ALERT_SENTENCE_WORDS;
}

/* The longer text begins with something else. */
static bool begins_otherwise(const struct wd_compared *story, const struct wd_copy_record *other,
                             const struct wd_overlap *overlap)
{
    const struct wd_copy_query *query = story->probe->query;
    if (query->sketch.words < other->words)
        return !has_lead(overlap->of_other);
    return !has_lead(overlap->of_story) && overlap->lead < LEAD_SHARE * (double)query->lead_count;
}

/* The longer text turns to another matter where the common sentences begin and where they end. What stands
 * first in it may be all that the other left of it, unless its headline is about something else. */
static bool is_composite(uint32_t common, uint32_t breaks, uint32_t count, bool headless)
{
    if (common == 0 || breaks == 0)
        return false;
    uint32_t first = (uint32_t)__builtin_ctz(common);
    uint32_t after = 32 - (uint32_t)__builtin_clz(common);
    /* A sentence next to them may have been edited. */
    bool begins = (first > 0 && breaks >> first & 1) || (first > 1 && breaks >> (first - 1) & 1);
    bool ends =
        (after < count && breaks >> after & 1) || (after + 1 < count && breaks >> (after + 1) & 1);
    bool at_begin = first == 0;
    bool at_end = after >= count;
    if (at_begin && at_end)
        return false;
    return (begins || at_begin) && (ends || at_end) &&
           (headless || (begins && __builtin_popcount(breaks) >= COMPOSITE_BREAKS));
}

static bool is_part_of_composite(const struct wd_compared *story,
                                 const struct wd_copy_record *other,
                                 const struct wd_overlap *overlap,
                                 const struct wd_comparison *comparison)
{
    const struct wd_copy_sketch *sketch = &story->probe->query->sketch;
    bool story_is_longer = sketch->words >= other->words;
    if ((story_is_longer ? comparison->contained : comparison->containing) > COMPOSITE_SHARE)
        return false;
    /* Its first sentence may have been edited. */
    uint32_t begin = begins_otherwise(story, other, overlap) ? 0 : 1;
    uint32_t common = story_is_longer ? overlap->of_story : overlap->of_other;
    if (common == 0)
        return false;
    if (story_is_longer)
        return is_composite(common | begin, sketch->cohesion.breaks, sketch->sentence_count,
                            sketch->cohesion.headless);
    return is_composite(common | begin, wd_copy_record_breaks(other), other->sentence_count,
                        other->headless);
}

/* The longer text has sentences of its own between those that both have, 0..1: an item of a roundup stands in one piece. */
static double interleaved_of(const struct wd_overlap *overlap, bool story_is_longer)
{
    uint32_t common = story_is_longer ? overlap->of_story : overlap->of_other;
    if (common == 0)
        return 0;
    int span = 32 - __builtin_clz(common) - __builtin_ctz(common);
    return wd_ramp(span - __builtin_popcount(common), WOVEN_BETWEEN, WOVEN_BETWEEN_SURE);
}

/* Whether whole sentences that two providers have in common may tell of one piece of copy, 0..1: much of either text is in the
 * other, of hardly other people, and they are not an item of a page, or a background that stands below two leads. */
static double copied_of(const struct wd_compared *story, const struct wd_copy_record *other,
                        const struct wd_overlap *overlap, const double *x, double least)
{
    if (x[WD_FEATURE_PROVIDER] > 0 || least <= COPIED_LEAST)
        return 0;
    return wd_ramp(least, COPIED_LEAST, COPIED_LEAST_SURE) *
           (1 - wd_ramp(x[WD_FEATURE_NAMES], COPIED_NAMES, COPIED_NAMES_NONE)) *
           (1 - x[WD_FEATURE_COMPOSITE]) * (1 - x[WD_FEATURE_ITEMS]) *
           (1 - wd_background(story->probe->query, other, overlap));
}

/* Two providers have the same rare sentences, 0..1. With others between them: one piece of copy was cut and written on by both.
 * Two writers of one event have the same words only in quotations, a digest has them in one piece. Or so many that nobody
 * writes them a second time, and the longer text does not begin with something else. */
static void look_at_copied(const struct wd_compared *story, const struct wd_copy_record *other,
                           const struct wd_overlap *overlap, double interleaved,
                           struct wd_comparison *out)
{
    double *x = out->features;
    double least = fmin(out->contained, out->containing);
    double copied = copied_of(story, other, overlap, x, least);
    double words = rare_words(overlap);
    x[WD_FEATURE_WOVEN] = copied * interleaved * wd_ramp(words, WOVEN_WORDS, WOVEN_WORDS_SURE);
    x[WD_FEATURE_VERBATIM] =
        copied * (1 - x[WD_FEATURE_ROUNDUP]) * wd_ramp(words, VERBATIM_WORDS, VERBATIM_WORDS_SURE);
}

/* One goes on in items, as live pages and digests do, and the other has not one, 0..1: what they share it quotes. Not so what
 * has the same headline, or of which either has nearly all that the other has: there times and numbers were left out. */
static double items_of(enum wd_items story, enum wd_items other, double least,
                       const struct wd_set_overlap *headline)
{
    bool quotes = (story == WD_ITEMS_MOST && other == WD_ITEMS_NONE) ||
                  (story == WD_ITEMS_NONE && other == WD_ITEMS_MOST);
    return quotes ? (1 - wd_ramp(wd_headline_common(headline), ITEMS_HEADLINE, 1)) *
                        (1 - wd_ramp(least, ITEMS_LEAST, ITEMS_LEAST_SURE))
                  : 0;
}

/* One form that two providers have, filled in with other figures, 0..1: notices of a company's purchases of two days, prices of
 * two towns. In other words for one event the names are more than the figures. */
static double figures_of(const double *x, const struct wd_overlap *overlap)
{
    const struct wd_set_overlap *numbers = &overlap->numbers;
    uint32_t fewer = numbers->of_story < numbers->of_other ? numbers->of_story : numbers->of_other;
    if (x[WD_FEATURE_PROVIDER] > 0 || x[WD_FEATURE_NUMBERS] <= FIGURES_APART)
        return 0;
    return wd_ramp(x[WD_FEATURE_NUMBERS], FIGURES_APART, FIGURES_APART_SURE) *
           wd_ramp(fewer - numbers->both, FIGURES_OWN, FIGURES_OWN_SURE) *
           (1 - wd_ramp(overlap->names.both, FIGURES_NAMES, FIGURES_NAMES_NONE)) *
           (1 - wd_ramp(x[WD_FEATURE_SENTENCES], FIGURES_SENTENCES, FIGURES_SENTENCES_NONE)) *
           (1 - wd_ramp(x[WD_FEATURE_LENGTH], FIGURES_LENGTH, FIGURES_LENGTH_NONE));
}

/* Words that a text's share in whole sentences is of: short lines have no sentences, and are no less the text for it. Of a
 * long text the last sentences are not kept. */
static double words_for_sentences(uint32_t words, uint32_t sentence_count,
                                  uint32_t words_of_sentences)
{
    return sentence_count < WD_SKETCH_SENTENCES_MAX && words > words_of_sentences
               ? words
               : words_of_sentences;
}

/* Share of one side's members that the other lacks, on the side where it is less: what a trim leaves
 * out is no difference, what each has and the other has not is. One of one says less than nine of
 * nine: MEMBERS_MORE members that both have are taken for granted. */
static double apart(const struct wd_set_overlap *bits)
{
    double of_story = wd_share(bits->of_story - bits->both, bits->of_story + MEMBERS_MORE);
    double of_other = wd_share(bits->of_other - bits->both, bits->of_other + MEMBERS_MORE);
    return of_story < of_other ? of_story : of_other;
}

/* How much of the story's lead the other has, or it of the other's: 0..1. */
static double lead_of(const struct wd_compared *story, const struct wd_copy_record *other,
                      const struct wd_overlap *overlap)
{
    const struct wd_copy_query *query = story->probe->query;
    if (shares_first(overlap))
        return 1;
    /* Of the lead's shingles that the other could have kept. */
    double whole = query->lead_count;
    if (other->keep < query->sketch.keep)
        whole *= (double)other->keep / query->sketch.keep;
    double part = wd_share(overlap->lead, whole < 1 ? 1 : whole);
    double least = has_lead(overlap->of_story | overlap->of_other) ? 0.5 : 0;
    return part > least ? part : least;
}

/* Some phrases, hardly a whole sentence, and the same numbers: two forms have others. Of one provider's stories a block
 * that stands in both is no copy that was misread. */
static bool may_be_misread(const double *x, uint32_t numbers_of_both)
{
    double sentences = x[WD_FEATURE_PROVIDER] > 0 ? MISREAD_SENTENCES_EVEN : MISREAD_SENTENCES;
    return x[WD_FEATURE_MOST] >= MISREAD_LEAST && x[WD_FEATURE_SENTENCES] <= sentences &&
           x[WD_FEATURE_NUMBERS] <= MISREAD_NUMBERS && numbers_of_both >= MISREAD_NUMBERS_MIN;
}

/* One of them says that there was a story before it, and the other may be that: a factbox follows a factbox. Asked
 * of either, so that the order of arrival does not matter. */
static bool one_follows(const struct wd_compared *story, const struct wd_copy_record *other)
{
    if (story->piece != other->piece)
        return false;
    return (story->follows && !wd_copy_time_later(other->time, story->time)) ||
           (other->follows && !wd_copy_time_later(story->time, other->time));
}

/* Of the one that follows; of the shorter one where both do. */
static uint32_t follower_words(const struct wd_compared *story, const struct wd_copy_record *other)
{
    uint32_t own = story->probe->query->sketch.words;
    bool story_follows = story->follows && (!other->follows || own < other->words);
    return story_follows ? own : other->words;
}

/* As long as another provider's, much of each in the other, hardly a whole sentence, and the numbers the same: every
 * sentence was misread somewhere. Half as sure as rhythm. */
static double evenly_misread(const double *x, double least)
{
    bool even = x[WD_FEATURE_PROVIDER] == 0 && x[WD_FEATURE_LENGTH] <= MISREAD_LENGTH &&
                least >= MISREAD_EVEN && x[WD_FEATURE_SENTENCES] <= MISREAD_SENTENCES_EVEN &&
                x[WD_FEATURE_NUMBERS] <= MISREAD_NUMBERS_EVEN &&
                x[WD_FEATURE_NAMES] <= MISREAD_NAMES_EVEN;
    return even ? 0.5 : 0;
}

/* When it was made; what says no time was made when it came. */
static uint16_t made_at(struct wd_copy_time time, int64_t event_ms)
{
    if (time.known)
        return time.minutes;
    return (uint16_t)(event_ms / MINUTE_MS);
}

/* How far apart the two were made. */
static double hours_apart(const struct wd_compared *story, const struct wd_copy_record *other,
                          int64_t other_event_ms)
{
    if (!story->time.known && !other->time.known)
        return fabs((double)(story->event_ms - other_event_ms)) / HOUR_MS;
    uint16_t own = made_at(story->time, story->event_ms);
    return fabs((double)(int16_t)(own - made_at(other->time, other_event_ms))) / HOUR_MINUTES;
}

/* A text's share that the other has, from a sample of its phrases. How much of it stands in common sentences is known: there
 * the sample only tells how many phrases run over their ends, and for the rest how much of it is there. */
static double share_by_parts(const struct wd_overlap *overlap, const struct shares *shares,
                             double common, double sampled)
{
    double inside = overlap->inside_sampled;
    double of_inside = inside > 0 ? wd_share(overlap->inside_matched, inside) : 1;
    double of_rest = wd_share(shares->matched - overlap->inside_matched, sampled - inside);
    return common * of_inside + (1 - common) * of_rest;
}

static void estimate(const struct wd_compared *story, const struct wd_copy_record *other,
                     const struct wd_overlap *overlap, const struct shares *shares,
                     struct wd_comparison *out)
{
    const struct wd_copy_query *query = story->probe->query;
    bool sampled = other->keep != UINT32_MAX || query->sketch.keep != UINT32_MAX;
    out->similarity =
        wd_share(shares->matched, shares->of_story + shares->of_other - shares->matched);
    out->contained = wd_share(shares->matched, shares->of_story);
    out->containing = wd_share(shares->matched, shares->of_other);
    if (!sampled || overlap->finer || overlap->of_story == 0)
        return;
    if (query->boilerplate != 0) {
        double more = shares->of_story < SAMPLE_FEW ? SAMPLE_FEW - shares->of_story : 0;
        out->contained =
            wd_share(shares->matched + more * wd_share(overlap->words, story->probe->words),
                     shares->of_story + more);
        return;
    }
    uint32_t of_other = wd_copy_shingles_of(other->words, other->keep);
    out->contained = share_by_parts(overlap, shares, wd_share(overlap->words, query->hash_count),
                                    shares->of_story);
    out->containing = share_by_parts(overlap, shares, wd_share(overlap->common_of_other, of_other),
                                     shares->of_other);
}

void wd_verifier_compare(const struct wd_compared *story, const struct wd_copy_record *other,
                         int64_t other_event_ms, struct wd_comparison *out)
{
    const struct wd_copy_query *query = story->probe->query;
    const struct wd_copy_sketch *sketch = &query->sketch;
    struct wd_overlap overlap;
    wd_overlap_count(story->probe, other, &overlap);
    struct shares shares = shares_of(story, other, &overlap);
    estimate(story, other, &overlap, &shares, out);
    out->matched = overlap.matched;
    out->headline_words = overlap.headline.both;

    double most = out->contained > out->containing ? out->contained : out->containing;
    double least = out->contained > out->containing ? out->containing : out->contained;
    double words = sketch->words;
    double longer = words > other->words ? words : other->words;
    double shorter = words > other->words ? other->words : words;
    double hours = hours_apart(story, other, other_event_ms);
    double least_words =
        fmin(words_for_sentences(sketch->words - query->boilerplate_words, sketch->sentence_count,
                                 story->probe->words),
             words_for_sentences(other->words, other->sentence_count, overlap.words_of_other));
    double *x = out->features;
    x[WD_FEATURE_BIAS] = 1;
    /* Share of the one, and of the other, that both have; what many groups have counts little. */
    x[WD_FEATURE_MOST] = most * shares.rarity;
    x[WD_FEATURE_LEAST] = least * shares.rarity;
    /* Words in whole sentences that both have, of the text that has fewer. */
    x[WD_FEATURE_SENTENCES] = wd_share(rare_words(&overlap), least_words);
    x[WD_FEATURE_LEAD] = lead_of(story, other, &overlap);
    x[WD_FEATURE_NUMBERS] = apart(&overlap.numbers);
    x[WD_FEATURE_NAMES] = apart(&overlap.names);
    x[WD_FEATURE_HEADLINE] = wd_headline_likeness(&overlap.headline);
    x[WD_FEATURE_PROVIDER] = story->provider_hash == other->provider_hash;
    x[WD_FEATURE_LENGTH] = log2((longer + 1) / (shorter + 1));
    /* How many shingles the sample stands for: 10 say less than 500. */
    x[WD_FEATURE_EVIDENCE] = log2(1 + most * shorter) / 10;
    x[WD_FEATURE_HOURS] = log1p(hours) / 5;
    x[WD_FEATURE_BOILERPLATE] = wd_share(query->boilerplate_words, words);
    /* "CORRECTED", "UPDATE 2", a kill: the provider says itself that there was a story before. */
    bool cue = x[WD_FEATURE_PROVIDER] > 0 && one_follows(story, other);
    x[WD_FEATURE_CUE] = cue ? 1 - x[WD_FEATURE_NAMES] : 0; /* about the same people, though */
    x[WD_FEATURE_ALERT] = is_alert(&overlap, shorter, longer) ? x[WD_FEATURE_HEADLINE] : 0;
    /* A brief among others under another headline: the longer text is about something else, too, and
     * begins with it, or turns to it. A note may well be of a part, but not what brings a whole story. */
    double unlike = !cue ? wd_headline_unlike(&overlap.headline) : 0;
    bool of_part = cue && follower_words(story, other) <= WD_ORDER_WORDS;
    bool otherwise = longer >= 2 * shorter && begins_otherwise(story, other, &overlap);
    double interleaved = interleaved_of(&overlap, words > other->words);
    x[WD_FEATURE_ROUNDUP] =
        otherwise
            ? unlike * (1 - interleaved * wd_ramp(x[WD_FEATURE_MOST], WOVEN_MOST, WOVEN_MOST_SURE))
            : 0;
    x[WD_FEATURE_COMPOSITE] = !of_part && is_part_of_composite(story, other, &overlap, out)
                                  ? 1 - wd_headline_common(&overlap.headline)
                                  : 0;
    x[WD_FEATURE_ITEMS] = items_of(story->items, other->items, least, &overlap.headline);
    look_at_copied(story, other, &overlap, interleaved, out);
    x[WD_FEATURE_FIGURES] = figures_of(x, &overlap);
    x[WD_FEATURE_RHYTHM] = 0;
    if (may_be_misread(x, overlap.numbers.both)) {
        double rhythm = wd_share(wd_rhythm_words(sketch, other), least_words);
        double even = evenly_misread(x, least);
        x[WD_FEATURE_RHYTHM] = rhythm > even ? rhythm : even;
    }
    wd_verifier_look_at_provider(story, other, &overlap, hours, out);
    double sum = 0;
    for (int i = 0; i < WD_FEATURE_COUNT; i++)
        sum += weights[i] * x[i];
    out->probability = 1 / (1 + exp(-sum));
}
