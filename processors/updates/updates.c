/* updates.c - says what a story is to those that came before it under the same identity.
 *
 * Why:    the third lead replaces the second, a correction must reach who printed the error, and a
 *         kill must get through whatever else happens.
 * State:  lineages  lineage id -> newest version, its time and copy, whether killed
 * Limits: identity comes from guid, url, or headline and time of publication; see README.md. */
#include "processor.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    RECORD_VERSION = 1,
    FIXED_BYTES = 1 + 1 + 4 + 8 + 8 + WD_DIGEST_BYTES,
    VERSION_BYTES_MAX = 128,
    FLAG_KILLED = 1,
    HOUR_MS = 3600 * 1000,
};
#define TIME_UNKNOWN INT64_MIN

struct updates_options {
    int64_t window_hours;
    int64_t entries_max;
};

struct updates {
    struct wd_table *lineages;
    struct wd_buffer text;
};

/* What is kept of a lineage. Integers little-endian, in this order, then the version's text. */
struct lineage {
    bool killed;
    uint32_t number;            /* versions seen */
    int64_t first_published_ms; /* TIME_UNKNOWN: none was given */
    int64_t updated_ms;         /* of the newest version */
    struct wd_digest copy;      /* of the newest version */
    struct wd_slice version;
};

static size_t tables(const void *raw, struct wd_table_spec *specs)
{
    const struct updates_options *options = raw;
    specs[0] = (struct wd_table_spec){.entries_max = (uint64_t)options->entries_max,
                                      .ttl_ms = options->window_hours * HOUR_MS,
                                      .key_len_max = WD_DIGEST_BYTES,
                                      .value_len_max = FIXED_BYTES + VERSION_BYTES_MAX};
    (void)snprintf(specs[0].name, sizeof(specs[0].name), "lineages");
    return 1;
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)options;
    (void)model;
    struct updates *updates = calloc(1, sizeof(*updates));
    if (!updates)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for updates");
    updates->lineages = environment->tables[0];
    wd_buffer_init(&updates->text);
    *self = updates;
    return WD_OK;
}

static void destroy(void *self)
{
    struct updates *updates = self;
    if (!updates)
        return;
    wd_buffer_finish(&updates->text);
    free(updates);
}

static void append_integer(struct wd_buffer *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        wd_buffer_append_byte(out, (char)(value >> (8 * i)));
}

static uint64_t read_integer(const char *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    return value;
}

static bool read_lineage(struct wd_slice record, struct lineage *lineage)
{
    if (record.len < FIXED_BYTES || record.data[0] != RECORD_VERSION)
        return false;
    const char *bytes = record.data;
    lineage->killed = (bytes[1] & FLAG_KILLED) != 0;
    lineage->number = (uint32_t)read_integer(bytes + 2, 4);
    lineage->first_published_ms = (int64_t)read_integer(bytes + 6, 8);
    lineage->updated_ms = (int64_t)read_integer(bytes + 14, 8);
    memcpy(lineage->copy.bytes, bytes + 22, WD_DIGEST_BYTES);
    lineage->version = wd_slice_from_offset(record, FIXED_BYTES);
    return true;
}

static enum wd_status write_lineage(struct updates *updates, const struct wd_digest *id,
                                    const struct lineage *lineage)
{
    struct wd_buffer *out = &updates->text;
    wd_buffer_clear(out);
    wd_buffer_append_byte(out, RECORD_VERSION);
    wd_buffer_append_byte(out, lineage->killed ? FLAG_KILLED : 0);
    append_integer(out, lineage->number, 4);
    append_integer(out, (uint64_t)lineage->first_published_ms, 8);
    append_integer(out, (uint64_t)lineage->updated_ms, 8);
    wd_buffer_append(out, lineage->copy.bytes, WD_DIGEST_BYTES);
    wd_buffer_append_slice(out, wd_utf8_cut(lineage->version, VERSION_BYTES_MAX));
    if (!wd_buffer_ok(out))
        return WD_NO_MEMORY;
    return wd_table_put(updates->lineages,
                        wd_slice_make((const char *)id->bytes, sizeof(id->bytes)),
                        wd_buffer_slice(out));
}

