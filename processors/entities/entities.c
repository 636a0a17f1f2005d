/* entities.c - finds, joins and links the people, organisations, places and other names of a story.
 *
 * Why:    search, alerts and analytics ask "what is this about"; a desk wants no wrong answers.
 * State:  none; with the option reuse one table, "tags" (reuse.h). Models, gazetteer and lists are
 *         loaded once and shared by all lanes.
 * Method: the model of the story's language and the lists mark spans (marker.h, tagger.h), coref.h says
 *         which are of one, linker.h which one in the world; README.md has the rules. */
#include "entities_model.h"
#include "headline_prefix.h"
#include "language.h"
#include "linker.h"
#include "marker.h"
#include "reuse.h"

#include <stdlib.h>

/* Shares of the salience; they add up to 1. */
#define SALIENCE_HEADLINE 0.45
#define SALIENCE_LEAD 0.25
#define SALIENCE_COUNT 0.30

#define SURE_SCORE 0.75F /* below it what else is known of a mention goes before its type */

/* A group in the record. */
struct written {
    uint32_t number; /* in story->named; UINT32_MAX: not there yet */
    bool headline;   /* mentioned there */
    bool lead;
};

struct entities {
    const struct wd_entities_options *options;
    const struct wd_entities_model *model;
    unsigned fields; /* bit n: enum wd_field n */
    struct wd_tagger_text *texts;
    size_t text_count, text_capacity;
    struct wd_tagger_scratch *scratch;
    struct wd_reuse *reuse; /* NULL: not wanted */
    struct wd_reading reading;
    struct wd_marker marker;
    struct wd_coref coref;
    struct wd_linker linker;
    struct written *written; /* by group */
    size_t written_capacity;
};

static void destroy(void *self)
{
    struct entities *entities = self;
    if (!entities)
        return;
    wd_tagger_scratch_destroy(entities->scratch);
    wd_reuse_destroy(entities->reuse);
    wd_reading_finish(&entities->reading);
    wd_marker_finish(&entities->marker);
    wd_coref_finish(&entities->coref);
    wd_linker_finish(&entities->linker);
    free(entities->texts);
    free(entities->written);
    free(entities);
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    struct entities *entities = calloc(1, sizeof(*entities));
    if (!entities)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for entities");
    entities->options = options;
    entities->model = model;
    wd_reading_init(&entities->reading);
    wd_marker_init(&entities->marker);
    wd_linker_init(&entities->linker);
    entities->scratch = wd_tagger_scratch_create();
    if (entities->options->reuse)
        entities->reuse = wd_reuse_create(environment->tables[0]);
    if (!wd_coref_init(&entities->coref) || !entities->scratch ||
        (entities->options->reuse && !entities->reuse)) {
        destroy(entities);
        return wd_error_set(error, WD_NO_MEMORY, "no memory for entities");
    }
    for (size_t i = 0; i < entities->options->fields.count; i++) {
        const char *field = entities->options->fields.items[i];
        for (unsigned j = 0; j < WD_FIELD_COUNT; j++) {
            if (strcmp(field, wd_field_name((enum wd_field)j)) == 0)
                entities->fields |= 1u << j;
        }
    }
    *self = entities;
    return WD_OK;
}

static bool add_text(struct entities *entities, enum wd_field field, size_t paragraph,
                     struct wd_slice text)
{
    if (!(entities->fields & (1u << field)) || text.len == 0)
        return true;
    if (entities->text_count == entities->text_capacity) {
        size_t capacity = entities->text_capacity ? entities->text_capacity * 2 : 64;
        struct wd_tagger_text *grown = realloc(entities->texts, capacity * sizeof(*grown));
        if (!grown)
            return false;
        entities->texts = grown;
        entities->text_capacity = capacity;
    }
    entities->texts[entities->text_count++] =
        (struct wd_tagger_text){field, (uint32_t)paragraph, text};
    return true;
}

static bool collect_texts(struct entities *entities, const struct wd_story *story)
{
    entities->text_count = 0;
    struct wd_slice headline =
        wd_slice_from_offset(story->headline, wd_headline_prefix_len(story->headline));
    bool good = add_text(entities, WD_FIELD_HEADLINE, 0, headline);
    for (size_t i = 0; good && i < story->paragraph_count; i++)
        good = add_text(entities, WD_FIELD_BODY, i, story->paragraphs[i]);
    for (size_t i = 0; good && i < story->media_count; i++)
        good = add_text(entities, WD_FIELD_CAPTION, i, story->media[i].caption);
    return good;
}

