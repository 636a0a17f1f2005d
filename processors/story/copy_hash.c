#include "copy_hash.h"

#include "clones.h"

#ifdef WD_WIDE
#include <immintrin.h>
#endif

uint64_t wd_hash_word_long(const unsigned char *bytes, size_t len)
{
    uint64_t hash = len;
    for (; len > 16; bytes += 8, len -= 8)
        hash = wd_hash_mix(wd_hash_load(bytes), hash);
    return wd_hash_mix(wd_hash_load(bytes), hash ^ wd_hash_load(bytes + len - 8));
}

WD_INTEGER_CLONES void wd_hash_words_plain(const unsigned char *text, const uint16_t *begins,
                                           const uint16_t *ends, uint32_t count, uint64_t *hashes)
{
    for (uint32_t i = 0; i < count; i++)
        hashes[i] = wd_hash_word(text + begins[i], (size_t)(ends[i] - begins[i]));
}

static inline uint64_t rotate(uint64_t value, unsigned by)
{
    return value << by | value >> (64 - by);
}

WD_INTEGER_CLONES void wd_hash_shingles_plain(const uint64_t *words, uint32_t count,
                                              struct wd_hash_sample *sample)
{
    uint64_t seed = sample->seed;
    uint64_t *hashes = sample->hashes;
    uint32_t at = sample->hash_count;
    uint32_t kept = sample->count;
    for (uint32_t i = 0; i + WD_SHINGLE_WORDS <= count; i++, at++) {
        uint64_t hash = wd_hash_mix((words[i] ^ rotate(words[i + 1], 21)) + seed,
                                    words[i + 2] ^ rotate(words[i + 3], 43));
        hashes[at] = hash;
        /* Without a branch: it could not be foreseen. */
        sample->at[kept < WD_HASH_SAMPLE_MAX ? kept : WD_HASH_SAMPLE_MAX] = at;
        kept += hash >> 32 <= sample->keep;
    }
    sample->hash_count = at;
    sample->count = kept;
}

#ifdef WD_WIDE

/* wd_hash_mix: the product from those of the halves. */
WD_WIDE static inline __m512i mix_wide(__m512i a, __m512i b)
{
    const __m512i low = _mm512_set1_epi64(0xFFFFFFFF);
    a = _mm512_xor_si512(a, _mm512_set1_epi64((long long)UINT64_C(0xFFA5F1E7C3D2FF9B)));
    b = _mm512_xor_si512(b, _mm512_set1_epi64((long long)UINT64_C(0xFFC1B3F5FF97E9D3)));
    __m512i a_high = _mm512_srli_epi64(a, 32);
    __m512i b_high = _mm512_srli_epi64(b, 32);
    __m512i low_low = _mm512_mul_epu32(a, b);
    __m512i low_high = _mm512_mul_epu32(a, b_high);
    __m512i high_low = _mm512_mul_epu32(a_high, b);
    __m512i high_high = _mm512_mul_epu32(a_high, b_high);
    __m512i middle = _mm512_add_epi64(_mm512_srli_epi64(low_low, 32), low_high);
    __m512i middle_low = _mm512_add_epi64(_mm512_and_si512(middle, low), high_low);
    __m512i high = _mm512_add_epi64(_mm512_add_epi64(high_high, _mm512_srli_epi64(middle, 32)),
                                    _mm512_srli_epi64(middle_low, 32));
    __m512i lower =
        _mm512_or_si512(_mm512_slli_epi64(middle_low, 32), _mm512_and_si512(low_low, low));
    return _mm512_xor_si512(high, lower);
}

WD_WIDE static inline __m512i places_at(const uint16_t *places)
{
    return _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)(const void *)places));
}

enum { WINDOW_BYTES = 128 };

/* WINDOW_BYTES of the text, from which each lane takes the eight that begin at its place. */
struct window {
    __m512i low, high;
};

WD_WIDE static inline __m512i take_bytes(const struct window *window, __m512i places)
{
    const __m512i repeat = _mm512_set4_epi32(0x08080808, 0x08080808, 0, 0);
    const __m512i count = _mm512_set1_epi64(0x0706050403020100);
    __m512i at = _mm512_add_epi8(_mm512_shuffle_epi8(places, repeat), count);
    return _mm512_permutex2var_epi8(window->low, at, window->high);
}

WD_WIDE static inline __m512i gather(__m512i places, const unsigned char *text)
{
    uint64_t at[WD_HASH_LANES];
    uint64_t bytes[WD_HASH_LANES];
    _mm512_storeu_si512(at, places);
    for (size_t i = 0; i < WD_HASH_LANES; i++)
        bytes[i] = wd_hash_load(text + at[i]);
    return _mm512_loadu_si512(bytes);
}

/* Of eight words the last eight bytes, and the first: from two loads where the words stand close
 * together, as nearly all do. */
