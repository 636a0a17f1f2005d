/* story.h - one story on its way through the house.
 *
 * Why:    every decoder maps its format on this one record; every processor reads and writes only
 *         this; the encoder writes it out. The rest of the house never needs to know the format.
 * Owns:   its arena, which it may share with the other stories of its message. All slices point into the arena or into the raw message, which the source
 * keeps alive until the story is reset. A story has one owner at a time: source, pipeline, sink.
 * Thread: its lane.
 * Limits: wd_limits.h. Missing text is an empty slice, a missing time has no WD_TIME_KNOWN flag. */
#ifndef WD_STORY_H
#define WD_STORY_H

#include "arena.h"
#include "digest.h"
#include "slice.h"
#include "text.h"
#include "times.h"
#include "wd_limits.h"

#include <stdint.h>

/* Enumerations whose names go into records: X(code, name). Names are public, never rename one. */
#define WD_STORY_STATUS_MAP(X)                                                                     \
    X(WD_STORY_USABLE, "usable")                                                                   \
    X(WD_STORY_EMBARGOED, "embargoed")                                                             \
    X(WD_STORY_WITHHELD, "withheld")                                                               \
    X(WD_STORY_CANCELED, "canceled")

/* `stands`: a kill of before is taken back; `release`: a hold or an embargo is. */
#define WD_SIGNAL_MAP(X)                                                                           \
    X(WD_SIGNAL_UPDATE, 0, "update")                                                               \
    X(WD_SIGNAL_CORRECTION, 1, "correction")                                                       \
    X(WD_SIGNAL_KILL, 2, "kill")                                                                   \
    X(WD_SIGNAL_REFILE, 3, "refile")                                                               \
    X(WD_SIGNAL_REPEAT, 4, "repeat")                                                               \
    X(WD_SIGNAL_HOLD, 5, "hold")                                                                   \
    X(WD_SIGNAL_ADVISORY, 6, "advisory")                                                           \
    X(WD_SIGNAL_STANDS, 7, "stands")                                                               \
    X(WD_SIGNAL_RELEASE, 8, "release")

/* What is odd about a story, without making it unusable. Bits. `partial`: the message carries only a
 * part of the story (a lead without the rest, an insert, an addition) and never replaces a full text;
 * `charset_assumed`: none was declared, it was guessed; `charset_differs`: not the declared one;
 * `characters_replaced`: bytes that are no character became U+FFFD;
 * `not_a_story`: a package, a planning item, a concept: for editors, never to be published as copy;
 * `unknown_payload`: an envelope whose content is in a format that is not read here;
 * `control_bytes`: such bytes in the text became blanks; `not_well_formed`: broken markup, read as far
 * as it goes; `repeated_keys`: a name occurs twice among associations or renditions: both are read;
 * `one_of_several`: the message gives one order about several stories, and this is it for one of the further ones;
 * `story_spared`: it has the words of an order, and says that the story stands: it is about a box or a picture and stops nothing, or
 * about no more than the headline that it names. */
#define WD_FLAG_MAP(X)                                                                             \
    X(WD_FLAG_ZONE_ASSUMED, 0, "zone_assumed")                                                     \
    X(WD_FLAG_UPDATED_BEFORE_PUBLISHED, 1, "updated_before_published")                             \
    X(WD_FLAG_TIME_IN_FUTURE, 2, "time_in_future")                                                 \
    X(WD_FLAG_TIME_INVALID, 3, "time_invalid")                                                     \
    X(WD_FLAG_NO_IDENTITY, 4, "no_identity")                                                       \
    X(WD_FLAG_NO_BODY, 5, "no_body")                                                               \
    X(WD_FLAG_TRUNCATED, 6, "truncated")                                                           \
    X(WD_FLAG_UNKNOWN_KEYS, 7, "unknown_keys")                                                     \
    X(WD_FLAG_WRONG_TYPES, 8, "wrong_types")                                                       \
    X(WD_FLAG_PARTIAL, 9, "partial")                                                               \
    X(WD_FLAG_CHARSET_ASSUMED, 10, "charset_assumed")                                              \
    X(WD_FLAG_CHARSET_DIFFERS, 11, "charset_differs")                                              \
    X(WD_FLAG_CHARACTERS_REPLACED, 12, "characters_replaced")                                      \
    X(WD_FLAG_CONTROL_BYTES, 13, "control_bytes")                                                  \
    X(WD_FLAG_NOT_WELL_FORMED, 14, "not_well_formed")                                              \
    X(WD_FLAG_NOT_A_STORY, 15, "not_a_story")                                                      \
    X(WD_FLAG_UNKNOWN_PAYLOAD, 16, "unknown_payload")                                              \
    X(WD_FLAG_REPEATED_KEYS, 17, "repeated_keys")                                                  \
    X(WD_FLAG_ONE_OF_SEVERAL, 18, "one_of_several")                                                \
    X(WD_FLAG_STORY_SPARED, 19, "story_spared")

