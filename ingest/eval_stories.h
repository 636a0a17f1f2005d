/* eval_stories.h - stories to measure with, from anything that replay reads and from plain JSON lines.
 *
 * Why:    a measurement must run on copy as people have it: wire files, or the tables in which
 *         research sets come.
 * Owns:   the bytes of all inputs; stories are decoded again each time they are asked for, so that
 *         a big set needs no more memory than its files.
 * Thread: one. */
#ifndef WD_EVAL_STORIES_H
#define WD_EVAL_STORIES_H

#include "config.h"

struct wd_eval_item {
    char *id;
    struct wd_slice raw; /* the message */
    uint32_t index;      /* of the story within it */
    size_t order;        /* of reading */
    bool plain;          /* a JSON line with id, title, body ... */
    int64_t time_ms;     /* published; that of the item before where there is none */
};

struct wd_eval_stories {
    struct wd_config *config; /* for decoding; not NULL */
    struct wd_eval_item *items;
    size_t count, capacity;
    size_t *by_id; /* indices in the order of ids; made by sort */
    char **blocks; /* bytes of the inputs */
    size_t block_count;
    struct wd_story_batch batch;
    uint64_t unread;      /* messages that could not be read; told on standard error */
    const char *provider; /* where a plain line names none */
};

void wd_eval_stories_init(struct wd_eval_stories *stories, struct wd_config *config);
void wd_eval_stories_finish(struct wd_eval_stories *stories);
/* Reads a file, a folder, or "-"; ".jsonl" and ".ndjson" are one message a line. False, with a line on
 * standard error, when it cannot be read. */
bool wd_eval_stories_read(struct wd_eval_stories *stories, const char *path);
/* By time; what has none stays behind what stood before it. False when memory is exhausted. */
bool wd_eval_stories_sort(struct wd_eval_stories *stories);
/* The story of an item, with `received` = its time; valid until the next call. NULL when it cannot be
 * read after all. */
struct wd_story *wd_eval_stories_decode(struct wd_eval_stories *stories, size_t item);
/* Index of the item with an id; SIZE_MAX when there is none. Sort first. */
size_t wd_eval_stories_find(const struct wd_eval_stories *stories, struct wd_slice id);

#endif
