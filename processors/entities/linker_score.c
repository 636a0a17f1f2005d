#include "linker_internal.h"

#include <math.h>

/* The features of a place's score, in points, and the margin. One order of magnitude of people is ten
 * points, so that "ten times as many people live there" alone is what a margin asks for; what the
 * copy says outright outweighs any number of people. */
enum {
    POINTS_COUNTRY = 100,   /* who names a country says no more than its name */
    POINTS_MARKED = 70,     /* a state that international copy names on its own: "Texas" */
    POINTS_ADMIN = 50,      /* any other first-level subdivision */
    POINTS_PLACE = 55,      /* a sea, a mountain, a region that an article is about */
    POINTS_TITLE = 50,      /* an article of unknown type with these two or more words */
    POINTS_PER_DECADE = 10, /* log10 of the people of a city: 1,000,000 are 60 */
    POINTS_CAPITAL = 25,    /* capitals stand for their governments */
    POINTS_METROPOLIS = 15, /* five million people or more: New York is the city */
    PEOPLE_METROPOLIS = 5000000,
    POINTS_ALIAS = -3,         /* the name is not its first one */
    POINTS_COUNTRY_SEEN = 12,  /* the story names its country, or the country's people */
    POINTS_COUNTRY_LEADS = 8,  /* ... and no other country as often */
    POINTS_REGION_SEEN = 15,   /* the story names its subdivision */
    POINTS_REGION_AFTER = 60,  /* "Springfield, Illinois": said outright */
    POINTS_REGION_MAYBE = 15,  /* "Boston, New York": a region, or the next of a row of cities */
    POINTS_REGION_OTHER = -60, /* a region follows that holds another candidate, not this one */
    POINTS_CITY_BEFORE = 40,   /* it is the "Illinois" of such a pair */
    FLOOR = 50,                /* a city of 100,000 people with no word said for it */
    MARGIN = 10,
};

/* What a type may be in the gazetteer, by kind. */
static bool kind_fits(enum wd_entity_type type, uint8_t kind, uint32_t words)
{
    switch (kind) {
    case WD_KIND_COUNTRY:
    case WD_KIND_ADMIN:
    case WD_KIND_CITY:
    case WD_KIND_PLACE:
        return type == WD_ENTITY_PLACE;
    case WD_KIND_PERSON:
        return type == WD_ENTITY_PERSON && words > 1; /* "Ronaldo" is not the only one */
    case WD_KIND_BODY:
        return type == WD_ENTITY_ORGANISATION;
    case WD_KIND_MISC:
        return type == WD_ENTITY_MISC;
    case WD_KIND_TITLE:
        return words > 1;
    default:
        return false;
    }
}

static bool spelled(const struct wd_gazetteer *gazetteer,
                    const struct wd_gazetteer_candidate *candidate, struct wd_slice text)
{
    return !(candidate->flags & WD_NAME_EXACT) ||
           wd_slice_is(text, wd_gazetteer_string(gazetteer, candidate->spelling));
}

void wd_linker_collect(struct wd_contest *contest, const struct wd_gazetteer *gazetteer,
                       const struct wd_reading *reading, const struct wd_found *found)
{
    contest->count = 0;
    bool longer = false;
    const struct wd_gazetteer_candidate *candidate =
        found->key ? wd_gazetteer_find(gazetteer, found->key, &longer) : NULL;
    for (; candidate && contest->count < WD_CANDIDATES_MAX;
         candidate = wd_gazetteer_next(candidate)) {
        const struct wd_gazetteer_entity *entity =
            wd_gazetteer_entity(gazetteer, candidate->entity);
        if (kind_fits(found->type, entity->kind, found->word_count) &&
            !(candidate->flags & WD_NAME_SHORT) &&
            spelled(gazetteer, candidate, wd_found_text(reading, found)))
            contest->items[contest->count++] = candidate;
    }
}

static int points_of_size(const struct wd_gazetteer_entity *entity)
{
    switch (entity->kind) {
    case WD_KIND_COUNTRY:
        return POINTS_COUNTRY;
    case WD_KIND_ADMIN:
        return entity->flags & WD_GAZETTEER_MARKED ? POINTS_MARKED : POINTS_ADMIN;
    case WD_KIND_CITY:
        return (int)lround(POINTS_PER_DECADE * log10((double)entity->weight + 1)) +
               (entity->flags & WD_GAZETTEER_CAPITAL ? POINTS_CAPITAL : 0) +
               (entity->weight >= PEOPLE_METROPOLIS ? POINTS_METROPOLIS : 0);
    case WD_KIND_TITLE:
        return POINTS_TITLE;
    default:
        return POINTS_PLACE;
    }
}

/* The group's mentions that are looked at: members [*begin, end). */
static uint32_t members(const struct wd_linker *linker, uint32_t group, uint32_t *begin)
{
    uint32_t end = linker->starts[group + 1];
    *begin = linker->starts[group];
    return end - *begin > WD_MEMBERS_LOOKED_AT ? *begin + WD_MEMBERS_LOOKED_AT : end;
}

