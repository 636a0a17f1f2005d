#include "page_document.h"

#include "decoder.h"
#include "html_attributes.h"
#include "html_names.h"
#include "json.h"
#include "json_ld.h"

#include <libxml/SAX2.h>

enum {
    ELEMENTS_MAX = 32768, /* of a page: real ones have some thousands */
    PIECE_BYTES = 4096
};

static xmlNode *step(xmlNode *node, const xmlNode *top)
{
    if (node->children)
        return node->children;
    while (node && node != top && !node->next)
        node = node->parent;
    return !node || node == top ? NULL : node->next;
}

bool wd_page_is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, BAD_CAST name);
}

struct wd_slice wd_page_attribute(struct wd_arena *arena, xmlNode *node, const char *name)
{
    xmlChar *value = node->properties ? xmlGetProp(node, BAD_CAST name) : NULL;
    struct wd_slice copy =
        value ? wd_arena_copy(arena, wd_text_trim(wd_slice_from((const char *)value)))
              : WD_SLICE_NONE;
    xmlFree(value);
    return copy;
}

struct wd_slice wd_page_content(struct wd_arena *arena, xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node);
    struct wd_slice line =
        text ? wd_text_squeeze(arena, wd_slice_from((const char *)text)) : WD_SLICE_NONE;
    xmlFree(text);
    return line;
}

static struct wd_slice find_pair(const struct wd_page_pairs *pairs, struct wd_slice name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (wd_text_equal_ascii_case(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return WD_SLICE_NONE;
}

/* Keeps the first value of a name. */
static void keep_pair(struct wd_page_pairs *pairs, struct wd_slice name, struct wd_slice value)
{
    if (pairs->count < WD_PAGE_PAIRS_MAX && name.len > 0 && value.len > 0 &&
        find_pair(pairs, name).len == 0)
        pairs->items[pairs->count++] = (struct wd_page_pair){name, value};
}

/* <meta name="..."> or <meta property="...">. */
static void keep_meta(struct wd_page *page, xmlNode *node)
{
    struct wd_arena *arena = page->story->arena;
    struct wd_slice name = wd_page_attribute(arena, node, "property");
    if (name.len == 0)
        name = wd_page_attribute(arena, node, "name");
    keep_pair(&page->metas, name, wd_page_attribute(arena, node, "content"));
}

/* An element with itemprop: its content, datetime, href, src, or its text. Only names that somebody asks for,
 * and of each the first: text within text within text is not gathered again and again. */
static void keep_property(struct wd_page *page, xmlNode *node, struct wd_slice name)
{
    static const char *const wanted[] = {
        "headline",   "datePublished", "dateModified",       "dateCreated",     "expires",
        "author",     "description",   "inLanguage",         "publisher",       "url",
        "correction", "dateline",      "sourceOrganization", "contentLocation", "mainEntityOfPage"};
    static const char *const attributes[] = {"content", "datetime", "href", "src"};
    struct wd_arena *arena = page->story->arena;
    bool asked = false;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        asked = asked || wd_slice_is(name, wanted[i]);
    if (!asked || find_pair(&page->properties, name).len > 0)
        return;
    struct wd_slice value = WD_SLICE_NONE;
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]) && value.len == 0; i++)
        value = wd_page_attribute(arena, node, attributes[i]);
    if (value.len == 0)
        value = wd_page_content(arena, node);
    keep_pair(&page->properties, name, value);
}

struct wd_slice wd_page_meta(const struct wd_page *page, const char *const *names)
{
    for (; *names; names++) {
        struct wd_slice content = find_pair(&page->metas, wd_slice_from(*names));
        if (content.len > 0)
            return content;
    }
    return WD_SLICE_NONE;
}

/* One <script type="application/ld+json">; the first that holds an article counts. One that is no JSON does not
 * hide the others: pages carry several, by several hands. */
