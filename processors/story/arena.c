#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ALIGNMENT = 16,
    FIRST_BYTES = 32 * 1024,
    KEPT_BYTES_MAX = 256 * 1024,
    CHUNK_BYTES_MAX = 1024 * 1024
};

struct chunk {
    struct chunk *previous;
    size_t size; /* of the bytes */
    size_t used;
    _Alignas(ALIGNMENT) char bytes[];
};

struct wd_arena {
    struct chunk *chunk; /* the one in use */
    size_t held;
    size_t held_max;
    size_t used_before; /* in earlier chunks */
};

struct wd_arena *wd_arena_create(size_t bytes_max)
{
    struct wd_arena *arena = calloc(1, sizeof(*arena));
    if (arena)
        arena->held_max = bytes_max;
    return arena;
}

static void free_chunks(struct wd_arena *arena, struct chunk *kept)
{
    struct chunk *chunk = arena->chunk;
    while (chunk) {
        struct chunk *previous = chunk->previous;
        if (chunk != kept) {
            arena->held -= chunk->size;
            free(chunk);
        }
        chunk = previous;
    }
    arena->chunk = kept;
}

void wd_arena_destroy(struct wd_arena *arena)
{
    if (!arena)
        return;
    free_chunks(arena, NULL);
    free(arena);
}

void wd_arena_reset(struct wd_arena *arena)
{
    /* The newest chunk is the largest: the next story of this kind will fit into it. */
    struct chunk *kept = arena->chunk;
    if (kept && kept->size > KEPT_BYTES_MAX)
        kept = NULL;
    free_chunks(arena, kept);
    if (kept) {
        kept->previous = NULL;
        kept->used = 0;
    }
    arena->used_before = 0;
}

static bool add_chunk(struct wd_arena *arena, size_t size)
{
    size_t wanted = arena->chunk ? arena->chunk->size * 2 : FIRST_BYTES;
    /* Larger ones would leave more unused than they save. */
    if (wanted > CHUNK_BYTES_MAX)
        wanted = CHUNK_BYTES_MAX;
    if (wanted < size)
        wanted = size;
    size_t room = arena->held_max - arena->held;
    if (wanted > room)
        wanted = room;
    if (wanted < size)
        return false;
    struct chunk *chunk = malloc(sizeof(*chunk) + wanted);
    if (!chunk)
        return false;
    chunk->previous = arena->chunk;
    chunk->size = wanted;
    chunk->used = 0;
    if (arena->chunk)
        arena->used_before += arena->chunk->used;
    arena->chunk = chunk;
    arena->held += wanted;
    return true;
}

void *wd_arena_alloc(struct wd_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded == 0)
        rounded = ALIGNMENT;
    if (!arena->chunk || rounded > arena->chunk->size - arena->chunk->used) {
        if (!add_chunk(arena, rounded))
            return NULL;
    }
    void *block = arena->chunk->bytes + arena->chunk->used;
    arena->chunk->used += rounded;
    return block;
}

void *wd_arena_calloc(struct wd_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *block = wd_arena_alloc(arena, count * size);
    if (block)
        memset(block, 0, count * size);
    return block;
}

void *wd_arena_realloc(struct wd_arena *arena, void *block, size_t old_size, size_t new_size)
{
    if (!block)
        return wd_arena_alloc(arena, new_size);
    if (new_size <= old_size)
        return block;
    struct chunk *chunk = arena->chunk;
    size_t old_rounded = (old_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    size_t begin = (size_t)((uintptr_t)block - (uintptr_t)chunk->bytes);
    bool last = begin < chunk->used && begin + old_rounded == chunk->used;
    if (last && new_size <= chunk->size - begin) {
        size_t rounded = (new_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
        chunk->used = begin + rounded <= chunk->size ? begin + rounded : chunk->size;
        return block;
    }
    void *moved = wd_arena_alloc(arena, new_size);
    if (moved)
        memcpy(moved, block, old_size);
    return moved;
}

struct wd_slice wd_arena_join(struct wd_arena *arena, struct wd_slice first, struct wd_slice second)
{
    if (first.len >= SIZE_MAX - second.len)
        return WD_SLICE_NONE;
    size_t len = first.len + second.len;
    char *copy = wd_arena_alloc(arena, len + 1);
    if (!copy)
        return WD_SLICE_NONE;
    if (first.len > 0)
        memcpy(copy, first.data, first.len);
    if (second.len > 0)
        memcpy(copy + first.len, second.data, second.len);
    copy[len] = '\0';
    return wd_slice_make(copy, len);
}

struct wd_slice wd_arena_copy(struct wd_arena *arena, struct wd_slice bytes)
{
    return wd_arena_join(arena, bytes, WD_SLICE_NONE);
}

struct wd_slice wd_arena_printf(struct wd_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    struct wd_slice text = WD_SLICE_NONE;
    /* Into the room that is there: formatting is what costs, and nearly everything fits. */
    const struct chunk *chunk = arena->chunk;
    size_t room = chunk ? chunk->size - chunk->used : 0;
    char *begin = room > 0 ? (char *)chunk->bytes + chunk->used : NULL;
    int len = vsnprintf(begin, room, format, arguments);
    char *bytes = len < 0 ? NULL : wd_arena_alloc(arena, (size_t)len + 1);
    if (bytes) {
        if (bytes != begin)
            (void)vsnprintf(bytes, (size_t)len + 1, format, again);
        text = wd_slice_make(bytes, (size_t)len);
    }
    va_end(again);
    va_end(arguments);
    return text;
}

size_t wd_arena_used(const struct wd_arena *arena)
{
    return arena->used_before + (arena->chunk ? arena->chunk->used : 0);
}

size_t wd_arena_held(const struct wd_arena *arena)
{
    return arena->held;
}
