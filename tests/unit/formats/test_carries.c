/* `wiredesk formats` says what decoders carry: held here against what decoding the golden inputs fills, in both
 * directions, so that the tables cannot drift. */
#include "test.h"

#include "decoder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 18, DECODERS_MAX = 32 };

static uint32_t filled[DECODERS_MAX];
static struct wd_zone *zone;
static struct wd_story_batch batch;

static uint32_t bits_of(const struct wd_story *story)
{
    const struct {
        bool there;
        uint32_t bit;
    } parts[] = {
        {story->guid.len + story->transmission.len > 0, WD_CARRIES_IDENTITY},
        {story->lineage_key.len > 0 || story->update.lineage.len > 0, WD_CARRIES_LINEAGE},
        {story->version.len > 0, WD_CARRIES_VERSION},
        {wd_time_known(story->published), WD_CARRIES_PUBLISHED},
        {wd_time_known(story->updated), WD_CARRIES_UPDATED},
        {wd_time_known(story->embargoed_until), WD_CARRIES_EMBARGO},
        {wd_time_known(story->expires), WD_CARRIES_EXPIRES},
        {story->status != WD_STORY_USABLE, WD_CARRIES_STATUS},
        {story->signals != 0, WD_CARRIES_SIGNALS},
        {story->urgency > 0, WD_CARRIES_URGENCY},
        {story->subjects.count > 0, WD_CARRIES_SUBJECTS},
        {story->people.count + story->organisations.count + story->places.count > 0,
         WD_CARRIES_ENTITIES},
        {story->slug.len > 0, WD_CARRIES_SLUG},
        {story->headline.len > 0, WD_CARRIES_HEADLINE},
        {story->byline.len > 0, WD_CARRIES_BYLINE},
        {story->dateline.len > 0, WD_CARRIES_DATELINE},
        {story->editors_note.len > 0, WD_CARRIES_NOTE},
        {story->credit.len > 0, WD_CARRIES_CREDIT},
        {story->language.len > 0, WD_CARRIES_LANGUAGE},
        {story->summary.len > 0, WD_CARRIES_SUMMARY},
        {story->paragraph_count > 0, WD_CARRIES_BODY},
        {story->media_count > 0, WD_CARRIES_MEDIA},
        {story->url.len > 0, WD_CARRIES_URL},
        {story->provenance.index > 0, WD_CARRIES_SEVERAL},
    };
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        bits |= parts[i].there ? parts[i].bit : 0;
    return bits;
}

static void decode_file(const char *path)
{
    static char bytes[FILE_BYTES_MAX];
    char name[] = "test";
    FILE *file = fopen(path, "rb");
    struct wd_provider provider = {.name = name, .zone = zone};
    struct wd_error error;
    if (!file)
        return;
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    const struct wd_decoder *decoder = wd_decoder_sniff(wd_slice_make(bytes, len));
    struct wd_decode_input input = {.raw = {bytes, len}, .provider = &provider};
    wd_error_init(&error);
    for (size_t i = 0; decoder && wd_decoders[i]; i++) {
        if (wd_decoders[i] != decoder ||
            wd_decode_message(decoder, &input, &batch, &error) != WD_OK)
            continue;
        for (size_t j = 0; j < batch.count; j++)
            filled[i] |= bits_of(batch.stories[j]);
    }
    wd_story_batch_clear(&batch);
}

static void decode_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder)) {
        char below[1024];
        (void)snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            decode_file(below);
    }
    if (folder)
        (void)closedir(folder);
}

static void decode_cases(const char *group)
{
    char path[512];
    (void)snprintf(path, sizeof(path), WD_SOURCE_DIR "/tests/golden/%s", group);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char below[1024];
        (void)snprintf(below, sizeof(below), "%s/%s/input", path, entry->d_name);
        if (entry->d_name[0] != '.')
            decode_folder(below);
    }
    (void)closedir(folder);
}

static void tables_and_samples_agree(void **state)
{
    struct wd_error error;
    (void)state;
    size_t differing = 0;
    wd_story_batch_init(&batch, (size_t)1 << 28);
    assert_int_equal(wd_zone_open("UTC", &zone, &error), WD_OK);
    decode_cases("formats");
    decode_folder(WD_SOURCE_DIR "/deploy/samples/stories");
    decode_cases("updates");
    for (size_t i = 0; wd_decoders[i]; i++) {
        assert_true(i < DECODERS_MAX);
        for (unsigned bit = 0; wd_carries_bit_name(bit); bit++) {
            bool says = wd_decoders[i]->carries & (1u << bit);
            bool does = filled[i] & (1u << bit);
            /* Our own records are decoded in tests/unit/formats/test_enriched.c. */
            if (says == does || strcmp(wd_decoders[i]->name, "enriched") == 0)
                continue;
            print_message("%s: %s is %s\n", wd_decoders[i]->name, wd_carries_bit_name(bit),
                          says ? "said, but no sample fills it" : "filled, but not said");
            differing++;
        }
    }
    wd_story_batch_finish(&batch);
    wd_zone_destroy(zone);
    assert_int_equal(differing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_and_samples_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
