/* A news page: HTML with schema.org's NewsArticle as JSON-LD, else as microdata, else the page's meta elements;
 * the body's paragraphs from the article's own markup.
 *
 * Source: schema.org NewsArticle; HTML Living Standard, microdata; Open Graph protocol, article. */
#include "body_text.h"
#include "charset.h"
#include "dateline.h"
#include "decoder.h"
#include "desk_marks.h"
#include "json.h"
#include "json_ld.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>

enum {
    ARTICLE_PARAGRAPHS_MIN = 1,
    PAIRS_MAX = 128,
    REMARK_BYTES_MAX = 2000, /* of a correction in a box */
    ELEMENTS_MAX = 32768,    /* of a page: real ones have some thousands */
};

struct pair {
    struct wd_slice name, value;
};
struct pairs {
    struct pair items[PAIRS_MAX];
    size_t count;
};

struct reading {
    struct wd_decode_input input; /* ours: the provider may become another one */
    struct wd_story *story;
    htmlDocPtr document;
    xmlNode *root, *heading, *body;
    size_t body_paragraphs;
    bool body_named;     /* the body said of itself that it is one */
    yyjson_val *article; /* of JSON-LD; NULL: none */
    bool typed;          /* something says that this page is an article */
    struct wd_slice canonical;
    struct pairs metas, properties;
    struct wd_error *error;
};

/* ---- the tree ---- */

static xmlNode *step(xmlNode *node, const xmlNode *top)
{
    if (node->children)
        return node->children;
    while (node && node != top && !node->next)
        node = node->parent;
    return !node || node == top ? NULL : node->next;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

/* An attribute's value, in the story's arena; "" when absent. */
static struct wd_slice attribute_of(struct wd_arena *arena, xmlNode *node, const char *name)
{
    xmlChar *value = node->properties ? xmlGetProp(node, BAD_CAST name) : NULL;
    struct wd_slice copy =
        value ? wd_arena_copy(arena, wd_text_trim(wd_slice_from((const char *)value)))
              : WD_SLICE_NONE;
    xmlFree(value);
    return copy;
}

/* The text of one element, in one line. */
static struct wd_slice content_of(struct wd_arena *arena, xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node);
    struct wd_slice line =
        text ? wd_text_squeeze(arena, wd_slice_from((const char *)text)) : WD_SLICE_NONE;
    xmlFree(text);
    return line;
}

static struct wd_slice find_pair(const struct pairs *pairs, struct wd_slice name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (wd_text_equal_ascii_case(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return WD_SLICE_NONE;
}

/* Keeps the first value of a name. */
static void keep_pair(struct pairs *pairs, struct wd_slice name, struct wd_slice value)
{
    if (pairs->count < PAIRS_MAX && name.len > 0 && value.len > 0 &&
        find_pair(pairs, name).len == 0)
        pairs->items[pairs->count++] = (struct pair){name, value};
}

/* <meta name="..."> or <meta property="...">. */
static void keep_meta(struct reading *reading, xmlNode *node)
{
    struct wd_arena *arena = reading->story->arena;
    struct wd_slice name = attribute_of(arena, node, "property");
    if (name.len == 0)
        name = attribute_of(arena, node, "name");
    keep_pair(&reading->metas, name, attribute_of(arena, node, "content"));
}

/* An element with itemprop: its content, datetime, href, src, or its text. Only names that somebody asks for,
 * and of each the first: text within text within text is not gathered again and again. */
static void keep_property(struct reading *reading, xmlNode *node, struct wd_slice name)
{
    static const char *const wanted[] = {
        "headline",   "datePublished", "dateModified",       "dateCreated",     "expires",
        "author",     "description",   "inLanguage",         "publisher",       "url",
        "correction", "dateline",      "sourceOrganization", "contentLocation", "mainEntityOfPage"};
    static const char *const attributes[] = {"content", "datetime", "href", "src"};
    struct wd_arena *arena = reading->story->arena;
    bool asked = false;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        asked = asked || wd_slice_is(name, wanted[i]);
    if (!asked || find_pair(&reading->properties, name).len > 0)
        return;
    struct wd_slice value = WD_SLICE_NONE;
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]) && value.len == 0; i++)
        value = attribute_of(arena, node, attributes[i]);
    if (value.len == 0)
        value = content_of(arena, node);
    keep_pair(&reading->properties, name, value);
}

