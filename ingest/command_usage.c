#include "command.h"
#include "exit_code.h"

#include <stdio.h>

int wd_command_usage(const struct wd_command *command, const char *text)
{
    (void)fprintf(stderr, "wiredesk: %s\nusage: wiredesk %s %s\n", text, command->name,
                  command->arguments);
    return WD_EXIT_USAGE;
}
