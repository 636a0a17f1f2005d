#include "near_match.h"

#include "copy_index.h"
#include "near_verdict.h"
#include "record_bytes.h"

#include <stdlib.h>

enum {
    HITS_SLOTS = 2048, /* twice what the index can answer to one story */
    HITS_MAX = HITS_SLOTS / 2,
    HIT_RARE = 4,   /* of a piece that one group has */
    HIT_COMMON = 1, /* of one that many have */
    HIT_SENTENCE = 3,
    HITS_WEIGHT_MIN = 2,        /* one phrase that everybody uses is no reason to look closer */
    HITS_SHARE = 6,             /* nor is a sixth of what the best has */
    SENTENCES_POSTED_FIRST = 8, /* the lead is what trims and alerts keep */
    SENTENCES_POSTED_LAST = 4,  /* furniture stands at the end */
    BOILERPLATE_GROUPS = 2,     /* of the same provider, besides the story itself */
    FOLLOWERS = WD_SIGNAL_UPDATE | WD_SIGNAL_CORRECTION | WD_SIGNAL_KILL | WD_SIGNAL_REFILE |
                WD_SIGNAL_REPEAT,
};

/* A verdict is reached on these; shares and probabilities. README.md says what they were measured on. */
#define JOIN_PROBABILITY 0.5
#define ALSO_PROBABILITY 0.97  /* of belonging to a second group */
#define ALSO_SHARE 0.8         /* and so much of the one or the other in common */
#define CONTAINED_SHARE 0.6    /* a part of a roundup */
#define CONTAINED_LENGTH 0.4   /* log2 of how much longer the roundup is, at least */
#define CONTAINED_NUMBERS 0.25 /* numbers, and names, of the part that the whole lacks, at most */
#define CONTAINED_NAMES 0.34
#define CONTAINED_SHINGLES 8.0 /* that both have, at least */
#define ONLY_BOILERPLATE 0.8
#define ROUNDUP_SHARE 0.25 /* of a story that came after the roundup which has it */

struct hit {
    int32_t number;
    uint32_t weight;
    uint32_t sequence;
};

struct wd_near {
    struct wd_table *table;
    struct wd_near_options options;
    struct wd_copy_index *index;
    struct wd_copy_query query;
    struct wd_rarity rarity;
    uint32_t sequence; /* of the youngest story */
    /* of the story being judged */
    struct wd_digest key;
    uint32_t provider_hash, copy;
    uint64_t body;
    bool follows;
    bool is_roundup;
    int64_t event_ms;
    uint32_t body_postings;
    uint8_t shingle_postings[WD_SKETCH_SHINGLES_MAX];
    uint8_t sentence_postings[WD_SKETCH_SENTENCES_MAX];
    struct hit hits[HITS_MAX];
    uint32_t hit_count;
    uint16_t slots[HITS_SLOTS]; /* 1 + index into hits */
    struct wd_buffer scratch;
};

struct wd_near *wd_near_create(struct wd_table *table, const struct wd_near_options *options)
{
    struct wd_near *near = calloc(1, sizeof(*near));
    if (!near)
        return NULL;
    near->table = table;
    near->options = *options;
    uint64_t keys = options->exact_only
                        ? 1
                        : SENTENCES_POSTED_FIRST + SENTENCES_POSTED_LAST + WD_SKETCH_POSTED_MAX + 1;
    near->index = wd_copy_index_create(options->entries_max * keys);
    wd_copy_query_init(&near->query, options->seed);
    wd_buffer_init(&near->scratch);
    if (!near->index) {
        wd_near_destroy(near);
        return NULL;
    }
    return near;
}

void wd_near_destroy(struct wd_near *near)
{
    if (!near)
        return;
    wd_copy_index_destroy(near->index);
    wd_copy_query_finish(&near->query);
    wd_buffer_finish(&near->scratch);
    free(near);
}

