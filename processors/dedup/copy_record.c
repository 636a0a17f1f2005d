#include "copy_record.h"

#include "clones.h"
#include "record_bytes.h"

#ifdef WD_WIDE
#include <immintrin.h>
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "records are compared where they lie: this machine would need them turned round"
#endif

#define KEY_SENTENCE UINT64_C(0x5A5A5A5A5A)
#define KEY_BODY UINT64_C(0xC3A5D2E1B7)

enum {
    HEAD_BYTES = 106,
    TAG_MASK = 63,
    SHORT_SHIFT = 2, /* of a hash that the index does not look at */
    LOW_BITS = 16,
    HIGHS = 1 << (WD_SHINGLE_SHORT_BITS - LOW_BITS),
    HIGH_WORDS = (HIGHS + WD_SKETCH_SHINGLES_MAX + 63) / 64,
    POSTED_WORDS = (WD_SKETCH_SHINGLES_MAX + 63) / 64,
    SENTENCE_BYTES = WD_SENTENCE_SHORT_BITS / 8,
    /* All but the texts. */
    ARRAYS_BYTES_MAX = HEAD_BYTES + WD_DIGEST_BYTES + 2 * WD_SKETCH_SHINGLES_MAX +
                       (HIGHS + WD_SKETCH_SHINGLES_MAX) / 8 + WD_SKETCH_SHINGLES_MAX / 8 +
                       2 * WD_SKETCH_POSTED_MAX +
                       (SENTENCE_BYTES + 2 + 1) * WD_SKETCH_SENTENCES_MAX + 2,
};

enum flag {
    BODY_POSTED = 1,
    ROUNDUP = 2,
    HEADLESS = 4,
    FOLLOWS = 8,
    TIMED = 16,
    HEADLINE_POSTED = 32,
    FLASH = 64,
    PIECE = 128,
};
enum more_flag { OWN_GROUP = 1, POSTED_SHIFT = 1, POSTED_MASK = 31, ITEMS_SHIFT = 6 };
enum { TAKE = 64, ORDER = 128 }; /* behind the number of sentences */

/* Bytes of the high bits of so many shingles, and of a bit for each of them. */
static size_t high_bytes(uint32_t count)
{
    return (HIGHS + count + 7) / 8;
}

static size_t bit_bytes(uint32_t count)
{
    return (count + 7) / 8;
}

static unsigned char *put(unsigned char *at, const void *bytes, size_t len)
{
    memcpy(at, bytes, len);
    return at + len;
}

/* Of each list how many shingles stand before it: the sums of eight counts are one product. */
static void sum_up(uint8_t counts[HIGHS])
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t before = 0;
    for (uint32_t i = 0; i < HIGHS; i += 8) {
        uint64_t eight;
        memcpy(&eight, counts + i, sizeof(eight));
        uint64_t sums = eight * each;
        uint64_t begins = sums - eight + before * each;
        memcpy(counts + i, &begins, sizeof(begins));
        before += sums >> 56;
    }
}

/* The sketch's shingles by their high bits, as the format has them. */
struct sorted {
    uint8_t ones[HIGH_WORDS * 64];          /* 1 where the high bits have a one */
    uint8_t posted[WD_SKETCH_SHINGLES_MAX]; /* 1 for one that is posted, */
    uint16_t more[WD_SKETCH_SHINGLES_MAX];  /* and more of it */
};

/* The low bits go to `low` at once. Those that are posted stand first in the sketch. */
static void sort_shingles(const struct wd_copy_sketch *sketch, unsigned char *low,
                          struct sorted *sorted)
{
    uint8_t ends[HIGHS] = {0};
    memset(sorted->ones, 0, sizeof(sorted->ones));
    memset(sorted->posted, 0, sizeof(sorted->posted));
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        ends[wd_copy_shingle_short(sketch->shingles[i]) >> LOW_BITS]++;
    sum_up(ends);
    for (uint32_t i = 0; i < sketch->shingle_count; i++) {
        uint32_t shingle = wd_copy_shingle_short(sketch->shingles[i]);
        uint16_t half = (uint16_t)shingle;
        uint32_t at = ends[shingle >> LOW_BITS]++;
        memcpy(low + sizeof(half) * at, &half, sizeof(half));
        sorted->ones[(shingle >> LOW_BITS) + at] = 1;
        sorted->posted[at] = i < WD_SKETCH_POSTED_MAX && (sketch->posted >> i & 1) != 0;
        sorted->more[at] = (uint16_t)(sketch->shingles[i] >> (SHORT_SHIFT + WD_SHINGLE_SHORT_BITS));
    }
}

