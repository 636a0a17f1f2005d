#include "html_attributes.h"
#include "test.h"
#include "utc_zone.h"

#include "decoder.h"

/* `begin`, then attributes (each of another name), then `end`. */
static void write(struct wd_buffer *out, const char *begin, unsigned attributes, const char *end)
{
    wd_buffer_init(out);
    wd_buffer_append_slice(out, wd_slice_from(begin));
    for (unsigned i = 0; i < attributes; i++)
        wd_buffer_printf(out, " data-a%u=\"%u\"", i, i);
    wd_buffer_append_slice(out, wd_slice_from(end));
}

static size_t excess_of(const char *begin, unsigned attributes, const char *end)
{
    struct wd_html_tag tag = wd_html_tag_none();
    struct wd_buffer html;
    write(&html, begin, attributes, end);
    size_t excess = wd_html_blank_attributes(&tag, wd_buffer_slice(&html), NULL);
    wd_buffer_finish(&html);
    return excess;
}

static void counts_of_one_tag(void **state)
{
    (void)state;
    assert_int_equal(excess_of("<p", WD_HTML_ATTRIBUTES_MAX, ">copy"), 0);
    assert_true(excess_of("<p", WD_HTML_ATTRIBUTES_MAX + 1, ">copy") > 0);
    assert_int_equal(excess_of("<p>", 2 * WD_HTML_ATTRIBUTES_MAX, "copy"), 0);
    /* Quotes that a tag before left open do not hide it. */
    assert_true(excess_of("<a title=\"x><p", WD_HTML_ATTRIBUTES_MAX + 1, ">copy") > 0);
    assert_true(excess_of("<script>'</script><p", WD_HTML_ATTRIBUTES_MAX + 1, ">copy") > 0);
}

/* In two pieces as in one. */
static void goes_on(void **state)
{
    struct wd_html_tag tag = wd_html_tag_none();
    struct wd_buffer html;
    (void)state;
    write(&html, "<p", WD_HTML_ATTRIBUTES_MAX + 20, ">copy");
    struct wd_slice all = wd_buffer_slice(&html);
    size_t once = wd_html_blank_attributes(&tag, all, NULL);
    assert_true(once > 0);
    for (size_t cut = 2; cut < all.len; cut += 97) {
        tag = wd_html_tag_none();
        size_t twice = wd_html_blank_attributes(&tag, wd_slice_make(all.data, cut), NULL);
        twice += wd_html_blank_attributes(&tag, wd_slice_make(all.data + cut, all.len - cut), NULL);
        assert_int_equal(twice, once);
    }
    wd_buffer_finish(&html);
}

static void line_of_text(void **state)
{
    struct wd_arena *arena = wd_arena_create(64 << 20);
    struct wd_buffer html;
    (void)state;
    write(&html, "Ferry <b", 3000, ">stops</b> for a week");
    assert_slice_equal(wd_decode_html_line(arena, wd_buffer_slice(&html)),
                       "Ferry stops for a week");
    wd_buffer_finish(&html);
    wd_arena_destroy(arena);
}

static enum wd_status decode_page(const struct wd_buffer *html, struct wd_story_batch *batch,
                                  struct wd_error *error)
{
    static char name[] = "test";
    struct wd_provider provider = {.name = name, .zone = utc};
    struct wd_decode_input input = {.raw = wd_buffer_slice(html), .provider = &provider};
    wd_story_batch_init(batch, (size_t)1 << 30);
    wd_error_init(error);
    return wd_decode_message(NULL, &input, batch, error);
}

#define PAGE_HEAD                                                                                  \
    "<!doctype html><html><head><meta charset=\"windows-1251\"><meta property=\"og:type\" "        \
    "content=\"article\"><meta property=\"og:title\" content=\"F\xC3\xA4hre steht still\">"
#define PAGE_BODY                                                                                  \
    "</head><body><article><h1>F\xC3\xA4hre steht still</h1><p>Die F\xC3\xA4hre f\xC3\xA4hrt "     \
    "diese Woche nicht.</p><p>Der Kreis sucht Ersatz.</p></article></body></html>"

/* A script that looks like a tag with a thousand attributes changes nothing of the copy: not its characters either. */
static void script_that_looks_like_it(void **state)
{
    struct wd_story_batch batch;
    struct wd_error error;
    struct wd_buffer html;
    (void)state;
    write(&html, PAGE_HEAD "<script>if (a<b", 1000, "</script>" PAGE_BODY);
    assert_int_equal(decode_page(&html, &batch, &error), WD_OK);
    assert_int_equal(batch.count, 1);
    const struct wd_story *story = batch.stories[0];
    assert_slice_equal(story->headline, "F\xC3\xA4hre steht still");
    assert_int_equal(story->paragraph_count, 2);
    assert_slice_equal(story->paragraphs[0], "Die F\xC3\xA4hre f\xC3\xA4hrt diese Woche nicht.");
    assert_slice_equal(story->paragraphs[1], "Der Kreis sucht Ersatz.");
    wd_story_batch_finish(&batch);
    wd_buffer_finish(&html);
}

/* A tag without an end, one with, and one that a script hides. */
static void too_many_of_a_page(void **state)
{
    static const char *const ends[] = {"", ">copy" PAGE_BODY};
    static const char *const begins[] = {PAGE_HEAD "<p", PAGE_HEAD "<script>'</script><p",
                                         PAGE_HEAD "<a title='x'><p title=\">\""};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct wd_story_batch batch;
        struct wd_error error;
        struct wd_buffer html;
        write(&html, begins[i / 2], 3000, ends[i % 2]);
        assert_int_equal(decode_page(&html, &batch, &error), WD_TOO_LARGE);
        assert_string_equal(error.text,
                            "page: an element with more than 256 attributes is no article's");
        wd_story_batch_finish(&batch);
        wd_buffer_finish(&html);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_of_one_tag),
        cmocka_unit_test(goes_on),
        cmocka_unit_test(line_of_text),
        cmocka_unit_test(too_many_of_a_page),
        cmocka_unit_test(script_that_looks_like_it),
    };
    return cmocka_run_group_tests(tests, open_utc, close_utc);
}
