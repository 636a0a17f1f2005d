#include "byte_marks.h"
#include "copy_places_block.h"

#ifdef WD_AVX2

enum { HALF = WD_PLACES_BLOCK / 2 };

/* The numbers of the bits that are set in a byte, the lowest first, a byte each. */
#define BIT(byte, n) ((uint64_t)(byte) >> (n)&1)
#define PUT(byte, n, above) ((above) << 8 * BIT(byte, n) | (n)*BIT(byte, n))
#define HIGH(byte) PUT(byte, 4, PUT(byte, 5, PUT(byte, 6, PUT(byte, 7, UINT64_C(0)))))
#define ONE(byte) PUT(byte, 0, PUT(byte, 1, PUT(byte, 2, PUT(byte, 3, HIGH(byte)))))
#define FOUR(byte) ONE(byte), ONE((byte) + 1), ONE((byte) + 2), ONE((byte) + 3)
#define SIXTEEN(byte) FOUR(byte), FOUR((byte) + 4), FOUR((byte) + 8), FOUR((byte) + 12)
#define SOME(byte) SIXTEEN(byte), SIXTEEN((byte) + 16), SIXTEEN((byte) + 32), SIXTEEN((byte) + 48)
static const uint64_t bits_of[256] = {SOME(0), SOME(64), SOME(128), SOME(192)};

static WD_AVX2 inline __m256i load(const void *bytes)
{
    return _mm256_loadu_si256((const __m256i *)bytes);
}

static WD_AVX2 inline __m256i all(int byte)
{
    return _mm256_set1_epi8((char)byte);
}

/* Each of the bytes that ends a sentence stands where its low half is; no other byte is equal to what stands there. */
static WD_AVX2 inline __m256i stops_in(__m256i in)
{
    const __m256i by_low_half = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, '!', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '.', '?'));
    return _mm256_cmpeq_epi8(in, _mm256_shuffle_epi8(by_low_half, in));
}

static WD_AVX2 inline bool fold_block(const char *text, unsigned char *folded,
                                      struct wd_places_block *block)
{
    const __m256i case_bit = all(0x20);
    uint64_t others = 0;
    *block = (struct wd_places_block){.within = ~UINT64_C(0)};
    for (int i = 0; i < WD_PLACES_BLOCK; i += HALF) {
        __m256i in = load(text + i);
        __m256i lower = _mm256_or_si256(in, case_bit); /* digits have the bit already */
        __m256i digit = wd_bytes_between_avx2(in, '0', 10);
        __m256i letter = wd_bytes_between_avx2(lower, 'a', 26);
        __m256i word = _mm256_or_si256(letter, digit);
        __m256i stop = stops_in(in);
        __m256i gap = _mm256_or_si256(all(WD_FOLD_GAP), _mm256_and_si256(stop, all(WD_FOLD_STOP)));
        _mm256_storeu_si256((__m256i *)(void *)(folded + i), _mm256_blendv_epi8(gap, lower, word));
        __m256i capital =
            _mm256_andnot_si256(_mm256_slli_epi16(in, 2), letter); /* its highest bit */
        block->words |= wd_bytes_marks_avx2(word) << i;
        block->stops |= wd_bytes_marks_avx2(stop) << i;
        block->names |= wd_bytes_marks_avx2(capital) << i;
        block->numbers |= wd_bytes_marks_avx2(digit) << i;
        others |= wd_bytes_marks_avx2(in);
    }
    block->lower = block->words & ~(block->names | block->numbers);
    return others == 0;
}

static WD_AVX2 inline void look_at(const char *text, const unsigned char *folded,
                                   struct wd_places_block *block, uint64_t *pads, uint64_t *longs)
{
    *pads = *longs = 0;
    *block = (struct wd_places_block){.within = ~UINT64_C(0)};
    for (int i = 0; i < WD_PLACES_BLOCK; i += HALF) {
        __m256i in = load(text + i);
        __m256i out = load(folded + i);
        __m256i stop = _mm256_cmpeq_epi8(out, all(WD_FOLD_STOP));
        __m256i none = _mm256_or_si256(stop, _mm256_cmpeq_epi8(out, all(WD_FOLD_GAP)));
        __m256i equal = _mm256_cmpeq_epi8(in, out);
        __m256i equal_next = _mm256_cmpeq_epi8(load(text + i + 1), load(folded + i + 1));
        __m256i same =
            _mm256_and_si256(equal, _mm256_or_si256(equal_next, _mm256_xor_si256(out, all(0x80))));
        block->words |= wd_bytes_marks_avx2(none) << i;
        block->stops |= wd_bytes_marks_avx2(stop) << i;
        block->numbers |= wd_bytes_marks_avx2(wd_bytes_between_avx2(out, '0', 10)) << i;
        block->lower |= wd_bytes_marks_avx2(wd_bytes_between_avx2(in, 'a', 26)) << i;
        block->names |= wd_bytes_marks_avx2(same) << i;
        *pads |= wd_bytes_marks_avx2(_mm256_cmpeq_epi8(out, all(WD_FOLD_PAD))) << i;
        *longs |= wd_bytes_marks_avx2(
                      wd_bytes_between_avx2(out, (char)WD_FIRST_LONG, 0x100 - WD_FIRST_LONG))
                  << i;
    }
    block->words = ~block->words;
    block->names = ~block->names & ~block->numbers;
}

/* Eight bits at a time, whether there are any or not: a loop that ends with the last one ends where nobody foresees it.
 * (Zen 3, 3.2 KB of text: all of this 1.3 us, the plain way 3.5. With pext for the sets of words it were 1.2, but on the
 * Zens before pext takes a hundred cycles and more.) */
static WD_AVX2 inline uint16_t *put_places(uint16_t *places, uint64_t bits, uint32_t base)
{
    __m128i from = _mm_set1_epi16((short)base);
    for (int i = 0; i < WD_BLOCK_BITS; i += 8, bits >>= 8) {
        __m128i some = _mm_cvtepu8_epi16(
            _mm_loadl_epi64((const __m128i *)(const void *)&bits_of[bits & 0xFF]));
        _mm_storeu_si128((__m128i *)(void *)places, _mm_add_epi16(some, from));
        places += __builtin_popcountll(bits & 0xFF);
        from = _mm_add_epi16(from, _mm_set1_epi16(8));
    }
    return places;
}

static WD_AVX2 bool add_ascii(struct wd_copy_places *places, struct wd_slice text)
{
    return wd_places_add_ascii(places, text, fold_block, put_places);
}

static WD_AVX2 bool add_folded(struct wd_copy_places *places, struct wd_slice text)
{
    return wd_places_add_folded(places, text, look_at, put_places);
}

const struct wd_places_way wd_places_avx2 = {add_ascii, add_folded};

#endif
