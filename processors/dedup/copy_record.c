#include "copy_record.h"

#include "record_bytes.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "records are compared where they lie: this machine would need them turned round"
#endif

#define KEY_SENTENCE UINT64_C(0x5A5A5A5A5A)
#define KEY_BODY UINT64_C(0xC3A5D2E1B7)

enum { HEAD_BYTES = 112, TAG_MASK = 63 };

void wd_copy_record_encode(const struct wd_copy_record *record, const struct wd_copy_sketch *sketch,
                           struct wd_buffer *out)
{
    struct wd_slice provider = wd_utf8_cut(record->provider, WD_NAME_BYTES_MAX);
    struct wd_slice id = wd_utf8_cut(record->id, WD_COPY_RECORD_ID_MAX);
    const uint8_t small[] = {WD_COPY_RECORD_VERSION,
                             (uint8_t)sketch->posted_count,
                             (uint8_t)sketch->shingle_count,
                             (uint8_t)sketch->sentence_count,
                             (uint8_t)provider.len,
                             (uint8_t)(record->body_posted | record->roundup << 1 |
                                       sketch->cohesion.headless << 2 | record->follows << 3 |
                                       record->time.known << 4 | record->headline_posted << 5 |
                                       record->flash << 6 | record->piece << 7)};
    const uint32_t numbers[] = {
        record->sequence,         sketch->words,        sketch->keep, record->copy,
        sketch->sentences_posted, record->provider_hash};
    wd_buffer_append(out, small, sizeof(small));
    wd_record_put(out, id.len, 2);
    wd_buffer_append(out, numbers, sizeof(numbers));
    wd_buffer_append(out, record->group.bytes, sizeof(record->group.bytes));
    wd_buffer_append(out, &record->body, sizeof(record->body));
    wd_buffer_append(out, sketch->names, sizeof(sketch->names));
    wd_buffer_append(out, sketch->numbers, sizeof(sketch->numbers));
    wd_buffer_append(out, &sketch->headline, sizeof(sketch->headline));
    for (uint32_t i = 0; i < sketch->shingle_count; i++)
        wd_buffer_append(out, &sketch->shingles[i], 4);
    for (uint32_t i = 0; i < sketch->posted_count; i++)
        wd_buffer_append_byte(out, (char)(sketch->shingles[i] >> 32));
    for (uint32_t i = 0; i < sketch->sentence_count; i++)
        wd_buffer_append(out, &sketch->sentences[i], 4);
    for (uint32_t i = 0; i < sketch->sentence_count; i++)
        wd_buffer_append_byte(out, (char)(sketch->sentences[i] >> 32));
    for (uint32_t i = 0; i < sketch->sentence_count; i++)
        wd_buffer_append_byte(
            out, (char)(sketch->sentence_words[i] | (sketch->cohesion.breaks >> i & 1) << 7));
    wd_buffer_append_slice(out, provider);
    wd_buffer_append_slice(out, id);
    if (record->time.known)
        wd_record_put(out, record->time.minutes, 2);
}

/* Takes `len` bytes off; NULL when there are not so many. */
static const unsigned char *take(struct wd_record_reader *reader, size_t len)
{
    return (const unsigned char *)wd_record_take_bytes(reader, len).data;
}

