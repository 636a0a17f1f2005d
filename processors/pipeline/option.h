/* option.h - options of a processor (or of any section of the configuration), as a table.
 *
 * Why:    one table gives the parser, the checks, the help and the JSON Schema, so none can drift.
 * Owns:   strings and JSON values filled into a struct belong to the struct; wd_options_finish frees
 *         them.
 * Thread: any; at start and reload only. */
#ifndef WD_OPTION_H
#define WD_OPTION_H

#include "status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wd_option_type {
    WD_OPTION_BOOL,    /* bool */
    WD_OPTION_INTEGER, /* int64_t */
    WD_OPTION_NUMBER,  /* double */
    WD_OPTION_STRING,  /* char *, owned by the struct; NULL only when absent without default */
    WD_OPTION_ENUM,    /* int: index into `choices` */
    WD_OPTION_STRINGS, /* struct wd_option_strings; JSON: a string or a list of strings */
    WD_OPTION_JSON,    /* json_t *, a new reference; checked by the owner's `check` */
};

struct wd_option_strings {
    char **items;
    size_t count;
};

/* One option. Filled with designated initialisers; a table ends with an entry whose name is NULL.
 */
struct wd_option {
    const char *name; /* key in the JSON, with its unit: "window_hours" */
    enum wd_option_type type;
    size_t offset;        /* offsetof() into the options struct */
    const char *fallback; /* default as JSON text ("168", "\"guid\""); NULL: zero or NULL */
    bool required;
    double min, max;            /* numbers and integers; min == max == 0: unbounded */
    const char *const *choices; /* ENUM: names, ends with NULL */
    const char *schema;         /* JSON type: its JSON Schema as text; NULL: anything */
    const char *help;           /* one sentence */
};

/* Collects every fault of a configuration, so that a user sees all at once. */
struct wd_fault {
    char path[WD_ERROR_PATH_SIZE]; /* "pipelines[0].processors[2].window_hours" */
    int line;                      /* in the configuration file; 0 when unknown */
    char text[WD_ERROR_TEXT_SIZE];
};

struct wd_faults {
    struct wd_fault *items;
    size_t count;
    size_t capacity;
};

void wd_faults_init(struct wd_faults *faults);
void wd_faults_finish(struct wd_faults *faults);
void wd_faults_add(struct wd_faults *faults, const char *path, const char *format, ...)
    WD_PRINTF(3, 4);

/* Where options stand, and who collects what is wrong with them. */
struct wd_options_place {
    const char *path;           /* JSON path of the object: "pipelines[0].processors[2]" */
    const char *const *ignored; /* keys that somebody else reads; ends with NULL; may be NULL */
    struct wd_faults *faults;
};

/* Fills `target` (zeroed by the caller, laid out as `table` says) from `object`. An unknown key is a
 * fault (with the nearest known name as a hint), as are wrong types and values out of range. Defaults
 * fill what is absent. Returns false when it added faults; `target` can be finished in either case. */
bool wd_options_fill(const struct wd_option *table, json_t *object, void *target,
                     const struct wd_options_place *place);
/* Frees what fill allocated; zeroes it. */
void wd_options_finish(const struct wd_option *table, void *target);
/* The JSON Schema (draft 2020-12) of an object with these options; a new reference. `extra` (may be
 * NULL) is an object whose members are added to "properties". */
json_t *wd_options_schema(const struct wd_option *table, json_t *extra);

#endif
