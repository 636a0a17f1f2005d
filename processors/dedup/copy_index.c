#include "copy_index.h"

#include "clones.h"
#include "prefetch.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum {
    SLOTS = 10,            /* of a line */
    ROW_BITS = 2,          /* lines that a group gets at least at a time: 256 bytes */
    GROUP_POSTINGS = 4096, /* of a group, at most, when the index is full: it grows in 20 us */
    GROUP_BITS_MIN = 6,    /* a print has 32 bits at most */
    GROUP_BITS_MAX = 20,   /* nor is a number longer than 30 */
    STORY_BITS = 10,       /* a number has so many bits more than there are for the group */
    NUMBERS_PER_STORY = 3, /* numbers of stories that left are free after the commit */
    HASH_BITS = 38,        /* that are compared; of a key's 40 good bits */
    KEY_SHIFT = 2,
    HIGH_BITS = 16,   /* of a number that stand apart */
    GROWTH_SHARE = 4, /* a group grows by a quarter */
    FILL = 68,        /* of 100 slots are used, on average, before the next group does */
    FILL_GROUP = 94,  /* or this one, earlier than its turn */
    HOME_BITS = 16,   /* of a print, the high ones, say which line is its own */
    TIDY_SHARE = 4,   /* a group is put in order when a quarter of its slots was left */
    LINES_MAX = 560,  /* of a group: a third more, since no two are filled alike */
    HUGE_PAGE = 2 * 1024 * 1024,
    ROW_STEP = 331, /* columns that a row is shifted against the one before */
    PASS_BITS = 16,
    TAG_BITS = 6,
    TAG_MASK = (1 << TAG_BITS) - 1,
};

/* Ten postings, the first `used` of them. A posting is 48 bits: the print, and above it the number's high bits, in
 * `low`; the number's low bits in `high`. */
struct wd_index_line {
    _Alignas(64) uint32_t low[SLOTS];
    uint16_t high[SLOTS];
    uint16_t used;
    /* pass_bit of each that should stand here or before, and stands behind, or did */
    uint16_t passed;
};

struct group {
    uint16_t lines;
    uint16_t room; /* for postings, before it must grow or drop them */
};

struct wd_copy_index {
    struct wd_index_line *lines; /* a row of each group, then their second rows, ... */
    struct group *groups;
    uint16_t *tags;                /* by number: follows, provider and group */
    struct wd_index_line *scratch; /* a whole group */
    unsigned group_bits, print_bits;
    uint32_t print_mask, group_mask;
    uint32_t next_group, next_lines; /* grows next, to so many lines */
    uint32_t next_tidied;
    uint64_t removed;             /* since a group was put in order */
    uint64_t line_count, numbers; /* used */
    uint64_t postings, postings_max, dropped;
    bool wide; /* wd_has_wide */
};

static uint64_t group_count(const struct wd_copy_index *index)
{
    return UINT64_C(1) << index->group_bits;
}

static size_t lines_bytes(const struct wd_copy_index *index)
{
    return (size_t)group_count(index) * LINES_MAX * sizeof(struct wd_index_line);
}

static size_t tags_bytes(const struct wd_copy_index *index)
{
    return sizeof(*index->tags) << (index->group_bits + STORY_BITS);
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
    index->group_bits = bits;
    index->group_mask = (UINT32_C(1) << bits) - 1;
    index->print_bits = HASH_BITS - bits;
    index->print_mask = (uint32_t)((UINT64_C(1) << index->print_bits) - 1);
}

/* Postings that so many lines may hold. */
static uint32_t room_of(uint32_t lines)
{
    return lines * SLOTS * FILL_GROUP / 100;
}

/* One step: a quarter more. */
static uint32_t larger(uint32_t lines)
{
    uint32_t rows = lines / GROWTH_SHARE >> ROW_BITS;
    uint32_t more = lines + ((rows > 0 ? rows : 1) << ROW_BITS);
    return more < LINES_MAX ? more : LINES_MAX;
}

struct wd_copy_index *wd_copy_index_create(uint64_t postings_max, uint64_t stories_max)
{
    struct wd_copy_index *index = calloc(1, sizeof(*index));
    if (!index)
        return NULL;
    index->wide = wd_has_wide();
    index->postings_max = postings_max;
    choose_shape(index, postings_max, stories_max);
    index->lines = reserve(lines_bytes(index));
    index->tags = reserve(tags_bytes(index));
    index->groups = calloc(group_count(index), sizeof(*index->groups));
    index->scratch = aligned_alloc(sizeof(struct wd_index_line),
                                   (size_t)LINES_MAX * sizeof(struct wd_index_line));
    if (!index->lines || !index->tags || !index->groups || !index->scratch) {
        wd_copy_index_destroy(index);
        return NULL;
    }
    index->next_lines = larger(1 << ROW_BITS);
    index->line_count = group_count(index) << ROW_BITS;
    for (uint64_t i = 0; i < group_count(index); i++)
        index->groups[i] =
            (struct group){.lines = 1 << ROW_BITS, .room = (uint16_t)room_of(1 << ROW_BITS)};
    return index;
}

