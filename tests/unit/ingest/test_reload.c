/* Lists that change beside a loop that goes on: taken when they are whole, refused when they are not. */
#include "test.h"

#include "log.h"
#include "reload.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INTERVAL_MS = 5, LIMIT_MS = 20000 };

static const char config_text[] =
    "{\"kafka\": {\"bootstrap.servers\": \"h:1\"}, \"admin\": null, \"pipelines\": [{\"name\": "
    "\"news\","
    " \"input\": {\"topics\": [\"raw\"]}, \"processors\": [{\"use\": \"entities\", \"model\": "
    "false,"
    " \"gazetteer\": false, \"population_min\": %d,"
    " \"lists\": [{\"name\": \"clients\", \"file\": \"clients.csv\"}]}],"
    " \"outputs\": [{\"name\": \"out\", \"topic\": \"%s\"}], \"dead_letter\": \"dead\"}]}\n";

struct bench {
    char folder[64];
    char config_path[96];
    char list_path[96];
    uv_loop_t loop;
    uv_timer_t limit;
    uv_timer_t beat; /* counts how often the loop comes round */
    struct wd_reload *reload;
    struct wd_config *taken;
    unsigned take_count, answer_count, beat_count;
    unsigned takes_wanted, answers_wanted;
};

static void write_file(const char *path, const char *text)
{
    char aside[128];
    (void)snprintf(aside, sizeof(aside), "%s.new", path);
    FILE *file = fopen(aside, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(aside, path), 0);
}

static void write_config(const struct bench *bench, int population, const char *topic)
{
    char text[1024];
    (void)snprintf(text, sizeof(text), config_text, population, topic);
    write_file(bench->config_path, text);
}

static void stop_when_done(struct bench *bench)
{
    if (bench->take_count >= bench->takes_wanted && bench->answer_count >= bench->answers_wanted)
        uv_stop(&bench->loop);
}

static void on_take(void *context, struct wd_config *next)
{
    struct bench *bench = context;
    wd_config_release(bench->taken);
    bench->taken = next;
    bench->take_count++;
    stop_when_done(bench);
}

static void on_answered(void *context)
{
    struct bench *bench = context;
    bench->answer_count++;
    stop_when_done(bench);
}

/* As if the topic "nowhere" did not exist, and asking for "slow" took for ever. */
static enum wd_status check_topics(const struct wd_config *next, const struct wd_config *old,
                                   bool (*stopped)(void *context), void *context,
                                   struct wd_error *error)
{
    const char *topic = next->pipelines[0].outputs[0].topic;
    assert_ptr_not_equal(next, old);
    while (strcmp(topic, "slow") == 0 && !stopped(context))
        uv_sleep(1);
    if (strcmp(topic, "out") == 0)
        return WD_OK;
    return wd_error_set(error, WD_NOT_FOUND, "no topic %s", topic);
}

static void on_limit(uv_timer_t *timer)
{
    (void)timer;
    fail_msg("nothing came within %d ms", LIMIT_MS);
}

static void on_beat(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    bench->beat_count++;
}

static void run_until(struct bench *bench, unsigned takes, unsigned answers)
{
    bench->takes_wanted = takes;
    bench->answers_wanted = answers;
    (void)uv_timer_start(&bench->limit, on_limit, LIMIT_MS, 0);
    (void)uv_run(&bench->loop, UV_RUN_DEFAULT);
    (void)uv_timer_stop(&bench->limit);
    assert_int_equal(bench->take_count, takes);
    assert_int_equal(bench->answer_count, answers);
}

