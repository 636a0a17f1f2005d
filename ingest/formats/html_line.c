/* The text of a piece of HTML in one line: titles and summaries that carry markup. */
#include "decoder.h"
#include "html_attributes.h"

#include <libxml/HTMLparser.h>

enum { LINE_BYTES_MAX = 64 * 1024 };

bool wd_decode_has_markup(struct wd_slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        char next = text.data[i + 1];
        char lower = (char)(next | 0x20);
        bool letter = lower >= 'a' && lower <= 'z';
        if (text.data[i] == '<' && (letter || next == '/' || next == '!'))
            return true;
        if (text.data[i] == '&' && (letter || next == '#') &&
            memchr(text.data + i, ';', text.len - i < 12 ? text.len - i : 12))
            return true;
    }
    return false;
}

static bool is_hidden(const xmlNode *node)
{
    static const char *const hidden[] = {"script", "style", "noscript", "template"};
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (xmlStrEqual(node->name, BAD_CAST hidden[i]))
            return true;
    }
    return false;
}

static bool ends_words(const xmlNode *node)
{
    static const char *const names[] = {"br", "p", "div", "li", "td", "th", "tr"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (xmlStrEqual(node->name, BAD_CAST names[i]))
            return true;
    }
    return false;
}

/* Cuts what no reader sees out of the tree, and parts what stands on lines of its own. */
static void prepare(xmlNode *root)
{
    xmlNode *node = root;
    while (node) {
        bool element = node != root && node->type == XML_ELEMENT_NODE;
        bool hidden = element && is_hidden(node);
        if (element && ends_words(node))
            (void)xmlAddNextSibling(node, xmlNewText(BAD_CAST " "));
        xmlNode *next = !hidden ? node->children : NULL;
        for (xmlNode *up = node; !next && up && up != root; up = up->parent)
            next = up->next;
        if (hidden) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
        node = next;
    }
}

struct wd_slice wd_decode_html_line(struct wd_arena *arena, struct wd_slice html)
{
    if (html.len > LINE_BYTES_MAX) /* no title: not worth a tree, but not to be lost */
        return wd_text_squeeze(arena, html);
    html = wd_html_without_excess(arena, html);
    if (!html.data)
        return WD_SLICE_NONE;
    htmlDocPtr document =
        htmlReadMemory(html.data, (int)html.len, NULL, "UTF-8",
                       HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    if (root)
        prepare(root);
    xmlChar *text = root ? xmlNodeGetContent(root) : NULL;
    struct wd_slice line =
        text ? wd_text_squeeze(arena, wd_slice_from((const char *)text)) : WD_SLICE_NONE;
    xmlFree(text);
    xmlFreeDoc(document);
    return line;
}
