/* What is remembered of a story, read back: it finds what it was posted under, and damage is seen. */
#include "test.h"

#include "copy_record.h"

enum { SHINGLES = 57, POSTED = 13, SENTENCES = 20 };

/* As the index compares keys: the low two bits of forty say nothing. */
static uint64_t known_bits(uint64_t key)
{
    return key & ((UINT64_C(1) << 40) - 4);
}

static uint64_t hash_of(uint64_t i)
{
    return (i + 1) * 0x9E3779B97F4A7C15u >> 24;
}

static void fill(struct wd_copy_sketch *sketch)
{
    *sketch = (struct wd_copy_sketch){.words = 490,
                                      .shingle_count = SHINGLES,
                                      .posted_count = POSTED,
                                      .posted = (1u << POSTED) - 1,
                                      .sentence_count = SENTENCES,
                                      .keep = 0x12345678,
                                      .sentences_posted = 0xF00FF,
                                      .cohesion = {.breaks = 1u << 3, .headless = true},
                                      .names = {1, 2, 3, 4},
                                      .numbers = {5, 6},
                                      .headline = {{7, 8}}};
    for (uint32_t i = 0; i < SHINGLES; i++)
        sketch->shingles[i] = hash_of(i);
    for (uint32_t i = 0; i < SENTENCES; i++) {
        sketch->sentences[i] = hash_of(1000 + i);
        sketch->sentence_words[i] = (uint8_t)(5 + i);
    }
}

static const struct wd_digest key = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
static const struct wd_digest other = {{9, 9, 9}};

static struct wd_slice key_slice(void)
{
    return wd_slice_make((const char *)key.bytes, sizeof(key.bytes));
}

static void encode(struct wd_buffer *out, const struct wd_copy_sketch *sketch,
                   const struct wd_digest *group)
{
    const struct wd_copy_record record = {.sequence = 77,
                                          .copy = 0xDEADBEEF,
                                          .provider_hash = 0xCAFE,
                                          .group = *group,
                                          .body = UINT64_C(0x1122334455667788),
                                          .body_posted = true,
                                          .follows = true,
                                          .items = WD_ITEMS_MOST,
                                          .time = {true, 54321},
                                          .provider = WD_SLICE("paper"),
                                          .id = WD_SLICE("urn:example:1")};
    wd_buffer_init(out);
    wd_copy_record_encode(&record, &key, sketch, out);
    assert_true(wd_buffer_ok(out));
}

static bool is_short_of(uint32_t shingle, const struct wd_copy_sketch *sketch)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        found += wd_copy_shingle_short(sketch->shingles[i]) == shingle;
    return found == 1;
}

static void reads_what_was_written(void **unused)
{
    struct wd_copy_sketch sketch;
    struct wd_copy_record record;
    struct wd_buffer out;
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX];
    (void)unused;
    fill(&sketch);
    encode(&out, &sketch, &other);
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    assert_int_equal(record.sequence, 77);
    assert_int_equal(record.words, 490);
    assert_int_equal(record.keep, 0x12345678);
    assert_int_equal(record.copy, 0xDEADBEEF);
    assert_int_equal(record.provider_hash, 0xCAFE);
    assert_memory_equal(record.group.bytes, other.bytes, sizeof(other.bytes));
    assert_true(record.body == UINT64_C(0x1122334455667788));
    assert_true(record.body_posted && record.headless && !record.roundup);
    assert_true(record.follows && !record.flash && !record.piece && !record.headline_posted);
    assert_int_equal(record.items, WD_ITEMS_MOST);
    assert_true(record.time.known && record.time.minutes == 54321);
    assert_int_equal(record.names[3], 4);
    assert_int_equal(record.numbers[1], 6);
    assert_int_equal(record.headline.packed[0], 7);
    assert_int_equal(record.headline.packed[1], 8);
    assert_int_equal(record.shingle_count, SHINGLES);
    assert_int_equal(record.posted_count, POSTED);
    wd_copy_record_shingles(&record, shingles);
    for (uint32_t i = 0; i < SHINGLES; i++)
        assert_true(is_short_of(shingles[i], &sketch));
    for (uint32_t i = 0; i < SENTENCES; i++) {
        assert_int_equal(wd_copy_record_sentence(&record, i),
                         wd_copy_sentence_short(sketch.sentences[i]));
        assert_int_equal(wd_copy_record_words(&record, i), 5 + i);
    }
    assert_int_equal(wd_copy_record_breaks(&record), 1u << 3);
    assert_true(wd_slice_is(record.provider, "paper"));
    assert_true(wd_slice_is(record.id, "urn:example:1"));
    wd_buffer_finish(&out);
}