uint64_t wd_near_index_bytes(const struct wd_near *near)
{
    return wd_copy_index_usage(near->index).bytes;
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

static void post(struct wd_near *near, const struct wd_copy_record *record, int32_t number)
{
    uint64_t keys[WD_COPY_RECORD_KEYS_MAX];
    size_t count = wd_copy_record_keys(record, keys);
    const struct wd_posting posting = {.number = number,
                                       .group = wd_copy_record_group_tag(record),
                                       .provider = wd_copy_record_provider_tag(record)};
    for (size_t i = 0; i < count; i++)
        wd_copy_index_prefetch(near->index, keys[i], 0);
    for (size_t i = 0; i < count; i++)
        wd_copy_index_add(near->index, keys[i], posting);
}

static void unpost(struct wd_near *near, const struct wd_copy_record *record, int32_t number)
{
    uint64_t keys[WD_COPY_RECORD_KEYS_MAX];
    size_t count = wd_copy_record_keys(record, keys);
    for (size_t i = 0; i < count; i++)
        wd_copy_index_prefetch(near->index, keys[i], 0);
    for (size_t i = 0; i < count; i++)
        wd_copy_index_remove(near->index, keys[i], number);
}

void wd_near_observe(struct wd_near *near, struct wd_slice key, struct wd_slice value)
{
    struct wd_copy_record record;
    int32_t number = wd_table_find(near->table, key);
    if (number == WD_TABLE_NO_RECORD)
        return;
    struct wd_table_record found = wd_table_at(near->table, number);
    if (!wd_copy_record_view(found.value, &record))
        return; /* of another version: never compared, leaves in its time */
    if (value.data) {
        if ((int32_t)(record.sequence - near->sequence) > 0)
            near->sequence = record.sequence;
        post(near, &record, number);
    } else {
        if (record.sequence == near->sequence)
            near->sequence--; /* as if it had never come */
        unpost(near, &record, number);
    }
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
    wd_record_put(out, story->status, 1);
    wd_record_put(out, story->signals, 4);
    wd_buffer_append(out, copy.bytes, sizeof(copy.bytes));
    if (!wd_buffer_ok(out))
        return false;
    near->key = wd_digest_of(out->data, out->len);
    near->copy = (uint32_t)low64(&copy);
    near->follows = (story->signals & FOLLOWERS) != 0 || story->status == WD_STORY_CANCELED;
    near->body = story->scan->words_total > 0 ? low64(&story->body_digest) : 0;
    struct wd_digest provider = wd_digest_of(parts[0].data ? parts[0].data : "", parts[0].len);
    near->provider_hash = (uint32_t)low64(&provider);
    near->event_ms = wd_state_event_ms(wd_table_state(near->table));
    return true;
}

static void hit(struct wd_near *near, int32_t number, uint32_t weight)
{
    size_t at = (uint32_t)number * UINT32_C(0x9E3779B1) % HITS_SLOTS;
    while (near->slots[at] != 0 && near->hits[near->slots[at] - 1].number != number)
        at = (at + 1) % HITS_SLOTS;
    if (near->slots[at] != 0) {
        near->hits[near->slots[at] - 1].weight += weight;
        return;
    }
    if (near->hit_count == HITS_MAX)
        return;
    near->hits[near->hit_count++] = (struct hit){.number = number, .weight = weight};
    near->slots[at] = (uint16_t)near->hit_count;
    wd_table_prefetch(near->table, number, 0);
}

/* What a hit is worth: the fewer groups have the piece, the more. */
static uint32_t worth(uint64_t groups, size_t count)
{
    int different = __builtin_popcountll(groups);
    if (different <= 1)
        return HIT_RARE;
    return count < WD_INDEX_ANSWER_MAX && different == 2 ? HIT_RARE / 2 : HIT_COMMON;
}

/* Groups that have the sentence, by six bits each; whether it is this provider's furniture. */
static uint64_t look_up_sentence(struct wd_near *near, uint32_t i, uint32_t *furniture)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    uint64_t key = wd_copy_key_sentence(near->query.sketch.sentences[i]);
    size_t count = wd_copy_index_find(near->index, key, answer);
    uint64_t groups = 0;
    uint64_t own = 0;
    for (size_t j = 0; j < count; j++) {
        groups |= UINT64_C(1) << answer[j].group;
        if (answer[j].provider == (near->provider_hash & 63))
            own |= UINT64_C(1) << answer[j].group;
    }
    near->sentence_postings[i] = (uint8_t)count;
    if (__builtin_popcountll(own) >= BOILERPLATE_GROUPS) {
        *furniture |= UINT32_C(1) << i;
        return groups;
    }
    for (size_t j = 0; j < count; j++)
        hit(near, answer[j].number, HIT_SENTENCE + worth(groups, count));
    return groups;
}

