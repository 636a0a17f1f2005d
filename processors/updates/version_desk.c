#include "version_desk.h"

#include "advice.h"
#include "copy_scan.h"
#include "headline_prefix.h"
#include "lent_orders.h"
#include "lineage_keys.h"
#include "order_choice.h"
#include "orders.h"
#include "record_bytes.h"
#include "standing_notes.h"
#include "story_uri.h"
#include "verdict.h"

/* One story on its way through. */
struct work {
    struct wd_version_desk *desk;
    struct wd_story *story;
    struct wd_lineage_search search;
    struct wd_lineage lineage;
    struct wd_evidence evidence;
    struct wd_copy_memory memory; /* of the lineage's newest version */
    bool remembered;
    bool lifts; /* the story takes orders back, and has no copy */
    uint64_t key;
    uint64_t fingerprint;
};

/* What a lineage goes by in "copies", as in its own table. */
static struct wd_slice copy_key(const struct wd_digest *id)
{
    return (struct wd_slice){(const char *)id->bytes, WD_HANDLE_BYTES};
}

/* Clocks that contradict each other or the day of arrival order nothing. */
static struct wd_version_mark mark_of(const struct wd_story *story)
{
    const uint32_t lies = WD_FLAG_TIME_IN_FUTURE | WD_FLAG_UPDATED_BEFORE_PUBLISHED;
    struct wd_time time = wd_time_known(story->updated) ? story->updated : story->published;
    bool known = wd_time_known(time) && !(story->flags & lies);
    return (struct wd_version_mark){
        .label = wd_utf8_cut(story->version, WD_LINEAGE_TEXT_BYTES_MAX),
        .order = story->version_order,
        .time_known = known,
        .time_ms = known ? time.ms : 0,
    };
}

/* Two messages with one fingerprint say the same in every respect that this processor looks at. */
static bool make_fingerprint(struct work *work)
{
    const struct wd_story *story = work->story;
    struct wd_digest copy = wd_copy_digest(story);
    struct wd_buffer *out = &work->desk->store.scratch;
    wd_buffer_clear(out);
    wd_record_put(out, work->key, 8);
    wd_buffer_append(out, copy.bytes, sizeof(copy.bytes));
    wd_record_put(out, story->status, 1);
    wd_record_put(out, story->signals & ~(uint32_t)(WD_SIGNAL_REPEAT | WD_SIGNAL_REFILE), 4);
    wd_record_put(out, work->search.mark.time_known ? (uint64_t)work->search.mark.time_ms : 0, 8);
    wd_buffer_append_slice(out, story->version);
    if (!wd_buffer_ok(out)) {
        return false;
    }
    struct wd_digest digest = wd_digest_of(out->data, out->len);
    work->fingerprint = wd_lineage_fingerprint(&digest);
    return true;
}

static enum wd_status begin(struct work *work)
{
    struct wd_story *story = work->story;
    if (!wd_copy_scan(story)) {
        return WD_NO_MEMORY;
    }
    struct wd_lineage_search *search = &work->search;
    search->store = &work->desk->store;
    search->copies = work->desk->copies;
    search->ahead = &work->desk->ahead;
    search->before = work->desk->before;
    search->story = story;
    search->lineage = &work->lineage;
    search->mark = mark_of(story);
    search->stops = wd_story_stops(story);
    work->lifts = wd_story_lifts(story) && !wd_story_brings_copy(story);
    enum wd_status status = wd_lineage_find_own(search);
    work->evidence.cue = search->cue;
    work->key = wd_lineage_short_key(&search->member);
    if (status == WD_OK && !make_fingerprint(work)) {
        status = WD_NO_MEMORY;
    }
    if (status == WD_OK) {
        wd_lineage_find_others(search);
    }
    wd_lineage_ahead_end(search->ahead);
    return status;
}

/* The lineage of those published first survives, so that readers who follow it need not change; of two as
 * old the one with the smaller id. */
static bool survives(const struct wd_lineage *a, const struct wd_lineage *b)
{
    const struct wd_time *first = &a->record.first_published;
    const struct wd_time *second = &b->record.first_published;
    if (wd_time_known(*first) != wd_time_known(*second)) {
        return wd_time_known(*first);
    }
    if (wd_time_known(*first) && first->ms != second->ms) {
        return first->ms < second->ms;
    }
    return memcmp(a->id.bytes, b->id.bytes, sizeof(a->id.bytes)) < 0;
}

