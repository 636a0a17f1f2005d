#include "order_names.h"

#include "keyline.h"
#include "notice.h"
#include "orders.h"
#include "says_stands.h"
#include "spared_story.h"
#include "telex.h"

enum {
    LIST_BYTES_MAX = 2000,    /* of an order that lists slugs; what quotes headlines is a notice */
    ANNOUNCED_BYTES_MAX = 12, /* "headlined " */
    BETWEEN_BYTES_MAX = 16,   /* two headlines of a list, quotes included */
    WHEN_BYTES_MAX = 20,      /* what closes the quote, and "which moved " */
    HEADLINE_BYTES_MAX = WD_PLACE_LEN_MAX,
    HEADLINE_BYTES_MIN = 12,
    NAME_BYTES_MAX = 80,
    NAME_BYTES_MIN = 4,
    BLANKS_MAX = 8, /* words of a slug */
};

/* What is read of an order. */
struct reading {
    const struct wd_story *story;
    bool stops;  /* else it corrects */
    bool list;   /* "Kill the following:" stood before */
    bool own;    /* its own slug is named in an order */
    bool spared; /* "BC-Ferry Fire stands", "The story stands" */
    struct wd_slice *names;
    size_t count;
};

/* The same words, or the end of the other's: "Ferry Fire" is "XX--Ferry Fire". */
static bool ends_alike(struct wd_slice slug, struct wd_slice name)
{
    struct wd_buffer both;
    wd_buffer_init(&both);
    wd_text_append_normalized(&both, slug);
    size_t len = both.len;
    wd_text_append_normalized(&both, name);
    size_t name_len = both.len - len;
    bool alike = wd_buffer_ok(&both) && name_len <= len &&
                 memcmp(both.data + len - name_len, both.data + len, name_len) == 0 &&
                 (name_len == len || both.data[len - name_len - 1] == ' ');
    wd_buffer_finish(&both);
    return alike;
}

static void add_name(struct reading *reading, struct wd_slice name)
{
    const struct wd_story *story = reading->story;
    struct wd_slice own = story->lineage_key.len > 0 ? story->lineage_key : story->slug;
    bool known = own.len > 0 && ends_alike(wd_keyline_without_cycle(own), name);
    reading->own |= known;
    for (size_t i = 0; i < reading->count && !known; i++)
        known = ends_alike(reading->names[i], name);
    if (!known && name.len >= NAME_BYTES_MIN && reading->count < WD_ORDER_NAMES_MAX)
        reading->names[reading->count++] = name;
}

/* The length of the slug at the beginning of `text`: up to a stop, or a word that is none of a name. */
static size_t name_len(struct wd_slice text)
{
    size_t len = 0;
    size_t blanks = 0;
    while (len < text.len && len < NAME_BYTES_MAX && !strchr(",;:\"()\n", text.data[len])) {
        struct wd_slice rest = wd_slice_from_offset(text, len + 1);
        bool blank = text.data[len] == ' ';
        bool stop = text.data[len] == '.' && (rest.len == 0 || rest.data[0] == ' ');
        /* "and", "that moved", "which": slugs are written with capitals or with hyphens. */
        bool small = rest.len > 0 && rest.data[0] >= 'a' && rest.data[0] <= 'z';
        bool quote =
            (unsigned char)text.data[len] == 0xE2 && wd_slice_starts(rest, WD_SLICE("\x80"));
        blanks += blank;
        if (stop || quote || (blank && small) || blanks > BLANKS_MAX)
            break;
        len++;
    }
    return len;
}

/* "XX--Ferry Fire", "BC-Ferry Fire": what only a slug looks like. */
static bool is_slug(struct wd_slice name)
{
    size_t first = 0; /* word */
    while (first < name.len && name.data[first] != ' ')
        first++;
    bool region = first > 0 && memmem(name.data, first, "--", 2) != NULL;
    return region || wd_slice_starts(name, WD_SLICE("BC-"));
}

/* Something like a slug where a slug is announced: "Norrgruva-Mine", "norrgruva_mine", "NORRGRUVA-MINE/", and right
 * behind the announcement or an "and" also "Storm Warning". */
