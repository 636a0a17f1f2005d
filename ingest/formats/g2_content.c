/* contentMeta and contentSet of a NewsML-G2 item: see g2_item.h. */
#include "body_text.h"
#include "dateline.h"
#include "g2_item.h"
#include "nitf_story.h"

#include <openssl/evp.h>

enum { SCHEMES_MAX = 256, BROADER_MAX = 8 };

/* The next scheme of the item's catalogs; `catalog` is where it stands. */
static const struct wd_xml_node *next_scheme(const struct wd_xml_node **catalog,
                                             const struct wd_xml_node *scheme)
{
    if (scheme)
        scheme = wd_xml_sibling(scheme, NULL, "scheme");
    else
        scheme = wd_xml_child(*catalog, NULL, "scheme");
    while (!scheme && (*catalog = wd_xml_sibling(*catalog, NULL, "catalog")) != NULL)
        scheme = wd_xml_child(*catalog, NULL, "scheme");
    return scheme;
}

static size_t count_schemes(const struct wd_xml_node *catalog)
{
    size_t count = 0;
    const struct wd_xml_node *scheme = catalog ? next_scheme(&catalog, NULL) : NULL;
    while (scheme && count < SCHEMES_MAX) {
        count++;
        scheme = next_scheme(&catalog, scheme);
    }
    return count;
}

/* Read once, not once for each concept: an item may have many elements beside its catalogs. */
static void read_schemes(struct wd_g2_item *item)
{
    const struct wd_xml_node *catalog = wd_xml_child(item->item, NULL, "catalog");
    struct wd_arena *arena = item->reading->story->arena;
    size_t count = count_schemes(catalog);
    const struct wd_xml_node *scheme = NULL;
    item->schemes_read = true;
    if (count > 0)
        item->schemes = wd_arena_calloc(arena, count, sizeof(*item->schemes));
    for (size_t i = 0; item->schemes && i < count; i++) {
        scheme = next_scheme(&catalog, scheme);
        item->schemes[i] = (struct wd_g2_scheme){wd_xml_attribute(scheme, "alias"),
                                                 wd_xml_attribute(scheme, "uri")};
        item->scheme_count++;
    }
}

/* The scheme behind an alias, where a catalog inside the item says it; otherwise the alias itself. */
static struct wd_slice scheme_of(struct wd_g2_item *item, struct wd_slice alias)
{
    if (!item->schemes_read)
        read_schemes(item);
    for (size_t i = 0; i < item->scheme_count; i++) {
        if (wd_slice_equal(item->schemes[i].alias, alias))
            return item->schemes[i].uri;
    }
    return alias;
}

static double percent_of(struct wd_slice text)
{
    double number = 0;
    if (text.len == 0 || text.len > 3)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        number = number * 10 + (text.data[i] - '0');
    }
    return number <= 100 ? number : -1;
}

static struct wd_concept *add_concept(struct wd_g2_item *item, struct wd_concepts *list,
                                      const struct wd_xml_node *element)
{
    struct wd_slice name = wd_g2_name(item, element);
    struct wd_slice qcode = wd_xml_attribute(element, "qcode");
    struct wd_slice uri = wd_xml_attribute(element, "uri");
    if (name.len + qcode.len + uri.len == 0)
        return NULL;
    struct wd_concept *concept = wd_xml_story_concept(item->reading, list, name);
    if (!concept)
        return NULL;
    concept->uri = uri;
    concept->literal = qcode.len > 0 ? qcode : wd_xml_attribute(element, "literal");
    concept->relevance = percent_of(wd_xml_attribute(element, "relevance"));
    concept->confidence = percent_of(wd_xml_attribute(element, "confidence"));
    return concept;
}

