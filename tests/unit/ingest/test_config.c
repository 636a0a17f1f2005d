/* The configuration: every fault at once with line and path, secrets, what a reload may change. */
#include "test.h"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

static const char base[] =
    "{\n"
    "  \"name\": \"desk\",\n"
    "  \"kafka\": {\"bootstrap.servers\": \"h:1\", \"sasl.password\": \"${env:WD_TEST_SECRET}\"},\n"
    "  \"log\": {\"level\": \"%s\"},\n"
    "  \"lanes\": %s,\n"
    "  \"providers\": [{\"name\": \"ap\", \"zone\": \"America/New_York\", \"match\": {\"topic\": "
    "\"^ap\\\\.\"}}],\n"
    "  \"pipelines\": [\n"
    "    {\"name\": \"news\", \"input\": {\"topics\": [\"raw\"]}, \"processors\": [{\"use\": "
    "\"dedup\", \"words_min\": %s}],\n"
    "     \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}], \"dead_letter\": \"dead\"}]\n"
    "}\n";

static enum wd_status load(struct wd_config **config, struct wd_faults *faults, const char *level,
                           const char *lanes, const char *hours)
{
    char text[2048];
    (void)snprintf(text, sizeof(text), base, level, lanes, hours);
    wd_faults_init(faults);
    return wd_config_load_text(text, ".", true, config, faults);
}

static void good(void **state)
{
    (void)state;
    struct wd_config *config = NULL;
    struct wd_faults faults;
    assert_int_equal(load(&config, &faults, "info", "2", "24"), WD_OK);
    assert_string_equal(config->group, "desk");
    assert_int_equal(config->lanes, 2);
    assert_true(config->exactly_once);
    assert_string_equal(wd_config_provider(config, WD_SLICE("ap.raw"), NULL, 0)->name, "ap");
    assert_string_equal(wd_config_provider(config, WD_SLICE("other"), NULL, 0)->name, "default");
    bool found = false;
    for (size_t i = 0; i < config->kafka_count; i++)
        found = found || strcmp(config->kafka[i].value, "topsecret") == 0;
    assert_true(found); /* librdkafka gets it ... */
    json_t *masked = wd_config_masked(config);
    char *text = json_dumps(masked, 0);
    assert_null(strstr(text, "topsecret")); /* ... and nobody else */
    assert_null(strstr(text, "WD_TEST_SECRET"));
    assert_non_null(strstr(text, "********"));
    free(text);
    json_decref(masked);
    wd_config_release(config);
    wd_faults_finish(&faults);
}

static const struct wd_fault *fault_at(const struct wd_faults *faults, const char *path)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (strcmp(faults->items[i].path, path) == 0)
            return &faults->items[i];
    }
    fail_msg("no fault at %s", path);
    return NULL;
}

static const char providers[] =
    "{\"kafka\": {}, \"providers\": [%s],"
    "\"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"raw\"]}, \"processors\": [],"
    "\"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}], \"dead_letter\": \"dead\"}]}";

static enum wd_status load_providers(struct wd_config **config, struct wd_faults *faults,
                                     const char *list)
{
    char text[2048];
    (void)snprintf(text, sizeof(text), providers, list);
    wd_faults_init(faults);
    return wd_config_load_text(text, ".", true, config, faults);
}

/* By topic and header before the story is read, by its source then; the first rule that fits all the way. */
static void provider_of_a_story(void **state)
{
    (void)state;
    struct wd_config *config = NULL;
    struct wd_faults faults;
    assert_int_equal(
        load_providers(
            &config, &faults,
            "{\"name\": \"w\", \"urgency\": {\"r\": 4}, \"match\": {\"source\": \"W\"}},"
            "{\"name\": \"x-on-a\", \"version_order\": \"number\", \"kill_words\": "
            "[\"pulled\", \"spiked\"], \"match\": {\"source\": \"^x\", \"topic\": \"a\"}},"
            "{\"name\": \"a\", \"match\": {\"topic\": \"a\"}}"),
        WD_OK);
    struct wd_slice a = WD_SLICE("a");
    struct wd_slice b = WD_SLICE("b");
    assert_string_equal(wd_config_provider(config, a, NULL, 0)->name, "a");
    assert_string_equal(wd_config_provider(config, b, NULL, 0)->name, "default");
    assert_string_equal(wd_config_provider_of(config, b, NULL, 0, WD_SLICE("W"))->name, "w");
    assert_string_equal(wd_config_provider_of(config, b, NULL, 0, WD_SLICE("WW"))->name, "default");
    assert_string_equal(wd_config_provider_of(config, b, NULL, 0, WD_SLICE("xca"))->name,
                        "default");
    const struct wd_provider *both = wd_config_provider_of(config, a, NULL, 0, WD_SLICE("xca"));
    assert_string_equal(both->name, "x-on-a");
    assert_int_equal(both->version_order, WD_VERSION_ORDER_NUMBER + 1);
    assert_int_equal(both->kill_word_count, 2);
    assert_int_equal(config->providers[0].provider.urgency['r'], 4);
    wd_config_release(config);
    wd_faults_finish(&faults);
}

