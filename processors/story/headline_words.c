#include "headline_words.h"

#include <string.h>

enum {
    HALF = WD_HEADLINE_WORDS_KEPT / 2, /* of the fingerprints stand in one number */
    WORD = (1 << WD_HEADLINE_WORD_BITS) - 1,
};

static uint32_t at(const struct wd_headline_words *words, uint32_t i)
{
    return (uint32_t)(words->packed[i / HALF] >> i % HALF * WD_HEADLINE_WORD_BITS) & WORD;
}

static uint32_t fingerprint(uint64_t hash)
{
    return (uint32_t)(hash % WORD) + 1;
}

/* Puts a word in its place among those that are kept, the greatest out when there is no room; returns their number. */
static uint32_t keep(uint16_t *kept, uint32_t count, uint16_t word)
{
    uint32_t i = 0;
    while (i < count && kept[i] < word)
        i++;
    if (i == WD_HEADLINE_WORDS_KEPT || (i < count && kept[i] == word))
        return count;
    uint32_t last = count < WD_HEADLINE_WORDS_KEPT ? count : WD_HEADLINE_WORDS_KEPT - 1;
    memmove(kept + i + 1, kept + i, (last - i) * sizeof(*kept));
    kept[i] = word;
    return last + 1;
}

struct wd_headline_words wd_headline_words_of(const uint64_t *hashes, size_t count)
{
    uint16_t kept[WD_HEADLINE_WORDS_KEPT] = {0};
    uint32_t kept_count = 0;
    uint64_t sum = 0;
    struct wd_headline_words words;
    for (size_t i = 0; i < count; i++) {
        sum += hashes[i];
        kept_count = keep(kept, kept_count, (uint16_t)fingerprint(hashes[i]));
    }
    words.packed[0] = sum >> 60;
    words.packed[1] = sum >> 56 & 15;
    for (uint32_t i = HALF; i-- > 0;) {
        words.packed[0] = words.packed[0] << WD_HEADLINE_WORD_BITS | kept[i];
        words.packed[1] = words.packed[1] << WD_HEADLINE_WORD_BITS | kept[HALF + i];
    }
    return words;
}

uint32_t wd_headline_words_count(const struct wd_headline_words *words)
{
    uint32_t count = 0;
    while (count < WD_HEADLINE_WORDS_KEPT && at(words, count) != 0)
        count++;
    return count;
}

bool wd_headline_words_have(const struct wd_headline_words *words, uint64_t hash)
{
    uint32_t word = fingerprint(hash);
    uint32_t i = 0;
    while (i < WD_HEADLINE_WORDS_KEPT && at(words, i) != word)
        i++;
    return i < WD_HEADLINE_WORDS_KEPT;
}

bool wd_headline_words_equal(const struct wd_headline_words *one,
                             const struct wd_headline_words *other)
{
    return one->packed[0] == other->packed[0] && one->packed[1] == other->packed[1];
}

struct wd_set_overlap wd_headline_words_overlap(const struct wd_headline_words *story,
                                                const struct wd_headline_words *other)
{
    struct wd_set_overlap overlap = {0, 0, 0};
    uint32_t i = 0;
    uint32_t j = 0;
    /* Where one has kept all it could, only what is smaller can be compared: both ends with the first. */
    while (i < WD_HEADLINE_WORDS_KEPT && j < WD_HEADLINE_WORDS_KEPT) {
        uint32_t a = at(story, i);
        uint32_t b = at(other, j);
        if (a == 0 && b == 0)
            break;
        bool of_story = a != 0 && (b == 0 || a <= b);
        bool of_other = b != 0 && (a == 0 || b <= a);
        overlap.of_story += of_story;
        overlap.of_other += of_other;
        overlap.both += of_story && of_other;
        i += of_story;
        j += of_other;
    }
    return overlap;
}