static void add_subject(struct wd_g2_item *item, const struct wd_xml_node *element)
{
    struct wd_story *story = item->reading->story;
    const struct {
        const char *type;
        struct wd_concepts *list;
    } lists[] = {{"person", &story->people},
                 {"organisation", &story->organisations},
                 {"organization", &story->organisations},
                 {"company", &story->organisations},
                 {"geoArea", &story->places},
                 {"poi", &story->places},
                 {"event", &story->events},
                 {"object", &story->objects}};
    struct wd_slice type = wd_g2_code(element, "type");
    struct wd_concepts *list = &story->subjects;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (wd_text_equal_ascii_case(type, wd_slice_from(lists[i].type)))
            list = lists[i].list;
    }
    struct wd_concept *subject = add_concept(item, list, element);
    struct wd_slice qcode = wd_xml_attribute(element, "qcode");
    const char *colon = qcode.len > 0 ? memchr(qcode.data, ':', qcode.len) : NULL;
    if (!subject)
        return;
    subject->creator = wd_xml_attribute(element, "creator");
    if (wd_xml_child(element, NULL, "broader"))
        wd_xml_story_extra(item->reading, element); /* what it is part of */
    if (!colon || list != &story->subjects)
        return;
    struct wd_slice alias = {qcode.data, (size_t)(colon - qcode.data)};
    subject->scheme = scheme_of(item, alias);
    subject->code = wd_slice_from_offset(qcode, alias.len + 1);
}

/* Of several elements of a name the one in the item's language with this role, else the first one. */
static struct wd_slice text_of(struct wd_g2_item *item, const char *name, const char *role)
{
    struct wd_story *story = item->reading->story;
    const struct wd_xml_node *best = NULL;
    int best_points = -1;
    for (const struct wd_xml_node *one = wd_xml_child(item->content_meta, NULL, name); one;
         one = wd_xml_sibling(one, NULL, name)) {
        struct wd_slice said = wd_g2_code(one, "role");
        int points = wd_slice_equal(wd_xml_inherited(one, "lang"), story->language);
        points += role && wd_text_equal_ascii_case(said, wd_slice_from(role)) ? 4 : 0;
        points += said.len == 0 ? 2 : 0;
        if (points > best_points) {
            best = one;
            best_points = points;
        }
    }
    return wd_xml_story_words(item->reading, best);
}

static void read_people(struct wd_g2_item *item)
{
    struct wd_story *story = item->reading->story;
    story->byline = text_of(item, "by", NULL);
    if (story->byline.len == 0) {
        struct wd_decode_names names = {.first = WD_SLICE_NONE};
        for (const struct wd_xml_node *creator = wd_xml_child(item->content_meta, NULL, "creator");
             creator; creator = wd_xml_sibling(creator, NULL, "creator"))
            wd_decode_add_author(&names, wd_g2_name(item, creator));
        story->byline = wd_decode_take_names(&names, story->arena);
    }
    story->credit = text_of(item, "creditline", NULL);
    for (const struct wd_xml_node *source = wd_xml_child(item->content_meta, NULL, "infoSource");
         source; source = wd_xml_sibling(source, NULL, "infoSource")) {
        struct wd_concept *concept = add_concept(item, &story->infosources, source);
        if (concept)
        concept->rel = wd_g2_code(source, "role");
    }
}

/* <located qcode="city:1"><name>Berlin</name><broader><name>Germany</name></broader></located>: "Berlin, Germany". A
 * broader place of the same name (the city and its state) says nothing more. */
static struct wd_slice place_of(struct wd_g2_item *item, const struct wd_xml_node *located)
{
    struct wd_decode_names names = {.first = WD_SLICE_NONE};
    struct wd_slice before = wd_g2_name(item, located);
    size_t count = 0;
    wd_decode_add_name(&names, before);
    for (const struct wd_xml_node *broader = wd_xml_child(located, NULL, "broader");
         broader && count < BROADER_MAX; broader = wd_xml_sibling(broader, NULL, "broader")) {
        struct wd_slice name = wd_g2_name(item, broader);
        if (!wd_slice_equal(name, before))
            wd_decode_add_name(&names, name);
        before = name.len > 0 ? name : before;
        count++;
    }
    return wd_decode_take_names(&names, item->reading->story->arena);
}

/* Where it was written. The record has room for names: what codes say besides is kept as extra, and so are
 * further places of writing. */
static void read_located(struct wd_g2_item *item)
{
    struct wd_story *story = item->reading->story;
    for (const struct wd_xml_node *located = wd_xml_child(item->content_meta, NULL, "located");
         located; located = wd_xml_sibling(located, NULL, "located")) {
        struct wd_slice place = place_of(item, located);
        bool coded = wd_xml_attribute(located, "qcode").len + wd_xml_attribute(located, "uri").len;
        if (coded || story->located.len > 0 || place.len == 0)
            wd_xml_story_extra(item->reading, located);
        wd_xml_story_set(&story->located, place);
    }
}

