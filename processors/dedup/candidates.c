#include "candidates.h"

#include <stdlib.h>

enum {
    HIT_RARE = 4,   /* of a piece that one group has */
    HIT_COMMON = 1, /* of one that many have */
    HIT_SENTENCE = 3,
    HIT_HEADLINE = 3,
    HITS_WEIGHT_MIN = 4, /* a phrase or two that others use, too, are no reason to look closer */
    HITS_SHARE = 6,      /* nor is a sixth of what the best has */
    SENTENCES_POSTED_FIRST = 8, /* the lead is what trims and alerts keep */
    SENTENCES_POSTED_LAST = 4,  /* furniture stands at the end */
    BOILERPLATE_GROUPS = 2,     /* of the same provider, besides the story itself */
    TAG_MASK = 63,
};

bool wd_candidates_init(struct wd_candidates *candidates, struct wd_table *table,
                        uint64_t entries_max, bool by_likeness)
{
    const uint64_t pieces =
        SENTENCES_POSTED_FIRST + SENTENCES_POSTED_LAST + WD_SKETCH_POSTED_MAX + 1;
    candidates->table = table;
    candidates->leaving.number = WD_TABLE_NO_RECORD;
    candidates->hit_count = candidates->taken_count = 0;
    memset(candidates->slots, 0, sizeof(candidates->slots));
    candidates->index =
        wd_copy_index_create(entries_max * (by_likeness ? 1 + pieces : 1), entries_max);
    return candidates->index != NULL;
}

void wd_candidates_finish(struct wd_candidates *candidates)
{
    wd_copy_index_destroy(candidates->index);
    candidates->index = NULL;
}

static struct wd_posting posting_of(const struct wd_copy_record *record, int32_t number)
{
    return (struct wd_posting){.number = number,
                               .group = wd_copy_record_group_tag(record),
                               .provider = wd_copy_record_provider_tag(record),
                               .follows = record->flash || record->follows};
}

/* Asks for all lines of a record; returns how many keys it has. */
static size_t prefetch_record(const struct wd_candidates *candidates,
                              const struct wd_copy_record *record, struct wd_index_place *places)
{
    uint64_t keys[WD_COPY_RECORD_KEYS_MAX];
    size_t count = wd_copy_record_keys(record, keys);
    wd_copy_index_prefetch(candidates->index, keys, count, places);
    return count;
}

void wd_candidates_post(struct wd_candidates *candidates, const struct wd_copy_record *record,
                        int32_t number)
{
    struct wd_index_place places[WD_COPY_RECORD_KEYS_MAX];
    size_t count = prefetch_record(candidates, record, places);
    wd_copy_index_add(candidates->index, places, count, posting_of(record, number));
}

void wd_candidates_post_new(struct wd_candidates *candidates, const struct wd_copy_record *record,
                            int32_t number)
{
    const struct wd_posting posting = posting_of(record, number);
    struct wd_copy_index *index = candidates->index;
    if (record->body_posted)
        wd_copy_index_add(index, &candidates->body, 1, posting);
    if (record->headline_posted)
        wd_copy_index_add(index, &candidates->headline, 1, posting);
    wd_copy_index_add(index, candidates->shingles, candidates->shingles_posted, posting);
    wd_copy_index_add(index, candidates->sentences, candidates->sentences_posted, posting);
}

void wd_candidates_prefetch_leaving(struct wd_candidates *candidates,
                                    const struct wd_copy_record *record, int32_t number)
{
    struct wd_leaving *leaving = &candidates->leaving;
    if (leaving->number == number)
        return;
    leaving->number = number;
    leaving->count = (uint32_t)prefetch_record(candidates, record, leaving->places);
}

void wd_candidates_unpost(struct wd_candidates *candidates, const struct wd_copy_record *record,
                          int32_t number)
{
    struct wd_leaving *leaving = &candidates->leaving;
    wd_candidates_prefetch_leaving(candidates, record, number);
    wd_copy_index_prefetch_passed(candidates->index, leaving->places, leaving->count);
    wd_copy_index_remove(candidates->index, leaving->places, leaving->count, number);
    leaving->number = WD_TABLE_NO_RECORD;
}

