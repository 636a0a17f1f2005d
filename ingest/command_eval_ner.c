#include "command_eval.h"

#include "buffer.h"
#include "exit_code.h"
#include "iob.h"
#include "tagger_decode.h"
#include "tagger_measure.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BINS = 10, TYPES_ALL = (1 << WD_MODEL_TYPES) - 1, FILE_BYTES_MAX = 1 << 30 };

struct eval {
    const char *model_path;
    const char *out_path;
    uint32_t types;
    uint32_t window;
    bool reliability;
    FILE *out;
    struct wd_tagger *tagger;
    struct wd_tagger_scratch *scratch;
    struct wd_measure measure;
    uint64_t token_count;
    uint64_t story_count;
    clock_t spent;
    uint64_t bin_right[BINS];
    uint64_t bin_all[BINS];
    double bin_score[BINS];
    /* the unit at hand */
    uint8_t gold[WD_TAGGER_UNIT_TOKENS];
    uint32_t sentences;
    bool marked; /* the file marks its stories */
    bool unknown_type_told;
};

/* ---- one unit ---- */

static const char *tag_of(uint8_t label, char tag[16])
{
    static const char parts[] = "BIIB";
    if (label == WD_LABEL_O)
        return "O";
    (void)snprintf(tag, 16, "%c-%s", parts[wd_label_part(label)],
                   wd_measure_type_name(wd_label_type(label)));
    return tag;
}

static void write_unit(struct eval *eval, const struct wd_unit *unit)
{
    char gold[16];
    char found[16];
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct wd_unit_token *token = &unit->tokens[i];
        if (i > 0 && token->sentence != unit->tokens[i - 1].sentence)
            (void)fputc('\n', eval->out);
        (void)fprintf(eval->out, "%.*s\t%s\t%s\n", WD_SLICE_ARG(token->text),
                      tag_of(eval->gold[i], gold), tag_of(token->label, found));
    }
    (void)fputc('\n', eval->out);
}

static void count_scores(struct eval *eval, uint32_t count, struct wd_token_mentions found)
{
    for (size_t k = 0; k < found.count; k++) {
        const struct wd_token_mention *mention = &found.mentions[k];
        if (!(eval->types >> mention->type & 1u))
            continue;
        struct wd_measure one = {0};
        wd_measure_add(&one, eval->gold, count, (struct wd_token_mentions){mention, 1},
                       1u << mention->type);
        int bin = (int)(mention->score * BINS);
        bin = bin >= BINS ? BINS - 1 : bin;
        eval->bin_all[bin]++;
        eval->bin_right[bin] += one.types[mention->type].right;
        eval->bin_score[bin] += (double)mention->score;
    }
}

/* A name that was open at the unit's end is closed there. */
static void close_gold(struct eval *eval, uint32_t count)
{
    if (count == 0 || eval->gold[count - 1] == WD_LABEL_O)
        return;
    uint8_t *label = &eval->gold[count - 1];
    if (wd_label_part(*label) == WD_LABEL_BEGIN)
        *label = wd_label_make(wd_label_type(*label), WD_LABEL_SINGLE);
    else if (wd_label_part(*label) == WD_LABEL_INSIDE)
        *label = wd_label_make(wd_label_type(*label), WD_LABEL_LAST);
}

static void finish_unit(struct eval *eval)
{
    const struct wd_unit *unit = wd_tagger_scratch_unit(eval->scratch);
    eval->sentences = 0;
    if (unit->count == 0)
        return;
    close_gold(eval, unit->count);
    clock_t begun = clock();
    struct wd_token_mentions found = wd_tagger_decode(eval->tagger, eval->scratch, true);
    eval->spent += clock() - begun;
    eval->token_count += unit->count;
    eval->story_count++;
    wd_measure_add(&eval->measure, eval->gold, unit->count, found, eval->types);
    count_scores(eval, unit->count, found);
    if (eval->out)
        write_unit(eval, unit);
    (void)wd_tagger_unit(eval->tagger, eval->scratch);
}

/* ---- reading ---- */

