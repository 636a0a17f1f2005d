#include "command.h"
#include "control.h"
#include "exit_code.h"
#include "log.h"
#include "offsets_call.h"

#include <stdio.h>
#include <unistd.h>

/* Shared by all commands that read a configuration: tells every fault, returns NULL. */
struct wd_config *wd_command_load(const char *path, bool load, int *code)
{
    struct wd_faults faults;
    struct wd_config *config = NULL;
    wd_faults_init(&faults);
    enum wd_status status = wd_config_load(path, load, &config, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        const struct wd_fault *fault = &faults.items[i];
        char line[16] = ""; /* of the whole file there is none */
        if (fault->line > 0)
            (void)snprintf(line, sizeof(line), ":%d", fault->line);
        (void)fprintf(stderr, "%s%s: %s%s%s\n", path, line, fault->path, fault->path[0] ? ": " : "",
                      fault->text);
    }
    if (status != WD_OK)
        (void)fprintf(stderr, "wiredesk: %s has %zu fault%s\n", path, faults.count,
                      faults.count == 1 ? "" : "s");
    wd_faults_finish(&faults);
    *code = status == WD_OK ? WD_EXIT_OK : status == WD_IO ? WD_EXIT_NO_INPUT : WD_EXIT_CONFIG;
    return config;
}

static int run(int argc, char **argv)
{
    int code = WD_EXIT_OK;
    if (argc != 2)
        return wd_command_usage(&wd_command_run, "run takes one configuration file");
    struct wd_config *config = wd_command_load(argv[1], true, &code);
    if (!config)
        return code;
    wd_log_setup(config->log_json ? WD_LOG_JSON : WD_LOG_HUMAN, config->log_level);
    code = wd_control_run(config);
    if (wd_offsets_callers_left() > 0)
        _exit(code); /* their threads are inside librdkafka: nothing may be torn down under them */
    return code;
}

const struct wd_command wd_command_run = {
    .name = "run",
    .arguments = "CONFIG",
    .summary = "the daemon: from Kafka through the pipelines to Kafka",
    .help = "Consumes the configured topics until SIGTERM or SIGINT, which finish, commit and end\n"
            "within drain_timeout_ms; a second signal ends at once. SIGHUP reads CONFIG again:\n"
            "processors' options, providers, outputs and the log level are taken up, anything\n"
            "else is refused with a reason and the old configuration goes on.\n"
            "\n"
            "Exit codes: 0 stopped in order, 65 state written by a newer version, 69 broker or\n"
            "topic not there, 70 a bug or drain_timeout_ms passed, 75 fenced by another instance,\n"
            "77 no permission, 78 configuration.\n",
    .run = run,
};
