#include "telex.h"

#include "charset.h"
#include "dateline.h"

#define EACH UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

/* Any byte below 0x20, or DEL, in eight at once. Source: "Bit Twiddling Hacks", hasless(v, n) and
 * haszero(v): the lowest byte that they tell is always a true one. */
static bool has_control(uint64_t word)
{
    uint64_t del = word ^ (EACH * 0x7F);
    return ((((word - EACH * 0x20) & ~word) | ((del - EACH) & ~del)) & HIGH) != 0;
}

/* The first control byte from `i` on; `len` when there is none. */
static size_t find_control(struct wd_slice bytes, size_t i)
{
    uint64_t word = 0;
    for (; i + sizeof(word) <= bytes.len; i += sizeof(word)) {
        memcpy(&word, bytes.data + i, sizeof(word));
        if (has_control(word))
            break;
    }
    while (i < bytes.len && ((unsigned char)bytes.data[i] >= 0x20 && bytes.data[i] != 0x7F))
        i++;
    return i;
}

static bool is_known_control(char c)
{
    switch (c) {
    case WD_TABLE_LINE:
    case WD_PARAGRAPH:
    case '\n':
    case '\r':
    case '\f':
    case 0x0E: /* shifts of teleprinters */
    case 0x0F:
    case 0x10: /* DLE: a band space follows */
    case 0x11:
    case 0x12:
    case 0x13:
    case 0x14:
    case WD_SYN:
    case 0x19: /* EM */
    case WD_RECORD_SEPARATOR:
    case WD_UNIT_SEPARATOR:
    case 0x7F:
        return true;
    default:
        return false;
    }
}

/* A cleaned copy being made; the output is never longer than the input. */
struct cleaner {
    char *out;
    size_t len;
    bool keep_lines, *odd;
};

static void put_break(struct cleaner *cleaner)
{
    while (cleaner->len > 0 && cleaner->out[cleaner->len - 1] == ' ')
        cleaner->len--;
    bool line_end = cleaner->len > 0 && cleaner->out[cleaner->len - 1] == '\n';
    if (cleaner->len > 0 && !line_end)
        cleaner->out[cleaner->len++] = cleaner->keep_lines ? '\n' : ' ';
}

static void put_control(struct cleaner *cleaner, char c)
{
    if (c == '\n')
        put_break(cleaner);
    else if (!is_known_control(c))
        *cleaner->odd = true;
}

static size_t skip_blanks(struct wd_slice bytes, size_t i)
{
    while (i < bytes.len && bytes.data[i] == ' ')
        i++;
    return i;
}

static struct wd_slice clean(struct wd_arena *arena, struct wd_slice bytes, bool keep_lines,
                             bool *odd)
{
    struct cleaner cleaner = {wd_arena_alloc(arena, bytes.len + 1), 0, keep_lines, odd};
    if (!cleaner.out)
        return WD_SLICE_NONE;
    size_t i = 0;
    while (i < bytes.len) {
        size_t end = find_control(bytes, i);
        memcpy(cleaner.out + cleaner.len, bytes.data + i, end - i);
        cleaner.len += end - i;
        i = end;
        if (i == bytes.len)
            break;
        put_control(&cleaner, bytes.data[i]);
        i = bytes.data[i] == '\n' && !keep_lines ? skip_blanks(bytes, i + 1) : i + 1;
    }
    return wd_text_trim(wd_slice_make(cleaner.out, cleaner.len));
}

struct wd_slice wd_telex_join(struct wd_arena *arena, struct wd_slice bytes, bool *odd)
{
    bytes = wd_text_trim(bytes);
    if (bytes.len == 0 || find_control(bytes, 0) == bytes.len)
        return bytes.data ? bytes : WD_SLICE("");
    return clean(arena, bytes, false, odd);
}

struct wd_slice wd_telex_block(struct wd_arena *arena, struct wd_slice bytes, bool *odd)
{
    return clean(arena, bytes, true, odd);
}

