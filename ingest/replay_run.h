/* replay_run.h - the pipelines of a configuration over files, without Kafka.
 *
 * Why:    `replay`, `explain` and whoever wants to see what becomes of files do exactly the same with
 *         them; only what they print differs.
 * Thread: the caller's. */
#ifndef WD_REPLAY_RUN_H
#define WD_REPLAY_RUN_H

#include "desk.h"

struct wd_replay {
    struct wd_config *config; /* borrowed */
    int64_t received_ms;      /* time of receipt of every message; negative: not given */
    bool progress;            /* tell it on standard error */
    wd_emit *emit; /* gets every record and dead letter before other pipelines do; WD_OK, or the
                                 run ends */
    wd_desk_observer *observe; /* gets every story that went through a pipeline; may be NULL */
    void *context;             /* of both */
};

/* Each path is one message; a .jsonl or .ndjson file, and standard input ("-"), is one message a line; a
 * folder is walked in the order of names. The first pipeline gets the input, topics join others to it.
 * Returns an exit code: WD_EXIT_OK, WD_EXIT_NO_INPUT, WD_EXIT_IO, WD_EXIT_SOFTWARE, said on standard
 * error. `*dead` (may be NULL) gets the number of dead letters. */
int wd_replay_run(const struct wd_replay *replay, char *const *paths, size_t path_count,
                  uint64_t *dead);

#endif
