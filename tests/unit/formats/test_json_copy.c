/* Copy that came as JSON, whatever was written as an escape in it: its paragraphs, and that it leaves as it came. */
#include "test.h"

#include "config.h"
#include "decoder.h"
#include "encode.h"
#include "json.h"

enum { COPIES = 4000, PIECES_MAX = 40 };

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

/* As it stands in JSON, and what it means. */
static const struct {
    const char *json, *text;
    bool odd; /* not in copy of every kind: what needs an escape, line ends of other kinds */
} pieces[] = {
    {"The bridge is shut. ", "The bridge is shut. ", false},
    {"\\n", "\n", false},
    {"\\n\\n", "\n\n", false},
    {"\\u000a", "\n", false},
    {"\xE2\x80\x9CNo\xE2\x80\x9D", "\xE2\x80\x9CNo\xE2\x80\x9D", false},
    {"\\u201cNo\\u201d", "\xE2\x80\x9CNo\xE2\x80\x9D", false},
    {"\\/", "/", false},
    {" ", " ", false},
    {"\\\"No\\\"", "\"No\"", true},
    {"\\\\", "\\", true},
    {"\\t", "\t", true},
    {"\\r\\n", "\r\n", true},
    {"\\u0001", "\x01", true},
};
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };

static bool is_blank(struct wd_slice line)
{
    return wd_text_trim(line).len == 0;
}

/* The paragraphs that `text` should have, with an empty line between two. */
static void join_lines(struct wd_slice text, struct wd_buffer *out)
{
    struct wd_slice line = WD_SLICE_NONE;
    while (wd_text_next_line(&text, &line)) {
        if (is_blank(line))
            continue;
        if (out->len > 0)
            wd_buffer_append_slice(out, WD_SLICE("\n\n"));
        wd_buffer_append_slice(out, line);
    }
}

static void check(struct wd_slice message, struct wd_slice text, struct wd_story_batch *batch)
{
    struct wd_provider provider = {.name = "test", .zone_name = "UTC"};
    struct wd_decode_input input = {.raw = message, .provider = &provider};
    struct wd_error error;
    struct wd_buffer want;
    struct wd_buffer out;
    yyjson_val *root = NULL;
    wd_error_init(&error);
    wd_buffer_init(&want);
    wd_buffer_init(&out);
    wd_story_batch_clear(batch);
    assert_int_equal(wd_decode_message(NULL, &input, batch, &error), WD_OK);
    struct wd_story *story = batch->stories[0];
    for (size_t i = 0; i < story->paragraph_count; i++) {
        if (i > 0)
            wd_buffer_append_slice(&want, WD_SLICE("\n\n"));
        wd_buffer_append_slice(&want, story->paragraphs[i]);
    }
    join_lines(text, &out);
    assert_true(wd_slice_equal(wd_buffer_slice(&want), wd_buffer_slice(&out)));
    wd_buffer_clear(&out);
    assert_int_equal(wd_encode_record(WD_RECORD_ENRICHED, story, 0, &out), WD_OK);
    assert_int_equal(wd_json_read(wd_buffer_slice(&out), story->arena, &root, &error), WD_OK);
    yyjson_val *bodies = yyjson_obj_get(yyjson_obj_get(root, "story"), "bodies");
    struct wd_slice left = wd_json_text(yyjson_arr_get_first(bodies), "value", NULL);
    assert_true(wd_slice_equal(left, wd_buffer_slice(&want)));
    wd_buffer_finish(&want);
    wd_buffer_finish(&out);
}

static void leaves_as_it_came(void **state)
{
    static const char *const forms[][2] = {
        {"{\"uri\":\"a:b\",\"headline\":\"a\\nb\",\"body_text\":\"", "\",\"byline\":\"\\n\"}"},
        {"{\"uri\":\"a:b\",\"bodies\":[{\"value\":\"", "\"}]}"},
        {"{\"altids\":{\"itemid\":\"a\",\"etag\":\"b\"},\"body_text\":\"", "\"}"},
    };
    struct wd_story_batch batch;
    uint64_t seed = 4;
    size_t plain = 0;
    (void)state;
    wd_story_batch_init(&batch, 16 << 20);
    for (size_t i = 0; i < COPIES; i++) {
        struct wd_buffer message;
        struct wd_buffer text;
        const char *const *form = forms[i % (sizeof(forms) / sizeof(forms[0]))];
        bool odd = next_random(&seed) % 2;
        wd_buffer_init(&message);
        wd_buffer_init(&text);
        wd_buffer_append_slice(&message, wd_slice_from(form[0]));
        for (unsigned left = next_random(&seed) % PIECES_MAX; left > 0; left--) {
            size_t piece = next_random(&seed) % PIECES;
            if (pieces[piece].odd && !odd)
                continue;
            wd_buffer_append_slice(&message, wd_slice_from(pieces[piece].json));
            wd_buffer_append_slice(&text, wd_slice_from(pieces[piece].text));
        }
        wd_buffer_append_slice(&message, wd_slice_from(form[1]));
        check(wd_buffer_slice(&message), wd_buffer_slice(&text), &batch);
        plain += batch.stories[0]->plain_copy.len > 0;
        wd_buffer_finish(&message);
        wd_buffer_finish(&text);
    }
    assert_in_range(plain, COPIES / 3, COPIES - COPIES / 8); /* both ways were gone */
    wd_story_batch_finish(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(leaves_as_it_came)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
