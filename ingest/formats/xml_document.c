#include "xml_document.h"

#include "charset.h"
#include "text.h"
#include "xml_builder.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

enum {
    TREE_FACTOR = 16, /* the tree's bytes for one byte of the message */
    TREE_BYTES_FREE = 64 * 1024,
    ATTRIBUTE_BYTES_MIN = 5,      /* a="" and a blank */
    SUBSET_BYTES_MAX = 32 * 1024, /* every name of HTML with what XHTML says of it is 30 KB */
};

static int line_at(struct wd_slice source, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset && i < source.len; i++)
        line += source.data[i] == '\n';
    return line;
}

/* libxml2 compares every attribute of an element with all others: a start tag of 100,000 would take minutes.
 * Only a long stretch without '<' (which no attribute may contain) can be such a tag. */
static bool has_giant_tag(struct wd_slice source)
{
    const char *end = source.data + source.len;
    const char *tag = memchr(source.data, '<', source.len);
    while (tag) {
        const char *next = memchr(tag + 1, '<', (size_t)(end - tag - 1));
        const char *stop = next ? next : end;
        size_t equal_signs = 0;
        char quote = '\0';
        bool long_enough = stop - tag > (ptrdiff_t)WD_XML_ATTRIBUTES_MAX * ATTRIBUTE_BYTES_MIN;
        for (const char *c = tag; long_enough && c < stop && (quote || *c != '>'); c++) {
            if (!quote && (*c == '"' || *c == '\''))
                quote = *c;
            else if (quote && *c == quote)
                quote = '\0';
            equal_signs += !quote && *c == '=';
        }
        if (equal_signs > WD_XML_ATTRIBUTES_MAX)
            return true;
        tag = next;
    }
    return false;
}

