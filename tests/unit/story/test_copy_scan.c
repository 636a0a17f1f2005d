/* The scan against the slow normalisation, and by hand. */
#include "test.h"

#include "copy_fold.h"
#include "copy_places_block.h"
#include "copy_scan.h"
#include "story.h"

#include <stdlib.h>
#include <time.h>
#include <unicode/ustring.h>

#define MARKS "\u064b\u064b\u064b\u064b\u064b\u064b\u064b\u064b\u064b\u064b"

static struct wd_story *story_of(const char *headline, const char *const *paragraphs)
{
    struct wd_story *story = wd_story_create((size_t)1 << 26);
    assert_non_null(story);
    story->headline = wd_slice_from(headline);
    for (size_t i = 0; paragraphs[i]; i++)
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_from(paragraphs[i])), WD_OK);
    return story;
}

static struct wd_story *one(const char *text)
{
    const char *paragraphs[] = {text, NULL};
    struct wd_story *story = story_of("", paragraphs);
    assert_non_null(wd_copy_scan(story));
    return story;
}

/* The same words, seen from the scan. */
static void same(const char *a, const char *b, bool wanted)
{
    struct wd_story *x = one(a);
    struct wd_story *y = one(b);
    bool equal = x->scan->words_total == y->scan->words_total &&
                 memcmp(x->scan->words, y->scan->words, x->scan->word_count * 8) == 0;
    if (equal != wanted)
        fail_msg("\"%s\" and \"%s\" are %s", a, b, equal ? "the same" : "not the same");
    assert_int_equal(equal, memcmp(&x->body_digest, &y->body_digest, sizeof(x->body_digest)) == 0);
    wd_story_destroy(x);
    wd_story_destroy(y);
}

static void what_makes_no_difference(void **unused)
{
    (void)unused;
    same("The Bridge, closed!", "the bridge closed", true);
    same("\u201cStop\u201d \u2014 he said", "Stop - he said", true);
    same("caf\u00e9 CAF\u00c9", "cafe\u0301 cafe\u0301", true);
    same("co\u00adoperate and zero\u200bwidth", "cooperate and zerowidth", true);
    same("\ufb01nal of\ufb01ce", "final office", true);
    same("\uff21\uff22 \uff11\uff12", "ab 12", true);
    same("\u041c\u041e\u0421\u041a\u0412\u0410", "\u043c\u043e\u0441\u043a\u0432\u0430", true);
    same("stra\u00dfe", "strasse", true);
    same("don\u2019t", "don't", true);
    same("a b c", "ab c", false);
    same("one two", "two one", false);
    same("1,204 tonnes", "1,205 tonnes", false);
    same("a word of nineteen letters", "a word of nineteen lettres", false);
    same("internationalisations", "internationalisationt", false);
    same("x123456789abcdef", "x023456789abcdef", false);
    same("", " ... ", true);
}

static void words_of_normalized(const char *text, struct wd_story *story)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    wd_text_append_normalized(&out, wd_slice_from(text));
    wd_buffer_append_byte(&out, ' ');
    uint32_t count = 0;
    for (size_t begin = 0, i = 0; i < out.len; i++) {
        if (out.data[i] != ' ')
            continue;
        char word[512];
        size_t len = i - begin;
        memcpy(word, out.data + begin, len);
        word[len] = '\0';
        if (len > 0) {
            struct wd_story *alone = one(word);
            assert_int_equal(alone->scan->words_total, 1);
            assert_true(count < story->scan->word_count);
            if (alone->scan->words[0] != story->scan->words[count])
                fail_msg("word %u of \"%s\" is not \"%s\"", count, text, word);
            wd_story_destroy(alone);
            count++;
        }
        begin = i + 1;
    }
    assert_int_equal(story->scan->words_total, count);
    wd_buffer_finish(&out);
}

