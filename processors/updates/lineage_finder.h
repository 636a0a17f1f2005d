/* lineage_finder.h - which lineages a story belongs to, by every name that it has.
 *
 * Why:    ids first, wire cues second, text last; and what proves two lineages to be one story makes
 *         them one.
 * Thread: its lane. */
#ifndef WD_LINEAGE_FINDER_H
#define WD_LINEAGE_FINDER_H

#include "copy_memory.h"
#include "lineage_ahead.h"
#include "slug_record.h"
#include "wire_cue.h"

enum { WD_FOUND_MAX = WD_MERGED_MAX };

/* Names besides the own one, in the order in which they are followed and given. */
enum wd_lineage_link {
    WD_LINK_URL,
    WD_LINK_PREVIOUS,
    WD_LINK_ACTS_ON,
    WD_LINK_GROUP,
    WD_LINK_ALSO_GROUPS,
    WD_LINKS = WD_LINK_ALSO_GROUPS + WD_ALSO_GROUPS_MAX,
};

/* What finding needs and what it says. */
struct wd_lineage_search {
    struct wd_lineage_store *store;
    struct wd_table *copies; /* handle of a lineage -> copy_memory.h */
    struct wd_lineage_ahead *ahead;
    struct wd_story *before; /* for wd_copy_is_other */
    struct wd_story *story;
    struct wd_lineage *lineage; /* room for one that is read on the way */
    struct wd_version_mark mark;
    bool stops; /* the story is an order to stop */

    struct wd_wire_cue cue;
    /* The story's first name, and its lineage's id if it opens one. */
    struct wd_digest own;
    /* What it goes by within its lineage: the first name, unless others may have it, too. */
    struct wd_digest member;
    struct wd_lineage_name own_name;
    struct wd_lineage_name links[WD_LINKS];
    bool id_known; /* the own name led to a lineage, and is an id */
    bool has_slug; /* the cue has a name */
    bool orders;   /* an order about what has the slug */
    struct wd_handle slug;
    bool
        has_number; /* of a telex; an order under no slug of a story is about the number that it names */
    bool by_number;   /* it is such an order, and `number` what it names */
    bool by_headline; /* `number` is a headline of two words */
    struct wd_handle number;
    bool has_region; /* other formats have the slug without it */
    struct wd_handle bare_slug;
    struct wd_handle found[WD_FOUND_MAX]; /* alive, each once; the first by the best rule */
    size_t found_count;
    bool loaded; /* `lineage` is the one that the next says, as it stands in its table */
    struct wd_handle which;
    struct wd_slice rule; /* of the first, or of the own name when there is none */
    bool id_reused;
};

/* Fills everything below the empty line (which is zero), as far as the own name leads. */
enum wd_status wd_lineage_find_own(struct wd_lineage_search *search) WD_MUST_CHECK;
/* And what the other names and the slug lead to. Between the two there is time for something else. */
void wd_lineage_find_others(struct wd_lineage_search *search);
/* What the story is among the transmissions under its slug; `id` is zero: its lineage is not known yet. */
struct wd_slug_entry wd_lineage_slug_entry(const struct wd_lineage_search *search);
/* Lets the story's names, and its slug, lead to the lineage, which is saved, and which all that are left in
 * `found` are one with now. */
enum wd_status wd_lineage_register(struct wd_lineage_search *search,
                                   const struct wd_digest *id) WD_MUST_CHECK;

#endif
