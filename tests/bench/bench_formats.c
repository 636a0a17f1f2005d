/* How fast each format is decoded on one core, and how long the worst inputs of 1 MiB take: JSON on standard
 * output.
 *   bench_formats [--quick]
 * CPU time; the best of several rounds. */
#include "decoder.h"
#include "hostile_inputs.h"
#include "wd_assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9, MESSAGES = 256, LARGE_BYTES = 1 << 20, COPY_BYTES = 3000 };

static struct wd_provider provider;
static struct wd_story_batch batch;

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void decode(const struct wd_decoder *decoder, struct wd_slice raw, enum wd_status want)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_decode_input input = {.raw = raw, .provider = &provider};
    enum wd_status status = wd_decode_message(decoder, &input, &batch, &error);
    WD_ASSERT(want == WD_STATUS_COUNT || status == want);
    wd_story_batch_clear(&batch);
}

/* What stands before the copy, around each line of it, and behind it. */
struct shape {
    const char *name, *begin, *line_begin, *line_end, *end;
    unsigned wrap; /* a line end within the copy after so many sentences; 0: none */
};

static const char sentence[] =
    "The harbour bridge was closed on Thursday after a crane struck a pier, ";
static const char foreign[] =
    "B\xFCrgermeister Ren\xE9 said it would stay shut until Monday or later.";

static const struct shape shapes[] = {
    {"anpa",
     "\x16\x16\x01W1234\x1F"
     "asian\r\nr a\x13\x11 BC-XX--HarbourBridgeClos 1stLd-Writethru   03-07 "
     "0412\r\n\x02^BC-XX--Harbour Bridge Closure, 1st Ld-Writethru,265<\r\n^Harbour bridge "
     "shut<\r\n"
     "^Eds: UPDATES with police comment.<\r\n^By JANE DOE=\r\n^Example Press=\r\n",
     "\t   ", "\r\n",
     "\r\n\t   \x03"
     "AP-WF-03-08-24 0112GMT<\r\n\r\n\x0C\r\n\x04",
     1},
    {"iptc7901",
     "\x01xca0123 3 i 180  exa 0045\r\n\nSeatown/bridge/\r\n\x02"
     "1ST LEAD\nHarbour bridge shut\nBy "
     "Jane Doe, exa =\r\n\n",
     "", "\r\n\n",
     "exa jd\r\n\x03"
     "070112 GMT Maerz 24\r\n\x7F\n\x7F\x04",
     1},
    {"feed",
     "<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss "
     "version=\"2.0\"><channel><title>Gazette</title>"
     "<item><guid>urn:example:1</guid><title>Harbour bridge shut</title><pubDate>Thu, 07 Mar 2024 "
     "10:00:00 "
     "GMT</pubDate><description>",
     "&lt;p&gt;", "&lt;/p&gt;\n", "</description></item></channel></rss>", 0},
    {"page",
     "<!doctype html><html><head><meta charset=\"windows-1252\"><meta property=\"og:type\" "
     "content=\"article\"><meta property=\"og:title\" content=\"Harbour bridge "
     "shut\"></head><body><article>",
     "<p>", "</p>\n", "</article></body></html>", 0},
    {"ap",
     "{\"data\":{\"item\":{\"altids\":{\"itemid\":\"a\",\"etag\":\"a_1\"},\"version\":1,"
     "\"pubstatus\":"
     "\"usable\",\"headline\":\"Harbour bridge shut\",\"body_text\":\"",
     "", "\\n\\n", "\"}}}", 0},
    {"text", "Harbour bridge shut\nPublished: March 7, 2024 10:00AM\n\n", "", "\n\n", "", 0},
};

static void make(const struct shape *shape, struct wd_buffer *out)
{
    wd_buffer_append_slice(out, wd_slice_from(shape->begin));
    bool bytes = strcmp(shape->name, "ap") != 0 && strcmp(shape->name, "text") != 0;
    while (out->len < COPY_BYTES) {
        wd_buffer_append_slice(out, wd_slice_from(shape->line_begin));
        for (unsigned i = 0; i < 4; i++) {
            wd_buffer_append_slice(out, wd_slice_from(sentence));
            if (shape->wrap)
                wd_buffer_append_slice(out, WD_SLICE("\r\n"));
        }
        wd_buffer_append_slice(out, wd_slice_from(bytes ? foreign : sentence));
        wd_buffer_append_slice(out, wd_slice_from(shape->line_end));
    }
    wd_buffer_append_slice(out, wd_slice_from(shape->end));
}

static void bench_shape(const struct shape *shape, int rounds)
{
    struct wd_buffer one;
    wd_buffer_init(&one);
    make(shape, &one);
    const struct wd_decoder *decoder = wd_decoder_sniff(wd_buffer_slice(&one));
    WD_ASSERT(decoder && strcmp(decoder->name, shape->name) == 0);
    double best = 1e9;
    for (int round = 0; round < rounds; round++) {
        double begin = seconds();
        for (int i = 0; i < MESSAGES; i++)
            decode(NULL, wd_buffer_slice(&one), WD_OK);
        double took = seconds() - begin;
        best = took < best ? took : best;
    }
    (void)printf("  {\"bench\": \"format\", \"format\": \"%s\", \"message_bytes\": %zu, "
                 "\"megabytes_per_s\": %.0f},\n",
                 shape->name, one.len, (double)one.len * MESSAGES / best / 1e6);
    wd_buffer_finish(&one);
}

static void bench_worst(bool quick)
{
    double most = 0;
    for (size_t i = 0; i < HOSTILE_INPUTS; i++) {
        struct wd_buffer bytes;
        wd_buffer_init(&bytes);
        hostile_write(&bytes, &hostile_inputs[i], quick ? LARGE_BYTES / 16 : LARGE_BYTES);
        const struct wd_decoder *decoder =
            hostile_decoder(&hostile_inputs[i], wd_buffer_slice(&bytes));
        double best = 1e9;
        for (int round = 0; round < 3; round++) {
            double begin = seconds();
            decode(decoder, wd_buffer_slice(&bytes), WD_STATUS_COUNT);
            double took = seconds() - begin;
            best = took < best ? took : best;
        }
        most = best > most ? best : most;
        (void)printf("  {\"bench\": \"worst\", \"input\": \"%s\", \"bytes\": %zu, \"ms\": %.1f},\n",
                     hostile_inputs[i].name, bytes.len, best * 1e3);
        wd_buffer_finish(&bytes);
    }
    (void)printf("  {\"bench\": \"worst_of_all\", \"ms\": %.1f}\n", most * 1e3);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    static char name[] = "bench";
    struct wd_error error;
    wd_error_init(&error);
    provider.name = name;
    WD_ASSERT(wd_zone_open("UTC", &provider.zone, &error) == WD_OK);
    wd_story_batch_init(&batch, (size_t)1 << 30);
    (void)printf("[\n");
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        bench_shape(&shapes[i], quick ? 1 : ROUNDS);
    bench_worst(quick);
    (void)printf("]\n");
    wd_story_batch_finish(&batch);
    wd_zone_destroy(provider.zone);
    return 0;
}
