#include "tagger_features.h"

#include "tagger_decode.h"
#include "wd_assert.h"

/* The kinds of evidence. A kind's number is part of every id: it may change only with the model. */
enum kind {
    KIND_LOWER = 1,
    KIND_SURFACE,
    KIND_SHAPE,
    KIND_PREFIX,
    KIND_SUFFIX,
    KIND_CLUSTER,
    KIND_RANK,
    KIND_CASED,
    KIND_LIST,
    KIND_LISTS,
    KIND_PAIR_LEFT,
    KIND_PAIR_RIGHT,
    KIND_PAIR_FAR_LEFT,
    KIND_PAIR_FAR_RIGHT,
    KIND_AROUND,
    KIND_SHAPES,
    KIND_SHAPES_LEFT,
    KIND_SHAPES_RIGHT,
    KIND_SHAPE_LEFT,
    KIND_SHAPE_RIGHT,
    KIND_CLUSTERS_LEFT,
    KIND_CLUSTERS_RIGHT,
    KIND_CLUSTERS_AROUND,
    KIND_RUN,
    KIND_RUN_SHAPE,
    KIND_RUN_BEFORE,
    KIND_RUN_AFTER,
    KIND_RUN_FIRST,
    KIND_RUN_LAST,
    KIND_LISTS_LEFT,
    KIND_LISTS_RIGHT,
    KIND_POSITION,
    KIND_SENTENCE,
    KIND_TOPIC,
    KIND_SMALL,
    KIND_STORY_TYPE,
    KIND_STORY_LABEL,
    KIND_STORY_SHAPE,
    KIND_STORY_LEFT,
    KIND_STORY_RIGHT,
    KIND_BIAS
};

struct sink {
    uint64_t *ids;
    size_t count;
};

static void put(struct sink *sink, uint64_t kind, uint64_t value)
{
    WD_ASSERT(sink->count < WD_FEATURES_MAX);
    sink->ids[sink->count++] = wd_tagger_mix(kind * UINT64_C(0xD6E8FEB86659FD93), value);
}

static bool is_upper(const struct wd_unit_word *word)
{
    return (word->word.flags & WD_WORD_UPPER) != 0;
}

/* Case as far as it says something. */
static uint64_t case_of(const struct wd_unit_word *word)
{
    if (word->capitals)
        return 2;
    return is_upper(word) ? 1 : 0;
}

static uint64_t shape_of(const struct wd_unit_word *word)
{
    if (!word->capitals || !(word->word.flags & WD_WORD_LETTER))
        return word->word.shape;
    return word->word.flags & WD_WORD_DIGIT ? 11 : 10;
}

/* The first `steps` of the path, told apart from those of another length. */
static uint64_t cluster_prefix(const struct wd_unit_word *word, uint32_t steps)
{
    if (word->cluster == WD_MODEL_NO_CLUSTER)
        return 1;
    return (uint64_t)(word->cluster >> (14 - steps)) << 8 | steps << 1;
}

static void put_clusters(struct sink *sink, const struct wd_unit_word *word, uint64_t at)
{
    static const uint32_t steps[] = {4, 6, 10, 14};
    if (word->cluster == WD_MODEL_NO_CLUSTER) {
        put(sink, KIND_CLUSTER, wd_tagger_mix(at, case_of(word)));
        return;
    }
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        put(sink, KIND_CLUSTER,
            wd_tagger_mix(at + case_of(word) * 8, cluster_prefix(word, steps[i])));
}

static void put_affixes(struct sink *sink, const struct wd_unit_word *word, uint64_t at)
{
    for (uint64_t n = at == 0 ? 0 : 2; n < (at == 0 ? WD_WORD_AFFIX_MAX : 3); n++) {
        uint64_t spot = at * 64 + case_of(word) * 8 + n;
        if (word->word.prefix[n] != 0 && at == 0)
            put(sink, KIND_PREFIX, wd_tagger_mix(spot, word->word.prefix[n]));
        if (word->word.suffix[n] != 0)
            put(sink, KIND_SUFFIX, wd_tagger_mix(spot, word->word.suffix[n]));
    }
}

