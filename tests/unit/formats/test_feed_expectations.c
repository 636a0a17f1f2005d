/* The expectations of the feedparser library's own tests, as /work/shared/data holds them beside the project: what
 * concerns a story must hold. Without the data the test says so and counts as skipped. Exceptions have reasons, here and in
 * ingest/formats/README.md. */
#include "test.h"

#include "decoder.h"
#include "json.h"

#include <stdio.h>
#include <stdlib.h>

static bool data_absent;
/* Beside the project, or beside the folder of its worktrees. */
static const char *const folders[] = {WD_SOURCE_DIR "/../shared/data/formats/feedparser/",
                                      WD_SOURCE_DIR "/../../shared/data/formats/feedparser/"};
static const char *data_folder;

/* Fields that say nothing about a story: the feed's own description, the library's names for formats, HTTP. */
static const char *const not_of_stories[] = {"feed.",
                                             "version",
                                             "encoding",
                                             "etag",
                                             "modified_parsed",
                                             "entries[0].links",
                                             "entries[0].media_rating",
                                             "entries[0].media_restriction",
                                             "entries[0].media_license",
                                             "entries[0].guidislink",
                                             "entries[0].enclosures",
                                             "entries[0].title_detail.base",
                                             "entries[0].title_detail.language",
                                             "entries[0].summary_detail.base",
                                             "entries[0].content[0].type",
                                             "entries[0].content[0].src",
                                             "entries[0].source.",
                                             "entries[0].author_detail.email",
                                             "entries[0].rights"};

static const struct {
    const char *file, *reason;
} exceptions[] = {
    {"wellformed/cdf/", "CDF of 1997 is no format of news"},
    {"tests/json/", "JSON Feed is not read"},
    {"encoding/bozo_linenoise", "well-formed bytes in the stored file: nothing is to be mended"},
    {"encoding/demoronize-1", "U+0092 becomes the apostrophe that was meant, and that is flagged"},
    {"base64", "Atom 0.3's and RFC 4287's base64 content is for media, not for copy"},
    {"wellformed/media-rss/media_group", "a group's credits are its media's, not the story's"},
    {"node_precedence/atom10_arbitrary_element", "elements of no format are kept nowhere"},
    {"wellformed/sgml/charref_uppercase_x", "&#X61; is no character reference in XML"},
};

struct counts {
    size_t held, outside, excepted, failed;
};

struct parsed {
    enum wd_status status;
    struct wd_story_batch batch;
    struct wd_error error;
};

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = malloc(1 << 20);
    *len = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return bytes;
}

/* "Header: Content-type: application/rss+xml; charset=..." in the file's first comment. */
static struct wd_slice header_of(struct wd_slice bytes)
{
    const char *at = memmem(bytes.data, bytes.len, "Content-type:", 13);
    if (!at)
        return WD_SLICE_NONE;
    struct wd_slice rest = wd_slice_from_offset(bytes, (size_t)(at - bytes.data) + 13);
    struct wd_slice line = WD_SLICE_NONE;
    (void)wd_text_next_line(&rest, &line);
    return wd_text_trim(line);
}

static struct parsed parse(struct wd_slice bytes, struct wd_provider *provider)
{
    struct parsed parsed;
    wd_story_batch_init(&parsed.batch, (size_t)1 << 28);
    wd_error_init(&parsed.error);
    struct wd_decode_input input = {
        .raw = bytes, .provider = provider, .content_type = header_of(bytes)};
    parsed.status =
        wd_decode_message(wd_decoder_find("feed"), &input, &parsed.batch, &parsed.error);
    return parsed;
}

static bool is_odd(const struct parsed *parsed)
{
    uint32_t odd = WD_FLAG_NOT_WELL_FORMED | WD_FLAG_CHARSET_DIFFERS | WD_FLAG_CHARACTERS_REPLACED |
                   WD_FLAG_CONTROL_BYTES;
    if (parsed->status != WD_OK)
        return true;
    return parsed->batch.count > 0 && (parsed->batch.stories[0]->flags & odd);
}

/* Body, summary and title as one line, as the expectation's markup reads. */
static bool same_text(struct wd_arena *arena, struct wd_slice got, struct wd_slice want)
{
    struct wd_slice plain = wd_decode_has_markup(want) ? wd_decode_html_line(arena, want) : want;
    return wd_slice_equal(wd_text_squeeze(arena, got), wd_text_squeeze(arena, plain));
}

static bool body_is(struct wd_story *story, struct wd_slice want)
{
    struct wd_buffer text;
    wd_buffer_init(&text);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        if (i)
            wd_buffer_append_byte(&text, ' ');
        wd_buffer_append_slice(&text, story->paragraphs[i]);
    }
    bool same = same_text(story->arena, wd_buffer_slice(&text), want);
    wd_buffer_finish(&text);
    return same;
}

static bool time_is(struct wd_time time, yyjson_val *want)
{
    char text[WD_TIME_TEXT_SIZE];
    char expected[32];
    if (!wd_time_known(time))
        return false;
    (void)wd_time_format(wd_time_from_ms(time.ms), text);
    int n[6];
    for (size_t i = 0; i < 6; i++)
        n[i] = (int)yyjson_get_int(yyjson_arr_get(want, i));
    (void)snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02dZ", n[0], n[1], n[2],
                   n[3], n[4], n[5]);
    return strcmp(text, expected) == 0;
}

