#include "body_text.h"
#include "decoder.h"
#include "test.h"

#include <stdio.h>

static void expect_paragraphs(struct wd_story *story, const char *const *want)
{
    size_t count = 0;
    while (want[count])
        count++;
    for (size_t i = 0; i < story->paragraph_count && i < count; i++)
        assert_slice_equal(story->paragraphs[i], want[i]);
    assert_int_equal(story->paragraph_count, count);
}

static struct wd_story *read_html(const char *html)
{
    struct wd_story *story = wd_story_create(64 << 20);
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_decode_add_html(story, wd_slice_from(html), &error), WD_OK);
    return story;
}

static void check_html(const char *html, const char *const *want)
{
    struct wd_story *story = read_html(html);
    expect_paragraphs(story, want);
    wd_story_destroy(story);
}

#define CHECK_HTML(html, ...) check_html(html, (const char *const[]){__VA_ARGS__, NULL})

static void test_paragraphs(void **state)
{
    (void)state;
    CHECK_HTML("<p>One\n two  <b>th</b>ree.</p>\n<p> Four&nbsp;five &amp; &ldquo;six&rdquo; </p>",
               "One two three.",
               "Four\xC2\xA0"
               "five & \xE2\x80\x9Csix\xE2\x80\x9D");
    CHECK_HTML("One<br>two<br/><br/>three", "One", "two", "three");
    CHECK_HTML("<p>One<p>Two<div>Three<span> four</span></div>tail", "One", "Two", "Three four",
               "tail");
    CHECK_HTML("<ul><li>Red</li><li>Blue <i>sky</i></li></ul>", "Red", "Blue sky");
    CHECK_HTML("<h2>Head</h2>copy<blockquote><p>said</p></blockquote>", "Head", "copy", "said");
    CHECK_HTML("soft\xC2\xADhyphen &shy;&#150; &#8217;s",
               "soft\xC2\xADhyphen \xC2\xAD\xE2\x80\x93 \xE2\x80\x99s");
    CHECK_HTML("no markup & no < trouble", "no markup & no < trouble");
    CHECK_HTML("<article><section>in HTML 5</section></article>", "in HTML 5");
}

static void test_tables(void **state)
{
    (void)state;
    CHECK_HTML("<table><caption>Result</caption><tr><th>Team</th><th>Pts</th></tr>"
               "<tr><td>Blue <b>River</b></td><td><p>3</p></td></tr><tr><td></td><td>1</td></tr>"
               "<tr><td> </td><td></td></tr></table><p>After</p>",
               "Result", "Team | Pts", "Blue River | 3", "| 1", "After");
    /* A table for the layout only. */
    CHECK_HTML("<table><tr><td><p>One</p><table><tr><td>a</td><td>b</td></tr></table><p>Two</p>"
               "</td></tr></table>",
               "One", "a | b", "Two");
}

static void test_preformatted(void **state)
{
    (void)state;
    CHECK_HTML("<pre>A   1\n\nB  20\r\n \t\r\n\nC   3\nD   4</pre>", "A   1", "B  20",
               "C   3\nD   4");
    CHECK_HTML("<p>Before</p><pre>\nA   1\nB  20\n</pre><p>After</p>", "Before", "A   1\nB  20",
               "After");
}

static void test_left_out(void **state)
{
    (void)state;
    CHECK_HTML("<style>p{}</style><p>One<script>if (a<b) document.write('<p>x</p>')</script></p>"
               "<noscript>on</noscript><div class='share-buttons big'>Tweet</div>"
               "<ul class='x social-share'><li>Post</li></ul><p hidden>h</p>"
               "<p style='color:red;display:none'>n</p><button>Click</button>"
               "<div class='shared-desk'>Two</div><iframe src='x'>frame</iframe><!-- c -->",
               "One", "Two");
}

static void test_figures(void **state)
{
    (void)state;
    struct wd_story *story =
        read_html("<p>One</p><figure><img src='https://example.org/a.jpg' alt='no caption'>"
                  "<figcaption>The <i>bridge</i> (EP Photo)</figcaption></figure><p>Two</p>"
                  "<figure><table><tr><td>1</td><td>2</td></tr></table></figure>");
    expect_paragraphs(story, (const char *const[]){"One", "Two", "1 | 2", NULL});
    assert_int_equal(story->media_count, 1);
    assert_slice_equal(story->media[0].href, "https://example.org/a.jpg");
    assert_slice_equal(story->media[0].caption, "The bridge (EP Photo)");
    wd_story_destroy(story);
}

