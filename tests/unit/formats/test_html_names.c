/* More different names than anybody writes, in HTML and in the declarations of an XML document: refused with the reason, and what
 * a story may have comes through. */
#include "test.h"
#include "utc_zone.h"

#include "decoder.h"

/* What becomes of `begin`, `count` times `piece` (with its number), `end`; `paragraph`: the last of the story's copy. */
static enum wd_status decode(const char *format, const char *const parts[3], unsigned count,
                             struct wd_error *error, struct wd_buffer *paragraph)
{
    char name[] = "test";
    struct wd_provider provider = {.name = name, .zone = utc};
    struct wd_story_batch batch;
    struct wd_buffer bytes;
    wd_buffer_init(&bytes);
    wd_buffer_append_slice(&bytes, wd_slice_from(parts[0]));
    for (unsigned i = 0; i < count; i++) {
        const char *number = strchr(parts[1], '#');
        wd_buffer_append(&bytes, parts[1], (size_t)(number - parts[1]));
        wd_buffer_printf(&bytes, "%u", i);
        wd_buffer_append_slice(&bytes, wd_slice_from(number + 1));
    }
    wd_buffer_append_slice(&bytes, wd_slice_from(parts[2]));
    wd_story_batch_init(&batch, (size_t)1 << 30);
    wd_error_init(error);
    struct wd_decode_input input = {.raw = wd_buffer_slice(&bytes), .provider = &provider};
    enum wd_status status = wd_decode_message(wd_decoder_find(format), &input, &batch, error);
    wd_buffer_clear(paragraph);
    if (status == WD_OK) {
        const struct wd_story *story = batch.stories[0];
        assert_true(story->paragraph_count > 0);
        wd_buffer_append_slice(paragraph, story->paragraphs[story->paragraph_count - 1]);
    }
    wd_story_batch_finish(&batch);
    wd_buffer_finish(&bytes);
    return status;
}

#define PAGE                                                                                       \
    "<!doctype html><meta property=\"og:type\" content=\"article\"><h1>Bridge shut</h1><article>"
#define NITF "]><nitf><head/><body><body.content><p>Last of &e1;</p></body.content></body></nitf>"
#define NINJS "{\"uri\":\"a\",\"headline\":\"Bridge shut\",\"body_xhtml\":\"<p>Copy.</p>"

static const struct {
    const char *format, *parts[3];
    unsigned good, bad; /* numbers of pieces */
    const char *reason;
} cases[] = {
    {"ninjs", {NINJS, "</a#>", "<p>Last of it</p>\"}"}, 5000, 50000, "more different names"},
    {"ninjs", {NINJS, "<b>&a#;</b>", "<p>Last of it</p>\"}"}, 5000, 50000, "more different names"},
    {"ninjs", {NINJS, "<?a#>", "<p>Last of it</p>\"}"}, 5000, 50000, "more different names"},
    {"ninjs",
     {NINJS "<p title='", "&a#;", "'>x</p><p>Last of it</p>\"}"},
     5000,
     50000,
     "more different names"},
    {"page",
     {PAGE "<p>Copy.</p>", "</a#>", "<p>Last of it</p>"},
     5000,
     50000,
     "more different names"},
    {"page",
     {PAGE "<p title='", "&a#;", "'>Copy.</p><p>Last of it</p>"},
     5000,
     50000,
     "more different names"},
    {"nitf",
     {"<!DOCTYPE nitf [<!-- ] --><?x ]?>", "<!ENTITY e# \"it\">", NITF},
     60,
     2000,
     "declarations in the DOCTYPE"},
    {"nitf",
     {"<?xml version=\"1.0\"?>\n<!--[-->\n<!DOCTYPE nitf SYSTEM \"a]>\" "
      "[<!ENTITY e1 \"it\"><!ATTLIST p a (",
      "b#|", "c) \"c\">" NITF},
     1000,
     10000,
     "declarations in the DOCTYPE"},
};

static void refused_from_a_limit_on(void **state)
{
    struct wd_buffer last;
    (void)state;
    wd_buffer_init(&last);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wd_error error;
        assert_int_equal(decode(cases[i].format, cases[i].parts, cases[i].good, &error, &last),
                         WD_OK);
        assert_true(wd_slice_is(wd_buffer_slice(&last), "Last of it"));
        assert_int_equal(decode(cases[i].format, cases[i].parts, cases[i].bad, &error, &last),
                         WD_TOO_LARGE);
        assert_non_null(strstr(error.text, cases[i].reason));
    }
    wd_buffer_finish(&last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refused_from_a_limit_on)};
    return cmocka_run_group_tests(tests, open_utc, close_utc);
}