WD_WIDE static inline void load_words(const unsigned char *text, const uint16_t *begins,
                                      const uint16_t *ends, __m512i loaded[2])
{
    __m512i begin = places_at(begins);
    __m512i end = places_at(ends);
    const unsigned char *from = text + begins[0] - 8;
    if (ends[WD_HASH_LANES - 1] - begins[0] > WINDOW_BYTES - 8) {
        loaded[0] = gather(end, text - 8);
        loaded[1] = gather(begin, text);
        return;
    }
    const struct window window = {_mm512_loadu_si512(from),
                                  _mm512_loadu_si512(from + WINDOW_BYTES / 2)};
    __m512i origin = _mm512_set1_epi64(begins[0]);
    loaded[0] = take_bytes(&window, _mm512_sub_epi64(end, origin));
    begin = _mm512_sub_epi64(begin, _mm512_sub_epi64(origin, _mm512_set1_epi64(8)));
    loaded[1] = take_bytes(&window, begin);
}

/* The last ones, fewer than WD_HASH_LANES, go the plain way: there are no places behind them. */
WD_WIDE static void hash_words_wide(const unsigned char *text, const uint16_t *begins,
                                    const uint16_t *ends, uint32_t count, uint64_t *hashes)
{
    const __m512i eight = _mm512_set1_epi64(8);
    uint32_t i = 0;
    for (; i + WD_HASH_LANES <= count; i += WD_HASH_LANES) {
        __m512i loaded[2];
        load_words(text, begins + i, ends + i, loaded);
        __m512i len = _mm512_sub_epi64(places_at(ends + i), places_at(begins + i));
        __mmask8 two = _mm512_cmpgt_epu64_mask(len, eight);
        __m512i shift = _mm512_slli_epi64(_mm512_sub_epi64(eight, len), 3);
        __m512i a = _mm512_mask_mov_epi64(_mm512_srlv_epi64(loaded[0], shift), two, loaded[1]);
        __m512i b = _mm512_mask_xor_epi64(len, two, len, loaded[0]);
        _mm512_storeu_si512(hashes + i, mix_wide(a, b));
        unsigned is_long = _mm512_cmpgt_epu64_mask(len, _mm512_set1_epi64(16));
        for (; is_long != 0; is_long &= is_long - 1) {
            uint32_t at = i + (uint32_t)__builtin_ctz(is_long);
            hashes[at] = wd_hash_word_long(text + begins[at], (size_t)(ends[at] - begins[at]));
        }
    }
    for (; i < count; i++)
        hashes[i] = wd_hash_word(text + begins[i], (size_t)(ends[i] - begins[i]));
}

void wd_hash_words(const unsigned char *text, const uint16_t *begins, const uint16_t *ends,
                   uint32_t count, uint64_t *hashes)
{
    if (wd_has_wide())
        hash_words_wide(text, begins, ends, count, hashes);
    else
        wd_hash_words_plain(text, begins, ends, count, hashes);
}

WD_WIDE static void hash_shingles_wide(const uint64_t *words, uint32_t count,
                                       struct wd_hash_sample *sample)
{
    const __m512i seeds = _mm512_set1_epi64((long long)sample->seed);
    const __m512i keep = _mm512_set1_epi64(sample->keep);
    const __m256i lanes = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    uint32_t shingles = count - WD_SHINGLE_WORDS + 1;
    uint32_t at = sample->hash_count;
    uint64_t *hashes = sample->hashes;
    uint32_t kept = sample->count;
    for (uint32_t i = 0; i < shingles; i += WD_HASH_LANES) {
        uint32_t rest = shingles - i;
        __mmask8 there = (__mmask8)(rest < WD_HASH_LANES ? (1u << rest) - 1 : 0xFF);
        __m512i a = _mm512_maskz_loadu_epi64(there, words + i);
        __m512i b = _mm512_maskz_loadu_epi64(there, words + i + 1);
        __m512i c = _mm512_maskz_loadu_epi64(there, words + i + 2);
        __m512i d = _mm512_maskz_loadu_epi64(there, words + i + 3);
        __m512i left = _mm512_xor_si512(a, _mm512_rol_epi64(b, 21));
        __m512i right = _mm512_xor_si512(c, _mm512_rol_epi64(d, 43));
        __m512i hash = mix_wide(_mm512_add_epi64(left, seeds), right);
        _mm512_storeu_si512(hashes + at + i, hash);
        __mmask8 is_kept = _mm512_mask_cmple_epu64_mask(there, _mm512_srli_epi64(hash, 32), keep);
        __m256i places = _mm256_add_epi32(lanes, _mm256_set1_epi32((int)(at + i)));
        _mm256_storeu_si256(
            (__m256i *)(void *)(sample->at +
                                (kept < WD_HASH_SAMPLE_MAX ? kept : WD_HASH_SAMPLE_MAX)),
            _mm256_maskz_compress_epi32(is_kept, places));
        kept += (uint32_t)__builtin_popcount(is_kept);
    }
    sample->hash_count = at + shingles;
    sample->count = kept;
}

void wd_hash_shingles(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample)
{
    if (wd_has_wide())
        hash_shingles_wide(words, count, sample);
    else
        wd_hash_shingles_plain(words, count, sample);
}

#else

void wd_hash_words(const unsigned char *text, const uint16_t *begins, const uint16_t *ends,
                   uint32_t count, uint64_t *hashes)
{
    wd_hash_words_plain(text, begins, ends, count, hashes);
}

void wd_hash_shingles(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample)
{
    wd_hash_shingles_plain(words, count, sample);
}

#endif
