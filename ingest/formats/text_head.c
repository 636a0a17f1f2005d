#include "text_head.h"

#include "dateline.h"
#include "telex.h"

enum {
    BYLINE_BYTES_MAX = 120,
    AGENCY_BYTES_MAX = 60,
    PARTS_BYTES_MAX = 240, /* a line of times and names */
    TIME_BYTES_MAX = 60,
    TIME_BYTES_MIN = 8,
    CAPTION_BYTES_MAX = 400, /* without a credit */
    COPY_BYTES_MIN = 120,    /* a dateline and so much: no headline */
};

static bool contains(struct wd_slice text, const char *part)
{
    return text.len > 0 && memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* ---- times ---- */

struct label {
    struct wd_slice text;
    bool updated; /* else published */
    bool strict;  /* also a word of headlines: nothing but a valid time makes it a label */
};

static const struct label labels[] = {
    {WD_SLICE("Published"), false, false},
    {WD_SLICE("Posted"), false, false},
    {WD_SLICE("First published"), false, false},
    {WD_SLICE("Originally published"), false, false},
    {WD_SLICE("First posted"), false, false},
    {WD_SLICE("Originally posted"), false, false},
    {WD_SLICE("Date published"), false, true},
    {WD_SLICE("Publication date"), false, true},
    {WD_SLICE("Pub date"), false, true},
    {WD_SLICE("Date"), false, true},
    {WD_SLICE("Created"), false, true},
    {WD_SLICE("Filed"), false, true},
    {WD_SLICE("Ver\xC3\xB6"
              "ffentlicht"),
     false, false},
    {WD_SLICE("Erschienen"), false, true},
    {WD_SLICE("Publi\xC3\xA9"), false, true},
    {WD_SLICE("Publicado"), false, true},
    {WD_SLICE("Pubblicato"), false, true},
    {WD_SLICE("Updated"), true, false},
    {WD_SLICE("Last updated"), true, false},
    {WD_SLICE("Last update"), true, false},
    {WD_SLICE("Last modified"), true, false},
    {WD_SLICE("Modified"), true, false},
    {WD_SLICE("Date modified"), true, true},
    {WD_SLICE("Update"), true, true},
    {WD_SLICE("Revised"), true, true},
    {WD_SLICE("Aktualisiert"), true, false},
    {WD_SLICE("Zuletzt aktualisiert"), true, false},
    {WD_SLICE("Stand"), true, true},
    {WD_SLICE("Mis \xC3\xA0 jour"), true, true},
    {WD_SLICE("Actualizado"), true, true},
    {WD_SLICE("Publicado em"), false, false},
    {WD_SLICE("Gepubliceerd"), false, false},
    {WD_SLICE("Opublikowano"), false, false},
    {WD_SLICE("\u041E\u043F\u0443\u0431\u043B\u0438\u043A\u043E\u0432\u0430\u043D\u043E"), false,
     false},
    {WD_SLICE("Yay\u0131nlanma Tarihi"), false, false},
    {WD_SLICE("Yay\u0131nlanma"), false, false},
    {WD_SLICE("Atualizado"), true, true},
    {WD_SLICE("Bijgewerkt"), true, false},
    {WD_SLICE("Aktualizacja"), true, false},
    {WD_SLICE("\u041E\u0431\u043D\u043E\u0432\u043B\u0435\u043D\u043E"), true, false},
    {WD_SLICE("G\u00FCncelleme Tarihi"), true, false},
    {WD_SLICE("G\u00FCncelleme"), true, true},
    {WD_SLICE("Derni\u00E8re mise \u00E0 jour"), true, false},
    {WD_SLICE("\u00DAltima atualiza\u00E7\u00E3o"), true, false},
    {WD_SLICE("\u00DAltima actualizaci\u00F3n"), true, false},
    {WD_SLICE("Ultimo aggiornamento"), true, false},
    {WD_SLICE("Aggiornato"), true, true},
    {WD_SLICE("Publisert"), false, false},
    {WD_SLICE("Publiceret"), false, false},
    {WD_SLICE("Publicerad"), false, false},
    {WD_SLICE("Publicerat"), false, false},
    {WD_SLICE("Julkaistu"), false, false},
    {WD_SLICE("Publikov\u00E1no"), false, false},
    {WD_SLICE("Giri\u015F Tarihi"), false, false},
    {WD_SLICE("\u041E\u043F\u0443\u0431\u043B\u0456\u043A\u043E\u0432\u0430\u043D\u043E"), false,
     false},
    {WD_SLICE("\u0394\u03B7\u03BC\u03BF\u03C3\u03B9\u03B5\u03CD\u03B8\u03B7\u03BA\u03B5"), false,
     false},
    {WD_SLICE("Diterbitkan"), false, false},
    {WD_SLICE("\u516C\u958B\u65E5\u6642"), false, false},
    {WD_SLICE("\u516C\u958B"), false, true},
    {WD_SLICE("\u914D\u4FE1"), false, true},
    {WD_SLICE("\u53D1\u5E03\u65F6\u95F4"), false, false},
    {WD_SLICE("\u767C\u5E03\u6642\u9593"), false, false},
    {WD_SLICE("\u53D1\u5E03\u4E8E"), false, true},
    {WD_SLICE("\uC785\uB825"), false, true},
    {WD_SLICE("\uAE30\uC0AC\uC785\uB825"), false, false},
    {WD_SLICE("\uB4F1\uB85D"), false, true},
    {WD_SLICE("\u062A\u0645 \u0627\u0644\u0646\u0634\u0631"), false, true},
    {WD_SLICE("\u0646\u064F\u0634\u0631"), false, true},
    {WD_SLICE("\u092A\u094D\u0930\u0915\u093E\u0936\u093F\u0924"), false, true},
    {WD_SLICE("Oppdatert"), true, true},
    {WD_SLICE("Sist oppdatert"), true, false},
    {WD_SLICE("Opdateret"), true, true},
    {WD_SLICE("Sidst opdateret"), true, false},
    {WD_SLICE("Uppdaterad"), true, true},
    {WD_SLICE("Senast uppdaterad"), true, false},
    {WD_SLICE("P\u00E4ivitetty"), true, true},
    {WD_SLICE("Aktualizov\u00E1no"), true, true},
    {WD_SLICE("Son G\u00FCncelleme"), true, false},
    {WD_SLICE("\u041E\u043D\u043E\u0432\u043B\u0435\u043D\u043E"), true, true},
    {WD_SLICE("\u0395\u03BD\u03B7\u03BC\u03B5\u03C1\u03CE\u03B8\u03B7\u03BA\u03B5"), true, true},
    {WD_SLICE("Diperbarui"), true, true},
    {WD_SLICE("\u66F4\u65B0\u65E5\u6642"), true, false},
    {WD_SLICE("\u66F4\u65B0"), true, true},
    {WD_SLICE("\u66F4\u65B0\u65F6\u95F4"), true, false},
    {WD_SLICE("\u66F4\u65B0\u6642\u9593"), true, false},
    {WD_SLICE("\uC218\uC815"), true, true},
    {WD_SLICE("\uCD5C\uC885\uC218\uC815"), true, false},
    {WD_SLICE("\u0622\u062E\u0631 \u062A\u062D\u062F\u064A\u062B"), true, false},
    {WD_SLICE("\u0905\u092A\u0921\u0947\u091F\u0947\u0921"), true, true},
};

/* "Published on October 20, 2012" -> the rest behind the label; NULL when there is none. */
static const struct label *take_label(struct wd_slice line, struct wd_slice *rest)
{
    static const char *const links[] = {"on ", "at ", "am ", "le ", "el ", "il ", "em ", "op "};
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        struct wd_slice label = labels[i].text;
        if (!wd_text_starts_ascii_case(line, label))
            continue;
        struct wd_slice after = wd_slice_from_offset(line, label.len);
        bool wide = wd_slice_starts(after, WD_SLICE("\uFF1A"));
        if (after.len == 0 || (after.data[0] != ':' && after.data[0] != ' ' && !wide))
            continue;
        after = wd_text_trim(wd_slice_from_offset(after, wide ? 3 : 1));
        if (wd_slice_starts(after, WD_SLICE("- "))) /* "Updated - March 01, 2024" */
            after = wd_text_trim(wd_slice_from_offset(after, 2));
        for (size_t j = 0; j < sizeof(links) / sizeof(links[0]); j++) {
            if (wd_slice_starts(after, wd_slice_from(links[j])))
                after = wd_text_trim(wd_slice_from_offset(after, 3));
        }
        *rest = after;
        return &labels[i];
    }
    return NULL;
}

