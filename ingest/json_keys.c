#include "json_keys.h"

#include <stdlib.h>
#include <xxhash.h>

static struct wd_slice text_of(const yyjson_val *value)
{
    return wd_slice_make(unsafe_yyjson_get_str((void *)(uintptr_t)value),
                         unsafe_yyjson_get_len((void *)(uintptr_t)value));
}

/* The next key: behind the value of this one. Containers know where they end. */
static const yyjson_val *next_key(const yyjson_val *key)
{
    const yyjson_val *value = key + 1;
    bool container = (value->tag & YYJSON_TYPE_MASK) >= YYJSON_TYPE_ARR;
    return container ? (const yyjson_val *)(const void *)((const char *)value + value->uni.ofs)
                     : value + 1;
}

/* By length, then by bytes; counts in `context`. */
static int compare(const void *left, const void *right, void *context)
{
    const struct wd_slice *a = left;
    const struct wd_slice *b = right;
    (*(size_t *)context)++;
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return a->len > 0 ? memcmp(a->data, b->data, a->len) : 0;
}

static bool find_by_sorting(const struct wd_json_keys *keys, struct wd_slice *repeated,
                            size_t *steps)
{
    struct wd_slice *names = wd_arena_calloc(keys->arena, keys->count, sizeof(*names));
    const yyjson_val *key = keys->first;
    if (!names)
        return false;
    for (size_t i = 0; i < keys->count; i++, key = next_key(key))
        names[i] = text_of(key);
    qsort_r(names, keys->count, sizeof(*names), compare, steps);
    for (size_t i = 1; i < keys->count && !repeated->data; i++) {
        if (wd_slice_equal(names[i - 1], names[i]))
            *repeated = names[i];
    }
    return true;
}

bool wd_json_keys_find_repeated(const struct wd_json_keys *keys, struct wd_slice *repeated,
                                size_t *steps)
{
    size_t counted = 0;
    size_t slot_count = 2;
    bool ok = true;
    while (slot_count < keys->count * 2)
        slot_count *= 2;
    *repeated = WD_SLICE_NONE;
    const yyjson_val **slots = wd_arena_calloc(keys->arena, slot_count, sizeof(const yyjson_val *));
    if (!slots)
        return false;
    const yyjson_val *key = keys->first;
    for (size_t i = 0; i < keys->count && !repeated->data; i++, key = next_key(key)) {
        struct wd_slice name = text_of(key);
        size_t slot = XXH3_64bits(name.data, name.len) & (slot_count - 1);
        while (slots[slot] && !wd_slice_equal(text_of(slots[slot]), name) &&
               counted < keys->count * WD_JSON_KEY_STEPS) {
            slot = (slot + 1) & (slot_count - 1);
            counted++;
        }
        counted++;
        if (counted >= keys->count * WD_JSON_KEY_STEPS) {
            ok = find_by_sorting(keys, repeated, &counted);
            break;
        }
        if (slots[slot])
            *repeated = name;
        slots[slot] = key;
    }
    if (steps)
        *steps = counted;
    return ok;
}
