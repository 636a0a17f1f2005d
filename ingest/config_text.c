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

/* Enters the member that `path` begins with; its length in *len. Names of librdkafka's properties
 * contain dots: the whole rest may be one name. */
static bool enter_named(struct cursor *cursor, const char *path, size_t *len)
{
    struct cursor whole = *cursor;
    *len = strcspn(path, ".[");
    if (enter_member(cursor, path, *len))
        return true;
    *len = strlen(path);
    *cursor = whole;
    return enter_member(cursor, path, *len);
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
            size_t len = 0;
            found = enter_named(&next, path, &len);
            path += len;
        }
        if (!found)
            return cursor.line;
        cursor = next;
    }
    return cursor.line;
}

/* The first line of a file, to be freed; NULL (with a fault) when there is none. */
static char *read_line(const char *name, const char *path, const struct wd_references *references)
{
    char full[4096];
    bool absolute = name[0] == '/';
    (void)snprintf(full, sizeof(full), "%s%s%s", absolute ? "" : references->directory,
                   absolute ? "" : "/", name);
    FILE *file = fopen(full, "re");
    if (!file) {
        wd_faults_add(references->faults, path, "cannot read %s: %s", full, strerror(errno));
        return NULL;
    }
    char *line = NULL;
    size_t size = 0;
    errno = 0;
    if (getline(&line, &size, file) < 0) {
        wd_faults_add(references->faults, path, "cannot read %s: %s", full,
                      errno ? strerror(errno) : "it is empty");
        free(line);
        line = NULL;
    } else {
        line[strcspn(line, "\r\n")] = '\0';
    }
    (void)fclose(file);
    return line;
}

/* The value of one reference, to be freed; NULL (with a fault) when there is none. */
static char *look_up(const char *reference, const char *path,
                     const struct wd_references *references)
{
    if (strncmp(reference, "file:", 5) == 0)
        return read_line(reference + 5, path, references);
    if (strncmp(reference, "env:", 4) != 0) {
        wd_faults_add(references->faults, path,
                      "\"${%s}\" is no reference: use ${env:NAME} or ${file:PATH}", reference);
        return NULL;
    }
    const char *value = getenv(reference + 4);
    if (!value)
        wd_faults_add(references->faults, path, "the environment has no variable %s",
                      reference + 4);
    return value ? strdup(value) : NULL;
}

/* Keeps a text that was put in, so that faults can be cleaned of it. */
static void remember(struct wd_references *references, char *text)
{
    struct wd_option_strings *found = &references->found;
    char **grown = realloc(found->items, (found->count + 1) * sizeof(*grown));
    if (!grown) {
        free(text);
        return;
    }
    found->items = grown;
    found->items[found->count++] = text;
}

static void resolve_string(json_t *value, const char *path, struct wd_references *references)
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
            wd_faults_add(references->faults, path, "\"${\" without \"}\"");
            break;
        }
        char reference[1024];
        (void)snprintf(reference, sizeof(reference), "%.*s", (int)(close - open - 2), open + 2);
        wd_buffer_append(&out, rest, (size_t)(open - rest));
        char *text = look_up(reference, path, references);
        if (text) {
            wd_buffer_append(&out, text, strlen(text));
            remember(references, text);
        }
        rest = close + 1;
    }
    wd_buffer_append(&out, rest, strlen(rest));
    if (wd_buffer_ok(&out) && json_string_setn(value, out.data ? out.data : "", out.len) != 0)
        wd_faults_add(references->faults, path, "what the reference leads to is not UTF-8");
    wd_buffer_finish(&out);
}

/* NOLINTNEXTLINE(misc-no-recursion): Jansson bounds the nesting at 2048 */
void wd_config_resolve(json_t *value, const char *path, struct wd_references *references)
{
    char below[WD_ERROR_PATH_SIZE];
    const char *key = NULL;
    size_t index = 0;
    json_t *child = NULL;
    if (json_is_string(value))
        resolve_string(value, path, references);
    json_object_foreach(value, key, child)
    {
        (void)snprintf(below, sizeof(below), "%s%s%s", path, path[0] ? "." : "", key);
        wd_config_resolve(child, below, references);
    }
    json_array_foreach(value, index, child)
    {
        (void)snprintf(below, sizeof(below), "%s[%zu]", path, index);
        wd_config_resolve(child, below, references);
    }
}

static const char masked[] = "********";

/* Takes `secret` out of `text`, also where the end of `text` cut it short. */
static void hide_in(char text[WD_ERROR_TEXT_SIZE], const char *secret)
{
    size_t secret_len = strlen(secret);
    struct wd_buffer out;
    wd_buffer_init(&out);
    const char *rest = text;
    for (const char *found; secret_len > 0 && (found = strstr(rest, secret));) {
        wd_buffer_append(&out, rest, (size_t)(found - rest));
        wd_buffer_append(&out, masked, sizeof(masked) - 1);
        rest = found + secret_len;
    }
    size_t rest_len = strlen(rest);
    bool cut = rest + rest_len == text + WD_ERROR_TEXT_SIZE - 1;
    size_t tail = cut && rest_len < secret_len ? rest_len : cut ? secret_len - 1 : 0;
    while (tail > 0 && strncmp(rest + rest_len - tail, secret, tail) != 0)
        tail--;
    wd_buffer_append(&out, rest, rest_len - tail);
    wd_buffer_append_byte(&out, '\0');
    (void)snprintf(text, WD_ERROR_TEXT_SIZE, "%s", wd_buffer_ok(&out) ? out.data : masked);
    wd_buffer_finish(&out);
}

void wd_config_hide(struct wd_references *references)
{
    struct wd_option_strings *found = &references->found;
    for (size_t i = 0; i < found->count; i++) {
        for (size_t j = 0; j < references->faults->count; j++)
            hide_in(references->faults->items[j].text, found->items[i]);
        free(found->items[i]);
    }
    free(found->items);
    *found = (struct wd_option_strings){NULL, 0};
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
        (void)json_string_set(value, masked);
    json_object_foreach(value, key, child)
    {
        if (json_is_string(child) && is_secret_key(key))
            (void)json_string_set(child, masked);
        else
            mask(child);
    }
    json_array_foreach(value, index, child) mask(child);
}

json_t *wd_config_masked(const struct wd_config *config)
{
    json_t *copy = json_deep_copy(config->source);
    json_t *properties = json_object_get(copy, "kafka");
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(properties, key, value)
    {
        if (is_secret_key(key)) /* a password may be a number */
            (void)json_object_set_new(properties, key, json_string(masked));
    }
    mask(copy);
    return copy;
}
