/* linker.h - gives what a story names the ids that the gazetteer, the copy and the provider know.
 *
 * Why:    an id makes Moscow one place in every language; a wrong one is worse than none.
 * Method: every candidate of the name is scored by the table in linker_score.c; the best is taken only when
 *         it is above a floor and far enough above the second.
 * Owns:   scratch, reused. Thread: its lane.
 * Limits: WD_CANDIDATES_MAX candidates a name, the heaviest first; WD_MEMBERS_LOOKED_AT mentions
 *         of a group are looked at; so linear in the mentions. */
#ifndef WD_LINKER_H
#define WD_LINKER_H

#include "coref.h"

enum {
    WD_CANDIDATES_MAX = 256,
    WD_MEMBERS_LOOKED_AT = 16,
    WD_LINK_IDS_MAX = 3,
    WD_COUNTRIES_MAX = 64,
};

/* What is known about a group. */
struct wd_link {
    const struct wd_gazetteer_entity *entity;  /* NULL: no link */
    struct wd_slice ticker;                    /* "NYSE:IBM"; in the story's arena */
    struct wd_slice provided[WD_LINK_IDS_MAX]; /* the provider's ids; in its arena */
    uint32_t provided_count;
    bool is_provided; /* the provider tags it, with or without an id */
};

/* A country that the story is about. */
struct wd_country_evidence {
    uint16_t country;
    uint16_t count;
};

struct wd_linker {
    struct wd_link *links; /* one a group */
    uint32_t *members;     /* mentions, group by group */
    uint32_t *starts;      /* where a group's members begin; one more than groups */
    size_t link_capacity, member_capacity;
    uint8_t regions[8192]; /* bit n: the story names subdivision n */
    struct wd_country_evidence countries[WD_COUNTRIES_MAX];
    uint32_t country_count;
    uint16_t leading;      /* the country named most; 0: none, or several */
    struct wd_words words; /* of a name beside the copy */
};

/* Notes which mentions of places have their region behind them, for joining and linking. */
void wd_linker_note_regions(struct wd_reading *reading, const struct wd_gazetteer *gazetteer);

void wd_linker_init(struct wd_linker *linker);
void wd_linker_finish(struct wd_linker *linker);
/* Links the joined groups; may join groups that turn out to be one. `gazetteer` may be NULL. False: no
 * memory. links[group] is of use for groups that stand for themselves. */
bool wd_linker_link(struct wd_linker *linker, struct wd_reading *reading,
                    const struct wd_coref *coref, const struct wd_gazetteer *gazetteer,
                    struct wd_story *story);
/* Writes a group's ids into `named`, the surest first. False: no memory. */
bool wd_linker_write_ids(const struct wd_link *link, const struct wd_gazetteer *gazetteer,
                         struct wd_arena *arena, struct wd_named *named);

/* linker_tickers.c: "(NYSE: IBM)", "<IBM.N>", "(0700.HK)" behind a mention that ends at `end`. The
 * ticker ("NYSE:IBM") in the arena, empty when there is none. */
struct wd_slice wd_ticker_after(struct wd_slice text, size_t end, struct wd_arena *arena);

/* linker_provider.c: what the provider tags, onto the groups that it means. False: no memory. */
bool wd_linker_provided(struct wd_linker *linker, const struct wd_reading *reading,
                        const struct wd_coref *coref, struct wd_story *story);

#endif
