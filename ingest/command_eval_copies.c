/* `wiredesk eval --copies`: which stories are copies or versions of one another. */
#include "command.h"
#include "command_eval.h"
#include "eval_features.h"
#include "eval_labels.h"
#include "eval_score.h"
#include "eval_stories.h"
#include "exit_code.h"
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { LABELS_MAX = 64, COMMIT_EVERY = 1000, PERCENT = 100 };

static const char own_config[] =
    "{\"name\": \"eval\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:1\"}, \"pipelines\": [{"
    "\"name\": \"eval\", \"input\": {\"topics\": [\"eval\"]}, \"processors\": [{\"use\": "
    "\"dedup\"}, "
    "{\"use\": \"updates\"}], \"outputs\": [{\"name\": \"out\", \"topic\": \"out\", \"record\": "
    "\"enriched\", \"key\": \"guid\"}], \"dead_letter\": \"dead\"}]}";

/* What dedup said of a story. */
struct verdict {
    struct wd_digest group, also;
    bool has_also;
    bool joins;
    enum wd_relation relation;
    size_t matched; /* item; SIZE_MAX: none, or not of the set */
    char *reason;
    size_t cluster; /* number of its group, groups told to be one taken together */
};

/* How the pairs of a label came out. */
struct label_count {
    struct wd_slice label;
    uint64_t pairs, together, direct, contained;
};

struct count {
    struct label_count labels[LABELS_MAX];
    size_t label_count;
    uint64_t absent; /* pairs with a story that is not in the set */
};

struct eval {
    const char *config_path, *positive, *negative, *features;
    bool stream, alone, wrong, json;
    struct wd_config *config;
    struct wd_eval_stories stories;
    struct wd_eval_labels labels;
    struct verdict *verdicts;
    struct count streamed, by_itself;
    struct wd_eval_groups groups;
    size_t grouped; /* stories that have a group in the table */
    uint64_t spent_ns, state_bytes;
    uint64_t rejected;
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

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static bool digest_from(struct wd_slice hex, struct wd_digest *digest)
{
    if (hex.len != 2 * sizeof(digest->bytes))
        return false;
    for (size_t i = 0; i < sizeof(digest->bytes); i++)
        digest->bytes[i] =
            (uint8_t)(hex_digit(hex.data[2 * i]) << 4 | hex_digit(hex.data[2 * i + 1]));
    return true;
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
    eval->spent_ns += cpu_ns() - begun;
    if (outcome == WD_REJECT) {
        eval->rejected++;
        return;
    }
    verdict->joins = story->dedup.joins;
    verdict->relation = story->dedup.relation;
    if (!digest_from(story->dedup.group, &verdict->group)) /* copy without words: by itself */
        verdict->group = wd_digest_of(&item, sizeof(item));
    verdict->has_also = digest_from(story->dedup.also_group, &verdict->also);
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
        size_t also = verdicts[i].has_also ? find_group(verdicts, sorted, count, &verdicts[i].also)
                                           : SIZE_MAX;
        parents[root_of(parents, i)] = root_of(parents, first);
        if (also != SIZE_MAX)
            parents[root_of(parents, also)] = root_of(parents, first);
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
        eval->state_bytes = wd_state_bytes(line.state);
    close_line(&line);
    return good && number_groups(eval->verdicts, eval->stories.count);
}

static bool listed(const char *list, struct wd_slice label)
{
    struct wd_slice rest = wd_slice_from(list);
    while (rest.len > 0) {
        const char *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.data) : rest.len;
        if (wd_slice_equal(wd_slice_make(rest.data, len), label))
            return true;
        rest = wd_slice_from_offset(rest, len + 1);
    }
    return false;
}

static struct label_count *count_of(struct count *count, struct wd_slice label)
{
    for (size_t i = 0; i < count->label_count; i++) {
        if (wd_slice_equal(count->labels[i].label, label))
            return &count->labels[i];
    }
    if (count->label_count == LABELS_MAX)
        return NULL;
    count->labels[count->label_count].label = label;
    return &count->labels[count->label_count++];
}

