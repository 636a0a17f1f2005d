/* ANPA-1312, as AP and other North American wires send it, and its Reuters variant of 1987 (ENQ and routing
 * codes first, no DC bytes, paragraphs that are indented, no trailer).
 *
 *   SYN SYN SOH service number US selector LF  priority category keyword version date count LF
 *   STX ^keyline< ^headline< ^Eds: ...< ^By NAME= HT paragraph ... BS table line ... ETX trailer FF EOT
 *
 * Source: ANPA 1312 "High speed teletypewriter news wire transmissions", and what wires make of it. */
#include "dateline.h"
#include "decoder.h"
#include "keyline.h"
#include "telex.h"

enum {
    NUMBER_DIGITS_MIN = 3,
    NUMBER_DIGITS_MAX = 5,
    SERVICE_BYTES_MAX = 2,
    KEYWORD_BYTES_MIN = 6, /* of a keyword that tells a keyline from a headline */
    TABULAR_MARK = 0x14,   /* DC4 DC2 in the header instead of DC3 DC1 */
};

/* What the header says; slices of it. */
struct header {
    struct wd_slice service, number, selector;
    char priority; /* lower case; 0 unknown */
    struct wd_slice category, keyword, version_words, date;
};

struct reading {
    struct wd_story *story;
    struct wd_buffer *notes;
    struct header header;
    struct wd_slice keyline;
    struct wd_wire_words words;
    bool variant;    /* ENQ first: the one of 1987 */
    bool odd;        /* control bytes that mean nothing here */
    bool by_taken;   /* the line before was the byline */
    bool semicolons; /* tabular: cells end with ";" */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "W1234" US behind an SOH: the bytes up to and with the US; 0 when it is no such header. */
static size_t header_mark_len(struct wd_slice text)
{
    size_t letters = 0;
    while (letters < text.len && is_letter(text.data[letters]))
        letters++;
    size_t i = letters;
    while (i < text.len && wd_text_is_digit(text.data[i]))
        i++;
    size_t digits = i - letters;
    bool good = letters >= 1 && letters <= SERVICE_BYTES_MAX && digits >= NUMBER_DIGITS_MIN &&
                digits <= NUMBER_DIGITS_MAX;
    return good && i < text.len && text.data[i] == WD_UNIT_SEPARATOR ? i + 1 : 0;
}

/* The first line: from the service to the end of the selector. */
static void read_first_line(struct wd_slice line, struct header *header)
{
    size_t mark = header_mark_len(line);
    size_t letters = 0;
    while (is_letter(line.data[letters]))
        letters++;
    header->service = wd_slice_make(line.data, letters);
    header->number = wd_slice_make(line.data + letters, mark - letters - 1);
    header->selector = wd_text_trim(wd_slice_from_offset(line, mark));
}

static bool is_date(struct wd_slice text)
{
    return text.len == 5 && text.data[2] == '-' && wd_text_is_digit(text.data[0]) &&
           wd_text_is_digit(text.data[1]) && wd_text_is_digit(text.data[3]) &&
           wd_text_is_digit(text.data[4]);
}

/* The second line: priority, category, keyword, version, date, count. Whatever is missing stays empty: the
 * keyline in the body says most of it better. */
static void read_second_line(struct wd_slice line, struct header *header)
{
    struct wd_slice word = wd_telex_take_word(&line);
    if (word.len == 1 && is_letter(word.data[0])) {
        header->priority = (char)(word.data[0] | 0x20);
        word = wd_telex_take_word(&line);
    }
    if (word.len >= 1 && word.len <= 3 && is_letter(word.data[0])) {
        header->category = word;
        word = wd_telex_take_word(&line);
    }
    if (is_date(word)) {
        header->date = word;
        return;
    }
    header->keyword = word;
    const char *begin = NULL;
    while ((word = wd_telex_take_word(&line)).len > 0 && !is_date(word)) {
        begin = begin ? begin : word.data;
        header->version_words = wd_slice_make(begin, (size_t)(word.data + word.len - begin));
    }
    header->date = word;
}

/* Whether a line begins with the header's keyword, which has no blanks and is cut: "XX--Harbour Bridge Closure,265" and
 * "XX--HarbourBridgeClosur". Wires without cycles have keylines, too. */
static bool repeats_keyword(struct wd_slice line, struct wd_slice keyword)
{
    size_t place = 0;
    keyword = wd_keyline_without_cycle(keyword);
    if (keyword.len < KEYWORD_BYTES_MIN)
        return false;
    for (size_t i = 0; i < line.len && place < keyword.len; i++) {
        if (line.data[i] == ' ')
            continue;
        if (line.data[i] != keyword.data[place])
            return false;
        place++;
    }
    return place == keyword.len;
}

static void take_keyline(struct reading *reading, struct wd_slice line)
{
    struct wd_keyline keyline;
    wd_keyline_read(line, &keyline);
    reading->keyline = line;
    reading->story->slug = wd_keyline_slug(&keyline, reading->story->arena);
    reading->words.set |= keyline.words.set;
    if (keyline.words.number > 0)
        reading->words.number = keyline.words.number;
}

static bool is_note(struct wd_slice line)
{
    static const char *const begins[] = {"Eds",       "(Eds",   "EDS",     "(EDS",
                                         "Editor",    "EDITOR", "(Editor", "AP Photo",
                                         "(AP Photo", "Photo",  "With ",   "Note to"};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        if (wd_slice_starts(line, wd_slice_from(begins[i])))
            return true;
    }
    return false;
}

