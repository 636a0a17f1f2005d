#include "index_places.h"

#ifdef WD_WIDE
#include <immintrin.h>
#endif

enum { KEY_SHIFT = 2 };

void wd_index_locate(const struct wd_index_shape *shape, struct wd_index_place *place)
{
    place->level = shape->levels[place->group];
    place->line = (uint16_t)wd_index_home_of(shape, place->print, place->level);
    place->home = wd_index_line_at(shape, place->group, place->line);
}

void wd_index_find_places(const struct wd_index_shape *shape, const uint64_t *keys, size_t count,
                          struct wd_index_place *places)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = keys[i] >> KEY_SHIFT;
        places[i].group = (uint32_t)bits & shape->group_mask;
        places[i].print = (uint32_t)(bits >> shape->group_bits) & shape->print_mask;
        places[i].pass = wd_index_pass_bit(places[i].print);
        wd_index_locate(shape, &places[i]);
    }
}

#ifdef WD_WIDE

enum {
    KEYS = 16,
    HALF = KEYS / 2,
    WORDS = sizeof(struct wd_index_place) / 8,
    LINE_SHIFT = 6,
    ADDITION_SHIFT = 3,
};

_Static_assert(sizeof(struct wd_index_line) == 1 << LINE_SHIFT, "");
_Static_assert(sizeof(struct wd_index_place) == 24, "three words of 64 bits");
_Static_assert(offsetof(struct wd_index_place, group) == 8, "the second one: group and print");
_Static_assert(offsetof(struct wd_index_place, pass) == 16, "the third one: pass, line and level");
_Static_assert(sizeof(struct wd_index_addition) == 1 << ADDITION_SHIFT, "two words of 32 bits");

/* Sixteen places: of each the three words of 64 bits, eight and eight. */
struct columns {
    __m512i home[2], print[2], level[2];
};

/* gcc's header passes its own mask on as a number with a sign. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
/* Words of 32 bits, so many bytes from there. */
WD_WIDE static __m512i gather(const void *from, __m512i at)
{
    return _mm512_i32gather_epi32(at, from, 1);
}
#pragma GCC diagnostic pop

WD_WIDE static __m512i gather_byte(const void *from, __m512i at)
{
    return _mm512_and_si512(gather(from, at), _mm512_set1_epi32(0xFF));
}

/* Two words of 32 bits make one of 64, the low one first. */
WD_WIDE static void join(__m512i low, __m512i high, __m512i out[2])
{
    __m512i first = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(low));
    __m512i second = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(low, 1));
    __m512i above_first = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(high));
    __m512i above_second = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(high, 1));
    out[0] = _mm512_or_si512(first, _mm512_slli_epi64(above_first, 32));
    out[1] = _mm512_or_si512(second, _mm512_slli_epi64(above_second, 32));
}

/* The numbers of 32 bits that stand in these two. */
WD_WIDE static __m512i narrow(__m512i first, __m512i second)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(first)),
                              _mm512_cvtepi64_epi32(second), 1);
}

/* The line of the group that is the print's own, on this level. */
WD_WIDE static __m512i home_of(const struct wd_index_shape *shape, __m512i print, __m512i level)
{
    const unsigned shift = shape->print_bits - WD_INDEX_ROW_BITS - WD_INDEX_LINE_BITS;
    __m512i hash = _mm512_srl_epi32(print, _mm_cvtsi32_si128((int)shift));
    __m512i at = _mm512_add_epi32(
        _mm512_mullo_epi32(level, _mm512_set1_epi32(sizeof(struct wd_index_level))),
        _mm512_srli_epi32(hash, WD_INDEX_LINE_BITS));
    __m512i row = gather_byte(shape->sizes.levels[0].row_of, at);
    __m512i mask = _mm512_permutexvar_epi16(level, _mm512_loadu_si512(shape->sizes.masks));
    mask = _mm512_and_si512(mask, _mm512_set1_epi32(0xFFFF));
    return _mm512_or_si512(_mm512_slli_epi32(row, WD_INDEX_LINE_BITS),
                           _mm512_and_si512(hash, mask));
}

/* wd_index_line_place */
WD_WIDE static __m512i place_of(const struct wd_index_shape *shape, __m512i group, __m512i line)
{
    const char *additions = (const char *)shape->sizes.additions;
    __m512i at = _mm512_slli_epi32(_mm512_srli_epi32(line, 1), ADDITION_SHIFT);
    __m512i before = gather(additions, at);
    __m512i words = gather(additions + offsetof(struct wd_index_addition, shift), at);
    __m512i shifted = _mm512_add_epi32(group, _mm512_and_si512(words, _mm512_set1_epi32(0xFFFF)));
    shifted = _mm512_and_si512(shifted, _mm512_set1_epi32((int)shape->group_mask));
    __m512i place = _mm512_mullo_epi32(shifted, _mm512_srli_epi32(words, 16));
    return _mm512_add_epi32(_mm512_add_epi32(place, before), line);
}

