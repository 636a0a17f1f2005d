/* remark_openings.h - how a paragraph of the copy opens that is more than copy.
 *
 * Why:    desk_remarks.h; papers say it in set words, in every language.
 * Thread: any; no state but an index that is made once.
 * Source: pages of newspapers in thirty languages, and notes of wires. */
#ifndef WD_REMARK_OPENINGS_H
#define WD_REMARK_OPENINGS_H

#include "slice.h"

enum wd_remark_opening_kind {
    WD_REMARK_CORRECTS = 1u << 0,   /* "Correction:" */
    WD_REMARK_ITSELF = 1u << 1,     /* what a story calls itself */
    WD_REMARK_HEAD = 1u << 2,       /* stands before a remark */
    WD_REMARK_TO_EDITORS = 1u << 3, /* as it is spelt */
    WD_REMARK_EARLIER = 1u << 4,    /* "An earlier version of": of a piece, or of a law */
    WD_REMARK_DATED =
        1u << 5, /* "Correction 1 March 2024:", "Correction, March 1:": a day must follow */
    WD_REMARK_NOTED = 1u << 6, /* "(Corrige fecha ...)": the paragraph must stand in brackets */
    WD_REMARK_BECAUSE =
        1u << 7, /* "Due to an editing error, an earlier version of this article ..." */
    WD_REMARK_UPDATED =
        1u << 8, /* "Updated at 11:30 a.m. to correct ...": of news it is no correction */
    WD_REMARK_RETRACTS = 1u << 9, /* above the copy, which may still stand there */
};

struct wd_remark_opening {
    struct wd_slice text;
    unsigned kind; /* enum wd_remark_opening_kind */
};

/* The first of the openings of these kinds with which the text begins; NULL when there is none. */
const struct wd_remark_opening *wd_remark_opening_find(struct wd_slice text, unsigned kinds);

#endif
