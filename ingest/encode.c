#include "encode.h"

#include "encode_parts.h"
#include "language_tag.h"
#include "story_uri.h"

static const char *const record_names[] = {
#define RECORD_ROW(code, name) name,
    WD_RECORD_MAP(RECORD_ROW)
#undef RECORD_ROW
};
static const char *const key_names[] = {
#define KEY_ROW(code, name) name,
    WD_RECORD_KEY_MAP(KEY_ROW)
#undef KEY_ROW
};

const char *wd_record_name(enum wd_record record)
{
    return record_names[record];
}

bool wd_record_from_name(const char *name, enum wd_record *record)
{
    for (int i = 0; i < WD_RECORD_COUNT; i++) {
        if (strcmp(record_names[i], name) == 0) {
            *record = (enum wd_record)i;
            return true;
        }
    }
    return false;
}

const char *wd_record_key_name(enum wd_record_key key)
{
    return key_names[key];
}

bool wd_record_key_from_name(const char *name, enum wd_record_key *key)
{
    for (int i = 0; i < WD_RECORD_KEY_COUNT; i++) {
        if (strcmp(key_names[i], name) == 0) {
            *key = (enum wd_record_key)i;
            return true;
        }
    }
    return false;
}

void wd_encode_uri(struct wd_buffer *out, const struct wd_story *story)
{
    wd_json_write_key(out, "uri");
    wd_buffer_append_byte(out, '"');
    wd_story_uri(story, out);
    wd_buffer_append_byte(out, '"');
}

