#include "charset.h"

#include "text.h"

#include <stdio.h>
#include <unicode/ucnv.h>

enum { LABEL_SIZE = 64, DECLARATION_BYTES_MAX = 256 };

/* What the bytes themselves say; "" when nothing. `mark_len` gets the length of a byte order mark. */
static const char *sniff_mark(struct wd_slice bytes, size_t *mark_len)
{
    static const struct {
        struct wd_slice begin;
        size_t mark_len;
        const char *name;
    } marks[] = {
        {{"\xEF\xBB\xBF", 3}, 3, "UTF-8"},
        {{"\x00\x00\xFE\xFF", 4}, 4, "UTF-32BE"},
        {{"\xFF\xFE\x00\x00", 4}, 4, "UTF-32LE"},
        {{"\xFE\xFF", 2}, 2, "UTF-16BE"},
        {{"\xFF\xFE", 2}, 2, "UTF-16LE"},
        {{"\x00\x00\x00<", 4}, 0, "UTF-32BE"},
        {{"<\x00\x00\x00", 4}, 0, "UTF-32LE"},
        {{"\x00<", 2}, 0, "UTF-16BE"},
        {{"<\x00", 2}, 0, "UTF-16LE"},
    };
    *mark_len = 0;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (wd_slice_starts(bytes, marks[i].begin)) {
            *mark_len = marks[i].mark_len;
            return marks[i].name;
        }
    }
    return "";
}

struct wd_slice wd_charset_of_xml(struct wd_slice bytes)
{
    size_t mark_len = 0;
    struct wd_slice marked = wd_slice_from(sniff_mark(bytes, &mark_len));
    if (marked.len > 0)
        return marked;
    bytes = wd_text_trim(wd_slice_make(
        bytes.data, bytes.len < DECLARATION_BYTES_MAX ? bytes.len : DECLARATION_BYTES_MAX));
    if (!wd_slice_starts(bytes, WD_SLICE("<?xml")))
        return WD_SLICE_NONE;
    const char *end = memchr(bytes.data, '>', bytes.len);
    bytes.len = end ? (size_t)(end - bytes.data) : bytes.len;
    const char *found = memmem(bytes.data, bytes.len, "encoding", 8);
    if (!found)
        return WD_SLICE_NONE;
    struct wd_slice rest =
        wd_text_trim(wd_slice_from_offset(bytes, (size_t)(found - bytes.data) + 8));
    if (rest.len < 2 || rest.data[0] != '=')
        return WD_SLICE_NONE;
    rest = wd_text_trim(wd_slice_from_offset(rest, 1));
    const char *quote = rest.len > 1 && (rest.data[0] == '"' || rest.data[0] == '\'')
                            ? memchr(rest.data + 1, rest.data[0], rest.len - 1)
                            : NULL;
    struct wd_slice label =
        quote ? wd_slice_make(rest.data + 1, (size_t)(quote - rest.data - 1)) : WD_SLICE_NONE;
    /* Whoever can read this declaration byte by byte does not have UTF-16 before him. */
    bool wide = wd_text_starts_ascii_case(label, WD_SLICE("utf-16")) ||
                wd_text_starts_ascii_case(label, WD_SLICE("utf-32")) ||
                wd_text_starts_ascii_case(label, WD_SLICE("ucs-"));
    return wide ? WD_SLICE_NONE : label;
}

bool wd_charset_has_high_byte(struct wd_slice bytes)
{
    unsigned char all = 0;
    for (size_t i = 0; i < bytes.len; i++)
        all |= (unsigned char)bytes.data[i];
    return all >= 0x80;
}

