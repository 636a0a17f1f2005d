/* tagger.h - finds names of people, organisations, places and other named things in English copy.
 *
 * Why:    readers search and alert by names; no list holds all of them, a trained model guesses well.
 * Owns:   a tagger owns its model's tables. A scratch owns everything that grows.
 * Thread: a tagger is read-only after opening and shared; a scratch belongs to one thread.
 * Limits: linear in the text; after the first stories a scratch allocates only for a story longer
 *         than all before. Copy is looked at in units of WD_TAGGER_UNIT_TOKENS; evidence from other
 *         places of the story reaches no further than its unit.
 * Source: GUIDE.md of the training data says what is a name; model/README.md how the model is made. */
#ifndef WD_TAGGER_H
#define WD_TAGGER_H

#include "slice.h"
#include "status.h"
#include "story.h"

enum { WD_TAGGER_UNIT_TOKENS = 4096 };

struct wd_tagger;
struct wd_tagger_scratch;

/* One piece of a story: valid UTF-8, in story order (headline, body paragraphs, captions). */
struct wd_tagger_text {
    enum wd_field field;
    uint32_t paragraph;
    struct wd_slice text;
};

struct wd_mention {
    enum wd_entity_type type;
    uint32_t text;  /* index into the texts */
    uint32_t begin; /* bytes into the text, at a code point border */
    uint32_t end;
    float score; /* probability that span and type are right, as measured on held-back copy; 0..1 */
};

/* Opens a model from bytes, which are not needed afterwards. WD_VERSION, WD_CHECKSUM or WD_SYNTAX (a value
 * out of its bounds) with `error` for a model that is damaged or not for this program; WD_NO_MEMORY. */
enum wd_status wd_tagger_open_bytes(struct wd_slice bytes, struct wd_tagger **tagger,
                                    struct wd_error *error) WD_MUST_CHECK;
/* The same of a file, which is mapped meanwhile (replace it by renaming). `path` NULL: the English model that is built into the program. */
enum wd_status wd_tagger_open(const char *path, struct wd_tagger **tagger,
                              struct wd_error *error) WD_MUST_CHECK;
/* Of the model: what another one says is not what this one says. */
uint64_t wd_tagger_checksum(const struct wd_tagger *tagger);
/* Takes NULL. */
void wd_tagger_close(struct wd_tagger *tagger);

/* NULL when memory is exhausted. A scratch serves any tagger, one call after the other. */
struct wd_tagger_scratch *wd_tagger_scratch_create(void);
/* Takes NULL. */
void wd_tagger_scratch_destroy(struct wd_tagger_scratch *scratch);

/* Finds the mentions of one story's texts, ordered by text and begin, without overlaps. They live in
 * the scratch until its next use. The same texts give the same mentions whatever was tagged before.
 * WD_NO_MEMORY, WD_TOO_LARGE (more than WD_MESSAGE_BYTES_MAX bytes together). */
enum wd_status wd_tagger_tag(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                             const struct wd_tagger_text *texts, size_t count,
                             const struct wd_mention **mentions,
                             size_t *mention_count) WD_MUST_CHECK;

#endif
