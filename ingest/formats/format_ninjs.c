/* ninjs 1.x, 2.x and 3.x (IPTC News in JSON). One reader for all: every field is looked for under its
 * names in the three generations, see the table in the IPTC's "ninjs naming changes". */
#include "format_ninjs.h"

#include "dateline.h"
#include "json_copy.h"

#include <stddef.h>
#include <stdio.h>

/* What is being decoded. */
struct reading {
    const struct wd_decode_input *input;
    struct wd_story *story;
    const struct wd_ninjs_object *object;
    struct wd_error *error;
};

/* Any JSON: where it is no story the decoder says so better than the sniffer. Other formats in JSON are surer. */
static int sniff(struct wd_slice head, size_t total_len)
{
    (void)total_len;
    struct wd_slice text = wd_text_trim(head);
    if (text.len > 0 && text.data[0] == '{')
        return 40;
    return text.len > 0 && text.data[0] == '[' ? 5 : 0;
}

/* Short below: a member of the item. */
#define ITEM(name) WD_NINJS_ITEM_##name

static const char *name_of(enum wd_ninjs_item_member member)
{
    return wd_ninjs_item.members[member].name.data;
}

static bool has_any(const struct wd_ninjs_object *object, const enum wd_ninjs_item_member *members,
                    size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any = any || object->members[members[i]];
    return any;
}

static int find_generation(const struct wd_ninjs_object *object)
{
    static const enum wd_ninjs_item_member third[] = {ITEM(FIRST_CREATED), ITEM(VERSION_CREATED),
                                                      ITEM(PUB_STATUS),    ITEM(EMBARGOED_UNTIL),
                                                      ITEM(ED_NOTE),       ITEM(ALT_IDS)};
    static const enum wd_ninjs_item_member second[] = {ITEM(BODIES), ITEM(HEADLINES),
                                                       ITEM(SUBJECTS), ITEM(PEOPLE), ITEM(PLACES)};
    yyjson_val *standard = object->members[ITEM(STANDARD)];
    if (!standard)
        standard = object->members[ITEM(DOLLAR_STANDARD)];
    struct wd_slice version = wd_json_text(standard, "version", NULL);
    if (version.len > 0 && version.data[0] >= '1' && version.data[0] <= '3')
        return version.data[0] - '0';
    if (has_any(object, third, sizeof(third) / sizeof(third[0])))
        return 3;
    return has_any(object, second, sizeof(second) / sizeof(second[0])) ? 2 : 1;
}

static yyjson_val *member_of(const struct reading *reading, enum wd_ninjs_item_member member)
{
    return reading->object->members[member];
}

/* A wrong type is remembered in the flags. */
static struct wd_slice text_of(struct reading *reading, enum wd_ninjs_item_member member)
{
    bool wrong = false;
    struct wd_slice text = wd_json_member_text(member_of(reading, member), &wrong);
    if (wrong)
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    return text;
}

/* The first of two names under which text stands. */
static struct wd_slice either_text(struct reading *reading, enum wd_ninjs_item_member member,
                                   enum wd_ninjs_item_member other)
{
    struct wd_slice text = text_of(reading, member);
    return text.len > 0 ? text : text_of(reading, other);
}

/* Members without which the story would be another one: a wrong type is a fault. */
static enum wd_status needed_text(struct reading *reading, enum wd_ninjs_item_member member,
                                  struct wd_slice *text)
{
    bool wrong = false;
    *text = wd_json_member_text(member_of(reading, member), &wrong);
    if (!wrong)
        return WD_OK;
    const char *name = name_of(member);
    wd_error_at_path(reading->error, "%s", name);
    return wd_error_set(reading->error, WD_WRONG_TYPE, "\"%s\" must be a string", name);
}

static struct wd_time time_of(struct reading *reading, enum wd_ninjs_item_member member,
                              enum wd_ninjs_item_member other)
{
    return wd_time_parse(either_text(reading, member, other), reading->input->provider->zone);
}

