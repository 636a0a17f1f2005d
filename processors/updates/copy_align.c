#include "copy_align.h"

#include "clones.h"

#include <stdlib.h>

enum {
    SORTED_BY_HAND = 64, /* so few are sorted in place faster than qsort is called for them */
    SET_WORDS_MAX = 256, /* a longer sentence is judged by its beginning */
};

/* A sentence by its hash. */
struct ranked {
    uint64_t hash;
    uint32_t index;
};

/* Two sentences are versions of one another from here on: half of their words. */
static const double dice_min = 0.5;

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static void sort_ranked(struct ranked *ranked, uint32_t count)
{
    if (count > SORTED_BY_HAND) {
        qsort(ranked, count, sizeof(*ranked), compare_ranked);
        return;
    }
    for (uint32_t i = 1; i < count; i++) { /* equal ones keep their order */
        struct ranked one = ranked[i];
        uint32_t j = i;
        for (; j > 0 && ranked[j - 1].hash > one.hash; j--) {
            ranked[j] = ranked[j - 1];
        }
        ranked[j] = one;
    }
}

static uint32_t bounded(uint32_t count)
{
    return count < WD_ALIGN_SENTENCES_MAX ? count : WD_ALIGN_SENTENCES_MAX;
}

static bool prepare(const struct wd_copy_scan *before, const struct wd_copy_scan *now,
                    struct wd_arena *arena, struct wd_alignment *alignment)
{
    alignment->before_count = bounded(before->sentence_count);
    alignment->now_count = bounded(now->sentence_count);
    size_t counts[] = {alignment->before_count + 1, alignment->now_count + 1};
    alignment->before_partner = wd_arena_alloc(arena, counts[0] * sizeof(int32_t));
    alignment->now_partner = wd_arena_alloc(arena, counts[1] * sizeof(int32_t));
    alignment->before_kind = wd_arena_alloc(arena, counts[0] * sizeof(enum wd_change_sentence));
    alignment->now_kind = wd_arena_alloc(arena, counts[1] * sizeof(enum wd_change_sentence));
    if (!alignment->before_partner || !alignment->now_partner || !alignment->before_kind ||
        !alignment->now_kind) {
        return false;
    }
    for (size_t i = 0; i < counts[0]; i++) {
        alignment->before_partner[i] = -1;
        alignment->before_kind[i] = WD_SENTENCE_REMOVED;
    }
    for (size_t i = 0; i < counts[1]; i++) {
        alignment->now_partner[i] = -1;
        alignment->now_kind[i] = WD_SENTENCE_ADDED;
    }
    return true;
}

static struct ranked *rank(const struct wd_copy_scan *scan, uint32_t count, struct wd_arena *arena)
{
    struct ranked *ranked = wd_arena_alloc(arena, (count + 1) * sizeof(*ranked));
    if (!ranked) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        ranked[i] = (struct ranked){scan->sentences[i].hash, i};
    }
    sort_ranked(ranked, count);
    return ranked;
}

static void pair(struct wd_alignment *alignment, uint32_t before, uint32_t now,
                 enum wd_change_sentence kind)
{
    alignment->before_partner[before] = (int32_t)now;
    alignment->now_partner[now] = (int32_t)before;
    alignment->before_kind[before] = kind;
    alignment->now_kind[now] = kind;
}

/* Equal sentences, the first with the first; all of them as moved for now. */
static bool pair_equal(const struct wd_copy_scan *before, const struct wd_copy_scan *now,
                       struct wd_arena *arena, struct wd_alignment *alignment)
{
    const struct ranked *a = rank(before, alignment->before_count, arena);
    const struct ranked *b = rank(now, alignment->now_count, arena);
    if (!a || !b) {
        return false;
    }
    uint32_t i = 0;
    uint32_t j = 0;
    while (i < alignment->before_count && j < alignment->now_count) {
        if (a[i].hash == b[j].hash) {
            pair(alignment, a[i++].index, b[j++].index, WD_SENTENCE_MOVED);
        } else if (a[i].hash < b[j].hash) {
            i++;
        } else {
            j++;
        }
    }
    return true;
}

