/* ninjs 1.x, 2.x and 3.x (IPTC News in JSON). One reader for all: every field is looked for under its
 * names in the three generations, see the table in the IPTC's "ninjs naming changes". */
#include "format_ninjs.h"

#include <stdio.h>

/* What is being decoded. */
struct reading {
    const struct wd_decode_input *input;
    struct wd_story *story;
    struct wd_json_object root;
    struct wd_error *error;
};

static int sniff(struct wd_slice head, size_t total_len)
{
    static const char *const keys[] = {"\"uri\"",        "\"versioncreated\"", "\"versionCreated\"",
                                       "\"headline\"",   "\"headlines\"",      "\"body_text\"",
                                       "\"body_xhtml\"", "\"bodies\"",         "\"pubstatus\"",
                                       "\"pubStatus\""};
    (void)total_len;
    struct wd_slice text = wd_text_trim(head);
    if (text.len == 0)
        return 0;
    if (text.data[0] == '[')
        return 5; /* JSON, but no story: the decoder says so better than the sniffer */
    if (text.data[0] != '{')
        return 0;
    int sure = 40;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (memmem(text.data, text.len, keys[i], strlen(keys[i])))
            sure += 15;
    }
    return sure > 95 ? 95 : sure;
}

static bool has_any(const struct wd_json_object *object, const char *const *keys)
{
    for (; *keys; keys++) {
        if (wd_json_member(object, *keys))
            return true;
    }
    return false;
}

static int find_generation(const struct wd_json_object *root)
{
    static const char *const third[] = {
        "firstCreated", "versionCreated", "pubStatus", "embargoedUntil", "edNote", "altIds", NULL};
    static const char *const second[] = {"bodies", "headlines", "subjects",
                                         "people", "places",    NULL};
    yyjson_val *standard = wd_json_member(root, "standard");
    if (!standard)
        standard = wd_json_member(root, "$standard");
    struct wd_slice version = wd_json_text(standard, "version", NULL);
    if (version.len > 0 && version.data[0] >= '1' && version.data[0] <= '3')
        return version.data[0] - '0';
    if (has_any(root, third))
        return 3;
    return has_any(root, second) ? 2 : 1;
}

/* The first of two names under which text stands; a wrong type is remembered in the flags. */
WD_INLINE struct wd_slice text_of(struct reading *reading, const char *name, const char *other)
{
    bool wrong = false;
    struct wd_slice text = wd_json_member_text(wd_json_member(&reading->root, name), &wrong);
    if (text.len == 0 && other)
        text = wd_json_member_text(wd_json_member(&reading->root, other), &wrong);
    if (wrong)
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    return text;
}

/* Members without which the story would be another one: a wrong type is a fault. */
WD_INLINE enum wd_status needed_text(struct reading *reading, const char *name,
                                     struct wd_slice *text)
{
    bool wrong = false;
    *text = wd_json_member_text(wd_json_member(&reading->root, name), &wrong);
    if (!wrong)
        return WD_OK;
    wd_error_at_path(reading->error, "%s", name);
    return wd_error_set(reading->error, WD_WRONG_TYPE, "\"%s\" must be a string", name);
}

WD_INLINE struct wd_time time_of(struct reading *reading, const char *name, const char *other)
{
    return wd_time_parse(text_of(reading, name, other), reading->input->provider->zone);
}

static enum wd_status read_identity(struct reading *reading)
{
    struct wd_story *story = reading->story;
    enum wd_status status = needed_text(reading, "uri", &story->guid);
    if (status != WD_OK)
        return status;
    if (story->guid.len > WD_GUID_BYTES_MAX) {
        wd_error_at_path(reading->error, "uri");
        return wd_error_set(reading->error, WD_TOO_LARGE, "\"uri\" has %zu bytes, more than %d",
                            story->guid.len, WD_GUID_BYTES_MAX);
    }
    yyjson_val *version = wd_json_member(&reading->root, "version");
    if (yyjson_is_int(version)) { /* the schema says string; providers send numbers */
        story->version = wd_arena_printf(story->arena, "%lld", (long long)yyjson_get_sint(version));
        story->flags |= WD_FLAG_WRONG_TYPES;
    } else {
        story->version = text_of(reading, "version", NULL);
    }
    if (story->version.len > WD_GUID_BYTES_MAX)
        return wd_error_set(reading->error, WD_TOO_LARGE, "\"version\" has %zu bytes",
                            story->version.len);
    story->version_order = WD_VERSION_ORDER_HINT; /* a string that ninjs promises nothing about */
    story->slug = text_of(reading, "slugline", NULL);
    return WD_OK;
}

