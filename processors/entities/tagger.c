#include "tagger_tokens.h"

#include "clones.h"
#include "tagger_decode.h"
#include "tagger_features.h"
#include "tagger_hidden.h"
#include "tokens.h"
#include "wd_assert.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern const char wd_english_model_begin[];
extern const char wd_english_model_end[];

struct wd_tagger {
    struct wd_tagger_model model;
    struct wd_decode_steps steps;
    struct wd_decode_odds odds;
    struct wd_hidden *hidden;
};

enum {
    BYTES_A_TOKEN = 5, /* about, with the blank */
    AT_ONCE = 4        /* tokens whose cells and rows are fetched together */
};

/* Where a token stands. */
struct span {
    uint32_t text;
    uint32_t begin;
    uint32_t end;
};

struct wd_tagger_scratch {
    struct wd_unit unit;
    int16_t (*scores)[WD_MODEL_LANES]; /* of each token of the unit */
    int16_t (*final)[WD_MODEL_LANES];  /* with what the story says */
    struct wd_decode_cell *cells;
    uint8_t *labels;
    int16_t (*means)[WD_MODEL_VECTOR];     /* of each sentence's vectors */
    int32_t story_bag[WD_MODEL_HIDDEN];    /* what the hidden layer makes of the unit's words */
    int32_t sentence_bag[WD_MODEL_HIDDEN]; /* and of those of a sentence, with the unit's */
    uint32_t bag_sentence;                 /* which one; UINT32_MAX: none yet */
    struct wd_token_mention *found;        /* of the unit */
    size_t found_count;
    struct span *spans;          /* of each token of the unit */
    struct wd_mention *mentions; /* of the whole call */
    size_t mention_count;
    size_t mention_capacity;
};

enum wd_status wd_tagger_open_bytes(struct wd_slice bytes, struct wd_tagger **tagger,
                                    struct wd_error *error)
{
    *tagger = calloc(1, sizeof(**tagger));
    if (!*tagger)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a tagger");
    struct wd_tagger *self = *tagger;
    enum wd_status status = wd_tagger_model_read(bytes, &self->model, error);
    if (status != WD_OK) {
        free(self);
        *tagger = NULL;
        return status;
    }
    self->hidden = wd_hidden_create(&self->model);
    if (!self->hidden) {
        wd_tagger_close(self);
        *tagger = NULL;
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a tagger");
    }
    const struct wd_model_head *head = &self->model.head;
    for (uint32_t at = 0; at < WD_MODEL_LABELS * WD_MODEL_LABELS; at++) {
        uint32_t from = at / WD_MODEL_LABELS;
        uint32_t to = at % WD_MODEL_LABELS;
        if (!wd_label_follows(from, to))
            continue;
        *wd_decode_step_at(&self->steps, from, to) = head->transitions[at];
        *wd_decode_odds_at(&self->odds, from, to) =
            wd_exp((float)head->transitions[at] / head->scale);
    }
    return WD_OK;
}

static enum wd_status open_file(const char *path, struct wd_tagger **tagger, struct wd_error *error)
{
    enum wd_status status = WD_OK;
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) != 0) {
        status = wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
        goto out;
    }
    size_t size = (size_t)info.st_size;
    void *bytes = size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : NULL;
    if (bytes == MAP_FAILED) {
        status = wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
        goto out;
    }
    status = wd_tagger_open_bytes(wd_slice_make(bytes, size), tagger, error);
    wd_error_at_path(status == WD_OK ? NULL : error, "%s", path);
    if (bytes)
        (void)munmap(bytes, size);
out:
    if (file >= 0)
        (void)close(file);
    return status;
}

/* The program's own pages that hold the packed model are not needed again soon: out of resident memory.
 * They come back from the program's file when somebody reads them. */
static void give_back(const char *bytes, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)bytes + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)bytes + len) / page * page;
    if (begin < end)
        (void)madvise((void *)begin, end - begin, MADV_DONTNEED);
}

enum wd_status wd_tagger_open(const char *path, struct wd_tagger **tagger, struct wd_error *error)
{
    *tagger = NULL;
    if (path)
        return open_file(path, tagger, error);
    size_t len = (size_t)(wd_english_model_end - wd_english_model_begin);
    enum wd_status status =
        wd_tagger_open_bytes(wd_slice_make(wd_english_model_begin, len), tagger, error);
    give_back(wd_english_model_begin, len);
    return status;
}

