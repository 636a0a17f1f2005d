#include "copy_hash.h"

#include "clones.h"
#include "copy_fold.h"
#include "copy_scan.h"

#ifdef WD_WIDE
#include <immintrin.h>
#endif

const uint64_t wd_hash_factors[WD_SUM_WORDS] = {
    0x243F6A8885A308D3, 0x13198A2E03707345, 0xA4093822299F31D1, 0x082EFA98EC4E6C89,
    0x452821E638D01377, 0xBE5466CF34E90C6D, 0xC0AC29B7C97C50DD, 0x3F84D5B5B5470917,
    0x9216D5D98979FB1B, 0xD1310BA698DFB5AD, 0x2FFD72DBD01ADFB7, 0xB8E1AFED6A267E97,
    0xBA7C9045F12C7F99, 0x24A19947B3916CF7, 0x0801F2E2858EFC17, 0x636920D871574E69,
    0xA458FEA3F4933D7F, 0x0D95748F728EB659, 0x718BCD5882154AEF, 0x7B54A41DC25A59B5,
    0x9C30D5392AF26013, 0xC5D1B023286085F1, 0xCA417918B8DB38EF, 0x8E79DCB0603A180F,
    0x6C9E0E8BB01E8A3F, 0xD71577C1BD314B27, 0x78AF2FDA55605C61, 0xE65525F3AA55AB95,
    0x5748986263E81441, 0x55CA396A2AAB10B7, 0xB4CC5C341141E8CF, 0xA15486AF7C72E993,
};

uint64_t wd_hash_word_long(const unsigned char *bytes, size_t len)
{
    uint64_t hash = len;
    for (; len > 16; bytes += 8, len -= 8)
        hash = wd_hash_mix(wd_hash_load(bytes), hash);
    return wd_hash_mix(wd_hash_load(bytes), hash ^ wd_hash_load(bytes + len - 8));
}

size_t wd_hash_take_out_pads(unsigned char *bytes, size_t len)
{
    size_t kept = 0;
    if (!memchr(bytes, WD_FOLD_PAD, len))
        return len;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != WD_FOLD_PAD)
            bytes[kept++] = bytes[i];
    }
    memset(bytes + kept, WD_FOLD_PAD, len - kept);
    return kept;
}

/* Few have: so the next pad is sought and then its word. */
void wd_hash_padded(const struct wd_copy_places *places, uint64_t *hashes)
{
    uint32_t from = 0; /* in the text; what is before it has been seen */
    uint32_t i = 0;
    const unsigned char *pad = NULL;
    while ((pad = memchr(places->folded + from, WD_FOLD_PAD, places->bytes - from)) != NULL) {
        uint32_t at = (uint32_t)(pad - places->folded);
        while (places->words[i].end <= at)
            i++;
        unsigned char *word = places->folded + places->words[i].begin;
        from = places->words[i].end;
        hashes[i] = wd_hash_word(word, wd_hash_take_out_pads(word, from - places->words[i].begin));
    }
}

/* Block by block, so that what is long needs no look at memory. */
void wd_hash_words_plain(const struct wd_copy_places *places, uint64_t *hashes)
{
    for (uint32_t i = 0; i <= places->count; i += 64) {
        uint64_t is_long = 0;
        uint64_t longer = 0;
        for (uint32_t j = i; j < places->count && j < i + 64; j++) {
            struct wd_place word = places->words[j];
            size_t len = (size_t)(word.end - word.begin);
            hashes[j] = wd_hash_word(places->folded + word.begin, len);
            is_long |= (uint64_t)(len >= WD_LONG_BYTES) << (j - i);
            longer |= (uint64_t)(len >= WD_LONGER_BYTES) << (j - i);
        }
        places->sets.is_long[i / 64] = is_long;
        places->sets.longer[i / 64] = longer;
    }
    if (places->has_pads)
        wd_hash_padded(places, hashes);
}

WD_INTEGER_CLONES void wd_hash_sentences_plain(const uint64_t *words,
                                               struct wd_copy_sentence *sentences, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hash = WD_HASH_SENTENCE;
        const uint64_t *word = words + sentences[i].first_word;
        for (uint32_t left = sentences[i].word_count; left > 0;) {
            uint32_t some = left < WD_SUM_WORDS ? left : WD_SUM_WORDS;
            uint64_t sum = 0;
            for (uint32_t j = 0; j < some; j++)
                sum += word[j] * wd_hash_factors[j];
            hash = wd_hash_mix(sum, hash);
            word += some;
            left -= some;
        }
        sentences[i].hash = hash;
    }
}