enum wd_status wd_g2_content_meta(struct wd_g2_item *item)
{
    static const char *const known[] = {"urgency",    "contentCreated", "located",     "creator",
                                        "infoSource", "language",       "genre",       "subject",
                                        "slugline",   "headline",       "dateline",    "by",
                                        "keyword",    "creditline",     "description", NULL};
    struct wd_xml_story *reading = item->reading;
    struct wd_story *story = reading->story;
    for (const struct wd_xml_node *child = wd_xml_child(item->content_meta, NULL, NULL); child;
         child = wd_xml_sibling(child, NULL, NULL)) {
        if (strcmp(child->name, "subject") == 0)
            add_subject(item, child);
        else if (strcmp(child->name, "genre") == 0)
            (void)add_concept(item, &story->genres, child);
        else if (strcmp(child->name, "keyword") == 0)
            wd_xml_story_keyword(reading, wd_xml_story_text(reading, child));
    }
    story->urgency = wd_xml_story_urgency(
        reading, wd_xml_story_text(reading, wd_xml_child(item->content_meta, NULL, "urgency")));
    story->slug = text_of(item, "slugline", NULL);
    story->headline = text_of(item, "headline", "main");
    story->summary = text_of(item, "description", "summary");
    read_people(item);
    read_located(item);
    wd_xml_story_dateline(reading, text_of(item, "dateline", NULL));
    wd_xml_story_extras(reading, item->content_meta, known);
    return WD_OK;
}

static bool type_has(const struct wd_xml_node *element, const char *part)
{
    struct wd_slice type = wd_xml_attribute(element, "contenttype");
    return memmem(type.data ? type.data : "", type.len, part, strlen(part)) != NULL;
}

/* The text of a base64 element; data NULL when it is none. */
static struct wd_slice decode_base64(struct wd_slice text, struct wd_arena *arena)
{
    unsigned char *packed = wd_arena_alloc(arena, text.len + 1);
    unsigned char *plain = wd_arena_alloc(arena, text.len + 4);
    size_t len = 0;
    size_t padding = 0;
    for (size_t i = 0; packed && i < text.len; i++) {
        if (strchr(" \t\r\n", text.data[i]))
            continue;
        packed[len++] = (unsigned char)text.data[i];
        padding += text.data[i] == '=';
    }
    int count = packed && plain && len > 0 ? EVP_DecodeBlock(plain, packed, (int)len) : -1;
    struct wd_slice made = {(const char *)plain, count < 0 ? 0 : (size_t)count};
    made.len -= padding <= 2 && made.len >= padding ? padding : 0;
    return count >= 0 && wd_utf8_valid(made, NULL) && !memchr(made.data, 0, made.len)
               ? made
               : WD_SLICE_NONE;
}

static enum wd_status take_inline_data(struct wd_g2_item *item, const struct wd_xml_node *data)
{
    struct wd_xml_story *reading = item->reading;
    struct wd_slice text = wd_xml_text_raw(data, reading->story->arena);
    struct wd_slice encoding = wd_xml_attribute(data, "encoding");
    bool html = type_has(data, "html");
    bool plain = html || type_has(data, "text/") || !wd_xml_attribute(data, "contenttype").len;
    if (memmem(encoding.data ? encoding.data : "", encoding.len, "base64", 6) && plain)
        text = decode_base64(text, reading->story->arena);
    if (!plain || !text.data) {
        reading->story->flags |= WD_FLAG_UNKNOWN_PAYLOAD;
        wd_xml_story_extra(reading, data);
        return WD_OK;
    }
    if (html) {
        reading->story->body_html = wd_text_trim(text);
        return wd_decode_add_html(reading->story, text, reading->error);
    }
    enum wd_status status = wd_decode_add_lines(reading->story, text);
    return status == WD_OK ? WD_OK
                           : wd_error_set(reading->error, status, "the body has too many lines");
}

