/* Plain text, as a newspaper's page carries it: headline, "Published:" and "Updated:" lines, an image
 * mark with its caption and credit, a byline, a dateline, paragraphs. There is no standard for it:
 * what is recognised here are the habits of pages, each rule narrow enough to leave copy alone. */
#include "charset.h"
#include "dateline.h"
#include "decoder.h"
#include "telex.h"
#include "text_head.h"

enum {
    COPY_BYTES_MIN = 80,    /* a paragraph as long as this is copy */
    SLUG_BYTES_MAX = 120,   /* in a notice; a further word is not looked for */
    PRELIMINARIES_MAX = 6,  /* paragraphs above the copy: a deck, bullets */
    TRAILER_BYTES_MAX = 64, /* behind NNNN: a time, a number */
    WRAP_BYTES_MIN = 40,    /* lines of hard-wrapped copy are this long ... */
    WRAP_BYTES_MAX = 100,
    DELETE = 0x7F,
};

struct reading {
    struct wd_text_head head;
    bool in_copy; /* nothing of the head comes any more */
};

static bool is_telex(struct wd_slice text)
{
    size_t i = 0;
    while (i < text.len && (unsigned char)text.data[i] <= ' ')
        i++;
    return wd_slice_starts(wd_slice_from_offset(text, i), WD_SLICE("ZCZC"));
}

/* Text of any kind; never what begins like XML, JSON or a binary telex. */
static int sniff(struct wd_slice head, size_t total_len)
{
    (void)total_len;
    if (is_telex(head))
        return 70; /* with the control bytes of teleprinters */
    struct wd_slice text = wd_text_trim(head);
    if (text.len == 0 || text.data[0] == '<' || text.data[0] == '{' || text.data[0] == '[')
        return 0;
    size_t control = wd_text_find_control(text, 0);
    while (control < text.len && text.data[control] == DELETE)
        control = wd_text_find_control(text, control + 1);
    if (control < text.len || memchr(text.data, '\v', text.len))
        return 0;
    /* Another character set: the decoder knows whether somebody said which. */
    return wd_utf8_valid(wd_utf8_cut(text, text.len), NULL) ? 10 : 5;
}

static bool is_set_in(struct wd_slice line)
{
    return wd_slice_starts(line, WD_SLICE("  "));
}

static bool ends_sentence(struct wd_slice line)
{
    line = wd_text_trim(line);
    return line.len > 0 && strchr(".!?\":", line.data[line.len - 1]) != NULL;
}

/* Lines between two blank ones are one paragraph, or more that are set in, when they are of one length and mostly
 * break off within a sentence. */
static bool is_hard_wrapped(struct wd_slice block)
{
    struct wd_slice line = WD_SLICE_NONE;
    size_t count = 0;
    size_t broken = 0; /* lines that end within a sentence */
    while (wd_text_next_line(&block, &line)) {
        bool last = wd_text_trim(block).len == 0 || is_set_in(block);
        if (!last && (line.len < WRAP_BYTES_MIN || line.len > WRAP_BYTES_MAX))
            return false;
        count += !last;
        broken += !last && !ends_sentence(line);
    }
    return count > 0 && broken * 2 >= count;
}

/* What may stand between the head and the copy: a deck, bullets. */
static bool is_copy(struct wd_slice text)
{
    static const char *const bullets[] = {"*", "-", "\xE2\x80\xA2", "\xE2\x80\x93"};
    for (size_t i = 0; i < sizeof(bullets) / sizeof(bullets[0]); i++) {
        if (wd_slice_starts(text, wd_slice_from(bullets[i])))
            return false;
    }
    return text.len >= COPY_BYTES_MIN || ends_sentence(text);
}

static enum wd_status add_paragraph(struct reading *reading, struct wd_slice text)
{
    struct wd_story *story = reading->head.story;
    struct wd_slice trimmed = wd_text_trim(text);
    if (!reading->in_copy) {
        wd_dateline_take(story, trimmed);
        reading->in_copy = story->dateline.len > 0 || is_copy(trimmed) ||
                           story->paragraph_count >= PRELIMINARIES_MAX;
    }
    return wd_story_add_paragraph(story, text);
}

/* Hard-wrapped lines; one that is set in begins a new paragraph, if not all are. */
static enum wd_status add_wrapped(struct reading *reading, struct wd_slice block)
{
    enum wd_status status = WD_OK;
    struct wd_slice paragraph = {block.data, 0};
    struct wd_slice line = WD_SLICE_NONE;
    bool set_in = false; /* the line before is */
    while (status == WD_OK && wd_text_next_line(&block, &line)) {
        bool begins = is_set_in(line);
        if (begins && !set_in && paragraph.len > 0) {
            status = add_paragraph(reading, paragraph);
            paragraph.data = line.data;
        }
        paragraph.len = (size_t)(line.data + line.len - paragraph.data);
        set_in = begins;
    }
    return status == WD_OK ? add_paragraph(reading, paragraph) : status;
}

