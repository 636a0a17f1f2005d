/* Decoders against the parsers that they stand on, as ratios within one run: JSON on standard output.
 *   bench_readers [--quick]
 * XML formats against libxml2's own reader (xmlTextReader, every node visited), JSON against yyjson's own
 * reading, on the same bytes; sides alternate, each side's best round counts. A ratio of 0.8 or more is "within 25%". */
#include "config.h"
#include "decoder.h"
#include "wd_assert.h"
#include "xml_document.h"

#include <libxml/xmlreader.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <yyjson.h>

enum { ROUNDS = 15, REPEATS = 400, STORY_BYTES = 8000 };

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double best(double one, double other)
{
    return one < other ? one : other;
}

/* Copy as wires send it: paragraphs of some sentences, some typography, some names. */
static void append_copy(struct wd_buffer *out, const char *begin, const char *end, bool names)
{
    size_t first = out->len;
    for (int i = 0; out->len - first < STORY_BYTES; i++) {
        wd_buffer_printf(
            out,
            "%sThe harbour bridge at Seatown was closed on Thursday after a crane struck pier %d, "
            "%sthe harbour authority%s said. Some 2,400 cars use it each day. \xE2\x80\x9CIt will "
            "take a week\xE2\x80\x9D, an engineer said, \xE2\x80\x9Cif the weather "
            "holds.\xE2\x80\x9D "
            "Ferries run every twenty minutes until the inspection is over.%s",
            begin, i, names ? "<org>" : "", names ? "</org>" : "", end);
    }
}

static void make_nitf(struct wd_buffer *out)
{
    wd_buffer_printf(out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<nitf baselang=\"en\">\n  "
                     "<head>\n    <title>Bridge"
                     "</title>\n    <tobject><tobject.subject "
                     "tobject.subject.refnum=\"03000000\"/></tobject>\n    "
                     "<docdata>\n      <doc-id id-string=\"EP-1\"/>\n      <urgency "
                     "ed-urg=\"3\"/>\n      <date.issue "
                     "norm=\"20240301T100000Z\"/>\n      <du-key key=\"bridge\" version=\"1\"/>\n  "
                     "  </docdata>\n  "
                     "</head>\n  <body>\n    <body.head>\n      <hedline><hl1>Harbour bridge "
                     "shut</hl1></hedline>\n      "
                     "<byline>By Odile Farrow</byline>\n    </body.head>\n    <body.content>\n");
    append_copy(out, "      <p>", "</p>\n", true);
    wd_buffer_printf(out, "    </body.content>\n  </body>\n</nitf>\n");
}

static void make_g2(struct wd_buffer *out)
{
    wd_buffer_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<newsItem "
        "xmlns=\"http://iptc.org/std/nar/2006-10-01/\" "
        "guid=\"tag:example.org,2024:1\" version=\"3\" xml:lang=\"en\">\n  <itemMeta>\n    "
        "<itemClass "
        "qcode=\"ninat:text\"/>\n    <provider literal=\"EP\"/>\n    "
        "<versionCreated>2024-03-01T11:59:00Z"
        "</versionCreated>\n    <firstCreated>2024-03-01T10:00:00Z</firstCreated>\n    <pubStatus "
        "qcode=\"stat:usable\"/>\n    <signal qcode=\"sig:update\"/>\n  </itemMeta>\n  "
        "<contentMeta>\n    <urgency>4"
        "</urgency>\n    <subject qcode=\"medtop:03000000\"><name>disaster</name></subject>\n    "
        "<slugline>Bridge"
        "</slugline>\n    <headline>Harbour bridge shut</headline>\n  </contentMeta>\n  "
        "<contentSet>\n    <inlineXML "
        "contenttype=\"application/nitf+xml\"><nitf "
        "xmlns=\"http://iptc.org/std/NITF/2006-10-18/\"><body>"
        "<body.content>\n");
    append_copy(out, "<p>", "</p>\n", true);
    wd_buffer_printf(out,
                     "</body.content></body></nitf></inlineXML>\n  </contentSet>\n</newsItem>\n");
}

static void make_newsml1(struct wd_buffer *out)
{
    wd_buffer_printf(
        out, "<?xml version=\"1.0\"?>\n<NewsML "
             "Version=\"1.2\"><NewsEnvelope><DateAndTime>20240301T110000Z</DateAndTime>"
             "</NewsEnvelope><NewsItem "
             "xml:lang=\"en\"><Identification><NewsIdentifier><ProviderId>example.org"
             "</ProviderId><DateId>20240301</DateId><NewsItemId>B1</NewsItemId><RevisionId "
             "PreviousRevision=\"0\" "
             "Update=\"N\">1</RevisionId><PublicIdentifier>urn:newsml:example.org:20240301:B1:1</"
             "PublicIdentifier>"
             "</NewsIdentifier></Identification><NewsManagement><NewsItemType "
             "FormalName=\"News\"/><FirstCreated>"
             "20240301T100000Z</FirstCreated><ThisRevisionCreated>20240301T110000Z</"
             "ThisRevisionCreated><Status "
             "FormalName=\"Usable\"/></NewsManagement><NewsComponent><NewsLines><HeadLine>Harbour "
             "bridge shut</HeadLine>"
             "</NewsLines><DescriptiveMetadata><Language FormalName=\"en\"/><SubjectCode><Subject "
             "FormalName=\"03000000\"/></SubjectCode></DescriptiveMetadata><ContentItem><MediaType "
             "FormalName=\"Text\"/>"
             "<DataContent><nitf><body><body.content>");
    append_copy(out, "<p>", "</p>", false);
    wd_buffer_printf(
        out, "</body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem>"
             "</NewsML>");
}