/* What ninjs knows besides text: see "newsObjectType" of its schema. */
static void read_type(struct reading *reading)
{
    static const char *const types[] = {"audio",     "video",     "picture", "graphic",
                                        "composite", "component", "event",   "planning"};
    struct wd_slice type = text_of(reading, "type", NULL);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (wd_slice_is(type, types[i]))
            reading->story->item_type = type;
    }
    if (type.len > 0 && !wd_slice_is(type, "text") && reading->story->item_type.len == 0)
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    struct wd_slice extent = text_of(reading, "representationtype", "representationType");
    if (wd_slice_is(extent, "incomplete") || wd_slice_is(extent, "partial"))
        reading->story->flags |= WD_FLAG_PARTIAL;
    else if (extent.len > 0 && !wd_slice_is(extent, "complete") && !wd_slice_is(extent, "full"))
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
}

static void read_times(struct reading *reading)
{
    struct wd_story *story = reading->story;
    story->published = time_of(reading, "firstcreated", "firstCreated");
    story->updated = time_of(reading, "versioncreated", "versionCreated");
    story->content_created = time_of(reading, "contentcreated", "contentCreated");
    story->embargoed_until = time_of(reading, "embargoed", "embargoedUntil");
    story->expires = time_of(reading, "expires", NULL);
}

static enum wd_status read_status(struct reading *reading)
{
    struct wd_story *story = reading->story;
    struct wd_slice name = WD_SLICE_NONE;
    const char *key = wd_json_member(&reading->root, "pubStatus") ? "pubStatus" : "pubstatus";
    enum wd_status status = needed_text(reading, key, &name);
    if (status != WD_OK)
        return status;
    if (wd_text_equal_ascii_case(name, WD_SLICE("cancelled")))
        name = WD_SLICE("canceled");
    if (name.len > 0 && !wd_story_status_from_name(name, &story->status)) {
        /* A kill must not get through as usable because somebody spelt it in a new way. */
        wd_error_at_path(reading->error, "%s", key);
        return wd_error_set(
            reading->error, WD_OUT_OF_RANGE,
            "\"%s\" is \"%.*s\": usable, withheld, canceled and embargoed are known", key,
            WD_SLICE_ARG(wd_utf8_cut(name, 64)));
    }
    wd_decode_embargo(story);
    return WD_OK;
}

static double share_of(yyjson_val *object, const char *name)
{
    yyjson_val *value = yyjson_obj_get(object, name);
    return yyjson_is_num(value) ? yyjson_get_num(value) : -1;
}

static enum wd_status read_concepts(struct reading *reading, const char *name,
                                    struct wd_concepts *list)
{
    yyjson_val *array = wd_json_member(&reading->root, name);
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
            wd_error_at_path(reading->error, "%s", name);
            return wd_error_set(reading->error, WD_TOO_LARGE, "\"%s\" has more than %d entries",
                                name, WD_CONCEPTS_MAX);
        }
        concept->name = wd_json_text(item, "name", NULL);
        concept->rel = wd_json_text(item, "rel", NULL);
        if (concept->rel.len == 0)
        concept->rel = wd_json_text(item, "role", NULL); /* of infoSources */
        concept->uri = wd_json_text(item, "uri", NULL);
        concept->literal = wd_json_text(item, "literal", NULL);
        concept->creator = wd_json_text(item, "creator", NULL);
        concept->relevance = share_of(item, "relevance");
        concept->confidence = share_of(item, "confidence");
        struct wd_slice code = wd_json_text(item, "code", NULL); /* 1.x: code and scheme */
        struct wd_slice scheme = wd_json_text(item, "scheme", NULL);
        concept->scheme = scheme;
        concept->code = code;
        if (concept->literal.len == 0 && code.len > 0)
        concept->literal = scheme.len == 0
                               ? code
                               : wd_arena_printf(reading->story->arena, "%.*s:%.*s",
                                                 WD_SLICE_ARG(scheme), WD_SLICE_ARG(code));
    }
    return WD_OK;
}

static enum wd_status read_all_concepts(struct reading *reading)
{
    struct wd_story *story = reading->story;
    const struct {
        const char *names[3];
        struct wd_concepts *list;
    } lists[] = {
        {{"subject", "subjects", NULL}, &story->subjects},
        {{"person", "people", NULL}, &story->people},
        {{"organisation", "organisations", NULL}, &story->organisations},
        {{"place", "places", NULL}, &story->places},
        {{"event", "events", NULL}, &story->events},
        {{"object", "objects", NULL}, &story->objects},
        {{"genre", "genres", NULL}, &story->genres},
        {{"infosource", "infosources", "infoSources"}, &story->infosources},
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (size_t j = 0; j < 3 && lists[i].names[j]; j++) {
            enum wd_status status = read_concepts(reading, lists[i].names[j], lists[i].list);
            if (status != WD_OK)
                return status;
        }
    }
    return WD_OK;
}

/* 2.x and 3.x: the entry of a list of {role, contentType, value} that suits best: the main one, else
 * the first. */
