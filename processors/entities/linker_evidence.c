#include "linker_internal.h"

static bool is_region(uint8_t kind)
{
    return kind == WD_KIND_COUNTRY || kind == WD_KIND_ADMIN;
}

/* What a name's candidates are: a region at all, and a great city, too ("New York"). */
static void classify(const struct wd_gazetteer *gazetteer,
                     const struct wd_gazetteer_candidate *candidate, bool *region, bool *city)
{
    *region = *city = false;
    for (; candidate; candidate = wd_gazetteer_next(candidate)) {
        const struct wd_gazetteer_entity *entity =
            wd_gazetteer_entity(gazetteer, candidate->entity);
        *region = *region || is_region(entity->kind);
        *city = *city || (entity->kind == WD_KIND_CITY && entity->weight >= WD_PEOPLE_GREAT_CITY);
    }
}

/* Whether the words behind say that a name like "New York" is the next of a row of cities and no
 * region: "Boston, New York and Washington", "Boston, New York, Chicago". */
static bool is_row(const struct wd_reading *reading, size_t end)
{
    const struct wd_words *words = &reading->words;
    if (end >= words->count || words->items[end].text != words->items[end - 1].text)
        return false;
    const struct wd_word *last = &words->items[end - 1];
    const struct wd_word *next = &words->items[end];
    const char *text = reading->texts[next->text].text.data;
    struct wd_slice gap = wd_slice_make(text + last->end, next->begin - last->end);
    struct wd_slice word = wd_slice_make(text + next->begin, next->end - next->begin);
    return (wd_slice_is(gap, ", ") && (next->flags & WD_WORD_CAPITAL)) ||
           wd_slice_is(word, "and") || wd_slice_is(word, "or");
}

/* The longest region's name that begins right behind ", "; 0 when there is none. */
static uint64_t region_after(const struct wd_gazetteer *gazetteer, const struct wd_reading *reading,
                             const struct wd_found *found)
{
    const struct wd_words *words = &reading->words;
    size_t i = (size_t)found->first_word + found->word_count;
    struct wd_slice text = reading->texts[found->text].text;
    if (i >= words->count || words->items[i].text != found->text ||
        !(words->items[i].flags & WD_WORD_CAPITAL) ||
        !wd_slice_is(wd_slice_make(text.data + found->end, words->items[i].begin - found->end),
                     ", "))
        return 0;
    uint64_t best = 0;
    uint64_t run = words->items[i].hash;
    for (size_t n = 0; n < WD_PHRASE_WORDS_MAX; n++) {
        bool longer = false;
        bool region = false;
        bool city = false;
        classify(gazetteer, wd_gazetteer_find(gazetteer, run, &longer), &region, &city);
        if (region && (words->items[i].flags & WD_WORD_LAST) && !(city && is_row(reading, i + 1)))
            best = run;
        if (!longer || ++i >= words->count || !(words->items[i].flags & WD_WORD_JOINED))
            break;
        run = wd_phrase_hash_add(run, words->items[i].hash);
    }
    return best;
}

/* A name of two regions: Georgia. */
static bool is_ambiguous_region(const struct wd_gazetteer *gazetteer, uint64_t key)
{
    bool longer = false;
    unsigned regions = 0;
    const struct wd_gazetteer_candidate *candidate = wd_gazetteer_find(gazetteer, key, &longer);
    for (; candidate; candidate = wd_gazetteer_next(candidate))
        regions += is_region(wd_gazetteer_entity(gazetteer, candidate->entity)->kind);
    return regions > 1;
}

static bool is_great_city(const struct wd_gazetteer *gazetteer, uint64_t key)
{
    bool longer = false;
    bool region = false;
    bool city = false;
    classify(gazetteer, wd_gazetteer_find(gazetteer, key, &longer), &region, &city);
    return city;
}

/* Of "Atlanta, Georgia" the first has its region behind it, the second its city before it where the
 * name alone does not say which. */
void wd_linker_note_regions(struct wd_reading *reading, const struct wd_gazetteer *gazetteer)
{
    for (uint32_t i = 0; i < reading->found_count; i++) {
        struct wd_found *found = &reading->found[i];
        if (found->type != WD_ENTITY_PLACE || found->word_count == 0)
            continue;
        found->region = region_after(gazetteer, reading, found);
        const struct wd_found *city = wd_linker_pair_before(reading, i);
        if (found->region || !city || city->region != found->key || !city->key)
            continue;
        found->paired = is_great_city(gazetteer, found->key);
        if (found->paired || is_ambiguous_region(gazetteer, found->key))
            found->region = wd_phrase_hash_add(city->key, found->key);
    }
}

static bool lies_in(const struct wd_gazetteer_entity *place,
                    const struct wd_gazetteer_entity *region)
{
    if (place == region || place->country != region->country)
        return false;
    if (region->kind == WD_KIND_COUNTRY)
        return place->kind != WD_KIND_COUNTRY;
    return region->kind == WD_KIND_ADMIN && place->kind == WD_KIND_CITY && region->admin != 0 &&
           place->admin == region->admin;
}

/* Whether any reading of the region's name holds the place; `*weak` when the name could as well be the
 * next of a row of cities ("Boston, New York and Washington"). */
bool wd_linker_held_by(const struct wd_gazetteer *gazetteer,
                       const struct wd_gazetteer_entity *place, uint64_t region, bool *weak)
{
    bool longer = false;
    bool is_any_region = false;
    const struct wd_gazetteer_candidate *candidate =
        region ? wd_gazetteer_find(gazetteer, region, &longer) : NULL;
    classify(gazetteer, candidate, &is_any_region, weak);
    for (; candidate; candidate = wd_gazetteer_next(candidate)) {
        if (lies_in(place, wd_gazetteer_entity(gazetteer, candidate->entity)))
            return true;
    }
    return false;
}

