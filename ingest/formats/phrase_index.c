#include "phrase_index.h"

#include "wd_assert.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK_BYTES = 16 };

void wd_phrase_index_init(struct wd_phrase_index *index, size_t told_by_bytes)
{
    static const unsigned char three[4] = {0xFF, 0xFF, 0xFF, 0};
    WD_ASSERT(told_by_bytes == 3 || told_by_bytes == 4);
    *index = (struct wd_phrase_index){.told_by = UINT32_MAX, .told_by_bytes = told_by_bytes};
    if (told_by_bytes == 3)
        memcpy(&index->told_by, three, sizeof(three)); /* in whatever order this machine has */
}

void wd_phrase_index_add(struct wd_phrase_index *index, size_t number, struct wd_slice phrase)
{
    uint32_t bytes = 0;
    WD_ASSERT(number < WD_PHRASES_MAX);
    WD_ASSERT(phrase.len >= index->told_by_bytes);
    memcpy(&bytes, phrase.data, phrase.len < sizeof(bytes) ? phrase.len : sizeof(bytes));
    uint16_t *last = &index->firsts[wd_phrase_slot(index, bytes)];
    while (*last)
        last = &index->nexts[*last - 1];
    *last = (uint16_t)(number + 1);
}

/* Bit n: byte n is a letter, or above 7F. */
static uint32_t letters_of_block(const char *at)
{
#ifdef __SSE2__
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i places = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(places, _mm_set1_epi8('z' - 'a')), places);
    return (uint32_t)_mm_movemask_epi8(
        _mm_or_si128(letters, bytes)); /* above 7F: the upper bit itself */
#else
    uint32_t letters = 0;
    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        unsigned char c = (unsigned char)at[i];
        letters |= (uint32_t)(c > 0x7F || (unsigned char)((c | 0x20) - 'a') < 26) << i;
    }
    return letters;
#endif
}

void wd_phrase_places_init(struct wd_phrase_places *places, struct wd_slice text)
{
    *places = (struct wd_phrase_places){.text = text};
}

/* The next block's words. False at the end. */
static bool take_block(struct wd_phrase_places *places)
{
    size_t left = places->text.len - places->behind;
    char padded[BLOCK_BYTES] = {0};
    if (left == 0)
        return false;
    const char *at = places->text.data + places->behind;
    if (left < BLOCK_BYTES)
        at = memcpy(padded, at, left);
    uint32_t letters = letters_of_block(at);
    places->starts = letters & ~(letters << 1 | places->inside);
    places->inside = letters >> (BLOCK_BYTES - 1);
    places->behind += left < BLOCK_BYTES ? left : BLOCK_BYTES;
    return true;
}

/* The next one of the words of the block that is looked at. */
static bool next_in_block(const struct wd_phrase_index *index, struct wd_phrase_places *places,
                          size_t *at)
{
    size_t begin = (places->behind - 1) & ~(size_t)(BLOCK_BYTES - 1);
    for (; places->starts; places->starts &= places->starts - 1) {
        *at = begin + (size_t)__builtin_ctz(places->starts);
        if (wd_phrase_index_first(index, wd_slice_from_offset(places->text, *at)))
            break;
    }
    bool found = places->starts != 0;
    places->starts &= places->starts - 1;
    return found;
}

bool wd_phrase_places_next(const struct wd_phrase_index *index, struct wd_phrase_places *places,
                           size_t *at)
{
    bool found = next_in_block(index, places, at);
    while (!found && take_block(places))
        found = next_in_block(index, places, at);
    return found;
}