static uint8_t label_of(struct eval *eval, const struct wd_iob_item *item)
{
    if (item->type.len == 0)
        return WD_LABEL_O;
    uint32_t type = wd_measure_type_of(item->type);
    if (type < WD_MODEL_TYPES)
        return wd_label_make(type, item->begins ? WD_LABEL_BEGIN : WD_LABEL_INSIDE);
    if (!eval->unknown_type_told)
        (void)fprintf(stderr,
                      "wiredesk eval: line %u: type \"%.*s\" is none of PER ORG LOC MISC"
                      " and counts as no name\n",
                      item->line, WD_SLICE_ARG(item->type));
    eval->unknown_type_told = true;
    return WD_LABEL_O;
}

static void add_token(struct eval *eval, struct wd_unit *unit, const struct wd_iob_item *item)
{
    if (unit->count == WD_TAGGER_UNIT_TOKENS)
        finish_unit(eval);
    if (item->begins || item->type.len == 0)
        close_gold(eval, unit->count);
    eval->gold[unit->count] = label_of(eval, item);
    bool added = wd_unit_add(unit, item->token);
    if (!added)
        abort(); /* cannot be: there was room */
}

static bool marks_stories(struct wd_slice bytes)
{
    return memmem(bytes.data, bytes.len, "-DOCSTART", 9) != NULL;
}

static void measure_bytes(struct eval *eval, struct wd_slice bytes)
{
    struct wd_iob_reader reader;
    struct wd_iob_item item;
    struct wd_unit *unit = wd_tagger_unit(eval->tagger, eval->scratch);
    eval->marked = bytes.len > 0 && marks_stories(bytes);
    wd_iob_reader_init(&reader, bytes);
    for (wd_iob_next(&reader, &item); item.kind != WD_IOB_END; wd_iob_next(&reader, &item)) {
        if (item.kind == WD_IOB_TOKEN) {
            add_token(eval, unit, &item);
            continue;
        }
        close_gold(eval, unit->count);
        wd_unit_end_sentence(unit);
        eval->sentences++;
        if (item.kind == WD_IOB_DOCUMENT || (!eval->marked && eval->sentences >= eval->window))
            finish_unit(eval);
    }
    finish_unit(eval);
}

static int measure_file(struct eval *eval, const char *path)
{
    struct wd_buffer bytes;
    size_t bad = 0;
    int code = WD_EXIT_OK;
    wd_buffer_init(&bytes);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!file || !wd_buffer_append_file(&bytes, file, FILE_BYTES_MAX)) {
        (void)fprintf(stderr, "wiredesk eval: %s: %s\n", path, strerror(errno));
        code = WD_EXIT_NO_INPUT;
    } else if (!wd_buffer_ok(&bytes) || bytes.len > FILE_BYTES_MAX) {
        (void)fprintf(stderr, "wiredesk eval: %s: over 1 GB: split it\n", path);
        code = WD_EXIT_DATA;
    } else if (!wd_utf8_valid(wd_buffer_slice(&bytes), &bad)) {
        (void)fprintf(stderr, "wiredesk eval: %s: byte %zu is not UTF-8: convert it (iconv)\n",
                      path, bad);
        code = WD_EXIT_DATA;
    } else {
        measure_bytes(eval, wd_buffer_slice(&bytes));
    }
    if (file && file != stdin)
        (void)fclose(file);
    wd_buffer_finish(&bytes);
    return code;
}

/* ---- telling ---- */

static void print_row(const char *name, struct wd_measure_count count)
{
    (void)printf("%-6s %9.2f %9.2f %9.2f %9llu %9llu %9llu\n", name, wd_measure_precision(count),
                 wd_measure_recall(count), wd_measure_f1(count), (unsigned long long)count.gold,
                 (unsigned long long)count.found, (unsigned long long)count.right);
}

static void print_result(const struct eval *eval)
{
    (void)printf("%-6s %9s %9s %9s %9s %9s %9s\n", "type", "precision", "recall", "F1", "gold",
                 "found", "right");
    for (uint32_t type = 0; type < WD_MODEL_TYPES; type++) {
        if (eval->types >> type & 1u)
            print_row(wd_measure_type_name(type), eval->measure.types[type]);
    }
    print_row("all", wd_measure_total(&eval->measure));
    double seconds = (double)eval->spent / CLOCKS_PER_SEC;
    (void)printf("%llu tokens, %llu stories, %.0f tokens a second of processor time\n",
                 (unsigned long long)eval->token_count, (unsigned long long)eval->story_count,
                 seconds > 0.0 ? (double)eval->token_count / seconds : 0.0);
    for (int bin = 0; eval->reliability && bin < BINS; bin++) {
        if (eval->bin_all[bin] == 0)
            continue;
        double all = (double)eval->bin_all[bin];
        (void)printf("score %.1f to %.1f: %7llu mentions, mean score %.3f, right %.3f\n",
                     (double)bin / BINS, (double)(bin + 1) / BINS,
                     (unsigned long long)eval->bin_all[bin], eval->bin_score[bin] / all,
                     (double)eval->bin_right[bin] / all);
    }
}

