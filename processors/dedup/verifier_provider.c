#include "verifier_provider.h"

#include "verifier_parts.h"

#include <math.h>

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
#define DAILY_HOURS 2.0      /* a form comes again at the same time of day, to less than so many, */
#define AGAIN_HOURS 0.1      /* and at the same minute, to six, it is hardly chance, */
#define AGAIN_HOURS_LAST 0.3 /* or to eighteen less and less surely, */
#define AGAIN_HEADLINE 0.4   /* when so much of the headlines is the same, */
#define AGAIN_OWN 0.05       /* and more than that of both texts is their own */
#define AGAIN_OWN_SURE 0.15
#define NAMESAKE_NUMBERS 0.25    /* that differ, at most */
#define SIBLING_HOURS (2.0 / 60) /* within two minutes */
#define SIBLING_NUMBERS 0.25     /* that differ, more than that, */
#define SIBLING_NUMBERS_SURE 0.5 /* which is as sure as it gets */
#define NAMESAKE_NAMES 0.75      /* the same */
#define NAMESAKE_MOST 0.5        /* of either is in the other, where it is as sure as it gets */
#define FACTS_APART 0.3     /* of the numbers, or of the names, differ, where it is another story */
#define BESIDE_SHARE 0.5    /* of the sentences about the headlines, that are common, at most */
#define BESIDE_HEADLINE 0.5 /* of the shorter headline is in the other, at most */

enum {
    DAY_HOURS = 24,
    FLASH_HOURS = 12,
    FORM_SAME_NUMBERS_MIN = 4,
    NAMESAKE_HOURS = 12,
    NAMESAKE_WORDS = 4,
    NOTICE_WORDS = 24,
    FACTS_MIN = 3, /* numbers, and names, that both have */
};

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
    double common = wd_share(headline->both, fmax(form, headline->both));
    return common > SLOT_HEADLINE
               ? wd_share(common - SLOT_HEADLINE, SLOT_HEADLINE_SURE - SLOT_HEADLINE)
               : 0;
}

/* A provider's form filled in twice at once, 0..1: rates of one day after the other, a firm's notices, results in a row. A
 * version comes later, or has the most of its numbers left. Dates without a time of day tell nothing. */
static double sibling_of(const struct wd_compared *story, const struct wd_copy_record *other,
                         const double *x, double hours)
{
    bool at_once = story->time.known && other->time.known && hours <= SIBLING_HOURS &&
                   (hours > 0 || story->has_minutes);
    if (!at_once || x[WD_FEATURE_PROVIDER] == 0 || x[WD_FEATURE_CUE] > 0)
        return 0;
    return fmax(0, wd_share(x[WD_FEATURE_NUMBERS] - SIBLING_NUMBERS,
                            SIBLING_NUMBERS_SURE - SIBLING_NUMBERS));
}

/* The provider's headline of another day, 0..1: the same words but for the day of its date. */
static double dated_of(const double *x, const struct wd_copy_query *query,
                       const struct wd_copy_record *other, const struct wd_set_overlap *headline)
{
    uint32_t longer =
        headline->of_story > headline->of_other ? headline->of_story : headline->of_other;
    if (x[WD_FEATURE_PROVIDER] == 0 || query->headline_day == 0 ||
        headline->both < WD_HEADLINE_WORDS_ALIKE || headline->of_other == headline->both ||
        wd_headline_words_have(&other->headline, query->headline_day))
        return 0;
    return wd_share(wd_share(headline->both, longer - 1) - SLOT_HEADLINE,
                    SLOT_HEADLINE_SURE - SLOT_HEADLINE);
}

/* How far the one is from the time of day at which the other was made on another day, in hours. */
static double off_time_of_day(double hours)
{
    double days = round(hours / DAY_HOURS);
    return days < 1 ? DAY_HOURS : fabs(hours - days * DAY_HOURS);
}

/* It is of the time of day at which the other was made on another day: from 2 at the same minute down to 0. */
static double daily_of(double hours)
{
    return fmax(0, DAILY_HOURS - off_time_of_day(hours));
}

/* What a provider prints at the same minute of another day under a headline that is half the same, 0..1: the day's weather,
 * stars, podcast, whatever of it stays the same. A version keeps the most of one of the two. */
static double again_of(const double *x, const struct wd_comparison *comparison,
                       const struct wd_set_overlap *headline, double hours)
{
    double off = off_time_of_day(hours);
    if (x[WD_FEATURE_PROVIDER] == 0 || x[WD_FEATURE_CUE] > 0 || off >= AGAIN_HOURS_LAST)
        return 0;
    double own = 1 - fmax(comparison->contained, comparison->containing);
    return wd_share(AGAIN_HOURS_LAST - off, AGAIN_HOURS_LAST - AGAIN_HOURS) *
           wd_share(wd_headline_common(headline), AGAIN_HEADLINE) *
           wd_share(fmax(0, own - AGAIN_OWN), AGAIN_OWN_SURE - AGAIN_OWN);
}

/* A form that is filled in again, 0..1: hours later, and the provider does not say that it follows anything, the same
 * phrases with other numbers, or on another day under the same headline, and hardly a whole sentence. Somebody else's
 * copy that lacks many phrases, too, may be misread. */