bool wd_copy_record_view(struct wd_slice bytes, struct wd_copy_record *record)
{
    const unsigned char *head = (const unsigned char *)bytes.data;
    if (bytes.len < HEAD_BYTES || head[0] != WD_COPY_RECORD_VERSION)
        return false;
    record->posted_count = head[1];
    record->shingle_count = head[2];
    record->sentence_count = head[3];
    record->body_posted = (head[5] & 1) != 0;
    record->roundup = (head[5] & 2) != 0;
    record->headless = (head[5] & 4) != 0;
    record->follows = (head[5] & 8) != 0;
    record->time.known = (head[5] & 16) != 0;
    record->headline_posted = (head[5] & 32) != 0;
    record->flash = (head[5] & 64) != 0;
    record->piece = (head[5] & 128) != 0;
    record->sequence = wd_copy_record_u32(head + 8, 0);
    record->words = wd_copy_record_u32(head + 8, 1);
    record->keep = wd_copy_record_u32(head + 8, 2);
    record->copy = wd_copy_record_u32(head + 8, 3);
    record->sentences_posted = wd_copy_record_u32(head + 8, 4);
    record->provider_hash = wd_copy_record_u32(head + 8, 5);
    memcpy(record->group.bytes, head + 32, sizeof(record->group.bytes));
    memcpy(&record->body, head + 48, sizeof(record->body));
    memcpy(record->names, head + 56, sizeof(record->names));
    memcpy(record->numbers, head + 88, sizeof(record->numbers));
    memcpy(&record->headline, head + 104, sizeof(record->headline));
    struct wd_record_reader reader = {wd_slice_from_offset(bytes, HEAD_BYTES), false};
    record->shingles = take(&reader, 4 * (size_t)record->shingle_count);
    record->shingles_high = take(&reader, record->posted_count);
    record->sentences = take(&reader, 4 * (size_t)record->sentence_count);
    record->sentences_high = take(&reader, record->sentence_count);
    record->sentence_words = take(&reader, record->sentence_count);
    record->provider = wd_record_take_bytes(&reader, head[4]);
    record->id = wd_record_take_bytes(&reader, (size_t)head[6] | (size_t)head[7] << 8);
    record->time.minutes = record->time.known ? (uint16_t)wd_record_take(&reader, 2) : 0;
    return !reader.failed && reader.rest.len == 0 &&
           record->shingle_count <= WD_SKETCH_SHINGLES_MAX &&
           record->sentence_count <= WD_SKETCH_SENTENCES_MAX &&
           record->posted_count <= record->shingle_count &&
           record->posted_count <= WD_SKETCH_POSTED_MAX;
}

uint32_t wd_copy_record_breaks(const struct wd_copy_record *record)
{
    uint32_t breaks = 0;
    for (uint32_t i = 0; i < record->sentence_count; i++)
        breaks |= (uint32_t)(record->sentence_words[i] >> 7) << i;
    return breaks;
}

uint64_t wd_copy_key_shingle(uint64_t shingle)
{
    return shingle;
}

uint64_t wd_copy_key_sentence(uint64_t sentence)
{
    return sentence ^ KEY_SENTENCE;
}

uint64_t wd_copy_key_body(uint64_t body)
{
    return body ^ KEY_BODY;
}

uint64_t wd_copy_key_headline(uint64_t headline, uint32_t provider_hash)
{
    return wd_hash_mix(headline, provider_hash);
}

size_t wd_copy_record_keys(const struct wd_copy_record *record,
                           uint64_t keys[WD_COPY_RECORD_KEYS_MAX])
{
    size_t count = 0;
    if (record->body_posted)
        keys[count++] = wd_copy_key_body(record->body);
    if (record->headline_posted)
        keys[count++] = wd_copy_key_headline(record->headline, record->provider_hash);
    for (uint32_t i = 0; i < record->posted_count; i++)
        keys[count++] = wd_copy_key_shingle((uint64_t)record->shingles_high[i] << 32 |
                                            wd_copy_record_u32(record->shingles, i));
    for (uint32_t i = 0; i < record->sentence_count; i++) {
        if (record->sentences_posted >> i & 1)
            keys[count++] = wd_copy_key_sentence((uint64_t)record->sentences_high[i] << 32 |
                                                 wd_copy_record_u32(record->sentences, i));
    }
    return count;
}

uint8_t wd_copy_record_group_tag(const struct wd_copy_record *record)
{
    return record->group.bytes[0] & TAG_MASK;
}

uint8_t wd_copy_record_provider_tag(const struct wd_copy_record *record)
{
    return record->provider_hash & TAG_MASK;
}