static enum wd_status name_merged(struct wd_story *story, const struct wd_digest *id)
{
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(*id, hex);
    struct wd_slice *place = &story->update.merged[story->update.merged_count++];
    *place = wd_arena_copy(story->arena, wd_slice_from(hex));
    return place->data ? WD_OK : WD_NO_MEMORY;
}

/* The copy that is kept for the merged lineage: of the survivor, or the other's where it has none. */
static enum wd_status merge_copies(struct wd_version_desk *desk, struct wd_arena *arena,
                                   const struct wd_digest *into, const struct wd_digest *from)
{
    struct wd_slice value = WD_SLICE_NONE;
    enum wd_status status = WD_OK;
    if (wd_table_get(desk->copies, copy_key(from), &value, NULL) != WD_OK) {
        return WD_OK;
    }
    struct wd_slice ours = WD_SLICE_NONE;
    if (wd_table_get(desk->copies, copy_key(into), &ours, NULL) != WD_OK) {
        struct wd_slice copy = wd_arena_copy(arena, value);
        status = copy.data ? wd_table_put(desk->copies, copy_key(into), copy) : WD_NO_MEMORY;
    }
    if (status == WD_OK) {
        status = wd_table_delete(desk->copies, copy_key(from));
    }
    return status == WD_NOT_FOUND ? WD_OK : status; /* the put may have pushed it out */
}

static enum wd_status merge_one(struct work *work, struct wd_lineage *other)
{
    struct wd_story *story = work->story;
    struct wd_lineage *into = &work->lineage;
    if (survives(other, into)) {
        struct wd_lineage swap = *into;
        *into = *other;
        *other = swap;
    }
    enum wd_status status = wd_advise_across(story, &into->record, &other->record);
    if (status == WD_OK) {
        status = wd_advise_across(story, &other->record, &into->record);
    }
    if (status == WD_OK) {
        status = merge_copies(work->desk, story->arena, &into->id, &other->id);
    }
    if (status == WD_OK) {
        status = name_merged(story, &other->id);
    }
    return status == WD_OK ? wd_lineage_merge(&work->desk->store, story->arena, into, other)
                           : status;
}

/* An id that comes back for another story gets a lineage under its id and day. */
static enum wd_status open_lineage(struct work *work)
{
    struct wd_lineage_search *search = &work->search;
    struct wd_digest id = search->own;
    if (search->id_reused) {
        struct wd_slice own = {(const char *)search->own.bytes, sizeof(search->own.bytes)};
        char bytes[8];
        for (size_t i = 0; i < sizeof(bytes); i++) {
            bytes[i] = (char)((uint64_t)work->story->published.ms >> (8 * i));
        }
        if (!wd_lineage_key(search->store, 'e', own, wd_slice_make(bytes, sizeof(bytes)), &id)) {
            return WD_NO_MEMORY;
        }
    }
    wd_table_prefetch_key(work->desk->copies, copy_key(&id)); /* where its copy will go */
    wd_table_prefetch_room(work->desk->copies, WD_HANDLE_BYTES,
                           wd_copy_memory_bytes(work->story, work->desk->copy_bytes_max));
    work->story->update.opened = true;
    work->story->update.id_reused = search->id_reused;
    return wd_lineage_open(work->story->arena, &id, &work->lineage);
}

/* Loads the lineage that the story belongs to, or all of them as one; those that are no more leave `found`. */
static enum wd_status load(struct work *work)
{
    struct wd_lineage_search *search = &work->search;
    size_t joined = 0;
    for (size_t i = 0; i < search->found_count; i++) {
        struct wd_lineage other;
        struct wd_lineage *place = joined > 0 ? &other : &work->lineage;
        bool there = i == 0 && search->loaded && wd_handle_equal(&search->which, &search->found[0]);
        enum wd_status status =
            there ? WD_OK
                  : wd_lineage_load(search->store, work->story->arena, &search->found[i], place);
        if (status == WD_NOT_FOUND) {
            continue; /* written by another version of this program: it is replaced */
        }
        if (status == WD_OK && joined > 0) {
            status = merge_one(work, &other);
        }
        if (status != WD_OK) {
            return status;
        }
        search->found[joined++] = search->found[i];
    }
    search->found_count = joined;
    return joined > 0 ? WD_OK : open_lineage(work);
}

