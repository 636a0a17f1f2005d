/* IPTC 7901, as German and other European agencies send it.
 *
 *   SOH source number priority category words code agency number CR LF LF slug/slug/ CR LF
 *   STX option lines LF headline LF By NAME = CR LF LF paragraphs # Notebook sign-off ETX
 *   DDHHMM GMT Mon YY CR LF DEL LF DEL EOT
 *
 * Source: IPTC Recommendation 7901 "The text transmission format", and what agencies make of it. */
#include "dateline.h"
#include "decoder.h"
#include "telex.h"
#include "wire_words.h"

enum {
    HEADER_LINE_BYTES_MAX = 160,
    TITLE_BYTES_MAX = 2048,
    SOURCE_LETTERS_MIN = 2,
    SOURCE_LETTERS_MAX = 4,
    NUMBER_DIGITS_MIN = 3,
    NUMBER_DIGITS_MAX = 4,
    SIGN_OFF_BYTES_MAX = 60,
    CELL_GAP_BLANKS = 3, /* within a line: columns of a table */
};

/* What the header says; slices of it. */
struct header {
    struct wd_slice source, number;
    int priority; /* 1 to 6 */
    struct wd_slice category;
    struct wd_slice agency, agency_number; /* "" when the header has none */
    struct wd_slice slug;
};

struct reading {
    struct wd_story *story;
    struct wd_buffer *notes;
    struct header header;
    struct wd_wire_words words;
    struct wd_slice sign_off; /* "exa jd/mm" */
    bool odd;                 /* control bytes that mean nothing here */
};

/* "xca0123 3 i 180  exa 0045" behind an SOH. Racing and results services begin with SOH as well and have
 * other headers: all of the pattern must be there. `header` may be NULL. */
static bool read_header(struct wd_slice text, struct header *header)
{
    if (text.len > HEADER_LINE_BYTES_MAX)
        text.len = HEADER_LINE_BYTES_MAX;
    struct wd_slice line = wd_telex_take_line(&text);
    struct wd_slice first = wd_telex_take_word(&line);
    size_t letters = 0;
    while (letters < first.len && wd_telex_are_letters(wd_slice_make(first.data + letters, 1)))
        letters++;
    struct wd_slice number = wd_slice_from_offset(first, letters);
    if (letters < SOURCE_LETTERS_MIN || letters > SOURCE_LETTERS_MAX ||
        number.len < NUMBER_DIGITS_MIN || number.len > NUMBER_DIGITS_MAX ||
        !wd_telex_are_digits(number))
        return false;
    struct wd_slice priority = wd_telex_take_word(&line);
    struct wd_slice category = wd_telex_take_word(&line);
    struct wd_slice words = wd_telex_take_word(&line);
    if (priority.len != 1 || priority.data[0] < '1' || priority.data[0] > '6' || category.len > 3 ||
        !wd_telex_are_letters(category) || words.len > 5 || !wd_telex_are_digits(words))
        return false;
    if (!header)
        return true;
    header->source = wd_slice_make(first.data, letters);
    header->number = number;
    header->priority = priority.data[0] - '0';
    header->category = category;
    /* [text code] [agency number]: the last two, when the last one is a number. */
    struct wd_slice last = WD_SLICE_NONE;
    for (struct wd_slice word = wd_telex_take_word(&line); word.len > 0;
         last = word, word = wd_telex_take_word(&line)) {
        if (wd_telex_are_digits(word) && wd_telex_are_letters(last)) {
            header->agency = last;
            header->agency_number = word;
        }
    }
    return true;
}

/* "By Jane Doe, exa", "Von Max Muster, exa", "Par Jean Martin, exa" -> the rest. */
static bool take_byline(struct wd_story *story, struct wd_slice line)
{
    static const char *const labels[] = {"By ", "Von ", "Par "};
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        struct wd_slice label = wd_slice_from(labels[i]);
        if (!wd_slice_starts(line, label) || line.len == label.len ||
            (line.data[label.len] >= 'a' && line.data[label.len] <= 'z'))
            continue;
        story->byline = wd_text_trim(wd_slice_from_offset(line, label.len));
        return true;
    }
    return false;
}

/* "Berichtigung des Haushalts kostet Millionen", "HOLDING INSOLVENT": the word goes on, or stands in a sentence. Then it is a
 * headline, unless that follows. */
