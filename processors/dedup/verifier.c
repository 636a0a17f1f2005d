#include "verifier.h"

#include "rhythm.h"

#include <math.h>

#define COMPOSITE_SHARE 0.6       /* of a text of several matters, that one of them has at most */
#define MISREAD_LEAST 0.1         /* of the phrases are left of copy that was misread, at least */
#define MISREAD_SENTENCES 0.5     /* in whole sentences, at most */
#define MISREAD_NUMBERS 0.25      /* that differ, at most */
#define RECURRING_HOURS_FIRST 3.0 /* an update comes sooner than the same form again, */
#define RECURRING_HOURS 12.0      /* which is as sure as it gets after so long */
#define RECURRING_MOST 0.75       /* of another provider's form is there, at least */
#define RECURRING_NUMBERS 0.25    /* that differ */
#define FORM_LEAST 0.4            /* of either text is in the other, and of each one's names not: */
#define FORM_NAMES 0.4
#define FORM_NAMES_SURE 0.5
#define FORM_NUMBERS 0.25 /* that differ, at most, where it is the same table */
#define FORM_HEADLINE 0.5 /* and so much of the headline is the same */
#define SLOT_HEADLINE 0.4 /* the same, at least, around a name that is another one */
#define SLOT_HEADLINE_SURE 0.6
#define DAILY_HOURS 1.0            /* a form comes again at the same time of day, to an hour, */
#define DAILY_HOURS_LAST 2.0       /* from which to two hours it may more and more be chance */
#define NAMESAKE_NUMBERS 0.25      /* that differ, at most */
#define SIBLING_HOURS (2.0 / 60)   /* within two minutes */
#define SIBLING_NUMBERS 0.25       /* that differ, more than that, */
#define SIBLING_NUMBERS_SURE 0.5   /* which is as sure as it gets */
#define NAMESAKE_NAMES 0.75        /* the same */
#define NAMESAKE_MOST 0.5          /* of either is in the other, where it is as sure as it gets */
#define MISREAD_EVEN 0.2           /* of either text is in the other, where all of it was misread */
#define MISREAD_SENTENCES_EVEN 0.1 /* in whole sentences, at most */
#define MISREAD_NUMBERS_EVEN 0.15  /* that differ, at most */
#define MISREAD_NAMES_EVEN 0.33    /* the same; somebody else's words for it have more */
#define MISREAD_LENGTH 0.1         /* log2 of how much longer one is, at most */
#define LEAD_SHARE 0.3             /* of its phrases, that are shared where the lead is */
#define FACTS_APART 0.3     /* of the numbers, or of the names, differ, where it is another story */
#define BESIDE_SHARE 0.5    /* of the sentences about the headlines, that are common, at most */
#define BESIDE_HEADLINE 0.5 /* of the shorter headline is in the other, at most */

