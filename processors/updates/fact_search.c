#include "fact_search.h"

#include "byte_marks.h"

enum {
    HEAD_BYTES = 2, /* a shorter fact is searched for */
    LOOK_BYTES = 4, /* of a place, all in all */
    PLACES_MAX = 16384,
    BLOCK = WD_MARKS_BLOCK,
    FEW = 16,             /* places in a block, as a rule */
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
    unsigned char *heads; /* of each place's first two bytes, a digest; a block more can be read */
    unsigned char *tails; /* of the character behind */
    struct block *blocks;
    size_t block_count;
};

static bool may_begin(unsigned char c)
{
    return (unsigned char)(c - 'A') <= 'Z' - 'A' || wd_text_is_digit((char)c) || c >= FIRST_OF_MORE;
}

/* Of two bytes. Five is odd: the second one is told apart, whatever its bits. */
static unsigned char digest_of(unsigned char first, unsigned char second)
{
    return (unsigned char)(first + 5 * second);
}

static unsigned char head_of(const char *place)
{
    return digest_of((unsigned char)place[0], (unsigned char)place[1]);
}

/* Of the third byte; with the next one where that belongs to the same character. */
static unsigned char tail_of(const char *place)
{
    unsigned char third = (unsigned char)place[HEAD_BYTES];
    return digest_of(third, third >= FIRST_OF_MORE ? (unsigned char)place[HEAD_BYTES + 1] : 0);
}

/* Of a fact. */
struct fact_digests {
    unsigned char head, tail;
    bool has_tail; /* it is long enough */
};

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
        char last[BLOCK + LOOK_BYTES] = {0}; /* with zeros behind the end */
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
            places->heads[places->count] = head_of(place);
            places->tails[places->count++] = tail_of(place);
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

/* A block with the three bytes behind it. */
struct wide_block {
    __m512i first, second, third, fourth;
};

WD_WIDE static inline struct wide_block load_block(const char *block, size_t rest)
{
    if (rest >= BLOCK + LOOK_BYTES) {
        return (struct wide_block){_mm512_loadu_si512(block), _mm512_loadu_si512(block + 1),
                                   _mm512_loadu_si512(block + 2), _mm512_loadu_si512(block + 3)};
    }
    return (struct wide_block){wd_marks_load_wide(block, rest),
                               wd_marks_load_wide(block + 1, rest - 1),
                               wd_marks_load_wide(block + 2, rest > 2 ? rest - 2 : 0),
                               wd_marks_load_wide(block + 3, rest > 3 ? rest - 3 : 0)};
}

WD_WIDE static inline void put_digests(unsigned char *out, uint64_t marks, bool few,
                                       __m512i digests)
{
    __m512i there = _mm512_maskz_compress_epi8(marks, digests);
    if (few) {
        _mm_storeu_si128((__m128i *)(void *)out, _mm512_castsi512_si128(there));
    } else {
        _mm512_storeu_si512(out, there);
    }
}

WD_WIDE static void find_places_wide(struct wd_slice text, uint32_t piece,
                                     struct wd_fact_places *places)
{
    uint64_t open = 0;
    uint32_t count = places->count;
    struct block *blocks = places->blocks + places->block_count;
    for (size_t at = 0; at < text.len; at += BLOCK) {
        struct wide_block in = load_block(text.data + at, text.len - at);
        const __m512i first_of_more = _mm512_set1_epi8((char)FIRST_OF_MORE);
        uint64_t letters = wd_marks_between_wide(in.first, 'A', 26) |
                           _mm512_cmpge_epu8_mask(in.first, first_of_more);
        uint64_t marks = mark_places(wd_marks_between_wide(in.first, '0', 10), letters, &open);
        __mmask64 longer = _mm512_cmpge_epu8_mask(in.third, first_of_more);
        uint32_t here = (uint32_t)__builtin_popcountll(marks);
        if (count + BLOCK > PLACES_MAX) {
            places->all = false;
            break;
        }
        *blocks++ = (struct block){.marks = marks, .before = count, .piece = piece, .at = at};
        put_digests(places->heads + count, marks, here <= FEW, digests_of(in.first, in.second));
        put_digests(places->tails + count, marks, here <= FEW,
                    digests_of(in.third, _mm512_maskz_mov_epi8(longer, in.fourth)));
        count += here;
    }
    places->count = count;
    places->block_count = (size_t)(blocks - places->blocks);
}

