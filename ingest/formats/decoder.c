#include "decoder.h"

#include "charset.h"
#include "correction_notes.h"
#include "desk_marks.h"
#include "desk_remarks.h"
#include "media_topics.h"
#include "notice.h"
#include "order_names.h"
#include "orders.h"
#include "spared_story.h"

#include <stdio.h>

extern const struct wd_decoder wd_decoder_anpa;
extern const struct wd_decoder wd_decoder_ap;
extern const struct wd_decoder wd_decoder_enriched;
extern const struct wd_decoder wd_decoder_feed;
extern const struct wd_decoder wd_decoder_iptc7901;
extern const struct wd_decoder wd_decoder_newsml1;
extern const struct wd_decoder wd_decoder_newsml_g2;
extern const struct wd_decoder wd_decoder_ninjs;
extern const struct wd_decoder wd_decoder_nitf;
extern const struct wd_decoder wd_decoder_page;
extern const struct wd_decoder wd_decoder_text;

/* Where two are equally sure the first one is taken. */
/* clang-format off */
const struct wd_decoder *const wd_decoders[] = {
    &wd_decoder_anpa,
    &wd_decoder_iptc7901,
    &wd_decoder_enriched,
    &wd_decoder_feed,
    &wd_decoder_ap,
    &wd_decoder_newsml1,
    &wd_decoder_newsml_g2,
    &wd_decoder_ninjs,
    &wd_decoder_nitf,
    &wd_decoder_page,
    &wd_decoder_text,
    NULL,
};
/* clang-format on */

#define NAME_BIT_ROW(code, bit, name) [(bit)] = (name),
static const char *const carries_names[] = {WD_CARRIES_MAP(NAME_BIT_ROW)};

const char *wd_carries_bit_name(unsigned bit)
{
    return bit < sizeof(carries_names) / sizeof(carries_names[0]) ? carries_names[bit] : NULL;
}

const struct wd_decoder *wd_decoder_find(const char *name)
{
    for (size_t i = 0; wd_decoders[i]; i++) {
        if (wd_slice_is(wd_slice_from(name), wd_decoders[i]->name))
            return wd_decoders[i];
    }
    return NULL;
}

const struct wd_decoder *wd_decoder_sniff(struct wd_slice raw)
{
    const struct wd_decoder *surest = NULL;
    int best = 0;
    struct wd_slice head = {raw.data, raw.len < WD_SNIFF_BYTES ? raw.len : WD_SNIFF_BYTES};
    struct wd_slice text = wd_text_trim(head);
    bool json = text.len > 0 && (text.data[0] == '{' || text.data[0] == '[');
    for (size_t i = 0; wd_decoders[i]; i++) {
        int sure = wd_decoders[i]->json == json ? wd_decoders[i]->sniff(head, raw.len) : 0;
        if (sure > best) {
            best = sure;
            surest = wd_decoders[i];
        }
    }
    return surest;
}

enum { MEMORY_FACTOR = 16, MEMORY_BYTES_MIN = 8 * 1024 * 1024 };

enum wd_status wd_decode_check_message(struct wd_slice raw, struct wd_error *error)
{
    if (wd_text_trim(raw).len == 0)
        return wd_error_set(error, WD_EMPTY, "the message has no content");
    if (raw.len > WD_MESSAGE_BYTES_MAX)
        return wd_error_set(error, WD_TOO_LARGE, "the message has %zu bytes, more than %d", raw.len,
                            WD_MESSAGE_BYTES_MAX);
    return WD_OK;
}

struct wd_story *wd_decode_begin_story(const struct wd_decode_input *input,
                                       struct wd_story_batch *batch, const char *format,
                                       struct wd_error *error)
{
    struct wd_story *story = wd_story_batch_add(batch);
    if (!story) {
        (void)(batch->count >= WD_STORIES_PER_MESSAGE_MAX
                   ? wd_error_set(error, WD_TOO_LARGE,
                                  "more than %d stories in one message; send them in several",
                                  WD_STORIES_PER_MESSAGE_MAX)
                   : wd_error_set(error, WD_TOO_LARGE,
                                  "story %zu of a message of %zu bytes needs more memory than it "
                                  "may have (%d times its size, at least %d MiB): stories that say "
                                  "next to nothing; send them in several messages",
                                  batch->count + 1, input->raw.len, MEMORY_FACTOR,
                                  MEMORY_BYTES_MIN / (1024 * 1024)));
        return NULL;
    }
    story->raw = input->raw;
    story->provenance = input->provenance;
    story->provenance.index = (uint32_t)(batch->count - 1);
    story->provenance.format = wd_slice_from(format);
    story->received = input->received;
    story->provider = wd_slice_from(input->provider->name);
    return story;
}

