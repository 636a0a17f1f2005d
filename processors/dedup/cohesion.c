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
    SET_WORDS = 4,
};

/* A set as bits, by the hash of its members. */
struct names {
    uint64_t bits[SET_WORDS];
};

static void put(struct names *set, uint64_t hash)
{
    set->bits[hash / 64 % SET_WORDS] |= UINT64_C(1) << (hash % 64);
}

static void add(struct names *set, const struct names *more)
{
    for (int i = 0; i < SET_WORDS; i++)
        set->bits[i] |= more->bits[i];
}

static uint32_t count_of(const struct names *set)
{
    uint32_t count = 0;
    for (int i = 0; i < SET_WORDS; i++)
        count += (uint32_t)__builtin_popcountll(set->bits[i]);
    return count;
}

static uint32_t count_common(const struct names *a, const struct names *b)
{
    uint32_t count = 0;
    for (int i = 0; i < SET_WORDS; i++)
        count += (uint32_t)__builtin_popcountll(a->bits[i] & b->bits[i]);
    return count;
}

/* From one kept sentence to the next; the first begins where the text does. */
struct segment {
    struct names names;
    uint32_t words;
    uint32_t end; /* index into the scan's words */
};

/* The names of a sentence; `skip` of its words stand in a dateline. */
static void take_names(const struct wd_copy_scan *scan, const struct wd_copy_sentence *sentence,
                       uint32_t skip, struct names *names)
{
    uint32_t end = sentence->first_word + sentence->word_count;
    if (end > scan->word_count)
        end = scan->word_count;
    for (uint32_t i = sentence->first_word + skip; i < end; i += 8) { /* eight words at once */
        uint64_t kinds = 0;
        memcpy(&kinds, scan->kinds + i, end - i < 8 ? end - i : 8);
        kinds &= UINT64_C(0x0101010101010101) * WD_WORD_NAME;
        for (; kinds != 0; kinds &= kinds - 1)
            put(names, scan->words[i + (uint32_t)__builtin_ctzll(kinds) / 8]);
    }
}

static uint32_t cut_up(const struct wd_copy_scan *scan, uint32_t words_min, uint32_t sentences_max,
                       struct segment segments[SENTENCES_MAX])
{
    uint32_t count = 0;
    uint32_t in_paragraph = 0; /* words before the sentence */
    memset(segments, 0, SENTENCES_MAX * sizeof(segments[0]));
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        if (i == 0 || sentence->paragraph != sentence[-1].paragraph)
            in_paragraph = 0;
        if (sentence->word_count >= words_min && count < sentences_max)
            count++;
        struct segment *segment = &segments[count > 0 ? count - 1 : 0];
        take_names(scan, sentence,
                   in_paragraph < DATELINE_WORDS ? DATELINE_WORDS - in_paragraph : 0,
                   &segment->names);
        segment->words += sentence->word_count;
        uint32_t end = sentence->first_word + sentence->word_count;
        segment->end = end < scan->word_count ? end : scan->word_count;
        in_paragraph += sentence->word_count;
    }
    return count;
}

/* Long words, and the first and the last segment that each stands in. */
struct places {
    uint32_t words[WORDS_MAX];
    uint8_t first[WORDS_MAX], last[WORDS_MAX];
    uint32_t count;
    uint16_t slots[WORD_SLOTS]; /* 1 + index into words */
};

static void note_word(struct places *places, uint32_t word, uint8_t segment)
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

/* Where letters have two bytes, most words have so many that they would be long elsewhere. */
static uint8_t long_kind(const struct wd_copy_scan *scan)
{
    uint32_t longer = 0;
    for (uint32_t i = 0; i < scan->word_count; i += 8) {
        uint64_t kinds = 0;
        memcpy(&kinds, scan->kinds + i, scan->word_count - i < 8 ? scan->word_count - i : 8);
        kinds &= UINT64_C(0x0101010101010101) * WD_WORD_LONGER;
        longer += (uint32_t)__builtin_popcountll(kinds);
    }
    return longer * PERCENT > scan->word_count * LONGER_SHARE ? WD_WORD_LONGER : WD_WORD_LONG;
}

