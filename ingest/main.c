/* The command line: finds the command and hands it the rest. */
#include "command.h"
#include "exit_code.h"
#include "xml_document.h"

#include <stdio.h>
#include <string.h>

/* jemalloc's settings (MALLOC_CONF in the environment goes before them). A story passes through buffers
 * of megabytes that several threads make and free: given back to the system after ten seconds of
 * disuse, jemalloc's default, they cost a page fault and a cleared page for every 4 KB when they are
 * wanted again, so they are kept for two minutes, and in huge pages, where the system has them. */
extern const char *malloc_conf;
const char *malloc_conf = "dirty_decay_ms:120000,thp:always";

static const struct wd_command *const commands[] = {
    &wd_command_run,     &wd_command_check,   &wd_command_replay, &wd_command_test,
    &wd_command_explain, &wd_command_top,     &wd_command_eval,   &wd_command_tag,
    &wd_command_demo,    &wd_command_formats, &wd_command_schema, &wd_command_version,
};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void print_overview(FILE *out)
{
    (void)fprintf(out, "wiredesk - a stream processor for news wires, on Kafka\n\nusage:\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(out, "  wiredesk %-8s %-30s %s\n", commands[i]->name, commands[i]->arguments,
                      commands[i]->summary);
    (void)fprintf(out, "\nwiredesk COMMAND --help says more.\n");
}

static int print_help(const struct wd_command *command)
{
    (void)printf("usage: wiredesk %s %s\n\n%s", command->name, command->arguments, command->help);
    return WD_EXIT_OK;
}

static bool wants_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return WD_EXIT_USAGE;
    }
    if (wants_help(argv[1]) || strcmp(argv[1], "help") == 0) {
        print_overview(stdout);
        return WD_EXIT_OK;
    }
    wd_xml_setup();
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) != 0)
            continue;
        if (argc > 2 && wants_help(argv[2]))
            return print_help(commands[i]);
        return commands[i]->run(argc - 1, argv + 1);
    }
    (void)fprintf(stderr, "wiredesk: there is no command \"%s\"\n\n", argv[1]);
    print_overview(stderr);
    return WD_EXIT_USAGE;
}
