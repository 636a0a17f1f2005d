#include "table_slots.h"

#include "prefetch.h"
#include "wd_assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    FIRST_SLOTS = 64,
    DOUBLED_MAX = 1 << 16, /* larger arrays grow by half: what is reserved is used soon */
    MOVED_AT_ONCE = 24,    /* slots of the old array for each that is added or removed */
    HUGE_PAGE = 2 * 1024 * 1024,
    LINE_SLOTS = 64 / sizeof(struct wd_slot), /* of a cache line; arrays are whole ones */
};

static uint64_t bytes_of(uint32_t count)
{
    return (uint64_t)count * sizeof(struct wd_slot);
}

/* Empty; not yet in memory where the array is large. */
static bool make(struct wd_slot_array *array, uint32_t count)
{
    void *memory =
        mmap(NULL, bytes_of(count), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    if (bytes_of(count) >= 2 * (uint64_t)HUGE_PAGE) /* a look-up misses the cache once, not twice */
        (void)madvise(memory, bytes_of(count), MADV_HUGEPAGE);
    *array = (struct wd_slot_array){memory, count};
    return true;
}

static void drop(struct wd_slot_array *array)
{
    if (array->slots)
        (void)munmap(array->slots, bytes_of(array->count));
    *array = (struct wd_slot_array){NULL, 0};
}

bool wd_table_slots_init(struct wd_table_slots *slots)
{
    *slots = (struct wd_table_slots){.used = 0};
    return make(&slots->now, FIRST_SLOTS);
}

void wd_table_slots_finish(struct wd_table_slots *slots)
{
    drop(&slots->now);
    drop(&slots->old);
}

void wd_table_slots_clear(struct wd_table_slots *slots)
{
    drop(&slots->old);
    memset(slots->now.slots, 0, bytes_of(slots->now.count));
    slots->used = 0;
}

/* The begin of a line: a search that begins anywhere in it goes on in the next one, which nobody has asked for, as often
 * as not. */
static inline uint32_t home_of(const struct wd_slot_array *array, uint32_t hash)
{
    return (uint32_t)((uint64_t)hash * (array->count / LINE_SLOTS) >> 32) * LINE_SLOTS;
}

static inline uint32_t after(const struct wd_slot_array *array, uint32_t place)
{
    return place + 1 == array->count ? 0 : place + 1;
}

void wd_table_slots_prefetch(const struct wd_table_slots *slots, uint32_t hash)
{
    wd_prefetch(&slots->now.slots[home_of(&slots->now, hash)]);
}

static int32_t find(const struct wd_slot_array *array, uint32_t hash, wd_slot_match *match,
                    const void *context)
{
    uint32_t place = home_of(array, hash);
    for (; array->slots[place].number != 0; place = after(array, place)) {
        const struct wd_slot *slot = &array->slots[place];
        if (slot->hash == hash && match(context, (int32_t)(slot->number - 1)))
            return (int32_t)(slot->number - 1);
    }
    return -1;
}

int32_t wd_table_slots_find(const struct wd_table_slots *slots, uint32_t hash, wd_slot_match *match,
                            const void *context)
{
    int32_t number = find(&slots->now, hash, match, context);
    return number >= 0 || slots->old.count == 0 ? number : find(&slots->old, hash, match, context);
}

static void put(struct wd_slot_array *array, struct wd_slot slot)
{
    uint32_t place = home_of(array, slot.hash);
    while (array->slots[place].number != 0)
        place = after(array, place);
    array->slots[place] = slot;
}

/* Moves whole runs between empty slots, so that no search ends too early at one that was moved. */
static void move_some(struct wd_table_slots *slots)
{
    struct wd_slot_array *old = &slots->old;
    uint32_t moved = 0;
    while (slots->old_left > 0) {
        struct wd_slot *slot = &old->slots[slots->old_at];
        if (slot->number == 0 && moved >= MOVED_AT_ONCE)
            return;
        if (slot->number != 0) {
            put(&slots->now, *slot);
            slot->number = 0;
        }
        slots->old_at = after(old, slots->old_at);
        slots->old_left--;
        moved++;
    }
    drop(old);
}

bool wd_table_slots_reserve(struct wd_table_slots *slots)
{
    uint32_t count = slots->now.count;
    if (slots->old.count > 0)
        move_some(slots);
    if ((uint64_t)slots->used * 4 < (uint64_t)count * 3)
        return true;
    while (slots->old.count > 0)
        move_some(slots);
    struct wd_slot_array made;
    uint32_t more = count < DOUBLED_MAX ? count : count / 2 / LINE_SLOTS * LINE_SLOTS;
    if (count > UINT32_MAX / 2 || !make(&made, count + more))
        return false;
    slots->old = slots->now;
    slots->now = made;
    slots->old_left = count;
    slots->old_at = 0;
    while (slots->old.slots[slots->old_at].number != 0) /* a quarter are empty */
        slots->old_at++;
    return true;
}

void wd_table_slots_add(struct wd_table_slots *slots, uint32_t hash, int32_t number)
{
    WD_ASSERT(slots->used < slots->now.count - 1);
    put(&slots->now, (struct wd_slot){hash, (uint32_t)number + 1});
    slots->used++;
}

/* The place of the slot; the array's count when it is not there. */
static uint32_t place_of(const struct wd_slot_array *array, uint32_t hash, uint32_t number)
{
    uint32_t place = array->count == 0 ? 0 : home_of(array, hash);
    while (array->count > 0 && array->slots[place].number != 0) {
        if (array->slots[place].number == number)
            return place;
        place = after(array, place);
    }
    return array->count;
}

/* Takes a slot out, moving followers back: no tombstones that pile up for months. */
static void close_hole(struct wd_slot_array *array, uint32_t hole)
{
    struct wd_slot *slots = array->slots;
    uint32_t count = array->count;
    for (uint32_t next = after(array, hole); slots[next].number != 0; next = after(array, next)) {
        uint32_t home = home_of(array, slots[next].hash);
        uint32_t from_home = next >= home ? next - home : next + count - home;
        uint32_t from_hole = next >= hole ? next - hole : next + count - hole;
        if (from_home >= from_hole) {
            slots[hole] = slots[next];
            hole = next;
        }
    }
    slots[hole].number = 0;
}

void wd_table_slots_remove(struct wd_table_slots *slots, uint32_t hash, int32_t number)
{
    struct wd_slot_array *array = &slots->now;
    uint32_t place = place_of(array, hash, (uint32_t)number + 1);
    if (place == array->count) {
        array = &slots->old;
        place = place_of(array, hash, (uint32_t)number + 1);
    }
    WD_ASSERT(place < array->count);
    close_hole(array, place);
    slots->used--;
}

uint64_t wd_table_slots_bytes(const struct wd_table_slots *slots)
{
    return bytes_of(slots->now.count) + bytes_of(slots->old.count);
}
