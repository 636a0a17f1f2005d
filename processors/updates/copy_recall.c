#include "copy_recall.h"

#include "copy_align.h"

/* The kept copy as a story of its own, so that both sides are read by the same eyes. */
static enum wd_status revive(const struct wd_copy_memory *memory, struct wd_story *before)
{
    struct wd_slice rest = memory->body;
    struct wd_slice line = WD_SLICE_NONE;
    enum wd_status status = WD_OK;
    wd_story_reset(before);
    before->headline = memory->headline;
    while (status == WD_OK && wd_text_next_line(&rest, &line)) {
        status = wd_story_add_paragraph(before, line);
    }
    return status == WD_TOO_LARGE ? WD_OK : status;
}

/* The sentences as they stand in the record, in a body of one piece; without words. */
static enum wd_status take_as_kept(const struct wd_copy_memory *memory, struct wd_story *before)
{
    wd_story_reset(before);
    before->headline = memory->headline;
    struct wd_copy_scan *scan = wd_arena_calloc(before->arena, 1, sizeof(*scan));
    struct wd_copy_sentence *sentences =
        wd_arena_alloc(before->arena, (size_t)(memory->sentence_count + 1) * sizeof(*sentences));
    if (!scan || !sentences) {
        return WD_NO_MEMORY;
    }
    for (uint32_t i = 0; i < memory->sentence_count; i++) {
        struct wd_copy_memory_sentence kept = wd_copy_memory_sentence(memory, i);
        sentences[i] = (struct wd_copy_sentence){
            .hash = kept.hash, .begin = kept.begin, .end = kept.begin + kept.len};
    }
    scan->words_total = memory->words;
    scan->sentences = sentences;
    scan->sentence_count = memory->sentence_count;
    before->scan = scan;
    return wd_story_add_paragraph(before, memory->body);
}

enum wd_status wd_copy_recall(const struct wd_copy_memory *memory, struct wd_story *before)
{
    if (memory->has_sentences) {
        return take_as_kept(memory, before);
    }
    enum wd_status status = revive(memory, before);
    return status == WD_OK && !wd_copy_scan(before) ? WD_NO_MEMORY : status;
}

static bool is_among(uint64_t word, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i] == word) {
            return true;
        }
    }
    return false;
}

static size_t count_common(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    size_t common = 0;
    for (size_t i = 0; i < a_count; i++) {
        common += is_among(a[i], b, b_count);
    }
    return common;
}

/* The first names of the copy, each once; returns how many. */
static size_t collect_names(const struct wd_copy_scan *scan, uint64_t *names, size_t count_max)
{
    size_t count = 0;
    for (uint32_t i = 0; i < scan->word_count && count < count_max; i += WD_COPY_MARKS) {
        uint64_t marks = wd_copy_scan_marks(scan, i, scan->word_count, WD_WORD_NAME);
        for (; marks != 0 && count < count_max; marks &= marks - 1) {
            names[count] = scan->words[i + (uint32_t)__builtin_ctzll(marks)];
            count += !is_among(names[count], names, count);
        }
    }
    return count;
}

/* The words of the headline but "the" and "his", which any two may have in common; returns how many. */
static size_t collect_headline(const struct wd_copy_scan *scan,
                               uint64_t words[WD_SCAN_HEADLINE_WORDS_MAX])
{
    size_t count = 0;
    for (uint32_t i = 0; i < scan->headline_count && count < WD_SCAN_HEADLINE_WORDS_MAX; i++) {
        words[count] = scan->headline[i];
        count += (scan->headline_kinds[i] & WD_WORD_SHORT) == 0;
    }
    return count;
}

/* Nothing but a line that a page always has: a sentence that stands in both word for word, among many others. */
static bool shares_copy(const struct wd_alignment *alignment, const struct wd_copy_scan *before,
                        const struct wd_copy_scan *now)
{
    enum { SHARE = 5 }; /* of the shorter copy */
    uint32_t fewer =
        before->words_total < now->words_total ? before->words_total : now->words_total;
    uint32_t common = 0;
    for (uint32_t i = 0; i < alignment->now_count; i++) {
        if (alignment->now_kind[i] == WD_SENTENCE_EDITED) {
            return true;
        }
        common += alignment->now_partner[i] >= 0 ? now->sentences[i].word_count : 0;
    }
    return common * SHARE > fewer;
}

bool wd_copy_is_other(const struct wd_copy_memory *memory, struct wd_story *before,
                      struct wd_story *story)
{
    enum { NAMES_MAX = 64, NAMES_COMMON_MAX = 3, WORDS_COMMON_MAX = 1 };
    uint64_t old_names[NAMES_MAX];
    uint64_t new_names[NAMES_MAX];
    struct wd_alignment alignment;
    if (revive(memory, before) != WD_OK || !wd_copy_scan(before) || !wd_copy_scan(story) ||
        before->scan->words_total == 0 || story->scan->words_total == 0 ||
        wd_copy_align(before, story, before->arena, &alignment) != WD_OK) {
        return false;
    }
    if (shares_copy(&alignment, before->scan, story->scan)) {
        return false;
    }
    uint64_t old_headline[WD_SCAN_HEADLINE_WORDS_MAX];
    uint64_t new_headline[WD_SCAN_HEADLINE_WORDS_MAX];
    size_t old_words = collect_headline(before->scan, old_headline);
    size_t new_words = collect_headline(story->scan, new_headline);
    size_t old_count = collect_names(before->scan, old_names, NAMES_MAX);
    size_t new_count = collect_names(story->scan, new_names, NAMES_MAX);
    /* Any two stories have the agency, a weekday and "The" behind the dateline in common. */
    size_t common = count_common(old_names, old_count, new_names, new_count);
    size_t fewer = old_count < new_count ? old_count : new_count;
    return (common <= NAMES_COMMON_MAX || common * 5 <= fewer) &&
           count_common(old_headline, old_words, new_headline, new_words) <= WORDS_COMMON_MAX;
}
