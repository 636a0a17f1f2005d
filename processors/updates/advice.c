#include "advice.h"

#include "standing_notes.h"

static const char *verb_of(const struct wd_lineage_order *order)
{
    switch (order->kind) {
    case WD_ADVISORY_WITHHOLD:
        return "withheld";
    case WD_ADVISORY_CORRECTION:
        return "corrected";
    default:
        return order->replaced ? "withdrew and replaced" : "killed";
    }
}

static bool has_digest(const struct wd_digest *digest)
{
    static const struct wd_digest none = {{0}};
    return memcmp(digest->bytes, none.bytes, sizeof(none.bytes)) != 0;
}

static bool same_digest(const struct wd_digest *a, const struct wd_digest *b)
{
    return has_digest(a) && memcmp(a->bytes, b->bytes, WD_DIGEST_BYTES) == 0;
}

/* A reprint of what the order says to stand. */
static bool has_copy_that_stands(const struct wd_lineage_record *record,
                                 const struct wd_lineage_order *order,
                                 const struct wd_lineage_member *member)
{
    bool has = order->chosen.len > 0 && order->twice;
    for (size_t i = 0; i < record->member_count && order->chosen.len > 0 && !has; i++) {
        has = wd_lineage_order_passes(order, &record->members[i]) &&
              same_digest(&record->members[i].digest, &member->digest);
    }
    return has;
}

/* `mark` is of a version of this member: what is asked is whether the order reaches it. */
static bool concerns(const struct wd_lineage_record *record, const struct wd_lineage_order *order,
                     const struct wd_lineage_member *member, const struct wd_version_mark *mark)
{
    bool same_key = member->key == order->key;
    if (same_key && (order->kind == WD_ADVISORY_CORRECTION || order->replaced)) {
        return false; /* it is the correction */
    }
    if (order->kind == WD_ADVISORY_CORRECTION && same_digest(&member->digest, &order->digest)) {
        return false;
    }
    if (!wd_slice_equal(member->provider, order->provider)) {
        return !has_copy_that_stands(record, order, member);
    }
    if (wd_lineage_order_passes(order, member)) {
        return false;
    }
    struct wd_lineage_version version = {member->key, *mark};
    struct wd_lineage_version stop = {order->key, order->mark};
    enum wd_version_basis basis = WD_BASIS_NONE;
    return wd_lineage_compare(record, &version, &stop, &basis) <= 0;
}

/* Without a reason yet. NULL: there is no room. */
static struct wd_advisory *add_advisory(struct wd_story *story,
                                        const struct wd_lineage_order *order,
                                        const struct wd_lineage_member *member)
{
    struct wd_advisory *advisory = wd_story_add_advisory(story);
    if (!advisory) {
        return NULL;
    }
    advisory->kind = order->kind;
    advisory->provider = member->provider;
    advisory->id = member->id;
    advisory->cause_provider = order->provider;
    advisory->cause_id = order->id;
    advisory->cause_version = order->mark.label;
    advisory->cause_time =
        order->mark.time_known ? wd_time_from_ms(order->mark.time_ms) : WD_TIME_NONE;
    advisory->digest = WD_SLICE_NONE;
    if (has_digest(&member->digest)) {
        char hex[WD_DIGEST_HEX_SIZE];
        wd_digest_hex(member->digest, hex);
        advisory->digest = wd_arena_copy(story->arena, wd_slice_from(hex));
    }
    return advisory;
}

static enum wd_status no_room(const struct wd_story *story)
{
    return story->advisory_count == WD_ADVISORIES_MAX ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status advise(struct wd_story *story, const struct wd_lineage_order *order,
                             const struct wd_lineage_member *member, bool standing)
{
    struct wd_advisory *advisory = add_advisory(story, order, member);
    if (!advisory) {
        return no_room(story);
    }
    advisory->standing = standing;
    const char *whose = order->lent                 ? "the day's story under this slug"
                        : member->key == order->key ? "this story itself"
                                                    : "whose copy this has";
    advisory->reason =
        wd_arena_printf(story->arena, "%.*s %s %s%.*s, %s%s", WD_SLICE_ARG(order->provider),
                        verb_of(order), order->lent ? "by " : "", WD_SLICE_ARG(order->id), whose,
                        standing ? "; that was before this came" : "");
    return advisory->reason.data ? WD_OK : WD_NO_MEMORY;
}

/* Its first version is what an order is about, also when a newer one came before the order. */
static bool concerns_member(const struct wd_lineage_record *record,
                            const struct wd_lineage_order *order,
                            const struct wd_lineage_member *member)
{
    struct wd_version_mark first = {.time_known = (member->flags & WD_MEMBER_FIRST_KNOWN) != 0,
                                    .time_ms = member->first_ms};
    return concerns(record, order, member, &first);
}

static enum wd_status advise_members(struct wd_story *story, const struct wd_lineage_record *record,
                                     const struct wd_lineage_order *order)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < record->member_count && status == WD_OK; i++) {
        if (concerns_member(record, order, &record->members[i])) {
            status = advise(story, order, &record->members[i], false);
        }
    }
    return status;
}

