#include "tokens.h"

#include "abbreviations.h"
#include "text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* ICU's macros mix signs and widths freely. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* What a code point is to us. */
enum sort {
    CLASS_OTHER,
    CLASS_END, /* of the text */
    CLASS_SPACE,
    CLASS_LETTER,
    CLASS_DIGIT,
    CLASS_MARK, /* goes with what is before it */
    CLASS_APOSTROPHE,
    CLASS_QUOTE,
    CLASS_OPEN,
    CLASS_CLOSE,
    CLASS_HYPHEN,
    CLASS_DASH,
    CLASS_DOT,
    CLASS_STOP /* ! ? and an ellipsis */
};

/* Of ASCII; what is not named is CLASS_OTHER. A table: it is asked for every byte. */
static const uint8_t ascii_classes[128] = {
    ['\t'] = CLASS_SPACE, ['\n'] = CLASS_SPACE, ['\v'] = CLASS_SPACE, ['\f'] = CLASS_SPACE,
    ['\r'] = CLASS_SPACE, [' '] = CLASS_SPACE,  ['a'] = CLASS_LETTER, ['b'] = CLASS_LETTER,
    ['c'] = CLASS_LETTER, ['d'] = CLASS_LETTER, ['e'] = CLASS_LETTER, ['f'] = CLASS_LETTER,
    ['g'] = CLASS_LETTER, ['h'] = CLASS_LETTER, ['i'] = CLASS_LETTER, ['j'] = CLASS_LETTER,
    ['k'] = CLASS_LETTER, ['l'] = CLASS_LETTER, ['m'] = CLASS_LETTER, ['n'] = CLASS_LETTER,
    ['o'] = CLASS_LETTER, ['p'] = CLASS_LETTER, ['q'] = CLASS_LETTER, ['r'] = CLASS_LETTER,
    ['s'] = CLASS_LETTER, ['t'] = CLASS_LETTER, ['u'] = CLASS_LETTER, ['v'] = CLASS_LETTER,
    ['w'] = CLASS_LETTER, ['x'] = CLASS_LETTER, ['y'] = CLASS_LETTER, ['z'] = CLASS_LETTER,
    ['A'] = CLASS_LETTER, ['B'] = CLASS_LETTER, ['C'] = CLASS_LETTER, ['D'] = CLASS_LETTER,
    ['E'] = CLASS_LETTER, ['F'] = CLASS_LETTER, ['G'] = CLASS_LETTER, ['H'] = CLASS_LETTER,
    ['I'] = CLASS_LETTER, ['J'] = CLASS_LETTER, ['K'] = CLASS_LETTER, ['L'] = CLASS_LETTER,
    ['M'] = CLASS_LETTER, ['N'] = CLASS_LETTER, ['O'] = CLASS_LETTER, ['P'] = CLASS_LETTER,
    ['Q'] = CLASS_LETTER, ['R'] = CLASS_LETTER, ['S'] = CLASS_LETTER, ['T'] = CLASS_LETTER,
    ['U'] = CLASS_LETTER, ['V'] = CLASS_LETTER, ['W'] = CLASS_LETTER, ['X'] = CLASS_LETTER,
    ['Y'] = CLASS_LETTER, ['Z'] = CLASS_LETTER, ['_'] = CLASS_LETTER, ['0'] = CLASS_DIGIT,
    ['1'] = CLASS_DIGIT,  ['2'] = CLASS_DIGIT,  ['3'] = CLASS_DIGIT,  ['4'] = CLASS_DIGIT,
    ['5'] = CLASS_DIGIT,  ['6'] = CLASS_DIGIT,  ['7'] = CLASS_DIGIT,  ['8'] = CLASS_DIGIT,
    ['9'] = CLASS_DIGIT,  ['('] = CLASS_OPEN,   ['['] = CLASS_OPEN,   ['{'] = CLASS_OPEN,
    ['<'] = CLASS_OPEN,   [')'] = CLASS_CLOSE,  [']'] = CLASS_CLOSE,  ['}'] = CLASS_CLOSE,
    ['>'] = CLASS_CLOSE,  ['"'] = CLASS_QUOTE,  ['`'] = CLASS_QUOTE,  ['\''] = CLASS_APOSTROPHE,
    ['-'] = CLASS_HYPHEN, ['.'] = CLASS_DOT,    ['!'] = CLASS_STOP,   ['?'] = CLASS_STOP,
};

