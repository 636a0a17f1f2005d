/* advice.h - who has to be told of a kill, a withhold or a correction.
 *
 * Why:    the provider's order reaches those who took the story from him. Those who printed the copy
 *         under an id of their own, in another format or later, hear of it only from us.
 * Thread: its lane; no state.
 * Rule:   an order concerns every version of its provider that is not newer than it, and every other
 *         provider's story of the lineage, but for a correction those that have the corrected body. What
 *         is told does not depend on the order in which the stories come. */
#ifndef WD_ADVICE_H
#define WD_ADVICE_H

#include "lineage_view.h"

/* The story is an order, which the record does not have yet: an advisory for each member that it concerns. What takes orders
 * back says to each member that they were told to that it stands; an order that was taken back before it came is told to nobody. */
enum wd_status wd_advise_members(struct wd_story *story, const struct wd_lineage_record *record,
                                 const struct wd_lineage_order *order) WD_MUST_CHECK;
/* What a comparison with the copy that is kept shows of where a story comes from. */
struct wd_copy_source {
    struct wd_digest digest; /* of the kept body; zero: it shows nothing */
    bool whole;              /* the story has all of its sentences; else it has no others */
};

/* The story has copy: an advisory for each order that was there before and concerns it. A correction with the body of
 * the source does not: what has all of it has what was mended, and what has nothing else has not what was wrong, unless
 * the correction did no more than add a remark. */
enum wd_status wd_advise_story(struct wd_story *story, const struct wd_lineage_record *record,
                               const struct wd_lineage_member *member,
                               const struct wd_copy_source *source) WD_MUST_CHECK;
/* The order, which the record has, is not about this lineage: where it was told, an advisory that the story stands for each
 * member that it would concern. */
enum wd_status wd_advise_stands(struct wd_story *story, const struct wd_lineage_record *record,
                                const struct wd_lineage_order *order) WD_MUST_CHECK;
/* The story is the copy that an order says to stand, and reprints that have it were told before it came: an advisory that they
 * stand. The record does not have the member yet. */
enum wd_status wd_advise_spared(struct wd_story *story, const struct wd_lineage_record *record,
                                const struct wd_lineage_member *member) WD_MUST_CHECK;
/* The order reached nobody: an advisory about the order itself, for a desk to look what it is about. */
enum wd_status wd_advise_nobody(struct wd_story *story,
                                const struct wd_lineage_order *order) WD_MUST_CHECK;
/* `lift` is no longer there: the members hear again of what it took back, and nothing else does. */
enum wd_status wd_advise_again(struct wd_story *story, const struct wd_lineage_record *record,
                               const struct wd_lineage_order *lift) WD_MUST_CHECK;
/* Two lineages are one: an advisory for each member of the one that an order of the other concerns. */
enum wd_status wd_advise_across(struct wd_story *story, const struct wd_lineage_record *orders,
                                const struct wd_lineage_record *members) WD_MUST_CHECK;

#endif
