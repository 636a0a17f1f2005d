/* Options by table: what is filled, and every way to be wrong, each with its path. */
#include "test.h"

#include "option.h"

struct sample {
    bool quick;
    int64_t hours;
    double share;
    char *name;
    int mode;
    struct wd_option_strings tags;
    json_t *raw;
};

static const char *const modes[] = {"slow", "fast", NULL};
static const struct wd_option table[] = {
    {.name = "quick", .type = WD_OPTION_BOOL, .offset = offsetof(struct sample, quick)},
    {.name = "hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct sample, hours),
     .fallback = "168",
     .min = 1,
     .max = 1000},
    {.name = "share",
     .type = WD_OPTION_NUMBER,
     .offset = offsetof(struct sample, share),
     .min = 0,
     .max = 1},
    {.name = "name",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct sample, name),
     .required = true},
    {.name = "mode",
     .type = WD_OPTION_ENUM,
     .offset = offsetof(struct sample, mode),
     .fallback = "\"fast\"",
     .choices = modes},
    {.name = "tags", .type = WD_OPTION_STRINGS, .offset = offsetof(struct sample, tags)},
    {.name = "raw", .type = WD_OPTION_JSON, .offset = offsetof(struct sample, raw)},
    {.name = NULL},
};

static void filled(void **state)
{
    (void)state;
    json_t *object =
        json_loads("{\"quick\": true, \"share\": 0.5, \"name\": \"x\", \"tags\": [\"a\", \"b\"],"
                   " \"raw\": {\"k\": 1}, \"use\": \"elsewhere\"}",
                   0, NULL);
    struct sample sample = {0};
    struct wd_faults faults;
    wd_faults_init(&faults);
    const char *const ignored[] = {"use", NULL};
    struct wd_options_place place = {"here", ignored, &faults};
    assert_true(wd_options_fill(table, object, &sample, &place));
    assert_int_equal(faults.count, 0);
    assert_true(sample.quick);
    assert_int_equal(sample.hours, 168);
    assert_true(sample.share == 0.5);
    assert_string_equal(sample.name, "x");
    assert_int_equal(sample.mode, 1);
    assert_int_equal(sample.tags.count, 2);
    assert_string_equal(sample.tags.items[1], "b");
    assert_int_equal(json_integer_value(json_object_get(sample.raw, "k")), 1);
    wd_options_finish(table, &sample);
    assert_null(sample.name);
    json_decref(object);
    wd_faults_finish(&faults);
}

static void one_fault(const char *text, const char *path, const char *part)
{
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    struct sample sample = {0};
    struct wd_faults faults;
    wd_faults_init(&faults);
    struct wd_options_place place = {"here", NULL, &faults};
    assert_false(wd_options_fill(table, object, &sample, &place));
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.items[0].path, path);
    if (!strstr(faults.items[0].text, part))
        fail_msg("\"%s\" does not say \"%s\"", faults.items[0].text, part);
    wd_options_finish(table, &sample);
    json_decref(object);
    wd_faults_finish(&faults);
}

static void wrong(void **state)
{
    (void)state;
    one_fault("{}", "here.name", "is missing");
    one_fault("{\"name\": 7}", "here.name", "string");
    one_fault("{\"name\": \"x\", \"hours\": 0}", "here.hours", "1");
    one_fault("{\"name\": \"x\", \"hours\": 1001}", "here.hours", "1000");
    one_fault("{\"name\": \"x\", \"hours\": 1.5}", "here.hours", "whole number");
    one_fault("{\"name\": \"x\", \"share\": 1.01}", "here.share", "1");
    one_fault("{\"name\": \"x\", \"quick\": \"yes\"}", "here.quick", "true");
    one_fault("{\"name\": \"x\", \"mode\": \"medium\"}", "here.mode", "slow");
    one_fault("{\"name\": \"x\", \"tags\": [1]}", "here.tags", "string");
    one_fault("{\"name\": \"x\", \"hourz\": 3}", "here.hourz", "hours"); /* the nearest name */
}

static void all_at_once(void **state)
{
    (void)state;
    json_t *object = json_loads("{\"hours\": \"x\", \"mode\": 1, \"nonsense\": 1}", 0, NULL);
    struct sample sample = {0};
    struct wd_faults faults;
    wd_faults_init(&faults);
    struct wd_options_place place = {"", NULL, &faults};
    assert_false(wd_options_fill(table, object, &sample, &place));
    assert_int_equal(faults.count, 4); /* and the missing name */
    wd_options_finish(table, &sample);
    json_decref(object);
    wd_faults_finish(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(filled), cmocka_unit_test(wrong),
                                       cmocka_unit_test(all_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