struct wd_slice wd_telex_row(struct wd_arena *arena, struct wd_slice line, bool semicolons,
                             bool *odd)
{
    static const char between[] = " | ";
    char *out = wd_arena_alloc(arena, line.len * (sizeof(between) - 1) + 1);
    size_t len = 0;
    for (size_t i = 0; out && i < line.len; i++) {
        char c = line.data[i];
        bool cell = c == WD_RECORD_SEPARATOR || c == WD_UNIT_SEPARATOR || (semicolons && c == ';');
        if (cell) {
            memcpy(out + len, between, sizeof(between) - 1);
            len += sizeof(between) - 1;
        } else if ((unsigned char)c >= ' ' && c != 0x7F) {
            out[len++] = c;
        } else if (!is_known_control(c)) {
            *odd = true;
        }
    }
    while (len > 0 && (out[len - 1] == ' ' || out[len - 1] == '|'))
        len--; /* blanks, and cells that are empty */
    return out ? wd_text_trim(wd_slice_make(out, len)) : WD_SLICE_NONE;
}

struct wd_slice wd_telex_lines(struct wd_arena *arena, struct wd_slice bytes, bool *odd)
{
    char *out = wd_arena_alloc(arena, bytes.len + 1);
    size_t len = 0;
    for (size_t i = 0; out && i < bytes.len; i++) {
        char c = bytes.data[i];
        bool control = ((unsigned char)c < ' ' && c != '\n' && c != '\t') || c == 0x7F;
        if (!control)
            out[len++] = c;
        else if (!is_known_control(c) && c != 0x07) /* BEL called the desk */
            *odd = true;
    }
    return wd_slice_make(out, len);
}

struct wd_slice wd_telex_take_line(struct wd_slice *rest)
{
    const char *feed = rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
    size_t len = feed ? (size_t)(feed - rest->data) : rest->len;
    struct wd_slice line = {rest->data, len};
    *rest = wd_slice_from_offset(*rest, feed ? len + 1 : len);
    while (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    return line;
}

struct wd_slice wd_telex_take_word(struct wd_slice *rest)
{
    size_t i = 0;
    while (i < rest->len && (unsigned char)rest->data[i] <= ' ')
        i++;
    size_t begin = i;
    while (i < rest->len && (unsigned char)rest->data[i] > ' ')
        i++;
    struct wd_slice word = {rest->data + begin, i - begin};
    *rest = wd_slice_from_offset(*rest, i);
    return word;
}

bool wd_telex_are_digits(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.len > 0;
}

bool wd_telex_is_number(struct wd_slice word)
{
    enum { LETTERS_MAX = 2 };
    size_t i = 0;
    while (i < word.len && i < LETTERS_MAX && word.data[i] >= 'A' && word.data[i] <= 'Z')
        i++;
    return wd_telex_are_digits(wd_slice_from_offset(word, i));
}

bool wd_telex_is_agency(struct wd_slice word)
{
    enum { BYTES_MAX = 4 };
    return word.len > 1 && word.len <= BYTES_MAX && word.data[0] >= 'a' && word.data[0] <= 'z';
}

bool wd_telex_are_letters(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char lower = (char)(text.data[i] | 0x20);
        if (lower < 'a' || lower > 'z')
            return false;
    }
    return text.len > 0;
}

bool wd_telex_is_note(struct wd_slice paragraph)
{
    static const char *const begins[] = {"Eds: ", "EDS: ", "Eds.: ", "(Eds: ", "(EDS: "};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        if (wd_slice_starts(paragraph, wd_slice_from(begins[i])))
            return true;
    }
    return false;
}

void wd_telex_add_note(struct wd_buffer *notes, struct wd_slice note)
{
    if (note.len > 0 && notes->len > 0)
        wd_buffer_append_byte(notes, '\n');
    wd_buffer_append_slice(notes, note);
}

enum wd_status wd_telex_add_paragraph(struct wd_story *story, struct wd_slice text)
{
    if (text.len == 0)
        return WD_OK;
    text = wd_charset_mend_c1(story->arena, text, &story->flags); /* UTF-8 was sent */
    if (!text.data)
        return WD_NO_MEMORY;
    if (story->paragraph_count == 0)
        wd_dateline_take(story, text);
    return wd_story_add_paragraph(story, text);
}

const char *wd_telex_time_text(struct wd_time time, char text[WD_TIME_TEXT_SIZE])
{
    text[0] = '\0';
    if (wd_time_known(time))
        (void)wd_time_format(time, text);
    return text;
}

