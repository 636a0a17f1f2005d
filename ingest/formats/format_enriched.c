/* Our own enriched records, read back: what joins two pipelines by a topic. Everything that the first
 * pipeline found comes back into the story record, and provenance goes on naming the first message.
 * The story inside is ninjs 3.1; what "wiredesk" says beside it counts for more.
 * Source: schemas/enriched.schema.json; encode.c writes it. */
#include "enriched_verdicts.h"
#include "format_ninjs.h"
#include "media_topics.h"
#include "processor.h"
#include "story_uri.h"

static const char schema_prefix[] = "wiredesk/";
static const char schema_name[] = "wiredesk/enriched/1";

static struct wd_slice after_blanks(struct wd_slice text)
{
    size_t i = 0;
    while (i < text.len && (text.data[i] == ' ' || (text.data[i] >= '\t' && text.data[i] <= '\r')))
        i++;
    return wd_slice_from_offset(text, i);
}

/* Takes `expected` off the front of `text`, with the blanks after it. */
static bool take(struct wd_slice *text, struct wd_slice expected)
{
    if (!wd_slice_starts(*text, expected))
        return false;
    *text = after_blanks(wd_slice_from_offset(*text, expected.len));
    return true;
}

/* Our encoder begins with "story"; other hands may have moved "wiredesk" to the front. Events begin
 * with their schema: the decoder says what they are. */
static int sniff(struct wd_slice head, size_t total_len)
{
    static const struct {
        struct wd_slice key, value;
        bool object;
    } beginnings[] = {{WD_SLICE("\"story\""), WD_SLICE("{"), true},
                      {WD_SLICE("\"wiredesk\""), WD_SLICE("{"), true},
                      {WD_SLICE("\"schema\""), WD_SLICE("\"wiredesk/"), false}};
    (void)total_len;
    struct wd_slice text = wd_text_trim(head);
    if (!take(&text, WD_SLICE("{")))
        return 0;
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        struct wd_slice rest = text;
        if (take(&rest, beginnings[i].key) && take(&rest, WD_SLICE(":")) &&
            take(&rest, beginnings[i].value))
            return 98;
    }
    return 0;
}

static enum wd_status read_provenance(const struct wd_enriched *reading)
{
    struct wd_provenance *provenance = &reading->story->provenance;
    yyjson_val *object = yyjson_obj_get(reading->found, "provenance");
    yyjson_val *partition = yyjson_obj_get(object, "partition");
    uint64_t offset = 0;
    uint64_t index = 0;
    provenance->topic = wd_json_text(object, "topic", NULL);
    provenance->format = wd_json_text(object, "format", NULL);
    reading->story->provider = wd_json_text(object, "provider", NULL);
    if (provenance->topic.len == 0)
        return wd_enriched_missing(reading, "provenance.topic");
    if (provenance->format.len == 0)
        return wd_enriched_missing(reading, "provenance.format");
    if (!yyjson_is_int(partition) || yyjson_get_sint(partition) < -1 ||
        yyjson_get_sint(partition) > INT32_MAX)
        return wd_enriched_missing(reading, "provenance.partition");
    if (!wd_enriched_count(object, "offset", INT64_MAX, &offset))
        return wd_enriched_missing(reading, "provenance.offset");
    if (!wd_enriched_count(object, "index", UINT32_MAX, &index))
        return wd_enriched_missing(reading, "provenance.index");
    if (!wd_digest_from_hex(wd_json_text(object, "digest", NULL), &provenance->digest))
        return wd_enriched_missing(reading, "provenance.digest");
    provenance->partition = (int32_t)yyjson_get_sint(partition);
    provenance->offset = (int64_t)offset;
    provenance->index = (uint32_t)index;
    return WD_OK;
}

/* Schemes and codes of the subjects; what those mean is in our own table. */
static void read_subjects(const struct wd_enriched *reading)
{
    struct wd_concepts *subjects = &reading->story->subjects;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(yyjson_obj_get(reading->found, "subjects"), index, max, item)
    {
        if (index >= subjects->count)
            break;
        struct wd_concept *subject = &subjects->items[index];
        subject->scheme = wd_json_text(item, "scheme", NULL);
        subject->code = wd_json_text(item, "code", NULL);
        subject->creator = wd_json_text(item, "creator", NULL);
        if (wd_topic_complete(subject, reading->story->arena) != WD_OK)
            reading->story->flags |= WD_FLAG_TRUNCATED;
    }
}

