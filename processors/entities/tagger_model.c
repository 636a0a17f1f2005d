#include "tagger_model.h"

#include "clones.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <zstd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    ALIGN = 64, /* of every table in memory */
    HUGE_PAGE =
        2
        << 20, /* rows are read all over the place: of few pages where the system has large ones */
    WORD_BYTES = 8,  /* a packed word: gap, cluster in two, rank, rest */
    PHRASE_BYTES = 6 /* gap, bits in two */
};

const char wd_model_magic[8] = {'W', 'D', 'T', 'A', 'G', 'R', '1', '\n'};

size_t wd_model_section_size(const struct wd_model_head *head, enum wd_model_section section)
{
    switch (section) {
    case WD_MODEL_CELLS:
        return ((size_t)1 << head->cell_bits) / 8;
    case WD_MODEL_ROWS:
        return (size_t)head->row_count * WD_MODEL_LANES;
    case WD_MODEL_WORDS:
        return (size_t)head->word_count * WORD_BYTES;
    case WD_MODEL_PHRASES:
        return (size_t)head->phrase_count * PHRASE_BYTES;
    case WD_MODEL_VECTORS:
        return (size_t)head->vector_count * WD_MODEL_VECTOR;
    case WD_MODEL_NETWORK:
        return head->vector_count > 0 ? sizeof(struct wd_model_network) : 0;
    case WD_MODEL_SECTIONS:
        break;
    }
    return 0;
}

uint64_t wd_model_checksum(struct wd_slice bytes)
{
    size_t begin = offsetof(struct wd_model_head, row_count);
    return XXH3_64bits(bytes.data + begin, bytes.len - begin);
}

/* ---- the head ---- */

static bool head_in_bounds(const struct wd_model_head *head)
{
    if (head->cell_bits < WD_MODEL_CELL_BITS_MIN || head->cell_bits > WD_MODEL_CELL_BITS_MAX ||
        head->row_count > WD_MODEL_ROWS_MAX || head->word_count > WD_MODEL_WORDS_MAX ||
        head->phrase_count > WD_MODEL_WORDS_MAX)
        return false;
    if (head->vector_count >= UINT16_MAX || head->vector_count > head->word_count)
        return false;
    if (head->row_step < 1 || head->row_step > INT8_MAX || head->vector_step < 1 ||
        head->vector_step > INT8_MAX)
        return false;
    if (!(head->scale >= 1.0F && head->scale <= 4096.0F))
        return false;
    for (int i = 0; i < WD_MODEL_LABELS * WD_MODEL_LABELS; i++) {
        if (head->transitions[i] < -WD_MODEL_STEP_MAX || head->transitions[i] > WD_MODEL_STEP_MAX)
            return false;
    }
    for (int i = 0; i < WD_MODEL_CURVE; i++) {
        if (!(head->curve[i] >= 0.0F && head->curve[i] <= 1.0F))
            return false;
    }
    return true;
}

static uint64_t packed_size(const struct wd_model_head *head)
{
    uint64_t bytes = sizeof(*head);
    for (int section = 0; section < WD_MODEL_SECTIONS; section++)
        bytes += head->packed[section];
    return bytes;
}

static enum wd_status check(struct wd_slice bytes, struct wd_error *error)
{
    const struct wd_model_head *head = (const void *)bytes.data;
    const uint16_t one = 1;
    if (*(const unsigned char *)&one != 1)
        return wd_error_set(error, WD_UNSUPPORTED, "models are for little-endian machines");
    if (bytes.len < sizeof(*head) || memcmp(head->magic, wd_model_magic, sizeof(head->magic)) != 0)
        return wd_error_set(error, WD_SYNTAX, "this is no tagger model, or only its beginning");
    if (head->version != WD_MODEL_VERSION)
        return wd_error_set(error, WD_VERSION,
                            "the model has format %u, this program reads %d: train it again",
                            head->version, WD_MODEL_VERSION);
    if (head->bytes != bytes.len)
        return wd_error_set(error, WD_CHECKSUM,
                            "the model should have %llu bytes and has %zu: copy it again",
                            (unsigned long long)head->bytes, bytes.len);
    if (head->checksum != wd_model_checksum(bytes))
        return wd_error_set(error, WD_CHECKSUM, "the model is damaged: copy or train it again");
    if (!head_in_bounds(head) || packed_size(head) != bytes.len)
        return wd_error_set(error, WD_SYNTAX, "a size in the model's head is out of its bounds");
    return WD_OK;
}

