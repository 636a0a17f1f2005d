#include "corpus.h"

#include "buffer.h"
#include "iob.h"
#include "tagger.h"
#include "tagger_decode.h"
#include "tagger_words.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* ICU's macros mix signs and widths freely. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

char *wd_corpus_read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct wd_buffer buffer;
    wd_buffer_init(&buffer);
    bool ok = wd_buffer_append_file(&buffer, file, SIZE_MAX / 2);
    (void)fclose(file);
    wd_buffer_append_byte(&buffer, '\0');
    if (!ok || !wd_buffer_ok(&buffer)) {
        wd_buffer_finish(&buffer);
        return NULL;
    }
    *len = buffer.len - 1;
    return buffer.data; /* the buffer's memory is malloc's */
}

static bool read_option(struct wd_corpus_file *file, const char *word)
{
    if (strcmp(word, "no-misc") == 0) {
        file->no_misc = true;
        return true;
    }
    if (strncmp(word, "weight=", 7) == 0) {
        file->weight = strtof(word + 7, NULL);
        return file->weight >= 0.0F;
    }
    if (strncmp(word, "recase=", 7) == 0) {
        file->recase = strtof(word + 7, NULL);
        return file->recase >= 0.0F && file->recase <= 1.0F;
    }
    if (strncmp(word, "window=", 7) == 0) {
        file->window = (uint32_t)strtoul(word + 7, NULL, 10);
        return file->window > 0;
    }
    return false;
}

static enum wd_status read_line(struct wd_corpus *corpus, char *line, int number,
                                struct wd_error *error)
{
    char *comment = strchr(line, '#');
    char *rest = NULL;
    if (comment)
        *comment = '\0';
    char *word = strtok_r(line, " \t\r", &rest);
    if (!word)
        return WD_OK;
    wd_error_at_line(error, number);
    if (corpus->file_count == WD_CORPUS_FILES_MAX || strlen(word) >= WD_CORPUS_NAME_SIZE)
        return wd_error_set(error, WD_TOO_LARGE, "too many files, or too long a name");
    struct wd_corpus_file *file = &corpus->files[corpus->file_count++];
    *file = (struct wd_corpus_file){.weight = 1.0F};
    (void)snprintf(file->remark, sizeof(file->remark), "%s",
                   comment ? comment + 1 + strspn(comment + 1, " ") : "");
    (void)snprintf(file->name, sizeof(file->name), "%s", word);
    while ((word = strtok_r(NULL, " \t\r", &rest))) {
        if (!read_option(file, word))
            return wd_error_set(error, WD_SYNTAX, "\"%s\" is no option of a corpus", word);
    }
    return WD_OK;
}

enum wd_status wd_corpus_read_recipe(struct wd_corpus *corpus, const char *path,
                                     struct wd_error *error)
{
    size_t len = 0;
    char *bytes = wd_corpus_read_file(path, &len);
    if (!bytes)
        return wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
    enum wd_status status = WD_OK;
    int number = 0;
    char *rest = bytes;
    for (char *line = strsep(&rest, "\n"); line && status == WD_OK; line = strsep(&rest, "\n"))
        status = read_line(corpus, line, ++number, error);
    free(bytes);
    return status;
}

static uint8_t label_of(struct wd_slice type, enum wd_label_part part)
{
    static const char *const names[WD_MODEL_TYPES] = {"PER", "ORG", "LOC", "MISC"};
    for (uint32_t k = 0; k < WD_MODEL_TYPES; k++) {
        if (wd_slice_is(type, names[k]))
            return wd_label_make(k, part);
    }
    return WD_LABEL_O;
}

/* The name before ends: begin becomes single, inside becomes last. */
static void close_name(struct wd_corpus *corpus, uint32_t story_begin)
{
    if (corpus->token_count == story_begin)
        return;
    struct wd_corpus_token *token = &corpus->tokens[corpus->token_count - 1];
    if (token->label == WD_LABEL_O)
        return;
    if (wd_label_part(token->label) == WD_LABEL_BEGIN)
        token->label = wd_label_make(wd_label_type(token->label), WD_LABEL_SINGLE);
    else if (wd_label_part(token->label) == WD_LABEL_INSIDE)
        token->label = wd_label_make(wd_label_type(token->label), WD_LABEL_LAST);
}

static void *grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : 65536;
    void *grown = realloc(array, *capacity * size);
    if (!grown)
        abort(); /* a program for the desk: nothing to save */
    return grown;
}

static void end_story(struct wd_corpus *corpus, uint32_t file, uint32_t *begin)
{
    if (corpus->token_count > *begin) {
        corpus->tokens[corpus->token_count - 1].ends_sentence = true;
        corpus->stories = grow(corpus->stories, corpus->story_count, &corpus->story_capacity,
                               sizeof(*corpus->stories));
        corpus->stories[corpus->story_count++] =
            (struct wd_corpus_story){file, *begin, (uint32_t)corpus->token_count};
    }
    *begin = (uint32_t)corpus->token_count;
}

static void add_token(struct wd_corpus *corpus, const struct wd_iob_item *item, uint32_t begin)
{
    if (item->begins || item->type.len == 0)
        close_name(corpus, begin);
    corpus->tokens =
        grow(corpus->tokens, corpus->token_count, &corpus->token_capacity, sizeof(*corpus->tokens));
    uint8_t label = label_of(item->type, item->begins ? WD_LABEL_BEGIN : WD_LABEL_INSIDE);
    corpus->tokens[corpus->token_count++] =
        (struct wd_corpus_token){.text = item->token, .label = label};
}

