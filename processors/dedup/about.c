#include "about.h"

#include "clones.h"

enum { SENTENCES_MAX = 32, FILTER_BITS = 6, FILTER_MASK = (1 << FILTER_BITS) - 1 };

/* The headline's words that count, and two sets of six bits of each: most words of the body are in one at most. */
struct sought {
    uint64_t words[WD_SCAN_HEADLINE_WORDS_MAX];
    uint32_t count;
    uint64_t low, high;
};

static void seek(const struct wd_copy_scan *scan, uint32_t prefix, struct sought *sought)
{
    sought->count = 0;
    sought->low = sought->high = 0;
    for (uint32_t i = prefix; i < scan->headline_count; i++) {
        uint64_t word = scan->headline[i];
        if (scan->headline_kinds[i] & (WD_WORD_SHORT | WD_WORD_NUMBER))
            continue;
        sought->words[sought->count++] = word;
        sought->low |= UINT64_C(1) << (word & FILTER_MASK);
        sought->high |= UINT64_C(1) << (word >> FILTER_BITS & FILTER_MASK);
    }
}

/* Whether one of the words may be sought: all are looked at, some at once. */
WD_INTEGER_CLONES static bool may_stand_in(const struct sought *sought, const uint64_t *words,
                                           uint32_t count)
{
    uint64_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        found |= sought->low >> (words[i] & FILTER_MASK) &
                 sought->high >> (words[i] >> FILTER_BITS & FILTER_MASK);
    return (found & 1) != 0;
}

WD_INTEGER_CLONES static bool stands_in(const struct sought *sought, const uint64_t *words,
                                        uint32_t count)
{
    for (uint32_t i = 0; i < sought->count; i++) {
        uint64_t found = 0;
        for (uint32_t k = 0; k < count; k++)
            found |= words[k] == sought->words[i];
        if (found != 0)
            return true;
    }
    return false;
}

uint32_t wd_about_find(const struct wd_copy_scan *scan, uint32_t prefix, uint32_t words_min,
                       uint32_t sentences_max)
{
    struct sought sought;
    uint32_t about = 0;
    uint32_t kept = 0;
    seek(scan, prefix, &sought);
    if (sought.count == 0)
        return 0;
    for (uint32_t i = 0; i < scan->sentence_count && kept < sentences_max && kept < SENTENCES_MAX;
         i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (sentence->word_count < words_min)
            continue;
        if (sentence->first_word >= scan->word_count)
            break;
        const uint64_t *words = scan->words + sentence->first_word;
        uint32_t rest = scan->word_count - sentence->first_word;
        uint32_t count = sentence->word_count < rest ? sentence->word_count : rest;
        bool has = may_stand_in(&sought, words, count) && stands_in(&sought, words, count);
        about |= (uint32_t)has << kept++;
    }
    return about;
}