/* What is no line of the head: notes, pictures and copy, of one line or of several hard-wrapped ones. */
static enum wd_status take_text(struct reading *reading, struct wd_slice text, bool wrapped)
{
    struct wd_slice trimmed = wd_text_trim(text);
    if (wd_text_head_take_image(&reading->head, trimmed) ||
        (!reading->in_copy && wd_text_head_take_note(&reading->head, trimmed)) ||
        wd_text_head_take_caption(&reading->head, trimmed))
        return WD_OK;
    return wrapped ? add_wrapped(reading, text) : add_paragraph(reading, text);
}

/* Takes the lines up to the next blank one off `rest`. */
static struct wd_slice next_block(struct wd_slice *rest)
{
    struct wd_slice block = {rest->data, 0};
    struct wd_slice line = WD_SLICE_NONE;
    while (wd_text_next_line(rest, &line)) {
        if (wd_text_trim(line).len > 0)
            block.len = (size_t)(line.data + line.len - block.data);
        else if (block.len > 0)
            break;
        else
            block.data = rest->data;
    }
    return block;
}

static enum wd_status take_block(struct reading *reading, struct wd_slice block)
{
    enum wd_status status = WD_OK;
    bool looked = false; /* whether it is hard-wrapped, which its first line behind the head says */
    while (status == WD_OK && block.len > 0) {
        struct wd_slice text = block;
        struct wd_slice line = WD_SLICE_NONE;
        (void)wd_text_next_line(&block, &line);
        struct wd_slice trimmed = wd_text_trim(line);
        if (trimmed.len == 0 || (!reading->in_copy && wd_text_head_take(&reading->head, trimmed)))
            continue;
        bool wrapped = !looked && is_hard_wrapped(text);
        looked = true;
        status = take_text(reading, wrapped ? text : line, wrapped);
        if (wrapped)
            break;
    }
    return status;
}

/* The message as UTF-8: strictly, unless somebody says which other character set it is. */
static enum wd_status to_utf8(const struct wd_decode_input *input, struct wd_arena *arena,
                              struct wd_charset_text *text, struct wd_error *error)
{
    size_t bad = 0;
    struct wd_slice raw = input->raw;
    const char *nul = memchr(raw.data, 0, raw.len);
    struct wd_slice label = wd_charset_of_content_type(input->content_type);
    if (label.len == 0)
        label = wd_slice_from(input->provider->charset);
    if (nul) {
        wd_error_at_offset(error, (size_t)(nul - raw.data));
        return wd_error_set(error, WD_NUL_BYTE, "NUL byte at offset %zu", (size_t)(nul - raw.data));
    }
    if (label.len > 0 || wd_utf8_valid(raw, &bad))
        return wd_charset_to_utf8(raw, label, arena, text, error);
    wd_error_at_offset(error, bad);
    return wd_error_set(
        error, WD_NOT_UTF8,
        "invalid UTF-8 at offset %zu; set the provider's \"charset\" if it is another "
        "one",
        bad);
}

/* One more word of a slug in running text: the first, or one that begins in capitals. */
static size_t slug_word_end(struct wd_slice text, size_t from)
{
    size_t end = from;
    while (end < text.len && !strchr(" \t\n\r.,;:)\"", text.data[end]))
        end++;
    bool capital = from < text.len && ((text.data[from] >= 'A' && text.data[from] <= 'Z') ||
                                       (text.data[from] >= '0' && text.data[from] <= '9'));
    return from == 0 || capital ? end : from;
}

/* "has withdrawn its story slugged BRIDGE-COLLAPSE.", "slugged US--Bridge Collapse that ..." */
static struct wd_slice find_slug(const struct wd_story *story)
{
    static const char word[] = "slugged ";
    for (size_t i = 0; i < story->paragraph_count; i++) {
        struct wd_slice text = story->paragraphs[i];
        const char *at = memmem(text.data, text.len, word, sizeof(word) - 1);
        if (!at)
            continue;
        text = wd_slice_from_offset(text, (size_t)(at - text.data) + sizeof(word) - 1);
        size_t len = slug_word_end(text, 0);
        while (len > 0 && len < SLUG_BYTES_MAX && len < text.len && text.data[len] == ' ' &&
               slug_word_end(text, len + 1) > len + 1)
            len = slug_word_end(text, len + 1);
        return wd_slice_make(text.data, len);
    }
    return WD_SLICE_NONE;
}