static enum wd_status read_identity(struct reading *reading)
{
    struct wd_story *story = reading->story;
    enum wd_status status = needed_text(reading, ITEM(URI), &story->guid);
    if (status != WD_OK)
        return status;
    if (story->guid.len > WD_GUID_BYTES_MAX) {
        wd_error_at_path(reading->error, "uri");
        return wd_error_set(reading->error, WD_TOO_LARGE, "\"uri\" has %zu bytes, more than %d",
                            story->guid.len, WD_GUID_BYTES_MAX);
    }
    yyjson_val *version = member_of(reading, ITEM(VERSION));
    if (yyjson_is_int(version)) { /* the schema says string; providers send numbers */
        story->version = wd_arena_printf(story->arena, "%lld", (long long)yyjson_get_sint(version));
        story->flags |= WD_FLAG_WRONG_TYPES;
    } else {
        story->version = text_of(reading, ITEM(VERSION));
    }
    if (story->version.len > WD_GUID_BYTES_MAX)
        return wd_error_set(reading->error, WD_TOO_LARGE, "\"version\" has %zu bytes",
                            story->version.len);
    story->version_order = WD_VERSION_ORDER_HINT; /* a string that ninjs promises nothing about */
    story->slug = text_of(reading, ITEM(SLUGLINE));
    /* No member of IPTC's, but of systems that send every rewrite under an id of its own. */
    story->previous = either_text(reading, ITEM(EVOLVEDFROM), ITEM(EVOLVED_FROM));
    return WD_OK;
}

/* What ninjs knows besides text: see "newsObjectType" of its schema. */
static void read_type(struct reading *reading)
{
    static const char *const types[] = {"audio",     "video",     "picture", "graphic",
                                        "composite", "component", "event",   "planning"};
    struct wd_slice type = text_of(reading, ITEM(TYPE));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (wd_slice_is(type, types[i]))
            reading->story->item_type = type;
    }
    if (type.len > 0 && !wd_slice_is(type, "text") && reading->story->item_type.len == 0)
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    struct wd_slice extent =
        either_text(reading, ITEM(REPRESENTATIONTYPE), ITEM(REPRESENTATION_TYPE));
    if (wd_slice_is(extent, "incomplete") || wd_slice_is(extent, "partial"))
        reading->story->flags |= WD_FLAG_PARTIAL;
    else if (extent.len > 0 && !wd_slice_is(extent, "complete") && !wd_slice_is(extent, "full"))
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
}

static void read_times(struct reading *reading)
{
    struct wd_story *story = reading->story;
    story->published = time_of(reading, ITEM(FIRSTCREATED), ITEM(FIRST_CREATED));
    story->updated = time_of(reading, ITEM(VERSIONCREATED), ITEM(VERSION_CREATED));
    story->content_created = time_of(reading, ITEM(CONTENTCREATED), ITEM(CONTENT_CREATED));
    story->embargoed_until = time_of(reading, ITEM(EMBARGOED), ITEM(EMBARGOED_UNTIL));
    story->expires = time_of(reading, ITEM(EXPIRES), ITEM(EXPIRES));
}

static enum wd_status read_status(struct reading *reading)
{
    struct wd_story *story = reading->story;
    struct wd_slice name = WD_SLICE_NONE;
    enum wd_ninjs_item_member member =
        member_of(reading, ITEM(PUB_STATUS)) ? ITEM(PUB_STATUS) : ITEM(PUBSTATUS);
    enum wd_status status = needed_text(reading, member, &name);
    if (status != WD_OK)
        return status;
    if (wd_text_equal_ascii_case(name, WD_SLICE("cancelled")))
        name = WD_SLICE("canceled");
    if (name.len > 0 && !wd_story_status_from_name(name, &story->status)) {
        /* A kill must not get through as usable because somebody spelt it in a new way. */
        wd_error_at_path(reading->error, "%s", name_of(member));
        return wd_error_set(
            reading->error, WD_OUT_OF_RANGE,
            "\"%s\" is \"%.*s\": usable, withheld, canceled and embargoed are known",
            name_of(member), WD_SLICE_ARG(wd_utf8_cut(name, 64)));
    }
    wd_decode_embargo(story);
    return WD_OK;
}

