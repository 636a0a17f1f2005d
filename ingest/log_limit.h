/* log_limit.h - lines that may come by the hundred: the first of a kind at once, the others counted.
 *
 * Why:    while brokers are down librdkafka says so several times a second for each of its clients. What
 *         else is wrong must be found among that, and a disk has an end.
 *         Two lines are of one kind when level, speaker and words are the same: words with a digit in them
 *         (addresses, clients, numbers) do not count, nor what follows " (after ".
 * Owns:   the kinds of the last minute, one table for the process.
 * Thread: any.
 * Limits: WD_LOG_KINDS_MAX kinds at a time; a line of a further kind is written as it comes. */
#ifndef WD_LOG_LIMIT_H
#define WD_LOG_LIMIT_H

#include "log.h"

#include <stdint.h>

enum { WD_LOG_KINDS_MAX = 64, WD_LOG_KIND_MS = 60000 };

/* Writes the line when none of its kind was written in the last minute; otherwise it is counted, and the
 * last one told with their number when the minute is over. `now_ms` is monotonic. */
void wd_log_limited(uint64_t now_ms, int level, const char *part, const char *format, ...)
    WD_PRINTF(4, 5);
/* Tells what was counted where the minute is over: for somebody who comes round. UINT64_MAX: all of it. */
void wd_log_limit_tell(uint64_t now_ms);

#endif
