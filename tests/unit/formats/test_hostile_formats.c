/* Bad input for every format: each golden sample cut at every byte, every byte of it replaced, two of them in one
 * record, and large inputs. Each ends as a story (with a flag where something is missing) or as a fault that says
 * what and where; and memory stays within twenty times the input. */
#include "test.h"

#include "decoder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 16, LARGE_BYTES = 1 << 20, MEMORY_FACTOR = 20, SAMPLES_MAX = 128 };

struct sample {
    char *bytes;
    size_t len;
    char name[256];
};
static struct sample samples[SAMPLES_MAX];
static size_t sample_count;
static struct wd_story_batch batch;
static struct wd_zone *zone;

static void load_folder(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry && sample_count < SAMPLES_MAX;
         entry = readdir(folder)) {
        char name[1024];
        (void)snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(name, "rb");
        if (!file)
            continue;
        struct sample *sample = &samples[sample_count++];
        sample->bytes = malloc(FILE_BYTES_MAX);
        sample->len = fread(sample->bytes, 1, FILE_BYTES_MAX, file);
        (void)snprintf(sample->name, sizeof(sample->name), "%s", entry->d_name);
        (void)fclose(file);
    }
    (void)closedir(folder);
}

static int load(void **state)
{
    static const char *const cases[] = {"anpa",
                                        "anpa_leads_and_parts",
                                        "anpa_kill",
                                        "anpa_table",
                                        "anpa_bytes",
                                        "anpa_orders",
                                        "anpa_reuters_variant",
                                        "anpa_headlines_only",
                                        "iptc7901",
                                        "iptc7901_orders",
                                        "iptc7901_copy",
                                        "rss2",
                                        "rss1",
                                        "atom1",
                                        "atom03",
                                        "ap_item",
                                        "ap_page",
                                        "html_page",
                                        "telex_zczc"};
    struct wd_error error;
    (void)state;
    wd_story_batch_init(&batch, (size_t)1 << 30);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char path[512];
        (void)snprintf(path, sizeof(path), WD_SOURCE_DIR "/tests/golden/formats/%s/input",
                       cases[i]);
        load_folder(path);
    }
    return wd_zone_open("UTC", &zone, &error) == WD_OK && sample_count > 20 ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; i < sample_count; i++)
        free(samples[i].bytes);
    wd_story_batch_finish(&batch);
    wd_zone_destroy(zone);
    return 0;
}

/* Valid UTF-8 without control bytes: a NUL would end the record for the next one in line. */
static bool is_text(struct wd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] < ' ' && !strchr("\n\t\r\f\v", text.data[i]))
            return false;
        if (text.data[i] == 0)
            return false;
    }
    return wd_utf8_valid(text, NULL) && (text.len == 0 || text.data);
}

/* Copied to exactly its size, so that overreads are seen. A fault has a reason, a story has valid text. */
static enum wd_status decode(const char *bytes, size_t len, struct wd_error *error)
{
    char name[] = "test";
    struct wd_provider provider = {.name = name, .zone = zone};
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    struct wd_decode_input input = {.raw = {copy, len}, .provider = &provider, .extra = true};
    wd_story_batch_clear(&batch);
    wd_error_init(error);
    enum wd_status status = wd_decode_message(NULL, &input, &batch, error);
    assert_true(status == WD_OK ? batch.count > 0 : error->text[0] != '\0');
    for (size_t i = 0; status == WD_OK && i < batch.count; i++) {
        const struct wd_story *story = batch.stories[i];
        if (!is_text(story->headline) || !is_text(story->byline) || !is_text(story->slug))
            print_message("%.*s: %.*s | %.*s | %.*s\n", WD_SLICE_ARG(story->provenance.format),
                          WD_SLICE_ARG(story->headline), WD_SLICE_ARG(story->byline),
                          WD_SLICE_ARG(story->slug));
        assert_int_equal(story->provenance.index, i);
        assert_true(is_text(story->headline) && is_text(story->byline) && is_text(story->slug));
        assert_true(is_text(story->editors_note) && is_text(story->transmission));
        assert_true(is_text(story->dateline) && is_text(story->credit) && is_text(story->summary));
        for (size_t j = 0; j < story->extra_count; j++)
            assert_true(is_text(story->extras[j].value));
        for (size_t j = 0; j < story->paragraph_count; j++)
            assert_true(is_text(story->paragraphs[j]) && story->paragraphs[j].len > 0);
    }
    wd_story_batch_clear(&batch);
    free(copy);
    return status;
}

