#include "snapshot.h"

#include "crash_point.h"
#include "wd_assert.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[8] = {'W', 'D', 'S', 'N', 'A', 'P', '\0', '\1'};
enum { MAGIC_BYTES = 8, HEADER_BYTES = 8 + 8 + 8 + 4, END_MARK_BYTES = 4, CHECKSUM_BYTES = 8 };
#define END_MARK UINT32_C(0xFFFFFFFF)

static void append_u32(struct wd_buffer *out, uint32_t value)
{
    unsigned char bytes[4];
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    wd_buffer_append(out, bytes, sizeof(bytes));
}

static void append_u64(struct wd_buffer *out, uint64_t value)
{
    append_u32(out, (uint32_t)value);
    append_u32(out, (uint32_t)(value >> 32));
}

static uint32_t read_u32(const char *bytes)
{
    WD_ASSERT(bytes);
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t read_u64(const char *bytes)
{
    return (uint64_t)read_u32(bytes) | (uint64_t)read_u32(bytes + 4) << 32;
}

static enum wd_status append_record(void *context, struct wd_slice key, struct wd_slice value)
{
    struct wd_buffer *out = context;
    append_u32(out, (uint32_t)key.len);
    append_u32(out, (uint32_t)value.len);
    wd_buffer_append_slice(out, key);
    wd_buffer_append_slice(out, value);
    return wd_buffer_ok(out) ? WD_OK : WD_NO_MEMORY;
}

void wd_snapshot_name(const struct wd_snapshot_of *of, char path[WD_SNAPSHOT_PATH_SIZE],
                      char identity[WD_SNAPSHOT_IDENTITY_SIZE])
{
    (void)snprintf(identity, WD_SNAPSHOT_IDENTITY_SIZE, "%s/%s/%s/%" PRId32, of->cluster,
                   of->config->group, of->changelog, of->partition);
    path[0] = '\0';
    if (!of->config->state_directory)
        return;
    int len = snprintf(path, WD_SNAPSHOT_PATH_SIZE, "%s/%s-%" PRId32 ".snapshot",
                       of->config->state_directory, of->changelog, of->partition);
    if (len < 0 || len >= WD_SNAPSHOT_PATH_SIZE)
        path[0] = '\0';
}

enum wd_status wd_snapshot_take(struct wd_state *state, const struct wd_snapshot_head *head,
                                struct wd_buffer *out)
{
    size_t id_len = strlen(head->changelog_id);
    size_t identity_len = strlen(head->identity) + (id_len > 0 ? 1 + id_len : 0);
    wd_buffer_append(out, magic, sizeof(magic));
    append_u64(out, (uint64_t)head->changelog_offset);
    append_u64(out, (uint64_t)head->now_ms);
    append_u32(out, (uint32_t)identity_len);
    wd_buffer_printf(out, "%s%s%s", head->identity, id_len > 0 ? "/" : "", head->changelog_id);
    enum wd_status status = wd_state_each(state, append_record, out);
    if (status != WD_OK)
        return status;
    append_u32(out, END_MARK);
    if (!wd_buffer_ok(out))
        return WD_NO_MEMORY;
    append_u64(out, XXH3_64bits(out->data, out->len));
    return wd_buffer_ok(out) ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status write_all(int file, struct wd_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(file, bytes.data, bytes.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return WD_IO;
        bytes = wd_slice_from_offset(bytes, (size_t)written);
    }
    return WD_OK;
}

/* The rename is only durable when the folder is synced too. */
static void sync_folder_of(const char *path)
{
    char folder[4096];
    (void)snprintf(folder, sizeof(folder), "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash)
        return;
    *slash = '\0';
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        (void)fsync(file);
        (void)close(file);
    }
}

enum wd_status wd_snapshot_write(const char *path, struct wd_slice bytes, struct wd_error *error)
{
    char aside[4096];
    int len = snprintf(aside, sizeof(aside), "%s.new", path);
    if (len < 0 || (size_t)len >= sizeof(aside))
        return wd_error_set(error, WD_TOO_LARGE, "the snapshot's path is too long: %s", path);
    int file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0)
        return wd_error_set(error, WD_IO, "cannot create %s: %s", aside, strerror(errno));
    struct wd_slice first = {bytes.data, bytes.len / 2};
    enum wd_status status = write_all(file, first);
    wd_crash_point("mid_snapshot");
    if (status == WD_OK)
        status = write_all(file, wd_slice_from_offset(bytes, first.len));
    if (status == WD_OK && fsync(file) != 0)
        status = WD_IO;
    int reason = errno;
    if (close(file) != 0 && status == WD_OK) {
        status = WD_IO;
        reason = errno;
    }
    if (status == WD_OK && rename(aside, path) != 0) {
        status = WD_IO;
        reason = errno;
    }
    if (status != WD_OK) {
        (void)unlink(aside);
        return wd_error_set(error, WD_IO, "cannot write snapshot %s: %s", path, strerror(reason));
    }
    sync_folder_of(path);
    return WD_OK;
}

/* Whose it is, and of which changelog topic. */
static enum wd_status check_identity(struct wd_slice identity,
                                     const struct wd_snapshot_place *place, struct wd_error *error)
{
    size_t len = strlen(place->identity);
    bool ours = identity.len >= len && memcmp(identity.data, place->identity, len) == 0;
    struct wd_slice id = ours ? wd_slice_from_offset(identity, len) : WD_SLICE_NONE;
    if (!ours || (id.len > 0 && id.data[0] != '/'))
        return wd_error_set(error, WD_FOREIGN, "snapshot %s belongs to %.*s, not to %s",
                            place->path, WD_SLICE_ARG(identity), place->identity);
    if (id.len > 0)
        id = wd_slice_from_offset(id, 1);
    if (!place->changelog_id || wd_slice_is(id, place->changelog_id))
        return WD_OK;
    if (id.len == 0)
        return wd_error_set(error, WD_FOREIGN,
                            "snapshot %s does not say of which changelog topic it is: an older "
                            "version wrote it",
                            place->path);
    return wd_error_set(error, WD_FOREIGN,
                        "snapshot %s is of another changelog topic (id %.*s) than there is now (id "
                        "%s): it was deleted and made anew",
                        place->path, WD_SLICE_ARG(id),
                        place->changelog_id[0] != '\0' ? place->changelog_id : "unknown");
}

/* Everything but the records: magic, age, owner, checksum. */
static enum wd_status check_file(struct wd_slice file, const struct wd_snapshot_place *place,
                                 struct wd_slice *records, struct wd_error *error)
{
    if (file.len < HEADER_BYTES + END_MARK_BYTES + CHECKSUM_BYTES ||
        memcmp(file.data, magic, MAGIC_BYTES - 1) != 0)
        return wd_error_set(error, WD_CHECKSUM, "%s is no snapshot, or cut short", place->path);
    if (file.data[MAGIC_BYTES - 1] != magic[MAGIC_BYTES - 1])
        return wd_error_set(error, WD_VERSION, "snapshot %s has format version %d, not %d",
                            place->path, file.data[MAGIC_BYTES - 1], magic[MAGIC_BYTES - 1]);
    size_t body_len = file.len - CHECKSUM_BYTES;
    if (XXH3_64bits(file.data, body_len) != read_u64(file.data + body_len))
        return wd_error_set(error, WD_CHECKSUM, "snapshot %s is damaged: wrong checksum",
                            place->path);
    uint32_t identity_len = read_u32(file.data + HEADER_BYTES - 4);
    if (identity_len > body_len - HEADER_BYTES - END_MARK_BYTES)
        return wd_error_set(error, WD_CHECKSUM, "snapshot %s is damaged", place->path);
    struct wd_slice identity = {file.data + HEADER_BYTES, identity_len};
    enum wd_status status = check_identity(identity, place, error);
    if (status != WD_OK)
        return status;
    int64_t taken_ms = (int64_t)read_u64(file.data + 16);
    if (place->now_ms - taken_ms > WD_SNAPSHOT_AGE_MAX_MS)
        return wd_error_set(error, WD_OUT_OF_RANGE, "snapshot %s is older than %d days",
                            place->path, WD_SNAPSHOT_AGE_MAX_MS / (24 * 3600 * 1000));
    size_t begin = HEADER_BYTES + (size_t)identity_len;
    *records = wd_slice_make(file.data + begin, body_len - begin);
    return WD_OK;
}

static enum wd_status apply_records(struct wd_slice rest, struct wd_state *state,
                                    struct wd_error *error)
{
    while (rest.len >= 8) {
        uint32_t key_len = read_u32(rest.data);
        uint32_t value_len = read_u32(rest.data + 4);
        rest = wd_slice_from_offset(rest, 8);
        if (key_len > rest.len || value_len > rest.len - key_len)
            return wd_error_set(error, WD_CHECKSUM, "a snapshot record is cut short");
        struct wd_slice key = {rest.data, key_len};
        struct wd_slice value = {rest.data + key_len, value_len};
        enum wd_status status = wd_state_apply(state, key, value, error);
        if (status != WD_OK)
            return status;
        rest = wd_slice_from_offset(rest, (size_t)key_len + value_len);
    }
    if (rest.len != END_MARK_BYTES || read_u32(rest.data) != END_MARK)
        return wd_error_set(error, WD_CHECKSUM, "a snapshot has no end mark");
    return WD_OK;
}

static enum wd_status map_file(const char *path, struct wd_slice *bytes, struct wd_error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return wd_error_set(error, WD_NOT_FOUND, "there is no snapshot %s", path);
    if (file < 0)
        return wd_error_set(error, WD_IO, "cannot open %s: %s", path, strerror(errno));
    struct stat info;
    enum wd_status status = WD_OK;
    if (fstat(file, &info) != 0) {
        status = wd_error_set(error, WD_IO, "cannot look at %s: %s", path, strerror(errno));
    } else if (info.st_size == 0) {
        status = wd_error_set(error, WD_CHECKSUM, "%s is empty", path);
    } else {
        void *map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (map == MAP_FAILED)
            status = wd_error_set(error, WD_IO, "cannot map %s: %s", path, strerror(errno));
        else
            *bytes = wd_slice_make(map, (size_t)info.st_size);
    }
    (void)close(file);
    return status;
}

enum wd_status wd_snapshot_read(const struct wd_snapshot_place *place, struct wd_state *state,
                                int64_t *changelog_offset, struct wd_error *error)
{
    struct wd_slice file = WD_SLICE_NONE;
    enum wd_status status = map_file(place->path, &file, error);
    if (status != WD_OK)
        return status;
    struct wd_slice records = WD_SLICE_NONE;
    status = check_file(file, place, &records, error);
    if (status == WD_OK)
        status = apply_records(records, state, error);
    if (status == WD_OK)
        *changelog_offset = (int64_t)read_u64(file.data + MAGIC_BYTES);
    else
        wd_state_clear(state);
    (void)munmap((void *)(uintptr_t)file.data, file.len);
    return status;
}
