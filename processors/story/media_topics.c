#include "media_topics.h"

#include <stdlib.h>

struct subject_code {
    uint32_t code;
    uint16_t topic; /* place in the table of topics */
};

#include "mediatopics/media_topics_table.h"

enum {
    TOPIC_COUNT = sizeof(topics) / sizeof(topics[0]),
    SUBJECT_CODE_COUNT = sizeof(subject_codes) / sizeof(subject_codes[0]),
    CODE_DIGITS = 8,
};

/* What the IPTC's own codes begin with in the spellings that feeds use. */
static const struct {
    struct wd_slice prefix;
    const char *scheme;
} spellings[] = {
    {WD_SLICE("medtop:"), "medtop"},
    {WD_SLICE("http://cv.iptc.org/newscodes/mediatopic/"), "medtop"},
    {WD_SLICE("https://cv.iptc.org/newscodes/mediatopic/"), "medtop"},
    {WD_SLICE("subj:"), "subj"},
    {WD_SLICE("iptc:"), "subj"},
    {WD_SLICE("http://cv.iptc.org/newscodes/subjectcode/"), "subj"},
    {WD_SLICE("https://cv.iptc.org/newscodes/subjectcode/"), "subj"},
};
enum { SPELLING_COUNT = sizeof(spellings) / sizeof(spellings[0]) };

static int compare_topics(const void *key, const void *item)
{
    const uint32_t *code = key;
    const struct wd_topic *topic = item;
    return (*code > topic->code) - (*code < topic->code);
}

static int compare_codes(const void *key, const void *item)
{
    const uint32_t *code = key;
    const struct subject_code *entry = item;
    return (*code > entry->code) - (*code < entry->code);
}

const struct wd_topic *wd_topic_by_code(uint32_t code)
{
    return bsearch(&code, topics, TOPIC_COUNT, sizeof(topics[0]), compare_topics);
}

const struct wd_topic *wd_topic_by_subject_code(uint32_t code)
{
    const struct subject_code *found =
        bsearch(&code, subject_codes, SUBJECT_CODE_COUNT, sizeof(subject_codes[0]), compare_codes);
    return found ? &topics[found->topic] : NULL;
}

/* Eight digits; 0 for anything else. */
static uint32_t number_of(struct wd_slice code)
{
    uint32_t number = 0;
    if (code.len != CODE_DIGITS)
        return 0;
    for (size_t i = 0; i < code.len; i++) {
        if (code.data[i] < '0' || code.data[i] > '9')
            return 0;
        number = number * 10 + (uint32_t)(code.data[i] - '0');
    }
    return number;
}

/* The scheme that a spelling means, with what follows it as the code. */
static bool split(struct wd_slice text, struct wd_concept *subject)
{
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        if (!wd_text_starts_ascii_case(text, spellings[i].prefix))
            continue;
        struct wd_slice code = wd_slice_from_offset(text, spellings[i].prefix.len);
        if (number_of(code) == 0)
            return false;
        subject->scheme = wd_slice_from(spellings[i].scheme);
        subject->code = code;
        return true;
    }
    return false;
}

/* "medtop" for what a feed calls the scheme by its URI. */
static struct wd_slice short_scheme(struct wd_slice scheme)
{
    for (size_t i = 0; i < SPELLING_COUNT; i++) {
        struct wd_slice prefix = spellings[i].prefix;
        prefix.len--; /* without the separator */
        bool same = wd_text_starts_ascii_case(scheme, prefix) && scheme.len <= prefix.len + 1;
        if (same)
            return wd_slice_from(spellings[i].scheme);
    }
    return scheme;
}

enum wd_status wd_topic_complete(struct wd_concept *subject, struct wd_arena *arena)
{
    struct wd_slice whole = subject->scheme.len == 0 ? subject->code : WD_SLICE_NONE;
    if (whole.len > 0) /* "medtop:20000210" as a code without a scheme */
        (void)split(whole, subject);
    else if (subject->code.len == 0 && !split(subject->uri, subject))
        (void)split(subject->literal, subject);
    subject->scheme = short_scheme(subject->scheme);
    uint32_t number = number_of(subject->code);
    bool medtop = wd_slice_is(subject->scheme, "medtop");
    if (number == 0)
        return WD_OK;
    if (medtop)
        subject->topic = wd_topic_by_code(number);
    else if (wd_slice_is(subject->scheme, "subj"))
        subject->topic = wd_topic_by_subject_code(number);
    if (subject->topic && subject->name.len == 0)
        subject->name = wd_slice_from(subject->topic->name);
    if (!medtop || memchr(subject->uri.data ? subject->uri.data : "", '/', subject->uri.len))
        return WD_OK;
    subject->uri =
        wd_arena_join(arena, WD_SLICE("http://cv.iptc.org/newscodes/mediatopic/"), subject->code);
    return subject->uri.data ? WD_OK : WD_NO_MEMORY;
}
