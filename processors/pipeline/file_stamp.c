#include "file_stamp.h"

#include <sys/stat.h>

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct wd_file_stamp wd_file_stamp_read(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return (struct wd_file_stamp){.exists = false};
    return (struct wd_file_stamp){
        .exists = true,
        .device = info.st_dev,
        .inode = info.st_ino,
        .size = (uint64_t)info.st_size,
        .modified_ns = nanoseconds(info.st_mtim),
        .changed_ns = nanoseconds(info.st_ctim),
    };
}

bool wd_file_stamp_equal(const struct wd_file_stamp *a, const struct wd_file_stamp *b)
{
    return a->exists == b->exists && a->device == b->device && a->inode == b->inode &&
           a->size == b->size && a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns;
}
