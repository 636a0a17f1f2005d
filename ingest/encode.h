/* encode.h - the records that leave the house.
 *
 * Why:    one writer of JSON text for the enriched record and the events; unchanged bytes are copied,
 *         no tree is built.
 * Thread: any; no state.
 * Source: ninjs 3.1 (IPTC) for "story"; schemas/ for "wiredesk" and the events. */
#ifndef WD_ENCODE_H
#define WD_ENCODE_H

#include "buffer.h"
#include "story.h"

#define WD_RECORD_MAP(X)                                                                           \
    X(WD_RECORD_ENRICHED, "enriched")                                                              \
    X(WD_RECORD_UPDATE_EVENT, "update_event")                                                      \
    X(WD_RECORD_DUPLICATE_EVENT, "duplicate_event")                                                \
    X(WD_RECORD_ORIGINAL, "original")             /* the message's own bytes */                    \
    X(WD_RECORD_ADVISORY_EVENT, "advisory_event") /* one for each advisory of the story */

enum wd_record {
#define WD_RECORD_ENUM(code, name) code,
    WD_RECORD_MAP(WD_RECORD_ENUM)
#undef WD_RECORD_ENUM
        WD_RECORD_COUNT
};

const char *wd_record_name(enum wd_record record);
bool wd_record_from_name(const char *name, enum wd_record *record);

/* What a record is keyed by. */
#define WD_RECORD_KEY_MAP(X)                                                                       \
    X(WD_KEY_LINEAGE, "lineage") /* lineage id, else guid, else body digest */                     \
    X(WD_KEY_NEWEST, "newest")   /* that; late versions, reprints, parts: with the digest */       \
    X(WD_KEY_GUID, "guid")       /* guid, else lineage id */                                       \
    X(WD_KEY_PROVIDER, "provider")                                                                 \
    X(WD_KEY_LANGUAGE, "language") /* wd_language_of_story, else "und" */                          \
    X(WD_KEY_INPUT, "input")       /* the input record's key */                                    \
    X(WD_KEY_NONE, "none")

enum wd_record_key {
#define WD_RECORD_KEY_ENUM(code, name) code,
    WD_RECORD_KEY_MAP(WD_RECORD_KEY_ENUM)
#undef WD_RECORD_KEY_ENUM
        WD_RECORD_KEY_COUNT
};

const char *wd_record_key_name(enum wd_record_key key);
bool wd_record_key_from_name(const char *name, enum wd_record_key *key);

/* How many records of this kind the story causes: 1, for advisory events any number. */
size_t wd_encode_count(enum wd_record record, const struct wd_story *story);
/* Appends record number `index` (below wd_encode_count) as one line of JSON (without the line end).
 * WD_NO_MEMORY, or WD_UNSUPPORTED for an event whose verdict the story lacks. */
enum wd_status wd_encode_record(enum wd_record record, const struct wd_story *story, size_t index,
                                struct wd_buffer *out) WD_MUST_CHECK;
/* Appends the key of a record; nothing for WD_KEY_NONE or when there is none. An advisory event is
 * about another story than the one that caused it: "guid" and "provider" are those of the story that
 * is concerned. */
void wd_encode_key(enum wd_record_key key, enum wd_record record, const struct wd_story *story,
                   size_t index, struct wd_buffer *out);

#endif
