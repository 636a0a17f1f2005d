#include "scenario.h"

#include "wd_assert.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PLACES_MAX = 2 * WD_SCENARIO_STORIES_MAX,
    IDS_MAX = 64,
    ADVISORIES_MAX = 256,
    RECORDS_MAX = 4096
};

static const char config_text[] =
    "{\"name\": \"scenarios\", \"kafka\": {\"bootstrap.servers\": \"127.0.0.1:9\"},"
    " \"default_provider\": {\"name\": \"wire\"},"
    " \"providers\": ["
    "  {\"name\": \"wire\", \"match\": {\"header\": \"provider\", \"value\": \"wire\"}},"
    "  {\"name\": \"rival\", \"match\": {\"header\": \"provider\", \"value\": \"rival\"}},"
    "  {\"name\": \"courier\", \"match\": {\"header\": \"provider\", \"value\": \"courier\"}},"
    "  {\"name\": \"mail\", \"match\": {\"header\": \"provider\", \"value\": \"mail\"}},"
    "  {\"name\": \"post\", \"match\": {\"header\": \"provider\", \"value\": \"post\"}},"
    "  {\"name\": \"herald\", \"match\": {\"header\": \"provider\", \"value\": \"herald\"}}],"
    " \"pipelines\": [{\"name\": \"news\", \"input\": {\"topics\": [\"raw\"]},"
    "  \"processors\": [{\"use\": \"dedup\"}, {\"use\": \"updates\"}],"
    "  \"outputs\": [{\"name\": \"stories\", \"topic\": \"stories\"},"
    "   {\"name\": \"advisories\", \"topic\": \"advisories\", \"record\": \"advisory_event\"}],"
    "  \"dead_letter\": \"dead\"}]}";

struct wd_config *wd_scenario_config(void)
{
    struct wd_config *config = NULL;
    struct wd_faults faults;
    wd_faults_init(&faults);
    if (wd_config_load_text(config_text, ".", true, &config, &faults) != WD_OK)
        (void)fprintf(stderr, "%s: %s\n", faults.items[0].path, faults.items[0].text);
    wd_faults_finish(&faults);
    return config;
}

static void wrong(const struct wd_scenario *scenario, const char *what)
{
    (void)fprintf(stderr, "scenario %s: %s\n", scenario->name, what);
    exit(1);
}

/* Appends the paragraphs that an item of "body" stands for. */
static void add_body(const struct wd_scenario *scenario, json_t *copy, const char *item,
                     json_t *paragraphs)
{
    if (item[0] != '@') {
        json_array_append_new(paragraphs, json_string(item));
        return;
    }
    char name[64];
    unsigned number = 0;
    int parts = sscanf(item, "@%63[^.].%u", name, &number);
    json_t *list = parts >= 1 ? json_object_get(copy, name) : NULL;
    if (!list || number > json_array_size(list))
        wrong(scenario, item);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (number == 0 || i + 1 == number)
            json_array_append(paragraphs, json_array_get(list, i));
    }
}

static json_t *join_body(const struct wd_scenario *scenario, json_t *copy, json_t *body)
{
    char text[WD_SCENARIO_TEXT_SIZE] = "";
    json_t *paragraphs = json_array();
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(body, index, item)
        add_body(scenario, copy, json_string_value(item), paragraphs);
    json_array_foreach(paragraphs, index, item)
    {
        if (index > 0)
            strcat(text, "\n\n");
        strncat(text, json_string_value(item), sizeof(text) - strlen(text) - 8);
    }
    json_decref(paragraphs);
    return json_string(text);
}