static void faults_of_providers(void **state)
{
    static const char *const texts[] = {"version_order",      "zone", "charset", "\"ff\"", "\"r\"",
                                        "regular expression", "needs"};
    (void)state;
    struct wd_config *config = NULL;
    struct wd_faults faults;
    assert_int_equal(
        load_providers(
            &config, &faults,
            "{\"name\": \"a\", \"zone\": \"Mars/Base\", \"charset\": \"nonsense\", \"urgency\":"
            " {\"ff\": 1, \"r\": 12}, \"version_order\": \"maybe\", \"match\": {\"source\":"
            " \"^([\"}}, {\"name\": \"b\", \"match\": {}}"),
        WD_CONFLICT);
    assert_int_equal(faults.count, sizeof(texts) / sizeof(texts[0]));
    for (size_t i = 0; i < faults.count; i++)
        assert_true(strstr(faults.items[i].path, texts[i]) ||
                    strstr(faults.items[i].text, texts[i]));
    wd_faults_finish(&faults);
}

static void all_faults(void **state)
{
    (void)state;
    struct wd_config *config = NULL;
    struct wd_faults faults;
    assert_int_equal(load(&config, &faults, "loud", "\"two\"", "0"), WD_CONFLICT);
    assert_null(config);
    assert_int_equal(faults.count, 3);
    assert_int_equal(fault_at(&faults, "log.level")->line, 4);
    assert_int_equal(fault_at(&faults, "lanes")->line, 5);
    assert_int_equal(fault_at(&faults, "pipelines[0].processors[0].words_min")->line, 8);
    wd_faults_finish(&faults);
    wd_faults_init(&faults);
    assert_int_equal(wd_config_load_text("{\n\"name\": \n}", ".", true, &config, &faults),
                     WD_SYNTAX);
    assert_int_equal(faults.items[0].line, 3);
    wd_faults_finish(&faults);
}

static void reload(void **state)
{
    (void)state;
    struct wd_config *old = NULL;
    struct wd_config *new = NULL;
    struct wd_faults faults;
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(load(&old, &faults, "info", "1", "24"), WD_OK);
    assert_int_equal(load(&new, &faults, "debug", "1", "48"), WD_OK);
    assert_true(wd_config_can_reload(old, new, &error));
    wd_config_release(new);
    assert_int_equal(load(&new, &faults, "info", "2", "24"), WD_OK);
    assert_false(wd_config_can_reload(old, new, &error));
    assert_non_null(strstr(error.text, "lanes"));
    wd_config_release(new);
    wd_config_release(old);
}

/* A route by a verdict is possible where a processor before it gives one, or where stories bring it
 * along from an earlier pipeline. */
static void brought_along(void **state)
{
    static const char text[] =
        "{\"kafka\": {}, \"pipelines\": [{\"name\": \"n\", \"input\": {\"topics\": [\"raw\"], "
        "\"format\": \"%s\"}, \"processors\": [{\"use\": \"route\", \"rules\": [{\"when\": "
        "{\"relation\": [\"exact\"]}, \"to\": [\"out\"]}], \"otherwise\": []}], \"outputs\": "
        "[{\"name\": \"out\", "
        "\"topic\": \"out\"}], \"dead_letter\": \"dead\"}]}";
    (void)state;
    struct wd_config *config = NULL;
    struct wd_faults faults;
    char filled[1024];
    wd_faults_init(&faults);
    (void)snprintf(filled, sizeof(filled), text, "enriched");
    if (wd_config_load_text(filled, ".", true, &config, &faults) != WD_OK)
        fail_msg("%s: %s", faults.items[0].path, faults.items[0].text);
    wd_config_release(config);
    (void)snprintf(filled, sizeof(filled), text, "ninjs");
    assert_int_equal(wd_config_load_text(filled, ".", true, &config, &faults), WD_CONFLICT);
    assert_non_null(strstr(faults.items[0].text, "the duplicate verdict"));
    wd_faults_finish(&faults);
}

