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
};

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
    features->keys = calloc(features->stories->count, sizeof(*features->keys));
    features->state = wd_state_create();
    if (features->state && wd_state_add_table(features->state, &spec, &table, &error) == WD_OK)
        features->near = wd_near_create(table, &options);
    return features->near && features->keys;
}

static void write_pair(struct features *features, const struct wd_eval_label *label, size_t earlier)
{
    struct wd_comparison comparison;
    if (!wd_near_compare(features->near, &features->keys[earlier], &comparison))
        return;
    (void)fprintf(features->out, "%.*s\t%.*s\t%.*s", WD_SLICE_ARG(label->label),
                  WD_SLICE_ARG(label->a), WD_SLICE_ARG(label->b));
    for (int i = 0; i < WD_FEATURE_COUNT; i++)
        (void)fprintf(features->out, "\t%.6f", comparison.features[i]);
    (void)fprintf(features->out, "\t%.6f\t%.6f\t%.6f\n", comparison.contained,
                  comparison.containing, comparison.probability);
}

static void write_pairs_of(struct features *features, size_t item)
{
    for (size_t i = 0; i < features->labels->count; i++) {
        const struct wd_eval_label *label = &features->labels->items[i];
        size_t a = wd_eval_stories_find(features->stories, label->a);
        size_t b = wd_eval_stories_find(features->stories, label->b);
        if (a != SIZE_MAX && b != SIZE_MAX && a != b && (a > b ? a : b) == item)
            write_pair(features, label, a > b ? b : a);
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

bool wd_eval_features_write(struct wd_eval_stories *stories, const struct wd_eval_labels *labels,
                            const char *path)
{
    struct features features = {.stories = stories, .labels = labels};
    features.out = fopen(path, "we");
    bool good = features.out && open_near(&features);
    if (good) {
        (void)fprintf(features.out, "label\tid_a\tid_b");
        for (int i = 0; i < WD_FEATURE_COUNT; i++)
            (void)fprintf(features.out, "\t%s", wd_feature_name((enum wd_feature)i));
        (void)fprintf(features.out, "\tcontained\tcontaining\tprobability\n");
    }
    for (size_t i = 0; good && i < stories->count; i++) {
        if (take(&features, i))
            write_pairs_of(&features, i);
    }
    good = good && fflush(features.out) == 0;
    if (!good)
        (void)fprintf(stderr, "wiredesk: cannot write %s: %s\n", path, strerror(errno));
    if (features.out)
        (void)fclose(features.out);
    wd_near_destroy(features.near);
    wd_state_destroy(features.state);
    free(features.keys);
    return good;
}