size_t wd_features_of_word(const struct wd_unit_word *word, int distance, uint32_t groups,
                           uint64_t ids[WD_FEATURES_MAX])
{
    WD_ASSERT(distance >= -WD_UNIT_REACH && distance <= WD_UNIT_REACH);
    struct sink sink = {ids, 0};
    uint64_t at = (uint64_t)(distance + WD_UNIT_REACH + 1) % 5; /* any five numbers */
    at = distance == 0 ? 0 : at + 8;
    bool near = distance >= -1 && distance <= 1;
    if (groups & WD_FEATURES_WORDS) {
        put(&sink, KIND_LOWER, wd_tagger_mix(at, word->word.lower));
        if (distance == 0 && !word->capitals)
            put(&sink, KIND_SURFACE, word->word.surface);
    }
    if (groups & WD_FEATURES_SPELLING) {
        put(&sink, KIND_SHAPE, wd_tagger_mix(at, shape_of(word)));
        if (near)
            put_affixes(&sink, word, at);
    }
    if (groups & WD_FEATURES_CLUSTERS) {
        put_clusters(&sink, word, at);
        if (near)
            put(&sink, KIND_RANK, at << 16 | case_of(word) << 8 | word->rank);
    }
    if (near && (groups & WD_FEATURES_CLUSTERS))
        put(&sink, KIND_CASED, at << 16 | case_of(word) << 8 | word->cased);
    if (groups & WD_FEATURES_LISTS)
        put(&sink, KIND_LISTS, wd_tagger_mix(at << 8 | case_of(word), word->kinds & 0x7FFFu));
    if (distance == 0)
        put(&sink, KIND_BIAS, case_of(word));
    return sink.count;
}

/* The word right before or after the run of capitals in which token i stands. */
static const struct wd_unit_word *beside_run(const struct wd_unit *unit, uint32_t i, bool after)
{
    const struct wd_unit_token *token = &unit->tokens[i];
    return wd_unit_word_at(unit, i, after ? token->right + 1 : -(token->left + 1));
}

static void put_run(struct sink *sink, const struct wd_unit *unit, uint32_t i)
{
    const struct wd_unit_token *token = &unit->tokens[i];
    uint64_t run = (uint64_t)token->left << 3 | token->right;
    uint64_t edge = (token->left > 0) * 2u + (token->right > 0);
    const struct wd_unit_word *word = wd_unit_word_at(unit, i, 0);
    put(sink, KIND_RUN, run << 2 | case_of(word));
    put(sink, KIND_RUN_SHAPE, wd_tagger_mix(run, shape_of(word)));
    if (!is_upper(word) || word->capitals)
        return;
    put(sink, KIND_RUN_BEFORE, wd_tagger_mix(edge, beside_run(unit, i, false)->word.lower));
    put(sink, KIND_RUN_AFTER, wd_tagger_mix(edge, beside_run(unit, i, true)->word.lower));
    if (token->left > 0)
        put(sink, KIND_RUN_FIRST, wd_unit_word_at(unit, i, -token->left)->word.lower);
    if (token->right > 0)
        put(sink, KIND_RUN_LAST, wd_unit_word_at(unit, i, token->right)->word.lower);
}

static void put_words(struct sink *sink, const struct wd_unit_word *const window[5])
{
    uint64_t lower[5];
    for (int d = 0; d < 5; d++)
        lower[d] = window[d]->word.lower;
    put(sink, KIND_PAIR_LEFT, wd_tagger_mix(lower[1], lower[2]));
    put(sink, KIND_PAIR_RIGHT, wd_tagger_mix(lower[2], lower[3]));
    put(sink, KIND_PAIR_FAR_LEFT, wd_tagger_mix(lower[0], lower[1]));
    put(sink, KIND_PAIR_FAR_RIGHT, wd_tagger_mix(lower[3], lower[4]));
    put(sink, KIND_AROUND, wd_tagger_mix(lower[1], lower[3]));
}

