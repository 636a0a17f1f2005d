#include "copy_index.h"

#include "clones.h"
#include "index_places.h"
#include "prefetch.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum {
    SLOTS = WD_INDEX_SLOTS,
    GROUP_POSTINGS = 1500, /* of a group, at most on average, when the index is full */
    GROUP_BITS_MIN = 6,    /* a print has 32 bits at most */
    GROUP_BITS_MAX = 20,   /* nor is a number longer than 30 */
    STORY_BITS = 10,       /* a number has so many bits more than there are for the group */
    NUMBERS_PER_STORY = 3, /* numbers of stories that left are free after the commit */
    HASH_BITS = 38,        /* that are compared; of a key's 40 good bits */
    HIGH_BITS = 16,        /* of a number that stand apart */
    FILL = 63,             /* of 100 slots are used, on average, before the next group does */
    FILL_SMALL = 32,       /* while groups have less than a row */
    WALK_MAX = 64,   /* lines that are found full, at most: then the group grows before its turn */
    WALK_MOSTLY = 3, /* that are asked for ahead */
    TIDY_SHARE = 2,  /* a group is put in order when half of its slots were left */
    HUGE_PAGE = 2 * 1024 * 1024,
    USED_MASK = (1 << WD_INDEX_USED_BITS) - 1,
    TAG_BITS = 6,
    TAG_MASK = (1 << TAG_BITS) - 1,
};

struct loose {
    uint32_t low;
    uint16_t high;
};

struct wd_copy_index {
    struct wd_index_shape shape;
    uint16_t *tags;                  /* by number: follows, provider and group */
    struct loose *scratch;           /* as many as a group may have */
    uint32_t next_group, next_level; /* grows next, to that */
    uint32_t next_tidied;
    uint64_t removed;             /* since a group was put in order */
    uint64_t line_count, numbers; /* used */
    uint64_t postings, postings_max, dropped;
    bool wide; /* wd_has_wide */
};

static uint64_t group_count(const struct wd_copy_index *index)
{
    return UINT64_C(1) << index->shape.group_bits;
}

static size_t lines_bytes(const struct wd_copy_index *index)
{
    return (size_t)group_count(index) * WD_INDEX_LINES_MAX * sizeof(struct wd_index_line);
}

static size_t tags_bytes(const struct wd_copy_index *index)
{
    return sizeof(*index->tags) << (index->shape.group_bits + STORY_BITS);
}

/* Zeroed, not yet in memory; NULL when there is no room. */
static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    /* Where the system grants it: a look-up then misses the cache once and not twice. */
    if (bytes >= 2 * (size_t)HUGE_PAGE)
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

static void choose_shape(struct wd_copy_index *index, uint64_t postings_max, uint64_t stories_max)
{
    unsigned bits = GROUP_BITS_MIN;
    while (bits < GROUP_BITS_MAX && (postings_max >> bits > GROUP_POSTINGS ||
                                     stories_max * NUMBERS_PER_STORY >> (bits + STORY_BITS) > 0))
        bits++;
    index->shape.group_bits = bits;
    index->shape.group_mask = (UINT32_C(1) << bits) - 1;
    index->shape.print_bits = HASH_BITS - bits;
    index->shape.print_mask = (uint32_t)((UINT64_C(1) << index->shape.print_bits) - 1);
}

struct wd_copy_index *wd_copy_index_create(uint64_t postings_max, uint64_t stories_max)
{
    struct wd_copy_index *index = calloc(1, sizeof(*index));
    if (!index)
        return NULL;
    index->wide = wd_has_wide();
    index->postings_max = postings_max;
    choose_shape(index, postings_max, stories_max);
    wd_index_levels_init(&index->shape.sizes, index->shape.group_bits);
    index->shape.lines = reserve(lines_bytes(index));
    index->tags = reserve(tags_bytes(index));
    index->shape.levels =
        calloc(group_count(index) + WD_INDEX_LEVELS_MORE, sizeof(*index->shape.levels));
    index->scratch = calloc((size_t)WD_INDEX_LINES_MAX * SLOTS, sizeof(*index->scratch));
    if (!index->shape.lines || !index->tags || !index->shape.levels || !index->scratch) {
        wd_copy_index_destroy(index);
        return NULL;
    }
    index->next_level = 1;
    index->line_count = group_count(index) * WD_INDEX_LINES_FIRST;
    return index;
}