static void make_ninjs(struct wd_buffer *out)
{
    wd_buffer_printf(
        out,
        "{\"uri\":\"tag:example.org,2024:1\",\"standard\":{\"name\":\"ninjs\",\"version\":\"3.1\"},"
        "\"type\":\"text\",\"version\":\"1\",\"firstCreated\":\"2024-03-01T10:00:00Z\","
        "\"versionCreated\":\"2024-03-01T11:59:00Z\",\"pubStatus\":\"usable\",\"urgency\":4,"
        "\"language\":\"en\",\"headlines\":[{\"value\":\"Harbour bridge shut\"}],\"subjects\":[{"
        "\"name\":\"disaster\",\"uri\":\"http://cv.iptc.org/newscodes/mediatopic/03000000\"}],"
        "\"bodies\":[{\"contentType\":\"text/plain\",\"value\":\"");
    append_copy(out, "", "\\n\\n", false);
    wd_buffer_printf(out, "\"}]}");
}

static void read_xml(struct wd_slice bytes)
{
    xmlTextReader *reader =
        xmlReaderForMemory(bytes.data, (int)bytes.len, NULL, NULL, XML_PARSE_NONET);
    int more = xmlTextReaderRead(reader);
    while (more == 1)
        more = xmlTextReaderRead(reader);
    WD_ASSERT(more == 0);
    xmlFreeTextReader(reader);
}

static void read_json(struct wd_slice bytes)
{
    yyjson_doc *document = yyjson_read(bytes.data, bytes.len, 0);
    WD_ASSERT(document);
    yyjson_doc_free(document);
}

static const struct {
    const char *format;
    void (*make)(struct wd_buffer *out);
    void (*read)(struct wd_slice bytes); /* what it is measured against; NULL: nothing */
    const char *reader;
} formats[] = {
    {"nitf", make_nitf, read_xml, "xmlTextReader"},
    {"newsml-g2", make_g2, read_xml, "xmlTextReader"},
    {"newsml1", make_newsml1, read_xml, "xmlTextReader"},
    {"ninjs", make_ninjs, read_json, "yyjson"},
};
enum { FORMAT_COUNT = sizeof(formats) / sizeof(formats[0]) };

static void decode(const struct wd_decoder *decoder, struct wd_slice bytes,
                   const struct wd_provider *provider, struct wd_story_batch *batch)
{
    struct wd_error error;
    wd_error_init(&error);
    struct wd_decode_input input = {.raw = bytes, .provider = provider};
    wd_story_batch_clear(batch);
    WD_ASSERT(wd_decode_message(decoder, &input, batch, &error) == WD_OK);
}

static void bench(size_t index, const struct wd_provider *provider, bool quick)
{
    struct wd_buffer bytes;
    struct wd_story_batch batch;
    const struct wd_decoder *decoder = wd_decoder_find(formats[index].format);
    int repeats = quick ? 1 : REPEATS;
    double reading = 1e9;
    double decoding = 1e9;
    wd_buffer_init(&bytes);
    wd_story_batch_init(&batch, 64 << 20);
    formats[index].make(&bytes);
    struct wd_slice message = wd_buffer_slice(&bytes);
    for (int round = 0; round < (quick ? 1 : ROUNDS); round++) {
        double begin = seconds();
        for (int i = 0; i < repeats && formats[index].read; i++)
            formats[index].read(message);
        double middle = seconds();
        for (int i = 0; i < repeats; i++)
            decode(decoder, message, provider, &batch);
        reading = best(reading, middle - begin);
        decoding = best(decoding, seconds() - middle);
    }
    double megabytes = (double)message.len * repeats / 1e6;
    (void)printf(
        "  {\"bench\": \"reader\", \"format\": \"%s\", \"story_bytes\": %zu, \"decode_mb_s\": %.0f",
        formats[index].format, message.len, megabytes / decoding);
    if (formats[index].read)
        (void)printf(", \"reader\": \"%s\", \"reader_mb_s\": %.0f, \"ratio\": %.2f",
                     formats[index].reader, megabytes / reading, reading / decoding);
    (void)printf("}%s\n", index + 1 < FORMAT_COUNT ? "," : "");
    wd_story_batch_finish(&batch);
    wd_buffer_finish(&bytes);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    struct wd_error error;
    struct wd_provider provider = {.name = "bench", .zone_name = "UTC", .future_skew_ms = 3600000};
    wd_error_init(&error);
    wd_xml_setup();
    WD_ASSERT(wd_zone_open("UTC", &provider.zone, &error) == WD_OK);
    (void)printf("[\n");
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        bench(i, &provider, quick);
    (void)printf("]\n");
    wd_zone_destroy(provider.zone);
    return 0;
}
