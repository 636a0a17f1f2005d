#include "cohesion.h"

#include <string.h>

enum {
    SENTENCES_MAX = 32,
    DATELINE_WORDS = 5, /* "SAN FRANCISCO (AP) -": an agency's sign stands before its every story */
    SIDE_WORDS = 20,    /* on either side of a break, at least */
    SIDE_NAMES = 2,
    NAMED_AGAIN = 10,  /* one name in so many may stand on both sides */
    LONGER_SHARE = 45, /* per cent */
    PERCENT = 100,
    SAID_AGAIN = 10,     /* one long word in so many, too */
    HEADED_BREAKS = 2,   /* fewer are of no use under a headline that fits */
    SAMPLED_WORDS = 300, /* of longer texts a sample is enough */
    WORD_SLOTS = 1024,
    WORDS_MAX = WORD_SLOTS / 2, /* different ones; later ones are not looked at */
    BEGINNING_WORDS = 40,
    HEADLINE_SHARE = 4,
    NAMES = 256, /* that are told apart */
};

/* From one kept sentence to the next; the first begins where the text does. */
struct segment {
    uint32_t words;
    uint32_t end;          /* index into the scan's words */
    uint32_t end_sentence; /* index into the scan's sentences */
};

static uint32_t cut_up(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                       struct segment segments[SENTENCES_MAX])
{
    uint32_t count = 0;
    memset(segments, 0, SENTENCES_MAX * sizeof(segments[0]));
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (sentence->word_count >= words_min && count < sentences_max)
            count++;
        struct segment *segment = &segments[count > 0 ? count - 1 : 0];
        uint32_t end = sentence->first_word + sentence->word_count;
        segment->words += sentence->word_count;
        segment->end = end < scan->word_count ? end : scan->word_count;
        segment->end_sentence = i + 1;
    }
    return count;
}

/* Words, or names, and the first and the last segment that each stands in. */
struct places {
    uint32_t words[WORDS_MAX];
    uint8_t first[WORDS_MAX], last[WORDS_MAX];
    uint32_t count;
    uint16_t slots[WORD_SLOTS]; /* 1 + index into words */
};

static void clear(struct places *places)
{
    places->count = 0;
    memset(places->slots, 0, sizeof(places->slots));
}

static inline void note(struct places *places, uint32_t word, uint8_t segment)
{
    size_t at = word % WORD_SLOTS;
    while (places->slots[at] != 0 && places->words[places->slots[at] - 1] != word)
        at = (at + 1) % WORD_SLOTS;
    if (places->slots[at] != 0) {
        places->last[places->slots[at] - 1] = segment;
        return;
    }
    if (places->count == WORDS_MAX)
        return;
    places->words[places->count] = word;
    places->first[places->count] = places->last[places->count] = segment;
    places->slots[at] = (uint16_t)++places->count;
}

/* Names by eight bits of their hash: a text has a few dozen. */
static void note_names(struct places *places, const struct wd_copy_scan *scan, uint32_t begin,
                       uint32_t end, uint8_t segment)
{
    for (uint32_t at = begin; at < end; at += WD_COPY_MARKS) {
        uint64_t marks = wd_copy_scan_marks(scan, at, end, WD_WORD_NAME);
        for (; marks != 0; marks &= marks - 1)
            note(places, scan->words[at + (uint32_t)__builtin_ctzll(marks)] % NAMES, segment);
    }
}

/* But those of a paragraph's first words, which are a dateline's. */
static void note_all_names(struct places *places, const struct wd_copy_scan *scan,
                           const struct segment *segments)
{
    uint8_t segment = 0;
    uint32_t in_paragraph = 0; /* words before the sentence */
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        uint32_t end = sentence->first_word + sentence->word_count;
        if (i == 0 || sentence->paragraph != sentence[-1].paragraph)
            in_paragraph = 0;
        if (i >= segments[segment].end_sentence)
            segment++;
        uint32_t skip = in_paragraph < DATELINE_WORDS ? DATELINE_WORDS - in_paragraph : 0;
        note_names(places, scan, sentence->first_word + skip,
                   end < scan->word_count ? end : scan->word_count, segment);
        in_paragraph += sentence->word_count;
    }
}

/* Where letters have two bytes, most words have so many that they would be long elsewhere. */
static uint8_t long_kind(const struct wd_copy_scan *scan)
{
    uint32_t longer = 0;
    for (uint32_t i = 0; i < scan->word_count; i += WD_COPY_MARKS)
        longer += (uint32_t)__builtin_popcountll(
            wd_copy_scan_marks(scan, i, scan->word_count, WD_WORD_LONGER));
    return longer * PERCENT > scan->word_count * LONGER_SHARE ? WD_WORD_LONGER : WD_WORD_LONG;
}

/* The marked words with a hash that is kept. Every second one is: no branch tells which. */
static uint32_t choose(const uint64_t *words, uint64_t marks, uint64_t keep,
                       uint32_t chosen[WD_COPY_MARKS])
{
    uint32_t count = 0;
    for (; marks != 0; marks &= marks - 1) {
        uint64_t word = words[__builtin_ctzll(marks)];
        chosen[count] = (uint32_t)word;
        count += word >> 32 <= keep;
    }
    return count;
}