static bool may_be_slug(struct wd_slice name, bool comma)
{
    bool capital = name.len > 0 && name.data[0] >= 'A' && name.data[0] <= 'Z';
    bool marked =
        name.len > 0 && (memchr(name.data, '-', name.len) || memchr(name.data, '_', name.len) ||
                         (capital && memchr(name.data, '/', name.len)));
    bool words = capital && memchr(name.data, ' ', name.len);
    return is_slug(name) || marked || (words && !comma);
}

/* What stands between two names of a list; 0 when it is a name. */
static size_t between_len(struct wd_slice text)
{
    static const char *const between[] = {
        " ", ",", ";", "and ", "or ", "\"", "\xE2\x80\x9C", "\xE2\x80\x9D"};
    size_t len = 0;
    for (size_t i = 0; i < sizeof(between) / sizeof(between[0]) && len == 0; i++)
        len = wd_slice_starts(text, wd_slice_from(between[i])) ? strlen(between[i]) : 0;
    return len;
}

/* Takes names off `text` as long as they follow each other: "A", "A and B", "A, 1st Ld-Writethru, W0140, and B". */
static void take_names(struct reading *reading, struct wd_slice text, bool announced)
{
    bool comma = false;
    while (text.len > 0) {
        size_t between = between_len(text);
        if (between > 0) {
            comma = text.data[0] == ',' || (comma && text.data[0] == ' ');
            text = wd_slice_from_offset(text, between);
            continue;
        }
        struct wd_slice name = wd_text_trim(wd_slice_make(text.data, name_len(text)));
        struct wd_wire_words words;
        bool version =
            name.len > 0 && (wd_wire_words_parse(name, &words) || wd_telex_is_number(name));
        if (!version && !(announced ? may_be_slug(name, comma) : is_slug(name)))
            return;
        if (!version)
            add_name(reading, wd_keyline_without_cycle(name));
        comma = false;
        text = wd_slice_from_offset(text, name.len);
    }
}

/* Where a slug is announced, or stands unannounced. */
static void read_names(struct reading *reading, struct wd_slice sentence)
{
    static const char *const announce[] = {"slugged ", "slug ", "slugs ", "slug: ", "slugs: "};
    for (size_t i = 0; i < sentence.len; i++) {
        if (i > 0 && sentence.data[i - 1] != ' ' && sentence.data[i - 1] != '"')
            continue;
        struct wd_slice rest = wd_slice_from_offset(sentence, i);
        for (size_t j = 0; j < sizeof(announce) / sizeof(announce[0]); j++) {
            struct wd_slice word = wd_slice_from(announce[j]);
            if (wd_text_starts_ascii_case(rest, word))
                take_names(reading, wd_slice_from_offset(rest, word.len), true);
        }
        bool capital = rest.data[0] >= 'A' && rest.data[0] <= 'Z';
        if (capital && is_slug(wd_slice_make(rest.data, name_len(rest))))
            take_names(reading, rest, false);
    }
}

/* Whether the sentence is the order, and not of what will come or what stays as it is. */
static bool orders(const struct reading *reading, struct wd_slice sentence)
{
    static const char *const stop[] = {"kill",       "eliminat",  "disregard",      "withdraw",
                                       "retract",    "spike",     "withhold",       "not be used",
                                       "do not use", "take down", "taken down",     "pull ",
                                       "remove ",    "delete ",   "longer be used", NULL};
    static const char *const other[] = {"substitut",  "replace",    "instead",     " stands",
                                        " stand ",    "will move",  "remain",      "not affect",
                                        "unaffected", "is correct", "are correct", NULL};
    static const char *const corrected[] = {"slugged", " slug ", " slugs ", NULL};
    return wd_text_contains_any(sentence, reading->stops ? stop : corrected) &&
           !wd_text_contains_any(sentence, other);
}

/* "BC-Ferry Fire stands": the slug under which the order stands begins the sentence. */
static bool own_slug_stands(const struct reading *reading, struct wd_slice sentence)
{
    const struct wd_story *story = reading->story;
    struct wd_slice own = story->lineage_key.len > 0 ? story->lineage_key : story->slug;
    struct wd_slice name = wd_text_trim(wd_slice_make(sentence.data, name_len(sentence)));
    return own.len > 0 && is_slug(name) && wd_says_stands(sentence) &&
           ends_alike(wd_keyline_without_cycle(own), wd_keyline_without_cycle(name));
}