/* What the provider said about this and other versions, and what had no place in the record. */
static void read_rest_of_identity(const struct wd_enriched *reading)
{
    struct wd_story *story = reading->story;
    struct wd_slice order = wd_json_text(reading->found, "version_order", NULL);
    for (int i = 0; i < WD_VERSION_ORDER_COUNT; i++) {
        if (wd_slice_is(order, wd_version_order_name((enum wd_version_order)i)))
            story->version_order = (enum wd_version_order)i;
    }
    yyjson_val *acts_on = yyjson_obj_get(reading->found, "acts_on");
    struct wd_slice status = wd_json_text(acts_on, "status", NULL);
    if (wd_story_status_from_name(status, &story->acts_on_status))
        story->acts_on = wd_json_text(acts_on, "id", NULL);
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(yyjson_obj_get(reading->found, "keywords"), index, max, item)
    {
        struct wd_slice keyword = wd_json_member_text(item, NULL);
        if (keyword.len > 0 && wd_story_add_keyword(story, keyword) != WD_OK)
            story->flags |= WD_FLAG_TRUNCATED;
    }
    yyjson_arr_foreach(yyjson_obj_get(reading->found, "extra"), index, max, item)
    {
        if (wd_story_add_extra(story, wd_json_text(item, "name", NULL),
                               wd_json_text(item, "value", NULL)) != WD_OK)
            story->flags |= WD_FLAG_TRUNCATED;
    }
}

/* The guid stands in story.uri, unless there was none or it was no URI: then uri was made. One that
 * was no URI is there already (take_guid). */
static bool read_identity(const struct wd_enriched *reading)
{
    struct wd_story *story = reading->story;
    const struct {
        const char *name;
        struct wd_slice *text;
    } texts[] = {{"previous", &story->previous},
                 {"url", &story->url},
                 {"transmission", &story->transmission},
                 {"dateline", &story->dateline},
                 {"credit", &story->credit}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i].text = wd_json_text(reading->found, texts[i].name, NULL);
    read_rest_of_identity(reading);
    read_subjects(reading);
    yyjson_val *key = yyjson_obj_get(reading->found, "lineage_key");
    story->lineage_key = wd_json_text(key, "text", NULL);
    story->lineage_rule = wd_json_text(key, "rule", NULL);
    struct wd_buffer made;
    wd_buffer_init(&made);
    wd_story_made_uri(story, &made);
    if (wd_json_text(reading->found, "guid", NULL).len == 0 &&
        wd_slice_equal(story->guid, wd_buffer_slice(&made)))
        story->guid = WD_SLICE_NONE;
    bool read = wd_buffer_ok(&made);
    wd_buffer_finish(&made);
    return read;
}

static struct wd_time read_time(yyjson_val *object, const char *name)
{
    static const struct {
        const char *name;
        uint16_t flag;
    } remarks[] = {{"zone_assumed", WD_TIME_ZONE_ASSUMED},
                   {"date_only", WD_TIME_DATE_ONLY},
                   {"invalid", WD_TIME_INVALID},
                   {"skipped_by_clock_change", WD_TIME_GAP},
                   {"occurs_twice", WD_TIME_FOLD}};
    yyjson_val *told = yyjson_obj_get(object, name);
    struct wd_time time = wd_time_parse(wd_json_text(told, "time", NULL), NULL);
    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
        if (yyjson_is_true(yyjson_obj_get(told, remarks[i].name)))
            time.flags |= remarks[i].flag;
    }
    return time;
}

/* The time of receipt stays the first one: verdicts do not depend on when a story was handed on. */
static enum wd_status read_times(const struct wd_enriched *reading)
{
    struct wd_story *story = reading->story;
    yyjson_val *object = yyjson_obj_get(reading->found, "times");
    if (!yyjson_is_obj(object))
        return wd_enriched_missing(reading, "times");
    story->published = read_time(object, "published");
    story->updated = read_time(object, "updated");
    story->content_created = read_time(object, "content_created");
    story->embargoed_until = read_time(object, "embargoed_until");
    story->expires = read_time(object, "expires");
    struct wd_time received = read_time(object, "received");
    if (wd_time_known(received))
        story->received = received;
    return WD_OK;
}

/* Names of bits; one that is not known came from a newer version, and is told. */
static enum wd_status read_bits(const struct wd_enriched *reading, const char *key,
                                const char *(*name)(unsigned bit), uint32_t *bits)
{
    yyjson_val *list = yyjson_obj_get(reading->found, key);
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    if (!yyjson_is_arr(list))
        return wd_enriched_missing(reading, key);
    yyjson_arr_foreach(list, index, max, item)
    {
        unsigned bit = 0;
        while (name(bit) && !yyjson_equals_str(item, name(bit)))
            bit++;
        if (name(bit))
            *bits |= 1u << bit;
        else
            reading->story->flags |= WD_FLAG_UNKNOWN_KEYS;
    }
    return WD_OK;
}