/* windows-1252, bytes 80 to 9F; 0: not assigned. */
static uint32_t point_of_1252(unsigned char byte)
{
    static const uint16_t points[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    if (byte < 0x80 || byte > 0x9F)
        return byte;
    return points[byte - 0x80] ? points[byte - 0x80] : 0xFFFD;
}

static void append_point(struct wd_buffer *out, uint32_t point)
{
    char bytes[4];
    wd_buffer_append(out, bytes, (size_t)(wd_utf8_put(bytes, point) - bytes));
}

uint32_t wd_charset_append_c1(struct wd_buffer *out, unsigned char byte)
{
    uint32_t point = point_of_1252(byte);
    append_point(out, point);
    if (byte > 0x9F)
        return 0;
    return point == 0xFFFD ? WD_FLAG_CHARACTERS_REPLACED : WD_FLAG_CHARSET_DIFFERS;
}

/* Where the next C1 control begins, `len` when there is none. Copy in English has none of their lead bytes, other copy has
 * some. */
static size_t find_c1(struct wd_slice text, size_t from)
{
    while (from + 1 < text.len) {
        const char *lead = memchr(text.data + from, '\xC2', text.len - 1 - from);
        if (!lead)
            break;
        if ((unsigned char)lead[1] <= 0x9F)
            return (size_t)(lead - text.data);
        from = (size_t)(lead - text.data) + 1;
    }
    return text.len;
}

struct wd_slice wd_charset_mend_c1(struct wd_arena *arena, struct wd_slice text, uint32_t *flags)
{
    size_t found = find_c1(text, 0);
    if (found == text.len)
        return text;
    struct wd_buffer out;
    wd_buffer_init(&out);
    for (size_t done = 0; done < text.len; found = find_c1(text, done)) {
        wd_buffer_append(&out, text.data + done, found - done);
        if (found < text.len)
            *flags |= wd_charset_append_c1(&out, (unsigned char)text.data[found + 1]);
        done = found < text.len ? found + 2 : text.len;
    }
    struct wd_slice mended =
        wd_buffer_ok(&out) ? wd_arena_copy(arena, wd_buffer_slice(&out)) : WD_SLICE_NONE;
    wd_buffer_finish(&out);
    return mended;
}

/* Keeps valid sequences, reads other bytes as windows-1252. */
static void append_mended(struct wd_buffer *out, struct wd_slice bytes)
{
    while (bytes.len > 0) {
        size_t bad = bytes.len;
        (void)wd_utf8_valid(bytes, &bad);
        wd_buffer_append(out, bytes.data, bad);
        if (bad < bytes.len)
            append_point(out, point_of_1252((unsigned char)bytes.data[bad]));
        bytes = wd_slice_from_offset(bytes, bad + 1);
    }
}

static enum wd_status keep(struct wd_buffer *out, struct wd_arena *arena, struct wd_slice *text,
                           struct wd_error *error)
{
    *text = wd_buffer_ok(out) ? wd_arena_copy(arena, wd_buffer_slice(out)) : WD_SLICE_NONE;
    wd_buffer_finish(out);
    return text->data ? WD_OK : wd_error_set(error, WD_NO_MEMORY, "no memory to convert the text");
}

static enum wd_status mend(struct wd_slice bytes, struct wd_arena *arena,
                           struct wd_charset_text *text, struct wd_error *error)
{
    struct wd_buffer out;
    wd_buffer_init(&out);
    append_mended(&out, bytes);
    return keep(&out, arena, &text->text, error);
}

/* Marks that something could not be converted, then does what ICU does by default: U+FFFD. The parameters
 * are ICU's UConverterToUCallback. NOLINTNEXTLINE(readability-function-size) */
static void substitute(const void *context, UConverterToUnicodeArgs *arguments, const char *units,
                       int32_t len, UConverterCallbackReason reason, UErrorCode *status)
{
    uint32_t *flags = *(uint32_t *const *)context;
    if (reason <= UCNV_IRREGULAR)
        *flags |= WD_FLAG_CHARACTERS_REPLACED;
    UCNV_TO_U_CALLBACK_SUBSTITUTE(NULL, arguments, units, len, reason, status);
}

static enum wd_status convert(UConverter *converter, struct wd_slice bytes, struct wd_arena *arena,
                              struct wd_charset_text *text, struct wd_error *error)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverterToUCallback old = NULL;
    const void *old_context = NULL;
    uint32_t *flags = &text->flags;
    ucnv_setToUCallBack(converter, substitute, (const void *)&flags, &old, &old_context, &status);
    int32_t len =
        ucnv_toAlgorithmic(UCNV_UTF8, converter, NULL, 0, bytes.data, (int32_t)bytes.len, &status);
    status = U_ZERO_ERROR;
    char *out = wd_arena_alloc(arena, (size_t)len + 1);
    if (out)
        len = ucnv_toAlgorithmic(UCNV_UTF8, converter, out, len + 1, bytes.data, (int32_t)bytes.len,
                                 &status);
    bool converted = out && U_SUCCESS(status);
    /* Closing a converter calls back once more: not into `flags`, which ends here. */
    status = U_ZERO_ERROR;
    ucnv_setToUCallBack(converter, old, old_context, NULL, NULL, &status);
    if (!out)
        return wd_error_set(error, WD_NO_MEMORY, "no memory to convert the text");
    text->text = wd_slice_make(out, converted ? (size_t)len : 0);
    return WD_OK;
}

