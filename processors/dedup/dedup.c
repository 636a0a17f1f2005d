/* dedup.c - says whether a story's copy has come before.
 *
 * Why:    wires send again what they sent, papers print what wires sent.
 * State:  ids     provider, guid and version -> digest of the copy
 *         copies  digest of the normalised body -> who had it first
 * Limits: exact copies only (after normalising case, quotes, dashes, blanks); see README.md. */
#include "processor.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    RECORD_VERSION = 1,
    FIRST_NAME_BYTES_MAX = 512, /* of a provider or guid in a record; longer ones are cut */
    HOUR_MS = 3600 * 1000,
};

struct dedup_options {
    int64_t window_hours;
    int64_t entries_max;
    int64_t words_min;
    bool drop_same_id;
};

struct dedup {
    const struct dedup_options *options;
    struct wd_table *ids, *copies;
    struct wd_buffer text; /* normalised copy, reused */
};

static size_t tables(const void *raw, struct wd_table_spec *specs)
{
    const struct dedup_options *options = raw;
    struct wd_table_spec common = {.entries_max = (uint64_t)options->entries_max,
                                   .ttl_ms = options->window_hours * HOUR_MS,
                                   .key_len_max = WD_DIGEST_BYTES};
    specs[0] = specs[1] = common;
    (void)snprintf(specs[0].name, sizeof(specs[0].name), "ids");
    (void)snprintf(specs[1].name, sizeof(specs[1].name), "copies");
    specs[0].value_len_max = 1 + WD_DIGEST_BYTES;
    specs[1].value_len_max = 1 + 2 + 2 * FIRST_NAME_BYTES_MAX;
    return 2;
}

static enum wd_status create(const void *options, const void *model,
                             const struct wd_environment *environment, void **self,
                             struct wd_error *error)
{
    (void)model;
    struct dedup *dedup = calloc(1, sizeof(*dedup));
    if (!dedup)
        return wd_error_set(error, WD_NO_MEMORY, "no memory for dedup");
    dedup->options = options;
    dedup->ids = environment->tables[0];
    dedup->copies = environment->tables[1];
    wd_buffer_init(&dedup->text);
    *self = dedup;
    return WD_OK;
}

static void destroy(void *self)
{
    struct dedup *dedup = self;
    if (!dedup)
        return;
    wd_buffer_finish(&dedup->text);
    free(dedup);
}

static struct wd_slice digest_slice(const struct wd_digest *digest)
{
    return wd_slice_make((const char *)digest->bytes, sizeof(digest->bytes));
}

/* Normalises the body into the buffer, counts its words, digests it. */
static size_t digest_body(struct dedup *dedup, struct wd_story *story)
{
    wd_buffer_clear(&dedup->text);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        if (dedup->text.len > 0)
            wd_buffer_append_byte(&dedup->text, ' ');
        wd_text_append_normalized(&dedup->text, story->paragraphs[i]);
    }
    story->body_digest = wd_digest_of(dedup->text.data, dedup->text.len);
    size_t words = dedup->text.len > 0;
    for (size_t i = 0; i < dedup->text.len; i++)
        words += dedup->text.data[i] == ' ';
    return words;
}

/* Everything a reader sees, and the status: a kill is not a repeat of what it kills. */
static struct wd_digest digest_whole(struct dedup *dedup, const struct wd_story *story)
{
    wd_buffer_clear(&dedup->text);
    wd_buffer_append_slice(&dedup->text, digest_slice(&story->body_digest));
    wd_text_append_normalized(&dedup->text, story->headline);
    wd_buffer_append_byte(&dedup->text, '\0');
    wd_text_append_normalized(&dedup->text, story->editors_note);
    wd_buffer_printf(&dedup->text, "/%d/%u", (int)story->status, story->signals);
    return wd_digest_of(dedup->text.data, dedup->text.len);
}