/* What the provider's version label is worth when two versions of a story have to be put in order. A number
 * orders only where the format promises that it grows (NewsML-G2 @version, NewsML 1.2 RevisionId, NITF
 * generation and version, ANPA leads); some agencies number without order. */
#define WD_VERSION_ORDER_MAP(X)                                                                    \
    X(WD_VERSION_ORDER_NONE, "none") /* a name, or no version: times decide */                     \
    X(WD_VERSION_ORDER_HINT, "hint") /* times decide; numbers where times are equal or missing */  \
    X(WD_VERSION_ORDER_NUMBER, "number") /* numbers decide, times where those are equal */

/* How a story's copy relates to copy seen before. */
#define WD_RELATION_MAP(X)                                                                         \
    X(WD_RELATION_UNKNOWN, "unknown")                                                              \
    X(WD_RELATION_NONE, "none")                                                                    \
    X(WD_RELATION_SAME_ID, "same_id")                                                              \
    X(WD_RELATION_EXACT, "exact")                                                                  \
    X(WD_RELATION_REPRINT, "reprint")                                                              \
    X(WD_RELATION_CONTAINED_IN, "contained_in")                                                    \
    X(WD_RELATION_CONTAINS, "contains")

/* What a version is to its lineage. */
#define WD_UPDATE_KIND_MAP(X)                                                                      \
    X(WD_UPDATE_UNKNOWN, "unknown")                                                                \
    X(WD_UPDATE_NEW, "new")                                                                        \
    X(WD_UPDATE_UPDATE, "update")                                                                  \
    X(WD_UPDATE_CORRECTION, "correction")                                                          \
    X(WD_UPDATE_REPEAT, "repeat")                                                                  \
    X(WD_UPDATE_KILL, "kill")                                                                      \
    X(WD_UPDATE_WITHHOLD, "withhold")                                                              \
    X(WD_UPDATE_EMBARGO, "embargo")                                                                \
    X(WD_UPDATE_REFILE, "refile")                                                                  \
    X(WD_UPDATE_METADATA_ONLY, "metadata_only")                                                    \
    X(WD_UPDATE_TRIM, "trim")                                                                      \
    X(WD_UPDATE_EXPANSION, "expansion")                                                            \
    X(WD_UPDATE_EMBARGO_LIFTED, "embargo_lifted")

/* What stands against a story all of whose versions are one lineage. */
#define WD_LINEAGE_STATE_MAP(X)                                                                    \
    X(WD_LINEAGE_USABLE, "usable")                                                                 \
    X(WD_LINEAGE_EMBARGOED, "embargoed")                                                           \
    X(WD_LINEAGE_WITHHELD, "withheld")                                                             \
    X(WD_LINEAGE_KILLED, "killed")

