#include "copy_scan.h"

#include "copy_fold.h"

#include <xxhash.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    BLOCK = 64, /* bytes whose word borders are found at once */
    SHORT_BYTES = 3,
};

/* Bytes that no folded text has, so that no choice of words makes a factor zero. */
#define KEY_LOW UINT64_C(0xFFA5F1E7C3D2FF9B)
#define KEY_HIGH UINT64_C(0xFFC1B3F5FF97E9D3)
#define KEY_SENTENCE UINT64_C(0x9E3779B97F4A7C15)

uint64_t wd_hash_mix(uint64_t a, uint64_t b)
{
    /* The 128-bit product folded, as in wyhash (Wang Yi) and XXH3. */
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)(a ^ KEY_LOW) * (b ^ KEY_HIGH);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* What the pass has seen so far. */
struct scanner {
    struct wd_story *story;
    unsigned char *folded; /* of the paragraph */
    struct wd_slice text;  /* the paragraph */
    uint64_t *words;
    uint8_t *kinds;
    uint32_t word_count, word_capacity, words_total;
    struct wd_copy_sentence *sentences;
    uint32_t sentence_count, sentence_capacity;
    struct wd_copy_sentence sentence; /* the one being read; word_count 0: none */
    size_t word_end;                  /* of the last word in this paragraph */
    size_t word_len;
    bool ascii;        /* all of the paragraph */
    uint64_t tail[2];  /* words past the capacity, in two chains */
    uint64_t alone[2]; /* the two characters before, in a script without blanks */
    bool failed;
};

static uint64_t load_masked(const unsigned char *bytes, size_t len)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof(value)); /* there are WD_FOLD_BYTES_MORE behind */
    return len >= 8 ? value : value & ((UINT64_C(1) << (8 * len)) - 1);
}

static inline uint64_t hash_word(const unsigned char *bytes, size_t len)
{
    if (len <= 8)
        return wd_hash_mix(load_masked(bytes, len), len);
    uint64_t hash = len;
    for (; len > 16; bytes += 8, len -= 8)
        hash = wd_hash_mix(load_masked(bytes, 8), hash);
    return wd_hash_mix(load_masked(bytes, 8), hash ^ load_masked(bytes + len - 8, 8));
}

static bool grow_sentences(struct scanner *scanner)
{
    uint32_t capacity = scanner->sentence_capacity ? scanner->sentence_capacity * 2 : 64;
    struct wd_copy_sentence *grown =
        wd_arena_realloc(scanner->story->arena, scanner->sentences,
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
    if (scanner->sentence_count < WD_SCAN_SENTENCES_MAX &&
        (scanner->sentence_count < scanner->sentence_capacity || grow_sentences(scanner)))
        scanner->sentences[scanner->sentence_count++] = *sentence;
    sentence->word_count = 0;
}

static inline void add_word(struct scanner *scanner, uint64_t hash, unsigned kind, size_t begin)
{
    struct wd_copy_sentence *sentence = &scanner->sentence;
    if (sentence->word_count == 0) {
        sentence->hash = KEY_SENTENCE;
        sentence->begin = (uint32_t)begin;
        sentence->first_word = scanner->words_total;
        kind &= ~(unsigned)WD_WORD_NAME;
    }
    sentence->hash = wd_hash_mix(hash, sentence->hash);
    sentence->word_count++;
    scanner->words_total++;
    if (scanner->word_count < scanner->word_capacity) {
        scanner->words[scanner->word_count] = hash;
        scanner->kinds[scanner->word_count++] = (uint8_t)kind;
    } else {
        scanner->tail[0] = wd_hash_mix(hash, scanner->tail[0]);
        scanner->tail[1] = wd_hash_mix(scanner->tail[1], hash + KEY_SENTENCE);
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
        uint64_t character = hash_word(folded + i, next - i);
        add_word(scanner, wd_hash_mix(character, wd_hash_mix(scanner->alone[0], scanner->alone[1])),
                 0, i);
        scanner->alone[1] = scanner->alone[0];
        scanner->alone[0] = character;
        i = next;
    }
}

static uint32_t first_point(const unsigned char *bytes)
{
    if (bytes[0] < 0xE0)
        return 0; /* no script without blanks is below U+0800 */
    if (bytes[0] < 0xF0)
        return (uint32_t)(bytes[0] & 0x0F) << 12 | (uint32_t)(bytes[1] & 0x3F) << 6 |
               (uint32_t)(bytes[2] & 0x3F);
    return (uint32_t)(bytes[0] & 0x07) << 18 | (uint32_t)(bytes[1] & 0x3F) << 12 |
           (uint32_t)(bytes[2] & 0x3F) << 6 | (uint32_t)(bytes[3] & 0x3F);
}

/* Takes out the pads; returns the new length. */
static size_t compact(unsigned char *bytes, size_t len)
{
    size_t kept = 0;
    if (!memchr(bytes, WD_FOLD_PAD, len))
        return len;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != WD_FOLD_PAD)
            bytes[kept++] = bytes[i];
    }
    memset(bytes + kept, WD_FOLD_PAD, len - kept);
    return kept;
}