/* The provider's tag, else what the copy looks like, else what the configuration says; in `found`. */
static struct wd_slice find_language(struct entities *entities, const struct wd_story *story,
                                     bool *detected, char found[WD_LANGUAGE_CODE_BYTES])
{
    struct wd_slice code = wd_language_code(story->language, found);
    *detected = false;
    if (code.len > 0)
        return code;
    if (entities->options->language_detect)
        code = wd_language_find(entities->texts, entities->text_count, &entities->marker.scratch,
                                found);
    *detected = code.len > 0;
    return *detected ? code : wd_language_code(wd_slice_from(entities->options->language), found);
}

static enum wd_status tag(struct entities *entities, const struct wd_entities_language *language,
                          const struct wd_dedup_verdict *dedup, const struct wd_mention **mentions,
                          size_t *count)
{
    if (!entities->reuse)
        return wd_tagger_tag(language->tagger, entities->scratch, entities->texts,
                             entities->text_count, mentions, count);
    const struct wd_reuse_story story = {
        .tagger = language->tagger,
        .scratch = entities->scratch,
        .texts = entities->texts,
        .count = entities->text_count,
        .group = dedup->group,
        .is_copy = dedup->relation == WD_RELATION_SAME_ID || dedup->relation == WD_RELATION_EXACT ||
                   dedup->relation == WD_RELATION_REPRINT,
    };
    return wd_reuse_tag(entities->reuse, &story, mentions, count);
}

static bool run_model(struct entities *entities, const struct wd_entities_language *language,
                      const struct wd_dedup_verdict *dedup)
{
    const struct wd_mention *mentions = NULL;
    size_t count = 0;
    if (tag(entities, language, dedup, &mentions, &count) != WD_OK)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (mentions[i].score < entities->options->score_min ||
            mentions[i].end - mentions[i].begin > WD_ENTITY_BYTES_MAX)
            continue;
        struct wd_found *found = wd_reading_add(&entities->reading);
        if (!found)
            return entities->reading.truncated;
        found->type = mentions[i].type;
        found->text = mentions[i].text;
        found->begin = mentions[i].begin;
        found->end = mentions[i].end;
        found->score = mentions[i].score;
        found->source = "model";
        found->rank = WD_FOUND_MODEL;
    }
    return true;
}

static bool find(struct entities *entities, const struct wd_entities_language *language,
                 const struct wd_dedup_verdict *dedup)
{
    const struct wd_entities_model *model = entities->model;
    uint32_t bits = model->common_lists | (language ? language->lists : 0);
    const struct wd_watch *lists[WD_LISTS_MAX];
    size_t count = 0;
    bool only = false;
    for (size_t i = 0; i < model->list_count; i++) {
        if (!(bits & (1u << i)))
            continue;
        lists[count++] = model->lists[i];
        only = only || wd_watch_mode(model->lists[i]) == WD_WATCH_ONLY;
    }
    bool has_model = language && language->tagger;
    bool good = wd_marker_lists(&entities->marker, &entities->reading, lists, count);
    if (good && !only && has_model)
        good = run_model(entities, language, dedup);
    if (good && !only && !has_model && model->gazetteer)
        good = wd_marker_gazetteer(&entities->marker, &entities->reading, model->gazetteer,
                                   (uint32_t)entities->options->population_min);
    return good;
}

static bool is_unsure(const struct wd_found *found)
{
    return found->rank == WD_FOUND_MODEL && found->type != WD_ENTITY_PLACE &&
           found->score < SURE_SCORE;
}

/* The dateline's place is one, and so is what has its name elsewhere in the story, unless the model is sure of something
 * else: "NATO \xE2\x80\x94 The alliance ..." Mentions are settled: they have keys. */
static void believe_dateline(struct wd_reading *reading, const struct wd_story *story)
{
    if (story->located.len == 0 || story->paragraph_count == 0 ||
        !wd_slice_starts(story->paragraphs[0], story->located))
        return;
    for (size_t i = 0; i < reading->found_count; i++) {
        struct wd_found *place = &reading->found[i];
        const struct wd_tagger_text *text = &reading->texts[place->text];
        if (text->field != WD_FIELD_BODY || text->paragraph != 0 || place->end > story->located.len)
            continue;
        if (is_unsure(place))
            place->type = WD_ENTITY_PLACE;
        for (size_t j = 0; place->type == WD_ENTITY_PLACE && j < reading->found_count; j++) {
            struct wd_found *other = &reading->found[j];
            if (place->key != 0 && other->key == place->key && is_unsure(other))
                other->type = WD_ENTITY_PLACE;
        }
    }
}