/* A pipeline must not read what it or a later one writes, also not by a pattern. */
static void circles(void **state)
{
    static const char text[] =
        "{\"kafka\": {}, \"pipelines\": [{\"name\": \"a\", \"input\": {\"topics\": [\"%s\"]}, "
        "\"processors\": [], \"outputs\": [{\"name\": \"o\", \"topic\": \"news.a\"}], "
        "\"dead_letter\": \"dead\"}, {\"name\": \"b\", \"input\": {\"topics\": [\"%s\"]}, "
        "\"processors\": [], \"outputs\": [{\"name\": \"o\", \"topic\": \"news.b\"}], "
        "\"dead_letter\": \"dead\"}]}";
    static const struct {
        const char *first, *second;
        const char *fault; /* NULL: good */
    } cases[] = {
        {"raw", "news.a", NULL},
        {"^raw", "^news\\\\.a$", NULL},
        {"news.b", "raw", "pipelines[1]"},
        {"^news", "raw", "pipelines[0]"},
        {"^.*b$", "raw", "pipelines[1]"},
        {"^raw", "raw.sports", "pipelines[1]"}, /* the first one has it already */
        {"raw.sports", "^raw", NULL},
        {"raw", "raw", "pipelines[1]"},
        {"^(", "raw", "pipelines[0].input"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_config *config = NULL;
        struct wd_faults faults;
        char filled[1024];
        wd_faults_init(&faults);
        (void)snprintf(filled, sizeof(filled), text, cases[i].first, cases[i].second);
        enum wd_status status = wd_config_load_text(filled, ".", true, &config, &faults);
        if ((status == WD_OK) != !cases[i].fault)
            fail_msg("%s, %s: %s", cases[i].first, cases[i].second,
                     faults.count ? faults.items[0].text : "accepted");
        if (cases[i].fault)
            (void)fault_at(&faults, cases[i].fault);
        wd_config_release(config);
        wd_faults_finish(&faults);
    }
}

/* A good configuration in which one thing is wrong: what, where, what to do. */
static void mistakes(void **state)
{
    static const char text[] =
        "{\"name\": \"%s\", \"group\": \"%s\", \"kafka\": {}, \"state\": %s, "
        "\"default_provider\": {\"language\": \"%s\"}, \"pipelines\": [{\"name\": \"%s\", "
        "\"input\": {\"topics\": [\"%s\"], \"format\": \"%s\"}, \"processors\": [{\"use\": "
        "\"%s\"}, "
        "{\"use\": \"updates\"}], \"outputs\": [{\"name\": \"o\", \"topic\": \"%s\"}], "
        "\"dead_letter\": \"%s\"}]}";
    static const char *const good_values[] = {"desk", "desk", "{}",    "en-US", "news",
                                              "raw",  "auto", "dedup", "out",   "dead"};
    static const char long_name[] =
        "a-name-of-240-characters-fifty-in-each-of-these-40-a-name-of-240-characters-fifty-in-each-"
        "of-these-40-a-name-of-240-characters-fifty-in-each-of-these-40-a-name-of-240-characters-"
        "fifty-in-each-of-these-40-a-name-of-240-characters-fifty-in-each";
    static const struct {
        size_t place;
        const char *value, *path, *words;
    } cases[] = {
        {0, "wire/desk", "name", "cannot be a topic"},
        {0, "", "name", "1 to 249"},
        {1, "", "group", "must not be empty"},
        {2, "{\"changelog_prefix\": \"a b\"}", "state.changelog_prefix", "cannot be a topic"},
        {2, "\"/var/lib/wiredesk\"", "state", "must be an object"},
        {3, "english", "default_provider.language", "use a tag like"},
        {4, "the news", "pipelines[0].name", "cannot be a topic"},
        {5, "wire raw", "pipelines[0].input", "cannot be a topic"},
        {5, long_name, "pipelines[0]", "its changelog topic"},
        {6, "newsml", "pipelines[0].input.format", "newsml-g2"},
        {7, "dedupe", "pipelines[0].processors[0]", "use one of dedup"},
        {8, "out!", "pipelines[0].outputs[0].topic", "cannot be a topic"},
        {9, "..", "pipelines[0].dead_letter", "cannot be a topic"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *v[sizeof(good_values) / sizeof(good_values[0])];
        memcpy(v, good_values, sizeof(good_values));
        v[cases[i].place] = cases[i].value;
        char filled[2048];
        (void)snprintf(filled, sizeof(filled), text, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7],
                       v[8], v[9]);
        struct wd_config *config = NULL;
        struct wd_faults faults;
        wd_faults_init(&faults);
        assert_int_equal(wd_config_load_text(filled, ".", true, &config, &faults), WD_CONFLICT);
        if (!strstr(fault_at(&faults, cases[i].path)->text, cases[i].words) || faults.count != 1)
            fail_msg("%s: %zu faults, the first: %s", cases[i].value, faults.count,
                     faults.items[0].text);
        wd_faults_finish(&faults);
    }
    struct wd_config *config = NULL;
    struct wd_faults faults;
    wd_faults_init(&faults);
    assert_int_equal(wd_config_load_text("\xEF\xBB\xBF{}", ".", true, &config, &faults), WD_SYNTAX);
    assert_non_null(strstr(faults.items[0].text, "byte order mark"));
    wd_faults_finish(&faults);
}

int main(void)
{
    (void)setenv("WD_TEST_SECRET", "topsecret", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(good),
                                       cmocka_unit_test(provider_of_a_story),
                                       cmocka_unit_test(faults_of_providers),
                                       cmocka_unit_test(all_faults),
                                       cmocka_unit_test(reload),
                                       cmocka_unit_test(brought_along),
                                       cmocka_unit_test(circles),
                                       cmocka_unit_test(mistakes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
