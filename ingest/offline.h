/* offline.h - all pipelines of a configuration at work without Kafka.
 *
 * Why:    `replay`, `explain` and `test` do with files what the daemon does with messages.
 * Owns:   a state and a desk for each pipeline.
 * Thread: one.
 * A message is committed when it has been taken. What goes to a topic that another pipeline reads goes
 * on there, after the caller has seen it. */
#ifndef WD_OFFLINE_H
#define WD_OFFLINE_H

#include "desk.h"

struct wd_offline;

/* `emit` gets every record of every pipeline, in order. Retains `config`. */
enum wd_status wd_offline_create(struct wd_config *config, wd_emit *emit, void *context,
                                 struct wd_offline **offline, struct wd_error *error) WD_MUST_CHECK;
/* Sets who gets every story that went through a pipeline; NULL: nobody. */
void wd_offline_observe(struct wd_offline *offline, wd_desk_observer *observer, void *context);
void wd_offline_destroy(struct wd_offline *offline); /* takes NULL */
/* Takes a message through pipeline number `pipeline` and whatever it feeds. The message's partition
 * and offset are set here: -1, and the number of messages that the pipeline had before. */
enum wd_status wd_offline_take(struct wd_offline *offline, size_t pipeline,
                               struct wd_desk_message *message,
                               struct wd_error *error) WD_MUST_CHECK;

#endif
