/* watch_read.c - lists from JSON, JSON lines and CSV, row by row: a million entries never stand in
 * memory as a tree. */
#include "watch_internal.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 16 };

static const char *const case_names[] = {"capitals", "any", "exact", NULL};
static const uint32_t case_rules[] = {0, WD_WATCH_SMALL, WD_WATCH_CASE | WD_WATCH_SMALL};
static const char *const accent_names[] = {"fold", "exact", NULL};
static const uint32_t accent_rules[] = {0, WD_WATCH_ACCENTS};

static int index_of(struct wd_slice text, const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (wd_slice_is(text, names[i]))
            return i;
    }
    return -1;
}

/* What CSV and JSON say with the same words. False: not understood, with a fault. */
static bool take_word(struct wd_watch_reader *reader, struct wd_watch_row *row, const char *key,
                      struct wd_slice value)
{
    if (strcmp(key, "type") == 0) {
        if (value.len == 0 || wd_entity_type_from_name(value, &row->type))
            return true;
        wd_watch_fault(reader, WD_OUT_OF_RANGE, row->line,
                       "\"type\" is person, organisation, place or misc, not \"%.*s\"",
                       (int)(value.len < 40 ? value.len : 40), value.data);
        return false;
    }
    bool is_case = strcmp(key, "case") == 0;
    int index = value.len == 0 ? 0 : index_of(value, is_case ? case_names : accent_names);
    if (index < 0) {
        wd_watch_fault(reader, WD_OUT_OF_RANGE, row->line, "\"%s\" is %s, not \"%.*s\"", key,
                       is_case ? "capitals, any or exact" : "fold or exact",
                       (int)(value.len < 40 ? value.len : 40), value.data);
        return false;
    }
    row->rules |= is_case ? case_rules[index] : accent_rules[index];
    return true;
}

static struct wd_slice slice_of(const json_t *value)
{
    return wd_slice_make(json_string_value(value), json_string_length(value));
}

/* One member of an entry. */
static bool take_member(struct wd_watch_reader *reader, struct wd_watch_row *row, const char *key,
                        const json_t *value)
{
    if (strcmp(key, "names") == 0) {
        if (json_is_array(value))
            return true; /* the aliases come after the entry */
        wd_watch_fault(reader, WD_WRONG_TYPE, row->line, "\"names\" must be a list of strings");
        return false;
    }
    if (strcmp(key, "any_case") == 0) {
        row->rules |= json_is_true(value) ? (uint32_t)WD_WATCH_SMALL : 0;
        if (json_is_boolean(value))
            return true;
        wd_watch_fault(reader, WD_WRONG_TYPE, row->line, "\"any_case\" must be true or false");
        return false;
    }
    static const char *const known[] = {"name", "id", "type", "case", "accents", NULL};
    int index = index_of(wd_slice_from(key), known);
    if (index < 0) {
        wd_watch_fault(reader, WD_UNKNOWN_KEY, row->line,
                       "\"%.40s\" is not known; an entry has name, id, type, names, case, accents",
                       key);
        return false;
    }
    if (json_is_null(value) && index == 1)
        return true;
    if (!json_is_string(value)) {
        wd_watch_fault(reader, WD_WRONG_TYPE, row->line, "\"%s\" must be a string", key);
        return false;
    }
    if (index == 0)
        row->name = slice_of(value);
    else if (index == 1)
        row->id = slice_of(value);
    else
        return take_word(reader, row, key, slice_of(value));
    return true;
}

/* Adds the entry with its own name. UINT32_MAX when it cannot be used. */
static uint32_t begin_entry(struct wd_watch_reader *reader, const struct wd_watch_row *row)
{
    if (row->name.len == 0) {
        wd_watch_fault(reader, WD_MISSING, row->line, "an entry without \"name\"");
        return UINT32_MAX;
    }
    if (row->id.len > WD_WATCH_NAME_BYTES_MAX || row->name.len > WD_WATCH_NAME_BYTES_MAX) {
        wd_watch_fault(reader, WD_TOO_LARGE, row->line, "name and id have at most %d bytes",
                       WD_WATCH_NAME_BYTES_MAX);
        return UINT32_MAX;
    }
    uint32_t entry = wd_watch_add_entry(reader, row);
    if (entry != UINT32_MAX && !wd_watch_add_name(reader, entry, row, row->name, WD_WATCH_OWN))
        return UINT32_MAX;
    return entry;
}

static void take_object(struct wd_watch_reader *reader, json_t *object, int line)
{
    struct wd_watch_row row = {.type = WD_ENTITY_MISC, .line = line};
    if (!json_is_object(object)) {
        wd_watch_fault(reader, WD_WRONG_TYPE, line, "an entry must be an object");
        return;
    }
    const char *key = NULL;
    json_t *value = NULL;
    bool good = true;
    json_object_foreach(object, key, value)
    {
        good = take_member(reader, &row, key, value) && good;
    }
    uint32_t entry = good ? begin_entry(reader, &row) : UINT32_MAX;
    size_t i = 0;
    json_array_foreach(json_object_get(object, "names"), i, value)
    {
        if (entry == UINT32_MAX)
            return;
        if (!json_is_string(value))
            wd_watch_fault(reader, WD_WRONG_TYPE, line, "\"names\"[%zu] must be a string", i);
        else if (!wd_watch_add_name(reader, entry, &row, slice_of(value), 0))
            return;
    }
}