static void read_script(struct wd_page *page, xmlNode *node)
{
    struct wd_arena *arena = page->story->arena;
    struct wd_slice type = wd_page_attribute(arena, node, "type");
    if (page->article || !wd_slice_starts(type, WD_SLICE("application/ld+json")))
        return;
    xmlChar *text = xmlNodeGetContent(node);
    struct wd_slice json =
        text ? wd_arena_copy(arena, wd_slice_from((const char *)text)) : WD_SLICE_NONE;
    xmlFree(text);
    yyjson_val *root = NULL;
    struct wd_error ignored;
    wd_error_init(&ignored);
    if (json.len > 0 && wd_json_read(json, arena, &root, &ignored) == WD_OK)
        page->article = wd_json_ld_find_article(root);
    else
        page->story->flags |= WD_FLAG_WRONG_TYPES;
    page->typed = page->typed || page->article;
}

/* The element that may hold the copy: what says so, else the <article> with most paragraphs. Returns the place to
 * go on from: articles within articles are not counted twice. */
static xmlNode *weigh_article(struct wd_page *page, xmlNode *node)
{
    size_t count = 0;
    xmlNode *last = node;
    for (xmlNode *below = node; below; below = step(below, node)) {
        count += wd_page_is_element(below, "p");
        last = below;
    }
    if (!page->body_named && count > page->body_paragraphs) {
        page->body = node;
        page->body_paragraphs = count;
    }
    return last;
}

static void take_element(struct wd_page *page, xmlNode *node)
{
    struct wd_arena *arena = page->story->arena;
    struct wd_slice property = wd_page_attribute(arena, node, "itemprop");
    if (wd_page_is_element(node, "meta"))
        keep_meta(page, node);
    else if (wd_page_is_element(node, "script"))
        read_script(page, node);
    else if (wd_page_is_element(node, "h1") && !page->heading)
        page->heading = node;
    else if (wd_page_is_element(node, "link") && page->canonical.len == 0 &&
             wd_slice_is(wd_page_attribute(arena, node, "rel"), "canonical"))
        page->canonical = wd_page_attribute(arena, node, "href");
    if (property.len > 0)
        keep_property(page, node, property);
    if (wd_json_ld_is_article_type(wd_page_attribute(arena, node, "itemtype")))
        page->typed = true;
    if (wd_slice_is(property, "articleBody") && !page->body_named) {
        page->body = node;
        page->body_named = true;
    }
}

/* One walk over the page: what is asked for later. */
static void gather(struct wd_page *page)
{
    const xmlNode *counted = NULL; /* last node of the article that was weighed */
    for (xmlNode *node = page->root; node; node = step(node, page->root)) {
        if (node->type != XML_ELEMENT_NODE) {
            counted = node == counted ? NULL : counted;
            continue;
        }
        take_element(page, node);
        if (!counted && wd_page_is_element(node, "article"))
            counted = weigh_article(page, node);
        counted = node == counted ? NULL : counted;
    }
}

struct wd_slice wd_page_statement(const struct wd_page *page, const char *name)
{
    struct wd_slice text = wd_json_ld_name(yyjson_obj_get(page->article, name));
    if (text.len == 0 && !page->article)
        text = find_pair(&page->properties, wd_slice_from(name));
    if (wd_decode_has_markup(text))
        return wd_decode_html_line(page->story->arena, text);
    return wd_text_trim(text);
}

bool wd_page_is_article(const struct wd_page *page)
{
    static const char *const types[] = {"og:type", NULL};
    static const char *const times[] = {"article:published_time", NULL};
    return page->typed || wd_slice_is(wd_page_meta(page, types), "article") ||
           wd_page_meta(page, times).len > 0;
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
    wd_html_stop_at_names(parser);
    *elements += 1 + (pairs + 1) / 2;
    if (*elements > ELEMENTS_MAX)
        xmlStopParser(parser);
    else
        xmlSAX2StartElement(context, name, attributes);
}

static void on_text(void *context, const xmlChar *text, int len)
{
    xmlSAX2Characters(context, text, len);
    wd_html_stop_at_names(context);
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target; /* nobody asks for them */
    (void)data;
    wd_html_stop_at_names(context);
}

