/* file_watch.h - tells a loop that files which it has read are not what they were.
 *
 * Why:    watch lists are edited, or replaced by a job; nobody should have to send a signal for it.
 * Owns:   copies of the paths, and its handle.
 * Thread: the loop's; the files are looked at in libuv's worker threads.
 * Limits: WD_FILE_WATCH_MAX files. Looks at them in intervals: change events reach neither network
 *         file systems nor the swapped links of a Kubernetes ConfigMap. A change is told once the
 *         files have stood still for a whole interval, so a file that is being written is waited for. */
#ifndef WD_FILE_WATCH_H
#define WD_FILE_WATCH_H

#include "file_stamp.h"
#include "status.h"

#include <stddef.h>
#include <uv.h>

enum { WD_FILE_WATCH_MAX = 4096, WD_FILE_WATCH_INTERVAL_MS = 1000 };

struct wd_file_watch;

struct wd_file_watch_setup {
    uv_loop_t *loop;
    uint64_t interval_ms;
    void (*changed)(void *context, const char *path); /* the last one of those that changed */
    void *context;
};

/* Watches nothing yet. WD_NO_MEMORY. */
enum wd_status wd_file_watch_create(const struct wd_file_watch_setup *setup,
                                    struct wd_file_watch **watch) WD_MUST_CHECK;
/* Forgets all files. */
void wd_file_watch_clear(struct wd_file_watch *watch);
/* Adds a file, known as `stamp` says: any other state is a change. A path that is there already keeps
 * its own, the older one. WD_NO_MEMORY, WD_TOO_LARGE. */
enum wd_status wd_file_watch_add(struct wd_file_watch *watch, const char *path,
                                 const struct wd_file_stamp *stamp) WD_MUST_CHECK;
/* Closes; the memory goes when the loop has run the closing. Takes NULL. */
void wd_file_watch_close(struct wd_file_watch *watch);

#endif