static void read_sentence(struct reading *reading, struct wd_slice sentence)
{
    static const char *const lists[] = {"following", "these ", NULL};
    bool ordered = orders(reading, sentence);
    if (!ordered)
        reading->spared |= wd_spared_says_stands(sentence) || own_slug_stands(reading, sentence);
    if (ordered || reading->list)
        read_names(reading, sentence);
    if (ordered && wd_text_contains_any(sentence, lists))
        reading->list = true;
    else if (!ordered && sentence.len > NAME_BYTES_MAX)
        reading->list = false;
}

static void read_text(struct reading *reading, struct wd_slice text)
{
    size_t begin = 0;
    for (size_t i = 0; text.len > 0 && i <= text.len; i++) {
        bool line = i < text.len && text.data[i] == '\n';
        bool stop = i + 1 < text.len && strchr(".;", text.data[i]) && text.data[i + 1] == ' ';
        if (i < text.len && !line && !stop)
            continue;
        read_sentence(reading, wd_text_trim(wd_slice_make(text.data + begin, i - begin)));
        begin = i + 1;
    }
}

/* `spared`: what the order's own slug is of stands, and the names are all that it is about. */
static size_t find_names(const struct wd_story *story, struct wd_slice names[WD_ORDER_NAMES_MAX],
                         bool *spared)
{
    struct reading reading = {.story = story, .stops = wd_story_stops(story), .names = names};
    *spared = false;
    if (!wd_story_gives_order(story) || wd_story_copy_bytes(story) > LIST_BYTES_MAX ||
        wd_story_is_medium(story) || (story->flags & WD_FLAG_ONE_OF_SEVERAL))
        return 0;
    if (story->editors_note.len <= LIST_BYTES_MAX)
        read_text(&reading, story->editors_note);
    reading.list = false;
    for (size_t i = 0; i < story->paragraph_count; i++)
        read_text(&reading, story->paragraphs[i]);
    *spared = reading.stops && reading.spared && !reading.own && reading.count > 0;
    return reading.count;
}

size_t wd_order_names(const struct wd_story *story, struct wd_slice names[WD_ORDER_NAMES_MAX])
{
    bool spared = false;
    return find_names(story, names, &spared);
}

static const struct {
    struct wd_slice open, close;
    bool titles; /* around titles and names only, or in a script without blanks */
    bool single; /* also an apostrophe: closes where no letter follows */
} quotes[] = {
    {WD_SLICE("\""), WD_SLICE("\""), false, false},
    {WD_SLICE("\u201C"), WD_SLICE("\u201D"), false, false},
    {WD_SLICE("\u201E"), WD_SLICE("\u201C"), false, false},
    {WD_SLICE("\u00AB"), WD_SLICE("\u00BB"), false, false},
    {WD_SLICE("\u300A"), WD_SLICE("\u300B"), true, false},
    {WD_SLICE("\u300C"), WD_SLICE("\u300D"), true, false},
    {WD_SLICE("'"), WD_SLICE("'"), false, true},
    {WD_SLICE("\u2018"), WD_SLICE("\u2019"), false, true},
    {WD_SLICE("\u201A"), WD_SLICE("\u2018"), false, true},
};

static bool is_letter(char c)
{
    char lower = (char)(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (unsigned char)c >= 0xC0;
}

/* Up to the closing quote; 0 without one. */
static size_t quoted_len(struct wd_slice inside, struct wd_slice close, bool single)
{
    for (size_t i = 0; i < inside.len; i++) {
        struct wd_slice rest = wd_slice_from_offset(inside, i);
        bool apostrophe = single && rest.len > close.len && is_letter(rest.data[close.len]);
        if (wd_slice_starts(rest, close) && !apostrophe)
            return i;
    }
    return 0;
}

/* What stands in quotes at the beginning of `text`, "" when nothing does. `in_word`: a letter stands before. */
static struct wd_slice quoted(struct wd_slice text, bool in_word, bool *titles)
{
    for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
        if (!wd_slice_starts(text, quotes[i].open) || (quotes[i].single && in_word))
            continue;
        struct wd_slice inside = wd_slice_from_offset(text, quotes[i].open.len);
        size_t len = quoted_len(inside, quotes[i].close, quotes[i].single);
        *titles = quotes[i].titles;
        return wd_text_trim(wd_slice_make(inside.data, len <= HEADLINE_BYTES_MAX ? len : 0));
    }
    return WD_SLICE_NONE;
}