const struct wd_provider *wd_decode_provider(const struct wd_decode_input *input,
                                             struct wd_slice source)
{
    if (!input->choose || source.len == 0)
        return input->provider;
    return input->choose(input->choose_context, source);
}

void wd_decode_embargo(struct wd_story *story)
{
    bool known = wd_time_known(story->embargoed_until) && wd_time_known(story->received);
    if (story->status == WD_STORY_USABLE && known && story->embargoed_until.ms > story->received.ms)
        story->status = WD_STORY_EMBARGOED;
}

int wd_decode_urgency(const struct wd_decode_input *input, char code, int fallback)
{
    int mapped = input->provider->urgency[(unsigned char)code & 0x7F];
    return mapped > 0 ? mapped : fallback;
}

bool wd_decode_is_kill(const struct wd_provider *provider, struct wd_slice text)
{
    for (size_t i = 0; i < provider->kill_word_count; i++) {
        if (wd_text_contains_ascii_case(text, wd_slice_from(provider->kill_words[i])))
            return true;
    }
    return false;
}

/* What the provider's configuration says over the format. */
static void apply_provider(const struct wd_provider *provider, struct wd_story *story)
{
    if (provider->version_order > 0)
        story->version_order = (enum wd_version_order)(provider->version_order - 1);
    if (wd_decode_is_kill(provider, story->slug) || wd_decode_is_kill(provider, story->headline) ||
        wd_decode_is_kill(provider, story->editors_note)) {
        story->signals |= WD_SIGNAL_KILL;
        story->status = WD_STORY_CANCELED;
    }
}

/* Lines that no body reader has seen. */
static void mend_lines(struct wd_story *story)
{
    struct wd_slice *const lines[] = {&story->headline, &story->summary, &story->byline,
                                      &story->dateline, &story->located, &story->editors_note,
                                      &story->credit,   &story->slug};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct wd_slice mended = wd_charset_mend_c1(story->arena, *lines[i], &story->flags);
        *lines[i] = mended.data ? mended : *lines[i];
    }
}

struct wd_slice wd_decode_without_by(struct wd_slice byline, struct wd_slice language)
{
    bool german = wd_text_starts_ascii_case(language, WD_SLICE("de"));
    size_t len = wd_text_starts_ascii_case(byline, WD_SLICE("By")) ? 2 : 0;
    if (german && wd_slice_starts(byline, WD_SLICE("Von"))) /* "von" is part of a name */
        len = 3;
    struct wd_slice rest = wd_slice_from_offset(byline, len);
    struct wd_slice names = wd_text_trim(rest);
    /* "Byron Farrow" is a name, and so is "By" alone. */
    return len > 0 && names.len > 0 && names.len < rest.len && names.data > rest.data ? names
                                                                                      : byline;
}

void wd_decode_end_story(const struct wd_decode_input *input, struct wd_story *story)
{
    if (!input->without_c1)
        mend_lines(story);
    apply_provider(input->provider, story);
    story->provider = wd_slice_from(input->provider->name);
    if (story->language.len == 0)
        story->language = wd_slice_from(input->provider->language);
    story->byline = wd_decode_without_by(story->byline, story->language);
    if (story->guid.len == 0 && story->url.len == 0 && story->transmission.len == 0 &&
        story->lineage_key.len == 0)
        story->flags |= WD_FLAG_NO_IDENTITY;
    if (story->paragraph_count == 0)
        story->flags |= WD_FLAG_NO_BODY;
    for (size_t i = 0; i < story->subjects.count; i++) {
        if (wd_topic_complete(&story->subjects.items[i], story->arena) != WD_OK)
            story->flags |= WD_FLAG_TRUNCATED;
    }
    wd_decode_signals(story);
    wd_story_check_times(story, input->provider->future_skew_ms);
}

/* What headline, note and copy say; `passing` gets what is said of this version alone, and does not stay on a page. */
static struct wd_wire_words read_words(const struct wd_story *story, uint32_t *passing)
{
    struct wd_wire_words words = {0, 0};
    uint32_t standing = 0;
    if (story->editors_note.len > 0) /* most stories have none */
        wd_wire_words_scan_note(story->editors_note, &words);
    words.set |= wd_desk_marks_of_headline(story->editors_note, false);
    *passing =
        wd_correction_notes_has_note(story) ? words.set & ~(uint32_t)WD_WIRE_CORRECTION : words.set;
    uint32_t copy = wd_desk_remarks_of_copy(story, &standing);
    bool brings_copy = story->paragraph_count > WD_NOTICE_PARAGRAPHS_MAX ||
                       wd_story_copy_bytes(story) > WD_NOTICE_BYTES_MAX;
    uint32_t headline = wd_desk_marks_of_headline(story->headline, brings_copy);
    words.set |= headline | copy;
    *passing |= headline | (copy & ~standing);
    return words;
}

