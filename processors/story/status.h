/* status.h - how every operation says how it went.
 *
 * Why:    one table of codes for the whole house. A code's name is also the reason code that a dead
 *         letter carries in its headers: names are part of the public interface, never rename one.
 * Owns:   nothing; a wd_error lives on the caller's stack and holds no pointers.
 * Thread: any. */
#ifndef WD_STATUS_H
#define WD_STATUS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* X(code, name, sentence). The order is not part of any interface; the names are. */
#define WD_STATUS_MAP(X)                                                                           \
    X(WD_OK, "ok", "done")                                                                         \
    X(WD_NOT_FOUND, "not_found", "there is no such thing")                                         \
    X(WD_EMPTY, "empty", "the message has no content")                                             \
    X(WD_TOO_LARGE, "too_large", "a size is over its limit")                                       \
    X(WD_TOO_DEEP, "too_deep", "the nesting is deeper than allowed")                               \
    X(WD_NOT_UTF8, "not_utf8", "the bytes are not valid UTF-8")                                    \
    X(WD_NUL_BYTE, "nul_byte", "a NUL byte stands where text is expected")                         \
    X(WD_SYNTAX, "syntax", "the text does not follow its format's grammar")                        \
    X(WD_DUPLICATE_KEY, "duplicate_key", "a key occurs twice in one object")                       \
    X(WD_WRONG_TYPE, "wrong_type", "a value has the wrong type")                                   \
    X(WD_OUT_OF_RANGE, "out_of_range", "a value is outside its range")                             \
    X(WD_MISSING, "missing", "something required is missing")                                      \
    X(WD_UNKNOWN_KEY, "unknown_key", "a key is not known here")                                    \
    X(WD_UNKNOWN_FORMAT, "unknown_format", "no decoder recognises this input")                     \
    X(WD_UNSUPPORTED, "unsupported", "this is known but not supported")                            \
    X(WD_CONFLICT, "conflict", "two settings or records contradict each other")                    \
    X(WD_PROCESSOR_FAILED, "processor_failed", "a processor could not handle the story")           \
    X(WD_NO_MEMORY, "no_memory", "memory is exhausted")                                            \
    X(WD_IO, "io", "reading or writing a file failed")                                             \
    X(WD_CHECKSUM, "checksum", "stored data is damaged: its checksum does not match")              \
    X(WD_VERSION, "version", "the data was written by an incompatible version")                    \
    X(WD_FOREIGN, "foreign", "the data belongs to another owner")                                  \
    X(WD_KAFKA, "kafka", "Kafka reported an error")                                                \
    X(WD_KAFKA_AUTH, "kafka_auth", "Kafka refused the credentials or the permission")              \
    X(WD_FENCED, "fenced", "another instance took over this transactional id")                     \
    X(WD_TIMEOUT, "timeout", "the time allowed has passed")                                        \
    X(WD_STOPPED, "stopped", "the operation was stopped on request")

enum wd_status {
#define WD_STATUS_ENUM(code, name, sentence) code,
    WD_STATUS_MAP(WD_STATUS_ENUM)
#undef WD_STATUS_ENUM
        WD_STATUS_COUNT
};

/* The stable name ("too_large") and the sentence of a status. Never NULL. */
const char *wd_status_name(enum wd_status status);
const char *wd_status_sentence(enum wd_status status);

#define WD_MUST_CHECK __attribute__((warn_unused_result))
#define WD_PRINTF(format_index, first_index)                                                       \
    __attribute__((format(printf, format_index, first_index)))

enum {
    WD_ERROR_PATH_SIZE = 128, /* bytes with the final NUL */
    WD_ERROR_TEXT_SIZE = 384, /* bytes with the final NUL */
};

/* What went wrong, where, and what to do. Fixed size, on the caller's stack. */
struct wd_error {
    enum wd_status status;
    char path[WD_ERROR_PATH_SIZE]; /* JSON path, file name or element; "" when there is none */
    int line;                      /* from 1; 0 when unknown */
    size_t offset;                 /* byte offset into the input; SIZE_MAX when unknown */
    char text[WD_ERROR_TEXT_SIZE]; /* one sentence for a person */
};

/* Makes `error` say "no error". */
void wd_error_init(struct wd_error *error);

/* Fills `error` (may be NULL) and returns `status`, so that a function can end with
 * `return wd_error_set(...)`. Leaves path, line and offset as they are. Over-long text is cut at a
 * UTF-8 boundary. */
enum wd_status wd_error_set(struct wd_error *error, enum wd_status status, const char *format, ...)
    WD_PRINTF(3, 4);
enum wd_status wd_error_vset(struct wd_error *error, enum wd_status status, const char *format,
                             va_list arguments) WD_PRINTF(3, 0);

/* Adds where it happened. `error` may be NULL. */
void wd_error_at_path(struct wd_error *error, const char *format, ...) WD_PRINTF(2, 3);
void wd_error_at_offset(struct wd_error *error, size_t offset);
void wd_error_at_line(struct wd_error *error, int line);

#endif