static struct wd_slice meta_of(const struct reading *reading, const char *const *names)
{
    for (; *names; names++) {
        struct wd_slice content = find_pair(&reading->metas, wd_slice_from(*names));
        if (content.len > 0)
            return content;
    }
    return WD_SLICE_NONE;
}

/* ---- JSON-LD ---- */

/* One <script type="application/ld+json">; the first that holds an article counts. One that is no JSON does not
 * hide the others: pages carry several, by several hands. */
static void read_script(struct reading *reading, xmlNode *node)
{
    struct wd_arena *arena = reading->story->arena;
    struct wd_slice type = attribute_of(arena, node, "type");
    if (reading->article || !wd_slice_starts(type, WD_SLICE("application/ld+json")))
        return;
    xmlChar *text = xmlNodeGetContent(node);
    struct wd_slice json =
        text ? wd_arena_copy(arena, wd_slice_from((const char *)text)) : WD_SLICE_NONE;
    xmlFree(text);
    yyjson_val *root = NULL;
    struct wd_error ignored;
    wd_error_init(&ignored);
    if (json.len > 0 && wd_json_read(json, arena, &root, &ignored) == WD_OK)
        reading->article = wd_json_ld_find_article(root);
    else
        reading->story->flags |= WD_FLAG_WRONG_TYPES;
    reading->typed = reading->typed || reading->article;
}

/* The element that may hold the copy: what says so, else the <article> with most paragraphs. Returns the place to
 * go on from: articles within articles are not counted twice. */
static xmlNode *weigh_article(struct reading *reading, xmlNode *node)
{
    size_t count = 0;
    xmlNode *last = node;
    for (xmlNode *below = node; below; below = step(below, node)) {
        count += is_element(below, "p");
        last = below;
    }
    if (!reading->body_named && count > reading->body_paragraphs) {
        reading->body = node;
        reading->body_paragraphs = count;
    }
    return last;
}

static void take_element(struct reading *reading, xmlNode *node)
{
    struct wd_arena *arena = reading->story->arena;
    struct wd_slice property = attribute_of(arena, node, "itemprop");
    if (is_element(node, "meta"))
        keep_meta(reading, node);
    else if (is_element(node, "script"))
        read_script(reading, node);
    else if (is_element(node, "h1") && !reading->heading)
        reading->heading = node;
    else if (is_element(node, "link") && reading->canonical.len == 0 &&
             wd_slice_is(attribute_of(arena, node, "rel"), "canonical"))
        reading->canonical = attribute_of(arena, node, "href");
    if (property.len > 0)
        keep_property(reading, node, property);
    if (wd_json_ld_is_article_type(attribute_of(arena, node, "itemtype")))
        reading->typed = true;
    if (wd_slice_is(property, "articleBody") && !reading->body_named) {
        reading->body = node;
        reading->body_named = true;
    }
}

/* One walk over the page: what is asked for later. */
static void gather(struct reading *reading)
{
    const xmlNode *counted = NULL; /* last node of the article that was weighed */
    for (xmlNode *node = reading->root; node; node = step(node, reading->root)) {
        if (node->type != XML_ELEMENT_NODE) {
            counted = node == counted ? NULL : counted;
            continue;
        }
        take_element(reading, node);
        if (!counted && is_element(node, "article"))
            counted = weigh_article(reading, node);
        counted = node == counted ? NULL : counted;
    }
}