/* Words that end with a comma or a stop before the closing quote were said by somebody, but where a headline is announced: "In
 * the story headlined "Bridge shut," please read ...". `before` is the sentence up to the quote. */
static bool is_said(struct wd_slice before, struct wd_slice *words)
{
    static const char *const announced[] = {"headlined ", "headline ", "titled ", NULL};
    char last = words->data[words->len - 1];
    if (last != ',' && last != '.')
        return false;
    words->len--;
    struct wd_slice end = before.len > ANNOUNCED_BYTES_MAX
                              ? wd_slice_from_offset(before, before.len - ANNOUNCED_BYTES_MAX)
                              : before;
    return !wd_text_contains_any(end, announced);
}

/* Behind the quote: of what was sent is said when, of what was said by whom. "Bridge shut," at 0900 GMT, misstated ... */
static bool says_when(struct wd_slice text)
{
    static const char *const sent[] = {"published ", "that moved ", "which moved ",
                                       "moved at ",  "sent at ",    NULL};
    struct wd_slice behind = wd_utf8_cut(text, WHEN_BYTES_MAX);
    while (behind.len > 0 && !is_letter(behind.data[0]))
        behind = wd_slice_from_offset(behind, 1);
    bool at = wd_slice_starts(behind, WD_SLICE("at ")) && behind.len > 3 &&
              wd_text_is_digit(behind.data[3]);
    for (size_t i = 0; sent[i] && !at; i++)
        at = wd_slice_starts(behind, wd_slice_from(sent[i]));
    return at;
}

/* The sentence that begins at `begin`. */
static struct wd_slice sentence_at(struct wd_slice text, size_t begin)
{
    size_t end = begin;
    while (end < text.len &&
           !(strchr(".;", text.data[end]) && (end + 1 == text.len || text.data[end + 1] == ' '))) {
        size_t quoted = wd_notice_quoted_len(wd_slice_from_offset(text, end));
        end += quoted > 0 ? quoted : 1;
    }
    return wd_slice_make(text.data + begin, end - begin);
}

/* Whether a sentence of the note or the copy says that the story stands. */
static bool says_stands(const struct wd_story *story)
{
    bool stands = false;
    for (size_t i = 0; i <= story->paragraph_count && !stands; i++) {
        struct wd_slice text = i == 0 ? story->editors_note : story->paragraphs[i - 1];
        for (size_t at = 0; at < text.len && !stands;) {
            struct wd_slice sentence = sentence_at(text, at);
            stands = wd_spared_says_stands(sentence);
            at += sentence.len + 1;
        }
    }
    return stands;
}

/* The next one of the headlines that `text` quotes, from `*at` on, which is put behind it. */
static struct wd_slice next_headline(struct wd_slice text, bool titles_count, size_t *at)
{
    size_t sentence = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool titles = false;
        if (i > 1 && text.data[i - 1] == ' ' && strchr(".;", text.data[i - 2]))
            sentence = i;
        bool in_word = i > 0 && is_letter(text.data[i - 1]);
        struct wd_slice name =
            i < *at ? WD_SLICE_NONE : quoted(wd_slice_from_offset(text, i), in_word, &titles);
        struct wd_slice before = wd_slice_make(text.data + sentence, i - sentence);
        if (name.len < HEADLINE_BYTES_MIN)
            continue;
        size_t end =
            (size_t)(name.data - text.data) + name.len + 1; /* the closing quote opens none */
        if (wd_spared_says_stands(sentence_at(text, sentence)))
            continue; /* what stands is none that it is about */
        bool said = is_said(before, &name);
        if ((!said && ((titles && titles_count) || wd_notice_names_copy(before))) ||
            says_when(wd_slice_from_offset(text, end))) {
            *at = end;
            return name;
        }
    }
    return WD_SLICE_NONE;
}