enum wd_status wd_telex_finish_story(struct wd_story *story, unsigned version, bool odd,
                                     bool complete)
{
    story->version_order = WD_VERSION_ORDER_HINT; /* leads are counted anew with every cycle */
    story->version = wd_arena_printf(story->arena, "%u", version);
    if (odd)
        story->flags |= WD_FLAG_CONTROL_BYTES;
    if (!complete)
        story->flags |= WD_FLAG_TRUNCATED;
    return story->version.data ? WD_OK : WD_NO_MEMORY;
}

enum wd_status wd_telex_add_subject(struct wd_story *story, const char *scheme,
                                    struct wd_slice code)
{
    if (code.len == 0)
        return WD_OK;
    struct wd_concept *concept = wd_story_add_concept(story, &story->subjects);
    if (!concept)
        return WD_NO_MEMORY;
    concept->scheme = wd_slice_from(scheme);
    concept->code = code;
    concept->literal = wd_arena_printf(story->arena, "%s:%.*s", scheme, WD_SLICE_ARG(code));
    return concept->literal.data ? WD_OK : WD_NO_MEMORY;
}

/* The offset of the next SOH that begins a message; text.len when there is none. */
static size_t find_message(const struct wd_telex_format *format, struct wd_slice text, size_t from)
{
    while (from < text.len) {
        const char *soh = memchr(text.data + from, WD_SOH, text.len - from);
        if (!soh)
            break;
        from = (size_t)(soh - text.data);
        if (format->is_header(wd_slice_from_offset(text, from + 1)))
            return from;
        from++;
    }
    return text.len;
}

/* What may stand between two messages: SYN, line ends, DEL, EOT, and ENQ with routing codes ("F", "RM",
 * "C G") up to the next SYN. */
static bool is_between(struct wd_slice text, size_t from, size_t to, bool *routed)
{
    static const char fill[] = " \r\n\f\x04\x16\x7F";
    for (size_t i = from; i < to; i++) {
        if (text.data[i] == WD_ENQ)
            *routed = true;
        else if (*routed && text.data[i] >= 'A' && text.data[i] <= 'Z')
            continue;
        else if (!memchr(fill, text.data[i], sizeof(fill) - 1))
            return false;
    }
    return true;
}

/* Reads the message whose SOH is at `from`; `end` gets the offset behind it. False without an STX. */
static bool read_frame(const struct wd_telex_format *format, struct wd_slice text, size_t from,
                       struct wd_telex_frame *frame, size_t *end)
{
    size_t next = find_message(format, text, from + 1);
    struct wd_slice rest = {text.data + from + 1, next - from - 1};
    size_t head_len = rest.len < WD_TELEX_HEAD_BYTES_MAX ? rest.len : WD_TELEX_HEAD_BYTES_MAX;
    const char *stx = memchr(rest.data, WD_STX, head_len);
    if (!stx)
        return false;
    frame->head = wd_slice_make(rest.data, (size_t)(stx - rest.data));
    struct wd_slice body = {stx + 1, (size_t)(text.data + next - stx) - 1};
    const char *etx = body.len > 0 ? memchr(body.data, WD_ETX, body.len) : NULL;
    frame->body = wd_slice_make(body.data, etx ? (size_t)(etx - body.data) : body.len);
    *end = next;
    if (!etx)
        return true;
    struct wd_slice behind = {etx + 1, (size_t)(text.data + next - etx) - 1};
    frame->ended = true;
    frame->complete = behind.len > 0 && memchr(behind.data, WD_EOT, behind.len);
    size_t printed = 0;
    while (printed < behind.len && (unsigned char)behind.data[printed] >= ' ' &&
           behind.data[printed] != 0x7F)
        printed++;
    /* Anything longer, and what begins like JSON or XML, is another message of another format. */
    struct wd_slice trailer = wd_text_trim(wd_slice_make(behind.data, printed));
    bool begins_well = trailer.len > 0 && trailer.data[0] != '{' && trailer.data[0] != '<';
    if (trailer.len > WD_TELEX_TRAILER_BYTES_MAX || !begins_well)
        printed = 0;
    frame->trailer = wd_slice_make(trailer.data, printed > 0 ? trailer.len : 0);
    *end = (size_t)(behind.data - text.data) + printed;
    return true;
}