/* Where a file is being read. */
struct loading {
    uint32_t file;
    uint32_t begin; /* of the story */
    uint32_t sentences;
};

static void take_item(struct wd_corpus *corpus, struct loading *loading,
                      const struct wd_iob_item *item)
{
    uint32_t window = corpus->files[loading->file].window;
    bool full = corpus->token_count - loading->begin == WD_TAGGER_UNIT_TOKENS;
    bool token = item->kind == WD_IOB_TOKEN;
    if (!token || full)
        close_name(corpus, loading->begin);
    if (!token && corpus->token_count > loading->begin) {
        corpus->tokens[corpus->token_count - 1].ends_sentence = true;
        loading->sentences++;
    }
    bool enough = window > 0 && loading->sentences >= window;
    if (full || item->kind == WD_IOB_DOCUMENT || enough) {
        end_story(corpus, loading->file, &loading->begin);
        loading->sentences = 0;
    }
    if (token)
        add_token(corpus, item, loading->begin);
}

static void load_bytes(struct wd_corpus *corpus, uint32_t file, struct wd_slice bytes)
{
    struct loading loading = {.file = file, .begin = (uint32_t)corpus->token_count};
    struct wd_iob_reader reader;
    struct wd_iob_item item;
    wd_iob_reader_init(&reader, bytes);
    for (wd_iob_next(&reader, &item); item.kind != WD_IOB_END; wd_iob_next(&reader, &item))
        take_item(corpus, &loading, &item);
    close_name(corpus, loading.begin);
    end_story(corpus, file, &loading.begin);
}

enum wd_status wd_corpus_load(struct wd_corpus *corpus, const char *folder, struct wd_error *error)
{
    for (uint32_t k = 0; k < corpus->file_count; k++) {
        char path[4096];
        size_t len = 0;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, corpus->files[k].name);
        corpus->bytes[k] = wd_corpus_read_file(path, &len);
        if (!corpus->bytes[k])
            return wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
        struct wd_slice bytes = wd_slice_make(corpus->bytes[k], len);
        if (!wd_utf8_valid(bytes, NULL))
            return wd_error_set(error, WD_NOT_UTF8, "%s is not UTF-8", path);
        load_bytes(corpus, k, bytes);
    }
    return WD_OK;
}

/* ---- capitals ---- */

enum recase { RECASE_NONE, RECASE_CAPITALS, RECASE_TITLE };

/* Writes upper case over a letter where it takes as many bytes; returns the bytes of the code point. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static size_t raise_letter(char *at, size_t len)
{
    UChar32 point = 0;
    int32_t begin = 0;
    int32_t end = 0;
    U8_NEXT(at, end, (int32_t)len, point);
    UChar32 upper = u_toupper(point);
    if (point >= 0 && U8_LENGTH(upper) == end)
        U8_APPEND_UNSAFE(at, begin, upper);
    return (size_t)end;
}

static bool is_small_word(struct wd_slice word)
{
    static const char *const small[] = {"a",  "an",  "the", "of",   "in",   "on", "at", "to", "for",
                                        "by", "and", "or",  "with", "from", "as", "v",  "vs"};
    for (size_t k = 0; k < sizeof(small) / sizeof(small[0]); k++) {
        if (wd_slice_is(word, small[k]))
            return true;
    }
    return false;
}

/* The tokens' bytes are the corpus's own. */
static void recase_token(struct wd_slice word, enum recase how)
{
    char *bytes = (char *)word.data;
    if (how == RECASE_TITLE && is_small_word(word))
        return;
    bool raise = true;
    for (size_t k = 0; k < word.len;) {
        size_t len = raise ? raise_letter(bytes + k, word.len - k) : 1;
        raise = how == RECASE_CAPITALS || bytes[k] == '-';
        k += len;
    }
}

static void recase_line(struct wd_corpus_token *tokens, enum recase how)
{
    const struct wd_corpus_token *last = tokens;
    while (!last->ends_sentence)
        last++;
    if (how == RECASE_NONE || (how == RECASE_TITLE && wd_slice_is(last->text, ".")))
        return; /* titles have no full stop */
    for (; tokens <= last; tokens++)
        recase_token(tokens->text, how);
}

/* A number below 1 that depends on the place only. */
static float chance(uint64_t place)
{
    return (float)(wd_tagger_mix(place, UINT64_C(0x5DEECE66D)) >> 40) / 16777216.0F;
}

void wd_corpus_recase(struct wd_corpus *corpus)
{
    for (size_t s = 0; s < corpus->story_count; s++) {
        const struct wd_corpus_story *story = &corpus->stories[s];
        const struct wd_corpus_file *file = &corpus->files[story->file];
        for (uint32_t i = story->begin; i < story->end; i++) {
            bool first = i == story->begin;
            if (file->held || (!first && !corpus->tokens[i - 1].ends_sentence))
                continue;
            float share = first ? file->recase : file->recase * 0.05F;
            float at = chance(i);
            recase_line(&corpus->tokens[i], at >= share         ? RECASE_NONE
                                            : at < share * 0.5F ? RECASE_CAPITALS
                                                                : RECASE_TITLE);
        }
    }
}

bool wd_corpus_begins_name(const struct wd_corpus_token *token)
{
    uint32_t part = token->label == WD_LABEL_O ? WD_LABEL_INSIDE : wd_label_part(token->label);
    return part == WD_LABEL_BEGIN || part == WD_LABEL_SINGLE;
}

void wd_corpus_finish(struct wd_corpus *corpus)
{
    for (size_t k = 0; k < corpus->file_count; k++)
        free(corpus->bytes[k]);
    free(corpus->tokens);
    free(corpus->stories);
}
