/* control.h - the control loop: signals, lanes, admin HTTP, reload, watchdog.
 *
 * Why:    lanes may block in a commit; this loop never does, so it can always say what is going on.
 * Thread: the main thread. */
#ifndef WD_CONTROL_H
#define WD_CONTROL_H

#include "config.h"

/* Runs the daemon until a signal or a failure. Takes over the reference to `config`. Returns the
 * process's exit code (exit_code.h): 0 after an ordered stop. */
int wd_control_run(struct wd_config *config);

#endif
