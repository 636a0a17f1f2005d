#include "byte_marks.h"
#include "copy_places_block.h"

#include <string.h>

#ifdef WD_WIDE

/* Each ASCII character as it is folded. */
static const unsigned char ascii_folds[128] = "                                "
                                              " .            . 0123456789     ."
                                              " abcdefghijklmnopqrstuvwxyz     "
                                              " abcdefghijklmnopqrstuvwxyz    ";

WD_WIDE static inline __mmask64 mask_of(size_t bytes)
{
    return bytes >= WD_PLACES_BLOCK ? ~UINT64_C(0) : _bzhi_u64(~UINT64_C(0), (unsigned)bytes);
}

WD_WIDE static inline void put_places(uint16_t *places, uint64_t bits, uint32_t base)
{
    const __m512i bytes = _mm512_set_epi64(
        0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
        0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m512i from = _mm512_set1_epi16((short)base);
    __m512i there = _mm512_maskz_compress_epi8(bits, bytes);
    __m512i some = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(there));
    _mm512_storeu_si512(places, _mm512_add_epi16(some, from));
    if (_mm_popcnt_u64(bits) > 32) { /* words of one letter each */
        some = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(there, 1));
        _mm512_storeu_si512(places + 32, _mm512_add_epi16(some, from));
    }
}

/* A paragraph on its way, in registers: bytes that are written could be what lies in memory. */
struct walk {
    unsigned char *folded;
    uint16_t *places;
    struct wd_place_sets sets;
    uint32_t bytes, words;
    uint64_t open;                    /* 1: a word goes on; it is not yet among the words */
    uint64_t pending;                 /* 1: a stop since the last word */
    uint64_t numbers, names, borders; /* the sets' bits of the last eight words or fewer */
};

WD_WIDE static inline uint64_t last_bits_of(const uint64_t *set, uint32_t words)
{
    return _bzhi_u64(((const uint8_t *)set)[words / 8], words % 8);
}

WD_WIDE static inline struct walk walk_from(const struct wd_copy_places *places)
{
    uint32_t words = places->count;
    return (struct walk){.folded = places->folded,
                         .places = (uint16_t *)places->words,
                         .sets = places->sets,
                         .bytes = places->bytes,
                         .words = words,
                         .numbers = last_bits_of(places->sets.numbers, words),
                         .names = last_bits_of(places->sets.names, words),
                         .borders = last_bits_of(places->sets.borders, words)};
}

/* Writes bits behind those of `words`, from a byte on; keeps the last byte's for `next` words. */
static inline uint64_t put_bits(uint64_t *set, uint32_t words, uint32_t next, uint64_t last,
                                uint64_t bits)
{
    last |= bits << words % 8;
    memcpy((uint8_t *)set + words / 8, &last, sizeof(last));
    return last >> 8 * (next / 8 - words / 8);
}

/* A paragraph's last word may go on to its very end; what is written behind another one is written over. */
static inline void end_paragraph(struct walk *walk)
{
    walk->places[(size_t)2 * walk->words - walk->open] = (uint16_t)walk->bytes;
    walk->folded[walk->bytes++] = WD_FOLD_GAP;
    walk->open = walk->pending = 0;
}

/* What is left of the bits; zeros behind them. */
WD_WIDE static inline void end_walk(const struct walk *walk, struct wd_copy_places *places)
{
    uint32_t words = walk->words;
    (void)put_bits(walk->sets.numbers, words, words, walk->numbers, 0);
    (void)put_bits(walk->sets.names, words, words, walk->names, 0);
    (void)put_bits(walk->sets.borders, words, words, walk->borders, 0);
    places->count = words;
    places->bytes = walk->bytes;
}

WD_WIDE static inline void take_block_wide(struct walk *walk, const struct wd_places_block *block)
{
    uint64_t before = block->words << 1 | walk->open;
    uint64_t begins = block->words & ~before;
    uint64_t changes = (block->words ^ before) & block->within;
    uint64_t after_stop = wd_begins_after_stop(block, begins, &walk->pending) & ~block->lower;
    uint32_t words = walk->words;
    uint32_t next = words + (uint32_t)_mm_popcnt_u64(begins);
    put_places(walk->places + ((size_t)2 * words - walk->open), changes, walk->bytes);
    walk->open = (block->words & ~(block->within >> 1) & block->within) != 0;
    walk->numbers =
        put_bits(walk->sets.numbers, words, next, walk->numbers, _pext_u64(block->numbers, begins));
    walk->names =
        put_bits(walk->sets.names, words, next, walk->names, _pext_u64(block->names, begins));
    walk->borders =
        put_bits(walk->sets.borders, words, next, walk->borders, _pext_u64(after_stop, begins));
    walk->words = next;
}

