/* `wiredesk eval --copies`: which stories are copies or versions of one another. */
#include "command.h"
#include "command_eval.h"
#include "eval_features.h"
#include "eval_labels.h"
#include "eval_report.h"
#include "eval_stories.h"
#include "exit_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COMMIT_EVERY = 1000 };

static const char own_config[] =
    "{\"name\": \"eval\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:1\"}, \"pipelines\": [{"
    "\"name\": \"eval\", \"input\": {\"topics\": [\"eval\"]}, \"processors\": [{\"use\": "
    "\"dedup\"}, "
    "{\"use\": \"updates\"}], \"outputs\": [{\"name\": \"out\", \"topic\": \"out\", \"record\": "
    "\"enriched\", \"key\": \"guid\"}], \"dead_letter\": \"dead\"}]}";

/* What dedup said of a story. */
struct verdict {
    struct wd_digest group, also[WD_ALSO_GROUPS_MAX];
    size_t also_count;
    bool joins;
    enum wd_relation relation;
    size_t matched; /* item; SIZE_MAX: none, or not of the set */
    char *reason;
    size_t cluster; /* number of its group, groups told to be one taken together */
};

struct eval {
    const char *config_path, *features;
    bool wrong, json;
    struct wd_config *config;
    struct wd_eval_stories stories;
    struct wd_eval_labels labels;
    struct verdict *verdicts;
    struct wd_eval_report report;
};

/* One pipeline over a state of its own. */
struct line {
    struct wd_state *state;
    struct wd_pipeline *pipeline;
};

static bool open_line(struct eval *eval, struct line *line)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_plan *plan = eval->config->pipelines[0].plan;
    line->pipeline = NULL;
    line->state = wd_state_create();
    enum wd_status status =
        line->state ? wd_plan_add_tables(plan, line->state, &error) : WD_NO_MEMORY;
    if (status == WD_OK)
        status = wd_pipeline_create(plan, line->state, &line->pipeline, &error);
    if (status != WD_OK)
        (void)fprintf(stderr, "wiredesk: %s\n",
                      error.text[0] ? error.text : wd_status_sentence(status));
    return status == WD_OK;
}

static void close_line(struct line *line)
{
    wd_pipeline_destroy(line->pipeline);
    wd_state_destroy(line->state);
}

static uint64_t cpu_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* `verdict` is zeroed. */
static void judge(struct eval *eval, struct line *line, size_t item, struct verdict *verdict)
{
    struct wd_error error;
    wd_error_init(&error);
    verdict->matched = SIZE_MAX;
    struct wd_story *story = wd_eval_stories_decode(&eval->stories, item);
    uint64_t begun = cpu_ns();
    enum wd_outcome outcome =
        story ? wd_pipeline_process(line->pipeline, story, NULL, &error) : WD_REJECT;
    eval->report.spent_ns += cpu_ns() - begun;
    if (outcome == WD_REJECT) {
        eval->report.refused++;
        return;
    }
    verdict->joins = story->dedup.joins;
    verdict->relation = story->dedup.relation;
    if (!wd_digest_from_hex(story->dedup.group,
                            &verdict->group)) /* copy without words: by itself */
        verdict->group = wd_digest_of(&item, sizeof(item));
    for (size_t i = 0; i < story->dedup.also_group_count; i++)
        verdict->also_count +=
            wd_digest_from_hex(story->dedup.also_groups[i], &verdict->also[verdict->also_count]);
    verdict->matched = wd_eval_stories_find(&eval->stories, story->dedup.matched);
    if (eval->wrong)
        verdict->reason = strndup(story->dedup.reason.data, story->dedup.reason.len);
}

static size_t root_of(size_t *parents, size_t i)
{
    while (parents[i] != i) {
        parents[i] = parents[parents[i]];
        i = parents[i];
    }
    return i;
}

