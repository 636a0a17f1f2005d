/* lineage_view.h - what a lineage says when it is asked: never stored, so that it does not depend on the
 * order in which its versions came.
 *
 * Thread: its lane; no state. */
#ifndef WD_LINEAGE_VIEW_H
#define WD_LINEAGE_VIEW_H

#include "lineage_record.h"

/* A version of the lineage under an id. */
struct wd_lineage_version {
    uint64_t key;
    struct wd_version_mark mark;
};

/* Below 0, 0 or above 0 as `a` is older than, as old as or newer than `b`: under one id by the provider's
 * order, under two by time, else the one that others say they follow is the older. */
int wd_lineage_compare(const struct wd_lineage_record *record, const struct wd_lineage_version *a,
                       const struct wd_lineage_version *b, enum wd_version_basis *basis);

/* Whose story it is: the provider who published first. Empty without members. */
struct wd_slice wd_lineage_origin(const struct wd_lineage_record *record);

/* The newest whole version, or order to stop, of the provider whose story it is; false when there is
 * none. `*member` (may be NULL) gets NULL for an order. */
bool wd_lineage_head(const struct wd_lineage_record *record, struct wd_lineage_version *head,
                     const struct wd_lineage_member **member);

/* The order is about some transmissions alone, and this member of its provider is none of them. */
bool wd_lineage_order_passes(const struct wd_lineage_order *order,
                             const struct wd_lineage_member *member);
/* ... and the lineage has such a member: it is not the story that is stopped. */
bool wd_lineage_order_leaves(const struct wd_lineage_record *record,
                             const struct wd_lineage_order *order);
/* A kill or withhold stands until its provider is known to have sent something newer. */
enum wd_lineage_state wd_lineage_state_of(const struct wd_lineage_record *record);
/* A kill or withhold that its provider has not taken back: what says that the story stands and is not older lifts it. */
bool wd_lineage_order_stops(const struct wd_lineage_record *record,
                            const struct wd_lineage_order *order);
/* `lift` (WD_ADVISORY_STANDS) takes back `order`, be they of one record or of two. */
bool wd_lineage_order_lifts(const struct wd_lineage_record *record,
                            const struct wd_lineage_order *lift,
                            const struct wd_lineage_order *order);

/* What a verdict says of the lineage as it stands: number, first_published, state, members, latest. */
void wd_lineage_describe(const struct wd_lineage_record *record, struct wd_update_verdict *verdict);

/* True when something newer of the same provider is there, or an order to stop that is as old: a kill
 * stands until something that is known to be newer comes. `stops`: the version is such an order itself. */
bool wd_lineage_has_newer(const struct wd_lineage_record *record,
                          const struct wd_lineage_version *version, struct wd_slice provider,
                          bool stops, enum wd_version_basis *basis);

#endif
