/* entities.c - marks the names of places, and of whatever a user lists.
 *
 * Why:    search, alerts and analytics ask "what is this about"; a desk wants no wrong answers, so a
 *         name that could as well be a word or a person's stays unmarked.
 * State:  none. The names are loaded once and shared by all lanes.
 * Method: longest match on token boundaries; rules of context in README.md. */
#include "phrases.h"
#include "processor.h"

#include <stdio.h>
#include <stdlib.h>

extern const char wd_gazetteer_begin[], wd_gazetteer_end[];

enum { WORDS_BYTES_MAX = 512 };

struct entities_options {
    bool gazetteer;
    int64_t population_min;
    json_t *lists;
};

struct entities {
    const struct wd_phrases *phrases;
    struct wd_buffer words; /* normalised words of the name that is being tried */
};

/* Where in the story a text stands. */
struct place {
    enum wd_field field;
    uint32_t paragraph;
};

/* One text being read: a window of tokens. */
struct scan {
    struct entities *entities;
    struct wd_story *story;
    struct wd_slice text;
    struct place place;
    struct wd_token previous; /* the token before; end 0: none */
    size_t counted;           /* bytes of which the code points are counted */
    uint32_t points;
};

static bool add_line(struct wd_phrases *phrases, char *line, int64_t population_min)
{
    char *columns[5] = {NULL};
    char *rest = line;
    for (int i = 0; i < 5; i++) {
        columns[i] = strsep(&rest, "\t");
        if (!columns[i])
            return true; /* the file is our own; tests/unit/entities checks it */
    }
    struct wd_phrase phrase = {.text = columns[0],
                               .id = columns[1],
                               .name = columns[2],
                               .source = "gazetteer",
                               .type = WD_ENTITY_PLACE};
    phrase.weight = strtoll(columns[3], NULL, 10);
    if (strchr(columns[4], 'x'))
        phrase.flags |= WD_PHRASE_EXACT;
    if (strchr(columns[4], 'w'))
        phrase.flags |= WD_PHRASE_WORD;
    else if (strchr(columns[4], 'k'))
        phrase.flags |= WD_PHRASE_COUNTRY;
    if (strchr(columns[4], 'c') && phrase.weight < population_min)
        return true;
    enum wd_status status = wd_phrases_add(phrases, &phrase);
    return status == WD_OK || status == WD_TOO_LARGE || status == WD_EMPTY;
}

static bool add_gazetteer(struct wd_phrases *phrases, int64_t population_min)
{
    size_t len = (size_t)(wd_gazetteer_end - wd_gazetteer_begin);
    char *copy = malloc(len + 1);
    if (!copy)
        return false;
    memcpy(copy, wd_gazetteer_begin, len);
    copy[len] = '\0';
    char *rest = copy;
    char *line = NULL;
    bool good = true;
    while (good && (line = strsep(&rest, "\n")))
        good = line[0] == '\0' || add_line(phrases, line, population_min);
    free(copy);
    return good;
}

/* One entry of a user's list: {"name", "id", "type", "names": [...], "any_case"}. */
static enum wd_status add_entry(struct wd_phrases *phrases, json_t *entry, const char *source,
                                struct wd_error *error)
{
    const char *name = json_string_value(json_object_get(entry, "name"));
    const char *type = json_string_value(json_object_get(entry, "type"));
    enum wd_entity_type kind = WD_ENTITY_MISC;
    if (!name || (type && !wd_entity_type_from_name(wd_slice_from(type), &kind)))
        return wd_error_set(error, WD_WRONG_TYPE,
                            "list %s: every entry needs a \"name\", and \"type\" is one of person, "
                            "organisation, place, misc",
                            source);
    const char *id = json_string_value(json_object_get(entry, "id"));
    struct wd_phrase phrase = {.text = (char *)(uintptr_t)name,
                               .id = (char *)(uintptr_t)id,
                               .name = (char *)(uintptr_t)name,
                               .source = (char *)(uintptr_t)source,
                               .type = kind,
                               .flags = WD_PHRASE_COUNTRY, /* who lists a name wants it found */
                               .weight = INT64_MAX};
    if (json_is_true(json_object_get(entry, "any_case")))
        phrase.flags |= WD_PHRASE_ANY_CASE;
    enum wd_status status = wd_phrases_add(phrases, &phrase);
    json_t *names = json_object_get(entry, "names");
    for (size_t i = 0; status == WD_OK && i < json_array_size(names); i++) {
        phrase.text = (char *)(uintptr_t)json_string_value(json_array_get(names, i));
        status = phrase.text ? wd_phrases_add(phrases, &phrase) : WD_WRONG_TYPE;
    }
    if (status != WD_OK)
        return wd_error_set(error, status, "list %s: entry \"%s\" cannot be used: %s", source, name,
                            wd_status_sentence(status));
    return WD_OK;
}

