/* AP's Media API: {"data":{"item":{...}}}, a page of {"data":{"items":[{"item":{...}}]}}, or the inner object
 * alone. It looks like ninjs 1 and is not: ids, versions and bylines are others, and the body stands elsewhere.
 *
 * Source: AP Media API developer guide, "Content item metadata". */
#include "dateline.h"
#include "decoder.h"
#include "json_copy.h"
#include "wire_words.h"

struct reading {
    struct wd_decode_input input; /* ours: the provider may become another one */
    struct wd_story *story;
    yyjson_val *item;
    const struct wd_json_reading *known; /* of its strings */
    struct wd_error *error;
};

/* The member as text; a wrong type is remembered in the flags. */
WD_INLINE struct wd_slice text_of(struct reading *reading, yyjson_val *object, const char *name)
{
    bool wrong = false;
    struct wd_slice text = wd_json_text(object, name, &wrong);
    if (wrong)
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    return text;
}

/* A text, or a number as text: versions are sent both ways. */
static struct wd_slice label_of(struct reading *reading, const char *name)
{
    yyjson_val *value = yyjson_obj_get(reading->item, name);
    if (!yyjson_is_int(value))
        return text_of(reading, reading->item, name);
    return wd_arena_printf(reading->story->arena, "%lld", (long long)yyjson_get_sint(value));
}

static void read_identity(struct reading *reading)
{
    struct wd_story *story = reading->story;
    yyjson_val *ids = yyjson_obj_get(reading->item, "altids");
    story->guid = text_of(reading, ids, "itemid");
    story->transmission = text_of(reading, ids, "etag");
    story->version = label_of(reading, "version");
    story->version_order = WD_VERSION_ORDER_NUMBER;
    yyjson_val *links = yyjson_obj_get(reading->item, "links");
    story->url = text_of(reading, yyjson_arr_get_first(links), "href");
    wd_decode_extra(&reading->input, story, WD_SLICE("referenceid"),
                    text_of(reading, ids, "referenceid"));
    yyjson_val *nitf = yyjson_obj_get(yyjson_obj_get(reading->item, "renditions"), "nitf");
    wd_decode_extra(&reading->input, story, WD_SLICE("renditions.nitf.href"),
                    text_of(reading, nitf, "href"));
}

static void read_times(struct reading *reading)
{
    struct wd_story *story = reading->story;
    const struct wd_zone *zone = reading->input.provider->zone;
    story->published = wd_time_parse(text_of(reading, reading->item, "firstcreated"), zone);
    story->updated = wd_time_parse(text_of(reading, reading->item, "versioncreated"), zone);
    story->embargoed_until = wd_time_parse(text_of(reading, reading->item, "embargoed"), zone);
    story->expires = wd_time_parse(text_of(reading, reading->item, "expires"), zone);
}

/* `signals` without "newscontent": for editors only, whatever pubstatus says. */
static void read_signals(struct reading *reading)
{
    yyjson_val *list = yyjson_obj_get(reading->item, "signals");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *signal = NULL;
    bool content = yyjson_arr_size(list) == 0;
    yyjson_arr_foreach(list, index, max, signal)
    {
        struct wd_slice text = wd_json_member_text(signal, NULL);
        content = content || wd_slice_is(text, "newscontent");
        struct wd_wire_words words = {0, 0};
        if (wd_wire_words_parse(text, &words))
            wd_wire_words_apply(&words, reading->story);
        if (wd_decode_is_kill(reading->input.provider, text))
            reading->story->status = WD_STORY_CANCELED;
    }
    if (!content)
        reading->story->signals |= WD_SIGNAL_ADVISORY;
}

static enum wd_status read_status(struct reading *reading)
{
    struct wd_story *story = reading->story;
    struct wd_slice name = text_of(reading, reading->item, "pubstatus");
    if (wd_text_equal_ascii_case(name, WD_SLICE("cancelled")))
        name = WD_SLICE("canceled");
    if (name.len > 0 && !wd_story_status_from_name(name, &story->status)) {
        /* A kill must not get through as usable because somebody spelt it in a new way. */
        wd_error_at_path(reading->error, "item.pubstatus");
        return wd_error_set(
            reading->error, WD_OUT_OF_RANGE,
            "ap: pubstatus is \"%.*s\": usable, embargoed, withheld and canceled are known",
            WD_SLICE_ARG(wd_utf8_cut(name, 64)));
    }
    bool later = wd_time_known(story->embargoed_until) && wd_time_known(story->received) &&
                 story->embargoed_until.ms > story->received.ms;
    if (story->status == WD_STORY_USABLE && later)
        story->status = WD_STORY_EMBARGOED;
    if (story->status == WD_STORY_CANCELED)
        story->signals |= WD_SIGNAL_KILL;
    return WD_OK;
}

