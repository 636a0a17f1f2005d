#include "copy_align.h"

#include "clones.h"
#include "copy_places.h"
#include "copy_sentence.h"

#include <stdlib.h>

enum {
    SORTED_BY_HAND = 64, /* so few are sorted in place faster than qsort is called for them */
    SET_WORDS_MAX = 256, /* a longer sentence is judged by its beginning */
    TABLE_MIN = 16,
    VOCABULARY_BITS = 4096,
};

/* Two sentences are versions of one another from here on: half of their words. */
static const double dice_min = 0.5;

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

static void pair(struct wd_alignment *alignment, uint32_t before, uint32_t now,
                 enum wd_change_sentence kind)
{
    alignment->before_partner[before] = (int32_t)now;
    alignment->now_partner[now] = (int32_t)before;
    alignment->before_kind[before] = kind;
    alignment->now_kind[now] = kind;
}

/* Sentences by their hashes, in chains; of equal ones the first comes first. */
struct sentence_table {
    const struct wd_copy_sentence *sentences;
    uint16_t *heads, *next; /* 1 + index; 0: none */
    uint64_t mask;
};

/* Those from `first` on, of `count`. */
static bool make_table(const struct wd_copy_scan *scan, uint32_t first, uint32_t count,
                       struct wd_arena *arena, struct sentence_table *table)
{
    size_t size = TABLE_MIN;
    while (size < 2 * (size_t)(count - first)) {
        size *= 2;
    }
    *table = (struct sentence_table){.sentences = scan->sentences, .mask = size - 1};
    table->heads = wd_arena_calloc(arena, size, sizeof(*table->heads));
    table->next = wd_arena_alloc(arena, (count + 1) * sizeof(*table->next));
    if (!table->heads || !table->next) {
        return false;
    }
    for (uint32_t i = count; i-- > first;) {
        uint16_t *head = &table->heads[scan->sentences[i].hash & table->mask];
        table->next[i] = *head;
        *head = (uint16_t)(i + 1);
    }
    return true;
}

/* Takes the first sentence with this hash out of the table; -1 when there is none. */
static int32_t take_equal(struct sentence_table *table, uint64_t hash)
{
    uint16_t *link = &table->heads[hash & table->mask];
    while (*link != 0) {
        uint32_t index = *link - 1u;
        if (table->sentences[index].hash == hash) {
            *link = table->next[index];
            return (int32_t)index;
        }
        link = &table->next[index];
    }
    return -1;
}

/* Equal sentences, the first with the first; all of them as in place for now. `in_order`: they come in
 * both versions in the same order. */
