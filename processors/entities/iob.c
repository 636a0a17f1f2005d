#include "iob.h"

#include "text.h"

void wd_iob_reader_init(struct wd_iob_reader *reader, struct wd_slice bytes)
{
    *reader = (struct wd_iob_reader){.rest = bytes, .closed_before = true};
    if (wd_slice_starts(bytes, WD_SLICE("\xEF\xBB\xBF")))
        reader->rest = wd_slice_from_offset(bytes, 3);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* First and last column; the same slice twice when there is only one. Columns are parted by TABs
 * where there is one, else by blanks. */
static void split(struct wd_slice line, struct wd_slice *first, struct wd_slice *last)
{
    size_t end = line.len;
    while (end > 0 && is_blank(line.data[end - 1]))
        end--;
    size_t begin = 0;
    while (begin < end && is_blank(line.data[begin]))
        begin++;
    bool tabs = memchr(line.data + begin, '\t', end - begin) != NULL;
    size_t first_end = begin;
    while (first_end < end && !(tabs ? line.data[first_end] == '\t' : line.data[first_end] == ' '))
        first_end++;
    size_t last_begin = end;
    while (last_begin > begin &&
           !(tabs ? line.data[last_begin - 1] == '\t' : line.data[last_begin - 1] == ' '))
        last_begin--;
    *first = wd_slice_make(line.data + begin, first_end - begin);
    *last = wd_slice_make(line.data + last_begin, end - last_begin);
}

static void break_names(struct wd_iob_reader *reader)
{
    reader->type_before = WD_SLICE_NONE;
    reader->closed_before = true;
}

static void read_tag(struct wd_iob_reader *reader, struct wd_slice tag, struct wd_iob_item *item)
{
    item->type = WD_SLICE_NONE;
    item->begins = false;
    if (tag.len < 3 || (tag.data[1] != '-' && tag.data[1] != '_')) {
        break_names(reader);
        return;
    }
    char part = tag.data[0];
    item->type = wd_slice_from_offset(tag, 2);
    bool same = !reader->closed_before && wd_slice_equal(item->type, reader->type_before);
    bool opens = part == 'B' || part == 'U' || part == 'S' || part == 'W';
    item->begins = opens || !same;
    reader->type_before = item->type;
    reader->closed_before = part == 'L' || part == 'E' || part == 'U' || part == 'S' || part == 'W';
}

static bool is_document_mark(struct wd_slice token)
{
    return wd_slice_starts(token, WD_SLICE("-DOCSTART"));
}

void wd_iob_next(struct wd_iob_reader *reader, struct wd_iob_item *item)
{
    struct wd_slice line;
    *item = (struct wd_iob_item){.kind = WD_IOB_END};
    while (wd_text_next_line(&reader->rest, &line)) {
        reader->line++;
        item->line = reader->line;
        struct wd_slice tag;
        split(line, &item->token, &tag);
        if (item->token.len > 0 && !is_document_mark(item->token)) {
            bool alone = item->token.data == tag.data;
            read_tag(reader, alone ? WD_SLICE_NONE : tag, item);
            item->kind = WD_IOB_TOKEN;
            reader->in_sentence = true;
            return;
        }
        break_names(reader);
        if (item->token.len > 0) {
            item->kind = WD_IOB_DOCUMENT;
            reader->in_sentence = false;
            return;
        }
        if (reader->in_sentence) {
            item->kind = WD_IOB_SENTENCE;
            reader->in_sentence = false;
            return;
        }
    }
}