/* The lineage's id and the rule that gave it. */
static struct wd_digest find_identity(struct updates *updates, struct wd_story *story)
{
    struct wd_buffer *out = &updates->text;
    wd_buffer_clear(out);
    if (story->guid.len > 0) {
        story->update.rule = WD_SLICE("guid");
        wd_buffer_append_slice(out, story->guid);
    } else if (story->url.len > 0) {
        story->update.rule = WD_SLICE("url");
        wd_buffer_append_slice(out, story->url);
    } else if (story->headline.len > 0 && wd_time_known(story->published)) {
        /* A page's headline and its first publication stay the same while its copy changes. */
        story->update.rule = WD_SLICE("headline");
        wd_text_append_normalized(out, story->headline);
        append_integer(out, (uint64_t)story->published.ms, 8);
    } else {
        story->update.rule = WD_SLICE("copy");
        for (size_t i = 0; i < story->paragraph_count; i++)
            wd_text_append_normalized(out, story->paragraphs[i]);
    }
    wd_buffer_append_byte(out, '\0');
    wd_buffer_append_slice(out, story->update.rule);
    wd_buffer_append_byte(out, '\0');
    wd_buffer_append_slice(out, story->provider);
    return wd_digest_of(out->data, out->len);
}

/* Headline and body as they stand: a comma is an update too. */
static struct wd_digest digest_copy(struct updates *updates, const struct wd_story *story)
{
    struct wd_buffer *out = &updates->text;
    wd_buffer_clear(out);
    wd_buffer_append_slice(out, story->headline);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        wd_buffer_append_byte(out, '\n');
        wd_buffer_append_slice(out, story->paragraphs[i]);
    }
    return wd_digest_of(out->data, out->len);
}

/* Takes the next number of "1.10.2" off the text; false when it is something else. */
static bool next_number(struct wd_slice *text, uint64_t *number)
{
    size_t i = 0;
    *number = 0;
    while (i < text->len && text->data[i] >= '0' && text->data[i] <= '9' && i < 18)
        *number = *number * 10 + (uint64_t)(text->data[i++] - '0');
    if (i == 0 || (i < text->len && text->data[i] != '.'))
        return false;
    *text = wd_slice_from_offset(*text, i < text->len ? i + 1 : i);
    return true;
}

/* Compares versions as numbers, part by part. False when they are no numbers. */
static bool compare_numbers(struct wd_slice a, struct wd_slice b, int *order)
{
    *order = 0;
    if (a.len == 0 || b.len == 0)
        return false;
    while (a.len > 0 || b.len > 0) {
        uint64_t x = 0;
        uint64_t y = 0;
        if ((a.len > 0 && !next_number(&a, &x)) || (b.len > 0 && !next_number(&b, &y)))
            return false;
        if (*order == 0 && x != y)
            *order = x < y ? -1 : 1;
    }
    return true;
}

/* What the comparison with the newest version rests on. */
enum evidence { BY_VERSION, BY_TIME, BY_ARRIVAL };

/* Negative: older than the newest seen; 0: the same version; positive: newer. */
static int compare(const struct wd_story *story, const struct lineage *newest,
                   enum evidence *evidence)
{
    int order = 0;
    *evidence = BY_VERSION;
    if (compare_numbers(story->version, newest->version, &order) && order != 0)
        return order;
    bool timed = wd_time_known(story->updated) && newest->updated_ms != TIME_UNKNOWN;
    if (timed && story->updated.ms != newest->updated_ms) {
        *evidence = BY_TIME;
        return story->updated.ms < newest->updated_ms ? -1 : 1;
    }
    if (story->version.len > 0 &&
        wd_slice_equal(wd_utf8_cut(story->version, VERSION_BYTES_MAX), newest->version))
        return 0;
    *evidence = timed ? BY_TIME : BY_ARRIVAL;
    return timed && story->version.len == 0 && newest->version.len == 0 ? 0 : 1;
}

