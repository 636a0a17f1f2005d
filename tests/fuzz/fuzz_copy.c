/* Any bytes as what dedup remembers and as stories: u8 kind, u8 length, bytes. Kind 0 restores the bytes as a record, 1
 * rolls back, 2 commits, others judge them as a story's body. The verdict must make sense whatever was restored. */
#include "near_match.h"
#include "wd_assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct desk {
    struct wd_state *state;
    struct wd_table *table;
    struct wd_near *near;
    struct wd_story *story;
    unsigned count;
};

static void observe(void *context, struct wd_table *table, struct wd_slice key,
                    struct wd_slice value, int64_t event_ms)
{
    (void)table;
    (void)event_ms;
    wd_near_observe(context, key, value);
}

static void restore(struct desk *desk, struct wd_slice bytes)
{
    static const char key[] = "\1\3a.bkey";
    char value[9 + 255] = {WD_STATE_RECORD_VERSION};
    char name[sizeof(key)];
    memcpy(name, key, sizeof(key));
    name[7] = (char)('0' + desk->count++ % 8);
    memcpy(value + 9, bytes.data ? bytes.data : "", bytes.len);
    if (wd_state_changed(desk->state))
        wd_state_commit(desk->state); /* records come before any work */
    WD_ASSERT(wd_state_apply(desk->state, wd_slice_make(name, sizeof(key) - 1),
                             wd_slice_make(value, 9 + bytes.len), NULL) == WD_OK);
}

static void judge(struct desk *desk, struct wd_slice bytes)
{
    struct wd_story *story = desk->story;
    if (!wd_utf8_valid(bytes, NULL))
        return;
    wd_story_reset(story);
    story->provider = WD_SLICE("p");
    story->headline = wd_utf8_cut(bytes, 20);
    struct wd_slice line;
    while (wd_text_next_line(&bytes, &line))
        WD_ASSERT(wd_story_add_paragraph(story, line) == WD_OK);
    wd_state_advance(desk->state, desk->count++);
    WD_ASSERT(wd_near_judge(desk->near, story) == WD_OK);
    const struct wd_dedup_verdict *verdict = &story->dedup;
    WD_ASSERT(verdict->group.len == 32 && verdict->reason.len > 0);
    WD_ASSERT(verdict->contained >= 0 && verdict->contained <= 1);
    WD_ASSERT(verdict->containing >= 0 && verdict->containing <= 1);
    WD_ASSERT(verdict->similarity >= 0 && verdict->similarity <= 1);
    WD_ASSERT(!verdict->joins || verdict->relation != WD_RELATION_NONE);
    /* The same again is the same. */
    struct wd_digest before = story->body_digest;
    story->scan = NULL;
    WD_ASSERT(wd_near_judge(desk->near, story) == WD_OK);
    WD_ASSERT(verdict->relation == WD_RELATION_EXACT);
    WD_ASSERT(memcmp(&before, &story->body_digest, sizeof(before)) == 0);
}

static void open_desk(struct desk *desk)
{
    const struct wd_table_spec spec = {.name = "a.b",
                                       .entries_max = 16,
                                       .ttl_ms = 100,
                                       .key_len_max = WD_DIGEST_BYTES,
                                       .value_len_max = WD_COPY_RECORD_BYTES_MAX};
    const struct wd_near_options options = {.entries_max = 32, .words_min = 2};
    desk->state = wd_state_create();
    WD_ASSERT(desk->state && wd_state_add_table(desk->state, &spec, &desk->table, NULL) == WD_OK);
    desk->near = wd_near_create(desk->table, &options);
    desk->story = wd_story_create(1 << 20);
    WD_ASSERT(desk->near && desk->story);
    wd_table_observe(desk->table, observe, desk->near);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk desk = {.count = 0};
    open_desk(&desk);
    struct wd_slice rest = {(const char *)data, size};
    while (rest.len >= 2) {
        unsigned kind = (unsigned char)rest.data[0];
        size_t len = (unsigned char)rest.data[1];
        rest = wd_slice_from_offset(rest, 2);
        struct wd_slice bytes = wd_slice_make(rest.data, len < rest.len ? len : rest.len);
        rest = wd_slice_from_offset(rest, bytes.len);
        if (kind == 0)
            restore(&desk, bytes);
        else if (kind == 1)
            wd_state_rollback(desk.state);
        else if (kind == 2)
            wd_state_commit(desk.state);
        else
            judge(&desk, bytes);
    }
    wd_story_destroy(desk.story);
    wd_table_observe(desk.table, NULL, NULL);
    wd_near_destroy(desk.near);
    wd_state_destroy(desk.state);
    return 0;
}
