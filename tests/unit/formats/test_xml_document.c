#include "test.h"
#include "xml_document.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
    struct wd_arena *arena;
    struct wd_xml_document *document;
    struct wd_error error;
};

static struct reading read_bytes(struct wd_slice bytes, bool recover)
{
    struct reading reading = {wd_arena_create((size_t)1 << 30), NULL, {0}};
    struct wd_xml_options options = {.recover = recover, .format = "Test"};
    wd_error_init(&reading.error);
    enum wd_status status =
        wd_xml_read(bytes, &options, reading.arena, &reading.document, &reading.error);
    assert_int_equal(status, reading.error.status);
    return reading;
}

static struct reading read_text(const char *text, bool recover)
{
    return read_bytes(wd_slice_from(text), recover);
}

static void expect_fault(const char *text, enum wd_status status, const char *said)
{
    struct reading reading = read_text(text, false);
    assert_null(reading.document);
    assert_int_equal(reading.error.status, status);
    if (!strstr(reading.error.text, said))
        fail_msg("\"%s\" does not say \"%s\"", reading.error.text, said);
    wd_arena_destroy(reading.arena);
}

static void test_tree(void **state)
{
    (void)state;
    struct reading reading = read_text(
        "<a xmlns='urn:n' xmlns:x='urn:x' id='1' x:id='&lt;2&eacute;&#233;'>one <b>two</b>\n"
        "<x:b>three</x:b><![CDATA[<four>]]></a>",
        false);
    assert_non_null(reading.document);
    const struct wd_xml_node *root = reading.document->root;
    assert_true(wd_xml_is(root, "urn:n", "a"));
    assert_slice_equal(wd_xml_attribute(root, "id"), "1");
    assert_slice_equal(wd_xml_attribute_in(root, "urn:x", "id")->value, "<2\xC3\xA9\xC3\xA9");
    assert_slice_equal(wd_xml_text(wd_xml_child(root, "urn:n", "b"), reading.arena), "two");
    assert_slice_equal(wd_xml_text(wd_xml_child(root, "urn:x", "b"), reading.arena), "three");
    assert_null(wd_xml_sibling(wd_xml_child(root, "urn:x", "b"), NULL, "b"));
    assert_slice_equal(wd_xml_text(root, reading.arena), "one two three<four>");
    assert_slice_equal(wd_xml_text_raw(root, reading.arena), "one two\nthree<four>");
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_xml_write_markup(&out, root);
    assert_slice_equal(wd_buffer_slice(&out), "one <b>two</b>\n<b>three</b>&lt;four&gt;");
    wd_buffer_finish(&out);
    wd_arena_destroy(reading.arena);
}

static void test_text_is_borrowed(void **state)
{
    (void)state;
    static const char text[] =
        "<a>A long line \xE2\x80\x93 with a dash, and more words than libxml2 hands "
        "out at once: \xE2\x80\x9Cquoted\xE2\x80\x9D. A long line \xE2\x80\x93 with a "
        "dash, and more words than libxml2 hands out at once, three hundred "
        "bytes in one go; so this sentence has to go on for a while until "
        "it is certain that the limit has been passed, and then some "
        "more \xE2\x80\x93 with a dash.</a>";
    struct reading reading = read_text(text, false);
    struct wd_slice got = wd_xml_text(reading.document->root, reading.arena);
    assert_ptr_equal(got.data, text + 3);
    assert_int_equal(got.len, sizeof(text) - 1 - 7);
    wd_arena_destroy(reading.arena);
}

static void test_find_and_step(void **state)
{
    (void)state;
    struct reading reading =
        read_text("<a xml:lang='en'><b><c n='1'/></b><b><c n='2'/><d/></b></a>", false);
    const struct wd_xml_node *root = reading.document->root;
    const struct wd_xml_node *c = wd_xml_find(root, "b/c");
    assert_slice_equal(wd_xml_attribute(c, "n"), "1");
    assert_null(wd_xml_find(root, "b/x/c"));
    assert_null(wd_xml_child(NULL, NULL, "b"));
    assert_string_equal(wd_xml_descendant(root, NULL, "d")->name, "d");
    assert_slice_equal(wd_xml_inherited(c, "lang"), "en");
    assert_slice_equal(wd_xml_attribute(NULL, "n"), "");
    size_t steps = 0;
    for (const struct wd_xml_node *node = root; node; node = wd_xml_step(node, root, true))
        steps++;
    assert_int_equal(steps, 6);
    wd_arena_destroy(reading.arena);
}

