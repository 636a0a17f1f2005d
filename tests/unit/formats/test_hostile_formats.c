/* Bad input for every format: each golden sample cut at every byte, every byte of it replaced, two of them in one
 * record, and large inputs. Each ends as a story (with a flag where something is missing) or as a fault that says
 * what and where; and memory stays within twenty times the input. */
#include "test.h"

#include "decoder.h"
#include "hostile_inputs.h"
#include "memory_meter.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { EXACT = 0 }; /* the sanitizers' own memory and time */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { EXACT = 0 };
#else
enum { EXACT = 1 };
#endif
#else
enum { EXACT = 1 };
#endif
#ifdef NDEBUG
enum { MS_MAX = 150 }; /* the limit is 50 on a quiet machine: bench_formats */
#else
enum { MS_MAX = 60000 };
#endif

static double cpu_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Decodes the input made large; the time is the best of two. */
static double decode_hostile(const struct hostile_input *input, size_t len, size_t *peak)
{
    char name[] = "test";
    struct wd_provider provider = {.name = name, .zone = zone};
    struct wd_buffer bytes;
    double best = 1e9;
    wd_buffer_init(&bytes);
    hostile_write(&bytes, input, len);
    for (int round = 0; round < 2; round++) {
        struct wd_error error;
        struct wd_story_batch fresh;
        struct wd_decode_input message = {.raw = wd_buffer_slice(&bytes), .provider = &provider};
        wd_error_init(&error);
        memory_meter_start();
        double begin = cpu_ms();
        wd_story_batch_init(&fresh, (size_t)1 << 30);
        enum wd_status status =
            wd_decode_message(hostile_decoder(input, message.raw), &message, &fresh, &error);
        double took = cpu_ms() - begin;
        best = took < best ? took : best;
        *peak = memory_meter_peak();
        assert_true(status == WD_OK ? fresh.count > 0 : error.text[0] != '\0');
        wd_story_batch_finish(&fresh);
    }
    wd_buffer_finish(&bytes);
    return best;
}

/* Twenty times the input in memory; four times the input in less than nine times the time: what grows faster than its input
 * does not stay below that. */
static void hostile(void **state)
{
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < HOSTILE_INPUTS; i++) {
        size_t peak = 0;
        double quarter = decode_hostile(&hostile_inputs[i], LARGE_BYTES / 4, &peak);
        if (!EXACT)
            continue;
        double whole = decode_hostile(&hostile_inputs[i], LARGE_BYTES, &peak);
        bool slow = whole > MS_MAX || (whole > 20 && whole > quarter * 9);
        if (peak <= (size_t)MEMORY_FACTOR * LARGE_BYTES && !slow)
            continue;
        failed++;
        print_message("%s: %.1f times its size, %.1f ms for a quarter, %.1f for all of it\n",
                      hostile_inputs[i].name, (double)peak / LARGE_BYTES, quarter, whole);
    }
    assert_int_equal(failed, 0);
}

/* A feed of so many items; `reason` gets what is said when it is refused. */
static enum wd_status decode_items(const char *item, size_t count, char reason[WD_ERROR_TEXT_SIZE])
{
    char name[] = "test";
    struct wd_provider provider = {.name = name, .zone = zone};
    struct wd_buffer bytes;
    struct wd_error error;
    wd_error_init(&error);
    wd_buffer_init(&bytes);
    wd_buffer_append_slice(&bytes, WD_SLICE("<rss version=\"2.0\"><channel>"));
    for (size_t i = 0; i < count; i++)
        wd_buffer_printf(&bytes, "<item><guid>urn:example:%zu</guid>%s</item>", i, item);
    wd_buffer_append_slice(&bytes, WD_SLICE("</channel></rss>"));
    struct wd_decode_input input = {.raw = wd_buffer_slice(&bytes), .provider = &provider};
    struct wd_story_batch fresh;
    memory_meter_start();
    double begin = cpu_ms();
    wd_story_batch_init(&fresh, (size_t)1 << 30);
    enum wd_status status = wd_decode_message(NULL, &input, &fresh, &error);
    double took = cpu_ms() - begin;
    if (status == WD_OK)
        assert_int_equal(fresh.count, count);
    size_t counted = bytes.len > LARGE_BYTES ? bytes.len : LARGE_BYTES;
    if (EXACT) {
        assert_true(memory_meter_peak() <= MEMORY_FACTOR * counted);
        assert_true(took <= MS_MAX * ((double)counted / LARGE_BYTES));
    }
    wd_story_batch_finish(&fresh);
    wd_buffer_finish(&bytes);
    (void)snprintf(reason, WD_ERROR_TEXT_SIZE, "%s", error.text);
    return status;
}

/* A hundred thousand items with a sentence each come through, all of them. So many that say next to nothing would be
 * thirty times as large as stories: refused, whole, with the reason and what to do; in messages of three thousand they
 * come through. */
static void feed_of_100000_items(void **state)
{
    static const char sentence[] = "<title>Ferry stops for a week</title><description>The ferry "
                                   "stops, the county said.</description>";
    static const char next_to_nothing[] = "<title>T</title>";
    char reason[WD_ERROR_TEXT_SIZE];
    (void)state;
    assert_int_equal(decode_items(sentence, 100000, reason), WD_OK);
    assert_int_equal(decode_items(sentence, 100001, reason), WD_TOO_LARGE);
    assert_string_equal(reason, "RSS or Atom: more than 100000 stories in one message; send them "
                                "in several");
    assert_int_equal(decode_items(next_to_nothing, 100000, reason), WD_TOO_LARGE);
    assert_non_null(strstr(reason, "RSS or Atom: story "));
    assert_non_null(strstr(reason, " of a message of 5888934 bytes needs more memory than it may "
                                   "have (16 times its size, at least 8 MiB): stories that say "
                                   "next to nothing; send them in several messages"));
    assert_int_equal(decode_items(next_to_nothing, 3000, reason), WD_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_every_byte), cmocka_unit_test(one_byte_wrong),
        cmocka_unit_test(two_in_one_record), cmocka_unit_test(hostile),
        cmocka_unit_test(feed_of_100000_items)};
    memory_meter_install();
    return cmocka_run_group_tests(tests, load, unload);
}
