/* copy_compare.c - what a version changed against the one that is kept. */
#include "copy_align.h"
#include "copy_recall.h"
#include "copy_sentence.h"
#include "fact_search.h"
#include "prefetch.h"
#include "wd_assert.h"

enum {
    LIST_MAX = 32,
    UNCUT_MAX = WD_CHANGE_TEXT_BYTES_MAX - 4, /* bytes of a text that was certainly not cut */
    CACHE_LINE = 64,
};

/* Two versions at work. */
struct comparison {
    struct wd_story *before; /* the kept copy, as a story */
    struct wd_story *now;
    struct wd_fact_copy before_copy, now_copy; /* the bodies */
    struct wd_slice kept;                      /* body; its bytes do not stay where they are */
    struct wd_alignment alignment;
    struct wd_change *change;
    uint32_t edited_facts;
};

static struct wd_slice cut(struct wd_slice text)
{
    bool fits = text.len > 0 && text.len <= WD_CHANGE_TEXT_BYTES_MAX &&
                (unsigned char)text.data[text.len - 1] < 0x80;
    return fits ? text : wd_utf8_cut(text, WD_CHANGE_TEXT_BYTES_MAX);
}

/* Of the copy that is kept, whose bytes do not stay where they are; what stands in this version does. */
static struct wd_slice cut_copy(struct comparison *comparison, struct wd_slice text)
{
    return text.len > 0 ? wd_arena_copy(comparison->now->arena, cut(text)) : WD_SLICE("");
}

/* A fact from the version before: most were found in sentences that are told, and so copied already. */
static struct wd_slice cut_fact(struct comparison *comparison, struct wd_slice text)
{
    bool stays = (uintptr_t)text.data - (uintptr_t)comparison->kept.data >= comparison->kept.len;
    return stays ? cut(text) : cut_copy(comparison, text);
}

static bool list_sentence(struct comparison *comparison, enum wd_change_sentence kind,
                          int32_t before, int32_t now)
{
    struct wd_change *change = comparison->change;
    change->sentences[kind]++;
    if (kind == WD_SENTENCE_KEPT || change->sentence_count == LIST_MAX) {
        return true;
    }
    struct wd_slice text =
        now >= 0 ? cut(wd_sentence_whole(comparison->now, (uint32_t)now))
                 : cut_copy(comparison, wd_sentence_whole(comparison->before, (uint32_t)before));
    struct wd_changed_sentence *place = &change->sentence_list[change->sentence_count++];
    *place = (struct wd_changed_sentence){
        .kind = kind, .before = (uint32_t)(before + 1), .now = (uint32_t)(now + 1), .text = text};
    return place->text.data != NULL;
}

/* The removed ones among the old sentences from `*old` to before `end`. */
static bool list_removed(struct comparison *comparison, uint32_t *old, uint32_t end)
{
    bool done = true;
    for (; *old < end && done; (*old)++) {
        if (comparison->alignment.before_kind[*old] == WD_SENTENCE_REMOVED) {
            done = list_sentence(comparison, WD_SENTENCE_REMOVED, (int32_t)*old, -1);
        }
    }
    return done;
}

/* In the order of this version; what is gone comes where it stood. */
static bool list_sentences(struct comparison *comparison)
{
    const struct wd_alignment *alignment = &comparison->alignment;
    uint32_t old = 0;
    for (uint32_t i = 0; i < alignment->now_count; i++) {
        int32_t partner = alignment->now_partner[i];
        bool in_place = alignment->now_kind[i] == WD_SENTENCE_KEPT ||
                        alignment->now_kind[i] == WD_SENTENCE_EDITED;
        if (in_place && !list_removed(comparison, &old, (uint32_t)partner)) {
            return false;
        }
        if (!list_sentence(comparison, alignment->now_kind[i], partner, (int32_t)i)) {
            return false;
        }
    }
    return list_removed(comparison, &old, alignment->before_count);
}

/* One more of the kind; its place in the list, NULL when that is full. */
static struct wd_changed_fact *list_fact(struct comparison *comparison, enum wd_change_fact kind)
{
    struct wd_change *change = comparison->change;
    change->facts[kind]++;
    if (change->fact_count == LIST_MAX) {
        return NULL;
    }
    struct wd_changed_fact *fact = &change->fact_list[change->fact_count++];
    *fact = (struct wd_changed_fact){.kind = kind, .before = WD_SLICE(""), .now = WD_SLICE("")};
    return fact;
}