static unsigned char *put_shingles(const struct wd_copy_sketch *sketch, unsigned char *at)
{
    struct sorted sorted;
    uint32_t count = sketch->shingle_count;
    uint64_t posted[POSTED_WORDS] = {0};
    sort_shingles(sketch, at, &sorted);
    at += 2 * (size_t)count;
    for (size_t i = 0; i < high_bytes(count); i++)
        *at++ = wd_copy_bits_of(sorted.ones + 8 * i);
    for (size_t i = 0; i < bit_bytes(count); i++)
        at[i] = wd_copy_bits_of(sorted.posted + 8 * i);
    memcpy(posted, at, bit_bytes(count));
    at += bit_bytes(count);
    for (uint32_t word = 0; word < POSTED_WORDS; word++) {
        for (uint64_t left = posted[word]; left != 0; left &= left - 1)
            at = put(at, &sorted.more[word * 64 + (uint32_t)__builtin_ctzll(left)],
                     sizeof(*sorted.more));
    }
    return at;
}

static unsigned char *put_sentences(const struct wd_copy_sketch *sketch, unsigned char *at)
{
    for (uint32_t i = 0; i < sketch->sentence_count; i++) {
        uint32_t sentence = wd_copy_sentence_short(sketch->sentences[i]);
        at = put(at, &sentence, SENTENCE_BYTES);
    }
    for (uint32_t left = sketch->sentences_posted; left != 0; left &= left - 1) {
        uint64_t more =
            sketch->sentences[__builtin_ctz(left)] >> (SHORT_SHIFT + WD_SENTENCE_SHORT_BITS);
        at = put(at, &more, 2);
    }
    for (uint32_t i = 0; i < sketch->sentence_count; i++)
        *at++ =
            (unsigned char)(sketch->sentence_words[i] | (sketch->cohesion.breaks >> i & 1) << 7);
    return at;
}

static uint8_t flags_of(const struct wd_copy_record *record, const struct wd_copy_sketch *sketch)
{
    unsigned flags = 0;
    flags |= record->body_posted ? BODY_POSTED : 0;
    flags |= record->roundup ? ROUNDUP : 0;
    flags |= sketch->cohesion.headless ? HEADLESS : 0;
    flags |= record->follows ? FOLLOWS : 0;
    flags |= record->time.known ? TIMED : 0;
    flags |= record->headline_posted ? HEADLINE_POSTED : 0;
    flags |= record->flash ? FLASH : 0;
    flags |= record->piece ? PIECE : 0;
    return (uint8_t)flags;
}

void wd_copy_record_encode(const struct wd_copy_record *record, const struct wd_digest *key,
                           const struct wd_copy_sketch *sketch, struct wd_buffer *out)
{
    struct wd_slice provider = wd_utf8_cut(record->provider, WD_NAME_BYTES_MAX);
    struct wd_slice id = wd_utf8_cut(record->id, WD_COPY_RECORD_ID_MAX);
    bool own = memcmp(&record->group, key, sizeof(*key)) == 0;
    unsigned posted_count = (unsigned)__builtin_popcount(sketch->posted);
    uint8_t more_flags = (uint8_t)((own ? OWN_GROUP : 0u) | posted_count << POSTED_SHIFT |
                                   (unsigned)record->items << ITEMS_SHIFT);
    const uint8_t small[] = {
        WD_COPY_RECORD_VERSION,
        flags_of(record, sketch),
        more_flags,
        (uint8_t)sketch->shingle_count,
        (uint8_t)(sketch->sentence_count | (record->order ? ORDER : 0) | (record->take ? TAKE : 0)),
        (uint8_t)provider.len,
        (uint8_t)id.len,
        (uint8_t)(id.len >> 8)};
    const uint32_t numbers[] = {record->sequence, sketch->words, sketch->keep, record->copy,
                                record->provider_hash};
    if (!wd_buffer_reserve(out, ARRAYS_BYTES_MAX + provider.len + id.len))
        return;
    unsigned char *begin = (unsigned char *)out->data + out->len;
    unsigned char *at = put(begin, small, sizeof(small));
    at = put(at, &sketch->sentences_posted, 3);
    at = put(at, &sketch->about, 3);
    at = put(at, numbers, sizeof(numbers));
    at = put(at, &record->body, sizeof(record->body));
    at = put(at, sketch->names, sizeof(sketch->names));
    at = put(at, sketch->numbers, sizeof(sketch->numbers));
    at = put(at, &sketch->headline, sizeof(sketch->headline));
    if (!own)
        at = put(at, record->group.bytes, sizeof(record->group.bytes));
    at = put_shingles(sketch, at);
    at = put_sentences(sketch, at);
    if (provider.len > 0)
        at = put(at, provider.data, provider.len);
    if (id.len > 0)
        at = put(at, id.data, id.len);
    if (record->time.known)
        at = put(at, &record->time.minutes, sizeof(record->time.minutes));
    out->len += (size_t)(at - begin);
}

