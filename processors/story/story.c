#include "story.h"

#include <stdlib.h>

enum {
    BATCH_KEPT = 16,
    FIRST_ITEMS = 8,
    HASH_BYTES = 6, /* of a standing note */
};

#define NAME_ROW(code, name) name,
#define NAME_BIT_ROW(code, bit, name) [(bit)] = (name),
static const char *const status_names[] = {WD_STORY_STATUS_MAP(NAME_ROW)};
static const char *const order_names[] = {WD_VERSION_ORDER_MAP(NAME_ROW)};
static const char *const relation_names[] = {WD_RELATION_MAP(NAME_ROW)};
static const char *const update_names[] = {WD_UPDATE_KIND_MAP(NAME_ROW)};
static const char *const lineage_state_names[] = {WD_LINEAGE_STATE_MAP(NAME_ROW)};
static const char *const change_class_names[] = {WD_CHANGE_CLASS_MAP(NAME_ROW)};
static const char *const change_fact_names[] = {WD_CHANGE_FACT_MAP(NAME_ROW)};
static const char *const change_sentence_names[] = {WD_CHANGE_SENTENCE_MAP(NAME_ROW)};
static const char *const advisory_names[] = {WD_ADVISORY_MAP(NAME_ROW)};
static const char *const entity_names[] = {WD_ENTITY_TYPE_MAP(NAME_ROW)};
static const char *const field_names[] = {WD_FIELD_MAP(NAME_BIT_ROW)};
static const char *const signal_names[] = {WD_SIGNAL_MAP(NAME_BIT_ROW)};
static const char *const flag_names[] = {WD_FLAG_MAP(NAME_BIT_ROW)};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const char *wd_story_status_name(enum wd_story_status status)
{
    return status_names[status];
}

const char *wd_version_order_name(enum wd_version_order order)
{
    return order_names[order];
}

const char *wd_relation_name(enum wd_relation relation)
{
    return relation_names[relation];
}

const char *wd_update_kind_name(enum wd_update_kind kind)
{
    return update_names[kind];
}

const char *wd_lineage_state_name(enum wd_lineage_state state)
{
    return lineage_state_names[state];
}

const char *wd_change_class_name(enum wd_change_class class_of_change)
{
    return change_class_names[class_of_change];
}

const char *wd_change_fact_name(enum wd_change_fact fact)
{
    return change_fact_names[fact];
}

const char *wd_change_sentence_name(enum wd_change_sentence sentence)
{
    return change_sentence_names[sentence];
}

const char *wd_advisory_kind_name(enum wd_advisory_kind kind)
{
    return advisory_names[kind];
}

const char *wd_entity_type_name(enum wd_entity_type type)
{
    return entity_names[type];
}

const char *wd_field_name(enum wd_field field)
{
    return field_names[field];
}

const char *wd_signal_bit_name(unsigned bit)
{
    return bit < COUNT(signal_names) ? signal_names[bit] : NULL;
}

const char *wd_flag_bit_name(unsigned bit)
{
    return bit < COUNT(flag_names) ? flag_names[bit] : NULL;
}

static bool find_name(const char *const *names, size_t count, struct wd_slice name, size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (wd_slice_is(name, names[i])) {
            *index = i;
            return true;
        }
    }
    return false;
}

bool wd_relation_from_name(struct wd_slice name, enum wd_relation *relation)
{
    size_t index = 0;
    bool found = find_name(relation_names, COUNT(relation_names), name, &index);
    if (found)
        *relation = (enum wd_relation)index;
    return found;
}

bool wd_update_kind_from_name(struct wd_slice name, enum wd_update_kind *kind)
{
    size_t index = 0;
    bool found = find_name(update_names, COUNT(update_names), name, &index);
    if (found)
        *kind = (enum wd_update_kind)index;
    return found;
}

bool wd_advisory_kind_from_name(struct wd_slice name, enum wd_advisory_kind *kind)
{
    size_t index = 0;
    bool found = find_name(advisory_names, COUNT(advisory_names), name, &index);
    if (found)
        *kind = (enum wd_advisory_kind)index;
    return found;
}

bool wd_change_class_from_name(struct wd_slice name, enum wd_change_class *class_of_change)
{
    size_t index = 0;
    bool found = find_name(change_class_names, COUNT(change_class_names), name, &index);
    if (found)
        *class_of_change = (enum wd_change_class)index;
    return found;
}

