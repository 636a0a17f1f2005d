#include "desk.h"

#include "wd_assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ARENA_BYTES_MAX = 512 * 1024 * 1024, /* a 16 MiB story of tiny values takes 16 bytes for one */
    SCRATCH_BYTES_MAX = 8 * 1024 * 1024, /* of stories that are done, while there are more */
    OWN_HEADERS = 10,
    OVERHEAD_BYTES_MAX = 4096, /* key and headers of a message that Kafka refuses for its size */
};

/* A record that is ready to go out; places in the desk's buffer. */
struct record {
    size_t output;
    uint32_t index; /* of the story in its message */
    bool has_key;
    size_t key_begin, key_len;
    size_t payload_begin, payload_len;
};

struct wd_desk {
    struct wd_config *config;
    const struct wd_pipeline_config *settings;
    struct wd_state *state;
    struct wd_pipeline *pipeline;
    bool routed; /* a processor decides where stories go */
    struct wd_story_batch batch;
    uint32_t story_index; /* of the story at hand in its message */
    struct wd_buffer bytes;
    struct record *records;
    size_t record_count, record_capacity;
    struct wd_header *headers;
    size_t header_capacity;
    struct wd_desk_counters counters;
    wd_desk_observer *observer;
    void *observer_context;
};

static bool writes_routes(const struct wd_plan *plan)
{
    for (size_t i = 0; i < wd_plan_processor_count(plan); i++) {
        if (wd_plan_processor_impl(plan, i)->writes & WD_PART_ROUTES)
            return true;
    }
    return false;
}

enum wd_status wd_desk_create(struct wd_config *config, size_t pipeline, struct wd_state *state,
                              struct wd_desk **desk, struct wd_error *error)
{
    struct wd_desk *made = calloc(1, sizeof(*made));
    *desk = NULL;
    if (!made)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for a desk");
    made->config = wd_config_retain(config);
    made->settings = &config->pipelines[pipeline];
    made->state = state;
    made->routed = writes_routes(made->settings->plan);
    wd_story_batch_init(&made->batch, ARENA_BYTES_MAX);
    wd_buffer_init(&made->bytes);
    enum wd_status status = wd_pipeline_create(made->settings->plan, state, &made->pipeline, error);
    if (status != WD_OK) {
        wd_desk_destroy(made);
        return status;
    }
    *desk = made;
    return WD_OK;
}

void wd_desk_destroy(struct wd_desk *desk)
{
    if (!desk)
        return;
    wd_pipeline_destroy(desk->pipeline);
    wd_story_batch_finish(&desk->batch);
    wd_buffer_finish(&desk->bytes);
    free(desk->records);
    free(desk->headers);
    wd_config_release(desk->config);
    free(desk);
}

/* Room for our own headers and those of the message. */
static bool reserve_headers(struct wd_desk *desk, const struct wd_desk_message *message)
{
    size_t needed = message->header_count + OWN_HEADERS;
    if (needed <= desk->header_capacity)
        return true;
    struct wd_header *grown = realloc(desk->headers, needed * sizeof(*grown));
    if (!grown)
        return false;
    desk->headers = grown;
    desk->header_capacity = needed;
    return true;
}

/* The places that the numbers in headers need while a record goes out. */
struct header_text {
    char partition[WD_INTEGER_TEXT_SIZE], offset[WD_INTEGER_TEXT_SIZE];
    char index[WD_INTEGER_TEXT_SIZE], value_len[WD_INTEGER_TEXT_SIZE];
    char key_len[WD_INTEGER_TEXT_SIZE], omitted[WD_INTEGER_TEXT_SIZE];
    char time[WD_TIME_TEXT_SIZE];
};

WD_INLINE size_t add_header(struct wd_desk *desk, size_t count, const char *name,
                            struct wd_slice value)
{
    desk->headers[count] = (struct wd_header){wd_slice_from(name), value};
    return count + 1;
}

/* Where the message came from: every record that leaves carries it, so that anyone can audit. */
static size_t add_place(struct wd_desk *desk, const struct wd_desk_message *message,
                        struct header_text *text)
{
    size_t count = add_header(desk, 0, "wiredesk-topic", message->topic);
    count = add_header(desk, count, "wiredesk-partition",
                       wd_integer_text(message->partition, text->partition));
    return add_header(desk, count, "wiredesk-offset",
                      wd_integer_text(message->offset, text->offset));
}

