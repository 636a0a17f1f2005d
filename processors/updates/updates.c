/* updates.c - puts the versions of a story in a row, says what each of them is, and tells everybody who
 * has the copy when it is killed, withheld or corrected.
 *
 * Why:    the third lead replaces the second, a correction corrects, a kill ends it; lines deliver them
 *         twice and in any order, and others print them under ids of their own.
 * State:  lineage_store.h (three tables) and "copies": lineage id -> the newest version's copy.
 * Limits: the options; each says what it bounds. */
#include "processor.h"
#include "version_desk.h"

#include <stdlib.h>

enum {
    TABLE_LINEAGES,
    TABLE_MEMBERS,
    TABLE_KEYS,
    TABLE_COPIES,
    TABLE_COUNT,
    KEYS_PER_LINEAGE = 4,
    NAME_WINDOWS = 4,
    HOUR_MS = 3600 * 1000,
    BEFORE_BYTES_MAX = 64 * 1024 * 1024,
};

struct updates_options {
    int64_t window_hours;
    int64_t entries_max;
    int64_t bytes_max;
    int64_t members_max;
    int64_t copies_bytes_max;
    int64_t copy_bytes_max;
};

static void name_table(struct wd_table_spec *spec, const char *name)
{
    (void)snprintf(spec->name, sizeof(spec->name), "%s", name);
}

static size_t tables(const void *data, struct wd_table_spec *specs)
{
    const struct updates_options *options = data;
    const struct wd_table_spec common = {
        .entries_max = (uint64_t)options->entries_max,
        .bytes_max = (uint64_t)options->bytes_max,
        .ttl_ms = options->window_hours * HOUR_MS,
        .key_len_max = WD_DIGEST_BYTES + 1,
        .value_len_max = WD_LINEAGE_RECORD_BYTES_MAX,
    };
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        specs[i] = common;
    }
    specs[TABLE_MEMBERS].ttl_ms *= NAME_WINDOWS;
    specs[TABLE_KEYS].ttl_ms *= NAME_WINDOWS;
    specs[TABLE_KEYS].entries_max *= KEYS_PER_LINEAGE;
    specs[TABLE_KEYS].value_len_max = WD_KEY_RECORD_BYTES_MAX;
    specs[TABLE_COPIES].bytes_max = (uint64_t)options->copies_bytes_max;
    specs[TABLE_COPIES].value_len_max =
        (uint32_t)options->copy_bytes_max + WD_COPY_OVERHEAD_BYTES_MAX;
    name_table(&specs[TABLE_LINEAGES], "lineages");
    name_table(&specs[TABLE_MEMBERS], "members");
    name_table(&specs[TABLE_KEYS], "keys");
    name_table(&specs[TABLE_COPIES], "copies");
    return TABLE_COUNT;
}

static void destroy(void *self)
{
    struct wd_version_desk *desk = self;
    if (desk) {
        wd_buffer_finish(&desk->store.scratch);
        wd_story_destroy(desk->before);
        free(desk);
    }
}

static enum wd_status create(const void *data, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)model;
    const struct updates_options *options = data;
    struct wd_version_desk *desk = calloc(1, sizeof(*desk));
    struct wd_story *before = wd_story_create(BEFORE_BYTES_MAX);
    if (!desk || !before) {
        wd_story_destroy(before);
        free(desk);
        return wd_error_set(error, WD_NO_MEMORY, "no memory for '%s'", environment->instance);
    }
    desk->before = before;
    desk->store.lineages = environment->tables[TABLE_LINEAGES];
    desk->store.members = environment->tables[TABLE_MEMBERS];
    desk->store.keys = environment->tables[TABLE_KEYS];
    desk->store.members_max = (size_t)options->members_max;
    desk->copies = environment->tables[TABLE_COPIES];
    desk->copy_bytes_max = (size_t)options->copy_bytes_max;
    wd_buffer_init(&desk->store.scratch);
    desk->ahead = (struct wd_lineage_ahead){.store = &desk->store, .copies = desk->copies};
    *self = desk;
    return WD_OK;
}

/* First by the id that it has: what its group is, only dedup knows. */
static void prefetch(void *self, const struct wd_story *story)
{
    struct wd_version_desk *desk = self;
    wd_lineage_look_ahead(&desk->ahead, story);
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    enum wd_status status = wd_version_desk_judge(self, story);
    if (status != WD_OK) {
        (void)wd_error_set(error, status, "the story's earlier versions could not be looked up: %s",
                           wd_status_sentence(status));
        return WD_REJECT;
    }
    return WD_PASS;
}

static const struct wd_option options_table[] = {
    {.name = "window_hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, window_hours),
     .fallback = "168",
     .min = 1,
     .max = 87600,
     .help = "How long a story is remembered after its last version came, in event time."},
    {.name = "entries_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, entries_max),
     .fallback = "1000000",
     .min = 1,
     .max = 100000000,
     .help = "Stories remembered per input partition; the oldest leave first."},
    {.name = "bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, bytes_max),
     .fallback = "536870912",
     .min = 65536,
     .max = 1099511627776.0,
     .help = "Memory of each of the tables lineages, members and keys per input partition."},
    {.name = "members_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, members_max),
     .fallback = "512",
     .min = 8,
     .max = WD_LINEAGE_MEMBERS_MAX,
     .help = "Ids remembered of one story, reprints included: those that advisories reach."},
    {.name = "copies_bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, copies_bytes_max),
     .fallback = "134217728",
     .min = 65536,
     .max = 1099511627776.0,
     .help = "Memory per input partition for the copy that further versions are compared with."},
    {.name = "copy_bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, copy_bytes_max),
     .fallback = "8192",
     .min = 0,
     .max = 60000,
     .help = "Bytes of one version's copy that are kept for comparison; 0: none, changes are not "
             "told."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_updates = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "updates",
    .summary = "says which version of which story this is, what it changed, and whom to tell",
    .options = options_table,
    .options_size = sizeof(struct updates_options),
    .reads = WD_PART_IDENTITY | WD_PART_TIMES | WD_PART_COPY,
    .writes = WD_PART_UPDATE,
    .tables = tables,
    .create = create,
    .prefetch = prefetch,
    .process = process,
    .destroy = destroy,
};
