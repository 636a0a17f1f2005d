/* lineage_store.h - finds lineages by every name that a story has, keeps them and makes two one.
 *
 * Why:    the same story comes under new ids, and the same id is used for another story: names and
 *         lineages are many to many. All of it lives in state tables, nothing beside them, so that an
 *         abort or a restart changes no verdict.
 * Owns:   a loaded lineage lies in the arena that was given.
 * Thread: its lane.
 * Tables: "lineages": handle of the lineage -> lineage_record.h. "members": that and u8 page -> the members
 *         that the record has no room for. "keys": handle of a name -> handles of lineages, one behind the
 *         other. The handle of a merged lineage is such a name, too: with a byte behind the handles, the first one
 *         says which lineage it went into.
 * Handle: the first 8 bytes of a digest. Among four million of them a new one is another's once in four million
 *         million: then two stories are one lineage.
 * Age:    a lineage leaves `window` after its last version came, whole: its record goes, and names and
 *         pages lead nowhere without it. Those live four windows from when they were last used. */
#ifndef WD_LINEAGE_STORE_H
#define WD_LINEAGE_STORE_H

#include "lineage_record.h"
#include "record_bytes.h"
#include "table.h"

enum { WD_KEY_LINEAGES_MAX = 4, WD_KEY_RECORD_BYTES_MAX = 255, WD_HANDLE_BYTES = 8 };

/* What a lineage or a name goes by in the tables. */
struct wd_handle {
    uint8_t bytes[WD_HANDLE_BYTES];
};

struct wd_lineage_store {
    struct wd_table *lineages;
    struct wd_table *members;
    struct wd_table *keys;
    struct wd_buffer scratch;
    size_t members_max;
};

struct wd_lineage {
    struct wd_digest id;
    struct wd_lineage_record record;
    uint64_t dirty_pages; /* bit n: page n is to be written */
};

/* Digest of a name: `kind` keeps a guid apart from an address that reads the same; an address is that of its page. False when memory
 * is exhausted. */
bool wd_lineage_key(struct wd_lineage_store *store, char kind, struct wd_slice provider,
                    struct wd_slice name, struct wd_digest *key);

static inline struct wd_handle wd_handle_of(const struct wd_digest *digest)
{
    struct wd_handle handle;
    memcpy(handle.bytes, digest->bytes, sizeof(handle.bytes));
    return handle;
}

static inline bool wd_handle_equal(const struct wd_handle *a, const struct wd_handle *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static inline struct wd_slice wd_handle_slice(const struct wd_handle *handle)
{
    return (struct wd_slice){(const char *)handle->bytes, sizeof(handle->bytes)};
}

/* Takes a handle off a record. */
void wd_handle_take(struct wd_record_reader *reader, struct wd_handle *handle);

/* A name and where it leads. */
struct wd_lineage_name {
    bool given;   /* there is one */
    bool written; /* something stands under it */
    bool merged;  /* it is the id of a lineage that went into `into` */
    struct wd_handle into;
    struct wd_handle key;
    bool may_be_id; /* a lineage may have it for its id: then it leads there when nobody gave it */
    size_t count;   /* of the lineages that it leads to */
    struct wd_handle ids[WD_KEY_LINEAGES_MAX];
};

/* Asks the processor for what resolving the name will read first. */
void wd_lineage_prefetch(const struct wd_lineage_store *store, const struct wd_lineage_name *name);
/* Fills `count` and `ids` with what stands under the name. */
void wd_lineage_read_name(struct wd_lineage_store *store, struct wd_lineage_name *name);
/* Leaves of that the lineages alive, each once. */
void wd_lineage_keep_alive(struct wd_lineage_store *store, struct wd_lineage_name *name);
/* The lineage, or the one that it went into. False when it is no more. */
bool wd_lineage_alive(struct wd_lineage_store *store, struct wd_handle *id);
/* From now on the name leads (also) to this lineage. It is read again where something stood under it: what that leads
 * to may have changed with this story. */
enum wd_status wd_lineage_give_name(struct wd_lineage_store *store, struct wd_lineage_name *name,
                                    const struct wd_handle *id) WD_MUST_CHECK;

/* An empty lineage with room for one member. */
enum wd_status wd_lineage_open(struct wd_arena *arena, const struct wd_digest *id,
                               struct wd_lineage *lineage) WD_MUST_CHECK;
/* WD_NOT_FOUND when it is not there or written by another version of this program. There is room for
 * one more member. */
enum wd_status wd_lineage_load(struct wd_lineage_store *store, struct wd_arena *arena,
                               const struct wd_handle *handle,
                               struct wd_lineage *lineage) WD_MUST_CHECK;
enum wd_status wd_lineage_save(struct wd_lineage_store *store,
                               struct wd_lineage *lineage) WD_MUST_CHECK;
/* Takes everything of `from` into `into` and lets its id lead there. `into` is not saved yet. */
enum wd_status wd_lineage_merge(struct wd_lineage_store *store, struct wd_arena *arena,
                                struct wd_lineage *into,
                                const struct wd_lineage *from) WD_MUST_CHECK;

/* NULL when it is not among those remembered. */
struct wd_lineage_member *wd_lineage_find_member(struct wd_lineage *lineage, uint64_t key);
/* Adds or takes the place of the one with the same key; at the limit the member whose newest version is
 * the oldest leaves, and is counted. */
void wd_lineage_put_member(struct wd_lineage *lineage, const struct wd_lineage_member *member,
                           size_t members_max);
/* Adds or replaces an older one of the same kind and key; the oldest leaves at the limit. An order that was lent and
 * comes as the lineage's own is its own. */
void wd_lineage_put_order(struct wd_lineage *lineage, const struct wd_lineage_order *order);

#endif
