/* copy_record.h - what is remembered of a story, as bytes of the table "stories".
 *
 * Why:    a sketch must survive the process, and be compared where it lies, without being unpacked.
 * Owns:   nothing. A view points into the table and is valid as long as what wd_table_at gave.
 * Thread: its lane.
 * Format: version 7, numbers little-endian (as are the machines this runs on):
 *           u8 version; u8 bits: 1 the body is posted, 2 it is a roundup, 4 it is headless, 8 it
 *           follows another, 16 it has a time, 32 the headline is posted, 64 it is a flash, 128 a piece
 *           of its own; u8: 1 its group is its own key, twice the number of shingles posted, and 64 times its
 *           items (items.h); u8
 *           shingles; u8 sentences, 64 a part and 128 an order; u8 length of provider; u16 length of id; u24 sentences posted (bits);
 *           u24 sentences about what the headline is about (bits);
 *           u32 sequence, words, keep, copy, provider hash; u64 body; 4 x u64 names; 2 x u64 numbers;
 *           2 x u64 headline (headline_words.h); 16 bytes group unless it is its key;
 *           u16 of each shingle, by their high six bits; these as so many ones for each of the 64
 *           values, a zero behind (Elias-Fano); which are posted (bits), u16 more of each of these;
 *           u24 of each sentence; u16 more of each posted one; words of each sentence, 128 more where
 *           another matter begins; provider; id; with bit 16, u16 minutes. */
#ifndef WD_COPY_RECORD_H
#define WD_COPY_RECORD_H

#include "buffer.h"
#include "copy_sketch.h"
#include "items.h"

enum {
    WD_COPY_RECORD_VERSION = 7,
    WD_COPY_RECORD_ID_MAX = 1024, /* a longer id is cut */
    WD_COPY_RECORD_BYTES_MAX = 2048,
    WD_COPY_RECORD_KEYS_MAX = WD_SKETCH_POSTED_MAX + WD_SKETCH_SENTENCES_MAX + 2,
};

/* When a version was made: minutes, modulo 2^16, which is enough to tell the older of two within 22 days. */
struct wd_copy_time {
    bool known;
    uint16_t minutes;
};

struct wd_copy_record {
    uint32_t sequence; /* counts stories; wraps */
    uint32_t words, keep;
    uint32_t copy; /* hash of headline and body */
    uint32_t sentences_posted;
    uint32_t about; /* bits: sentences, see about.h */
    uint32_t provider_hash;
    struct wd_digest group;
    uint64_t body; /* hash of the body; 0: no words */
    bool body_posted, headline_posted;
    bool opened;  /* nothing that came before was its story: the group is its own; in a view only */
    bool roundup; /* put together from others: nothing but the same roundup joins it */
    bool headless;
    bool follows; /* it says itself that it follows another story */
    bool flash;   /* its copy is little more than its headline */
    bool piece;   /* of its own beside the news: a factbox, a column */
    bool take;    /* a part of a story, sent by itself: an add, an insert */
    bool order;   /* nothing but an order to stop, or a note of what is to be mended */
    enum wd_items items;
    struct wd_copy_time time;
    uint64_t names[WD_SKETCH_NAME_WORDS];
    uint64_t numbers[WD_SKETCH_NUMBER_WORDS];
    struct wd_headline_words headline;
    uint32_t posted_count, shingle_count, sentence_count;
    /* In a view these lie in the record; when encoding they come from the sketch. */
    const unsigned char *shingles_low;   /* u16 each; then the high bits */
    const unsigned char *posted;         /* bits of shingles */
    const unsigned char *posted_more;    /* u16 each */
    const unsigned char *sentences;      /* u24 each */
    const unsigned char *sentences_more; /* u16 for each posted one */
    const unsigned char *sentence_words; /* u8 each; see wd_copy_record_words, _breaks */
    struct wd_slice provider, id;
};

/* A sentence in a view, as wd_copy_sentence_short gives it. */
static inline uint32_t wd_copy_record_sentence(const struct wd_copy_record *record, size_t index)
{
    const unsigned char *at = record->sentences + 3 * index;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

/* Writes the shingles, as wd_copy_shingle_short gives them; what is behind them may be written, too. */
void wd_copy_record_shingles(const struct wd_copy_record *record,
                             uint32_t shingles[WD_SKETCH_SHINGLES_MAX]);

void wd_copy_record_shingles_plain(const struct wd_copy_record *record,
                                   uint32_t shingles[WD_SKETCH_SHINGLES_MAX]);

/* Words of a sentence in a view. */
static inline uint32_t wd_copy_record_words(const struct wd_copy_record *record, size_t sentence)
{
    return record->sentence_words[sentence] & 0x7F;
}

/* Both are known, and the one is of a later minute. */
static inline bool wd_copy_time_later(struct wd_copy_time one, struct wd_copy_time than)
{
    return one.known && than.known && (int16_t)(one.minutes - than.minutes) > 0;
}

/* As in the sketch. */
uint32_t wd_copy_record_breaks(const struct wd_copy_record *record);
/* Appends to `out`. Of the arrays those of the sketch are written; `key`: where it will stand. */
void wd_copy_record_encode(const struct wd_copy_record *record, const struct wd_digest *key,
                           const struct wd_copy_sketch *sketch, struct wd_buffer *out);
/* What stands under this key. False for a record of another version or one that has too few bytes or too many. */
bool wd_copy_record_view(struct wd_slice key, struct wd_slice bytes, struct wd_copy_record *record);
/* Asked of a record that comes from outside: whether its lists are what they say. Those of one that is damaged can
 * still be read, and tell nothing. */
bool wd_copy_record_is_sound(const struct wd_copy_record *record);

/* Keys of the postings; a body, a sentence and a shingle with the same hash have different ones. */
uint64_t wd_copy_key_shingle(uint64_t shingle);
uint64_t wd_copy_key_sentence(uint64_t sentence);
uint64_t wd_copy_key_body(uint64_t body);
/* Of the words of a provider's headline, as the sketch has them. */
uint64_t wd_copy_key_headline(const struct wd_headline_words *headline, uint32_t provider_hash);
/* The keys under which a record is posted; returns their number. */
size_t wd_copy_record_keys(const struct wd_copy_record *record,
                           uint64_t keys[WD_COPY_RECORD_KEYS_MAX]);
/* Six bits each, for postings. */
uint8_t wd_copy_record_group_tag(const struct wd_copy_record *record);
uint8_t wd_copy_record_provider_tag(const struct wd_copy_record *record);

#endif
