#include "table_blocks.h"

#include "prefetch.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __SANITIZE_ADDRESS__ /* sees a block that is read after it was given back, as with the heap's */
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, len) ((void)(address), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(address, len) ((void)(address), (void)(len))
#endif

enum {
    UNIT = 1 << WD_BLOCK_UNIT_BITS,
    CHUNK_BYTES = 1 << WD_BLOCK_CHUNK_BITS,
    CHUNK_UNIT_BITS = WD_BLOCK_CHUNK_BITS - WD_BLOCK_UNIT_BITS,
    CHUNKS_AT_ONCE = 32, /* are asked of the system: 4 MiB, not in memory before they are used */
    CHUNKS_MAX = (1 << (32 - CHUNK_UNIT_BITS)) - CHUNKS_AT_ONCE,
    EXACT_UNITS = 128,
    STEPS = 32, /* for each doubling above EXACT_UNITS */
    STEPS_BITS = 5,
};

void wd_table_blocks_finish(struct wd_table_blocks *blocks)
{
    for (uint32_t i = 0; i < blocks->chunk_count; i += CHUNKS_AT_ONCE) {
        ASAN_UNPOISON_MEMORY_REGION(blocks->bases[i], (size_t)CHUNKS_AT_ONCE * CHUNK_BYTES);
        (void)munmap(blocks->bases[i], (size_t)CHUNKS_AT_ONCE * CHUNK_BYTES);
    }
    free(blocks->bases);
    free(blocks->chunks);
    *blocks = (struct wd_table_blocks){.bases = NULL};
}

/* The class of blocks so long, and their size. */
static uint32_t class_of(size_t len, uint32_t *size)
{
    uint32_t units = len == 0 ? 1 : (uint32_t)((len + UNIT - 1) / UNIT);
    if (units <= EXACT_UNITS) {
        *size = units * UNIT;
        return units - 1;
    }
    unsigned shift = 31 - STEPS_BITS - (unsigned)__builtin_clz(units - 1);
    uint32_t step = (units - 1) >> shift; /* STEPS to 2 * STEPS - 1 */
    *size = ((step + 1) << shift) * UNIT;
    return EXACT_UNITS + (shift - 2) * STEPS + step - STEPS;
}

size_t wd_table_block_size(size_t len)
{
    uint32_t size = 0;
    (void)class_of(len, &size);
    return size;
}

static bool add_chunks(struct wd_table_blocks *blocks)
{
    uint32_t count = blocks->chunk_count + CHUNKS_AT_ONCE;
    if (count > CHUNKS_MAX)
        return false;
    if (count > blocks->chunk_capacity) {
        uint32_t capacity = count * 2;
        char **bases = realloc(blocks->bases, capacity * sizeof(*bases));
        if (bases)
            blocks->bases = bases;
        struct wd_block_chunk *chunks = realloc(blocks->chunks, capacity * sizeof(*chunks));
        if (chunks)
            blocks->chunks = chunks;
        if (!bases || !chunks)
            return false;
        blocks->chunk_capacity = capacity;
    }
    char *memory = mmap(NULL, (size_t)CHUNKS_AT_ONCE * CHUNK_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    for (uint32_t i = count; i-- > blocks->chunk_count;) { /* the first one is taken first */
        blocks->bases[i] = memory + (size_t)(i - blocks->chunk_count) * CHUNK_BYTES;
        blocks->chunks[i] = (struct wd_block_chunk){.next = blocks->empty};
        blocks->empty = i + 1;
    }
    blocks->chunk_count = count;
    return true;
}

static void open_chunk(struct wd_table_blocks *blocks, uint32_t class, uint32_t number)
{
    struct wd_block_chunk *chunk = &blocks->chunks[number - 1];
    chunk->previous = 0;
    chunk->next = blocks->open[class];
    if (chunk->next != 0)
        blocks->chunks[chunk->next - 1].previous = number;
    blocks->open[class] = number;
}

static void close_chunk(struct wd_table_blocks *blocks, uint32_t class, uint32_t number)
{
    struct wd_block_chunk *chunk = &blocks->chunks[number - 1];
    if (chunk->previous != 0)
        blocks->chunks[chunk->previous - 1].next = chunk->next;
    else
        blocks->open[class] = chunk->next;
    if (chunk->next != 0)
        blocks->chunks[chunk->next - 1].previous = chunk->previous;
}

static bool has_room(const struct wd_block_chunk *chunk)
{
    return chunk->free_first != 0 || chunk->begun + chunk->size <= CHUNK_BYTES;
}

/* An empty chunk for blocks of this size; false when memory is exhausted. */
static bool begin_chunk(struct wd_table_blocks *blocks, uint32_t class, uint32_t size)
{
    if (blocks->empty == 0 && !add_chunks(blocks))
        return false;
    uint32_t number = blocks->empty;
    blocks->empty = blocks->chunks[number - 1].next;
    blocks->chunks[number - 1] = (struct wd_block_chunk){.size = size};
    open_chunk(blocks, class, number);
    return true;
}

/* The unit of the block that is given out next. */
static uint32_t next_unit(const struct wd_block_chunk *chunk)
{
    return chunk->free_first != 0 ? chunk->free_first - 1 : chunk->begun / UNIT;
}

const char *wd_table_blocks_next(const struct wd_table_blocks *blocks, size_t len)
{
    uint32_t size = 0;
    uint32_t number = len <= WD_BLOCK_BYTES_MAX ? blocks->open[class_of(len, &size)] : 0;
    return number != 0
               ? blocks->bases[number - 1] + (size_t)next_unit(&blocks->chunks[number - 1]) * UNIT
               : NULL;
}

uint32_t wd_table_blocks_take(struct wd_table_blocks *blocks, size_t len)
{
    uint32_t size = 0;
    if (len > WD_BLOCK_BYTES_MAX)
        return WD_BLOCK_NONE;
    uint32_t class = class_of(len, &size);
    if (blocks->open[class] == 0 && !begin_chunk(blocks, class, size))
        return WD_BLOCK_NONE;
    uint32_t number = blocks->open[class];
    struct wd_block_chunk *chunk = &blocks->chunks[number - 1];
    uint32_t unit = next_unit(chunk);
    if (chunk->free_first != 0) {
        char *place = blocks->bases[number - 1] + (size_t)unit * UNIT;
        ASAN_UNPOISON_MEMORY_REGION(place, size);
        memcpy(&chunk->free_first, place, sizeof(chunk->free_first));
        /* The next one is read at once, too, and nobody used it lately. */
        if (chunk->free_first != 0)
            wd_prefetch(blocks->bases[number - 1] + (size_t)(chunk->free_first - 1) * UNIT);
    } else {
        chunk->begun += size;
    }
    chunk->used++;
    if (!has_room(chunk))
        close_chunk(blocks, class, number);
    return ((number - 1) << CHUNK_UNIT_BITS) + unit + 1;
}

void wd_table_blocks_give(struct wd_table_blocks *blocks, uint32_t block)
{
    if (block == WD_BLOCK_NONE)
        return;
    uint32_t number = ((block - 1) >> CHUNK_UNIT_BITS) + 1;
    uint32_t unit = (block - 1) & ((1u << CHUNK_UNIT_BITS) - 1);
    struct wd_block_chunk *chunk = &blocks->chunks[number - 1];
    WD_ASSERT(number <= blocks->chunk_count && chunk->used > 0);
    uint32_t size = 0;
    uint32_t class = class_of(chunk->size, &size);
    bool was_open = has_room(chunk);
    char *place = blocks->bases[number - 1] + (size_t)unit * UNIT;
    memcpy(place, &chunk->free_first, sizeof(chunk->free_first));
    ASAN_POISON_MEMORY_REGION(place, size);
    chunk->free_first = unit + 1;
    chunk->used--;
    if (!was_open)
        open_chunk(blocks, class, number);
    if (chunk->used == 0) {
        ASAN_UNPOISON_MEMORY_REGION(blocks->bases[number - 1], CHUNK_BYTES);
        close_chunk(blocks, class, number);
        *chunk = (struct wd_block_chunk){.next = blocks->empty};
        blocks->empty = number;
    }
}
