#include "status.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *sentence;
} statuses[] = {
#define WD_STATUS_ROW(code, name, sentence) [code] = {name, sentence},
    WD_STATUS_MAP(WD_STATUS_ROW)
#undef WD_STATUS_ROW
};

const char *wd_status_name(enum wd_status status)
{
    return (unsigned)status < WD_STATUS_COUNT ? statuses[status].name : "unknown";
}

const char *wd_status_sentence(enum wd_status status)
{
    return (unsigned)status < WD_STATUS_COUNT ? statuses[status].sentence : "unknown status";
}

void wd_error_init(struct wd_error *error)
{
    memset(error, 0, sizeof(*error));
    error->offset = SIZE_MAX;
}

/* vsnprintf that never leaves half a character at the cut. */
static void print_cut(char *out, size_t out_size, const char *format, va_list arguments)
{
    int len = vsnprintf(out, out_size, format, arguments);
    if (len < 0)
        out[0] = '\0';
    else if ((size_t)len >= out_size)
        out[wd_utf8_cut(wd_slice_make(out, out_size - 1), out_size - 1).len] = '\0';
}

enum wd_status wd_error_vset(struct wd_error *error, enum wd_status status, const char *format,
                             va_list arguments)
{
    if (error) {
        error->status = status;
        print_cut(error->text, sizeof(error->text), format, arguments);
    }
    return status;
}

enum wd_status wd_error_set(struct wd_error *error, enum wd_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)wd_error_vset(error, status, format, arguments);
    va_end(arguments);
    return status;
}

void wd_error_at_path(struct wd_error *error, const char *format, ...)
{
    if (!error)
        return;
    va_list arguments;
    va_start(arguments, format);
    print_cut(error->path, sizeof(error->path), format, arguments);
    va_end(arguments);
}

void wd_error_at_offset(struct wd_error *error, size_t offset)
{
    if (error)
        error->offset = offset;
}

void wd_error_at_line(struct wd_error *error, int line)
{
    if (error)
        error->line = line;
}
