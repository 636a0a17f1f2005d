#include "file_watch.h"

#include <stdlib.h>
#include <string.h>

struct watched {
    char *path;
    struct wd_file_stamp seen;
};

struct wd_file_watch {
    struct wd_file_watch_setup setup;
    uv_timer_t timer;
    uv_fs_t look;
    struct watched *files;
    size_t count, capacity;
    size_t next;         /* the file being looked at; count: none */
    uint64_t generation; /* of the set of files: an answer for an older one is nothing */
    uint64_t asked;      /* the generation of the question under way */
    bool looking;        /* a question is under way */
    bool moved;          /* something changed in this round */
    const char *told;    /* path of a change that was not told yet */
    bool timer_closed;
    bool closing;
};

static void forget(struct wd_file_watch *watch)
{
    for (size_t i = 0; i < watch->count; i++)
        free(watch->files[i].path);
    watch->count = watch->next = 0;
    watch->told = NULL;
    watch->moved = false;
    watch->generation++;
}

static void free_when_closed(struct wd_file_watch *watch)
{
    if (!watch->timer_closed || watch->looking)
        return;
    forget(watch);
    free(watch->files);
    free(watch);
}

static int64_t nanoseconds(uv_timespec_t time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct wd_file_stamp stamp_of(const uv_fs_t *look)
{
    if (look->result < 0)
        return (struct wd_file_stamp){.exists = false};
    const uv_stat_t *info = &look->statbuf;
    return (struct wd_file_stamp){
        .exists = true,
        .device = info->st_dev,
        .inode = info->st_ino,
        .size = info->st_size,
        .modified_ns = nanoseconds(info->st_mtim),
        .changed_ns = nanoseconds(info->st_ctim),
    };
}

static void look_at_next(struct wd_file_watch *watch);

static void on_look(uv_fs_t *look)
{
    struct wd_file_watch *watch = look->data;
    struct wd_file_stamp now = stamp_of(look);
    uv_fs_req_cleanup(look);
    watch->looking = false;
    if (watch->closing) {
        free_when_closed(watch);
        return;
    }
    if (watch->asked != watch->generation)
        return;
    struct watched *file = &watch->files[watch->next];
    if (!wd_file_stamp_equal(&file->seen, &now)) {
        file->seen = now;
        watch->moved = true;
        watch->told = file->path;
    }
    watch->next++;
    look_at_next(watch);
}

/* One file after the other: a thousand lists take one worker thread for a moment, not all of them. */
static void look_at_next(struct wd_file_watch *watch)
{
    if (watch->next < watch->count) {
        watch->asked = watch->generation;
        watch->look.data = watch;
        watch->looking = uv_fs_stat(watch->setup.loop, &watch->look, watch->files[watch->next].path,
                                    on_look) == 0;
        return;
    }
    if (!watch->told || watch->moved)
        return;
    const char *path = watch->told;
    watch->told = NULL;
    watch->setup.changed(watch->setup.context, path);
}

static void on_timer(uv_timer_t *timer)
{
    struct wd_file_watch *watch = timer->data;
    if (watch->looking)
        return;
    watch->next = 0;
    watch->moved = false;
    look_at_next(watch);
}

enum wd_status wd_file_watch_create(const struct wd_file_watch_setup *setup,
                                    struct wd_file_watch **watch)
{
    struct wd_file_watch *made = calloc(1, sizeof(*made));
    *watch = made;
    if (!made)
        return WD_NO_MEMORY;
    made->setup = *setup;
    made->timer.data = made;
    (void)uv_timer_init(setup->loop, &made->timer);
    (void)uv_timer_start(&made->timer, on_timer, setup->interval_ms, setup->interval_ms);
    return WD_OK;
}

void wd_file_watch_clear(struct wd_file_watch *watch)
{
    forget(watch);
}

enum wd_status wd_file_watch_add(struct wd_file_watch *watch, const char *path,
                                 const struct wd_file_stamp *stamp)
{
    for (size_t i = 0; i < watch->count; i++) {
        if (strcmp(watch->files[i].path, path) == 0)
            return WD_OK;
    }
    if (watch->count == WD_FILE_WATCH_MAX)
        return WD_TOO_LARGE;
    if (watch->count == watch->capacity) {
        size_t capacity = watch->capacity ? watch->capacity * 2 : 8;
        struct watched *grown = realloc(watch->files, capacity * sizeof(*grown));
        if (!grown)
            return WD_NO_MEMORY;
        watch->files = grown;
        watch->capacity = capacity;
    }
    char *copy = strdup(path);
    if (!copy)
        return WD_NO_MEMORY;
    watch->files[watch->count++] = (struct watched){copy, *stamp};
    return WD_OK;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct wd_file_watch *watch = handle->data;
    watch->timer_closed = true;
    free_when_closed(watch);
}

void wd_file_watch_close(struct wd_file_watch *watch)
{
    if (!watch || watch->closing)
        return;
    watch->closing = true;
    uv_close((uv_handle_t *)&watch->timer, on_timer_closed);
}
