#include "copy_scan.h"

#include "copy_borders.h"
#include "copy_fold.h"

#include <xxhash.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    SHORT_BYTES = 3,
    SENTENCES_FIRST = 16,
    CONTEXT_BYTES = 64, /* that two characters and a stop have room in */
    BYTES_BEFORE = 16,  /* of folded text, that may be read: a word is loaded from its end, too */
};

#define KEY_TAIL UINT64_C(0x9E3779B97F4A7C15)

/* What the pass has seen so far. */
struct scanner {
    struct wd_arena *arena;
    unsigned char *folded; /* of the paragraph */
    struct wd_slice text;  /* the paragraph */
    uint64_t *words;
    uint8_t *kinds;
    uint32_t word_count, word_capacity, words_total;
    struct wd_copy_sentence *sentences;
    uint32_t sentence_count, sentence_capacity;
    struct wd_copy_sentence sentence; /* the one being read; word_count 0: none */
    uint64_t sum;                     /* of its words that are not yet in its hash */
    size_t word_end;                  /* of the last word in this paragraph */
    size_t word_len;
    uint64_t tail[2];  /* words past the capacity, in two chains */
    uint64_t alone[2]; /* the two characters before, in a script without blanks */
    bool headline;     /* short words are told apart */
    bool failed;
};

static bool grow_sentences(struct scanner *scanner)
{
    uint32_t capacity =
        scanner->sentence_capacity ? scanner->sentence_capacity * 2 : SENTENCES_FIRST;
    struct wd_copy_sentence *grown =
        wd_arena_realloc(scanner->arena, scanner->sentences,
                         scanner->sentence_capacity * sizeof(*grown), capacity * sizeof(*grown));
    scanner->failed = scanner->failed || !grown;
    if (!grown)
        return false;
    scanner->sentences = grown;
    scanner->sentence_capacity = capacity;
    return true;
}

static void end_sentence(struct scanner *scanner, size_t at)
{
    struct wd_copy_sentence *sentence = &scanner->sentence;
    if (sentence->word_count == 0)
        return;
    sentence->end = (uint32_t)at;
    if (sentence->word_count % WD_SUM_WORDS != 0)
        sentence->hash = wd_hash_mix(scanner->sum, sentence->hash);
    if (sentence->first_word < scanner->word_count)
        scanner->kinds[sentence->first_word] &= (uint8_t)~WD_WORD_NAME;
    if (scanner->sentence_count < WD_SCAN_SENTENCES_MAX &&
        (scanner->sentence_count < scanner->sentence_capacity || grow_sentences(scanner)))
        scanner->sentences[scanner->sentence_count++] = *sentence;
    sentence->word_count = 0;
}

static inline void begin_sentence(struct scanner *scanner, size_t at)
{
    scanner->sum = 0;
    scanner->sentence.hash = WD_HASH_SENTENCE;
    scanner->sentence.begin = (uint32_t)at;
    scanner->sentence.first_word = scanner->words_total;
}

static inline void add_word(struct scanner *scanner, uint64_t hash, unsigned kind, size_t begin)
{
    struct wd_copy_sentence *sentence = &scanner->sentence;
    if (sentence->word_count == 0)
        begin_sentence(scanner, begin);
    scanner->sum += hash * wd_hash_factors[sentence->word_count % WD_SUM_WORDS];
    if (++sentence->word_count % WD_SUM_WORDS == 0) {
        sentence->hash = wd_hash_mix(scanner->sum, sentence->hash);
        scanner->sum = 0;
    }
    scanner->words_total++;
    if (scanner->word_count < scanner->word_capacity) {
        scanner->words[scanner->word_count] = hash;
        scanner->kinds[scanner->word_count++] = (uint8_t)kind;
    } else {
        scanner->tail[0] = wd_hash_mix(hash, scanner->tail[0]);
        scanner->tail[1] = wd_hash_mix(scanner->tail[1], hash + KEY_TAIL);
    }
}

