#include "xml_story.h"

#include "dateline.h"
#include "json.h"

#include <ctype.h>

/* The bytes without the zeros of UTF-16 and UTF-32: enough to tell names by. */
static size_t squeeze(struct wd_slice head, char *out, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < head.len && len < size; i++) {
        if (head.data[i] != '\0')
            out[len++] = head.data[i];
    }
    return len;
}

/* Past the declaration, comment or DOCTYPE that `text` begins with; false when it begins with none. */
static bool skip_prolog(struct wd_slice *text)
{
    static const struct {
        struct wd_slice begin, end;
    } parts[] = {{WD_SLICE("<?"), WD_SLICE("?>")}, {WD_SLICE("<!--"), WD_SLICE("-->")}};
    for (size_t i = 0; i < 2; i++) {
        if (!wd_slice_starts(*text, parts[i].begin))
            continue;
        const char *end = memmem(text->data, text->len, parts[i].end.data, parts[i].end.len);
        size_t past = end ? (size_t)(end - text->data) + parts[i].end.len : text->len;
        *text = wd_slice_from_offset(*text, past);
        return true;
    }
    if (!wd_slice_starts(*text, WD_SLICE("<!")))
        return false;
    size_t depth = 0;
    size_t i = 0;
    for (; i < text->len; i++) {
        char c = text->data[i];
        depth += c == '[';
        depth -= c == ']' && depth > 0;
        if (c == '>' && depth == 0)
            break;
    }
    *text = wd_slice_from_offset(*text, i + 1);
    return true;
}

void wd_xml_sniff_root(struct wd_slice head, char name[WD_XML_NAME_SIZE])
{
    char bytes[WD_SNIFF_BYTES];
    name[0] = '\0';
    size_t begin = 0;
    while (begin < head.len && (strchr("\xEF\xBB\xBF\xFE\xFF \t\r\n", head.data[begin]) != NULL))
        begin++; /* byte order marks, white space, zeros */
    head = wd_slice_from_offset(head, begin);
    if (head.len == 0 || head.data[0] != '<')
        return;
    struct wd_slice text = head;
    if (memchr(head.data, '\0', head.len))
        text = wd_slice_make(bytes, squeeze(head, bytes, sizeof(bytes)));
    while (skip_prolog(&text) || (text.len > 0 && isspace((unsigned char)text.data[0])))
        text = wd_slice_from_offset(text,
                                    text.len > 0 && isspace((unsigned char)text.data[0]) ? 1 : 0);
    if (text.len < 2 || text.data[0] != '<')
        return;
    size_t len = 0;
    for (size_t i = 1; i < text.len && len + 1 < WD_XML_NAME_SIZE; i++) {
        char c = text.data[i];
        if (c == ':')
            len = 0; /* what was before is the prefix */
        else if (isalnum((unsigned char)c) || strchr("-._", c))
            name[len++] = c;
        else
            break;
    }
    name[len] = '\0';
}

enum wd_status wd_xml_story_document(const struct wd_decode_input *input,
                                     struct wd_story_batch *batch, const char *format,
                                     struct wd_xml_document **document, struct wd_error *error)
{
    struct wd_xml_options options = {.format = format};
    struct wd_arena *arena = wd_story_batch_arena(batch);
    if (!arena)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a document");
    return wd_xml_read(input->raw, &options, arena, document, error);
}

enum wd_status wd_xml_story_begin(struct wd_xml_story *reading, struct wd_story_batch *batch,
                                  const char *format)
{
    reading->story = wd_decode_begin_story(&reading->input, batch, format, reading->error);
    if (!reading->story)
        return reading->error->status;
    reading->story->flags |= reading->document->flags;
    return WD_OK;
}

void wd_xml_story_source(struct wd_xml_story *reading, struct wd_slice source)
{
    reading->input.provider = wd_decode_provider(&reading->input, source);
}

struct wd_slice wd_xml_story_text(const struct wd_xml_story *reading,
                                  const struct wd_xml_node *element)
{
    return wd_xml_text(element, reading->story->arena);
}

