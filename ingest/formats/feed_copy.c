#include "feed_copy.h"

#include "dateline.h"

static const char content_space[] = "http://purl.org/rss/1.0/modules/content/";
static const char xhtml_space[] = "http://www.w3.org/1999/xhtml";

enum kind { KIND_TEXT, KIND_HTML, KIND_XHTML };

/* What the text of an element is. RSS never says: there it is seen. */
static enum kind kind_of(const struct wd_xml_node *node, struct wd_slice text)
{
    struct wd_slice type = wd_xml_attribute(node, "type");
    const struct wd_xml_node *child = wd_feed_element_from(node->first);
    if (child)
        return KIND_XHTML;
    if (wd_slice_is(type, "html") || wd_slice_is(type, "text/html") ||
        wd_slice_is(type, "application/xhtml+xml"))
        return KIND_HTML;
    if (type.len > 0) /* "text", "text/plain" */
        return KIND_TEXT;
    return wd_decode_has_markup(text) ? KIND_HTML : KIND_TEXT;
}

struct wd_slice wd_feed_plain(const struct wd_feed_item *reading, const struct wd_xml_node *node)
{
    struct wd_slice text = wd_feed_line(reading, node);
    if (!node || kind_of(node, text) != KIND_HTML)
        return text;
    return wd_decode_html_line(reading->story->arena, text);
}

static enum wd_status add_markup(struct wd_feed_item *reading, const struct wd_xml_node *node)
{
    struct wd_buffer markup;
    wd_buffer_init(&markup);
    wd_xml_write_markup(&markup, node);
    enum wd_status status =
        wd_buffer_ok(&markup)
            ? wd_decode_add_html(reading->story, wd_buffer_slice(&markup), reading->error)
            : WD_NO_MEMORY;
    wd_buffer_finish(&markup);
    return status;
}

static enum wd_status add_body(struct wd_feed_item *reading, const struct wd_xml_node *node)
{
    struct wd_slice text = wd_xml_text_raw(node, reading->story->arena);
    switch (kind_of(node, text)) {
    case KIND_XHTML:
        return add_markup(reading, node);
    case KIND_HTML:
        return wd_decode_add_html(reading->story, text, reading->error);
    default:
        return wd_decode_add_lines(reading->story, text);
    }
}

enum wd_status wd_feed_read_body(struct wd_feed_item *reading)
{
    const struct {
        const char *space, *name;
    } places[] = {{content_space, "encoded"}, {xhtml_space, "body"}, {xhtml_space, "div"},
                  {NULL, "fullitem"},         {NULL, "content"},     {NULL, "description"},
                  {NULL, "summary"},          {NULL, "encoded"}};
    struct wd_story *story = reading->story;
    enum wd_status status = WD_OK;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && status == WD_OK; i++) {
        const struct wd_xml_node *node =
            wd_feed_child(reading->item, places[i].space, places[i].name);
        if (!node)
            continue;
        if (story->paragraph_count == 0)
            status = add_body(reading, node);
        else if (story->summary.len == 0)
            story->summary = wd_feed_plain(reading, node);
    }
    if (status == WD_OK && story->paragraph_count > 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status == WD_OK || reading->error->status != WD_OK
               ? status
               : wd_error_set(reading->error, status, "an item has more than %d paragraphs",
                              WD_PARAGRAPHS_MAX);
}