static bool has_digits(struct wd_slice text, size_t count)
{
    for (size_t i = 0; i < text.len && count > 0; i++)
        count -= text.data[i] >= '0' && text.data[i] <= '9';
    return count == 0;
}

/* "Posted: March 4, 2024 6:30 am Updated: March 4, 2024 3:15 pm": the first part's length; the line's when there is but one
 * label. */
static size_t first_time_len(struct wd_slice line)
{
    struct wd_slice rest;
    for (size_t i = 1; i < line.len && line.len <= PARTS_BYTES_MAX; i++) {
        bool wide = i > 3 && memcmp(line.data + i - 3, "\u3000", 3) == 0;
        if ((line.data[i - 1] == ' ' || wide) && take_label(wd_slice_from_offset(line, i), &rest) &&
            has_digits(rest, 5) && has_digits(wd_slice_make(line.data, i), 5))
            return i;
    }
    return line.len;
}

static bool take_time(struct wd_text_head *head, struct wd_slice line);

/* Two times in one line, each behind its label. */
static bool take_two_times(struct wd_text_head *head, struct wd_slice line)
{
    size_t len = first_time_len(line);
    struct wd_slice first = wd_text_trim(wd_slice_make(line.data, len));
    struct wd_slice rest;
    if (len == line.len || !take_label(first, &rest))
        return false;
    while (first.len > 0 && strchr(",-;( ", first.data[first.len - 1]))
        first.len--;
    if (first.len > 4 && memcmp(first.data + first.len - 4, " and", 4) == 0)
        first.len -= 4; /* "Posted at 7:00 AM, Mar 01, 2024 and last updated ..." */
    if (first.len > 3 && memcmp(first.data + first.len - 3, "\u3000", 3) == 0)
        first.len -= 3;
    return take_time(head, first) && take_time(head, wd_slice_from_offset(line, len));
}