static const struct {
    struct wd_slice name;
    size_t place;
} concept_texts[] = {
    {WD_SLICE("name"), offsetof(struct wd_concept, name)},
    {WD_SLICE("uri"), offsetof(struct wd_concept, uri)},
    {WD_SLICE("rel"), offsetof(struct wd_concept, rel)},
    {WD_SLICE("code"), offsetof(struct wd_concept, code)},
    {WD_SLICE("scheme"), offsetof(struct wd_concept, scheme)},
    {WD_SLICE("literal"), offsetof(struct wd_concept, literal)},
    {WD_SLICE("creator"), offsetof(struct wd_concept, creator)},
};
enum { CONCEPT_TEXTS = sizeof(concept_texts) / sizeof(concept_texts[0]) };

static void read_concept_member(struct wd_concept *concept, struct wd_slice name, yyjson_val *value,
                                struct wd_slice *role)
{
    struct wd_slice text = wd_json_member_text(value, NULL);
    for (size_t i = 0; i < CONCEPT_TEXTS; i++) {
        if (!wd_slice_equal(name, concept_texts[i].name))
            continue;
        memcpy((char *)concept + concept_texts[i].place, &text, sizeof(text));
        return;
    }
    if (wd_slice_is(name, "role"))
        *role = text;
    else if (wd_slice_is(name, "relevance") && yyjson_is_num(value))
    concept->relevance = yyjson_get_num(value);
    else if (wd_slice_is(name, "confidence") && yyjson_is_num(value)) concept->confidence =
        yyjson_get_num(value);
}

static void read_concept(struct reading *reading, yyjson_val *item, struct wd_concept *concept)
{
    struct wd_slice role = WD_SLICE_NONE;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    yyjson_obj_foreach(item, index, max, key, value)
        read_concept_member(concept, wd_json_member_text(key, NULL), value, &role);
    if (concept->rel.len == 0)
    concept->rel = role;                      /* of infoSources */
    struct wd_slice scheme = concept->scheme; /* 1.x: code and scheme */
    if (concept->literal.len == 0 && concept->code.len > 0)
    concept->literal = scheme.len == 0
                           ? concept->code
                           : wd_arena_printf(reading->story->arena, "%.*s:%.*s",
                                             WD_SLICE_ARG(scheme), WD_SLICE_ARG(concept->code));
}

static enum wd_status read_concepts(struct reading *reading, enum wd_ninjs_item_member member,
                                    struct wd_concepts *list)
{
    yyjson_val *array = member_of(reading, member);
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    if (array && !yyjson_is_arr(array))
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    yyjson_arr_foreach(array, index, max, item)
    {
        if (!yyjson_is_obj(item)) {
            reading->story->flags |= WD_FLAG_WRONG_TYPES;
            continue;
        }
        struct wd_concept *concept = wd_story_add_concept(reading->story, list);
        if (!concept) {
            wd_error_at_path(reading->error, "%s", name_of(member));
            return wd_error_set(reading->error, WD_TOO_LARGE, "\"%s\" has more than %d entries",
                                name_of(member), WD_CONCEPTS_MAX);
        }
        read_concept(reading, item, concept);
    }
    return WD_OK;
}