static char *make_message(const struct wd_scenario *scenario, json_t *story, json_t *copy)
{
    static const char *const members[][2] = {
        {"guid", "uri"},
        {"version", "version"},
        {"published", "firstcreated"},
        {"status", "pubstatus"},
        {"updated", "versioncreated"},
        {"headline", "headline"},
        {"slug", "slugline"},
        {"note", "ednote"},
        {"embargoed", "embargoed"},
        {"language", "language"},
        {"evolved_from", "evolvedfrom"},
    };
    json_t *raw = json_object_get(story, "raw");
    if (raw)
        return strdup(json_string_value(raw));
    json_t *made = json_pack("{s:s, s:s}", "type", "text", "profile", "story");
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *value = json_object_get(story, members[i][0]);
        if (value)
            json_object_set(made, members[i][1], value);
    }
    json_t *body = json_object_get(story, "body");
    if (body)
        json_object_set_new(made, "body_text", join_body(scenario, copy, body));
    char *text = json_dumps(made, JSON_COMPACT);
    json_decref(made);
    return text;
}

void wd_scenario_load(struct wd_scenario *scenario, const char *name, json_t *source, json_t *copy)
{
    *scenario = (struct wd_scenario){.name = name, .source = source};
    json_t *stories = json_object_get(source, "stories");
    scenario->count = json_array_size(stories);
    if (scenario->count == 0 || scenario->count > WD_SCENARIO_STORIES_MAX)
        wrong(scenario, "needs 1 to 16 \"stories\"");
    for (size_t i = 0; i < scenario->count; i++) {
        json_t *story = json_array_get(stories, i);
        scenario->names[i] = json_string_value(json_object_get(story, "name"));
        scenario->providers[i] = json_string_value(json_object_get(story, "provider"));
        if (!scenario->names[i] || !scenario->providers[i])
            wrong(scenario, "a story lacks \"name\" or \"provider\"");
        scenario->messages[i] = make_message(scenario, story, copy);
        const char *received = json_string_value(json_object_get(story, "received"));
        scenario->received_ms[i] = received ? wd_time_parse(wd_slice_from(received), NULL).ms
                                            : 1710072000000; /* 2024-03-10T12:00:00Z: all of
                                                                them lie in the past */
    }
}

void wd_scenario_finish(struct wd_scenario *scenario)
{
    for (size_t i = 0; i < scenario->count; i++)
        free(scenario->messages[i]);
}

/* Names that turn out to be one and the same: lineage ids, groups. */
struct unions {
    char *names[IDS_MAX];
    size_t parents[IDS_MAX];
    size_t count;
};

static size_t find_name(struct unions *unions, const char *name)
{
    size_t i = 0;
    while (i < unions->count && strcmp(unions->names[i], name) != 0)
        i++;
    if (i == unions->count) {
        WD_ASSERT(i < IDS_MAX);
        unions->names[i] = strdup(name);
        unions->parents[i] = i;
        unions->count++;
    }
    while (unions->parents[i] != i)
        i = unions->parents[i];
    return i;
}

static void unite(struct unions *unions, const char *a, const char *b)
{
    size_t from = find_name(unions, b);
    unions->parents[from] = find_name(unions, a);
}

static void free_unions(struct unions *unions)
{
    for (size_t i = 0; i < unions->count; i++)
        free(unions->names[i]);
}

/* What is collected while the stories go through. */
struct run {
    const struct wd_scenario *scenario;
    struct unions lineages, groups;
    /* By place: a message's first story has the message's own, further ones stand behind all messages. */
    char *lineage_of[PLACES_MAX];
    char *group_of[PLACES_MAX];
    char *uris[PLACES_MAX];
    /* What the story's record says of its lineage, or an advisory of that lineage that came after it. */
    char views[PLACES_MAX][128];
    size_t arrived[PLACES_MAX]; /* when it came */
    char names[PLACES_MAX][64];
    size_t place_count;
    size_t arrivals;
    char *advisories[ADVISORIES_MAX];
    size_t advisory_count;
    struct wd_scenario_outcome *outcome;
    /* of the open transaction */
    json_t *records;
};

static const char *text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void replace_text(char **place, const char *text)
{
    free(*place);
    *place = strdup(text);
}