static void begin(struct bench *bench, const char *list)
{
    memset(bench, 0, sizeof(*bench));
    (void)strcpy(bench->folder, "/tmp/wd-test-reload-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    (void)snprintf(bench->config_path, sizeof(bench->config_path), "%s/a.json", bench->folder);
    (void)snprintf(bench->list_path, sizeof(bench->list_path), "%s/clients.csv", bench->folder);
    write_config(bench, 5000, "out");
    write_file(bench->list_path, list);
    struct wd_faults faults;
    wd_faults_init(&faults);
    assert_int_equal(wd_config_load(bench->config_path, true, &bench->taken, &faults), WD_OK);
    wd_faults_finish(&faults);
    assert_int_equal(uv_loop_init(&bench->loop), 0);
    (void)uv_timer_init(&bench->loop, &bench->limit);
    (void)uv_timer_init(&bench->loop, &bench->beat);
    bench->beat.data = bench;
    (void)uv_timer_start(&bench->beat, on_beat, 1, 1);
    struct wd_reload_setup setup = {&bench->loop, bench->taken, INTERVAL_MS, check_topics,
                                    on_take,      on_answered,  bench};
    assert_int_equal(wd_reload_create(&setup, &bench->reload), WD_OK);
}

static void end(struct bench *bench)
{
    wd_reload_close(bench->reload);
    uv_close((uv_handle_t *)&bench->limit, NULL);
    uv_close((uv_handle_t *)&bench->beat, NULL);
    (void)uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    wd_config_release(bench->taken);
    (void)unlink(bench->config_path);
    (void)unlink(bench->list_path);
    assert_int_equal(rmdir(bench->folder), 0);
}

/* Whether the list that counts marks "Zorbo". */
static bool marks_zorbo(const struct bench *bench)
{
    struct wd_error error;
    struct wd_pipeline *pipeline = NULL;
    struct wd_state *state = wd_state_create();
    struct wd_story *story = wd_story_create(1 << 20);
    wd_error_init(&error);
    assert_int_equal(wd_pipeline_create(bench->taken->pipelines[0].plan, state, &pipeline, &error),
                     WD_OK);
    story->headline = WD_SLICE("Zorbo buys Pelagia Lines");
    assert_int_equal(wd_pipeline_process(pipeline, story, NULL, &error), WD_PASS);
    bool found = story->entity_count == 1 && wd_slice_is(story->entities[0].text, "Zorbo");
    assert_int_equal(story->entity_count, found ? 1 : 0);
    wd_story_destroy(story);
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    return found;
}

static void a_changed_list_is_taken(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, "name\nQuibble Trust\n");
    assert_false(marks_zorbo(&bench));
    write_file(bench.list_path, "name\nQuibble Trust\nZorbo\n");
    run_until(&bench, 1, 0);
    assert_true(marks_zorbo(&bench));
    end(&bench);
}

/* Changed after it was read and before anybody looked: the stamp is from before the reading. */
static void a_change_before_the_watch_is_noticed(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, "name\nQuibble Trust\n");
    wd_reload_close(bench.reload);
    write_file(bench.list_path, "name\nZorbo\n");
    struct wd_reload_setup setup = {&bench.loop, bench.taken, INTERVAL_MS, check_topics,
                                    on_take,     on_answered, &bench};
    assert_int_equal(wd_reload_create(&setup, &bench.reload), WD_OK);
    run_until(&bench, 1, 0);
    assert_true(marks_zorbo(&bench));
    end(&bench);
}

static char said[4 * WD_LOG_LINE_MAX];

static void on_look(uv_timer_t *timer)
{
    int *file = timer->data;
    ssize_t len = pread(*file, said, sizeof(said) - 1, 0);
    said[len > 0 ? len : 0] = '\0';
    if (strstr(said, "go on"))
        uv_stop(timer->loop);
}