static void prefetch_sentences(const struct wd_near *near, int step)
{
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    for (uint32_t i = 0; i < sketch->sentence_count; i++)
        wd_copy_index_prefetch(near->index, wd_copy_key_sentence(sketch->sentences[i]), step);
}

static void prefetch_shingles(const struct wd_near *near, int step)
{
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        wd_copy_index_prefetch(near->index, wd_copy_key_shingle(sketch->shingles[i]), step);
}

static void look_up_sentences(struct wd_near *near)
{
    struct wd_copy_query *query = &near->query;
    for (uint32_t i = 0; i < query->sketch.sentence_count; i++)
        near->rarity.sentences[i] = look_up_sentence(near, i, &query->boilerplate);
}

static void look_up_shingles(struct wd_near *near)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    for (uint32_t i = 0; i < sketch->shingle_count; i++) {
        size_t count =
            wd_copy_index_find(near->index, wd_copy_key_shingle(sketch->shingles[i]), answer);
        uint64_t groups = 0;
        for (size_t j = 0; j < count; j++)
            groups |= UINT64_C(1) << answer[j].group;
        for (size_t j = 0; j < count; j++)
            hit(near, answer[j].number, worth(groups, count));
        near->shingle_postings[i] = (uint8_t)count;
        near->rarity.shingles[i] = groups;
    }
}

/* The first story with the very same words. */
static void find_exact(struct wd_near *near, const struct wd_story *story, struct wd_finding *first)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    near->body_postings = 0;
    if (near->body == 0)
        return;
    size_t count = wd_copy_index_find(near->index, wd_copy_key_body(near->body), answer);
    near->body_postings = (uint32_t)count;
    bool is_short = story->scan->words_total < near->options.words_min;
    for (size_t i = 0; i < count; i++) {
        struct wd_copy_record record;
        struct wd_table_record at = wd_table_at(near->table, answer[i].number);
        if (!wd_copy_record_view(at.value, &record) || record.body != near->body ||
            record.words != story->scan->words_total || (is_short && record.copy != near->copy))
            continue;
        if (first->found && (int32_t)(record.sequence - first->record.sequence) > 0)
            continue;
        first->found = true;
        first->record = record;
        first->event_ms = at.event_ms;
    }
}

static int compare_hits(const void *a, const void *b)
{
    const struct hit *x = a;
    const struct hit *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->sequence == y->sequence ? 0 : (int32_t)(x->sequence - y->sequence) < 0 ? 1 : -1;
}

static void drop_faint_hits(struct wd_near *near)
{
    uint32_t most = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < near->hit_count; i++)
        most = near->hits[i].weight > most ? near->hits[i].weight : most;
    uint32_t least = most / HITS_SHARE > HITS_WEIGHT_MIN ? most / HITS_SHARE : HITS_WEIGHT_MIN;
    for (uint32_t i = 0; i < near->hit_count; i++) {
        if (near->hits[i].weight >= least)
            near->hits[kept++] = near->hits[i];
    }
    near->hit_count = kept;
}

/* Keeps the candidates that share most; of equals the younger. The numbers of stories are not asked:
 * they are others after a restore. */