/* "editorialtypes": ["Lead"], ["Correction"], ["Kill"], ["HoldForRelease"]: words of the desk, each as one. */
static void read_editorial_types(struct reading *reading)
{
    static const struct {
        const char *name;
        uint32_t set;
    } others[] = {{"HoldForRelease", WD_WIRE_ADVANCE},
                  {"Clarification", WD_WIRE_CORRECTION},
                  {"Elimination", WD_WIRE_KILL},
                  {"Withdrawal", WD_WIRE_KILL}};
    yyjson_val *list = yyjson_obj_get(reading->item, "editorialtypes");
    struct wd_wire_words all = {WD_WIRE_WHOLE, 0}; /* an item is always the whole story */
    size_t index = 0;
    size_t max = 0;
    yyjson_val *entry = NULL;
    yyjson_arr_foreach(list, index, max, entry)
    {
        struct wd_slice text = wd_json_member_text(entry, NULL);
        struct wd_wire_words words = {0, 0};
        if (wd_wire_words_parse(text, &words))
            all.set |= words.set;
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
            if (wd_text_equal_ascii_case(text, wd_slice_from(others[i].name)))
                all.set |= others[i].set;
        }
    }
    wd_wire_words_apply(&all, reading->story);
}

/* "AP-XX--Harbour Bridge, 3rd Ld-Writethru": what stands behind the last comma may be version words; the
 * slug is what is before them. */
static void read_slug(struct reading *reading)
{
    struct wd_story *story = reading->story;
    struct wd_slice slug = text_of(reading, reading->item, "slugline");
    const char *comma = slug.len > 0 ? memrchr(slug.data, ',', slug.len) : NULL;
    size_t before = comma ? (size_t)(comma - slug.data) : slug.len;
    struct wd_wire_words words;
    if (comma && wd_wire_words_parse(wd_slice_from_offset(slug, before + 1), &words)) {
        words.set |= WD_WIRE_WHOLE; /* an item is always the whole story */
        wd_wire_words_apply(&words, story);
        slug = wd_text_trim(wd_slice_make(slug.data, before));
    }
    if (slug.len == 0) /* the slug without its version */
        slug = text_of(reading, reading->item, "title");
    struct wd_wire_words orders = {0, 0};
    wd_wire_words_take_orders(&slug, &orders);
    wd_wire_words_apply(&orders, story);
    story->slug = slug;
}

static enum wd_status read_bylines(struct reading *reading)
{
    struct wd_decode_names names = {.first = WD_SLICE_NONE};
    size_t index = 0;
    size_t max = 0;
    yyjson_val *entry = NULL;
    yyjson_arr_foreach(yyjson_obj_get(reading->item, "bylines"), index, max, entry)
        wd_decode_add_author(&names, text_of(reading, entry, "by"));
    if (names.first.len == 0)
        wd_decode_add_author(&names, text_of(reading, reading->item, "byline"));
    bool any = names.first.len > 0;
    reading->story->byline = wd_decode_take_names(&names, reading->story->arena);
    return any && !reading->story->byline.data ? WD_NO_MEMORY : WD_OK;
}

static void read_copy(struct reading *reading)
{
    struct wd_story *story = reading->story;
    yyjson_val *item = reading->item;
    story->headline = text_of(reading, item, "headline");
    if (story->headline.len == 0)
        story->headline = text_of(reading, item, "headline_extended");
    if (story->headline.len == 0)
        story->headline = text_of(reading, item, "title");
    story->editors_note = text_of(reading, item, "ednote");
    story->language = text_of(reading, item, "language");
    story->summary = text_of(reading, item, "description_summary");
    story->located = text_of(reading, item, "located");
    struct wd_slice city = text_of(reading, yyjson_obj_get(item, "datelinelocation"), "city");
    story->dateline = city.len > 0 ? city : story->located;
    if (story->located.len == 0)
        story->located = city;
    yyjson_val *source = yyjson_arr_get_first(yyjson_obj_get(item, "infosource"));
    story->credit = text_of(reading, source, "name");
    if (story->credit.len == 0)
        story->credit = text_of(reading, item, "provider");
    yyjson_val *urgency = yyjson_obj_get(item, "urgency");
    int64_t number = yyjson_is_int(urgency) ? yyjson_get_sint(urgency) : 0;
    if (number >= 1 && number <= 9)
        story->urgency = (int)number;
    struct wd_slice priority = text_of(reading, item, "editorialpriority");
    if (priority.len == 1)
        story->urgency = wd_decode_urgency(&reading->input, priority.data[0], story->urgency);
}

