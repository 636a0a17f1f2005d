/* The model's file: what is cut, flipped or out of its bounds is refused, also behind a right checksum. */
#include "test.h"

#include "tagger.h"
#include "tagger_model.h"

#include <stdlib.h>
#include <zstd.h>

extern const char wd_english_model_begin[];
extern const char wd_english_model_end[];

static char *copy_model(size_t *len)
{
    *len = (size_t)(wd_english_model_end - wd_english_model_begin);
    char *copy = aligned_alloc(64, (*len + 63) / 64 * 64);
    assert_non_null(copy);
    memcpy(copy, wd_english_model_begin, *len);
    return copy;
}

static void refuses(const char *bytes, size_t len, enum wd_status want, const char *why)
{
    struct wd_tagger *other = NULL;
    struct wd_error error;
    wd_error_init(&error);
    enum wd_status status = wd_tagger_open_bytes(wd_slice_make(bytes, len), &other, &error);
    assert_null(other);
    assert_int_equal(status, want);
    assert_non_null(strstr(error.text, why));
}

static void seal(char *bytes, size_t len)
{
    struct wd_model_head *head = (void *)bytes;
    head->bytes = len;
    head->checksum = wd_model_checksum(wd_slice_make(bytes, len));
}

static void cut_models_are_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *copy = copy_model(&len);
    refuses(NULL, 0, WD_SYNTAX, "only its beginning");
    for (size_t cut = 4096; cut < len; cut += 4096)
        refuses(copy, cut, WD_CHECKSUM, "copy it again");
    refuses(copy, len - 1, WD_CHECKSUM, "copy it again");
    free(copy);
}

/* The head of a cut model made right for what is left: the section that was cut says so. */
static void cut_sections_are_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *copy = copy_model(&len);
    struct wd_model_head *head = (void *)copy;
    struct wd_model_head kept = *head;
    for (size_t cut = 4096; cut < len;
         cut += (size_t)32 * 4096) { /* each is unpacked up to there */
        size_t left = cut - sizeof(kept);
        for (int section = 0; section < WD_MODEL_SECTIONS; section++) {
            size_t whole = kept.packed[section];
            head->packed[section] = (uint32_t)(left < whole ? left : whole);
            left -= head->packed[section];
        }
        seal(copy, cut);
        refuses(copy, cut, WD_SYNTAX, "do not fit");
        *head = kept;
    }
    free(copy);
}

static void flipped_bytes_are_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *copy = copy_model(&len);
    for (size_t at = 32; at < len; at += len / 40 + 1) {
        copy[at] = (char)(copy[at] ^ 0x10);
        refuses(copy, len, WD_CHECKSUM, "damaged");
        copy[at] = (char)(copy[at] ^ 0x10);
    }
    copy[0] = 'X';
    refuses(copy, len, WD_SYNTAX, "no tagger model");
    copy[0] = 'W';
    copy[8]++; /* the version */
    refuses(copy, len, WD_VERSION, "train it again");
    free(copy);
}

static void spoil_head(struct wd_model_head *head, int fault)
{
    uint32_t *const sizes[] = {&head->cell_bits,   &head->row_count,    &head->row_step,
                               &head->word_count,  &head->phrase_count, &head->vector_count,
                               &head->vector_step, &head->packed[2]};
    static const uint32_t values[] = {63, 1u << 30, 128, 1u << 30, 1u << 30, 65535, 0, UINT32_MAX};
    if (fault < 8)
        *sizes[fault] = values[fault];
    else if (fault == 8)
        head->scale = 0.0F;
    else if (fault == 9)
        head->curve[3] = 2.0F;
    else
        head->transitions[5] = INT16_MIN;
}

/* Sealed again with a right checksum: bounds are checked all the same. */
static void values_out_of_bounds_are_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *copy = copy_model(&len);
    struct wd_model_head *head = (void *)copy;
    struct wd_model_head kept = *head;
    for (int fault = 0; fault <= 10; fault++) {
        *head = kept;
        spoil_head(head, fault);
        seal(copy, len);
        refuses(copy, len, WD_SYNTAX, "out of its bounds");
    }
    free(copy);
}

/* ---- what stands in the sections ---- */

/* A model of a few words, rows and vectors, each section as it is before it is packed. */
enum { ROWS = 3, WORDS = 4, PHRASES = 2, VECTORS = 2 };
struct small {
    struct wd_model_head head;
    uint8_t cells[32]; /* 2^8 */
    int8_t rows[ROWS][WD_MODEL_LANES];
    uint8_t words[8][WORDS]; /* gap in four, cluster in two, rank, rest */
    uint8_t phrases[6][PHRASES];
    int8_t vectors[VECTORS][WD_MODEL_VECTOR];
    struct wd_model_network network;
};

