#include "arena.h"

#include "buffer.h"

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
    bool full;
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
    arena->full = false;
}

struct wd_arena_mark wd_arena_mark(const struct wd_arena *arena)
{
    return (struct wd_arena_mark){arena->chunk, arena->chunk ? arena->chunk->used : 0,
                                  arena->used_before};
}

void wd_arena_go_back(struct wd_arena *arena, struct wd_arena_mark mark)
{
    while (arena->chunk != mark.chunk) {
        struct chunk *newest = arena->chunk;
        arena->chunk = newest->previous;
        arena->held -= newest->size;
        free(newest);
    }
    if (arena->chunk)
        arena->chunk->used = mark.chunk_used;
    arena->used_before = mark.used_before;
}

bool wd_arena_is_full(const struct wd_arena *arena)
{
    return arena->full;
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
    if (wanted < size) {
        arena->full = true;
        return false;
    }
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

struct wd_slice wd_arena_join_all(struct wd_arena *arena, const struct wd_slice *parts,
                                  size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len >= SIZE_MAX / 2 - len)
            return WD_SLICE_NONE;
        len += parts[i].len;
    }
    char *begin = wd_arena_alloc(arena, len + 1);
    char *at = begin;
    for (size_t i = 0; begin && i < count; i++) {
        if (parts[i].len > 0)
            memcpy(at, parts[i].data, parts[i].len);
        at += parts[i].len;
    }
    if (!begin)
        return WD_SLICE_NONE;
    *at = '\0';
    return wd_slice_make(begin, len);
}

struct wd_slice wd_arena_copy(struct wd_arena *arena, struct wd_slice bytes)
{
    return wd_arena_join(arena, bytes, WD_SLICE_NONE);
}

/* Room that text is written to. */
struct room {
    char *at, *end;
};

static bool put(struct room *room, const char *bytes, size_t len)
{
    if (len >= (size_t)(room->end - room->at))
        return false;
    memcpy(room->at, bytes, len);
    room->at += len;
    return true;
}

static bool put_integer(struct room *room, int64_t number)
{
    char text[WD_INTEGER_TEXT_SIZE];
    struct wd_slice digits = wd_integer_text(number, text);
    return put(room, digits.data, digits.len);
}

/* "%.2f" of a share or a probability; false for other numbers, and where the last digit hangs by a hair. */
static bool put_hundredths(struct room *room, double value)
{
    if (!(value >= 0 && value < 9.99) || __builtin_signbit(value))
        return false;
    double hundredths = value * 100;
    int whole = (int)(hundredths + 0.5);
    if (__builtin_fabs(__builtin_fabs(hundredths - whole) - 0.5) < 1e-9)
        return false;
    const char text[] = {(char)('0' + whole / 100), '.', (char)('0' + whole / 10 % 10),
                         (char)('0' + whole % 10)};
    return put(room, text, sizeof(text));
}

static bool put_text(struct room *room, const char *text, size_t len_max)
{
    return text && put(room, text, strnlen(text, len_max));
}

/* One directive, at its "%"; moves behind it. False for one that is left to printf, or without room. */
static bool put_argument(struct room *room, const char **format, va_list *arguments)
{
    const char *at = *format;
    if (at[1] == '.' && at[2] == '*' && at[3] == 's') {
        int len = va_arg(*arguments, int);
        *format += 4;
        return len >= 0 && put_text(room, va_arg(*arguments, const char *), (size_t)len);
    }
    if (at[1] == '.' && at[2] == '2' && at[3] == 'f') {
        *format += 4;
        return put_hundredths(room, va_arg(*arguments, double));
    }
    *format += 2;
    if (at[1] == 's')
        return put_text(room, va_arg(*arguments, const char *), SIZE_MAX);
    if (at[1] == 'd')
        return put_integer(room, va_arg(*arguments, int));
    if (at[1] == 'u')
        return put_integer(room, va_arg(*arguments, unsigned));
    return at[1] == '%' && put(room, "%", 1);
}

/* What printf writes, several times as fast: every story's reasons are made of these few directives. False
 * where there is another one, or not room enough. */
static bool format_plainly(struct room *room, const char *format, va_list *arguments)
{
    for (;;) {
        const char *next = strchrnul(format, '%');
        if (!put(room, format, (size_t)(next - format)))
            return false;
        if (*next == '\0')
            return true;
        format = next;
        if (!put_argument(room, &format, arguments))
            return false;
    }
}

/* Into the room that is there; NULL where that is not possible. */
static char *print_plainly(struct wd_arena *arena, const char *format, va_list *arguments,
                           size_t *len)
{
    struct chunk *chunk = arena->chunk;
    if (!chunk || chunk->used == chunk->size)
        return NULL;
    char *begin = chunk->bytes + chunk->used;
    struct room room = {begin, chunk->bytes + chunk->size};
    if (!format_plainly(&room, format, arguments))
        return NULL;
    *len = (size_t)(room.at - begin);
    *room.at = '\0'; /* put leaves room for it */
    char *bytes = wd_arena_alloc(arena, *len + 1);
    if (bytes && bytes != begin) /* rounded up it was too much for the chunk */
        memcpy(bytes, begin, *len + 1);
    return bytes;
}

static struct wd_slice print(struct wd_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    struct wd_slice text = WD_SLICE_NONE;
    int len = vsnprintf(NULL, 0, format, arguments);
    char *bytes = len < 0 ? NULL : wd_arena_alloc(arena, (size_t)len + 1);
    if (bytes) {
        (void)vsnprintf(bytes, (size_t)len + 1, format, again);
        text = wd_slice_make(bytes, (size_t)len);
    }
    va_end(again);
    return text;
}

struct wd_slice wd_arena_printf(struct wd_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_list plain;
    size_t len = 0;
    va_start(arguments, format);
    va_copy(plain, arguments);
    char *bytes = print_plainly(arena, format, &plain, &len);
    struct wd_slice text = bytes ? wd_slice_make(bytes, len) : print(arena, format, arguments);
    va_end(plain);
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