static unsigned kind_of(const struct scanner *scanner, size_t begin, size_t len)
{
    const unsigned char *folded = scanner->folded + begin;
    const unsigned char *written = (const unsigned char *)scanner->text.data + begin;
    bool ascii = folded[0] < 0x80;
    unsigned kind =
        len <= (ascii ? SHORT_BYTES : 2 * SHORT_BYTES) && folded[0] < 0xE0 ? WD_WORD_SHORT : 0;
    if (folded[0] <= '9')
        return kind | WD_WORD_NUMBER;
    /* Or a second byte that folding changed: a capital of another alphabet. */
    bool capital = written[0] != folded[0] || (!ascii && written[1] != folded[1]);
    return kind | (capital ? WD_WORD_NAME : 0);
}

/* "said. The": a stop, then a word that does not begin in lower case, and no "Mr." before. */
static bool is_border(const struct scanner *scanner, size_t begin)
{
    if (begin - scanner->word_end < 2 || scanner->word_len < 3 ||
        !memchr(scanner->folded + scanner->word_end, WD_FOLD_STOP, begin - scanner->word_end))
        return false;
    char written = scanner->text.data[begin];
    return !(written >= 'a' && written <= 'z');
}

/* The same for a word of ASCII, without a branch: lengths and capitals are as good as chance. */
static unsigned kind_of_ascii(const struct scanner *scanner, size_t begin, size_t len)
{
    unsigned folded = scanner->folded[begin];
    unsigned number = folded <= '9';
    unsigned name = (folded != (unsigned char)scanner->text.data[begin]) & (number ^ 1u);
    return (unsigned)(len <= SHORT_BYTES) * WD_WORD_SHORT | number * WD_WORD_NUMBER |
           name * WD_WORD_NAME;
}

static void take_word(struct scanner *scanner, size_t begin, size_t end)
{
    unsigned char *bytes = scanner->folded + begin;
    size_t len = end - begin;
    if (begin > scanner->word_end + 1 && is_border(scanner, begin))
        end_sentence(scanner, begin);
    scanner->word_end = end;
    scanner->word_len = len;
    if (scanner->ascii) {
        add_word(scanner, hash_word(bytes, len), kind_of_ascii(scanner, begin, len), begin);
        return;
    }
    unsigned kind = kind_of(scanner, begin, len);
    len = compact(bytes, len);
    if (len == 0)
        return;
    if (wd_copy_fold_stands_alone(first_point(bytes)))
        add_characters(scanner, begin, begin + len);
    else
        add_word(scanner, hash_word(bytes, len), kind, begin);
}

