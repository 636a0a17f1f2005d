#include "option.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wd_faults_init(struct wd_faults *faults)
{
    *faults = (struct wd_faults){NULL, 0, 0};
}

void wd_faults_finish(struct wd_faults *faults)
{
    free(faults->items);
    wd_faults_init(faults);
}

void wd_faults_add(struct wd_faults *faults, const char *path, const char *format, ...)
{
    static struct wd_fault spare; /* without memory the fault still counts */
    struct wd_fault *fault = &spare;
    if (faults->count == faults->capacity) {
        size_t capacity = faults->capacity ? faults->capacity * 2 : 8;
        struct wd_fault *grown = realloc(faults->items, capacity * sizeof(*grown));
        if (grown) {
            faults->items = grown;
            faults->capacity = capacity;
        }
    }
    if (faults->count < faults->capacity)
        fault = &faults->items[faults->count++];
    memset(fault, 0, sizeof(*fault));
    (void)snprintf(fault->path, sizeof(fault->path), "%s", path);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->text, sizeof(fault->text), format, arguments);
    va_end(arguments);
}

static const struct wd_option *find_option(const struct wd_option *table, const char *key)
{
    for (const struct wd_option *option = table; option->name; option++) {
        if (strcmp(option->name, key) == 0)
            return option;
    }
    return NULL;
}

static bool is_listed(const char *const *list, const char *key)
{
    for (; list && *list; list++) {
        if (strcmp(*list, key) == 0)
            return true;
    }
    return false;
}

/* Levenshtein distance of two short names. */
static size_t distance(const char *a, const char *b)
{
    enum { NAME_MAX_LEN = 64 };
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    size_t row[NAME_MAX_LEN + 1];
    if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
        return NAME_MAX_LEN;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b_len];
}

static const char *nearest(const struct wd_option *table, const char *const *others,
                           const char *key)
{
    const char *found = NULL;
    size_t best = strlen(key) / 2 + 1; /* further away is no hint */
    for (const struct wd_option *option = table; option->name; option++) {
        size_t far = distance(key, option->name);
        if (far < best) {
            best = far;
            found = option->name;
        }
    }
    for (; others && *others; others++) {
        size_t far = distance(key, *others);
        if (far < best) {
            best = far;
            found = *others;
        }
    }
    return found;
}

static void join_path(char *out, size_t out_size, const char *path, const char *name)
{
    (void)snprintf(out, out_size, "%s%s%s", path, path[0] ? "." : "", name);
}

static void check_keys(const struct wd_option *table, json_t *object,
                       const struct wd_options_place *place)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        if (find_option(table, key) || is_listed(place->ignored, key))
            continue;
        char path[WD_ERROR_PATH_SIZE];
        join_path(path, sizeof(path), place->path, key);
        const char *hint = nearest(table, place->ignored, key);
        if (hint)
            wd_faults_add(place->faults, path, "unknown key; did you mean \"%s\"?", hint);
        else
            wd_faults_add(place->faults, path, "unknown key");
    }
}

static const char *type_name(enum wd_option_type type)
{
    static const char *const names[] = {"true or false", "a whole number",           "a number",
                                        "a string",      "one of a list of strings", "strings",
                                        "a value"};
    return names[type];
}

/* Says what is wrong with a value; where is `path`. */
struct spot {
    const char *path;
    struct wd_faults *faults;
};

static bool wrong_type(const struct wd_option *option, const struct spot *spot)
{
    wd_faults_add(spot->faults, spot->path, "must be %s: %s", type_name(option->type),
                  option->help ? option->help : "");
    return false;
}

static bool in_range(const struct wd_option *option, double value, const struct spot *spot)
{
    if (option->min == 0 && option->max == 0)
        return true;
    if (value >= option->min && value <= option->max)
        return true;
    wd_faults_add(spot->faults, spot->path, "%.15g is out of range: %.15g to %.15g", value,
                  option->min, option->max);
    return false;
}

static bool fill_enum(const struct wd_option *option, json_t *value, int *target,
                      const struct spot *spot)
{
    const char *text = json_string_value(value);
    char known[WD_ERROR_TEXT_SIZE] = "";
    size_t used = 0;
    for (int i = 0; option->choices[i]; i++) {
        if (text && strcmp(option->choices[i], text) == 0) {
            *target = i;
            return true;
        }
        int len = snprintf(known + used, sizeof(known) - used, "%s\"%s\"", i ? ", " : "",
                           option->choices[i]);
        used += len > 0 && (size_t)len < sizeof(known) - used ? (size_t)len : 0;
    }
    wd_faults_add(spot->faults, spot->path, "must be one of %s", known);
    return false;
}

static bool fill_strings(const struct wd_option *option, json_t *value,
                         struct wd_option_strings *target, const struct spot *spot)
{
    size_t count = json_is_array(value) ? json_array_size(value) : 1;
    target->items = calloc(count + 1, sizeof(*target->items));
    if (!target->items)
        return wrong_type(option, spot);
    for (size_t i = 0; i < count; i++) {
        const char *text =
            json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
        target->items[i] = text ? strdup(text) : NULL;
        if (!target->items[i])
            return wrong_type(option, spot);
        target->count++;
    }
    return true;
}