/* Of longer texts a sample. */
static void note_long_words(struct places *places, const struct wd_copy_scan *scan,
                            const struct segment *segments, uint32_t segment_count)
{
    uint8_t kind = long_kind(scan);
    uint64_t keep = UINT32_MAX / (1 + scan->word_count / SAMPLED_WORDS);
    uint32_t at = 0;
    for (uint32_t segment = 0; segment < segment_count; segment++) {
        uint32_t end = segments[segment].end;
        for (; at < end; at += WD_COPY_MARKS) {
            uint32_t chosen[WD_COPY_MARKS];
            uint32_t count =
                choose(scan->words + at, wd_copy_scan_marks(scan, at, end, kind), keep, chosen);
            for (uint32_t i = 0; i < count; i++)
                note(places, chosen[i], (uint8_t)segment);
        }
        at = end;
    }
}

/* How many different ones stand before a segment, from it on, and on both sides. */
struct sides {
    uint32_t before, after, both;
};

static void count_sides(const struct places *places, uint32_t segment_count,
                        struct sides sides[SENTENCES_MAX])
{
    uint32_t first[SENTENCES_MAX] = {0}; /* those whose first segment it is */
    uint32_t last[SENTENCES_MAX] = {0};
    for (uint32_t i = 0; i < places->count; i++) {
        first[places->first[i]]++;
        last[places->last[i]]++;
    }
    uint32_t begun = 0;
    uint32_t ended = 0;
    for (uint32_t i = 0; i < segment_count; i++) {
        sides[i] = (struct sides){begun, places->count - ended, begun - ended};
        begun += first[i];
        ended += last[i];
    }
}

static uint32_t fewer_of(const struct sides *sides)
{
    return sides->before < sides->after ? sides->before : sides->after;
}

/* Bits: segments before which hardly anything was named that is named from there on. */
static uint32_t find_breaks(const struct wd_copy_scan *scan, const struct segment *segments,
                            uint32_t segment_count)
{
    struct places places;
    struct sides sides[SENTENCES_MAX];
    uint32_t breaks = 0;
    uint32_t words_after = 0;
    uint32_t words_before = 0;
    clear(&places);
    note_all_names(&places, scan, segments);
    count_sides(&places, segment_count, sides);
    for (uint32_t i = 1; i < segment_count; i++)
        words_after += segments[i].words;
    for (uint32_t i = 1; i < segment_count; i++) {
        uint32_t fewer = fewer_of(&sides[i]);
        words_before += segments[i - 1].words;
        if (words_before >= SIDE_WORDS && words_after >= SIDE_WORDS && fewer >= SIDE_NAMES &&
            sides[i].both * NAMED_AGAIN <= fewer)
            breaks |= UINT32_C(1) << i;
        words_after -= segments[i].words;
    }
    return breaks;
}

/* Of these breaks those where the words are others, too. */
static uint32_t confirm(const struct wd_copy_scan *scan, const struct segment *segments,
                        uint32_t segment_count, uint32_t breaks)
{
    struct places places;
    struct sides sides[SENTENCES_MAX];
    uint32_t confirmed = 0;
    clear(&places);
    note_long_words(&places, scan, segments, segment_count);
    count_sides(&places, segment_count, sides);
    for (uint32_t i = 1; i < segment_count; i++) {
        if (breaks >> i & 1 && sides[i].both * SAID_AGAIN <= fewer_of(&sides[i]))
            confirmed |= UINT32_C(1) << i;
    }
    return confirmed;
}

static bool stands_in(uint64_t word, const uint64_t *words, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && words[i] != word)
        i++;
    return i < count;
}

/* Next to nothing of the headline stands where the text begins. */
static bool is_headless(const struct wd_copy_scan *scan)
{
    uint32_t words = scan->word_count < BEGINNING_WORDS ? scan->word_count : BEGINNING_WORDS;
    uint32_t counted = 0;
    uint32_t found = 0;
    for (uint32_t i = 0; i < scan->headline_count; i++) {
        if (scan->headline_kinds[i] & WD_WORD_SHORT)
            continue;
        counted++;
        found += stands_in(scan->headline[i], scan->words, words);
    }
    return counted > 0 && found * HEADLINE_SHARE <= counted;
}

void wd_cohesion_find(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                      struct wd_cohesion *cohesion)
{
    struct segment segments[SENTENCES_MAX];
    uint32_t most = sentences_max < SENTENCES_MAX ? sentences_max : SENTENCES_MAX;
    uint32_t count = cut_up(scan, words_min, most, segments);
    *cohesion = (struct wd_cohesion){.headless = is_headless(scan)};
    if (count < 2)
        return;
    uint32_t breaks = find_breaks(scan, segments, count);
    if (__builtin_popcount(breaks) >= (cohesion->headless ? 1 : HEADED_BREAKS))
        cohesion->breaks = confirm(scan, segments, count, breaks);
}
