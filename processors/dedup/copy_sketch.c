#include "copy_sketch.h"

#include "about.h"
#include "byte_marks.h"

#include <assert.h>
#include <stdlib.h>

enum {
    CAPITALS_OF = 2,      /* one in so many words of a headline: capitals tell names in it */
    SHINGLES_WANTED = 56, /* so that chance rarely goes over WD_SKETCH_SHINGLES_MAX */
    SHINGLES_FEW = 16,    /* fewer different ones than this: look closer */
    POSTED_WANTED = 12,
    POSTED_FEW = 8, /* with fewer it is chance whether a version that has a third is found */
    POSTED_FEW_OF_SHORT = 13,
    SENTENCE_WORDS_KEPT_MAX = 127,
    HASHES_FIRST = 1024,
    HASHES_ALIGNMENT = 64, /* eight are written at once */
};

#define LOW40 ((UINT64_C(1) << 40) - 1)

void wd_copy_query_init(struct wd_copy_query *query, uint64_t seed)
{
    *query = (struct wd_copy_query){.seed = wd_hash_mix(seed, UINT64_C(0xD6E8FEB86659FD93))};
}

void wd_copy_query_finish(struct wd_copy_query *query)
{
    free(query->hashes);
    query->hashes = NULL;
}

/* Bytes of 0 or 1 as bits. */
static void pack(const uint8_t *ones, size_t count, void *bits)
{
    unsigned char *out = bits;
#ifdef __SSE2__
    for (size_t i = 0; i < count; i += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(ones + i));
        uint64_t marks = wd_bytes_marks(_mm_slli_epi16(some, 7));
        out[i / 8] = (unsigned char)marks;
        out[i / 8 + 1] = (unsigned char)(marks >> 8);
    }
#else
    for (size_t i = 0; i < count; i += 8)
        out[i / 8] = wd_copy_bits_of(ones + i);
#endif
}

enum { NAMES = WD_SKETCH_NAME_WORDS * 64, NUMBERS = WD_SKETCH_NUMBER_WORDS * 64 };

/* 31.5, 1,234, 2-1, 20:15 and 10 000 are two words each: as such "31.5 to 29.0" has the numbers of "31.0 to 29.5". So each
 * two numbers that stand side by side in a sentence are one more, in their order. */
static void take_pairs_of_numbers(const struct wd_copy_scan *scan, uint8_t members[NUMBERS])
{
    const struct wd_copy_sentence *sentence = scan->sentences;
    const struct wd_copy_sentence *end = sentence + scan->sentence_count;
    for (uint32_t i = 0; i < scan->word_count; i += WD_COPY_MARKS) {
        uint64_t pairs = wd_copy_scan_marks(scan, i, scan->word_count, WD_WORD_NUMBER) &
                         wd_copy_scan_marks(scan, i + 1, scan->word_count, WD_WORD_NUMBER);
        for (; pairs != 0; pairs &= pairs - 1) {
            uint32_t second = i + (unsigned)__builtin_ctzll(pairs) + 1;
            while (sentence < end && sentence->first_word < second)
                sentence++;
            if (sentence == end || sentence->first_word != second)
                members[wd_hash_mix(scan->words[second - 1], scan->words[second]) & (NUMBERS - 1)] =
                    1;
        }
    }
}

/* Names and numbers are as good as chance: no branch between them. */
static void take_names_and_numbers(struct wd_copy_sketch *sketch, const struct wd_copy_scan *scan)
{
    static_assert(NUMBERS == NAMES / 2, "the bit of a number is one shorter");
    uint8_t members[NAMES + NUMBERS] = {0};
    for (uint32_t i = 0; i < scan->word_count; i += WD_COPY_MARKS) {
        uint64_t numbers = scan->numbers[i / WD_COPY_MARKS];
        uint64_t marks =
            wd_copy_scan_marks(scan, i, scan->word_count, WD_WORD_NUMBER | WD_WORD_NAME);
        for (; marks != 0; marks &= marks - 1) {
            unsigned at = (unsigned)__builtin_ctzll(marks);
            uint64_t hash = scan->words[i + at];
            size_t number = numbers >> at & 1;
            members[NAMES * number + (hash & ((size_t)(NAMES - 1) >> number))] = 1;
        }
    }
    take_pairs_of_numbers(scan, members + NAMES);
    pack(members, NAMES, sketch->names);
    pack(members + NAMES, NUMBERS, sketch->numbers);
}

