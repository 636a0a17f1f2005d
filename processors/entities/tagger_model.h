/* tagger_model.h - the trained tables of the tagger, as they lie in a file.
 *
 * Why:    one file, mapped or built in, read where it lies: opening costs a check, no copying.
 * Owns:   nothing; pointers into the bytes.
 * Thread: read-only, any.
 * Limits: every size is checked against the bytes at hand before it is used; the checksum covers all
 *         that follows the head. Little-endian machines only (refused elsewhere).
 * Source: format of ours, version WD_MODEL_VERSION; written by model/model_writer.c. */
#ifndef WD_TAGGER_MODEL_H
#define WD_TAGGER_MODEL_H

#include "slice.h"
#include "status.h"

#include <stdint.h>

enum {
    WD_MODEL_VERSION = 2,
    WD_MODEL_ALIGN = 64,      /* of every section, in bytes from the beginning */
    WD_MODEL_BITS_MAX = 22,   /* of a table: 4 million slots */
    WD_MODEL_PROBES_MAX = 64, /* slots looked at for one word */
    WD_MODEL_STEP_MAX = 2048, /* score of one label after another */
    WD_MODEL_TYPES = 4,       /* PER ORG LOC MISC, the order of the labels */
    WD_MODEL_LANES = 16,      /* labels but O: WD_MODEL_TYPES * (begin, inside, last, single) */
    WD_MODEL_LABELS = 17,     /* 0 is O; 1 + lane */
    WD_MODEL_CURVE = 16,      /* points of the curve from raw to measured probability */
    WD_MODEL_HIDDEN = 64,     /* units of the hidden layer */
    WD_MODEL_VECTOR = 100,    /* numbers of a word's vector */
    WD_MODEL_INPUTS = 120,    /* what the hidden layer sees of a word: its vector, and flags */
    WD_MODEL_BAGS = 2,        /* and the mean vectors of sentence and story */
    WD_MODEL_WINDOW = 5,      /* words that it sees: two before, two after */
    WD_MODEL_NO_CLUSTER = 0xFFFF
};

/* What a word or a row of words is in the lists. Bits of struct wd_model_phrase. */
enum wd_list_kind {
    WD_LIST_GIVEN,   /* given names */
    WD_LIST_FAMILY,  /* family names */
    WD_LIST_PLACE,   /* countries, regions, large cities */
    WD_LIST_SMALL,   /* smaller cities */
    WD_LIST_DEMONYM, /* of peoples, languages, creeds */
    WD_LIST_BODY,    /* organisations */
    WD_LIST_PERSON,  /* well-known people by full name */
    WD_LIST_TITLE,   /* titles of an encyclopaedia, of any kind */
    WD_LIST_CLUB,    /* sports clubs */
    WD_LIST_THING,   /* events, products, works, laws */
    WD_LIST_KINDS,
    WD_LIST_LONGER = 15 /* bit: a longer entry begins with these words */
};

struct wd_model_head {
    char magic[8];
    uint32_t version;
    uint32_t reserved;
    uint64_t bytes;    /* of the whole file */
    uint64_t checksum; /* XXH3-64 of all after `checksum` */
    uint32_t row_bits;
    uint32_t lexicon_bits;
    uint32_t phrase_bits;
    uint32_t vector_count; /* words with a vector; 0: no hidden layer */
    uint32_t reserved3;
    float scale;                 /* units of a score that make one nat */
    float curve[WD_MODEL_CURVE]; /* measured probability at raw i/(WD_MODEL_CURVE-1) */
    int16_t transitions[WD_MODEL_LABELS * WD_MODEL_LABELS]; /* from * LABELS + to */
};

struct wd_model_word {
    uint16_t cluster; /* path from the root, 14 bits, first step highest; WD_MODEL_NO_CLUSTER */
    uint16_t vector;  /* index + 1; 0: none */
    uint8_t rank;     /* log2 of the rank by frequency; 31: not among the frequent */
    uint8_t cased;    /* how often it is written in lower case: 0 unknown, 1 never .. 7 always */
};

struct wd_tagger_model {
    const struct wd_model_head *head;
    uint32_t row_shift;
    const int8_t *rows;            /* 2^row_bits of WD_MODEL_LANES */
    const uint32_t *lexicon_marks; /* upper half of the word's hash, 0: empty slot */
    const struct wd_model_word *lexicon;
    const uint32_t *phrase_marks;
    const uint16_t *phrases;    /* bits of enum wd_list_kind */
    const int8_t *vectors;      /* vector_count of VECTOR */
    const int8_t *hidden;       /* WINDOW x HIDDEN x INPUTS */
    const int8_t *bags;         /* BAGS x HIDDEN x VECTOR */
    const int32_t *hidden_bias; /* HIDDEN */
    const int8_t *output;       /* HIDDEN x LANES */
};

/* Offsets of the sections, from the head; false when they do not fit `bytes`. */
struct wd_model_layout {
    uint64_t rows, lexicon_marks, lexicon, phrase_marks, phrases, vectors, hidden, bags,
        hidden_bias, output, bytes;
};
struct wd_model_layout wd_model_layout(const struct wd_model_head *head);

extern const char wd_model_magic[8];
uint64_t wd_model_checksum(struct wd_slice bytes);

/* `bytes` stay the caller's and must be aligned to 8 bytes. */
enum wd_status wd_tagger_model_read(struct wd_slice bytes, struct wd_tagger_model *model,
                                    struct wd_error *error) WD_MUST_CHECK;

/* NULL: not in the lexicon. `hash` is wd_word's `lower`. */
const struct wd_model_word *wd_tagger_model_word(const struct wd_tagger_model *model,
                                                 uint64_t hash);
/* Bits of a row of words, whose hash is made by wd_hash_mix of 0 and each word's `lower`. 0: none. */
uint16_t wd_tagger_model_phrase(const struct wd_tagger_model *model, uint64_t hash);

static inline const int8_t *wd_tagger_model_row(const struct wd_tagger_model *model, uint64_t id)
{
    return model->rows + (size_t)(id >> model->row_shift) * WD_MODEL_LANES;
}

#endif