/* A converter for the label; NULL: UTF-8. `single` says that every byte is a character. */
static UConverter *open_converter(struct wd_slice label, bool *single)
{
    char name[LABEL_SIZE];
    UErrorCode status = U_ZERO_ERROR;
    label = wd_text_trim(label);
    *single = false;
    if (label.len == 0 || label.len >= sizeof(name))
        return NULL;
    (void)snprintf(name, sizeof(name), "%.*s", WD_SLICE_ARG(label));
    bool latin = ucnv_compareNames(name, "iso-8859-1") == 0 ||
                 ucnv_compareNames(name, "latin1") == 0 ||
                 ucnv_compareNames(name, "us-ascii") == 0 || ucnv_compareNames(name, "ascii") == 0;
    UConverter *converter = ucnv_open(latin ? "windows-1252" : name, &status);
    if (U_FAILURE(status) || ucnv_getType(converter) == UCNV_UTF8) {
        ucnv_close(converter);
        return NULL;
    }
    *single = ucnv_getMaxCharSize(converter) == 1;
    return converter;
}

/* Labels that mean windows-1252, as the WHATWG reads them: by far the most common ones of what is not UTF-8. */
static bool is_1252(struct wd_slice label)
{
    static const char *const names[] = {"windows-1252", "iso-8859-1", "cp1252",   "latin1",
                                        "us-ascii",     "ascii",      "iso8859-1"};
    label = wd_text_trim(label);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (wd_text_equal_ascii_case(label, wd_slice_from(names[i])))
            return true;
    }
    return false;
}

/* The first byte above 0x7F from `i` on; `len` when there is none. */
static size_t find_high(struct wd_slice bytes, size_t i)
{
    uint64_t word = 0;
    for (; i + sizeof(word) <= bytes.len; i += sizeof(word)) {
        memcpy(&word, bytes.data + i, sizeof(word));
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < bytes.len && (unsigned char)bytes.data[i] < 0x80)
        i++;
    return i;
}

static void append_1252(struct wd_buffer *out, struct wd_slice bytes, struct wd_charset_text *text)
{
    for (size_t i = 0; i < bytes.len; i++) {
        size_t end = find_high(bytes, i);
        wd_buffer_append(out, bytes.data + i, end - i);
        i = end;
        if (i == bytes.len)
            break;
        uint32_t point = point_of_1252((unsigned char)bytes.data[i]);
        if (point == 0xFFFD && !(text->flags & WD_FLAG_CHARACTERS_REPLACED)) {
            text->flags |= WD_FLAG_CHARACTERS_REPLACED;
            text->bad_offset = i;
        }
        append_point(out, point);
    }
}

/* Without ICU: telex and feeds of this kind are on the hot path (tests/bench, bench_formats: 286 MB/s of ANPA
 * with it). */
