#include "entities_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const mode_names[] = {"override", "complement", "only", NULL};

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* Relative to the folder of the configuration. */
static char *full_path(const char *file, const struct wd_environment *environment)
{
    char *path = NULL;
    if (file[0] == '/')
        return strdup(file);
    return asprintf(&path, "%s/%s", environment->directory, file) < 0 ? NULL : path;
}

static int mode_of(const json_t *list)
{
    const char *mode = text_of(list, "mode");
    for (int i = 0; mode && mode_names[i]; i++) {
        if (strcmp(mode, mode_names[i]) == 0)
            return i;
    }
    return json_object_get(list, "mode") ? -1 : WD_WATCH_OVERRIDE;
}

static const char *name_of(const json_t *list)
{
    const char *name = text_of(list, "name");
    return name ? name : "list";
}

/* ---- check: everything wrong at once */

struct place {
    const struct wd_environment *environment;
    struct wd_faults *faults;
    char path[2 * WD_ERROR_PATH_SIZE];
};

static void check_list(const json_t *list, struct place *place)
{
    static const char *const known[] = {"name", "file", "entries", "mode", NULL};
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)list, key, value)
    {
        bool found = false;
        for (size_t i = 0; known[i]; i++)
            found = found || strcmp(key, known[i]) == 0;
        if (!found)
            wd_faults_add(place->faults, place->path,
                          "\"%s\" is not known; a list has name, file or entries, mode", key);
    }
    const char *file = text_of(list, "file");
    json_t *entries = json_object_get(list, "entries");
    if (mode_of(list) < 0)
        wd_faults_add(place->faults, place->path, "\"mode\" is override, complement or only");
    if ((file != NULL) == json_is_array(entries)) {
        wd_faults_add(place->faults, place->path, "a list needs \"file\" or \"entries\"");
        return;
    }
    char *path = file ? full_path(file, place->environment) : NULL;
    struct wd_watch_source source = {.name = name_of(list),
                                     .path = path,
                                     .entries = entries,
                                     .check_only = true,
                                     .fault_path = place->path};
    struct wd_watch *watch = NULL;
    (void)!wd_watch_load(&source, &watch, place->faults); /* its faults are all that is wanted */
    free(path);
}

static void check_lists(const json_t *lists, const char *at, struct place *place)
{
    if (!lists)
        return;
    if (!json_is_array(lists) || json_array_size(lists) > WD_LISTS_MAX) {
        wd_faults_add(place->faults, at, "\"lists\" must be a list of at most %d lists",
                      WD_LISTS_MAX);
        return;
    }
    size_t index = 0;
    json_t *list = NULL;
    json_array_foreach(lists, index, list)
    {
        (void)snprintf(place->path, sizeof(place->path), "%.100s.lists[%zu]", at, index);
        if (json_is_object(list))
            check_list(list, place);
        else
            wd_faults_add(place->faults, place->path, "a list must be an object");
    }
}

static bool has_list(const json_t *lists, const char *name)
{
    size_t index = 0;
    json_t *list = NULL;
    json_array_foreach((json_t *)(uintptr_t)lists, index, list)
    {
        if (name && strcmp(name_of(list), name) == 0)
            return true;
    }
    return false;
}

static void check_language(const char *code, const json_t *value, const json_t *lists,
                           struct place *place)
{
    json_t *model = json_object_get(value, "model");
    json_t *own = json_object_get(value, "lists");
    char known[WD_LANGUAGE_CODE_BYTES];
    if (!json_is_object(value) || strpbrk(code, "-_") ||
        wd_language_code(wd_slice_from(code), known).len == 0)
        wd_faults_add(place->faults, place->path,
                      "must be an object under a language's code, like \"en\"");
    if (model && !json_is_string(model) && !json_is_null(model))
        wd_faults_add(place->faults, place->path,
                      "\"model\" is \"built-in\" (English), a file, or null");
    const char *file = json_string_value(model);
    char *path = file && strcmp(file, "built-in") != 0 ? full_path(file, place->environment) : NULL;
    if (path && access(path, R_OK) != 0)
        wd_faults_add(place->faults, place->path, "cannot read the model %s", path);
    free(path);
    size_t index = 0;
    json_t *name = NULL;
    json_array_foreach(own, index, name)
    {
        if (!has_list(lists, json_string_value(name)))
            wd_faults_add(place->faults, place->path, "\"lists\"[%zu] is no list of \"lists\"",
                          index);
    }
}

