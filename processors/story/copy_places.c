#include "copy_places.h"

#include "clones.h"
#include "copy_fold.h"

#include <string.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum {
    FIRST_LONG =
        0xE0, /* first byte of characters of three and more: scripts without blanks are there */
    BITS = 64,
};

/* Bit n says something of byte n of a block. */
struct block {
    uint64_t words;
    uint64_t stops;
    uint64_t names; /* folding changed it, or the second byte of its character */
    uint64_t numbers;
    uint64_t others; /* it is not ASCII, or, of folded text, not to be taken so */
};

/* What goes over from block to block. */
struct carry {
    uint64_t open;    /* 1: a word goes on */
    uint64_t pending; /* 1: a stop since the last word */
};

bool wd_copy_places_init(struct wd_copy_places *places, struct wd_arena *arena, size_t bytes,
                         size_t paragraphs)
{
    size_t folded = bytes + 2 * paragraphs * WD_PLACES_BLOCK;
    *places = (struct wd_copy_places){.count = 0};
    if (bytes > WD_PLACES_BYTES_MAX || folded > WD_PLACES_BYTES_MAX)
        return false;
    size_t words = bytes / 2 + paragraphs + WD_PLACES_BLOCK; /* a block's are written at once */
    places->folded = wd_arena_alloc(arena, folded + (size_t)4 * WD_PLACES_BLOCK);
    places->begins = wd_arena_alloc(arena, 2 * words * sizeof(*places->begins));
    places->kinds = wd_arena_alloc(arena, words);
    places->borders = wd_arena_calloc(arena, words / BITS + 2, sizeof(*places->borders));
    if (!places->folded || !places->begins || !places->kinds || !places->borders)
        return false;
    places->ends = places->begins + words;
    memset(places->folded, WD_FOLD_GAP, WD_PLACES_BLOCK); /* that a word is loaded from its end */
    places->bytes = WD_PLACES_BLOCK;
    return true;
}

/* Those of the begins that have a stop before. It is added to the run
 * of bytes without words that it stands in: the sum runs over into the word behind. */
static inline uint64_t begins_after_stop(const struct block *block, uint64_t begins,
                                         struct carry *carry)
{
    uint64_t sum = 0;
    uint64_t over = __builtin_add_overflow(~block->words, block->stops, &sum);
    over |= __builtin_add_overflow(sum, carry->pending, &sum);
    carry->pending = over;
    return sum & begins;
}

#ifdef __SSE2__

static inline uint64_t bits_of(__m128i in)
{
    return (unsigned)_mm_movemask_epi8(in);
}

/* Bytes from `first` on, `count` of them, as all ones. */
static inline __m128i between(__m128i in, char first, char count)
{
    __m128i low = _mm_sub_epi8(in, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8((char)(count - 1))), low);
}

static inline struct block fold_block(const char *text, unsigned char *folded)
{
    struct block block = {0, 0, 0, 0, 0};
    for (int i = 0; i < WD_PLACES_BLOCK; i += 16) {
        __m128i in = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        __m128i lower = _mm_or_si128(in, _mm_set1_epi8(0x20)); /* digits have the bit already */
        __m128i digit = between(in, '0', 10);
        __m128i word = _mm_or_si128(between(lower, 'a', 26), digit);
        __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(in, _mm_set1_epi8('.')),
                                                 _mm_cmpeq_epi8(in, _mm_set1_epi8('!'))),
                                    _mm_cmpeq_epi8(in, _mm_set1_epi8('?')));
        __m128i gap = _mm_or_si128(_mm_set1_epi8(WD_FOLD_GAP),
                                   _mm_and_si128(stop, _mm_set1_epi8(WD_FOLD_STOP)));
        __m128i out = _mm_or_si128(_mm_and_si128(word, lower), _mm_andnot_si128(word, gap));
        _mm_storeu_si128((__m128i *)(void *)(folded + i), out);
        block.words |= bits_of(word) << i;
        block.stops |= bits_of(stop) << i;
        block.names |= bits_of(between(in, 'A', 26)) << i;
        block.numbers |= bits_of(digit) << i;
        block.others |= bits_of(in) << i;
    }
    return block;
}