/* How a version's copy differs from the newest one before it. */
#define WD_CHANGE_CLASS_MAP(X)                                                                     \
    X(WD_CHANGE_UNKNOWN, "unknown")       /* nothing is held to compare with */                    \
    X(WD_CHANGE_IDENTICAL, "identical")   /* headline and body, word for word */                   \
    X(WD_CHANGE_COSMETIC, "cosmetic")     /* other words or order, no other facts */               \
    X(WD_CHANGE_TRIM, "trim")             /* sentences gone, nothing new */                        \
    X(WD_CHANGE_EXPANSION, "expansion")   /* sentences more, the old ones stand */                 \
    X(WD_CHANGE_FACTUAL, "factual")       /* numbers, names or quotations differ */                \
    X(WD_CHANGE_CORRECTION, "correction") /* the same, and the provider says it was wrong */

#define WD_CHANGE_FACT_MAP(X)                                                                      \
    X(WD_FACT_NUMBER, "number")                                                                    \
    X(WD_FACT_NAME, "name")                                                                        \
    X(WD_FACT_QUOTATION, "quotation")                                                              \
    X(WD_FACT_TIME, "time")

#define WD_CHANGE_SENTENCE_MAP(X)                                                                  \
    X(WD_SENTENCE_KEPT, "kept")                                                                    \
    X(WD_SENTENCE_ADDED, "added")                                                                  \
    X(WD_SENTENCE_REMOVED, "removed")                                                              \
    X(WD_SENTENCE_EDITED, "edited")                                                                \
    X(WD_SENTENCE_MOVED, "moved")

/* The orders and remarks that reach everybody who has the copy. `stands`: an order that was told before turned out to be
 * about another story. */
#define WD_ADVISORY_MAP(X)                                                                         \
    X(WD_ADVISORY_KILL, "kill")                                                                    \
    X(WD_ADVISORY_WITHHOLD, "withhold")                                                            \
    X(WD_ADVISORY_CORRECTION, "correction")                                                        \
    X(WD_ADVISORY_STANDS, "stands")                                                                \
    X(WD_ADVISORY_UNREACHED, "unreached") /* told of the order itself; never in a lineage's state */

#define WD_ENTITY_TYPE_MAP(X)                                                                      \
    X(WD_ENTITY_PERSON, "person")                                                                  \
    X(WD_ENTITY_ORGANISATION, "organisation")                                                      \
    X(WD_ENTITY_PLACE, "place")                                                                    \
    X(WD_ENTITY_MISC, "misc")

#define WD_FIELD_MAP(X)                                                                            \
    X(WD_FIELD_HEADLINE, 0, "headline")                                                            \
    X(WD_FIELD_BODY, 1, "body")                                                                    \
    X(WD_FIELD_CAPTION, 2, "caption")

#define WD_ENUM2(code, name) code,
#define WD_ENUM_BIT(code, bit, name) code = 1u << (bit),
#define WD_ENUM3(code, value, name) code = (value),
enum wd_story_status { WD_STORY_STATUS_MAP(WD_ENUM2) WD_STORY_STATUS_COUNT };
enum wd_signal { WD_SIGNAL_MAP(WD_ENUM_BIT) };
enum wd_flag { WD_FLAG_MAP(WD_ENUM_BIT) };
enum wd_version_order { WD_VERSION_ORDER_MAP(WD_ENUM2) WD_VERSION_ORDER_COUNT };
enum wd_relation { WD_RELATION_MAP(WD_ENUM2) WD_RELATION_COUNT };
enum wd_update_kind { WD_UPDATE_KIND_MAP(WD_ENUM2) WD_UPDATE_KIND_COUNT };
enum wd_lineage_state { WD_LINEAGE_STATE_MAP(WD_ENUM2) WD_LINEAGE_STATE_COUNT };
enum wd_change_class { WD_CHANGE_CLASS_MAP(WD_ENUM2) WD_CHANGE_CLASS_COUNT };
enum wd_change_fact { WD_CHANGE_FACT_MAP(WD_ENUM2) WD_CHANGE_FACT_COUNT };
enum wd_change_sentence { WD_CHANGE_SENTENCE_MAP(WD_ENUM2) WD_CHANGE_SENTENCE_COUNT };
enum wd_advisory_kind { WD_ADVISORY_MAP(WD_ENUM2) WD_ADVISORY_COUNT };
enum wd_entity_type { WD_ENTITY_TYPE_MAP(WD_ENUM2) WD_ENTITY_TYPE_COUNT };
enum wd_field { WD_FIELD_MAP(WD_ENUM3) WD_FIELD_COUNT };
#undef WD_ENUM2
#undef WD_ENUM_BIT
#undef WD_ENUM3