/* What there is in a block as it was written and as it is folded, without pads. */
WD_WIDE static inline struct wd_places_block block_of(__m512i in, __m512i out)
{
    struct wd_places_block block = {.words = _mm512_cmpge_epu8_mask(out, _mm512_set1_epi8('0')),
                                    .stops =
                                        _mm512_cmpeq_epi8_mask(out, _mm512_set1_epi8(WD_FOLD_STOP)),
                                    .within = ~UINT64_C(0)};
    block.names = _mm512_mask_cmpneq_epi8_mask(block.words, in, out);
    block.numbers = _mm512_mask_cmple_epu8_mask(block.words, out, _mm512_set1_epi8('9'));
    block.lower = ~(block.names | block.numbers); /* of words */
    return block;
}

/* A block of text: its bytes, and each with the last byte of its character. */
struct characters {
    __m512i in, last;
    __m512i next;        /* the byte behind each */
    uint64_t two, three; /* first bytes of characters of so many */
    uint64_t marks;      /* first bytes of those that may not stand beside each other */
};

/* Of `len` bytes. False where there are characters of four bytes. */
WD_WIDE static inline bool find_characters(const char *at, size_t rest, uint32_t len,
                                           struct characters *all)
{
    all->in = _mm512_maskz_loadu_epi8(mask_of(len), at);
    all->next = _mm512_maskz_loadu_epi8(mask_of(rest - 1), at + 1);
    __m512i third = _mm512_maskz_loadu_epi8(mask_of(rest > 2 ? rest - 2 : 0), at + 2);
    all->three = _mm512_cmpge_epu8_mask(all->in, _mm512_set1_epi8((char)WD_FIRST_LONG));
    all->two = _mm512_cmpge_epu8_mask(all->in, _mm512_set1_epi8((char)0xC0)) & ~all->three;
    all->last = _mm512_mask_mov_epi8(all->in, all->two | all->three << 1, all->next);
    all->last = _mm512_mask_mov_epi8(all->last, all->three, third);
    return _mm512_cmpge_epu8_mask(all->in, _mm512_set1_epi8((char)0xF0)) == 0;
}

/* Folds what is not ASCII, page by page: a text has one or two. False where it is not so simple. */
WD_WIDE static inline bool fold_characters(const char *at, const struct wd_fold_page *pages,
                                           struct characters *all, __m512i *out)
{
    uint64_t firsts = all->two | all->three;
    __m512i folded = *out;
    all->marks = 0;
    for (uint64_t left = firsts; left != 0;) {
        const unsigned char *first = (const unsigned char *)at + __builtin_ctzll(left);
        bool three = first[0] >= WD_FIRST_LONG;
        size_t page = three ? (size_t)(first[0] & 0x0F) << 6 | (first[1] & 0x3F) : first[0] & 0x1F;
        const void *bytes = pages[page].bytes;
        uint64_t same = left & _mm512_cmpeq_epi8_mask(all->in, _mm512_set1_epi8((char)first[0]));
        if (three) {
            same &= _mm512_cmpeq_epi8_mask(all->next, _mm512_set1_epi8((char)first[1]));
            folded = _mm512_mask_permutexvar_epi8(folded, same << 2, all->last,
                                                  _mm512_loadu_si512(pages[page].bytes[2]));
        }
        folded = _mm512_mask_permutexvar_epi8(folded, same, all->last, _mm512_loadu_si512(bytes));
        folded = _mm512_mask_permutexvar_epi8(folded, same << 1, all->last,
                                              _mm512_loadu_si512(pages[page].bytes[1]));
        if (pages[page].has_marks)
            all->marks |= _mm512_movepi8_mask(_mm512_maskz_permutexvar_epi8(
                same, all->last, _mm512_loadu_si512(pages[page].marks)));
        left &= ~same;
    }
    *out = folded;
    return _mm512_mask_testn_epi8_mask(firsts, folded, folded) == 0;
}

WD_WIDE static inline __m512i fold_ascii_wide(__m512i in)
{
    return _mm512_permutex2var_epi8(_mm512_loadu_si512(ascii_folds), in,
                                    _mm512_loadu_si512(ascii_folds + WD_PLACES_BLOCK));
}

/* How much of the text there is in the block, without a character that goes on behind it. */
static inline uint32_t whole_characters(const char *at, size_t rest)
{
    const unsigned char *end = (const unsigned char *)at + WD_PLACES_BLOCK;
    if (rest <= WD_PLACES_BLOCK)
        return (uint32_t)rest;
    return WD_PLACES_BLOCK - (end[-1] >= 0xC0 ? 1 : end[-2] >= WD_FIRST_LONG ? 2 : 0);
}

/* Whether a mark stands behind a mark, be it the last one of the block before (`mark`, 1), which becomes that of
 * this one. */
static inline bool stand_together(const struct characters *all, uint32_t len, uint64_t *mark)
{
    uint64_t two = all->marks & all->two;
    uint64_t three = all->marks & all->three;
    bool together = (all->marks & (two << 2 | three << 3 | *mark)) != 0;
    *mark = (two >> (len - 2) % 64 & 1) | (three >> (len - 3) % 64 & 1);
    return together;
}

