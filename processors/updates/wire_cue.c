#include "wire_cue.h"

#include "headline_prefix.h"
#include "order_choice.h"
#include "orders.h"

enum {
    HEADLINE_WORDS_MIN = 3,
    SHORT_HEADLINE_WORDS_MAX = 8,
    SHORT_LETTERS_MAX = 3,
    REGION_BYTES_MAX = 4,
    SUBJECT_WORDS_MAX = 24,
    SUBJECT_WORD_BYTES_MIN = 4, /* "der", "in", "to" stand in every headline */
    ALERT_URGENCY_MAX = 2,
};

/* The first number in the text; 0 when there is none. Sane sizes only. */
static unsigned first_number(struct wd_slice text)
{
    unsigned number = 0;
    size_t i = 0;
    while (i < text.len && !wd_text_is_digit(text.data[i])) {
        i++;
    }
    for (; i < text.len && wd_text_is_digit(text.data[i]) && number < 100000; i++) {
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    return number;
}

/* Takes "2nd", "Ld-", "Writethru" ... off the front of `text`; false when it begins otherwise. */
static bool take_version_word(struct wd_slice *text)
{
    static const char *const words[] = {"writethru", "lead", "ld",     "sub",     "insert",
                                        "add",       "st",   "nd",     "rd",      "th",
                                        "urgent",    "take", "update", "optional"};
    while (text->len > 0 &&
           (text->data[0] == ' ' || text->data[0] == '-' || wd_text_is_digit(*text->data))) {
        *text = wd_slice_from_offset(*text, 1);
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct wd_slice word = wd_slice_from(words[i]);
        if (wd_text_starts_ascii_case(*text, word)) {
            *text = wd_slice_from_offset(*text, word.len);
            return true;
        }
    }
    return text->len == 0;
}

/* "1st Ld-Writethru", "2ndLd", "Update 3": nothing but words of version. */
static bool is_version(struct wd_slice text)
{
    bool any = text.len > 0;
    while (any && text.len > 0) {
        any = take_version_word(&text);
    }
    return any;
}

/* "UPDATE 2-", "CORRECTED-", "REFILE-", "RPT-" in front, as often as they come. */
static struct wd_slice without_prefix(struct wd_slice name, unsigned *ordinal)
{
    static const char *const words[] = {"update", "corrected", "correction",
                                        "refile", "rpt",       "repeat"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]);) {
        struct wd_slice word = wd_slice_from(words[i]);
        const char *dash =
            name.len > 0 ? memchr(name.data, '-', name.len < 24 ? name.len : 24) : NULL;
        if (!dash || !wd_text_starts_ascii_case(name, word)) {
            i++;
            continue;
        }
        size_t len = (size_t)(dash - name.data);
        struct wd_slice middle = wd_text_trim(wd_slice_make(name.data + word.len, len - word.len));
        unsigned number = first_number(middle);
        if (middle.len > 0 && number == 0) {
            return name; /* "UPDATED-": no word of ours */
        }
        if (i == 0) {
            *ordinal = number > 0 ? number : 1;
        }
        name = wd_text_trim(wd_slice_from_offset(name, len + 1));
        i = 0;
    }
    return name;
}

/* Without the cycle of an ANPA keyline: agencies send it in other formats, too. */
static struct wd_slice without_cycle(struct wd_slice name)
{
    static const char *const cycles[] = {"BC-", "AM-", "PM-", "AP-"};
    bool region = name.len > 0 && memmem(name.data, name.len, "--", 2) != NULL;
    for (size_t i = 0; i < sizeof(cycles) / sizeof(cycles[0]); i++) {
        if ((i == 0 || region) && wd_slice_starts(name, wd_slice_from(cycles[i]))) {
            return wd_slice_from_offset(name, 3);
        }
    }
    return name;
}

/* "EP--Ferry Fire" is "Ferry Fire" where the same desk sends it in a format that has a field for the region. */
static struct wd_slice bare_name(struct wd_slice name)
{
    size_t len = 0;
    while (len < name.len && len < REGION_BYTES_MAX && name.data[len] >= 'A' &&
           name.data[len] <= 'Z') {
        len++;
    }
    struct wd_slice rest = wd_slice_from_offset(name, len);
    return len >= 2 && wd_slice_starts(rest, WD_SLICE("--")) ? wd_slice_from_offset(rest, 2)
                                                             : WD_SLICE_NONE;
}