static yyjson_val *find_main(yyjson_val *list)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(list, index, max, item)
    {
        struct wd_slice role = wd_json_text(item, "role", NULL);
        if (role.len == 0 || wd_text_equal_ascii_case(role, WD_SLICE("main")))
            return item;
    }
    return yyjson_arr_get_first(list);
}

static enum wd_status wrong_type(struct reading *reading, const char *name, const char *wanted)
{
    wd_error_at_path(reading->error, "%s", name);
    return wd_error_set(reading->error, WD_WRONG_TYPE, "\"%s\" must be %s", name, wanted);
}

static enum wd_status read_headline(struct reading *reading)
{
    struct wd_story *story = reading->story;
    enum wd_status status = needed_text(reading, "headline", &story->headline);
    if (status != WD_OK)
        return status;
    yyjson_val *list = wd_json_member(&reading->root, "headlines");
    if (list && !yyjson_is_arr(list))
        return wrong_type(reading, "headlines", "a list");
    if (story->headline.len == 0)
        story->headline = wd_json_text(find_main(list), "value", NULL);
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

static enum wd_status take_plain(struct reading *reading, struct wd_slice text)
{
    enum wd_status status = wd_decode_add_lines(reading->story, text);
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
    struct wd_slice plain = WD_SLICE_NONE;
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
        struct wd_slice *place = is_html(type) ? &html : &plain;
        if (place->len == 0)
            *place = value;
    }
    enum wd_status status = take_plain(reading, plain);
    return status == WD_OK ? take_html(reading, html) : status;
}

static enum wd_status read_body(struct reading *reading)
{
    static const char *const html_keys[] = {"body_xhtml", "body_html", "body_html5", NULL};
    yyjson_val *list = wd_json_member(&reading->root, "bodies");
    if (list)
        return read_bodies(reading, list);
    struct wd_slice text = WD_SLICE_NONE;
    enum wd_status status = needed_text(reading, "body_text", &text);
    if (status == WD_OK)
        status = take_plain(reading, text);
    for (size_t i = 0; status == WD_OK && html_keys[i] && reading->story->body_html.len == 0; i++) {
        status = needed_text(reading, html_keys[i], &text);
        if (status == WD_OK)
            status = take_html(reading, text);
    }
    return status;
}

static void read_copy(struct reading *reading)
{
    struct wd_story *story = reading->story;
    story->byline = text_of(reading, "byline", "by");
    story->located = text_of(reading, "located", NULL);
    story->editors_note = text_of(reading, "ednote", "edNote");
    story->language = text_of(reading, "language", NULL);
    story->summary = text_of(reading, "description_summary", "description_text");
    if (story->summary.len == 0)
        story->summary =
            wd_json_text(find_main(wd_json_member(&reading->root, "descriptions")), "value", NULL);
    yyjson_val *urgency = wd_json_member(&reading->root, "urgency");
    double number = yyjson_is_num(urgency) ? yyjson_get_num(urgency) : 0;
    if (number >= 1 && number <= 9)
        story->urgency = (int)number;
    else if (urgency)
        story->flags |= WD_FLAG_WRONG_TYPES;
}

static int32_t pixels_of(yyjson_val *rendition, const char *name)
{
    yyjson_val *value = yyjson_obj_get(rendition, name);
    int64_t pixels = yyjson_is_int(value) ? yyjson_get_sint(value) : 0;
    return pixels > 0 && pixels < INT32_MAX ? (int32_t)pixels : 0;
}

/* Fills the medium from its widest rendition; renditions are an object in 1.x, a list later. */
static void read_renditions(yyjson_val *item, struct wd_media *media)
{
    yyjson_val *renditions = yyjson_obj_get(item, "renditions");
    size_t count = yyjson_is_arr(renditions) ? yyjson_arr_size(renditions) : 0;
    yyjson_val *widest = NULL;
    for (size_t i = 0; i < count; i++) {
        yyjson_val *one = yyjson_arr_get(renditions, i);
        if (!widest || pixels_of(one, "width") > pixels_of(widest, "width"))
            widest = one;
    }
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *one = NULL;
    yyjson_obj_foreach(renditions, index, max, key, one)
    {
        if (!widest || pixels_of(one, "width") > pixels_of(widest, "width"))
            widest = one;
    }
    media->href = wd_json_text(widest, "href", NULL);
    media->mimetype = wd_json_text(widest, "mimetype", NULL);
    if (media->mimetype.len == 0)
        media->mimetype = wd_json_text(widest, "contentType", NULL);
    media->width = pixels_of(widest, "width");
    media->height = pixels_of(widest, "height");
}

