#include "overlap.h"

#include "clones.h"

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum {
    GROUPS_COMMON = 3,
    FINER = 2,
    CHUNK = 512, /* hashes looked through at once */
};

/* None has so many bits. */
#define NO_SENTENCE UINT32_MAX

/* A slot: the shingle, that there is one, that another one had to make way for it, the shingle's number. */
#define SLOT_TAKEN (UINT32_C(1) << WD_SHINGLE_SHORT_BITS)
#define SLOT_MORE (SLOT_TAKEN << 1)
#define SLOT_SHINGLE (SLOT_MORE - 1)
enum { SLOT_NUMBER_SHIFT = 24 };

static void fill_table(struct wd_shingle_table *table, const uint32_t *shingles, uint32_t count)
{
    memset(table->slots, 0, sizeof(table->slots));
    for (uint32_t i = 0; i < count; i++) {
        size_t at = shingles[i] % WD_SHINGLE_SLOTS;
        for (; table->slots[at] != 0; at = (at + 1) % WD_SHINGLE_SLOTS)
            table->slots[at] |= SLOT_MORE;
        table->slots[at] = (i + 1) << SLOT_NUMBER_SHIFT | SLOT_TAKEN | shingles[i];
    }
}

WD_INLINE bool holds(uint32_t slot, uint32_t shingle)
{
    return ((slot ^ (shingle | SLOT_TAKEN)) & SLOT_SHINGLE) == 0;
}

/* Number of the first one like it; 0 when there is none. Nearly always the first slot tells; whether it is the one
 * is as good as chance: no branch. */
WD_INLINE uint32_t find(const struct wd_shingle_table *table, uint32_t shingle)
{
    size_t at = shingle % WD_SHINGLE_SLOTS;
    uint32_t slot = table->slots[at];
    if (__builtin_expect((slot & SLOT_MORE) != 0, 0)) {
        while (!holds(slot, shingle) && (slot & SLOT_MORE) != 0) {
            at = (at + 1) % WD_SHINGLE_SLOTS;
            slot = table->slots[at];
        }
    }
    return (slot >> SLOT_NUMBER_SHIFT) & (0 - (uint32_t)holds(slot, shingle));
}

static void first_bits(struct wd_shingle_set *set, uint32_t count)
{
    set->bits[0] = count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
    set->bits[1] = count <= 64 ? 0 : (UINT64_C(1) << (count - 64)) - 1;
}

/* A byte of 0 or 1 for each. */
WD_INLINE void pack(const uint8_t *bytes, struct wd_shingle_set *set)
{
    unsigned char bits[sizeof(*set)];
    for (size_t i = 0; i < sizeof(bits); i++)
        bits[i] = wd_copy_bits_of(bytes + 8 * i);
    memcpy(set, bits, sizeof(bits));
}

static void find_lead(const struct wd_copy_query *query, struct wd_shingle_set *lead)
{
    uint8_t bytes[sizeof(*lead) * 8] = {0};
    for (uint32_t i = 0; i < query->sketch.shingle_count; i++)
        bytes[i] = query->places[i] < WD_LEAD_WORDS;
    pack(bytes, lead);
}

void wd_copy_probe_begin(struct wd_copy_probe *probe, const struct wd_copy_query *query,
                         const struct wd_rarity *rarity)
{
    const struct wd_copy_sketch *sketch = &query->sketch;
    probe->query = query;
    probe->rarity = rarity;
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX];
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        shingles[i] = wd_copy_shingle_short(sketch->shingles[i]);
    fill_table(&probe->table, shingles, sketch->shingle_count);
    find_lead(query, &probe->lead);
    first_bits(&probe->posted, sketch->posted_count);
    uint64_t bits = 0;
    uint32_t words = 0;
    for (uint32_t i = 0; i < sketch->sentence_count; i++) {
        bool furniture = (query->boilerplate >> i & 1) != 0;
        uint32_t sentence = wd_copy_sentence_short(sketch->sentences[i]);
        probe->sentences[i] = furniture ? NO_SENTENCE : sentence;
        bits |= (uint64_t)!furniture << (sentence & 63);
        words += furniture ? 0 : sketch->sentence_words[i];
    }
    probe->sentence_bits = bits;
    probe->words = words;
}

/* What a piece is worth that groups besides the candidate's own have too. */
WD_INLINE uint32_t worth(uint64_t groups, uint8_t own)
{
    static const uint8_t worths[GROUPS_COMMON + 1] = {WD_WORTH_WHOLE, 6, 3, 1};
    int others = __builtin_popcountll(groups & ~(UINT64_C(1) << own));
    return worths[others < GROUPS_COMMON ? others : GROUPS_COMMON];
}