/* The text itself is fetched by its address; where it came along it is taken. */
static enum wd_status read_body(struct reading *reading)
{
    static const char *const html_keys[] = {"body_xhtml", "body_html", "body_nitf", "nitf", NULL};
    struct wd_story *story = reading->story;
    yyjson_val *text = yyjson_obj_get(reading->item, "body_text");
    if (text && !yyjson_is_str(text) && !yyjson_is_null(text))
        story->flags |= WD_FLAG_WRONG_TYPES;
    enum wd_status status = wd_decode_add_json_lines(story, reading->known, text);
    for (size_t i = 0; html_keys[i] && status == WD_OK && story->paragraph_count == 0; i++) {
        struct wd_slice html = wd_json_text(reading->item, html_keys[i], NULL);
        if (html.len > 0)
            status = wd_decode_add_html(story, html, reading->error);
    }
    if (status == WD_OK && story->paragraph_count > 0 && story->dateline.len == 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status;
}

static enum wd_status add_concept(struct reading *reading, struct wd_concepts *list,
                                  yyjson_val *entry)
{
    if (!yyjson_is_obj(entry)) {
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
        return WD_OK;
    }
    struct wd_concept *concept = wd_story_add_concept(reading->story, list);
    if (!concept)
        return wd_error_set(reading->error, WD_TOO_LARGE, "ap: a list has more than %d entries",
                            WD_CONCEPTS_MAX);
    concept->name = text_of(reading, entry, "name");
    concept->code = text_of(reading, entry, "code");
    concept->scheme = text_of(reading, entry, "scheme");
    concept->creator = text_of(reading, entry, "creator");
    concept->literal = concept->code;
    if (concept->code.len > 0 && concept->scheme.len > 0) /* as ninjs 1's code and scheme */
    concept->literal = wd_arena_printf(reading->story->arena, "%.*s:%.*s",
                                       WD_SLICE_ARG(concept->scheme), WD_SLICE_ARG(concept->code));
    yyjson_val *rels = yyjson_obj_get(entry, "rels");
    concept->rel = wd_json_text(entry, "rel", NULL);
    if (yyjson_is_str(yyjson_arr_get_first(rels)))
    concept->rel = wd_slice_make(yyjson_get_str(yyjson_arr_get_first(rels)),
                                 yyjson_get_len(yyjson_arr_get_first(rels)));
    return WD_OK;
}

static enum wd_status read_concepts(struct reading *reading)
{
    struct wd_story *story = reading->story;
    const struct {
        const char *name;
        struct wd_concepts *list;
    } lists[] = {
        {"subject", &story->subjects},
        {"person", &story->people},
        {"organisation", &story->organisations},
        {"organization", &story->organisations},
        {"company", &story->organisations},
        {"place", &story->places},
        {"event", &story->events},
    };
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        yyjson_val *array = yyjson_obj_get(reading->item, lists[i].name);
        size_t index = 0;
        size_t max = 0;
        yyjson_val *entry = NULL;
        yyjson_arr_foreach(array, index, max, entry)
        {
            if (status == WD_OK)
                status = add_concept(reading, lists[i].list, entry);
        }
    }
    return status;
}

static bool is_medium(struct wd_slice type)
{
    return wd_slice_is(type, "picture") || wd_slice_is(type, "video") ||
           wd_slice_is(type, "audio") || wd_slice_is(type, "graphic");
}

static void read_medium(struct reading *reading, yyjson_val *item)
{
    struct wd_slice type = wd_json_text(item, "type", NULL);
    struct wd_media *media = is_medium(type) ? wd_story_add_media(reading->story) : NULL;
    if (!media)
        return;
    media->type = type;
    media->uri = wd_json_text(item, "uri", NULL);
    media->headline = wd_json_text(item, "headline", NULL);
    media->caption = wd_json_text(item, "description_caption", NULL);
    yyjson_val *by = yyjson_arr_get_first(yyjson_obj_get(item, "bylines"));
    media->credit = wd_json_text(by, "by", NULL);
}

/* What the item is itself, besides text. */
static void read_type(struct reading *reading)
{
    struct wd_slice type = wd_json_text(reading->item, "type", NULL);
    if (is_medium(type))
        reading->story->item_type = type;
}