int wd_telex_sniff(const struct wd_telex_format *format, struct wd_slice head)
{
    bool routed = false;
    size_t soh = find_message(format, head, 0);
    return soh < head.len && is_between(head, 0, soh, &routed) ? 100 : 0;
}

static enum wd_status refuse(const struct wd_telex_format *format, struct wd_slice text,
                             size_t offset, struct wd_error *error)
{
    wd_error_at_path(error, "%s", format->name);
    wd_error_at_offset(error, offset);
    return wd_error_set(error, WD_SYNTAX,
                        "%s: the %zu bytes from offset %zu on belong to no message of this format; "
                        "send one format in a record",
                        format->name, text.len - offset, offset);
}

static enum wd_status refuse_head(const struct wd_telex_format *format, size_t offset,
                                  struct wd_error *error)
{
    wd_error_at_path(error, "%s.header", format->name);
    wd_error_at_offset(error, offset);
    return wd_error_set(
        error, WD_SYNTAX,
        "%s: no STX within %d bytes behind the header at offset %zu: the message was "
        "cut",
        format->name, WD_TELEX_HEAD_BYTES_MAX, offset);
}

static enum wd_status take_frame(const struct wd_telex_format *format,
                                 const struct wd_decode_input *input,
                                 const struct wd_telex_frame *frame, struct wd_story *story,
                                 struct wd_error *error)
{
    struct wd_decode_input own = *input; /* the story may name another provider */
    struct wd_buffer notes;
    wd_buffer_init(&notes);
    enum wd_status status = format->take(&own, frame, story, &notes);
    if (notes.len > 0)
        story->editors_note = wd_arena_copy(story->arena, wd_buffer_slice(&notes));
    if (status == WD_OK && (!wd_buffer_ok(&notes) || (notes.len > 0 && !story->editors_note.data)))
        status = WD_NO_MEMORY;
    wd_buffer_finish(&notes);
    if (status == WD_TOO_LARGE && error->status == WD_OK)
        return wd_error_set(error, status, "%s: the story has more than %d paragraphs",
                            format->name, WD_PARAGRAPHS_MAX);
    if (status != WD_OK && error->status == WD_OK)
        return wd_error_set(error, status, "%s: %s", format->name, wd_status_sentence(status));
    if (status == WD_OK)
        wd_decode_end_story(&own, story);
    return status;
}

enum wd_status wd_telex_decode(const struct wd_telex_format *format,
                               const struct wd_decode_input *input, struct wd_story_batch *batch,
                               struct wd_error *error)
{
    struct wd_charset_text converted;
    struct wd_arena *arena = wd_story_batch_arena(batch);
    if (!arena)
        return wd_error_set(error, WD_NO_MEMORY, "%s: no memory", format->name);
    struct wd_slice declared = wd_charset_of_content_type(input->content_type);
    if (declared.len == 0)
        declared = wd_slice_from(input->provider->charset);
    enum wd_status status =
        wd_charset_to_utf8(input->raw, declared.len > 0 ? declared : WD_SLICE("windows-1252"),
                           arena, &converted, error);
    size_t end = 0;
    while (status == WD_OK) {
        struct wd_telex_frame frame = {.complete = false};
        size_t soh = find_message(format, converted.text, end);
        if (!is_between(converted.text, end, soh, &frame.routed) ||
            (soh == converted.text.len && end == 0))
            return refuse(format, converted.text, end, error);
        if (soh == converted.text.len)
            break;
        if (!read_frame(format, converted.text, soh, &frame, &end))
            return refuse_head(format, soh, error);
        struct wd_story *story = wd_decode_begin_story(input, batch, format->name, error);
        if (!story)
            return error->status;
        story->flags |= converted.flags;
        struct wd_slice bytes = {converted.text.data + soh, end - soh};
        if (declared.len == 0 && wd_charset_has_high_byte(bytes))
            story->flags |= WD_FLAG_CHARSET_ASSUMED;
        status = take_frame(format, input, &frame, story, error);
    }
    return status;
}