void wd_copy_index_destroy(struct wd_copy_index *index)
{
    if (!index)
        return;
    if (index->shape.lines)
        (void)munmap(index->shape.lines, lines_bytes(index));
    if (index->tags)
        (void)munmap(index->tags, tags_bytes(index));
    free(index->shape.levels);
    free(index->scratch);
    free(index);
}

void wd_copy_index_prefetch(const struct wd_copy_index *index, const uint64_t *keys, size_t count,
                            struct wd_index_place *places)
{
#ifdef WD_WIDE
    if (index->wide && count > 1) {
        wd_index_find_places_wide(&index->shape, keys, count, places);
        for (size_t i = 0; i < count; i++)
            wd_prefetch(places[i].home);
        return;
    }
#endif
    /* The first lines are on their way while the places of others are worked out. */
    for (size_t i = 0; i < count; i++) {
        wd_index_find_places(&index->shape, keys + i, 1, places + i);
        wd_prefetch(places[i].home);
    }
}

/* The line to which a posting goes that found `step` lines full: the others of its row, its own's neighbour in memory
 * first, then the next row. */
static inline struct wd_index_line *line_behind(const struct wd_copy_index *index,
                                                const struct wd_index_place *place, uint32_t step)
{
    const uint32_t within = WD_INDEX_ROW_LINES - 1;
    /* But for the first, a row's lines stand together. */
    if (step <= within && place->line > within)
        return place->home + (place->line ^ step) - place->line;
    uint32_t row = (place->line >> WD_INDEX_LINE_BITS) + (step >> WD_INDEX_LINE_BITS);
    uint32_t rows = (uint32_t)index->shape.sizes.levels[place->level].lines >> WD_INDEX_LINE_BITS;
    row = row < rows ? row : row - rows;
    return wd_index_line_at(&index->shape, place->group,
                            row << WD_INDEX_LINE_BITS | ((place->line ^ step) & within));
}

static inline uint32_t group_lines(const struct wd_copy_index *index,
                                   const struct wd_index_place *place)
{
    return index->shape.sizes.levels[place->level].lines;
}

static inline uint32_t used_of(const struct wd_index_line *line)
{
    return line->state & USED_MASK;
}

/* A posting that may be the place's stands behind this line. */
static inline bool has_passed(const struct wd_index_line *line, const struct wd_index_place *place)
{
    return (line->state & place->pass) != 0;
}

static inline void prefetch_behind(const struct wd_copy_index *index,
                                   const struct wd_index_place *place)
{
    for (uint32_t step = 1; step <= WALK_MOSTLY; step++)
        wd_prefetch(line_behind(index, place, step));
}

void wd_copy_index_prefetch_behind(const struct wd_copy_index *index,
                                   const struct wd_index_place *place)
{
    if (used_of(place->home) == SLOTS)
        prefetch_behind(index, place);
}

/* Bit n: slot n has this print. */
#ifdef __SSE2__
static inline unsigned match_plain(const struct wd_index_line *line, uint32_t print, uint32_t mask)
{
    const __m128i prints = _mm_set1_epi32((int)print);
    const __m128i masks = _mm_set1_epi32((int)mask);
    unsigned bits = 0;
    for (unsigned i = 0; i < SLOTS; i += 4) { /* the last four are in the line, too */
        __m128i some = _mm_load_si128((const __m128i *)(const void *)line + i / 4);
        __m128i differ = _mm_and_si128(_mm_xor_si128(some, prints), masks);
        __m128i equal = _mm_cmpeq_epi32(differ, _mm_setzero_si128());
        bits |= (unsigned)_mm_movemask_ps(_mm_castsi128_ps(equal)) << i;
    }
    return bits & ((1u << used_of(line)) - 1);
}
#else
static inline unsigned match_plain(const struct wd_index_line *line, uint32_t print, uint32_t mask)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < SLOTS; i++)
        bits |= (unsigned)(((line->low[i] ^ print) & mask) == 0) << i;
    return bits & ((1u << used_of(line)) - 1);
}
#endif