static bool take_time(struct wd_text_head *head, struct wd_slice line)
{
    if (take_two_times(head, line))
        return true;
    const struct wd_zone *zone = head->input->provider->zone;
    struct wd_slice rest = line;
    const struct label *label = take_label(line, &rest);
    /* A date alone, with day and year: "October 20, 2012". */
    if (!label && (line.len < TIME_BYTES_MIN || line.len > TIME_BYTES_MAX || !has_digits(line, 5)))
        return false;
    struct wd_time time = wd_time_parse(rest, zone);
    if (!wd_time_known(time)) {
        /* "Updated figures show ..." is copy; "Updated: soon" is a label with a bad time. */
        bool colon = label && line.data[label->text.len] == ':';
        if (!colon || label->strict || rest.len > TIME_BYTES_MAX)
            return false;
    }
    struct wd_time *target =
        label && label->updated ? &head->story->updated : &head->story->published;
    if (!wd_time_known(*target))
        *target = time;
    return true;
}

/* ---- names ---- */

static bool take_byline(struct wd_text_head *head, struct wd_slice line)
{
    if (head->story->byline.len > 0 || line.len > BYLINE_BYTES_MAX || line.len < 6)
        return false;
    if (!wd_slice_starts(line, WD_SLICE("By ")) && !wd_slice_starts(line, WD_SLICE("BY ")))
        return false;
    char first = line.data[3];
    char last = line.data[line.len - 1];
    if ((first >= 'a' && first <= 'z') || last == '.' || last == ':')
        return false;
    head->story->byline = wd_text_trim(wd_slice_from_offset(line, 3));
    head->agency_next = true;
    return true;
}

/* "The Example Press", "Example Press Writer" right below the byline. */
static bool take_agency(struct wd_text_head *head, struct wd_slice line)
{
    static const char *const words[] = {
        "Press",  "Agency",   "News",   "Writer",    "Reuters", "AFP",     "dpa",
        "Wire",   "Service",  "Staff",  "Reporter",  "Times",   "Tribune", "Correspondent",
        "Herald", "Gazette",  "Bureau", "Chronicle", "Journal", "Post",    "Columnist",
        "Editor", "Observer", "Star",   "Bloomberg"};
    bool next = head->agency_next;
    head->agency_next = false;
    if (!next || line.len > AGENCY_BYTES_MAX || line.data[line.len - 1] == '.' ||
        head->story->credit.len > 0)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (contains(line, words[i])) {
            head->story->credit = line;
            return true;
        }
    }
    return false;
}

static bool take_url(struct wd_text_head *head, struct wd_slice line)
{
    if (!wd_slice_starts(line, WD_SLICE("http://")) && !wd_slice_starts(line, WD_SLICE("https://")))
        return false;
    if (memchr(line.data, ' ', line.len) || line.len > WD_GUID_BYTES_MAX)
        return false;
    head->story->url = line;
    return true;
}

