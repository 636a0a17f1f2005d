#include "headline_words.h"

enum {
    HALF = WD_HEADLINE_WORDS_KEPT / 2, /* of the fingerprints stand in one number */
    WORD = (1 << WD_HEADLINE_WORD_BITS) - 1,
    SUM_SHIFT = HALF * WD_HEADLINE_WORD_BITS,
};

static uint32_t at(const struct wd_headline_words *words, uint32_t i)
{
    return (uint32_t)(words->packed[i / HALF] >> i % HALF * WD_HEADLINE_WORD_BITS) & WORD;
}

static void put(struct wd_headline_words *words, uint32_t i, uint32_t word)
{
    unsigned shift = i % HALF * WD_HEADLINE_WORD_BITS;
    words->packed[i / HALF] =
        (words->packed[i / HALF] & ~((uint64_t)WORD << shift)) | (uint64_t)word << shift;
}

static uint32_t fingerprint(uint64_t hash)
{
    return (uint32_t)(hash % WORD) + 1;
}

void wd_headline_words_add(struct wd_headline_words *words, uint64_t hash)
{
    uint32_t word = fingerprint(hash);
    uint32_t i = 0;
    words->packed[0] += hash >> 60 << SUM_SHIFT;
    words->packed[1] += (hash >> 56 & 15) << SUM_SHIFT;
    while (i < WD_HEADLINE_WORDS_KEPT && at(words, i) != 0 && at(words, i) < word)
        i++;
    /* What is greater moves up, the greatest out. */
    while (i < WD_HEADLINE_WORDS_KEPT && at(words, i) != word) {
        uint32_t next = at(words, i);
        put(words, i++, word);
        if (next == 0)
            return;
        word = next;
    }
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