#else

static struct block fold_block(const char *text, unsigned char *folded)
{
    struct block block = {0, 0, 0, 0, 0};
    for (int i = 0; i < WD_PLACES_BLOCK; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned char lower = c | 0x20;
        bool digit = c >= '0' && c <= '9';
        bool word = (lower >= 'a' && lower <= 'z') || digit;
        bool stop = c == '.' || c == '!' || c == '?';
        folded[i] = word ? lower : stop ? WD_FOLD_STOP : WD_FOLD_GAP;
        block.words |= (uint64_t)word << i;
        block.stops |= (uint64_t)stop << i;
        block.names |= (uint64_t)(c >= 'A' && c <= 'Z') << i;
        block.numbers |= (uint64_t)digit << i;
        block.others |= (uint64_t)(c >= 0x80) << i;
    }
    return block;
}

#endif

/* Of text that is folded already; `text` and `folded` have a byte more. */
static inline struct block look_at(const char *text, const unsigned char *folded)
{
    struct block block = {0, 0, 0, 0, 0};
    for (int i = 0; i < WD_PLACES_BLOCK; i++) {
        unsigned char c = folded[i];
        bool changed = c != (unsigned char)text[i] ||
                       (c >= 0x80 && folded[i + 1] != (unsigned char)text[i + 1]);
        block.words |= (uint64_t)(c != WD_FOLD_GAP && c != WD_FOLD_STOP) << i;
        block.stops |= (uint64_t)(c == WD_FOLD_STOP) << i;
        block.names |= (uint64_t)changed << i;
        block.numbers |= (uint64_t)(c >= '0' && c <= '9') << i;
        block.others |= (uint64_t)(c == WD_FOLD_PAD || c >= FIRST_LONG) << i;
    }
    return block;
}

/* Returns how many words have ended. */
static inline uint32_t take_block(struct wd_copy_places *places, const struct block *block,
                                  struct carry *carry, uint32_t ended)
{
    uint64_t before = block->words << 1 | carry->open;
    uint64_t begins = block->words & ~before;
    uint64_t names = block->names & ~block->numbers;
    uint64_t left = begins_after_stop(block, begins, carry);
    uint32_t word = places->count;
    for (; left != 0; left &= left - 1) { /* few */
        uint32_t at = word + (uint32_t)__builtin_popcountll(begins & ((left & -left) - 1));
        places->borders[at / BITS] |= UINT64_C(1) << (at % BITS);
    }
    for (left = begins; left != 0; left &= left - 1, word++) {
        unsigned at = (unsigned)__builtin_ctzll(left);
        places->begins[word] = (uint16_t)(places->bytes + at);
        places->kinds[word] = (uint8_t)((block->numbers >> at & 1) * WD_PLACE_NUMBER |
                                        (names >> at & 1) * WD_PLACE_NAME);
    }
    for (left = ~block->words & before; left != 0; left &= left - 1)
        places->ends[ended++] = (uint16_t)(places->bytes + (unsigned)__builtin_ctzll(left));
    places->count = word;
    places->bytes += WD_PLACES_BLOCK;
    carry->open = block->words >> (BITS - 1);
    return ended;
}

/* The text's block at `at`; a copy with zeros behind where it is not whole. */
static inline const char *block_at(struct wd_slice text, size_t at, char copy[WD_PLACES_BLOCK + 1])
{
    if (at + WD_PLACES_BLOCK < text.len)
        return text.data + at;
    memset(copy, 0, WD_PLACES_BLOCK + 1);
    memcpy(copy, text.data + at, text.len - at);
    return copy;
}

/* A word may go on to the very end of the last block. */
static void end_word(struct wd_copy_places *places, const struct carry *carry, uint32_t ended)
{
    if (carry->open)
        places->ends[ended] = (uint16_t)places->bytes;
}