void wd_entities_check(const void *raw, const struct wd_environment *environment, const char *path,
                       struct wd_faults *faults)
{
    const struct wd_entities_options *options = raw;
    struct place place = {environment, faults, ""};
    check_lists(options->lists, path, &place);
    if (options->languages && (!json_is_object(options->languages) ||
                               json_object_size(options->languages) > WD_LANGUAGES_MAX))
        wd_faults_add(faults, path, "\"languages\" must be an object with at most %d languages",
                      WD_LANGUAGES_MAX);
    const char *code = NULL;
    json_t *value = NULL;
    char known[WD_LANGUAGE_CODE_BYTES];
    if (wd_language_code(wd_slice_from(options->language), known).len == 0)
        wd_faults_add(faults, path,
                      "\"language\" must be a language's code, like \"en\", not \"%.40s\"",
                      options->language);
    json_object_foreach(options->languages, code, value)
    {
        (void)snprintf(place.path, sizeof(place.path), "%.100s.languages.%.12s", path, code);
        check_language(code, value, options->lists, &place);
    }
    char *file = options->gazetteer_file ? full_path(options->gazetteer_file, environment) : NULL;
    if (file && access(file, R_OK) != 0)
        wd_faults_add(faults, path, "cannot read the gazetteer %s", file);
    free(file);
    for (size_t i = 0; i < options->fields.count; i++) {
        const char *field = options->fields.items[i];
        if (strcmp(field, "headline") != 0 && strcmp(field, "body") != 0 &&
            strcmp(field, "caption") != 0)
            wd_faults_add(faults, path, "\"fields\" are headline, body and caption, not \"%.40s\"",
                          field);
    }
}

/* ---- load */

void wd_entities_files(const void *raw, const struct wd_environment *environment,
                       wd_file_visit *visit, void *context)
{
    const struct wd_entities_options *options = raw;
    size_t index = 0;
    json_t *list = NULL;
    json_array_foreach(options->lists, index, list)
    {
        const char *file = text_of(list, "file");
        char *path = file ? full_path(file, environment) : NULL;
        if (path)
            visit(context, path);
        free(path);
    }
}

static void warn(void *context, const char *text)
{
    const struct wd_environment *environment = context;
    environment->log(environment->log_context, WD_LEVEL_WARN, text);
}

/* All faults to the log, the first one and their number into the error. */
static enum wd_status report(const struct wd_environment *environment, enum wd_status status,
                             const struct wd_faults *faults, struct wd_error *error)
{
    for (size_t i = 0; i < faults->count; i++)
        environment->log(environment->log_context, WD_LEVEL_ERROR, faults->items[i].text);
    if (faults->count == 0)
        return wd_error_set(error, status, "a list cannot be loaded");
    if (faults->count == 1)
        return wd_error_set(error, status, "%s", faults->items[0].text);
    return wd_error_set(error, status, "%.300s (and %zu more, in the log)", faults->items[0].text,
                        faults->count - 1);
}

static enum wd_status load_lists(struct wd_entities_model *model, json_t *lists,
                                 const struct wd_environment *environment, struct wd_error *error)
{
    struct wd_faults faults;
    wd_faults_init(&faults);
    enum wd_status status = WD_OK;
    size_t index = 0;
    json_t *list = NULL;
    json_array_foreach(lists, index, list)
    {
        const char *file = text_of(list, "file");
        char *path = file ? full_path(file, environment) : NULL;
        struct wd_watch_source source = {.name = name_of(list),
                                         .path = path,
                                         .entries = json_object_get(list, "entries"),
                                         .mode = (enum wd_watch_mode)mode_of(list),
                                         .fault_path = "lists",
                                         .warn = environment->log ? warn : NULL,
                                         .warn_context = (void *)(uintptr_t)environment};
        enum wd_status one = wd_watch_load(&source, &model->lists[index], &faults);
        free(path);
        if (one == WD_OK)
            model->list_count = index + 1;
        else if (status == WD_OK)
            status = one;
        if (status != WD_OK)
            break;
    }
    if (status != WD_OK)
        status = report(environment, status, &faults, error);
    wd_faults_finish(&faults);
    return status;
}

