/* reload.h - another configuration, or the same with changed lists, beside a loop that goes on.
 *
 * Why:    reading a list of a million names takes seconds; signals, health checks and the watchdog
 *         cannot wait for it. The old configuration works until the new one is complete, and for good
 *         when the new one has a fault.
 * Owns:   a reference to the configuration that counts, its handles, and the watch on the files.
 * Thread: the loop's; configurations are read in a worker thread of libuv, one at a time. What is
 *         asked for meanwhile follows.
 * Limits: while a configuration is being read, memory holds its lists besides the old ones. */
#ifndef WD_RELOAD_H
#define WD_RELOAD_H

#include "config.h"

#include <uv.h>

struct wd_reload;

struct wd_reload_setup {
    uv_loop_t *loop;
    struct wd_config *config; /* the one that counts now; retained */
    uint64_t interval_ms;     /* between two looks at its files */
    /* On a worker thread: whether `next` can work in place of `old`, when reading has found no fault in
     * it. To be given up once `stopped` says so. NULL: it can. */
    enum wd_status (*check)(const struct wd_config *next, const struct wd_config *old,
                            bool (*stopped)(void *context), void *context, struct wd_error *error);
    /* A configuration to go on with: the callee's reference. */
    void (*take)(void *context, struct wd_config *next);
    void (*answered)(void *context); /* one that was asked for was taken or refused */
    void *context;
};

/* WD_NO_MEMORY. */
enum wd_status wd_reload_create(const struct wd_reload_setup *setup,
                                struct wd_reload **reload) WD_MUST_CHECK;
/* Reads the configuration's file again, with all that it names. */
void wd_reload_ask(struct wd_reload *reload);
/* Nothing is taken any more; the memory goes when the loop has run the closing. Takes NULL. */
void wd_reload_close(struct wd_reload *reload);

#endif
