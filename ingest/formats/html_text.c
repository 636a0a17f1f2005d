/* The text of an HTML body, block by block. */
#include "decoder.h"

#include <libxml/HTMLparser.h>

static bool is_block(const xmlNode *node)
{
    static const char *const blocks[] = {"p",  "div", "h1", "h2",         "h3",         "h4",
                                         "h5", "h6",  "li", "blockquote", "figcaption", "td",
                                         "th", "pre", "br", "body",       "section",    "article"};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (xmlStrEqual(node->name, BAD_CAST blocks[i]))
            return true;
    }
    return false;
}

static bool is_hidden(const xmlNode *node)
{
    return xmlStrEqual(node->name, BAD_CAST "script") || xmlStrEqual(node->name, BAD_CAST "style");
}

/* Ends the paragraph that is being gathered. */
static enum wd_status flush(struct wd_story *story, struct wd_buffer *text)
{
    struct wd_slice paragraph = wd_text_trim(wd_buffer_slice(text));
    enum wd_status status = WD_OK;
    if (paragraph.len > 0) {
        struct wd_slice copy = wd_arena_copy(story->arena, paragraph);
        status = copy.data ? wd_story_add_paragraph(story, copy) : WD_NO_MEMORY;
    }
    text->len = 0;
    return status;
}

static xmlNode *next_node(xmlNode *node, const xmlNode *root, bool descend)
{
    if (descend && node->children)
        return node->children;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

/* A node's end is a block's end too, when one of the elements that close before `next` is a block. */
static bool closes_block(const xmlNode *node, const xmlNode *next)
{
    if (node->children && next == node->children)
        return false;
    for (; node && (!next || node->parent != next->parent); node = node->parent) {
        if (node->type == XML_ELEMENT_NODE && is_block(node))
            return true;
    }
    return node && node->type == XML_ELEMENT_NODE && is_block(node);
}

static enum wd_status gather(struct wd_story *story, xmlNode *root, struct wd_buffer *text)
{
    enum wd_status status = WD_OK;
    for (xmlNode *node = root; node && status == WD_OK;) {
        bool element = node->type == XML_ELEMENT_NODE;
        if (element && is_block(node))
            status = flush(story, text);
        if (node->type == XML_TEXT_NODE && node->content)
            wd_buffer_append(text, node->content, strlen((const char *)node->content));
        xmlNode *next = next_node(node, root, !(element && is_hidden(node)));
        if (status == WD_OK && closes_block(node, next))
            status = flush(story, text);
        node = next;
    }
    return status == WD_OK ? flush(story, text) : status;
}

enum wd_status wd_decode_add_html(struct wd_story *story, struct wd_slice html,
                                  struct wd_error *error)
{
    htmlDocPtr document =
        htmlReadMemory(html.data, (int)html.len, NULL, "UTF-8",
                       HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    struct wd_buffer text;
    wd_buffer_init(&text);
    enum wd_status status = root ? gather(story, root, &text) : WD_OK;
    if (status == WD_OK && !wd_buffer_ok(&text))
        status = WD_NO_MEMORY;
    wd_buffer_finish(&text);
    xmlFreeDoc(document);
    return status == WD_OK ? WD_OK
                           : wd_error_set(error, status, "the HTML body has too many paragraphs");
}