static bool is_kill(const struct wd_story *story)
{
    return story->status == WD_STORY_CANCELED || (story->signals & WD_SIGNAL_KILL);
}

/* What the story says of itself, whatever came before. */
static enum wd_update_kind own_kind(const struct wd_story *story)
{
    if (is_kill(story))
        return WD_UPDATE_KILL;
    if (story->status == WD_STORY_WITHHELD || (story->signals & WD_SIGNAL_HOLD))
        return WD_UPDATE_WITHHOLD;
    if (story->status == WD_STORY_EMBARGOED)
        return WD_UPDATE_EMBARGO;
    if (story->signals & WD_SIGNAL_CORRECTION)
        return WD_UPDATE_CORRECTION;
    return WD_UPDATE_UNKNOWN;
}

static const char *evidence_text(enum evidence evidence)
{
    static const char *const texts[] = {"its version number", "its updated time",
                                        "its arrival (neither version nor time decide)"};
    return texts[evidence];
}

static void judge_first(struct wd_story *story)
{
    struct wd_update_verdict *verdict = &story->update;
    enum wd_update_kind kind = own_kind(story);
    verdict->kind = kind == WD_UPDATE_UNKNOWN ? WD_UPDATE_NEW : kind;
    bool times = wd_time_known(story->published) && wd_time_known(story->updated);
    bool later = times && story->updated.ms > story->published.ms;
    verdict->unseen_original =
        later || kind == WD_UPDATE_CORRECTION || (story->signals & WD_SIGNAL_UPDATE);
    verdict->reason = wd_arena_printf(
        story->arena, "the first of its lineage (by %.*s)%s%s", WD_SLICE_ARG(verdict->rule),
        verdict->unseen_original ? "; it is a later version of something not seen here" : "",
        kind == WD_UPDATE_KILL ? "; a kill" : "");
}

static void judge_same(struct wd_story *story, bool same_copy)
{
    struct wd_update_verdict *verdict = &story->update;
    enum wd_update_kind kind = own_kind(story);
    if (same_copy && kind != WD_UPDATE_KILL && kind != WD_UPDATE_WITHHOLD) {
        verdict->kind = WD_UPDATE_REPEAT;
        verdict->reason = WD_SLICE("the newest version again, with the same copy");
        return;
    }
    verdict->kind = kind == WD_UPDATE_UNKNOWN ? WD_UPDATE_UPDATE : kind;
    verdict->reason = wd_arena_printf(story->arena, "the same version number as the newest, %s",
                                      same_copy ? "with a new status" : "but other copy");
}

static void judge_next(struct wd_story *story, const struct lineage *newest, bool same_copy)
{
    struct wd_update_verdict *verdict = &story->update;
    enum evidence evidence = BY_VERSION;
    int order = compare(story, newest, &evidence);
    if (order == 0 || (order > 0 && same_copy && evidence == BY_ARRIVAL)) {
        judge_same(story, same_copy);
        return;
    }
    enum wd_update_kind kind = own_kind(story);
    verdict->kind = kind == WD_UPDATE_UNKNOWN ? WD_UPDATE_UPDATE : kind;
    verdict->late = order < 0;
    if (verdict->late) {
        verdict->reason =
            wd_arena_printf(story->arena, "older than the newest version seen%s, by %s",
                            newest->killed ? " (which was killed)" : "", evidence_text(evidence));
        return;
    }
    verdict->reason = wd_arena_printf(
        story->arena, "follows version %.*s of its lineage, by %s%s",
        WD_SLICE_ARG(newest->version.len > 0 ? newest->version : WD_SLICE("(without number)")),
        evidence_text(evidence), newest->killed ? "; the lineage was killed before" : "");
}