static void on_fault(void *context, xmlErrorPtr fault)
{
    (void)fault;
    wd_html_stop_at_names(context);
}

/* Parses in pieces, and looks before each one whether the start tag that is not at its end yet has too many attributes:
 * a tag that is read whole is read in quadratic time. False: it has. */
static bool parse_in_pieces(htmlParserCtxtPtr parser, struct wd_slice text)
{
    struct wd_html_tag tag = wd_html_tag_none();
    size_t tag_begin = 0, seen = 0;
    for (size_t at = 0; at < text.len;) {
        size_t len = text.len - at < PIECE_BYTES ? text.len - at : PIECE_BYTES;
        (void)htmlParseChunk(parser, text.data + at, (int)len, 0);
        at += len;
        size_t waiting = (size_t)(parser->input->end - parser->input->cur);
        if (parser->instate != XML_PARSER_START_TAG || waiting > at)
            continue;
        if (at - waiting != tag_begin || seen < tag_begin) {
            tag = wd_html_tag_none();
            tag_begin = seen = at - waiting;
        }
        if (wd_html_blank_attributes(&tag, wd_slice_make(text.data + seen, at - seen), NULL) > 0)
            return false;
        seen = at;
    }
    (void)htmlParseChunk(parser, NULL, 0, 1);
    return true;
}

/* A page that may have an element with too many attributes, by its bytes: mostly a script looks like it. */
static bool is_suspicious(struct wd_slice text)
{
    struct wd_html_tag tag = wd_html_tag_none();
    return wd_html_blank_attributes(&tag, text, NULL) > 0;
}

static htmlDocPtr parse(htmlParserCtxtPtr parser, struct wd_slice text, bool *attributes)
{
    static const int options = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
    if (!is_suspicious(text))
        return htmlCtxtReadMemory(parser, text.data, (int)text.len, NULL, "UTF-8", options);
    /* The bytes are UTF-8 by now, whatever the page says. */
    (void)htmlCtxtUseOptions(parser, options | HTML_PARSE_IGNORE_ENC);
    *attributes = !parse_in_pieces(parser, text);
    htmlDocPtr document = parser->myDoc;
    parser->myDoc = NULL;
    return document;
}

enum wd_status wd_page_read(struct wd_page *page, struct wd_slice text, struct wd_error *error)
{
    size_t elements = 0;
    bool attributes = false; /* too many of one element */
    htmlParserCtxtPtr parser =
        htmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (!parser)
        return wd_error_set(error, WD_NO_MEMORY, "page: no memory");
    parser->_private = &elements;
    parser->sax->startElement = start_element;
    parser->sax->comment = NULL;
    parser->sax->characters = on_text;
    parser->sax->processingInstruction = on_instruction;
    parser->sax->initialized = XML_SAX2_MAGIC; /* otherwise faults are not told */
    parser->sax->serror = on_fault;
    wd_html_limit_names(parser);
    page->document = parse(parser, text, &attributes);
    bool names = wd_html_names_full(parser);
    htmlFreeParserCtxt(parser);
    if (elements > ELEMENTS_MAX)
        return wd_error_set(error, WD_TOO_LARGE,
                            "page: more than %d elements (two attributes count as one) are no "
                            "article",
                            ELEMENTS_MAX);
    if (attributes)
        return wd_error_set(error, WD_TOO_LARGE,
                            "page: an element with more than %d attributes is no article's",
                            WD_HTML_ATTRIBUTES_MAX);
    if (names)
        return wd_error_set(error, WD_TOO_LARGE, "page: more different names than any article has");
    page->root = page->document ? xmlDocGetRootElement(page->document) : NULL;
    if (!page->root)
        return wd_error_set(error, WD_UNKNOWN_FORMAT, "page: no HTML element in it");
    gather(page);
    return WD_OK;
}

void wd_page_finish(struct wd_page *page)
{
    xmlFreeDoc(page->document);
    page->document = NULL;
}
