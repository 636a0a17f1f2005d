#include "refusal.h"

enum { OFFSET_BITS = 44 };
#define OFFSET_MASK ((UINT64_C(1) << OFFSET_BITS) - 1)

uintptr_t wd_refusal_tag(uint32_t shard, int64_t offset)
{
    return ((uintptr_t)shard << OFFSET_BITS) | ((uintptr_t)offset & OFFSET_MASK);
}

uintptr_t wd_refusal_tag_of_state(uint32_t shard)
{
    return ((uintptr_t)shard << OFFSET_BITS) | OFFSET_MASK;
}

void wd_refusal_init(struct wd_refusal *refusal, uint32_t records_max)
{
    *refusal = (struct wd_refusal){.records_max = records_max, .records_always = records_max};
}

void wd_refusal_note(struct wd_refusal *refusal, uintptr_t tag)
{
    bool of_state = (tag & OFFSET_MASK) == OFFSET_MASK;
    if (of_state || (refusal->any && tag != refusal->told))
        refusal->several = true;
    refusal->any = true;
    refusal->told = tag;
}

/* The place of a mark, or WD_REFUSAL_MARKS. A place that is free has the tag 0: shards are numbered from 1. */
static size_t find_mark(const struct wd_refusal *refusal, uintptr_t tag)
{
    size_t i = 0;
    while (i < WD_REFUSAL_MARKS && refusal->marks[i].message != tag)
        i++;
    return i;
}

bool wd_refusal_is_marked(struct wd_refusal *refusal, uintptr_t tag)
{
    size_t mark = find_mark(refusal, tag);
    if (mark == WD_REFUSAL_MARKS)
        return false;
    refusal->marks[mark].buried = true;
    return true;
}

static bool shorten(struct wd_refusal *refusal, uint32_t messages)
{
    uint32_t half = messages > 1 ? messages / 2 : 1;
    refusal->commits = 0;
    if (half >= refusal->records_max)
        return false;
    refusal->records_max = half;
    return true;
}

bool wd_refusal_rolled_back(struct wd_refusal *refusal, uint32_t messages)
{
    bool any = refusal->any;
    bool several = refusal->several;
    refusal->any = refusal->several = false;
    for (size_t i = 0; i < WD_REFUSAL_MARKS; i++)
        refusal->marks[i].buried = false;
    if (!any || several)
        return any && shorten(refusal, messages);
    if (find_mark(refusal, refusal->told) < WD_REFUSAL_MARKS)
        return false; /* not even its dead letter is taken */
    size_t place = find_mark(refusal, 0);
    if (place == WD_REFUSAL_MARKS && shorten(refusal, messages))
        return true;
    if (place == WD_REFUSAL_MARKS) { /* marks of shards that went, maybe: they never come again */
        place = refusal->next;
        refusal->next = (refusal->next + 1) % WD_REFUSAL_MARKS;
    }
    refusal->marks[place].message = refusal->told;
    return true;
}

void wd_refusal_committed(struct wd_refusal *refusal)
{
    refusal->any = refusal->several = false;
    for (size_t i = 0; i < WD_REFUSAL_MARKS; i++) {
        if (refusal->marks[i].buried)
            refusal->marks[i].message = 0;
        refusal->marks[i].buried = false;
    }
    if (refusal->records_max == refusal->records_always || ++refusal->commits < WD_REFUSAL_COMMITS)
        return;
    refusal->commits = 0;
    refusal->records_max = refusal->records_max > refusal->records_always / 2
                               ? refusal->records_always
                               : refusal->records_max * 2;
}
