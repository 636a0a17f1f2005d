#include "cohesion.h"

#include "clones.h"

#include <string.h>

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum {
    SENTENCES_MAX = 32,
    DATELINE_WORDS = 5, /* "SAN FRANCISCO (AP) -": an agency's sign stands before its every story */
    SIDE_WORDS = 20,    /* on either side of a break, at least */
    SIDE_NAMES = 2,
    NAMED_AGAIN = 10,  /* one name in so many may stand on both sides */
    LONGER_SHARE = 45, /* per cent */
    PERCENT = 100,
    SAID_AGAIN = 10,     /* one long word in so many, too */
    HEADED_BREAKS = 2,   /* fewer are of no use under a headline that fits */
    SAMPLED_WORDS = 300, /* of longer texts a sample is enough */
    WORD_SLOTS = 1024,
    WORDS_MAX = WORD_SLOTS / 2, /* different ones; later ones are not looked at */
    BEGINNING_WORDS = 40,
    HEADLINE_SHARE = 4,
    NAMES = 256,             /* that are told apart */
    NOWHERE = SENTENCES_MAX, /* from this one on numbers are of no segment */
    NOWHERE_END = 2 * NOWHERE,
    BITS = WD_COPY_MARKS,
    BLOCKS_MAX = WD_SCAN_WORDS_MAX / BITS + 2,
};

/* The text cut up where kept sentences begin; the first segment begins where the text does. Bit n of
 * the sets is of word n. */
struct segments {
    uint32_t count;
    uint32_t words, kept_words;        /* of the text; those of them that the scan keeps */
    uint32_t begin[SENTENCES_MAX + 1]; /* words before each */
    uint64_t begins[BLOCKS_MAX];       /* words that one begins with, but for the first */
    uint64_t names[BLOCKS_MAX]; /* but those of a paragraph's first words, which are a dateline's */
};

static inline void leave_out_dateline(uint64_t *names, uint32_t at, bool is_first)
{
    uint64_t some = is_first ? (UINT64_C(1) << DATELINE_WORDS) - 1 : 0;
    names[at / BITS] &= ~(some << at % BITS);
    names[at / BITS + 1] &= ~(some >> 1 >> (BITS - 1 - at % BITS));
}

static void cut_up(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                   struct segments *segments)
{
    uint32_t blocks = scan->word_count / BITS + 2;
    uint32_t paragraph = UINT32_MAX;
    uint32_t count = 0;
    memset(segments->begins, 0, blocks * sizeof(segments->begins[0]));
    memcpy(segments->names, scan->names, blocks * sizeof(segments->names[0]));
    segments->words = 0;
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        uint32_t at = sentence->first_word;
        bool kept = (sentence->word_count >= words_min) & (count < sentences_max);
        segments->words = at + sentence->word_count;
        segments->begin[count] = at;
        if (at < scan->word_count) {
            leave_out_dateline(segments->names, at, sentence->paragraph != paragraph);
            segments->begins[at / BITS] |= (uint64_t)(kept & (count > 0)) << at % BITS;
        }
        paragraph = sentence->paragraph;
        count += kept;
    }
    segments->begin[0] = 0;
    segments->count = count;
    segments->kept_words = segments->words < scan->word_count ? segments->words : scan->word_count;
}

/* Of what is noted, words or names, in the order of the text. Sums up to the end of each segment are only
 * written, not read again, until all are noted: 0 is that of a segment without any. */
struct spread {
    uint32_t noted[SENTENCES_MAX];
    uint32_t different[SENTENCES_MAX];
    uint32_t again[NOWHERE_END]; /* what was last in this segment before it was noted again */
};

/* What has been noted so far. */
struct count {
    uint32_t noted, different;
};

/* Different ones at first stand in different places behind the segments: counting one need not wait for
 * the count of the one before. */
static inline void clear_last(uint8_t *last, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        last[i] = (uint8_t)(NOWHERE + i % NOWHERE);
}

/* Without a branch: whether a name comes again cannot be foreseen. */
static inline void note(struct spread *spread, struct count *count, uint8_t *last, uint32_t segment)
{
    count->noted++;
    count->different += *last >= NOWHERE;
    spread->again[*last]++;
    spread->noted[segment] = count->noted;
    spread->different[segment] = count->different;
    *last = (uint8_t)segment;
}

static inline uint32_t greater_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Bits: segments before which and from which on there are `fewest` different ones or more, and of them
 * at most one in `share` on both sides. */