static enum wd_status read_status(const struct wd_enriched *reading)
{
    struct wd_story *story = reading->story;
    struct wd_slice status = wd_json_text(reading->found, "status", NULL);
    if (status.len == 0)
        return wd_enriched_missing(reading, "status");
    if (!wd_story_status_from_name(status, &story->status))
        return wd_enriched_unknown(reading, "status", status);
    story->signals = story->flags = 0; /* what reading the story again found is not news */
    enum wd_status result = read_bits(reading, "advisories", wd_flag_bit_name, &story->flags);
    if (result != WD_OK)
        return result;
    return read_bits(reading, "signals", wd_signal_bit_name, &story->signals);
}

/* The text that an entity lies in; data NULL when there is no such place. */
static struct wd_slice text_of_field(const struct wd_story *story, const struct wd_entity *entity)
{
    if (entity->field == WD_FIELD_HEADLINE)
        return story->headline;
    if (entity->field == WD_FIELD_BODY && entity->paragraph < story->paragraph_count)
        return story->paragraphs[entity->paragraph];
    if (entity->field == WD_FIELD_CAPTION && entity->paragraph < story->media_count)
        return story->media[entity->paragraph].caption;
    return WD_SLICE_NONE;
}

static bool read_place(yyjson_val *item, const struct wd_story *story, struct wd_entity *entity)
{
    const struct {
        const char *name;
        uint32_t *number;
    } numbers[] = {{"paragraph", &entity->paragraph},
                   {"begin", &entity->begin},
                   {"end", &entity->end},
                   {"begin_point", &entity->begin_point},
                   {"end_point", &entity->end_point}};
    struct wd_slice field = wd_json_text(item, "field", NULL);
    int known = 0;
    while (known < WD_FIELD_COUNT && !wd_slice_is(field, wd_field_name((enum wd_field)known)))
        known++;
    if (known == WD_FIELD_COUNT)
        return false;
    entity->field = (enum wd_field)known;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint64_t number = 0;
        if (!wd_enriched_count(item, numbers[i].name, UINT32_MAX, &number))
            return false;
        *numbers[i].number = (uint32_t)number;
    }
    return entity->begin < entity->end && entity->begin_point < entity->end_point &&
           entity->end <= text_of_field(story, entity).len;
}

static enum wd_status read_entity(const struct wd_enriched *reading, size_t index, yyjson_val *item)
{
    struct wd_entity *entity = wd_story_add_entity(reading->story);
    struct wd_slice type = wd_json_text(item, "type", NULL);
    wd_error_at_path(reading->error, "wiredesk.entities[%zu]", index);
    if (!entity)
        return wd_error_set(reading->error, WD_TOO_LARGE, "more than %d entities, or no memory",
                            WD_ENTITIES_MAX);
    if (!wd_entity_type_from_name(type, &entity->type))
        return wd_enriched_unknown(reading, "entities[].type", type);
    if (!read_place(item, reading->story, entity))
        return wd_error_set(reading->error, WD_OUT_OF_RANGE,
                            "wiredesk.entities[%zu] lies outside the story's text", index);
    entity->text = wd_json_text(item, "text", NULL);
    entity->name = wd_json_text(item, "name", NULL);
    entity->id = wd_json_text(item, "id", NULL);
    entity->source = wd_json_text(item, "source", NULL);
    entity->score = wd_enriched_share(item, "score");
    uint64_t number = 0;
    (void)wd_enriched_count(item, "entity", WD_ENTITIES_MAX, &number);
    entity->named = (uint32_t)number;
    return WD_OK;
}

static enum wd_status read_entities(const struct wd_enriched *reading)
{
    yyjson_val *list = yyjson_obj_get(reading->found, "entities");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    if (!yyjson_is_arr(list))
        return wd_enriched_missing(reading, "entities");
    yyjson_arr_foreach(list, index, max, item)
    {
        enum wd_status status = read_entity(reading, index, item);
        if (status != WD_OK)
            return status;
    }
    wd_error_init(reading->error);
    return wd_enriched_read_named(reading);
}

