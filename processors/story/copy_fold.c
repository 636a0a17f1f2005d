#include "copy_fold.h"

#include "buffer.h"
#include "text.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

/* ICU's macros mix signs and widths freely. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* What a character of the basic plane becomes: itself folded, or one of these. None of them is a
 * letter. */
enum {
    FOLDS_TO_GAP = 0,
    FOLDS_TO_STOP = 1,
    FOLDS_TO_NOTHING = 2,  /* soft hyphen, zero width */
    FOLDS_WITH_OTHERS = 3, /* marks and what becomes several characters: ICU's way */
    PLANE_POINTS = 0x10000,
    ASCII_POINTS = 0x80,
    SHORT_POINTS = 0x800, /* have two bytes at most */
    CLUSTER_BYTES_MAX = 48,
};

static uint16_t folds[PLANE_POINTS];
static uint8_t short_folds[SHORT_POINTS][2]; /* as bytes; zeros: not in its place, or with others */
static struct wd_fold_page pages[PLANE_POINTS / WD_FOLD_PAGE];
static pthread_once_t folds_once = PTHREAD_ONCE_INIT;

static int utf8_len(UChar32 point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < PLANE_POINTS ? 3 : 4;
}

static bool is_word_point(UChar32 point)
{
    return (U_GET_GC_MASK(point) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

static bool is_stop(UChar32 point)
{
    return u_hasBinaryProperty(point, UCHAR_S_TERM) || point == 0x2026; /* the three dots */
}

static uint16_t fold_of(UChar32 point, const UNormalizer2 *nfkc)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[32];
    UChar in = (UChar)point;
    if (U_IS_SURROGATE(point))
        return FOLDS_TO_GAP;
    if (u_charType(point) == U_FORMAT_CHAR)
        return FOLDS_TO_NOTHING;
    int32_t len = unorm2_normalize(nfkc, &in, 1, units, 32, &code);
    if (U_FAILURE(code))
        return FOLDS_WITH_OTHERS;
    if (len == 0)
        return FOLDS_TO_NOTHING;
    if (!is_word_point(point) && (len > 1 || !is_word_point(units[0])))
        return is_stop(point) ? FOLDS_TO_STOP : FOLDS_TO_GAP;
    if (len > 1 || U_IS_SURROGATE(units[0]) || !unorm2_hasBoundaryBefore(nfkc, point))
        return FOLDS_WITH_OTHERS;
    if (!is_word_point(units[0]))
        return FOLDS_TO_GAP;
    return utf8_len(units[0]) <= utf8_len(point) ? units[0] : (uint16_t)point;
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static void make_short_fold(UChar32 point)
{
    int32_t len = 0;
    uint8_t *bytes = short_folds[point];
    memset(bytes, WD_FOLD_GAP, 2);
    if (folds[point] == FOLDS_TO_STOP)
        bytes[0] = WD_FOLD_STOP;
    if (folds[point] == FOLDS_TO_NOTHING || folds[point] == FOLDS_WITH_OTHERS)
        memset(bytes, 0, 2);
    if (folds[point] <= FOLDS_WITH_OTHERS)
        return;
    memset(bytes, WD_FOLD_PAD, 2);
    U8_APPEND_UNSAFE(bytes, len, (UChar32)folds[point]);
}

static uint32_t first_point(const unsigned char *bytes)
{
    if (bytes[0] < 0xE0)
        return 0; /* no script without blanks is below U+0800 */
    if (bytes[0] < 0xF0)
        return (uint32_t)(bytes[0] & 0x0F) << 12 | (uint32_t)(bytes[1] & 0x3F) << 6 |
               (uint32_t)(bytes[2] & 0x3F);
    return (uint32_t)(bytes[0] & 0x07) << 18 | (uint32_t)(bytes[1] & 0x3F) << 12 |
           (uint32_t)(bytes[2] & 0x3F) << 6 | (uint32_t)(bytes[3] & 0x3F);
}

static bool is_alone(uint32_t point)
{
    return (point >= 0x3041 && point <= 0x30FF) || (point >= 0x3400 && point <= 0x4DBF) ||
           (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0xF900 && point <= 0xFAFF) ||
           (point >= 0x20000 && point <= 0x3FFFF) || (point >= 0x0E01 && point <= 0x0EFF) ||
           (point >= 0x1000 && point <= 0x109F) || (point >= 0x1780 && point <= 0x17FF);
}

bool wd_copy_fold_stands_alone(const unsigned char *folded)
{
    return is_alone(first_point(folded));
}

/* Several letters in as many bytes as the character has: sharp s. Returns whether it is one. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static bool fold_to_several(UChar32 point, const UNormalizer2 *nfkc, uint8_t bytes[4])
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[32];
    UChar in = (UChar)point;
    int32_t len = 0;
    int32_t count = unorm2_normalize(nfkc, &in, 1, units, 32, &code);
    if (U_FAILURE(code) || !unorm2_hasBoundaryBefore(nfkc, point))
        return false;
    for (int32_t i = 0; i < count; i++) {
        if (U_IS_SURROGATE(units[i]) || !is_word_point(units[i]) ||
            !unorm2_hasBoundaryBefore(nfkc, units[i]) || len + utf8_len(units[i]) > utf8_len(point))
            return false;
        U8_APPEND_UNSAFE(bytes, len, units[i]);
    }
    return len == utf8_len(point);
}

/* Not one that stays only since what it becomes has no room: beside others it may have. */
static bool is_folded(UChar32 point, const UNormalizer2 *nfkc)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar in = (UChar)point;
    return unorm2_isNormalized(nfkc, &in, 1, &code) && U_SUCCESS(code);
}

static uint8_t class_of(UChar32 point)
{
    return pages[point / WD_FOLD_PAGE].classes[point % WD_FOLD_PAGE];
}

static void change_class(UChar32 point, unsigned more, unsigned less)
{
    uint8_t *classes = &pages[point / WD_FOLD_PAGE].classes[point % WD_FOLD_PAGE];
    *classes = (uint8_t)((*classes | more) & ~less);
}

static bool is_mark(UChar32 point)
{
    return (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0;
}

/* A mark that is folded already, and becomes one with nothing before it or with letters of which it is known. */
static bool is_steady_mark(UChar32 point, const UNormalizer2 *nfkc)
{
    bool composes = (class_of(point) & WD_FOLD_COMPOSES) != 0;
    return is_folded(point, nfkc) && !is_alone(point) && is_word_point(point) &&
           (composes || u_getIntPropertyValue(point, UCHAR_NFKC_QUICK_CHECK) == UNORM_YES);
}

/* What it becomes is longer, whatever stands beside it: no letter in it becomes one with a mark. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static bool is_longer(UChar32 point, const UNormalizer2 *nfkc)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[32];
    UChar in = (UChar)point;
    int32_t bytes = 0;
    int32_t count = unorm2_normalize(nfkc, &in, 1, units, 32, &code);
    if (U_FAILURE(code) || count < 2 || !unorm2_hasBoundaryBefore(nfkc, point) ||
        !unorm2_hasBoundaryBefore(nfkc, units[0]) || is_alone(point))
        return false;
    for (int32_t i = 0; i < count; i++) {
        if (U_IS_SURROGATE(units[i]) || units[i] < SHORT_POINTS || !is_word_point(units[i]) ||
            (class_of(units[i]) & WD_FOLD_LETTER) != 0)
            return false;
        bytes += utf8_len(units[i]);
    }
    return bytes > utf8_len(point);
}

/* Those that may depend on what stands beside them. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static void fold_with_others(UChar32 point, const UNormalizer2 *nfkc, uint8_t bytes[4])
{
    int32_t len = 0;
    bool steady = is_steady_mark(point, nfkc);
    bool longer = !steady && is_longer(point, nfkc);
    if (fold_to_several(point, nfkc, bytes)) {
        change_class(point, WD_FOLD_SEVERAL, 0);
    } else if (steady || longer) {
        U8_APPEND_UNSAFE(bytes, len, point);
        change_class(point, steady ? WD_FOLD_MARK : WD_FOLD_LONGER, 0);
    } else {
        bytes[0] = 0;
    }
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static void make_page_entry(UChar32 point, const UNormalizer2 *nfkc)
{
    uint8_t bytes[4] = {WD_FOLD_GAP, WD_FOLD_GAP, WD_FOLD_GAP, 0};
    uint16_t fold = folds[point];
    int32_t len = 0;
    if (fold == FOLDS_TO_STOP)
        bytes[0] = WD_FOLD_STOP;
    if (fold == FOLDS_TO_NOTHING)
        change_class(point, WD_FOLD_GONE | WD_FOLD_PADDED, 0);
    if (fold == FOLDS_WITH_OTHERS)
        fold_with_others(point, nfkc, bytes);
    if (fold > FOLDS_WITH_OTHERS) {
        memset(bytes, WD_FOLD_PAD, 3);
        U8_APPEND_UNSAFE(bytes, len, (UChar32)fold);
        if (wd_copy_fold_stands_alone(bytes) || (fold == point && !is_folded(point, nfkc)))
            bytes[0] = 0;
        else if (len < utf8_len(point))
            change_class(point, WD_FOLD_PADDED, 0);
    }
    for (int i = 0; i < 3; i++)
        pages[point / WD_FOLD_PAGE].bytes[i][point % WD_FOLD_PAGE] = bytes[i];
}

struct composition {
    UChar32 letter, mark;
};

/* The letter and the mark that are written as one. False where it is something else. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static bool composition_of(UChar32 point, const UNormalizer2 *nfkc, struct composition *of)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[32];
    int32_t len = unorm2_getRawDecomposition(nfkc, point, units, 32, &code);
    if (U_FAILURE(code) || len != 2 || U_IS_SURROGATE(units[0]) || !is_mark(units[1]))
        return false;
    *of = (struct composition){units[0], units[1]};
    return unorm2_composePair(nfkc, of->letter, of->mark) >= 0;
}

/* Marks that become one with letters of three bytes, and those letters. Not marks that do with shorter letters, too: one
 * of these is in every block of most texts, which would be looked at for nothing. */
static void find_compositions(const UNormalizer2 *nfkc)
{
    struct composition of;
    for (UChar32 point = ASCII_POINTS; point < PLANE_POINTS; point++) {
        if (composition_of(point, nfkc, &of) && of.letter >= SHORT_POINTS)
            change_class(of.mark, WD_FOLD_COMPOSES, 0);
    }
    for (UChar32 point = ASCII_POINTS; point < PLANE_POINTS; point++) {
        if (composition_of(point, nfkc, &of) && of.letter < SHORT_POINTS)
            change_class(of.mark, 0, WD_FOLD_COMPOSES);
    }
    for (UChar32 point = SHORT_POINTS; point < PLANE_POINTS; point++) {
        if (composition_of(point, nfkc, &of) && (class_of(of.mark) & WD_FOLD_COMPOSES))
            change_class(of.letter, WD_FOLD_LETTER, 0);
    }
    for (UChar32 point = SHORT_POINTS; point < PLANE_POINTS; point++) {
        if (folds[point] >= SHORT_POINTS && (class_of(folds[point]) & WD_FOLD_LETTER))
            change_class(point, WD_FOLD_LETTER, 0);
    }
}

static void make_folds(void)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&code);
    for (UChar32 point = 0; point < PLANE_POINTS; point++)
        folds[point] = U_FAILURE(code) ? (uint16_t)FOLDS_TO_GAP : fold_of(point, nfkc);
    for (UChar32 point = 0; point < SHORT_POINTS; point++)
        make_short_fold(point);
    if (U_FAILURE(code))
        return;
    find_compositions(nfkc);
    for (UChar32 point = ASCII_POINTS; point < PLANE_POINTS; point++) {
        if (!U_IS_SURROGATE(point))
            make_page_entry(point, nfkc);
    }
}

