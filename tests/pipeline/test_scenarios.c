/* Every scenario in every order of arrival comes to the end that its file says, and with aborts and
 * restarts in between to the same verdicts. */
#include "test.h"

#include "scenario.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { SCENARIOS_MAX = 512, ALL_ORDERS_MAX = 5 };

static struct wd_config *config;

static void say(const struct wd_scenario *scenario, const size_t *order, const char *what,
                const char *got, const char *wanted)
{
    (void)fprintf(stderr, "scenario %s, order", scenario->name);
    for (size_t i = 0; i < scenario->count; i++)
        (void)fprintf(stderr, " %s", scenario->names[order[i]]);
    (void)fprintf(stderr, ": %s\n--- got\n%s--- wanted\n%s", what, got, wanted);
}

static bool same(const struct wd_scenario *scenario, const size_t *order, const char *what,
                 const char *got, const char *wanted)
{
    bool equal = strcmp(got, wanted) == 0;
    if (!equal)
        say(scenario, order, what, got, wanted);
    return equal;
}

/* The next order by the dictionary; false after the last. */
static bool next_order(size_t *order, size_t count)
{
    size_t i = count;
    while (i > 1 && order[i - 2] >= order[i - 1])
        i--;
    if (i < 2)
        return false;
    size_t j = count;
    while (order[j - 1] <= order[i - 2])
        j--;
    size_t swap = order[j - 1];
    order[j - 1] = order[i - 2];
    order[i - 2] = swap;
    for (size_t left = i - 1, right = count - 1; left < right; left++, right--) {
        swap = order[left];
        order[left] = order[right];
        order[right] = swap;
    }
    return true;
}

/* Aborts and restarts change nothing, not even the kinds. Each order has a seed of its own. */
static bool survives_dice(const struct wd_scenario *scenario, const size_t *order, unsigned seed,
                          const struct wd_scenario_outcome *plain)
{
    static struct wd_scenario_outcome outcome;
    wd_scenario_run(scenario, config, order, seed, &outcome);
    return same(scenario, order, "lineages after aborts", outcome.lineages, plain->lineages) &&
           same(scenario, order, "advisories after aborts", outcome.advisories,
                plain->advisories) &&
           same(scenario, order, "kinds after aborts", outcome.kinds, plain->kinds);
}

static bool check_order(const struct wd_scenario *scenario, const size_t *order, unsigned seed,
                        const struct wd_scenario_outcome *expected,
                        const struct wd_scenario_outcome *first)
{
    static struct wd_scenario_outcome outcome;
    static char lineages[WD_SCENARIO_TEXT_SIZE];
    wd_scenario_run(scenario, config, order, 0, &outcome);
    wd_scenario_without_counts(&outcome, lineages);
    bool good = same(scenario, order, "lineages", lineages, expected->lineages);
    good = same(scenario, order, "advisories", outcome.advisories, expected->advisories) && good;
    good = good && same(scenario, order, "counts", outcome.lineages, first->lineages);
    if (expected->groups[0])
        good = same(scenario, order, "groups", outcome.groups, expected->groups) && good;
    return good && survives_dice(scenario, order, seed, &outcome);
}

static void check_scenario(void **state)
{
    const struct wd_scenario *scenario = *state;
    static struct wd_scenario_outcome expected;
    static struct wd_scenario_outcome first;
    size_t order[WD_SCENARIO_STORIES_MAX];
    for (size_t i = 0; i < scenario->count; i++)
        order[i] = i;
    wd_scenario_expected(scenario, &expected);
    wd_scenario_run(scenario, config, order, 0, &first);
    bool good = !expected.kinds[0] || same(scenario, order, "kinds", first.kinds, expected.kinds);
    json_t *orders = json_object_get(scenario->source, "orders");
    bool all = !orders && scenario->count <= ALL_ORDERS_MAX;
    size_t failed = 0;
    size_t run = 0;
    do {
        run++;
        failed += !check_order(scenario, order, (unsigned)run, &expected, &first);
    } while (all && failed < 3 && next_order(order, scenario->count));
    print_message("%s: %zu orders\n", scenario->name, run);
    assert_true(good && failed == 0);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_json(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0 &&
           strcmp(entry->d_name, "copy.json") != 0;
}

static json_t *load_file(const char *name)
{
    char path[1024];
    json_error_t error;
    (void)snprintf(path, sizeof(path), WD_SCENARIOS "/%s", name);
    json_t *made = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!made) {
        (void)fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        exit(1);
    }
    return made;
}

/* Without arguments all; else those scenarios whose name an argument is a part of. */
static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strstr(name, argv[i]))
            return true;
    }
    return argc < 2;
}

int main(int argc, char **argv)
{
    static struct wd_scenario scenarios[SCENARIOS_MAX];
    static struct CMUnitTest tests[SCENARIOS_MAX];
    size_t count = 0;
    struct dirent **entries = NULL;
    json_t *files[64];
    size_t file_count = 0;
    json_t *copy = load_file("copy.json");
    config = wd_scenario_config();
    if (!config)
        return 1;
    int found = scandir(WD_SCENARIOS, &entries, is_json, by_name);
    for (int i = 0; i < found; i++) {
        const char *name = NULL;
        json_t *source = NULL;
        files[file_count] = load_file(entries[i]->d_name);
        json_object_foreach(files[file_count], name, source)
        {
            if (!wanted(name, argc, argv))
                continue;
            wd_scenario_load(&scenarios[count], name, source, copy);
            tests[count] = (struct CMUnitTest){name, check_scenario, NULL, NULL, &scenarios[count]};
            count++;
        }
        file_count++;
        free(entries[i]);
    }
    free(entries);
    int failed = _cmocka_run_group_tests("scenarios", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        wd_scenario_finish(&scenarios[i]);
    for (size_t i = 0; i < file_count; i++)
        json_decref(files[i]);
    json_decref(copy);
    wd_config_release(config);
    return failed != 0 || count == 0;
}
