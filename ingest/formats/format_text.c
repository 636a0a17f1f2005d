/* Plain text, as a newspaper's page carries it: headline, "Published:" and "Updated:" lines, an image
 * mark with its caption and credit, a byline, a dateline, paragraphs. There is no standard for it:
 * what is recognised here are the habits of pages, each rule narrow enough to leave copy alone. */
#include "charset.h"
#include "dateline.h"
#include "decoder.h"
#include "telex.h"

enum {
    BYLINE_BYTES_MAX = 120,
    AGENCY_BYTES_MAX = 60,
    TRAILER_BYTES_MAX = 64, /* behind NNNN: a time, a number */
    WRAP_BYTES_MIN = 40,    /* lines of hard-wrapped copy are this long ... */
    WRAP_BYTES_MAX = 100,
};

struct reading {
    const struct wd_decode_input *input;
    struct wd_story *story;
    bool caption_next; /* an image mark came before */
    bool agency_next;  /* the byline came before */
    bool in_body;
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
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f')
            return 0;
    }
    /* Another character set: the decoder knows whether somebody said which. */
    return wd_utf8_valid(wd_utf8_cut(text, text.len), NULL) ? 10 : 5;
}

/* "Published: October 20, 2012" -> the rest after the label. */
static bool take_label(struct wd_slice line, const char *const *labels, struct wd_slice *rest)
{
    for (; *labels; labels++) {
        struct wd_slice label = wd_slice_from(*labels);
        if (!wd_text_starts_ascii_case(line, label))
            continue;
        *rest = wd_slice_from_offset(line, label.len);
        if (rest->len > 0 && (rest->data[0] == ':' || rest->data[0] == ' ')) {
            *rest = wd_text_trim(wd_slice_from_offset(*rest, 1));
            return true;
        }
    }
    return false;
}

static bool take_time(struct reading *reading, struct wd_slice line)
{
    static const char *const published[] = {"Published", "Posted", "First published", NULL};
    static const char *const updated[] = {"Updated", "Last updated", "Last modified", "Modified",
                                          NULL};
    struct wd_slice rest = WD_SLICE_NONE;
    struct wd_time *target = NULL;
    bool colon = memchr(line.data, ':', line.len < 18 ? line.len : 18) != NULL;
    if (take_label(line, published, &rest))
        target = &reading->story->published;
    else if (take_label(line, updated, &rest))
        target = &reading->story->updated;
    if (!target)
        return false;
    struct wd_time time = wd_time_parse(rest, reading->input->provider->zone);
    /* "Updated figures show ..." is copy; "Updated: soon" is a label with a bad time. */
    if (!wd_time_known(time) && (!colon || rest.len > 60))
        return false;
    if (!wd_time_known(*target))
        *target = time;
    return true;
}

static bool is_image_mark(struct wd_slice line)
{
    static const char *const marks[] = {"image", "photo", "picture", "video", "gallery", NULL};
    for (size_t i = 0; marks[i]; i++) {
        if (wd_text_equal_ascii_case(line, wd_slice_from(marks[i])))
            return true;
    }
    return false;
}

static bool contains(struct wd_slice text, const char *part)
{
    return text.len > 0 && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* The credit in the brackets that end a caption: "(AP Photo/Name, File)". */
static struct wd_slice find_credit(struct wd_slice caption)
{
    if (caption.len < 4 || caption.data[caption.len - 1] != ')')
        return WD_SLICE_NONE;
    size_t begin = caption.len - 1;
    while (begin > 0 && caption.data[begin] != '(')
        begin--;
    if (caption.data[begin] != '(')
        return WD_SLICE_NONE;
    struct wd_slice inside = {caption.data + begin + 1, caption.len - begin - 2};
    bool photo = contains(inside, "Photo") || contains(inside, "photo") ||
                 contains(inside, "Images") || contains(inside, " via ") ||
                 contains(inside, "Courtesy");
    bool agency = contains(inside, "/") && inside.len <= BYLINE_BYTES_MAX;
    return photo || agency ? inside : WD_SLICE_NONE;
}

static bool take_caption(struct reading *reading, struct wd_slice line)
{
    struct wd_slice credit = find_credit(line);
    bool file_photo = wd_slice_starts(line, WD_SLICE("FILE - ")) ||
                      wd_slice_starts(line, WD_SLICE("FILE \xE2\x80\x93 "));
    /* Right after an image mark a caption needs a credit or the FILE mark, else it is copy. */
    if (credit.len == 0 && !file_photo && !reading->caption_next)
        return false;
    if (credit.len == 0 && !file_photo && line.len > 400)
        return false;
    struct wd_media *media = wd_story_add_media(reading->story);
    if (!media)
        return false;
    media->type = WD_SLICE("picture");
    media->caption = line;
    media->credit = credit;
    return true;
}

static bool take_byline(struct reading *reading, struct wd_slice line)
{
    if (reading->story->byline.len > 0 || line.len > BYLINE_BYTES_MAX || line.len < 6)
        return false;
    if (!wd_slice_starts(line, WD_SLICE("By ")) && !wd_slice_starts(line, WD_SLICE("BY ")))
        return false;
    char first = line.data[3];
    char last = line.data[line.len - 1];
    if ((first >= 'a' && first <= 'z') || last == '.' || last == ':')
        return false;
    reading->story->byline = wd_text_trim(wd_slice_from_offset(line, 3));
    reading->agency_next = true;
    return true;
}

/* "The Example Press", "Example Press Writer" right below the byline. */
static bool take_agency(struct reading *reading, struct wd_slice line)
{
    static const char *const words[] = {"Press", "Agency", "News", "Writer", "Reuters",
                                        "AFP",   "dpa",    "Wire", "Service"};
    bool next = reading->agency_next;
    reading->agency_next = false;
    if (!next || line.len > AGENCY_BYTES_MAX || line.data[line.len - 1] == '.' ||
        reading->story->credit.len > 0)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (contains(line, words[i])) {
            reading->story->credit = line;
            return true;
        }
    }
    return false;
}

