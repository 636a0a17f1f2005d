#include "keyline.h"

#include "telex.h"

enum { LINE_BYTES_MAX = 160 };

bool wd_keyline_has_cycle(struct wd_slice line)
{
    static const char *const cycles[] = {"BC-", "AM-", "PM-", "AP-"};
    for (size_t i = 0; i < sizeof(cycles) / sizeof(cycles[0]); i++) {
        if (wd_slice_starts(line, wd_slice_from(cycles[i])))
            return true;
    }
    return false;
}

struct wd_slice wd_keyline_without_cycle(struct wd_slice line)
{
    return wd_keyline_has_cycle(line) ? wd_slice_from_offset(line, 3) : line;
}

/* The next part of a keyline, up to a comma. */
static struct wd_slice take_part(struct wd_slice *rest)
{
    const char *comma = memchr(rest->data, ',', rest->len);
    struct wd_slice part = {rest->data, comma ? (size_t)(comma - rest->data) : rest->len};
    *rest = wd_slice_from_offset(*rest, part.len + (comma ? 1 : 0));
    return part;
}

bool wd_keyline_is(struct wd_slice line)
{
    bool versions = false;
    bool slug = line.len > 0 && memmem(line.data, line.len, "--", 2) != NULL;
    struct wd_slice rest = line;
    if (line.len == 0 || line.len > LINE_BYTES_MAX)
        return false;
    for (bool first = true; rest.len > 0; first = false) {
        struct wd_slice part = wd_text_trim(take_part(&rest));
        struct wd_wire_words words;
        bool small = part.len > 0 && part.data[0] >= 'a' && part.data[0] <= 'z';
        versions = versions || (!first && !small && wd_wire_words_parse(part, &words));
    }
    return (versions ? 1 : 0) + (slug ? 1 : 0) + (wd_keyline_has_cycle(line) ? 1 : 0) >= 2;
}

static void add_words(struct wd_keyline *keyline, const struct wd_wire_words *words)
{
    keyline->words.set |= words->set;
    if (words->number > 0)
        keyline->words.number = words->number;
}

/* What the desk says to its customers: "News Digest", "XX--Sports Daybook", "Photo Advisory". A story about a budget or a
 * travel advisory is none: words that are also news count only as the whole slug or behind the desk's own. */
