/* test_case.h - one pipeline test: messages in, and what must come out.
 *
 * Why:    whoever writes a configuration can say what it must do, and keep saying it.
 * Owns:   nothing between calls; each case has pipelines of its own, with empty state.
 * Thread: one. */
#ifndef WD_TEST_CASE_H
#define WD_TEST_CASE_H

#include "buffer.h"
#include "config.h"

/* Runs the case in file `path` (files that it names are relative to its folder). WD_OK: all as it
 * should be. Otherwise `why` says in one line what is not: WD_CONFLICT, or WD_IO and WD_SYNTAX when
 * the case itself cannot be used. */
enum wd_status wd_test_case_run(struct wd_config *config, const char *path,
                                struct wd_buffer *why) WD_MUST_CHECK;
/* The JSON Schema of a case, made from the tables that it is read by; a new reference. */
json_t *wd_test_case_schema(void);

#endif