bool wd_story_status_from_name(struct wd_slice name, enum wd_story_status *status)
{
    size_t index = 0;
    bool found = find_name(status_names, COUNT(status_names), name, &index);
    if (found)
        *status = (enum wd_story_status)index;
    return found;
}

bool wd_entity_type_from_name(struct wd_slice name, enum wd_entity_type *type)
{
    size_t index = 0;
    bool found = find_name(entity_names, COUNT(entity_names), name, &index);
    if (found)
        *type = (enum wd_entity_type)index;
    return found;
}

struct wd_story *wd_story_create(size_t arena_bytes_max)
{
    struct wd_story *story = calloc(1, sizeof(*story));
    if (!story)
        return NULL;
    story->arena = wd_arena_create(arena_bytes_max);
    if (!story->arena) {
        free(story);
        return NULL;
    }
    return story;
}

void wd_story_destroy(struct wd_story *story)
{
    if (!story)
        return;
    wd_arena_destroy(story->arena);
    free(story);
}

void wd_story_reset(struct wd_story *story)
{
    struct wd_arena *arena = story->arena;
    wd_arena_reset(arena);
    memset(story, 0, sizeof(*story));
    story->arena = arena;
}

/* Where a list stands: so that all of them grow by one function. */
struct list {
    void **items;
    size_t *count, *capacity;
    size_t item_size, count_max;
};

/* Room for one more, zeroed; NULL at the limit. */
static void *add(struct wd_arena *arena, const struct list *list)
{
    if (*list->count >= list->count_max)
        return NULL;
    if (*list->count == *list->capacity) {
        size_t capacity = *list->capacity ? *list->capacity * 2 : FIRST_ITEMS;
        void *grown = wd_arena_realloc(arena, *list->items, *list->capacity * list->item_size,
                                       capacity * list->item_size);
        if (!grown)
            return NULL;
        *list->items = grown;
        *list->capacity = capacity;
    }
    char *item = (char *)*list->items + *list->count * list->item_size;
    memset(item, 0, list->item_size);
    (*list->count)++;
    return item;
}

struct wd_concept *wd_story_add_concept(struct wd_story *story, struct wd_concepts *list)
{
    struct list place = {(void **)&list->items, &list->count, &list->capacity, sizeof(*list->items),
                         WD_CONCEPTS_MAX};
    struct wd_concept *concept = add(story->arena, &place);
    if (concept)
    concept->relevance = concept->confidence = -1;
    return concept;
}

struct wd_media *wd_story_add_media(struct wd_story *story)
{
    struct list place = {(void **)&story->media, &story->media_count, &story->media_capacity,
                         sizeof(*story->media), WD_MEDIA_MAX};
    return add(story->arena, &place);
}

struct wd_entity *wd_story_add_entity(struct wd_story *story)
{
    struct list place = {(void **)&story->entities, &story->entity_count, &story->entity_capacity,
                         sizeof(*story->entities), WD_ENTITIES_MAX};
    return add(story->arena, &place);
}

struct wd_named *wd_story_add_named(struct wd_story *story)
{
    struct list place = {(void **)&story->named, &story->named_count, &story->named_capacity,
                         sizeof(*story->named), WD_ENTITIES_MAX};
    return add(story->arena, &place);
}

struct wd_advisory *wd_story_add_advisory(struct wd_story *story)
{
    struct list place = {(void **)&story->advisories, &story->advisory_count,
                         &story->advisory_capacity, sizeof(*story->advisories), WD_ADVISORIES_MAX};
    return add(story->arena, &place);
}

/* WD_TOO_LARGE at the limit, else memory was the reason. */
static enum wd_status why_not(size_t count, size_t count_max)
{
    return count >= count_max ? WD_TOO_LARGE : WD_NO_MEMORY;
}

enum wd_status wd_story_add_paragraph(struct wd_story *story, struct wd_slice text)
{
    struct list place = {(void **)&story->paragraphs, &story->paragraph_count,
                         &story->paragraph_capacity, sizeof(text), WD_PARAGRAPHS_MAX};
    struct wd_slice *paragraph = add(story->arena, &place);
    if (!paragraph)
        return why_not(story->paragraph_count, WD_PARAGRAPHS_MAX);
    *paragraph = text;
    return WD_OK;
}

