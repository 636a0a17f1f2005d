#include "reuse.h"

#include "record_bytes.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* A record: version, the model's checksum, the number of texts, then for each text its hash, the number of
 * its mentions, and those. Integers are little-endian; the score is its bits. */
enum {
    RECORD_VERSION = 1,
    LEADING_TEXTS = 3, /* read again before what is new: they hold the first three sentences */
    MENTION_BYTES = 4 + 4 + 1 + 4,
};

/* What the record says of one text. */
struct known {
    uint64_t hash;
    struct wd_slice mentions;
};

/* A text of the story at hand. */
struct asked {
    uint64_t hash;
    bool is_known;
    struct wd_slice mentions;
};

struct wd_reuse {
    struct wd_table *table;
    struct known *known;
    size_t known_count, known_capacity;
    struct asked *asked;
    struct wd_tagger_text *texts; /* to be read: the first ones, and those that are new */
    uint32_t *numbers;            /* their numbers in the story */
    size_t asked_capacity;
    struct wd_mention *mentions;
    size_t mention_count, mention_capacity;
    struct wd_buffer record;
};

struct wd_reuse *wd_reuse_create(struct wd_table *table)
{
    struct wd_reuse *reuse = calloc(1, sizeof(*reuse));
    if (!reuse)
        return NULL;
    reuse->table = table;
    wd_buffer_init(&reuse->record);
    return reuse;
}

void wd_reuse_destroy(struct wd_reuse *reuse)
{
    if (!reuse)
        return;
    free(reuse->known);
    free(reuse->asked);
    free(reuse->texts);
    free(reuse->numbers);
    free(reuse->mentions);
    wd_buffer_finish(&reuse->record);
    free(reuse);
}

static bool add_known(struct wd_reuse *reuse, struct known known)
{
    if (reuse->known_count == reuse->known_capacity) {
        size_t capacity = reuse->known_capacity ? reuse->known_capacity * 2 : 64;
        struct known *grown = realloc(reuse->known, capacity * sizeof(*grown));
        if (!grown)
            return false;
        reuse->known = grown;
        reuse->known_capacity = capacity;
    }
    reuse->known[reuse->known_count++] = known;
    return true;
}

/* Reads what is known of the group's texts. Of another model's record, or one that is damaged, nothing is. The slices are the table's, good until it is put to. */
static void read_record(struct wd_reuse *reuse, const struct wd_reuse_story *story)
{
    struct wd_slice value;
    int64_t event_ms = 0;
    reuse->known_count = 0;
    if (!story->is_copy || wd_table_get(reuse->table, story->group, &value, &event_ms) != WD_OK)
        return;
    struct wd_record_reader reader = {value, false};
    if (wd_record_take(&reader, 1) != RECORD_VERSION ||
        wd_record_take(&reader, 8) != wd_tagger_checksum(story->tagger))
        return;
    uint32_t count = (uint32_t)wd_record_take(&reader, 4);
    while (reader.rest.len > 0 && !reader.failed) {
        struct known known = {.hash = wd_record_take(&reader, 8)};
        known.mentions =
            wd_record_take_bytes(&reader, wd_record_take(&reader, 2) * (size_t)MENTION_BYTES);
        if (!reader.failed && !add_known(reuse, known))
            break;
    }
    if (reader.failed || reuse->known_count != count)
        reuse->known_count = 0;
}

static bool make_room(struct wd_reuse *reuse, size_t count)
{
    if (count <= reuse->asked_capacity)
        return true;
    struct asked *asked = realloc(reuse->asked, count * sizeof(*asked));
    if (asked)
        reuse->asked = asked;
    struct wd_tagger_text *texts = realloc(reuse->texts, count * sizeof(*texts));
    if (texts)
        reuse->texts = texts;
    uint32_t *numbers = realloc(reuse->numbers, count * sizeof(*numbers));
    if (numbers)
        reuse->numbers = numbers;
    if (!asked || !texts || !numbers)
        return false;
    reuse->asked_capacity = count;
    return true;
}

/* Looks each text up, where the one before was first: copies have their paragraphs in one order. Returns
 * how many are known. */
static size_t look_up(struct wd_reuse *reuse, const struct wd_reuse_story *story)
{
    size_t found = 0;
    size_t next = 0;
    for (size_t i = 0; i < story->count; i++) {
        struct asked *asked = &reuse->asked[i];
        struct wd_slice text = story->texts[i].text;
        *asked = (struct asked){
            .hash = XXH3_64bits_withSeed(text.data, text.len, (uint64_t)story->texts[i].field)};
        for (size_t k = 0; k < reuse->known_count && !asked->is_known; k++) {
            const struct known *known = &reuse->known[(next + k) % reuse->known_count];
            if (known->hash != asked->hash)
                continue;
            asked->is_known = true;
            asked->mentions = known->mentions;
            next = (next + k + 1) % reuse->known_count;
            found++;
        }
    }
    return found;
}

static bool add_mention(struct wd_reuse *reuse, const struct wd_mention *mention)
{
    if (reuse->mention_count == reuse->mention_capacity) {
        size_t capacity = reuse->mention_capacity ? reuse->mention_capacity * 2 : 256;
        struct wd_mention *grown = realloc(reuse->mentions, capacity * sizeof(*grown));
        if (!grown)
            return false;
        reuse->mentions = grown;
        reuse->mention_capacity = capacity;
    }
    reuse->mentions[reuse->mention_count++] = *mention;
    return true;
}

