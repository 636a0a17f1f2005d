#include "command.h"
#include "exit_code.h"
#include "log.h"
#include "test_case.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096 };

struct tally {
    struct wd_config *config;
    unsigned passed, failed;
    bool unreadable;
};

static void run_case(struct tally *tally, const char *path)
{
    struct wd_buffer why;
    wd_buffer_init(&why);
    enum wd_status status = wd_test_case_run(tally->config, path, &why);
    if (status == WD_OK) {
        tally->passed++;
        (void)printf("ok %s\n", path);
    } else {
        tally->failed++;
        tally->unreadable = tally->unreadable || status == WD_IO;
        (void)printf("not ok %s - %.*s\n", path, WD_SLICE_ARG(wd_buffer_slice(&why)));
    }
    wd_buffer_finish(&why);
}

static int keep_cases(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && strcmp(dot, ".json") == 0;
}

/* A file, or every .json in a folder in the order of names. */
static bool run_path(struct tally *tally, const char *path)
{
    struct stat info;
    struct dirent **entries = NULL;
    if (stat(path, &info) == 0 && !S_ISDIR(info.st_mode)) {
        run_case(tally, path);
        return true;
    }
    int count = scandir(path, &entries, keep_cases, alphasort);
    if (count < 0)
        (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        char below[PATH_SIZE];
        if (snprintf(below, sizeof(below), "%s/%s", path, entries[i]->d_name) < PATH_SIZE)
            run_case(tally, below);
        free(entries[i]);
    }
    free(entries);
    return count >= 0;
}

static bool run_beside(struct tally *tally, const char *config_path)
{
    char path[PATH_SIZE];
    char *copy = strdup(config_path);
    int len = copy ? snprintf(path, sizeof(path), "%s/tests", dirname(copy)) : PATH_SIZE;
    free(copy);
    return len < PATH_SIZE && run_path(tally, path);
}

static int run(int argc, char **argv)
{
    int code = WD_EXIT_OK;
    if (argc < 2)
        return wd_command_usage(&wd_command_test, "test needs a configuration");
    struct tally tally = {.config = wd_command_load(argv[1], true, &code)};
    if (!tally.config)
        return code;
    wd_log_setup(WD_LOG_HUMAN, WD_LEVEL_WARN);
    bool found = argc > 2 || run_beside(&tally, argv[1]);
    for (int i = 2; i < argc; i++)
        found = run_path(&tally, argv[i]) && found;
    wd_config_release(tally.config);
    (void)printf("%u passed, %u failed\n", tally.passed, tally.failed);
    if (!found || tally.unreadable || tally.passed + tally.failed == 0)
        return WD_EXIT_NO_INPUT;
    return tally.failed > 0 ? WD_EXIT_DATA : WD_EXIT_OK;
}

const struct wd_command wd_command_test = {
    .name = "test",
    .arguments = "CONFIG [CASE..]",
    .summary = "pipeline tests: messages in, what must come out",
    .help =
        "Runs each CASE (a JSON file, or a folder of them) through the pipelines of CONFIG, "
        "without\n"
        "Kafka and with empty state. Without CASE: the folder \"tests\" beside CONFIG.\n"
        "\n"
        "  {\"about\": \"a kill goes to updates\", \"received\": \"2024-03-01T12:00:00Z\",\n"
        "   \"messages\": [\n"
        "     {\"file\": \"story.json\"},\n"
        "     {\"story\": {\"uri\": \"urn:x:1\", \"pubstatus\": \"canceled\", ...},\n"
        "      \"expect\": [{\"topic\": \"news.updates\", \"record\": {\"kind\": \"kill\"}}]},\n"
        "     {\"text\": \"\", \"expect\": [{\"dead_letter\": \"empty\"}]}]}\n"
        "\n"
        "Members of a record that are not named may be anything; null means absent; lists must "
        "have\n"
        "the same length, or {\"$any\": X}: one element is like X. schemas/test-case.schema.json "
        "says all.\n"
        "\n"
        "Exit codes: 0, 65 a case failed, 66 no case or file to read, 78 configuration.\n",
    .run = run,
};
