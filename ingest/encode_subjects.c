/* "wiredesk.subjects": the codes as the provider gave them, by scheme, and the Media Topics that they mean. */
#include "encode_parts.h"
#include "media_topics.h"

enum {
    BROADER_MAX = 16, /* the tree is six levels deep; a table with a circle must not hang us */
    CODE_DIGITS = 8,
};

static void write_code(struct wd_buffer *out, const struct wd_topic *topic)
{
    char digits[CODE_DIGITS];
    uint32_t rest = topic->code;
    for (size_t i = CODE_DIGITS; i > 0; rest /= 10)
        digits[--i] = (char)('0' + rest % 10);
    wd_json_write_key(out, "code");
    wd_buffer_append_slice(out, WD_SLICE("\"medtop:"));
    wd_buffer_append(out, digits, sizeof(digits));
    wd_buffer_append_byte(out, '"');
    wd_json_write_member(out, "name", wd_slice_from(topic->name));
}

static void write_topic(struct wd_buffer *out, const struct wd_topic *topic)
{
    open(out, "media_topic", '{');
    write_code(out, topic);
    if (topic->wikidata > 0) {
        wd_json_write_key(out, "wikidata");
        wd_buffer_append_slice(out, WD_SLICE("\"Q"));
        wd_buffer_append_integer(out, topic->wikidata);
        wd_buffer_append_byte(out, '"');
    }
    if (topic->retired)
        write_bool(out, "retired", true);
    const struct wd_topic *broader = topic->parent ? wd_topic_by_code(topic->parent) : NULL;
    if (broader)
        open(out, "broader", '[');
    bool some = broader != NULL;
    for (int i = 0; broader && i < BROADER_MAX; i++) {
        open(out, NULL, '{');
        write_code(out, broader);
        wd_buffer_append_byte(out, '}');
        broader = broader->parent ? wd_topic_by_code(broader->parent) : NULL;
    }
    if (some)
        wd_buffer_append_byte(out, ']');
    wd_buffer_append_byte(out, '}');
}

static bool have_codes(const struct wd_concepts *subjects)
{
    for (size_t i = 0; i < subjects->count; i++) {
        if (subjects->items[i].code.len > 0)
            return true;
    }
    return false;
}

void wd_encode_subjects(struct wd_buffer *out, const struct wd_story *story)
{
    if (!have_codes(&story->subjects))
        return;
    open(out, "subjects", '[');
    for (size_t i = 0; i < story->subjects.count; i++) {
        const struct wd_concept *subject = &story->subjects.items[i];
        open(out, NULL, '{');
        wd_json_write_member(out, "scheme", subject->scheme);
        wd_json_write_member(out, "code", subject->code);
        wd_json_write_member(out, "name", subject->name);
        wd_json_write_member(out, "creator", subject->creator);
        if (subject->topic)
            write_topic(out, subject->topic);
        wd_buffer_append_byte(out, '}');
    }
    wd_buffer_append_byte(out, ']');
}