/* "In the news release, Bridge Shut for a Week, issued 01-Mar-2024 ...": services of press releases quote no headline. */
static struct wd_slice release_title(struct wd_slice text)
{
    static const struct wd_slice open = WD_SLICE("news release, ");
    static const struct wd_slice close = WD_SLICE(", issued ");
    const char *begin = text.len > 0 ? memmem(text.data, text.len, open.data, open.len) : NULL;
    struct wd_slice rest =
        begin ? wd_slice_from_offset(text, (size_t)(begin - text.data) + open.len) : WD_SLICE_NONE;
    const char *end = rest.len > 0 ? memmem(rest.data, rest.len, close.data, close.len) : NULL;
    size_t len = end ? (size_t)(end - rest.data) : 0;
    return wd_slice_make(rest.data,
                         len >= HEADLINE_BYTES_MIN && len <= HEADLINE_BYTES_MAX ? len : 0);
}

struct headlines {
    struct wd_copy_place *places;
    size_t count, most;
    bool titles_count; /* what stands in quotes for titles is one */
};

/* A list is quoted without much between. */
static void add_places(struct headlines *found, struct wd_slice text, size_t paragraph)
{
    size_t at = 0;
    size_t behind = 0;
    struct wd_slice name = release_title(text);
    if (name.len > 0)
        at = text.len;
    else
        name = next_headline(text, found->titles_count, &at);
    while (name.len > 0 && found->count < found->most) {
        size_t begin = (size_t)(name.data - text.data);
        if (begin > WD_PLACE_BEGIN_MAX || (behind > 0 && begin - behind > BETWEEN_BYTES_MAX))
            return;
        found->places[found->count++] =
            (struct wd_copy_place){.paragraph = paragraph & WD_PLACE_IN_NOTE,
                                   .begin = begin & WD_PLACE_BEGIN_MAX,
                                   .len = name.len & WD_PLACE_LEN_MAX};
        behind = at;
        name = next_headline(text, found->titles_count, &at);
    }
}

/* "Please kill the following story:", and its headline as the next paragraph: no sentence, and no slug. */
static bool announces_headline(struct wd_slice text, struct wd_slice next)
{
    static const char *const following[] = {"following story", "following report", "following item",
                                            "this story:", NULL};
    return text.len > 0 && text.data[text.len - 1] == ':' &&
           wd_text_contains_any(text, following) && next.len >= HEADLINE_BYTES_MIN &&
           next.len <= HEADLINE_BYTES_MAX && next.data[next.len - 1] != '.' && !is_slug(next);
}

size_t wd_order_headlines(const struct wd_story *story,
                          struct wd_copy_place places[WD_ORDER_NAMES_MAX])
{
    bool stops = wd_story_stops(story);
    if (!wd_story_gives_order(story) || wd_story_copy_bytes(story) > WD_NOTICE_BYTES_MAX ||
        story->editors_note.len > WD_NOTICE_BYTES_MAX || wd_story_is_medium(story) ||
        (story->flags & WD_FLAG_ONE_OF_SEVERAL))
        return 0;
    /* Behind the first headline of a correction stands what is to be read. */
    struct headlines found = {places, 0, stops ? WD_ORDER_NAMES_MAX : 1,
                              stops && story->paragraph_count <= WD_NOTICE_PARAGRAPHS_MAX};
    for (size_t i = 0; i < story->paragraph_count && i < WD_PLACE_IN_NOTE && found.count == 0;
         i++) {
        struct wd_slice before = i > 0 ? wd_text_trim(story->paragraphs[i - 1]) : WD_SLICE_NONE;
        if (stops && announces_headline(before, story->paragraphs[i]))
            places[found.count++] =
                (struct wd_copy_place){.paragraph = i & WD_PLACE_IN_NOTE,
                                       .len = story->paragraphs[i].len & WD_PLACE_LEN_MAX};
        else
            add_places(&found, story->paragraphs[i], i);
    }
    found.titles_count = true;
    if (found.count == 0)
        add_places(&found, story->editors_note, WD_PLACE_IN_NOTE);
    return found.count;
}

