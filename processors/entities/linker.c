#include "linker_internal.h"

#include <stdlib.h>

/* How far behind its company a symbol stands: "Acme Corp. (NASDAQ: ACME". */
enum { SYMBOL_MENTIONS = 2, SYMBOL_BYTES = 24 };

void wd_linker_init(struct wd_linker *linker)
{
    *linker = (struct wd_linker){0};
    wd_words_init(&linker->words);
}

void wd_linker_finish(struct wd_linker *linker)
{
    free(linker->links);
    free(linker->members);
    free(linker->starts);
    wd_words_finish(&linker->words);
    wd_linker_init(linker);
}

static void link_group(struct wd_linker *linker, const struct wd_reading *reading,
                       const struct wd_gazetteer *gazetteer, uint32_t group)
{
    struct wd_contest contest;
    const struct wd_group *head = &reading->groups[group];
    wd_linker_collect(&contest, gazetteer, reading, &reading->found[head->fullest]);
    if (contest.count == 0 && head->first != head->fullest)
        wd_linker_collect(&contest, gazetteer, reading, &reading->found[head->first]);
    const struct wd_gazetteer_entity *entity =
        wd_linker_decide(linker, reading, gazetteer, &contest, group);
    linker->links[group].entity = entity;
    /* "New York" that only says where Albany lies makes Boston no town there. */
    if (entity && entity->kind == WD_KIND_ADMIN && !reading->found[head->first].paired)
        linker->regions[entity->admin / 8] |= (uint8_t)(1u << (entity->admin % 8));
}

/* The group of this type that is linked to what a short name stands for; WD_GROUP_NONE. */
static uint32_t linked_to(const struct wd_linker *linker, const struct wd_reading *reading,
                          const struct wd_gazetteer_entity *entity, enum wd_entity_type type)
{
    for (uint32_t i = 0; i < reading->group_count; i++) {
        if (linker->links[i].entity == entity && reading->groups[i].parent == WD_GROUP_NONE &&
            reading->groups[i].type == type)
            return i;
    }
    return WD_GROUP_NONE;
}

/* "the Fed": what the short form stands for is linked to by another group of the story. There are a
 * handful of such names. */
static void join_short_names(struct wd_linker *linker, struct wd_reading *reading,
                             const struct wd_gazetteer *gazetteer)
{
    for (uint32_t i = 0; i < reading->group_count; i++) {
        const struct wd_group *group = &reading->groups[i];
        bool longer = false;
        if (group->parent != WD_GROUP_NONE || linker->links[i].entity || !group->key ||
            group->entry)
            continue;
        const struct wd_gazetteer_candidate *candidate =
            wd_gazetteer_find(gazetteer, group->key, &longer);
        uint32_t into = WD_GROUP_NONE;
        for (; candidate && into == WD_GROUP_NONE; candidate = wd_gazetteer_next(candidate)) {
            if (candidate->flags & WD_NAME_SHORT)
                into = linked_to(linker, reading, wd_gazetteer_entity(gazetteer, candidate->entity),
                                 group->type);
        }
        if (into != WD_GROUP_NONE)
            wd_coref_merge(reading, i, into);
    }
}

/* "U.S." and "United States": groups with one link and one type are one. */
static bool join_linked(struct wd_linker *linker, struct wd_reading *reading,
                        struct wd_phrase_table *table)
{
    for (uint32_t i = 0; i < reading->group_count; i++) {
        const struct wd_gazetteer_entity *entity = linker->links[i].entity;
        if (reading->groups[i].parent != WD_GROUP_NONE || !entity)
            continue;
        uint64_t key = wd_phrase_hash_add((uint64_t)(uintptr_t)entity, reading->groups[i].type + 1);
        struct wd_phrase_slot *slot = wd_phrase_table_need(table, key);
        if (!slot)
            return false;
        if (slot->value == WD_PHRASE_NONE)
            slot->value = i;
        else if (!reading->groups[i].entry ||
                 reading->groups[i].entry == reading->groups[slot->value].entry)
            wd_coref_merge(reading, i, slot->value);
    }
    return true;
}