const struct wd_fold_page *wd_copy_fold_pages(void)
{
    (void)pthread_once(&folds_once, make_folds);
    return pages;
}

/* Sixteen bytes at once; GCC's and clang's vectors become what the machine has. */
enum { STEP = 16 };
typedef uint8_t bytes16 __attribute__((vector_size(STEP)));
typedef uint64_t words2 __attribute__((vector_size(STEP)));

/* Folds STEP bytes. Returns how many of them stand before the first that is not ASCII; what is written
 * from there on means nothing. */
static inline size_t fold_step(const char *text, unsigned char *folded)
{
    bytes16 in;
    memcpy(&in, text, sizeof(in));
    bytes16 upper = (bytes16)((in - 'A') <= 25);
    bytes16 lower = in | (upper & 0x20);
    bytes16 word = (bytes16)((lower - 'a') <= 25) | (bytes16)((in - '0') <= 9);
    bytes16 stop = (bytes16)(in == '.') | (bytes16)(in == '!') | (bytes16)(in == '?');
    bytes16 out = (word & lower) | (~word & (WD_FOLD_GAP + (stop & (WD_FOLD_STOP - WD_FOLD_GAP))));
    memcpy(folded, &out, sizeof(out));
    words2 high = (words2)(in & 0x80);
    if ((high[0] | high[1]) == 0)
        return STEP;
    return high[0] != 0 ? (size_t)__builtin_ctzll(high[0]) / 8
                        : 8 + (size_t)__builtin_ctzll(high[1]) / 8;
}

