/* The gazetteer: what it finds, and that a damaged image is refused wherever the damage is. */
#include "test.h"

#include "gazetteer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

extern const char wd_gazetteer_begin[], wd_gazetteer_end[];

static const struct wd_gazetteer_candidate *find(const struct wd_gazetteer *gazetteer,
                                                 const char *name, bool *longer)
{
    struct wd_words words;
    wd_words_init(&words);
    uint64_t hash = wd_words_hash(&words, wd_slice_from(name));
    wd_words_finish(&words);
    assert_true(hash != 0);
    return wd_gazetteer_find(gazetteer, hash, longer);
}

static struct wd_gazetteer *built_in(void)
{
    struct wd_gazetteer *gazetteer = NULL;
    struct wd_error error;
    wd_error_init(&error);
    if (wd_gazetteer_open(NULL, &gazetteer, &error) != WD_OK)
        fail_msg("%s", error.text);
    return gazetteer;
}

/* Names as wires write them, and the first id that they have. */
static void built_in_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t kind;
        const char *id;
    } wanted[] = {
        {"Iran", 'k', "IR"},
        {"U.K.", 'k', "GB"},
        {"Côte d'Ivoire", 'k', "CI"},
        {"Ivory Coast", 'k', "CI"},
        {"Texas", 'a', "TX"},
        {"Bavaria", 'a', "BY"},
        {"São Paulo", 'c', "3448439"},
        {"sao paulo", 'c', "3448439"},
        {"Kiev", 'c', "703448"},
        {"Paris", 'c', "2988507"},
        {"St. Petersburg", 'c', "498817"},
        {"Bernie Sanders", 'p', "359442"},
    };
    struct wd_gazetteer *gazetteer = built_in();
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        bool longer = false;
        bool found = false;
        const struct wd_gazetteer_candidate *candidate = find(gazetteer, wanted[i].name, &longer);
        for (; candidate && !found; candidate = wd_gazetteer_next(candidate)) {
            const struct wd_gazetteer_entity *entity =
                wd_gazetteer_entity(gazetteer, candidate->entity);
            found = entity->kind == wanted[i].kind &&
                    strcmp(wd_gazetteer_string(gazetteer, entity->id), wanted[i].id) == 0;
        }
        if (!found)
            fail_msg("%s is not %c %s", wanted[i].name, wanted[i].kind, wanted[i].id);
    }
    bool longer = false;
    assert_null(find(gazetteer, "Qwrtzplk", &longer));
    assert_false(longer);
    (void)find(gazetteer, "New", &longer);
    assert_true(longer);
    assert_in_range(wd_gazetteer_count(gazetteer), 50000, 1000000);
    wd_gazetteer_close(gazetteer);
}

static enum wd_status open_copy(const char *bytes, size_t len)
{
    struct wd_gazetteer *gazetteer = NULL;
    struct wd_error error;
    wd_error_init(&error);
    enum wd_status status = wd_gazetteer_open_bytes(wd_slice_make(bytes, len), &gazetteer, &error);
    if (status == WD_OK)
        wd_gazetteer_close(gazetteer);
    else
        assert_true(strlen(error.text) > 10);
    return status;
}

static void cut_every_4_kb(void **state)
{
    (void)state;
    size_t len = (size_t)(wd_gazetteer_end - wd_gazetteer_begin);
    for (size_t cut = 0; cut < len; cut += 4096)
        assert_int_not_equal(open_copy(wd_gazetteer_begin, cut), WD_OK);
    assert_int_equal(open_copy(wd_gazetteer_begin, len), WD_OK);
}

static const char small_table[] = "k\tFR\tFrance\tFR\t\t100000000\ts\t=\n"
                                  "c\t2988507\tParis\tFR\t11\t2138551\tC\t=\tLutetia|!PARIS\n"
                                  "c\t4717560\tParis\tUS\tTX\t24782\n";

static struct wd_buffer build(const char *table)
{
    struct wd_buffer image;
    struct wd_error error;
    wd_buffer_init(&image);
    wd_error_init(&error);
    if (wd_gazetteer_build(wd_slice_from(table), &image, &error) != WD_OK)
        fail_msg("%s", error.text);
    return image;
}

/* Every bit of a small image, one after the other. */
static void every_bit_flipped(void **state)
{
    (void)state;
    struct wd_buffer image = build(small_table);
    assert_int_equal(open_copy(image.data, image.len), WD_OK);
    for (size_t i = 0; i < image.len * 8; i++) {
        image.data[i / 8] = (char)(image.data[i / 8] ^ (1 << (i % 8)));
        if (open_copy(image.data, image.len) == WD_OK)
            fail_msg("bit %zu flipped, and opened", i);
        image.data[i / 8] = (char)(image.data[i / 8] ^ (1 << (i % 8)));
    }
    wd_buffer_finish(&image);
}