uint64_t wd_tagger_checksum(const struct wd_tagger *tagger)
{
    return tagger->model.head.checksum;
}

void wd_tagger_close(struct wd_tagger *tagger)
{
    if (!tagger)
        return;
    wd_tagger_model_finish(&tagger->model);
    wd_hidden_destroy(tagger->hidden);
    free(tagger);
}

struct wd_tagger_scratch *wd_tagger_scratch_create(void)
{
    struct wd_tagger_scratch *scratch = calloc(1, sizeof(*scratch));
    if (!scratch)
        return NULL;
    size_t tokens = WD_TAGGER_UNIT_TOKENS;
    bool ok = wd_unit_init(&scratch->unit) == WD_OK;
    scratch->scores = calloc(tokens, sizeof(*scratch->scores));
    scratch->final = calloc(tokens, sizeof(*scratch->final));
    scratch->cells = calloc(tokens, sizeof(*scratch->cells));
    scratch->labels = calloc(tokens, sizeof(*scratch->labels));
    scratch->found = calloc(tokens, sizeof(*scratch->found));
    scratch->spans = calloc(tokens, sizeof(*scratch->spans));
    scratch->means = calloc(tokens, sizeof(*scratch->means));
    if (ok && scratch->scores && scratch->final && scratch->cells && scratch->labels &&
        scratch->found && scratch->spans && scratch->means)
        return scratch;
    wd_tagger_scratch_destroy(scratch);
    return NULL;
}

void wd_tagger_scratch_destroy(struct wd_tagger_scratch *scratch)
{
    if (!scratch)
        return;
    wd_unit_finish(&scratch->unit);
    free(scratch->scores);
    free(scratch->final);
    free(scratch->cells);
    free(scratch->labels);
    free(scratch->found);
    free(scratch->spans);
    free(scratch->means);
    free(scratch->mentions);
    free(scratch);
}

/* ---- scores ---- */

/* In place: from ids to where their rows are, which are on their way into the cache then. The cells were
 * on theirs before. */
static WD_CLONES void find_rows(const struct wd_tagger_model *model, uint64_t *ids, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        ids[k] = wd_tagger_model_row(model, ids[k]);
        __builtin_prefetch(model->rows + ids[k]);
    }
}

static WD_CLONES void add_rows(const int8_t *rows, const uint64_t *places, size_t count,
                               int16_t sums[WD_MODEL_LANES])
{
    wd_lanes16 total;
    memcpy(&total, sums, sizeof(total));
    for (size_t k = 0; k < count; k++) {
        wd_lanes8 row;
        memcpy(&row, rows + places[k], sizeof(row));
        total += WD_LANES16_OF(row);
    }
    memcpy(sums, &total, sizeof(total));
}

/* The rows that speak about a token's place. */
struct wanted {
    uint64_t rows[WD_FEATURES_MAX];
    size_t count;
};

static void fetch_cells(const struct wd_tagger_model *model, const struct wanted *wanted)
{
    for (size_t k = 0; k < wanted->count; k++)
        __builtin_prefetch(wd_tagger_model_cells(model, wanted->rows[k]));
}

static void want_cells(const struct wd_tagger *tagger, const struct wd_unit *unit, uint32_t i,
                       struct wanted *wanted)
{
    wanted->count = wd_features_of_place(unit, i, WD_FEATURES_ALL, wanted->rows);
    fetch_cells(&tagger->model, wanted);
}

/* The sums of words that are not there yet, each once: for some tokens they are fetched together. */
struct due {
    struct wd_unit_word *words[AT_ONCE * WD_MODEL_WINDOW];
    uint8_t places[AT_ONCE * WD_MODEL_WINDOW];
    struct wanted wanted[AT_ONCE * WD_MODEL_WINDOW];
    size_t count;
};

