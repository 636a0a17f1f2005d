#include "page_body.h"

#include "body_text.h"
#include "dateline.h"
#include "decoder.h"
#include "desk_remarks.h"
#include "json.h"

enum {
    ARTICLE_PARAGRAPHS_MIN = 1,
    REMARK_BYTES_MAX = 2000, /* of a correction in a box */
};

/* What stands in an article and is no copy. */
static bool is_furniture(const xmlNode *node)
{
    static const char *const names[] = {"script", "style",  "nav",    "aside",
                                        "footer", "form",   "button", "h1",
                                        "header", "figure", "iframe", "noscript"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (wd_page_is_element(node, names[i]))
            return true;
    }
    return false;
}

/* Corrections stand in boxes and at the foot of an article, where nothing else is copy. */
static void take_remark(struct wd_page *page, xmlNode *node)
{
    struct wd_story *story = page->story;
    if (!wd_page_is_element(node, "aside") && !wd_page_is_element(node, "footer"))
        return;
    struct wd_slice text = wd_page_content(story->arena, node);
    struct wd_wire_words words = {wd_desk_remarks_of_paragraph(text), 0};
    if (words.set == 0 || text.len > REMARK_BYTES_MAX)
        return;
    story->signals |= wd_wire_words_signals(&words);
    struct wd_slice before = story->editors_note;
    bool further = before.len > 0 && (words.set & WD_WIRE_CORRECTION) &&
                   before.len + text.len < REMARK_BYTES_MAX &&
                   !memmem(before.data, before.len, text.data, text.len);
    if (further) /* each on a line of its own, as JSON-LD's */
        text =
            wd_arena_printf(story->arena, "%.*s\n%.*s", WD_SLICE_ARG(before), WD_SLICE_ARG(text));
    if (before.len == 0 || (further && text.data))
        story->editors_note = text;
}

/* Tells the article's elements and texts one by one, in document order. */
static void tell_body(struct wd_page *page, struct wd_body_text *text, xmlNode *top)
{
    for (xmlNode *node = top; node;) {
        bool skip = node->type == XML_ELEMENT_NODE && node != top && is_furniture(node);
        bool element = node->type == XML_ELEMENT_NODE && !skip;
        if (skip)
            take_remark(page, node);
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

enum wd_status wd_page_read_body(struct wd_page *page, struct wd_error *error)
{
    struct wd_story *story = page->story;
    enum wd_status status = WD_OK;
    if (page->body) {
        struct wd_body_text text;
        wd_body_text_begin(&text, story);
        tell_body(page, &text, page->body);
        status = wd_body_text_finish(&text);
    }
    if (status == WD_OK && story->paragraph_count < ARTICLE_PARAGRAPHS_MIN) {
        struct wd_slice text = wd_json_text(page->article, "articleBody", NULL);
        status = wd_decode_has_markup(text) ? wd_decode_add_html(story, text, error)
                                            : wd_decode_add_lines(story, text);
    }
    if (status == WD_OK && story->paragraph_count > 0 && story->dateline.len == 0)
        wd_dateline_take(story, story->paragraphs[0]);
    return status;
}