static inline uint64_t rotate(uint64_t value, unsigned by)
{
    return value << by | value >> (64 - by);
}

void wd_hash_shingles_plain(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample)
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
    a = _mm512_xor_si512(a, _mm512_set1_epi64((long long)UINT64_C(0x2D358DCCAA6CFFA5)));
    b = _mm512_xor_si512(b, _mm512_set1_epi64((long long)UINT64_C(0x8BB84B93962EFFC9)));
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
    __m512i product = _mm512_mask_mov_epi32(_mm512_slli_epi64(middle_low, 32), 0x5555, low_low);
    return _mm512_xor_si512(high, product);
}

enum { WINDOW_BYTES = 128 };

/* Of eight words the first eight bytes, without what is behind a shorter one, and the last. */
struct loaded {
    __m512i len;
    __m512i first, last;
};

/* Eight bytes from each of the lane's places on; lanes that are not meant stay. GCC's macro mixes signs. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
WD_WIDE static inline __m512i gather(__m512i so_far, __mmask8 lanes, const unsigned char *text,
                                     __m512i places)
{
    return _mm512_mask_i64gather_epi64(so_far, lanes, places, text, 1);
}
#pragma GCC diagnostic pop

/* Words that stand far from each other. */
WD_WIDE static inline struct loaded load_far(const unsigned char *text, __m256i places)
{
    const __m512i eight = _mm512_set1_epi64(WD_HASH_LANES);
    __m512i wide = _mm512_cvtepu32_epi64(places);
    __m512i begin = _mm512_and_si512(wide, _mm512_set1_epi64(0xFFFF));
    __m512i end = _mm512_srli_epi64(wide, 16);
    struct loaded loaded = {_mm512_sub_epi64(end, begin), gather(begin, UINT8_MAX, text, begin),
                            gather(end, UINT8_MAX, text - 8, end)};
    __m512i few = _mm512_slli_epi64(_mm512_sub_epi64(eight, loaded.len), 3);
    __mmask8 is_short = _mm512_cmplt_epu64_mask(loaded.len, eight);
    loaded.first =
        _mm512_mask_srlv_epi64(loaded.first, is_short, _mm512_sllv_epi64(loaded.first, few), few);
    return loaded;
}

/* Words that stand together in WINDOW_BYTES of the text, as nearly all do: each lane takes its bytes from
 * there. */
WD_WIDE static inline struct loaded load_near(const unsigned char *text, __m256i places,
                                              unsigned origin)
{
    const __m512i repeat_begin = _mm512_set4_epi32(0x08080808, 0x08080808, 0, 0);
    const __m512i repeat_end = _mm512_set4_epi32(0x0A0A0A0A, 0x0A0A0A0A, 0x02020202, 0x02020202);
    const __m512i count = _mm512_set1_epi64(0x0706050403020100);
    const __m512i count_first = _mm512_set1_epi64(0x0F0E0D0C0B0A0908); /* the window is before */
    __m512i low = _mm512_loadu_si512(text + origin - 8);
    __m512i high = _mm512_loadu_si512(text + origin - 8 + WINDOW_BYTES / 2);
    __m512i near =
        _mm512_cvtepu32_epi64(_mm256_sub_epi16(places, _mm256_set1_epi16((short)origin)));
    __m512i begin = _mm512_shuffle_epi8(near, repeat_begin);
    __m512i end = _mm512_shuffle_epi8(near, repeat_end);
    __m512i len = _mm512_sub_epi8(end, begin);
    __mmask64 own = _mm512_cmplt_epu8_mask(count, len);
    struct loaded loaded = {
        .len = _mm512_srli_epi64(len, 56),
        .first =
            _mm512_maskz_permutex2var_epi8(own, low, _mm512_add_epi8(begin, count_first), high),
        .last = _mm512_permutex2var_epi8(low, _mm512_add_epi8(end, count), high)};
    return loaded;
}

/* Words from one on; eight of them are hashed at once. */
struct run {
    const unsigned char *text;
    const struct wd_place *words;
    uint64_t *hashes;
    uint8_t *is_long, *longer; /* eight words a byte */
};

