#include "near_match.h"

#include "headline_digest.h"
#include "headline_prefix.h"
#include "near_findings.h"
#include "near_headline.h"
#include "near_verdict.h"
#include "orders.h"
#include "record_bytes.h"

#include <stdlib.h>

enum {
    MINUTE_MS = 60 * 1000,
    QUARTER_MS = 15 * MINUTE_MS,
    DAY_MS = 24 * 60 * MINUTE_MS,
    NOTICE_WORDS_EXACT = 16,
    VERSIONS = WD_SIGNAL_UPDATE | WD_SIGNAL_REFILE | WD_SIGNAL_REPEAT,
};

/* Of a story's words: it has nothing of its own then. README.md says what it was measured on. */
#define ONLY_BOILERPLATE 0.8

struct wd_near {
    struct wd_table *table;
    struct wd_near_options options;
    struct wd_candidates candidates;
    struct wd_copy_query query;
    struct wd_rarity rarity;
    struct wd_copy_probe probe;
    uint32_t sequence; /* of the youngest story */
    bool has_left;     /* some story has since the last one was judged: the next one will, too */
    /* of the story being judged */
    struct wd_digest key;
    uint32_t provider_hash, copy;
    uint64_t body;
    bool follows;
    struct wd_copy_time time;
    bool has_minutes;
    bool is_day; /* its time may be a mere date, which is before nothing of that day */
    bool flash, piece, order;
    enum wd_items items;
    bool digest; /* its headline names one */
    bool is_roundup;
    bool by_id;      /* neither words nor phrases are compared */
    int32_t expired; /* under its key, too old to be seen, but still there; or WD_TABLE_NO_RECORD */
    int64_t event_ms;
    struct wd_near_headline headline;
    uint32_t body_postings, headline_postings;
    uint64_t headline_key; /* 0: it is too short to name a story */
    struct wd_buffer scratch;
};

struct wd_near *wd_near_create(struct wd_table *table, const struct wd_near_options *options)
{
    struct wd_near *near = calloc(1, sizeof(*near));
    if (!near)
        return NULL;
    near->table = table;
    near->options = *options;
    wd_copy_query_init(&near->query, options->seed);
    wd_buffer_init(&near->scratch);
    if (!wd_candidates_init(&near->candidates, table, options->entries_max, !options->exact_only)) {
        wd_near_destroy(near);
        return NULL;
    }
    return near;
}

void wd_near_destroy(struct wd_near *near)
{
    if (!near)
        return;
    wd_candidates_finish(&near->candidates);
    wd_copy_query_finish(&near->query);
    wd_buffer_finish(&near->scratch);
    free(near);
}

uint64_t wd_near_index_bytes(const struct wd_near *near)
{
    return wd_copy_index_usage(near->candidates.index).bytes;
}

static struct wd_slice digest_slice(const struct wd_digest *digest)
{
    return wd_slice_make((const char *)digest->bytes, sizeof(digest->bytes));
}

static uint64_t low64(const struct wd_digest *digest)
{
    uint64_t value;
    memcpy(&value, digest->bytes, sizeof(value));
    return value;
}

void wd_near_observe(struct wd_near *near, struct wd_slice key, struct wd_slice value)
{
    struct wd_copy_record record;
    int32_t number = wd_table_find(near->table, key);
    if (number == WD_TABLE_NO_RECORD)
        return;
    struct wd_table_record found = wd_table_at(near->table, number);
    if (!wd_copy_record_view(found.key, found.value, &record) || !wd_copy_record_is_sound(&record))
        return; /* of another version, or damaged: never compared, leaves in its time */
    if (value.data) {
        if ((int32_t)(record.sequence - near->sequence) > 0)
            near->sequence = record.sequence;
        wd_candidates_post(&near->candidates, &record, number);
    } else {
        if (record.sequence == near->sequence)
            near->sequence--; /* as if it had never come */
        near->has_left = true;
        wd_candidates_unpost(&near->candidates, &record, number);
    }
}