static bool need_room(struct wd_linker *linker, size_t groups, size_t mentions)
{
    if (groups >= linker->link_capacity) {
        size_t capacity = groups * 2 + 64;
        struct wd_link *links = realloc(linker->links, capacity * sizeof(*links));
        linker->links = links ? links : linker->links;
        uint32_t *starts = realloc(linker->starts, (capacity + 1) * sizeof(*starts));
        linker->starts = starts ? starts : linker->starts;
        if (!links || !starts)
            return false;
        linker->link_capacity = capacity;
    }
    if (mentions >= linker->member_capacity) {
        size_t capacity = mentions * 2 + 64;
        uint32_t *members = realloc(linker->members, capacity * sizeof(*members));
        if (!members)
            return false;
        linker->members = members;
        linker->member_capacity = capacity;
    }
    return true;
}

/* Mentions in the order of the groups that stand for them. */
static void sort_members(struct wd_linker *linker, const struct wd_reading *reading)
{
    memset(linker->links, 0, reading->group_count * sizeof(*linker->links));
    memset(linker->starts, 0, (reading->group_count + 1) * sizeof(*linker->starts));
    memset(linker->regions, 0, sizeof(linker->regions));
    for (size_t i = 0; i < reading->found_count; i++)
        linker->starts[wd_group_root(reading, reading->found[i].group) + 1]++;
    for (size_t i = 0; i < reading->group_count; i++)
        linker->starts[i + 1] += linker->starts[i];
    for (uint32_t i = (uint32_t)reading->found_count; i-- > 0;) {
        uint32_t group = wd_group_root(reading, reading->found[i].group);
        linker->members[--linker->starts[group + 1]] = i;
    }
    /* Now each start stands one too far to the right. */
    for (size_t i = 0; i < reading->group_count; i++)
        linker->starts[i] = linker->starts[i + 1];
    linker->starts[reading->group_count] = (uint32_t)reading->found_count;
}

/* The symbol behind a company's name is the company, too: "Acme (NYSE: ACM)". */
static void join_symbol(struct wd_reading *reading, uint32_t number, struct wd_slice ticker)
{
    const struct wd_found *company = &reading->found[number];
    const char *colon = ticker.len > 0 ? memchr(ticker.data, ':', ticker.len) : NULL;
    if (!colon)
        return;
    struct wd_slice symbol = wd_slice_from_offset(ticker, (size_t)(colon - ticker.data) + 1);
    for (uint32_t i = number + 1; i < reading->found_count && i <= number + SYMBOL_MENTIONS; i++) {
        const struct wd_found *found = &reading->found[i];
        if (found->text != company->text || found->begin > company->end + SYMBOL_BYTES)
            return;
        if (found->type == WD_ENTITY_ORGANISATION && !found->entry &&
            wd_slice_starts(wd_found_text(reading, found), symbol)) {
            wd_coref_merge(reading, found->group, company->group);
            return;
        }
    }
}

static void find_tickers(struct wd_linker *linker, struct wd_reading *reading,
                         struct wd_story *story)
{
    for (uint32_t i = 0; i < reading->found_count; i++) {
        const struct wd_found *found = &reading->found[i];
        if (found->type != WD_ENTITY_ORGANISATION)
            continue;
        struct wd_slice ticker =
            wd_ticker_after(reading->texts[found->text].text, found->end, story->arena);
        struct wd_link *link = &linker->links[wd_group_root(reading, found->group)];
        if (link->ticker.len == 0)
            link->ticker = ticker;
        join_symbol(reading, i, ticker);
    }
}

