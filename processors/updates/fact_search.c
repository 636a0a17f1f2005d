#include "fact_search.h"

#include "byte_marks.h"

enum {
    AT_ONCE = 64,   /* facts that are looked for in a sweep */
    HEAD_BYTES = 2, /* a shorter fact is searched for by itself */
    LOOK_BYTES = 4, /* of a place, all in all */
    DIGESTS = 128,
    BUCKETS = 8,
    LOOKS_MAX = 1 << 20,
    SEARCHED_MAX = 64 << 20, /* bytes, for facts that are searched for by themselves */
    BLOCK = WD_MARKS_BLOCK,
    FIRST_OF_MORE = 0xC0, /* first byte of characters that are not ASCII, from here on */
};

/* Fact n is in bucket n % BUCKETS, a bit. A place whose two digests have a bucket in common may be where one of
 * its facts stands. */
struct sweep {
    struct wd_fact *facts;
    uint64_t wanted;              /* those that are looked for and not found so far */
    uint32_t looks;               /* at places, of LOOKS_MAX */
    unsigned char heads[DIGESTS]; /* by the first two bytes */
    unsigned char tails[DIGESTS]; /* by the character behind */
};

/* Three is odd: the second byte is told apart, whatever its bits. */
static unsigned digest_of(unsigned char first, unsigned char second)
{
    return (first + 3u * second) % DIGESTS;
}

static unsigned head_of(const char *place)
{
    return digest_of((unsigned char)place[0], (unsigned char)place[1]);
}

/* Of the third byte; with the next one where that belongs to the same character. */
static unsigned tail_of(const char *place)
{
    unsigned char third = (unsigned char)place[HEAD_BYTES];
    return digest_of(third, third >= FIRST_OF_MORE ? (unsigned char)place[HEAD_BYTES + 1] : 0);
}

/* Whether the fact that was found here counts: a number not as a part of a longer one. */
static bool counts(const struct wd_fact *fact, struct wd_slice text, size_t begin)
{
    size_t end = begin + fact->text.len;
    bool before = begin > 0 && wd_text_is_digit(text.data[begin - 1]);
    bool after = end < text.len && wd_text_is_digit(text.data[end]);
    return fact->kind != WD_FACT_NUMBER || (!before && !after);
}

/* Looks at a place for the facts of these buckets. */
static void look_at(struct sweep *sweep, struct wd_slice text, size_t at, unsigned char buckets)
{
    const uint64_t every_bucket = UINT64_C(0x0101010101010101);
    uint64_t left = sweep->wanted & every_bucket * buckets;
    for (; left != 0 && at < text.len; left &= left - 1) {
        struct wd_fact *fact = &sweep->facts[__builtin_ctzll(left)];
        sweep->looks++;
        if (fact->text.len <= text.len - at &&
            memcmp(text.data + at, fact->text.data, fact->text.len) == 0 &&
            counts(fact, text, at)) {
            fact->there = true;
            sweep->wanted &= ~(left & -left);
        }
    }
}

static bool goes_on(const struct sweep *sweep)
{
    return sweep->wanted != 0 && sweep->looks < LOOKS_MAX;
}

typedef void sweep_way(struct sweep *sweep, struct wd_slice text);

/* Where facts begin in a block: at a capital, the first digit of a run, a letter that is not ASCII. `open`: 1 when a
 * digit stands before it. */
static inline uint64_t places_of(uint64_t letters, uint64_t digits, uint64_t *open)
{
    uint64_t places = letters | (digits & ~(digits << 1 | *open));
    *open = digits >> (BLOCK - 1);
    return places;
}

/* The fact is at such a place wherever it stands; but a quotation may begin with a small letter, or a digit in the
 * middle of a number. */
static bool has_places(const struct wd_fact *fact)
{
    unsigned char first = (unsigned char)fact->text.data[0];
    bool letter = (first >= 'A' && first <= 'Z') || first >= FIRST_OF_MORE;
    return fact->text.len >= HEAD_BYTES && (fact->kind != WD_FACT_QUOTATION || letter);
}

WD_INLINE void sweep_by(struct sweep *sweep, struct wd_slice text, wd_marks_way *between)
{
    uint64_t open = 0;
    for (size_t at = 0; at < text.len && goes_on(sweep); at += BLOCK) {
        char last[BLOCK + LOOK_BYTES] = {0}; /* with zeros behind the end */
        const char *block = text.data + at;
        if (text.len - at < sizeof(last)) {
            memcpy(last, block, text.len - at);
            block = last;
        }
        uint64_t letters = between(block, 'A', 26) |
                           between(block, (char)FIRST_OF_MORE, (char)(256 - FIRST_OF_MORE));
        uint64_t places = places_of(letters, between(block, '0', 10), &open);
        for (; places != 0; places &= places - 1) {
            size_t place = (size_t)__builtin_ctzll(places);
            unsigned char buckets =
                sweep->heads[head_of(block + place)] & sweep->tails[tail_of(block + place)];
            look_at(sweep, text, at + place, buckets);
        }
    }
}

static void sweep_plain(struct sweep *sweep, struct wd_slice text)
{
    sweep_by(sweep, text, wd_marks_between);
}

#ifdef WD_AVX2

WD_AVX2 static void sweep_avx2(struct sweep *sweep, struct wd_slice text)
{
    sweep_by(sweep, text, wd_marks_between_avx2);
}