/* Facts that lie one behind the other. */
struct fact_span {
    struct wd_fact *items;
    size_t count;
};

/* Facts of `from` that `against` does not have, to `rest`, which has room for all: of numbers as often as they stand
 * there, in the sentence itself; names and quotations may stand anywhere in the other version. */
static struct fact_span subtract(struct fact_span from, struct fact_span against,
                                 struct wd_fact *rest)
{
    bool used[WD_FACTS_MAX] = {false};
    struct fact_span left = {rest, 0};
    for (size_t i = 0; i < from.count; i++) {
        const struct wd_fact *fact = &from.items[i];
        bool found = fact->kind != WD_FACT_NUMBER && fact->there;
        for (size_t j = 0; j < against.count && !found; j++) {
            found = !used[j] && against.items[j].kind == fact->kind &&
                    wd_slice_equal(against.items[j].text, fact->text);
            used[j] = used[j] || found;
        }
        if (!found) {
            rest[left.count++] = *fact;
        }
    }
    return left;
}

static const struct wd_fact *next_of(struct fact_span facts, enum wd_change_fact kind,
                                     size_t *position)
{
    while (*position < facts.count) {
        const struct wd_fact *fact = &facts.items[(*position)++];
        if (fact->kind == kind) {
            return fact;
        }
    }
    return NULL;
}

/* What is gone and what is new of one kind, the first with the first. */
static bool list_pairs(struct comparison *comparison, struct fact_span gone, struct fact_span new,
                       enum wd_change_fact kind)
{
    size_t i = 0;
    size_t j = 0;
    for (;;) {
        const struct wd_fact *before = next_of(gone, kind, &i);
        const struct wd_fact *now = next_of(new, kind, &j);
        if (!before && !now) {
            return true;
        }
        struct wd_changed_fact *fact = list_fact(comparison, kind);
        if (fact && now) {
            fact->now = cut(now->text);
        }
        if (fact && before) {
            fact->before = cut_fact(comparison, before->text);
        }
        if (fact && !fact->before.data) {
            return false;
        }
    }
}

static bool is_shared(enum wd_change_sentence kind)
{
    return kind == WD_SENTENCE_KEPT || kind == WD_SENTENCE_MOVED;
}

/* The facts of the sentences of one version that the other has not word for word. */
struct side_facts {
    struct wd_fact *items;
    uint32_t count, capacity;
    uint32_t *begins; /* of each sentence, and behind the last: its first item */
};

static struct fact_span of_sentence(const struct side_facts *facts, uint32_t index)
{
    return (struct fact_span){facts->items + facts->begins[index],
                              facts->begins[index + 1] - facts->begins[index]};
}

static bool append_facts(struct side_facts *facts, struct wd_slice sentence, struct wd_arena *arena)
{
    enum { CAPACITY_FIRST = 4 * WD_FACTS_MAX };
    if (facts->capacity - facts->count < WD_FACTS_MAX) {
        uint32_t capacity = facts->capacity > 0 ? 2 * facts->capacity : CAPACITY_FIRST;
        struct wd_fact *items = wd_arena_realloc(
            arena, facts->items, facts->capacity * sizeof(*items), capacity * sizeof(*items));
        if (!items) {
            return false;
        }
        facts->items = items;
        facts->capacity = capacity;
    }
    facts->count += (uint32_t)wd_facts_of(sentence, facts->items + facts->count);
    return true;
}

/* A sentence without a partner as it is told, which it is in this order as long as there is room; `*listed` moves
 * on behind it. */
static struct wd_slice single_text(const struct comparison *comparison, bool is_new, uint32_t index,
                                   size_t *listed)
{
    const struct wd_change *change = comparison->change;
    enum wd_change_sentence kind = is_new ? WD_SENTENCE_ADDED : WD_SENTENCE_REMOVED;
    while (*listed < change->sentence_count && change->sentence_list[*listed].kind != kind) {
        (*listed)++;
    }
    if (*listed < change->sentence_count) {
        const struct wd_changed_sentence *told = &change->sentence_list[(*listed)++];
        WD_ASSERT((is_new ? told->now : told->before) == index + 1);
        if (told->text.len <= UNCUT_MAX) {
            return told->text;
        }
    }
    return wd_sentence_whole(is_new ? comparison->now : comparison->before, index);
}

