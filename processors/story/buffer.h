/* buffer.h - bytes that grow: what encoders write into.
 *
 * Owns:   its bytes (malloc). Reused from record to record with wd_buffer_clear.
 * Thread: one at a time.
 * Errors: a failed allocation sets `failed` and later writes do nothing; ask once at the end with
 *         wd_buffer_ok, instead of after every byte. */
#ifndef WD_BUFFER_H
#define WD_BUFFER_H

#include "slice.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct wd_buffer {
    char *data;
    size_t len;
    size_t capacity;
    bool failed;
};

void wd_buffer_init(struct wd_buffer *buffer);
/* Frees the bytes; the buffer is as after init. */
void wd_buffer_finish(struct wd_buffer *buffer);
/* Keeps the memory (unless it is over 4 MiB), forgets the contents and the failure. */
void wd_buffer_clear(struct wd_buffer *buffer);
/* Room for `more` further bytes; false when memory is exhausted. */
static inline bool wd_buffer_reserve(struct wd_buffer *buffer, size_t more);
static inline void wd_buffer_append(struct wd_buffer *buffer, const void *bytes, size_t len);
static inline void wd_buffer_append_byte(struct wd_buffer *buffer, char byte);
/* Appends what `file` holds from here on, and stops after more than `bytes_max`: a longer buffer than
 * that says that there was more. False when reading failed, with errno. */
bool wd_buffer_append_file(struct wd_buffer *buffer, FILE *file, size_t bytes_max);
static inline void wd_buffer_append_slice(struct wd_buffer *buffer, struct wd_slice slice);
/* In decimal. Numbers are in every record: this is several times as fast as printf. The slice lies
 * within `text`. */
enum { WD_INTEGER_TEXT_SIZE = 20 }; /* -2^63 has 20 */
struct wd_slice wd_integer_text(int64_t number, char text[WD_INTEGER_TEXT_SIZE]);
void wd_buffer_append_integer(struct wd_buffer *buffer, int64_t number);
void wd_buffer_printf(struct wd_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What reserve does where there is not room enough already. */
bool wd_buffer_grow(struct wd_buffer *buffer, size_t more);

static inline bool wd_buffer_reserve(struct wd_buffer *buffer, size_t more)
{
    /* What fits is written after a failure, too: nobody reads it. */
    return more <= buffer->capacity - buffer->len || wd_buffer_grow(buffer, more);
}

static inline void wd_buffer_append(struct wd_buffer *buffer, const void *bytes, size_t len)
{
    if (len == 0 || !wd_buffer_reserve(buffer, len))
        return;
    memcpy(buffer->data + buffer->len, bytes, len);
    buffer->len += len;
}

static inline void wd_buffer_append_slice(struct wd_buffer *buffer, struct wd_slice slice)
{
    wd_buffer_append(buffer, slice.data, slice.len);
}

static inline void wd_buffer_append_byte(struct wd_buffer *buffer, char byte)
{
    if (wd_buffer_reserve(buffer, 1))
        buffer->data[buffer->len++] = byte;
}

static inline bool wd_buffer_ok(const struct wd_buffer *buffer)
{
    return !buffer->failed;
}

static inline struct wd_slice wd_buffer_slice(const struct wd_buffer *buffer)
{
    return (struct wd_slice){buffer->data, buffer->len};
}

#endif