static bool is_advisory(struct wd_slice slug)
{
    static const char *const names[] = {"Daybook",          "News Digest",      "News Budget",
                                        "Photo Advisory",   "Editors Advisory", "Member Advisory",
                                        "Bulletin Advisory"};
    static const char *const whole[] = {"Advisory", "Budget", "Advisories"};
    const char *region = slug.len > 0 ? memmem(slug.data, slug.len, "--", 2) : NULL;
    struct wd_slice name =
        region ? wd_slice_from_offset(slug, (size_t)(region - slug.data) + 2) : slug;
    if (wd_slice_starts(name, WD_SLICE("AP ")) || wd_slice_starts(name, WD_SLICE("AP-")))
        name = wd_slice_from_offset(name, 3);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slug.len > 0 && memmem(slug.data, slug.len, names[i], strlen(names[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        if (wd_text_equal_ascii_case(wd_text_trim(name), wd_slice_from(whole[i])))
            return true;
    }
    return false;
}

/* "a0431": the number of the telex that the version follows. */
static bool is_telex_number(struct wd_slice part)
{
    enum { DIGITS_MIN = 3, DIGITS_MAX = 5 };
    return part.len > DIGITS_MIN && part.len <= 1 + DIGITS_MAX && part.data[0] >= 'a' &&
           part.data[0] <= 'z' && wd_telex_are_digits(wd_slice_from_offset(part, 1));
}

/* Where a part of a slug stands. */
enum part_place { ANYWHERE, BEHIND_REGION, AT_END };

/* Whether the part of a slug is an order or a correction. In capitals, but for "XX-Kill--" behind a region and "-Correction" at the
 * end: "Road-Kill" and "Corrections" are slugs. */
static bool is_mark(struct wd_slice part, enum part_place place, struct wd_wire_words *words)
{
    static const char *const behind_region[] = {"Kill", "Withhold",   "Hold", "Elim",
                                                "Corr", "Correction", NULL};
    static const char *const ends[] = {"Correction", "Corrective", "Corr", NULL};
    bool capitals = part.len > 0;
    for (size_t i = 0; i < part.len && capitals; i++)
        capitals = part.data[i] >= 'A' && part.data[i] <= 'Z';
    return (capitals || (place == AT_END && wd_text_equal_any(part, ends)) ||
            (place == BEHIND_REGION && wd_text_equal_any(part, behind_region))) &&
           wd_wire_words_parse(part, words) &&
           (words->set & (WD_WIRE_KILL | WD_WIRE_WITHHOLD | WD_WIRE_CORRECTION));
}

/* "XX", "XX--": what stands before a mark in the middle of a slug; "" where it is no region. */
static struct wd_slice region_before(struct wd_slice slug, size_t mark)
{
    enum { LETTERS_MIN = 2, LETTERS_MAX = 4 };
    size_t len = 0;
    while (len < mark && slug.data[len] >= 'A' && slug.data[len] <= 'Z')
        len++;
    size_t hyphens = mark - len;
    bool region = len >= LETTERS_MIN && len <= LETTERS_MAX && hyphens >= 1 && hyphens <= 2;
    return wd_slice_make(slug.data, region ? len : 0);
}

/* "KILL-XX--Ferry Fire", "XX-CORR--Ferry Fire", "XX--KILL-Ferry Fire", "XX--Ferry Fire-Correction": takes the mark off; the region in
 * front of one in the middle is kept. */
static void take_marks(struct wd_keyline *keyline)
{
    struct wd_slice slug = keyline->slug;
    struct wd_wire_words words;
    size_t begin = 0;
    size_t small = 0; /* in capitals throughout "KILL-BILL" is a slug */
    while (small < slug.len && !(slug.data[small] >= 'a' && slug.data[small] <= 'z'))
        small++;
    if (small == slug.len)
        return;
    for (size_t i = 0; i < slug.len; i++) {
        if (slug.data[i] != '-')
            continue;
        struct wd_slice part = {slug.data + begin, i - begin};
        struct wd_slice region = region_before(slug, begin);
        bool two = i + 1 < slug.len && slug.data[i + 1] == '-';
        bool marked = is_mark(part, region.len > 0 && two ? BEHIND_REGION : ANYWHERE, &words);
        begin = i + 1;
        if (marked) {
            keyline->words.set |= words.set;
            keyline->slug = wd_slice_from_offset(slug, begin + two);
            keyline->region = region;
            return;
        }
    }
    if (begin > 1 && is_mark(wd_slice_from_offset(slug, begin), AT_END, &words)) {
        keyline->words.set |= words.set;
        keyline->slug = wd_slice_make(slug.data, begin - 1);
    }
}

struct wd_slice wd_keyline_slug(const struct wd_keyline *keyline, struct wd_arena *arena)
{
    if (keyline->region.len == 0)
        return keyline->slug;
    struct wd_slice slug = wd_arena_printf(arena, "%.*s--%.*s", WD_SLICE_ARG(keyline->region),
                                           WD_SLICE_ARG(keyline->slug));
    return slug.data ? slug : keyline->slug;
}

/* "STATS CORRECTION", "Headline Correction": of what, and nothing but a few words. */
static bool is_correction_of(struct wd_slice part, struct wd_wire_words *words)
{
    enum { BLANKS_MAX = 2 };
    size_t blanks = 0;
    size_t last = 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.data[i];
        if (c != ' ' && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
            return false;
        blanks += c == ' ';
        last = c == ' ' ? i + 1 : last;
    }
    return blanks > 0 && blanks <= BLANKS_MAX &&
           wd_wire_words_parse(wd_slice_from_offset(part, last), words) &&
           words->set == WD_WIRE_CORRECTION;
}

void wd_keyline_read(struct wd_slice line, struct wd_keyline *keyline)
{
    struct wd_slice rest = wd_keyline_without_cycle(line);
    if (wd_slice_starts(rest, WD_SLICE("-")))
        rest = wd_slice_from_offset(rest, 1);
    struct wd_slice slug = {rest.data, 0};
    *keyline = (struct wd_keyline){.slug = WD_SLICE_NONE, .region = WD_SLICE_NONE};
    for (bool first = true; rest.len > 0; first = false) {
        struct wd_slice part = take_part(&rest);
        struct wd_slice trimmed = wd_text_trim(part);
        struct wd_wire_words words;
        if (!first && (wd_wire_words_parse(trimmed, &words) || is_correction_of(trimmed, &words)))
            add_words(keyline, &words);
        else if (first || (!wd_telex_are_digits(trimmed) && !is_telex_number(trimmed)))
            slug.len = (size_t)(part.data + part.len - slug.data);
    }
    keyline->slug = wd_text_trim(slug);
    wd_wire_words_take_orders(&keyline->slug, &keyline->words);
    take_marks(keyline);
    if (is_advisory(keyline->slug))
        keyline->words.set |= WD_WIRE_ADVISORY;
}