/* Those that are named like ours say what somebody else said, of another message perhaps. */
static size_t add_originals(struct wd_desk *desk, size_t count,
                            const struct wd_desk_message *message)
{
    for (size_t i = 0; i < message->header_count; i++) {
        if (!wd_slice_starts(message->headers[i].name, WD_SLICE("wiredesk-")))
            desk->headers[count++] = message->headers[i];
    }
    return count;
}

/* Key and headers alone may be what Kafka refuses. */
static bool has_large_overhead(const struct wd_desk_message *message)
{
    size_t len = message->key.len;
    for (size_t i = 0; i < message->header_count; i++)
        len += message->headers[i].name.len + message->headers[i].value.len;
    return len > OVERHEAD_BYTES_MAX;
}

/* What a dead letter says about its message. */
struct death {
    const struct wd_error *reason;
    const char *processor;
    bool value_kept;
    bool bare; /* without key and original headers, too */
};

/* Who takes the records. */
struct sink {
    wd_emit *emit;
    void *context;
};

/* What the dead letter lacks of its message. */
static size_t add_omissions(struct wd_desk *desk, size_t count,
                            const struct wd_desk_message *message, const struct death *death,
                            struct header_text *text)
{
    size_t headers = message->headers_omitted + (death->bare ? message->header_count : 0);
    if (!death->value_kept)
        count = add_header(desk, count, "wiredesk-value-omitted",
                           message->value.data
                               ? wd_integer_text((int64_t)message->value.len, text->value_len)
                               : WD_SLICE("unknown"));
    if (death->bare && message->key.data)
        count = add_header(desk, count, "wiredesk-key-omitted",
                           wd_integer_text((int64_t)message->key.len, text->key_len));
    if (headers > 0)
        count = add_header(desk, count, "wiredesk-headers-omitted",
                           wd_integer_text((int64_t)headers, text->omitted));
    return count;
}

static enum wd_status bury(struct wd_desk *desk, const struct wd_desk_message *message,
                           const struct death *death, const struct sink *sink)
{
    struct header_text text;
    if (!reserve_headers(desk, message))
        return WD_NO_MEMORY;
    size_t count = add_place(desk, message, &text);
    count = add_header(desk, count, "wiredesk-reason",
                       wd_slice_from(wd_status_name(death->reason->status)));
    count = add_header(desk, count, "wiredesk-reason-text", wd_slice_from(death->reason->text));
    count = add_header(desk, count, "wiredesk-processor", wd_slice_from(death->processor));
    if (message->timestamp_ms >= 0) {
        size_t len = wd_time_format(wd_time_from_ms(message->timestamp_ms), text.time);
        count = add_header(desk, count, "wiredesk-time", wd_slice_make(text.time, len));
    }
    count = add_omissions(desk, count, message, death, &text);
    if (!death->bare)
        count = add_originals(desk, count, message);
    struct wd_emission emission = {
        .topic = wd_slice_from(desk->settings->dead_letter_topic),
        .key = death->bare ? WD_SLICE_NONE : message->key,
        .payload = death->value_kept ? message->value : WD_SLICE_NONE,
        .headers = desk->headers,
        .header_count = count,
        .output = SIZE_MAX,
    };
    desk->counters.dead++;
    desk->counters.bytes_out += emission.payload.len;
    return sink->emit(sink->context, &emission);
}

enum wd_status wd_desk_bury(struct wd_desk *desk, const struct wd_desk_message *message,
                            const struct wd_error *reason, wd_emit *emit, void *context)
{
    const char *stage = reason->status == WD_TOO_LARGE ? "publish" : "consume";
    struct death death = {reason, stage, false, has_large_overhead(message)};
    struct sink sink = {emit, context};
    desk->counters.messages++;
    desk->counters.bytes_in += message->value.len;
    return bury(desk, message, &death, &sink);
}

/* Where a decoder asks for the provider of a story that names its source. */
struct choice {
    const struct wd_config *config;
    const struct wd_desk_message *message;
};

static const struct wd_provider *choose(const void *context, struct wd_slice source)
{
    const struct choice *choice = context;
    return wd_config_provider_of(choice->config, choice->message->topic, choice->message->headers,
                                 choice->message->header_count, source);
}

static struct wd_slice find_header(const struct wd_desk_message *message, struct wd_slice name)
{
    for (size_t i = 0; i < message->header_count; i++) {
        if (wd_text_equal_ascii_case(message->headers[i].name, name))
            return message->headers[i].value;
    }
    return WD_SLICE_NONE;
}