/* As far as all is ASCII. Returns the place of the first character that is not. */
static size_t fold_ascii(struct wd_slice text, size_t i, unsigned char *folded)
{
    size_t done = STEP;
    while (i + STEP <= text.len && (done = fold_step(text.data + i, folded + i)) == STEP)
        i += STEP;
    if (done < STEP || i == text.len)
        return i + done % STEP;
    char bytes[STEP] = {0};
    size_t rest = text.len - i;
    memcpy(bytes, text.data + i, rest);
    done = fold_step(bytes, folded + i);
    return i + (done < rest ? done : rest);
}

/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static UChar32 point_at(struct wd_slice text, size_t i, size_t *end)
{
    UChar32 point = 0;
    int32_t len = 0;
    const char *bytes = text.data + i;
    int32_t rest = text.len - i > 4 ? 4 : (int32_t)(text.len - i);
    U8_NEXT(bytes, len, rest, point);
    *end = i + (size_t)len;
    return point;
}

static uint16_t fold_at(struct wd_slice text, size_t i, size_t *end, UChar32 *point)
{
    *point = point_at(text, i, end);
    if (*point < 0)
        return FOLDS_TO_GAP;
    if (*point < PLANE_POINTS)
        return folds[*point];
    return is_word_point(*point) ? FOLDS_WITH_OTHERS : FOLDS_TO_GAP;
}

