#include "eval_features.h"

#include "near_match.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { WINDOW_MS = 7 * 24 * 3600 * 1000, WORDS_MIN = 8 };

struct features {
    struct wd_eval_stories *stories;
    const struct wd_eval_labels *labels;
    FILE *out;
    struct wd_state *state;
    struct wd_near *near;
    struct wd_digest *keys; /* of each item that was judged */
    bool alone;             /* each pair by itself */
};

static void observe(void *context, struct wd_table *table, struct wd_slice key,
                    struct wd_slice value, int64_t event_ms)
{
    (void)table;
    (void)event_ms;
    wd_near_observe(context, key, value);
}

static bool open_near(struct features *features)
{
    struct wd_error error;
    struct wd_table *table = NULL;
    wd_error_init(&error);
    const struct wd_table_spec spec = {.name = "stories",
                                       .entries_max = features->stories->count + 1,
                                       .ttl_ms = WINDOW_MS,
                                       .key_len_max = WD_DIGEST_BYTES,
                                       .value_len_max = WD_COPY_RECORD_BYTES_MAX};
    const struct wd_near_options options = {.entries_max = spec.entries_max,
                                            .words_min = WORDS_MIN};
    features->state = wd_state_create();
    if (features->state && wd_state_add_table(features->state, &spec, &table, &error) == WD_OK)
        features->near = wd_near_create(table, &options);
    if (features->near)
        wd_table_observe(table, observe, features->near);
    return features->near != NULL;
}

static void close_near(struct features *features)
{
    wd_near_destroy(features->near);
    wd_state_destroy(features->state);
    features->near = NULL;
    features->state = NULL;
}

static void write_pair(struct features *features, const struct wd_eval_label *label, size_t earlier)
{
    struct wd_comparison comparison;
    if (!wd_near_compare(features->near, &features->keys[earlier], &comparison))
        return;
    (void)fprintf(features->out, "%s\t%.*s\t%.*s\t%.*s", features->alone ? "alone" : "stream",
                  WD_SLICE_ARG(label->label), WD_SLICE_ARG(label->a), WD_SLICE_ARG(label->b));
    for (int i = 0; i < WD_FEATURE_COUNT; i++)
        (void)fprintf(features->out, "\t%.6f", comparison.features[i]);
    (void)fprintf(features->out, "\t%.6f\t%.6f\t%.6f\n", comparison.contained,
                  comparison.containing, comparison.probability);
}

/* Earlier and later item of a labelled pair; false when one is not in the set. */
static bool find_pair(const struct features *features, const struct wd_eval_label *label,
                      size_t items[2])
{
    size_t a = wd_eval_stories_find(features->stories, label->a);
    size_t b = wd_eval_stories_find(features->stories, label->b);
    items[0] = a < b ? a : b;
    items[1] = a < b ? b : a;
    return items[1] != SIZE_MAX && a != b;
}

static void write_pairs_of(struct features *features, size_t item)
{
    for (size_t i = 0; i < features->labels->count; i++) {
        size_t items[2];
        const struct wd_eval_label *label = &features->labels->items[i];
        if (find_pair(features, label, items) && items[1] == item)
            write_pair(features, label, items[0]);
    }
}

static bool take(struct features *features, size_t item)
{
    struct wd_story *story = wd_eval_stories_decode(features->stories, item);
    if (!story)
        return false;
    wd_state_advance(features->state, story->received.ms);
    if (wd_near_judge(features->near, story) != WD_OK)
        return false;
    wd_state_commit(features->state);
    features->keys[item] = wd_near_last_key(features->near);
    return true;
}

static bool write_streamed(struct features *features)
{
    bool good = open_near(features);
    for (size_t i = 0; good && i < features->stories->count; i++) {
        if (take(features, i))
            write_pairs_of(features, i);
    }
    close_near(features);
    return good;
}

static bool write_alone(struct features *features)
{
    bool good = true;
    features->alone = true;
    for (size_t i = 0; good && i < features->labels->count; i++) {
        size_t items[2];
        if (!find_pair(features, &features->labels->items[i], items))
            continue;
        good = open_near(features);
        if (good && take(features, items[0]) && take(features, items[1]))
            write_pair(features, &features->labels->items[i], items[0]);
        close_near(features);
    }
    return good;
}

bool wd_eval_features_write(struct wd_eval_stories *stories, const struct wd_eval_labels *labels,
                            const char *path)
{
    struct features features = {.stories = stories, .labels = labels};
    features.out = fopen(path, "we");
    features.keys = calloc(stories->count, sizeof(*features.keys));
    bool good = features.out && features.keys;
    if (good) {
        (void)fprintf(features.out, "mode\tlabel\tid_a\tid_b");
        for (int i = 0; i < WD_FEATURE_COUNT; i++)
            (void)fprintf(features.out, "\t%s", wd_feature_name((enum wd_feature)i));
        (void)fprintf(features.out, "\tcontained\tcontaining\tprobability\n");
        good = write_streamed(&features) && write_alone(&features) && fflush(features.out) == 0;
    }
    if (!good)
        (void)fprintf(stderr, "wiredesk: cannot write %s: %s\n", path, strerror(errno));
    if (features.out)
        (void)fclose(features.out);
    free(features.keys);
    return good;
}