const char *wd_story_status_name(enum wd_story_status status);
const char *wd_version_order_name(enum wd_version_order order);
const char *wd_relation_name(enum wd_relation relation);
const char *wd_update_kind_name(enum wd_update_kind kind);
const char *wd_lineage_state_name(enum wd_lineage_state state);
const char *wd_change_class_name(enum wd_change_class class_of_change);
const char *wd_change_fact_name(enum wd_change_fact fact);
const char *wd_change_sentence_name(enum wd_change_sentence sentence);
const char *wd_advisory_kind_name(enum wd_advisory_kind kind);
const char *wd_entity_type_name(enum wd_entity_type type);
const char *wd_field_name(enum wd_field field);
/* The name of bit number `bit`, NULL past the last one: for loops over a set. */
const char *wd_signal_bit_name(unsigned bit);
const char *wd_flag_bit_name(unsigned bit);
/* The code of a name; false when unknown. */
bool wd_relation_from_name(struct wd_slice name, enum wd_relation *relation);
bool wd_update_kind_from_name(struct wd_slice name, enum wd_update_kind *kind);
bool wd_advisory_kind_from_name(struct wd_slice name, enum wd_advisory_kind *kind);
bool wd_change_class_from_name(struct wd_slice name, enum wd_change_class *class_of_change);
bool wd_story_status_from_name(struct wd_slice name, enum wd_story_status *status);
bool wd_entity_type_from_name(struct wd_slice name, enum wd_entity_type *type);

/* Where the message came from; filled by the source before decoding. */
struct wd_provenance {
    struct wd_slice topic; /* input topic, or file name in replay */
    int32_t partition;     /* -1 outside Kafka */
    int64_t offset;        /* record offset; in replay the number of the message, from 0 */
    uint32_t index;        /* place of the story within its message, from 0 */
    struct wd_slice key;   /* the record's key */
    struct wd_slice
        format; /* the decoder's name, with version where the format has one: "ninjs/2.1" */
    struct wd_digest digest; /* of the raw message bytes */
};

struct wd_topic; /* a row of the Media Topics: see ingest/formats */

/* A subject, person, organisation, place ... as the provider gave it (ninjs 3.1 concept). */
struct wd_concept {
    struct wd_slice uri;
    struct wd_slice literal;
    struct wd_slice name;
    struct wd_slice rel;
    struct wd_slice creator;
    struct wd_slice scheme; /* of `code`: "medtop", "subj", or as the provider calls it */
    struct wd_slice code;   /* "20000210"; "" when the provider gave none */
    const struct wd_topic
        *topic;        /* the IPTC Media Topic that the code means; NULL: none, or not known */
    double relevance;  /* 0..100; negative when absent */
    double confidence; /* 0..100; negative when absent */
};

struct wd_concepts {
    struct wd_concept *items;
    size_t count;
    size_t capacity;
};

struct wd_media {
    struct wd_slice type; /* "picture", "video", "audio", "graphic" */
    struct wd_slice name; /* what the provider calls it within the story; may be empty */
    struct wd_slice uri;
    struct wd_slice href; /* of the best rendition; may be empty */
    struct wd_slice mimetype;
    struct wd_slice headline;
    struct wd_slice caption; /* with its credit, as it came */
    struct wd_slice credit;  /* "AP Photo/Name, File", also part of the caption */
    int32_t width;           /* pixels; 0 unknown */
    int32_t height;
};

/* Something else that must come through: a ninjs 3.1 member, ready as JSON. */
struct wd_member {
    struct wd_slice name;
    struct wd_slice json;
};

/* What the provider said and the record has no place for. */
struct wd_extra {
    struct wd_slice
        name; /* the element or member, as the decoder's format names it: "rightsInfo" */
    struct wd_slice value;
};