/* False when memory is exhausted. */
static bool find_facts(struct comparison *comparison, bool is_new, struct side_facts *facts)
{
    const struct wd_alignment *alignment = &comparison->alignment;
    const struct wd_story *story = is_new ? comparison->now : comparison->before;
    const enum wd_change_sentence *kinds = is_new ? alignment->now_kind : alignment->before_kind;
    uint32_t count = is_new ? alignment->now_count : alignment->before_count;
    struct wd_arena *arena = comparison->before->arena;
    size_t listed = 0;
    bool done = true;
    *facts =
        (struct side_facts){.begins = wd_arena_alloc(arena, (count + 1) * sizeof(*facts->begins))};
    if (!facts->begins) {
        return false;
    }
    for (uint32_t i = 0; i < count && done; i++) {
        facts->begins[i] = facts->count;
        if (kinds[i] == WD_SENTENCE_EDITED) {
            done = append_facts(facts, wd_sentence_whole(story, i), arena);
        } else if (!is_shared(kinds[i])) {
            done = append_facts(facts, single_text(comparison, is_new, i, &listed), arena);
        }
    }
    facts->begins[count] = facts->count;
    wd_fact_search(facts->items, facts->count,
                   is_new ? &comparison->before_copy : &comparison->now_copy);
    return done;
}

static bool compare_pair(struct comparison *comparison, struct fact_span before,
                         struct fact_span now)
{
    struct wd_fact gone_facts[WD_FACTS_MAX];
    struct wd_fact new_facts[WD_FACTS_MAX];
    struct fact_span gone = subtract(before, now, gone_facts);
    struct fact_span new = subtract(now, before, new_facts);
    comparison->edited_facts += (uint32_t)(gone.count + new.count);
    for (int kind = 0; kind < WD_CHANGE_FACT_COUNT; kind++) {
        if (!list_pairs(comparison, gone, new, (enum wd_change_fact)kind)) {
            return false;
        }
    }
    return true;
}

/* Facts of a sentence without a partner that the other version has nowhere. */
static bool list_single(struct comparison *comparison, bool is_new, struct fact_span facts)
{
    for (size_t i = 0; i < facts.count; i++) {
        const struct wd_fact *fact = &facts.items[i];
        struct wd_changed_fact *change = fact->there ? NULL : list_fact(comparison, fact->kind);
        if (!change) {
            continue;
        }
        struct wd_slice *place = is_new ? &change->now : &change->before;
        *place = is_new ? cut(fact->text) : cut_fact(comparison, fact->text);
        if (!place->data) {
            return false;
        }
    }
    return true;
}

static bool compare_facts(struct comparison *comparison)
{
    const struct wd_alignment *alignment = &comparison->alignment;
    struct side_facts before;
    struct side_facts now;
    bool done = find_facts(comparison, false, &before) && find_facts(comparison, true, &now);
    for (uint32_t i = 0; i < alignment->now_count && done; i++) {
        if (alignment->now_kind[i] == WD_SENTENCE_EDITED) {
            uint32_t partner = (uint32_t)alignment->now_partner[i];
            done = compare_pair(comparison, of_sentence(&before, partner), of_sentence(&now, i));
        }
    }
    for (uint32_t i = 0; i < alignment->before_count && done; i++) {
        if (alignment->before_kind[i] == WD_SENTENCE_REMOVED) {
            done = list_single(comparison, false, of_sentence(&before, i));
        }
    }
    for (uint32_t i = 0; i < alignment->now_count && done; i++) {
        if (alignment->now_kind[i] == WD_SENTENCE_ADDED) {
            done = list_single(comparison, true, of_sentence(&now, i));
        }
    }
    return done;
}

/* By its words; false when memory is exhausted. */
static bool is_headline_changed(const struct comparison *comparison, bool *changed)
{
    const struct wd_copy_scan *now = comparison->now->scan;
    struct wd_slice headline = comparison->before->headline;
    struct wd_copy_words words;
    *changed = false;
    if (wd_slice_equal(headline, comparison->now->headline)) {
        return true;
    }
    if (!wd_copy_scan_words(comparison->before->arena, headline, 0, headline.len, &words)) {
        return false;
    }
    uint32_t count =
        words.count < WD_SCAN_HEADLINE_WORDS_MAX ? words.count : WD_SCAN_HEADLINE_WORDS_MAX;
    *changed = count != now->headline_count ||
               (count > 0 && memcmp(words.items, now->headline, count * sizeof(*words.items)) != 0);
    return true;
}

