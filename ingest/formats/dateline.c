#include "dateline.h"

#include "time_words.h"

enum { DATELINE_BYTES_MAX = 100, AGENCY_BYTES_MAX = 40 };

/* What ends a dateline. A colon does so only after an agency. */
struct ending {
    struct wd_slice mark;
    char tell;   /* a byte of it that most lines have not */
    bool bullet; /* nobody writes one in a sentence: a place in lower case will do */
    bool colon;
};
static const struct ending endings[] = {
    {{" \xE2\x80\xA2 ", 5}, '\xE2', true, false},  /* bullet */
    {{" \xE2\x80\x94 ", 5}, '\xE2', false, false}, /* em dash */
    {{" \xE2\x80\x93 ", 5}, '\xE2', false, false}, /* en dash */
    {{"\xE2\x80\x94", 3}, '\xE2', false, false},   /* em dash, closed up */
    {{" -- ", 4}, '-', false, false},
    {{"--", 2}, '-', false, false},
    {{" - ", 3}, '-', false, false},
    {{" _ ", 3}, '_', false, false}, /* as old desks typed it: "LONDON (AP) _ " */
    {{"_", 1}, '_', false, false},
    {{": ", 2}, ':', false, true},
};

static bool find_end(struct wd_slice line, size_t *begin, const struct ending **ending)
{
    size_t head = line.len < DATELINE_BYTES_MAX ? line.len : DATELINE_BYTES_MAX;
    *ending = NULL;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (head == 0 || !memchr(line.data, endings[i].tell, head))
            continue;
        const char *at = memmem(line.data, head, endings[i].mark.data, endings[i].mark.len);
        if (!at || (*ending && (size_t)(at - line.data) >= *begin))
            continue;
        *begin = (size_t)(at - line.data);
        *ending = &endings[i];
    }
    return *ending && *begin > 1;
}

/* The first word in capitals: "LONDON", "ST." */
static bool begins_in_capitals(struct wd_slice place)
{
    size_t letters = 0;
    for (size_t i = 0; i < place.len && place.data[i] != ' ' && place.data[i] != ','; i++) {
        if (place.data[i] >= 'a' && place.data[i] <= 'z')
            return false;
        letters +=
            (place.data[i] >= 'A' && place.data[i] <= 'Z') || (unsigned char)place.data[i] >= 0x80;
    }
    return letters >= 2;
}

/* "(AP)" or "/PRNewswire/" at the end of `head`, which loses it. */
static struct wd_slice take_agency(struct wd_slice *head)
{
    if (head->len <= 2)
        return WD_SLICE_NONE;
    char last = head->data[head->len - 1];
    if (last != ')' && last != '/')
        return WD_SLICE_NONE;
    const char *open = memrchr(head->data, last == ')' ? '(' : '/', head->len - 1);
    if (!open)
        return WD_SLICE_NONE;
    struct wd_slice agency = {open + 1, (size_t)(head->data + head->len - open) - 2};
    if (agency.len == 0 || agency.len > AGENCY_BYTES_MAX)
        return WD_SLICE_NONE;
    head->len = (size_t)(open - head->data);
    *head = wd_text_trim(*head);
    return agency;
}

/* "(CNN) Seatown" and "(Example) - ": the agency stands first. */
static struct wd_slice take_leading_agency(struct wd_slice *head)
{
    const char *close =
        head->len > 0 && head->data[0] == '(' ? memchr(head->data, ')', head->len) : NULL;
    if (!close || close - head->data > AGENCY_BYTES_MAX)
        return WD_SLICE_NONE;
    struct wd_slice agency = {head->data + 1, (size_t)(close - head->data) - 1};
    *head = wd_text_trim(wd_slice_from_offset(*head, agency.len + 2));
    return agency;
}

/* "March 7", "Mar. 7, 2024", "7 March": only words of a date. */
static bool is_date(struct wd_slice text)
{
    size_t position = 0;
    bool month = false;
    struct wd_token token;
    while (wd_text_next_token(text, &position, &token)) {
        struct wd_slice word = {text.data + token.begin, token.end - token.begin};
        if (wd_month_find(word) > 0)
            month = true;
        else if (word.data[0] < '0' || word.data[0] > '9')
            return false;
    }
    return month;
}

/* Without the date that stands behind the last comma, or behind the last but one ("March 7, 2024"). */
static struct wd_slice without_date(struct wd_slice text)
{
    struct wd_slice place = text;
    for (size_t i = text.len; i > 0; i--) {
        if (text.data[i - 1] != ',')
            continue;
        struct wd_slice behind = wd_text_trim(wd_slice_from_offset(text, i));
        if (is_date(behind))
            place = wd_text_trim(wd_slice_make(text.data, i - 1));
        else if (behind.len != 4 || behind.data[0] < '1' || behind.data[0] > '2')
            break;
    }
    return place;
}

/* Every word begins with a capital or a digit, but for such as stand in the names of places. */
static bool is_of_capitals(struct wd_slice text)
{
    static const char *const small[] = {"of", "on",  "upon", "de", "du",  "la",  "le",  "am",
                                        "an", "der", "im",   "in", "les", "del", "and", "sur"};
    size_t position = 0;
    struct wd_token token;
    while (wd_text_next_token(text, &position, &token)) {
        struct wd_slice word = {text.data + token.begin, token.end - token.begin};
        bool known = word.data[0] < 'a' || word.data[0] > 'z';
        for (size_t i = 0; !known && i < sizeof(small) / sizeof(small[0]); i++)
            known = wd_slice_is(word, small[i]);
        if (!known)
            return false;
    }
    return true;
}

bool wd_dateline_find(struct wd_slice paragraph, struct wd_dateline *dateline)
{
    struct wd_slice line = wd_text_trim(paragraph);
    const struct ending *ending = NULL;
    size_t begin = 0;
    if (!find_end(line, &begin, &ending))
        return false;
    struct wd_slice head = wd_text_trim(wd_slice_make(line.data, begin));
    struct wd_slice agency = take_agency(&head);
    if (agency.len == 0)
        agency = take_leading_agency(&head);
    if (head.len == 0 && agency.len == 0)
        return false;
    bool upper = head.len == 0 || head.data[0] < 'a' || head.data[0] > 'z';
    bool capitals = begins_in_capitals(head) && is_of_capitals(head);
    bool place = (agency.len > 0 && is_of_capitals(head)) ||
                 (!ending->colon && (capitals || ending->bullet));
    if (!upper || !place)
        return false;
    *dateline = (struct wd_dateline){
        .text = head,
        .place = without_date(head),
        .agency = agency,
        .end = (size_t)(line.data - paragraph.data) + begin + ending->mark.len,
    };
    return true;
}

void wd_dateline_take(struct wd_story *story, struct wd_slice paragraph)
{
    struct wd_dateline found;
    if (!wd_dateline_find(paragraph, &found))
        return;
    story->dateline = found.text;
    if (story->located.len == 0) /* what the provider says in a field of its own is surer */
        story->located = found.place;
    if (story->credit.len == 0)
        story->credit = found.agency;
}
