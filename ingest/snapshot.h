/* snapshot.h - a shard's committed state as a file, so that a restart reads little of the changelog.
 *
 * Why:    restoring a million records from Kafka takes seconds; from a file, less; and the changelog
 *         alone is always enough, so a snapshot may be missing, damaged or somebody else's.
 * Owns:   nothing between calls.
 * Thread: taking on the shard's lane; writing anywhere (it is plain bytes by then).
 *
 * A file (integers little-endian): "WDSNAP\0\1", u64 changelog offset, i64 wall clock ms when taken,
 * u32 identity length, identity, records as u32 key length, u32 value length, key, value; at the end
 * u32 0xFFFFFFFF and the XXH3-64 of everything before it. Written aside, fsynced, renamed.
 *
 * The identity is "CLUSTER/GROUP/CHANGELOG/PARTITION/TOPIC-ID": a topic that is deleted and made anew has
 * another id, and the offset means nothing in it. Until November 2026 the id was not there: such a file
 * is passed over as one of another topic is (brokers before Kafka 2.8 have no ids: theirs is read). */
#ifndef WD_SNAPSHOT_H
#define WD_SNAPSHOT_H

#include "buffer.h"
#include "config.h"
#include "status.h"
#include "table.h"

/* Older files are passed over: the changelog keeps deletions for 7 days only (changelog.h). */
enum { WD_SNAPSHOT_AGE_MAX_MS = 6 * 24 * 3600 * 1000 };

enum { WD_SNAPSHOT_PATH_SIZE = 4096, WD_SNAPSHOT_IDENTITY_SIZE = 768 };

/* Where the snapshot of a changelog's partition lies (path "" when none are written) and whose it is:
 * cluster, group, changelog topic, partition; which topic of that name comes to it later. */
struct wd_snapshot_of {
    const struct wd_config *config;
    const char *cluster; /* its id */
    const char *changelog;
    int32_t partition;
};
void wd_snapshot_name(const struct wd_snapshot_of *of, char path[WD_SNAPSHOT_PATH_SIZE],
                      char identity[WD_SNAPSHOT_IDENTITY_SIZE]);

struct wd_snapshot_head {
    const char *identity;     /* of wd_snapshot_name */
    const char *changelog_id; /* of the topic that the offset is of; "" where brokers have none */
    int64_t changelog_offset;
    int64_t now_ms;
};
/* Appends the file's bytes. The state must have no uncommitted changes. */
enum wd_status wd_snapshot_take(struct wd_state *state, const struct wd_snapshot_head *head,
                                struct wd_buffer *out) WD_MUST_CHECK;
/* Writes `bytes` to `path` aside and renames. WD_IO with the reason: a full disk loses nothing. */
enum wd_status wd_snapshot_write(const char *path, struct wd_slice bytes,
                                 struct wd_error *error) WD_MUST_CHECK;
/* Reads `path` into an empty state and gives the changelog offset to go on from. WD_NOT_FOUND: no file;
 * WD_CHECKSUM, WD_FOREIGN, WD_VERSION, WD_OUT_OF_RANGE (too old), WD_IO: not usable, and the state is
 * empty. */
struct wd_snapshot_place {
    const char *path;
    const char *identity;
    const char *changelog_id; /* NULL: of whichever topic of that name it is */
    int64_t now_ms;
};
enum wd_status wd_snapshot_read(const struct wd_snapshot_place *place, struct wd_state *state,
                                int64_t *changelog_offset, struct wd_error *error) WD_MUST_CHECK;

#endif
