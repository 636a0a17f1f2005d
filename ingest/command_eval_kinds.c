/* `wiredesk eval --kinds`: what versions are to their stories, next to what people say. */
#include "command.h"
#include "command_eval.h"
#include "eval_labels.h"
#include "eval_stories.h"
#include "exit_code.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char own_config[] =
    "{\"name\": \"eval\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:1\"}, \"pipelines\": [{"
    "\"name\": \"eval\", \"input\": {\"topics\": [\"eval\"]}, \"processors\": [{\"use\": "
    "\"dedup\"}, {\"use\": \"updates\"}], \"outputs\": [{\"name\": \"out\", \"topic\": \"out\"}], "
    "\"dead_letter\": \"dead\"}]}";

struct kinds {
    const char *config_path;
    bool wrong, json;
    struct wd_config *config;
    struct wd_eval_stories stories;
    struct wd_eval_labels labels;
    /* what people say, what we say */
    uint64_t matrix[WD_UPDATE_KIND_COUNT][WD_UPDATE_KIND_COUNT];
    uint64_t labelled, right, unknown, rejected;
};

/* The label of a story: by id, and by version where the table has one. */
static const struct wd_eval_label *find_label(const struct kinds *kinds,
                                              const struct wd_story *story)
{
    for (size_t i = 0; i < kinds->labels.count; i++) {
        const struct wd_eval_label *label = &kinds->labels.items[i];
        if (wd_slice_equal(label->a, story->guid) &&
            (kinds->labels.groups || wd_slice_equal(label->b, story->version)))
            return label;
    }
    return NULL;
}

static void compare(struct kinds *kinds, const struct wd_story *story,
                    const struct wd_eval_label *label)
{
    enum wd_update_kind truth = WD_UPDATE_UNKNOWN;
    if (!wd_update_kind_from_name(label->label, &truth) || truth == WD_UPDATE_UNKNOWN) {
        kinds->unknown++; /* told at the end: it cannot be right */
        return;
    }
    enum wd_update_kind kind = story->update.kind;
    kinds->matrix[truth][kind]++;
    kinds->labelled++;
    kinds->right += truth == kind;
    if (kinds->wrong && truth != kind)
        (void)fprintf(stderr, "%.*s %.*s: %s, not %s: %.*s\n", WD_SLICE_ARG(story->guid),
                      WD_SLICE_ARG(story->version), wd_update_kind_name(kind),
                      wd_update_kind_name(truth), WD_SLICE_ARG(story->update.reason));
}