static void want_words(const struct wd_tagger *tagger, struct wd_unit *unit, uint32_t i,
                       struct due *due)
{
    for (size_t place = 0; place < WD_MODEL_WINDOW; place++) {
        const struct wd_unit_word *at = wd_unit_word_at(unit, i, (int)place - WD_UNIT_REACH);
        struct wd_unit_word *word = &unit->words[at - unit->words];
        if (word->summed & 1u << place)
            continue;
        word->summed |= (uint8_t)(1u << place);
        struct wanted *wanted = &due->wanted[due->count];
        due->words[due->count] = word;
        due->places[due->count++] = (uint8_t)place;
        wanted->count =
            wd_features_of_word(word, (int)place - WD_UNIT_REACH, WD_FEATURES_ALL, wanted->rows);
        fetch_cells(&tagger->model, wanted);
    }
}

static void sum_words(const struct wd_tagger_model *model, struct due *due)
{
    for (size_t k = 0; k < due->count; k++)
        find_rows(model, due->wanted[k].rows, due->wanted[k].count);
    for (size_t k = 0; k < due->count; k++) {
        int16_t *sums = due->words[k]->sums[due->places[k]];
        memset(sums, 0, sizeof(due->words[k]->sums[0]));
        add_rows(model->rows, due->wanted[k].rows, due->wanted[k].count, sums);
    }
}

static void score_token(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                        uint32_t i, const struct wanted *wanted)
{
    int16_t *sums = scratch->scores[i];
    struct wd_unit *unit = &scratch->unit;
    struct wd_unit_word *window[WD_MODEL_WINDOW];
    wd_lanes16 total = {0};
    for (size_t place = 0; place < WD_MODEL_WINDOW; place++) {
        const struct wd_unit_word *at = wd_unit_word_at(unit, i, (int)place - WD_UNIT_REACH);
        window[place] = &unit->words[at - unit->words];
        wd_lanes16 part;
        memcpy(&part, window[place]->sums[place], sizeof(part));
        total += part;
    }
    memcpy(sums, &total, sizeof(total));
    add_rows(tagger->model.rows, wanted->rows, wanted->count, sums);
    if (wd_hidden_is_on(tagger->hidden))
        wd_hidden_score(tagger->hidden, window, scratch->sentence_bag, sums);
}

/* Calls `visit` for each run of candidates. */
typedef void visit_run(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                       uint32_t begin, uint32_t end);

static void each_run(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                     visit_run *visit)
{
    const struct wd_unit *unit = &scratch->unit;
    for (uint32_t i = 0; i < unit->count;) {
        if (!unit->tokens[i].candidate) {
            i++;
            continue;
        }
        uint32_t begin = i;
        while (i < unit->count && unit->tokens[i].candidate &&
               unit->tokens[i].sentence == unit->tokens[begin].sentence)
            i++;
        visit(tagger, scratch, begin, i);
    }
}

/* Each sentence's vectors are added up once, for its own mean and for the story's. */
static void sum_story(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch)
{
    const struct wd_unit *unit = &scratch->unit;
    struct wd_hidden_sums story = {{0}, 0};
    int16_t mean[WD_MODEL_VECTOR];
    for (uint32_t s = 0; s < unit->sentence_count; s++) {
        struct wd_hidden_sums sentence;
        wd_hidden_sum(unit, unit->sentences[s].begin, unit->sentences[s].end, &sentence);
        wd_hidden_mean_of(&sentence, scratch->means[s]);
        for (size_t k = 0; k < WD_MODEL_VECTOR; k++)
            story.values[k] += sentence.values[k];
        story.count += sentence.count;
    }
    memset(scratch->story_bag, 0, sizeof(scratch->story_bag));
    scratch->bag_sentence = UINT32_MAX;
    wd_hidden_mean_of(&story, mean);
    wd_hidden_bag(tagger->hidden, 1, mean, scratch->story_bag);
}

static void sum_sentence(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                         uint32_t index)
{
    if (scratch->bag_sentence == index)
        return;
    memcpy(scratch->sentence_bag, scratch->story_bag, sizeof(scratch->story_bag));
    wd_hidden_bag(tagger->hidden, 0, scratch->means[index], scratch->sentence_bag);
    scratch->bag_sentence = index;
}