/* Clocks that contradict each other or the day of arrival tell nothing. */
static void take_time(struct wd_near *near, const struct wd_story *story)
{
    const uint32_t lies = WD_FLAG_TIME_IN_FUTURE | WD_FLAG_UPDATED_BEFORE_PUBLISHED;
    struct wd_time time = wd_time_known(story->updated) ? story->updated : story->published;
    bool known = wd_time_known(time) && !(story->flags & lies);
    near->time = (struct wd_copy_time){known, (uint16_t)(known ? time.ms / MINUTE_MS : 0)};
    near->has_minutes = known && time.ms % QUARTER_MS != 0;
    int64_t local_ms = time.ms + (int64_t)time.offset_minutes * MINUTE_MS;
    near->is_day =
        (time.flags & WD_TIME_DATE_ONLY) != 0 || time.ms % DAY_MS == 0 || local_ms % DAY_MS == 0;
}

/* A picture of an agency: many have one caption, and each is an item of its own. So is each of the stories that one order
 * is about. */
static bool goes_by_id(const struct wd_story *story)
{
    return story->guid.len > 0 &&
           (wd_story_is_medium(story) || (story->flags & WD_FLAG_ONE_OF_SEVERAL));
}

/* Everything about a story that makes it this one and no other. */
static bool make_key(struct wd_near *near, const struct wd_story *story)
{
    struct wd_buffer *out = &near->scratch;
    struct wd_digest copy = wd_copy_digest(story);
    const struct wd_slice parts[] = {story->provider, story->guid, story->version,
                                     story->guid.len > 0 ? WD_SLICE_NONE : story->url};
    wd_buffer_clear(out);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        /* The length first: no choice of ids can make two keys run together. */
        wd_record_put(out, parts[i].len, 4);
        wd_buffer_append_slice(out, parts[i]);
    }
    take_time(near, story);
    /* What is printed again later may be what an order between the two was not about. */
    if (story->guid.len == 0 && near->time.known)
        wd_record_put(out, near->time.minutes, sizeof(near->time.minutes));
    wd_record_put(out, story->status, 1);
    wd_record_put(out, story->signals, 4);
    wd_buffer_append(out, copy.bytes, sizeof(copy.bytes));
    if (!wd_buffer_ok(out))
        return false;
    near->key = wd_digest_of(out->data, out->len);
    near->copy = (uint32_t)low64(&copy);
    near->follows = (story->signals & VERSIONS) != 0 || wd_story_gives_order(story);
    near->by_id = goes_by_id(story);
    near->body = story->scan->words_total > 0 && !near->by_id ? low64(&story->body_digest) : 0;
    struct wd_digest provider = wd_digest_of(parts[0].data ? parts[0].data : "", parts[0].len);
    near->provider_hash = (uint32_t)low64(&provider);
    near->event_ms = wd_state_event_ms(wd_table_state(near->table));
    return true;
}

/* Desks give their orders in set phrases: those of two stories have all words in common. Only with the headline of a story
 * above them two are about the same. */
static bool is_of_other_order(const struct wd_near *near, const struct wd_copy_record *other)
{
    const struct wd_headline_words *headline = &near->query.sketch.headline;
    return near->order && other->order &&
           (wd_headline_words_count(headline) < WD_HEADLINE_WORDS_MIN ||
            !wd_headline_words_equal(headline, &other->headline));
}

/* Equal words make a copy, but under another headline not furniture, and not a provider's notice of a few words: the same
 * dividend of two companies, two songs of one singer. */
static bool joins_exact(const struct wd_near *near, const struct wd_copy_record *other)
{
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    bool furniture = near->query.boilerplate_words > ONLY_BOILERPLATE * sketch->words;
    bool notice =
        sketch->words <= NOTICE_WORDS_EXACT && other->provider_hash == near->provider_hash;
    struct wd_set_overlap headline = wd_headline_words_overlap(&sketch->headline, &other->headline);
    return (!furniture && !notice) || other->copy == near->copy ||
           2 * headline.both > headline.of_story;
}