/* A value as JSON text of the arena; data NULL without memory. */
static struct wd_slice json_of(const struct wd_enriched *reading, yyjson_val *value)
{
    struct wd_buffer json;
    wd_buffer_init(&json);
    wd_json_write_value(&json, value);
    struct wd_slice copy = wd_buffer_ok(&json)
                               ? wd_arena_copy(reading->story->arena, wd_buffer_slice(&json))
                               : WD_SLICE_NONE;
    wd_buffer_finish(&json);
    return copy;
}

static enum wd_status read_verdicts(const struct wd_enriched *reading)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_val *list = yyjson_obj_get(reading->found, "verdicts");
    yyjson_arr_foreach(list, index, max, item)
    {
        struct wd_slice json = json_of(reading, yyjson_obj_get(item, "findings"));
        struct wd_slice processor = wd_json_text(item, "processor", NULL);
        if (processor.len == 0 || !yyjson_obj_get(item, "findings"))
            return wd_enriched_missing(reading, "verdicts[].processor or .findings");
        enum wd_status status =
            json.data ? wd_story_add_verdict(reading->story, processor, json) : WD_NO_MEMORY;
        if (status != WD_OK)
            return wd_error_set(reading->error, status, "more than %d verdicts, or no memory",
                                WD_VERDICTS_MAX);
    }
    return WD_OK;
}

/* The encoder puts an empty line between two paragraphs and changes nothing inside them. */
static enum wd_status read_paragraphs(const struct wd_enriched *reading, yyjson_val *bodies)
{
    static const struct wd_slice between = WD_SLICE("\n\n");
    struct wd_slice rest = WD_SLICE_NONE;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    enum wd_status status = WD_OK;
    yyjson_arr_foreach(bodies, index, max, item)
    {
        if (yyjson_equals_str(yyjson_obj_get(item, "contentType"), "text/plain"))
            rest = wd_json_text(item, "value", NULL);
    }
    reading->story->paragraph_count = 0;
    reading->story->plain_copy = WD_SLICE_NONE; /* a paragraph of ours may hold line feeds */
    while (rest.len > 0 && status == WD_OK) {
        const char *end = memmem(rest.data, rest.len, between.data, between.len);
        size_t len = end ? (size_t)(end - rest.data) : rest.len;
        status = wd_story_add_paragraph(reading->story, wd_slice_make(rest.data, len));
        rest = wd_slice_from_offset(rest, len + (end ? between.len : 0));
    }
    return status == WD_OK
               ? WD_OK
               : wd_error_set(reading->error, status, "the body has more than %d paragraphs",
                              WD_PARAGRAPHS_MAX);
}

static bool is_read(yyjson_val *key)
{
    static const char *const names[] = {"uri",
                                        "standard",
                                        "type",
                                        "version",
                                        "firstCreated",
                                        "versionCreated",
                                        "contentCreated",
                                        "embargoedUntil",
                                        "expires",
                                        "pubStatus",
                                        "urgency",
                                        "edNote",
                                        "language",
                                        "slugline",
                                        "by",
                                        "located",
                                        "headlines",
                                        "descriptions",
                                        "bodies",
                                        "subjects",
                                        "people",
                                        "organisations",
                                        "places",
                                        "events",
                                        "objects",
                                        "genres",
                                        "infoSources",
                                        "associations"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (yyjson_equals_str(key, names[i]))
            return true;
    }
    return false;
}

/* Members of the story that we hand on unread, in the order in which they came. */
static enum wd_status hand_on(const struct wd_enriched *reading, yyjson_val *object)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    reading->story->member_count = 0;
    yyjson_obj_foreach(object, index, max, key, value)
    {
        if (is_read(key))
            continue;
        struct wd_slice json = json_of(reading, value);
        struct wd_slice name = wd_slice_make(yyjson_get_str(key), yyjson_get_len(key));
        enum wd_status status =
            json.data ? wd_story_add_member(reading->story, name, json) : WD_NO_MEMORY;
        if (status != WD_OK)
            return wd_error_set(reading->error, status, "no room for member \"%.*s\"",
                                WD_SLICE_ARG(wd_utf8_cut(name, 64)));
    }
    return WD_OK;
}

/* Members of "wiredesk" that a later version added cannot be handed on: the record says so. */
static void tell_unknown(const struct wd_enriched *reading)
{
    static const char *const names[] = {
        "schema",     "provenance",   "times",         "status",   "guid",     "previous",
        "url",        "transmission", "lineage_key",   "dateline", "credit",   "signals",
        "advisories", "lineage",      "dedup",         "update",   "entities", "distinct_entities",
        "tagging",    "verdicts",     "version_order", "acts_on",  "extra",    "subjects",
        "keywords"};
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(reading->found, index, max, key, value)
    {
        size_t i = 0;
        while (i < sizeof(names) / sizeof(names[0]) && !yyjson_equals_str(key, names[i]))
            i++;
        if (i == sizeof(names) / sizeof(names[0]))
            reading->story->flags |= WD_FLAG_UNKNOWN_KEYS;
    }
}

