/* The text of an HTML body, block by block, from libxml2's HTML parser by its SAX events.
 *
 * Why this one: on a news page of 93 KB it reads 53 MB/s to gumbo's 23, and its memory does not grow with the
 * nesting; gumbo takes 31 to 118 times the input and quadratic time on unclosed elements (500 KB of "<div>":
 * more than ten seconds). Without a tree libxml2's own limit of depth does not cut the text off either.
 * (Measured with Debian 12's libraries; both give the same text for the page.) */
#include "body_text.h"
#include "decoder.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

enum {
    DEPTH_MAX = 256,     /* libxml2 looks through all open elements at each end tag */
    ATTRIBUTES_MAX = 256 /* and through all attributes before each one */
};

struct reading {
    struct wd_body_text body;
    htmlParserCtxt *context;
    size_t depth;
    bool too_deep;
};

static struct wd_slice slice_of(const xmlChar *text)
{
    return wd_slice_from((const char *)text);
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct reading *reading = context;
    struct wd_body_element element = {.hidden = false};
    for (; attributes && attributes[0]; attributes += 2) {
        const char *key = (const char *)attributes[0];
        struct wd_slice value = slice_of(attributes[1]);
        if (strcmp(key, "class") == 0)
            element.class_names = value;
        else if (strcmp(key, "id") == 0)
            element.id = value;
        else if (strcmp(key, "style") == 0)
            element.style = value;
        else if (strcmp(key, "role") == 0)
            element.role = value;
        else if (strcmp(key, "src") == 0)
            element.source = value;
        else if (strcmp(key, "hidden") == 0 ||
                 (strcmp(key, "aria-hidden") == 0 && wd_slice_is(value, "true")))
            element.hidden = true;
    }
    wd_body_text_open(&reading->body, (const char *)name, &element);
    if (++reading->depth > DEPTH_MAX) {
        reading->too_deep = true;
        xmlStopParser(reading->context);
    }
}

static void on_end(void *context, const xmlChar *name)
{
    struct reading *reading = context;
    wd_body_text_close(&reading->body, (const char *)name);
    reading->depth -= reading->depth > 0;
}

static void on_text(void *context, const xmlChar *text, int len)
{
    struct reading *reading = context;
    wd_body_text_add(&reading->body, wd_slice_make((const char *)text, (size_t)len), false);
}

static const htmlSAXHandler events = {
    .startElement = on_start,
    .endElement = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .cdataBlock = on_text,
};

/* How far inside a start tag one may be, wherever in the text it began; counts of attributes, -1: not in it. */
struct tag_scan {
    int name;     /* before, in and between attributes' names */
    int equals;   /* after an equal sign */
    int bare;     /* in a value without quotes */
    int quoted;   /* in "..." */
    int quoted_1; /* in '...' */
    bool apart;   /* the last byte ends a name */
};

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* One byte further, in all places at once. */
static void scan(struct tag_scan *tag, char c, char next)
{
    struct tag_scan now = {-1, -1, -1, -1, -1, is_blank(c) || strchr("/\"'", c)};
    bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (tag->name >= 0 && c == '=')
        now.equals = tag->name;
    else if (tag->name >= 0 && c != '>')
        now.name = tag->name + (tag->apart && !now.apart);
    if (tag->equals >= 0 && is_blank(c))
        now.equals = larger(now.equals, tag->equals);
    else if (tag->equals >= 0 && c == '"')
        now.quoted = tag->equals;
    else if (tag->equals >= 0 && c == '\'')
        now.quoted_1 = tag->equals;
    else if (tag->equals >= 0 && c != '>')
        now.bare = tag->equals;
    if (tag->bare >= 0 && is_blank(c))
        now.name = larger(now.name, tag->bare);
    else if (tag->bare >= 0 && c != '>')
        now.bare = larger(now.bare, tag->bare);
    if (tag->quoted >= 0)
        *(c == '"' ? &now.name : &now.quoted) =
            larger(c == '"' ? now.name : now.quoted, tag->quoted);
    if (tag->quoted_1 >= 0)
        *(c == '\'' ? &now.name : &now.quoted_1) =
            larger(c == '\'' ? now.name : now.quoted_1, tag->quoted_1);
    if (c == '<' && letter)
        now.name = larger(now.name, 0);
    *tag = now;
}

static bool is_in_tag(const struct tag_scan *tag)
{
    return (tag->name & tag->equals & tag->bare & tag->quoted & tag->quoted_1) >= 0;
}

/* Where the next tag may begin, which nothing before it has to do with. */
static size_t find_tag(struct wd_slice html, size_t from)
{
    const char *open = memchr(html.data + from, '<', html.len - from);
    return open ? (size_t)(open - html.data) : html.len;
}

/* Blanks the attributes of a start tag past the first ATTRIBUTES_MAX: nobody writes them but to make
 * parsers slow. Returns how many bytes that were; `out` (a copy of the HTML) may be NULL to count only. */
static size_t blank_attributes(struct wd_slice html, char *out)
{
    struct tag_scan tag = {-1, -1, -1, -1, -1, false};
    size_t blanked = 0;
    for (size_t i = 0; i < html.len; i++) {
        if (!is_in_tag(&tag))
            i = find_tag(html, i);
        if (i == html.len)
            break;
        size_t next = i + 1 < html.len ? i + 1 : i;
        scan(&tag, html.data[i], html.data[next]);
        bool excess = larger(tag.name, tag.equals) > ATTRIBUTES_MAX;
        blanked += excess;
        if (out && excess && html.data[i] != '<')
            out[i] = ' ';
    }
    return blanked;
}

static enum wd_status parse(struct reading *reading, struct wd_slice html)
{
    htmlParserCtxt *context = htmlCreateMemoryParserCtxt(html.data, (int)html.len);
    if (!context)
        return WD_NO_MEMORY;
    *context->sax = events;
    context->userData = reading;
    reading->context = context;
    /* RECOVER: a script ends at its own end tag, not at any. */
    (void)htmlCtxtUseOptions(context, HTML_PARSE_NONET | HTML_PARSE_RECOVER);
    xmlCharEncodingHandler *utf8 = xmlFindCharEncodingHandler("UTF-8");
    if (utf8)
        (void)xmlSwitchToEncoding(context, utf8);
    (void)htmlParseDocument(context);
    if (context->myDoc)
        xmlFreeDoc(context->myDoc);
    context->myDoc = NULL;
    htmlFreeParserCtxt(context);
    return WD_OK;
}

enum wd_status wd_decode_add_html(struct wd_story *story, struct wd_slice html,
                                  struct wd_error *error)
{
    struct reading reading = {.depth = 0};
    if (html.len == 0)
        return WD_OK;
    if (blank_attributes(html, NULL) > 0) {
        struct wd_slice copy = wd_arena_copy(story->arena, html);
        if (!copy.data)
            return wd_error_set(error, WD_NO_MEMORY, "no memory for an HTML body");
        (void)blank_attributes(html, (char *)(uintptr_t)copy.data); /* our own */
        html = copy;
    }
    wd_body_text_begin(&reading.body, story);
    enum wd_status status = parse(&reading, html);
    enum wd_status result = wd_body_text_finish(&reading.body);
    if (reading.too_deep)
        return wd_error_set(error, WD_TOO_DEEP, "the HTML body nests more than %d elements",
                            DEPTH_MAX);
    status = status == WD_OK ? result : status;
    return status == WD_OK ? WD_OK
                           : wd_error_set(error, status,
                                          "the HTML body has more than %d paragraphs, or no memory",
                                          WD_PARAGRAPHS_MAX);
}