/* "4 min read": says nothing of the story. */
static bool is_reading_time(struct wd_slice text)
{
    static const char *const endings[] = {" min read", " minute read", " mins read"};
    size_t i = 0;
    while (i < text.len && text.data[i] >= '0' && text.data[i] <= '9')
        i++;
    for (size_t j = 0; i > 0 && j < sizeof(endings) / sizeof(endings[0]); j++) {
        if (wd_text_equal_ascii_case(wd_slice_from_offset(text, i), wd_slice_from(endings[j])))
            return true;
    }
    return false;
}

/* The next part of a line such as "By Jane Doe | Oct. 20, 2012 | 4 min read". */
static struct wd_slice take_part(struct wd_slice *rest)
{
    static const char *const marks[] = {" | ", " \xE2\x80\xA2 ", " \xC2\xB7 "};
    struct wd_slice part = *rest;
    size_t skip = 0;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        const char *at = memmem(rest->data, rest->len, marks[i], strlen(marks[i]));
        if (!at || (size_t)(at - rest->data) >= part.len)
            continue;
        part.len = (size_t)(at - rest->data);
        skip = strlen(marks[i]);
    }
    *rest = wd_slice_from_offset(*rest, part.len + skip);
    return wd_text_trim(part);
}

/* A line of times and names in parts; every part must be one. */
static bool take_parts(struct wd_text_head *head, struct wd_slice line)
{
    struct wd_story *story = head->story;
    const struct wd_text_head head_before = *head;
    const struct wd_time published = story->published;
    const struct wd_time updated = story->updated;
    const struct wd_slice byline = story->byline;
    const struct wd_slice credit = story->credit;
    struct wd_slice rest = line;
    if (line.len > PARTS_BYTES_MAX)
        return false;
    struct wd_slice part = take_part(&rest);
    if (rest.len == 0)
        return false;
    for (;; part = take_part(&rest)) {
        bool taken = part.len == 0 || take_agency(head, part) || take_time(head, part) ||
                     take_byline(head, part) || is_reading_time(part);
        if (!taken)
            break;
        if (rest.len == 0)
            return true;
    }
    *head = head_before;
    story->published = published;
    story->updated = updated;
    story->byline = byline;
    story->credit = credit;
    return false;
}

/* ---- labels ---- */

static bool take_field(struct wd_text_head *head, struct wd_slice line)
{
    struct wd_story *story = head->story;
    /* Behind a headline or a slug: "Source: bank to cut jobs" may be a headline itself. */
    bool begun = story->headline.len > 0 || story->slug.len > 0;
    const struct {
        const char *label;
        struct wd_slice *field;
        bool first; /* may stand first on the page */
    } fields[] = {
        {"Slug:", &story->slug, true},      {"Slugline:", &story->slug, true},
        {"Keyword:", &story->slug, true},   {"Headline:", &story->headline, true},
        {"Title:", &story->headline, true}, {"Byline:", &story->byline, false},
        {"Author:", &story->byline, false}, {"Source:", &story->credit, false},
        {"Credit:", &story->credit, false}, {"Agency:", &story->credit, false},
    };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        struct wd_slice label = wd_slice_from(fields[i].label);
        if (fields[i].field->len > 0 || !(begun || fields[i].first) ||
            !wd_text_starts_ascii_case(line, label))
            continue;
        struct wd_slice value = wd_text_trim(wd_slice_from_offset(line, label.len));
        if (value.len == 0)
            return false;
        *fields[i].field = value;
        return true;
    }
    return false;
}

static bool take_keyline(struct wd_text_head *head, struct wd_slice line)
{
    struct wd_story *story = head->story;
    struct wd_keyline keyline;
    if (story->headline.len > 0 || story->slug.len > 0 || !wd_keyline_is(line))
        return false;
    wd_keyline_read(line, &keyline);
    head->keyline = line;
    head->words = keyline.words;
    story->slug = wd_keyline_slug(&keyline, story->arena);
    return true;
}

bool wd_text_head_take_note(struct wd_text_head *head, struct wd_slice text)
{
    static const char *const remarks[] = {"(Corrects ", "(Adds ",       "(Updates ",  "(Recasts ",
                                          "(Refiles ",  "(Repeats ",    "(Recasts,",  "(Adds,",
                                          "(Removes ",  "(Clarifies ",  "(Changes ",  "(Deletes ",
                                          "(Fixes ",    "(Writes thro", "(Rewrites ", "(Updates,"};
    bool note = wd_telex_is_note(text);
    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]) && !note; i++)
        note = wd_slice_starts(text, wd_slice_from(remarks[i])) &&
               memchr(text.data, ')', text.len) == text.data + text.len - 1;
    if (note)
        wd_telex_add_note(&head->notes, text);
    return note;
}