/* The other's that are not in the sketch. */
struct missed {
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX + 1];
    uint32_t count;
    uint32_t keep; /* of their sample */
};

/* Which of the sketch's shingles are among these. */
WD_INLINE void match_shingles(const struct wd_shingle_table *table, const uint32_t *shingles,
                              uint32_t count, struct missed *missed, struct wd_shingle_set *matched)
{
    uint8_t seen[1 + sizeof(*matched) * 8] = {0}; /* the first one stands for none */
    uint32_t missing = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = find(table, shingles[i]);
        seen[number] = 1;
        missed->shingles[missing] = shingles[i];
        missing += number == 0;
    }
    missed->count = missing;
    pack(seen + 1, matched);
}

/* Marks those of the table that are among these. */
WD_INLINE void mark(const struct wd_shingle_table *table, const uint32_t *shingles, uint32_t count,
                    uint8_t *marked)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t at = shingles[i] % WD_SHINGLE_SLOTS;
        uint32_t slot = table->slots[at];
        marked[slot >> SLOT_NUMBER_SHIFT] |= holds(slot, shingles[i]);
        while ((slot & SLOT_MORE) != 0) { /* all of them, should two be the same */
            at = (at + 1) % WD_SHINGLE_SLOTS;
            slot = table->slots[at];
            marked[slot >> SLOT_NUMBER_SHIFT] |= holds(slot, shingles[i]);
        }
    }
}

/* Of hashes[0, count) those that a sample with `keep` has, short. Returns their number. */
typedef uint32_t (*sampler)(const uint64_t *hashes, uint32_t count, uint32_t keep,
                            uint32_t kept[CHUNK + WD_HASH_LANES]);

/* The story's phrases that the other's sample would have, and which of the missed ones are among them. */
WD_INLINE void look_in_text(const struct wd_copy_query *query, const struct missed *missed,
                            sampler sample, struct wd_overlap *overlap)
{
    struct wd_shingle_table table;
    uint8_t found[1 + sizeof(struct wd_shingle_set) * 8] = {0};
    struct wd_shingle_set set;
    fill_table(&table, missed->shingles, missed->count);
    overlap->sampled = 0;
    for (uint32_t begin = 0; begin < query->hash_count; begin += CHUNK) {
        uint32_t kept[CHUNK + WD_HASH_LANES];
        uint32_t rest = query->hash_count - begin;
        uint32_t count =
            sample(query->hashes + begin, rest < CHUNK ? rest : CHUNK, missed->keep, kept);
        mark(&table, kept, count, found);
        overlap->sampled += count;
    }
    pack(found + 1, &set);
    overlap->shingles +=
        (uint32_t)(__builtin_popcountll(set.bits[0]) + __builtin_popcountll(set.bits[1]));
}

WD_INLINE uint32_t sample_plain(const uint64_t *hashes, uint32_t count, uint32_t keep,
                                uint32_t kept[CHUNK + WD_HASH_LANES])
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        kept[found] = wd_copy_shingle_short(hashes[i]); /* without a branch: as good as chance */
        found += wd_copy_is_kept(hashes[i], keep);
    }
    return found;
}

/* How many of the sketch's phrases a sample with `keep`, which keeps as many or fewer, would have. */
WD_INLINE uint32_t count_sampled(const struct wd_copy_query *query, uint32_t keep)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < query->sketch.shingle_count; i++)
        count += wd_copy_is_kept(query->kept[i], keep);
    return count;
}

/* Those of the story's phrases that begin in common sentences: these stand in a few runs. Without boilerplate, which
 * is not counted in places. */
WD_INLINE void count_inside(const struct wd_copy_query *query, uint32_t keep,
                            struct wd_overlap *overlap)
{
    const struct wd_copy_sketch *sketch = &query->sketch;
    uint8_t inside[sizeof(overlap->matched) * 8] = {0};
    struct wd_shingle_set set;
    overlap->inside_sampled = overlap->inside_matched = 0;
    for (uint32_t left = query->boilerplate == 0 ? overlap->of_story : 0; left != 0;) {
        uint32_t first = (uint32_t)__builtin_ctz(left);
        uint32_t last = first + (uint32_t)__builtin_ctz(~(left >> first)) - 1;
        uint32_t begin = query->first_words[first];
        uint32_t words = query->first_words[last] + sketch->sentence_words[last] - begin;
        for (uint32_t i = 0; i < WD_SKETCH_SHINGLES_MAX; i++)
            inside[i] |= query->places[i] - begin < words;
        left &= ~((UINT32_C(2) << last) - 1);
    }
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        overlap->inside_sampled += inside[i] & wd_copy_is_kept(query->kept[i], keep);
    pack(inside, &set);
    overlap->inside_matched =
        (uint32_t)(__builtin_popcountll(set.bits[0] & overlap->matched.bits[0]) +
                   __builtin_popcountll(set.bits[1] & overlap->matched.bits[1]));
}