static enum sort class_of_point(UChar32 point)
{
    switch (point) {
    case 0x2019:
    case 0x02BC:
        return CLASS_APOSTROPHE;
    case 0x2018:
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x00AB:
    case 0x00BB:
        return CLASS_QUOTE;
    case 0x2010:
    case 0x2011:
        return CLASS_HYPHEN;
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
        return CLASS_DASH;
    case 0x2026:
    case 0x3002: /* ideographic full stop */
    case 0x061F: /* Arabic question mark */
        return CLASS_STOP;
    case 0x00AD: /* soft hyphen, joiners, selectors: part of what they stand in */
    case 0x200C:
    case 0x200D:
        return CLASS_MARK;
    case 0x200B:
    case 0xFEFF:
        return CLASS_SPACE;
    default:
        break;
    }
    uint32_t mask = U_GET_GC_MASK(point);
    if (mask & (U_GC_L_MASK | U_GC_NL_MASK))
        return CLASS_LETTER;
    if (mask & U_GC_ND_MASK)
        return CLASS_DIGIT;
    if (mask & U_GC_M_MASK)
        return CLASS_MARK;
    if (mask & U_GC_PS_MASK)
        return CLASS_OPEN;
    if (mask & U_GC_PE_MASK)
        return CLASS_CLOSE;
    return mask & (U_GC_Z_MASK | U_GC_CC_MASK) ? CLASS_SPACE : CLASS_OTHER;
}

/* Class of what stands at `at`, and where the next code point begins. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static enum sort look(const struct wd_text_splitter *splitter, uint32_t at, uint32_t *next)
{
    int32_t len = (int32_t)splitter->text.len;
    if (at >= (uint32_t)len)
        return CLASS_END;
    const char *bytes = splitter->text.data;
    *next = at + 1;
    if ((unsigned char)bytes[at] < 0x80)
        return (enum sort)ascii_classes[(unsigned char)bytes[at]];
    int32_t i = (int32_t)at;
    UChar32 point = 0;
    U8_NEXT(bytes, i, len, point);
    *next = (uint32_t)i;
    return point < 0 ? CLASS_OTHER : class_of_point(point);
}

static enum sort class_at(const struct wd_text_splitter *splitter, uint32_t at)
{
    uint32_t next = 0;
    return look(splitter, at, &next);
}

static bool is_word_class(enum sort sort)
{
    return sort == CLASS_LETTER || sort == CLASS_DIGIT || sort == CLASS_MARK;
}

static char byte_at(const struct wd_text_splitter *splitter, uint32_t at)
{
    if (at >= splitter->text.len)
        return '\0';
    return splitter->text.data[at];
}

/* ---- addresses ---- */

/* Where an address that fills the chunk ends: without the signs that close a sentence. */
static uint32_t address_end(const struct wd_text_splitter *splitter)
{
    struct wd_slice chunk =
        wd_slice_make(splitter->text.data + splitter->at, splitter->chunk_end - splitter->at);
    bool net = wd_text_starts_ascii_case(chunk, WD_SLICE("http://")) ||
               wd_text_starts_ascii_case(chunk, WD_SLICE("https://")) ||
               wd_text_starts_ascii_case(chunk, WD_SLICE("www."));
    const char *at_sign = chunk.len > 0 ? memchr(chunk.data, '@', chunk.len) : NULL;
    bool mail = at_sign && at_sign > chunk.data &&
                is_word_class(class_at(splitter, splitter->at)) &&
                memchr(at_sign, '.', (size_t)(chunk.data + chunk.len - at_sign)) != NULL;
    if (!net && !mail)
        return 0;
    uint32_t end = splitter->chunk_end;
    while (end > splitter->at && strchr(".,;:!?)]}>\"'", splitter->text.data[end - 1]) != NULL)
        end--;
    return end;
}

