/* linker_internal.h - what the parts of the linker say to each other. */
#ifndef WD_LINKER_INTERNAL_H
#define WD_LINKER_INTERNAL_H

#include "linker.h"

enum { WD_PEOPLE_GREAT_CITY = 500000 };

/* The candidates of one group while they are compared. */
struct wd_contest {
    const struct wd_gazetteer_candidate *items[WD_CANDIDATES_MAX];
    uint32_t count;
};

/* linker_evidence.c: what the copy says about places. */

/* Whether any reading of the region's name holds the place; `*weak` when the name is a great city's, too
 * ("New York"). */
bool wd_linker_held_by(const struct wd_gazetteer *gazetteer,
                       const struct wd_gazetteer_entity *place, uint64_t region, bool *weak);
/* The mention before, when it and this one are a pair like "Atlanta, Georgia". */
const struct wd_found *wd_linker_pair_before(const struct wd_reading *reading, uint32_t number);
/* Whether the region holds a place of the mention's name; `city` may be NULL. */
bool wd_linker_holds_city(const struct wd_gazetteer *gazetteer,
                          const struct wd_gazetteer_entity *region, const struct wd_found *city);
/* Counts the countries that the story names. False: no memory. */
bool wd_linker_weigh_countries(struct wd_linker *linker, const struct wd_reading *reading,
                               const struct wd_gazetteer *gazetteer, const struct wd_story *story);
bool wd_linker_country_seen(const struct wd_linker *linker, uint16_t country);

/* linker_score.c: candidates and their points. */

/* What a mention's words may mean, by its type. */
void wd_linker_collect(struct wd_contest *contest, const struct wd_gazetteer *gazetteer,
                       const struct wd_reading *reading, const struct wd_found *found);
/* The winner; NULL below the floor or the margin. */
const struct wd_gazetteer_entity *wd_linker_decide(const struct wd_linker *linker,
                                                   const struct wd_reading *reading,
                                                   const struct wd_gazetteer *gazetteer,
                                                   const struct wd_contest *contest,
                                                   uint32_t group);

#endif
