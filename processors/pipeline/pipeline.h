/* pipeline.h - processors in a row.
 *
 * Why:    a plan is what the configuration says, checked and loaded once, shared by all lanes and
 *         never changed; a pipeline is its working copy for one shard.
 * Owns:   a plan owns options, models and shared objects; a pipeline owns its processors and borrows
 *         plan and state.
 * Thread: plan: read-only after creation, reference-counted (atomic). Pipeline: its lane.
 * Limits: WD_PROCESSORS_PER_PIPELINE_MAX. */
#ifndef WD_PIPELINE_H
#define WD_PIPELINE_H

#include "file_stamp.h"
#include "processor.h"

#include <stdatomic.h>

struct wd_plan;
struct wd_pipeline;

/* Builds a plan from the JSON list of processors: [{"use": "dedup", "name": "first", ...options}].
 * "name" defaults to "use" (for a shared object: to impl->name) and must be unique. Adds every
 * fault it finds (unknown processor, options, order of reads and writes, cross checks) under
 * `path`; returns NULL when there are any. `environment->instance` is ignored. With `load` false
 * nothing is loaded or opened (wiredesk check) and the plan can only be inspected. */
struct wd_plan *wd_plan_create(json_t *processors, const char *path,
                               const struct wd_environment *environment, bool load,
                               struct wd_faults *faults);
struct wd_plan *wd_plan_retain(struct wd_plan *plan);
/* Frees with the last reference; takes NULL. */
void wd_plan_release(struct wd_plan *plan);
size_t wd_plan_processor_count(const struct wd_plan *plan);
const char *wd_plan_processor_name(const struct wd_plan *plan, size_t index);
const struct wd_processor_impl *wd_plan_processor_impl(const struct wd_plan *plan, size_t index);
/* True when any processor keeps state. */
bool wd_plan_has_state(const struct wd_plan *plan);
/* Adds the plan's tables to an empty state, in a fixed order. */
enum wd_status wd_plan_add_tables(const struct wd_plan *plan, struct wd_state *state,
                                  struct wd_error *error) WD_MUST_CHECK;
/* True when `other` has the same tables with the same specs: then a reload can keep the state. */
bool wd_plan_same_tables(const struct wd_plan *plan, const struct wd_plan *other);

/* The files that a loaded plan was read from and that are to be watched, and their stamps from before
 * the reading. The path is the plan's. */
size_t wd_plan_file_count(const struct wd_plan *plan);
const char *wd_plan_file(const struct wd_plan *plan, size_t index, struct wd_file_stamp *stamp);

/* Counted for every processor by the pipeline; read by the owner (its lane) at any time. */
struct wd_processor_counters {
    uint64_t passed;
    uint64_t dropped;
    uint64_t rejected;
    uint64_t last_ns; /* time of the last call; 0 without a clock */
};

/* Makes the processors of one shard over `state` (which has the plan's tables, maybe already with
 * records: they are replayed to the processors' restore). Retains the plan. */
enum wd_status wd_pipeline_create(struct wd_plan *plan, struct wd_state *state,
                                  struct wd_pipeline **pipeline,
                                  struct wd_error *error) WD_MUST_CHECK;
/* Takes NULL. The state stays with its owner and loses its observers. */
void wd_pipeline_destroy(struct wd_pipeline *pipeline);

/* Takes one story through: moves event time to story->received (if known), ticks, processes.
 * `*processor` (may be NULL) gets the index of the processor that ended it, or the count. */
enum wd_outcome wd_pipeline_process(struct wd_pipeline *pipeline, struct wd_story *story,
                                    size_t *processor, struct wd_error *error) WD_MUST_CHECK;
const struct wd_processor_counters *wd_pipeline_counters(const struct wd_pipeline *pipeline,
                                                         size_t index);

#endif