static bool fill_one(const struct wd_option *option, json_t *value, void *target,
                     const struct spot *spot)
{
    void *field = (char *)target + option->offset;
    switch (option->type) {
    case WD_OPTION_BOOL:
        if (!json_is_boolean(value))
            return wrong_type(option, spot);
        *(bool *)field = json_is_true(value);
        return true;
    case WD_OPTION_INTEGER:
        if (!json_is_integer(value))
            return wrong_type(option, spot);
        *(int64_t *)field = json_integer_value(value);
        return in_range(option, (double)json_integer_value(value), spot);
    case WD_OPTION_NUMBER:
        if (!json_is_number(value) || !isfinite(json_number_value(value)))
            return wrong_type(option, spot);
        *(double *)field = json_number_value(value);
        return in_range(option, json_number_value(value), spot);
    case WD_OPTION_STRING:
        if (!json_is_string(value))
            return wrong_type(option, spot);
        *(char **)field = strdup(json_string_value(value));
        return *(char **)field != NULL;
    case WD_OPTION_ENUM:
        return fill_enum(option, value, field, spot);
    case WD_OPTION_STRINGS:
        return fill_strings(option, value, field, spot);
    case WD_OPTION_JSON:
        *(json_t **)field = json_incref(value);
        return true;
    }
    return false;
}

bool wd_options_fill(const struct wd_option *table, json_t *object, void *target,
                     const struct wd_options_place *place)
{
    size_t before = place->faults->count;
    if (object && !json_is_object(object)) {
        wd_faults_add(place->faults, place->path, "must be an object");
        return false;
    }
    check_keys(table, object, place);
    for (const struct wd_option *option = table; option->name; option++) {
        char path[WD_ERROR_PATH_SIZE];
        join_path(path, sizeof(path), place->path, option->name);
        struct spot spot = {path, place->faults};
        json_t *value = json_object_get(object, option->name);
        if (value) {
            (void)fill_one(option, value, target, &spot);
        } else if (option->required) {
            wd_faults_add(place->faults, path, "is missing%s%s", option->help ? ": " : "",
                          option->help ? option->help : "");
        } else if (option->fallback) {
            json_t *fallback = json_loads(option->fallback, JSON_DECODE_ANY, NULL);
            (void)fill_one(option, fallback, target, &spot);
            json_decref(fallback);
        }
    }
    return place->faults->count == before;
}

void wd_options_finish(const struct wd_option *table, void *target)
{
    for (const struct wd_option *option = table; option->name; option++) {
        void *field = (char *)target + option->offset;
        if (option->type == WD_OPTION_STRING) {
            free(*(char **)field);
            *(char **)field = NULL;
        } else if (option->type == WD_OPTION_STRINGS) {
            struct wd_option_strings *strings = field;
            for (size_t i = 0; i < strings->count; i++)
                free(strings->items[i]);
            free(strings->items);
            *strings = (struct wd_option_strings){NULL, 0};
        } else if (option->type == WD_OPTION_JSON) {
            json_decref(*(json_t **)field);
            *(json_t **)field = NULL;
        }
    }
}

static json_t *enum_schema(const struct wd_option *option)
{
    json_t *choices = json_array();
    for (int i = 0; option->choices[i]; i++)
        (void)json_array_append_new(choices, json_string(option->choices[i]));
    return json_pack("{s:o}", "enum", choices);
}

static json_t *type_schema(const struct wd_option *option)
{
    switch (option->type) {
    case WD_OPTION_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case WD_OPTION_INTEGER:
        return json_pack("{s:s}", "type", "integer");
    case WD_OPTION_NUMBER:
        return json_pack("{s:s}", "type", "number");
    case WD_OPTION_STRING:
        return json_pack("{s:s}", "type", "string");
    case WD_OPTION_ENUM:
        return enum_schema(option);
    case WD_OPTION_STRINGS:
        return json_pack("{s:[{s:s},{s:s,s:{s:s}}]}", "anyOf", "type", "string", "type", "array",
                         "items", "type", "string");
    case WD_OPTION_JSON:
        break;
    }
    return option->schema ? json_loads(option->schema, JSON_DECODE_ANY, NULL) : json_object();
}

json_t *wd_options_schema(const struct wd_option *table, json_t *extra)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    for (const struct wd_option *option = table; option->name; option++) {
        json_t *one = type_schema(option);
        if (option->help)
            (void)json_object_set_new(one, "description", json_string(option->help));
        if (option->fallback)
            (void)json_object_set_new(one, "default",
                                      json_loads(option->fallback, JSON_DECODE_ANY, NULL));
        bool bounded = option->min != 0 || option->max != 0;
        if (bounded && option->type == WD_OPTION_INTEGER) {
            (void)json_object_set_new(one, "minimum", json_integer((json_int_t)option->min));
            (void)json_object_set_new(one, "maximum", json_integer((json_int_t)option->max));
        } else if (bounded) {
            (void)json_object_set_new(one, "minimum", json_real(option->min));
            (void)json_object_set_new(one, "maximum", json_real(option->max));
        }
        (void)json_object_set_new(properties, option->name, one);
        if (option->required)
            (void)json_array_append_new(required, json_string(option->name));
    }
    if (extra)
        (void)json_object_update(properties, extra);
    json_t *schema = json_pack("{s:s,s:o,s:b}", "type", "object", "properties", properties,
                               "additionalProperties", 0);
    if (json_array_size(required) > 0)
        (void)json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}