static void like_the_slow_way(void **unused)
{
    static const char *const pieces[] = {"a",
                                         "B",
                                         "7",
                                         " ",
                                         "  ",
                                         ".",
                                         "-",
                                         "word",
                                         "LONGWORDHERE",
                                         "\u00e9",
                                         "\u00c9",
                                         "e\u0301",
                                         "\u2014",
                                         "\u201c",
                                         "\u0416",
                                         "\u03a9",
                                         "\u00ad",
                                         "\u200d",
                                         "\ufb02",
                                         "\uff22",
                                         "\u00aa",
                                         "\u017f",
                                         "\u2026",
                                         "\u1e9e",
                                         "\U0001F600",
                                         "\u20ac",
                                         "\u0627",
                                         "\u064e",
                                         "\u0915\u093f",
                                         "\U0001D400"};
    (void)unused;
    srand(5);
    for (int round = 0; round < 3000; round++) {
        char text[300] = "";
        int count = rand() % 40;
        for (int i = 0; i < count; i++)
            strncat(text, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))],
                    sizeof(text) - strlen(text) - 1);
        if (!wd_utf8_valid(wd_slice_from(text), NULL))
            continue; /* cut in the middle of a character */
        struct wd_story *story = one(text);
        words_of_normalized(text, story);
        wd_story_destroy(story);
    }
}

/* At the end of a text each character is looked up in full, before other letters by the short way. */
static void short_way_like_the_long(void **unused)
{
    unsigned char folded[2][16 + WD_FOLD_BYTES_MORE];
    (void)unused;
    for (UChar32 point = 0x80; point < 0x10000; point++) {
        char text[16] = "\u00e9";
        UErrorCode code = U_ZERO_ERROR;
        UChar unit = (UChar)point;
        int32_t len = 0;
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        (void)u_strToUTF8(text + 2, 4, &len, &unit, 1, &code);
        len += 2;
        memcpy(text + len, "\u0436b \u0436.", 7);
        (void)wd_copy_fold(wd_slice_make(text, (size_t)len), folded[0]);
        (void)wd_copy_fold(wd_slice_make(text, (size_t)len + 7), folded[1]);
        if (memcmp(folded[0], folded[1], (size_t)len) != 0)
            fail_msg("U+%04X is folded in two ways", (unsigned)point);
        assert_memory_equal(folded[1] + len, "\u0436b \u0436.", 7);
    }
}

/* enum wd_word_kind of one word. */
static uint8_t kinds_of(const struct wd_copy_scan *scan, uint32_t word)
{
    static const uint8_t all[] = {WD_WORD_NUMBER, WD_WORD_NAME, WD_WORD_LONG, WD_WORD_LONGER};
    uint8_t kinds = 0;
    for (size_t i = 0; i < sizeof(all); i++)
        kinds |= wd_copy_scan_marks(scan, word, word + 1, all[i]) ? all[i] : 0;
    return kinds;
}

/* The copy in two paragraphs, alone and with a third one behind. */
static void same_before(const char *first, const char *second, const char *third)
{
    const char *paragraphs[] = {first, second, NULL, NULL};
    struct wd_story *x = story_of("", paragraphs);
    paragraphs[2] = third;
    struct wd_story *y = story_of("", paragraphs);
    assert_non_null(wd_copy_scan(x));
    assert_non_null(wd_copy_scan(y));
    uint32_t words = x->scan->word_count;
    size_t bytes =
        offsetof(struct wd_copy_sentence, word_count) + sizeof(uint32_t); /* no padding */
    assert_in_range(y->scan->word_count, words, words + 1);
    assert_memory_equal(x->scan->words, y->scan->words, words * sizeof(uint64_t));
    for (uint32_t i = 0; i < words; i++)
        assert_int_equal(kinds_of(x->scan, i), kinds_of(y->scan, i));
    assert_in_range(y->scan->sentence_count, x->scan->sentence_count, x->scan->sentence_count + 1);
    for (uint32_t i = 0; i < x->scan->sentence_count; i++)
        assert_memory_equal(&x->scan->sentences[i], &y->scan->sentences[i], bytes);
    wd_story_destroy(x);
    wd_story_destroy(y);
}

/* What is put behind all words, in a paragraph of its own, makes the scan go another way: not all at once
 * (a script without blanks), or all at once but folded before. */