/* By JSON-LD, else by microdata. Markup in a text is read as HTML. */
static struct wd_slice statement(const struct reading *reading, const char *name)
{
    struct wd_slice text = wd_json_ld_name(yyjson_obj_get(reading->article, name));
    if (text.len == 0 && !reading->article)
        text = find_pair(&reading->properties, wd_slice_from(name));
    if (wd_decode_has_markup(text))
        return wd_decode_html_line(reading->story->arena, text);
    return wd_text_trim(text);
}

static struct wd_slice first_of(struct wd_slice one, struct wd_slice other)
{
    return one.len > 0 ? one : other;
}

/* ---- fields ---- */

static void read_identity(struct reading *reading)
{
    static const char *const metas[] = {"og:url", NULL};
    struct wd_story *story = reading->story;
    story->url = first_of(reading->canonical, meta_of(reading, metas));
    if (story->url.len == 0)
        story->url = statement(reading, "url");
    if (story->url.len == 0)
        story->url = statement(reading, "mainEntityOfPage");
    if (story->url.len == 0 && wd_slice_starts(statement(reading, "@id"), WD_SLICE("http")))
        story->url = statement(reading, "@id");
    if (story->url.len > WD_GUID_BYTES_MAX)
        story->url = WD_SLICE_NONE;
    yyjson_val *version = yyjson_obj_get(reading->article, "version");
    if (yyjson_is_int(version))
        story->version = wd_arena_printf(story->arena, "%lld", (long long)yyjson_get_sint(version));
    else
        story->version = wd_json_ld_string(version);
    story->version_order = story->version.len > 0 ? WD_VERSION_ORDER_HINT : WD_VERSION_ORDER_NONE;
}

static void read_times(struct reading *reading)
{
    static const char *const published[] = {"article:published_time",
                                            "og:published_time",
                                            "datePublished",
                                            "pubdate",
                                            "date",
                                            "dc.date.issued",
                                            "DC.date.issued",
                                            NULL};
    static const char *const updated[] = {"article:modified_time", "og:updated_time",
                                          "dateModified",          "lastmod",
                                          "DC.date.modified",      NULL};
    struct wd_story *story = reading->story;
    const struct wd_zone *zone = reading->input.provider->zone;
    struct wd_slice text =
        first_of(statement(reading, "datePublished"), meta_of(reading, published));
    story->published = wd_time_parse(text, zone);
    text = first_of(statement(reading, "dateModified"), meta_of(reading, updated));
    story->updated = wd_time_parse(text, zone);
    text = statement(reading, "dateCreated");
    story->content_created = wd_time_parse(text, zone);
    story->expires = wd_time_parse(statement(reading, "expires"), zone);
}

/* All authors, in one line. */
static void read_byline(struct reading *reading)
{
    static const char *const metas[] = {"author", "article:author", "byl", NULL};
    struct wd_story *story = reading->story;
    struct wd_decode_names names = {.first = WD_SLICE_NONE};
    yyjson_val *author = yyjson_obj_get(reading->article, "author");
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    yyjson_arr_foreach(author, index, max, one) wd_decode_add_author(&names, wd_json_ld_name(one));
    story->byline = wd_decode_take_names(&names, story->arena);
    if (story->byline.len == 0)
        story->byline = statement(reading, "author");
    struct wd_slice meta = story->byline.len == 0 ? meta_of(reading, metas) : WD_SLICE_NONE;
    if (meta.len > 0 && !wd_slice_starts(meta, WD_SLICE("http")))
        story->byline = meta;
}

/* What the page says was wrong: in JSON-LD, else in microdata. */
static void read_corrections(struct reading *reading)
{
    struct wd_story *story = reading->story;
    wd_json_ld_take_corrections(story, reading->article);
    if (story->editors_note.len == 0 && statement(reading, "correction").len > 0) {
        story->signals |= WD_SIGNAL_CORRECTION;
        story->editors_note = statement(reading, "correction");
    }
}

