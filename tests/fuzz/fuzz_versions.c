/* Any bytes as what `updates` remembers (first byte 0 to 2), or as a sequence of versions that follow, merge
 * and kill one another, some of them rolled back. */
#include "config.h"
#include "copy_memory.h"
#include "lineage_record.h"
#include "wd_assert.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMBERS = WD_LINEAGE_INLINE_MAX + WD_LINEAGE_PAGE_MEMBERS, STORY_BYTES = 8 };

static const char config_text[] = "{\"name\": \"fuzz\", \"kafka\": {\"bootstrap.servers\": "
                                  "\"h:1\"}, \"pipelines\": [{\"name\": \"p\","
                                  " \"input\": {\"topics\": [\"raw\"]}, \"processors\": [{\"use\": "
                                  "\"updates\", \"members_max\": 8,"
                                  " \"entries_max\": 4}], \"outputs\": [{\"name\": \"o\", "
                                  "\"topic\": \"o\"}], \"dead_letter\": \"d\"}]}";

/* What is taken from a record must be written as it was, or shorter, and be read again the same. */
static void records(struct wd_slice bytes, bool page)
{
    static struct wd_lineage_member room[MEMBERS];
    struct wd_lineage_frame frame = {.event_ms = INT64_C(1700000000000)};
    struct wd_lineage_record record = {.members = room, .member_capacity = MEMBERS};
    struct wd_arena *arena = wd_arena_create(1 << 20);
    struct wd_buffer out;
    struct wd_buffer again;
    wd_buffer_init(&out);
    wd_buffer_init(&again);
    WD_ASSERT(arena);
    if (!page && wd_lineage_record_decode(bytes, &frame, arena, &record) == WD_OK) {
        WD_ASSERT(record.member_count <= WD_LINEAGE_INLINE_MAX);
        wd_lineage_record_encode(&record, &frame, &out);
        WD_ASSERT(wd_buffer_ok(&out) && out.len <= bytes.len);
        record.member_count = 0;
        WD_ASSERT(wd_lineage_record_decode(wd_buffer_slice(&out), &frame, arena, &record) == WD_OK);
        wd_lineage_record_encode(&record, &frame, &again);
        WD_ASSERT(wd_slice_equal(wd_buffer_slice(&again), wd_buffer_slice(&out)));
    } else if (page && wd_lineage_page_decode(bytes, &frame, arena, &record) == WD_OK) {
        WD_ASSERT(record.member_count <= WD_LINEAGE_PAGE_MEMBERS);
    }
    wd_buffer_finish(&again);
    wd_buffer_finish(&out);
    wd_arena_destroy(arena);
}

static void memories(struct wd_slice bytes)
{
    struct wd_copy_memory memory;
    struct wd_change change;
    if (!wd_copy_memory_decode(bytes, &memory) || !wd_utf8_valid(memory.body, NULL) ||
        !wd_utf8_valid(memory.headline, NULL))
        return;
    struct wd_story *before = wd_story_create(1 << 26);
    struct wd_story *now = wd_story_create(1 << 26);
    struct wd_slice half = wd_utf8_cut(memory.body, memory.body.len / 2);
    WD_ASSERT(before && now && wd_story_add_paragraph(now, half) == WD_OK);
    WD_ASSERT(wd_copy_compare(&memory, before, now, &change) == WD_OK);
    WD_ASSERT(change.sentence_count <= 32 && change.fact_count <= 32);
    wd_story_destroy(before);
    wd_story_destroy(now);
}

static void fill(struct wd_story *story, const uint8_t *bytes)
{
    static const char *const ids[] = {"", "a", "b", "c"};
    static const char *const providers[] = {"wire", "mail", "herald", "courier"};
    static const char *const texts[] = {
        "The bridge is shut.", "The bridge is shut. Nobody was hurt.", "Mayor Solberg goes.", ""};
    wd_story_reset(story);
    story->provider = wd_slice_from(providers[bytes[0] % 4]);
    story->guid = wd_slice_from(ids[bytes[0] / 4 % 4]);
    story->previous = wd_slice_from(ids[bytes[0] / 16 % 4]);
    story->acts_on = wd_slice_from(ids[bytes[0] / 64 % 4]);
    story->acts_on_status = (enum wd_story_status)(bytes[1] % WD_STORY_STATUS_COUNT);
    story->status = (enum wd_story_status)(bytes[1] / 4 % WD_STORY_STATUS_COUNT);
    story->signals = bytes[2] & 0x7F;
    story->flags = bytes[2] & 0x80 ? WD_FLAG_PARTIAL : 0;
    story->dedup.group = wd_slice_from(ids[bytes[3] % 4]);
    for (unsigned i = 0; i < (bytes[3] & 0x80 ? 2 : 1); i++)
        WD_ASSERT(wd_story_add_also_group(story, wd_slice_from(ids[bytes[3] >> (2 + 2 * i) & 3])) ==
                  WD_OK);
    story->slug = bytes[3] & 0x40 ? WD_SLICE("Bridge, 1st Ld") : WD_SLICE("Bridge");
    story->version = wd_slice_from(ids[bytes[4] % 4]);
    story->version_order = (enum wd_version_order)(bytes[4] / 4 % WD_VERSION_ORDER_COUNT);
    if (bytes[4] & 0x80)
        story->published = wd_time_from_ms(INT64_C(3600000) * bytes[5]);
    if (bytes[4] & 0x40)
        story->updated = wd_time_from_ms(INT64_C(3600000) * bytes[6]);
    story->received = wd_time_from_ms(INT64_C(3600000) * bytes[7]);
    story->headline = wd_slice_from(texts[bytes[7] % 4]);
    WD_ASSERT(wd_story_add_paragraph(story, wd_slice_from(texts[bytes[6] % 4])) == WD_OK);
}

static void versions(const uint8_t *data, size_t size)
{
    static struct wd_config *config;
    struct wd_faults faults;
    struct wd_error error;
    struct wd_pipeline *pipeline = NULL;
    wd_error_init(&error);
    wd_faults_init(&faults);
    if (!config)
        WD_ASSERT(wd_config_load_text(config_text, ".", true, &config, &faults) == WD_OK);
    struct wd_plan *plan = config->pipelines[0].plan;
    struct wd_state *state = wd_state_create();
    struct wd_story *story = wd_story_create(1 << 24);
    WD_ASSERT(state && story && wd_plan_add_tables(plan, state, &error) == WD_OK);
    WD_ASSERT(wd_pipeline_create(plan, state, &pipeline, &error) == WD_OK);
    for (; size >= STORY_BYTES; data += STORY_BYTES, size -= STORY_BYTES) {
        fill(story, data);
        WD_ASSERT(wd_pipeline_process(pipeline, story, NULL, &error) == WD_PASS);
        WD_ASSERT(story->update.lineage.len == 32 && story->update.reason.len > 0);
        WD_ASSERT(story->update.members <= 8 && story->update.number > 0);
        if (data[3] & 0x80)
            wd_state_rollback(state);
        else
            wd_state_commit(state);
        WD_ASSERT(wd_state_count(state) <= 4 + 4 + 16 + 4);
    }
    wd_pipeline_destroy(pipeline);
    wd_state_destroy(state);
    wd_story_destroy(story);
    wd_faults_finish(&faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct wd_slice rest = {(const char *)data + 1, size - 1};
    if (data[0] < 2)
        records(rest, data[0] == 1);
    else if (data[0] == 2)
        memories(rest);
    else
        versions(data + 1, size - 1);
    return 0;
}