/* ---- the command line ---- */

static bool read_types(struct eval *eval, const char *list)
{
    struct wd_slice rest = wd_slice_from(list);
    eval->types = 0;
    while (rest.len > 0) {
        const char *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.data) : rest.len;
        uint32_t type = wd_measure_type_of(wd_slice_make(rest.data, len));
        if (type == WD_MODEL_TYPES)
            return false;
        eval->types |= 1u << type;
        rest = wd_slice_from_offset(rest, len + 1);
    }
    return eval->types != 0;
}

/* Index of the first file; -1 for a wrong command line. */
static int read_options(struct eval *eval, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--reliability") == 0) {
            eval->reliability = true;
            continue;
        }
        if (!value)
            return -1;
        i++;
        if (strcmp(argv[i - 1], "--types") == 0 && read_types(eval, value))
            continue;
        if (strcmp(argv[i - 1], "--types") == 0)
            (void)fprintf(stderr, "wiredesk eval: --types %s: use PER, ORG, LOC, MISC\n", value);
        if (strcmp(argv[i - 1], "--window") == 0 && (eval->window = (uint32_t)atoi(value)) > 0)
            continue;
        if (strcmp(argv[i - 1], "--model") == 0)
            eval->model_path = value;
        else if (strcmp(argv[i - 1], "--out") == 0)
            eval->out_path = value;
        else
            return -1;
    }
    return i < argc ? i : -1;
}

static int open_all(struct eval *eval)
{
    struct wd_error error;
    wd_error_init(&error);
    if (wd_tagger_open(eval->model_path, &eval->tagger, &error) != WD_OK) {
        (void)fprintf(stderr, "wiredesk eval: %s%s%s\n", error.path, *error.path ? ": " : "",
                      error.text);
        return error.status == WD_IO ? WD_EXIT_NO_INPUT : WD_EXIT_DATA;
    }
    eval->scratch = wd_tagger_scratch_create();
    if (!eval->scratch)
        return WD_EXIT_SOFTWARE;
    if (eval->out_path && !(eval->out = fopen(eval->out_path, "wb"))) {
        (void)fprintf(stderr, "wiredesk eval: %s: %s\n", eval->out_path, strerror(errno));
        return WD_EXIT_CANNOT_CREATE;
    }
    return WD_EXIT_OK;
}

static int run(int argc, char **argv)
{
    struct eval *eval = calloc(1, sizeof(*eval));
    if (!eval)
        return WD_EXIT_SOFTWARE;
    eval->types = TYPES_ALL;
    eval->window = 12;
    int at = read_options(eval, argc, argv);
    int code = at < 0 ? -1 : open_all(eval);
    for (int i = at; code == WD_EXIT_OK && i < argc; i++)
        code = measure_file(eval, argv[i]);
    if (code == WD_EXIT_OK && wd_measure_total(&eval->measure).gold == 0) {
        (void)fprintf(stderr,
                      "wiredesk eval: no names are tagged in what was read: it has to have a "
                      "token and its tag on each line\n");
        code = WD_EXIT_DATA;
    }
    if (code == WD_EXIT_OK)
        print_result(eval);
    if (eval->out && fclose(eval->out) != 0 && code == WD_EXIT_OK)
        code = WD_EXIT_IO;
    wd_tagger_scratch_destroy(eval->scratch);
    wd_tagger_close(eval->tagger);
    free(eval);
    return code;
}

const struct wd_eval wd_eval_ner = {
    .option = "--ner",
    .usage = "[--types LIST] [--window N] [--model FILE] [--reliability] [--out FILE] FILE..",
    .run = run,
};