/* Words of more than 16 bytes (`very`), as wd_hash_word_long does it: eight bytes after the other are mixed in, up to the
 * last 16. Of words of letters that have two bytes each many are such. */
WD_WIDE static inline __m512i hash_all_but_last(const unsigned char *text, __m256i places,
                                                __mmask8 very, struct loaded *in)
{
    const __m512i eight = _mm512_set1_epi64(WD_HASH_LANES);
    __m512i at = _mm512_and_si512(_mm512_cvtepu32_epi64(places), _mm512_set1_epi64(0xFFFF));
    __m512i rest = in->len;
    __m512i hash = in->len;
    while (very != 0) {
        hash = _mm512_mask_mov_epi64(hash, very, mix_wide(in->first, hash));
        at = _mm512_add_epi64(at, eight);
        rest = _mm512_sub_epi64(rest, eight);
        in->first = gather(in->first, very, text, at);
        very = _mm512_mask_cmpgt_epu64_mask(very, rest, _mm512_set1_epi64(16));
    }
    return hash;
}

/* `places` are those of the first `count` words; the rest are of words without bytes. */
WD_WIDE static inline void hash_eight(struct run *run, __m256i places, uint32_t count)
{
    unsigned origin = run->words[0].begin;
    bool is_near = run->words[count - 1].end - origin <= WINDOW_BYTES - 8;
    struct loaded in = is_near ? load_near(run->text, places, origin) : load_far(run->text, places);
    __mmask8 two = _mm512_cmpgt_epu64_mask(in.len, _mm512_set1_epi64(8));
    __mmask8 very = _mm512_cmpgt_epu64_mask(in.len, _mm512_set1_epi64(16));
    __m512i hash = hash_all_but_last(run->text, places, very, &in);
    __m512i second = _mm512_mask_xor_epi64(hash, two, hash, in.last);
    _mm512_storeu_si512(run->hashes, mix_wide(in.first, second));
    *run->is_long++ = _mm512_cmpge_epu64_mask(in.len, _mm512_set1_epi64(WD_LONG_BYTES));
    *run->longer++ = _mm512_cmpge_epu64_mask(in.len, _mm512_set1_epi64(WD_LONGER_BYTES));
    run->words += WD_HASH_LANES;
    run->hashes += WD_HASH_LANES;
}

WD_WIDE static void hash_words_wide(const struct wd_copy_places *places, uint64_t *hashes)
{
    uint32_t rest = places->count;
    struct run run = {places->folded, places->words, hashes, (uint8_t *)places->sets.is_long,
                      (uint8_t *)places->sets.longer};
    places->sets.is_long[rest / 64] = places->sets.longer[rest / 64] = 0;
    for (; rest >= WD_HASH_LANES; rest -= WD_HASH_LANES)
        hash_eight(&run, _mm256_loadu_si256((const __m256i *)(const void *)run.words),
                   WD_HASH_LANES);
    if (rest > 0) {
        __m256i none = _mm256_set1_epi16(WD_HASH_LANES); /* begins and ends there */
        __mmask8 there = (__mmask8)((1u << rest) - 1);
        hash_eight(&run, _mm256_mask_loadu_epi32(none, there, run.words), rest);
    }
}

void wd_hash_words(const struct wd_copy_places *places, uint64_t *hashes)
{
    if (!wd_has_wide()) {
        if (wd_has_avx2())
            wd_hash_words_avx2(places, hashes);
        else
            wd_hash_words_plain(places, hashes);
        return;
    }
    hash_words_wide(places, hashes);
    if (places->has_pads)
        wd_hash_padded(places, hashes);
}