static void small_make(struct small *small)
{
    const struct wd_model_head *english = (const void *)wd_english_model_begin;
    memset(small, 0, sizeof(*small));
    small->head = *english;
    small->head.cell_bits = 8;
    small->head.row_count = ROWS;
    small->head.row_step = 4;
    small->head.word_count = WORDS;
    small->head.phrase_count = PHRASES;
    small->head.vector_count = VECTORS;
    small->head.vector_step = 32;
    small->cells[0] = 0x81; /* cells 0, 7 and 255 */
    small->cells[31] = 0x80;
    for (int row = 0; row < ROWS; row++)
        small->rows[row][0] = (int8_t)(10 * (row + 1));
    for (int word = 0; word < WORDS; word++) {
        small->words[3][word] = 0x20; /* marks 0x20000000, 0x40000000, 0x60000000, 0x80000000 */
        small->words[6][word] = (uint8_t)word;
    }
    small->words[7][1] = WD_MODEL_HAS_VECTOR | 5;
    small->words[7][3] = WD_MODEL_HAS_VECTOR;
    small->phrases[0][0] = small->phrases[0][1] = 1; /* marks 1 and 2 */
    small->phrases[4][1] = 1 << WD_LIST_PLACE;
    small->vectors[1][99] = -3;
}

/* Its file, in `bytes`; returns how long it is. */
static size_t small_pack(struct small *small, char *bytes, size_t room)
{
    const void *const sections[] = {small->cells,   small->rows,    small->words,
                                    small->phrases, small->vectors, &small->network};
    size_t len = sizeof(small->head);
    for (int section = 0; section < WD_MODEL_SECTIONS; section++) {
        size_t size = wd_model_section_size(&small->head, (enum wd_model_section)section);
        size_t packed = ZSTD_compress(bytes + len, room - len, sections[section], size, 1);
        assert_false(ZSTD_isError(packed));
        small->head.packed[section] = (uint32_t)packed;
        len += packed;
    }
    memcpy(bytes, &small->head, sizeof(small->head));
    seal(bytes, len);
    return len;
}

static uint64_t hash_of(uint32_t mark)
{
    return (uint64_t)mark << 32 | 12345;
}

static void sections_are_read(void **state)
{
    (void)state;
    static struct small small;
    static _Alignas(8) char bytes[1 << 17];
    struct wd_tagger_model model;
    small_make(&small);
    size_t len = small_pack(&small, bytes, sizeof(bytes));
    assert_int_equal(wd_tagger_model_read(wd_slice_make(bytes, len), &model, NULL), WD_OK);
    static const int wanted[][2] = {{0, 40}, {1, 0},  {6, 0},   {7, 80},
                                    {8, 0},  {64, 0}, {254, 0}, {255, 120}};
    for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
        size_t row = wd_tagger_model_row(&model, (uint64_t)wanted[k][0] << 56 | 99);
        assert_int_equal(model.rows[row], wanted[k][1]);
    }
    const struct wd_model_word *word = wd_tagger_model_word(&model, hash_of(0x40000000));
    assert_non_null(word);
    assert_int_equal(word->rank, 1);
    assert_int_equal(word->cased, 5);
    assert_int_equal(word->vector, 1);
    word = wd_tagger_model_word(&model, hash_of(0x80000000));
    assert_true(word && word->vector == 2 && word->cased == 0);
    assert_int_equal(model.vectors[WD_MODEL_VECTOR + 99], -96);
    word = wd_tagger_model_word(&model, hash_of(0x20000000));
    assert_true(word && word->vector == 0 && word->rank == 0);
    assert_null(wd_tagger_model_word(&model, hash_of(0x40000001)));
    assert_null(wd_tagger_model_word(&model, hash_of(UINT32_MAX)));
    assert_null(wd_tagger_model_word(&model, 0));
    assert_int_equal(wd_tagger_model_phrase(&model, hash_of(1)), 0);
    assert_int_equal(wd_tagger_model_phrase(&model, hash_of(2)), 1 << WD_LIST_PLACE);
    assert_int_equal(wd_tagger_model_phrase(&model, hash_of(3)), 0);
    wd_tagger_model_finish(&model);
}

static const char *spoil(struct small *small, int fault)
{
    switch (fault) {
    case 0: /* one cell more than rows */
        small->cells[5] = 1;
        return "rows do not fit";
    case 1: /* and one less */
        small->cells[0] = 1;
        return "rows do not fit";
    case 2: /* 32 * 4 is no byte */
        small->rows[1][3] = 32;
        return "rows do not fit";
    case 3:
        small->rows[2][15] = -32;
        return "rows do not fit";
    case 4: /* no gap: the same word again */
        small->words[3][2] = 0;
        return "words do not fit";
    case 5: /* beyond 32 bits */
        small->words[3][3] = 0xFF;
        return "words do not fit";
    case 6: /* more vectors than there are */
        small->words[7][2] = WD_MODEL_HAS_VECTOR;
        return "words do not fit";
    case 7: /* and fewer */
        small->words[7][1] = 0;
        return "words do not fit";
    case 8: /* a bit that means nothing */
        small->words[7][0] = 0x10;
        return "words do not fit";
    case 9:
        small->phrases[0][1] = 0;
        return "lists do not fit";
    case 10:
        small->vectors[0][0] = 4;
        return "vectors do not fit";
    default:
        return NULL;
    }
}