/* Long texts lose their last sentences: copy is written so that it can be cut from the end. */
static void take_sentences(struct wd_copy_query *query, const struct wd_copy_scan *scan)
{
    struct wd_copy_sketch *sketch = &query->sketch;
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (sentence->word_count < WD_SENTENCE_WORDS_MIN)
            continue;
        if (sketch->sentence_count == WD_SKETCH_SENTENCES_MAX)
            break;
        uint32_t words = sentence->word_count;
        sketch->sentences[sketch->sentence_count] =
            wd_hash_mix(sentence->hash, query->seed) & LOW40;
        query->first_words[sketch->sentence_count] = sentence->first_word;
        sketch->sentence_words[sketch->sentence_count++] =
            (uint8_t)(words < SENTENCE_WORDS_KEPT_MAX ? words : SENTENCE_WORDS_KEPT_MAX);
    }
}

void wd_copy_query_begin(struct wd_copy_query *query, const struct wd_copy_scan *scan)
{
    struct wd_copy_sketch *sketch = &query->sketch;
    *sketch = (struct wd_copy_sketch){.words = scan->words_total};
    query->boilerplate = 0;
    query->boilerplate_words = 0;
    query->hash_count = 0;
    take_sentences(query, scan);
}

/* Names in the headline: capitals, or in a headline of nothing else those that are names in the text. */
static void take_headline(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                          uint32_t prefix)
{
    uint64_t words[WD_SCAN_HEADLINE_WORDS_MAX];
    uint64_t names[WD_SCAN_HEADLINE_WORDS_MAX];
    uint32_t count = 0;
    uint32_t name_count = 0;
    for (uint32_t i = prefix; i < scan->headline_count; i++) {
        uint8_t kinds = scan->headline_kinds[i];
        /* "to", "the", "und": in every headline. */
        if ((kinds & WD_WORD_SHORT) && !(kinds & WD_WORD_NUMBER))
            continue;
        words[count++] = scan->headline[i];
        if (i > prefix && (kinds & WD_WORD_NAME))
            names[name_count++] = scan->headline[i];
    }
    query->sketch.headline = wd_headline_words_of(words, count);
    query->headline_name_count = 0;
    bool telling = name_count * CAPITALS_OF < count;
    for (uint32_t i = 0; i < name_count && query->headline_name_count < WD_HEADLINE_WORDS_KEPT;
         i++) {
        if (telling || wd_copy_has_name(query->sketch.names, names[i]))
            query->headline_names[query->headline_name_count++] = names[i];
    }
}

void wd_copy_query_facts(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                         uint32_t prefix)
{
    take_names_and_numbers(&query->sketch, scan);
    take_headline(query, scan, prefix);
}

void wd_copy_query_about(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                         uint32_t prefix)
{
    struct wd_copy_sketch *sketch = &query->sketch;
    sketch->about = wd_about_find(scan, prefix, WD_SENTENCE_WORDS_MIN, sketch->sentence_count);
}

static bool reserve_hashes(struct wd_copy_query *query, uint32_t count)
{
    if (count <= query->hash_capacity)
        return true;
    uint32_t capacity = query->hash_capacity ? query->hash_capacity : HASHES_FIRST;
    while (capacity < count)
        capacity *= 2;
    uint64_t *grown = aligned_alloc(HASHES_ALIGNMENT, capacity * sizeof(*grown));
    if (!grown)
        return false;
    free(query->hashes);
    query->hashes = grown;
    query->hash_capacity = capacity;
    return true;
}

static uint32_t shingles_in(uint32_t words)
{
    return words < WD_SHINGLE_WORDS ? words > 0 : words - WD_SHINGLE_WORDS + 1;
}

/* Of `count` shingles about SHINGLES_WANTED have a hash that is_kept; all, where there is room for all. */
static uint32_t keep_for(uint32_t count)
{
    return count <= WD_SKETCH_SHINGLES_MAX ? UINT32_MAX
                                           : (uint32_t)(((uint64_t)SHINGLES_WANTED << 32) / count);
}

