#include "buffer.h"

#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BYTES = 1024, KEPT_BYTES_MAX = 4 * 1024 * 1024 };

void wd_buffer_init(struct wd_buffer *buffer)
{
    *buffer = (struct wd_buffer){NULL, 0, 0, false};
}

void wd_buffer_finish(struct wd_buffer *buffer)
{
    free(buffer->data);
    wd_buffer_init(buffer);
}

void wd_buffer_clear(struct wd_buffer *buffer)
{
    if (buffer->capacity > KEPT_BYTES_MAX)
        wd_buffer_finish(buffer);
    buffer->len = 0;
    buffer->failed = false;
}

bool wd_buffer_grow(struct wd_buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (more > SIZE_MAX / 2 - buffer->len) {
        buffer->failed = true;
        return false;
    }
    size_t wanted = buffer->capacity ? buffer->capacity : FIRST_BYTES;
    while (wanted < buffer->len + more)
        wanted *= 2;
    char *grown = realloc(buffer->data, wanted);
    if (!grown) {
        buffer->failed = true;
        return false;
    }
    buffer->data = grown;
    buffer->capacity = wanted;
    return true;
}

bool wd_buffer_append_file(struct wd_buffer *buffer, FILE *file, size_t bytes_max)
{
    char piece[16384];
    size_t before = buffer->len;
    size_t count = 0;
    while (buffer->len - before <= bytes_max && wd_buffer_ok(buffer) &&
           (count = fread(piece, 1, sizeof(piece), file)) > 0)
        wd_buffer_append(buffer, piece, count);
    return !ferror(file);
}

struct wd_slice wd_integer_text(int64_t number, char text[WD_INTEGER_TEXT_SIZE])
{
    size_t at = WD_INTEGER_TEXT_SIZE;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        text[--at] = '-';
    return (struct wd_slice){text + at, WD_INTEGER_TEXT_SIZE - at};
}

void wd_buffer_append_integer(struct wd_buffer *buffer, int64_t number)
{
    char text[WD_INTEGER_TEXT_SIZE];
    wd_buffer_append_slice(buffer, wd_integer_text(number, text));
}

void wd_buffer_printf(struct wd_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    if (len < 0)
        buffer->failed = true;
    else if (wd_buffer_reserve(buffer, (size_t)len + 1)) {
        (void)vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
    va_end(arguments);
}