static enum wd_status read_found(const struct wd_enriched *reading)
{
    static enum wd_status (*const steps[])(const struct wd_enriched *reading) = {
        read_provenance,
        read_times,
        read_status,
        wd_enriched_read_dedup,
        wd_enriched_read_lineage,
        wd_enriched_read_update,
        read_entities,
        read_verdicts};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        enum wd_status status = steps[i](reading);
        if (status != WD_OK)
            return status;
    }
    if (!read_identity(reading))
        return WD_NO_MEMORY;
    wd_decode_standing_notes(reading->story);
    tell_unknown(reading);
    return WD_OK;
}

/* What else of ours it may be: an event, or a record of a later major version. */
static enum wd_status check_schema(yyjson_val *root, struct wd_error *error)
{
    yyjson_val *found = yyjson_obj_get(root, "wiredesk");
    struct wd_slice schema = wd_json_text(found ? found : root, "schema", NULL);
    if (found && wd_slice_is(schema, schema_name))
        return WD_OK;
    if (!found && wd_slice_starts(schema, wd_slice_from(schema_prefix)))
        return wd_error_set(error, WD_UNSUPPORTED,
                            "\"%.*s\" is an event about a story, not a story: read the topic with "
                            "the enriched records",
                            WD_SLICE_ARG(wd_utf8_cut(schema, 64)));
    if (found && wd_slice_starts(schema, WD_SLICE("wiredesk/enriched/")))
        return wd_error_set(error, WD_VERSION,
                            "\"%.*s\" was written by a newer version: run that version here",
                            WD_SLICE_ARG(wd_utf8_cut(schema, 64)));
    return wd_error_set(error, WD_UNKNOWN_FORMAT,
                        "JSON, but no enriched record: wiredesk.schema is not \"%s\"", schema_name);
}

/* A guid that is no URI, in the place of the URI that was made of it: that one has up to three bytes
 * for one of the guid's, and may be longer than a guid may. */
static void take_guid(const struct wd_enriched *reading, struct wd_ninjs_object *object)
{
    yyjson_val *guid = yyjson_obj_get(reading->found, "guid");
    if (wd_json_member_text(guid, NULL).len > 0)
        object->members[WD_NINJS_ITEM_URI] = guid;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_story *story = wd_decode_begin_story(input, batch, "enriched", error);
    if (!story)
        return error->status;
    yyjson_val *root = NULL;
    struct wd_json_reading known = {.maps = NULL};
    enum wd_status status = wd_json_read_all(input->raw, story->arena, &known, &root, error);
    if (status == WD_OK)
        status = check_schema(root, error);
    if (status != WD_OK)
        return status;
    yyjson_val *inner = yyjson_obj_get(root, "story");
    struct wd_enriched reading = {story, yyjson_obj_get(root, "wiredesk"), error};
    if (!yyjson_is_obj(inner))
        return wd_error_set(error, WD_MISSING, "\"story\" is missing or no object");
    struct wd_ninjs_object object;
    wd_ninjs_open(&object, inner);
    object.reading = &known;
    take_guid(&reading, &object);
    status = wd_ninjs_read_story(input, story, &object, error);
    if (status == WD_OK)
        status = read_paragraphs(&reading, yyjson_obj_get(inner, "bodies"));
    if (status == WD_OK)
        status = hand_on(&reading, inner);
    return status == WD_OK ? read_found(&reading) : status;
}

const struct wd_decoder wd_decoder_enriched = {
    .name = "enriched",
    .summary = "our own enriched records, for pipelines joined by a topic",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_LINEAGE | WD_CARRIES_VERSION |
               WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED | WD_CARRIES_EMBARGO | WD_CARRIES_EXPIRES |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS |
               WD_CARRIES_ENTITIES | WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE |
               WD_CARRIES_DATELINE | WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE |
               WD_CARRIES_SUMMARY | WD_CARRIES_BODY | WD_CARRIES_MEDIA | WD_CARRIES_URL,
    .gives = WD_PART_DEDUP | WD_PART_UPDATE | WD_PART_ENTITIES | WD_PART_VERDICTS,
    .json = true,
    .sniff = sniff,
    .decode = decode,
};