static json_t *read_list(json_t *list, const struct wd_environment *environment,
                         struct wd_error *error)
{
    json_t *inline_entries = json_object_get(list, "entries");
    const char *file = json_string_value(json_object_get(list, "file"));
    if (json_is_array(inline_entries))
        return json_incref(inline_entries);
    if (!file) {
        (void)wd_error_set(error, WD_MISSING, "a list needs \"file\" or \"entries\"");
        return NULL;
    }
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s%s%s", file[0] == '/' ? "" : environment->directory,
                   file[0] == '/' ? "" : "/", file);
    json_error_t fault;
    json_t *entries = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    if (entries && json_is_array(entries))
        return entries;
    (void)wd_error_set(error, WD_SYNTAX, "%s:%d: %s", path, fault.line,
                       entries ? "must be a list of entries" : fault.text);
    json_decref(entries);
    return NULL;
}

static enum wd_status add_lists(struct wd_phrases *phrases, json_t *lists,
                                const struct wd_environment *environment, struct wd_error *error)
{
    size_t index = 0;
    json_t *list = NULL;
    json_array_foreach(lists, index, list)
    {
        const char *source = json_string_value(json_object_get(list, "name"));
        json_t *entries = read_list(list, environment, error);
        if (!entries)
            return error->status;
        enum wd_status status = WD_OK;
        for (size_t i = 0; status == WD_OK && i < json_array_size(entries); i++)
            status =
                add_entry(phrases, json_array_get(entries, i), source ? source : "list", error);
        json_decref(entries);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

static void unload(void *model)
{
    wd_phrases_destroy(model);
}

static enum wd_status load(const void *raw, const struct wd_environment *environment, void **model,
                           struct wd_error *error)
{
    const struct entities_options *options = raw;
    struct wd_phrases *phrases = wd_phrases_create();
    enum wd_status status = phrases ? WD_OK : WD_NO_MEMORY;
    if (status == WD_OK && options->gazetteer && !add_gazetteer(phrases, options->population_min))
        status = WD_NO_MEMORY;
    if (status != WD_OK)
        (void)wd_error_set(error, status, "no memory for the gazetteer");
    if (status == WD_OK)
        status = add_lists(phrases, options->lists, environment, error);
    if (status != WD_OK) {
        wd_phrases_destroy(phrases);
        return status;
    }
    *model = phrases;
    return WD_OK;
}

static void check(const void *raw, const struct wd_environment *environment, const char *path,
                  struct wd_faults *faults)
{
    const struct entities_options *options = raw;
    (void)environment;
    if (options->lists && !json_is_array(options->lists))
        wd_faults_add(faults, path,
                      "\"lists\" must be a list of {\"name\", \"file\"} or "
                      "{\"name\", \"entries\"}");
    size_t index = 0;
    json_t *list = NULL;
    json_array_foreach(options->lists, index, list)
    {
        if (!json_is_object(list) || !(json_is_string(json_object_get(list, "file")) ||
                                       json_is_array(json_object_get(list, "entries"))))
            wd_faults_add(faults, path, "lists[%zu] needs \"file\" or \"entries\"", index);
    }
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)options;
    (void)environment;
    struct entities *entities = calloc(1, sizeof(*entities));
    if (!entities)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for entities");
    entities->phrases = model;
    wd_buffer_init(&entities->words);
    *self = entities;
    return WD_OK;
}

static void destroy(void *self)
{
    struct entities *entities = self;
    if (!entities)
        return;
    wd_buffer_finish(&entities->words);
    free(entities);
}

static struct wd_slice slice_of(const struct scan *scan, struct wd_token token)
{
    return wd_slice_make(scan->text.data + token.begin, token.end - token.begin);
}

/* Not in lower case: Latin capitals, and every script that has no case. */
static bool is_capital(const struct scan *scan, struct wd_token token)
{
    unsigned char c = (unsigned char)scan->text.data[token.begin];
    return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

/* Only blanks between two tokens. */
static bool adjoin(const struct scan *scan, struct wd_token a, struct wd_token b)
{
    for (size_t i = a.end; i < b.begin; i++) {
        if (scan->text.data[i] != ' ')
            return false;
    }
    return b.begin > a.end;
}

static bool is_one_of(struct wd_slice word, const char *const *list)
{
    for (; *list; list++) {
        if (wd_text_equal_ascii_case(word, wd_slice_from(*list)))
            return true;
    }
    return false;
}

/* Capitalised only because a sentence or headline begins with them, or by custom. */
static bool is_function_word(struct wd_slice word)
{
    static const char *const words[] = {
        "a",    "an",      "and",    "as",      "at",      "but",     "by",   "for",   "from",
        "in",   "into",    "near",   "of",      "off",     "on",      "or",   "over",  "since",
        "the",  "to",      "under",  "when",    "where",   "while",   "with", "after", "before",
        "like", "via",     "vs",     "against", "across",  "around",  "both", "if",    "via",
        "that", "outside", "inside", "behind",  "between", "leaving", "why",  "how",   NULL};
    return is_one_of(word, words);
}

static bool is_calendar_word(struct wd_slice word)
{
    static const char *const words[] = {"monday",    "tuesday", "wednesday", "thursday", "friday",
                                        "saturday",  "sunday",  "january",   "february", "march",
                                        "april",     "may",     "june",      "july",     "august",
                                        "september", "october", "november",  "december", NULL};
    return is_one_of(word, words);
}

/* A name in a row of capitals belongs to something else: "Jordan Smith", "Washington Post". */
static bool stands_in_longer_name(const struct scan *scan, struct wd_token name)
{
    if (scan->previous.end > 0 && adjoin(scan, scan->previous, name) &&
        is_capital(scan, scan->previous) && !is_function_word(slice_of(scan, scan->previous)) &&
        !is_calendar_word(slice_of(scan, scan->previous)))
        return true;
    size_t position = name.end;
    struct wd_token next;
    if (!wd_text_next_token(scan->text, &position, &next) || !adjoin(scan, name, next))
        return false;
    return is_capital(scan, next) && !is_calendar_word(slice_of(scan, next)) &&
           !is_function_word(slice_of(scan, next));
}

/* "Reading, England": a comma and a place that needs no context. */
static bool has_place_after(struct scan *scan, struct wd_token name)
{
    if (name.end + 2 >= scan->text.len || scan->text.data[name.end] != ',')
        return false;
    size_t position = name.end;
    struct wd_token token;
    struct wd_buffer *words = &scan->entities->words;
    wd_buffer_clear(words);
    for (int i = 0; i < 3 && wd_text_next_token(scan->text, &position, &token); i++) {
        bool longer = false;
        if (words->len > 0)
            wd_buffer_append_byte(words, ' ');
        wd_text_append_normalized(words, slice_of(scan, token));
        const struct wd_phrase *phrase =
            wd_phrases_find(scan->entities->phrases, wd_buffer_slice(words), &longer);
        if (phrase && is_capital(scan, token))
            return true;
        if (!longer)
            return false;
    }
    return false;
}

static bool is_all_capitals(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] >= 'a' && text.data[i] <= 'z')
            return false;
    }
    return true;
}