/* `group` is one for all stories that the verifier took for versions or copies of one another
 * (labels E, N, U of the measurements in processors/dedup/README.md); every other story opens a group
 * of its own. A roundup and the story in it are contained_in or contains, but do not join. */
struct wd_dedup_verdict {
    enum wd_relation relation;
    struct wd_slice matched;          /* guid (else lineage id) of the story that it matches best */
    struct wd_slice matched_provider; /* of that story */
    int64_t matched_event_ms;         /* event time of that story; 0 unless `matched` */
    struct wd_slice group;            /* hexadecimal id of the group; the first one's digest */
    /* Groups of other stories that this one is a version of, too: they came apart only because this one had not
     * arrived. None nearly always; wd_story_add_also_group. */
    struct wd_slice *also_groups;
    size_t also_group_count;
    bool joins;             /* copy or version of the matched story: `group` is that story's */
    double similarity;      /* 0..1; 1 for exact */
    double contained;       /* share of this copy found in the matched one, 0..1 */
    double containing;      /* share of the matched copy found in this one, 0..1 */
    struct wd_slice reason; /* for a desk editor */
};

/* A sentence that is not as it was. Texts are cut to WD_CHANGE_TEXT_BYTES_MAX. */
struct wd_changed_sentence {
    enum wd_change_sentence kind;
    uint32_t before;      /* number in the version before, from 1; 0 for added ones */
    uint32_t now;         /* number in this version, from 1; 0 for removed ones */
    struct wd_slice text; /* as it stands now; of a removed one what is known: its beginning */
};

/* A number, name or quotation that only one of the two versions has, or another one at its place. */
struct wd_changed_fact {
    enum wd_change_fact kind;
    struct wd_slice before; /* "" when it is new */
    struct wd_slice now;    /* "" when it is gone */
};

/* Notes that stay in the copy and say what was wrong in an earlier version ("Correction: An earlier version of this article
 * misstated ..."): on a page they stand for good, so that a version tells of a correction only where one of them is new. */
struct wd_standing_notes {
    bool
        alone; /* nothing else, such as the headline or a field, says that this version is a correction */
    uint8_t count;
    uint64_t hashes[WD_STANDING_NOTES_MAX]; /* of 48 bits, of the notes as copy is compared */
};

/* What a version changed. The counts are of everything; the lists hold the first of it. */
struct wd_change {
    enum wd_change_class class_of_change; /* UNKNOWN: there is nothing to tell */
    struct wd_slice against;              /* label of the version that it was compared with */
    bool against_newer;                   /* that one is the newer of the two: this one came late */
    bool headline_changed;
    struct wd_slice headline_before; /* only when it changed */
    uint32_t sentences_before, sentences_now;
    uint32_t words_before, words_now;
    uint32_t sentences[WD_CHANGE_SENTENCE_COUNT]; /* kept, added, removed, edited, moved */
    uint32_t facts[WD_CHANGE_FACT_COUNT];         /* changed ones */
    bool cut; /* a version was longer than what is remembered: counts are of its beginning */
    struct wd_changed_sentence *sentence_list;
    size_t sentence_count;
    struct wd_changed_fact *fact_list;
    size_t fact_count;
};

/* Somebody who has the copy is told that an order stands against it, or no longer does. */
struct wd_advisory {
    enum wd_advisory_kind kind;
    /* the story that is concerned */
    struct wd_slice provider;
    struct wd_slice id;     /* guid, else url, else wd_story_made_uri */
    struct wd_slice digest; /* of its body, hexadecimal; "" without one */
    /* who gave the order, and when */
    struct wd_slice cause_provider;
    struct wd_slice cause_id;
    struct wd_slice cause_version;
    struct wd_time cause_time;
    bool standing; /* the order was there before the story */
    struct wd_slice reason;
    /* What is said of the lineage that the concerned story is in; NULL: what the story's own verdict says. */
    const struct wd_update_verdict *lineage;
};