static enum wd_status decode(struct wd_desk *desk, const struct wd_desk_message *message,
                             struct wd_error *error)
{
    if (message->value.len > desk->config->message_bytes_max)
        return wd_error_set(error, WD_TOO_LARGE,
                            "the message has %zu bytes, more than %" PRIu32 " (message_bytes_max)",
                            message->value.len, desk->config->message_bytes_max);
    struct choice choice = {desk->config, message};
    struct wd_decode_input input = {
        .raw = message->value,
        .provenance = {.topic = message->topic,
                       .partition = message->partition,
                       .offset = message->offset,
                       .key = message->key,
                       .digest = wd_digest_of(message->value.data, message->value.len)},
        .received =
            message->timestamp_ms >= 0 ? wd_time_from_ms(message->timestamp_ms) : WD_TIME_NONE,
        .provider = choose(&choice, WD_SLICE_NONE),
        .content_type = find_header(message, WD_SLICE("content-type")),
        .choose = choose,
        .choose_context = &choice,
        .extra = desk->settings->extra,
    };
    return wd_decode_message(desk->settings->decoder, &input, &desk->batch, error);
}

static enum wd_status encode_one(struct wd_desk *desk, const struct wd_story *story, size_t output,
                                 size_t index, struct wd_error *error)
{
    const struct wd_output *settings = &desk->settings->outputs[output];
    if (desk->record_count == desk->record_capacity) {
        size_t capacity = desk->record_capacity ? desk->record_capacity * 2 : 16;
        struct record *grown = realloc(desk->records, capacity * sizeof(*grown));
        if (!grown)
            return wd_error_set(error, WD_NO_MEMORY, "no memory for records");
        desk->records = grown;
        desk->record_capacity = capacity;
    }
    /* Not story->provenance.index: an enriched record's provenance names its first message. */
    struct record record = {.output = output, .index = desk->story_index};
    record.key_begin = desk->bytes.len;
    wd_encode_key(settings->key, settings->record, story, index, &desk->bytes);
    record.key_len = desk->bytes.len - record.key_begin;
    record.has_key = settings->key != WD_KEY_NONE && record.key_len > 0;
    record.payload_begin = desk->bytes.len;
    enum wd_status status = wd_encode_record(settings->record, story, index, &desk->bytes);
    record.payload_len = desk->bytes.len - record.payload_begin;
    if (status != WD_OK)
        return wd_error_set(error, status, "cannot write record \"%s\" for output %s",
                            wd_record_name(settings->record), settings->name);
    desk->records[desk->record_count++] = record;
    return WD_OK;
}

static enum wd_status encode_story(struct wd_desk *desk, const struct wd_story *story,
                                   struct wd_error *error)
{
    size_t before = desk->record_count;
    for (size_t i = 0; i < desk->settings->output_count; i++) {
        if (desk->routed && !(story->routes & (1u << i)))
            continue;
        size_t count = wd_encode_count(desk->settings->outputs[i].record, story);
        for (size_t j = 0; j < count; j++) {
            enum wd_status status = encode_one(desk, story, i, j, error);
            if (status != WD_OK)
                return status;
        }
    }
    if (desk->record_count == before)
        desk->counters.unrouted++;
    return WD_OK;
}

static void count_verdicts(struct wd_desk *desk, const struct wd_story *story)
{
    desk->counters.relations[story->dedup.relation]++;
    desk->counters.updates[story->update.kind]++;
    desk->counters.late += story->update.late;
}

/* What a story took beside its decoded parts is of no use once its records are written: ten thousand versions of
 * one story in one message would hold what they looked up ten thousand times. */
static void give_back(struct wd_arena *arena, struct wd_arena_mark decoded, size_t decoded_held)
{
    if (wd_arena_held(arena) > decoded_held + SCRATCH_BYTES_MAX)
        wd_arena_go_back(arena, decoded);
}

/* One story through the pipeline and into records. WD_PROCESSOR_FAILED and the like with the processor's name: the
 * whole message is dead. */
static enum wd_status process_story(struct wd_desk *desk, struct wd_story *story,
                                    const char **processor, struct wd_error *error)
{
    size_t index = 0;
    enum wd_outcome outcome = wd_pipeline_process(desk->pipeline, story, &index, error);
    if (outcome == WD_REJECT) {
        *processor = wd_plan_processor_name(desk->settings->plan, index);
        return error->status == WD_OK
                   ? wd_error_set(error, WD_PROCESSOR_FAILED, "%s refused the story", *processor)
                   : error->status;
    }
    count_verdicts(desk, story);
    if (desk->observer)
        desk->observer(desk->observer_context, story);
    if (outcome == WD_DROP) {
        desk->counters.dropped++;
        return WD_OK;
    }
    *processor = "encode";
    return encode_story(desk, story, error);
}

