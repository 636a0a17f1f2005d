/* media_topics.h - the IPTC's Media Topics: what a subject's code means.
 *
 * Why:    providers send codes, desks read names; old feeds still carry the 8-digit Subject Codes.
 * Owns:   nothing; one constant table compiled in (mediatopics/README.md says where it is from).
 * Thread: any; no state.
 * Source: IPTC NewsCodes, Media Topics of 2019-04-06, CC BY 4.0. */
#ifndef WD_MEDIA_TOPICS_H
#define WD_MEDIA_TOPICS_H

#include "story.h"

/* The state of the vocabulary that is compiled in; it changes several times a year. */
#define WD_TOPICS_DATE "2019-04-06"

struct wd_topic {
    uint32_t code;     /* 20000210 for medtop:20000210 */
    uint32_t parent;   /* code of the next broader topic; 0: it is a top one */
    uint32_t wikidata; /* 11425 for Q11425; 0: none */
    bool retired;      /* not to be used any more, but it was */
    const char *name;  /* English */
};

/* NULL when the table has no such code. */
const struct wd_topic *wd_topic_by_code(uint32_t code);
/* By Subject Code (15054000). NULL when no topic took its place. */
const struct wd_topic *wd_topic_by_subject_code(uint32_t code);

/* Completes a subject from what the provider gave: `scheme` and `code` out of a URI or literal of the IPTC's
 * ("medtop:20000210", "http://cv.iptc.org/newscodes/subjectcode/15054000"), the topic, and, where the
 * provider gave none, the English name and, for a Media Topic, the URI. Does not touch what is there. */
enum wd_status wd_topic_complete(struct wd_concept *subject, struct wd_arena *arena) WD_MUST_CHECK;

#endif