static struct wd_digest digest_id(struct dedup *dedup, const struct wd_story *story)
{
    wd_buffer_clear(&dedup->text);
    wd_buffer_append_slice(&dedup->text, story->provider);
    wd_buffer_append_byte(&dedup->text, '\0');
    wd_buffer_append_slice(&dedup->text, story->guid);
    wd_buffer_append_byte(&dedup->text, '\0');
    wd_buffer_append_slice(&dedup->text, story->version);
    return wd_digest_of(dedup->text.data, dedup->text.len);
}

/* Looks the id up and remembers it. True when this very story came before. */
static enum wd_status check_id(struct dedup *dedup, struct wd_story *story, bool *repeated)
{
    struct wd_digest whole = digest_whole(dedup, story);
    struct wd_digest id = digest_id(dedup, story);
    struct wd_slice value = WD_SLICE_NONE;
    int64_t seen_ms = 0;
    if (wd_table_get(dedup->ids, digest_slice(&id), &value, &seen_ms) == WD_OK &&
        value.len == 1 + WD_DIGEST_BYTES && value.data[0] == RECORD_VERSION &&
        wd_slice_equal(wd_slice_from_offset(value, 1), digest_slice(&whole))) {
        *repeated = true;
        return WD_OK;
    }
    char record[1 + WD_DIGEST_BYTES] = {RECORD_VERSION};
    memcpy(record + 1, whole.bytes, sizeof(whole.bytes));
    return wd_table_put(dedup->ids, digest_slice(&id), wd_slice_make(record, sizeof(record)));
}

/* Who had a copy first. */
struct first {
    struct wd_slice provider, guid;
};

static bool read_first(struct wd_slice value, struct first *first)
{
    if (value.len < 3 || value.data[0] != RECORD_VERSION)
        return false;
    size_t provider_len = (unsigned char)value.data[1] | (size_t)(unsigned char)value.data[2] << 8;
    if (provider_len > value.len - 3)
        return false;
    first->provider = wd_slice_make(value.data + 3, provider_len);
    first->guid = wd_slice_from_offset(value, 3 + provider_len);
    return true;
}

static enum wd_status remember_copy(struct dedup *dedup, const struct wd_story *story)
{
    struct wd_slice provider = wd_utf8_cut(story->provider, FIRST_NAME_BYTES_MAX);
    struct wd_slice guid = wd_utf8_cut(story->guid, FIRST_NAME_BYTES_MAX);
    wd_buffer_clear(&dedup->text);
    wd_buffer_append_byte(&dedup->text, RECORD_VERSION);
    wd_buffer_append_byte(&dedup->text, (char)(provider.len & 0xFF));
    wd_buffer_append_byte(&dedup->text, (char)(provider.len >> 8));
    wd_buffer_append_slice(&dedup->text, provider);
    wd_buffer_append_slice(&dedup->text, guid);
    return wd_table_put(dedup->copies, digest_slice(&story->body_digest),
                        wd_buffer_slice(&dedup->text));
}

static void tell_same_id(struct wd_story *story)
{
    struct wd_dedup_verdict *verdict = &story->dedup;
    verdict->relation = WD_RELATION_SAME_ID;
    verdict->matched = story->guid;
    verdict->similarity = verdict->contained = verdict->containing = 1;
    verdict->reason =
        wd_arena_printf(story->arena, "%.*s sent this version of %.*s before, with the same copy",
                        WD_SLICE_ARG(story->provider), WD_SLICE_ARG(wd_utf8_cut(story->guid, 200)));
}

static void tell_exact(struct wd_story *story, const struct first *first, int64_t seen_ms)
{
    struct wd_dedup_verdict *verdict = &story->dedup;
    char when[WD_TIME_TEXT_SIZE];
    (void)wd_time_format(wd_time_from_ms(seen_ms), when);
    verdict->relation = WD_RELATION_EXACT;
    verdict->matched =
        first->guid.len > 0 ? wd_arena_copy(story->arena, first->guid) : verdict->group;
    verdict->similarity = verdict->contained = verdict->containing = 1;
    verdict->reason = wd_arena_printf(story->arena, "the same copy as %.*s from %.*s, seen %s",
                                      WD_SLICE_ARG(wd_utf8_cut(verdict->matched, 200)),
                                      WD_SLICE_ARG(first->provider), when);
}