/* Which words are looked at: of this kind, and with a hash that is kept. */
struct choice {
    uint64_t kinds; /* the kind, eight times */
    uint64_t keep;
    uint8_t segment; /* that they stand in */
};

/* Words `at` to `at` + 7 as far as they are before `end`. */
static void note_eight(struct places *places, const struct wd_copy_scan *scan, uint32_t at,
                       uint32_t end, const struct choice *choice)
{
    uint64_t kinds = 0;
    memcpy(&kinds, scan->kinds + at, end - at < 8 ? end - at : 8);
    for (kinds &= choice->kinds; kinds != 0; kinds &= kinds - 1) {
        uint64_t word = scan->words[at + (uint32_t)__builtin_ctzll(kinds) / 8];
        if (word >> 32 <= choice->keep)
            note_word(places, (uint32_t)word, choice->segment);
    }
}

static void note_long_words(struct places *places, const struct wd_copy_scan *scan,
                            const struct segment *segments, uint32_t segment_count)
{
    struct choice choice = {
        .kinds = UINT64_C(0x0101010101010101) * long_kind(scan),
        .keep = UINT32_MAX / (1 + scan->word_count / SAMPLED_WORDS),
    };
    uint32_t begin = 0;
    for (; choice.segment < segment_count; choice.segment++) {
        uint32_t end = segments[choice.segment].end;
        for (uint32_t at = begin; at < end; at += 8)
            note_eight(places, scan, at, end, &choice);
        begin = end;
    }
}

/* How many different long words stand before a segment, from it on, and on both sides. */
struct sides {
    uint32_t before, after, both;
};

static void count_sides(const struct places *places, uint32_t segment_count,
                        struct sides sides[SENTENCES_MAX])
{
    uint32_t first[SENTENCES_MAX] = {0}; /* words whose first segment it is */
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

/* Of these breaks those where the words are others, too. */
static uint32_t confirm(const struct wd_copy_scan *scan, const struct segment *segments,
                        uint32_t segment_count, uint32_t breaks)
{
    struct places places;
    struct sides sides[SENTENCES_MAX];
    uint32_t confirmed = 0;
    places.count = 0;
    memset(places.slots, 0, sizeof(places.slots));
    note_long_words(&places, scan, segments, segment_count);
    count_sides(&places, segment_count, sides);
    for (uint32_t i = 1; i < segment_count; i++) {
        uint32_t fewer = sides[i].before < sides[i].after ? sides[i].before : sides[i].after;
        if (breaks >> i & 1 && sides[i].both * SAID_AGAIN <= fewer)
            confirmed |= UINT32_C(1) << i;
    }
    return confirmed;
}

static bool is_break(const struct segment *before, const struct segment *after)
{
    uint32_t a = count_of(&before->names);
    uint32_t b = count_of(&after->names);
    uint32_t fewer = a < b ? a : b;
    return before->words >= SIDE_WORDS && after->words >= SIDE_WORDS && fewer >= SIDE_NAMES &&
           count_common(&before->names, &after->names) * NAMED_AGAIN <= fewer;
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
    struct segment after[SENTENCES_MAX]; /* from this segment to the end */
    uint32_t most = sentences_max < SENTENCES_MAX ? sentences_max : SENTENCES_MAX;
    uint32_t count = cut_up(scan, words_min, most, segments);
    uint32_t breaks = 0;
    *cohesion = (struct wd_cohesion){.headless = is_headless(scan)};
    if (count < 2)
        return;
    after[count - 1] = segments[count - 1];
    for (uint32_t i = count - 1; i-- > 1;) {
        after[i] = after[i + 1];
        add(&after[i].names, &segments[i].names);
        after[i].words += segments[i].words;
    }
    struct segment before = segments[0];
    for (uint32_t i = 1; i < count; i++) {
        if (is_break(&before, &after[i]))
            breaks |= UINT32_C(1) << i;
        add(&before.names, &segments[i].names);
        before.words += segments[i].words;
    }
    if (__builtin_popcount(breaks) >= (cohesion->headless ? 1 : HEADED_BREAKS))
        cohesion->breaks = confirm(scan, segments, count, breaks);
}
