/* entities_run.h - runs the processor entities, alone or behind others, on one story after the other. */
#ifndef WD_ENTITIES_RUN_H
#define WD_ENTITIES_RUN_H

#include "joined_ids.h"
#include "test.h"

#include "pipeline.h"

#include <stdio.h>

struct run {
    struct wd_plan *plan;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
    struct wd_story *story;
};

static void no_log(void *context, int level, const char *text)
{
    (void)context;
    (void)level;
    (void)text;
}

/* A list of processors as a configuration has it. */
static inline struct run run_processors(const char *text)
{
    struct run run = {0};
    json_error_t json_error;
    json_t *list = json_loads(text, 0, &json_error);
    if (!list)
        fail_msg("%s: %s", json_error.text, text);
    struct wd_faults faults;
    wd_faults_init(&faults);
    static const char *const outputs[] = {"stories", NULL};
    const struct wd_environment environment = {
        .directory = WD_SOURCE_DIR, .outputs = outputs, .log = no_log};
    run.plan = wd_plan_create(list, "processors", &environment, true, &faults);
    if (!run.plan)
        fail_msg("%s: %s", faults.items[0].path, faults.items[0].text);
    wd_faults_finish(&faults);
    json_decref(list);
    struct wd_error error;
    wd_error_init(&error);
    run.state = wd_state_create();
    assert_non_null(run.state);
    assert_int_equal(wd_plan_add_tables(run.plan, run.state, &error), WD_OK);
    assert_int_equal(wd_pipeline_create(run.plan, run.state, &run.pipeline, &error), WD_OK);
    run.story = wd_story_create(64 << 20);
    assert_non_null(run.story);
    return run;
}

/* With these options of the processor, as JSON members: "\"model\": false". */
static inline struct run run_begin(const char *options)
{
    char text[8192];
    int len = snprintf(text, sizeof(text), "[{\"use\": \"entities\"%s%s}]", *options ? ", " : "",
                       options);
    assert_in_range(len, 1, sizeof(text) - 1);
    return run_processors(text);
}

/* What a plan with this processor alone is refused for, at this path and in these words. */
static inline void run_refused(const char *options, const char *path, const char *part)
{
    struct wd_faults faults;
    char text[1024];
    (void)snprintf(text, sizeof(text), "[{\"use\": \"entities\", %s}]", options);
    json_t *list = json_loads(text, 0, NULL);
    assert_non_null(list);
    wd_faults_init(&faults);
    static const char *const outputs[] = {"stories", NULL};
    const struct wd_environment environment = {
        .directory = WD_SOURCE_DIR, .outputs = outputs, .log = no_log};
    assert_null(wd_plan_create(list, "p", &environment, false, &faults));
    assert_true(faults.count > 0);
    if (!strstr(faults.items[0].path, path) || !strstr(faults.items[0].text, part))
        fail_msg("%s: %s: not %s and %s", faults.items[0].path, faults.items[0].text, path, part);
    wd_faults_finish(&faults);
    json_decref(list);
}

static inline void run_end(struct run *run)
{
    wd_story_destroy(run->story);
    wd_pipeline_destroy(run->pipeline);
    wd_state_destroy(run->state);
    wd_plan_release(run->plan);
}

/* A story with this headline and body; paragraphs end with a line feed. */
static inline void run_story(struct run *run, const char *headline, const char *body)
{
    struct wd_error error;
    wd_error_init(&error);
    size_t processor = 0;
    run->story->headline = wd_slice_from(headline);
    struct wd_slice rest = wd_slice_from(body);
    struct wd_slice line;
    while (wd_text_next_line(&rest, &line))
        assert_int_equal(wd_story_add_paragraph(run->story, line), WD_OK);
    if (wd_pipeline_process(run->pipeline, run->story, &processor, &error) != WD_PASS)
        fail_msg("%s", error.text);
}

/* The entity of the n-th mention with this text, from 0. */
static inline const struct wd_named *named_by(const struct run *run, const char *text, size_t n)
{
    for (size_t i = 0; i < run->story->entity_count; i++) {
        const struct wd_entity *entity = &run->story->entities[i];
        if (wd_slice_is(entity->text, text) && n-- == 0)
            return &run->story->named[entity->named];
    }
    fail_msg("\"%s\" is not marked", text);
    return NULL;
}

static inline bool is_marked(const struct run *run, const char *text)
{
    for (size_t i = 0; i < run->story->entity_count; i++) {
        if (wd_slice_is(run->story->entities[i].text, text))
            return true;
    }
    return false;
}

static inline void ids_are(const struct wd_named *named, const char *wanted)
{
    char ids[1024];
    assert_string_equal(joined_ids(named, ids, sizeof(ids)), wanted);
}

#endif