static struct wd_slice canonical_name(const struct entities *entities, const struct wd_group *group,
                                      const struct wd_link *link)
{
    const struct wd_reading *reading = &entities->reading;
    if (group->entry)
        return wd_slice_from(wd_watch_string(group->watch, group->entry->name));
    if (link->entity && link->entity->kind != WD_KIND_TITLE)
        return wd_slice_from(wd_gazetteer_string(entities->model->gazetteer, link->entity->name));
    return wd_found_text(reading, &reading->found[group->fullest]);
}

/* The group's entry in story->named, made at its first mention. False: no memory. */
static bool need_named(struct entities *entities, struct wd_story *story, uint32_t number,
                       uint32_t first)
{
    if (entities->written[number].number != UINT32_MAX)
        return true;
    const struct wd_group *group = &entities->reading.groups[number];
    const struct wd_link *link = &entities->linker.links[number];
    struct wd_named *named = wd_story_add_named(story);
    if (!named)
        return false;
    entities->written[number].number = (uint32_t)story->named_count - 1;
    named->type = group->type;
    named->first = first;
    named->provided = link->is_provided;
    /* The model may be reloaded while the story lives: copies. */
    named->name = wd_arena_copy(story->arena, canonical_name(entities, group, link));
    bool own_id = group->entry && group->entry->id && !group->ambiguous;
    struct wd_link known = *link;
    if (own_id) {
        named->ids[named->id_count++] = wd_arena_copy(
            story->arena, wd_slice_from(wd_watch_string(group->watch, group->entry->id)));
        known.entity = NULL; /* the list knows better */
    }
    return named->name.data &&
           wd_linker_write_ids(&known, entities->model->gazetteer, story->arena, named);
}

/* Code points before a byte, counted on from the mention before. */
struct point_counter {
    uint32_t text;
    uint32_t bytes;
    uint32_t points;
};

static uint32_t points_before(struct point_counter *counter, const struct wd_reading *reading,
                              uint32_t text, uint32_t byte)
{
    if (counter->text != text)
        *counter = (struct point_counter){text, 0, 0};
    const char *data = reading->texts[text].text.data;
    counter->points +=
        (uint32_t)wd_utf8_count(wd_slice_make(data + counter->bytes, byte - counter->bytes));
    counter->bytes = byte;
    return counter->points;
}

/* The paragraph that leads: the first of the body. */
static bool is_lead(const struct wd_story *story, const struct wd_entity *entity)
{
    size_t lead = 0;
    while (lead < story->paragraph_count && story->paragraphs[lead].len == 0)
        lead++;
    return entity->field == WD_FIELD_BODY && entity->paragraph == lead;
}

static bool write_mention(struct entities *entities, struct wd_story *story, uint32_t number,
                          struct point_counter *counter)
{
    const struct wd_reading *reading = &entities->reading;
    const struct wd_found *found = &reading->found[number];
    uint32_t group = wd_group_root(reading, found->group);
    struct wd_entity *entity = wd_story_add_entity(story);
    if (!entity || !need_named(entities, story, group, number))
        return false;
    struct written *written = &entities->written[group];
    struct wd_named *named = &story->named[written->number];
    named->count++;
    named->score = found->score > named->score ? (double)found->score : named->score;
    entity->named = written->number;
    entity->type = found->type;
    entity->field = reading->texts[found->text].field;
    entity->paragraph = reading->texts[found->text].paragraph;
    /* A headline is read from behind the desk's prefix. */
    struct wd_slice prefix = {story->headline.data, 0};
    if (entity->field == WD_FIELD_HEADLINE)
        prefix.len = (size_t)(reading->texts[found->text].text.data - story->headline.data);
    uint32_t skipped = (uint32_t)prefix.len;
    uint32_t skipped_points = (uint32_t)wd_utf8_count(prefix);
    entity->begin = skipped + found->begin;
    entity->end = skipped + found->end;
    entity->begin_point =
        skipped_points + points_before(counter, reading, found->text, found->begin);
    entity->end_point = skipped_points + points_before(counter, reading, found->text, found->end);
    entity->text = wd_found_text(reading, found);
    entity->name = named->name;
    entity->id = named->id_count > 0 ? named->ids[0] : WD_SLICE_NONE;
    entity->source = wd_arena_copy(story->arena, wd_slice_from(found->source));
    entity->score = (double)found->score;
    written->headline = written->headline || entity->field == WD_FIELD_HEADLINE;
    written->lead = written->lead || is_lead(story, entity);
    return entity->source.data != NULL;
}

