#include "card.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static void write_command(FILE *out, const struct wd_card *card)
{
    (void)fprintf(out, "    ");
    for (int k = 0; k < card->argc; k++) {
        const char *slash = k == 0 ? strrchr(card->argv[k], '/') : NULL;
        (void)fprintf(out, "%s%s", k > 0 ? " " : "", slash ? slash + 1 : card->argv[k]);
    }
    (void)fprintf(out, "\n\n");
}

static void write_input(FILE *out, const char *what, const char *path)
{
    size_t len = 0;
    char *bytes = wd_corpus_read_file(path, &len);
    if (!bytes)
        return;
    (void)fprintf(out, "| %s | %zu bytes | %016llx |\n", what, len,
                  (unsigned long long)XXH3_64bits(bytes, len));
    free(bytes);
}

static void write_sizes(FILE *out, const struct wd_card *card)
{
    const struct wd_model_head *head = &card->builder->head;
    (void)fprintf(out, "## Sizes\n\n| part | bytes in the file |\n|---|---|\n");
    (void)fprintf(out, "| which of 2^%u cells have a row | %u |\n", head->cell_bits,
                  head->packed[WD_MODEL_CELLS]);
    (void)fprintf(out, "| %u rows of %d labels, in steps of %u/%g | %u |\n", head->row_count,
                  WD_MODEL_LANES, head->row_step, (double)head->scale, head->packed[WD_MODEL_ROWS]);
    (void)fprintf(out, "| lexicon, %u words | %u |\n", head->word_count,
                  head->packed[WD_MODEL_WORDS]);
    (void)fprintf(out, "| lists, %u marks | %u |\n", head->phrase_count,
                  head->packed[WD_MODEL_PHRASES]);
    (void)fprintf(out, "| vectors of %u words, in steps of %u/127 | %u |\n", head->vector_count,
                  head->vector_step, head->packed[WD_MODEL_VECTORS]);
    (void)fprintf(out, "| hidden layer | %u |\n", head->packed[WD_MODEL_NETWORK]);
    (void)fprintf(out, "| all, with the head | %llu |\n\n", (unsigned long long)head->bytes);
}

static void write_options(FILE *out, const struct wd_card *card)
{
    const struct wd_learner_options *options = card->options;
    (void)fprintf(
        out,
        "Seed %u, %u epochs, rate %g, of the hidden layer %g; left out at random: words %g,"
        " story %g; %u%% of the stories.\n\n",
        options->seed, options->epochs, (double)options->rate, (double)options->network_rate,
        (double)options->word_dropout, (double)options->story_dropout, card->share);
}

static void write_data(FILE *out, const struct wd_corpus *corpus)
{
    (void)fprintf(out, "## Data\n\n| file | weight | stories | tokens | names | licence |\n"
                       "|---|---|---|---|---|---|\n");
    for (size_t k = 0; k < corpus->file_count; k++) {
        const struct wd_corpus_file *file = &corpus->files[k];
        size_t stories = 0;
        size_t tokens = 0;
        size_t names = 0;
        for (size_t s = 0; s < corpus->story_count; s++) {
            const struct wd_corpus_story *story = &corpus->stories[s];
            if (story->file != k)
                continue;
            stories++;
            tokens += story->end - story->begin;
            for (uint32_t i = story->begin; i < story->end; i++)
                names += wd_corpus_begins_name(&corpus->tokens[i]);
        }
        if (file->held)
            (void)fprintf(out, "| %s | held back | %zu | %zu | %zu | |\n", file->name, stories,
                          tokens, names);
        else
            (void)fprintf(out, "| %s | %g | %zu | %zu | %zu | %s |\n", file->name,
                          (double)file->weight, stories, tokens, names, file->remark);
    }
    (void)fprintf(out, "\n");
}

static void write_measure(FILE *out, const char *name, const struct wd_measure *measure,
                          bool no_misc)
{
    struct wd_measure_count total = wd_measure_total(measure);
    (void)fprintf(out, "| %s | %.2f | %.2f | %.2f |", name, wd_measure_precision(total),
                  wd_measure_recall(total), wd_measure_f1(total));
    for (uint32_t type = 0; type < WD_MODEL_TYPES; type++) {
        if (no_misc && type + 1 == WD_MODEL_TYPES)
            (void)fprintf(out, " |");
        else
            (void)fprintf(out, " %.2f |", wd_measure_f1(measure->types[type]));
    }
    (void)fprintf(out, " %llu |\n", (unsigned long long)total.gold);
}

static void write_figures(FILE *out, const struct wd_card *card)
{
    if (card->folds > 0)
        (void)fprintf(out,
                      "## Figures\n\nExact spans, cross-validated: %u parts of each file (runs of"
                      " eight stories), each tagged by a model trained on the others.\n\n",
                      card->folds);
    else
        (void)fprintf(out, "## Figures\n\nExact spans, files held back.\n\n");
    (void)fprintf(out, "| file | precision | recall | F1 |");
    for (uint32_t type = 0; type < WD_MODEL_TYPES; type++)
        (void)fprintf(out, " %s |", wd_measure_type_name(type));
    (void)fprintf(out, " names |\n|---|---|---|---|---|---|---|---|---|\n");
    for (size_t k = 0; k < card->corpus->file_count; k++) {
        if (wd_measure_total(&card->measures[k]).gold > 0)
            write_measure(out, card->corpus->files[k].name, &card->measures[k],
                          card->corpus->files[k].no_misc);
    }
    (void)fprintf(out,
                  "\nOf mentions with a score in each tenth so many are right (wire files):\n\n"
                  "| score | right | mentions |\n|---|---|---|\n");
    for (int bin = 0; bin < WD_CARD_BINS; bin++) {
        uint64_t all = card->scores->all[bin];
        if (all > 0)
            (void)fprintf(out, "| %.1f to %.1f | %.1f%% | %llu |\n", bin * 0.1, bin * 0.1 + 0.1,
                          100.0 * (double)card->scores->right[bin] / (double)all,
                          (unsigned long long)all);
    }
}

enum wd_status wd_card_write(const struct wd_card *card, const char *path, struct wd_error *error)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
    const struct wd_model_head *head = (const void *)card->builder->bytes;
    (void)fprintf(out, "# Card of a tagger's model\n\nWritten by wiredesk-train together with the"
                       " model. Made by\n\n");
    write_command(out, card);
    write_options(out, card);
    (void)fprintf(out, "| input, output | size | XXH3-64 |\n|---|---|---|\n");
    write_input(out, "lexicon", card->lexicon);
    write_input(out, "lists", card->lists);
    (void)fprintf(out, "| model (checksum in its head) | %llu bytes | %016llx |\n\n",
                  (unsigned long long)head->bytes, (unsigned long long)head->checksum);
    write_sizes(out, card);
    write_data(out, card->corpus);
    write_figures(out, card);
    bool ok = !ferror(out);
    if (fclose(out) != 0 || !ok)
        return wd_error_set(error, WD_IO, "%s: %s", path, strerror(errno));
    return WD_OK;
}