/* A run without blanks in a script that has none: every character with the two before it. */
static void add_characters(struct scanner *scanner, size_t begin, size_t end)
{
    const unsigned char *folded = scanner->folded;
    for (size_t i = begin; i < end;) {
        size_t next = i + 1;
        while (next < end && (folded[next] & 0xC0) == 0x80)
            next++;
        uint64_t character = wd_hash_word(folded + i, next - i);
        add_word(scanner, wd_hash_mix(character, wd_hash_mix(scanner->alone[0], scanner->alone[1])),
                 0, i);
        scanner->alone[1] = scanner->alone[0];
        scanner->alone[0] = character;
        i = next;
    }
}

/* Long words are about something, short ones are "the" and "said". */
static inline unsigned length_of(size_t len)
{
    return (len >= WD_LONG_BYTES) * WD_WORD_LONG | (len >= WD_LONGER_BYTES) * WD_WORD_LONGER;
}

/* Of three letters, which have one byte or two each. */
static inline bool is_short_word(const unsigned char *folded, size_t len)
{
    return len <= (folded[0] < 0x80 ? SHORT_BYTES : 2 * SHORT_BYTES) && folded[0] < 0xE0;
}

static unsigned kind_of(const struct scanner *scanner, size_t begin, size_t len)
{
    const unsigned char *folded = scanner->folded + begin;
    const unsigned char *written = (const unsigned char *)scanner->text.data + begin;
    bool ascii = folded[0] < 0x80;
    unsigned kind = scanner->headline ? is_short_word(folded, len) * WD_WORD_SHORT : length_of(len);
    if (folded[0] <= '9')
        return kind | WD_WORD_NUMBER;
    /* Or a second byte that folding changed: a capital of another alphabet. */
    bool capital = written[0] != folded[0] || (!ascii && written[1] != folded[1]);
    return kind | (capital ? WD_WORD_NAME : 0);
}

/* "said. The": a stop, then a word that does not begin in lower case, and no "Mr." before. There is a
 * stop between the last word and this one. */
static inline bool is_border(const struct scanner *scanner, size_t begin)
{
    char written = scanner->text.data[begin];
    return begin - scanner->word_end >= 2 && scanner->word_len >= 3 &&
           !(written >= 'a' && written <= 'z');
}

static inline void note_word(struct scanner *scanner, size_t begin, size_t end)
{
    scanner->word_end = end;
    scanner->word_len = end - begin;
}

static void take_word(struct scanner *scanner, size_t begin, size_t end)
{
    unsigned char *bytes = scanner->folded + begin;
    size_t len = end - begin;
    note_word(scanner, begin, end);
    unsigned kind = kind_of(scanner, begin, len);
    len = wd_hash_take_out_pads(bytes, len);
    if (len == 0)
        return;
    if (wd_copy_fold_stands_alone(bytes))
        add_characters(scanner, begin, begin + len);
    else
        add_word(scanner, wd_hash_word(bytes, len), kind, begin);
}

/* Words with anything in them; returns how many stops stand before the last one. */
static uint32_t take_words(struct scanner *scanner, const struct wd_copy_borders *borders)
{
    const uint32_t *stop = borders->stops;
    for (uint32_t i = 0; i + 1 < borders->count; i += 2) {
        uint32_t begin = borders->at[i];
        if (*stop < begin && is_border(scanner, begin))
            end_sentence(scanner, begin);
        while (*stop < begin)
            stop++;
        take_word(scanner, begin, borders->at[i + 1]);
    }
    return (uint32_t)(stop - borders->stops);
}

