/* Finding one's way in a document that was read: see xml_document.h. */
#include "text.h"
#include "xml_document.h"

bool wd_xml_is(const struct wd_xml_node *node, const char *space, const char *name)
{
    return node && node->name && (!name || strcmp(node->name, name) == 0) &&
           (!space || strcmp(node->space, space) == 0);
}

static const struct wd_xml_node *find_from(const struct wd_xml_node *node, const char *space,
                                           const char *name)
{
    while (node && !wd_xml_is(node, space, name))
        node = node->next;
    return node;
}

const struct wd_xml_node *wd_xml_child(const struct wd_xml_node *element, const char *space,
                                       const char *name)
{
    return element && element->name ? find_from(element->first, space, name) : NULL;
}

const struct wd_xml_node *wd_xml_sibling(const struct wd_xml_node *element, const char *space,
                                         const char *name)
{
    return element ? find_from(element->next, space, name) : NULL;
}

const struct wd_xml_node *wd_xml_find(const struct wd_xml_node *element, const char *path)
{
    while (element && *path) {
        size_t len = strcspn(path, "/");
        const struct wd_xml_node *child = wd_xml_child(element, NULL, NULL);
        while (child && !(strncmp(child->name, path, len) == 0 && child->name[len] == '\0'))
            child = wd_xml_sibling(child, NULL, NULL);
        element = child;
        path += path[len] == '/' ? len + 1 : len;
    }
    return element;
}

const struct wd_xml_node *wd_xml_step(const struct wd_xml_node *node, const struct wd_xml_node *top,
                                      bool descend)
{
    if (descend && node->name && node->first)
        return node->first;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

const struct wd_xml_node *wd_xml_descendant(const struct wd_xml_node *element, const char *space,
                                            const char *name)
{
    const struct wd_xml_node *node = element;
    while (node && !wd_xml_is(node, space, name))
        node = wd_xml_step(node, element, true);
    return node;
}

const struct wd_xml_attribute *wd_xml_attribute_in(const struct wd_xml_node *element,
                                                   const char *space, const char *name)
{
    size_t count = element && element->name ? element->attribute_count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct wd_xml_attribute *attribute = &element->attributes[i];
        if (strcmp(attribute->name, name) == 0 && (!space || strcmp(attribute->space, space) == 0))
            return attribute;
    }
    return NULL;
}

struct wd_slice wd_xml_attribute(const struct wd_xml_node *element, const char *name)
{
    const struct wd_xml_attribute *attribute = wd_xml_attribute_in(element, "", name);
    return attribute ? attribute->value : WD_SLICE_NONE;
}

struct wd_slice wd_xml_inherited(const struct wd_xml_node *element, const char *name)
{
    for (; element; element = element->parent) {
        const struct wd_xml_attribute *attribute =
            wd_xml_attribute_in(element, "http://www.w3.org/XML/1998/namespace", name);
        if (attribute)
            return attribute->value;
    }
    return WD_SLICE_NONE;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* No runs of white space, and blanks as the only white space. */
static bool is_collapsed(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool plain = !is_blank(text.data[i]) ||
                     (text.data[i] == ' ' && i + 1 < text.len && !is_blank(text.data[i + 1]));
        if (!plain)
            return false;
    }
    return true;
}

static struct wd_slice trim(struct wd_slice text)
{
    while (text.len > 0 && is_blank(text.data[0]))
        text = wd_slice_from_offset(text, 1);
    while (text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    return text;
}

struct wd_slice wd_xml_text_raw(const struct wd_xml_node *element, struct wd_arena *arena)
{
    struct wd_slice only = WD_SLICE_NONE;
    size_t pieces = 0;
    size_t total = 0;
    if (!element)
        return only;
    for (const struct wd_xml_node *node = element; node; node = wd_xml_step(node, element, true)) {
        if (node->name)
            continue;
        only = wd_slice_make(node->text, node->text_len);
        total += node->text_len;
        pieces++;
    }
    if (pieces < 2)
        return only;
    char *bytes = wd_arena_alloc(arena, total);
    size_t len = 0;
    for (const struct wd_xml_node *node = element; bytes && node;
         node = wd_xml_step(node, element, true)) {
        if (node->name)
            continue;
        memcpy(bytes + len, node->text, node->text_len);
        len += node->text_len;
    }
    return wd_slice_make(bytes, len);
}

struct wd_slice wd_xml_text(const struct wd_xml_node *element, struct wd_arena *arena)
{
    struct wd_slice text = trim(wd_xml_text_raw(element, arena));
    if (is_collapsed(text))
        return text;
    char *bytes = wd_arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; bytes && i < text.len; i++) {
        if (!is_blank(text.data[i]))
            bytes[len++] = text.data[i];
        else if (bytes[len - 1] != ' ')
            bytes[len++] = ' ';
    }
    return wd_slice_make(bytes, len);
}

static void write_escaped(struct wd_buffer *out, struct wd_slice text, bool attribute)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '&')
            wd_buffer_append(out, "&amp;", 5);
        else if (c == '<')
            wd_buffer_append(out, "&lt;", 4);
        else if (c == '>')
            wd_buffer_append(out, "&gt;", 4);
        else if (c == '"' && attribute)
            wd_buffer_append(out, "&quot;", 6);
        else
            wd_buffer_append_byte(out, c);
    }
}

static bool is_void(const struct wd_xml_node *element)
{
    static const char *const names[] = {"br", "hr", "img", "col", "wbr", "source", "meta", "link"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!element->first && strcmp(element->name, names[i]) == 0)
            return true;
    }
    return false;
}

static void write_start(struct wd_buffer *out, const struct wd_xml_node *element)
{
    wd_buffer_append_byte(out, '<');
    wd_buffer_append_slice(out, wd_slice_from(element->name));
    for (size_t i = 0; i < element->attribute_count; i++) {
        wd_buffer_append_byte(out, ' ');
        wd_buffer_append_slice(out, wd_slice_from(element->attributes[i].name));
        wd_buffer_append(out, "=\"", 2);
        write_escaped(out, element->attributes[i].value, true);
        wd_buffer_append_byte(out, '"');
    }
    wd_buffer_append_slice(out, is_void(element) ? WD_SLICE("/>") : WD_SLICE(">"));
}

static void write_end(struct wd_buffer *out, const struct wd_xml_node *element)
{
    if (is_void(element))
        return;
    wd_buffer_append(out, "</", 2);
    wd_buffer_append_slice(out, wd_slice_from(element->name));
    wd_buffer_append_byte(out, '>');
}

void wd_xml_write_markup(struct wd_buffer *out, const struct wd_xml_node *element)
{
    const struct wd_xml_node *node = wd_xml_step(element, element, true);
    while (node) {
        if (!node->name)
            write_escaped(out, wd_slice_make(node->text, node->text_len), false);
        else
            write_start(out, node);
        const struct wd_xml_node *next = wd_xml_step(node, element, true);
        /* What closes before the next node begins. */
        const struct wd_xml_node *parent = next ? next->parent : element;
        for (const struct wd_xml_node *open = node; open != parent; open = open->parent) {
            if (open->name)
                write_end(out, open);
        }
        node = next;
    }
}

void wd_xml_write_element(struct wd_buffer *out, const struct wd_xml_node *element)
{
    write_start(out, element);
    wd_xml_write_markup(out, element);
    write_end(out, element);
}