static void wrong_sections_are_refused(void **state)
{
    (void)state;
    static struct small small;
    static _Alignas(8) char bytes[1 << 17];
    const char *why = NULL;
    for (int fault = 0; small_make(&small), (why = spoil(&small, fault)); fault++) {
        size_t len = small_pack(&small, bytes, sizeof(bytes));
        refuses(bytes, len, WD_SYNTAX, why);
    }
}

/* ---- one model after another ---- */

/* Without words, lists, vectors and rows: nothing is found, nothing is out of its bounds. */
static void an_empty_model_is_read(void **state)
{
    (void)state;
    static struct small small;
    static _Alignas(8) char bytes[1 << 17];
    struct wd_tagger_model model;
    small_make(&small);
    memset(small.cells, 0, sizeof(small.cells));
    small.head.row_count = small.head.word_count = small.head.phrase_count = 0;
    small.head.vector_count = 0;
    size_t len = small_pack(&small, bytes, sizeof(bytes));
    refuses(bytes, len, WD_SYNTAX, "vectors do not fit"); /* there are frames, of nothing */
    len -= small.head.packed[WD_MODEL_VECTORS] + small.head.packed[WD_MODEL_NETWORK];
    small.head.packed[WD_MODEL_VECTORS] = small.head.packed[WD_MODEL_NETWORK] = 0;
    memcpy(bytes, &small.head, sizeof(small.head));
    seal(bytes, len);
    assert_int_equal(wd_tagger_model_read(wd_slice_make(bytes, len), &model, NULL), WD_OK);
    static const uint32_t marks[] = {0, 1, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
    for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
        assert_null(wd_tagger_model_word(&model, hash_of(marks[k])));
        assert_int_equal(wd_tagger_model_phrase(&model, hash_of(marks[k])), 0);
        assert_int_equal(wd_tagger_model_row(&model, hash_of(marks[k])), 0);
    }
    wd_tagger_model_finish(&model);
}

/* A model read again may lie where the old one lay: what a scratch remembers of words is the old one's. */
static void a_reloaded_model_is_another(void **state)
{
    (void)state;
    static const char copy_text[] =
        "Amina Yusuf of the Harbour Authority spoke in Lagos on Friday.";
    struct wd_tagger_text text = {WD_FIELD_BODY, 0, {copy_text, sizeof(copy_text) - 1}};
    const struct wd_mention *mentions = NULL;
    size_t counts[3] = {0};
    float scores[3] = {0};
    size_t len = 0;
    char *copy = copy_model(&len);
    struct wd_tagger_scratch *old = wd_tagger_scratch_create();
    struct wd_tagger_scratch *fresh = wd_tagger_scratch_create();
    struct wd_tagger_scratch *const scratches[] = {old, old, fresh};
    for (int pass = 0; pass < 3; pass++) {
        struct wd_model_head *head = (void *)copy;
        if (pass == 1) { /* a small one in its place */
            static struct small small;
            small_make(&small);
            small.rows[0][3] = 31; /* PER alone, for some evidence */
            len = small_pack(&small, copy, len);
            assert_int_equal(head->bytes, len);
        }
        struct wd_tagger *other = NULL;
        assert_int_equal(wd_tagger_open_bytes(wd_slice_make(copy, len), &other, NULL), WD_OK);
        assert_int_equal(wd_tagger_tag(other, scratches[pass], &text, 1, &mentions, &counts[pass]),
                         WD_OK);
        for (size_t k = 0; k < counts[pass]; k++)
            scores[pass] += mentions[k].score;
        wd_tagger_close(other);
    }
    assert_int_equal(counts[0], 3);
    assert_true(counts[0] != counts[2] || scores[0] != scores[2]);
    assert_int_equal(counts[1], counts[2]);
    assert_true(scores[1] == scores[2]);
    wd_tagger_scratch_destroy(old);
    wd_tagger_scratch_destroy(fresh);
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_models_are_refused),
        cmocka_unit_test(cut_sections_are_refused),
        cmocka_unit_test(flipped_bytes_are_refused),
        cmocka_unit_test(values_out_of_bounds_are_refused),
        cmocka_unit_test(sections_are_read),
        cmocka_unit_test(wrong_sections_are_refused),
        cmocka_unit_test(an_empty_model_is_read),
        cmocka_unit_test(a_reloaded_model_is_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