uint32_t wd_copy_shingles_of(uint32_t words, uint32_t keep)
{
    uint64_t sampled = ((uint64_t)SHINGLES_WANTED << 32) / (keep > 0 ? keep : 1);
    uint32_t most = shingles_in(words);
    return keep == UINT32_MAX || sampled > most ? most : (uint32_t)sampled;
}

/* Words outside boilerplate, one after the other. */
struct run {
    uint32_t begin, count;
};

static void hash_run(const uint64_t *words, uint32_t count, struct wd_hash_sample *sampled)
{
    if (count >= WD_SHINGLE_WORDS) {
        wd_hash_shingles(words, count, sampled);
    } else if (count > 0) {
        uint64_t hash = sampled->seed;
        for (uint32_t i = 0; i < count; i++)
            hash = wd_hash_mix(words[i], hash);
        if (wd_copy_is_kept(hash, sampled->keep) && sampled->count++ < WD_HASH_SAMPLE_MAX)
            sampled->at[sampled->count - 1] = sampled->hash_count;
        sampled->hashes[sampled->hash_count++] = hash;
    }
}

/* Kept sentences and those of the scan go in step. Returns the number of runs. */
static size_t find_runs(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                        struct run runs[WD_SKETCH_SENTENCES_MAX + 1])
{
    size_t count = 0;
    uint32_t kept = 0;
    uint32_t begin = 0;
    for (uint32_t i = 0; query->boilerplate >> kept != 0 && i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (sentence->word_count < WD_SENTENCE_WORDS_MIN)
            continue;
        bool skip = (query->boilerplate >> kept++ & 1) != 0;
        uint32_t end = sentence->first_word + sentence->word_count;
        if (!skip || end > scan->word_count)
            continue;
        runs[count++] = (struct run){begin, sentence->first_word - begin};
        query->boilerplate_words += sentence->word_count;
        begin = end;
    }
    runs[count++] = (struct run){begin, scan->word_count - begin};
    return count;
}

static void hash_around_boilerplate(struct wd_copy_query *query, const struct wd_copy_scan *scan,
                                    struct wd_hash_sample *sampled)
{
    struct run runs[WD_SKETCH_SENTENCES_MAX + 1];
    size_t run_count = find_runs(query, scan, runs);
    uint32_t shingles = 0;
    for (size_t i = 0; i < run_count; i++)
        shingles += shingles_in(runs[i].count);
    sampled->keep = keep_for(shingles);
    sampled->count = sampled->hash_count = 0;
    sampled->seed = query->seed;
    sampled->hashes = query->hashes;
    for (size_t i = 0; i < run_count; i++)
        hash_run(scan->words + runs[i].begin, runs[i].count, sampled);
    query->hash_count = sampled->hash_count;
}

/* The different hashes that are kept, in the order of the text. Returns their number, or WD_SKETCH_SHINGLES_MAX + 1 when they are too many. */
static uint32_t sample(struct wd_copy_query *query, uint32_t keep,
                       const struct wd_hash_sample *sampled, uint64_t *out)
{
    enum { SLOTS = 512 };
    uint8_t slots[SLOTS] = {0}; /* 1 + index into out */
    uint32_t count = 0;
    bool all = sampled->keep < keep || sampled->count > WD_HASH_SAMPLE_MAX;
    uint32_t looked_at = all ? query->hash_count : sampled->count;
    query->lead_count = 0;
    for (uint32_t i = 0; i < looked_at; i++) {
        uint32_t place = all ? i : sampled->at[i];
        uint64_t hash = query->hashes[place];
        if (!wd_copy_is_kept(hash, keep))
            continue;
        size_t at = hash % SLOTS;
        while (slots[at] != 0 && out[slots[at] - 1] != hash)
            at = (at + 1) % SLOTS;
        if (slots[at] != 0)
            continue;
        if (count == WD_SKETCH_SHINGLES_MAX)
            return count + 1;
        query->places[count] = place;
        query->lead_count += place < WD_LEAD_WORDS;
        out[count++] = hash;
        slots[at] = (uint8_t)count;
    }
    return count;
}