/* Subdivisions and countries first: they are evidence for the cities. */
static void link_all(struct wd_linker *linker, const struct wd_reading *reading,
                     const struct wd_gazetteer *gazetteer)
{
    for (uint32_t i = 0; i < reading->group_count; i++) {
        if (reading->groups[i].parent == WD_GROUP_NONE)
            link_group(linker, reading, gazetteer, i);
    }
    for (uint32_t i = 0; i < reading->group_count; i++) {
        if (reading->groups[i].parent == WD_GROUP_NONE && !linker->links[i].entity &&
            reading->groups[i].type == WD_ENTITY_PLACE)
            link_group(linker, reading, gazetteer, i);
    }
}

bool wd_linker_link(struct wd_linker *linker, struct wd_reading *reading,
                    const struct wd_coref *coref, const struct wd_gazetteer *gazetteer,
                    struct wd_story *story)
{
    if (!need_room(linker, reading->group_count, reading->found_count))
        return false;
    sort_members(linker, reading);
    if (gazetteer && reading->group_count > 0) {
        struct wd_phrase_table table;
        if (!wd_linker_weigh_countries(linker, reading, gazetteer, story) ||
            !wd_phrase_table_init(&table, (uint32_t)reading->group_count))
            return false;
        link_all(linker, reading, gazetteer);
        bool good = join_linked(linker, reading, &table);
        wd_phrase_table_finish(&table);
        if (!good)
            return false;
        join_short_names(linker, reading, gazetteer);
    }
    find_tickers(linker, reading, story);
    return wd_linker_provided(linker, reading, coref, story);
}

static bool add_id(struct wd_arena *arena, struct wd_named *named, const char *scheme,
                   struct wd_slice id)
{
    if (id.len == 0 || named->id_count == WD_NAMED_IDS_MAX)
        return true;
    struct wd_slice made = wd_arena_printf(arena, "%s%.*s", scheme, WD_SLICE_ARG(id));
    for (size_t i = 0; i < named->id_count; i++) {
        if (wd_slice_equal(named->ids[i], made))
            return true;
    }
    named->ids[named->id_count++] = made;
    return made.data != NULL;
}

/* A title with underscores is a title with blanks; ids have no blanks. */
static bool add_title(struct wd_arena *arena, struct wd_named *named, struct wd_slice title)
{
    struct wd_slice copy = wd_arena_copy(arena, title);
    for (size_t i = 0; i < copy.len; i++) {
        if (copy.data[i] == ' ')
            ((char *)(uintptr_t)copy.data)[i] = '_';
    }
    return copy.data && add_id(arena, named, "enwiki:", copy);
}

static const char *scheme_of(uint8_t kind)
{
    switch (kind) {
    case WD_KIND_COUNTRY:
        return "iso3166:";
    case WD_KIND_ADMIN:
        return "iso3166-2:";
    case WD_KIND_CITY:
        return "geonames:";
    default:
        return "wikidata:";
    }
}

bool wd_linker_write_ids(const struct wd_link *link, const struct wd_gazetteer *gazetteer,
                         struct wd_arena *arena, struct wd_named *named)
{
    bool good = true;
    const struct wd_gazetteer_entity *entity = link->entity;
    if (entity && entity->id) {
        struct wd_slice id = wd_slice_from(wd_gazetteer_string(gazetteer, entity->id));
        if (entity->kind == WD_KIND_PERSON)
            good = add_id(arena, named, "wikidata:Q", id);
        else if (entity->kind == WD_KIND_ADMIN)
            good = add_id(arena, named, "iso3166-2:",
                          wd_arena_printf(arena, "%c%c-%.*s", entity->country & 0xFF,
                                          entity->country >> 8, WD_SLICE_ARG(id)));
        else
            good = add_id(arena, named, scheme_of(entity->kind), id);
    }
    good = good && add_id(arena, named, "ticker:", link->ticker);
    if (good && entity && entity->title)
        good =
            add_title(arena, named, wd_slice_from(wd_gazetteer_string(gazetteer, entity->title)));
    for (uint32_t i = 0; good && i < link->provided_count; i++)
        good = add_id(arena, named, "", link->provided[i]);
    return good;
}