static struct wd_time time_of(const struct wd_story *story, const char *field)
{
    if (strstr(field, "expired"))
        return story->expires;
    bool updated = strstr(field, "updated") != NULL;
    /* The library calls dc:date "updated". */
    return updated && wd_time_known(story->updated) ? story->updated : story->published;
}

static bool subject_is(const struct wd_story *story, const char *field, struct wd_slice want)
{
    size_t index = strstr(field, "[1].") ? 1 : 0;
    const struct wd_concept *concept = &story->subjects.items[index];
    if (story->subjects.count <= index)
        return false;
    if (strstr(field, "scheme"))
        return wd_slice_equal(concept->scheme, want);
    return wd_slice_equal(strstr(field, "label") ? concept->name : concept->code, want);
}

/* `field` without "entries[0].". */
static bool story_holds(struct wd_story *story, const char *field, yyjson_val *value)
{
    struct wd_slice want = {yyjson_get_str(value), yyjson_get_len(value)};
    if (strstr(field, "_parsed"))
        return time_is(time_of(story, field), value);
    if (strcmp(field, "published") == 0 || strcmp(field, "updated") == 0 ||
        strcmp(field, "created") == 0) {
        struct wd_time time = wd_time_parse(want, NULL);
        return time.ms == time_of(story, field).ms;
    }
    if (strncmp(field, "title", 5) == 0)
        return same_text(story->arena, story->headline, want);
    if (strcmp(field, "id") == 0 || strcmp(field, "guid") == 0)
        return wd_slice_equal(story->guid, want);
    if (strcmp(field, "link") == 0)
        return wd_slice_equal(story->url, want);
    if (strncmp(field, "tags", 4) == 0 || strcmp(field, "category") == 0)
        return subject_is(story, field, want);
    if (strncmp(field, "author", 6) == 0)
        return wd_slice_starts(want, story->byline) && story->byline.len > 0;
    if (strcmp(field, "content[0].language") == 0)
        return wd_slice_equal(story->language, want);
    /* Which of two texts is body and which summary is for us to say. */
    return body_is(story, want) || same_text(story->arena, story->summary, want);
}

static bool holds(struct parsed *parsed, const char *field, const char *op, yyjson_val *value)
{
    if (strcmp(op, "no-crash") == 0 || strcmp(op, "none-stated") == 0)
        return true;
    if (strcmp(field, "bozo") == 0) {
        bool empty = parsed->status == WD_EMPTY;
        return yyjson_get_bool(value) ? is_odd(parsed) : empty || !is_odd(parsed);
    }
    if (strncmp(field, "entries[", 8) != 0 || parsed->batch.count == 0)
        return false;
    return story_holds(parsed->batch.stories[0], field + strlen("entries[0]."), value);
}

static bool is_outside(const char *field, const char *op)
{
    for (size_t i = 0; i < sizeof(not_of_stories) / sizeof(not_of_stories[0]); i++) {
        if (strncmp(field, not_of_stories[i], strlen(not_of_stories[i])) == 0)
            return true;
    }
    return strcmp(op, "expression") == 0; /* of Python */
}

static bool is_excepted(const char *file)
{
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
        if (strstr(file, exceptions[i].file))
            return true;
    }
    return false;
}

static void check_line(char *line, struct wd_provider *provider, struct counts *counts)
{
    char *save = NULL;
    char *file = strtok_r(line, "\t", &save);
    char *field = strtok_r(NULL, "\t", &save);
    char *op = strtok_r(NULL, "\t\n", &save);
    char *json = strtok_r(NULL, "\n", &save);
    char path[512];
    size_t len = 0;
    (void)snprintf(path, sizeof(path), "%s%s", data_folder, file);
    char *bytes = read_file(path, &len);
    assert_non_null(bytes);
    struct parsed parsed = parse(wd_slice_make(bytes, len), provider);
    yyjson_doc *doc = json ? yyjson_read(json, strlen(json), 0) : NULL;
    if (is_outside(field, op)) {
        counts->outside++;
    } else if (holds(&parsed, field, op, yyjson_doc_get_root(doc))) {
        counts->held++;
    } else if (is_excepted(file)) {
        counts->excepted++;
    } else {
        counts->failed++;
        print_message("%s: %s %s %s (%s: %s)\n", file, field, op, json ? json : "",
                      wd_status_name(parsed.status), parsed.error.text);
    }
    yyjson_doc_free(doc);
    wd_story_batch_finish(&parsed.batch);
    free(bytes);
}

static void expectations(void **state)
{
    (void)state;
    FILE *file = NULL;
    for (size_t i = 0; i < 2 && !file; i++) {
        char path[512];
        data_folder = folders[i];
        (void)snprintf(path, sizeof(path), "%sexpect.tsv", data_folder);
        file = fopen(path, "r");
    }
    if (!file) {
        print_message("skip: %s is not here\n", folders[0]);
        data_absent = true;
        return;
    }
    char name[] = "test";
    struct wd_provider provider = {.name = name};
    struct counts counts = {0};
    char line[4096];
    assert_non_null(fgets(line, sizeof(line), file)); /* the heads */
    while (fgets(line, sizeof(line), file))
        check_line(line, &provider, &counts);
    (void)fclose(file);
    print_message("%zu held, %zu not about stories, %zu excepted with a reason, %zu failed\n",
                  counts.held, counts.outside, counts.excepted, counts.failed);
    assert_int_equal(counts.failed, 0);
    assert_true(counts.held >= 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(expectations)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed == 0 && data_absent ? 77 : failed; /* ctest: skipped */
}