/* The threshold that keeps as many as there is room for. */
static void choose_sample(struct wd_copy_query *query, const struct wd_hash_sample *sampled)
{
    struct wd_copy_sketch *sketch = &query->sketch;
    uint32_t keep = sampled->keep;
    uint32_t count = 0;
    while ((count = sample(query, keep, sampled, sketch->shingles)) > WD_SKETCH_SHINGLES_MAX)
        keep -= keep / 4;
    /* A text that repeats itself has fewer shingles than words. */
    while (count < SHINGLES_FEW && keep != UINT32_MAX) {
        uint64_t closer[WD_SKETCH_SHINGLES_MAX];
        uint32_t wider = keep > UINT32_MAX / 4 ? UINT32_MAX : keep * 4 + 3;
        uint32_t more = sample(query, wider, sampled, closer);
        if (more > WD_SKETCH_SHINGLES_MAX) {
            (void)sample(query, keep, sampled, sketch->shingles); /* for places, lead_count */
            break;
        }
        memcpy(sketch->shingles, closer, more * sizeof(*closer));
        count = more;
        keep = wider;
    }
    sketch->keep = keep;
    sketch->shingle_count = count;
}

/* Which of these are kept, as bits, and how many. */
static uint32_t find_kept(const struct wd_copy_sketch *sketch, uint32_t keep,
                          uint64_t kept[(WD_SKETCH_SHINGLES_MAX + 63) / 64])
{
    uint8_t ones[WD_SKETCH_SHINGLES_MAX] = {0};
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        ones[i] = wd_copy_is_kept(sketch->shingles[i], keep);
    kept[0] = kept[1] = 0;
    pack(ones, sizeof(ones), kept);
    return (uint32_t)(__builtin_popcountll(kept[0]) + __builtin_popcountll(kept[1]));
}

static void swap(struct wd_copy_query *query, uint32_t a, uint32_t b)
{
    uint64_t *shingles = query->sketch.shingles;
    uint64_t shingle = shingles[a];
    uint32_t place = query->places[a];
    shingles[a] = shingles[b];
    shingles[b] = shingle;
    query->places[a] = query->places[b];
    query->places[b] = place;
}

/* Brings those to the front that a longer text would keep too: they are posted. */
static void choose_posted(struct wd_copy_query *query)
{
    struct wd_copy_sketch *sketch = &query->sketch;
    uint64_t kept[(WD_SKETCH_SHINGLES_MAX + 63) / 64];
    uint32_t keep =
        sketch->shingle_count <= WD_SKETCH_POSTED_MAX
            ? sketch->keep
            : (uint32_t)((uint64_t)sketch->keep * POSTED_WANTED / sketch->shingle_count);
    uint32_t few = sketch->keep == UINT32_MAX ? POSTED_FEW_OF_SHORT : POSTED_FEW;
    while ((sketch->posted_count = find_kept(sketch, keep, kept)) < few && keep < sketch->keep)
        keep = keep > sketch->keep - keep / 8 ? sketch->keep : keep + keep / 8;
    while (sketch->posted_count > WD_SKETCH_POSTED_MAX) {
        keep -= keep / 8;
        sketch->posted_count = find_kept(sketch, keep, kept);
    }
    uint32_t front = 0;
    for (uint32_t word = 0; word < sizeof(kept) / sizeof(*kept); word++) {
        for (uint64_t left = kept[word]; left != 0; left &= left - 1)
            swap(query, word * 64 + (uint32_t)__builtin_ctzll(left), front++);
    }
}

bool wd_copy_query_shingles(struct wd_copy_query *query, const struct wd_copy_scan *scan)
{
    struct wd_copy_sketch *sketch = &query->sketch;
    if (!reserve_hashes(query, scan->word_count + WD_SKETCH_SENTENCES_MAX + WD_HASH_LANES))
        return false;
    struct wd_hash_sample sampled;
    hash_around_boilerplate(query, scan, &sampled);
    choose_sample(query, &sampled);
    choose_posted(query);
    memcpy(query->kept, sketch->shingles, sketch->shingle_count * sizeof(*query->kept));
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        sketch->shingles[i] &= LOW40;
    return true;
}