/* ---- pictures ---- */

bool wd_text_head_take_image(struct wd_text_head *head, struct wd_slice line)
{
    static const char *const marks[] = {"image", "photo", "picture", "video", "gallery"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (!wd_text_equal_ascii_case(line, wd_slice_from(marks[i])))
            continue;
        head->caption_next = true;
        return true;
    }
    return false;
}

/* The credit in the brackets that end a caption: "(AP Photo/Name, File)". */
static struct wd_slice find_credit(struct wd_slice caption)
{
    if (caption.len < 4 || caption.data[caption.len - 1] != ')')
        return WD_SLICE_NONE;
    size_t begin = caption.len - 1;
    while (begin > 0 && caption.data[begin] != '(')
        begin--;
    if (caption.data[begin] != '(')
        return WD_SLICE_NONE;
    struct wd_slice inside = {caption.data + begin + 1, caption.len - begin - 2};
    bool photo = contains(inside, "Photo") || contains(inside, "photo") ||
                 contains(inside, "Images") || contains(inside, " via ") ||
                 contains(inside, "Courtesy");
    bool agency = contains(inside, "/") && inside.len <= BYLINE_BYTES_MAX;
    return photo || agency ? inside : WD_SLICE_NONE;
}

bool wd_text_head_take_caption(struct wd_text_head *head, struct wd_slice text)
{
    bool after_mark = head->caption_next;
    struct wd_slice credit = find_credit(text);
    bool file_photo = wd_slice_starts(text, WD_SLICE("FILE - ")) ||
                      wd_slice_starts(text, WD_SLICE("FILE \xE2\x80\x93 "));
    head->caption_next = false;
    /* Right after an image mark a caption needs no credit and no FILE mark, if it is short. */
    if (credit.len == 0 && !file_photo && (!after_mark || text.len > CAPTION_BYTES_MAX))
        return false;
    struct wd_media *media = wd_story_add_media(head->story);
    if (!media)
        return false;
    media->type = WD_SLICE("picture");
    media->caption = text;
    media->credit = credit;
    return true;
}

/* ---- the whole ---- */

/* "SEATOWN (EP) - A storm closed ...", "Editors: ...": a page without a headline. */
static bool is_copy(struct wd_slice line)
{
    struct wd_dateline dateline;
    if (wd_text_starts_ascii_case(line, WD_SLICE("Editors:")))
        return true;
    return wd_dateline_find(line, &dateline) &&
           (dateline.agency.len > 0 || line.len >= COPY_BYTES_MIN);
}

void wd_text_head_begin(struct wd_text_head *head, const struct wd_decode_input *input,
                        struct wd_story *story)
{
    *head = (struct wd_text_head){.input = input, .story = story};
    wd_buffer_init(&head->notes);
}

bool wd_text_head_take(struct wd_text_head *head, struct wd_slice line)
{
    struct wd_story *story = head->story;
    if (take_agency(head, line) || take_time(head, line) || take_parts(head, line) ||
        take_byline(head, line) || take_url(head, line) || take_field(head, line) ||
        take_keyline(head, line) || wd_text_head_take_image(head, line) ||
        wd_text_head_take_note(head, line))
        return true;
    if (story->headline.len > 0 || story->paragraph_count > 0 || is_copy(line))
        return false;
    story->headline = line;
    return true;
}

enum wd_status wd_text_head_finish(struct wd_text_head *head)
{
    struct wd_story *story = head->story;
    bool ok = wd_buffer_ok(&head->notes);
    if (ok && head->notes.len > 0) {
        story->editors_note = wd_arena_copy(story->arena, wd_buffer_slice(&head->notes));
        ok = story->editors_note.data != NULL;
    }
    wd_buffer_finish(&head->notes);
    if (!ok)
        return WD_NO_MEMORY;
    if (head->keyline.len == 0)
        return WD_OK;
    story->lineage_key = story->slug;
    story->lineage_rule = WD_SLICE("keyline");
    if (story->headline.len == 0)
        story->headline = head->keyline;
    wd_wire_words_apply(&head->words, story);
    return wd_telex_finish_story(story, head->words.number, false, true);
}
