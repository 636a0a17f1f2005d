#include "rhythm.h"

enum {
    RUN = 5,
    RUN_LOOSE = 8,
    LENGTHS = 4, /* different ones in a run */
};

/* Words of a sentence that is kept; 0 behind the last one. */
static uint32_t words_at(const struct wd_copy_sketch *sketch, uint32_t i)
{
    return i < sketch->sentence_count ? sketch->sentence_words[i] : 0;
}

static uint32_t other_words_at(const struct wd_copy_record *other, uint32_t j)
{
    return j < other->sentence_count ? wd_copy_record_words(other, j) : 0;
}

static bool near(uint32_t a, uint32_t b, uint32_t slack)
{
    return a != 0 && b != 0 && a <= b + slack && b <= a + slack;
}

/* Sentences of the story in a run from its i-th and the other's j-th on. A full stop that was misread makes one sentence of
 * two; that is looked for where single sentences may be a word off. */
static uint32_t run_of(const struct wd_copy_sketch *sketch, uint32_t i,
                       const struct wd_copy_record *other, uint32_t j, uint32_t slack)
{
    uint32_t run = 0;
    for (;;) {
        uint32_t a = words_at(sketch, i + run);
        uint32_t b = other_words_at(other, j);
        uint32_t a_next = words_at(sketch, i + run + 1);
        uint32_t b_next = other_words_at(other, j + 1);
        if (near(a, b, slack)) {
            run += 1;
            j += 1;
        } else if (slack > 0 && a_next != 0 && near(a + a_next, b, slack)) {
            run += 2;
            j += 1;
        } else if (slack > 0 && b_next != 0 && near(a, b + b_next, slack)) {
            run += 1;
            j += 2;
        } else {
            return run;
        }
    }
}

/* The longest run of sentences from the i-th on that have as many words as as many in a row of the other, or
 * `slack` more or fewer. A table's rows all have as many: that is no rhythm. */
static uint32_t longest_run(const struct wd_copy_sketch *sketch, uint32_t i,
                            const struct wd_copy_record *other, uint32_t slack)
{
    uint32_t longest = 0;
    uint64_t lengths = 0;
    for (uint32_t j = 0; j < other->sentence_count; j++) {
        uint32_t run = run_of(sketch, i, other, j, slack);
        longest = run > longest ? run : longest;
    }
    for (uint32_t k = 0; k < longest; k++)
        lengths |= UINT64_C(1) << (words_at(sketch, i + k) & 63);
    return __builtin_popcountll(lengths) >= LENGTHS ? longest : 0;
}

/* A blank that was misread is a word more or less: then more sentences have to agree. */
static uint32_t run_from(const struct wd_copy_sketch *sketch, uint32_t i,
                         const struct wd_copy_record *other)
{
    uint32_t loose = longest_run(sketch, i, other, 1);
    if (loose >= RUN_LOOSE)
        return loose;
    uint32_t strict = loose < RUN ? 0 : longest_run(sketch, i, other, 0);
    return strict >= RUN ? strict : 0;
}

uint32_t wd_rhythm_words(const struct wd_copy_sketch *sketch, const struct wd_copy_record *other)
{
    uint32_t words = 0;
    for (uint32_t i = 0; i < sketch->sentence_count;) {
        uint32_t taken = run_from(sketch, i, other);
        for (uint32_t k = 0; k < taken; k++)
            words += words_at(sketch, i + k);
        i += taken > 0 ? taken : 1;
    }
    return words;
}