static void read_copy(struct reading *reading)
{
    static const char *const titles[] = {"og:title", "twitter:title", NULL};
    static const char *const summaries[] = {"og:description", "description", NULL};
    static const char *const sites[] = {"og:site_name", NULL};
    struct wd_story *story = reading->story;
    xmlNode *html = reading->root;
    story->headline = first_of(statement(reading, "headline"), meta_of(reading, titles));
    if (story->headline.len == 0 && reading->heading)
        story->headline = content_of(story->arena, reading->heading);
    story->summary = first_of(statement(reading, "description"), meta_of(reading, summaries));
    story->language =
        first_of(statement(reading, "inLanguage"), attribute_of(story->arena, html, "lang"));
    story->credit = statement(reading, "sourceOrganization");
    story->credit = first_of(story->credit, statement(reading, "publisher"));
    story->credit = first_of(story->credit, meta_of(reading, sites));
    story->located = statement(reading, "contentLocation");
    story->dateline = statement(reading, "dateline");
    read_corrections(reading);
    read_byline(reading);
}

static bool add_subject(struct wd_story *story, struct wd_slice name, const char *scheme)
{
    name = wd_text_trim(name);
    if (name.len == 0)
        return true;
    struct wd_concept *concept = wd_story_add_concept(story, &story->subjects);
    if (!concept)
        return false;
    concept->name = name;
    concept->literal = name;
    concept->scheme = wd_slice_from(scheme);
    return true;
}

/* "a, b" or ["a", "b"]. */
static bool add_subjects(struct wd_story *story, yyjson_val *value, const char *scheme)
{
    size_t index = 0;
    size_t max = 0;
    yyjson_val *one = NULL;
    bool fits = true;
    yyjson_arr_foreach(value, index, max, one)
    {
        fits = fits && add_subject(story, wd_json_ld_name(one), scheme);
    }
    struct wd_slice rest = wd_json_ld_string(value);
    while (rest.len > 0 && fits) {
        const char *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.data) : rest.len;
        fits = add_subject(story, wd_slice_make(rest.data, len), scheme);
        rest = wd_slice_from_offset(rest, len + 1);
    }
    return fits;
}

static void read_subjects(struct reading *reading)
{
    static const char *const sections[] = {"article:section", NULL};
    struct wd_story *story = reading->story;
    bool fits = add_subjects(story, yyjson_obj_get(reading->article, "articleSection"), "section");
    fits = fits && add_subjects(story, yyjson_obj_get(reading->article, "keywords"), "keyword");
    if (fits && story->subjects.count == 0)
        fits = add_subject(story, meta_of(reading, sections), "section");
    fits = fits && wd_json_ld_take_tags(story, reading->article);
    if (!fits)
        story->flags |= WD_FLAG_TRUNCATED;
}

static void read_picture(struct reading *reading)
{
    static const char *const metas[] = {"og:image", NULL};
    yyjson_val *image = yyjson_obj_get(reading->article, "image");
    if (yyjson_is_arr(image))
        image = yyjson_arr_get_first(image);
    struct wd_slice url = first_of(wd_json_text(image, "url", NULL), wd_json_ld_string(image));
    url = first_of(url, meta_of(reading, metas));
    struct wd_media *media = url.len > 0 ? wd_story_add_media(reading->story) : NULL;
    if (!media)
        return;
    media->type = WD_SLICE("picture");
    media->uri = url;
    media->href = url;
    media->caption = wd_json_text(image, "caption", NULL);
    media->credit = first_of(wd_json_text(image, "creditText", NULL),
                             wd_json_ld_name(yyjson_obj_get(image, "creator")));
}

/* ---- the body ---- */

/* What stands in an article and is no copy. */
static bool is_furniture(const xmlNode *node)
{
    static const char *const names[] = {"script", "style",  "nav",    "aside",
                                        "footer", "form",   "button", "h1",
                                        "header", "figure", "iframe", "noscript"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (is_element(node, names[i]))
            return true;
    }
    return false;
}