static void any_way_the_same(void **unused)
{
    static const char *const ends[] = {"\u0e01", "\u2014"};
    static const char *const pieces[] = {"a",
                                         "B",
                                         "7",
                                         " ",
                                         "  ",
                                         ".",
                                         "-",
                                         "word",
                                         "The ",
                                         "!\" ",
                                         "? ",
                                         "said. The ",
                                         "U.S. Army",
                                         ", ",
                                         "12 ",
                                         "1,204.5",
                                         "Mr. Z",
                                         "x\t\n",
                                         "LONGWORDHEREOFTWENTYSIXLETTERS",
                                         "x123456789abcdef",
                                         "12345678 ",
                                         "\u201cNo,\u201d",
                                         "\u00c9l\u00e8ve",
                                         "\u00e9t\u00e9 ",
                                         "\u041c\u043e\u0441\u043a\u0432\u0430",
                                         "\u2026",
                                         "\u0628\u064b", /* a mark that stays in its place */
                                         "\u0651\u064e", /* two that change places */
                                         "\u0915\u094d",
                                         "\u0645\u06cc\u200c", /* nothing, between letters or not */
                                         "\u00ba",
                                         "\u00ad",
                                         MARKS MARKS MARKS}; /* more than any letter has */
    enum { BYTES = 20000 };
    char *text = malloc(BYTES + 64);
    (void)unused;
    srand(11);
    for (int round = 0; round < 2000; round++) {
        size_t len_max = round % 100 == 0 ? BYTES : 200; /* over many chunks, or in one */
        size_t len = 0;
        size_t known = sizeof(pieces) / sizeof(pieces[0]) - (round % 3 == 0 ? 0 : 12); /* ASCII */
        while (len < len_max && (len_max == BYTES || rand() % 40 != 0)) {
            const char *piece = pieces[(size_t)rand() % known];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        text[len] = '\0';
        same_before(text, text, ends[round % 2]);
    }
    free(text);
}

enum { COMPARED_WORDS_MAX = 8192 };

/* What is compared with the plain way: that with AVX2, and not the one that this processor takes. */
static bool by_avx2;

static int take_avx2(void **unused)
{
    (void)unused;
    by_avx2 = wd_has_avx2();
    return 0;
}

static int take_own(void **unused)
{
    (void)unused;
    by_avx2 = false;
    return 0;
}

static size_t add_all(struct wd_copy_places *places, const struct wd_slice *texts, size_t count,
                      struct wd_places_begin *begins)
{
#ifdef WD_AVX2
    if (by_avx2)
        return wd_places_add_by(&wd_places_avx2, places, texts, count, begins);
#endif
    return wd_copy_places_add_all(places, texts, count, begins);
}

static void hash_words(const struct wd_copy_places *places, uint64_t *hashes)
{
#ifdef WD_AVX2
    if (by_avx2) {
        wd_hash_words_avx2(places, hashes);
        return;
    }
#endif
    wd_hash_words(places, hashes);
}

static void hash_shingles(const uint64_t *words, uint32_t count, struct wd_hash_sample *sample)
{
#ifdef WD_AVX2
    if (by_avx2) {
        wd_hash_shingles_avx2(words, count, sample);
        return;
    }
#endif
    wd_hash_shingles(words, count, sample);
}

static void same_shingles(const uint64_t *wide, const uint64_t *plain, uint32_t count)
{
    static uint64_t hashes[2][COMPARED_WORDS_MAX];
    struct wd_hash_sample samples[2] = {
        {.seed = 7, .keep = UINT32_MAX / 3, .hashes = hashes[0], .hash_count = 1},
        {.seed = 7, .keep = UINT32_MAX / 3, .hashes = hashes[1], .hash_count = 1}};
    if (count < WD_SHINGLE_WORDS)
        return;
    hash_shingles(wide, count, &samples[0]);
    wd_hash_shingles_plain(plain, count, &samples[1]);
    assert_memory_equal(hashes[0] + 1, hashes[1] + 1, (count - 3) * sizeof(uint64_t));
    assert_int_equal(samples[0].count, samples[1].count);
    uint32_t kept = samples[0].count < WD_HASH_SAMPLE_MAX ? samples[0].count : WD_HASH_SAMPLE_MAX;
    assert_memory_equal(samples[0].at, samples[1].at, kept * sizeof(uint32_t));
}

/* Of all lengths, from the end. */
static void same_sentences(const uint64_t *wide, const uint64_t *plain, uint32_t count)
{
    for (uint32_t len = 1; len <= count; len += 1 + len / 40) {
        struct wd_copy_sentence sentences[2] = {{.first_word = count - len, .word_count = len},
                                                {.first_word = count - len, .word_count = len}};
        wd_hash_sentences(wide, &sentences[0], 1);
        wd_hash_sentences_plain(plain, &sentences[1], 1);
        assert_true(sentences[0].hash == sentences[1].hash);
    }
}

static void same_places(const struct wd_copy_places *wide, const struct wd_copy_places *plain)
{
    static uint64_t words[2][COMPARED_WORDS_MAX];
    uint32_t count = wide->count;
    size_t set_bytes = count / 64 * sizeof(uint64_t) + sizeof(uint64_t);
    assert_int_equal(count, plain->count);
    assert_int_equal(wide->bytes, plain->bytes);
    assert_memory_equal(wide->words, plain->words, count * sizeof(struct wd_place));
    hash_words(wide, words[0]);
    wd_hash_words_plain(plain, words[1]);
    assert_memory_equal(words[0], words[1], count * sizeof(uint64_t));
    assert_memory_equal(wide->sets.numbers, plain->sets.numbers, set_bytes);
    assert_memory_equal(wide->sets.names, plain->sets.names, set_bytes);
    assert_memory_equal(wide->sets.borders, plain->sets.borders, set_bytes);
    assert_memory_equal(wide->sets.is_long, plain->sets.is_long, set_bytes);
    assert_memory_equal(wide->sets.longer, plain->sets.longer, set_bytes);
    same_shingles(words[0], words[1], count);
    same_sentences(words[0], words[1], count);
}

/* Adds a paragraph to both; whether that can be done is the same. */
static bool add_both(struct wd_copy_places places[2], const char *text, size_t len)
{
    struct wd_slice paragraph = wd_slice_make(text, len);
    struct wd_places_begin begin;
    size_t added = wd_copy_places_add_all_plain(&places[1], &paragraph, 1, &begin);
    assert_int_equal(add_all(&places[0], &paragraph, 1, &begin), added);
    return added == 1;
}

/* Pieces of any alphabet; returns the length. */
static size_t write_pieces(char *text, size_t size, size_t pieces_max)
{
    static const char *const pieces[] = {"word ",
                                         "The ",
                                         "said. The ",
                                         "x ",
                                         "7",
                                         "12.5 ",
                                         "! ",
                                         "A",
                                         "bcd",
                                         "\u2014",
                                         "\u201cNo,\u201d ",
                                         "\u00c9l\u00e8ve ",
                                         "\u041c\u043e\u0441\u043a\u0432\u0430",
                                         "\u0436",
                                         "\u0627\u0644 ",
                                         "Vi\u1ec6t ",
                                         "\u0939\u0902 ",
                                         "\ud55c\uad6d ",
                                         "\u2026",
                                         "\u00a0",
                                         "e\u0301",
                                         "\u00ad",
                                         "\u01c5",
                                         "gro\u00df ",
                                         "\u00df",
                                         "\u023a",
                                         "\u0130",
                                         "\u00aa",
                                         "\U0001F600",
                                         "\u0628\u064b",
                                         "\u0651\u064e",
                                         "\u094d",
                                         "\u06cc\u200c",
                                         "\u4eac",
                                         "\u0e01",
                                         "\u200c",
                                         "\u200b\u064b",
                                         "\u00ba",
                                         "\u00b2",
                                         "\u24d2 ",
                                         "\u09ac\u09be",
                                         "\u09c7",
                                         "\u09be",
                                         "\u0a17\u0a3c ",
                                         "\u09af\u09bc",
                                         "\u09df",
                                         "\u09be\u09df\u09be ",
                                         "\u0928\u093c",
                                         "\u0bc6\u0bbe ",
                                         "\u0bbe\u0bcd",
                                         "\u0301",
                                         "e",
                                         "\u2122"};
    size_t len = 0;
    size_t known = 1 + (size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]));
    for (size_t i = (size_t)rand() % pieces_max; i > 0 && len + 40 < size; i--) {
        const char *piece = pieces[(size_t)rand() % known];
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

/* Any text: the same words, and the same that cannot be done so; what comes after that is as if it had
 * not been tried. */
static void any_text_wide_like_plain(void **unused)
{
    enum { BYTES = 3000 };
    static char text[BYTES];
    static struct wd_places_room rooms[2];
    int refused = 0;
    (void)unused;
    srand(23);
    for (int round = 0; round < 3000; round++) {
        struct wd_arena *arena = wd_arena_create(1 << 20);
        struct wd_copy_places places[2];
        size_t bytes = (size_t)4 * (round % 10 == 0 ? BYTES : 1500); /* with a room, or none */
        assert_true(wd_copy_places_init(&places[0], arena, &rooms[0], bytes, 4));
        assert_true(wd_copy_places_init(&places[1], arena, &rooms[1], bytes, 4));
        for (int i = 0; i < 4; i++) {
            size_t len = write_pieces(text, bytes / 4, round % 10 == 0 ? 400 : 30);
            refused += !add_both(places, text, len);
        }
        same_places(&places[0], &places[1]);
        wd_arena_destroy(arena);
    }
    assert_in_range(refused, 100, 11000);
}

/* Many paragraphs, simple and not, at once as one by one, up to the first that cannot be taken. */
static void all_as_one_by_one(void **unused)
{
    enum { TEXTS = 6, BYTES = 1000 };
    static char bytes[TEXTS][BYTES];
    static struct wd_places_room rooms[2];
    size_t whole = 0;
    (void)unused;
    srand(29);
    for (int round = 0; round < 2000; round++) {
        struct wd_arena *arena = wd_arena_create(1 << 20);
        struct wd_copy_places places[2];
        struct wd_slice texts[TEXTS];
        struct wd_places_begin begins[TEXTS];
        assert_true(wd_copy_places_init(&places[0], arena, &rooms[0], sizeof(bytes), TEXTS));
        assert_true(wd_copy_places_init(&places[1], arena, &rooms[1], sizeof(bytes), TEXTS));
        for (size_t i = 0; i < TEXTS; i++)
            texts[i] =
                wd_slice_make(bytes[i], write_pieces(bytes[i], BYTES, 1 + (size_t)round % 60));
        size_t added = add_all(&places[0], texts, TEXTS, begins);
        for (size_t i = 0; i < added; i++) {
            assert_int_equal(begins[i].word, places[1].count);
            assert_int_equal(begins[i].byte, places[1].bytes);
            assert_true(wd_copy_places_add(&places[1], texts[i]));
        }
        assert_true(added == TEXTS || !wd_copy_places_add(&places[1], texts[added]));
        same_places(&places[0], &places[1]);
        whole += added == TEXTS;
        wd_arena_destroy(arena);
    }
    assert_in_range(whole, 200, 1900);
}

/* As this processor does it, or one with AVX2, and in the plain way. */
static void wide_like_plain(void **unused)
{
    static const char alphabet[] = "abcdefgABCDEFG0123456789      ...!?-\"";
    enum { BYTES = 3000 };
    static char text[BYTES];
    static struct wd_places_room rooms[2];
    (void)unused;
    srand(17);
    for (int round = 0; round < 300; round++) {
        struct wd_arena *arena = wd_arena_create(1 << 20);
        struct wd_copy_places places[2];
        assert_true(wd_copy_places_init(&places[0], arena, &rooms[0], (size_t)3 * BYTES, 3));
        assert_true(wd_copy_places_init(&places[1], arena, &rooms[1], (size_t)3 * BYTES, 3));
        for (int i = 0; i < 3; i++) {
            size_t len = (size_t)rand() % (round % 2 ? BYTES : 130);
            for (size_t j = 0; j < len; j++)
                text[j] = alphabet[(size_t)rand() % (sizeof(alphabet) - 1 - (size_t)(round % 9))];
            if (len > 2 && i == 1)
                memcpy(text + len / 2, "\u00c9", 2);
            assert_true(add_both(places, text, len));
        }
        same_places(&places[0], &places[1]);
        wd_arena_destroy(arena);
    }
}

/* Every character of the basic plane, in a word and alone, and over the border of a block. */
static void every_character_wide_like_plain(void **unused)
{
    static struct wd_places_room rooms[2];
    (void)unused;
    for (UChar32 point = 0x80; point < 0x10000; point++) {
        char text[128];
        size_t len = (size_t)(56 + point % 9);
        struct wd_arena *arena = wd_arena_create(1 << 16);
        struct wd_copy_places places[2];
        memset(text, ' ', sizeof(text));
        for (int i = 0; i < 3 && (point < 0xD800 || point > 0xDFFF); i++) {
            UErrorCode code = U_ZERO_ERROR;
            UChar unit = (UChar)point;
            int32_t more = 0;
            memcpy(text + len, i == 0 ? "Ab" : i == 1 ? " . " : " A", (size_t)(i == 1 ? 3 : 2));
            len += i == 1 ? 3 : 2;
            (void)u_strToUTF8(text + len, 4, &more, &unit, 1, &code);
            len += (size_t)more;
        }
        assert_true(wd_copy_places_init(&places[0], arena, &rooms[0], len, 1));
        assert_true(wd_copy_places_init(&places[1], arena, &rooms[1], len, 1));
        (void)add_both(places, text, len);
        same_places(&places[0], &places[1]);
        wd_arena_destroy(arena);
    }
}

/* As the scan has them, from the middle of a paragraph. */
static void words_of_a_sentence(void **unused)
{
    static const char *const texts[] = {
        "The bridge is shut. Nobody was hurt, said Ana. It opens on Monday 7 May.",
        "Caf\u00e9s are shut. \u00c9l\u00e8ves are not there! Nor is the \ufb01re brigade.",
        "\u5317\u4eac\u5e02\u3002\u5929\u6c14\u597d\u3002ok then"};
    (void)unused;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct wd_story *story = one(texts[i]);
        assert_true(story->scan->sentence_count >= 2);
        for (uint32_t j = 0; j < story->scan->sentence_count; j++) {
            const struct wd_copy_sentence *sentence = &story->scan->sentences[j];
            struct wd_copy_words words;
            assert_true(wd_copy_scan_words(story->arena, story->paragraphs[0], sentence->begin,
                                           sentence->end, &words));
            assert_int_equal(words.count, sentence->word_count);
            assert_memory_equal(words.items, story->scan->words + sentence->first_word,
                                words.count * 8);
        }
        wd_story_destroy(story);
    }
}