/* ---- memory ---- */

static uint32_t table_bits(uint32_t count)
{
    uint32_t bits = 1;
    while (UINT64_C(4) << bits < count)
        bits++;
    return bits;
}

/* The next table in `base`; without a base only counted. */
static void *take(char *base, size_t *at, size_t bytes)
{
    size_t begin = *at;
    *at = begin + (bytes + ALIGN - 1) / ALIGN * ALIGN;
    return base ? base + begin : NULL;
}

static void take_table(struct wd_model_table *table, uint32_t count, char *base, size_t *at)
{
    uint32_t bits = table_bits(count);
    table->shift = 32 - bits;
    table->marks = take(base, at, count * sizeof(*table->marks));
    table->begins = take(base, at, (((size_t)1 << bits) + 1) * sizeof(*table->begins));
}

static size_t lay_out(struct wd_tagger_model *model, char *base)
{
    const struct wd_model_head *head = &model->head;
    size_t at = 0;
    model->cell_shift = 64 - head->cell_bits;
    model->cells = take(base, &at, ((size_t)1 << head->cell_bits) / 32 * sizeof(*model->cells));
    model->rows = take(base, &at, ((size_t)head->row_count + 1) * WD_MODEL_LANES);
    take_table(&model->lexicon, head->word_count, base, &at);
    model->words = take(base, &at, head->word_count * sizeof(*model->words));
    take_table(&model->lists, head->phrase_count, base, &at);
    model->phrases = take(base, &at, head->phrase_count * sizeof(*model->phrases));
    model->vectors = take(base, &at, (size_t)head->vector_count * WD_MODEL_VECTOR);
    model->network = take(base, &at, sizeof(*model->network));
    return at;
}