static uint32_t find_turns(const struct spread *spread, uint32_t segment_count, uint32_t fewest,
                           uint32_t share)
{
    uint32_t turns = 0;
    uint32_t all = 0;
    uint32_t before = 0;
    uint32_t noted = 0;
    uint32_t again = 0;
    for (uint32_t i = 0; i < segment_count; i++)
        all = greater_of(all, spread->different[i]);
    for (uint32_t i = 1; i < segment_count; i++) {
        before = greater_of(before, spread->different[i - 1]);
        noted = greater_of(noted, spread->noted[i - 1]);
        again += spread->again[i - 1];
        uint32_t after = all - (noted - again);
        uint32_t fewer = before < after ? before : after;
        uint32_t both = before + after - all;
        turns |= (uint32_t)((fewer >= fewest) & (both * share <= fewer)) << i;
    }
    return turns;
}

/* A set's bits of the block that are of words before `end`. */
static inline uint64_t block_of(const uint64_t *set, uint32_t block, uint32_t end)
{
    uint32_t rest = end - block * BITS;
    return rest < BITS ? set[block] & ((UINT64_C(1) << rest) - 1) : set[block];
}

/* Of the segment in which the word stands that the lowest of the marks is of. */
static inline uint32_t segment_at(uint32_t segment, uint64_t begins, uint64_t marks)
{
    return segment + (uint32_t)__builtin_popcountll(begins & (marks ^ (marks - 1)));
}

/* Names by eight bits of their hash: a text has a few dozen. */
WD_INTEGER_CLONES static void note_names(const struct wd_copy_scan *scan,
                                         const struct segments *segments, struct spread *spread)
{
    uint8_t last[NAMES];
    uint32_t segment = 0;
    uint32_t end = segments->kept_words;
    struct count count = {0, 0};
    clear_last(last, NAMES);
    for (uint32_t i = 0; i * BITS < end; i++) {
        const uint64_t *words = scan->words + (size_t)i * BITS;
        uint64_t begins = segments->begins[i];
        for (uint64_t marks = block_of(segments->names, i, end); marks != 0; marks &= marks - 1)
            note(spread, &count, &last[words[__builtin_ctzll(marks)] % NAMES],
                 segment_at(segment, begins, marks));
        segment += (uint32_t)__builtin_popcountll(begins);
    }
}

/* Bits: segments before which hardly anything was named that is named from there on. */
static uint32_t find_breaks(const struct wd_copy_scan *scan, const struct segments *segments)
{
    struct spread spread = {{0}, {0}, {0}};
    uint32_t long_sides = 0;
    note_names(scan, segments, &spread);
    for (uint32_t i = 1; i < segments->count; i++) {
        uint32_t before = segments->begin[i];
        bool both = (before >= SIDE_WORDS) & (segments->words - before >= SIDE_WORDS);
        long_sides |= (uint32_t)both << i;
    }
    return long_sides & find_turns(&spread, segments->count, SIDE_NAMES, NAMED_AGAIN);
}

/* Different words by half of their hash, and where each was seen last. */
struct seen {
    struct count count;
    uint32_t words[WORD_SLOTS]; /* 0: none */
    uint8_t last[WORD_SLOTS];
};

static inline void clear_seen(struct seen *seen)
{
    seen->count = (struct count){0, 0};
    memset(seen->words, 0, sizeof(seen->words));
    clear_last(seen->last, WORD_SLOTS);
}

/* What is a new one and what an old one is found without a branch, too; two in one place are rare. */
static inline void note_word(struct seen *seen, struct count *count, uint32_t word,
                             uint32_t segment, struct spread *spread)
{
    word += word == 0;
    size_t at = word % WORD_SLOTS;
    while (__builtin_expect((seen->words[at] != word) & (seen->words[at] != 0), 0))
        at = (at + 1) % WORD_SLOTS;
    if (__builtin_expect(count->different == WORDS_MAX, 0) && seen->words[at] == 0)
        return;
    seen->words[at] = word;
    note(spread, count, &seen->last[at], segment);
}

/* Where letters have two bytes, most words have so many that they would be long elsewhere. */
WD_INTEGER_CLONES static const uint64_t *long_words(const struct wd_copy_scan *scan)
{
    uint32_t longer = 0;
    for (uint32_t i = 0; i * BITS < scan->word_count; i++)
        longer += (uint32_t)__builtin_popcountll(block_of(scan->longer, i, scan->word_count));
    return longer * PERCENT > scan->word_count * LONGER_SHARE ? scan->longer : scan->is_long;
}

/* What to look at: of longer texts a sample, by the hash. */
struct sample {
    const uint64_t *set;
    uint64_t most; /* a hash that is looked at is no greater */
};

/* The words of a block, those that are marked, where segments begin, and which one it begins in. */
struct block {
    const uint64_t *words;
    uint64_t marks, begins;
    uint32_t segment;
};

