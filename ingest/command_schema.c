#include "command.h"
#include "config.h"
#include "exit_code.h"
#include "test_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(int argc, char **argv)
{
    bool cases = argc == 2 && strcmp(argv[1], "test-case") == 0;
    if (argc != 1 && !cases)
        return wd_command_usage(&wd_command_schema, "schema of what?");
    json_t *schema = cases ? wd_test_case_schema() : wd_config_schema();
    int failed = json_dumpf(schema, stdout, JSON_INDENT(2));
    (void)printf("\n");
    json_decref(schema);
    return failed ? WD_EXIT_IO : WD_EXIT_OK;
}

const struct wd_command wd_command_schema = {
    .name = "schema",
    .arguments = "[test-case]",
    .summary = "the JSON Schema of the configuration",
    .help = "Prints the JSON Schema (draft 2020-12) of the configuration, or of pipeline tests, "
            "made from\n"
            "the tables that the program itself reads them by. schemas/config.schema.json and\n"
            "schemas/test-case.schema.json are this output.\n",
    .run = run,
};
