#include "body_text.h"

#include "charset.h"

#include <stdlib.h>

enum kind { INLINE, BLOCK, BREAK, CELL, FIGURE, CAPTION, HIDDEN, IMAGE, PRE, ROW, TABLE };

static const struct name {
    const char *name;
    enum kind kind;
} names[] = {
    /* sorted */
    {"address", BLOCK},   {"applet", HIDDEN},
    {"article", BLOCK},   {"aside", BLOCK},
    {"audio", HIDDEN},    {"blockquote", BLOCK},
    {"body", BLOCK},      {"body.content", BLOCK},
    {"bq", BLOCK},        {"br", BREAK},
    {"button", HIDDEN},   {"canvas", HIDDEN},
    {"caption", BLOCK},   {"center", BLOCK},
    {"credit", BLOCK},    {"datasource", BLOCK},
    {"dd", BLOCK},        {"div", BLOCK},
    {"dl", BLOCK},        {"dt", BLOCK},
    {"embed", HIDDEN},    {"figcaption", CAPTION},
    {"figure", FIGURE},   {"fn", BLOCK},
    {"footer", BLOCK},    {"h1", BLOCK},
    {"h2", BLOCK},        {"h3", BLOCK},
    {"h4", BLOCK},        {"h5", BLOCK},
    {"h6", BLOCK},        {"head", HIDDEN},
    {"header", BLOCK},    {"hl1", BLOCK},
    {"hl2", BLOCK},       {"hr", BLOCK},
    {"iframe", HIDDEN},   {"img", IMAGE},
    {"input", HIDDEN},    {"li", BLOCK},
    {"main", BLOCK},      {"media", HIDDEN},
    {"nav", HIDDEN},      {"nitf-table-metadata", HIDDEN},
    {"noscript", HIDDEN}, {"note", BLOCK},
    {"object", HIDDEN},   {"ol", BLOCK},
    {"option", HIDDEN},   {"p", BLOCK},
    {"pre", PRE},         {"script", HIDDEN},
    {"section", BLOCK},   {"select", HIDDEN},
    {"style", HIDDEN},    {"svg", HIDDEN},
    {"table", TABLE},     {"td", CELL},
    {"template", HIDDEN}, {"textarea", HIDDEN},
    {"th", CELL},         {"tr", ROW},
    {"ul", BLOCK},        {"video", HIDDEN},
};

static int compare_names(const void *key, const void *item)
{
    return strcmp(key, ((const struct name *)item)->name);
}

/* Both parsers intern names: the same name is the same pointer for a whole body. */
static enum kind kind_of(struct wd_body_text *body, const char *name)
{
    struct wd_body_name *place = &body->known[((uintptr_t)name >> 3) % WD_BODY_NAMES];
    if (place->name == name)
        return (enum kind)place->kind;
    const struct name *found =
        bsearch(name, names, sizeof(names) / sizeof(names[0]), sizeof(names[0]), compare_names);
    *place = (struct wd_body_name){name, found ? (int)found->kind : INLINE};
    return (enum kind)place->kind;
}

