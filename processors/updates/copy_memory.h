/* copy_memory.h - the copy of a lineage's newest version, kept to say what the next one changed.
 *
 * Why:    it is kept as it stands, not as digests: an editor wants to read what is gone. With it stand
 *         the hashes of its sentences: only those that the next version has not are ever read again.
 * Owns:   nothing; slices point into the bytes that a memory was read from.
 * Thread: its lane.
 * Form:   u8 version (4), u8 flags (1 cut, 2 without sentences), u64 member key, text label, u16 length
 *         and headline, u32 words, u16 sentences, of each u64 hash, u16 begin in the body, u16 length;
 *         body: paragraphs, each ended by a line feed. Little-endian; a text as u8 length and bytes. */
#ifndef WD_COPY_MEMORY_H
#define WD_COPY_MEMORY_H

#include "buffer.h"
#include "story.h"

enum {
    WD_COPY_HEADLINE_BYTES_MAX = 1024,
    WD_COPY_SENTENCE_BYTES = 12,
    WD_COPY_OVERHEAD_BYTES_MAX = 2048,
};

struct wd_copy_memory {
    uint64_t key;          /* of the member whose version it is */
    bool cut;              /* the body was longer than what is kept */
    struct wd_slice label; /* of the version */
    struct wd_slice headline;
    bool has_sentences; /* else they are found by reading the body */
    uint32_t words;     /* of the body */
    uint32_t sentence_count;
    struct wd_slice sentences; /* as they stand in the record */
    struct wd_slice body;
};

/* Replaces what `out` holds; keeps at most `body_bytes_max` (65535 at most) of the body, with its sentences
 * where that is room enough for them, too. The story has a scan. */
void wd_copy_memory_encode(const struct wd_story *story, uint64_t key, size_t body_bytes_max,
                           struct wd_buffer *out);
/* How many bytes that will be, or somewhat more. */
size_t wd_copy_memory_bytes(const struct wd_story *story, size_t body_bytes_max);
/* False when damaged or of another version. */
bool wd_copy_memory_decode(struct wd_slice bytes, struct wd_copy_memory *memory);

/* A sentence as the record has it. */
struct wd_copy_memory_sentence {
    uint64_t hash;
    uint32_t begin, len; /* in the body */
};
/* Of sentence_count. */
struct wd_copy_memory_sentence wd_copy_memory_sentence(const struct wd_copy_memory *memory,
                                                       uint32_t index);

/* Compares the story with what is kept. `before` is a story of the caller's, reset here and filled with
 * the kept copy; `change` gets everything but against_newer and the class "correction". Lists and texts
 * lie in the story's arena. */
enum wd_status wd_copy_compare(const struct wd_copy_memory *memory, struct wd_story *before,
                               struct wd_story *story, struct wd_change *change) WD_MUST_CHECK;

#endif