static enum wd_status take_page(const struct wd_decode_input *input, struct wd_slice text,
                                struct wd_story *story, struct wd_error *error)
{
    struct reading reading = {.in_copy = false};
    wd_text_head_begin(&reading.head, input, story);
    text = wd_charset_mend_c1(story->arena, text, &story->flags);
    struct wd_slice rest = text;
    enum wd_status status = WD_OK;
    while (rest.len > 0 && status == WD_OK)
        status = take_block(&reading, next_block(&rest));
    enum wd_status finished = wd_text_head_finish(&reading.head);
    if (status != WD_OK)
        return wd_error_set(error, status, "text: the story has more than %d paragraphs",
                            WD_PARAGRAPHS_MAX);
    if (finished != WD_OK)
        return wd_error_set(error, finished, "text: no memory");
    /* "42", "ok": somebody tries whether the topic works. A flash of some words is a story. */
    bool dated = wd_time_known(story->published) || wd_time_known(story->updated);
    if (!dated && story->paragraph_count == 0 &&
        (story->headline.len == 0 || text.len == 0 || !memchr(text.data, ' ', text.len)))
        return wd_error_set(error, WD_UNKNOWN_FORMAT, "text, but no story: a single word");
    wd_decode_end_story(input, story);
    if ((story->signals & WD_SIGNAL_KILL) && story->slug.len == 0)
        story->slug = find_slug(story);
    return WD_OK;
}

/* ZCZC at the beginning of a line, NNNN at the end: how telexes without a standard header are framed. */
static bool find_frame(struct wd_slice text, struct wd_slice *frame, size_t *end, bool *closed)
{
    const char *begin = text.len > 0 ? memmem(text.data, text.len, "ZCZC", 4) : NULL;
    for (const char *c = text.data; begin && c < begin; c++) {
        if ((unsigned char)*c >
            ' ') /* blanks and the control bytes of teleprinters may stand before it */
            return false;
    }
    if (!begin)
        return false;
    struct wd_slice rest = wd_slice_from_offset(text, (size_t)(begin - text.data) + 4);
    struct wd_slice code = WD_SLICE_NONE;
    (void)wd_text_next_line(&rest, &code);
    const char *close = rest.len > 0 ? memmem(rest.data, rest.len, "NNNN", 4) : NULL;
    const char *next = rest.len > 0 ? memmem(rest.data, rest.len, "ZCZC", 4) : NULL;
    *closed = close && (!next || close < next);
    const char *stop = *closed ? close : next;
    *frame = wd_slice_make(rest.data, stop ? (size_t)(stop - rest.data) : rest.len);
    *end = (size_t)(rest.data - text.data) + frame->len + (*closed ? 4 : 0);
    return true;
}

static enum wd_status take_telex(const struct wd_decode_input *input, struct wd_slice text,
                                 struct wd_story_batch *batch, struct wd_error *error)
{
    enum wd_status status = WD_OK;
    struct wd_slice frame = WD_SLICE_NONE;
    struct wd_slice rest = text;
    size_t end = 0;
    bool closed = false;
    while (status == WD_OK && find_frame(rest, &frame, &end, &closed)) {
        struct wd_story *story = wd_decode_begin_story(input, batch, "text/telex", error);
        if (!story)
            return error->status;
        bool odd = false;
        frame = wd_telex_lines(story->arena, frame, &odd);
        story->flags |= (odd ? WD_FLAG_CONTROL_BYTES : 0u) | (closed ? 0u : WD_FLAG_TRUNCATED);
        rest = wd_slice_from_offset(rest, end);
        status = frame.data ? take_page(input, frame, story, error) : WD_NO_MEMORY;
    }
    size_t left = wd_text_trim(rest).len;
    if (status == WD_OK && (left > TRAILER_BYTES_MAX || batch->count == 0)) {
        wd_error_at_offset(error, text.len - rest.len);
        return wd_error_set(error, WD_SYNTAX,
                            "text: %zu bytes behind NNNN, at offset %zu, belong to no telex", left,
                            text.len - rest.len);
    }
    return status;
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    struct wd_charset_text text = {.flags = 0};
    struct wd_arena *arena = wd_story_batch_arena(batch);
    if (!arena)
        return wd_error_set(error, WD_NO_MEMORY, "text: no memory");
    enum wd_status status = to_utf8(input, arena, &text, error);
    if (status != WD_OK)
        return status;
    if (is_telex(text.text)) {
        status = take_telex(input, text.text, batch, error);
    } else {
        bool controls = false;
        struct wd_story *story = wd_decode_begin_story(input, batch, "text", error);
        text.text = wd_text_blank_controls(arena, text.text, &controls);
        text.flags |= controls ? WD_FLAG_CONTROL_BYTES : 0u;
        status = story ? take_page(input, text.text, story, error) : error->status;
    }
    for (size_t i = 0; i < batch->count; i++)
        batch->stories[i]->flags |= text.flags;
    return status;
}

const struct wd_decoder wd_decoder_text = {
    .name = "text",
    .summary = "plain text as a newspaper's page carries it, and telexes from ZCZC to NNNN",
    .carries = WD_CARRIES_LINEAGE | WD_CARRIES_VERSION | WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_SLUG | WD_CARRIES_HEADLINE |
               WD_CARRIES_BYLINE | WD_CARRIES_DATELINE | WD_CARRIES_NOTE | WD_CARRIES_CREDIT |
               WD_CARRIES_BODY | WD_CARRIES_MEDIA | WD_CARRIES_URL | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