struct wd_slice wd_xml_story_words(const struct wd_xml_story *reading,
                                   const struct wd_xml_node *element)
{
    struct wd_buffer out;
    struct wd_slice text = wd_xml_story_text(reading, element);
    if (!element || !wd_xml_child(element, NULL, NULL))
        return text;
    wd_buffer_init(&out);
    const struct wd_xml_node *node = element;
    for (bool apart = false; node; node = wd_xml_step(node, element, true)) {
        struct wd_slice piece =
            node->name ? WD_SLICE_NONE : wd_text_trim(wd_slice_make(node->text, node->text_len));
        apart = apart || node->name || piece.len < node->text_len;
        bool glued = piece.len > 0 && strchr(",.;:)", piece.data[0]) != NULL;
        if (piece.len > 0 && apart && out.len > 0 && !glued)
            wd_buffer_append_byte(&out, ' ');
        wd_buffer_append_slice(&out, piece);
        apart = piece.len > 0 ? false : apart;
    }
    struct wd_slice copy = wd_buffer_ok(&out)
                               ? wd_arena_copy(reading->story->arena, wd_buffer_slice(&out))
                               : WD_SLICE_NONE;
    wd_buffer_finish(&out);
    return copy.data ? copy : text;
}

void wd_xml_story_set(struct wd_slice *field, struct wd_slice text)
{
    if (field->len == 0)
        *field = text;
}

struct wd_time wd_xml_story_time(const struct wd_xml_story *reading, struct wd_slice text)
{
    return wd_time_parse(wd_text_trim(text), reading->input.provider->zone);
}

int wd_xml_story_urgency(const struct wd_xml_story *reading, struct wd_slice text)
{
    bool digit = text.len == 1 && text.data[0] >= '1' && text.data[0] <= '9';
    return digit ? wd_decode_urgency(&reading->input, text.data[0], text.data[0] - '0') : 0;
}

int32_t wd_xml_story_pixels(struct wd_slice text)
{
    int32_t pixels = 0;
    for (size_t i = 0; i < text.len && i < 8 && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        pixels = pixels * 10 + (text.data[i] - '0');
    return pixels;
}

void wd_xml_story_dateline(const struct wd_xml_story *reading, struct wd_slice text)
{
    static const struct wd_slice dashes[] = {WD_SLICE("\xE2\x80\x94"), WD_SLICE("\xE2\x80\x93")};
    struct wd_story *story = reading->story;
    struct wd_dateline found;
    /* A dateline is found before copy; here there is none behind it. */
    struct wd_slice before =
        text.len > 0 ? wd_arena_printf(story->arena, "%.*s x", WD_SLICE_ARG(text)) : text;
    if (before.len > 0 && wd_dateline_find(before, &found)) {
        wd_xml_story_set(&story->dateline, found.text);
        wd_xml_story_set(&story->credit, found.agency);
        wd_xml_story_set(&story->located, found.place);
        return;
    }
    while (text.len > 0 && strchr(" -:_", text.data[text.len - 1]))
        text.len--;
    for (size_t i = 0; i < 2; i++) {
        size_t len = dashes[i].len;
        if (text.len > len && memcmp(text.data + text.len - len, dashes[i].data, len) == 0)
            text = wd_text_trim(wd_slice_make(text.data, text.len - len));
    }
    wd_xml_story_set(&story->dateline, text);
    wd_xml_story_set(&story->located, text);
}

enum wd_status wd_xml_story_status(const struct wd_xml_story *reading,
                                   const struct wd_xml_node *element, struct wd_slice word,
                                   enum wd_story_status *status)
{
    static const struct {
        const char *word;
        enum wd_story_status status;
    } words[] = {{"usable", WD_STORY_USABLE},
                 {"embargoed", WD_STORY_EMBARGOED},
                 {"withheld", WD_STORY_WITHHELD},
                 {"canceled", WD_STORY_CANCELED},
                 {"cancelled", WD_STORY_CANCELED}};
    word = wd_text_trim(word);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!wd_text_equal_ascii_case(word, wd_slice_from(words[i].word)))
            continue;
        *status = words[i].status;
        return WD_OK;
    }
    return wd_xml_fault(
        reading->document, element, reading->error, WD_OUT_OF_RANGE,
        "the status is \"%.*s\": usable, embargoed, withheld and canceled are known",
        WD_SLICE_ARG(wd_utf8_cut(word, 64)));
}