/* The story once more, under an id of its own, and about nothing yet. NULL where there is no room, which is flagged. */
static struct wd_story *add_copy(struct wd_story_batch *batch, struct wd_story *story,
                                 struct wd_slice id)
{
    struct wd_story *other = id.len <= WD_GUID_BYTES_MAX ? wd_story_batch_add(batch) : NULL;
    if (!other) {
        story->flags |= WD_FLAG_TRUNCATED;
        return NULL;
    }
    *other = *story;
    other->named_headline.len = 0;
    other->provenance.index = (uint32_t)(batch->count - 1);
    other->guid = id;
    other->url = other->previous = other->acts_on = WD_SLICE_NONE;
    other->slug = other->lineage_key = WD_SLICE_NONE;
    other->flags |= WD_FLAG_ONE_OF_SEVERAL;
    return other;
}

enum wd_status wd_order_add_item(struct wd_story_batch *batch, struct wd_story *story,
                                 struct wd_slice id)
{
    struct wd_slice own =
        wd_arena_printf(story->arena, "%.*s#%.*s", WD_SLICE_ARG(story->guid), WD_SLICE_ARG(id));
    if (!own.data)
        return WD_NO_MEMORY;
    struct wd_story *other = add_copy(batch, story, own);
    if (other)
        other->acts_on = id;
    return WD_OK;
}

/* "W0190/2024-03-01T12:00:00Z#xx-ferry-fire-box". NULL when memory is exhausted. */
static struct wd_slice make_id(const struct wd_story *story, struct wd_slice name,
                               struct wd_slice raw)
{
    char hex[WD_DIGEST_HEX_SIZE];
    wd_digest_hex(wd_digest_of(raw.data, raw.len), hex);
    struct wd_slice id = story->guid.len > 0 ? story->guid : story->url;
    if (id.len == 0)
        id = story->transmission.len > 0 ? story->transmission : wd_slice_from(hex);
    struct wd_buffer words;
    wd_buffer_init(&words);
    wd_text_append_normalized(&words, name);
    for (size_t i = 0; i < words.len; i++) {
        if (words.data[i] == ' ')
            words.data[i] = '-';
    }
    struct wd_slice made = WD_SLICE_NONE;
    if (wd_buffer_ok(&words))
        made = wd_arena_printf(story->arena, "%.*s#%.*s", WD_SLICE_ARG(id), (int)words.len,
                               words.data);
    wd_buffer_finish(&words);
    return made;
}

/* One for each headline behind the first, which is the story's own. */
static enum wd_status split_headlines(struct wd_story_batch *batch, struct wd_story *story,
                                      struct wd_slice raw)
{
    struct wd_copy_place places[WD_ORDER_NAMES_MAX];
    size_t count = wd_order_headlines(story, places);
    if (count > 0)
        story->named_headline = places[0];
    if (count > 0 && wd_story_stops(story) && says_stands(story))
        story->flags |= WD_FLAG_STORY_SPARED; /* what has its slug */
    for (size_t i = 1; i < count; i++) {
        struct wd_story named = *story;
        named.named_headline = places[i];
        struct wd_slice id = make_id(story, wd_story_named_headline(&named), raw);
        if (!id.data)
            return WD_NO_MEMORY;
        struct wd_story *other = add_copy(batch, story, id);
        if (!other)
            return WD_OK;
        other->named_headline = places[i];
    }
    return WD_OK;
}

enum wd_status wd_order_split(struct wd_story_batch *batch, struct wd_story *story,
                              struct wd_slice raw)
{
    struct wd_slice names[WD_ORDER_NAMES_MAX];
    bool spared = false;
    size_t count = find_names(story, names, &spared);
    if (spared) {
        story->slug = names[0];
        story->lineage_key = story->lineage_key.len > 0 ? names[0] : WD_SLICE_NONE;
    }
    for (size_t i = spared ? 1 : 0; i < count; i++) {
        struct wd_slice id = make_id(story, names[i], raw);
        if (!id.data)
            return WD_NO_MEMORY;
        struct wd_story *other = add_copy(batch, story, id);
        if (!other)
            break;
        other->slug = names[i];
        if (story->lineage_key.len > 0)
            other->lineage_key = names[i];
    }
    return split_headlines(batch, story, raw);
}