void wd_copy_index_prefetch_passed(const struct wd_copy_index *index,
                                   const struct wd_index_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has_passed(places[i].home, &places[i]))
            prefetch_behind(index, &places[i]);
    }
}

enum { LOOKS = 64 };

/* What the home lines of up to LOOKS keys say; bit n is key n's. */
struct looks {
    uint64_t found;        /* the line has its print */
    uint64_t passed;       /* postings that may be it passed the line */
    uint16_t slots[LOOKS]; /* that have its print */
};

static void match_all_plain(const struct wd_index_place *places, size_t count, uint32_t mask,
                            struct looks *looks)
{
    for (size_t i = 0; i < count; i++) {
        looks->slots[i] = (uint16_t)match_plain(places[i].home, places[i].print, mask);
        looks->found |= (uint64_t)(looks->slots[i] != 0) << i;
        looks->passed |= (uint64_t)has_passed(places[i].home, &places[i]) << i;
    }
}

#ifdef WD_WIDE

WD_WIDE static unsigned match_wide(const struct wd_index_line *line, uint32_t print, uint32_t mask)
{
    __m512i differ = _mm512_xor_si512(_mm512_load_si512(line), _mm512_set1_epi32((int)print));
    return _mm512_mask_testn_epi32_mask((__mmask16)((1u << used_of(line)) - 1), differ,
                                        _mm512_set1_epi32((int)mask));
}

/* Bit n: the n-th is not 0. */
WD_WIDE static uint64_t which_are_set(const uint16_t slots[LOOKS])
{
    __m512i low = _mm512_loadu_si512(slots);
    __m512i high = _mm512_loadu_si512(slots + LOOKS / 2);
    return _mm512_test_epi16_mask(low, low) | (uint64_t)_mm512_test_epi16_mask(high, high)
                                                  << LOOKS / 2;
}

/* Lines that were not there in time are waited for together: nothing is decided while they come. */
WD_WIDE static void match_all_wide(const struct wd_index_place *places, size_t count, uint32_t mask,
                                   struct looks *looks)
{
    const __m512i masks = _mm512_set1_epi32((int)mask);
    const __mmask64 asked = _bzhi_u64(UINT64_MAX, (unsigned)count);
    _Alignas(64) uint32_t passed[LOOKS];
    for (size_t i = 0; i < count; i++) {
        const struct wd_index_line *line = places[i].home;
        __m512i differ =
            _mm512_xor_si512(_mm512_load_si512(line), _mm512_set1_epi32((int)places[i].print));
        unsigned slots = _mm512_testn_epi32_mask(differ, masks);
        looks->slots[i] = (uint16_t)_bzhi_u32(slots, used_of(line));
        passed[i] = line->state & places[i].pass;
    }
    looks->found = which_are_set(looks->slots) & asked;
    looks->passed = 0;
    for (unsigned i = 0; i < LOOKS; i += 16) {
        __m512i bits = _mm512_load_si512(passed + i);
        looks->passed |= (uint64_t)_mm512_test_epi32_mask(bits, bits) << i;
    }
    looks->passed &= asked;
}

#else

static unsigned match_wide(const struct wd_index_line *line, uint32_t print, uint32_t mask)
{
    return match_plain(line, print, mask);
}

static void match_all_wide(const struct wd_index_place *places, size_t count, uint32_t mask,
                           struct looks *looks)
{
    match_all_plain(places, count, mask, looks);
}

#endif