/* Where the story is or would be. */
static size_t slot_of(const struct wd_candidates *candidates, int32_t number)
{
    size_t at = (uint32_t)number * UINT32_C(0x9E3779B1) % WD_HIT_SLOTS;
    while (candidates->slots[at] != 0 &&
           candidates->hits[candidates->slots[at] - 1].number != number)
        at = (at + 1) % WD_HIT_SLOTS;
    return at;
}

/* What is needed of a story that may be compared is asked for. */
static void add_weight(const struct wd_candidates *candidates, struct wd_hit *hit, uint32_t weight)
{
    if (hit->weight < HITS_WEIGHT_MIN && hit->weight + weight >= HITS_WEIGHT_MIN)
        wd_table_prefetch(candidates->table, hit->number, 0);
    hit->weight += weight;
}

/* Counts a hit; NULL when there is no room for one more story. */
static struct wd_hit *hit(struct wd_candidates *candidates, int32_t number, uint32_t weight)
{
    size_t at = slot_of(candidates, number);
    if (candidates->slots[at] != 0) {
        struct wd_hit *again = &candidates->hits[candidates->slots[at] - 1];
        add_weight(candidates, again, weight);
        return again;
    }
    if (candidates->hit_count == WD_HITS_MAX)
        return NULL;
    struct wd_hit *first = &candidates->hits[candidates->hit_count++];
    *first = (struct wd_hit){.number = number};
    candidates->slots[at] = (uint16_t)candidates->hit_count;
    candidates->taken[candidates->taken_count++] = (uint16_t)at;
    add_weight(candidates, first, weight);
    return first;
}

/* What a hit is worth: the fewer groups have the piece, the more. */
static uint32_t worth(uint64_t groups, size_t count)
{
    int different = __builtin_popcountll(groups);
    if (different <= 1)
        return HIT_RARE;
    return count < WD_INDEX_ANSWER_MAX && different == 2 ? HIT_RARE / 2 : HIT_COMMON;
}

/* Groups that what was made later has opened under this headline, by six bits each. Furniture alone asks for it. */
static uint64_t later_groups(struct wd_candidates *candidates)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    if (candidates->later_found || !candidates->made.known)
        return candidates->later_groups;
    size_t count = wd_copy_index_find(candidates->index, &candidates->headline, answer);
    for (size_t i = 0; i < count; i++) {
        struct wd_copy_record record;
        struct wd_table_record at = wd_table_at(candidates->table, answer[i].number);
        if (wd_copy_record_view(at.key, at.value, &record) && record.opened &&
            wd_copy_time_later(record.time, candidates->made))
            candidates->later_groups |= UINT64_C(1) << answer[i].group;
    }
    candidates->later_found = true;
    return candidates->later_groups;
}

/* Groups that have the sentence, by six bits each; whether it is this provider's furniture. */
static uint64_t note_sentence(struct wd_candidates *candidates, struct wd_copy_query *query,
                              uint32_t i, uint8_t provider_tag)
{
    const struct wd_posting *answer = candidates->answers.postings[i];
    size_t count = candidates->answers.counts[i];
    uint64_t groups = 0;
    uint64_t own = 0;
    for (size_t j = 0; j < count; j++) {
        groups |= UINT64_C(1) << answer[j].group;
        if (answer[j].provider == provider_tag)
            own |= UINT64_C(1) << answer[j].group;
    }
    if (__builtin_popcountll(own) >= BOILERPLATE_GROUPS &&
        __builtin_popcountll(own & ~later_groups(candidates)) >= BOILERPLATE_GROUPS) {
        query->boilerplate |= UINT32_C(1) << i;
        return groups;
    }
    for (size_t j = 0; j < count; j++)
        (void)hit(candidates, answer[j].number, HIT_SENTENCE + worth(groups, count));
    return groups;
}