/* All lanes in one, as numbers without a sign: _mm512_reduce_add_epi64 adds two that have one. */
WD_WIDE static inline uint64_t add_lanes(__m512i lanes)
{
    __m256i four =
        _mm256_add_epi64(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
    __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return (uint64_t)_mm_cvtsi128_si64(two) + (uint64_t)_mm_extract_epi64(two, 1);
}

/* The same sum for all lengths: no branch that could go wrong. */
WD_WIDE static inline uint64_t sum_wide(const uint64_t *words, uint32_t count)
{
    uint32_t there = count < WD_SUM_WORDS ? (1u << count) - 1 : UINT32_MAX;
    __m512i sum = _mm512_setzero_si512();
    for (int i = 0; i < WD_SUM_WORDS; i += WD_HASH_LANES) {
        __m512i some = _mm512_maskz_loadu_epi64((__mmask8)(there >> i), words + i);
        __m512i factors = _mm512_loadu_si512(wd_hash_factors + i);
        sum = _mm512_add_epi64(sum, _mm512_mullo_epi64(some, factors));
    }
    return add_lanes(sum);
}

WD_WIDE static void hash_sentences_wide(const uint64_t *words, struct wd_copy_sentence *sentences,
                                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t *word = words + sentences[i].first_word;
        uint32_t left = sentences[i].word_count;
        uint64_t hash = wd_hash_mix(sum_wide(word, left), WD_HASH_SENTENCE);
        for (; left > WD_SUM_WORDS; left -= WD_SUM_WORDS) {
            word += WD_SUM_WORDS;
            hash = wd_hash_mix(sum_wide(word, left - WD_SUM_WORDS), hash);
        }
        sentences[i].hash = hash;
    }
}

void wd_hash_sentences(const uint64_t *words, struct wd_copy_sentence *sentences, uint32_t count)
{
    if (wd_has_wide())
        hash_sentences_wide(words, sentences, count);
    else
        wd_hash_sentences_plain(words, sentences, count);
}

WD_WIDE static void hash_shingles_wide(const uint64_t *words, uint32_t count,
                                       struct wd_hash_sample *sample)
{
    const __m512i seeds = _mm512_set1_epi64((long long)sample->seed);
    const __m512i keep = _mm512_set1_epi64((long long)((uint64_t)sample->keep << 32 | UINT32_MAX));
    const __m256i lanes = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    uint32_t shingles = count - WD_SHINGLE_WORDS + 1;
    uint32_t at = sample->hash_count;
    uint64_t *hashes = sample->hashes;
    uint32_t kept = sample->count;
    __m512i a = _mm512_loadu_si512(words);
    for (uint32_t i = 0; i < shingles; i += WD_HASH_LANES) {
        uint32_t rest = shingles - i;
        __mmask8 there = (__mmask8)(rest < WD_HASH_LANES ? (1u << rest) - 1 : 0xFF);
        __m512i next = _mm512_loadu_si512(words + i + WD_HASH_LANES);
        __m512i b = _mm512_alignr_epi64(next, a, 1);
        __m512i c = _mm512_alignr_epi64(next, a, 2);
        __m512i d = _mm512_alignr_epi64(next, a, 3);
        __m512i left = _mm512_xor_si512(a, _mm512_rol_epi64(b, 21));
        __m512i right = _mm512_xor_si512(c, _mm512_rol_epi64(d, 43));
        __m512i hash = mix_wide(_mm512_add_epi64(left, seeds), right);
        _mm512_storeu_si512(hashes + at + i, hash);
        __mmask8 is_kept = _mm512_mask_cmple_epu64_mask(there, hash, keep);
        __m256i places = _mm256_add_epi32(lanes, _mm256_set1_epi32((int)(at + i)));
        _mm256_storeu_si256(
            (__m256i *)(void *)(sample->at +
                                (kept < WD_HASH_SAMPLE_MAX ? kept : WD_HASH_SAMPLE_MAX)),
            _mm256_maskz_compress_epi32(is_kept, places));
        kept += (uint32_t)__builtin_popcount(is_kept);
        a = next;
    }
    sample->hash_count = at + shingles;
    sample->count = kept;
}

void wd_hash_shingles(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample)
{
    if (wd_has_wide())
        hash_shingles_wide(words, count, sample);
    else if (wd_has_avx2())
        wd_hash_shingles_avx2(words, count, sample);
    else
        wd_hash_shingles_plain(words, count, sample);
}

#else

void wd_hash_sentences(const uint64_t *words, struct wd_copy_sentence *sentences, uint32_t count)
{
    wd_hash_sentences_plain(words, sentences, count);
}

void wd_hash_words(const struct wd_copy_places *places, uint64_t *hashes)
{
    wd_hash_words_plain(places, hashes);
}

void wd_hash_shingles(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample)
{
    wd_hash_shingles_plain(words, count, sample);
}

#endif
