/* Any bytes as markup for the layers below the formats: an XML document, strictly and with recovery, or an HTML body
 * (WD_FUZZ_MARKUP). What comes out is valid UTF-8, and JSON when it is written. */
#include "body_text.h"
#include "decoder.h"
#include "encode.h"
#include "json.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_story(const struct wd_story *story)
{
    struct wd_arena *arena = wd_arena_create((size_t)1 << 30);
    struct wd_error error;
    struct wd_buffer out;
    yyjson_val *root = NULL;
    wd_error_init(&error);
    wd_buffer_init(&out);
    for (size_t i = 0; i < story->paragraph_count; i++)
        WD_ASSERT(wd_utf8_valid(story->paragraphs[i], NULL));
    WD_ASSERT(wd_encode_record(WD_RECORD_ENRICHED, story, 0, &out) == WD_OK);
    WD_ASSERT(wd_json_read(wd_buffer_slice(&out), arena, &root, &error) == WD_OK);
    wd_buffer_finish(&out);
    wd_arena_destroy(arena);
}

static void fuzz_html(struct wd_slice bytes)
{
    struct wd_story *story = wd_story_create((size_t)1 << 30);
    struct wd_error error;
    wd_error_init(&error);
    if (wd_utf8_valid(bytes, NULL) && !memchr(bytes.data, 0, bytes.len) &&
        wd_decode_add_html(story, bytes, &error) == WD_OK)
        check_story(story);
    wd_story_destroy(story);
}

static void fuzz_xml(struct wd_slice bytes, bool recover)
{
    struct wd_arena *arena = wd_arena_create((size_t)1 << 30);
    struct wd_xml_options options = {.recover = recover};
    struct wd_xml_document *document = NULL;
    struct wd_error error;
    struct wd_buffer out;
    wd_error_init(&error);
    wd_buffer_init(&out);
    if (wd_xml_read(bytes, &options, arena, &document, &error) == WD_OK) {
        wd_xml_write_element(&out, document->root);
        WD_ASSERT(wd_utf8_valid(wd_buffer_slice(&out), NULL));
        WD_ASSERT(wd_utf8_valid(wd_xml_text(document->root, arena), NULL));
    }
    wd_buffer_finish(&out);
    wd_arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wd_slice bytes = {(const char *)data, size};
    if (size == 0)
        return 0;
    if (strcmp(WD_FUZZ_MARKUP, "html") == 0) {
        fuzz_html(bytes);
    } else {
        fuzz_xml(bytes, false);
        fuzz_xml(bytes, true);
    }
    return 0;
}
