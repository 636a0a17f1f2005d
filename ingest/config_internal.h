/* config_internal.h - what the files of the configuration share: config.c (sections, loading),
 * config_text.c (lines, references, secrets), config_pipelines.c (providers, pipelines, topology).
 * Nobody else includes this. */
#ifndef WD_CONFIG_INTERNAL_H
#define WD_CONFIG_INTERNAL_H

#include "config.h"

/* config_text.c */
/* References to the environment and to files: where relative paths start, who is told what cannot
 * be found, and every text that was put in: no message may show one. */
struct wd_references {
    const char *directory;
    struct wd_faults *faults;
    struct wd_option_strings found;
};
/* Replaces "${env:NAME}" and "${file:PATH}" in all strings of `value`. */
void wd_config_resolve(json_t *value, const char *path, struct wd_references *references);
/* Masks in all faults what references put in, then forgets it. */
void wd_config_hide(struct wd_references *references);
/* The line on which the value at a JSON path ("a.b[2].c") begins, or that of its nearest parent. */
int wd_config_line(const char *text, const char *path);

/* config_pipelines.c */
void wd_config_read_kafka(struct wd_config *config, json_t *object, struct wd_faults *faults);
void wd_config_read_providers(struct wd_config *config, json_t *list, json_t *fallback,
                              struct wd_faults *faults);
void wd_config_read_pipelines(struct wd_config *config, json_t *list, bool load,
                              struct wd_faults *faults);
void wd_config_free_providers(struct wd_config *config);
void wd_config_free_pipelines(struct wd_config *config);
/* A fault at `path` when `name` (may be NULL), or what begins with it, is no name for a topic of Kafka. */
void wd_config_check_topic(const char *path, const char *name, struct wd_faults *faults);
json_t *wd_config_provider_schema(bool rule);
json_t *wd_config_pipeline_schema(void);

#endif