/* The first story with the very same words: of those that it may join, if there is one. */
static bool find_exact(struct wd_near *near, const struct wd_story *story, struct wd_finding *first)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    bool found = false;
    bool first_joins = false;
    near->body_postings = 0;
    if (near->body == 0)
        return false;
    size_t count = wd_candidates_look_up_body(&near->candidates, answer);
    near->body_postings = (uint32_t)count;
    bool is_short = story->scan->words_total < near->options.words_min;
    for (size_t i = 0; i < count; i++) {
        struct wd_copy_record record;
        struct wd_table_record at = wd_table_at(near->table, answer[i].number);
        if (!wd_copy_record_view(at.key, at.value, &record) || record.body != near->body ||
            record.words != story->scan->words_total || (is_short && record.copy != near->copy) ||
            is_of_other_order(near, &record))
            continue;
        bool joins = joins_exact(near, &record);
        bool later = found && (int32_t)(record.sequence - first->record.sequence) > 0;
        if (found && (joins == first_joins ? later : first_joins))
            continue;
        found = true;
        first_joins = joins;
        first->record = record;
        first->event_ms = at.event_ms;
    }
    return found;
}

/* A story that is compared with nobody needs no probe. */
static struct wd_compared compared(struct wd_near *near)
{
    if (!near->probe.query)
        wd_copy_probe_begin(&near->probe, &near->query, &near->rarity);
    return (struct wd_compared){.probe = &near->probe,
                                .provider_hash = near->provider_hash,
                                .follows = near->follows,
                                .flash = near->flash,
                                .piece = near->piece,
                                .items = near->items,
                                .time = near->time,
                                .has_time_of_day = near->time.known && !near->is_day,
                                .has_minutes = near->has_minutes,
                                .event_ms = near->event_ms};
}

static void compare_all(struct wd_near *near, struct wd_near_findings *findings)
{
    wd_near_findings_begin(findings, near->query.sketch.words, near->digest);
    if (near->candidates.hit_count == 0)
        return;
    const struct wd_compared story = compared(near);
    for (uint32_t i = 0; i < near->candidates.hit_count; i++) {
        struct wd_finding *finding = &findings->all[findings->count];
        struct wd_table_record at = wd_table_at(near->table, near->candidates.hits[i].number);
        if (!wd_copy_record_view(at.key, at.value, &finding->record) ||
            is_of_other_order(near, &finding->record))
            continue;
        finding->event_ms = at.event_ms;
        finding->made_later = !near->is_day && wd_copy_time_later(finding->record.time, near->time);
        wd_verifier_compare(&story, &finding->record, at.event_ms, &finding->comparison);
        wd_near_findings_add(findings);
    }
}

static enum wd_status add_further_groups(struct wd_story *story,
                                         const struct wd_near_findings *findings)
{
    const struct wd_digest *groups[WD_ALSO_GROUPS_MAX];
    size_t count = wd_near_findings_also(findings, groups);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < count && status == WD_OK; i++)
        status = wd_story_add_also_group(story, wd_near_hex(story, groups[i]));
    return status;
}