/* A broken list is refused with file and line; the old one goes on; a mended one is taken. */
static void a_broken_list_is_refused(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, "name\nZorbo\n");
    char path[] = "/tmp/wd-test-reload-log-XXXXXX";
    int file = mkstemp(path);
    int before = dup(STDERR_FILENO);
    assert_true(file >= 0 && before >= 0 && dup2(file, STDERR_FILENO) >= 0);
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_INFO);
    write_file(bench.list_path, "name,type\nZorbo,organisation\nQuibble,planet\n");
    uv_timer_t look;
    (void)uv_timer_init(&bench.loop, &look);
    look.data = &file;
    (void)uv_timer_start(&look, on_look, 1, 1);
    run_until(&bench, 0, 0);
    uv_close((uv_handle_t *)&look, NULL);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    (void)close(before);
    (void)close(file);
    (void)unlink(path);
    assert_non_null(strstr(said, "clients.csv has changed"));
    assert_non_null(strstr(said, "reload refused"));
    assert_non_null(strstr(said, "clients.csv:3: ")); /* what, and where */
    assert_non_null(strstr(said, "planet"));
    assert_true(marks_zorbo(&bench));
    write_file(bench.list_path, "name\nQuibble\n");
    run_until(&bench, 1, 0);
    assert_false(marks_zorbo(&bench));
    end(&bench);
}

/* A change of the lists takes the configuration that counts, not what stands in its file by now. */
static void a_list_brings_no_other_options(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, "name\nQuibble\n");
    write_file(bench.config_path, "{ half of a configuration");
    write_file(bench.list_path, "name\nZorbo\n");
    run_until(&bench, 1, 0);
    assert_true(marks_zorbo(&bench));
    assert_string_equal(bench.taken->path, bench.config_path);
    wd_reload_ask(bench.reload);
    run_until(&bench, 1, 1); /* refused, and answered */
    write_config(&bench, 7000, "out");
    wd_reload_ask(bench.reload);
    run_until(&bench, 2, 2);
    assert_true(marks_zorbo(&bench));
    end(&bench);
}

/* What can only be found out by asking, without a fault in the file, refuses it, too. */
static void a_missing_topic_is_refused(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, "name\nZorbo\n");
    write_config(&bench, 7000, "nowhere");
    wd_reload_ask(bench.reload);
    run_until(&bench, 0, 1);
    write_config(&bench, 7000, "out");
    wd_reload_ask(bench.reload);
    run_until(&bench, 1, 2);
    write_config(&bench, 7000, "slow");
    wd_reload_ask(bench.reload);
    end(&bench); /* nobody waits for it */
    assert_int_equal(bench.take_count, 1);
}

/* The loop comes round while a long list is read: over 200 ms of reading, a beat every millisecond. */
static void the_loop_goes_on(void **state)
{
    (void)state;
    enum { ENTRIES = 200000 };
    struct bench bench;
    begin(&bench, "name\nQuibble\n");
    char aside[128];
    (void)snprintf(aside, sizeof(aside), "%s.new", bench.list_path);
    FILE *file = fopen(aside, "wb");
    assert_non_null(file);
    (void)fputs("name,id\nZorbo,x:0\n", file);
    for (int i = 0; i < ENTRIES; i++)
        (void)fprintf(file, "Company Number%d Limited,x:%d\n", i, i);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(aside, bench.list_path), 0);
    uint64_t begun = uv_hrtime();
    run_until(&bench, 1, 0);
    uint64_t spent_ms = (uv_hrtime() - begun) / 1000000;
    assert_true(marks_zorbo(&bench));
    assert_true(bench.beat_count > 10);
    assert_true(bench.beat_count > spent_ms / 20);
    end(&bench);
}

/* Closed while a worker reads: what it finds is let go. */
static void closing_in_the_middle(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, "name\nQuibble\n");
    wd_reload_ask(bench.reload);
    end(&bench);
    assert_int_equal(bench.take_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_list_is_taken),
        cmocka_unit_test(a_change_before_the_watch_is_noticed),
        cmocka_unit_test(a_broken_list_is_refused),
        cmocka_unit_test(a_list_brings_no_other_options),
        cmocka_unit_test(a_missing_topic_is_refused),
        cmocka_unit_test(the_loop_goes_on),
        cmocka_unit_test(closing_in_the_middle),
    };
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
