/* json_keys.h - whether a key occurs twice in an object of many keys.
 *
 * Why:    readers would disagree about what such an object says. Hashing finds it in one pass; keys that were made to collide
 *         would cost its square, so the pass is counted, and what exceeds any honest count is sorted instead: no secret is
 *         needed that somebody could learn.
 * Owns:   nothing; works in the document's arena.
 * Thread: any.
 * Limits: at most WD_JSON_KEY_STEPS steps a key, then a sort. */
#ifndef WD_JSON_KEYS_H
#define WD_JSON_KEYS_H

#include "arena.h"

#include <yyjson.h>

enum { WD_JSON_KEY_STEPS = 8 };

/* The keys of one object: `first` is the first key's value, as yyjson lays them out. */
struct wd_json_keys {
    const yyjson_val *first;
    size_t count;
    struct wd_arena *arena;
};

/* False without memory. `repeated` gets a key that occurs before, data NULL when there is none: the same for the same
 * object always. `steps` (may be NULL) is the count of looks at a slot and of comparisons of two keys. */
bool wd_json_keys_find_repeated(const struct wd_json_keys *keys, struct wd_slice *repeated,
                                size_t *steps);

#endif
