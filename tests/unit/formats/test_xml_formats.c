/* NITF, NewsML-G2 and NewsML 1.2 where they are broken, hostile or large. What well-formed ones say is in
 * tests/golden/formats. */
#include "decoder.h"
#include "test.h"
#include "xml_document.h"

#include <dirent.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct wd_provider provider = {
    .name = "test", .zone_name = "UTC", .future_skew_ms = 3600000};
static struct wd_story_batch batch;

static enum wd_status decode(const char *format, struct wd_slice bytes, struct wd_error *error)
{
    struct wd_decode_input input = {.raw = bytes,
                                    .provider = &provider,
                                    .received = wd_time_from_ms(1709294400000),
                                    .extra = true};
    wd_error_init(error);
    wd_story_batch_clear(&batch);
    return wd_decode_message(format ? wd_decoder_find(format) : NULL, &input, &batch, error);
}

static struct wd_slice read_file(const char *path)
{
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_true(wd_buffer_append_file(&bytes, file, 1 << 24));
    assert_int_equal(fclose(file), 0);
    return wd_buffer_slice(&bytes); /* the caller frees the data */
}

static const char *const samples[][2] = {
    {"nitf", WD_SOURCE_DIR "/tests/golden/formats/nitf/input/01.xml"},
    {"newsml-g2", WD_SOURCE_DIR "/tests/golden/formats/g2/input/01.xml"},
    {"newsml-g2", WD_SOURCE_DIR "/tests/golden/formats/g2_message/input/01.xml"},
    {"newsml1", WD_SOURCE_DIR "/tests/golden/formats/newsml1/input/01.xml"},
    {"newsml1", WD_SOURCE_DIR "/tests/golden/formats/newsml1_several/input/01.xml"},
};
enum { SAMPLE_COUNT = sizeof(samples) / sizeof(samples[0]) };

static bool all_blank(struct wd_slice rest)
{
    return wd_text_trim(rest).len == 0;
}

/* A message cut off anywhere is a dead letter that says where. */
static void test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct wd_slice whole = read_file(samples[i][1]);
        struct wd_error error;
        assert_int_equal(decode(samples[i][0], whole, &error), WD_OK);
        for (size_t len = 0; len < whole.len; len++) {
            char *cut = malloc(len + 1); /* of this very size: an overread shows */
            assert_non_null(cut);
            memcpy(cut, whole.data, len);
            enum wd_status status = decode(samples[i][0], wd_slice_make(cut, len), &error);
            if (all_blank(wd_slice_from_offset(whole, len)))
                assert_int_equal(status, WD_OK);
            else
                assert_true(status == WD_SYNTAX || status == WD_EMPTY || status == WD_UNSUPPORTED);
            if (status != WD_OK && status != WD_EMPTY)
                assert_non_null(strstr(error.text, "offset"));
            free(cut);
        }
        free((void *)(uintptr_t)whole.data);
    }
}

/* One byte changed anywhere never does more than fail. */
static void test_flipped(void **state)
{
    (void)state;
    static const char bytes[] = {'\0', '\x01', '<', '&', '"', '\x80', '\xFF'};
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct wd_slice whole = read_file(samples[i][1]);
        char *copy = (char *)(uintptr_t)whole.data;
        struct wd_error error;
        for (size_t at = 0; at < whole.len; at++) {
            char before = copy[at];
            copy[at] = bytes[at % sizeof(bytes)];
            enum wd_status status = decode(samples[i][0], whole, &error);
            assert_int_equal(status, error.status);
            copy[at] = before;
        }
        free(copy);
    }
}

/* Two documents after each other: the reason says where the second one begins. */
static void test_concatenated(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct wd_slice one = read_file(samples[i][1]);
        struct wd_slice other = read_file(samples[(i + 2) % SAMPLE_COUNT][1]);
        struct wd_buffer both;
        struct wd_error error;
        wd_buffer_init(&both);
        wd_buffer_append_slice(&both, one);
        wd_buffer_append_slice(&both, other);
        assert_int_equal(decode(samples[i][0], wd_buffer_slice(&both), &error), WD_SYNTAX);
        assert_true(error.offset >= wd_text_trim(one).len && error.offset <= one.len + 64);
        wd_buffer_finish(&both);
        free((void *)(uintptr_t)one.data);
        free((void *)(uintptr_t)other.data);
    }
}

