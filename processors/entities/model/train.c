/* wiredesk-train: makes the tagger's model from labelled stories. See --help and README.md. */
#include "card.h"
#include "corpus.h"
#include "learner.h"
#include "model_builder.h"
#include "tagger_measure.h"
#include "tagger_tokens.h"
#include "wd_assert.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOLDS = 2,
    FOLD_STORIES = 8,
    BINS = 40,
    TYPES_ALL = 15,
    MISC = 3,
    MISC_LABELS = 0x1111 << (1 + MISC) /* begin, inside, last, single */
};

struct bins {
    double right[BINS];
    double all[BINS];
};

struct run {
    const char *data, *recipe, *lexicon, *lists, *model, *card;
    struct wd_corpus corpus;
    struct wd_model_builder builder;
    struct wd_learner_options options;
    struct wd_learner_options fold_options;
    struct wd_model_sizes sizes;
    struct wd_learner learner;
    struct wd_tagger *tagger;
    struct wd_tagger_scratch *scratch;
    struct wd_unit unit;
    uint8_t *guessed; /* labels of training stories by a model that did not see them */
    struct bins bins;
    struct wd_measure measures[WD_CORPUS_FILES_MAX];
    struct wd_card_scores scores;
    uint32_t cross;    /* parts of the cross-validation; 0: none */
    uint32_t left_out; /* the one that is tagged now; `cross`: none */
    bool story;
    bool verbose;
    uint32_t share; /* percent of the stories that are trained on */
    int argc;
    char **argv;
};

static const char help[] =
    "wiredesk-train --data FOLDER --recipe FILE --lexicon FILE --lists FILE [OPTION..]\n"
    "  --model FILE      where the model goes\n"
    "  --card FILE       and what it is made of and worth, as Markdown\n"
    "  --cross N         cross-validates first, over N parts of each file (N more trainings)\n"
    "  --hold NAME       of the recipe: not trained on, measured instead (part of the name)\n"
    "  --test FILE       measured too; \"FILE,no-misc\" where MISC is not labelled\n"
    "  --without GROUP   words, spelling, clusters, lists, place or story (for ablation)\n"
    "  --epochs N  --rate R  --seed N  --vectors N  --network-rate R\n"
    "  --cell-bits N     evidence is told apart by so many bits\n"
    "  --row-min N       and gets weights when so many tokens have it\n"
    "  --row-step N  --vector-step N   how coarse numbers are in the file\n"
    "  --word-dropout R  --story-dropout R\n"
    "  --share P         trains on P percent of the stories (for the learning curve)\n"
    "Same input, same options: the same bytes.\n";

/* Neighbouring stories are in one part: they may be parts of one. */
static uint32_t part_of(size_t story, uint32_t parts)
{
    return (uint32_t)(story / FOLD_STORIES % parts);
}

static bool is_trained(const struct run *run, const struct wd_corpus_story *story)
{
    const struct wd_corpus_file *file = &run->corpus.files[story->file];
    size_t index = (size_t)(story - run->corpus.stories);
    bool left_out = run->left_out < run->cross && part_of(index, run->cross) == run->left_out;
    /* Spread over all files: a curve over the first ones would measure their domain. */
    return !file->held && !left_out && file->weight > 0.0F && index * 61 % 100 < run->share;
}

static void fill_unit(const struct run *run, struct wd_unit *unit,
                      const struct wd_corpus_story *story)
{
    for (uint32_t i = story->begin; i < story->end; i++) {
        bool added = wd_unit_add(unit, run->corpus.tokens[i].text);
        WD_ASSERT(added);
        if (run->corpus.tokens[i].ends_sentence)
            wd_unit_end_sentence(unit);
    }
}

static void add_story(struct run *run, size_t index, uint32_t groups)
{
    const struct wd_corpus_story *story = &run->corpus.stories[index];
    const struct wd_corpus_file *file = &run->corpus.files[story->file];
    uint8_t labels[WD_TAGGER_UNIT_TOKENS];
    wd_unit_begin(&run->unit, &run->builder.model);
    fill_unit(run, &run->unit, story);
    wd_unit_read(&run->unit);
    for (uint32_t i = story->begin; i < story->end; i++) {
        labels[i - story->begin] = run->corpus.tokens[i].label;
        run->unit.tokens[i - story->begin].label = run->guessed[i];
    }
    if (groups & WD_FEATURES_STORY)
        wd_unit_count_labels(&run->unit);
    struct wd_lesson lesson = {labels, file->weight, file->no_misc ? MISC_LABELS : 0, groups, 0};
    wd_examples_add_unit(&run->learner.examples, &run->unit, &lesson);
}