static void enter_chunk(struct wd_text_splitter *splitter)
{
    uint32_t end = splitter->at;
    uint32_t next = end;
    enum sort sort = look(splitter, end, &next);
    while (sort != CLASS_SPACE && sort != CLASS_END) {
        end = next;
        sort = look(splitter, end, &next);
    }
    splitter->chunk_end = end;
    splitter->address_end = address_end(splitter);
}

/* ---- words ---- */

/* Whether the sign at `at` (one byte, sort OTHER or so) stands inside of a word or number. */
static bool joins(const struct wd_text_splitter *splitter, uint32_t at, enum sort before)
{
    char sign = byte_at(splitter, at);
    enum sort after = class_at(splitter, at + 1);
    if (sign == ',' || sign == ':' || sign == '/')
        return before == CLASS_DIGIT && after == CLASS_DIGIT;
    return sign == '&' && before == CLASS_LETTER && after == CLASS_LETTER;
}

/* "U.S." and "a.m.": letters alone between dots. `at` is a dot after one letter. */
static bool dotted_letter(const struct wd_text_splitter *splitter, uint32_t begin, uint32_t at)
{
    if (at <= begin || class_at(splitter, at - 1) != CLASS_LETTER)
        return false;
    return at - 1 == begin || byte_at(splitter, at - 2) == '.' || byte_at(splitter, at - 2) == '-';
}

/* The end of the word at splitter->at, clitics and full stop still on it. */
static uint32_t word_run(const struct wd_text_splitter *splitter)
{
    uint32_t begin = splitter->at;
    uint32_t end = begin;
    enum sort before = CLASS_LETTER;
    for (;;) {
        uint32_t next = end;
        enum sort sort = look(splitter, end, &next);
        bool inside = is_word_class(sort);
        if (sort == CLASS_HYPHEN || sort == CLASS_APOSTROPHE)
            inside = is_word_class(class_at(splitter, next));
        else if (sort == CLASS_DOT)
            inside = is_word_class(class_at(splitter, next)) ||
                     (byte_at(splitter, next) == '-' && dotted_letter(splitter, begin, end));
        else if (sort == CLASS_OTHER && next == end + 1)
            inside = joins(splitter, end, before);
        if (!inside)
            return end;
        before = sort == CLASS_MARK ? before : sort;
        end = next;
    }
}

/* Bytes of an apostrophe that ends at `end`; 0: none. */
static uint32_t apostrophe_before(const struct wd_text_splitter *splitter, uint32_t end)
{
    if (end > splitter->at && splitter->text.data[end - 1] == '\'')
        return 1;
    if (end >= splitter->at + 3 && memcmp(splitter->text.data + end - 3, "\xE2\x80\x99", 3) == 0)
        return 3;
    return 0;
}

/* Where a clitic that ends at `end` begins; `end` when there is none, or nothing before it. */
static uint32_t clitic_begin(const struct wd_text_splitter *splitter, uint32_t end)
{
    static const char *const clitics[] = {"s", "re", "ve", "ll", "d", "m", "t"};
    struct wd_slice word = wd_slice_make(splitter->text.data + splitter->at, end - splitter->at);
    for (size_t k = 0; k < sizeof(clitics) / sizeof(clitics[0]); k++) {
        struct wd_slice clitic = wd_slice_from(clitics[k]);
        if (word.len < clitic.len + 2)
            continue;
        uint32_t tail = end - (uint32_t)clitic.len;
        uint32_t width = apostrophe_before(splitter, tail);
        if (width == 0 || !wd_text_equal_ascii_case(
                              wd_slice_make(splitter->text.data + tail, clitic.len), clitic))
            continue;
        uint32_t begin = tail - width;
        if (*clitics[k] != 't')
            return begin > splitter->at ? begin : end;
        char n = byte_at(splitter, begin - 1);
        if ((n == 'n' || n == 'N') && begin - 1 > splitter->at)
            return begin - 1;
    }
    return end;
}