/* Takes `len` bytes off; NULL when there are not so many. */
static const unsigned char *take(struct wd_record_reader *reader, size_t len)
{
    return (const unsigned char *)wd_record_take_bytes(reader, len).data;
}

/* The high bits as words. */
static void load_highs(const struct wd_copy_record *record, uint64_t highs[HIGH_WORDS])
{
    memset(highs, 0, HIGH_WORDS * sizeof(*highs));
    memcpy(highs, record->shingles_low + 2 * (size_t)record->shingle_count,
           high_bytes(record->shingle_count));
}

/* Places the arrays; the counts are known. */
static void take_arrays(struct wd_record_reader *reader, struct wd_copy_record *record)
{
    uint32_t count = record->shingle_count;
    record->shingles_low = take(reader, 2 * (size_t)count + high_bytes(count));
    record->posted = take(reader, bit_bytes(count));
    record->posted_more = take(reader, 2 * (size_t)record->posted_count);
    record->sentences = take(reader, SENTENCE_BYTES * (size_t)record->sentence_count);
    record->sentences_more = take(reader, 2 * (size_t)__builtin_popcount(record->sentences_posted));
    record->sentence_words = take(reader, record->sentence_count);
}

static uint32_t u32_at(const unsigned char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof(value));
    return value;
}

bool wd_copy_record_view(struct wd_slice key, struct wd_slice bytes, struct wd_copy_record *record)
{
    const unsigned char *head = (const unsigned char *)bytes.data;
    if (bytes.len < HEAD_BYTES || head[0] != WD_COPY_RECORD_VERSION ||
        key.len != sizeof(record->group.bytes))
        return false;
    record->body_posted = (head[1] & BODY_POSTED) != 0;
    record->roundup = (head[1] & ROUNDUP) != 0;
    record->headless = (head[1] & HEADLESS) != 0;
    record->follows = (head[1] & FOLLOWS) != 0;
    record->time.known = (head[1] & TIMED) != 0;
    record->headline_posted = (head[1] & HEADLINE_POSTED) != 0;
    record->flash = (head[1] & FLASH) != 0;
    record->piece = (head[1] & PIECE) != 0;
    record->posted_count = head[2] >> POSTED_SHIFT & POSTED_MASK;
    record->items = (enum wd_items)(head[2] >> ITEMS_SHIFT);
    record->shingle_count = head[3];
    record->sentence_count = head[4] & ~(unsigned)(ORDER | TAKE);
    record->take = (head[4] & TAKE) != 0;
    record->order = (head[4] & ORDER) != 0;
    record->opened = (head[2] & OWN_GROUP) != 0;
    record->sentences_posted = u32_at(head + 8) & UINT32_C(0xFFFFFF);
    record->about = u32_at(head + 11) & UINT32_C(0xFFFFFF);
    record->sequence = u32_at(head + 14);
    record->words = u32_at(head + 18);
    record->keep = u32_at(head + 22);
    record->copy = u32_at(head + 26);
    record->provider_hash = u32_at(head + 30);
    memcpy(&record->body, head + 34, sizeof(record->body));
    memcpy(record->names, head + 42, sizeof(record->names));
    memcpy(record->numbers, head + 74, sizeof(record->numbers));
    memcpy(&record->headline, head + 90, sizeof(record->headline));
    if (record->shingle_count > WD_SKETCH_SHINGLES_MAX ||
        record->posted_count > record->shingle_count ||
        record->posted_count > WD_SKETCH_POSTED_MAX ||
        record->sentence_count > WD_SKETCH_SENTENCES_MAX ||
        record->sentences_posted >> record->sentence_count != 0)
        return false;
    struct wd_record_reader reader = {wd_slice_from_offset(bytes, HEAD_BYTES), false};
    struct wd_slice group =
        record->opened ? key : wd_record_take_bytes(&reader, sizeof(record->group.bytes));
    if (reader.failed)
        return false;
    memcpy(record->group.bytes, group.data, sizeof(record->group.bytes));
    take_arrays(&reader, record);
    record->provider = wd_record_take_bytes(&reader, head[5]);
    record->id = wd_record_take_bytes(&reader, (size_t)head[6] | (size_t)head[7] << 8);
    record->time.minutes = record->time.known ? (uint16_t)wd_record_take(&reader, 2) : 0;
    return !reader.failed && reader.rest.len == 0;
}