/* Bit n: byte n belongs to a word. */
static uint64_t word_bits(const unsigned char *bytes)
{
    uint64_t bits = 0;
#ifdef __SSE2__
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i in = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        /* Gap and stop are all that is not: both are from 2 to '/'. */
        __m128i low = _mm_sub_epi8(in, _mm_set1_epi8(2));
        __m128i gap = _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8('/' - 2)), low);
        bits |= (uint64_t)(unsigned)(~_mm_movemask_epi8(gap) & 0xFFFF) << i;
    }
#else
    for (int i = 0; i < BLOCK; i++)
        bits |= (uint64_t)(bytes[i] != WD_FOLD_GAP && bytes[i] != WD_FOLD_STOP) << i;
#endif
    return bits;
}

static void scan_paragraph(struct scanner *scanner)
{
    size_t begin = 0;
    uint64_t inside = 0; /* 1: a word goes on */
    scanner->ascii = wd_copy_fold(scanner->text, scanner->folded);
    scanner->word_end = 0;
    scanner->word_len = 0;
    scanner->alone[0] = scanner->alone[1] = 0;
    for (size_t block = 0; block <= scanner->text.len; block += BLOCK) {
        uint64_t bits = word_bits(scanner->folded + block);
        uint64_t borders = bits ^ (bits << 1 | inside);
        uint64_t open = inside;
        inside = bits >> (BLOCK - 1);
        for (; borders != 0; borders &= borders - 1, open ^= 1) {
            size_t at = block + (size_t)__builtin_ctzll(borders);
            if (open)
                take_word(scanner, begin, at);
            else
                begin = at;
        }
    }
    end_sentence(scanner, scanner->text.len);
}

static bool reserve(struct scanner *scanner, const struct wd_story *story)
{
    size_t bytes = 0;
    size_t longest = story->headline.len;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        bytes += story->paragraphs[i].len;
        longest = story->paragraphs[i].len > longest ? story->paragraphs[i].len : longest;
    }
    size_t words = bytes / 2 + story->paragraph_count + 1;
    words = words < WD_SCAN_WORDS_MAX ? words : WD_SCAN_WORDS_MAX;
    scanner->word_capacity = (uint32_t)words;
    scanner->words = wd_arena_alloc(story->arena, words * sizeof(*scanner->words));
    scanner->kinds = wd_arena_alloc(story->arena, words);
    /* A block is read from any of the text's bytes on. */
    scanner->folded = wd_arena_alloc(story->arena, longest + WD_FOLD_BYTES_MORE + BLOCK);
    return scanner->words && scanner->kinds && scanner->folded;
}

static bool scan_headline(struct scanner *scanner, struct wd_copy_scan *scan)
{
    struct wd_story *story = scanner->story;
    uint64_t *words = wd_arena_alloc(story->arena, WD_SCAN_HEADLINE_WORDS_MAX * sizeof(*words));
    uint8_t *kinds = wd_arena_alloc(story->arena, WD_SCAN_HEADLINE_WORDS_MAX);
    struct scanner headline = {.story = story,
                               .folded = scanner->folded,
                               .text = story->headline,
                               .words = words,
                               .kinds = kinds,
                               .word_capacity = WD_SCAN_HEADLINE_WORDS_MAX};
    if (!words || !kinds)
        return false;
    scan_paragraph(&headline);
    scan->headline = words;
    scan->headline_kinds = kinds;
    scan->headline_count = headline.word_count;
    return !headline.failed;
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
    struct scanner scanner = {.story = story};
    if (!scan || !reserve(&scanner, story) || !scan_headline(&scanner, scan))
        return NULL;
    for (size_t i = 0; i < story->paragraph_count; i++) {
        scanner.sentence.paragraph = (uint32_t)i;
        scanner.text = story->paragraphs[i];
        scan_paragraph(&scanner);
    }
    if (scanner.failed)
        return NULL;
    scan->words = scanner.words;
    scan->kinds = scanner.kinds;
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