static bool take_url(struct reading *reading, struct wd_slice line)
{
    if (!wd_slice_starts(line, WD_SLICE("http://")) && !wd_slice_starts(line, WD_SLICE("https://")))
        return false;
    if (memchr(line.data, ' ', line.len) || line.len > WD_GUID_BYTES_MAX)
        return false;
    reading->story->url = line;
    return true;
}

/* One line of the page's head; false when the body begins with it. */
static bool take_head_line(struct reading *reading, struct wd_slice line)
{
    struct wd_story *story = reading->story;
    if (take_agency(reading, line) || take_time(reading, line) || take_byline(reading, line) ||
        take_url(reading, line))
        return true;
    if (is_image_mark(line)) {
        reading->caption_next = true;
        return true;
    }
    if (story->headline.len == 0) {
        story->headline = line;
        return true;
    }
    bool caption = take_caption(reading, line);
    reading->caption_next = false;
    return caption;
}

/* Lines between two blank ones. */
static bool is_hard_wrapped(struct wd_slice block)
{
    struct wd_slice line = WD_SLICE_NONE;
    size_t count = 0;
    while (wd_text_next_line(&block, &line)) {
        bool last = wd_text_trim(block).len == 0;
        if (!last && (line.len < WRAP_BYTES_MIN || line.len > WRAP_BYTES_MAX))
            return false;
        count++;
    }
    return count > 1;
}

static enum wd_status take_body_line(struct reading *reading, struct wd_slice line)
{
    struct wd_story *story = reading->story;
    struct wd_slice trimmed = wd_text_trim(line);
    if (story->paragraph_count == 0)
        wd_dateline_take(story, trimmed);
    if (wd_slice_starts(trimmed, WD_SLICE("Correction:")) ||
        wd_slice_starts(trimmed, WD_SLICE("CORRECTION:")))
        story->signals |= WD_SIGNAL_CORRECTION;
    return wd_story_add_paragraph(story, line);
}

static enum wd_status take_line(struct reading *reading, struct wd_slice line)
{
    struct wd_slice trimmed = wd_text_trim(line);
    if (trimmed.len == 0)
        return WD_OK;
    if (!reading->in_body && take_head_line(reading, trimmed))
        return WD_OK;
    reading->in_body = true;
    if (is_image_mark(trimmed)) { /* further pictures stand between paragraphs */
        reading->caption_next = true;
        return WD_OK;
    }
    if (reading->caption_next || find_credit(trimmed).len > 0) {
        bool caption = take_caption(reading, trimmed);
        reading->caption_next = false;
        if (caption)
            return WD_OK;
    }
    return take_body_line(reading, line);
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
    if (reading->in_body && is_hard_wrapped(block))
        return take_body_line(reading, block);
    struct wd_slice line = WD_SLICE_NONE;
    while (wd_text_next_line(&block, &line)) {
        enum wd_status status = take_line(reading, line);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
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

static enum wd_status take_text(const struct wd_decode_input *input, struct wd_slice text,
                                struct wd_story *story, struct wd_error *error)
{
    struct reading reading = {.input = input, .story = story};
    text = wd_charset_mend_c1(story->arena, text, &story->flags);
    struct wd_slice rest = text;
    enum wd_status status = WD_OK;
    while (rest.len > 0 && status == WD_OK)
        status = take_block(&reading, next_block(&rest));
    if (status != WD_OK)
        return wd_error_set(error, status, "text: the story has more than %d paragraphs",
                            WD_PARAGRAPHS_MAX);
    /* "42", "ok": somebody tries whether the topic works. A flash of some words is a story. */
    bool dated = wd_time_known(story->published) || wd_time_known(story->updated);
    if (!dated && story->paragraph_count == 0 &&
        (story->headline.len == 0 || text.len == 0 || !memchr(text.data, ' ', text.len)))
        return wd_error_set(error, WD_UNKNOWN_FORMAT, "text, but no story: a single word");
    wd_decode_end_story(input, story);
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
        status = frame.data ? take_text(input, frame, story, error) : WD_NO_MEMORY;
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
        status = story ? take_text(input, text.text, story, error) : error->status;
    }
    for (size_t i = 0; i < batch->count; i++)
        batch->stories[i]->flags |= text.flags;
    return status;
}

const struct wd_decoder wd_decoder_text = {
    .name = "text",
    .summary = "plain text as a newspaper's page carries it, and telexes from ZCZC to NNNN",
    .carries = WD_CARRIES_PUBLISHED | WD_CARRIES_UPDATED | WD_CARRIES_SIGNALS |
               WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE | WD_CARRIES_CREDIT |
               WD_CARRIES_BODY | WD_CARRIES_MEDIA | WD_CARRIES_URL | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