/* A character with marks, or one that becomes several. Returns its end. */
static size_t fold_cluster(struct wd_slice text, size_t begin, size_t end, unsigned char *folded)
{
    UChar32 point = 0;
    size_t next = end;
    while (next < text.len && next - begin < CLUSTER_BYTES_MAX &&
           fold_at(text, next, &next, &point) == FOLDS_WITH_OTHERS && point < PLANE_POINTS)
        end = next;
    struct wd_buffer out;
    wd_buffer_init(&out);
    size_t len = end - begin;
    memcpy(folded + begin, text.data + begin, len); /* what does not fit stays */
    wd_text_append_normalized(&out, wd_slice_make(text.data + begin, len));
    if (wd_buffer_ok(&out) && out.len > 0 && out.len <= len && !memchr(out.data, ' ', out.len)) {
        memcpy(folded + begin, out.data, out.len);
        memset(folded + begin + out.len, WD_FOLD_PAD, len - out.len);
    }
    wd_buffer_finish(&out);
    return end;
}

/* Where the character that ends at `i` begins, when it belongs to a word. */
static size_t back_one(struct wd_slice text, size_t i, const unsigned char *folded)
{
    size_t begin = i;
    if (i == 0 || folded[i - 1] == WD_FOLD_GAP || folded[i - 1] == WD_FOLD_STOP)
        return i;
    begin--;
    while (begin > 0 && ((unsigned char)text.data[begin] & 0xC0) == 0x80)
        begin--;
    return begin;
}

/* Where the character begins on which what stands at `i` may depend: the letter under its marks. Behind more marks than any
 * letter has it is what stands there: looked at again for each of them, a megabyte of marks would take half a second. */
static size_t back_to_base(struct wd_slice text, size_t i, const unsigned char *folded)
{
    size_t begin = i;
    size_t end = 0;
    UChar32 point = 0;
    do {
        size_t before = back_one(text, begin, folded);
        if (before == begin)
            break;
        if (i - before > CLUSTER_BYTES_MAX)
            return i;
        begin = before;
    } while (fold_at(text, begin, &end, &point) == FOLDS_WITH_OTHERS);
    return begin;
}