/* The second story of message "K" is "K.1". */
static size_t place_of(struct run *run, size_t message, size_t index)
{
    char name[64];
    if (index == 0)
        return message;
    (void)snprintf(name, sizeof(name), "%s.%zu", run->scenario->names[message], index);
    size_t place = run->scenario->count;
    while (place < run->place_count && strcmp(run->names[place], name) != 0)
        place++;
    WD_ASSERT(place < PLACES_MAX);
    if (place == run->place_count)
        strcpy(run->names[run->place_count++], name);
    return place;
}

static void note_view(struct run *run, size_t index, json_t *lineage)
{
    (void)snprintf(run->views[index], sizeof(run->views[index]),
                   " latest=%s state=%s number=%d members=%d", text_of(lineage, "latest"),
                   text_of(lineage, "state"),
                   (int)json_integer_value(json_object_get(lineage, "number")),
                   (int)json_integer_value(json_object_get(lineage, "members")));
}

static void unite_all(struct unions *unions, const char *name, json_t *others)
{
    size_t i = 0;
    json_t *item = NULL;
    json_array_foreach(others, i, item) unite(unions, name, json_string_value(item));
}

static void note_story(struct run *run, size_t index, json_t *record)
{
    json_t *found = json_object_get(record, "wiredesk");
    json_t *lineage = json_object_get(found, "lineage");
    json_t *dedup = json_object_get(found, "dedup");
    const char *id = text_of(lineage, "id");
    replace_text(&run->lineage_of[index], id);
    replace_text(&run->uris[index], text_of(json_object_get(record, "story"), "uri"));
    (void)find_name(&run->lineages, id);
    unite_all(&run->lineages, id, json_object_get(lineage, "merged"));
    note_view(run, index, lineage);
    run->arrived[index] = run->arrivals++;
    const char *group = text_of(dedup, "group");
    if (group[0]) {
        replace_text(&run->group_of[index], group);
        (void)find_name(&run->groups, group);
        if (text_of(dedup, "also_group")[0])
            unite(&run->groups, group, text_of(dedup, "also_group"));
        unite_all(&run->groups, group, json_object_get(dedup, "further_groups"));
    }
    json_t *update = json_object_get(found, "update");
    strcat(run->outcome->kinds, text_of(update, "kind"));
    strcat(run->outcome->kinds, json_is_true(json_object_get(update, "late")) ? " late\n" : "\n");
}

/* The place of the advisory; advisory_count when it was not told yet. */
static size_t find_advisory(const struct run *run, const char *text)
{
    size_t i = 0;
    while (i < run->advisory_count && strcmp(run->advisories[i], text) != 0)
        i++;
    return i;
}

/* "stands" takes back what was told: what counts in the end is what was not. */
static void take_back(struct run *run, const char *concerned)
{
    static const char *const kinds[] = {"kill", "withhold", "correction"};
    bool told = false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char text[512];
        (void)snprintf(text, sizeof(text), "%s %s", kinds[i], concerned);
        size_t place = find_advisory(run, text);
        if (place == run->advisory_count)
            continue;
        told = true;
        free(run->advisories[place]);
        run->advisories[place] = run->advisories[--run->advisory_count];
    }
    WD_ASSERT(told);
}

static void note_advisory(struct run *run, json_t *record)
{
    char text[512];
    char concerned[256];
    json_t *lineage = json_object_get(record, "lineage");
    size_t root = find_name(&run->lineages, text_of(lineage, "id"));
    for (size_t i = 0; i < run->place_count; i++) {
        if (run->lineage_of[i] && find_name(&run->lineages, run->lineage_of[i]) == root)
            note_view(run, i, lineage);
    }
    (void)snprintf(concerned, sizeof(concerned), "%s %s",
                   text_of(json_object_get(record, "cause"), "id"),
                   text_of(json_object_get(record, "concerns"), "id"));
    if (strcmp(text_of(record, "kind"), "unreached") == 0)
        return; /* what it is about may come yet */
    if (strcmp(text_of(record, "kind"), "stands") == 0) {
        take_back(run, concerned);
        return;
    }
    (void)snprintf(text, sizeof(text), "%s %s", text_of(record, "kind"), concerned);
    if (find_advisory(run, text) < run->advisory_count)
        return;
    WD_ASSERT(run->advisory_count < ADVISORIES_MAX);
    run->advisories[run->advisory_count++] = strdup(text);
}

