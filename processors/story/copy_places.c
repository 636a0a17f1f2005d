#include "copy_places_block.h"

#include "byte_marks.h"
#include "clones.h"

#include <string.h>

enum {
    BYTES_BEFORE = 64, /* that a word can be loaded from its end */
    BYTES_MORE = 4 * WD_PLACES_BLOCK,
    SETS = 5,
};

bool wd_copy_places_init(struct wd_copy_places *places, struct wd_arena *arena,
                         struct wd_places_room *room, size_t bytes, size_t paragraphs)
{
    *places = (struct wd_copy_places){.count = 0};
    if (bytes > WD_PLACES_BYTES_MAX || paragraphs > WD_PLACES_BYTES_MAX)
        return false;
    size_t folded = BYTES_BEFORE + bytes + paragraphs + BYTES_MORE;
    if (folded > WD_PLACES_BYTES_MAX)
        return false;
    bool small = folded <= sizeof(room->folded);             /* no more than half of it are words */
    size_t words = bytes / 2 + paragraphs + WD_PLACES_BLOCK; /* a block's are written at once */
    size_t blocks = words / WD_BLOCK_BITS + 3;
    uint64_t *sets = wd_arena_alloc(arena, SETS * blocks * sizeof(*sets));
    places->folded = small ? room->folded : wd_arena_alloc(arena, folded);
    places->words = small ? room->words : wd_arena_alloc(arena, words * sizeof(*places->words));
    if (!sets || !places->folded || !places->words)
        return false;
    places->sets = (struct wd_place_sets){sets, sets + blocks, sets + 2 * blocks, sets + 3 * blocks,
                                          sets + 4 * blocks};
    places->sets.numbers[0] = places->sets.names[0] = places->sets.borders[0] = 0;
    memset(places->folded, WD_FOLD_GAP, BYTES_BEFORE);
    places->bytes = BYTES_BEFORE;
    return true;
}

static inline void cut(uint64_t *set, uint32_t words)
{
    set[words / WD_BLOCK_BITS] &= (UINT64_C(1) << words % WD_BLOCK_BITS) - 1;
    set[words / WD_BLOCK_BITS + 1] = 0;
}

/* Takes out what was appended of a paragraph that is not to be had so. */
static void cut_sets(struct wd_copy_places *places)
{
    cut(places->sets.numbers, places->count);
    cut(places->sets.names, places->count);
    cut(places->sets.borders, places->count);
}

#ifdef __SSE2__

static inline __m128i load(const void *bytes)
{
    return _mm_loadu_si128((const __m128i *)bytes);
}

/* Returns false where it is not ASCII. */
static inline bool fold_block(const char *text, unsigned char *folded,
                              struct wd_places_block *block)
{
    uint64_t others = 0;
    *block = (struct wd_places_block){.within = ~UINT64_C(0)};
    for (int i = 0; i < WD_PLACES_BLOCK; i += 16) {
        __m128i in = load(text + i);
        __m128i lower = _mm_or_si128(in, _mm_set1_epi8(0x20)); /* digits have the bit already */
        __m128i digit = wd_bytes_between(in, '0', 10);
        __m128i word = _mm_or_si128(wd_bytes_between(lower, 'a', 26), digit);
        __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(in, _mm_set1_epi8('.')),
                                                 _mm_cmpeq_epi8(in, _mm_set1_epi8('!'))),
                                    _mm_cmpeq_epi8(in, _mm_set1_epi8('?')));
        __m128i gap = _mm_or_si128(_mm_set1_epi8(WD_FOLD_GAP),
                                   _mm_and_si128(stop, _mm_set1_epi8(WD_FOLD_STOP)));
        __m128i out = _mm_or_si128(_mm_and_si128(word, lower), _mm_andnot_si128(word, gap));
        _mm_storeu_si128((__m128i *)(void *)(folded + i), out);
        block->words |= wd_bytes_marks(word) << i;
        block->stops |= wd_bytes_marks(stop) << i;
        block->names |= wd_bytes_marks(wd_bytes_between(in, 'A', 26)) << i;
        block->numbers |= wd_bytes_marks(digit) << i;
        others |= wd_bytes_marks(in) << i;
    }
    block->lower = block->words & ~(block->names | block->numbers);
    return others == 0;
}

/* Of text that is folded already; `text` and `folded` have a byte more. */
static inline void look_at(const char *text, const unsigned char *folded,
                           struct wd_places_block *block, uint64_t *pads, uint64_t *longs)
{
    *pads = *longs = 0;
    *block = (struct wd_places_block){.within = ~UINT64_C(0)};
    for (int i = 0; i < WD_PLACES_BLOCK; i += 16) {
        __m128i in = load(text + i);
        __m128i out = load(folded + i);
        __m128i stop = _mm_cmpeq_epi8(out, _mm_set1_epi8(WD_FOLD_STOP));
        __m128i none = _mm_or_si128(stop, _mm_cmpeq_epi8(out, _mm_set1_epi8(WD_FOLD_GAP)));
        __m128i equal = _mm_cmpeq_epi8(in, out);
        __m128i equal_next = _mm_cmpeq_epi8(load(text + i + 1), load(folded + i + 1));
        block->words |= wd_bytes_marks(none) << i;
        block->stops |= wd_bytes_marks(stop) << i;
        block->numbers |= wd_bytes_marks(wd_bytes_between(out, '0', 10)) << i;
        block->lower |= wd_bytes_marks(wd_bytes_between(in, 'a', 26)) << i;
        block->names |= (wd_bytes_marks(equal) &
                         (wd_bytes_marks(equal_next) | (wd_bytes_marks(out) ^ UINT64_C(0xFFFF))))
                        << i;
        *pads |= wd_bytes_marks(_mm_cmpeq_epi8(out, _mm_set1_epi8(WD_FOLD_PAD))) << i;
        *longs |= wd_bytes_marks(wd_bytes_between(out, (char)WD_FIRST_LONG, 0x100 - WD_FIRST_LONG))
                  << i;
    }
    block->words = ~block->words;
    block->names = ~block->names & ~block->numbers;
}