static int count_lines(const char *begin, const char *end)
{
    int lines = 0;
    while ((begin = memchr(begin, '\n', (size_t)(end - begin)))) {
        lines++;
        begin++;
    }
    return lines;
}

/* Entry after entry, of a list or one behind the other. */
static void read_json(struct wd_watch_reader *reader, struct wd_slice text)
{
    size_t at = 0;
    int line = 1;
    bool list = false;
    bool open = false;
    for (bool first = true;; first = false) {
        size_t from = at;
        while (at < text.len && strchr(first || !list ? " \t\r\n" : " \t\r\n,", text.data[at]) &&
               text.data[at])
            at++;
        line += count_lines(text.data + from, text.data + at);
        if (at < text.len && first && text.data[at] == '[') {
            list = open = true;
            at++;
            continue;
        }
        if (at < text.len && list && text.data[at] == ']') {
            open = false;
            at++;
            break;
        }
        if (at >= text.len)
            break;
        json_error_t error;
        json_t *object =
            json_loadb(text.data + at, text.len - at,
                       JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
        if (!object) {
            wd_watch_fault(reader, WD_SYNTAX, line + error.line - 1, "%s", error.text);
            return;
        }
        take_object(reader, object, line);
        json_decref(object);
        line += count_lines(text.data + at, text.data + at + error.position);
        at += (size_t)error.position;
        if (reader->status == WD_NO_MEMORY)
            return;
    }
    size_t from = at;
    while (at < text.len && strchr(" \t\r\n", text.data[at]) && text.data[at])
        at++;
    line += count_lines(text.data + from, text.data + at);
    if (open)
        wd_watch_fault(reader, WD_SYNTAX, line, "the list does not end");
    else if (at < text.len)
        wd_watch_fault(reader, WD_SYNTAX, line, "there is something behind the end of the list");
}

/* A CSV file on its way: the first row names the columns. */
struct csv_reading {
    struct wd_watch_reader *reader;
    struct wd_buffer fields; /* of the row, each with a NUL behind it */
    size_t begins[COLUMNS_MAX];
    size_t count;
    const char *columns[COLUMNS_MAX];
    size_t column_count;
    int row_line; /* where the row began */
    int line;     /* where we are */
    bool stopped;
};

static const char *const column_names[] = {"name", "id", "type", "names", "case", "accents", NULL};

static void on_field(void *data, size_t len, void *context)
{
    struct csv_reading *csv = context;
    if (csv->count < COLUMNS_MAX)
        csv->begins[csv->count] = csv->fields.len;
    csv->count++;
    wd_buffer_append(&csv->fields, data, len);
    wd_buffer_append_byte(&csv->fields, '\0');
}

static void take_header(struct csv_reading *csv)
{
    bool named = false;
    for (size_t i = 0; i < csv->count && i < COLUMNS_MAX; i++) {
        const char *field = csv->fields.data + csv->begins[i];
        if (i == 0 && strncmp(field, "\xEF\xBB\xBF", 3) == 0)
            field += 3; /* as spreadsheets write it */
        int index = index_of(wd_slice_from(field), column_names);
        if (index < 0) {
            wd_watch_fault(csv->reader, WD_UNKNOWN_KEY, csv->row_line,
                           "column \"%.40s\" is not known; there are name, id, type, names, case, "
                           "accents",
                           field);
            csv->stopped = true;
            return;
        }
        csv->columns[i] = column_names[index];
        named = named || index == 0;
    }
    csv->column_count = csv->count;
    if (!named || csv->count > COLUMNS_MAX) {
        wd_watch_fault(csv->reader, WD_MISSING, csv->row_line,
                       "the first row must name the columns, \"name\" among them");
        csv->stopped = true;
    }
}

static void take_aliases(struct csv_reading *csv, uint32_t entry, const struct wd_watch_row *row,
                         struct wd_slice rest)
{
    while (rest.len > 0) {
        const char *bar = memchr(rest.data, '|', rest.len);
        size_t len = bar ? (size_t)(bar - rest.data) : rest.len;
        struct wd_slice name = wd_text_trim(wd_slice_make(rest.data, len));
        if (name.len > 0 && !wd_watch_add_name(csv->reader, entry, row, name, 0))
            csv->stopped = true;
        rest = wd_slice_from_offset(rest, len + 1);
    }
}

static void take_fields(struct csv_reading *csv)
{
    struct wd_watch_row row = {.type = WD_ENTITY_MISC, .line = csv->row_line};
    struct wd_slice aliases = WD_SLICE_NONE;
    bool good = true;
    for (size_t i = 0; i < csv->count; i++) {
        struct wd_slice field = wd_text_trim(wd_slice_from(csv->fields.data + csv->begins[i]));
        const char *column = csv->columns[i];
        if (strcmp(column, "name") == 0)
            row.name = field;
        else if (strcmp(column, "id") == 0)
            row.id = field;
        else if (strcmp(column, "names") == 0)
            aliases = field;
        else
            good = take_word(csv->reader, &row, column, field) && good;
    }
    uint32_t entry = good ? begin_entry(csv->reader, &row) : UINT32_MAX;
    if (entry != UINT32_MAX)
        take_aliases(csv, entry, &row, aliases);
}

static void on_row(int ending, void *context)
{
    struct csv_reading *csv = context;
    (void)ending;
    if (csv->stopped) {
    } else if (!wd_buffer_ok(&csv->fields)) {
        wd_watch_fault(csv->reader, WD_NO_MEMORY, csv->row_line, "no memory");
        csv->stopped = true;
    } else if (csv->column_count == 0) {
        take_header(csv);
    } else if (csv->count != csv->column_count) {
        wd_watch_fault(csv->reader, WD_SYNTAX, csv->row_line, "%zu fields, not %zu", csv->count,
                       csv->column_count);
    } else {
        take_fields(csv);
    }
    csv->count = 0;
    wd_buffer_clear(&csv->fields);
    csv->row_line = csv->line + 1;
}

/* Line by line, so that a fault has its line even where a quoted field goes over several. */
static void read_csv(struct wd_watch_reader *reader, struct wd_slice text, unsigned char delimiter)
{
    struct csv_parser parser;
    struct csv_reading csv = {.reader = reader, .row_line = 1, .line = 1};
    wd_buffer_init(&csv.fields);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        wd_watch_fault(reader, WD_NO_MEMORY, 0, "no memory");
        return;
    }
    csv_set_delim(&parser, delimiter);
    for (size_t at = 0; at < text.len && !csv.stopped; csv.line++) {
        const char *feed = memchr(text.data + at, '\n', text.len - at);
        size_t len = feed ? (size_t)(feed - text.data) + 1 - at : text.len - at;
        if (csv_parse(&parser, text.data + at, len, on_field, on_row, &csv) != len) {
            wd_watch_fault(reader, WD_SYNTAX, csv.line, "%s", csv_strerror(csv_error(&parser)));
            csv.stopped = true;
        }
        at += len;
    }
    if (!csv.stopped && csv_fini(&parser, on_field, on_row, &csv) != 0)
        wd_watch_fault(reader, WD_SYNTAX, csv.row_line, "a quoted field does not end");
    csv_free(&parser);
    wd_buffer_finish(&csv.fields);
}

