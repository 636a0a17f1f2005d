#include "copy_index.h"

#include "clones.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum {
    SLOTS = 8, /* of a bucket; the last may hold a link instead */
    LINK_SLOT = 7,
    FILL = 7,        /* postings for each bucket, on average, before a bucket is split */
    FIRST_BITS = 12, /* the first buckets: 256 KB */
    PRINT_BITS = 26, /* of the key, besides FIRST_BITS */
    TAG_BITS = 6,
    KEY_SHIFT = 2,   /* keys have 40 good bits, we use 38 */
    SPARE_SHARE = 2, /* spare buckets: half of the others */
    HUGE_PAGE = 2 * 1024 * 1024,
};

/* A posting in 64 bits: number + 1 (0: empty), print, group, provider. A link to a spare bucket has
 * all bits of the number set and the spare's index above. */
#define NUMBER_MASK ((UINT64_C(1) << WD_INDEX_NUMBER_BITS) - 1)
#define LINK_MARK NUMBER_MASK
#define PRINT_MASK ((UINT64_C(1) << PRINT_BITS) - 1)
#define TAG_MASK ((UINT64_C(1) << TAG_BITS) - 1)

struct bucket {
    _Alignas(64) uint64_t slots[SLOTS];
};

struct wd_copy_index {
    struct bucket *buckets; /* count of them in use */
    struct bucket *spares;
    uint64_t count, count_max;
    uint64_t level_mask;             /* 2^level - 1, where 2^level <= count < 2^(level + 1) */
    uint64_t spare_count, spare_max; /* ever used */
    uint64_t free_spare; /* index + 1 of the first of a list through slots[0]; 0: none */
    uint64_t postings, postings_max, dropped;
    bool wide; /* wd_has_wide */
};

