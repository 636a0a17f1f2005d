/* iob.h - reads labelled corpora: a token and its tag on each line.
 *
 * Why:    training and measuring read the same files, some written by hand.
 * Owns:   nothing; slices point into the bytes.
 * Thread: one at a time.
 * Limits: lines are taken as they are; nothing is allocated.
 * Source: the CoNLL shared tasks' two (or more) columns: the first is the token, the last its tag.
 *         IOB1, IOB2, BILOU (BIOES, BMEWO) are told apart token by token. */
#ifndef WD_IOB_H
#define WD_IOB_H

#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

enum wd_iob_kind {
    WD_IOB_TOKEN,
    WD_IOB_SENTENCE, /* the sentence ends here (never two in a row) */
    WD_IOB_DOCUMENT, /* a document begins here */
    WD_IOB_END
};

struct wd_iob_item {
    enum wd_iob_kind kind;
    struct wd_slice token;
    struct wd_slice type; /* "PER"; empty outside of names */
    bool begins;          /* this token begins a name, also right after another one */
    uint32_t line;        /* from 1 */
};

struct wd_iob_reader {
    struct wd_slice rest;
    struct wd_slice type_before;
    bool closed_before; /* the token before ended its name by its tag (L, E, S, U) */
    bool in_sentence;
    uint32_t line;
};

void wd_iob_reader_init(struct wd_iob_reader *reader, struct wd_slice bytes);
/* The next item. A line with one column is a token outside of names. */
void wd_iob_next(struct wd_iob_reader *reader, struct wd_iob_item *item);

#endif