enum wd_status wd_story_add_also_group(struct wd_story *story, struct wd_slice group)
{
    struct wd_dedup_verdict *dedup = &story->dedup;
    if (dedup->also_group_count == WD_ALSO_GROUPS_MAX)
        return WD_TOO_LARGE;
    if (!dedup->also_groups)
        dedup->also_groups = wd_arena_calloc(story->arena, WD_ALSO_GROUPS_MAX, sizeof(group));
    if (!dedup->also_groups || !group.data)
        return WD_NO_MEMORY;
    dedup->also_groups[dedup->also_group_count++] = group;
    return WD_OK;
}

enum wd_status wd_story_add_keyword(struct wd_story *story, struct wd_slice text)
{
    struct list place = {(void **)&story->keywords, &story->keyword_count, &story->keyword_capacity,
                         sizeof(text), WD_CONCEPTS_MAX};
    struct wd_slice *keyword = add(story->arena, &place);
    if (!keyword)
        return why_not(story->keyword_count, WD_CONCEPTS_MAX);
    *keyword = text;
    return WD_OK;
}

enum wd_status wd_story_add_standing_note(struct wd_story *story, struct wd_slice note, bool alone)
{
    const struct wd_standing_notes *before = story->standing_notes;
    struct wd_standing_notes *notes = wd_arena_calloc(story->arena, 1, sizeof(*notes));
    struct wd_buffer text;
    if (!notes)
        return WD_NO_MEMORY;
    if (before)
        *notes = *before;
    wd_buffer_init(&text);
    wd_text_append_normalized(&text, note);
    struct wd_digest digest = wd_digest_of(text.data, text.len);
    bool done = wd_buffer_ok(&text);
    wd_buffer_finish(&text);
    uint64_t hash = 0;
    for (size_t i = 0; i < HASH_BYTES; i++)
        hash = hash << 8 | digest.bytes[i];
    bool there = false;
    for (size_t i = 0; i < notes->count; i++)
        there = there || notes->hashes[i] == hash;
    notes->alone = alone;
    if (!there && notes->count < WD_STANDING_NOTES_MAX)
        notes->hashes[notes->count++] = hash;
    story->standing_notes = notes;
    return done ? WD_OK : WD_NO_MEMORY;
}

enum wd_status wd_story_add_member(struct wd_story *story, struct wd_slice name,
                                   struct wd_slice json)
{
    struct list place = {(void **)&story->members, &story->member_count, &story->member_capacity,
                         sizeof(*story->members), WD_CONCEPTS_MAX};
    struct wd_member *member = add(story->arena, &place);
    if (!member)
        return why_not(story->member_count, WD_CONCEPTS_MAX);
    *member = (struct wd_member){name, json};
    return WD_OK;
}

enum wd_status wd_story_add_extra(struct wd_story *story, struct wd_slice name,
                                  struct wd_slice value)
{
    struct list place = {(void **)&story->extras, &story->extra_count, &story->extra_capacity,
                         sizeof(*story->extras), WD_EXTRAS_MAX};
    if (name.len + value.len > WD_EXTRA_BYTES_MAX - story->extra_bytes)
        return WD_TOO_LARGE;
    struct wd_extra *extra = add(story->arena, &place);
    if (!extra)
        return why_not(story->extra_count, WD_EXTRAS_MAX);
    *extra = (struct wd_extra){name, value};
    story->extra_bytes += name.len + value.len;
    return WD_OK;
}

enum wd_status wd_story_add_verdict(struct wd_story *story, struct wd_slice processor,
                                    struct wd_slice json)
{
    struct list place = {(void **)&story->verdicts, &story->verdict_count, &story->verdict_capacity,
                         sizeof(*story->verdicts), WD_VERDICTS_MAX};
    struct wd_verdict verdict = {wd_arena_copy(story->arena, processor),
                                 wd_arena_copy(story->arena, json)};
    if (!verdict.processor.data || !verdict.json.data)
        return WD_NO_MEMORY;
    struct wd_verdict *added = add(story->arena, &place);
    if (!added)
        return why_not(story->verdict_count, WD_VERDICTS_MAX);
    *added = verdict;
    return WD_OK;
}

