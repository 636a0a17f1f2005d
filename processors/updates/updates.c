/* updates.c - puts the versions of a story in a row and says what each of them is.
 *
 * Why:    the third lead replaces the second, a correction corrects, a kill ends it; and lines
 *         deliver them twice and in any order.
 * State:  two tables. "lineages": lineage id -> lineage_record.h. "ids": digest of provider and
 *         guid -> lineage id, for stories that continue one with another guid.
 * Limits: options window_hours, entries_max, bytes_max; each of the tables has them. */
#include "copy_scan.h"
#include "lineage_record.h"
#include "processor.h"
#include "record_bytes.h"

#include <stdlib.h>

enum { TABLE_LINEAGES, TABLE_IDS, TABLE_COUNT, HOUR_MS = 3600 * 1000 };

struct updates_options {
    int64_t window_hours;
    int64_t entries_max;
    int64_t bytes_max;
};

struct updates {
    struct wd_table *tables[TABLE_COUNT];
    struct wd_buffer scratch;
};

static size_t tables(const void *data, struct wd_table_spec *specs)
{
    const struct updates_options *options = data;
    const struct wd_table_spec common = {
        .entries_max = (uint64_t)options->entries_max,
        .bytes_max = (uint64_t)options->bytes_max,
        .ttl_ms = options->window_hours * HOUR_MS,
        .key_len_max = WD_DIGEST_BYTES,
    };
    specs[TABLE_LINEAGES] = common;
    specs[TABLE_LINEAGES].value_len_max = WD_LINEAGE_RECORD_BYTES_MAX;
    specs[TABLE_IDS] = common;
    specs[TABLE_IDS].value_len_max = WD_DIGEST_BYTES;
    (void)snprintf(specs[TABLE_LINEAGES].name, sizeof(specs[TABLE_LINEAGES].name), "lineages");
    (void)snprintf(specs[TABLE_IDS].name, sizeof(specs[TABLE_IDS].name), "ids");
    return TABLE_COUNT;
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)options;
    (void)model;
    struct updates *updates = calloc(1, sizeof(*updates));
    if (!updates) {
        return wd_error_set(error, WD_NO_MEMORY, "no memory for '%s'", environment->instance);
    }
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        updates->tables[i] = environment->tables[i];
    }
    wd_buffer_init(&updates->scratch);
    *self = updates;
    return WD_OK;
}

static void destroy(void *self)
{
    struct updates *updates = self;
    if (updates) {
        wd_buffer_finish(&updates->scratch);
        free(updates);
    }
}

static struct wd_slice digest_slice(const struct wd_digest *digest)
{
    return (struct wd_slice){(const char *)digest->bytes, sizeof(digest->bytes)};
}

/* `kind` keeps a guid apart from a URL that reads the same. */
static bool key_of(struct updates *updates, char kind, struct wd_slice provider, struct wd_slice id,
                   struct wd_digest *key)
{
    struct wd_buffer *out = &updates->scratch;
    wd_buffer_clear(out);
    wd_buffer_append_byte(out, kind);
    wd_record_put(out, provider.len, 4);
    wd_buffer_append_slice(out, provider);
    wd_buffer_append_slice(out, id);
    if (!wd_buffer_ok(out)) {
        return false;
    }
    *key = wd_digest_of(out->data, out->len);
    return true;
}

/* Follows an earlier decision that the story with key `key` continues another. */
static bool follow(struct updates *updates, struct wd_digest *key)
{
    struct wd_slice value = WD_SLICE_NONE;
    if (wd_table_get(updates->tables[TABLE_IDS], digest_slice(key), &value, NULL) != WD_OK ||
        value.len != sizeof(key->bytes)) {
        return false;
    }
    memcpy(key->bytes, value.data, sizeof(key->bytes));
    return true;
}

static bool lineage_exists(struct updates *updates, const struct wd_digest *key)
{
    struct wd_slice value = WD_SLICE_NONE;
    return wd_table_get(updates->tables[TABLE_LINEAGES], digest_slice(key), &value, NULL) == WD_OK;
}