/* What stands in a cancelled item is no copy of it, but the order to kill another. */
static bool is_order_in_words(const struct wd_story *story)
{
    uint32_t standing = 0;
    return (wd_desk_remarks_of_copy(story, &standing) & WD_WIRE_KILL) != 0;
}

/* Takes back what the words of an order have made of a story that it says to stand; a status that a field gave, of an item with
 * an id, is surer than words, and an alert that has a number is killed by that. True where nothing is to be stopped. */
static bool spare(struct wd_story *story, bool numbered)
{
    const uint32_t stops = WD_SIGNAL_KILL | WD_SIGNAL_HOLD;
    bool by_field = story->status == WD_STORY_CANCELED || story->status == WD_STORY_WITHHELD;
    bool telex = wd_slice_starts(story->provenance.format, WD_SLICE("anpa")) ||
                 wd_slice_starts(story->provenance.format, WD_SLICE("iptc7901"));
    bool words_only = telex || wd_slice_starts(story->provenance.format, WD_SLICE("text"));
    story->flags |= WD_FLAG_STORY_SPARED;
    if (numbered && telex)
        return false;
    if (by_field && !words_only)
        return true; /* of the item itself, and of nothing that has its slug */
    if (by_field)
        story->status = WD_STORY_USABLE;
    story->signals = (story->signals & ~stops) | WD_SIGNAL_ADVISORY;
    return true;
}

void wd_decode_signals(struct wd_story *story)
{
    uint32_t passing = 0;
    /* A page's own data stays with it. */
    bool told = (story->signals & WD_SIGNAL_CORRECTION) && !wd_correction_notes_has_note(story);
    bool canceled = story->status == WD_STORY_CANCELED; /* by its field */
    struct wd_wire_words words = read_words(story, &passing);
    bool stops = (words.set & (WD_WIRE_KILL | WD_WIRE_WITHHOLD)) || wd_story_stops(story);
    bool numbered = false;
    if (stops && wd_spared_story(story, &numbered) && spare(story, numbered))
        words.set &= ~(uint32_t)(WD_WIRE_KILL | WD_WIRE_WITHHOLD);
    story->signals |= wd_wire_words_signals(&words);
    if (canceled && (story->guid.len > 0 || story->url.len > 0) && is_order_in_words(story))
        story->signals |= WD_SIGNAL_ADVISORY;
    wd_wire_words_apply_orders(words.set, story);
    if (wd_story_stops(story)) /* the stricter order counts */
        story->signals &= ~(uint32_t)(WD_SIGNAL_STANDS | WD_SIGNAL_RELEASE);
    wd_correction_notes_find(story, told || (passing & WD_WIRE_CORRECTION));
}

void wd_decode_standing_notes(struct wd_story *story)
{
    uint32_t passing = 0;
    if (!(story->signals & WD_SIGNAL_CORRECTION))
        return;
    (void)read_words(story, &passing);
    wd_correction_notes_find(story, (passing & WD_WIRE_CORRECTION) != 0);
}

/* wd_text_next_line where no line ends otherwise. */
static bool next_line_feed(struct wd_slice *rest, struct wd_slice *line)
{
    if (rest->len == 0)
        return false;
    const char *feed = memchr(rest->data, '\n', rest->len);
    size_t len = feed ? (size_t)(feed - rest->data) : rest->len;
    *line = wd_slice_make(rest->data, len);
    *rest = wd_slice_from_offset(*rest, len + 1);
    return true;
}

enum wd_status wd_decode_add_line(struct wd_story *story, struct wd_slice line)
{
    bool blank = line.len == 0 || wd_text_trim(line).len == 0;
    return blank ? WD_OK : wd_story_add_paragraph(story, line);
}

enum wd_status wd_decode_add_lines(struct wd_story *story, struct wd_slice text)
{
    enum wd_status status = WD_OK;
    struct wd_slice line = WD_SLICE_NONE;
    bool any = text.len > 0;
    text = wd_charset_mend_c1(story->arena, text, &story->flags);
    if (any && !text.data)
        return WD_NO_MEMORY;
    bool carriages = text.len > 0 && memchr(text.data, '\r', text.len); /* mostly there is none */
    while (status == WD_OK &&
           (carriages ? wd_text_next_line(&text, &line) : next_line_feed(&text, &line)))
        status = wd_decode_add_line(story, line);
    return status;
}

void wd_decode_add_name(struct wd_decode_names *names, struct wd_slice name)
{
    if (name.len == 0)
        return;
    if (names->first.len == 0) {
        names->first = name;
        return;
    }
    if (names->all.len == 0)
        wd_buffer_append_slice(&names->all, names->first);
    wd_buffer_append(&names->all, ", ", 2);
    wd_buffer_append_slice(&names->all, name);
}