static enum wd_status check_copy(struct dedup *dedup, struct wd_story *story, size_t words)
{
    struct wd_dedup_verdict *verdict = &story->dedup;
    if ((int64_t)words < dedup->options->words_min) {
        verdict->reason = wd_arena_printf(
            story->arena, "%zu words are too few to be known again by their copy", words);
        return WD_OK;
    }
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(story->body_digest, hex);
    verdict->group = wd_arena_copy(story->arena, wd_slice_from(hex));
    struct wd_slice value = WD_SLICE_NONE;
    struct first first;
    int64_t seen_ms = 0;
    if (wd_table_get(dedup->copies, digest_slice(&story->body_digest), &value, &seen_ms) != WD_OK ||
        !read_first(value, &first)) {
        verdict->reason = WD_SLICE("this copy has not been seen before");
        return remember_copy(dedup, story);
    }
    bool own = first.guid.len > 0 && wd_slice_equal(first.provider, story->provider) &&
               wd_slice_equal(first.guid, wd_utf8_cut(story->guid, FIRST_NAME_BYTES_MAX));
    if (own)
        verdict->reason = WD_SLICE("the same copy as an earlier version of the same story");
    else
        tell_exact(story, &first, seen_ms);
    return WD_OK;
}

static enum wd_outcome process(void *self, struct wd_story *story, struct wd_error *error)
{
    struct dedup *dedup = self;
    size_t words = digest_body(dedup, story);
    bool repeated = false;
    enum wd_status status = WD_OK;
    story->dedup.relation = WD_RELATION_NONE;
    if (story->guid.len > 0)
        status = check_id(dedup, story, &repeated);
    if (status == WD_OK && repeated)
        tell_same_id(story);
    else if (status == WD_OK)
        status = check_copy(dedup, story, words);
    if (status == WD_OK && !wd_buffer_ok(&dedup->text))
        status = WD_NO_MEMORY;
    if (status != WD_OK) {
        (void)wd_error_set(error, WD_PROCESSOR_FAILED, "dedup cannot keep the story: %s",
                           wd_status_sentence(status));
        return WD_REJECT;
    }
    return repeated && dedup->options->drop_same_id ? WD_DROP : WD_PASS;
}

static const struct wd_option options_table[] = {
    {.name = "window_hours",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, window_hours),
     .fallback = "168",
     .min = 1,
     .max = 24 * 366,
     .help = "How long copy is remembered, in hours of event time."},
    {.name = "entries_max",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, entries_max),
     .fallback = "1000000",
     .min = 1,
     .max = 100000000,
     .help = "Stories remembered for each input partition; the oldest leave first."},
    {.name = "words_min",
     .type = WD_OPTION_INTEGER,
     .offset = offsetof(struct dedup_options, words_min),
     .fallback = "20",
     .min = 1,
     .max = 10000,
     .help =
         "Bodies with fewer words are not matched by copy: flashes and notes resemble another."},
    {.name = "drop_same_id",
     .type = WD_OPTION_BOOL,
     .offset = offsetof(struct dedup_options, drop_same_id),
     .fallback = "false",
     .help = "Drop a story that the same provider sent before with the same id, version and copy."},
    {.name = NULL},
};

const struct wd_processor_impl wd_processor_dedup = {
    .interface_version = WD_PROCESSOR_INTERFACE_VERSION,
    .name = "dedup",
    .summary = "says whether a story's copy has come before",
    .options = options_table,
    .options_size = sizeof(struct dedup_options),
    .reads = WD_PART_IDENTITY | WD_PART_COPY,
    .writes = WD_PART_DEDUP,
    .tables = tables,
    .create = create,
    .process = process,
    .destroy = destroy,
};