/* A story with a guid: its own lineage, unless it says that it continues another one. */
static enum wd_status lineage_by_guid(struct updates *updates, struct wd_story *story,
                                      struct wd_digest *lineage)
{
    struct wd_digest own;
    if (!key_of(updates, 'g', story->provider, story->guid, &own)) {
        return WD_NO_MEMORY;
    }
    *lineage = own;
    story->update.rule = WD_SLICE("guid");
    if (follow(updates, lineage)) {
        story->update.rule = WD_SLICE("previous");
        return WD_OK;
    }
    if (story->previous.len == 0 || wd_slice_equal(story->previous, story->guid) ||
        lineage_exists(updates, &own)) {
        return WD_OK;
    }
    /* Also when the earlier story was never seen: should it come late, it meets this one. */
    if (!key_of(updates, 'g', story->provider, story->previous, lineage)) {
        return WD_NO_MEMORY;
    }
    (void)follow(updates, lineage);
    if (memcmp(lineage->bytes, own.bytes, sizeof(own.bytes)) == 0) {
        return WD_OK; /* two stories that name each other */
    }
    story->update.rule = WD_SLICE("previous");
    return wd_table_put(updates->tables[TABLE_IDS], digest_slice(&own), digest_slice(lineage));
}

/* A page without an id keeps its headline and its time of publication from version to version. */
static enum wd_status lineage_by_headline(struct updates *updates, struct wd_story *story,
                                          struct wd_digest *lineage, bool *named)
{
    *named = false;
    if (!wd_time_known(story->published)) {
        return WD_OK;
    }
    struct wd_buffer words;
    wd_buffer_init(&words);
    wd_record_put(&words, (uint64_t)story->published.ms, 8);
    size_t before = words.len;
    wd_text_append_normalized(&words, story->headline);
    *named = words.len > before;
    bool made = !*named || key_of(updates, 'h', story->provider, wd_buffer_slice(&words), lineage);
    made = made && wd_buffer_ok(&words);
    wd_buffer_finish(&words);
    if (*named) {
        story->update.rule = WD_SLICE("headline");
    }
    return made ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status find_lineage(struct updates *updates, struct wd_story *story,
                                   const struct wd_digest *copy, struct wd_digest *lineage)
{
    if (story->guid.len > 0) {
        return lineage_by_guid(updates, story, lineage);
    }
    if (story->url.len > 0) {
        story->update.rule = WD_SLICE("url");
        /* Without the provider: an address is one and the same page whoever hands it on. */
        return key_of(updates, 'u', WD_SLICE_NONE, story->url, lineage) ? WD_OK : WD_NO_MEMORY;
    }
    if (story->lineage_key.len > 0) {
        story->update.rule = story->lineage_rule;
        return key_of(updates, 'k', story->provider, story->lineage_key, lineage) ? WD_OK
                                                                                  : WD_NO_MEMORY;
    }
    bool named = false;
    enum wd_status status = lineage_by_headline(updates, story, lineage, &named);
    if (status != WD_OK || named) {
        return status;
    }
    story->update.rule = WD_SLICE("copy");
    return key_of(updates, 'c', WD_SLICE_NONE, digest_slice(copy), lineage) ? WD_OK : WD_NO_MEMORY;
}

static struct wd_version_mark mark_of(const struct wd_story *story)
{
    struct wd_time time = wd_time_known(story->updated) ? story->updated : story->published;
    return (struct wd_version_mark){
        .label = wd_utf8_cut(story->version, WD_LINEAGE_LABEL_BYTES_MAX),
        .time_known = wd_time_known(time),
        .time_ms = time.ms,
    };
}

/* Two messages with one fingerprint say the same in every respect that this processor looks at. */
static bool fingerprint_of(struct updates *updates, const struct wd_story *story,
                           const struct wd_digest *copy, uint64_t *fingerprint)
{
    struct wd_buffer *out = &updates->scratch;
    wd_buffer_clear(out);
    wd_buffer_append(out, copy->bytes, sizeof(copy->bytes));
    wd_record_put(out, story->status, 1);
    wd_record_put(out, story->signals & ~(uint32_t)(WD_SIGNAL_REPEAT | WD_SIGNAL_REFILE), 4);
    wd_buffer_append_slice(out, story->version);
    if (!wd_buffer_ok(out)) {
        return false;
    }
    struct wd_digest digest = wd_digest_of(out->data, out->len);
    struct wd_record_reader reader = {digest_slice(&digest), false};
    *fingerprint = wd_record_take(&reader, 8);
    return true;
}

/* What is known when the verdict is reached. */
struct evidence {
    bool seen; /* the lineage */
    bool seen_exactly;
    bool was_killed;
    int order; /* against the newest version so far */
    enum wd_version_basis basis;
};

static enum wd_update_kind kind_of(const struct wd_story *story, const struct evidence *evidence)
{
    if (story->status == WD_STORY_CANCELED || (story->signals & WD_SIGNAL_KILL)) {
        return WD_UPDATE_KILL; /* also when it is repeated: a kill heard twice does no harm */
    }
    if (story->status == WD_STORY_WITHHELD || (story->signals & WD_SIGNAL_HOLD)) {
        return WD_UPDATE_WITHHOLD;
    }
    if (evidence->seen_exactly) {
        return WD_UPDATE_REPEAT;
    }
    if (story->status == WD_STORY_EMBARGOED) {
        return WD_UPDATE_EMBARGO;
    }
    if (story->signals & WD_SIGNAL_CORRECTION) {
        return WD_UPDATE_CORRECTION;
    }
    return evidence->seen ? WD_UPDATE_UPDATE : WD_UPDATE_NEW;
}

/* True when the story itself says that there was a version before it. */
static bool follows_another(const struct wd_story *story)
{
    uint32_t followers = WD_SIGNAL_UPDATE | WD_SIGNAL_CORRECTION | WD_SIGNAL_KILL;
    bool updated = wd_time_known(story->updated) && wd_time_known(story->published) &&
                   story->updated.ms > story->published.ms;
    return updated || (story->signals & followers) || story->update.kind == WD_UPDATE_KILL;
}

/* A kill stands until something that is known to be newer comes. */
static bool is_late(const struct wd_story *story, const struct evidence *evidence)
{
    if (!evidence->seen) {
        return false;
    }
    bool order_to_stop = story->update.kind == WD_UPDATE_KILL;
    return evidence->order < 0 || (evidence->was_killed && !order_to_stop && evidence->order == 0);
}

static void remember(struct wd_lineage_record *record, const struct wd_story *story,
                     const struct evidence *evidence, uint64_t fingerprint)
{
    struct wd_version_mark mark = mark_of(story);
    bool published = wd_time_known(story->published);
    if (published && (!wd_time_known(record->first_published) ||
                      story->published.ms < record->first_published.ms)) {
        record->first_published = story->published;
    }
    if (!evidence->seen_exactly) {
        record->number++;
        wd_lineage_record_add(record, fingerprint);
    }
    if (!story->update.late) {
        record->killed = story->update.kind == WD_UPDATE_KILL;
        if (mark.label.len > 0) {
            record->latest.label = mark.label;
        }
        if (mark.time_known) {
            record->latest.time_known = true;
            record->latest.time_ms = mark.time_ms;
        }
    }
    /* Also a kill of an older version ends the story: a wrong stop is mended by a new version, a
     * story that should have been stopped is not. */
    record->killed = record->killed || story->update.kind == WD_UPDATE_KILL;
}

static const char *kind_reason(const struct wd_story *story, const struct evidence *evidence)
{
    switch (story->update.kind) {
    case WD_UPDATE_KILL:
        return evidence->seen_exactly ? "the provider kills this story, again"
                                      : "the provider kills this story";
    case WD_UPDATE_WITHHOLD:
        return "the provider withholds this story";
    case WD_UPDATE_REPEAT:
        return "this version came before, word for word";
    case WD_UPDATE_EMBARGO:
        return "not to be published yet";
    case WD_UPDATE_CORRECTION:
        return evidence->seen ? "marked as a correction"
                              : "marked as a correction of a version that was not seen";
    case WD_UPDATE_NEW:
        return story->update.unseen_original ? "the first version seen, but not the first one made"
                                             : "the first version";
    default:
        return evidence->order == 0 && evidence->basis == WD_BASIS_VERSION
                   ? "the version number is the newest one's, but the words or the status changed"
                   : "a further version";
    }
}

static const char *order_reason(const struct wd_story *story, const struct evidence *evidence)
{
    if (!evidence->seen) {
        return "";
    }
    if (story->update.late && evidence->was_killed && evidence->order == 0) {
        return "; the story was killed and nothing shows that this is newer";
    }
    if (story->update.late) {
        return evidence->basis == WD_BASIS_VERSION ? "; late: by version older than the newest one"
                                                   : "; late: by time older than the newest one";
    }
    if (evidence->was_killed && story->update.kind != WD_UPDATE_KILL) {
        return "; the story was killed before, this is newer";
    }
    return "";
}

/* Everything about the story that the tables said; `record` still holds what was before. */
static enum wd_status write_verdict(struct wd_story *story, struct wd_lineage_record *record,
                                    struct evidence *evidence, uint64_t fingerprint)
{
    struct wd_update_verdict *verdict = &story->update;
    evidence->was_killed = record->killed;
    evidence->seen_exactly = wd_lineage_record_has(record, fingerprint);
    evidence->basis = WD_BASIS_NONE;
    evidence->order =
        evidence->seen ? wd_version_compare(mark_of(story), record->latest, &evidence->basis) : 0;
    verdict->kind = kind_of(story, evidence);
    verdict->late = is_late(story, evidence);
    verdict->unseen_original = !evidence->seen && follows_another(story);
    remember(record, story, evidence, fingerprint);