/* A block that is not all ASCII. Returns how many bytes were taken; 0: that is not to be done so. */
WD_WIDE static inline uint32_t take_characters(struct walk *walk, const char *at, size_t rest,
                                               uint64_t *mark)
{
    struct characters all;
    uint32_t len = whole_characters(at, rest);
    if (!find_characters(at, rest, len, &all))
        return 0;
    __m512i out = fold_ascii_wide(all.in);
    if (!fold_characters(at, wd_copy_fold_pages(), &all, &out) || stand_together(&all, len, mark))
        return 0;
    struct wd_places_block block = block_of(all.in, out);
    block.names |= block.names >> 1 & _mm512_movepi8_mask(out);
    block.lower &= ~_mm512_movepi8_mask(all.in);
    if (len < rest)
        block.within = mask_of(len);
    _mm512_storeu_si512(walk->folded + walk->bytes, out);
    take_block_wide(walk, &block);
    walk->bytes += len;
    return len;
}

WD_WIDE static inline void take_ascii(struct walk *walk, __m512i in, uint32_t len)
{
    __m512i out = fold_ascii_wide(in);
    struct wd_places_block block = block_of(in, out);
    _mm512_storeu_si512(walk->folded + walk->bytes, out);
    take_block_wide(walk, &block);
    walk->bytes += len;
}

WD_WIDE static inline uint32_t block_len(size_t rest)
{
    return rest < WD_PLACES_BLOCK ? (uint32_t)rest : WD_PLACES_BLOCK;
}

/* Text in which not all is ASCII; apart, so that the other way has all registers. False where it is not so
 * simple. */
WD_WIDE static __attribute__((noinline)) bool take_mixed(struct walk *to, const char *at,
                                                         size_t rest)
{
    struct walk walk = *to;
    uint64_t mark = 0;
    while (rest > 0) {
        uint32_t len = block_len(rest);
        __m512i in = _mm512_maskz_loadu_epi8(mask_of(len), at);
        if (_mm512_movepi8_mask(in) == 0) {
            take_ascii(&walk, in, len);
            mark = 0;
        } else {
            len = take_characters(&walk, at, rest, &mark);
        }
        if (len == 0)
            return false;
        at += len;
        rest -= len;
    }
    *to = walk;
    return true;
}

/* False where it is not so simple. */
WD_WIDE static inline bool take_paragraph(struct walk *walk, struct wd_slice text)
{
    const char *at = text.data;
    size_t rest = text.len;
    while (rest > 0) {
        uint32_t len = block_len(rest);
        __m512i in = _mm512_maskz_loadu_epi8(mask_of(len), at);
        if (_mm512_movepi8_mask(in) != 0)
            break;
        take_ascii(walk, in, len);
        at += len;
        rest -= len;
    }
    if (rest > 0) {
        struct walk mixed = *walk; /* the walk itself has no address */
        if (!take_mixed(&mixed, at, rest))
            return false;
        *walk = mixed;
    }
    end_paragraph(walk);
    return true;
}

WD_WIDE size_t wd_places_add_wide(struct wd_copy_places *places, const struct wd_slice *texts,
                                  size_t count, struct wd_places_begin *begins)
{
    struct walk walk = walk_from(places);
    size_t added = 0;
    for (; added < count; added++) {
        begins[added] = (struct wd_places_begin){walk.words, walk.bytes};
        if (!take_paragraph(&walk, texts[added]))
            break;
    }
    end_walk(&walk, places);
    if (added < count) {
        places->count = begins[added].word;
        places->bytes = begins[added].byte;
    }
    return added;
}

WD_WIDE bool wd_places_add_folded_wide(struct wd_copy_places *places, struct wd_slice text)
{
    struct walk walk = walk_from(places);
    size_t rest = text.len;
    for (size_t at = 0; rest > 0; at += WD_PLACES_BLOCK) {
        const unsigned char *folded = walk.folded + walk.bytes;
        uint32_t len = rest < WD_PLACES_BLOCK ? (uint32_t)rest : WD_PLACES_BLOCK;
        __m512i out = _mm512_loadu_si512(folded);
        __m512i in = _mm512_maskz_loadu_epi8(mask_of(rest), text.data + at);
        __mmask64 next = mask_of(rest - 1);
        __mmask64 changed_next =
            _mm512_mask_cmpneq_epi8_mask(next, _mm512_loadu_si512(folded + 1),
                                         _mm512_maskz_loadu_epi8(next, text.data + at + 1));
        struct wd_places_block block = block_of(in, out);
        uint64_t pads = _mm512_cmpeq_epi8_mask(out, _mm512_set1_epi8(WD_FOLD_PAD));
        block.words |= pads;
        places->has_pads |= pads != 0;
        block.lower = wd_marks_between_wide(in, 'a', 26);
        block.names |= changed_next & _mm512_movepi8_mask(out);
        block.names &= ~block.numbers;
        uint64_t longs = _mm512_cmpge_epu8_mask(out, _mm512_set1_epi8((char)WD_FIRST_LONG)) &
                         ~(block.words << 1 | walk.open);
        if (wd_places_without_blanks(folded, longs))
            return false;
        take_block_wide(&walk, &block);
        walk.bytes += len;
        rest -= len;
    }
    end_paragraph(&walk);
    end_walk(&walk, places);
    return true;
}

#endif