WD_INLINE struct wd_set_overlap bits_overlap(const uint64_t *of_story, const uint64_t *of_other,
                                             size_t words)
{
    struct wd_set_overlap overlap = {0, 0, 0};
    for (size_t i = 0; i < words; i++) {
        overlap.of_story += (uint32_t)__builtin_popcountll(of_story[i]);
        overlap.of_other += (uint32_t)__builtin_popcountll(of_other[i]);
        overlap.both += (uint32_t)__builtin_popcountll(of_story[i] & of_other[i]);
    }
    return overlap;
}

/* What follows from the shingles and sentences that are matched. */
WD_INLINE void weigh(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                     struct wd_overlap *overlap)
{
    uint8_t own = wd_copy_record_group_tag(other);
    const struct wd_shingle_set *matched = &overlap->matched;
    overlap->lead = (uint32_t)(__builtin_popcountll(matched->bits[0] & probe->lead.bits[0]) +
                               __builtin_popcountll(matched->bits[1] & probe->lead.bits[1]));
    overlap->known = overlap->worth = overlap->words = overlap->rare_words = 0;
    overlap->common_of_other = 0;
    for (uint64_t left = matched->bits[0] & probe->posted.bits[0]; left != 0; left &= left - 1) {
        overlap->known++;
        overlap->worth += worth(probe->rarity->shingles[__builtin_ctzll(left)], own);
    }
    for (uint32_t left = overlap->of_story; left != 0; left &= left - 1) {
        int i = __builtin_ctz(left);
        uint32_t words = probe->query->sketch.sentence_words[i];
        overlap->words += words;
        overlap->rare_words += words * worth(probe->rarity->sentences[i], own);
    }
    for (uint32_t left = overlap->of_other; left != 0; left &= left - 1)
        overlap->common_of_other += wd_copy_record_words(other, (uint32_t)__builtin_ctz(left));
}

/* The sentences apart, which are compared in another way by the twins. */
WD_INLINE void count_most(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                          const uint32_t *shingles, sampler sample, struct wd_overlap *overlap)
{
    const struct wd_copy_query *query = probe->query;
    const struct wd_copy_sketch *sketch = &query->sketch;
    struct missed missed;
    match_shingles(&probe->table, shingles, other->shingle_count, &missed, &overlap->matched);
    missed.keep = other->keep;
    overlap->shingles = other->shingle_count - missed.count;
    overlap->finer = other->keep / FINER > sketch->keep;
    if (overlap->finer)
        look_in_text(query, &missed, sample, overlap);
    else
        overlap->sampled =
            other->keep >= sketch->keep ? sketch->shingle_count : count_sampled(query, other->keep);
    if (overlap->of_story != 0)
        count_inside(query, other->keep, overlap);
    weigh(probe, other, overlap);
    overlap->names = bits_overlap(sketch->names, other->names, WD_SKETCH_NAME_WORDS);
    overlap->numbers = bits_overlap(sketch->numbers, other->numbers, WD_SKETCH_NUMBER_WORDS);
    overlap->headline = wd_headline_words_overlap(&sketch->headline, &other->headline);
}

/* Few of the other's sentences could be the story's: these are looked for. */
static void match_sentences(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                            struct wd_overlap *overlap)
{
    uint32_t sentences[WD_SKETCH_SENTENCES_MAX];
    uint32_t common = 0;
    overlap->of_story = overlap->of_other = overlap->words_of_other = 0;
    for (uint32_t j = 0; j < other->sentence_count; j++) {
        sentences[j] = wd_copy_record_sentence(other, j);
        overlap->words_of_other += wd_copy_record_words(other, j);
        common |= (uint32_t)(probe->sentence_bits >> (sentences[j] & 63) & 1) << j;
    }
    for (uint32_t i = 0; common != 0 && i < probe->query->sketch.sentence_count; i++) {
        uint32_t left = common;
        while (left != 0 && sentences[__builtin_ctz(left)] != probe->sentences[i])
            left &= left - 1;
        overlap->of_story |= (uint32_t)(left != 0) << i;
        overlap->of_other |= left & (0 - left);
    }
}