static void find_evidence(struct work *work)
{
    const struct wd_story *story = work->story;
    struct wd_lineage_record *record = &work->lineage.record;
    struct wd_evidence *evidence = &work->evidence;
    struct wd_lineage_version version = {work->key, work->search.mark};
    const struct wd_lineage_member *newest = NULL;
    evidence->seen = record->number > 0;
    evidence->seen_exactly = wd_lineage_record_has(record, work->fingerprint);
    evidence->corrects = wd_standing_notes_correct(record, story, &version);
    evidence->state_before = wd_lineage_state_of(record);
    for (size_t i = 0; i < record->member_count; i++) {
        const struct wd_lineage_member *member = &record->members[i];
        if (!wd_slice_equal(member->provider, story->provider)) {
            continue;
        }
        enum wd_version_basis basis = WD_BASIS_NONE;
        struct wd_lineage_version one = {member->key, member->mark};
        struct wd_lineage_version best = {newest ? newest->key : 0,
                                          newest ? newest->mark : member->mark};
        if (!newest || wd_lineage_compare(record, &one, &best, &basis) > 0) {
            newest = member;
        }
        if (member->key == work->key) {
            evidence->own_id = true;
            evidence->same_mark = wd_version_compare(member->mark, version.mark, &basis) == 0;
        }
    }
    evidence->own_provider = newest != NULL;
    evidence->lifts_embargo = newest && (newest->flags & WD_MEMBER_EMBARGOED);
    evidence->newer =
        !evidence->seen_exactly && wd_lineage_has_newer(record, &version, story->provider,
                                                        work->search.stops, &evidence->basis);
}

static enum wd_status compare(struct work *work)
{
    struct wd_story *story = work->story;
    struct wd_slice value = WD_SLICE_NONE;
    if (!work->evidence.seen ||
        wd_table_get(work->desk->copies, copy_key(&work->lineage.id), &value, NULL) != WD_OK) {
        return WD_OK;
    }
    /* Where it lies in the table: nothing is put before the verdict stands. */
    work->remembered = wd_copy_memory_decode(value, &work->memory);
    bool whole = !wd_story_stops(story) && !work->lifts && !(story->flags & WD_FLAG_PARTIAL) &&
                 story->paragraph_count > 0 && !work->evidence.seen_exactly;
    return work->remembered && whole
               ? wd_copy_compare(&work->memory, work->desk->before, story, &story->update.change)
               : WD_OK;
}

/* What the story is called where others are told of it: guid or address, else what its record calls it (story.uri). */
static struct wd_slice story_id(struct work *work)
{
    const struct wd_story *story = work->story;
    if (story->guid.len > 0 || story->url.len > 0) {
        return story->guid.len > 0 ? story->guid : story->url;
    }
    struct wd_buffer *out = &work->desk->store.scratch;
    wd_buffer_clear(out);
    wd_story_made_uri(story, out);
    struct wd_slice id =
        wd_buffer_ok(out) ? wd_arena_copy(story->arena, wd_buffer_slice(out)) : WD_SLICE_NONE;
    return id.data ? id : story->update.lineage;
}

static void note_first(struct wd_lineage_member *member, const struct wd_story *story,
                       const struct wd_version_mark *mark)
{
    if (wd_time_known(story->published) && (!(member->flags & WD_MEMBER_PUBLISHED_KNOWN) ||
                                            story->published.ms < member->published_ms)) {
        member->published_ms = story->published.ms;
        member->flags |= WD_MEMBER_PUBLISHED_KNOWN;
    }
    if (mark->time_known &&
        (!(member->flags & WD_MEMBER_FIRST_KNOWN) || mark->time_ms < member->first_ms)) {
        member->first_ms = mark->time_ms;
        member->flags |= WD_MEMBER_FIRST_KNOWN;
    }
}

