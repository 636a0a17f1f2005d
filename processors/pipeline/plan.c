#include "plan.h"

#include "wd_assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const own_keys[] = {"use", "name", NULL};

static const struct {
    uint32_t part;
    const char *name;
} part_names[] = {
    {WD_PART_DEDUP, "the duplicate verdict"}, {WD_PART_UPDATE, "the update verdict"},
    {WD_PART_ENTITIES, "entities"},           {WD_PART_ROUTES, "routes"},
    {WD_PART_VERDICTS, "verdicts"},
};

static bool copy_surroundings(struct wd_plan *plan, const struct wd_environment *environment)
{
    size_t count = 0;
    while (environment->outputs && environment->outputs[count])
        count++;
    plan->environment = *environment;
    plan->directory = strdup(environment->directory ? environment->directory : ".");
    plan->outputs = calloc(count + 1, sizeof(*plan->outputs));
    if (!plan->directory || !plan->outputs)
        return false;
    for (size_t i = 0; i < count; i++) {
        plan->outputs[i] = strdup(environment->outputs[i]);
        if (!plan->outputs[i])
            return false;
    }
    plan->environment.directory = plan->directory;
    plan->environment.outputs = (const char *const *)plan->outputs;
    plan->environment.tables = NULL;
    return true;
}

static void free_step(struct wd_plan_step *step)
{
    if (step->model && step->impl->unload)
        step->impl->unload(step->model);
    if (step->options) {
        wd_options_finish(step->impl->options, step->options);
        free(step->options);
    }
    free(step->name);
    wd_processor_close(step->handle);
}

static void free_plan(struct wd_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        free_step(&plan->steps[i]);
    free(plan->steps);
    for (size_t i = 0; plan->outputs && plan->outputs[i]; i++)
        free(plan->outputs[i]);
    free(plan->outputs);
    for (size_t i = 0; i < plan->file_count; i++)
        free(plan->files[i].path);
    free(plan->files);
    free(plan->directory);
    free(plan);
}

/* Where one processor is being read. */
struct reading {
    struct wd_plan *plan;
    struct wd_plan_step *step;
    char path[WD_ERROR_PATH_SIZE];
    struct wd_faults *faults;
};

static bool read_name(struct reading *reading, json_t *object)
{
    struct wd_plan_step *step = reading->step;
    json_t *given = json_object_get(object, "name");
    const char *name = given ? json_string_value(given) : step->impl->name;
    if (!name || name[0] == '\0' || strlen(name) > 31 || strchr(name, '.')) {
        wd_faults_add(reading->faults, reading->path,
                      "\"name\" must be a string of 1 to 31 bytes without dots");
        return false;
    }
    for (struct wd_plan_step *other = reading->plan->steps; other < step; other++) {
        if (other->name && strcmp(other->name, name) == 0) {
            wd_faults_add(reading->faults, reading->path,
                          "a processor \"%s\" stands before this one: give it a \"name\"", name);
            return false;
        }
    }
    step->name = strdup(name);
    return step->name != NULL;
}

static bool read_tables(struct reading *reading)
{
    struct wd_plan_step *step = reading->step;
    if (!step->impl->tables)
        return true;
    step->table_count = step->impl->tables(step->options, step->tables);
    WD_ASSERT(step->table_count <= WD_TABLES_PER_PROCESSOR_MAX);
    for (size_t i = 0; i < step->table_count; i++) {
        char own[sizeof(step->tables[i].name)];
        memcpy(own, step->tables[i].name, sizeof(own));
        int len = snprintf(step->tables[i].name, sizeof(own), "%s.%.30s", step->name, own);
        WD_ASSERT(len > 0 && (size_t)len < sizeof(own));
    }
    return true;
}

static void read_options(struct reading *reading, json_t *object)
{
    struct wd_plan_step *step = reading->step;
    size_t size = step->impl->options_size ? step->impl->options_size : 1;
    step->options = calloc(1, size);
    if (!step->options) {
        wd_faults_add(reading->faults, reading->path, "no memory");
        return;
    }
    struct wd_options_place place = {reading->path, own_keys, reading->faults};
    bool good = wd_options_fill(step->impl->options, object, step->options, &place);
    if (!good)
        return;
    struct wd_environment environment = reading->plan->environment;
    environment.instance = step->name;
    if (step->impl->check)
        step->impl->check(step->options, &environment, reading->path, reading->faults);
    (void)read_tables(reading);
}

static void read_step(struct reading *reading, json_t *object)
{
    struct wd_error error;
    wd_error_init(&error);
    const char *use = json_string_value(json_object_get(object, "use"));
    if (!use) {
        wd_faults_add(reading->faults, reading->path,
                      "must be an object with \"use\": the processor's name");
        return;
    }
    enum wd_status status = wd_processor_open(use, reading->plan->directory, &reading->step->impl,
                                              &reading->step->handle, &error);
    if (status != WD_OK) {
        wd_faults_add(reading->faults, reading->path, "%s", error.text);
        return;
    }
    if (read_name(reading, object))
        read_options(reading, object);
}

/* A processor that reads what only a later one writes would see nothing. */
static void check_order(const struct wd_plan *plan, const char *path, struct wd_faults *faults)
{
    uint32_t written = WD_PARTS_DECODED | plan->environment.given;
    for (size_t i = 0; i < plan->count; i++) {
        const struct wd_processor_impl *impl = plan->steps[i].impl;
        if (!impl)
            return; /* told already; what it would write nobody knows */
        uint32_t reads = impl->reads;
        if (impl->reads_with && plan->steps[i].options)
            reads |= impl->reads_with(plan->steps[i].options);
        for (size_t j = 0; j < sizeof(part_names) / sizeof(part_names[0]); j++) {
            uint32_t part = part_names[j].part;
            if (!(reads & part) || (written & part))
                continue;
            char where[WD_ERROR_PATH_SIZE];
            (void)snprintf(where, sizeof(where), "%s[%zu]", path, i);
            wd_faults_add(faults, where,
                          "%s reads %s, which no processor before it writes: move it further down "
                          "(or say \"format\": \"enriched\" where stories bring it along)",
                          impl->name, part_names[j].name);
        }
        written |= impl->writes;
    }
}

