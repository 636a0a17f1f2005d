/* plan.h - what plan.c shows to pipeline.c, and to nobody else. */
#ifndef WD_PLAN_H
#define WD_PLAN_H

#include "pipeline.h"

struct wd_plan_step {
    const struct wd_processor_impl *impl;
    void *handle; /* of the shared object; NULL for processors in the house */
    char *name;
    void *options;
    void *model;
    struct wd_table_spec tables[WD_TABLES_PER_PROCESSOR_MAX];
    size_t table_count;
};

struct wd_plan_file {
    char *path;
    struct wd_file_stamp stamp; /* from before it was read */
};

struct wd_plan {
    _Atomic unsigned references;
    struct wd_plan_step *steps;
    size_t count;
    struct wd_environment environment; /* directory and outputs are the plan's own copies */
    char *directory;
    char **outputs;
    struct wd_plan_file *files; /* that the processors want to be watched */
    size_t file_count, file_capacity;
};

#endif
