/* gazetteer.h - names of places, people and bodies with the ids that public sources give them.
 *
 * Why:    a reader counts by ids, not by spellings; a name alone does not say which Paris it is.
 * Owns:   nothing of the image but its mapping; the built-in image is part of the program.
 * Thread: read-only once open; lanes share it.
 * Limits: opening checks magic, version, size, checksum and every index: no later look-up can leave
 *         the image.
 * Source: gazetteer/README.md: sources, licences, format of names.tsv. */
#ifndef WD_GAZETTEER_H
#define WD_GAZETTEER_H

#include "phrases.h"
#include "story.h"

#define WD_GAZETTEER_MAGIC UINT64_C(0x314554455A414757) /* "WGAZETE1" on a little-endian machine */
enum { WD_GAZETTEER_VERSION = 1 };

enum wd_gazetteer_kind {
    WD_KIND_COUNTRY = 'k',
    WD_KIND_ADMIN = 'a', /* a first-level subdivision */
    WD_KIND_CITY = 'c',
    WD_KIND_PERSON = 'p',
    WD_KIND_BODY = 'o',
    WD_KIND_PLACE = 'l', /* any other place */
    WD_KIND_MISC = 'm',
    WD_KIND_TITLE = 'u',   /* an article of unknown type */
    WD_KIND_DEMONYM = 'd', /* "Iraqi": evidence of a country */
};

enum wd_gazetteer_entity_flags {
    WD_GAZETTEER_MARKED = 1u << 0, /* marked without a statistical model too */
    WD_GAZETTEER_CAPITAL = 1u << 1,
};

struct wd_gazetteer_entity {
    uint32_t name;    /* offset of its string */
    uint32_t title;   /* of its article in the English Wikipedia; 0: none */
    uint32_t id;      /* offset of "FR", "US-CA", "2988507", "Q76" without scheme; 0: none */
    uint32_t weight;  /* population of a city; else as names.tsv says */
    uint16_t country; /* two letters, the first in the low byte; 0: none */
    uint16_t admin;   /* number of its subdivision, in the whole world; 0: none */
    uint8_t kind;     /* enum wd_gazetteer_kind */
    uint8_t flags;
    uint16_t unused;
};

enum wd_gazetteer_name_flags {
    WD_NAME_EXACT = 1u << 0, /* only in exactly this spelling */
    WD_NAME_WORD = 1u << 1,  /* also an ordinary word or a person's name */
    WD_NAME_SHORT = 1u << 2, /* counts only in a story that has a full name, too */
    WD_NAME_OWN = 1u << 3,   /* the entity's own name, no alias */
};

/* What a name may mean. */
struct wd_gazetteer_candidate {
    uint32_t entity;
    uint32_t spelling; /* offset of the name's string */
    uint32_t flags;    /* enum wd_gazetteer_name_flags; the last of a name's also GAZETTEER_LAST */
};
#define WD_GAZETTEER_LAST (1u << 31)

/* Head of an image; then slots, candidates, entities, strings, each from a multiple of 8. */
struct wd_gazetteer_head {
    uint64_t magic;
    uint32_t version;
    uint32_t head_size;
    uint64_t size;     /* of all */
    uint64_t checksum; /* XXH3 of all that follows this field */
    uint32_t slot_count, used, candidate_count, entity_count;
    uint32_t string_bytes, unused;
};

#define WD_GAZETTEER_CHECKED_FROM offsetof(struct wd_gazetteer_head, slot_count)

struct wd_gazetteer;

/* Opens an image that stays valid until close (8-byte aligned). WD_VERSION, WD_CHECKSUM, WD_SYNTAX. */
enum wd_status wd_gazetteer_open_bytes(struct wd_slice bytes, struct wd_gazetteer **gazetteer,
                                       struct wd_error *error) WD_MUST_CHECK;
/* Maps a file; NULL: the built-in one. */
enum wd_status wd_gazetteer_open(const char *path, struct wd_gazetteer **gazetteer,
                                 struct wd_error *error) WD_MUST_CHECK;
/* Takes NULL. */
void wd_gazetteer_close(struct wd_gazetteer *gazetteer);

size_t wd_gazetteer_count(const struct wd_gazetteer *gazetteer);
/* What a run of words may mean: the first candidate (the last has WD_GAZETTEER_LAST), NULL when it is
 * no name. `*longer` says whether a longer name begins with it. */
const struct wd_gazetteer_candidate *wd_gazetteer_find(const struct wd_gazetteer *gazetteer,
                                                       uint64_t hash, bool *longer);
/* The next candidate of the same name; NULL after the last. */
static inline const struct wd_gazetteer_candidate *
wd_gazetteer_next(const struct wd_gazetteer_candidate *candidate)
{
    return candidate->flags & WD_GAZETTEER_LAST ? NULL : candidate + 1;
}

const struct wd_gazetteer_entity *wd_gazetteer_entity(const struct wd_gazetteer *gazetteer,
                                                      uint32_t number);
const char *wd_gazetteer_string(const struct wd_gazetteer *gazetteer, uint32_t offset);

/* Compiles a table like names.tsv into an image. WD_SYNTAX with the line. */
enum wd_status wd_gazetteer_build(struct wd_slice table, struct wd_buffer *image,
                                  struct wd_error *error) WD_MUST_CHECK;

#endif
