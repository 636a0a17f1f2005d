/* enriched_named.c - what the entities of an enriched record name, read back. */
#include "enriched_verdicts.h"

static enum wd_status read_ids(const struct wd_enriched *reading, yyjson_val *item,
                               struct wd_named *named)
{
    yyjson_val *ids = yyjson_obj_get(item, "ids");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *id = NULL;
    yyjson_arr_foreach(ids, index, max, id)
    {
        if (!yyjson_is_str(id) || named->id_count == WD_NAMED_IDS_MAX)
            return wd_enriched_missing(reading, "distinct_entities[].ids");
        named->ids[named->id_count++] = wd_slice_make(yyjson_get_str(id), yyjson_get_len(id));
    }
    return WD_OK;
}

static enum wd_status read_one(const struct wd_enriched *reading, yyjson_val *item)
{
    struct wd_named *named = wd_story_add_named(reading->story);
    if (!named)
        return wd_error_set(reading->error, WD_TOO_LARGE, "more than %d entities, or no memory",
                            WD_ENTITIES_MAX);
    struct wd_slice type = wd_json_text(item, "type", NULL);
    if (!wd_entity_type_from_name(type, &named->type))
        return wd_enriched_unknown(reading, "distinct_entities[].type", type);
    uint64_t count = 0;
    uint64_t first = 0;
    named->name = wd_json_text(item, "name", NULL);
    if (named->name.len == 0 || !wd_enriched_count(item, "count", UINT32_MAX, &count) ||
        !wd_enriched_count(item, "first", UINT32_MAX, &first) ||
        first >= reading->story->entity_count)
        return wd_enriched_missing(reading, "distinct_entities[].name, count or first");
    named->count = (uint32_t)count;
    named->first = (uint32_t)first;
    named->score = wd_enriched_share(item, "score");
    named->salience = wd_enriched_share(item, "salience");
    named->provided = yyjson_get_bool(yyjson_obj_get(item, "provided"));
    return read_ids(reading, item, named);
}

enum wd_status wd_enriched_read_named(const struct wd_enriched *reading)
{
    struct wd_story *story = reading->story;
    yyjson_val *tagging = yyjson_obj_get(reading->found, "tagging");
    story->tagging.language = wd_json_text(tagging, "language", NULL);
    story->tagging.model = wd_json_text(tagging, "model", NULL);
    story->tagging.note = wd_json_text(tagging, "note", NULL);
    story->tagging.detected = yyjson_is_true(yyjson_obj_get(tagging, "detected"));
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(yyjson_obj_get(reading->found, "distinct_entities"), index, max, item)
    {
        wd_error_at_path(reading->error, "wiredesk.distinct_entities[%zu]", index);
        enum wd_status status = read_one(reading, item);
        if (status != WD_OK)
            return status;
    }
    for (size_t i = 0; story->named_count > 0 && i < story->entity_count; i++) {
        if (story->entities[i].named >= story->named_count)
            return wd_error_set(reading->error, WD_OUT_OF_RANGE,
                                "wiredesk.entities[%zu] is of an entity that is not there", i);
    }
    wd_error_init(reading->error);
    return WD_OK;
}
