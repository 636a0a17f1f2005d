/* The verdicts of an enriched record: duplicate, lineage, update with what it changed. */
#include "enriched_verdicts.h"

enum wd_status wd_enriched_missing(const struct wd_enriched *reading, const char *name)
{
    wd_error_at_path(reading->error, "wiredesk.%s", name);
    return wd_error_set(reading->error, WD_MISSING,
                        "wiredesk.%s is missing or has the wrong type: no enriched record of ours",
                        name);
}

enum wd_status wd_enriched_unknown(const struct wd_enriched *reading, const char *name,
                                   struct wd_slice value)
{
    wd_error_at_path(reading->error, "wiredesk.%s", name);
    return wd_error_set(reading->error, WD_VERSION,
                        "wiredesk.%s is \"%.*s\", which this version does not know: run the "
                        "version that wrote it",
                        name, WD_SLICE_ARG(wd_utf8_cut(value, 64)));
}

bool wd_enriched_count(yyjson_val *object, const char *name, uint64_t max, uint64_t *number)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    *number = yyjson_is_uint(value) ? yyjson_get_uint(value) : 0;
    return yyjson_is_uint(value) && *number <= max;
}

double wd_enriched_share(yyjson_val *object, const char *name)
{
    double share = yyjson_get_num(yyjson_obj_get(object, name)); /* 0 when there is none */
    return share >= 0 && share <= 1 ? share : 0;
}

/* Adds the texts of a list, as many as there is room for. */
static void read_list(yyjson_val *list, struct wd_slice *texts, size_t texts_max, size_t *count)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(list, index, max, item)
    {
        if (yyjson_is_str(item) && *count < texts_max)
            texts[(*count)++] = wd_slice_make(yyjson_get_str(item), yyjson_get_len(item));
    }
}

static enum wd_status read_also_groups(struct wd_story *story, yyjson_val *object)
{
    struct wd_slice groups[WD_ALSO_GROUPS_MAX] = {wd_json_text(object, "also_group", NULL)};
    size_t count = groups[0].len > 0;
    enum wd_status status = WD_OK;
    if (count > 0)
        read_list(yyjson_obj_get(object, "further_groups"), groups, WD_ALSO_GROUPS_MAX, &count);
    for (size_t i = 0; i < count && status == WD_OK; i++)
        status = wd_story_add_also_group(story, groups[i]);
    return status;
}

enum wd_status wd_enriched_read_dedup(const struct wd_enriched *reading)
{
    struct wd_dedup_verdict *dedup = &reading->story->dedup;
    yyjson_val *object = yyjson_obj_get(reading->found, "dedup");
    if (!object)
        return WD_OK;
    struct wd_slice relation = wd_json_text(object, "relation", NULL);
    if (relation.len == 0)
        return wd_enriched_missing(reading, "dedup.relation");
    if (!wd_relation_from_name(relation, &dedup->relation))
        return wd_enriched_unknown(reading, "dedup.relation", relation);
    struct wd_slice time = wd_json_text(object, "matched_time", NULL);
    dedup->matched = wd_json_text(object, "matched", NULL);
    dedup->matched_provider = wd_json_text(object, "matched_provider", NULL);
    dedup->matched_event_ms = wd_time_parse(time, NULL).ms; /* 0 when there is none */
    dedup->group = wd_json_text(object, "group", NULL);
    dedup->joins = yyjson_is_true(yyjson_obj_get(object, "joins"));
    dedup->similarity = wd_enriched_share(object, "similarity");
    dedup->contained = wd_enriched_share(object, "contained");
    dedup->containing = wd_enriched_share(object, "containing");
    dedup->reason = wd_json_text(object, "reason", NULL);
    return read_also_groups(reading->story, object);
}

/* Numbers of which an absent one is 0. */
struct number {
    const char *name;
    uint32_t *place;
};