static void read_associations(struct reading *reading)
{
    yyjson_val *list = yyjson_obj_get(reading->item, "associations");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *item = NULL;
    if (yyjson_is_arr(list))
        yyjson_arr_foreach(list, index, max, item) read_medium(reading, item);
    if (yyjson_is_obj(list))
        yyjson_obj_foreach(list, index, max, key, item) read_medium(reading, item);
}

/* Members that nothing else reads, as JSON. */
static void keep_rest(struct reading *reading)
{
    static const char *const read[] = {"altids",
                                       "version",
                                       "links",
                                       "renditions",
                                       "firstcreated",
                                       "versioncreated",
                                       "embargoed",
                                       "expires",
                                       "signals",
                                       "pubstatus",
                                       "editorialtypes",
                                       "slugline",
                                       "title",
                                       "bylines",
                                       "byline",
                                       "headline",
                                       "headline_extended",
                                       "ednote",
                                       "language",
                                       "description_summary",
                                       "located",
                                       "datelinelocation",
                                       "infosource",
                                       "provider",
                                       "urgency",
                                       "editorialpriority",
                                       "body_text",
                                       "body_xhtml",
                                       "body_html",
                                       "body_nitf",
                                       "nitf",
                                       "subject",
                                       "person",
                                       "organisation",
                                       "organization",
                                       "company",
                                       "place",
                                       "event",
                                       "associations",
                                       "keywords",
                                       "copyrightnotice",
                                       "usageterms",
                                       "type",
                                       NULL};
    struct wd_buffer json;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *key = NULL;
    yyjson_val *value = NULL;
    if (!reading->input.extra)
        return;
    wd_buffer_init(&json);
    yyjson_obj_foreach(reading->item, index, max, key, value)
    {
        struct wd_slice name = wd_json_member_text(key, NULL);
        size_t i = 0;
        while (read[i] && !wd_slice_is(name, read[i]))
            i++;
        if (read[i])
            continue;
        wd_buffer_clear(&json);
        wd_json_write_value(&json, value);
        struct wd_slice copy = wd_arena_copy(reading->story->arena, wd_buffer_slice(&json));
        wd_decode_extra(&reading->input, reading->story, name,
                        wd_buffer_ok(&json) ? copy : WD_SLICE_NONE);
    }
    wd_buffer_finish(&json);
}

static enum wd_status read_keywords(struct reading *reading)
{
    enum wd_status status = WD_OK;
    size_t index = 0;
    size_t max = 0;
    yyjson_val *entry = NULL;
    yyjson_arr_foreach(yyjson_obj_get(reading->item, "keywords"), index, max, entry)
    {
        struct wd_slice text = wd_json_member_text(entry, NULL);
        if (status == WD_OK && text.len > 0)
            status = wd_story_add_keyword(reading->story, text);
    }
    return status;
}

/* What ninjs has the same members for. */
static enum wd_status read_rights(struct reading *reading)
{
    static const struct {
        const char *theirs;
        struct wd_slice ours;
    } members[] = {{"copyrightnotice", WD_SLICE("copyrightNotice")},
                   {"usageterms", WD_SLICE("usageTerms")}};
    struct wd_buffer json;
    enum wd_status status = WD_OK;
    wd_buffer_init(&json);
    for (size_t i = 0; i < 2 && status == WD_OK; i++) {
        struct wd_slice text = wd_json_text(reading->item, members[i].theirs, NULL);
        if (text.len == 0)
            continue;
        wd_buffer_clear(&json);
        wd_json_write_string(&json, text);
        struct wd_slice copy = wd_arena_copy(reading->story->arena, wd_buffer_slice(&json));
        status = wd_buffer_ok(&json) && copy.data
                     ? wd_story_add_member(reading->story, members[i].ours, copy)
                     : WD_NO_MEMORY;
    }
    wd_buffer_finish(&json);
    return status;
}

static enum wd_status read_item(struct reading *reading)
{
    reading->input.provider =
        wd_decode_provider(&reading->input, wd_json_text(reading->item, "provider", NULL));
    read_identity(reading);
    read_type(reading);
    read_times(reading);
    enum wd_status status = read_status(reading);
    read_signals(reading);
    read_editorial_types(reading);
    read_slug(reading);
    read_copy(reading);
    if (status == WD_OK)
        status = read_bylines(reading);
    if (status == WD_OK)
        status = read_body(reading);
    if (status == WD_OK)
        status = read_concepts(reading);
    if (status == WD_OK)
        status = read_keywords(reading);
    if (status == WD_OK)
        status = read_rights(reading);
    read_associations(reading);
    keep_rest(reading);
    return status;
}

