#include "config_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reading JSON text only as far as it takes to find lines. */
struct cursor {
    const char *at;
    int line;
};

static void skip_blanks(struct cursor *cursor)
{
    while (*cursor->at == ' ' || *cursor->at == '\t' || *cursor->at == '\r' ||
           *cursor->at == '\n') {
        cursor->line += *cursor->at == '\n';
        cursor->at++;
    }
}

static void skip_string(struct cursor *cursor)
{
    cursor->at++;
    while (*cursor->at && *cursor->at != '"')
        cursor->at += *cursor->at == '\\' && cursor->at[1] ? 2 : 1;
    cursor->at += *cursor->at == '"';
}

/* Over one value of any kind. */
static void skip_value(struct cursor *cursor)
{
    int depth = 0;
    do {
        skip_blanks(cursor);
        char c = *cursor->at;
        if (c == '\0')
            return;
        if (c == '"') {
            skip_string(cursor);
        } else {
            depth += c == '{' || c == '[';
            depth -= c == '}' || c == ']';
            cursor->at++;
            while (depth == 0 && *cursor->at && !strchr(",]} \t\r\n", *cursor->at) && c != '}' &&
                   c != ']')
                cursor->at++;
        }
    } while (depth > 0);
}

static bool enter_member(struct cursor *cursor, const char *name, size_t len)
{
    cursor->at++;
    for (;;) {
        skip_blanks(cursor);
        if (*cursor->at == ',')
            cursor->at++;
        skip_blanks(cursor);
        if (*cursor->at != '"')
            return false;
        struct cursor key = *cursor;
        skip_string(cursor);
        bool found = (size_t)(cursor->at - key.at) == len + 2 && memcmp(key.at + 1, name, len) == 0;
        skip_blanks(cursor);
        cursor->at += *cursor->at == ':';
        skip_blanks(cursor);
        if (found)
            return true;
        skip_value(cursor);
    }
}

static bool enter_element(struct cursor *cursor, long index)
{
    cursor->at++;
    for (long i = 0; i < index; i++) {
        skip_value(cursor);
        skip_blanks(cursor);
        if (*cursor->at != ',')
            return false;
        cursor->at++;
    }
    skip_blanks(cursor);
    return true;
}

int wd_config_line(const char *text, const char *path)
{
    struct cursor cursor = {text, 1};
    skip_blanks(&cursor);
    while (*path) {
        struct cursor next = cursor;
        bool found = false;
        if (*path == '[' && *next.at == '[') {
            char *end = NULL;
            found = enter_element(&next, strtol(path + 1, &end, 10));
            path = *end == ']' ? end + 1 : end;
        } else if (*next.at == '{') {
            path += *path == '.';
            size_t len = strcspn(path, ".[");
            found = enter_member(&next, path, len);
            /* Names of librdkafka's properties contain dots: the whole rest may be one name. */
            if (!found && len < strlen(path)) {
                next = cursor;
                len = strlen(path);
                found = enter_member(&next, path, len);
            }
            path += len;
        }
        if (!found)
            return cursor.line;
        cursor = next;
    }
    return cursor.line;
}

/* The value of one reference, to be freed; NULL (with a fault) when there is none. */
static char *look_up(const char *reference, const char *path, const char *directory,
                     struct wd_faults *faults)
{
    if (strncmp(reference, "env:", 4) == 0) {
        const char *value = getenv(reference + 4);
        if (!value)
            wd_faults_add(faults, path, "the environment has no variable %s", reference + 4);
        return value ? strdup(value) : NULL;
    }
    if (strncmp(reference, "file:", 5) != 0) {
        wd_faults_add(faults, path, "\"${%s}\" is no reference: use ${env:NAME} or ${file:PATH}",
                      reference);
        return NULL;
    }
    char name[4096];
    bool absolute = reference[5] == '/';
    (void)snprintf(name, sizeof(name), "%s%s%s", absolute ? "" : directory, absolute ? "" : "/",
                   reference + 5);
    FILE *file = fopen(name, "re");
    char *line = NULL;
    size_t size = 0;
    if (!file || getline(&line, &size, file) < 0) {
        wd_faults_add(faults, path, "cannot read %s: %s", name, strerror(errno));
        free(line);
        line = NULL;
    } else {
        line[strcspn(line, "\r\n")] = '\0';
    }
    if (file)
        (void)fclose(file);
    return line;
}

static void resolve_string(json_t *value, const char *path, const char *directory,
                           struct wd_faults *faults)
{
    const char *rest = json_string_value(value);
    if (!strstr(rest, "${"))
        return;
    struct wd_buffer out;
    wd_buffer_init(&out);
    const char *open = NULL;
    while ((open = strstr(rest, "${"))) {
        const char *close = strchr(open, '}');
        if (!close) {
            wd_faults_add(faults, path, "\"${\" without \"}\"");
            break;
        }
        char reference[1024];
        (void)snprintf(reference, sizeof(reference), "%.*s", (int)(close - open - 2), open + 2);
        wd_buffer_append(&out, rest, (size_t)(open - rest));
        char *text = look_up(reference, path, directory, faults);
        if (text)
            wd_buffer_append(&out, text, strlen(text));
        free(text);
        rest = close + 1;
    }
    wd_buffer_append(&out, rest, strlen(rest));
    if (wd_buffer_ok(&out))
        (void)json_string_setn(value, out.data ? out.data : "", out.len);
    wd_buffer_finish(&out);
}

/* NOLINTNEXTLINE(misc-no-recursion): Jansson bounds the nesting at 2048 */
void wd_config_resolve(json_t *value, const char *path, const char *directory,
                       struct wd_faults *faults)
{
    char below[WD_ERROR_PATH_SIZE];
    const char *key = NULL;
    size_t index = 0;
    json_t *child = NULL;
    if (json_is_string(value))
        resolve_string(value, path, directory, faults);
    json_object_foreach(value, key, child)
    {
        (void)snprintf(below, sizeof(below), "%s%s%s", path, path[0] ? "." : "", key);
        wd_config_resolve(child, below, directory, faults);
    }
    json_array_foreach(value, index, child)
    {
        (void)snprintf(below, sizeof(below), "%s[%zu]", path, index);
        wd_config_resolve(child, below, directory, faults);
    }
}

/* Secrets by their nature, whatever way they got here. */
static bool is_secret_key(const char *key)
{
    static const char *const parts[] = {"password", "secret", "ssl.key.pem", "sasl.oauthbearer",
                                        "token"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strstr(key, parts[i]))
            return true;
    }
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): Jansson bounds the nesting at 2048 */
static void mask(json_t *value)
{
    const char *key = NULL;
    size_t index = 0;
    json_t *child = NULL;
    if (json_is_string(value) && strstr(json_string_value(value), "${"))
        (void)json_string_set(value, "********");
    json_object_foreach(value, key, child)
    {
        if (json_is_string(child) && is_secret_key(key))
            (void)json_string_set(child, "********");
        else
            mask(child);
    }
    json_array_foreach(value, index, child) mask(child);
}

json_t *wd_config_masked(const struct wd_config *config)
{
    json_t *copy = json_deep_copy(config->source);
    mask(copy);
    return copy;
}