/* The member that this story is, as it will be with this version. */
static struct wd_lineage_member make_member(struct work *work)
{
    const struct wd_story *story = work->story;
    const struct wd_version_mark *mark = &work->search.mark;
    const struct wd_lineage_member *old = wd_lineage_find_member(&work->lineage, work->key);
    struct wd_lineage_member member = {
        .key = work->key, .provider = story->provider, .id = story_id(work)};
    if (old) {
        member = *old;
    }
    note_first(&member, story, mark);
    bool part = (story->flags & WD_FLAG_PARTIAL) != 0;
    bool only_parts = !old || (member.flags & WD_MEMBER_PARTIAL);
    enum wd_version_basis basis = WD_BASIS_NONE;
    bool newest = only_parts || wd_version_compare(*mark, member.mark, &basis) >= 0;
    if (newest && (!part || only_parts)) {
        member.mark = *mark;
        member.digest = story->body_digest;
        member.id = story_id(work);
        bool embargoed = story->status == WD_STORY_EMBARGOED;
        member.flags &= (uint8_t) ~(WD_MEMBER_EMBARGOED | WD_MEMBER_PARTIAL);
        member.flags |=
            (uint8_t)((embargoed ? WD_MEMBER_EMBARGOED : 0) | (part ? WD_MEMBER_PARTIAL : 0));
    }
    return member;
}

static struct wd_slice without_prefix(struct wd_slice headline)
{
    return wd_slice_from_offset(headline, wd_headline_prefix_len(headline));
}

/* "CORRECTS headline.", "Corrects in headline to ...": the desk says that nothing else was wrong. */
static bool says_headline_only(const struct wd_story *story)
{
    static const char *const more[] = {"graf", "paragraph", "lead", " and ", "body", "byline"};
    struct wd_slice note =
        story->signals & WD_SIGNAL_CORRECTION ? story->editors_note : WD_SLICE_NONE;
    size_t at = 0;
    while (at < note.len &&
           !wd_text_starts_ascii_case(wd_slice_from_offset(note, at), WD_SLICE("corrects"))) {
        at++;
    }
    struct wd_slice rest = wd_text_trim(wd_slice_from_offset(note, at + strlen("corrects")));
    bool headline = wd_text_starts_ascii_case(rest, WD_SLICE("headline")) ||
                    wd_text_starts_ascii_case(rest, WD_SLICE("in headline")) ||
                    wd_text_starts_ascii_case(rest, WD_SLICE("the headline"));
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]) && headline; i++) {
        headline = !wd_text_contains_ascii_case(rest, wd_slice_from(more[i]));
    }
    return at < note.len && headline;
}

/* A correction of the headline alone: the body was never wrong, and who has it has the headline that was. Not when a
 * correction brought this body before: then it is what was mended. */
static bool mends_headline_only(struct work *work)
{
    const struct wd_story *story = work->story;
    const struct wd_change *change = &story->update.change;
    const struct wd_lineage_record *record = &work->lineage.record;
    bool same_body = change->sentences_now > 0 &&
                     change->sentences_now == change->sentences_before &&
                     change->sentences[WD_SENTENCE_KEPT] == change->sentences_now;
    const struct wd_lineage_member *kept = wd_lineage_find_member(&work->lineage, work->memory.key);
    bool own = kept && wd_slice_equal(kept->provider, story->provider); /* papers have their own */
    if (!same_body || !own || !change->headline_changed || work->evidence.newer ||
        wd_text_equal_ascii_case(without_prefix(change->headline_before),
                                 without_prefix(story->headline))) {
        return false;
    }
    for (size_t i = 0; i < record->order_count; i++) {
        const struct wd_lineage_order *order = &record->orders[i];
        if (order->kind == WD_ADVISORY_CORRECTION &&
            wd_digest_equal(&order->digest, &story->body_digest)) {
            return false;
        }
    }
    return true;
}