static const char *extra_of(const struct wd_story *story, const char *name)
{
    for (size_t i = 0; i < story->extra_count; i++) {
        if (wd_slice_is(story->extras[i].name, name))
            return wd_arena_printf(story->arena, "%.*s", WD_SLICE_ARG(story->extras[i].value)).data;
    }
    return "";
}

static const struct wd_story *read_places(const char *content_meta)
{
    static char message[1024];
    struct wd_error error;
    (void)snprintf(message, sizeof(message),
                   "<newsItem guid='u' version='1'><itemMeta/><contentMeta>%s</contentMeta>"
                   "<assert qcode='reg:2'><name>Oregon</name></assert></newsItem>",
                   content_meta);
    if (decode("newsml-g2", wd_slice_from(message), &error) != WD_OK)
        fail_msg("%s", error.text);
    return batch.stories[0];
}

/* Where G2 copy was written, with what that is part of; codes and further places are kept. */
static void test_g2_places(void **state)
{
    (void)state;
    const struct wd_story *story =
        read_places("<located qcode='city:1'><name>Seatown</name><broader qcode='reg:1'><name>"
                    "Seatown</name></broader><broader qcode='cntry:1'><name>Examplia</name>"
                    "</broader></located><located><name>Port Ellis</name></located>");
    assert_slice_equal(story->located, "Seatown, Examplia");
    assert_non_null(strstr(extra_of(story, "located"), "cntry:1"));
    assert_int_equal(story->extra_count, 2);
    story = read_places("<located literal='Seatown'><broader qcode='reg:2'/></located>");
    assert_slice_equal(story->located, "Seatown, Oregon");
    assert_int_equal(story->extra_count, 0);
    story = read_places("<located qcode='city:1'/><dateline>SEATOWN (EP) -</dateline>");
    assert_slice_equal(story->located, "SEATOWN"); /* the code has no name */
    assert_non_null(strstr(extra_of(story, "located"), "city:1"));
    story = read_places("<subject type='cpnat:geoArea' qcode='city:1'><name>Seatown</name>"
                        "<broader qcode='reg:2'/></subject>");
    assert_int_equal(story->places.count, 1);
    assert_slice_equal(story->places.items[0].name, "Seatown");
    assert_non_null(strstr(extra_of(story, "subject"), "reg:2"));
}

