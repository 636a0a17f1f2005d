/* Keys of records: what a compacted topic keeps, and what is left where a story lacks it. */
#include "test.h"

#include "encode.h"

#include <stdlib.h>

static struct wd_story *version_of(const char *lineage, const char *guid)
{
    struct wd_story *story = wd_story_create(1 << 20);
    assert_non_null(story);
    story->guid = wd_slice_from(guid);
    story->provider = WD_SLICE("northfield");
    story->update.lineage = wd_slice_from(lineage);
    story->provenance.digest = (struct wd_digest){.bytes = {0xab, 0xcd}};
    return story;
}

#define DIGEST "abcd0000000000000000000000000000"

static void expect(enum wd_record_key key, const struct wd_story *story, const char *want)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_encode_key(key, WD_RECORD_ENRICHED, story, 0, &out);
    assert_slice_equal(wd_buffer_slice(&out), want);
    wd_buffer_finish(&out);
}

static void newest_keeps_the_newest(void **state)
{
    (void)state;
    struct wd_story *story = version_of("1f", "urn:example:1");
    expect(WD_KEY_NEWEST, story, "1f");
    story->update.late = true;
    expect(WD_KEY_NEWEST, story, "1f/" DIGEST);
    story->update.late = false;
    story->update.reprint = true;
    story->provenance.index = 3; /* of the stories of one message */
    expect(WD_KEY_NEWEST, story, "1f/" DIGEST "/3");
    story->update.reprint = false;
    story->update.partial = true;
    story->provenance.index = 0;
    expect(WD_KEY_NEWEST, story, "1f/" DIGEST);
    expect(WD_KEY_LINEAGE, story, "1f");
    wd_story_destroy(story);
}

static void what_is_left(void **state)
{
    (void)state;
    struct wd_story *story = version_of("", "urn:example:1");
    expect(WD_KEY_LINEAGE, story, "urn:example:1");
    expect(WD_KEY_NEWEST, story, "urn:example:1");
    story->guid = WD_SLICE_NONE;
    expect(WD_KEY_LINEAGE, story, DIGEST);
    expect(WD_KEY_NEWEST, story, DIGEST);
    expect(WD_KEY_GUID, story, DIGEST);
    expect(WD_KEY_LANGUAGE, story, "und");
    expect(WD_KEY_PROVIDER, story, "northfield");
    expect(WD_KEY_NONE, story, "");
    wd_story_destroy(story);
}

/* Copies and orders meet, however their providers write the language. */
static void one_key_for_one_language(void **state)
{
    (void)state;
    struct wd_story *story = version_of("1f", "urn:example:1");
    story->language = WD_SLICE("en-US");
    expect(WD_KEY_LANGUAGE, story, "en");
    story->language = WD_SLICE("EN");
    expect(WD_KEY_LANGUAGE, story, "en");
    story->language = WD_SLICE_NONE;
    story->tagging.language = WD_SLICE("en"); /* entities found it */
    expect(WD_KEY_LANGUAGE, story, "en");
    wd_story_destroy(story);
}

static void an_advisory_has_the_key_of_whom_it_concerns(void **state)
{
    (void)state;
    struct wd_story *story = version_of("1f", "urn:example:kill");
    struct wd_advisory *advisory = wd_story_add_advisory(story);
    struct wd_buffer out;
    assert_non_null(advisory);
    advisory->id = WD_SLICE("urn:example:reprint");
    wd_buffer_init(&out);
    wd_encode_key(WD_KEY_GUID, WD_RECORD_ADVISORY_EVENT, story, 0, &out);
    assert_slice_equal(wd_buffer_slice(&out), "urn:example:reprint");
    struct wd_update_verdict other = {.lineage = WD_SLICE("2e"), .state = WD_LINEAGE_KILLED};
    advisory->lineage = &other;
    wd_buffer_clear(&out);
    wd_encode_key(WD_KEY_LINEAGE, WD_RECORD_ADVISORY_EVENT, story, 0, &out);
    assert_slice_equal(wd_buffer_slice(&out), "2e");
    wd_buffer_clear(&out);
    wd_encode_key(WD_KEY_LINEAGE, WD_RECORD_UPDATE_EVENT, story, 0, &out);
    assert_slice_equal(wd_buffer_slice(&out), "1f");
    wd_buffer_finish(&out);
    wd_story_destroy(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_keeps_the_newest),
        cmocka_unit_test(what_is_left),
        cmocka_unit_test(one_key_for_one_language),
        cmocka_unit_test(an_advisory_has_the_key_of_whom_it_concerns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