/* Zeroed, not yet in memory; NULL when there is no room. */
static struct bucket *reserve(uint64_t count)
{
    size_t bytes = (size_t)count * sizeof(struct bucket);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    /* Where the system grants it: a look-up then misses the cache once and not twice. */
    if (bytes >= 2 * (size_t)HUGE_PAGE)
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

struct wd_copy_index *wd_copy_index_create(uint64_t postings_max)
{
    struct wd_copy_index *index = calloc(1, sizeof(*index));
    if (!index)
        return NULL;
    index->wide = wd_has_wide();
    index->count = UINT64_C(1) << FIRST_BITS;
    index->level_mask = index->count - 1;
    index->postings_max = postings_max;
    index->count_max = postings_max / FILL + 1;
    if (index->count_max < index->count)
        index->count_max = index->count;
    index->spare_max = index->count_max / SPARE_SHARE + 1;
    index->buckets = reserve(index->count_max);
    index->spares = reserve(index->spare_max);
    if (!index->buckets || !index->spares) {
        wd_copy_index_destroy(index);
        return NULL;
    }
    return index;
}

void wd_copy_index_destroy(struct wd_copy_index *index)
{
    if (!index)
        return;
    if (index->buckets)
        (void)munmap(index->buckets, index->count_max * sizeof(struct bucket));
    if (index->spares)
        (void)munmap(index->spares, index->spare_max * sizeof(struct bucket));
    free(index);
}

static uint64_t bits_of(uint64_t key)
{
    return key >> KEY_SHIFT & ((UINT64_C(1) << (FIRST_BITS + PRINT_BITS)) - 1);
}

static uint64_t print_of(uint64_t key)
{
    return bits_of(key) >> FIRST_BITS;
}

static uint64_t place_of(const struct wd_copy_index *index, uint64_t bits)
{
    uint64_t place = bits & (index->level_mask * 2 + 1);
    return place < index->count ? place : bits & index->level_mask;
}

static bool is_link(uint64_t slot)
{
    return (slot & NUMBER_MASK) == LINK_MARK;
}

static uint64_t slot_print(uint64_t slot)
{
    return slot >> WD_INDEX_NUMBER_BITS & PRINT_MASK;
}

static struct bucket *next_of(const struct wd_copy_index *index, const struct bucket *bucket)
{
    uint64_t last = bucket->slots[LINK_SLOT];
    return is_link(last) ? &index->spares[last >> WD_INDEX_NUMBER_BITS] : NULL;
}

void wd_copy_index_prefetch(const struct wd_copy_index *index, uint64_t key, int step)
{
    const struct bucket *bucket = &index->buckets[place_of(index, bits_of(key))];
    if (step == 0)
        __builtin_prefetch(bucket);
    else if (is_link(bucket->slots[LINK_SLOT])) /* one of six */
        __builtin_prefetch(next_of(index, bucket));
}

void wd_copy_index_prefetch_growth(const struct wd_copy_index *index, size_t postings)
{
    size_t splits = postings / FILL + 1;
    if (index->count + splits > index->count_max)
        return;
    for (size_t i = 0; i < splits; i++) {
        __builtin_prefetch(&index->buckets[(index->count & index->level_mask) + i]);
        __builtin_prefetch(&index->buckets[index->count + i], 1);
    }
}

typedef uint64_t slots8 __attribute__((vector_size(sizeof(struct bucket))));

/* Bit n: slot n has this print; an empty one and a link may, too. */
static inline unsigned match_prints(const struct bucket *bucket, uint64_t wanted)
{
    const slots8 bit = {1, 2, 4, 8, 16, 32, 64, 128};
    slots8 slots;
    memcpy(&slots, bucket, sizeof(slots));
    slots8 same = (slots8)(((slots ^ wanted) & PRINT_MASK << WD_INDEX_NUMBER_BITS) == 0) & bit;
    return (unsigned)((same[0] | same[1] | same[2] | same[3]) |
                      (same[4] | same[5] | same[6] | same[7]));
}

static struct wd_posting posting_of(uint64_t slot)
{
    uint64_t tags = slot >> (WD_INDEX_NUMBER_BITS + PRINT_BITS);
    return (struct wd_posting){.number = (int32_t)(slot & NUMBER_MASK) - 1,
                               .group = (uint8_t)(tags & TAG_MASK),
                               .provider = (uint8_t)(tags >> TAG_BITS & TAG_MASK)};
}

WD_CLONES static size_t find_plain(const struct wd_copy_index *index, const struct bucket *bucket,
                                   uint64_t wanted, struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    size_t found = 0;
    for (; bucket; bucket = next_of(index, bucket)) {
        for (unsigned bits = match_prints(bucket, wanted); bits != 0; bits &= bits - 1) {
            uint64_t slot = bucket->slots[__builtin_ctz(bits)];
            if (slot != 0 && !is_link(slot) && found < WD_INDEX_ANSWER_MAX)
                answer[found++] = posting_of(slot);
        }
    }
    return found;
}

/* SLOTS: none. */
static size_t empty_slot(const struct bucket *bucket)
{
    size_t i = 0;
    while (i < SLOTS && bucket->slots[i] != 0)
        i++;
    return i;
}

#ifdef WD_WIDE

/* Most buckets have nothing: that is seen at one look. */
WD_WIDE static size_t find_wide(const struct wd_copy_index *index, const struct bucket *bucket,
                                uint64_t wanted, struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    const __m512i print = _mm512_set1_epi64((long long)(PRINT_MASK << WD_INDEX_NUMBER_BITS));
    const __m512i number = _mm512_set1_epi64((long long)NUMBER_MASK);
    const __m512i prints = _mm512_set1_epi64((long long)wanted);
    size_t found = 0;
    for (; bucket; bucket = next_of(index, bucket)) {
        __m512i slots = _mm512_load_si512(bucket);
        __mmask8 used = _mm512_test_epi64_mask(slots, number);
        unsigned bits = _mm512_mask_testn_epi64_mask(used, _mm512_xor_si512(slots, prints), print);
        for (; bits != 0; bits &= bits - 1) {
            uint64_t slot = bucket->slots[__builtin_ctz(bits)];
            if (!is_link(slot) && found < WD_INDEX_ANSWER_MAX)
                answer[found++] = posting_of(slot);
        }
    }
    return found;
}

WD_WIDE static size_t empty_slot_wide(const struct bucket *bucket)
{
    __m512i slots = _mm512_load_si512(bucket);
    unsigned empty = _mm512_testn_epi64_mask(slots, slots);
    return (size_t)__builtin_ctz(empty | 1u << SLOTS);
}

/* Moves those with this bit, of a bucket without spares, to another that is empty. */
WD_WIDE static void part_wide(struct bucket *from, struct bucket *to, uint64_t bit)
{
    __m512i slots = _mm512_load_si512(from);
    __mmask8 used = _mm512_test_epi64_mask(slots, slots);
    __mmask8 moved = _mm512_test_epi64_mask(slots, _mm512_set1_epi64((long long)bit));
    _mm512_store_si512(to, _mm512_maskz_compress_epi64(used & moved, slots));
    _mm512_store_si512(from, _mm512_maskz_compress_epi64(used & (__mmask8)~moved, slots));
}

#else

static size_t empty_slot_wide(const struct bucket *bucket)
{
    return empty_slot(bucket);
}

static void part_wide(struct bucket *from, struct bucket *to, uint64_t bit)
{
    (void)from, (void)to, (void)bit;
}

static size_t find_wide(const struct wd_copy_index *index, const struct bucket *bucket,
                        uint64_t wanted, struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    return find_plain(index, bucket, wanted, answer);
}

#endif

size_t wd_copy_index_find(const struct wd_copy_index *index, uint64_t key,
                          struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    uint64_t wanted = print_of(key) << WD_INDEX_NUMBER_BITS;
    const struct bucket *bucket = &index->buckets[place_of(index, bits_of(key))];
    return index->wide ? find_wide(index, bucket, wanted, answer)
                       : find_plain(index, bucket, wanted, answer);
}

/* A spare bucket, empty; NULL when there are no more. */
static struct bucket *take_spare(struct wd_copy_index *index)
{
    struct bucket *spare = NULL;
    WD_ASSERT(index->spares != NULL);
    if (index->free_spare != 0) {
        spare = &index->spares[index->free_spare - 1];
        index->free_spare = spare->slots[0];
        *spare = (struct bucket){{0}};
    } else if (index->spare_count < index->spare_max) {
        spare = &index->spares[index->spare_count++];
    }
    return spare;
}

/* Hangs a spare bucket behind a full one. */
static struct bucket *add_spare(struct wd_copy_index *index, struct bucket *bucket)
{
    struct bucket *spare = take_spare(index);
    if (spare) {
        spare->slots[0] = bucket->slots[LINK_SLOT];
        bucket->slots[LINK_SLOT] =
            (uint64_t)(spare - index->spares) << WD_INDEX_NUMBER_BITS | LINK_MARK;
    }
    return spare;
}

static bool put_slot(struct wd_copy_index *index, struct bucket *bucket, uint64_t slot)
{
    while (bucket) {
        size_t i = index->wide ? empty_slot_wide(bucket) : empty_slot(bucket);
        if (i < SLOTS) {
            bucket->slots[i] = slot;
            return true;
        }
        struct bucket *next = next_of(index, bucket);
        bucket = next ? next : add_spare(index, bucket);
    }
    return false;
}

/* Takes the last posting of a chain away to fill the hole, and frees what is then empty. */
static void close_hole(struct wd_copy_index *index, struct bucket *holed, size_t hole)
{
    struct bucket *before = NULL;
    struct bucket *last = holed;
    for (struct bucket *next = NULL; (next = next_of(index, last)) != NULL; last = next)
        before = last;
    holed->slots[hole] = 0;
    size_t used = 0;
    size_t end = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        used += last->slots[i] != 0;
        end = last->slots[i] != 0 ? i : end;
    }
    if (used > 0 && last != holed) {
        holed->slots[hole] = last->slots[end];
        last->slots[end] = 0;
        used--;
    }
    if (used == 0 && before) {
        before->slots[LINK_SLOT] = 0;
        last->slots[0] = index->free_spare;
        index->free_spare = (uint64_t)(last - index->spares) + 1;
    }
}

