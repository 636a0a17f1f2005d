/* Every scenario in every order of arrival comes to the end that its file says, and with aborts and
 * restarts in between to the same verdicts.
 * test_scenarios [NAME..]: those whose name has NAME in it; test_scenarios --file FILE: those of the file. */
#include "test.h"

#include "scenario.h"
#include "wd_assert.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { SCENARIOS_MAX = 4096, ALL_ORDERS_MAX = 5, FILES_MAX = 64 };

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

/* Whom a correction spares may depend on the order of arrival: README of updates, known limits. */
static void drop_corrections(char *lines)
{
    char *to = lines;
    for (char *line = lines; *line;) {
        size_t len = strcspn(line, "\n") + 1;
        if (strncmp(line, "correction ", 11) != 0) {
            memmove(to, line, len);
            to += len;
        }
        line += len;
    }
    *to = '\0';
}

static bool has_end(const struct wd_scenario *scenario)
{
    return json_object_get(scenario->source, "end") != NULL;
}

static bool check_order(const struct wd_scenario *scenario, const size_t *order, unsigned seed,
                        const struct wd_scenario_outcome *expected,
                        const struct wd_scenario_outcome *first)
{
    static struct wd_scenario_outcome outcome;
    static char lineages[WD_SCENARIO_TEXT_SIZE];
    static char advisories[WD_SCENARIO_TEXT_SIZE];
    wd_scenario_run(scenario, config, order, 0, &outcome);
    wd_scenario_without_counts(&outcome, lineages);
    bool good = same(scenario, order, "lineages", lineages, expected->lineages);
    strcpy(advisories, outcome.advisories);
    if (!has_end(scenario))
        drop_corrections(advisories);
    good = same(scenario, order, "advisories", advisories, expected->advisories) && good;
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
    wd_scenario_run(scenario, config, order, 0, &first);
    if (has_end(scenario)) {
        wd_scenario_expected(scenario, &expected);
    } else {
        expected = first;
        wd_scenario_without_counts(&first, expected.lineages);
        drop_corrections(expected.advisories);
    }
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

static json_t *load_path(const char *path)
{
    json_error_t error;
    json_t *made = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!made) {
        (void)fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        exit(1);
    }
    return made;
}

static json_t *load_file(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof(path), WD_SCENARIOS "/%s", name);
    return load_path(path);
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

/* All that is run. */
static struct wd_scenario scenarios[SCENARIOS_MAX];
static struct CMUnitTest tests[SCENARIOS_MAX];
static size_t count;

/* Adds those of a file that are wanted; `file` must live as long as they do. */
static void add_scenarios(json_t *file, json_t *copy, int argc, char **argv)
{
    const char *name = NULL;
    json_t *source = NULL;
    json_object_foreach(file, name, source)
    {
        if (!wanted(name, argc, argv))
            continue;
        WD_ASSERT(count < SCENARIOS_MAX);
        wd_scenario_load(&scenarios[count], name, source, copy);
        tests[count] = (struct CMUnitTest){name, check_scenario, NULL, NULL, &scenarios[count]};
        count++;
    }
}

/* Our own; how many there are. */
static size_t load_files(json_t **files)
{
    struct dirent **entries = NULL;
    int found = scandir(WD_SCENARIOS, &entries, is_json, by_name);
    WD_ASSERT(found <= FILES_MAX);
    for (int i = 0; i < found; i++) {
        files[i] = load_file(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return found > 0 ? (size_t)found : 0;
}

int main(int argc, char **argv)
{
    json_t *files[FILES_MAX];
    size_t file_count = 1;
    json_t *copy = load_file("copy.json");
    bool given = argc == 3 && strcmp(argv[1], "--file") == 0;
    config = wd_scenario_config();
    if (!config)
        return 1;
    if (given)
        files[0] = load_path(argv[2]);
    else
        file_count = load_files(files);
    for (size_t i = 0; i < file_count; i++)
        add_scenarios(files[i], copy, given ? 1 : argc, argv);
    int failed = _cmocka_run_group_tests("scenarios", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        wd_scenario_finish(&scenarios[i]);
    for (size_t i = 0; i < file_count; i++)
        json_decref(files[i]);
    json_decref(copy);
    wd_config_release(config);
    return failed != 0 || count == 0;
}