static void sentences_and_kinds(void **unused)
{
    static const char *const paragraphs[] = {
        "Mr. Hale opened the bridge at 7.15 a.m. on Monday. Traffic rose by 12 percent.",
        "\u201cWe waited,\u201d said Ana Brook! Nobody else did.", "", "The end", NULL};
    struct wd_story *story = story_of("Bridge Opens", paragraphs);
    (void)unused;
    const struct wd_copy_scan *scan = wd_copy_scan(story);
    assert_non_null(scan);
    assert_int_equal(scan->headline_count, 2);
    assert_int_equal(scan->sentence_count, 5);
    static const uint32_t words[] = {12, 5, 5, 3, 2};
    static const uint32_t paragraph[] = {0, 0, 1, 1, 3};
    uint32_t first = 0;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(scan->sentences[i].word_count, words[i]);
        assert_int_equal(scan->sentences[i].paragraph, paragraph[i]);
        assert_int_equal(scan->sentences[i].first_word, first);
        first += words[i];
    }
    assert_int_equal(scan->words_total, 27);
    struct wd_slice second = wd_slice_make(paragraphs[0] + scan->sentences[1].begin,
                                           scan->sentences[1].end - scan->sentences[1].begin);
    assert_memory_equal(second.data, "Traffic rose by 12 percent.", second.len);
    assert_int_equal(kinds_of(scan, 0), 0);                            /* Mr: begins the sentence */
    assert_int_equal(kinds_of(scan, 1), WD_WORD_NAME);                 /* Hale */
    assert_int_equal(kinds_of(scan, 2), WD_WORD_LONG);                 /* opened */
    assert_int_equal(kinds_of(scan, 6), WD_WORD_NUMBER);               /* 7 */
    assert_int_equal(kinds_of(scan, 11), WD_WORD_NAME | WD_WORD_LONG); /* Monday */
    assert_int_equal(scan->headline_kinds[0], 0);                      /* Bridge */
    assert_int_equal(scan->headline_kinds[1], WD_WORD_NAME);
    wd_story_destroy(story);
}

