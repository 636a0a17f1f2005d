/* Any bytes as a message of one format (WD_FUZZ_FORMAT; "" lets the sniffer choose): decoded, encoded; what comes
 * out is JSON, a fault has a reason. */
#include "decoder.h"
#include "encode.h"
#include "json.h"
#include "wd_assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const struct wd_story *story, struct wd_buffer *out)
{
    struct wd_arena *arena = wd_arena_create((size_t)1 << 30);
    struct wd_error error;
    yyjson_val *root = NULL;
    wd_error_init(&error);
    wd_buffer_clear(out);
    WD_ASSERT(wd_encode_record(WD_RECORD_ENRICHED, story, 0, out) == WD_OK);
    WD_ASSERT(wd_json_read(wd_buffer_slice(out), arena, &root, &error) == WD_OK);
    wd_arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wd_zone *zone;
    static char name[] = "fuzz";
    struct wd_story_batch
        batch; /* with `out` new for each input: no edge depends on those before */
    struct wd_buffer out;
    struct wd_error error;
    wd_error_init(&error);
    if (!zone)
        WD_ASSERT(wd_zone_open("America/Denver", &zone, &error) == WD_OK);
    wd_story_batch_init(&batch, (size_t)1 << 29);
    wd_buffer_init(&out);
    struct wd_provider provider = {.name = name, .zone = zone};
    struct wd_decode_input input = {.raw = {(const char *)data, size},
                                    .received = wd_time_from_ms(1600000000000),
                                    .provider = &provider,
                                    .extra = true};
    const struct wd_decoder *decoder = wd_decoder_find(WD_FUZZ_FORMAT);
    enum wd_status status = wd_decode_message(decoder, &input, &batch, &error);
    WD_ASSERT(status == WD_OK ? batch.count > 0 : error.text[0] != '\0');
    for (size_t i = 0; status == WD_OK && i < batch.count && i < 64; i++)
        check_record(batch.stories[i], &out);
    wd_story_batch_finish(&batch);
    wd_buffer_finish(&out);
    return 0;
}
