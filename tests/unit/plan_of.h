/* plan_of.h - a plan from JSON text, as tests of processors want one. */
#ifndef WD_TEST_PLAN_OF_H
#define WD_TEST_PLAN_OF_H

#include "test.h"

#include "pipeline.h"

static inline void plan_log_nothing(void *context, int level, const char *text)
{
    (void)context;
    (void)level;
    (void)text;
}

/* NULL when refused; the caller finishes `faults` in either case. */
static inline struct wd_plan *
plan_of(const char *processors, const struct wd_environment *environment, struct wd_faults *faults)
{
    json_t *list = json_loads(processors, 0, NULL);
    assert_non_null(list);
    wd_faults_init(faults);
    struct wd_plan *plan = wd_plan_create(list, "processors", environment, true, faults);
    json_decref(list);
    return plan;
}

/* `plan` was refused: the first fault stands at `path` and says `part`. */
static inline void plan_refused(struct wd_plan *plan, struct wd_faults *faults, const char *path,
                                const char *part)
{
    assert_null(plan);
    assert_true(faults->count >= 1);
    assert_string_equal(faults->items[0].path, path);
    if (!strstr(faults->items[0].text, part))
        fail_msg("\"%s\" does not say \"%s\"", faults->items[0].text, part);
    wd_faults_finish(faults);
}

#endif
