#include "lineage_ahead.h"

enum step {
    STEP_OWN_NAME,
    STEP_GROUP,
    STEP_GROUP_ENTRY,
    STEP_GROUP_RECORD,
    STEP_LINEAGE,
    STEP_LINEAGE_ENTRY,
    STEP_LINEAGE_RECORD,
    STEP_NONE,
};

static void ask_for_own_name(const struct wd_lineage_ahead *ahead, const struct wd_story *story)
{
    struct wd_digest key;
    struct wd_lineage_name name = {.may_be_id = true};
    bool has_guid = story->guid.len > 0;
    struct wd_slice text = has_guid ? story->guid : story->url;
    struct wd_slice provider = has_guid ? story->provider : WD_SLICE_NONE;
    if (text.len > 0 && wd_lineage_key(ahead->store, has_guid ? 'g' : 'u', provider, text, &key)) {
        name.key = wd_handle_of(&key);
        wd_lineage_prefetch(ahead->store, &name);
    }
}

static bool ask_for_group(struct wd_lineage_ahead *ahead, struct wd_slice group)
{
    struct wd_digest key;
    if (!wd_lineage_key(ahead->store, 't', WD_SLICE_NONE, group, &key)) {
        return false;
    }
    ahead->group = wd_handle_of(&key);
    wd_table_prefetch_key(ahead->store->keys, wd_handle_slice(&ahead->group));
    return true;
}

static bool ask_for_more_of_group(const struct wd_lineage_ahead *ahead, int step)
{
    return wd_table_prefetch_further(ahead->store->keys, wd_handle_slice(&ahead->group), step);
}

static bool ask_for_lineage(struct wd_lineage_ahead *ahead)
{
    struct wd_lineage_name name = {.key = ahead->group};
    wd_lineage_read_name(ahead->store, &name);
    if (name.count == 0) {
        return false;
    }
    ahead->id = name.ids[name.count - 1];
    wd_table_prefetch_key(ahead->store->lineages, wd_handle_slice(&ahead->id));
    wd_table_prefetch_key(ahead->copies, wd_handle_slice(&ahead->id));
    return true;
}

static bool ask_for_more_of_lineage(const struct wd_lineage_ahead *ahead,
                                    const struct wd_handle *id, int step)
{
    bool lineage = wd_table_prefetch_further(ahead->store->lineages, wd_handle_slice(id), step);
    bool copy = wd_table_prefetch_further(ahead->copies, wd_handle_slice(id), step);
    return lineage || copy;
}

/* False: there is nothing further. Most groups are new stories', and lead nowhere. */
static bool take_step(struct wd_lineage_ahead *ahead, const struct wd_story *story)
{
    switch (ahead->step) {
    case STEP_OWN_NAME:
        ask_for_own_name(ahead, story);
        return true;
    case STEP_GROUP:
        return ask_for_group(ahead, story->dedup.group);
    case STEP_GROUP_ENTRY:
        return ask_for_more_of_group(ahead, 0);
    case STEP_GROUP_RECORD:
        return ask_for_more_of_group(ahead, 1);
    case STEP_LINEAGE:
        return ask_for_lineage(ahead);
    case STEP_LINEAGE_ENTRY:
        return ask_for_more_of_lineage(ahead, &ahead->id, 0);
    default:
        return ask_for_more_of_lineage(ahead, &ahead->id, 1);
    }
}

static void go_on(struct wd_lineage_ahead *ahead, const struct wd_story *story)
{
    if (ahead->step < STEP_NONE) {
        ahead->step = take_step(ahead, story) ? ahead->step + 1 : STEP_NONE;
    }
}

void wd_lineage_look_ahead(struct wd_lineage_ahead *ahead, const struct wd_story *story)
{
    if (story->dedup.group.len == 0) {
        ahead->step = STEP_OWN_NAME;
    }
    go_on(ahead, story);
}

void wd_lineage_look_further(struct wd_lineage_ahead *ahead, const struct wd_story *story,
                             const struct wd_handle *group)
{
    if (ahead->step > STEP_GROUP && wd_handle_equal(&ahead->group, group)) {
        go_on(ahead, story);
        return;
    }
    ahead->group = *group;
    ahead->step = STEP_GROUP_ENTRY;
}

void wd_lineage_ask_for(const struct wd_lineage_ahead *ahead, const struct wd_handle *id)
{
    if (ahead->step == STEP_NONE && wd_handle_equal(&ahead->id, id)) {
        return;
    }
    wd_table_prefetch_key(ahead->store->lineages, wd_handle_slice(id));
    wd_table_prefetch_key(ahead->copies, wd_handle_slice(id));
    for (int step = 0; step < 2; step++) {
        (void)ask_for_more_of_lineage(ahead, id, step);
    }
}

void wd_lineage_ahead_end(struct wd_lineage_ahead *ahead)
{
    ahead->step = STEP_OWN_NAME;
}