static bool pair_equal(const struct wd_copy_scan *before, const struct wd_copy_scan *now,
                       struct wd_arena *arena, struct wd_alignment *alignment, bool *in_order)
{
    uint32_t i = 0;
    struct sentence_table table;
    *in_order = true;
    while (i < alignment->before_count && i < alignment->now_count &&
           before->sentences[i].hash == now->sentences[i].hash) {
        pair(alignment, i, i, WD_SENTENCE_KEPT);
        i++;
    }
    if (i == alignment->before_count || i == alignment->now_count) {
        return true;
    }
    int32_t last = -1;
    if (!make_table(before, i, alignment->before_count, arena, &table)) {
        return false;
    }
    for (; i < alignment->now_count; i++) {
        int32_t equal = take_equal(&table, now->sentences[i].hash);
        if (equal >= 0) {
            pair(alignment, (uint32_t)equal, i, WD_SENTENCE_KEPT);
            *in_order = *in_order && equal > last;
            last = equal;
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

/* The longest run of pairs that is in order in both versions stays where it was; the others have moved. */
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
        pair(alignment, (uint32_t)alignment->now_partner[i], i, WD_SENTENCE_MOVED);
    }
    for (int32_t i = pile_count > 0 ? (int32_t)tops[pile_count - 1] : -1; i >= 0; i = below[i]) {
        pair(alignment, (uint32_t)alignment->now_partner[i], (uint32_t)i, WD_SENTENCE_KEPT);
    }
    return true;
}

/* A sentence's words: most are never looked at closer than by their bits. */
struct word_set {
    const uint64_t *words; /* as in the text; in the order of their hashes once that was needed */
    uint64_t bits;         /* one for each word, of 64 */
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

/* Sentences without a partner. */
struct singles {
    struct word_set sets[WD_ALIGN_PAIRS_MAX];
    size_t count;
};

/* The sentence's words in the scan. Past those that it keeps there are none. */
static void take_words(const struct wd_copy_scan *scan, struct word_set *set)
{
    const struct wd_copy_sentence *sentence = &scan->sentences[set->index];
    bool kept = sentence->first_word + (uint64_t)sentence->word_count <= scan->word_count;
    set->words = scan->words + (kept ? sentence->first_word : 0);
    set->count = kept ? sentence->word_count : 0;
}

/* Reads all of them from the text at once. False when that cannot be, or memory is exhausted. */
static bool read_words_at_once(const struct wd_story *story, struct wd_arena *arena,
                               struct singles *singles)
{
    struct wd_copy_places places;
    struct wd_places_room room;
    uint32_t begins[WD_ALIGN_PAIRS_MAX + 1];
    size_t bytes = 0;
    for (size_t i = 0; i < singles->count; i++) {
        const struct wd_copy_sentence *sentence = &story->scan->sentences[singles->sets[i].index];
        bytes += sentence->end - sentence->begin;
    }
    if (!wd_copy_places_init(&places, arena, &room, bytes, singles->count)) {
        return false;
    }
    for (size_t i = 0; i < singles->count; i++) {
        struct wd_sentence_place place = wd_sentence_place(story, singles->sets[i].index);
        begins[i] = places.count;
        if (!wd_copy_places_add(
                &places, wd_slice_make(place.text.data + place.begin, place.end - place.begin))) {
            return false;
        }
    }
    begins[singles->count] = places.count;
    uint64_t *words = wd_arena_alloc(arena, (places.count + WD_HASH_LANES) * sizeof(*words));
    if (!words) {
        return false;
    }
    wd_hash_words(&places, words);
    for (size_t i = 0; i < singles->count; i++) {
        singles->sets[i].words = words + begins[i];
        singles->sets[i].count = begins[i + 1] - begins[i];
    }
    return true;
}

static bool read_words(const struct wd_story *story, struct wd_arena *arena,
                       struct singles *singles)
{
    if (read_words_at_once(story, arena, singles)) {
        return true;
    }
    for (size_t i = 0; i < singles->count; i++) {
        struct word_set *set = &singles->sets[i];
        struct wd_sentence_place place = wd_sentence_in_paragraph(story, set->index);
        struct wd_copy_words words;
        if (!wd_copy_scan_words(arena, place.text, place.begin, place.end, &words)) {
            return false;
        }
        set->words = words.items;
        set->count = words.count;
    }
    return true;
}

/* The words of all; read from the text where the scan has none. False when memory is exhausted. */
static bool find_words(const struct wd_story *story, struct wd_arena *arena,
                       struct singles *singles)
{
    if (!story->scan->words && !read_words(story, arena, singles)) {
        return false;
    }
    for (size_t i = 0; i < singles->count; i++) {
        struct word_set *set = &singles->sets[i];
        if (story->scan->words) {
            take_words(story->scan, set);
        }
        set->count = set->count < SET_WORDS_MAX ? set->count : SET_WORDS_MAX;
    }
    return true;
}

static void note_bits(struct singles *singles)
{
    for (size_t i = 0; i < singles->count; i++) {
        struct word_set *set = &singles->sets[i];
        for (uint32_t j = 0; j < set->count; j++) {
            set->bits |= UINT64_C(1) << (set->words[j] & 63);
        }
    }
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

static bool has_singles(const int32_t *partner, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && partner[i] >= 0) {
        i++;
    }
    return i < count;
}

/* The first WD_ALIGN_PAIRS_MAX of them, of `count` sentences. */
static void collect_singles(const int32_t *partner, uint32_t count, struct singles *singles)
{
    singles->count = 0;
    for (uint32_t i = 0; i < count && singles->count < WD_ALIGN_PAIRS_MAX; i++) {
        if (partner[i] < 0) {
            singles->sets[singles->count++] = (struct word_set){.index = i};
        }
    }
}

/* Words by twelve bits of their hashes, others than those of word_set. */
struct vocabulary {
    uint64_t bits[VOCABULARY_BITS / 64];
};

static inline unsigned place_in_vocabulary(uint64_t word)
{
    return (unsigned)(word >> 6) % VOCABULARY_BITS;
}

/* Leaves out those that have too few words of all the others together to be like any of them: with `common` words
 * of theirs, Dice's coefficient is at most 2 common / (count + common), so that half asks for a third. */
static void keep_likely(struct singles *singles, const struct singles *others)
{
    struct vocabulary all = {{0}};
    size_t kept = 0;
    for (size_t i = 0; i < others->count; i++) {
        for (uint32_t j = 0; j < others->sets[i].count; j++) {
            unsigned place = place_in_vocabulary(others->sets[i].words[j]);
            all.bits[place / 64] |= UINT64_C(1) << (place % 64);
        }
    }
    for (size_t i = 0; i < singles->count; i++) {
        const struct word_set *set = &singles->sets[i];
        uint32_t common = 0;
        for (uint32_t j = 0; j < set->count; j++) {
            unsigned place = place_in_vocabulary(set->words[j]);
            common += (uint32_t)(all.bits[place / 64] >> (place % 64) & 1);
        }
        if (3 * common >= set->count) {
            singles->sets[kept++] = *set;
        }
    }
    singles->count = kept;
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
    collect_singles(alignment->before_partner, alignment->before_count, &old);
    collect_singles(alignment->now_partner, alignment->now_count, &new);
    if (!find_words(before, arena, &old) || !find_words(now, arena, &new)) {
        return false;
    }
    keep_likely(&old, &new);
    if (old.count == 0) {
        return true;
    }
    note_bits(&old);
    note_bits(&new);
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

enum wd_status wd_copy_align(const struct wd_story *before, const struct wd_story *now,
                             struct wd_arena *arena, struct wd_alignment *alignment)
{
    if (!prepare(before->scan, now->scan, arena, alignment)) {
        return WD_NO_MEMORY;
    }
    bool in_order = false;
    bool done = pair_equal(before->scan, now->scan, arena, alignment, &in_order) &&
                (in_order || keep_longest_run(arena, alignment)) &&
                pair_edited(before, now, arena, alignment);
    return done ? WD_OK : WD_NO_MEMORY;
}
