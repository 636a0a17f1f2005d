/* processor.h - the interface that every processor fills.
 *
 * Why:    one folder, one table of functions, one contract; the same for processors in the house and
 *         for those from a shared object ("use": "./my_processor.so", which exports one symbol,
 *         `const struct wd_processor_impl wd_processor`).
 * Thread: load, unload and check run on the thread that reads the configuration; a model is read-only
 *         once loaded and may be used by many lanes. Everything else runs on the shard's lane, never
 *         blocks and takes no lock. */
#ifndef WD_PROCESSOR_H
#define WD_PROCESSOR_H

#include "option.h"
#include "story.h"
#include "table.h"

enum { WD_PROCESSOR_INTERFACE_VERSION = 4 };

enum wd_outcome {
    WD_PASS,   /* on to the next processor */
    WD_DROP,   /* done: nothing is published for this story; counted, with the processor's name */
    WD_REJECT, /* to the dead-letter topic; the processor has filled the error */
};

/* Parts of a story, for the order check. Decoders provide the first group. */
enum wd_part {
    WD_PART_IDENTITY = 1u << 0,
    WD_PART_TIMES = 1u << 1,
    WD_PART_COPY = 1u << 2,
    WD_PART_SUBJECTS = 1u << 3,
    WD_PARTS_DECODED = WD_PART_IDENTITY | WD_PART_TIMES | WD_PART_COPY | WD_PART_SUBJECTS,
    WD_PART_DEDUP = 1u << 8,
    WD_PART_UPDATE = 1u << 9,
    WD_PART_ENTITIES = 1u << 10,
    WD_PART_ROUTES = 1u << 11,
    WD_PART_VERDICTS = 1u << 12,
};

typedef void wd_log_line(void *context, int level, const char *text);
enum { WD_LEVEL_ERROR, WD_LEVEL_WARN, WD_LEVEL_INFO, WD_LEVEL_DEBUG };

/* What a processor may know about its surroundings. Nothing else is global. Borrowed. */
struct wd_environment {
    const char *instance;       /* name of this processor in its pipeline; unique there */
    const char *directory;      /* folder of the configuration file: relative paths start here */
    const char *const *outputs; /* names of the pipeline's outputs, ends with NULL; bit n of
                                   story->routes is the n-th */
    struct wd_table *const *tables; /* of this shard and processor, in the order of its specs; only
                                       in `create`, otherwise NULL */
    wd_log_line *log;               /* never NULL */
    void *log_context;
    uint64_t (*ticks_ns)(void); /* monotonic clock for timings only; NULL: nothing is timed */
    uint32_t given;             /* enum wd_part that stories bring along from an earlier pipeline */
    /* Says in the middle of `process` that a part of the verdict stands in the story already: the `prefetch` of the
     * processors behind this one is called again. More often than once gives them time for one step each. Only in
     * `create`, otherwise NULL. */
    void (*announce)(void *announce_context, const struct wd_story *story);
    void *announce_context;
};

typedef void wd_file_visit(void *context, const char *path);

struct wd_processor_impl {
    uint32_t interface_version; /* WD_PROCESSOR_INTERFACE_VERSION */
    const char *name;
    const char *summary; /* one line, for `wiredesk check` and the schema */

    const struct wd_option *options; /* ends with a NULL name */
    size_t options_size;             /* of the struct they fill */
    uint32_t reads;                  /* enum wd_part that must have been written before */
    uint32_t writes;
    /* Parts that it reads besides `reads` with these options. May be NULL. */
    uint32_t (*reads_with)(const void *options);

    /* Rules across options; adds faults under `path`. Starts and opens nothing but may look whether
     * files exist. May be NULL. */
    void (*check)(const void *options, const struct wd_environment *environment, const char *path,
                  struct wd_faults *faults);
    /* Writes the specs of its tables (name without the instance prefix), returns their number, at
     * most WD_TABLES_PER_PROCESSOR_MAX. NULL: no state. */
    size_t (*tables)(const void *options, struct wd_table_spec *specs);
    /* Names the files that `load` reads and that a running daemon reads again when they change. The
     * path is the processor's. May be NULL. */
    void (*files)(const void *options, const struct wd_environment *environment,
                  wd_file_visit *visit, void *context);
    /* Loads what all shards share (a model, lists). NULL together with unload: nothing. */
    enum wd_status (*load)(const void *options, const struct wd_environment *environment,
                           void **model, struct wd_error *error);
    void (*unload)(void *model);
    /* Makes one shard's processor. `options` and `model` outlive it; of `environment` it may keep
     * what the pointers lead to. environment->tables are empty now, records come by `restore`. */
    enum wd_status (*create)(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error);
    /* A story comes: before the first processor of the pipeline gets it, each may ask the CPU for what its
     * `process` is going to look up (wd_table_prefetch_key), as far as the decoder's parts say what that is; again,
     * when an earlier processor has something to announce. Changes nothing, and `process` relies on nothing from
     * here: it may never get the story. May be NULL. */
    void (*prefetch)(void *self, const struct wd_story *story);
    /* One story. On WD_REJECT `error` says why. Must not keep slices of the story. Required. */
    enum wd_outcome (*process)(void *self, struct wd_story *story, struct wd_error *error);
    /* A record of table number `table` came, changed or went (value.data NULL) outside process. For
     * processors with derived structures; others leave it NULL. */
    void (*restore)(void *self, size_t table, struct wd_slice key, struct wd_slice value,
                    int64_t event_ms);
    /* Event time has moved on. May be NULL. */
    void (*tick)(void *self, int64_t event_ms);
    /* Takes NULL. May be NULL when create makes nothing. */
    void (*destroy)(void *self);
};

/* The processors in the house; ends with NULL. */
extern const struct wd_processor_impl *const wd_processors[];

/* Finds by name, or, when `use` contains a '/', loads the shared object (relative to `directory`).
 * WD_NOT_FOUND, WD_VERSION (interface), WD_IO (with the loader's message). `*handle` (NULL for
 * processors in the house) goes to wd_processor_close after the last use. */
enum wd_status wd_processor_open(const char *use, const char *directory,
                                 const struct wd_processor_impl **impl, void **handle,
                                 struct wd_error *error) WD_MUST_CHECK;
void wd_processor_close(void *handle);

#endif