static uint64_t note_shingle(struct wd_candidates *candidates, uint32_t i)
{
    const struct wd_posting *answer = candidates->answers.postings[i];
    size_t count = candidates->answers.counts[i];
    uint64_t groups = 0;
    for (size_t j = 0; j < count; j++)
        groups |= UINT64_C(1) << answer[j].group;
    for (size_t j = 0; j < count; j++)
        (void)hit(candidates, answer[j].number, worth(groups, count));
    return groups;
}

void wd_candidates_begin(struct wd_candidates *candidates)
{
    for (uint32_t i = 0; i < candidates->taken_count; i++)
        candidates->slots[candidates->taken[i]] = 0;
    candidates->hit_count = candidates->taken_count = 0;
    candidates->made = (struct wd_copy_time){0};
    candidates->later_found = false;
    candidates->later_groups = 0;
    memset(candidates->sentence_postings, 0, sizeof(candidates->sentence_postings));
}

void wd_candidates_prefetch_body(struct wd_candidates *candidates, uint64_t body)
{
    uint64_t key = wd_copy_key_body(body);
    wd_copy_index_prefetch(candidates->index, &key, 1, &candidates->body);
}

void wd_candidates_prefetch_headline(struct wd_candidates *candidates, uint64_t key)
{
    wd_copy_index_prefetch(candidates->index, &key, 1, &candidates->headline);
}

void wd_candidates_prefetch_sentences(struct wd_candidates *candidates,
                                      const struct wd_copy_sketch *sketch)
{
    uint64_t keys[WD_SKETCH_SENTENCES_MAX];
    for (uint32_t i = 0; i < sketch->sentence_count; i++)
        keys[i] = wd_copy_key_sentence(sketch->sentences[i]);
    wd_copy_index_prefetch(candidates->index, keys, sketch->sentence_count, candidates->sentences);
}

void wd_candidates_prefetch_shingles(struct wd_candidates *candidates,
                                     const struct wd_copy_sketch *sketch)
{
    uint64_t keys[WD_SKETCH_SHINGLES_MAX];
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        keys[i] = wd_copy_key_shingle(sketch->shingles[i]);
    wd_copy_index_prefetch(candidates->index, keys, sketch->shingle_count, candidates->shingles);
}

void wd_candidates_prefetch_more_sentences(const struct wd_candidates *candidates, uint32_t count)
{
    wd_copy_index_prefetch_passed(candidates->index, candidates->sentences, count);
}

void wd_candidates_prefetch_more_shingles(const struct wd_candidates *candidates, uint32_t count)
{
    wd_copy_index_prefetch_passed(candidates->index, candidates->shingles, count);
}

size_t wd_candidates_look_up_body(const struct wd_candidates *candidates,
                                  struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    return wd_copy_index_find(candidates->index, &candidates->body, answer);
}

void wd_candidates_made_at(struct wd_candidates *candidates, struct wd_copy_time made)
{
    candidates->made = made;
}

void wd_candidates_look_up_sentences(struct wd_candidates *candidates, struct wd_copy_query *query,
                                     uint32_t provider_hash, struct wd_rarity *rarity)
{
    uint8_t provider_tag = provider_hash & TAG_MASK;
    uint32_t count = query->sketch.sentence_count;
    wd_copy_index_find_all(candidates->index, candidates->sentences, count, &candidates->answers);
    memcpy(candidates->sentence_postings, candidates->answers.counts,
           sizeof(candidates->sentence_postings));
    memset(rarity->sentences, 0, sizeof(rarity->sentences));
    for (uint64_t left = candidates->answers.found[0]; left != 0; left &= left - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        rarity->sentences[i] = note_sentence(candidates, query, i, provider_tag);
    }
}

void wd_candidates_look_up_shingles(struct wd_candidates *candidates, uint32_t count,
                                    struct wd_rarity *rarity)
{
    wd_copy_index_find_all(candidates->index, candidates->shingles, count, &candidates->answers);
    memcpy(candidates->shingle_postings, candidates->answers.counts,
           sizeof(candidates->shingle_postings));
    memset(rarity->shingles, 0, sizeof(rarity->shingles));
    for (uint32_t word = 0; word < sizeof(candidates->answers.found) / sizeof(uint64_t); word++) {
        for (uint64_t left = candidates->answers.found[word]; left != 0; left &= left - 1) {
            uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(left);
            rarity->shingles[i] = note_shingle(candidates, i);
        }
    }
}