static enum wd_status process(struct wd_desk *desk, const char **processor, struct wd_error *error)
{
    struct wd_arena *arena = desk->batch.arena;
    struct wd_arena_mark decoded = wd_arena_mark(arena);
    size_t decoded_held = wd_arena_held(arena);
    for (size_t i = 0; i < desk->batch.count; i++) {
        desk->story_index = (uint32_t)i;
        enum wd_status status = process_story(desk, desk->batch.stories[i], processor, error);
        if (status != WD_OK)
            return status;
        give_back(arena, decoded, decoded_held);
    }
    return WD_OK;
}

/* That the message may have no more is a limit of ours, and none of the machine's memory. */
static void explain_limit(const struct wd_desk *desk, bool decoded, struct wd_error *reason)
{
    struct wd_arena *arena = desk->batch.arena;
    if (reason->status != WD_NO_MEMORY || !arena || !wd_arena_is_full(arena))
        return;
    struct wd_error said = *reason;
    (void)wd_error_set(reason, WD_TOO_LARGE,
                       "story %" PRIu32 " of %zu needs more memory than a message may have, %d MiB "
                       "(%s); send it in several messages, or what it says in fewer parts",
                       decoded ? desk->story_index + 1 : (uint32_t)desk->batch.count,
                       desk->batch.count, ARENA_BYTES_MAX / (1024 * 1024), said.text);
}

static enum wd_status emit_records(struct wd_desk *desk, const struct wd_desk_message *message,
                                   const struct sink *sink)
{
    for (size_t i = 0; i < desk->record_count; i++) {
        const struct record *record = &desk->records[i];
        const struct wd_output *output = &desk->settings->outputs[record->output];
        struct header_text text;
        size_t count = add_place(desk, message, &text);
        count =
            add_header(desk, count, "wiredesk-index", wd_integer_text(record->index, text.index));
        struct wd_emission emission = {
            .topic = wd_slice_from(output->topic),
            .key = {record->has_key ? desk->bytes.data + record->key_begin : NULL,
                    record->has_key ? record->key_len : 0},
            .payload = {desk->bytes.data + record->payload_begin, record->payload_len},
            .headers = desk->headers,
            .header_count = count,
            .output = record->output,
        };
        desk->counters.published++;
        desk->counters.outputs[record->output]++;
        desk->counters.bytes_out += record->payload_len;
        enum wd_status status = sink->emit(sink->context, &emission);
        if (status != WD_OK)
            return status;
    }
    return WD_OK;
}

enum wd_status wd_desk_take(struct wd_desk *desk, const struct wd_desk_message *message,
                            wd_emit *emit, void *context, struct wd_error *error)
{
    struct sink sink = {emit, context};
    struct wd_desk_counters before = desk->counters;
    struct wd_state_mark mark = wd_state_mark(desk->state);
    struct wd_error reason;
    wd_error_init(&reason);
    const char *processor = "decode";
    wd_story_batch_clear(&desk->batch);
    wd_buffer_clear(&desk->bytes);
    desk->record_count = 0;
    if (!reserve_headers(desk, message))
        return wd_error_set(error, WD_NO_MEMORY, "no memory for headers");
    enum wd_status status = decode(desk, message, &reason);
    if (status == WD_OK)
        status = process(desk, &processor, &reason);
    if (status != WD_OK) {
        explain_limit(desk, strcmp(processor, "decode") != 0, &reason);
        wd_state_rollback_to(desk->state, mark); /* all stories of the message, or none */
        desk->counters = before;
    } else {
        desk->counters.stories += desk->batch.count;
    }
    desk->counters.messages++;
    desk->counters.bytes_in += message->value.len;
    if (status == WD_OK)
        return emit_records(desk, message, &sink);
    struct death death = {&reason, processor, true, false};
    return bury(desk, message, &death, &sink);
}

void wd_desk_observe(struct wd_desk *desk, wd_desk_observer *observer, void *context)
{
    desk->observer = observer;
    desk->observer_context = context;
}

const struct wd_desk_counters *wd_desk_counters(const struct wd_desk *desk)
{
    return &desk->counters;
}

struct wd_pipeline *wd_desk_pipeline(struct wd_desk *desk)
{
    return desk->pipeline;
}