/* A header's value has no NUL behind it. */
static int64_t number_of(struct wd_slice digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits.len; i++)
        number = number * 10 + (digits.data[i] - '0');
    WD_ASSERT(number < WD_SCENARIO_STORIES_MAX);
    return number;
}

/* Keeps the record until its transaction is committed. */
static enum wd_status take_emission(void *context, const struct wd_emission *emission)
{
    struct run *run = context;
    int64_t offset = 0;
    int64_t index = 0;
    for (size_t i = 0; i < emission->header_count; i++) {
        if (wd_slice_is(emission->headers[i].name, "wiredesk-offset"))
            offset = number_of(emission->headers[i].value);
        if (wd_slice_is(emission->headers[i].name, "wiredesk-index"))
            index = number_of(emission->headers[i].value);
    }
    if (emission->output == SIZE_MAX) {
        (void)fprintf(stderr, "scenario %s: %s is a dead letter: %.*s: %.*s\n", run->scenario->name,
                      run->scenario->names[offset], WD_SLICE_ARG(emission->headers[3].value),
                      WD_SLICE_ARG(emission->headers[4].value));
        exit(1);
    }
    json_error_t error;
    json_t *record = json_loadb(emission->payload.data, emission->payload.len, 0, &error);
    WD_ASSERT(record != NULL);
    json_array_append_new(run->records,
                          json_pack("{s:I, s:I, s:o, s:b}", "offset", (json_int_t)offset, "index",
                                    (json_int_t)index, "record", record, "advisory",
                                    emission->output == 1));
    return WD_OK;
}

static void commit(struct run *run, struct wd_state *state)
{
    size_t i = 0;
    json_t *item = NULL;
    wd_state_commit(state);
    json_array_foreach(run->records, i, item)
    {
        json_t *record = json_object_get(item, "record");
        if (json_is_true(json_object_get(item, "advisory")))
            note_advisory(run, record);
        else
            note_story(run,
                       place_of(run, (size_t)json_integer_value(json_object_get(item, "offset")),
                                (size_t)json_integer_value(json_object_get(item, "index"))),
                       record);
    }
    json_array_clear(run->records);
}

static void open_desk(struct wd_config *config, struct wd_state **state, struct wd_desk **desk)
{
    struct wd_error error;
    wd_error_init(&error);
    *state = wd_state_create();
    WD_ASSERT(*state && wd_plan_add_tables(config->pipelines[0].plan, *state, &error) == WD_OK);
    WD_ASSERT(wd_desk_create(config, 0, *state, desk, &error) == WD_OK);
}

static enum wd_status copy_record(void *context, struct wd_slice key, struct wd_slice value)
{
    struct wd_error error;
    wd_error_init(&error);
    return wd_state_apply(context, key, value, &error);
}

/* The process dies and another one reads the committed state. */
static void restart(struct wd_config *config, struct wd_state **state, struct wd_desk **desk)
{
    struct wd_state *old_state = *state;
    struct wd_desk *old_desk = *desk;
    struct wd_error error;
    wd_error_init(&error);
    struct wd_state *made = wd_state_create();
    WD_ASSERT(made && wd_plan_add_tables(config->pipelines[0].plan, made, &error) == WD_OK);
    WD_ASSERT(wd_state_each(old_state, copy_record, made) == WD_OK);
    wd_desk_destroy(old_desk);
    wd_state_destroy(old_state);
    *state = made;
    WD_ASSERT(wd_desk_create(config, 0, made, desk, &error) == WD_OK);
}