/* Moves what belongs to the next new bucket there. */
static void split(struct wd_copy_index *index)
{
    uint64_t from = index->count & index->level_mask;
    uint64_t to = index->count++;
    /* The next bit of the print says who goes: but for those in spares that is all. */
    uint64_t bit = (index->level_mask + 1) << (WD_INDEX_NUMBER_BITS - FIRST_BITS);
    if ((index->count & (index->level_mask * 2 + 1)) == 0)
        index->level_mask = index->level_mask * 2 + 1;
    struct bucket moving[1] = {index->buckets[from]};
    struct bucket *spare = next_of(index, &index->buckets[from]);
    if (!spare && index->wide) {
        part_wide(&index->buckets[from], &index->buckets[to], bit);
        return;
    }
    index->buckets[from] = (struct bucket){{0}};
    const struct bucket *bucket = moving;
    for (;;) {
        for (size_t i = 0; i < SLOTS; i++) {
            uint64_t slot = bucket->slots[i];
            if (slot == 0 || is_link(slot))
                continue;
            uint64_t bits =
                slot_print(slot) << FIRST_BITS | (from & ((UINT64_C(1) << FIRST_BITS) - 1));
            uint64_t place = place_of(index, bits);
            WD_ASSERT(place == from || place == to);
            if (!put_slot(index, &index->buckets[place], slot))
                index->dropped++;
        }
        if (!spare)
            return;
        /* Copied and given back first: what is put may need it. */
        struct bucket *next = next_of(index, spare);
        moving[0] = *spare;
        spare->slots[0] = index->free_spare;
        index->free_spare = (uint64_t)(spare - index->spares) + 1;
        spare = next;
    }
}

