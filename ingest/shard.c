#include "shard.h"

#include "changelog.h"
#include "log_limit.h"
#include "snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void find_flow_metrics(struct wd_shard *shard, struct wd_metrics *metrics,
                              const char *labels)
{
    struct wd_shard_metrics *m = &shard->metrics;
    m->records_in =
        wd_metrics_counter(metrics, "wiredesk_records_in_total", "Input messages taken", labels);
    m->stories = wd_metrics_counter(metrics, "wiredesk_stories_total",
                                    "Stories decoded from input messages", labels);
    m->published = wd_metrics_counter(metrics, "wiredesk_records_out_total",
                                      "Records published to output topics", labels);
    m->dead = wd_metrics_counter(metrics, "wiredesk_records_dead_total",
                                 "Messages sent to the dead-letter topic", labels);
    m->dropped = wd_metrics_counter(metrics, "wiredesk_stories_dropped_total",
                                    "Stories that a processor dropped", labels);
    m->unrouted = wd_metrics_counter(metrics, "wiredesk_stories_unrouted_total",
                                     "Stories that no output wanted", labels);
    m->late = wd_metrics_counter(metrics, "wiredesk_stories_late_total",
                                 "Older versions that came after newer ones", labels);
    m->bytes_in =
        wd_metrics_counter(metrics, "wiredesk_bytes_in_total", "Bytes of input messages", labels);
    m->bytes_out = wd_metrics_counter(metrics, "wiredesk_bytes_out_total",
                                      "Bytes of published records", labels);
    m->latency = wd_metrics_histogram(metrics, "wiredesk_latency_seconds",
                                      "From the input record's timestamp to its commit", labels);
}

static void find_verdict_metrics(struct wd_shard *shard, struct wd_metrics *metrics,
                                 const char *labels)
{
    char more[1024];
    for (int i = 0; i < WD_RELATION_COUNT; i++) {
        (void)snprintf(more, sizeof(more), "%s,relation=\"%s\"", labels,
                       wd_relation_name((enum wd_relation)i));
        shard->metrics.relations[i] = wd_metrics_counter(
            metrics, "wiredesk_dedup_verdicts_total", "Stories by relation to earlier copy", more);
    }
    for (int i = 0; i < WD_UPDATE_KIND_COUNT; i++) {
        (void)snprintf(more, sizeof(more), "%s,kind=\"%s\"", labels,
                       wd_update_kind_name((enum wd_update_kind)i));
        shard->metrics.updates[i] = wd_metrics_counter(metrics, "wiredesk_update_verdicts_total",
                                                       "Stories by place in their lineage", more);
    }
}

static void find_partition_metrics(struct wd_shard *shard, struct wd_metrics *metrics,
                                   const char *labels)
{
    char more[1024];
    (void)snprintf(more, sizeof(more), "%s,partition=\"%" PRId32 "\"", labels, shard->partition);
    struct wd_shard_metrics *m = &shard->metrics;
    m->lag_records =
        wd_metrics_gauge(metrics, "wiredesk_lag_records", "Input records not yet taken", more, 1);
    m->lag_seconds =
        wd_metrics_gauge(metrics, "wiredesk_lag_seconds",
                         "Age of the last taken record while there are more", more, 1000);
    m->state_entries =
        wd_metrics_gauge(metrics, "wiredesk_state_entries", "Records in the state tables", more, 1);
    m->state_bytes =
        wd_metrics_gauge(metrics, "wiredesk_state_bytes", "Memory of the state tables", more, 1);
    m->restore_done = wd_metrics_gauge(metrics, "wiredesk_restore_offsets_done",
                                       "Changelog offsets passed by the restore", more, 1);
    m->restore_total = wd_metrics_gauge(metrics, "wiredesk_restore_offsets_total",
                                        "Changelog offsets that the restore has to pass", more, 1);
    m->restore_time = wd_metrics_gauge(metrics, "wiredesk_restore_seconds",
                                       "How long the last restore took", more, 1000);
}