static inline void note_block(const struct block *block, struct seen *seen, struct spread *spread)
{
    struct count count = seen->count; /* bytes that are written could be it */
    for (uint64_t marks = block->marks; marks != 0; marks &= marks - 1) {
        uint32_t word = (uint32_t)block->words[__builtin_ctzll(marks)];
        uint32_t segment = segment_at(block->segment, block->begins, marks);
        note_word(seen, &count, word, segment, spread);
    }
    seen->count = count;
}

/* Goes to the next block. */
static inline void leave_block(struct block *block)
{
    block->words += BITS;
    block->segment += (uint32_t)__builtin_popcountll(block->begins);
}

static inline uint64_t sampled(const uint64_t *words, uint64_t marks, uint64_t most)
{
    uint64_t sampled = 0;
    for (; marks != 0; marks &= marks - 1)
        sampled |= words[__builtin_ctzll(marks)] <= most ? marks & -marks : 0;
    return sampled;
}

/* Of the marked words of a block those with a hash that is no greater than `most`. */
typedef uint64_t sampler(const uint64_t *words, uint64_t marks, uint64_t most);

WD_INLINE void note_sample(const struct wd_copy_scan *scan, const struct segments *segments,
                           struct sample sample, sampler *choose, struct spread *spread)
{
    struct seen seen;
    struct block block = {.words = scan->words};
    uint32_t end = segments->kept_words;
    clear_seen(&seen);
    for (uint32_t i = 0; i * BITS < end; i++, leave_block(&block)) {
        block.begins = segments->begins[i];
        block.marks = choose(block.words, block_of(sample.set, i, end), sample.most);
        note_block(&block, &seen, spread);
    }
}

static void note_long_words_plain(const struct wd_copy_scan *scan, const struct segments *segments,
                                  struct sample sample, struct spread *spread)
{
    note_sample(scan, segments, sample, sampled, spread);
}

#ifdef WD_AVX2

/* A whole block, too. The plain way takes half of the time of all this where it is not foreseen which are. */
WD_AVX2 static inline uint64_t sampled_avx2(const uint64_t *words, uint64_t marks, uint64_t most)
{
    const __m256i sign = _mm256_set1_epi64x(INT64_MIN);
    const __m256i all = _mm256_xor_si256(_mm256_set1_epi64x((long long)most), sign);
    uint64_t greater = 0;
    for (int i = 0; i < BITS; i += 4) {
        __m256i some = _mm256_loadu_si256((const __m256i *)(const void *)(words + i));
        some = _mm256_cmpgt_epi64(_mm256_xor_si256(some, sign), all);
        greater |= (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(some)) << i;
    }
    return marks & ~greater;
}

WD_AVX2 static void note_long_words_avx2(const struct wd_copy_scan *scan,
                                         const struct segments *segments, struct sample sample,
                                         struct spread *spread)
{
    note_sample(scan, segments, sample, sampled_avx2, spread);
}

#endif

#ifdef WD_WIDE

WD_WIDE static inline __mmask8 sampled_eight(const uint64_t *words, __m512i most)
{
    return _mm512_cmple_epu64_mask(_mm512_loadu_si512(words), most);
}

WD_WIDE static inline __mmask32 sampled_half(const uint64_t *words, __m512i most)
{
    __mmask16 first = _mm512_kunpackb(sampled_eight(words + 8, most), sampled_eight(words, most));
    __mmask16 second =
        _mm512_kunpackb(sampled_eight(words + 24, most), sampled_eight(words + 16, most));
    return _mm512_kunpackw(second, first);
}

/* A whole block, what may be behind the last word included. */
WD_WIDE static inline uint64_t sampled_wide(const uint64_t *words, uint64_t marks, uint64_t most)
{
    const __m512i all = _mm512_set1_epi64((long long)most);
    return marks & _mm512_kunpackd(sampled_half(words + BITS / 2, all), sampled_half(words, all));
}

WD_WIDE static void note_long_words_wide(const struct wd_copy_scan *scan,
                                         const struct segments *segments, struct sample sample,
                                         struct spread *spread)
{
    note_sample(scan, segments, sample, sampled_wide, spread);
}

#endif

typedef void note_long_words(const struct wd_copy_scan *scan, const struct segments *segments,
                             struct sample sample, struct spread *spread);

/* Of these breaks those where the words are others, too. */
static uint32_t confirm(const struct wd_copy_scan *scan, const struct segments *segments,
                        uint32_t breaks, note_long_words *note_all)
{
    struct spread spread = {{0}, {0}, {0}};
    uint64_t keep = UINT32_MAX / (1 + (uint64_t)scan->word_count / SAMPLED_WORDS);
    struct sample sample = {long_words(scan), keep << 32 | UINT32_MAX};
    note_all(scan, segments, sample, &spread);
    return breaks & find_turns(&spread, segments->count, 0, SAID_AGAIN);
}