static inline unsigned match(const struct wd_copy_index *index, const struct wd_index_line *line,
                             uint32_t print)
{
    return index->wide ? match_wide(line, print, index->shape.print_mask)
                       : match_plain(line, print, index->shape.print_mask);
}

static inline uint32_t number_at(const struct wd_copy_index *index,
                                 const struct wd_index_line *line, unsigned slot)
{
    uint64_t high = (uint64_t)line->low[slot] >> index->shape.print_bits;
    return (uint32_t)(high << HIGH_BITS) | line->high[slot];
}

static inline struct wd_posting posting_at(const struct wd_copy_index *index,
                                           const struct wd_index_line *line, unsigned slot)
{
    uint32_t number = number_at(index, line, slot);
    uint16_t tags = index->tags[number];
    return (struct wd_posting){.number = (int32_t)number,
                               .group = (uint8_t)(tags & TAG_MASK),
                               .provider = (uint8_t)(tags >> TAG_BITS & TAG_MASK),
                               .follows = tags >> (2 * TAG_BITS) != 0};
}

/* Adds the postings of these slots to an answer; returns how many it has then. */
static size_t take(const struct wd_copy_index *index, const struct wd_index_line *line,
                   unsigned slots, struct wd_posting *answer, size_t found)
{
    for (; slots != 0 && found < WD_INDEX_ANSWER_MAX; slots &= slots - 1)
        answer[found++] = posting_at(index, line, (unsigned)__builtin_ctz(slots));
    return found;
}

/* Goes on behind the line of the place, from which postings passed. */
static size_t find_passed(const struct wd_copy_index *index, const struct wd_index_place *place,
                          struct wd_posting *answer, size_t found)
{
    const uint32_t lines = group_lines(index, place);
    const struct wd_index_line *line = place->home;
    for (uint32_t step = 1; step < lines && has_passed(line, place) && found < WD_INDEX_ANSWER_MAX;
         step++) {
        line = line_behind(index, place, step);
        found = take(index, line, match(index, line, place->print), answer, found);
    }
    return found;
}

size_t wd_copy_index_find(const struct wd_copy_index *index, const struct wd_index_place *place,
                          struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    size_t found = take(index, place->home, match(index, place->home, place->print), answer, 0);
    return find_passed(index, place, answer, found);
}

/* Of LOOKS keys at most, from the `begin`th on; the answers' `begin` is a multiple of LOOKS. */
static void find_some(const struct wd_copy_index *index, const struct wd_index_place *places,
                      size_t count, size_t begin, struct wd_copy_answers *answers)
{
    struct looks looks = {.found = 0, .passed = 0};
    if (index->wide)
        match_all_wide(places, count, index->shape.print_mask, &looks);
    else
        match_all_plain(places, count, index->shape.print_mask, &looks);
    for (uint64_t left = looks.found; left != 0; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        answers->counts[begin + i] =
            (uint8_t)take(index, places[i].home, looks.slots[i], answers->postings[begin + i], 0);
    }
    for (uint64_t left = looks.passed; left != 0; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        size_t found = find_passed(index, &places[i], answers->postings[begin + i],
                                   answers->counts[begin + i]);
        answers->counts[begin + i] = (uint8_t)found;
        looks.found |= (uint64_t)(found != 0) << i;
    }
    answers->found[begin / LOOKS] = looks.found;
}

void wd_copy_index_find_all(const struct wd_copy_index *index, const struct wd_index_place *places,
                            size_t count, struct wd_copy_answers *answers)
{
    WD_ASSERT(count <= WD_INDEX_KEYS_MAX);
    memset(answers->counts, 0, sizeof(answers->counts));
    memset(answers->found, 0, sizeof(answers->found));
    for (size_t i = 0; i < count; i += LOOKS)
        find_some(index, places + i, count - i < LOOKS ? count - i : LOOKS, i, answers);
}