/* The first pile whose top is not below `value`. */
static uint32_t find_pile(const uint32_t *tops, const struct wd_alignment *alignment,
                          uint32_t pile_count, int32_t value)
{
    uint32_t low = 0;
    uint32_t high = pile_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (alignment->now_partner[tops[middle]] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The longest run of pairs that is in order in both versions stays where it was. */
static bool keep_longest_run(struct wd_arena *arena, struct wd_alignment *alignment)
{
    uint32_t count = alignment->now_count;
    uint32_t *tops = wd_arena_alloc(arena, (count + 1) * sizeof(*tops)); /* sentence on each pile */
    int32_t *below = wd_arena_alloc(arena, (count + 1) * sizeof(*below));
    uint32_t pile_count = 0;
    if (!tops || !below) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (alignment->now_partner[i] < 0) {
            continue;
        }
        uint32_t pile = find_pile(tops, alignment, pile_count, alignment->now_partner[i]);
        below[i] = pile > 0 ? (int32_t)tops[pile - 1] : -1;
        tops[pile] = i;
        pile_count += pile == pile_count;
    }
    for (int32_t i = pile_count > 0 ? (int32_t)tops[pile_count - 1] : -1; i >= 0; i = below[i]) {
        pair(alignment, (uint32_t)alignment->now_partner[i], (uint32_t)i, WD_SENTENCE_KEPT);
    }
    return true;
}

/* A sentence's words: most are never looked at closer than by their bits. */
struct word_set {
    const uint64_t
        *words;    /* in the order of the text, or, once it was asked for, of their hashes */
    uint64_t bits; /* one for each word, of 64 */
    uint32_t count;
    uint32_t index; /* of the sentence */
    bool sorted;
};

static int compare_words(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void sort_words(uint64_t *words, uint32_t count)
{
    if (count > SORTED_BY_HAND) {
        qsort(words, count, sizeof(*words), compare_words);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        uint64_t one = words[i];
        uint32_t j = i;
        for (; j > 0 && words[j - 1] > one; j--) {
            words[j] = words[j - 1];
        }
        words[j] = one;
    }
}

/* The sentence's words; read from the text where the scan has none at all. Past those that it keeps there
 * are none. */
static bool find_words(const struct wd_story *story, const struct wd_copy_sentence *sentence,
                       struct wd_arena *arena, struct word_set *set)
{
    const struct wd_copy_scan *scan = story->scan;
    struct wd_copy_words words = {NULL, 0};
    if (scan->words) {
        bool kept = sentence->first_word + (uint64_t)sentence->word_count <= scan->word_count;
        set->words = scan->words + (kept ? sentence->first_word : 0);
        set->count = kept ? sentence->word_count : 0;
        return true;
    }
    bool found = wd_copy_scan_words(arena, story->paragraphs[sentence->paragraph], sentence->begin,
                                    sentence->end, &words);
    set->words = words.items;
    set->count = words.count;
    return found;
}

static bool make_set(const struct wd_story *story, uint32_t index, struct wd_arena *arena,
                     struct word_set *set)
{
    *set = (struct word_set){.index = index};
    if (!find_words(story, &story->scan->sentences[index], arena, set)) {
        return false;
    }
    set->count = set->count < SET_WORDS_MAX ? set->count : SET_WORDS_MAX;
    for (uint32_t i = 0; i < set->count; i++) {
        set->bits |= UINT64_C(1) << (set->words[i] & 63);
    }
    return true;
}

/* False when memory is exhausted. */
static bool sort_set(struct word_set *set, struct wd_arena *arena)
{
    size_t bytes = set->count * sizeof(*set->words);
    uint64_t *words = set->sorted ? NULL : wd_arena_alloc(arena, bytes);
    if (words) {
        memcpy(words, set->words, bytes);
        sort_words(words, set->count);
        set->words = words;
        set->sorted = true;
    }
    return set->sorted;
}

/* False when the two cannot have half of their words in common: so many bits of the one are not the
 * other's. */
static inline bool may_be_like(const struct word_set *a, const struct word_set *b)
{
    uint32_t only_a = (uint32_t)__builtin_popcountll(a->bits & ~b->bits);
    uint32_t only_b = (uint32_t)__builtin_popcountll(b->bits & ~a->bits);
    uint32_t of_a = a->count - only_a;
    uint32_t of_b = b->count - only_b;
    uint32_t common_max = of_a < of_b ? of_a : of_b;
    return 2.0 * common_max >= dice_min * (a->count + b->count);
}

static double dice(const struct word_set *a, const struct word_set *b)
{
    uint32_t i = 0;
    uint32_t j = 0;
    uint32_t common = 0;
    while (i < a->count && j < b->count) {
        if (a->words[i] == b->words[j]) {
            common++;
            i++;
            j++;
        } else if (a->words[i] < b->words[j]) {
            i++;
        } else {
            j++;
        }
    }
    return a->count + b->count > 0 ? 2.0 * common / (a->count + b->count) : 0;
}

/* Sentences without a partner. */
struct singles {
    struct word_set sets[WD_ALIGN_PAIRS_MAX];
    size_t count;
};

static bool has_singles(const int32_t *partner, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && partner[i] >= 0) {
        i++;
    }
    return i < count;
}

/* The first WD_ALIGN_PAIRS_MAX of them, of `count` sentences. */
static bool collect_singles(const struct wd_story *story, const int32_t *partner, uint32_t count,
                            struct wd_arena *arena, struct singles *singles)
{
    singles->count = 0;
    for (uint32_t i = 0; i < count && singles->count < WD_ALIGN_PAIRS_MAX; i++) {
        if (partner[i] >= 0) {
            continue;
        }
        if (!make_set(story, i, arena, &singles->sets[singles->count++])) {
            return false;
        }
    }
    return true;
}

/* The old sentence that a new one is most like, and enough, to `like`; NULL when there is none. False when
 * memory is exhausted. */
WD_CLONES static bool find_like(struct word_set *new, struct singles *old,
                                const struct wd_alignment *alignment, struct wd_arena *arena,
                                const struct word_set **like)
{
    double best = 0;
    *like = NULL;
    for (size_t i = 0; i < old->count; i++) {
        struct word_set *one = &old->sets[i];
        if (alignment->before_partner[one->index] >= 0 || !may_be_like(new, one)) {
            continue;
        }
        if (!sort_set(new, arena) || !sort_set(one, arena)) {
            return false;
        }
        double share = dice(new, one);
        if (share >= dice_min && share > best) {
            best = share;
            *like = one;
        }
    }
    return true;
}

/* Each of the new sentences takes the old one that it is most like. */
static bool pair_edited(const struct wd_story *before, const struct wd_story *now,
                        struct wd_arena *arena, struct wd_alignment *alignment)
{
    struct singles old;
    struct singles new;
    if (!has_singles(alignment->before_partner, alignment->before_count) ||
        !has_singles(alignment->now_partner, alignment->now_count)) {
        return true; /* a trim, an expansion: nothing to pair them with */
    }
    if (!collect_singles(before, alignment->before_partner, alignment->before_count, arena, &old) ||
        !collect_singles(now, alignment->now_partner, alignment->now_count, arena, &new)) {
        return false;
    }
    for (size_t i = 0; i < new.count; i++) {
        const struct word_set *like = NULL;
        if (!find_like(&new.sets[i], &old, alignment, arena, &like)) {
            return false;
        }
        if (like) {
            pair(alignment, like->index, new.sets[i].index, WD_SENTENCE_EDITED);
        }
    }
    return true;
}

/* Most copies are the same from beginning to end. */
static bool is_same(const struct wd_copy_scan *before, const struct wd_copy_scan *now,
                    const struct wd_alignment *alignment)
{
    uint32_t i = 0;
    if (alignment->before_count != alignment->now_count) {
        return false;
    }
    while (i < alignment->now_count && before->sentences[i].hash == now->sentences[i].hash) {
        i++;
    }
    return i == alignment->now_count;
}

enum wd_status wd_copy_align(const struct wd_story *before, const struct wd_story *now,
                             struct wd_arena *arena, struct wd_alignment *alignment)
{
    if (!prepare(before->scan, now->scan, arena, alignment)) {
        return WD_NO_MEMORY;
    }
    if (is_same(before->scan, now->scan, alignment)) {
        for (uint32_t i = 0; i < alignment->now_count; i++) {
            pair(alignment, i, i, WD_SENTENCE_KEPT);
        }
        return WD_OK;
    }
    bool done = pair_equal(before->scan, now->scan, arena, alignment) &&
                keep_longest_run(arena, alignment) && pair_edited(before, now, arena, alignment);
    return done ? WD_OK : WD_NO_MEMORY;
}