static enum wd_status load_tagger(struct wd_entities_language *language, const char *name,
                                  const struct wd_environment *environment, struct wd_error *error)
{
    bool built_in = strcmp(name, "built-in") == 0;
    char *path = built_in ? NULL : full_path(name, environment);
    language->model_name = strdup(name);
    if (!language->model_name || (!built_in && !path)) {
        free(path);
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a model");
    }
    enum wd_status status = wd_tagger_open(path, &language->tagger, error);
    free(path);
    return status;
}

static uint32_t lists_named(const struct wd_entities_model *model, json_t *names)
{
    uint32_t bits = 0;
    size_t index = 0;
    json_t *name = NULL;
    json_array_foreach(names, index, name)
    {
        for (size_t i = 0; i < model->list_count; i++) {
            if (json_is_string(name) &&
                strcmp(wd_watch_name(model->lists[i]), json_string_value(name)) == 0)
                bits |= 1u << i;
        }
    }
    return bits;
}

/* Without "languages" there is English with the built-in model. A list that no language names is for
 * all of them. */
static enum wd_status load_languages(struct wd_entities_model *model,
                                     const struct wd_entities_options *options,
                                     const struct wd_environment *environment,
                                     struct wd_error *error)
{
    json_t *languages = options->languages ? json_incref(options->languages)
                                           : json_pack("{s{ss}}", "en", "model", "built-in");
    enum wd_status status = languages ? WD_OK : WD_NO_MEMORY;
    uint32_t named = 0;
    const char *code = NULL;
    json_t *value = NULL;
    json_object_foreach(languages, code, value)
    {
        struct wd_entities_language *language = &model->languages[model->language_count++];
        (void)wd_language_code(wd_slice_from(code), language->code);
        language->lists = lists_named(model, json_object_get(value, "lists"));
        named |= language->lists;
        const char *name = text_of(value, "model");
        if (status == WD_OK && name && options->model)
            status = load_tagger(language, name, environment, error);
    }
    model->common_lists = ~named;
    json_decref(languages);
    return status;
}

static enum wd_status load_gazetteer(struct wd_entities_model *model, const char *file,
                                     const struct wd_environment *environment,
                                     struct wd_error *error)
{
    char *path = file ? full_path(file, environment) : NULL;
    if (file && !path)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for the gazetteer");
    enum wd_status status = wd_gazetteer_open(path, &model->gazetteer, error);
    free(path);
    return status;
}

enum wd_status wd_entities_load(const void *raw, const struct wd_environment *environment,
                                void **model, struct wd_error *error)
{
    const struct wd_entities_options *options = raw;
    struct wd_entities_model *made = calloc(1, sizeof(*made));
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for entities");
    enum wd_status status = WD_OK;
    if (options->gazetteer)
        status = load_gazetteer(made, options->gazetteer_file, environment, error);
    if (status == WD_OK)
        status = load_lists(made, options->lists, environment, error);
    if (status == WD_OK)
        status = load_languages(made, options, environment, error);
    if (status != WD_OK) {
        wd_entities_unload(made);
        return status;
    }
    *model = made;
    return WD_OK;
}

void wd_entities_unload(void *raw)
{
    struct wd_entities_model *model = raw;
    if (!model)
        return;
    wd_gazetteer_close(model->gazetteer);
    for (size_t i = 0; i < model->list_count; i++)
        wd_watch_destroy(model->lists[i]);
    for (size_t i = 0; i < model->language_count; i++) {
        wd_tagger_close(model->languages[i].tagger);
        free(model->languages[i].model_name);
    }
    free(model);
}