static void take_note(struct reading *reading, struct wd_slice note)
{
    wd_wire_words_scan_note(note, &reading->words);
    wd_telex_add_note(reading->notes, note);
}

/* One "^ ... <" line, without its marks. `centred`: it ended with "=". */
static enum wd_status take_caret_line(struct reading *reading, struct wd_slice line, bool centred)
{
    struct wd_story *story = reading->story;
    bool by_before = reading->by_taken;
    reading->by_taken = false;
    if (line.len == 0 || line.data[0] == '*' || wd_slice_is(line, "END"))
        return WD_OK; /* a filing number; the end of the copy */
    if (reading->keyline.len == 0 && story->headline.len == 0 &&
        (wd_keyline_has_cycle(line) || repeats_keyword(line, reading->header.keyword))) {
        take_keyline(reading, line);
        return WD_OK;
    }
    if (is_note(line)) {
        take_note(reading, line);
        return WD_OK;
    }
    if (story->byline.len == 0 && line.len > 3 &&
        wd_text_starts_ascii_case(line, WD_SLICE("By ")) && line.data[3] >= 'A' &&
        line.data[3] <= 'Z') {
        story->byline = wd_text_trim(wd_slice_from_offset(line, 3));
        reading->by_taken = true;
        return WD_OK;
    }
    if (by_before && centred && story->paragraph_count == 0) {
        story->credit = line; /* "^Example Press=" right below the byline */
        return WD_OK;
    }
    if (story->headline.len == 0 && story->paragraph_count == 0) {
        story->headline = line;
        return WD_OK;
    }
    return wd_telex_add_paragraph(story, line);
}

/* Whether a line beginning here begins something new. */
static bool begins_part(struct wd_slice rest)
{
    return rest.len == 0 || rest.data[0] == '^' || rest.data[0] == WD_PARAGRAPH ||
           rest.data[0] == WD_TABLE_LINE;
}

/* Takes a "^" line off `rest`: up to "<" or "=" at a line's end, up to "<^", or up to whatever begins on the
 * next line. */
static struct wd_slice take_caret(struct wd_slice *rest, bool *centred)
{
    struct wd_slice all = wd_slice_from_offset(*rest, 1);
    size_t i = 0;
    *centred = false;
    for (; i < all.len; i++) {
        char c = all.data[i];
        if (c != '<' && c != '=' && c != '\n')
            continue;
        struct wd_slice after = wd_slice_from_offset(all, i + 1);
        if (c == '\n' && (begins_part(after) || after.data[0] == '\r' || after.data[0] == '\n'))
            break;
        if (c == '\n')
            continue;
        size_t blanks = 0;
        while (blanks < after.len && (after.data[blanks] == ' ' || after.data[blanks] == '\r'))
            blanks++;
        struct wd_slice next = wd_slice_from_offset(after, blanks);
        if (next.len == 0 || next.data[0] == '\n' || (c == '<' && next.data[0] == '^'))
            break;
    }
    struct wd_slice line = {all.data, i};
    *centred = i < all.len && all.data[i] == '=';
    *rest = wd_slice_from_offset(all, i < all.len && all.data[i] != '\n' ? i + 1 : i);
    return line;
}

/* Takes lines off `rest` up to a blank one or one that begins something new. In the variant an indented line
 * begins something new, too. */