void wd_copy_index_add(struct wd_copy_index *index, uint64_t key, struct wd_posting posting)
{
    WD_ASSERT(posting.number >= 0 && (uint64_t)posting.number < NUMBER_MASK - 1);
    uint64_t slot = (uint64_t)(posting.number + 1) | print_of(key) << WD_INDEX_NUMBER_BITS |
                    (posting.group & TAG_MASK) << (WD_INDEX_NUMBER_BITS + PRINT_BITS) |
                    (posting.provider & TAG_MASK) << (WD_INDEX_NUMBER_BITS + PRINT_BITS + TAG_BITS);
    if (index->postings >= index->postings_max ||
        !put_slot(index, &index->buckets[place_of(index, bits_of(key))], slot)) {
        index->dropped++;
        return;
    }
    index->postings++;
    if (index->postings > index->count * FILL && index->count < index->count_max)
        split(index);
}

void wd_copy_index_remove(struct wd_copy_index *index, uint64_t key, int32_t number)
{
    uint64_t print = print_of(key);
    struct bucket *bucket = &index->buckets[place_of(index, bits_of(key))];
    for (; bucket; bucket = next_of(index, bucket)) {
        for (size_t i = 0; i < SLOTS; i++) {
            uint64_t slot = bucket->slots[i];
            if (slot == 0 || is_link(slot) || slot_print(slot) != print ||
                (slot & NUMBER_MASK) != (uint64_t)number + 1)
                continue;
            close_hole(index, bucket, i);
            index->postings--;
            return;
        }
    }
}

struct wd_copy_index_usage wd_copy_index_usage(const struct wd_copy_index *index)
{
    return (struct wd_copy_index_usage){
        .postings = index->postings,
        .dropped = index->dropped,
        .bytes = (index->count + index->spare_count) * sizeof(struct bucket),
        .bytes_max = (index->count_max + index->spare_max) * sizeof(struct bucket)};
}
