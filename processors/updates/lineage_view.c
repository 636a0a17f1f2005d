#include "lineage_view.h"

#include "lineage_keys.h"
#include "order_choice.h"

int wd_lineage_compare(const struct wd_lineage_record *record, const struct wd_lineage_version *a,
                       const struct wd_lineage_version *b, enum wd_version_basis *basis)
{
    if (a->key == b->key) {
        return wd_version_compare(a->mark, b->mark, basis);
    }
    int order = wd_version_compare_times(a->mark, b->mark, basis);
    if (order == 0) {
        bool a_followed = wd_lineage_record_follows(record, a->key);
        bool b_followed = wd_lineage_record_follows(record, b->key);
        order = (int)b_followed - (int)a_followed;
    }
    return order;
}

/* When a story began, as far as it is known. */
static bool begin_of(const struct wd_lineage_member *member, int64_t *ms)
{
    bool published = (member->flags & WD_MEMBER_PUBLISHED_KNOWN) != 0;
    *ms = published ? member->published_ms : member->first_ms;
    return published || (member->flags & WD_MEMBER_FIRST_KNOWN) != 0;
}

static bool began_before(const struct wd_lineage_member *a, const struct wd_lineage_member *b)
{
    int64_t a_ms = 0;
    int64_t b_ms = 0;
    bool a_known = begin_of(a, &a_ms);
    bool b_known = begin_of(b, &b_ms);
    if (a_known != b_known) {
        return a_known;
    }
    return a_ms != b_ms ? a_ms < b_ms : a->key < b->key;
}

struct wd_slice wd_lineage_origin(const struct wd_lineage_record *record)
{
    const struct wd_lineage_member *first = NULL;
    for (size_t i = 0; i < record->member_count; i++) {
        const struct wd_lineage_member *member = &record->members[i];
        if (!first || began_before(member, first)) {
            first = member;
        }
    }
    return first ? first->provider : WD_SLICE_NONE;
}

bool wd_lineage_order_lifts(const struct wd_lineage_record *record,
                            const struct wd_lineage_order *lift,
                            const struct wd_lineage_order *order)
{
    enum wd_advisory_kind lifted = lift->release ? WD_ADVISORY_WITHHOLD : WD_ADVISORY_KILL;
    struct wd_lineage_version back = {lift->key, lift->mark};
    struct wd_lineage_version stop = {order->key, order->mark};
    enum wd_version_basis basis = WD_BASIS_NONE;
    return lift->kind == WD_ADVISORY_STANDS && order->kind == lifted &&
           wd_slice_equal(lift->provider, order->provider) &&
           wd_lineage_compare(record, &back, &stop, &basis) >= 0;
}

bool wd_lineage_order_passes(const struct wd_lineage_order *order,
                             const struct wd_lineage_member *member)
{
    return order->chosen.len > 0 && wd_slice_equal(member->provider, order->provider) &&
           !wd_order_choice_has(order->chosen, member->id);
}

bool wd_lineage_order_leaves(const struct wd_lineage_record *record,
                             const struct wd_lineage_order *order)
{
    bool leaves = false;
    for (size_t i = 0; i < record->member_count && order->chosen.len > 0 && !leaves; i++) {
        leaves = wd_lineage_order_passes(order, &record->members[i]);
    }
    return leaves;
}

bool wd_lineage_order_stops(const struct wd_lineage_record *record,
                            const struct wd_lineage_order *order)
{
    bool stops = order->kind == WD_ADVISORY_KILL || order->kind == WD_ADVISORY_WITHHOLD;
    for (size_t i = 0; i < record->order_count && stops; i++) {
        stops = !wd_lineage_order_lifts(record, &record->orders[i], order);
    }
    return stops;
}

/* A transmission that was killed by its number, while the story stands. */
static bool is_killed_alone(const struct wd_lineage_record *record,
                            const struct wd_lineage_member *member)
{
    bool killed = false;
    for (size_t i = 0; i < record->order_count && !killed; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        killed = order->chosen.len > 0 && wd_slice_equal(member->provider, order->provider) &&
                 wd_order_choice_has(order->chosen, member->id) &&
                 wd_lineage_order_stops(record, order);
    }
    return killed;
}

