/* dedup.c - recognises copy that was here before, by id and by the words themselves.
 *
 * Why:    wires resend what they sent, and papers carry the same copy under their own ids.
 * State:  two tables. "ids": digest of provider, guid and version -> what came under it. "copies":
 *         digest of the normalised body -> the first story that had it.
 * Limits: options window_hours, entries_max, bytes_max; each of the tables has them. */
#include "copy_scan.h"
#include "processor.h"
#include "record_bytes.h"

#include <stdlib.h>

enum {
    TABLE_IDS,
    TABLE_COPIES,
    TABLE_COUNT,
    RECORD_VERSION = 1,
    RECORD_BYTES_MAX = 2048,
    MATCHED_BYTES_MAX = 1024, /* of an id that is kept; a longer one is cut */
    HOUR_MS = 3600 * 1000,
};

enum match_mode { MATCH_ID, MATCH_EXACT, MATCH_NEAR };
static const char *const match_names[] = {"id", "exact", "near", NULL};

struct dedup_options {
    int match; /* enum match_mode */
    int64_t window_hours;
    int64_t entries_max;
    int64_t bytes_max;
    int64_t words_min;
    bool drop_same_id;
};

struct dedup {
    const struct dedup_options *options;
    struct wd_table *tables[TABLE_COUNT];
    struct wd_buffer scratch;
};

static size_t tables(const void *data, struct wd_table_spec *specs)
{
    const struct dedup_options *options = data;
    const struct wd_table_spec common = {
        .entries_max = (uint64_t)options->entries_max,
        .bytes_max = (uint64_t)options->bytes_max,
        .ttl_ms = options->window_hours * HOUR_MS,
        .key_len_max = WD_DIGEST_BYTES,
        .value_len_max = RECORD_BYTES_MAX,
    };
    specs[TABLE_IDS] = common;
    (void)snprintf(specs[TABLE_IDS].name, sizeof(specs[TABLE_IDS].name), "ids");
    if (options->match == MATCH_ID) {
        return 1;
    }
    specs[TABLE_COPIES] = common;
    (void)snprintf(specs[TABLE_COPIES].name, sizeof(specs[TABLE_COPIES].name), "copies");
    return TABLE_COUNT;
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)model;
    struct dedup *dedup = calloc(1, sizeof(*dedup));
    if (!dedup) {
        return wd_error_set(error, WD_NO_MEMORY, "no memory for '%s'", environment->instance);
    }
    dedup->options = options;
    struct wd_table_spec specs[TABLE_COUNT];
    size_t count = tables(options, specs);
    for (size_t i = 0; i < count; i++) {
        dedup->tables[i] = environment->tables[i];
    }
    wd_buffer_init(&dedup->scratch);
    *self = dedup;
    return WD_OK;
}

static void destroy(void *self)
{
    struct dedup *dedup = self;
    if (dedup) {
        wd_buffer_finish(&dedup->scratch);
        free(dedup);
    }
}

static struct wd_slice digest_slice(const struct wd_digest *digest)
{
    return (struct wd_slice){(const char *)digest->bytes, sizeof(digest->bytes)};
}

/* Orders from the provider's desk to ours: never to be lost, whatever their words are. */
static bool is_order(const struct wd_story *story)
{
    return story->status != WD_STORY_USABLE ||
           (story->signals & (WD_SIGNAL_KILL | WD_SIGNAL_CORRECTION | WD_SIGNAL_HOLD)) != 0;
}

static bool id_key(struct dedup *dedup, const struct wd_story *story, struct wd_digest *key)
{
    struct wd_buffer *out = &dedup->scratch;
    const struct wd_slice parts[] = {story->provider, story->guid, story->version};
    wd_buffer_clear(out);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        /* The length first: no choice of ids can make two keys run together. */
        wd_record_put(out, parts[i].len, 4);
        wd_buffer_append_slice(out, parts[i]);
    }
    if (!wd_buffer_ok(out)) {
        return false;
    }
    *key = wd_digest_of(out->data, out->len);
    return true;
}

/* The copy's bytes as they came: what "match": "id" compares. */
static bool raw_digests(struct dedup *dedup, struct wd_story *story, struct wd_digest *copy)
{
    struct wd_buffer *out = &dedup->scratch;
    wd_buffer_clear(out);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        wd_buffer_append_slice(out, story->paragraphs[i]);
        wd_buffer_append_byte(out, '\n');
    }
    size_t body_len = out->len;
    wd_buffer_append_slice(out, story->headline);
    if (!wd_buffer_ok(out)) {
        return false;
    }
    if (body_len > 0) {
        story->body_digest = wd_digest_of(out->data, body_len);
    }
    *copy = wd_digest_of(out->data ? out->data : "", out->len);
    return true;
}