/* What reaches everybody in the lineage; false when the story is no such order. */
static bool make_order(struct work *work, struct wd_lineage_order *order)
{
    const struct wd_story *story = work->story;
    const uint32_t *sentences = story->update.change.sentences;
    bool stops = wd_story_stop_order(story, &order->kind);
    if (!stops) {
        order->kind = work->lifts ? WD_ADVISORY_STANDS : WD_ADVISORY_CORRECTION;
        order->release = work->lifts && !(story->signals & WD_SIGNAL_STANDS);
    }
    order->replaced = stops && !wd_story_stops(story);
    order->mends = !work->evidence.newer &&
                   (sentences[WD_SENTENCE_EDITED] > 0 || sentences[WD_SENTENCE_REMOVED] > 0);
    order->key = work->key;
    if (stops || !(says_headline_only(story) || mends_headline_only(work))) {
        order->digest = story->body_digest;
    }
    order->mark = work->search.mark;
    order->provider = story->provider;
    order->id = story_id(work);
    order->noted = !stops && story->standing_notes && story->standing_notes->alone &&
                   wd_story_brings_copy(story);
    return stops || work->lifts || work->evidence.corrects;
}

/* Which transmissions an order to stop is about, where it says that others stand. */
static enum wd_status choose(const struct wd_story *story, struct wd_lineage_order *order)
{
    struct wd_order_choice choice = {.numbers = WD_SLICE_NONE};
    enum wd_status status = WD_OK;
    if (wd_story_stops(story)) {
        status = wd_order_choice_read(story, &choice);
    }
    order->chosen = choice.numbers;
    order->twice = choice.twice;
    return status;
}

static void count_version(struct work *work)
{
    const struct wd_story *story = work->story;
    struct wd_lineage_record *record = &work->lineage.record;
    if (wd_time_known(story->published) && (!wd_time_known(record->first_published) ||
                                            story->published.ms < record->first_published.ms)) {
        record->first_published = story->published;
    }
    record->number++;
    wd_lineage_record_add(record, work->fingerprint);
    const struct wd_slice followed[] = {story->previous, story->acts_on};
    for (size_t i = 0; i < 2; i++) {
        struct wd_digest key;
        if (followed[i].len > 0 && !wd_slice_equal(followed[i], story->guid) &&
            wd_lineage_key(&work->desk->store, 'g', story->provider, followed[i], &key)) {
            wd_lineage_record_follow(record, wd_lineage_short_key(&key));
        }
    }
}

/* What the story has more than the copy that is kept stands above and below it, as a paper's own lines do, and not between its
 * sentences: what a correction took out would stand there. */
static bool adds_around(const struct wd_change *change)
{
    size_t count = change->sentence_count;
    const struct wd_changed_sentence *list = change->sentence_list;
    uint32_t head = 0;
    uint32_t foot = change->sentences_now; /* the last one that is not added */
    for (size_t i = 0; i < count; i++) {
        head += list[i].kind == WD_SENTENCE_ADDED && list[i].now == head + 1;
    }
    for (size_t i = count; i > 0; i--) {
        foot -= list[i - 1].kind == WD_SENTENCE_ADDED && list[i - 1].now == foot;
    }
    return head + (change->sentences_now - foot) >= change->sentences[WD_SENTENCE_ADDED];
}

/* The body that the story was taken from, as far as the comparison shows: it has all sentences of the copy that is kept,
 * and its own head and foot, or no others. */
static struct wd_copy_source source_of(struct work *work)
{
    const uint32_t *sentences = work->story->update.change.sentences;
    struct wd_copy_source source = {.whole = sentences[WD_SENTENCE_REMOVED] == 0};
    if (!work->remembered || work->memory.cut || work->story->update.change.sentences_now == 0 ||
        sentences[WD_SENTENCE_EDITED] > 0 || (!source.whole && sentences[WD_SENTENCE_ADDED] > 0) ||
        !adds_around(&work->story->update.change)) {
        return source;
    }
    const struct wd_lineage_member *kept = wd_lineage_find_member(&work->lineage, work->memory.key);
    if (kept && wd_slice_equal(kept->mark.label, work->memory.label)) {
        source.digest = kept->digest;
    }
    return source;
}