/* Between two characters, or at an end. */
static bool is_border(struct wd_slice text, uint32_t at)
{
    return at == text.len || (at < text.len && ((unsigned char)text.data[at] & 0xC0) != 0x80);
}

/* A span that is no span of this text is left out: a record may be damaged, a hash may lie. */
static bool take_over(struct wd_reuse *reuse, struct wd_slice mentions, uint32_t number,
                      struct wd_slice text)
{
    struct wd_record_reader reader = {mentions, false};
    while (reader.rest.len > 0) {
        struct wd_mention mention = {.text = number};
        mention.begin = (uint32_t)wd_record_take(&reader, 4);
        mention.end = (uint32_t)wd_record_take(&reader, 4);
        uint32_t type = (uint32_t)wd_record_take(&reader, 1);
        uint32_t bits = (uint32_t)wd_record_take(&reader, 4);
        memcpy(&mention.score, &bits, sizeof(bits));
        mention.type = (enum wd_entity_type)type;
        bool good = mention.begin < mention.end && is_border(text, mention.begin) &&
                    is_border(text, mention.end) && type < WD_ENTITY_TYPE_COUNT &&
                    mention.score >= 0 && mention.score <= 1;
        if (good && !add_mention(reuse, &mention))
            return false;
    }
    return true;
}

/* The texts that the model has to read, and their numbers. */
static size_t choose_texts(struct wd_reuse *reuse, const struct wd_reuse_story *story)
{
    size_t count = 0;
    for (size_t i = 0; i < story->count; i++) {
        if (i >= LEADING_TEXTS && reuse->asked[i].is_known)
            continue;
        reuse->texts[count] = story->texts[i];
        reuse->numbers[count++] = (uint32_t)i;
    }
    return count;
}

/* Known texts from the record, the others from what the model has found. */
static bool merge(struct wd_reuse *reuse, const struct wd_reuse_story *story,
                  const struct wd_mention *found, size_t count)
{
    size_t k = 0;
    for (uint32_t i = 0; i < story->count; i++) {
        const struct asked *asked = &reuse->asked[i];
        if (asked->is_known && !take_over(reuse, asked->mentions, i, story->texts[i].text))
            return false;
        for (; k < count && reuse->numbers[found[k].text] <= i; k++) {
            struct wd_mention mention = found[k];
            mention.text = i;
            if (!asked->is_known && !add_mention(reuse, &mention))
                return false;
        }
    }
    return true;
}

static void write_record(struct wd_reuse *reuse, const struct wd_reuse_story *story)
{
    struct wd_buffer *out = &reuse->record;
    size_t k = 0;
    wd_buffer_clear(out);
    wd_record_put(out, RECORD_VERSION, 1);
    wd_record_put(out, wd_tagger_checksum(story->tagger), 8);
    wd_record_put(out, story->count, 4);
    for (uint32_t i = 0; i < story->count; i++) {
        size_t first = k;
        while (k < reuse->mention_count && reuse->mentions[k].text == i)
            k++;
        if (k - first > UINT16_MAX)
            return;
        wd_record_put(out, reuse->asked[i].hash, 8);
        wd_record_put(out, k - first, 2);
        for (size_t m = first; m < k; m++) {
            uint32_t bits = 0;
            memcpy(&bits, &reuse->mentions[m].score, sizeof(bits));
            wd_record_put(out, reuse->mentions[m].begin, 4);
            wd_record_put(out, reuse->mentions[m].end, 4);
            wd_record_put(out, reuse->mentions[m].type, 1);
            wd_record_put(out, bits, 4);
        }
    }
}

enum wd_status wd_reuse_tag(struct wd_reuse *reuse, const struct wd_reuse_story *story,
                            const struct wd_mention **mentions, size_t *count)
{
    const struct wd_mention *found = NULL;
    size_t found_count = 0;
    enum wd_status status = WD_OK;
    reuse->mention_count = 0;
    if (!make_room(reuse, story->count))
        return WD_NO_MEMORY;
    read_record(reuse, story);
    size_t known = look_up(reuse, story);
    if (known < story->count) {
        size_t chosen = choose_texts(reuse, story);
        status = wd_tagger_tag(story->tagger, story->scratch, reuse->texts, chosen, &found,
                               &found_count);
    }
    if (status == WD_OK && !merge(reuse, story, found, found_count))
        status = WD_NO_MEMORY;
    if (status != WD_OK)
        return status;
    *mentions = reuse->mentions;
    *count = reuse->mention_count;
    if (known == story->count || story->group.len == 0 || story->group.len > WD_REUSE_KEY_BYTES_MAX)
        return WD_OK;
    write_record(reuse, story);
    if (!wd_buffer_ok(&reuse->record))
        return WD_NO_MEMORY;
    if (reuse->record.len > WD_REUSE_RECORD_BYTES_MAX)
        return WD_OK;
    return wd_table_put(reuse->table, story->group, wd_buffer_slice(&reuse->record));
}
