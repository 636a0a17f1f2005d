/* "wiredesk.entities", "distinct_entities" and "tagging": what was found in the copy, and how. */
#include "encode_parts.h"

/* An id where one is known, null where none is. */
static void write_id(struct wd_buffer *out, struct wd_slice id)
{
    wd_json_write_member(out, "id", id);
    if (id.len > 0)
        return;
    wd_json_write_key(out, "id");
    wd_buffer_append_slice(out, WD_SLICE("null"));
}

static void write_entities(struct wd_buffer *out, const struct wd_story *story)
{
    open(out, "entities", '[');
    for (size_t i = 0; i < story->entity_count; i++) {
        const struct wd_entity *entity = &story->entities[i];
        open(out, NULL, '{');
        write_integer(out, "entity", entity->named);
        wd_json_write_word(out, "type", wd_slice_from(wd_entity_type_name(entity->type)));
        write_id(out, entity->id);
        wd_json_write_member(out, "name", entity->name);
        wd_json_write_member(out, "text", entity->text);
        wd_json_write_word(out, "field", wd_slice_from(wd_field_name(entity->field)));
        write_integer(out, "paragraph", entity->paragraph);
        write_integer(out, "begin", entity->begin);
        write_integer(out, "end", entity->end);
        write_integer(out, "begin_point", entity->begin_point);
        write_integer(out, "end_point", entity->end_point);
        write_share(out, "score", entity->score);
        wd_json_write_member(out, "source", entity->source);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_named(struct wd_buffer *out, const struct wd_story *story)
{
    open(out, "distinct_entities", '[');
    for (size_t i = 0; i < story->named_count; i++) {
        const struct wd_named *named = &story->named[i];
        open(out, NULL, '{');
        write_integer(out, "entity", (int64_t)i);
        wd_json_write_word(out, "type", wd_slice_from(wd_entity_type_name(named->type)));
        wd_json_write_member(out, "name", named->name);
        open(out, "ids", '[');
        for (size_t j = 0; j < named->id_count; j++) {
            if (j > 0)
                wd_buffer_append_byte(out, ',');
            wd_json_write_string(out, named->ids[j]);
        }
        wd_buffer_append_byte(out, ']');
        write_integer(out, "count", named->count);
        write_integer(out, "first", named->first);
        write_share(out, "score", named->score);
        write_share(out, "salience", named->salience);
        write_bool(out, "provided", named->provided);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_tagging(struct wd_buffer *out, const struct wd_tagging *tagging)
{
    open(out, "tagging", '{');
    wd_json_write_member(out, "language", tagging->language);
    if (tagging->detected)
        write_bool(out, "detected", true);
    wd_json_write_member(out, "model", tagging->model);
    wd_json_write_member(out, "note", tagging->note);
    wd_buffer_append_byte(out, '}');
}

void wd_encode_entities(struct wd_buffer *out, const struct wd_story *story)
{
    write_entities(out, story);
    if (story->tagging.language.len == 0)
        return; /* nobody has looked for any */
    write_named(out, story);
    write_tagging(out, &story->tagging);
}
