/* Rules: what each condition asks for, what is refused, and who ends the search. */
#include "plan_of.h"

#include <stdio.h>

enum { STORIES = 1, UPDATES = 2, DUPLICATES = 4 };

static const char *const outputs[] = {"stories", "updates", "duplicates", NULL};
static const struct wd_environment environment = {.directory = ".",
                                                  .outputs = outputs,
                                                  .log = plan_log_nothing,
                                                  .given = WD_PART_DEDUP | WD_PART_UPDATE};

static struct wd_plan *plan_with(const char *rules, struct wd_faults *faults)
{
    char text[2048];
    (void)snprintf(text, sizeof(text),
                   "[{\"use\": \"route\", \"rules\": %s, \"otherwise\": [\"stories\"]}]", rules);
    return plan_of(text, &environment, faults);
}

static void refused(const char *rules, const char *path, const char *part)
{
    struct wd_faults faults;
    plan_refused(plan_with(rules, &faults), &faults, path, part);
}

/* Where `story` goes by `rules`. */
static uint32_t routes_of(const char *rules, struct wd_story *story)
{
    struct wd_faults faults;
    struct wd_error error;
    wd_error_init(&error);
    struct wd_plan *plan = plan_with(rules, &faults);
    if (!plan)
        fail_msg("%s: %s", faults.items[0].path, faults.items[0].text);
    struct wd_state *state = wd_state_create();
    struct wd_pipeline *pipeline = NULL;
    assert_int_equal(wd_plan_add_tables(plan, state, &error), WD_OK);
    assert_int_equal(wd_pipeline_create(plan, state, &pipeline, &error), WD_OK);
    assert_int_equal(wd_pipeline_process(pipeline, story, NULL, &error), WD_PASS);
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    wd_plan_release(plan);
    wd_faults_finish(&faults);
    return story->routes;
}

static struct wd_story *reprint_of_a_wire(void)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    story->provider = WD_SLICE("harbour-post");
    story->language = WD_SLICE("en-GB");
    story->dedup.relation = WD_RELATION_REPRINT;
    story->update.kind = WD_UPDATE_REPEAT;
    story->update.reprint = true;
    story->signals = WD_SIGNAL_REPEAT;
    return story;
}

/* `when` alone decides between duplicates and otherwise. */
static void expect(const char *when, bool matches)
{
    char rules[512];
    struct wd_story *story = reprint_of_a_wire();
    (void)snprintf(rules, sizeof(rules), "[{\"when\": {%s}, \"to\": [\"duplicates\"]}]", when);
    uint32_t routes = routes_of(rules, story);
    if (routes != (matches ? DUPLICATES : STORIES))
        fail_msg("%s: goes to %u", when, (unsigned)routes);
    wd_story_destroy(story);
}

static void conditions(void **state)
{
    (void)state;
    expect("\"relation\": [\"exact\", \"reprint\"]", true);
    expect("\"relation\": [\"exact\"]", false);
    expect("\"update\": [\"repeat\"]", true);
    expect("\"update\": [\"new\", \"update\"]", false);
    expect("\"status\": [\"usable\"]", true);
    expect("\"status\": [\"canceled\"]", false);
    expect("\"signals\": [\"kill\", \"repeat\"]", true);
    expect("\"signals\": [\"kill\"]", false);
    expect("\"change\": [\"unknown\"]", true);
    expect("\"change\": [\"factual\"]", false);
    expect("\"advisory\": [\"kill\"]", false);
    expect("\"provider\": [\"harbour-post\"]", true);
    expect("\"provider\": [\"harbour\"]", false);
    expect("\"language\": [\"en\"]", true);
    expect("\"language\": [\"EN-gb\"]", true);
    expect("\"language\": [\"eng\"]", true);
    expect("\"language\": [\"e\", \"en-US\"]", false);
    expect("\"late\": false", true);
    expect("\"late\": true", false);
    expect("\"reprint\": true", true);
    expect("\"reprint\": false", false);
    expect("\"reprint\": true, \"relation\": [\"exact\"]", false); /* all must be met */
    expect("", true);
}

static void an_advisory_is_a_condition(void **state)
{
    (void)state;
    struct wd_story *story = reprint_of_a_wire();
    struct wd_advisory *advisory = wd_story_add_advisory(story);
    assert_non_null(advisory);
    advisory->kind = WD_ADVISORY_WITHHOLD;
    assert_int_equal(
        routes_of("[{\"when\": {\"advisory\": [\"withhold\"]}, \"to\": [\"updates\"]}]", story),
        UPDATES);
    assert_int_equal(
        routes_of("[{\"when\": {\"advisory\": [\"kill\"]}, \"to\": [\"updates\"]}]", story),
        STORIES);
    wd_story_destroy(story);
}

static void order_of_rules(void **state)
{
    (void)state;
    struct wd_story *story = reprint_of_a_wire();
    assert_int_equal(routes_of("[{\"to\": [\"updates\"]}, {\"to\": [\"duplicates\"]}]", story),
                     UPDATES | DUPLICATES);
    assert_int_equal(
        routes_of("[{\"to\": [\"updates\"], \"stop\": true}, {\"to\": [\"duplicates\"]}]", story),
        UPDATES);
    /* "also" adds, and leaves it to "otherwise" where the story goes besides. */
    assert_int_equal(routes_of("[{\"to\": [\"updates\"], \"also\": true}]", story),
                     UPDATES | STORIES);
    assert_int_equal(routes_of("[{\"to\": []}]", story), 0); /* nowhere, and that is a match */
    wd_story_destroy(story);
}

static void faults(void **state)
{
    (void)state;
    refused("7", "processors[0].rules", "list");
    refused("[7]", "processors[0].rules[0]", "object");
    refused("[{}]", "processors[0].rules[0].to", "list");
    refused("[{\"to\": [\"story\"]}]", "processors[0].rules[0].to", "'story' is not the name");
    refused("[{\"to\": [7]}]", "processors[0].rules[0].to", "strings");
    refused("[{\"to\": [], \"wen\": {}}]", "processors[0].rules[0].wen", "use when");
    refused("[{\"to\": [], \"when\": []}]", "processors[0].rules[0].when", "object");
    refused("[{\"to\": [], \"stop\": 1}]", "processors[0].rules[0].stop", "true or false");
    refused("[{\"to\": []}, {\"to\": [], \"when\": {\"relation\": [\"copy\"]}}]",
            "processors[0].rules[1].when.relation", "'copy' is no relation");
    refused("[{\"to\": [], \"when\": {\"update\": \"new\"}}]", "processors[0].rules[0].when.update",
            "list");
    refused("[{\"to\": [], \"when\": {\"reprint\": \"yes\"}}]",
            "processors[0].rules[0].when.reprint", "true or false");
    refused("[{\"to\": [], \"when\": {\"repeats\": true}}]", "processors[0].rules[0].when.repeats",
            "is no condition");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions),
        cmocka_unit_test(an_advisory_is_a_condition),
        cmocka_unit_test(order_of_rules),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
