/* record_bytes.h - numbers in state records: little-endian, or as short as they are.
 *
 * Why:    a record outlives the process and the machine that wrote it; a struct's layout does not.
 * Owns:   nothing. A reader that runs past the end sets `failed` and gives zeros; ask once.
 * Thread: any. */
#ifndef WD_RECORD_BYTES_H
#define WD_RECORD_BYTES_H

#include "buffer.h"
#include "slice.h"

#include <stdint.h>

struct wd_record_reader {
    struct wd_slice rest;
    bool failed;
};

/* `width` bytes (1 to 8), least significant first. */
static inline void wd_record_put(struct wd_buffer *out, uint64_t value, unsigned width)
{
    unsigned char bytes[8];
    for (unsigned i = 0; i < width; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    wd_buffer_append(out, bytes, width);
}

static inline struct wd_slice wd_record_take_bytes(struct wd_record_reader *reader, size_t len)
{
    if (reader->rest.len < len) {
        reader->failed = true;
        return WD_SLICE_NONE;
    }
    struct wd_slice bytes = {reader->rest.data, len};
    reader->rest = wd_slice_from_offset(reader->rest, len);
    return bytes;
}

static inline uint64_t wd_record_take(struct wd_record_reader *reader, unsigned width)
{
    struct wd_slice bytes = wd_record_take_bytes(reader, width);
    uint64_t value = 0;
    for (unsigned i = 0; bytes.data && i < width; i++) { /* one load where the width is known */
        value |= (uint64_t)(unsigned char)bytes.data[i] << (8 * i);
    }
    return value;
}

/* Seven bits a byte, least significant first; bit 7 says that there is another byte (LEB128). */
static inline void wd_record_put_varint(struct wd_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        wd_buffer_append_byte(out, (char)(value | 0x80));
    }
    wd_buffer_append_byte(out, (char)value);
}

/* One that has more bits than there are fails. */
static inline uint64_t wd_record_take_varint(struct wd_record_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint64_t byte = wd_record_take(reader, 1);
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) {
            reader->failed |= shift == 63 && byte > 1;
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

/* Near zero from both sides is short: 0, -1, 1, -2 .. as 0, 1, 2, 3 .. */
static inline uint64_t wd_record_fold_sign(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t wd_record_unfold_sign(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

#endif
