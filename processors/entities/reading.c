#include "reading.h"

#include <stdlib.h>

void wd_reading_init(struct wd_reading *reading)
{
    *reading = (struct wd_reading){0};
    wd_words_init(&reading->words);
}

void wd_reading_finish(struct wd_reading *reading)
{
    wd_words_finish(&reading->words);
    free(reading->found);
    free(reading->groups);
    wd_reading_init(reading);
}

bool wd_reading_begin(struct wd_reading *reading, const struct wd_tagger_text *texts, size_t count)
{
    reading->texts = texts;
    reading->text_count = count;
    reading->found_count = 0;
    reading->group_count = 0;
    reading->truncated = false;
    wd_words_clear(&reading->words);
    for (size_t i = 0; i < count; i++) {
        if (!wd_words_add(&reading->words, (uint32_t)i, texts[i].text))
            return false;
    }
    return true;
}

struct wd_found *wd_reading_add(struct wd_reading *reading)
{
    if (reading->found_count == WD_ENTITIES_MAX) {
        reading->truncated = true;
        return NULL;
    }
    if (reading->found_count == reading->found_capacity) {
        size_t capacity = reading->found_capacity ? reading->found_capacity * 2 : 64;
        struct wd_found *grown = realloc(reading->found, capacity * sizeof(*grown));
        if (!grown)
            return NULL;
        reading->found = grown;
        reading->found_capacity = capacity;
    }
    struct wd_found *found = &reading->found[reading->found_count++];
    *found = (struct wd_found){.group = WD_GROUP_NONE};
    return found;
}

struct wd_group *wd_reading_add_group(struct wd_reading *reading)
{
    if (reading->group_count == reading->group_capacity) {
        size_t capacity = reading->group_capacity ? reading->group_capacity * 2 : 64;
        struct wd_group *grown = realloc(reading->groups, capacity * sizeof(*grown));
        if (!grown)
            return NULL;
        reading->groups = grown;
        reading->group_capacity = capacity;
    }
    struct wd_group *group = &reading->groups[reading->group_count++];
    *group = (struct wd_group){.parent = WD_GROUP_NONE};
    return group;
}

static int compare_places(const void *left, const void *right)
{
    const struct wd_found *a = left;
    const struct wd_found *b = right;
    if (a->text != b->text)
        return a->text < b->text ? -1 : 1;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static bool overlap(const struct wd_found *before, const struct wd_found *after)
{
    return before->text == after->text && after->begin < before->end;
}

static void resolve_overlaps(struct wd_reading *reading)
{
    size_t kept = 0;
    for (size_t i = 0; i < reading->found_count; i++) {
        struct wd_found next = reading->found[i];
        while (kept > 0 && overlap(&reading->found[kept - 1], &next) &&
               next.rank < reading->found[kept - 1].rank)
            kept--;
        struct wd_found *last = kept > 0 ? &reading->found[kept - 1] : NULL;
        if (!last || !overlap(last, &next)) {
            reading->found[kept++] = next;
        } else if (next.entry && !last->entry && next.rank == WD_FOUND_COMPLEMENT &&
                   next.begin == last->begin && next.end == last->end) {
            last->entry = next.entry;
            last->watch = next.watch;
            last->ambiguous = next.ambiguous;
        }
    }
    reading->found_count = kept;
}

void wd_reading_settle(struct wd_reading *reading)
{
    if (reading->found_count > 1)
        qsort(reading->found, reading->found_count, sizeof(*reading->found), compare_places);
    resolve_overlaps(reading);
    const struct wd_words *words = &reading->words;
    size_t w = 0;
    for (size_t i = 0; i < reading->found_count; i++) {
        struct wd_found *found = &reading->found[i];
        while (w < words->count &&
               (words->items[w].text < found->text ||
                (words->items[w].text == found->text && words->items[w].end <= found->begin)))
            w++;
        size_t end = w;
        while (end < words->count && words->items[end].text == found->text &&
               words->items[end].begin < found->end)
            end++;
        found->first_word = (uint32_t)w;
        found->word_count = (uint32_t)(end - w);
        found->key = found->word_count > 0 && found->word_count <= WD_PHRASE_WORDS_MAX
                         ? words->items[w].hash
                         : 0;
        for (size_t j = w + 1; found->key && j < end; j++)
            found->key = wd_phrase_hash_add(found->key, words->items[j].hash);
    }
}
