/* tagger_model.h - the trained tables of the tagger, and the file that they come from.
 *
 * Why:    a few megabytes travel with the program: whole numbers no finer than their worth, marks of
 *         words as gaps, each section one Zstandard frame. Opening lays them out as they are read from.
 * Owns:   the tables; nothing of the file's bytes is needed after opening.
 * Thread: read-only after opening, any.
 * Limits: every size is checked against its bounds and the bytes at hand before it is used; the
 *         checksum covers all that follows it. Little-endian machines only (refused elsewhere).
 * Source: format of ours, version WD_MODEL_VERSION; written by model/model_builder.c. Frames: RFC 8878.
 *         Rows under a bitmap with counts: Jacobson 1989, "rank". */
#ifndef WD_TAGGER_MODEL_H
#define WD_TAGGER_MODEL_H

#include "slice.h"
#include "status.h"

#include <stdint.h>

enum {
    WD_MODEL_VERSION = 3,
    WD_MODEL_CELL_BITS_MIN = 8,
    WD_MODEL_CELL_BITS_MAX = 24,
    WD_MODEL_ROWS_MAX = 1 << 20,  /* kept of the cells */
    WD_MODEL_WORDS_MAX = 1 << 20, /* of the lexicon, and of the lists */
    WD_MODEL_GAP_BYTES = 4,       /* of a mark, from the one before */
    WD_MODEL_STEP_MAX = 2048,     /* score of one label after another */
    WD_MODEL_TYPES = 4,           /* PER ORG LOC MISC, the order of the labels */
    WD_MODEL_LANES = 16,          /* labels but O: WD_MODEL_TYPES * (begin, inside, last, single) */
    WD_MODEL_LABELS = 17,         /* 0 is O; 1 + lane */
    WD_MODEL_CURVE = 16,          /* points of the curve from raw to measured probability */
    WD_MODEL_HIDDEN = 64,         /* units of the hidden layer */
    WD_MODEL_VECTOR = 100,        /* numbers of a word's vector */
    WD_MODEL_INPUTS = 120,        /* what the hidden layer sees of a word: its vector, and flags */
    WD_MODEL_BAGS = 2,            /* and the mean vectors of sentence and story */
    WD_MODEL_WINDOW = 5,          /* words that it sees: two before, two after */
    WD_MODEL_NO_CLUSTER = 0xFFFF,
    WD_MODEL_CASED = 7, /* bits of a packed word's last byte */
    WD_MODEL_HAS_VECTOR = 8
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

/* Sections of the file, in order, right behind the head. In each all first bytes stand together, then
 * all second ones, and so on: alike numbers side by side. */
enum wd_model_section {
    WD_MODEL_CELLS, /* bitmap of the cells that have a row */
    WD_MODEL_ROWS,  /* of LANES whole numbers, times row_step */
    WD_MODEL_WORDS, /* by mark: gap to the one before, cluster, rank, case and whether it has a vector */
    WD_MODEL_PHRASES, /* by mark: gap, bits of enum wd_list_kind */
    WD_MODEL_VECTORS, /* of the words that have one, in their order; times vector_step */
    WD_MODEL_NETWORK, /* struct wd_model_network */
    WD_MODEL_SECTIONS
};

struct wd_model_head {
    char magic[8];
    uint32_t version;
    uint32_t cell_bits;
    uint64_t bytes;    /* of the whole file */
    uint64_t checksum; /* XXH3-64 of all after `checksum` */
    uint32_t row_count;
    uint32_t row_step;
    uint32_t word_count;
    uint32_t phrase_count;
    uint32_t vector_count; /* words with a vector; 0: no hidden layer */
    uint32_t vector_step;
    uint32_t packed[WD_MODEL_SECTIONS]; /* bytes of each section in the file */
    float scale;                        /* units of a score that make one nat */
    float curve[WD_MODEL_CURVE];        /* measured probability at raw i/(WD_MODEL_CURVE-1) */
    int16_t transitions[WD_MODEL_LABELS * WD_MODEL_LABELS]; /* from * LABELS + to */
};

struct wd_model_network {
    int32_t bias[WD_MODEL_HIDDEN];
    int8_t words[WD_MODEL_WINDOW][WD_MODEL_HIDDEN][WD_MODEL_INPUTS];
    int8_t bags[WD_MODEL_BAGS][WD_MODEL_HIDDEN][WD_MODEL_VECTOR];
    int8_t output[WD_MODEL_HIDDEN][WD_MODEL_LANES];
};

/* Which of 32 cells have a row, and how many rows lie before theirs. */
struct wd_model_cells {
    uint32_t kept;
    uint32_t before;
};

struct wd_model_word {
    uint16_t cluster; /* path from the root, 14 bits, first step highest; WD_MODEL_NO_CLUSTER */
    uint16_t vector;  /* index + 1; 0: none */
    uint8_t rank;     /* log2 of the rank by frequency; 31: not among the frequent */
    uint8_t cased;    /* how often it is written in lower case: 0 unknown, 1 never .. 7 always */
};

/* Marks in order, and where those begin that share their highest bits: some four each. */
struct wd_model_table {
    uint32_t *marks; /* upper halves of the words' hashes */
    uint32_t *begins;
    uint32_t shift;
};

struct wd_tagger_model {
    struct wd_model_head head;
    uint32_t cell_shift;
    struct wd_model_cells *cells;
    int8_t *rows; /* the first is of zeros: for cells without one */
    struct wd_model_table lexicon;
    struct wd_model_word *words; /* of the lexicon's marks */
    struct wd_model_table lists;
    uint16_t *phrases; /* of the lists' marks: bits of enum wd_list_kind */
    int8_t *vectors;   /* vector_count of VECTOR */
    struct wd_model_network *network;
    void *memory; /* all of them */
};

/* Bytes of a section that is unpacked; sizes in the head must be in their bounds. */
size_t wd_model_section_size(const struct wd_model_head *head, enum wd_model_section section);
/* The mark of a word. None is 0: the first one is a gap away from it. */
static inline uint32_t wd_model_mark(uint64_t hash)
{
    uint32_t mark = (uint32_t)(hash >> 32);
    return mark ? mark : 1;
}

extern const char wd_model_magic[8];
uint64_t wd_model_checksum(struct wd_slice bytes);

/* WD_SYNTAX, WD_VERSION, WD_CHECKSUM, WD_UNSUPPORTED, WD_NO_MEMORY: then there is nothing to finish.
 * `bytes` must be aligned to 8 bytes. */
enum wd_status wd_tagger_model_read(struct wd_slice bytes, struct wd_tagger_model *model,
                                    struct wd_error *error) WD_MUST_CHECK;
void wd_tagger_model_finish(struct wd_tagger_model *model);

/* NULL: not in the lexicon. `hash` is wd_word's `lower`. */
const struct wd_model_word *wd_tagger_model_word(const struct wd_tagger_model *model,
                                                 uint64_t hash);
/* Bits of a row of words, whose hash is made by wd_tagger_mix of 0 and each word's `lower`. 0: none. */
uint16_t wd_tagger_model_phrase(const struct wd_tagger_model *model, uint64_t hash);

static inline const struct wd_model_cells *
wd_tagger_model_cells(const struct wd_tagger_model *model, uint64_t id)
{
    return &model->cells[id >> model->cell_shift >> 5];
}
/* Where an id's row begins in `rows`. Without a branch: of two ids about one has none. */
static inline size_t wd_tagger_model_row(const struct wd_tagger_model *model, uint64_t id)
{
    uint64_t cell = id >> model->cell_shift;
    const struct wd_model_cells *cells = wd_tagger_model_cells(model, id);
    uint32_t upto = cells->kept << (31 - cell % 32); /* its own bit is the highest */
    uint32_t row = cells->before + (uint32_t)__builtin_popcount(upto);
    return (size_t)(row & -(upto >> 31)) * WD_MODEL_LANES;
}

#endif