/* Looks up and, where it is new, remembers what came under this id. */
static enum wd_status take_id(struct dedup *dedup, struct wd_story *story, bool *same,
                              int64_t *event_ms)
{
    struct wd_digest copy;
    struct wd_digest key;
    bool raw = dedup->options->match == MATCH_ID;
    *same = false;
    if (raw && !raw_digests(dedup, story, &copy)) {
        return WD_NO_MEMORY;
    }
    if (!raw) {
        copy = wd_copy_digest(story);
    }
    if (story->guid.len == 0) {
        return WD_OK;
    }
    if (!id_key(dedup, story, &key)) {
        return WD_NO_MEMORY;
    }
    struct wd_buffer *out = &dedup->scratch;
    wd_buffer_clear(out);
    wd_record_put(out, RECORD_VERSION, 1);
    wd_record_put(out, story->status, 1);
    wd_record_put(out, story->signals, 4);
    wd_buffer_append(out, copy.bytes, sizeof(copy.bytes));
    if (!wd_buffer_ok(out)) {
        return WD_NO_MEMORY;
    }
    struct wd_slice old = WD_SLICE_NONE;
    enum wd_status status =
        wd_table_get(dedup->tables[TABLE_IDS], digest_slice(&key), &old, event_ms);
    if (status == WD_OK && wd_slice_equal(old, wd_buffer_slice(out))) {
        *same = true;
        return WD_OK;
    }
    return wd_table_put(dedup->tables[TABLE_IDS], digest_slice(&key), wd_buffer_slice(out));
}

/* What a later copy will be told that it repeats. */
static struct wd_slice story_id(const struct wd_story *story)
{
    if (story->guid.len > 0) {
        return story->guid;
    }
    return story->update.lineage.len > 0 ? story->update.lineage : story->url;
}

struct first {
    struct wd_slice provider; /* in the story's arena */
    struct wd_slice id;
    int64_t event_ms;
};

/* Looks up the first story with this body, or remembers this one as the first. */
static enum wd_status take_copy(struct dedup *dedup, struct wd_story *story, bool *found,
                                struct first *first)
{
    struct wd_table *copies = dedup->tables[TABLE_COPIES];
    struct wd_slice key = digest_slice(&story->body_digest);
    struct wd_slice value = WD_SLICE_NONE;
    *found = false;
    if (wd_table_get(copies, key, &value, &first->event_ms) == WD_OK) {
        struct wd_record_reader reader = {value, false};
        uint64_t version = wd_record_take(&reader, 1);
        struct wd_slice provider = wd_record_take_bytes(&reader, wd_record_take(&reader, 2));
        struct wd_slice id = wd_record_take_bytes(&reader, wd_record_take(&reader, 2));
        if (version == RECORD_VERSION && !reader.failed) {
            first->provider = wd_arena_copy(story->arena, provider);
            first->id = wd_arena_copy(story->arena, id);
            *found = true;
            return first->provider.data && first->id.data ? WD_OK : WD_NO_MEMORY;
        }
        /* A record that another version wrote: this story takes its place. */
    }
    struct wd_slice provider = wd_utf8_cut(story->provider, WD_NAME_BYTES_MAX);
    struct wd_slice id = wd_utf8_cut(story_id(story), MATCHED_BYTES_MAX);
    wd_buffer_clear(&dedup->scratch);
    wd_record_put(&dedup->scratch, RECORD_VERSION, 1);
    wd_record_put(&dedup->scratch, provider.len, 2);
    wd_buffer_append_slice(&dedup->scratch, provider);
    wd_record_put(&dedup->scratch, id.len, 2);
    wd_buffer_append_slice(&dedup->scratch, id);
    if (!wd_buffer_ok(&dedup->scratch)) {
        return WD_NO_MEMORY;
    }
    return wd_table_put(copies, key, wd_buffer_slice(&dedup->scratch));
}

static void match(struct wd_story *story, enum wd_relation relation, const struct first *first)
{
    story->dedup.relation = relation;
    story->dedup.matched = first->id;
    story->dedup.matched_provider = first->provider;
    story->dedup.matched_event_ms = first->event_ms;
    story->dedup.joins = true;
    story->dedup.similarity = 1;
    story->dedup.contained = 1;
    story->dedup.containing = 1;
}

static struct wd_slice exact_reason(struct wd_story *story, const struct first *first)
{
    const char *order = is_order(story) ? "; its status or signal is news, so let it pass" : "";
    if (story->guid.len > 0 && wd_slice_equal(first->id, story->guid)) {
        return wd_arena_printf(story->arena,
                               "the same words came before under this same id, with another "
                               "version, headline or status%s",
                               order);
    }
    return wd_arena_printf(story->arena, "word for word the copy of %.*s from %.*s%s",
                           WD_SLICE_ARG(first->id), WD_SLICE_ARG(first->provider), order);
}