/* "NORRGRUVA-MINE/ (UPDATE 2, PIX)": what Reuters puts behind a slug. Other words there name another piece: "(FACTBOX)". */
static struct wd_slice without_bracket(struct wd_slice name, unsigned *ordinal)
{
    static const char *const words[] = {"update",   "corrected", "correction", "refile",
                                        "repeat",   "withdrawn", "advisory",   "kill",
                                        "official", "pix",       "tv",         "urgent"};
    const char *open = name.len > 0 ? memrchr(name.data, '(', name.len) : NULL;
    size_t begin = open ? (size_t)(open - name.data) : 0;
    if (begin == 0 || name.data[name.len - 1] != ')') {
        return name;
    }
    struct wd_slice inside = wd_slice_make(open + 1, name.len - begin - 2);
    struct wd_token token;
    size_t position = 0;
    while (wd_text_next_token(inside, &position, &token)) {
        struct wd_slice word = {inside.data + token.begin, token.end - token.begin};
        bool known = wd_text_is_digit(word.data[0]);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !known; i++) {
            known = wd_text_equal_ascii_case(word, wd_slice_from(words[i]));
        }
        if (!known) {
            return name;
        }
    }
    if (wd_text_starts_ascii_case(inside, WD_SLICE("update"))) {
        *ordinal = first_number(inside);
        *ordinal += *ordinal == 0;
    }
    return wd_text_trim(wd_slice_make(name.data, begin));
}

/* The headline that an order quotes, else its own, without marks. */
static struct wd_slice bare_headline(const struct wd_story *story, bool about_another,
                                     unsigned *ordinal)
{
    if (about_another && story->named_headline.len > 0) {
        return wd_story_named_headline(story);
    }
    struct wd_slice name = without_prefix(wd_text_trim(story->headline), ordinal);
    if (about_another) {
        name.len -= wd_headline_tail_len(name);
    }
    return wd_slice_from_offset(name, about_another ? wd_headline_mark_len(name)
                                                    : wd_headline_prefix_len(name));
}

static size_t count_words(struct wd_slice text, size_t most)
{
    struct wd_token token;
    size_t position = 0;
    size_t count = 0;
    while (count < most && wd_text_next_token(text, &position, &token)) {
        count++;
    }
    return count;
}

/* What has neither id nor slug goes by its headline: "KILL: Bridge shut for a week" and "UPDATE 1-Bridge shut for a
 * week" are about "Bridge shut for a week". A word or two name no story. */
static void name_by_headline(const struct wd_story *story, struct wd_wire_cue *cue)
{
    unsigned ordinal = 0;
    struct wd_slice name = bare_headline(story, cue->about_another, &ordinal);
    if (count_words(name, HEADLINE_WORDS_MIN) < HEADLINE_WORDS_MIN) {
        return;
    }
    cue->name = name;
    cue->rule = WD_SLICE("headline");
    cue->ordinal = ordinal;
}

/* Which of the stories that have a subject for a slug it is, or is about, shows in its headline. */
static void read_headline(const struct wd_story *story, struct wd_wire_cue *cue)
{
    unsigned ordinal = 0;
    struct wd_slice name = bare_headline(story, cue->orders, &ordinal);
    uint64_t hashes[SUBJECT_WORDS_MAX];
    struct wd_token token;
    size_t position = 0;
    size_t count = 0;
    size_t all = 0;
    struct wd_buffer word;
    wd_buffer_init(&word);
    for (; count < SUBJECT_WORDS_MAX && wd_text_next_token(name, &position, &token); all++) {
        wd_buffer_clear(&word);
        wd_text_append_normalized(&word,
                                  wd_slice_make(name.data + token.begin, token.end - token.begin));
        if (word.len >= SUBJECT_WORD_BYTES_MIN) {
            struct wd_digest digest = wd_digest_of(word.data, word.len);
            memcpy(&hashes[count++], digest.bytes, sizeof(hashes[0]));
        }
    }
    if (all >= HEADLINE_WORDS_MIN && wd_buffer_ok(&word)) {
        cue->headline = wd_headline_words_of(hashes, count);
    }
    wd_buffer_finish(&word);
    cue->alert = !cue->orders && story->urgency > 0 && story->urgency <= ALERT_URGENCY_MAX &&
                 !wd_story_brings_copy(story);
}

bool wd_wire_has_id(const struct wd_story *story)
{
    return story->guid.len > 0 || story->url.len > 0;
}

/* A field cancels the item, and its copy is still the story's: no word of it, and no note, is about another one. */
static bool is_cancelled_by_field(const struct wd_story *story)
{
    return wd_wire_has_id(story) && story->status == WD_STORY_CANCELED &&
           !(story->flags & WD_FLAG_PARTIAL) && wd_story_brings_copy(story) &&
           story->editors_note.len == 0 && story->named_headline.len == 0 &&
           !(story->signals & WD_SIGNAL_ADVISORY) && wd_headline_prefix_len(story->headline) == 0;
}

/* Several stories may have one slug: what says by itself which of them it is about is not about all. A field that
 * cancels an item with an id is about this item, a correction that has an id and brings the whole copy about what has
 * this copy. Words that order something, and notes of what is to be mended, are about another. */
