/* table_blocks.h - memory for the records of a table: millions of small blocks of any length.
 *
 * Why:    the heap puts a header before each block and rounds it up to sixteen bytes, which is as much as a key;
 *         a record needs neither, since its table knows how long it is.
 * Owns:   the blocks' memory; it never moves. A block is named by a number of 32 bits.
 * Thread: its lane.
 * Limits: WD_BLOCK_BYTES_MAX for a block; 32 GiB for all: callers keep below WD_BLOCKS_BYTES_MAX, since
 *         what is kept for an undo counts, too.
 * How:    chunks hold blocks of one size each, in steps of eight bytes up to 1 KiB, then 32 steps for each doubling.
 *         A chunk that is empty again serves any size. */
#ifndef WD_TABLE_BLOCKS_H
#define WD_TABLE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WD_BLOCK_NONE = 0,
    WD_BLOCK_BYTES_MAX = 66 * 1024,
    WD_BLOCK_UNIT_BITS = 3,
    WD_BLOCK_CHUNK_BITS = 17, /* 128 KiB */
    WD_BLOCK_CLASSES = 384,
};

#define WD_BLOCKS_BYTES_MAX (UINT64_C(30) << 30)

struct wd_block_chunk {
    uint32_t next,
        previous;        /* 1 + number: of those of its size that have room, or of the empty ones */
    uint32_t free_first; /* 1 + unit of the first block that was given back; these are a list */
    uint32_t begun;      /* bytes that were ever given out */
    uint32_t size;       /* of its blocks */
    uint32_t used;       /* blocks */
};

struct wd_table_blocks {
    char **bases; /* of each chunk */
    struct wd_block_chunk *chunks;
    uint32_t chunk_count, chunk_capacity;
    uint32_t open[WD_BLOCK_CLASSES]; /* 1 + number of the first chunk of a size that has room */
    uint32_t empty;                  /* 1 + number of the first empty chunk */
};

/* Zeroed memory is an empty one. */
void wd_table_blocks_finish(struct wd_table_blocks *blocks);
/* Room for `len` bytes; WD_BLOCK_NONE when memory is exhausted or the block too long. */
uint32_t wd_table_blocks_take(struct wd_table_blocks *blocks, size_t len);
/* Where the next block for so many bytes will be; NULL when that is not known yet. */
const char *wd_table_blocks_next(const struct wd_table_blocks *blocks, size_t len);
/* Of a block for so many bytes, rounding included. */
size_t wd_table_block_size(size_t len);
/* Takes WD_BLOCK_NONE. */
void wd_table_blocks_give(struct wd_table_blocks *blocks, uint32_t block);

/* Where a block is. */
static inline char *wd_table_block_at(const struct wd_table_blocks *blocks, uint32_t block)
{
    const unsigned unit_bits = WD_BLOCK_CHUNK_BITS - WD_BLOCK_UNIT_BITS;
    uint32_t place = block - 1;
    return blocks->bases[place >> unit_bits] +
           ((size_t)(place & ((1u << unit_bits) - 1)) << WD_BLOCK_UNIT_BITS);
}

#endif