WD_INTEGER_CLONES static bool add_ascii_plain(struct wd_copy_places *all, struct wd_slice text)
{
    struct wd_copy_places places = *all; /* bytes that are written could be it */
    struct carry carry = {0, 0};
    uint32_t ended = places.count;
    for (size_t at = 0; at < text.len; at += WD_PLACES_BLOCK) {
        char copy[WD_PLACES_BLOCK + 1];
        struct block block = fold_block(block_at(text, at, copy), places.folded + places.bytes);
        if (block.others != 0) {
            *all = places;
            return false;
        }
        ended = take_block(&places, &block, &carry, ended);
    }
    end_word(&places, &carry, ended);
    *all = places;
    return true;
}

WD_INTEGER_CLONES static bool add_folded_plain(struct wd_copy_places *all, struct wd_slice text)
{
    struct wd_copy_places places = *all; /* bytes that are written could be it */
    struct carry carry = {0, 0};
    uint32_t ended = places.count;
    for (size_t at = 0; at < text.len; at += WD_PLACES_BLOCK) {
        char copy[WD_PLACES_BLOCK + 1];
        struct block block = look_at(block_at(text, at, copy), places.folded + places.bytes);
        if (block.others != 0) {
            *all = places;
            return false;
        }
        ended = take_block(&places, &block, &carry, ended);
    }
    end_word(&places, &carry, ended);
    *all = places;
    return true;
}

typedef bool add_paragraph(struct wd_copy_places *places, struct wd_slice text);

/* As ASCII, and if it turns out not to be, folded first and then once more. */
static bool add(struct wd_copy_places *places, struct wd_slice text, add_paragraph *ascii,
                add_paragraph *folded)
{
    const struct wd_copy_places before = *places;
    if (text.len == 0)
        return true;
    if (ascii(places, text))
        return true;
    for (uint32_t i = before.count; i < places->count; i++)
        places->borders[i / BITS] &= ~(UINT64_C(1) << (i % BITS));
    *places = before;
    (void)wd_copy_fold(text, places->folded + places->bytes);
    return folded(places, text);
}

bool wd_copy_places_add_plain(struct wd_copy_places *places, struct wd_slice text)
{
    return add(places, text, add_ascii_plain, add_folded_plain);
}

#ifdef WD_WIDE

WD_WIDE static inline void put_places(uint16_t *places, uint64_t bits, size_t base)
{
    const __m512i bytes = _mm512_set_epi64(
        0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
        0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    __m512i there = _mm512_maskz_compress_epi8(bits, bytes);
    __m512i wide = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(there)); /* 32 of 64 at most */
    _mm512_storeu_si512(places, _mm512_add_epi16(wide, _mm512_set1_epi16((short)base)));
}

WD_WIDE static inline void mark_words_wide(const struct wd_copy_places *places,
                                           const struct block *block, uint64_t begins,
                                           uint64_t after_stop)
{
    uint32_t word = places->count;
    uint64_t borders = _pext_u64(after_stop, begins);
    __m512i names = _mm512_maskz_set1_epi8(block->names & ~block->numbers, WD_PLACE_NAME);
    __m512i kinds = _mm512_mask_mov_epi8(names, block->numbers, _mm512_set1_epi8(WD_PLACE_NUMBER));
    kinds = _mm512_maskz_compress_epi8(begins, kinds);
    _mm256_storeu_si256((__m256i *)(void *)(places->kinds + word), _mm512_castsi512_si256(kinds));
    places->borders[word / BITS] |= borders << (word % BITS);
    places->borders[word / BITS + 1] |= borders >> 1 >> (BITS - 1 - word % BITS);
}

WD_WIDE static inline uint32_t take_block_wide(struct wd_copy_places *places,
                                               const struct block *block, struct carry *carry,
                                               uint32_t ended)
{
    uint64_t before = block->words << 1 | carry->open;
    uint64_t begins = block->words & ~before;
    uint64_t ends = ~block->words & before;
    mark_words_wide(places, block, begins, begins_after_stop(block, begins, carry));
    put_places(places->begins + places->count, begins, places->bytes);
    put_places(places->ends + ended, ends, places->bytes);
    places->count += (uint32_t)__builtin_popcountll(begins);
    places->bytes += WD_PLACES_BLOCK;
    carry->open = block->words >> (BITS - 1);
    return ended + (uint32_t)__builtin_popcountll(ends);
}

