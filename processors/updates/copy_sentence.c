#include "copy_sentence.h"

enum {
    OPENING_MARKS_MAX = 2, /* that open what follows */
    MARK_BYTES_MAX = 3,
    BYTES_BEFORE = 16, /* enough for such marks and what stands before them */
};

struct wd_sentence_place wd_sentence_place(const struct wd_story *story, uint32_t index)
{
    const struct wd_copy_sentence *sentence = &story->scan->sentences[index];
    struct wd_slice text = story->paragraphs[sentence->paragraph];
    size_t end = sentence->end < text.len ? sentence->end : text.len;
    size_t begin = sentence->begin < end ? sentence->begin : end;
    return (struct wd_sentence_place){.text = text, .begin = begin, .end = end};
}

/* Where the line begins that text[at - 1] belongs to; not looked for before `from`. */
static size_t line_begin(struct wd_slice text, size_t from, size_t at)
{
    while (at > from && text.data[at - 1] != '\n') {
        at--;
    }
    return at;
}

struct wd_sentence_place wd_sentence_in_paragraph(const struct wd_story *story, uint32_t index)
{
    struct wd_sentence_place place = wd_sentence_place(story, index);
    if (!story->scan->words) {
        size_t begin = line_begin(place.text, 0, place.begin);
        const char *feed = memchr(place.text.data + place.end, '\n', place.text.len - place.end);
        size_t end = feed ? (size_t)(feed - place.text.data) : place.text.len;
        place.text = wd_slice_make(place.text.data + begin, end - begin);
        place.begin -= begin;
        place.end -= begin;
    }
    return place;
}

struct mark {
    char bytes[MARK_BYTES_MAX + 1];
    unsigned char len;
};
#define MARK(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static bool ends_with(struct wd_slice text, const struct mark *mark)
{
    return text.len >= mark->len &&
           memcmp(text.data + text.len - mark->len, mark->bytes, mark->len) == 0;
}

/* False for the last byte of most texts. */
static bool may_open(char last)
{
    return (unsigned char)last >= 0x80 || last == '(' || last == '[' || last == '"' || last == '\'';
}

/* Bytes of the quotation mark or bracket at the end of `text` that opens what follows; 0 when there is none. A mark that
 * closes elsewhere opens where a blank, or nothing, stands before it. */
static size_t opening_len(struct wd_slice text)
{
    static const struct mark open[] = {MARK("("),      MARK("["),      MARK("\u00BF"),
                                       MARK("\u00A1"), MARK("\u201E"), MARK("\u300C"),
                                       MARK("\u300E"), MARK("\uFF08"), MARK("\u3010")};
    static const struct mark either[] = {MARK("\""),     MARK("'"),      MARK("\u201C"),
                                         MARK("\u201D"), MARK("\u2018"), MARK("\u00AB"),
                                         MARK("\u00BB")};
    if (text.len == 0 || !may_open(text.data[text.len - 1])) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        if (ends_with(text, &open[i])) {
            return open[i].len;
        }
    }
    for (size_t i = 0; i < sizeof(either) / sizeof(either[0]); i++) {
        size_t len = either[i].len;
        bool opens = text.len == len || (text.len > len && text.data[text.len - len - 1] == ' ');
        if (opens && ends_with(text, &either[i])) {
            return len;
        }
    }
    return 0;
}

/* `text` without the marks at its end that open what follows, OPENING_MARKS_MAX of them. */
static struct wd_slice without_opening(struct wd_slice text)
{
    for (int i = 0; i < OPENING_MARKS_MAX; i++) {
        text.len -= opening_len(text);
    }
    return text;
}

/* Where the sentence begins whose first word is at `at`: with the marks that stand before it in its line. */
static size_t whole_begin(struct wd_slice text, size_t at)
{
    if (at == 0 || !may_open(text.data[at - 1])) {
        return at;
    }
    size_t begin = line_begin(text, at > BYTES_BEFORE ? at - BYTES_BEFORE : 0, at);
    return begin + without_opening(wd_slice_make(text.data + begin, at - begin)).len;
}

struct wd_slice wd_sentence_whole(const struct wd_story *story, uint32_t index)
{
    struct wd_sentence_place place = wd_sentence_place(story, index);
    struct wd_slice all = place.text;
    struct wd_slice text =
        wd_text_trim(wd_slice_make(all.data + place.begin, place.end - place.begin));
    size_t at = (size_t)(text.data - all.data);
    size_t end = at + text.len;
    bool last =
        end >= all.len || (!story->scan->words && end == place.end && all.data[end] == '\n');
    if (!last) {
        end = at + without_opening(text).len;
    }
    size_t begin = whole_begin(all, at);
    bool trimmed = begin == at && end == at + text.len; /* nothing more, nothing less */
    return trimmed ? text : wd_text_trim(wd_slice_make(all.data + begin, end - begin));
}
