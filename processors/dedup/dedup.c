/* dedup.c - recognises copy that was here before, by id, word for word, and by likeness.
 *
 * Why:    wires resend what they sent, papers carry the same copy under their own ids, trimmed and
 *         with another headline, and the next version has most of the last.
 * State:  one table. "stories" (copy_record.h) under a digest of all that makes a story this one; with
 *         "match": "id" only "ids", digest of provider, guid and version -> what came under it.
 * Limits: options window_hours, entries_max, bytes_max. */
#include "near_match.h"
#include "orders.h"
#include "processor.h"
#include "record_bytes.h"

#include <stdlib.h>

enum {
    RECORD_VERSION = 1,
    ID_RECORD_BYTES = 6 + WD_DIGEST_BYTES,
    ENTRIES_MAX = 60000000, /* the index's numbers end at 67 million */
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
    int64_t seed;
    bool drop_same_id;
};

struct dedup {
    const struct dedup_options *options;
    struct wd_table *table;
    struct wd_near *near; /* NULL with "match": "id" */
    struct wd_buffer scratch;
};

static size_t tables(const void *data, struct wd_table_spec *specs)
{
    const struct dedup_options *options = data;
    bool by_id = options->match == MATCH_ID;
    *specs = (struct wd_table_spec){
        .entries_max = (uint64_t)options->entries_max,
        .bytes_max = (uint64_t)options->bytes_max,
        .ttl_ms = options->window_hours * HOUR_MS,
        .key_len_max = WD_DIGEST_BYTES,
        .value_len_max = by_id ? ID_RECORD_BYTES : WD_COPY_RECORD_BYTES_MAX,
    };
    (void)snprintf(specs->name, sizeof(specs->name), "%s", by_id ? "ids" : "stories");
    return 1;
}

static void destroy(void *self)
{
    struct dedup *dedup = self;
    if (dedup) {
        wd_near_destroy(dedup->near);
        wd_buffer_finish(&dedup->scratch);
        free(dedup);
    }
}

static enum wd_status create(const void *data, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)model;
    const struct dedup_options *options = data;
    struct dedup *dedup = calloc(1, sizeof(*dedup));
    if (!dedup) {
        return wd_error_set(error, WD_NO_MEMORY, "no memory for '%s'", environment->instance);
    }
    dedup->options = options;
    dedup->table = environment->tables[0];
    wd_buffer_init(&dedup->scratch);
    if (options->match != MATCH_ID) {
        const struct wd_near_options near = {.entries_max = (uint64_t)options->entries_max,
                                             .seed = (uint64_t)options->seed,
                                             .words_min = (uint32_t)options->words_min,
                                             .exact_only = options->match == MATCH_EXACT,
                                             .announce = environment->announce,
                                             .announce_context = environment->announce_context};
        dedup->near = wd_near_create(dedup->table, &near);
        if (!dedup->near) {
            destroy(dedup);
            return wd_error_set(error, WD_NO_MEMORY, "no memory for the index of '%s'",
                                environment->instance);
        }
    }
    *self = dedup;
    return WD_OK;
}

static void restore(void *self, size_t table, struct wd_slice key, struct wd_slice value,
                    int64_t event_ms)
{
    struct dedup *dedup = self;
    (void)table;
    (void)event_ms;
    if (dedup->near) {
        wd_near_observe(dedup->near, key, value);
    }
}

static struct wd_slice digest_slice(const struct wd_digest *digest)
{
    return (struct wd_slice){(const char *)digest->bytes, sizeof(digest->bytes)};
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

/* The copy's bytes as they came. */
static bool raw_digest(struct dedup *dedup, const struct wd_story *story, struct wd_digest *copy)
{
    struct wd_buffer *out = &dedup->scratch;
    wd_buffer_clear(out);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        wd_buffer_append_slice(out, story->paragraphs[i]);
        wd_buffer_append_byte(out, '\n');
    }
    wd_buffer_append_slice(out, story->headline);
    if (!wd_buffer_ok(out)) {
        return false;
    }
    *copy = wd_digest_of(out->data ? out->data : "", out->len);
    return true;
}

