#include "expectation.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 512, SHOWN_BYTES_MAX = 160 };

static void show(struct wd_buffer *out, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    struct wd_slice whole = wd_slice_from(text ? text : "absent");
    struct wd_slice cut = wd_utf8_cut(whole, SHOWN_BYTES_MAX);
    wd_buffer_append_slice(out, cut);
    if (cut.len < whole.len)
        wd_buffer_printf(out, "...");
    free(text);
}

static bool differs(json_t *wanted, json_t *got, const char *path, struct wd_buffer *why)
{
    wd_buffer_printf(why, "%s is ", path);
    show(why, got);
    wd_buffer_printf(why, ", not ");
    show(why, wanted);
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): Jansson limits the depth of what it reads */
static bool object_met(json_t *wanted, json_t *got, const char *path, struct wd_buffer *why)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(wanted, key, value)
    {
        char below[PATH_SIZE];
        (void)snprintf(below, sizeof(below), "%s.%s", path, key);
        if (!wd_expectation_met(value, json_object_get(got, key), below, why))
            return false;
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static bool list_met(json_t *wanted, json_t *got, const char *path, struct wd_buffer *why)
{
    size_t index = 0;
    json_t *value = NULL;
    if (json_array_size(wanted) != json_array_size(got)) {
        wd_buffer_printf(why, "%s has %zu elements, not %zu: ", path, json_array_size(got),
                         json_array_size(wanted));
        show(why, got);
        return false;
    }
    json_array_foreach(wanted, index, value)
    {
        char below[PATH_SIZE];
        (void)snprintf(below, sizeof(below), "%s[%zu]", path, index);
        if (!wd_expectation_met(value, json_array_get(got, index), below, why))
            return false;
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static bool any_met(json_t *wanted, json_t *got, const char *path, struct wd_buffer *why)
{
    struct wd_buffer unused;
    size_t index = 0;
    json_t *value = NULL;
    bool met = false;
    wd_buffer_init(&unused);
    json_array_foreach(got, index, value)
    {
        met = met || wd_expectation_met(wanted, value, path, &unused);
    }
    wd_buffer_finish(&unused);
    if (met)
        return true;
    wd_buffer_printf(why, "%s has no element like ", path);
    show(why, wanted);
    wd_buffer_printf(why, ": ");
    show(why, got);
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
bool wd_expectation_met(json_t *wanted, json_t *got, const char *path, struct wd_buffer *why)
{
    json_t *any = json_object_size(wanted) == 1 ? json_object_get(wanted, "$any") : NULL;
    if (json_is_null(wanted))
        return !got || json_is_null(got) || differs(wanted, got, path, why);
    if (any)
        return json_is_array(got) ? any_met(any, got, path, why) : differs(wanted, got, path, why);
    if (json_is_object(wanted) && json_is_object(got))
        return object_met(wanted, got, path, why);
    if (json_is_array(wanted) && json_is_array(got))
        return list_met(wanted, got, path, why);
    if (json_is_number(wanted) && json_is_number(got))
        return json_number_value(wanted) == json_number_value(got) ||
               differs(wanted, got, path, why);
    return json_equal(wanted, got) || differs(wanted, got, path, why);
}