static void take(struct run *run, struct wd_desk *desk, size_t index)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_header header = {WD_SLICE("provider"),
                               wd_slice_from(run->scenario->providers[index])};
    struct wd_desk_message message = {
        .topic = WD_SLICE("raw"),
        .offset = (int64_t)index,
        .value = wd_slice_from(run->scenario->messages[index]),
        .timestamp_ms = run->scenario->received_ms[index],
        .headers = &header,
        .header_count = 1,
    };
    WD_ASSERT(wd_desk_take(desk, &message, take_emission, run, &error) == WD_OK);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void join_lines(char **lines, size_t count, char *out)
{
    qsort(lines, count, sizeof(*lines), compare_texts);
    for (size_t i = 0; i < count; i++) {
        strcat(out, lines[i]);
        strcat(out, "\n");
    }
}

/* A line for each set of stories with the same root; `views` (may be NULL) is what its last story says. */
static void write_sets(struct run *run, struct unions *unions, char **id_of, bool views, char *out)
{
    char *lines[PLACES_MAX];
    size_t line_count = 0;
    for (size_t root = 0; root < unions->count; root++) {
        const char *names[PLACES_MAX];
        size_t name_count = 0;
        size_t last = 0;
        for (size_t i = 0; i < run->place_count; i++) {
            if (!id_of[i] || find_name(unions, id_of[i]) != root)
                continue;
            if (name_count == 0 || run->arrived[i] > run->arrived[last])
                last = i;
            names[name_count++] = run->names[i];
        }
        if (name_count == 0)
            continue;
        char line[1024] = "";
        qsort(names, name_count, sizeof(*names), compare_texts);
        for (size_t i = 0; i < name_count; i++) {
            strcat(line, i > 0 ? "," : "");
            strcat(line, names[i]);
        }
        if (views)
            strcat(line, run->views[last]);
        lines[line_count++] = strdup(line);
    }
    join_lines(lines, line_count, out);
    for (size_t i = 0; i < line_count; i++)
        free(lines[i]);
}

/* The name of the first story in the scenario that has the id, where we made that; else the id. */
static const char *name_of(const struct run *run, const char *id)
{
    for (size_t i = 0; i < run->place_count; i++) {
        if (run->uris[i] && strncmp(id, "urn:wiredesk:", 13) == 0 && strcmp(run->uris[i], id) == 0)
            return run->names[i];
    }
    return id;
}

static void name_stories(const struct run *run, char **advisory)
{
    char kind[512];
    char cause[512];
    char concerned[512];
    char text[1024];
    WD_ASSERT(sscanf(*advisory, "%511s %511s %511s", kind, cause, concerned) == 3);
    (void)snprintf(text, sizeof(text), "%s %s %s", kind, name_of(run, cause),
                   name_of(run, concerned));
    replace_text(advisory, text);
}

static void finish_run(struct run *run)
{
    for (size_t i = 0; i < run->advisory_count; i++)
        name_stories(run, &run->advisories[i]);
    write_sets(run, &run->lineages, run->lineage_of, true, run->outcome->lineages);
    write_sets(run, &run->groups, run->group_of, false, run->outcome->groups);
    join_lines(run->advisories, run->advisory_count, run->outcome->advisories);
    for (size_t i = 0; i < run->place_count; i++) {
        free(run->lineage_of[i]);
        free(run->group_of[i]);
        free(run->uris[i]);
    }
    for (size_t i = 0; i < run->advisory_count; i++)
        free(run->advisories[i]);
    free_unions(&run->lineages);
    free_unions(&run->groups);
    json_decref(run->records);
}