/* `key`: its name in ninjs 1; since 2 it is a member. */
static void read_medium(struct reading *reading, yyjson_val *key, yyjson_val *item)
{
    struct wd_slice type = wd_json_text(item, "type", NULL);
    bool medium = wd_slice_is(type, "picture") || wd_slice_is(type, "video") ||
                  wd_slice_is(type, "audio") || wd_slice_is(type, "graphic");
    struct wd_media *media = medium ? wd_story_add_media(reading->story) : NULL;
    if (!media)
        return;
    media->type = type;
    media->name = key ? wd_slice_make(yyjson_get_str(key), yyjson_get_len(key))
                      : wd_json_text(item, "name", NULL);
    media->uri = wd_json_text(item, "uri", NULL);
    media->headline = wd_json_text(item, "headline", NULL);
    if (media->headline.len == 0)
        media->headline = wd_json_text(find_main(yyjson_obj_get(item, "headlines")), "value", NULL);
    media->caption = wd_json_text(item, "description_caption", NULL);
    if (media->caption.len == 0)
        media->caption = wd_json_text(item, "description_text", NULL);
    if (media->caption.len == 0)
        media->caption =
            wd_json_text(find_main(yyjson_obj_get(item, "descriptions")), "value", NULL);
    media->credit = wd_json_text(item, "byline", NULL);
    if (media->credit.len == 0)
        media->credit = wd_json_text(item, "by", NULL);
    read_renditions(item, media);
}

static void read_associations(struct reading *reading)
{
    yyjson_val *list = wd_json_member(&reading->root, "associations");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(list, index, max, item) read_medium(reading, NULL, item);
    yyjson_obj_foreach(list, index, max, key, item) read_medium(reading, key, item);
}

/* Text members of ninjs 3.1 that we do not read but hand on. */
static enum wd_status hand_on(struct reading *reading)
{
    static const struct {
        const char *name, *older;
    } members[] = {{"copyrightHolder", "copyrightholder"},
                   {"copyrightNotice", "copyrightnotice"},
                   {"usageTerms", "usageterms"},
                   {"title", "title"},
                   {"profile", "profile"}};
    struct wd_buffer json;
    wd_buffer_init(&json);
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]) && status == WD_OK; i++) {
        struct wd_slice text = text_of(reading, members[i].older, members[i].name);
        if (text.len == 0)
            continue;
        json.len = 0;
        wd_json_write_string(&json, text);
        struct wd_slice copy = wd_arena_copy(reading->story->arena, wd_buffer_slice(&json));
        status = wd_buffer_ok(&json) && copy.data
                     ? wd_story_add_member(reading->story, wd_slice_from(members[i].name), copy)
                     : WD_NO_MEMORY;
    }
    wd_buffer_finish(&json);
    return status == WD_OK ? WD_OK : wd_error_set(reading->error, status, "no memory");
}

enum wd_status wd_ninjs_read_story(const struct wd_decode_input *input, struct wd_story *story,
                                   yyjson_val *root, struct wd_error *error)
{
    struct reading reading = {input, story, wd_json_object(root), error};
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
    read_associations(&reading);
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
static struct wd_slice source_of(const struct wd_json_object *root)
{
    static const char *const lists[] = {"infosource", "infosources", "infoSources"};
    struct wd_slice source = WD_SLICE_NONE;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        size_t index = 0;
        size_t max = 0;
        yyjson_val *item = NULL;
        yyjson_arr_foreach(wd_json_member(root, lists[i]), index, max, item)
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
        source = wd_json_member_text(wd_json_member(root, "copyrightholder"), NULL);
    return source.len > 0 ? source
                          : wd_json_member_text(wd_json_member(root, "copyrightHolder"), NULL);
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    static const char *const formats[] = {"ninjs/1", "ninjs/2", "ninjs/3"};
    static const char *const story_keys[] = {"uri",       "headline",   "headlines", "bodies",
                                             "body_text", "body_xhtml", "body_html", NULL};
    struct wd_story *story = wd_decode_begin_story(input, batch, "ninjs", error);
    if (!story)
        return error->status;
    yyjson_val *root = NULL;
    enum wd_status status = wd_json_read(input->raw, story->arena, &root, error);
    if (status != WD_OK)
        return status;
    struct wd_json_object object = wd_json_object(root);
    if (!object.value || !has_any(&object, story_keys))
        return wd_error_set(error, WD_UNKNOWN_FORMAT,
                            "JSON, but no story: it has no uri, headline or body");
    story->provenance.format = wd_slice_from(formats[find_generation(&object) - 1]);
    struct wd_decode_input own = *input;
    own.provider = wd_decode_provider(input, source_of(&object));
    status = wd_ninjs_read_story(&own, story, root, error);
    wd_ninjs_check_members(&own, story, root);
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
               WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_NOTE |
               WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY | WD_CARRIES_BODY | WD_CARRIES_MEDIA,
    .sniff = sniff,
    .decode = decode,
};