static bool read_numbers(yyjson_val *object, const struct number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        if (yyjson_obj_get(object, numbers[i].name) &&
            !wd_enriched_count(object, numbers[i].name, UINT32_MAX, &number))
            return false;
        *numbers[i].place = (uint32_t)number;
    }
    return true;
}

enum wd_status wd_enriched_read_lineage(const struct wd_enriched *reading)
{
    struct wd_update_verdict *update = &reading->story->update;
    yyjson_val *object = yyjson_obj_get(reading->found, "lineage");
    const struct number numbers[] = {{"number", &update->number},
                                     {"members", &update->members},
                                     {"members_forgotten", &update->members_forgotten}};
    if (!object)
        return WD_OK;
    update->lineage = wd_json_text(object, "id", NULL);
    update->rule = wd_json_text(object, "rule", NULL);
    if (update->lineage.len == 0)
        return wd_enriched_missing(reading, "lineage.id");
    if (!yyjson_obj_get(object, "number") || !read_numbers(object, numbers, 3))
        return wd_enriched_missing(reading, "lineage.number");
    update->version = reading->story->version;
    update->latest = wd_json_text(object, "latest", NULL);
    update->first_published = wd_time_parse(wd_json_text(object, "first_published", NULL), NULL);
    update->opened = yyjson_is_true(yyjson_obj_get(object, "opened"));
    update->id_reused = yyjson_is_true(yyjson_obj_get(object, "id_reused"));
    read_list(yyjson_obj_get(object, "merged"), update->merged, WD_MERGED_MAX,
              &update->merged_count);
    struct wd_slice state = wd_json_text(object, "state", NULL);
    int known = 0;
    while (known < WD_LINEAGE_STATE_COUNT &&
           !wd_slice_is(state, wd_lineage_state_name((enum wd_lineage_state)known)))
        known++;
    if (known == WD_LINEAGE_STATE_COUNT && state.len > 0)
        return wd_enriched_unknown(reading, "lineage.state", state);
    update->state = state.len > 0 ? (enum wd_lineage_state)known : WD_LINEAGE_USABLE;
    return WD_OK;
}

/* Finds a word in one of the tables of names; -1 when it is in none. */
static int find_word(yyjson_val *object, const char *key, int count, const char *(*name)(int code))
{
    struct wd_slice word = wd_json_text(object, key, NULL);
    for (int i = 0; i < count; i++) {
        if (wd_slice_is(word, name(i)))
            return i;
    }
    return -1;
}

static const char *sentence_name(int code)
{
    return wd_change_sentence_name((enum wd_change_sentence)code);
}

static const char *fact_name(int code)
{
    return wd_change_fact_name((enum wd_change_fact)code);
}

static enum wd_status read_sentences(const struct wd_enriched *reading, yyjson_val *list)
{
    struct wd_change *change = &reading->story->update.change;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    change->sentence_list = wd_arena_calloc(reading->story->arena, yyjson_arr_size(list) + 1,
                                            sizeof(*change->sentence_list));
    if (!change->sentence_list)
        return wd_error_set(reading->error, WD_NO_MEMORY, "no memory for a list of changes");
    yyjson_arr_foreach(list, index, max, item)
    {
        struct wd_changed_sentence *sentence = &change->sentence_list[change->sentence_count++];
        int kind = find_word(item, "kind", WD_CHANGE_SENTENCE_COUNT, sentence_name);
        if (kind < 0)
            return wd_enriched_unknown(reading, "update.change.changes[].kind",
                                       wd_json_text(item, "kind", NULL));
        const struct number numbers[] = {{"before", &sentence->before}, {"now", &sentence->now}};
        if (!read_numbers(item, numbers, 2))
            return wd_enriched_missing(reading, "update.change.changes[].before or .now");
        sentence->kind = (enum wd_change_sentence)kind;
        sentence->text = wd_json_text(item, "text", NULL);
    }
    return WD_OK;
}