static void label_run(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                      uint32_t begin, uint32_t end)
{
    if (wd_hidden_is_on(tagger->hidden))
        sum_sentence(tagger, scratch, scratch->unit.tokens[begin].sentence);
    struct wanted wanted[AT_ONCE];
    struct due due;
    for (uint32_t from = begin; from < end; from += AT_ONCE) {
        uint32_t count = end - from < AT_ONCE ? end - from : AT_ONCE;
        due.count = 0;
        for (uint32_t k = 0; k < count; k++) {
            want_words(tagger, &scratch->unit, from + k, &due);
            want_cells(tagger, &scratch->unit, from + k, &wanted[k]);
        }
        for (uint32_t k = 0; k < count; k++)
            find_rows(&tagger->model, wanted[k].rows, wanted[k].count);
        sum_words(&tagger->model, &due);
        for (uint32_t k = 0; k < count; k++)
            score_token(tagger, scratch, from + k, &wanted[k]);
    }
    wd_decode_best((const int16_t(*)[WD_MODEL_LANES])scratch->scores + begin, end - begin,
                   &tagger->steps, scratch->cells + begin, scratch->labels + begin);
}

static void label_run_again(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                            uint32_t begin, uint32_t end)
{
    uint64_t ids[WD_FEATURES_MAX];
    bool any = false;
    for (uint32_t i = begin; i < end; i++) {
        size_t count = wd_features_of_story(&scratch->unit, i, WD_FEATURES_ALL, ids);
        memcpy(scratch->final[i], scratch->scores[i], sizeof(scratch->final[i]));
        find_rows(&tagger->model, ids, count);
        add_rows(tagger->model.rows, ids, count, scratch->final[i]);
        any = any || count > 0;
    }
    if (any)
        wd_decode_best((const int16_t(*)[WD_MODEL_LANES])scratch->final + begin, end - begin,
                       &tagger->steps, scratch->cells + begin, scratch->labels + begin);
}

/* ---- probabilities ---- */

/* From the model's own probability to the one measured. */
static float calibrate(const struct wd_model_head *head, float raw)
{
    float at = raw * (WD_MODEL_CURVE - 1);
    if (!(at > 0)) /* also what is no number: a hostile model's */
        return head->curve[0];
    if (at >= WD_MODEL_CURVE - 1)
        return head->curve[WD_MODEL_CURVE - 1];
    int k = (int)at;
    float part = at - (float)k;
    return head->curve[k] * (1.0F - part) + head->curve[k + 1] * part;
}

static void collect_run(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                        uint32_t begin, uint32_t end)
{
    const uint8_t *labels = scratch->labels;
    bool any = false;
    for (uint32_t i = begin; i < end; i++)
        any = any || labels[i] != WD_LABEL_O;
    if (!any)
        return;
    float unit = 1.0F / tagger->model.head.scale;
    for (uint32_t i = begin; i < end; i++)
        wd_decode_local(scratch->final[i], unit, &scratch->cells[i]);
    bool summed = wd_decode_sums(end - begin, &tagger->odds, scratch->cells + begin) > -INFINITY;
    for (uint32_t i = begin; i < end; i++) {
        if (labels[i] == WD_LABEL_O)
            continue;
        uint32_t first = i;
        while (i < end && wd_label_part(labels[i]) != WD_LABEL_LAST &&
               wd_label_part(labels[i]) != WD_LABEL_SINGLE)
            i++;
        WD_ASSERT(i < end);
        uint32_t type = wd_label_type(labels[first]);
        float raw = summed ? wd_decode_probability(scratch->cells + begin, &tagger->odds,
                                                   first - begin, i + 1 - begin, type)
                           : 0.0F;
        scratch->found[scratch->found_count++] = (struct wd_token_mention){
            .type = type,
            .begin = first,
            .end = i + 1,
            .score = calibrate(&tagger->model.head, raw),
        };
    }
}

static void keep_labels(struct wd_tagger_scratch *scratch)
{
    for (uint32_t i = 0; i < scratch->unit.count; i++)
        scratch->unit.tokens[i].label =
            scratch->unit.tokens[i].candidate ? scratch->labels[i] : WD_LABEL_O;
}

struct wd_unit *wd_tagger_unit(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch)
{
    wd_unit_begin(&scratch->unit, &tagger->model);
    return &scratch->unit;
}

const struct wd_unit *wd_tagger_scratch_unit(const struct wd_tagger_scratch *scratch)
{
    return &scratch->unit;
}

