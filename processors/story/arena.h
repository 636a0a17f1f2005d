/* arena.h - memory of one story: taken piece by piece, given back at once.
 *
 * Why:    a story has hundreds of small parts and one lifetime. Freeing them one by one is where
 *         leaks and time go.
 * Owns:   its chunks. Everything returned lives until reset or destroy.
 * Thread: one at a time.
 * Limits: `bytes_max` over the arena's life between resets; past it allocation returns NULL. */
#ifndef WD_ARENA_H
#define WD_ARENA_H

#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

struct wd_arena;

/* NULL when memory is exhausted. `bytes_max` bounds the sum of all chunks. */
struct wd_arena *wd_arena_create(size_t bytes_max);
/* Takes NULL. */
void wd_arena_destroy(struct wd_arena *arena);
/* Forgets everything; keeps at most a modest first chunk, so that a steady stream never calls
 * malloc and one huge story does not stay in memory. */
void wd_arena_reset(struct wd_arena *arena);

/* `size` bytes aligned for any type, not zeroed; NULL when over the limit or out of memory. */
void *wd_arena_alloc(struct wd_arena *arena, size_t size);
/* Zeroed array; NULL also when count * size overflows. */
void *wd_arena_calloc(struct wd_arena *arena, size_t count, size_t size);
/* Grows a block; in place when it was the last one. Contents up to min(old, new) are kept. */
void *wd_arena_realloc(struct wd_arena *arena, void *block, size_t old_size, size_t new_size);
/* A copy, followed by a NUL that is not counted. data NULL on failure. */
struct wd_slice wd_arena_copy(struct wd_arena *arena, struct wd_slice bytes);
/* A copy of both, one after the other; as above. */
struct wd_slice wd_arena_join(struct wd_arena *arena, struct wd_slice first,
                              struct wd_slice second);
/* A copy of all, one after the other; as above. */
struct wd_slice wd_arena_join_all(struct wd_arena *arena, const struct wd_slice *parts,
                                  size_t count);
/* printf into the arena; data NULL on failure. */
struct wd_slice wd_arena_printf(struct wd_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A place in what was handed out. */
struct wd_arena_mark {
    const void *chunk;
    size_t chunk_used, used_before;
};
struct wd_arena_mark wd_arena_mark(const struct wd_arena *arena);
/* Forgets what was handed out since `mark` was taken (after the last reset), and what blocks of before have grown
 * by since. */
void wd_arena_go_back(struct wd_arena *arena, struct wd_arena_mark mark);

/* Whether `bytes_max` was the reason of a NULL since the last reset. */
bool wd_arena_is_full(const struct wd_arena *arena);
/* Bytes handed out since the last reset, and bytes held from the system. */
size_t wd_arena_used(const struct wd_arena *arena);
size_t wd_arena_held(const struct wd_arena *arena);

#endif