/* All stories in the order of time through one pipeline. */
static bool stream(struct kinds *kinds)
{
    struct wd_error error;
    struct wd_pipeline *pipeline = NULL;
    struct wd_plan *plan = kinds->config->pipelines[0].plan;
    struct wd_state *state = wd_state_create();
    wd_error_init(&error);
    bool good = state && wd_plan_add_tables(plan, state, &error) == WD_OK &&
                wd_pipeline_create(plan, state, &pipeline, &error) == WD_OK;
    for (size_t i = 0; good && i < kinds->stories.count; i++) {
        struct wd_story *story = wd_eval_stories_decode(&kinds->stories, i);
        if (!story || wd_pipeline_process(pipeline, story, NULL, &error) == WD_REJECT) {
            kinds->rejected++;
            continue;
        }
        const struct wd_eval_label *label = find_label(kinds, story);
        if (label)
            compare(kinds, story, label);
        wd_state_commit(state);
    }
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    return good;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static void sums(const struct kinds *kinds, int kind, uint64_t *said, uint64_t *meant)
{
    *said = *meant = 0;
    for (int i = 0; i < WD_UPDATE_KIND_COUNT; i++) {
        *said += kinds->matrix[i][kind];
        *meant += kinds->matrix[kind][i];
    }
}

static void print_text(const struct kinds *kinds)
{
    (void)printf("%-14s %9s %9s %9s  taken for\n", "kind", "labelled", "precision", "recall");
    for (int i = 0; i < WD_UPDATE_KIND_COUNT; i++) {
        uint64_t said = 0;
        uint64_t meant = 0;
        sums(kinds, i, &said, &meant);
        if (said + meant == 0)
            continue;
        (void)printf("%-14s %9" PRIu64 " %9.3f %9.3f ", wd_update_kind_name((enum wd_update_kind)i),
                     meant, share(kinds->matrix[i][i], said), share(kinds->matrix[i][i], meant));
        for (int j = 0; j < WD_UPDATE_KIND_COUNT; j++) {
            if (kinds->matrix[i][j] > 0)
                (void)printf(" %s %" PRIu64, wd_update_kind_name((enum wd_update_kind)j),
                             kinds->matrix[i][j]);
        }
        (void)printf("\n");
    }
    (void)printf("%" PRIu64 " of %" PRIu64 " right (%.3f); %" PRIu64 " labels are no kind, %" PRIu64
                 " stories could not be judged\n",
                 kinds->right, kinds->labelled, share(kinds->right, kinds->labelled),
                 kinds->unknown, kinds->rejected);
}

static void print_json(const struct kinds *kinds)
{
    (void)printf("{\"labelled\":%" PRIu64 ",\"right\":%" PRIu64 ",\"unknown\":%" PRIu64
                 ",\"rejected\":%" PRIu64 ",\"kinds\":{",
                 kinds->labelled, kinds->right, kinds->unknown, kinds->rejected);
    const char *comma = "";
    for (int i = 0; i < WD_UPDATE_KIND_COUNT; i++) {
        const char *inner = "";
        uint64_t said = 0;
        uint64_t meant = 0;
        sums(kinds, i, &said, &meant);
        if (said + meant == 0)
            continue;
        (void)printf("%s\"%s\":{\"precision\":%.4f,\"recall\":%.4f,\"taken_for\":{", comma,
                     wd_update_kind_name((enum wd_update_kind)i), share(kinds->matrix[i][i], said),
                     share(kinds->matrix[i][i], meant));
        for (int j = 0; j < WD_UPDATE_KIND_COUNT; j++) {
            if (kinds->matrix[i][j] == 0)
                continue;
            (void)printf("%s\"%s\":%" PRIu64, inner, wd_update_kind_name((enum wd_update_kind)j),
                         kinds->matrix[i][j]);
            inner = ",";
        }
        (void)printf("}}");
        comma = ",";
    }
    (void)printf("}}\n");
}

static bool load_config(struct kinds *kinds, int *code)
{
    struct wd_faults faults;
    if (kinds->config_path) {
        kinds->config = wd_command_load(kinds->config_path, true, code);
        return kinds->config != NULL;
    }
    wd_faults_init(&faults);
    bool good = wd_config_load_text(own_config, ".", true, &kinds->config, &faults) == WD_OK;
    wd_faults_finish(&faults);
    *code = good ? WD_EXIT_OK : WD_EXIT_SOFTWARE;
    return good;
}

static int measure(struct kinds *kinds, int argc, char **argv, int at)
{
    if (!wd_eval_labels_read(&kinds->labels, argv[at]))
        return WD_EXIT_NO_INPUT;
    for (int i = at + 1; i < argc; i++) {
        if (!wd_eval_stories_read(&kinds->stories, argv[i]))
            return WD_EXIT_NO_INPUT;
    }
    if (!wd_eval_stories_sort(&kinds->stories) || !stream(kinds))
        return WD_EXIT_SOFTWARE;
    if (kinds->labelled + kinds->unknown == 0) {
        (void)fprintf(
            stderr,
            "wiredesk: none of the %zu labels of %s is about a story that was read: look at "
            "the ids and versions of both\n",
            kinds->labels.count, argv[at]);
        return WD_EXIT_NO_INPUT;
    }
    if (kinds->json)
        print_json(kinds);
    else
        print_text(kinds);
    return fflush(stdout) == 0 ? WD_EXIT_OK : WD_EXIT_IO;
}

/* Takes the options off the front; returns the index of LABELS, or -1. */
static int read_options(struct kinds *kinds, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--wrong") == 0)
            kinds->wrong = true;
        else if (strcmp(argv[i], "--json") == 0)
            kinds->json = true;
        else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            kinds->config_path = argv[++i];
        else
            return -1;
    }
    return i + 1 < argc ? i : -1;
}

static int run(int argc, char **argv)
{
    struct kinds *kinds = calloc(1, sizeof(*kinds));
    if (!kinds)
        return WD_EXIT_SOFTWARE;
    int code = -1;
    int at = read_options(kinds, argc, argv);
    if (at >= 0 && load_config(kinds, &code)) {
        wd_eval_stories_init(&kinds->stories, kinds->config);
        code = measure(kinds, argc, argv, at);
        wd_eval_stories_finish(&kinds->stories);
        wd_eval_labels_finish(&kinds->labels);
    }
    wd_config_release(kinds->config);
    free(kinds);
    return code;
}

const struct wd_eval wd_eval_kinds = {
    .option = "--kinds",
    .usage = "[OPTION..] LABELS STORIES..",
    .run = run,
};