enum {
    LEAD_SENTENCES = 2,
    SAMPLE_FEW =
        12, /* of a short text a long one's sample holds few shingles: sentences help out */
    MEMBERS_MORE = 2,
    ALERT_WORDS = 100,
    ALERT_SENTENCE_WORDS = 8,
    HEADLINE_WORDS = 2,
    COMPOSITE_BREAKS = 2,
    MISREAD_NUMBERS_MIN = 3, /* in common */
    HOUR_MS = 3600 * 1000,
    HOUR_MINUTES = 60,
    MINUTE_MS = 60 * 1000,
    DAY_HOURS = 24,
    FLASH_HOURS = 12,
    FORM_SAME_NUMBERS_MIN = 4,
    NAMESAKE_HOURS = 12,
    NAMESAKE_WORDS = 4,
    ORDER_WORDS = 60,
    NOTICE_WORDS = 24,
    FACTS_MIN = 3, /* numbers, and names, that both have */
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

static double share(double part, double whole)
{
    return whole <= 0 ? 0 : part < whole ? part / whole : 1;
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
    double of_story = share(bits->of_story - bits->both, bits->of_story + MEMBERS_MORE);
    double of_other = share(bits->of_other - bits->both, bits->of_other + MEMBERS_MORE);
    return of_story < of_other ? of_story : of_other;
}

static double headline_likeness(const struct wd_set_overlap *headline)
{
    uint32_t least =
        headline->of_story < headline->of_other ? headline->of_story : headline->of_other;
    return least == 0 ? 0.5 : share(headline->both, least);
}

/* Another headline, 0..1: a word in common may well be so by chance. */
static double headline_unlike(const struct wd_set_overlap *headline)
{
    return headline->both < HEADLINE_WORDS ? 1 : 1 - headline_likeness(headline);
}

/* The same headline, 0..1: one that has the other and much else is not the same. */
static double headline_common(const struct wd_set_overlap *headline)
{
    uint32_t either = headline->of_story + headline->of_other - headline->both;
    return headline->both < HEADLINE_WORDS ? 0 : share(headline->both, either);
}

/* Names in the story's headline: those that the other has in its own, and those that it has nowhere. */
struct headline_names {
    uint32_t common, unknown;
};

static struct headline_names headline_names_of(const struct wd_copy_query *query,
                                               const struct wd_copy_record *other)
{
    struct headline_names found = {0, 0};
    for (uint32_t i = 0; i < query->headline_name_count; i++) {
        if (wd_headline_words_have(&other->headline, query->headline_names[i]))
            found.common++;
        else if (!wd_copy_has_name(other->names, query->headline_names[i]))
            found.unknown++;
    }
    return found;
}

/* A provider's form whose headline is filled in with another name, 0..1: "Kinvara investors reminded", "Solbrite investors
 * reminded", "Death notice: Ann Orme", "Death notice: Col. Harry Ludd". A version with much the same headline has no name
 * there that the other has nowhere. */
static double slot_of(const double *x, const struct wd_copy_query *query,
                      const struct wd_copy_record *other, const struct wd_set_overlap *headline)
{
    uint32_t own = headline->of_other - headline->both;
    if (x[WD_FEATURE_PROVIDER] == 0 || x[WD_FEATURE_CUE] > 0 || own == 0)
        return 0;
    struct headline_names found = headline_names_of(query, other);
    if (found.unknown == 0)
        return 0;
    double form = headline->of_story + own;
    /* Where no name is common, names are all that is filled in: on the other's side as many words, or one more. */
    if (found.common == 0)
        form -= found.unknown + fmin(own, found.unknown + 1);
    /* A name that stands twice is one word. */
    double common = share(headline->both, fmax(form, headline->both));
    return common > SLOT_HEADLINE
               ? share(common - SLOT_HEADLINE, SLOT_HEADLINE_SURE - SLOT_HEADLINE)
               : 0;
}

/* A provider's form filled in twice at once, 0..1: rates of one day after the other, a firm's notices, results in a row. A
 * version comes later, or has the most of its numbers left. Dates without a time of day tell nothing. */
static double sibling_of(const struct wd_compared *story, const struct wd_copy_record *other,
                         const double *x, double hours)
{
    bool at_once = story->time.known && other->time.known && hours <= SIBLING_HOURS &&
                   (hours > 0 || story->has_time_of_day);
    if (!at_once || x[WD_FEATURE_PROVIDER] == 0 || x[WD_FEATURE_CUE] > 0)
        return 0;
    return fmax(
        0, share(x[WD_FEATURE_NUMBERS] - SIBLING_NUMBERS, SIBLING_NUMBERS_SURE - SIBLING_NUMBERS));
}

/* The provider's headline of another day, 0..1: the same words but for the day of its date. */
static double dated_of(const double *x, const struct wd_copy_query *query,
                       const struct wd_copy_record *other, const struct wd_set_overlap *headline)
{
    uint32_t longer =
        headline->of_story > headline->of_other ? headline->of_story : headline->of_other;
    if (x[WD_FEATURE_PROVIDER] == 0 || x[WD_FEATURE_CUE] > 0 || query->headline_day == 0 ||
        headline->both < HEADLINE_WORDS || headline->of_other == headline->both ||
        wd_headline_words_have(&other->headline, query->headline_day))
        return 0;
    return share(share(headline->both, longer - 1) - SLOT_HEADLINE,
                 SLOT_HEADLINE_SURE - SLOT_HEADLINE);
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
    double part = share(overlap->lead, whole < 1 ? 1 : whole);
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

/* It is of the time of day at which the other was made on another day, 0..1. */
static double daily_of(double hours)
{
    double days = round(hours / DAY_HOURS);
    double off = fabs(hours - days * DAY_HOURS);
    return days < 1 ? 0 : 1 - share(off - DAILY_HOURS, DAILY_HOURS_LAST - DAILY_HOURS);
}

/* A form that is filled in again, 0..1: hours later, and the provider does not say that it follows anything, the same
 * phrases with other numbers, or on another day under the same headline, and hardly a whole sentence. Somebody else's
 * copy that lacks many phrases, too, may be misread. */
static double recurring_of(const double *x, double hours, double daily)
{
    bool misread = x[WD_FEATURE_PROVIDER] == 0 && x[WD_FEATURE_MOST] < RECURRING_MOST;
    if (x[WD_FEATURE_CUE] > 0 || misread || hours <= RECURRING_HOURS_FIRST)
        return 0;
    double later = share(hours - RECURRING_HOURS_FIRST, RECURRING_HOURS - RECURRING_HOURS_FIRST);
    double other = later * share(x[WD_FEATURE_NUMBERS], RECURRING_NUMBERS);
    return (daily > other ? daily : other) * (1 - x[WD_FEATURE_SENTENCES]);
}

/* A provider's form filled in with other names, 0..1, also at the same hour: warnings for one county after the other, results
 * of one firm after the other. Of a version that shares so much about half of the names do not change at once. */
static double form_of(const double *x, double least, const struct wd_overlap *overlap)
{
    /* One table sent twice: what stands beside its numbers may be put in other words. */
    bool same_table = overlap->numbers.both >= FORM_SAME_NUMBERS_MIN &&
                      x[WD_FEATURE_NUMBERS] <= FORM_NUMBERS &&
                      headline_common(&overlap->headline) >= FORM_HEADLINE;
    if (x[WD_FEATURE_CUE] > 0 || least < FORM_LEAST || same_table)
        return 0;
    return x[WD_FEATURE_PROVIDER] *
           share(x[WD_FEATURE_NAMES] - FORM_NAMES, FORM_NAMES_SURE - FORM_NAMES);
}

/* A provider's two stories of one day under one headline that says much, 0..1: an edited version shares many phrases,
 * the names and the numbers, also where its lead was written anew. */
static double namesake_of(const double *x, const struct wd_set_overlap *headline, double hours)
{
    if (x[WD_FEATURE_PROVIDER] == 0 || hours > NAMESAKE_HOURS || headline->both < NAMESAKE_WORDS)
        return 0;
    return headline_common(headline) * share(x[WD_FEATURE_MOST], NAMESAKE_MOST) *
           (1 - share(x[WD_FEATURE_NUMBERS], NAMESAKE_NUMBERS)) *
           (1 - share(x[WD_FEATURE_NAMES], NAMESAKE_NAMES));
}

/* One is a flash or an order about a story: it has the headline of the other and hardly a word of its copy, and came
 * before or after it on the same day. */
static bool is_flash(const struct wd_compared *story, const struct wd_copy_record *other,
                     const struct wd_comparison *comparison, double hours)
{
    const struct wd_copy_sketch *sketch = &story->probe->query->sketch;
    const double *x = comparison->features;
    if (x[WD_FEATURE_PROVIDER] == 0 || hours > FLASH_HOURS ||
        !wd_headline_words_equal(&sketch->headline, &other->headline) ||
        comparison->headline_words < WD_HEADLINE_WORDS_MIN)
        return false;
    bool story_is_shorter = sketch->words < other->words;
    bool follows = story_is_shorter ? story->follows : other->follows;
    uint32_t words = story_is_shorter ? sketch->words : other->words;
    return (story_is_shorter ? story->flash : other->flash) ||
           (x[WD_FEATURE_CUE] > 0 && follows && words <= ORDER_WORDS);
}

/* Of a text's sentences about its headline: how many, and how many of them are common. */
struct about {
    int all, common;
};

static void count_about(uint32_t about, uint32_t common, struct about *count)
{
    if (common != 0) {
        count->all += __builtin_popcount(about);
        count->common += __builtin_popcount(about & common);
    }
}

/* How much of what the two texts say about their headlines is common, 0..1. */
static double about_of(const struct wd_copy_sketch *sketch, const struct wd_copy_record *other,
                       const struct wd_overlap *overlap)
{
    struct about count = {0, 0};
    count_about(sketch->about, overlap->of_story, &count);
    count_about(other->about, overlap->of_other, &count);
    return share(count.common, BESIDE_SHARE * count.all);
}

/* What one site's pages under unlike headlines have in common is about neither, 0..1: it stands beside the story. A teaser
 * behind a paywall may have no sentence about its headline at all; what two such share is the paywall. */
static double beside_of(const double *x, const struct wd_overlap *overlap, double about)
{
    double alike = share(1 - headline_unlike(&overlap->headline), BESIDE_HEADLINE);
    return overlap->of_story == 0 ? 0 : x[WD_FEATURE_PROVIDER] * (1 - alike) * (1 - about);
}

/* A provider's notices of a few words, 0..1: the headline is half of what they say. With other numbers and another headline
 * they are two, though the words between are the same. */
static double notice_of(const double *x, const struct wd_overlap *overlap, double longer)
{
    const struct wd_set_overlap *numbers = &overlap->numbers;
    bool differ = numbers->both < numbers->of_story && numbers->both < numbers->of_other;
    if (longer > NOTICE_WORDS || x[WD_FEATURE_CUE] > 0)
        return 0;
    return x[WD_FEATURE_PROVIDER] * (1 - headline_common(&overlap->headline)) *
           (differ ? 1 : headline_unlike(&overlap->headline));
}

/* A text's share that the other has, from a sample of its phrases. How much of it stands in common sentences is known: there
 * the sample only tells how many phrases run over their ends, and for the rest how much of it is there. */
static double share_by_parts(const struct wd_overlap *overlap, const struct shares *shares,
                             double common, double sampled)
{
    double inside = overlap->inside_sampled;
    double of_inside = inside > 0 ? share(overlap->inside_matched, inside) : 1;
    double of_rest = share(shares->matched - overlap->inside_matched, sampled - inside);
    return common * of_inside + (1 - common) * of_rest;
}

static void estimate(const struct wd_compared *story, const struct wd_copy_record *other,
                     const struct wd_overlap *overlap, const struct shares *shares,
                     struct wd_comparison *out)
{
    const struct wd_copy_query *query = story->probe->query;
    bool sampled = other->keep != UINT32_MAX || query->sketch.keep != UINT32_MAX;
    out->similarity = share(shares->matched, shares->of_story + shares->of_other - shares->matched);
    out->contained = share(shares->matched, shares->of_story);
    out->containing = share(shares->matched, shares->of_other);
    if (!sampled || overlap->finer || overlap->of_story == 0)
        return;
    if (query->boilerplate != 0) {
        double more = shares->of_story < SAMPLE_FEW ? SAMPLE_FEW - shares->of_story : 0;
        out->contained = share(shares->matched + more * share(overlap->words, story->probe->words),
                               shares->of_story + more);
        return;
    }
    uint32_t of_other = wd_copy_shingles_of(other->words, other->keep);
    out->contained =
        share_by_parts(overlap, shares, share(overlap->words, query->hash_count), shares->of_story);
    out->containing = share_by_parts(overlap, shares, share(overlap->common_of_other, of_other),
                                     shares->of_other);
}

/* The two name the same people and figures, and several of both: that is no furniture, 0..1. */
static double same_facts(const double *x, const struct wd_overlap *overlap)
{
    if (overlap->numbers.both < FACTS_MIN || overlap->names.both < FACTS_MIN)
        return 0;
    return 1 - share(fmax(x[WD_FEATURE_NUMBERS], x[WD_FEATURE_NAMES]), FACTS_APART);
}

/* What tells two items of one provider apart, or makes them one, though their words do not: forms, furniture, flashes. */
static void look_at_provider(const struct wd_compared *story, const struct wd_copy_record *other,
                             const struct wd_overlap *overlap, double hours,
                             struct wd_comparison *out)
{
    const struct wd_copy_query *query = story->probe->query;
    const struct wd_copy_sketch *sketch = &query->sketch;
    double *x = out->features;
    double least = fmin(out->contained, out->containing);
    double longer = sketch->words > other->words ? sketch->words : other->words;
    double about = about_of(sketch, other, overlap);
    double daily = x[WD_FEATURE_PROVIDER] * headline_common(&overlap->headline) *
                   (story->has_time_of_day ? daily_of(hours) : 0);
    x[WD_FEATURE_RECURRING] = fmax(fmax(recurring_of(x, hours, daily), form_of(x, least, overlap)),
                                   dated_of(x, query, other, &overlap->headline));
    x[WD_FEATURE_NAMESAKE] = namesake_of(x, &overlap->headline, hours);
    x[WD_FEATURE_FLASH] = is_flash(story, other, out, hours);
    /* A factbox has the background of the story, and both are sent. */
    x[WD_FEATURE_PIECE] = x[WD_FEATURE_PROVIDER] > 0 && story->piece != other->piece;
    x[WD_FEATURE_BESIDE] = beside_of(x, overlap, about);
    /* One site's pages under unlike headlines that begin differently: what they share stands around
     * the copy. Paywalls, mostly, before enough of them were seen to know their sentences. */
    x[WD_FEATURE_FURNITURE] = x[WD_FEATURE_PROVIDER] * (1 - x[WD_FEATURE_HEADLINE]) *
                              (1 - x[WD_FEATURE_LEAD]) *
                              (1 - same_facts(x, overlap) * (1 - x[WD_FEATURE_BESIDE]));
    x[WD_FEATURE_SLOT] = slot_of(x, query, other, &overlap->headline);
    x[WD_FEATURE_SIBLING] = sibling_of(story, other, x, hours);
    x[WD_FEATURE_NOTICE] = notice_of(x, overlap, longer);
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
    x[WD_FEATURE_SENTENCES] = share(rare_words(&overlap), least_words);
    x[WD_FEATURE_LEAD] = lead_of(story, other, &overlap);
    x[WD_FEATURE_NUMBERS] = apart(&overlap.numbers);
    x[WD_FEATURE_NAMES] = apart(&overlap.names);
    x[WD_FEATURE_HEADLINE] = headline_likeness(&overlap.headline);
    x[WD_FEATURE_PROVIDER] = story->provider_hash == other->provider_hash;
    x[WD_FEATURE_LENGTH] = log2((longer + 1) / (shorter + 1));
    /* How many shingles the sample stands for: 10 say less than 500. */
    x[WD_FEATURE_EVIDENCE] = log2(1 + most * shorter) / 10;
    x[WD_FEATURE_HOURS] = log1p(hours) / 5;
    x[WD_FEATURE_BOILERPLATE] = share(query->boilerplate_words, words);
    /* "CORRECTED", "UPDATE 2", a kill: the provider says itself that there was a story before. */
    bool cue = x[WD_FEATURE_PROVIDER] > 0 && one_follows(story, other);
    x[WD_FEATURE_CUE] = cue ? 1 - x[WD_FEATURE_NAMES] : 0; /* about the same people, though */
    x[WD_FEATURE_ALERT] = is_alert(&overlap, shorter, longer) ? x[WD_FEATURE_HEADLINE] : 0;
    /* A brief among others under another headline: the longer text is about something else, too, and
     * begins with it, or turns to it. A note may well be of a part, but not what brings a whole story. */
    double unlike = !cue ? headline_unlike(&overlap.headline) : 0;
    bool of_part = cue && follower_words(story, other) <= ORDER_WORDS;
    bool otherwise = longer >= 2 * shorter && begins_otherwise(story, other, &overlap);
    x[WD_FEATURE_ROUNDUP] = otherwise ? unlike : 0;
    x[WD_FEATURE_COMPOSITE] = !of_part && is_part_of_composite(story, other, &overlap, out)
                                  ? 1 - headline_common(&overlap.headline)
                                  : 0;
    x[WD_FEATURE_RHYTHM] = 0;
    if (may_be_misread(x, overlap.numbers.both)) {
        double rhythm = share(wd_rhythm_words(sketch, other), least_words);
        double even = evenly_misread(x, least);
        x[WD_FEATURE_RHYTHM] = rhythm > even ? rhythm : even;
    }
    look_at_provider(story, other, &overlap, hours, out);
    double sum = 0;
    for (int i = 0; i < WD_FEATURE_COUNT; i++)
        sum += weights[i] * x[i];
    out->probability = 1 / (1 + exp(-sum));
}