/* The verdict by likeness. `group` gets the group that the story joins. */
static enum wd_status judge_near(struct wd_near *near, struct wd_story *story,
                                 struct wd_digest *group)
{
    struct wd_near_findings findings;
    wd_candidates_choose(&near->candidates);
    /* While the records come. */
    wd_candidates_choose_posted(&near->candidates, &near->query.sketch);
    compare_all(near, &findings);
    const struct wd_finding *best = findings.best;
    bool joins = best && best->comparison.probability >= WD_JOIN_PROBABILITY;
    bool same = joins && best->record.roundup;
    near->is_roundup = near->digest || same;
    if (!same && !near->follows && wd_roundup_decide(&findings.roundup)) {
        near->is_roundup = true;
        return wd_near_tell_roundup(story, &findings.roundup) ? WD_OK : WD_NO_MEMORY;
    }
    if (joins) {
        wd_near_tell_joined(story, best->comparison.probability < WD_CERTAIN_PROBABILITY
                                       ? best
                                       : wd_near_findings_closest(&findings));
        *group = best->record.group;
        return add_further_groups(story, &findings);
    }
    if (findings.part) {
        wd_near_tell_part(story, findings.part);
    } else if (near->by_id) {
        wd_near_tell_by_id(story);
    } else {
        wd_near_tell_none(story, best);
    }
    return WD_OK;
}

static struct wd_slice story_id(struct wd_story *story, const struct wd_digest *key)
{
    if (story->guid.len > 0)
        return story->guid;
    return story->url.len > 0 ? story->url : wd_near_hex(story, key);
}

/* It is replaced, and its postings go before it. */
static void unpost_expired(struct wd_near *near)
{
    struct wd_copy_record record;
    if (near->expired != WD_TABLE_NO_RECORD &&
        wd_copy_record_view(digest_slice(&near->key), wd_table_at(near->table, near->expired).value,
                            &record))
        wd_candidates_unpost(&near->candidates, &record, near->expired);
}

/* What goes by the group of an earlier story has time to look it up while this one is remembered. */
static void announce(const struct wd_near *near, const struct wd_story *story)
{
    if (near->options.announce && story->dedup.joins)
        near->options.announce(near->options.announce_context, story);
}

static enum wd_status remember(struct wd_near *near, struct wd_story *story,
                               const struct wd_digest *group)
{
    struct wd_copy_record record = {
        .sequence = near->sequence + 1,
        .copy = near->copy,
        .provider_hash = near->provider_hash,
        .group = *group,
        .body = near->body,
        .roundup = near->is_roundup,
        .headline_posted = near->headline_key != 0 && near->headline_postings < WD_INDEX_ANSWER_MAX,
        .follows = near->follows,
        .flash = near->flash,
        .piece = near->piece,
        .items = near->items,
        .take = (story->flags & WD_FLAG_PARTIAL) != 0,
        .order = near->order,
        .time = near->time,
        .body_posted = near->body != 0 && near->body_postings < WD_INDEX_ANSWER_MAX,
        .provider = story->provider,
        .id = story_id(story, &near->key),
    };
    struct wd_buffer *out = &near->scratch;
    announce(near, story);
    wd_buffer_clear(out);
    wd_copy_record_encode(&record, &near->key, &near->query.sketch, out);
    if (!wd_buffer_ok(out))
        return WD_NO_MEMORY;
    unpost_expired(near);
    announce(near, story);
    enum wd_status status =
        wd_table_put(near->table, digest_slice(&near->key), wd_buffer_slice(out));
    if (status != WD_OK)
        return status;
    announce(near, story);
    near->sequence++;
    wd_candidates_post_new(&near->candidates, &record, wd_table_youngest(near->table));
    announce(near, story);
    return WD_OK;
}

/* Under which the stories of its provider with this headline are found. */
static uint64_t headline_key(const struct wd_near *near)
{
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    bool names = (!near->by_id || wd_near_headline_is_other(&near->headline)) &&
                 !near->options.exact_only &&
                 wd_headline_words_count(&sketch->headline) >= WD_HEADLINE_WORDS_MIN;
    return names ? wd_copy_key_headline(&sketch->headline, near->provider_hash) : 0;
}

static void look_up_headline(struct wd_near *near)
{
    near->headline_postings = near->headline_key == 0
                                  ? 0
                                  : (uint32_t)wd_candidates_look_up_headline(
                                        &near->candidates, near->flash || near->follows);
}