static void put_shapes(struct sink *sink, const struct wd_unit_word *const window[5])
{
    uint64_t shape[5];
    for (int d = 0; d < 5; d++)
        shape[d] = shape_of(window[d]);
    uint64_t middle = wd_tagger_mix(shape[1], shape[2]);
    uint64_t right = wd_tagger_mix(shape[2], shape[3]);
    put(sink, KIND_SHAPES, wd_tagger_mix(middle, shape[3]));
    put(sink, KIND_SHAPES_LEFT, wd_tagger_mix(middle, shape[0]));
    put(sink, KIND_SHAPES_RIGHT, wd_tagger_mix(right, shape[4]));
    put(sink, KIND_SHAPE_LEFT, wd_tagger_mix(shape[2], window[1]->word.lower));
    put(sink, KIND_SHAPE_RIGHT, wd_tagger_mix(shape[2], window[3]->word.lower));
}

static void put_cluster_pairs(struct sink *sink, const struct wd_unit_word *const window[5])
{
    uint64_t left = cluster_prefix(window[1], 6);
    uint64_t here = wd_tagger_mix(case_of(window[2]), cluster_prefix(window[2], 6));
    uint64_t right = cluster_prefix(window[3], 6);
    put(sink, KIND_CLUSTERS_LEFT, wd_tagger_mix(left, here));
    put(sink, KIND_CLUSTERS_RIGHT, wd_tagger_mix(here, right));
    put(sink, KIND_CLUSTERS_AROUND, wd_tagger_mix(left, right + case_of(window[2])));
}

static void put_lists(struct sink *sink, const struct wd_unit *unit, uint32_t i)
{
    const struct wd_unit_token *token = &unit->tokens[i];
    const struct wd_unit_sentence *sentence = &unit->sentences[token->sentence];
    uint64_t kase = case_of(wd_unit_word_at(unit, i, 0));
    for (uint64_t bits = token->lists; bits != 0; bits &= bits - 1)
        put(sink, KIND_LIST, (uint64_t)__builtin_ctzll(bits) << 2 | kase);
    if (token->lists != 0)
        put(sink, KIND_LIST, token->lists << 8 | kase);
    if (i > sentence->begin && unit->tokens[i - 1].lists != 0)
        put(sink, KIND_LISTS_LEFT, wd_tagger_mix(unit->tokens[i - 1].lists, token->lists));
    if (i + 1 < sentence->end && unit->tokens[i + 1].lists != 0)
        put(sink, KIND_LISTS_RIGHT, wd_tagger_mix(unit->tokens[i + 1].lists, token->lists));
}

static void put_position(struct sink *sink, const struct wd_unit *unit, uint32_t i)
{
    const struct wd_unit_token *token = &unit->tokens[i];
    const struct wd_unit_sentence *sentence = &unit->sentences[token->sentence];
    uint64_t shape = shape_of(wd_unit_word_at(unit, i, 0));
    uint64_t from = i - sentence->begin < 3 ? i - sentence->begin : 3;
    uint64_t to = sentence->end - 1 - i < 2 ? sentence->end - 1 - i : 2;
    uint64_t order = token->sentence < 3 ? token->sentence : 3;
    put(sink, KIND_POSITION, wd_tagger_mix(from, shape));
    put(sink, KIND_POSITION, wd_tagger_mix(16 + order * 4 + from, shape));
    uint64_t line = sentence->title ? 4 : (uint64_t)sentence->capitals << 1 | sentence->table;
    uint64_t size = sentence->end - sentence->begin;
    size = size < 4 ? size : size < 8 ? 4 : size < 16 ? 5 : 6;
    put(sink, KIND_SENTENCE, wd_tagger_mix(line << 8 | size << 4 | to, shape));
    const struct wd_unit_word *opening = &unit->words[unit->tokens[sentence->begin].word];
    put(sink, KIND_SENTENCE, wd_tagger_mix(opening->word.lower, shape));
    if (unit->topic != 0)
        put(sink, KIND_TOPIC, wd_tagger_mix(unit->topic, case_of(wd_unit_word_at(unit, i, 0))));
    const struct wd_unit_seen *seen = &unit->seen[token->seen];
    if (token->flags & WD_WORD_UPPER_FIRST)
        put(sink, KIND_SMALL,
            (from == 0) * 32u + (seen->small > 0) * 16u + (seen->upper > 1) * 8u +
                (sentence->capitals || sentence->title) * 4u + (seen->upper > 0));
}

