/* copy_scan.h - one pass over a story's copy: its words, sentences and digest, as numbers.
 *
 * Why:    dedup and updates must mean the same by "the same words", and reading the text is the
 *         dearest thing either of them does: so it is read once. Whoever comes first makes the scan,
 *         the story carries it.
 * Owns:   nothing; everything lies in the story's arena.
 * Thread: its lane. A table of foldings is made once in the process and never changes.
 * Limits: WD_SCAN_WORDS_MAX words and WD_SCAN_SENTENCES_MAX sentences are kept; the digest and the
 *         counts cover the whole text.
 * Form:   words are what wd_text_append_normalized makes of the text (NFKC, case-folded, punctuation
 *         and blanks apart), but for two things: an apostrophe ends a word, and a character whose
 *         folding is longer in UTF-8 than itself stays as it is. Han, Hiragana, Katakana, Thai, Lao,
 *         Khmer and Myanmar have no blanks: each character there is a word, with the two before it.
 */
#ifndef WD_COPY_SCAN_H
#define WD_COPY_SCAN_H

#include "copy_hash.h"
#include "copy_places.h"
#include "story.h"

enum {
    WD_SCAN_WORDS_MAX = 65536,
    WD_SCAN_SENTENCES_MAX = 4096,
    WD_SCAN_HEADLINE_WORDS_MAX = 64,
    WD_COPY_MARKS = 64, /* words that are looked at together */
};

struct wd_copy_sentence {
    uint64_t hash;       /* of its words in their order */
    uint32_t paragraph;  /* index into story->paragraphs */
    uint32_t begin, end; /* bytes within the paragraph, from the first word to the next sentence */
    uint32_t first_word; /* index into words; may be past the words that are kept */
    uint32_t word_count;
};

struct wd_copy_scan {
    /* A hash each, of the word alone (little-endian machines); WD_COPY_MARKS more can be read. */
    const uint64_t *words;
    /* Their kinds (enum wd_word_kind) as sets: bit n is of word n; those of words behind the last one mean
     * nothing, WD_COPY_MARKS of them can be read. */
    const uint64_t *numbers, *names, *is_long, *longer;
    uint32_t word_count; /* that are kept */
    uint32_t words_total;
    const struct wd_copy_sentence *sentences;
    uint32_t sentence_count; /* that are kept */
    const uint64_t *headline;
    const uint8_t *headline_kinds;
    uint32_t headline_count;
};

/* Makes story->scan and story->body_digest (over all words of the body, zero when it has none) unless
 * they are there. NULL when memory is exhausted. */
const struct wd_copy_scan *wd_copy_scan(struct wd_story *story);
/* Bit n: word `first` + n is before `end` (word_count at most) and is of one of these kinds. */
static inline uint64_t wd_copy_scan_marks(const struct wd_copy_scan *scan, uint32_t first,
                                          uint32_t end, uint8_t kinds)
{
    const struct {
        const uint64_t *set;
        uint8_t kind;
    } sets[] = {{scan->numbers, WD_WORD_NUMBER},
                {scan->names, WD_WORD_NAME},
                {scan->is_long, WD_WORD_LONG},
                {scan->longer, WD_WORD_LONGER}};
    uint64_t low = 0;
    uint64_t high = 0;
    if (first >= end)
        return 0;
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        if (kinds & sets[i].kind) {
            low |= sets[i].set[first / WD_COPY_MARKS];
            high |= sets[i].set[first / WD_COPY_MARKS + 1];
        }
    }
    unsigned at = first % WD_COPY_MARKS;
    uint64_t marks = low >> at | high << 1 << (WD_COPY_MARKS - 1 - at);
    return end - first < WD_COPY_MARKS ? marks & ((UINT64_C(1) << (end - first)) - 1) : marks;
}
/* Hashes of words, in an arena. */
struct wd_copy_words {
    uint64_t *items;
    uint32_t count;
};
/* The words of one sentence of a paragraph, text[begin, end), as its scan has them. False when memory is
 * exhausted. */
bool wd_copy_scan_words(struct wd_arena *arena, struct wd_slice text, size_t begin, size_t end,
                        struct wd_copy_words *words);
/* Puts the words of this headline in the place of the scan's. False when memory is exhausted. */
bool wd_copy_scan_headline(struct wd_arena *arena, struct wd_slice text, struct wd_copy_scan *scan);
/* Digest over headline and story->body_digest: of the headline's words, or of its bytes where there is
 * no scan because somebody compares bytes. */
struct wd_digest wd_copy_digest(const struct wd_story *story);

#endif