static int64_t ms_or_unknown(struct wd_time time)
{
    return wd_time_known(time) ? time.ms : TIME_UNKNOWN;
}

/* The lineage after this story. A late version changes only counts; a late kill kills. */
static void advance(struct lineage *lineage, const struct wd_story *story,
                    const struct wd_digest *copy)
{
    const struct wd_update_verdict *verdict = &story->update;
    if (verdict->kind != WD_UPDATE_REPEAT)
        lineage->number++;
    int64_t published = ms_or_unknown(story->published);
    if (published != TIME_UNKNOWN &&
        (lineage->first_published_ms == TIME_UNKNOWN || published < lineage->first_published_ms))
        lineage->first_published_ms = published;
    if (verdict->kind == WD_UPDATE_KILL)
        lineage->killed = true;
    if (verdict->late || verdict->kind == WD_UPDATE_REPEAT)
        return;
    lineage->killed = verdict->kind == WD_UPDATE_KILL;
    lineage->updated_ms = ms_or_unknown(story->updated);
    lineage->copy = *copy;
    lineage->version = wd_utf8_cut(story->version, VERSION_BYTES_MAX);
}

static void tell(struct wd_story *story, const struct wd_digest *id, const struct lineage *lineage)
{
    struct wd_update_verdict *verdict = &story->update;
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(*id, hex);
    verdict->lineage = wd_arena_copy(story->arena, wd_slice_from(hex));
    verdict->number = lineage->number;
    verdict->version = story->version;
    verdict->latest = wd_arena_copy(story->arena, lineage->version);
    if (lineage->first_published_ms != TIME_UNKNOWN)
        verdict->first_published = wd_time_from_ms(lineage->first_published_ms);
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct updates *updates = self;
    struct wd_digest id = find_identity(updates, story);
    struct wd_digest copy = digest_copy(updates, story);
    struct lineage lineage = {.first_published_ms = TIME_UNKNOWN, .updated_ms = TIME_UNKNOWN};
    struct wd_slice record = WD_SLICE_NONE;
    struct wd_slice key = {(const char *)id.bytes, sizeof(id.bytes)};
    bool known = wd_table_get(updates->lineages, key, &record, NULL) == WD_OK &&
                 read_lineage(record, &lineage);
    if (known) {
        lineage.version = wd_arena_copy(story->arena, lineage.version); /* put moves the record */
        judge_next(story, &lineage,
                   memcmp(lineage.copy.bytes, copy.bytes, sizeof(copy.bytes)) == 0);
    } else {
        judge_first(story);
    }
    advance(&lineage, story, &copy);
    tell(story, &id, &lineage);
    enum wd_status status = write_lineage(updates, &id, &lineage);
    if (status == WD_OK)
        return WD_PASS;
    (void)wd_error_set(error, WD_PROCESSOR_FAILED, "updates cannot keep the story: %s",
                       wd_status_sentence(status));
    return WD_REJECT;
}

static const struct wd_option options_table[] = {
    {.name = "window_hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, window_hours),
     .fallback = "720",
     .min = 1,
     .max = 24 * 3660,
     .help = "How long a lineage is remembered after its last version, in hours of event time."},
    {.name = "entries_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct updates_options, entries_max),
     .fallback = "1000000",
     .min = 1,
     .max = 100000000,
     .help = "Lineages remembered for each input partition; the oldest leave first."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_updates = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "updates",
    .summary = "says whether a story is new, an update, a correction, a repeat or a kill",
    .options = options_table,
    .options_size = sizeof(struct updates_options),
    .reads = WD_PART_IDENTITY | WD_PART_TIMES | WD_PART_COPY,
    .writes = WD_PART_UPDATE,
    .tables = tables,
    .create = create,
    .process = process,
    .destroy = destroy,
};