static enum wd_status read_facts(const struct wd_enriched *reading, yyjson_val *list)
{
    struct wd_change *change = &reading->story->update.change;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    change->fact_list = wd_arena_calloc(reading->story->arena, yyjson_arr_size(list) + 1,
                                        sizeof(*change->fact_list));
    if (!change->fact_list)
        return wd_error_set(reading->error, WD_NO_MEMORY, "no memory for a list of facts");
    yyjson_arr_foreach(list, index, max, item)
    {
        struct wd_changed_fact *fact = &change->fact_list[change->fact_count++];
        int kind = find_word(item, "kind", WD_CHANGE_FACT_COUNT, fact_name);
        if (kind < 0)
            return wd_enriched_unknown(reading, "update.change.facts[].kind",
                                       wd_json_text(item, "kind", NULL));
        fact->kind = (enum wd_change_fact)kind;
        fact->before = wd_json_text(item, "before", NULL);
        fact->now = wd_json_text(item, "now", NULL);
    }
    return WD_OK;
}

static enum wd_status read_change(const struct wd_enriched *reading, yyjson_val *object)
{
    struct wd_change *change = &reading->story->update.change;
    const struct number numbers[] = {{"sentences_before", &change->sentences_before},
                                     {"sentences_now", &change->sentences_now},
                                     {"words_before", &change->words_before},
                                     {"words_now", &change->words_now},
                                     {"kept", &change->sentences[WD_SENTENCE_KEPT]},
                                     {"added", &change->sentences[WD_SENTENCE_ADDED]},
                                     {"removed", &change->sentences[WD_SENTENCE_REMOVED]},
                                     {"edited", &change->sentences[WD_SENTENCE_EDITED]},
                                     {"moved", &change->sentences[WD_SENTENCE_MOVED]},
                                     {"numbers", &change->facts[WD_FACT_NUMBER]},
                                     {"names", &change->facts[WD_FACT_NAME]},
                                     {"quotations", &change->facts[WD_FACT_QUOTATION]}};
    struct wd_slice word = wd_json_text(object, "class", NULL);
    if (!object)
        return WD_OK;
    if (!wd_change_class_from_name(word, &change->class_of_change))
        return wd_enriched_unknown(reading, "update.change.class", word);
    if (!read_numbers(object, numbers, sizeof(numbers) / sizeof(numbers[0])))
        return wd_enriched_missing(reading, "update.change's counts");
    change->facts[WD_FACT_TIME] = (uint32_t)yyjson_get_uint(yyjson_obj_get(object, "times"));
    change->against = wd_json_text(object, "against", NULL);
    change->against_newer = yyjson_is_true(yyjson_obj_get(object, "against_newer"));
    change->headline_changed = yyjson_is_true(yyjson_obj_get(object, "headline_changed"));
    change->headline_before = wd_json_text(object, "headline_before", NULL);
    change->cut = yyjson_is_true(yyjson_obj_get(object, "cut"));
    enum wd_status status = read_sentences(reading, yyjson_obj_get(object, "changes"));
    return status == WD_OK ? read_facts(reading, yyjson_obj_get(object, "facts")) : status;
}

enum wd_status wd_enriched_read_update(const struct wd_enriched *reading)
{
    struct wd_update_verdict *update = &reading->story->update;
    yyjson_val *object = yyjson_obj_get(reading->found, "update");
    if (!object)
        return WD_OK;
    struct wd_slice kind = wd_json_text(object, "kind", NULL);
    if (kind.len == 0)
        return wd_enriched_missing(reading, "update.kind");
    if (!wd_update_kind_from_name(kind, &update->kind))
        return wd_enriched_unknown(reading, "update.kind", kind);
    update->late = yyjson_is_true(yyjson_obj_get(object, "late"));
    update->unseen_original = yyjson_is_true(yyjson_obj_get(object, "unseen_original"));
    update->partial = yyjson_is_true(yyjson_obj_get(object, "partial"));
    update->reprint = yyjson_is_true(yyjson_obj_get(object, "reprint"));
    update->reason = wd_json_text(object, "reason", NULL);
    return read_change(reading, yyjson_obj_get(object, "change"));
}
