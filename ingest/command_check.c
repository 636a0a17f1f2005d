#include "command.h"
#include "config.h"
#include "exit_code.h"

#include <stdio.h>

static int run(int argc, char **argv)
{
    int code = WD_EXIT_OK;
    if (argc != 2)
        return wd_command_usage(&wd_command_check, "check takes one configuration file");
    struct wd_config *config = wd_command_load(argv[1], true, &code);
    if (!config)
        return code;
    for (size_t i = 0; i < config->pipeline_count; i++) {
        const struct wd_pipeline_config *pipeline = &config->pipelines[i];
        (void)printf("pipeline %s:", pipeline->name);
        for (size_t j = 0; j < wd_plan_processor_count(pipeline->plan); j++)
            (void)printf(" %s", wd_plan_processor_name(pipeline->plan, j));
        (void)printf("\n");
    }
    (void)printf("%s is good\n", argv[1]);
    wd_config_release(config);
    return WD_EXIT_OK;
}

const struct wd_command wd_command_check = {
    .name = "check",
    .arguments = "CONFIG",
    .summary = "everything that is wrong with a configuration",
    .help = "Reads CONFIG and what it names (lists, shared objects), connects to nothing, starts\n"
            "nothing. Every fault is one line: file, line, JSON path, what is wrong.\n"
            "\n"
            "Exit codes: 0 good, 66 cannot be read, 78 faults.\n",
    .run = run,
};
