#include "near_headline.h"

#include "headline_date.h"
#include "headline_prefix.h"

enum { FLASH_WORDS_MORE = 8 };

static bool go_by(struct wd_near_headline *headline, const struct wd_story *story,
                  struct wd_slice text)
{
    headline->other = *story->scan;
    headline->scan = &headline->other;
    return wd_copy_scan_headline(story->arena, text, &headline->other);
}

/* An order goes by the headline that it names, what has a mark behind its headline ("(CORRECTED)") by that without the mark, and in
 * scripts where a character's hash is of the two before it, too, a story by its own without the desk's words. */
bool wd_near_headline_read(struct wd_near_headline *headline, const struct wd_story *story,
                           bool follows)
{
    struct wd_copy_words words = {NULL, 0};
    bool named = follows && story->named_headline.len > 0;
    struct wd_slice text = named ? wd_story_named_headline(story) : story->headline;
    size_t tail = follows ? wd_headline_tail_len(text) : 0;
    size_t len = 0;
    headline->scan = story->scan;
    headline->prefix = 0;
    text.len -= tail;
    if (!named)
        len = follows && (tail == 0 || text.data[text.len] != '(') ? wd_headline_mark_len(text)
                                                                   : wd_headline_prefix_len(text);
    struct wd_slice rest = wd_slice_from_offset(text, len);
    if (named || tail > 0 || (len > 0 && rest.len > 0 && (unsigned char)rest.data[0] >= 0xE0))
        return go_by(headline, story, rest);
    bool counted = len == 0 || wd_copy_scan_words(story->arena, story->headline, 0, len, &words);
    headline->prefix = words.count < story->scan->headline_count ? words.count : 0;
    return counted;
}

bool wd_near_headline_is_other(const struct wd_near_headline *headline)
{
    return headline->scan == &headline->other;
}

bool wd_near_headline_is_flash(const struct wd_near_headline *headline,
                               const struct wd_story *story)
{
    const struct wd_copy_scan *scan = headline->scan;
    bool text = story->item_type.len == 0 || scan->words_total > 0;
    if (!text || scan->words_total > scan->headline_count - headline->prefix + FLASH_WORDS_MORE)
        return false;
    for (uint32_t i = headline->prefix; i < scan->headline_count && scan->words_total > 0; i++) {
        uint32_t at = 0;
        while (at < scan->word_count && scan->words[at] != scan->headline[i])
            at++;
        if (at == scan->word_count)
            return false;
    }
    return true;
}

uint64_t wd_near_headline_day(const struct wd_near_headline *headline, const struct wd_story *story)
{
    struct wd_copy_words words;
    struct wd_slice day = wd_headline_find_day(story->headline);
    if (day.len == 0 || wd_near_headline_is_other(headline))
        return 0;
    size_t begin = (size_t)(day.data - story->headline.data);
    return wd_copy_scan_words(story->arena, story->headline, begin, begin + day.len, &words) &&
                   words.count == 1
               ? words.items[0]
               : 0;
}
