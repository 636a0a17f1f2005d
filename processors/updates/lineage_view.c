#include "lineage_view.h"

#include "lineage_keys.h"

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
        if (order->kind == WD_ADVISORY_CORRECTION || order->replaced || !ours ||
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

bool wd_lineage_order_stands(const struct wd_lineage_record *record,
                             const struct wd_lineage_order *order)
{
    struct wd_lineage_version stop = {order->key, order->mark};
    enum wd_version_basis basis = WD_BASIS_NONE;
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

enum wd_lineage_state wd_lineage_state_of(const struct wd_lineage_record *record)
{
    enum wd_lineage_state state = WD_LINEAGE_USABLE;
    struct wd_lineage_version head;
    const struct wd_lineage_member *member = NULL;
    if (has_embargoed(record) && wd_lineage_head(record, &head, &member) && member &&
        (member->flags & WD_MEMBER_EMBARGOED)) {
        state = WD_LINEAGE_EMBARGOED;
    }
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        if (order->kind == WD_ADVISORY_CORRECTION || !wd_lineage_order_stands(record, order)) {
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
        bool to_stop = order->kind != WD_ADVISORY_CORRECTION && !order->replaced;
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
