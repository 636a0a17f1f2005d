/* A processor from outside: counts stories in a table of its own, drops every third, rejects headlines that ask for it.
 * Announces each story, and says in its verdict how often it was told of it. */
#include "processor.h"

#include <stdio.h>
#include <stdlib.h>

struct tag {
    struct wd_table *counts;
    void (*announce)(void *announce_context, const struct wd_story *story);
    void *announce_context;
    unsigned told;
};

static size_t tables(const void *options, struct wd_table_spec *specs)
{
    (void)options;
    specs[0] = (struct wd_table_spec){.entries_max = 10, .key_len_max = 8, .value_len_max = 8};
    (void)snprintf(specs[0].name, sizeof(specs[0].name), "counts");
    return 1;
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)options;
    (void)model;
    struct tag *tag = calloc(1, sizeof(*tag));
    if (!tag)
        return wd_error_set(error, WD_NO_MEMORY, "no memory");
    tag->counts = environment->tables[0];
    tag->announce = environment->announce;
    tag->announce_context = environment->announce_context;
    *self = tag;
    return WD_OK;
}

static void prefetch(void *self, const struct wd_story *story)
{
    struct tag *tag = self;
    (void)story;
    tag->told++;
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct tag *tag = self;
    struct wd_slice value = WD_SLICE_NONE;
    unsigned char count = 0;
    if (wd_table_get(tag->counts, WD_SLICE("n"), &value, NULL) == WD_OK)
        count = (unsigned char)value.data[0];
    count++;
    if (wd_table_put(tag->counts, WD_SLICE("n"), wd_slice_make((const char *)&count, 1)) != WD_OK)
        abort();
    if (wd_slice_is(story->headline, "reject me")) {
        (void)wd_error_set(error, WD_OUT_OF_RANGE, "as it asked");
        return WD_REJECT;
    }
    if (count % 3 == 0)
        return WD_DROP;
    tag->announce(tag->announce_context, story);
    struct wd_slice told = wd_arena_printf(story->arena, "{\"told\":%u}", tag->told);
    tag->told = 0;
    return told.data && wd_story_add_verdict(story, WD_SLICE("tag"), told) == WD_OK ? WD_PASS
                                                                                    : WD_REJECT;
}

static const struct wd_option options[] = {{.name = NULL}};

__attribute__((visibility("default"))) const struct wd_processor_impl wd_processor = {
#ifdef WRONG_VERSION
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION + 1,
#else
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
#endif
    .name = "tag",
    .summary = "a test's processor",
    .options = options,
    .writes = WD_PART_VERDICTS,
    .tables = tables,
    .create = create,
    .prefetch = prefetch,
    .process = process,
    .destroy = free,
};
