#include "fact_search.h"

#include "byte_marks.h"

enum {
    GRAM_BYTES = 2, /* a shorter fact is searched for */
    LONG_BYTES = 4, /* facts from here on are told by their next two bytes, too */
    PLACES_MAX = 16384,
    BLOCK = WD_MARKS_BLOCK,
    VECTOR = 16,
    FIRST_OF_MORE = 0xC0, /* first byte of characters that are not ASCII, from here on */
};

/* Some bytes of a piece of the copy that are looked at together. */
struct block {
    uint64_t marks;  /* which of them are places */
    uint32_t before; /* how many places stand before the block */
    uint32_t piece;
    size_t at; /* in the piece */
};

/* Where facts may begin: a capital, the first digit of a run, a letter that is not ASCII. */
struct wd_fact_places {
    bool all; /* there was room for them */
    uint32_t count;
    unsigned char *heads; /* of each place's first two bytes, a digest */
    unsigned char *tails; /* of the two behind */
    struct block *blocks;
    size_t block_count;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool may_begin(unsigned char c)
{
    return (unsigned char)(c - 'A') <= 'Z' - 'A' || is_digit((char)c) || c >= FIRST_OF_MORE;
}

/* Five is odd: the second byte is told apart, whatever its bits. */
static unsigned char digest_of(const char *bytes)
{
    return (unsigned char)((unsigned char)bytes[0] + 5 * (unsigned char)bytes[1]);
}

/* The places in a block. `open`: 1 when a digit stands before it. */
static uint64_t mark_places(uint64_t digits, uint64_t letters, uint64_t *open)
{
    uint64_t places = letters | (digits & ~(digits << 1 | *open));
    *open = digits >> (BLOCK - 1);
    return places;
}

static void find_places_plain(struct wd_slice text, uint32_t piece, struct wd_fact_places *places)
{
    uint64_t open = 0;
    for (size_t at = 0; at < text.len; at += BLOCK) {
        char last[BLOCK + LONG_BYTES] = {0}; /* with zeros behind the end */
        const char *block = text.data + at;
        if (text.len - at < sizeof(last)) {
            memcpy(last, block, text.len - at);
            block = last;
        }
        uint64_t letters =
            wd_marks_between(block, 'A', 26) |
            wd_marks_between(block, (char)FIRST_OF_MORE, (char)(256 - FIRST_OF_MORE));
        uint64_t marks = mark_places(wd_marks_between(block, '0', 10), letters, &open);
        if (places->count + BLOCK > PLACES_MAX) {
            places->all = false;
            return;
        }
        places->blocks[places->block_count++] =
            (struct block){.marks = marks, .before = places->count, .piece = piece, .at = at};
        for (; marks != 0; marks &= marks - 1) {
            const char *place = block + __builtin_ctzll(marks);
            places->heads[places->count] = digest_of(place);
            places->tails[places->count++] = digest_of(place + GRAM_BYTES);
        }
    }
}

#ifdef WD_WIDE

/* first + 5 * second */
WD_WIDE static inline __m512i digests_of(__m512i first, __m512i second)
{
    const __m512i shifted_out = _mm512_set1_epi8((char)0xFC);
    __m512i four = _mm512_and_si512(_mm512_slli_epi16(second, 2), shifted_out);
    return _mm512_add_epi8(first, _mm512_add_epi8(second, four));
}

WD_WIDE static void find_places_wide(struct wd_slice text, uint32_t piece,
                                     struct wd_fact_places *places)
{
    uint64_t open = 0;
    uint32_t count = places->count;
    struct block *blocks = places->blocks + places->block_count;
    for (size_t at = 0; at < text.len; at += BLOCK) {
        const char *block = text.data + at;
        size_t rest = text.len - at;
        __m512i first = wd_marks_load_wide(block, rest);
        __m512i second = wd_marks_load_wide(block + 1, rest - 1);
        __m512i third = wd_marks_load_wide(block + 2, rest > 2 ? rest - 2 : 0);
        __m512i fourth = wd_marks_load_wide(block + 3, rest > 3 ? rest - 3 : 0);
        uint64_t letters =
            wd_marks_between_wide(first, 'A', 26) |
            wd_marks_between_wide(first, (char)FIRST_OF_MORE, (char)(256 - FIRST_OF_MORE));
        uint64_t marks = mark_places(wd_marks_between_wide(first, '0', 10), letters, &open);
        if (count + BLOCK > PLACES_MAX) {
            places->all = false;
            break;
        }
        *blocks++ = (struct block){.marks = marks, .before = count, .piece = piece, .at = at};
        _mm512_storeu_si512(places->heads + count,
                            _mm512_maskz_compress_epi8(marks, digests_of(first, second)));
        _mm512_storeu_si512(places->tails + count,
                            _mm512_maskz_compress_epi8(marks, digests_of(third, fourth)));
        count += (uint32_t)__builtin_popcountll(marks);
    }
    places->count = count;
    places->block_count = (size_t)(blocks - places->blocks);
}

#endif

static bool make_room(struct wd_fact_places *places, const struct wd_fact_copy *copy)
{
    size_t len = 0;
    size_t blocks = 1;
    for (size_t i = 0; i < copy->piece_count; i++) {
        len += copy->pieces[i].len;
        blocks += (copy->pieces[i].len + BLOCK - 1) / BLOCK;
    }
    size_t most = (len < PLACES_MAX ? len : PLACES_MAX) + BLOCK;
    places->heads = wd_arena_alloc(copy->arena, 2 * most);
    places->tails = places->heads ? places->heads + most : NULL;
    places->blocks = wd_arena_alloc(copy->arena, blocks * sizeof(*places->blocks));
    return places->heads && places->blocks;
}

typedef void find_places(struct wd_slice text, uint32_t piece, struct wd_fact_places *places);

/* Without memory for them, or with too many, facts are searched for. */
static bool know_places(struct wd_fact_copy *copy, find_places *find)
{
    if (!copy->places) {
        struct wd_fact_places *places = wd_arena_alloc(copy->arena, sizeof(*places));
        if (!places) {
            return false;
        }
        *places = (struct wd_fact_places){.count = 0};
        copy->places = places;
        places->all = make_room(places, copy);
        for (size_t i = 0; i < copy->piece_count && places->all; i++) {
            find(copy->pieces[i], (uint32_t)i, places);
        }
    }
    return copy->places->all;
}

/* The block of the place of this number: the last that has not more before it. */
static const struct block *block_of(const struct wd_fact_places *places, uint32_t place)
{
    size_t low = 0;
    size_t high = places->block_count - 1;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (places->blocks[middle].before <= place) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return &places->blocks[low];
}

/* Bit n: place `first` + n has these digests, of VECTOR places. */
#ifdef __SSE2__
static inline unsigned same_digests(const struct wd_fact_places *places, uint32_t first,
                                    const unsigned char digests[2], bool both)
{
    const __m128i *heads = (const __m128i *)(const void *)(places->heads + first);
    const __m128i *tails = (const __m128i *)(const void *)(places->tails + first);
    __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128(heads), _mm_set1_epi8((char)digests[0]));
    if (both) {
        same = _mm_and_si128(
            same, _mm_cmpeq_epi8(_mm_loadu_si128(tails), _mm_set1_epi8((char)digests[1])));
    }
    return (unsigned)_mm_movemask_epi8(same);
}
#else
static inline unsigned same_digests(const struct wd_fact_places *places, uint32_t first,
                                    const unsigned char digests[2], bool both)
{
    unsigned same = 0;
    for (int i = 0; i < VECTOR; i++) {
        bool here = places->heads[first + i] == digests[0] &&
                    (!both || places->tails[first + i] == digests[1]);
        same |= (unsigned)here << i;
    }
    return same;
}
#endif

