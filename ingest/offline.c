#include "offline.h"

#include <stdio.h>
#include <stdlib.h>

struct line_up {
    struct wd_state *state;
    struct wd_desk *desk;
    int64_t offset; /* of the next message */
};

struct wd_offline {
    struct wd_config *config;
    struct line_up pipelines[WD_PIPELINES_MAX];
    wd_emit *emit;
    void *context;
    int64_t timestamp_ms; /* of the message at hand: what it causes has the same */
};

static enum wd_status open_pipeline(struct wd_offline *offline, size_t index,
                                    struct wd_error *error)
{
    struct line_up *line_up = &offline->pipelines[index];
    line_up->state = wd_state_create();
    if (!line_up->state)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for state");
    enum wd_status status =
        wd_plan_add_tables(offline->config->pipelines[index].plan, line_up->state, error);
    if (status != WD_OK)
        return status;
    return wd_desk_create(offline->config, index, line_up->state, &line_up->desk, error);
}

enum wd_status wd_offline_create(struct wd_config *config, wd_emit *emit, void *context,
                                 struct wd_offline **offline, struct wd_error *error)
{
    struct wd_offline *made = calloc(1, sizeof(*made));
    *offline = NULL;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for pipelines");
    made->config = wd_config_retain(config);
    made->emit = emit;
    made->context = context;
    for (size_t i = 0; i < config->pipeline_count; i++) {
        enum wd_status status = open_pipeline(made, i, error);
        if (status != WD_OK) {
            wd_offline_destroy(made);
            return status;
        }
    }
    *offline = made;
    return WD_OK;
}

void wd_offline_observe(struct wd_offline *offline, wd_desk_observer *observer, void *context)
{
    for (size_t i = 0; i < offline->config->pipeline_count; i++)
        wd_desk_observe(offline->pipelines[i].desk, observer, context);
}

void wd_offline_destroy(struct wd_offline *offline)
{
    if (!offline)
        return;
    for (size_t i = 0; i < offline->config->pipeline_count; i++) {
        wd_desk_destroy(offline->pipelines[i].desk);
        wd_state_destroy(offline->pipelines[i].state);
    }
    wd_config_release(offline->config);
    free(offline);
}

static enum wd_status take(struct wd_offline *offline, size_t pipeline,
                           struct wd_desk_message *message, struct wd_error *error);

static enum wd_status hand_on(void *context, const struct wd_emission *emission)
{
    struct wd_offline *offline = context;
    enum wd_status status = offline->emit(offline->context, emission);
    for (size_t i = 0; status == WD_OK && i < offline->config->pipeline_count; i++) {
        char topic[256];
        (void)snprintf(topic, sizeof(topic), "%.*s", WD_SLICE_ARG(emission->topic));
        if (!wd_config_reads_topic(&offline->config->pipelines[i], topic))
            continue;
        struct wd_error error;
        wd_error_init(&error);
        struct wd_desk_message message = {
            .topic = emission->topic,
            .key = emission->key,
            .value = emission->payload,
            .timestamp_ms = offline->timestamp_ms,
        };
        return take(offline, i, &message, &error);
    }
    return status;
}

static enum wd_status take(struct wd_offline *offline, size_t pipeline,
                           struct wd_desk_message *message, struct wd_error *error)
{
    struct line_up *line_up = &offline->pipelines[pipeline];
    message->partition = -1;
    message->offset = line_up->offset++;
    enum wd_status status = wd_desk_take(line_up->desk, message, hand_on, offline, error);
    wd_state_commit(line_up->state);
    return status;
}

enum wd_status wd_offline_take(struct wd_offline *offline, size_t pipeline,
                               struct wd_desk_message *message, struct wd_error *error)
{
    offline->timestamp_ms = message->timestamp_ms;
    return take(offline, pipeline, message, error);
}
