#include "orders.h"

#include "copy_scan.h"
#include "wd_assert.h"

bool wd_story_stops(const struct wd_story *story)
{
    return story->status == WD_STORY_CANCELED || story->status == WD_STORY_WITHHELD ||
           (story->signals & (WD_SIGNAL_KILL | WD_SIGNAL_HOLD)) != 0;
}

bool wd_story_lifts(const struct wd_story *story)
{
    return (story->signals & (WD_SIGNAL_STANDS | WD_SIGNAL_RELEASE)) && !wd_story_stops(story);
}

bool wd_story_gives_order(const struct wd_story *story)
{
    return wd_story_stops(story) || wd_story_lifts(story) ||
           (story->signals & WD_SIGNAL_CORRECTION) != 0;
}

bool wd_story_brings_copy(const struct wd_story *story)
{
    WD_ASSERT(story->scan);
    return story->scan->words_total >= WD_ORDER_WORDS_MAX || (story->flags & WD_FLAG_PARTIAL) != 0;
}

bool wd_story_is_order(const struct wd_story *story)
{
    bool speaks = wd_story_lifts(story) || (story->signals & WD_SIGNAL_CORRECTION);
    return wd_story_stops(story) || (speaks && !wd_story_brings_copy(story));
}

bool wd_story_is_bare_order(const struct wd_story *story)
{
    return wd_story_gives_order(story) && !wd_story_brings_copy(story);
}