/* Whether the region behind some mention holds some candidate: then it is said outright which one. */
static bool is_said(const struct wd_linker *linker, const struct wd_reading *reading,
                    const struct wd_gazetteer *gazetteer, const struct wd_contest *contest,
                    uint32_t group)
{
    uint32_t begin = 0;
    uint32_t end = members(linker, group, &begin);
    for (uint32_t i = begin; i < end; i++) {
        uint64_t region = reading->found[linker->members[i]].region;
        for (uint32_t j = 0; region && j < contest->count; j++) {
            bool weak = false;
            if (wd_linker_held_by(gazetteer,
                                  wd_gazetteer_entity(gazetteer, contest->items[j]->entity), region,
                                  &weak) &&
                !weak)
                return true;
        }
    }
    return false;
}

/* What the copy says outright: the best of the group's mentions. */
static int points_of_place(const struct wd_linker *linker, const struct wd_reading *reading,
                           const struct wd_gazetteer *gazetteer,
                           const struct wd_gazetteer_entity *entity, uint32_t group)
{
    int best = 0;
    uint32_t begin = 0;
    uint32_t end = members(linker, group, &begin);
    for (uint32_t i = begin; i < end; i++) {
        const struct wd_found *found = &reading->found[linker->members[i]];
        bool weak = false;
        int points = 0;
        if (wd_linker_held_by(gazetteer, entity, found->region, &weak))
            points = weak ? POINTS_REGION_MAYBE : POINTS_REGION_AFTER;
        const struct wd_found *city = wd_linker_pair_before(reading, linker->members[i]);
        if (city && city->region == found->key && wd_linker_holds_city(gazetteer, entity, city))
            points = POINTS_CITY_BEFORE;
        best = points > best ? points : best;
    }
    return best;
}

static bool region_seen(const struct wd_linker *linker, const struct wd_gazetteer_entity *entity)
{
    return entity->kind == WD_KIND_CITY && entity->admin != 0 &&
           (linker->regions[entity->admin / 8] & (1u << (entity->admin % 8)));
}

static int points_of(const struct wd_linker *linker, const struct wd_reading *reading,
                     const struct wd_gazetteer *gazetteer,
                     const struct wd_gazetteer_candidate *candidate, uint32_t group)
{
    const struct wd_gazetteer_entity *entity = wd_gazetteer_entity(gazetteer, candidate->entity);
    int points = points_of_size(entity);
    if (!(candidate->flags & WD_NAME_OWN))
        points += POINTS_ALIAS;
    if (entity->country == 0)
        return points;
    if (entity->kind != WD_KIND_COUNTRY && wd_linker_country_seen(linker, entity->country))
        points += POINTS_COUNTRY_SEEN;
    if (entity->kind != WD_KIND_COUNTRY && linker->leading == entity->country)
        points += POINTS_COUNTRY_LEADS;
    if (region_seen(linker, entity))
        points += POINTS_REGION_SEEN;
    return points + points_of_place(linker, reading, gazetteer, entity, group);
}

/* Tokyo the city and Tokyo the prefecture: what copy calls by the bare name is the city. */
static bool same_place(const struct wd_gazetteer_entity *a, const struct wd_gazetteer_entity *b)
{
    return a->country == b->country && a->admin == b->admin && a->admin != 0 &&
           ((a->kind == WD_KIND_CITY && b->kind == WD_KIND_ADMIN) ||
            (a->kind == WD_KIND_ADMIN && b->kind == WD_KIND_CITY));
}

/* Of two that share name and place: what the copy says outright ("Albany, New York"), else the city. */
static int is_meant(const struct wd_linker *linker, const struct wd_reading *reading,
                    const struct wd_gazetteer *gazetteer, const struct wd_gazetteer_entity *entity,
                    uint32_t group)
{
    return points_of_place(linker, reading, gazetteer, entity, group) * 2 +
           (entity->kind == WD_KIND_CITY);
}

const struct wd_gazetteer_entity *wd_linker_decide(const struct wd_linker *linker,
                                                   const struct wd_reading *reading,
                                                   const struct wd_gazetteer *gazetteer,
                                                   const struct wd_contest *contest, uint32_t group)
{
    const struct wd_gazetteer_entity *best = NULL;
    int best_points = INT32_MIN;
    int second_points = INT32_MIN;
    bool said = is_said(linker, reading, gazetteer, contest, group);
    for (uint32_t i = 0; i < contest->count; i++) {
        const struct wd_gazetteer_entity *entity =
            wd_gazetteer_entity(gazetteer, contest->items[i]->entity);
        if (entity == best)
            continue;
        int points = points_of(linker, reading, gazetteer, contest->items[i], group);
        if (said && points_of_place(linker, reading, gazetteer, entity, group) <= 0)
            points += POINTS_REGION_OTHER;
        if (best && same_place(best, entity)) {
            if (is_meant(linker, reading, gazetteer, entity, group) >
                is_meant(linker, reading, gazetteer, best, group))
                best = entity;
            best_points = points > best_points ? points : best_points;
        } else if (points > best_points) {
            second_points = best_points;
            best_points = points;
            best = entity;
        } else if (points > second_points) {
            second_points = points;
        }
    }
    bool clear = second_points == INT32_MIN || best_points - second_points >= MARGIN;
    return best && best_points >= FLOOR && clear ? best : NULL;
}