struct wd_update_verdict {
    enum wd_update_kind kind;
    struct wd_slice lineage; /* lineage id, "" until given */
    struct wd_slice rule;    /* what gave the lineage: "guid", "previous", "url", "slug", "text",
                                "headline", "copy" */
    bool opened;             /* with this story the lineage begins */
    struct wd_slice merged[WD_MERGED_MAX]; /* lineages that are one with this since this story */
    size_t merged_count;
    bool id_reused; /* the id was another story's before: this is a lineage of its own */
    bool partial;   /* not the whole copy: never replaces the full text */
    bool
        reprint; /* the lineage is another provider's: this is his copy under this provider's name */
    enum wd_lineage_state state; /* of the lineage, with this story */
    uint32_t members;            /* stories (ids) in the lineage that are remembered */
    uint32_t members_forgotten;  /* those that had no room: advisories do not reach them */
    struct wd_change change;
    struct wd_slice reason;  /* for a desk editor, with the evidence */
    bool late;               /* an older version that arrived after a newer one */
    bool unseen_original;    /* updated > published and no earlier version was seen */
    uint32_t number;         /* count of versions seen in the lineage with this one, from 1 */
    struct wd_slice version; /* of this story */
    struct wd_slice latest;  /* newest version of the lineage, now */
    struct wd_time first_published; /* the earliest published time seen in the lineage */
};

struct wd_entity {
    enum wd_entity_type type;
    enum wd_field field;
    uint32_t paragraph; /* of the body or number of the medium; 0 for the headline */
    uint32_t begin;     /* byte offset into the field's text (the paragraph's, for the body) */
    uint32_t end;
    uint32_t begin_point; /* the same in code points */
    uint32_t end_point;
    struct wd_slice text;   /* as it stands in the story */
    struct wd_slice name;   /* canonical */
    struct wd_slice id;     /* "iso3166:IR", "geonames:5780993", ...; "" when unknown */
    struct wd_slice source; /* "gazetteer", the user list's name, ... */
    double score;           /* 0..1 */
    uint32_t named;         /* number of what it names in story->named */
};

/* What one or more mentions of a story name. */
struct wd_named {
    enum wd_entity_type type;
    struct wd_slice name; /* the fullest form, or the canonical one of its source */
    struct wd_slice ids[WD_NAMED_IDS_MAX]; /* "iso3166:IR", "enwiki:Iran", ...; what is known */
    size_t id_count;
    uint32_t count;  /* mentions */
    uint32_t first;  /* number of the first mention in story->entities */
    double score;    /* 0..1, of its best mention */
    double salience; /* 0..1: headline, lead, share of mentions */
    bool provided;   /* the provider tags it, too */
};

/* How the entities were found: a language without a model gets lists and gazetteer only. */
struct wd_tagging {
    struct wd_slice language; /* "en"; "" when entities did not run */
    struct wd_slice model;    /* "built-in" or a path; "" when none looked at the copy */
    struct wd_slice note;     /* in words, when there is no model */
    bool detected;            /* the copy's look gave the language, neither provider nor option */
};

struct wd_verdict {
    struct wd_slice processor;
    struct wd_slice json; /* a complete JSON value: a shared-object processor's own findings */
};

/* Words of the editor's note (`paragraph` is WD_PLACE_IN_NOTE) or of a paragraph: a few bytes, since every story has one. */
struct wd_copy_place {
    uint32_t paragraph : 14;
    uint32_t begin : 10;
    uint32_t len : 8; /* 0: nowhere */
};
enum {
    WD_PLACE_IN_NOTE = (1 << 14) - 1,
    WD_PLACE_BEGIN_MAX = (1 << 10) - 1,
    WD_PLACE_LEN_MAX = 255
};

struct wd_story {
    struct wd_arena *arena;
    struct wd_slice raw; /* the message's untouched bytes; borrowed from the source */
    struct wd_provenance provenance;

