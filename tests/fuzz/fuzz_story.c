/* Any bytes as a message: sniffed, decoded as JSON and as text, processed, encoded; every record must be
 * JSON again, every paragraph valid UTF-8; an enriched record, read back and written again, must be the
 * same. */
#include "desk.h"
#include "json.h"
#include "wd_assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] =
    "{\"kafka\":{},\"pipelines\":["
    "{\"name\":\"a\",\"input\":{\"topics\":\"a\"},\"processors\":[{\"use\":\"dedup\"},{\"use\":"
    "\"updates\"},{\"use\":\"entities\"}],"
    "\"outputs\":[{\"name\":\"o\",\"topic\":\"o\"},{\"name\":\"u\",\"topic\":\"u\",\"record\":"
    "\"update_event\"},"
    "{\"name\":\"d\",\"topic\":\"d\",\"record\":\"duplicate_event\"}],\"dead_letter\":\"x\"},"
    "{\"name\":\"b\",\"input\":{\"topics\":\"b\",\"format\":\"ninjs\"},\"processors\":[],"
    "\"outputs\":[{\"name\":\"o\",\"topic\":\"o\"}],\"dead_letter\":\"x\"},"
    "{\"name\":\"c\",\"input\":{\"topics\":\"c\",\"format\":\"text\"},\"processors\":[],"
    "\"outputs\":[{\"name\":\"o\",\"topic\":\"o\"}],\"dead_letter\":\"x\"}]}";

static struct wd_config *config;

static void check_enriched(struct wd_slice record)
{
    static struct wd_story_batch batch;
    static struct wd_buffer again;
    struct wd_error error;
    struct wd_decode_input input = {.raw = record, .provider = &config->default_provider};
    wd_error_init(&error);
    if (batch.arena_bytes_max == 0)
        wd_story_batch_init(&batch, (size_t)1 << 30);
    wd_story_batch_clear(&batch);
    wd_buffer_clear(&again);
    WD_ASSERT(wd_decode_message(NULL, &input, &batch, &error) == WD_OK);
    WD_ASSERT(batch.count == 1);
    WD_ASSERT(wd_encode_record(WD_RECORD_ENRICHED, batch.stories[0], 0, &again) == WD_OK);
    WD_ASSERT(wd_slice_equal(wd_buffer_slice(&again), record));
}

static enum wd_status check(void *context, const struct wd_emission *emission)
{
    struct wd_arena *arena = wd_arena_create((size_t)1 << 30);
    struct wd_error error;
    yyjson_val *root = NULL;
    (void)context;
    wd_error_init(&error);
    if (emission->output != SIZE_MAX)
        WD_ASSERT(wd_json_read(emission->payload, arena, &root, &error) == WD_OK);
    wd_arena_destroy(arena);
    if (emission->output == 0)
        check_enriched(emission->payload);
    return WD_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wd_state *states[3];
    static struct wd_desk *desks[3];
    struct wd_error error;
    struct wd_faults faults;
    wd_error_init(&error);
    for (size_t i = 0; !desks[2] && i < 3; i++) {
        wd_faults_init(&faults);
        if (i == 0)
            WD_ASSERT(wd_config_load_text(text, ".", true, &config, &faults) == WD_OK);
        states[i] = wd_state_create();
        WD_ASSERT(wd_plan_add_tables(config->pipelines[i].plan, states[i], &error) == WD_OK);
        WD_ASSERT(wd_desk_create(config, i, states[i], &desks[i], &error) == WD_OK);
    }
    for (size_t i = 0; i < 3; i++) {
        struct wd_desk_message message = {.topic = WD_SLICE("a"),
                                          .value = {(const char *)data, size},
                                          .timestamp_ms = 1600000000000};
        WD_ASSERT(wd_desk_take(desks[i], &message, check, NULL, &error) == WD_OK);
        wd_state_rollback(states[i]);
    }
    return 0;
}