/* Looks up and, where it is new, remembers what came under this id. */
static enum wd_status take_id(struct dedup *dedup, struct wd_story *story, bool *same)
{
    struct wd_digest copy;
    struct wd_digest key;
    *same = false;
    if (!raw_digest(dedup, story, &copy) || !id_key(dedup, story, &key)) {
        return WD_NO_MEMORY;
    }
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(key, hex);
    story->dedup.group = wd_arena_copy(story->arena, wd_slice_from(hex));
    if (story->guid.len == 0) {
        return WD_OK;
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
    int64_t event_ms = 0;
    enum wd_status status = wd_table_get(dedup->table, digest_slice(&key), &old, &event_ms);
    if (status == WD_OK && wd_slice_equal(old, wd_buffer_slice(out))) {
        *same = true;
        story->dedup.matched_event_ms = event_ms;
        return WD_OK;
    }
    return wd_table_put(dedup->table, digest_slice(&key), wd_buffer_slice(out));
}

static enum wd_status judge_by_id(struct dedup *dedup, struct wd_story *story)
{
    struct wd_dedup_verdict *verdict = &story->dedup;
    bool same = false;
    enum wd_status status = take_id(dedup, story, &same);
    if (status != WD_OK) {
        return status;
    }
    verdict->relation = WD_RELATION_NONE;
    verdict->reason = WD_SLICE("this id and version were not seen before with these bytes");
    if (same) {
        verdict->relation = WD_RELATION_SAME_ID;
        verdict->matched = story->guid;
        verdict->matched_provider = story->provider;
        verdict->joins = true;
        verdict->similarity = verdict->contained = verdict->containing = 1;
        verdict->reason = WD_SLICE("this provider sent this id and version before, byte for byte");
    }
    return verdict->group.data ? WD_OK : WD_NO_MEMORY;
}

/* What must never be lost, whatever came before: orders, and embargoes, of which the time may be another now. */
static bool must_pass(const struct wd_story *story)
{
    return story->status == WD_STORY_EMBARGOED || wd_story_gives_order(story);
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct dedup *dedup = self;
    enum wd_status status =
        dedup->near ? wd_near_judge(dedup->near, story) : judge_by_id(dedup, story);
    if (status != WD_OK) {
        (void)wd_error_set(error, status, "the story could not be compared with earlier ones: %s",
                           wd_status_sentence(status));
        return WD_REJECT;
    }
    bool drop = dedup->options->drop_same_id && story->dedup.relation == WD_RELATION_SAME_ID &&
                !must_pass(story);
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
     .max = ENTRIES_MAX,
     .help = "Stories remembered per input partition; the oldest leave first."},
    {.name = "bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, bytes_max),
     .fallback = "1073741824",
     .min = 65536,
     .max = 1099511627776.0,
     .help = "Memory of the table per input partition, the index apart."},
    {.name = "words_min",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, words_min),
     .fallback = "8",
     .min = 1,
     .max = 10000,
     .help = "Bodies with fewer words are recognised only with the same headline and no word "
             "changed."},
    {.name = "seed",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, seed),
     .fallback = "0",
     .min = 0,
     .max = 9007199254740991.0,
     .help =
         "Key of the hashes: a secret one keeps strangers from planting copy that collides. With "
         "another one, what is remembered is no longer found."},
    {.name = "drop_same_id",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct dedup_options, drop_same_id),
     .fallback = "false",
     .help = "Drop what came before with the same id, version, status and words; kills, "
             "corrections, holds and embargoes pass always."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_dedup = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "dedup",
    .summary = "recognises repeated copy by provider id, by its words and by likeness",
    .options = options_table,
    .options_size = sizeof(struct dedup_options),
    .reads = WD_PART_IDENTITY | WD_PART_COPY,
    .writes = WD_PART_DEDUP,
    .tables = tables,
    .create = create,
    .process = process,
    .restore = restore,
    .destroy = destroy,
};