/* Where nothing before it or behind it could change it. */
static bool is_steady(struct wd_slice text, size_t i, size_t end, const unsigned char *folded)
{
    size_t next = end;
    size_t own = i;
    UChar32 point = 0;
    size_t before = back_one(text, i, folded);
    uint16_t fold = before < i ? fold_at(text, before, &next, &point) : (uint16_t)FOLDS_TO_GAP;
    bool letter = before < i && point < PLANE_POINTS && (class_of(point) & WD_FOLD_LETTER) != 0;
    if (fold == FOLDS_WITH_OTHERS || fold == FOLDS_TO_NOTHING)
        return false;
    if (end < text.len && fold_at(text, end, &next, &point) == FOLDS_WITH_OTHERS)
        return false;
    (void)fold_at(text, i, &own, &point);
    if (point >= PLANE_POINTS || (class_of(point) & WD_FOLD_MARK) == 0)
        return false;
    return !letter || (class_of(point) & WD_FOLD_COMPOSES) == 0;
}

/* One character that is not ASCII. Returns its end. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is in ICU's macro */
static size_t fold_point(struct wd_slice text, size_t i, unsigned char *folded)
{
    size_t end = i;
    UChar32 point = 0;
    uint16_t fold = fold_at(text, i, &end, &point);
    if (fold == FOLDS_WITH_OTHERS && is_steady(text, i, end, folded)) {
        memcpy(folded + i, text.data + i, end - i);
        return end;
    }
    if (fold == FOLDS_WITH_OTHERS)
        return fold_cluster(text, back_to_base(text, i, folded), end, folded);
    if (fold <= FOLDS_TO_NOTHING) {
        bool inside = fold == FOLDS_TO_NOTHING && back_one(text, i, folded) < i;
        memset(folded + i, inside ? WD_FOLD_PAD : WD_FOLD_GAP, end - i);
        if (fold == FOLDS_TO_STOP)
            folded[i] = WD_FOLD_STOP;
        return end;
    }
    int32_t len = 0;
    unsigned char *out = folded + i;
    U8_APPEND_UNSAFE(out, len, (UChar32)fold);
    memset(out + len, WD_FOLD_PAD, end - i - (size_t)len);
    return end;
}

/* A character of three bytes that stays what it is, or is none of a word. Returns 3, or 0 for others. */
static inline size_t fold_three(const unsigned char *bytes, unsigned char *folded)
{
    unsigned point = (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    uint16_t fold = folds[point];
    if (fold != point && fold > FOLDS_TO_STOP)
        return 0;
    memset(folded, WD_FOLD_GAP, 3);
    if (fold == FOLDS_TO_STOP)
        folded[0] = WD_FOLD_STOP;
    else if (fold == point)
        memcpy(folded, bytes, 3);
    return 3;
}

/* How many bytes were folded: 0 where it is not so simple, and where more ASCII comes. */
static inline size_t fold_simple(const unsigned char *bytes, unsigned char *folded)
{
    const uint8_t *fold = NULL;
    if (bytes[0] < 0x80) { /* a blank between words of other alphabets */
        folded[0] = short_folds[bytes[0]][0];
        return bytes[1] >= 0x80;
    }
    if (bytes[0] >= 0xE0)
        return bytes[0] < 0xF0 ? fold_three(bytes, folded) : 0;
    fold = short_folds[(bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu)];
    memcpy(folded, fold, 2);
    return fold[0] != 0 ? 2 : 0;
}

bool wd_copy_fold(struct wd_slice text, unsigned char *folded)
{
    size_t i = fold_ascii(text, 0, folded);
    bool ascii = i == text.len;
    if (!ascii)
        (void)pthread_once(&folds_once, make_folds);
    while (i < text.len) {
        const unsigned char *bytes = (const unsigned char *)text.data;
        size_t done = 1;
        while (i + 4 <= text.len && (done = fold_simple(bytes + i, folded + i)) > 0)
            i += done;
        if (i < text.len && bytes[i] >= 0x80)
            i = fold_point(text, i, folded);
        else
            i = fold_ascii(text, i, folded);
    }
    memset(folded + text.len, WD_FOLD_GAP, WD_FOLD_BYTES_MORE);
    return ascii;
}