static bool is_sentence(struct wd_slice behind)
{
    if (behind.len == 0 || strchr(":-,!(", behind.data[0]))
        return false;
    behind = wd_text_trim(behind);
    return behind.len > 0 && !wd_text_is_digit(behind.data[0]) && !strchr(":-,!(", behind.data[0]);
}

/* A line that is no byline. */
static bool has_headline(struct wd_slice title)
{
    struct wd_slice line = wd_text_trim(wd_telex_take_line(&title));
    struct wd_story ignored = {.byline = WD_SLICE_NONE};
    return line.len > 0 && !take_byline(&ignored, line);
}

/* "1ST LEAD", "REFILE", "(Achtung) ...", "Berichtigung: ...", "Sperrfrist 18.00 Uhr": words of the desk and
 * no headline, which stands in the rest of the title. */
static bool take_option(struct reading *reading, struct wd_slice line, struct wd_slice rest)
{
    static const char *const begins[] = {
        "(Achtung", "Achtung",       "Berichtigung", "Sperrfrist", "EMBARGO",        "HOLD",
        "KILL",     "(Berichtigung", "(Korrektur",   "Neufassung", "Zusammenfassung"};
    struct wd_wire_words words;
    if (wd_wire_words_parse(line, &words)) {
        reading->words.set |= words.set;
        if (words.number > 0)
            reading->words.number = words.number;
    } else {
        size_t i = 0;
        while (i < sizeof(begins) / sizeof(begins[0]) &&
               !wd_slice_starts(line, wd_slice_from(begins[i])))
            i++;
        bool bracketed = line.data[0] == '(' && line.data[line.len - 1] == ')'; /* "(neu: Zahl)" */
        bool begun = i < sizeof(begins) / sizeof(begins[0]);
        if (!begun && !bracketed)
            return false;
        if (begun && line.data[0] != '(' && !has_headline(rest) &&
            is_sentence(wd_slice_from_offset(line, strlen(begins[i]))))
            return false;
        if (memmem(line.data, line.len, "eufassung", 9) ||
            memmem(line.data, line.len, "usammenfassung", 14))
            reading->words.set |=
                WD_WIRE_LEAD | WD_WIRE_WHOLE; /* "(Zusammenfassung - neu: Zahl)" */
        if (memmem(line.data, line.len, "erichtigung", 11) ||
            memmem(line.data, line.len, "orrektur", 8))
            reading->words.set |= WD_WIRE_CORRECTION;
        wd_wire_words_scan_note(line, &reading->words);
    }
    wd_telex_add_note(reading->notes, line);
    return true;
}

/* Where the title ends: "=" behind a blank, at the end of a line; without one, at the first blank line. */
static size_t find_title_end(struct wd_slice body, size_t *behind)
{
    size_t blank_line = body.len;
    size_t len = body.len < TITLE_BYTES_MAX ? body.len : TITLE_BYTES_MAX;
    struct wd_slice rest = {body.data, len};
    while (rest.len > 0) {
        struct wd_slice line = wd_telex_take_line(&rest);
        struct wd_slice trimmed = wd_text_trim(line);
        size_t line_end = (size_t)(rest.data - body.data);
        if (trimmed.len == 0) {
            blank_line = (size_t)(line.data - body.data);
            *behind = line_end;
            if (blank_line > 0)
                break;
        } else if (trimmed.data[trimmed.len - 1] == '=' &&
                   (trimmed.len == 1 || trimmed.data[trimmed.len - 2] == ' ')) {
            *behind = line_end;
            return (size_t)(trimmed.data - body.data) + trimmed.len - 1;
        }
    }
    if (blank_line == body.len)
        *behind = body.len;
    return blank_line;
}

/* Option lines, headline, byline. Returns the copy behind them. */
static enum wd_status read_title(struct reading *reading, struct wd_slice body,
                                 struct wd_slice *copy)
{
    struct wd_story *story = reading->story;
    size_t behind = 0;
    struct wd_slice title = {body.data, find_title_end(body, &behind)};
    *copy = wd_slice_from_offset(body, behind);
    struct wd_slice headline = WD_SLICE_NONE;
    while (title.len > 0) {
        struct wd_slice raw = wd_telex_take_line(&title);
        struct wd_slice line = wd_telex_join(story->arena, raw, &reading->odd);
        if (!line.data)
            return WD_NO_MEMORY;
        if (line.len == 0 || (headline.len == 0 && take_option(reading, line, title)) ||
            (headline.len > 0 && story->byline.len == 0 && take_byline(story, line)))
            continue;
        const char *begin = headline.len == 0 ? raw.data : headline.data;
        headline = wd_slice_make(begin, (size_t)(raw.data + raw.len - begin));
    }
    story->headline = wd_telex_join(story->arena, headline, &reading->odd);
    return story->headline.data ? WD_OK : WD_NO_MEMORY;
}