/* `holder` is {"item": {...}} or the item itself. */
/* What all items of a message have in common. */
struct message {
    struct wd_decode_input input;
    struct wd_json_reading known;
    struct wd_story_batch *batch;
};

static enum wd_status take_item(const struct message *message, yyjson_val *holder,
                                struct wd_error *error)
{
    struct wd_story_batch *batch = message->batch;
    yyjson_val *inner = yyjson_obj_get(holder, "item");
    yyjson_val *item = inner ? inner : holder;
    if (!yyjson_is_obj(yyjson_obj_get(item, "altids"))) {
        wd_error_at_path(error, "data.items[%zu].altids", batch->count);
        return wd_error_set(error, WD_MISSING, "ap: item %zu of the message has no \"altids\"",
                            batch->count);
    }
    struct wd_story *story = wd_decode_begin_story(&message->input, batch, "ap", error);
    if (!story)
        return error->status;
    struct reading reading = {message->input, story, item, &message->known, error};
    enum wd_status status = read_item(&reading);
    if (status != WD_OK)
        return error->status != WD_OK
                   ? status
                   : wd_error_set(error, status, "ap: the item cannot be kept: %s",
                                  wd_status_sentence(status));
    wd_decode_end_story(&reading.input, story);
    return WD_OK;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_arena *arena = wd_story_batch_arena(batch);
    yyjson_val *root = NULL;
    if (!arena)
        return wd_error_set(error, WD_NO_MEMORY, "ap: no memory");
    struct message message = {.input = *input, .batch = batch};
    enum wd_status status = wd_json_read_all(input->raw, arena, &message.known, &root, error);
    if (status != WD_OK)
        return status;
    message.input.without_c1 = !message.known.c1;
    yyjson_val *data = yyjson_obj_get(root, "data");
    yyjson_val *top = data ? data : root;
    yyjson_val *items = yyjson_obj_get(top, "items");
    if (!yyjson_is_arr(items))
        return take_item(&message, top, error);
    size_t index = 0;
    size_t max = 0;
    yyjson_val *holder = NULL;
    yyjson_arr_foreach(items, index, max, holder)
    {
        if (status == WD_OK)
            status = take_item(&message, holder, error);
    }
    if (status == WD_OK && batch->count == 0) {
        wd_error_at_path(error, "data.items");
        return wd_error_set(error, WD_EMPTY, "ap: the page has no items");
    }
    return status;
}

static int sniff(struct wd_slice head, size_t total_len)
{
    enum { PAGE_BEGIN_BYTES = 512 };
    enum { ALTIDS = 1, ETAG = 2, ITEMID = 4, DATA = 8, ITEM = 16, ITEMS = 32, STATUS = 64 };
    static const struct wd_slice names[] = {
        WD_SLICE("altids"), WD_SLICE("etag"),  WD_SLICE("itemid"),   WD_SLICE("data"),
        WD_SLICE("item"),   WD_SLICE("items"), WD_SLICE("pubstatus")};
    (void)total_len;
    struct wd_slice text = wd_text_trim(head);
    if (text.len == 0 || text.data[0] != '{')
        return 0;
    /* Nearly all JSON is something else, and says so here. A page of items begins with what was asked for. */
    struct wd_slice begin = {text.data, text.len < PAGE_BEGIN_BYTES ? text.len : PAGE_BEGIN_BYTES};
    if (!wd_json_head_has(text, WD_SLICE("\"altids\"")) &&
        !wd_json_head_has(begin, WD_SLICE("\"data\"")))
        return 0;
    uint32_t keys = wd_json_head_keys(text, names, sizeof(names) / sizeof(names[0]));
    if ((keys & (ALTIDS | ETAG | ITEMID)) == (ALTIDS | ETAG | ITEMID))
        return 98;
    bool wrapped = (keys & DATA) && (keys & (ITEM | ITEMS));
    return wrapped && (keys & (ALTIDS | STATUS)) ? 97 : 0;
}

const struct wd_decoder wd_decoder_ap = {
    .name = "ap",
    .summary = "AP Media API: an item, or a page of items",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_VERSION | WD_CARRIES_PUBLISHED |
               WD_CARRIES_UPDATED | WD_CARRIES_EMBARGO | WD_CARRIES_EXPIRES | WD_CARRIES_STATUS |
               WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS | WD_CARRIES_ENTITIES |
               WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE |
               WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY |
               WD_CARRIES_BODY | WD_CARRIES_MEDIA | WD_CARRIES_URL | WD_CARRIES_SEVERAL,
    .json = true,
    .sniff = sniff,
    .decode = decode,
};
