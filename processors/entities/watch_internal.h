/* watch_internal.h - between reading a list (watch_read.c) and holding it (watch.c). */
#ifndef WD_WATCH_INTERNAL_H
#define WD_WATCH_INTERNAL_H

#include "watch.h"

enum wd_watch_name_flags {
    WD_WATCH_OWN = 1u << 0,        /* the entry's own name, no alias */
    WD_WATCH_AMBIGUOUS = 1u << 1,  /* of several entries */
    WD_WATCH_SMALL = 1u << 2,      /* also in small letters */
    WD_WATCH_CASE = 1u << 3,       /* only with these capitals */
    WD_WATCH_ACCENTS = 1u << 4,    /* only with these accents */
    WD_WATCH_POSSESSIVE = 1u << 5, /* "McDonald's": the end belongs to the name */
};
/* The rules that tell two names of the same words apart. */
#define WD_WATCH_RULES (WD_WATCH_SMALL | WD_WATCH_CASE | WD_WATCH_ACCENTS | WD_WATCH_POSSESSIVE)

/* One row of a list, as read. Slices and strings are borrowed. */
struct wd_watch_row {
    struct wd_slice name;
    struct wd_slice id;
    enum wd_entity_type type;
    uint32_t rules; /* enum wd_watch_name_flags */
    int line;
};

/* A list being read. */
struct wd_watch_reader {
    struct wd_watch *watch;
    const struct wd_watch_source *source;
    struct wd_faults *faults;
    struct wd_words words;
    struct wd_buffer scratch;
    uint64_t fault_count;
    uint64_t conflict_count;
    enum wd_status status; /* of the first fault */
    int line;
};

/* Adds a fault of the row or file at hand; `line` 0: of the file. */
void wd_watch_fault(struct wd_watch_reader *reader, enum wd_status status, int line,
                    const char *format, ...) WD_PRINTF(4, 5);
/* Begins an entry; WD_GROUP... UINT32_MAX with a fault when it cannot be taken. */
uint32_t wd_watch_add_entry(struct wd_watch_reader *reader, const struct wd_watch_row *row);
/* Adds one name of an entry. False: memory is exhausted (a fault is added) or the list is too long. */
bool wd_watch_add_name(struct wd_watch_reader *reader, uint32_t entry,
                       const struct wd_watch_row *row, struct wd_slice name, uint32_t flags);
/* Reads all of the source. */
void wd_watch_read(struct wd_watch_reader *reader);

#endif