static bool fits(struct scan *scan, const struct wd_phrase *phrase, struct wd_token name)
{
    struct wd_slice text = slice_of(scan, name);
    if ((phrase->flags & WD_PHRASE_EXACT) && !wd_slice_is(text, phrase->text))
        return false;
    if (phrase->flags & WD_PHRASE_ANY_CASE)
        return true;
    if (!is_capital(scan, name))
        return false;
    if (phrase->flags & WD_PHRASE_WORD)
        return has_place_after(scan, name);
    if (phrase->flags & WD_PHRASE_COUNTRY)
        return true;
    /* In a line all in capitals a neighbour's capital says nothing. */
    return is_all_capitals(scan->text) || !stands_in_longer_name(scan, name);
}

/* The longest name that begins with `first`; NULL when none fits. `*name` gets its place. */
static const struct wd_phrase *find_longest(struct scan *scan, struct wd_token first,
                                            struct wd_token *name)
{
    struct wd_token ends[WD_PHRASE_WORDS_MAX];
    const struct wd_phrase *found[WD_PHRASE_WORDS_MAX];
    size_t count = 0;
    size_t position = first.end;
    struct wd_token token = first;
    struct wd_buffer *words = &scan->entities->words;
    wd_buffer_clear(words);
    for (bool longer = true; longer && count < WD_PHRASE_WORDS_MAX; count++) {
        if (count > 0) {
            struct wd_token before = token;
            if (!wd_text_next_token(scan->text, &position, &token) ||
                !adjoin(scan, before, token) || words->len > WORDS_BYTES_MAX)
                break;
            wd_buffer_append_byte(words, ' ');
        }
        wd_text_append_normalized(words, slice_of(scan, token));
        found[count] = wd_phrases_find(scan->entities->phrases, wd_buffer_slice(words), &longer);
        ends[count] = (struct wd_token){first.begin, token.end};
    }
    while (count-- > 0) {
        if (!found[count])
            continue;
        *name = ends[count];
        if (fits(scan, found[count], *name))
            return found[count];
    }
    return NULL;
}

static uint32_t points_before(struct scan *scan, size_t offset)
{
    scan->points += (uint32_t)wd_utf8_count(
        wd_slice_make(scan->text.data + scan->counted, offset - scan->counted));
    scan->counted = offset;
    return scan->points;
}