/* As below. */
WD_WIDE static uint32_t next_same_wide(const struct wd_fact_places *places, uint32_t first,
                                       const struct fact_digests *digests)
{
    const __m512i head = _mm512_set1_epi8((char)digests->head);
    const __m512i tail = _mm512_set1_epi8((char)digests->tail);
    for (uint32_t i = first; i < places->count; i += BLOCK) {
        __mmask64 same = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(places->heads + i), head);
        if (digests->has_tail && same != 0) {
            same = _mm512_mask_cmpeq_epi8_mask(same, _mm512_loadu_si512(places->tails + i), tail);
        }
        if (same != 0) {
            return i + (uint32_t)__builtin_ctzll(same);
        }
    }
    return places->count;
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

/* The next place from `first` on that has these digests; places->count or more: none. */
static uint32_t next_same_plain(const struct wd_fact_places *places, uint32_t first,
                                const struct fact_digests *digests)
{
    for (uint32_t i = first; i < places->count; i += BLOCK) {
        uint64_t same = wd_marks_between((const char *)places->heads + i, (char)digests->head, 1);
        if (digests->has_tail && same != 0) {
            same &= wd_marks_between((const char *)places->tails + i, (char)digests->tail, 1);
        }
        if (same != 0) {
            return i + (uint32_t)__builtin_ctzll(same);
        }
    }
    return places->count;
}

/* Whether the fact that was found here counts: a number not as a part of a longer one. */
static bool counts(const struct wd_fact *fact, struct wd_slice text, size_t begin)
{
    size_t end = begin + fact->text.len;
    bool before = begin > 0 && wd_text_is_digit(text.data[begin - 1]);
    bool after = end < text.len && wd_text_is_digit(text.data[end]);
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

/* How places are found, and looked through. */
struct way {
    void (*find)(struct wd_slice text, uint32_t piece, struct wd_fact_places *places);
    uint32_t (*next_same)(const struct wd_fact_places *places, uint32_t first,
                          const struct fact_digests *digests);
};

static inline bool is_at_a_place(const struct wd_fact *fact, const struct wd_fact_copy *copy,
                                 struct way way)
{
    const struct wd_fact_places *places = copy->places;
    struct wd_slice text = fact->text;
    bool whole_third =
        text.len > HEAD_BYTES && (unsigned char)text.data[HEAD_BYTES] < FIRST_OF_MORE;
    struct fact_digests digests = {.head = head_of(text.data),
                                   .has_tail = text.len >= LOOK_BYTES || whole_third};
    digests.tail = digests.has_tail ? tail_of(text.data) : 0;
    uint32_t place = way.next_same(places, 0, &digests);
    while (place < places->count && !stands_at(fact, copy, place)) {
        place = way.next_same(places, place + 1, &digests);
    }
    return place < places->count;
}

/* Without memory for them, or with too many, facts are searched for. */
static inline bool know_places(struct wd_fact_copy *copy, struct way way)
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
            way.find(copy->pieces[i], (uint32_t)i, places);
        }
    }
    return copy->places->all;
}

/* A quotation may begin with a digit in the middle of a number. */
static bool has_places(const struct wd_fact *fact)
{
    return fact->text.len >= HEAD_BYTES && may_begin((unsigned char)fact->text.data[0]) &&
           !(fact->kind == WD_FACT_QUOTATION && wd_text_is_digit(fact->text.data[0]));
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

static inline bool stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy, struct way way)
{
    bool found = false;
    if (has_places(fact) && know_places(copy, way)) {
        return is_at_a_place(fact, copy, way);
    }
    for (size_t i = 0; i < copy->piece_count && !found; i++) {
        found = is_in(fact, copy->pieces[i]);
    }
    return found;
}

bool wd_fact_stands_in_plain(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    return stands_in(fact, copy, (struct way){find_places_plain, next_same_plain});
}

#ifdef WD_WIDE

bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    if (!wd_has_wide()) {
        return wd_fact_stands_in_plain(fact, copy);
    }
    return stands_in(fact, copy, (struct way){find_places_wide, next_same_wide});
}

#else

bool wd_fact_stands_in(const struct wd_fact *fact, struct wd_fact_copy *copy)
{
    return wd_fact_stands_in_plain(fact, copy);
}

#endif
