/* Any bytes as changelog records (u8 key length, key, u8 value length, value): what is taken must come out
 * again, and make the same state. */
#include "table.h"
#include "wd_assert.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wd_state *make_state(void)
{
    struct wd_state *state = wd_state_create();
    struct wd_table *table = NULL;
    struct wd_table_spec spec = {
        .name = "a.b", .entries_max = 8, .ttl_ms = 1000, .key_len_max = 16, .value_len_max = 32};
    WD_ASSERT(wd_state_add_table(state, &spec, &table, NULL) == WD_OK);
    return state;
}

static enum wd_status apply(void *context, struct wd_slice key, struct wd_slice value)
{
    WD_ASSERT(wd_state_apply(context, key, value, NULL) == WD_OK);
    return WD_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wd_state *state = make_state();
    struct wd_state *copy = make_state();
    struct wd_slice rest = {(const char *)data, size};
    while (rest.len > 0) {
        struct wd_slice parts[2] = {WD_SLICE_NONE, WD_SLICE_NONE};
        for (int i = 0; i < 2 && rest.len > 0; i++) {
            size_t len = (unsigned char)rest.data[0];
            rest = wd_slice_from_offset(rest, 1);
            if (len > rest.len)
                len = rest.len;
            parts[i] = wd_slice_make(len > 0 ? rest.data : NULL, len);
            rest = wd_slice_from_offset(rest, len);
        }
        if (wd_state_apply(state, parts[0], parts[1], NULL) != WD_OK)
            continue; /* refused: what came before it stays */
    }
    WD_ASSERT(wd_state_each(state, apply, copy) == WD_OK);
    WD_ASSERT(wd_state_event_ms(state) == wd_state_event_ms(copy));
    WD_ASSERT(wd_state_count(copy) <= wd_state_count(state));
    wd_state_destroy(state);
    wd_state_destroy(copy);
    return 0;
}