static struct wd_slice take_lines(struct wd_slice *rest, bool variant)
{
    struct wd_slice lines = {rest->data, 0};
    do {
        struct wd_slice line = wd_telex_take_line(rest);
        lines.len = (size_t)(line.data + line.len - lines.data);
        bool blank = rest->len > 0 && (rest->data[0] == '\n' || rest->data[0] == '\r');
        bool indented = variant && wd_slice_starts(*rest, WD_SLICE(" "));
        if (blank || indented)
            break;
    } while (!begins_part(*rest));
    return lines;
}

/* One row of a table. "^" begins a row of heads, "<" ends every row: marks of the format, not of the copy. */
static enum wd_status take_row(struct reading *reading, struct wd_slice *rest)
{
    struct wd_slice line = wd_text_trim(wd_slice_from_offset(wd_telex_take_line(rest), 1));
    if (wd_slice_starts(line, WD_SLICE("^")))
        line = wd_slice_from_offset(line, 1);
    if (line.len > 0 && line.data[line.len - 1] == '<')
        line.len--;
    struct wd_slice row =
        wd_telex_row(reading->story->arena, line, reading->semicolons, &reading->odd);
    return row.data ? wd_telex_add_paragraph(reading->story, row) : WD_NO_MEMORY;
}

/* The variant's first line that is not indented is its headline; "Reuter" alone is its end. */
static bool take_variant_line(struct reading *reading, struct wd_slice lines, struct wd_slice text)
{
    struct wd_story *story = reading->story;
    if (wd_slice_is(text, "Reuter") || wd_slice_is(text, "REUTER") || wd_slice_is(text, "Reuters"))
        return true;
    if (story->paragraph_count > 0)
        return false;
    bool by =
        wd_slice_starts(text, WD_SLICE("By ")) && text.len < 80 && memchr(text.data, ',', text.len);
    if (by && story->byline.len == 0) {
        story->byline = wd_text_trim(wd_slice_from_offset(text, 3));
        return true;
    }
    if (story->headline.len > 0 || wd_slice_starts(lines, WD_SLICE("  ")))
        return false;
    story->headline = text;
    return true;
}

static enum wd_status take_paragraph(struct reading *reading, struct wd_slice *rest)
{
    struct wd_slice lines = take_lines(rest, reading->variant);
    struct wd_slice text = wd_telex_join(reading->story->arena, lines, &reading->odd);
    if (!text.data)
        return WD_NO_MEMORY;
    while (text.len > 0 && (text.data[text.len - 1] == '<' || text.data[text.len - 1] == '='))
        text.len--; /* what ends a centred line or a line without a line end */
    if (reading->variant && take_variant_line(reading, lines, text))
        return WD_OK;
    text = wd_text_trim(text);
    /* Above the copy. Alone it is all that the message says. */
    if (reading->story->paragraph_count == 0 && wd_telex_is_note(text) &&
        wd_text_trim(*rest).len > 0) {
        take_note(reading, text);
        return WD_OK;
    }
    return wd_telex_add_paragraph(reading->story, text);
}

static enum wd_status read_body(struct reading *reading, struct wd_slice rest)
{
    enum wd_status status = WD_OK;
    while (rest.len > 0 && status == WD_OK) {
        size_t blanks = 0;
        while (blanks < rest.len && rest.data[blanks] == ' ')
            blanks++;
        bool caret_follows = blanks > 0 && blanks < rest.len && rest.data[blanks] == '^';
        if (rest.data[0] == '\n' || rest.data[0] == '\r' || caret_follows) {
            rest = wd_slice_from_offset(rest, caret_follows ? blanks : 1);
        } else if (rest.data[0] == '^') {
            bool centred = false;
            struct wd_slice line = take_caret(&rest, &centred);
            line = wd_telex_join(reading->story->arena, line, &reading->odd);
            status = line.data ? take_caret_line(reading, line, centred) : WD_NO_MEMORY;
        } else if (rest.data[0] == WD_TABLE_LINE) {
            status = take_row(reading, &rest);
        } else {
            status = take_paragraph(reading, &rest);
        }
    }
    return status;
}

/* From the priority letter, unless the provider's configuration maps it otherwise. */
static int urgency_of(char priority)
{
    switch (priority) {
    case 'f': /* flash */
        return 1;
    case 'b': /* bulletin */
        return 2;
    case 'u': /* urgent */
        return 3;
    case 'd': /* deferred */
        return 6;
    case 'a': /* advance */
    case 's': /* weekend advance */
        return 7;
    default: /* regular, and what nobody knows */
        return 5;
    }
}

