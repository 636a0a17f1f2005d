/* log.h - one line an event, to standard error, for people or for machines.
 *
 * Thread: any; a line is written with one write(2).
 * Limits: a line is cut at WD_LOG_LINE_MAX bytes, so that a pipe takes it whole or not at all; one that
 *         cannot be written within WD_LOG_WAIT_MS (its reader is stuck, the disk is full) is lost and
 *         counted: the next one that can be says so. Secrets never get here: the configuration masks
 *         them when it is read (config.h). */
#ifndef WD_LOG_H
#define WD_LOG_H

#include "processor.h"

enum wd_log_format { WD_LOG_HUMAN, WD_LOG_JSON };
enum { WD_LOG_LINE_MAX = 4096, WD_LOG_WAIT_MS = 500 };

/* Process-wide: set before threads start; the level may be changed at any time (atomic). */
void wd_log_setup(enum wd_log_format format, int level);
void wd_log_set_level(int level);
int wd_log_level(void);
/* -1 when unknown; "error", "warn", "info", "debug". */
int wd_log_level_from_name(const char *name);

/* `part` says who speaks: "control", "lane 0", "kafka", a processor's name. */
void wd_log(int level, const char *part, const char *format, ...) WD_PRINTF(3, 4);
/* For wd_environment.log; the context is the part's name (const char *). */
void wd_log_callback(void *context, int level, const char *text);

#endif