static void find_metrics(struct wd_shard *shard, const struct wd_shard_setup *setup)
{
    char pipeline[160];
    char topic[600];
    char labels[800];
    const struct wd_pipeline_config *config = &setup->config->pipelines[setup->pipeline];
    wd_metrics_label(pipeline, sizeof(pipeline), config->name);
    wd_metrics_label(topic, sizeof(topic), setup->topic);
    (void)snprintf(labels, sizeof(labels), "pipeline=\"%s\",topic=\"%s\"", pipeline, topic);
    find_flow_metrics(shard, setup->metrics, labels);
    find_verdict_metrics(shard, setup->metrics, labels);
    find_partition_metrics(shard, setup->metrics, labels);
    for (size_t i = 0; i < wd_plan_processor_count(config->plan); i++) {
        char name[160];
        char more[1024];
        wd_metrics_label(name, sizeof(name), wd_plan_processor_name(config->plan, i));
        (void)snprintf(more, sizeof(more), "%s,processor=\"%s\"", labels, name);
        shard->metrics.processors[i] = wd_metrics_histogram(
            setup->metrics, "wiredesk_processor_seconds", "Time in a processor, per story", more);
    }
}

enum wd_status wd_shard_create(const struct wd_shard_setup *setup, struct wd_shard **shard,
                               struct wd_error *error)
{
    const struct wd_pipeline_config *pipeline = &setup->config->pipelines[setup->pipeline];
    struct wd_shard *made = calloc(1, sizeof(*made));
    *shard = NULL;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a shard");
    made->id = setup->id;
    made->pipeline = setup->pipeline;
    made->partition = setup->partition;
    made->standby = setup->standby;
    made->page = setup->metrics;
    made->committed = made->input_end = made->end_asked = WD_OFFSET_NONE;
    made->txn_first = made->txn_next = made->next = WD_OFFSET_NONE;
    made->slipped = made->next_seen = WD_OFFSET_NONE;
    made->empty_from = made->unreadable = WD_OFFSET_NONE;
    made->last_timestamp_ms = -1;
    made->snapshot_at_ms = uv_hrtime() / 1000000;
    made->topic = strdup(setup->topic);
    made->state = wd_state_create();
    enum wd_status status = WD_OK;
    if (!made->topic || !made->state)
        status = wd_error_set(error, WD_NO_MEMORY, "no memory for a shard");
    if (status == WD_OK)
        status = wd_plan_add_tables(pipeline->plan, made->state, error);
    if (status == WD_OK && wd_plan_has_state(pipeline->plan))
        status =
            wd_changelog_name(setup->config, pipeline->name, setup->topic, made->changelog, error);
    if (status != WD_OK) {
        wd_shard_destroy(made);
        return status;
    }
    struct wd_snapshot_of of = {setup->config, setup->cluster, made->changelog, made->partition};
    if (made->changelog[0] != '\0')
        wd_snapshot_name(&of, made->snapshot_path, made->identity);
    find_metrics(made, setup);
    *shard = made;
    return WD_OK;
}

void wd_shard_destroy(struct wd_shard *shard)
{
    if (!shard)
        return;
    wd_desk_destroy(shard->desk);
    wd_state_destroy(shard->state);
    if (shard->standby_knows)
        wd_standby_release(shard->standby, shard->changelog, shard->partition);
    free(shard->topic);
    free(shard);
}

/* Outputs may change with a reload: their series are found with each desk. */
static void find_output_metrics(struct wd_shard *shard, const struct wd_config *config)
{
    const struct wd_pipeline_config *pipeline = &config->pipelines[shard->pipeline];
    char name[160];
    wd_metrics_label(name, sizeof(name), pipeline->name);
    shard->metrics.output_count = pipeline->output_count;
    for (size_t i = 0; i < pipeline->output_count; i++) {
        char topic[600];
        char labels[800];
        wd_metrics_label(topic, sizeof(topic), pipeline->outputs[i].topic);
        (void)snprintf(labels, sizeof(labels), "pipeline=\"%s\",output=\"%s\"", name, topic);
        shard->metrics.outputs[i] =
            wd_metrics_counter(shard->page, "wiredesk_output_records_total",
                               "Records published, by output topic", labels);
    }
}