    verdict->version = story->version;
    verdict->number = record->number;
    verdict->first_published = record->first_published;
    /* The record's label may point into the table, which the put below may move. */
    record->latest.label = wd_arena_copy(story->arena, record->latest.label);
    verdict->latest = record->latest.label;
    verdict->reason =
        wd_arena_printf(story->arena, "%s (lineage by %.*s)%s", kind_reason(story, evidence),
                        WD_SLICE_ARG(verdict->rule), order_reason(story, evidence));
    return verdict->latest.data && verdict->reason.data ? WD_OK : WD_NO_MEMORY;
}

static enum wd_status judge(struct updates *updates, struct wd_story *story)
{
    static const struct wd_digest none = {{0}};
    struct wd_digest copy;
    struct wd_digest lineage;
    uint64_t fingerprint = 0;
    bool digested = memcmp(story->body_digest.bytes, none.bytes, sizeof(none.bytes)) != 0;
    if (!digested && !wd_copy_scan(story)) {
        return WD_NO_MEMORY;
    }
    copy = wd_copy_digest(story);
    if (!fingerprint_of(updates, story, &copy, &fingerprint)) {
        return WD_NO_MEMORY;
    }
    enum wd_status status = find_lineage(updates, story, &copy, &lineage);
    if (status != WD_OK) {
        return status;
    }
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(lineage, hex);
    story->update.lineage = wd_arena_copy(story->arena, wd_slice_from(hex));