static enum wd_status read_all_concepts(struct reading *reading)
{
    static const struct {
        enum wd_ninjs_item_member member;
        size_t list;
    } lists[] = {
        {ITEM(SUBJECT), offsetof(struct wd_story, subjects)},
        {ITEM(SUBJECTS), offsetof(struct wd_story, subjects)},
        {ITEM(PERSON), offsetof(struct wd_story, people)},
        {ITEM(PEOPLE), offsetof(struct wd_story, people)},
        {ITEM(ORGANISATION), offsetof(struct wd_story, organisations)},
        {ITEM(ORGANISATIONS), offsetof(struct wd_story, organisations)},
        {ITEM(PLACE), offsetof(struct wd_story, places)},
        {ITEM(PLACES), offsetof(struct wd_story, places)},
        {ITEM(EVENT), offsetof(struct wd_story, events)},
        {ITEM(EVENTS), offsetof(struct wd_story, events)},
        {ITEM(OBJECT), offsetof(struct wd_story, objects)},
        {ITEM(OBJECTS), offsetof(struct wd_story, objects)},
        {ITEM(GENRE), offsetof(struct wd_story, genres)},
        {ITEM(GENRES), offsetof(struct wd_story, genres)},
        {ITEM(INFOSOURCE), offsetof(struct wd_story, infosources)},
        {ITEM(INFOSOURCES), offsetof(struct wd_story, infosources)},
        {ITEM(INFO_SOURCES), offsetof(struct wd_story, infosources)},
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (!member_of(reading, lists[i].member))
            continue;
        void *list = (char *)reading->story + lists[i].list;
        enum wd_status status = read_concepts(reading, lists[i].member, list);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

static enum wd_status wrong_type(struct reading *reading, const char *name, const char *wanted)
{
    wd_error_at_path(reading->error, "%s", name);
    return wd_error_set(reading->error, WD_WRONG_TYPE, "\"%s\" must be %s", name, wanted);
}

static enum wd_status read_headline(struct reading *reading)
{
    struct wd_story *story = reading->story;
    enum wd_status status = needed_text(reading, ITEM(HEADLINE), &story->headline);
    if (status != WD_OK)
        return status;
    yyjson_val *list = member_of(reading, ITEM(HEADLINES));
    if (list && !yyjson_is_arr(list))
        return wrong_type(reading, "headlines", "a list");
    if (story->headline.len == 0)
        story->headline = wd_json_text(wd_ninjs_main_of(list), "value", NULL);
    if (story->headline.len == 0)
        story->headline = wd_json_member_text(reading->object->headline, NULL);
    return WD_OK;
}

static bool is_html(struct wd_slice type)
{
    return memmem(type.data ? type.data : "", type.len, "html", 4) != NULL;
}

static enum wd_status take_html(struct reading *reading, struct wd_slice html)
{
    reading->story->body_html = html;
    if (reading->story->paragraph_count > 0 || html.len == 0)
        return WD_OK;
    return wd_decode_add_html(reading->story, html, reading->error);
}

static enum wd_status take_plain(struct reading *reading, const yyjson_val *text)
{
    enum wd_status status =
        wd_decode_add_json_lines(reading->story, reading->object->reading, text);
    if (status == WD_OK)
        return WD_OK;
    return wd_error_set(reading->error, status, "the body has more than %d paragraphs",
                        WD_PARAGRAPHS_MAX);
}

/* bodies[]: plain text first, because its paragraphs are the provider's own bytes. */
static enum wd_status read_bodies(struct reading *reading, yyjson_val *list)
{
    if (!yyjson_is_arr(list))
        return wrong_type(reading, "bodies", "a list");
    const yyjson_val *plain = NULL;
    struct wd_slice html = WD_SLICE_NONE;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(list, index, max, item)
    {
        bool wrong = false;
        struct wd_slice value = wd_json_text(item, "value", &wrong);
        if (wrong || !yyjson_is_obj(item))
            return wrong_type(reading, "bodies", "a list of objects with a text in \"value\"");
        struct wd_slice type = wd_json_text(item, "contentType", NULL);
        if (type.len == 0)
            type = wd_json_text(item, "contenttype", NULL);
        if (is_html(type))
            html = html.len == 0 ? value : html;
        else if (!plain && value.len > 0)
            plain = yyjson_obj_get(item, "value");
    }
    enum wd_status status = take_plain(reading, plain);
    return status == WD_OK ? take_html(reading, html) : status;
}

static enum wd_status read_body(struct reading *reading)
{
    static const enum wd_ninjs_item_member html[] = {ITEM(BODY_XHTML), ITEM(BODY_HTML),
                                                     ITEM(BODY_HTML5)};
    yyjson_val *list = member_of(reading, ITEM(BODIES));
    if (list)
        return read_bodies(reading, list);
    struct wd_slice text = WD_SLICE_NONE;
    enum wd_status status = needed_text(reading, ITEM(BODY_TEXT), &text);
    if (status == WD_OK)
        status = take_plain(reading, member_of(reading, ITEM(BODY_TEXT)));
    for (size_t i = 0; status == WD_OK && i < 3 && reading->story->body_html.len == 0; i++) {
        status = needed_text(reading, html[i], &text);
        if (status == WD_OK)
            status = take_html(reading, text);
    }
    bool empty = reading->story->paragraph_count == 0;
    text = empty ? wd_json_member_text(reading->object->body, NULL) : WD_SLICE_NONE;
    if (status == WD_OK && text.len > 0)
        status = wd_decode_has_markup(text) ? take_html(reading, text)
                                            : take_plain(reading, reading->object->body);
    return status;
}

static void read_copy(struct reading *reading)
{
    struct wd_story *story = reading->story;
    story->byline = either_text(reading, ITEM(BYLINE), ITEM(BY));
    story->located = text_of(reading, ITEM(LOCATED));
    story->editors_note = either_text(reading, ITEM(EDNOTE), ITEM(ED_NOTE));
    story->language = text_of(reading, ITEM(LANGUAGE));
    story->summary = either_text(reading, ITEM(DESCRIPTION_SUMMARY), ITEM(DESCRIPTION_TEXT));
    if (story->summary.len == 0)
        story->summary =
            wd_json_text(wd_ninjs_main_of(member_of(reading, ITEM(DESCRIPTIONS))), "value", NULL);
    yyjson_val *urgency = member_of(reading, ITEM(URGENCY));
    double number = yyjson_is_num(urgency) ? yyjson_get_num(urgency) : 0;
    if (number >= 1 && number <= 9)
        story->urgency = (int)number;
    else if (urgency)
        story->flags |= WD_FLAG_WRONG_TYPES;
}

/* Text members of ninjs 3.1 that we do not read but hand on. */
static enum wd_status hand_on(struct reading *reading)
{
    static const struct {
        enum wd_ninjs_item_member member, older;
    } members[] = {{ITEM(COPYRIGHT_HOLDER), ITEM(COPYRIGHTHOLDER)},
                   {ITEM(COPYRIGHT_NOTICE), ITEM(COPYRIGHTNOTICE)},
                   {ITEM(USAGE_TERMS), ITEM(USAGETERMS)},
                   {ITEM(TITLE), ITEM(TITLE)},
                   {ITEM(PROFILE), ITEM(PROFILE)}};
    struct wd_buffer json;
    wd_buffer_init(&json);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]) && status == WD_OK; i++) {
        struct wd_slice text = either_text(reading, members[i].older, members[i].member);
        if (text.len == 0)
            continue;
        json.len = 0;
        wd_json_write_string(&json, text);
        struct wd_slice copy = wd_arena_copy(reading->story->arena, wd_buffer_slice(&json));
        status = wd_buffer_ok(&json) && copy.data
                     ? wd_story_add_member(reading->story,
                                           wd_ninjs_item.members[members[i].member].name, copy)
                     : WD_NO_MEMORY;
    }
    wd_buffer_finish(&json);
    return status == WD_OK ? WD_OK : wd_error_set(reading->error, status, "no memory");
}