static bool is_among(uint64_t wanted, const uint64_t *keys, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += known_bits(keys[i]) == known_bits(wanted);
    return found == 1;
}

/* What a later story looks for is what the record is posted under, and taken out under again. */
static void is_posted_under_its_pieces(void **unused)
{
    struct wd_copy_sketch sketch;
    struct wd_copy_record record;
    struct wd_buffer out;
    uint64_t keys[WD_COPY_RECORD_KEYS_MAX];
    (void)unused;
    fill(&sketch);
    sketch.posted &= ~(1u << 1); /* too many had it */
    encode(&out, &sketch, &other);
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    size_t count = wd_copy_record_keys(&record, keys);
    assert_int_equal(count, 1 + (POSTED - 1) + 12); /* twelve bits are set in 0xF00FF */
    assert_true(is_among(wd_copy_key_body(record.body), keys, count));
    for (uint32_t i = 0; i < POSTED; i++)
        assert_int_equal(is_among(wd_copy_key_shingle(sketch.shingles[i]), keys, count), i != 1);
    for (uint32_t i = 0; i < SENTENCES; i++)
        assert_int_equal(is_among(wd_copy_key_sentence(sketch.sentences[i]), keys, count),
                         sketch.sentences_posted >> i & 1);
    wd_buffer_finish(&out);
}

static void own_group_is_its_key(void **unused)
{
    struct wd_copy_sketch sketch;
    struct wd_copy_record record;
    struct wd_buffer of_other;
    struct wd_buffer own;
    (void)unused;
    fill(&sketch);
    encode(&of_other, &sketch, &other);
    encode(&own, &sketch, &key);
    assert_int_equal(of_other.len, own.len + sizeof(key.bytes));
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&own), &record));
    assert_memory_equal(record.group.bytes, key.bytes, sizeof(key.bytes));
    wd_buffer_finish(&of_other);
    wd_buffer_finish(&own);
}

/* As many as there may be, and unpacked by the wide twin as by the plain one. */
static void shingles_wide_like_plain(void **unused)
{
    struct wd_copy_sketch sketch;
    struct wd_copy_record record;
    struct wd_buffer out;
    (void)unused;
    for (uint32_t count = 0; count <= WD_SKETCH_SHINGLES_MAX; count++) {
        uint32_t wide[WD_SKETCH_SHINGLES_MAX] = {0};
        uint32_t plain[WD_SKETCH_SHINGLES_MAX] = {0};
        fill(&sketch);
        sketch.shingle_count = count;
        sketch.posted_count = count < POSTED ? count : POSTED;
        sketch.posted = (1u << sketch.posted_count) - 1;
        for (uint32_t i = 0; i < count; i++)
            sketch.shingles[i] = hash_of(100 * count + i) >> (count % 5 == 0 ? 12 : 0);
        encode(&out, &sketch, &key);
        assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
        wd_copy_record_shingles(&record, wide);
        wd_copy_record_shingles_plain(&record, plain);
        assert_memory_equal(wide, plain, count * sizeof(*wide));
        for (uint32_t i = 0; i < count; i++)
            assert_true(is_short_of(wide[i], &sketch));
        wd_buffer_finish(&out);
    }
}