enum wd_status wd_shard_open_desk(struct wd_shard *shard, struct wd_config *config,
                                  struct wd_error *error)
{
    if (shard->desk)
        wd_shard_report(shard);
    wd_desk_destroy(shard->desk);
    shard->desk = NULL;
    memset(&shard->reported, 0, sizeof(shard->reported));
    find_output_metrics(shard, config);
    return wd_desk_create(config, shard->pipeline, shard->state, &shard->desk, error);
}

/* What the standby has kept warm, unless it is ahead of the changelog: then that was made anew. */
static bool take_standby(struct wd_shard *shard, int64_t changelog_end)
{
    struct wd_state *state = NULL;
    int64_t offset = 0;
    if (!shard->standby || shard->standby_knows)
        return false;
    shard->standby_knows = true;
    struct wd_standby_of of = {shard->changelog, shard->changelog_id, shard->partition};
    if (!wd_standby_take(shard->standby, &of, &state, &offset))
        return false;
    if (offset > changelog_end) {
        wd_state_destroy(state);
        return false;
    }
    wd_state_destroy(shard->state);
    shard->state = state;
    shard->changelog_next = offset;
    wd_log(WD_LEVEL_INFO, "state", "%s [%" PRId32 "]: warm up to changelog offset %" PRId64,
           shard->topic, shard->partition, offset);
    return true;
}

void wd_shard_read_state(struct wd_shard *shard, int64_t changelog_end)
{
    shard->changelog_next = 0;
    if (take_standby(shard, changelog_end) || shard->snapshot_path[0] == '\0')
        return;
    /* Beside an empty changelog it does not matter of which one it is: see below. */
    const char *id = changelog_end == 0 ? NULL : shard->changelog_id;
    struct wd_snapshot_place place = {shard->snapshot_path, shard->identity, id, wall_ms()};
    struct wd_error error;
    wd_error_init(&error);
    int64_t offset = 0;
    enum wd_status status = wd_snapshot_read(&place, shard->state, &offset, &error);
    if (status == WD_OK && changelog_end == 0 && wd_state_count(shard->state) > 0) {
        /* Old, perhaps, but better than to forget all of it. */
        wd_log(WD_LEVEL_ERROR, "state",
               "changelog topic \"%s\" [%" PRId32
               "] is empty: it was deleted; going on with what snapshot %s remembers, what came "
               "after it is forgotten",
               shard->changelog, shard->partition, place.path);
        shard->changelog_gone = true;
        return;
    }
    if (status == WD_OK && offset > changelog_end) {
        wd_state_clear(shard->state);
        status = wd_error_set(&error, WD_FOREIGN,
                              "snapshot %s is ahead of its changelog (%" PRId64 " > %" PRId64
                              "): the topic was made anew",
                              place.path, offset, changelog_end);
    }
    if (status == WD_OK) {
        shard->changelog_next = offset;
        wd_log(WD_LEVEL_INFO, "state", "%s [%" PRId32 "]: snapshot up to changelog offset %" PRId64,
               shard->topic, shard->partition, offset);
    } else if (status != WD_NOT_FOUND) {
        wd_log(WD_LEVEL_WARN, "state", "%s; restoring from the changelog alone", error.text);
    }
}

/* A snapshot on its way to the disk; owns its bytes, knows the shard by number only. */
struct snapshot_job {
    uv_work_t work;
    struct wd_buffer bytes;
    char path[4096];
    uint32_t shard;
    void (*done)(void *context, uint32_t shard);
    void *context;
    struct wd_error error;
};

static void write_job(uv_work_t *work)
{
    struct snapshot_job *job = work->data;
    if (wd_snapshot_write(job->path, wd_buffer_slice(&job->bytes), &job->error) != WD_OK)
        wd_log_limited(uv_hrtime() / 1000000, WD_LEVEL_WARN, "state",
                       "%s; the changelog still has everything", job->error.text);
}

static void finish_job(uv_work_t *work, int status)
{
    struct snapshot_job *job = work->data;
    (void)status;
    job->done(job->context, job->shard);
    wd_buffer_finish(&job->bytes);
    free(job);
}