static bool ends_with(const char *path, const char *ending)
{
    size_t len = strlen(path);
    return len >= strlen(ending) && strcmp(path + len - strlen(ending), ending) == 0;
}

static void read_text(struct wd_watch_reader *reader, struct wd_slice text)
{
    size_t bad = 0;
    const char *nul = text.len > 0 ? memchr(text.data, '\0', text.len) : NULL;
    if (!wd_utf8_valid(text, &bad))
        wd_watch_fault(reader, WD_NOT_UTF8, 1 + count_lines(text.data, text.data + bad),
                       "byte %zu is not UTF-8", bad);
    else if (nul)
        wd_watch_fault(reader, WD_NUL_BYTE, 1 + count_lines(text.data, nul), "a NUL byte");
    else if (ends_with(reader->source->path, ".csv"))
        read_csv(reader, text, CSV_COMMA);
    else if (ends_with(reader->source->path, ".tsv"))
        read_csv(reader, text, CSV_TAB);
    else
        read_json(reader, text);
}

static void read_file(struct wd_watch_reader *reader)
{
    struct wd_buffer text;
    wd_buffer_init(&text);
    FILE *file = fopen(reader->source->path, "rb");
    if (!file) {
        wd_watch_fault(reader, WD_IO, 0, "cannot open: %s", strerror(errno));
        return;
    }
    if (!wd_buffer_append_file(&text, file, WD_WATCH_FILE_BYTES_MAX))
        wd_watch_fault(reader, WD_IO, 0, "cannot read: %s", strerror(errno));
    else if (!wd_buffer_ok(&text))
        wd_watch_fault(reader, WD_NO_MEMORY, 0, "no memory");
    else if (text.len > WD_WATCH_FILE_BYTES_MAX)
        wd_watch_fault(reader, WD_TOO_LARGE, 0, "more than %zu bytes", WD_WATCH_FILE_BYTES_MAX);
    else
        read_text(reader, wd_buffer_slice(&text));
    (void)fclose(file);
    wd_buffer_finish(&text);
}

void wd_watch_read(struct wd_watch_reader *reader)
{
    if (reader->source->path) {
        read_file(reader);
        return;
    }
    size_t i = 0;
    json_t *entry = NULL;
    json_array_foreach(reader->source->entries, i, entry)
    {
        take_object(reader, entry, (int)i + 1);
    }
}
