/* ninjs_shapes.h - which members each object of ninjs may have, in all its versions together.
 *
 * Owns:   nothing; the tables are const, but for an index that is made once (pthread_once).
 * Thread: any.
 * Source: the IPTC's JSON Schemas 1.0 to 1.6, 2.0 to 2.2, 3.0, 3.1 and the development ones. What one of
 *         them allows is allowed: providers mix generations. */
#ifndef WD_NINJS_SHAPES_H
#define WD_NINJS_SHAPES_H

#include "slice.h"

/* Types of JSON, as bits; then what says more about a text, and about the place. */
enum wd_ninjs_type {
    WD_NINJS_TEXT = 1,
    WD_NINJS_NUMBER = 2,
    WD_NINJS_LIST = 4,
    WD_NINJS_OBJECT = 8,
    WD_NINJS_TIME = 16 | WD_NINJS_TEXT,   /* a date, with a time or cut short: "2024", "2024-02" */
    WD_NINJS_STATUS = 32 | WD_NINJS_TEXT, /* a name of enum wd_story_status */
    WD_NINJS_NESTED = 64                  /* of an association only, not of the story */
};

struct wd_ninjs_shape;

struct wd_ninjs_member {
    struct wd_slice name;
    unsigned types; /* enum wd_ninjs_type */
    /* Of the object, or of each of the list's objects; NULL: anything. */
    const struct wd_ninjs_shape *inner;
    bool map; /* an object holds such objects under names of the provider's */
};

struct wd_ninjs_shape {
    const struct wd_ninjs_member *members; /* in the order in which they are mostly sent */
    size_t count;
    bool indexed; /* the item's, whose names are found by an index that the first search makes */
    /* Texts after which anything may follow: "body_", "geometry_". Ends with an empty one; may be NULL. */
    const struct wd_ninjs_member *families;
    bool nested;             /* an association */
    const char *required[2]; /* NULL: none; the second one only of objects in a list */
    const char *either[4];   /* two pairs of which only one may be there; NULL: none */
};

/* The members of the story itself: X(code, name, types, inner, map). Those of a family
 * ("body_...") that are read here stand among them. */
