/* open_files.h - whether the process may open as many files as its Kafka clients will need.
 *
 * Why:    librdkafka keeps two pipe ends and a connection for each broker that a client knows. Where the limit
 *         is too low it says "all brokers are down", and nothing comes forward.
 * Owns:   nothing.
 * Thread: the control thread, before lanes start. */
#ifndef WD_OPEN_FILES_H
#define WD_OPEN_FILES_H

#include "config.h"

/* What the daemon has open with so many brokers when all is connected, and room for one more client (a reload
 * asks with one), snapshots and the admin server's connections. */
unsigned wd_open_files_needed(const struct wd_config *config, int brokers);
/* Raises the soft limit as far as that is needed and the hard one allows. WD_OUT_OF_RANGE, with what to do,
 * when it does not allow enough. */
enum wd_status wd_open_files_allow(const struct wd_config *config, int brokers,
                                   struct wd_error *error) WD_MUST_CHECK;

#endif