/* Where the comment, section or instruction that begins here ends; 0 when none does. */
static size_t skip_section(struct wd_slice text, bool instructions)
{
    static const struct {
        const char *begin, *end;
    } sections[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
    for (size_t i = 0; i < 2 + (size_t)instructions; i++) {
        size_t len = strlen(sections[i].end);
        if (!wd_slice_starts(text, wd_slice_from(sections[i].begin)))
            continue;
        const char *end = memmem(text.data, text.len, sections[i].end, len);
        return end ? (size_t)(end - text.data) + len : text.len;
    }
    return 0;
}

/* The declarations in "<!DOCTYPE nitf [...]>": libxml2 compares the values that an attribute may have with one another, and takes
 * a minute for a megabyte of them. */
static bool has_giant_subset(struct wd_slice source)
{
    size_t at = 0, section = 0;
    while (at < source.len &&
           (strchr(" \t\r\n", source.data[at]) ||
            (section = skip_section(wd_slice_from_offset(source, at), true)) > 0)) {
        at += section > 0 ? section : 1;
        section = 0;
    }
    if (!wd_slice_starts(wd_slice_from_offset(source, at), WD_SLICE("<!DOCTYPE")))
        return false;
    size_t begin = SIZE_MAX; /* of what stands in brackets */
    for (char quote = '\0'; at < source.len; at++) {
        char c = source.data[at];
        section =
            begin != SIZE_MAX && !quote ? skip_section(wd_slice_from_offset(source, at), true) : 0;
        at += section > 0 ? section - 1 : 0;
        if (section > 0)
            continue;
        if (!quote && (c == '"' || c == '\''))
            quote = c;
        else if (quote == c)
            quote = '\0';
        else if (!quote && c == '[' && begin == SIZE_MAX)
            begin = at;
        else if (!quote && (c == ']' || (c == '>' && begin == SIZE_MAX)))
            break;
    }
    return begin != SIZE_MAX && at - begin > SUBSET_BYTES_MAX;
}

static bool is_control(unsigned char byte)
{
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

/* Control bytes that XML forbids become blanks, byte for byte, so that offsets stay true. */
static enum wd_status blank_controls(struct wd_xml_document *document, struct wd_arena *arena,
                                     struct wd_error *error)
{
    struct wd_slice source = document->source;
    unsigned some = 0;
    size_t nul = SIZE_MAX;
    for (size_t i = 0; i < source.len; i++) { /* without a branch: the compiler makes it wide */
        unsigned char c = (unsigned char)source.data[i];
        some |= (unsigned)(c < 0x20) & (unsigned)(c != '\t') & (unsigned)(c != '\n') &
                (unsigned)(c != '\r');
    }
    if (some == 0)
        return WD_OK;
    const char *found = memchr(source.data, 0, source.len);
    if (found) {
        nul = (size_t)(found - source.data);
        wd_error_at_offset(error, nul);
        return wd_error_set(error, WD_NUL_BYTE, "XML: NUL byte at offset %zu", nul);
    }
    struct wd_slice copy = wd_arena_copy(arena, source);
    if (!copy.data)
        return wd_error_set(error, WD_NO_MEMORY, "no memory");
    for (size_t i = 0; i < copy.len; i++) {
        if (is_control((unsigned char)copy.data[i]))
            ((char *)copy.data)[i] = ' ';
    }
    document->source = copy;
    document->flags |= WD_FLAG_CONTROL_BYTES;
    return WD_OK;
}

/* The reference at the front of `text` ("&amp;", "&#8217;", "&eacute;") that the parser will understand. */
static bool is_reference(struct wd_slice text)
{
    const char *end = memchr(text.data, ';', text.len < 16 ? text.len : 16);
    size_t len = end ? (size_t)(end - text.data) : 0;
    xmlChar name[16] = {0};
    if (len < 2)
        return false;
    memcpy(name, text.data + 1, len - 1);
    if (name[0] != '#')
        return xmlGetPredefinedEntity(name) || htmlEntityLookup(name);
    bool hex = name[1] == 'x';
    char *stop = NULL;
    long point =
        name[hex ? 2 : 1] ? strtol((const char *)name + (hex ? 2 : 1), &stop, hex ? 16 : 10) : 0;
    return point > 0 && stop && *stop == '\0' && IS_CHAR((unsigned)point);
}

/* Ampersands that begin no reference become "&amp;": the parser would drop them with what follows. */
static enum wd_status mend_ampersands(struct wd_xml_document *document, struct wd_arena *arena,
                                      struct wd_error *error)
{
    struct wd_slice rest = document->source;
    struct wd_buffer out;
    wd_buffer_init(&out);
    while (rest.len > 0) {
        size_t plain = 0;
        while (plain < rest.len && rest.data[plain] != '&' && rest.data[plain] != '<')
            plain++;
        wd_buffer_append(&out, rest.data, plain);
        rest = wd_slice_from_offset(rest, plain);
        if (rest.len == 0)
            break;
        size_t section = skip_section(rest, false);
        bool bare = rest.data[0] == '&' && !is_reference(rest);
        wd_buffer_append(&out, rest.data, section ? section : 1);
        if (bare)
            wd_buffer_append(&out, "amp;", 4);
        rest = wd_slice_from_offset(rest, section ? section : 1);
    }
    struct wd_slice copy =
        wd_buffer_ok(&out) ? wd_arena_copy(arena, wd_buffer_slice(&out)) : WD_SLICE_NONE;
    wd_buffer_finish(&out);
    if (!copy.data)
        return wd_error_set(error, WD_NO_MEMORY, "no memory");
    document->source = copy;
    return WD_OK;
}

static enum wd_status recover(struct wd_xml_document *document,
                              const struct wd_xml_options *options, struct wd_arena *arena,
                              size_t used_max, struct wd_error *error)
{
    struct wd_error fault;
    wd_error_init(&fault);
    document->recovered = true;
    document->flags |= WD_FLAG_NOT_WELL_FORMED;
    document->fault = *error;
    enum wd_status status = mend_ampersands(document, arena, error);
    if (status == WD_OK)
        status = wd_xml_build(document, options, arena, used_max, &fault);
    if (status == WD_OK)
        wd_error_init(error);
    else if (fault.status != WD_OK && fault.status != WD_SYNTAX)
        *error = fault; /* otherwise the first fault says more */
    return status;
}

void wd_xml_setup(void)
{
    xmlInitParser();
}

enum wd_status wd_xml_read(struct wd_slice bytes, const struct wd_xml_options *options,
                           struct wd_arena *arena, struct wd_xml_document **document,
                           struct wd_error *error)
{
    struct wd_xml_document *made = wd_arena_calloc(arena, 1, sizeof(*made));
    struct wd_charset_text text = {WD_SLICE_NONE, 0, 0};
    size_t used_max = wd_arena_used(arena) + TREE_BYTES_FREE + bytes.len * TREE_FACTOR;
    *document = NULL;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory");
    struct wd_slice own = wd_charset_of_xml(bytes);
    enum wd_status status = wd_charset_to_utf8(bytes, options->label.len > 0 ? options->label : own,
                                               arena, &text, error);
    if (status != WD_OK)
        return status;
    /* Leading white space before the XML declaration is common and harmless. */
    made->source = text.text;
    while (made->source.len > 0 && strchr(" \t\r\n", made->source.data[0]) && made->source.data[0])
        made->source = wd_slice_from_offset(made->source, 1);
    made->flags = text.flags;
    status = blank_controls(made, arena, error);
    if (status != WD_OK)
        return status;
    if (has_giant_tag(made->source))
        return wd_error_set(error, WD_TOO_LARGE, "XML: an element has more than %d attributes",
                            WD_XML_ATTRIBUTES_MAX);
    if (has_giant_subset(made->source))
        return wd_error_set(error, WD_TOO_LARGE,
                            "XML: more than %d bytes of declarations in the DOCTYPE",
                            SUBSET_BYTES_MAX);
    struct wd_xml_options strict = *options;
    strict.recover = false;
    status = wd_xml_build(made, &strict, arena, used_max, error);
    if (options->recover && (status == WD_SYNTAX || status == WD_UNSUPPORTED))
        status = recover(made, options, arena, used_max, error);
    if (status == WD_OK)
        *document = made;
    return status;
}

enum wd_status wd_xml_fault(const struct wd_xml_document *document,
                            const struct wd_xml_node *element, struct wd_error *error,
                            enum wd_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)wd_error_vset(error, status, format, arguments);
    va_end(arguments);
    if (!error || !element)
        return status;
    size_t offset = element->offset;
    const char *begin =
        offset > 0 ? memrchr(document->source.data, '<', offset) : NULL; /* of its start tag */
    if (begin && element->name)
        offset = (size_t)(begin - document->source.data);
    int line = line_at(document->source, offset);
    wd_xml_set_path(error, element->name ? element : element->parent);
    wd_error_at_offset(error, offset);
    wd_error_at_line(error, line);
    struct wd_slice said = wd_slice_from(error->text);
    char copy[WD_ERROR_TEXT_SIZE];
    (void)snprintf(copy, sizeof(copy), "%.*s", WD_SLICE_ARG(said));
    return wd_error_set(error, status, "%s (line %d, offset %zu, in <%s>)", copy, line, offset,
                        element->name ? element->name : "");
}