static void load_posted(const struct wd_copy_record *record, uint64_t posted[POSTED_WORDS])
{
    memset(posted, 0, POSTED_WORDS * sizeof(*posted));
    memcpy(posted, record->posted, bit_bytes(record->shingle_count));
}

bool wd_copy_record_is_sound(const struct wd_copy_record *record)
{
    uint64_t highs[HIGH_WORDS];
    uint64_t posted[POSTED_WORDS];
    uint32_t end = HIGHS + record->shingle_count - 1;
    uint32_t ones = 0;
    uint32_t posted_count = 0;
    load_highs(record, highs);
    load_posted(record, posted);
    for (uint32_t i = 0; i < HIGH_WORDS; i++)
        ones += (uint32_t)__builtin_popcountll(highs[i]);
    for (uint32_t i = 0; i < POSTED_WORDS; i++)
        posted_count += (uint32_t)__builtin_popcountll(posted[i]);
    uint64_t beyond = highs[end / 64] >> end % 64; /* a zero stands behind the last value's */
    return beyond == 0 && (end / 64 + 1 == HIGH_WORDS || highs[end / 64 + 1] == 0) &&
           ones == record->shingle_count && posted_count == record->posted_count;
}

void wd_copy_record_shingles_plain(const struct wd_copy_record *record,
                                   uint32_t shingles[WD_SKETCH_SHINGLES_MAX])
{
    uint64_t highs[HIGH_WORDS];
    uint32_t count = 0;
    load_highs(record, highs);
    for (uint32_t word = 0; word < HIGH_WORDS; word++) {
        for (uint64_t bits = highs[word]; bits != 0 && count < record->shingle_count;
             bits &= bits - 1) {
            uint32_t high = word * 64 + (uint32_t)__builtin_ctzll(bits) - count;
            uint16_t low;
            memcpy(&low, record->shingles_low + 2 * (size_t)count, sizeof(low));
            shingles[count++] = high << LOW_BITS | low;
        }
    }
    for (; count < record->shingle_count; count++)
        shingles[count] = 0; /* of a record that is not sound */
}

#ifdef WD_WIDE

/* The high bits of up to 64 shingles from the first-th on: where the ones stand, less how many stand before. They stay
 * in registers: bytes that were just written in pieces would have to be waited for. */
WD_WIDE static inline __m512i unpack_highs(const uint64_t highs[HIGH_WORDS], uint32_t first)
{
    const __m512i lanes = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
        40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
        17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i ranks = _mm512_add_epi8(lanes, _mm512_set1_epi8((char)first));
    __m512i unpacked = _mm512_setzero_si512();
    uint32_t before = 0;
    for (uint32_t word = 0; word < HIGH_WORDS; word++) {
        uint32_t ones = (uint32_t)__builtin_popcountll(highs[word]);
        __m512i places = _mm512_add_epi8(_mm512_maskz_compress_epi8(highs[word], lanes),
                                         _mm512_set1_epi8((char)(word * 64)));
        __m512i at = _mm512_sub_epi8(ranks, _mm512_set1_epi8((char)before));
        __mmask64 here = _mm512_cmplt_epu8_mask(at, _mm512_set1_epi8((char)ones));
        unpacked = _mm512_mask_permutexvar_epi8(unpacked, here, at, places);
        before += ones;
    }
    return _mm512_sub_epi8(unpacked, ranks);
}

WD_WIDE static inline void put_sixteen(const struct wd_copy_record *record, uint32_t first,
                                       __m128i highs, uint32_t *shingles)
{
    enum { LANES = 16 };
    uint32_t rest = record->shingle_count - first;
    __mmask16 there = (__mmask16)(rest < LANES ? (1u << rest) - 1 : 0xFFFF);
    __m256i low = _mm256_maskz_loadu_epi16(there, record->shingles_low + 2 * (size_t)first);
    __m512i high = _mm512_slli_epi32(_mm512_cvtepu8_epi32(highs), LOW_BITS);
    _mm512_storeu_si512(shingles + first, _mm512_or_si512(_mm512_cvtepu16_epi32(low), high));
}