static void open_tagger(struct run *run, int level)
{
    wd_tagger_close(run->tagger);
    run->tagger = NULL;
    struct wd_error error;
    wd_error_init(&error);
    enum wd_status status = wd_model_builder_pack(&run->builder, level, &error);
    struct wd_slice bytes = wd_slice_make(run->builder.bytes, run->builder.len);
    if (status == WD_OK)
        status = wd_tagger_open_bytes(bytes, &run->tagger, &error);
    if (status != WD_OK) {
        (void)fprintf(stderr, "wiredesk-train: %s\n", error.text);
        exit(70);
    }
}

static void take_weights(struct run *run)
{
    struct wd_model_rows rows = {run->learner.cells, run->learner.weights, run->learner.cell_count,
                                 run->learner.transitions};
    wd_model_builder_set_rows(&run->builder, &rows);
    if (run->sizes.vectors > 0)
        wd_model_builder_set_hidden(&run->builder, &run->learner.network);
}

static struct wd_token_mentions tag_story(struct run *run, const struct wd_corpus_story *story,
                                          bool with_story)
{
    struct wd_unit *unit = wd_tagger_unit(run->tagger, run->scratch);
    fill_unit(run, unit, story);
    return wd_tagger_decode(run->tagger, run->scratch, with_story);
}

/* Scores are for copy like this. */
static bool is_wire(const struct wd_corpus_file *file)
{
    return strncmp(file->name, "wire", 4) == 0;
}

static void count_bins(struct run *run, const struct wd_corpus_story *story,
                       struct wd_token_mentions found)
{
    for (size_t k = 0; k < found.count; k++) {
        const struct wd_token_mention *mention = &found.mentions[k];
        struct wd_measure measure = {0};
        uint8_t gold[WD_TAGGER_UNIT_TOKENS];
        for (uint32_t i = story->begin; i < story->end; i++)
            gold[i - story->begin] = run->corpus.tokens[i].label;
        struct wd_token_mentions one = {mention, 1};
        wd_measure_add(&measure, gold, story->end - story->begin, one, TYPES_ALL);
        int bin = (int)(mention->score * (BINS - 1) + 0.5F);
        run->bins.all[bin] += 1.0;
        run->bins.right[bin] += (double)measure.types[mention->type].right;
    }
}

/* Labels each training story by a model trained on the others. */
static void guess_labels(struct run *run)
{
    uint32_t groups = run->options.groups & ~(uint32_t)WD_FEATURES_STORY;
    run->bins = (struct bins){0};
    for (uint32_t fold = 0; fold < FOLDS; fold++) {
        (void)fprintf(stderr, "fold %u of %d\n", fold + 1, FOLDS);
        wd_learner_reset(&run->learner, run->options.seed);
        for (size_t s = 0; s < run->corpus.story_count; s++) {
            if (is_trained(run, &run->corpus.stories[s]) && part_of(s, FOLDS) != fold)
                add_story(run, s, groups);
        }
        wd_learner_train(&run->learner, &run->fold_options, run->verbose ? stderr : NULL);
        take_weights(run);
        open_tagger(run, WD_MODEL_PACK_FAST);
        for (size_t s = 0; s < run->corpus.story_count; s++) {
            const struct wd_corpus_story *story = &run->corpus.stories[s];
            if (!is_trained(run, story) || part_of(s, FOLDS) != fold)
                continue;
            struct wd_token_mentions found = tag_story(run, story, false);
            const struct wd_unit *unit = wd_tagger_scratch_unit(run->scratch);
            for (uint32_t i = story->begin; i < story->end; i++)
                run->guessed[i] = unit->tokens[i - story->begin].label;
            if (is_wire(&run->corpus.files[story->file]))
                count_bins(run, story, found);
        }
    }
}