WD_INTEGER_CLONES void wd_overlap_count_plain(const struct wd_copy_probe *probe,
                                              const struct wd_copy_record *other,
                                              struct wd_overlap *overlap)
{
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX];
    wd_copy_record_shingles(other, shingles);
    match_sentences(probe, other, overlap);
    count_most(probe, other, shingles, sample_plain, overlap);
}

#ifdef WD_WIDE

/* Sixteen of 24 bits each, of which `bytes` are there. */
WD_WIDE static inline __m512i load_sentences(const unsigned char *at, uint32_t bytes)
{
    const __m512i triples = _mm512_add_epi32(
        _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                           _mm512_set1_epi32(0x030303)),
        _mm512_set1_epi32(0x020100));
    __mmask64 there = bytes >= 64 ? UINT64_MAX : (UINT64_C(1) << bytes) - 1;
    return _mm512_maskz_permutexvar_epi8(UINT64_C(0x7777777777777777), triples,
                                         _mm512_maskz_loadu_epi8(there, at));
}

WD_WIDE static inline void match_sentences_wide(const struct wd_copy_probe *probe,
                                                const struct wd_copy_record *other,
                                                struct wd_overlap *overlap)
{
    enum { LANES = 16, BYTES = WD_SENTENCE_SHORT_BITS / 8 };
    uint32_t count = other->sentence_count;
    uint32_t valid = (UINT32_C(1) << count) - 1;
    uint32_t more = count > LANES ? count - LANES : 0;
    __m512i first = load_sentences(other->sentences, count * BYTES);
    __m512i second =
        load_sentences(other->sentences + (size_t)BYTES * (count - more), more * BYTES);
    __m256i words = _mm256_and_si256(_mm256_maskz_loadu_epi8(valid, other->sentence_words),
                                     _mm256_set1_epi8(0x7F));
    __m256i sums = _mm256_sad_epu8(words, _mm256_setzero_si256());
    overlap->words_of_other =
        (uint32_t)(_mm256_extract_epi64(sums, 0) + _mm256_extract_epi64(sums, 1) +
                   _mm256_extract_epi64(sums, 2));
    overlap->of_story = overlap->of_other = 0;
    for (uint32_t i = 0; i < probe->query->sketch.sentence_count; i++) {
        __m512i one = _mm512_set1_epi32((int)probe->sentences[i]);
        uint32_t equal = _mm512_cmpeq_epi32_mask(first, one) |
                         (uint32_t)_mm512_cmpeq_epi32_mask(second, one) << LANES;
        equal &= valid;
        overlap->of_story |= (uint32_t)(equal != 0) << i;
        overlap->of_other |= equal & (0 - equal);
    }
}

WD_WIDE static inline uint32_t sample_wide(const uint64_t *hashes, uint32_t count, uint32_t keep,
                                           uint32_t kept[CHUNK + WD_HASH_LANES])
{
    const __m256i mask = _mm256_set1_epi32((1 << WD_SHINGLE_SHORT_BITS) - 1);
    const __m512i most = _mm512_set1_epi64(keep);
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i += WD_HASH_LANES) {
        uint32_t rest = count - i;
        __mmask8 there = (__mmask8)(rest < WD_HASH_LANES ? (1u << rest) - 1 : 0xFF);
        __m512i eight = _mm512_maskz_loadu_epi64(there, hashes + i);
        __mmask8 keeps = _mm512_mask_cmple_epu64_mask(there, _mm512_srli_epi64(eight, 32), most);
        __m256i shorts = _mm256_and_si256(_mm512_cvtepi64_epi32(_mm512_srli_epi64(eight, 2)), mask);
        _mm256_storeu_si256((__m256i *)(void *)(kept + found),
                            _mm256_maskz_compress_epi32(keeps, shorts));
        found += (uint32_t)__builtin_popcount(keeps);
    }
    return found;
}

WD_WIDE static void count_wide(const struct wd_copy_probe *probe,
                               const struct wd_copy_record *other, struct wd_overlap *overlap)
{
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX];
    wd_copy_record_shingles(other, shingles);
    match_sentences_wide(probe, other, overlap);
    count_most(probe, other, shingles, sample_wide, overlap);
}

void wd_overlap_count(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                      struct wd_overlap *overlap)
{
    if (wd_has_wide())
        count_wide(probe, other, overlap);
    else
        wd_overlap_count_plain(probe, other, overlap);
}

#else

void wd_overlap_count(const struct wd_copy_probe *probe, const struct wd_copy_record *other,
                      struct wd_overlap *overlap)
{
    wd_overlap_count_plain(probe, other, overlap);
}

#endif