/* Columns: most lines have gaps within. */
static bool is_table(struct wd_slice block)
{
    size_t lines = 0;
    size_t with_gaps = 0;
    while (block.len > 0) {
        struct wd_slice line = wd_text_trim(wd_telex_take_line(&block));
        size_t blanks = 0;
        size_t longest = 0;
        for (size_t i = 0; i < line.len; i++) {
            blanks = line.data[i] == ' ' ? blanks + 1 : 0;
            longest = blanks > longest ? blanks : longest;
        }
        lines += line.len > 0;
        with_gaps += longest >= CELL_GAP_BLANKS;
    }
    return lines >= 2 && with_gaps * 2 > lines;
}

/* "# Notebook", "# Notizblock", "## Internet": from here on for editors only. */
static bool is_notebook(struct wd_slice text)
{
    return text.len > 2 && text.data[0] == '#' && (text.data[1] == '#' || text.data[1] == ' ');
}

/* Takes the lines up to the next blank one, or to the next indented one behind a line that ends a sentence,
 * off `rest`. */
static struct wd_slice take_block(struct wd_slice *rest)
{
    struct wd_slice block = {rest->data, 0};
    while (rest->len > 0) {
        struct wd_slice before = *rest;
        struct wd_slice line = wd_telex_take_line(rest);
        bool blank = wd_text_trim(line).len == 0;
        if (blank && block.len > 0)
            break;
        if (blank) {
            block.data = rest->data;
            continue;
        }
        if (block.len > 0 && is_notebook(wd_text_trim(line))) { /* without a blank line before it */
            *rest = before;
            break;
        }
        bool indented = line.len > 2 && line.data[0] == ' ' && line.data[1] == ' ';
        bool sentence = block.len > 0 && strchr(".!?\":", block.data[block.len - 1]);
        if (indented && sentence) {
            *rest = before;
            break;
        }
        block.len = (size_t)(line.data + line.len - block.data);
        while (block.len > 0 && block.data[block.len - 1] == ' ')
            block.len--;
    }
    return block;
}

/* "exa jd/mm xx": the agency's letters and the initials of its editors. */
static bool is_sign_off(const struct reading *reading, struct wd_slice text)
{
    struct wd_slice agency = reading->header.agency;
    if (agency.len == 0)
        agency = reading->story->credit;
    if (agency.len == 0 || text.len > SIGN_OFF_BYTES_MAX ||
        !wd_text_starts_ascii_case(text, agency))
        return false;
    struct wd_slice rest = wd_slice_from_offset(text, agency.len);
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.data[i];
        if (i == 0 ? c != ' ' && c != '/'
                   : !wd_telex_are_letters(wd_slice_make(&c, 1)) &&
                         !wd_telex_are_digits(wd_slice_make(&c, 1)) && !strchr(" /-", c))
            return false;
    }
    return true;
}

/* The rest of the copy is for editors; its last line may be the sign-off. */
static enum wd_status take_notebook(struct reading *reading, struct wd_slice rest)
{
    struct wd_story *story = reading->story;
    struct wd_slice text = wd_telex_block(story->arena, rest, &reading->odd);
    if (!text.data)
        return WD_NO_MEMORY;
    const char *feed = text.len > 0 ? memrchr(text.data, '\n', text.len) : NULL;
    struct wd_slice last = feed ? wd_slice_from_offset(text, (size_t)(feed - text.data) + 1) : text;
    if (is_sign_off(reading, wd_text_trim(last)))
        reading->sign_off = wd_text_trim(last);
    if (reading->sign_off.len > 0)
        text = wd_text_trim(wd_slice_make(text.data, text.len - last.len));
    /* Only what a section is headed with; a word in its text is not an order. */
    static const char *const corrections[] = {"# Correction", "# Berichtigung", "# Korrektur"};
    for (size_t i = 0; text.len > 0 && i < sizeof(corrections) / sizeof(corrections[0]); i++) {
        if (memmem(text.data, text.len, corrections[i], strlen(corrections[i])))
            reading->words.set |= WD_WIRE_CORRECTION;
    }
    wd_wire_words_scan_note(text, &reading->words);
    wd_telex_add_note(reading->notes, text);
    return WD_OK;
}