void wd_scenario_run(const struct wd_scenario *scenario, struct wd_config *config,
                     const size_t *order, unsigned dice, struct wd_scenario_outcome *outcome)
{
    static struct run run;
    struct wd_state *state = NULL;
    struct wd_desk *desk = NULL;
    memset(outcome, 0, sizeof(*outcome));
    memset(&run, 0, sizeof(run));
    run.scenario = scenario;
    run.outcome = outcome;
    run.records = json_array();
    run.place_count = scenario->count;
    for (size_t i = 0; i < scenario->count; i++)
        (void)snprintf(run.names[i], sizeof(run.names[i]), "%s", scenario->names[i]);
    open_desk(config, &state, &desk);
    size_t done = 0; /* committed */
    while (done < scenario->count) {
        size_t rest = scenario->count - done;
        size_t len = dice ? 1 + (size_t)rand_r(&dice) % rest : 1;
        for (size_t i = 0; i < len; i++)
            take(&run, desk, order[done + i]);
        if (dice && rand_r(&dice) % 2 == 0) {
            wd_state_rollback(state);
            json_array_clear(run.records);
            continue;
        }
        commit(&run, state);
        done += len;
        if (dice && rand_r(&dice) % 2 == 0)
            restart(config, &state, &desk);
    }
    wd_desk_destroy(desk);
    wd_state_destroy(state);
    finish_run(&run);
}

static void expected_sets(json_t *list, const char *member, char *out)
{
    char *lines[WD_SCENARIO_STORIES_MAX];
    size_t count = json_array_size(list);
    WD_ASSERT(count <= WD_SCENARIO_STORIES_MAX);
    for (size_t i = 0; i < count; i++) {
        json_t *set = json_array_get(list, i);
        json_t *stories = member ? json_object_get(set, member) : set;
        const char *names[WD_SCENARIO_STORIES_MAX];
        size_t name_count = json_array_size(stories);
        char line[1024] = "";
        for (size_t j = 0; j < name_count; j++)
            names[j] = json_string_value(json_array_get(stories, j));
        qsort(names, name_count, sizeof(*names), compare_texts);
        for (size_t j = 0; j < name_count; j++) {
            strcat(line, j > 0 ? "," : "");
            strcat(line, names[j]);
        }
        size_t len = strlen(line);
        if (member)
            (void)snprintf(line + len, sizeof(line) - len, " latest=%s state=%s",
                           text_of(set, "latest"), text_of(set, "state"));
        lines[i] = strdup(line);
    }
    join_lines(lines, count, out);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
}

void wd_scenario_expected(const struct wd_scenario *scenario, struct wd_scenario_outcome *expected)
{
    char *lines[ADVISORIES_MAX];
    memset(expected, 0, sizeof(*expected));
    expected_sets(json_object_get(scenario->source, "end"), "stories", expected->lineages);
    expected_sets(json_object_get(scenario->source, "groups"), NULL, expected->groups);
    json_t *advisories = json_object_get(scenario->source, "advisories");
    size_t count = json_array_size(advisories);
    for (size_t i = 0; i < count; i++)
        lines[i] = strdup(json_string_value(json_array_get(advisories, i)));
    join_lines(lines, count, expected->advisories);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    size_t index = 0;
    json_t *kind = NULL;
    json_array_foreach(json_object_get(scenario->source, "kinds"), index, kind)
    {
        strcat(expected->kinds, json_string_value(kind));
        strcat(expected->kinds, "\n");
    }
}

void wd_scenario_without_counts(const struct wd_scenario_outcome *outcome,
                                char text[WD_SCENARIO_TEXT_SIZE])
{
    const char *from = outcome->lineages;
    size_t len = 0;
    while (*from) {
        const char *end = strchr(from, '\n');
        const char *counts = strstr(from, " number=");
        size_t kept = (size_t)((counts && counts < end ? counts : end) - from);
        memcpy(text + len, from, kept);
        len += kept;
        text[len++] = '\n';
        from = end + 1;
    }
    text[len] = '\0';
}