static void scan_paragraph(struct scanner *scanner)
{
    struct wd_copy_borders borders;
    borders.count = borders.stop_count = 0;
    scanner->word_end = 0;
    scanner->word_len = 0;
    scanner->alone[0] = scanner->alone[1] = 0;
    (void)wd_copy_fold(scanner->text, scanner->folded);
    for (size_t begin = 0; begin <= scanner->text.len; begin += WD_BORDERS_CHUNK) {
        wd_copy_borders_find(scanner->folded, scanner->text.len, begin, &borders);
        uint32_t passed = take_words(scanner, &borders);
        if (borders.count % 2 == 1) /* goes on in the next chunk */
            borders.at[0] = borders.at[borders.count - 1];
        borders.count %= 2;
        borders.stops[0] = borders.stops[passed];
        borders.stop_count = passed < borders.stop_count;
    }
    end_sentence(scanner, scanner->text.len);
}

static unsigned char *reserve_folded(struct wd_arena *arena, size_t len)
{
    unsigned char *folded =
        wd_arena_alloc(arena, BYTES_BEFORE + len + WD_FOLD_BYTES_MORE + WD_BORDERS_BLOCK);
    if (!folded)
        return NULL;
    memset(folded, 0, BYTES_BEFORE);
    return folded + BYTES_BEFORE;
}

/* For so many words, rarely more, in a text of so many bytes. */
static bool reserve(struct scanner *scanner, size_t words, size_t bytes)
{
    words = words < WD_SCAN_WORDS_MAX ? words : WD_SCAN_WORDS_MAX;
    scanner->word_capacity = (uint32_t)words;
    scanner->words =
        wd_arena_alloc(scanner->arena, (words + WD_COPY_MARKS) * sizeof(*scanner->words));
    scanner->kinds = wd_arena_alloc(scanner->arena, words + WD_COPY_MARKS);
    scanner->folded = reserve_folded(scanner->arena, bytes);
    return scanner->words && scanner->kinds && scanner->folded;
}

/* All at once: the words of all paragraphs, then the headline's. */
struct whole {
    struct wd_copy_places places;
    struct wd_places_begin *begins; /* of each paragraph, and of the headline */
    bool with_headline;             /* it could be done so */
};

/* False also where it cannot be done so. */
static bool find_all(struct scanner *scanner, const struct wd_story *story,
                     struct wd_places_room *room, struct whole *whole)
{
    struct wd_copy_places *places = &whole->places;
    size_t count = story->paragraph_count;
    size_t bytes = story->headline.len + wd_story_copy_bytes(story);
    whole->begins = wd_arena_alloc(scanner->arena, (count + 1) * sizeof(*whole->begins));
    if (!whole->begins || !wd_copy_places_init(places, scanner->arena, room, bytes, count + 1) ||
        wd_copy_places_add_all(places, story->paragraphs, count, whole->begins) < count)
        return false;
    whole->begins[count] = (struct wd_places_begin){places->count, places->bytes};
    whole->with_headline = wd_copy_places_add(places, story->headline);
    return true;
}

/* Whether a sentence begins with the word, before which there is a stop: "said. The", but not
 * "Mr. Hale" and not "U.S.". */
static inline bool begins_sentence(const struct wd_place *word)
{
    return word->begin - word[-1].end >= 2 && word[-1].end - word[-1].begin >= 3;
}

/* The next word from `at` on, and before `end`, with which a sentence begins; `end` if there is none. */
static inline uint32_t next_sentence(const struct wd_copy_places *places, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint64_t left = places->sets.borders[at / 64] >> (at % 64);
        at = left != 0 ? at + (uint32_t)__builtin_ctzll(left) : (at | 63) + 1;
        if (left != 0 && (at >= end || begins_sentence(places->words + at)))
            break;
        at += left != 0;
    }
    return at < end ? at : end;
}

/* The first word of a sentence has its capital from there. */
static inline void take_name(const struct wd_copy_places *places, uint32_t word)
{
    places->sets.names[word / 64] &= ~(UINT64_C(1) << word % 64);
}