    /* identity */
    struct wd_slice provider;            /* profile name from the configuration */
    struct wd_slice guid;                /* lineage-wide id as the provider gave it; "" when none */
    struct wd_slice version;             /* "" when none */
    enum wd_version_order version_order; /* what `version` may be used for */
    struct wd_slice previous; /* id of the version or story that this one follows or replaces */
    /* Another document whose fate this message decides (NITF management-doc-idref, NewsML AssociatedWith, ninjs
     * and G2 links that say so): its guid, "" when there is none, and what it becomes. */
    struct wd_slice acts_on;
    enum wd_story_status acts_on_status;
    /* The headline that an order puts in quotes: the story "Harbour bridge shut" is killed. Not in the record, since it stands in
     * the copy. */
    struct wd_copy_place named_headline;
    /* What the item is, as ninjs 3.1 says it: "picture", "video", "composite", "planning" ...; "" is
     * "text". */
    struct wd_slice item_type;
    struct wd_slice slug;
    struct wd_slice url;
    /* Names this one transmission where the format has such a name: ANPA's wire, number and time, AP's
     * etag. Equal transmission and equal copy: the same message again. "" when none. */
    struct wd_slice transmission;
    /* What stays the same over the versions where that is not the guid: an ANPA keyline, an NITF
     * du-key. Such names are used again after some days. "" when none. */
    struct wd_slice lineage_key;
    struct wd_slice lineage_rule; /* what it is: "keyline", "du-key"; set with lineage_key */

    /* times; received is the Kafka record's timestamp, in replay see `wiredesk replay --help` */
    struct wd_time published;
    struct wd_time updated;
    struct wd_time content_created;
    struct wd_time embargoed_until;
    struct wd_time expires;
    struct wd_time received;

    enum wd_story_status status;
    uint32_t signals; /* enum wd_signal */
    uint32_t flags;   /* enum wd_flag */
    int urgency;      /* 1 (most) to 9; 0 unknown */

    /* copy: valid UTF-8 */
    struct wd_slice headline;
    struct wd_slice byline;
    struct wd_slice dateline; /* as it stands, without the dash: "Washington" */
    struct wd_slice located;
    struct wd_slice editors_note;
    struct wd_slice credit;
    struct wd_slice language; /* BCP 47 */
    struct wd_slice summary;
    struct wd_slice *paragraphs; /* body, in order, each without its line end */
    size_t paragraph_count;
    size_t paragraph_capacity;
    const struct wd_standing_notes *standing_notes; /* NULL when there are none */
    struct wd_slice body_html; /* the provider's HTML body as it came; "" when none */

    struct wd_concepts subjects, people, organisations, places, events, objects, genres,
        infosources;
    struct wd_slice *keywords;
    size_t keyword_count;
    size_t keyword_capacity;
    struct wd_media *media;
    size_t media_count;
    size_t media_capacity;
    struct wd_member *members; /* other ninjs 3.1 members that come through */
    size_t member_count;
    size_t member_capacity;
    struct wd_extra *extras; /* only when the input's option "extra" is set */
    size_t extra_count;
    size_t extra_capacity;
    size_t extra_bytes; /* of names and values together; at most WD_EXTRA_BYTES_MAX */

    /* verdicts */
    struct wd_digest body_digest;    /* of the normalised body, by wd_copy_scan */
    const struct wd_copy_scan *scan; /* copy_scan.h; NULL until somebody needs it */
    struct wd_dedup_verdict dedup;
    struct wd_update_verdict update;
    struct wd_entity *entities;
    size_t entity_count;
    size_t entity_capacity;
    struct wd_named *named; /* what the entities name */
    size_t named_count;
    size_t named_capacity;
    struct wd_tagging tagging;
    struct wd_verdict *verdicts;
    size_t verdict_count;
    size_t verdict_capacity;
    struct wd_advisory *advisories; /* by updates: for this story and for others */
    size_t advisory_count;
    size_t advisory_capacity;
    uint32_t routes; /* bit n: goes to output n of the pipeline */

    /* Text of which paragraphs are lines, when the decoder knows that no byte of these needs an escape in JSON: the encoder
     * copies paragraphs that lie in it without a look. */
    struct wd_slice plain_copy;
};