/* A word that is only a clitic, as what is left after its noun: "'s". */
static bool is_clitic_alone(struct wd_text_splitter *splitter, uint32_t *end)
{
    uint32_t next = splitter->at;
    if (look(splitter, splitter->at, &next) != CLASS_APOSTROPHE || splitter->at == 0)
        return false;
    uint32_t begin = splitter->at;
    if (!is_word_class(class_at(splitter, begin - 1)) && byte_at(splitter, begin - 1) != '.')
        return false;
    uint32_t stop = next;
    while (class_at(splitter, stop) == CLASS_LETTER && stop - next < 3 &&
           stop < splitter->chunk_end)
        stop++;
    struct wd_slice letters = wd_slice_make(splitter->text.data + next, stop - next);
    static const char *const clitics[] = {"s", "re", "ve", "ll", "d", "m"};
    for (size_t k = 0; k < sizeof(clitics) / sizeof(clitics[0]); k++) {
        if (wd_text_equal_ascii_case(letters, wd_slice_from(clitics[k]))) {
            *end = stop;
            return true;
        }
    }
    return false;
}

static bool keeps_dot(const struct wd_text_splitter *splitter, uint32_t end)
{
    if (byte_at(splitter, end) != '.' || byte_at(splitter, end + 1) == '.')
        return false;
    if (dotted_letter(splitter, splitter->at, end))
        return end - splitter->at > 1 || (splitter->text.data[splitter->at] >= 'A' &&
                                          splitter->text.data[splitter->at] <= 'Z');
    struct wd_slice word = wd_slice_make(splitter->text.data + splitter->at, end - splitter->at);
    enum wd_abbreviation kind = wd_abbreviation_of(word);
    if (kind != WD_ABBREVIATION_NUMBER)
        return kind != WD_ABBREVIATION_NONE;
    uint32_t next = end + 1;
    while (class_at(splitter, next) == CLASS_SPACE && next < end + 4)
        next++;
    return class_at(splitter, next) == CLASS_DIGIT;
}

static uint32_t word_end(const struct wd_text_splitter *splitter)
{
    uint32_t end = word_run(splitter);
    uint32_t clitic = clitic_begin(splitter, end);
    if (clitic < end)
        return clitic;
    return keeps_dot(splitter, end) ? end + 1 : end;
}

/* ---- signs ---- */

static uint32_t run_of(const struct wd_text_splitter *splitter, char sign)
{
    uint32_t end = splitter->at;
    while (byte_at(splitter, end) == sign && end < splitter->chunk_end)
        end++;
    return end;
}

/* One sign with the marks that go with it: an emoji and its colour. */
static uint32_t sign_end(const struct wd_text_splitter *splitter, uint32_t next)
{
    while (class_at(splitter, next) == CLASS_MARK) {
        uint32_t after = next;
        (void)look(splitter, next, &after);
        next = after;
    }
    return next;
}

static uint32_t token_end(struct wd_text_splitter *splitter)
{
    uint32_t next = splitter->at;
    uint32_t end = 0;
    if (splitter->address_end > splitter->at)
        return splitter->address_end;
    enum sort sort = look(splitter, splitter->at, &next);
    if (is_clitic_alone(splitter, &end))
        return end;
    switch (sort) {
    case CLASS_LETTER:
    case CLASS_DIGIT:
    case CLASS_MARK:
        end = word_end(splitter);
        break;
    case CLASS_HYPHEN:
        end = run_of(splitter, '-');
        break;
    case CLASS_DOT:
        end = run_of(splitter, '.');
        break;
    case CLASS_APOSTROPHE:
        end = byte_at(splitter, next) == '\'' ? next + 1 : next;
        break;
    case CLASS_QUOTE:
        end = byte_at(splitter, splitter->at) == '`' ? run_of(splitter, '`') : next;
        break;
    default:
        end = sign_end(splitter, next);
        break;
    }
    return end > splitter->at ? end : next;
}