static void test_faults(void **state)
{
    (void)state;
    expect_fault("<a>\n<b>x</c></a>", WD_SYNTAX, "line 2, offset 12, in <b>");
    expect_fault("<a><b>x", WD_SYNTAX, "in <b>");
    expect_fault("<a/><a/>", WD_SYNTAX,
                 "something follows the end of the document (line 1, offset 4");
    expect_fault("just text", WD_SYNTAX, "Test: ");
    expect_fault("", WD_EMPTY, "no content");
    expect_fault("<a>&nosuch;</a>", WD_UNSUPPORTED, "&nosuch;");
    expect_fault("<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a>&nosuch;</a>", WD_UNSUPPORTED,
                 "&nosuch;");
    expect_fault("<a>&#0;</a>", WD_SYNTAX, "in <a>");
    struct reading reading = read_bytes(wd_slice_make("<a>\0</a>", 8), false);
    assert_int_equal(reading.error.status, WD_NUL_BYTE);
    assert_int_equal(reading.error.offset, 3);
    wd_arena_destroy(reading.arena);
}

static void test_fault_of_a_decoder(void **state)
{
    (void)state;
    struct reading reading = read_text("<a>\n <b>\n  <c>x</c></b></a>", false);
    const struct wd_xml_node *c = wd_xml_find(reading.document->root, "b/c");
    assert_int_equal(
        wd_xml_fault(reading.document, c, &reading.error, WD_MISSING, "%s is missing", "it"),
        WD_MISSING);
    assert_string_equal(reading.error.text, "it is missing (line 3, offset 11, in <c>)");
    assert_string_equal(reading.error.path, "a/b/c");
    assert_int_equal(reading.error.line, 3);
    assert_int_equal(reading.error.offset, 11);
    wd_arena_destroy(reading.arena);
}

static size_t opened;
static xmlParserInputPtr count_opened(const char *url, const char *id, xmlParserCtxtPtr context)
{
    (void)url;
    (void)id;
    (void)context;
    opened++;
    return NULL;
}

static void test_nothing_is_fetched(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>x</a>",
        "<!DOCTYPE a PUBLIC '-//X' 'http://127.0.0.1:1/x.dtd'><a>x</a>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a b='&e;'>x</a>",
        "<!DOCTYPE a [<!ENTITY % e SYSTEM 'http://127.0.0.1:1/e'> %e;]><a>x</a>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///dev/zero' NDATA gif>]><a b='e'>x</a>",
        "<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='file:///etc/passwd'/></a>",
    };
    xmlExternalEntityLoader loader = xmlGetExternalEntityLoader();
    xmlSetExternalEntityLoader(count_opened);
    opened = 0;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (int recover = 0; recover < 2; recover++) {
            struct reading reading = read_text(texts[i], recover == 1);
            bool refers = i == 2 || i == 3 || i == 4;
            assert_true((reading.document == NULL) == (refers && !recover));
            if (reading.document)
                assert_null(strstr(wd_xml_text(reading.document->root, reading.arena).data
                                       ? wd_xml_text(reading.document->root, reading.arena).data
                                       : "",
                                   "root:"));
            wd_arena_destroy(reading.arena);
        }
    }
    xmlSetExternalEntityLoader(loader);
    assert_int_equal(opened, 0);
}

static void test_entities(void **state)
{
    (void)state;
    struct reading reading =
        read_text("<!DOCTYPE a [<!ENTITY org 'Example Press'><!ENTITY two "
                  "'&org;&org;'>]><a b='&org; &nbsp;&copy;'>&org; &mdash; &amp;</a>",
                  false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena),
                       "Example Press \xE2\x80\x94 &");
    assert_slice_equal(wd_xml_attribute(reading.document->root, "b"),
                       "Example Press \xC2\xA0\xC2\xA9");
    wd_arena_destroy(reading.arena);
    expect_fault("<!DOCTYPE a [<!ENTITY x 'lol'><!ENTITY y '&x;&x;&x;&x;&x;&x;&x;&x;'>"
                 "<!ENTITY z '&y;&y;&y;&y;&y;&y;&y;&y;'>]><a>&z;</a>",
                 WD_UNSUPPORTED, "&z;");
}

/* What bounds the work and the memory: each of these would take minutes or gigabytes without. */
static void test_bombs(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    struct wd_buffer out;
    wd_buffer_init(&out);
    for (int i = 0; i <= WD_XML_DEPTH_MAX; i++)
        wd_buffer_printf(&out, "<a>");
    wd_buffer_append_byte(&out, '\0');
    expect_fault(out.data, WD_TOO_DEEP, "nested too deep");
    wd_buffer_clear(&out);
    wd_buffer_printf(&out, "<!DOCTYPE a [<!ENTITY e '%01000d'>]><a>", 7);
    while (out.len < SIZE)
        wd_buffer_printf(&out, "&e;");
    wd_buffer_append(&out, "</a>", 5);
    expect_fault(out.data, WD_TOO_LARGE, "more text");
    wd_buffer_clear(&out);
    wd_buffer_printf(&out, "<a ");
    for (int i = 0; out.len < SIZE; i++)
        wd_buffer_printf(&out, "a%d='' ", i);
    wd_buffer_append(&out, "/>", 3);
    expect_fault(out.data, WD_TOO_LARGE, "attributes");
    wd_buffer_clear(&out);
    wd_buffer_printf(&out, "<a>");
    while (out.len < SIZE)
        wd_buffer_printf(&out, "<b/>a");
    wd_buffer_append(&out, "</a>", 5);
    expect_fault(out.data, WD_TOO_LARGE, "more markup");
    wd_buffer_clear(&out);
    for (int i = 0; i < 100; i++)
        wd_buffer_printf(&out, "<a xmlns:a%d='u' xmlns:b%d='u' xmlns:c%d='u'>", i, i, i);
    wd_buffer_append_byte(&out, '\0');
    expect_fault(out.data, WD_TOO_LARGE, "namespaces");
    wd_buffer_finish(&out);
}