/* Keeps an XHTML body as it came, besides its paragraphs. */
static enum wd_status take_xhtml(struct wd_g2_item *item, const struct wd_xml_node *html)
{
    struct wd_xml_story *reading = item->reading;
    const struct wd_xml_node *body = wd_xml_child(html, NULL, "body");
    struct wd_buffer markup;
    body = body ? body : html;
    wd_buffer_init(&markup);
    wd_xml_write_markup(&markup, body);
    struct wd_slice text = wd_text_trim(wd_buffer_slice(&markup));
    if (wd_buffer_ok(&markup) && text.len > 0)
        reading->story->body_html = wd_arena_copy(reading->story->arena, text);
    bool ok = wd_buffer_ok(&markup);
    wd_buffer_finish(&markup);
    if (!ok)
        return wd_error_set(reading->error, WD_NO_MEMORY, "no memory for an XHTML body");
    return wd_body_text_of_xml(reading->story, body, reading->error);
}

static enum wd_status take_inline_xml(struct wd_g2_item *item, const struct wd_xml_node *inline_xml)
{
    struct wd_xml_story *reading = item->reading;
    const struct wd_xml_node *payload = wd_xml_child(inline_xml, NULL, NULL);
    if (!payload)
        return WD_OK; /* flagged as without a body */
    if (strcmp(payload->name, "nitf") == 0)
        return wd_nitf_copy(reading, payload);
    if (strcmp(payload->name, "html") == 0 || strcmp(payload->name, "body") == 0 ||
        strcmp(payload->name, "div") == 0 || strcmp(payload->name, "p") == 0)
        return take_xhtml(item, strcmp(payload->name, "html") == 0 ? payload : inline_xml);
    reading->story->flags |= WD_FLAG_UNKNOWN_PAYLOAD;
    wd_xml_story_extra(reading, payload);
    return WD_OK;
}

/* Renditions of one and the same picture, video or sound: the widest. */
static void take_remote(struct wd_g2_item *item, const struct wd_xml_node *set)
{
    static const struct {
        const char *content, *type;
    } types[] = {{"image/", "picture"}, {"video/", "video"}, {"audio/", "audio"}};
    struct wd_story *story = item->reading->story;
    const struct wd_xml_node *best = NULL;
    for (const struct wd_xml_node *one = wd_xml_child(set, NULL, "remoteContent"); one;
         one = wd_xml_sibling(one, NULL, "remoteContent")) {
        if (!best || wd_xml_story_pixels(wd_xml_attribute(one, "width")) >
                         wd_xml_story_pixels(wd_xml_attribute(best, "width")))
            best = one;
        wd_xml_story_extra(item->reading, one);
    }
    struct wd_slice type = story->item_type;
    for (size_t i = 0; i < 3 && best; i++) {
        if (type_has(best, types[i].content))
            wd_xml_story_set(&type, wd_slice_from(types[i].type));
    }
    struct wd_media *media = best && type.len > 0 ? wd_story_add_media(story) : NULL;
    if (!media)
        return;
    media->type = type;
    media->href = wd_xml_attribute(best, "href");
    media->uri = wd_xml_attribute(best, "residref");
    wd_xml_story_set(&media->uri, media->href);
    media->mimetype = wd_xml_attribute(best, "contenttype");
    media->width = wd_xml_story_pixels(wd_xml_attribute(best, "width"));
    media->height = wd_xml_story_pixels(wd_xml_attribute(best, "height"));
    media->headline = story->headline;
    media->caption = text_of(item, "description", "caption");
    media->credit = story->credit.len > 0 ? story->credit
                                          : wd_decode_without_by(story->byline, story->language);
}

enum wd_status wd_g2_content_set(struct wd_g2_item *item)
{
    const struct wd_xml_node *set = wd_xml_child(item->item, NULL, "contentSet");
    enum wd_status status = WD_OK;
    for (const struct wd_xml_node *child = wd_xml_child(set, NULL, NULL); child && status == WD_OK;
         child = wd_xml_sibling(child, NULL, NULL)) {
        bool taken = item->reading->story->paragraph_count > 0; /* they are alternatives */
        if (strcmp(child->name, "inlineXML") == 0 && !taken)
            status = take_inline_xml(item, child);
        else if (strcmp(child->name, "inlineData") == 0 && !taken)
            status = take_inline_data(item, child);
    }
    if (status == WD_OK && set)
        take_remote(item, set);
    struct wd_story *story = item->reading->story;
    if (story->dateline.len == 0 && story->paragraph_count > 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status;
}