static bool add_entity(struct scan *scan, const struct wd_phrase *phrase, struct wd_token name)
{
    struct wd_entity *entity = wd_story_add_entity(scan->story);
    if (!entity)
        return false;
    entity->type = phrase->type;
    entity->field = scan->place.field;
    entity->paragraph = scan->place.paragraph;
    entity->begin = (uint32_t)name.begin;
    entity->end = (uint32_t)name.end;
    entity->begin_point = points_before(scan, name.begin);
    entity->end_point = points_before(scan, name.end);
    entity->text = slice_of(scan, name);
    /* The model may be reloaded while the story lives: copies. */
    entity->name = wd_arena_copy(scan->story->arena, wd_slice_from(phrase->name));
    entity->id = wd_arena_copy(scan->story->arena, wd_slice_from(phrase->id));
    entity->source = wd_arena_copy(scan->story->arena, wd_slice_from(phrase->source));
    entity->score = phrase->flags & WD_PHRASE_COUNTRY ? 1 : 0.9;
    return true;
}

/* A possessive belongs to the sentence, not to the name: "Iran's", "Iran\u2019s". */
static struct wd_token without_possessive(const struct scan *scan, struct wd_token token)
{
    struct wd_slice text = slice_of(scan, token);
    static const struct {
        const char *bytes;
        size_t len;
    } endings[] = {{"'s", 2}, {"\xE2\x80\x99s", 4}};
    for (size_t i = 0; i < 2; i++) {
        if (text.len > endings[i].len &&
            memcmp(text.data + text.len - endings[i].len, endings[i].bytes, endings[i].len) == 0)
            token.end -= endings[i].len;
    }
    return token;
}

static bool scan_text(struct entities *entities, struct wd_story *story, struct wd_slice text,
                      struct place place)
{
    struct scan scan = {.entities = entities, .story = story, .text = text, .place = place};
    size_t position = 0;
    struct wd_token token;
    bool any_case = wd_phrases_any_case(entities->phrases);
    while (wd_text_next_token(text, &position, &token)) {
        if (!any_case && !is_capital(&scan, token)) { /* most words of most copy */
            scan.previous = token;
            continue;
        }
        struct wd_token name = token;
        const struct wd_phrase *phrase = find_longest(&scan, token, &name);
        if (!phrase) {
            struct wd_token bare = without_possessive(&scan, token);
            if (bare.end != token.end)
                phrase = find_longest(&scan, bare, &name);
        }
        if (phrase) {
            if (!add_entity(&scan, phrase, name))
                return false;
            if (name.end > position)
                position = name.end;
            token = name;
        }
        scan.previous = token;
    }
    return true;
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct entities *entities = self;
    bool good = scan_text(entities, story, story->headline, (struct place){WD_FIELD_HEADLINE, 0});
    for (size_t i = 0; good && i < story->paragraph_count; i++)
        good = scan_text(entities, story, story->paragraphs[i],
                         (struct place){WD_FIELD_BODY, (uint32_t)i});
    for (size_t i = 0; good && i < story->media_count; i++)
        good = scan_text(entities, story, story->media[i].caption,
                         (struct place){WD_FIELD_CAPTION, (uint32_t)i});
    if (!good && story->entity_count == WD_ENTITIES_MAX) {
        story->flags |= WD_FLAG_TRUNCATED; /* the copy is whole; only marks are missing */
        return WD_PASS;
    }
    if (good && wd_buffer_ok(&entities->words))
        return WD_PASS;
    (void)wd_error_set(error, WD_NO_MEMORY, "no memory for entities");
    return WD_REJECT;
}

static const struct wd_option options_table[] = {
    {.name = "gazetteer",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct entities_options, gazetteer),
     .fallback = "true",
     .help = "Use the built-in gazetteer of countries, subdivisions, capitals and large cities."},
    {.name = "population_min",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct entities_options, population_min),
     .fallback = "100000",
     .min = 100000,
     .max = 100000000,
     .help = "Cities with fewer people are left out, capitals never."},
    {.name = "lists",
     .type = WD_OPTION_JSON,
     .offset = offsetof(struct entities_options, lists),
     .schema = "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
               "\"name\":{\"type\":\"string\"},\"file\":{\"type\":\"string\"},"
               "\"entries\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
               "\"name\"]}}}}}",
     .help = "Lists of one's own: each has a \"name\" and a \"file\" or \"entries\" of {\"name\", "
             "\"id\", \"type\", \"names\", \"any_case\"}."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_entities = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "entities",
    .summary = "marks the names of places, and of whatever a user lists",
    .options = options_table,
    .options_size = sizeof(struct entities_options),
    .reads = WD_PART_COPY,
    .writes = WD_PART_ENTITIES,
    .check = check,
    .load = load,
    .unload = unload,
    .create = create,
    .process = process,
    .destroy = destroy,
};