/* The member hears that it stands. `lift`: what takes the order back; NULL: the order is about another story. */
static enum wd_status advise_one_stands(struct wd_story *story,
                                        const struct wd_lineage_order *order,
                                        const struct wd_lineage_member *member,
                                        const struct wd_lineage_order *lift)
{
    struct wd_advisory *advisory = add_advisory(story, order, member);
    if (!advisory) {
        return no_room(story);
    }
    advisory->kind = WD_ADVISORY_STANDS;
    advisory->reason =
        lift ? wd_arena_printf(story->arena,
                               "%.*s takes back by %.*s what %s this by %.*s: it stands",
                               WD_SLICE_ARG(lift->provider), WD_SLICE_ARG(lift->id), verb_of(order),
                               WD_SLICE_ARG(order->id))
             : wd_arena_printf(
                   story->arena, "%.*s %s by %.*s %s, not this one, which stands",
                   WD_SLICE_ARG(order->provider), verb_of(order), WD_SLICE_ARG(order->id),
                   order->chosen.len > 0 ? "other transmissions" : "a nearer story of this slug");
    return advisory->reason.data ? WD_OK : WD_NO_MEMORY;
}

/* Each member that the order was told to hears that it stands. */
static enum wd_status advise_stands(struct wd_story *story, const struct wd_lineage_record *record,
                                    const struct wd_lineage_order *order,
                                    const struct wd_lineage_order *lift)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < record->member_count && status == WD_OK; i++) {
        if (concerns_member(record, order, &record->members[i])) {
            status = advise_one_stands(story, order, &record->members[i], lift);
        }
    }
    return status;
}

enum wd_status wd_advise_nobody(struct wd_story *story, const struct wd_lineage_order *order)
{
    struct wd_lineage_member itself = {
        .provider = story->provider, .id = order->id, .digest = story->body_digest};
    struct wd_advisory *advisory = add_advisory(story, order, &itself);
    if (!advisory) {
        return no_room(story);
    }
    advisory->kind = WD_ADVISORY_UNREACHED;
    advisory->reason = wd_arena_printf(
        story->arena, "what %.*s %s by %.*s was not seen, or it does not say what it is about",
        WD_SLICE_ARG(order->provider), verb_of(order), WD_SLICE_ARG(order->id));
    return advisory->reason.data ? WD_OK : WD_NO_MEMORY;
}

enum wd_status wd_advise_spared(struct wd_story *story, const struct wd_lineage_record *record,
                                const struct wd_lineage_member *member)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        if (!wd_lineage_order_passes(order, member) || !wd_lineage_order_stops(record, order)) {
            continue;
        }
        for (size_t j = 0; j < record->member_count && status == WD_OK; j++) {
            const struct wd_lineage_member *other = &record->members[j];
            bool told = !wd_slice_equal(other->provider, order->provider) &&
                        same_digest(&other->digest, &member->digest) &&
                        concerns_member(record, order, other);
            status = told ? advise_one_stands(story, order, other, NULL) : status;
        }
    }
    return status;
}

enum wd_status wd_advise_stands(struct wd_story *story, const struct wd_lineage_record *record,
                                const struct wd_lineage_order *order)
{
    bool told = order->kind != WD_ADVISORY_STANDS &&
                (order->kind == WD_ADVISORY_CORRECTION || wd_lineage_order_stops(record, order));
    return told ? advise_stands(story, record, order, NULL) : WD_OK;
}

/* What the members of `record` have to hear of an order that is new to them. `with` are the orders that came with it; may be
 * the record's own. */
static enum wd_status advise_order(struct wd_story *story, const struct wd_lineage_record *record,
                                   const struct wd_lineage_order *order,
                                   const struct wd_lineage_record *with)
{
    enum wd_status status = WD_OK;
    if (order->kind == WD_ADVISORY_CORRECTION) {
        return advise_members(story, record, order);
    }
    if (order->kind != WD_ADVISORY_STANDS) {
        bool lifted = !wd_lineage_order_stops(with, order);
        for (size_t i = 0; i < record->order_count && !lifted; i++) {
            lifted = wd_lineage_order_lifts(record, &record->orders[i], order);
        }
        return lifted ? WD_OK : advise_members(story, record, order);
    }
    for (size_t i = 0; i < record->order_count && status == WD_OK; i++) {
        const struct wd_lineage_order *one = &record->orders[i];
        if (wd_lineage_order_lifts(record, order, one) && wd_lineage_order_stops(record, one)) {
            status = advise_stands(story, record, one, order);
        }
    }
    return status;
}

enum wd_status wd_advise_members(struct wd_story *story, const struct wd_lineage_record *record,
                                 const struct wd_lineage_order *order)
{
    return advise_order(story, record, order, record);
}

enum wd_status wd_advise_again(struct wd_story *story, const struct wd_lineage_record *record,
                               const struct wd_lineage_order *lift)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < record->order_count && status == WD_OK; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        if (wd_lineage_order_lifts(record, lift, order) && wd_lineage_order_stops(record, order)) {
            status = advise_members(story, record, order);
        }
    }
    return status;
}

enum wd_status wd_advise_story(struct wd_story *story, const struct wd_lineage_record *record,
                               const struct wd_lineage_member *member,
                               const struct wd_copy_source *source)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < record->order_count && status == WD_OK; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        bool corrected = order->kind == WD_ADVISORY_CORRECTION &&
                         same_digest(&source->digest, &order->digest) &&
                         (source->whole || order->mends);
        bool tells = order->kind == WD_ADVISORY_CORRECTION
                         ? !corrected && !wd_standing_notes_carry(record, story, order)
                         : wd_lineage_order_stops(record, order);
        if (tells && concerns(record, order, member, &member->mark)) {
            status = advise(story, order, member, true);
        }
    }
    return status;
}

enum wd_status wd_advise_across(struct wd_story *story, const struct wd_lineage_record *orders,
                                const struct wd_lineage_record *members)
{
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < orders->order_count && status == WD_OK; i++) {
        status = advise_order(story, members, &orders->orders[i], orders);
    }
    return status;
}