/* NULL when memory is exhausted. The arena may grow to `arena_bytes_max`. */
struct wd_story *wd_story_create(size_t arena_bytes_max);
/* Takes NULL. */
void wd_story_destroy(struct wd_story *story);
/* An empty story again, with the same (reset) arena. */
void wd_story_reset(struct wd_story *story);

/* Whether the item is a picture, a graphic, a video or a sound: an item of its own, whatever its caption, slug and headline
 * have in common with others. */
bool wd_story_is_medium(const struct wd_story *story);
/* Bytes of all paragraphs. */
size_t wd_story_copy_bytes(const struct wd_story *story);
/* The headline that the story, an order, names; "" mostly. */
struct wd_slice wd_story_named_headline(const struct wd_story *story);
/* Each appends one element and returns it zeroed (relevance and confidence -1), or NULL when the
 * limit of wd_limits.h is reached or memory is exhausted. */
struct wd_concept *wd_story_add_concept(struct wd_story *story, struct wd_concepts *list);
struct wd_media *wd_story_add_media(struct wd_story *story);
struct wd_entity *wd_story_add_entity(struct wd_story *story);
struct wd_named *wd_story_add_named(struct wd_story *story);
struct wd_advisory *wd_story_add_advisory(struct wd_story *story);
/* These append a slice that is borrowed, not copied; a group without data is WD_NO_MEMORY. */
enum wd_status wd_story_add_paragraph(struct wd_story *story, struct wd_slice text) WD_MUST_CHECK;
enum wd_status wd_story_add_also_group(struct wd_story *story, struct wd_slice group) WD_MUST_CHECK;
enum wd_status wd_story_add_keyword(struct wd_story *story, struct wd_slice text) WD_MUST_CHECK;
/* Adds a note to the standing ones, each once; past WD_STANDING_NOTES_MAX nothing happens. `alone` is said anew each time. */
enum wd_status wd_story_add_standing_note(struct wd_story *story, struct wd_slice note,
                                          bool alone) WD_MUST_CHECK;
enum wd_status wd_story_add_member(struct wd_story *story, struct wd_slice name,
                                   struct wd_slice json) WD_MUST_CHECK;
/* WD_TOO_LARGE over WD_EXTRAS_MAX or WD_EXTRA_BYTES_MAX. Decoders call wd_decode_extra. */
enum wd_status wd_story_add_extra(struct wd_story *story, struct wd_slice name,
                                  struct wd_slice value) WD_MUST_CHECK;
/* Adds findings of a processor without fields of its own in the story; copies both. `json` must be
 * a complete JSON value: it is written into the record as it is. */
enum wd_status wd_story_add_verdict(struct wd_story *story, struct wd_slice processor,
                                    struct wd_slice json) WD_MUST_CHECK;

/* Sets the flags that follow from the times: updated before published, in the future (more than
 * `skew_ms` after received), assumed zones, invalid times. Decoders call it last. */
void wd_story_check_times(struct wd_story *story, int64_t skew_ms);

/* Stories of one message: all of them go on, or none. Reused from message to message. */
struct wd_story_batch {
    struct wd_story **stories; /* owned; `count` in use, the others kept for reuse */
    size_t count;
    size_t capacity;
    size_t arena_bytes_max;
    size_t bytes_max; /* what stories and arena may hold before another story; 0: no bound */
    struct wd_arena
        *arena; /* of the message: of all its stories, and of what they have in common, such as a
                               parsed document; created when it is first asked for */
};

void wd_story_batch_init(struct wd_story_batch *batch, size_t arena_bytes_max);
void wd_story_batch_finish(struct wd_story_batch *batch);
/* Resets every story; keeps a few for reuse, frees the rest. */
void wd_story_batch_clear(struct wd_story_batch *batch);
/* A further, empty story of the message; NULL over WD_STORIES_PER_MESSAGE_MAX, over `bytes_max`, or out of
 * memory. */
struct wd_story *wd_story_batch_add(struct wd_story_batch *batch);
/* The arena of the message, valid until clear; NULL when memory is exhausted. */
struct wd_arena *wd_story_batch_arena(struct wd_story_batch *batch);

#endif