/* Whether the story is compared by likeness, too. What the look-ups will read is asked for as soon as it is
 * known, and while it comes, something else is done. */
static bool begin_query(struct wd_near *near, const struct wd_story *story)
{
    bool by_likeness = !near->options.exact_only && !near->by_id &&
                       story->scan->words_total >= near->options.words_min;
    struct wd_copy_query *query = &near->query;
    near->digest = wd_headline_names_digest(story->headline, &near->scratch);
    near->is_roundup = near->digest;
    near->probe.query = NULL;
    wd_candidates_begin(&near->candidates);
    if (near->body != 0)
        wd_candidates_prefetch_body(&near->candidates, near->body);
    wd_copy_query_begin(query, story->scan);
    if (!by_likeness)
        query->sketch.sentence_count = 0;
    wd_candidates_prefetch_sentences(&near->candidates, &query->sketch);
    wd_copy_query_facts(query, near->headline.scan, near->headline.prefix);
    query->headline_day = wd_near_headline_day(&near->headline, story);
    wd_candidates_prefetch_more_sentences(&near->candidates, query->sketch.sentence_count);
    near->headline_key = headline_key(near);
    if (near->headline_key != 0)
        wd_candidates_prefetch_headline(&near->candidates, near->headline_key);
    near->flash = wd_near_headline_is_flash(&near->headline, story);
    bool named = near->follows && story->named_headline.len > 0;
    near->piece = wd_headline_names_piece(named ? wd_story_named_headline(story) : story->headline);
    near->order = wd_story_is_bare_order(story);
    near->items = by_likeness ? wd_items_find(story) : WD_ITEMS_NONE;
    return by_likeness;
}

static bool prepare(struct wd_near *near, struct wd_story *story, bool by_likeness)
{
    struct wd_copy_query *query = &near->query;
    if (near->headline_key != 0 && !near->is_day)
        wd_candidates_made_at(&near->candidates, near->time);
    wd_candidates_look_up_sentences(&near->candidates, query, near->provider_hash, &near->rarity);
    if (!by_likeness)
        return true;
    if (!wd_copy_query_shingles(query, story->scan))
        return false;
    wd_candidates_prefetch_shingles(&near->candidates, &query->sketch);
    wd_cohesion_find(story->scan, WD_SENTENCE_WORDS_MIN, query->sketch.sentence_count,
                     &query->sketch.cohesion);
    wd_candidates_prefetch_more_shingles(&near->candidates, query->sketch.shingle_count);
    wd_candidates_prefetch_hits(&near->candidates);
    return true;
}

/* Of an exact copy nothing is compared: only how many stories have what is going to be posted is asked. */
static void look_up(struct wd_near *near, bool by_likeness, bool is_exact)
{
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    if (by_likeness)
        wd_candidates_look_up_shingles(&near->candidates,
                                       is_exact ? sketch->posted_count : sketch->shingle_count,
                                       &near->rarity);
    look_up_headline(near);
}

/* Equal words say whose copy it is. An order about it that came before stands under its headline and has nothing of its copy:
 * no words lead there. Nor does a print lead to its provider's own version before it. */
static enum wd_status find_under_headline(struct wd_near *near, struct wd_story *story,
                                          const struct wd_digest *group)
{
    for (uint32_t i = 0; i < near->candidates.hit_count; i++) {
        const struct wd_hit *hit = &near->candidates.hits[i];
        struct wd_finding finding = {.event_ms = 0};
        struct wd_table_record at = wd_table_at(near->table, hit->number);
        if (!hit->same_headline || !wd_copy_record_view(at.key, at.value, &finding.record) ||
            memcmp(&finding.record.group, group, sizeof(*group)) == 0)
            continue;
        const struct wd_compared words = compared(near);
        wd_verifier_compare(&words, &finding.record, at.event_ms, &finding.comparison);
        bool flash = finding.comparison.features[WD_FEATURE_FLASH] > 0;
        if (finding.comparison.probability >= (flash ? WD_JOIN_PROBABILITY : WD_ALSO_PROBABILITY)) {
            return wd_story_add_also_group(story, wd_near_hex(story, &finding.record.group));
        }
    }
    return WD_OK;
}

