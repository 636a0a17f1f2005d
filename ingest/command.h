/* command.h - the commands of the program, each with its own file and its own --help. */
#ifndef WD_COMMAND_H
#define WD_COMMAND_H

#include <stdbool.h>

struct wd_config;

struct wd_command {
    const char *name;
    const char *arguments; /* for the usage line: "CONFIG [FILE..]" */
    const char *summary;
    const char *help; /* fits a screen */
    /* argv[0] is the command's name. Returns the exit code. */
    int (*run)(int argc, char **argv);
};

extern const struct wd_command wd_command_run, wd_command_check, wd_command_replay, wd_command_demo,
    wd_command_eval, wd_command_explain, wd_command_formats, wd_command_schema, wd_command_tag,
    wd_command_test, wd_command_top, wd_command_version;

/* Reads a configuration for a command and tells every fault on standard error. NULL with the exit
 * code in *code when there are any. */
struct wd_config *wd_command_load(const char *path, bool load, int *code);
/* Tells what is wrong with a command line and how it should look; returns WD_EXIT_USAGE. */
int wd_command_usage(const struct wd_command *command, const char *text);

#endif