/* Indexes out of bounds behind a checksum that is right. */
static void indexes_out_of_bounds(void **state)
{
    (void)state;
    struct wd_buffer image = build(small_table);
    struct wd_gazetteer_head head;
    memcpy(&head, image.data, sizeof(head));
    size_t slots = sizeof(head);
    size_t candidates = slots + head.slot_count * sizeof(struct wd_phrase_slot);
    size_t entities = candidates + head.candidate_count * sizeof(struct wd_gazetteer_candidate);
    entities = (entities + 7) / 8 * 8;
    const size_t numbers[] = {candidates, candidates + 4, entities, entities + 4, entities + 8};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint32_t kept = 0;
        const uint32_t wrong = 0x7FFFFFFF;
        memcpy(&kept, image.data + numbers[i], sizeof(kept));
        memcpy(image.data + numbers[i], &wrong, sizeof(wrong));
        head.checksum = XXH3_64bits(image.data + WD_GAZETTEER_CHECKED_FROM,
                                    image.len - WD_GAZETTEER_CHECKED_FROM);
        memcpy(image.data, &head, sizeof(head));
        assert_int_equal(open_copy(image.data, image.len), WD_SYNTAX);
        memcpy(image.data + numbers[i], &kept, sizeof(kept));
    }
    wd_buffer_finish(&image);
}

static void another_version(void **state)
{
    (void)state;
    struct wd_buffer image = build(small_table);
    struct wd_gazetteer_head head;
    memcpy(&head, image.data, sizeof(head));
    head.version++;
    memcpy(image.data, &head, sizeof(head));
    assert_int_equal(open_copy(image.data, image.len), WD_VERSION);
    wd_buffer_finish(&image);
}

static void building(void **state)
{
    (void)state;
    struct wd_buffer first = build(small_table);
    struct wd_buffer second = build(small_table);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    struct wd_gazetteer *gazetteer = NULL;
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_gazetteer_open_bytes(wd_buffer_slice(&first), &gazetteer, &error), WD_OK);
    bool longer = true;
    const struct wd_gazetteer_candidate *paris = find(gazetteer, "Paris", &longer);
    assert_non_null(paris);
    assert_false(longer);
    /* The heavier first; each once, and the exact spelling beside. */
    assert_string_equal(
        wd_gazetteer_string(gazetteer, wd_gazetteer_entity(gazetteer, paris->entity)->id),
        "2988507");
    size_t count = 0;
    for (; paris; paris = wd_gazetteer_next(paris))
        count++;
    assert_int_equal(count, 3);
    assert_non_null(find(gazetteer, "lutetia", &longer));
    wd_gazetteer_close(gazetteer);
    wd_buffer_finish(&first);
    wd_buffer_finish(&second);
}

static void faults_have_lines(void **state)
{
    (void)state;
    struct wd_buffer image;
    struct wd_error error;
    wd_buffer_init(&image);
    wd_error_init(&error);
    assert_int_equal(wd_gazetteer_build(WD_SLICE("k\tFR\tFrance\n\nz\t1\tX\n"), &image, &error),
                     WD_SYNTAX);
    assert_int_equal(error.line, 3);
    wd_error_init(&error);
    assert_int_equal(wd_gazetteer_build(WD_SLICE("k\tFR\n"), &image, &error), WD_SYNTAX);
    assert_int_equal(error.line, 1);
    wd_buffer_finish(&image);
}

static void from_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/wiredesk-gazetteer-XXXXXX";
    struct wd_buffer image = build(small_table);
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, image.data, image.len), image.len);
    (void)close(file);
    struct wd_gazetteer *gazetteer = NULL;
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_gazetteer_open(path, &gazetteer, &error), WD_OK);
    assert_int_equal(wd_gazetteer_count(gazetteer), 3);
    wd_gazetteer_close(gazetteer);
    assert_int_equal(truncate(path, (off_t)image.len / 2), 0);
    assert_int_equal(wd_gazetteer_open(path, &gazetteer, &error), WD_CHECKSUM);
    (void)unlink(path);
    assert_int_equal(wd_gazetteer_open(path, &gazetteer, &error), WD_IO);
    wd_buffer_finish(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_names),    cmocka_unit_test(cut_every_4_kb),
        cmocka_unit_test(every_bit_flipped), cmocka_unit_test(indexes_out_of_bounds),
        cmocka_unit_test(another_version),   cmocka_unit_test(building),
        cmocka_unit_test(faults_have_lines), cmocka_unit_test(from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
