#include "cohesion.h"

#include <string.h>

enum {
    SENTENCES_MAX = 32,
    DATELINE_WORDS = 5, /* "SAN FRANCISCO (AP) -": an agency's sign stands before its every story */
    SIDE_WORDS = 20,    /* on either side of a break, at least */
    SIDE_NAMES = 2,
    NAMED_AGAIN = 10,  /* one name in so many may stand on both sides */
    LONG_LETTERS = 5,  /* a shorter word is "the", "said", "about" as often as not */
    SAID_AGAIN = 10,   /* one long word in so many, too */
    HEADED_BREAKS = 2, /* fewer are of no use under a headline that fits */
    WORD_SLOTS = 2048,
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
    uint32_t end; /* index into the scan's sentences */
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
        segment->end = i + 1;
        in_paragraph += sentence->word_count;
    }
    return count;
}

/* A long word, and the first and the last segment that it stands in. */
struct place {
    uint32_t word;
    uint8_t used, first, last;
};

/* How many different long words stand before a segment, from it on, and on both sides. */
struct sides {
    uint32_t before, after, both;
};

struct places {
    struct place slots[WORD_SLOTS];
    uint32_t count;
};

static void note_word(struct places *places, uint32_t word, uint8_t segment)
{
    size_t at = word % WORD_SLOTS;
    while (places->slots[at].used && places->slots[at].word != word)
        at = (at + 1) % WORD_SLOTS;
    if (places->slots[at].used) {
        places->slots[at].last = segment;
    } else if (places->count < WORDS_MAX) {
        places->slots[at] = (struct place){word, 1, segment, segment};
        places->count++;
    }
}

/* Roughly: letters and digits of ASCII, and what is not ASCII but for U+2000 to U+203F, the punctuation. */
static bool in_word(const unsigned char *bytes, size_t at, size_t end)
{
    unsigned char c = bytes[at];
    if (c < 0x80)
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return !(c == 0xE2 && at + 1 < end && bytes[at + 1] == 0x80) &&
           !(c == 0x80 && at > 0 && bytes[at - 1] == 0xE2);
}

static void note_long_words(struct places *places, struct wd_slice text, uint8_t segment)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = 0; i < text.len; i++) {
        uint32_t hash = 0;
        uint32_t letters = 0;
        for (; i < text.len && in_word(bytes, i, text.len); i++) {
            letters += (bytes[i] & 0xC0) != 0x80;
            hash = (hash ^ (bytes[i] < 0x80 ? bytes[i] | 0x20 : bytes[i])) * UINT32_C(0x01000193);
        }
        if (letters >= LONG_LETTERS)
            note_word(places, hash ^ hash >> 15, segment);
    }
}

static void count_sides(const struct places *places, uint32_t segment_count,
                        struct sides sides[SENTENCES_MAX])
{
    memset(sides, 0, SENTENCES_MAX * sizeof(sides[0]));
    for (size_t at = 0; at < WORD_SLOTS; at++) {
        const struct place *place = &places->slots[at];
        for (uint32_t i = 1; place->used && i < segment_count; i++) {
            bool before = place->first < i;
            bool after = place->last >= i;
            sides[i].before += before;
            sides[i].after += after;
            sides[i].both += before && after;
        }
    }
}

/* Of these breaks those where the words are others, too. */
static uint32_t confirm(const struct wd_story *story, const struct segment *segments,
                        uint32_t segment_count, uint32_t breaks)
{
    const struct wd_copy_scan *scan = story->scan;
    struct places places;
    struct sides sides[SENTENCES_MAX];
    uint32_t confirmed = 0;
    uint8_t segment = 0;
    memset(&places, 0, sizeof(places));
    for (uint32_t i = 0; i < scan->sentence_count; i++) {
        const struct wd_copy_sentence *sentence = &scan->sentences[i];
        while (segment + 1u < segment_count && i >= segments[segment].end)
            segment++;
        note_long_words(&places,
                        wd_slice_make(story->paragraphs[sentence->paragraph].data + sentence->begin,
                                      sentence->end - sentence->begin),
                        segment);
    }
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

void wd_cohesion_find(const struct wd_story *story, uint32_t words_min, uint32_t sentences_max,
                      struct wd_cohesion *cohesion)
{
    const struct wd_copy_scan *scan = story->scan;
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
        cohesion->breaks = confirm(story, segments, count, breaks);
}