WD_WIDE static void shingles_wide(const struct wd_copy_record *record,
                                  uint32_t shingles[WD_SKETCH_SHINGLES_MAX])
{
    uint64_t highs[HIGH_WORDS + 1];
    uint32_t count = record->shingle_count;
    const unsigned char *packed = record->shingles_low + 2 * (size_t)count;
    _mm256_storeu_si256((__m256i *)(void *)highs,
                        _mm256_maskz_loadu_epi8((UINT32_C(1) << high_bytes(count)) - 1, packed));
    __m512i unpacked = unpack_highs(highs, 0);
    put_sixteen(record, 0, _mm512_castsi512_si128(unpacked), shingles);
    if (count > 16)
        put_sixteen(record, 16, _mm512_extracti32x4_epi32(unpacked, 1), shingles);
    if (count > 32)
        put_sixteen(record, 32, _mm512_extracti32x4_epi32(unpacked, 2), shingles);
    if (count > 48)
        put_sixteen(record, 48, _mm512_extracti32x4_epi32(unpacked, 3), shingles);
    if (count > 64)
        put_sixteen(record, 64, _mm512_castsi512_si128(unpack_highs(highs, 64)), shingles);
}

void wd_copy_record_shingles(const struct wd_copy_record *record,
                             uint32_t shingles[WD_SKETCH_SHINGLES_MAX])
{
    if (wd_has_wide())
        shingles_wide(record, shingles);
    else
        wd_copy_record_shingles_plain(record, shingles);
}

#else

void wd_copy_record_shingles(const struct wd_copy_record *record,
                             uint32_t shingles[WD_SKETCH_SHINGLES_MAX])
{
    wd_copy_record_shingles_plain(record, shingles);
}

#endif

uint32_t wd_copy_record_breaks(const struct wd_copy_record *record)
{
    uint32_t breaks = 0;
    for (uint32_t i = 0; i < record->sentence_count; i++)
        breaks |= (uint32_t)(record->sentence_words[i] >> 7) << i;
    return breaks;
}

uint64_t wd_copy_key_shingle(uint64_t shingle)
{
    return shingle;
}

uint64_t wd_copy_key_sentence(uint64_t sentence)
{
    return sentence ^ KEY_SENTENCE;
}

uint64_t wd_copy_key_body(uint64_t body)
{
    return body ^ KEY_BODY;
}

uint64_t wd_copy_key_headline(const struct wd_headline_words *headline, uint32_t provider_hash)
{
    return wd_hash_mix(wd_hash_mix(headline->packed[0], headline->packed[1]), provider_hash);
}

/* The hash of which the beginning and `more` were kept, but for the bits that no index looks at. */
static uint64_t hash_of(uint32_t beginning, unsigned beginning_bits, const unsigned char *more)
{
    uint64_t rest = (uint64_t)more[0] | (uint64_t)more[1] << 8;
    return ((uint64_t)beginning | rest << beginning_bits) << SHORT_SHIFT;
}

size_t wd_copy_record_keys(const struct wd_copy_record *record,
                           uint64_t keys[WD_COPY_RECORD_KEYS_MAX])
{
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX] = {0};
    uint64_t posted[POSTED_WORDS];
    const unsigned char *more = record->posted_more;
    const unsigned char *end = more + 2 * (size_t)record->posted_count;
    size_t count = 0;
    wd_copy_record_shingles(record, shingles);
    load_posted(record, posted);
    if (record->body_posted)
        keys[count++] = wd_copy_key_body(record->body);
    if (record->headline_posted)
        keys[count++] = wd_copy_key_headline(&record->headline, record->provider_hash);
    for (uint32_t i = 0; i < POSTED_WORDS; i++) {
        for (uint64_t left = posted[i]; left != 0 && more != end; left &= left - 1, more += 2) {
            uint32_t shingle = shingles[i * 64 + (uint32_t)__builtin_ctzll(left)];
            keys[count++] = wd_copy_key_shingle(hash_of(shingle, WD_SHINGLE_SHORT_BITS, more));
        }
    }
    more = record->sentences_more;
    for (uint32_t i = 0; i < record->sentence_count; i++) {
        if (!(record->sentences_posted >> i & 1))
            continue;
        keys[count++] = wd_copy_key_sentence(
            hash_of(wd_copy_record_sentence(record, i), WD_SENTENCE_SHORT_BITS, more));
        more += 2;
    }
    return count;
}

uint8_t wd_copy_record_group_tag(const struct wd_copy_record *record)
{
    return record->group.bytes[0] & TAG_MASK;
}

uint8_t wd_copy_record_provider_tag(const struct wd_copy_record *record)
{
    return record->provider_hash & TAG_MASK;
}