/* Takes the version into the lineage and tells whom it concerns. What came before changes nothing. */
static enum wd_status take_in(struct work *work)
{
    struct wd_story *story = work->story;
    struct wd_lineage *lineage = &work->lineage;
    if (work->evidence.seen_exactly) {
        return WD_OK;
    }
    count_version(work);
    enum wd_status status = WD_OK;
    bool version = !work->search.stops && !work->lifts; /* else nobody can publish it */
    if (version) {
        struct wd_lineage_member member = make_member(work);
        struct wd_lineage_member now = member;
        now.mark = work->search.mark;
        now.digest = story->body_digest;
        struct wd_copy_source source = source_of(work);
        status = wd_advise_story(story, &lineage->record, &now, &source);
        if (status == WD_OK) {
            status = wd_advise_spared(story, &lineage->record, &now);
        }
        wd_lineage_put_member(lineage, &member, work->desk->store.members_max);
    }
    struct wd_lineage_version own = {work->key, work->search.mark};
    if (status == WD_OK && version) {
        status = wd_standing_notes_take(&lineage->record, story, &own);
    }
    struct wd_lineage_order order = {0};
    if (status == WD_OK && make_order(work, &order)) {
        status = choose(story, &order);
        if (status == WD_OK) {
            status = wd_advise_members(story, &lineage->record, &order);
        }
        wd_lineage_put_order(lineage, &order);
        if (status == WD_OK) {
            status = wd_lent_orders_lend(&work->search, lineage, &order);
        }
        if (status == WD_OK && wd_verdict_reached_nobody(story)) {
            status = wd_advise_nobody(story, &order);
        }
    }
    return status;
}

/* The newest whole version's copy is what the next one is compared with. */
static enum wd_status keep_copy(struct work *work)
{
    const struct wd_story *story = work->story;
    struct wd_lineage_version head;
    const struct wd_lineage_member *member = NULL;
    bool whole = !work->search.stops && !work->lifts && !(story->flags & WD_FLAG_PARTIAL) &&
                 story->paragraph_count > 0 && !work->evidence.seen_exactly &&
                 !work->evidence.newer;
    if (!whole || work->desk->copy_bytes_max == 0) {
        return WD_OK;
    }
    bool is_head = wd_lineage_head(&work->lineage.record, &head, &member) && member &&
                   member->key == work->key;
    if (!is_head && work->remembered) {
        return WD_OK;
    }
    struct wd_buffer *out = &work->desk->store.scratch;
    wd_copy_memory_encode(story, work->key, work->desk->copy_bytes_max, out);
    return wd_buffer_ok(out)
               ? wd_table_put(work->desk->copies, copy_key(&work->lineage.id), wd_buffer_slice(out))
               : WD_NO_MEMORY;
}

static void describe_lineage(struct work *work)
{
    struct wd_update_verdict *verdict = &work->story->update;
    const struct wd_lineage_record *record = &work->lineage.record;
    wd_lineage_describe(record, verdict);
    verdict->version = work->story->version;
    verdict->reprint = record->member_count > 0 &&
                       !wd_slice_equal(wd_lineage_origin(record), work->story->provider);
}

static enum wd_status name_lineage(struct work *work)
{
    struct wd_update_verdict *verdict = &work->story->update;
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(work->lineage.id, hex);
    verdict->lineage = wd_arena_copy(work->story->arena, wd_slice_from(hex));
    verdict->rule = work->search.rule;
    return verdict->lineage.data ? WD_OK : WD_NO_MEMORY;
}

enum wd_status wd_version_desk_judge(struct wd_version_desk *desk, struct wd_story *story)
{
    struct work work_here = {.desk = desk, .story = story};
    struct work *work = &work_here;
    enum wd_status status = begin(work);
    if (status == WD_OK) {
        status = load(work);
    }
    if (status == WD_OK) {
        status = name_lineage(work);
    }
    if (status == WD_OK) {
        status = wd_lent_orders_meet(&work->search, &work->lineage);
    }
    if (status != WD_OK) {
        return status;
    }
    find_evidence(work);
    status = compare(work);
    if (status != WD_OK) {
        return status;
    }
    wd_verdict_decide(work->story, &work->evidence);
    status = take_in(work);
    if (status == WD_OK) {
        status = keep_copy(work);
    }
    if (status == WD_OK) {
        status = wd_lineage_save(&work->desk->store, &work->lineage);
    }
    if (status == WD_OK) {
        status = wd_lineage_register(&work->search, &work->lineage.id);
    }
    describe_lineage(work);
    return status == WD_OK ? wd_verdict_explain(work->story, &work->evidence) : status;
}
