#include "about.h"

#include "clones.h"

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum {
    SENTENCES_MAX = 32,
    FILTER_BITS = 6,
    LAST_BIT = 63,
    BITS = WD_COPY_MARKS,
    BLOCKS_MAX = WD_SCAN_WORDS_MAX / BITS + 2,
};

/* The headline's words that count, and two sets of six bits of each: most words of the body are in one at most.
 * Bit 63 - n is of n, so that it comes to the front when the set is turned by n. */
struct sought {
    uint64_t words[WD_SCAN_HEADLINE_WORDS_MAX];
    uint32_t count;
    uint64_t low, high;
};

static void seek(const struct wd_copy_scan *scan, uint32_t prefix, struct sought *sought)
{
    sought->count = 0;
    sought->low = sought->high = 0;
    for (uint32_t i = prefix; i < scan->headline_count; i++) {
        uint64_t word = scan->headline[i];
        if (scan->headline_kinds[i] & (WD_WORD_SHORT | WD_WORD_NUMBER))
            continue;
        sought->words[sought->count++] = word;
        sought->low |= UINT64_C(1) << (LAST_BIT - (word & LAST_BIT));
        sought->high |= UINT64_C(1) << (LAST_BIT - (word >> FILTER_BITS & LAST_BIT));
    }
}

/* Of a block of words those that may be sought, as bits; of words behind the last one, too. */
typedef uint64_t filter(const struct sought *sought, const uint64_t *words);

static uint64_t filter_plain(const struct sought *sought, const uint64_t *words)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < BITS; i++) {
        uint64_t both = sought->low << (words[i] & LAST_BIT) &
                        sought->high << (words[i] >> FILTER_BITS & LAST_BIT);
        found |= both >> LAST_BIT << i;
    }
    return found;
}

#ifdef WD_AVX2

WD_AVX2 static uint64_t filter_avx2(const struct sought *sought, const uint64_t *words)
{
    const __m256i low = _mm256_set1_epi64x((long long)sought->low);
    const __m256i high = _mm256_set1_epi64x((long long)sought->high);
    const __m256i last_bit = _mm256_set1_epi64x(LAST_BIT);
    uint64_t found = 0;
    for (unsigned i = 0; i < BITS; i += 4) {
        __m256i some = _mm256_loadu_si256((const __m256i *)(const void *)(words + i));
        __m256i by_low = _mm256_and_si256(some, last_bit);
        __m256i by_high = _mm256_and_si256(_mm256_srli_epi64(some, FILTER_BITS), last_bit);
        __m256i both =
            _mm256_and_si256(_mm256_sllv_epi64(low, by_low), _mm256_sllv_epi64(high, by_high));
        found |= (uint64_t)_mm256_movemask_pd(_mm256_castsi256_pd(both)) << i;
    }
    return found;
}

#endif

#ifdef WD_WIDE

WD_WIDE static uint64_t filter_wide(const struct sought *sought, const uint64_t *words)
{
    const __m512i low = _mm512_set1_epi64((long long)sought->low);
    const __m512i high = _mm512_set1_epi64((long long)sought->high);
    uint64_t found = 0;
    for (unsigned i = 0; i < BITS; i += 8) {
        __m512i some = _mm512_loadu_si512(words + i);
        __m512i both =
            _mm512_and_si512(_mm512_rolv_epi64(low, some),
                             _mm512_rolv_epi64(high, _mm512_srli_epi64(some, FILTER_BITS)));
        found |= (uint64_t)_mm512_movepi64_mask(both) << i;
    }
    return found;
}

#endif

static inline bool is_sought(const struct sought *sought, uint64_t word)
{
    for (uint32_t i = 0; i < sought->count; i++) {
        if (sought->words[i] == word)
            return true;
    }
    return false;
}

/* Whether one of the words from `first` to `end` is sought; `set` has those that may be. */
static bool has_any(const struct sought *sought, const uint64_t *words, const uint64_t *set,
                    uint32_t first, uint32_t end)
{
    for (uint32_t at = first; at < end; at = (at | LAST_BIT) + 1) {
        uint64_t left = set[at / BITS] >> at % BITS;
        if (end - at < BITS)
            left &= (UINT64_C(1) << (end - at)) - 1;
        for (; left != 0; left &= left - 1) {
            if (is_sought(sought, words[at + (uint32_t)__builtin_ctzll(left)]))
                return true;
        }
    }
    return false;
}

static uint32_t find(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                     uint32_t sentences_max, filter *may_be)
{
    struct sought sought;
    uint64_t set[BLOCKS_MAX];
    uint32_t about = 0;
    uint32_t kept = 0;
    seek(scan, prefix, &sought);
    if (sought.count == 0 || sentences_max == 0)
        return 0;
    for (uint32_t i = 0; i < scan->word_count; i += BITS)
        set[i / BITS] = may_be(&sought, scan->words + i);
    for (uint32_t i = 0; i < scan->sentence_count && kept < sentences_max && kept < SENTENCES_MAX;
         i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (sentence->word_count < words_min)
            continue;
        if (sentence->first_word >= scan->word_count)
            break;
        uint32_t rest = scan->word_count - sentence->first_word;
        uint32_t count = sentence->word_count < rest ? sentence->word_count : rest;
        bool has =
            has_any(&sought, scan->words, set, sentence->first_word, sentence->first_word + count);
        about |= (uint32_t)has << kept++;
    }
    return about;
}

uint32_t wd_about_find_plain(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                             uint32_t sentences_max)
{
    return find(scan, prefix, words_min, sentences_max, filter_plain);
}

#ifdef WD_AVX2
uint32_t wd_about_find_avx2(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                            uint32_t sentences_max)
{
    return find(scan, prefix, words_min, sentences_max, filter_avx2);
}
#endif

uint32_t wd_about_find(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                       uint32_t sentences_max)
{
#ifdef WD_WIDE
    if (wd_has_wide())
        return find(scan, prefix, words_min, sentences_max, filter_wide);
    if (wd_has_avx2())
        return wd_about_find_avx2(scan, prefix, words_min, sentences_max);
#endif
    return wd_about_find_plain(scan, prefix, words_min, sentences_max);
}
