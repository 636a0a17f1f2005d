#include "plan.h"

#include "wd_assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One processor at work. */
struct station {
    struct wd_pipeline *pipeline;
    const struct wd_processor_impl *impl;
    void *self;
    struct wd_table *tables[WD_TABLES_PER_PROCESSOR_MAX];
    size_t table_count;
    struct wd_processor_counters counters;
};

struct wd_pipeline {
    struct wd_plan *plan;
    struct wd_state *state;
    struct station *stations;
    size_t count; /* of stations made */
};

static void on_record(void *context, struct wd_table *table, struct wd_slice key,
                      struct wd_slice value, int64_t event_ms)
{
    struct station *station = context;
    for (size_t i = 0; i < station->table_count; i++) {
        if (station->tables[i] == table)
            station->impl->restore(station->self, i, key, value, event_ms);
    }
}

static void find_tables(struct station *station, const struct wd_plan_step *step,
                        struct wd_state *state)
{
    for (size_t i = 0; i < step->table_count; i++) {
        station->tables[i] = wd_state_find_table(state, wd_slice_from(step->tables[i].name));
        WD_ASSERT(station->tables[i] != NULL);
    }
    station->table_count = step->table_count;
}

static void prefetch(const struct wd_pipeline *pipeline, size_t begin, const struct wd_story *story)
{
    for (size_t i = begin; i < pipeline->count; i++) {
        if (pipeline->stations[i].impl->prefetch)
            pipeline->stations[i].impl->prefetch(pipeline->stations[i].self, story);
    }
}

static void announce(void *context, const struct wd_story *story)
{
    const struct station *station = context;
    prefetch(station->pipeline, (size_t)(station - station->pipeline->stations) + 1, story);
}

static enum wd_status make_station(struct wd_pipeline *pipeline, size_t index,
                                   struct wd_error *error)
{
    const struct wd_plan_step *step = &pipeline->plan->steps[index];
    struct station *station = &pipeline->stations[index];
    station->pipeline = pipeline;
    station->impl = step->impl;
    find_tables(station, step, pipeline->state);
    struct wd_environment environment = pipeline->plan->environment;
    environment.instance = step->name;
    environment.tables = station->tables;
    environment.announce = announce;
    environment.announce_context = station;
    enum wd_status status =
        step->impl->create(step->options, step->model, &environment, &station->self, error);
    if (status != WD_OK)
        return status;
    pipeline->count = index + 1;
    for (size_t i = 0; step->impl->restore && i < station->table_count; i++) {
        wd_table_observe(station->tables[i], on_record, station);
        wd_table_replay_to_observer(station->tables[i]);
    }
    return WD_OK;
}

enum wd_status wd_pipeline_create(struct wd_plan *plan, struct wd_state *state,
                                  struct wd_pipeline **pipeline, struct wd_error *error)
{
    struct wd_pipeline *made = calloc(1, sizeof(*made));
    struct station *stations = calloc(plan->count + 1, sizeof(*stations));
    *pipeline = NULL;
    if (!made || !stations) {
        free(made);
        free(stations);
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a pipeline");
    }
    made->plan = wd_plan_retain(plan);
    made->state = state;
    made->stations = stations;
    for (size_t i = 0; i < plan->count; i++) {
        enum wd_status status = make_station(made, i, error);
        if (status != WD_OK) {
            wd_pipeline_destroy(made);
            return status;
        }
    }
    *pipeline = made;
    return WD_OK;
}

void wd_pipeline_destroy(struct wd_pipeline *pipeline)
{
    if (!pipeline)
        return;
    for (size_t i = 0; i < pipeline->count; i++) {
        struct station *station = &pipeline->stations[i];
        for (size_t j = 0; j < station->table_count; j++)
            wd_table_observe(station->tables[j], NULL, NULL);
        if (station->impl->destroy)
            station->impl->destroy(station->self);
    }
    free(pipeline->stations);
    wd_plan_release(pipeline->plan);
    free(pipeline);
}

static enum wd_outcome process_one(struct station *station, struct wd_story *story,
                                   struct wd_error *error)
{
    uint64_t (*ticks)(void) = station->pipeline->plan->environment.ticks_ns;
    uint64_t begun = ticks ? ticks() : 0;
    enum wd_outcome outcome = station->impl->process(station->self, story, error);
    station->counters.last_ns = ticks ? ticks() - begun : 0;
    if (outcome == WD_PASS)
        station->counters.passed++;
    else if (outcome == WD_DROP)
        station->counters.dropped++;
    else
        station->counters.rejected++;
    return outcome;
}

/* A story from an earlier pipeline brings its verdicts along. Where one of ours gives the same
 * verdict, it begins from nothing, as if the story came from the wire. */
static void forget_old_verdicts(const struct wd_pipeline *pipeline, struct wd_story *story)
{
    for (size_t i = 0; i < pipeline->count; i++) {
        uint32_t writes = pipeline->stations[i].impl->writes;
        if (writes & WD_PART_DEDUP)
            memset(&story->dedup, 0, sizeof(story->dedup));
        if (writes & WD_PART_UPDATE)
            memset(&story->update, 0, sizeof(story->update));
    }
}

enum wd_outcome wd_pipeline_process(struct wd_pipeline *pipeline, struct wd_story *story,
                                    size_t *processor, struct wd_error *error)
{
    if (story->dedup.relation != WD_RELATION_UNKNOWN || story->update.kind != WD_UPDATE_UNKNOWN)
        forget_old_verdicts(pipeline, story);
    int64_t before = wd_state_event_ms(pipeline->state);
    if (wd_time_known(story->received))
        wd_state_advance(pipeline->state, story->received.ms);
    int64_t now = wd_state_event_ms(pipeline->state);
    for (size_t i = 0; now != before && i < pipeline->count; i++) {
        if (pipeline->stations[i].impl->tick)
            pipeline->stations[i].impl->tick(pipeline->stations[i].self, now);
    }
    prefetch(pipeline, 0, story);
    for (size_t i = 0; i < pipeline->count; i++) {
        enum wd_outcome outcome = process_one(&pipeline->stations[i], story, error);
        if (outcome == WD_PASS)
            continue;
        if (processor)
            *processor = i;
        return outcome;
    }
    if (processor)
        *processor = pipeline->count;
    return WD_PASS;
}

const struct wd_processor_counters *wd_pipeline_counters(const struct wd_pipeline *pipeline,
                                                         size_t index)
{
    return &pipeline->stations[index].counters;
}