/* Shares measured in each bin, with its neighbours where few are seen, and never falling. */
static void set_curve(struct run *run)
{
    float curve[WD_MODEL_CURVE];
    for (int k = 0; k < WD_MODEL_CURVE; k++) {
        double raw = (double)k / (WD_MODEL_CURVE - 1);
        double right = raw * 2.0; /* as if two had been seen that were as sure as they said */
        double all = 2.0;
        for (int bin = 0; bin < BINS; bin++) {
            double distance = ((double)bin / (BINS - 1) - raw) * (WD_MODEL_CURVE - 1);
            double weight = distance < 0 ? 1.0 + distance : 1.0 - distance;
            if (weight <= 0.0)
                continue;
            right += weight * run->bins.right[bin];
            all += weight * run->bins.all[bin];
        }
        curve[k] = (float)(right / all);
        if (k > 0 && curve[k] < curve[k - 1])
            curve[k] = curve[k - 1];
    }
    wd_model_builder_set_curve(&run->builder, curve);
}

static void train_whole(struct run *run)
{
    wd_learner_reset(&run->learner, run->options.seed);
    for (size_t s = 0; s < run->corpus.story_count; s++) {
        if (is_trained(run, &run->corpus.stories[s]))
            add_story(run, s, run->options.groups);
    }
    (void)fprintf(stderr, "all: %zu runs of %zu candidates\n", run->learner.examples.count,
                  run->learner.examples.token_count);
    wd_learner_train(&run->learner, &run->options, run->verbose ? stderr : NULL);
    (void)fprintf(stderr, "%u rows, %zu of them for all tokens\n", run->learner.cell_count,
                  run->learner.examples.row_count);
    take_weights(run);
}

static void print_measure(const char *name, const struct wd_measure *measure, uint32_t types)
{
    struct wd_measure_count total = wd_measure_total(measure);
    (void)printf("%-34s F1 %5.2f  P %5.2f  R %5.2f ", name, wd_measure_f1(total),
                 wd_measure_precision(total), wd_measure_recall(total));
    for (uint32_t type = 0; type < WD_MODEL_TYPES; type++) {
        if (types >> type & 1u)
            (void)printf("  %s %5.2f", wd_measure_type_name(type),
                         wd_measure_f1(measure->types[type]));
    }
    (void)printf("  (%llu names)\n", (unsigned long long)total.gold);
}

static void count_scores(struct run *run, const uint8_t *gold, uint32_t count,
                         struct wd_token_mentions found)
{
    for (size_t k = 0; k < found.count; k++) {
        struct wd_measure measure = {0};
        struct wd_token_mentions one = {&found.mentions[k], 1};
        wd_measure_add(&measure, gold, count, one, TYPES_ALL);
        int bin = (int)(found.mentions[k].score * WD_CARD_BINS);
        bin = bin < WD_CARD_BINS ? bin : WD_CARD_BINS - 1;
        run->scores.all[bin]++;
        run->scores.right[bin] += measure.types[found.mentions[k].type].right;
    }
}

static uint32_t types_of(const struct wd_corpus_file *file)
{
    return file->no_misc ? TYPES_ALL & ~(1u << MISC) : TYPES_ALL;
}

static void measure_story(struct run *run, const struct wd_corpus_story *story)
{
    uint8_t gold[WD_TAGGER_UNIT_TOKENS];
    const struct wd_corpus_file *file = &run->corpus.files[story->file];
    uint32_t count = story->end - story->begin;
    for (uint32_t i = 0; i < count; i++)
        gold[i] = run->corpus.tokens[story->begin + i].label;
    struct wd_token_mentions found = tag_story(run, story, run->story);
    wd_measure_add(&run->measures[story->file], gold, count, found, types_of(file));
    if (is_wire(file))
        count_scores(run, gold, count, found);
}

/* Tags what is held back, or left out of this part of the cross-validation. */
static void measure_stories(struct run *run)
{
    for (size_t s = 0; s < run->corpus.story_count; s++) {
        const struct wd_corpus_story *story = &run->corpus.stories[s];
        bool held = run->corpus.files[story->file].held;
        bool crossing = run->left_out < run->cross;
        if (crossing ? !held && part_of(s, run->cross) == run->left_out : held)
            measure_story(run, story);
    }
}

static void print_measures(const struct run *run)
{
    for (uint32_t k = 0; k < run->corpus.file_count; k++) {
        if (wd_measure_total(&run->measures[k]).gold > 0)
            print_measure(run->corpus.files[k].name, &run->measures[k],
                          types_of(&run->corpus.files[k]));
    }
}