bool wd_lineage_head(const struct wd_lineage_record *record, struct wd_lineage_version *head,
                     const struct wd_lineage_member **member)
{
    struct wd_slice origin = wd_lineage_origin(record);
    enum wd_version_basis basis = WD_BASIS_NONE;
    bool found = false;
    for (size_t i = 0; i < record->member_count; i++) {
        const struct wd_lineage_member *one = &record->members[i];
        struct wd_lineage_version version = {one->key, one->mark};
        if ((one->flags & WD_MEMBER_PARTIAL) || !wd_slice_equal(one->provider, origin) ||
            is_killed_alone(record, one) ||
            (found && wd_lineage_compare(record, &version, head, &basis) <= 0)) {
            continue;
        }
        *head = version;
        found = true;
        if (member) {
            *member = one;
        }
    }
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        struct wd_lineage_version version = {order->key, order->mark};
        bool ours = record->member_count == 0 || wd_slice_equal(order->provider, origin);
        if (!wd_lineage_order_stops(record, order) || order->replaced || !ours ||
            wd_lineage_order_leaves(record, order) ||
            (found && wd_lineage_compare(record, &version, head, &basis) < 0)) {
            continue;
        }
        *head = version;
        found = true;
        if (member) {
            *member = NULL;
        }
    }
    return found;
}

/* Nothing newer of its provider is there. */
static bool order_stands(const struct wd_lineage_record *record,
                         const struct wd_lineage_order *order)
{
    struct wd_lineage_version stop = {order->key, order->mark};
    enum wd_version_basis basis = WD_BASIS_NONE;
    if (wd_lineage_order_leaves(record, order)) {
        return false;
    }
    for (size_t i = 0; i < record->member_count; i++) {
        const struct wd_lineage_member *member = &record->members[i];
        struct wd_lineage_version version = {member->key, member->mark};
        if (!wd_slice_equal(member->provider, order->provider)) {
            continue;
        }
        int age = wd_lineage_compare(record, &version, &stop, &basis);
        if (age > 0 || (age == 0 && order->replaced && member->key == order->key)) {
            return false;
        }
    }
    return true;
}

static bool has_embargoed(const struct wd_lineage_record *record)
{
    unsigned flags = 0;
    for (size_t i = 0; i < record->member_count; i++) {
        flags |= record->members[i].flags;
    }
    return (flags & WD_MEMBER_EMBARGOED) != 0;
}

/* Its provider said that the embargo of this version, or of one after it, is no more. */
static bool is_released(const struct wd_lineage_record *record,
                        const struct wd_lineage_version *version, struct wd_slice provider)
{
    enum wd_version_basis basis = WD_BASIS_NONE;
    bool released = false;
    for (size_t i = 0; i < record->order_count && !released; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        struct wd_lineage_version release = {order->key, order->mark};
        released = order->release && wd_slice_equal(order->provider, provider) &&
                   wd_lineage_compare(record, &release, version, &basis) >= 0;
    }
    return released;
}

enum wd_lineage_state wd_lineage_state_of(const struct wd_lineage_record *record)
{
    enum wd_lineage_state state = WD_LINEAGE_USABLE;
    struct wd_lineage_version head;
    const struct wd_lineage_member *member = NULL;
    if (has_embargoed(record) && wd_lineage_head(record, &head, &member) && member &&
        (member->flags & WD_MEMBER_EMBARGOED) && !is_released(record, &head, member->provider)) {
        state = WD_LINEAGE_EMBARGOED;
    }
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        if (!wd_lineage_order_stops(record, order) || !order_stands(record, order)) {
            continue;
        }
        if (order->kind == WD_ADVISORY_KILL) {
            return WD_LINEAGE_KILLED;
        }
        state = WD_LINEAGE_WITHHELD;
    }
    return state;
}

void wd_lineage_describe(const struct wd_lineage_record *record, struct wd_update_verdict *verdict)
{
    struct wd_lineage_version head = {0};
    verdict->number = record->number;
    verdict->first_published = record->first_published;
    verdict->state = wd_lineage_state_of(record);
    verdict->members = (uint32_t)record->member_count;
    verdict->members_forgotten = record->forgotten;
    if (wd_lineage_head(record, &head, NULL)) {
        verdict->latest = head.mark.label;
    }
}

bool wd_lineage_has_newer(const struct wd_lineage_record *record,
                          const struct wd_lineage_version *version, struct wd_slice provider,
                          bool stops, enum wd_version_basis *basis)
{
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        struct wd_lineage_version stop = {order->key, order->mark};
        bool to_stop = !order->replaced && wd_lineage_order_stops(record, order) &&
                       !wd_lineage_order_leaves(record, order);
        if (to_stop && wd_slice_equal(order->provider, provider) &&
            wd_lineage_compare(record, version, &stop, basis) < (stops ? 0 : 1)) {
            return true;
        }
    }
    for (size_t i = 0; i < record->member_count; i++) {
        const struct wd_lineage_member *member = &record->members[i];
        struct wd_lineage_version other = {member->key, member->mark};
        if (!(member->flags & WD_MEMBER_PARTIAL) && wd_slice_equal(member->provider, provider) &&
            wd_lineage_compare(record, version, &other, basis) < 0) {
            return true;
        }
    }
    return false;
}
