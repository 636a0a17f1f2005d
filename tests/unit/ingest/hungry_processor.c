/* A processor that takes as many MiB of the message's memory for a story as its headline says, and touches none. */
#include "processor.h"

#include <stdlib.h>

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)options;
    (void)model;
    (void)environment;
    *self = malloc(1);
    return *self ? WD_OK : wd_error_set(error, WD_NO_MEMORY, "no memory");
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    (void)self;
    size_t mebibytes = (size_t)atoi(story->headline.data); /* something else follows the number */
    if (wd_arena_alloc(story->arena, mebibytes << 20))
        return WD_PASS;
    (void)wd_error_set(error, WD_NO_MEMORY, "no meal");
    return WD_REJECT;
}

static const struct wd_option options[] = {{.name = NULL}};

__attribute__((visibility("default"))) const struct wd_processor_impl wd_processor = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "hungry",
    .summary = "a test's processor",
    .options = options,
    .create = create,
    .process = process,
    .destroy = free,
};