static int compare_groups(const void *a, const void *b, void *context)
{
    const struct verdict *verdicts = context;
    const size_t *x = a;
    const size_t *y = b;
    int order = memcmp(&verdicts[*x].group, &verdicts[*y].group, sizeof(struct wd_digest));
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* The first item of a group in the sorted list; SIZE_MAX when nobody has it. */
static size_t find_group(const struct verdict *verdicts, const size_t *sorted, size_t count,
                         const struct wd_digest *group)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(&verdicts[sorted[middle]].group, group, sizeof(*group)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < count && memcmp(&verdicts[sorted[low]].group, group, sizeof(*group)) == 0;
    return found ? sorted[low] : SIZE_MAX;
}

/* Numbers the groups; those that a story told to be one become one. */
static bool number_groups(struct verdict *verdicts, size_t count)
{
    size_t *sorted = malloc((count + 1) * sizeof(*sorted));
    size_t *parents = calloc(count + 1, sizeof(*parents));
    bool good = sorted && parents;
    for (size_t i = 0; good && i < count; i++)
        sorted[i] = parents[i] = i;
    if (good && count > 0)
        qsort_r(sorted, count, sizeof(*sorted), compare_groups, verdicts);
    for (size_t i = 0; good && i < count; i++) {
        size_t first = find_group(verdicts, sorted, count, &verdicts[i].group);
        parents[root_of(parents, i)] = root_of(parents, first);
        for (size_t k = 0; k < verdicts[i].also_count; k++) {
            size_t also = find_group(verdicts, sorted, count, &verdicts[i].also[k]);
            if (also != SIZE_MAX)
                parents[root_of(parents, also)] = root_of(parents, first);
        }
    }
    for (size_t i = 0; good && i < count; i++)
        verdicts[i].cluster = root_of(parents, i);
    free(sorted);
    free(parents);
    return good;
}

static bool stream_all(struct eval *eval)
{
    struct line line;
    bool good = open_line(eval, &line);
    for (size_t i = 0; good && i < eval->stories.count; i++) {
        judge(eval, &line, i, &eval->verdicts[i]);
        if (i % COMMIT_EVERY == 0)
            wd_state_commit(line.state);
    }
    if (good)
        eval->report.state_bytes = wd_state_bytes(line.state);
    close_line(&line);
    return good && number_groups(eval->verdicts, eval->stories.count);
}

static void show_wrong(const struct eval *eval, const struct wd_eval_label *label, bool together,
                       const struct verdict *later)
{
    bool missed = wd_eval_listed(eval->report.positive, label->label) && !together;
    bool joined = wd_eval_listed(eval->report.negative, label->label) && together;
    if (eval->wrong && (missed || joined))
        (void)fprintf(stderr, "%s\t%.*s\t%.*s\t%.*s\t%s\n", missed ? "missed" : "joined",
                      WD_SLICE_ARG(label->label), WD_SLICE_ARG(label->a), WD_SLICE_ARG(label->b),
                      later->reason ? later->reason : "");
}

/* A pair: `earlier` came first, as item `earlier_item`. */
struct pair {
    const struct wd_eval_label *label;
    const struct verdict *earlier, *later;
    size_t earlier_item;
};

static void count_pair(const struct eval *eval, struct wd_eval_count *count,
                       const struct pair *pair)
{
    struct wd_eval_label_count *of_label = wd_eval_count_of(count, pair->label->label);
    if (!of_label)
        return;
    const struct verdict *later = pair->later;
    bool together = pair->earlier->cluster == later->cluster;
    bool met = later->matched == pair->earlier_item;
    bool part =
        later->relation == WD_RELATION_CONTAINED_IN || later->relation == WD_RELATION_CONTAINS;
    of_label->pairs++;
    of_label->together += together;
    of_label->direct += met && later->joins;
    of_label->contained += met && part && !later->joins;
    show_wrong(eval, pair->label, together, later);
}

/* Earlier and later item of a labelled pair; false when one is not in the set. */
static bool find_pair(struct eval *eval, const struct wd_eval_label *label, size_t items[2])
{
    size_t a = wd_eval_stories_find(&eval->stories, label->a);
    size_t b = wd_eval_stories_find(&eval->stories, label->b);
    items[0] = a < b ? a : b;
    items[1] = a < b ? b : a;
    return items[1] != SIZE_MAX && a != b;
}

static void count_streamed(struct eval *eval)
{
    for (size_t i = 0; i < eval->labels.count; i++) {
        const struct wd_eval_label *label = &eval->labels.items[i];
        size_t items[2];
        if (!find_pair(eval, label, items)) {
            eval->report.streamed.absent++;
            continue;
        }
        const struct pair pair = {label, &eval->verdicts[items[0]], &eval->verdicts[items[1]],
                                  items[0]};
        count_pair(eval, &eval->report.streamed, &pair);
    }
}

static bool count_one_alone(struct eval *eval, const struct wd_eval_label *label,
                            const size_t items[2])
{
    struct line line;
    struct verdict verdicts[2];
    memset(verdicts, 0, sizeof(verdicts));
    bool good = open_line(eval, &line);
    for (int i = 0; good && i < 2; i++)
        judge(eval, &line, items[i], &verdicts[i]);
    close_line(&line);
    good = good && number_groups(verdicts, 2);
    const struct pair pair = {label, &verdicts[0], &verdicts[1], items[0]};
    if (good)
        count_pair(eval, &eval->report.by_itself, &pair);
    free(verdicts[0].reason);
    free(verdicts[1].reason);
    return good;
}

static bool count_alone(struct eval *eval)
{
    bool good = true;
    for (size_t i = 0; good && i < eval->labels.count; i++) {
        size_t items[2];
        if (find_pair(eval, &eval->labels.items[i], items))
            good = count_one_alone(eval, &eval->labels.items[i], items);
        else
            eval->report.by_itself.absent++;
    }
    return good;
}

static int compare_labels(const void *a, const void *b, void *context)
{
    const struct wd_eval_label *labels = context;
    struct wd_slice x = labels[*(const size_t *)a].label;
    struct wd_slice y = labels[*(const size_t *)b].label;
    int order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);
    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

/* Scores the stories that have a group in the table. */
static bool compare_with_groups(struct eval *eval)
{
    size_t count = eval->labels.count;
    size_t *sorted = malloc(count * sizeof(*sorted));
    size_t *wanted = malloc(count * sizeof(*wanted));
    size_t *found = malloc(count * sizeof(*found));
    size_t *number = malloc((eval->stories.count + 1) * sizeof(*number)); /* of a cluster */
    bool good = sorted && wanted && found && number;
    for (size_t i = 0; good && i < count; i++)
        sorted[i] = i;
    for (size_t i = 0; good && i < eval->stories.count; i++)
        number[i] = SIZE_MAX;
    if (good)
        qsort_r(sorted, count, sizeof(*sorted), compare_labels, eval->labels.items);
    size_t group = 0;
    for (size_t i = 0; good && i < count; i++) {
        if (i > 0 && compare_labels(&sorted[i - 1], &sorted[i], eval->labels.items) != 0)
            group = eval->report.grouped;
        size_t item = wd_eval_stories_find(&eval->stories, eval->labels.items[sorted[i]].a);
        if (item == SIZE_MAX) {
            eval->report.streamed.absent++;
            continue;
        }
        size_t cluster = eval->verdicts[item].cluster;
        if (number[cluster] == SIZE_MAX)
            number[cluster] = eval->report.grouped;
        wanted[eval->report.grouped] = group;
        found[eval->report.grouped++] = number[cluster];
    }
    good =
        good && wd_eval_compare_groups(wanted, found, eval->report.grouped, &eval->report.groups);
    free(sorted);
    free(wanted);
    free(found);
    free(number);
    return good;
}

static bool load_config(struct eval *eval, int *code)
{
    struct wd_faults faults;
    if (eval->config_path) {
        eval->config = wd_command_load(eval->config_path, true, code);
        return eval->config != NULL;
    }
    wd_faults_init(&faults);
    enum wd_status status = wd_config_load_text(own_config, ".", true, &eval->config, &faults);
    if (status != WD_OK)
        (void)fprintf(stderr, "wiredesk: %s\n",
                      faults.count > 0 ? faults.items[0].text : wd_status_sentence(status));
    wd_faults_finish(&faults);
    *code = status == WD_OK ? WD_EXIT_OK : WD_EXIT_SOFTWARE;
    return status == WD_OK;
}

/* Figures about nothing look like perfect ones. */
static bool belong_together(const struct eval *eval, const char *labels)
{
    for (size_t i = 0; i < eval->labels.count; i++) {
        const struct wd_eval_label *label = &eval->labels.items[i];
        if (wd_eval_stories_find(&eval->stories, label->a) != SIZE_MAX &&
            (eval->labels.groups || wd_eval_stories_find(&eval->stories, label->b) != SIZE_MAX))
            return true;
    }
    (void)fprintf(stderr,
                  "wiredesk: none of the %zu labels of %s is about stories that were read: look at "
                  "the ids of both\n",
                  eval->labels.count, labels);
    return false;
}

static bool read_inputs(struct eval *eval, int argc, char **argv, int at)
{
    if (!wd_eval_labels_read(&eval->labels, argv[at]))
        return false;
    for (int i = at + 1; i < argc; i++) {
        if (!wd_eval_stories_read(&eval->stories, argv[i]))
            return false;
    }
    if (eval->stories.count == 0)
        (void)fprintf(stderr, "wiredesk: no stories were read\n");
    return eval->stories.count > 0 && wd_eval_stories_sort(&eval->stories) &&
           belong_together(eval, argv[at]);
}

static int measure(struct eval *eval)
{
    eval->verdicts = calloc(eval->stories.count, sizeof(*eval->verdicts));
    if (!eval->verdicts)
        return WD_EXIT_SOFTWARE;
    if (eval->features)
        return wd_eval_features_write(&eval->stories, &eval->labels, eval->features) ? WD_EXIT_OK
                                                                                     : WD_EXIT_IO;
    struct wd_eval_report *report = &eval->report;
    report->stories = eval->stories.count;
    report->unread = eval->stories.unread;
    report->by_groups = eval->labels.groups;
    bool good = !report->streamed.wanted || stream_all(eval);
    if (good && report->by_groups)
        good = compare_with_groups(eval);
    else if (good && report->streamed.wanted)
        count_streamed(eval);
    /* On the set: starting a line for each pair takes longer. */
    uint64_t spent_ns = report->spent_ns;
    if (good && report->by_itself.wanted && !report->by_groups)
        good = count_alone(eval);
    report->spent_ns = spent_ns;
    if (!good)
        return WD_EXIT_SOFTWARE;
    if (eval->json)
        wd_eval_report_json(report);
    else
        wd_eval_report_text(report);
    return WD_EXIT_OK;
}

/* An option with an argument; 0: no such option. */
static const char **place_of(struct eval *eval, const char *option)
{
    if (strcmp(option, "--positive") == 0)
        return &eval->report.positive;
    if (strcmp(option, "--negative") == 0)
        return &eval->report.negative;
    if (strcmp(option, "--config") == 0)
        return &eval->config_path;
    return strcmp(option, "--features") == 0 ? &eval->features : NULL;
}

static bool *flag_of(struct eval *eval, const char *option)
{
    if (strcmp(option, "--stream") == 0)
        return &eval->report.streamed.wanted;
    if (strcmp(option, "--alone") == 0)
        return &eval->report.by_itself.wanted;
    if (strcmp(option, "--wrong") == 0)
        return &eval->wrong;
    return strcmp(option, "--json") == 0 ? &eval->json : NULL;
}

/* Takes the options off the front; returns the index of LABELS, or -1. */
static int read_options(struct eval *eval, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        bool *flag = flag_of(eval, argv[i]);
        const char **place = place_of(eval, argv[i]);
        if (flag)
            *flag = true;
        else if (place && i + 1 < argc)
            *place = argv[++i];
        else
            return -1;
    }
    if (!eval->report.streamed.wanted && !eval->report.by_itself.wanted)
        eval->report.streamed.wanted = eval->report.by_itself.wanted = true;
    return i + 1 < argc ? i : -1;
}

static void finish(struct eval *eval)
{
    for (size_t i = 0; eval->verdicts && i < eval->stories.count; i++)
        free(eval->verdicts[i].reason);
    free(eval->verdicts);
    wd_eval_stories_finish(&eval->stories);
    wd_eval_labels_finish(&eval->labels);
    wd_config_release(eval->config);
    free(eval);
}

static int run(int argc, char **argv)
{
    struct eval *eval = calloc(1, sizeof(*eval));
    if (!eval)
        return WD_EXIT_SOFTWARE;
    eval->report.positive = "E,N,U,U-corr";
    eval->report.negative = "R,T,BAD";
    int code = -1;
    int at = read_options(eval, argc, argv);
    if (at >= 0 && load_config(eval, &code)) {
        wd_eval_stories_init(&eval->stories, eval->config);
        code = read_inputs(eval, argc, argv, at) ? measure(eval) : WD_EXIT_NO_INPUT;
        if (fflush(stdout) != 0)
            code = WD_EXIT_IO;
    }
    finish(eval);
    return code;
}

const struct wd_eval wd_eval_copies = {
    .option = "--copies",
    .usage = "[OPTION..] LABELS STORIES..",
    .run = run,
};