void wd_copy_index_destroy(struct wd_copy_index *index)
{
    if (!index)
        return;
    if (index->lines)
        (void)munmap(index->lines, lines_bytes(index));
    if (index->tags)
        (void)munmap(index->tags, tags_bytes(index));
    free(index->groups);
    free(index->scratch);
    free(index);
}

static inline uint32_t home_of(const struct wd_copy_index *index, uint32_t print, uint32_t lines)
{
    return (print >> (index->print_bits - HOME_BITS)) * lines >> HOME_BITS;
}

/* The rows of a group stand far from each other; were they so by a power of two, they would all fall on the same few lines of
 * the processor's caches. */
static inline struct wd_index_line *line_at(const struct wd_copy_index *index, uint32_t group,
                                            uint32_t line)
{
    uint32_t row = line >> ROW_BITS;
    uint32_t column = (group + row * ROW_STEP) & index->group_mask;
    return &index->lines[(((size_t)row << index->group_bits) + column) << ROW_BITS |
                         (line & ((1u << ROW_BITS) - 1))];
}

static inline uint32_t after(uint32_t line, uint32_t lines)
{
    return line + 1 == lines ? 0 : line + 1;
}

/* The group and the print are known; how many lines the group has may have changed. */
static inline void locate(const struct wd_copy_index *index, struct wd_index_place *place)
{
    place->lines = index->groups[place->group].lines;
    place->line = home_of(index, place->print, place->lines);
    place->home = line_at(index, place->group, place->line);
}

void wd_copy_index_prefetch(const struct wd_copy_index *index, const uint64_t *keys, size_t count,
                            struct wd_index_place *places)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = keys[i] >> KEY_SHIFT;
        places[i].group = (uint32_t)bits & index->group_mask;
        places[i].print = (uint32_t)(bits >> index->group_bits) & index->print_mask;
        locate(index, &places[i]);
        wd_prefetch(places[i].home);
    }
}

static inline struct wd_index_line *line_behind(const struct wd_copy_index *index,
                                                const struct wd_index_place *place)
{
    return line_at(index, place->group, after(place->line, place->lines));
}

void wd_copy_index_prefetch_behind(const struct wd_copy_index *index,
                                   const struct wd_index_place *place)
{
    if (place->home->used == SLOTS)
        wd_prefetch(line_behind(index, place));
}

/* One of sixteen: a look-up goes on behind a line only where a posting passed that may be the one. */
static inline uint16_t pass_bit(uint32_t print)
{
    return (uint16_t)(1u << (print & (PASS_BITS - 1)));
}

static inline bool has_passed(const struct wd_index_line *line, uint32_t print)
{
    return (line->passed >> (print & (PASS_BITS - 1)) & 1) != 0;
}

/* Bit n: slot n has this print. */
static inline unsigned match_plain(const struct wd_index_line *line, uint32_t print, uint32_t mask)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < SLOTS; i++)
        bits |= (unsigned)(((line->low[i] ^ print) & mask) == 0) << i;
    return bits & ((1u << line->used) - 1);
}

/* What the home lines of several keys say. */
struct looks {
    uint16_t slots[WD_INDEX_KEYS_MAX]; /* that have its print */
    bool passed[WD_INDEX_KEYS_MAX];    /* postings that may be it passed the line */
};

static void match_all_plain(const struct wd_index_place *places, size_t count, uint32_t mask,
                            struct looks *looks)
{
    for (size_t i = 0; i < count; i++) {
        looks->slots[i] = (uint16_t)match_plain(places[i].home, places[i].print, mask);
        looks->passed[i] = has_passed(places[i].home, places[i].print);
    }
}

#ifdef WD_WIDE

WD_WIDE static unsigned match_wide(const struct wd_index_line *line, uint32_t print, uint32_t mask)
{
    __m512i differ = _mm512_xor_si512(_mm512_load_si512(line), _mm512_set1_epi32((int)print));
    return _mm512_mask_testn_epi32_mask((__mmask16)((1u << line->used) - 1), differ,
                                        _mm512_set1_epi32((int)mask));
}

/* Lines that were not there in time are waited for together: nothing is decided while they come. */
WD_WIDE static void match_all_wide(const struct wd_index_place *places, size_t count, uint32_t mask,
                                   struct looks *looks)
{
    for (size_t i = 0; i < count; i++) {
        looks->slots[i] = (uint16_t)match_wide(places[i].home, places[i].print, mask);
        looks->passed[i] = has_passed(places[i].home, places[i].print);
    }
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
    return index->wide ? match_wide(line, print, index->print_mask)
                       : match_plain(line, print, index->print_mask);
}

