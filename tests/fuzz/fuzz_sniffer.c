/* Any bytes for the sniffer: it chooses the decoder that is surest and no other, and says the same again; what it does
 * not know is refused with a reason. */
#include "decoder.h"
#include "wd_assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SURE_MAX = 100 };

static void check_choice(struct wd_slice raw, const struct wd_decoder *chosen)
{
    struct wd_slice head = {raw.data, raw.len < WD_SNIFF_BYTES ? raw.len : WD_SNIFF_BYTES};
    int sure = chosen ? chosen->sniff(head, raw.len) : 0;
    WD_ASSERT(!chosen || sure > 0);
    for (size_t i = 0; wd_decoders[i]; i++) {
        int other = wd_decoders[i]->sniff(head, raw.len);
        WD_ASSERT(other >= 0 && other <= SURE_MAX);
        if (chosen && wd_decoders[i]->json == chosen->json)
            WD_ASSERT(other <= sure);
    }
    WD_ASSERT(wd_decoder_sniff(raw) == chosen);
}

static void check_refusal(struct wd_slice raw)
{
    static struct wd_story_batch batch;
    static char name[] = "fuzz";
    struct wd_provider provider = {.name = name};
    struct wd_decode_input input = {.raw = raw, .provider = &provider};
    struct wd_error error;
    wd_error_init(&error);
    if (batch.arena_bytes_max == 0)
        wd_story_batch_init(&batch, (size_t)1 << 20);
    WD_ASSERT(wd_decode_message(NULL, &input, &batch, &error) != WD_OK && error.text[0] != '\0');
    WD_ASSERT(batch.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wd_slice raw = {(const char *)data, size};
    const struct wd_decoder *chosen = wd_decoder_sniff(raw);
    check_choice(raw, chosen);
    if (!chosen)
        check_refusal(raw);
    return 0;
}