static void cut_at_every_byte(void **state)
{
    struct wd_error error;
    (void)state;
    for (size_t i = 0; i < sample_count; i++) {
        for (size_t len = 0; len < samples[i].len; len++)
            (void)decode(samples[i].bytes, len, &error);
        assert_true(decode(samples[i].bytes, samples[i].len, &error) == WD_OK ||
                    error.text[0] != '\0');
    }
}

/* In the middle: a NUL, a control byte of the format, markup, a byte that is no UTF-8. */
static void one_byte_wrong(void **state)
{
    static const char wrong[] = {0, 1, 3, 4, 8, 9, '<', '^', '\n', (char)0x85, (char)0xFF};
    struct wd_error error;
    (void)state;
    for (size_t i = 0; i < sample_count; i++) {
        for (size_t at = 0; at < samples[i].len; at++) {
            char before = samples[i].bytes[at];
            samples[i].bytes[at] = wrong[at % sizeof(wrong)];
            (void)decode(samples[i].bytes, samples[i].len, &error);
            samples[i].bytes[at] = before;
        }
    }
}

static bool same_kind(const char *one, const char *other)
{
    const char *a = strrchr(one, '.');
    const char *b = strrchr(other, '.');
    return a && b && strcmp(a, b) == 0;
}

/* Two formats in one record: never one story that swallows the other. Telexes of one format are two stories. */
static void two_in_one_record(void **state)
{
    struct wd_error error;
    (void)state;
    for (size_t i = 0; i < sample_count; i++) {
        for (size_t j = 0; j < sample_count; j += 3) {
            size_t len = samples[i].len + samples[j].len;
            char *both = malloc(len);
            memcpy(both, samples[i].bytes, samples[i].len);
            memcpy(both + samples[i].len, samples[j].bytes, samples[j].len);
            enum wd_status status = decode(both, len, &error);
            bool telex = strstr(samples[i].name, ".anpa") || strstr(samples[i].name, ".7901");
            if (telex && !same_kind(samples[i].name, samples[j].name) &&
                !strstr(samples[i].name, ".txt"))
                assert_int_not_equal(status, WD_OK);
            free(both);
        }
    }
}

/* What a batch holds after decoding, in bytes. */
static size_t held(void)
{
    size_t bytes = batch.arena ? wd_arena_held(batch.arena) : 0;
    bytes += batch.count * sizeof(struct wd_story);
    return bytes;
}

static void check_large(const char *begin, const char *repeat, const char *end)
{
    char name[] = "test";
    struct wd_provider provider = {.name = name, .zone = zone};
    struct wd_buffer bytes;
    struct wd_error error;
    wd_error_init(&error);
    wd_buffer_init(&bytes);
    wd_buffer_append_slice(&bytes, wd_slice_from(begin));
    while (bytes.len < LARGE_BYTES)
        wd_buffer_append_slice(&bytes, wd_slice_from(repeat));
    wd_buffer_append_slice(&bytes, wd_slice_from(end));
    struct wd_decode_input input = {.raw = wd_buffer_slice(&bytes), .provider = &provider};
    struct wd_story_batch fresh;
    wd_story_batch_init(&fresh, (size_t)1 << 30);
    struct wd_story_batch kept = batch;
    enum wd_status status = wd_decode_message(NULL, &input, &fresh, &error);
    batch = fresh;
    size_t bytes_held = held();
    batch = kept;
    if (bytes_held > MEMORY_FACTOR * bytes.len)
        print_message("%.40s x %.30s: %zu bytes for %zu (%s: %s)\n", begin, repeat, bytes_held,
                      bytes.len, wd_status_name(status), error.text);
    assert_true(bytes_held <= MEMORY_FACTOR * bytes.len);
    wd_story_batch_finish(&fresh);
    wd_buffer_finish(&bytes);
}

#define ANPA_HEAD                                                                                  \
    "\x16\x16\x01W1234\x1F"                                                                        \
    "a\r\nr a\x13\x11 BC-XX--Bridge   03-07 0412\r\n\x02"