/* ---- sentences ---- */

static uint32_t skip_space(const struct wd_text_splitter *splitter, uint32_t at, uint32_t *lines)
{
    uint32_t next = at;
    while (look(splitter, at, &next) == CLASS_SPACE) {
        *lines += byte_at(splitter, at) == '\n';
        at = next;
    }
    return at;
}

/* Whether a sentence may begin at `at`: not with a lower-case letter or a sign that goes on. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static bool may_begin(const struct wd_text_splitter *splitter, uint32_t at)
{
    uint32_t next = at;
    enum sort sort = look(splitter, at, &next);
    if (sort == CLASS_LETTER) {
        UChar32 point = 0;
        int32_t i = (int32_t)at;
        U8_NEXT(splitter->text.data, i, (int32_t)splitter->text.len, point);
        return !u_islower(point);
    }
    return sort == CLASS_DIGIT || sort == CLASS_QUOTE || sort == CLASS_APOSTROPHE ||
           sort == CLASS_OPEN || sort == CLASS_DASH || sort == CLASS_HYPHEN ||
           (sort == CLASS_OTHER && byte_at(splitter, at) != ',' && byte_at(splitter, at) != ';');
}

static bool is_starter_at(const struct wd_text_splitter *splitter, uint32_t at)
{
    uint32_t end = at;
    while (class_at(splitter, end) == CLASS_LETTER &&
           (unsigned char)byte_at(splitter, end) < 0x80 && end < at + 16)
        end++;
    return wd_abbreviation_starter(wd_slice_make(splitter->text.data + at, end - at));
}

/* Whether the token ends its sentence by itself ("stop") or keeps a full stop ("dot"). */
static bool closes(struct wd_text_splitter *splitter, struct wd_slice token, uint32_t after)
{
    uint32_t next = 0;
    enum sort first = class_at(splitter, (uint32_t)(token.data - splitter->text.data));
    bool stop = first == CLASS_STOP || first == CLASS_DOT;
    bool dot = !stop && token.data[token.len - 1] == '.';
    bool closer = first == CLASS_CLOSE || first == CLASS_QUOTE || first == CLASS_APOSTROPHE;
    if (!stop && !dot && !(closer && splitter->end_is_near)) {
        splitter->end_is_near = false;
        return false;
    }
    enum sort follows = look(splitter, after, &next);
    if (follows != CLASS_SPACE && follows != CLASS_END) {
        splitter->end_is_near = stop || closer;
        return false;
    }
    splitter->end_is_near = false;
    uint32_t lines = 0;
    uint32_t begin = skip_space(splitter, after, &lines);
    if (!dot)
        return may_begin(splitter, begin);
    return wd_abbreviation_may_end(token) && is_starter_at(splitter, begin);
}

void wd_text_splitter_init(struct wd_text_splitter *splitter, struct wd_slice text)
{
    *splitter = (struct wd_text_splitter){.text = text};
}

bool wd_text_splitter_next(struct wd_text_splitter *splitter, struct wd_text_token *token)
{
    uint32_t lines = 0;
    splitter->at = skip_space(splitter, splitter->at, &lines);
    if (splitter->at >= splitter->text.len)
        return false;
    if (splitter->at >= splitter->chunk_end)
        enter_chunk(splitter);
    uint32_t begin = splitter->at;
    uint32_t end = token_end(splitter);
    splitter->at = end;
    *token = (struct wd_text_token){.begin = begin, .end = end};
    lines = 0;
    uint32_t next = skip_space(splitter, end, &lines);
    token->ends_sentence =
        closes(splitter, wd_slice_make(splitter->text.data + begin, end - begin), end) ||
        lines > 1 || next >= splitter->text.len;
    return true;
}