/* The customary sig: codes, and the words and letters by which providers say the same. */
uint32_t wd_xml_story_signal(struct wd_slice code)
{
    static const struct {
        const char *code;
        uint32_t signal;
    } signals[] = {
        {"U", WD_SIGNAL_UPDATE},
        {"update", WD_SIGNAL_UPDATE},
        {"updated", WD_SIGNAL_UPDATE},
        {"replace", WD_SIGNAL_UPDATE},
        {"replacement", WD_SIGNAL_UPDATE},
        {"writethru", WD_SIGNAL_UPDATE},
        {"C", WD_SIGNAL_CORRECTION},
        {"correct", WD_SIGNAL_CORRECTION},
        {"corrected", WD_SIGNAL_CORRECTION},
        {"correction", WD_SIGNAL_CORRECTION},
        {"corrective", WD_SIGNAL_CORRECTION},
        {"clarification", WD_SIGNAL_CORRECTION},
        {"rectify", WD_SIGNAL_CORRECTION},
        {"rectification", WD_SIGNAL_CORRECTION},
        {"berichtigung", WD_SIGNAL_CORRECTION},
        {"D", WD_SIGNAL_KILL},
        {"delete", WD_SIGNAL_KILL},
        {"deleted", WD_SIGNAL_KILL},
        {"kill", WD_SIGNAL_KILL},
        {"killed", WD_SIGNAL_KILL},
        {"eliminate", WD_SIGNAL_KILL},
        {"elimination", WD_SIGNAL_KILL},
        {"disregard", WD_SIGNAL_KILL},
        {"withdraw", WD_SIGNAL_KILL},
        {"withdrawn", WD_SIGNAL_KILL},
        {"withdrawal", WD_SIGNAL_KILL},
        {"retract", WD_SIGNAL_KILL},
        {"retraction", WD_SIGNAL_KILL},
        {"recall", WD_SIGNAL_KILL},
        {"takedown", WD_SIGNAL_KILL},
        {"cancel", WD_SIGNAL_KILL},
        {"canceled", WD_SIGNAL_KILL},
        {"cancelled", WD_SIGNAL_KILL},
        {"cancellation", WD_SIGNAL_KILL},
        {"hold", WD_SIGNAL_HOLD},
        {"withhold", WD_SIGNAL_HOLD},
        {"withheld", WD_SIGNAL_HOLD},
        {"refile", WD_SIGNAL_REFILE},
        {"repeat", WD_SIGNAL_REPEAT},
        {"resend", WD_SIGNAL_REPEAT},
        {"advisory", WD_SIGNAL_ADVISORY},
    };
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        bool letter = signals[i].code[1] == '\0';
        bool same = letter ? wd_slice_is(code, signals[i].code)
                           : wd_text_equal_ascii_case(code, wd_slice_from(signals[i].code));
        if (same)
            return signals[i].signal;
    }
    return 0;
}

void wd_xml_story_note(struct wd_xml_story *reading, struct wd_slice text)
{
    if (text.len == 0)
        return;
    if (reading->note_count < WD_XML_NOTES_MAX) {
        reading->notes[reading->note_count++] = text;
        return;
    }
    reading->story->flags |= WD_FLAG_TRUNCATED;
    wd_decode_extra(&reading->input, reading->story, WD_SLICE("note"), text);
}

static void join_notes(struct wd_xml_story *reading)
{
    struct wd_buffer joined;
    struct wd_story *story = reading->story;
    story->editors_note = reading->note_count > 0 ? reading->notes[0] : WD_SLICE_NONE;
    if (reading->note_count < 2)
        return;
    wd_buffer_init(&joined);
    for (size_t i = 0; i < reading->note_count; i++) {
        if (i > 0)
            wd_buffer_append_byte(&joined, '\n');
        wd_buffer_append_slice(&joined, reading->notes[i]);
    }
    struct wd_slice copy = wd_buffer_ok(&joined)
                               ? wd_arena_copy(story->arena, wd_buffer_slice(&joined))
                               : WD_SLICE_NONE;
    if (copy.data)
        story->editors_note = copy;
    else
        story->flags |= WD_FLAG_TRUNCATED;
    wd_buffer_finish(&joined);
}