static void show_wrong(const struct eval *eval, const struct wd_eval_label *label, bool together,
                       const struct verdict *later)
{
    bool missed = listed(eval->positive, label->label) && !together;
    bool joined = listed(eval->negative, label->label) && together;
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

static void count_pair(const struct eval *eval, struct count *count, const struct pair *pair)
{
    struct label_count *of_label = count_of(count, pair->label->label);
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
            eval->streamed.absent++;
            continue;
        }
        const struct pair pair = {label, &eval->verdicts[items[0]], &eval->verdicts[items[1]],
                                  items[0]};
        count_pair(eval, &eval->streamed, &pair);
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
        count_pair(eval, &eval->by_itself, &pair);
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
            eval->by_itself.absent++;
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
            group = eval->grouped;
        size_t item = wd_eval_stories_find(&eval->stories, eval->labels.items[sorted[i]].a);
        if (item == SIZE_MAX) {
            eval->streamed.absent++;
            continue;
        }
        size_t cluster = eval->verdicts[item].cluster;
        if (number[cluster] == SIZE_MAX)
            number[cluster] = eval->grouped;
        wanted[eval->grouped] = group;
        found[eval->grouped++] = number[cluster];
    }
    good = good && wd_eval_compare_groups(wanted, found, eval->grouped, &eval->groups);
    free(sorted);
    free(wanted);
    free(found);
    free(number);
    return good;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

/* Pairs of positive labels that came together or not, and of negative ones. */
static struct wd_eval_share score_of(const struct eval *eval, const struct count *count,
                                     bool direct)
{
    uint64_t right = 0;
    uint64_t wrong = 0;
    uint64_t missed = 0;
    for (size_t i = 0; i < count->label_count; i++) {
        const struct label_count *label = &count->labels[i];
        uint64_t joined = direct ? label->direct : label->together;
        if (listed(eval->positive, label->label)) {
            right += joined;
            missed += label->pairs - joined;
        } else if (listed(eval->negative, label->label)) {
            wrong += joined;
        }
    }
    return wd_eval_share_of(right, wrong, missed);
}

static void print_score(const char *name, struct wd_eval_share score)
{
    (void)printf("  %-16s precision %.4f  recall %.4f  F1 %.4f\n", name, score.precision,
                 score.recall, score.f1);
}

static void print_count(const struct eval *eval, const struct count *count, const char *title)
{
    (void)printf("\n%s\n  %-8s %7s %7s %7s %7s %7s %10s\n", title, "label", "pairs", "group", "%",
                 "matched", "%", "contained");
    for (size_t i = 0; i < count->label_count; i++) {
        const struct label_count *label = &count->labels[i];
        (void)printf("  %-8.*s %7" PRIu64 " %7" PRIu64 " %7.1f %7" PRIu64 " %7.1f %10" PRIu64 "\n",
                     WD_SLICE_ARG(label->label), label->pairs, label->together,
                     PERCENT * share(label->together, label->pairs), label->direct,
                     PERCENT * share(label->direct, label->pairs), label->contained);
    }
    if (count->absent > 0)
        (void)printf("  %" PRIu64 " pairs have a story that is not in the set\n", count->absent);
    print_score("same group", score_of(eval, count, false));
    print_score("matched", score_of(eval, count, true));
}

static long peak_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static double per_second(const struct eval *eval)
{
    return eval->spent_ns > 0 ? (double)eval->stories.count * 1e9 / (double)eval->spent_ns : 0;
}

static void print_text(const struct eval *eval)
{
    (void)printf("%zu stories, %" PRIu64 " messages unread, %" PRIu64 " stories refused\n",
                 eval->stories.count, eval->stories.unread, eval->rejected);
    if (eval->labels.groups) {
        (void)printf("%zu stories with a group: adjusted Rand index %.4f\n", eval->grouped,
                     eval->groups.ari);
        print_score("B-cubed", eval->groups.b_cubed);
    } else {
        if (eval->stream)
            print_count(eval, &eval->streamed, "the whole set in the order of time");
        if (eval->alone)
            print_count(eval, &eval->by_itself, "each pair alone");
    }
    if (eval->stream)
        (void)printf("\n%.0f stories per second of processor time, %" PRIu64
                     " bytes of state, peak %ld KiB\n",
                     per_second(eval), eval->state_bytes, peak_kib());
}