void wd_story_check_times(struct wd_story *story, int64_t skew_ms)
{
    const struct wd_time *times[] = {&story->published, &story->updated, &story->content_created,
                                     &story->embargoed_until, &story->expires};
    for (size_t i = 0; i < COUNT(times); i++) {
        if (times[i]->flags & WD_TIME_ZONE_ASSUMED)
            story->flags |= WD_FLAG_ZONE_ASSUMED;
        if (times[i]->flags & WD_TIME_INVALID)
            story->flags |= WD_FLAG_TIME_INVALID;
    }
    bool both = wd_time_known(story->published) && wd_time_known(story->updated);
    if (both && story->updated.ms < story->published.ms)
        story->flags |= WD_FLAG_UPDATED_BEFORE_PUBLISHED;
    if (!wd_time_known(story->received))
        return;
    /* An embargo or an expiry lies in the future by its nature. */
    for (size_t i = 0; i < 3; i++) {
        if (wd_time_known(*times[i]) && times[i]->ms - skew_ms > story->received.ms)
            story->flags |= WD_FLAG_TIME_IN_FUTURE;
    }
}

void wd_story_batch_init(struct wd_story_batch *batch, size_t arena_bytes_max)
{
    *batch = (struct wd_story_batch){.arena_bytes_max = arena_bytes_max};
}

void wd_story_batch_finish(struct wd_story_batch *batch)
{
    for (size_t i = 0; i < batch->capacity; i++)
        free(batch->stories[i]); /* their arena is the batch's */
    free(batch->stories);
    wd_arena_destroy(batch->arena);
    wd_story_batch_init(batch, batch->arena_bytes_max);
}

void wd_story_batch_clear(struct wd_story_batch *batch)
{
    for (size_t i = BATCH_KEPT; i < batch->count; i++) {
        free(batch->stories[i]);
        batch->stories[i] = NULL;
    }
    batch->count = 0;
    if (batch->arena)
        wd_arena_reset(batch->arena);
}

struct wd_arena *wd_story_batch_arena(struct wd_story_batch *batch)
{
    if (!batch->arena)
        batch->arena = wd_arena_create(batch->arena_bytes_max);
    return batch->arena;
}

/* Room in the list for one more; false when memory is exhausted. */
static bool reserve_story(struct wd_story_batch *batch)
{
    if (batch->count < batch->capacity)
        return true;
    size_t capacity = batch->capacity ? batch->capacity * 2 : 1;
    struct wd_story **grown = realloc(batch->stories, capacity * sizeof(struct wd_story *));
    if (!grown)
        return false;
    for (size_t i = batch->capacity; i < capacity; i++)
        grown[i] = NULL;
    batch->stories = grown;
    batch->capacity = capacity;
    return true;
}

struct wd_story *wd_story_batch_add(struct wd_story_batch *batch)
{
    if (batch->count == WD_STORIES_PER_MESSAGE_MAX || !wd_story_batch_arena(batch) ||
        !reserve_story(batch))
        return NULL;
    size_t bytes = wd_arena_held(batch->arena) + batch->count * sizeof(struct wd_story);
    if (batch->bytes_max > 0 && batch->count > 0 && bytes > batch->bytes_max)
        return NULL;
    if (!batch->stories[batch->count])
        batch->stories[batch->count] = malloc(sizeof(struct wd_story));
    struct wd_story *story = batch->stories[batch->count];
    if (!story)
        return NULL;
    memset(story, 0, sizeof(*story));
    story->arena = batch->arena;
    batch->count++;
    return story;
}

bool wd_story_is_medium(const struct wd_story *story)
{
    static const char *const media[] = {"picture", "graphic", "video", "audio"};
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++) {
        if (wd_slice_is(story->item_type, media[i]))
            return true;
    }
    return false;
}

size_t wd_story_copy_bytes(const struct wd_story *story)
{
    size_t bytes = 0;
    for (size_t i = 0; i < story->paragraph_count; i++)
        bytes += story->paragraphs[i].len;
    return bytes;
}

struct wd_slice wd_story_named_headline(const struct wd_story *story)
{
    const struct wd_copy_place *place = &story->named_headline;
    if (place->len == 0)
        return WD_SLICE_NONE;
    struct wd_slice text = place->paragraph == WD_PLACE_IN_NOTE
                               ? story->editors_note
                               : story->paragraphs[place->paragraph];
    return wd_slice_make(text.data + place->begin, place->len);
}