static void choose_candidates(struct wd_near *near)
{
    drop_faint_hits(near);
    for (uint32_t i = 0; i < near->hit_count; i++)
        wd_table_prefetch(near->table, near->hits[i].number, 1);
    if (near->hit_count <= WD_NEAR_CANDIDATES_MAX)
        return;
    for (uint32_t i = 0; i < near->hit_count; i++) {
        struct wd_copy_record record = {.sequence = 0};
        if (wd_copy_record_view(wd_table_at(near->table, near->hits[i].number).value, &record))
            near->hits[i].sequence = record.sequence;
    }
    qsort(near->hits, near->hit_count, sizeof(near->hits[0]), compare_hits);
    near->hit_count = WD_NEAR_CANDIDATES_MAX;
}

static bool is_better(const struct wd_finding *a, const struct wd_finding *b)
{
    if (!b->found)
        return true;
    if (a->comparison.probability != b->comparison.probability)
        return a->comparison.probability > b->comparison.probability;
    return (int32_t)(a->record.sequence - b->record.sequence) < 0;
}

static bool same_group(const struct wd_finding *a, const struct wd_finding *b)
{
    return memcmp(&a->record.group, &b->record.group, sizeof(a->record.group)) == 0;
}

/* One is a part of the other, which has much else. */
static bool is_part(const struct wd_comparison *comparison, double shorter_words)
{
    const double *x = comparison->features;
    return x[WD_FEATURE_MOST] >= CONTAINED_SHARE && x[WD_FEATURE_LENGTH] >= CONTAINED_LENGTH &&
           x[WD_FEATURE_NUMBERS] <= CONTAINED_NUMBERS && x[WD_FEATURE_NAMES] <= CONTAINED_NAMES &&
           x[WD_FEATURE_MOST] * shorter_words >= CONTAINED_SHINGLES;
}

struct near_findings {
    struct wd_finding best;   /* of all */
    struct wd_finding second; /* the best of another group */
    struct wd_finding part;   /* the most contained */
    struct wd_roundup roundup;
};

/* A roundup is matched by itself and by its parts, however little of them it has. */
static bool is_part_of_roundup(const struct wd_finding *finding, uint32_t words)
{
    const struct wd_comparison *comparison = &finding->comparison;
    return finding->record.roundup && words < finding->record.words &&
           comparison->contained >= ROUNDUP_SHARE && comparison->containing < WD_WHOLE_SHARE;
}

static void consider(struct near_findings *findings, const struct wd_finding *finding,
                     const struct wd_copy_sketch *sketch)
{
    uint32_t words = sketch->words;
    uint32_t shorter = words < finding->record.words ? words : finding->record.words;
    struct wd_finding *part = &findings->part;
    bool of_roundup = is_part_of_roundup(finding, words);
    if ((of_roundup || is_part(&finding->comparison, shorter)) &&
        (!part->found || finding->comparison.features[WD_FEATURE_MOST] >
                             part->comparison.features[WD_FEATURE_MOST]))
        *part = *finding;
    if (of_roundup)
        return; /* the story is not that one's */
    wd_roundup_add(&findings->roundup, &finding->record, &finding->comparison, finding->event_ms,
                   sketch->headline);
    if (is_better(finding, &findings->best)) {
        if (findings->best.found && !same_group(finding, &findings->best))
            findings->second = findings->best;
        findings->best = *finding;
    } else if (!same_group(finding, &findings->best) && is_better(finding, &findings->second)) {
        findings->second = *finding;
    }
}

static enum wd_status compare_all(struct wd_near *near, struct near_findings *findings)
{
    const struct wd_compared story = {&near->query, &near->rarity, near->provider_hash,
                                      near->follows, near->event_ms};
    for (uint32_t i = 0; i < near->hit_count; i++) {
        struct wd_finding finding = {.found = true};
        struct wd_table_record at = wd_table_at(near->table, near->hits[i].number);
        if (!wd_copy_record_view(at.value, &finding.record))
            continue;
        finding.event_ms = at.event_ms;
        if (wd_verifier_needs_set(&story, &finding.record) && !wd_copy_query_make_set(&near->query))
            return WD_NO_MEMORY;
        wd_verifier_compare(&story, &finding.record, at.event_ms, &finding.comparison);
        consider(findings, &finding, &near->query.sketch);
    }
    return WD_OK;
}