/* The sentences of one paragraph. */
static void cut_sentences(struct scanner *scanner, const struct whole *whole, uint32_t paragraph)
{
    const struct wd_copy_places *places = &whole->places;
    uint32_t end = whole->begins[paragraph + 1].word;
    uint32_t origin = whole->begins[paragraph].byte;
    for (uint32_t first = whole->begins[paragraph].word; first < end;) {
        uint32_t next = next_sentence(places, first + 1, end);
        take_name(places, first);
        size_t byte = next < end ? places->words[next].begin - origin : scanner->text.len;
        if (scanner->sentence_count < scanner->sentence_capacity)
            scanner->sentences[scanner->sentence_count++] =
                (struct wd_copy_sentence){.paragraph = paragraph,
                                          .begin = places->words[first].begin - origin,
                                          .end = (uint32_t)byte,
                                          .first_word = first,
                                          .word_count = next - first};
        first = next;
    }
}

/* Room for what was found. */
static bool reserve_whole(struct scanner *scanner, const struct wd_copy_places *places,
                          size_t paragraphs)
{
    size_t sentences = paragraphs;
    for (uint32_t i = 0; i <= places->count / WD_COPY_MARKS; i++)
        sentences += (size_t)__builtin_popcountll(places->sets.borders[i]);
    sentences = sentences < WD_SCAN_SENTENCES_MAX ? sentences : WD_SCAN_SENTENCES_MAX;
    scanner->sentence_capacity = (uint32_t)sentences;
    scanner->words =
        wd_arena_alloc(scanner->arena, (places->count + WD_COPY_MARKS) * sizeof(*scanner->words));
    scanner->sentences = wd_arena_alloc(scanner->arena, sentences * sizeof(*scanner->sentences));
    return scanner->words && scanner->sentences;
}

/* The headline's words from `first` on, behind those of the body. False when memory is exhausted. */
static bool take_headline(struct wd_arena *arena, const struct wd_copy_places *places,
                          uint32_t first, struct wd_copy_scan *scan)
{
    uint32_t count = places->count - first;
    count = count < WD_SCAN_HEADLINE_WORDS_MAX ? count : WD_SCAN_HEADLINE_WORDS_MAX;
    uint8_t *kinds = wd_arena_alloc(arena, count);
    if (!kinds)
        return false;
    for (uint32_t at = first; at < places->count; at = next_sentence(places, at + 1, places->count))
        take_name(places, at);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = first + i;
        struct wd_place word = places->words[at];
        bool number = places->sets.numbers[at / 64] >> at % 64 & 1;
        bool name = places->sets.names[at / 64] >> at % 64 & 1;
        bool is_short = is_short_word(places->folded + word.begin, (size_t)(word.end - word.begin));
        kinds[i] =
            (uint8_t)(number * WD_WORD_NUMBER | name * WD_WORD_NAME | is_short * WD_WORD_SHORT);
    }
    scan->headline = scan->words + first;
    scan->headline_kinds = kinds;
    scan->headline_count = count;
    return true;
}

/* All paragraphs at once, and the headline if it can be. */
static bool scan_whole(struct scanner *scanner, const struct wd_story *story,
                       struct wd_copy_scan *scan)
{
    struct wd_places_room room;
    struct whole whole;
    if (!find_all(scanner, story, &room, &whole))
        return false;
    const struct wd_copy_places *places = &whole.places;
    uint32_t count = whole.begins[story->paragraph_count].word;
    if (!reserve_whole(scanner, places, story->paragraph_count))
        return false;
    wd_hash_words(places, scanner->words);
    for (size_t i = 0; i < story->paragraph_count; i++) {
        scanner->text = story->paragraphs[i];
        cut_sentences(scanner, &whole, (uint32_t)i);
    }
    wd_hash_sentences(scanner->words, scanner->sentences, scanner->sentence_count);
    scanner->words_total = scanner->word_count = count;
    scan->words = scanner->words;
    scan->numbers = places->sets.numbers;
    scan->names = places->sets.names;
    scan->is_long = places->sets.is_long;
    scan->longer = places->sets.longer;
    return !whole.with_headline || take_headline(scanner->arena, places, count, scan);
}