static struct snapshot_job *make_job(struct wd_shard *shard, const struct wd_changelog_place *end)
{
    struct snapshot_job *job = calloc(1, sizeof(*job));
    if (!job)
        return NULL;
    wd_buffer_init(&job->bytes);
    wd_error_init(&job->error);
    memcpy(job->path, shard->snapshot_path, sizeof(job->path));
    job->shard = shard->id;
    job->work.data = job;
    struct wd_snapshot_head head = {shard->identity, end->id, end->offset, wall_ms()};
    if (wd_snapshot_take(shard->state, &head, &job->bytes) == WD_OK)
        return job;
    wd_buffer_finish(&job->bytes);
    free(job);
    return NULL;
}

static void warn_no_memory(const struct wd_shard *shard)
{
    wd_log(WD_LEVEL_WARN, "state", "no memory for a snapshot of %s [%" PRId32 "]", shard->topic,
           shard->partition);
}

void wd_shard_begin_snapshot(struct wd_shard *shard, uv_loop_t *loop,
                             const struct wd_changelog_place *end,
                             void (*done)(void *context, uint32_t shard), void *context)
{
    shard->snapshot_at_ms = uv_hrtime() / 1000000;
    struct snapshot_job *job = make_job(shard, end);
    if (!job) {
        warn_no_memory(shard);
        return;
    }
    job->done = done;
    job->context = context;
    if (uv_queue_work(loop, &job->work, write_job, finish_job) != 0) {
        wd_buffer_finish(&job->bytes);
        free(job);
        return;
    }
    shard->snapshot_busy = true;
    shard->snapshot_due = false;
}

void wd_shard_write_snapshot(struct wd_shard *shard, const struct wd_changelog_place *end)
{
    struct snapshot_job *job = make_job(shard, end);
    if (!job) {
        warn_no_memory(shard);
        return;
    }
    write_job(&job->work);
    wd_buffer_finish(&job->bytes);
    free(job);
    shard->snapshot_due = false;
}

int64_t wd_shard_due(const struct wd_shard *shard)
{
    int64_t due = shard->next != WD_OFFSET_NONE ? shard->next : shard->committed;
    return due != WD_OFFSET_NONE && due == shard->empty_from ? shard->empty_to : due;
}

void wd_shard_reach_end(struct wd_shard *shard, int64_t end)
{
    int64_t due = shard->next != WD_OFFSET_NONE ? shard->next : shard->committed;
    shard->empty_from = due;
    shard->empty_to = end > due ? end : due;
}

void wd_shard_report(struct wd_shard *shard)
{
    const struct wd_desk_counters *now = wd_desk_counters(shard->desk);
    struct wd_desk_counters *old = &shard->reported;
    struct wd_shard_metrics *m = &shard->metrics;
    wd_counter_add(m->records_in, now->messages - old->messages);
    wd_counter_add(m->stories, now->stories - old->stories);
    wd_counter_add(m->published, now->published - old->published);
    for (size_t i = 0; i < m->output_count; i++)
        wd_counter_add(m->outputs[i], now->outputs[i] - old->outputs[i]);
    wd_counter_add(m->dead, now->dead - old->dead);
    wd_counter_add(m->dropped, now->dropped - old->dropped);
    wd_counter_add(m->unrouted, now->unrouted - old->unrouted);
    wd_counter_add(m->late, now->late - old->late);
    wd_counter_add(m->bytes_in, now->bytes_in - old->bytes_in);
    wd_counter_add(m->bytes_out, now->bytes_out - old->bytes_out);
    for (int i = 0; i < WD_RELATION_COUNT; i++)
        wd_counter_add(m->relations[i], now->relations[i] - old->relations[i]);
    for (int i = 0; i < WD_UPDATE_KIND_COUNT; i++)
        wd_counter_add(m->updates[i], now->updates[i] - old->updates[i]);
    *old = *now;
}

void wd_shard_forget_counts(struct wd_shard *shard)
{
    shard->reported = *wd_desk_counters(shard->desk);
}