/* Nothing kept at all, and as much as there is room for. */
static void extremes(void **unused)
{
    struct wd_copy_sketch sketch = {.words = 0};
    struct wd_copy_record record;
    struct wd_buffer out;
    uint32_t shingles[WD_SKETCH_SHINGLES_MAX];
    (void)unused;
    encode(&out, &sketch, &key);
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    assert_int_equal(record.shingle_count, 0);
    wd_buffer_finish(&out);
    fill(&sketch);
    sketch.shingle_count = WD_SKETCH_SHINGLES_MAX;
    sketch.posted_count = WD_SKETCH_POSTED_MAX;
    sketch.posted = (1u << WD_SKETCH_POSTED_MAX) - 1;
    for (uint32_t i = 0; i < WD_SKETCH_SHINGLES_MAX; i++)
        sketch.shingles[i] = (UINT64_C(1) << 40) - 1 - 4 * i; /* all in the last of the lists */
    encode(&out, &sketch, &key);
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    assert_int_equal(record.posted_count, WD_SKETCH_POSTED_MAX);
    wd_copy_record_shingles(&record, shingles);
    for (uint32_t i = 0; i < WD_SKETCH_SHINGLES_MAX; i++)
        assert_int_equal(shingles[i], wd_copy_shingle_short(sketch.shingles[i]));
    wd_buffer_finish(&out);
}

/* Another version, any byte less, and every bit of the head and the lists turned round: refused or read
 * within its bounds. */
static void damage(void **unused)
{
    struct wd_copy_sketch sketch;
    struct wd_copy_record record;
    struct wd_buffer out;
    (void)unused;
    fill(&sketch);
    encode(&out, &sketch, &other);
    out.data[0] = 2;
    assert_false(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    out.data[0] = WD_COPY_RECORD_VERSION;
    for (size_t len = 0; len < out.len; len++)
        assert_false(wd_copy_record_view(key_slice(), wd_slice_make(out.data, len), &record));
    assert_false(wd_copy_record_view(WD_SLICE("short key"), wd_buffer_slice(&out), &record));
    for (size_t bit = 0; bit < out.len * 8; bit++) {
        uint32_t shingles[WD_SKETCH_SHINGLES_MAX];
        uint64_t keys[WD_COPY_RECORD_KEYS_MAX];
        out.data[bit / 8] ^= (char)(1u << bit % 8);
        if (wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record)) {
            uint32_t plain[WD_SKETCH_SHINGLES_MAX];
            bool sound = wd_copy_record_is_sound(&record);
            wd_copy_record_shingles(&record, shingles);
            wd_copy_record_shingles_plain(&record, plain);
            for (uint32_t i = 0; sound && i < record.shingle_count; i++)
                assert_true(shingles[i] >> WD_SHINGLE_SHORT_BITS == 0 && shingles[i] == plain[i]);
            assert_true(wd_copy_record_keys(&record, keys) <= WD_COPY_RECORD_KEYS_MAX);
        }
        out.data[bit / 8] ^= (char)(1u << bit % 8);
    }
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    assert_true(wd_copy_record_is_sound(&record));
    unsigned char *highs = (unsigned char *)out.data + 106 + sizeof(other.bytes) + 2 * SHINGLES;
    uint32_t last = 63 + SHINGLES; /* of their bits */
    uint32_t one = last;
    while (!(highs[one / 8] >> one % 8 & 1))
        one--;
    assert_true(one < last);
    highs[one / 8] ^= (unsigned char)(1u << one % 8);
    highs[last / 8] ^= (unsigned char)(1u << last % 8); /* a shingle beyond the last value */
    assert_true(wd_copy_record_view(key_slice(), wd_buffer_slice(&out), &record));
    assert_false(wd_copy_record_is_sound(&record));
    wd_buffer_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_was_written),
                                       cmocka_unit_test(is_posted_under_its_pieces),
                                       cmocka_unit_test(own_group_is_its_key),
                                       cmocka_unit_test(shingles_wide_like_plain),
                                       cmocka_unit_test(extremes),
                                       cmocka_unit_test(damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