#define IPTC_HEAD "\x01xca0123 3 i 180\r\n\nSeatown/\r\n\x02"
#define RSS_HEAD "<rss version=\"2.0\"><channel>"

static void large_inputs(void **state)
{
    static const struct {
        const char *begin, *repeat, *end;
    } inputs[] = {
        {ANPA_HEAD "^BC-XX--Bridge<\r\n", "\t   a\r\n", "\x03"},
        {ANPA_HEAD "^BC-XX--Bridge<\r\n", "^Eds: a<\r\n", "\x03"},
        {ANPA_HEAD "^BC-XX--Bridge<\r\n",
         "\x08"
         "a;b<\r\n",
         "\x03"},
        {ANPA_HEAD, "^a<", "\x03"},
        {"", ANPA_HEAD "^BC-XX--Bridge<\r\n^H<\r\n\t   text\r\n\x03\x04", ""},
        {"", "\x01W1234\x1F", ""},
        {IPTC_HEAD "headline =\r\n\n", "a\r\n\n", "\x03"},
        {IPTC_HEAD "headline =\r\n\n", "a  b   c\r\n", "\x03"},
        {IPTC_HEAD, "1ST LEAD\n", "\x03"},
        {"", IPTC_HEAD "headline =\r\n\nCopy.\r\n\x03\x04", ""},
        {"", "\x01xca0123 3 i 180\r\n", ""},
        {RSS_HEAD, "<item/>", "</channel></rss>"},
        {RSS_HEAD, "<item><title>a</title></item>", "</channel></rss>"},
        {RSS_HEAD,
         "<item><guid>1</guid><title>a</title><description>&lt;p&gt;copy</description></item>",
         "</channel></rss>"},
        {RSS_HEAD "<item><title>a</title>", "<category>a</category>", "</item></channel></rss>"},
        {RSS_HEAD "<item><title>a</title><description>", "&lt;p&gt;",
         "</description></item></channel></rss>"},
        {RSS_HEAD "<item xml:base=\"http://a/\"><link>", "../", "</link></item></channel></rss>"},
        {"{\"data\":{\"items\":[", "{\"item\":{\"altids\":{\"etag\":\"a\"}}},", "{}]}}"},
        {"<!doctype html><html><head>", "<meta property=\"og:type\" content=\"article\">",
         "</head></html>"},
        {"<!doctype html><html><body><article itemtype=\"http://schema.org/NewsArticle\">", "<p>a",
         ""},
        {"<!doctype html><html><body itemtype=\"http://schema.org/NewsArticle\">", "<article>", ""},
        {"<!doctype html><html><body itemtype=\"http://schema.org/NewsArticle\">",
         "<b itemprop=\"headline\">a", ""},
        {"ZCZC a\nHEADLINE IS HERE\n\n", "A\n\n", "NNNN"},
        {"", "ZCZC a\nHEADLINE IS HERE\n\nCOPY.\nNNNN\n", ""},
        {"Headline of it\n\n", "a\n\n", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
        check_large(inputs[i].begin, inputs[i].repeat, inputs[i].end);
}

/* A hundred thousand items that have something in them come through, or a reason does. */
static void feed_of_100000_items(void **state)
{
    struct wd_buffer bytes;
    struct wd_error error;
    (void)state;
    wd_buffer_init(&bytes);
    wd_buffer_append_slice(&bytes, WD_SLICE(RSS_HEAD));
    for (int i = 0; i < 100000; i++)
        wd_buffer_printf(
            &bytes,
            "<item><guid>urn:example:%d</guid><title>Ferry number %d stops for a week</title>"
            "<description>The ferry stops, the county said.</description></item>",
            i, i);
    wd_buffer_append_slice(&bytes, WD_SLICE("</channel></rss>"));
    enum wd_status status = decode(bytes.data, bytes.len, &error);
    assert_true(status == WD_OK || status == WD_TOO_LARGE);
    wd_buffer_finish(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_every_byte), cmocka_unit_test(one_byte_wrong),
        cmocka_unit_test(two_in_one_record), cmocka_unit_test(large_inputs),
        cmocka_unit_test(feed_of_100000_items)};
    return cmocka_run_group_tests(tests, load, unload);
}