static void scripts_without_blanks(void **unused)
{
    struct wd_story *han = one("\u5317\u4eac\u5e02\u3002\u5929\u6c14\u597d");
    struct wd_story *thai = one("\u0e01\u0e23\u0e38\u0e07 ok");
    (void)unused;
    assert_int_equal(han->scan->words_total, 6);
    assert_int_equal(han->scan->sentence_count, 2);
    assert_int_equal(thai->scan->words_total, 5);
    /* Each character with the two before it. */
    struct wd_story *other = one("\u5357\u4eac\u5e02\u5929\u6c14\u597d");
    assert_int_equal(other->scan->words_total, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(han->scan->words[i] == other->scan->words[i], i >= 3);
    wd_story_destroy(han);
    wd_story_destroy(thai);
    wd_story_destroy(other);
}

static void of_any_length(void **unused)
{
    enum { BYTES = 1 << 20 };
    char *text = malloc(BYTES + 1);
    (void)unused;
    assert_non_null(text);
    for (int i = 0; i < BYTES; i++)
        text[i] = i % 6 == 5 ? ' ' : "abcdefghijklmnopqrstuvwxyz"[i % 26];
    text[BYTES] = '\0';
    struct wd_story *story = one(text);
    assert_int_equal(story->scan->word_count, WD_SCAN_WORDS_MAX);
    assert_int_equal(story->scan->words_total, (BYTES + 5) / 6);
    struct wd_digest before = story->body_digest;
    wd_story_destroy(story);
    text[BYTES - 1] = 'z'; /* past the words that are kept */
    story = one(text);
    assert_memory_not_equal(before.bytes, story->body_digest.bytes, sizeof(before.bytes));
    wd_story_destroy(story);
    free(text);
}

/* Seconds of processor time for a text of one piece over and over; the best of three. */
static double scan_seconds(const char *piece)
{
    enum { BYTES = 1 << 20 };
    double best = 1e9;
    char *text = malloc(BYTES + 64);
    size_t len = 0;
    assert_non_null(text);
    for (; len < BYTES; len += strlen(piece))
        memcpy(text + len, piece, strlen(piece));
    for (int round = 0; round < 3; round++) {
        struct wd_story *story = wd_story_create((size_t)1 << 26);
        assert_non_null(story);
        assert_int_equal(wd_story_add_paragraph(story, wd_slice_make(text, len)), WD_OK);
        clock_t begin = clock();
        assert_non_null(wd_copy_scan(story));
        double took = (double)(clock() - begin) / CLOCKS_PER_SEC;
        best = took < best ? took : best;
        wd_story_destroy(story);
    }
    free(text);
    return best;
}

/* A megabyte of marks without a letter costs what it costs with letters: the same marks are not looked at again for each of
 * them. */
static void marks_without_a_letter(void **unused)
{
    double with_letters = scan_seconds("\u0628" MARKS);
    (void)unused;
    assert_true(scan_seconds(MARKS) < 4 * with_letters);
}

#define BOTH_WAYS(test)                                                                            \
    cmocka_unit_test(test), cmocka_unit_test_setup_teardown(test, take_avx2, take_own)

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(marks_without_a_letter),
                                       cmocka_unit_test(what_makes_no_difference),
                                       cmocka_unit_test(like_the_slow_way),
                                       cmocka_unit_test(short_way_like_the_long),
                                       cmocka_unit_test(any_way_the_same),
                                       BOTH_WAYS(wide_like_plain),
                                       BOTH_WAYS(all_as_one_by_one),
                                       BOTH_WAYS(any_text_wide_like_plain),
                                       BOTH_WAYS(every_character_wide_like_plain),
                                       cmocka_unit_test(words_of_a_sentence),
                                       cmocka_unit_test(sentences_and_kinds),
                                       cmocka_unit_test(scripts_without_blanks),
                                       cmocka_unit_test(of_any_length)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