/* False: so many lines are full. */
static inline bool put(struct wd_copy_index *index, const struct wd_index_place *place,
                       struct loose posting, uint32_t lines)
{
    struct wd_index_line *line = place->home;
    for (uint32_t step = 1; used_of(line) == SLOTS; step++) {
        if (step >= lines)
            return false;
        line->state |= place->pass;
        line = line_behind(index, place, step);
    }
    uint32_t used = used_of(line);
    line->low[used] = posting.low;
    line->high[used] = posting.high;
    line->state++;
    return true;
}

/* Bit n: slot n does not belong here, on this level. */
static inline unsigned strangers(const struct wd_copy_index *index, uint32_t level,
                                 const struct wd_index_line *line, uint32_t number)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < SLOTS; i++)
        bits |= (unsigned)(wd_index_home_of(&index->shape, line->low[i] & index->shape.print_mask,
                                            level) != number)
                << i;
    return bits & ((1u << used_of(line)) - 1);
}

static void take_out(struct wd_index_line *line, unsigned slot)
{
    unsigned last = used_of(line) - 1;
    line->state--;
    line->low[slot] = line->low[last];
    line->high[slot] = line->high[last];
}

/* Brings the group to this level, its own or a later one: all that does not stand where it belongs then is taken out and
 * put there. */
static void put_in_order(struct wd_copy_index *index, uint32_t group, uint8_t level)
{
    const uint32_t before = index->shape.sizes.levels[index->shape.levels[group]].lines;
    const uint32_t lines = index->shape.sizes.levels[level].lines;
    size_t count = 0;
    for (uint32_t i = 0; i < before; i++) {
        struct wd_index_line *line = wd_index_line_at(&index->shape, group, i);
        unsigned left = strangers(index, level, line, i);
        while (left != 0) {
            unsigned slot =
                31 - (unsigned)__builtin_clz(left); /* the last first: none of them moves */
            index->scratch[count++] = (struct loose){line->low[slot], line->high[slot]};
            take_out(line, slot);
            left ^= 1u << slot;
        }
        line->state &= USED_MASK;
    }
    index->shape.levels[group] = level;
    index->line_count += lines - before;
    for (size_t i = 0; i < count; i++) {
        struct wd_index_place place = {.group = group,
                                       .print = index->scratch[i].low & index->shape.print_mask};
        place.pass = wd_index_pass_bit(place.print);
        wd_index_locate(&index->shape, &place);
        bool there = put(index, &place, index->scratch[i], lines);
        WD_ASSERT(there); /* it has as many slots as before */
    }
}

/* The group that is put in order next comes while others are looked up. */
static void prefetch_group(const struct wd_copy_index *index, uint32_t group, uint32_t level)
{
    uint32_t lines = index->shape.sizes.levels[level].lines;
    for (uint32_t i = 0; i < lines; i++)
        wd_prefetch(wd_index_line_at(&index->shape, group, i));
}

/* The groups grow in turn, side by side in memory: so no more of it is touched than is used. */
static void grow_next(struct wd_copy_index *index)
{
    uint32_t group = index->next_group++;
    if (index->next_level == index->shape.sizes.count)
        return;
    if (index->shape.levels[group] < index->next_level)
        put_in_order(index, group, (uint8_t)index->next_level);
    if (index->next_group > index->shape.group_mask) {
        index->next_group = 0;
        index->next_level++;
    }
    if (index->next_level < index->shape.sizes.count)
        prefetch_group(index, index->next_group, index->next_level);
}

/* While groups have less than a row they double, and those whose turn is late would be full before it. */
static bool is_filled(const struct wd_copy_index *index)
{
    bool is_small = index->line_count < group_count(index) * WD_INDEX_ROW_LINES;
    uint32_t fill = is_small ? FILL_SMALL : FILL;
    return index->postings * 100 >= index->line_count * SLOTS * fill;
}