void wd_decode_add_author(struct wd_decode_names *names, struct wd_slice name)
{
    wd_decode_add_name(names, wd_decode_without_by(name, WD_SLICE_NONE));
}

struct wd_slice wd_decode_take_names(struct wd_decode_names *names, struct wd_arena *arena)
{
    struct wd_slice text = names->first;
    if (names->all.len > 0)
        text = wd_arena_copy(arena, wd_buffer_slice(&names->all));
    if (!wd_buffer_ok(&names->all))
        text = WD_SLICE_NONE;
    wd_buffer_finish(&names->all);
    return text;
}

void wd_decode_extra(const struct wd_decode_input *input, struct wd_story *story,
                     struct wd_slice name, struct wd_slice value)
{
    if (!input->extra || value.len == 0)
        return;
    if (wd_story_add_extra(story, name, value) != WD_OK)
        story->flags |= WD_FLAG_TRUNCATED;
}

/* Every fault says of which format the message was taken to be. */
static enum wd_status name_format(const struct wd_decoder *decoder, enum wd_status status,
                                  struct wd_error *error)
{
    const char *label = decoder->label ? decoder->label : decoder->name;
    char text[WD_ERROR_TEXT_SIZE];
    if (wd_text_starts_ascii_case(wd_slice_from(error->text), wd_slice_from(label)))
        return status;
    (void)snprintf(text, sizeof(text), "%s", error->text);
    return wd_error_set(error, status, "%s: %s", label, text);
}

/* Which story an order is about; one order for each of the stories that it names. A record was split before it became one. */
static enum wd_status read_orders(struct wd_story_batch *batch, struct wd_slice raw, bool record)
{
    struct wd_copy_place places[WD_ORDER_NAMES_MAX];
    enum wd_status status = WD_OK;
    size_t count = batch->count;
    for (size_t i = 0; i < count && status == WD_OK; i++) {
        struct wd_story *story = batch->stories[i];
        if (!record)
            status = wd_order_split(batch, story, raw);
        else if (wd_order_headlines(story, places) > 0)
            story->named_headline = places[0];
    }
    return status;
}

/* Names that we remember and write: our own decoder reads no longer ones back. */
static enum wd_status check_names(const struct wd_story_batch *batch, struct wd_error *error)
{
    for (size_t i = 0; i < batch->count; i++) {
        size_t guid_len = batch->stories[i]->guid.len;
        size_t version_len = batch->stories[i]->version.len;
        if (guid_len > WD_GUID_BYTES_MAX || version_len > WD_GUID_BYTES_MAX)
            return wd_error_set(error, WD_TOO_LARGE,
                                "a story's id has %zu bytes and its version %zu, more than %d",
                                guid_len, version_len, WD_GUID_BYTES_MAX);
    }
    return WD_OK;
}

enum wd_status wd_decode_message(const struct wd_decoder *decoder,
                                 const struct wd_decode_input *input, struct wd_story_batch *batch,
                                 struct wd_error *error)
{
    enum wd_status status = wd_decode_check_message(input->raw, error);
    if (status != WD_OK)
        return status;
    size_t bytes_max = input->raw.len * MEMORY_FACTOR;
    batch->bytes_max = bytes_max > MEMORY_BYTES_MIN ? bytes_max : MEMORY_BYTES_MIN;
    if (!decoder)
        decoder = wd_decoder_sniff(input->raw);
    if (!decoder) {
        if (memchr(input->raw.data, 0, input->raw.len))
            return wd_error_set(error, WD_NUL_BYTE,
                                "the message has NUL bytes and no known format");
        size_t bad = 0;
        if (!wd_utf8_valid(input->raw, &bad)) {
            wd_error_at_offset(error, bad);
            return wd_error_set(error, WD_NOT_UTF8,
                                "no known format, and invalid UTF-8 at offset %zu", bad);
        }
        return wd_error_set(
            error, WD_UNKNOWN_FORMAT,
            "no decoder recognises the message; set \"format\" if it is one of them");
    }
    status = decoder->decode(input, batch, error);
    if (status == WD_OK)
        status = read_orders(batch, input->raw, decoder == &wd_decoder_enriched);
    if (status == WD_OK)
        status = check_names(batch, error);
    if (status != WD_OK)
        return name_format(decoder, status, error);
    /* Whatever a decoder thinks: a message is never lost without a word. */
    if (status == WD_OK && batch->count == 0)
        return wd_error_set(error, WD_EMPTY, "%s: there is no story in the message", decoder->name);
    return status;
}