/* One list of concepts. `role` is what this list calls the relation; NULL: it has none. */
static void write_concepts(struct wd_buffer *out, const char *key, const struct wd_concepts *list,
                           const char *role)
{
    if (list->count == 0)
        return;
    bool subjects = strcmp(key, "subjects") == 0;
    open(out, key, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct wd_concept *concept = &list->items[i];
        bool uri = wd_uri_is(concept->uri);
        open(out, NULL, '{');
        wd_json_write_member(out, "name", concept->name);
        if (role)
            wd_json_write_member(out, role, concept->rel);
        if (uri)
            wd_json_write_member(out, "uri", concept->uri);
        wd_json_write_member(out, "literal",
                             concept->literal.len > 0 || uri ? concept->literal : concept->uri);
        if (subjects && concept->relevance >= 0)
            write_integer(out, "relevance", (int64_t)(concept->relevance + 0.5));
        if (subjects && concept->confidence >= 0)
            write_integer(out, "confidence", (int64_t)(concept->confidence + 0.5));
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

/* [{"role":"main","value":...}] */
static void write_texts(struct wd_buffer *out, const char *key, struct wd_slice role,
                        struct wd_slice text)
{
    if (text.len == 0)
        return;
    open(out, key, '[');
    open(out, NULL, '{');
    wd_json_write_member(out, "role", role);
    wd_json_write_member(out, "value", text);
    wd_buffer_append_slice(out, WD_SLICE("}]"));
}

/* Whether a paragraph is a line of the copy of which the decoder knows that it needs no escapes. */
static bool is_plain(const struct wd_story *story, struct wd_slice paragraph)
{
    uintptr_t begin = (uintptr_t)paragraph.data - (uintptr_t)story->plain_copy.data;
    return begin < story->plain_copy.len && paragraph.len <= story->plain_copy.len - begin;
}

/* Paragraphs byte for byte, with an empty line between two. */
static void write_body(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->paragraph_count == 0 && story->body_html.len == 0)
        return;
    open(out, "bodies", '[');
    if (story->paragraph_count > 0) {
        write_members(out,
                      WD_SLICE("{\"role\":\"main\",\"contentType\":\"text/plain\",\"value\":\""));
        for (size_t i = 0; i < story->paragraph_count; i++) {
            if (i > 0)
                wd_buffer_append_slice(out, WD_SLICE("\\n\\n"));
            if (is_plain(story, story->paragraphs[i]))
                wd_buffer_append_slice(out, story->paragraphs[i]);
            else
                wd_json_write_escaped(out, story->paragraphs[i]);
        }
        wd_buffer_append_slice(out, WD_SLICE("\"}"));
    }
    if (story->body_html.len > 0) {
        write_members(out, WD_SLICE("{\"role\":\"main\",\"contentType\":\"text/html\""));
        wd_json_write_member(out, "value", story->body_html);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_rendition(struct wd_buffer *out, const struct wd_media *media)
{
    if (!wd_uri_is(media->href))
        return;
    open(out, "renditions", '[');
    open(out, NULL, '{');
    wd_json_write_word(out, "name", WD_SLICE("main"));
    wd_json_write_member(out, "href", media->href);
    wd_json_write_member(out, "contentType", media->mimetype);
    if (media->width > 0)
        write_integer(out, "width", media->width);
    if (media->height > 0)
        write_integer(out, "height", media->height);
    wd_buffer_append_slice(out, WD_SLICE("}]"));
}

static void write_media(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->media_count == 0)
        return;
    open(out, "associations", '[');
    for (size_t i = 0; i < story->media_count; i++) {
        const struct wd_media *media = &story->media[i];
        open(out, NULL, '{');
        if (media->name.len > 0) {
            wd_json_write_member(out, "name", media->name);
        } else {
            wd_json_write_key(out, "name"); /* ninjs 3.1 wants one */
            wd_buffer_printf(out, "\"media-%zu\"", i);
        }
        wd_json_write_key(out, "uri");
        if (wd_uri_is(media->uri)) {
            wd_json_write_string(out, media->uri);
        } else {
            wd_buffer_append_slice(out, WD_SLICE("\"urn:wiredesk:digest:"));
            write_digest(out, story->provenance.digest);
            wd_buffer_printf(out, ":media:%zu\"", i);
        }
        wd_json_write_member(out, "type", media->type);
        write_texts(out, "headlines", WD_SLICE("main"), media->headline);
        write_texts(out, "descriptions", WD_SLICE("caption"), media->caption);
        wd_json_write_member(out, "by", media->credit);
        write_rendition(out, media);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_story(struct wd_buffer *out, const struct wd_story *story)
{
    open(out, "story", '{');
    wd_encode_uri(out, story);
    write_members(out, WD_SLICE("\"standard\":{\"name\":\"ninjs\",\"version\":\"3.1\",\"schema\":"
                                "\"http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json\"}"));
    wd_json_write_member(out, "type",
                         story->item_type.len > 0 ? story->item_type : WD_SLICE("text"));
    wd_json_write_member(out, "version", story->version);
    write_time(out, "firstCreated", story->published);
    write_time(out, "versionCreated", story->updated);
    write_time(out, "contentCreated", story->content_created);
    write_time(out, "embargoedUntil", story->embargoed_until);
    write_time(out, "expires", story->expires);
    /* ninjs knows no "embargoed": embargoedUntil says it; without a date it is withheld. */
    enum wd_story_status status = story->status;
    if (status == WD_STORY_EMBARGOED)
        status = wd_time_known(story->embargoed_until) ? WD_STORY_USABLE : WD_STORY_WITHHELD;
    wd_json_write_word(out, "pubStatus", wd_slice_from(wd_story_status_name(status)));
    if (story->urgency > 0)
        write_integer(out, "urgency", story->urgency);
    wd_json_write_member(out, "edNote", story->editors_note);
    wd_json_write_member(out, "language", story->language);
    wd_json_write_member(out, "slugline", story->slug);
    wd_json_write_member(out, "by", story->byline);
    wd_json_write_member(out, "located", story->located);
    write_texts(out, "headlines", WD_SLICE("main"), story->headline);
    write_texts(out, "descriptions", WD_SLICE("summary"), story->summary);
    write_body(out, story);
    write_concepts(out, "subjects", &story->subjects, "rel");
    write_concepts(out, "people", &story->people, "rel");
    write_concepts(out, "organisations", &story->organisations, "rel");
    write_concepts(out, "places", &story->places, "rel");
    write_concepts(out, "events", &story->events, "rel");
    write_concepts(out, "objects", &story->objects, "rel");
    write_concepts(out, "genres", &story->genres, NULL);
    write_concepts(out, "infoSources", &story->infosources, "role");
    write_media(out, story);
    for (size_t i = 0; i < story->member_count; i++) {
        wd_json_write_key(out, NULL);
        wd_json_write_string(out, story->members[i].name);
        wd_buffer_append_byte(out, ':');
        wd_buffer_append_slice(out, story->members[i].json);
    }
    wd_buffer_append_byte(out, '}');
}

void wd_encode_provenance(struct wd_buffer *out, const struct wd_story *story)
{
    const struct wd_provenance *provenance = &story->provenance;
    open(out, "provenance", '{');
    wd_json_write_member(out, "topic", provenance->topic);
    write_integer(out, "partition", provenance->partition);
    write_integer(out, "offset", provenance->offset);
    write_integer(out, "index", provenance->index);
    wd_json_write_member(out, "format", provenance->format);
    wd_json_write_member(out, "provider", story->provider);
    wd_json_write_key(out, "digest");
    wd_buffer_append_byte(out, '"');
    write_digest(out, provenance->digest);
    wd_buffer_append_slice(out, WD_SLICE("\"}"));
}

/* A time with what is wrong with it. */
static void write_told_time(struct wd_buffer *out, const char *key, struct wd_time time)
{
    static const struct {
        uint16_t flag;
        const char *name;
    } remarks[] = {{WD_TIME_ZONE_ASSUMED, "zone_assumed"},
                   {WD_TIME_DATE_ONLY, "date_only"},
                   {WD_TIME_INVALID, "invalid"},
                   {WD_TIME_GAP, "skipped_by_clock_change"},
                   {WD_TIME_FOLD, "occurs_twice"}};
    if (time.flags == 0)
        return;
    open(out, key, '{');
    write_time(out, "time", time);
    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
        if (time.flags & remarks[i].flag)
            write_bool(out, remarks[i].name, true);
    }
    wd_buffer_append_byte(out, '}');
}

void wd_encode_times(struct wd_buffer *out, const struct wd_story *story)
{
    open(out, "times", '{');
    write_told_time(out, "published", story->published);
    write_told_time(out, "updated", story->updated);
    write_told_time(out, "content_created", story->content_created);
    write_told_time(out, "embargoed_until", story->embargoed_until);
    write_told_time(out, "expires", story->expires);
    write_told_time(out, "received", story->received);
    wd_buffer_append_byte(out, '}');
}

static void write_verdicts(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->verdict_count == 0)
        return;
    open(out, "verdicts", '[');
    for (size_t i = 0; i < story->verdict_count; i++) {
        open(out, NULL, '{');
        wd_json_write_member(out, "processor", story->verdicts[i].processor);
        wd_json_write_key(out, "findings");
        wd_buffer_append_slice(out, story->verdicts[i].json);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

/* What the provider says about this and other versions. */
static void write_place_in_lineage(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->version.len > 0)
        wd_json_write_word(out, "version_order",
                           wd_slice_from(wd_version_order_name(story->version_order)));
    if (story->acts_on.len == 0)
        return;
    open(out, "acts_on", '{');
    wd_json_write_member(out, "id", story->acts_on);
    wd_json_write_word(out, "status", wd_slice_from(wd_story_status_name(story->acts_on_status)));
    wd_buffer_append_byte(out, '}');
}

static void write_keywords(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->keyword_count == 0)
        return;
    open(out, "keywords", '[');
    for (size_t i = 0; i < story->keyword_count; i++) {
        wd_json_write_key(out, NULL);
        wd_json_write_string(out, story->keywords[i]);
    }
    wd_buffer_append_byte(out, ']');
}

static void write_extras(struct wd_buffer *out, const struct wd_story *story)
{
    if (story->extra_count == 0)
        return;
    open(out, "extra", '[');
    for (size_t i = 0; i < story->extra_count; i++) {
        open(out, NULL, '{');
        wd_json_write_member(out, "name", story->extras[i].name);
        wd_json_write_key(out, "value");
        wd_json_write_string(out, story->extras[i].value);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}

static void write_enriched(struct wd_buffer *out, const struct wd_story *story)
{
    wd_buffer_append_byte(out, '{');
    write_story(out, story);
    write_members(out, WD_SLICE("\"wiredesk\":{\"schema\":\"wiredesk/enriched/1\""));
    wd_encode_provenance(out, story);
    wd_encode_times(out, story);
    wd_json_write_word(out, "status", wd_slice_from(wd_story_status_name(story->status)));
    if (!wd_uri_is(story->guid))
        wd_json_write_member(out, "guid", story->guid);
    wd_json_write_member(out, "previous", story->previous);
    wd_json_write_member(out, "url", story->url);
    wd_json_write_member(out, "transmission", story->transmission);
    if (story->lineage_key.len > 0) {
        open(out, "lineage_key", '{');
        wd_json_write_member(out, "text", story->lineage_key);
        wd_json_write_member(out, "rule", story->lineage_rule);
        wd_buffer_append_byte(out, '}');
    }
    wd_json_write_member(out, "dateline", story->dateline);
    wd_json_write_member(out, "credit", story->credit);
    write_place_in_lineage(out, story);
    write_bits(out, "signals", story->signals, wd_signal_bit_name);
    write_bits(out, "advisories", story->flags, wd_flag_bit_name);
    wd_encode_lineage(out, &story->update);
    wd_encode_subjects(out, story);
    write_keywords(out, story);
    write_extras(out, story);
    if (story->dedup.relation != WD_RELATION_UNKNOWN) {
        open(out, "dedup", '{');
        wd_encode_dedup_members(out, &story->dedup);
        wd_buffer_append_byte(out, '}');
    }
    if (story->update.kind != WD_UPDATE_UNKNOWN) {
        open(out, "update", '{');
        wd_encode_update_members(out, &story->update);
        wd_buffer_append_byte(out, '}');
    }
    wd_encode_entities(out, story);
    write_verdicts(out, story);
    wd_buffer_append_slice(out, WD_SLICE("}}"));
}

size_t wd_encode_count(enum wd_record record, const struct wd_story *story)
{
    return record == WD_RECORD_ADVISORY_EVENT ? story->advisory_count : 1;
}

enum wd_status wd_encode_record(enum wd_record record, const struct wd_story *story, size_t index,
                                struct wd_buffer *out)
{
    enum wd_status status = WD_OK;
    switch (record) {
    case WD_RECORD_ENRICHED:
        write_enriched(out, story);
        break;
    case WD_RECORD_UPDATE_EVENT:
        status = wd_encode_update_event(out, story);
        break;
    case WD_RECORD_DUPLICATE_EVENT:
        status = wd_encode_duplicate_event(out, story);
        break;
    case WD_RECORD_ADVISORY_EVENT:
        wd_encode_advisory_event(out, story, &story->advisories[index]);
        break;
    case WD_RECORD_ORIGINAL:
    case WD_RECORD_COUNT:
        wd_buffer_append_slice(out, story->raw);
        break;
    }
    return wd_buffer_ok(out) ? status : WD_NO_MEMORY;
}

static void append_first(struct wd_buffer *out, struct wd_slice first, struct wd_slice second)
{
    wd_buffer_append_slice(out, first.len > 0 ? first : second);
}

/* Behind the lineage's id: what no other version has. */
static void append_own_key(struct wd_buffer *out, const struct wd_provenance *provenance)
{
    wd_buffer_append_byte(out, '/');
    write_digest(out, provenance->digest);
    if (provenance->index > 0)
        wd_buffer_printf(out, "/%u", (unsigned)provenance->index);
}

void wd_encode_key(enum wd_record_key key, enum wd_record record, const struct wd_story *story,
                   size_t index, struct wd_buffer *out)
{
    size_t before = out->len;
    char language[WD_LANGUAGE_CODE_BYTES];
    const struct wd_update_verdict *update = &story->update;
    const struct wd_advisory *advisory =
        record == WD_RECORD_ADVISORY_EVENT ? &story->advisories[index] : NULL;
    struct wd_slice lineage =
        advisory && advisory->lineage ? advisory->lineage->lineage : update->lineage;
    switch (key) {
    case WD_KEY_LINEAGE:
        append_first(out, lineage, story->guid);
        break;
    case WD_KEY_NEWEST: /* a compacted topic then keeps the newest whole version of each lineage */
        append_first(out, lineage, story->guid);
        if (!advisory && (update->late || update->reprint || update->partial))
            append_own_key(out, &story->provenance);
        break;
    case WD_KEY_GUID:
        append_first(out, advisory ? advisory->id : story->guid, lineage);
        break;
    case WD_KEY_PROVIDER:
        wd_buffer_append_slice(out, advisory ? advisory->provider : story->provider);
        return;
    case WD_KEY_LANGUAGE:
        append_first(out, wd_language_of_story(story, language), WD_SLICE("und")); /* BCP 47 */
        return;
    case WD_KEY_INPUT:
        wd_buffer_append_slice(out, story->provenance.key);
        return;
    case WD_KEY_NONE:
    case WD_RECORD_KEY_COUNT:
        return;
    }
    if (out->len == before)
        write_digest(out, story->provenance.digest);
}