void wd_body_text_begin(struct wd_body_text *body, struct wd_story *story)
{
    memset(body, 0, sizeof(*body));
    body->story = story;
    wd_buffer_init(&body->text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The gathered paragraph, in the arena; "" when there is none. */
static struct wd_slice take_paragraph(struct wd_body_text *body)
{
    struct wd_slice paragraph = body->only;
    if (body->text.len > 0) {
        struct wd_slice text = wd_text_trim(wd_buffer_slice(&body->text));
        paragraph = text.len > 0 ? wd_arena_copy(body->story->arena, text) : WD_SLICE_NONE;
        if (text.len > 0 && !paragraph.data)
            body->status = WD_NO_MEMORY;
    }
    if (!wd_buffer_ok(&body->text))
        body->status = WD_NO_MEMORY;
    body->only = WD_SLICE_NONE;
    body->text.len = 0;
    body->blank_due = false;
    return wd_text_trim(paragraph);
}

/* Takes off what stands before a blank line, which <pre> alone may have: in a record a blank line parts paragraphs. */
static struct wd_slice take_lines(struct wd_slice *rest)
{
    const char *end = rest->data + rest->len;
    const char *feed = memchr(rest->data, '\n', rest->len);
    for (; feed; feed = memchr(feed + 1, '\n', (size_t)(end - feed - 1))) {
        const char *next = feed + 1;
        while (next < end && *next != '\n' && is_blank(*next))
            next++;
        if (next < end && *next == '\n')
            break;
    }
    struct wd_slice lines = {rest->data, feed ? (size_t)(feed - rest->data) : rest->len};
    *rest = wd_text_trim(wd_slice_from_offset(*rest, lines.len));
    return lines;
}

static void end_paragraph(struct wd_body_text *body)
{
    struct wd_slice rest = take_paragraph(body);
    while (rest.len > 0 && body->status == WD_OK)
        body->status = wd_story_add_paragraph(body->story, wd_text_trim(take_lines(&rest)));
}

static bool has_text(const struct wd_body_text *body)
{
    return body->text.len > 0 || body->only.len > 0;
}

/* What was borrowed goes into the buffer, because more follows. */
static void unborrow(struct wd_body_text *body)
{
    wd_buffer_append_slice(&body->text, body->only);
    body->only = WD_SLICE_NONE;
}

/* Appends text, C1 controls as windows-1252. */
static void append_run(struct wd_body_text *body, struct wd_slice run)
{
    while (run.len > 0) {
        const char *control = memchr(run.data, '\xC2', run.len);
        size_t plain = control ? (size_t)(control - run.data) : run.len;
        wd_buffer_append(&body->text, run.data, plain);
        run = wd_slice_from_offset(run, plain);
        if (run.len < 2)
            break;
        body->story->flags |= wd_charset_append_c1(&body->text, (unsigned char)run.data[1]);
        run = wd_slice_from_offset(run, 2);
    }
}

/* Neither white space but single blanks, nor C1 controls. Without a branch, so that the compiler makes
 * it sixteen bytes at a time: this runs over all copy. */
static bool is_clean(struct wd_slice text)
{
    unsigned odd = 0;
    for (size_t i = 0; i + 1 < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        unsigned char next = (unsigned char)text.data[i + 1];
        odd |= (unsigned)(c < ' ') | (unsigned)(c == 0xC2) |
               ((unsigned)(c == ' ') & (unsigned)(next == ' '));
    }
    unsigned char last = text.len > 0 ? (unsigned char)text.data[text.len - 1] : 0;
    return odd == 0 && last >= ' ';
}

static void add_collapsed(struct wd_body_text *body, struct wd_slice text)
{
    size_t i = 0;
    while (i < text.len) {
        size_t begin = i;
        while (i < text.len && is_blank(text.data[i]))
            i++;
        body->blank_due = body->blank_due || i > begin;
        begin = i;
        while (i < text.len && !is_blank(text.data[i]))
            i++;
        if (i == begin)
            break;
        if (body->blank_due && body->text.len > 0)
            wd_buffer_append_byte(&body->text, ' ');
        body->blank_due = false;
        append_run(body, wd_slice_make(text.data + begin, i - begin));
    }
}

/* Takes white space off both ends; what was there parts words. `after` says that some stood at the end. */
static struct wd_slice strip(struct wd_body_text *body, struct wd_slice text, bool *after)
{
    size_t begin = 0;
    size_t end = text.len;
    while (begin < end && is_blank(text.data[begin]))
        begin++;
    while (end > begin && is_blank(text.data[end - 1]))
        end--;
    body->blank_due = body->blank_due || begin > 0;
    *after = end < text.len;
    return wd_slice_make(text.data + begin, end - begin);
}

void wd_body_text_add(struct wd_body_text *body, struct wd_slice text, bool borrow)
{
    bool blank_after = false;
    if (body->status != WD_OK || body->hidden > 0 || text.len == 0)
        return;
    if (body->pre > 0) {
        unborrow(body);
        append_run(body, text);
        return;
    }
    text = strip(body, text, &blank_after);
    bool clean = is_clean(text);
    if (text.len == 0) {
        body->blank_due = true;
        return;
    }
    if (clean && borrow && !has_text(body)) {
        body->only = text;
    } else {
        unborrow(body);
        if (clean && body->blank_due && body->text.len > 0)
            wd_buffer_append_byte(&body->text, ' ');
        if (clean)
            wd_buffer_append_slice(&body->text, text);
        else
            add_collapsed(body, text);
    }
    body->blank_due = blank_after;
}

static bool is_share_name(struct wd_slice token)
{
    static const char *const exact[] = {
        "share",      "sharing", "social",       "addthis",       "addtoany",
        "sharedaddy", "fb-like", "share-tools",  "social-links",  "social-icons",
        "social-bar", "a2a_kit", "social-media", "social-buttons"};
    static const char *const begin[] = {"share-",   "share_",       "sharing-",
                                        "sharing_", "social-share", "sd-sharing",
                                        "addthis_", "addtoany_",    "twitter-share"};
    for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
        if (wd_text_equal_ascii_case(token, wd_slice_from(exact[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
        if (wd_text_starts_ascii_case(token, wd_slice_from(begin[i])))
            return true;
    }
    return false;
}

static bool has_share_name(struct wd_slice names_list)
{
    while (names_list.len > 0) {
        size_t len = 0;
        while (len < names_list.len && !is_blank(names_list.data[len]))
            len++;
        if (is_share_name(wd_slice_make(names_list.data, len)))
            return true;
        names_list = wd_slice_from_offset(names_list, len + 1);
    }
    return false;
}

static bool is_left_out(const struct wd_body_element *element)
{
    if (!element)
        return false;
    bool not_shown = element->style.len > 0 &&
                     (memmem(element->style.data, element->style.len, "display:none", 12) ||
                      memmem(element->style.data, element->style.len, "display: none", 13));
    return element->hidden || not_shown || has_share_name(element->class_names) ||
           has_share_name(element->id) || wd_slice_is(element->role, "navigation");
}

static void open_cell(struct wd_body_text *body)
{
    if (!body->in_row) {
        end_paragraph(body);
        return;
    }
    if (body->cell_before) {
        unborrow(body);
        wd_buffer_append(&body->text, body->text.len > 0 ? " |" : "|", body->text.len > 0 ? 2 : 1);
    }
    body->cell_before = body->in_cell = body->blank_due = true;
}

/* A row whose cells are all empty says nothing. */
static void end_row(struct wd_body_text *body)
{
    bool some = body->only.len > 0;
    for (size_t i = 0; i < body->text.len && !some; i++)
        some = body->text.data[i] != '|' && body->text.data[i] != ' ';
    if (!some)
        body->text.len = 0;
    end_paragraph(body);
    body->in_row = body->in_cell = body->cell_before = false;
}

static void open_figure(struct wd_body_text *body)
{
    end_paragraph(body);
    body->in_figure = true;
    body->figure = NULL;
    body->source = WD_SLICE_NONE;
}

/* The caption stands in the gathered text. A figure may have its image behind it. */
static void end_caption(struct wd_body_text *body)
{
    struct wd_slice caption = take_paragraph(body);
    if (caption.len == 0 || body->status != WD_OK)
        return;
    struct wd_media *media = body->figure ? body->figure : wd_story_add_media(body->story);
    if (!media) {
        body->story->flags |= WD_FLAG_TRUNCATED;
        return;
    }
    media->type = WD_SLICE("picture");
    media->href = body->source;
    media->caption = caption;
    body->figure = media;
}

static void take_image(struct wd_body_text *body, const struct wd_body_element *element)
{
    if (!body->in_figure || !element || element->source.len == 0 || body->source.len > 0)
        return;
    body->source = wd_arena_copy(body->story->arena, element->source);
    if (!body->source.data)
        body->status = WD_NO_MEMORY;
    else if (body->figure)
        body->figure->href = body->source;
}

/* Blocks inside a table's cell only part words. */
static void open_block(struct wd_body_text *body)
{
    if (body->in_row && body->in_cell)
        body->blank_due = true;
    else
        end_paragraph(body);
}

void wd_body_text_open(struct wd_body_text *body, const char *name,
                       const struct wd_body_element *element)
{
    if (body->status != WD_OK)
        return;
    enum kind kind = body->hidden > 0 ? HIDDEN : kind_of(body, name);
    if (kind == HIDDEN || is_left_out(element)) {
        body->hidden++;
        return;
    }
    switch (kind) {
    case TABLE:
        end_row(body); /* of a table around it */
        break;
    case ROW:
        end_row(body);
        body->in_row = true;
        break;
    case CELL:
        open_cell(body);
        break;
    case PRE:
        open_block(body);
        body->pre++;
        break;
    case FIGURE:
        open_figure(body);
        break;
    case IMAGE:
        take_image(body, element);
        break;
    case BLOCK:
    case CAPTION:
    case BREAK:
        if (body->pre > 0 && kind == BREAK)
            wd_buffer_append_byte(&body->text, '\n');
        else
            open_block(body);
        break;
    case INLINE:
    case HIDDEN:
        break;
    }
}

void wd_body_text_close(struct wd_body_text *body, const char *name)
{
    if (body->status != WD_OK)
        return;
    if (body->hidden > 0) {
        body->hidden--;
        return;
    }
    switch (kind_of(body, name)) {
    case TABLE:
    case ROW:
        end_row(body);
        break;
    case CELL:
        body->in_cell = false;
        if (!body->in_row)
            end_paragraph(body);
        break;
    case PRE:
        body->pre -= body->pre > 0;
        open_block(body);
        break;
    case CAPTION:
        if (body->in_figure)
            end_caption(body);
        else
            open_block(body);
        break;
    case FIGURE:
        end_paragraph(body);
        body->in_figure = false;
        break;
    case BLOCK:
        open_block(body);
        break;
    case BREAK:
    case IMAGE:
    case INLINE:
    case HIDDEN:
        break;
    }
}

enum wd_status wd_body_text_finish(struct wd_body_text *body)
{
    if (body->status == WD_OK)
        end_paragraph(body);
    wd_buffer_finish(&body->text);
    return body->status;
}

static void open_xml(struct wd_body_text *body, const struct wd_xml_node *node)
{
    struct wd_body_element element = {.hidden = false};
    for (size_t i = 0; i < node->attribute_count; i++) {
        const struct wd_xml_attribute *attribute = &node->attributes[i];
        if (strcmp(attribute->name, "class") == 0)
            element.class_names = attribute->value;
        else if (strcmp(attribute->name, "id") == 0)
            element.id = attribute->value;
        else if (strcmp(attribute->name, "style") == 0)
            element.style = attribute->value;
        else if (strcmp(attribute->name, "src") == 0)
            element.source = attribute->value;
    }
    wd_body_text_open(body, node->name, node->attribute_count > 0 ? &element : NULL);
}

enum wd_status wd_body_text_of_xml(struct wd_story *story, const struct wd_xml_node *element,
                                   struct wd_error *error)
{
    struct wd_body_text body;
    wd_body_text_begin(&body, story);
    const struct wd_xml_node *node = element ? wd_xml_step(element, element, true) : NULL;
    while (node && body.status == WD_OK) {
        if (node->name)
            open_xml(&body, node);
        else
            wd_body_text_add(&body, wd_slice_make(node->text, node->text_len), true);
        const struct wd_xml_node *next = wd_xml_step(node, element, true);
        const struct wd_xml_node *parent = next ? next->parent : element;
        for (const struct wd_xml_node *open = node; open != parent; open = open->parent) {
            if (open->name)
                wd_body_text_close(&body, open->name);
        }
        node = next;
    }
    enum wd_status status = wd_body_text_finish(&body);
    if (status == WD_OK)
        return WD_OK;
    return wd_error_set(error, status, "the body has more than %d paragraphs, or no memory",
                        WD_PARAGRAPHS_MAX);
}