static struct wd_slice none_reason(struct wd_story *story, const struct dedup *dedup, size_t words)
{
    if (dedup->options->match == MATCH_ID) {
        return WD_SLICE("this id and version were not seen before with these bytes");
    }
    if (words < (size_t)dedup->options->words_min) {
        return wd_arena_printf(story->arena,
                               "not seen under this id; at %zu words too short to be compared by "
                               "its words",
                               words);
    }
    return wd_arena_printf(story->arena, "neither this id and version nor these words were seen "
                                         "before");
}

static enum wd_status judge(struct dedup *dedup, struct wd_story *story)
{
    static const struct wd_digest no_words = {{0}};
    size_t words = 0;
    bool same_id = false;
    bool same_copy = false;
    struct first first = {WD_SLICE_NONE, WD_SLICE_NONE, 0};
    bool by_words = dedup->options->match != MATCH_ID;
    if (by_words) {
        const struct wd_copy_scan *scan = wd_copy_scan(story);
        if (!scan) {
            return WD_NO_MEMORY;
        }
        words = scan->words_total;
    }
    enum wd_status status = take_id(dedup, story, &same_id, &first.event_ms);
    bool comparable = words > 0 && words >= (size_t)dedup->options->words_min;
    if (status == WD_OK && comparable) {
        status = take_copy(dedup, story, &same_copy, &first);
    }
    if (status != WD_OK) {
        return status;
    }
    if (memcmp(story->body_digest.bytes, no_words.bytes, sizeof(no_words.bytes)) != 0) {
        char hex[WD_DIGEST_HEX_SIZE];
        wd_digest_hex(story->body_digest, hex);
        story->dedup.group = wd_arena_copy(story->arena, wd_slice_from(hex));
    }
    if (same_id) {
        match(story, WD_RELATION_SAME_ID,
              &(struct first){story->provider, story->guid, first.event_ms});
        story->dedup.reason = wd_arena_printf(
            story->arena, "%.*s sent this id and version before, with the same words",
            WD_SLICE_ARG(story->provider));
    } else if (same_copy) {
        match(story, WD_RELATION_EXACT, &first);
        story->dedup.reason = exact_reason(story, &first);
    } else {
        story->dedup.relation = WD_RELATION_NONE;
        story->dedup.reason = none_reason(story, dedup, words);
    }
    return story->dedup.reason.data ? WD_OK : WD_NO_MEMORY;
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct dedup *dedup = self;
    enum wd_status status = judge(dedup, story);
    if (status != WD_OK) {
        (void)wd_error_set(error, status, "the story could not be compared with earlier ones: %s",
                           wd_status_sentence(status));
        return WD_REJECT;
    }
    bool drop = dedup->options->drop_same_id && story->dedup.relation == WD_RELATION_SAME_ID &&
                !is_order(story);
    return drop ? WD_DROP : WD_PASS;
}

static const struct wd_option options_table[] = {
    {.name = "match",
     .type = WD_OPTION_ENUM,
     .offset = offsetof(struct dedup_options, match),
     .fallback = "\"near\"",
     .choices = match_names,
     .help = "How far copy is compared: by provider, id, version and the bytes as they came "
             "(\"id\", the quickest), also word for word under any id (\"exact\"), or also with "
             "what was trimmed, extended and edited (\"near\")."},
    {.name = "window_hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, window_hours),
     .fallback = "168",
     .min = 1,
     .max = 87600,
     .help = "How long a story is remembered after it first came, in event time."},
    {.name = "entries_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, entries_max),
     .fallback = "1000000",
     .min = 1,
     .max = 100000000,
     .help = "Stories remembered per input partition; the oldest leave first."},
    {.name = "bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, bytes_max),
     .fallback = "268435456",
     .min = 65536,
     .max = 1099511627776.0,
     .help = "Memory of each of the two tables per input partition."},
    {.name = "words_min",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, words_min),
     .fallback = "20",
     .min = 1,
     .max = 10000,
     .help = "Bodies with fewer words are recognised by id only."},
    {.name = "drop_same_id",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct dedup_options, drop_same_id),
     .fallback = "false",
     .help = "Drop what came before with the same id, version, status and words; kills, "
             "corrections and holds pass always."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_dedup = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "dedup",
    .summary = "recognises repeated copy by provider id and by its words",
    .options = options_table,
    .options_size = sizeof(struct dedup_options),
    .reads = WD_PART_IDENTITY | WD_PART_COPY,
    .writes = WD_PART_DEDUP,
    .tables = tables,
    .create = create,
    .process = process,
    .destroy = destroy,
};
