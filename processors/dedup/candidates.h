/* candidates.h - which remembered stories are worth comparing with a new one: they share pieces with it.
 *
 * Why:    comparing is dear, looking up is cheap: the index names the stories that have a phrase or a
 *         sentence of the new one, and those that share the most, and the rarest, are compared.
 * Owns:   the index. It is derived from the table's records; whoever changes them posts and unposts.
 * Thread: its lane.
 * Limits: WD_CANDIDATES_MAX stories, whatever the new one shares with how many; one piece of copy leads to
 *         WD_INDEX_ANSWER_MAX stories at most. */
#ifndef WD_CANDIDATES_H
#define WD_CANDIDATES_H

#include "copy_index.h"
#include "table.h"
#include "verifier.h"

enum {
    WD_CANDIDATES_MAX = 16,
    WD_HIT_SLOTS = 2048, /* twice what the index can answer to one story */
    WD_HITS_MAX = WD_HIT_SLOTS / 2,
};

/* A story that shares something. */
struct wd_hit {
    int32_t number;
    uint32_t weight;
    uint32_t sequence;
    bool same_headline; /* is compared, however little else it has in common */
    bool prefetched;    /* its record */
};

/* The postings of a record that is about to go. */
struct wd_leaving {
    int32_t number; /* WD_TABLE_NO_RECORD: of none */
    uint32_t count;
    struct wd_index_place places[WD_COPY_RECORD_KEYS_MAX];
};

struct wd_candidates {
    struct wd_table *table;
    struct wd_copy_index *index;
    struct wd_leaving leaving;
    /* of the story that is looked up */
    /* Where its pieces' postings stand, from when they are asked for until they are added to. */
    struct wd_index_place shingles[WD_SKETCH_SHINGLES_MAX];
    struct wd_index_place sentences[WD_SKETCH_SENTENCES_MAX];
    struct wd_index_place body, headline;
    uint32_t shingles_posted, sentences_posted; /* how many are chosen: they stand first then */
    struct wd_copy_answers answers;
    struct wd_copy_time made; /* see wd_candidates_made_at */
    bool later_found;
    uint64_t later_groups;                            /* then those of them, by six bits each */
    uint8_t shingle_postings[WD_SKETCH_SHINGLES_MAX]; /* how many stories have the piece */
    uint8_t sentence_postings[WD_SKETCH_SENTENCES_MAX];
    struct wd_hit hits[WD_HITS_MAX];
    uint32_t hit_count, taken_count;
    uint16_t slots[WD_HIT_SLOTS]; /* 1 + index into hits */
    uint16_t taken[WD_HITS_MAX];  /* of the slots */
};

/* `by_likeness`: phrases and sentences are posted, too, not bodies only. False when memory is exhausted. */
bool wd_candidates_init(struct wd_candidates *candidates, struct wd_table *table,
                        uint64_t entries_max, bool by_likeness);
void wd_candidates_finish(struct wd_candidates *candidates);

/* The record with this number came into the table, or is about to go: on restore and rollback, or because it is the
 * oldest. */
void wd_candidates_post(struct wd_candidates *candidates, const struct wd_copy_record *record,
                        int32_t number);
void wd_candidates_unpost(struct wd_candidates *candidates, const struct wd_copy_record *record,
                          int32_t number);
/* Asks the processor for what that will read of the record that leaves next; another may leave before it. */
void wd_candidates_prefetch_leaving(struct wd_candidates *candidates,
                                    const struct wd_copy_record *record, int32_t number);

/* A new story: forgets the last one's hits. */
void wd_candidates_begin(struct wd_candidates *candidates);
/* Each asks the processor for what the look-up of the same name will read, and must come before it. */
void wd_candidates_prefetch_body(struct wd_candidates *candidates, uint64_t body);
/* Of the provider's other stories under this headline, which wd_copy_key_headline made the key of. */
void wd_candidates_prefetch_headline(struct wd_candidates *candidates, uint64_t key);
void wd_candidates_prefetch_sentences(struct wd_candidates *candidates,
                                      const struct wd_copy_sketch *sketch);
void wd_candidates_prefetch_shingles(struct wd_candidates *candidates,
                                     const struct wd_copy_sketch *sketch);
/* The second step, of the first `count`, when there was something else to do since. */
void wd_candidates_prefetch_more_sentences(const struct wd_candidates *candidates, uint32_t count);
void wd_candidates_prefetch_more_shingles(const struct wd_candidates *candidates, uint32_t count);

/* Returns how many stories have this body; they are no hits. */
size_t wd_candidates_look_up_body(const struct wd_candidates *candidates,
                                  struct wd_posting answer[WD_INDEX_ANSWER_MAX]);
/* When the story was made, in the time between its begin and the look-up of its sentences; without it nothing is later. Those of
 * the provider's other stories under this headline that were made after it and opened a group count as none when furniture is
 * looked for: had they come after this one, nobody had printed them yet. */
void wd_candidates_made_at(struct wd_candidates *candidates, struct wd_copy_time made);
/* Fills rarity->sentences and query->boilerplate: the sentences that this provider prints under many
 * stories lead to none of them. */
void wd_candidates_look_up_sentences(struct wd_candidates *candidates, struct wd_copy_query *query,
                                     uint32_t provider_hash, struct wd_rarity *rarity);
/* Of the first `count` shingles. Fills rarity->shingles. */
void wd_candidates_look_up_shingles(struct wd_candidates *candidates, uint32_t count,
                                    struct wd_rarity *rarity);
/* After the other look-ups; returns how many there are. `follows`: the story is a flash, or says that it follows another.
 * Where neither of two does, the headline alone is no reason to compare them: many columns have the same one every day. */
size_t wd_candidates_look_up_headline(struct wd_candidates *candidates, bool follows);
/* Asks the processor for the records of the stories that were found so far. */
void wd_candidates_prefetch_hits(struct wd_candidates *candidates);
/* Keeps those hits that are worth comparing. */
void wd_candidates_choose(struct wd_candidates *candidates);
/* What of the story is going to be posted: the shingles whose keys have room for one more posting, and some
 * sentences. */
void wd_candidates_choose_posted(struct wd_candidates *candidates, struct wd_copy_sketch *sketch);
/* The story that was looked up, and of which that was chosen, came into the table as this record. */
void wd_candidates_post_new(struct wd_candidates *candidates, const struct wd_copy_record *record,
                            int32_t number);

#endif