/* Of sixteen words those of one of the kinds, as bits. */
#ifdef __SSE2__
static inline uint64_t marks_of_sixteen(const uint8_t *all, uint8_t kinds)
{
    __m128i in = _mm_loadu_si128((const __m128i *)(const void *)all);
    __m128i none =
        _mm_cmpeq_epi8(_mm_and_si128(in, _mm_set1_epi8((char)kinds)), _mm_setzero_si128());
    return (unsigned)_mm_movemask_epi8(none) ^ 0xFFFFu;
}
#else
static inline uint64_t marks_of_sixteen(const uint8_t *all, uint8_t kinds)
{
    uint64_t marks = 0;
    for (int i = 0; i < 16; i++)
        marks |= (uint64_t)((all[i] & kinds) != 0) << i;
    return marks;
}
#endif

/* The kinds as sets. */
static bool make_sets(struct scanner *scanner, struct wd_copy_scan *scan)
{
    size_t blocks = scanner->word_count / WD_COPY_MARKS + 2;
    uint64_t *sets = wd_arena_calloc(scanner->arena, 4 * blocks, sizeof(*sets));
    if (!sets)
        return false;
    scan->numbers = sets;
    scan->names = sets + blocks;
    scan->is_long = sets + 2 * blocks;
    scan->longer = sets + 3 * blocks;
    for (uint32_t i = 0; i < scanner->word_count; i += 16) {
        uint64_t *set = sets + i / WD_COPY_MARKS;
        const uint8_t *kinds = scanner->kinds + i;
        set[0] |= marks_of_sixteen(kinds, WD_WORD_NUMBER) << i % WD_COPY_MARKS;
        set[blocks] |= marks_of_sixteen(kinds, WD_WORD_NAME) << i % WD_COPY_MARKS;
        set[2 * blocks] |= marks_of_sixteen(kinds, WD_WORD_LONG) << i % WD_COPY_MARKS;
        set[3 * blocks] |= marks_of_sixteen(kinds, WD_WORD_LONGER) << i % WD_COPY_MARKS;
    }
    return true;
}

/* Paragraph by paragraph, word by word. */
static bool scan_paragraphs(struct scanner *scanner, const struct wd_story *story,
                            struct wd_copy_scan *scan)
{
    size_t bytes = 0;
    size_t longest = 0;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        bytes += story->paragraphs[i].len;
        longest = story->paragraphs[i].len > longest ? story->paragraphs[i].len : longest;
    }
    if (!reserve(scanner, bytes / 2 + story->paragraph_count + 1, longest))
        return false;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        scanner->sentence.paragraph = (uint32_t)i;
        scanner->text = story->paragraphs[i];
        scan_paragraph(scanner);
    }
    return !scanner->failed && make_sets(scanner, scan);
}

bool wd_copy_scan_headline(struct wd_arena *arena, struct wd_slice text, struct wd_copy_scan *scan)
{
    struct scanner headline = {.arena = arena, .text = text, .headline = true};
    if (!reserve(&headline, WD_SCAN_HEADLINE_WORDS_MAX, text.len))
        return false;
    scan_paragraph(&headline);
    scan->headline = headline.words;
    scan->headline_kinds = headline.kinds;
    scan->headline_count = headline.word_count;
    return !headline.failed;
}

/* True when no word of the text depends on what stands before it. */
static bool stands_for_itself(struct wd_slice text)
{
    unsigned char most = 0;
    for (size_t i = 0; i < text.len; i++)
        most = (unsigned char)text.data[i] > most ? (unsigned char)text.data[i] : most;
    return most < 0xE0; /* scripts without blanks are beyond */
}

/* All at once, as most sentences can be. */
static bool hash_all(struct wd_arena *arena, struct wd_slice text, struct wd_copy_words *words)
{
    struct wd_places_room room;
    struct wd_copy_places places;
    if (!wd_copy_places_init(&places, arena, &room, text.len, 1) ||
        !wd_copy_places_add(&places, text))
        return false;
    words->items = wd_arena_alloc(arena, (places.count + WD_HASH_LANES) * sizeof(*words->items));
    if (!words->items)
        return false;
    wd_hash_words(&places, words->items);
    words->count = places.count;
    return true;
}