/* The mention before, when it and this one are a pair like "Atlanta, Georgia". */
const struct wd_found *wd_linker_pair_before(const struct wd_reading *reading, uint32_t number)
{
    if (number == 0)
        return NULL;
    const struct wd_found *city = &reading->found[number - 1];
    const struct wd_found *found = &reading->found[number];
    if (city->text != found->text || city->type != WD_ENTITY_PLACE || city->end > found->begin)
        return NULL;
    struct wd_slice text = reading->texts[found->text].text;
    bool pair = wd_slice_is(wd_slice_make(text.data + city->end, found->begin - city->end), ", ");
    return pair ? city : NULL;
}

bool wd_linker_holds_city(const struct wd_gazetteer *gazetteer,
                          const struct wd_gazetteer_entity *region, const struct wd_found *city)
{
    bool longer = false;
    const struct wd_gazetteer_candidate *candidate =
        city && city->key ? wd_gazetteer_find(gazetteer, city->key, &longer) : NULL;
    for (; candidate; candidate = wd_gazetteer_next(candidate)) {
        if (lies_in(wd_gazetteer_entity(gazetteer, candidate->entity), region))
            return true;
    }
    return false;
}

static void count_country(struct wd_linker *linker, uint16_t country, uint16_t count)
{
    for (uint32_t i = 0; i < linker->country_count; i++) {
        if (linker->countries[i].country == country) {
            linker->countries[i].count = (uint16_t)(linker->countries[i].count + count);
            return;
        }
    }
    if (linker->country_count < WD_COUNTRIES_MAX)
        linker->countries[linker->country_count++] = (struct wd_country_evidence){country, count};
}

/* The one country of which a name certainly speaks: itself, its people, a state of it. 0: none or two. */
static uint16_t country_of_name(const struct wd_gazetteer *gazetteer,
                                const struct wd_gazetteer_candidate *candidate)
{
    uint16_t country = 0;
    for (; candidate; candidate = wd_gazetteer_next(candidate)) {
        const struct wd_gazetteer_entity *entity =
            wd_gazetteer_entity(gazetteer, candidate->entity);
        bool certain = entity->kind == WD_KIND_COUNTRY || entity->kind == WD_KIND_DEMONYM ||
                       (entity->kind == WD_KIND_ADMIN && (entity->flags & WD_GAZETTEER_MARKED));
        if (!certain)
            continue;
        if (country != 0 && country != entity->country)
            return 0;
        country = entity->country;
    }
    return country;
}

/* The country of a country, a region or a great city; 0 for anything else. */
static uint16_t country_of_dateline(const struct wd_gazetteer *gazetteer,
                                    const struct wd_gazetteer_candidate *candidate)
{
    const struct wd_gazetteer_entity *entity =
        candidate ? wd_gazetteer_entity(gazetteer, candidate->entity) : NULL;
    bool small = entity && entity->kind == WD_KIND_CITY && entity->weight < WD_PEOPLE_GREAT_CITY;
    return entity && !small ? entity->country : 0;
}

/* Where the story is filed counts like two mentions. */
static bool count_dateline(struct wd_linker *linker, const struct wd_gazetteer *gazetteer,
                           struct wd_slice dateline)
{
    wd_words_clear(&linker->words);
    if (!wd_words_add(&linker->words, 0, dateline))
        return false;
    const struct wd_words *words = &linker->words;
    uint16_t country = 0;
    for (size_t i = 0; i < words->count && i < WD_PHRASE_WORDS_MAX && !country; i++) {
        uint64_t run = words->items[i].hash;
        bool longer = false;
        country = country_of_dateline(gazetteer, wd_gazetteer_find(gazetteer, run, &longer));
        for (size_t j = i + 1; longer && !country && j < words->count; j++) {
            run = wd_phrase_hash_add(run, words->items[j].hash);
            country = country_of_dateline(gazetteer, wd_gazetteer_find(gazetteer, run, &longer));
        }
    }
    if (country)
        count_country(linker, country, 2);
    return true;
}

bool wd_linker_weigh_countries(struct wd_linker *linker, const struct wd_reading *reading,
                               const struct wd_gazetteer *gazetteer, const struct wd_story *story)
{
    linker->country_count = 0;
    linker->leading = 0;
    for (uint32_t i = 0; i < reading->group_count; i++) {
        const struct wd_group *group = &reading->groups[i];
        bool longer = false;
        if (!group->key || group->type == WD_ENTITY_PERSON || group->entry)
            continue;
        uint16_t country =
            country_of_name(gazetteer, wd_gazetteer_find(gazetteer, group->key, &longer));
        if (country)
            count_country(linker, country, (uint16_t)(group->count < 100 ? group->count : 100));
    }
    if (!count_dateline(linker, gazetteer, story->dateline))
        return false;
    uint16_t most = 0;
    for (uint32_t i = 0; i < linker->country_count; i++) {
        uint16_t count = linker->countries[i].count;
        if (count == most)
            linker->leading = 0;
        if (count > most) {
            most = count;
            linker->leading = linker->countries[i].country;
        }
    }
    return true;
}

bool wd_linker_country_seen(const struct wd_linker *linker, uint16_t country)
{
    for (uint32_t i = 0; i < linker->country_count; i++) {
        if (linker->countries[i].country == country)
            return true;
    }
    return false;
}