static uint32_t group_of(const char *name)
{
    static const char *const names[] = {"words", "spelling", "clusters", "lists", "place", "story"};
    for (uint32_t k = 0; k < 6; k++) {
        if (strcmp(name, names[k]) == 0)
            return 1u << k;
    }
    return 0;
}

static void add_test(struct run *run, const char *name)
{
    struct wd_corpus_file *file = &run->corpus.files[run->corpus.file_count++];
    *file = (struct wd_corpus_file){.held = true, .window = 20};
    (void)snprintf(file->name, sizeof(file->name), "%s", name);
    char *comma = strchr(file->name, ',');
    if (comma) {
        *comma = '\0';
        file->no_misc = strcmp(comma + 1, "no-misc") == 0;
    }
}

static bool hold(struct run *run, const char *part)
{
    bool any = false;
    for (size_t k = 0; k < run->corpus.file_count; k++) {
        if (strstr(run->corpus.files[k].name, part)) {
            run->corpus.files[k].held = true;
            any = true;
        }
    }
    return any;
}

static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                        {"recipe", required_argument, NULL, 'r'},
                                        {"lexicon", required_argument, NULL, 'x'},
                                        {"lists", required_argument, NULL, 'l'},
                                        {"model", required_argument, NULL, 'm'},
                                        {"hold", required_argument, NULL, 'h'},
                                        {"test", required_argument, NULL, 't'},
                                        {"without", required_argument, NULL, 'w'},
                                        {"epochs", required_argument, NULL, 'e'},
                                        {"share", required_argument, NULL, 'u'},
                                        {"rate", required_argument, NULL, 'a'},
                                        {"seed", required_argument, NULL, 's'},
                                        {"cell-bits", required_argument, NULL, 'b'},
                                        {"row-min", required_argument, NULL, 'g'},
                                        {"row-step", required_argument, NULL, 'q'},
                                        {"vector-step", required_argument, NULL, 'y'},
                                        {"word-dropout", required_argument, NULL, 'o'},
                                        {"story-dropout", required_argument, NULL, 'p'},
                                        {"vectors", required_argument, NULL, 'c'},
                                        {"network-rate", required_argument, NULL, 'n'},
                                        {"cross", required_argument, NULL, 'k'},
                                        {"card", required_argument, NULL, 'i'},
                                        {"verbose", no_argument, NULL, 'v'},
                                        {"help", no_argument, NULL, '?'},
                                        {NULL, 0, NULL, 0}};

/* Of the model's sizes, in the file and in training. */
static bool take_size(struct wd_model_sizes *sizes, int option, const char *value)
{
    uint32_t number = (uint32_t)strtoul(value, NULL, 10);
    switch (option) {
    case 'b':
        sizes->cell_bits = number;
        return number >= WD_MODEL_CELL_BITS_MIN && number <= WD_MODEL_CELL_BITS_MAX;
    case 'q':
        sizes->row_step = number;
        return number > 0 && number <= INT8_MAX;
    case 'y':
        sizes->vector_step = number;
        return number > 0 && number <= INT8_MAX;
    case 'c':
        sizes->vectors = number;
        return number < UINT16_MAX;
    default:
        return false;
    }
}

static bool take_option(struct run *run, int option, const char *value)
{
    switch (option) {
    case 'd':
        run->data = value;
        return true;
    case 'r':
        run->recipe = value;
        return wd_corpus_read_recipe(&run->corpus, value, NULL) == WD_OK;
    case 'x':
        run->lexicon = value;
        return true;
    case 'l':
        run->lists = value;
        return true;
    case 'm':
        run->model = value;
        return true;
    case 'h':
        return hold(run, value);
    case 't':
        add_test(run, value);
        return true;
    case 'w':
        run->options.groups &= ~group_of(value);
        return group_of(value) != 0;
    case 'e':
        run->options.epochs = (uint32_t)strtoul(value, NULL, 10);
        return true;
    case 'a':
        run->options.rate = strtof(value, NULL);
        return true;
    case 's':
        run->options.seed = (uint32_t)strtoul(value, NULL, 10);
        return true;
    case 'g':
        run->options.row_min = (uint32_t)strtoul(value, NULL, 10);
        return true;
    case 'o':
        run->options.word_dropout = strtof(value, NULL);
        return true;
    case 'p':
        run->options.story_dropout = strtof(value, NULL);
        return true;
    case 'n':
        run->options.network_rate = strtof(value, NULL);
        return true;
    case 'u':
        run->share = (uint32_t)strtoul(value, NULL, 10);
        return true;
    case 'k':
        run->cross = (uint32_t)strtoul(value, NULL, 10);
        return run->cross != 1;
    case 'i':
        run->card = value;
        return true;
    case 'v':
        run->verbose = true;
        return true;
    default:
        return take_size(&run->sizes, option, value);
    }
}