bool wd_copy_scan_words(struct wd_arena *arena, struct wd_slice text, size_t begin, size_t end,
                        struct wd_copy_words *words)
{
    end = end < text.len ? end : text.len;
    begin = begin < end ? begin : end;
    struct wd_slice piece = wd_slice_make(text.data + begin, end - begin);
    size_t origin = begin;
    *words = (struct wd_copy_words){NULL, 0};
    if (hash_all(arena, piece, words))
        return true;
    if (!stands_for_itself(piece)) {
        origin = begin > CONTEXT_BYTES ? begin - CONTEXT_BYTES : 0;
        while (origin < begin && ((unsigned char)text.data[origin] & 0xC0) == 0x80)
            origin++;
    }
    struct scanner scanner = {.arena = arena,
                              .text = wd_slice_make(text.data + origin, end - origin)};
    if (!reserve(&scanner, scanner.text.len + 1, scanner.text.len))
        return false;
    scan_paragraph(&scanner);
    uint32_t first = 0;
    for (uint32_t i = 0; i < scanner.sentence_count; i++) {
        if (scanner.sentences[i].begin <= begin - origin)
            first = scanner.sentences[i].first_word;
    }
    words->items = scanner.words + first;
    words->count = scanner.word_count - first;
    return !scanner.failed;
}

static struct wd_digest digest_of(const struct scanner *scanner)
{
    struct wd_digest digest = wd_digest_of(scanner->words, scanner->word_count * sizeof(uint64_t));
    if (scanner->words_total > scanner->word_count) {
        uint64_t all[4] = {0, 0, scanner->tail[0], scanner->tail[1]};
        memcpy(all, digest.bytes, sizeof(digest.bytes));
        digest = wd_digest_of(all, sizeof(all));
    }
    return digest;
}

const struct wd_copy_scan *wd_copy_scan(struct wd_story *story)
{
    if (story->scan)
        return story->scan;
    struct wd_copy_scan *scan = wd_arena_calloc(story->arena, 1, sizeof(*scan));
    struct scanner scanner = {.arena = story->arena};
    if (!scan)
        return NULL;
    if (!scan_whole(&scanner, story, scan)) {
        *scan = (struct wd_copy_scan){.words = NULL};
        scanner = (struct scanner){.arena = story->arena};
        if (!scan_paragraphs(&scanner, story, scan))
            return NULL;
    }
    if (!scan->headline && !wd_copy_scan_headline(story->arena, story->headline, scan))
        return NULL;
    scan->words = scanner.words;
    scan->word_count = scanner.word_count;
    scan->words_total = scanner.words_total;
    scan->sentences = scanner.sentences;
    scan->sentence_count = scanner.sentence_count;
    story->body_digest = (struct wd_digest){{0}};
    if (scan->words_total > 0)
        story->body_digest = digest_of(&scanner);
    story->scan = scan;
    return scan;
}

struct wd_digest wd_copy_digest(const struct wd_story *story)
{
    uint64_t all[2 + WD_SCAN_HEADLINE_WORDS_MAX];
    const struct wd_copy_scan *scan = story->scan;
    size_t count = 2;
    memcpy(all, story->body_digest.bytes, sizeof(story->body_digest.bytes));
    if (!scan) {
        struct wd_digest bytes =
            wd_digest_of(story->headline.data ? story->headline.data : "", story->headline.len);
        memcpy(all + count, bytes.bytes, sizeof(bytes.bytes));
        count += 2;
    } else {
        memcpy(all + count, scan->headline, scan->headline_count * sizeof(*scan->headline));
        count += scan->headline_count;
    }
    return wd_digest_of(all, count * sizeof(*all));
}