/* Without memory a file is not watched; loading will say what is wrong. */
static void add_file(void *context, const char *path)
{
    struct wd_plan *plan = context;
    if (plan->file_count == plan->file_capacity) {
        size_t capacity = plan->file_capacity ? plan->file_capacity * 2 : 8;
        struct wd_plan_file *grown = realloc(plan->files, capacity * sizeof(*grown));
        if (!grown)
            return;
        plan->files = grown;
        plan->file_capacity = capacity;
    }
    char *copy = strdup(path);
    if (copy)
        plan->files[plan->file_count++] = (struct wd_plan_file){copy, wd_file_stamp_read(path)};
}

static void load_models(struct wd_plan *plan, const char *path, struct wd_faults *faults)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct wd_plan_step *step = &plan->steps[i];
        struct wd_environment environment = plan->environment;
        struct wd_error error;
        wd_error_init(&error);
        WD_ASSERT(step->impl); /* a plan with faults loads nothing */
        environment.instance = step->name;
        if (step->impl->files)
            step->impl->files(step->options, &environment, add_file, plan);
        if (!step->impl->load ||
            step->impl->load(step->options, &environment, &step->model, &error) == WD_OK)
            continue;
        char where[WD_ERROR_PATH_SIZE];
        (void)snprintf(where, sizeof(where), "%s[%zu]", path, i);
        wd_faults_add(faults, where, "%s", error.text);
    }
}

static void read_steps(struct wd_plan *plan, json_t *processors, const char *path,
                       struct wd_faults *faults)
{
    size_t count = json_array_size(processors);
    if (!json_is_array(processors) || count > WD_PROCESSORS_PER_PIPELINE_MAX) {
        wd_faults_add(faults, path, "must be a list of at most %d processors",
                      WD_PROCESSORS_PER_PIPELINE_MAX);
        return;
    }
    plan->steps = calloc(count + 1, sizeof(*plan->steps));
    for (size_t i = 0; plan->steps && i < count; i++) {
        struct reading reading = {plan, &plan->steps[i], "", faults};
        (void)snprintf(reading.path, sizeof(reading.path), "%s[%zu]", path, i);
        plan->count = i + 1;
        read_step(&reading, json_array_get(processors, i));
    }
}

struct wd_plan *wd_plan_create(json_t *processors, const char *path,
                               const struct wd_environment *environment, bool load,
                               struct wd_faults *faults)
{
    size_t before = faults->count;
    struct wd_plan *plan = calloc(1, sizeof(*plan));
    if (!plan || !copy_surroundings(plan, environment)) {
        wd_faults_add(faults, path, "no memory");
    } else {
        atomic_store(&plan->references, 1);
        read_steps(plan, processors, path, faults);
        check_order(plan, path, faults);
        if (load && faults->count == before)
            load_models(plan, path, faults);
    }
    if (faults->count == before)
        return plan;
    if (plan)
        free_plan(plan);
    return NULL;
}

struct wd_plan *wd_plan_retain(struct wd_plan *plan)
{
    (void)atomic_fetch_add(&plan->references, 1);
    return plan;
}

void wd_plan_release(struct wd_plan *plan)
{
    if (plan && atomic_fetch_sub(&plan->references, 1) == 1)
        free_plan(plan);
}

size_t wd_plan_processor_count(const struct wd_plan *plan)
{
    return plan->count;
}

const char *wd_plan_processor_name(const struct wd_plan *plan, size_t index)
{
    return plan->steps[index].name;
}

const struct wd_processor_impl *wd_plan_processor_impl(const struct wd_plan *plan, size_t index)
{
    return plan->steps[index].impl;
}

bool wd_plan_has_state(const struct wd_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->steps[i].table_count > 0)
            return true;
    }
    return false;
}

enum wd_status wd_plan_add_tables(const struct wd_plan *plan, struct wd_state *state,
                                  struct wd_error *error)
{
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t j = 0; j < plan->steps[i].table_count; j++) {
            struct wd_table *table = NULL;
            enum wd_status status =
                wd_state_add_table(state, &plan->steps[i].tables[j], &table, error);
            if (status != WD_OK)
                return status;
        }
    }
    return WD_OK;
}

static bool same_spec(const struct wd_table_spec *a, const struct wd_table_spec *b)
{
    return strcmp(a->name, b->name) == 0 && a->entries_max == b->entries_max &&
           a->bytes_max == b->bytes_max && a->ttl_ms == b->ttl_ms &&
           a->key_len_max == b->key_len_max && a->value_len_max == b->value_len_max;
}

bool wd_plan_same_tables(const struct wd_plan *plan, const struct wd_plan *other)
{
    if (plan->count != other->count)
        return false;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->steps[i].table_count != other->steps[i].table_count)
            return false;
        for (size_t j = 0; j < plan->steps[i].table_count; j++) {
            if (!same_spec(&plan->steps[i].tables[j], &other->steps[i].tables[j]))
                return false;
        }
    }
    return true;
}

size_t wd_plan_file_count(const struct wd_plan *plan)
{
    return plan->file_count;
}

const char *wd_plan_file(const struct wd_plan *plan, size_t index, struct wd_file_stamp *stamp)
{
    *stamp = plan->files[index].stamp;
    return plan->files[index].path;
}