#else

/* Returns false where it is not ASCII. */
static inline bool fold_block(const char *text, unsigned char *folded,
                              struct wd_places_block *block)
{
    bool ascii = true;
    *block = (struct wd_places_block){.within = ~UINT64_C(0)};
    for (int i = 0; i < WD_PLACES_BLOCK; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned char lower = c | 0x20;
        bool digit = c >= '0' && c <= '9';
        bool word = (lower >= 'a' && lower <= 'z') || digit;
        bool stop = c == '.' || c == '!' || c == '?';
        folded[i] = word ? lower : stop ? WD_FOLD_STOP : WD_FOLD_GAP;
        block->words |= (uint64_t)word << i;
        block->stops |= (uint64_t)stop << i;
        block->names |= (uint64_t)(c >= 'A' && c <= 'Z') << i;
        block->numbers |= (uint64_t)digit << i;
        ascii = ascii && c < 0x80;
    }
    block->lower = block->words & ~(block->names | block->numbers);
    return ascii;
}

/* Of text that is folded already; `text` and `folded` have a byte more. */
static inline void look_at(const char *text, const unsigned char *folded,
                           struct wd_places_block *block, uint64_t *pads, uint64_t *longs)
{
    *pads = *longs = 0;
    *block = (struct wd_places_block){.within = ~UINT64_C(0)};
    for (int i = 0; i < WD_PLACES_BLOCK; i++) {
        unsigned char c = folded[i];
        bool changed = c != (unsigned char)text[i] ||
                       (c >= 0x80 && folded[i + 1] != (unsigned char)text[i + 1]);
        block->words |= (uint64_t)(c != WD_FOLD_GAP && c != WD_FOLD_STOP) << i;
        block->stops |= (uint64_t)(c == WD_FOLD_STOP) << i;
        block->names |= (uint64_t)changed << i;
        block->numbers |= (uint64_t)(c >= '0' && c <= '9') << i;
        block->lower |= (uint64_t)(text[i] >= 'a' && text[i] <= 'z') << i;
        *pads |= (uint64_t)(c == WD_FOLD_PAD) << i;
        *longs |= (uint64_t)(c >= WD_FIRST_LONG) << i;
    }
    block->names &= ~block->numbers;
}

#endif

/* One after the other; returns the end. */
static inline uint16_t *put_places(uint16_t *places, uint64_t bits, uint32_t base)
{
    for (; bits != 0; bits &= bits - 1)
        *places++ = (uint16_t)(base + (unsigned)__builtin_ctzll(bits));
    return places;
}

static bool add_ascii_plain(struct wd_copy_places *places, struct wd_slice text)
{
    return wd_places_add_ascii(places, text, fold_block, put_places);
}

static bool add_folded_plain(struct wd_copy_places *places, struct wd_slice text)
{
    return wd_places_add_folded(places, text, look_at, put_places);
}

static const struct wd_places_way plain = {add_ascii_plain, add_folded_plain};

static size_t add_all_ascii(const struct wd_places_way *way, struct wd_copy_places *places,
                            const struct wd_slice *texts, size_t count,
                            struct wd_places_begin *begins)
{
    size_t added = 0;
    for (; added < count; added++) {
        begins[added] = (struct wd_places_begin){places->count, places->bytes};
        if (!way->add_ascii(places, texts[added]))
            break;
    }
    return added;
}

size_t wd_places_add_by(const struct wd_places_way *way, struct wd_copy_places *places,
                        const struct wd_slice *texts, size_t count, struct wd_places_begin *begins)
{
    if (count == 0)
        return 0; /* `texts` may be NULL */
    for (size_t at = 0;; at++) {
        at += add_all_ascii(way, places, texts + at, count - at, begins + at);
        if (at == count)
            return count;
        cut_sets(places);
        (void)wd_copy_fold(texts[at], places->folded + places->bytes);
        if (!way->add_folded(places, texts[at])) {
            cut_sets(places);
            return at;
        }
    }
}

size_t wd_copy_places_add_all_plain(struct wd_copy_places *places, const struct wd_slice *texts,
                                    size_t count, struct wd_places_begin *begins)
{
    return wd_places_add_by(&plain, places, texts, count, begins);
}

size_t wd_copy_places_add_all(struct wd_copy_places *places, const struct wd_slice *texts,
                              size_t count, struct wd_places_begin *begins)
{
#ifdef WD_WIDE
    if (wd_has_wide()) {
        size_t added = wd_places_add_wide(places, texts, count, begins);
        if (added < count)
            cut_sets(places);
        return added;
    }
#endif
#ifdef WD_AVX2
    if (wd_has_avx2())
        return wd_places_add_by(&wd_places_avx2, places, texts, count, begins);
#endif
    return wd_copy_places_add_all_plain(places, texts, count, begins);
}
