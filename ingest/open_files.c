#include "open_files.h"

#include "log.h"

#include <sys/resource.h>

/* As counted in /proc/self/fd with one, two and four lanes, with a standby, on three brokers: 56, 101, 191,
 * and 70 with one lane. */
enum { PROCESS_FILES = 11, LANE_FILES = 3, LANE_CLIENTS = 3, SPARE_FILES = 16 };

/* Two ends of a pipe for each broker, for the group's or the transactions' coordinator, and for what belongs
 * to no broker; a connection to each broker and to the coordinator. */
static unsigned of_client(unsigned brokers)
{
    return 2 * (brokers + 2) + brokers + 1;
}

unsigned wd_open_files_needed(const struct wd_config *config, int brokers)
{
    unsigned client = of_client(brokers > 0 ? (unsigned)brokers : 1);
    return PROCESS_FILES + config->lanes * (LANE_CLIENTS * client + LANE_FILES) +
           (config->standby ? client : 0) + client + SPARE_FILES;
}

enum wd_status wd_open_files_allow(const struct wd_config *config, int brokers,
                                   struct wd_error *error)
{
    struct rlimit limit;
    rlim_t needed = wd_open_files_needed(config, brokers);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
        return WD_OK;
    if (limit.rlim_max < needed)
        return wd_error_set(
            error, WD_OUT_OF_RANGE,
            "%u lane%s and %d broker%s need %llu open files, and the limit is %llu: "
            "raise it (\"ulimit -n\", systemd's LimitNOFILE), or lower \"lanes\"",
            config->lanes, config->lanes == 1 ? "" : "s", brokers, brokers == 1 ? "" : "s",
            (unsigned long long)needed, (unsigned long long)limit.rlim_max);
    wd_log(WD_LEVEL_INFO, "control", "open files: the limit of %llu is raised to %llu",
           (unsigned long long)limit.rlim_cur, (unsigned long long)needed);
    limit.rlim_cur = needed;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return wd_error_set(error, WD_OUT_OF_RANGE, "cannot raise the limit of open files");
    return WD_OK;
}