/* Where too many lines are full, the group grows before its turn. */
static bool add(struct wd_copy_index *index, struct wd_index_place *place, struct loose posting)
{
    if (index->postings >= index->postings_max)
        return false;
    if (index->shape.levels[place->group] != place->level)
        wd_index_locate(&index->shape, place);
    for (;;) {
        bool last = place->level + 1u == index->shape.sizes.count;
        uint32_t lines = group_lines(index, place);
        if (put(index, place, posting, last || lines < WALK_MAX ? lines : WALK_MAX))
            return true;
        if (last)
            return false;
        put_in_order(index, place->group, (uint8_t)(place->level + 1));
        wd_index_locate(&index->shape, place);
    }
}

void wd_copy_index_add(struct wd_copy_index *index, struct wd_index_place *places, size_t count,
                       struct wd_posting posting)
{
    WD_ASSERT(posting.number >= 0);
    uint64_t number = (uint64_t)posting.number;
    if (number >> (index->shape.group_bits + STORY_BITS) > 0) {
        index->dropped += count;
        return;
    }
    index->tags[number] =
        (uint16_t)((posting.group & TAG_MASK) | (posting.provider & TAG_MASK) << TAG_BITS |
                   posting.follows << (2 * TAG_BITS));
    index->numbers = number >= index->numbers ? number + 1 : index->numbers;
    const uint32_t above = (uint32_t)(number >> HIGH_BITS << index->shape.print_bits);
    for (size_t i = 0; i < count; i++) {
        struct loose loose = {places[i].print | above, (uint16_t)number};
        bool added = add(index, &places[i], loose);
        index->postings += added;
        index->dropped += !added;
    }
    for (size_t i = 0; i < count && is_filled(index); i++)
        grow_next(index);
}

/* The line of a posting, and its slot there; NULL when there is none. */
static struct wd_index_line *find_posting(const struct wd_copy_index *index,
                                          const struct wd_index_place *place, uint32_t number,
                                          unsigned *slot)
{
    const uint32_t lines = group_lines(index, place);
    struct wd_index_line *line = place->home;
    for (uint32_t step = 1;; step++) {
        unsigned slots = match(index, line, place->print);
        for (; slots != 0; slots &= slots - 1) {
            *slot = (unsigned)__builtin_ctz(slots);
            if (number_at(index, line, *slot) == number)
                return line;
        }
        if (step == lines || !has_passed(line, place))
            return NULL;
        line = line_behind(index, place, step);
    }
}

/* What passed a line stays behind it when the line has room again, and so does its bit: to move it back were to read
 * several more lines for each posting that leaves. Instead the groups are put in order in turn, as they grow, each
 * once for so many postings that left: no look-up becomes longer for months. */
static void tidy_next(struct wd_copy_index *index)
{
    uint32_t group = index->next_tidied;
    put_in_order(index, group, index->shape.levels[group]);
    index->next_tidied = (group + 1) & index->shape.group_mask;
    index->removed = 0;
    prefetch_group(index, index->next_tidied, index->shape.levels[index->next_tidied]);
}

void wd_copy_index_remove(struct wd_copy_index *index, struct wd_index_place *places, size_t count,
                          int32_t number)
{
    for (size_t i = 0; i < count; i++) {
        unsigned slot = 0;
        if (index->shape.levels[places[i].group] != places[i].level)
            wd_index_locate(&index->shape, &places[i]);
        struct wd_index_line *line = find_posting(index, &places[i], (uint32_t)number, &slot);
        if (!line)
            continue;
        take_out(line, slot);
        index->postings--;
        index->removed++;
    }
    if (index->removed * TIDY_SHARE * group_count(index) >= index->line_count * SLOTS)
        tidy_next(index);
}

struct wd_copy_index_usage wd_copy_index_usage(const struct wd_copy_index *index)
{
    uint64_t groups = group_count(index) * sizeof(*index->shape.levels);
    return (struct wd_copy_index_usage){.postings = index->postings,
                                        .dropped = index->dropped,
                                        .bytes = index->line_count * sizeof(struct wd_index_line) +
                                                 index->numbers * sizeof(*index->tags) + groups,
                                        .bytes_max =
                                            lines_bytes(index) + tags_bytes(index) + groups};
}