static void train(struct run *run)
{
    if (run->left_out < run->cross)
        (void)fprintf(stderr, "part %u of %u left out\n", run->left_out + 1, run->cross);
    guess_labels(run);
    train_whole(run);
    set_curve(run);
    open_tagger(run, WD_MODEL_PACK_BEST);
    measure_stories(run);
}

static enum wd_status write_card(const struct run *run, struct wd_error *error)
{
    struct wd_card card = {.corpus = &run->corpus,
                           .builder = &run->builder,
                           .options = &run->options,
                           .measures = run->measures,
                           .scores = &run->scores,
                           .lexicon = run->lexicon,
                           .lists = run->lists,
                           .folds = run->cross,
                           .share = run->share,
                           .argc = run->argc,
                           .argv = run->argv};
    return wd_card_write(&card, run->card, error);
}

static int work(struct run *run)
{
    struct wd_error error;
    wd_error_init(&error);
    if (wd_corpus_load(&run->corpus, run->data, &error) != WD_OK) {
        (void)fprintf(stderr, "wiredesk-train: %s\n", error.text);
        return 66;
    }
    if (wd_model_builder_init(&run->builder, run->lexicon, run->lists, &run->corpus, &run->sizes) !=
            WD_OK ||
        wd_learner_init(&run->learner, run->sizes.cell_bits, run->sizes.vectors > 0) != WD_OK ||
        wd_unit_init(&run->unit) != WD_OK) {
        (void)fprintf(stderr, "wiredesk-train: cannot read lexicon or lists, or no memory\n");
        return 66;
    }
    wd_corpus_recase(&run->corpus); /* after the words' usual case was counted */
    run->guessed = calloc(run->corpus.token_count + 1, 1);
    run->scratch = wd_tagger_scratch_create();
    WD_ASSERT(run->guessed && run->scratch);
    run->story = (run->options.groups & WD_FEATURES_STORY) != 0;
    run->fold_options = run->options;
    run->fold_options.epochs = run->options.epochs > 3 ? 3 : run->options.epochs;
    for (run->left_out = 0; run->left_out < run->cross; run->left_out++)
        train(run);
    train(run);
    print_measures(run);
    if ((run->model && wd_model_builder_write(&run->builder, run->model, &error) != WD_OK) ||
        (run->card && write_card(run, &error) != WD_OK)) {
        (void)fprintf(stderr, "wiredesk-train: %s\n", error.text);
        return 74;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct run run = {
        .options = {.epochs = 4,
                    .groups = WD_FEATURES_ALL,
                    .row_min = 4,
                    .rate = 0.025F,
                    .story_dropout = 0.3F,
                    .word_dropout = 0.1F,
                    .network_rate = 0.02F},
        .sizes = {.cell_bits = 22,
                  .row_step = 6,
                  .lexicon_max = 300000,
                  .vectors = 40000,
                  .vector_step = 32},
        .share = 100,
    };
    run.argc = argc;
    run.argv = argv;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (!take_option(&run, option, optarg)) {
            (void)fputs(help, stderr);
            return 64;
        }
    }
    if (!run.data || !run.recipe || !run.lexicon || !run.lists) {
        (void)fputs(help, stderr);
        return 64;
    }
    int code = work(&run);
    wd_tagger_close(run.tagger);
    wd_tagger_scratch_destroy(run.scratch);
    wd_unit_finish(&run.unit);
    wd_learner_finish(&run.learner);
    wd_model_builder_finish(&run.builder);
    wd_corpus_finish(&run.corpus);
    free(run.guessed);
    return code;
}
