#include "phrases.h"

#include <stdlib.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 1024 };

/* A run of words: a name, the beginning of longer ones, or both. */
struct slot {
    uint64_t hash;
    char *words; /* normalised; NULL: empty slot */
    size_t len;
    int32_t phrase; /* -1: only a beginning */
    bool longer;
};

struct wd_phrases {
    struct wd_phrase *items;
    size_t count, capacity;
    struct slot *slots;
    size_t slot_count, used;
    bool any_case;
};

struct wd_phrases *wd_phrases_create(void)
{
    struct wd_phrases *phrases = calloc(1, sizeof(*phrases));
    struct slot *slots = calloc(FIRST_SLOTS, sizeof(*slots));
    if (!phrases || !slots) {
        free(phrases);
        free(slots);
        return NULL;
    }
    phrases->slots = slots;
    phrases->slot_count = FIRST_SLOTS;
    return phrases;
}

static void free_phrase(struct wd_phrase *phrase)
{
    free(phrase->text);
    free(phrase->id);
    free(phrase->name);
    free(phrase->source);
}

void wd_phrases_destroy(struct wd_phrases *phrases)
{
    if (!phrases)
        return;
    for (size_t i = 0; i < phrases->count; i++)
        free_phrase(&phrases->items[i]);
    for (size_t i = 0; i < phrases->slot_count; i++)
        free(phrases->slots[i].words);
    free(phrases->slots);
    free(phrases->items);
    free(phrases);
}

size_t wd_phrases_count(const struct wd_phrases *phrases)
{
    return phrases->count;
}

static struct slot *find_slot(const struct wd_phrases *phrases, struct wd_slice words,
                              uint64_t hash)
{
    size_t mask = phrases->slot_count - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct slot *slot = &phrases->slots[i];
        if (!slot->words ||
            (slot->hash == hash && wd_slice_equal(wd_slice_make(slot->words, slot->len), words)))
            return slot;
    }
}

static bool grow(struct wd_phrases *phrases)
{
    struct wd_phrases larger = *phrases;
    larger.slot_count = phrases->slot_count * 2;
    larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < phrases->slot_count; i++) {
        const struct slot *old = &phrases->slots[i];
        if (old->words)
            *find_slot(&larger, wd_slice_make(old->words, old->len), old->hash) = *old;
    }
    free(phrases->slots);
    phrases->slots = larger.slots;
    phrases->slot_count = larger.slot_count;
    return true;
}

/* The slot of these words, made when there is none. NULL: no memory. */
static struct slot *need_slot(struct wd_phrases *phrases, struct wd_slice words)
{
    if (phrases->used * 2 >= phrases->slot_count && !grow(phrases))
        return NULL;
    uint64_t hash = XXH3_64bits(words.data, words.len);
    struct slot *slot = find_slot(phrases, words, hash);
    if (slot->words)
        return slot;
    char *copy = malloc(words.len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, words.data, words.len);
    copy[words.len] = '\0';
    *slot = (struct slot){.hash = hash, .words = copy, .len = words.len, .phrase = -1};
    phrases->used++;
    return slot;
}

static bool copy_phrase(struct wd_phrases *phrases, const struct wd_phrase *phrase, uint32_t words)
{
    if (phrases->count == phrases->capacity) {
        size_t capacity = phrases->capacity ? phrases->capacity * 2 : 256;
        struct wd_phrase *grown = realloc(phrases->items, capacity * sizeof(*grown));
        if (!grown)
            return false;
        phrases->items = grown;
        phrases->capacity = capacity;
    }
    struct wd_phrase copy = *phrase;
    copy.text = strdup(phrase->text);
    copy.id = strdup(phrase->id ? phrase->id : "");
    copy.name = strdup(phrase->name ? phrase->name : phrase->text);
    copy.source = strdup(phrase->source);
    copy.words = words;
    if (!copy.text || !copy.id || !copy.name || !copy.source) {
        free_phrase(&copy);
        return false;
    }
    phrases->items[phrases->count++] = copy;
    return true;
}

/* Puts the name and every beginning of it into the table. */
static enum wd_status index_phrase(struct wd_phrases *phrases, const struct wd_phrase *phrase,
                                   struct wd_slice words)
{
    uint32_t count = 1;
    for (size_t i = 0; i < words.len; i++)
        count += words.data[i] == ' ';
    if (count > WD_PHRASE_WORDS_MAX)
        return WD_TOO_LARGE;
    for (size_t i = 0; i < words.len; i++) {
        if (words.data[i] != ' ')
            continue;
        struct slot *beginning = need_slot(phrases, wd_slice_make(words.data, i));
        if (!beginning)
            return WD_NO_MEMORY;
        beginning->longer = true;
    }
    struct slot *slot = need_slot(phrases, words);
    if (!slot)
        return WD_NO_MEMORY;
    if (slot->phrase >= 0 && phrases->items[slot->phrase].weight >= phrase->weight)
        return WD_OK; /* the name belongs to a heavier one */
    phrases->any_case = phrases->any_case || (phrase->flags & WD_PHRASE_ANY_CASE);
    if (!copy_phrase(phrases, phrase, count))
        return WD_NO_MEMORY;
    slot->phrase = (int32_t)phrases->count - 1;
    return WD_OK;
}

enum wd_status wd_phrases_add(struct wd_phrases *phrases, const struct wd_phrase *phrase)
{
    struct wd_buffer words;
    wd_buffer_init(&words);
    wd_text_append_normalized(&words, wd_slice_from(phrase->text));
    enum wd_status status = WD_NO_MEMORY;
    if (wd_buffer_ok(&words))
        status = words.len == 0 ? WD_EMPTY : index_phrase(phrases, phrase, wd_buffer_slice(&words));
    wd_buffer_finish(&words);
    return status;
}

bool wd_phrases_any_case(const struct wd_phrases *phrases)
{
    return phrases->any_case;
}

const struct wd_phrase *wd_phrases_find(const struct wd_phrases *phrases, struct wd_slice words,
                                        bool *longer)
{
    const struct slot *slot = find_slot(phrases, words, XXH3_64bits(words.data, words.len));
    *longer = slot->words && slot->longer;
    return slot->words && slot->phrase >= 0 ? &phrases->items[slot->phrase] : NULL;
}