/* Corrections stand in boxes and at the foot of an article, where nothing else is copy. */
static void take_remark(struct reading *reading, xmlNode *node)
{
    struct wd_story *story = reading->story;
    if (!is_element(node, "aside") && !is_element(node, "footer"))
        return;
    struct wd_slice text = content_of(story->arena, node);
    struct wd_wire_words words = {wd_desk_marks_of_remark(text), 0};
    if (words.set == 0 || text.len > REMARK_BYTES_MAX)
        return;
    story->signals |= wd_wire_words_signals(&words);
    if (story->editors_note.len == 0)
        story->editors_note = text;
}

/* Tells the article's elements and texts one by one, in document order. */
static void tell_body(struct reading *reading, struct wd_body_text *text, xmlNode *top)
{
    for (xmlNode *node = top; node;) {
        bool skip = node->type == XML_ELEMENT_NODE && node != top && is_furniture(node);
        bool element = node->type == XML_ELEMENT_NODE && !skip;
        if (skip)
            take_remark(reading, node);
        if (element)
            wd_body_text_open(text, (const char *)node->name, NULL);
        else if (node->type == XML_TEXT_NODE && node->content)
            wd_body_text_add(text, wd_slice_from((const char *)node->content), false);
        if (element && node->children) {
            node = node->children;
            continue;
        }
        if (element)
            wd_body_text_close(text, (const char *)node->name);
        while (node && node != top && !node->next) {
            node = node->parent;
            wd_body_text_close(text, (const char *)node->name);
        }
        node = !node || node == top ? NULL : node->next;
    }
}