enum wd_status wd_ninjs_read_story(const struct wd_decode_input *input, struct wd_story *story,
                                   const struct wd_ninjs_object *object, struct wd_error *error)
{
    struct reading reading = {input, story, object, error};
    enum wd_status status = read_identity(&reading);
    read_type(&reading);
    read_times(&reading);
    if (status == WD_OK)
        status = read_status(&reading);
    if (status == WD_OK)
        status = read_headline(&reading);
    if (status == WD_OK)
        status = read_body(&reading);
    read_copy(&reading);
    if (status == WD_OK)
        status = read_all_concepts(&reading);
    wd_ninjs_read_media(story, member_of(&reading, ITEM(ASSOCIATIONS)));
    return status == WD_OK ? hand_on(&reading) : status;
}

static bool is_provider_role(struct wd_slice role)
{
    static const char word[] = "provider"; /* also behind "...partyrole/" or ":" */
    size_t len = sizeof(word) - 1;
    return role.len >= len && wd_text_equal_ascii_case(wd_slice_from_offset(role, role.len - len),
                                                       wd_slice_from(word));
}

/* Who sends, as the story itself says: the information source that is the provider, else the first
 * one without a role, else the holder of the copyright. */
static struct wd_slice source_of(const struct wd_ninjs_object *object)
{
    static const enum wd_ninjs_item_member lists[] = {ITEM(INFOSOURCE), ITEM(INFOSOURCES),
                                                      ITEM(INFO_SOURCES)};
    struct wd_slice source = WD_SLICE_NONE;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        size_t index = 0;
        size_t max = 0;
        yyjson_val *item = NULL;
        yyjson_arr_foreach(object->members[lists[i]], index, max, item)
        {
            struct wd_slice role = wd_json_text(item, "role", NULL);
            struct wd_slice name = wd_json_text(item, "name", NULL);
            if (role.len == 0)
                role = wd_json_text(item, "rel", NULL);
            if (is_provider_role(role) && name.len > 0)
                return name;
            if (role.len == 0 && source.len == 0)
                source = name;
        }
    }
    if (source.len == 0)
        source = wd_json_member_text(object->members[ITEM(COPYRIGHTHOLDER)], NULL);
    return source.len > 0 ? source
                          : wd_json_member_text(object->members[ITEM(COPYRIGHT_HOLDER)], NULL);
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    static const char *const formats[] = {"ninjs/1", "ninjs/2", "ninjs/3"};
    static const enum wd_ninjs_item_member needed[] = {
        ITEM(URI),       ITEM(HEADLINE),   ITEM(HEADLINES), ITEM(BODIES),
        ITEM(BODY_TEXT), ITEM(BODY_XHTML), ITEM(BODY_HTML)};
    static const char *const maps[] = {"associations", "renditions", NULL};
    struct wd_json_reading known = {.maps = maps};
    struct wd_story *story = wd_decode_begin_story(input, batch, "ninjs", error);
    if (!story)
        return error->status;
    yyjson_val *root = NULL;
    enum wd_status status = wd_json_read_all(input->raw, story->arena, &known, &root, error);
    if (status != WD_OK)
        return status;
    struct wd_ninjs_object object;
    wd_ninjs_open(&object, root);
    object.reading = &known;
    if (!has_any(&object, needed, sizeof(needed) / sizeof(needed[0])))
        return wd_error_set(error, WD_UNKNOWN_FORMAT,
                            "JSON, but no story: it has no uri, headline or body");
    story->provenance.format = wd_slice_from(formats[find_generation(&object) - 1]);
    struct wd_decode_input own = *input;
    own.without_c1 = !known.c1;
    own.provider = wd_decode_provider(input, source_of(&object));
    status = wd_ninjs_read_story(&own, story, &object, error);
    if (status == WD_OK && story->paragraph_count > 0)
        wd_dateline_take(story, story->paragraphs[0]);
    wd_ninjs_check_members(&own, story, &object);
    if (known.repeated)
        story->flags |= WD_FLAG_REPEATED_KEYS;
    if (status == WD_OK)
        wd_decode_end_story(&own, story);
    return status;
}

const struct wd_decoder wd_decoder_ninjs = {
    .name = "ninjs",
    .summary = "IPTC ninjs 1.x, 2.x, 3.x (News in JSON)",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_VERSION | WD_CARRIES_PUBLISHED |
               WD_CARRIES_UPDATED | WD_CARRIES_EMBARGO | WD_CARRIES_EXPIRES | WD_CARRIES_STATUS |
               WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS | WD_CARRIES_ENTITIES |
               WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE |
               WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY |
               WD_CARRIES_BODY | WD_CARRIES_MEDIA,
    .json = true,
    .sniff = sniff,
    .decode = decode,
};