static bool is_strong(const struct wd_finding *finding)
{
    const struct wd_comparison *comparison = &finding->comparison;
    return finding->found && comparison->probability >= ALSO_PROBABILITY &&
           comparison->features[WD_FEATURE_MOST] >= ALSO_SHARE;
}

/* The verdict by likeness. `group` gets the group that the story joins. */
static enum wd_status judge_near(struct wd_near *near, struct wd_story *story,
                                 struct wd_digest *group)
{
    struct near_findings findings;
    memset(&findings, 0, sizeof(findings));
    choose_candidates(near);
    enum wd_status status = compare_all(near, &findings);
    if (status != WD_OK)
        return status;
    const struct wd_finding *best = &findings.best;
    near->is_roundup = best->found && best->record.roundup &&
                       best->comparison.probability >= JOIN_PROBABILITY; /* of the same one */
    if (!near->is_roundup && !near->follows && wd_roundup_decide(&findings.roundup)) {
        near->is_roundup = true;
        return wd_near_tell_roundup(story, &findings.roundup) ? WD_OK : WD_NO_MEMORY;
    }
    if (best->found && best->comparison.probability >= JOIN_PROBABILITY) {
        wd_near_tell_joined(story, best);
        *group = best->record.group;
        if (is_strong(best) && is_strong(&findings.second))
            story->dedup.also_group = wd_near_hex(story, &findings.second.record.group);
    } else if (findings.part.found) {
        wd_near_tell_part(story, &findings.part);
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

/* Equal words make a copy, but for furniture under another headline. */
static bool joins_exact(const struct wd_near *near, const struct wd_finding *first)
{
    const struct wd_copy_sketch *sketch = &near->query.sketch;
    bool furniture = near->query.boilerplate_words > ONLY_BOILERPLATE * sketch->words;
    uint64_t shared = sketch->headline & first->record.headline;
    return !furniture || first->record.copy == near->copy ||
           __builtin_popcountll(shared) * 2 >= __builtin_popcountll(sketch->headline);
}

/* Brings the shingles to the front whose keys have room for one more posting. */
static void drop_full_keys(struct wd_near *near)
{
    struct wd_copy_sketch *sketch = &near->query.sketch;
    uint32_t front = 0;
    for (uint32_t i = 0; i < sketch->posted_count; i++) {
        if (near->shingle_postings[i] >= WD_INDEX_ANSWER_MAX)
            continue;
        uint64_t shingle = sketch->shingles[i];
        sketch->shingles[i] = sketch->shingles[front];
        near->shingle_postings[i] = near->shingle_postings[front];
        sketch->shingles[front++] = shingle;
    }
    sketch->posted_count = front;
    sketch->sentences_posted = 0;
    for (uint32_t i = 0; i < sketch->sentence_count; i++) {
        bool chosen =
            i < SENTENCES_POSTED_FIRST || i + SENTENCES_POSTED_LAST >= sketch->sentence_count;
        if (chosen && near->sentence_postings[i] < WD_INDEX_ANSWER_MAX)
            sketch->sentences_posted |= UINT32_C(1) << i;
    }
}

/* A record under this key that is too old to be seen, but still there: it is replaced, and its postings
 * go before it. */
static void unpost_expired(struct wd_near *near)
{
    struct wd_copy_record record;
    int32_t number = wd_table_find(near->table, digest_slice(&near->key));
    if (number != WD_TABLE_NO_RECORD &&
        wd_copy_record_view(wd_table_at(near->table, number).value, &record))
        unpost(near, &record, number);
}

static enum wd_status remember(struct wd_near *near, struct wd_story *story,
                               const struct wd_digest *group)
{
    drop_full_keys(near);
    struct wd_copy_record record = {
        .sequence = near->sequence + 1,
        .copy = near->copy,
        .provider_hash = near->provider_hash,
        .group = *group,
        .body = near->body,
        .roundup = near->is_roundup,
        .body_posted = near->body != 0 && near->body_postings < WD_INDEX_ANSWER_MAX,
        .provider = story->provider,
        .id = story_id(story, &near->key),
    };
    struct wd_buffer *out = &near->scratch;
    wd_buffer_clear(out);
    wd_copy_record_encode(&record, &near->query.sketch, out);
    if (!wd_buffer_ok(out))
        return WD_NO_MEMORY;
    unpost_expired(near);
    enum wd_status status =
        wd_table_put(near->table, digest_slice(&near->key), wd_buffer_slice(out));
    if (status != WD_OK)
        return status;
    near->sequence++;
    int32_t number = wd_table_youngest(near->table);
    bool whole = wd_copy_record_view(wd_table_at(near->table, number).value, &record);
    if (whole)
        post(near, &record, number);
    return whole ? WD_OK : WD_CHECKSUM;
}

/* Whether the story is compared by likeness, too. What the look-ups will read is asked for, and while it
 * comes, the story's own record is looked for. */
static bool begin_query(struct wd_near *near, const struct wd_story *story)
{
    bool by_likeness =
        !near->options.exact_only && story->scan->words_total >= near->options.words_min;
    near->hit_count = 0;
    near->is_roundup = false;
    memset(near->slots, 0, sizeof(near->slots));
    memset(near->sentence_postings, 0, sizeof(near->sentence_postings));
    wd_copy_query_begin(&near->query, story->scan);
    if (near->body != 0)
        wd_copy_index_prefetch(near->index, wd_copy_key_body(near->body), 0);
    if (!by_likeness)
        near->query.sketch.sentence_count = 0;
    prefetch_sentences(near, 0);
    return by_likeness;
}

static bool prepare(struct wd_near *near, struct wd_story *story, bool by_likeness,
                    struct wd_finding *exact)
{
    struct wd_copy_query *query = &near->query;
    prefetch_sentences(near, 1);
    look_up_sentences(near);
    if (by_likeness) {
        if (!wd_copy_query_shingles(query, story->scan))
            return false;
        prefetch_shingles(near, 0);
    }
    find_exact(near, story, exact);
    if (by_likeness) {
        wd_rarity_begin(&near->rarity, query);
        prefetch_shingles(near, 1);
        look_up_shingles(near);
    }
    return true;
}

static enum wd_status judge_new(struct wd_near *near, struct wd_story *story, bool by_likeness)
{
    struct wd_finding exact = {.found = false};
    struct wd_digest group = near->key; /* its own, unless it joins another */
    enum wd_status status = WD_OK;
    if (!prepare(near, story, by_likeness, &exact))
        return WD_NO_MEMORY;
    if (exact.found) {
        wd_near_tell_exact(story, &exact, joins_exact(near, &exact));
        if (story->dedup.joins)
            group = exact.record.group;
    } else {
        status = judge_near(near, story, &group);
    }
    if (status != WD_OK)
        return status;
    story->dedup.group = wd_near_hex(story, &group);
    return remember(near, story, &group);
}

enum wd_status wd_near_judge(struct wd_near *near, struct wd_story *story)
{
    struct wd_finding first = {.found = false};
    struct wd_slice value = WD_SLICE_NONE;
    if (!wd_copy_scan(story) || !make_key(near, story))
        return WD_NO_MEMORY;
    wd_table_prefetch_key(near->table, digest_slice(&near->key));
    bool by_likeness = begin_query(near, story);
    enum wd_status status = WD_OK;
    if (wd_table_get(near->table, digest_slice(&near->key), &value, &first.event_ms) == WD_OK &&
        wd_copy_record_view(value, &first.record))
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
    const struct wd_compared story = {&near->query, &near->rarity, near->provider_hash,
                                      near->follows, near->event_ms};
    struct wd_copy_record record;
    int32_t number = wd_table_find(near->table, digest_slice(key));
    if (number == WD_TABLE_NO_RECORD || !wd_copy_query_make_set(&near->query))
        return false;
    struct wd_table_record at = wd_table_at(near->table, number);
    if (!wd_copy_record_view(at.value, &record))
        return false;
    wd_verifier_compare(&story, &record, at.event_ms, comparison);
    return true;
}