static void test_character_sets(void **state)
{
    (void)state;
    struct reading reading =
        read_text("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xE9 \x93x\x94</a>", false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena),
                       "caf\xC3\xA9 \xE2\x80\x9Cx\xE2\x80\x9D");
    assert_int_equal(reading.document->flags, 0);
    wd_arena_destroy(reading.arena);
    /* Declared as Latin-1, sent as UTF-8, and the other way round. */
    reading = read_text("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xC3\xA9</a>", false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena), "caf\xC3\xA9");
    assert_int_equal(reading.document->flags, WD_FLAG_CHARSET_DIFFERS);
    wd_arena_destroy(reading.arena);
    reading = read_text("<?xml version='1.0' encoding='UTF-8'?><a>caf\xE9 \xE2\x82\xAC</a>", false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena),
                       "caf\xC3\xA9 \xE2\x82\xAC");
    assert_int_equal(reading.document->flags, WD_FLAG_CHARSET_DIFFERS);
    wd_arena_destroy(reading.arena);
    reading = read_bytes(wd_slice_make("\xFF\xFE<\0a\0>\0\xE9\0<\0/\0a\0>\0", 18), false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena), "\xC3\xA9");
    wd_arena_destroy(reading.arena);
    reading = read_text("<?xml version='1.0' encoding='koi8-r'?><a>\xD0\xD2\xD7</a>", false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena),
                       "\xD0\xBF\xD1\x80\xD0\xB2");
    wd_arena_destroy(reading.arena);
    reading = read_text("<?xml version='1.0' encoding='utf-16'?><a>plain</a>", false);
    assert_non_null(reading.document); /* says so of itself, but is not */
    wd_arena_destroy(reading.arena);
}

static void test_control_bytes(void **state)
{
    (void)state;
    struct reading reading = read_text("<a>one\x1A\x0Btwo\tthree</a>", false);
    assert_slice_equal(wd_xml_text(reading.document->root, reading.arena), "one two three");
    assert_int_equal(reading.document->flags, WD_FLAG_CONTROL_BYTES);
    wd_arena_destroy(reading.arena);
}

static void test_recover(void **state)
{
    (void)state;
    struct reading reading = read_text(
        "<a><t>AT&T says: x & y &amp; z &foo; &#8217;</t><u>it &amp; more<br>x</u><v>v</v>", true);
    assert_non_null(reading.document);
    assert_true(reading.document->recovered);
    assert_int_equal(reading.document->flags, WD_FLAG_NOT_WELL_FORMED);
    assert_int_equal(reading.document->fault.status, WD_SYNTAX);
    const struct wd_xml_node *root = reading.document->root;
    assert_slice_equal(wd_xml_text(wd_xml_child(root, NULL, "t"), reading.arena),
                       "AT&T says: x & y & z &foo; \xE2\x80\x99");
    assert_slice_equal(wd_xml_text(wd_xml_descendant(root, NULL, "u"), reading.arena),
                       "it & morex");
    assert_slice_equal(wd_xml_text(wd_xml_descendant(root, NULL, "v"), reading.arena), "v");
    wd_arena_destroy(reading.arena);
    reading = read_text("no markup at all", true);
    assert_null(reading.document);
    wd_arena_destroy(reading.arena);
}

/* Every prefix of a document ends in an orderly way: strictly a fault, with recovery a tree or a fault. */
static void test_truncated(void **state)
{
    (void)state;
    static const char text[] = "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE a [<!ENTITY e "
                               "'x'>]><a b='&e;'>caf\xC3\xA9 "
                               "&amp; <![CDATA[<]]><!-- c --><b/></a>";
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        for (int recover = 0; recover < 2; recover++) {
            struct reading reading = read_bytes(wd_slice_make(text, len), recover == 1);
            assert_true((reading.document == NULL) == (reading.error.status != WD_OK));
            if (!recover)
                assert_null(reading.document);
            wd_arena_destroy(reading.arena);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_text_is_borrowed),
        cmocka_unit_test(test_find_and_step),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_fault_of_a_decoder),
        cmocka_unit_test(test_nothing_is_fetched),
        cmocka_unit_test(test_entities),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_character_sets),
        cmocka_unit_test(test_control_bytes),
        cmocka_unit_test(test_recover),
        cmocka_unit_test(test_truncated),
    };
    wd_xml_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