static enum wd_status read_body(struct reading *reading)
{
    struct wd_story *story = reading->story;
    enum wd_status status = WD_OK;
    if (reading->body) {
        struct wd_body_text text;
        wd_body_text_begin(&text, story);
        tell_body(reading, &text, reading->body);
        status = wd_body_text_finish(&text);
    }
    if (status == WD_OK && story->paragraph_count < ARTICLE_PARAGRAPHS_MIN) {
        struct wd_slice text = wd_json_text(reading->article, "articleBody", NULL);
        status = wd_decode_has_markup(text) ? wd_decode_add_html(story, text, reading->error)
                                            : wd_decode_add_lines(story, text);
    }
    if (status == WD_OK && story->paragraph_count > 0 && story->dateline.len == 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status;
}

/* Whether the page says of itself that it is an article. */
static bool says_article(const struct reading *reading)
{
    static const char *const types[] = {"og:type", NULL};
    static const char *const times[] = {"article:published_time", NULL};
    return reading->typed || wd_slice_is(meta_of(reading, types), "article") ||
           meta_of(reading, times).len > 0;
}

static enum wd_status read_page(struct reading *reading)
{
    struct wd_story *story = reading->story;
    gather(reading);
    if (!says_article(reading))
        return wd_error_set(reading->error, WD_UNKNOWN_FORMAT,
                            "page: HTML, but no article: neither JSON-LD, microdata nor meta "
                            "elements say that it is one");
    struct wd_slice site = wd_json_ld_name(yyjson_obj_get(reading->article, "publisher"));
    reading->input.provider = wd_decode_provider(&reading->input, site);
    read_identity(reading);
    read_times(reading);
    read_copy(reading);
    read_subjects(reading);
    read_picture(reading);
    enum wd_status status = read_body(reading);
    if (status == WD_OK && story->headline.len == 0 && story->paragraph_count == 0)
        return wd_error_set(reading->error, WD_MISSING,
                            "page: an article without headline and body");
    return status;
}

/* libxml2's own, and counts: unclosed elements cost it more with every one of them. An attribute takes half again as much
 * memory as an element. */
static void start_element(void *context, const xmlChar *name, const xmlChar **attributes)
{
    htmlParserCtxtPtr parser = context;
    size_t *elements = parser->_private;
    size_t pairs = 0; /* of name and value */
    while (attributes && attributes[2 * pairs])
        pairs++;
    *elements += 1 + (pairs + 1) / 2;
    if (*elements > ELEMENTS_MAX)
        xmlStopParser(parser);
    else
        xmlSAX2StartElement(context, name, attributes);
}

static enum wd_status parse(struct reading *reading, struct wd_slice text)
{
    size_t elements = 0;
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (!parser)
        return wd_error_set(reading->error, WD_NO_MEMORY, "page: no memory");
    parser->_private = &elements;
    parser->sax->startElement = start_element;
    parser->sax->comment = NULL;
    reading->document =
        htmlCtxtReadMemory(parser, text.data, (int)text.len, NULL, "UTF-8",
                           HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    htmlFreeParserCtxt(parser);
    if (elements > ELEMENTS_MAX)
        return wd_error_set(reading->error, WD_TOO_LARGE,
                            "page: more than %d elements (two attributes count as one) are no "
                            "article",
                            ELEMENTS_MAX);
    reading->root = reading->document ? xmlDocGetRootElement(reading->document) : NULL;
    return reading->root
               ? WD_OK
               : wd_error_set(reading->error, WD_UNKNOWN_FORMAT, "page: no HTML element in it");
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_story *story = wd_decode_begin_story(input, batch, "page", error);
    struct wd_charset_text text;
    if (!story)
        return error->status;
    struct wd_slice label = wd_charset_of_content_type(input->content_type);
    if (label.len == 0)
        label = wd_charset_of_html(input->raw);
    enum wd_status status = wd_charset_to_utf8(input->raw, label, story->arena, &text, error);
    if (status != WD_OK)
        return status;
    bool controls = false;
    text.text = wd_text_blank_controls(story->arena, text.text, &controls);
    if (!text.text.data)
        return wd_error_set(error, WD_NO_MEMORY, "page: no memory");
    if (label.len == 0 && (text.flags & WD_FLAG_CHARSET_DIFFERS)) /* nothing was declared */
        text.flags ^= WD_FLAG_CHARSET_DIFFERS | WD_FLAG_CHARSET_ASSUMED;
    story->flags |= text.flags | (controls ? WD_FLAG_CONTROL_BYTES : 0u);
    struct reading reading = {.input = *input, .story = story, .error = error};
    status = parse(&reading, text.text);
    if (status == WD_OK)
        status = read_page(&reading);
    xmlFreeDoc(reading.document);
    if (status == WD_OK)
        wd_decode_end_story(&reading.input, story);
    return status != WD_OK && error->status == WD_OK
               ? wd_error_set(error, status, "page: %s", wd_status_sentence(status))
               : status;
}

static int sniff(struct wd_slice head, size_t total_len)
{
    (void)total_len;
    struct wd_slice text = wd_text_trim(head);
    while (wd_slice_starts(text, WD_SLICE("<!--"))) {
        const char *end = memmem(text.data, text.len, "-->", 3);
        text = end ? wd_text_trim(wd_slice_from_offset(text, (size_t)(end - text.data) + 3))
                   : WD_SLICE_NONE;
    }
    bool page = wd_text_starts_ascii_case(text, WD_SLICE("<!doctype html")) ||
                wd_text_starts_ascii_case(text, WD_SLICE("<html")) ||
                wd_text_starts_ascii_case(text, WD_SLICE("<head"));
    return page ? 80 : 0;
}

const struct wd_decoder wd_decoder_page = {
    .name = "page",
    .summary = "a news page: HTML with schema.org or meta data",
    .carries = WD_CARRIES_VERSION | WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED | WD_CARRIES_EXPIRES |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_SUBJECTS | WD_CARRIES_ENTITIES |
               WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE | WD_CARRIES_NOTE |
               WD_CARRIES_CREDIT | WD_CARRIES_LANGUAGE | WD_CARRIES_SUMMARY | WD_CARRIES_BODY |
               WD_CARRIES_MEDIA | WD_CARRIES_URL,
    .sniff = sniff,
    .decode = decode,
};