struct wd_concept *wd_xml_story_concept(const struct wd_xml_story *reading,
                                        struct wd_concepts *list, struct wd_slice name)
{
    struct wd_concept *concept = wd_story_add_concept(reading->story, list);
    if (concept)
    concept->name = name;
    else reading->story->flags |= WD_FLAG_TRUNCATED;
    return concept;
}

bool wd_xml_story_has(const struct wd_concepts *list, struct wd_slice name)
{
    enum { LOOK_MAX = 64 }; /* a list of thousands is not looked through for each of its names */
    size_t begin = list->count > LOOK_MAX ? list->count - LOOK_MAX : 0;
    for (size_t i = begin; i < list->count; i++) {
        if (wd_slice_equal(list->items[i].name, name))
            return true;
    }
    return false;
}

void wd_xml_story_keyword(const struct wd_xml_story *reading, struct wd_slice text)
{
    if (text.len > 0 && wd_story_add_keyword(reading->story, text) != WD_OK)
        reading->story->flags |= WD_FLAG_TRUNCATED;
}

enum wd_status wd_xml_story_member(const struct wd_xml_story *reading, const char *name,
                                   struct wd_slice text)
{
    struct wd_story *story = reading->story;
    struct wd_buffer json;
    if (text.len == 0)
        return WD_OK;
    for (size_t i = 0; i < story->member_count; i++) {
        if (!wd_slice_is(story->members[i].name, name))
            continue;
        wd_decode_extra(&reading->input, story, wd_slice_from(name), text); /* one is enough */
        return WD_OK;
    }
    wd_buffer_init(&json);
    wd_json_write_string(&json, text);
    struct wd_slice copy = wd_buffer_ok(&json)
                               ? wd_arena_copy(reading->story->arena, wd_buffer_slice(&json))
                               : WD_SLICE_NONE;
    wd_buffer_finish(&json);
    enum wd_status status =
        copy.data ? wd_story_add_member(reading->story, wd_slice_from(name), copy) : WD_NO_MEMORY;
    return status == WD_OK ? WD_OK
                           : wd_error_set(reading->error, status, "no memory for \"%s\"", name);
}

void wd_xml_story_extra(const struct wd_xml_story *reading, const struct wd_xml_node *element)
{
    struct wd_buffer markup;
    if (!reading->input.extra)
        return;
    wd_buffer_init(&markup);
    wd_xml_write_element(&markup, element);
    struct wd_slice copy = wd_buffer_ok(&markup)
                               ? wd_arena_copy(reading->story->arena, wd_buffer_slice(&markup))
                               : WD_SLICE_NONE;
    wd_buffer_finish(&markup);
    if (copy.data)
        wd_decode_extra(&reading->input, reading->story, wd_slice_from(element->name), copy);
    else
        reading->story->flags |= WD_FLAG_TRUNCATED;
}

void wd_xml_story_extras(const struct wd_xml_story *reading, const struct wd_xml_node *parent,
                         const char *const *known)
{
    if (!reading->input.extra)
        return;
    for (const struct wd_xml_node *child = wd_xml_child(parent, NULL, NULL); child;
         child = wd_xml_sibling(child, NULL, NULL)) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], child->name) != 0)
            i++;
        if (!known[i])
            wd_xml_story_extra(reading, child);
    }
}

void wd_xml_story_end(struct wd_xml_story *reading)
{
    struct wd_story *story = reading->story;
    join_notes(reading);
    wd_decode_embargo(story);
    if (story->status == WD_STORY_CANCELED)
        story->signals |= WD_SIGNAL_KILL;
    if (story->acts_on.len > 0 && story->acts_on_status == WD_STORY_CANCELED &&
        story->paragraph_count == 0)
        story->signals |= WD_SIGNAL_KILL;
    /* A code that orders to stop says it of a story whose status was left as it was, too. */
    if ((story->signals & WD_SIGNAL_KILL) && story->acts_on.len == 0)
        story->status = WD_STORY_CANCELED;
    else if ((story->signals & WD_SIGNAL_HOLD) && story->status == WD_STORY_USABLE)
        story->status = WD_STORY_WITHHELD;
    wd_decode_end_story(&reading->input, story);
}