const struct wd_entities_language *wd_entities_language(const struct wd_entities_model *model,
                                                        struct wd_slice code)
{
    for (size_t i = 0; i < model->language_count; i++) {
        if (wd_slice_is(code, model->languages[i].code))
            return &model->languages[i];
    }
    return NULL;
}

const struct wd_option wd_entities_options_table[] = {
    {.name = "gazetteer",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct wd_entities_options, gazetteer),
     .fallback = "true",
     .help = "Use the built-in gazetteer: ids for what is found, and places where no model looks."},
    {.name = "gazetteer_file",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct wd_entities_options, gazetteer_file),
     .help = "Another image than the built-in one, made by wiredesk-gazetteer."},
    {.name = "model",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct wd_entities_options, model),
     .fallback = "true",
     .help = "Let the statistical models of \"languages\" look at the copy."},
    {.name = "language",
     .type = WD_OPTION_STRING,
     .offset = offsetof(struct wd_entities_options, language),
     .fallback = "\"en\"",
     .help = "Language of stories that do not say theirs, where it is not detected."},
    {.name = "language_detect",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct wd_entities_options, language_detect),
     .fallback = "true",
     .help = "Look at the copy of stories that do not say their language."},
    {.name = "languages",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct wd_entities_options, languages),
     .schema = "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\",\"properties\":{"
               "\"model\":{\"type\":[\"string\",\"null\"]},\"lists\":{\"type\":\"array\","
               "\"items\":{\"type\":\"string\"}}}}}",
     .help = "By language: \"model\" (\"built-in\", a file, null) and \"lists\" that are for it "
             "only; {\"en\": {\"model\": \"built-in\"}} when absent."},
    {.name = "score_min",
     .type = WD_OPTION_NUMBER,
     .offset = offsetof(struct wd_entities_options, score_min),
     .fallback = "0",
     .max = 1,
     .help = "The model's mentions with a lower score are left out."},
    {.name = "fields",
     .type = WD_OPTION_STRINGS,
     .offset = offsetof(struct wd_entities_options, fields),
     .fallback = "[\"headline\", \"body\", \"caption\"]",
     .help = "Parts of the story that are looked at."},
    {.name = "population_min",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct wd_entities_options, population_min),
     .fallback = "100000",
     .min = 5000,
     .max = 100000000,
     .help = "Without a model, cities with fewer people are left out, capitals never."},
    {.name = "reuse",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct wd_entities_options, reuse),
     .fallback = "false",
     .help =
         "Take the model's mentions over from an earlier copy of the same paragraphs: dedup has "
         "to stand before."},
    {.name = "reuse_entries_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct wd_entities_options, reuse_entries_max),
     .fallback = "200000",
     .min = 1,
     .max = 60000000,
     .help = "Groups of copies whose mentions are remembered, in each shard."},
    {.name = "reuse_bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct wd_entities_options, reuse_bytes_max),
     .fallback = "268435456",
     .min = 1048576,
     .max = 1099511627776.0,
     .help = "Bytes that these may take, in each shard."},
    {.name = "reuse_window_hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct wd_entities_options, reuse_window_hours),
     .fallback = "72",
     .min = 1,
     .max = 8784,
     .help = "How long they are remembered."},
    {.name = "lists",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct wd_entities_options, lists),
     .schema = "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
               "\"name\":{\"type\":\"string\"},\"file\":{\"type\":\"string\"},"
               "\"mode\":{\"enum\":[\"override\",\"complement\",\"only\"]},"
               "\"entries\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
               "\"name\"]}}}}}",
     .help = "Lists of one's own: each has a \"name\", a \"file\" (JSON, CSV) or \"entries\" of "
             "{\"name\", \"id\", \"type\", \"names\", \"case\", \"accents\"}, and a \"mode\"."},
    {.name = NULL},
};