struct wd_token_mentions wd_tagger_decode(const struct wd_tagger *tagger,
                                          struct wd_tagger_scratch *scratch, bool story)
{
    struct wd_unit *unit = &scratch->unit;
    wd_unit_read(unit);
    if (wd_hidden_is_on(tagger->hidden))
        sum_story(tagger, scratch);
    each_run(tagger, scratch, label_run);
    keep_labels(scratch);
    if (story) {
        wd_unit_count_labels(unit);
        each_run(tagger, scratch, label_run_again);
        keep_labels(scratch);
    } else if (unit->count > 0) {
        memcpy(scratch->final, scratch->scores, unit->count * sizeof(*scratch->final));
    }
    scratch->found_count = 0;
    each_run(tagger, scratch, collect_run);
    return (struct wd_token_mentions){scratch->found, scratch->found_count};
}

/* ---- stories ---- */

static bool add_mention(struct wd_tagger_scratch *scratch, const struct wd_token_mention *found)
{
    if (scratch->mention_count == scratch->mention_capacity) {
        size_t capacity = scratch->mention_capacity ? scratch->mention_capacity * 2 : 256;
        void *grown = realloc(scratch->mentions, capacity * sizeof(*scratch->mentions));
        if (!grown)
            return false;
        scratch->mentions = grown;
        scratch->mention_capacity = capacity;
    }
    scratch->mentions[scratch->mention_count++] = (struct wd_mention){
        .type = (enum wd_entity_type)found->type,
        .text = scratch->spans[found->begin].text,
        .begin = scratch->spans[found->begin].begin,
        .end = scratch->spans[found->end - 1].end,
        .score = found->score,
    };
    return true;
}

static bool finish_unit(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch)
{
    struct wd_token_mentions found = wd_tagger_decode(tagger, scratch, true);
    for (size_t k = 0; k < found.count; k++) {
        if (!add_mention(scratch, &found.mentions[k]))
            return false;
    }
    (void)wd_tagger_unit(tagger, scratch);
    return true;
}

/* A unit is closed where it is full, and before a text that will hardly fit in any more. */
static bool add_text(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                     struct wd_slice text, uint32_t index)
{
    struct wd_unit *unit = &scratch->unit;
    struct wd_text_splitter splitter;
    struct wd_text_token token;
    bool crowded = unit->count > WD_TAGGER_UNIT_TOKENS / 2 &&
                   unit->count + text.len / BYTES_A_TOKEN > WD_TAGGER_UNIT_TOKENS;
    if (crowded && !finish_unit(tagger, scratch))
        return false;
    wd_text_splitter_init(&splitter, text);
    while (wd_text_splitter_next(&splitter, &token)) {
        if (unit->count == WD_TAGGER_UNIT_TOKENS && !finish_unit(tagger, scratch))
            return false;
        scratch->spans[unit->count] =
            (struct span){.text = index, .begin = token.begin, .end = token.end};
        bool added =
            wd_unit_add(unit, wd_slice_make(text.data + token.begin, token.end - token.begin));
        WD_ASSERT(added);
        if (token.ends_sentence)
            wd_unit_end_sentence(unit);
    }
    wd_unit_end_sentence(unit);
    return true;
}

/* NOLINTNEXTLINE(readability-function-size): three slices, each in two parts */
enum wd_status wd_tagger_tag(const struct wd_tagger *tagger, struct wd_tagger_scratch *scratch,
                             const struct wd_tagger_text *texts, size_t count,
                             const struct wd_mention **mentions, size_t *mention_count)
{
    size_t bytes = 0;
    scratch->mention_count = 0;
    *mentions = NULL;
    *mention_count = 0;
    for (size_t k = 0; k < count; k++) {
        bytes += texts[k].text.len;
        if (bytes > WD_MESSAGE_BYTES_MAX)
            return WD_TOO_LARGE;
    }
    (void)wd_tagger_unit(tagger, scratch);
    for (size_t k = 0; k < count; k++) {
        if (texts[k].text.len > 0 && !add_text(tagger, scratch, texts[k].text, (uint32_t)k))
            return WD_NO_MEMORY;
    }
    if (scratch->unit.count > 0 && !finish_unit(tagger, scratch))
        return WD_NO_MEMORY;
    *mentions = scratch->mentions;
    *mention_count = scratch->mention_count;
    return WD_OK;
}