/* Whether the fact that was found here counts: a number not as a part of a longer one. */
static bool counts(const struct wd_fact *fact, struct wd_slice text, size_t begin)
{
    size_t end = begin + fact->text.len;
    bool before = begin > 0 && is_digit(text.data[begin - 1]);
    bool after = end < text.len && is_digit(text.data[end]);
    return fact->kind != WD_FACT_NUMBER || (!before && !after);
}

static bool stands_at(const struct wd_fact *fact, const struct wd_fact_copy *copy, uint32_t place)
{
    const struct block *block = block_of(copy->places, place);
    struct wd_slice text = copy->pieces[block->piece];
    uint64_t marks = block->marks;
    for (uint32_t i = block->before; i < place; i++) {
        marks &= marks - 1;
    }
    size_t at = block->at + (size_t)__builtin_ctzll(marks);
    return fact->text.len <= text.len - at &&
           memcmp(text.data + at, fact->text.data, fact->text.len) == 0 && counts(fact, text, at);
}

/* At one of the places from `first` on that bits are set for. */
static bool stands_at_one(const struct wd_fact *fact, const struct wd_fact_copy *copy,
                          uint32_t first, unsigned bits)
{
    for (; bits != 0; bits &= bits - 1) {
        uint32_t place = first + (uint32_t)__builtin_ctz(bits);
        if (place < copy->places->count && stands_at(fact, copy, place)) {
            return true;
        }
    }
    return false;
}

static bool is_at_a_place(const struct wd_fact *fact, const struct wd_fact_copy *copy)
{
    const struct wd_fact_places *places = copy->places;
    bool both = fact->text.len >= LONG_BYTES;
    const unsigned char digests[] = {digest_of(fact->text.data),
                                     both ? digest_of(fact->text.data + GRAM_BYTES) : 0};
    bool found = false;
    for (uint32_t i = 0; i < places->count && !found; i += VECTOR) {
        found = stands_at_one(fact, copy, i, same_digests(places, i, digests, both));
    }
    return found;
}

/* A quotation may begin with a digit in the middle of a number. */
static bool has_places(const struct wd_fact *fact)
{
    return fact->text.len >= GRAM_BYTES && may_begin((unsigned char)fact->text.data[0]) &&
           !(fact->kind == WD_FACT_QUOTATION && is_digit(fact->text.data[0]));
}

static bool is_in(const struct wd_fact *fact, struct wd_slice text)
{
    struct wd_slice rest = text;
    const char *found = NULL;
    while (rest.len > 0 && (found = memmem(rest.data, rest.len, fact->text.data, fact->text.len))) {
        if (counts(fact, text, (size_t)(found - text.data))) {
            return true;
        }
        rest = wd_slice_make(found + 1, (size_t)(text.data + text.len - found - 1));
    }
    return false;
}

static bool stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy, find_places *find)
{
    bool found = false;
    if (has_places(fact) && know_places(copy, find)) {
        return is_at_a_place(fact, copy);
    }
    for (size_t i = 0; i < copy->piece_count && !found; i++) {
        found = is_in(fact, copy->pieces[i]);
    }
    return found;
}

bool wd_fact_stands_in_plain(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    return stands_in(fact, copy, find_places_plain);
}

#ifdef WD_WIDE

bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    return stands_in(fact, copy, wd_has_wide() ? find_places_wide : find_places_plain);
}

#else

bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    return wd_fact_stands_in_plain(fact, copy);
}

#endif
