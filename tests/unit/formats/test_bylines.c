/* Who wrote it, in every format: a name, without the word before it. All of invented people. */
#include "decoder.h"
#include "test.h"

#include "times.h"

#include <stdio.h>

static struct wd_provider provider = {.name = "post", .future_skew_ms = INT64_MAX};
static struct wd_story_batch batch;

static struct wd_slice byline_of(const char *format, const char *message)
{
    struct wd_decode_input input = {.raw = wd_slice_from(message), .provider = &provider};
    struct wd_error error;
    wd_error_init(&error);
    wd_story_batch_clear(&batch);
    if (wd_decode_message(wd_decoder_find(format), &input, &batch, &error) != WD_OK)
        fail_msg("%s: %s", format, error.text);
    assert_int_equal(batch.count, 1);
    return batch.stories[0]->byline;
}

/* What a field of its own says, in the formats that have one. */
static void assert_field(const char *said, const char *language, const char *expected)
{
    static const struct {
        const char *format, *message;
    } formats[] = {
        {"nitf", "<nitf><body xml:lang='%s'><body.head><hedline><hl1>H</hl1></hedline>"
                 "<byline>%s</byline></body.head></body></nitf>"},
        {"newsml1",
         "<NewsML><NewsItem xml:lang='%s'><Identification><NewsIdentifier><ProviderId>e</"
         "ProviderId><DateId>20240301</DateId><NewsItemId>B</NewsItemId><RevisionId>1</RevisionId>"
         "<PublicIdentifier>u</PublicIdentifier></NewsIdentifier></Identification><NewsManagement>"
         "<Status FormalName='Usable'/></NewsManagement><NewsComponent><NewsLines><HeadLine>H</"
         "HeadLine><ByLine>%s</ByLine></NewsLines></NewsComponent></NewsItem></NewsML>"},
        {"newsml-g2", "<newsItem guid='u' version='1' xml:lang='%s'><itemMeta/><contentMeta><by>%s"
                      "</by></contentMeta></newsItem>"},
        {"ninjs", "{\"uri\": \"u\", \"language\": \"%s\", \"byline\": \"%s\", \"headline\": "
                  "\"H\"}"},
        {"ap", "{\"altids\": {\"itemid\": \"a\", \"etag\": \"a_0\"}, \"type\": \"text\", "
               "\"language\": \"%s\", \"headline\": \"H\", \"bylines\": [{\"by\": \"%s\"}]}"},
        {"feed", "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='%s'><entry><id>u</id>"
                 "<author><name>%s</name></author></entry></feed>"},
        {"page", "<!doctype html><html lang='%s'><meta property='og:type' content='article'>"
                 "<meta name='author' content='%s'><h1>H</h1></html>"},
    };
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        char message[1024];
        const char *rest = strstr(formats[i].message, "%s") + 2;
        const char *end = strstr(rest, "%s");
        (void)snprintf(message, sizeof(message), "%.*s%s%.*s%s%s",
                       (int)(rest - formats[i].message) - 2, formats[i].message, language,
                       (int)(end - rest), rest, said, end + 2);
        struct wd_slice byline = byline_of(formats[i].format, message);
        if (!wd_slice_is(byline, expected))
            fail_msg("%s: \"%s\" became \"%.*s\"", formats[i].format, said, WD_SLICE_ARG(byline));
    }
}

static void test_fields(void **state)
{
    (void)state;
    assert_field("By Odile Farrow", "en", "Odile Farrow");
    assert_field("By  Odile Farrow and Kim Roe", "en", "Odile Farrow and Kim Roe");
    assert_field("BY ODILE FARROW, Example Press", "en", "ODILE FARROW, Example Press");
    assert_field("by the desk", "en", "the desk");
    assert_field("By\xC2\xA0Odile Farrow", "en", "Odile Farrow");
    assert_field("Odile Farrow", "en", "Odile Farrow");
    /* names, and nothing else */
    assert_field("Byron Farrow", "en", "Byron Farrow");
    assert_field("Von Farrow", "en", "Von Farrow");
    assert_field("von Farrow, Odile", "de", "von Farrow, Odile");
    assert_field("By", "en", "By");
    /* German's word, in German copy */
    assert_field("Von Odile Farrow", "de", "Odile Farrow");
    assert_field("Von Odile Farrow", "de-AT", "Odile Farrow");
}

/* Several names, each with the word before it. */
static void test_several(void **state)
{
    (void)state;
    assert_slice_equal(byline_of("ap", "{\"altids\": {\"itemid\": \"a\", \"etag\": \"a_0\"}, "
                                       "\"type\": \"text\", \"bylines\": [{\"by\": \"By JANE "
                                       "DOE\"}, {\"by\": \"By KIM ROE\"}]}"),
                       "JANE DOE, KIM ROE");
    assert_slice_equal(byline_of("feed", "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>u"
                                         "</id><author><name>By Jane Doe</name></author><author>"
                                         "<name>by Kim Roe</name></author></entry></feed>"),
                       "Jane Doe, Kim Roe");
}

/* A line of the copy is one only where it looks like it. */
static void test_lines(void **state)
{
    (void)state;
    assert_slice_equal(byline_of("text", "Bridge shut\nBy Odile Farrow\n\nThe bridge is shut.\n"),
                       "Odile Farrow");
    assert_slice_equal(byline_of("text", "Bridge shut\n\nBy the time they came it was shut.\n"),
                       "");
}

static int finish(void **state)
{
    (void)state;
    wd_story_batch_finish(&batch);
    wd_zone_destroy(provider.zone);
    return 0;
}

static int start(void **state)
{
    struct wd_error error;
    (void)state;
    wd_error_init(&error);
    wd_story_batch_init(&batch, (size_t)1 << 26);
    return wd_zone_open("UTC", &provider.zone, &error) == WD_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields),
                                       cmocka_unit_test(test_several),
                                       cmocka_unit_test(test_lines)};
    return cmocka_run_group_tests(tests, start, finish);
}
