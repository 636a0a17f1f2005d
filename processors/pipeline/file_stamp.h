/* file_stamp.h - which state of a file somebody has read.
 *
 * Why:    a list that changes under a running daemon is read again; a stamp taken before the first
 *         reading makes sure that no change falls between reading and watching.
 * Owns:   nothing.
 * Thread: any. */
#ifndef WD_FILE_STAMP_H
#define WD_FILE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

struct wd_file_stamp {
    bool exists;
    uint64_t device;
    uint64_t inode; /* another one when the file was replaced by renaming */
    uint64_t size;
    int64_t modified_ns;
    int64_t
        changed_ns; /* of the inode: moves also when a tool sets the time of modification back */
};

/* Follows symbolic links. A file that cannot be looked at does not exist. */
struct wd_file_stamp wd_file_stamp_read(const char *path);
bool wd_file_stamp_equal(const struct wd_file_stamp *a, const struct wd_file_stamp *b);

#endif