    struct wd_table *lineages = updates->tables[TABLE_LINEAGES];
    struct wd_slice bytes = WD_SLICE_NONE;
    struct wd_lineage_record record = {0};
    struct evidence evidence = {0};
    /* A record that another version wrote counts as not seen and is replaced. */
    evidence.seen = wd_table_get(lineages, digest_slice(&lineage), &bytes, NULL) == WD_OK &&
                    wd_lineage_record_decode(bytes, &record);
    if (!evidence.seen) {
        record = (struct wd_lineage_record){0};
    }
    status = write_verdict(story, &record, &evidence, fingerprint);
    if (status != WD_OK) {
        return status;
    }
    wd_lineage_record_encode(&record, &updates->scratch);
    return wd_buffer_ok(&updates->scratch) && story->update.lineage.data
               ? wd_table_put(lineages, digest_slice(&lineage), wd_buffer_slice(&updates->scratch))
               : WD_NO_MEMORY;
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    enum wd_status status = judge(self, story);
    if (status != WD_OK) {
        (void)wd_error_set(error, status, "the story's earlier versions could not be looked up: %s",
                           wd_status_sentence(status));
        return WD_REJECT;
    }
    return WD_PASS;
}

static const struct wd_option options_table[] = {
    {.name = "window_hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, window_hours),
     .fallback = "336",
     .min = 1,
     .max = 87600,
     .help = "How long a story is remembered after its last version came, in event time."},
    {.name = "entries_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, entries_max),
     .fallback = "1000000",
     .min = 1,
     .max = 100000000,
     .help = "Stories remembered per input partition; the oldest leave first."},
    {.name = "bytes_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, bytes_max),
     .fallback = "268435456",
     .min = 65536,
     .max = 1099511627776.0,
     .help = "Memory of each of the two tables per input partition."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_updates = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "updates",
    .summary = "says which version of which story this is: new, update, correction, repeat, kill",
    .options = options_table,
    .options_size = sizeof(struct updates_options),
    .reads = WD_PART_IDENTITY | WD_PART_TIMES | WD_PART_COPY,
    .writes = WD_PART_UPDATE,
    .tables = tables,
    .create = create,
    .process = process,
    .destroy = destroy,
};