size_t wd_features_of_place(const struct wd_unit *unit, uint32_t i, uint32_t groups,
                            uint64_t ids[WD_FEATURES_MAX])
{
    struct sink sink = {ids, 0};
    const struct wd_unit_word *window[5];
    for (int d = 0; d < 5; d++)
        window[d] = wd_unit_word_at(unit, i, d - WD_UNIT_REACH);
    if (groups & WD_FEATURES_WORDS)
        put_words(&sink, window);
    if (groups & WD_FEATURES_SPELLING) {
        put_shapes(&sink, window);
        put_run(&sink, unit, i);
    }
    if (groups & WD_FEATURES_CLUSTERS)
        put_cluster_pairs(&sink, window);
    if (groups & WD_FEATURES_LISTS)
        put_lists(&sink, unit, i);
    if (groups & WD_FEATURES_PLACE)
        put_position(&sink, unit, i);
    return sink.count;
}

struct opinion {
    uint32_t total;
    uint32_t type;  /* 0: none, else 1 + type */
    uint32_t label; /* the most frequent one */
    uint32_t share; /* of the type: 2 all, 1 over half, 0 less */
};

static struct opinion opinion_of(const struct wd_unit *unit, uint32_t i)
{
    const struct wd_unit_token *token = &unit->tokens[i];
    const struct wd_unit_seen *seen = &unit->seen[token->seen];
    struct opinion opinion = {0, 0, 0, 0};
    uint32_t types[1 + WD_MODEL_TYPES] = {0};
    uint32_t best = 0;
    for (uint32_t label = 0; label < WD_MODEL_LABELS; label++) {
        uint32_t count = seen->labels[label];
        count -= token->candidate && label == token->label && count > 0;
        opinion.total += count;
        types[label == WD_LABEL_O ? 0 : 1 + wd_label_type(label)] += count;
        if (count > best) {
            best = count;
            opinion.label = label;
        }
    }
    for (uint32_t type = 1; type <= WD_MODEL_TYPES; type++) {
        if (types[type] > types[opinion.type] ||
            (opinion.type == 0 && types[type] > 0 && types[type] * 2 >= types[0]))
            opinion.type = type;
    }
    uint32_t votes = types[opinion.type];
    opinion.share = votes == opinion.total ? 2 : votes * 2 > opinion.total ? 1 : 0;
    return opinion;
}

size_t wd_features_of_story(const struct wd_unit *unit, uint32_t i, uint32_t groups,
                            uint64_t ids[WD_FEATURES_MAX])
{
    struct sink sink = {ids, 0};
    const struct wd_unit_token *token = &unit->tokens[i];
    const struct wd_unit_sentence *sentence = &unit->sentences[token->sentence];
    if (!(groups & WD_FEATURES_STORY))
        return 0;
    const struct wd_unit_word *word = wd_unit_word_at(unit, i, 0);
    if (token->flags & WD_WORD_UPPER) {
        struct opinion here = opinion_of(unit, i);
        uint64_t view = here.type * 3 + here.share;
        if (here.total > 0) {
            put(&sink, KIND_STORY_TYPE, view << 1 | (here.total > 1));
            put(&sink, KIND_STORY_LABEL, (uint64_t)here.label << 4 | here.share);
            put(&sink, KIND_STORY_SHAPE, wd_tagger_mix(view, shape_of(word)));
        }
    }
    if (i > sentence->begin && (unit->tokens[i - 1].flags & WD_WORD_UPPER)) {
        struct opinion left = opinion_of(unit, i - 1);
        if (left.total > 0)
            put(&sink, KIND_STORY_LEFT,
                (uint64_t)left.label << 8 | left.share << 2 | case_of(word));
    }
    if (i + 1 < sentence->end && (unit->tokens[i + 1].flags & WD_WORD_UPPER)) {
        struct opinion right = opinion_of(unit, i + 1);
        if (right.total > 0)
            put(&sink, KIND_STORY_RIGHT,
                (uint64_t)right.label << 8 | right.share << 2 | case_of(word));
    }
    return sink.count;
}
