/* command.h - the commands of the program, each with its own file and its own --help. */
#ifndef WD_COMMAND_H
#define WD_COMMAND_H

struct wd_command {
    const char *name;
    const char *arguments; /* for the usage line: "CONFIG [FILE..]" */
    const char *summary;
    const char *help; /* fits a screen */
    /* argv[0] is the command's name. Returns the exit code. */
    int (*run)(int argc, char **argv);
};

extern const struct wd_command wd_command_run, wd_command_check, wd_command_replay, wd_command_demo,
    wd_command_schema, wd_command_version;

#endif