static double recurring_of(const double *x, double hours, double daily)
{
    bool misread = x[WD_FEATURE_PROVIDER] == 0 && x[WD_FEATURE_MOST] < RECURRING_MOST;
    if (x[WD_FEATURE_CUE] > 0 || misread || hours <= RECURRING_HOURS_FIRST)
        return 0;
    double later = wd_share(hours - RECURRING_HOURS_FIRST, RECURRING_HOURS - RECURRING_HOURS_FIRST);
    double other = later * wd_share(x[WD_FEATURE_NUMBERS], RECURRING_NUMBERS);
    return (daily > other ? daily : other) * (1 - x[WD_FEATURE_SENTENCES]);
}

/* A provider's form filled in with other names, 0..1, also at the same hour: warnings for one county after the other, results
 * of one firm after the other. Of a version that shares so much about half of the names do not change at once. */
static double form_of(const double *x, double least, const struct wd_overlap *overlap)
{
    /* One table sent twice: what stands beside its numbers may be put in other words. */
    bool same_table = overlap->numbers.both >= FORM_SAME_NUMBERS_MIN &&
                      x[WD_FEATURE_NUMBERS] <= FORM_NUMBERS &&
                      wd_headline_common(&overlap->headline) >= FORM_HEADLINE;
    if (x[WD_FEATURE_CUE] > 0 || least < FORM_LEAST || same_table)
        return 0;
    return x[WD_FEATURE_PROVIDER] *
           wd_share(x[WD_FEATURE_NAMES] - FORM_NAMES, FORM_NAMES_SURE - FORM_NAMES);
}

/* A provider's two stories of one day under one headline that says much, 0..1: an edited version shares many phrases,
 * the names and the numbers, also where its lead was written anew. */
static double namesake_of(const double *x, const struct wd_set_overlap *headline, double hours)
{
    if (x[WD_FEATURE_PROVIDER] == 0 || hours > NAMESAKE_HOURS || headline->both < NAMESAKE_WORDS)
        return 0;
    return wd_headline_common(headline) * wd_share(x[WD_FEATURE_MOST], NAMESAKE_MOST) *
           (1 - wd_share(x[WD_FEATURE_NUMBERS], NAMESAKE_NUMBERS)) *
           (1 - wd_share(x[WD_FEATURE_NAMES], NAMESAKE_NAMES));
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
           (x[WD_FEATURE_CUE] > 0 && follows && words <= WD_ORDER_WORDS);
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
    return wd_share(count.common, BESIDE_SHARE * count.all);
}

/* What one site's pages under unlike headlines have in common is about neither, 0..1: it stands beside the story. A teaser
 * behind a paywall may have no sentence about its headline at all; what two such share is the paywall. */
static double beside_of(const double *x, const struct wd_overlap *overlap, double about)
{
    double alike = wd_share(1 - wd_headline_unlike(&overlap->headline), BESIDE_HEADLINE);
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
    return x[WD_FEATURE_PROVIDER] * (1 - wd_headline_common(&overlap->headline)) *
           (differ ? 1 : wd_headline_unlike(&overlap->headline));
}

/* The two name the same people and figures, and several of both: that is no furniture, 0..1. */
static double same_facts(const double *x, const struct wd_overlap *overlap)
{
    if (overlap->numbers.both < FACTS_MIN || overlap->names.both < FACTS_MIN)
        return 0;
    return 1 - wd_share(fmax(x[WD_FEATURE_NUMBERS], x[WD_FEATURE_NAMES]), FACTS_APART);
}

/* What tells two items of one provider apart, or makes them one, though their words do not: forms, furniture, flashes. */
void wd_verifier_look_at_provider(const struct wd_compared *story,
                                  const struct wd_copy_record *other,
                                  const struct wd_overlap *overlap, double hours,
                                  struct wd_comparison *out)
{
    const struct wd_copy_query *query = story->probe->query;
    const struct wd_copy_sketch *sketch = &query->sketch;
    double *x = out->features;
    double least = fmin(out->contained, out->containing);
    double longer = sketch->words > other->words ? sketch->words : other->words;
    double about = about_of(sketch, other, overlap);
    double daily = x[WD_FEATURE_PROVIDER] * wd_headline_common(&overlap->headline) *
                   (story->has_minutes ? daily_of(hours) : 0);
    double dated = dated_of(x, query, other, &overlap->headline);
    x[WD_FEATURE_CUE] *= 1 - dated; /* what was corrected is a version of its own day */
    x[WD_FEATURE_RECURRING] =
        fmax(fmax(recurring_of(x, hours, daily), form_of(x, least, overlap)), dated);
    if (story->has_time_of_day)
        x[WD_FEATURE_RECURRING] =
            fmax(x[WD_FEATURE_RECURRING], again_of(x, out, &overlap->headline, hours));
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
    /* What both have stands below, as a desk puts it under all that it writes of one matter. */
    x[WD_FEATURE_BACKGROUND] =
        x[WD_FEATURE_CUE] > 0 ? 0 : x[WD_FEATURE_PROVIDER] * wd_background(query, other, overlap);
}
