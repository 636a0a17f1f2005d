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

WD_WIDE static inline uint32_t block_len(size_t rest)
{
    return rest < WD_PLACES_BLOCK ? (uint32_t)rest : WD_PLACES_BLOCK;
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
    uint64_t pads;                    /* not 0: there have been some */
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
    places->has_pads |= walk->pads != 0;
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

/* A block of text that has characters of two or three bytes. */
struct characters {
    __m512i in, next;    /* its bytes, and the one behind each */
    __m512i last;        /* each with the last byte of its character */
    uint64_t two, three; /* first bytes of characters of so many */
    __m512i classes;     /* enum wd_fold_class at their first bytes */
};

/* How much of the text there is in the block, without a character that goes on behind it: by a look at single
 * bytes, since where the next block begins should be known long before this one is done. */
static inline uint32_t whole_characters(const char *at, size_t rest)
{
    const unsigned char *end = (const unsigned char *)at + WD_PLACES_BLOCK;
    if (rest <= WD_PLACES_BLOCK)
        return (uint32_t)rest;
    return WD_PLACES_BLOCK - (end[-1] >= 0xC0 ? 1 : end[-2] >= WD_FIRST_LONG ? 2 : 0);
}

/* Of `len` bytes. False where there are characters of four bytes. */
WD_WIDE static inline bool find_characters(const char *at, size_t rest, uint32_t len,
                                           struct characters *all)
{
    all->in = _mm512_maskz_loadu_epi8(mask_of(len), at);
    all->three = _mm512_cmpge_epu8_mask(all->in, _mm512_set1_epi8((char)WD_FIRST_LONG));
    all->two = _mm512_cmpge_epu8_mask(all->in, _mm512_set1_epi8((char)0xC0)) & ~all->three;
    all->next = _mm512_maskz_loadu_epi8(mask_of(rest - 1), at + 1);
    __m512i third = _mm512_maskz_loadu_epi8(mask_of(rest > 2 ? rest - 2 : 0), at + 2);
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
    __m512i classes = _mm512_setzero_si512();
    for (uint64_t left = firsts; left != 0;) {
        const unsigned char *first = (const unsigned char *)at + __builtin_ctzll(left);
        bool three = first[0] >= WD_FIRST_LONG;
        const struct wd_fold_page *page =
            pages + (three ? (size_t)(first[0] & 0x0F) << 6 | (first[1] & 0x3F) : first[0] & 0x1F);
        uint64_t same = left & _mm512_cmpeq_epi8_mask(all->in, _mm512_set1_epi8((char)first[0]));
        if (three) {
            same &= _mm512_cmpeq_epi8_mask(all->next, _mm512_set1_epi8((char)first[1]));
            folded = _mm512_mask_permutexvar_epi8(folded, same << 2, all->last,
                                                  _mm512_load_si512(page->bytes[2]));
        }
        folded = _mm512_mask_permutexvar_epi8(folded, same, all->last,
                                              _mm512_load_si512(page->bytes[0]));
        folded = _mm512_mask_permutexvar_epi8(folded, same << 1, all->last,
                                              _mm512_load_si512(page->bytes[1]));
        classes = _mm512_mask_permutexvar_epi8(classes, same, all->last,
                                               _mm512_load_si512(page->classes));
        left &= ~same;
    }
    *out = folded;
    all->classes = classes;
    return _mm512_mask_testn_epi8_mask(firsts, folded, folded) == 0;
}

WD_WIDE static inline __m512i fold_ascii_wide(__m512i in)
{
    return _mm512_permutex2var_epi8(_mm512_loadu_si512(ascii_folds), in,
                                    _mm512_loadu_si512(ascii_folds + WD_PLACES_BLOCK));
}

WD_WIDE static inline uint64_t of_class(const struct characters *all, int any)
{
    return _mm512_test_epi8_mask(all->classes, _mm512_set1_epi8((char)any));
}

/* First bytes of what is directly behind those of the classes; `last` is what the last character of the block before
 * was. */
WD_WIDE static inline uint64_t behind(const struct characters *all, int any, uint8_t last)
{
    uint64_t firsts = of_class(all, any);
    return (firsts & all->two) << 2 | (firsts & all->three) << 3 | ((last & any) != 0);
}

/* The byte behind each character of a word that is not folded to itself, and the block's first, before which nobody knows. */
WD_WIDE static inline uint64_t behind_changed(const struct characters *all, __m512i out)
{
    uint64_t changed =
        _mm512_cmpneq_epi8_mask(all->in, out) & _mm512_cmpge_epu8_mask(out, _mm512_set1_epi8('0'));
    uint64_t two = changed | changed << 1;
    uint64_t three = two | changed << 2;
    uint64_t ends = (changed & ~_mm512_movepi8_mask(all->in)) | (two & all->two << 1) |
                    (three & all->three << 2);
    return ends << 1 | 1;
}

/* Whether any of them may not be folded without those beside it. */
WD_WIDE static inline bool depend_on_others(const struct characters *all, __m512i out, uint8_t last)
{
    uint64_t marks = of_class(all, WD_FOLD_MARK);
    uint64_t longer = of_class(all, WD_FOLD_LONGER);
    uint64_t several = of_class(all, WD_FOLD_SEVERAL);
    if ((marks | longer | several) == 0)
        return false;
    uint64_t wrong = marks & behind(all, WD_FOLD_MARK | WD_FOLD_SEVERAL | WD_FOLD_PADDED, last);
    wrong |= longer & behind(all, WD_FOLD_LONGER | WD_FOLD_SEVERAL | WD_FOLD_PADDED, last);
    wrong |= several & behind(all, WD_FOLD_MARK | WD_FOLD_LONGER | WD_FOLD_PADDED, last);
    wrong |= of_class(all, WD_FOLD_COMPOSES) & behind(all, WD_FOLD_LETTER, last);
    if (longer != 0) {
        uint64_t after = behind_changed(all, out);
        uint64_t before = marks & after;
        wrong |= longer & (after | (before & all->two) << 2 | (before & all->three) << 3);
    }
    return wrong != 0;
}

/* What the last character is. */
WD_WIDE static inline uint8_t last_class(const struct characters *all, uint32_t len)
{
    uint8_t classes[WD_PLACES_BLOCK];
    unsigned first = 63 - (unsigned)__builtin_clzll(all->two | all->three);
    _mm512_storeu_si512(classes, all->classes);
    return first + 2 + (all->three >> first & 1) == len ? classes[first] : 0;
}

/* What stands for nothing is of the word behind whose bytes it stands, if any: they are added to the run of such
 * bytes that follows them, which is cleared then. Returns all pads. */
WD_WIDE static inline uint64_t put_pads(const struct characters *all, uint64_t open, __m512i *out)
{
    const __m512i pad = _mm512_set1_epi8(WD_FOLD_PAD);
    uint64_t pads = _mm512_cmpeq_epi8_mask(*out, pad);
    uint64_t words = _mm512_cmpge_epu8_mask(*out, _mm512_set1_epi8('0')) | pads;
    uint64_t gone = of_class(all, WD_FOLD_GONE);
    gone |= gone << 1 | (gone & all->three) << 2;
    uint64_t within = gone & ~(gone + (gone & (words << 1 | open)));
    *out = _mm512_mask_mov_epi8(*out, within, pad);
    return pads | within;
}

/* A block that is not all ASCII. Returns how many bytes were taken; 0: that is not to be done so. */
WD_WIDE static inline uint32_t take_characters(struct walk *walk, const char *at, size_t rest,
                                               uint8_t *last)
{
    struct characters all;
    uint32_t len = whole_characters(at, rest);
    if (!find_characters(at, rest, len, &all))
        return 0;
    __m512i out = fold_ascii_wide(all.in);
    uint64_t pads = 0;
    if (!fold_characters(at, wd_copy_fold_pages(), &all, &out))
        return 0;
    uint8_t before = *last;
    *last = 0;
    if (_mm512_test_epi8_mask(all.classes, all.classes) != 0) {
        if (depend_on_others(&all, out, before))
            return 0;
        pads = put_pads(&all, walk->open, &out);
        *last = last_class(&all, len);
    }
    struct wd_places_block block = block_of(all.in, out);
    walk->pads |= pads;
    block.words |= pads;
    block.names |= block.names >> 1 & _mm512_movepi8_mask(out);
    block.names &= ~block.numbers;
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

/* Text that is folded already; false where it is of a script without blanks. */
WD_WIDE static inline bool take_folded(struct walk *walk, const char *at, size_t rest)
{
    while (rest > 0) {
        const unsigned char *folded = walk->folded + walk->bytes;
        uint32_t len = block_len(rest);
        __m512i out = _mm512_loadu_si512(folded);
        __m512i in = _mm512_maskz_loadu_epi8(mask_of(rest), at);
        __mmask64 next = mask_of(rest - 1);
        __mmask64 changed_next = _mm512_mask_cmpneq_epi8_mask(
            next, _mm512_loadu_si512(folded + 1), _mm512_maskz_loadu_epi8(next, at + 1));
        struct wd_places_block block = block_of(in, out);
        uint64_t pads = _mm512_cmpeq_epi8_mask(out, _mm512_set1_epi8(WD_FOLD_PAD));
        block.words |= pads;
        walk->pads |= pads;
        block.lower = wd_marks_between_wide(in, 'a', 26);
        block.names |= changed_next & _mm512_movepi8_mask(out);
        block.names &= ~block.numbers;
        uint64_t longs = _mm512_cmpge_epu8_mask(out, _mm512_set1_epi8((char)WD_FIRST_LONG)) &
                         ~(block.words << 1 | walk->open);
        if (wd_places_without_blanks(folded, longs))
            return false;
        take_block_wide(walk, &block);
        walk->bytes += len;
        at += len;
        rest -= len;
    }
    return true;
}

/* Takes back a word that goes on; what stood before it in the paragraph, from `origin` on, is looked at for a
 * stop. Returns how many bytes those are. */
WD_WIDE static inline uint32_t take_back_word(struct walk *walk, uint32_t origin)
{
    uint32_t words = walk->words - 1;
    uint32_t begin = walk->places[(size_t)2 * words];
    uint32_t back = walk->bytes - begin;
    uint32_t before = begin;
    while (before > origin && walk->folded[before - 1] == WD_FOLD_GAP)
        before--;
    walk->pending = before > origin && walk->folded[before - 1] == WD_FOLD_STOP;
    walk->open = 0;
    walk->words = words;
    walk->bytes = begin;
    walk->numbers = last_bits_of(walk->sets.numbers, words);
    walk->names = last_bits_of(walk->sets.names, words);
    walk->borders = last_bits_of(walk->sets.borders, words);
    return back;
}

/* What is not simple in a block, with the words that it is in: from a gap to a blank nothing depends on what is
 * around. Returns the end of what was taken, NULL where it is of a script without blanks. */
WD_WIDE static __attribute__((noinline)) const char *take_hard(struct walk *walk, const char *at,
                                                               size_t rest, uint32_t origin)
{
    uint32_t len = block_len(rest);
    const char *blank = memchr(at + len, ' ', rest - len);
    const char *end = blank ? blank : at + rest;
    if (walk->open != 0)
        at -= take_back_word(walk, origin);
    struct wd_slice text = wd_slice_make(at, (size_t)(end - at));
    (void)wd_copy_fold(text, walk->folded + walk->bytes);
    return take_folded(walk, text.data, text.len) ? end : NULL;
}

/* Text in which not all is ASCII; apart, so that the other way has all registers. The paragraph begins at `origin`
 * of the folded text. False where it is of a script without blanks. */
WD_WIDE static __attribute__((noinline)) bool take_mixed(struct walk *to, const char *at,
                                                         size_t rest, uint32_t origin)
{
    struct walk walk = *to;
    uint8_t last = 0; /* class of the last character of the block before */
    const char *end = at + rest;
    while (at < end) {
        rest = (size_t)(end - at);
        uint32_t len = block_len(rest);
        __m512i in = _mm512_maskz_loadu_epi8(mask_of(len), at);
        if (_mm512_movepi8_mask(in) == 0) {
            take_ascii(&walk, in, len);
            last = 0;
        } else {
            len = take_characters(&walk, at, rest, &last);
        }
        at += len;
        if (len == 0) {
            struct walk hard = walk; /* this one has no address */
            at = take_hard(&hard, at, rest, origin);
            walk = hard;
            last = 0;
        }
        if (!at)
            return false;
    }
    *to = walk;
    return true;
}

/* False where it is of a script without blanks. */
WD_WIDE static inline bool take_paragraph(struct walk *walk, struct wd_slice text)
{
    const char *at = text.data;
    size_t rest = text.len;
    uint32_t origin = walk->bytes;
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
        if (!take_mixed(&mixed, at, rest, origin))
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

#endif