static inline uint32_t number_at(const struct wd_copy_index *index,
                                 const struct wd_index_line *line, unsigned slot)
{
    uint64_t high = (uint64_t)line->low[slot] >> index->print_bits;
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
static size_t find_passed(const struct wd_copy_index *index, struct wd_index_place place,
                          struct wd_posting *answer, size_t found)
{
    const uint32_t home = place.line;
    const struct wd_index_line *line = NULL;
    do {
        place.line = after(place.line, place.lines);
        if (place.line == home)
            return found;
        line = line_at(index, place.group, place.line);
        found = take(index, line, match(index, line, place.print), answer, found);
    } while (has_passed(line, place.print) && found < WD_INDEX_ANSWER_MAX);
    return found;
}

size_t wd_copy_index_find(const struct wd_copy_index *index, const struct wd_index_place *place,
                          struct wd_posting answer[WD_INDEX_ANSWER_MAX])
{
    size_t found = take(index, place->home, match(index, place->home, place->print), answer, 0);
    return has_passed(place->home, place->print) && found < WD_INDEX_ANSWER_MAX
               ? find_passed(index, *place, answer, found)
               : found;
}

void wd_copy_index_find_all(const struct wd_copy_index *index, const struct wd_index_place *places,
                            size_t count, struct wd_copy_answers *answers)
{
    struct looks looks;
    WD_ASSERT(count <= WD_INDEX_KEYS_MAX);
    if (index->wide)
        match_all_wide(places, count, index->print_mask, &looks);
    else
        match_all_plain(places, count, index->print_mask, &looks);
    for (size_t i = 0; i < count; i++) {
        if (looks.passed[i])
            wd_prefetch(line_behind(index, &places[i]));
        answers->counts[i] =
            looks.slots[i] == 0
                ? 0
                : (uint8_t)take(index, places[i].home, looks.slots[i], answers->postings[i], 0);
    }
    for (size_t i = 0; i < count; i++) {
        if (looks.passed[i] && answers->counts[i] < WD_INDEX_ANSWER_MAX)
            answers->counts[i] =
                (uint8_t)find_passed(index, places[i], answers->postings[i], answers->counts[i]);
    }
}

/* There must be an empty slot in the group. */
static inline void put(struct wd_copy_index *index, const struct wd_index_place *place,
                       uint32_t low, uint16_t high)
{
    struct wd_index_line *line = place->home;
    uint32_t at = place->line;
    while (line->used == SLOTS) {
        line->passed |= pass_bit(low);
        at = after(at, place->lines);
        line = line_at(index, place->group, at);
    }
    line->low[line->used] = low;
    line->high[line->used++] = high;
}

/* Puts the postings of the scratch where they belong now; those that find their line full are put at its begin, of
 * which all was read. Returns how many. How full the lines are stands apart meanwhile: to look there were a wait for every
 * posting. */
static uint32_t spread(struct wd_copy_index *index, uint32_t group, uint32_t lines, uint32_t before)
{
    uint8_t used[LINES_MAX] = {0};
    uint32_t left = 0;
    for (uint32_t i = 0; i < before; i++) {
        const struct wd_index_line from = index->scratch[i];
        for (unsigned slot = 0; slot < from.used; slot++) {
            uint32_t home = home_of(index, from.low[slot] & index->print_mask, lines);
            bool full = used[home] == SLOTS;
            struct wd_index_line *line =
                full ? &index->scratch[left / SLOTS] : line_at(index, group, home);
            unsigned at = full ? left++ % SLOTS : used[home]++;
            line->low[at] = from.low[slot];
            line->high[at] = from.high[slot];
        }
    }
    for (uint32_t i = 0; i < lines; i++)
        line_at(index, group, i)->used = used[i];
    return left;
}

/* Gives the group so many lines, at least as many as it has. All postings stand in the order of their prints, nearly: so
 * they are read and written from begin to end. */
static void rebuild(struct wd_copy_index *index, uint32_t number, uint32_t lines)
{
    struct group *group = &index->groups[number];
    uint32_t before = group->lines;
    for (uint32_t i = 0; i < before; i++) {
        struct wd_index_line *line = line_at(index, number, i);
        wd_prefetch(line_at(index, (number + 1) & index->group_mask, i));
        index->scratch[i] = *line;
        line->passed = 0;
    }
    group->lines = (uint16_t)lines;
    group->room = (uint16_t)(group->room + room_of(lines) - room_of(before));
    index->line_count += lines - before;
    uint32_t left = spread(index, number, lines, before);
    for (uint32_t i = 0; i < left; i++) {
        const struct wd_index_line *line = &index->scratch[i / SLOTS];
        uint32_t low = line->low[i % SLOTS];
        struct wd_index_place place = {.group = number, .print = low & index->print_mask};
        locate(index, &place);
        put(index, &place, low, line->high[i % SLOTS]);
    }
}

static void grow(struct wd_copy_index *index, uint32_t number)
{
    rebuild(index, number, larger(index->groups[number].lines));
}

/* The groups grow in turn, side by side in memory: so no more of it is touched than is used. */
static void grow_next(struct wd_copy_index *index)
{
    uint32_t number = index->next_group++;
    if (index->groups[number].lines < index->next_lines)
        grow(index, number);
    if (index->next_group > index->group_mask) {
        index->next_group = 0;
        index->next_lines = larger(index->next_lines);
    }
}

static bool is_filled(const struct wd_copy_index *index)
{
    return index->postings * 100 >= index->line_count * SLOTS * FILL;
}

/* Whether there is room for one more in the group, now or after it has grown. */
static bool has_room(struct wd_copy_index *index, struct wd_index_place *place)
{
    const struct group *group = &index->groups[place->group];
    if (group->room == 0 && group->lines < LINES_MAX)
        grow(index, place->group);
    if (group->lines != place->lines)
        locate(index, place);
    return group->room > 0 && index->postings < index->postings_max;
}

void wd_copy_index_add(struct wd_copy_index *index, struct wd_index_place *places, size_t count,
                       struct wd_posting posting)
{
    WD_ASSERT(posting.number >= 0);
    uint64_t number = (uint64_t)posting.number;
    if (number >> (index->group_bits + STORY_BITS) > 0) {
        index->dropped += count;
        return;
    }
    index->tags[number] =
        (uint16_t)((posting.group & TAG_MASK) | (posting.provider & TAG_MASK) << TAG_BITS |
                   posting.follows << (2 * TAG_BITS));
    index->numbers = number >= index->numbers ? number + 1 : index->numbers;
    const uint32_t above = (uint32_t)(number >> HIGH_BITS << index->print_bits);
    for (size_t i = 0; i < count; i++) {
        if (!has_room(index, &places[i])) {
            index->dropped++;
            continue;
        }
        put(index, &places[i], places[i].print | above, (uint16_t)number);
        index->groups[places[i].group].room--;
        index->postings++;
    }
    for (size_t i = 0; i < count && is_filled(index); i++)
        grow_next(index);
}

static void take_out(struct wd_index_line *line, unsigned slot)
{
    line->used--;
    line->low[slot] = line->low[line->used];
    line->high[slot] = line->high[line->used];
}

/* The line and the slot of a posting; false when it is not there. */
static bool find_posting(const struct wd_copy_index *index, struct wd_index_place *place,
                         uint32_t number, unsigned *slot)
{
    const uint32_t home = place->line;
    const struct wd_index_line *line = NULL;
    do {
        line = line_at(index, place->group, place->line);
        unsigned slots = match(index, line, place->print);
        for (; slots != 0; slots &= slots - 1) {
            *slot = (unsigned)__builtin_ctz(slots);
            if (number_at(index, line, *slot) == number)
                return true;
        }
        place->line = after(place->line, place->lines);
    } while (has_passed(line, place->print) && place->line != home);
    return false;
}

/* What passed a line stays behind it when the line has room again, and so does its bit: to move it back were to read
 * several more lines for each posting that leaves. Instead the groups are put in order in turn, as they grow, each
 * once for so many postings that left: no look-up becomes longer for months. */
static void tidy_next(struct wd_copy_index *index)
{
    uint32_t number = index->next_tidied++;
    rebuild(index, number, index->groups[number].lines);
    index->next_tidied &= index->group_mask;
    index->removed = 0;
}

void wd_copy_index_remove(struct wd_copy_index *index, const struct wd_index_place *place,
                          int32_t number)
{
    struct wd_index_place at = *place;
    unsigned slot = 0;
    if (!find_posting(index, &at, (uint32_t)number, &slot))
        return;
    take_out(line_at(index, at.group, at.line), slot);
    index->groups[at.group].room++;
    index->postings--;
    if (++index->removed * TIDY_SHARE * group_count(index) >= index->line_count * SLOTS)
        tidy_next(index);
}

struct wd_copy_index_usage wd_copy_index_usage(const struct wd_copy_index *index)
{
    uint64_t groups = group_count(index) * sizeof(*index->groups);
    return (struct wd_copy_index_usage){.postings = index->postings,
                                        .dropped = index->dropped,
                                        .bytes = index->line_count * sizeof(struct wd_index_line) +
                                                 index->numbers * sizeof(*index->tags) + groups,
                                        .bytes_max =
                                            lines_bytes(index) + tags_bytes(index) + groups};
}