static enum wd_status judge_new(struct wd_near *near, struct wd_story *story, bool by_likeness)
{
    struct wd_finding exact = {.event_ms = 0};
    struct wd_digest group = near->key; /* its own, unless it joins another */
    enum wd_status status = WD_OK;
    if (!prepare(near, story, by_likeness))
        return WD_NO_MEMORY;
    /* While the rest of the postings comes. */
    wd_copy_query_about(&near->query, near->headline.scan, near->headline.prefix);
    bool is_exact = find_exact(near, story, &exact);
    look_up(near, by_likeness, is_exact);
    if (is_exact) {
        wd_candidates_choose_posted(&near->candidates, &near->query.sketch);
        wd_near_tell_exact(story, &exact, joins_exact(near, &exact.record));
        if (story->dedup.joins)
            group = exact.record.group;
        status = find_under_headline(near, story, &group);
    } else {
        status = judge_near(near, story, &group);
    }
    if (status != WD_OK)
        return status;
    story->dedup.group = wd_near_hex(story, &group);
    return remember(near, story, &group);
}

static void prefetch_leaving(struct wd_near *near)
{
    struct wd_copy_record record;
    int32_t number = near->has_left ? wd_table_oldest(near->table) : WD_TABLE_NO_RECORD;
    near->has_left = false;
    if (number == WD_TABLE_NO_RECORD)
        return;
    struct wd_table_record found = wd_table_at(near->table, number);
    if (wd_copy_record_view(found.key, found.value, &record) && wd_copy_record_is_sound(&record))
        wd_candidates_prefetch_leaving(&near->candidates, &record, number);
}

enum wd_status wd_near_judge(struct wd_near *near, struct wd_story *story)
{
    struct wd_finding first = {.event_ms = 0};
    struct wd_slice value = WD_SLICE_NONE;
    prefetch_leaving(near);
    if (!wd_copy_scan(story) || !make_key(near, story) ||
        !wd_near_headline_read(&near->headline, story, near->follows))
        return WD_NO_MEMORY;
    wd_table_prefetch_key(near->table, digest_slice(&near->key));
    bool by_likeness = begin_query(near, story);
    enum wd_status status = WD_OK;
    near->expired = wd_table_find(near->table, digest_slice(&near->key));
    if (near->expired != WD_TABLE_NO_RECORD &&
        wd_table_get(near->table, digest_slice(&near->key), &value, &first.event_ms) == WD_OK &&
        wd_copy_record_view(digest_slice(&near->key), value, &first.record))
        wd_near_tell_again(story, &first);
    else
        status = judge_new(near, story, by_likeness);
    if (status != WD_OK)
        return status;
    const struct wd_dedup_verdict *verdict = &story->dedup;
    bool told = verdict->relation == WD_RELATION_NONE || verdict->matched_provider.data;
    return told && verdict->group.data && verdict->reason.data ? WD_OK : WD_NO_MEMORY;
}

struct wd_digest wd_near_last_key(const struct wd_near *near)
{
    return near->key;
}

bool wd_near_compare(struct wd_near *near, const struct wd_digest *key,
                     struct wd_comparison *comparison)
{
    const struct wd_compared story = compared(near);
    struct wd_copy_record record;
    int32_t number = wd_table_find(near->table, digest_slice(key));
    if (number == WD_TABLE_NO_RECORD)
        return false;
    struct wd_table_record at = wd_table_at(near->table, number);
    if (!wd_copy_record_view(at.key, at.value, &record))
        return false;
    wd_verifier_compare(&story, &record, at.event_ms, comparison);
    return true;
}
