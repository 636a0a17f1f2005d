/* json_scan.h - finds the end of the plain part of a JSON string, many bytes at a time.
 *
 * Why:    this is the loop that passes over all copy, when it is read, when it is written, and when a format is guessed.
 * Thread: any. */
#ifndef WD_JSON_SCAN_H
#define WD_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { WD_JSON_BLOCK_BYTES = 32 };

static inline bool wd_json_is_special(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

#ifdef __SSE2__
/* FF where a byte stops plain text. With the bit of 2 turned, the quote falls just below the blank's place, so that it and
 * the control bytes are one comparison. */
static inline __m128i wd_json_specials(__m128i bytes)
{
    __m128i turned = _mm_xor_si128(bytes, _mm_set1_epi8(2));
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(turned, _mm_set1_epi8(0x20)), turned);
    return _mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
}

static inline __m128i wd_json_load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline void wd_json_store(char *at, __m128i bytes)
{
    _mm_storeu_si128((__m128i *)(void *)at, bytes);
}
#endif

/* Moves to the next quote, backslash or control byte, or the end. `out`, where given, gets what was passed, and
 * moves with it; there is room for a block more than that. `high` is set where bytes above 7F were passed (or stand
 * just behind). */
static inline const char *wd_json_pass_plain(const char *at, const char *end, char **out,
                                             bool *high)
{
#ifdef __SSE2__
    const char *begin = at;
    __m128i all = _mm_setzero_si128();
    while (end - at >= WD_JSON_BLOCK_BYTES) {
        __m128i first = wd_json_load(at);
        __m128i second = wd_json_load(at + WD_JSON_BLOCK_BYTES / 2);
        if (out) {
            wd_json_store(*out, first);
            wd_json_store(*out + WD_JSON_BLOCK_BYTES / 2, second);
        }
        all = _mm_or_si128(all, _mm_or_si128(first, second));
        unsigned found = (unsigned)_mm_movemask_epi8(wd_json_specials(first)) |
                         (unsigned)_mm_movemask_epi8(wd_json_specials(second)) << 16;
        size_t len = found ? (size_t)__builtin_ctz(found) : WD_JSON_BLOCK_BYTES;
        at += len;
        if (out)
            *out += len;
        if (found) {
            *high |= _mm_movemask_epi8(all) != 0;
            return at;
        }
    }
    /* What is left of a longer text: its last sixteen bytes, of which some were passed before. */
    for (int i = 0; i < 2 && at < end && end - begin >= (ptrdiff_t)sizeof(all); i++) {
        const char *block = (size_t)(end - at) < sizeof(all) ? end - sizeof(all) : at;
        __m128i bytes = wd_json_load(block);
        if (out)
            wd_json_store(*out - (at - block), bytes);
        all = _mm_or_si128(all, bytes);
        unsigned found = (unsigned)_mm_movemask_epi8(wd_json_specials(bytes));
        const char *next = block + (found ? (size_t)__builtin_ctz(found) : sizeof(all));
        if (out)
            *out += next - at;
        at = next;
        if (found)
            break;
    }
    if (end - at >= 8 && end - begin < (ptrdiff_t)sizeof(all)) {
        __m128i bytes = _mm_loadl_epi64((const __m128i *)(const void *)at);
        if (out)
            wd_json_store(*out, bytes);
        all = _mm_or_si128(all, bytes);
        unsigned found = (unsigned)_mm_movemask_epi8(wd_json_specials(bytes)) & 0xFF;
        size_t len = found ? (size_t)__builtin_ctz(found) : 8;
        at += len;
        if (out)
            *out += len;
    }
    *high |= _mm_movemask_epi8(all) != 0;
#endif
    for (; at < end && !wd_json_is_special(*at); at++) {
        *high |= (unsigned char)*at > 0x7F;
        if (out)
            *(*out)++ = *at;
    }
    return at;
}

#endif