/* "W1234" and the time of the trailer, else the header's day: numbers wrap within a day or two. */
static enum wd_status name_transmission(struct wd_story *story, const struct header *header)
{
    char time[WD_TIME_TEXT_SIZE];
    struct wd_slice day = wd_slice_from(wd_telex_time_text(story->updated, time));
    if (day.len == 0)
        day = header->date;
    story->transmission =
        wd_arena_printf(story->arena, "%.*s%.*s/%.*s", WD_SLICE_ARG(header->service),
                        WD_SLICE_ARG(header->number), WD_SLICE_ARG(day));
    return story->transmission.data ? WD_OK : WD_NO_MEMORY;
}

/* The trailer is the only place with a year: "AP-WF-03-08-24 0112GMT<". */
static struct wd_time read_trailer(struct wd_slice trailer, const struct wd_zone *zone)
{
    if (trailer.len > 0 && trailer.data[trailer.len - 1] == '<')
        trailer.len--;
    for (size_t i = 0; i + 8 < trailer.len; i++) {
        if (is_date(wd_slice_make(trailer.data + i, 5)) && trailer.data[i + 5] == '-')
            return wd_time_parse(wd_slice_from_offset(trailer, i), zone);
    }
    return wd_time_parse(trailer, zone); /* which says what is wrong with it */
}

/* The keyline names the lineage; the header's keyword does not, because it is cut. */
static void name_lineage(struct wd_story *story, struct wd_slice keyword)
{
    if (story->slug.len > 0) {
        story->lineage_key = story->slug;
        story->lineage_rule = WD_SLICE("keyline");
        return;
    }
    story->slug = wd_keyline_without_cycle(keyword);
}

static void read_version_words(struct reading *reading)
{
    const struct header *header = &reading->header;
    struct wd_wire_words found;
    if (reading->words.number == 0 && wd_wire_words_parse(header->version_words, &found)) {
        reading->words.number = found.number;
        reading->words.set |= found.set;
    }
    if (header->priority == 'a' || header->priority == 's')
        reading->words.set |= WD_WIRE_ADVANCE;
    wd_wire_words_apply(&reading->words, reading->story);
}

static enum wd_status take(struct wd_decode_input *input, const struct wd_telex_frame *frame,
                           struct wd_story *story, struct wd_buffer *notes)
{
    struct reading reading = {.story = story, .notes = notes, .variant = frame->routed};
    struct header *header = &reading.header;
    struct wd_slice head = frame->head;
    read_first_line(wd_telex_take_line(&head), header);
    struct wd_slice second = wd_telex_take_line(&head);
    reading.semicolons = memchr(second.data, TABULAR_MARK, second.len) != NULL;
    read_second_line(second, header);
    input->provider = wd_decode_provider(input, header->service);
    story->updated = read_trailer(frame->trailer, input->provider->zone);
    enum wd_status status = read_body(&reading, frame->body);
    if (status == WD_OK)
        status = wd_telex_add_subject(story, "anpa", header->category);
    if (status == WD_OK)
        status = name_transmission(story, header);
    if (status != WD_OK)
        return status;
    wd_decode_extra(input, story, WD_SLICE("selector"),
                    wd_telex_join(story->arena, header->selector, &reading.odd));
    name_lineage(story, header->keyword);
    read_version_words(&reading);
    story->urgency = wd_decode_urgency(input, header->priority, urgency_of(header->priority));
    /* The variant's files end with ETX. */
    bool complete = frame->complete || (reading.variant && frame->ended);
    return wd_telex_finish_story(story, reading.words.number, reading.odd, complete);
}

static bool is_header(struct wd_slice behind_soh)
{
    return header_mark_len(behind_soh) > 0;
}

static const struct wd_telex_format format = {"anpa", is_header, take};

static int sniff(struct wd_slice head, size_t total_len)
{
    (void)total_len;
    return wd_telex_sniff(&format, head);
}

static enum wd_status decode(const struct wd_decode_input *input, struct wd_story_batch *batch,
                             struct wd_error *error)
{
    return wd_telex_decode(&format, input, batch, error);
}

const struct wd_decoder wd_decoder_anpa = {
    .name = "anpa",
    .summary = "ANPA-1312 of North American wires, and its Reuters variant",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_LINEAGE | WD_CARRIES_VERSION | WD_CARRIES_UPDATED |
               WD_CARRIES_STATUS | WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS |
               WD_CARRIES_SLUG | WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE |
               WD_CARRIES_NOTE | WD_CARRIES_CREDIT | WD_CARRIES_BODY | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