static enum wd_status convert_1252(struct wd_slice bytes, struct wd_arena *arena,
                                   struct wd_charset_text *text, struct wd_error *error)
{
    size_t first = find_high(bytes, 0);
    if (first == bytes.len || wd_utf8_valid(wd_slice_from_offset(bytes, first), NULL)) {
        text->text = bytes;
        text->flags = first < bytes.len ? WD_FLAG_CHARSET_DIFFERS : 0;
        text->bad_offset = first < bytes.len ? first : 0;
        return WD_OK;
    }
    size_t size = bytes.len + 1;
    for (size_t i = first; i < bytes.len; i++)
        size += (size_t)((unsigned char)bytes.data[i] >> 7) << 1; /* at most three bytes for one */
    struct wd_buffer out = {wd_arena_alloc(arena, size), 0, size, false};
    if (!out.data)
        return wd_error_set(error, WD_NO_MEMORY, "no memory to convert the text");
    append_1252(&out, bytes, text);
    text->text = wd_slice_make(out.data, out.len);
    return WD_OK;
}

enum wd_status wd_charset_to_utf8(struct wd_slice bytes, struct wd_slice label,
                                  struct wd_arena *arena, struct wd_charset_text *text,
                                  struct wd_error *error)
{
    size_t mark_len = 0;
    bool single = false;
    const char *marked = sniff_mark(bytes, &mark_len);
    *text = (struct wd_charset_text){WD_SLICE_NONE, 0, 0};
    if (!marked[0] && is_1252(label))
        return convert_1252(bytes, arena, text, error);
    UConverter *converter = open_converter(marked[0] ? wd_slice_from(marked) : label, &single);
    bytes = wd_slice_from_offset(bytes, mark_len);
    bool valid = (!converter || single) && wd_utf8_valid(bytes, &text->bad_offset);
    enum wd_status status = WD_OK;
    if (valid && (!single || wd_charset_has_high_byte(bytes))) {
        text->flags = single ? WD_FLAG_CHARSET_DIFFERS : 0; /* it was declared otherwise */
        text->text = bytes;
    } else if (valid) {
        text->text = bytes; /* ASCII */
    } else if (converter) {
        text->bad_offset = 0;
        status = convert(converter, bytes, arena, text, error);
    } else {
        text->flags = WD_FLAG_CHARSET_DIFFERS;
        status = mend(bytes, arena, text, error);
    }
    text->bad_offset += mark_len;
    ucnv_close(converter);
    return status;
}

struct wd_slice wd_charset_of_content_type(struct wd_slice content_type)
{
    static const struct wd_slice name = {"charset=", 8};
    for (size_t i = 0; i + name.len < content_type.len; i++) {
        struct wd_slice rest = wd_slice_from_offset(content_type, i);
        if (!wd_text_starts_ascii_case(rest, name))
            continue;
        rest = wd_slice_from_offset(rest, name.len);
        if (rest.len > 0 && (rest.data[0] == '"' || rest.data[0] == '\''))
            rest = wd_slice_from_offset(rest, 1);
        size_t len = 0;
        while (len < rest.len && !strchr("\"'; ,", rest.data[len]))
            len++;
        return wd_slice_make(rest.data, len);
    }
    return WD_SLICE_NONE;
}

bool wd_charset_is_known(const char *label)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(label, &status);
    ucnv_close(converter);
    return U_SUCCESS(status) && label[0] != '\0';
}

struct wd_slice wd_charset_of_html(struct wd_slice bytes)
{
    /* HTML Living Standard, "prescan a byte stream": the first 1,024 bytes. */
    if (bytes.len > 1024)
        bytes.len = 1024;
    const char *meta = bytes.len > 0 ? memmem(bytes.data, bytes.len, "<meta", 5) : NULL;
    return meta ? wd_charset_of_content_type(
                      wd_slice_from_offset(bytes, (size_t)(meta - bytes.data)))
                : WD_SLICE_NONE;
}
