#include "eval_labels.h"

#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 64 };

/* Which column holds what; -1: none. */
struct columns {
    int a, b, label, count;
    char separator;
};

static bool complain(const char *path, size_t line, const char *text)
{
    (void)fprintf(stderr, "wiredesk: %s, line %zu: %s\n", path, line, text);
    return false;
}

static struct wd_slice take_field(struct wd_slice *rest, char separator, bool *more)
{
    const char *end = rest->len ? memchr(rest->data, separator, rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->data) : rest->len;
    struct wd_slice field = wd_text_trim(wd_slice_make(rest->data, len));
    *more = end != NULL;
    *rest = wd_slice_from_offset(*rest, len + 1);
    if (field.len >= 2 && field.data[0] == '"' && field.data[field.len - 1] == '"')
        field = wd_slice_make(field.data + 1, field.len - 2);
    return field;
}

static void note_column(struct columns *columns, struct wd_slice name, int index)
{
    if (wd_slice_is(name, "label") || wd_slice_is(name, "group") || wd_slice_is(name, "cluster") ||
        wd_slice_is(name, "kind"))
        columns->label = index;
    else if (wd_slice_starts(name, WD_SLICE("id")) && columns->a < 0)
        columns->a = index;
    else if (wd_slice_is(name, "version") ||
             (wd_slice_starts(name, WD_SLICE("id")) && columns->b < 0))
        columns->b = index;
}

static bool read_names(struct columns *columns, struct wd_slice line, const char *path)
{
    bool more = true;
    bool tabs = line.len > 0 && memchr(line.data, '\t', line.len) != NULL;
    *columns = (struct columns){-1, -1, -1, 0, tabs ? '\t' : ','};
    while (more)
        note_column(columns, take_field(&line, columns->separator, &more), columns->count++);
    if (columns->count > COLUMNS_MAX)
        return complain(path, 1, "too many columns");
    if (columns->a < 0 || columns->label < 0)
        return complain(path, 1,
                        "the names of the columns must have \"label\" and two ids (pairs), "
                        "or \"id\" and \"group\"");
    return true;
}

static bool add(struct wd_eval_labels *labels, const struct wd_eval_label *label)
{
    if (labels->count == labels->capacity) {
        size_t capacity = labels->capacity ? labels->capacity * 2 : 1024;
        struct wd_eval_label *grown = realloc(labels->items, capacity * sizeof(*grown));
        if (!grown)
            return false;
        labels->items = grown;
        labels->capacity = capacity;
    }
    labels->items[labels->count++] = *label;
    return true;
}

static bool read_line(struct wd_eval_labels *labels, const struct columns *columns,
                      struct wd_slice line, const char *path)
{
    struct wd_eval_label label = {.line = labels->count + 2};
    bool more = true;
    for (int i = 0; more; i++) {
        struct wd_slice field = take_field(&line, columns->separator, &more);
        if (i == columns->a)
            label.a = field;
        else if (i == columns->b)
            label.b = field;
        else if (i == columns->label)
            label.label = field;
    }
    if (label.a.len == 0 || label.label.len == 0 || (!labels->groups && label.b.len == 0))
        return complain(path, label.line, "an id or a label is missing");
    return add(labels, &label) || complain(path, label.line, "no memory");
}

bool wd_eval_labels_read(struct wd_eval_labels *labels, const char *path)
{
    *labels = (struct wd_eval_labels){.items = NULL};
    wd_buffer_init(&labels->bytes);
    FILE *file = fopen(path, "re");
    bool whole = file && wd_buffer_append_file(&labels->bytes, file, SIZE_MAX);
    if (file)
        (void)fclose(file);
    if (!whole) {
        (void)fprintf(stderr, "wiredesk: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    struct wd_slice rest = wd_buffer_slice(&labels->bytes);
    struct wd_slice line;
    struct columns columns;
    if (!wd_text_next_line(&rest, &line))
        return complain(path, 1, "the table is empty");
    if (!read_names(&columns, line, path))
        return false;
    labels->groups = columns.b < 0;
    while (wd_text_next_line(&rest, &line)) {
        if (wd_text_trim(line).len > 0 && !read_line(labels, &columns, line, path))
            return false;
    }
    return labels->count > 0 || complain(path, 2, "the table has no lines");
}

void wd_eval_labels_finish(struct wd_eval_labels *labels)
{
    wd_buffer_finish(&labels->bytes);
    free(labels->items);
}
