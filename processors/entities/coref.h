/* coref.h - which mentions of one story are of one and the same.
 *
 * Why:    a story names Haruhiko Kuroda once and Kuroda ten times; who counts wants eleven.
 * Method: equal words and type; then, where the story has exactly one fuller name, a person's family or
 *         given name, a body's first words, its name without "Inc.", its initials; initials that
 *         stand in parentheses behind the name. Two candidates: not joined.
 * Owns:   scratch tables, reused. Thread: its lane.
 * Limits: linear in the mentions. */
#ifndef WD_COREF_H
#define WD_COREF_H

#include "gazetteer.h"
#include "reading.h"

struct wd_coref {
    struct wd_phrase_table names;  /* type and words -> group */
    struct wd_phrase_table shorts; /* type and short form -> group; longer: of several */
    uint64_t suffixes[8];          /* "jr", "inc" ...: filled by init */
};

bool wd_coref_init(struct wd_coref *coref);
void wd_coref_finish(struct wd_coref *coref);
/* Makes groups of the settled mentions. `gazetteer` (may be NULL) says what is also the name of a place.
 * False: no memory. */
bool wd_coref_join(struct wd_coref *coref, struct wd_reading *reading,
                   const struct wd_gazetteer *gazetteer);
/* The group with a name or short form of this type; WD_GROUP_NONE when there is none or several.
 * Valid until the next join. */
uint32_t wd_coref_find(const struct wd_coref *coref, const struct wd_reading *reading,
                       enum wd_entity_type type, uint64_t key);
/* Makes one group part of another; counts go with it. */
void wd_coref_merge(struct wd_reading *reading, uint32_t group, uint32_t into);

#endif