WD_WIDE static __m512i pass_bits(__m512i print)
{
    __m512i low = _mm512_and_si512(print, _mm512_set1_epi32(31));
    __m512i seven = _mm512_sub_epi32(_mm512_slli_epi32(low, 3), low);
    return _mm512_sllv_epi32(_mm512_set1_epi32(1 << WD_INDEX_USED_BITS),
                             _mm512_srli_epi32(seven, 3));
}

WD_WIDE static void locate_wide(const struct wd_index_shape *shape, __m512i first, __m512i second,
                                struct columns *out)
{
    const __m512i print_mask = _mm512_set1_epi64((long long)shape->print_mask);
    const __m512i group_mask = _mm512_set1_epi32((int)shape->group_mask);
    const __m128i group_bits = _mm_cvtsi32_si128((int)shape->group_bits);
    first = _mm512_srli_epi64(first, KEY_SHIFT);
    second = _mm512_srli_epi64(second, KEY_SHIFT);
    __m512i group = _mm512_and_si512(narrow(first, second), group_mask);
    __m512i print = narrow(_mm512_and_si512(_mm512_srl_epi64(first, group_bits), print_mask),
                           _mm512_and_si512(_mm512_srl_epi64(second, group_bits), print_mask));
    __m512i level = gather_byte(shape->levels, group);
    __m512i line = home_of(shape, print, level);
    __m512i place = place_of(shape, group, line);
    const __m512i lines = _mm512_set1_epi64((long long)(uintptr_t)shape->lines);
    __m512i low = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(place));
    __m512i high = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(place, 1));
    out->home[0] = _mm512_add_epi64(lines, _mm512_slli_epi64(low, LINE_SHIFT));
    out->home[1] = _mm512_add_epi64(lines, _mm512_slli_epi64(high, LINE_SHIFT));
    join(group, print, out->print);
    join(pass_bits(print), _mm512_or_si512(line, _mm512_slli_epi32(level, 16)), out->level);
}

WD_WIDE static void put(struct wd_index_place *place, unsigned word, size_t words, __m512i values)
{
    __mmask8 mask = (__mmask8)_bzhi_u32(0xFF, words < word ? 0 : (unsigned)(words - word));
    _mm512_mask_storeu_epi64((uint64_t *)place + word, mask, values);
}

/* Eight columns of three words as eight places, of which `count` are wanted. */
WD_WIDE static void put_places(__m512i a, __m512i b, __m512i c, size_t count,
                               struct wd_index_place *places)
{
    __m512i one = _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 8, 0, 1, 9, 0, 2, 10), b);
    __m512i two = _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 3, 11, 0, 4, 12, 0, 5), b);
    __m512i three = _mm512_permutex2var_epi64(a, _mm512_setr_epi64(13, 0, 6, 14, 0, 7, 15, 0), b);
    one = _mm512_mask_permutexvar_epi64(one, 0x24, _mm512_setr_epi64(0, 0, 0, 0, 0, 1, 0, 0), c);
    two = _mm512_mask_permutexvar_epi64(two, 0x49, _mm512_setr_epi64(2, 0, 0, 3, 0, 0, 4, 0), c);
    three =
        _mm512_mask_permutexvar_epi64(three, 0x92, _mm512_setr_epi64(0, 5, 0, 0, 6, 0, 0, 7), c);
    put(places, 0, count * WORDS, one);
    put(places, HALF, count * WORDS, two);
    put(places, KEYS, count * WORDS, three);
}

WD_WIDE void wd_index_find_places_wide(const struct wd_index_shape *shape, const uint64_t *keys,
                                       size_t count, struct wd_index_place *places)
{
    for (size_t i = 0; i < count; i += KEYS) {
        struct columns found;
        size_t first = count - i < HALF ? count - i : HALF;
        size_t second = count - i < KEYS ? count - i - first : HALF;
        __mmask8 first_mask = (__mmask8)_bzhi_u32(0xFF, (unsigned)first);
        __mmask8 second_mask = (__mmask8)_bzhi_u32(0xFF, (unsigned)second);
        locate_wide(shape, _mm512_maskz_loadu_epi64(first_mask, keys + i),
                    _mm512_maskz_loadu_epi64(second_mask, keys + i + HALF), &found);
        put_places(found.home[0], found.print[0], found.level[0], first, places + i);
        put_places(found.home[1], found.print[1], found.level[1], second, places + i + HALF);
    }
}

#endif
