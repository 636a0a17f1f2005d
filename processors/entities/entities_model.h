/* entities_model.h - what all lanes share of the entities processor: options, models, lists. */
#ifndef WD_ENTITIES_MODEL_H
#define WD_ENTITIES_MODEL_H

#include "gazetteer.h"
#include "language_tag.h"
#include "processor.h"
#include "tagger.h"
#include "watch.h"

enum { WD_LANGUAGES_MAX = 32, WD_LISTS_MAX = 32 };

struct wd_entities_options {
    bool gazetteer;
    bool model;
    bool language_detect;
    bool reuse;
    int64_t reuse_entries_max;
    int64_t reuse_bytes_max;
    int64_t reuse_window_hours;
    int64_t population_min;
    double score_min;
    char *language;
    char *gazetteer_file;
    json_t *languages;
    json_t *lists;
    struct wd_option_strings fields;
};

/* A language with a model or lists of its own. */
struct wd_entities_language {
    char code[WD_LANGUAGE_CODE_BYTES]; /* "en" */
    char *model_name;                  /* "built-in" or a path; NULL: none */
    struct wd_tagger *tagger;          /* NULL: none */
    uint32_t lists;                    /* bit n: list n is for it */
};

struct wd_entities_model {
    struct wd_gazetteer *gazetteer; /* NULL: not wanted */
    struct wd_entities_language languages[WD_LANGUAGES_MAX];
    size_t language_count;
    struct wd_watch *lists[WD_LISTS_MAX];
    size_t list_count;
    uint32_t common_lists; /* bit n: list n is for every language */
};

extern const struct wd_option wd_entities_options_table[];

void wd_entities_check(const void *options, const struct wd_environment *environment,
                       const char *path, struct wd_faults *faults);
/* The lists' files: they are read again when they change. */
void wd_entities_files(const void *options, const struct wd_environment *environment,
                       wd_file_visit *visit, void *context);
enum wd_status wd_entities_load(const void *options, const struct wd_environment *environment,
                                void **model, struct wd_error *error);
void wd_entities_unload(void *model);
/* The language with this code (of language_tag.h), NULL when none is configured. */
const struct wd_entities_language *wd_entities_language(const struct wd_entities_model *model,
                                                        struct wd_slice code);

#endif
