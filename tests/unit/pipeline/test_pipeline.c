/* Plans: what is refused. Pipelines: outcomes, counters, state; with a processor from a shared object. */
#include "plan_of.h"

#include <stdlib.h>

static const char *const outputs[] = {"stories", NULL};
static const struct wd_environment environment = {
    .directory = WD_TAG_DIR, .outputs = outputs, .log = plan_log_nothing};

static void refused(const char *text, const char *path, const char *part)
{
    struct wd_faults faults;
    plan_refused(plan_of(text, &environment, &faults), &faults, path, part);
}

static void faults(void **state)
{
    (void)state;
    refused("[{\"use\": \"nonsense\"}]", "processors[0]", "dedup");
    refused("[{}]", "processors[0]", "use");
    refused("[7]", "processors[0]", "object");
    refused("[{\"use\": \"dedup\"}, {\"use\": \"dedup\"}]", "processors[1]", "dedup");
    refused("[{\"use\": \"dedup\", \"window_hour\": 3}]", "processors[0].window_hour",
            "window_hours");
    refused("[{\"use\": \"route\", \"otherwise\": [], \"rules\": [{\"when\": {\"relation\": "
            "[\"exact\"]}, \"to\": "
            "[\"stories\"]}]}, {\"use\": \"dedup\"}]",
            "processors[0]", "duplicate verdict");
    refused("[{\"use\": \"./libwd_tag_wrong.so\"}]", "processors[0]", "interface");
    refused("[{\"use\": \"./not_there.so\"}]", "processors[0]", "not_there.so");
}

static struct wd_story *story_of(const char *headline)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    story->headline = wd_slice_from(headline);
    return story;
}

static enum wd_outcome run(struct wd_pipeline *pipeline, const char *headline, size_t *verdicts)
{
    struct wd_error error;
    wd_error_init(&error);
    size_t processor = 99;
    struct wd_story *story = story_of(headline);
    enum wd_outcome outcome = wd_pipeline_process(pipeline, story, &processor, &error);
    assert_int_equal(processor, outcome == WD_PASS ? 1 : 0);
    if (outcome == WD_REJECT)
        assert_string_equal(error.text, "as it asked");
    *verdicts = story->verdict_count;
    wd_story_destroy(story);
    return outcome;
}

static void shared_object(void **unused)
{
    (void)unused;
    struct wd_faults found;
    struct wd_error error;
    wd_error_init(&error);
    struct wd_plan *plan =
        plan_of("[{\"use\": \"./libwd_tag.so\", \"name\": \"counter\"}]", &environment, &found);
    if (!plan)
        fail_msg("%s: %s", found.items[0].path, found.items[0].text);
    assert_int_equal(wd_plan_processor_count(plan), 1);
    assert_string_equal(wd_plan_processor_name(plan, 0), "counter");
    assert_true(wd_plan_has_state(plan));
    struct wd_state *state = wd_state_create();
    assert_int_equal(wd_plan_add_tables(plan, state, &error), WD_OK);
    assert_non_null(wd_state_find_table(state, WD_SLICE("counter.counts")));
    struct wd_pipeline *pipeline = NULL;
    assert_int_equal(wd_pipeline_create(plan, state, &pipeline, &error), WD_OK);
    size_t verdicts = 0;
    assert_int_equal(run(pipeline, "one", &verdicts), WD_PASS);
    assert_int_equal(verdicts, 1);
    assert_int_equal(run(pipeline, "reject me", &verdicts), WD_REJECT);
    assert_int_equal(run(pipeline, "three", &verdicts), WD_DROP);
    wd_state_commit(state);
    assert_int_equal(run(pipeline, "four", &verdicts), WD_PASS);
    wd_state_rollback(state); /* the fourth never was */
    assert_int_equal(run(pipeline, "four again", &verdicts), WD_PASS);
    assert_int_equal(run(pipeline, "five", &verdicts), WD_PASS);
    assert_int_equal(run(pipeline, "six", &verdicts), WD_DROP);
    const struct wd_processor_counters *counters = wd_pipeline_counters(pipeline, 0);
    assert_int_equal(counters->passed, 4);
    assert_int_equal(counters->rejected, 1);
    assert_int_equal(counters->dropped, 2);
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    wd_plan_release(plan);
    wd_faults_finish(&found);
}

/* Once before the first processor, and again for each that announces the story before its turn. */
static void told_again(void **unused)
{
    (void)unused;
    struct wd_faults found;
    struct wd_error error;
    wd_error_init(&error);
    struct wd_plan *plan = plan_of("[{\"use\": \"./libwd_tag.so\", \"name\": \"first\"},"
                                   " {\"use\": \"./libwd_tag.so\", \"name\": \"second\"},"
                                   " {\"use\": \"./libwd_tag.so\", \"name\": \"third\"}]",
                                   &environment, &found);
    assert_non_null(plan);
    struct wd_state *state = wd_state_create();
    struct wd_pipeline *pipeline = NULL;
    assert_int_equal(wd_plan_add_tables(plan, state, &error), WD_OK);
    assert_int_equal(wd_pipeline_create(plan, state, &pipeline, &error), WD_OK);
    struct wd_story *story = wd_story_create(65536);
    assert_int_equal(wd_pipeline_process(pipeline, story, NULL, &error), WD_PASS);
    assert_int_equal(story->verdict_count, 3);
    const char *const told[] = {"{\"told\":1}", "{\"told\":2}", "{\"told\":3}"};
    for (size_t i = 0; i < 3; i++)
        assert_true(wd_slice_is(story->verdicts[i].json, told[i]));
    wd_story_destroy(story);
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    wd_plan_release(plan);
    wd_faults_finish(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults), cmocka_unit_test(shared_object),
                                       cmocka_unit_test(told_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