static bool is_about_another(const struct wd_story *story)
{
    bool numbered = wd_story_stops(story) && wd_order_number_of(story).len > 0; /* an alert's */
    bool spared =
        (story->flags & WD_FLAG_STORY_SPARED) && story->named_headline.len == 0 && !numbered;
    if (is_cancelled_by_field(story) || spared) {
        return false;
    }
    if ((story->signals & (WD_SIGNAL_KILL | WD_SIGNAL_HOLD)) || (story->flags & WD_FLAG_PARTIAL)) {
        return true;
    }
    bool lifts = wd_story_lifts(story) && !wd_story_brings_copy(story);
    if (wd_wire_has_id(story)) {
        return lifts || ((story->signals & WD_SIGNAL_CORRECTION) && !wd_story_brings_copy(story));
    }
    return lifts || wd_story_stops(story) || (story->signals & WD_SIGNAL_CORRECTION) != 0;
}

static void name_by_slug(const struct wd_story *story, struct wd_wire_cue *cue)
{
    *cue = (struct wd_wire_cue){.rule = WD_SLICE("slug"), .about_another = is_about_another(story)};
    cue->orders = cue->about_another && wd_story_is_order(story);
    if (cue->about_another && (story->flags & WD_FLAG_STORY_SPARED)) {
        return; /* about the headline or the number that it names: what has the slug stands */
    }
    if ((wd_story_is_medium(story) || (story->flags & WD_FLAG_NOT_A_STORY)) &&
        wd_wire_has_id(story)) {
        return; /* a picture or a package has the slug of its story: a kill of the one is none of the other */
    }
    if (story->lineage_key.len > 0) {
        cue->name = story->lineage_key;
        cue->rule = story->lineage_rule;
        cue->ordinal = first_number(story->version);
        cue->strict = !wd_slice_is(story->lineage_rule, "keyline");
        return;
    }
    struct wd_slice name = without_cycle(wd_text_trim(story->slug));
    name = without_bracket(name, &cue->ordinal);
    const char *comma = name.len > 0 ? memrchr(name.data, ',', name.len) : NULL;
    struct wd_slice last =
        comma ? wd_text_trim(wd_slice_from_offset(name, (size_t)(comma - name.data) + 1))
              : WD_SLICE_NONE;
    if (is_version(last)) {
        cue->ordinal = first_number(last);
        cue->ordinal += cue->ordinal == 0;
        name = wd_text_trim(wd_slice_make(name.data, (size_t)(comma - name.data)));
    }
    cue->name = without_prefix(name, &cue->ordinal);
    if (cue->name.len == 0 && !wd_wire_has_id(story)) {
        name_by_headline(story, cue);
    }
    if (cue->ordinal == 0 && !wd_wire_has_id(story)) {
        cue->ordinal = first_number(story->version); /* of the option line: "2ND LEAD" */
    }
}

/* Of two words or more, fewer than three of which are long enough for dedup (copy_sketch.c) to tell stories by: "Tillery Sold", "Two die
 * in dam flood". */
static bool is_short_headline(struct wd_slice name)
{
    struct wd_token token;
    size_t position = 0;
    size_t count = 0;
    size_t long_count = 0;
    while (name.data && count <= SHORT_HEADLINE_WORDS_MAX &&
           wd_text_next_token(name, &position, &token)) {
        struct wd_slice word = {name.data + token.begin, token.end - token.begin};
        count++;
        long_count += wd_text_is_digit(word.data[0]) || wd_utf8_count(word) > SHORT_LETTERS_MAX;
    }
    return count > 1 && count <= SHORT_HEADLINE_WORDS_MAX && long_count < HEADLINE_WORDS_MIN;
}

/* Dedup tells no stories by so few words, and a note that names them must reach somebody. */
static void read_short_headline(const struct wd_story *story, struct wd_wire_cue *cue)
{
    unsigned ordinal = 0;
    struct wd_slice name =
        cue->name.len == 0 ? bare_headline(story, cue->orders, &ordinal) : WD_SLICE_NONE;
    if (is_short_headline(name)) {
        cue->short_headline = name;
    }
}

void wd_wire_cue_of(const struct wd_story *story, struct wd_wire_cue *cue)
{
    name_by_slug(story, cue);
    read_short_headline(story, cue);
    cue->bare = bare_name(cue->name);
    for (size_t i = 0; cue->bare.len > 0 && cue->name.data[i] != '-'; i++) {
        cue->region = cue->region << 8 | (unsigned char)cue->name.data[i];
    }
    cue->subject = wd_slice_is(cue->rule, "slug") && cue->name.len > 0 &&
                   (memchr(cue->name.data, '/', cue->name.len - 1) ||
                    wd_slice_starts(story->provenance.format, WD_SLICE("iptc7901")));
    if (cue->subject) {
        read_headline(story, cue);
    }
}

bool wd_wire_cue_follows(const struct wd_wire_cue *cue)
{
    return cue->ordinal > 0 && !cue->strict;
}