/* Numbers of the headline before that the copy no longer gives. */
static void count_headline_numbers(struct comparison *comparison)
{
    struct wd_fact old_facts[WD_FACTS_MAX];
    struct wd_fact new_facts[WD_FACTS_MAX];
    struct fact_span old = {old_facts, 0};
    size_t count = wd_facts_of(comparison->before->headline, old_facts);
    for (size_t i = 0; i < count; i++) {
        if (old_facts[i].kind == WD_FACT_NUMBER) {
            old_facts[old.count++] = old_facts[i];
        }
    }
    if (old.count == 0) {
        return;
    }
    struct fact_span new = {new_facts, wd_facts_of(comparison->now->headline, new_facts)};
    struct wd_fact gone_facts[WD_FACTS_MAX];
    struct fact_span gone = subtract(old, new, gone_facts);
    wd_fact_search(gone.items, gone.count, &comparison->now_copy);
    for (size_t i = 0; i < gone.count; i++) {
        comparison->edited_facts += !gone.items[i].there;
    }
}

static bool compare_headline(struct comparison *comparison)
{
    struct wd_change *change = comparison->change;
    if (!is_headline_changed(comparison, &change->headline_changed)) {
        return false;
    }
    if (!change->headline_changed) {
        return true;
    }
    change->headline_before = cut_copy(comparison, comparison->before->headline);
    count_headline_numbers(comparison);
    return change->headline_before.data != NULL;
}

static enum wd_change_class class_of(const struct comparison *comparison)
{
    const struct wd_change *change = comparison->change;
    uint32_t added = change->sentences[WD_SENTENCE_ADDED];
    uint32_t removed = change->sentences[WD_SENTENCE_REMOVED];
    uint32_t moved = change->sentences[WD_SENTENCE_MOVED];
    uint32_t edited = change->sentences[WD_SENTENCE_EDITED];
    if (added + removed + moved + edited == 0 && !change->headline_changed) {
        return WD_CHANGE_IDENTICAL;
    }
    if (comparison->edited_facts > 0) {
        return WD_CHANGE_FACTUAL;
    }
    if (added > 0 && removed == 0) {
        return WD_CHANGE_EXPANSION;
    }
    if (removed > 0 && added == 0) {
        return WD_CHANGE_TRIM;
    }
    uint32_t facts = change->facts[WD_FACT_NUMBER] + change->facts[WD_FACT_NAME] +
                     change->facts[WD_FACT_QUOTATION] + change->facts[WD_FACT_TIME];
    return added > 0 && facts > 0 ? WD_CHANGE_FACTUAL : WD_CHANGE_COSMETIC;
}

/* Where the kept copy was cut, the end of the two versions cannot be told apart: it is left out. */
static void leave_out_end(struct wd_alignment *alignment)
{
    while (alignment->now_count > 0 && alignment->now_partner[alignment->now_count - 1] < 0) {
        alignment->now_count--;
    }
    while (alignment->before_count > 0 &&
           alignment->before_partner[alignment->before_count - 1] < 0) {
        alignment->before_count--;
    }
}

/* Counts, and room for the lists. */
static bool begin_change(const struct wd_copy_memory *memory, const struct wd_story *before,
                         struct wd_story *story, struct wd_change *change)
{
    memset(change, 0, sizeof(*change));
    change->sentence_list = wd_arena_alloc(story->arena, LIST_MAX * sizeof(*change->sentence_list));
    change->fact_list = wd_arena_alloc(story->arena, LIST_MAX * sizeof(*change->fact_list));
    change->against = wd_arena_copy(story->arena, memory->label);
    change->sentences_before = before->scan->sentence_count;
    change->sentences_now = story->scan->sentence_count;
    change->words_before = before->scan->words_total;
    change->words_now = story->scan->words_total;
    change->cut = memory->cut || before->scan->sentence_count > WD_ALIGN_SENTENCES_MAX ||
                  story->scan->sentence_count > WD_ALIGN_SENTENCES_MAX;
    return change->sentence_list && change->fact_list && change->against.data;
}

/* Nothing but sentences that stand where they stood. */
static bool all_kept(const struct comparison *comparison)
{
    uint32_t kept = comparison->change->sentences[WD_SENTENCE_KEPT];
    return kept == comparison->alignment.before_count && kept == comparison->alignment.now_count;
}

