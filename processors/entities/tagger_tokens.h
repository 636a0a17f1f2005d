/* tagger_tokens.h - the tagger on tokens that somebody else has split.
 *
 * Why:    training and measuring keep the tokens of their corpora; the tagger of stories stands on this.
 * Owns:   nothing; tokens are borrowed until the unit is decoded.
 * Thread: as tagger.h.
 * Limits: WD_TAGGER_UNIT_TOKENS tokens a unit; a token is looked at as tagger_words.h says. */
#ifndef WD_TAGGER_TOKENS_H
#define WD_TAGGER_TOKENS_H

#include "tagger.h"
#include "tagger_unit.h"

struct wd_token_mention {
    uint32_t type;  /* as enum wd_entity_type */
    uint32_t begin; /* tokens of the unit */
    uint32_t end;
    float score;
};

struct wd_token_mentions {
    const struct wd_token_mention *mentions; /* in order; the scratch's, until its next use */
    size_t count;
};

/* The scratch's unit, emptied for this tagger: wd_unit_add and wd_unit_end_sentence fill it. */
struct wd_unit *wd_tagger_unit(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch);
/* The same as it stands: after decoding, its tokens carry their labels. */
const struct wd_unit *wd_tagger_scratch_unit(const struct wd_tagger_scratch *scratch);
/* Reads the unit, labels its tokens (struct wd_unit_token, `label`) and returns the mentions. With
 * `story` false evidence from other places of the unit is left out. */
struct wd_token_mentions wd_tagger_decode(const struct wd_tagger *tagger,
                                          struct wd_tagger_scratch *scratch, bool story);

#endif
