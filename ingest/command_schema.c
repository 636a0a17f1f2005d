#include "command.h"
#include "config.h"
#include "exit_code.h"

#include <stdio.h>
#include <stdlib.h>

static int run(int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return wd_command_usage(&wd_command_schema, "schema takes no arguments");
    json_t *schema = wd_config_schema();
    int failed = json_dumpf(schema, stdout, JSON_INDENT(2));
    (void)printf("\n");
    json_decref(schema);
    return failed ? WD_EXIT_IO : WD_EXIT_OK;
}

const struct wd_command wd_command_schema = {
    .name = "schema",
    .arguments = "",
    .summary = "the JSON Schema of the configuration",
    .help =
        "Prints the JSON Schema (draft 2020-12) of the configuration, made from the tables that\n"
        "the program itself reads it by. schemas/config.schema.json is this output.\n",
    .run = run,
};