/* Asks for the kept text that may be read: not for what both versions begin and end with. */
static void prefetch_body(const struct wd_copy_memory *memory, const struct wd_story *before,
                          const struct wd_story *now)
{
    const struct wd_copy_sentence *old = before->scan->sentences;
    const struct wd_copy_sentence *new = now->scan->sentences;
    uint32_t begin = 0;
    uint32_t end = before->scan->sentence_count;
    uint32_t new_end = now->scan->sentence_count;
    if (!memory->has_sentences) {
        return; /* it was read just now */
    }
    while (begin < end && begin < new_end && old[begin].hash == new[begin].hash) {
        begin++;
    }
    while (end > begin && new_end > begin && old[end - 1].hash == new[new_end - 1].hash) {
        end--;
        new_end--;
    }
    for (size_t at = begin < end ? old[begin].begin : 0;
         begin < end && at < old[end - 1].end + (size_t)CACHE_LINE; at += CACHE_LINE) {
        wd_prefetch(memory->body.data + at);
    }
}

/* Appends a sentence; to the piece before, where it goes on from there. */
static void add_piece(struct wd_slice *pieces, size_t *count, struct wd_sentence_place place)
{
    struct wd_slice *last = *count > 0 ? &pieces[*count - 1] : NULL;
    const char *begin = place.text.data + place.begin;
    if (last && last->data + last->len == begin) {
        last->len += place.end - place.begin;
    } else {
        pieces[(*count)++] = wd_slice_make(begin, place.end - place.begin);
    }
}

/* The kept copy for facts to be looked for in: sentences that this version has, too, are read from there, where the
 * scan has just been. False when memory is exhausted. */
static bool take_pieces(struct comparison *comparison, const struct wd_copy_memory *memory)
{
    const struct wd_alignment *alignment = &comparison->alignment;
    struct wd_fact_copy *copy = &comparison->before_copy;
    struct wd_arena *arena = comparison->before->arena;
    size_t most = (size_t)alignment->before_count + alignment->now_count + 1;
    if (!memory->has_sentences || comparison->change->cut) {
        *copy = (struct wd_fact_copy){&memory->body, 1};
        return true;
    }
    struct wd_slice *pieces = wd_arena_alloc(arena, most * sizeof(*pieces));
    size_t count = 0;
    for (uint32_t i = 0; pieces && i < alignment->now_count; i++) {
        if (is_shared(alignment->now_kind[i])) {
            add_piece(pieces, &count, wd_sentence_place(comparison->now, i));
        }
    }
    for (uint32_t i = 0; pieces && i < alignment->before_count; i++) {
        if (!is_shared(alignment->before_kind[i])) {
            add_piece(pieces, &count, wd_sentence_place(comparison->before, i));
        }
    }
    *copy = (struct wd_fact_copy){pieces, count};
    return pieces != NULL;
}

static bool compare_copies(struct comparison *comparison, const struct wd_copy_memory *memory)
{
    if (!list_sentences(comparison)) {
        return false;
    }
    if (all_kept(comparison) && wd_slice_equal(memory->headline, comparison->now->headline)) {
        return true; /* no facts to look for */
    }
    const struct wd_story *now = comparison->now;
    comparison->now_copy = (struct wd_fact_copy){now->paragraphs, now->paragraph_count};
    return take_pieces(comparison, memory) && compare_facts(comparison) &&
           compare_headline(comparison);
}

enum wd_status wd_copy_compare(const struct wd_copy_memory *memory, struct wd_story *before,
                               struct wd_story *story, struct wd_change *change)
{
    struct comparison comparison = {
        .before = before, .now = story, .change = change, .kept = memory->body};
    if (wd_copy_recall(memory, before) != WD_OK || !wd_copy_scan(story)) {
        return WD_NO_MEMORY;
    }
    prefetch_body(memory, before, story);
    if (!begin_change(memory, before, story, change) ||
        wd_copy_align(before, story, before->arena, &comparison.alignment) != WD_OK) {
        return WD_NO_MEMORY;
    }
    if (memory->cut) {
        leave_out_end(&comparison.alignment);
    }
    if (!compare_copies(&comparison, memory)) {
        return WD_NO_MEMORY;
    }
    change->class_of_change = class_of(&comparison);
    return WD_OK;
}