WD_WIDE static inline __mmask64 mask_of(size_t bytes)
{
    return bytes >= WD_PLACES_BLOCK ? ~UINT64_C(0) : _bzhi_u64(~UINT64_C(0), (unsigned)bytes);
}

WD_WIDE static inline __mmask64 between_wide(__m512i in, char first, char count)
{
    __m512i low = _mm512_sub_epi8(in, _mm512_set1_epi8(first));
    return _mm512_cmplt_epu8_mask(low, _mm512_set1_epi8(count));
}

WD_WIDE static bool add_ascii_wide(struct wd_copy_places *all, struct wd_slice text)
{
    struct wd_copy_places places = *all; /* bytes that are written could be it */
    struct carry carry = {0, 0};
    uint32_t ended = places.count;
    for (size_t at = 0; at < text.len; at += WD_PLACES_BLOCK) {
        __m512i in = _mm512_maskz_loadu_epi8(mask_of(text.len - at), text.data + at);
        __m512i lower = _mm512_or_si512(in, _mm512_set1_epi8(0x20));
        struct block block = {.numbers = between_wide(in, '0', 10),
                              .names = between_wide(in, 'A', 26)};
        if (_mm512_movepi8_mask(in) != 0) {
            *all = places;
            return false;
        }
        block.words = between_wide(lower, 'a', 26) | block.numbers;
        block.stops = _mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8('.')) |
                      _mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8('!')) |
                      _mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8('?'));
        __m512i out = _mm512_mask_mov_epi8(_mm512_set1_epi8(WD_FOLD_GAP), block.words, lower);
        out = _mm512_mask_mov_epi8(out, block.stops, _mm512_set1_epi8(WD_FOLD_STOP));
        _mm512_storeu_si512(places.folded + places.bytes, out);
        ended = take_block_wide(&places, &block, &carry, ended);
    }
    end_word(&places, &carry, ended);
    *all = places;
    return true;
}

WD_WIDE static bool add_folded_wide(struct wd_copy_places *all, struct wd_slice text)
{
    struct wd_copy_places places = *all; /* bytes that are written could be it */
    struct carry carry = {0, 0};
    uint32_t ended = places.count;
    for (size_t at = 0; at < text.len; at += WD_PLACES_BLOCK) {
        const unsigned char *folded = places.folded + places.bytes;
        size_t rest = text.len - at;
        __m512i in = _mm512_loadu_si512(folded);
        __mmask64 there = mask_of(rest);
        __mmask64 changed =
            _mm512_mask_cmpneq_epi8_mask(there, in, _mm512_maskz_loadu_epi8(there, text.data + at));
        __mmask64 next = mask_of(rest - 1);
        __mmask64 changed_next =
            _mm512_mask_cmpneq_epi8_mask(next, _mm512_loadu_si512(folded + 1),
                                         _mm512_maskz_loadu_epi8(next, text.data + at + 1));
        struct block block = {.numbers = between_wide(in, '0', 10),
                              .names = changed | (changed_next & _mm512_movepi8_mask(in)),
                              .stops = _mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8(WD_FOLD_STOP))};
        block.words = ~(block.stops | _mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8(WD_FOLD_GAP)));
        if ((_mm512_cmpeq_epi8_mask(in, _mm512_set1_epi8(WD_FOLD_PAD)) |
             _mm512_cmpge_epu8_mask(in, _mm512_set1_epi8((char)FIRST_LONG))) != 0) {
            *all = places;
            return false;
        }
        ended = take_block_wide(&places, &block, &carry, ended);
    }
    end_word(&places, &carry, ended);
    *all = places;
    return true;
}

bool wd_copy_places_add(struct wd_copy_places *places, struct wd_slice text)
{
    return wd_has_wide() ? add(places, text, add_ascii_wide, add_folded_wide)
                         : wd_copy_places_add_plain(places, text);
}

#else

bool wd_copy_places_add(struct wd_copy_places *places, struct wd_slice text)
{
    return wd_copy_places_add_plain(places, text);
}

#endif
