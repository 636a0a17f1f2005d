/* near_headline.h - the headline that a story goes by when it is looked for: its own without the desk's words, or the one that
 * it names.
 *
 * Why:    "CORRECTED", "UPDATE 2" and "(RPT)" are the desk's and in many headlines; an order names the headline of its story.
 * Owns:   nothing; what it points to lives as long as the story.
 * Thread: its lane. */
#ifndef WD_NEAR_HEADLINE_H
#define WD_NEAR_HEADLINE_H

#include "copy_scan.h"
#include "story.h"

struct wd_near_headline {
    const struct wd_copy_scan *scan; /* the story's, or `other` */
    struct wd_copy_scan other;       /* the story's with another headline */
    uint32_t prefix;                 /* words in front that are the desk's */
};

/* `follows`: the story says itself that it follows another one. The story is scanned. False when memory is exhausted. */
bool wd_near_headline_read(struct wd_near_headline *headline, const struct wd_story *story,
                           bool follows);
/* Another headline than the story's own, or not all of it. */
bool wd_near_headline_is_other(const struct wd_near_headline *headline);
/* The copy is the headline and a few words more: "- port authority", a dateline; of text there may be none at all, but
 * a package without text is no flash. */
bool wd_near_headline_is_flash(const struct wd_near_headline *headline,
                               const struct wd_story *story);
/* The word that is the day of its date; 0: there is none, or the headline is not the story's own. */
uint64_t wd_near_headline_day(const struct wd_near_headline *headline,
                              const struct wd_story *story);

#endif