#endif

#ifdef WD_WIDE

/* first + 3 * second; of the sum, what tells of one of DIGESTS is read. */
WD_WIDE static inline __m512i digests_of(__m512i first, __m512i second)
{
    return _mm512_add_epi8(_mm512_add_epi8(first, second), _mm512_add_epi8(second, second));
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

static void look_at_all(struct sweep *sweep, struct wd_slice text, size_t at, uint64_t places,
                        const unsigned char buckets[BLOCK])
{
    for (; places != 0; places &= places - 1) {
        size_t place = (size_t)__builtin_ctzll(places);
        look_at(sweep, text, at + place, buckets[place]);
    }
}

WD_WIDE static void sweep_wide(struct sweep *sweep, struct wd_slice text)
{
    const __m512i first_of_more = _mm512_set1_epi8((char)FIRST_OF_MORE);
    const __m512i heads = _mm512_loadu_si512(sweep->heads);
    const __m512i more_heads = _mm512_loadu_si512(sweep->heads + BLOCK);
    const __m512i tails = _mm512_loadu_si512(sweep->tails);
    const __m512i more_tails = _mm512_loadu_si512(sweep->tails + BLOCK);
    uint64_t open = 0;
    for (size_t at = 0; at < text.len && goes_on(sweep); at += BLOCK) {
        struct wide_block in = load_block(text.data + at, text.len - at);
        __mmask64 longer = _mm512_cmpge_epu8_mask(in.third, first_of_more);
        __m512i head = digests_of(in.first, in.second);
        __m512i tail = digests_of(in.third, _mm512_maskz_mov_epi8(longer, in.fourth));
        __m512i buckets = _mm512_and_si512(_mm512_permutex2var_epi8(heads, head, more_heads),
                                           _mm512_permutex2var_epi8(tails, tail, more_tails));
        uint64_t letters = wd_marks_between_wide(in.first, 'A', 26) |
                           _mm512_cmpge_epu8_mask(in.first, first_of_more);
        uint64_t places = places_of(letters, wd_marks_between_wide(in.first, '0', 10), &open) &
                          _mm512_test_epi8_mask(buckets, buckets);
        if (places != 0) {
            unsigned char at_places[BLOCK];
            _mm512_storeu_si512(at_places, buckets);
            look_at_all(sweep, text, at, places, at_places);
        }
    }
}

#endif

/* Fills the tables with those that have places. Returns how many there are. */
static size_t begin(struct sweep *sweep, struct wd_fact *facts, size_t count)
{
    unsigned char short_ones = 0;
    size_t placed = 0;
    sweep->facts = facts;
    sweep->wanted = 0;
    memset(sweep->heads, 0, sizeof(sweep->heads));
    memset(sweep->tails, 0, sizeof(sweep->tails));
    for (size_t i = 0; i < count; i++) {
        struct wd_slice text = facts[i].text;
        unsigned char bucket = (unsigned char)(1u << i % BUCKETS);
        facts[i].there = false;
        if (!has_places(&facts[i])) {
            continue;
        }
        bool whole_third =
            text.len > HEAD_BYTES && (unsigned char)text.data[HEAD_BYTES] < FIRST_OF_MORE;
        placed++;
        sweep->wanted |= UINT64_C(1) << i;
        sweep->heads[head_of(text.data)] |= bucket;
        if (text.len >= LOOK_BYTES || whole_third) {
            sweep->tails[tail_of(text.data)] |= bucket;
        } else {
            short_ones |= bucket;
        }
    }
    for (size_t i = 0; i < DIGESTS && short_ones != 0; i++) {
        sweep->tails[i] |= short_ones;
    }
    return placed;
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

/* Facts that have no places: short ones, and quotations. */
static void search_alone(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy)
{
    size_t searched = 0;
    for (size_t i = 0; i < count; i++) {
        bool looked_for = !has_places(&facts[i]);
        for (size_t j = 0; j < copy->piece_count && looked_for && searched < SEARCHED_MAX; j++) {
            searched += copy->pieces[j].len;
            facts[i].there = is_in(&facts[i], copy->pieces[j]);
            looked_for = !facts[i].there;
        }
    }
}

static void search(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy,
                   sweep_way *sweep_piece)
{
    struct sweep sweep;
    size_t placed = 0;
    sweep.looks = 0;
    for (size_t i = 0; i < count; i += AT_ONCE) {
        placed += begin(&sweep, facts + i, count - i < AT_ONCE ? count - i : AT_ONCE);
        for (size_t j = 0; j < copy->piece_count && goes_on(&sweep); j++) {
            sweep_piece(&sweep, copy->pieces[j]);
        }
    }
    if (placed < count) {
        search_alone(facts, count, copy);
    }
}

void wd_fact_search_plain(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy)
{
    search(facts, count, copy, sweep_plain);
}

#ifdef WD_AVX2

void wd_fact_search_avx2(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy)
{
    search(facts, count, copy, sweep_avx2);
}

void wd_fact_search(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy)
{
    search(facts, count, copy,
           wd_has_wide()   ? sweep_wide
           : wd_has_avx2() ? sweep_avx2
                           : sweep_plain);
}

#else

void wd_fact_search(struct wd_fact *facts, size_t count, const struct wd_fact_copy *copy)
{
    wd_fact_search_plain(facts, count, copy);
}

#endif