size_t wd_candidates_look_up_headline(struct wd_candidates *candidates, bool follows)
{
    struct wd_posting answer[WD_INDEX_ANSWER_MAX];
    size_t count = wd_copy_index_find(candidates->index, &candidates->headline, answer);
    for (size_t i = 0; i < count; i++) {
        bool counts = follows || answer[i].follows ||
                      candidates->slots[slot_of(candidates, answer[i].number)] != 0;
        struct wd_hit *found = counts ? hit(candidates, answer[i].number, HIT_HEADLINE) : NULL;
        if (found)
            found->same_headline = true;
    }
    return count;
}

static int compare_hits(const void *a, const void *b)
{
    const struct wd_hit *x = a;
    const struct wd_hit *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return x->sequence == y->sequence ? 0 : (int32_t)(x->sequence - y->sequence) < 0 ? 1 : -1;
}

static void drop_faint_hits(struct wd_candidates *candidates)
{
    uint32_t most = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < candidates->hit_count; i++)
        most = candidates->hits[i].weight > most ? candidates->hits[i].weight : most;
    uint32_t least = most / HITS_SHARE > HITS_WEIGHT_MIN ? most / HITS_SHARE : HITS_WEIGHT_MIN;
    for (uint32_t i = 0; i < candidates->hit_count; i++) {
        if (candidates->hits[i].weight >= least || candidates->hits[i].same_headline)
            candidates->hits[kept++] = candidates->hits[i];
    }
    candidates->hit_count = kept;
}

void wd_candidates_prefetch_hits(struct wd_candidates *candidates)
{
    for (uint32_t i = 0; i < candidates->hit_count; i++) {
        if (!candidates->hits[i].prefetched)
            wd_table_prefetch(candidates->table, candidates->hits[i].number, 1);
        candidates->hits[i].prefetched = true;
    }
}

/* Those that share most; of equals the younger. The numbers of stories are not asked: they are others
 * after a restore. */
void wd_candidates_choose(struct wd_candidates *candidates)
{
    drop_faint_hits(candidates);
    wd_candidates_prefetch_hits(candidates);
    if (candidates->hit_count <= WD_CANDIDATES_MAX)
        return;
    for (uint32_t i = 0; i < candidates->hit_count; i++) {
        struct wd_copy_record record = {.sequence = 0};
        struct wd_table_record at = wd_table_at(candidates->table, candidates->hits[i].number);
        if (wd_copy_record_view(at.key, at.value, &record))
            candidates->hits[i].sequence = record.sequence;
    }
    qsort(candidates->hits, candidates->hit_count, sizeof(candidates->hits[0]), compare_hits);
    candidates->hit_count = WD_CANDIDATES_MAX;
}

void wd_candidates_choose_posted(struct wd_candidates *candidates, struct wd_copy_sketch *sketch)
{
    uint32_t front = 0;
    sketch->posted = sketch->sentences_posted = 0;
    for (uint32_t i = 0; i < sketch->posted_count; i++) {
        if (candidates->shingle_postings[i] >= WD_INDEX_ANSWER_MAX)
            continue;
        sketch->posted |= UINT32_C(1) << i;
        candidates->shingles[front] = candidates->shingles[i];
        wd_copy_index_prefetch_behind(candidates->index, &candidates->shingles[front++]);
    }
    candidates->shingles_posted = front;
    candidates->sentences_posted = 0;
    for (uint32_t i = 0; i < sketch->sentence_count; i++) {
        bool chosen =
            i < SENTENCES_POSTED_FIRST || i + SENTENCES_POSTED_LAST >= sketch->sentence_count;
        if (!chosen || candidates->sentence_postings[i] >= WD_INDEX_ANSWER_MAX)
            continue;
        sketch->sentences_posted |= UINT32_C(1) << i;
        wd_copy_index_prefetch_behind(candidates->index, &candidates->sentences[i]);
        candidates->sentences[candidates->sentences_posted++] = candidates->sentences[i];
    }
}