static void weigh(const struct entities *entities, struct wd_story *story)
{
    uint32_t most = 1;
    for (size_t i = 0; i < story->named_count; i++)
        most = story->named[i].count > most ? story->named[i].count : most;
    for (size_t i = 0; i < entities->reading.group_count; i++) {
        const struct written *written = &entities->written[i];
        if (written->number == UINT32_MAX)
            continue;
        struct wd_named *named = &story->named[written->number];
        named->salience = (written->headline ? SALIENCE_HEADLINE : 0) +
                          (written->lead ? SALIENCE_LEAD : 0) +
                          SALIENCE_COUNT * named->count / most;
    }
}

static bool write_story(struct entities *entities, struct wd_story *story)
{
    const struct wd_reading *reading = &entities->reading;
    if (reading->group_count > entities->written_capacity) {
        size_t capacity = reading->group_count * 2;
        struct written *grown = realloc(entities->written, capacity * sizeof(*grown));
        if (!grown)
            return false;
        entities->written = grown;
        entities->written_capacity = capacity;
    }
    for (size_t i = 0; i < reading->group_count; i++)
        entities->written[i] = (struct written){UINT32_MAX, false, false};
    struct point_counter counter = {UINT32_MAX, 0, 0};
    for (uint32_t i = 0; i < reading->found_count; i++) {
        if (!write_mention(entities, story, i, &counter))
            return false;
    }
    weigh(entities, story);
    return true;
}

static bool say_how(const struct entities *entities, struct wd_story *story, struct wd_slice code,
                    const struct wd_entities_language *language)
{
    struct wd_tagging *tagging = &story->tagging;
    tagging->language = wd_arena_copy(story->arena, code);
    if (language && language->tagger)
        tagging->model = wd_arena_copy(story->arena, wd_slice_from(language->model_name));
    else
        tagging->note =
            wd_arena_printf(story->arena, "no model for \"%.*s\": %s", WD_SLICE_ARG(code),
                            entities->model->gazetteer ? "lists and gazetteer only" : "lists only");
    return tagging->language.data && (tagging->model.data || tagging->note.data);
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct entities *entities = self;
    struct wd_reading *reading = &entities->reading;
    /* A record that comes from another pipeline may have entities: these are ours. */
    story->entity_count = 0;
    story->named_count = 0;
    bool good = collect_texts(entities, story);
    char found[WD_LANGUAGE_CODE_BYTES];
    struct wd_slice code = find_language(entities, story, &story->tagging.detected, found);
    const struct wd_entities_language *language = wd_entities_language(entities->model, code);
    good = good && say_how(entities, story, code, language) &&
           wd_reading_begin(reading, entities->texts, entities->text_count) &&
           find(entities, language, &story->dedup);
    if (good) {
        wd_reading_settle(reading);
        believe_dateline(reading, story);
        good = wd_marker_capitals(&entities->marker, reading);
    }
    if (good) {
        wd_reading_settle(reading);
        if (entities->model->gazetteer)
            wd_linker_note_regions(reading, entities->model->gazetteer);
        good = wd_coref_join(&entities->coref, reading, entities->model->gazetteer) &&
               wd_linker_link(&entities->linker, reading, &entities->coref,
                              entities->model->gazetteer, story) &&
               write_story(entities, story);
    }
    if (reading->truncated)
        story->flags |= WD_FLAG_TRUNCATED; /* the copy is whole; only marks are missing */
    if (good && wd_buffer_ok(&entities->marker.scratch))
        return WD_PASS;
    (void)wd_error_set(error, WD_NO_MEMORY, "no memory for entities");
    return WD_REJECT;
}

static uint32_t reads_with(const void *options)
{
    return ((const struct wd_entities_options *)options)->reuse ? WD_PART_DEDUP : 0;
}

static size_t tables(const void *data, struct wd_table_spec *specs)
{
    const struct wd_entities_options *options = data;
    if (!options->reuse)
        return 0;
    *specs = (struct wd_table_spec){
        .name = "tags",
        .entries_max = (uint64_t)options->reuse_entries_max,
        .bytes_max = (uint64_t)options->reuse_bytes_max,
        .ttl_ms = options->reuse_window_hours * 3600 * 1000,
        .key_len_max = WD_REUSE_KEY_BYTES_MAX,
        .value_len_max = WD_REUSE_RECORD_BYTES_MAX,
    };
    return 1;
}

const struct wd_processor_impl wd_processor_entities = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "entities",
    .summary = "finds and links people, organisations, places and what a user lists",
    .options = wd_entities_options_table,
    .options_size = sizeof(struct wd_entities_options),
    .reads = WD_PART_COPY,
    .writes = WD_PART_ENTITIES,
    .reads_with = reads_with,
    .tables = tables,
    .check = wd_entities_check,
    .files = wd_entities_files,
    .load = wd_entities_load,
    .unload = wd_entities_unload,
    .create = create,
    .process = process,
    .destroy = destroy,
};