#define WD_NINJS_ITEM_MAP(X)                                                                       \
    X(WD_NINJS_ITEM_BY, "by", TEXT, NULL, false)                                                   \
    X(WD_NINJS_ITEM_REL, "rel", TEXT | NESTED, NULL, false)                                        \
    X(WD_NINJS_ITEM_URI, "uri", TEXT, NULL, false)                                                 \
    X(WD_NINJS_ITEM_NAME, "name", TEXT | NESTED, NULL, false)                                      \
    X(WD_NINJS_ITEM_TYPE, "type", TEXT, NULL, false)                                               \
    X(WD_NINJS_ITEM_EVENT, "event", LIST, &concept, false)                                         \
    X(WD_NINJS_ITEM_GENRE, "genre", LIST, &concept, false)                                         \
    X(WD_NINJS_ITEM_PLACE, "place", LIST, &concept, false)                                         \
    X(WD_NINJS_ITEM_TITLE, "title", TEXT, NULL, false)                                             \
    X(WD_NINJS_ITEM_ALT_IDS, "altIds", LIST, &alt_id, false)                                       \
    X(WD_NINJS_ITEM_ALTIDS, "altids", LIST | OBJECT, &alt_id, false)                               \
    X(WD_NINJS_ITEM_BODIES, "bodies", LIST, &text, false)                                          \
    X(WD_NINJS_ITEM_BYLINE, "byline", TEXT, NULL, false)                                           \
    X(WD_NINJS_ITEM_ED_NOTE, "edNote", TEXT, NULL, false)                                          \
    X(WD_NINJS_ITEM_EDNOTE, "ednote", TEXT, NULL, false)                                           \
    X(WD_NINJS_ITEM_EVENTS, "events", LIST, &concept, false)                                       \
    X(WD_NINJS_ITEM_GENRES, "genres", LIST, &concept, false)                                       \
    X(WD_NINJS_ITEM_OBJECT, "object", LIST, &concept, false)                                       \
    X(WD_NINJS_ITEM_PEOPLE, "people", LIST, &concept, false)                                       \
    X(WD_NINJS_ITEM_PERSON, "person", LIST, &concept, false)                                       \
    X(WD_NINJS_ITEM_PLACES, "places", LIST, &concept, false)                                       \
    X(WD_NINJS_ITEM_ADVICES, "advices", LIST, &advice, false)                                      \
    X(WD_NINJS_ITEM_EXPIRES, "expires", TIME, NULL, false)                                         \
    X(WD_NINJS_ITEM_LOCATED, "located", TEXT, NULL, false)                                         \
    X(WD_NINJS_ITEM_OBJECTS, "objects", LIST, &concept, false)                                     \
    X(WD_NINJS_ITEM_PROFILE, "profile", TEXT, NULL, false)                                         \
    X(WD_NINJS_ITEM_SUBJECT, "subject", LIST, &concept, false)                                     \
    X(WD_NINJS_ITEM_URGENCY, "urgency", NUMBER, NULL, false)                                       \
    X(WD_NINJS_ITEM_VERSION, "version", TEXT, NULL, false)                                         \
    X(WD_NINJS_ITEM_HEADLINE, "headline", TEXT, NULL, false)                                       \
    X(WD_NINJS_ITEM_LANGUAGE, "language", TEXT, NULL, false)                                       \
    X(WD_NINJS_ITEM_MIMETYPE, "mimetype", TEXT, NULL, false)                                       \
    X(WD_NINJS_ITEM_SLUGLINE, "slugline", TEXT, NULL, false)                                       \
    X(WD_NINJS_ITEM_STANDARD, "standard", OBJECT, &standard, false)                                \
    X(WD_NINJS_ITEM_SUBJECTS, "subjects", LIST, &concept, false)                                   \
    X(WD_NINJS_ITEM_DOLLAR_STANDARD, "$standard", OBJECT, &standard, false)                        \
    X(WD_NINJS_ITEM_BODY_HTML, "body_html", TEXT, NULL, false)                                     \
    X(WD_NINJS_ITEM_BODY_TEXT, "body_text", TEXT, NULL, false)                                     \
    X(WD_NINJS_ITEM_CHARCOUNT, "charcount", NUMBER, NULL, false)                                   \
    X(WD_NINJS_ITEM_EMBARGOED, "embargoed", TIME, NULL, false)                                     \
    X(WD_NINJS_ITEM_HEADLINES, "headlines", LIST, &text, false)                                    \
    X(WD_NINJS_ITEM_PUB_STATUS, "pubStatus", STATUS, NULL, false)                                  \
    X(WD_NINJS_ITEM_PUBSTATUS, "pubstatus", STATUS, NULL, false)                                   \
    X(WD_NINJS_ITEM_WORD_COUNT, "wordCount", NUMBER, NULL, false)                                  \
    X(WD_NINJS_ITEM_WORDCOUNT, "wordcount", NUMBER, NULL, false)                                   \
    X(WD_NINJS_ITEM_BODY_HTML5, "body_html5", TEXT, NULL, false)                                   \
    X(WD_NINJS_ITEM_BODY_XHTML, "body_xhtml", TEXT, NULL, false)                                   \
    X(WD_NINJS_ITEM_INFOSOURCE, "infosource", LIST, &concept, false)                               \
    X(WD_NINJS_ITEM_RENDITIONS, "renditions", LIST | OBJECT, &rendition, true)                     \
    X(WD_NINJS_ITEM_RIGHTS_INFO, "rightsInfo", OBJECT, &rights, false)                             \
    X(WD_NINJS_ITEM_RIGHTSINFO, "rightsinfo", OBJECT, &rights, false)                              \
    X(WD_NINJS_ITEM_USAGE_TERMS, "usageTerms", TEXT, NULL, false)                                  \
    X(WD_NINJS_ITEM_USAGETERMS, "usageterms", TEXT, NULL, false)                                   \
    X(WD_NINJS_ITEM_EVOLVED_FROM, "evolvedFrom", TEXT, NULL, false)                                \
    X(WD_NINJS_ITEM_EVOLVEDFROM, "evolvedfrom", TEXT, NULL, false)                                 \
    X(WD_NINJS_ITEM_INFO_SOURCES, "infoSources", LIST, &concept, false)                            \
    X(WD_NINJS_ITEM_INFOSOURCES, "infosources", LIST, &concept, false)                             \
    X(WD_NINJS_ITEM_ASSOCIATIONS, "associations", LIST | OBJECT, &association, true)               \
    X(WD_NINJS_ITEM_DESCRIPTIONS, "descriptions", LIST, &text, false)                              \
    X(WD_NINJS_ITEM_EVENT_DETAILS, "eventDetails", OBJECT, &event_details, false)                  \
    X(WD_NINJS_ITEM_FIRST_CREATED, "firstCreated", TIME, NULL, false)                              \
    X(WD_NINJS_ITEM_FIRSTCREATED, "firstcreated", TIME, NULL, false)                               \
    X(WD_NINJS_ITEM_ORGANISATION, "organisation", LIST, &concept, false)                           \
    X(WD_NINJS_ITEM_ORGANISATIONS, "organisations", LIST, &concept, false)                         \
    X(WD_NINJS_ITEM_CONTENT_CREATED, "contentCreated", TIME, NULL, false)                          \
    X(WD_NINJS_ITEM_CONTENTCREATED, "contentcreated", TIME, NULL, false)                           \
    X(WD_NINJS_ITEM_EMBARGOED_UNTIL, "embargoedUntil", TIME, NULL, false)                          \
    X(WD_NINJS_ITEM_TRUSTINDICATOR, "trustindicator", LIST, &trust, false)                         \
    X(WD_NINJS_ITEM_VERSION_CREATED, "versionCreated", TIME, NULL, false)                          \
    X(WD_NINJS_ITEM_VERSIONCREATED, "versioncreated", TIME, NULL, false)                           \
    X(WD_NINJS_ITEM_COPYRIGHT_HOLDER, "copyrightHolder", TEXT, NULL, false)                        \
    X(WD_NINJS_ITEM_COPYRIGHT_NOTICE, "copyrightNotice", TEXT, NULL, false)                        \
    X(WD_NINJS_ITEM_COPYRIGHTHOLDER, "copyrightholder", TEXT, NULL, false)                         \
    X(WD_NINJS_ITEM_COPYRIGHTNOTICE, "copyrightnotice", TEXT, NULL, false)                         \
    X(WD_NINJS_ITEM_PLANNED_COVERAGE, "plannedCoverage", LIST, &coverage, false)                   \
    X(WD_NINJS_ITEM_TRUST_INDICATORS, "trustIndicators", LIST, &trust, false)                      \
    X(WD_NINJS_ITEM_TRUSTINDICATORS, "trustindicators", LIST, &trust, false)                       \
    X(WD_NINJS_ITEM_DESCRIPTION_TEXT, "description_text", TEXT, NULL, false)                       \
    X(WD_NINJS_ITEM_DIGITAL_SOURCE_TYPE, "digitalSourceType", OBJECT, &concept, false)             \
    X(WD_NINJS_ITEM_DIGITALSOURCETYPE, "digitalsourcetype", OBJECT, &concept, false)               \
    X(WD_NINJS_ITEM_REPRESENTATION_TYPE, "representationType", TEXT, NULL, false)                  \
    X(WD_NINJS_ITEM_REPRESENTATIONTYPE, "representationtype", TEXT, NULL, false)                   \
    X(WD_NINJS_ITEM_DESCRIPTION_CAPTION, "description_caption", TEXT, NULL, false)                 \
    X(WD_NINJS_ITEM_DESCRIPTION_SUMMARY, "description_summary", TEXT, NULL, false)
#define WD_NINJS_ITEM_CODE(code, name, types, inner, map) code,
enum wd_ninjs_item_member { WD_NINJS_ITEM_MAP(WD_NINJS_ITEM_CODE) WD_NINJS_ITEM_MEMBERS };
#undef WD_NINJS_ITEM_CODE

/* The story itself; an association is the same with a name and a relation. */
extern const struct wd_ninjs_shape wd_ninjs_item;

/* The member of this name, NULL when the shape has none. `*next` is where the search begins and where
 * the next one should: 0 at first. */
const struct wd_ninjs_member *wd_ninjs_find(const struct wd_ninjs_shape *shape,
                                            struct wd_slice name, size_t *next);

#endif
