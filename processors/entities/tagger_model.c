#include "tagger_model.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

const char wd_model_magic[8] = {'W', 'D', 'T', 'A', 'G', 'R', '1', '\n'};

static uint64_t place(uint64_t *at, uint64_t bytes)
{
    uint64_t begin = (*at + WD_MODEL_ALIGN - 1) / WD_MODEL_ALIGN * WD_MODEL_ALIGN;
    *at = begin + bytes;
    return begin;
}

struct wd_model_layout wd_model_layout(const struct wd_model_head *head)
{
    struct wd_model_layout layout;
    uint64_t at = sizeof(*head);
    uint64_t slots = UINT64_C(1) << head->lexicon_bits;
    uint64_t phrase_slots = UINT64_C(1) << head->phrase_bits;
    uint64_t units = head->vector_count > 0 ? WD_MODEL_HIDDEN : 0;
    layout.rows = place(&at, (UINT64_C(1) << head->row_bits) * WD_MODEL_LANES);
    layout.lexicon_marks = place(&at, slots * sizeof(uint32_t));
    layout.lexicon = place(&at, slots * sizeof(struct wd_model_word));
    layout.phrase_marks = place(&at, phrase_slots * sizeof(uint32_t));
    layout.phrases = place(&at, phrase_slots * sizeof(uint16_t));
    layout.vectors = place(&at, (uint64_t)head->vector_count * WD_MODEL_VECTOR);
    layout.hidden = place(&at, units * WD_MODEL_WINDOW * WD_MODEL_INPUTS);
    layout.bags = place(&at, units * WD_MODEL_BAGS * WD_MODEL_VECTOR);
    layout.hidden_bias = place(&at, units * sizeof(int32_t));
    layout.output = place(&at, units * WD_MODEL_LANES);
    layout.bytes = at;
    return layout;
}

uint64_t wd_model_checksum(struct wd_slice bytes)
{
    size_t begin = offsetof(struct wd_model_head, row_bits);
    return XXH3_64bits(bytes.data + begin, bytes.len - begin);
}

static bool head_in_bounds(const struct wd_model_head *head)
{
    if (head->row_bits < 8 || head->row_bits > WD_MODEL_BITS_MAX || head->lexicon_bits < 1 ||
        head->lexicon_bits > WD_MODEL_BITS_MAX || head->phrase_bits < 1 ||
        head->phrase_bits > WD_MODEL_BITS_MAX)
        return false;
    if (head->vector_count >= UINT16_MAX)
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
    if (!head_in_bounds(head) || wd_model_layout(head).bytes != bytes.len)
        return wd_error_set(error, WD_SYNTAX, "a size in the model's head is out of its bounds");
    return WD_OK;
}

enum wd_status wd_tagger_model_read(struct wd_slice bytes, struct wd_tagger_model *model,
                                    struct wd_error *error)
{
    enum wd_status status = check(bytes, error);
    if (status != WD_OK)
        return status;
    const struct wd_model_head *head = (const void *)bytes.data;
    struct wd_model_layout layout = wd_model_layout(head);
    const char *base = bytes.data;
    *model = (struct wd_tagger_model){
        .head = head,
        .row_shift = 64 - head->row_bits,
        .rows = (const void *)(base + layout.rows),
        .lexicon_marks = (const void *)(base + layout.lexicon_marks),
        .lexicon = (const void *)(base + layout.lexicon),
        .phrase_marks = (const void *)(base + layout.phrase_marks),
        .phrases = (const void *)(base + layout.phrases),
        .vectors = (const void *)(base + layout.vectors),
        .hidden = (const void *)(base + layout.hidden),
        .bags = (const void *)(base + layout.bags),
        .hidden_bias = (const void *)(base + layout.hidden_bias),
        .output = (const void *)(base + layout.output),
    };
    for (size_t i = 0; i < (size_t)1 << head->lexicon_bits; i++) {
        if (model->lexicon[i].vector > head->vector_count)
            return wd_error_set(error, WD_SYNTAX, "a word of the model has a vector that is not");
    }
    return WD_OK;
}

/* The slot of `hash` in a table of 2^bits marks; SIZE_MAX when it is not there. */
static size_t find(const uint32_t *marks, uint32_t bits, uint64_t hash)
{
    size_t mask = ((size_t)1 << bits) - 1;
    uint32_t mark = (uint32_t)(hash >> 32) | 1u;
    for (size_t probe = 0; probe < WD_MODEL_PROBES_MAX; probe++) {
        size_t slot = ((size_t)hash + probe) & mask;
        if (marks[slot] == mark)
            return slot;
        if (marks[slot] == 0)
            break;
    }
    return SIZE_MAX;
}

const struct wd_model_word *wd_tagger_model_word(const struct wd_tagger_model *model, uint64_t hash)
{
    size_t slot = find(model->lexicon_marks, model->head->lexicon_bits, hash);
    return slot == SIZE_MAX ? NULL : &model->lexicon[slot];
}

uint16_t wd_tagger_model_phrase(const struct wd_tagger_model *model, uint64_t hash)
{
    size_t slot = find(model->phrase_marks, model->head->phrase_bits, hash);
    return slot == SIZE_MAX ? 0 : model->phrases[slot];
}