static void test_sniffer(void **state)
{
    (void)state;
    static const struct {
        const char *text, *format;
    } cases[] = {
        {"<nitf/>", "nitf"},
        {"\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <newsItem> --><!DOCTYPE nitf [<!ENTITY a "
         "'>'>]>\n<nitf a='1'>",
         "nitf"},
        {"<n:newsItem xmlns:n='http://iptc.org/std/nar/2006-10-01/'/>", "newsml-g2"},
        {"<newsMessage>", "newsml-g2"},
        {"<NewsML>", "newsml1"},
        {"<newsml>", NULL},
        {"<nitfx/>", NULL},
        {"<?xml", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wd_decoder *found = wd_decoder_sniff(wd_slice_from(cases[i].text));
        const char *name = found ? found->name : NULL;
        bool ours = name && (strcmp(name, "nitf") == 0 || strncmp(name, "newsml", 6) == 0);
        if (cases[i].format)
            assert_string_equal(name ? name : "none", cases[i].format);
        else
            assert_false(ours);
    }
    assert_string_equal(wd_decoder_sniff(wd_slice_make("\xFF\xFE<\0n\0i\0t\0f\0>\0", 14))->name,
                        "nitf");
}

static void append_items(struct wd_buffer *out, int count)
{
    wd_buffer_printf(out, "<newsMessage><itemSet>");
    for (int i = 0; i < count; i++)
        wd_buffer_printf(out,
                         "<newsItem guid=\"tag:example.org,2024:%d\" version=\"1\"><itemMeta>"
                         "<itemClass qcode=\"ninat:text\"/></itemMeta></newsItem>",
                         i);
    wd_buffer_printf(out, "</itemSet></newsMessage>");
}

static void test_many_items(void **state)
{
    (void)state;
    struct wd_buffer out;
    struct wd_error error;
    wd_buffer_init(&out);
    append_items(&out, 100000);
    assert_int_equal(decode(NULL, wd_buffer_slice(&out), &error), WD_OK);
    assert_int_equal(batch.count, 100000);
    assert_slice_equal(batch.stories[99999]->guid, "tag:example.org,2024:99999");
    assert_int_equal(batch.stories[99999]->provenance.index, 99999);
    wd_buffer_clear(&out);
    append_items(&out, 100001);
    assert_int_equal(decode(NULL, wd_buffer_slice(&out), &error), WD_TOO_LARGE);
    wd_buffer_finish(&out);
}

/* Every item declares its namespaces, as those do that were put together from single ones: those of an item are over with it. */
static void test_namespaces_of_items(void **state)
{
    (void)state;
    struct wd_buffer out;
    struct wd_error error;
    wd_buffer_init(&out);
    wd_buffer_printf(&out, "<newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>");
    for (int i = 0; i < 1000; i++)
        wd_buffer_printf(&out,
                         "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"a%d\">"
                         "<itemMeta><itemClass qcode=\"ninat:text\"/></itemMeta><contentSet>"
                         "<inlineXML><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Copy."
                         "</p></body></html></inlineXML></contentSet></newsItem>",
                         i);
    wd_buffer_printf(&out, "</itemSet></newsMessage>");
    assert_int_equal(decode(NULL, wd_buffer_slice(&out), &error), WD_OK);
    assert_int_equal(batch.count, 1000);
    wd_buffer_finish(&out);
}

/* An item with so many subjects, and with more elements that could name them or their schemes than are looked at. */
static double spent_on_subjects(int subjects)
{
    struct wd_buffer out;
    struct wd_error error;
    wd_buffer_init(&out);
    wd_buffer_printf(&out, "<newsItem guid=\"a\">");
    for (int i = 0; i < 20000; i++)
        wd_buffer_printf(&out, "<catalog/>");
    for (int i = 0; i < 2000; i++)
        wd_buffer_printf(&out, "<assert qcode=\"b:1\"/>");
    wd_buffer_printf(&out, "<itemMeta><itemClass qcode=\"ninat:text\"/></itemMeta><contentMeta>");
    for (int i = 0; i < subjects; i++)
        wd_buffer_printf(&out, "<subject qcode=\"b:1\"/>");
    wd_buffer_printf(&out, "</contentMeta></newsItem>");
    double best = 1e9;
    for (int round = 0; round < 3; round++) {
        clock_t begin = clock();
        assert_int_equal(decode(NULL, wd_buffer_slice(&out), &error), WD_OK);
        double spent = (double)(clock() - begin);
        best = spent < best ? spent : best;
    }
    assert_int_equal(batch.stories[0]->subjects.count, subjects);
    wd_buffer_finish(&out);
    return best;
}

/* Looked at for each subject, they made the second twelve times as dear as the first. */
static void test_known_once(void **state)
{
    (void)state;
    assert_true(spent_on_subjects(4000) < spent_on_subjects(250) * 5);
}

/* What libxml2 has allocated at the moment, and at most. */
static size_t held, held_max;

static void *count_malloc(size_t size)
{
    void *block = malloc(size);
    held += block ? malloc_usable_size(block) : 0;
    held_max = held > held_max ? held : held_max;
    return block;
}

static void count_free(void *block)
{
    held -= block ? malloc_usable_size(block) : 0;
    free(block);
}

static void *count_realloc(void *block, size_t size)
{
    size_t before = block ? malloc_usable_size(block) : 0;
    void *grown = realloc(block, size);
    if (!grown)
        return NULL;
    held = held - before + malloc_usable_size(grown);
    held_max = held > held_max ? held : held_max;
    return grown;
}

static char *count_strdup(const char *text)
{
    char *copy = count_malloc(strlen(text) + 1);
    if (copy)
        memcpy(copy, text, strlen(text) + 1);
    return copy;
}

/* Pieces that a hostile message is made of, over and over; %d becomes a number. */
static const char *const pieces[] = {
    "<p/>",
    "<p>a</p>",
    "<b/>a",
    "<p%d/>",
    "<p a%d='1'/>",
    "<p a='1' b='2' c='3' d='4' e='5' f='6' g='7' h='8'/>",
    "&eacute;",
    "&#233;",
    "\xC3\xA9",
    "<td>1</td>\n",
    "<table><tr><td>1</td></tr></table>",
    "<person>a%d</person>",
    "<media/>",
    "<!---->",
    "<?a?>",
    "<![CDATA[a]]>",
    "a\r\n",
    "<p>caf\xE9</p>",
    "<subject qcode='medtop:20000003'/>",
    "<keyword key='a'/>",
    "<keyword>a</keyword>",
    "<edNote>a</edNote>",
    "<NewsComponent><ContentItem><DataContent>a</DataContent></ContentItem></NewsComponent>",
    "<newsItem guid='a%d'><itemMeta/></newsItem>",
};

static const char *const frames[][3] = {
    {"nitf", "<nitf><body><body.content>", "</body.content></body></nitf>"},
    {"nitf", "<nitf><head><docdata><key-list>", "</key-list></docdata></head></nitf>"},
    {"newsml-g2", "<newsItem guid='a'><itemMeta>", "</itemMeta></newsItem>"},
    {"newsml-g2", "<newsItem guid='a'><itemMeta/><contentMeta>", "</contentMeta></newsItem>"},
    {"newsml-g2", "<newsMessage><itemSet>", "</itemSet></newsMessage>"},
    {"newsml1", "<NewsML><NewsItem><NewsManagement/><NewsComponent>",
     "</NewsComponent></NewsItem></NewsML>"},
};

static void fill(struct wd_buffer *out, const char *const frame[3], const char *piece)
{
    enum { SIZE = 1 << 20 };
    wd_buffer_clear(out);
    wd_buffer_printf(out, "%s", frame[1]);
    const char *number = strstr(piece, "%d");
    for (int i = 0; out->len + 64 < SIZE; i++) {
        size_t before = number ? (size_t)(number - piece) : strlen(piece);
        wd_buffer_append(out, piece, before);
        if (number)
            wd_buffer_printf(out, "%d%s", i, number + 2);
    }
    wd_buffer_printf(out, "%s", frame[2]);
}

/* No message of 1 MiB takes more than 20 times its size: the parser's memory at its highest, and the arena.
 * A story's own record comes on top of it in a message of very many and very small ones. */
static void test_memory(void **state)
{
    (void)state;
    struct wd_buffer out;
    struct wd_error error;
    wd_buffer_init(&out);
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        for (size_t j = 0; j < sizeof(pieces) / sizeof(pieces[0]); j++) {
            fill(&out, frames[i], pieces[j]);
            held_max = held;
            size_t before = held;
            (void)decode(frames[i][0], wd_buffer_slice(&out), &error);
            size_t most = held_max - before + wd_arena_held(batch.arena);
            if (most > 20 * out.len)
                fail_msg("%s with %s takes %.1f times its size (%s)", frames[i][0], pieces[j],
                         (double)most / (double)out.len, error.text);
        }
    }
    wd_buffer_finish(&out);
}

static int set_up(void **unused)
{
    (void)unused;
    struct wd_error error;
    wd_error_init(&error);
    wd_story_batch_init(&batch, (size_t)1 << 30);
    return wd_zone_open("UTC", &provider.zone, &error) == WD_OK ? 0 : -1;
}

static int tear_down(void **unused)
{
    (void)unused;
    wd_story_batch_finish(&batch);
    wd_zone_destroy(provider.zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_flipped),
        cmocka_unit_test(test_concatenated),
        cmocka_unit_test(test_sniffer),
        cmocka_unit_test(test_g2_places),
        cmocka_unit_test(test_many_items),
        cmocka_unit_test(test_namespaces_of_items),
        cmocka_unit_test(test_known_once),
        cmocka_unit_test(test_memory),
    };
    if (xmlMemSetup(count_free, count_malloc, count_realloc, count_strdup) != 0)
        return 1;
    wd_xml_setup();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