static enum wd_status make_room(struct wd_tagger_model *model, struct wd_error *error)
{
    size_t bytes = lay_out(model, NULL);
    model->memory = aligned_alloc(HUGE_PAGE, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
    if (!model->memory)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for the model's %zu bytes", bytes);
    (void)madvise(model->memory, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
    (void)lay_out(model, model->memory);
    memset(model->rows, 0, WD_MODEL_LANES);
    return WD_OK;
}

/* ---- sections ---- */

/* Where the file's sections lie, and room for one of them. */
struct packed {
    const char *sections[WD_MODEL_SECTIONS];
    ZSTD_DCtx *context;
    uint8_t *scratch;
};

static bool unpack_to(const struct packed *packed, const struct wd_model_head *head,
                      enum wd_model_section section, void *out)
{
    size_t size = wd_model_section_size(head, section);
    size_t got = ZSTD_decompressDCtx(packed->context, out, size, packed->sections[section],
                                     head->packed[section]);
    return !ZSTD_isError(got) && got == size;
}

static bool read_cells(const struct packed *packed, struct wd_tagger_model *model)
{
    if (!unpack_to(packed, &model->head, WD_MODEL_CELLS, packed->scratch))
        return false;
    uint32_t rows = 0;
    for (size_t k = 0; k < (size_t)1 << model->head.cell_bits >> 5; k++) {
        model->cells[k].before = rows;
        memcpy(&model->cells[k].kept, packed->scratch + k * 4, 4);
        rows += (uint32_t)__builtin_popcount(model->cells[k].kept);
    }
    return rows == model->head.row_count;
}

typedef uint8_t unsigned_lanes __attribute__((vector_size(sizeof(wd_lanes8))));

/* Sixteen numbers in place; what is not zero in `wrong` afterwards became too large. The product is of
 * numbers without sign: it is the same, and one that is too large is no undefined behaviour. */
static inline void multiply_some(int8_t numbers[16], int8_t factor, wd_lanes8 *wrong)
{
    const int8_t most = (int8_t)(INT8_MAX / factor);
    const int8_t least = (int8_t)-most;
    wd_lanes8 some;
    memcpy(&some, numbers, sizeof(some));
    *wrong |= (some > most) | (some < least);
    unsigned_lanes product = (unsigned_lanes)some * (uint8_t)factor;
    memcpy(numbers, &product, sizeof(product));
}

/* In place; false when a number becomes too large. */
static WD_CLONES bool multiply(int8_t *numbers, size_t count, uint32_t step)
{
    int8_t rest[sizeof(wd_lanes8)] = {0};
    wd_lanes8 wrong = {0};
    size_t left = count % sizeof(rest);
    for (size_t k = 0; k < count - left; k += sizeof(rest))
        multiply_some(numbers + k, (int8_t)step, &wrong);
    memcpy(rest, numbers + count - left, left);
    multiply_some(rest, (int8_t)step, &wrong);
    memcpy(numbers + count - left, rest, left);
    uint64_t halves[2];
    memcpy(halves, &wrong, sizeof(halves));
    return (halves[0] | halves[1]) == 0;
}

static bool read_rows(const struct packed *packed, struct wd_tagger_model *model)
{
    int8_t *rows = model->rows + WD_MODEL_LANES;
    return unpack_to(packed, &model->head, WD_MODEL_ROWS, rows) &&
           multiply(rows, (size_t)model->head.row_count * WD_MODEL_LANES, model->head.row_step);
}

/* Marks from their gaps; false when there is no gap, or it leads beyond 32 bits. */
static bool read_marks(const uint8_t *planes, uint32_t count, const struct wd_model_table *table)
{
    uint32_t mark = 0;
    uint32_t bucket = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t gap = 0;
        for (size_t byte = 0; byte < WD_MODEL_GAP_BYTES; byte++)
            gap |= (uint32_t)planes[byte * count + k] << (8 * byte);
        if (gap == 0 || __builtin_add_overflow(mark, gap, &mark))
            return false;
        table->marks[k] = mark;
        while (bucket <= mark >> table->shift)
            table->begins[bucket++] = k;
    }
    while (bucket <= UINT32_MAX >> table->shift)
        table->begins[bucket++] = count;
    table->begins[bucket] = count;
    return true;
}

static bool read_words(const struct packed *packed, struct wd_tagger_model *model)
{
    uint32_t count = model->head.word_count;
    const uint8_t *rest = packed->scratch + (size_t)WD_MODEL_GAP_BYTES * count;
    uint32_t vectors = 0;
    if (!unpack_to(packed, &model->head, WD_MODEL_WORDS, packed->scratch) ||
        !read_marks(packed->scratch, count, &model->lexicon))
        return false;
    for (size_t k = 0; k < count; k++) {
        uint8_t last = rest[3 * (size_t)count + k];
        bool has_vector = (last & WD_MODEL_HAS_VECTOR) != 0;
        if (last & ~(unsigned)(WD_MODEL_HAS_VECTOR | WD_MODEL_CASED))
            return false;
        vectors += has_vector;
        model->words[k] = (struct wd_model_word){
            .cluster = (uint16_t)(rest[k] | rest[count + k] << 8),
            .vector = (uint16_t)(has_vector ? vectors : 0),
            .rank = rest[2 * (size_t)count + k],
            .cased = last & WD_MODEL_CASED,
        };
    }
    return vectors == model->head.vector_count;
}

static bool read_phrases(const struct packed *packed, struct wd_tagger_model *model)
{
    uint32_t count = model->head.phrase_count;
    const uint8_t *bits = packed->scratch + (size_t)WD_MODEL_GAP_BYTES * count;
    if (!unpack_to(packed, &model->head, WD_MODEL_PHRASES, packed->scratch) ||
        !read_marks(packed->scratch, count, &model->lists))
        return false;
    for (size_t k = 0; k < count; k++)
        model->phrases[k] = (uint16_t)(bits[k] | bits[count + k] << 8);
    return true;
}

static bool read_hidden(const struct packed *packed, struct wd_tagger_model *model)
{
    size_t numbers = (size_t)model->head.vector_count * WD_MODEL_VECTOR;
    if (numbers == 0)
        return model->head.packed[WD_MODEL_VECTORS] + model->head.packed[WD_MODEL_NETWORK] == 0;
    return unpack_to(packed, &model->head, WD_MODEL_VECTORS, model->vectors) &&
           multiply(model->vectors, numbers, model->head.vector_step) &&
           unpack_to(packed, &model->head, WD_MODEL_NETWORK, model->network);
}

static size_t scratch_size(const struct wd_model_head *head)
{
    static const enum wd_model_section sections[] = {WD_MODEL_CELLS, WD_MODEL_WORDS,
                                                     WD_MODEL_PHRASES};
    size_t most = 1;
    for (size_t k = 0; k < sizeof(sections) / sizeof(sections[0]); k++) {
        size_t size = wd_model_section_size(head, sections[k]);
        most = size > most ? size : most;
    }
    return most;
}

static enum wd_status unpack(struct wd_slice bytes, struct wd_tagger_model *model,
                             struct wd_error *error)
{
    struct packed packed = {.context = ZSTD_createDCtx(),
                            .scratch = malloc(scratch_size(&model->head))};
    const char *at = bytes.data + sizeof(model->head);
    enum wd_status status = WD_OK;
    for (int section = 0; section < WD_MODEL_SECTIONS; section++) {
        packed.sections[section] = at;
        at += model->head.packed[section];
    }
    if (!packed.context || !packed.scratch)
        status = wd_error_set(error, WD_NO_MEMORY, "no memory to unpack the model");
    else if (!read_cells(&packed, model) || !read_rows(&packed, model))
        status = wd_error_set(error, WD_SYNTAX, "the model's rows do not fit its head");
    else if (!read_words(&packed, model))
        status = wd_error_set(error, WD_SYNTAX, "the model's words do not fit its head");
    else if (!read_phrases(&packed, model))
        status = wd_error_set(error, WD_SYNTAX, "the model's lists do not fit its head");
    else if (!read_hidden(&packed, model))
        status = wd_error_set(error, WD_SYNTAX, "the model's vectors do not fit its head");
    free(packed.scratch);
    (void)ZSTD_freeDCtx(packed.context);
    return status;
}

enum wd_status wd_tagger_model_read(struct wd_slice bytes, struct wd_tagger_model *model,
                                    struct wd_error *error)
{
    *model = (struct wd_tagger_model){0};
    enum wd_status status = check(bytes, error);
    if (status != WD_OK)
        return status;
    memcpy(&model->head, bytes.data, sizeof(model->head));
    status = make_room(model, error);
    if (status == WD_OK)
        status = unpack(bytes, model, error);
    if (status != WD_OK)
        wd_tagger_model_finish(model);
    return status;
}

void wd_tagger_model_finish(struct wd_tagger_model *model)
{
    free(model->memory);
    *model = (struct wd_tagger_model){0};
}

/* ---- look-ups ---- */

/* The place of `hash` in its table; UINT32_MAX when it is not there. */
static uint32_t find(const struct wd_model_table *table, uint64_t hash)
{
    uint32_t mark = wd_model_mark(hash);
    uint32_t end = table->begins[(mark >> table->shift) + 1];
    for (uint32_t k = table->begins[mark >> table->shift]; k < end && table->marks[k] <= mark;
         k++) {
        if (table->marks[k] == mark)
            return k;
    }
    return UINT32_MAX;
}

const struct wd_model_word *wd_tagger_model_word(const struct wd_tagger_model *model, uint64_t hash)
{
    uint32_t place = find(&model->lexicon, hash);
    return place == UINT32_MAX ? NULL : &model->words[place];
}

uint16_t wd_tagger_model_phrase(const struct wd_tagger_model *model, uint64_t hash)
{
    uint32_t place = find(&model->lists, hash);
    return place == UINT32_MAX ? 0 : model->phrases[place];
}