static enum wd_status read_copy(struct reading *reading, struct wd_slice rest)
{
    enum wd_status status = WD_OK;
    while (rest.len > 0 && status == WD_OK) {
        struct wd_slice before = rest;
        struct wd_slice block = take_block(&rest);
        if (is_notebook(wd_text_trim(block)))
            return take_notebook(reading, before);
        bool table = is_table(block);
        struct wd_slice text = table ? wd_telex_block(reading->story->arena, block, &reading->odd)
                                     : wd_telex_join(reading->story->arena, block, &reading->odd);
        if (!text.data)
            return WD_NO_MEMORY;
        if (wd_text_trim(rest).len == 0 && is_sign_off(reading, text))
            reading->sign_off = text;
        else
            status = wd_telex_add_paragraph(reading->story, text);
    }
    return status;
}

/* "xca0123" and the time, and the agency's own number: numbers begin anew every day. */
static enum wd_status name_transmission(struct wd_story *story, const struct header *header)
{
    char time[WD_TIME_TEXT_SIZE];
    story->transmission =
        wd_arena_printf(story->arena, "%.*s%.*s/%s%s%.*s%.*s", WD_SLICE_ARG(header->source),
                        WD_SLICE_ARG(header->number), wd_telex_time_text(story->updated, time),
                        header->agency.len > 0 ? "/" : "", WD_SLICE_ARG(header->agency),
                        WD_SLICE_ARG(header->agency_number));
    return story->transmission.data ? WD_OK : WD_NO_MEMORY;
}

/* A lead of these services is the whole story again. */
static void apply_words(struct reading *reading)
{
    if (reading->words.set & WD_WIRE_LEAD)
        reading->words.set |= WD_WIRE_WHOLE;
    wd_wire_words_apply(&reading->words, reading->story);
}

static enum wd_status take(struct wd_decode_input *input, const struct wd_telex_frame *frame,
                           struct wd_story *story, struct wd_buffer *notes)
{
    struct reading reading = {.story = story, .notes = notes};
    struct header *header = &reading.header;
    struct wd_slice head = frame->head;
    struct wd_slice copy = WD_SLICE_NONE;
    (void)read_header(head, header);
    (void)wd_telex_take_line(&head);
    while (head.len > 0 && header->slug.len == 0)
        header->slug = wd_telex_join(story->arena, wd_telex_take_line(&head), &reading.odd);
    input->provider = wd_decode_provider(input, header->source);
    story->updated = wd_time_parse(frame->trailer, input->provider->zone);
    story->urgency = wd_decode_urgency(input, (char)('0' + header->priority), header->priority);
    story->slug = header->slug;
    if (story->slug.len > 0 && story->slug.data[story->slug.len - 1] == '/')
        story->slug.len--;
    enum wd_status status = read_title(&reading, frame->body, &copy);
    if (status == WD_OK)
        status = read_copy(&reading, copy);
    if (status == WD_OK)
        status = wd_telex_add_subject(story, "iptc7901", header->category);
    if (status == WD_OK)
        status = name_transmission(story, header);
    if (status != WD_OK)
        return status;
    wd_decode_extra(input, story, WD_SLICE("sign-off"), reading.sign_off);
    if (story->credit.len == 0)
        story->credit = header->agency;
    apply_words(&reading);
    return wd_telex_finish_story(story, reading.words.number, reading.odd, frame->complete);
}

static bool is_header(struct wd_slice behind_soh)
{
    return read_header(behind_soh, NULL);
}

static const struct wd_telex_format format = {"iptc7901", is_header, take};

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

const struct wd_decoder wd_decoder_iptc7901 = {
    .name = "iptc7901",
    .summary = "IPTC 7901 of European agencies",
    .carries = WD_CARRIES_IDENTITY | WD_CARRIES_VERSION | WD_CARRIES_UPDATED | WD_CARRIES_STATUS |
               WD_CARRIES_SIGNALS | WD_CARRIES_URGENCY | WD_CARRIES_SUBJECTS | WD_CARRIES_SLUG |
               WD_CARRIES_HEADLINE | WD_CARRIES_BYLINE | WD_CARRIES_DATELINE | WD_CARRIES_NOTE |
               WD_CARRIES_CREDIT | WD_CARRIES_BODY | WD_CARRIES_SEVERAL,
    .sniff = sniff,
    .decode = decode,
};
