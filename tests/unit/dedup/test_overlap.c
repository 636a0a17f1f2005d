/* What two stories have in common is counted as by hand, and by the wide twin as by the plain one. */
#include "test.h"

#include "overlap.h"

enum { STORIES = 3000, POOL = 120, HASHES_MAX = 1200 };

static const struct wd_digest key = {{5}}; /* the record's group by its six bits */

static uint64_t hash_of(uint64_t i)
{
    return wd_hash_mix(i + 1, 77);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* The view stays valid as long as `out`. */
static void remember(const struct wd_copy_sketch *sketch, struct wd_buffer *out,
                     struct wd_copy_record *view)
{
    const struct wd_copy_record record = {.group = key, .id = WD_SLICE("urn:example:1")};
    wd_buffer_clear(out);
    wd_copy_record_encode(&record, &key, sketch, out);
    assert_true(wd_copy_record_view(wd_slice_make((const char *)key.bytes, sizeof(key.bytes)),
                                    wd_buffer_slice(out), view));
}

/* Each phrase or sentence by its number; of sentences one has as many words as its number. */
static void put(struct wd_copy_sketch *sketch, const char *shingles, const char *sentences)
{
    *sketch = (struct wd_copy_sketch){.keep = UINT32_MAX};
    for (; *shingles; shingles++)
        sketch->shingles[sketch->shingle_count++] = hash_of((uint64_t)*shingles);
    for (; *sentences; sentences++) {
        sketch->sentence_words[sketch->sentence_count] = (uint8_t)(*sentences - '0');
        sketch->sentences[sketch->sentence_count++] = hash_of((uint64_t)*sentences);
    }
}

static void counts_by_hand(void **unused)
{
    struct wd_copy_query query = {.boilerplate = 1u << 1, .lead_count = 2};
    struct wd_copy_sketch other;
    struct wd_copy_record record;
    struct wd_copy_probe probe;
    struct wd_overlap overlap;
    struct wd_buffer out;
    uint64_t text[] = {hash_of('a'), hash_of('b'), hash_of('c'), hash_of('d'),
                       hash_of('x'), hash_of('x'), hash_of('y')};
    /* The second phrase is also in two other groups, the first sentence in one; the record's own is 5. */
    struct wd_rarity rarity = {.shingles = {1u << 5, 1u << 5 | 1u << 9 | 1u << 10},
                               .sentences = {1u << 5 | 1u << 6}};
    (void)unused;
    wd_buffer_init(&out);
    put(&query.sketch, "abcd", "9786");
    query.sketch.posted_count = 2;
    query.sketch.names[0] = 0x0F;
    query.sketch.names[3] = 0x01;
    query.sketch.numbers[1] = 0x03;
    query.sketch.headline = wd_headline_words_of((const uint64_t[]){1, 2, 3, 4, 5}, 5);
    query.hashes = text;
    query.hash_count = sizeof(text) / sizeof(text[0]);
    put(&other, "ebaxz", "5679");
    other.names[0] = 0x3C;
    other.numbers[1] = 0x06;
    other.headline = wd_headline_words_of((const uint64_t[]){1, 2, 3}, 3);
    remember(&other, &out, &record);
    wd_copy_probe_begin(&probe, &query, &rarity);
    assert_int_equal(probe.words, 9 + 8 + 6);
    wd_overlap_count(&probe, &record, &overlap);
    assert_int_equal(overlap.shingles, 2); /* a, b */
    assert_int_equal(overlap.sampled, 4);
    assert_false(overlap.finer);
    assert_true(overlap.matched.bits[0] == 3 && overlap.matched.bits[1] == 0);
    assert_int_equal(overlap.lead, 2);
    assert_int_equal(overlap.known, 2);
    assert_int_equal(overlap.worth, 10 + 3);
    assert_int_equal(overlap.of_story, 1u << 0 | 1u << 3); /* 9 and 6; 7 is furniture */
    assert_int_equal(overlap.of_other, 1u << 3 | 1u << 1);
    assert_int_equal(overlap.words, 9 + 6);
    assert_int_equal(overlap.rare_words, 9 * 6 + 6 * 10);
    assert_int_equal(overlap.words_of_other, 5 + 6 + 7 + 9);
    assert_int_equal(overlap.names.of_story, 5);
    assert_int_equal(overlap.names.of_other, 4);
    assert_int_equal(overlap.names.both, 2);
    assert_int_equal(overlap.numbers.both, 1);
    assert_int_equal(overlap.headline.of_story, 5);
    assert_int_equal(overlap.headline.both, 3);
    query.sketch.keep = UINT32_MAX / 4;
    wd_overlap_count(&probe, &record, &overlap);
    assert_true(overlap.finer);
    assert_int_equal(overlap.shingles, 3); /* and x, which the sample left out */
    assert_int_equal(overlap.sampled, 7);
    assert_true(overlap.matched.bits[0] == 3 && overlap.matched.bits[1] == 0);
    other.keep = (uint32_t)(hash_of('x') >> 32) - 1;
    query.sketch.keep = other.keep / 4;
    remember(&other, &out, &record);
    wd_overlap_count(&probe, &record, &overlap);
    assert_int_equal(overlap.shingles, 2); /* a finer sample would not have it */
    query.sketch.keep = UINT32_MAX;        /* the other's is the coarser one */
    query.kept[0] = (uint64_t)other.keep << 32;
    query.kept[1] = ((uint64_t)other.keep << 32) + UINT32_MAX;
    query.kept[2] = query.kept[3] = ((uint64_t)other.keep + 1) << 32;
    wd_overlap_count(&probe, &record, &overlap);
    assert_false(overlap.finer);
    assert_int_equal(overlap.sampled, 2);
    wd_buffer_finish(&out);
}

/* Of a pool from which both stories draw, so that they have some in common. */
static void draw(struct wd_copy_sketch *sketch, uint32_t *seed)
{
    *sketch = (struct wd_copy_sketch){.keep = UINT32_MAX >> next_random(seed) % 6};
    sketch->shingle_count = next_random(seed) % (WD_SKETCH_SHINGLES_MAX + 1);
    sketch->sentence_count = next_random(seed) % (WD_SKETCH_SENTENCES_MAX + 1);
    sketch->posted_count = sketch->shingle_count < 12 ? sketch->shingle_count : 12;
    uint32_t first = next_random(seed) % POOL;
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        sketch->shingles[i] = hash_of((first + i * 7) % POOL);
    for (uint32_t i = 0; i < sketch->sentence_count; i++) {
        sketch->sentences[i] = hash_of(1000 + next_random(seed) % POOL);
        sketch->sentence_words[i] = (uint8_t)(5 + next_random(seed) % 123);
    }
    for (int i = 0; i < WD_SKETCH_NAME_WORDS; i++)
        sketch->names[i] = hash_of(next_random(seed)) & hash_of(next_random(seed));
    sketch->cohesion.breaks = next_random(seed) & ((1u << sketch->sentence_count) - 1);
    uint64_t words[16];
    for (size_t i = 0; i < 16; i++)
        words[i] = hash_of(next_random(seed) % 64);
    sketch->headline = wd_headline_words_of(words, next_random(seed) % 16);
}

static void compare_twins(const struct wd_copy_probe *probe, const struct wd_copy_record *record)
{
    struct wd_overlap wide;
    struct wd_overlap plain;
    memset(&wide, 0, sizeof(wide));
    memset(&plain, 0, sizeof(plain));
    wd_overlap_count(probe, record, &wide);
    wd_overlap_count_plain(probe, record, &plain);
    assert_memory_equal(&wide, &plain, sizeof(wide));
}

static void wide_like_plain(void **unused)
{
    struct wd_copy_query query;
    struct wd_rarity rarity;
    struct wd_buffer out;
    uint64_t text[HASHES_MAX];
    uint32_t seed = 1;
    uint32_t common = 0;
    uint32_t finer = 0;
    (void)unused;
    wd_buffer_init(&out);
    memset(&query, 0, sizeof(query));
    query.hashes = text;
    for (int story = 0; story < STORIES; story++) {
        struct wd_copy_probe probe;
        struct wd_copy_sketch other;
        struct wd_copy_record record;
        struct wd_overlap overlap;
        draw(&query.sketch, &seed);
        query.boilerplate =
            next_random(&seed) & next_random(&seed) & ((1u << query.sketch.sentence_count) - 1);
        query.hash_count = next_random(&seed) % HASHES_MAX;
        for (uint32_t i = 0; i < query.hash_count; i++)
            text[i] = hash_of(next_random(&seed) % POOL);
        memcpy(query.kept, query.sketch.shingles, sizeof(query.kept));
        for (uint32_t i = 0; i < query.sketch.shingle_count; i++) {
            query.places[i] = next_random(&seed) % (4 * WD_LEAD_WORDS);
            rarity.shingles[i] = hash_of(next_random(&seed)) & hash_of(next_random(&seed)) & 0xFF;
        }
        for (uint32_t i = 0; i < query.sketch.sentence_count; i++) {
            query.first_words[i] = 12 * i;
            rarity.sentences[i] = hash_of(next_random(&seed)) & 0xF;
        }
        draw(&other, &seed);
        remember(&other, &out, &record);
        wd_copy_probe_begin(&probe, &query, &rarity);
        compare_twins(&probe, &record);
        wd_overlap_count(&probe, &record, &overlap);
        common += overlap.shingles > 0 && overlap.of_story != 0;
        finer += overlap.finer && overlap.sampled > 0;
    }
    assert_true(common > STORIES / 4 && finer > STORIES / 10); /* or nothing was shown */
    wd_buffer_finish(&out);
}

/* Phrases that begin in sentences which both have, one after the other and by itself. */
static void counts_inside_common_sentences(void **unused)
{
    struct wd_copy_query query = {.first_words = {0, 9, 20, 26}, .places = {2, 9, 12, 19, 21, 30}};
    struct wd_copy_sketch other;
    struct wd_copy_record record;
    struct wd_copy_probe probe;
    struct wd_overlap overlap;
    struct wd_buffer out;
    struct wd_rarity rarity = {.shingles = {0}};
    (void)unused;
    wd_buffer_init(&out);
    put(&query.sketch, "abcdef", "9765"); /* the second begins at 9 and ends at 16 */
    put(&other, "abdf", "679");
    remember(&other, &out, &record);
    wd_copy_probe_begin(&probe, &query, &rarity);
    memcpy(query.kept, query.sketch.shingles, sizeof(query.kept));
    wd_overlap_count(&probe, &record, &overlap);
    assert_int_equal(overlap.of_story, 1u << 0 | 1u << 1 | 1u << 2); /* words 0 to 26 */
    assert_int_equal(overlap.inside_sampled, 5);
    assert_int_equal(overlap.inside_matched, 3); /* a, b, d */
    assert_int_equal(overlap.common_of_other, 6 + 7 + 9);
    query.boilerplate = 1u << 3; /* places are of other words then */
    wd_overlap_count(&probe, &record, &overlap);
    assert_int_equal(overlap.inside_sampled, 0);
    wd_buffer_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_by_hand),
                                       cmocka_unit_test(counts_inside_common_sentences),
                                       cmocka_unit_test(wide_like_plain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