static void write_share(struct wd_buffer *out, const char *name, struct wd_eval_share score)
{
    wd_json_write_key(out, name);
    wd_buffer_printf(out, "{\"precision\":%.6f,\"recall\":%.6f,\"f1\":%.6f}", score.precision,
                     score.recall, score.f1);
}

static void write_count(struct wd_buffer *out, const char *name, const struct eval *eval,
                        const struct count *count)
{
    wd_json_write_key(out, name);
    wd_buffer_append_slice(out, WD_SLICE("{\"labels\":{"));
    for (size_t i = 0; i < count->label_count; i++) {
        const struct label_count *label = &count->labels[i];
        wd_json_write_key(out, NULL);
        wd_json_write_string(out, label->label);
        wd_buffer_printf(out,
                         ":{\"pairs\":%" PRIu64 ",\"same_group\":%" PRIu64 ",\"matched\":%" PRIu64
                         ",\"contained\":%" PRIu64 ",\"joined_share\":%.6f}",
                         label->pairs, label->together, label->direct, label->contained,
                         share(label->together, label->pairs));
    }
    wd_buffer_printf(out, "},\"absent\":%" PRIu64, count->absent);
    write_share(out, "same_group", score_of(eval, count, false));
    write_share(out, "matched", score_of(eval, count, true));
    wd_buffer_append_byte(out, '}');
}

static void print_json(const struct eval *eval)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_buffer_printf(&out,
                     "{\"stories\":%zu,\"unread\":%" PRIu64 ",\"refused\":%" PRIu64
                     ",\"stories_per_second\":%.0f,\"state_bytes\":%" PRIu64 ",\"peak_kib\":%ld",
                     eval->stories.count, eval->stories.unread, eval->rejected, per_second(eval),
                     eval->state_bytes, peak_kib());
    if (eval->labels.groups) {
        wd_buffer_printf(&out, ",\"grouped\":%zu,\"ari\":%.6f", eval->grouped, eval->groups.ari);
        write_share(&out, "b_cubed", eval->groups.b_cubed);
    }
    if (!eval->labels.groups && eval->stream)
        write_count(&out, "stream", eval, &eval->streamed);
    if (!eval->labels.groups && eval->alone)
        write_count(&out, "alone", eval, &eval->by_itself);
    wd_buffer_append_slice(&out, WD_SLICE("}\n"));
    (void)fwrite(out.data, 1, out.len, stdout);
    wd_buffer_finish(&out);
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
    return eval->stories.count > 0 && wd_eval_stories_sort(&eval->stories);
}

static int measure(struct eval *eval)
{
    eval->verdicts = calloc(eval->stories.count, sizeof(*eval->verdicts));
    if (!eval->verdicts)
        return WD_EXIT_SOFTWARE;
    if (eval->features)
        return wd_eval_features_write(&eval->stories, &eval->labels, eval->features) ? WD_EXIT_OK
                                                                                     : WD_EXIT_IO;
    bool good = !eval->stream || stream_all(eval);
    if (good && eval->labels.groups)
        good = compare_with_groups(eval);
    else if (good && eval->stream)
        count_streamed(eval);
    uint64_t spent_ns = eval->spent_ns; /* on the set; starting a line for each pair takes longer */
    if (good && eval->alone && !eval->labels.groups)
        good = count_alone(eval);
    eval->spent_ns = spent_ns;
    if (!good)
        return WD_EXIT_SOFTWARE;
    if (eval->json)
        print_json(eval);
    else
        print_text(eval);
    return WD_EXIT_OK;
}

/* An option with an argument; 0: no such option. */
static const char **place_of(struct eval *eval, const char *option)
{
    if (strcmp(option, "--positive") == 0)
        return &eval->positive;
    if (strcmp(option, "--negative") == 0)
        return &eval->negative;
    if (strcmp(option, "--config") == 0)
        return &eval->config_path;
    return strcmp(option, "--features") == 0 ? &eval->features : NULL;
}

static bool *flag_of(struct eval *eval, const char *option)
{
    if (strcmp(option, "--stream") == 0)
        return &eval->stream;
    if (strcmp(option, "--alone") == 0)
        return &eval->alone;
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
    if (!eval->stream && !eval->alone)
        eval->stream = eval->alone = true;
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
    eval->positive = "E,N,U,U-corr";
    eval->negative = "R,T,BAD";
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