static void test_xml(void **state)
{
    (void)state;
    static const char text[] =
        "<body.content><p>Clean text.</p><p>Some <person>Jane\n Doe</person>, <em>said</em></p>"
        "<table><tr><td>a</td><td>b</td></tr></table><media><media-caption>c</media-caption></"
        "media>"
        "<block><p>In <a>it</a>&#146;s</p></block></body.content>";
    struct wd_story *story = wd_story_create(1 << 20);
    struct wd_xml_document *document = NULL;
    struct wd_xml_options options = {.recover = false};
    struct wd_error error;
    wd_error_init(&error);
    assert_int_equal(wd_xml_read(wd_slice_from(text), &options, story->arena, &document, &error),
                     WD_OK);
    assert_int_equal(wd_body_text_of_xml(story, document->root, &error), WD_OK);
    expect_paragraphs(story, (const char *const[]){"Clean text.", "Some Jane Doe, said", "a | b",
                                                   "In it\xE2\x80\x99s", NULL});
    assert_ptr_equal(story->paragraphs[0].data, strstr(text, "Clean"));
    wd_story_destroy(story);
}

/* Only so many attributes of a tag are read, wherever it stands and whatever stands before it. */
static void test_attributes(void **state)
{
    static const char *const before[] = {"",
                                         "<p>one</p>",
                                         "<p title='a>b'>one</p>",
                                         "<p>1 < 2 and \"quoted\" a=b</p>",
                                         "<img alt=\"<p a b c>\">",
                                         "< p x y z",
                                         "<p a=>b</p>"};
    (void)state;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        for (int count = 200; count <= 300; count += 100) {
            struct wd_buffer out;
            wd_buffer_init(&out);
            wd_buffer_printf(&out, "%s<div", before[i]);
            for (int j = 0; j < count; j++)
                wd_buffer_printf(&out, " a%d", j);
            wd_buffer_printf(&out, " hidden>behind them</div>");
            wd_buffer_append_byte(&out, '\0');
            struct wd_story *story = read_html(out.data);
            size_t paragraphs = story->paragraph_count;
            bool read =
                paragraphs > 0 && wd_slice_is(story->paragraphs[paragraphs - 1], "behind them");
            assert_int_equal(read, count > 256); /* what was blanked hides nothing */
            wd_story_destroy(story);
            wd_buffer_finish(&out);
        }
    }
}

/* What makes parsers slow: each must end soon, and not lose the text around it. */
static void test_hostile(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    struct wd_buffer out;
    struct wd_error error;
    wd_buffer_init(&out);
    wd_error_init(&error);
    for (int i = 0; i < 1000; i++)
        wd_buffer_printf(&out, "<div>");
    struct wd_story *story = wd_story_create(64 << 20);
    assert_int_equal(wd_decode_add_html(story, wd_buffer_slice(&out), &error), WD_TOO_DEEP);
    wd_story_destroy(story);
    for (int kind = 0; kind < 3; kind++) {
        wd_buffer_clear(&out);
        wd_buffer_printf(&out, "<p>Before</p><a ");
        for (int i = 0; out.len < SIZE; i++)
            wd_buffer_printf(&out, kind == 0 ? "a%d " : kind == 1 ? "a%d='>' " : "a%d=x ", i);
        wd_buffer_append(&out, ">in</a><p>After</p>", 20);
        story = read_html(out.data);
        assert_true(story->paragraph_count >= 3);
        assert_slice_equal(story->paragraphs[0], "Before");
        assert_slice_equal(story->paragraphs[story->paragraph_count - 1], "After");
        wd_story_destroy(story);
    }
    wd_buffer_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paragraphs),   cmocka_unit_test(test_tables),
        cmocka_unit_test(test_preformatted), cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_figures),      cmocka_unit_test(test_xml),
        cmocka_unit_test(test_attributes),   cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