/* How many of the headline's words, of which `marks` are looked at, stand in words[0, count), BEGINNING_WORDS at most. */
typedef uint32_t beginning_counter(const uint64_t *headline, uint64_t marks, const uint64_t *words,
                                   uint32_t count);

WD_INTEGER_CLONES static uint32_t count_in_beginning_plain(const uint64_t *headline, uint64_t marks,
                                                           const uint64_t *words, uint32_t count)
{
    uint32_t found = 0;
    for (; marks != 0; marks &= marks - 1) {
        uint64_t word = headline[__builtin_ctzll(marks)];
        uint64_t equal = 0; /* all are looked at, some at once */
        for (uint32_t i = 0; i < count; i++)
            equal |= words[i] == word;
        found += equal != 0;
    }
    return found;
}

#ifdef WD_WIDE

/* Behind the words that there are the first one stands again. */
WD_WIDE static uint32_t count_in_beginning_wide(const uint64_t *headline, uint64_t marks,
                                                const uint64_t *words, uint32_t count)
{
    enum { REGISTERS = BEGINNING_WORDS / 8 };
    __m512i all[REGISTERS];
    uint32_t found = 0;
    if (count == 0)
        return 0;
    uint64_t there = (UINT64_C(1) << count) - 1;
    for (unsigned i = 0; i < REGISTERS; i++)
        all[i] = _mm512_mask_loadu_epi64(_mm512_set1_epi64((long long)words[0]),
                                         (__mmask8)(there >> 8 * i), words + (size_t)8 * i);
    for (; marks != 0; marks &= marks - 1) {
        __m512i word = _mm512_set1_epi64((long long)headline[__builtin_ctzll(marks)]);
        unsigned equal = 0;
        for (unsigned i = 0; i < REGISTERS; i++)
            equal |= _mm512_cmpeq_epi64_mask(all[i], word);
        found += equal != 0;
    }
    return found;
}

#endif

/* Next to nothing of the headline stands where the text begins. */
static inline bool is_headless(const struct wd_copy_scan *scan, beginning_counter *count)
{
    uint32_t words = scan->word_count < BEGINNING_WORDS ? scan->word_count : BEGINNING_WORDS;
    uint64_t marks = 0;
    for (uint32_t i = 0; i < scan->headline_count; i++)
        marks |= (uint64_t)((scan->headline_kinds[i] & WD_WORD_SHORT) == 0) << i;
    uint32_t counted = (uint32_t)__builtin_popcountll(marks);
    return counted > 0 &&
           count(scan->headline, marks, scan->words, words) * HEADLINE_SHARE <= counted;
}

/* What processors do differently. */
struct way {
    note_long_words *note_long_words;
    beginning_counter *count_in_beginning;
};

static inline void find(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                        struct wd_cohesion *cohesion, struct way way)
{
    struct segments segments;
    cut_up(scan, words_min, sentences_max < SENTENCES_MAX ? sentences_max : SENTENCES_MAX,
           &segments);
    *cohesion = (struct wd_cohesion){.headless = is_headless(scan, way.count_in_beginning)};
    if (segments.count < 2)
        return;
    uint32_t breaks = find_breaks(scan, &segments);
    if (__builtin_popcount(breaks) >= (cohesion->headless ? 1 : HEADED_BREAKS))
        cohesion->breaks = confirm(scan, &segments, breaks, way.note_long_words);
}

void wd_cohesion_find_plain(const struct wd_copy_scan *scan, uint32_t words_min,
                            uint32_t sentences_max, struct wd_cohesion *cohesion)
{
    const struct way plain = {note_long_words_plain, count_in_beginning_plain};
    find(scan, words_min, sentences_max, cohesion, plain);
}

#ifdef WD_AVX2
void wd_cohesion_find_avx2(const struct wd_copy_scan *scan, uint32_t words_min,
                           uint32_t sentences_max, struct wd_cohesion *cohesion)
{
    const struct way avx2 = {note_long_words_avx2, count_in_beginning_plain};
    find(scan, words_min, sentences_max, cohesion, avx2);
}
#endif

void wd_cohesion_find(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                      struct wd_cohesion *cohesion)
{
#ifdef WD_WIDE
    if (wd_has_wide()) {
        const struct way wide = {note_long_words_wide, count_in_beginning_wide};
        find(scan, words_min, sentences_max, cohesion, wide);
        return;
    }
    if (wd_has_avx2()) {
        wd_cohesion_find_avx2(scan, words_min, sentences_max, cohesion);
        return;
    }
#endif
    wd_cohesion_find_plain(scan, words_min, sentences_max, cohesion);
}
